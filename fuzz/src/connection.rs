//! A whole connection: a client that acts in any order, and the server's loop.

use crate::meter;
use aula::config;
use aula::exchange::{self, Detail, Now};
use aula::http::{Status, UnixTime};
use aula::http1::{Chunk, Connection, Interest, Limits, Rules, VersionPolicy};
use aula::site::memory::Memory;
use aula::site::{LookupError, Site};
use aula::time::Instant;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

/// The byte between two acts of the client. No valid request has this byte outside of a field value.
const SEPARATOR: u8 = 0xff;

/// How many bytes the server reads at once.
const READ_SIZE: usize = 4096;

/// The maximum number of bytes that a connection may hold with the default limits: a head or a line of chunk extensions
/// and one read, each in a vector that has doubled; the offsets of 100 fields; and 64 queued responses, of which the
/// largest has the heads of 32 parts.
const MOST_HELD: isize = 2 * (8 + 32 + 16 + 4) * 1024 + 100 * 64 + 64 * 8192;

/// The maximum number of bytes with the small limits, which a fuzzer can reach.
const MOST_HELD_SMALL: isize = 2 * (1 + 16 + 4) * 1024 + 8 * 64 + 3 * 8192;

/// The time at which all responses are made, in seconds. It is constant so that responses can be compared.
const NOW: UnixTime = UnixTime {
    seconds: 1_800_000_000,
    nanoseconds: 0,
};

/// There is no panic. There is a deadline whenever the server waits for the client. The limits on memory hold. Every
/// response is a valid message. And the output is the same, whether the bytes of a request arrive in one piece, one by
/// one, or three at a time.
///
/// The input is a byte of options, followed by acts with [`SEPARATOR`] between them. The first byte of an act says what
/// it is. `s`: the client reads as many bytes as the digits say. `t`: that many seconds pass. `e`: the client closes
/// its side. `r`: the client sends the rest of the act.
pub fn connection(data: &[u8]) {
    let Some((&options, acts)) = data.split_first() else {
        return;
    };
    let options = Options(options);
    let whole = run(options, acts, READ_SIZE);
    check_messages(&whole);
    for piece in [1, 3] {
        let split = run(options, acts, piece);
        // If bytes arrive in pieces, they are not read before the earlier responses are sent.
        let is_same = whole.output == split.output && whole.responses.starts_with(&split.responses);
        assert!(is_same, "pieces of {piece}:\n{split}\nwhole:\n{whole}");
    }
}

/// The configuration, one bit for each choice.
#[derive(Clone, Copy)]
struct Options(u8);

impl Options {
    fn has(self, bit: u8) -> bool {
        self.0 & (1 << bit) != 0
    }

    fn rules(self) -> Rules {
        let defaults = config::defaults().expect("the defaults are good").rules;
        let versions = match self.0 & 3 {
            2 => VersionPolicy::Http1,
            3 => VersionPolicy::Http09,
            _ => VersionPolicy::Auto,
        };
        let limits = if self.has(2) {
            Limits {
                request_line: 40,
                fields_size: 200,
                fields: 8,
                body: 50,
                pipelined: 3,
            }
        } else {
            defaults.limits
        };
        Rules {
            versions,
            limits,
            close_after_response: self.has(3),
            ..defaults
        }
    }

    fn site(self) -> Site {
        Site {
            index: vec!["index.html".to_owned()],
            list: self.has(4),
            hidden: self.has(5),
            cors: self.has(6),
            get_only: self.has(7),
            ..Site::default()
        }
    }

    fn most_held(self) -> isize {
        if self.has(2) { MOST_HELD_SMALL } else { MOST_HELD }
    }
}

/// The outcome of a run.
#[derive(Default)]
struct Outcome {
    output: Vec<u8>,
    /// The status of every response, and whether it is to HEAD. `None` if the request was rejected, because its method
    /// may be unknown.
    responses: Vec<(Status, Option<bool>)>,
    /// Whether every response is bare content.
    is_bare: bool,
    /// Whether all responses are sent.
    is_complete: bool,
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let codes: Vec<_> = self.responses.iter().map(|(status, _)| status.code()).collect();
        write!(formatter, "{codes:?} {}", self.output.escape_ascii())
    }
}

/// The server's loop around one connection, and the two ends of a socket.
struct Driver {
    connection: Connection<&'static [u8]>,
    site: Site,
    tree: Memory<&'static [u8]>,
    now: Instant,
    /// The bytes that the client has sent and the server has not read.
    inbox: VecDeque<u8>,
    has_ended: bool,
    /// How many bytes the client will still read.
    room: usize,
    held: isize,
    outcome: Outcome,
}

fn run(options: Options, acts: &[u8], piece: usize) -> Outcome {
    let rules = Rc::new(options.rules());
    let is_bare = rules.versions == VersionPolicy::Http09;
    let mut driver = Driver {
        connection: Connection::new(rules, Instant::ORIGIN),
        site: options.site(),
        tree: tree(),
        now: Instant::ORIGIN,
        inbox: VecDeque::new(),
        has_ended: false,
        room: 0,
        held: 0,
        outcome: Outcome {
            is_bare,
            ..Outcome::default()
        },
    };
    for act in acts.split(|&byte| byte == SEPARATOR) {
        match act.split_first() {
            Some((b's', digits)) => driver.room += number(digits),
            Some((b't', digits)) => driver.pass(number(digits) as u64),
            Some((b'e', _)) => driver.has_ended = true,
            Some((b'r', bytes)) if !driver.has_ended => driver.inbox.extend(bytes),
            _ => continue,
        }
        driver.serve(piece);
        assert!(driver.held <= options.most_held(), "{} bytes are held", driver.held);
    }
    driver.outcome.is_complete = driver.connection.transmit().next().is_none();
    driver.outcome
}

/// Parses up to five digits; no digits mean one.
fn number(digits: &[u8]) -> usize {
    let text = str::from_utf8(digits.get(..5).unwrap_or(digits)).unwrap_or_default();
    text.parse().unwrap_or(1)
}

impl Driver {
    /// Runs the server until the client has to act again.
    fn serve(&mut self, piece: usize) {
        loop {
            while self.respond() {}
            let interest = self.connection.interest();
            let is_clients_turn = matches!(interest, Interest::Read | Interest::Write | Interest::Linger);
            assert_ne!(interest, Interest::Respond, "no request is left");
            assert_eq!(self.connection.deadline().is_some(), is_clients_turn, "{interest:?}");
            match interest {
                Interest::Write if self.room > 0 => self.send(),
                Interest::Read | Interest::Linger if !self.inbox.is_empty() => {
                    let count = piece.min(self.inbox.len());
                    let bytes: Vec<u8> = self.inbox.drain(..count).collect();
                    self.metered(|driver| driver.connection.receive(&bytes, driver.now));
                }
                Interest::Read | Interest::Linger if self.has_ended => {
                    self.metered(|driver| driver.connection.receive_eof(driver.now));
                    while self.respond() {}
                    assert_ne!(self.connection.interest(), Interest::Read, "nothing more can come");
                }
                _ => return,
            }
        }
    }

    /// Responds to one request, if there is one.
    fn respond(&mut self) -> bool {
        let now = Now {
            instant: self.now,
            unix: NOW,
        };
        let responded = self.metered(|driver| {
            let (connection, site, tree) = (&mut driver.connection, &driver.site, &driver.tree);
            let outcome = exchange::respond(connection, site, tree, now, false, Detail::Log);
            let exchange::ExchangeResult::Responded(Some(exchange)) = outcome else {
                return None;
            };
            let is_head = exchange.request_line.starts_with(b"HEAD ");
            let is_request = exchange.rejection.is_none();
            Some((exchange.explanation.status, is_request.then_some(is_head)))
        });
        self.outcome.responses.extend(responded);
        responded.is_some()
    }

    /// Sends the next bytes, as far as the client has room.
    fn send(&mut self) {
        let before = self.outcome.output.len();
        for chunk in self.connection.transmit() {
            let left = self.room - (self.outcome.output.len() - before);
            let bytes = match chunk {
                Chunk::Bytes(bytes) => bytes,
                Chunk::Slice { file, offset, length } => &file[offset as usize..][..length as usize],
            };
            self.outcome.output.extend_from_slice(&bytes[..left.min(bytes.len())]);
        }
        let count = self.outcome.output.len() - before;
        assert!(count > 0, "there is something to send");
        self.room -= count;
        self.metered(|driver| driver.connection.sent(count, driver.now));
        while self.connection.pop_completed().is_some() {}
    }

    /// Lets time pass, and checks that a deadline is noticed.
    fn pass(&mut self, seconds: u64) {
        self.now = self.now + Duration::from_secs(seconds);
        let is_due = self.connection.deadline().is_some_and(|deadline| deadline <= self.now);
        let acted = self.metered(|driver| driver.connection.handle_timeout(driver.now));
        assert_eq!(acted, is_due);
    }

    /// Runs `act`, and counts how the memory of the connection changes.
    fn metered<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        let before = meter::live();
        let result = act(self);
        self.held += meter::live() - before;
        result
    }
}

/// Reads the output as a client would: every response has a head, and as much content as its head says.
fn check_messages(outcome: &Outcome) {
    if outcome.is_bare {
        return;
    }
    let mut rest = outcome.output.as_slice();
    for (status, is_head) in &outcome.responses {
        while let Some(after) = rest.strip_prefix(b"HTTP/1.1 100 Continue\r\n\r\n") {
            rest = after;
        }
        let Some((head, after)) = split_head(rest) else { break };
        let mut lines = head.split("\r\n");
        let status_line = lines.next().unwrap_or_default();
        let expected = format!("HTTP/1.1 {} {}", status.code(), status.reason_phrase());
        assert_eq!(status_line, expected);
        let fields: Vec<_> = lines.map(|line| line.split_once(": ").expect("a field line")).collect();
        let lengths: Vec<_> = fields.iter().filter(|(name, _)| *name == "Content-Length").collect();
        let length = match lengths.as_slice() {
            [] => {
                assert!(status.forbids_content(), "{status_line} without a length");
                0
            }
            [(_, length)] => length.parse().expect("a number"),
            _ => panic!("two lengths"),
        };
        let length = match is_head {
            Some(true) => 0,
            None if after.is_empty() => 0,
            _ => length,
        };
        if after.len() < length {
            assert!(!outcome.is_complete, "the content is too short");
            return;
        }
        rest = &after[length..];
    }
    let is_interim = b"HTTP/1.1 100 Continue\r\n\r\n".starts_with(rest);
    // A response in HTTP/0.9 is bare, and it is the last one.
    let is_page = rest.starts_with(b"<!DOCTYPE html>") || FILES.iter().any(|(_, file)| file.starts_with(rest));
    assert!(is_interim || is_page || !outcome.is_complete, "{}", rest.escape_ascii());
}

fn split_head(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes
        .starts_with(b"HTTP/1.1 ")
        .then(|| bytes.windows(4).position(|four| four == b"\r\n\r\n"))??;
    Some((
        str::from_utf8(&bytes[..end]).expect("our heads are text"),
        &bytes[end + 4..],
    ))
}

const FILES: [(&str, &[u8]); 6] = [
    ("index.html", b"<p>hello</p>\n"),
    ("a", b"0123456789"),
    ("a.gz", b"compressed"),
    ("empty", b""),
    (".hidden", b"hidden"),
    ("dir/long.bin", &[b'x'; 3000]),
];

/// A folder in memory.
fn tree() -> Memory<&'static [u8]> {
    let modified = UnixTime {
        seconds: 784_111_777,
        nanoseconds: 0,
    };
    let tree = Memory::new()
        .with_error("refused", LookupError::Refused)
        .with_error("failed", LookupError::Failed);
    FILES.iter().fold(tree, |tree, (name, file)| {
        tree.with_file(name, *file, file.len() as u64, modified)
    })
}
