//! The host's readiness budget: trap 1 of `shell`.
//!
//! wasmtime 48 runs the guest under tokio's cooperative budget. Once that is spent, everything reports "not ready"
//! until the guest really waits: `poll` names the lowest 128 ready pollables and no others, and each `check-write` says
//! 0. Fixed in wasmtime 49; a host without tokio has no such budget. When no supported host has it, this file goes,
//! with the rounds of [`poll_plan`](super::poll_plan).

/// How many readiness checks the host answers between two real waits.
pub const TOKIO_COOP_BUDGET: usize = 128;

/// How many checks serving a connection takes: one before it writes, one after.
const CHECKS_PER_CONNECTION: usize = 2;

/// With at most this many active or ready connections the budget is ignored: what it hides shows up after the next
/// wait, one turn of the loop later.
const SMALL_CROWD: usize = 32;

/// If `poll` has used up so much of the budget, it may have missed connections that are ready.
const TRUNCATED_AT: usize = TOKIO_COOP_BUDGET - 8;

/// How much of the budget is spent, at most: a wait that blocked has renewed it, but the guest cannot tell whether one
/// did.
#[derive(Debug, Default)]
pub struct Readiness {
    spent: usize,
    is_crowded: bool,
    /// The host has no budget.
    is_unlimited: bool,
}

impl Readiness {
    /// For a host that has no budget: nothing is ever spent.
    #[must_use]
    pub fn unlimited() -> Self {
        Self {
            is_unlimited: true,
            ..Self::default()
        }
    }

    /// `poll` has named so many as ready, and so many connections are active.
    pub fn polled(&mut self, ready: usize, active: usize) {
        self.spent = self.spent.saturating_add(ready);
        // After a turn of the loop that took long, nobody counts as active.
        self.is_crowded = active.max(ready) > SMALL_CROWD && !self.is_unlimited;
    }

    /// Whether the last `poll` may have left out others that are ready.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        self.is_crowded && self.spent >= TRUNCATED_AT
    }

    /// A connection is about to be served: whether the budget has to be renewed before. `needs_all`: nobody else is
    /// served before the next `poll`, and that has to see the rest of a round.
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

    /// The guest has really waited.
    pub fn renewed(&mut self) {
        self.spent = CHECKS_PER_CONNECTION;
    }
}
