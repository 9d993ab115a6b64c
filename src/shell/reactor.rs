//! The loop that drives everything: wait until something is ready, serve it, and wait again. There is one thread and
//! one `poll`.
//!
//! ```text
//! loop:  wait for sockets and the clock ──> serve the ready ones ──> accept ──> close the late ones ──> write the log
//!
//! serve: read ──> respond to complete requests ──> send ──> (more in the buffer? respond again) ──> wait for one thing
//! ```
//!
//! Each connection waits for exactly one thing, which its state machine names ([`Interest`]). [`aula::schedule`]
//! decides which connections are polled, which are accepted, and what may be held.

use super::clock::{self, Clock};
use super::console::{Console, LogConfig};
use super::content::Folder;
use super::flush::Flush;
use super::inspect::Inspect;
use super::memory::{self, Memory};
use super::poller::{Beside, Poller, Source};
use super::sender::Sending;
use super::slot::{Received, Slot, Wait};
use aula::exchange::{self, Detail, ExchangeResult, Now};
use aula::http1::{CloseReason, Event, Interest, Rejection, Rules};
use aula::schedule::admission::{self, Admission, Eviction, Held, Lack, Limits};
use aula::schedule::slots::Slots;
use aula::schedule::turns::Turns;
use aula::site::Site;
use aula::time::Instant;
use aula::trace;
use aula_io::listen::Listener;
use aula_io::transport::Transport;
use std::collections::VecDeque;
use std::net::IpAddr;
use std::rc::Rc;
use std::time::Duration;

/// How long a listener is not polled after accepting has failed: it stays ready, and accepting would fail again at once
/// (trap 3). This is also the interval for checking whether files can be opened again, and whether the log is read
/// again.
const RETRY_AFTER: Duration = Duration::from_millis(100);

/// If no connection can be accepted: how often the server checks whether one has been silent or stalled for long enough
/// to be evicted.
const LOOK_AFTER: Duration = Duration::from_millis(25);

/// How many connections are accepted before the existing ones are served again.
const ACCEPT_BATCH: usize = 64;

/// How many reads a connection gets before its responses are sent. All bytes that have arrived are read first:
/// otherwise the responses to a batch of requests that is larger than one read would be sent in several writes, and
/// Nagle's algorithm would delay the second one until the client acknowledges the first.
const READS: usize = 16;

/// How many connections are served before the clock is read again: a write deadline counts from the last attempt.
const SERVED_BY_A_CLOCK: usize = 8;

/// How many late connections are served with one readiness budget of the host: each may take five writes of 64 KiB, and
/// four checks for each of them.
const LATE_BY_A_BUDGET: usize = 6;

/// How much memory a new connection takes, in bytes; and how much each existing one takes for a moment, when the table
/// grows and when all are polled.
const NEWCOMER: usize = 8 * 1024;
const POLLED: usize = 128;

/// The maximum memory for a response, in bytes: its head and an error page, or 32 parts. A listing asks for its memory
/// separately.
const RESPONSE: usize = 64 * 1024;

/// How much memory a response takes in addition to its content and the fields of its head, in bytes.
const RESPONSE_PARTS: usize = 2 * 1024;

/// How much memory a refusal (503) takes, in bytes.
const REFUSAL: usize = 4 * 1024;

/// How many copies of a request's head exist while its response is made: for the log, and for the trace.
const COPIES: usize = 4;
const TRACED_COPIES: usize = 16;

/// The configuration of the loop.
pub struct Settings {
    pub rules: Rc<Rules>,
    pub site: Site,
    pub read_size: u64,
    /// Whether only one exchange at a time is served.
    pub serial: bool,
    /// The number of responses after which the loop ends.
    pub requests: Option<u64>,
    pub limits: Limits,
    pub max_per_address: Option<usize>,
    pub log_config: LogConfig,
}

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
    server: Server,
}

/// What is needed to serve one connection.
struct Server {
    settings: Settings,
    folder: Folder,
    console: Console,
    clock: Clock,
    now: Now,
    memory: Memory,
    /// Whether a client was refused for lack of memory since this was last checked.
    was_short: bool,
    turns: Turns,
    /// The connections whose requests wait until a file can be opened.
    file_queue: VecDeque<usize>,
    /// How many responses were made.
    responded: u64,
    /// How many slots are taken, for the trace.
    in_slots: usize,
    /// The buffer in which pieces of responses are joined.
    buffer: Vec<u8>,
}

impl Reactor {
    pub fn new(settings: Settings, folder: Folder, listeners: Vec<Listener>, inspect: Option<Inspect>) -> Self {
        let mut clock = Clock::default();
        let lang = settings.log_config.lang;
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
            server: Server {
                settings,
                folder,
                console: Console::new(lang),
                now: clock.now(),
                clock,
                memory: Memory::default(),
                was_short: false,
                turns: Turns::default(),
                file_queue: VecDeque::new(),
                responded: 0,
                in_slots: 0,
                buffer: Vec::new(),
            },
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
            let mut slot = Slot::new(transport, address, &settings.rules, now);
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

impl Server {
    fn look_at_clock(&mut self) {
        self.now = self.clock.now();
        self.folder.tell_time(self.now.instant);
    }

    /// Reads the clock within a loop iteration, if the log needs exact times.
    fn look_closely(&mut self) {
        if self.settings.log_config.is_timed() {
            self.now.instant = clock::instant();
        }
    }

    fn detail(&self) -> Detail {
        self.settings.log_config.detail()
    }

    fn is_finishing(&self) -> bool {
        self.settings.requests.is_some_and(|most| self.responded >= most)
    }

    /// Until when a client must have read the bytes that the host still has.
    fn write_deadline(&self) -> Instant {
        self.now.instant.saturating_add(self.settings.rules.timeouts.write)
    }

    /// Reads, if the connection waited for that, and serves it. Returns false if there may be more to read.
    fn serve(&mut self, number: usize, slot: &mut Slot) -> bool {
        let mut received = Received::All;
        let mut is_served = slot.waits_for == Wait::Writable;
        if slot.waits_for == Wait::Readable {
            for _ in 0..READS {
                if !self.has_memory_to_read(slot) {
                    is_served = true;
                    break;
                }
                self.look_closely();
                received = slot.receive(self.settings.read_size, self.now.instant);
                is_served |= received != Received::Nothing;
                if received != Received::Full {
                    break;
                }
                self.respond(number, slot);
                if !matches!(slot.connection.next_event(), Ok(Event::NeedData)) {
                    break;
                }
            }
        }
        if is_served {
            self.drive(number, slot);
        }
        received != Received::Full
    }

    /// Whether there is memory for the next read. If not, the request is refused.
    fn has_memory_to_read(&mut self, slot: &mut Slot) -> bool {
        let read_size = usize::try_from(self.settings.read_size).unwrap_or(usize::MAX);
        let growth = slot.connection.growth(read_size);
        // The read itself needs its memory only for a moment.
        if growth == 0 {
            return true;
        }
        if self.has_memory(growth.saturating_add(read_size)) {
            self.memory.spend(growth);
            return true;
        }
        // The finished responses are sent first: then there may be memory. There is nothing to refuse if the client has
        // sent nothing.
        if slot.connection.interest() != Interest::Write && slot.transport.has_arrived() {
            self.refuse(slot);
        }
        false
    }

    /// Whether this much memory may be allocated. If necessary, the cache is emptied.
    fn has_memory(&mut self, bytes: usize) -> bool {
        if self.memory.allows(bytes) {
            return true;
        }
        self.folder.forget();
        let is_enough = self.memory.allows(bytes);
        self.was_short |= !is_enough;
        is_enough
    }

    /// Refuses a request for lack of memory: with 503, if there is memory for that.
    fn refuse(&mut self, slot: &mut Slot) {
        if memory::is_free(REFUSAL) {
            slot.connection.reject(Rejection::Busy);
        } else {
            slot.connection.close(CloseReason::ServerFull);
        }
    }

    /// Responds and sends as far as possible.
    fn drive(&mut self, number: usize, slot: &mut Slot) {
        loop {
            self.look_closely();
            self.respond(number, slot);
            if slot.connection.interest() != Interest::Write {
                return;
            }
            self.look_closely();
            let sending = slot.send(&mut self.buffer, self.now.instant);
            slot.log_completed(&self.settings.log_config, &mut self.console);
            // Everything is sent. If only one exchange may be in progress, it is now the turn of another connection.
            if sending != Sending::Done || self.settings.serial || !slot.connection.has_pending_input() {
                return;
            }
        }
    }

    /// Responds to the requests that are complete.
    fn respond(&mut self, number: usize, slot: &mut Slot) {
        let detail = self.detail();
        loop {
            let is_last = match self.settings.requests {
                // The last response has begun: all other connections are closed.
                Some(most) if self.responded >= most => {
                    if matches!(slot.connection.interest(), Interest::Read | Interest::Respond) {
                        slot.connection.close(CloseReason::RequestLimit);
                    }
                    return;
                }
                Some(most) => self.responded.saturating_add(1) == most,
                None => false,
            };
            if !self.may_respond(number, slot) {
                return;
            }
            let (connection, site) = (&mut slot.connection, &self.settings.site);
            let (queued, head) = (connection.queued_bytes(), connection.head_bytes().len());
            let ExchangeResult::Responded(exchange) =
                exchange::respond(connection, site, &self.folder, self.now, is_last, detail)
            else {
                return;
            };
            self.responded = self.responded.saturating_add(1);
            let content = connection.queued_bytes().saturating_sub(queued);
            self.memory
                .spend(RESPONSE_PARTS.saturating_add(head.saturating_add(content).saturating_mul(2)));
            if let Some(exchange) = exchange {
                let sits = (detail == Detail::Trace).then(|| self.sits(number));
                slot.remember(exchange, sits, &self.settings.log_config);
            }
            if self.settings.serial || !slot.connection.has_pending_input() {
                return;
            }
        }
    }

    /// Whether a connection may get its next response now: it is its turn, a file can be opened for it, and there is
    /// memory for it.
    fn may_respond(&mut self, number: usize, slot: &mut Slot) -> bool {
        let connection = &mut slot.connection;
        // One open file for each connection is enough: those of the next requests are opened when it has been sent.
        if connection.newest_file().is_some_and(|file| file.is_on_disk()) {
            return false;
        }
        let copies = if self.detail() == Detail::Trace {
            TRACED_COPIES
        } else {
            COPIES
        };
        let head = connection.head_bytes().len().saturating_mul(copies);
        let bytes = RESPONSE.saturating_add(head);
        let is_free = !self.settings.serial && self.file_queue.is_empty() && self.folder.is_ready();
        if is_free && self.memory.allows(bytes) {
            return true;
        }
        if !exchange::has_pending_request(connection) {
            return false;
        }
        if self.settings.serial && !self.turns.ask(number, slot.address) {
            return false;
        }
        if !self.folder.is_ready() {
            if !self.file_queue.contains(&number) {
                self.file_queue.push_back(number);
            }
            return false;
        }
        if self.has_memory(bytes) {
            return true;
        }
        // The finished responses are sent first: then there may be memory.
        let is_refused = !slot.has_unsent();
        if is_refused {
            self.refuse(slot);
        }
        is_refused
    }

    /// If this connection has the turn and its exchange is over, gives the turn to another one.
    fn pass_turn_on(&mut self, number: usize, slot: &mut Slot) {
        if !matches!(slot.connection.interest(), Interest::Write | Interest::Time)
            && !self.file_queue.contains(&number)
            && self.turns.release(number)
            && exchange::has_pending_request(&mut slot.connection)
        {
            self.turns.wait(number, slot.address);
        }
    }

    fn trace_accepted(&mut self, number: usize, slot: &mut Slot, accepted: u64) {
        if self.detail() == Detail::Trace {
            let sits = self.sits(number);
            slot.trace(accepted, &sits, &self.settings.log_config, &mut self.console);
        }
    }

    fn log_closed(&mut self, slot: &mut Slot) {
        slot.log_closed(&self.settings.log_config, &mut self.console);
    }

    /// The slot of a connection, for the trace.
    fn sits(&self, number: usize) -> trace::Slot {
        trace::Slot {
            number: number.saturating_add(1),
            taken: self.in_slots,
            of: self.settings.limits.max_connections,
            waiting: self.turns.waiting_beside(number).collect(),
        }
    }
}
