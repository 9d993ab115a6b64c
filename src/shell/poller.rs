//! One `poll` over whoever may be ready, as [`PollPlan`] says, with a real wait wherever trap 1 demands one.
//!
//! Knows nothing of what is done with those who are ready: that is [`reactor`](super::reactor)'s.

use super::capabilities;
use super::clock::{self, alarm};
use super::flush::Flush;
use super::inspect::Inspect;
use super::listen::Listener;
use super::slot::{Slot, Wait};
use aula::inspect::Ring;
use aula::schedule::poll_plan::{Crowd, PollPlan, Reported};
use aula::schedule::readiness::{Readiness, TOKIO_COOP_BUDGET};
use aula::schedule::slots::Slots;
use aula::time::Instant;
use std::time::Duration;
use wasi::io::poll::{Pollable, poll};

/// So short a wait that nobody notices it, and so long that the host cannot but wait.
const MOMENT: Duration = Duration::from_micros(100);

/// The plan, and the alarm that is set.
pub struct Poller {
    pub plan: PollPlan,
    alarm: Option<(Instant, Pollable)>,
    /// Whose pollables the last `poll` was given, in their order. Kept, so that its memory is there for the next one.
    sources: Vec<Source>,
}

/// Who is ready.
#[derive(Clone, Copy)]
pub enum Source {
    /// The listener with this index.
    Listener(usize),
    /// The connection with this number.
    Connection(usize),
    /// The closed connection with this number, whose last bytes are sent.
    Flushed(usize),
    /// Somebody who looks.
    Inspect,
}

/// What is polled beside the connections.
pub struct Beside<'a> {
    pub listeners: &'a [Listener],
    pub flush: &'a Flush,
    /// Those who look, and what they look at.
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

    /// Waits until a listener or a connection is ready, or `until`, and writes to `ready` who is. Newcomers come last: one that
    /// took over the number of a connection that is closed for it would be mistaken for it, and waited for.
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
        // `poll` favours those who come first: newcomers, who are few, must not starve.
        for (index, listener) in listeners.iter().enumerate() {
            sources.push(Source::Listener(index));
            pollables.push(&listener.pollable);
        }
        for pollable in inspect.iter().flat_map(|(inspect, ring)| inspect.pollables(ring)) {
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
        // With nothing to wait for at all, `poll` would trap.
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

    /// Renews the host's readiness budget, if it would not last for serving this connection. `is_last`: nobody else is
    /// served before the next wait.
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

    /// Renews the host's readiness budget, whatever is left of it: a moment is waited for.
    pub fn really_wait(&mut self) {
        alarm(clock::instant().saturating_add(MOMENT)).block();
        self.plan.readiness.renewed();
    }

    /// Sets the alarm, unless it will ring before that anyway.
    fn set_alarm(&mut self, at: Instant) {
        if self.alarm.as_ref().is_none_or(|(set, _)| at < *set) {
            self.alarm = Some((at, alarm(at)));
        }
    }
}
