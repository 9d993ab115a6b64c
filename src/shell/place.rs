//! The places that connections take: each with its transport, its state machine, and what of it is still to be logged.

use super::console::Console;
use super::content::OpenFile;
use super::transport::{Arrived, Sending, Transport};
use aula::access_log::{self, Format};
use aula::exchange::Exchange;
use aula::http1::{Connection, Instant, Interest, Rules};
use std::collections::{BTreeSet, VecDeque};
use std::net::IpAddr;
use std::rc::Rc;
use wasi::io::poll::Pollable;

/// For how long after it was served a connection counts as busy, in nanoseconds: a client that asks again soon asks again
/// soon.
const BUSY: Instant = 200_000_000;

/// A connection and what belongs to it.
pub struct Place {
    pub transport: Transport,
    pub connection: Connection<Rc<OpenFile>>,
    /// The client's, if anybody wants to know.
    pub address: Option<IpAddr>,
    pub waits_for: Wait,
    /// Whether it counts against the cap. One that is refused does not, nor one that waits in the graveyard.
    pub counts: bool,
    /// In which sweep of the reactor it was served last.
    pub sweep: u32,
    served_at: Instant,
    /// Exchanges whose answers are not out yet, in order.
    exchanges: VecDeque<Exchange>,
    has_ended_sending: bool,
}

/// What a place waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wait {
    Readable,
    Writable,
    /// Its turn, where only one exchange may be under way.
    Turn,
    /// The host, which still has bytes to send (Trap 2). Then the place is free.
    Graveyard,
}

impl Place {
    /// A connection that was accepted at `now`; `sweep` is one in which it was not served.
    pub fn new(transport: Transport, address: Option<IpAddr>, rules: &Rc<Rules>, sweep: u32, now: Instant) -> Self {
        Self {
            transport,
            connection: Connection::new(Rc::clone(rules), now),
            address,
            waits_for: Wait::Readable,
            counts: true,
            sweep,
            served_at: now,
            exchanges: VecDeque::new(),
            has_ended_sending: false,
        }
    }

    /// What to poll, if it is the host that the place waits for.
    pub fn pollable(&self) -> Option<&Pollable> {
        match self.waits_for {
            Wait::Readable => Some(self.transport.readable()),
            Wait::Writable | Wait::Graveyard => self.transport.writable_if_made(),
            Wait::Turn => None,
        }
    }

    /// Takes in what has arrived, at most `size` bytes. False when it is nothing.
    pub fn receive(&mut self, size: u64, now: Instant) -> bool {
        match self.transport.read(size) {
            Arrived::Bytes(bytes) => self.connection.receive(&bytes, now),
            Arrived::Nothing => return false,
            Arrived::End => self.connection.receive_eof(now),
            Arrived::Broken => self.connection.close(),
        }
        true
    }

    /// Sends what there is to send.
    pub fn send(&mut self, buffer: &mut Vec<u8>, now: Instant) -> Sending {
        let sending = self.transport.send(&mut self.connection, buffer, now);
        if sending == Sending::Broken {
            self.connection.close();
        }
        sending
    }

    /// Asks the connection what it waits for now. False when that is its end.
    pub fn settle(&mut self) -> bool {
        self.waits_for = match self.connection.interest() {
            Interest::Read => Wait::Readable,
            Interest::Drain => {
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
            Interest::Respond => Wait::Turn,
            Interest::Close => return false,
        };
        true
    }

    /// Keeps an exchange until its answer is out.
    pub fn remember(&mut self, exchange: Exchange) {
        self.exchanges.push_back(exchange);
    }

    /// Lets go of the answers that are out, and logs their exchanges.
    pub fn log_delivered(&mut self, format: Option<Format>, console: &mut Console) {
        while let Some(bytes) = self.connection.take_delivered() {
            self.log_next(format, console, bytes);
        }
    }

    /// Logs the exchanges whose answers will never be out, with what of them is.
    pub fn log_cut_off(&mut self, format: Option<Format>, console: &mut Console) {
        self.log_delivered(format, console);
        let mut bytes = self.connection.partly_delivered();
        while !self.exchanges.is_empty() {
            self.log_next(format, console, bytes);
            bytes = 0;
        }
    }

    fn log_next(&mut self, format: Option<Format>, console: &mut Console, bytes: u64) {
        if let (Some(exchange), Some(format)) = (self.exchanges.pop_front(), format) {
            console.print(&access_log::line(format, self.address, &exchange, bytes));
        }
    }
}

/// All places, by number.
#[derive(Default)]
pub struct Places {
    places: Vec<Option<Place>>,
    free: Vec<usize>,
    /// The places that were served lately.
    busy: BTreeSet<usize>,
    /// How many are taken by connections that do not count against the cap.
    uncounted: usize,
}

impl Places {
    /// How many are taken.
    pub fn taken(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// How many of them count against the cap.
    pub fn counted(&self) -> usize {
        self.taken() - self.uncounted
    }

    /// How many numbers there are, of free places too.
    pub fn numbers(&self) -> usize {
        self.places.len()
    }

    pub fn get(&self, number: usize) -> Option<&Place> {
        self.places.get(number)?.as_ref()
    }

    pub fn get_mut(&mut self, number: usize) -> Option<&mut Place> {
        self.places.get_mut(number)?.as_mut()
    }

    /// All places that are taken, with their numbers.
    pub fn all(&self) -> impl Iterator<Item = (usize, &Place)> {
        let numbered = self.places.iter().enumerate();
        numbered.filter_map(|(number, place)| Some((number, place.as_ref()?)))
    }

    /// Those of them that were served lately.
    pub fn busy(&self) -> impl Iterator<Item = (usize, &Place)> {
        self.busy.iter().filter_map(|&number| Some((number, self.get(number)?)))
    }

    /// How many those are.
    pub fn count_busy(&self) -> usize {
        self.busy.len()
    }

    /// Whether any is not busy.
    pub fn has_idle(&self) -> bool {
        self.busy.len() < self.taken()
    }

    /// Takes a place; gives its number.
    pub fn take(&mut self, place: Place) -> usize {
        self.uncounted += usize::from(!place.counts);
        let number = self.free.pop().unwrap_or(self.places.len());
        match self.places.get_mut(number) {
            Some(free) => *free = Some(place),
            None => self.places.push(Some(place)),
        }
        self.busy.insert(number);
        number
    }

    /// Frees a place.
    pub fn free(&mut self, number: usize) {
        if let Some(place) = self.places.get_mut(number).and_then(Option::take) {
            self.free.push(number);
            self.busy.remove(&number);
            self.uncounted -= usize::from(!place.counts);
        }
    }

    /// Lets the connection of a place go: now, or, while the host still has bytes to send, out of everybody's way (Trap 2).
    pub fn bury(&mut self, number: usize) {
        let Some(place) = self.places.get_mut(number).and_then(Option::as_mut) else {
            return;
        };
        if place.waits_for == Wait::Graveyard {
            return;
        }
        if place.transport.has_unsent() {
            place.transport.end();
            place.transport.writable();
            place.waits_for = Wait::Graveyard;
            self.uncounted += usize::from(std::mem::replace(&mut place.counts, false));
        } else {
            self.free(number);
        }
    }

    /// The place is being served in this sweep at this time.
    pub fn mark(&mut self, number: usize, sweep: u32, now: Instant) -> Option<&mut Place> {
        let place = self.places.get_mut(number)?.as_mut()?;
        place.sweep = sweep;
        if place.served_at.saturating_add(BUSY) < now {
            self.busy.insert(number);
        }
        place.served_at = now;
        Some(place)
    }

    /// Those who have not been served for a while are busy no longer.
    pub fn calm_down(&mut self, now: Instant) {
        let places = &self.places;
        self.busy.retain(|&number| {
            let place = places.get(number).and_then(Option::as_ref);
            place.is_some_and(|place| place.served_at.saturating_add(BUSY) >= now)
        });
    }
}
