//! Escaping: bytes and text as characters that a terminal can show, for the logs, the trace and the messages.
//!
//! A byte that is neither printable ASCII nor one of the known escapes is written as `\x1b`. So no byte is hidden, no
//! byte looks like another, and none controls the terminal. Rows of bytes know their offsets, so that the trace can
//! point at a byte.

use std::ops::Range;

/// Some bytes on one row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The offset of the first byte among all bytes.
    pub offset: usize,
    /// The escaped bytes: only printable ASCII.
    pub text: String,
    /// For each byte, the column of `text` where it begins; and, as the last element, the column after all of them.
    columns: Vec<usize>,
}

impl Row {
    /// The offset after the last byte of the row.
    #[must_use]
    pub fn end(&self) -> usize {
        self.offset.saturating_add(self.columns.len().saturating_sub(1))
    }

    /// The columns of `text` that show the bytes in `range` (offsets), as far as they are on this row. An empty range
    /// is the position before a byte: one column.
    #[must_use]
    pub fn columns(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let first = range.start.max(self.offset);
        let last = range.end.min(self.end()).max(first.saturating_add(1));
        let begin = *self.columns.get(first.checked_sub(self.offset)?)?;
        let end = self.columns.get(last.checked_sub(self.offset)?).copied();
        let is_here = range.start < self.end() && (range.end > self.offset || range.is_empty() && first == range.start);
        is_here.then(|| begin..end.unwrap_or(begin.saturating_add(1)))
    }
}

/// One byte, escaped.
#[must_use]
pub fn byte(byte: u8) -> String {
    match byte {
        b'\r' => "\\r".to_owned(),
        b'\n' => "\\n".to_owned(),
        b'\t' => "\\t".to_owned(),
        b'\\' => "\\\\".to_owned(),
        b' '..=b'~' => char::from(byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    }
}

/// Escapes everything in a JSON text that is not printable ASCII (RFC 8259 section 7). The meaning stays the same, but
/// the text has no control character, line separator or direction mark that could affect a terminal or a line reader.
#[must_use]
pub fn json(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            ' '..='~' => shown.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    shown.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    shown
}

/// Appends bytes to a row. With `is_quoted`, a double quote is escaped too, because they stand between double quotes.
pub fn push(row: &mut String, bytes: &[u8], is_quoted: bool) {
    let is_plain = |each: u8| matches!(each, b' '..=b'~') && each != b'\\' && !(is_quoted && each == b'"');
    let mut rest = bytes;
    loop {
        // Plain bytes are written in runs, because nearly every byte is plain.
        let plain = rest.iter().take_while(|&&each| is_plain(each)).count();
        let (run, after) = rest.split_at_checked(plain).unwrap_or_default();
        row.push_str(str::from_utf8(run).unwrap_or_default());
        let Some((&each, after)) = after.split_first() else {
            return;
        };
        match each {
            b'"' => row.push_str("\\\""),
            each => row.push_str(&byte(each)),
        }
        rest = after;
    }
}

/// Escapes all bytes on one row.
#[must_use]
pub fn line(bytes: &[u8]) -> String {
    let mut row = String::with_capacity(bytes.len());
    push(&mut row, bytes, false);
    row
}

/// Escapes everything in a text that a terminal cannot show or that would control it. Quotes and backslashes stay as
/// they are.
#[must_use]
pub fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '\'' | '\\' => escaped.push(character),
            _ => escaped.extend(character.escape_debug()),
        }
    }
    escaped
}

/// Breaks bytes into rows of at most `width` columns (at least four, for the longest escape). A row ends after a line
/// feed or at the width. `first` is the offset of the first byte.
#[must_use]
pub fn rows(bytes: &[u8], first: usize, width: usize) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut is_ended = true;
    for (index, &each) in bytes.iter().enumerate() {
        let shown = byte(each);
        match rows.last_mut() {
            Some(row) if !is_ended && row.text.len().saturating_add(shown.len()) <= width => {
                row.text.push_str(&shown);
                row.columns.push(row.text.len());
            }
            _ => rows.push(Row {
                offset: first.saturating_add(index),
                columns: vec![0, shown.len()],
                text: shown,
            }),
        }
        is_ended = each == b'\n';
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_bytes_look_alike() {
        let shown: std::collections::BTreeSet<String> = (0..=255).map(byte).collect();
        assert_eq!(shown.len(), 256);
        assert!(
            shown
                .iter()
                .all(|text| text.bytes().all(|b| (b' '..=b'~').contains(&b)))
        );
    }

    #[test]
    fn bytes_are_escaped_in_runs_as_one_by_one() {
        for bytes in [&b""[..], b"plain", b"\x1b[2J\r\n", b"a\\b\"c\"", b"\xff\xfe end", b"\t"] {
            let one_by_one: String = bytes.iter().map(|&each| byte(each)).collect();
            assert_eq!(line(bytes), one_by_one);
            let mut quoted = String::new();
            push(&mut quoted, bytes, true);
            assert_eq!(quoted, one_by_one.replace('"', "\\\""));
        }
    }

    #[test]
    fn text_keeps_what_a_terminal_shows() {
        for (given, expected) in [
            ("caf\u{e9} 'a' \"b\" c\\d", "caf\u{e9} 'a' \"b\" c\\d"),
            ("\u{1b}[2J\r\n\t", "\\u{1b}[2J\\r\\n\\t"),
            ("\u{202e}\u{2028}\u{feff}", "\\u{202e}\\u{2028}\\u{feff}"),
        ] {
            assert_eq!(text(given), expected);
        }
    }

    #[test]
    fn json_is_escaped_and_means_the_same() {
        for text in [
            "",
            "a\"b\\",
            "\u{7f}\u{9b}31m\u{85}",
            "\u{2028}\u{202e}\u{feff}",
            "á \u{1f600} \r\n\0",
        ] {
            let written = json(&serde_json::Value::from(text).to_string());
            assert!(written.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{written}");
            assert_eq!(serde_json::from_str::<String>(&written).ok().as_deref(), Some(text));
        }
    }

    #[test]
    fn a_row_ends_with_a_line_feed_or_with_the_width() {
        let texts = |bytes: &[u8], width| -> Vec<(usize, String)> {
            rows(bytes, 0, width)
                .into_iter()
                .map(|row| (row.offset, row.text))
                .collect()
        };
        for (bytes, width, expected) in [
            (&b""[..], 8, vec![]),
            (b"a\r\nb", 8, vec![(0, "a\\r\\n"), (3, "b")]),
            (b"\n\n", 8, vec![(0, "\\n"), (1, "\\n")]),
            (b"abcdef", 4, vec![(0, "abcd"), (4, "ef")]),
            // An escape is never cut in two.
            (b"abc\xff", 4, vec![(0, "abc"), (3, "\\xff")]),
        ] {
            let expected: Vec<(usize, String)> = expected.into_iter().map(|(at, text)| (at, text.to_owned())).collect();
            assert_eq!(texts(bytes, width), expected, "{bytes:?}");
        }
    }

    #[test]
    fn a_caret_finds_its_byte() {
        // "A: b\r\n" on the first row, "\xffC" on the second.
        let rows = rows(b"A: b\r\n\xffC", 10, 20);
        let at = |row: usize, range| rows[row].columns(&range);
        for (row, range, columns) in [
            (0, 10..11, Some(0..1)),
            (0, 14..16, Some(4..8)),
            (0, 14..14, Some(4..6)),
            (0, 15..18, Some(6..8)),
            (1, 15..18, Some(0..5)),
            (1, 16..17, Some(0..4)),
            (1, 16..16, Some(0..4)),
            (0, 16..17, None),
            (0, 16..16, None),
            (1, 10..16, None),
            (1, 18..19, None),
            (0, 2..5, None),
        ] {
            assert_eq!(at(row, range.clone()), columns, "row {row}, {range:?}");
        }
    }
}
