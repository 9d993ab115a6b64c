//! The test vectors: requests, each with the only correct outcome, and the rule that says so.
//!
//! To add a vector, add a row; `cargo test` then checks the server and the Rust template with it as well.
//! If an RFC allows a recipient to be lenient (bare LF, line folding), the outcome is the strict one, as
//! in the server: two parsers that repair differently see two different requests. A request that must be
//! rejected has only one fault; with a second one, it could be rejected for another reason than the intended one.

use super::outcome::Outcome;

/// A request, and the expected outcome.
pub(super) struct Vector {
    /// Its name, in the report and for `--only`.
    pub(super) name: &'static str,
    /// How hard it is.
    pub(super) level: Level,
    /// The rule that it shows.
    pub(super) rule: &'static str,
    /// The argument of `parse`.
    pub(super) bytes: &'static str,
    /// The expected result.
    pub(super) expected: Outcome,
}

/// How hard a vector is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Level {
    /// What every client sends, and simple mistakes.
    Basic,
    /// What only hostile or careless clients send.
    Strict,
}

impl Level {
    /// All levels, in the order of the report.
    pub(super) const ALL: [Self; 2] = [Self::Basic, Self::Strict];

    /// Its name for `--only`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Strict => "strict",
        }
    }

    /// The points of a vector of this level.
    pub(super) fn points(self) -> usize {
        match self {
            Self::Basic => 1,
            Self::Strict => 2,
        }
    }
}

/// All vectors. The words of a request in `is` are its method, its target and its version; then come its
/// field lines.
#[rustfmt::skip]
pub(super) fn all() -> Vec<Vector> {
    vec![
        // The request line.
        basic("get", "RFC 9112 section 3", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", is("GET / HTTP/1.1", &["Host: a"])),
        basic("path-and-query", "RFC 9112 section 3.2.1", "GET /a/b.html?c=d&e HTTP/1.1\r\nHost: a\r\n\r\n", is("GET /a/b.html?c=d&e HTTP/1.1", &["Host: a"])),
        basic("percent-triplet-as-received", "RFC 3986 section 2.1", "GET /a%20b HTTP/1.1\r\nHost: a\r\n\r\n", is("GET /a%20b HTTP/1.1", &["Host: a"])),
        basic("any-token-is-a-method", "RFC 9110 section 9.1", "BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n", is("BREW /pot HTTP/1.1", &["Host: a"])),
        basic("http-1-0-needs-no-host", "RFC 9112 section 3.2", "GET / HTTP/1.0\r\n\r\n", is("GET / HTTP/1.0", &[])),
        basic("one-word", "RFC 9112 section 3", "GET\r\n\r\n", refused(400)),
        basic("four-words", "RFC 9112 section 3", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", refused(400)),
        basic("malformed-version", "RFC 9112 section 2.3", "GET / HTTP/1.x\r\nHost: a\r\n\r\n", refused(400)),
        basic("http-2-0", "RFC 9110 section 15.6.6", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", refused(505)),
        strict("http-1-2-is-treated-as-1-1", "RFC 9110 section 2.5", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", is("GET / HTTP/1.1", &["Host: a"])),
        strict("version-in-lower-case", "RFC 9112 section 2.3", "GET / http/1.1\r\nHost: a\r\n\r\n", refused(400)),
        strict("method-is-no-token", "RFC 9110 section 9.1", "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n", refused(400)),
        strict("two-spaces", "RFC 9112 section 3", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", refused(400)),
        strict("tab-for-a-space", "RFC 9112 section 3", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", refused(400)),
        strict("one-empty-line-before", "RFC 9112 section 2.2", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", is("GET / HTTP/1.1", &["Host: a"])),
        strict("http-0-9", "HTTP/0.9 (1991)", "GET /a\r\n", is("GET /a HTTP/0.9", &[])),
        strict("http-0-9-has-get-alone", "HTTP/0.9 (1991)", "POST /a\r\n", refused(400)),

        // The request-target.
        strict("absolute-form", "RFC 9112 section 3.2.2", "GET http://a:80/b HTTP/1.1\r\nHost: a\r\n\r\n", is("GET http://a:80/b HTTP/1.1", &["Host: a"])),
        strict("asterisk-form", "RFC 9112 section 3.2.4", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", is("OPTIONS * HTTP/1.1", &["Host: a"])),
        strict("asterisk-form-with-get", "RFC 9112 section 3.2.4", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", refused(400)),
        strict("no-form-at-all", "RFC 9112 section 3.2", "GET a/b HTTP/1.1\r\nHost: a\r\n\r\n", refused(400)),
        strict("broken-percent-triplet", "RFC 3986 section 2.1", "GET /a%2 HTTP/1.1\r\nHost: a\r\n\r\n", refused(400)),
        strict("fragment", "RFC 9112 section 3.2", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", refused(400)),
        strict("non-ascii-in-the-target", "RFC 3986 section 3.3", "GET /ñ HTTP/1.1\r\nHost: a\r\n\r\n", refused(400)),

        // Field lines.
        basic("fields-in-their-order", "RFC 9110 section 5.3", "GET / HTTP/1.1\r\nHost: a\r\nAccept: b\r\nAccept: c\r\n\r\n", is("GET / HTTP/1.1", &["Host: a", "Accept: b", "Accept: c"])),
        basic("white-space-around-a-value", "RFC 9112 section 5.1", "GET / HTTP/1.1\r\nHost:\t a \t\r\nX:y z\r\n\r\n", is("GET / HTTP/1.1", &["Host: a", "X: y z"])),
        basic("colon-in-a-value", "RFC 9112 section 5", "GET / HTTP/1.1\r\nHost: a:8080\r\n\r\n", is("GET / HTTP/1.1", &["Host: a:8080"])),
        basic("empty-value", "RFC 9110 section 5.5", "GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n", is("GET / HTTP/1.1", &["Host: a", "X: "])),
        basic("name-as-received", "RFC 9110 section 5.1", "GET / HTTP/1.1\r\nhOST: a\r\n\r\n", is("GET / HTTP/1.1", &["hOST: a"])),
        basic("no-colon", "RFC 9112 section 5", "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", refused(400)),
        strict("bare-lf", "RFC 9112 section 2.2", "GET / HTTP/1.1\nHost: a\n\n", refused(400)),
        strict("bare-cr", "RFC 9112 section 2.2", "GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n", refused(400)),
        strict("line-folding", "RFC 9112 section 5.2", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c: d\r\n\r\n", refused(400)),
        strict("space-before-the-first-field", "RFC 9112 section 2.2", "GET / HTTP/1.1\r\n X: b\r\nHost: a\r\n\r\n", refused(400)),
        strict("space-before-the-colon", "RFC 9112 section 5.1", "GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n", refused(400)),
        strict("empty-name", "RFC 9110 section 5.1", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", refused(400)),
        strict("name-is-no-token", "RFC 9110 section 5.1", "GET / HTTP/1.1\r\nHost: a\r\nX/Y: b\r\n\r\n", refused(400)),
        strict("nul-in-a-value", "RFC 9110 section 5.5", "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n", refused(400)),
        strict("non-ascii-in-a-value", "RFC 9110 section 5.5", "GET / HTTP/1.1\r\nHost: a\r\nX: señal\r\n\r\n", is("GET / HTTP/1.1", &["Host: a", "X: señal"])),

        // Host.
        basic("host-missing", "RFC 9112 section 3.2", "GET / HTTP/1.1\r\nX: b\r\n\r\n", refused(400)),
        strict("host-missing-with-absolute-form", "RFC 9112 section 3.2", "GET http://a/ HTTP/1.1\r\n\r\n", refused(400)),
        strict("host-twice", "RFC 9112 section 3.2", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", refused(400)),
        strict("host-with-a-path", "RFC 9110 section 7.2", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", refused(400)),
        strict("host-ipv6", "RFC 3986 section 3.2.2", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", is("GET / HTTP/1.1", &["Host: [::1]:8080"])),

        // The length of a request.
        basic("nothing-yet", "RFC 9112 section 2.1", "", Outcome::Incomplete),
        basic("half-a-request-line", "RFC 9112 section 2.1", "GET / HT", Outcome::Incomplete),
        basic("no-empty-line-yet", "RFC 9112 section 2.1", "GET / HTTP/1.1\r\nHost: a\r\n", Outcome::Incomplete),
        basic("the-first-of-two", "RFC 9112 section 9.3.2", "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n", is("GET /1 HTTP/1.1", &["Host: a"])),
        strict("content", "RFC 9112 section 6.2", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", is("POST / HTTP/1.1", &["Host: a", "Content-Length: 5"])),
        strict("content-is-not-all-there", "RFC 9112 section 6.2", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell", Outcome::Incomplete),
        strict("content-length-with-a-sign", "RFC 9110 section 8.6", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", refused(400)),
        strict("content-length-twice", "RFC 9112 section 6.3", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", refused(400)),
        strict("chunked", "RFC 9112 section 7.1", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", is("POST / HTTP/1.1", &["Host: a", "Transfer-Encoding: chunked"])),
        strict("last-chunk-is-not-there", "RFC 9112 section 7.1", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", Outcome::Incomplete),
        strict("chunk-size-is-no-number", "RFC 9112 section 7.1", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\nhello\r\n0\r\n\r\n", refused(400)),
        strict("both-lengths", "RFC 9112 section 6.3", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", refused(400)),
        strict("chunked-is-not-the-last-coding", "RFC 9112 section 6.3", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", refused(400)),
        strict("transfer-encoding-in-http-1-0", "RFC 9112 section 6.1", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", refused(400)),
    ]
}

fn basic(name: &'static str, rule: &'static str, bytes: &'static str, expected: Outcome) -> Vector {
    let level = Level::Basic;
    Vector {
        name,
        level,
        rule,
        bytes,
        expected,
    }
}

fn strict(name: &'static str, rule: &'static str, bytes: &'static str, expected: Outcome) -> Vector {
    Vector {
        level: Level::Strict,
        ..basic(name, rule, bytes, expected)
    }
}

fn is(request_line: &str, fields: &[&str]) -> Outcome {
    Outcome::Request {
        request_line: request_line.to_owned(),
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
    }
}

fn refused(status: u16) -> Outcome {
    let reason = String::new();
    Outcome::Refused { status, reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_vector_has_a_name_of_its_own_and_a_rule() {
        let mut names: BTreeSet<_> = Level::ALL.iter().map(|level| level.name()).collect();
        for vector in all() {
            assert!(names.insert(vector.name), "{} twice", vector.name);
            assert!(
                vector.rule.contains(" section ") || vector.rule == "HTTP/0.9 (1991)",
                "{}: {}",
                vector.name,
                vector.rule
            );
        }
    }
}
