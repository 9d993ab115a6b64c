//! Resolves paths with the library and with an oracle.

use aula::site::ResourcePath;
use aula::site::path::PathError;
use std::path::{Component, Path};

/// The library rejects a path with the same status as the oracle, or resolves it to the same name. A name never leaves
/// the root, and neither does any name that is made from it. The written form of a name resolves to the same name
/// again.
///
/// Bit 0 of the first byte shows hidden names.
pub fn path(data: &[u8]) {
    let Some((&options, rest)) = data.split_first() else {
        return;
    };
    let Ok(text) = str::from_utf8(rest) else { return };
    let show_hidden = options & 1 != 0;
    let resolved = ResourcePath::resolve(text, show_hidden);
    let ours = resolved.as_ref().map_err(|error| status(*error));
    let ours = ours.map(|path| (path.name().to_owned(), path.is_directory()));
    assert_eq!(ours, oracle(text, show_hidden), "{text:?}");

    let Ok(resolved) = resolved else { return };
    assert_stays_below(resolved.name());
    assert_stays_below(resolved.sibling("gz").name());
    if let Some(child) = resolved.child(text) {
        assert_stays_below(child.name());
    }
    if let Some(child) = resolved.child(text.rsplit('/').next().unwrap_or_default()) {
        assert_stays_below(child.name());
    }
    let written = resolved.to_string();
    assert!(written.starts_with('/') && !written.starts_with("//"), "{written:?}");
    assert!(written.bytes().all(|byte| byte.is_ascii_graphic()), "{written:?}");
    assert_eq!(ResourcePath::resolve(&written, show_hidden), Ok(resolved));
}

/// Whether a host that takes `name` literally finds it below the root.
fn assert_stays_below(name: &str) {
    assert!(
        !name.chars().any(|c| c.is_control() || c == '\\'),
        "a forbidden character: {name:?}"
    );
    let is_plain = |component| matches!(component, Component::Normal(_));
    assert!(Path::new(name).components().all(is_plain), "not a plain name: {name:?}");
    // `components` skips these.
    let odd = |segment| matches!(segment, "" | "." | "..");
    assert!(name.is_empty() || !name.split('/').any(odd), "an odd segment: {name:?}");
}

fn status(error: PathError) -> u16 {
    match error {
        PathError::AboveRoot | PathError::Forbidden => 400,
        PathError::NoSuchName | PathError::Hidden | PathError::OutsideBase => 404,
    }
}

/// The decoded name and whether it is written as a directory, or the status.
fn oracle(path: &str, show_hidden: bool) -> Result<(String, bool), u16> {
    // The segments are separated before decoding, so that a decoded slash is not taken for a separator.
    let mut segments: Vec<Vec<u8>> = Vec::new();
    let mut rest = path.bytes();
    if rest.next() != Some(b'/') {
        return Err(400);
    }
    segments.push(Vec::new());
    while let Some(byte) = rest.next() {
        let last = segments.last_mut().ok_or(400_u16)?;
        let mut ahead = rest.clone();
        let digits = (ahead.next().and_then(hex), ahead.next().and_then(hex));
        match (byte, digits) {
            (b'/', _) => segments.push(Vec::new()),
            (b'%', (Some(high), Some(low))) => {
                last.push(high * 16 + low);
                rest = ahead;
            }
            _ => last.push(byte),
        }
    }
    let mut texts = Vec::new();
    for segment in segments {
        let text = String::from_utf8(segment).map_err(|_| 400_u16)?;
        if text.contains('\\') || text.contains(char::is_control) {
            return Err(400);
        }
        texts.push(text);
    }
    let is_directory = ["", ".", ".."].contains(&texts.last().map_or("", String::as_str));

    // RFC 3986 section 5.2.4. The empty text after the last slash is not a segment: it marks a directory.
    let mut kept: Vec<Option<String>> = Vec::new();
    for (position, text) in texts.iter().enumerate() {
        let is_last = position + 1 == texts.len();
        match text.as_str() {
            "." => {}
            "" if is_last => {}
            ".." => {
                let deepest = kept.iter().rposition(Option::is_some).ok_or(400_u16)?;
                kept[deepest] = None;
            }
            _ => kept.push(Some(text.clone())),
        }
    }
    let kept: Vec<String> = kept.into_iter().flatten().collect();
    for (depth, name) in kept.iter().enumerate() {
        let hidden = name.starts_with('.') && !(depth == 0 && name == ".well-known");
        if name.is_empty() || name.contains('/') || (hidden && !show_hidden) {
            return Err(404);
        }
    }
    Ok((kept.join("/"), is_directory))
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
