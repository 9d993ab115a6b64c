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
    let Some([b':', value @ ..]) = grammar::skip_token(line) else {
        return Err(fault_in_name(line));
    };
    let name_length = line.len() - value.len() - 1;
    let leading = value.len() - grammar::skip_ows(value).len();
    let trimmed = grammar::trim_ows(value);
    // RFC 9110 section 5.5: visible characters, obs-text, SP and HTAB.
    if let Some(byte) = trimmed.iter().find(|&&byte| !grammar::is_text(byte)) {
        return Err(match byte {
            b'\r' => Rejection::BareCarriageReturn,
            _ => Rejection::FieldValue,
        });
    }
    let value_at = at + name_length + 1 + if trimmed.is_empty() { 0 } else { leading };
    Ok(FieldLine {
        name: at..at + name_length,
        known: FieldName::from_token(line.get(..name_length).unwrap_or_default()),
        value: value_at..value_at + trimmed.len(),
    })
}

/// Why a line does not begin with `field-name ":"`.
fn fault_in_name(line: &[u8]) -> Rejection {
    let colon = memchr::memchr(b':', line);
    let ends_with_space = |name: &[u8]| name.last().is_some_and(|&byte| grammar::is_ows(byte));
    match colon.and_then(|colon| line.get(..colon)) {
        _ if line.first().is_some_and(|&byte| grammar::is_ows(byte)) => Rejection::LineFolding,
        None => Rejection::NoColon,
        Some(name) if ends_with_space(name) => Rejection::SpaceBeforeColon,
        Some(_) => Rejection::FieldName,
    }
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
