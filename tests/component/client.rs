//! The client of these tests: it sends requests and reads the responses strictly ([`Response`]).

use crate::support::response::Response;
use crate::support::{PATIENCE, Server};
use std::io::{ErrorKind, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

/// How long a test waits before it concludes that nothing will happen.
pub const QUIET: Duration = Duration::from_millis(200);

/// Sends a request on a new connection, and reads the response, which nothing may follow. `line` is the request line
/// without its version.
pub fn ask(server: &Server, line: &str, fields: &[&str]) -> Response {
    let mut stream = server.connect();
    send(&mut stream, line, &[fields, &["Connection: close"]].concat());
    Response::read_last(&mut stream, method(line))
}

/// Sends a GET request for a path, like [`ask`].
pub fn get(server: &Server, path: &str) -> Response {
    ask(server, &format!("GET {path}"), &[])
}

/// Sends a request on a persistent connection, and reads the response.
pub fn ask_on(stream: &mut TcpStream, line: &str) -> Response {
    send(stream, line, &[]);
    Response::read(stream, method(line))
}

/// Sends an HTTP/1.1 request.
pub fn send(stream: &mut TcpStream, line: &str, fields: &[&str]) {
    let fields: String = fields.iter().map(|field| format!("{field}\r\n")).collect();
    let request = format!("{line} HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
    stream.write_all(request.as_bytes()).expect("the server reads");
}

/// Sends these bytes on a new connection, and reads one response.
pub fn response_to(server: &Server, request: impl AsRef<[u8]>) -> Response {
    let mut stream = server.connect();
    stream.write_all(request.as_ref()).expect("the server reads");
    Response::read(&mut stream, "GET")
}

/// Like [`response_to`]; then the server has to close the connection.
pub fn last_response_to(server: &Server, request: impl AsRef<[u8]>) -> Response {
    let mut stream = server.connect();
    stream.write_all(request.as_ref()).expect("the server reads");
    Response::read_last(&mut stream, "GET")
}

fn method(line: &str) -> &str {
    line.split(' ').next().unwrap_or_default()
}

/// Waits at most `patience` until something can be read: a byte of a response, or the end. Returns false if nothing has
/// arrived.
pub fn has_come(stream: &TcpStream, patience: Duration) -> bool {
    stream.set_read_timeout(Some(patience)).unwrap();
    let outcome = loop {
        match stream.peek(&mut [0]) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            outcome => break outcome,
        }
    };
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    !matches!(outcome, Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut))
}

/// Runs `action`, and returns its result and how long it took.
pub fn timed<T>(action: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let outcome = action();
    (outcome, start.elapsed())
}

/// Fails unless a deadline of `expected` was kept: not early, and not later than a loaded machine explains.
#[track_caller]
pub fn assert_kept(taken: Duration, expected: Duration) {
    // The server's clock started before ours, so `taken` may be slightly shorter.
    let earliest = expected.mul_f64(0.9);
    let latest = expected + Duration::from_secs(3);
    assert!(
        (earliest..latest).contains(&taken),
        "after {taken:?} instead of {expected:?}"
    );
}

/// Tries again until it holds. The server checks a cached file for changes ten times a second, so a change takes a
/// moment to show.
#[track_caller]
pub fn soon(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
