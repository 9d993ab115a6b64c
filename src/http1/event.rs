//! The events of a connection, and what it waits for.

use crate::http::{Request, Version};

/// The result of parsing the bytes received so far.
#[derive(Debug)]
pub enum Event<'a> {
    /// A complete request. Respond to it with [`super::Connection::respond`]; until then, the event stays the same.
    Request(Received<'a>),
    /// More bytes are needed.
    NeedData,
    /// Nothing more is read, because too many responses wait to be sent.
    Paused,
    /// A complete request, whose response is not due yet: see [`super::Connection::delay`].
    Delayed,
    /// No further request will come.
    Closed,
}

/// A complete request, as it was received.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// The parsed request.
    pub request: Request<'a>,
    /// The method's token, as received.
    pub method: &'a [u8],
    /// The request-target, as received.
    pub target: &'a [u8],
    /// The version.
    pub version: Version,
}

/// What a connection waits for: always exactly one thing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Interest {
    /// Bytes from the client.
    Read,
    /// Room to write.
    Write,
    /// Lingering close: shut down the sending side (once), then wait for bytes from the client, which are discarded.
    Linger,
    /// A call of [`super::Connection::respond`].
    Respond,
    /// Nothing but [`super::Connection::deadline`]: the server is slow on purpose ([`super::Pace`]).
    Time,
    /// Nothing: the connection can be closed.
    Close,
}
