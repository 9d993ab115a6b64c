//! Clients that do nothing wrong, and that check what they get.

use super::address;
use super::ask::{Asked, Cached, Http, Known, ask};
use crate::dice::Dice;
use crate::oracle::content::Content;
use crate::oracle::judge;
use crate::oracle::message::{Head, Reader};
use crate::schedule::ClientKind;
use crate::world::link::{Link, LinkEnd};
use crate::world::state::{Event, State};
use crate::world::truth::PATHS;
use crate::world::{MILLISECOND, Nanos, SECOND};
use std::collections::VecDeque;
use std::net::SocketAddr;

/// How long a slow reader needs at most for the 64 KiB of a response that the host may hold. This is less than the time
/// after which the server takes a client for one that never reads.
const SLOWEST_PIECE: u64 = 65_536 * 2 / 3;

/// A client.
pub struct Honest {
    kind: ClientKind,
    dice: Dice,
    address: Option<SocketAddr>,
    /// How many requests it has still to send.
    left: u64,
    link: Option<usize>,
    /// How many bytes it has sent on this connection.
    sent: u64,
    /// The requests that have no complete response yet.
    outstanding: VecDeque<Asked>,
    reader: Reader,
    /// The response that it is reading.
    current: Option<(Head, Content)>,
    known: Known,
    /// No further request may be sent on this connection.
    is_ending: bool,
    /// The last response was 503.
    is_refused: bool,
    asks_at: Nanos,
    takes_at: Nanos,
    deadline: Nanos,
    /// The time by which the server must have ended the connection, and the reason.
    ends_by: Nanos,
    ends_because: &'static str,
    /// When the response began that it is reading.
    began_at: Nanos,
    /// How many bytes it takes at a time, and the time between two such reads.
    gulp: usize,
    interval: Nanos,
}

impl Honest {
    pub fn new(kind: ClientKind, times: u64, mut dice: Dice) -> Self {
        let (gulp, interval) = match kind {
            ClientKind::SlowReader => {
                let interval = dice.between(5, 200);
                let least = (SLOWEST_PIECE * interval / 1000).max(200);
                (dice.between(least, 4 * least) as usize, interval * MILLISECOND)
            }
            ClientKind::Downloading => (dice.between(4_000, 100_000) as usize, dice.between(1, 50) * MILLISECOND),
            _ => (usize::MAX, 0),
        };
        Self {
            kind,
            dice,
            address: None,
            left: times,
            link: None,
            sent: 0,
            outstanding: VecDeque::new(),
            reader: Reader::default(),
            current: None,
            known: Known::new(),
            is_ending: false,
            is_refused: false,
            asks_at: 0,
            takes_at: 0,
            deadline: Nanos::MAX,
            ends_by: Nanos::MAX,
            ends_because: "",
            began_at: 0,
            gulp,
            interval,
        }
    }

    pub fn wake(&mut self, me: usize, state: &mut State) -> bool {
        self.address.get_or_insert_with(|| address(me as u64 + 1_000_000));
        if let Err(what) = self.act(me, state) {
            state.violation(format!("client {me} ({}): {what}", self.kind.word()));
            if let Some(link) = self.link {
                state.reset(link);
            }
            return false;
        }
        self.left > 0 || self.link.is_some()
    }

    /// Whether the server has read its whole request, and has sent nothing of the response.
    pub fn is_unanswered(&self, links: &[Link]) -> bool {
        let link = self.link.and_then(|link| links.get(link));
        let (Some(link), Some(asked)) = (link, self.outstanding.front()) else {
            return false;
        };
        let length = asked.head.len() + asked.content.len();
        let is_read = asked.begins + length as u64 <= link.read();
        is_read && self.current.is_none() && self.reader.rest().is_empty() && link.is_quiet()
    }

    fn act(&mut self, me: usize, state: &mut State) -> Result<(), String> {
        if let Some(link) = self.link {
            self.take(me, link, state)?;
        }
        if self.kind == ClientKind::Brief && self.outstanding.is_empty() && !self.is_ending {
            self.leave(state);
        }
        if !self.outstanding.is_empty() && self.deadline <= state.now {
            let asked = &self.outstanding[0].line;
            let waited = (state.now - self.outstanding[0].sent_at) as f64 / SECOND as f64;
            return Err(format!("no response to {asked:?} after {waited:.1} s"));
        }
        if self.link.is_some() && self.ends_by <= state.now {
            // The turn that is in progress may become the longest one so far.
            let ends_by = self.ends_by + 2 * state.lag();
            if ends_by <= state.now {
                return Err(format!("{}, and the connection goes on", self.ends_because));
            }
            state.at(ends_by, Event::Alarm(me));
        }
        let is_free = self.outstanding.is_empty() && !self.is_ending;
        if !is_free {
            return Ok(());
        }
        if self.left == 0 {
            self.leave(state);
        } else if self.asks_at <= state.now {
            self.ask(me, state);
        } else {
            state.at(self.asks_at, Event::Alarm(me));
        }
        Ok(())
    }

    /// Closes its connection, if it has one.
    fn leave(&mut self, state: &mut State) {
        if let Some(link) = self.link.take() {
            state.desert(link);
        }
    }

    /// Takes the bytes that have arrived, and reads them.
    fn take(&mut self, me: usize, link: usize, state: &mut State) -> Result<(), String> {
        if self.interval > 0 && state.now < self.takes_at {
            return Ok(());
        }
        let bytes = state.take(link, self.gulp);
        if !bytes.is_empty() {
            self.reader.add(&bytes);
            self.read(me, state)?;
            if self.interval > 0 {
                self.takes_at = state.now + self.interval;
                state.at(self.takes_at, Event::Alarm(me));
            }
        }
        if let Some(end) = state.link_end(link) {
            self.ended(link, end, state)?;
        }
        Ok(())
    }

    /// Reads all responses that have arrived.
    fn read(&mut self, me: usize, state: &mut State) -> Result<(), String> {
        loop {
            let Some(asked) = self.outstanding.front() else {
                return match self.reader.rest() {
                    [] => Ok(()),
                    // The server refuses a connection without reading the request, which may be HEAD.
                    _ if self.is_refused => Ok(()),
                    rest => Err(format!(
                        "bytes that nobody asked for: {}",
                        rest[..rest.len().min(80)].escape_ascii()
                    )),
                };
            };
            if self.current.is_none() {
                let head = match asked.http {
                    Http::V0_9 => Head {
                        status: 0,
                        fields: Vec::new(),
                    },
                    _ => match self.reader.head()? {
                        None => return Ok(()),
                        Some(head) if head.status == 100 => continue,
                        Some(head) => head,
                    },
                };
                let content = judge::head(asked, &head, state).map_err(|error| {
                    format!(
                        "{:?} is answered {} {:?}: {error}",
                        asked.line, head.status, head.fields
                    )
                })?;
                let delayed = asked.order * state.settings.delay;
                let lag = asked.order * (state.lag() + MILLISECOND);
                if head.status != 503 && state.now + lag < asked.sent_at + delayed {
                    return Err(format!("{:?} has its response before its time", asked.line));
                }
                self.began_at = state.now;
                self.current = Some((head, content));
            }
            let Some((_, content)) = &mut self.current else {
                return Ok(());
            };
            let piece = self.reader.take(content.left());
            if let Err(error) = content.read(piece)
                && !content.is_overtaken(piece, asked, state)
            {
                return Err(format!("{:?}: {error} ({:?})", asked.line, state.link_line(self.link)));
            }
            if content.left() > 0 {
                return Ok(());
            }
            self.got(me, state)?;
        }
    }

    /// A response is complete.
    fn got(&mut self, me: usize, state: &mut State) -> Result<(), String> {
        let (Some((head, content)), Some(asked)) = (self.current.take(), self.outstanding.pop_front()) else {
            return Ok(());
        };
        let length = content.length();
        // The response may take a twentieth longer than the rate requires, and half a second more.
        let most = state.settings.takes(length) * 21 / 20 + SECOND / 2;
        let is_rated = state.settings.is_quick() && state.settings.rate.is_some() && self.interval == 0;
        if is_rated && state.now - self.began_at > most {
            let took = (state.now - self.began_at) as f64 / SECOND as f64;
            return Err(format!("{:?}: {length} bytes took {took:.1} s", asked.line));
        }
        let must_end = content.must_end();
        let version = content.finish().map_err(|error| format!("{:?}: {error}", asked.line))?;
        state.exchanges += 1;
        state.tell(|| format!("client {me} has its response to {:?}: {}", asked.line, head.status));
        if let (Some(version), Some(tag)) = (version, head.one("ETag")?) {
            let cached = Cached {
                tag: tag.to_owned(),
                version,
            };
            self.known.insert((asked.path, asked.takes_gzip), cached);
        }
        // If a client is refused at once, the log says so without a request line.
        let is_told = asked.http != Http::V0_9 && head.status != 503 && !judge::has_changed(&asked, state);
        if let (Some(address), true) = (self.address, is_told) {
            state.log.expect(address.ip(), &asked.line, head.status, length);
        }
        self.is_refused = head.status == 503;
        let says_close = head.value("Connection").eq_ignore_ascii_case("close");
        if asked.closes && asked.http == Http::V1_1 && self.kind != ClientKind::HalfClosing && !says_close {
            return Err(format!("{:?}: the server does not say that it closes", asked.line));
        }
        if must_end {
            self.must_end_by(state.now + SECOND, "a response was of two versions", me, state);
        } else if says_close && !state.settings.is_short_of_memory {
            let by = state.now + SECOND / 2 + 2 * self.interval;
            self.must_end_by(by, "a response was said to be the last one", me, state);
        }
        if says_close || asked.closes || must_end {
            self.is_ending = true;
            // Requests that were sent in advance get no response (RFC 9112 section 9.3.2).
            self.outstanding.clear();
        }
        let idle = state.settings.idle;
        let pause = match self.dice.below(100) {
            _ if self.kind == ClientKind::Punctual => {
                let around = 10 * MILLISECOND + state.longest_turn;
                idle.saturating_sub(around) + self.dice.below(around + 2 * MILLISECOND)
            }
            _ if self.kind == ClientKind::Eager => 0,
            0 => idle + self.dice.below(SECOND),
            1..10 => self.dice.below(300 * MILLISECOND),
            _ => self.dice.below(2 * MILLISECOND),
        };
        self.asks_at = state.now + pause;
        Ok(())
    }

    fn must_end_by(&mut self, by: Nanos, because: &'static str, me: usize, state: &mut State) {
        self.ends_by = by;
        self.ends_because = because;
        state.at(by, Event::Alarm(me));
    }

    /// The connection is over.
    fn ended(&mut self, link: usize, end: LinkEnd, state: &mut State) -> Result<(), String> {
        if let (Some(asked), LinkEnd::Ended) = (self.outstanding.front(), end)
            && asked.http == Http::V0_9
            && !(self.current.is_none() && judge::may_be_missing(asked, false, &state.links[link], state))
        {
            let empty = (
                Head {
                    status: 0,
                    fields: Vec::new(),
                },
                judge::whatever(asked, state),
            );
            if self.current.is_none() {
                self.began_at = state.now;
            }
            let (_, content) = self.current.get_or_insert(empty);
            content.end();
            self.got(0, state)?;
        }
        if let Some(asked) = self.outstanding.front()
            && !judge::may_be_missing(asked, self.current.is_some(), &state.links[link], state)
        {
            let what = if self.current.is_some() {
                "in the middle of"
            } else {
                "without"
            };
            return Err(format!(
                "connection {link} is over ({end:?}) {what} the response to {:?}",
                asked.line
            ));
        }
        if end == LinkEnd::Ended {
            state.desert(link);
        }
        self.link = None;
        self.ends_by = Nanos::MAX;
        self.outstanding.clear();
        self.current = None;
        self.reader = Reader::default();
        self.is_ending = false;
        self.asks_at = self.asks_at.max(state.now);
        Ok(())
    }

    fn ask(&mut self, me: usize, state: &mut State) {
        let link = match (self.link, self.address) {
            (Some(link), _) => link,
            (None, Some(address)) => {
                let room = self.dice.between(1_000, 300_000) as usize;
                self.sent = 0;
                state.connect(me, address, room, &mut self.dice)
            }
            (None, None) => return,
        };
        self.link = Some(link);
        let batch = match self.kind {
            ClientKind::Pipelining => self.dice.between(1, 12).min(self.left),
            _ => 1,
        };
        let mut bytes = Vec::new();
        let mut on_purpose = 0;
        for _ in 0..batch {
            let mut asked = ask(self.kind, &mut self.dice, &self.known);
            self.left -= 1;
            asked.begins = self.sent + bytes.len() as u64;
            asked.sent_at = state.now;
            asked.order = self.outstanding.len() as u64 + 1;
            on_purpose += state.settings.delay + state.settings.takes(judge::most_bytes(&asked, state));
            bytes.extend_from_slice(&asked.head);
            bytes.extend_from_slice(&asked.content);
            let closes = asked.closes;
            self.outstanding.push_back(asked);
            if closes {
                break;
            }
        }
        self.sent += bytes.len() as u64;
        if self.kind == ClientKind::SlowWriter {
            self.send_slowly(link, &bytes, state);
        } else {
            state.send(link, bytes, 0);
        }
        if self.kind == ClientKind::HalfClosing {
            state.end(link);
        }
        let reading = if self.interval > 0 { 60 * SECOND } else { 0 };
        self.deadline = state.now + state.settings.patience() + reading + on_purpose;
        state.at(self.deadline, Event::Alarm(me));
    }

    /// Sends a request in pieces, within a third of the time that is allowed for a head.
    fn send_slowly(&mut self, link: usize, bytes: &[u8], state: &mut State) {
        let pieces = self.dice.between(2, 20);
        let most = state.settings.head / 3 / pieces;
        for piece in bytes.chunks(bytes.len().div_ceil(pieces as usize).max(1)) {
            let delay = self.dice.below(most);
            state.send(link, piece.to_vec(), delay);
        }
    }
}

impl State {
    /// The connection's name in a message.
    fn link_line(&self, link: Option<usize>) -> String {
        link.map_or_else(String::new, |link| format!("connection {link} of {}", PATHS.len()))
    }
}
