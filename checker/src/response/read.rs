//! Finds the parts of a response: which bytes are a status line, a field line, the end of the head, or content already.

use super::{Field, KNOWN_FIELDS, Line, LineEnd, Response, is_known_field_line, is_like_field_line, line_at, part};
use aula::http::grammar::is_tchar;
use std::ops::Range;

/// Reads what there is.
#[must_use]
#[inline(never)] // It is called in many places, and would be copied into each of them.
pub fn read(bytes: &[u8]) -> Response<'_> {
    let mut response = Response {
        bytes,
        has_head: true,
        status_line: None,
        code: None,
        fields: Vec::new(),
        blank: None,
        content_start: 0,
        leading: 0..leading(bytes),
        is_glued: false,
        written_out: None,
        zero: None,
    };
    let start = response.leading.end;
    let mut first = line_at(bytes, start);
    if is_like_status_line(part(bytes, &first.text)) {
        response.code = code(bytes, &first.text);
        if let Some(place) = written_out(part(bytes, &first.text)) {
            response.end_at_letters(
                first,
                start.saturating_add(place.start)..start.saturating_add(place.end),
            );
            return response;
        }
        if let Some(place) = markup(part(bytes, &first.text)) {
            first = cut(&first, place);
            response.is_glued = true;
        }
        response.content_start = first.next;
        response.status_line = Some(first);
        if response.is_glued {
            return response;
        }
    } else if !is_known_field_line(part(bytes, &first.text)) {
        response.has_head = false;
        return response;
    }
    while response.content_start < bytes.len() {
        let mut line = line_at(bytes, response.content_start);
        if part(bytes, &line.text).starts_with(b"\0") {
            response.zero.get_or_insert(line.text.start);
            let zeros = part(bytes, &line.text).iter().take_while(|&&byte| byte == 0).count();
            line.text.start = line.text.start.saturating_add(zeros);
        }
        let text = part(bytes, &line.text);
        let is_blank = text.iter().all(|byte| b"\r \t".contains(byte));
        if is_blank && line.end != LineEnd::None {
            response.content_start = line.next;
            response.blank = Some(line);
            break;
        }
        if is_content(bytes, &line) {
            break;
        }
        let line = match markup(part(bytes, &line.text)) {
            Some(place) => {
                response.is_glued = true;
                cut(&line, place)
            }
            None => line,
        };
        response.content_start = line.next;
        response.fields.push(field(bytes, line));
        if response.is_glued {
            break;
        }
    }
    response
}

/// How many bytes come before a status line and do not belong there: whitespace, or a few of another kind on its line.
fn leading(bytes: &[u8]) -> usize {
    let space = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let near = bytes.get(space..).unwrap_or_default();
    let near = near.get(..MOST_LEADING.min(near.len())).unwrap_or_default();
    let line = near.split(|&byte| byte == b'\n').next().unwrap_or_default();
    match line.windows(6).position(|window| window == b"HTTP/1") {
        // `200 OK HTTP/1.1` is a status line in another order.
        Some(more) if !line.starts_with(b"<") && leading_code(line).is_none() => space.saturating_add(more),
        _ => 0,
    }
}

/// How many bytes before `HTTP/1` are looked at: a page may well have these letters somewhere in it.
const MOST_LEADING: usize = 16;

/// Where HTML begins in a line of a head, which never has any.
fn markup(line: &[u8]) -> Option<usize> {
    const TAGS: [&str; 21] = [
        "!doctype", "!--", "html", "head", "title", "body", "meta", "h1", "h2", "h3", "p>", "b>", "i>", "br", "div",
        "center", "font", "table", "ul", "script", "?xml",
    ];
    let is_tag = |rest: &[u8]| {
        TAGS.iter().any(|tag| {
            let name = rest.get(..tag.len());
            name.is_some_and(|name| name.eq_ignore_ascii_case(tag.as_bytes()))
        })
    };
    line.iter().enumerate().find_map(|(place, &byte)| {
        let rest = line.get(place.saturating_add(1)..)?;
        (byte == b'<' && is_tag(rest)).then_some(place)
    })
}

/// Where the letters `\r\n`, `/r/n` or `\n` are in a line; others, which may be part of a word, only before a field.
fn written_out(line: &[u8]) -> Option<Range<usize>> {
    let places = |letters: &'static [u8]| {
        let windows = line.windows(letters.len()).enumerate();
        let found = windows.filter(move |(_, window)| *window == letters);
        found.map(move |(place, _)| place..place.saturating_add(letters.len()))
    };
    let is_before_field = |place: &Range<usize>| {
        let rest = line.get(place.end..).unwrap_or_default();
        KNOWN_FIELDS.iter().any(|name| {
            let found = rest.get(..name.len());
            found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        })
    };
    let surely: [&[u8]; 3] = [br"\r\n", b"/r/n", br"\n"];
    let perhaps: [&[u8]; 4] = [b"/n", br"\r", b"/r", b"rn"];
    let mut all = surely.into_iter().filter_map(|letters| places(letters).next());
    all.next().or_else(|| {
        perhaps
            .into_iter()
            .find_map(|letters| places(letters).find(is_before_field))
    })
}

/// The first bytes of a line, as a line that nothing ends.
fn cut(line: &Line, length: usize) -> Line {
    let end = line.text.start.saturating_add(length);
    Line {
        text: line.text.start..end,
        end: LineEnd::None,
        next: end,
    }
}

impl Response<'_> {
    /// Ends the head at line ends that are letters: what follows cannot be told apart, but for HTML.
    fn end_at_letters(&mut self, first: Line, place: Range<usize>) {
        let text = part(self.bytes, &first.text);
        let twice = [part(self.bytes, &place), part(self.bytes, &place)].concat();
        let empty_line = text.windows(twice.len()).position(|window| window == twice);
        let after = empty_line.map(|start| start.saturating_add(twice.len()));
        let content = after
            .or_else(|| markup(text))
            .map(|length| first.text.start.saturating_add(length));
        self.content_start = content.unwrap_or(first.next);
        self.status_line = Some(cut(&first, place.start.saturating_sub(first.text.start)));
        self.written_out = Some(place);
    }
}

/// `HTTP...`, or a status code without it.
fn is_like_status_line(line: &[u8]) -> bool {
    let has_name = line.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"HTTP"));
    has_name || leading_code(line).is_some()
}

/// The first word that begins with three digits and no fourth.
fn code(bytes: &[u8], line: &Range<usize>) -> Option<(u16, Range<usize>)> {
    let mut start = line.start;
    for word in part(bytes, line).split(|&byte| byte == b' ') {
        if let Some(code) = leading_code(word) {
            return Some((code, start..start.saturating_add(3)));
        }
        start = start.saturating_add(word.len()).saturating_add(1);
    }
    None
}

/// The three digits that a word begins with.
fn leading_code(word: &[u8]) -> Option<u16> {
    let (digits, rest) = word.split_at_checked(3)?;
    let is_longer = rest.first().is_some_and(u8::is_ascii_digit);
    if is_longer || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    str::from_utf8(digits).ok()?.parse().ok()
}

/// Whether a line of what should be the head is content already, because the head has no end.
fn is_content(bytes: &[u8], line: &Line) -> bool {
    let text = part(bytes, &line.text);
    let is_text = |byte: &u8| matches!(byte, b'\t' | b'\r' | b' '..=b'~' | 0x80..);
    match text.trim_ascii_start() {
        [b'<' | b'%' | 0x80.., ..] => true,
        // JSON; or what Python shows of a dictionary of fields, if the head still comes to its end.
        [b'{' | b'[', ..] => !has_blank_line(bytes, line.next),
        text if !text.iter().all(is_text) => true,
        text if is_like_field_line(text) => false,
        // A line without a colon: a faulty field line if the head still comes to its end, content if it does not.
        _ => !has_blank_line(bytes, line.next),
    }
}

/// Whether an empty line comes after `start`, before anything that is surely content.
fn has_blank_line(bytes: &[u8], start: usize) -> bool {
    let mut line = line_at(bytes, start);
    while line.end != LineEnd::None {
        let text = part(bytes, &line.text);
        if text.trim_ascii().is_empty() {
            return true;
        }
        if text.trim_ascii_start().starts_with(b"<") {
            return false;
        }
        line = line_at(bytes, line.next);
    }
    false
}

/// Finds name and value in a line, also in one that has lost its colon or has a space in its name.
pub(crate) fn field(bytes: &[u8], line: Line) -> Field {
    let text = part(bytes, &line.text);
    let token = text.iter().take_while(|&&byte| is_tchar(byte)).count();
    let colon = text.iter().position(|&byte| byte == b':');
    let before_colon = colon
        .and_then(|colon| text.get(..colon))
        .unwrap_or_default()
        .trim_ascii_end();
    let is_loose_name = before_colon.iter().all(|&byte| is_tchar(byte) || byte == b' ');
    let name_length = if is_loose_name {
        token.max(before_colon.len())
    } else {
        token
    };
    let rest = text.get(name_length..).unwrap_or_default();
    let is_separator = |byte: &&u8| matches!(byte, b' ' | b'\t' | b':' | b'=');
    let separators = rest.iter().take_while(is_separator).count();
    let value = rest.get(separators..).unwrap_or_default().trim_ascii_end();
    let name = line.text.start..line.text.start.saturating_add(name_length);
    let value_start = name.end.saturating_add(separators);
    Field {
        is_well_formed: token > 0 && colon == Some(token),
        value: value_start..value_start.saturating_add(value.len()),
        name,
        line,
    }
}
