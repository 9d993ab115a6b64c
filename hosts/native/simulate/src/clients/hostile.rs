//! Clients that do harm, each kind in its own way. It does not matter what they get, as long as the honest clients get
//! their responses.

use super::address;
use crate::dice::Dice;
use crate::oracle::course;
use crate::schedule::{ClientKind, ClientLine};
use crate::world::state::{Event, State};
use crate::world::{MILLISECOND, Nanos};

/// Bytes that are no requests, from the fuzzer's corpus and from the attacks.
const GARBAGE: &[&[u8]] = &[
    include_bytes!("../../../../../fuzz/seeds/connection/chunked"),
    include_bytes!("../../../../../fuzz/seeds/connection/chunk_size_too_large"),
    include_bytes!("../../../../../fuzz/seeds/connection/pipelined_then_fault"),
    include_bytes!("../../../../../fuzz/seeds/connection/tls"),
    include_bytes!("../../../../../fuzz/seeds/request_head/absolute_form"),
    include_bytes!("../../../../../fuzz/seeds/request_head/bare_cr_in_value"),
    include_bytes!("../../../../../fuzz/seeds/request_head/both_lengths"),
    include_bytes!("../../../../../fuzz/seeds/request_head/many_fields"),
    b"GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: x\xc2\x9b31my\r\n\r\n",
    b"GET /\"<>\x1b[31m HTTP/1.1\r\nHost: a\r\nReferer: \xff\"\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /list/ HTTP/1.1\r\nHost: a\r\nRange: bytes=0-0,2-2,4-4,6-6,8-8\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\n",
];

/// A client.
pub struct Hostile {
    kind: ClientKind,
    dice: Dice,
    stays: Nanos,
    link: Option<usize>,
    leaves_at: Nanos,
    acts_at: Nanos,
    /// It has sent the requests for which it came.
    has_asked: bool,
    /// The clients of one line may share one address.
    shares_address: Option<u64>,
}

impl Hostile {
    pub fn new(line: &ClientLine, dice: Dice) -> Self {
        Self {
            kind: line.kind,
            dice,
            stays: line.stays * MILLISECOND,
            link: None,
            leaves_at: 0,
            acts_at: 0,
            has_asked: false,
            shares_address: line.seed.is_multiple_of(2).then_some(line.seed % 1000),
        }
    }

    pub fn wake(&mut self, me: usize, state: &mut State) -> bool {
        let Some(link) = self.link else {
            self.begin(me, state);
            return true;
        };
        let reads = match self.kind {
            ClientKind::Deaf => false,
            ClientKind::Hungry => !self.has_asked,
            // Some viewers read what they get, and some only open the page.
            ClientKind::Viewing => !self.leaves_at.is_multiple_of(3),
            _ => true,
        };
        if reads {
            state.take(link, usize::MAX);
        }
        let is_over = state.link_end(link).is_some();
        let sends_no_head = matches!(
            self.kind,
            ClientKind::Silent | ClientKind::Dripping | ClientKind::Swelling
        );
        if sends_no_head && course::is_past_head_deadline(state, link) {
            state.violation(format!(
                "client {me} ({}) is still connected, long after the deadline for its head",
                self.kind.word()
            ));
            state.reset(link);
            return false;
        }
        if is_over || self.leaves_at <= state.now {
            let breaks_off = matches!(self.kind, ClientKind::Deaf | ClientKind::Resetting) || self.dice.one_in(3);
            if breaks_off {
                state.reset(link);
            } else {
                state.desert(link);
            }
            return false;
        }
        if self.acts_at <= state.now {
            self.go_on(link, state);
            let pause = self.dice.between(5 * MILLISECOND, 500 * MILLISECOND);
            self.acts_at = state.now + pause;
            state.at(self.acts_at.min(self.leaves_at), Event::Alarm(me));
        }
        true
    }

    fn begin(&mut self, me: usize, state: &mut State) {
        let address = address(self.shares_address.unwrap_or(2_000_000 + me as u64));
        let room = self.dice.between(500, 60_000) as usize;
        let link = match self.kind {
            ClientKind::Viewing => state.look_in(me, address, room, &mut self.dice),
            _ => state.connect(me, address, room, &mut self.dice),
        };
        self.link = Some(link);
        self.leaves_at = state.now + self.stays.max(MILLISECOND);
        if self.kind == ClientKind::Resetting {
            self.leaves_at = state.now + self.dice.below(self.stays.max(2) / 2);
        }
        self.acts_at = state.now + self.dice.below(100 * MILLISECOND);
        state.at(self.acts_at, Event::Alarm(me));
        state.at(self.leaves_at, Event::Alarm(me));
        let first = self.first_bytes();
        if !first.is_empty() {
            state.send(link, first, 0);
        }
    }

    fn first_bytes(&mut self) -> Vec<u8> {
        let dice = &mut self.dice;
        match self.kind {
            ClientKind::Deaf => match dice.below(4) {
                0 => get("/huge.bin").repeat(dice.between(1, 64) as usize),
                1 => get("/").repeat(300),
                2 => get("/large.bin"),
                _ => get("/list/").repeat(dice.between(1, 200) as usize),
            },
            ClientKind::Resetting => {
                let mut bytes = get(dice.pick(&["/", "/large.bin", "/nothing.html", "/list/"]));
                bytes.truncate(dice.below(2 * bytes.len() as u64) as usize);
                bytes
            }
            ClientKind::Garbling => self.garbage(),
            ClientKind::Hungry => get("/"),
            ClientKind::Viewing => match dice.below(6) {
                0..3 => look("/events"),
                3 => look("/"),
                4 => look("/main.js"),
                _ => b"GET / HTTP/1.1\r\n\r\n".to_vec(),
            },
            ClientKind::Swelling => {
                let mut bytes = b"GET / HTTP/1.1\r\nHost: a\r\nX: ".to_vec();
                bytes.resize(dice.between(100, 32_000) as usize, b'a');
                bytes
            }
            ClientKind::Pouring => {
                if dice.one_in(2) {
                    b"POST /a.txt HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec()
                } else {
                    b"POST /a.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n".to_vec()
                }
            }
            _ => Vec::new(),
        }
    }

    fn garbage(&mut self) -> Vec<u8> {
        let mut bytes = self.dice.pick(GARBAGE).to_vec();
        for _ in 0..self.dice.below(4) {
            let at = self.dice.below(bytes.len() as u64) as usize;
            if let Some(byte) = bytes.get_mut(at) {
                *byte = self.dice.roll() as u8;
            }
        }
        bytes
    }

    /// Attack 3: the client is accepted first, and its requests take memory afterwards.
    fn all_that_takes_memory(&mut self) -> Vec<u8> {
        match self.dice.below(5) {
            0 => {
                let mut head = b"GET / HTTP/1.1\r\nHost: a\r\nX: ".to_vec();
                head.resize(32_000, b'a');
                head
            }
            1 => {
                let parts: Vec<String> = (0..31).map(|part| format!("{}-{}", 20 * part, 20 * part + 9)).collect();
                let ranges = parts.join(",");
                format!("GET /sub/e%20f.png HTTP/1.1\r\nHost: a\r\nRange: bytes={ranges}\r\n\r\n").repeat(64)
            }
            .into_bytes(),
            2 => (0..200).flat_map(|number| get(&format!("/unknown/{number}"))).collect(),
            3 => get("/many/").repeat(64),
            _ => get("/list/").repeat(200),
        }
    }

    /// Sends the next bytes of a client that is already connected.
    fn go_on(&mut self, link: usize, state: &mut State) {
        let bytes = match self.kind {
            ClientKind::Dripping => vec![self.dice.pick(b"GET / HTP1.:ab")],
            ClientKind::Garbling => self.garbage(),
            ClientKind::Hungry if !std::mem::replace(&mut self.has_asked, true) => self.all_that_takes_memory(),
            ClientKind::Pouring => b"5\r\nhello\r\n".repeat(self.dice.below(20) as usize),
            ClientKind::Swelling if self.dice.one_in(4) => b"\r\nY: b".to_vec(),
            _ => return,
        };
        state.send(link, bytes, 0);
    }
}

/// Makes a request to the inspector, which serves only requests that name its address.
fn look(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:8088\r\n\r\n").into_bytes()
}

fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").into_bytes()
}
