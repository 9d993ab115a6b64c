//! The trace: what happened on a connection, told to those who want to see inside a web server.
//!
//! A function of values: each stage returned what it decided, an [`Exchange`] holds it, and here it becomes text for
//! people or JSON for programs. Nothing is decided again, and nothing is printed: that is `shell::console`'s.
//! With the trace off, nobody makes these values.

mod json;
mod text;

use crate::catalogue::Lang;
use crate::exchange::{Details, Exchange};
use crate::http1::End;
use std::net::SocketAddr;
use std::ops::Range;

/// For whom it is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// For people.
    Text {
        /// Whether the terminal shows colours.
        is_coloured: bool,
    },
    /// For programs: one JSON object a line.
    Json,
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
    Answered {
        /// Where the connection sat when it was answered.
        slot: &'a Slot,
        /// What was asked and decided; it needs its [`Details`] for anything to be told.
        exchange: &'a Exchange,
        /// How many bytes of content were handed to the host.
        content_sent: u64,
    },
    /// A connection was ended.
    Ended(End),
}

/// A happening in lines, each with its line end; nothing for an exchange without details.
#[must_use]
pub fn tell(form: Form, lang: Lang, peer: &Peer, happening: &Happening<'_>) -> String {
    match form {
        Form::Text { is_coloured } => text::text(lang, is_coloured, peer, happening),
        Form::Json => json::json(lang, peer, happening),
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
