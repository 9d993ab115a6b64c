//! A connection as the network has it: what is under way in both directions.

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
    /// The server's.
    pub to: SocketAddr,
    /// By what the server calls it, once it is accepted.
    pub token: Option<Token>,
    /// What has arrived and is not read by the server.
    pub inbound: VecDeque<u8>,
    /// How many bytes have arrived.
    pub arrived: u64,
    /// When the last thing that the client sent arrives.
    pub(super) arrives_at: Nanos,
    /// The client's side has ended, as the server sees it.
    pub has_ended: bool,
    /// Nothing is to be had from the client any more.
    pub is_reset: bool,
    /// The client is not there any more: what is sent to it comes back as a reset.
    pub(super) is_deserted: bool,
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
    /// The server has closed it, when this number of bytes had arrived.
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
    pub(super) takes: VecDeque<(Nanos, usize)>,
    pub(super) dice: Dice,
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

    /// Forgets what the client took up to then.
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
