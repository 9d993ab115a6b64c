//! `--trace`: what it prints on stdout, and that the bytes on the wire stay the same.

use crate::client::{QUIET, ask_on, get, has_come, send};
use crate::folders::{folder, serve, sparse};
use crate::support::{PATIENCE, Server, read_to_end};
use std::io::{Read, Write};
use std::thread;

/// The response without the value of `Date`, which changes every second.
fn dateless(response: &str) -> String {
    let mut parts = response.split("\r\nDate: ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |response, part| {
        response + "\r\nDate: " + part.split_once("GMT").unwrap().1
    })
}

#[test]
fn responses_are_the_same_byte_for_byte_with_and_without_a_trace() {
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
fn the_trace_shows_a_connection_from_beginning_to_end() {
    let folder = folder(&[("hello.html", b"hello")]);
    let server = serve(&folder, &["--trace"]);
    assert_eq!(get(&server, "/hello.html").text(), "hello");
    let trace = server.said_with("closed by the server");
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
        assert!(trace.contains(line), "{line:?} in\n{trace}");
    }
    assert!(!trace.contains('\x1b'), "colours only on a terminal");
    assert!(
        !trace.contains("\"GET /hello.html"),
        "no access log unless it is requested"
    );
}

#[test]
fn every_line_of_the_json_trace_is_an_object_with_its_event() {
    let folder = folder(&[("a", b"a")]);
    let server = serve(&folder, &["--trace=json", "--log", "off"]);
    let mut stream = server.connect();
    assert_eq!(ask_on(&mut stream, "GET /a").text(), "a");
    assert_eq!(ask_on(&mut stream, "GET /none").status(), 404);
    drop(stream);
    let trace: Vec<serde_json::Value> = (0..4)
        .map(|_| serde_json::from_str(&server.log_line()).unwrap())
        .collect();
    let events: Vec<_> = trace.iter().map(|object| object["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["accepted", "exchange", "exchange", "closed"]);
    assert_eq!(trace[1]["decision"]["status"], 200);
    assert_eq!(trace[2]["decision"]["status"], 404);
    assert_eq!(trace[2]["exchange"], 2);
    assert_eq!(trace[3]["close"]["by"], "client");
    assert!(trace.iter().all(|object| object["connection"] == 1));
}

#[test]
fn the_trace_shows_which_clients_wait_and_which_slot_a_connection_has() {
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
    let trace = server.said_with("waiting for their turn: 1");
    let (_, waiting) = trace.split_once("waiting for their turn: 1").unwrap();
    assert!(
        waiting.lines().nth(1).unwrap().ends_with(&second.to_string()),
        "{trace}"
    );
    assert!(trace.contains("connection 2, exchange 1, slot 2 of 10"), "{trace}");
}

#[test]
fn the_trace_of_an_incomplete_response_has_the_number_of_bytes_sent() {
    let folder = folder(&[]);
    sparse(folder.path(), "large", 64 << 20);
    let server = serve(&folder, &["--trace=json"]);
    let mut stream = server.connect();
    stream.write_all(b"GET /large HTTP/1.0\r\n\r\n").unwrap();
    stream.read_exact(&mut [0; 4]).unwrap();
    drop(stream);
    let trace = server.said_with("\"event\":\"closed\"");
    let exchange = trace
        .lines()
        .find_map(|line| line.strip_prefix("stdout: ").filter(|line| line.contains("exchange")));
    let exchange: serde_json::Value = serde_json::from_str(exchange.unwrap()).unwrap();
    let sent = exchange["sent"]["content_sent"].as_u64().unwrap();
    assert!(sent < 64 << 20, "{sent}");
    assert_eq!(exchange["sent"]["content_length"], 64 << 20);
}

#[test]
fn the_trace_and_the_error_pages_are_in_the_requested_language() {
    let folder = folder(&[]);
    let server = serve(&folder, &["--trace", "--lang", "es"]);
    let page = get(&server, "/nada").text();
    assert!(page.contains("<html lang=\"es\">"), "{page}");
    assert!(page.contains("No hay ningún archivo con este nombre."), "{page}");
    server.said_with("después: la conexión se cierra");
}

/// The address of the server's inspector, which the server prints after the ready line.
fn inspector(server: &Server) -> std::net::SocketAddr {
    let said = server.said_with("Inspector at http://");
    let (_, rest) = said.split_once("Inspector at http://").unwrap();
    rest.split('/').next().unwrap().parse().unwrap()
}

/// Sends a request to the inspector, and reads until `awaited` has arrived.
fn look(address: std::net::SocketAddr, path: &str, fields: &str, awaited: &str) -> String {
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\n{fields}\r\n").unwrap();
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    while !String::from_utf8_lossy(&received).contains(awaited) {
        let count = stream.read(&mut buffer).unwrap();
        assert!(count > 0, "no {awaited:?} in\n{}", String::from_utf8_lossy(&received));
        received.extend_from_slice(&buffer[..count]);
    }
    String::from_utf8(received).unwrap()
}

#[test]
fn the_inspector_shows_past_and_current_exchanges() {
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
    // Connections to the inspector are not shown: the only connection is the one that requested /a.
    assert!(!before.contains("\"connection\":2"), "{before}");
    // A viewer gets later exchanges as they happen, even if another viewer never reads.
    let mut never_reads = std::net::TcpStream::connect(address).unwrap();
    write!(never_reads, "GET /events HTTP/1.1\r\n{own}\r\n").unwrap();
    let watching = {
        let own = own.clone();
        thread::spawn(move || look(address, "/events", &own, "/later"))
    };
    thread::sleep(QUIET);
    assert_eq!(get(&server, "/later").status(), 404);
    watching.join().unwrap();
    drop(never_reads);
}

#[test]
fn the_inspector_rejects_other_hosts_and_origins() {
    let folder = folder(&[]);
    let server = serve(&folder, &["--inspect=0"]);
    let address = inspector(&server);
    for fields in [
        "Host: evil.example\r\n".to_owned(),
        format!("Host: {address}\r\nOrigin: http://evil.example\r\n"),
        format!("Host: {address}\r\nOrigin: http://{}\r\n", server.address),
    ] {
        let response = look(address, "/events", &fields, "\r\n\r\n");
        assert!(response.starts_with("HTTP/1.1 403 "), "{fields}: {response}");
    }
}
