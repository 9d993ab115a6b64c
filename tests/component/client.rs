//! A client that trusts nothing: it reads one answer as RFC 9112 section 6.3 frames it, and not a byte more.

use crate::support::{self, PATIENCE, Server};
use std::fmt;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

/// How long nothing must happen before a test believes that it does not.
pub const QUIET: Duration = Duration::from_millis(200);

/// An answer, as it came.
pub struct Answer {
    /// Status line and field lines, with the empty line that ends them.
    pub head: String,
    /// The content.
    pub content: Vec<u8>,
}

impl Answer {
    /// Reads the answer to a request with this method; what follows it stays unread.
    pub fn read(stream: &mut impl Read, method: &str) -> Self {
        let head = read_head(stream);
        let mut answer = Self {
            head,
            content: Vec::new(),
        };
        let has_content = method != "HEAD" && !matches!(answer.status(), 100..200 | 204 | 304);
        if has_content {
            let length = answer.content_length();
            let read = stream.take(length).read_to_end(&mut answer.content);
            let received = answer.content.len() as u64;
            assert_eq!(received, length, "{read:?} in the content behind {}", answer.head);
        }
        answer
    }

    pub fn status(&self) -> u16 {
        support::status(&self.head)
    }

    pub fn field(&self, name: &str) -> Option<&str> {
        support::field(&self.head, name)
    }

    pub fn content_length(&self) -> u64 {
        let value = self.field("Content-Length");
        let length = value.and_then(|value| value.parse().ok());
        length.unwrap_or_else(|| panic!("Content-Length {value:?} in {}", self.head))
    }

    /// The content as text; bytes that are no UTF-8 are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.content).into_owned()
    }

    /// The names of its fields, in their order.
    pub fn field_names(&self) -> Vec<&str> {
        let lines = support::split(&self.head).0.lines().skip(1);
        lines.filter_map(|line| Some(line.split_once(':')?.0)).collect()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let beginning = self.content.get(..200).unwrap_or(&self.content);
        let length = self.content.len();
        let text = String::from_utf8_lossy(beginning);
        write!(formatter, "{}({length} bytes: {text:?})", self.head)
    }
}

fn read_head(stream: &mut impl Read) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if let Err(error) = stream.read_exact(&mut byte) {
            panic!("{error} in the head {:?}", String::from_utf8_lossy(&head));
        }
        head.extend(byte);
    }
    String::from_utf8(head).expect("a head is ASCII")
}

/// Asks on a connection of its own: `line` is the request line without its version. Nothing may follow the answer.
pub fn ask(server: &Server, line: &str, fields: &[&str]) -> Answer {
    let mut stream = server.connect();
    send(&mut stream, line, &[fields, &["Connection: close"]].concat());
    let answer = Answer::read(&mut stream, method(line));
    let rest = support::read_to_end(&mut stream);
    assert_eq!(rest, "", "nothing follows the answer to {line}: {answer:?}");
    answer
}

/// Asks for a path, as [`ask`] does.
pub fn get(server: &Server, path: &str) -> Answer {
    ask(server, &format!("GET {path}"), &[])
}

/// Asks on a persistent connection, and reads the answer.
pub fn ask_on(stream: &mut TcpStream, line: &str) -> Answer {
    send(stream, line, &[]);
    Answer::read(stream, method(line))
}

/// Sends a request of HTTP/1.1.
pub fn send(stream: &mut TcpStream, line: &str, fields: &[&str]) {
    let fields: String = fields.iter().map(|field| format!("{field}\r\n")).collect();
    let request = format!("{line} HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
    stream.write_all(request.as_bytes()).expect("the server reads");
}

/// Sends these bytes on a connection of their own, and reads one answer.
pub fn answer_to(server: &Server, request: impl AsRef<[u8]>) -> Answer {
    let mut stream = server.connect();
    stream.write_all(request.as_ref()).expect("the server reads");
    Answer::read(&mut stream, "GET")
}

fn method(line: &str) -> &str {
    line.split(' ').next().unwrap_or_default()
}

/// Waits for the first byte of an answer, or the end, for `patience`. False: nothing came.
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

/// What an action comes to, and how long it takes.
pub fn timed<T>(action: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let outcome = action();
    (outcome, start.elapsed())
}

/// Fails unless a deadline of `expected` was kept: not early, and not late by more than a loaded machine explains.
#[track_caller]
pub fn assert_kept(taken: Duration, expected: Duration) {
    // The server's clock started before ours: a moment may be missing.
    let earliest = expected.mul_f64(0.9);
    let latest = expected + Duration::from_secs(3);
    assert!(
        (earliest..latest).contains(&taken),
        "after {taken:?} instead of {expected:?}"
    );
}

/// Tries again until it holds. The server looks at a file that it remembers ten times a second, so a change shows after
/// a moment.
#[track_caller]
pub fn soon(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
