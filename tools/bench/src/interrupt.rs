//! Ctrl-C and SIGTERM: every wait returns an error, so that all servers are killed on the way out.

use anyhow::{Result, ensure};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The longest time between two checks for a signal.
const STEP: Duration = Duration::from_millis(10);

static ASKED: AtomicBool = AtomicBool::new(false);

/// Catches the signals from now on.
pub(super) fn install() -> Result<()> {
    ctrlc::set_handler(|| ASKED.store(true, Ordering::Relaxed))?;
    Ok(())
}

/// Fails once a signal has arrived.
pub(super) fn check() -> Result<()> {
    ensure!(!ASKED.load(Ordering::Relaxed), "interrupted");
    Ok(())
}

/// Waits, or fails when a signal arrives.
pub(super) fn sleep(duration: Duration) -> Result<()> {
    wait_until(Instant::now() + duration, || Ok(None::<()>))?;
    Ok(())
}

/// Calls `look` until it returns something. Returns None once `deadline` has passed.
pub(super) fn wait_until<T>(deadline: Instant, mut ask: impl FnMut() -> Result<Option<T>>) -> Result<Option<T>> {
    loop {
        check()?;
        if let Some(something) = ask()? {
            return Ok(Some(something));
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        thread::sleep(left.min(STEP));
    }
}
