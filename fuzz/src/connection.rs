//! A whole connection: what a client may do in any order, and what the server's loop does about it.

use crate::meter;
use aula::config;
use aula::exchange::{self, Now, Wanted};
use aula::http::{Status, UnixTime};
use aula::http1::{Chunk, Connection, Dialect, Interest, Limits, Rules};
use aula::site::memory::Memory;
use aula::site::{LookupError, Site};
use aula::time::Instant;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

/// What stands between two acts of the client. No request that is accepted has this byte outside of a field's value.
const SEPARATOR: u8 = 0xff;

/// What the server reads at once, in bytes.
const READ_SIZE: usize = 4096;

/// The most that a connection may hold, in bytes, with the default limits: a head or a line of chunk extensions and
/// what is read at once, each in a vector that has doubled; offsets of 100 fields; 64 queued answers, the largest of which
/// has the heads of 32 parts.
const MOST_HELD: isize = 2 * (8 + 32 + 16 + 4) * 1024 + 100 * 64 + 64 * 8192;

/// The same with the small limits, with which a fuzzer reaches them.
const MOST_HELD_SMALL: isize = 2 * (1 + 16 + 4) * 1024 + 8 * 64 + 3 * 8192;

/// The moment at which all answers are made, in seconds: an answer must not differ by when it is asked for.
const NOW: UnixTime = UnixTime {
    seconds: 1_800_000_000,
    nanoseconds: 0,
};

/// No panic; a deadline whenever it is the client's turn; no more memory than the limits allow; every answer is a
/// well-formed message; and all that is sent is the same, whether the bytes of a request arrive in one piece, one by
/// one, or three at a time.
///
/// The input: a byte of options, then acts with [`SEPARATOR`] between them. The first byte of an act says which:
/// `s`, the client takes as many bytes as the digits say; `t`, so many seconds pass; `e`, it ends its side; `r`, it sends
/// what follows.
pub fn connection(data: &[u8]) {
    let Some((&options, acts)) = data.split_first() else {
        return;
    };
    let options = Options(options);
    let whole = run(options, acts, READ_SIZE);
    check_messages(&whole);
    for piece in [1, 3] {
        let split = run(options, acts, piece);
        // What arrives in pieces is not read, and not answered, before what was answered earlier is out.
        let is_same = whole.output == split.output && whole.answers.starts_with(&split.answers);
        assert!(is_same, "pieces of {piece}:\n{split}\nwhole:\n{whole}");
    }
}

/// The operator's choices, one bit each.
#[derive(Clone, Copy)]
struct Options(u8);

impl Options {
    fn has(self, bit: u8) -> bool {
        self.0 & (1 << bit) != 0
    }

    fn rules(self) -> Rules {
        let defaults = config::defaults().expect("the defaults are good").rules;
        let dialect = match self.0 & 3 {
            2 => Dialect::Http1,
            3 => Dialect::Http09,
            _ => Dialect::Auto,
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
            dialect,
            limits,
            close_after_answer: self.has(3),
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

/// What came of it.
#[derive(Default)]
struct Outcome {
    output: Vec<u8>,
    /// The status of every answer, and whether it is to HEAD: not known where the request is refused, perhaps for the
    /// very line that says so.
    answers: Vec<(Status, Option<bool>)>,
    /// Whether every answer is bare content.
    is_bare: bool,
    /// Whether everything that was answered is out.
    is_complete: bool,
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let codes: Vec<_> = self.answers.iter().map(|(status, _)| status.code()).collect();
        write!(formatter, "{codes:?} {}", self.output.escape_ascii())
    }
}

/// The server's loop around one connection, and the two ends of a socket.
struct Driver {
    connection: Connection<&'static [u8]>,
    site: Site,
    tree: Memory<&'static [u8]>,
    now: Instant,
    /// What the client has sent and the server has not read.
    inbox: VecDeque<u8>,
    has_ended: bool,
    /// How many bytes the client will still take.
    room: usize,
    held: isize,
    outcome: Outcome,
}

fn run(options: Options, acts: &[u8], piece: usize) -> Outcome {
    let rules = Rc::new(options.rules());
    let is_bare = rules.dialect == Dialect::Http09;
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

/// Up to five digits; none of them is one.
fn number(digits: &[u8]) -> usize {
    let text = str::from_utf8(digits.get(..5).unwrap_or(digits)).unwrap_or_default();
    text.parse().unwrap_or(1)
}

impl Driver {
    /// Does what can be done until the client has to act again.
    fn serve(&mut self, piece: usize) {
        loop {
            while self.answer() {}
            let interest = self.connection.interest();
            let is_clients_turn = matches!(interest, Interest::Read | Interest::Write | Interest::Drain);
            assert_ne!(interest, Interest::Respond, "everything is answered");
            assert_eq!(self.connection.deadline().is_some(), is_clients_turn, "{interest:?}");
            match interest {
                Interest::Write if self.room > 0 => self.send(),
                Interest::Read | Interest::Drain if !self.inbox.is_empty() => {
                    let count = piece.min(self.inbox.len());
                    let bytes: Vec<u8> = self.inbox.drain(..count).collect();
                    self.metered(|driver| driver.connection.receive(&bytes, driver.now));
                }
                Interest::Read | Interest::Drain if self.has_ended => {
                    self.metered(|driver| driver.connection.receive_eof(driver.now));
                    while self.answer() {}
                    assert_ne!(self.connection.interest(), Interest::Read, "nothing more can come");
                }
                _ => return,
            }
        }
    }

    /// Answers one request, if there is one.
    fn answer(&mut self) -> bool {
        let now = Now {
            instant: self.now,
            unix: NOW,
        };
        let answered = self.metered(|driver| {
            let (connection, site, tree) = (&mut driver.connection, &driver.site, &driver.tree);
            let outcome = exchange::answer(connection, site, tree, now, false, Wanted::Line);
            let exchange::Outcome::Answered(Some(exchange)) = outcome else {
                return None;
            };
            let is_head = exchange.request_line.starts_with(b"HEAD ");
            let is_request = exchange.reject.is_none();
            Some((exchange.explanation.status, is_request.then_some(is_head)))
        });
        self.outcome.answers.extend(answered);
        answered.is_some()
    }

    /// Takes what is to be sent next, as far as the client has room.
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
        while self.connection.take_delivered().is_some() {}
    }

    /// Lets time pass. A deadline does not pass unnoticed.
    fn pass(&mut self, seconds: u64) {
        self.now = self.now + Duration::from_secs(seconds);
        let is_due = self.connection.deadline().is_some_and(|deadline| deadline <= self.now);
        let acted = self.metered(|driver| driver.connection.handle_timeout(driver.now));
        assert_eq!(acted, is_due);
    }

    /// Runs something, and counts what the connection holds more or less after it.
    fn metered<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        let before = meter::live();
        let result = act(self);
        self.held += meter::live() - before;
        result
    }
}

/// Reads the output as a client would: every answer has a head, and as much content as its head says.
fn check_messages(outcome: &Outcome) {
    if outcome.is_bare {
        return;
    }
    let mut rest = outcome.output.as_slice();
    for (status, is_head) in &outcome.answers {
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
    // An answer of HTTP/0.9 is bare, and the last.
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
