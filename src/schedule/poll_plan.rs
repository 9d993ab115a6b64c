//! Which connections are polled, and until when.
//!
//! **Rounds.** A host with a readiness budget ([`readiness`](super::readiness)) may leave connections out of what it
//! reports as ready, always those with the highest numbers. The following polls then skip those that were already
//! served, until one reports all that it has: that is a round. Otherwise the last ones would starve as long as the
//! first ones are busy.
//!
//! **Idle connections.** `poll` takes time for every connection that it is given. With thousands of idle ones, that is
//! more than serving the active ones takes. So while there are active ones, the idle ones are polled only now and then.

use super::readiness::Readiness;
use crate::time::Instant;
use std::time::Duration;

/// How often idle connections are polled while there are active ones; and how late a deadline may be
/// noticed.
pub const IDLE_POLL_INTERVAL: Duration = Duration::from_millis(20);

/// So few idle connections are always polled: that takes less time than one of them would lose by being noticed late.
const FEW_IDLE_CONNECTIONS: usize = 128;

/// How many connections there are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Crowd {
    /// Those that were served lately.
    pub active: usize,
    /// The others.
    pub idle: usize,
}

/// What to poll.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Poll {
    /// Whether idle connections are polled too.
    pub idle: bool,
    /// Connections that were served in this round are left out.
    pub except: Option<u32>,
    /// When to give up waiting; `None`: never. It may be in the past, and then the host must not wait at all.
    pub until: Option<Instant>,
    /// Whether the host must not wait, because a round is under way.
    pub at_once: bool,
}

/// What the host has reported.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reported {
    /// How many listeners and connections are ready.
    pub ready: usize,
    /// How many of them are connections.
    pub connections: usize,
    /// How many connections are active.
    pub active: usize,
}

/// What has to be remembered from one poll to the next.
#[derive(Debug)]
pub struct PollPlan {
    /// The budget that the host may have.
    pub readiness: Readiness,
    round: u32,
    /// Whether the round goes on, because `poll` may have left somebody out.
    is_truncated: bool,
    /// Whether this round polls idle connections.
    polls_idle: bool,
    /// When idle connections were polled last.
    idle_polled_at: Instant,
    /// Whether the last poll reported nothing.
    was_quiet: bool,
}

impl PollPlan {
    /// Nothing has been polled yet.
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

    /// The number of the current round, for those who are served in it.
    #[must_use]
    pub fn round(&self) -> u32 {
        self.round
    }

    /// What to poll at `now`, where the next thing to do is at `until` at the latest.
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
            until: (until < Instant::MAX).then(|| until.max(now.saturating_add(IDLE_POLL_INTERVAL))),
            at_once: self.is_truncated,
        }
    }

    /// The host has reported who is ready.
    pub fn end(&mut self, reported: Reported) {
        self.readiness.polled(reported.ready, reported.active);
        self.was_quiet = reported.ready == 0;
        // If no connection is served, nothing renews the budget before the next poll, so that one must block.
        self.is_truncated = reported.connections > 0 && self.readiness.is_truncated();
    }

    /// A connection is about to be served; `is_last`: as the last one before the next poll. Whether the host's budget
    /// has to be renewed before: then report it with [`Readiness::renewed`].
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
