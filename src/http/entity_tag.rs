//! Entity tags (RFC 9110 section 8.8.3): the validator of `ETag`, and the lists of `If-Match` and
//! `If-None-Match`.
//!
//! ```text
//! ETag          = entity-tag
//! entity-tag    = [ weak ] opaque-tag
//! weak          = %s"W/"
//! opaque-tag    = DQUOTE *etagc DQUOTE
//! etagc         = %x21 / %x23-7E / obs-text
//! If-Match      = "*" / #entity-tag
//! If-None-Match = "*" / #entity-tag
//! ```
//!
//! This module compares entity tags; `site` knows which condition needs which comparison (section 13.1).

use super::grammar;
use std::fmt;

/// Identifies one version of a representation: opaque bytes, and whether they are only a weak validator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntityTag {
    weak: bool,
    // These are bytes, because a tag may contain obs-text. All of them are etagc.
    opaque: Vec<u8>,
}

/// What `If-Match` or `If-None-Match` lists (RFC 9110 sections 13.1.1 and 13.1.2).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Condition {
    /// `*`: any current representation.
    Any,
    /// The well-formed entity tags that are listed, possibly none.
    Tags(Vec<EntityTag>),
}

impl EntityTag {
    /// Makes a strong entity tag. Characters that a tag cannot contain, such as `"` and whitespace, are left out.
    #[must_use]
    pub fn strong(opaque: String) -> Self {
        let mut opaque = opaque.into_bytes();
        opaque.retain(|&byte| is_etagc(byte));
        Self { weak: false, opaque }
    }

    /// Reads a value that is one entity tag, as in `If-Range`.
    #[must_use]
    pub fn parse(value: &[u8]) -> Option<Self> {
        match Self::parse_start(value)? {
            (tag, []) => Some(tag),
            _ => None,
        }
    }

    /// Reads the entity tag that `bytes` start with; returns it and what follows it.
    fn parse_start(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (weak, quoted) = match bytes {
            [b'W', b'/', quoted @ ..] => (true, quoted),
            quoted => (false, quoted),
        };
        let text = quoted.strip_prefix(b"\"")?;
        let length = text.iter().position(|&byte| !is_etagc(byte))?;
        let (opaque, end) = text.split_at_checked(length)?;
        let after = end.strip_prefix(b"\"")?;
        let opaque = opaque.to_vec();
        Some((Self { weak, opaque }, after))
    }

    /// Whether the two are the same and neither is weak (RFC 9110 section 8.8.3.2). Then the representations are equal
    /// byte for byte.
    #[must_use]
    pub fn strong_comparison(&self, other: &Self) -> bool {
        !self.weak && !other.weak && self.opaque == other.opaque
    }

    /// Whether the two are the same, weak or not (RFC 9110 section 8.8.3.2). Then one representation can replace the
    /// other.
    #[must_use]
    pub fn weak_comparison(&self, other: &Self) -> bool {
        self.opaque == other.opaque
    }
}

/// Writes the field value: `"..."` or `W/"..."`. Obs-text that is not UTF-8 is replaced; it occurs only in tags from
/// requests.
impl fmt::Display for EntityTag {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let weak = if self.weak { "W/" } else { "" };
        write!(f, "{weak}\"{}\"", String::from_utf8_lossy(&self.opaque))
    }
}

/// Reads the value of `If-Match` or `If-None-Match` from all of its field lines.
///
/// `*` counts only if it is the whole value. Empty list elements are skipped (RFC 9110 section 5.6.1.2). So are
/// malformed elements: they identify no version, and the elements around them still count.
pub fn parse_condition<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Condition {
    let lines: Vec<&[u8]> = lines.collect();
    if lines == [b"*"] {
        return Condition::Any;
    }
    let mut tags = Vec::new();
    for line in lines {
        let mut rest = line;
        while let [first, after_first @ ..] = rest {
            if grammar::is_ows(*first) {
                rest = after_first;
                continue;
            }
            // The tag comes first, because a comma inside its quotes is part of it. The element ends at the next comma.
            let (tag, after_tag) = match EntityTag::parse_start(rest) {
                Some((tag, after_tag)) => (Some(tag), after_tag),
                None => (None, rest),
            };
            let mut parts = after_tag.splitn(2, |&byte| byte == b',');
            let before_comma = parts.next().unwrap_or_default();
            rest = parts.next().unwrap_or_default();
            tags.extend(tag.filter(|_| grammar::skip_ows(before_comma).is_empty()));
        }
    }
    Condition::Tags(tags)
}

/// Whether `byte` may appear between the quotes: visible ASCII except `"`, and obs-text (RFC 9110 section 8.8.3).
fn is_etagc(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x7E | 0x80..=0xFF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tag(value: &str) -> EntityTag {
        EntityTag::parse(value.as_bytes()).unwrap()
    }

    #[test]
    fn one_entity_tag_is_read_and_written_back() {
        for (value, weak, opaque, rule) in [
            (&b"\"xyzzy\""[..], false, &b"xyzzy"[..], "8.8.3"),
            (b"W/\"xyzzy\"", true, b"xyzzy", "8.8.3: weak"),
            (b"\"\"", false, b"", "8.8.3: *etagc"),
            (b"W/\"\"", true, b"", "8.8.3: *etagc"),
            (b"\"a,b\"", false, b"a,b", "8.8.3: etagc has the comma"),
            (b"\"a\\\"", false, b"a\\", "8.8.3: a backslash is no escape"),
            (b"\"W/\"", false, b"W/", "8.8.3"),
            (b"\"!#~\"", false, b"!#~", "8.8.3: the ends of etagc"),
            ("\"\u{f1}\"".as_bytes(), false, "\u{f1}".as_bytes(), "8.8.3: obs-text"),
        ] {
            let opaque = opaque.to_vec();
            let given = EntityTag::parse(value).unwrap();
            assert_eq!(given, EntityTag { weak, opaque }, "{} ({rule})", value.escape_ascii());
            assert_eq!(given.to_string().as_bytes(), value, "{rule}");
        }
        assert!(
            EntityTag::parse(b"\"\x80\xff\"").is_some(),
            "8.8.3: obs-text is any byte from 0x80"
        );
    }

    #[test]
    fn anything_else_is_no_entity_tag() {
        for (value, rule) in [
            ("", "8.8.3"),
            ("xyzzy", "8.8.3: DQUOTE"),
            ("\"", "8.8.3: two DQUOTE"),
            ("\"xyzzy", "8.8.3: two DQUOTE"),
            ("xyzzy\"", "8.8.3: two DQUOTE"),
            ("'xyzzy'", "8.8.3: DQUOTE"),
            ("w/\"xyzzy\"", "8.8.3: W is case-sensitive"),
            ("W\"xyzzy\"", "8.8.3: W/"),
            ("W/ \"xyzzy\"", "8.8.3: no white space"),
            ("W/W/\"xyzzy\"", "8.8.3"),
            ("W/", "8.8.3"),
            ("\"a b\"", "8.8.3: no SP in etagc"),
            ("\"a\tb\"", "8.8.3: no HTAB in etagc"),
            ("\"a\u{7f}\"", "8.8.3: no DEL in etagc"),
            ("\"a\"b\"", "8.8.3: no DQUOTE in etagc"),
            ("\"a\" ", "8.8.3: nothing after it"),
            ("\"a\", \"b\"", "13.1.5: one, not a list"),
            ("*", "13.1.5: no *"),
            ("Sun, 06 Nov 1994 08:49:37 GMT", "13.1.5: a date instead"),
        ] {
            assert_eq!(EntityTag::parse(value.as_bytes()), None, "{value} ({rule})");
        }
    }

    #[test]
    fn comparison_follows_the_table_of_the_rfc() {
        // RFC 9110 section 8.8.3.2
        for (one, other, strong, weak) in [
            ("W/\"1\"", "W/\"1\"", false, true),
            ("W/\"1\"", "W/\"2\"", false, false),
            ("W/\"1\"", "\"1\"", false, true),
            ("\"1\"", "W/\"1\"", false, true),
            ("\"1\"", "\"1\"", true, true),
            ("\"a\"", "\"A\"", false, false),
        ] {
            assert_eq!(tag(one).strong_comparison(&tag(other)), strong, "{one} {other}");
            assert_eq!(tag(one).weak_comparison(&tag(other)), weak, "{one} {other}");
        }
    }

    #[test]
    fn our_own_tag_is_strong_and_always_well_formed() {
        // RFC 9110 section 8.8.3
        for (opaque, value) in [("17f-2a", "\"17f-2a\""), ("a\"b \r\nc", "\"abc\""), ("", "\"\"")] {
            let ours = EntityTag::strong(opaque.to_owned());
            assert_eq!(ours.to_string(), value);
            assert!(ours.strong_comparison(&tag(value)));
        }
    }

    #[test]
    fn a_condition_is_any_or_the_tags_of_all_lines() {
        for (lines, tags, rule) in [
            (&[][..], &[][..], "no line"),
            (&[""], &[], "5.6.1.2: empty"),
            (&["\"a\""], &["\"a\""], "13.1.2"),
            (&["\"a\", W/\"b\""], &["\"a\"", "W/\"b\""], "13.1.2"),
            (&["\"a\",\"b\""], &["\"a\"", "\"b\""], "5.6.1: OWS is optional"),
            (&["\"a\" \t,\t \"b\""], &["\"a\"", "\"b\""], "5.6.1: OWS on both sides"),
            (&["\"a\"", "\"b\""], &["\"a\"", "\"b\""], "5.3: several lines"),
            (
                &[",, \"a\" , ,\"b\",", ","],
                &["\"a\"", "\"b\""],
                "5.6.1.2: empty elements",
            ),
            (&["\"a,b\",\"c\""], &["\"a,b\"", "\"c\""], "8.8.3: a comma in a tag"),
            (&["\",\",W/\",\""], &["\",\"", "W/\",\""], "8.8.3: a comma in a tag"),
            (&["a, \"b\""], &["\"b\""], "malformed: no quotes"),
            (&["\"a, \"b\""], &["\"b\""], "malformed: not closed"),
            (&["\"a b\", \"c\""], &["\"c\""], "malformed: a space"),
            (&["\"a b,c\", \"d\""], &["\"d\""], "malformed: a space"),
            (&["\"a\"x, \"b\""], &["\"b\""], "malformed: more after the tag"),
            (&["\"a\" \"b\", \"c\""], &["\"c\""], "malformed: no comma between"),
            (&["w/\"a\", \"b\""], &["\"b\""], "malformed: lower case"),
            (&["\"a\", \"b"], &["\"a\""], "malformed: not closed, last"),
            (&["\"a", "b\""], &[], "a tag does not continue on the next line"),
            (&["*, \"a\""], &["\"a\""], "13.1.2: * is the whole value"),
            (&["*", "*"], &[], "13.1.2: * is the whole value"),
            (&["\"*\""], &["\"*\""], "13.1.2: quoted, it is a tag"),
        ] {
            let tags = tags.iter().map(|value| tag(value)).collect();
            let given = parse_condition(lines.iter().map(|line| line.as_bytes()));
            assert_eq!(given, Condition::Tags(tags), "{lines:?} ({rule})");
        }
        assert_eq!(parse_condition([&b"*"[..]].into_iter()), Condition::Any, "13.1.2");
    }

    proptest! {
        #[test]
        fn a_list_is_read_back_whatever_its_tags_hold(
            opaques in prop::collection::vec("[!#-~]{0,6}", 0..6), weak: bool
        ) {
            let tags: Vec<EntityTag> = opaques
                .iter()
                .map(|opaque| EntityTag { weak, opaque: opaque.clone().into_bytes() })
                .collect();
            let line = tags.iter().map(EntityTag::to_string).collect::<Vec<_>>().join(" , ");
            prop_assert_eq!(parse_condition([line.as_bytes()].into_iter()), Condition::Tags(tags));
        }

        #[test]
        fn reading_any_bytes_ends_without_a_panic(lines: Vec<Vec<u8>>) {
            parse_condition(lines.iter().map(Vec::as_slice));
        }
    }
}
