//! The answers of a connection on their way out: queued in order, handed over piece by piece, counted when they are
//! out.
//!
//! Knows nothing of phases or deadlines; those are [`super::connection`]'s.

use crate::http::Piece;
use std::collections::VecDeque;

/// The answers that wait to be sent. `F` is the kind of file that they may have slices of.
#[derive(Debug)]
pub struct Outbox<F> {
    answers: VecDeque<Answer<F>>,
    /// How many bytes of them are in memory.
    in_memory: usize,
    /// The answers that are out, for those who keep count.
    delivered: VecDeque<Delivered>,
}

/// An answer on its way out.
#[derive(Debug)]
struct Answer<F> {
    /// What is still to be sent; the first piece begins with the head.
    pieces: VecDeque<Piece<F>>,
    /// How much of the first piece is out.
    sent_of_piece: usize,
    /// How much of the head is not out.
    head_left: usize,
    content_sent: u64,
    /// How many bytes of it are in memory.
    in_memory: usize,
    /// The number of its exchange; an interim response has none, because nobody counts it.
    exchange: Option<u64>,
}

/// How much of a response is out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Delivered {
    /// The number of its exchange, which was [`super::Connection::exchange`] when it was answered.
    pub exchange: u64,
    /// The bytes of its content that were sent, without the head.
    pub content: u64,
}

/// The next bytes to send, or where they are to be read.
#[derive(Debug, PartialEq, Eq)]
pub enum Chunk<'a, F> {
    /// These.
    Bytes(&'a [u8]),
    /// So many bytes of a file.
    Slice {
        /// The open file.
        file: &'a F,
        /// From here.
        offset: u64,
        /// So many.
        length: u64,
    },
}

impl<F> Outbox<F> {
    /// Nothing to send.
    #[must_use]
    pub fn new() -> Self {
        Self {
            answers: VecDeque::new(),
            in_memory: 0,
            delivered: VecDeque::new(),
        }
    }

    /// Queues the answer of the exchange with this number: its head, which is empty in HTTP/0.9, and its content.
    pub fn push(&mut self, exchange: u64, head: Vec<u8>, content: Vec<Piece<F>>) {
        self.queue(Some(exchange), head, content);
    }

    /// Queues what stands before an answer (RFC 9110 section 15.2).
    pub fn push_interim(&mut self, head: &[u8]) {
        self.queue(None, head.to_vec(), Vec::new());
    }

    fn queue(&mut self, exchange: Option<u64>, mut head: Vec<u8>, content: Vec<Piece<F>>) {
        let head_left = head.len();
        let mut pieces = VecDeque::with_capacity(content.len() + 1);
        let mut content = content.into_iter().peekable();
        // Head and content that is there already go out in one run of bytes.
        while let Some(Piece::Bytes(bytes)) = content.next_if(|piece| matches!(piece, Piece::Bytes(_))) {
            head.extend_from_slice(&bytes);
        }
        pieces.push_back(Piece::Bytes(head.into()));
        pieces.extend(content);
        pieces.retain(|piece| piece.length() > 0);
        let in_memory = pieces.iter().map(bytes_in_memory).fold(0, usize::saturating_add);
        self.in_memory = self.in_memory.saturating_add(in_memory);
        self.answers.push_back(Answer {
            pieces,
            sent_of_piece: 0,
            head_left,
            content_sent: 0,
            in_memory,
            exchange,
        });
        // The bare answer of HTTP/0.9 with an empty file is out from the start.
        self.retire();
    }

    /// Whether everything is out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// How many answers wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.answers.len()
    }

    /// How many bytes of them are in memory. Slices of files do not count: they are not read yet.
    #[must_use]
    pub fn in_memory(&self) -> usize {
        self.in_memory
    }

    /// What is to be sent, in order.
    pub fn transmit(&self) -> impl Iterator<Item = Chunk<'_, F>> {
        self.answers.iter().flat_map(|answer| {
            answer
                .pieces
                .iter()
                .enumerate()
                .map(|(position, piece)| chunk(piece, if position == 0 { answer.sent_of_piece } else { 0 }))
        })
    }

    /// The first `count` bytes of [`Outbox::transmit`] are out.
    pub fn sent(&mut self, mut count: usize) {
        for answer in &mut self.answers {
            count = answer.sent(count);
        }
        self.retire();
    }

    /// The next answer that is out completely and was not asked for yet.
    pub fn take_delivered(&mut self) -> Option<Delivered> {
        self.delivered.pop_front()
    }

    /// The answers that are not out completely, with what of each is.
    pub fn undelivered(&self) -> impl Iterator<Item = Delivered> {
        self.answers.iter().filter_map(Answer::delivered)
    }

    /// What is in memory of the answer that was queued last, before anything of it is sent, without its content: its
    /// head.
    #[must_use]
    pub fn newest_head(&self) -> &[u8] {
        let newest = self.answers.back();
        newest.map_or(&[], |answer| match answer.pieces.front() {
            Some(Piece::Bytes(bytes)) => bytes.get(..answer.head_left).unwrap_or_default(),
            _ => &[],
        })
    }

    /// The file that the newest response has a slice of, as long as that is not sent.
    #[must_use]
    pub fn newest_file(&self) -> Option<&F> {
        let pieces = &self.answers.back()?.pieces;
        pieces.iter().rev().find_map(|piece| match piece {
            Piece::Slice { file, .. } => Some(file),
            Piece::Bytes(_) => None,
        })
    }

    /// The content of that answer.
    pub fn newest_content(&self) -> impl Iterator<Item = Chunk<'_, F>> {
        self.answers.back().into_iter().flat_map(|answer| {
            answer
                .pieces
                .iter()
                .enumerate()
                .map(|(position, piece)| chunk(piece, if position == 0 { answer.head_left } else { 0 }))
        })
    }

    /// Lets go of the answers that are out.
    fn retire(&mut self) {
        while let Some(answer) = self.answers.pop_front_if(|answer| answer.pieces.is_empty()) {
            self.in_memory = self.in_memory.saturating_sub(answer.in_memory);
            self.delivered.extend(answer.delivered());
        }
    }
}

impl<F> Default for Outbox<F> {
    fn default() -> Self {
        Self::new()
    }
}

impl<F> Answer<F> {
    fn delivered(&self) -> Option<Delivered> {
        Some(Delivered {
            exchange: self.exchange?,
            content: self.content_sent,
        })
    }

    /// Takes `count` bytes off the front; gives back how many of them were more than the answer had.
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

/// A piece without its first bytes, so many of which are out; those of a slice are taken off the slice itself.
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
