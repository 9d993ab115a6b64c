//! The bytes for which a request was rejected, as the error page shows them.

use crate::escape;
use std::ops::Range;

/// The maximum number of columns of a line that are shown.
const WIDTH: usize = 60;

/// The number of columns before the fault, if there is more on both sides than can be shown.
const BEFORE: usize = 20;

/// The mark for bytes that are left out.
const CUT: &str = "...";

/// Fields that a browser hides from the scripts of a page (RFC 6265 section 4.1.2.6: HttpOnly; RFC 9110 section 11). A
/// script can make a request that is rejected, and read the response, so the values of these fields must not be in it.
const SECRETS: [&str; 3] = ["Cookie", "Authorization", "Proxy-Authorization"];

/// A line with the bytes at fault, in three pieces. All are printable ASCII, and together they are not much longer than
/// 60 characters, however long the line is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The offset of the first byte at fault in the request.
    pub offset: usize,
    /// The part of the line before the bytes at fault.
    pub before: String,
    /// The bytes at fault, as many as are shown.
    pub marked: String,
    /// The part of the line after the bytes at fault.
    pub after: String,
}

impl Fault {
    /// The fault at the offsets `at` of `received`. Only its line is shown.
    #[must_use]
    pub fn of(received: &[u8], at: &Range<usize>) -> Self {
        let (earlier, later) = received.split_at_checked(at.start).unwrap_or((received, &[]));
        let line_start = memchr::memrchr(b'\n', earlier).map_or(0, |feed| feed.saturating_add(1));
        let line_rest = memchr::memchr(b'\n', later).map_or(later.len(), |feed| feed.saturating_add(1));
        let line_end = earlier.len().saturating_add(line_rest);
        let line = received.get(line_start..line_end).unwrap_or_default();
        let told = line.get(..told(line)).unwrap_or_default();

        let start = earlier.len().saturating_sub(line_start);
        let (before, rest) = told.split_at_checked(start).unwrap_or((told, &[]));
        let (_, room) = fitting(rest.iter(), WIDTH - BEFORE);
        let (kept, used) = fitting(before.iter().rev(), WIDTH.saturating_sub(room));
        let left_out = before.len().saturating_sub(kept);
        let before = before.get(left_out..).unwrap_or_default();
        let (kept, _) = fitting(rest.iter(), WIDTH.saturating_sub(used));
        let shown = rest.get(..kept).unwrap_or_default();
        let (marked, after) = shown.split_at_checked(at.len()).unwrap_or((shown, &[]));

        let cut = |is_cut| if is_cut { CUT } else { "" };
        let is_cut = kept < rest.len() || told.len() < line.len();
        let mut fault = Self {
            offset: at.start,
            before: format!("{}{}", cut(left_out > 0), escape::line(before)),
            marked: escape::line(marked),
            after: format!("{}{}", escape::line(after), cut(is_cut)),
        };
        if fault.marked.is_empty() {
            // The fault is in the part that is left out.
            std::mem::swap(&mut fault.marked, &mut fault.after);
        }
        fault
    }
}

/// How many bytes of a line may be shown: all of them, or only the name of a secret field.
fn told(line: &[u8]) -> usize {
    let is_secret = |name: &[u8]| {
        let name = name.trim_ascii();
        SECRETS
            .iter()
            .any(|secret| secret.as_bytes().eq_ignore_ascii_case(name))
    };
    match memchr::memchr(b':', line) {
        Some(colon) if line.get(..colon).is_some_and(is_secret) => colon.saturating_add(1),
        _ => line.len(),
    }
}

/// How many of these bytes fit into this number of columns, and how many columns they take.
fn fitting<'a>(bytes: impl Iterator<Item = &'a u8>, columns: usize) -> (usize, usize) {
    let (mut count, mut used) = (0_usize, 0_usize);
    for &byte in bytes {
        let more = used.saturating_add(escape::byte(byte).len());
        if more > columns {
            break;
        }
        (count, used) = (count.saturating_add(1), more);
    }
    (count, used)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule, the bytes received, those at fault, and what is shown: before, marked and after.
    type Row<'a> = (&'a str, Vec<u8>, Range<usize>, &'a str, &'a str, &'a str);

    #[test]
    fn a_fault_is_shown_in_its_line_which_is_cut_around_it() {
        let long = |fill: &str| fill.repeat(1000);
        let (a, ff) = (long("a"), "\\xff".repeat(5));
        let (z35, z39) = ("z".repeat(35), "z".repeat(39));
        let field = |name: &str| format!("GET / HTTP/1.1\r\n{name}: {a}");
        #[rustfmt::skip]
        let table: [Row; 14] = [
            ("the whole line is at fault, RFC 9112 section 5.1", b"GET / HTTP/1.1\r\nHost : x\r\nA: b\r\n\r\n".to_vec(), 16..26,
                "", "Host : x\\r\\n", ""),
            ("at the start", b"\x16\x03\x01abc".to_vec(), 0..1,
                "", "\\x16", "\\x03\\x01abc"),
            ("in the middle", b"GET / HTTP/1.1\r\n".to_vec(), 4..5,
                "GET ", "/", " HTTP/1.1\\r\\n"),
            ("at the end", b"GET / HTTP/1.1\r\n".to_vec(), 13..16,
                "GET / HTTP/1.", "1\\r\\n", ""),
            ("a line that fits is not cut, wherever the fault is", format!("{}!", "b".repeat(59)).into_bytes(), 59..60,
                &"b".repeat(59), "!", ""),
            ("at the start of a long line", a.clone().into_bytes(), 0..1000,
                "", &"a".repeat(60), "..."),
            ("in the middle of a long line", format!("{a}!{}", long("z")).into_bytes(), 1000..1001,
                &format!("...{}", "a".repeat(20)), "!", &format!("{}...", z39)),
            ("at the end of a long line, RFC 9112 section 3", format!("{a}{z35}z").into_bytes(), 1035..1036,
                &format!("...{}{}", "a".repeat(24), z35), "z", ""),
            ("escapes count as they are shown, and are not cut", [&b"\xff".repeat(1000)[..], b"!", &b"\xff".repeat(1000)[..]].concat(), 1000..1001,
                &format!("...{ff}"), "!", &format!("{}...", "\\xff".repeat(9))),
            ("control bytes and marks of direction are escaped", b"\x1b[2J\t\0\xe2\x80\xae\\\"".to_vec(), 0..4,
                "", "\\x1b[2J", "\\t\\x00\\xe2\\x80\\xae\\\\\""),
            ("after the last byte", b"GET ".to_vec(), 4..4,
                "GET ", "", ""),
            ("beyond the end", b"GET ".to_vec(), 9..12,
                "GET ", "", ""),
            ("a secret is left out, RFC 6265 section 4.1.2.6", field("cookie").into_bytes(), 800..1000,
                "cookie:", "...", ""),
            ("a secret is left out, RFC 9110 section 11.6.2", field("Authorization ").into_bytes(), 16..1000,
                "", "Authorization :", "..."),
        ];
        for (rule, received, at, before, marked, after) in table {
            let fault = Fault::of(&received, &at);
            let shown = (fault.before.as_str(), fault.marked.as_str(), fault.after.as_str());
            assert_eq!(shown, (before, marked, after), "{rule}");
            assert_eq!(fault.offset, at.start, "{rule}");
        }
    }

    #[test]
    fn whatever_is_at_fault_is_short_and_of_printable_ascii() {
        let received: Vec<u8> = (0..=255_u8).cycle().take(2000).collect();
        for start in 0..received.len() {
            for length in [0, 1, 7, 900] {
                let fault = Fault::of(&received, &(start..start + length));
                let shown = [fault.before, fault.marked, fault.after].concat();
                assert!(shown.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{shown}");
                assert!(shown.len() <= WIDTH + 2 * CUT.len(), "{shown}");
            }
        }
    }
}
