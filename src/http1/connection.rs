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
//! In Request and Rejected, the connection waits for the server. Then no timer runs except [`Timer::Write`], which runs
//! whenever bytes may be sent.
//!
//! A server that is slow on purpose ([`Pace`]) calls [`Connection::delay`] when it turns to a request. The phase is
//! Delayed then, and Due when the time is over. Bytes beyond the rate wait in the same way: [`Interest::Time`] names
//! no more than [`Connection::deadline`], and no timer for the client runs meanwhile.
//!
//! A driver always repeats the same steps. It hands in the bytes that arrived ([`Connection::receive`]). It asks for
//! the next event ([`Connection::next_event`]) and responds to it ([`Connection::respond`]) until there is none. It
//! sends what there is to send ([`Connection::transmit`], [`Connection::sent`]). Then it waits for the one thing that
//! [`Connection::interest`] names, until [`Connection::deadline`] at the latest:
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
//!     fields: [("Content-Type", "text/plain")].into(),
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
//! assert_eq!(connection.pop_completed().map(|sent| (sent.exchange, sent.content)), Some((1, 2)));
//! assert_eq!(connection.interest(), Interest::Read);
//! ```
//!
//! This file has the phases; [`super::input`] holds what has arrived, [`super::send_queue`] what is to be sent,
//! [`super::send_rate`] how much of it at a time, and [`super::timers`] how long to wait. None of them knows what a
//! request means.

use super::event::{Event, Interest};
use super::head::HeadReader;
use super::input::{Content, Input};
use super::persistence::{self, Persistence};
use super::rules::{Pace, Rules, VersionPolicy};
use super::send_queue::{Chunk, Progress, SendQueue};
use super::send_rate::SendRate;
use super::timers::{Timer, Timers};
use super::{CloseReason, Rejection, encode};
use crate::http::{Response, Version};
use crate::time::Instant;
use std::borrow::Cow;
use std::rc::Rc;
use std::time::Duration;

/// Requests wait while more than this number of response bytes is queued. Slices of files do not count, because they
/// are not read yet.
pub const MOST_QUEUED: usize = 64 * 1024;

/// One connection. The content of its responses may have slices of files of kind `F`.
#[derive(Debug)]
pub struct Connection<F> {
    rules: Rc<Rules>,
    phase: Phase,
    input: Input,
    send_queue: SendQueue<F>,
    send_rate: SendRate,
    timers: Timers,
    /// The latest time that the driver passed in.
    now: Instant,
    /// When the first byte of the current request arrived.
    begun: Instant,
    /// How many requests have got a response.
    exchanges: u64,
    /// Whether the client has closed its side.
    peer_ended: bool,
    /// Why the connection is closed, once that is known.
    close_reason: Option<CloseReason>,
}

#[derive(Debug)]
enum Phase {
    /// The head is not complete, or has not begun.
    Head,
    /// The head is complete, but its content is not.
    Content(Content),
    /// A complete request waits for [`Connection::respond`].
    Request,
    /// The server has turned to a complete request, whose response is not due before this time.
    Delayed(Instant),
    /// There is no response to a complete request before this time.
    Postponed(Instant),
    /// That time has come: the request waits for [`Connection::respond`].
    Due,
    /// A rejected request waits for [`Connection::respond`].
    Rejected(Rejection),
    /// No further request is read. `linger`: the client may still be sending.
    Ending { linger: bool },
    /// Lingering close: everything is sent and the sending side is shut down. What arrives is discarded until the
    /// client closes its side, so that the response is not lost to a reset (RFC 9112 section 9.6).
    Lingering,
    /// Nothing is read or sent.
    Closed,
}

impl<F> Connection<F> {
    /// A connection that was accepted at `now`.
    #[must_use]
    pub fn new(rules: Rc<Rules>, now: Instant) -> Self {
        let timers = Timers::start(Timer::Head, now, &rules.timeouts);
        Self {
            send_rate: SendRate::new(rules.pace.rate),
            rules,
            phase: Phase::Head,
            input: Input::default(),
            send_queue: SendQueue::new(),
            timers,
            now,
            begun: now,
            exchanges: 0,
            peer_ended: false,
            close_reason: None,
        }
    }

    // Calls by which the driver changes the connection.

    /// Takes bytes that arrived at `now`: a slice is copied, a vector taken over where that is possible.
    pub fn receive<'b>(&mut self, bytes: impl Into<Cow<'b, [u8]>>, now: Instant) {
        self.now = now;
        if matches!(self.phase, Phase::Ending { .. } | Phase::Lingering | Phase::Closed) {
            return;
        }
        let had_begun = self.input.has_begun();
        self.input.receive(bytes.into());
        if !had_begun {
            self.begun = now;
        }
        // One byte per second must not extend the deadline: only a request's first byte sets it.
        if matches!(self.phase, Phase::Head) && !had_begun && self.send_queue.is_empty() {
            self.timers = Timers::start(Timer::Head, now, &self.rules.timeouts);
        }
    }

    /// Notes that the client has closed its side. What it sent before still counts.
    pub fn receive_eof(&mut self, now: Instant) {
        self.now = now;
        self.peer_ended = true;
        if matches!(self.phase, Phase::Lingering) {
            self.close(CloseReason::ClientEnded);
        }
    }

    /// Returns the next event in the bytes received so far. Call it again after each [`Connection::respond`], and
    /// whenever something has arrived or the deadline has passed. Without anything new, it returns the same event.
    ///
    /// # Errors
    /// The [`Rejection`] for a faulty request. It too needs a call of [`Connection::respond`].
    pub fn next_event(&mut self) -> Result<Event<'_>, Rejection> {
        let is_full = self.send_queue.len() >= self.rules.limits.pipelined || self.send_queue.in_memory() > MOST_QUEUED;
        if is_full && matches!(self.phase, Phase::Head | Phase::Content(_)) {
            return Ok(Event::Paused);
        }
        match self.advance() {
            Ok(()) => self.update_timer(),
            Err(rejection) => self.reject(rejection),
        }
        match self.phase {
            Phase::Request | Phase::Due => Ok(self.input.request().map_or(Event::NeedData, Event::Request)),
            Phase::Delayed(_) | Phase::Postponed(_) => Ok(Event::Delayed),
            Phase::Rejected(rejection) => Err(rejection),
            Phase::Head | Phase::Content(_) => Ok(Event::NeedData),
            Phase::Ending { .. } | Phase::Lingering | Phase::Closed => Ok(Event::Closed),
        }
    }

    /// Rejects the client, whatever it sends. A server that is full does this.
    pub fn reject(&mut self, rejection: Rejection) {
        self.phase = Phase::Rejected(rejection);
        self.update_timer();
    }

    /// The server turns to the next request: if it is slow on purpose, the delay of a complete request begins. Returns
    /// whether its response is not due yet. Rejections are not delayed.
    pub fn delay(&mut self, now: Instant) -> bool {
        let delay = self.rules.pace.delay;
        if delay.is_zero() || !matches!(self.next_event(), Ok(Event::Request(_) | Event::Delayed)) {
            return false;
        }
        self.now = now;
        // Pipelined requests are delayed one after the other, as by a server that works for so long on each.
        if matches!(self.phase, Phase::Request) && self.send_queue.is_empty() {
            self.phase = Phase::Delayed(now.saturating_add(delay));
        }
        !matches!(self.phase, Phase::Due)
    }

    /// Lets a complete request wait until then, because there is no response to it yet. The connection counts as idle
    /// meanwhile.
    pub fn postpone(&mut self, until: Instant, now: Instant) {
        self.now = now;
        if matches!(self.phase, Phase::Request | Phase::Due) {
            self.phase = Phase::Postponed(until);
        }
    }

    /// Responds to the request or the rejection that [`Connection::next_event`] returned. With `last`, the connection
    /// is closed after this response, whatever the client asked for. Does nothing if no request waits.
    pub fn respond(&mut self, mut response: Response<F>, last: bool, now: Instant) {
        self.now = now;
        let rejected = match self.phase {
            Phase::Request | Phase::Due => None,
            Phase::Rejected(Rejection::Busy) => Some(CloseReason::ServerFull),
            Phase::Rejected(_) => Some(CloseReason::Refused),
            _ => return,
        };
        let version = self.input.response_version(self.rules.versions);
        let asked = persistence::decide(version, self.input.fields());
        let nothing_follows = self.input.after_request().is_empty();
        let persistence = match (asked, rejected) {
            (_, Some(reason)) => Persistence::Close(reason),
            (Persistence::Close(_), None) => asked,
            (open, None) => self.must_close(last, nothing_follows).map_or(open, Persistence::Close),
        };

        let head = match version {
            Version::Http09 => Vec::new(),
            Version::Http10 | Version::Http11 => encode::head(&mut response, persistence),
        };
        let is_to_head = version != Version::Http09 && self.input.is_head_request();
        self.exchanges = self.exchange();
        self.send_queue
            .push(self.exchanges, head, response.into_body(is_to_head).0);

        self.begun = now;
        self.phase = if let Persistence::Close(reason) = persistence {
            self.close_reason.get_or_insert(reason);
            self.input.clear();
            // If the client asked for the close and sent nothing more, a plain close cannot cause a reset.
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

    /// Notes that the first `count` bytes of [`Connection::transmit`] have been handed to the host.
    pub fn sent(&mut self, count: usize, now: Instant) {
        self.now = now;
        if count > 0 {
            self.timers = Timers::start(Timer::Write, now, &self.rules.timeouts);
        }
        self.send_queue.sent(count);
        self.send_rate.sent(count as u64);
        self.finish_sending();
    }

    /// Notes that time has passed. Returns whether the deadline has expired; then ask for the next event and the
    /// interest again.
    pub fn handle_timeout(&mut self, now: Instant) -> bool {
        self.now = now;
        if self.due().is_some_and(|due| due <= now) {
            if let Phase::Delayed(_) | Phase::Postponed(_) = self.phase {
                self.phase = Phase::Due;
            }
            self.update_timer();
            return true;
        }
        let Some(timer) = self.timers.expired(now) else {
            return false;
        };
        match timer {
            // RFC 9110 section 15.5.9. A client that has sent nothing gets no response.
            Timer::Head if self.input.has_begun() => self.reject(Rejection::HeadTimeout),
            Timer::Body => self.reject(Rejection::BodyTimeout),
            Timer::Write => self.close(CloseReason::WriteTimeout),
            Timer::Head | Timer::Idle | Timer::Linger if self.has_responded() => self.close(CloseReason::IdleTimeout),
            Timer::Head | Timer::Idle | Timer::Linger => self.close(CloseReason::NoRequest),
        }
        true
    }

    /// Closes the connection at once. An earlier reason, if there is one, is kept.
    pub fn close(&mut self, reason: CloseReason) {
        self.phase = Phase::Closed;
        self.close_reason.get_or_insert(reason);
        self.update_timer();
    }

    // Calls by which the driver asks about the connection.

    /// What to wait for. This may change with every call that changes the connection.
    #[must_use]
    pub fn interest(&self) -> Interest {
        match self.phase {
            Phase::Closed => Interest::Close,
            _ if self.due().is_some() => Interest::Time,
            _ if !self.send_queue.is_empty() => Interest::Write,
            Phase::Head | Phase::Content(_) => Interest::Read,
            Phase::Request | Phase::Delayed(_) | Phase::Postponed(_) | Phase::Due | Phase::Rejected(_) => {
                Interest::Respond
            }
            Phase::Lingering | Phase::Ending { .. } => Interest::Linger,
        }
    }

    /// When [`Connection::handle_timeout`] should be called at the latest. `None` when the connection waits for the
    /// server, or is closed.
    ///
    /// The value may change after
    /// - [`Connection::receive`] (a request begins),
    /// - [`Connection::next_event`] (a head or its content is complete),
    /// - [`Connection::delay`] (a delay begins),
    /// - [`Connection::respond`] (there is something to send),
    /// - [`Connection::sent`] (the client took some or all of it),
    /// - [`Connection::handle_timeout`], [`Connection::reject`] and [`Connection::close`].
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.due().or_else(|| self.timers.deadline())
    }

    /// The bytes to send now, in order. Empty if there are none.
    pub fn transmit(&self) -> impl Iterator<Item = Chunk<'_, F>> {
        let mut left = self.send_rate.left();
        self.send_queue.transmit().map_while(move |chunk| {
            let chunk = chunk.first(left);
            left = left.saturating_sub(chunk.length());
            (chunk.length() > 0).then_some(chunk)
        })
    }

    /// How many bytes [`Connection::transmit`] has.
    #[must_use]
    pub fn transmit_length(&self) -> u64 {
        self.send_queue.length().min(self.send_rate.left())
    }

    /// Whether responses wait to be sent, now or later.
    #[must_use]
    pub fn has_unsent(&self) -> bool {
        !self.send_queue.is_empty()
    }

    /// Removes and returns the oldest response that is sent completely. Call it again until there is none.
    pub fn pop_completed(&mut self) -> Option<Progress> {
        self.send_queue.pop_completed()
    }

    /// The responses that are not sent completely, with how much of each is sent. This is for a connection that was
    /// closed early.
    pub fn incomplete(&self) -> impl Iterator<Item = Progress> {
        self.send_queue.incomplete()
    }

    /// Why the connection is closed, once that is known: after the responses that are being sent, or at once.
    #[must_use]
    pub fn close_reason(&self) -> Option<CloseReason> {
        self.close_reason
    }

    /// When the connection became idle. `None` while a request is arriving or a response is being made or sent.
    #[must_use]
    pub fn idle_since(&self) -> Option<Instant> {
        if let Phase::Postponed(_) = self.phase {
            return Some(self.begun);
        }
        let is_idle = matches!(self.phase, Phase::Head) && self.send_queue.is_empty() && !self.input.has_begun();
        self.timers.since().filter(|_| is_idle)
    }

    /// When the client last took some of the bytes to send. `None` if there are none that may be sent now.
    #[must_use]
    pub fn stalled_since(&self) -> Option<Instant> {
        self.timers.since().filter(|_| !self.send_queue.is_empty())
    }

    /// Whether bytes have arrived that have no response yet. If not, [`Connection::next_event`] has nothing new to
    /// report after a response.
    #[must_use]
    pub fn has_pending_input(&self) -> bool {
        !self.input.is_empty()
    }

    /// Whether a request has got a response on this connection.
    #[must_use]
    pub fn has_responded(&self) -> bool {
        self.exchanges > 0
    }

    // What the connection holds, for a driver that watches memory and open files.

    /// The file of the most recently queued response, as long as its slice is not sent.
    #[must_use]
    pub fn newest_file(&self) -> Option<&F> {
        self.send_queue.newest_file()
    }

    /// How many bytes of the queued responses are in memory. Slices of files do not count, because they are not read
    /// yet.
    #[must_use]
    pub fn queued_bytes(&self) -> usize {
        self.send_queue.in_memory()
    }

    /// The maximum number of bytes that are allocated when [`Connection::receive`] gets `count` bytes.
    #[must_use]
    pub fn growth(&self, count: usize) -> usize {
        match self.phase {
            Phase::Ending { .. } | Phase::Lingering | Phase::Closed => 0,
            _ => self.input.growth(count),
        }
    }

    // The current exchange, for the log and the trace.

    /// The number of the next exchange that [`Connection::respond`] completes, counted from 1 on this connection.
    /// [`Connection::pop_completed`] returns it by this number.
    #[must_use]
    pub fn exchange(&self) -> u64 {
        self.exchanges.saturating_add(1)
    }

    /// The first line of the current request as far as it has arrived, valid or not.
    #[must_use]
    pub fn first_line(&self) -> &[u8] {
        self.input.first_line()
    }

    /// The state of the current request's head: offsets into [`Connection::head_bytes`].
    #[must_use]
    pub fn head(&self) -> &HeadReader {
        self.input.head()
    }

    /// The bytes of the current request's head. Until it is complete, these are all bytes that have arrived of it.
    #[must_use]
    pub fn head_bytes(&self) -> &[u8] {
        self.input.head_bytes()
    }

    /// How slow the server is on purpose with the current request: a rejected one is not delayed.
    #[must_use]
    pub fn pace(&self) -> Pace {
        let pace = self.rules.pace;
        match self.phase {
            Phase::Due => pace,
            _ => Pace {
                delay: Duration::ZERO,
                ..pace
            },
        }
    }

    /// How many bytes after the current request's head were read and discarded as its content.
    #[must_use]
    pub fn content_received(&self) -> u64 {
        self.input.content_received()
    }

    /// When the first byte of the current request arrived. If it arrived before the previous response was made, this is
    /// the time of that response.
    #[must_use]
    pub fn begun(&self) -> Instant {
        self.begun
    }

    /// The content of the most recent response, as long as none of it is sent.
    pub fn newest_content(&self) -> impl Iterator<Item = Chunk<'_, F>> {
        self.send_queue.newest_content()
    }

    /// The head of the most recent response, as long as none of it is sent.
    #[must_use]
    pub fn last_head(&self) -> &[u8] {
        self.send_queue.last_head()
    }

    // The steps of the state machine.

    /// Parses as much as has arrived.
    fn advance(&mut self) -> Result<(), Rejection> {
        if let Phase::Head = self.phase {
            let Some(framing) = self.input.read_head(&self.rules)? else {
                return self.check_ended();
            };
            self.phase = Phase::Content(Content::new(framing.body));
            // A client of HTTP/0.9 would take the interim response for content.
            if framing.expects_continue && self.rules.versions != VersionPolicy::Http09 {
                self.send_queue.push_interim(encode::CONTINUE);
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

    /// An incomplete request is an error only when no more bytes can come (RFC 9112 section 8).
    fn check_ended(&mut self) -> Result<(), Rejection> {
        if !self.peer_ended {
            return Ok(());
        }
        if matches!(self.phase, Phase::Head) && !self.input.has_begun() {
            self.close_reason.get_or_insert(CloseReason::ClientEnded);
            self.phase = Phase::Ending { linger: false };
            self.finish_sending();
            return Ok(());
        }
        Err(Rejection::Incomplete)
    }

    /// Why the connection is closed after this response although the client would keep it open.
    fn must_close(&self, last: bool, nothing_follows: bool) -> Option<CloseReason> {
        if last {
            Some(CloseReason::RequestLimit)
        } else if self.rules.close_after_response {
            Some(CloseReason::Configured)
        } else {
            (self.peer_ended && nothing_follows).then_some(CloseReason::ClientEnded)
        }
    }

    /// Enters the next phase if everything is sent.
    fn finish_sending(&mut self) {
        if let (Phase::Ending { linger }, true) = (&self.phase, self.send_queue.is_empty()) {
            self.phase = if *linger && !self.peer_ended {
                Phase::Lingering
            } else {
                Phase::Closed
            };
        }
        self.update_timer();
    }

    /// The time before which nothing happens, because the server is slow on purpose.
    fn due(&self) -> Option<Instant> {
        match self.phase {
            Phase::Closed => None,
            _ if !self.send_queue.is_empty() => (self.send_rate.left() == 0).then(|| self.send_rate.next()),
            Phase::Delayed(until) | Phase::Postponed(until) => Some(until),
            _ => None,
        }
    }

    /// Runs the timer that belongs to the phase.
    fn update_timer(&mut self) {
        if !self.send_queue.is_empty() {
            self.send_rate.renew(self.now);
        }
        let timer = match self.phase {
            Phase::Closed => None,
            _ if self.due().is_some() => None,
            _ if !self.send_queue.is_empty() => Some(Timer::Write),
            Phase::Head if self.input.has_begun() || !self.has_responded() => Some(Timer::Head),
            Phase::Head => Some(Timer::Idle),
            Phase::Content(_) => Some(Timer::Body),
            Phase::Lingering => Some(Timer::Linger),
            Phase::Request | Phase::Delayed(_) | Phase::Postponed(_) | Phase::Due => None,
            Phase::Rejected(_) | Phase::Ending { .. } => None,
        };
        self.timers.run(timer, self.now, &self.rules.timeouts);
    }
}

#[cfg(test)]
#[path = "connection_tests.rs"]
mod tests;
