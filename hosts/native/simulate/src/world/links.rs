//! Connections as the network has them: what is under way in both directions. The functions are what a client does.

use super::state::{Event, State};
use super::{MILLISECOND, Nanos};
use crate::dice::Dice;
use crate::oracle::course;
use crate::schedule::Fault;
use aula_native::world::{Ready, Token};
use std::collections::VecDeque;
use std::net::SocketAddr;

/// How long something is under way, at most.
const LATENCY: Nanos = 2 * MILLISECOND;

/// The port of `--inspect`.
pub const INSPECTOR: u16 = 8088;

/// When a client tries again that the system did not let wait.
const KNOCK_AGAIN: Nanos = 1000 * MILLISECOND;

/// A connection.
pub struct Link {
    pub client: usize,
    /// The client's address.
    pub from: SocketAddr,
    /// The server's.
    pub to: SocketAddr,
    /// By what the server calls it, once it is accepted.
    pub token: Option<Token>,
    /// What has arrived and is not read by the server.
    pub inbound: VecDeque<u8>,
    /// How many bytes have arrived.
    pub arrived: u64,
    /// When the last thing that the client sent arrives.
    arrives_at: Nanos,
    /// The client's side has ended, as the server sees it.
    pub has_ended: bool,
    /// Nothing is to be had from the client any more.
    pub is_reset: bool,
    /// The client is not there any more: what is sent to it comes back as a reset.
    is_deserted: bool,
    /// What the server has sent and the client has not taken.
    pub outbound: VecDeque<u8>,
    /// How much of that the network holds.
    pub capacity: usize,
    /// The server waits for room.
    pub is_blocked: bool,
    /// It certainly has a slot: the server has accepted it, has never waited for room, and has not ended its side.
    pub has_slot: bool,
    /// The server has waited for room.
    pub was_blocked: bool,
    /// The server is done with it, and the host may still have something of it.
    pub is_given_up: bool,
    /// The server has ended its side.
    pub server_ended: bool,
    /// The server has let go of it, when so many bytes had arrived.
    pub closed: Option<u64>,
    /// How things were when the server ended its side.
    pub last_sight: Option<LastSight>,
    /// When the server accepted it.
    pub accepted_at: Option<Nanos>,
    /// In which turn something arrived that the server has not read since.
    pub unread_since: Option<u64>,
    /// When that was, and in which lap ([`course::has_read`]).
    pub unread_at: Nanos,
    pub unread_lap: u64,
    /// In which lap and in which turn the server last read from it.
    pub lap: u64,
    pub read_in: u64,
    /// By when what the server has sent may have been sent, where there is a rate.
    pub paid_until: Nanos,
    /// The client sees a reset.
    pub server_reset: bool,
    /// Whether the client is about to be woken.
    pub has_news: bool,
    /// The network broke it.
    pub is_struck: bool,
    /// When the client took something, or there was nothing to take.
    pub taken_at: Nanos,
    /// The longest time for which the client took nothing of what there was.
    pub longest_pause: Nanos,
    /// What the client took lately ([`Settings::gives_up`](crate::settings::Settings)): when, and how much.
    takes: VecDeque<(Nanos, usize)>,
    dice: Dice,
}

/// A connection when the server ended its side.
#[derive(Clone, Copy, Debug)]
pub struct LastSight {
    pub at: Nanos,
    /// How many bytes had arrived.
    pub arrived: u64,
    /// How many of them the server had read, and how long it had not read the others.
    pub read: u64,
    pub unread_for: Nanos,
    /// How many bytes the client had taken lately.
    pub taken_lately: usize,
}

/// What a client sends.
#[derive(Clone, Debug)]
pub enum Arrival {
    Bytes(Vec<u8>),
    /// Its side ends.
    End,
    /// It does not listen any more either.
    Desertion,
    Reset,
}

/// How a connection ended, as its client sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LinkEnd {
    /// The server has ended its side.
    Ended,
    Reset,
}

impl Link {
    /// Whether the server has it.
    pub fn is_accepted(&self) -> bool {
        self.token.is_some() && self.closed.is_none()
    }

    /// Whether everything that the server has sent is taken, and both sides go on.
    pub fn is_quiet(&self) -> bool {
        let is_over = self.server_ended || self.is_reset || self.is_struck || self.is_deserted;
        self.is_accepted() && self.outbound.is_empty() && !is_over
    }

    /// How many bytes the server has read.
    pub fn read(&self) -> u64 {
        self.arrived - self.inbound.len() as u64
    }

    /// How much the network takes.
    pub fn room(&self) -> usize {
        self.capacity.saturating_sub(self.outbound.len())
    }

    fn forget_takes_before(&mut self, time: Nanos) {
        while self.takes.front().is_some_and(|&(at, _)| at <= time) {
            self.takes.pop_front();
        }
    }

    /// The server has ended its side.
    fn is_seen_last(&mut self, now: Nanos, window: Nanos) {
        self.forget_takes_before(now.saturating_sub(window));
        let taken_lately = self.takes.iter().map(|(_, count)| count).sum();
        self.last_sight.get_or_insert(LastSight {
            at: now,
            arrived: self.arrived,
            read: self.read(),
            unread_for: self.unread_since.map_or(0, |_| now - self.unread_at),
            taken_lately,
        });
    }
}

impl State {
    /// A client connects; gives the connection's number. `room` is how much the network holds for the client.
    pub fn connect(&mut self, client: usize, from: SocketAddr, room: usize, dice: &mut Dice) -> usize {
        let addresses = self.listeners.iter().map(|listener| listener.address);
        let public: Vec<SocketAddr> = addresses.filter(|address| address.port() != INSPECTOR).collect();
        let to = public.get(dice.below(public.len() as u64) as usize).copied();
        self.connect_to(client, from, to.unwrap_or(from), room, dice)
    }

    /// The same, but to the inspector.
    pub fn look_in(&mut self, client: usize, from: SocketAddr, room: usize, dice: &mut Dice) -> usize {
        let mut addresses = self.listeners.iter().map(|listener| listener.address);
        let to = addresses.find(|address| address.port() == INSPECTOR);
        self.connect_to(client, from, to.unwrap_or(from), room, dice)
    }

    fn connect_to(&mut self, client: usize, from: SocketAddr, to: SocketAddr, room: usize, dice: &mut Dice) -> usize {
        let number = self.links.len();
        self.links.push(Link {
            client,
            from,
            to,
            token: None,
            inbound: VecDeque::new(),
            arrived: 0,
            arrives_at: 0,
            has_ended: false,
            is_reset: false,
            is_deserted: false,
            outbound: VecDeque::new(),
            capacity: room,
            is_blocked: false,
            has_slot: false,
            was_blocked: false,
            is_given_up: false,
            server_ended: false,
            closed: None,
            last_sight: None,
            accepted_at: None,
            unread_since: None,
            unread_at: 0,
            unread_lap: 0,
            lap: 0,
            read_in: 0,
            paid_until: 0,
            server_reset: false,
            has_news: false,
            is_struck: false,
            taken_at: self.now,
            longest_pause: 0,
            takes: VecDeque::new(),
            dice: dice.split(),
        });
        self.tell(|| format!("client {client} connects from {from}: connection {number}"));
        let arrives = self.arrival(number);
        self.at(arrives, Event::Knock(number));
        number
    }

    /// A client sends bytes, after a delay.
    pub fn send(&mut self, link: usize, bytes: Vec<u8>, delay: Nanos) {
        let count = bytes.len();
        let beginning = || bytes[..count.min(60)].escape_ascii().to_string();
        let client = self.links[link].client;
        let line = format!(
            "client {client} sends {count} bytes: {}",
            if self.story.is_some() {
                beginning()
            } else {
                String::new()
            }
        );
        self.tell(|| line);
        self.post(link, Arrival::Bytes(bytes), delay);
    }

    /// A client ends its side, and goes on reading.
    pub fn end(&mut self, link: usize) {
        let client = self.links[link].client;
        self.tell(|| format!("client {client} ends its side"));
        self.post(link, Arrival::End, 0);
    }

    /// A client closes the connection.
    pub fn desert(&mut self, link: usize) {
        let client = self.links[link].client;
        self.tell(|| format!("client {client} closes"));
        self.post(link, Arrival::Desertion, 0);
    }

    /// A client breaks the connection off.
    pub fn reset(&mut self, link: usize) {
        let client = self.links[link].client;
        self.tell(|| format!("client {client} resets"));
        self.post(link, Arrival::Reset, 0);
    }

    /// A client takes at most so many bytes of what has come.
    pub fn take(&mut self, link: usize, most: usize) -> Vec<u8> {
        let now = self.now;
        let it = &mut self.links[link];
        let count = it.outbound.len().min(most);
        if count == 0 {
            return Vec::new();
        }
        it.longest_pause = it.longest_pause.max(now - it.taken_at);
        it.taken_at = now;
        it.forget_takes_before(now.saturating_sub(self.settings.gives_up));
        it.takes.push_back((now, count));
        let bytes: Vec<u8> = it.outbound.drain(..count).collect();
        let client = it.client;
        if std::mem::take(&mut it.is_blocked) {
            self.tell_server(link, |ready| ready.writable = true);
        }
        self.tell(|| format!("client {client} takes {count} bytes"));
        bytes
    }

    /// Whether the connection is over for its client, once it has taken everything.
    pub fn link_end(&self, link: usize) -> Option<LinkEnd> {
        let it = &self.links[link];
        if !it.outbound.is_empty() {
            return None;
        }
        if it.server_reset || it.is_struck {
            return Some(LinkEnd::Reset);
        }
        it.server_ended.then_some(LinkEnd::Ended)
    }

    fn post(&mut self, link: usize, arrival: Arrival, delay: Nanos) {
        let now = self.now;
        self.links[link].arrives_at = self.links[link].arrives_at.max(now + delay);
        let arrives = self.arrival(link);
        self.at(arrives, Event::Arrive(link, arrival));
    }

    /// When what is sent now arrives: in order.
    fn arrival(&mut self, link: usize) -> Nanos {
        let now = self.now;
        let it = &mut self.links[link];
        it.arrives_at = it.arrives_at.max(now) + it.dice.below(LATENCY);
        it.arrives_at
    }

    pub(super) fn knock(&mut self, link: usize) {
        let to = self.links[link].to;
        let Some(listener) = self
            .listeners
            .iter()
            .position(|listener| listener.address == to && listener.is_open)
        else {
            return self.refuse(link);
        };
        if self.listeners[listener].queue.len() as u64 >= self.listeners[listener].backlog {
            return self.after(KNOCK_AGAIN, Event::Knock(link));
        }
        self.listeners[listener].queue.push_back(link);
        let token = self.listeners[listener].token;
        self.tell_token(None, token, 0, |ready| ready.readable = true);
    }

    /// Nobody listens: the client sees a reset.
    pub fn refuse(&mut self, link: usize) {
        self.links[link].server_reset = true;
        self.links[link].closed = Some(0);
        self.give_news(link);
    }

    pub(super) fn arrive(&mut self, link: usize, arrival: Arrival) {
        let now = self.now;
        let it = &mut self.links[link];
        if it.is_reset {
            return;
        }
        match arrival {
            Arrival::Bytes(bytes) if it.closed.is_some() => {
                // RFC 9293 section 3.10.7.1: there is no such connection.
                let _ = bytes;
                self.reset_by_server(link);
            }
            Arrival::Bytes(bytes) => {
                it.arrived += bytes.len() as u64;
                if it.is_accepted() && it.inbound.is_empty() {
                    it.unread_since.get_or_insert(self.turns);
                    it.unread_lap = self.lap;
                    it.unread_at = now;
                }
                it.inbound.extend(bytes);
                self.tell_server(link, |ready| ready.readable = true);
                if self.strikes(Fault::NetworkResets) {
                    self.strike(link);
                }
            }
            Arrival::End => {
                it.has_ended = true;
                self.tell_server(link, |ready| {
                    ready.readable = true;
                    ready.ended = true;
                });
            }
            Arrival::Desertion => {
                it.is_deserted = true;
                it.has_ended = true;
                let has_unread = !it.outbound.is_empty();
                if has_unread {
                    // What it has not read is lost, and it says so.
                    return self.arrive(link, Arrival::Reset);
                }
                self.tell_server(link, |ready| {
                    ready.readable = true;
                    ready.ended = true;
                });
            }
            Arrival::Reset => {
                it.is_reset = true;
                it.is_deserted = true;
                it.inbound.clear();
                it.outbound.clear();
                self.tell_server(link, |ready| {
                    ready.readable = true;
                    ready.ended = true;
                    ready.broken = true;
                });
            }
        }
    }

    /// The network breaks a connection: both sides see it.
    fn strike(&mut self, link: usize) {
        self.tell(|| format!("the network breaks connection {link}"));
        self.links[link].is_struck = true;
        self.arrive(link, Arrival::Reset);
        self.give_news(link);
    }

    /// The server sends bytes; how many the network takes.
    pub(super) fn server_sends(&mut self, link: usize, bytes: &[u8]) -> usize {
        let now = self.now;
        let it = &mut self.links[link];
        if it.is_deserted {
            self.after(MILLISECOND, Event::Arrive(link, Arrival::Reset));
            return bytes.len();
        }
        let count = bytes.len().min(it.room());
        if it.outbound.is_empty() {
            it.taken_at = now;
        }
        it.outbound.extend(&bytes[..count]);
        it.is_blocked = false;
        if count < bytes.len() {
            self.is_blocked(link);
        }
        course::sends(self, link, count);
        if count > 0 {
            self.give_news(link);
        }
        count
    }

    /// There is no more room for what the server sends.
    pub(super) fn is_blocked(&mut self, link: usize) {
        self.links[link].is_blocked = true;
        self.links[link].was_blocked = true;
        course::lets_go(self, link);
    }

    /// The server ends its side.
    pub(super) fn server_ends(&mut self, link: usize) {
        course::lets_go(self, link);
        let it = &mut self.links[link];
        it.is_seen_last(self.now, self.settings.gives_up);
        if !std::mem::replace(&mut it.server_ended, true) {
            self.tell(|| format!("the server ends its side of connection {link}"));
            self.give_news(link);
        }
    }

    /// The server lets go of a connection.
    pub(super) fn server_closes(&mut self, link: usize) {
        course::lets_go(self, link);
        let it = &mut self.links[link];
        it.closed = Some(it.arrived);
        it.is_seen_last(self.now, self.settings.gives_up);
        it.server_ended = true;
        let has_unread = !it.inbound.is_empty();
        let arrived = it.arrived;
        self.accepted -= 1;
        let it = &mut self.links[link];
        it.inbound.clear();
        self.tell(|| format!("the server lets go of connection {link}, {arrived} bytes had come"));
        self.note("closes", link, &[]);
        if has_unread {
            self.reset_by_server(link);
        } else {
            self.give_news(link);
        }
    }

    /// The client gets a reset. What it has not taken may be lost by that (RFC 9112 section 9.6).
    fn reset_by_server(&mut self, link: usize) {
        let is_harsh = self.rate(Fault::HarshResets) > 0;
        let it = &mut self.links[link];
        if is_harsh {
            it.outbound.clear();
        }
        it.server_reset = true;
        self.tell(|| format!("connection {link} is reset by the server's side"));
        self.give_news(link);
    }

    fn give_news(&mut self, link: usize) {
        if !std::mem::replace(&mut self.links[link].has_news, true) {
            let delay = self.links[link].dice.below(LATENCY);
            self.after(delay, Event::News(link));
        }
    }

    /// Tells the server that something has changed for a connection, sooner or later.
    fn tell_server(&mut self, link: usize, what: impl FnOnce(&mut Ready)) {
        if let (Some(token), None) = (self.links[link].token, self.links[link].closed) {
            let is_late = self.strikes(Fault::LateReadiness);
            let delay = if is_late { self.dice.below(30 * MILLISECOND) } else { 0 };
            self.tell_token(Some(link), token, delay, what);
        }
    }

    /// Tells the server a little later.
    pub(super) fn tell_later(&mut self, link: usize, what: impl FnOnce(&mut Ready)) {
        if let Some(token) = self.links[link].token {
            let delay = self.dice.between(1000, 5 * MILLISECOND);
            self.tell_token(Some(link), token, delay, what);
        }
    }

    /// Tells the server what has changed for a connection, or for a listener.
    pub(super) fn tell_token(
        &mut self,
        link: Option<usize>,
        token: Token,
        delay: Nanos,
        what: impl FnOnce(&mut Ready),
    ) {
        let mut ready = Ready {
            token,
            readable: false,
            writable: false,
            ended: false,
            broken: false,
        };
        what(&mut ready);
        if delay > 0 {
            self.after(delay, Event::Tell(link, ready));
        } else {
            self.ready.push((link, ready));
        }
    }
}

impl State {
    /// The connection that the host calls so.
    fn called(&self, token: Token) -> Option<usize> {
        let mut links = self.links.iter();
        links.position(|link| link.token == Some(token) && link.closed.is_none())
    }

    /// The server is done with the connection with this token.
    pub fn is_given_up(&mut self, token: Token) {
        if let Some(link) = self.called(token) {
            self.links[link].is_given_up = true;
        }
    }

    /// The system has a larger buffer for the connection with this token.
    pub fn enlarge(&mut self, token: Token, room: usize) {
        if let Some(link) = self.called(token) {
            self.links[link].capacity += room;
            if std::mem::take(&mut self.links[link].is_blocked) {
                self.tell_server(link, |ready| ready.writable = true);
            }
        }
    }
}
