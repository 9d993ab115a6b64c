//! Finds the bytes for which a head was rejected, and no others. The trace, the inspector and the error page point at
//! them.
//!
//! The parsers only decide what is wrong. This module finds the position afterwards, so a valid request costs nothing.

use super::{Rejection, request_target};
use crate::http::fields::FieldLine;
use crate::http::{FieldName, grammar};
use std::ops::Range;

/// The bytes for which a line was rejected, as offsets into `line`, which has its line terminator.
#[must_use]
pub fn in_line(rejection: Rejection, line: &[u8]) -> Range<usize> {
    let text = line.strip_suffix(b"\n").unwrap_or(line);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    let whole = 0..text.len();
    let name = memchr::memchr(b':', text)
        .and_then(|colon| text.get(..colon))
        .unwrap_or(text);
    let found = match rejection {
        Rejection::BareLineFeed => Some(text.len()..line.len()),
        Rejection::EmptyLines => Some(0..line.len()),
        Rejection::BareCarriageReturn => run(text, 0, |byte| byte == b'\r'),
        Rejection::LineFolding => run(text, 0, grammar::is_ows),
        Rejection::SpaceBeforeColon => run(name, grammar::trim_ows(name).len(), grammar::is_ows),
        Rejection::FieldName if name.is_empty() => Some(0..1),
        Rejection::FieldName => run(name, 0, |byte| !grammar::is_tchar(byte)),
        Rejection::FieldValue => run(text, 0, |byte| !grammar::is_text(byte)),
        Rejection::RequestLineWords => surplus(text),
        _ => in_request_line(rejection, text),
    };
    found.unwrap_or(whole)
}

/// The bytes at fault in a request line that has all its words.
fn in_request_line(rejection: Rejection, text: &[u8]) -> Option<Range<usize>> {
    let mut spaces = memchr::memchr_iter(b' ', text);
    let (first, second) = (spaces.next()?, spaces.next());
    let target = first.saturating_add(1)..second.unwrap_or(text.len());
    match rejection {
        Rejection::MethodSyntax => run(text, 0, |byte| !grammar::is_tchar(byte)),
        Rejection::MethodTooLong | Rejection::SimpleRequestMethod => Some(0..first),
        Rejection::TargetForm | Rejection::Misdirected => Some(target),
        Rejection::TargetSyntax => {
            let at = request_target::first_fault(text.get(target.clone())?);
            Some(at.map_or(target.clone(), |at| {
                target.start.saturating_add(at)..target.start.saturating_add(at).saturating_add(1)
            }))
        }
        Rejection::VersionSyntax | Rejection::VersionMajor => Some(second?.saturating_add(1)..text.len()),
        _ => None,
    }
}

/// The bytes that are too many for three words with one space between them: a space, other whitespace, or a word.
/// `None` if a word is missing.
fn surplus(text: &[u8]) -> Option<Range<usize>> {
    let spaces: Vec<_> = memchr::memchr_iter(b' ', text).collect();
    let one = |at: usize| at..at.saturating_add(1);
    if let Some(tab) = memchr::memchr(b'\t', text) {
        return Some(one(tab));
    }
    let is_surplus = |&at: &usize| at == 0 || text.get(at.saturating_sub(1)) == Some(&b' ');
    if let Some(at) = spaces.iter().copied().find(is_surplus) {
        return Some(one(at));
    }
    if text.ends_with(b" ") {
        return spaces.last().copied().map(one);
    }
    // If the last word is the version, the space is in the target.
    let &third = spaces.get(2)?;
    let last = spaces.last().copied().unwrap_or(third);
    match text.get(last..) {
        Some(word) if word.starts_with(b" HTTP/") => spaces.get(1).copied().map(one),
        _ => Some(third..text.len()),
    }
}

/// The first run of bytes from `from` on that are `wrong`.
fn run(bytes: &[u8], from: usize, wrong: impl Fn(u8) -> bool) -> Option<Range<usize>> {
    let rest = bytes.get(from..)?;
    let before = rest.iter().position(|&byte| wrong(byte))?;
    let length = rest.iter().skip(before).take_while(|&&byte| wrong(byte)).count();
    let start = from.saturating_add(before);
    Some(start..start.saturating_add(length))
}

/// The bytes for which a head with valid lines was rejected, as offsets into `head`: a field value, or a whole field
/// line that is not allowed. `None` if something is missing.
#[must_use]
pub fn in_fields(rejection: Rejection, lines: &[FieldLine]) -> Option<Range<usize>> {
    let whole = |line: &FieldLine| line.name.start..line.value.end;
    let last = |wanted| lines.iter().rfind(|line| line.known == Some(wanted));
    let value = |wanted| {
        last(wanted).map(|line| {
            if line.value.is_empty() {
                whole(line)
            } else {
                line.value.clone()
            }
        })
    };
    match rejection {
        Rejection::HostSyntax => value(FieldName::Host),
        Rejection::EncodingInHttp10 => last(FieldName::TransferEncoding).map(whole),
        Rejection::Encoding | Rejection::EncodingUnknown => value(FieldName::TransferEncoding),
        Rejection::ContentLength | Rejection::BodyTooLarge => value(FieldName::ContentLength),
        Rejection::Expectation => value(FieldName::Expect),
        // The later field contradicts the earlier one.
        Rejection::LengthAndEncoding => {
            let both = [last(FieldName::ContentLength)?, last(FieldName::TransferEncoding)?];
            both.into_iter().max_by_key(|line| line.name.start).map(whole)
        }
        Rejection::RepeatedField => {
            let repeated = |(index, line): &(usize, &FieldLine)| {
                line.known.is_some_and(FieldName::is_single)
                    && lines.iter().take(*index).any(|earlier| earlier.known == line.known)
            };
            lines.iter().enumerate().find(repeated).map(|(_, line)| whole(line))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::head::HeadReader;
    use super::super::rules::default_rules;
    use super::*;

    /// The rejection of this head, with the offset and the bytes at fault.
    fn fault(head: &str) -> Option<(Rejection, Option<(usize, String)>)> {
        let mut reader = HeadReader::default();
        let rejection = reader.read(head.as_bytes(), &default_rules()).err()?;
        let at = reader.fault();
        let bytes = at.map(|at| (at.start, String::from_utf8_lossy(&head.as_bytes()[at]).into_owned()));
        Some((rejection, bytes))
    }

    #[test]
    fn no_more_bytes_are_at_fault_than_are_wrong() {
        use Rejection::*;
        let field = |line: &str| format!("GET / HTTP/1.1\r\n{line}\r\nHost: a\r\n\r\n");
        let line = |line: &str| format!("{line}\r\nHost: a\r\n\r\n");
        for (head, rejection, at, wrong) in [
            // RFC 9112 section 2.2
            ("GET / HTTP/1.1\nHost: a\n\n".to_owned(), BareLineFeed, 14, "\n"),
            ("\nGET / HTTP/1.1\r\n".to_owned(), BareLineFeed, 0, "\n"),
            ("GET / HTTP/1.1\r\nHost: a\n\r\n".to_owned(), BareLineFeed, 23, "\n"),
            ("\r\n\r\nGET / HTTP/1.1\r\n".to_owned(), EmptyLines, 2, "\r\n"),
            (field("A: b\rc"), BareCarriageReturn, 20, "\r"),
            // RFC 9112 section 3
            (line("GET  / HTTP/1.1"), RequestLineWords, 4, " "),
            (line("GET /  HTTP/1.1"), RequestLineWords, 6, " "),
            (line(" GET / HTTP/1.1"), RequestLineWords, 0, " "),
            (line("GET / HTTP/1.1 "), RequestLineWords, 14, " "),
            (line("GET\t/ HTTP/1.1"), RequestLineWords, 3, "\t"),
            (line("GET /my file.html HTTP/1.1"), RequestLineWords, 7, " "),
            (line("GET / HTTP/1.1 please"), RequestLineWords, 14, " please"),
            (line("GET HTTP/1.1"), RequestLineWords, 0, "GET HTTP/1.1"),
            (line("G@T / HTTP/1.1"), MethodSyntax, 1, "@"),
            (
                line("UPDATEREDIRECTREFS / HTTP/1.1"),
                MethodTooLong,
                0,
                "UPDATEREDIRECTREFS",
            ),
            (line("GET / HTTP/1.x"), VersionSyntax, 6, "HTTP/1.x"),
            (line("GET / HTTP/2.0"), VersionMajor, 6, "HTTP/2.0"),
            (line("POST /"), SimpleRequestMethod, 0, "POST"),
            // RFC 9112 section 3.2, RFC 3986 section 2.1
            (line("GET hello.html HTTP/1.1"), TargetForm, 4, "hello.html"),
            (line("GET https://a/ HTTP/1.1"), Misdirected, 4, "https://a/"),
            (line("GET /a\"b HTTP/1.1"), TargetSyntax, 6, "\""),
            (line("GET /a%zzb HTTP/1.1"), TargetSyntax, 6, "%"),
            (line("GET /?a=%4 HTTP/1.1"), TargetSyntax, 8, "%"),
            (line("GET /a[1] HTTP/1.1"), TargetSyntax, 6, "["),
            (line("GET http://u@a/ HTTP/1.1"), TargetSyntax, 4, "http://u@a/"),
            // RFC 9112 section 5
            (field("Host : a"), SpaceBeforeColon, 20, " "),
            (field(" folded"), LineFolding, 16, " "),
            (field("no colon"), NoColon, 16, "no colon"),
            // RFC 9110 sections 5.1 and 5.5
            (field(": a"), FieldName, 16, ":"),
            (field("X (Y): a"), FieldName, 17, " ("),
            (field("X: a\u{1}\u{2}b"), FieldValue, 20, "\u{1}\u{2}"),
            // RFC 9110 section 5.3
            (field("host: b"), RepeatedField, 25, "Host: a"),
            (
                field("Content-Length: 1\r\nContent-Length: 1"),
                RepeatedField,
                35,
                "Content-Length: 1",
            ),
            // RFC 9110 sections 7.2, 8.6 and 10.1.1
            ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n".to_owned(), HostSyntax, 22, "a/b"),
            ("GET / HTTP/1.1\r\nHost:\r\n\r\n".to_owned(), HostSyntax, 16, "Host:"),
            (field("Content-Length: +1"), ContentLength, 32, "+1"),
            (field("Expect: x"), Expectation, 24, "x"),
            // RFC 9112 section 6
            (
                field("Content-Length: 1\r\nTransfer-Encoding: chunked"),
                LengthAndEncoding,
                35,
                "Transfer-Encoding: chunked",
            ),
            (
                field("Transfer-Encoding: chunked\r\nContent-Length: 1"),
                LengthAndEncoding,
                44,
                "Content-Length: 1",
            ),
            (field("Transfer-Encoding: gzip"), Encoding, 35, "gzip"),
            (
                "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned(),
                EncodingInHttp10,
                16,
                "Transfer-Encoding: chunked",
            ),
        ] {
            assert_eq!(
                fault(&head),
                Some((rejection, Some((at, wrong.to_owned())))),
                "{head:?}"
            );
        }
        // Something that is missing has no position.
        assert_eq!(fault("GET / HTTP/1.1\r\n\r\n"), Some((HostMissing, None)));
    }
}
