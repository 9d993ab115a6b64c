//! The configuration of the protocol: limits, timeouts, and the supported versions of HTTP.

use std::time::Duration;

/// The configuration that all connections share.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rules {
    /// Which versions of HTTP are supported.
    pub versions: VersionPolicy,
    /// Limits on sizes and counts.
    pub limits: Limits,
    /// Limits on time.
    pub timeouts: Timeouts,
    /// How slow the server is on purpose.
    pub pace: Pace,
    /// Whether the connection is closed after every response.
    pub close_after_response: bool,
}

/// How slow a server is on purpose, so that people can watch it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Pace {
    /// The time between a complete request and its response.
    pub delay: Duration,
    /// The maximum number of bytes per second that each connection sends; `None` is unlimited.
    pub rate: Option<u64>,
}

/// Which versions of HTTP the server supports.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VersionPolicy {
    /// All versions. A request line of two words is HTTP/0.9; one of three words has its version.
    Auto,
    /// Every response is bare content, whatever the request says.
    Http09,
    /// A request line of two words is an error.
    Http1,
}

/// Limits beyond which a request is rejected, so that no client can make the server hold more than this.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of the request line without its line terminator; more is a 414. RFC 9112 section 3 recommends at least
    /// 8000.
    pub request_line: usize,
    /// Bytes of the field section with its line terminators; more is a 431. This also limits a trailer section.
    pub fields_size: usize,
    /// Field lines of one section; more is a 431.
    pub fields: usize,
    /// Bytes of content that are read and discarded to keep a connection usable; more is a 413.
    pub body: u64,
    /// Responses that may wait to be sent before reading pauses.
    pub pipelined: usize,
}

/// How long a client may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timeouts {
    /// For a head: from its first byte, or from the start of a new connection.
    pub head: Duration,
    /// For a body: from the end of its head.
    pub body: Duration,
    /// Between a response and the next request.
    pub idle: Duration,
    /// Between two moments at which the client reads some of a response.
    pub write: Duration,
    /// For lingering close: until the client closes its side after the last response is sent.
    pub linger: Duration,
}

/// The rules of a server without options.
#[cfg(test)]
pub(crate) fn default_rules() -> Rules {
    crate::config::defaults().unwrap().rules
}
