//! A socket of the component, and its state: whether there is something to read or room to write, which bytes are
//! unsent, and whether it is at its end.

use super::PIECE;
use crate::wit::wasi::sockets::network::ErrorCode;
use crate::wit::wasi::sockets::tcp::ShutdownType;
use crate::world::{Instant, Ready, World};

/// The backlog of a listener if the component does not set one.
const BACKLOG: u64 = 128;

/// A socket and its state.
pub struct Socket<W: World> {
    pub state: State<W>,
    /// How many connections may wait to be accepted.
    pub backlog: u64,
    /// Whether there are bytes to read, or clients to accept, as far as is known.
    pub readable: bool,
    /// Whether there is room to write, as far as is known.
    pub writable: bool,
    /// Whether the other side has ended its stream.
    pub ended: bool,
    /// Whether the connection is broken, so that nothing can be sent any more.
    pub broken: bool,
    /// How many bytes the component may still write: what `check-write` has permitted, without those that it has
    /// written. Together with the unsent bytes, at most one [`PIECE`].
    pub permit: usize,
    /// The bytes that were written and that the system has not taken yet. While there are any, there is no room.
    pub unsent: Vec<u8>,
    /// When the system last took some of them.
    pub sent_at: Instant,
    /// Whether the host shuts down the sending side after the unsent bytes.
    pub ends: bool,
    /// The number of resources for this socket: the socket and its streams.
    pub handles: u8,
}

pub enum State<W: World> {
    New(W::Socket),
    Listening(W::Listener),
    /// Connected, or connecting.
    Stream(W::Stream),
    Closed,
}

impl<W: World> Socket<W> {
    pub fn new(state: State<W>, handles: u8) -> Self {
        Self {
            state,
            backlog: BACKLOG,
            readable: false,
            writable: false,
            ended: false,
            broken: false,
            permit: 0,
            unsent: Vec::new(),
            sent_at: 0,
            ends: false,
            handles,
        }
    }

    /// How many bytes may be written; `None` if nothing can be sent any more.
    pub fn room(&self) -> Option<usize> {
        match (self.broken, self.writable) {
            (true, _) => None,
            (false, true) => Some(PIECE),
            (false, false) => Some(0),
        }
    }

    /// Permits as many bytes as there is room for, and returns their number. What was permitted before is not taken
    /// back if there is no room now: this is the capability `permit` of `docs/host.md`.
    pub fn permit_writing(&mut self) -> Option<usize> {
        let room = self.room()?;
        self.permit = self.permit.max(room);
        Some(room)
    }

    /// Keeps bytes that were written until the system takes them.
    pub fn keep(&mut self, mut bytes: Vec<u8>, now: Instant) {
        if self.unsent.is_empty() {
            self.unsent = bytes;
            self.sent_at = now;
        } else {
            self.unsent.append(&mut bytes);
        }
        self.writable = false;
    }

    /// Stops accepting, if it is a listener.
    pub fn stop_listening(&mut self) {
        if let State::Listening(_) = self.state {
            self.state = State::Closed;
            self.readable = false;
        }
    }

    /// Whether bytes are still to be read or sent, or the other side has not received all of them.
    pub fn is_under_way(&self) -> bool {
        let is_connection = matches!(self.state, State::Stream(_)) && !self.broken;
        is_connection && (self.readable || !self.unsent.is_empty() || (self.ends && !self.ended))
    }

    /// Notes a change.
    pub fn tell(&mut self, world: &W, ready: Ready) {
        self.readable |= ready.readable;
        self.ended |= ready.ended;
        if ready.broken {
            self.give_up();
        } else if ready.writable {
            self.send_unsent(world);
        }
    }

    /// Sends what was written. When nothing is left, there is room again.
    fn send_unsent(&mut self, world: &W) {
        while !self.unsent.is_empty()
            && let State::Stream(stream) = &self.state
        {
            match world.send(stream, &self.unsent) {
                Ok(count) => {
                    self.unsent.drain(..count);
                    self.sent_at = world.now();
                }
                Err(ErrorCode::WouldBlock) => return,
                Err(_) => return self.give_up(),
            }
        }
        self.unsent = Vec::new();
        self.writable = true;
        if self.ends {
            self.shut(world, ShutdownType::Send);
        }
    }

    /// Gives the connection up: nothing more is sent.
    pub fn give_up(&mut self) {
        self.broken = true;
        self.unsent = Vec::new();
    }

    /// When the connection is given up if no unsent byte is taken until then; `None` if there are none.
    pub fn patience_ends(&self, patience: Instant) -> Option<Instant> {
        (!self.unsent.is_empty()).then(|| self.sent_at.saturating_add(patience))
    }

    pub fn shut(&self, world: &W, how: ShutdownType) {
        if let State::Stream(stream) = &self.state {
            world.shutdown(stream, how);
        }
    }

    /// The outcome of connecting.
    pub fn connected(&self, world: &W) -> Result<(), ErrorCode> {
        match &self.state {
            State::Stream(stream) if self.writable || self.broken => world.connected(stream),
            State::Stream(_) => Err(ErrorCode::WouldBlock),
            _ => Err(ErrorCode::NotInProgress),
        }
    }
}
