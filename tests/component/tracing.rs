//! `--trace`: what it tells on stdout, and that nobody notices it on the wire.

use crate::client::{QUIET, ask_on, get, has_come, send};
use crate::folders::{folder, serve, sparse};
use crate::support::{PATIENCE, Server, read_to_end};
use std::io::{Read, Write};
use std::thread;
use std::time::Instant;

/// Waits until the server has said this; everything that it has said.
fn said(server: &Server, awaited: &str) -> String {
    let start = Instant::now();
    loop {
        let said = server.said();
        if said.contains(awaited) {
            return said;
        }
        assert!(start.elapsed() < PATIENCE, "no {awaited:?} in\n{said}");
        thread::sleep(QUIET / 20);
    }
}

/// The answer without the value of `Date`, which changes with the second.
fn dateless(answer: &str) -> String {
    let mut parts = answer.split("\r\nDate: ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |answer, part| {
        answer + "\r\nDate: " + part.split_once("GMT").unwrap().1
    })
}

#[test]
fn the_answers_are_the_same_byte_for_byte_with_and_without_it() {
    let folder = folder(&[("index.html", b"<p>hello"), ("a b.txt", b"0123456789"), ("empty", b"")]);
    let without = serve(&folder, &[]);
    let with = [&["--trace"][..], &["--trace=json"], &["--inspect=0"]].map(|options| serve(&folder, options));
    for request in [
        &b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"[..],
        b"GET /\r\n",
        b"GET /a%20b.txt HTTP/1.0\r\n\r\n",
        b"HEAD /a%20b.txt HTTP/1.0\r\n\r\n",
        b"GET /a%20b.txt HTTP/1.0\r\nRange: bytes=2-4\r\n\r\n",
        b"GET /empty HTTP/1.1\r\nHost: a\r\n\r\nGET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET /../x HTTP/1.0\r\n\r\n",
        b"\x16\x03\x01",
    ] {
        let expected = dateless(&without.exchange(request));
        for server in &with {
            assert_eq!(
                dateless(&server.exchange(request)),
                expected,
                "{}",
                request.escape_ascii()
            );
        }
    }
}

#[test]
fn it_tells_of_a_connection_from_its_beginning_to_its_end() {
    let folder = folder(&[("hello.html", b"hello")]);
    let server = serve(&folder, &["--trace"]);
    assert_eq!(get(&server, "/hello.html").text(), "hello");
    let told = said(&server, "closed by the server");
    let port = server.address.port();
    for line in [
        ", connection 1: accepted ─",
        &format!("-> 127.0.0.1:{port}"),
        "       0  GET /hello.html HTTP/1.1\\r\\n",
        "parsed: method GET, target /hello.html, version HTTP/1.1, 2 fields",
        "hello.html                file, 5 bytes",
        "hello.html.br, .zst, .gz  nothing",
        "media type, from the extension .html: text/html; charset=utf-8",
        "decided: 200 OK",
        "5 of 5 bytes of content",
        "the client asked for it with Connection: close (RFC 9112 section 9.6)",
    ] {
        assert!(told.contains(line), "{line:?} in\n{told}");
    }
    assert!(!told.contains('\x1b'), "no colours but on a terminal");
    assert!(
        !told.contains("\"GET /hello.html"),
        "no access log unless it is asked for"
    );
}

#[test]
fn every_line_in_json_is_an_object_that_says_what_it_tells() {
    let folder = folder(&[("a", b"a")]);
    let server = serve(&folder, &["--trace=json", "--log", "off"]);
    let mut stream = server.connect();
    assert_eq!(ask_on(&mut stream, "GET /a").text(), "a");
    assert_eq!(ask_on(&mut stream, "GET /none").status(), 404);
    drop(stream);
    let told: Vec<serde_json::Value> = (0..4)
        .map(|_| serde_json::from_str(&server.log_line()).unwrap())
        .collect();
    let events: Vec<_> = told.iter().map(|object| object["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["accepted", "exchange", "exchange", "closed"]);
    assert_eq!(told[1]["decision"]["status"], 200);
    assert_eq!(told[2]["decision"]["status"], 404);
    assert_eq!(told[2]["exchange"], 2);
    assert_eq!(told[3]["close"]["by"], "client");
    assert!(told.iter().all(|object| object["connection"] == 1));
}

#[test]
fn it_tells_who_waits_for_his_turn_and_which_place_a_connection_has() {
    let folder = folder(&[("b", b"b")]);
    sparse(folder.path(), "large", 64 << 20);
    let server = serve(&folder, &["--trace", "--serial", "--max-connections", "10"]);
    let mut holder = server.connect();
    send(&mut holder, "GET /large", &["Connection: close"]);
    holder.read_exact(&mut [0; 4]).unwrap();
    let mut waiters = [server.connect(), server.connect()];
    for waiter in &mut waiters {
        send(waiter, "GET /b", &["Connection: close"]);
        assert!(!has_come(waiter, QUIET));
    }
    read_to_end(&mut holder);
    read_to_end(&mut waiters[0]);
    let second = waiters[1].local_addr().unwrap();
    let told = said(&server, "waiting for their turn: 1");
    let (_, waiting) = told.split_once("waiting for their turn: 1").unwrap();
    assert!(waiting.lines().nth(1).unwrap().ends_with(&second.to_string()), "{told}");
    assert!(told.contains("connection 2, exchange 1, slot 2 of 10"), "{told}");
}

#[test]
fn an_answer_that_is_cut_off_is_told_with_what_was_sent() {
    let folder = folder(&[]);
    sparse(folder.path(), "large", 64 << 20);
    let server = serve(&folder, &["--trace=json"]);
    let mut stream = server.connect();
    stream.write_all(b"GET /large HTTP/1.0\r\n\r\n").unwrap();
    stream.read_exact(&mut [0; 4]).unwrap();
    drop(stream);
    let told = said(&server, "\"event\":\"closed\"");
    let exchange = told
        .lines()
        .find_map(|line| line.strip_prefix("stdout: ").filter(|line| line.contains("exchange")));
    let exchange: serde_json::Value = serde_json::from_str(exchange.unwrap()).unwrap();
    let sent = exchange["sent"]["content_sent"].as_u64().unwrap();
    assert!(sent < 64 << 20, "{sent}");
    assert_eq!(exchange["sent"]["content_length"], 64 << 20);
}

#[test]
fn the_trace_and_the_pages_are_in_the_language_that_is_asked_for() {
    let folder = folder(&[]);
    let server = serve(&folder, &["--trace", "--lang", "es"]);
    let answer = server.get("/nada");
    assert!(answer.contains("<html lang=\"es\">"), "{answer}");
    assert!(answer.contains("No hay ningún archivo con este nombre."), "{answer}");
    said(&server, "después: la conexión se cierra");
}

/// Where the inspector of a server listens: it says so after the ready line.
fn inspector(server: &Server) -> std::net::SocketAddr {
    let said = said(server, "Inspector at http://");
    let (_, rest) = said.split_once("Inspector at http://").unwrap();
    rest.split('/').next().unwrap().parse().unwrap()
}

/// Asks the inspector, and gives what has come when `awaited` is in it.
fn look(address: std::net::SocketAddr, path: &str, fields: &str, awaited: &str) -> String {
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\n{fields}\r\n").unwrap();
    let mut come = Vec::new();
    let mut buffer = [0; 4096];
    while !String::from_utf8_lossy(&come).contains(awaited) {
        let count = stream.read(&mut buffer).unwrap();
        assert!(count > 0, "no {awaited:?} in\n{}", String::from_utf8_lossy(&come));
        come.extend_from_slice(&buffer[..count]);
    }
    String::from_utf8(come).unwrap()
}

#[test]
fn the_inspector_shows_what_happens_as_it_happens_and_what_has_happened() {
    let folder = folder(&[("a", b"a")]);
    let server = serve(&folder, &["--inspect=0"]);
    let address = inspector(&server);
    assert!(address.ip().is_loopback(), "{address}");
    let own = format!("Host: {address}\r\n");
    assert!(look(address, "/", &own, "</html>").starts_with("HTTP/1.1 200 OK\r\n"));
    assert_eq!(get(&server, "/a").text(), "a");
    let before = look(address, "/events", &own, "\"event\":\"closed\"");
    assert!(before.contains("Content-Type: text/event-stream\r\n"), "{before}");
    assert!(before.contains("\r\n\r\n:\n\ndata: {"), "{before}");
    // Those who look are no clients: the only connection is the one that asked for /a.
    assert!(!before.contains("\"connection\":2"), "{before}");
    // One that watches sees what comes later; one that does not read keeps nobody from it.
    let mut deaf = std::net::TcpStream::connect(address).unwrap();
    write!(deaf, "GET /events HTTP/1.1\r\n{own}\r\n").unwrap();
    let watching = {
        let own = own.clone();
        thread::spawn(move || look(address, "/events", &own, "/later"))
    };
    thread::sleep(QUIET);
    assert_eq!(get(&server, "/later").status(), 404);
    watching.join().unwrap();
    drop(deaf);
}

#[test]
fn the_inspector_answers_nobody_but_a_browser_that_was_given_its_address() {
    let folder = folder(&[]);
    let server = serve(&folder, &["--inspect=0"]);
    let address = inspector(&server);
    for fields in [
        "Host: evil.example\r\n".to_owned(),
        format!("Host: {address}\r\nOrigin: http://evil.example\r\n"),
        format!("Host: {address}\r\nOrigin: http://{}\r\n", server.address),
    ] {
        let answer = look(address, "/events", &fields, "\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 403 "), "{fields}: {answer}");
    }
}
