//! What the trace remembers of one connection while it is open: what arrived when.

use super::{Peer, Slot};
use crate::exchange::Exchange;
use crate::time::Instant;
use std::collections::VecDeque;
use std::ops::Range;

/// A connection that is traced.
#[derive(Debug)]
pub struct Observer {
    /// Who speaks with whom.
    pub peer: Peer,
    /// How many bytes have arrived, and how many of them belong to exchanges that are answered.
    arrived: u64,
    answered: u64,
    /// The reads that brought the others, in order.
    reads: VecDeque<(Instant, Range<u64>)>,
}

/// What was observed of an exchange, beside what it says itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Observed {
    /// Where the connection sat when the response was made.
    pub slot: Slot,
    /// The reads that brought the head of the request.
    pub reads: Vec<Read>,
    /// When the first bytes of the response were handed to the host.
    pub first_sent: Option<Instant>,
    /// The first bytes of the response's content, as many as are wanted.
    pub content: Vec<u8>,
}

/// A read, and which bytes of a head it brought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Read {
    /// When it was.
    pub at: Instant,
    /// Which bytes of the head, counted from its first.
    pub bytes: Range<usize>,
}

impl Observer {
    /// A connection that was just accepted.
    #[must_use]
    pub fn new(peer: Peer) -> Self {
        Self {
            peer,
            arrived: 0,
            answered: 0,
            reads: VecDeque::new(),
        }
    }

    /// A read brought `count` bytes.
    pub fn received(&mut self, count: usize, at: Instant) {
        let start = self.arrived;
        self.arrived = start.saturating_add(count as u64);
        self.reads.push_back((at, start..self.arrived));
    }

    /// A response was made: what was observed of its exchange. `content` are the first bytes of the response's content.
    pub fn answered(&mut self, exchange: &Exchange, slot: Slot, content: Vec<u8>) -> Observed {
        let (head, body) = exchange.details.as_ref().map_or((0, 0), |details| {
            (details.received.len() as u64, details.content_received)
        });
        let start = self.answered;
        let end = start.saturating_add(head);
        self.answered = end.saturating_add(body);
        let within = |bytes: &Range<u64>| {
            let offset = |position: u64| usize::try_from(position.clamp(start, end) - start).unwrap_or(usize::MAX);
            offset(bytes.start)..offset(bytes.end)
        };
        let reads = self.reads.iter().map(|(at, bytes)| Read {
            at: *at,
            bytes: within(bytes),
        });
        let reads = reads.filter(|read| !read.bytes.is_empty()).collect();
        // The last one may have brought the beginning of the next request too.
        while self
            .reads
            .pop_front_if(|(_, bytes)| bytes.end <= self.answered)
            .is_some()
        {}
        Observed {
            slot,
            reads,
            first_sent: None,
            content,
        }
    }
}
