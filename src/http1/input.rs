//! The bytes that have arrived on a connection: the current request, and what follows it.
//!
//! This module keeps the bytes and knows which of them are the head. The content of a request is checked and discarded
//! as it arrives, so a connection never holds more of a client's bytes than one head and one read.

use super::body_length::BodyLength;
use super::chunked::Decoder;
use super::head::{Framing, HeadReader};
use super::{Limits, Received, Rejection, Rules, VersionPolicy};
use crate::http::{Fields, Request, Version};
use std::borrow::Cow;

/// The bytes of the current request and of those after it.
#[derive(Debug, Default)]
pub struct Input {
    bytes: Vec<u8>,
    /// The offset in `bytes` at which the current request begins.
    start: usize,
    head: HeadReader,
    /// The number of bytes in the head, once it is complete.
    head_length: Option<usize>,
    /// How many bytes of content were discarded.
    content_received: u64,
}

impl Input {
    /// Adds bytes that have arrived. A vector becomes the buffer itself if no earlier bytes are left.
    pub fn receive(&mut self, bytes: Cow<'_, [u8]>) {
        match bytes {
            Cow::Owned(bytes) if self.is_empty() => self.bytes = bytes,
            bytes => {
                self.bytes.drain(..self.start);
                self.bytes.extend_from_slice(&bytes);
            }
        }
        self.start = 0;
    }

    /// Reads the head as far as it has arrived. `None` if it is not complete.
    ///
    /// # Errors
    /// The [`Rejection`] for the first fault of the head.
    pub fn read_head(&mut self, rules: &Rules) -> Result<Option<Framing>, Rejection> {
        let current = self.bytes.get(self.start..).unwrap_or_default();
        let framing = self.head.read(current, rules)?;
        self.head_length = framing.map(|framing| framing.head_length);
        Ok(framing)
    }

    /// Checks the content as far as it has arrived, and discards it. The head is kept until the response is made.
    ///
    /// # Errors
    /// The [`Rejection`] for the first fault in the framing of the content.
    pub fn read_content(&mut self, content: &mut Content, limits: &Limits) -> Result<(), Rejection> {
        let start = self.start + self.head_length.unwrap_or_default();
        let arrived = self.bytes.get(start..).unwrap_or_default();
        let count = content.receive(arrived, limits)?;
        if count > 0 {
            self.bytes.drain(start..start + count);
        }
        self.content_received = self.content_received.saturating_add(count as u64);
        Ok(())
    }

    /// The request, once its head is complete.
    #[must_use]
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

    /// Removes the current request after its response was made. The next request begins after it.
    pub fn next_request(&mut self) {
        self.start = self.bytes.len() - self.after_request().len();
        self.head.reset();
        self.head_length = None;
        self.content_received = 0;
    }

    /// Removes everything, and frees the memory.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whether the current request has begun. An empty line before it does not count.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.head.has_begun(self.current())
    }

    /// Whether there are no bytes of the current request or of a later one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.current().is_empty()
    }

    /// The bytes after the head of the current request. (Its content has been discarded by then.)
    #[must_use]
    pub fn after_request(&self) -> &[u8] {
        let current = self.current();
        current.get(self.head_length.unwrap_or_default()..).unwrap_or_default()
    }

    /// The bytes of the head. Until it is complete, these are all bytes that have arrived of it.
    #[must_use]
    pub fn head_bytes(&self) -> &[u8] {
        let current = self.current();
        self.head_length
            .and_then(|length| current.get(..length))
            .unwrap_or(current)
    }

    /// The state of the head: offsets into [`Input::head_bytes`].
    #[must_use]
    pub fn head(&self) -> &HeadReader {
        &self.head
    }

    /// The field lines read so far.
    #[must_use]
    pub fn fields(&self) -> Fields<'_> {
        self.head.fields(self.current())
    }

    /// The first line as far as it has arrived, valid or not.
    #[must_use]
    pub fn first_line(&self) -> &[u8] {
        self.head.first_line_of(self.current())
    }

    /// The version that the client understands.
    #[must_use]
    pub fn response_version(&self, versions: VersionPolicy) -> Version {
        self.head.response_version(versions)
    }

    /// Whether the request is known to be HEAD.
    #[must_use]
    pub fn is_head_request(&self) -> bool {
        self.head.is_head_request(self.current())
    }

    /// How many bytes of content were discarded.
    #[must_use]
    pub fn content_received(&self) -> u64 {
        self.content_received
    }

    /// The maximum number of bytes that are allocated when `count` bytes are added.
    #[must_use]
    pub fn growth(&self, count: usize) -> usize {
        let needed = self.current().len().saturating_add(count);
        // A vector that is too small is copied into one of at least twice its size.
        let doubled = self.bytes.capacity().saturating_mul(2);
        if needed <= self.bytes.capacity() {
            0
        } else {
            needed.max(doubled)
        }
    }

    fn current(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }
}

/// The content of a request while it is arriving, as framed by RFC 9112 section 6.3.
#[derive(Debug)]
pub enum Content {
    /// This number of bytes is still to come.
    Known(u64),
    /// Chunks are still to come.
    Chunked(Decoder),
}

impl Content {
    /// Content of which nothing has arrived.
    #[must_use]
    pub fn new(length: BodyLength) -> Self {
        match length {
            BodyLength::Known(length) => Self::Known(length),
            BodyLength::Chunked => Self::Chunked(Decoder::default()),
        }
    }

    /// Checks the next bytes, and returns how many of them belong to the content.
    fn receive(&mut self, bytes: &[u8], limits: &Limits) -> Result<usize, Rejection> {
        match self {
            Self::Known(left) => {
                let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                *left = left.saturating_sub(taken as u64);
                Ok(taken)
            }
            Self::Chunked(decoder) => decoder.receive(bytes, limits),
        }
    }

    /// Whether all of the content has arrived.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        match self {
            Self::Known(left) => *left == 0,
            Self::Chunked(decoder) => decoder.is_complete(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_becomes_the_buffer_without_a_copy() {
        let mut input = Input::default();
        assert!(input.is_empty());
        let bytes = b"GET / HT".to_vec();
        let address = bytes.as_ptr();
        input.receive(bytes.into());
        assert!(!input.is_empty());
        assert_eq!(input.head_bytes().as_ptr(), address);
        // Behind bytes that are still there, they have to be copied.
        input.receive(b"TP/1.1\r\n".to_vec().into());
        assert_eq!(input.head_bytes(), b"GET / HTTP/1.1\r\n");
    }
}
