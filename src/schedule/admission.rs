//! Admission: whether a new connection is accepted, refused or left waiting, and which one is evicted for it.

use crate::time::Instant;
use std::time::Duration;

/// How long a new connection may be silent before it can be evicted: its request is probably on its way.
const NEW_CONNECTION_GRACE: Duration = Duration::from_secs(1);

/// How long a client may read nothing of its response before it can be evicted. This applies only if all slots are
/// taken and no connection is idle; otherwise the client has until the write deadline.
pub const STALLED_GRACE: Duration = Duration::from_secs(2);

/// How long a client may read nothing if it has resumed reading after a pause before: such a client is slow, but it
/// does read.
const SLOW_GRACE: Duration = Duration::from_secs(10);

/// The minimum time without reading that counts as a pause. If clients in at least half of the slots have read nothing
/// for this long, nearly all of them never read, and a new connection would have to wait for one after another: then it
/// is also how long a client may read nothing.
pub const PAUSE: Duration = Duration::from_millis(100);

/// The maximum number of connections without a slot: refused ones that are still reading their 503, and closed ones
/// that the host is still flushing.
const MAX_BESIDE: usize = 512;

/// The maximum number of connections in all. Trap 3: at 100,000 handles the host ends the guest. Each connection needs
/// at most five handles, and one more while it is polled. The other handles are for [`MAX_OPEN_FILES`].
pub const MAX_HELD: usize = 16_000;

/// The maximum number of open files, for all connections together.
pub const MAX_OPEN_FILES: usize = 2_000;

/// The configured limits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// The maximum number of connections at once.
    pub max_connections: usize,
    /// Whether a new connection without a slot is refused with 503, rather than left waiting.
    pub refuses: bool,
}

/// What the server holds now.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held {
    /// The number of connections in slots.
    pub in_slots: usize,
    /// The number of refused connections that are still reading their 503, and of closed ones that the host is still
    /// flushing.
    pub beside: usize,
    /// The number of closed connections that the host cannot release (trap 2). They need only handles.
    pub abandoned: usize,
    /// Whether there is too little memory for another connection.
    pub is_memory_short: bool,
}

/// What to do about a new connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Admission {
    /// Accept it: there is a free slot.
    Accept,
    /// Accept it, and respond with 503.
    Refuse,
    /// Leave it in the host's queue.
    Wait,
}

impl Limits {
    /// Decides what to do about the next new connection.
    #[must_use]
    pub fn admit(&self, held: Held) -> Admission {
        let besides_are_many = held.beside >= self.max_connections.saturating_add(MAX_BESIDE);
        let all = held.in_slots.saturating_add(held.beside).saturating_add(held.abandoned);
        // If there is no memory but also no connection, one is accepted: that costs less than to refuse it.
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

/// A connection that may be evicted. The order of the variants is the order of choice; among equals, the one that has
/// been in its state for longest is chosen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Evictable {
    /// Idle: it has got a response, and no further request has begun.
    Idle(Instant),
    /// Silent: it has been accepted, and has sent nothing.
    Silent(Instant),
    /// Stalled: its client does not read the response.
    Stalled(Instant),
    /// Slow: its client does not read now, but has resumed after a pause before.
    Slow(Instant),
}

impl Evictable {
    /// Whether the client has read nothing for so long that many such clients are a crowd.
    fn is_deaf(self, now: Instant) -> bool {
        matches!(self, Self::Stalled(since) if since.saturating_add(PAUSE) <= now)
    }

    /// Whether the connection may be evicted now.
    fn is_due(self, is_crowd: bool, now: Instant) -> bool {
        match self {
            Self::Idle(_) => true,
            Self::Silent(since) => since.saturating_add(NEW_CONNECTION_GRACE) <= now,
            Self::Stalled(since) => is_crowd && self.is_deaf(now) || since.saturating_add(STALLED_GRACE) <= now,
            Self::Slow(since) => since.saturating_add(SLOW_GRACE) <= now,
        }
    }
}

/// The number of the connection that is evicted first among these. `slots` is the number of all slots.
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
    fn a_new_connection_is_accepted_refused_or_waits() {
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
            // Refused and flushing connections have their own limit, and take no slot.
            (false, held(9, 10 + MAX_BESIDE - 1, 0), Accept),
            (true, held(10, 10 + MAX_BESIDE - 1, 0), Refuse),
            (true, held(10, 10 + MAX_BESIDE, 0), Wait),
            (false, held(9, 10 + MAX_BESIDE, 0), Wait),
            // Those that the host does not release count only for the host's own limit.
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
    fn the_hosts_handles_suffice_for_everything_that_may_be_held() {
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
        let deaf = Stalled(before(PAUSE));
        let younger = Stalled(before(PAUSE) + moment);
        for (candidates, expected) in [
            (&[][..], None),
            (&[(1, Idle(at(5))), (2, Idle(at(4))), (3, Idle(at(6)))], Some(2)),
            (&[(1, Silent(at(1))), (2, Idle(NOW))], Some(2)),
            (&[(1, Stalled(at(1))), (2, Silent(at(2)))], Some(2)),
            (&[(1, Stalled(old)), (2, Stalled(old.saturating_sub(moment)))], Some(2)),
            (&[(1, Slow(before(SLOW_GRACE))), (2, Stalled(old))], Some(2)),
            (&[(1, Slow(before(SLOW_GRACE)))], Some(1)),
            (&[(1, Slow(before(SLOW_GRACE) + moment))], None),
            // Equals are chosen in the order of their numbers.
            (&[(2, Idle(at(5))), (1, Idle(at(5)))], Some(1)),
            // Each kind has its own grace period.
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
