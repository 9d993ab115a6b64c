//! The host's clocks (`wasi:clocks`).

use aula::exchange::Now;
use aula::http::UnixTime;
use aula::http1::Instant;
use wasi::clocks::{monotonic_clock, wall_clock};
use wasi::io::poll::Pollable;

/// The time now. Asked once for each turn of the loop: half a microsecond a time.
pub fn now() -> Now {
    let wall = wall_clock::now();
    Now {
        instant: monotonic_clock::now(),
        unix: UnixTime {
            seconds: wall.seconds,
            nanoseconds: wall.nanoseconds,
        },
    }
}

/// Ready from `instant` on.
pub fn alarm(instant: Instant) -> Pollable {
    monotonic_clock::subscribe_instant(instant)
}
