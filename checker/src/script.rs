//! A script: what to do on one or several connections, as a value; and the transcripts that come of it.
//!
//! Checks make scripts, the shell plays them, and `verify` reads the transcripts. Connections have numbers, from 0 on.
//! While a step waits, whatever arrives on any open connection is taken down, and what is to be sent is sent. Two
//! checks with the same script share one play of it.

use crate::client_request::ClientRequest;
use crate::response;
use aula::catalogue::Text;
use std::ops::Range;
use std::time::Duration;

/// How long to wait after a complete response, for more bytes or for the end of the connection. The second one is for
/// a server that has left a connection open before.
const SETTLE: Duration = Duration::from_millis(150);
const SETTLE_AGAIN: Duration = Duration::from_millis(50);

/// How long a response that has begun may pause before it is taken as it is; and how long on a server that
/// has stalled before: many never close, and give no length.
const STALL: Duration = Duration::from_millis(1500);
const STALL_AGAIN: Duration = Duration::from_millis(150);

/// For how long a connection is watched for its end on a server that has not ended one before.
const END_AGAIN: Duration = Duration::from_millis(500);

/// For how long a single step reads, even if bytes keep dribbling in.
pub const LONGEST_READ: Duration = Duration::from_secs(10);

/// One thing to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// Begin to connect. Whether that succeeds is seen when the script waits.
    Open(usize),
    /// Send these bytes in one write, as soon as the connection is made.
    Send(usize, Vec<u8>),
    /// Wait until everything is sent, and then for this long.
    Pause(Duration),
    /// Read on these connections until each is done.
    Read(Range<usize>, Until),
    /// End our side: the server reads the end of the stream.
    EndSending(usize),
    /// Leave, once everything is sent, without reading what is left.
    Close(usize),
    /// Say something to the person at the terminal.
    Say(Text),
    /// Ask again and again, each time on a new connection, until the server is there, or is gone.
    Await {
        /// Whose transcript says what came the last time.
        connection: usize,
        /// What is sent each time.
        request: Vec<u8>,
        /// Whether to wait for a response, or for a refused connection.
        is_there: bool,
        /// For how long at most.
        within: Duration,
    },
}

/// When reading is done, if the connection does not end first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Until {
    /// When there is a whole response with its content.
    Response,
    /// When there is a whole head.
    Head,
    /// When there is a whole request, for `listen`.
    Request,
    /// Not before the connection ends.
    End,
}

/// What is known of how a server ends its responses.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ServerTraits {
    /// It has left a connection open after a complete response.
    pub leaves_open: bool,
    /// It has begun a response, and neither completed it nor closed.
    pub stalls: bool,
    /// It has not ended a connection that it should have ended.
    pub never_closes: bool,
}

impl Until {
    /// Whether what was received is enough, if nothing more comes.
    #[must_use]
    pub fn is_met(self, received: &[u8]) -> bool {
        match self {
            Self::Response => response::read(received).is_complete(),
            Self::Head => response::read(received).blank.is_some(),
            Self::Request => ClientRequest::read(received).is_whole(),
            Self::End => false,
        }
    }

    /// For how long to wait for the next byte after those received. `patience` is the check's own deadline.
    #[must_use]
    pub fn timeout(self, received: &[u8], timeout: Duration, traits: ServerTraits) -> Duration {
        match self {
            _ if received.is_empty() => timeout,
            Self::End if traits.never_closes => END_AGAIN.min(timeout),
            Self::End => timeout,
            // Somebody may be typing it.
            Self::Request if !self.is_met(received) => timeout,
            _ if self.is_met(received) && traits.leaves_open => SETTLE_AGAIN,
            _ if self.is_met(received) => SETTLE,
            _ if traits.stalls => STALL_AGAIN,
            _ => STALL.min(timeout),
        }
    }
}

/// What to do, step by step. At its end every connection is closed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Script {
    /// In this order.
    pub steps: Vec<Step>,
}

impl Script {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more step.
    #[must_use]
    pub fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// With a request on a connection of its own, and its response.
    #[must_use]
    pub fn ask(self, connection: usize, request: Vec<u8>) -> Self {
        self.ask_until(connection, request, Until::Response)
    }

    /// The same, read until a certain point.
    #[must_use]
    pub fn ask_until(self, connection: usize, request: Vec<u8>, until: Until) -> Self {
        self.step(Step::Open(connection))
            .step(Step::Send(connection, request))
            .read(connection, until)
            .step(Step::Close(connection))
    }

    /// Reads one connection.
    #[must_use]
    pub fn read(self, connection: usize, until: Until) -> Self {
        self.step(Step::Read(connection..connection.saturating_add(1), until))
    }
}

/// How a connection came to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum End {
    /// There is no such connection in the script.
    #[default]
    Never,
    /// Nobody listens there (a reset in response to our first packet).
    Refused,
    /// Our first packet got no response within the deadline.
    NoResponse,
    /// The network has no way there.
    Unreachable,
    /// The host does not grant the network.
    NotGranted,
    /// It was still open when the script ended, or closed it.
    Open,
    /// The server ended it.
    Closed,
    /// The server broke it off (RST).
    Reset,
}

impl End {
    /// Whether there was a connection at all.
    #[must_use]
    pub fn is_connected(self) -> bool {
        matches!(self, Self::Open | Self::Closed | Self::Reset)
    }

    /// Whether it was the server who ended it.
    #[must_use]
    pub fn is_by_server(self) -> bool {
        matches!(self, Self::Closed | Self::Reset)
    }
}

/// What happened on one connection.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Transcript {
    /// Everything that was sent, or was to be.
    pub sent: Vec<u8>,
    /// Everything that was received.
    pub received: Vec<u8>,
    /// How many bytes had been received at each [`Step::Send`].
    pub marks: Vec<usize>,
    /// How many bytes each [`Step::Send`] sent.
    pub pieces: Vec<usize>,
    /// How many bytes each read gave.
    pub reads: Vec<usize>,
    /// How it ended.
    pub end: End,
}

/// What happened on all connections of a script.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Transcripts(pub Vec<Transcript>);

impl Transcripts {
    /// That of one connection; an empty one if there was none of this number.
    #[must_use]
    pub fn at(&self, connection: usize) -> &Transcript {
        static NONE: Transcript = Transcript {
            sent: Vec::new(),
            received: Vec::new(),
            marks: Vec::new(),
            pieces: Vec::new(),
            reads: Vec::new(),
            end: End::Never,
        };
        self.0.get(connection).unwrap_or(&NONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_known_to_leave_connections_open_is_waited_for_less() {
        let traits = ServerTraits {
            leaves_open: true,
            stalls: true,
            never_closes: true,
        };
        let timeout = |received: &[u8]| Until::Response.timeout(received, Duration::from_secs(3), traits);
        assert_eq!(timeout(b""), Duration::from_secs(3));
        assert_eq!(Until::End.timeout(b"ab", Duration::from_secs(3), traits), END_AGAIN);
        assert_eq!(timeout(b"HTTP/1.1 200 OK\r\n\r\nab"), STALL_AGAIN);
        assert_eq!(timeout(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), SETTLE_AGAIN);
    }

    #[test]
    fn a_response_is_waited_for_longer_than_its_rest_and_that_longer_than_nothing() {
        let deadline = Duration::from_secs(3);
        for (until, received, timeout) in [
            (Until::Response, &b""[..], deadline),
            (Until::Response, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na", STALL),
            (
                Until::Response,
                b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab",
                SETTLE,
            ),
            // Without a length only the end of the connection ends it (RFC 9112 section 6.3).
            (Until::Response, b"HTTP/1.1 200 OK\r\n\r\nab", STALL),
            (Until::Head, b"HTTP/1.1 200 OK\r\n\r\n", SETTLE),
            (Until::End, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", deadline),
        ] {
            assert_eq!(
                until.timeout(received, deadline, ServerTraits::default()),
                timeout,
                "{until:?}"
            );
        }
    }
}
