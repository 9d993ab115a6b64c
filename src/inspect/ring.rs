//! The recent events, for the inspector.

use std::collections::VecDeque;

/// The maximum number of events that are kept: some hundred exchanges, each with the accept and the close of its
/// connection.
const MOST_EVENTS: usize = 1000;

/// The maximum size of the kept events, in bytes.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// The last events, numbered from 0 since the server started.
#[derive(Default, Debug)]
pub struct Ring {
    events: VecDeque<String>,
    /// The number of the first kept event.
    first: u64,
    bytes: usize,
}

impl Ring {
    /// Adds an event, which is a line of JSON, and removes the oldest ones if there are too many.
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

    /// The first kept event with this number or a higher one, and its number.
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
