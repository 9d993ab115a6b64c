//! The host's clocks (`wasi:clocks`).

use aula::exchange::Now;
use aula::http::UnixTime;
use aula::time::Instant;
use std::time::Duration;
use wasi::clocks::{monotonic_clock, wall_clock};
use wasi::io::poll::Pollable;

/// How long the time of the wall clock is reused. It is only used for dates.
const WALL_CLOCK_TTL: Duration = Duration::from_millis(10);

/// The clock. It caches the time for a moment, because a call of the host takes a third of a microsecond.
#[derive(Default)]
pub struct Clock {
    wall: UnixTime,
    /// When the wall clock was read.
    asked_at: Option<Instant>,
}

impl Clock {
    /// The current time.
    pub fn now(&mut self) -> Now {
        let instant = instant();
        if self
            .asked_at
            .is_none_or(|asked_at| asked_at.saturating_add(WALL_CLOCK_TTL) <= instant)
        {
            let wall = wall_clock::now();
            self.asked_at = Some(instant);
            self.wall = UnixTime {
                seconds: wall.seconds,
                nanoseconds: wall.nanoseconds,
            };
        }
        Now {
            instant,
            unix: self.wall,
        }
    }
}

/// The exact time on the monotonic clock. The loop uses the time at which an iteration began for everything but the
/// log.
pub fn instant() -> Instant {
    Instant::from_nanos(monotonic_clock::now())
}

/// A pollable that is ready from `instant` on.
pub fn alarm(instant: Instant) -> Pollable {
    monotonic_clock::subscribe_instant(instant.as_nanos())
}

/// Blocks the whole guest for `duration`.
pub fn pause(duration: Duration) {
    alarm(instant().saturating_add(duration)).block();
}
