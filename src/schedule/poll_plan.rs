//! Which connections are polled, and until when.
//!
//! **Rounds.** A host with a readiness budget ([`readiness`](super::readiness)) may report only some of the connections
//! that are ready, and always omits those with the highest numbers. The following polls then skip those that were
//! already served, until one poll reports all ready connections: that is a round. Otherwise the last ones would starve
//! while the first ones are active.
//!
//! **Idle connections.** `poll` takes time for every connection that it is given. With thousands of idle ones, this is
//! more time than serving the active ones takes. So while there are active ones, the idle ones are polled only at
//! intervals.

use super::readiness::Readiness;
use crate::time::Instant;
use std::time::Duration;

/// The interval at which idle connections are polled while there are active ones. With 4,000 idle ones, a poll takes
/// about a millisecond.
pub const IDLE_POLL_INTERVAL: Duration = Duration::from_millis(30);

/// The shortest wait for a time. A deadline may be noticed this late.
const SHORTEST_WAIT: Duration = Duration::from_millis(20);

/// Up to this number, idle connections are always polled: this takes less time than one of them would lose by being
/// noticed late.
const FEW_IDLE_CONNECTIONS: usize = 128;

/// How many connections there are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Crowd {
    /// The number of connections that were served recently.
    pub active: usize,
    /// The number of other connections.
    pub idle: usize,
}

/// What to poll.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Poll {
    /// Whether idle connections are polled too.
    pub idle: bool,
    /// The current round. Connections that were served in it are not polled.
    pub except: Option<u32>,
    /// Until when to wait; `None` is for ever. If this is in the past, the host must not wait at all.
    pub until: Option<Instant>,
    /// Whether the host must not wait, because a round is under way.
    pub at_once: bool,
}

/// What the host has reported as ready.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reported {
    /// The number of ready listeners and connections.
    pub ready: usize,
    /// The number of ready connections.
    pub connections: usize,
    /// The number of active connections.
    pub active: usize,
}

/// The state that is kept from one poll to the next.
#[derive(Debug)]
pub struct PollPlan {
    /// The host's readiness budget, if it has one.
    pub readiness: Readiness,
    round: u32,
    /// Whether the round continues, because `poll` may have omitted a connection.
    is_truncated: bool,
    /// Whether this round polls idle connections.
    polls_idle: bool,
    /// When idle connections were polled last.
    idle_polled_at: Instant,
    /// Whether the last poll reported nothing.
    was_quiet: bool,
}

impl PollPlan {
    /// A plan before the first poll.
    #[must_use]
    pub fn new() -> Self {
        Self {
            readiness: Readiness::default(),
            round: 0,
            is_truncated: false,
            polls_idle: true,
            idle_polled_at: Instant::ORIGIN,
            was_quiet: true,
        }
    }

    /// The number of the current round. Connections that are served keep it.
    #[must_use]
    pub fn round(&self) -> u32 {
        self.round
    }

    /// What to poll at `now`, if the next thing to do is at `until` at the latest.
    pub fn begin(&mut self, crowd: Crowd, mut until: Instant, now: Instant) -> Poll {
        let next_idle_poll = self.idle_polled_at.saturating_add(IDLE_POLL_INTERVAL);
        // The set stays the same for a whole round; otherwise its last members might never be reached.
        if !self.is_truncated {
            self.round = self.round.wrapping_add(1);
            self.polls_idle = self.was_quiet || crowd.idle <= FEW_IDLE_CONNECTIONS || next_idle_poll <= now;
        }
        if self.polls_idle {
            self.idle_polled_at = now;
        } else {
            until = until.min(next_idle_poll);
        }
        Poll {
            idle: self.polls_idle,
            except: self.is_truncated.then_some(self.round),
            // Trap 1: never poll with an expired timer again and again.
            until: (until < Instant::MAX).then(|| until.max(now.saturating_add(SHORTEST_WAIT))),
            at_once: self.is_truncated,
        }
    }

    /// Notes what the host has reported as ready.
    pub fn end(&mut self, reported: Reported) {
        self.readiness.polled(reported.ready, reported.active);
        self.was_quiet = reported.ready == 0;
        // If no connection is served, nothing renews the budget before the next poll, so that one must block.
        self.is_truncated = reported.connections > 0 && self.readiness.is_truncated();
    }

    /// Whether the host's budget has to be renewed before the next connection is served. If so, report the renewal with
    /// [`Readiness::renewed`]. `is_last`: the connection is the last one before the next poll.
    pub fn must_renew(&mut self, is_last: bool) -> bool {
        self.readiness.must_renew(is_last && self.is_truncated)
    }
}

impl Default for PollPlan {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
#[path = "poll_plan_tests.rs"]
mod tests;
