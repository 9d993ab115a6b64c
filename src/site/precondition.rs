//! Preconditions (RFC 9110 section 13): whether the representation is sent at all.
//!
//! ```text
//! If-Match            = "*" / #entity-tag        section 13.1.1
//! If-None-Match       = "*" / #entity-tag        section 13.1.2
//! If-Modified-Since   = HTTP-date                section 13.1.3
//! If-Unmodified-Since = HTTP-date                section 13.1.4
//! If-Range            = entity-tag / HTTP-date   section 13.1.5
//! ```

use crate::http::entity_tag::{Condition, parse_condition};
use crate::http::{EntityTag, FieldName, Fields, UnixTime, date};

/// The result of evaluating the preconditions of a GET or HEAD.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// All preconditions are true, or there are none.
    Proceed,
    /// The client already has the representation: 304.
    NotModified,
    /// A required condition is false: 412.
    Failed,
}

/// The validators that conditions are compared with. A representation that is made for this request has none, so it is
/// equal to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Validators<'a> {
    /// The current entity tag, which is strong.
    pub entity_tag: Option<&'a EntityTag>,
    /// The current `Last-Modified`, in seconds.
    pub last_modified: Option<u64>,
}

/// Evaluates the preconditions in the order of section 13.2.2. The representation exists: a missing resource is a 404
/// before any precondition is evaluated (section 13.2.1).
#[must_use]
pub fn evaluate(fields: Fields<'_>, current: Validators<'_>) -> Outcome {
    let given = |name: FieldName| fields.get(name).is_some();
    let date_of = |name: FieldName| fields.get(name).and_then(date::parse);
    let is_current = |tag: &EntityTag, comparison: fn(&EntityTag, &EntityTag) -> bool| {
        current.entity_tag.is_some_and(|current| comparison(tag, current))
    };

    // 1. and 2. The date is evaluated only if there are no tags; a malformed date is ignored (section 13.1.4).
    if given(FieldName::IfMatch) {
        let matches = match parse_condition(fields.all(FieldName::IfMatch)) {
            Condition::Any => true,
            Condition::Tags(tags) => tags.iter().any(|tag| is_current(tag, EntityTag::strong_comparison)),
        };
        if !matches {
            return Outcome::Failed;
        }
    } else if let (Some(date), Some(modified)) = (date_of(FieldName::IfUnmodifiedSince), current.last_modified)
        && modified > date
    {
        return Outcome::Failed;
    }

    // 3. and 4. The same rules apply to the other pair.
    let has_it = if given(FieldName::IfNoneMatch) {
        match parse_condition(fields.all(FieldName::IfNoneMatch)) {
            Condition::Any => true,
            Condition::Tags(tags) => tags.iter().any(|tag| is_current(tag, EntityTag::weak_comparison)),
        }
    } else {
        date_of(FieldName::IfModifiedSince)
            .zip(current.last_modified)
            .is_some_and(|(date, modified)| modified <= date)
    };
    if has_it { Outcome::NotModified } else { Outcome::Proceed }
}

/// Whether `Range` may be honoured: `If-Range`, if present, must match the current representation (section 13.1.5).
/// Otherwise the client would combine parts of two versions.
#[must_use]
pub fn range_applies(fields: Fields<'_>, current: Validators<'_>, now: UnixTime) -> bool {
    let Some(validator) = fields.get(FieldName::IfRange) else {
        return true;
    };
    if let Some(tag) = EntityTag::parse(validator) {
        return current.entity_tag.is_some_and(|current| tag.strong_comparison(current));
    }
    // A date counts only if it is a strong validator, which means that its second is over (section 8.8.2.2).
    current.last_modified.is_some_and(|modified| {
        let is_strong = modified < now.seconds;
        is_strong && date::parse(validator) == Some(modified)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;

    const BEFORE: &str = "Tue, 15 Nov 1994 12:45:51 GMT";
    const SAME: &str = "Tue, 15 Nov 1994 12:45:52 GMT";
    const AFTER: &str = "Tue, 15 Nov 1994 12:45:53 GMT";
    const MODIFIED: u64 = 784_903_552;

    static TAG: LazyLock<EntityTag> = LazyLock::new(|| EntityTag::strong("x".into()));

    fn current() -> Validators<'static> {
        Validators {
            entity_tag: Some(&TAG),
            last_modified: Some(MODIFIED),
        }
    }

    fn with_fields<R>(lines: &[(&str, &str)], check: impl FnOnce(Fields<'_>) -> R) -> R {
        let pairs: Vec<_> = lines.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        check(Fields::from_pairs(&pairs))
    }

    #[test]
    fn preconditions_are_evaluated_in_the_order_of_section_13_2_2() {
        use Outcome::*;
        assert_eq!(date::parse(SAME.as_bytes()), Some(MODIFIED));
        for (fields, expected) in [
            (&[][..], Proceed),
            // RFC 9110 section 13.1.1: strong comparison
            (&[("If-Match", "\"x\"")], Proceed),
            (&[("If-Match", "*")], Proceed),
            (&[("If-Match", "\"y\", \"x\"")], Proceed),
            (&[("If-Match", "\"y\""), ("If-Match", "\"x\"")], Proceed),
            (&[("If-Match", "\"y\"")], Failed),
            (&[("If-Match", "W/\"x\"")], Failed),
            (&[("If-Match", "x")], Failed),
            // RFC 9110 section 13.1.2: weak comparison
            (&[("If-None-Match", "\"x\"")], NotModified),
            (&[("If-None-Match", "W/\"x\"")], NotModified),
            (&[("If-None-Match", "*")], NotModified),
            (&[("If-None-Match", "\"y\", W/\"x\"")], NotModified),
            (&[("If-None-Match", "\"y\"")], Proceed),
            (&[("If-None-Match", "x")], Proceed),
            // RFC 9110 section 13.1.3
            (&[("If-Modified-Since", SAME)], NotModified),
            (&[("If-Modified-Since", AFTER)], NotModified),
            (&[("If-Modified-Since", BEFORE)], Proceed),
            (&[("If-Modified-Since", "yesterday")], Proceed),
            (&[("If-Modified-Since", "Tuesday, 15-Nov-94 12:45:52 GMT")], NotModified),
            (&[("If-Modified-Since", "Tue Nov 15 12:45:52 1994")], NotModified),
            // RFC 9110 section 13.1.4
            (&[("If-Unmodified-Since", SAME)], Proceed),
            (&[("If-Unmodified-Since", BEFORE)], Failed),
            (&[("If-Unmodified-Since", "yesterday")], Proceed),
            // RFC 9110 section 13.2.2: tags before dates, If-Match before If-None-Match
            (&[("If-None-Match", "\"y\""), ("If-Modified-Since", SAME)], Proceed),
            (
                &[("If-None-Match", "\"x\""), ("If-Modified-Since", BEFORE)],
                NotModified,
            ),
            (&[("If-Match", "\"x\""), ("If-Unmodified-Since", BEFORE)], Proceed),
            (&[("If-Match", "\"y\""), ("If-None-Match", "\"x\"")], Failed),
            (&[("If-Match", "\"x\""), ("If-None-Match", "\"x\"")], NotModified),
            (&[("If-Unmodified-Since", BEFORE), ("If-None-Match", "\"x\"")], Failed),
        ] {
            let got = with_fields(fields, |fields| evaluate(fields, current()));
            assert_eq!(got, expected, "{fields:?}");
        }
    }

    #[test]
    fn if_range_names_the_current_representation() {
        // RFC 9110 section 13.1.5
        for (value, at, applies) in [
            ("\"x\"", MODIFIED, true),
            ("W/\"x\"", MODIFIED, false),
            ("\"y\"", MODIFIED, false),
            (SAME, MODIFIED + 1, true),
            // section 8.8.2.2: within the same second a date is a weak validator
            (SAME, MODIFIED, false),
            (BEFORE, MODIFIED + 1, false),
            (AFTER, MODIFIED + 1, false),
            ("yesterday", MODIFIED + 1, false),
        ] {
            let now = UnixTime {
                seconds: at,
                nanoseconds: 0,
            };
            let got = with_fields(&[("If-Range", value)], |fields| range_applies(fields, current(), now));
            assert_eq!(got, applies, "{value} at {at}");
        }
        assert!(range_applies(Fields::default(), current(), UnixTime::default()));
    }
}
