//! The strict parser for one field line (RFC 9112 section 5).
//!
//! ```text
//! field-line = field-name ":" OWS field-value OWS
//! ```
//!
//! It takes a line without its CR LF and returns the positions of the name and the value. RFC 9112 lets a lenient
//! recipient repair some errors (folded lines, whitespace before the colon). This parser rejects them: two
//! implementations that repair differently see two different requests.

use super::Rejection;
use crate::http::fields::FieldLine;
use crate::http::{FieldName, grammar};

/// Parses a line that begins at offset `at` of the head.
///
/// # Errors
/// A [`Rejection`] that says which part of the line is malformed.
pub fn parse(line: &[u8], at: usize) -> Result<FieldLine, Rejection> {
    if line.first().is_some_and(|&byte| grammar::is_ows(byte)) {
        return Err(Rejection::LineFolding);
    }
    let colon = memchr::memchr(b':', line).ok_or(Rejection::NoColon)?;
    let (name, rest) = line.split_at(colon);
    if name.last().is_some_and(|&byte| grammar::is_ows(byte)) {
        return Err(Rejection::SpaceBeforeColon);
    }
    if !grammar::is_token(name) {
        return Err(Rejection::FieldName);
    }
    let value = rest.split_first().map_or(rest, |(_colon, value)| value);
    // RFC 9110 section 5.5: visible characters, obs-text, SP and HTAB.
    if let Some(byte) = value.iter().find(|&&byte| !grammar::is_text(byte)) {
        return Err(match byte {
            b'\r' => Rejection::BareCarriageReturn,
            _ => Rejection::FieldValue,
        });
    }
    let leading = value.len() - grammar::skip_ows(value).len();
    let trimmed = grammar::trim_ows(value);
    let value_at = at + colon + 1 + if trimmed.is_empty() { 0 } else { leading };
    Ok(FieldLine {
        name: at..at + colon,
        known: FieldName::from_token(name),
        value: value_at..value_at + trimmed.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_line_is_a_token_a_colon_and_a_value() {
        use Rejection::*;
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
        for (line, known) in [("tE:  b", None), ("Te:  b", None), ("hOST:  b", Some(FieldName::Host))] {
            let name = 10..10 + line.len() - 4;
            let value = name.end + 3..name.end + 4;
            assert_eq!(
                parse(line.as_bytes(), 10),
                Ok(FieldLine { name, known, value }),
                "{line}"
            );
        }
    }
}
