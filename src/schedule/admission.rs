//! Whether a newcomer is accepted, refused or left waiting, and who is closed for it.

use crate::time::Instant;
use std::time::Duration;

/// How long a new connection may be silent before it is closed for a newcomer: its request is most likely
/// on its way.
const NEW_CONNECTION_GRACE: Duration = Duration::from_secs(1);

/// How long a client may take nothing of its response before it is closed for a newcomer. Only where
/// every slot is taken and nobody is idle: otherwise it has until the write deadline.
pub const STALLED_GRACE: Duration = Duration::from_secs(2);

/// The same where clients have taken nothing for this long in at least half of the slots. TCP repeats what was lost before
/// that (after 200 ms on Linux), so nearly all of them are deaf, and newcomers would wait for one after another.
const CROWD_GRACE: Duration = Duration::from_millis(250);

/// The same for a client that has gone on reading after a pause: it is slow, and not deaf.
const SLOW_GRACE: Duration = Duration::from_secs(10);

/// How long a client must have taken nothing for its going on to count as that.
pub const PAUSE: Duration = Duration::from_millis(100);

/// How many connections may exist beside those in slots: refused ones that still read their 503, and closed ones that
/// the host still flushes.
const MAX_BESIDE: usize = 512;

/// How many connections are held in all. Trap 3: at 100,000 handles the host ends the guest. Each connection costs at
/// most five handles and one more while it is polled; [`MAX_OPEN_FILES`] are the rest.
pub const MAX_HELD: usize = 16_000;

/// How many files are open at once, for all connections.
pub const MAX_OPEN_FILES: usize = 2_000;

/// What the operator has set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Connections at once.
    pub max_connections: usize,
    /// Whether a newcomer who finds no slot is told so (503), rather than left waiting.
    pub refuses: bool,
}

/// What is held now.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held {
    /// Connections in slots.
    pub in_slots: usize,
    /// Connections that were refused and still read why, and closed ones that the host still flushes.
    pub beside: usize,
    /// Connections that are closed for the server, and that the host cannot let go of (trap 2). They cost nothing but
    /// handles.
    pub abandoned: usize,
    /// Whether there is no memory for one more.
    pub is_memory_short: bool,
}

/// What to do about a newcomer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Admission {
    /// There is a slot.
    Accept,
    /// It is accepted and answered 503.
    Refuse,
    /// It waits in the host's queue.
    Wait,
}

impl Limits {
    /// What to do about the next newcomer.
    #[must_use]
    pub fn admit(&self, held: Held) -> Admission {
        let besides_are_many = held.beside >= self.max_connections.saturating_add(MAX_BESIDE);
        let all = held.in_slots.saturating_add(held.beside).saturating_add(held.abandoned);
        // With no memory and nobody there, one is let in all the same: it costs less than it takes to say no.
        let is_short = held.is_memory_short && held.in_slots > 0;
        if besides_are_many || is_short || all >= MAX_HELD {
            Admission::Wait
        } else if held.in_slots < self.max_connections {
            Admission::Accept
        } else if self.refuses {
            Admission::Refuse
        } else {
            Admission::Wait
        }
    }
}

/// A connection that might be closed for a newcomer. In the order in which they are chosen, and then by the time since
/// which they are in this state.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Evictable {
    /// It has had a response, and no further request has begun.
    Idle(Instant),
    /// It has been accepted, and has said nothing.
    Silent(Instant),
    /// It does not take its response.
    Stalled(Instant),
    /// Nor does this one at the moment, but it has gone on after a pause before.
    Slow(Instant),
}

impl Evictable {
    /// Whether it has taken nothing for so long that many of the kind are a crowd.
    fn is_deaf(self, now: Instant) -> bool {
        matches!(self, Self::Stalled(since) if since.saturating_add(CROWD_GRACE) <= now)
    }

    /// Whether it may be closed now.
    fn is_due(self, is_crowd: bool, now: Instant) -> bool {
        match self {
            Self::Idle(_) => true,
            Self::Silent(since) => since.saturating_add(NEW_CONNECTION_GRACE) <= now,
            Self::Stalled(since) => is_crowd && self.is_deaf(now) || since.saturating_add(STALLED_GRACE) <= now,
            Self::Slow(since) => since.saturating_add(SLOW_GRACE) <= now,
        }
    }
}

/// The one of these connections, given with their numbers, that is closed first for a newcomer. `slots`: how many there are.
#[must_use]
pub fn evict(
    candidates: impl Iterator<Item = (usize, Evictable)> + Clone,
    slots: usize,
    now: Instant,
) -> Option<usize> {
    let deaf = candidates.clone().filter(|(_, state)| state.is_deaf(now)).count();
    let is_crowd = deaf >= slots.div_ceil(2);
    let due = candidates.filter(|(_, state)| state.is_due(is_crowd, now));
    due.min_by_key(|(number, state)| (*state, *number))
        .map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newcomer_is_accepted_refused_or_waits() {
        use Admission::{Accept, Refuse, Wait};
        let held = |in_slots, beside, abandoned| Held {
            in_slots,
            beside,
            abandoned,
            is_memory_short: false,
        };
        let short = |in_slots| Held {
            is_memory_short: true,
            ..held(in_slots, 0, 0)
        };
        for (refuses, held, expected) in [
            (false, held(0, 0, 0), Accept),
            (false, held(9, 0, 0), Accept),
            (false, held(10, 0, 0), Wait),
            (true, held(10, 0, 0), Refuse),
            // Refused and flushed connections have a limit of their own, and take no slot.
            (false, held(9, 10 + MAX_BESIDE - 1, 0), Accept),
            (true, held(10, 10 + MAX_BESIDE - 1, 0), Refuse),
            (true, held(10, 10 + MAX_BESIDE, 0), Wait),
            (false, held(9, 10 + MAX_BESIDE, 0), Wait),
            // Those that the host does not let go of count for nothing but the host's own limit.
            (false, held(9, 0, 15_990), Accept),
            (true, held(10, 0, 15_989), Refuse),
            (true, held(10, 0, 15_990), Wait),
            (false, held(0, 0, MAX_HELD), Wait),
            // Memory.
            (false, short(0), Accept),
            (true, short(1), Wait),
        ] {
            let limits = Limits {
                max_connections: 10,
                refuses,
            };
            assert_eq!(limits.admit(held), expected, "{held:?}, refuses: {refuses}");
        }
    }

    #[test]
    fn the_hosts_handles_suffice_for_all_that_may_be_held() {
        const HANDLES: usize = 100_000;
        const PER_CONNECTION: usize = 6;
        const LISTENERS_AND_THE_REST: usize = 1_000;
        const { assert!(MAX_HELD * PER_CONNECTION + MAX_OPEN_FILES + LISTENERS_AND_THE_REST <= HANDLES) };
    }

    #[test]
    fn the_longest_idle_goes_first_then_the_silent_then_the_stalled() {
        use Evictable::{Idle, Silent, Slow, Stalled};
        const NOW: Instant = Instant::from_nanos(100_000_000_000);
        let at = Instant::from_nanos;
        let before = |duration| NOW.saturating_sub(duration);
        let old = before(STALLED_GRACE);
        let moment = Duration::from_nanos(1);
        let deaf = Stalled(before(CROWD_GRACE));
        let younger = Stalled(before(CROWD_GRACE) + moment);
        for (candidates, expected) in [
            (&[][..], None),
            (&[(1, Idle(at(5))), (2, Idle(at(4))), (3, Idle(at(6)))], Some(2)),
            (&[(1, Silent(at(1))), (2, Idle(NOW))], Some(2)),
            (&[(1, Stalled(at(1))), (2, Silent(at(2)))], Some(2)),
            (&[(1, Stalled(old)), (2, Stalled(old.saturating_sub(moment)))], Some(2)),
            (&[(1, Slow(before(SLOW_GRACE))), (2, Stalled(old))], Some(2)),
            (&[(1, Slow(before(SLOW_GRACE)))], Some(1)),
            (&[(1, Slow(before(SLOW_GRACE) + moment))], None),
            // Equals in the order of their numbers.
            (&[(2, Idle(at(5))), (1, Idle(at(5)))], Some(1)),
            // Each has its grace.
            (&[(1, Silent(before(NEW_CONNECTION_GRACE) + moment))], None),
            (&[(1, Silent(before(NEW_CONNECTION_GRACE)))], Some(1)),
            (&[(1, Stalled(old + moment))], None),
            (&[(1, Stalled(old))], Some(1)),
            // Of five slots, three are a crowd; those that have gone on before are none.
            (&[(1, deaf), (2, deaf)], None),
            (&[(1, deaf), (2, deaf), (3, younger)], None),
            (&[(1, deaf), (2, deaf), (3, Slow(at(1)))], Some(3)),
            (&[(1, deaf), (2, deaf), (3, deaf)], Some(1)),
            (&[(1, younger), (2, deaf), (3, deaf), (4, deaf)], Some(2)),
        ] {
            assert_eq!(evict(candidates.iter().copied(), 5, NOW), expected, "{candidates:?}");
        }
    }
}
