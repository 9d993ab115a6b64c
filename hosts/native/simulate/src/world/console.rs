//! The clocks and the output, as the host's functions use them.

use super::{MILLISECOND, Nanos, SECOND, Simulated};
use crate::coverage::TAKEN;
use crate::schedule::Fault;
use aula_native::world::{Clock, Console, Instant, Output};
use std::io::{self, ErrorKind};
use std::time::Duration;

/// When the reader of stdout leaves, if the schedule says that it leaves.
const STDOUT_CLOSES: Nanos = SECOND;

/// How long a reader that is slow once in a thousand times needs for a byte.
const SLOW_BYTE: Nanos = 1_000;

/// How far the reader of stdout may be behind before stdout has no more room.
const BEHIND: Nanos = 20 * MILLISECOND;

impl<const EXACT: bool> Clock for Simulated<EXACT> {
    fn now(&self) -> Instant {
        let mut state = self.state();
        state.now += 50;
        state.monotonic()
    }

    fn wall_clock(&self) -> Duration {
        self.after_a_moment().wall()
    }

    fn is_stopping(&self) -> bool {
        self.state().is_ending()
    }
}

impl<const EXACT: bool> Console for Simulated<EXACT> {
    fn room(&self, output: Output) -> io::Result<usize> {
        let state = self.after_a_moment();
        let is_behind = output == Output::Stdout && state.stdout_reads_until > state.now + BEHIND;
        Ok(if is_behind { 0 } else { 64 * 1024 })
    }

    fn print(&self, output: Output, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.after_a_moment();
        if output == Output::Stderr {
            let line = std::str::from_utf8(bytes).unwrap_or_default();
            if let Some(mark) = line.strip_prefix(TAKEN).and_then(|mark| mark.trim().parse().ok()) {
                state.taken.push(mark);
            }
            state.tell(|| format!("stderr: {}", bytes.escape_ascii()));
            return Ok(());
        }
        if state.rate(Fault::ClosedStdout) > 0 && state.now > STDOUT_CLOSES {
            state.log.is_incomplete = true;
            return Err(ErrorKind::BrokenPipe.into());
        }
        let slowness = state.rate(Fault::SlowStdout);
        if slowness > 0 {
            state.log.is_incomplete = true;
            state.stdout_reads_until =
                state.stdout_reads_until.max(state.now) + slowness * SLOW_BYTE * bytes.len() as u64;
        }
        state.note("prints", 0, bytes);
        if state.story.is_some() {
            state.printed.extend_from_slice(bytes);
        }
        state.log.read(bytes);
        Ok(())
    }

    fn is_terminal(&self, _: Output) -> bool {
        false
    }
}
