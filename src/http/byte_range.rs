//! Byte ranges (RFC 9110 section 14): which bytes of a representation the `Range` field selects, and the
//! `Content-Range` field that says which were sent.
//!
//! ```text
//! ranges-specifier = range-unit "=" range-set
//! range-set        = 1#range-spec
//! range-spec       = int-range / suffix-range / other-range      (other-range is never satisfied here)
//! int-range        = first-pos "-" [ last-pos ]
//! suffix-range     = "-" suffix-length
//! Content-Range    = range-unit SP ( first-pos "-" last-pos "/" complete-length / "*/" complete-length )
//! first-pos, last-pos, suffix-length, complete-length = 1*DIGIT
//! ```
//!
//! `site` decides whether `Range` applies at all (by method and `If-Range`), and it writes multipart content.

use super::grammar;

/// The maximum number of ranges in one request; a request for more gets the whole representation. Players and
/// downloaders ask for one or a few; many small ones cost more than the whole (RFC 9110 section 17.15).
pub const MAX_RANGES: usize = 32;

/// A run of consecutive bytes of a representation. [`select`] never returns an empty one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ByteRange {
    /// The position of the first byte, counted from zero.
    pub first: u64,
    /// The number of bytes.
    pub length: u64,
}

/// What a `Range` field selects of a representation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Selection {
    /// The whole representation: the field is invalid or asks for too many ranges, so it is ignored (RFC 9110 section
    /// 14.2).
    Whole,
    /// One range, for a 206 with `Content-Range`.
    One(ByteRange),
    /// Two or more ranges that neither overlap nor touch, for a 206 in multipart/byteranges.
    Several(Vec<ByteRange>),
    /// Nothing, for a 416 (RFC 9110 section 15.5.17).
    Unsatisfiable,
}

/// Reads the value of a `Range` field and selects from a representation of `length` bytes.
///
/// Ranges that overlap or touch become one (RFC 9110 section 15.3.7.2), at the position of the earliest of them in the
/// request. Otherwise the order of the request is kept: a client may want the end first.
///
/// A suffix of an empty representation is satisfiable (section 14.1.2), but `Content-Range` cannot describe zero bytes,
/// so the whole representation is selected.
#[must_use]
pub fn select(value: &[u8], length: u64) -> Selection {
    let Some(specs) = parse(value) else {
        return Selection::Whole;
    };
    let is_suffix = |spec: &RangeSpec| matches!(spec, RangeSpec::SuffixRange { length } if *length > 0);
    if length == 0 && specs.iter().any(is_suffix) {
        return Selection::Whole;
    }
    let mut ranges = Vec::new();
    for range in specs.iter().filter_map(|spec| spec.resolve(length)) {
        coalesce(&mut ranges, range);
    }
    match ranges.as_slice() {
        [] => Selection::Unsatisfiable,
        [one] => Selection::One(*one),
        _ => Selection::Several(ranges),
    }
}

/// The value of `Content-Range` in a 416 (RFC 9110 section 14.4): `bytes */10`.
#[must_use]
pub fn unsatisfied_range(complete_length: u64) -> String {
    format!("bytes */{complete_length}")
}

impl ByteRange {
    /// The value of `Content-Range` for this part of `complete_length` bytes (RFC 9110 section 14.4):
    /// `bytes 0-4/10`.
    #[must_use]
    pub fn content_range(self, complete_length: u64) -> String {
        let last = self.end().saturating_sub(1);
        format!("bytes {}-{last}/{complete_length}", self.first)
    }

    /// The position after the range's last byte.
    fn end(self) -> u64 {
        self.first.saturating_add(self.length)
    }

    /// Whether the two ranges overlap or touch.
    fn touches(self, other: Self) -> bool {
        self.first <= other.end() && other.first <= self.end()
    }

    /// The range from the lower of the two starts to the higher of the two ends.
    fn joined_with(self, other: Self) -> Self {
        let first = self.first.min(other.first);
        let end = self.end().max(other.end());
        Self {
            first,
            length: end.saturating_sub(first),
        }
    }
}

/// Adds `range` to `ranges`, of which no two touch, and joins it with those that it touches. A range that touches
/// neither `range` nor those that are joined does not touch their union either, so one pass is enough.
fn coalesce(ranges: &mut Vec<ByteRange>, range: ByteRange) {
    let place = ranges.iter().position(|other| other.touches(range));
    let mut joined = range;
    ranges.retain(|&other| {
        let apart = !other.touches(range);
        if !apart {
            joined = joined.joined_with(other);
        }
        apart
    });
    ranges.insert(place.unwrap_or(ranges.len()), joined);
}

/// One element of the range set as written (RFC 9110 section 14.1.1), before the representation's length is
/// known. A number beyond `u64` is its largest: no representation reaches so far.
enum RangeSpec {
    /// `first-last` or `first-`, both inclusive.
    IntRange { first: u64, last: u64 },
    /// `-length`: this number of bytes at the end.
    SuffixRange { length: u64 },
}

impl RangeSpec {
    fn parse(spec: &[u8]) -> Option<Self> {
        let dash = memchr::memchr(b'-', spec)?;
        let (first, rest) = spec.split_at_checked(dash)?;
        let last = rest.get(1..)?;
        if first.is_empty() {
            let length = position(last)?;
            return Some(Self::SuffixRange { length });
        }
        let first = position(first)?;
        let last = if last.is_empty() { u64::MAX } else { position(last)? };
        (first <= last).then_some(Self::IntRange { first, last })
    }

    /// The bytes that the spec selects from a representation of `length` bytes; `None` if it is not satisfiable (RFC
    /// 9110 section 14.1.2).
    fn resolve(&self, length: u64) -> Option<ByteRange> {
        let (first, end) = match *self {
            Self::IntRange { first, last } => (first, last.saturating_add(1).min(length)),
            Self::SuffixRange { length: suffix } => (length.saturating_sub(suffix), length),
        };
        let length = end.checked_sub(first).filter(|&length| length > 0)?;
        Some(ByteRange { first, length })
    }
}

/// Parses a ranges-specifier. `None` if any of it is invalid, if its unit is not `bytes`, or if it has more than
/// [`MAX_RANGES`] ranges.
fn parse(value: &[u8]) -> Option<Vec<RangeSpec>> {
    let equals = memchr::memchr(b'=', value)?;
    let (unit, rest) = value.split_at_checked(equals)?;
    let set = rest.get(1..)?;
    if !unit.eq_ignore_ascii_case(b"bytes") || grammar::trim_ows(set) != set {
        return None;
    }
    let specs: Vec<RangeSpec> = grammar::list_elements(set)
        .take(MAX_RANGES + 1)
        .map(RangeSpec::parse)
        .collect::<Option<_>>()?;
    (1..=MAX_RANGES).contains(&specs.len()).then_some(specs)
}

/// Parses `1*DIGIT`. A number that does not fit `u64` becomes the largest.
fn position(digits: &[u8]) -> Option<u64> {
    Some(grammar::digits(digits)?.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A range as `Content-Range` writes it: `first`, and `last` inclusive.
    fn range(first: u64, last: u64) -> ByteRange {
        let length = last - first + 1;
        ByteRange { first, length }
    }

    #[test]
    fn one_range_is_selected() {
        const MAX: u64 = u64::MAX;
        for (value, length, first, last, rule) in [
            ("bytes=0-4", 10, 0, 4, "14.1.2: both ends included"),
            ("bytes=0-0", 10, 0, 0, "14.1.2: one byte"),
            ("bytes=9-9", 10, 9, 9, "14.1.2: the last byte"),
            ("bytes=5-", 10, 5, 9, "14.1.2: open"),
            ("bytes=0-", 10, 0, 9, "14.1.2: open, everything"),
            ("bytes=0-9", 10, 0, 9, "14.1.2: everything"),
            ("bytes=5-99", 10, 5, 9, "14.1.2: cut at the end"),
            ("bytes=-3", 10, 7, 9, "14.1.2: suffix"),
            ("bytes=-10", 10, 0, 9, "14.1.2: suffix, everything"),
            ("bytes=-11", 10, 0, 9, "14.1.2: suffix longer than there is"),
            ("bytes=-99999999999999999999999", 10, 0, 9, "14.1.2: suffix beyond u64"),
            (
                "bytes=5-99999999999999999999999",
                10,
                5,
                9,
                "14.1.2: last position beyond u64",
            ),
            ("bytes=000-004", 10, 0, 4, "14.1.1: 1*DIGIT"),
            ("Bytes=0-4", 10, 0, 4, "14.1: units have no case"),
            ("BYTES=0-4", 10, 0, 4, "14.1: units have no case"),
            ("bytes=,0-4,,", 10, 0, 4, "5.6.1.2: empty elements"),
            ("bytes=,\t 0-4 ,", 10, 0, 4, "5.6.1.2: OWS around commas"),
            ("bytes=0-4,20-30", 10, 0, 4, "14.2: the satisfiable one"),
            ("bytes=20-,-3,-0", 10, 7, 9, "14.2: the satisfiable one"),
            ("bytes=0-4,5-9", 10, 0, 9, "15.3.7.2: they touch"),
            ("bytes=5-9,0-4", 10, 0, 9, "15.3.7.2: they touch"),
            ("bytes=0-4,3-7", 10, 0, 7, "15.3.7.2: they overlap"),
            ("bytes=2-3,0-9", 10, 0, 9, "15.3.7.2: one holds the other"),
            ("bytes=0-1,4-5,2-3", 10, 0, 5, "15.3.7.2: the third joins the two"),
            ("bytes=0-4,0-4", 10, 0, 4, "15.3.7.2: the same twice"),
            (
                "bytes=4294967296-",
                5_000_000_000,
                4_294_967_296,
                4_999_999_999,
                "beyond 4 GiB",
            ),
            ("bytes=0-", MAX, 0, MAX - 1, "the longest representation"),
            ("bytes=18446744073709551614-", MAX, MAX - 1, MAX - 1, "its last byte"),
        ] {
            let one = Selection::One(range(first, last));
            assert_eq!(select(value.as_bytes(), length), one, "{value} of {length} ({rule})");
        }
    }

    #[test]
    fn several_ranges_keep_the_order_of_the_request() {
        for (value, ranges, rule) in [
            ("bytes=0-0,-1", &[(0, 0), (9, 9)][..], "14.1.2"),
            ("bytes=8-8 , 4-4\t,0-0", &[(8, 8), (4, 4), (0, 0)], "15.3.7.2: order"),
            (
                "bytes=0-1,50-,3-4",
                &[(0, 1), (3, 4)],
                "14.2: without the unsatisfiable one",
            ),
            ("bytes=0-1,3-4", &[(0, 1), (3, 4)], "15.3.7.2: a byte between: apart"),
            (
                "bytes=8-9,0-1,7-7",
                &[(7, 9), (0, 1)],
                "15.3.7.2: at the earliest place",
            ),
            (
                "bytes=4-4,8-9,0-0,5-7",
                &[(4, 9), (0, 0)],
                "15.3.7.2: at the earliest place",
            ),
        ] {
            let ranges = ranges.iter().map(|&(first, last)| range(first, last)).collect();
            let given = select(value.as_bytes(), 10);
            assert_eq!(given, Selection::Several(ranges), "{value} ({rule})");
        }
    }

    #[test]
    fn an_invalid_field_is_ignored() {
        for (value, rule) in [
            ("", "14.1.1"),
            ("bytes", "14.1.1: ="),
            ("bytes=", "14.1.1: at least one range"),
            ("bytes=,", "14.1.1: at least one range"),
            ("bytes=-", "14.1.1: suffix-length"),
            ("bytes=5", "14.1.1: -"),
            ("bytes=4-2", "14.1.1: last before first"),
            ("bytes=0-1,4-2", "14.1.1: one invalid range"),
            ("bytes=0-1,x", "14.1.1: one invalid range"),
            ("bytes=a-b", "14.1.1: DIGIT"),
            ("bytes=0x0-4", "14.1.1: DIGIT"),
            ("bytes=+0-4", "14.1.1: DIGIT"),
            ("bytes=0-+4", "14.1.1: DIGIT"),
            ("bytes=--4", "14.1.1: DIGIT"),
            ("bytes=0-4-", "14.1.1: one -"),
            ("bytes=0-4-8", "14.1.1: one -"),
            ("bytes=0-\u{664}", "14.1.1: ASCII digits"),
            ("bytes=0-4;5-6", "14.1.1: ,"),
            ("bytes=0-4/10", "14.4 is another field"),
            ("bytes 0-4", "14.1.1: ="),
            ("bytes =0-4", "14.1.1: no white space"),
            ("bytes= 0-4", "14.1.1: no white space"),
            ("bytes=0-4 ", "14.1.1: no white space"),
            ("bytes=0 -4", "14.1.1: no white space"),
            ("bytes=0- 4", "14.1.1: no white space"),
            ("bytes=- 4", "14.1.1: no white space"),
            ("bytes=0-4,\u{b}6-7", "5.6.3: OWS is SP and HTAB"),
            ("byte=0-4", "14.2: unknown unit"),
            ("seconds=0-4", "14.2: unknown unit"),
            ("=0-4", "14.2: unknown unit"),
        ] {
            assert_eq!(select(value.as_bytes(), 10), Selection::Whole, "{value:?} ({rule})");
        }
        assert_eq!(select(b"bytes=0-4\xff", 10), Selection::Whole, "14.1.1: not even UTF-8");
    }

    #[test]
    fn what_lies_beyond_the_end_is_unsatisfiable() {
        for (value, length, rule) in [
            ("bytes=10-", 10, "14.1.2: positions count from zero"),
            ("bytes=10-20", 10, "14.1.2"),
            ("bytes=99999999999999999999999-", 10, "14.1.2: beyond u64"),
            ("bytes=18446744073709551615-", u64::MAX, "14.1.2: just beyond the end"),
            ("bytes=-0", 10, "14.1.2: an empty suffix"),
            ("bytes=20-30,-0,10-", 10, "15.5.17: none of them"),
            ("bytes=0-", 0, "14.1.2: an empty representation"),
            ("bytes=0-0", 0, "14.1.2: an empty representation"),
            ("bytes=-0", 0, "14.1.2: an empty suffix"),
        ] {
            let given = select(value.as_bytes(), length);
            assert_eq!(given, Selection::Unsatisfiable, "{value} of {length} ({rule})");
        }
    }

    #[test]
    fn a_suffix_of_nothing_is_all_of_it() {
        // RFC 9110 section 14.1.2
        for value in ["bytes=-5", "bytes=0-0,-1"] {
            assert_eq!(select(value.as_bytes(), 0), Selection::Whole, "{value}");
        }
    }

    #[test]
    fn more_ranges_than_the_limit_are_ignored() {
        // RFC 9110 section 14.2
        let ask = |count: u64| {
            let specs: Vec<String> = (0..count).map(|n| format!("{}-{}", 2 * n, 2 * n)).collect();
            select(format!("bytes=,,{}", specs.join(",,")).as_bytes(), 1000)
        };
        assert!(matches!(ask(32), Selection::Several(ranges) if ranges.len() == MAX_RANGES));
        assert_eq!(ask(33), Selection::Whole);
        let overlapping = format!("bytes={}", "0-4,".repeat(33));
        assert_eq!(select(overlapping.as_bytes(), 10), Selection::Whole, "counted as asked");
    }

    #[test]
    fn content_range_says_what_was_sent() {
        // RFC 9110 section 14.4
        assert_eq!(range(0, 4).content_range(10), "bytes 0-4/10");
        assert_eq!(range(9, 9).content_range(10), "bytes 9-9/10");
        assert_eq!(unsatisfied_range(10), "bytes */10");
    }

    /// Numbers as a client writes them: `(Some(a), Some(b))` is `a-b`.
    type Written = (Option<u64>, Option<u64>);

    fn spec() -> impl Strategy<Value = Written> {
        let small = || 0..24_u64;
        prop_oneof![
            6 => (small(), 0..6_u64).prop_map(|(first, more)| (Some(first), Some(first + more))),
            1 => (small(), small()).prop_map(|(first, last)| (Some(first), Some(last))),
            1 => small().prop_map(|first| (Some(first), None)),
            1 => small().prop_map(|suffix| (None, Some(suffix))),
        ]
    }

    // The oracle is that of the fuzzer: it looks at every byte.
    proptest! {
        #[test]
        fn the_bytes_selected_are_those_of_the_naive_union(
            written in prop::collection::vec(spec(), 1..6), length in 0..24_u8
        ) {
            let text = |number: Option<u64>| number.map_or(String::new(), |number| number.to_string());
            let specs: Vec<String> = written
                .iter()
                .map(|&(first, last)| format!("{}-{}", text(first), text(last)))
                .collect();
            aula_fuzz::byte_range(&[&[length], format!("bytes={}", specs.join(", ")).as_bytes()].concat());
        }

        #[test]
        fn any_numbers_stay_inside_the_representation(first: u64, last: u64, suffix: u64, length: u8) {
            let value = format!("bytes={first}-{last},-{suffix},{last}-");
            aula_fuzz::byte_range(&[&[length], value.as_bytes()].concat());
        }

        #[test]
        fn any_bytes_are_read(length: u8, rest: Vec<u8>) {
            aula_fuzz::byte_range(&[&[length], &b"bytes="[..], &rest].concat());
        }
    }
}
