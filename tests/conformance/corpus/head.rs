//! Field lines, Expect and Upgrade (RFC 9112 section 5, RFC 9110 sections 5, 7.8 and 10.1.1).

use crate::case::{Case, bare_error, case, get, lines, refused, request, with_status};
use crate::served::Setup;

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    cases.extend(syntax());
    cases.extend(limits());
    cases.extend(faults());
    cases.extend(repetitions());
    cases.extend(lookalikes());
    cases.extend(expectations());
    cases.extend(upgrades());
    cases
}

fn syntax() -> Vec<Case> {
    let mut cases = Vec::new();
    for (id, line, rule) in [
        ("no-space", "A:b", "RFC 9112 section 5"),
        ("tabs-and-spaces", "A: \t b c\t ", "RFC 9112 section 5"),
        ("empty-value", "A:", "RFC 9110 section 5.5"),
        ("colon-in-a-value", "A: b:c: d", "RFC 9112 section 5"),
        (
            "all-token-characters",
            "!#$%&'*+-.^_`|~09Az: b",
            "RFC 9110 section 5.6.2",
        ),
        ("obs-text", "A: caf\u{e9} \u{ff}", "RFC 9110 section 5.5"),
        ("tab-within", "A: b\tc", "RFC 9110 section 5.5"),
        ("unknown", "X-Unknown-Field: b", "RFC 9110 section 5.1"),
        ("quoted-string", "A: \"b\\\"c, d\"", "RFC 9110 section 5.6.4"),
    ] {
        let request = lines(&format!("Host: a\r\n{line}"));
        cases.push(with_status(format!("field-{id}"), rule, request, 200).content("0123456789"));
    }
    for (id, line, rule) in [
        ("folded", "A: b\r\n c", "RFC 9112 section 5.2"),
        ("folded-with-a-tab", "A: b\r\n\tc", "RFC 9112 section 5.2"),
        ("folded-empty", "A: b\r\n ", "RFC 9112 section 5.2"),
        ("space-before-colon", "A : b", "RFC 9112 section 5.1"),
        ("tab-before-colon", "A\t: b", "RFC 9112 section 5.1"),
        ("no-colon", "A", "RFC 9112 section 5"),
        ("no-name", ": b", "RFC 9110 section 5.1"),
        ("space-in-a-name", "A B: c", "RFC 9110 section 5.1"),
        ("parenthesis-in-a-name", "A(: b", "RFC 9110 section 5.1"),
        ("quotes-in-a-name", "\"A\": b", "RFC 9110 section 5.1"),
        ("slash-in-a-name", "A/B: c", "RFC 9110 section 5.1"),
        ("non-ascii-name", "Caf\u{e9}: b", "RFC 9110 section 5.1"),
        ("nul-in-a-name", "A\0: b", "RFC 9110 section 5.1"),
        ("nul-in-a-value", "A: b\0c", "RFC 9110 section 5.5"),
        ("control-in-a-value", "A: b\u{1}c", "RFC 9110 section 5.5"),
        ("escape-in-a-value", "A: \u{1b}[31m", "RFC 9110 section 5.5"),
        ("del-in-a-value", "A: b\u{7f}", "RFC 9110 section 5.5"),
        ("vertical-tab-before-a-value", "A:\u{b}b", "RFC 9110 section 5.5"),
        ("cr-in-a-value", "A: b\rc", "RFC 9112 section 2.2"),
        ("cr-before-the-line-end", "A: b\r", "RFC 9112 section 2.2"),
        ("lf-in-a-value", "A: b\nc", "RFC 9112 section 2.2"),
    ] {
        cases.push(refused(
            format!("field-{id}"),
            rule,
            lines(&format!("Host: a\r\n{line}")),
            400,
        ));
    }
    cases.extend([
        refused(
            "field-folded-first",
            "RFC 9112 section 2.2",
            lines(" A: b\r\nHost: a"),
            400,
        ),
        refused(
            "field-white-space-before-the-first",
            "RFC 9112 section 2.2",
            lines("  \r\nHost: a"),
            400,
        ),
        refused(
            "field-folded-1-0",
            "RFC 9112 section 5.2",
            "GET / HTTP/1.0\r\nA: b\r\n c\r\n\r\n",
            400,
        ),
        refused(
            "field-folded-head",
            "RFC 9110 section 9.3.2",
            request("HEAD", "/", &["A: b", " c"]),
            400,
        ),
        with_status(
            "field-never-echoed",
            "RFC 9110 section 17.4",
            get("/nothing", &["A: <b>"]),
            404,
        )
        .content_has_not("<b>"),
    ]);
    cases
}

/// What of the request its page shows, however the bytes arrive.
fn faults() -> Vec<Case> {
    let long_line = format!("GET /{}", "a".repeat(9_000));
    let long_cookie = lines(&format!("Host: a\r\nCookie: secret={}", "s".repeat(40_000)));
    let shown = |id, request: &str, status, shows| refused(id, "ours: error pages", request, status).content_has(shows);
    vec![
        shown(
            "fault-shown",
            &lines("Host : a"),
            400,
            "offset 30:</p>\n<pre>Host<b> </b>: a\\r\\n\n    <i>^</i></pre>",
        ),
        shown(
            "fault-escaped",
            &lines("<b>\u{202e}\"&: a"),
            400,
            "<pre><b>&lt;</b>b&gt;\\xe2\\x80\\xae\"&amp;: a\\r\\n\n<i>^</i></pre>",
        ),
        shown(
            "fault-first-byte",
            "\x16\x03\x01\x02\0",
            400,
            "<pre><b>\\x16</b>\n<i>^^^^</i></pre>",
        ),
        shown("fault-beyond-the-limit", &long_line, 414, "aaaa<b>a</b>\n"),
        shown(
            "fault-in-a-secret",
            &long_cookie,
            431,
            "<pre>Cookie:<b>...</b>\n       <i>^^^</i></pre>",
        ),
        shown("fault-unknown", "GET / HTTP/1.1\r\n\r\n", 400, "</p>\n<p><small>").content_has_not("<pre"),
        bare_error(
            "fault-bare",
            "ours: error pages",
            "POST /<i>\r\n",
            "<pre><b>POST</b> /&lt;i&gt;\\r\\n\n<i>^^^^</i></pre>",
        ),
    ]
}

fn limits() -> Vec<Case> {
    let many = |count: usize| {
        let fields: String = (1..count).map(|number| format!("A{number}: b\r\n")).collect();
        lines(&format!("{fields}Host: a"))
    };
    // The field section has its line ends and the empty line, and "Host: a".
    let large = |size: usize| lines(&format!("Host: a\r\nA: {}", "b".repeat(size - 9 - 3 - 2 - 2)));
    let too_large = "RFC 6585 section 5";
    vec![
        with_status("fields-100", too_large, many(100), 200),
        refused("fields-101", too_large, many(101), 431),
        refused("fields-150", too_large, many(150), 431),
        refused("fields-1000", too_large, many(1000), 431),
        with_status("fields-of-32-kib", too_large, large(32 * 1024), 200),
        refused("fields-beyond-32-kib", too_large, large(32 * 1024 + 1), 431),
        refused("fields-of-100-kb", too_large, large(100_000), 431),
        refused(
            "fields-head",
            "RFC 9110 section 9.3.2",
            many(101).replacen("GET", "HEAD", 1),
            431,
        ),
        refused(
            "fields-endless-name",
            too_large,
            format!("GET / HTTP/1.1\r\n{}", "A".repeat(33_000)),
            431,
        ),
        with_status("fields-5-of-5", "ours: limits", many(5), 200).on(Setup::Small),
        refused("fields-6-of-5", "ours: limits", many(6), 431).on(Setup::Small),
        with_status("fields-200-bytes-of-200", "ours: limits", large(200), 200).on(Setup::Small),
        refused("fields-201-bytes-of-200", "ours: limits", large(201), 431).on(Setup::Small),
    ]
}

fn repetitions() -> Vec<Case> {
    let rule = "RFC 9110 section 5.3";
    let twice = |line: &str| get("/digits.txt", &[line, line]);
    let mut cases = Vec::new();
    for name in [
        "Authorization",
        "Content-Type",
        "Date",
        "From",
        "If-Modified-Since",
        "If-Range",
        "If-Unmodified-Since",
        "Max-Forwards",
        "Range",
        "Referer",
        "User-Agent",
    ] {
        let id = format!("repeated-{}", name.to_ascii_lowercase());
        cases.push(refused(id, rule, twice(&format!("{name}: 1")), 400));
    }
    for name in [
        "Accept",
        "Accept-Encoding",
        "Cache-Control",
        "Connection",
        "If-None-Match",
        "Via",
        "X-Unknown",
    ] {
        let id = format!("repeated-list-{}", name.to_ascii_lowercase());
        cases.push(with_status(id, rule, twice(&format!("{name}: a")), 200));
    }
    cases.push(refused(
        "repeated-without-case",
        rule,
        get("/digits.txt", &["Range: a", "A: b", "rANGE: a"]),
        400,
    ));
    cases
}

/// Names and values that only look like the ones that mean something.
fn lookalikes() -> Vec<Case> {
    let rule = "RFC 9110 section 5.1";
    let mut cases = Vec::new();
    for (id, line) in [
        ("longer-content-length", "Content-Lengthy: 5"),
        ("prefixed-content-length", "X-Content-Length: 5"),
        ("prefixed-transfer-encoding", "X-Transfer-Encoding: chunked"),
        ("underscore-transfer-encoding", "Transfer_Encoding: chunked"),
        ("prefixed-connection", "X-Connection: close"),
        ("closed-is-not-close", "Connection: closed"),
        ("close-in-a-longer-word", "Connection: do-not-close"),
        ("close-in-a-value", "A: Connection: close"),
        ("prefixed-expect", "X-Expect: 200-ok"),
        ("range-in-a-longer-name", "Ranges: bytes=0-0"),
    ] {
        let case = with_status(format!("lookalike-{id}"), rule, get("/digits.txt", &[line]), 200);
        cases.push(case.content("0123456789"));
    }
    cases
}

fn expectations() -> Vec<Case> {
    let rule = "RFC 9110 section 10.1.1";
    let post = |fields: &[&str]| request("POST", "/digits.txt", fields);
    let expect = "Expect: 100-continue";
    vec![
        case("expect-continue", rule, post(&[expect, "Content-Length: 5"]))
            .response(100)
            .then_sends("hello")
            .response(405),
        case(
            "expect-continue-chunked",
            rule,
            post(&[expect, "Transfer-Encoding: chunked"]),
        )
        .response(100)
        .then_sends("5\r\nhello\r\n0\r\n\r\n")
        .response(405),
        case(
            "expect-continue-without-case",
            rule,
            post(&["Expect: 100-Continue", "Content-Length: 1"]),
        )
        .response(100)
        .then_sends("x")
        .response(405),
        case(
            "expect-continue-get",
            rule,
            get("/digits.txt", &[expect, "Content-Length: 1"]),
        )
        .response(100)
        .then_sends("x")
        .response(200),
        case(
            "expect-continue-and-a-broken-body",
            rule,
            post(&[expect, "Transfer-Encoding: chunked"]),
        )
        .response(100)
        .then_sends("x\r\n")
        .response(400)
        .closes(),
        with_status(
            "expect-continue-without-content",
            rule,
            get("/digits.txt", &[expect]),
            200,
        ),
        with_status(
            "expect-continue-1-0",
            rule,
            "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
            405,
        )
        .closes(),
        with_status(
            "expect-other-1-0",
            rule,
            "GET /digits.txt HTTP/1.0\r\nExpect: 200-ok\r\n\r\n",
            200,
        )
        .closes(),
        with_status("expect-empty", rule, get("/digits.txt", &["Expect:"]), 200),
        refused("expect-other", rule, get("/digits.txt", &["Expect: 200-ok"]), 417),
        refused(
            "expect-continue-and-other",
            rule,
            get("/digits.txt", &["Expect: 100-continue, x"]),
            417,
        ),
        refused(
            "expect-continue-with-a-parameter",
            rule,
            get("/digits.txt", &["Expect: 100-continue;a=b"]),
            417,
        ),
        refused(
            "expect-continue-too-large",
            rule,
            post(&[expect, "Content-Length: 1048577"]),
            413,
        ),
        refused(
            "expect-continue-bad-framing",
            rule,
            post(&[expect, "Content-Length: x"]),
            400,
        ),
    ]
}

fn upgrades() -> Vec<Case> {
    let rule = "RFC 9110 section 7.8";
    vec![
        with_status(
            "upgrade-h2c",
            rule,
            get(
                "/digits.txt",
                &[
                    "Connection: Upgrade, HTTP2-Settings",
                    "Upgrade: h2c",
                    "HTTP2-Settings: AAMAAABk",
                ],
            ),
            200,
        )
        .without("Upgrade")
        .content("0123456789"),
        with_status(
            "upgrade-websocket",
            rule,
            get(
                "/digits.txt",
                &[
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                ],
            ),
            200,
        )
        .without("Sec-WebSocket-Accept"),
        with_status(
            "upgrade-tls",
            rule,
            request("OPTIONS", "*", &["Connection: Upgrade", "Upgrade: TLS/1.0"]),
            204,
        ),
        with_status(
            "upgrade-1-0",
            rule,
            "GET /digits.txt HTTP/1.0\r\nUpgrade: HTTP/1.1\r\n\r\n",
            200,
        )
        .closes(),
    ]
}
