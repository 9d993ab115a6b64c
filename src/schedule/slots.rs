//! The table of connections: each has a slot with a fixed number, and is active or idle.

use crate::time::Instant;
use slab::Slab;
use std::collections::BTreeSet;
use std::time::Duration;

/// A connection counts as active for this long after it was served: a client that has just sent a request
/// will probably send another one.
pub const ACTIVE_FOR: Duration = Duration::from_millis(200);

/// Connections of type `T`, by the number of their slot.
#[derive(Debug)]
pub struct Slots<T> {
    slots: Slab<Slot<T>>,
    active: BTreeSet<usize>,
    /// The others. Without this set, finding them would take time for every number that was ever in use.
    idle: BTreeSet<usize>,
}

#[derive(Debug)]
struct Slot<T> {
    value: T,
    served_at: Instant,
    /// The round in which the connection was last served: see [`PollPlan`](super::poll_plan::PollPlan).
    served_in: Option<u32>,
}

impl<T> Slots<T> {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self {
            slots: Slab::new(),
            active: BTreeSet::new(),
            idle: BTreeSet::new(),
        }
    }

    /// Adds a connection and returns its number.
    pub fn insert(&mut self, value: T, now: Instant) -> usize {
        let number = self.slots.insert(Slot {
            value,
            served_at: now,
            served_in: None,
        });
        self.active.insert(number);
        number
    }

    /// Removes a connection.
    pub fn remove(&mut self, number: usize) -> Option<T> {
        if !self.active.remove(&number) {
            self.idle.remove(&number);
        }
        self.slots.try_remove(number).map(|slot| slot.value)
    }

    /// The number of connections.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there are no connections.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The number of active connections.
    #[must_use]
    pub fn active_len(&self) -> usize {
        self.active.len()
    }

    /// All numbers are lower than this.
    #[must_use]
    pub fn numbers_end(&self) -> usize {
        self.slots
            .iter()
            .next_back()
            .map_or(0, |(number, _)| number.saturating_add(1))
    }

    /// The connection with this number.
    #[must_use]
    pub fn get(&self, number: usize) -> Option<&T> {
        Some(&self.slots.get(number)?.value)
    }

    /// The connection with this number, as a mutable reference.
    pub fn get_mut(&mut self, number: usize) -> Option<&mut T> {
        Some(&mut self.slots.get_mut(number)?.value)
    }

    /// All connections, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        self.slots.iter().map(|(number, slot)| (number, &slot.value))
    }

    /// The connections to poll: the active ones, and with `idle` the others after them. Those that were served in the
    /// round `except` are left out.
    pub fn to_poll(&self, idle: bool, except: Option<u32>) -> impl Iterator<Item = (usize, &T)> {
        // Without `idle`, the idle ones are not even walked over: there may be thousands, and this is done before
        // every poll.
        let others = idle.then_some(&self.idle).into_iter().flatten();
        let numbers = self.active.iter().chain(others);
        let candidates = numbers.filter_map(|&number| Some((number, self.slots.get(number)?)));
        let wanted = candidates.filter(move |(_, slot)| except.is_none() || slot.served_in != except);
        wanted.map(|(number, slot)| (number, &slot.value))
    }

    /// Notes that a connection is served in this round at this time, so that it becomes active.
    pub fn serve(&mut self, number: usize, round: u32, now: Instant) -> Option<&mut T> {
        let slot = self.slots.get_mut(number)?;
        slot.served_in = Some(round);
        if slot.served_at.saturating_add(ACTIVE_FOR) < now && self.idle.remove(&number) {
            self.active.insert(number);
        }
        slot.served_at = now;
        Some(&mut slot.value)
    }

    /// Removes connections that have not been served recently from the active ones.
    pub fn expire_active(&mut self, now: Instant) {
        let (slots, idle) = (&self.slots, &mut self.idle);
        self.active.retain(|&number| {
            let slot = slots.get(number);
            let is_active = slot.is_some_and(|slot| slot.served_at.saturating_add(ACTIVE_FOR) >= now);
            if !is_active {
                idle.insert(number);
            }
            is_active
        });
    }
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(slots: &Slots<char>, idle: bool, except: Option<u32>) -> Vec<usize> {
        slots.to_poll(idle, except).map(|(number, _)| number).collect()
    }

    #[test]
    fn a_number_belongs_to_its_connection_until_that_is_removed() {
        let mut slots = Slots::new();
        let [a, b, c] = ['a', 'b', 'c'].map(|name| slots.insert(name, Instant::ORIGIN));
        assert_eq!(slots.remove(b), Some('b'));
        assert_eq!(
            (slots.get(a), slots.get(b), slots.get(c)),
            (Some(&'a'), None, Some(&'c'))
        );
        assert_eq!((slots.remove(b), slots.len()), (None, 2));
        assert_eq!(slots.insert('d', Instant::ORIGIN), b, "the number is free again");
        assert_eq!(slots.numbers_end(), 3);
    }

    #[test]
    fn a_connection_that_was_served_recently_is_active() {
        let mut slots = Slots::new();
        let [a, b, c] = ['a', 'b', 'c'].map(|name| slots.insert(name, Instant::ORIGIN));
        assert_eq!(
            slots.active_len(),
            3,
            "the request of a new connection is probably on its way"
        );
        assert!(slots.serve(b, 1, Instant::ORIGIN + ACTIVE_FOR).is_some());
        slots.expire_active(Instant::ORIGIN + ACTIVE_FOR + Duration::from_nanos(1));
        assert_eq!(numbers(&slots, false, None), [b]);
        assert_eq!(numbers(&slots, true, None), [b, a, c]);
        assert!(slots.serve(c, 2, Instant::ORIGIN + 2 * ACTIVE_FOR).is_some());
        assert_eq!(numbers(&slots, false, None), [b, c]);
        assert_eq!(numbers(&slots, true, None), [b, c, a]);
        slots.remove(c);
        slots.remove(a);
        assert_eq!(numbers(&slots, true, None), [b]);
        assert_eq!(slots.insert('d', Instant::ORIGIN), a);
        assert_eq!(
            numbers(&slots, false, None),
            [a, b],
            "it is active whatever had its number"
        );
    }

    #[test]
    fn idle_connections_that_are_not_polled_are_not_walked_over() {
        let mut slots = Slots::new();
        let numbers: Vec<_> = (0..100).map(|_| slots.insert((), Instant::ORIGIN)).collect();
        let later = Instant::ORIGIN + 2 * ACTIVE_FOR;
        assert!(slots.serve(numbers[50], 1, later).is_some());
        slots.expire_active(later);
        let most_looked_at = |idle| slots.to_poll(idle, None).size_hint().1;
        assert_eq!(slots.active_len(), 1);
        assert_eq!(most_looked_at(false), Some(1));
        assert_ne!(most_looked_at(true), Some(1));
    }

    #[test]
    fn connections_that_were_served_in_a_round_can_be_left_out() {
        let mut slots = Slots::new();
        let [a, b, c] = ['a', 'b', 'c'].map(|name| slots.insert(name, Instant::ORIGIN));
        slots.serve(a, 1, Instant::ORIGIN);
        slots.serve(b, 2, Instant::ORIGIN);
        assert_eq!(numbers(&slots, true, Some(2)), [a, c]);
        assert_eq!(numbers(&slots, false, Some(1)), [b, c]);
    }
}
