//! A connection with everything that belongs to it: its transport, its state machine, and the exchanges that are still
//! to be logged.

use super::clock;
use super::console::{Console, LogConfig};
use super::file::OpenFile;
use super::sender::{Sender, Sending};
use aula::access_log;
use aula::exchange::Exchange;
use aula::http1::{Chunk, CloseReason, Connection, Interest, Progress, Rules};
use aula::schedule::admission::Evictable;
use aula::schedule::permit::Permit;
use aula::time::Instant;
use aula::trace::{self, Completed, Event, Observed, Observer, Peer};
use aula_io::transport::{Arrived, Transport};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::rc::Rc;
use wasi::io::poll::Pollable;

/// A connection with everything that belongs to it.
pub struct Slot {
    pub transport: Transport,
    sender: Sender,
    pub connection: Connection<Rc<OpenFile>>,
    /// The client's address, if it is needed.
    pub address: Option<SocketAddr>,
    /// What the trace records of the connection.
    traced: Option<Box<Observer>>,
    pub waits_for: Wait,
    /// Whether the connection is refused and only reads its 503: then it does not count for `--max-connections`.
    pub is_refused: bool,
    /// Whether its slot was given to a new connection, because its client did not read: then it does not count either.
    pub is_displaced: bool,
    /// Whether the client has read since then: it is slow, but not one that never reads.
    pub has_resumed: bool,
    /// The exchanges whose responses are not sent yet, and, for the trace, what was observed of each.
    exchanges: VecDeque<(Exchange, Option<Observed>)>,
    has_ended_sending: bool,
}

/// What a connection waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wait {
    Readable,
    Writable,
    /// Its turn, if only one exchange may be in progress; a file to be opened; or a point in time.
    Turn,
}

/// The result of a read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Received {
    /// Nothing.
    Nothing,
    /// All bytes that there were.
    All,
    /// As many bytes as were asked for: there may be more.
    Full,
}

impl Slot {
    /// A slot for a connection that was accepted at `now`.
    pub fn new(
        transport: Transport,
        permit: Permit,
        address: Option<SocketAddr>,
        rules: &Rc<Rules>,
        now: Instant,
    ) -> Self {
        Self {
            transport,
            sender: Sender::new(permit),
            connection: Connection::new(Rc::clone(rules), now),
            address,
            traced: None,
            waits_for: Wait::Readable,
            is_refused: false,
            is_displaced: false,
            has_resumed: false,
            exchanges: VecDeque::new(),
            has_ended_sending: false,
        }
    }

    /// What to poll, if the connection waits for the host.
    pub fn pollable(&self) -> Option<&Pollable> {
        match self.waits_for {
            Wait::Readable => Some(self.transport.readable()),
            Wait::Writable => self.transport.writable_if_made(),
            Wait::Turn => None,
        }
    }

    /// Reads the bytes that have arrived, at most `size`.
    pub fn receive(&mut self, size: u64, now: Instant) -> Received {
        match self.transport.read(size) {
            Arrived::Bytes(bytes) => {
                let count = bytes.len();
                if let Some(traced) = &mut self.traced {
                    traced.received(count, now);
                }
                self.connection.receive(bytes, now);
                if (count as u64) < size {
                    return Received::All;
                }
                return Received::Full;
            }
            Arrived::Nothing => return Received::Nothing,
            Arrived::End => self.connection.receive_eof(now),
            Arrived::Broken => self.connection.close(CloseReason::Broken),
        }
        Received::All
    }

    /// Whether the connection counts for `--max-connections`.
    pub fn has_slot(&self) -> bool {
        !self.is_refused && !self.is_displaced
    }

    /// Whether there are bytes that have not been handed to the host yet.
    pub fn has_unsent(&self) -> bool {
        self.connection.has_unsent()
    }

    /// Whether the connection may be evicted.
    pub fn evictable(&self) -> Option<Evictable> {
        match self.connection.idle_since() {
            Some(since) if self.connection.has_responded() => Some(Evictable::Idle(since)),
            Some(since) => Some(Evictable::Silent(since)),
            None => self.connection.stalled_since().map(Evictable::Stalled),
        }
    }

    /// Sends what there is to send.
    pub fn send(&mut self, buffer: &mut Vec<u8>, now: Instant) -> Sending {
        if let Some((_, Some(observed))) = self.exchanges.front_mut()
            && !self.transport.has_unsent()
        {
            observed.first_sent.get_or_insert(now);
        }
        let stalled_since = self.connection.stalled_since();
        let sending = self.sender.send(&self.transport, &mut self.connection, buffer, now);
        self.has_resumed |= self.is_displaced && self.connection.stalled_since() != stalled_since;
        match sending {
            Sending::Done | Sending::Paused => {}
            Sending::Broken => self.connection.close(CloseReason::Broken),
            Sending::CutOff => self.connection.close(CloseReason::FileChanged),
        }
        sending
    }

    /// Updates what the connection waits for. Returns false if it is to be closed.
    pub fn rearm(&mut self) -> bool {
        self.waits_for = match self.connection.interest() {
            Interest::Read => Wait::Readable,
            Interest::Linger => {
                if !self.has_ended_sending {
                    self.has_ended_sending = true;
                    self.transport.end_sending();
                }
                Wait::Readable
            }
            Interest::Write => {
                self.transport.writable();
                Wait::Writable
            }
            Interest::Respond | Interest::Time => Wait::Turn,
            Interest::Close => return false,
        };
        true
    }

    /// Starts the trace of a connection that has just been accepted. `connection` is its number.
    pub fn trace(&mut self, connection: u64, slot: &trace::Slot, log_config: &LogConfig, console: &mut Console) {
        let peer = Peer {
            connection,
            remote: self.address,
            local: self.transport.local(),
        };
        self.traced = Some(Box::new(Observer::new(peer)));
        console.report(log_config, &peer, clock::instant(), &Event::Accepted(slot));
    }

    /// Keeps an exchange until its response is sent; and, for the trace, the slot of the connection and the first bytes
    /// of the content.
    pub fn remember(&mut self, exchange: Exchange, slot: Option<trace::Slot>, log_config: &LogConfig) {
        let observed = self.traced.as_mut().zip(slot).map(|(traced, slot)| {
            let content = beginning(&self.connection, log_config.content);
            traced.responded(&exchange, slot, content)
        });
        self.exchanges.push_back((exchange, observed));
    }

    /// Logs the exchanges whose responses are sent completely.
    pub fn log_completed(&mut self, log_config: &LogConfig, console: &mut Console) {
        while let Some(progress) = self.connection.pop_completed() {
            self.log_exchange(log_config, console, progress);
        }
    }

    /// Logs the exchanges whose responses will not be sent completely, and the close of the connection.
    pub fn log_closed(&mut self, log_config: &LogConfig, console: &mut Console) {
        self.log_completed(log_config, console);
        let incomplete: Vec<_> = self.connection.incomplete().collect();
        for progress in incomplete {
            self.log_exchange(log_config, console, progress);
        }
        if let (Some(traced), Some(end)) = (self.traced.take(), self.connection.close_reason()) {
            console.report(log_config, &traced.peer, clock::instant(), &Event::Closed(end));
        }
    }

    fn log_exchange(&mut self, log_config: &LogConfig, console: &mut Console, progress: Progress) {
        let is_it = |(exchange, _): &(Exchange, _)| exchange.number == progress.exchange;
        let position = self.exchanges.iter().position(is_it);
        let Some((exchange, observed)) = position.and_then(|position| self.exchanges.remove(position)) else {
            return;
        };
        let content_sent = progress.content;
        let at = if log_config.is_timed() {
            clock::instant()
        } else {
            Instant::ORIGIN
        };
        if let (Some(traced), Some(observed)) = (&self.traced, observed) {
            let event = Event::Completed(Completed {
                exchange: &exchange,
                observed: &observed,
                content_sent,
            });
            console.report(log_config, &traced.peer, at, &event);
        }
        if let Some(format) = log_config.log {
            let address = self.address.map(|address| address.ip());
            console.print(&access_log::line(format, address, &exchange, content_sent, at));
        }
    }
}

/// The first bytes of the content of the newest response, at most `most`.
fn beginning(connection: &Connection<Rc<OpenFile>>, most: usize) -> Vec<u8> {
    let mut content = Vec::new();
    for chunk in connection.newest_content() {
        let left = most.saturating_sub(content.len());
        if left == 0 {
            break;
        }
        match chunk {
            Chunk::Bytes(bytes) => content.extend_from_slice(bytes.get(..left).unwrap_or(bytes)),
            Chunk::Slice { file, offset, length } => match file.read(offset, length.min(left as u64)) {
                Ok(bytes) => content.extend_from_slice(&bytes),
                Err(_) => break,
            },
        }
    }
    content
}
