//! Ranges (RFC 9110 section 14) and If-Range (section 13.1.5).

use crate::case::{Case, get, request, with_status};
use crate::served::{BEFORE, DIGITS_TAG, MODIFIED};

/// The last five bytes of the file that is larger than 32 bits can say.
const FILM_END: &str = "bytes 5368709115-5368709119/5368709120";

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    cases.extend(single());
    cases.extend(several());
    cases.extend(none());
    cases.extend(if_range());
    cases
}

fn digits(range: &str) -> String {
    get("/digits.txt", &[&format!("Range: {range}")])
}

fn single() -> Vec<Case> {
    let mut cases = Vec::new();
    for (id, range, content, content_range) in [
        ("first-bytes", "bytes=0-4", "01234", "bytes 0-4/10"),
        ("one-byte", "bytes=0-0", "0", "bytes 0-0/10"),
        ("middle", "bytes=3-6", "3456", "bytes 3-6/10"),
        ("last-byte", "bytes=9-9", "9", "bytes 9-9/10"),
        ("open", "bytes=7-", "789", "bytes 7-9/10"),
        ("open-everything", "bytes=0-", "0123456789", "bytes 0-9/10"),
        ("suffix", "bytes=-3", "789", "bytes 7-9/10"),
        ("suffix-of-everything", "bytes=-10", "0123456789", "bytes 0-9/10"),
        ("suffix-beyond-everything", "bytes=-99", "0123456789", "bytes 0-9/10"),
        (
            "suffix-beyond-64-bits",
            "bytes=-99999999999999999999999",
            "0123456789",
            "bytes 0-9/10",
        ),
        ("cut-at-the-end", "bytes=8-99", "89", "bytes 8-9/10"),
        (
            "end-beyond-64-bits",
            "bytes=8-99999999999999999999999",
            "89",
            "bytes 8-9/10",
        ),
        ("leading-zeros", "bytes=000-001", "01", "bytes 0-1/10"),
        ("unit-without-case", "Bytes=0-1", "01", "bytes 0-1/10"),
        ("empty-members", "bytes=,0-1,", "01", "bytes 0-1/10"),
        ("overlapping", "bytes=0-4,3-6", "0123456", "bytes 0-6/10"),
        ("overlapping-suffix", "bytes=5-,-7", "3456789", "bytes 3-9/10"),
        ("touching", "bytes=0-1,2-3", "0123", "bytes 0-3/10"),
        ("the-same-twice", "bytes=2-3,2-3", "23", "bytes 2-3/10"),
        ("one-of-two-satisfiable", "bytes=99-,1-2", "12", "bytes 1-2/10"),
    ] {
        let case = with_status(format!("range-{id}"), "RFC 9110 section 14.1.2", digits(range), 206);
        let case = case.content(content).field("Content-Range", content_range);
        cases.push(case.field("ETag", DIGITS_TAG).field("Last-Modified", MODIFIED));
    }
    cases.extend([
        with_status("range-fields", "RFC 9110 section 15.3.7", digits("bytes=0-4"), 206)
            .field("Content-Length", "5")
            .field("Content-Type", "text/plain; charset=utf-8")
            .field("Cache-Control", "no-cache")
            .field("Accept-Ranges", "bytes"),
        with_status(
            "range-beyond-4-gib",
            "RFC 9110 section 14.1.2",
            get("/film.mp4", &["Range: bytes=-5"]),
            206,
        )
        .field("Content-Range", FILM_END)
        .content([0; 5]),
        with_status(
            "range-across-4-gib",
            "RFC 9110 section 14.1.2",
            get("/film.mp4", &["Range: bytes=4294967295-4294967296"]),
            206,
        )
        .field("Content-Range", "bytes 4294967295-4294967296/5368709120")
        .content([0; 2]),
        with_status(
            "range-head",
            "RFC 9110 section 14.2",
            request("HEAD", "/digits.txt", &["Range: bytes=0-4"]),
            200,
        )
        .field("Content-Length", "10")
        .without("Content-Range"),
        with_status(
            "range-head-unsatisfiable",
            "RFC 9110 section 14.2",
            request("HEAD", "/digits.txt", &["Range: bytes=99-"]),
            200,
        ),
        with_status(
            "range-options",
            "RFC 9110 section 14.2",
            request("OPTIONS", "/digits.txt", &["Range: bytes=0-4"]),
            204,
        ),
        with_status(
            "range-post",
            "RFC 9110 section 14.2",
            request("POST", "/digits.txt", &["Range: bytes=0-4"]),
            405,
        ),
        with_status(
            "range-not-found",
            "RFC 9110 section 14.2",
            get("/nothing", &["Range: bytes=0-4"]),
            404,
        ),
        with_status(
            "range-1-0",
            "RFC 9110 section 14.2",
            "GET /digits.txt HTTP/1.0\r\nRange: bytes=0-1\r\n\r\n",
            206,
        )
        .content("01")
        .closes(),
    ]);
    cases
}

fn several() -> Vec<Case> {
    let rule = "RFC 9110 section 15.3.7.2";
    let ask = |id: &str, range: &str| with_status(id, rule, digits(range), 206).without("Content-Range");
    let specs = |count: usize| {
        let specs: Vec<_> = (0..count).map(|at| format!("{0}-{0}", at * 2)).collect();
        get("/pattern.bin", &[&format!("Range: bytes={}", specs.join(","))])
    };
    vec![
        ask("ranges-two", "bytes=0-1,8-9").parts(&[("bytes 0-1/10", "01"), ("bytes 8-9/10", "89")]),
        ask("ranges-in-the-order-of-the-request", "bytes=-1, 0-0")
            .parts(&[("bytes 9-9/10", "9"), ("bytes 0-0/10", "0")]),
        ask("ranges-three", "bytes=0-0,2-2,4-").parts(&[
            ("bytes 0-0/10", "0"),
            ("bytes 2-2/10", "2"),
            ("bytes 4-9/10", "456789"),
        ]),
        ask("ranges-two-of-three-satisfiable", "bytes=0-0,99-,4-4")
            .parts(&[("bytes 0-0/10", "0"), ("bytes 4-4/10", "4")]),
        ask("ranges-some-overlap", "bytes=0-2,1-3,7-8").parts(&[("bytes 0-3/10", "0123"), ("bytes 7-8/10", "78")]),
        with_status("ranges-32", "RFC 9110 section 17.15", specs(32), 206),
        with_status("ranges-33", "RFC 9110 section 17.15", specs(33), 200).field("Content-Length", "200000"),
        with_status(
            "ranges-overlapping-many-times",
            "RFC 9110 section 17.15",
            digits(&format!("bytes={}", vec!["0-"; 1000].join(","))),
            200,
        )
        .content("0123456789"),
        with_status(
            "ranges-head",
            "RFC 9110 section 14.2",
            request("HEAD", "/digits.txt", &["Range: bytes=0-1,8-9"]),
            200,
        )
        .field("Content-Type", "text/plain; charset=utf-8"),
    ]
}

/// What selects nothing: because it is no range, and is ignored; or because nothing is there, and that is an error.
fn none() -> Vec<Case> {
    let mut cases = Vec::new();
    for (id, range) in [
        ("backwards", "bytes=4-0"),
        ("backwards-and-another", "bytes=4-0,1-2"),
        ("empty-set", "bytes="),
        ("only-a-dash", "bytes=-"),
        ("only-a-number", "bytes=4"),
        ("only-commas", "bytes=,,"),
        ("letters", "bytes=a-b"),
        ("sign", "bytes=+0-4"),
        ("two-dashes", "bytes=--4"),
        ("decimals", "bytes=0.0-4"),
        ("space-before-equals", "bytes =0-4"),
        ("space-after-equals", "bytes= 0-4"),
        ("spaces-within", "bytes=0 - 4"),
        ("semicolon", "bytes=0-4;a"),
        ("no-equals", "bytes 0-4"),
        ("no-unit", "0-4"),
        ("another-unit", "lines=0-4"),
        ("longer-unit", "xbytes=0-4"),
        ("content-range-form", "bytes 0-4/10"),
        ("quotes", "\"bytes=0-4\""),
        ("empty", ""),
    ] {
        let case = with_status(
            format!("range-ignored-{id}"),
            "RFC 9110 section 14.2",
            digits(range),
            200,
        );
        cases.push(case.content("0123456789").without("Content-Range"));
    }
    for (id, path, range, content_range) in [
        ("at-the-end", "/digits.txt", "bytes=10-", "bytes */10"),
        ("beyond-the-end", "/digits.txt", "bytes=99-100", "bytes */10"),
        ("all-beyond-the-end", "/digits.txt", "bytes=10-10,99-", "bytes */10"),
        (
            "beyond-64-bits",
            "/digits.txt",
            "bytes=99999999999999999999999-",
            "bytes */10",
        ),
        ("empty-suffix", "/digits.txt", "bytes=-0", "bytes */10"),
        ("empty-file", "/empty.txt", "bytes=0-", "bytes */0"),
        ("large-file", "/film.mp4", "bytes=5368709120-", "bytes */5368709120"),
    ] {
        let request = get(path, &[&format!("Range: {range}")]);
        let case = with_status(format!("range-416-{id}"), "RFC 9110 section 15.5.17", request, 416);
        cases.push(case.field("Content-Range", content_range));
    }
    cases.push(with_status(
        "range-suffix-of-an-empty-file",
        "RFC 9110 section 14.1.2",
        get("/empty.txt", &["Range: bytes=-5"]),
        200,
    ));
    cases
}

fn if_range() -> Vec<Case> {
    let rule = "RFC 9110 section 13.1.5";
    let mut cases = Vec::new();
    for (id, validator, applies) in [
        ("own-tag", DIGITS_TAG.to_owned(), true),
        ("weak-tag", format!("W/{DIGITS_TAG}"), false),
        ("other-tag", "\"x\"".into(), false),
        ("list-of-tags", format!("{DIGITS_TAG}, \"x\""), false),
        ("any", "*".into(), false),
        ("date", MODIFIED.into(), true),
        ("rfc-850-date", "Tuesday, 15-Nov-94 12:45:52 GMT".into(), true),
        ("earlier-date", BEFORE.into(), false),
        ("later-date", crate::served::AFTER.into(), false),
        ("no-validator", "x".into(), false),
        ("empty", String::new(), false),
    ] {
        let request = get("/digits.txt", &["Range: bytes=0-4", &format!("If-Range: {validator}")]);
        let case = with_status(format!("if-range-{id}"), rule, request, if applies { 206 } else { 200 });
        cases.push(case.content(if applies { "01234" } else { "0123456789" }));
    }
    cases.extend([
        with_status(
            "if-range-without-range",
            rule,
            get("/digits.txt", &["If-Range: \"x\""]),
            200,
        )
        .content("0123456789"),
        with_status(
            "if-range-own-tag-unsatisfiable",
            rule,
            get("/digits.txt", &["Range: bytes=99-", &format!("If-Range: {DIGITS_TAG}")]),
            416,
        ),
        with_status(
            "if-range-other-tag-unsatisfiable",
            rule,
            get("/digits.txt", &["Range: bytes=99-", "If-Range: \"x\""]),
            200,
        ),
    ]);
    cases
}
