//! Evaluates `Range` with the library and with an oracle that looks at every byte.

use aula::http::ByteRange;
use aula::http::byte_range::{MAX_RANGES, Selection, select, unsatisfied_range};

/// The maximum length of a representation. The oracle looks at every byte for every range, so a longer one would only
/// be slower.
const LONGEST: u64 = 64;

/// For a short representation (the first byte gives its length), the selected ranges cover exactly the bytes that the
/// oracle marks. They neither overlap nor touch, and they are in the order of the request. Applied to representations
/// of any length, the same value stays within them, and its `Content-Range` can be written.
pub fn byte_range(data: &[u8]) {
    let Some((&length, value)) = data.split_first() else {
        return;
    };
    let length = u64::from(length) % LONGEST;
    let ranges = ranges_of(&select(value, length), length);
    // RFC 9110 section 14.1.2: a suffix of an empty representation is all of it, which Content-Range cannot express.
    let has_suffix = |specs: &[Spec]| specs.iter().any(|spec| matches!(spec, Spec::Last(1..)));
    match (oracle(value).filter(|specs| length > 0 || !has_suffix(specs)), &ranges) {
        (None, None) => {}
        (Some(specs), Some(ranges)) => check(&specs, ranges, length),
        (specs, ranges) => panic!("the oracle reads {specs:?}, we select {ranges:?}"),
    }
    for length in [u64::MAX, u64::MAX - length, u64::from(u32::MAX) + length, 1 << 63] {
        let _ = ranges_of(&select(value, length), length);
        assert!(unsatisfied_range(length).ends_with(&length.to_string()));
    }
}

/// The ranges of a selection, after checking that each is within the representation and not empty. `None` if `Range` is
/// ignored.
fn ranges_of(selection: &Selection, length: u64) -> Option<Vec<ByteRange>> {
    let ranges = match selection {
        Selection::Whole => return None,
        Selection::One(range) => vec![*range],
        Selection::Several(ranges) => ranges.clone(),
        Selection::Unsatisfiable => Vec::new(),
    };
    assert_eq!(matches!(selection, Selection::Several(_)), ranges.len() > 1);
    for range in &ranges {
        let end = u128::from(range.first) + u128::from(range.length);
        assert!(range.length > 0 && end <= u128::from(length), "{range:?} of {length}");
        let written = format!("bytes {}-{}/{length}", range.first, end - 1);
        assert_eq!(range.content_range(length), written);
    }
    Some(ranges)
}

/// Compares with the bytes that `specs` mark, one by one.
fn check(specs: &[Spec], ranges: &[ByteRange], length: u64) {
    let marks = |spec: &Spec, at: u64| match *spec {
        Spec::From(first, last) => first <= u128::from(at) && u128::from(at) <= last,
        Spec::Last(count) => u128::from(length - at) <= count,
    };
    let covers = |range: &ByteRange, at: u64| (range.first..range.first + range.length).contains(&at);
    for at in 0..length {
        let marked = specs.iter().any(|spec| marks(spec, at));
        let covering = ranges.iter().filter(|range| covers(range, at)).count();
        assert_eq!(covering, usize::from(marked), "byte {at} of {length}: {ranges:?}");
    }
    for range in ranges {
        let end = range.first + range.length;
        assert!(ranges.iter().all(|other| other.first != end), "they touch: {ranges:?}");
    }
    // Each range is at the position of the earliest one that was joined into it.
    let earliest = |range: &ByteRange| {
        specs
            .iter()
            .position(|spec| (0..length).any(|at| covers(range, at) && marks(spec, at)))
    };
    assert!(
        ranges.is_sorted_by_key(earliest),
        "not in the request's order: {ranges:?}"
    );
}

/// One range as written. Numbers may have up to 38 digits.
#[derive(Debug)]
enum Spec {
    From(u128, u128),
    Last(u128),
}

/// Reads `bytes=0-1, -2`; `None` if the field is to be ignored (RFC 9110 sections 14.1.1 and 14.2).
fn oracle(value: &[u8]) -> Option<Vec<Spec>> {
    let (_, set) = value
        .split_at_checked(6)
        .filter(|(unit, _)| unit.eq_ignore_ascii_case(b"bytes="))?;
    let is_ows = |byte: &u8| *byte == b' ' || *byte == b'\t';
    if set.first().is_some_and(is_ows) || set.last().is_some_and(is_ows) {
        return None;
    }
    let mut specs = Vec::new();
    for element in set.split(|&byte| byte == b',') {
        let mut element = element.to_vec();
        while element.first().is_some_and(is_ows) {
            element.remove(0);
        }
        while element.last().is_some_and(is_ows) {
            element.pop();
        }
        if !element.is_empty() {
            specs.push(oracle_spec(&element)?);
        }
    }
    (1..=MAX_RANGES).contains(&specs.len()).then_some(specs)
}

fn oracle_spec(element: &[u8]) -> Option<Spec> {
    let dashes = element.iter().filter(|&&byte| byte == b'-').count();
    if dashes != 1 || !element.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-') {
        return None;
    }
    let dash = element.iter().position(|&byte| byte == b'-')?;
    match (number(&element[..dash]), number(&element[dash + 1..])) {
        (None, None) => None,
        (None, Some(count)) => Some(Spec::Last(count)),
        (Some(first), None) => Some(Spec::From(first, u128::MAX)),
        // The library treats all numbers beyond 64 bits alike: no representation has such a byte.
        (Some(first), Some(last)) => {
            let known = |number: u128| number.min(u128::from(u64::MAX));
            (known(first) <= known(last)).then_some(Spec::From(first, last))
        }
    }
}

/// `None` if there are no digits.
fn number(digits: &[u8]) -> Option<u128> {
    let digit = |sum: u128, digit: &u8| sum.saturating_mul(10).saturating_add(u128::from(digit - b'0'));
    (!digits.is_empty()).then(|| digits.iter().fold(0, digit))
}
