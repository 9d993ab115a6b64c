//! What a connection tells its driver: what has arrived, and what to wait for.

use crate::http::{Request, Version};

/// What the bytes received so far amount to.
#[derive(Debug)]
pub enum Event<'a> {
    /// A request: answer it with [`super::Connection::respond`]. Until then the event stays the same.
    Request(Received<'a>),
    /// More bytes are needed.
    NeedData,
    /// So many responses wait to be sent that nothing more is read.
    Paused,
    /// No request will come any more.
    Closed,
}

/// A complete request, as it was received.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// What it asks.
    pub request: Request<'a>,
    /// The method's token, as received.
    pub method: &'a [u8],
    /// The request-target, as received.
    pub target: &'a [u8],
    /// In which version.
    pub version: Version,
}

/// The one thing that a connection waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Interest {
    /// Bytes from the client.
    Read,
    /// Room to send.
    Write,
    /// Shut the sending side (once), then bytes from the client, which are thrown away.
    Drain,
    /// [`super::Connection::respond`].
    Respond,
    /// Nothing: close it.
    Close,
}
