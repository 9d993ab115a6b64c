//! The state machine at every split of its input and output, on a clock that the tests control.
//!
//! A [`Talk`] is the driver: it hands in bytes in pieces, responds with [`response_to`], takes the output in portions,
//! and records what happened. Responses have slices of a [`Pattern`], a file whose bytes follow from their offsets.

use super::*;
use crate::http::{Content, FieldSection, Piece, Status};
use crate::http1::rules::default_rules;
use crate::http1::{Limits, Timeouts, VersionPolicy};
use proptest::prelude::*;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

/// This number of milliseconds after the connection was accepted.
fn at(duration: Duration) -> Instant {
    Instant::ORIGIN + duration
}

/// A request in HTTP/1.1 that does not ask for a close.
const GET: &str = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

/// A file of any size that need not be written: its byte at `offset` is [`byte_at`] it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Pattern;

fn byte_at(offset: u64) -> u8 {
    u8::try_from(offset % 251).unwrap()
}

/// A replacement for `site`: several kinds of content, chosen by the target, and for a rejection its explanation.
fn response_to(event: &Result<String, Rejection>) -> Response<Pattern> {
    const BEYOND_4_GIB: u64 = 5 << 30;
    let text = |text: &str| Content::bytes(text.to_owned().into_bytes());
    let (status, content) = match event {
        Err(rejection) => (rejection.explanation().status, text(rejection.explanation().meaning.en)),
        Ok(request) => match request.split(' ').nth(1).unwrap_or_default() {
            "/empty" => (Status::OK, Content::empty()),
            "/204" => (Status::NO_CONTENT, text("never sent")),
            "/304" => (Status::NOT_MODIFIED, text("never sent")),
            "/file" => (
                Status::PARTIAL_CONTENT,
                Content(vec![
                    Piece::Bytes(b"<<"[..].into()),
                    slice(1000, 300),
                    Piece::Bytes(b"><"[..].into()),
                    slice(0, 0),
                    slice(BEYOND_4_GIB, 200),
                    Piece::Bytes(b">>"[..].into()),
                ]),
            ),
            _ => (Status::OK, text(request)),
        },
    };
    Response {
        status,
        fields: [("A", "b")].into(),
        content,
    }
}

fn slice(offset: u64, length: u64) -> Piece<Pattern> {
    Piece::Slice {
        file: Pattern,
        offset,
        length,
    }
}

/// A connection, its clock, and what happened on it.
struct Talk {
    connection: Connection<Pattern>,
    now: Instant,
    /// The requests (`GET /a Http11`) and rejects so far.
    events: Vec<Result<String, Rejection>>,
    output: Vec<u8>,
}

impl Talk {
    fn new() -> Self {
        Self::with(default_rules())
    }

    fn with(rules: Rules) -> Self {
        Self {
            connection: Connection::new(Rc::new(rules), Instant::ORIGIN),
            now: Instant::ORIGIN,
            events: Vec::new(),
            output: Vec::new(),
        }
    }

    fn receive(&mut self, bytes: impl AsRef<[u8]>) {
        self.connection.receive(bytes.as_ref(), self.now);
    }

    fn receive_eof(&mut self) {
        self.connection.receive_eof(self.now);
    }

    /// The request or the rejection that waits for a response.
    fn next_event(&mut self) -> Option<Result<String, Rejection>> {
        match self.connection.next_event() {
            Ok(Event::Request(received)) => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let (method, target) = (text(received.method), text(received.target));
                Some(Ok(format!("{method} {target} {:?}", received.version)))
            }
            Err(rejection) => Some(Err(rejection)),
            Ok(Event::NeedData | Event::Paused | Event::Delayed | Event::Closed) => None,
        }
    }

    /// Responds to one request or rejection, if there is one.
    fn respond(&mut self) -> bool {
        let Some(event) = self.next_event() else { return false };
        self.connection.respond(response_to(&event), false, self.now);
        self.events.push(event);
        true
    }

    fn respond_all(&mut self) {
        while self.respond() {}
    }

    /// The bytes that would be sent now.
    fn pending(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for chunk in self.connection.transmit() {
            match chunk {
                Chunk::Bytes(run) => bytes.extend_from_slice(run),
                Chunk::Slice { offset, length, .. } => bytes.extend((offset..offset + length).map(byte_at)),
            }
        }
        bytes
    }

    /// Sends `count` bytes, or all if there are fewer.
    fn send(&mut self, count: usize) {
        let pending = self.pending();
        let count = count.min(pending.len());
        self.output.extend_from_slice(&pending[..count]);
        self.connection.sent(count, self.now);
    }

    /// Responds and sends, `portion` bytes at a time, until the connection waits for the client.
    fn settle(&mut self, portion: usize) {
        self.respond_all();
        while self.connection.interest() == Interest::Write {
            self.send(portion);
            self.respond_all();
        }
    }

    /// Hands in bytes, and lets the server do everything that it can.
    fn say(&mut self, bytes: impl AsRef<[u8]>) {
        self.receive(bytes);
        self.settle(usize::MAX);
    }

    /// The client closes its side, and the server does everything that it can.
    fn end(&mut self) {
        self.receive_eof();
        self.settle(usize::MAX);
    }

    /// Advances the clock. Returns whether the deadline has expired; then the server does everything that it can.
    fn wait_until(&mut self, after: Duration) -> bool {
        self.now = at(after);
        let has_passed = self.connection.handle_timeout(self.now);
        if has_passed {
            self.settle(usize::MAX);
        }
        has_passed
    }

    /// Expects that the deadline is `at`, and that nothing happens a moment earlier.
    fn expect_deadline(&mut self, after: Duration) {
        assert_eq!(self.connection.deadline(), Some(at(after)));
        assert!(!self.wait_until(after - Duration::from_nanos(1)), "too early");
        assert!(self.wait_until(after), "too late");
    }

    fn interest(&self) -> Interest {
        self.connection.interest()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.output).into_owned()
    }

    /// The content bytes of the responses that were completed since the last call.
    fn completed(&mut self) -> Vec<u64> {
        let completed = std::iter::from_fn(|| self.connection.pop_completed());
        completed.map(|completed| completed.content).collect()
    }

    /// How many content bytes of the first incomplete response are sent.
    fn content_of_first_incomplete(&self) -> u64 {
        self.connection.incomplete().next().map_or(0, |partly| partly.content)
    }
}

/// Sends `input` in pieces, and takes the responses in portions.
fn talk(rules: &Rules, input: &[u8], piece: usize, portion: usize) -> Talk {
    let mut talk = Talk::with(rules.clone());
    for bytes in input.chunks(piece) {
        talk.receive(bytes);
        talk.settle(portion);
    }
    talk
}

/// Checks that every split gives the same result: whole, byte by byte, in between, and followed by more bytes.
fn talk_in_every_way(rules: &Rules, input: &[u8]) -> Talk {
    let shown = input.escape_ascii().to_string();
    let whole = talk(rules, input, usize::MAX, usize::MAX);
    for piece in [1, 2, 3, 7, 64] {
        for portion in [1, 13, usize::MAX] {
            let split = talk(rules, input, piece, portion);
            assert_eq!(split.events, whole.events, "{shown} in pieces of {piece}");
            assert_eq!(
                split.text(),
                whole.text(),
                "{shown} in pieces of {piece}, sent by {portion}"
            );
            assert_eq!(split.interest(), whole.interest(), "{shown} in pieces of {piece}");
        }
    }
    // What follows a complete request or an error does not change its result.
    let is_between = whole.connection.idle_since().is_some();
    let is_over = whole.interest() != Interest::Read;
    if is_between || is_over {
        let followed = [input, GET.as_bytes()].concat();
        for piece in [1, 5, usize::MAX] {
            let mut more = talk(rules, &followed, piece, usize::MAX);
            assert!(more.text().starts_with(&whole.text()), "{shown} followed by more");
            assert_eq!(
                more.interest() == Interest::Read,
                is_between,
                "{shown} followed by more"
            );
            if is_between {
                assert_eq!(
                    more.events.pop(),
                    Some(Ok("GET /a Http11".into())),
                    "{shown} followed by more"
                );
            }
            assert_eq!(more.events, whole.events, "{shown} followed by more");
        }
    }
    whole
}

/// Writes events as the tables do: `GET /a Http11` or `BareLineFeed`.
fn written(events: &[Result<String, Rejection>]) -> Vec<String> {
    let write = |event: &Result<String, Rejection>| match event {
        Ok(request) => request.clone(),
        Err(rejection) => format!("{rejection:?}"),
    };
    events.iter().map(write).collect()
}

#[test]
fn bytes_become_the_same_requests_at_every_split() {
    use Interest::{Close, Linger, Read};
    let head = "POST /a HTTP/1.1\r\nHost: a\r\n";
    for (input, events, end) in [
        // RFC 9112 section 9.3: persistent by default
        (GET.to_owned(), &["GET /a Http11"][..], Read),
        (GET.repeat(3), &["GET /a Http11"; 3], Read),
        ("GET /a HTTP/1.5\r\nHost: a\r\n\r\n".into(), &["GET /a Http11"], Read),
        (
            "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n".into(),
            &["OPTIONS * Http11"],
            Read,
        ),
        // RFC 9112 section 9.6: the close option closes the connection; what follows is not read
        (
            "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".into(),
            &["GET /a Http11"],
            Close,
        ),
        (
            "GET /a HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n".into(),
            &["GET /a Http11"],
            Read,
        ),
        // RFC 9112 section 9.3: HTTP/1.0 asks for persistence
        ("GET /a HTTP/1.0\r\n\r\n".into(), &["GET /a Http10"], Close),
        (
            "GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n".into(),
            &["GET /a Http10"],
            Read,
        ),
        (
            "HEAD /a HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n".into(),
            &["HEAD /a Http10"],
            Close,
        ),
        // HTTP/0.9 (1991): one line, one response; the client may still be sending
        ("GET /a\r\n".into(), &["GET /a Http09"], Linger),
        ("GET /a\n".into(), &["GET /a Http09"], Linger),
        (format!("{GET}GET /b\r\n"), &["GET /a Http11", "GET /b Http09"], Linger),
        ("POST /a\r\n".into(), &["SimpleRequestMethod"], Linger),
        // RFC 9112 section 2.2: an empty line before any request
        (format!("\r\n{GET}\r\n{GET}"), &["GET /a Http11", "GET /a Http11"], Read),
        // RFC 9112 section 6: content is read before the method is evaluated, also with GET
        (
            format!("{head}Content-Length: 5\r\n\r\nhello"),
            &["POST /a Http11"],
            Read,
        ),
        (
            format!("{head}Content-Length: 0\r\n\r\n{GET}"),
            &["POST /a Http11", "GET /a Http11"],
            Read,
        ),
        (
            format!(
                "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{GET}{GET}",
                GET.len()
            ),
            &["GET /a Http11", "GET /a Http11"],
            Read,
        ),
        (
            format!("{head}Transfer-Encoding: chunked\r\n\r\n3;a=\"b\"\r\nabc\r\n0\r\nX: y\r\n\r\n{GET}"),
            &["POST /a Http11", "GET /a Http11"],
            Read,
        ),
        (format!("{head}Content-Length: 5\r\n\r\nhell"), &[], Read),
        (format!("{head}Transfer-Encoding: chunked\r\n\r\n0\r\n"), &[], Read),
        // RFC 9112 sections 6.3 and 7.1: after broken framing, nothing is certain
        (
            format!("{head}Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n"),
            &["ChunkEnd"],
            Linger,
        ),
        (
            format!("{head}Transfer-Encoding: chunked\r\n\r\nx\r\n"),
            &["ChunkSize"],
            Linger,
        ),
        (
            format!("{head}Transfer-Encoding: chunked\r\n\r\n0\r\nX : y\r\n\r\n"),
            &["SpaceBeforeColon"],
            Linger,
        ),
        (
            format!("{head}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
            &["LengthAndEncoding"],
            Linger,
        ),
        (
            format!("{GET}{head}Content-Length: 1, 1\r\n\r\n"),
            &["GET /a Http11", "ContentLength"],
            Linger,
        ),
        (
            format!("{head}Content-Length: 1048577\r\n\r\n"),
            &["BodyTooLarge"],
            Linger,
        ),
        (
            format!("{head}Transfer-Encoding: chunked\r\n\r\n100001\r\n"),
            &["BodyTooLarge"],
            Linger,
        ),
        // RFC 9112 sections 2.2, 3 and 5: a head that two implementations might read differently
        ("GET /a HTTP/1.1\nHost: a\n\n".into(), &["BareLineFeed"], Linger),
        (
            "GET /a HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n".into(),
            &["LineFolding"],
            Linger,
        ),
        ("GET /a HTTP/1.1\r\n\r\n".into(), &["HostMissing"], Linger),
        ("GET  /a HTTP/1.1\r\n\r\n".into(), &["RequestLineWords"], Linger),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(), &["VersionMajor"], Linger),
        ("\u{16}\u{3}\u{1}".into(), &["NotHttp"], Linger),
        (format!("{GET}\u{16}"), &["GET /a Http11", "NotHttp"], Linger),
        (
            format!("GET /{} HTTP/1.1\r\n", "a".repeat(9000)),
            &["RequestLineTooLong"],
            Linger,
        ),
        (
            format!("GET /a HTTP/1.1\r\n{}", "A: b\r\n".repeat(101)),
            &["TooManyFields"],
            Linger,
        ),
        (
            format!("GET /a HTTP/1.1\r\nA: {}", "b".repeat(33_000)),
            &["FieldsTooLarge"],
            Linger,
        ),
        (
            format!("{GET}GET /a HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n"),
            &["GET /a Http11", "Expectation"],
            Linger,
        ),
    ] {
        let talk = talk_in_every_way(&default_rules(), input.as_bytes());
        assert_eq!(written(&talk.events), events, "{input:?}");
        assert_eq!(talk.interest(), end, "{input:?}");
    }
}

#[test]
fn a_request_that_is_rejected_before_its_version_is_known_gets_a_head() {
    // RFC 9112 sections 2.2 and 3: only a complete line of two words is HTTP/0.9. A request that is rejected before its
    // line is complete cannot be recognized as HTTP/0.9, and its response must not depend on how much has arrived.
    let long = "a".repeat(15_000);
    for input in [
        format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n").into_bytes(),
        format!("GET /{long}\r\n").into_bytes(),
        format!("GET /{long}").into_bytes(),
        // A TLS client's first bytes have one 0x20: the length of its session id.
        [
            &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
            &[7; 32],
            b" ",
            &[8; 99],
        ]
        .concat(),
        b"\x80 \r\n".to_vec(),
        b"\r\n\r\nGET /a\r\n".to_vec(),
        b"\r\n\r\nPOST /a".to_vec(),
        b"\r\n\r\nHEAD /a HTTP/1.1\r\n".to_vec(),
    ] {
        let talk = talk_in_every_way(&default_rules(), &input);
        let shown = input.escape_ascii().to_string();
        assert!(talk.text().starts_with("HTTP/1.1 4"), "{shown} got {}", talk.text());
        assert_eq!(talk.events.len(), 1, "{shown}");
    }
}

#[test]
fn the_response_to_a_rejected_head_request_has_no_content() {
    // RFC 9110 section 9.3.2: whatever the status
    for input in [
        "HEAD /a HTTP/1.1\r\n\r\n".to_owned(),
        "HEAD /%zz HTTP/1.1\r\nHost: a\r\n\r\n".into(),
        "HEAD /a HTTP/1.1\r\nHost : a\r\n\r\n".into(),
        "HEAD /a HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n".into(),
        // The first line itself is rejected, but its first word is still known.
        "HEAD /a HTTP/2.0\r\nHost: a\r\n\r\n".into(),
        "HEAD /a HTTP/1.x\r\nHost: a\r\n\r\n".into(),
        "HEAD /a HTTP/1.1\nHost: a\n\n".into(),
        "HEAD  /a HTTP/1.1\r\nHost: a\r\n\r\n".into(),
        format!("HEAD /{} HTTP/1.1\r\n", "a".repeat(9000)),
    ] {
        let talk = talk_in_every_way(&default_rules(), input.as_bytes());
        let text = talk.text();
        assert!(matches!(talk.events[..], [Err(_)]), "{input:?}");
        assert!(text.starts_with("HTTP/1.1 "), "{input:?} got {text}");
        assert!(text.ends_with("\r\n\r\n"), "{input:?} got {text}");
        assert!(
            !text.contains("Content-Length: 0\r\n"),
            "{input:?}: what GET would have"
        );
    }
}

#[test]
fn a_head_says_how_its_content_and_the_connection_end() {
    for (input, output) in [
        // RFC 9110 section 8.6, RFC 9112 section 9.3
        (
            GET,
            "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 13\r\n\r\nGET /a Http11",
        ),
        (
            "GET /empty HTTP/1.1\r\nHost: a\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 0\r\n\r\n",
        ),
        (
            "GET /a HTTP/1.0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 13\r\nConnection: close\r\n\r\nGET /a Http10",
        ),
        (
            "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 13\r\nConnection: keep-alive\r\n\r\nGET /a Http10",
        ),
        // RFC 9110 section 9.3.2: the same fields, no content
        (
            "HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 14\r\n\r\n",
        ),
        // RFC 9110 sections 15.3.5 and 15.4.5
        (
            "GET /204 HTTP/1.1\r\nHost: a\r\n\r\n",
            "HTTP/1.1 204 No Content\r\nA: b\r\n\r\n",
        ),
        (
            "GET /304 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\nA: b\r\nConnection: close\r\n\r\n",
        ),
        // HTTP/0.9 (1991): content, then the end
        ("GET /a\r\n", "GET /a Http09"),
        ("GET /empty\n", ""),
        (
            "POST /a\r\n",
            "A request line without a version is HTTP/0.9, whose only method is GET.",
        ),
        (
            "GET /a HTTP/1.1\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\nA: b\r\nContent-Length: 30\r\nConnection: close\r\n\r\n\
             The request has no Host field.",
        ),
    ] {
        assert_eq!(
            talk_in_every_way(&default_rules(), input.as_bytes()).text(),
            output,
            "{input:?}"
        );
    }
}

#[test]
fn with_http_0_9_every_response_is_bare_and_the_last() {
    let rules = Rules {
        versions: VersionPolicy::Http09,
        ..default_rules()
    };
    for (input, output) in [
        ("GET /a\r\n", "GET /a Http09"),
        ("GET /a HTTP/1.0\r\n\r\n", "GET /a Http10"),
        (GET, "GET /a Http11"),
        ("GET /a HTTP/1.1\r\n\r\n", "The request has no Host field."),
        (
            "\0",
            "The first byte cannot begin a request line (is this TLS on a plain port?).",
        ),
    ] {
        let talk = talk_in_every_way(&rules, input.as_bytes());
        assert_eq!(
            (talk.text().as_str(), talk.interest()),
            (output, Interest::Linger),
            "{input:?}"
        );
    }
}

#[test]
fn with_http_1_two_words_are_an_error() {
    let rules = Rules {
        versions: VersionPolicy::Http1,
        ..default_rules()
    };
    let talk = talk_in_every_way(&rules, b"GET /a\r\n");
    assert_eq!(talk.events, [Err(Rejection::SimpleRequestRefused)]);
    assert!(talk.text().starts_with("HTTP/1.1 400 "), "{}", talk.text());
}

#[test]
fn a_server_may_end_every_connection_or_the_last() {
    // RFC 9112 section 9.6: the response says so
    let rules = Rules {
        close_after_response: true,
        ..default_rules()
    };
    let input = GET.repeat(2);
    let talk = talk_in_every_way(&rules, input.as_bytes());
    assert_eq!(written(&talk.events), ["GET /a Http11"]);
    assert!(talk.text().contains("Connection: close\r\n"));
    assert_eq!(talk.interest(), Interest::Linger);

    let mut talk = Talk::new();
    talk.receive(&input);
    let event = talk.next_event().unwrap();
    talk.connection.respond(response_to(&event), true, talk.now);
    talk.settle(usize::MAX);
    assert_eq!(talk.text().matches("Connection: close\r\n").count(), 1);
    assert_eq!(talk.interest(), Interest::Linger);
}

#[test]
fn every_rejection_closes_the_connection_after_the_client_has_read_it() {
    // RFC 9112 section 9.6
    for &rejection in Rejection::ALL {
        let mut talk = Talk::new();
        talk.connection.reject(rejection);
        assert_eq!((talk.interest(), talk.connection.deadline()), (Interest::Respond, None));
        talk.settle(usize::MAX);
        assert_eq!(talk.events, [Err(rejection)]);
        let status_line = format!(
            "HTTP/1.1 {} {}\r\n",
            rejection.explanation().status.code(),
            rejection.explanation().status.reason_phrase()
        );
        assert!(talk.text().starts_with(&status_line), "{rejection:?}");
        assert!(talk.text().contains("\r\nConnection: close\r\n"), "{rejection:?}");
        assert_eq!(talk.interest(), Interest::Linger, "{rejection:?}");
        talk.say(GET);
        assert_eq!(talk.events.len(), 1, "{rejection:?}: what follows is discarded");
        talk.expect_deadline(2 * SECOND);
        assert_eq!(talk.interest(), Interest::Close, "{rejection:?}");
    }
}

#[test]
fn a_continuation_comes_before_the_content_is_asked_for() {
    // RFC 9110 section 10.1.1, section 15.2.1
    const CONTINUED: &str = "HTTP/1.1 100 Continue\r\n\r\n";
    let head = "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
    let mut talk = Talk::new();
    talk.say(head);
    assert_eq!((talk.text().as_str(), talk.interest()), (CONTINUED, Interest::Read));
    assert_eq!(talk.completed(), [0; 0], "it is not counted");
    talk.say("hello");
    let response = "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 14\r\n\r\nPOST /a Http11";
    assert_eq!(talk.text(), format!("{CONTINUED}{response}"));
    assert_eq!(talk.completed(), [14]);

    for (input, continued) in [
        (format!("{head}hello"), true),
        (format!("{GET}{head}hello"), true),
        (
            "POST /a HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx".into(),
            false,
        ),
        (
            "GET /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n".into(),
            false,
        ),
        (
            "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\n\r\n".into(),
            false,
        ),
        (
            "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue, x\r\nContent-Length: 1\r\n\r\nx".into(),
            false,
        ),
    ] {
        let talk = talk_in_every_way(&default_rules(), input.as_bytes());
        assert_eq!(talk.text().contains(CONTINUED), continued, "{input:?}");
    }
}

#[test]
fn responses_are_sent_in_the_order_of_their_requests_and_reading_pauses_at_the_limit() {
    // RFC 9112 section 9.3.2
    let limits = Limits {
        pipelined: 3,
        ..default_rules().limits
    };
    let rules = Rules {
        limits,
        ..default_rules()
    };
    let requests: String = (0..10)
        .map(|n| format!("GET /{n} HTTP/1.1\r\nHost: a\r\n\r\n"))
        .collect();
    let mut talk = Talk::with(rules.clone());
    talk.receive(&requests);
    talk.respond_all();
    assert_eq!(talk.events.len(), 3);
    assert!(matches!(talk.connection.next_event(), Ok(Event::Paused)));
    assert_eq!(talk.interest(), Interest::Write);
    // Sending one byte makes no room; sending a whole response makes room for the next.
    talk.send(1);
    talk.respond_all();
    assert_eq!(talk.events.len(), 3);
    let one = talk.pending().len().div_ceil(3);
    talk.send(one - 1);
    talk.respond_all();
    assert_eq!(talk.events.len(), 4);
    talk.settle(7);
    assert_eq!(talk.events.len(), 10);

    let expected: String = (0..10)
        .map(|n| format!("HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 13\r\n\r\nGET /{n} Http11"))
        .collect();
    assert_eq!(talk.text(), expected);
    assert_eq!(talk.completed(), [13; 10]);
    assert_eq!(talk_in_every_way(&rules, requests.as_bytes()).text(), expected);

    // The default has room for 64.
    let mut talk = Talk::new();
    talk.receive(GET.repeat(200));
    talk.respond_all();
    assert_eq!(talk.events.len(), 64);
    talk.settle(1000);
    assert_eq!(talk.events.len(), 200);
}

#[test]
fn no_further_request_is_handled_while_64_kib_of_responses_wait() {
    const LIMIT: usize = 64 * 1024;
    const TENTH: usize = LIMIT / 10;
    let large = || Response::<Pattern> {
        status: Status::OK,
        fields: FieldSection::default(),
        content: Content::bytes(vec![b'x'; TENTH]),
    };
    let mut talk = Talk::new();
    talk.receive(GET.repeat(30));
    let mut responses = 0;
    while talk.next_event().is_some() {
        talk.connection.respond(large(), false, talk.now);
        responses += 1;
    }
    assert!(matches!(talk.connection.next_event(), Ok(Event::Paused)));
    assert_eq!(responses, 10, "the tenth is the one that goes beyond the limit");
    assert!(talk.pending().len() > LIMIT);
    assert!(talk.pending().len() < LIMIT + 2 * TENTH);
    // As soon as enough of it is sent, the next request is handled.
    talk.send(2 * TENTH);
    assert!(talk.next_event().is_some());
}

#[test]
fn at_exactly_64_kib_of_responses_one_more_is_queued() {
    const LIMIT: usize = 64 * 1024;
    let mut talk = Talk::new();
    talk.receive(GET.repeat(4));
    let mut queue = |length: usize| {
        assert!(talk.next_event().is_some());
        let response = Response::<Pattern> {
            status: Status::OK,
            fields: FieldSection::default(),
            content: Content::bytes(vec![b'x'; length]),
        };
        talk.connection.respond(response, false, talk.now);
        talk.connection.queued_bytes()
    };
    let half = queue(LIMIT / 2);
    let head = half - LIMIT / 2;
    assert_eq!(queue(LIMIT - half - head), LIMIT);
    queue(1);
    assert!(matches!(talk.connection.next_event(), Ok(Event::Paused)));
}

// What a driver asks for.

#[test]
fn why_it_was_closed_is_known() {
    type Act = fn(&mut Talk);
    let acts: [(Act, CloseReason); 5] = [
        (|talk| talk.say("GET  /a HTTP/1.1\r\n\r\n"), CloseReason::Refused),
        (
            |talk| {
                talk.connection.reject(Rejection::Busy);
                talk.settle(usize::MAX);
            },
            CloseReason::ServerFull,
        ),
        (|talk| assert!(talk.wait_until(10 * SECOND)), CloseReason::NoRequest),
        (
            |talk| {
                talk.say(GET);
                assert!(talk.wait_until(15 * SECOND));
            },
            CloseReason::IdleTimeout,
        ),
        (
            |talk| {
                talk.receive(GET);
                talk.respond_all();
                assert!(talk.wait_until(30 * SECOND));
            },
            CloseReason::WriteTimeout,
        ),
    ];
    for (act, reason) in acts {
        let mut talk = Talk::new();
        act(&mut talk);
        assert_eq!(talk.connection.close_reason(), Some(reason));
    }
}

#[test]
fn a_request_begins_with_its_first_byte_or_when_the_one_before_it_gets_its_response() {
    let mut talk = Talk::new();
    for (second, bytes) in [(1, "GE"), (2, "T /a HTTP/1.1\r\nHost: a\r\n\r\n"), (3, GET)] {
        talk.now = at(second * SECOND);
        talk.receive(bytes);
    }
    assert_eq!(talk.connection.begun(), at(SECOND));
    talk.now = at(4 * SECOND);
    assert!(talk.respond());
    assert_eq!(talk.connection.begun(), at(4 * SECOND));
}

#[test]
fn since_when_a_client_reads_nothing_is_known() {
    let mut talk = Talk::new();
    talk.now = at(SECOND);
    talk.receive(GET);
    assert_eq!(talk.connection.stalled_since(), None, "there is nothing to read");
    talk.respond_all();
    assert_eq!(talk.connection.stalled_since(), Some(at(SECOND)));
    talk.now = at(3 * SECOND);
    talk.send(10);
    assert_eq!(talk.connection.stalled_since(), Some(at(3 * SECOND)));
    talk.send(usize::MAX);
    assert_eq!(talk.connection.stalled_since(), None);
}

#[test]
fn what_a_read_may_allocate_is_known_before_it() {
    let mut talk = Talk::new();
    assert_eq!(talk.connection.growth(100), 100);
    talk.receive(format!("GET /{}", "a".repeat(995)));
    for (count, expected) in [
        (0, 0),
        // A vector that is too small doubles.
        (1, 2000),
        (1000, 2000),
        (1500, 2500),
    ] {
        assert_eq!(talk.connection.growth(count), expected, "{count}");
    }
    talk.connection.close(CloseReason::Broken);
    assert_eq!(talk.connection.growth(5000), 0, "nothing is kept any more");
    // Once it is refused, its bytes are forgotten.
    let mut talk = Talk::new();
    talk.say("GET  /a HTTP/1.1\r\n");
    assert_eq!(talk.interest(), Interest::Linger);
    assert_eq!(talk.connection.head_bytes(), b"");
}

#[test]
fn content_that_is_read_past_is_counted_for_its_request_alone() {
    let mut talk = Talk::new();
    talk.receive(format!(
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello{GET}"
    ));
    for expected in [5, 0] {
        assert!(talk.next_event().is_some());
        assert_eq!(talk.connection.content_received(), expected);
        assert!(talk.respond());
    }
}

#[test]
fn the_newest_response_can_be_looked_into_until_it_is_sent() {
    let mut talk = Talk::new();
    let request = GET.replace("/a", "/file");
    talk.receive(&request);
    assert_eq!(talk.connection.newest_file(), None);
    talk.respond_all();
    assert_eq!(talk.connection.newest_file(), Some(&Pattern));
    let mut content = Vec::new();
    for chunk in talk.connection.newest_content() {
        match chunk {
            Chunk::Bytes(bytes) => content.extend_from_slice(bytes),
            Chunk::Slice { offset, length, .. } => content.extend((offset..offset + length).map(byte_at)),
        }
    }
    let head = talk.connection.last_head();
    assert_eq!([head, &content].concat(), talk.pending());
    assert!(head.ends_with(b"\r\n\r\n") && content.starts_with(b"<<"));
    // A page has no file, whatever waits before it.
    talk.receive(GET);
    talk.respond_all();
    assert_eq!(talk.connection.newest_file(), None);
    talk.receive(request);
    talk.respond_all();
    talk.send(usize::MAX);
    assert_eq!(talk.connection.newest_file(), None);
}

#[test]
fn an_incomplete_head_gets_a_response_that_fits_its_method() {
    // RFC 9110 section 9.3.2: no content for HEAD.
    for (head, has_content) in [("GET /a", true), ("HEA", true), ("HEAD", true), ("HEAD /a", false)] {
        let mut talk = Talk::new();
        talk.say(head);
        assert!(talk.wait_until(10 * SECOND));
        let text = talk.text();
        assert!(text.starts_with("HTTP/1.1 408 "), "{head}: {text}");
        assert_eq!(!text.ends_with("\r\n\r\n"), has_content, "{head}: {text}");
    }
}

#[test]
fn the_end_of_the_clients_side_closes_the_connection_after_all_responses() {
    // RFC 9112 section 8 (incomplete messages) and 9.6
    let post = "POST /a HTTP/1.1\r\nHost: a\r\n";
    for (input, events, closes) in [
        (String::new(), &[][..], 0),
        ("\r\n".into(), &[], 0),
        (GET.into(), &["GET /a Http11"], 1),
        (GET.repeat(2), &["GET /a Http11", "GET /a Http11"], 1),
        (format!("{GET}\r\n"), &["GET /a Http11"], 0),
        ("GET /a\r\n".into(), &["GET /a Http09"], 0),
        (
            "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".into(),
            &["GET /a Http10"],
            1,
        ),
        (format!("{post}Content-Length: 2\r\n\r\nab"), &["POST /a Http11"], 1),
        // An incomplete request is an error now.
        ("G".into(), &["Incomplete"], 1),
        ("GET /a HTTP/1.1\r\nHost: a\r\n".into(), &["Incomplete"], 1),
        (format!("{GET}GET"), &["GET /a Http11", "Incomplete"], 1),
        (format!("{post}Content-Length: 5\r\n\r\nhell"), &["Incomplete"], 1),
        (
            format!("{post}Transfer-Encoding: chunked\r\n\r\n0\r\n"),
            &["Incomplete"],
            1,
        ),
        // An error is reported first.
        (format!("{post}Content-Length: x\r\n\r\n"), &["ContentLength"], 1),
    ] {
        let mut talk = Talk::new();
        talk.receive(&input);
        talk.receive_eof();
        talk.settle(usize::MAX);
        assert_eq!(written(&talk.events), events, "{input:?}");
        assert_eq!(talk.interest(), Interest::Close, "{input:?}: nothing to wait for");
        assert_eq!(talk.connection.deadline(), None, "{input:?}");
        assert_eq!(
            talk.text().matches("Connection: close\r\n").count(),
            closes,
            "{input:?}"
        );
        // The result is the same when the end of stream comes after the responses.
        for piece in [1, usize::MAX] {
            let mut later = super::tests::talk(&default_rules(), input.as_bytes(), piece, usize::MAX);
            later.end();
            assert_eq!(written(&later.events), events, "{input:?}, in pieces of {piece}");
            assert_eq!(later.interest(), Interest::Close, "{input:?}, in pieces of {piece}");
        }
    }
}

#[test]
fn an_unfinished_line_at_the_end_gets_a_response_with_a_head() {
    // Two words without a line terminator are not a request in HTTP/0.9 yet.
    for input in ["GET /a", "GET /a HTTP/1.1", "POST /"] {
        let mut talk = Talk::new();
        talk.say(input);
        talk.end();
        assert_eq!(written(&talk.events), ["Incomplete"], "{input:?}");
        assert!(
            talk.text().starts_with("HTTP/1.1 400 "),
            "{input:?} got {}",
            talk.text()
        );
    }
}

#[test]
fn the_end_of_the_clients_side_does_not_truncate_a_response() {
    let mut talk = Talk::new();
    talk.receive("GET /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    talk.respond_all();
    talk.send(10);
    talk.receive_eof();
    talk.respond_all();
    assert_eq!(talk.interest(), Interest::Write);
    talk.settle(100);
    assert!(talk.output.ends_with(b">>"));
    assert_eq!((talk.interest(), talk.completed()), (Interest::Close, vec![506]));
    // The same is true during lingering close, where the server waits for the end of stream.
    let mut talk = Talk::new();
    talk.say("GET /a\r\n");
    assert_eq!(talk.interest(), Interest::Linger);
    talk.end();
    assert_eq!(talk.interest(), Interest::Close);
}

#[test]
fn output_may_be_taken_in_any_portions() {
    let input =
        "GET /file HTTP/1.1\r\nHost: a\r\n\r\nHEAD /file HTTP/1.1\r\nHost: a\r\n\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\n";
    let ready = || {
        let mut talk = Talk::new();
        talk.receive(input);
        talk.respond_all();
        talk
    };
    let all = ready().pending();
    let head = "HTTP/1.1 206 Partial Content\r\nA: b\r\nContent-Length: 506\r\n\r\n";
    let content: Vec<u8> = [
        &b"<<"[..],
        &(1000..1300).map(byte_at).collect::<Vec<_>>(),
        b"><",
        &(5 << 30..(5 << 30) + 200).map(byte_at).collect::<Vec<_>>(),
        b">>",
    ]
    .concat();
    let last = "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 13\r\n\r\nGET /a Http11";
    assert_eq!(
        all,
        [head.as_bytes(), &content, head.as_bytes(), last.as_bytes()].concat()
    );

    for first in 0..all.len() {
        let mut talk = ready();
        talk.send(first);
        assert_eq!(talk.pending(), all[first..], "after {first}");
        let content_out = (first.saturating_sub(head.len()) as u64).min(506);
        let expected: &[u64] = if content_out == 506 { &[506] } else { &[] };
        let partly = talk.content_of_first_incomplete();
        assert_eq!(
            talk.completed(),
            if first < head.len() * 2 + 506 {
                expected.to_vec()
            } else {
                vec![506, 0]
            }
        );
        if content_out < 506 {
            assert_eq!(partly, content_out, "after {first}");
        }
        talk.send(all.len() / 3);
        talk.settle(usize::MAX);
        assert_eq!(talk.output, all, "{first}, a third, the rest");
    }
}

#[test]
fn a_slice_moves_on_with_what_is_sent() {
    let mut talk = Talk::new();
    talk.receive("GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
    talk.respond_all();
    let before_slice = talk.connection.transmit().next().map(|chunk| match chunk {
        Chunk::Bytes(bytes) => bytes.len(),
        Chunk::Slice { .. } => 0,
    });
    let slice = |offset, length| Chunk::Slice {
        file: &Pattern,
        offset,
        length,
    };
    let chunks = |talk: &Talk| {
        talk.connection
            .transmit()
            .map(|chunk| format!("{chunk:?}"))
            .collect::<Vec<_>>()
    };
    let rest = [
        format!("{:?}", Chunk::<Pattern>::Bytes(b"><")),
        format!("{:?}", slice(5 << 30, 200)),
        format!("{:?}", Chunk::<Pattern>::Bytes(b">>")),
    ];
    talk.send(before_slice.unwrap());
    for (count, offset, length) in [(0, 1000, 300), (1, 1001, 299), (250, 1251, 49), (48, 1299, 1)] {
        talk.send(count);
        assert_eq!(chunks(&talk)[0], format!("{:?}", slice(offset, length)));
        assert_eq!(chunks(&talk)[1..], rest);
    }
    // Send to the end of the slice, the next piece, and some of the slice beyond 4 GiB.
    talk.send(1 + 2 + 150);
    assert_eq!(
        chunks(&talk),
        [format!("{:?}", slice((5 << 30) + 150, 50)), rest[2].clone()]
    );
    assert_eq!(talk.content_of_first_incomplete(), 2 + 300 + 2 + 150);
    talk.send(50 + 1);
    assert_eq!(chunks(&talk), [format!("{:?}", Chunk::<Pattern>::Bytes(b">"))]);
    talk.send(1);
    assert_eq!((chunks(&talk), talk.completed()), (vec![], vec![506]));
}

#[test]
fn content_is_counted_by_the_number_of_the_exchange() {
    let mut talk = Talk::new();
    talk.receive("GET /204 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
    talk.settle(usize::MAX);
    talk.receive(format!("x{GET}GET /file HTTP/1.1\r\nHost: a\r\n\r\n"));
    for number in 1..=3 {
        assert_eq!(talk.connection.exchange(), number, "100 Continue has no number");
        assert!(talk.respond());
    }
    assert!(!talk.respond());
    let completed = |exchange, content| Progress { exchange, content };
    let incomplete = |talk: &Talk| talk.connection.incomplete().collect::<Vec<_>>();
    assert_eq!(incomplete(&talk), [completed(1, 0), completed(2, 0), completed(3, 0)]);
    talk.send(talk.pending().len() - 6);
    assert_eq!(talk.connection.pop_completed(), Some(completed(1, 0)));
    assert_eq!(talk.connection.pop_completed(), Some(completed(2, 13)));
    assert_eq!(talk.connection.pop_completed(), None);
    // A broken connection still knows how much was sent.
    talk.connection.close(CloseReason::Broken);
    assert_eq!(incomplete(&talk), [completed(3, 500)]);
}

#[test]
fn content_is_counted_once_it_is_sent() {
    let mut talk = Talk::new();
    talk.receive(format!("{GET}GET /empty\r\n"));
    talk.respond_all();
    assert_eq!(talk.completed(), [0; 0], "nothing is sent yet");
    talk.settle(usize::MAX);
    assert_eq!(talk.completed(), [13, 0]);

    let mut talk = Talk::new();
    talk.say("GET /empty\r\n");
    assert_eq!((talk.completed(), talk.interest()), (vec![0], Interest::Linger));
}

#[test]
fn a_connection_that_sends_nothing_is_closed_without_a_response() {
    for said in ["", "\r\n"] {
        let mut talk = Talk::new();
        talk.say(said);
        talk.expect_deadline(10 * SECOND);
        assert_eq!(
            (talk.interest(), talk.text().as_str()),
            (Interest::Close, ""),
            "{said:?}"
        );
    }
}

#[test]
fn a_head_has_its_time_from_its_first_byte_and_no_byte_extends_it() {
    // RFC 9110 section 15.5.9
    let mut talk = Talk::new();
    talk.now = at(4 * SECOND);
    for (second, byte) in (4..14).zip(GET.chars()) {
        assert!(!talk.wait_until(second * SECOND), "at {second} s");
        talk.say(byte.to_string());
        assert_eq!(talk.connection.deadline(), Some(at(14 * SECOND)));
    }
    talk.expect_deadline(14 * SECOND);
    assert_eq!(talk.events, [Err(Rejection::HeadTimeout)]);
    assert!(
        talk.text().starts_with("HTTP/1.1 408 Request Timeout\r\n"),
        "{}",
        talk.text()
    );
    assert!(talk.text().contains("Connection: close\r\n"), "{}", talk.text());
    assert_eq!(talk.interest(), Interest::Linger);
    talk.expect_deadline(16 * SECOND);
    assert_eq!(talk.interest(), Interest::Close);

    // The second request has its time from its own first byte.
    let mut talk = Talk::new();
    talk.say(GET);
    talk.wait_until(14 * SECOND);
    for second in 14..24 {
        assert!(!talk.wait_until(second * SECOND), "at {second} s");
        talk.say("G");
    }
    talk.expect_deadline(24 * SECOND);
    assert_eq!(written(&talk.events), ["GET /a Http11", "HeadTimeout"]);
}

#[test]
fn a_head_that_stops_anywhere_gets_a_408_with_a_status_line() {
    for end in 1..GET.len() {
        let mut talk = Talk::new();
        talk.say(&GET.as_bytes()[..end]);
        talk.expect_deadline(10 * SECOND);
        assert!(
            talk.text().starts_with("HTTP/1.1 408 "),
            "after {end} bytes: {}",
            talk.text()
        );
    }
}

#[test]
fn an_idle_connection_is_closed_without_a_response() {
    // RFC 9112 section 9.5: from the moment at which the last response is sent
    let mut talk = Talk::new();
    talk.receive(GET);
    talk.respond_all();
    talk.now = at(20 * SECOND);
    assert_eq!(talk.connection.idle_since(), None, "a response is being sent");
    talk.send(usize::MAX);
    assert_eq!(talk.connection.idle_since(), Some(at(20 * SECOND)));
    let response = talk.text();
    talk.expect_deadline(35 * SECOND);
    assert_eq!((talk.interest(), talk.text()), (Interest::Close, response));

    let mut talk = Talk::new();
    assert_eq!(
        (talk.connection.idle_since(), talk.connection.has_responded()),
        (Some(Instant::ORIGIN), false)
    );
    talk.say("G");
    assert_eq!(talk.connection.idle_since(), None);
    talk.say("ET /a\r\n");
    assert_eq!(
        (talk.connection.idle_since(), talk.connection.has_responded()),
        (None, true)
    );
}

#[test]
fn a_body_has_its_time_from_the_end_of_its_head_and_no_byte_extends_it() {
    // RFC 9110 section 15.5.9
    let mut talk = Talk::new();
    talk.say("POST /a HTTP/1.1\r\nHost: a\r\n");
    talk.wait_until(9 * SECOND);
    talk.say("Content-Length: 1000\r\n\r\n");
    for second in 9..39 {
        assert!(!talk.wait_until(second * SECOND), "at {second} s");
        talk.say("x");
        assert_eq!(talk.connection.deadline(), Some(at(39 * SECOND)));
    }
    talk.expect_deadline(39 * SECOND);
    assert_eq!(talk.events, [Err(Rejection::BodyTimeout)]);
    assert!(talk.text().starts_with("HTTP/1.1 408 "), "{}", talk.text());
    talk.expect_deadline(41 * SECOND);
    assert_eq!(talk.interest(), Interest::Close);

    // If the client waits for 100 Continue: from when that is sent.
    let mut talk = Talk::new();
    talk.receive("POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
    talk.respond_all();
    talk.now = at(5 * SECOND);
    talk.send(usize::MAX);
    talk.expect_deadline(35 * SECOND);
    assert_eq!(talk.events, [Err(Rejection::BodyTimeout)]);
}

#[test]
fn a_client_that_reads_nothing_of_a_response_loses_the_connection() {
    let ready = || {
        let mut talk = Talk::new();
        talk.receive("GET /file HTTP/1.1\r\nHost: a\r\n\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HT");
        talk.now = at(SECOND);
        talk.respond_all();
        talk
    };
    let mut talk = ready();
    talk.expect_deadline(31 * SECOND);
    assert_eq!((talk.interest(), talk.output.len()), (Interest::Close, 0));
    // One byte is progress; none, and bytes received, are not.
    let mut talk = ready();
    talk.wait_until(30 * SECOND);
    talk.send(1);
    assert_eq!(talk.connection.deadline(), Some(at(60 * SECOND)));
    talk.wait_until(40 * SECOND);
    talk.send(0);
    talk.receive("TP/1.1\r\n");
    talk.respond_all();
    talk.expect_deadline(60 * SECOND);
    assert_eq!(talk.interest(), Interest::Close);
    // The head that arrived meanwhile has its time from when the previous response is sent.
    let mut talk = ready();
    talk.wait_until(29 * SECOND);
    talk.settle(100);
    talk.expect_deadline(39 * SECOND);
    assert_eq!(
        written(&talk.events),
        ["GET /file Http11", "GET /a Http11", "HeadTimeout"]
    );
}

#[test]
fn a_client_has_two_seconds_to_read_the_last_response_and_no_byte_extends_them() {
    // RFC 9112 section 9.6
    let mut talk = Talk::new();
    talk.receive("GET /a\r\n");
    talk.respond_all();
    talk.now = at(7 * SECOND);
    talk.settle(1);
    assert_eq!(talk.interest(), Interest::Linger);
    talk.wait_until(8 * SECOND);
    talk.say("x".repeat(10_000));
    talk.expect_deadline(9 * SECOND);
    assert_eq!(talk.interest(), Interest::Close);
}

#[test]
fn every_deadline_is_the_operators_choice() {
    let timeouts = Timeouts {
        head: Duration::from_secs(1),
        body: Duration::from_secs(2),
        idle: Duration::from_secs(3),
        write: Duration::from_secs(4),
        linger: Duration::from_millis(500),
    };
    let rules = Rules {
        timeouts,
        ..default_rules()
    };
    let post = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
    for (input, deadline) in [
        ("", SECOND),
        ("G", SECOND),
        (post, 2 * SECOND),
        (GET, 3 * SECOND),
        ("GET /a\r\n", SECOND / 2),
    ] {
        let mut talk = Talk::with(rules.clone());
        talk.say(input);
        assert_eq!(talk.connection.deadline(), Some(at(deadline)), "{input:?}");
    }
    let mut talk = Talk::with(rules);
    talk.receive(GET);
    talk.respond_all();
    assert_eq!(talk.connection.deadline(), Some(at(4 * SECOND)));
}

#[test]
fn there_is_no_deadline_while_the_connection_waits_for_the_server() {
    let mut talk = Talk::new();
    talk.receive(GET);
    assert!(talk.next_event().is_some());
    assert_eq!((talk.interest(), talk.connection.deadline()), (Interest::Respond, None));
    assert!(!talk.wait_until(Duration::MAX));
    assert_eq!(talk.interest(), Interest::Respond);
}

/// A server that is slow on purpose.
fn slow(delay: Duration, rate: Option<u64>) -> Talk {
    Talk::with(Rules {
        pace: Pace { delay, rate },
        ..default_rules()
    })
}

impl Talk {
    /// Turns to the next request, and responds to it if its response is due.
    fn turn(&mut self) -> bool {
        !self.connection.delay(self.now) && self.respond()
    }

    /// Sets the clock, and does what a server does when the deadline has passed. Returns what is sent at that time.
    fn sent_at(&mut self, after: Duration) -> String {
        self.now = at(after);
        self.connection.handle_timeout(self.now);
        let before = self.output.len();
        while self.turn() || self.interest() == Interest::Write {
            self.send(usize::MAX);
        }
        String::from_utf8_lossy(&self.output[before..]).into_owned()
    }
}

#[test]
fn a_delayed_response_is_made_when_its_time_has_come() {
    let mut talk = slow(2 * SECOND, None);
    talk.receive(GET);
    assert!(talk.connection.delay(talk.now));
    assert_eq!(
        (talk.interest(), talk.connection.deadline()),
        (Interest::Time, Some(at(2 * SECOND)))
    );
    assert_eq!(talk.connection.idle_since(), None, "it may not be evicted");
    assert!(matches!(talk.connection.next_event(), Ok(Event::Delayed)));
    // To ask again does not begin it again, and a response that comes too early is not sent.
    talk.now = at(SECOND);
    assert!(!talk.connection.handle_timeout(talk.now));
    assert!(talk.connection.delay(talk.now));
    talk.connection
        .respond(response_to(&Ok("GET /a".into())), false, talk.now);
    assert_eq!((talk.interest(), talk.pending().len()), (Interest::Time, 0));
    assert_eq!(talk.connection.pace().delay, Duration::ZERO);

    talk.now = at(2 * SECOND);
    assert!(talk.connection.handle_timeout(talk.now));
    assert_eq!(talk.interest(), Interest::Respond);
    assert_eq!(talk.connection.pace().delay, 2 * SECOND);
    assert!(talk.turn());
    talk.settle(usize::MAX);
    assert_eq!(talk.events, [Ok("GET /a Http11".into())]);
    // The time for the next request begins as always.
    assert_eq!(
        (talk.interest(), talk.connection.deadline()),
        (Interest::Read, Some(at(17 * SECOND)))
    );
}

#[test]
fn a_request_can_wait_until_there_is_a_response() {
    let mut talk = Talk::new();
    talk.receive(GET);
    for second in 1..4 {
        assert!(talk.next_event().is_some());
        talk.connection.postpone(at(second * SECOND), talk.now);
        assert!(talk.next_event().is_none());
        assert_eq!(
            (talk.interest(), talk.connection.deadline()),
            (Interest::Time, Some(at(second * SECOND)))
        );
        assert_eq!(talk.connection.idle_since(), Some(Instant::ORIGIN), "it may be evicted");
        talk.now = at(second * SECOND);
        assert!(talk.connection.handle_timeout(talk.now));
    }
    assert_eq!(talk.connection.idle_since(), None);
    assert!(talk.turn());
    // Nothing waits where there is no request.
    talk.settle(usize::MAX);
    talk.connection.postpone(at(9 * SECOND), talk.now);
    assert_eq!(talk.interest(), Interest::Read);
}

#[test]
fn pipelined_requests_are_delayed_one_after_the_other() {
    let mut talk = slow(2 * SECOND, None);
    talk.receive(GET.repeat(3));
    let responses = |talk: &mut Talk, second| talk.sent_at(second * SECOND).matches("HTTP/1.1 200 OK").count();
    let counted: Vec<_> = (0..8).map(|second| responses(&mut talk, second)).collect();
    assert_eq!(counted, [0, 0, 1, 0, 1, 0, 1, 0]);
}

#[test]
fn what_is_no_request_is_not_delayed() {
    for (input, code) in [("GET  /a HTTP/1.1\r\n", "400"), ("GET /a HTTP/3.0\r\n\r\n", "505")] {
        let mut talk = slow(2 * SECOND, None);
        talk.receive(input);
        let sent = talk.sent_at(Duration::ZERO);
        assert_eq!(sent.split(' ').nth(1), Some(code), "{sent}");
    }
    // RFC 9110 section 10.1.1: the interim response comes at once, because the client waits for it.
    let mut talk = slow(2 * SECOND, None);
    talk.receive("POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
    assert_eq!(talk.sent_at(Duration::ZERO), "HTTP/1.1 100 Continue\r\n\r\n");
    talk.receive("x");
    assert_eq!(talk.sent_at(SECOND), "");
    assert_eq!(talk.connection.deadline(), Some(at(3 * SECOND)));
    assert!(talk.sent_at(3 * SECOND).starts_with("HTTP/1.1 200 OK"));
}

#[test]
fn a_limited_rate_is_kept_and_no_deadline_of_the_clients_runs_meanwhile() {
    const TENTH: Duration = Duration::from_millis(100);
    let whole = {
        let mut talk = Talk::new();
        talk.say("GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
        talk.output
    };
    // Far slower than the write deadline of 30 seconds would allow.
    let mut talk = slow(Duration::ZERO, Some(10));
    talk.receive("GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
    for tenth in 0..u32::try_from(whole.len()).unwrap() {
        talk.sent_at(tenth * TENTH);
        assert_eq!(talk.output.len() as u32, tenth + 1);
        let is_last = talk.output.len() == whole.len();
        let next = at((tenth + 1) * TENTH);
        if !is_last {
            assert_eq!(
                (talk.interest(), talk.connection.deadline()),
                (Interest::Time, Some(next))
            );
            assert_eq!(talk.connection.stalled_since(), None, "the client is not to blame");
            assert!(talk.connection.has_unsent());
        }
    }
    assert_eq!(talk.output, whole);
    assert_eq!((talk.completed(), talk.interest()), (vec![506], Interest::Read));
    assert!(!talk.connection.has_unsent());
}

#[test]
fn a_closed_connection_waits_for_no_time() {
    let mut talk = slow(Duration::ZERO, Some(100));
    talk.receive(GET);
    talk.respond_all();
    talk.send(10);
    talk.connection.close(CloseReason::Broken);
    assert_eq!((talk.interest(), talk.connection.deadline()), (Interest::Close, None));
}

#[test]
fn a_client_that_does_not_read_at_a_limited_rate_is_still_closed_in_time() {
    let mut talk = slow(Duration::ZERO, Some(100));
    talk.receive(GET);
    talk.respond_all();
    talk.send(10);
    assert_eq!(talk.interest(), Interest::Time);
    assert_eq!(talk.connection.transmit().count(), 0, "nothing before it is time");
    // From when it could have read more.
    talk.now = at(Duration::from_millis(100));
    assert!(talk.connection.handle_timeout(talk.now));
    assert_eq!(
        (talk.interest(), talk.connection.stalled_since()),
        (Interest::Write, Some(talk.now))
    );
    talk.expect_deadline(Duration::from_millis(30_100));
    assert_eq!(talk.connection.close_reason(), Some(CloseReason::WriteTimeout));
}

#[test]
fn input_is_pending_until_it_has_its_response() {
    let mut talk = Talk::new();
    assert!(!talk.connection.has_pending_input());
    talk.receive("GET /a HT");
    assert!(talk.connection.has_pending_input());
    talk.receive("TP/1.1\r\nHost: a\r\n\r\n");
    talk.receive(GET);
    assert!(talk.respond() && talk.connection.has_pending_input());
    assert!(talk.respond() && !talk.connection.has_pending_input());
}

#[test]
fn a_closed_connection_stays_closed() {
    let mut talk = Talk::new();
    talk.receive(GET);
    talk.respond_all();
    talk.connection.close(CloseReason::Broken);
    talk.say(GET);
    talk.end();
    assert!(!talk.wait_until(Duration::MAX));
    talk.connection
        .respond(response_to(&Err(Rejection::Busy)), false, talk.now);
    assert_eq!((talk.interest(), talk.connection.deadline()), (Interest::Close, None));
    assert_eq!(talk.events.len(), 1);
}

#[test]
fn the_first_line_is_known_for_the_log() {
    for (input, line) in [
        ("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b", "GET /a HTTP/1.1"),
        ("\r\nGET /a\r\n", "GET /a"),
        ("GET  /a HTTP/1.1\r\n", "GET  /a HTTP/1.1"),
        ("\u{16}\u{3}", "\u{16}\u{3}"),
    ] {
        let mut talk = Talk::new();
        talk.receive(input);
        assert!(talk.next_event().is_some(), "{input:?}");
        assert_eq!(talk.connection.first_line(), line.as_bytes(), "{input:?}");
    }
}

/// What may happen to a connection, in any order.
#[derive(Clone, Debug)]
enum Operation {
    /// This number of the client's bytes arrives.
    Receive(usize),
    /// The server responds to one request.
    Respond,
    /// The host takes this number of bytes.
    Send(usize),
    /// This number of milliseconds passes.
    Wait(u64),
    /// The client closes its side.
    End,
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        4 => (0..80_usize).prop_map(Operation::Receive),
        4 => Just(Operation::Respond),
        4 => (0..300_usize).prop_map(Operation::Send),
        1 => (0..20_000_u64).prop_map(Operation::Wait),
        1 => Just(Operation::End),
    ]
}

/// What a client may send: valid requests, invalid ones, and incomplete ones.
fn input() -> impl Strategy<Value = Vec<u8>> {
    let good = prop::sample::select(vec![
        GET,
        "GET /file HTTP/1.1\r\nHost: a\r\n\r\n",
        "HEAD /file HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n",
        "\r\nGET /304 HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n\n",
        "PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;a\r\nabc\r\n0\r\nX: y\r\n\r\n",
        "GET /empty HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    ]);
    let any = prop::sample::select(vec![
        "",
        "GET /a HTTP/1.0\r\n\r\n",
        "GET /file\r\n",
        "GET /empty\n",
        "POST /a\r\n",
        "HEAD /a HTTP/1.1\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nA: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
        "\r\n\r\nGET /a\r\n",
        "\u{16}\u{3}\u{1} \u{2}\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nmore",
        "GET /part",
    ]);
    (prop::collection::vec(good, 0..8), any)
        .prop_map(|(good, last)| [good.concat().as_bytes(), last.as_bytes()].concat())
}

/// How slow the server is on purpose: in most cases not at all.
fn pace() -> impl Strategy<Value = Pace> {
    let delays = prop::sample::select(vec![0, 0, 0, 1, 3000]).prop_map(Duration::from_millis);
    let rates = prop::sample::select(vec![None, None, None, Some(90), Some(5000)]);
    (delays, rates).prop_map(|(delay, rate)| Pace { delay, rate })
}

/// Limits that short requests reach.
fn small_rules() -> Rules {
    Rules {
        limits: Limits {
            request_line: 40,
            fields_size: 80,
            fields: 4,
            body: 10,
            pipelined: 3,
        },
        ..default_rules()
    }
}

/// Checks the invariants that hold between any two operations.
fn check_invariants(talk: &mut Talk) -> Result<(), TestCaseError> {
    let is_the_servers_turn = talk.next_event().is_some();
    let deadline = talk.connection.deadline();
    match talk.interest() {
        Interest::Close => prop_assert_eq!(deadline, None),
        Interest::Respond => prop_assert!(is_the_servers_turn),
        Interest::Time => prop_assert!(deadline.is_some() && talk.pending().is_empty()),
        Interest::Write | Interest::Read | Interest::Linger if is_the_servers_turn => {}
        Interest::Write => prop_assert!(deadline.is_some() && !talk.pending().is_empty()),
        Interest::Read | Interest::Linger => prop_assert!(deadline.is_some() && talk.pending().is_empty()),
    }
    if let Some(since) = talk.connection.idle_since() {
        prop_assert!(since <= talk.now && talk.interest() == Interest::Read);
    }
    Ok(())
}

proptest! {
    #[test]
    fn the_output_does_not_depend_on_the_splits(
        input in input(),
        operations in prop::collection::vec(operation(), 0..60),
    ) {
        let whole = talk(&small_rules(), &input, usize::MAX, usize::MAX);
        let mut split = Talk::with(small_rules());
        let mut rest = input.as_slice();
        for operation in operations {
            match operation {
                Operation::Receive(count) => {
                    let (bytes, after) = rest.split_at(count.min(rest.len()));
                    split.receive(bytes);
                    rest = after;
                }
                Operation::Respond => { split.respond(); }
                Operation::Send(count) if split.interest() == Interest::Write => split.send(count),
                Operation::Send(_) | Operation::Wait(_) | Operation::End => {}
            }
            check_invariants(&mut split)?;
        }
        split.receive(rest);
        split.settle(usize::MAX);
        prop_assert_eq!(&split.events, &whole.events);
        prop_assert_eq!(split.text(), whole.text());
        prop_assert_eq!(split.interest() == Interest::Read, whole.interest() == Interest::Read);
        prop_assert_eq!(split.completed().len(), split.events.len());
    }

    #[test]
    fn any_order_of_bytes_time_and_ends_is_survived(
        input in prop_oneof![4 => input(), 1 => prop::collection::vec(any::<u8>(), 0..200)],
        operations in prop::collection::vec(operation(), 0..60),
        pace in pace(),
    ) {
        let mut talk = Talk::with(Rules { pace, ..small_rules() });
        let mut rest = input.as_slice();
        for operation in operations {
            let was_closed = talk.interest() == Interest::Close;
            match operation {
                Operation::Receive(count) => {
                    let (bytes, after) = rest.split_at(count.min(rest.len()));
                    talk.receive(bytes);
                    rest = after;
                }
                Operation::Respond => { talk.turn(); }
                Operation::Send(count) if talk.interest() == Interest::Write => talk.send(count),
                Operation::Send(_) => {}
                Operation::Wait(milliseconds) => {
                    talk.now = talk.now + Duration::from_millis(milliseconds);
                    talk.connection.handle_timeout(talk.now);
                }
                Operation::End => talk.receive_eof(),
            }
            check_invariants(&mut talk)?;
            prop_assert!(!was_closed || talk.interest() == Interest::Close);
        }
        // Whatever happened, the connection is closed in time.
        for _ in 0..2000 {
            if talk.interest() == Interest::Close {
                break;
            }
            talk.settle(usize::MAX);
            if let Some(deadline) = talk.connection.deadline() {
                talk.wait_until(deadline.max(talk.now).since(Instant::ORIGIN));
            }
        }
        prop_assert_eq!(talk.interest(), Interest::Close);
        let events = talk.events.len();
        prop_assert!(talk.completed().len() <= events);
    }
}

#[test]
fn bytes_that_are_handed_over_are_read_as_those_that_are_copied_are() {
    let requests = GET.repeat(3);
    for first in 0..=requests.len() {
        let (one, two) = requests.as_bytes().split_at(first);
        let [mut copied, mut taken] = [Talk::new(), Talk::new()];
        for part in [one, two] {
            copied.receive(part);
            taken.connection.receive(part.to_vec(), taken.now);
            for talk in [&mut copied, &mut taken] {
                talk.respond_all();
            }
        }
        assert_eq!(copied.events, taken.events, "split at {first}");
    }
}
