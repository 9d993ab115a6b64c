//! The bytes around a fault, in rows with their offsets, and carets under the offending ones.

use aula::escape::{self, Row};
use std::ops::Range;

/// How many rows are shown before the one with the fault, and after it.
const BEFORE: usize = 2;
const BEHIND: usize = 1;

/// How many rows of the fault itself are shown.
const MOST_ROWS: usize = 3;

/// How many bytes around the fault are looked at, so that a large file costs no more than a small one.
const WINDOW: usize = 2048;

/// The rows, each followed by its carets if it has any. `width` is that of the bytes only, without the offsets.
#[must_use]
pub fn lines(bytes: &[u8], fault: &Range<usize>, width: usize) -> Vec<String> {
    let (first, window) = window(bytes, fault);
    let rows = escape::rows(window, first, width);
    // After the last byte there is no row to point into: the caret is then after the last row.
    let at_end = fault.start >= bytes.len();
    let is_faulty = |row: &Row| row.columns(fault).is_some() || (at_end && row.end() == bytes.len());
    let place = rows.iter().position(is_faulty).unwrap_or(0);
    let count = rows.iter().skip(place).take_while(|row| is_faulty(row)).count();
    let shown = rows.iter().skip(place.saturating_sub(BEFORE)).take(
        place
            .min(BEFORE)
            .saturating_add(count.min(MOST_ROWS))
            .saturating_add(BEHIND),
    );
    let mut lines = Vec::new();
    for row in shown {
        lines.push(format!("{:>7} | {}", row.offset, row.text));
        let columns = match row.columns(fault) {
            None if at_end && row.end() == bytes.len() => Some(row.text.len()..row.text.len().saturating_add(1)),
            columns => columns,
        };
        if let Some(columns) = columns {
            let carets = "^".repeat(columns.len());
            lines.push(format!("{:>7} | {}{carets}", "", " ".repeat(columns.start)));
        }
    }
    lines
}

/// The bytes that are shown around a fault, and the offset of the first. They begin with a line if one is near.
#[must_use]
pub fn window<'a>(bytes: &'a [u8], fault: &Range<usize>) -> (usize, &'a [u8]) {
    let start = fault.start.min(bytes.len()).saturating_sub(WINDOW);
    let end = fault.start.saturating_add(WINDOW).min(bytes.len());
    let window = bytes.get(start..end).unwrap_or_default();
    let line = match start {
        0 => 0,
        _ => window
            .iter()
            .take(WINDOW)
            .position(|&byte| byte == b'\n')
            .map_or(0, |feed| feed.saturating_add(1)),
    };
    (start.saturating_add(line), window.get(line..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_carets_stand_under_the_offending_bytes() {
        let bytes = b"HTTP/1.1 200 OK\r\nA: b\r\nC: d\nE: f\r\n\r\n";
        assert_eq!(
            lines(bytes, &(27..28), 60),
            [
                "      0 | HTTP/1.1 200 OK\\r\\n",
                "     17 | A: b\\r\\n",
                "     23 | C: d\\n",
                "        |     ^^",
                "     28 | E: f\\r\\n",
            ]
        );
    }

    #[test]
    fn a_fault_at_the_end_is_pointed_at_behind_the_last_byte() {
        assert_eq!(
            lines(b"a\r\nb", &(4..4), 60),
            ["      0 | a\\r\\n", "      3 | b", "        |  ^"]
        );
        assert_eq!(lines(b"", &(0..0), 60), Vec::<String>::new());
    }

    #[test]
    fn of_a_large_response_little_is_looked_at() {
        let bytes = vec![b'a'; 1_000_000];
        let (offset, window) = window(&bytes, &(500_000..500_001));
        assert!(offset > 490_000 && window.len() < 10_000);
        assert!(lines(&bytes, &(500_000..500_001), 60).len() < 10);
    }
}
