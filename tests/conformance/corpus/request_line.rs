//! The first line: which HTTP it is (RFC 9112 sections 2.2, 2.3 and 3; HTTP/0.9 as of 1991).

use crate::case::{Case, SIMPLE, bare, bare_error, case, get, lines, refused, request, with_content, with_status};
use crate::served::{AFTER, Setup, pattern};

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    cases.extend(simple());
    cases.extend(bare_always());
    cases.extend(versions());
    cases.extend(words());
    cases.extend(empty_lines());
    cases.extend(lengths());
    cases
}

/// Two words are HTTP/0.9.
fn simple() -> Vec<Case> {
    let rest = "\r\nHost: a.example\r\n\r\n";
    vec![
        bare("simple-get", SIMPLE, "GET /digits.txt\r\n", "0123456789"),
        bare("simple-bare-lf", SIMPLE, "GET /digits.txt\n", "0123456789"),
        bare("simple-query", SIMPLE, "GET /digits.txt?a=b\r\n", "0123456789"),
        bare(
            "simple-absolute-form",
            SIMPLE,
            "GET http://a.example/digits.txt\r\n",
            "0123456789",
        ),
        bare("simple-empty-file", SIMPLE, "GET /empty.txt\r\n", ""),
        bare(
            "simple-after-an-empty-line",
            SIMPLE,
            "\r\nGET /digits.txt\r\n",
            "0123456789",
        ),
        bare(
            "simple-after-an-empty-line-of-lf",
            SIMPLE,
            "\nGET /digits.txt\n",
            "0123456789",
        ),
        bare(
            "simple-fields-are-not-read",
            SIMPLE,
            format!("GET /digits.txt{rest}"),
            "0123456789",
        ),
        bare(
            "simple-is-the-last",
            SIMPLE,
            "GET /digits.txt\r\nGET /probe.txt\r\n",
            "0123456789",
        ),
        bare_error("simple-index", SIMPLE, "GET /\r\n", "the front page"),
        bare_error("simple-not-found", SIMPLE, "GET /nothing\r\n", "the site's own 404"),
        bare_error("simple-redirect", SIMPLE, "GET /dir\r\n", "301 Moved Permanently"),
        bare_error("simple-nul", SIMPLE, "GET /%00\r\n", "400 Bad Request"),
        bare_error("simple-bad-target", SIMPLE, "GET digits.txt\r\n", "400 Bad Request"),
        bare_error(
            "simple-cr-in-the-target",
            SIMPLE,
            "GET /digits.txt\r\r\n",
            "400 Bad Request",
        ),
        bare_error("simple-post", SIMPLE, "POST /digits.txt\r\n", "400 Bad Request"),
        bare_error("simple-head", SIMPLE, "HEAD /digits.txt\r\n", "400 Bad Request"),
        bare_error("simple-lower-case", SIMPLE, "get /digits.txt\r\n", "400 Bad Request"),
        case("simple-large-file", SIMPLE, "GET /pattern.bin\r\n")
            .bare_response()
            .content(pattern(200_000))
            .closes(),
        with_status(
            "simple-after-1-1",
            SIMPLE,
            get("/digits.txt", &[]) + "GET /probe.txt\r\n",
            200,
        )
        .bare_response()
        .content("the connection is usable\n")
        .closes(),
        // --http 1
        refused("simple-switched-off", "RFC 9112 section 3", "GET /digits.txt\r\n", 400).on(Setup::Application),
        refused(
            "simple-switched-off-post",
            "RFC 9112 section 3",
            "POST /digits.txt\n",
            400,
        )
        .on(Setup::Application),
    ]
}

/// `--http 0.9`: every response is bare.
fn bare_always() -> Vec<Case> {
    let mut cases = vec![
        bare(
            "bare-always-1-1",
            "ours: --http 0.9",
            get("/digits.txt", &[]),
            "0123456789",
        )
        .on(Setup::Http09),
        bare(
            "bare-always-1-0",
            "ours: --http 0.9",
            "GET /digits.txt HTTP/1.0\r\n\r\n",
            "0123456789",
        )
        .on(Setup::Http09),
        bare(
            "bare-always-two-words",
            "ours: --http 0.9",
            "GET /digits.txt\r\n",
            "0123456789",
        )
        .on(Setup::Http09),
        bare_error(
            "bare-always-error",
            "ours: --http 0.9",
            "GET / HTTP/1.1\r\n\r\n",
            "400 Bad Request",
        )
        .on(Setup::Http09),
        bare_error("bare-always-505", "ours: --http 0.9", "GET / HTTP/3.0\r\n\r\n", "505 ").on(Setup::Http09),
    ];
    // A client could not distinguish a part, an empty response or an encoded one from the file.
    for (id, path, field, content) in [
        ("range", "/digits.txt", "Range: bytes=0-2", "0123456789"),
        ("ranges", "/digits.txt", "Range: bytes=0-0,5-6", "0123456789"),
        ("unsatisfiable", "/digits.txt", "Range: bytes=10-", "0123456789"),
        ("if-none-match", "/digits.txt", "If-None-Match: *", "0123456789"),
        (
            "if-modified-since",
            "/digits.txt",
            &format!("If-Modified-Since: {AFTER}"),
            "0123456789",
        ),
        ("if-match", "/digits.txt", "If-Match: \"x\"", "0123456789"),
        ("coding", "/page.html", "Accept-Encoding: gzip", "a page, as it is."),
        (
            "not-acceptable",
            "/digits.txt",
            "Accept-Encoding: identity;q=0",
            "0123456789",
        ),
    ] {
        let request = get(path, &[field]);
        cases.push(bare(format!("bare-always-whole-{id}"), "ours: --http 0.9", request, content).on(Setup::Http09));
    }
    for method in ["HEAD", "OPTIONS", "POST"] {
        let id = format!("bare-always-no-{}", method.to_ascii_lowercase());
        let request = request(method, "/digits.txt", &[]);
        cases.push(bare_error(id, "ours: --http 0.9", request, "405 Method Not Allowed").on(Setup::Http09));
    }
    cases.push(
        bare(
            "bare-always-no-100",
            "ours: --http 0.9",
            format!(
                "{}hello",
                get("/digits.txt", &["Content-Length: 5", "Expect: 100-continue"])
            ),
            "0123456789",
        )
        .on(Setup::Http09),
    );
    cases.push(
        bare_error(
            "bare-always-redirect",
            "ours: --http 0.9",
            "GET /dir\r\n",
            "<a href=\"/dir/\">/dir/</a>",
        )
        .on(Setup::Http09),
    );
    cases
}

/// Three words say their version.
fn versions() -> Vec<Case> {
    let host = "\r\nHost: a.example\r\n\r\n";
    let get = |version: &str| format!("GET /digits.txt {version}{host}");
    let mut cases = vec![
        with_status("version-1-1", "RFC 9112 section 2.3", get("HTTP/1.1"), 200).content("0123456789"),
        with_status("version-1-0", "RFC 9110 section 2.5", get("HTTP/1.0"), 200)
            .content("0123456789")
            .closes(),
        with_status(
            "version-1-0-without-host",
            "RFC 9112 section 3.2",
            "GET /digits.txt HTTP/1.0\r\n\r\n",
            200,
        )
        .closes(),
        with_status("version-1-2", "RFC 9110 section 2.5", get("HTTP/1.2"), 200),
        with_status("version-1-9", "RFC 9110 section 2.5", get("HTTP/1.9"), 200),
        refused("version-2-0", "RFC 9110 section 15.6.6", get("HTTP/2.0"), 505),
        refused("version-3-0", "RFC 9110 section 15.6.6", get("HTTP/3.0"), 505),
        refused("version-9-9", "RFC 9110 section 15.6.6", get("HTTP/9.9"), 505),
        refused("version-0-9", "RFC 9110 section 15.6.6", get("HTTP/0.9"), 505),
        refused(
            "version-http2-preface",
            "RFC 9110 section 15.6.6",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            505,
        ),
        refused(
            "version-2-0-head",
            "RFC 9110 section 9.3.2",
            "HEAD / HTTP/2.0\r\nHost: a\r\n\r\n",
            505,
        ),
    ];
    for (id, version) in [
        ("lower-case", "http/1.1"),
        ("mixed-case", "Http/1.1"),
        ("no-minor", "HTTP/1"),
        ("no-minor-digit", "HTTP/1."),
        ("no-major", "HTTP/.1"),
        ("two-digits", "HTTP/1.10"),
        ("two-digits-major", "HTTP/11.1"),
        ("leading-zero", "HTTP/01.1"),
        ("comma", "HTTP/1,1"),
        ("other-protocol", "HTTPS/1.1"),
        ("no-slash", "HTTP1.1"),
        ("sign", "HTTP/-1.1"),
        ("letter", "HTTP/1.x"),
        ("more-after", "HTTP/1.1x"),
        ("cr-after", "HTTP/1.1\r"),
        ("cr-within", "HTTP/1.1\rX"),
        ("nul-after", "HTTP/1.1\0"),
    ] {
        cases.push(refused(
            format!("version-syntax-{id}"),
            "RFC 9112 section 2.3",
            get(version),
            400,
        ));
    }
    cases
}

/// The words and the bytes between them.
fn words() -> Vec<Case> {
    let host = "\r\nHost: a.example\r\n\r\n";
    let mut cases = Vec::new();
    for (id, line) in [
        ("two-spaces-first", "GET  /digits.txt HTTP/1.1"),
        ("two-spaces-second", "GET /digits.txt  HTTP/1.1"),
        ("space-before", " GET /digits.txt HTTP/1.1"),
        ("space-after", "GET /digits.txt HTTP/1.1 "),
        ("tab-first", "GET\t/digits.txt HTTP/1.1"),
        ("tab-second", "GET /digits.txt\tHTTP/1.1"),
        ("four-words", "GET /digits.txt x HTTP/1.1"),
        ("one-word", "GET"),
        ("one-word-and-a-space", "GET "),
        ("two-words-and-a-space", "GET /digits.txt "),
        ("no-target", "GET HTTP/1.1"),
        ("no-target-but-its-spaces", "GET  HTTP/1.1"),
        ("no-method", "/digits.txt HTTP/1.1"),
        ("only-spaces", "   "),
        ("another-protocol", "SSH-2.0-OpenSSH_9.9"),
        ("vertical-tab", "GET /digits.txt\u{b}HTTP/1.1 x"),
    ] {
        cases.push(refused(
            format!("line-{id}"),
            "RFC 9112 section 3",
            format!("{line}{host}"),
            400,
        ));
    }
    for (id, method) in [
        ("at-sign", "G@T"),
        ("parenthesis", "GET("),
        ("quotes", "\"GET\""),
        ("slash", "/GET"),
    ] {
        let line = format!("{method} / HTTP/1.1{host}");
        cases.push(refused(
            format!("method-no-token-{id}"),
            "RFC 9110 section 9.1",
            line,
            400,
        ));
    }
    let bare_lf = "RFC 9112 section 2.2";
    cases.extend([
        refused("line-bare-lf", bare_lf, "GET / HTTP/1.1\nHost: a\n\n", 400),
        refused(
            "line-bare-lf-head",
            "RFC 9110 section 9.3.2",
            "HEAD / HTTP/1.1\nHost: a\n\n",
            400,
        ),
        refused("line-bare-lf-1-0", bare_lf, "GET / HTTP/1.0\n\n", 400),
        refused(
            "line-bare-lf-in-a-field",
            bare_lf,
            "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
            400,
        ),
        refused(
            "line-bare-lf-at-the-end",
            bare_lf,
            "GET / HTTP/1.1\r\nHost: a\r\n\n",
            400,
        ),
        refused(
            "line-bare-cr-at-its-start",
            bare_lf,
            "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            400,
        ),
        refused(
            "line-bare-cr-in-the-target",
            bare_lf,
            "GET /a\rb HTTP/1.1\r\nHost: a\r\n\r\n",
            400,
        ),
        // What no request can begin with is refused at its first byte.
        refused(
            "first-byte-tls",
            "RFC 9112 section 3",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            400,
        ),
        refused(
            "first-byte-tls-with-a-space",
            "RFC 9112 section 3",
            tls_client_hello(),
            400,
        ),
        refused("first-byte-nul", "RFC 9112 section 3", "\0", 400),
        refused("first-byte-ff", "RFC 9112 section 3", b"\xff\xff\xff\xff", 400),
        refused(
            "first-byte-of-a-second-request",
            "RFC 9112 section 3",
            get("/digits.txt", &[]) + "\u{1}",
            200,
        )
        .response(400),
    ]);
    cases
}

/// What a browser begins with when it is asked for `https://` at this port; the length of its session id is 0x20.
fn tls_client_hello() -> Vec<u8> {
    let random = [7; 32];
    [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        &random,
        b" ",
        &random,
        b"\x00\x3e\x13\x02",
    ]
    .concat()
}

/// Empty lines before a request.
fn empty_lines() -> Vec<Case> {
    let rule = "RFC 9112 section 2.2";
    let digits = lines("Host: a.example");
    vec![
        with_status("empty-line-once", rule, format!("\r\n{digits}"), 200),
        with_status(
            "empty-line-once-before-each",
            rule,
            format!("\r\n{digits}\r\n{digits}\r\n"),
            200,
        )
        .response(200),
        with_status(
            "empty-line-after-content",
            rule,
            with_content("Content-Length: 5", "hello\r\n") + &digits,
            200,
        )
        .response(200),
        refused("empty-line-twice", rule, format!("\r\n\r\n{digits}"), 400),
        refused("empty-line-twice-simple", rule, "\r\n\r\nGET /digits.txt\r\n", 400),
        refused("empty-line-of-lf", rule, format!("\n{digits}"), 400),
        refused("empty-line-of-cr", rule, format!("\r{digits}"), 400),
    ]
}

/// How long a request line may be.
fn lengths() -> Vec<Case> {
    let rule = "RFC 9112 section 3";
    let line_of = |method: &str, length: usize| {
        let around = method.len() + " / HTTP/1.1".len();
        format!(
            "{method} /{} HTTP/1.1\r\nHost: a.example\r\n\r\n",
            "a".repeat(length - around)
        )
    };
    vec![
        with_status("length-8000", rule, line_of("GET", 8000), 404),
        with_status("length-8192", rule, line_of("GET", 8192), 404),
        refused("length-8193", rule, line_of("GET", 8193), 414),
        refused("length-8194", rule, line_of("GET", 8194), 414),
        refused("length-15000", rule, line_of("GET", 15_000), 414),
        refused("length-100000", rule, line_of("GET", 100_000), 414),
        refused(
            "length-15000-head",
            "RFC 9110 section 9.3.2",
            line_of("HEAD", 15_000),
            414,
        ),
        refused(
            "length-15000-simple",
            rule,
            format!("GET /{}\r\n", "a".repeat(15_000)),
            414,
        ),
        refused("length-of-an-endless-line", rule, "G".repeat(9000), 414),
        with_status(
            "length-of-a-query",
            rule,
            format!("GET /digits.txt?{} HTTP/1.1\r\nHost: a\r\n\r\n", "q".repeat(8000)),
            200,
        ),
        with_status("length-60-of-60", "ours: limits", line_of("GET", 60), 404).on(Setup::Small),
        refused("length-61-of-60", "ours: limits", line_of("GET", 61), 414).on(Setup::Small),
        with_status(
            "method-of-17-letters",
            "RFC 9110 section 9.1",
            line_of("UPDATEREDIRECTREF", 40),
            501,
        ),
        refused(
            "method-of-18-letters",
            "ours: methods",
            line_of("UPDATEREDIRECTREFS", 40),
            400,
        ),
    ]
}
