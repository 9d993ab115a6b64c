//! The events of late, for those who look.

use std::collections::VecDeque;

/// How many events are kept: some hundred exchanges, each with its connection's beginning and end.
const MOST_EVENTS: usize = 1000;

/// How many bytes of them are kept.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// The last events, numbered from 0 since the server began.
#[derive(Default, Debug)]
pub struct Ring {
    events: VecDeque<String>,
    /// The number of the first that is kept.
    first: u64,
    bytes: usize,
}

impl Ring {
    /// Adds an event, a line of JSON; the oldest ones give way.
    pub fn push(&mut self, event: String) {
        self.bytes = self.bytes.saturating_add(event.len());
        self.events.push_back(event);
        while self.events.len() > MOST_EVENTS || self.bytes > MOST_BYTES {
            let Some(oldest) = self.events.pop_front() else {
                return;
            };
            self.bytes = self.bytes.saturating_sub(oldest.len());
            self.first = self.first.saturating_add(1);
        }
    }

    /// The first event that is kept from this number on, with its number.
    #[must_use]
    pub fn from(&self, number: u64) -> Option<(u64, &str)> {
        let number = number.max(self.first);
        let event = self
            .events
            .get(usize::try_from(number.saturating_sub(self.first)).ok()?)?;
        Some((number, event))
    }

    /// The number of the next event.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.first.saturating_add(self.events.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_events_are_kept_and_numbered() {
        let mut ring = Ring::default();
        assert_eq!(ring.from(0), None);
        for number in 0..MOST_EVENTS + 10 {
            ring.push(number.to_string());
        }
        assert_eq!(ring.from(0), Some((10, "10")));
        assert_eq!(ring.from(11), Some((11, "11")));
        assert_eq!(ring.end(), MOST_EVENTS as u64 + 10);
        assert_eq!(ring.from(ring.end()), None);
        ring.push("x".repeat(MOST_BYTES));
        assert_eq!(
            ring.from(0).map(|(number, event)| (number, event.len())),
            Some((MOST_EVENTS as u64 + 10, MOST_BYTES))
        );
        ring.push("y".to_owned());
        assert_eq!(ring.from(0), Some((MOST_EVENTS as u64 + 11, "y")));
    }
}
