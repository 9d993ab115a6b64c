//! What an operator may choose about the protocol: limits, deadlines, and which HTTP is spoken.

use std::time::Duration;

/// The choices that hold for every connection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rules {
    /// Which versions are understood.
    pub dialect: Dialect,
    /// What is too much.
    pub limits: Limits,
    /// What is too slow.
    pub timeouts: Timeouts,
    /// Whether every answer ends its connection.
    pub close_after_answer: bool,
}

/// Which versions of HTTP a server speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// The request line tells: two words are HTTP/0.9, three say their version.
    Auto,
    /// Every answer is bare content, whatever the request says.
    Http09,
    /// A request line of two words is an error.
    Http1,
}

/// Sizes beyond which a request is refused, so that no client can make the server hold more than this for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of the request line without its line end; beyond: 414. RFC 9112 section 3 asks for at least 8000.
    pub request_line: usize,
    /// Bytes of the field section with its line ends; beyond: 431. Also the limit of a trailer section.
    pub fields_size: usize,
    /// Field lines of one section; beyond: 431.
    pub fields: usize,
    /// Bytes of content that are read and thrown away to keep a connection usable; beyond: 413.
    pub body: u64,
    /// Answers that may wait to be sent before reading pauses.
    pub pipelined: usize,
}

/// How long a client may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timeouts {
    /// For the head, from its first byte (or, on a new connection, from its start).
    pub head: Duration,
    /// For a body, from the end of its head.
    pub body: Duration,
    /// Between an answer and the next request.
    pub idle: Duration,
    /// Between two moments at which the client took some of an answer.
    pub write: Duration,
    /// For the client to end its side once the last answer is out.
    pub linger: Duration,
}

/// As a server without options has them.
#[cfg(test)]
pub(crate) fn default_rules() -> Rules {
    crate::config::defaults().unwrap().rules
}
