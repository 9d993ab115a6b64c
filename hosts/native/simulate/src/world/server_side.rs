//! What the server does with a connection, and which changes it is told of.

use super::link::Arrival;
use super::state::{Event, State};
use super::{MILLISECOND, Nanos};
use crate::oracle::course;
use crate::schedule::Fault;
use aula_native::world::{Ready, Token};
/// How long bytes and reports are under way at most.
pub(super) const LATENCY: Nanos = 2 * MILLISECOND;

impl State {
    /// The server sends bytes. Returns how many of them the network takes.
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

    /// The network has no more room for what the server sends.
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

    /// The server closes a connection.
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

    /// The client gets a reset. It may lose the bytes that it has not taken (RFC 9112 section 9.6).
    pub(super) fn reset_by_server(&mut self, link: usize) {
        let is_harsh = self.rate(Fault::HarshResets) > 0;
        let it = &mut self.links[link];
        if is_harsh {
            it.outbound.clear();
        }
        it.server_reset = true;
        self.tell(|| format!("connection {link} is reset by the server's side"));
        self.give_news(link);
    }

    /// Wakes the client soon, so that it sees what has changed.
    pub(super) fn give_news(&mut self, link: usize) {
        if !std::mem::replace(&mut self.links[link].has_news, true) {
            let delay = self.links[link].dice.below(LATENCY);
            self.after(delay, Event::News(link));
        }
    }

    /// Tells the server, sooner or later, that something has changed for a connection.
    pub(super) fn tell_server(&mut self, link: usize, what: impl FnOnce(&mut Ready)) {
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

    /// The connection that has this token.
    fn called(&self, token: Token) -> Option<usize> {
        let mut links = self.links.iter();
        links.position(|link| link.token == Some(token) && link.closed.is_none())
    }

    /// The server is done with the connection that has this token.
    pub fn is_given_up(&mut self, token: Token) {
        if let Some(link) = self.called(token) {
            self.links[link].is_given_up = true;
        }
    }

    /// The system has a larger buffer for the connection that has this token.
    pub fn enlarge(&mut self, token: Token, room: usize) {
        if let Some(link) = self.called(token) {
            self.links[link].capacity += room;
            if std::mem::take(&mut self.links[link].is_blocked) {
                self.tell_server(link, |ready| ready.writable = true);
            }
        }
    }
}
