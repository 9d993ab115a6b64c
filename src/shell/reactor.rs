//! The loop that drives everything: wait until something is ready, serve it, wait again. One thread, one `poll`.
//!
//! ```text
//! loop:  time's up? ──> wait for sockets and the clock ──> accept newcomers ──> serve who is ready ──> write the log
//!
//! serve: read ──> answer what is complete ──> send ──> (more in the buffer? answer again) ──> wait for the one thing
//! ```
//!
//! Each connection waits for exactly one thing, which its state machine names ([`Interest`]).

use super::clock::Clock;
use super::console::{Console, Telling};
use super::content::Folder;
use super::listen::Listener;
use super::memory;
use super::place::{Place, Places, Wait};
use super::transport::{Sending, Transport};
use super::watch::{Source, Watch};
use aula::exchange::{self, Now, Outcome, Wanted};
use aula::http1::{End, Instant, Interest, Reject, Rules};
use aula::site::Site;
use aula::trace::Slot;
use std::collections::VecDeque;
use std::net::IpAddr;
use std::rc::Rc;

/// How long a listener is left alone when nobody can be accepted, in nanoseconds: it stays ready, and accepting would fail
/// again at once (Trap 3).
const ACCEPT_PAUSE: Instant = 100_000_000;

/// How long a new connection may be silent before it can lose its place to a newcomer, in nanoseconds: its request
/// is most likely on its way.
const GRACE: Instant = 1_000_000_000;

/// How many connections are held in all, those in the graveyard too. Each costs the host at most five handles and one more
/// while it is polled, and at 100,000 handles the host ends the guest (Trap 3).
const MOST_HELD: usize = 16_000;

/// How many newcomers are accepted before those who are in get their turn again.
const ACCEPT_BATCH: usize = 64;

/// How many connections are held beside as many as have places: those that are refused, until they have read why, and those
/// in the graveyard. For each of the latter the host keeps up to 64 KiB.
const BESIDES: usize = 512;

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
    pub telling: Telling,
}

/// Everything that is open.
pub struct Reactor {
    settings: Settings,
    folder: Folder,
    console: Console,
    listeners: Vec<Listener>,
    places: Places,
    /// Connections accepted.
    accepted: u64,
    /// Answers begun.
    answered: u64,
    /// The connection whose exchange is under way, and those whose turn comes after it, where only one may be.
    turn: Option<usize>,
    waiting: VecDeque<usize>,
    /// No deadline is earlier than this.
    earliest: Instant,
    /// Listeners are left alone until then.
    accept_from: Instant,
    watch: Watch,
    /// Whether memory was short when this turn of the loop began.
    is_short: bool,
    /// Where pieces of answers are joined.
    buffer: Vec<u8>,
}

impl Reactor {
    pub fn new(settings: Settings, folder: Folder, listeners: Vec<Listener>) -> Self {
        Self {
            settings,
            folder,
            console: Console::new(),
            listeners,
            places: Places::default(),
            accepted: 0,
            answered: 0,
            turn: None,
            waiting: VecDeque::new(),
            earliest: Instant::MAX,
            accept_from: 0,
            watch: Watch::new(),
            is_short: false,
            buffer: Vec::new(),
        }
    }

    /// Serves until the last of [`Settings::requests`] is answered; without it, for ever.
    pub fn run(mut self) {
        let mut clock = Clock::default();
        let mut now = clock.now();
        while !self.is_finished() {
            if self.earliest <= now.instant {
                self.handle_timeouts(now);
            }
            self.give_turn(now);
            self.console.flush();
            let ready = self.wait(now);
            now = clock.now();
            self.folder.tell_time(now.instant);
            let last = ready.iter().rposition(|source| matches!(source, Source::Place(_)));
            for (position, source) in ready.into_iter().enumerate() {
                match source {
                    Source::Listener(index) => self.accept(index, now),
                    Source::Place(number) => {
                        self.watch
                            .ensure_budget(self.places.get_mut(number), Some(position) == last);
                        self.serve(number, now);
                    }
                }
            }
        }
        self.console.flush();
    }

    /// Waits until something is ready, and says what.
    fn wait(&mut self, now: Now) -> Vec<Source> {
        self.is_short = memory::is_short();
        if self.can_accept(now) {
            self.watch
                .wait(&mut self.places, &self.listeners, self.earliest, now.instant)
        } else {
            // Accepting may work again, or somebody who says nothing lose his place.
            let until = self.earliest.min(now.instant.saturating_add(ACCEPT_PAUSE));
            self.watch.wait(&mut self.places, &[], until, now.instant)
        }
    }

    /// Whether newcomers are to be noticed: accepting works, and there is a place, or one can be had, or they are to be
    /// told that there is none.
    fn can_accept(&self, now: Now) -> bool {
        !self.is_finishing()
            && self.accept_from <= now.instant
            && (!self.is_full() || self.can_refuse() || self.longest_idle(now.instant).is_some())
    }

    /// Every place is taken, or there is no memory for one more.
    fn is_full(&self) -> bool {
        self.places.counted() >= self.settings.max_connections || !self.can_hold_more()
    }

    /// Whether a newcomer without a place can be held for the moment of being told so.
    fn can_refuse(&self) -> bool {
        self.settings.refuse_when_full && self.can_hold_more()
    }

    /// Connections that are refused, or in the graveyard, take no place; but as nobody can tell for how long they stay, they
    /// are counted too.
    fn can_hold_more(&self) -> bool {
        let most = self.settings.max_connections.saturating_mul(2).saturating_add(BESIDES);
        let taken = self.places.taken();
        taken < most.min(MOST_HELD) && (taken == 0 || !self.is_short)
    }

    /// Accepts those who wait at a listener.
    fn accept(&mut self, index: usize, now: Now) {
        for position in 0..ACCEPT_BATCH {
            // Only of the first one is it certain that somebody waits: for others nobody has to go.
            if self.is_full()
                && position == 0
                && let Some(idle) = self.longest_idle(now.instant)
            {
                self.close(idle, End::GaveWay);
            }
            let is_full = self.is_full();
            if is_full && !self.can_refuse() {
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
                    return;
                }
            };
            let wants_address = self.wanted() > Wanted::Nothing || self.settings.max_per_address.is_some();
            let address = if wants_address { transport.remote() } else { None };
            let is_refused = is_full || self.has_too_many(address.map(|address| address.ip()));
            let sweep = self.watch.sweep().wrapping_sub(1);
            let mut place = Place::new(transport, address, &self.settings.rules, sweep, now.instant);
            if is_refused {
                place.counts = false;
                place.connection.reject(Reject::Busy);
            }
            let number = self.places.take(place);
            self.accepted = self.accepted.saturating_add(1);
            if self.wanted() == Wanted::Details {
                let slot = self.slot(number);
                if let Some(place) = self.places.get_mut(number) {
                    place.trace(self.accepted, &slot, &self.settings.telling, &mut self.console);
                }
            }
            if is_refused {
                self.advance(number, now);
            } else {
                self.settle(number);
            }
        }
    }

    fn has_too_many(&self, address: Option<IpAddr>) -> bool {
        self.settings.max_per_address.is_some_and(|most| {
            let same = self
                .places
                .all()
                .filter(|(_, place)| place.address.map(|address| address.ip()) == address);
            address.is_some() && same.count() >= most
        })
    }

    /// The connection that has been without a request the longest: persistent ones first, then those that have not said
    /// anything yet although they had the time.
    fn longest_idle(&self, now: Instant) -> Option<usize> {
        let idle = |(number, place): (usize, &Place)| {
            let since = place.connection.idle_since()?;
            let is_new = !place.connection.has_answered();
            let may_lose = !is_new || since.saturating_add(GRACE) <= now;
            may_lose.then_some((is_new, since, number))
        };
        let longest = self.places.all().filter_map(idle).min()?;
        Some(longest.2)
    }

    /// A place's pollable is ready: reads if that is what it waited for, and goes on.
    fn serve(&mut self, number: usize, now: Now) {
        let Some(place) = self.places.mark(number, self.watch.sweep(), now.instant) else {
            return;
        };
        match place.waits_for {
            Wait::Readable => {
                if !place.receive(self.settings.read_size, now.instant) {
                    return;
                }
            }
            Wait::Writable => {}
            Wait::Turn => return,
            Wait::Graveyard => return self.places.free(number),
        }
        self.advance(number, now);
    }

    /// Answers and sends as far as possible, then sees what to wait for.
    fn advance(&mut self, number: usize, now: Now) {
        loop {
            self.answer(number, now);
            let Some(place) = self.places.get_mut(number) else {
                return;
            };
            if place.connection.interest() != Interest::Write {
                break;
            }
            let sending = place.send(&mut self.buffer, now.instant);
            place.tell_delivered(&self.settings.telling, &mut self.console);
            // Done: is there more in the buffer? Where only one exchange may be under way, it is another's turn.
            if sending != Sending::Done || self.settings.serial {
                break;
            }
        }
        self.settle(number);
    }

    /// Answers the requests that are complete.
    fn answer(&mut self, number: usize, now: Now) {
        let wanted = self.wanted();
        while let Some(place) = self.places.get_mut(number) {
            let is_last = match self.settings.requests {
                // The last answer has begun: those who still ask, or might, are let go.
                Some(most) if self.answered >= most => {
                    if matches!(place.connection.interest(), Interest::Read | Interest::Respond) {
                        place.connection.close(End::LastAnswer);
                    }
                    return;
                }
                Some(most) => self.answered.saturating_add(1) == most,
                None => false,
            };
            if self.settings.serial {
                if !exchange::is_due(&mut place.connection) {
                    return;
                }
                // A request is complete: it takes the turn, or its place in the queue.
                let is_free = self.turn.is_none() && self.waiting.is_empty();
                if !is_free && self.turn != Some(number) {
                    if !self.waiting.contains(&number) {
                        self.waiting.push_back(number);
                    }
                    return;
                }
                self.turn = Some(number);
            }
            let (connection, site) = (&mut place.connection, &self.settings.site);
            let Outcome::Answered(told) = exchange::answer(connection, site, &self.folder, now, is_last, wanted) else {
                return;
            };
            self.answered = self.answered.saturating_add(1);
            if let Some(exchange) = told {
                let slot = (wanted == Wanted::Details).then(|| self.slot(number));
                if let Some(place) = self.places.get_mut(number) {
                    place.remember(exchange, slot);
                }
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

    /// Sees what the connection waits for now.
    fn settle(&mut self, number: usize) {
        let Some(place) = self.places.get_mut(number) else {
            return;
        };
        if let Some(deadline) = place.connection.deadline() {
            self.earliest = self.earliest.min(deadline);
        }
        if self.turn == Some(number) && place.connection.interest() != Interest::Write {
            self.turn = None;
            if exchange::is_due(&mut place.connection) {
                self.waiting.push_back(number);
            }
        }
        if !place.settle() {
            self.close(number, End::Broken);
        }
    }

    /// Lets a connection go, now or as soon as the host has sent what it has, for the reason given unless it ended for
    /// another one.
    fn close(&mut self, number: usize, end: End) {
        let Some(place) = self.places.get_mut(number) else {
            return;
        };
        place.connection.close(end);
        place.tell_end(&self.settings.telling, &mut self.console);
        self.waiting.retain(|&waiting| waiting != number);
        if self.turn == Some(number) {
            self.turn = None;
        }
        self.places.bury(number);
    }

    /// Tells every connection the time, and looks for the next one that has a deadline.
    fn handle_timeouts(&mut self, now: Now) {
        self.earliest = Instant::MAX;
        for number in 0..self.places.numbers() {
            let Some(place) = self.places.get_mut(number) else {
                continue;
            };
            if place.connection.handle_timeout(now.instant) {
                self.advance(number, now);
            } else if let Some(deadline) = place.connection.deadline() {
                self.earliest = self.earliest.min(deadline);
            }
        }
    }

    fn wanted(&self) -> Wanted {
        self.settings.telling.wanted()
    }

    /// Where a connection sits, for the trace.
    fn slot(&self, number: usize) -> Slot {
        let waiting = self.waiting.iter().filter(|&&waiting| waiting != number);
        Slot {
            number: number.saturating_add(1),
            taken: self.places.counted(),
            of: self.settings.max_connections,
            waiting: waiting
                .filter_map(|&waiting| self.places.get(waiting)?.address)
                .collect(),
        }
    }

    fn is_finishing(&self) -> bool {
        self.settings.requests.is_some_and(|most| self.answered >= most)
    }

    /// Whether the last answer is out and its client has it.
    fn is_finished(&self) -> bool {
        let is_busy = |(_, place): (usize, &Place)| {
            let interest = place.connection.interest();
            matches!(interest, Interest::Write | Interest::Drain) || place.waits_for == Wait::Graveyard
        };
        self.is_finishing() && !self.places.all().any(is_busy)
    }
}
