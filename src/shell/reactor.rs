//! The loop that drives everything: wait until something is ready, serve it, wait again. One thread, one `poll`.
//!
//! ```text
//! loop:  time's up? ──> wait for sockets and the clock ──> accept newcomers ──> serve who is ready ──> write the log
//!
//! serve: read ──> answer what is complete ──> send ──> (more in the buffer? answer again) ──> wait for the one thing
//! ```
//!
//! Each connection waits for exactly one thing, which its state machine names ([`Interest`]).

use super::clock;
use super::console::Console;
use super::content::{Folder, OpenFile};
use super::listen::Listener;
use super::transport::{Arrived, Sending, Transport};
use aula::access_log::{self, Format};
use aula::exchange::{self, Exchange, Now};
use aula::http1::{Connection, Instant, Interest, Reject, Rules};
use aula::site::Site;
use std::collections::VecDeque;
use std::net::IpAddr;
use std::rc::Rc;
use wasi::io::poll::{Pollable, poll};

/// Trap 1: the host's runtime gives the guest so many readiness checks, and when they are used up everything looks as if
/// it were not ready, until the guest really waits.
const BUDGET: usize = 128;

/// From how many ready sockets on the budget needs care.
///
/// `poll` takes one check for each ready socket, serving it about three more. So in a large batch each connection is
/// waited for again (it is ready, so this costs a host call and no time) before it is served: the wait with which the
/// budget runs out renews it.
const LARGE_BATCH: usize = 32;

/// So many ready sockets are so near the budget that others may have been left out: those served are then left out in
/// turn, until `poll` has nothing more, or the last ones would wait for as long as the first are busy.
const CUT_SHORT: usize = 100;

/// How late a deadline may be noticed, in nanoseconds: the clock is not set more often than this.
const LATEST: Instant = 20_000_000;

/// How long a listener is left alone after accepting failed, in nanoseconds: it stays ready, and would fail again at once
/// (Trap 3).
const ACCEPT_PAUSE: Instant = 100_000_000;

/// How long a new connection may be silent before it can lose its place to a newcomer, in nanoseconds: its request
/// is most likely on its way.
const GRACE: Instant = 1_000_000_000;

/// How many newcomers are accepted before those who are in get their turn again.
const ACCEPT_BATCH: usize = 64;

/// How many connections above the cap are held for the moment of being told that there is no place.
const REFUSALS: usize = 64;

/// What the loop is to keep to.
pub struct Settings {
    pub rules: Rc<Rules>,
    pub site: Site,
    pub read_size: u64,
    /// One exchange at a time.
    pub serial: bool,
    /// After so many answers the loop ends.
    pub requests: Option<u64>,
    /// Connections held at once. Trap 3: the host ends a guest that holds too much, so this is never unlimited.
    pub max_connections: usize,
    pub max_per_address: Option<usize>,
    /// Whether a newcomer without a place is told so, rather than left waiting.
    pub refuse_when_full: bool,
    pub log: Option<Format>,
}

/// Everything that is open.
pub struct Reactor {
    settings: Settings,
    folder: Folder,
    console: Console,
    listeners: Vec<Listener>,
    places: Vec<Option<Place>>,
    free: Vec<usize>,
    /// Places taken.
    open: usize,
    /// Answers begun.
    answered: u64,
    /// The connection whose exchange is under way, and those whose turn comes after it, where only one may be.
    turn: Option<usize>,
    waiting: VecDeque<usize>,
    /// No deadline is earlier than this.
    earliest: Instant,
    alarm: Option<(Instant, Pollable)>,
    /// Listeners are left alone until then.
    accept_from: Instant,
    /// Counts sweeps over all connections: see [`CUT_SHORT`].
    sweep: u32,
    is_cut_short: bool,
    buffer: Vec<u8>,
}

/// A connection and what belongs to it.
struct Place {
    transport: Transport,
    connection: Connection<Rc<OpenFile>>,
    address: Option<IpAddr>,
    /// Exchanges whose answers are not out yet, in order.
    exchanges: VecDeque<Exchange>,
    waits_for: Wait,
    has_ended_sending: bool,
    /// In which sweep it was served last.
    sweep: u32,
}

/// What a place waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wait {
    Readable,
    Writable,
    /// Its turn: [`Settings::serial`].
    Turn,
    /// The host, which still has bytes to send (Trap 2). Then the place is free.
    Graveyard,
}

/// What stands behind a pollable.
#[derive(Clone, Copy)]
enum Source {
    Alarm,
    Listener(usize),
    Place(usize),
}

impl Reactor {
    pub fn new(settings: Settings, folder: Folder, listeners: Vec<Listener>) -> Self {
        Self {
            settings,
            folder,
            console: Console::new(),
            listeners,
            places: Vec::new(),
            free: Vec::new(),
            open: 0,
            answered: 0,
            turn: None,
            waiting: VecDeque::new(),
            earliest: Instant::MAX,
            alarm: None,
            accept_from: 0,
            sweep: 0,
            is_cut_short: false,
            buffer: Vec::new(),
        }
    }

    /// Serves until the last of [`Settings::requests`] is answered; without it, for ever.
    pub fn run(mut self) {
        let mut now = clock::now();
        while !self.is_finished() {
            self.console.flush();
            if self.earliest <= now.instant {
                self.handle_timeouts(now);
            }
            let ready = self.wait(now);
            now = clock::now();
            self.folder.tell_time(now.instant);
            self.is_cut_short = ready.len() >= CUT_SHORT;
            if !self.is_cut_short {
                self.sweep = self.sweep.wrapping_add(1);
            }
            let is_large = ready.len() > LARGE_BATCH;
            for source in ready {
                match source {
                    Source::Alarm => self.alarm = None,
                    Source::Listener(index) => self.accept(index, now),
                    Source::Place(index) => {
                        if is_large {
                            self.wait_again(index);
                        }
                        self.serve(index, now);
                    }
                }
            }
            self.give_turn(now);
            if is_large {
                self.spend_budget();
            }
        }
        self.console.flush();
    }

    /// Waits until something is ready, and says what.
    fn wait(&mut self, now: Now) -> Vec<Source> {
        self.set_alarm(now);
        let listens = self.can_accept(now);
        // Ready at once: it keeps a wait for the rest of a sweep from lasting.
        let at_once = self.is_cut_short.then(|| clock::alarm(0));
        let mut sources = Vec::with_capacity(self.open.saturating_add(3));
        let mut pollables: Vec<&Pollable> = Vec::with_capacity(self.open.saturating_add(3));
        let mut push = |source, pollable| {
            sources.push(source);
            pollables.push(pollable);
        };
        if let Some((_, pollable)) = &self.alarm {
            push(Source::Alarm, pollable);
        }
        if listens {
            for (index, listener) in self.listeners.iter().enumerate() {
                push(Source::Listener(index), &listener.pollable);
            }
        }
        for (index, place) in self.places.iter().enumerate() {
            let Some(place) = place else { continue };
            if self.is_cut_short && place.sweep == self.sweep {
                continue;
            }
            let pollable = match place.waits_for {
                Wait::Readable => Some(place.transport.readable()),
                Wait::Writable | Wait::Graveyard => place.transport.writable_if_made(),
                Wait::Turn => None,
            };
            if let Some(pollable) = pollable {
                push(Source::Place(index), pollable);
            }
        }
        if let Some(pollable) = &at_once {
            pollables.push(pollable);
        }
        if pollables.is_empty() {
            // Nothing is listened to and nothing open: only an alarm could change that, and there is none.
            return Vec::new();
        }
        poll(&pollables)
            .into_iter()
            .filter_map(|position| sources.get(usize::try_from(position).ok()?).copied())
            .collect()
    }

    /// See [`LARGE_BATCH`].
    fn wait_again(&mut self, index: usize) {
        let Some(Some(place)) = self.places.get_mut(index) else {
            return;
        };
        match place.waits_for {
            Wait::Readable => place.transport.readable().block(),
            Wait::Writable => place.transport.writable().block(),
            Wait::Turn | Wait::Graveyard => {}
        }
    }

    /// Uses up what is left of the host's budget, so that the next `poll` really waits and starts with all of it:
    /// otherwise it would report only as many as are left, always the same ones first. See [`LARGE_BATCH`].
    fn spend_budget(&self) {
        let mut idle = self
            .places
            .iter()
            .flatten()
            .filter(|place| place.waits_for == Wait::Readable);
        if let Some(place) = idle.next() {
            for _ in 0..BUDGET {
                if place.transport.has_unsent() {
                    return;
                }
            }
        }
    }

    /// Whether newcomers are to be noticed: accepting works, and there is a place, or one can be had, or they are to be
    /// told that there is none.
    fn can_accept(&self, now: Now) -> bool {
        !self.is_finishing()
            && self.accept_from <= now.instant
            && (self.open < self.settings.max_connections
                || self.can_refuse()
                || self.longest_idle(now.instant).is_some())
    }

    fn can_refuse(&self) -> bool {
        self.settings.refuse_when_full && self.open < self.settings.max_connections.saturating_add(REFUSALS)
    }

    /// Accepts those who wait at a listener.
    fn accept(&mut self, index: usize, now: Now) {
        for _ in 0..ACCEPT_BATCH {
            let mut is_full = self.open >= self.settings.max_connections;
            if is_full && let Some(idle) = self.longest_idle(now.instant) {
                self.close(idle);
                is_full = self.open >= self.settings.max_connections;
            }
            if is_full && !self.can_refuse() {
                // Also the time at which another silent connection may lose its place.
                self.earliest = self.earliest.min(now.instant.saturating_add(GRACE));
                return;
            }
            let Some(listener) = self.listeners.get(index) else {
                return;
            };
            let transport = match Transport::accept(listener) {
                Ok(Some(transport)) => transport,
                Ok(None) => return,
                Err(_) => {
                    self.accept_from = now.instant.saturating_add(ACCEPT_PAUSE);
                    self.earliest = self.earliest.min(self.accept_from);
                    return;
                }
            };
            let wants_address = self.settings.log.is_some() || self.settings.max_per_address.is_some();
            let address = if wants_address { transport.address() } else { None };
            let is_refused = is_full || self.has_too_many(address);
            let mut connection = Connection::new(Rc::clone(&self.settings.rules), now.instant);
            if is_refused {
                connection.reject(Reject::Busy);
            }
            let index = self.take_place(Place {
                transport,
                connection,
                address,
                exchanges: VecDeque::new(),
                waits_for: Wait::Readable,
                has_ended_sending: false,
                sweep: self.sweep.wrapping_sub(1),
            });
            if is_refused {
                self.advance(index, now);
            } else {
                self.settle(index);
            }
        }
    }

    fn has_too_many(&self, address: Option<IpAddr>) -> bool {
        self.settings.max_per_address.is_some_and(|most| {
            let same = self.places.iter().flatten().filter(|place| place.address == address);
            address.is_some() && same.count() >= most
        })
    }

    /// The connection that has been without a request the longest: persistent ones first, then those that have not said
    /// anything yet although they had the time.
    fn longest_idle(&self, now: Instant) -> Option<usize> {
        let idle = |(index, place): (usize, &Option<Place>)| {
            let place = place.as_ref()?;
            let since = place.connection.idle_since()?;
            let is_new = !place.connection.has_answered();
            let is_gone = place.waits_for == Wait::Graveyard;
            let may_lose = !is_gone && (!is_new || since.saturating_add(GRACE) <= now);
            may_lose.then_some((is_new, since, index))
        };
        let longest = self.places.iter().enumerate().filter_map(idle).min()?;
        Some(longest.2)
    }

    fn take_place(&mut self, place: Place) -> usize {
        self.open = self.open.saturating_add(1);
        let index = self.free.pop().unwrap_or(self.places.len());
        match self.places.get_mut(index) {
            Some(free) => *free = Some(place),
            None => self.places.push(Some(place)),
        }
        index
    }

    /// A place's pollable is ready: reads if that is what it waited for, and goes on.
    fn serve(&mut self, index: usize, now: Now) {
        let Some(Some(place)) = self.places.get_mut(index) else {
            return;
        };
        place.sweep = self.sweep;
        match place.waits_for {
            Wait::Readable => match place.transport.read(self.settings.read_size) {
                Arrived::Bytes(bytes) => place.connection.receive(&bytes, now.instant),
                Arrived::Nothing => return,
                Arrived::End => place.connection.receive_eof(now.instant),
                Arrived::Broken => place.connection.close(),
            },
            Wait::Writable => {}
            Wait::Turn => return,
            Wait::Graveyard => return self.leave(index),
        }
        self.advance(index, now);
    }

    /// Answers and sends as far as possible, then sees what to wait for.
    fn advance(&mut self, index: usize, now: Now) {
        loop {
            self.answer(index, now);
            let Some(Some(place)) = self.places.get_mut(index) else {
                return;
            };
            if place.connection.interest() != Interest::Write {
                break;
            }
            let sending = place
                .transport
                .send(&mut place.connection, &mut self.buffer, now.instant);
            self.log(index);
            match sending {
                // The exchange is over: another's turn.
                Sending::Done if self.settings.serial => break,
                // What else is in the buffer?
                Sending::Done => {}
                Sending::Paused => break,
                Sending::Broken => {
                    if let Some(Some(place)) = self.places.get_mut(index) {
                        place.connection.close();
                    }
                    break;
                }
            }
        }
        self.settle(index);
    }

    /// Answers the requests that are complete.
    fn answer(&mut self, index: usize, now: Now) {
        let Some(Some(place)) = self.places.get_mut(index) else {
            return;
        };
        loop {
            let is_last = match self.settings.requests {
                Some(most) if self.answered >= most => return,
                Some(most) => self.answered.saturating_add(1) == most,
                None => false,
            };
            if self.settings.serial {
                if !exchange::is_due(&mut place.connection) {
                    return;
                }
                // A request is complete: it takes the turn, or its place in the queue.
                let is_free = self.turn.is_none() && self.waiting.is_empty();
                if !is_free && self.turn != Some(index) {
                    if !self.waiting.contains(&index) {
                        self.waiting.push_back(index);
                    }
                    return;
                }
                self.turn = Some(index);
            }
            let answered = exchange::answer(&mut place.connection, &self.settings.site, &self.folder, now, is_last);
            let Some(exchange) = answered else { return };
            self.answered = self.answered.saturating_add(1);
            if self.settings.log.is_some() {
                place.exchanges.push_back(exchange);
            }
            if self.settings.serial {
                return;
            }
        }
    }

    /// Gives the turn to those who wait for it, as long as it is free.
    fn give_turn(&mut self, now: Now) {
        while self.turn.is_none()
            && let Some(next) = self.waiting.pop_front()
        {
            self.turn = Some(next);
            self.advance(next, now);
        }
    }

    /// Logs the exchanges whose answers are out.
    fn log(&mut self, index: usize) {
        let Some(Some(place)) = self.places.get_mut(index) else {
            return;
        };
        while let Some(bytes) = place.connection.take_delivered() {
            if let (Some(format), Some(exchange)) = (self.settings.log, place.exchanges.pop_front()) {
                self.console
                    .print(&access_log::line(format, place.address, &exchange, bytes));
            }
        }
    }

    /// Sees what the connection waits for now.
    fn settle(&mut self, index: usize) {
        let Some(Some(place)) = self.places.get_mut(index) else {
            return;
        };
        if let Some(deadline) = place.connection.deadline() {
            self.earliest = self.earliest.min(deadline);
        }
        if self.turn == Some(index) && place.connection.interest() != Interest::Write {
            self.turn = None;
            if exchange::is_due(&mut place.connection) {
                self.waiting.push_back(index);
            }
        }
        place.waits_for = match place.connection.interest() {
            Interest::Read => Wait::Readable,
            Interest::Drain => {
                if !place.has_ended_sending {
                    place.has_ended_sending = true;
                    place.transport.end_sending();
                }
                Wait::Readable
            }
            Interest::Write => {
                place.transport.writable();
                Wait::Writable
            }
            Interest::Respond => Wait::Turn,
            Interest::Close => return self.close(index),
        };
    }

    /// Lets a connection go, now or as soon as the host has sent what it has.
    fn close(&mut self, index: usize) {
        let Some(Some(place)) = self.places.get_mut(index) else {
            return;
        };
        place.connection.close();
        self.waiting.retain(|&waiting| waiting != index);
        if self.turn == Some(index) {
            self.turn = None;
        }
        // What was not sent in full is logged with what was.
        let mut bytes = place.connection.partly_delivered();
        while let (Some(format), Some(exchange)) = (self.settings.log, place.exchanges.pop_front()) {
            self.console
                .print(&access_log::line(format, place.address, &exchange, bytes));
            bytes = 0;
        }
        if place.transport.has_unsent() {
            // Trap 2: park it, out of everybody's way.
            place.transport.end();
            place.transport.writable();
            place.waits_for = Wait::Graveyard;
        } else {
            self.leave(index);
        }
    }

    fn leave(&mut self, index: usize) {
        if let Some(place) = self.places.get_mut(index)
            && place.take().is_some()
        {
            self.free.push(index);
            self.open = self.open.saturating_sub(1);
        }
    }

    /// Tells every connection the time, and looks for the next one that has a deadline.
    fn handle_timeouts(&mut self, now: Now) {
        self.earliest = match self.accept_from {
            from if from > now.instant => from,
            _ => Instant::MAX,
        };
        for index in 0..self.places.len() {
            let Some(Some(place)) = self.places.get_mut(index) else {
                continue;
            };
            if place.waits_for == Wait::Graveyard {
                continue;
            }
            if place.connection.handle_timeout(now.instant) {
                self.advance(index, now);
            } else if let Some(deadline) = place.connection.deadline() {
                self.earliest = self.earliest.min(deadline);
            }
        }
    }

    /// Sets the clock to the earliest deadline, unless it will ring before that anyway.
    fn set_alarm(&mut self, now: Now) {
        if self.earliest == Instant::MAX {
            return;
        }
        let at = self.earliest.max(now.instant.saturating_add(LATEST));
        if self.alarm.as_ref().is_none_or(|(set, _)| at < *set) {
            self.alarm = Some((at, clock::alarm(at)));
        }
    }

    fn is_finishing(&self) -> bool {
        self.settings.requests.is_some_and(|most| self.answered >= most)
    }

    /// Whether the last answer is out and its client has it.
    fn is_finished(&self) -> bool {
        let is_busy = |place: &Place| {
            matches!(place.connection.interest(), Interest::Write | Interest::Drain)
                || place.waits_for == Wait::Graveyard
        };
        self.is_finishing() && !self.places.iter().flatten().any(is_busy)
    }
}
