//! Whom to wait for: one `poll` over those who are likely to be ready, with a real wait wherever Trap 1 demands one.
//!
//! Knows nothing of what is done with those who are ready: that is [`reactor`](super::reactor)'s.

use super::clock::alarm;
use super::listen::Listener;
use super::place::{Place, Places, Wait};
use aula::http1::Instant;
use wasi::io::poll::{Pollable, poll};

/// Trap 1: the host's runtime gives the guest so many readiness checks, and when they are used up everything looks as if
/// it were not ready, until the guest really waits. `poll` takes one check for each socket that it finds ready.
const BUDGET: usize = 128;

/// How many checks serving a connection takes: one before it writes, one after.
const CHECKS: usize = 2;

/// Up to so many busy connections the budget may run out unnoticed: what then looks as if it were not ready is ready after
/// the next wait, at the cost of one more turn of the loop.
const FEW: usize = 32;

/// When so much of the budget is used up after a `poll`, others may have been left out: those served are then left out in
/// turn, until `poll` has nothing more, or the last ones would wait for as long as the first are busy.
const CUT_SHORT: usize = BUDGET - 8;

/// How late a deadline, or a request on a connection that has long been idle, may be noticed, in nanoseconds.
///
/// `poll` takes time for every socket that it is given: with thousands of idle connections, more than serving the busy
/// ones takes. So while there are busy ones, the others are looked at only this often.
const LATEST: Instant = 20_000_000;

/// So few idle connections are always looked at: that takes less time than one of them would lose by being noticed late.
const FEW_IDLE: usize = 128;

/// What waiting has to remember from one turn of the loop to the next.
pub struct Watch {
    alarm: Option<(Instant, Pollable)>,
    /// How much of [`BUDGET`] is used up, at most.
    spent: usize,
    /// Counts sweeps over all connections: see [`CUT_SHORT`].
    sweep: u32,
    is_cut_short: bool,
    /// Whether more than [`FEW`] connections are busy.
    is_crowded: bool,
    /// When all connections were looked at last, whether they are now, and whether nothing but time has passed since: see
    /// [`LATEST`].
    looked_at_all: Instant,
    looks_at_all: bool,
    is_quiet: bool,
}

/// Who is ready.
#[derive(Clone, Copy)]
pub enum Source {
    /// The listener with this index.
    Listener(usize),
    /// The connection with this number.
    Place(usize),
}

impl Watch {
    pub fn new() -> Self {
        Self {
            alarm: None,
            spent: 0,
            sweep: 0,
            is_cut_short: false,
            is_crowded: false,
            looked_at_all: 0,
            looks_at_all: true,
            is_quiet: true,
        }
    }

    /// The number of the current sweep, for those who are served in it.
    pub fn sweep(&self) -> u32 {
        self.sweep
    }

    /// Waits until a listener or a connection is ready, or `until`, and says who. Newcomers come last: one that took over
    /// the place of an idle connection would be mistaken for it, and waited for.
    pub fn wait(&mut self, places: &mut Places, listeners: &[Listener], until: Instant, now: Instant) -> Vec<Source> {
        let until = until.min(self.choose(places, now));
        self.set_alarm(until, now);
        // Ready at once: it keeps a wait for the rest of a sweep from lasting.
        let at_once = self.is_cut_short.then(|| alarm(0));

        let (candidates, count): (Box<dyn Iterator<Item = (usize, &Place)>>, _) = match self.looks_at_all {
            true => (Box::new(places.all()), places.taken()),
            false => (Box::new(places.busy()), places.count_busy()),
        };
        let most = count.saturating_add(listeners.len());
        let mut sources = Vec::with_capacity(most);
        let mut pollables: Vec<&Pollable> = Vec::with_capacity(most.saturating_add(2));
        // `poll` favours those who come first: newcomers, who are few, must not starve.
        for (index, listener) in listeners.iter().enumerate() {
            sources.push(Source::Listener(index));
            pollables.push(&listener.pollable);
        }
        for (number, place) in candidates.filter(|(_, place)| !(self.is_cut_short && place.sweep == self.sweep)) {
            if let Some(pollable) = place.pollable() {
                sources.push(Source::Place(number));
                pollables.push(pollable);
            }
        }
        let alarm_at = pollables.len();
        pollables.extend(self.alarm.as_ref().map(|(_, pollable)| pollable));
        pollables.extend(&at_once);
        if pollables.is_empty() {
            // Nothing is listened to and nothing open, and no time to wait for.
            return Vec::new();
        }
        let mut ready = Vec::with_capacity(most);
        let mut has_rung = false;
        for position in poll(&pollables) {
            let position = usize::try_from(position).unwrap_or(usize::MAX);
            ready.extend(sources.get(position).copied());
            has_rung |= position == alarm_at;
        }
        if has_rung {
            // Or `at_once` stood there, and no alarm was set.
            self.alarm = None;
        }
        ready.sort_by_key(|source| matches!(source, Source::Listener(_)));
        self.spent = self.spent.saturating_add(ready.len());
        self.is_quiet = ready.is_empty();
        self.is_crowded = places.count_busy() > FEW;
        // Where nobody is to be served, nobody renews the budget before the next wait: that has to be a real one.
        let is_served = ready.iter().any(|source| matches!(source, Source::Place(_)));
        self.is_cut_short = is_served && self.is_crowded && self.spent >= CUT_SHORT;
        if !self.is_cut_short {
            self.sweep = self.sweep.wrapping_add(1);
        }
        ready
    }

    /// Before serving a connection that is ready: sees to it that the host's budget lasts, by waiting really. For that to
    /// be more than a look, what is left has to be used up first. `is_last`: nobody else is served before the next wait.
    pub fn ensure_budget(&mut self, place: Option<&mut Place>, is_last: bool) {
        // The rest of a sweep needs all of the budget: without it, nobody would look ready.
        let checks = if self.is_cut_short && is_last { BUDGET } else { CHECKS };
        let used_up = self.spent.saturating_add(checks) > BUDGET;
        self.spent = self.spent.saturating_add(CHECKS);
        let Some(place) = place.filter(|_| used_up && self.is_crowded) else {
            return;
        };
        for _ in 0..BUDGET {
            if place.transport.has_unsent() {
                break;
            }
        }
        match place.waits_for {
            Wait::Readable => place.transport.readable().block(),
            Wait::Writable | Wait::Graveyard => place.transport.writable().block(),
            Wait::Turn => {}
        }
        self.spent = CHECKS;
    }

    /// Chooses between all connections and the busy ones. Gives the time when it is to be chosen anew.
    fn choose(&mut self, places: &mut Places, now: Instant) -> Instant {
        let next = self.looked_at_all.saturating_add(LATEST);
        // A sweep looks at those at whom it began to look, or the last of them might never be reached.
        if !self.is_cut_short {
            self.looks_at_all = self.is_quiet || places.count_idle() <= FEW_IDLE || next <= now;
        }
        if !self.looks_at_all {
            return next;
        }
        places.calm_down(now);
        self.looked_at_all = now;
        Instant::MAX
    }

    /// Sets the alarm, unless it will ring before that anyway.
    fn set_alarm(&mut self, at: Instant, now: Instant) {
        if at == Instant::MAX {
            return;
        }
        let at = at.max(now.saturating_add(LATEST));
        if self.alarm.as_ref().is_none_or(|(set, _)| at < *set) {
            self.alarm = Some((at, alarm(at)));
        }
    }
}
