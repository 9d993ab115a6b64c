//! Preconditions (RFC 9110 section 13).

use crate::case::{Case, get, request, with_status};
use crate::served::{AFTER, BEFORE, DIGITS_TAG, MODIFIED};

pub fn cases() -> Vec<Case> {
    let own = DIGITS_TAG;
    let since = "RFC 9110 section 13.1.3";
    let unmodified = "RFC 9110 section 13.1.4";
    let none_match = "RFC 9110 section 13.1.2";
    let matches = "RFC 9110 section 13.1.1";
    let order = "RFC 9110 section 13.2.2";
    let mut cases = Vec::new();
    for (id, rule, fields, status) in [
        ("if-none-match", none_match, format!("If-None-Match: {own}"), 304),
        ("if-none-match-weak", none_match, format!("If-None-Match: W/{own}"), 304),
        ("if-none-match-any", none_match, "If-None-Match: *".into(), 304),
        (
            "if-none-match-list",
            none_match,
            format!("If-None-Match: \"x\", W/\"a,b\" ,{own}"),
            304,
        ),
        (
            "if-none-match-lines",
            none_match,
            format!("If-None-Match: \"x\"\r\nIf-None-Match: {own}"),
            304,
        ),
        (
            "if-none-match-empty-members",
            none_match,
            format!("If-None-Match: , {own},,"),
            304,
        ),
        ("if-none-match-other", none_match, "If-None-Match: \"x\"".into(), 200),
        (
            "if-none-match-other-case",
            none_match,
            format!("If-None-Match: {}", own.to_ascii_uppercase()),
            200,
        ),
        (
            "if-none-match-no-quotes",
            none_match,
            format!("If-None-Match: {}", own.trim_matches('"')),
            200,
        ),
        (
            "if-none-match-lower-w",
            none_match,
            format!("If-None-Match: w/{own}"),
            200,
        ),
        ("if-none-match-empty", none_match, "If-None-Match:".into(), 200),
        (
            "if-modified-since",
            since,
            format!("If-Modified-Since: {MODIFIED}"),
            304,
        ),
        (
            "if-modified-since-later",
            since,
            format!("If-Modified-Since: {AFTER}"),
            304,
        ),
        (
            "if-modified-since-earlier",
            since,
            format!("If-Modified-Since: {BEFORE}"),
            200,
        ),
        (
            "if-modified-since-rfc-850",
            since,
            "If-Modified-Since: Tuesday, 15-Nov-94 12:45:52 GMT".into(),
            304,
        ),
        (
            "if-modified-since-rfc-850-earlier",
            since,
            "If-Modified-Since: Tuesday, 15-Nov-94 12:45:51 GMT".into(),
            200,
        ),
        (
            "if-modified-since-asctime",
            since,
            "If-Modified-Since: Tue Nov 15 12:45:52 1994".into(),
            304,
        ),
        (
            "if-modified-since-asctime-earlier",
            since,
            "If-Modified-Since: Tue Nov  1 12:45:52 1994".into(),
            200,
        ),
        (
            "if-modified-since-no-date",
            since,
            "If-Modified-Since: yesterday".into(),
            200,
        ),
        (
            "if-modified-since-number",
            since,
            "If-Modified-Since: 784903552".into(),
            200,
        ),
        (
            "if-modified-since-wrong-day",
            since,
            "If-Modified-Since: Mon, 15 Nov 1994 12:45:52 GMT".into(),
            200,
        ),
        (
            "if-modified-since-zone",
            since,
            "If-Modified-Since: Tue, 15 Nov 1994 12:45:52 +0000".into(),
            200,
        ),
        ("if-modified-since-empty", since, "If-Modified-Since:".into(), 200),
        ("if-match", matches, format!("If-Match: {own}"), 200),
        ("if-match-any", matches, "If-Match: *".into(), 200),
        ("if-match-list", matches, format!("If-Match: \"x\", {own}"), 200),
        ("if-match-other", matches, "If-Match: \"x\"".into(), 412),
        ("if-match-weak", matches, format!("If-Match: W/{own}"), 412),
        ("if-match-no-tag", matches, "If-Match: x".into(), 412),
        (
            "if-unmodified-since",
            unmodified,
            format!("If-Unmodified-Since: {MODIFIED}"),
            200,
        ),
        (
            "if-unmodified-since-later",
            unmodified,
            format!("If-Unmodified-Since: {AFTER}"),
            200,
        ),
        (
            "if-unmodified-since-earlier",
            unmodified,
            format!("If-Unmodified-Since: {BEFORE}"),
            412,
        ),
        (
            "if-unmodified-since-no-date",
            unmodified,
            "If-Unmodified-Since: x".into(),
            200,
        ),
        (
            "none-match-before-date",
            order,
            format!("If-None-Match: \"x\"\r\nIf-Modified-Since: {MODIFIED}"),
            200,
        ),
        (
            "none-match-before-earlier-date",
            order,
            format!("If-None-Match: {own}\r\nIf-Modified-Since: {BEFORE}"),
            304,
        ),
        (
            "match-before-date",
            order,
            format!("If-Match: {own}\r\nIf-Unmodified-Since: {BEFORE}"),
            200,
        ),
        (
            "match-before-none-match",
            order,
            format!("If-Match: \"x\"\r\nIf-None-Match: {own}"),
            412,
        ),
        (
            "match-and-none-match",
            order,
            format!("If-Match: {own}\r\nIf-None-Match: {own}"),
            304,
        ),
        (
            "unmodified-before-none-match",
            order,
            format!("If-Unmodified-Since: {BEFORE}\r\nIf-None-Match: {own}"),
            412,
        ),
        (
            "none-match-before-range",
            order,
            format!("If-None-Match: {own}\r\nRange: bytes=0-0"),
            304,
        ),
        (
            "match-before-range",
            order,
            "If-Match: \"x\"\r\nRange: bytes=99-".into(),
            412,
        ),
        (
            "none-match-other-and-range",
            order,
            "If-None-Match: \"x\"\r\nRange: bytes=0-0".into(),
            206,
        ),
    ] {
        let case = with_status(format!("condition-{id}"), rule, get("/digits.txt", &[&fields]), status);
        cases.push(match status {
            304 => case
                .field("ETag", own)
                .field("Last-Modified", MODIFIED)
                .without("Content-Type"),
            200 => case.content("0123456789"),
            206 => case.content("0"),
            _ => case,
        });
    }
    let ignored = "RFC 9110 section 13.2.1";
    cases.extend([
        with_status(
            "condition-head",
            "RFC 9110 section 13.1.2",
            request("HEAD", "/digits.txt", &["If-None-Match: *"]),
            304,
        ),
        with_status(
            "condition-head-failed",
            "RFC 9110 section 13.1.1",
            request("HEAD", "/digits.txt", &["If-Match: \"x\""]),
            412,
        ),
        with_status(
            "condition-not-found",
            ignored,
            get("/nothing", &["If-Match: \"x\"", "If-None-Match: *"]),
            404,
        ),
        with_status("condition-refused", ignored, get("/fifo", &["If-None-Match: *"]), 403),
        with_status(
            "condition-post",
            ignored,
            request("POST", "/digits.txt", &["If-Match: \"x\""]),
            405,
        ),
        with_status(
            "condition-1-0",
            since,
            format!("GET /digits.txt HTTP/1.0\r\nIf-Modified-Since: {MODIFIED}\r\n\r\n"),
            304,
        )
        .closes(),
        with_status(
            "condition-not-modified-fields",
            "RFC 9110 section 15.4.5",
            get("/digits.txt", &["If-None-Match: *"]),
            304,
        )
        .has("Date")
        .field("ETag", own)
        .field("Cache-Control", "no-cache")
        .without("Content-Type")
        .without("Content-Length"),
    ]);
    cases
}
