//! The state machine of one connection: bytes in, requests out; responses in, bytes out. No I/O, no clock.
//!
//! ```text
//!          a byte of a request      the head is complete       the content is complete
//!   ┌─> Head ──────────────> Head ────────────────────> Content ──────────────────────> Request
//!   │    │ end of stream,     │ a fault, end of stream,  │ a fault, end of stream,        │
//!   │    │ Timer::Idle,       │ Timer::Head              │ Timer::Body                    │
//!   │    │ Timer::Head        └──────────> Rejected <────┘                                │
//!   │    │                                    │ respond                                   │ respond
//!   │    │                                    v                    close                  │
//!   │    │                                  Ending <──────────────────────────────────────┤
//!   └────┼────────────────────────────────────┼──────────────────── persistent ───────────┘
//!        │                                    │ everything is sent, and
//!        │                   more may arrive: │ nothing more can arrive:
//!        │                         ┌──────────┴──┐
//!        │                         v             │
//!        │                     Lingering         │
//!        │                         │ end of      │
//!        │                         │ stream,     │
//!        │                         │ Timer::     │
//!        v                         v Linger      v
//!        └────────────────────> Closed <─────────┘ <── from every phase: Timer::Write, Connection::close
//! ```
//!
//! In Request and Rejected it is the server's turn, and no timer runs but [`Timer::Write`], which runs whenever bytes
//! wait to be sent.
//!
//! The driver's turn is always the same: hand in what arrived ([`Connection::receive`]), ask what it amounts to
//! ([`Connection::next_event`]) and answer it ([`Connection::respond`]) until nothing is left, send what there is to
//! send ([`Connection::transmit`], [`Connection::sent`]), then wait for the one thing that
//! [`Connection::interest`] names, until [`Connection::deadline`] at most:
//!
//! ```
//! use aula::http::{Content, Response, Status};
//! use aula::http1::{Chunk, Connection, Event, Interest};
//! use aula::time::Instant;
//! use std::rc::Rc;
//!
//! // Bytes in, in any number of pieces; each call passes the time.
//! let at = Instant::from_nanos;
//! let rules = aula::config::defaults().unwrap().rules;
//! let mut connection = Connection::<()>::new(Rc::new(rules), at(0));
//! connection.receive(b"GET /hello HTTP/1.1\r\nHo", at(10));
//! assert!(matches!(connection.next_event(), Ok(Event::NeedData)));
//! connection.receive(b"st: a\r\n\r\n", at(20));
//!
//! // An event: the request is complete.
//! match connection.next_event() {
//!     Ok(Event::Request(received)) => assert_eq!(received.target, b"/hello"),
//!     other => panic!("no request: {other:?}"),
//! }
//!
//! // A response to it.
//! let response = Response {
//!     status: Status::OK,
//!     fields: vec![("Content-Type", "text/plain".into())],
//!     content: Content::bytes(&b"hi"[..]),
//! };
//! connection.respond(response, false, at(30));
//! assert_eq!(connection.interest(), Interest::Write);
//!
//! // Bytes out. A slice of a file would be another kind of chunk.
//! let mut bytes = Vec::new();
//! for chunk in connection.transmit() {
//!     if let Chunk::Bytes(run) = chunk {
//!         bytes.extend_from_slice(run);
//!     }
//! }
//! assert_eq!(bytes, b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi");
//! connection.sent(bytes.len(), at(40));
//!
//! // Exchange 1 is sent, and the connection waits for the next request.
//! assert_eq!(connection.take_delivered().map(|sent| (sent.exchange, sent.content)), Some((1, 2)));
//! assert_eq!(connection.interest(), Interest::Read);
//! ```
//!
//! This file has the phases; [`super::input`] holds what arrived, [`super::outbox`] what is to be sent, and
//! [`super::timers`] how long to wait. Refuses to know what a request means.

use super::event::{Event, Interest};
use super::head::HeadReader;
use super::input::{Content, Input};
use super::outbox::{Chunk, Delivered, Outbox};
use super::persistence::{self, Persistence};
use super::rules::{Dialect, Rules};
use super::timers::{Timer, Timers};
use super::{End, Reject, encode};
use crate::http::{Response, Version};
use crate::time::Instant;
use std::rc::Rc;

/// How many bytes of responses may be queued before no further request is answered. Slices of files do not count: they
/// are not read yet.
pub const MOST_QUEUED: usize = 64 * 1024;

/// Room for the head of nearly every response, in bytes.
const USUAL_HEAD: usize = 512;

/// One connection. `F` is the kind of file that its responses may have slices of.
#[derive(Debug)]
pub struct Connection<F> {
    rules: Rc<Rules>,
    phase: Phase,
    input: Input,
    outbox: Outbox<F>,
    timers: Timers,
    /// The latest time that the driver passed.
    now: Instant,
    /// When the first byte of the current request arrived.
    begun: Instant,
    /// How many requests have been answered.
    exchanges: u64,
    /// Whether the client has ended its side.
    peer_ended: bool,
    /// Why the connection ends, once that is known.
    end: Option<End>,
}

#[derive(Debug)]
enum Phase {
    /// The head is not complete, or has not begun.
    Head,
    /// The head is complete, its content is not.
    Content(Content),
    /// A complete request waits for [`Connection::respond`].
    Request,
    /// So does a rejected one.
    Rejected(Reject),
    /// No further request is read. `linger`: the client may still be sending.
    Ending { linger: bool },
    /// Everything is sent and the sending side is shut. What arrives is thrown away until the client ends its side, so
    /// that the response is not lost to a reset (RFC 9112 section 9.6).
    Lingering,
    /// Nothing is read or sent any more.
    Closed,
}

impl<F> Connection<F> {
    /// A connection that was accepted at `now`.
    #[must_use]
    pub fn new(rules: Rc<Rules>, now: Instant) -> Self {
        let timers = Timers::start(Timer::Head, now, &rules.timeouts);
        Self {
            rules,
            phase: Phase::Head,
            input: Input::default(),
            outbox: Outbox::new(),
            timers,
            now,
            begun: now,
            exchanges: 0,
            peer_ended: false,
            end: None,
        }
    }

    // What the driver does.

    /// Takes bytes that arrived at `now`.
    pub fn receive(&mut self, bytes: &[u8], now: Instant) {
        self.now = now;
        if matches!(self.phase, Phase::Ending { .. } | Phase::Lingering | Phase::Closed) {
            return;
        }
        let had_begun = self.input.has_begun();
        self.input.receive(bytes);
        if !had_begun {
            self.begun = now;
        }
        // One byte per second must not extend the deadline: only a request's first byte sets it.
        if matches!(self.phase, Phase::Head) && !had_begun && self.outbox.is_empty() {
            self.timers = Timers::start(Timer::Head, now, &self.rules.timeouts);
        }
    }

    /// The client has ended its side; what it sent before still counts.
    pub fn receive_eof(&mut self, now: Instant) {
        self.now = now;
        self.peer_ended = true;
        if matches!(self.phase, Phase::Lingering) {
            self.close(End::ClientEnded);
        }
    }

    /// Returns the next event in the bytes received so far. Call it again after each [`Connection::respond`], and
    /// whenever something has arrived or the deadline has passed. Without anything new, it returns the same event.
    ///
    /// # Errors
    /// The [`Reject`] for a faulty request: answer it with [`Connection::respond`] too.
    pub fn next_event(&mut self) -> Result<Event<'_>, Reject> {
        let is_full = self.outbox.len() >= self.rules.limits.pipelined || self.outbox.in_memory() > MOST_QUEUED;
        if is_full && matches!(self.phase, Phase::Head | Phase::Content(_)) {
            return Ok(Event::Paused);
        }
        match self.advance() {
            Ok(()) => self.update_timer(),
            Err(reject) => self.reject(reject),
        }
        match self.phase {
            Phase::Request => Ok(self.input.request().map_or(Event::NeedData, Event::Request)),
            Phase::Rejected(reject) => Err(reject),
            Phase::Head | Phase::Content(_) => Ok(Event::NeedData),
            Phase::Ending { .. } | Phase::Lingering | Phase::Closed => Ok(Event::Closed),
        }
    }

    /// Rejects the client whatever it sends: for a server that is full.
    pub fn reject(&mut self, reject: Reject) {
        self.phase = Phase::Rejected(reject);
        self.update_timer();
    }

    /// Answers the request, or the reject, that [`Connection::next_event`] gave. With `last`, the connection ends after
    /// this response whatever the client wished. Does nothing when there is nothing to answer.
    pub fn respond(&mut self, response: Response<'_, F>, last: bool, now: Instant) {
        self.now = now;
        let rejected = match self.phase {
            Phase::Request => None,
            Phase::Rejected(Reject::Busy) => Some(End::NoPlace),
            Phase::Rejected(_) => Some(End::Refused),
            _ => return,
        };
        let version = self.input.response_version(self.rules.dialect);
        let asked = persistence::decide(version, self.input.fields());
        let nothing_follows = self.input.after_request().is_empty();
        let persistence = match (asked, rejected) {
            (_, Some(end)) => Persistence::Close(end),
            (Persistence::Close(_), None) => asked,
            (open, None) => self.must_close(last, nothing_follows).map_or(open, Persistence::Close),
        };

        let mut head = Vec::with_capacity(USUAL_HEAD);
        if version != Version::Http09 {
            encode::head(&mut head, &response, persistence);
        }
        let is_to_head = version != Version::Http09 && self.input.is_head_request();
        self.exchanges = self.exchange();
        self.outbox.push(self.exchanges, head, response.into_body(is_to_head).0);

        self.begun = now;
        self.phase = if let Persistence::Close(end) = persistence {
            self.end.get_or_insert(end);
            self.input.clear();
            // A client that asked for the end and sent nothing more will not be reset by a plain close.
            let has_asked = rejected.is_none() && matches!(asked, Persistence::Close(_));
            let is_over = has_asked && version != Version::Http09 && nothing_follows;
            Phase::Ending { linger: !is_over }
        } else {
            self.input.next_request();
            Phase::Head
        };
        self.timers = Timers::start(Timer::Write, now, &self.rules.timeouts);
        self.finish_sending();
    }

    /// The first `count` bytes of [`Connection::transmit`] have been handed to the host.
    pub fn sent(&mut self, count: usize, now: Instant) {
        self.now = now;
        if count > 0 {
            self.timers = Timers::start(Timer::Write, now, &self.rules.timeouts);
        }
        self.outbox.sent(count);
        self.finish_sending();
    }

    /// Time has passed. Returns whether the deadline had: then ask for the next event and the interest again.
    pub fn handle_timeout(&mut self, now: Instant) -> bool {
        self.now = now;
        let Some(timer) = self.timers.expired(now) else {
            return false;
        };
        match timer {
            // RFC 9110 section 15.5.9. To a client that has said nothing there is nothing to answer.
            Timer::Head if self.input.has_begun() => self.reject(Reject::HeadTimeout),
            Timer::Body => self.reject(Reject::BodyTimeout),
            Timer::Write => self.close(End::NotTaken),
            Timer::Head | Timer::Idle | Timer::Linger if self.has_answered() => self.close(End::Idle),
            Timer::Head | Timer::Idle | Timer::Linger => self.close(End::Silent),
        }
        true
    }

    /// Ends the connection at once, for the reason given unless there is an earlier one.
    pub fn close(&mut self, end: End) {
        self.phase = Phase::Closed;
        self.end.get_or_insert(end);
        self.update_timer();
    }

    // What the driver asks.

    /// What to wait for. It may change with every call that changes the connection.
    #[must_use]
    pub fn interest(&self) -> Interest {
        match self.phase {
            Phase::Closed => Interest::Close,
            _ if !self.outbox.is_empty() => Interest::Write,
            Phase::Head | Phase::Content(_) => Interest::Read,
            Phase::Request | Phase::Rejected(_) => Interest::Respond,
            Phase::Lingering | Phase::Ending { .. } => Interest::Drain,
        }
    }

    /// When [`Connection::handle_timeout`] should be called at the latest. `None` when it is the server's turn, or when
    /// the connection is closed.
    ///
    /// It may change after
    /// - [`Connection::receive`] (a request begins),
    /// - [`Connection::next_event`] (a head or its content is complete),
    /// - [`Connection::respond`] (there is something to send),
    /// - [`Connection::sent`] (the client took some of it, or all),
    /// - [`Connection::handle_timeout`], [`Connection::reject`] and [`Connection::close`].
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.timers.deadline()
    }

    /// What is to be sent, in order. Empty when there is nothing.
    pub fn transmit(&self) -> impl Iterator<Item = Chunk<'_, F>> {
        self.outbox.transmit()
    }

    /// The next response that is sent completely and was not asked for yet. Ask again until there is none.
    pub fn take_delivered(&mut self) -> Option<Delivered> {
        self.outbox.take_delivered()
    }

    /// The responses that are not sent completely, with what of each is: for a connection that was closed before.
    pub fn undelivered(&self) -> impl Iterator<Item = Delivered> {
        self.outbox.undelivered()
    }

    /// Why the connection ends, once that is known: with the responses that are under way, or at once.
    #[must_use]
    pub fn end(&self) -> Option<End> {
        self.end
    }

    /// When the connection became idle; `None` while a request is under way or a response is being sent.
    #[must_use]
    pub fn idle_since(&self) -> Option<Instant> {
        let is_idle = matches!(self.phase, Phase::Head) && self.outbox.is_empty() && !self.input.has_begun();
        self.timers.since().filter(|_| is_idle)
    }

    /// When the client last took something of what is to be sent; `None` when nothing is.
    #[must_use]
    pub fn stalled_since(&self) -> Option<Instant> {
        self.timers.since().filter(|_| !self.outbox.is_empty())
    }

    /// Whether a request has been answered on it.
    #[must_use]
    pub fn has_answered(&self) -> bool {
        self.exchanges > 0
    }

    // What it holds, for a driver that has to know before memory or files run short.

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

    /// How many bytes are allocated at most when [`Connection::receive`] gets `count` bytes.
    #[must_use]
    pub fn growth(&self, count: usize) -> usize {
        match self.phase {
            Phase::Ending { .. } | Phase::Lingering | Phase::Closed => 0,
            _ => self.input.growth(count),
        }
    }

    // What is known of the current exchange, for the log and the trace.

    /// The number of the exchange that [`Connection::respond`] answers next, counted from 1 on this connection:
    /// [`Connection::take_delivered`] names it by this number.
    #[must_use]
    pub fn exchange(&self) -> u64 {
        self.exchanges.saturating_add(1)
    }

    /// The first line of the current request as far as it has arrived, well-formed or not.
    #[must_use]
    pub fn first_line(&self) -> &[u8] {
        self.input.first_line()
    }

    /// What is known of the current request's head: offsets into [`Connection::head_bytes`].
    #[must_use]
    pub fn head(&self) -> &HeadReader {
        self.input.head()
    }

    /// The bytes of the current request's head, or, until it is complete, all that has arrived of it.
    #[must_use]
    pub fn head_bytes(&self) -> &[u8] {
        self.input.head_bytes()
    }

    /// How many bytes after the current request's head were read past as its content.
    #[must_use]
    pub fn content_received(&self) -> u64 {
        self.input.content_received()
    }

    /// When the first byte of the current request arrived; where it was there before, when the request before it was
    /// answered.
    #[must_use]
    pub fn begun(&self) -> Instant {
        self.begun
    }

    /// The content of the response that [`Connection::respond`] was given last, as long as nothing of it is sent.
    pub fn newest_content(&self) -> impl Iterator<Item = Chunk<'_, F>> {
        self.outbox.newest_content()
    }

    /// The head of the response that [`Connection::respond`] was given last, as long as nothing of it is sent.
    #[must_use]
    pub fn newest_head(&self) -> &[u8] {
        self.outbox.newest_head()
    }

    // The steps.

    /// Parses as much as has arrived.
    fn advance(&mut self) -> Result<(), Reject> {
        if let Phase::Head = self.phase {
            let Some(framing) = self.input.read_head(&self.rules)? else {
                return self.check_ended();
            };
            self.phase = Phase::Content(Content::new(framing.body));
            // In HTTP/0.9 the interim response would be taken for content.
            if framing.expects_continue && self.rules.dialect != Dialect::Http09 {
                self.outbox.push_interim(encode::CONTINUE);
            }
        }
        if let Phase::Content(content) = &mut self.phase {
            self.input.read_content(content, &self.rules.limits)?;
            if !content.is_complete() {
                return self.check_ended();
            }
            self.phase = Phase::Request;
        }
        Ok(())
    }

    /// An incomplete request is a fault only when no more can come (RFC 9112 section 8).
    fn check_ended(&mut self) -> Result<(), Reject> {
        if !self.peer_ended {
            return Ok(());
        }
        if matches!(self.phase, Phase::Head) && !self.input.has_begun() {
            self.end.get_or_insert(End::ClientEnded);
            self.phase = Phase::Ending { linger: false };
            self.finish_sending();
            return Ok(());
        }
        Err(Reject::Incomplete)
    }

    /// Why the connection ends after this response although the client would go on.
    fn must_close(&self, last: bool, nothing_follows: bool) -> Option<End> {
        if last {
            Some(End::LastAnswer)
        } else if self.rules.close_after_answer {
            Some(End::Configured)
        } else {
            (self.peer_ended && nothing_follows).then_some(End::ClientEnded)
        }
    }

    /// Moves on if everything is sent.
    fn finish_sending(&mut self) {
        if let (Phase::Ending { linger }, true) = (&self.phase, self.outbox.is_empty()) {
            self.phase = match *linger && !self.peer_ended {
                true => Phase::Lingering,
                false => Phase::Closed,
            };
        }
        self.update_timer();
    }

    /// Lets the timer run that the phase asks for.
    fn update_timer(&mut self) {
        let timer = match self.phase {
            Phase::Closed => None,
            _ if !self.outbox.is_empty() => Some(Timer::Write),
            Phase::Head if self.input.has_begun() || !self.has_answered() => Some(Timer::Head),
            Phase::Head => Some(Timer::Idle),
            Phase::Content(_) => Some(Timer::Body),
            Phase::Lingering => Some(Timer::Linger),
            Phase::Request | Phase::Rejected(_) | Phase::Ending { .. } => None,
        };
        self.timers.run(timer, self.now, &self.rules.timeouts);
    }
}

#[cfg(test)]
#[path = "connection_tests.rs"]
mod tests;
