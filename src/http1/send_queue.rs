//! The responses of a connection that wait to be sent: queued in order, sent piece by piece, and counted when they are
//! sent.
//!
//! This module knows nothing of phases or deadlines; these are in [`super::connection`].

use crate::http::Piece;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::vec;

/// The responses that wait to be sent. Their content may have slices of files of kind `F`.
#[derive(Debug)]
pub struct SendQueue<F> {
    responses: VecDeque<QueuedResponse<F>>,
    /// How many bytes are still to be sent.
    length: u64,
    /// How many bytes of the responses are in memory.
    in_memory: usize,
    /// The responses that are sent completely, until the driver asks for them.
    completed: VecDeque<Progress>,
}

/// A response that is being sent.
#[derive(Debug)]
struct QueuedResponse<F> {
    /// The head, and the content in memory that follows it directly, as one run of bytes.
    start: Vec<u8>,
    /// How many bytes of `start` are sent.
    sent_of_start: usize,
    /// What is still to be sent after `start`.
    rest: vec::IntoIter<Piece<F>>,
    /// How many bytes of the head are not sent.
    head_left: usize,
    content_sent: u64,
    /// How many bytes of the response are in memory.
    in_memory: usize,
    /// The number of the exchange. An interim response has none, because it is not counted.
    exchange: Option<u64>,
}

/// How much of a response is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// The number of the exchange: the value of [`super::Connection::exchange`] when the response was made.
    pub exchange: u64,
    /// How many bytes of the content were sent, without the head.
    pub content: u64,
}

/// The next bytes to send, or where to read them.
#[derive(Debug, PartialEq, Eq)]
pub enum Chunk<'a, F> {
    /// Bytes in memory.
    Bytes(&'a [u8]),
    /// A slice of a file.
    Slice {
        /// The open file.
        file: &'a F,
        /// The offset of the first byte in the file.
        offset: u64,
        /// The number of bytes.
        length: u64,
    },
}

impl<F> Chunk<'_, F> {
    /// The number of bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Slice { length, .. } => *length,
        }
    }

    /// The first bytes of it, at most `most`.
    #[must_use]
    pub fn first(self, most: u64) -> Self {
        match self {
            Self::Bytes(bytes) => {
                let most = usize::try_from(most).unwrap_or(usize::MAX);
                Self::Bytes(bytes.get(..most).unwrap_or(bytes))
            }
            Self::Slice { file, offset, length } => Self::Slice {
                file,
                offset,
                length: length.min(most),
            },
        }
    }
}

impl<F> SendQueue<F> {
    /// An empty queue.
    #[must_use]
    pub fn new() -> Self {
        Self {
            responses: VecDeque::new(),
            length: 0,
            in_memory: 0,
            completed: VecDeque::new(),
        }
    }

    /// Queues the response of the exchange with this number: its head, which is empty in HTTP/0.9, and its content.
    pub fn push(&mut self, exchange: u64, head: Vec<u8>, content: Vec<Piece<F>>) {
        self.queue(Some(exchange), head, content);
    }

    /// Queues an interim response (RFC 9110 section 15.2).
    pub fn push_interim(&mut self, head: &[u8]) {
        self.queue(None, head.to_vec(), Vec::new());
    }

    fn queue(&mut self, exchange: Option<u64>, head: Vec<u8>, mut content: Vec<Piece<F>>) {
        content.retain(|piece| piece.length() > 0);
        let (mut start, mut rest) = (head, content.into_iter());
        let head_left = start.len();
        while let Some(Piece::Bytes(bytes)) = rest.as_slice().first() {
            start.extend_from_slice(bytes);
            rest.next();
        }
        let (mut in_memory, mut length) = (start.len(), start.len() as u64);
        for piece in rest.as_slice() {
            in_memory = in_memory.saturating_add(bytes_in_memory(piece));
            length = length.saturating_add(piece.length());
        }
        self.in_memory = self.in_memory.saturating_add(in_memory);
        self.length = self.length.saturating_add(length);
        self.responses.push_back(QueuedResponse {
            start,
            sent_of_start: 0,
            rest,
            head_left,
            content_sent: 0,
            in_memory,
            exchange,
        });
        // An HTTP/0.9 response with an empty file has nothing to send, so it is complete from the start.
        self.retire();
    }

    /// Whether everything is sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.responses.is_empty()
    }

    /// How many responses wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.responses.len()
    }

    /// How many bytes of the responses are in memory. Slices of files do not count, because they are not read yet.
    #[must_use]
    pub fn in_memory(&self) -> usize {
        self.in_memory
    }

    /// The bytes to send, in order, in chunks that are not empty.
    pub fn transmit(&self) -> impl Iterator<Item = Chunk<'_, F>> {
        let chunks = |response| QueuedResponse::chunks(response, response.sent_of_start);
        self.responses.iter().flat_map(chunks)
    }

    /// How many bytes [`SendQueue::transmit`] has.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Notes that the first `count` bytes of [`SendQueue::transmit`] are sent.
    pub fn sent(&mut self, mut count: usize) {
        self.length = self.length.saturating_sub(count as u64);
        for response in &mut self.responses {
            count = response.sent(count);
            if count == 0 {
                break;
            }
        }
        self.retire();
    }

    /// Removes and returns the oldest response that is sent completely.
    pub fn pop_completed(&mut self) -> Option<Progress> {
        self.completed.pop_front()
    }

    /// The responses that are not sent completely, with how much of each is sent.
    pub fn incomplete(&self) -> impl Iterator<Item = Progress> {
        self.responses.iter().filter_map(QueuedResponse::progress)
    }

    /// The head of the most recently queued response, as long as none of it is sent.
    #[must_use]
    pub fn last_head(&self) -> &[u8] {
        let newest = self.responses.back();
        newest.map_or(&[], |response| {
            response.start.get(..response.head_left).unwrap_or_default()
        })
    }

    /// The file of the most recently queued response, as long as its slice is not sent.
    #[must_use]
    pub fn newest_file(&self) -> Option<&F> {
        let rest = self.responses.back()?.rest.as_slice();
        rest.iter().rev().find_map(|piece| match piece {
            Piece::Slice { file, .. } => Some(file),
            Piece::Bytes(_) => None,
        })
    }

    /// The content of the most recently queued response, as long as none of it is sent.
    pub fn newest_content(&self) -> impl Iterator<Item = Chunk<'_, F>> {
        let newest = self.responses.back().into_iter();
        newest.flat_map(|response| response.chunks(response.head_left))
    }

    /// Moves the responses that are sent completely out of the queue.
    fn retire(&mut self) {
        while let Some(response) = self.responses.pop_front_if(|response| response.is_sent()) {
            self.in_memory = self.in_memory.saturating_sub(response.in_memory);
            self.completed.extend(response.progress());
        }
    }
}

impl<F> Default for SendQueue<F> {
    fn default() -> Self {
        Self::new()
    }
}

impl<F> QueuedResponse<F> {
    fn progress(&self) -> Option<Progress> {
        Some(Progress {
            exchange: self.exchange?,
            content: self.content_sent,
        })
    }

    /// What is to be sent after the first `skip` bytes of `start`.
    fn chunks(&self, skip: usize) -> impl Iterator<Item = Chunk<'_, F>> {
        let start = self.start.get(skip..).filter(|bytes| !bytes.is_empty());
        let rest = self.rest.as_slice().iter().map(chunk);
        start.map(Chunk::Bytes).into_iter().chain(rest)
    }

    /// Whether the response is sent completely.
    fn is_sent(&self) -> bool {
        self.sent_of_start == self.start.len() && self.rest.as_slice().is_empty()
    }

    /// Removes up to `count` bytes from the front, and returns how many are left over.
    fn sent(&mut self, count: usize) -> usize {
        let of_start = count.min(self.start.len().saturating_sub(self.sent_of_start));
        self.sent_of_start += of_start;
        let mut left_over = count - of_start;
        while left_over > 0
            && let Some(piece) = self.rest.as_mut_slice().first_mut()
        {
            let length = usize::try_from(piece.length()).unwrap_or(usize::MAX);
            if left_over < length {
                shorten(piece, left_over);
                left_over = 0;
            } else {
                left_over -= length;
                self.rest.next();
            }
        }
        let of_head = of_start.min(self.head_left);
        self.head_left -= of_head;
        self.content_sent = self.content_sent.saturating_add((count - left_over - of_head) as u64);
        left_over
    }
}

/// Removes the first `count` bytes of a piece, which are fewer than it has.
fn shorten<F>(piece: &mut Piece<F>, count: usize) {
    match piece {
        Piece::Bytes(Cow::Borrowed(bytes)) => *bytes = bytes.get(count..).unwrap_or_default(),
        Piece::Bytes(Cow::Owned(bytes)) => drop(bytes.drain(..count.min(bytes.len()))),
        Piece::Slice { offset, length, .. } => {
            *offset = offset.saturating_add(count as u64);
            *length = length.saturating_sub(count as u64);
        }
    }
}

fn chunk<F>(piece: &Piece<F>) -> Chunk<'_, F> {
    match piece {
        Piece::Bytes(bytes) => Chunk::Bytes(bytes),
        Piece::Slice { file, offset, length } => Chunk::Slice {
            file,
            offset: *offset,
            length: *length,
        },
    }
}

fn bytes_in_memory<F>(piece: &Piece<F>) -> usize {
    match piece {
        Piece::Bytes(bytes) => bytes.len(),
        Piece::Slice { .. } => 0,
    }
}
