//! What one connection gets: it is read from, its requests are responded to, and the responses are sent.
//!
//! ```text
//! serve: read ──> respond to complete requests ──> send ──> (more in the buffer? respond again) ──> wait for one thing
//! ```

use super::clock::{self, Clock};
use super::console::{Console, LogConfig};
use super::content::Folder;
use super::memory::{self, Memory};
use super::sender::Sending;
use super::slot::{Received, Slot, Wait};
use aula::exchange::{self, Detail, ExchangeResult, Now};
use aula::http1::{CloseReason, Event, Interest, Rejection, Rules};
use aula::schedule::admission::Limits;
use aula::schedule::turns::Turns;
use aula::site::Site;
use aula::time::Instant;
use aula::trace;
use std::collections::VecDeque;
use std::rc::Rc;

/// How many reads a connection gets before its responses are sent. All bytes that have arrived are read first:
/// otherwise the responses to a batch of requests that is larger than one read would be sent in several writes, and
/// Nagle's algorithm would delay the second one until the client acknowledges the first.
const READS: usize = 16;

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

/// The configuration of the loop and of what it serves.
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

/// What is needed to serve a connection, whichever it is.
pub struct Server {
    pub settings: Settings,
    pub folder: Folder,
    pub console: Console,
    clock: Clock,
    pub now: Now,
    pub memory: Memory,
    /// Whether a client was refused for lack of memory since this was last checked.
    pub was_short: bool,
    pub turns: Turns,
    /// The connections whose requests wait until a file can be opened.
    pub file_queue: VecDeque<usize>,
    /// How many responses were made.
    responded: u64,
    /// How many slots are taken, for the trace.
    pub in_slots: usize,
    /// The buffer in which pieces of responses are joined.
    buffer: Vec<u8>,
}

impl Server {
    pub fn new(settings: Settings, folder: Folder) -> Self {
        let mut clock = Clock::default();
        Self {
            console: Console::new(settings.log_config.lang),
            settings,
            folder,
            now: clock.now(),
            clock,
            memory: Memory::default(),
            was_short: false,
            turns: Turns::default(),
            file_queue: VecDeque::new(),
            responded: 0,
            in_slots: 0,
            buffer: Vec::new(),
        }
    }

    pub fn look_at_clock(&mut self) {
        self.now = self.clock.now();
        self.folder.tell_time(self.now.instant);
    }

    /// Reads the clock within a loop iteration, if the log needs exact times.
    fn look_closely(&mut self) {
        if self.settings.log_config.is_timed() {
            self.now.instant = clock::instant();
        }
    }

    pub fn detail(&self) -> Detail {
        self.settings.log_config.detail()
    }

    pub fn is_finishing(&self) -> bool {
        self.settings.requests.is_some_and(|most| self.responded >= most)
    }

    /// Until when a client must have read the bytes that the host still has.
    pub fn write_deadline(&self) -> Instant {
        self.now.instant.saturating_add(self.settings.rules.timeouts.write)
    }

    /// Reads, if the connection waited for that, and serves it. Returns false if there may be more to read.
    pub fn serve(&mut self, number: usize, slot: &mut Slot) -> bool {
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
    pub fn has_memory(&mut self, bytes: usize) -> bool {
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
    pub fn drive(&mut self, number: usize, slot: &mut Slot) {
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
    pub fn pass_turn_on(&mut self, number: usize, slot: &mut Slot) {
        if !matches!(slot.connection.interest(), Interest::Write | Interest::Time)
            && !self.file_queue.contains(&number)
            && self.turns.release(number)
            && exchange::has_pending_request(&mut slot.connection)
        {
            self.turns.wait(number, slot.address);
        }
    }

    pub fn trace_accepted(&mut self, number: usize, slot: &mut Slot, accepted: u64) {
        if self.detail() == Detail::Trace {
            let sits = self.sits(number);
            slot.trace(accepted, &sits, &self.settings.log_config, &mut self.console);
        }
    }

    pub fn log_closed(&mut self, slot: &mut Slot) {
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
