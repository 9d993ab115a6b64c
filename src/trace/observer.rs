//! What the trace records of one connection while it is open: which bytes arrived when.

use super::{Peer, Slot};
use crate::exchange::Exchange;
use crate::time::Instant;
use std::collections::VecDeque;
use std::ops::Range;

/// The record of one traced connection.
#[derive(Debug)]
pub struct Observer {
    /// The two ends of the connection.
    pub peer: Peer,
    /// How many bytes have arrived, and how many of them belong to completed requests.
    arrived: u64,
    responded: u64,
    /// The reads that brought the other bytes, in order.
    reads: VecDeque<(Instant, Range<u64>)>,
}

/// What was observed of an exchange, in addition to its record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Observed {
    /// The connection's slot when the response was made.
    pub slot: Slot,
    /// The reads that brought the head of the request.
    pub reads: Vec<Read>,
    /// When the first bytes of the response were handed to the host.
    pub first_sent: Option<Instant>,
    /// The first bytes of the response's content, as many as `--trace-content` says.
    pub content: Vec<u8>,
}

/// A read, with the bytes of a head that it brought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Read {
    /// When the read happened.
    pub at: Instant,
    /// The offsets of the bytes in the head.
    pub bytes: Range<usize>,
}

impl Observer {
    /// An observer for a connection that has just been accepted.
    #[must_use]
    pub fn new(peer: Peer) -> Self {
        Self {
            peer,
            arrived: 0,
            responded: 0,
            reads: VecDeque::new(),
        }
    }

    /// Notes that a read brought `count` bytes.
    pub fn received(&mut self, count: usize, at: Instant) {
        let start = self.arrived;
        self.arrived = start.saturating_add(count as u64);
        self.reads.push_back((at, start..self.arrived));
    }

    /// Notes that a response was made, and returns what was observed of its exchange. `content` has the first bytes of
    /// the response's content.
    pub fn responded(&mut self, exchange: &Exchange, slot: Slot, content: Vec<u8>) -> Observed {
        let (head, body) = exchange.details.as_ref().map_or((0, 0), |details| {
            (details.received.len() as u64, details.content_received)
        });
        let start = self.responded;
        let end = start.saturating_add(head);
        self.responded = end.saturating_add(body);
        let within = |bytes: &Range<u64>| {
            let offset = |position: u64| usize::try_from(position.clamp(start, end) - start).unwrap_or(usize::MAX);
            offset(bytes.start)..offset(bytes.end)
        };
        let reads = self.reads.iter().map(|(at, bytes)| Read {
            at: *at,
            bytes: within(bytes),
        });
        let reads = reads.filter(|read| !read.bytes.is_empty()).collect();
        // The last read may also have brought the beginning of the next request.
        while self
            .reads
            .pop_front_if(|(_, bytes)| bytes.end <= self.responded)
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
