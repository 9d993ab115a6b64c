//! How the server starts and what it prints: the ready line, one line per error, both languages, presets, the
//! environment, the log.

use crate::client::{QUIET, ask, ask_on, get, has_come, last_response_to, response_to, send};
use crate::folders::{folder, serve, sparse};
use crate::support::response::Response;
use crate::support::{PATIENCE, Server, Start};
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv6Addr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

// The messages of the start, which are not part of the library.
#[path = "../../src/start/texts.rs"]
mod start_texts;

/// Runs a start that only prints, and returns its stdout.
fn printed(options: &[&str]) -> String {
    // Help needs no rights.
    let output = Start::bare().options(options).output_within(PATIENCE);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Fails unless this start ends with exit code 1 and one line on stderr that contains all of `parts`.
#[track_caller]
fn assert_fails(start: &Start, parts: &[&str]) {
    let output = start.output_within(PATIENCE);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.trim_end_matches('\n').lines().count(), 1, "one line: {said}");
    assert!(said.starts_with("aula: ") && said.ends_with('\n'), "{said:?}");
    for part in parts {
        assert!(said.contains(part), "{part:?} is not in {said:?}");
    }
    assert!(!said.contains("panic") && !said.contains("backtrace"), "{said}");
    assert!(output.stdout.is_empty(), "nothing on stdout: {output:?}");
}

/// Whether this machine has IPv6.
fn has_ipv6() -> bool {
    TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok()
}

// Errors: the cause and the cure.

#[test]
fn every_missing_right_is_named_with_its_option() {
    let www = xtask::root().join("www");
    assert_fails(&Start::bare().folder(&www), &["network", "-S inherit-network"]);
    assert_fails(&Start::bare().network(), &["folder", "--dir www"]);
    assert_fails(&Start::bare(), &["--dir www"]);
    // `-S tcp` does not grant the right to bind.
    assert_fails(
        &Start::bare().folder(&www).runtime(&["-S", "tcp"]),
        &["network", "-S inherit-network"],
    );
}

#[test]
fn an_address_that_is_not_available_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let start = Start::with(&["--port", &port]);
    assert_fails(&start, &[&format!("port {port} is in use"), "--port"]);
    // RFC 5737: this address is for documentation only, so no machine has it.
    assert_fails(
        &Start::with(&["--host", "203.0.113.1"]),
        &["--host 203.0.113.1", "does not have"],
    );
}

#[test]
fn a_root_that_is_not_a_granted_folder_is_named() {
    let folder = folder(&[("file.txt", b""), ("sub/a.txt", b"")]);
    let start = |root: &str| Start::with(&["--root", root]).folder(folder.path());
    assert_fails(&start("www/no"), &["--root www/no", "no such folder"]);
    assert_fails(&start("www/file.txt"), &["--root www/file.txt", "a file"]);
    assert_fails(&start("elsewhere"), &["--root elsewhere", "granted with --dir: www"]);
    assert_fails(&start("/etc"), &["--root /etc"]);
    assert_fails(&start("www/.."), &["--root www/.."]);
    assert_fails(&start("www/sub/../.."), &["--root"]);
}

#[test]
fn the_message_about_a_wrong_option_names_the_right_one() {
    for (options, parts) in [
        (&["--prot", "80"][..], &["--prot", "did you mean --port?"][..]),
        (&["--no-serial"], &["--serial=no"]),
        (&["--frobnicate"], &["--help"]),
        (&["--dir", "www"], &["--dir", "before server.wasm"]),
        (&["--port"], &["--port", "no value"]),
        (&["--port", "99999"], &["--port 99999", "65535"]),
        (&["www"], &["\"www\"", "--dir www"]),
        (&["--header", "Date: x"], &["Date"]),
        (&["--spa", "no.html"], &["--spa no.html", "no such file"]),
        (&["--preset", "lab02"], &["mininet, kurose, lab01"]),
        (&["--\u{1b}[2J\nforged"], &["\\u{1b}"]),
    ] {
        assert_fails(&Start::with(options), parts);
    }
}

#[test]
fn the_message_about_a_wrong_variable_quotes_it() {
    assert_fails(
        &Start::with(&[]).environment("AULA_LOG", "jsno"),
        &["AULA_LOG=jsno", "json"],
    );
}

// Help.

#[test]
fn the_help_fits_into_a_terminal_and_names_every_option() {
    let help = printed(&["--help"]);
    for line in help.lines() {
        assert!(line.chars().count() <= 79, "{} columns: {line}", line.chars().count());
    }
    assert!(
        help.starts_with("Usage: wasmtime run -S inherit-network --dir www server.wasm"),
        "{help}"
    );
    for option in [
        "--port",
        "--host",
        "--root",
        "--list",
        "--preset",
        "--serial",
        "--requests",
        "--log",
        "--help",
    ] {
        assert!(help.contains(&format!(" {option}")), "{option}");
    }
    assert_eq!(help, printed(&["-h"]));
    assert_eq!(help, printed(&["--prot", "80", "--help"]), "help wins over any mistake");
}

#[test]
fn help_ends_quietly_if_its_reader_closes_the_pipe() {
    // `... server.wasm --help | head -1`
    for option in ["--help", "--version"] {
        let output = Start::bare()
            .options(&[option])
            .with_closed_stdout()
            .output_within(PATIENCE);
        assert!(output.stderr.is_empty(), "{option}: {output:?}");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{option}: {output:?}");
    }
}

#[test]
fn the_version_is_one_line() {
    assert_eq!(printed(&["--version"]), format!("aula {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(printed(&["-V"]), printed(&["--version"]));
}

// Languages.

#[test]
fn help_and_error_messages_are_in_the_requested_language() {
    let help = printed(&["--lang", "es", "--help"]);
    assert!(help.starts_with("Uso: wasmtime run "), "{help}");
    assert!(
        help.contains("puerto TCP de escucha; 0 toma uno libre [8080]"),
        "{help}"
    );
    assert_eq!(help, printed(&["-h", "--lang=es"]), "in any order");
    assert_fails(
        &Start::with(&["--lang", "es", "--prot", "80"]),
        &["aula: opción desconocida --prot: ¿quizás --port?"],
    );
    assert_fails(
        &Start::with(&["--lang", "fr"]).environment("LANG", "es_ES.UTF-8"),
        &["--lang fr: no es un idioma: se espera uno de en, es"],
    );
    // Errors that only the start can find.
    let www = xtask::root().join("www");
    assert_fails(
        &Start::bare().options(&["--lang=es"]),
        &["no se ha concedido ninguna carpeta", "--dir www"],
    );
    assert_fails(
        &Start::bare().folder(&www).options(&["--lang=es"]),
        &["no se ha concedido la red", "-S inherit-network"],
    );
    let start = Start::with(&["--lang=es", "--spa", "no.html"]);
    assert_fails(&start, &["--spa no.html: no existe ese archivo en la carpeta"]);
}

#[test]
fn without_an_option_the_language_comes_from_the_environment() {
    for (variables, options, line) in [
        (&[("LANG", "es_ES.UTF-8")][..], &[][..], "--port: falta el valor"),
        (&[("LANG", "C.UTF-8")], &[], "--port: no value"),
        (&[("LANG", "es_ES.UTF-8"), ("AULA_LANG", "en")], &[], "--port: no value"),
        (&[("AULA_LANG", "es")], &[], "--port: falta el valor"),
        (&[("AULA_LANG", "es")], &["--lang=en"], "--port: no value"),
    ] {
        let start = Start::with(options).options(&["--port"]);
        let start = variables
            .iter()
            .fold(start, |start, (name, value)| start.environment(name, value));
        assert_fails(&start, &[line]);
    }
}

#[test]
fn the_ready_line_is_in_the_language_too() {
    // `Start::serve` accepts either language, so this test reads the line itself and has to choose the port.
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let port = address.port().to_string();
    let start = Start::with(&["--lang", "es", "--port", &port, "--requests", "1"]);
    let server = thread::spawn(move || start.output_within(PATIENCE));
    let deadline = Instant::now() + PATIENCE;
    let mut stream = loop {
        match TcpStream::connect(address) {
            Ok(stream) => break stream,
            Err(error) => assert!(Instant::now() < deadline, "{error}"),
        }
        thread::sleep(Duration::from_millis(5));
    };
    assert_eq!(ask_on(&mut stream, "GET /hello.html").status(), 200);
    drop(stream);
    let said = server.join().unwrap().stderr;
    assert_eq!(
        String::from_utf8(said).unwrap(),
        format!("Escuchando en http://{address}/\nSirviendo www en {address}; Ctrl-C lo detiene.\n"),
    );
}

#[test]
fn every_message_of_the_start_exists_in_both_languages() {
    for text in start_texts::ALL {
        assert_eq!(text.fault(), None);
        assert_ne!(text.en, text.es);
    }
}

// The ready line.

#[test]
fn the_server_says_where_it_listens_and_what_it_serves() {
    let server = Server::start(&["--log", "off"]);
    assert_eq!(get(&server, "/hello.html").status(), 200);
    let said = server.said_with("Ctrl-C stops it.");
    let lines: Vec<_> = said.lines().collect();
    let address = server.address;
    assert_eq!(
        lines,
        [
            format!("stderr: Listening on http://{address}/"),
            format!("stderr: Serving www at {address}; Ctrl-C stops it.")
        ],
    );
}

#[test]
fn without_the_option_host_the_server_listens_on_every_address() {
    let start = Start::bare().network().options(&["--port", "0"]);
    let server = start.folder(&xtask::root().join("www")).serve();
    assert!(
        server.address.ip().is_loopback(),
        "a browser can open {}",
        server.address
    );
    assert_eq!(get(&server, "/hello.html").status(), 200);
    let port = server.address.port();
    if has_ipv6() {
        let mut stream = TcpStream::connect((Ipv6Addr::LOCALHOST, port)).unwrap();
        assert_eq!(ask_on(&mut stream, "GET /hello.html").status(), 200);
    }
}

#[test]
fn the_server_listens_on_an_ipv6_address_only() {
    let start = Start::bare().network().options(&["--host", "::1", "--port", "0"]);
    let start = start.folder(&xtask::root().join("www"));
    if !has_ipv6() {
        return assert_fails(&start, &["--host ::1", "does not have"]);
    }
    let server = start.serve();
    assert!(server.address.is_ipv6(), "{}", server.address);
    assert_eq!(get(&server, "/hello.html").status(), 200);
    assert!(server.log_line().starts_with("::1 - - ["));
    assert!(TcpStream::connect(("127.0.0.1", server.address.port())).is_err());
}

#[test]
fn a_server_can_be_restarted_at_once_on_its_port() {
    // This needs SO_REUSEADDR: connections of the first server are still in TIME_WAIT.
    let first = Server::start(&["--close"]);
    for _ in 0..20 {
        assert_eq!(get(&first, "/hello.html").status(), 200);
    }
    let port = first.address.port().to_string();
    drop(first);
    let second = Start::with(&[]).options(&["--port", &port]).serve();
    assert_eq!(get(&second, "/hello.html").status(), 200);
}

// Presets: the labs in `--help`, each on a free port.

#[test]
fn mininet_serves_one_request_at_a_time_and_closes() {
    let server = Server::start(&["--preset", "mininet"]);
    let response = response_to(&server, "GET /hello.html HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(
        (response.status(), response.field("Connection")),
        (200, Some("close")),
        "{response:?}"
    );
    assert_eq!(get(&server, "/no").status(), 404);
    // It reads 1024 bytes at a time, but a head may be longer.
    let long = format!("X: {}", "x".repeat(5000));
    assert_eq!(ask(&server, "GET /hello.html", &[&long]).status(), 200);
    assert!(
        !server.said().contains("mininet"),
        "port 0 needs no warning: {}",
        server.said()
    );
    assert_is_serial("mininet");
}

#[test]
fn mininet_warns_about_a_port_that_the_lab_does_not_allow() {
    // Any free port above the lab's range.
    let port = (65_000..=65_535).find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    let port = port.expect("one of them is free").to_string();
    let server = Start::with(&["--preset", "mininet"])
        .options(&["--port", &port])
        .serve();
    assert_eq!(get(&server, "/hello.html").status(), 200);
    let said = server.said();
    assert!(
        said.contains(&format!("port {port}")) && said.contains("1025 to 64999"),
        "{said}"
    );
}

#[test]
fn mininet_with_requests_1_serves_exactly_one_request() {
    let mut server = Server::start(&["--preset", "mininet", "--requests", "1"]);
    assert_eq!(get(&server, "/hello.html").status(), 200);
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn kurose_serves_one_request_at_a_time_and_closes() {
    let server = Server::start(&["--preset", "kurose"]);
    let response = response_to(&server, "GET /HelloWorld.html HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(
        (response.status(), response.field("Connection")),
        (200, Some("close")),
        "{response:?}"
    );
    assert_eq!(get(&server, "/no").status(), 404);
    assert_is_serial("kurose");
}

/// Fails unless other clients wait while one of them reads a large response.
fn assert_is_serial(preset: &str) {
    let folder = folder(&[("a.txt", b"a")]);
    sparse(folder.path(), "large", 64 << 20);
    let server = serve(&folder, &["--preset", preset]);
    let mut holder = server.connect();
    send(&mut holder, "GET /large", &[]);
    holder.read_exact(&mut [0; 4]).unwrap();
    let mut waiter = server.connect();
    send(&mut waiter, "GET /a.txt", &[]);
    assert!(!has_come(&waiter, QUIET), "{preset}: it has no response yet");
    drop(holder);
    assert_eq!(Response::read(&mut waiter, "GET").text(), "a", "{preset}");
}

#[test]
fn lab01_serves_only_get_in_every_version_to_ten_clients() {
    let server = Server::start(&["--preset", "lab01"]);
    let page = fs::read_to_string(xtask::root().join("www/text/index.html")).unwrap();
    // HTTP/0.9, 1.0 and 1.1.
    assert_eq!(server.exchange("GET /text/index.html\r\n"), page);
    for version in ["HTTP/1.0", "HTTP/1.1"] {
        let response = last_response_to(&server, format!("GET /text/index.html {version}\r\nHost: a\r\n\r\n"));
        assert_eq!((response.status(), response.text()), (200, page.clone()));
        assert_eq!(response.field("Connection"), Some("close"), "{response:?}");
    }
    for method in ["HEAD", "OPTIONS", "POST"] {
        let response = ask(&server, &format!("{method} /text/index.html"), &[]);
        assert_eq!(
            (response.status(), response.field("Allow")),
            (405, Some("GET")),
            "{method}: {response:?}"
        );
    }
    let mut ten: Vec<_> = (0..10).map(|_| server.connect()).collect();
    for stream in &mut ten {
        stream.write_all(b"GET /hello.html HT").unwrap();
    }
    let mut eleventh = server.connect();
    send(&mut eleventh, "GET /hello.html", &[]);
    assert!(!has_come(&eleventh, QUIET), "ten connections are the maximum");
    ten[3].write_all(b"TP/1.0\r\n\r\n").unwrap();
    assert_eq!(Response::read_last(&mut ten[3], "GET").status(), 200);
    assert_eq!(Response::read_last(&mut eleventh, "GET").status(), 200);
}

#[test]
fn an_option_overrides_its_preset() {
    let server = Server::start(&["--preset", "lab01", "--get-only=no", "--close=no"]);
    let mut stream = server.connect();
    assert_eq!(ask_on(&mut stream, "HEAD /hello.html").status(), 200);
    assert_eq!(ask_on(&mut stream, "GET /hello.html").status(), 200);
}

// The environment.

#[test]
fn options_can_come_from_the_environment_and_the_command_line_wins() {
    let start = Start::with(&["--cache-control", "max-age=1"])
        .environment("AULA_CACHE_CONTROL", "max-age=2")
        .environment("AULA_GET_ONLY", "yes")
        .environment("AULA_HEADER", "X-A: 1\nX-B: 2")
        .environment("AULA_PORT", "1")
        .environment("AULA_PRESET", "kurose")
        .environment("AULA_CLOSE", "no");
    let server = start.serve();
    let mut stream = server.connect();
    let response = ask_on(&mut stream, "GET /hello.html");
    assert_eq!(
        response.field("Cache-Control"),
        Some("max-age=1"),
        "the command line wins"
    );
    assert_eq!((response.field("X-A"), response.field("X-B")), (Some("1"), Some("2")));
    // AULA_CLOSE wins over the preset.
    assert_eq!(ask_on(&mut stream, "HEAD /hello.html").status(), 405);
}

#[test]
fn an_unknown_variable_causes_a_warning_only() {
    let server = Start::with(&[]).environment("AULA_PROT", "8080").serve();
    assert_eq!(get(&server, "/hello.html").status(), 200);
    let said = server.said();
    assert!(
        said.contains("AULA_PROT") && said.contains("did you mean AULA_PORT?"),
        "{said}"
    );
}

// Versions of HTTP.

#[test]
fn with_http_0_9_every_response_is_content_only() {
    let server = Server::start(&["--http", "0.9"]);
    let page = fs::read_to_string(xtask::root().join("www/hello.html")).unwrap();
    for request in [
        "GET /hello.html\r\n",
        "GET /hello.html HTTP/1.0\r\n\r\n",
        "GET /hello.html HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        assert_eq!(server.exchange(request), page, "{request:?}");
    }
    for (request, code) in [
        ("GET /no\r\n", "404"),
        ("GET /hello.html HTTP/1.1\r\n\r\n", "400"),
        ("POST /\r\n", "400"),
    ] {
        let response = server.exchange(request);
        assert!(
            !response.starts_with("HTTP/") && response.contains('<'),
            "{request:?}: {response}"
        );
        assert!(code == "404" || response.contains(code), "{request:?}: {response}");
    }
    assert!(server.said().contains("curl needs --http0.9"), "{}", server.said());
}

#[test]
fn with_http_1_a_request_line_needs_a_version() {
    let server = Server::start(&["--http", "1"]);
    assert_eq!(response_to(&server, "GET /hello.html\r\n").status(), 400);
    assert_eq!(get(&server, "/hello.html").status(), 200);
}

// The access log.

/// The format of a time in the log: every digit becomes 0, every letter a.
fn shape(text: &str) -> String {
    let kind = |letter: char| match letter {
        '0'..='9' => '0',
        'a'..='z' | 'A'..='Z' => 'a',
        other => other,
    };
    text.chars().map(kind).collect()
}

#[test]
fn the_log_has_the_usual_formats() {
    let fields = ["User-Agent: test/1 (\"x\")", "Referer: http://b/"];
    let size = fs::metadata(xtask::root().join("www/hello.html")).unwrap().len();
    let common = format!("\"GET /hello.html?a HTTP/1.1\" 200 {size}");
    for (format, end) in [
        ("common", common.clone()),
        ("combined", format!("{common} \"http://b/\" \"test/1 (\\\"x\\\")\"")),
    ] {
        let server = Server::start(&["--log", format]);
        ask(&server, "GET /hello.html?a", &fields);
        let line = server.log_line();
        let rest = line.strip_prefix("127.0.0.1 - - [").expect(&line);
        let (time, rest) = rest.split_once("] ").expect(&line);
        assert_eq!(shape(time), "00/aaa/0000:00:00:00 +0000", "{line}");
        assert_eq!(rest, end);
    }
    let server = Server::start(&["--log", "json"]);
    ask(&server, "GET /hello.html?a", &fields);
    let line: Value = serde_json::from_str(&server.log_line()).unwrap();
    assert_eq!(
        (
            &line["address"],
            &line["request"],
            &line["status"],
            &line["bytes"],
            &line["referer"],
            &line["user_agent"]
        ),
        (
            &"127.0.0.1".into(),
            &"GET /hello.html?a HTTP/1.1".into(),
            &200.into(),
            &size.into(),
            &"http://b/".into(),
            &"test/1 (\"x\")".into()
        ),
    );
    let server = Server::start(&["--log", "off"]);
    get(&server, "/hello.html");
    get(&server, "/hello.html");
    assert!(!server.said().contains("stdout"), "{}", server.said());
}

#[test]
fn the_log_has_the_status_and_the_number_of_content_bytes_sent() {
    let folder = folder(&[("a.txt", b"0123456789"), ("404.html", b"nothing here")]);
    let server = serve(&folder, &["--log", "common"]);
    let tag = get(&server, "/a.txt").field("ETag").unwrap().to_owned();
    assert!(server.log_line().ends_with("\"GET /a.txt HTTP/1.1\" 200 10"));
    for (line, field, end) in [
        ("HEAD /a.txt", "", "\"HEAD /a.txt HTTP/1.1\" 200 0"),
        ("GET /a.txt", "Range: bytes=2-4", "\"GET /a.txt HTTP/1.1\" 206 3"),
        (
            "GET /a.txt",
            &format!("If-None-Match: {tag}"),
            "\"GET /a.txt HTTP/1.1\" 304 0",
        ),
        ("GET /no", "", "\"GET /no HTTP/1.1\" 404 12"),
        ("OPTIONS *", "", "\"OPTIONS * HTTP/1.1\" 204 0"),
    ] {
        let fields: Vec<_> = [field].into_iter().filter(|field| !field.is_empty()).collect();
        ask(&server, line, &fields);
        let logged = server.log_line();
        assert!(logged.ends_with(end), "{line} {field}: {logged}");
    }
    server.exchange("GET /a.txt\r\n");
    assert!(server.log_line().ends_with("\"GET /a.txt\" 200 10"), "HTTP/0.9");
    // A client must not be able to forge lines or send control characters to a terminal.
    for (request, quoted) in [
        ("GET /\u{1b}[2J HTTP/1.1\r\n\r\n", "\"GET /\\x1b[2J HTTP/1.1\" 400"),
        ("GET /\" 200 1 HTTP/1.1\r\n\r\n", "\"GET /\\\" 200 1 HTTP/1.1\" 400"),
    ] {
        server.exchange(request);
        let logged = server.log_line();
        assert!(logged.contains(quoted), "{request:?}: {logged}");
    }
}

#[test]
fn for_a_client_that_leaves_in_the_middle_the_log_has_what_was_sent() {
    let folder = folder(&[]);
    sparse(folder.path(), "a.bin", 256 << 20);
    let server = serve(&folder, &["--log", "json"]);
    let mut stream = server.connect();
    send(&mut stream, "GET /a.bin", &[]);
    stream.read_exact(&mut vec![0; 1 << 20]).unwrap();
    drop(stream);
    let line: Value = serde_json::from_str(&server.log_line()).unwrap();
    let bytes = line["bytes"].as_u64().unwrap();
    assert!((1 << 19..256 << 20).contains(&bytes), "{line}");
}

#[test]
fn a_log_that_is_no_longer_read_does_not_stop_the_server() {
    // As in `... server.wasm | head -1`: a write to stdout fails.
    let mut server = Start::with(&[]).with_closed_stdout().serve();
    for _ in 0..100 {
        assert_eq!(get(&server, "/hello.html").status(), 200);
    }
    assert!(server.is_running());
}
