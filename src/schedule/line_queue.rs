//! A queue of log lines. If the reader is too slow, lines that do not fit are dropped and counted.

/// The maximum number of bytes that wait for a reader. A longer text is accepted only if nothing else waits.
const LIMIT: usize = 128 * 1024;

/// Lines that are not written yet.
#[derive(Debug, Default)]
pub struct LineQueue {
    lines: Vec<u8>,
    /// How many bytes at the beginning have been written.
    written: usize,
    dropped: u64,
}

impl LineQueue {
    /// Adds lines, each with its LF, or drops all of them.
    pub fn push(&mut self, lines: &str) {
        if self.is_empty() || self.pending().len().saturating_add(lines.len()) <= LIMIT {
            // A slow reader may never take everything, so what is written is removed here too.
            if self.written >= LIMIT {
                self.lines.drain(..self.written.min(self.lines.len()));
                self.written = 0;
            }
            self.lines.extend_from_slice(lines.as_bytes());
        } else {
            let count = lines.bytes().filter(|&byte| byte == b'\n').count();
            self.dropped = self.dropped.saturating_add(count as u64);
        }
    }

    /// The bytes to write.
    #[must_use]
    pub fn pending(&self) -> &[u8] {
        self.lines.get(self.written..).unwrap_or_default()
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pending().is_empty()
    }

    /// Notes that the first `count` bytes of [`LineQueue::pending`] have been written.
    pub fn wrote(&mut self, count: usize) {
        self.written = self.written.saturating_add(count);
        if self.is_empty() {
            self.clear();
        }
    }

    /// Removes everything, because there is no reader any more.
    pub fn clear(&mut self) {
        self.lines.clear();
        self.written = 0;
    }

    /// How many lines were dropped, once everything before them is written. The count then starts again.
    pub fn take_dropped(&mut self) -> Option<u64> {
        if self.dropped == 0 || !self.is_empty() {
            return None;
        }
        Some(std::mem::take(&mut self.dropped))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_comes_in_order_and_in_whole_lines() {
        let mut queue = LineQueue::default();
        queue.push("a\nb\n");
        assert_eq!(queue.pending(), b"a\nb\n");
        queue.wrote(3);
        queue.push("c\n");
        assert_eq!(queue.pending(), b"\nc\n");
        queue.wrote(3);
        assert!(queue.is_empty());
        assert_eq!(queue.take_dropped(), None);
    }

    #[test]
    fn without_a_reader_lines_are_dropped_and_counted_until_reading_resumes() {
        let line = format!("{}\n", "x".repeat(99));
        let mut queue = LineQueue::default();
        for _ in 0..5000 {
            queue.push(&line);
            assert!(queue.pending().len() <= LIMIT);
        }
        assert_eq!(queue.take_dropped(), None, "the lines before them are not read yet");
        let kept = queue.pending().len();
        assert_eq!(kept % 100, 0, "in whole lines");
        queue.wrote(kept);
        assert_eq!(queue.take_dropped(), Some(5000 - kept as u64 / 100));
        assert_eq!(queue.take_dropped(), None);
    }

    #[test]
    fn with_a_reader_who_is_always_behind_the_queue_takes_no_more_memory_than_twice_its_limit() {
        let line = format!("{}\n", "é".repeat(50));
        let mut queue = LineQueue::default();
        for _ in 0..50_000 {
            queue.push(&line);
            queue.wrote(queue.pending().len().min(97) - 1);
        }
        assert!(queue.lines.len() <= 2 * LIMIT, "{} bytes", queue.lines.len());
    }

    #[test]
    fn one_long_text_is_accepted_and_what_follows_it_is_dropped() {
        let mut queue = LineQueue::default();
        queue.push(&"x\n".repeat(LIMIT));
        queue.push("a\nb\n");
        queue.wrote(2 * LIMIT);
        assert_eq!(queue.take_dropped(), Some(2));
    }
}
