//! How long a connection waits, and for what: one timer at a time. RFC 9112 section 9.5 leaves the durations to the
//! server.

use super::rules::Timeouts;
use crate::time::Instant;

/// What a connection waits for. Each timer has its own duration in [`Timeouts`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// The rest of a head: from its first byte, or from the start of a new connection.
    Head,
    /// The rest of the content: from the end of the head, or from when `100 Continue` is sent.
    Body,
    /// The next request: from when the last response is sent.
    Idle,
    /// Progress in sending: from when the client last took some of the bytes.
    Write,
    /// The end of the client's side: from when the last response is sent and the sending side is shut down.
    Linger,
}

/// The timer that runs, if one does.
#[derive(Clone, Copy, Debug)]
pub struct Timers {
    running: Option<Running>,
}

#[derive(Clone, Copy, Debug)]
struct Running {
    timer: Timer,
    since: Instant,
    deadline: Instant,
}

impl Timers {
    /// `timer` runs from `now` on.
    #[must_use]
    pub fn start(timer: Timer, now: Instant, timeouts: &Timeouts) -> Self {
        let duration = match timer {
            Timer::Head => timeouts.head,
            Timer::Body => timeouts.body,
            Timer::Idle => timeouts.idle,
            Timer::Write => timeouts.write,
            Timer::Linger => timeouts.linger,
        };
        Self {
            running: Some(Running {
                timer,
                since: now,
                deadline: now.saturating_add(duration),
            }),
        }
    }

    /// Runs `timer`, or none. A timer that is already running is not restarted.
    pub fn run(&mut self, timer: Option<Timer>, now: Instant, timeouts: &Timeouts) {
        if timer != self.running() {
            *self = timer.map_or(Self { running: None }, |timer| Self::start(timer, now, timeouts));
        }
    }

    /// The running timer.
    #[must_use]
    pub fn running(&self) -> Option<Timer> {
        self.running.map(|running| running.timer)
    }

    /// When the timer was started.
    #[must_use]
    pub fn since(&self) -> Option<Instant> {
        self.running.map(|running| running.since)
    }

    /// When the timer expires.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.running.map(|running| running.deadline)
    }

    /// The timer, if it has expired.
    #[must_use]
    pub fn expired(&self, now: Instant) -> Option<Timer> {
        self.running
            .filter(|running| running.deadline <= now)
            .map(|running| running.timer)
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::default_rules;
    use super::*;
    use std::time::Duration;

    #[test]
    fn each_timer_has_its_own_duration() {
        let timeouts = Timeouts {
            head: Duration::from_secs(1),
            body: Duration::from_secs(2),
            idle: Duration::from_secs(3),
            write: Duration::from_secs(4),
            linger: Duration::from_secs(5),
        };
        let order = [Timer::Head, Timer::Body, Timer::Idle, Timer::Write, Timer::Linger];
        let now = Instant::from_nanos(1_000_000_000);
        for (timer, seconds) in order.into_iter().zip(1..) {
            let timers = Timers::start(timer, now, &timeouts);
            let deadline = now + Duration::from_secs(seconds);
            assert_eq!(timers.deadline(), Some(deadline), "{timer:?}");
            assert_eq!(
                timers.expired(deadline.saturating_sub(Duration::from_nanos(1))),
                None,
                "{timer:?}"
            );
            assert_eq!(timers.expired(deadline), Some(timer));
        }
    }

    #[test]
    fn a_running_timer_continues_and_another_one_starts_afresh() {
        let timeouts = default_rules().timeouts;
        let at = Instant::from_nanos;
        let mut timers = Timers::start(Timer::Head, at(0), &timeouts);
        timers.run(Some(Timer::Head), at(5), &timeouts);
        assert_eq!((timers.running(), timers.since()), (Some(Timer::Head), Some(at(0))));
        timers.run(Some(Timer::Body), at(5), &timeouts);
        assert_eq!((timers.running(), timers.since()), (Some(Timer::Body), Some(at(5))));
        timers.run(None, at(6), &timeouts);
        assert_eq!((timers.running(), timers.deadline()), (None, None));
        assert_eq!(timers.expired(Instant::MAX), None);
    }
}
