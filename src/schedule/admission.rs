//! Admission: whether a new connection is accepted, refused or left waiting, and which one is evicted for it.

use crate::time::Instant;
use std::time::Duration;

/// How long a new connection may be silent before it can be evicted: its request is probably on its way.
const NEW_CONNECTION_GRACE: Duration = Duration::from_secs(1);

/// How long a client may read nothing of its response before its connection can lose its slot to a new one. It is not
/// closed for that: it keeps its write deadline, and is displaced.
const PAUSE: Duration = Duration::from_millis(100);

/// How long a client may read nothing of its response before its connection can be closed for lack of memory or of
/// descriptors. Otherwise it has until the write deadline.
const STALLED_GRACE: Duration = Duration::from_secs(2);

/// The maximum number of connections without a slot, in addition to one for each slot: refused ones that are still
/// reading their 503, displaced ones, and closed ones that the host is still flushing.
const MAX_BESIDE: usize = 1536;

/// How many of them may be displaced, in addition to one for each slot. If there are more, the one that has been
/// stalled for longest is closed; one that has read since it was displaced is closed last.
const MAX_DISPLACED: usize = 1024;

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
    /// The number of refused connections that are still reading their 503, of displaced ones, and of closed ones that
    /// the host is still flushing.
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
        // If there is no memory but also no connection, one is accepted: that costs less than to refuse it.
        let is_short = held.is_memory_short && held.in_slots > 0;
        if self.is_full_beside(held) || is_short {
            Admission::Wait
        } else if held.in_slots < self.max_connections {
            Admission::Accept
        } else if self.refuses {
            Admission::Refuse
        } else {
            Admission::Wait
        }
    }

    /// What the next new connection lacks that an eviction can give it.
    #[must_use]
    pub fn lack(&self, held: Held) -> Option<Lack> {
        if self.is_full_beside(held) {
            None
        } else if held.in_slots >= self.max_connections {
            Some(Lack::Slot)
        } else {
            held.is_memory_short.then_some(Lack::Memory)
        }
    }

    /// Whether another connection may be displaced, beside those that are.
    #[must_use]
    pub fn may_displace(&self, displaced: usize) -> bool {
        displaced < self.max_connections.saturating_add(MAX_DISPLACED)
    }

    fn is_full_beside(&self, held: Held) -> bool {
        let all = held.in_slots.saturating_add(held.beside).saturating_add(held.abandoned);
        held.beside >= self.max_connections.saturating_add(MAX_BESIDE) || all >= MAX_HELD
    }
}

/// What a new connection lacks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lack {
    /// A slot.
    Slot,
    /// Memory, or a descriptor.
    Memory,
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
}

/// How a connection is evicted. The number is that of its slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Eviction {
    /// It is closed.
    Close(usize),
    /// It goes on without a slot until its response is sent, so that a client that is only slow gets all of it.
    Displace(usize),
}

impl Evictable {
    /// Whether the connection may be evicted now.
    fn is_due(self, lack: Lack, now: Instant) -> bool {
        let (since, grace) = match self {
            Self::Idle(_) => return true,
            Self::Silent(since) => (since, NEW_CONNECTION_GRACE),
            Self::Stalled(since) if lack == Lack::Slot => (since, PAUSE),
            Self::Stalled(since) => (since, STALLED_GRACE),
        };
        since.saturating_add(grace) <= now
    }
}

/// Which connection is evicted for a new one that lacks this, and how.
#[must_use]
pub fn evict(candidates: impl Iterator<Item = (usize, Evictable)>, lack: Lack, now: Instant) -> Option<Eviction> {
    let due = candidates.filter(|(_, state)| state.is_due(lack, now));
    let (number, state) = due.min_by_key(|(number, state)| (*state, *number))?;
    Some(match state {
        Evictable::Stalled(_) if lack == Lack::Slot => Eviction::Displace(number),
        _ => Eviction::Close(number),
    })
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
            ..Held::default()
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
    fn an_eviction_gives_a_slot_or_memory_if_that_is_what_is_lacking() {
        let limits = Limits {
            max_connections: 10,
            refuses: false,
        };
        let held = |in_slots, beside, is_memory_short| Held {
            in_slots,
            beside,
            is_memory_short,
            ..Held::default()
        };
        for (held, expected) in [
            (held(9, 0, false), None),
            (held(10, 0, false), Some(Lack::Slot)),
            (held(10, 0, true), Some(Lack::Slot)),
            (held(9, 0, true), Some(Lack::Memory)),
            // Then no eviction can help: a new connection waits.
            (held(10, 10 + MAX_BESIDE, false), None),
            (held(9, 10 + MAX_BESIDE, true), None),
        ] {
            assert_eq!(limits.lack(held), expected, "{held:?}");
        }
        assert!(limits.may_displace(10 + MAX_DISPLACED - 1));
        assert!(!limits.may_displace(10 + MAX_DISPLACED));
    }

    #[test]
    fn the_longest_idle_goes_first_then_the_silent_then_the_stalled() {
        use Evictable::{Idle, Silent, Stalled};
        use Eviction::{Close, Displace};
        use Lack::{Memory, Slot};
        const NOW: Instant = Instant::from_nanos(100_000_000_000);
        let at = Instant::from_nanos;
        let before = |duration| NOW.saturating_sub(duration);
        let moment = Duration::from_nanos(1);
        for (candidates, lack, expected) in [
            (&[][..], Slot, None),
            (
                &[(1, Idle(at(5))), (2, Idle(at(4))), (3, Idle(at(6)))],
                Slot,
                Some(Close(2)),
            ),
            (&[(1, Silent(at(1))), (2, Idle(NOW))], Slot, Some(Close(2))),
            (&[(1, Stalled(at(1))), (2, Silent(at(2)))], Slot, Some(Close(2))),
            (&[(1, Stalled(at(2))), (2, Stalled(at(1)))], Slot, Some(Displace(2))),
            // Equals are chosen in the order of their numbers.
            (&[(2, Idle(at(5))), (1, Idle(at(5)))], Slot, Some(Close(1))),
            // Each kind has its own grace period.
            (&[(1, Silent(before(NEW_CONNECTION_GRACE) + moment))], Slot, None),
            (&[(1, Silent(before(NEW_CONNECTION_GRACE)))], Slot, Some(Close(1))),
            (&[(1, Stalled(before(PAUSE) + moment))], Slot, None),
            (&[(1, Stalled(before(PAUSE)))], Slot, Some(Displace(1))),
            // A displaced connection keeps its memory and its file: for these it is closed, but later.
            (&[(1, Idle(NOW))], Memory, Some(Close(1))),
            (&[(1, Stalled(before(STALLED_GRACE) + moment))], Memory, None),
            (&[(1, Stalled(before(STALLED_GRACE)))], Memory, Some(Close(1))),
        ] {
            assert_eq!(
                evict(candidates.iter().copied(), lack, NOW),
                expected,
                "{lack:?}: {candidates:?}"
            );
        }
    }
}
