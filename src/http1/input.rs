//! What has arrived on a connection and is not answered yet: the current request, and what follows it.
//!
//! Holds the bytes and knows which of them are the head. The content of a request is checked and thrown away as it
//! arrives, so that a connection never holds more of a client's bytes than one head and one read.

use super::body_length::BodyLength;
use super::chunked::Decoder;
use super::head::{Framing, HeadReader};
use super::{Dialect, Limits, Received, Reject, Rules};
use crate::http::{Fields, Request, Version};

/// The bytes of the current request and of those after it.
#[derive(Debug, Default)]
pub struct Input {
    /// From `start` on, it belongs to the current request and those after it.
    bytes: Vec<u8>,
    start: usize,
    head: HeadReader,
    /// How many bytes the head has, once it is complete.
    head_length: Option<usize>,
    /// How many bytes of content were thrown away.
    content_received: u64,
}

impl Input {
    /// Adds bytes that arrived.
    pub fn receive(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.start);
        self.start = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// Reads the head as far as it has arrived. `None` when it is not complete.
    ///
    /// # Errors
    /// The [`Reject`] for its first fault.
    pub fn read_head(&mut self, rules: &Rules) -> Result<Option<Framing>, Reject> {
        let current = self.bytes.get(self.start..).unwrap_or_default();
        let framing = self.head.read(current, rules)?;
        self.head_length = framing.map(|framing| framing.head_length);
        Ok(framing)
    }

    /// Checks the content as far as it has arrived, and throws it away. The head stays until it is answered.
    ///
    /// # Errors
    /// The [`Reject`] for the first fault of its framing.
    pub fn read_content(&mut self, content: &mut Content, limits: &Limits) -> Result<(), Reject> {
        let start = self.start + self.head_length.unwrap_or_default();
        let arrived = self.bytes.get(start..).unwrap_or_default();
        let count = content.receive(arrived, limits)?;
        self.bytes.drain(start..start + count);
        self.content_received = self.content_received.saturating_add(count as u64);
        Ok(())
    }

    /// The request, once its head is complete.
    pub fn request(&self) -> Option<Received<'_>> {
        let head = self.head_bytes();
        let line = self.head.request_line()?;
        Some(Received {
            request: Request {
                method: line.method,
                target: self.head.target(head)?,
                fields: self.head.fields(head),
            },
            method: head.get(line.method_at.clone())?,
            target: head.get(line.target_at.clone())?,
            version: line.version,
        })
    }

    /// Forgets the current request, which is answered: the next one begins behind it.
    pub fn next_request(&mut self) {
        self.start = self.bytes.len() - self.after_request().len();
        self.head.reset();
        self.head_length = None;
        self.content_received = 0;
    }

    /// Forgets everything, and gives the memory back.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whether the current request has begun: an empty line before it does not count.
    pub fn has_begun(&self) -> bool {
        self.head.has_begun(self.current())
    }

    /// What has arrived behind the head of the current request. (Its content is thrown away by then.)
    pub fn after_request(&self) -> &[u8] {
        let current = self.current();
        current.get(self.head_length.unwrap_or_default()..).unwrap_or_default()
    }

    /// The bytes of the head, or, until it is complete, all that has arrived of it.
    pub fn head_bytes(&self) -> &[u8] {
        let current = self.current();
        self.head_length
            .and_then(|length| current.get(..length))
            .unwrap_or(current)
    }

    /// What is known of the head: offsets into [`Input::head_bytes`].
    pub fn head(&self) -> &HeadReader {
        &self.head
    }

    /// The field lines that were read so far.
    pub fn fields(&self) -> Fields<'_> {
        self.head.fields(self.current())
    }

    /// The first line as far as it has arrived, well-formed or not.
    pub fn first_line(&self) -> &[u8] {
        self.head.first_line_of(self.current())
    }

    /// The version in which a response is understood.
    pub fn response_version(&self, dialect: Dialect) -> Version {
        self.head.answer_version(dialect)
    }

    /// Whether the request is known to be HEAD.
    pub fn is_head_request(&self) -> bool {
        self.head.is_head_request(self.current())
    }

    /// How many bytes of content were thrown away.
    pub fn content_received(&self) -> u64 {
        self.content_received
    }

    /// How many bytes are allocated at most when `count` bytes are added.
    pub fn growth(&self, count: usize) -> usize {
        let needed = self.current().len().saturating_add(count);
        // A vector that is too small is copied into one of at least twice its size.
        let doubled = self.bytes.capacity().saturating_mul(2);
        match needed <= self.bytes.capacity() {
            true => 0,
            false => needed.max(doubled),
        }
    }

    fn current(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }
}

/// The content of a request while it arrives, as its framing describes it (RFC 9112 section 6.3).
#[derive(Debug)]
pub enum Content {
    /// So many bytes are still to come.
    Known(u64),
    /// Chunks are.
    Chunked(Decoder),
}

impl Content {
    /// None of it has arrived.
    pub fn new(length: BodyLength) -> Self {
        match length {
            BodyLength::Known(length) => Self::Known(length),
            BodyLength::Chunked => Self::Chunked(Decoder::default()),
        }
    }

    /// Checks the next bytes and returns how many of them belong to the content.
    fn receive(&mut self, bytes: &[u8], limits: &Limits) -> Result<usize, Reject> {
        match self {
            Self::Known(left) => {
                let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                *left = left.saturating_sub(taken as u64);
                Ok(taken)
            }
            Self::Chunked(decoder) => decoder.receive(bytes, limits),
        }
    }

    /// Whether all of it has arrived.
    pub fn is_complete(&self) -> bool {
        match self {
            Self::Known(left) => *left == 0,
            Self::Chunked(decoder) => decoder.is_complete(),
        }
    }
}
