//! The request of a client as `listen` has received it, read leniently: its lines, with their offsets.

use crate::response::{Field, Line, field, line_at};
use std::ops::Range;

/// The lines of a request.
pub struct ClientRequest<'a> {
    /// Everything that was received.
    pub bytes: &'a [u8],
    /// The request line.
    pub line: Line,
    /// What comes after it, up to the empty line.
    pub fields: Vec<Field>,
    /// The empty line, if there is one.
    pub blank: Option<Line>,
}

impl<'a> ClientRequest<'a> {
    /// Reads what has been received.
    #[must_use]
    pub fn read(bytes: &'a [u8]) -> Self {
        let line = line_at(bytes, 0);
        let mut request = Self {
            bytes,
            fields: Vec::new(),
            blank: None,
            line,
        };
        let mut start = request.line.next;
        while start < bytes.len() && request.blank.is_none() {
            let line = line_at(bytes, start);
            start = line.next;
            if line.text.is_empty() {
                request.blank = Some(line);
            } else {
                request.fields.push(field(bytes, line));
            }
        }
        request
    }

    /// All lines of the head.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        let fields = self.fields.iter().map(|field| &field.line);
        std::iter::once(&self.line).chain(fields).chain(&self.blank)
    }

    /// The bytes of a part.
    #[must_use]
    pub fn part(&self, range: &Range<usize>) -> &'a [u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }

    /// The words of the request line.
    #[must_use]
    pub fn words(&self) -> Vec<&'a [u8]> {
        self.part(&self.line.text).split(|&byte| byte == b' ').collect()
    }

    /// Whether it is whole: a line, and an empty line after it.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.blank.is_some()
    }
}
