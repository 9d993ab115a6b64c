//! The content of files: each byte shows which version it belongs to, and at which offset.
//!
//! A byte follows from the number of the write that made it and from its offset. So two versions are never alike, a
//! mixture of two versions is like neither of them, and the bytes need not be stored.

use crate::dice::mixed;
use std::time::Duration;

/// The state of a file at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The writes that made its bytes, each with the offset at which its part ends.
    parts: Vec<(u64, u64)>,
    /// When it was last written, since 1970.
    pub modified: Duration,
}

impl Version {
    /// Makes a file of one write.
    pub fn new(write: u64, size: u64, modified: Duration) -> Self {
        Self {
            parts: vec![(size, write)],
            modified,
        }
    }

    pub fn size(&self) -> u64 {
        self.parts.last().map_or(0, |&(end, _)| end)
    }

    /// The same file with other bytes from `start` to `end`. `end` may be beyond the end of the file.
    pub fn written(&self, write: u64, start: u64, end: u64, modified: Duration) -> Self {
        let mut parts = self.cut(start, modified).parts;
        parts.push((end, write));
        parts.extend(self.parts.iter().copied().filter(|&(part_end, _)| part_end > end));
        Self { parts, modified }
    }

    /// The same file without the bytes from `end` on.
    pub fn cut(&self, end: u64, modified: Duration) -> Self {
        let mut parts = Vec::new();
        let mut start = 0;
        for &(part_end, write) in &self.parts {
            if start >= end {
                break;
            }
            parts.push((part_end.min(end), write));
            start = part_end;
        }
        Self { parts, modified }
    }

    /// Returns at most `length` bytes from `offset` on.
    pub fn bytes(&self, offset: u64, length: usize) -> Vec<u8> {
        let end = self.size().min(offset.saturating_add(length as u64));
        let mut bytes = Vec::with_capacity(end.saturating_sub(offset) as usize + 8);
        let mut at = offset;
        for &(part_end, write) in &self.parts {
            let until = part_end.min(end);
            // Whole words are copied at once, because that is faster.
            if at.is_multiple_of(8) {
                for index in at / 8..until / 8 {
                    bytes.extend_from_slice(&word(write, index));
                }
                at = at.max(until / 8 * 8);
            }
            while at < until {
                let word = word(write, at / 8);
                let from = (at % 8) as usize;
                let count = (8 - from).min((until - at) as usize);
                bytes.extend_from_slice(&word[from..from + count]);
                at += count as u64;
            }
        }
        bytes
    }

    /// Whether the file has these bytes from `offset` on.
    pub fn has(&self, offset: u64, bytes: &[u8]) -> bool {
        self.bytes(offset, bytes.len()) == bytes
    }
}

/// Eight bytes of a write, from the offset `8 * index` on.
fn word(write: u64, index: u64) -> [u8; 8] {
    mixed(write.rotate_left(32) ^ index).to_le_bytes()
}
