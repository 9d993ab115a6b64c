//! The responses of a connection that wait to be sent: queued in order, sent piece by piece, and counted when they are
//! sent.
//!
//! This module knows nothing of phases or deadlines; these are in [`super::connection`].

use crate::http::Piece;
use std::collections::VecDeque;

/// The responses that wait to be sent. Their content may have slices of files of kind `F`.
#[derive(Debug)]
pub struct SendQueue<F> {
    responses: VecDeque<QueuedResponse<F>>,
    /// How many bytes of the responses are in memory.
    in_memory: usize,
    /// The responses that are sent completely, until the driver asks for them.
    completed: VecDeque<Progress>,
}

/// A response that is being sent.
#[derive(Debug)]
struct QueuedResponse<F> {
    /// What is still to be sent; the first piece begins with the head.
    pieces: VecDeque<Piece<F>>,
    /// How many bytes of the first piece are sent.
    sent_of_piece: usize,
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

    fn queue(&mut self, exchange: Option<u64>, mut head: Vec<u8>, content: Vec<Piece<F>>) {
        let head_left = head.len();
        let mut pieces = VecDeque::from(content);
        // The head and content that is in memory already are sent as one run of bytes.
        while let Some(Piece::Bytes(bytes)) = pieces.pop_front_if(|piece| matches!(piece, Piece::Bytes(_))) {
            head.extend_from_slice(&bytes);
        }
        pieces.push_front(Piece::Bytes(head.into()));
        pieces.retain(|piece| piece.length() > 0);
        let in_memory = pieces.iter().map(bytes_in_memory).fold(0, usize::saturating_add);
        self.in_memory = self.in_memory.saturating_add(in_memory);
        self.responses.push_back(QueuedResponse {
            pieces,
            sent_of_piece: 0,
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

    /// The bytes to send, in order.
    pub fn transmit(&self) -> impl Iterator<Item = Chunk<'_, F>> {
        self.responses.iter().flat_map(|response| {
            response
                .pieces
                .iter()
                .enumerate()
                .map(|(position, piece)| chunk(piece, if position == 0 { response.sent_of_piece } else { 0 }))
        })
    }

    /// Notes that the first `count` bytes of [`SendQueue::transmit`] are sent.
    pub fn sent(&mut self, mut count: usize) {
        for response in &mut self.responses {
            count = response.sent(count);
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
        newest.map_or(&[], |response| match response.pieces.front() {
            Some(Piece::Bytes(bytes)) => bytes.get(..response.head_left).unwrap_or_default(),
            _ => &[],
        })
    }

    /// The file of the most recently queued response, as long as its slice is not sent.
    #[must_use]
    pub fn newest_file(&self) -> Option<&F> {
        let pieces = &self.responses.back()?.pieces;
        pieces.iter().rev().find_map(|piece| match piece {
            Piece::Slice { file, .. } => Some(file),
            Piece::Bytes(_) => None,
        })
    }

    /// The content of the most recently queued response, as long as none of it is sent.
    pub fn newest_content(&self) -> impl Iterator<Item = Chunk<'_, F>> {
        self.responses.back().into_iter().flat_map(|response| {
            response
                .pieces
                .iter()
                .enumerate()
                .map(|(position, piece)| chunk(piece, if position == 0 { response.head_left } else { 0 }))
        })
    }

    /// Moves the responses that are sent completely out of the queue.
    fn retire(&mut self) {
        while let Some(response) = self.responses.pop_front_if(|response| response.pieces.is_empty()) {
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

    /// Removes up to `count` bytes from the front, and returns how many are left over.
    fn sent(&mut self, mut count: usize) -> usize {
        while let Some(piece) = self.pieces.front_mut() {
            let left = piece.length().saturating_sub(self.sent_of_piece as u64);
            let step = usize::try_from(left).unwrap_or(usize::MAX).min(count);
            count -= step;
            let of_head = step.min(self.head_left);
            self.head_left -= of_head;
            self.content_sent = self.content_sent.saturating_add((step - of_head) as u64);
            let is_done = step as u64 == left;
            match piece {
                _ if is_done => {
                    self.pieces.pop_front();
                    self.sent_of_piece = 0;
                }
                Piece::Bytes(_) => self.sent_of_piece += step,
                Piece::Slice { offset, length, .. } => {
                    *offset = offset.saturating_add(step as u64);
                    *length = length.saturating_sub(step as u64);
                }
            }
            if !is_done {
                break;
            }
        }
        count
    }
}

/// The rest of a piece of which `skip` bytes are sent. A slice has been shortened already.
fn chunk<F>(piece: &Piece<F>, skip: usize) -> Chunk<'_, F> {
    match piece {
        Piece::Bytes(bytes) => Chunk::Bytes(bytes.get(skip..).unwrap_or_default()),
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
