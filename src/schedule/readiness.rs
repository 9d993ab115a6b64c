//! The host's readiness budget: trap 1 of `shell`.
//!
//! wasmtime 48 runs the guest under tokio's cooperative budget. Once that is spent, everything reports "not ready"
//! until the guest really waits: `poll` names the lowest 128 ready pollables and no others, and each `check-write` says
//! 0. Fixed in wasmtime 49; a host without tokio has no such budget. When no supported host has it, this file goes,
//! with the rounds of [`poll_plan`](super::poll_plan).

/// How many readiness checks the host answers between two real waits.
pub const TOKIO_COOP_BUDGET: usize = 128;

/// How many checks it takes to serve a connection: one before it writes, and one after.
const CHECKS_PER_CONNECTION: usize = 2;

/// With at most this many active or ready connections, the budget is ignored: what it hides shows up after the next
/// wait, one iteration later.
const SMALL_CROWD: usize = 32;

/// If `poll` has used up this much of the budget, it may have missed connections that are ready.
const TRUNCATED_AT: usize = TOKIO_COOP_BUDGET - 8;

/// An upper bound for the budget that is spent. A wait that blocked has renewed it, but the guest cannot know whether a
/// wait did.
#[derive(Debug, Default)]
pub struct Readiness {
    spent: usize,
    is_crowded: bool,
    /// The host has no such budget.
    is_unlimited: bool,
}

impl Readiness {
    /// For a host that has no budget.
    #[must_use]
    pub fn unlimited() -> Self {
        Self {
            is_unlimited: true,
            ..Self::default()
        }
    }

    /// Notes that `poll` has reported this number as ready, while this number of connections is active.
    pub fn polled(&mut self, ready: usize, active: usize) {
        self.spent = self.spent.saturating_add(ready);
        // After an iteration that took long, no connection counts as active.
        self.is_crowded = active.max(ready) > SMALL_CROWD && !self.is_unlimited;
    }

    /// Whether the last `poll` may have omitted ready connections.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        self.is_crowded && self.spent >= TRUNCATED_AT
    }

    /// Whether the budget has to be renewed before the next connection is served. `needs_all`: no other one is served
    /// before the next `poll`, and that poll has to see the rest of a round.
    pub fn must_renew(&mut self, needs_all: bool) -> bool {
        let checks = if needs_all {
            TOKIO_COOP_BUDGET
        } else {
            CHECKS_PER_CONNECTION
        };
        let is_used_up = self.spent.saturating_add(checks) > TOKIO_COOP_BUDGET;
        self.spent = self.spent.saturating_add(CHECKS_PER_CONNECTION);
        is_used_up && self.is_crowded
    }

    /// Notes that the guest has really waited.
    pub fn renewed(&mut self) {
        self.spent = CHECKS_PER_CONNECTION;
    }
}
