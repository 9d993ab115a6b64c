//! The request-target and Host (RFC 9112 sections 3.2 and 3.3, RFC 9110 sections 4.2, 7.1, 7.2 and 7.4).

use crate::case::{Case, get, lines, refused, request, with_status};

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    cases.extend(forms());
    cases.extend(characters());
    cases.extend(hosts());
    cases
}

fn forms() -> Vec<Case> {
    let absolute = "RFC 9112 section 3.2.2";
    let ok = |id: &str, rule, target: &str| with_status(id, rule, get(target, &[]), 200);
    let bad = |id: &str, rule, target: &str| refused(id, rule, get(target, &[]), 400);
    vec![
        ok("origin-form", "RFC 9112 section 3.2.1", "/digits.txt").content("0123456789"),
        ok(
            "origin-form-query",
            "RFC 9112 section 3.2.1",
            "/digits.txt?a=b/c?d&e=%41",
        )
        .content("0123456789"),
        bad("origin-form-without-slash", "RFC 9112 section 3.2.1", "digits.txt"),
        bad("origin-form-only-a-query", "RFC 9112 section 3.2.1", "?a"),
        ok("absolute-form", absolute, "http://a.example/digits.txt").content("0123456789"),
        ok(
            "absolute-form-goes-before-host",
            absolute,
            "http://b.example:81/digits.txt",
        )
        .content("0123456789"),
        ok(
            "absolute-form-upper-case",
            "RFC 9110 section 4.2.3",
            "HTTP://A.EXAMPLE/digits.txt",
        ),
        ok(
            "absolute-form-without-a-path",
            "RFC 9110 section 4.2.3",
            "http://a.example",
        )
        .content_has("the front page"),
        ok(
            "absolute-form-only-a-query",
            "RFC 9110 section 4.2.3",
            "http://a.example?a=b",
        )
        .content_has("the front page"),
        ok("absolute-form-ipv6", absolute, "http://[::1]:8080/digits.txt"),
        ok("absolute-form-ip-of-the-future", absolute, "http://[v1.a]/digits.txt"),
        ok(
            "absolute-form-empty-port",
            "RFC 9110 section 4.2.3",
            "http://a.example:/digits.txt",
        ),
        refused(
            "absolute-form-without-host",
            "RFC 9112 section 3.2",
            "GET http://a/ HTTP/1.1\r\n\r\n",
            400,
        ),
        refused(
            "absolute-form-and-a-bad-host",
            "RFC 9112 section 3.2",
            "GET http://a/ HTTP/1.1\r\nHost: a/b\r\n\r\n",
            400,
        ),
        with_status(
            "absolute-form-1-0",
            absolute,
            "GET http://a/digits.txt HTTP/1.0\r\n\r\n",
            200,
        )
        .closes(),
        bad(
            "absolute-form-userinfo",
            "RFC 9110 section 4.2.4",
            "http://user:secret@a.example/digits.txt",
        ),
        bad(
            "absolute-form-empty-host",
            "RFC 9110 section 4.2.1",
            "http:///digits.txt",
        ),
        bad(
            "absolute-form-only-a-port",
            "RFC 9110 section 4.2.1",
            "http://:80/digits.txt",
        ),
        bad("absolute-form-bad-port", absolute, "http://a.example:8x/digits.txt"),
        bad(
            "absolute-form-fragment",
            "RFC 9112 section 3.2",
            "http://a.example/digits.txt#a",
        ),
        bad("absolute-form-other-scheme", absolute, "ftp://a.example/digits.txt"),
        bad("absolute-form-one-slash", absolute, "http:/digits.txt"),
        // An https resource is only to be had over a connection that is secured for it.
        refused(
            "absolute-form-https",
            "RFC 9110 section 7.4",
            get("https://a.example/digits.txt", &[]),
            421,
        ),
        bad("authority-form-get", "RFC 9112 section 3.2.3", "a.example:80"),
        bad("asterisk-form-get", "RFC 9112 section 3.2.4", "*"),
        refused(
            "asterisk-form-head",
            "RFC 9112 section 3.2.4",
            request("HEAD", "*", &[]),
            400,
        ),
        refused(
            "asterisk-form-post",
            "RFC 9112 section 3.2.4",
            request("POST", "*", &[]),
            400,
        ),
        refused(
            "asterisk-form-and-more",
            "RFC 9112 section 3.2.4",
            request("OPTIONS", "*a", &[]),
            400,
        ),
    ]
}

/// Only what RFC 3986 allows, and once decoded, what a file's name can have.
fn characters() -> Vec<Case> {
    let mut cases = vec![
        with_status(
            "target-allowed-characters",
            "RFC 3986 section 3.3",
            get("/!$&'()*+,;=:@-._~", &[]),
            404,
        ),
        with_status(
            "target-query-characters",
            "RFC 3986 section 3.4",
            get("/digits.txt?!$&'()*+,;=:@-._~/?", &[]),
            200,
        ),
        with_status(
            "target-triplets-in-a-query",
            "RFC 3986 section 3.4",
            get("/digits.txt?%00%FF%0A", &[]),
            200,
        ),
    ];
    for (id, target, rule) in [
        ("fragment", "/digits.txt#a", "RFC 9112 section 3.2"),
        ("fragment-in-a-query", "/digits.txt?a#b", "RFC 9112 section 3.2"),
        ("percent-alone", "/%", "RFC 3986 section 2.1"),
        ("percent-one-digit", "/%4", "RFC 3986 section 2.1"),
        ("percent-no-digits", "/%zz", "RFC 3986 section 2.1"),
        ("percent-in-a-query", "/digits.txt?%4", "RFC 3986 section 2.1"),
        ("double-quote", "/a\"b", "RFC 3986 section 3.3"),
        ("angle-brackets", "/<script>", "RFC 3986 section 3.3"),
        ("backslash", "/dir\\page.html", "RFC 3986 section 3.3"),
        ("circumflex", "/a^b", "RFC 3986 section 3.3"),
        ("backquote", "/a`b", "RFC 3986 section 3.3"),
        ("braces", "/{a}", "RFC 3986 section 3.3"),
        ("bar", "/a|b", "RFC 3986 section 3.3"),
        ("brackets", "/[a]", "RFC 3986 section 3.3"),
        ("control", "/a\u{1}b", "RFC 3986 section 3.3"),
        ("del", "/a\u{7f}b", "RFC 3986 section 3.3"),
        ("non-ascii", "/caf\u{e9}.txt", "RFC 3986 section 3.3"),
        ("non-ascii-in-a-query", "/digits.txt?caf\u{e9}", "RFC 3986 section 3.4"),
    ] {
        cases.push(refused(format!("target-{id}"), rule, get(target, &[]), 400));
    }
    for (id, target) in [
        ("nul", "/%00"),
        ("nul-after-a-name", "/digits.txt%00.html"),
        ("lf", "/a%0Ab"),
        ("crlf", "/%0d%0aX:%20y"),
        ("del", "/a%7F"),
        ("c1-control", "/a%C2%85"),
        ("backslash", "/..%5C..%5Cetc%5Cpasswd"),
        ("no-utf-8", "/caf%E9.txt"),
        ("overlong-dots", "/%C0%AE%C0%AE/etc/passwd"),
        ("surrogate", "/%ED%A0%80"),
    ] {
        let rule = "ours: names of files";
        cases.push(with_status(format!("decoded-{id}"), rule, get(target, &[]), 400));
        // The target is wrong whatever is to be done with it.
        cases.push(with_status(
            format!("decoded-{id}-options"),
            rule,
            request("OPTIONS", target, &[]),
            400,
        ));
    }
    cases
}

fn hosts() -> Vec<Case> {
    let mut cases = Vec::new();
    for (id, host) in [
        ("name", "Host: a.example"),
        ("port", "Host: a.example:8080"),
        ("empty-port", "Host: a.example:"),
        ("ipv4", "Host: 127.0.0.1:80"),
        ("ipv6", "Host: [::1]:80"),
        ("ip-of-the-future", "Host: [v1.a]:80"),
        ("underscore", "Host: a_b"),
        ("triplet", "Host: caf%C3%A9.example"),
        ("upper-case-name", "HOST: A"),
        ("lower-case-name", "host: a"),
        ("no-space", "Host:a"),
        ("tabs", "Host:\t a \t"),
        ("last-of-many", "A: b\r\nB: c\r\nHost: a"),
        ("another-site", "Host: b.example"),
    ] {
        cases.push(with_status(
            format!("host-{id}"),
            "RFC 9110 section 7.2",
            lines(host),
            200,
        ));
    }
    for (id, host) in [
        ("missing", "A: b"),
        ("in-another-name", "X-Host: a"),
        ("in-a-longer-name", "Hosts: a"),
        ("in-a-value", "A: Host: a"),
        ("empty", "Host:"),
        ("only-spaces", "Host:   "),
        ("twice", "Host: a\r\nHost: b"),
        ("twice-the-same", "Host: a\r\nhost: a"),
        ("apart", "Host: a\r\nA: b\r\nHost: a"),
        ("list", "Host: a, b"),
        ("userinfo", "Host: user@a"),
        ("path", "Host: a/b"),
        ("query", "Host: a?b"),
        ("url", "Host: http://a"),
        ("space-within", "Host: a b"),
        ("port-letters", "Host: a:http"),
        ("port-sign", "Host: a:-1"),
        ("two-ports", "Host: a:80:81"),
        ("only-a-port", "Host: :80"),
        ("broken-ipv6", "Host: [::1"),
        ("ipv6-without-brackets", "Host: ::1"),
        ("broken-triplet", "Host: a%4"),
        ("obs-text", "Host: caf\u{e9}"),
    ] {
        cases.push(refused(format!("host-{id}"), "RFC 9112 section 3.2", lines(host), 400));
    }
    cases.extend([
        refused(
            "host-empty-1-0",
            "RFC 9112 section 3.2",
            "GET / HTTP/1.0\r\nHost:\r\n\r\n",
            400,
        ),
        refused(
            "host-twice-1-0",
            "RFC 9112 section 3.2",
            "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n",
            400,
        ),
        refused(
            "host-missing-options",
            "RFC 9112 section 3.2",
            "OPTIONS * HTTP/1.1\r\n\r\n",
            400,
        ),
        refused(
            "host-missing-head",
            "RFC 9110 section 9.3.2",
            "HEAD / HTTP/1.1\r\n\r\n",
            400,
        ),
    ]);
    cases
}
