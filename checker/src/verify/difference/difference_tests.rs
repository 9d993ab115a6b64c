//! Tests of the kinds of differences.

use super::*;

#[test]
fn each_kind_of_difference_is_known_by_its_bytes() {
    let file = &b"one\r\ntwo\r\n"[..];
    for (content, fault, range, bytes) in [
        (&b""[..], EMPTY, 0..0, &b""[..]),
        (b"one\r\ntwo\r\n\r\n", LINE_END_BEHIND, 10..12, b"\r\n"),
        (b"one\r\ntwo\r\n!", MORE, 10..11, b"!"),
        (
            b"one\r\ntwo\r\nHTTP/1.1 404 Not Found\r\n\r\n",
            SECOND_RESPONSE,
            10..36,
            b"HTTP/1.1 404 Not Found\r\n\r\n",
        ),
        (b"one\r\ntwo\r\none\r\ntwo\r\n", TWICE, 10..20, b"one\r\ntwo\r\n"),
        (
            b"one\r\ntwo\r\none\r\ntwo\r\none\r\ntwo\r\n",
            REPEATED,
            10..30,
            b"one\r\ntwo\r\none\r\ntwo\r\n",
        ),
        (b"\r\none\r\ntwo\r\n", BEFORE, 0..2, b"\r\n"),
        (b"A: b\r\none\r\ntwo\r\n\r\n", FIELD_AFTER_BLANK, 0..6, b"A: b\r\n"),
        (
            b"HTTP/1.1 200 OK\r\n\r\none\r\ntwo\r\n",
            HEAD_TWICE,
            0..19,
            b"HTTP/1.1 200 OK\r\n\r\n",
        ),
        (b"<p>one\r\ntwo\r\n!", AROUND, 0..3, b"<p>"),
        (b"one\r\nt", SHORT, 6..6, b""),
        (b"one\r\n", FIRST_LINE_ONLY, 5..5, b""),
        (b"o", FIRST_CHARACTER_ONLY, 1..1, b""),
        (b"one\n\r\ntwo\r\n", LINE_ENDS_ADDED, 3..4, b""),
        (b"one\r\ntwo", STRIPPED, 8..8, b""),
        (b"two\r\n", FIRST_LINE_LOST, 0..1, b"one\r\n"),
        (b"ne\r\ntwo\r\n", FIRST_BYTE_LOST, 0..1, b"o"),
        (b"o\nn\ne\n\r\n\n\nt\nw\no\n\r\n\n\n", AFTER_EACH_BYTE, 1..2, b"\n"),
        (b"one\r\n\r\ntwo\r\n\r\n", AFTER_EACH_LINE, 5..7, b"\r\n"),
        (b"one\ntwo\n", LINE_ENDS, 3..4, b""),
        (b"onetwo", LINE_ENDS_LOST, 3..4, b""),
        (b"one\r\ntwo?\r\n", TEXT_MODE, 8..9, b""),
        (b"b'one\\r\\ntwo\\r\\n'", STR_OF_BYTES, 0..1, b""),
        (b"['one\\n', 'two\\n']", STR_OF_LIST, 0..1, b""),
        (b"\0\0one\r\ntwo\r\n", ZEROS, 0..2, b"\0\0"),
        (b"one\r\ntwo\r\n\0", ZEROS, 10..11, b"\0"),
        (b"ONE\r\ntwo\r\n", CASE, 0..1, b""),
        (b"one two", WHITESPACE, 3..4, b""),
        (b"\"one\\r\\ntwo\\r\\n\"", QUOTED, 0..1, b""),
        (
            b"<_io.TextIOWrapper name='a.html'>",
            TEXT_OBJECT,
            0..33,
            b"<_io.TextIOWrapper name='a.html'>",
        ),
        (b"0123456789", NUMBERS, 0..10, b"0123456789"),
        (b"oe\ntw", LEFT_OUT, 1..2, b""),
        (
            b"one\r\nHTTP/1.1 200 OK\r\n\r\ntwo\r\n",
            HEAD_BETWEEN,
            5..20,
            b"HTTP/1.1 200 OK",
        ),
        (b"one\r\n<br>two\r\n<br>", BETWEEN, 5..9, b"<br>"),
        (b"o-n-e-\r-\n-t-w-o-\r-\n-", BETWEEN, 1..2, b"-"),
        (b"one\r\ntwX\r\n", OTHER, 7..8, b""),
    ] {
        let difference = between(content, file).unwrap();
        let shown = content.escape_ascii();
        assert_eq!((difference.fault, difference.range), (fault, range), "{shown}");
        assert_eq!(difference.bytes, bytes, "{shown}");
    }
    assert!(between(file, file).is_none());
}

#[test]
fn what_is_around_a_file_is_found() {
    assert_eq!(around(b"<a>", b"a"), Some((&b"<"[..], &b">"[..])));
    assert_eq!(around(b"b", b"a"), None);
    assert_eq!(around(b"b", b""), None);
}
