//! Reads a response as a strict client does: its syntax is that of RFC 9112 sections 4 and 5, its content is framed as
//! in section 6.3, and the bytes behind it stay unread.

// Each test binary uses only a part of this.
#![allow(dead_code)]

use std::fmt;
use std::io::Read;

/// How many bytes of the content a failure shows.
const SHOWN: usize = 200;

/// A response as it was received.
pub struct Response {
    /// Status line and field lines, with the empty line that ends them.
    pub head: String,
    /// The content.
    pub content: Vec<u8>,
    status: u16,
    fields: Vec<(String, String)>,
}

impl Response {
    /// Reads the response to a request with this method, or says what is wrong with it.
    pub fn try_read(from: &mut impl Read, method: &str) -> Result<Self, String> {
        let head = read_head(from)?;
        let (status, fields) = parse_head(&head)?;
        let mut response = Self {
            head,
            content: Vec::new(),
            status,
            fields,
        };
        if method == "HEAD" || matches!(status, 100..200 | 204 | 304) {
            return Ok(response);
        }
        // The tested servers always send a length; none of them uses chunked.
        let length = response.field("Content-Length").ok_or("no Content-Length")?;
        let length: u64 = length.parse().map_err(|_| format!("Content-Length: {length}"))?;
        let end = from.take(length).read_to_end(&mut response.content);
        if response.content.len() as u64 == length {
            Ok(response)
        } else {
            Err(format!("not {length} bytes of content ({end:?}): {response:?}"))
        }
    }

    /// Reads the last response on a connection: nothing may follow it, and the server has to close.
    pub fn try_read_last(from: &mut impl Read, method: &str) -> Result<Self, String> {
        let response = Self::try_read(from, method)?;
        let mut rest = Vec::new();
        let end = from.read_to_end(&mut rest);
        if end.is_ok() && rest.is_empty() {
            Ok(response)
        } else {
            let rest = rest.escape_ascii();
            Err(format!("{end:?}, \"{rest}\" behind the response {response:?}"))
        }
    }

    /// As [`Response::try_read`]. Anything wrong fails the test.
    #[track_caller]
    pub fn read(from: &mut impl Read, method: &str) -> Self {
        Self::try_read(from, method).unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// As [`Response::try_read_last`]. Anything wrong fails the test.
    #[track_caller]
    pub fn read_last(from: &mut impl Read, method: &str) -> Self {
        Self::try_read_last(from, method).unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// The status code.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Names and values of all fields, in their order.
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// The value of the first field with this name.
    pub fn field(&self, name: &str) -> Option<&str> {
        let (_, value) = self.fields.iter().find(|(given, _)| given.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// The names of all fields, in their order.
    pub fn field_names(&self) -> Vec<&str> {
        self.fields.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The value of Content-Length, which a response to HEAD has without content.
    #[track_caller]
    pub fn content_length(&self) -> u64 {
        let value = self.field("Content-Length");
        let length = value.and_then(|value| value.parse().ok());
        length.unwrap_or_else(|| panic!("Content-Length is {value:?} in {}", self.head))
    }

    /// The content as text. Bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.content).into_owned()
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let beginning = self.content.get(..SHOWN).unwrap_or(&self.content);
        let length = self.content.len();
        let text = String::from_utf8_lossy(beginning);
        write!(formatter, "{}({length} bytes: {text:?})", self.head)
    }
}

/// Reads up to the empty line, byte by byte, so that nothing behind it is taken.
fn read_head(from: &mut impl Read) -> Result<String, String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if let Err(error) = from.read_exact(&mut byte) {
            return Err(format!("{error} in the head \"{}\"", head.escape_ascii()));
        }
        head.extend(byte);
    }
    String::from_utf8(head).map_err(|error| format!("the head is not UTF-8: {error}"))
}

/// The status code and the fields of a head.
///
/// ```text
/// status-line = HTTP-version SP status-code SP [ reason-phrase ]        RFC 9112 section 4
/// field-line  = field-name ":" OWS field-value OWS                      RFC 9112 section 5
/// ```
///
/// All tested servers send a reason phrase, and exactly one space before a field value.
fn parse_head(head: &str) -> Result<(u16, Vec<(String, String)>), String> {
    let mut lines = head.trim_end_matches("\r\n").split("\r\n");
    let status_line = lines.next().unwrap_or_default();
    let status = status_line
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.split_once(' '))
        .filter(|(code, phrase)| code.len() == 3 && !phrase.is_empty())
        .and_then(|(code, _)| code.parse().ok())
        .ok_or_else(|| format!("the status line is {status_line:?}"))?;
    let fields = lines
        .map(|line| parse_field_line(line).ok_or_else(|| format!("the field line {line:?}")))
        .collect::<Result<_, _>>()?;
    Ok((status, fields))
}

fn parse_field_line(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(": ")?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_value = !value.contains(|c: char| c.is_control()) && value.trim() == value;
    (is_name && is_value).then(|| (name.to_owned(), value.to_owned()))
}
