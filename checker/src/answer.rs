//! Reads an answer as a student's server sent it: leniently, and keeping the offset of everything (RFC 9112).
//!
//! Unlike a browser it does not stop at the first fault, because each judge wants to look at its own rule whatever else is
//! wrong: lines may end with LF alone, the empty line behind the head may be missing, a field line may lack its colon.
//! What it cannot find is `None`. It decides nothing: faults are the judges' business.

use aula::http::grammar::is_tchar;
use std::borrow::Cow;
use std::ops::Range;

/// What ends a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineEnd {
    /// CR LF, as it should be (RFC 9112 section 2.2).
    CrLf,
    /// LF alone.
    Lf,
    /// Nothing: the bytes end here.
    None,
}

/// A line of the head, as offsets into the answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Its bytes, without its end.
    pub text: Range<usize>,
    /// How it ends.
    pub end: LineEnd,
    /// Where the next line begins.
    pub next: usize,
}

/// A line that is to be a field line, as offsets into the answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// The line.
    pub line: Line,
    /// What seems to be the name.
    pub name: Range<usize>,
    /// What seems to be the value, without white space around it.
    pub value: Range<usize>,
    /// Whether the name is a token with the colon right behind it (RFC 9112 section 5).
    pub is_well_formed: bool,
}

/// An answer: where its parts are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer<'a> {
    /// All that was received.
    pub bytes: &'a [u8],
    /// Whether it has anything like a head; without one it is bare, as HTTP/0.9 has it.
    pub has_head: bool,
    /// The first line, if it is to be a status line.
    pub status_line: Option<Line>,
    /// The status code, wherever it stands in the first line, and where.
    pub code: Option<(u16, Range<usize>)>,
    /// The lines between the status line and the empty line.
    pub fields: Vec<Field>,
    /// The empty line that ends the head.
    pub blank: Option<Line>,
    /// Where the content begins.
    pub content_start: usize,
}

/// Reads what there is.
#[must_use]
pub fn read(bytes: &[u8]) -> Answer<'_> {
    let mut answer = Answer {
        bytes,
        has_head: true,
        status_line: None,
        code: None,
        fields: Vec::new(),
        blank: None,
        content_start: 0,
    };
    let first = line_at(bytes, 0);
    if is_like_status_line(part(bytes, &first.text)) {
        answer.code = code(bytes, &first.text);
        answer.content_start = first.next;
        answer.status_line = Some(first);
    } else if !is_known_field_line(part(bytes, &first.text)) {
        answer.has_head = false;
        return answer;
    }
    while answer.content_start < bytes.len() {
        let line = line_at(bytes, answer.content_start);
        let text = part(bytes, &line.text);
        if text.iter().all(|&byte| byte == b'\r') && line.end != LineEnd::None {
            answer.content_start = line.next;
            answer.blank = Some(line);
            break;
        }
        if is_content(bytes, &line) {
            break;
        }
        answer.content_start = line.next;
        answer.fields.push(field(bytes, line));
    }
    answer
}

impl<'a> Answer<'a> {
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

    /// The status code alone.
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

    /// Everything behind the head, as it was received.
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
    /// still part of it, for a judge to see.
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
fn line_at(bytes: &[u8], start: usize) -> Line {
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

/// A field line that an answer may begin with whose status line was forgotten. Any `word:` will not do: text begins so.
fn is_known_field_line(line: &[u8]) -> bool {
    let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
    let known = [
        "Connection",
        "Content-Length",
        "Content-Type",
        "Date",
        "Last-Modified",
        "Server",
    ];
    is_like_field_line(line) && known.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name))
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
        [b'<' | b'{' | b'[' | b'%' | 0x80.., ..] => true,
        text if !text.iter().all(is_text) => true,
        text if is_like_field_line(text) => false,
        // A line without a colon: a faulty field line if the head still comes to its end, content if it does not.
        _ => !has_blank_line(bytes, line.next),
    }
}

/// Whether an empty line stands behind `start`, before anything that is surely content.
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
fn is_like_field_line(line: &[u8]) -> bool {
    let Some(colon) = line.iter().position(|&byte| byte == b':') else {
        return false;
    };
    let name = line.get(..colon).unwrap_or_default().trim_ascii_end();
    !name.is_empty() && name.iter().all(|&byte| is_tchar(byte))
}

/// Finds name and value in a line, also in one that has lost its colon or has a space in its name.
fn field(bytes: &[u8], line: Line) -> Field {
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
    fn the_parts_of_an_answer_are_found_whatever_is_wrong_with_it() {
        // bytes, status, number of field lines, whether an empty line ends the head, content
        for (bytes, status, fields, has_blank, content) in [
            (
                &b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nhi"[..],
                Some(200),
                1,
                true,
                &b"hi"[..],
            ),
            // Lines that end with LF alone.
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
            let answer = read(bytes);
            let shown = bytes.escape_ascii();
            assert_eq!(answer.status(), status, "{shown}");
            assert_eq!(answer.fields.len(), fields, "{shown}");
            assert_eq!(answer.blank.is_some(), has_blank, "{shown}");
            assert_eq!(answer.body(), content, "{shown}");
        }
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
            let answer = read(bytes.as_bytes());
            assert_eq!(answer.value("Content-Type"), Some(&b"text/html"[..]), "{line}");
            assert_eq!(answer.fields[0].is_well_formed, is_well_formed, "{line}");
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
    fn an_answer_is_complete_as_it_says_itself() {
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
