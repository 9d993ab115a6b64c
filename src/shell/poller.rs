//! One `poll` over everything that may be ready, as [`PollPlan`] says, with a real wait where trap 1 demands one.
//!
//! The poller does not know what is done with those that are ready; [`reactor`](super::reactor) does.

use super::capabilities;
use super::clock::{self, alarm};
use super::flush::Flush;
use super::inspect::Inspect;
use super::slot::{Slot, Wait};
use aula::inspect::Ring;
use aula::schedule::poll_plan::{Crowd, PollPlan, Reported};
use aula::schedule::readiness::{Readiness, TOKIO_COOP_BUDGET};
use aula::schedule::slots::Slots;
use aula::time::Instant;
use aula_io::listen::Listener;
use std::time::Duration;
use wasi::io::poll::{Pollable, poll};

/// A wait that is too short to be noticed, but long enough that the host really waits.
const MOMENT: Duration = Duration::from_micros(100);

/// The plan, and the alarm that is set.
pub struct Poller {
    pub plan: PollPlan,
    alarm: Option<(Instant, Pollable)>,
    /// Whose pollables the last `poll` was given, in their order. Kept, so that its memory is there for the next one.
    sources: Vec<Source>,
}

/// What is ready.
#[derive(Clone, Copy)]
pub enum Source {
    /// The listener with this index.
    Listener(usize),
    /// The connection with this number.
    Connection(usize),
    /// The closed connection with this number: its last bytes are sent.
    Flushed(usize),
    /// A connection of the inspector.
    Inspect,
}

/// What is polled in addition to the connections.
pub struct Beside<'a> {
    pub listeners: &'a [Listener],
    pub flush: &'a Flush,
    /// The inspector, with its events.
    pub inspect: Option<(&'a Inspect, &'a Ring)>,
}

impl Poller {
    pub fn new() -> Self {
        let mut plan = PollPlan::new();
        if capabilities::has(capabilities::NO_BUDGET) {
            plan.readiness = Readiness::unlimited();
        }
        Self {
            plan,
            alarm: None,
            sources: Vec::new(),
        }
    }

    /// Waits until a listener or a connection is ready, or until `until`, and writes what is ready to `ready`.
    /// Listeners come last: otherwise a new connection could take over the number of a connection that is closed for
    /// it, and be mistaken for it.
    pub fn wait(
        &mut self,
        slots: &mut Slots<Box<Slot>>,
        beside: &Beside<'_>,
        until: Instant,
        now: Instant,
        ready: &mut Vec<Source>,
    ) {
        let Beside {
            listeners,
            flush,
            inspect,
        } = beside;
        let crowd = Crowd {
            active: slots.active_len(),
            idle: slots.len().saturating_sub(slots.active_len()),
        };
        let to_poll = self.plan.begin(crowd, until, now);
        if to_poll.idle {
            slots.expire_active(now);
        }
        if let Some(until) = to_poll.until {
            self.set_alarm(until);
        }
        // An expired timer, so that `poll` does not block in the middle of a round.
        let at_once = to_poll.at_once.then(|| alarm(Instant::ORIGIN));

        let most = listeners.len()
            + if to_poll.idle {
                slots.len() + flush.flushing()
            } else {
                slots.active_len()
            };
        let sources = &mut self.sources;
        sources.clear();
        let mut pollables: Vec<&Pollable> = Vec::with_capacity(most + 2);
        // `poll` favours the first pollables: listeners, which are few, must not starve.
        for (index, listener) in listeners.iter().enumerate() {
            sources.push(Source::Listener(index));
            pollables.push(&listener.pollable);
        }
        for pollable in inspect.iter().flat_map(|(inspect, ring)| inspect.pollables(ring, now)) {
            sources.push(Source::Inspect);
            pollables.push(pollable);
        }
        for (number, slot) in slots.to_poll(to_poll.idle, to_poll.except) {
            if let Some(pollable) = slot.pollable() {
                sources.push(Source::Connection(number));
                pollables.push(pollable);
            }
        }
        for (number, pollable) in flush.pollables().filter(|_| to_poll.idle) {
            sources.push(Source::Flushed(number));
            pollables.push(pollable);
        }
        let alarm_at = self.alarm.as_ref().map(|_| pollables.len());
        pollables.extend(self.alarm.as_ref().map(|(_, pollable)| pollable));
        pollables.extend(&at_once);
        ready.clear();
        let mut has_rung = false;
        // `poll` traps if there is nothing to wait for.
        if !pollables.is_empty() {
            for position in poll(&pollables) {
                let position = usize::try_from(position).unwrap_or(usize::MAX);
                ready.extend(sources.get(position).copied());
                has_rung |= Some(position) == alarm_at;
            }
        }
        self.alarm.take_if(|_| has_rung);
        ready.sort_by_key(|source| matches!(source, Source::Listener(_)));
        let connections = ready.iter().filter(|source| matches!(source, Source::Connection(_)));
        self.plan.end(Reported {
            ready: ready.len(),
            connections: connections.count(),
            active: slots.active_len(),
        });
    }

    /// Renews the host's readiness budget, if it would not suffice for serving this connection. `is_last`: no other
    /// connection is served before the next wait.
    pub fn yield_if_spent(&mut self, slot: &mut Slot, is_last: bool) {
        if !self.plan.must_renew(is_last) {
            return;
        }
        // `block` returns at once while budget is left, so the rest is spent first.
        for _ in 0..TOKIO_COOP_BUDGET {
            if slot.transport.has_unsent() {
                break;
            }
        }
        match slot.waits_for {
            Wait::Readable => slot.transport.readable().block(),
            Wait::Writable => slot.transport.writable().block(),
            Wait::Turn => {}
        }
        self.plan.readiness.renewed();
    }

    /// Renews the host's readiness budget, whatever is left of it, by waiting for a moment.
    pub fn really_wait(&mut self) {
        alarm(clock::instant().saturating_add(MOMENT)).block();
        self.plan.readiness.renewed();
    }

    /// Sets the alarm, unless it is already set to an earlier time.
    fn set_alarm(&mut self, at: Instant) {
        if self.alarm.as_ref().is_none_or(|(set, _)| at < *set) {
            self.alarm = Some((at, alarm(at)));
        }
    }
}
