//! In which way content is not the bytes of the file: what a student did to them shows in how they differ.

mod faults;

pub use faults::*;

use crate::response;
use crate::verdict::Fault;
use std::ops::Range;

/// What a difference is, and where in the content.
pub struct Difference {
    /// Its kind.
    pub fault: Fault,
    /// The bytes of the content that show it.
    pub range: Range<usize>,
    /// How many bytes come before the file.
    pub before: usize,
    /// How many bytes come after it.
    pub behind: usize,
    /// The bytes that there are too many, or that are missing.
    pub bytes: Vec<u8>,
    /// How often the file came.
    pub times: usize,
    /// The status of a second response.
    pub code: u16,
}

impl Difference {
    /// With nothing but its kind and its place.
    #[must_use]
    pub fn new(fault: Fault, range: Range<usize>) -> Self {
        Self {
            fault,
            range,
            before: 0,
            behind: 0,
            bytes: Vec::new(),
            times: 0,
            code: 0,
        }
    }

    /// With the bytes that there are too many, or that are missing.
    #[must_use]
    pub fn with_bytes(mut self, bytes: &[u8]) -> Self {
        self.bytes = bytes.to_vec();
        self
    }
}

/// Compares content with the bytes that it should be; `None` if they are the same.
#[must_use]
pub fn between(content: &[u8], file: &[u8]) -> Option<Difference> {
    if content == file {
        return None;
    }
    if content.is_empty() {
        return Some(Difference::new(EMPTY, 0..0));
    }
    let same = content.iter().zip(file).take_while(|(one, other)| one == other).count();
    let here = same..same.saturating_add(1);
    let found = around(content, file)
        .map(|(before, behind)| beside(content.len(), before, behind, file))
        .or_else(|| a_part(content, file, same))
        .or_else(|| changed(content, file, same));
    Some(found.unwrap_or_else(|| Difference::new(OTHER, here)))
}

/// The file is whole; something comes before it or after it.
fn beside(length: usize, before: &[u8], behind: &[u8], file: &[u8]) -> Difference {
    let behind_at = length.saturating_sub(behind.len());
    let counted = |difference: Difference| Difference {
        before: before.len(),
        behind: behind.len(),
        ..difference
    };
    let in_front = |fault| counted(Difference::new(fault, 0..before.len()).with_bytes(before));
    let after = |fault| counted(Difference::new(fault, behind_at..length).with_bytes(behind));
    let next = response::read(behind.trim_ascii_start());
    if [before, behind].concat().iter().all(|&byte| byte == 0) {
        return if before.is_empty() {
            after(ZEROS)
        } else {
            in_front(ZEROS)
        };
    }
    if before.is_empty() {
        return match next.code {
            Some((code, _)) if next.bytes.starts_with(b"HTTP") => Difference {
                code,
                ..after(SECOND_RESPONSE)
            },
            _ if behind == file => after(TWICE),
            _ if behind.chunks(file.len()).all(|piece| piece == file) => Difference {
                times: (behind.len() / file.len().max(1)).saturating_add(1),
                ..after(REPEATED)
            },
            _ if behind.iter().all(|byte| b"\r\n".contains(byte)) => after(LINE_END_BEHIND),
            _ => after(MORE),
        };
    }
    if before.trim_ascii_start().starts_with(b"HTTP/") {
        return in_front(HEAD_TWICE);
    }
    if is_field_lines(before) {
        return in_front(FIELD_AFTER_BLANK);
    }
    if before.iter().all(u8::is_ascii_whitespace) && behind.is_empty() {
        in_front(BEFORE)
    } else {
        in_front(AROUND)
    }
}

/// Lines of the form `name: value`, and perhaps empty ones.
fn is_field_lines(bytes: &[u8]) -> bool {
    let mut lines = bytes
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
        .peekable();
    lines.peek().is_some() && lines.all(response::is_like_field_line)
}

/// Only a part of the file came: its beginning or its end.
fn a_part(content: &[u8], file: &[u8], same: usize) -> Option<Difference> {
    let first_line = file
        .iter()
        .position(|&byte| byte == b'\n')
        .map(|feed| feed.saturating_add(1));
    if same == content.len() {
        let rest = file.get(same..).unwrap_or_default();
        let text = str::from_utf8(content).map(|text| text.chars().count());
        let counts = [Some(content.len()), text.ok()];
        let at_once = counts.into_iter().flatten().find(|count| READ_AT_ONCE.contains(count));
        let fault = if rest.iter().all(u8::is_ascii_whitespace) {
            STRIPPED
        } else if first_line == Some(same) {
            FIRST_LINE_ONLY
        } else if text == Ok(1) {
            FIRST_CHARACTER_ONLY
        } else if at_once.is_some() {
            READ_ONCE
        } else {
            SHORT
        };
        return Some(Difference {
            times: at_once.unwrap_or_default(),
            ..Difference::new(fault, same..same)
        });
    }
    let missing = file.strip_suffix(content)?;
    // A few bytes may well be at the end of a file by chance.
    let is_first_line = first_line == Some(missing.len());
    let is_much = content.len().saturating_mul(4) >= file.len();
    let mut lines = file.trim_ascii_end().rsplit(|&byte| byte == b'\n');
    let is_last_line = Some(content.trim_ascii_end()) == lines.next() && missing.ends_with(b"\n");
    if !is_first_line && (is_last_line || content.len() == 1) {
        return Some(Difference::new(LAST_PIECE_ONLY, 0..content.len()).with_bytes(content));
    }
    let fault = match missing {
        _ if is_first_line => FIRST_LINE_LOST,
        [_] => FIRST_BYTE_LOST,
        _ => START_LOST,
    };
    (is_first_line || is_much).then(|| Difference::new(fault, 0..1).with_bytes(missing))
}

/// Other bytes came, but one sees what they were made from.
fn changed(content: &[u8], file: &[u8], same: usize) -> Option<Difference> {
    let here = same..same.saturating_add(1);
    let without = |bytes: &[u8], dropped: &[u8]| -> Vec<u8> {
        bytes.iter().copied().filter(|byte| !dropped.contains(byte)).collect()
    };
    // The bytes that came after the first byte, or after the first line, of the file.
    let line = file
        .iter()
        .position(|&byte| byte == b'\n')
        .map_or(file.len(), |feed| feed.saturating_add(1));
    for (fault, pieces, length) in [
        (AFTER_EACH_BYTE, file.chunks(1).collect::<Vec<_>>(), 1),
        (
            AFTER_EACH_LINE,
            file.split_inclusive(|&byte| byte == b'\n').collect(),
            line,
        ),
    ] {
        let added = content.get(length..).unwrap_or_default();
        let added = added.get(..LINE_END.min(added.len())).unwrap_or_default();
        for added in [added, added.get(..1).unwrap_or_default()] {
            let is_line_end = !added.is_empty() && added.iter().all(|byte| b"\r\n".contains(byte));
            let expected = || {
                pieces
                    .iter()
                    .flat_map(|piece| [piece, added])
                    .collect::<Vec<_>>()
                    .concat()
            };
            if is_line_end && content.starts_with(file.get(..length).unwrap_or_default()) && expected() == content {
                return Some(Difference::new(fault, length..length.saturating_add(added.len())).with_bytes(added));
            }
        }
    }
    let fault = if without(content, b"\r") == without(file, b"\r") {
        LINE_ENDS
    } else if without(content, b"\r\n") == without(file, b"\r\n") {
        let feeds = |bytes: &[u8]| bytes.iter().filter(|&&byte| byte == b'\n').count();
        if feeds(content) > feeds(file) {
            LINE_ENDS_ADDED
        } else {
            LINE_ENDS_LOST
        }
    } else if content.starts_with(b"b'") || content.starts_with(b"b\"") {
        STR_OF_BYTES
    } else if [b"['", b"[\"", b"[b"].iter().any(|start| content.starts_with(*start)) {
        STR_OF_LIST
    } else if went_through_text(content, file) {
        TEXT_MODE
    } else if content.eq_ignore_ascii_case(file) {
        CASE
    } else if without(content, b" \t\r\n") == without(file, b" \t\r\n") {
        WHITESPACE
    } else if is_escaped(content, file) {
        ESCAPED
    } else if is_quoted(content, file) {
        QUOTED
    } else {
        return object(content)
            .or_else(|| left_out(content, file, same))
            .or_else(|| between_pieces(content, file));
    };
    Some(Difference::new(fault, here))
}

/// Whether the markup was replaced by character references.
fn is_escaped(content: &[u8], file: &[u8]) -> bool {
    let text = String::from_utf8_lossy(content);
    let plain = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ];
    let plain = plain.iter().fold(text.into_owned(), |text, (reference, character)| {
        text.replace(reference, character)
    });
    plain.trim_ascii().as_bytes() == file.trim_ascii()
}

/// Whether it is a string as a programming language writes it.
fn is_quoted(content: &[u8], file: &[u8]) -> bool {
    let (Some(first), Some(last)) = (content.first(), content.last()) else {
        return false;
    };
    let inner = content.get(1..content.len().saturating_sub(1)).unwrap_or_default();
    let text = String::from_utf8_lossy(inner)
        .replace("\\r", "\r")
        .replace("\\n", "\n")
        .replace("\\\"", "\"");
    first == last && b"'\"".contains(first) && text.as_bytes() == file
}

/// What `str()` gives of something that is no text: `<_io.TextIOWrapper ...>`, `<built-in method ...>`, a number.
pub fn object(content: &[u8]) -> Option<Difference> {
    let text = content.trim_ascii();
    let starts = [
        "<_io.",
        "<built-in ",
        "<function ",
        "<bound method ",
        "<generator ",
        "<class ",
    ];
    let is_object = starts.iter().any(|start| text.starts_with(start.as_bytes()));
    let is_text = text.windows(13).any(|window| window == b"TextIOWrapper");
    let fault = if is_object && is_text {
        TEXT_OBJECT
    } else if is_object {
        OBJECT
    } else if !text.is_empty() && text.iter().all(u8::is_ascii_digit) {
        NUMBERS
    } else {
        return None;
    };
    Some(Difference::new(fault, 0..text.len()).with_bytes(text))
}

/// The content is the file without some of its bytes.
fn left_out(content: &[u8], file: &[u8], same: usize) -> Option<Difference> {
    let mut rest = file.iter();
    let is_in_order = content.iter().all(|byte| rest.any(|other| other == byte));
    // A few bytes are in every file in their order.
    let is_much = content.len().saturating_mul(4) >= file.len();
    (is_in_order && is_much).then(|| Difference::new(LEFT_OUT, same..same.saturating_add(1)))
}

/// Every line of the file is there, in order, and there is more between them; or more after each byte.
fn between_pieces(content: &[u8], file: &[u8]) -> Option<Difference> {
    let found = |place: usize, bytes: &[u8]| {
        let is_head = bytes.windows(6).any(|window| window == b"HTTP/1");
        let fault = if is_head { HEAD_BETWEEN } else { BETWEEN };
        Some(Difference::new(fault, place..place.saturating_add(bytes.len())).with_bytes(bytes))
    };
    let each = content.len().checked_div(file.len()).unwrap_or_default();
    let is_first = |pieces: &mut std::slice::Chunks<u8>| pieces.map(|piece| piece.first()).eq(file.iter().map(Some));
    if each > 1 && each.saturating_mul(file.len()) == content.len() && is_first(&mut content.chunks(each)) {
        return found(1, content.get(1..each).unwrap_or_default());
    }
    let lines = file
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty());
    let (mut end, mut first, mut count) = (0_usize, None, 0_usize);
    for line in lines {
        let rest = content.get(end..).unwrap_or_default();
        let gap = rest.windows(line.len()).position(|window| window == line)?;
        let added = rest.get(..gap).unwrap_or_default();
        let spaces = added.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if first.is_none() && !added.trim_ascii().is_empty() {
            first = Some((end.saturating_add(spaces), added.trim_ascii()));
        }
        end = end.saturating_add(gap).saturating_add(line.len());
        count = count.saturating_add(1);
    }
    let (place, bytes) = first.filter(|_| count > 1)?;
    found(place, bytes)
}

/// How many bytes or characters programs read at once.
const READ_AT_ONCE: [usize; 22] = [
    8, 10, 16, 32, 50, 64, 100, 128, 200, 256, 500, 512, 1000, 1024, 1500, 2000, 2048, 4000, 4096, 8192, 10_000, 65_536,
];

/// The length of `\r\n`.
const LINE_END: usize = 2;

/// Whether content looks like the file after somebody has decoded and encoded it: what is ASCII is the same, but for
/// the question marks in place of what could not be decoded, and the line ends.
fn went_through_text(content: &[u8], file: &[u8]) -> bool {
    let kept = |bytes: &[u8]| -> Vec<u8> {
        let is_kept = |byte: &u8| byte.is_ascii() && !b"?\r\n".contains(byte);
        bytes.iter().copied().filter(is_kept).collect()
    };
    kept(content) == kept(file)
}

/// What a server puts around every file: the bytes before and after the file in some content, if that has the file.
#[must_use]
#[inline(never)] // It is called in many places, and would be copied into each of them.
pub fn around<'a>(content: &'a [u8], file: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    if file.is_empty() {
        return None;
    }
    let start = content.windows(file.len()).position(|window| window == file)?;
    let (before, rest) = content.split_at_checked(start)?;
    Some((before, rest.get(file.len()..)?))
}

#[cfg(test)]
#[path = "difference_tests.rs"]
mod tests;
