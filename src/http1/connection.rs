//! The state machine of one connection: bytes in, requests out; responses in, bytes out. No I/O, no clock.
//!
//! ```text
//!             a byte of a request         the head is complete       the content is complete
//!   Head ────────────────────────> Head ─────────────────────> Body ─────────────────────────> Request
//!    ^                              │ a fault                    │ a fault                        │
//!    │                              └──────────> Rejected <──────┘                                │
//!    │                                               │ respond                                    │ respond
//!    ├───────────────────────────────────────────────┼──────────────────── persistent ────────────┤
//!    │                                               └──> Ending <──────── close ─────────────────┘
//!                                  the answers are out │
//!                                                      ├── more may be arriving ──> Draining ──> Closed
//!                                                      └── nothing more can come ─────────────────^
//! ```
//!
//! The driver's turn is always the same: hand in what arrived ([`Connection::receive`]), ask what it amounts to
//! ([`Connection::next_event`]) and answer it ([`Connection::respond`]) until nothing is left, send what there is to
//! send ([`Connection::transmit`], [`Connection::sent`]), then wait for the one thing that
//! [`Connection::interest`] names, until [`Connection::deadline`] at most.
//!
//! Refuses to know what a request means, and to hold more of a client's bytes than one head.

use super::body_length::BodyLength;
use super::chunked::Decoder;
use super::head::HeadReader;
use super::outbox::{Chunk, Delivered, Outbox};
use super::persistence::{self, Persistence};
use super::request_line::Version;
use super::rules::{Dialect, Instant, Rules};
use super::{End, Reject, encode};
use crate::http::{Request, Response};
use std::rc::Rc;
use std::time::Duration;

/// How many bytes of answers may wait to be sent before no further request is answered. Slices of files do not count: they
/// are not read yet.
pub const MOST_QUEUED: usize = 64 * 1024;

/// Room for the head of nearly every answer, in bytes.
const USUAL_HEAD: usize = 512;

/// One connection. `F` is the kind of file that its answers may have slices of.
#[derive(Debug)]
pub struct Connection<F> {
    rules: Rc<Rules>,
    phase: Phase,
    /// The latest point in time that the driver has told.
    now: Instant,
    deadline: Option<Instant>,
    /// What has arrived; from `start` on, it belongs to the current request and those after it.
    input: Vec<u8>,
    start: usize,
    /// How many bytes the current head has, once it is complete.
    head_length: usize,
    head: HeadReader,
    /// How many bytes of the current request's content have been read past.
    content_received: u64,
    /// Why the connection ends, once that is known.
    end: Option<End>,
    /// Whether the client has ended its side.
    peer_ended: bool,
    /// How many requests have been answered.
    exchanges: u64,
    /// Since when the next request is waited for.
    waits_since: Instant,
    outbox: Outbox<F>,
}

#[derive(Debug)]
enum Phase {
    Head,
    Body(Body),
    /// A complete request waits for [`Connection::respond`].
    Request,
    /// So does a refused one.
    Rejected(Reject),
    /// No further request is read. `linger`: the client may be sending still.
    Ending {
        linger: bool,
    },
    /// Everything is sent and the sending side is shut: what arrives is thrown away until the client ends its side, so
    /// that the answer is not lost to a reset (RFC 9112 section 9.6).
    Draining,
    Closed,
}

/// The content of a request, which is read past.
#[derive(Debug)]
enum Body {
    Known(u64),
    Chunked(Decoder),
}

/// What the bytes so far amount to.
#[derive(Debug)]
pub enum Event<'a> {
    /// A request: answer it with [`Connection::respond`]. Until then the event stays the same.
    Request(Received<'a>),
    /// More bytes are needed.
    NeedData,
    /// So many answers wait to be sent that nothing more is read.
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

/// The one thing that the connection waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Interest {
    /// Bytes from the client.
    Read,
    /// Room to send.
    Write,
    /// Shut the sending side (once), then bytes from the client, which are thrown away.
    Drain,
    /// [`Connection::respond`].
    Respond,
    /// Nothing: close it.
    Close,
}

impl<F> Connection<F> {
    /// A connection that was accepted at `now`.
    #[must_use]
    pub fn new(rules: Rc<Rules>, now: Instant) -> Self {
        let deadline = Some(after(now, rules.timeouts.head));
        Self {
            rules,
            phase: Phase::Head,
            now,
            deadline,
            input: Vec::new(),
            start: 0,
            head_length: 0,
            head: HeadReader::default(),
            content_received: 0,
            end: None,
            peer_ended: false,
            exchanges: 0,
            waits_since: now,
            outbox: Outbox::new(),
        }
    }

    /// Takes bytes that arrived at `now`.
    pub fn receive(&mut self, bytes: &[u8], now: Instant) {
        self.now = now;
        if matches!(self.phase, Phase::Ending { .. } | Phase::Draining | Phase::Closed) {
            return;
        }
        let had_begun = self.has_begun();
        self.input.drain(..self.start);
        self.start = 0;
        self.input.extend_from_slice(bytes);
        // A byte a second must not win time: only a request's first byte sets the deadline of its head.
        if matches!(self.phase, Phase::Head) && !had_begun && self.outbox.is_empty() {
            self.deadline = Some(after(now, self.rules.timeouts.head));
        }
    }

    /// The client has ended its side; what it sent before still counts.
    pub fn receive_eof(&mut self, now: Instant) {
        self.now = now;
        self.peer_ended = true;
        if matches!(self.phase, Phase::Draining) {
            self.close(End::ClientEnded);
        }
    }

    /// What has arrived, put into one word. Ask again after each [`Connection::respond`].
    ///
    /// # Errors
    /// The [`Reject`] that a faulty request comes to: answer it with [`Connection::respond`] too.
    pub fn next_event(&mut self) -> Result<Event<'_>, Reject> {
        let is_full = self.outbox.len() >= self.rules.limits.pipelined || self.outbox.in_memory() > MOST_QUEUED;
        if is_full && matches!(self.phase, Phase::Head | Phase::Body(_)) {
            return Ok(Event::Paused);
        }
        if let Err(reject) = self.advance() {
            self.reject(reject);
        }
        match self.phase {
            Phase::Request => Ok(self.received().map_or(Event::NeedData, Event::Request)),
            Phase::Rejected(reject) => Err(reject),
            Phase::Head | Phase::Body(_) => Ok(Event::NeedData),
            Phase::Ending { .. } | Phase::Draining | Phase::Closed => Ok(Event::Closed),
        }
    }

    /// Refuses the client whatever it sends: for a server that is full.
    pub fn reject(&mut self, reject: Reject) {
        self.phase = Phase::Rejected(reject);
        self.wait_for_server();
    }

    /// Answers the request, or the reject, that [`Connection::next_event`] gave. With `last`, the connection ends after
    /// this answer whatever the client wished. Does nothing when there is nothing to answer.
    pub fn respond(&mut self, response: Response<'_, F>, last: bool, now: Instant) {
        self.now = now;
        let refused = match self.phase {
            Phase::Request => None,
            Phase::Rejected(Reject::Busy) => Some(End::NoPlace),
            Phase::Rejected(_) => Some(End::Refused),
            _ => return,
        };
        let current = self.input.get(self.start..).unwrap_or_default();
        let version = self.head.answer_version(self.rules.dialect);
        let asked = persistence::decide(version, self.head.fields(current));
        let next_start = self.start + self.head_length.min(current.len());
        let nothing_follows = next_start == self.input.len();
        let must_close = match self.rules.close_after_answer {
            _ if refused.is_some() => refused,
            _ if last => Some(End::LastAnswer),
            true => Some(End::Configured),
            false => (self.peer_ended && nothing_follows).then_some(End::ClientEnded),
        };
        let persistence = match asked {
            Persistence::Close(end) => Persistence::Close(refused.unwrap_or(end)),
            open => must_close.map_or(open, Persistence::Close),
        };

        let mut bytes = Vec::with_capacity(USUAL_HEAD);
        if version != Version::Http09 {
            encode::head(&mut bytes, &response, persistence);
        }
        let is_head = version != Version::Http09 && self.head.is_head_request(current);
        self.outbox.push(self.exchange(), bytes, response.into_body(is_head).0);
        self.exchanges = self.exchange();

        self.start = next_start;
        self.head_length = 0;
        self.head.reset();
        self.content_received = 0;
        self.phase = if let Persistence::Close(end) = persistence {
            self.end.get_or_insert(end);
            // A client that asked for the end and sent nothing more will not be reset by a plain close.
            let has_asked = matches!(asked, Persistence::Close(_));
            let is_over = has_asked && version != Version::Http09 && nothing_follows;
            self.input = Vec::new();
            self.start = 0;
            Phase::Ending {
                linger: refused.is_some() || !is_over,
            }
        } else {
            Phase::Head
        };
        self.deadline = Some(after(now, self.rules.timeouts.write));
        if self.outbox.is_empty() {
            self.all_sent();
        }
    }

    /// The number of the exchange that [`Connection::respond`] answers next, counted from 1 on this connection:
    /// [`Connection::take_delivered`] names it by this number.
    #[must_use]
    pub fn exchange(&self) -> u64 {
        self.exchanges.saturating_add(1)
    }

    /// What is to be sent, in order. Empty when there is nothing.
    pub fn transmit(&self) -> impl Iterator<Item = Chunk<'_, F>> {
        self.outbox.transmit()
    }

    /// The first `count` bytes of [`Connection::transmit`] have been handed to the host.
    pub fn sent(&mut self, count: usize, now: Instant) {
        self.now = now;
        if count > 0 {
            self.deadline = Some(after(now, self.rules.timeouts.write));
        }
        self.outbox.sent(count);
        if self.outbox.is_empty() {
            self.all_sent();
        }
    }

    /// The next answer that is out completely and was not asked for yet. Ask again until there is none.
    pub fn take_delivered(&mut self) -> Option<Delivered> {
        self.outbox.take_delivered()
    }

    /// The answers that are not out completely, with what of each is: for a connection that was closed before.
    pub fn undelivered(&self) -> impl Iterator<Item = Delivered> {
        self.outbox.undelivered()
    }

    /// What to wait for.
    #[must_use]
    pub fn interest(&self) -> Interest {
        match self.phase {
            Phase::Closed => Interest::Close,
            _ if !self.outbox.is_empty() => Interest::Write,
            Phase::Head | Phase::Body(_) => Interest::Read,
            Phase::Request | Phase::Rejected(_) => Interest::Respond,
            Phase::Draining | Phase::Ending { .. } => Interest::Drain,
        }
    }

    /// When [`Connection::handle_timeout`] is to be called at the latest; `None` when it is the server's turn.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Time has passed. Returns whether the deadline had: then ask for the next event and the interest again.
    pub fn handle_timeout(&mut self, now: Instant) -> bool {
        self.now = now;
        if self.deadline.is_none_or(|deadline| now < deadline) {
            return false;
        }
        match self.phase {
            _ if !self.outbox.is_empty() => self.close(End::NotTaken),
            // RFC 9110 section 15.5.9. To a client that has said nothing there is nothing to answer.
            Phase::Head if self.has_begun() => self.reject(Reject::HeadTimeout),
            Phase::Body(_) => self.reject(Reject::BodyTimeout),
            _ if self.has_answered() => self.close(End::Idle),
            _ => self.close(End::Silent),
        }
        true
    }

    /// Ends the connection at once, for the reason given unless there is an earlier one.
    pub fn close(&mut self, end: End) {
        self.phase = Phase::Closed;
        self.deadline = None;
        self.end.get_or_insert(end);
    }

    /// Why the connection ends, once that is known: with the answers that are under way, or at once.
    #[must_use]
    pub fn end(&self) -> Option<End> {
        self.end
    }

    /// Since when the connection has been open without a request having begun; `None` while one is under way.
    #[must_use]
    pub fn idle_since(&self) -> Option<Instant> {
        let is_idle = matches!(self.phase, Phase::Head) && self.outbox.is_empty() && !self.has_begun();
        is_idle.then_some(self.waits_since)
    }

    /// Whether a request has been answered on it.
    #[must_use]
    pub fn has_answered(&self) -> bool {
        self.exchanges > 0
    }

    /// Since when the client has not taken anything of what waits to be sent; `None` when nothing waits.
    #[must_use]
    pub fn stalled_since(&self) -> Option<Instant> {
        let deadline = self.deadline.filter(|_| !self.outbox.is_empty())?;
        Some(deadline.saturating_sub(nanoseconds(self.rules.timeouts.write)))
    }

    /// The file that the newest queued response has a slice of, as long as that is not sent.
    #[must_use]
    pub fn newest_file(&self) -> Option<&F> {
        self.outbox.newest_file()
    }

    /// How many bytes of the queued responses are in memory. Slices of files do not count: they are not read yet.
    #[must_use]
    pub fn queued_bytes(&self) -> usize {
        self.outbox.in_memory()
    }

    /// How many bytes are allocated at most when [`Connection::receive`] gets `count` bytes: for a driver that has to
    /// know before it reads.
    #[must_use]
    pub fn growth(&self, count: usize) -> usize {
        if matches!(self.phase, Phase::Ending { .. } | Phase::Draining | Phase::Closed) {
            return 0;
        }
        let needed = self.input.len().saturating_sub(self.start).saturating_add(count);
        // A vector that is too small is copied into one of at least twice its size.
        let doubled = self.input.capacity().saturating_mul(2);
        if needed <= self.input.capacity() {
            0
        } else {
            needed.max(doubled)
        }
    }

    /// The first line of the current request as far as it has arrived, well-formed or not, for the log.
    #[must_use]
    pub fn first_line(&self) -> &[u8] {
        self.head
            .first_line_of(self.input.get(self.start..).unwrap_or_default())
    }

    /// What is known of the current request's head: offsets into [`Connection::head_bytes`].
    #[must_use]
    pub fn head(&self) -> &HeadReader {
        &self.head
    }

    /// The bytes of the current request's head, or, until it is complete, all that has arrived of it.
    #[must_use]
    pub fn head_bytes(&self) -> &[u8] {
        let current = self.input.get(self.start..).unwrap_or_default();
        match self.head_length {
            0 => current,
            length => current.get(..length).unwrap_or(current),
        }
    }

    /// How many bytes after the current request's head were read past as its content.
    #[must_use]
    pub fn content_received(&self) -> u64 {
        self.content_received
    }

    /// The head of the answer that [`Connection::respond`] was given last, as long as nothing of it is sent.
    #[must_use]
    pub fn newest_head(&self) -> &[u8] {
        self.outbox.newest_head()
    }

    /// Moves on as far as the bytes reach.
    fn advance(&mut self) -> Result<(), Reject> {
        if let Phase::Head = self.phase {
            let current = self.input.get(self.start..).unwrap_or_default();
            let Some(framing) = self.head.read(current, &self.rules)? else {
                return self.check_ended();
            };
            self.head_length = framing.head_length;
            self.phase = match framing.body {
                BodyLength::Known(length) => Phase::Body(Body::Known(length)),
                BodyLength::Chunked => Phase::Body(Body::Chunked(Decoder::default())),
            };
            self.deadline = Some(after(self.now, self.rules.timeouts.body));
            // In HTTP/0.9 the interim answer would be taken for content.
            if framing.expects_continue && self.rules.dialect != Dialect::Http09 {
                self.outbox.push_interim(encode::CONTINUE);
            }
        }
        if let Phase::Body(body) = &mut self.phase {
            // The content is thrown away as it comes; the head stays until it is answered.
            let content_start = self.start.saturating_add(self.head_length);
            let content = self.input.get(content_start..).unwrap_or_default();
            let taken = body.receive(content, &self.rules)?;
            self.input.drain(content_start..content_start + taken);
            self.content_received = self.content_received.saturating_add(taken as u64);
            if body.is_complete() {
                self.phase = Phase::Request;
                self.wait_for_server();
            } else {
                return self.check_ended();
            }
        }
        Ok(())
    }

    /// An incomplete request is a fault only when no more can come (RFC 9112 section 8).
    fn check_ended(&mut self) -> Result<(), Reject> {
        if !self.peer_ended {
            return Ok(());
        }
        if matches!(self.phase, Phase::Head) && !self.has_begun() {
            self.phase = Phase::Ending { linger: false };
            self.end.get_or_insert(End::ClientEnded);
            if self.outbox.is_empty() {
                self.close(End::ClientEnded);
            }
            return Ok(());
        }
        Err(Reject::Incomplete)
    }

    /// The current request. `None` before its head is complete.
    fn received(&self) -> Option<Received<'_>> {
        let current = self.input.get(self.start..).unwrap_or_default();
        let line = self.head.request_line()?;
        Some(Received {
            request: Request {
                method: line.method,
                target: self.head.target(current)?,
                fields: self.head.fields(current),
            },
            method: current.get(line.method_at.clone())?,
            target: current.get(line.target_at.clone())?,
            version: line.version,
        })
    }

    /// No deadline while it is the server's turn, but for what the client has still to take.
    fn wait_for_server(&mut self) {
        let write = after(self.now, self.rules.timeouts.write);
        self.deadline = (!self.outbox.is_empty()).then_some(write);
    }

    fn has_begun(&self) -> bool {
        self.head.has_begun(self.input.get(self.start..).unwrap_or_default())
    }

    /// The last answer is out: what next?
    fn all_sent(&mut self) {
        let timeouts = self.rules.timeouts;
        match self.phase {
            Phase::Ending { linger: true } if !self.peer_ended => {
                self.phase = Phase::Draining;
                self.deadline = Some(after(self.now, timeouts.linger));
            }
            Phase::Ending { .. } => {
                self.phase = Phase::Closed;
                self.deadline = None;
            }
            Phase::Head if self.has_begun() => self.deadline = Some(after(self.now, timeouts.head)),
            Phase::Head => {
                self.waits_since = self.now;
                self.deadline = Some(after(self.now, timeouts.idle));
            }
            // The 100 is out; the content may take its time from now.
            Phase::Body(_) => self.deadline = Some(after(self.now, timeouts.body)),
            Phase::Request | Phase::Rejected(_) => self.wait_for_server(),
            Phase::Draining | Phase::Closed => {}
        }
    }
}

impl Body {
    /// Looks at the next bytes; says how many of them belong to the content.
    fn receive(&mut self, bytes: &[u8], rules: &Rules) -> Result<usize, Reject> {
        match self {
            Self::Known(left) => {
                let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                *left = left.saturating_sub(taken as u64);
                Ok(taken)
            }
            Self::Chunked(decoder) => decoder.receive(bytes, &rules.limits),
        }
    }

    fn is_complete(&self) -> bool {
        match self {
            Self::Known(left) => *left == 0,
            Self::Chunked(decoder) => decoder.is_complete(),
        }
    }
}

fn after(now: Instant, duration: Duration) -> Instant {
    now.saturating_add(nanoseconds(duration))
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[path = "connection_tests.rs"]
mod tests;
