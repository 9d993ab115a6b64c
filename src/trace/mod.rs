//! The trace: what happened on a connection, told to those who want to see inside a web server.
//!
//! A function of values: each stage returned what it decided, an [`Exchange`] holds it, and here it becomes text for
//! people or JSON for programs. Nothing is decided again, and nothing is printed: that is `shell::console`'s.
//! With the trace off, nobody makes these values.

mod filter;
mod json;
mod observer;
mod text;

pub use filter::Filter;
pub use observer::{Observed, Observer, Read};

use crate::catalogue::Lang;
use crate::exchange::{Details, Exchange, Now};
use crate::http1::End;
use crate::time::Instant;
use std::net::SocketAddr;
use std::ops::Range;
use std::time::Duration;

/// For whom it is told, and how much.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// For people: a line for each event, and more only for a fault.
    Short,
    /// For people: each exchange with its reasons; what only repeats is left out.
    Text,
    /// For people: everything.
    Full,
    /// For programs: one JSON object a line.
    Json,
}

/// How it is told.
#[derive(Clone, Debug)]
pub struct Style {
    /// For whom.
    pub form: Form,
    /// In which language.
    pub lang: Lang,
    /// Whether the terminal shows colours.
    pub is_coloured: bool,
    /// Which exchanges are told; all, without it. With it, connections are not.
    pub filter: Option<Filter>,
    /// When the server began: times are told since then.
    pub began: Now,
}

impl Style {
    /// The time since the server began.
    fn since(&self, at: Instant) -> Duration {
        at.since(self.began.instant)
    }
}

/// Which connection it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Peer {
    /// Counted from 1, in the order of accepting.
    pub connection: u64,
    /// The client's address and port, if the host could tell.
    pub remote: Option<SocketAddr>,
    /// Ours.
    pub local: Option<SocketAddr>,
}

/// Where a connection sits among all that the server holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slot {
    /// Its place, counted from 1.
    pub number: usize,
    /// How many places are taken.
    pub taken: usize,
    /// How many there are (`--max-connections`).
    pub of: usize,
    /// Whose complete requests wait for their turn, in order, where one exchange at a time is served.
    pub waiting: Vec<SocketAddr>,
}

/// What is told.
#[derive(Clone, Copy, Debug)]
pub enum Happening<'a> {
    /// A connection was accepted.
    Accepted(&'a Slot),
    /// A request was answered, and the answer is out.
    Answered(Answered<'a>),
    /// A connection was ended.
    Ended(End),
}

/// An exchange whose answer is out.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// What was asked and decided; it needs its [`Details`] for anything to be told.
    pub exchange: &'a Exchange,
    /// What was observed of it.
    pub observed: &'a Observed,
    /// How many bytes of content were handed to the host.
    pub content_sent: u64,
}

/// A happening in lines, each with its line end; nothing for an exchange without details, and for what the filter
/// leaves out. `at`: when it happened; for an exchange, when its last byte was handed to the host.
#[must_use]
pub fn tell(style: &Style, peer: &Peer, at: Instant, happening: &Happening<'_>) -> String {
    let is_wanted = match (&style.filter, happening) {
        (None, _) => true,
        (Some(filter), Happening::Answered(answered)) => filter.matches(answered.exchange),
        (Some(_), _) => false,
    };
    match style.form {
        _ if !is_wanted => String::new(),
        Form::Json => json::json(style, peer, at, happening),
        Form::Short | Form::Text | Form::Full => text::text(style, peer, at, happening),
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

impl Answered<'_> {
    fn times(&self, at: Instant) -> Times {
        let first_byte = self.exchange.begun;
        let response = self.exchange.at.instant;
        let last_read = self.observed.reads.last().map_or(first_byte, |read| read.at);
        Times {
            first_byte,
            head: last_read.clamp(first_byte, response.max(first_byte)),
            response,
            first_sent: self.observed.first_sent.unwrap_or(at),
            last_sent: at,
        }
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

/// The tokens in the order in which they stand, and where.
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
