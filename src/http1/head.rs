//! The head of a request: the request line and the field lines, up to the empty line that ends them
//! (RFC 9112 sections 2.1 and 2.2).
//!
//! ```text
//! HTTP-message = start-line CRLF *( field-line CRLF ) CRLF [ message-body ]
//! start-line   = request-line
//! Host         = uri-host [ ":" port ]
//! Expect       = #expectation
//! ```
//!
//! Each call passes the whole head received so far; the reader resumes at the line where it stopped. It checks line by
//! line, so a request is rejected for its first fault, however its bytes were split. An incomplete head is no error.

use super::body_length::{self, BodyLength};
use super::request_line::{self, RequestLine};
use super::request_target::{self, RequestTarget};
use super::rules::{Limits, Rules, VersionPolicy};
use super::{Rejection, fault, field_line};
use crate::http::field_name::FieldNames;
use crate::http::fields::FieldLine;
use crate::http::message::Target;
use crate::http::{FieldName, Fields, Method, Version, grammar};
use std::ops::Range;

/// Reads a head, and keeps what it has found.
#[derive(Clone, Debug, Default)]
pub struct HeadReader {
    /// Where the incomplete line begins.
    line_start: usize,
    /// How far that line has been searched for its end.
    searched: usize,
    /// The length of the one empty line that may precede the request line.
    empty_line: Option<LineEnd>,
    request_line: Option<RequestLine>,
    /// The target of the request line, unless it was rejected.
    target: Option<RequestTarget>,
    /// What form of response the client expects, if its request line was rejected.
    refused: Option<RefusedLine>,
    lines: Vec<FieldLine>,
    /// The known names of these lines.
    names: FieldNames,
    /// Whether a field that may appear only once has a second line.
    is_repeated: bool,
    /// The offset at which the field section begins.
    fields_start: usize,
    /// The bytes for which the head was rejected. `None` if the head as a whole is wrong.
    fault: Option<Range<usize>>,
}

/// How a complete head frames what follows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Framing {
    /// The number of bytes in the head, with its empty line.
    pub head_length: usize,
    /// The length of the content after the head.
    pub body: BodyLength,
    /// Whether the client waits for `100 Continue` before it sends the content.
    pub expects_continue: bool,
}

/// What a rejected request line still tells about the response that its client expects.
#[derive(Clone, Copy, Debug, Default)]
struct RefusedLine {
    /// The line has two words, as in HTTP/0.9.
    is_simple: bool,
    /// The method is HEAD.
    is_head: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum LineEnd {
    CrLf,
    Lf,
}

impl HeadReader {
    /// Continues to read. `bytes` is everything that has arrived since the first byte of the head; more may follow the
    /// head. `None` if the head is not complete.
    ///
    /// # Errors
    /// The [`Rejection`] for the first fault.
    pub fn read(&mut self, bytes: &[u8], rules: &Rules) -> Result<Option<Framing>, Rejection> {
        if let Some(&first) = bytes.first() {
            // A first byte that cannot begin a request line is rejected at once. Otherwise a TLS client would wait for
            // the deadline.
            if !first.is_ascii_graphic() && !b"\r\n \t".contains(&first) {
                self.fault = Some(0..1);
                return Err(Rejection::NotHttp);
            }
        }
        loop {
            let from = self.searched.max(self.line_start);
            let feed = bytes.get(from..).and_then(|rest| memchr::memchr(b'\n', rest));
            let line_end = feed.map_or(bytes.len(), |feed| from + feed);
            let line = bytes.get(self.line_start..line_end).unwrap_or_default();
            let (line, end) = match line.strip_suffix(b"\r") {
                Some(line) => (line, LineEnd::CrLf),
                None => (line, LineEnd::Lf),
            };
            let at = self.line_start;
            // The limits are checked first: whether a line is too long must not depend on how its bytes were split.
            self.check_length(line.len(), line_end + usize::from(feed.is_some()), &rules.limits)?;
            if feed.is_none() {
                self.searched = bytes.len();
                return Ok(None);
            }
            self.line_start = line_end + 1;
            let is_complete = match self.request_line {
                None => self.first_line(line, at, end, rules),
                Some(_) => self.later_line(line, at, end, rules),
            };
            if let Err(reject) = is_complete {
                self.fault = Some(self.fault_in(reject, bytes, at, end));
            }
            if is_complete? {
                let framing = self.framing(bytes, rules);
                self.fault = framing.err().and_then(|reject| fault::in_fields(reject, &self.lines));
                return framing;
            }
        }
    }

    /// The bytes at fault in the line that begins at `at` and was read last.
    fn fault_in(&self, rejection: Rejection, bytes: &[u8], at: usize, end: LineEnd) -> Range<usize> {
        if rejection == Rejection::BareLineFeed && end == LineEnd::CrLf {
            // The fault is the end of the empty line before this one.
            return 0..1;
        }
        let line = bytes.get(at..self.line_start).unwrap_or_default();
        let found = fault::in_line(rejection, line);
        at + found.start..at + found.end
    }

    /// Prepares for the next head, but keeps the allocated memory.
    pub fn reset(&mut self) {
        let mut lines = std::mem::take(&mut self.lines);
        lines.clear();
        *self = Self {
            lines,
            ..Self::default()
        };
    }

    /// Whether a request has begun. An empty line before it does not count.
    #[must_use]
    pub fn has_begun(&self, bytes: &[u8]) -> bool {
        self.request_line.is_some() || bytes.len() > self.line_start
    }

    /// The parsed request line.
    #[must_use]
    pub fn request_line(&self) -> Option<&RequestLine> {
        self.request_line.as_ref()
    }

    /// The parsed request-target, as a view of `bytes`.
    #[must_use]
    pub fn target<'a>(&self, bytes: &'a [u8]) -> Option<Target<'a>> {
        let at = self.request_line.as_ref()?.target_at.clone();
        Some(self.target.as_ref()?.of(bytes.get(at)?))
    }

    /// The field lines read so far, as a view of `bytes`.
    #[must_use]
    pub fn fields<'a>(&'a self, bytes: &'a [u8]) -> Fields<'a> {
        Fields::new(bytes, &self.lines, self.names)
    }

    /// The positions of the field lines read so far.
    #[must_use]
    pub fn lines(&self) -> &[FieldLine] {
        &self.lines
    }

    /// The bytes for which the head was rejected ([`fault`]), or those that exceed a limit. `None` if nothing is wrong,
    /// or if something is missing (Host).
    #[must_use]
    pub fn fault(&self) -> Option<Range<usize>> {
        self.fault.clone()
    }

    /// Compares the current line with the limits. It has `length` bytes so far without its line terminator, and ends at
    /// the offset `end`.
    fn check_length(&mut self, length: usize, end: usize, limits: &Limits) -> Result<(), Rejection> {
        let (is_too_long, most, rejection) = if self.request_line.is_none() {
            let most = self.line_start + limits.request_line;
            (length > limits.request_line, most, Rejection::RequestLineTooLong)
        } else {
            let most = self.fields_start + limits.fields_size;
            (end > most, most, Rejection::FieldsTooLarge)
        };
        if is_too_long {
            self.fault = Some(most..end);
            return Err(rejection);
        }
        Ok(())
    }

    /// Processes an empty line, which is skipped, or the request line. Returns whether the head ends with it.
    fn first_line(&mut self, line: &[u8], at: usize, end: LineEnd, rules: &Rules) -> Result<bool, Rejection> {
        if line.is_empty() {
            // Section 2.2: a server should ignore at least one empty line before the request line.
            if self.empty_line.replace(end).is_none() {
                return Ok(false);
            }
            self.refused = Some(RefusedLine::default());
            return Err(Rejection::EmptyLines);
        }
        let parsed = request_line::parse(line, at, rules.versions).inspect_err(|_| {
            self.refused = Some(RefusedLine {
                is_simple: request_line::is_simple_request(line),
                is_head: is_head(line),
            });
        })?;
        let (version, method) = (parsed.version, parsed.method);
        let target_at = parsed.target_at.start - at..parsed.target_at.end - at;
        let target = line.get(target_at).unwrap_or_default();
        self.request_line = Some(parsed);
        self.fields_start = self.line_start;
        let has_bare_feed = end == LineEnd::Lf || self.empty_line == Some(LineEnd::Lf);
        if version != Version::Http09 && has_bare_feed {
            return Err(Rejection::BareLineFeed);
        }
        self.target = Some(request_target::parse(target, method)?);
        Ok(version == Version::Http09)
    }

    /// Processes a field line or the empty line. Returns whether the head ends with it.
    fn later_line(&mut self, line: &[u8], at: usize, end: LineEnd, rules: &Rules) -> Result<bool, Rejection> {
        if end == LineEnd::Lf {
            return Err(Rejection::BareLineFeed);
        }
        if line.is_empty() {
            return Ok(true);
        }
        if self.lines.len() >= rules.limits.fields {
            return Err(Rejection::TooManyFields);
        }
        let line = field_line::parse(line, at)?;
        if let Some(name) = line.known {
            let is_new = self.names.insert(name);
            // The lines of Content-Length are counted by `body_length`.
            self.is_repeated |= !is_new && name.is_single() && name != FieldName::ContentLength;
        }
        self.lines.push(line);
        Ok(false)
    }

    /// Checks what can only be known from the whole head.
    fn framing(&self, bytes: &[u8], rules: &Rules) -> Result<Option<Framing>, Rejection> {
        let Some(RequestLine { version, .. }) = self.request_line else {
            return Ok(None);
        };
        let fields = self.fields(bytes);
        // RFC 9110 section 5.3: only a list-valued field may have several lines.
        if self.is_repeated {
            return Err(Rejection::RepeatedField);
        }
        check_host(version, fields)?;
        let body = body_length::decide(version, fields, rules.limits.body)?;
        let expects_continue = version == Version::Http11 && check_expectation(fields)?;
        Ok(Some(Framing {
            head_length: self.line_start,
            body,
            expects_continue: expects_continue && body != BodyLength::Known(0),
        }))
    }

    /// The version that the client understands: HTTP/0.9 for a request line of two words, whether it is valid or not.
    #[must_use]
    pub fn response_version(&self, versions: VersionPolicy) -> Version {
        match (&self.request_line, versions) {
            (_, VersionPolicy::Http09) => Version::Http09,
            (Some(line), _) => line.version,
            (None, VersionPolicy::Auto) if self.refused.is_some_and(|line| line.is_simple) => Version::Http09,
            (None, _) => Version::Http11,
        }
    }

    /// The request line as far as it has arrived, whether it is valid or not. This is for the log.
    #[must_use]
    pub fn first_line_of<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        match &self.request_line {
            Some(line) => bytes.get(line.range()).unwrap_or_default(),
            None => first_line(bytes),
        }
    }

    /// Whether the request is known to be HEAD. Responses to HEAD have no content, not even error responses.
    #[must_use]
    pub fn is_head_request(&self, bytes: &[u8]) -> bool {
        match (&self.request_line, self.refused) {
            (Some(line), _) => line.method == Method::Head,
            (None, Some(refused)) => refused.is_head,
            (None, None) => is_head(bytes.get(self.line_start..).unwrap_or_default()),
        }
    }
}

/// Whether a request line, as far as it has arrived, begins with the method HEAD.
fn is_head(line: &[u8]) -> bool {
    line.starts_with(b"HEAD ")
}

/// The first line that is not empty.
fn first_line(bytes: &[u8]) -> &[u8] {
    bytes
        .split(|&byte| byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .find(|line| !line.is_empty())
        .unwrap_or_default()
}

/// RFC 9112 section 3.2: HTTP/1.1 has one Host; in HTTP/1.0 it may be missing, but not malformed.
fn check_host(version: Version, fields: Fields<'_>) -> Result<(), Rejection> {
    match fields.get(FieldName::Host) {
        Some(host) if request_target::is_host_and_port(host) => Ok(()),
        Some(_) => Err(Rejection::HostSyntax),
        None if version == Version::Http11 => Err(Rejection::HostMissing),
        None => Ok(()),
    }
}

/// RFC 9110 section 10.1.1: whether the client expects `100 Continue`.
fn check_expectation(fields: Fields<'_>) -> Result<bool, Rejection> {
    let mut expectations = fields
        .all(FieldName::Expect)
        .flat_map(grammar::list_elements)
        .peekable();
    let any = expectations.peek().is_some();
    if expectations.all(|expectation| expectation.eq_ignore_ascii_case(b"100-continue")) {
        Ok(any)
    } else {
        Err(Rejection::Expectation)
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::default_rules;
    use super::*;

    /// Reads a head whole and byte by byte. Both must give the same result.
    fn read(head: &[u8], rules: &Rules) -> Result<Option<Framing>, Rejection> {
        let whole = HeadReader::default().read(head, rules);
        let mut reader = HeadReader::default();
        let mut dripping = Ok(None);
        for end in 1..=head.len() {
            dripping = reader.read(&head[..end], rules);
            if dripping != Ok(None) {
                break;
            }
        }
        assert_eq!(whole, dripping, "{:?}", String::from_utf8_lossy(head));
        whole
    }

    /// The result in short: how many bytes the head has.
    fn length(head: &str) -> Result<Option<usize>, Rejection> {
        read(head.as_bytes(), &default_rules()).map(|framing| framing.map(|framing| framing.head_length))
    }

    #[test]
    fn a_head_ends_with_its_empty_line() {
        use Rejection::*;
        let many = format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "A: b\r\n".repeat(99));
        let too_many = format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "A: b\r\n".repeat(100));
        let long_line = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(8192 - 14));
        let too_long_line = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(8192 - 13));
        let endless_line = "G".repeat(9000);
        let large = format!("GET / HTTP/1.1\r\nHost: a\r\nA: {}\r\n\r\n", "b".repeat(32768 - 16));
        let too_large = format!("GET / HTTP/1.1\r\nHost: a\r\nA: {}\r\n\r\n", "b".repeat(32768 - 15));
        for (head, expected) in [
            // RFC 9112 section 2.1
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", Ok(Some(27))),
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET", Ok(Some(27))),
            ("GET / HTTP/1.1\r\nHost: a\r\n", Ok(None)),
            ("GET / HTTP/1.0\r\n\r\n", Ok(Some(18))),
            ("GE", Ok(None)),
            ("", Ok(None)),
            // HTTP/0.9 (1991): the line is the request
            ("GET /\r\n", Ok(Some(7))),
            ("GET /\n", Ok(Some(6))),
            ("\nGET /\n", Ok(Some(7))),
            // RFC 9112 section 2.2
            ("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", Ok(Some(29))),
            ("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", Err(EmptyLines)),
            ("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", Err(BareLineFeed)),
            ("GET / HTTP/1.1\nHost: a\n\n", Err(BareLineFeed)),
            ("GET / HTTP/1.1\r\nHost: a\n\r\n", Err(BareLineFeed)),
            ("GET / HTTP/1.1\r\nHost: a\r\n\n", Err(BareLineFeed)),
            ("GET / HTTP/1.1\r\nHost: a\r\rX: y\r\n\r\n", Err(BareCarriageReturn)),
            ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", Err(LineFolding)),
            // RFC 9112 section 3
            ("\u{16}\u{3}\u{1}", Err(NotHttp)),
            ("\0", Err(NotHttp)),
            (" GET / HTTP/1.1\r\n", Err(RequestLineWords)),
            ("GET /#a HTTP/1.1\r\n", Err(TargetSyntax)),
            (&long_line, Ok(Some(8192 + 13))),
            (&too_long_line, Err(RequestLineTooLong)),
            (&endless_line, Err(RequestLineTooLong)),
            // RFC 6585 section 5
            (&many, Ok(Some(16 + 9 + 99 * 6 + 2))),
            (&too_many, Err(TooManyFields)),
            (&large, Ok(Some(16 + 32768))),
            (&too_large, Err(FieldsTooLarge)),
            // RFC 9112 section 3.2
            ("GET / HTTP/1.1\r\n\r\n", Err(HostMissing)),
            ("GET / HTTP/1.1\r\nHost:\r\n\r\n", Err(HostSyntax)),
            ("GET / HTTP/1.0\r\nHost: a/b\r\n\r\n", Err(HostSyntax)),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", Err(RepeatedField)),
            ("GET http://a/ HTTP/1.1\r\n\r\n", Err(HostMissing)),
            // RFC 9110 section 5.3
            (
                "GET / HTTP/1.1\r\nHost: a\r\nRange: x\r\nrange: x\r\n\r\n",
                Err(RepeatedField),
            ),
            (
                "GET / HTTP/1.1\r\nHost: a\r\nAccept: x\r\nAccept: x\r\n\r\n",
                Ok(Some(49)),
            ),
            // RFC 9110 section 10.1.1
            ("GET / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n", Err(Expectation)),
            ("GET / HTTP/1.0\r\nExpect: 200-ok\r\n\r\n", Ok(Some(34))),
        ] {
            assert_eq!(length(head), expected, "{head:?}");
        }
    }

    #[test]
    fn a_field_with_a_single_value_has_one_line() {
        // RFC 9110 section 5.3
        for name in [
            "Authorization",
            "Content-Length",
            "Content-Location",
            "Content-Range",
            "Content-Type",
            "Date",
            "From",
            "Host",
            "If-Modified-Since",
            "If-Range",
            "If-Unmodified-Since",
            "Max-Forwards",
            "Proxy-Authorization",
            "Range",
            "Referer",
            "User-Agent",
        ] {
            let host = if name == "Host" { "" } else { "Host: a\r\n" };
            let again = name.to_ascii_lowercase();
            let once = format!("GET / HTTP/1.1\r\n{host}{name}: 0\r\n");
            let twice = format!("{once}Accept: a\r\n{again}: 0\r\n\r\n");
            let once = format!("{once}Accept: a\r\n{again}s: 0\r\n\r\n");
            assert_eq!(length(&once), Ok(Some(once.len())), "{once:?}");
            assert_eq!(length(&twice), Err(Rejection::RepeatedField), "{twice:?}");
        }
        // The order of the checks: Host, and then what frames the content (RFC 9112 section 6.3).
        use Rejection::*;
        for (fields, expected) in [
            ("Range: a\r\nRange: b\r\n", RepeatedField),
            ("Content-Length: 1\r\nContent-Length: 1\r\n", HostMissing),
            (
                "Host: a\r\nContent-Length: 1\r\nContent-Length: 1\r\nTransfer-Encoding: a\r\n",
                LengthAndEncoding,
            ),
        ] {
            let head = format!("GET / HTTP/1.1\r\n{fields}\r\n");
            assert_eq!(length(&head), Err(expected), "{head:?}");
        }
    }

    #[test]
    fn the_bytes_beyond_a_limit_are_kept() {
        let long_line = format!("\r\nGET /{} HTTP/1.1\r\n", "a".repeat(8192));
        let large_field = format!("GET / HTTP/1.1\r\nX: {}\r\n", "x".repeat(32768));
        for (head, wrong) in [
            // What is beyond a limit
            (long_line.as_str(), Some("aa HTTP/1.1\r\n")),
            (&large_field, Some("xx\r\n")),
            // Something is missing
            ("GET / HTTP/1.1\r\n\r\n", None),
        ] {
            let mut reader = HeadReader::default();
            assert!(reader.read(head.as_bytes(), &default_rules()).is_err(), "{head:?}");
            let fault = reader.fault().and_then(|at| head.get(at));
            match wrong {
                Some(wrong) => assert!(
                    fault.is_some_and(|fault| fault.ends_with(wrong)),
                    "{fault:?} of {head:?}"
                ),
                None => assert_eq!(fault, None, "{head:?}"),
            }
            reader.reset();
            assert_eq!(reader.fault(), None);
        }
        let mut reader = HeadReader::default();
        assert_eq!(reader.read(b"GET / HTTP/1.1\r\nHo", &default_rules()), Ok(None));
        assert_eq!(reader.fault(), None);
    }

    #[test]
    fn a_continuation_is_sent_only_if_content_is_to_come() {
        // RFC 9110 section 10.1.1
        for (version, fields, owed) in [
            ("1.1", "Expect: 100-continue\r\nContent-Length: 5\r\n", true),
            ("1.1", "Expect: 100-Continue\r\nTransfer-Encoding: chunked\r\n", true),
            ("1.1", "Expect: 100-continue\r\nContent-Length: 0\r\n", false),
            ("1.1", "Expect: 100-continue\r\n", false),
            ("1.1", "Content-Length: 5\r\n", false),
            ("1.0", "Expect: 100-continue\r\nContent-Length: 5\r\n", false),
        ] {
            let head = format!("PUT / HTTP/{version}\r\nHost: a\r\n{fields}\r\n");
            let framing = read(head.as_bytes(), &default_rules()).unwrap().unwrap();
            assert_eq!(framing.expects_continue, owed, "{head:?}");
        }
    }

    #[test]
    fn a_rejected_line_of_two_words_gets_a_response_in_http_0_9() {
        for (line, versions, version) in [
            ("POST /\r\n", VersionPolicy::Auto, Version::Http09),
            ("GET x\r\n", VersionPolicy::Auto, Version::Http09),
            ("\r\nPOST /\r\n", VersionPolicy::Auto, Version::Http09),
            ("GET\r\n", VersionPolicy::Auto, Version::Http11),
            ("GET / HTTP/3.0\r\n", VersionPolicy::Auto, Version::Http11),
            ("GET /\r\n", VersionPolicy::Http1, Version::Http11),
            ("GET / HTTP/3.0\r\n", VersionPolicy::Http09, Version::Http09),
        ] {
            let rules = Rules {
                versions,
                ..default_rules()
            };
            let mut reader = HeadReader::default();
            assert!(reader.read(line.as_bytes(), &rules).is_err(), "{line:?}");
            assert_eq!(reader.response_version(versions), version, "{line:?}");
        }
    }
}
