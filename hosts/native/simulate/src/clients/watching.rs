//! A client that waits for files to change, as a page of `--live` does (`src/site/live.rs`). It requests events, and
//! sends the next request when it has the response.
//!
//! The versions that existed decide what it may receive. The server must report a change soon after it, unless the page
//! itself is missing then. Without a change, the response comes when the longest wait is over, and reports none.

use super::address;
use super::ask::path_of;
use crate::dice::Dice;
use crate::oracle::message::{Head, Reader};
use crate::settings::LONGEST_WAIT;
use crate::world::state::{Event, State};
use crate::world::truth::{PATHS, Seen};
use crate::world::{MILLISECOND, Nanos, SECOND};
use std::net::SocketAddr;
use std::time::Duration;

/// The pages and files that the clients watch.
const WATCHED: &[&str] = &[
    "/a.txt",
    "/page.html",
    "/sub/",
    "/large.bin",
    "/sub/e%20f.png",
    "/",
    "/b.css",
];

/// How long after a change the server must report it, in addition to the time for which it keeps what it has seen: it
/// looks once in a quarter of a second, and an alarm may be late by twice 20 ms.
const TOLD_AFTER: Nanos = 300 * MILLISECOND;

/// How long a request and its response are on their way at most.
const ON_ITS_WAY: Nanos = 10 * MILLISECOND;

/// How late a response may be in other cases.
const LATE: Nanos = 2 * SECOND;

/// A client.
pub struct Watching {
    dice: Dice,
    address: Option<SocketAddr>,
    /// How many responses it still expects.
    left: u64,
    /// The numbers in [`PATHS`] of the page and of another file.
    paths: [usize; 2],
    link: Option<usize>,
    reader: Reader,
    /// The head of the response that it is reading.
    head: Option<Head>,
    line: String,
    /// It has sent a request, and has no response yet.
    waits: bool,
    asks_at: Nanos,
    sent_at: Nanos,
    /// The identifier of the last event, and the first and the last time at which it may have been made.
    known: Option<(String, Nanos, Nanos)>,
}

/// The state of the files, as far as the server can distinguish two states: the size and time of each, and `None` for a
/// file that is missing.
type Files = [Option<(u64, Duration)>; 2];

impl Watching {
    pub fn new(times: u64, mut dice: Dice) -> Self {
        let paths = [path_of(dice.pick(WATCHED)), path_of(dice.pick(WATCHED))];
        Self {
            dice,
            address: None,
            left: times,
            paths,
            link: None,
            reader: Reader::default(),
            head: None,
            line: String::new(),
            waits: false,
            asks_at: 0,
            sent_at: 0,
            known: None,
        }
    }

    pub fn wake(&mut self, me: usize, state: &mut State) -> bool {
        match self.act(me, state) {
            Ok(()) => self.left > 0,
            Err(what) => {
                state.violation(format!("client {me} (watching): {what}"));
                if let Some(link) = self.link {
                    state.reset(link);
                }
                false
            }
        }
    }

    fn act(&mut self, me: usize, state: &mut State) -> Result<(), String> {
        let Some(link) = self.link else {
            self.link = Some(self.connect(me, state));
            self.ask(me, state);
            return Ok(());
        };
        let bytes = state.take(link, usize::MAX);
        self.reader.add(&bytes);
        if self.waits {
            self.read(me, state)?;
        }
        let longest = LONGEST_WAIT + LATE + 2 * state.lag();
        if self.waits && self.sent_at + longest <= state.now {
            return Err(format!("no response to {:?}", self.line));
        }
        match state.link_end(link) {
            Some(end) if self.waits => return Err(format!("the connection is over ({end:?})")),
            Some(_) => self.link = None,
            None => {}
        }
        if self.left == 0 {
            if let Some(link) = self.link.take() {
                state.desert(link);
            }
        } else if !self.waits && self.asks_at <= state.now && self.link.is_some() {
            self.ask(me, state);
        } else if !self.waits {
            state.at(self.asks_at.max(state.now + MILLISECOND), Event::Alarm(me));
        }
        Ok(())
    }

    fn connect(&mut self, me: usize, state: &mut State) -> usize {
        let address = *self.address.get_or_insert_with(|| address(me as u64 + 1_000_000));
        let room = self.dice.between(1_000, 300_000) as usize;
        state.connect(me, address, room, &mut self.dice)
    }

    fn ask(&mut self, me: usize, state: &mut State) {
        let Some(link) = self.link else {
            return;
        };
        let [page, other] = self.paths.map(|path| PATHS[path].url);
        self.line = format!("GET /.aula/live?{page}&{other} HTTP/1.1");
        let known = match &self.known {
            Some((id, ..)) => format!("Last-Event-ID: {id}\r\n"),
            None => String::new(),
        };
        let request = format!("{}\r\nHost: a\r\n{known}\r\n", self.line);
        state.send(link, request.into_bytes(), 0);
        self.waits = true;
        self.sent_at = state.now;
        state.at(state.now + LONGEST_WAIT + LATE, Event::Alarm(me));
    }

    fn read(&mut self, me: usize, state: &mut State) -> Result<(), String> {
        if self.head.is_none() {
            self.head = self.reader.head()?;
        }
        let Some(head) = &self.head else {
            return Ok(());
        };
        let length = head.length()?;
        if (self.reader.rest().len() as u64) < length {
            return Ok(());
        }
        let (status, kind) = (head.status, head.value("Content-Type").to_owned());
        let is_stored = head.value("Cache-Control") != "no-store";
        if status != 200 || kind != "text/event-stream" || is_stored {
            return Err(format!("{:?} has the response {status} {:?}", self.line, head.fields));
        }
        let stream = String::from_utf8_lossy(self.reader.take(length)).into_owned();
        self.head = None;
        self.waits = false;
        self.hear(&stream, state)?;
        if let Some(address) = self.address {
            state.log.expect(address.ip(), &self.line, status, length);
        }
        state.exchanges += 1;
        self.left -= 1;
        state.tell(|| format!("client {me} hears {stream:?}"));
        self.asks_at = state.now + self.dice.below(SECOND);
        Ok(())
    }

    /// Checks that a response reports what it should report.
    fn hear(&mut self, stream: &str, state: &State) -> Result<(), String> {
        let id = stream.lines().find_map(|line| line.strip_prefix("id: "));
        let is_change = stream.lines().any(|line| line == "event: change");
        if !stream.ends_with("\n\n") || !stream.lines().any(|line| line == "data:") {
            return Err(format!("no stream of events: {stream:?}"));
        }
        let (now, stale) = (state.now, state.stale());
        let waited = now - self.sent_at;
        if let Some((known, from, until)) = &self.known {
            let is_told = id.is_some_and(|id| id != known);
            if is_told != is_change {
                return Err(format!("its files are {id:?}, they were {known:?}: {stream:?}"));
            }
            let spans = self.states(from.saturating_sub(stale), now, state);
            if is_change && spans.windows(2).all(|two| two[0].1 == two[1].1) {
                return Err("an event, and nothing has changed".to_owned());
            }
            let before = self.states(from.saturating_sub(stale), *until, state);
            let before = before.first().filter(|first| before.iter().all(|it| it.1 == first.1));
            if let Some(&(_, before)) = before {
                let due = self.due(before, state) + TOLD_AFTER + stale + state.lag() + ON_ITS_WAY;
                if due < now {
                    let late = (now - due) as f64 / SECOND as f64;
                    return Err(format!("a change is told {late:.3} s after it had to be: {stream:?}"));
                }
            }
            if !is_change && waited + stale < LONGEST_WAIT {
                return Err(format!("nothing has changed, and the request waited {waited} ns alone"));
            }
        } else if id.is_some() && waited > LATE + stale {
            // If the page is missing, it may come back while the request waits.
            let was_there = self.states(self.sent_at.saturating_sub(stale), self.sent_at, state);
            if was_there.iter().all(|(_, files)| files[0].is_some()) {
                return Err("the first event comes late".to_owned());
            }
        }
        if let Some(id) = id {
            self.known = Some((id.to_owned(), self.sent_at.max(now.saturating_sub(stale)), now));
        }
        Ok(())
    }

    /// The states of the files between these times, each with the time since when.
    fn states(&self, from: Nanos, until: Nanos, state: &State) -> Vec<(Nanos, Files)> {
        let seen = |path: usize, at: Nanos| match state.truth.during(path, at, at).last() {
            Some(Seen::File(version)) => Some((version.size(), version.modified)),
            _ => None,
        };
        let mut times = vec![from];
        for path in self.paths {
            let spans = state.truth.spans(path, from, until).map(|(since, _)| since);
            times.extend(spans.filter(|since| *since > from));
        }
        times.sort_unstable();
        times.dedup();
        times
            .iter()
            .map(|&at| (at, self.paths.map(|path| seen(path, at))))
            .collect()
    }

    /// Since when the server must have seen a change: the files have been different for long enough, and the page
    /// existed.
    fn due(&self, before: Files, state: &State) -> Nanos {
        let long_enough = TOLD_AFTER + state.stale();
        let mut since = None;
        let mut states = self.states(self.sent_at, state.now, state);
        states.push((state.now, before));
        for (at, files) in states {
            let is_other = files != before && files[0].is_some();
            match since {
                Some(begin) if !is_other => {
                    if at - begin > long_enough {
                        return begin;
                    }
                    since = None;
                }
                None if is_other => since = Some(at),
                _ => {}
            }
        }
        Nanos::MAX / 2
    }
}
