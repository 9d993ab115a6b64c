//! Two kinds of comma-separated lists: entity tags (`If-Match`), and names with a weight (`Accept-Encoding`, `Accept`).

use aula::http::EntityTag;
use aula::http::entity_tag::{Condition, parse_condition};
use aula::http::quality::{AcceptEncoding, accept_quality};

/// The library finds the same entity tags and qualities in the field lines (the input, split at line feeds) as the
/// oracle, which works byte by byte. A tag that is written is read back unchanged.
pub fn lists(data: &[u8]) {
    let lines = || data.split(|&byte| byte == b'\n');
    check_tags(&lines().collect::<Vec<_>>());
    check_qualities(&lines().collect::<Vec<_>>());
}

fn check_tags(lines: &[&[u8]]) {
    let tags = match parse_condition(lines.iter().copied()) {
        Condition::Any => {
            assert_eq!(lines, [b"*"]);
            return;
        }
        Condition::Tags(tags) => tags,
    };
    assert_ne!(lines, [b"*"]);
    let expected: Vec<_> = lines.iter().flat_map(|line| tags_of(line)).collect();
    let expected_tags: Vec<_> = expected.iter().map(|written| EntityTag::parse(written)).collect();
    assert_eq!(tags.iter().cloned().map(Some).collect::<Vec<_>>(), expected_tags);

    for (tag, written) in tags.iter().zip(&expected) {
        if str::from_utf8(written).is_ok() {
            assert_eq!(tag.to_string().as_bytes(), written);
        }
        let is_weak = written.starts_with(b"W/");
        assert!(tag.weak_comparison(tag));
        assert_eq!(tag.strong_comparison(tag), !is_weak);
        for other in &tags {
            assert_eq!(tag.weak_comparison(other), other.weak_comparison(tag));
            assert!(tag.weak_comparison(other) || !tag.strong_comparison(other));
        }
    }
}

/// The valid entity tags of one line as written (RFC 9110 sections 5.6.1 and 8.8.3). An invalid element ends at its
/// first comma.
fn tags_of(line: &[u8]) -> Vec<Vec<u8>> {
    let find = |wanted: u8, from: usize| (from..line.len()).find(|&at| line[at] == wanted);
    let is_ows = |at: &usize| matches!(line[*at], b' ' | b'\t');
    let mut tags = Vec::new();
    let mut start = 0;
    while start < line.len() {
        if is_ows(&start) {
            start += 1;
            continue;
        }
        let open = if line[start..].starts_with(b"W/") {
            start + 2
        } else {
            start
        };
        let close = if find(b'"', open) == Some(open) {
            find(b'"', open + 1)
        } else {
            None
        };
        // A tag has no whitespace, no other control characters and no DEL.
        let close = close.filter(|&close| line[open..close].iter().all(|&byte| byte > b' ' && byte != 0x7f));
        let after = close.map_or(start, |close| close + 1);
        let comma = find(b',', after).unwrap_or(line.len());
        if close.is_some() && (after..comma).all(|at| is_ows(&at)) {
            tags.push(line[start..after].to_vec());
        }
        start = comma + 1;
    }
    tags
}

fn check_qualities(lines: &[&[u8]]) {
    let elements: Vec<(String, u16)> = lines.iter().flat_map(|line| weighted(line)).collect();
    let of = |name: &str| {
        let named = elements.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        named.map(|(_, quality)| *quality)
    };
    let accepted = AcceptEncoding::parse(lines.iter().copied());
    for (coding, old_name) in [("gzip", "x-gzip"), ("compress", "x-compress"), ("br", "br"), ("*", "*")] {
        let named = |given: &str| [coding, old_name].iter().any(|name| given.eq_ignore_ascii_case(name));
        let own = elements
            .iter()
            .find(|(given, _)| named(given))
            .map(|(_, quality)| *quality);
        assert_eq!(accepted.quality(coding), own.or(of("*")).unwrap_or(0), "{coding}");
    }
    assert_eq!(accepted.quality("identity"), of("identity").or(of("*")).unwrap_or(1));
    for (type_, subtype) in [("text", "html"), ("application", "json")] {
        let exactly = of(&format!("{type_}/{subtype}"));
        let expected = exactly.or(of(&format!("{type_}/*"))).or(of("*/*")).unwrap_or(0);
        assert_eq!(
            accept_quality(lines.iter().copied(), type_, subtype),
            expected,
            "{type_}"
        );
    }
}

/// The valid elements of one line, with their qualities in thousandths.
fn weighted(line: &[u8]) -> Vec<(String, u16)> {
    let mut elements = vec![Vec::new()];
    let mut bytes = line.iter();
    let mut is_quoted = false;
    while let Some(&byte) = bytes.next() {
        match byte {
            b',' if !is_quoted => {
                elements.push(Vec::new());
                continue;
            }
            b'"' => is_quoted = !is_quoted,
            _ => {}
        }
        let Some(element) = elements.last_mut() else { continue };
        element.push(byte);
        // RFC 9110 section 5.6.4: a backslash escapes the next byte.
        if byte == b'\\' && is_quoted {
            element.extend(bytes.next());
        }
    }
    elements
        .iter()
        .filter_map(|element| weighted_element(element))
        .collect()
}

fn weighted_element(element: &[u8]) -> Option<(String, u16)> {
    let element = String::from_utf8(element.to_vec()).ok()?;
    let is_ows = |c| c == ' ' || c == '\t';
    let mut parts: Vec<&str> = element.split(';').map(|part| part.trim_matches(is_ows)).collect();
    let name = parts.remove(0).to_owned();
    parts.retain(|part| !part.is_empty());
    match parts.as_slice() {
        _ if name.is_empty() => None,
        [] => Some((name, 1000)),
        [weight] => Some((name, thousandths(weight.as_bytes())?)),
        _ => None,
    }
}

/// `q=` and one of the 1,113 ways to write a qvalue (RFC 9110 section 12.4.2).
fn thousandths(weight: &[u8]) -> Option<u16> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u16::from(byte - b'0'));
    let (whole, decimals) = match weight {
        [b'q' | b'Q', b'=', whole] => (*whole, &[][..]),
        [b'q' | b'Q', b'=', whole, b'.', decimals @ ..] if decimals.len() <= 3 => (*whole, decimals),
        _ => return None,
    };
    let mut sum = 0;
    for position in 0..3 {
        sum = sum * 10 + decimals.get(position).map_or(Some(0), |&byte| digit(byte))?;
    }
    match whole {
        b'0' => Some(sum),
        b'1' if sum == 0 => Some(1000),
        _ => None,
    }
}
