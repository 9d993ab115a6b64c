//! Ctrl-C and SIGTERM: whoever waits finds out, returns an error, and on the way out every server is ended.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

/// How long nobody may look whether the end was asked for.
const STEP: Duration = Duration::from_millis(10);

static ASKED: AtomicBool = AtomicBool::new(false);

/// Catches the signals from here on.
pub(super) fn install() -> Result<()> {
    ctrlc::set_handler(|| ASKED.store(true, Ordering::Relaxed))?;
    Ok(())
}

/// Fails once the end was asked for.
pub(super) fn check() -> Result<()> {
    ensure!(!ASKED.load(Ordering::Relaxed), "interrupted");
    Ok(())
}

/// Waits, unless the end is asked for.
pub(super) fn sleep(duration: Duration) -> Result<()> {
    wait_until(Instant::now() + duration, || Ok(None::<()>))?;
    Ok(())
}

/// Asks again and again until there is something, or `deadline` has passed: then `None`.
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
