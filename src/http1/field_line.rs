//! One field line (RFC 9112 section 5), strictly.
//!
//! ```text
//! field-line = field-name ":" OWS field-value OWS
//! ```
//!
//! Takes a line without its CR LF and says where its name and value stand. What RFC 9112 lets a lenient recipient
//! repair (folded lines, white space before the colon) is refused: two readers that repair differently see two
//! different requests.

use super::Reject;
use crate::http::fields::FieldLine;
use crate::http::grammar;

/// Reads a line that stands at offset `at` of the head.
///
/// # Errors
/// A [`Reject`] that says which part of the line is malformed.
pub fn parse(line: &[u8], at: usize) -> Result<FieldLine, Reject> {
    if line.first().is_some_and(|&byte| grammar::is_ows(byte)) {
        return Err(Reject::LineFolding);
    }
    let colon = memchr::memchr(b':', line).ok_or(Reject::NoColon)?;
    let (name, rest) = line.split_at(colon);
    if name.last().is_some_and(|&byte| grammar::is_ows(byte)) {
        return Err(Reject::SpaceBeforeColon);
    }
    if !grammar::is_token(name) {
        return Err(Reject::FieldName);
    }
    let value = rest.split_first().map_or(rest, |(_colon, value)| value);
    // RFC 9110 section 5.5: visible characters, obs-text, SP and HTAB.
    if let Some(byte) = value.iter().find(|&&byte| !grammar::is_text(byte)) {
        return Err(match byte {
            b'\r' => Reject::BareCarriageReturn,
            _ => Reject::FieldValue,
        });
    }
    let leading = value.len() - grammar::skip_ows(value).len();
    let trimmed = grammar::trim_ows(value);
    let value_at = at + colon + 1 + if trimmed.is_empty() { 0 } else { leading };
    Ok(FieldLine {
        name: at..at + colon,
        value: value_at..value_at + trimmed.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_line_is_a_token_a_colon_and_a_value() {
        use Reject::*;
        for (line, expected) in [
            // RFC 9112 section 5
            ("Host: a", Ok(("Host", "a"))),
            ("Host:a", Ok(("Host", "a"))),
            ("Host:\t a b \t", Ok(("Host", "a b"))),
            ("X:", Ok(("X", ""))),
            ("X:  ", Ok(("X", ""))),
            ("X: a:b", Ok(("X", "a:b"))),
            ("X: \u{e9}", Ok(("X", "\u{e9}"))),
            ("X: a\tb", Ok(("X", "a\tb"))),
            ("X", Err(NoColon)),
            ("", Err(NoColon)),
            // RFC 9112 section 5.1
            ("Host : a", Err(SpaceBeforeColon)),
            ("Host\t: a", Err(SpaceBeforeColon)),
            // RFC 9112 section 5.2
            (" folded", Err(LineFolding)),
            ("\tfolded: x", Err(LineFolding)),
            // RFC 9110 section 5.1
            (": a", Err(FieldName)),
            ("X Y: a", Err(FieldName)),
            ("X(: a", Err(FieldName)),
            ("H\u{f6}st: a", Err(FieldName)),
            ("X\0: a", Err(FieldName)),
            // RFC 9110 section 5.5
            ("X: a\0b", Err(FieldValue)),
            ("X: a\u{7f}", Err(FieldValue)),
            ("X: \u{b}a", Err(FieldValue)),
            ("X: a\rb", Err(BareCarriageReturn)),
        ] {
            let text = |at: std::ops::Range<usize>| line.get(at).unwrap();
            let got = parse(line.as_bytes(), 0).map(|found| (text(found.name), text(found.value)));
            assert_eq!(got, expected, "{line:?}");
        }
    }

    #[test]
    fn offsets_count_from_the_start_of_the_head() {
        assert_eq!(
            parse(b"A:  b", 10),
            Ok(FieldLine {
                name: 10..11,
                value: 14..15
            })
        );
    }
}
