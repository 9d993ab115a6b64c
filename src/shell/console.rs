//! Stdout, for the access log and the trace. (Messages to the operator are `start`'s, on stderr.)

use super::clock::{self, alarm};
use aula::access_log;
use aula::catalogue::{Lang, Text};
use aula::exchange::Wanted;
use aula::inspect::Ring;
use aula::schedule::line_queue::LineQueue;
use aula::time::Instant;
use aula::trace::{self, Happening, Peer};
use std::io::{self, Write};
use std::time::Duration;
use wasi::cli::stdout::get_stdout;
use wasi::io::poll::poll;
use wasi::io::streams::OutputStream;

/// How much is kept before it is written even in the middle of a turn of the loop, in bytes. A write may have no more
/// than 64 KiB.
const FLUSH_AT: usize = 32 * 1024;

/// How long the server waits for the reader of its log when it ends.
const PATIENCE: Duration = Duration::from_secs(1);

const LINES_DROPPED: Text = Text::new(
    "{count} lines of the log were dropped, because nobody read them",
    "se descartaron {count} líneas del registro, porque nadie las leía",
);

/// What is told of connections and exchanges.
#[derive(Clone, Debug)]
pub struct Telling {
    pub log: Option<access_log::Format>,
    pub trace: Option<trace::Style>,
    /// As JSON, for the inspector.
    pub inspect: Option<trace::Style>,
    /// How many bytes of the content of a response the trace shows.
    pub content: usize,
    /// The language of what is said about the log itself.
    pub lang: Lang,
}

impl Telling {
    /// How much of an exchange has to be known for it.
    pub fn wanted(&self) -> Wanted {
        match (self.trace.as_ref().or(self.inspect.as_ref()), self.log) {
            (Some(_), _) => Wanted::Details,
            (None, Some(_)) => Wanted::Line,
            (None, None) => Wanted::Nothing,
        }
    }

    /// Whether it is told when things happened within a turn of the loop.
    pub fn is_timed(&self) -> bool {
        self.trace.is_some() || self.inspect.is_some() || self.log == Some(access_log::Format::Json)
    }
}

/// Lines on their way to stdout: collected while connections are served, and written in one go.
///
/// Nobody waits for whoever reads them: what does not fit is dropped, and how many lines that are is said on stderr
/// once he reads again. That needs a host whose `check-write` tells when stdout is full. wasmtime's command line does
/// not: up to 50 it always says that there is room, and then waits in the middle of the write.
pub struct Console {
    stdout: OutputStream,
    lines: LineQueue,
    lang: Lang,
    /// The events of late, if anybody may look.
    pub ring: Ring,
    /// Whoever read our stdout has left; the server goes on without a log.
    is_gone: bool,
}

impl Console {
    pub fn new(lang: Lang) -> Self {
        Self {
            stdout: get_stdout(),
            lines: LineQueue::default(),
            lang,
            ring: Ring::default(),
            is_gone: false,
        }
    }

    /// Adds lines, each with its line end.
    pub fn print(&mut self, lines: &str) {
        self.lines.push(lines);
        if self.lines.pending().len() >= FLUSH_AT {
            self.flush();
        }
    }

    /// Tells what happened to those who want to know.
    pub fn tell(&mut self, telling: &Telling, peer: &Peer, at: Instant, happening: &Happening<'_>) {
        if let Some(style) = &telling.trace {
            self.print(&trace::tell(style, peer, at, happening));
        }
        if let Some(style) = &telling.inspect {
            let event = trace::tell(style, peer, at, happening);
            if !event.is_empty() {
                self.ring.push(event);
            }
        }
    }

    /// Whether lines wait for somebody to read those before them.
    pub fn is_behind(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Writes what was collected, as far as there is room.
    pub fn flush(&mut self) {
        while !self.lines.is_empty() {
            let Ok(room) = self.stdout.check_write().map(usize::try_from) else {
                self.is_gone = true;
                break;
            };
            let pending = self.lines.pending();
            let now = pending.get(..room.unwrap_or(usize::MAX)).unwrap_or(pending);
            if now.is_empty() {
                return;
            }
            let count = now.len();
            if self.stdout.write(now).is_err() {
                self.is_gone = true;
                break;
            }
            self.lines.wrote(count);
        }
        if self.is_gone {
            self.lines.clear();
        }
        if let Some(count) = self.lines.take_dropped() {
            let message = LINES_DROPPED.with("count", count);
            // Where nobody is left to read it either, the server goes on.
            let _ = writeln!(io::stderr(), "aula: {}", message.get(self.lang));
        }
    }

    /// Writes the rest, as long as somebody reads it.
    pub fn finish(&mut self) {
        self.flush();
        while self.is_behind() {
            let before = self.lines.pending().len();
            let patience = alarm(clock::instant().saturating_add(PATIENCE));
            poll(&[&self.stdout.subscribe(), &patience]);
            self.flush();
            if self.lines.pending().len() == before {
                return;
            }
        }
    }
}
