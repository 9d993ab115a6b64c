//! The places that connections take: each with its transport, its state machine, and what of it is still to be logged.

use super::console::{Console, Telling};
use super::content::OpenFile;
use super::transport::{Arrived, Sending, Transport};
use aula::access_log;
use aula::exchange::Exchange;
use aula::http1::{Connection, Delivered, End, Instant, Interest, Rules};
use aula::trace::{self, Happening, Peer, Slot};
use std::collections::{BTreeSet, VecDeque};
use std::net::SocketAddr;
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
    pub address: Option<SocketAddr>,
    /// Whom the trace is about, if the connection is traced.
    traced: Option<Box<Peer>>,
    pub waits_for: Wait,
    /// Whether it counts against the cap. One that is refused does not, nor one that waits in the graveyard.
    pub counts: bool,
    /// In which sweep of the reactor it was served last.
    pub sweep: u32,
    served_at: Instant,
    /// Exchanges whose answers are not out yet, and, for the trace, where the connection sat at each.
    exchanges: VecDeque<(Exchange, Option<Slot>)>,
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
    pub fn new(transport: Transport, address: Option<SocketAddr>, rules: &Rc<Rules>, sweep: u32, now: Instant) -> Self {
        Self {
            transport,
            connection: Connection::new(Rc::clone(rules), now),
            address,
            traced: None,
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
            Arrived::Broken => self.connection.close(End::Broken),
        }
        true
    }

    /// Sends what there is to send.
    pub fn send(&mut self, buffer: &mut Vec<u8>, now: Instant) -> Sending {
        let sending = self.transport.send(&mut self.connection, buffer, now);
        match sending {
            Sending::Done | Sending::Paused => {}
            Sending::Broken => self.connection.close(End::Broken),
            Sending::CutOff => self.connection.close(End::CutOff),
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

    /// Begins to trace: the connection has just been accepted, as the `connection`th.
    pub fn trace(&mut self, connection: u64, slot: &Slot, telling: &Telling, console: &mut Console) {
        let peer = Peer {
            connection,
            remote: self.address,
            local: self.transport.local(),
        };
        self.traced = Some(Box::new(peer));
        if let Some(form) = telling.trace {
            console.print(&trace::tell(form, telling.lang, &peer, &Happening::Accepted(slot)));
        }
    }

    /// Keeps an exchange until its answer is out; and, for the trace, where the connection sits.
    pub fn remember(&mut self, exchange: Exchange, slot: Option<Slot>) {
        self.exchanges.push_back((exchange, slot));
    }

    /// Lets go of the answers that are out, and tells of their exchanges.
    pub fn tell_delivered(&mut self, telling: &Telling, console: &mut Console) {
        while let Some(delivered) = self.connection.take_delivered() {
            self.tell_exchange(telling, console, delivered);
        }
    }

    /// Tells of the exchanges whose answers will never be out, with what of them is, and of the end.
    pub fn tell_end(&mut self, telling: &Telling, console: &mut Console) {
        self.tell_delivered(telling, console);
        let undelivered: Vec<_> = self.connection.undelivered().collect();
        for delivered in undelivered {
            self.tell_exchange(telling, console, delivered);
        }
        if let (Some(peer), Some(form), Some(end)) = (self.traced.take(), telling.trace, self.connection.end()) {
            console.print(&trace::tell(form, telling.lang, &peer, &Happening::Ended(end)));
        }
    }

    fn tell_exchange(&mut self, telling: &Telling, console: &mut Console, delivered: Delivered) {
        let is_it = |(exchange, _): &(Exchange, _)| exchange.number == delivered.exchange;
        let position = self.exchanges.iter().position(is_it);
        let Some((exchange, slot)) = position.and_then(|position| self.exchanges.remove(position)) else {
            return;
        };
        let content_sent = delivered.content;
        if let (Some(form), Some(peer), Some(slot)) = (telling.trace, &self.traced, slot) {
            let happening = Happening::Answered {
                slot: &slot,
                exchange: &exchange,
                content_sent,
            };
            console.print(&trace::tell(form, telling.lang, peer, &happening));
        }
        if let Some(format) = telling.log {
            let address = self.address.map(|address| address.ip());
            console.print(&access_log::line(format, address, &exchange, content_sent));
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

    /// How many are taken and not busy.
    pub fn count_idle(&self) -> usize {
        self.taken().saturating_sub(self.busy.len())
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
