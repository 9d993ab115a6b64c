//! The loop that drives everything: wait until something is ready, serve it, and wait again. There is one thread and
//! one `poll`.
//!
//! ```text
//! loop:  wait for sockets and the clock ──> serve the ready ones ──> accept ──> close the late ones ──> write the log
//! ```
//!
//! Each connection waits for exactly one thing, which its state machine names ([`Interest`]). [`super::server`] serves
//! one connection. [`aula::schedule`] decides which connections are polled, which are accepted, and what may be held.

use super::capabilities;
use super::content::Folder;
use super::flush::Flush;
use super::inspect::Inspect;
use super::poller::{Beside, Poller, Source};
use super::server::{Server, Settings};
use super::slot::Slot;
use aula::exchange::Detail;
use aula::http1::{CloseReason, Interest, Rejection};
use aula::schedule::admission::{self, Admission, Eviction, Held, Lack};
use aula::schedule::permit::Permit;
use aula::schedule::slots::Slots;
use aula::time::Instant;
use aula_io::listen::{Listener, RETRY_AFTER};
use aula_io::transport::Transport;
use std::net::IpAddr;
use std::time::Duration;

/// If no connection can be accepted: how often the server checks whether one has been silent or stalled for long enough
/// to be evicted.
const LOOK_AFTER: Duration = Duration::from_millis(25);

/// How many connections are accepted before the existing ones are served again.
const ACCEPT_BATCH: usize = 64;

/// How many connections are served before the clock is read again: a write deadline counts from the last attempt.
const SERVED_BY_A_CLOCK: usize = 8;

/// How many late connections are served with one readiness budget of the host: each may take five writes of 64 KiB, and
/// four checks for each of them.
const LATE_BY_A_BUDGET: usize = 6;

/// How much memory a new connection takes, in bytes; and how much each existing one takes for a moment, when the table
/// grows and when all are polled.
const NEWCOMER: usize = 8 * 1024;
const POLLED: usize = 128;

/// The state of the loop.
pub struct Reactor {
    listeners: Vec<Listener>,
    slots: Slots<Box<Slot>>,
    /// How many of them are refused, and only read their 503.
    refused: usize,
    /// How many of them are displaced: they finish without a slot.
    displaced: usize,
    flush: Flush,
    /// The inspector's listener and connections.
    inspect: Option<Inspect>,
    poller: Poller,
    /// No deadline is earlier than this.
    earliest: Instant,
    /// Listeners are not polled until then.
    accept_from: Instant,
    /// How many connections were accepted.
    accepted: u64,
    /// The permit to write that a new connection has.
    permit: Permit,
    server: Server,
}

impl Reactor {
    pub fn new(settings: Settings, folder: Folder, listeners: Vec<Listener>, inspect: Option<Inspect>) -> Self {
        Self {
            listeners,
            slots: Slots::new(),
            refused: 0,
            displaced: 0,
            flush: Flush::default(),
            inspect,
            poller: Poller::new(),
            earliest: Instant::MAX,
            accept_from: Instant::ORIGIN,
            accepted: 0,
            // With `--rate`, the host must not collect what its client does not take, and send it all at once later.
            permit: Permit::new(capabilities::has(capabilities::PERMIT) && settings.rules.pace.rate.is_none()),
            server: Server::new(settings, folder),
        }
    }

    /// Serves until the last response of [`Settings::requests`] is sent; without that limit, for ever.
    pub fn run(mut self) {
        let mut ready = Vec::new();
        while !self.is_finished() {
            self.wait(&mut ready);
            self.server.look_at_clock();
            let mut is_looked_at = false;
            let last = ready.iter().rposition(|source| matches!(source, Source::Connection(_)));
            for (position, source) in ready.drain(..).enumerate() {
                if position % SERVED_BY_A_CLOCK == SERVED_BY_A_CLOCK - 1 {
                    self.server.look_at_clock();
                }
                match source {
                    Source::Listener(index) => self.accept(index),
                    Source::Flushed(number) => self.flush.flushed(number),
                    Source::Inspect => is_looked_at = true,
                    Source::Connection(number) => self.serve(number, Some(position) == last),
                }
            }
            self.close_late();
            self.make_room();
            self.serve_waiting();
            self.show(is_looked_at);
            self.server.console.flush();
        }
        self.server.console.finish();
        self.flush.leave();
    }

    /// Serves the inspector, if it has a request or there are new events.
    fn show(&mut self, is_looked_at: bool) {
        let ring = &self.server.console.ring;
        if let Some(inspect) = &mut self.inspect
            && (is_looked_at || inspect.is_behind(ring))
        {
            inspect.serve(ring, &mut self.flush, self.server.now.instant);
        }
    }

    /// Waits until something is ready, and writes to `ready` what is.
    fn wait(&mut self, ready: &mut Vec<Source>) {
        let now = self.server.now.instant;
        let mut until = self.earliest.min(self.flush.deadline());
        if !self.server.file_queue.is_empty() || self.server.console.is_behind() {
            until = until.min(now.saturating_add(RETRY_AFTER));
        }
        if let Some(inspect) = &self.inspect {
            until = until.min(inspect.retry_at(now));
        }
        let listeners: &[Listener] = if self.can_accept() {
            &self.listeners
        } else {
            // By then, accepting may work again, or a connection may be old enough to be evicted.
            until = until.min(now.saturating_add(LOOK_AFTER));
            &[]
        };
        let beside = Beside {
            listeners,
            flush: &self.flush,
            inspect: self
                .inspect
                .as_ref()
                .map(|inspect| (inspect, &self.server.console.ring)),
        };
        self.poller.wait(&mut self.slots, &beside, until, now, ready);
    }

    /// Whether listeners are polled: there is a free slot, or a connection can be evicted, or new clients get a 503.
    fn can_accept(&mut self) -> bool {
        // A free descriptor belongs to the connections that wait for a file.
        let is_possible =
            !self.server.is_finishing() && self.accept_from <= self.server.now.instant && self.server.folder.is_ready();
        if !is_possible {
            return false;
        }
        let held = self.held();
        let limits = self.server.settings.limits;
        limits.admit(held) != Admission::Wait || limits.lack(held).is_some_and(|lack| self.eviction(lack).is_some())
    }

    /// What the server holds now.
    fn held(&mut self) -> Held {
        let beside = self.refused.saturating_add(self.displaced);
        Held {
            in_slots: self.server.in_slots,
            beside: beside.saturating_add(self.flush.flushing()),
            abandoned: self.flush.abandoned(),
            is_memory_short: !self
                .server
                .has_memory(NEWCOMER.saturating_add(self.slots.len().saturating_mul(POLLED))),
        }
    }

    /// Which connection can be evicted, and how, if there is one.
    fn eviction(&self, lack: Lack) -> Option<Eviction> {
        // Displaced connections have no slot to give, but memory.
        let candidates = self.slots.iter();
        let candidates = candidates.filter(|(_, slot)| slot.has_slot() || slot.is_displaced && lack == Lack::Memory);
        let candidates = candidates.filter_map(|(number, slot)| Some((number, slot.evictable()?)));
        admission::evict(candidates, lack, self.server.now.instant)
    }

    /// Evicts a connection: an idle one, or one whose client does not read its response.
    fn evict(&mut self, lack: Lack) {
        let Some(eviction) = self.eviction(lack) else {
            return;
        };
        let (Eviction::Close(number) | Eviction::Displace(number)) = eviction;
        if let Some(slot) = self.slots.get_mut(number) {
            // Its request may have arrived but not been read, and its client may have read since.
            self.server.serve(number, slot);
            self.rearm(number);
            if self.eviction(lack) == Some(eviction) {
                match eviction {
                    Eviction::Close(number) => self.close_evicted(number),
                    Eviction::Displace(number) => self.displace(number),
                }
            }
        }
    }

    fn close_evicted(&mut self, number: usize) {
        let is_stalled = self.slots.get(number).is_some_and(|slot| slot.has_unsent());
        self.close(
            number,
            if is_stalled {
                CloseReason::WriteTimeout
            } else {
                CloseReason::Evicted
            },
        );
    }

    /// Lets a connection go on without its slot. If there are too many such connections, one is closed: the one that
    /// has been stalled for longest, of those whose clients have read nothing since they were displaced, if there are
    /// any.
    fn displace(&mut self, number: usize) {
        if !self.server.settings.limits.may_displace(self.displaced) {
            let displaced = self.slots.iter().filter(|(_, slot)| slot.is_displaced);
            let stalled = displaced
                .filter_map(|(number, slot)| Some((slot.has_resumed, slot.connection.stalled_since()?, number)));
            if let Some((_, _, longest)) = stalled.min() {
                self.close_evicted(longest);
            }
        }
        if let Some(slot) = self.slots.get_mut(number) {
            slot.is_displaced = true;
            self.displaced = self.displaced.saturating_add(1);
            self.server.in_slots = self.server.in_slots.saturating_sub(1);
        }
    }

    /// If a client was refused for lack of memory, evicts a connection.
    fn make_room(&mut self) {
        if std::mem::take(&mut self.server.was_short) {
            self.evict(Lack::Memory);
        }
    }

    /// Accepts the clients that wait at a listener.
    fn accept(&mut self, index: usize) {
        for position in 0..ACCEPT_BATCH {
            let limits = self.server.settings.limits;
            let mut held = self.held();
            // Only before the first accept is it certain that a client waits, so only then is a connection evicted.
            if position == 0
                && let Some(lack) = limits.lack(held)
            {
                self.evict(lack);
                held = self.held();
            }
            let admission = limits.admit(held);
            if admission == Admission::Wait {
                return;
            }
            let Some(listener) = self.listeners.get(index) else {
                return;
            };
            let now = self.server.now.instant;
            let transport = match Transport::accept(listener) {
                Ok(Some(transport)) => transport,
                Ok(None) => return,
                Err(_) => {
                    // Probably no descriptor is left.
                    self.evict(Lack::Memory);
                    self.accept_from = now.saturating_add(RETRY_AFTER);
                    return;
                }
            };
            let settings = &self.server.settings;
            let wants_address = self.server.detail() > Detail::None || settings.max_per_address.is_some();
            let address = if wants_address { transport.remote() } else { None };
            let mut slot = Slot::new(transport, self.permit, address, &settings.rules, now);
            slot.is_refused = admission == Admission::Refuse || self.has_too_many(address.map(|address| address.ip()));
            if slot.is_refused {
                slot.connection.reject(Rejection::Busy);
                self.refused = self.refused.saturating_add(1);
            } else {
                self.server.in_slots = self.server.in_slots.saturating_add(1);
            }
            self.server.memory.spend(NEWCOMER);
            self.accepted = self.accepted.saturating_add(1);
            let number = self.slots.insert(Box::new(slot), now);
            let Some(slot) = self.slots.get_mut(number) else {
                return;
            };
            self.server.trace_accepted(number, slot, self.accepted);
            if slot.is_refused {
                self.server.drive(number, slot);
            }
            self.rearm(number);
        }
    }

    fn has_too_many(&self, address: Option<IpAddr>) -> bool {
        let (Some(most), Some(address)) = (self.server.settings.max_per_address, address) else {
            return false;
        };
        let same = self.slots.iter();
        let same = same.filter(|(_, slot)| slot.address.map(|address| address.ip()) == Some(address));
        same.count().saturating_add(self.flush.count_from(address)) >= most
    }

    /// Serves a connection whose pollable is ready. `is_last`: no other connection is served before the next wait.
    fn serve(&mut self, number: usize, is_last: bool) {
        let now = self.server.now.instant;
        let Some(slot) = self.slots.serve(number, self.poller.plan.round(), now) else {
            return;
        };
        self.poller.yield_if_spent(slot, is_last);
        self.server.serve(number, slot);
        self.rearm(number);
    }

    /// Serves the connections that wait neither for the host nor for their clients, but for their turn or for a file.
    fn serve_waiting(&mut self) {
        let files = self.server.file_queue.len();
        for _ in 0..files {
            if !self.server.folder.is_ready() {
                break;
            }
            let Some(number) = self.server.file_queue.pop_front() else {
                break;
            };
            self.drive(number);
        }
        while let Some(number) = self.server.turns.begin_next() {
            self.drive(number);
        }
    }

    fn drive(&mut self, number: usize) {
        if let Some(slot) = self.slots.get_mut(number) {
            self.server.drive(number, slot);
        } else {
            self.server.turns.forget(number);
        }
        self.rearm(number);
    }

    /// Updates what a connection waits for.
    fn rearm(&mut self, number: usize) {
        let Some(slot) = self.slots.get_mut(number) else {
            return;
        };
        if let Some(deadline) = slot.connection.deadline() {
            self.earliest = self.earliest.min(deadline);
        }
        self.server.pass_turn_on(number, slot);
        // A displaced connection whose response is sent needs a slot for a further request.
        let is_finished = slot.is_displaced && slot.connection.idle_since().is_some();
        if !slot.rearm() {
            self.close(number, CloseReason::Broken);
        } else if is_finished && self.server.in_slots < self.server.settings.limits.max_connections {
            slot.is_displaced = false;
            self.displaced = self.displaced.saturating_sub(1);
            self.server.in_slots = self.server.in_slots.saturating_add(1);
        } else if is_finished {
            self.close(number, CloseReason::Evicted);
        }
    }

    /// Closes a connection, now or as soon as the host has sent its bytes. An earlier reason is kept.
    fn close(&mut self, number: usize, end: CloseReason) {
        let Some(mut slot) = self.slots.remove(number) else {
            return;
        };
        // It was closed because its client did not read the response in time.
        let is_late = slot.has_unsent();
        slot.connection.close(end);
        self.server.log_closed(&mut slot);
        if slot.is_refused {
            self.refused = self.refused.saturating_sub(1);
        } else if slot.is_displaced {
            self.displaced = self.displaced.saturating_sub(1);
        } else {
            self.server.in_slots = self.server.in_slots.saturating_sub(1);
        }
        self.server.turns.forget(number);
        self.server.file_queue.retain(|&waiting| waiting != number);
        let Slot {
            transport,
            connection,
            address,
            ..
        } = *slot;
        // Content, files and input are dropped now; only the bytes that the host has are flushed.
        drop(connection);
        let now = self.server.now.instant;
        let until = if is_late { now } else { self.server.write_deadline() };
        self.flush
            .close(transport, address.map(|address| address.ip()), until, now);
    }

    /// Closes the connections whose deadlines have passed, and finds the next deadline.
    ///
    /// A server that was busy must not close a connection whose bytes arrived in time but were not read, or one that
    /// could have been written to. So each is served once more before.
    fn close_late(&mut self) {
        let now = self.server.now.instant;
        if self.flush.deadline() <= now {
            self.flush.expire(now);
        }
        if self.earliest > now {
            return;
        }
        self.earliest = Instant::MAX;
        let mut late = 0_usize;
        for number in 0..self.slots.numbers_end() {
            let Some(slot) = self.slots.get_mut(number) else {
                continue;
            };
            match slot.connection.deadline() {
                Some(deadline) if deadline <= now => {}
                Some(deadline) => {
                    self.earliest = self.earliest.min(deadline);
                    continue;
                }
                None => continue,
            }
            // If the budget is spent, nothing looks ready.
            if late.is_multiple_of(LATE_BY_A_BUDGET) {
                self.poller.really_wait();
            }
            late = late.saturating_add(1);
            self.server.look_at_clock();
            let is_all_read = self.server.serve(number, slot);
            if is_all_read && slot.connection.handle_timeout(now) {
                self.server.drive(number, slot);
            }
            self.rearm(number);
        }
    }

    /// Whether the last response is sent, or its client has had the time to read it.
    fn is_finished(&mut self) -> bool {
        if !self.server.is_finishing() {
            return false;
        }
        let is_busy = |slot: &Slot| slot.has_unsent() || slot.connection.interest() == Interest::Linger;
        if self.slots.iter().any(|(_, slot)| is_busy(slot)) {
            return false;
        }
        // The other connections get nothing more except what the host still has of them.
        for number in 0..self.slots.numbers_end() {
            self.close(number, CloseReason::RequestLimit);
        }
        self.flush.flushing() == 0
    }
}
