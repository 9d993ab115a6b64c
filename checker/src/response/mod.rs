//! Reads a response as a student's server sent it: leniently, and keeping the offset of everything (RFC 9112).
//!
//! Unlike a browser it does not stop at the first fault, because each check looks at its own rule whatever else is
//! wrong: lines may end with only LF, the empty line after the head may be missing, a field line may lack its colon.
//! What it cannot find is `None`. It decides nothing: finding faults is for `verify`.

mod read;
#[cfg(test)]
#[path = "response_tests.rs"]
mod tests;

pub(crate) use read::field;
pub use read::read;

use aula::http::grammar::is_tchar;
use std::borrow::Cow;
use std::ops::Range;

/// What ends a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineEnd {
    /// CR LF, as it should be (RFC 9112 section 2.2).
    CrLf,
    /// Only LF.
    Lf,
    /// Nothing: the bytes end here.
    None,
}

/// A line of the head, as offsets into the response.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Its bytes, without its end.
    pub text: Range<usize>,
    /// How it ends.
    pub end: LineEnd,
    /// Where the next line begins.
    pub next: usize,
}

/// A line that is to be a field line, as offsets into the response.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// The line.
    pub line: Line,
    /// What seems to be the name.
    pub name: Range<usize>,
    /// What seems to be the value, without whitespace around it.
    pub value: Range<usize>,
    /// Whether the name is a token with the colon right after it (RFC 9112 section 5).
    pub is_well_formed: bool,
}

/// A response: where its parts are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Response<'a> {
    /// All that was received.
    pub bytes: &'a [u8],
    /// Whether it has anything like a head; without one it is bare, as HTTP/0.9 has it.
    pub has_head: bool,
    /// The first line, if it is to be a status line.
    pub status_line: Option<Line>,
    /// The status code, wherever it is in the first line, and where.
    pub code: Option<(u16, Range<usize>)>,
    /// The lines between the status line and the empty line.
    pub fields: Vec<Field>,
    /// The empty line that ends the head.
    pub blank: Option<Line>,
    /// Where the content begins.
    pub content_start: usize,
    /// What comes before the status line and should not: nothing, if this is empty.
    pub leading: Range<usize>,
    /// Whether the content begins in the middle of the last line of the head, which nothing ends.
    pub is_glued: bool,
    /// A line end that was sent as the letters `\r\n`, or `/r/n`: the first one.
    pub written_out: Option<Range<usize>>,
    /// The first byte 0 at the beginning of a line of the head: the end of a string in C.
    pub zero: Option<usize>,
}

impl<'a> Response<'a> {
    /// Whether the last line of the head has an end, so that an empty line is all that is missing.
    #[must_use]
    pub fn is_last_line_ended(&self) -> bool {
        let last_field = self.fields.last().map(|field| &field.line);
        last_field
            .or(self.status_line.as_ref())
            .is_some_and(|line| line.end != LineEnd::None)
    }

    /// Where the name of a field is, with its colon, inside another line of the head, whose end is missing: in the
    /// status line, or in a value.
    #[must_use]
    pub fn inside_another_line(&self, name: &str) -> Option<Range<usize>> {
        let wanted = format!("{name}:").to_ascii_lowercase();
        let values = self.fields.iter().map(|field| &field.value);
        let status_line = self.status_line.iter().map(|line| &line.text);
        status_line.chain(values).find_map(|range| {
            let text = self.part(range).to_ascii_lowercase();
            let place = text
                .windows(wanted.len())
                .position(|window| window == wanted.as_bytes())?;
            let start = range.start.saturating_add(place);
            Some(start..start.saturating_add(wanted.len()))
        })
    }

    /// The bytes in a range.
    #[must_use]
    pub fn part(&self, range: &Range<usize>) -> &'a [u8] {
        part(self.bytes, range)
    }

    /// The field with this name, in any case: the first one, or one with a faulty line if there is no other.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        let has_name = |field: &&Field| {
            let found = self
                .part(&field.name)
                .iter()
                .map(|&byte| if byte == b' ' { b'-' } else { byte });
            found
                .map(|byte| byte.to_ascii_lowercase())
                .eq(name.to_ascii_lowercase().bytes())
        };
        let mut named = self.fields.iter().filter(has_name);
        let first = named.clone().next();
        named.find(|field| field.is_well_formed).or(first)
    }

    /// The value of the field with this name, in any case.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&'a [u8]> {
        self.field(name).map(|field| self.part(&field.value))
    }

    /// Whether the field is a list that has this word, in any case.
    #[must_use]
    pub fn lists(&self, name: &str, word: &str) -> bool {
        let list = self.value(name).unwrap_or_default();
        list.split(|&byte| byte == b',')
            .any(|each| each.trim_ascii().eq_ignore_ascii_case(word.as_bytes()))
    }

    /// Only the status code.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.code.as_ref().map(|(code, _)| *code)
    }

    /// Where to point when it is the status that is wrong.
    #[must_use]
    pub fn status_place(&self) -> Range<usize> {
        match (&self.code, &self.status_line) {
            (Some((_, place)), _) => place.clone(),
            (None, Some(line)) => line.text.clone(),
            (None, None) => 0..self.bytes.len().min(1),
        }
    }

    /// Everything after the head, as it was received.
    #[must_use]
    pub fn body(&self) -> &'a [u8] {
        self.bytes.get(self.content_start..).unwrap_or_default()
    }

    /// Whether the body is in chunks (RFC 9112 section 7.1).
    #[must_use]
    pub fn is_chunked(&self) -> bool {
        self.lists("Transfer-Encoding", "chunked")
    }

    /// The content: the body, without its chunks if it has them. What lies beyond the length that the head states is
    /// still part of it, for a check to see.
    #[must_use]
    pub fn content(&self) -> Cow<'a, [u8]> {
        if self.is_chunked() {
            Cow::Owned(unchunked(self.body()))
        } else {
            Cow::Borrowed(self.body())
        }
    }

    /// The number in Content-Length, if it is one.
    #[must_use]
    pub fn content_length(&self) -> Option<usize> {
        str::from_utf8(self.value("Content-Length")?).ok()?.parse().ok()
    }

    /// Whether all of it is here, as far as it says itself (RFC 9112 section 6.3).
    #[must_use]
    pub fn is_complete(&self) -> bool {
        if self.blank.is_none() {
            return false;
        }
        if matches!(self.status(), Some(204 | 304)) {
            return true;
        }
        match self.content_length() {
            _ if self.is_chunked() => self.body().ends_with(b"0\r\n\r\n"),
            Some(length) => self.body().len() >= length,
            None => false,
        }
    }
}

/// The line that begins at an offset.
pub(crate) fn line_at(bytes: &[u8], start: usize) -> Line {
    let rest = bytes.get(start..).unwrap_or_default();
    match rest.iter().position(|&byte| byte == b'\n') {
        None => Line {
            text: start..bytes.len(),
            end: LineEnd::None,
            next: bytes.len(),
        },
        Some(length) => {
            let feed = start.saturating_add(length);
            let before = feed.saturating_sub(1).max(start);
            let has_return = bytes.get(before..feed) == Some(b"\r");
            Line {
                text: start..if has_return { before } else { feed },
                end: if has_return { LineEnd::CrLf } else { LineEnd::Lf },
                next: feed.saturating_add(1),
            }
        }
    }
}

/// The fields that students' servers send.
pub const KNOWN_FIELDS: [&str; 6] = [
    "Connection",
    "Content-Length",
    "Content-Type",
    "Date",
    "Last-Modified",
    "Server",
];

/// A name of letters, digits and hyphens, and a colon.
#[must_use]
pub fn is_like_field_line(line: &[u8]) -> bool {
    let Some(colon) = line.iter().position(|&byte| byte == b':') else {
        return false;
    };
    let name = line.get(..colon).unwrap_or_default().trim_ascii_end();
    !name.is_empty() && name.iter().all(|&byte| is_tchar(byte))
}

/// A field line that a response may begin with whose status line was forgotten. Any `word:` will not do: text begins
/// so.
#[must_use]
pub fn is_known_field_line(line: &[u8]) -> bool {
    let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
    is_like_field_line(line)
        && KNOWN_FIELDS
            .iter()
            .any(|known| known.as_bytes().eq_ignore_ascii_case(name))
}

/// Content out of its chunks, as far as they go.
fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    loop {
        let line = line_at(body, 0);
        let size = part(body, &line.text).split(|&byte| byte == b';').next();
        let size = size.and_then(|size| str::from_utf8(size).ok());
        let size = size.and_then(|size| usize::from_str_radix(size.trim(), 16).ok());
        let data = body.get(line.next..).unwrap_or_default();
        let (Some(size @ 1..), false) = (size, data.is_empty()) else {
            return content;
        };
        content.extend_from_slice(data.get(..size).unwrap_or(data));
        let after = line_at(data, size);
        body = data.get(after.next..).unwrap_or_default();
    }
}

fn part<'a>(bytes: &'a [u8], range: &Range<usize>) -> &'a [u8] {
    bytes.get(range.clone()).unwrap_or_default()
}
