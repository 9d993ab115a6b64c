//! How many bytes of responses may be sent now, if their rate is limited (`--rate`).
//!
//! Bytes are allowed in portions: what the rate gives in a tenth of a second, and at least one byte.

use crate::time::Instant;
use std::time::Duration;

/// How many portions a second has. A portion that is noticed late by less than its time is made up for, so that the
/// rate is kept although the server looks at the clock only now and then.
const PORTIONS: u64 = 10;

/// The state of a limited rate, or of an unlimited one.
#[derive(Clone, Copy, Debug)]
pub struct SendRate {
    /// Bytes per second; `None` is unlimited.
    rate: Option<u64>,
    /// How many bytes may still be sent of the current portion.
    left: u64,
    /// When the next portion is allowed.
    next: Instant,
}

impl SendRate {
    /// A rate in bytes per second, of which nothing is used.
    #[must_use]
    pub fn new(rate: Option<u64>) -> Self {
        Self {
            rate,
            left: if rate.is_some() { 0 } else { u64::MAX },
            next: Instant::ORIGIN,
        }
    }

    /// How many bytes may be sent now.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.left
    }

    /// When more bytes may be sent, if none may be sent now.
    #[must_use]
    pub fn next(&self) -> Instant {
        self.next
    }

    /// Allows the next portion, if the current one is used up and it is time for the next.
    pub fn renew(&mut self, now: Instant) {
        let Some(rate) = self.rate.filter(|_| self.left == 0 && self.next <= now) else {
            return;
        };
        self.left = (rate / PORTIONS).max(1);
        let takes = Duration::from_nanos(self.left.saturating_mul(1_000_000_000) / rate.max(1));
        // Time in which nothing was to be sent is not made up for.
        let is_late = self.next.saturating_add(takes) < now;
        self.next = if is_late { now } else { self.next }.saturating_add(takes);
    }

    /// Notes that `count` of these bytes are sent.
    pub fn sent(&mut self, count: u64) {
        if self.rate.is_some() {
            self.left = self.left.saturating_sub(count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLISECOND: u64 = 1_000_000;

    #[test]
    fn a_rate_is_kept_by_a_sender_that_looks_at_the_clock_now_and_then() {
        for (rate, every, seconds, expected) in [
            // (bytes per second, milliseconds between two looks, seconds, bytes; the first portion comes at once)
            (1000, 1, 10, 10_100),
            (1000, 20, 10, 10_100),
            (1000, 99, 10, 10_100),
            (50 * 1024, 20, 2, 102_400 + 5120),
            (1, 20, 5, 6),
            (7, 20, 3, 22),
            (1 << 30, 20, 1, (1 << 30) / 10 * 11),
        ] {
            let mut state = SendRate::new(Some(rate));
            // A server has been running for a while when a response is made.
            let begun = Instant::from_nanos(77_777 * MILLISECOND);
            let mut sent = 0;
            for look in 0..=seconds * 1000 / every {
                state.renew(begun + Duration::from_millis(look * every));
                sent += state.left();
                state.sent(state.left());
            }
            let portion = (rate / PORTIONS).max(1);
            let range = expected - portion..=expected;
            assert!(
                range.contains(&sent),
                "{rate} B/s, every {every} ms: {sent}, not {range:?}"
            );
        }
    }

    #[test]
    fn a_portion_may_be_used_in_pieces_and_pauses_are_not_made_up_for() {
        let at = |milliseconds: u64| Instant::from_nanos(milliseconds * MILLISECOND);
        let mut rate = SendRate::new(Some(1000));
        for (now, sent, left, next) in [
            (5000, 0, 100, 5100),
            (5001, 60, 40, 5100),
            (5050, 40, 0, 5100),
            (5099, 0, 0, 5100),
            // 20 ms late, which is made up for.
            (5120, 100, 0, 5200),
            (5200, 1, 99, 5300),
            (5210, 99, 0, 5300),
            // So late that the next portion is due as well.
            (5400, 0, 100, 5400),
            // The client read nothing for a second.
            (6200, 100, 0, 5400),
            (6201, 0, 100, 6301),
        ] {
            rate.renew(at(now));
            rate.sent(sent);
            assert_eq!((rate.left(), rate.next()), (left, at(next)), "at {now} ms");
        }
    }

    #[test]
    fn without_a_rate_everything_may_be_sent() {
        let mut rate = SendRate::new(None);
        rate.renew(Instant::MAX);
        rate.sent(u64::MAX);
        assert_eq!(rate.left(), u64::MAX);
    }
}
