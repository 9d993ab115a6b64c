//! The small rules that the grammars of HTTP share. Each function has its ABNF above it (RFC 9110 section 5.6, RFC 5234
//! appendix B.1).
//!
//! Larger rules are in the modules that parse them.

/// A set of bytes as a table. A look-up takes fewer steps than comparisons with many signs and ranges.
pub struct ByteSet([bool; 256]);

impl ByteSet {
    /// `ALPHA / DIGIT`, and these signs.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "it is evaluated by the compiler")]
    pub const fn alphanumeric_and(signs: &[u8]) -> Self {
        let mut table = [false; 256];
        let mut byte = 0;
        while byte < table.len() {
            table[byte] = (byte as u8).is_ascii_alphanumeric();
            byte += 1;
        }
        let mut rest = signs;
        while let [sign, after @ ..] = rest {
            table[*sign as usize] = true;
            rest = after;
        }
        Self(table)
    }

    /// Whether the set has `byte`.
    #[must_use]
    pub fn contains(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte)).copied().unwrap_or_default()
    }
}

/// Whether `byte` is a `tchar`.
///
/// ```text
/// tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA
/// ```
#[must_use]
pub fn is_tchar(byte: u8) -> bool {
    const TCHARS: ByteSet = ByteSet::alphanumeric_and(b"!#$%&'*+-.^_`|~");
    TCHARS.contains(byte)
}

/// Whether all of `bytes` is one token: a method, a field name, a transfer coding.
///
/// ```text
/// token = 1*tchar
/// ```
#[must_use]
pub fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|&byte| is_tchar(byte))
}

/// Removes the token at the start of `bytes` and returns the rest. `None` when there is no token.
#[must_use]
pub fn skip_token(bytes: &[u8]) -> Option<&[u8]> {
    let length = bytes.iter().take_while(|&&byte| is_tchar(byte)).count();
    bytes.get(length..).filter(|_| length > 0)
}

/// Whether `byte` is optional whitespace.
///
/// ```text
/// OWS = *( SP / HTAB )    optional
/// BWS = OWS               bad: a careless sender puts it there
/// ```
#[must_use]
pub fn is_ows(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Removes whitespace from the start.
#[must_use]
pub fn skip_ows(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

/// Removes whitespace from both ends.
#[must_use]
pub fn trim_ows(bytes: &[u8]) -> &[u8] {
    let mut bytes = skip_ows(bytes);
    while let [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// The text of a number. `None` when `bytes` has anything but digits, so that no sign, dot or letter reaches `parse`.
/// The number may still be too large for `parse`.
///
/// ```text
/// 1*DIGIT
/// ```
#[must_use]
pub fn digits(bytes: &[u8]) -> Option<&str> {
    let are_digits = !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit);
    str::from_utf8(bytes).ok().filter(|_| are_digits)
}

/// The elements of one line of a list without the whitespace around them. Empty elements are left out (section
/// 5.6.1.2). An element must not contain a comma.
///
/// ```text
/// #element = [ element ] *( OWS "," OWS [ element ] )
/// ```
pub fn list_elements(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|&byte| byte == b',')
        .map(trim_ows)
        .filter(|element| !element.is_empty())
}

/// Removes the quoted string at the start of `bytes` and returns the rest. `None` when there is no quoted string.
///
/// ```text
/// quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE
/// qdtext        = HTAB / SP / %x21 / %x23-5B / %x5D-7E / obs-text
/// quoted-pair   = "\" ( HTAB / SP / VCHAR / obs-text )
/// ```
#[must_use]
pub fn skip_quoted_string(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.strip_prefix(b"\"")?;
    loop {
        rest = match rest {
            [b'"', after @ ..] => return Some(after),
            [b'\\', escaped, after @ ..] if is_text(*escaped) => after,
            [byte, after @ ..] if *byte != b'\\' && is_text(*byte) => after,
            _ => return None,
        };
    }
}

/// Whether a field value may contain `byte`. Control characters are not allowed, except HTAB.
///
/// ```text
/// field-vchar / SP / HTAB
/// field-vchar = VCHAR / obs-text
/// obs-text    = %x80-FF
/// ```
#[must_use]
pub fn is_text(byte: u8) -> bool {
    byte == b'\t' || !byte.is_ascii_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_the_fifteen_signs_digits_and_letters() {
        // RFC 9110 section 5.6.2
        let tchars: Vec<u8> = (0..=255).filter(|&byte| is_tchar(byte)).collect();
        assert_eq!(tchars.len(), 15 + 10 + 52);
        for (given, token, rest) in [
            ("a-b", true, Some("")),
            ("", false, None),
            ("a b", false, Some(" b")),
            ("a:", false, Some(":")),
            ("é", false, None),
        ] {
            assert_eq!(is_token(given.as_bytes()), token, "{given:?}");
            assert_eq!(skip_token(given.as_bytes()), rest.map(str::as_bytes), "{given:?}");
        }
    }

    #[test]
    fn optional_white_space_is_sp_and_htab_only() {
        // RFC 9110 section 5.6.3
        for (given, skipped, trimmed) in [
            (" \ta b\t ", "a b\t ", "a b"),
            ("\u{b}a", "\u{b}a", "\u{b}a"),
            (" ", "", ""),
            ("", "", ""),
        ] {
            assert_eq!(skip_ows(given.as_bytes()), skipped.as_bytes(), "{given:?}");
            assert_eq!(trim_ows(given.as_bytes()), trimmed.as_bytes(), "{given:?}");
        }
        assert_eq!((0..=255).filter(|&byte| is_ows(byte)).count(), 2);
    }

    #[test]
    fn a_number_is_digits_only() {
        // RFC 5234 appendix B.1; `parse` alone would take a sign.
        for (given, expected) in [
            ("0", Some("0")),
            ("0123456789", Some("0123456789")),
            ("99999999999999999999", Some("99999999999999999999")),
            ("", None),
            ("+1", None),
            ("-1", None),
            ("1.0", None),
            (" 1", None),
            ("\u{661}", None),
        ] {
            assert_eq!(digits(given.as_bytes()), expected, "{given:?}");
        }
    }

    #[test]
    fn a_list_has_elements_and_commas() {
        // RFC 9110 section 5.6.1
        for (given, expected) in [
            ("a, b", &["a", "b"][..]),
            ("a\t,\tb", &["a", "b"]),
            (", a,, ,b,", &["a", "b"]),
            ("a b", &["a b"]),
            (" , ", &[]),
            ("", &[]),
        ] {
            let elements: Vec<_> = list_elements(given.as_bytes()).collect();
            let expected: Vec<_> = expected.iter().map(|element| element.as_bytes()).collect();
            assert_eq!(elements, expected, "{given:?}");
        }
    }

    #[test]
    fn a_quoted_string_ends_at_the_first_quote_that_is_not_escaped() {
        // RFC 9110 section 5.6.4
        for (given, rest) in [
            (&b"\"\"x"[..], Some(&b"x"[..])),
            (b"\"a,;= \t\"x", Some(b"x")),
            (b"\"\\\"\\\\\"x", Some(b"x")),
            (b"\"\xff\"", Some(b"")),
            (b"\"a", None),
            (b"\"\\\"", None),
            (b"\"a\0\"", None),
            (b"\"\\\0\"", None),
            (b"\"a\r\n\"", None),
            (b"a\"\"", None),
            (b"", None),
        ] {
            assert_eq!(skip_quoted_string(given), rest, "{}", given.escape_ascii());
        }
    }
}
