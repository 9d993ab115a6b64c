//! A connection as the network sees it, with the bytes that are on their way in both directions.

use super::Nanos;
use crate::dice::Dice;
use aula_native::world::Token;
use std::collections::VecDeque;
use std::net::SocketAddr;

/// A connection.
pub struct Link {
    pub client: usize,
    /// The client's address.
    pub from: SocketAddr,
    /// The server's address.
    pub to: SocketAddr,
    /// The token by which the server calls the connection, once it is accepted.
    pub token: Option<Token>,
    /// The bytes that have arrived and that the server has not read.
    pub inbound: VecDeque<u8>,
    /// How many bytes have arrived.
    pub arrived: u64,
    /// When the last thing that the client sent arrives.
    pub(super) arrives_at: Nanos,
    /// The client's side has ended, and the server can see it.
    pub has_ended: bool,
    /// The server can get nothing more from the client.
    pub is_reset: bool,
    /// The client has left: what is sent to it causes a reset.
    pub(super) is_deserted: bool,
    /// The bytes that the server has sent and the client has not taken.
    pub outbound: VecDeque<u8>,
    /// How many of those bytes the network holds.
    pub capacity: usize,
    /// The server waits for room.
    pub is_blocked: bool,
    /// The connection certainly has a slot: the server has accepted it, has never waited for room on it, and has not
    /// ended its side.
    pub has_slot: bool,
    /// The server has waited for room at least once.
    pub was_blocked: bool,
    /// The server is done with the connection, but the host may still have bytes to send on it.
    pub is_given_up: bool,
    /// The server has ended its side.
    pub server_ended: bool,
    /// How many bytes had arrived when the server closed the connection. `None` while it is open.
    pub closed: Option<u64>,
    /// The state of the connection when the server ended its side.
    pub last_sight: Option<LastSight>,
    /// When the server accepted it.
    pub accepted_at: Option<Nanos>,
    /// The turn in which bytes arrived that the server has not read since.
    pub unread_since: Option<u64>,
    /// The time of that turn, and its lap ([`course::has_read`]).
    pub unread_at: Nanos,
    pub unread_lap: u64,
    /// The lap and the turn in which the server last read from the connection.
    pub lap: u64,
    pub read_in: u64,
    /// With `--rate`, the time by which the bytes that the server has sent are allowed to have been sent.
    pub paid_until: Nanos,
    /// The client sees a reset.
    pub server_reset: bool,
    /// Whether the client is about to be woken.
    pub has_news: bool,
    /// The network broke it.
    pub is_struck: bool,
    /// When the client last took bytes, or when there was last nothing to take.
    pub taken_at: Nanos,
    /// The longest time for which bytes were waiting and the client took none.
    pub longest_pause: Nanos,
    /// What the client took lately ([`Settings::gives_up`](crate::settings::Settings)): when, and how many bytes.
    pub(super) takes: VecDeque<(Nanos, usize)>,
    pub(super) dice: Dice,
}

/// The state of a connection when the server ended its side.
#[derive(Clone, Copy, Debug)]
pub struct LastSight {
    pub at: Nanos,
    /// How many bytes had arrived.
    pub arrived: u64,
    /// How many of them the server had read, and how long the others had been waiting.
    pub read: u64,
    pub unread_for: Nanos,
    /// How many bytes the client had taken lately.
    pub taken_lately: usize,
}

/// Something that a client sends.
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
    /// Whether the server has accepted the connection.
    pub fn is_accepted(&self) -> bool {
        self.token.is_some() && self.closed.is_none()
    }

    /// Whether the client has taken everything that the server has sent, and neither side has ended.
    pub fn is_quiet(&self) -> bool {
        let is_over = self.server_ended || self.is_reset || self.is_struck || self.is_deserted;
        self.is_accepted() && self.outbound.is_empty() && !is_over
    }

    /// How many bytes the server has read.
    pub fn read(&self) -> u64 {
        self.arrived - self.inbound.len() as u64
    }

    /// How many more bytes the network takes.
    pub fn room(&self) -> usize {
        self.capacity.saturating_sub(self.outbound.len())
    }

    /// Forgets what the client took before that time.
    pub(super) fn forget_takes_before(&mut self, time: Nanos) {
        while self.takes.front().is_some_and(|&(at, _)| at <= time) {
            self.takes.pop_front();
        }
    }

    /// The server has ended its side.
    pub(super) fn is_seen_last(&mut self, now: Nanos, window: Nanos) {
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
