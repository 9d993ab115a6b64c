//! Stdout, for the access log and the trace. (`start` prints messages to the operator on stderr.)

use super::clock::{self, alarm};
use aula::access_log;
use aula::catalogue::{Lang, Text};
use aula::exchange::Detail;
use aula::inspect::Ring;
use aula::schedule::line_queue::LineQueue;
use aula::time::Instant;
use aula::trace::{self, Event, Peer};
use aula_io::stream;
use std::io::{self, Write};
use std::time::Duration;
use wasi::cli::stdout::get_stdout;
use wasi::io::poll::poll;
use wasi::io::streams::OutputStream;

/// How many bytes are collected before they are written in the middle of a loop iteration. A write may have at most 64
/// KiB.
const FLUSH_AT: usize = 32 * 1024;

/// How long the server waits for the reader of its log when it ends.
const PATIENCE: Duration = Duration::from_secs(1);

const LINES_DROPPED: Text = Text::new(
    "{count} lines of the log were dropped, because nobody read them",
    "se descartaron {count} líneas del registro, porque nadie las leía",
);

/// What is logged of connections and exchanges.
#[derive(Clone, Debug)]
pub struct LogConfig {
    pub log: Option<access_log::Format>,
    pub trace: Option<trace::Style>,
    /// The trace as JSON, for the inspector.
    pub inspect: Option<trace::Style>,
    /// How many content bytes of a response the trace shows.
    pub content: usize,
    /// The language of messages about the log itself.
    pub lang: Lang,
}

impl LogConfig {
    /// How much detail of an exchange has to be recorded.
    pub fn detail(&self) -> Detail {
        match (self.trace.as_ref().or(self.inspect.as_ref()), self.log) {
            (Some(_), _) => Detail::Trace,
            (None, Some(_)) => Detail::Log,
            (None, None) => Detail::None,
        }
    }

    /// Whether the log needs exact times within a loop iteration.
    pub fn is_timed(&self) -> bool {
        self.trace.is_some() || self.inspect.is_some() || self.log == Some(access_log::Format::Json)
    }
}

/// Writes lines to stdout. They are collected while connections are served, and written together.
///
/// The server never waits for the reader of its log: lines that do not fit are dropped, and their number is printed on
/// stderr once the reader continues. This needs a host whose `check-write` reports when stdout is full. The command
/// line of wasmtime (up to version 50) does not: it always reports room, and then blocks in the write.
pub struct Console {
    stdout: OutputStream,
    lines: LineQueue,
    lang: Lang,
    /// The recent events, for the inspector.
    pub ring: Ring,
    /// Whether stdout is closed. The server then continues without a log.
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

    /// Adds lines, each with its LF.
    pub fn print(&mut self, lines: &str) {
        self.lines.push(lines);
        if self.lines.pending().len() >= FLUSH_AT {
            self.flush();
        }
    }

    /// Reports an event to the trace and to the inspector.
    pub fn report(&mut self, log_config: &LogConfig, peer: &Peer, at: Instant, event: &Event<'_>) {
        if let Some(style) = &log_config.trace {
            self.print(&trace::render(style, peer, at, event));
        }
        if let Some(style) = &log_config.inspect {
            let event = trace::render(style, peer, at, event);
            if !event.is_empty() {
                self.ring.push(event);
            }
        }
    }

    /// Whether lines wait, because the reader is too slow.
    pub fn is_behind(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Writes the collected lines, as far as there is room.
    pub fn flush(&mut self) {
        while !self.lines.is_empty() {
            match stream::write(&self.stdout, self.lines.pending()) {
                None => {
                    self.is_gone = true;
                    break;
                }
                Some(0) => return,
                Some(count) => self.lines.wrote(count),
            }
        }
        if self.is_gone {
            self.lines.clear();
        }
        if let Some(count) = self.lines.take_dropped() {
            let message = LINES_DROPPED.with("count", count);
            // If stderr is closed too, the server continues.
            let _ = writeln!(io::stderr(), "aula: {}", message.get(self.lang));
        }
    }

    /// Writes the rest, as long as the reader makes progress.
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
