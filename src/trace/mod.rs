//! The trace: what happened on a connection, told to those who want to see inside a web server.
//!
//! A function of values: each stage returned what it decided, an [`Exchange`] holds it, and here it becomes text for
//! people or JSON for programs. Nothing is decided again, and nothing is printed: that is `shell::console`'s.
//! With the trace off, nobody makes these values.

mod json;
mod text;

use crate::catalogue::Lang;
use crate::exchange::{Details, Exchange};
use crate::http1::{End, Version};
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
        /// Counted from 1 on this connection.
        number: u64,
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
    if let Some((line, at)) = details.head.request_line() {
        let within = |range: &Range<usize>| at.start.saturating_add(range.start)..at.start.saturating_add(range.end);
        let target = within(&line.target_at);
        tokens.push((Token::Method, within(&line.method_at)));
        tokens.push((Token::Target, target.clone()));
        if line.version != Version::Http09 && target.end < at.end {
            tokens.push((Token::Version, target.end.saturating_add(1)..at.end));
        }
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

/// The line at which the parser gave a refused head up, if it was a line.
fn faulty_line(exchange: &Exchange, details: &Details) -> Option<Range<usize>> {
    exchange.reject?;
    let read = details.received.get(..details.head.read_to())?;
    let without_end = read.strip_suffix(b"\n").unwrap_or(read);
    let start = without_end
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |feed| feed.saturating_add(1));
    // After the last line of a head it is the head as a whole that was judged.
    let is_empty = matches!(read.get(start..), None | Some(b"" | b"\r\n" | b"\n"));
    (!is_empty).then_some(start..read.len())
}

#[cfg(test)]
#[path = "trace_tests.rs"]
mod tests;
