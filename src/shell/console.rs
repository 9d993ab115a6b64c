//! Stdout, for the access log and the trace. (Messages to the operator are `start`'s, on stderr.)

use aula::access_log;
use aula::exchange::Wanted;
use aula::trace;
use wasi::cli::stdout::get_stdout;
use wasi::io::streams::OutputStream;

/// How much is kept before it is written even in the middle of a turn, in bytes. A write may have no more than 64 KiB.
const FULL: usize = 32 * 1024;

/// What is told of connections and exchanges.
#[derive(Clone, Debug)]
pub struct Telling {
    pub log: Option<access_log::Format>,
    pub trace: Option<trace::Style>,
    /// How many bytes of the content of a response the trace shows.
    pub content: usize,
}

impl Telling {
    /// How much of an exchange has to be known for it.
    pub fn wanted(&self) -> Wanted {
        match (&self.trace, self.log) {
            (Some(_), _) => Wanted::Details,
            (None, Some(_)) => Wanted::Line,
            (None, None) => Wanted::Nothing,
        }
    }

    /// Whether it is told when things happened within a turn of the loop.
    pub fn is_timed(&self) -> bool {
        self.trace.is_some() || self.log == Some(access_log::Format::Json)
    }
}

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

    /// Adds lines, each with its line end.
    pub fn print(&mut self, lines: &str) {
        self.lines.push_str(lines);
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
