//! Stdout, for the access log. (Messages to the operator are `start`'s, on stderr.)

use wasi::cli::stdout::get_stdout;
use wasi::io::streams::OutputStream;

/// How much is kept before it is written even in the middle of a turn, in bytes. A write may have no more than 64 KiB.
const FULL: usize = 32 * 1024;

/// Lines on their way to stdout: collected during a turn of the loop, and written in one go.
pub struct Console {
    stdout: OutputStream,
    lines: String,
    /// Whoever read our stdout has left; the server goes on without a log.
    is_gone: bool,
}

impl Console {
    pub fn new() -> Self {
        Self {
            stdout: get_stdout(),
            lines: String::new(),
            is_gone: false,
        }
    }

    /// Adds a line, which ends with its line end.
    pub fn print(&mut self, line: &str) {
        self.lines.push_str(line);
        if self.lines.len() >= FULL {
            self.flush();
        }
    }

    /// Writes what was collected.
    pub fn flush(&mut self) {
        let mut rest = self.lines.as_bytes();
        while !rest.is_empty() && !self.is_gone {
            let written = self.stdout.check_write().and_then(|room| {
                let room = usize::try_from(room).unwrap_or(usize::MAX).min(rest.len());
                let (now, later) = rest.split_at_checked(room).unwrap_or((rest, &[]));
                rest = later;
                if now.is_empty() {
                    self.stdout.subscribe().block();
                }
                self.stdout.write(now)
            });
            self.is_gone = written.is_err();
        }
        self.lines.clear();
    }
}
