//! The time, the queue of events, and the whole state of the world.

use super::link::{Arrival, Link};
use super::network::Listening;
use super::tree::Tree;
use super::truth::Truth;
use super::{MILLISECOND, Nanos, SECOND};
use crate::clients::Client;
use crate::dice::Dice;
use crate::oracle::course::{self, Beginning};
use crate::oracle::log::Log;
use crate::oracle::verdict::Verdict;
use crate::schedule::{ChangeLine, Fault, HostKind, Schedule};
use crate::settings::Settings;
use aula_native::world::Ready;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;
use std::time::Duration;

/// How long a call of a host function takes.
const CALL: Nanos = 1_000;

/// How long a call takes if calls are slow.
const SLOW_CALL: Nanos = 200_000;

/// The time of the wall clock when the world begins, in seconds since 1970.
const BEGINNING: u64 = 1_800_000_000;

/// When the first client comes. The server listens by then.
const LISTENS: Nanos = 10 * MILLISECOND;

/// An event that happens at some time.
#[derive(Clone, Debug)]
pub enum Event {
    /// A client's alarm rings.
    Alarm(usize),
    /// The client can see a change of one of its connections.
    News(usize),
    /// A client tries to connect.
    Knock(usize),
    /// Something that a client sent arrives.
    Arrive(usize, Arrival),
    /// The server is told something about a connection, or about a listener.
    Tell(Option<usize>, Ready),
    /// A step of a change in the folder.
    Change(ChangeLine, u64),
    /// All clients are gone, and all deadlines have passed.
    Afterwards,
}

struct Entry {
    at: Nanos,
    number: u64,
    event: Event,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        // The heap returns the greatest element first.
        (other.at, other.number).cmp(&(self.at, self.number))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Entry {}

/// The phase of the world.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// The scheduled clients are connected, or have still to come.
    Clients,
    /// The clients are gone. The state must become what it was at the beginning.
    Afterwards,
    /// The server has to serve a last client.
    LastClient,
    /// The server has to end.
    Ending,
}

/// The whole state of the world.
pub struct State {
    pub now: Nanos,
    events: BinaryHeap<Entry>,
    /// How many events there have been.
    count: u64,
    pub host: HostKind,
    pub phase: Phase,
    pub settings: Settings,
    faults: Vec<(Fault, u64)>,
    pub dice: Dice,
    pub links: Vec<Link>,
    pub listeners: Vec<Listening>,
    /// What the server has not been told yet, each with its connection. Without a connection it is about a listener.
    pub ready: Vec<(Option<usize>, Ready)>,
    pub tree: Tree,
    pub truth: Truth,
    /// How many files and folders are open.
    pub open: Rc<()>,
    pub most_descriptors: usize,
    clients: Vec<Option<Client>>,
    /// The numbers of the honest clients.
    honest: Vec<usize>,
    /// How many honest clients have still to come or are still connected.
    pub remaining: usize,
    pub log: Log,
    pub verdict: Verdict,
    /// A digest of everything that the server read and wrote, with the times.
    pub digest: DefaultHasher,
    /// What happened, as text for a reader.
    pub story: Option<Vec<String>>,
    /// The marks of [`crate::coverage`] that the server has passed.
    pub taken: Vec<usize>,
    /// What the server printed, if the story is recorded.
    pub printed: Vec<u8>,
    /// How often the server has called `poll`.
    pub turns: u64,
    /// How often the server has waited.
    pub waits: u64,
    /// The server is in `poll`.
    pub polls: bool,
    /// The client whose request was read and has no response, and since when, while the server waited.
    pub unanswered_since: Option<(usize, Nanos)>,
    /// How many laps there have been ([`course::has_read`]), and the most laps for which arrived bytes were not read.
    pub lap: u64,
    pub longest_laps: u64,
    /// How many connections certainly have a slot.
    pub in_slots: u64,
    /// How often the host may still report readiness before the next real wait, if that is limited.
    pub budget: usize,
    /// Until when the reader of stdout is busy with what was printed.
    pub stdout_reads_until: Nanos,
    /// How many connections the server has accepted and not closed.
    pub accepted: usize,
    pub beginning: Option<Beginning>,
    /// How often something was read, written, accepted, closed or printed, that number when the last turn began, and
    /// how many turns have passed without a change of it.
    pub progress: u64,
    pub progress_seen: u64,
    pub fruitless: u64,
    /// How many calls of host functions there have been in this turn without any of that.
    pub calls: u64,
    /// When the last turn began, and how long the longest turn was.
    pub turn_began: Nanos,
    pub longest_turn: Nanos,
    /// The most turns for which arrived bytes were not read.
    pub longest_unread: u64,
    /// When an error of a file last happened.
    pub file_error_at: Option<Nanos>,
    /// How far ahead or behind the wall clock is, in seconds.
    wall_offset: i64,
    /// How many exchanges of honest clients were complete and correct.
    pub exchanges: u64,
}

impl State {
    pub fn new(schedule: &Schedule, records: bool) -> Self {
        let mut dice = Dice::new(schedule.clients.first().map_or(1, |line| line.seed));
        let tree = Tree::new(schedule.names, wall_clock(0, 0));
        let mut state = Self {
            now: 0,
            events: BinaryHeap::new(),
            count: 0,
            host: schedule.host,
            phase: Phase::Clients,
            settings: Settings::of(schedule),
            faults: schedule.faults.clone(),
            dice: dice.split(),
            links: Vec::new(),
            listeners: Vec::new(),
            ready: Vec::new(),
            truth: Truth::new(&tree, schedule),
            tree,
            open: Rc::new(()),
            most_descriptors: schedule.descriptors.map_or(usize::MAX, |most| most as usize),
            clients: Vec::new(),
            honest: Vec::new(),
            remaining: 0,
            log: Log::new(schedule),
            verdict: Verdict::default(),
            digest: DefaultHasher::new(),
            story: records.then(Vec::new),
            taken: Vec::new(),
            printed: Vec::new(),
            turns: 0,
            waits: 0,
            polls: false,
            unanswered_since: None,
            lap: 0,
            longest_laps: 0,
            in_slots: 0,
            budget: 0,
            stdout_reads_until: 0,
            accepted: 0,
            beginning: None,
            progress: 0,
            progress_seen: 0,
            fruitless: 0,
            calls: 0,
            turn_began: 0,
            longest_turn: 0,
            longest_unread: 0,
            file_error_at: None,
            wall_offset: 0,
            exchanges: 0,
        };
        for line in &schedule.clients {
            for client in Client::of_line(line) {
                state.add_client(client, LISTENS.max(line.at * MILLISECOND));
            }
        }
        for line in &schedule.changes {
            state.at(line.at * MILLISECOND, Event::Change(*line, 0));
        }
        if state.remaining == 0 {
            state.at(SECOND, Event::Afterwards);
        }
        state
    }

    pub fn add_client(&mut self, client: Client, at: Nanos) {
        let number = self.clients.len();
        if matches!(client, Client::Honest(_)) {
            self.honest.push(number);
        }
        self.clients.push(Some(client));
        self.remaining += 1;
        // The clients of one line come one shortly after another.
        self.at(at + number as u64 * 1000, Event::Alarm(number));
    }

    /// Adds an event to the queue.
    pub fn at(&mut self, at: Nanos, event: Event) {
        self.count += 1;
        self.events.push(Entry {
            at: at.max(self.now),
            number: self.count,
            event,
        });
    }

    pub fn after(&mut self, delay: Nanos, event: Event) {
        self.at(self.now + delay, event);
    }

    /// Whether a fault happens at this moment.
    pub fn strikes(&mut self, fault: Fault) -> bool {
        let times = self.rate(fault);
        times > 0 && self.phase == Phase::Clients && self.dice.per_mille(times)
    }

    /// How often a fault happens, in a thousand times.
    pub fn rate(&self, fault: Fault) -> u64 {
        let found = self.faults.iter().find(|(kind, _)| *kind == fault);
        found.map_or(0, |&(_, times)| times)
    }

    /// A call of a host function takes its time, and the events that are due happen.
    pub fn take_a_moment(&mut self) {
        course::call(self);
        let slow = self.strikes(Fault::SlowCalls);
        self.now += if slow { SLOW_CALL } else { CALL };
        if self.strikes(Fault::WallClockJumps) {
            self.wall_offset = self.dice.pick(&[0, 0, 3600, -3600, 86_400 * 30, -86_400 * 3650, 1]);
        }
        self.catch_up();
    }

    /// Makes all events happen that are due.
    pub fn catch_up(&mut self) {
        while self.events.peek().is_some_and(|next| next.at <= self.now) {
            self.let_one_happen();
        }
    }

    /// Makes the next event happen if it is due by `until`. Returns false if there is none.
    pub fn go_on(&mut self, until: Nanos) -> bool {
        match self.events.peek() {
            Some(next) if next.at <= until => {
                self.let_one_happen();
                true
            }
            _ => false,
        }
    }

    fn let_one_happen(&mut self) {
        let Some(Entry { at, event, .. }) = self.events.pop() else {
            return;
        };
        self.now = self.now.max(at);
        match event {
            Event::Alarm(client) => self.wake(client),
            Event::News(link) => {
                self.links[link].has_news = false;
                self.wake(self.links[link].client);
            }
            Event::Knock(link) => self.knock(link),
            Event::Arrive(link, arrival) => self.arrive(link, arrival),
            Event::Tell(link, ready) => self.ready.push((link, ready)),
            Event::Change(line, step) => self.change(line, step),
            Event::Afterwards => {
                self.tell(|| "all clients are gone".to_owned());
                self.phase = Phase::Afterwards;
                // This report gives the server one more turn.
                if let Some(token) = self.listeners.first().map(|listener| listener.token) {
                    self.tell_token(None, token, 0, |ready| ready.readable = true);
                }
            }
        }
    }

    fn wake(&mut self, number: usize) {
        let Some(mut client) = self.clients[number].take() else {
            return;
        };
        if client.wake(number, self) {
            self.clients[number] = Some(client);
            return;
        }
        self.remaining -= 1;
        if self.remaining > 0 {
            return;
        }
        match self.phase {
            Phase::Clients => self.after(self.settings.everybody_is_gone(), Event::Afterwards),
            _ => self.phase = Phase::Ending,
        }
    }

    fn change(&mut self, line: ChangeLine, step: u64) {
        let wall = self.wall();
        let next = self.tree.change(line, step, wall);
        self.truth.look(&self.tree, self.now);
        self.tell(|| format!("the folder: {} {}, step {step}", line.kind.word(), Tree::changing(line)));
        if let Some(delay) = next {
            self.after(delay, Event::Change(line, step + 1));
        }
    }

    /// Whether the server has to end.
    pub fn is_ending(&self) -> bool {
        self.phase == Phase::Ending || self.verdict.is_enough()
    }

    /// The time of the wall clock, since 1970.
    pub fn wall(&self) -> Duration {
        wall_clock(self.now, self.wall_offset)
    }

    /// The time of the monotonic clock.
    pub fn monotonic(&self) -> Nanos {
        match self.rate(Fault::CoarseClock) {
            0 => self.now,
            milliseconds => self.now - self.now % (milliseconds * MILLISECOND),
        }
    }

    /// How old the content of a response may be: the time for which the server keeps what it has seen, and one turn of
    /// its loop.
    pub fn stale(&self) -> Nanos {
        100 * MILLISECOND + self.lag()
    }

    /// How far the server's idea of the time may be behind: one turn of its loop, and the resolution of its clock.
    pub fn lag(&self) -> Nanos {
        self.turn() + self.rate(Fault::CoarseClock) * MILLISECOND
    }

    /// How long the longest turn was so far.
    pub fn turn(&self) -> Nanos {
        self.longest_turn.max(self.now - self.turn_began)
    }

    /// Whether this client is honest.
    pub fn is_honest(&self, client: usize) -> bool {
        self.honest.binary_search(&client).is_ok()
    }

    /// Finds an honest client whose whole request the server has read, and to which it has sent nothing of the
    /// response.
    pub fn unanswered(&self) -> Option<usize> {
        let clients = self
            .honest
            .iter()
            .filter_map(|&number| Some((number, self.clients[number].as_ref()?)));
        let mut unanswered = clients.filter(|(_, client)| client.is_unanswered(&self.links));
        unanswered.next().map(|(number, _)| number)
    }

    /// Adds a line to the story, if the story is recorded.
    pub fn tell(&mut self, line: impl FnOnce() -> String) {
        let now = self.now;
        if let Some(story) = &mut self.story {
            story.push(format!("{:>12.3} ms  {}", now as f64 / 1e6, line()));
        }
    }

    /// Records a violation that an oracle has found.
    pub fn violation(&mut self, what: String) {
        self.tell(|| format!("VIOLATION: {what}"));
        self.verdict.add(self.now, what);
    }

    /// Adds bytes to the digest.
    pub fn note(&mut self, what: &str, link: usize, bytes: &[u8]) {
        self.progress += 1;
        self.calls = 0;
        (what, link, self.now, bytes).hash(&mut self.digest);
    }

    /// The digest so far.
    pub fn digest(&self) -> u64 {
        self.digest.finish()
    }

    /// Whether the system has no file descriptor left.
    pub fn is_out_of_descriptors(&self) -> bool {
        self.accepted + Rc::strong_count(&self.open) > self.most_descriptors
    }
}

fn wall_clock(now: Nanos, offset: i64) -> Duration {
    Duration::from_secs(BEGINNING.saturating_add_signed(offset)) + Duration::from_nanos(now)
}
