//! How much content a request has (RFC 9112 sections 6 and 7, RFC 9110 section 8.6).

use crate::case::{Case, case, chunked, get, lines, refused, request, with_content, with_status};
use crate::served::Setup;

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    cases.extend(decisions());
    cases.extend(lengths());
    cases.extend(chunks());
    cases.extend(incomplete());
    cases
}

/// Transfer-Encoding, and both together.
fn decisions() -> Vec<Case> {
    let section = "RFC 9112 section 6.3";
    let smuggled = "0\r\n\r\nGET /probe.txt HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut cases = vec![
        refused(
            "both-length-first",
            section,
            get("/", &["Content-Length: 5", "Transfer-Encoding: chunked"]) + smuggled,
            400,
        ),
        refused(
            "both-encoding-first",
            section,
            get("/", &["Transfer-Encoding: chunked", "Content-Length: 5"]) + smuggled,
            400,
        ),
        refused(
            "both-length-zero",
            section,
            get("/", &["Content-Length: 0", "Transfer-Encoding: chunked"]) + smuggled,
            400,
        ),
        refused(
            "both-unknown-encoding",
            section,
            get("/", &["Content-Length: 5", "Transfer-Encoding: x"]),
            400,
        ),
        refused(
            "encoding-1-0",
            "RFC 9112 section 6.1",
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        refused(
            "encoding-1-0-keep-alive",
            "RFC 9112 section 6.1",
            "POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        refused(
            "both-1-0",
            "RFC 9112 section 6.1",
            "POST / HTTP/1.0\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
    ];
    for (id, field) in [
        ("chunked", "Transfer-Encoding: chunked"),
        ("chunked-without-case", "transfer-encoding: Chunked"),
        ("chunked-and-white-space", "Transfer-Encoding: \t chunked\t "),
        ("chunked-and-empty-members", "Transfer-Encoding: , chunked ,"),
    ] {
        let request = get("/digits.txt", &[field]) + "0\r\n\r\n";
        cases.push(with_status(format!("encoding-{id}"), "RFC 9112 section 7.1", request, 200).content("0123456789"));
    }
    // Where chunked is not the final coding, the length is not known: 400 and the end. A coding that is not known but
    // comes before chunked should be 501.
    for (id, field, statuses) in [
        ("unknown", "Transfer-Encoding: gzip", &[400][..]),
        ("identity", "Transfer-Encoding: identity", &[400]),
        ("nearly-chunked", "Transfer-Encoding: xchunked", &[501]),
        ("chunked-not-last", "Transfer-Encoding: chunked, gzip", &[400]),
        ("chunked-twice", "Transfer-Encoding: chunked, chunked", &[400]),
        (
            "chunked-on-two-lines",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            &[400],
        ),
        (
            "chunked-and-identity",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            &[400],
        ),
        ("chunked-with-a-parameter", "Transfer-Encoding: chunked;a=b", &[400]),
        ("chunked-quoted", "Transfer-Encoding: \"chunked\"", &[400]),
        ("empty", "Transfer-Encoding:", &[400]),
        ("only-a-comma", "Transfer-Encoding: ,", &[400]),
        ("vertical-tab", "Transfer-Encoding:\u{b}chunked", &[400]),
        ("space-before-colon", "Transfer-Encoding : chunked", &[400]),
        ("unknown-and-chunked", "Transfer-Encoding: gzip, chunked", &[400, 501]),
    ] {
        let request = get("/digits.txt", &[field]) + "0\r\n\r\n";
        cases.push(
            case(format!("encoding-{id}"), section, request)
                .response_of(statuses)
                .closes(),
        );
    }
    cases
}

/// Content-Length.
fn lengths() -> Vec<Case> {
    let get_with = |value: &str, content: &str| with_content(&format!("Content-Length: {value}"), content);
    let probe = get("/probe.txt", &[]);
    let mut cases = vec![
        with_status(
            "length-of-content",
            "RFC 9110 section 9.3.1",
            get_with("5", "hello"),
            200,
        )
        .content("0123456789"),
        with_status("length-zero", "RFC 9112 section 6.3", get_with("0", ""), 200).content("0123456789"),
        with_status(
            "length-of-content-1-0",
            "RFC 9112 section 6.3",
            "GET /digits.txt HTTP/1.0\r\nContent-Length: 2\r\n\r\nab",
            200,
        )
        .closes(),
        // What looks like a request inside of content is content.
        with_status(
            "length-hides-a-request",
            "RFC 9112 section 6.3",
            get_with(&probe.len().to_string(), &probe),
            200,
        )
        .content("0123456789"),
        with_status(
            "length-with-head",
            "RFC 9110 section 9.3.2",
            request("HEAD", "/digits.txt", &["Content-Length: 5"]) + "hello",
            200,
        ),
        with_status(
            "length-with-options",
            "RFC 9110 section 9.3.7",
            request("OPTIONS", "*", &["Content-Length: 5"]) + "hello",
            204,
        ),
        with_status(
            "length-with-post",
            "RFC 9112 section 9.3",
            request("POST", "/", &["Content-Length: 5"]) + "hello",
            405,
        ),
        with_status(
            "length-with-an-unknown-method",
            "RFC 9112 section 9.3",
            request("BREW", "/", &["Content-Length: 5"]) + "hello",
            501,
        ),
        refused(
            "length-broken-with-post",
            "RFC 9112 section 6.3",
            request("POST", "/", &["Content-Length: 5x"]) + "hello",
            400,
        ),
        refused(
            "length-beyond-the-limit",
            "RFC 9110 section 15.5.14",
            get_with("1048577", ""),
            413,
        ),
        refused(
            "length-of-2-to-the-64-less-1",
            "RFC 9110 section 15.5.14",
            get_with("18446744073709551615", ""),
            413,
        ),
        with_status("length-10-of-10", "ours: limits", get_with("10", "0123456789"), 200).on(Setup::Small),
        refused("length-11-of-10", "ours: limits", get_with("11", "0123456789a"), 413).on(Setup::Small),
    ];
    for (id, value) in [
        ("plus", "+5"),
        ("minus", "-5"),
        ("hexadecimal", "0x5"),
        ("decimals", "5.0"),
        ("exponent", "5e0"),
        ("space-within", "5 5"),
        ("letters", "five"),
        ("letters-after", "5x"),
        ("empty", ""),
        ("quotes", "\"5\""),
        ("semicolon", "5;"),
        ("beyond-64-bits", "18446744073709551616"),
        ("hundreds-of-digits", &"9".repeat(300)),
        ("arabic-digits", "\u{665}"),
        ("leading-zero", "05"),
        ("list-of-different", "5, 6"),
        ("list-of-the-same", "5, 5"),
        ("on-two-lines", "5\r\nContent-Length: 6"),
        ("on-two-lines-the-same", "5\r\nContent-Length: 5"),
    ] {
        let id = format!("length-syntax-{id}");
        cases.push(refused(id, "RFC 9112 section 6.3", get_with(value, "hello"), 400));
    }
    cases
}

/// The chunked coding.
fn chunks() -> Vec<Case> {
    let section = "RFC 9112 section 7.1";
    let extension = "RFC 9112 section 7.1.1";
    let trailer = "RFC 9112 section 7.1.2";
    let mut cases = Vec::new();
    let long = format!("1;a={}\r\nx\r\n", "b".repeat(1000));
    for (id, rule, content) in [
        ("empty", section, "0\r\n\r\n"),
        ("one", section, "5\r\nhello\r\n0\r\n\r\n"),
        ("several", section, "1\r\nh\r\n3\r\nell\r\n1\r\no\r\n0\r\n\r\n"),
        (
            "hexadecimal",
            section,
            "a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n",
        ),
        ("leading-zeros", section, "0005\r\nhello\r\n000\r\n\r\n"),
        ("line-ends-as-data", section, "4\r\n\r\n\r\n\r\n0\r\n\r\n"),
        (
            "a-request-as-data",
            section,
            "12\r\nGET / HTTP/1.1\r\n\r\n\r\n0\r\n\r\n",
        ),
        ("extension", extension, "5;a\r\nhello\r\n0\r\n\r\n"),
        ("extension-with-a-value", extension, "5;a=b;c=d\r\nhello\r\n0;e\r\n\r\n"),
        ("extension-quoted", extension, "5;a=\"b;\\\"\tc\"\r\nhello\r\n0\r\n\r\n"),
        (
            "extension-and-bad-white-space",
            extension,
            "5 ;\ta = b\r\nhello\r\n0\r\n\r\n",
        ),
        ("extension-of-1-kb", extension, &format!("{long}0\r\n\r\n")),
        ("trailer", trailer, "0\r\nA: b\r\n\r\n"),
        ("trailers", trailer, "5\r\nhello\r\n0\r\nA: b\r\nC: d\r\n\r\n"),
        // RFC 9110 section 6.5.1: it means nothing there.
        (
            "trailer-that-is-no-framing",
            trailer,
            "0\r\nContent-Length: 5\r\nTransfer-Encoding: gzip\r\nHost: b\r\n\r\n",
        ),
    ] {
        cases.push(with_status(format!("chunk-{id}"), rule, chunked(content), 200).content("0123456789"));
    }
    let long_extension = format!("1;{}\r\nx\r\n0\r\n\r\n", "a".repeat(17_000));
    let many_extensions = format!("{}0\r\n\r\n", long.repeat(17));
    let many_trailers = format!("0\r\n{}\r\n", "A: b\r\n".repeat(101));
    let long_trailer = format!("0\r\nA: {}\r\n\r\n", "b".repeat(33_000));
    for (id, rule, content, status) in [
        ("size-letters", section, "x\r\nhello\r\n0\r\n\r\n", 400),
        ("size-empty", section, "\r\nhello\r\n0\r\n\r\n", 400),
        ("size-minus", section, "-5\r\nhello\r\n0\r\n\r\n", 400),
        ("size-plus", section, "+5\r\nhello\r\n0\r\n\r\n", 400),
        ("size-prefix", section, "0x5\r\nhello\r\n0\r\n\r\n", 400),
        ("size-space-before", section, " 5\r\nhello\r\n0\r\n\r\n", 400),
        ("size-space-after", section, "5 \r\nhello\r\n0\r\n\r\n", 400),
        ("size-underscore", section, "1_0\r\nhello\r\n0\r\n\r\n", 400),
        (
            "size-17-digits",
            section,
            "00000000000000005\r\nhello\r\n0\r\n\r\n",
            400,
        ),
        (
            "size-beyond-64-bits",
            section,
            "10000000000000005\r\nhello\r\n0\r\n\r\n",
            400,
        ),
        (
            "size-of-2-to-the-64-less-1",
            "RFC 9110 section 15.5.14",
            "ffffffffffffffff\r\n",
            413,
        ),
        ("size-beyond-the-limit", "RFC 9110 section 15.5.14", "100001\r\n", 413),
        ("size-line-of-lf", section, "5\nhello\r\n0\r\n\r\n", 400),
        ("size-line-of-cr", section, "5\rhello\r\n0\r\n\r\n", 400),
        ("data-too-long", section, "5\r\nhello!\r\n0\r\n\r\n", 400),
        ("data-too-short", section, "5\r\nhell\r\n0\r\n\r\n", 400),
        ("data-without-line-end", section, "5\r\nhello0\r\n\r\n", 400),
        ("data-ends-with-lf", section, "5\r\nhello\n0\r\n\r\n", 400),
        ("extension-empty", extension, "5;\r\nhello\r\n0\r\n\r\n", 400),
        (
            "extension-without-semicolon",
            extension,
            "5 a\r\nhello\r\n0\r\n\r\n",
            400,
        ),
        ("extension-without-value", extension, "5;a=\r\nhello\r\n0\r\n\r\n", 400),
        ("extension-without-name", extension, "5;=b\r\nhello\r\n0\r\n\r\n", 400),
        (
            "extension-quote-not-closed",
            extension,
            "5;a=\"b\r\nhello\r\n0\r\n\r\n",
            400,
        ),
        ("extension-with-cr", extension, "5;a\rb\r\nhello\r\n0\r\n\r\n", 400),
        ("extension-with-nul", extension, "5;a=\"\0\"\r\nhello\r\n0\r\n\r\n", 400),
        ("extension-with-lf", extension, "5;a\nhello\r\n0\r\n\r\n", 400),
        ("extension-too-long", extension, &long_extension, 400),
        ("extensions-too-long-in-all", extension, &many_extensions, 400),
        ("trailer-without-colon", trailer, "0\r\nA\r\n\r\n", 400),
        ("trailer-space-before-colon", trailer, "0\r\nA : b\r\n\r\n", 400),
        ("trailer-folded", trailer, "0\r\nA: b\r\n c\r\n\r\n", 400),
        ("trailer-without-name", trailer, "0\r\n: b\r\n\r\n", 400),
        ("trailer-with-nul", trailer, "0\r\nA: \0\r\n\r\n", 400),
        ("trailer-ends-with-lf", trailer, "0\r\nA: b\n\r\n", 400),
        ("trailer-section-ends-with-lf", trailer, "0\r\n\n", 400),
        ("trailers-too-many", trailer, &many_trailers, 431),
        ("trailers-too-large", trailer, &long_trailer, 431),
    ] {
        cases.push(refused(format!("chunk-{id}"), rule, chunked(content), status));
    }
    cases.extend([
        with_status(
            "chunk-with-post",
            section,
            request("POST", "/", &["Transfer-Encoding: chunked"]) + "1\r\nx\r\n0\r\n\r\n",
            405,
        ),
        refused(
            "chunk-broken-with-post",
            section,
            request("POST", "/", &["Transfer-Encoding: chunked"]) + "1\r\nxy\r\n",
            400,
        ),
        with_status(
            "chunk-10-of-10",
            "ours: limits",
            chunked("5\r\nhello\r\n5\r\nhello\r\n0\r\n\r\n"),
            200,
        )
        .on(Setup::Small),
        refused("chunk-11-of-10", "ours: limits", chunked("5\r\nhello\r\n6\r\n"), 413).on(Setup::Small),
    ]);
    cases
}

/// What the client does not finish.
fn incomplete() -> Vec<Case> {
    let rule = "RFC 9112 section 8";
    vec![
        with_status("incomplete-line", rule, "GET /dig", 400).ends(),
        with_status("incomplete-first-byte", rule, "G", 400).ends(),
        with_status("incomplete-head", rule, "GET /digits.txt HTTP/1.1\r\nHost: a\r\n", 400).ends(),
        with_status(
            "incomplete-length",
            rule,
            with_content("Content-Length: 5", "hell"),
            400,
        )
        .ends(),
        with_status("incomplete-chunk", rule, chunked("5\r\nhel"), 400).ends(),
        with_status("incomplete-last-chunk", rule, chunked("5\r\nhello\r\n"), 400).ends(),
        with_status("incomplete-trailer", rule, chunked("0\r\n"), 400).ends(),
        with_status("incomplete-second", rule, lines("Host: a") + "GET /", 200)
            .response(400)
            .ends(),
        with_status("complete-before-the-end", "RFC 9112 section 9.6", lines("Host: a"), 200)
            .content("0123456789")
            .ends(),
        with_status(
            "complete-twice-before-the-end",
            "RFC 9112 section 9.6",
            lines("Host: a").repeat(2),
            200,
        )
        .response(200)
        .ends(),
    ]
}
