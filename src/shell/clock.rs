//! The host's clocks (`wasi:clocks`).

use aula::exchange::Now;
use aula::http::UnixTime;
use aula::time::Instant;
use std::time::Duration;
use wasi::clocks::{monotonic_clock, wall_clock};
use wasi::io::poll::Pollable;

/// For how long the wall clock's time is taken for granted: it is asked for dates alone.
const FRESH: Duration = Duration::from_millis(10);

/// Tells the time, and remembers it for a moment: asking the host takes a third of a microsecond.
#[derive(Default)]
pub struct Clock {
    wall: UnixTime,
    /// When the wall clock was asked.
    asked_at: Option<Instant>,
}

impl Clock {
    /// The time now.
    pub fn now(&mut self) -> Now {
        let instant = instant();
        if self
            .asked_at
            .is_none_or(|asked_at| asked_at.saturating_add(FRESH) <= instant)
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

/// The time on the monotonic clock, to the moment; in the loop, all but what is told has the time at which a turn
/// began.
pub fn instant() -> Instant {
    Instant::from_nanos(monotonic_clock::now())
}

/// Ready from `instant` on.
pub fn alarm(instant: Instant) -> Pollable {
    monotonic_clock::subscribe_instant(instant.as_nanos())
}

/// Waits, and serves nobody meanwhile.
pub fn pause(duration: Duration) {
    alarm(instant().saturating_add(duration)).block();
}
