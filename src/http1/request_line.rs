//! The request line (RFC 9112 section 3), which shows whether the request is in HTTP/0.9, 1.0 or 1.1 (section 2.3).
//!
//! ```text
//! request-line = method SP request-target SP HTTP-version      HTTP/1.x
//!                "GET" SP request-target                       HTTP/0.9
//! method       = token
//! HTTP-version = %s"HTTP" "/" DIGIT "." DIGIT
//! ```
//!
//! The parser takes one line without its line terminator and does not guess. RFC 9112 allows lenient splitting at any
//! whitespace, but lenient splitting is how request smuggling begins. So exactly one space separates the words.

use super::Rejection;
use super::rules::VersionPolicy;
use crate::http::{Method, Version, grammar};
use std::ops::Range;

/// The length of UPDATEREDIRECTREF, the longest method in IANA's registry. A longer word is not a method.
pub const LONGEST_METHOD: usize = 17;

/// A parsed request line, with the positions of its elements as offsets into the head.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestLine {
    /// The method.
    pub method: Method,
    /// The position of the method.
    pub method_at: Range<usize>,
    /// The position of the request-target.
    pub target_at: Range<usize>,
    /// The position of the HTTP-version; a line of HTTP/0.9 has none.
    pub version_at: Option<Range<usize>>,
    /// The version in the line, or HTTP/0.9 if there is none.
    pub version: Version,
}

impl RequestLine {
    /// The whole line without its line terminator.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        let last = self.version_at.as_ref().unwrap_or(&self.target_at);
        self.method_at.start..last.end
    }
}

/// Splits the line at offset `at` of the head into its elements and parses the method and the version;
/// [`super::request_target`] parses the target.
///
/// # Errors
/// A [`Rejection`] if the line follows neither grammar, or if the policy forbids its version.
pub fn parse(line: &[u8], at: usize, versions: VersionPolicy) -> Result<RequestLine, Rejection> {
    let mut words = line.split(|&byte| byte == b' ');
    let method = words.next().unwrap_or_default();
    let target = words.next().ok_or(Rejection::RequestLineWords)?;
    let third = words.next();
    if words.next().is_some() || method.is_empty() || target.is_empty() {
        return Err(Rejection::RequestLineWords);
    }
    let version = match third {
        Some(version) => parse_version(version)?,
        None if !is_simple_request(line) => return Err(Rejection::RequestLineWords),
        None if versions == VersionPolicy::Http1 => return Err(Rejection::SimpleRequestRefused),
        None if method != b"GET" => return Err(Rejection::SimpleRequestMethod),
        None => Version::Http09,
    };
    if !grammar::is_token(method) {
        return Err(Rejection::MethodSyntax);
    }
    if method.len() > LONGEST_METHOD {
        return Err(Rejection::MethodTooLong);
    }
    let method_at = at..at + method.len();
    let target_at = method_at.end + 1..method_at.end + 1 + target.len();
    Ok(RequestLine {
        method: Method::from_token(method),
        version_at: third.map(|_| target_at.end + 1..at + line.len()),
        method_at,
        target_at,
        version,
    })
}

/// `HTTP-version = "HTTP/" DIGIT "." DIGIT`, case-sensitive (section 2.3).
fn parse_version(word: &[u8]) -> Result<Version, Rejection> {
    match word.strip_prefix(b"HTTP/") {
        Some([b'1', b'.', b'0']) => Ok(Version::Http10),
        Some([b'1', b'.', b'1'..=b'9']) => Ok(Version::Http11),
        Some([b'0'..=b'9', b'.', b'0'..=b'9']) => Err(Rejection::VersionMajor),
        _ => Err(Rejection::VersionSyntax),
    }
}

/// Whether a line, valid or not, looks like HTTP/0.9, so that its client expects bare content: it has two words, and
/// the second is not a version. (If it is a version, the line is HTTP/1.x with a word missing.)
#[must_use]
pub fn is_simple_request(line: &[u8]) -> bool {
    let mut words = line.split(|&byte| byte == b' ');
    let (Some(method), Some(target), None) = (words.next(), words.next(), words.next()) else {
        return false;
    };
    let has_no_version = !target.starts_with(b"HTTP/") && !line.contains(&b'\t');
    !method.is_empty() && !target.is_empty() && has_no_version
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_decide_the_version() {
        use Rejection::*;
        use Version::*;
        for (line, expected) in [
            // RFC 9112 sections 2.3 and 3
            ("GET / HTTP/1.1", Ok(Http11)),
            ("GET / HTTP/1.0", Ok(Http10)),
            // RFC 9110 section 2.5: a later minor version is read as the highest one known
            ("GET / HTTP/1.7", Ok(Http11)),
            // HTTP/0.9 (1991)
            ("GET /", Ok(Http09)),
            ("POST /", Err(SimpleRequestMethod)),
            // one of three words, or a space between them, is missing
            ("GET HTTP/1.1", Err(RequestLineWords)),
            ("/ HTTP/1.1", Err(RequestLineWords)),
            (" / HTTP/1.1", Err(RequestLineWords)),
            ("GET  HTTP/1.1", Err(RequestLineWords)),
            ("GET\t/ HTTP/1.1", Err(RequestLineWords)),
            ("GET /\tHTTP/1.1", Err(RequestLineWords)),
            // RFC 9110 section 15.6.6
            ("GET / HTTP/2.0", Err(VersionMajor)),
            ("PRI * HTTP/2.0", Err(VersionMajor)),
            ("GET / HTTP/0.9", Err(VersionMajor)),
            // RFC 9112 section 2.3: two digits, upper case
            ("GET / HTTP/1.10", Err(VersionSyntax)),
            ("GET / HTTP/1", Err(VersionSyntax)),
            ("GET / HTTP/1.", Err(VersionSyntax)),
            ("GET / http/1.1", Err(VersionSyntax)),
            ("GET / HTTP 1.1", Err(RequestLineWords)),
            ("GET / HTTP/1.x", Err(VersionSyntax)),
            // RFC 9112 section 3: single spaces
            ("GET", Err(RequestLineWords)),
            ("GET ", Err(RequestLineWords)),
            (" GET / HTTP/1.1", Err(RequestLineWords)),
            ("GET  / HTTP/1.1", Err(RequestLineWords)),
            ("GET /  HTTP/1.1", Err(RequestLineWords)),
            ("GET / HTTP/1.1 ", Err(RequestLineWords)),
            ("GET\t/\tHTTP/1.1", Err(RequestLineWords)),
            ("", Err(RequestLineWords)),
            // RFC 9110 section 9.1
            ("G@T / HTTP/1.1", Err(MethodSyntax)),
            ("UPDATEREDIRECTREF / HTTP/1.1", Ok(Http11)),
            ("UPDATEREDIRECTREFS / HTTP/1.1", Err(MethodTooLong)),
        ] {
            let got = parse(line.as_bytes(), 0, VersionPolicy::Auto).map(|line| line.version);
            assert_eq!(got, expected, "{line:?}");
        }
    }

    #[test]
    fn two_words_are_rejected_if_only_http_1_is_enabled() {
        assert_eq!(
            parse(b"GET /", 0, VersionPolicy::Http1),
            Err(Rejection::SimpleRequestRefused)
        );
    }

    #[test]
    fn the_offsets_count_from_the_start_of_the_head() {
        for (line, method, target, version) in [
            ("HEAD /a?b HTTP/1.1", "HEAD", "/a?b", Some("HTTP/1.1")),
            ("GET /", "GET", "/", None),
        ] {
            let head = format!("\r\n{line}").into_bytes();
            let parsed = parse(line.as_bytes(), 2, VersionPolicy::Auto).unwrap();
            assert_eq!(&head[parsed.range()], line.as_bytes());
            assert_eq!(&head[parsed.method_at], method.as_bytes());
            assert_eq!(&head[parsed.target_at], target.as_bytes());
            assert_eq!(parsed.version_at.map(|at| &head[at]), version.map(str::as_bytes));
        }
    }

    #[test]
    fn two_words_are_a_simple_request() {
        for (line, simple) in [
            ("GET x", true),
            ("POST /", true),
            ("GET", false),
            ("GET ", false),
            (" GET", false),
            ("GET / HTTP/1.1", false),
            ("GET HTTP/1.1", false),
            ("GET\t/ HTTP/1.1", false),
        ] {
            assert_eq!(is_simple_request(line.as_bytes()), simple, "{line:?}");
        }
    }
}
