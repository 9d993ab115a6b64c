//! Quality values (RFC 9110 section 12.4.2): how much a request wants each content coding and media type.
//!
//! ```text
//! Accept-Encoding = #( codings [ weight ] )
//! codings         = content-coding / "identity" / "*"
//! Accept          = #( media-range [ weight ] )
//! media-range     = ( "*/*" / ( type "/" "*" ) / ( type "/" subtype ) ) parameters
//! weight          = OWS ";" OWS "q=" qvalue
//! qvalue          = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
//! ```
//!
//! Reads `Accept-Encoding` and `Accept`. `site` chooses among the representations, and responds when none is
//! acceptable. `Accept-Charset` and `Accept-Language` are not read.

use super::grammar;

/// The quality of an element without a weight, in thousandths: the highest.
const FULL: u16 = 1000;

/// The quality of `identity` when the field does not list it: it stays acceptable (RFC 9110 section 12.5.3), but every
/// listed coding is preferred.
const UNLISTED_IDENTITY: u16 = 1;

/// The `Accept-Encoding` field (RFC 9110 section 12.5.3).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AcceptEncoding<'a> {
    /// The request has no such field. Any coding would be acceptable, but such a client is often unable to decode, so
    /// only `identity` is chosen.
    Absent,
    /// The content codings listed, each with its quality in thousandths; none if the field is empty.
    Listed(Vec<(&'a str, u16)>),
}

impl<'a> AcceptEncoding<'a> {
    /// Reads all lines of the field. Malformed elements count as not listed.
    pub fn parse(lines: impl Iterator<Item = &'a [u8]>) -> Self {
        parse_weighted(lines).map_or(Self::Absent, Self::Listed)
    }

    /// The quality of a content coding, in thousandths; 0 is not acceptable. `identity` means no coding.
    #[must_use]
    pub fn quality(&self, coding: &str) -> u16 {
        let identity = coding.eq_ignore_ascii_case("identity");
        let Self::Listed(codings) = self else {
            return if identity { FULL } else { 0 };
        };
        let listed = |name: &str| {
            codings
                .iter()
                .find(|(given, _)| is_same_coding(given, name))
                .map(|&(_, quality)| quality)
        };
        listed(coding)
            .or_else(|| listed("*"))
            .unwrap_or(if identity { UNLISTED_IDENTITY } else { 0 })
    }
}

/// The quality of the media type `type_/subtype` by the `Accept` field, in thousandths; 0 is not acceptable.
///
/// The most specific range decides (RFC 9110 section 12.5.1). A range with parameters matches nothing here, because it
/// is more specific than any type that is asked about. Without the field, all types have the same quality.
pub fn accept_quality<'a>(lines: impl Iterator<Item = &'a [u8]>, type_: &str, subtype: &str) -> u16 {
    let Some(ranges) = parse_weighted(lines) else {
        return FULL;
    };
    let listed = |type_: &str, subtype: &str| {
        let range = format!("{type_}/{subtype}");
        ranges
            .iter()
            .find(|(given, _)| given.eq_ignore_ascii_case(&range))
            .map(|&(_, quality)| quality)
    };
    listed(type_, subtype)
        .or_else(|| listed(type_, "*"))
        .or_else(|| listed("*", "*"))
        .unwrap_or(0)
}

/// Content codings are case-insensitive (RFC 9110 section 8.4.1), and two have an old name.
fn is_same_coding(one: &str, other: &str) -> bool {
    current_name(one).eq_ignore_ascii_case(current_name(other))
}

/// The current name of a content coding (RFC 9110 sections 8.4.1.1 and 8.4.1.3).
fn current_name(coding: &str) -> &str {
    if coding.eq_ignore_ascii_case("x-gzip") {
        "gzip"
    } else if coding.eq_ignore_ascii_case("x-compress") {
        "compress"
    } else {
        coding
    }
}

/// Reads the names and qualities (in thousandths) of every well-formed element of all lines, in their order;
/// `None` if there is no line.
fn parse_weighted<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Option<Vec<(&'a str, u16)>> {
    let mut lines = lines.peekable();
    lines.peek()?;
    Some(lines.flat_map(elements).filter_map(parse_element).collect())
}

/// Splits a line at the commas that are not inside a quoted-string (RFC 9110 section 5.6.4).
fn elements(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut quoted = false;
    let mut escaped = false;
    line.split(move |&byte| {
        let after_backslash = escaped;
        escaped = quoted && byte == b'\\' && !after_backslash;
        if byte == b'"' && !after_backslash {
            quoted = !quoted;
        }
        byte == b',' && !quoted
    })
}

/// Parses a name and its weight: `gzip`, `gzip;q=0.5`. `None` if it is empty or malformed, or if it has a
/// parameter other than the weight.
fn parse_element(element: &[u8]) -> Option<(&str, u16)> {
    let mut parts = element.split(|&byte| byte == b';').map(grammar::trim_ows);
    let name = str::from_utf8(parts.next()?).ok().filter(|name| !name.is_empty())?;
    // An empty parameter between two semicolons is ignored (RFC 9110 section 5.6.6).
    let mut parameters = parts.filter(|part| !part.is_empty());
    match (parameters.next(), parameters.next()) {
        (None, _) => Some((name, FULL)),
        (Some(weight), None) => Some((name, parse_weight(weight)?)),
        _ => None,
    }
}

/// Parses `q=` and a qvalue, and returns it in thousandths.
fn parse_weight(weight: &[u8]) -> Option<u16> {
    let [b'q' | b'Q', b'=', qvalue @ ..] = weight else {
        return None;
    };
    let decimals = match qvalue {
        [_] => &[][..],
        [_, b'.', decimals @ ..] if decimals.len() <= 3 => decimals,
        _ => return None,
    };
    let mut thousandths = 0;
    for place in 0..3 {
        let digit = match decimals.get(place) {
            None => 0,
            Some(digit @ b'0'..=b'9') => digit - b'0',
            Some(_) => return None,
        };
        thousandths = thousandths * 10 + u16::from(digit);
    }
    match (qvalue.first(), thousandths) {
        (Some(b'0'), _) => Some(thousandths),
        (Some(b'1'), 0) => Some(FULL),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn accept_encoding<'a>(lines: &[&'a str]) -> AcceptEncoding<'a> {
        AcceptEncoding::parse(lines.iter().map(|line| line.as_bytes()))
    }

    #[test]
    fn a_weight_is_at_most_one_with_at_most_three_decimals() {
        // RFC 9110 section 12.4.2
        for (text, quality) in [
            ("q=0", Some(0)),
            ("q=0.", Some(0)),
            ("q=0.0", Some(0)),
            ("q=0.000", Some(0)),
            ("q=0.001", Some(1)),
            ("q=0.5", Some(500)),
            ("q=0.05", Some(50)),
            ("q=0.999", Some(999)),
            ("q=1", Some(1000)),
            ("q=1.", Some(1000)),
            ("q=1.0", Some(1000)),
            ("q=1.000", Some(1000)),
            ("Q=0.5", Some(500)),
            ("q=1.001", None),
            ("q=1.0000", None),
            ("q=0.0000", None),
            ("q=2", None),
            ("q=10", None),
            ("q=00", None),
            ("q=01", None),
            ("q=.5", None),
            ("q=-0", None),
            ("q=+1", None),
            ("q=0.+5", None),
            ("q=0,5", None),
            ("q=0.5x", None),
            ("q=0.\u{665}", None),
            ("q=1e0", None),
            ("q=\"1\"", None),
            ("q=", None),
            ("q", None),
            ("q =1", None),
            ("q= 1", None),
            ("level=1", None),
        ] {
            assert_eq!(parse_weight(text.as_bytes()), quality, "{text}");
        }
    }

    #[test]
    fn a_content_coding_has_the_quality_that_is_listed() {
        for (lines, coding, quality, rule) in [
            (&["gzip"][..], "gzip", 1000, "12.4.2: no weight is 1"),
            (&["gzip;q=0.5"], "gzip", 500, "12.4.2"),
            (&["gzip ; q=0.5"], "gzip", 500, "12.4.2: OWS"),
            (&["gzip\t;\tQ=0.5"], "gzip", 500, "12.4.2: OWS, case"),
            (&["gzip;q=0"], "gzip", 0, "12.5.3: 0 is not acceptable"),
            (&["br, gzip;q=0.8 ,zstd;q=0.9"], "gzip", 800, "12.5.3"),
            (&["br, gzip;q=0.8 ,zstd;q=0.9"], "zstd", 900, "12.5.3"),
            (&["br", "gzip;q=0.2"], "gzip", 200, "5.3: several lines"),
            (&[",, gzip;q=0.2,"], "gzip", 200, "5.6.1.2: empty elements"),
            (&["br"], "gzip", 0, "12.5.3: not listed"),
            (&["GZip"], "gzip", 1000, "8.4.1: no case"),
            (&["gzip"], "GZIP", 1000, "8.4.1: no case"),
            (&["x-gzip;q=0.3"], "gzip", 300, "8.4.1.3: the old name"),
            (&["gzip;q=0.3"], "X-Gzip", 300, "8.4.1.3: the old name"),
            (&["X-Compress;q=0.3"], "compress", 300, "8.4.1.1: the old name"),
            (&["*"], "gzip", 1000, "12.5.3: *"),
            (&["*;q=0.4, gzip;q=0.2"], "gzip", 200, "12.5.3: listed goes before *"),
            (&["gzip;q=0, *"], "gzip", 0, "12.5.3: listed goes before *"),
            (&["gzip;q=0.2, *;q=0"], "br", 0, "12.5.3: *"),
            (&["gzip;q=0.2, gzip;q=0.9"], "gzip", 200, "listed twice: the first"),
            (&["gzip;q=2"], "gzip", 0, "malformed: not listed"),
            (&["gzip;q=2, *;q=0.1"], "gzip", 100, "malformed: not listed"),
            (&["gzip;q=x, br"], "br", 1000, "malformed: spoils no other"),
            (&["gzip;level=9"], "gzip", 0, "12.5.3: codings have no parameters"),
            (&["gzip;q=0.5;q=0.6"], "gzip", 0, "12.4.2: one weight"),
            (&["gzip q=0.5"], "gzip", 0, "12.4.2: ;"),
            (&["gzip br"], "gzip", 0, "5.6.1: a comma between"),
            (&["gzip-9"], "gzip", 0, "12.5.3: the whole name"),
            (&[";q=1"], "", 0, "12.5.3: no name"),
        ] {
            let given = accept_encoding(lines).quality(coding);
            assert_eq!(given, quality, "{lines:?} {coding} ({rule})");
        }
        let with_junk = AcceptEncoding::parse([&b"\xff, gzip"[..]].into_iter());
        assert_eq!(with_junk.quality("gzip"), 1000, "not UTF-8: spoils no other");
    }

    #[test]
    fn identity_is_acceptable_unless_it_is_excluded() {
        // RFC 9110 section 12.5.3
        for (lines, quality, rule) in [
            (&[][..], 1000, "no field"),
            (&[""], 1, "an empty field: nothing but identity"),
            (&["gzip"], 1, "not excluded"),
            (&["gzip;q=0.001"], 1, "never before what is asked for"),
            (&["gzip;q=0"], 1, "gzip is excluded, identity is not"),
            (&["identity"], 1000, "listed"),
            (&["identity;q=0.5, gzip"], 500, "listed"),
            (&["Identity;q=0"], 0, "excluded by name"),
            (&["gzip, identity;q=0"], 0, "excluded by name"),
            (&["*;q=0"], 0, "excluded by *"),
            (&["gzip, *;q=0"], 0, "excluded by *"),
            (&["*;q=0, identity;q=0.1"], 100, "its own entry goes before *"),
            (&["*;q=0.7"], 700, "matched by *"),
            (&["identity;q=nothing"], 1, "malformed: not excluded"),
        ] {
            let given = accept_encoding(lines).quality("identity");
            assert_eq!(given, quality, "{lines:?} ({rule})");
        }
    }

    #[test]
    fn without_the_field_only_identity_is_chosen() {
        // RFC 9110 section 12.5.3
        let absent = accept_encoding(&[]);
        assert_eq!(absent, AcceptEncoding::Absent);
        assert_eq!(absent.quality("gzip"), 0);
        assert_eq!(accept_encoding(&[""]), AcceptEncoding::Listed(vec![]));
    }

    #[test]
    fn the_most_specific_media_range_decides() {
        for (lines, html, json, rule) in [
            (&[][..], 1000, 1000, "12.5.1: no field, anything"),
            (&[""], 0, 0, "12.5.1: an empty list"),
            (&["*/*"], 1000, 1000, "12.5.1"),
            (&["text/html"], 1000, 0, "12.5.1"),
            (&["TEXT/Html;q=0.5"], 500, 0, "8.3.1: no case"),
            (&["text/*;q=0.3, */*;q=0.1"], 300, 100, "12.5.1: type/* before */*"),
            (
                &["*/*;q=0.1, text/*;q=0.3, text/html;q=0.2"],
                200,
                100,
                "12.5.1: in any order",
            ),
            (&["*/*", "text/html;q=0"], 0, 1000, "12.5.1: on several lines"),
            (
                &["text/html,application/xml;q=0.9,*/*;q=0.8"],
                1000,
                800,
                "what browsers send",
            ),
            (&["application/json, */*;q=0.5"], 500, 1000, "what scripts send"),
            (
                &["text/html;level=1, */*;q=0.1"],
                100,
                100,
                "with a parameter: no match",
            ),
            (&["text/html;level=1;q=0.9"], 0, 0, "with a parameter: no match"),
            (&["text/html;q=0.9;level=1"], 0, 0, "with a parameter: no match"),
            (&["text/html;;q=0.5;"], 500, 0, "5.6.6: empty parameters"),
            (&["a/b;c=\"d,*/*,e\", text/html"], 1000, 0, "5.6.4: a comma in quotes"),
            (&["a/b;c=\"\\\",*/*,e\", text/html"], 1000, 0, "5.6.4: an escaped quote"),
            (&["a/b;c=\"\\\\\",text/html"], 1000, 0, "5.6.4: an escaped backslash"),
            (
                &["a\\\",*/*,\", text/html"],
                1000,
                0,
                "5.6.4: a backslash escapes only in quotes",
            ),
            (&["a/b;c=\";q=1\", text/html"], 1000, 0, "5.6.4: a semicolon in quotes"),
            (&["text/html;q=7, */*;q=0.1"], 100, 100, "malformed: not listed"),
            (&["*/html, *, text, html"], 0, 0, "12.5.1: no media-range"),
            (&["text/html/x"], 0, 0, "12.5.1: no media-range"),
        ] {
            let quality = |type_, subtype| accept_quality(lines.iter().map(|line| line.as_bytes()), type_, subtype);
            assert_eq!(quality("text", "html"), html, "{lines:?} ({rule})");
            assert_eq!(quality("application", "json"), json, "{lines:?} ({rule})");
        }
    }

    proptest! {
        #[test]
        fn every_thousandth_is_read(quality in 0..=1000_u16) {
            let text = format!("q={}.{:03}", quality / 1000, quality % 1000);
            prop_assert_eq!(parse_weight(text.as_bytes()), Some(quality));
        }

        #[test]
        fn any_bytes_have_a_quality_of_at_most_one(lines: Vec<Vec<u8>>) {
            let lines = || lines.iter().map(Vec::as_slice);
            prop_assert!(AcceptEncoding::parse(lines()).quality("gzip") <= FULL);
            prop_assert!(accept_quality(lines(), "text", "html") <= FULL);
        }
    }
}
