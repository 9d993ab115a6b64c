//! The trace: what happened on a connection, for people who want to see inside a web server.
//!
//! The trace is a function of values: each stage returns what it decided, an [`Exchange`] holds it, and this module
//! renders it as text for people or JSON for programs. It decides nothing again. `shell::console` prints the result.
//! Without `--trace`, none of these values is built.

mod filter;
mod json;
mod observer;
mod page;
mod text;
mod texts;

pub use filter::Filter;
pub use observer::{Observed, Observer, Read};

use crate::catalogue::Lang;
use crate::exchange::{Details, Exchange, Now};
use crate::http1::{CloseReason, Rejection};
use crate::time::Instant;
use std::net::SocketAddr;
use std::ops::Range;
use std::time::Duration;

/// The form of the trace: for whom it is, and how detailed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// For people: one line for each event, and more only for an error.
    Short,
    /// For people: each exchange with its reasons. What only repeats is left out.
    Text,
    /// For people: each exchange with everything.
    Full,
    /// For programs: one JSON object per line.
    Json,
}

/// How the trace is rendered.
#[derive(Clone, Debug)]
pub struct Style {
    /// The form.
    pub form: Form,
    /// The language.
    pub lang: Lang,
    /// Whether the terminal shows colours.
    pub is_coloured: bool,
    /// Which exchanges are shown; `None` is all. With a filter, events of connections are not shown.
    pub filter: Option<Filter>,
    /// When the server started: times are shown relative to it.
    pub began: Now,
}

impl Style {
    /// The time since the server started.
    fn since(&self, at: Instant) -> Duration {
        at.since(self.began.instant)
    }
}

/// The two ends of a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Peer {
    /// The number of the connection, counted from 1 in the order of accepting.
    pub connection: u64,
    /// The client's address and port, if the host knows them.
    pub remote: Option<SocketAddr>,
    /// The server's address and port.
    pub local: Option<SocketAddr>,
}

/// The connection slot, among all slots of the server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slot {
    /// The number of the slot, counted from 1.
    pub number: usize,
    /// How many slots are taken.
    pub taken: usize,
    /// How many slots there are (`--max-connections`).
    pub of: usize,
    /// With `--serial`: the clients whose complete requests wait for their turn, in order.
    pub waiting: Vec<SocketAddr>,
}

/// What the trace shows.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A connection was accepted.
    Accepted(&'a Slot),
    /// A request got its response, and all of it was sent (or the connection was closed before).
    Completed(Completed<'a>),
    /// A connection was closed.
    Closed(CloseReason),
}

/// A completed exchange.
#[derive(Clone, Copy, Debug)]
pub struct Completed<'a> {
    /// The record of the exchange. Without its [`Details`], nothing is shown.
    pub exchange: &'a Exchange,
    /// What was observed on the connection.
    pub observed: &'a Observed,
    /// How many bytes of content were handed to the host.
    pub content_sent: u64,
}

/// Renders an event as lines, each with its LF. The result is empty for an exchange without details, and for an event
/// that the filter excludes. `at` is when the event happened; for an exchange, when the last byte was handed to the
/// host.
#[must_use]
pub fn render(style: &Style, peer: &Peer, at: Instant, event: &Event<'_>) -> String {
    let is_wanted = match (&style.filter, event) {
        (None, _) => true,
        (Some(filter), Event::Completed(completed)) => filter.matches(completed.exchange),
        (Some(_), _) => false,
    };
    match style.form {
        _ if !is_wanted => String::new(),
        Form::Json => json::json(style, peer, at, event),
        Form::Short | Form::Text | Form::Full => text::text(style, peer, at, event),
    }
}

/// When the steps of an exchange happened.
struct Times {
    first_byte: Instant,
    head: Instant,
    response: Instant,
    first_sent: Instant,
    last_sent: Instant,
}

impl Completed<'_> {
    fn times(&self, at: Instant) -> Times {
        let first_byte = self.exchange.begun;
        let response = self.exchange.at.instant;
        let last_read = match self.exchange.rejection {
            // This head was never complete: the server read on until it gave up.
            Some(Rejection::HeadTimeout | Rejection::Incomplete) if !self.has_whole_head() => response,
            _ => self.observed.reads.last().map_or(first_byte, |read| read.at),
        };
        Times {
            first_byte,
            head: last_read.clamp(first_byte, response.max(first_byte)),
            response,
            first_sent: self.observed.first_sent.unwrap_or(at),
            last_sent: at,
        }
    }

    /// Whether the head ends with its empty line. A request that was cut off may also lack only a part of its content.
    fn has_whole_head(&self) -> bool {
        let details = self.exchange.details.as_deref();
        details.is_some_and(|Details { received, .. }| received.ends_with(b"\n\r\n"))
    }
}

/// A token that the parser saw.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Token {
    Method,
    Target,
    Version,
    FieldName,
    FieldValue,
}

/// The tokens in order, with their positions.
fn tokens(details: &Details) -> Vec<(Token, Range<usize>)> {
    let mut tokens = Vec::new();
    if let Some(line) = details.head.request_line() {
        tokens.push((Token::Method, line.method_at.clone()));
        tokens.push((Token::Target, line.target_at.clone()));
        tokens.extend(line.version_at.clone().map(|at| (Token::Version, at)));
    }
    for line in details.head.lines() {
        tokens.push((Token::FieldName, line.name.clone()));
        tokens.push((Token::FieldValue, line.value.clone()));
    }
    tokens
}

/// The bytes of a token.
fn bytes<'a>(details: &'a Details, at: &Range<usize>) -> &'a [u8] {
    details.received.get(at.clone()).unwrap_or_default()
}

#[cfg(test)]
#[path = "trace_tests.rs"]
mod tests;
