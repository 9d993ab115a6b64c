//! What a client does with its connection, and how that arrives at the server's side of the network.

use super::link::{Arrival, Link, LinkEnd};
use super::server_side::LATENCY;
use super::state::{Event, State};
use super::{MILLISECOND, Nanos};
use crate::dice::Dice;
use crate::schedule::Fault;
use std::collections::VecDeque;
use std::net::SocketAddr;
/// The port of `--inspect`.
pub const INSPECTOR: u16 = 8088;

/// After what time a client tries again if the system's queue had no room for it.
const KNOCK_AGAIN: Nanos = 1000 * MILLISECOND;

impl State {
    /// A client connects. Returns the connection's number. `room` is how many bytes the network holds for the client.
    pub fn connect(&mut self, client: usize, from: SocketAddr, room: usize, dice: &mut Dice) -> usize {
        let addresses = self.listeners.iter().map(|listener| listener.address);
        let public: Vec<SocketAddr> = addresses.filter(|address| address.port() != INSPECTOR).collect();
        let to = public.get(dice.below(public.len() as u64) as usize).copied();
        self.connect_to(client, from, to.unwrap_or(from), room, dice)
    }

    /// The same, but the client connects to the inspector.
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

    /// A client ends its side, and continues to read.
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

    /// A client resets the connection.
    pub fn reset(&mut self, link: usize) {
        let client = self.links[link].client;
        self.tell(|| format!("client {client} resets"));
        self.post(link, Arrival::Reset, 0);
    }

    /// A client takes at most this number of the bytes that have arrived for it.
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

    /// How the connection ended for its client, once the client has taken everything.
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

    /// When bytes that are sent now arrive. They arrive in the order in which they were sent.
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

    /// No socket listens, so the client sees a reset.
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
                // RFC 9293 section 3.10.7.1: this connection does not exist.
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
                    // Bytes that the client has not read are lost, and its system reports that with a reset.
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

    /// The network breaks a connection, and both sides see it.
    fn strike(&mut self, link: usize) {
        self.tell(|| format!("the network breaks connection {link}"));
        self.links[link].is_struck = true;
        self.arrive(link, Arrival::Reset);
        self.give_news(link);
    }
}
