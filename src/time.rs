//! Types for points in time. Nothing in the library reads a clock: the time is always an argument.

use std::ops::Add;
use std::time::Duration;

/// A point on a monotonic clock, in nanoseconds from an arbitrary origin. It is always passed in, so that tests control
/// it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Instant(u64);

impl Instant {
    /// The origin of the clock.
    pub const ORIGIN: Self = Self(0);

    /// The latest instant, which means never.
    pub const MAX: Self = Self(u64::MAX);

    /// The instant this number of nanoseconds after the origin.
    #[must_use]
    pub const fn from_nanos(nanoseconds: u64) -> Self {
        Self(nanoseconds)
    }

    /// The nanoseconds from the origin.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// The time from `earlier` to this instant; zero if `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }

    /// The instant `duration` later, at most [`Instant::MAX`].
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(nanoseconds(duration)))
    }

    /// The instant `duration` earlier, at least [`Instant::ORIGIN`].
    #[must_use]
    pub fn saturating_sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(nanoseconds(duration)))
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    /// The same as [`Instant::saturating_add`].
    fn add(self, duration: Duration) -> Self {
        self.saturating_add(duration)
    }
}

/// The nanoseconds of a duration, at most [`u64::MAX`]. (This does not use [`Duration::as_nanos`]: WebAssembly has no
/// multiplication of 128 bits, so each deadline would need a function call.)
fn nanoseconds(duration: Duration) -> u64 {
    const SECOND: u64 = 1_000_000_000;
    const MOST: u64 = u64::MAX / SECOND - 1;
    match duration.as_secs() {
        seconds @ 0..=MOST => seconds * SECOND + u64::from(duration.subsec_nanos()),
        _ => u64::MAX,
    }
}

/// A point in time, as the time since 1970-01-01T00:00:00Z without leap seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash)]
pub struct UnixTime {
    /// Whole seconds since the epoch.
    pub seconds: u64,
    /// The nanoseconds beyond the whole seconds: less than 1,000,000,000.
    pub nanoseconds: u32,
}

/// The time on both clocks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Now {
    /// The time on the monotonic clock, for deadlines.
    pub instant: Instant,
    /// The time on the wall clock, for dates.
    pub unix: UnixTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_neither_wraps_nor_goes_below_its_origin() {
        let second = Duration::from_secs(1);
        let at = Instant::from_nanos;
        assert_eq!(at(5) + second, at(1_000_000_005));
        assert_eq!(at(1_000_000_005).since(at(5)), second);
        assert_eq!(at(5).since(at(6)), Duration::ZERO);
        assert_eq!(at(5).saturating_sub(second), Instant::ORIGIN);
        assert_eq!(at(5) + Duration::MAX, Instant::MAX);
        assert_eq!(Instant::MAX + second, Instant::MAX);
    }
}
