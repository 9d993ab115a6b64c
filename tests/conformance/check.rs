//! Reads the output as a client would, and compares it with what a case expects.
//!
//! In addition, the rules for every response are checked: RFC 9110 sections 5.3, 6.4, 6.6.1, 8.6 and 15, and RFC 9112
//! section 9.6. So a case has to name only its own expectations. Syntax and framing are the reader's part
//! (`tests/support/response.rs`).

use crate::case::{Case, Content, Expected, ExpectedResponse};
use crate::support::response::Response;
use aula::http::date;

/// How many bytes of a request or a response a failure shows.
const SHOWN: usize = 1500;

/// The maximum difference between the date of a response and the time of the test, in seconds.
const CLOCK_TOLERANCE: u64 = 30;

/// The last request, if the connection must still be usable, and the content of its response.
pub const PROBE: &[u8] = b"GET /probe.txt HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n";
const PROBED: &[u8] = b"the connection is usable\n";

/// Compares `output`, everything that was received at about `now`, with `case`.
pub fn check(case: &Case, output: &[u8], now: u64) -> Result<(), String> {
    let mut rest = output;
    for (place, expected) in case.responses.iter().enumerate() {
        let number = place + 1;
        let is_last = case.closes && number == case.responses.len();
        check_next(&mut rest, expected, now, (!case.ends).then_some(is_last))
            .map_err(|wrong| format!("response {number}: {wrong}"))?;
    }
    if !case.closes {
        let probe = ExpectedResponse {
            statuses: vec![200],
            content: vec![Content::Is(PROBED.into())],
            ..ExpectedResponse::default()
        };
        read(&mut rest, &probe)
            .and_then(|response| compare(&response, &probe))
            .map_err(|wrong| format!("afterwards, a request: {wrong}"))?;
    }
    match rest {
        [] => Ok(()),
        more => Err(format!("{} bytes more than expected", more.len())),
    }
}

/// Removes one response from the front, and checks it. `closes` is whether it must have `Connection: close`; it is None
/// if that depends on when the server noticed that the client has closed its side.
fn check_next(rest: &mut &[u8], expected: &ExpectedResponse, now: u64, closes: Option<bool>) -> Result<(), String> {
    if expected.statuses.is_empty() {
        // An HTTP/0.9 response has no head: everything up to the end is its content.
        return compare_content(std::mem::take(rest), "", &expected.content);
    }
    let response = read(rest, expected)?;
    compare(&response, expected)?;
    if response.status() < 200 {
        return Ok(());
    }
    let says_close = response.field("Connection") == Some("close");
    if closes.is_some_and(|closes| closes != says_close) {
        return Err("Connection: close where it should not be, or not where it should".into());
    }
    check_always(&response, expected.to_head, now)
}

/// Removes one response from the front.
fn read(rest: &mut &[u8], expected: &ExpectedResponse) -> Result<Response, String> {
    Response::try_read(rest, if expected.to_head { "HEAD" } else { "GET" })
}

/// Checks what the case expects of this response.
fn compare(response: &Response, expected: &ExpectedResponse) -> Result<(), String> {
    if !expected.statuses.contains(&response.status()) {
        return Err(format!(
            "the status is {}, not {:?}",
            response.status(),
            expected.statuses
        ));
    }
    for (name, wanted) in &expected.fields {
        let value = response.field(name);
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
    let media_type = response.field("Content-Type").unwrap_or_default();
    compare_content(&response.content, media_type, &expected.content)
}

/// Checks what the case expects of the content.
fn compare_content(content: &[u8], media_type: &str, expected: &[Content]) -> Result<(), String> {
    let text = String::from_utf8_lossy(content);
    for wanted in expected {
        match wanted {
            Content::Is(wanted) if *wanted != content => {
                return Err(format!("the content is not {}", shown(wanted)));
            }
            Content::Has(wanted) if !text.contains(wanted) => return Err(format!("the content has no {wanted:?}")),
            Content::HasNot(unwanted) if text.contains(unwanted) => {
                return Err(format!("the content has {unwanted:?}"));
            }
            Content::Parts(wanted) => check_parts(&text, media_type, wanted)?,
            _ => {}
        }
    }
    Ok(())
}

/// Checks the rules for every response with a head.
fn check_always(response: &Response, to_head: bool, now: u64) -> Result<(), String> {
    let status = response.status();
    let fields = response.fields();
    let is = |holds: bool, rule: &str| {
        if holds {
            Ok(())
        } else {
            Err(format!("{rule}; the fields are {fields:?}"))
        }
    };
    let has = |name| response.field(name).is_some();
    let mut names: Vec<_> = fields.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort_unstable();
    names.dedup();
    is(names.len() == fields.len(), "a field appears twice")?;
    is(
        !has("Transfer-Encoding") && !has("Trailer") && !has("Keep-Alive"),
        "a field that is never sent",
    )?;
    is(response.field("Server") == Some("aula"), "Server")?;
    is(
        response.field("X-Content-Type-Options") == Some("nosniff"),
        "X-Content-Type-Options",
    )?;
    let date_of = |name| response.field(name).and_then(|value| date::parse(value.as_bytes()));
    let date = date_of("Date").ok_or("no Date")?;
    is(date.abs_diff(now) <= CLOCK_TOLERANCE, "Date is not now")?;
    is(
        date_of("Last-Modified").is_none_or(|modified| modified <= date),
        "Last-Modified is later than Date",
    )?;
    let is_empty = matches!(status, 204 | 304);
    is(has("Content-Length") != is_empty, "Content-Length")?;
    is(has("Content-Type") != is_empty, "Content-Type")?;
    is(status != 405 || has("Allow"), "405 without Allow")?;
    is(status != 301 || has("Location"), "301 without Location")?;
    if status == 206 {
        let is_multipart = response
            .field("Content-Type")
            .is_some_and(|value| value.starts_with("multipart/"));
        is(has("Content-Range") != is_multipart, "206 and Content-Range")?;
    } else {
        is(status == 416 || !has("Content-Range"), "Content-Range without a range")?;
    }
    if status >= 400 {
        is(
            response.field("Content-Type") == Some("text/html; charset=utf-8"),
            "an error's Content-Type",
        )?;
        is(
            to_head || response.content.starts_with(b"<!DOCTYPE html>"),
            "an error without a page",
        )?;
    }
    Ok(())
}

/// Reads multipart/byteranges as RFC 2046 section 5.1 writes it.
fn check_parts(text: &str, media_type: &str, wanted: &[(&str, &str)]) -> Result<(), String> {
    let boundary = media_type
        .strip_prefix("multipart/byteranges; boundary=")
        .ok_or("no boundary")?;
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
