//! How much content follows a head (RFC 9112 section 6.3), decided in that section's own order.
//!
//! ```text
//! Transfer-Encoding = #transfer-coding
//! transfer-coding   = token *( OWS ";" OWS transfer-parameter )
//! Content-Length    = 1*DIGIT
//! ```
//!
//! This applies to every method, GET too: a server that ignores a body would parse its bytes as the next request.

use super::Rejection;
use crate::http::{FieldName, Fields, Version, grammar};

/// What follows a head.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BodyLength {
    /// This number of bytes; 0 for nearly every request.
    Known(u64),
    /// Chunks; the last one has the size 0 (section 7.1).
    Chunked,
}

/// Decides by the fields of a head. `limit` is the maximum number of bytes that will be read.
///
/// # Errors
/// A [`Rejection`] if the framing is ambiguous, malformed, unknown or too large.
pub fn decide(version: Version, fields: Fields<'_>, limit: u64) -> Result<BodyLength, Rejection> {
    let mut codings = fields.all(FieldName::TransferEncoding).peekable();
    let lengths = || fields.all(FieldName::ContentLength);

    // 3. Transfer-Encoding together with Content-Length is an attempt at smuggling, or as dangerous as one.
    if codings.peek().is_some() {
        if lengths().next().is_some() {
            return Err(Rejection::LengthAndEncoding);
        }
        // Section 6.1: an HTTP/1.0 message with Transfer-Encoding has faulty framing.
        if version < Version::Http11 {
            return Err(Rejection::EncodingInHttp10);
        }
        // 4. The length is known only when chunked is the final coding. No other coding is decoded here.
        let mut codings = codings.flat_map(grammar::list_elements);
        return match (codings.next(), codings.next()) {
            (Some(coding), None) if coding.eq_ignore_ascii_case(b"chunked") => Ok(BodyLength::Chunked),
            (Some(coding), None) if grammar::is_token(coding) && !is_registered(coding) => {
                Err(Rejection::EncodingUnknown)
            }
            _ => Err(Rejection::Encoding),
        };
    }

    // 5. and 6. One plain number. RFC 9110 section 8.6 lets a recipient accept a list of equal numbers; this server
    //    rejects it, as everything else that two implementations might read differently.
    let mut lengths = lengths();
    let length = match (lengths.next(), lengths.next()) {
        (Some(value), None) => parse_length(value).ok_or(Rejection::ContentLength)?,
        (Some(_), Some(_)) => return Err(Rejection::RepeatedField),
        // 7. A request with neither field has no content.
        (None, _) => 0,
    };
    if length > limit {
        return Err(Rejection::BodyTooLarge);
    }
    Ok(BodyLength::Known(length))
}

/// Whether a transfer coding is registered (at IANA), although it is not decoded here. Then the error is that chunked
/// is not the last coding, for which the RFC demands 400; it proposes 501 only for unknown codings (section 6.1).
fn is_registered(coding: &[u8]) -> bool {
    [
        "compress",
        "deflate",
        "gzip",
        "identity",
        "trailers",
        "x-compress",
        "x-gzip",
    ]
    .iter()
    .any(|name| coding.eq_ignore_ascii_case(name.as_bytes()))
}

/// Parses `1*DIGIT` without a leading zero. `None` also for a number that is too large.
fn parse_length(value: &[u8]) -> Option<u64> {
    match value {
        [b'0', _, ..] => None,
        digits => grammar::digits(digits)?.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use BodyLength::{Chunked, Known};
    use Rejection::*;
    use Version::{Http10, Http11};

    #[test]
    fn framing_is_decided_in_the_order_of_section_6_3() {
        for (version, head, expected) in [
            // RFC 9112 section 6.3, rule 7
            (Http11, "", Ok(Known(0))),
            // rule 6
            (Http11, "Content-Length: 0", Ok(Known(0))),
            (Http11, "content-length: 10", Ok(Known(10))),
            (Http10, "Content-Length: 10", Ok(Known(10))),
            (Http11, "Content-Length: 1000", Ok(Known(1000))),
            // RFC 9110 section 15.5.14
            (Http11, "Content-Length: 1001", Err(BodyTooLarge)),
            (Http11, "Content-Length: 18446744073709551615", Err(BodyTooLarge)),
            // RFC 9110 section 8.6: only digits
            (Http11, "Content-Length: 18446744073709551616", Err(ContentLength)),
            (Http11, "Content-Length:", Err(ContentLength)),
            (Http11, "Content-Length: +10", Err(ContentLength)),
            (Http11, "Content-Length: -1", Err(ContentLength)),
            (Http11, "Content-Length: 010", Err(ContentLength)),
            (Http11, "Content-Length: 0x10", Err(ContentLength)),
            (Http11, "Content-Length: 1 0", Err(ContentLength)),
            (Http11, "Content-Length: 10, 10", Err(ContentLength)),
            (Http11, "Content-Length: 1.0", Err(ContentLength)),
            (Http11, "Content-Length: \u{661}", Err(ContentLength)),
            // rule 5
            (Http11, "Content-Length: 10\nContent-Length: 10", Err(RepeatedField)),
            (Http11, "Content-Length: 10\nContent-Length: 11", Err(RepeatedField)),
            // rule 4
            (Http11, "Transfer-Encoding: chunked", Ok(Chunked)),
            (Http11, "transfer-encoding: CHUNKED", Ok(Chunked)),
            (Http11, "Transfer-Encoding: , chunked", Ok(Chunked)),
            (Http11, "Transfer-Encoding: gzip", Err(Encoding)),
            (Http11, "Transfer-Encoding: Identity", Err(Encoding)),
            // section 6.1
            (Http11, "Transfer-Encoding: xchunked", Err(EncodingUnknown)),
            (Http11, "Transfer-Encoding: gzip, chunked", Err(Encoding)),
            (Http11, "Transfer-Encoding: chunked, gzip", Err(Encoding)),
            (Http11, "Transfer-Encoding: chunked, chunked", Err(Encoding)),
            (
                Http11,
                "Transfer-Encoding: chunked\nTransfer-Encoding: chunked",
                Err(Encoding),
            ),
            (Http11, "Transfer-Encoding: chunked;a=b", Err(Encoding)),
            (Http11, "Transfer-Encoding: \"chunked\"", Err(Encoding)),
            (Http11, "Transfer-Encoding:", Err(Encoding)),
            // section 6.1
            (Http10, "Transfer-Encoding: chunked", Err(EncodingInHttp10)),
            // rule 3
            (
                Http11,
                "Transfer-Encoding: chunked\nContent-Length: 5",
                Err(LengthAndEncoding),
            ),
            (
                Http11,
                "Content-Length: 5\nTransfer-Encoding: chunked",
                Err(LengthAndEncoding),
            ),
            (
                Http10,
                "Content-Length: 5\nTransfer-Encoding: chunked",
                Err(LengthAndEncoding),
            ),
            (
                Http11,
                "Content-Length: x\nTransfer-Encoding: gzip",
                Err(LengthAndEncoding),
            ),
        ] {
            let field = |line: &'static str| {
                let (name, value) = line.split_once(':').unwrap();
                (name, value.trim_ascii().as_bytes())
            };
            let fields: Vec<_> = head.lines().map(field).collect();
            let fields = Fields::from_pairs(&fields);
            assert_eq!(decide(version, fields, 1000), expected, "{version:?} {head:?}");
        }
    }
}
