//! Parses the output as a client would, and compares it with what a case expects.
//!
//! In addition, the rules for every response are checked: RFC 9110 sections 5.3, 6.4, 6.6.1, 8.6 and 15, and RFC 9112
//! sections 4 and 9.6. So a case has to name only its own expectations.

use crate::case::{Case, Content, Expected, Response};
use aula::http::date;

/// How many bytes of a request or a response a failure shows.
const SHOWN: usize = 1500;

/// The maximum difference between the date of a response and the time of the test, in seconds.
const CLOCK_TOLERANCE: u64 = 30;

/// The last request, if the connection must still be usable, and the content of its response.
pub const PROBE: &[u8] = b"GET /probe.txt HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n";
const PROBED: &[u8] = b"the connection is usable\n";

/// A response as it was received.
struct Received {
    status: u16,
    fields: Vec<(String, String)>,
    content: Vec<u8>,
}

impl Received {
    fn field(&self, name: &str) -> Option<&str> {
        let named = |(given, _): &&(String, String)| given.eq_ignore_ascii_case(name);
        self.fields.iter().find(named).map(|(_, value)| value.as_str())
    }
}

/// Compares `output`, everything that was received at about `now`, with `case`.
pub fn check(case: &Case, output: &[u8], now: u64) -> Result<(), String> {
    let mut rest = output;
    for (place, expected) in case.responses.iter().enumerate() {
        let number = place + 1;
        let received = read(&mut rest, expected).map_err(|wrong| format!("response {number}: {wrong}"))?;
        compare(&received, expected).map_err(|wrong| format!("response {number}: {wrong}"))?;
        if !expected.statuses.is_empty() && received.status >= 200 {
            // Whether the server saw the end of the client's side before it made the response is a matter of timing.
            let says_close = received.field("Connection") == Some("close");
            let is_last = case.closes && number == case.responses.len();
            if says_close != is_last && !case.ends {
                return Err(format!(
                    "response {number}: Connection: close where it should not be, or not where it should"
                ));
            }
            check_always(&received, expected.to_head, now).map_err(|wrong| format!("response {number}: {wrong}"))?;
        }
    }
    if !case.closes {
        let probe = Response {
            statuses: vec![200],
            content: vec![Content::Is(PROBED.into())],
            ..Response::default()
        };
        let received = read(&mut rest, &probe).map_err(|wrong| format!("afterwards, a request: {wrong}"))?;
        compare(&received, &probe).map_err(|wrong| format!("afterwards, a request: {wrong}"))?;
    }
    match rest {
        [] => Ok(()),
        more => Err(format!("{} bytes more than expected", more.len())),
    }
}

/// Removes one response from the front.
fn read(rest: &mut &[u8], expected: &Response) -> Result<Received, String> {
    if expected.statuses.is_empty() {
        return Ok(Received {
            status: 0,
            fields: Vec::new(),
            content: std::mem::take(rest).to_vec(),
        });
    }
    let head_end = rest
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .ok_or("no head")?;
    let head = str::from_utf8(&rest[..head_end]).map_err(|_| "a head that is not UTF-8")?;
    *rest = &rest[head_end + 4..];
    let mut lines = head.split("\r\n");
    let status_line = lines.next().unwrap_or_default();
    let status = status_line
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.split_once(' '))
        .filter(|(code, phrase)| code.len() == 3 && !phrase.is_empty())
        .and_then(|(code, _)| code.parse().ok())
        .ok_or_else(|| format!("the status line is {status_line:?}"))?;
    let fields = lines
        .map(|line| {
            let (name, value) = line
                .split_once(": ")
                .ok_or_else(|| format!("the field line {line:?}"))?;
            let is_plain = !value.contains(|c: char| c.is_control()) && value.trim() == value;
            let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            let is_good = is_name && is_plain && !name.is_empty();
            is_good
                .then(|| (name.to_owned(), value.to_owned()))
                .ok_or_else(|| format!("the field line {line:?}"))
        })
        .collect::<Result<Vec<_>, String>>()?;
    let mut received = Received {
        status,
        fields,
        content: Vec::new(),
    };
    let length = match received.field("Content-Length") {
        _ if expected.to_head || matches!(status, 100..=199 | 204 | 304) => 0,
        Some(length) => length.parse().map_err(|_| format!("Content-Length: {length}"))?,
        None => return Err("no Content-Length".into()),
    };
    let content = rest
        .get(..length)
        .ok_or_else(|| format!("{} of {length} bytes of content", rest.len()))?;
    received.content = content.to_vec();
    *rest = &rest[length..];
    Ok(received)
}

/// Checks what the case expects of this response.
fn compare(received: &Received, expected: &Response) -> Result<(), String> {
    if !expected.statuses.is_empty() && !expected.statuses.contains(&received.status) {
        return Err(format!(
            "the status is {}, not {:?}",
            received.status, expected.statuses
        ));
    }
    for (name, wanted) in &expected.fields {
        let value = received.field(name);
        let is_right = match wanted {
            Expected::Is(wanted) => value == Some(wanted),
            Expected::There => value.is_some(),
            Expected::Missing => value.is_none(),
        };
        if !is_right {
            let wanted = match wanted {
                Expected::Is(wanted) => wanted,
                Expected::There => "(there)",
                Expected::Missing => "(missing)",
            };
            return Err(format!("{name} is {value:?}, not {wanted}"));
        }
    }
    for wanted in &expected.content {
        let text = String::from_utf8_lossy(&received.content);
        match wanted {
            Content::Is(wanted) if *wanted != received.content => {
                return Err(format!("the content is not {}", shown(wanted)));
            }
            Content::Has(wanted) if !text.contains(wanted) => return Err(format!("the content has no {wanted:?}")),
            Content::HasNot(unwanted) if text.contains(unwanted) => {
                return Err(format!("the content has {unwanted:?}"));
            }
            Content::Parts(wanted) => check_parts(received, wanted)?,
            _ => {}
        }
    }
    Ok(())
}

/// Checks the rules for every response with a head.
fn check_always(received: &Received, to_head: bool, now: u64) -> Result<(), String> {
    let Received {
        status,
        fields,
        content,
    } = received;
    let is = |holds: bool, rule: &str| {
        if holds {
            Ok(())
        } else {
            Err(format!("{rule}; the fields are {fields:?}"))
        }
    };
    let has = |name| received.field(name).is_some();
    let mut names: Vec<_> = fields.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort_unstable();
    names.dedup();
    is(names.len() == fields.len(), "a field appears twice")?;
    is(
        !has("Transfer-Encoding") && !has("Trailer") && !has("Keep-Alive"),
        "a field that is never sent",
    )?;
    is(received.field("Server") == Some("aula"), "Server")?;
    is(
        received.field("X-Content-Type-Options") == Some("nosniff"),
        "X-Content-Type-Options",
    )?;
    let date_of = |name| received.field(name).and_then(|value| date::parse(value.as_bytes()));
    let date = date_of("Date").ok_or("no Date")?;
    is(date.abs_diff(now) <= CLOCK_TOLERANCE, "Date is not now")?;
    is(
        date_of("Last-Modified").is_none_or(|modified| modified <= date),
        "Last-Modified is later than Date",
    )?;
    let is_empty = matches!(status, 204 | 304);
    is(has("Content-Length") != is_empty, "Content-Length")?;
    is(has("Content-Type") != is_empty, "Content-Type")?;
    is(*status != 405 || has("Allow"), "405 without Allow")?;
    is(*status != 301 || has("Location"), "301 without Location")?;
    if *status == 206 {
        let is_multipart = received
            .field("Content-Type")
            .is_some_and(|value| value.starts_with("multipart/"));
        is(has("Content-Range") != is_multipart, "206 and Content-Range")?;
    } else {
        is(*status == 416 || !has("Content-Range"), "Content-Range without a range")?;
    }
    if *status >= 400 {
        is(
            received.field("Content-Type") == Some("text/html; charset=utf-8"),
            "an error's Content-Type",
        )?;
        is(
            to_head || content.starts_with(b"<!DOCTYPE html>"),
            "an error without a page",
        )?;
    }
    Ok(())
}

/// Reads multipart/byteranges as RFC 2046 section 5.1 writes it.
fn check_parts(received: &Received, wanted: &[(&str, &str)]) -> Result<(), String> {
    let content_type = received.field("Content-Type").unwrap_or_default();
    let boundary = content_type
        .strip_prefix("multipart/byteranges; boundary=")
        .ok_or("no boundary")?;
    let text = String::from_utf8_lossy(&received.content);
    let inside = text
        .strip_prefix(&format!("--{boundary}\r\n"))
        .and_then(|text| text.strip_suffix(&format!("\r\n--{boundary}--\r\n")))
        .ok_or("the boundaries around the parts")?;
    let mut parts = Vec::new();
    for part in inside.split(&format!("\r\n--{boundary}\r\n")) {
        let (head, content) = part.split_once("\r\n\r\n").ok_or("a part without a head")?;
        let range = head.split("\r\n").find_map(|line| line.strip_prefix("Content-Range: "));
        let has_type = head.split("\r\n").any(|line| line.starts_with("Content-Type: "));
        parts.push((range.filter(|_| has_type).ok_or("a part without its fields")?, content));
    }
    if parts == wanted {
        Ok(())
    } else {
        Err(format!("the parts are {parts:?}, not {wanted:?}"))
    }
}

/// Everything that is needed to understand a failure.
pub fn failure(case: &Case, driver: &str, wrong: &str, output: &[u8]) -> String {
    let request: Vec<_> = case.sends.iter().map(|bytes| shown(bytes)).collect();
    format!(
        "{} ({}), {driver}: {wrong}\n  server:  {:?} {}\n  request: {}\n  response:  {}\n",
        case.id,
        case.rule,
        case.setup,
        case.setup.options().join(" "),
        request.join("\n      and: "),
        shown(output),
    )
}

/// Bytes with their line terminators and control characters escaped.
fn shown(bytes: &[u8]) -> String {
    match bytes.get(..SHOWN) {
        Some(start) if bytes.len() > SHOWN => format!("{}... ({} bytes)", start.escape_ascii(), bytes.len()),
        _ => bytes.escape_ascii().to_string(),
    }
}
