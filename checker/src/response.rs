//! Reads a response as a student's server sent it: leniently, and keeping the offset of everything (RFC 9112).
//!
//! Unlike a browser it does not stop at the first fault, because each check looks at its own rule whatever else is
//! wrong: lines may end with only LF, the empty line after the head may be missing, a field line may lack its colon.
//! What it cannot find is `None`. It decides nothing: finding faults is for `verify`.

use aula::http::grammar::is_tchar;
use std::borrow::Cow;
use std::ops::Range;

/// What ends a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineEnd {
    /// CR LF, as it should be (RFC 9112 section 2.2).
    CrLf,
    /// Only LF.
    Lf,
    /// Nothing: the bytes end here.
    None,
}

/// A line of the head, as offsets into the response.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Its bytes, without its end.
    pub text: Range<usize>,
    /// How it ends.
    pub end: LineEnd,
    /// Where the next line begins.
    pub next: usize,
}

/// A line that is to be a field line, as offsets into the response.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// The line.
    pub line: Line,
    /// What seems to be the name.
    pub name: Range<usize>,
    /// What seems to be the value, without whitespace around it.
    pub value: Range<usize>,
    /// Whether the name is a token with the colon right after it (RFC 9112 section 5).
    pub is_well_formed: bool,
}

/// A response: where its parts are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Response<'a> {
    /// All that was received.
    pub bytes: &'a [u8],
    /// Whether it has anything like a head; without one it is bare, as HTTP/0.9 has it.
    pub has_head: bool,
    /// The first line, if it is to be a status line.
    pub status_line: Option<Line>,
    /// The status code, wherever it is in the first line, and where.
    pub code: Option<(u16, Range<usize>)>,
    /// The lines between the status line and the empty line.
    pub fields: Vec<Field>,
    /// The empty line that ends the head.
    pub blank: Option<Line>,
    /// Where the content begins.
    pub content_start: usize,
    /// What comes before the status line and should not: nothing, if this is empty.
    pub leading: Range<usize>,
    /// Whether the content begins in the middle of the last line of the head, which nothing ends.
    pub is_glued: bool,
    /// A line end that was sent as the letters `\r\n`, or `/r/n`: the first one.
    pub written_out: Option<Range<usize>>,
    /// The first byte 0 at the beginning of a line of the head: the end of a string in C.
    pub zero: Option<usize>,
}

/// Reads what there is.
#[must_use]
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

impl<'a> Response<'a> {
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

    /// Whether the last line of the head has an end, so that an empty line is all that is missing.
    #[must_use]
    pub fn is_last_line_ended(&self) -> bool {
        let last_field = self.fields.last().map(|field| &field.line);
        last_field
            .or(self.status_line.as_ref())
            .is_some_and(|line| line.end != LineEnd::None)
    }

    /// Where the name of a field is, with its colon, inside another line of the head, whose end is missing: in the
    /// status line, or in a value.
    #[must_use]
    pub fn inside_another_line(&self, name: &str) -> Option<Range<usize>> {
        let wanted = format!("{name}:").to_ascii_lowercase();
        let values = self.fields.iter().map(|field| &field.value);
        let status_line = self.status_line.iter().map(|line| &line.text);
        status_line.chain(values).find_map(|range| {
            let text = self.part(range).to_ascii_lowercase();
            let place = text
                .windows(wanted.len())
                .position(|window| window == wanted.as_bytes())?;
            let start = range.start.saturating_add(place);
            Some(start..start.saturating_add(wanted.len()))
        })
    }

    /// The bytes in a range.
    #[must_use]
    pub fn part(&self, range: &Range<usize>) -> &'a [u8] {
        part(self.bytes, range)
    }

    /// The field with this name, in any case: the first one, or one with a faulty line if there is no other.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        let has_name = |field: &&Field| {
            let found = self
                .part(&field.name)
                .iter()
                .map(|&byte| if byte == b' ' { b'-' } else { byte });
            found
                .map(|byte| byte.to_ascii_lowercase())
                .eq(name.to_ascii_lowercase().bytes())
        };
        let mut named = self.fields.iter().filter(has_name);
        let first = named.clone().next();
        named.find(|field| field.is_well_formed).or(first)
    }

    /// The value of the field with this name, in any case.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&'a [u8]> {
        self.field(name).map(|field| self.part(&field.value))
    }

    /// Whether the field is a list that has this word, in any case.
    #[must_use]
    pub fn lists(&self, name: &str, word: &str) -> bool {
        let list = self.value(name).unwrap_or_default();
        list.split(|&byte| byte == b',')
            .any(|each| each.trim_ascii().eq_ignore_ascii_case(word.as_bytes()))
    }

    /// Only the status code.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.code.as_ref().map(|(code, _)| *code)
    }

    /// Where to point when it is the status that is wrong.
    #[must_use]
    pub fn status_place(&self) -> Range<usize> {
        match (&self.code, &self.status_line) {
            (Some((_, place)), _) => place.clone(),
            (None, Some(line)) => line.text.clone(),
            (None, None) => 0..self.bytes.len().min(1),
        }
    }

    /// Everything after the head, as it was received.
    #[must_use]
    pub fn body(&self) -> &'a [u8] {
        self.bytes.get(self.content_start..).unwrap_or_default()
    }

    /// Whether the body is in chunks (RFC 9112 section 7.1).
    #[must_use]
    pub fn is_chunked(&self) -> bool {
        self.lists("Transfer-Encoding", "chunked")
    }

    /// The content: the body, without its chunks if it has them. What lies beyond the length that the head states is
    /// still part of it, for a check to see.
    #[must_use]
    pub fn content(&self) -> Cow<'a, [u8]> {
        match self.is_chunked() {
            true => Cow::Owned(unchunked(self.body())),
            false => Cow::Borrowed(self.body()),
        }
    }

    /// The number in Content-Length, if it is one.
    #[must_use]
    pub fn content_length(&self) -> Option<usize> {
        str::from_utf8(self.value("Content-Length")?).ok()?.parse().ok()
    }

    /// Whether all of it is here, as far as it says itself (RFC 9112 section 6.3).
    #[must_use]
    pub fn is_complete(&self) -> bool {
        if self.blank.is_none() {
            return false;
        }
        if matches!(self.status(), Some(204 | 304)) {
            return true;
        }
        match self.content_length() {
            _ if self.is_chunked() => self.body().ends_with(b"0\r\n\r\n"),
            Some(length) => self.body().len() >= length,
            None => false,
        }
    }
}

/// The line that begins at an offset.
pub(crate) fn line_at(bytes: &[u8], start: usize) -> Line {
    let rest = bytes.get(start..).unwrap_or_default();
    match rest.iter().position(|&byte| byte == b'\n') {
        None => Line {
            text: start..bytes.len(),
            end: LineEnd::None,
            next: bytes.len(),
        },
        Some(length) => {
            let feed = start.saturating_add(length);
            let before = feed.saturating_sub(1).max(start);
            let has_return = bytes.get(before..feed) == Some(b"\r");
            Line {
                text: start..if has_return { before } else { feed },
                end: if has_return { LineEnd::CrLf } else { LineEnd::Lf },
                next: feed.saturating_add(1),
            }
        }
    }
}

/// `HTTP...`, or a status code without it.
fn is_like_status_line(line: &[u8]) -> bool {
    let has_name = line.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"HTTP"));
    has_name || leading_code(line).is_some()
}

/// The fields that students' servers send.
pub const KNOWN_FIELDS: [&str; 6] = [
    "Connection",
    "Content-Length",
    "Content-Type",
    "Date",
    "Last-Modified",
    "Server",
];

/// A field line that a response may begin with whose status line was forgotten. Any `word:` will not do: text begins
/// so.
fn is_known_field_line(line: &[u8]) -> bool {
    let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
    is_like_field_line(line)
        && KNOWN_FIELDS
            .iter()
            .any(|known| known.as_bytes().eq_ignore_ascii_case(name))
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

/// A name of letters, digits and hyphens, and a colon.
#[must_use]
pub fn is_like_field_line(line: &[u8]) -> bool {
    let Some(colon) = line.iter().position(|&byte| byte == b':') else {
        return false;
    };
    let name = line.get(..colon).unwrap_or_default().trim_ascii_end();
    !name.is_empty() && name.iter().all(|&byte| is_tchar(byte))
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
    let name_length = match is_loose_name {
        true => token.max(before_colon.len()),
        false => token,
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

/// Content out of its chunks, as far as they go.
fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    loop {
        let line = line_at(body, 0);
        let size = part(body, &line.text).split(|&byte| byte == b';').next();
        let size = size.and_then(|size| str::from_utf8(size).ok());
        let size = size.and_then(|size| usize::from_str_radix(size.trim(), 16).ok());
        let data = body.get(line.next..).unwrap_or_default();
        let (Some(size @ 1..), false) = (size, data.is_empty()) else {
            return content;
        };
        content.extend_from_slice(data.get(..size).unwrap_or(data));
        let after = line_at(data, size);
        body = data.get(after.next..).unwrap_or_default();
    }
}

fn part<'a>(bytes: &'a [u8], range: &Range<usize>) -> &'a [u8] {
    bytes.get(range.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_response_are_found_whatever_is_wrong_with_it() {
        // bytes, status, number of field lines, whether an empty line ends the head, content
        for (bytes, status, fields, has_blank, content) in [
            (
                &b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nhi"[..],
                Some(200),
                1,
                true,
                &b"hi"[..],
            ),
            // Lines that end with only LF.
            (b"HTTP/1.1 200 OK\nA: b\n\nhi", Some(200), 1, true, b"hi"),
            (b"HTTP/1.1 200 OK\r\nA: b\n\r\nhi", Some(200), 1, true, b"hi"),
            // A status line without its version, and with a broken one.
            (b"200 OK\r\nA: b\r\n\r\nhi", Some(200), 1, true, b"hi"),
            (b"HTTP 1.1/ 404 no\r\n\r\nhi", Some(404), 0, true, b"hi"),
            (b"HTTP/1.x 200 OK\r\n\r\nhi", Some(200), 0, true, b"hi"),
            (b"HTTP/1.1 OK\r\n\r\nhi", None, 0, true, b"hi"),
            // No empty line: the content runs into the head.
            (
                b"HTTP/1.1 200 OK\r\nA: b\r\n<p>\r\n\r\n</p>",
                Some(200),
                1,
                false,
                b"<p>\r\n\r\n</p>",
            ),
            (b"HTTP/1.1 200 OK\r\nA: b\r\nhola", Some(200), 1, false, b"hola"),
            (b"HTTP/1.1 200 OK\r\nA: b\r\n\xff\xd8", Some(200), 1, false, b"\xff\xd8"),
            (b"HTTP/1.1 200 OK\r\nA: b\r\n", Some(200), 1, false, b""),
            (b"HTTP/1.1 200 OK", Some(200), 0, false, b""),
            // A field line without its colon is still one if the head ends.
            (b"HTTP/1.1 200 OK\r\nA b\r\n\r\nhi", Some(200), 1, true, b"hi"),
            (b"HTTP/1.1 200 OK\r\nA b\r\n\r\n<p>", Some(200), 1, true, b"<p>"),
            // Field lines without a status line.
            (b"Server: b\r\n\r\nhi", None, 1, true, b"hi"),
            // Nothing but content.
            (b"<p>hi</p>\n", None, 0, false, b"<p>hi</p>\n"),
            (b"hola mundo", None, 0, false, b"hola mundo"),
            (b"root:x:0:0\n", None, 0, false, b"root:x:0:0\n"),
            (b"", None, 0, false, b""),
        ] {
            let response = read(bytes);
            let shown = bytes.escape_ascii();
            assert_eq!(response.status(), status, "{shown}");
            assert_eq!(response.fields.len(), fields, "{shown}");
            assert_eq!(response.blank.is_some(), has_blank, "{shown}");
            assert_eq!(response.body(), content, "{shown}");
        }
    }

    #[test]
    fn what_a_head_should_not_have_is_named_and_read_past() {
        // bytes, what leads, whether content is glued to the head, letters for a line end, status, content
        for (bytes, leading, is_glued, letters, status, content) in [
            ("\nHTTP/1.1 200 OK\r\n\r\nhi", 1, false, "", Some(200), "hi"),
            ("b'HTTP/1.1 200 OK\r\n\r\nhi", 2, false, "", Some(200), "hi"),
            // A page that speaks of HTTP/1.1 is no status line.
            (
                "<p>This page is about HTTP/1.1 200 OK</p>",
                0,
                false,
                "",
                None,
                "<p>This page is about HTTP/1.1 200 OK</p>",
            ),
            (
                "HTTP/1.1 200 OK<!DOCTYPE html>\nhi",
                0,
                true,
                "",
                Some(200),
                "<!DOCTYPE html>\nhi",
            ),
            (
                "HTTP/1.1 200 OK\r\nA: b<html>\n\nhi",
                0,
                true,
                "",
                Some(200),
                "<html>\n\nhi",
            ),
            (r"HTTP/1.1 200 OK\r\nA: b\r\n\r\nhi", 0, false, r"\r\n", Some(200), "hi"),
            ("HTTP/1.1 200 OK/r/n<p>hi", 0, false, "/r/n", Some(200), "<p>hi"),
        ] {
            let response = read(bytes.as_bytes());
            let found = response
                .written_out
                .clone()
                .map_or(&b""[..], |place| response.part(&place));
            assert_eq!(response.leading.len(), leading, "{bytes:?}");
            assert_eq!(response.is_glued, is_glued, "{bytes:?}");
            assert_eq!(found, letters.as_bytes(), "{bytes:?}");
            assert_eq!(response.status(), status, "{bytes:?}");
            assert_eq!(response.body(), content.as_bytes(), "{bytes:?}");
        }
        let joined = read(b"HTTP/1.1 200 OK\r\nServer: xContent-Type: text/html\r\n\r\n");
        assert_eq!(joined.inside_another_line("Content-Type"), Some(26..39));
        assert_eq!(joined.inside_another_line("Date"), None);
    }

    #[test]
    fn a_field_is_found_also_on_a_faulty_line() {
        for (line, is_well_formed) in [
            ("Content-Type: text/html", true),
            ("content-type:text/html ", true),
            ("Content-Type : text/html", false),
            ("Content-Type text/html", false),
            ("Content Type: text/html", false),
            ("Content-Type = text/html", false),
        ] {
            let bytes = format!("HTTP/1.1 200 OK\r\n{line}\r\n\r\n");
            let response = read(bytes.as_bytes());
            assert_eq!(response.value("Content-Type"), Some(&b"text/html"[..]), "{line}");
            assert_eq!(response.fields[0].is_well_formed, is_well_formed, "{line}");
        }
    }

    #[test]
    fn chunks_are_put_together() {
        // RFC 9112 section 7.1
        for (body, content) in [
            ("2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n", "abc"),
            ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
            ("5\r\nab", "ab"),
            ("x\r\nab", ""),
            ("", ""),
        ] {
            assert_eq!(unchunked(body.as_bytes()), content.as_bytes(), "{body:?}");
        }
    }

    #[test]
    fn a_response_is_complete_as_it_says_itself() {
        // RFC 9112 section 6.3
        for (bytes, is_complete) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", true),
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", false),
            ("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nab", false),
            ("HTTP/1.1 200 OK\r\n\r\nab", false),
            ("HTTP/1.1 204 No Content\r\n\r\n", true),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
                true,
            ),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", false),
            ("ab", false),
        ] {
            assert_eq!(read(bytes.as_bytes()).is_complete(), is_complete, "{bytes:?}");
        }
    }
}
