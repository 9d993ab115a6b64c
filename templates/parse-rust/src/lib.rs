//! A parser of HTTP requests as a component: the stage `parse`, to be graded with `cargo xtask grade-stage`.
//!
//! It reads from the front, line by line: the request line (RFC 9112 section 3), the field lines (section
//! 5), and then the length of the content (section 6). Each step takes the remaining text and returns what it
//! found. Every error is a `Refusal`, which ends the parsing at once.
//!
//! It never guesses: if an RFC allows a recipient to repair what it receives, this parser returns 400 instead. It
//! has no size limits, which a server needs.

use std::net::Ipv6Addr;

// The records of `wit/parse-stage.wit` as Rust types, and the trait `Guest` with the function to write.
wit_bindgen::generate!({ world: "parse-stage", path: "../../wit" });

struct Parser;

export!(Parser);

impl Guest for Parser {
    fn parse(bytes: String) -> Result<Option<Request>, Refusal> {
        parse(&bytes)
    }
}

fn parse(text: &str) -> Result<Option<Request>, Refusal> {
    // RFC 9112 section 2.2: an empty line before the request line is ignored.
    let text = text.strip_prefix("\r\n").unwrap_or(text);
    let Some((line, mut rest)) = take_line(text)? else {
        return Ok(None);
    };
    let mut request = request_line(line)?;
    if request.version == "HTTP/0.9" {
        return Ok(Some(request)); // It has no fields.
    }
    loop {
        let Some((line, after)) = take_line(rest)? else {
            return Ok(None);
        };
        rest = after;
        if line.is_empty() {
            break;
        }
        request.fields.push(field_line(line)?);
    }
    check_host(&request)?;
    let is_complete = match content(&request)? {
        Content::Length(length) => rest.len() >= length,
        Content::Chunked => all_chunks_are_there(rest)?,
    };
    Ok(is_complete.then_some(request))
}

/// Splits off the first line, without its CRLF. None if its end has not arrived.
fn take_line(text: &str) -> Result<Option<(&str, &str)>, Refusal> {
    let Some((line, rest)) = text.split_once('\n') else {
        return Ok(None);
    };
    match line.strip_suffix('\r') {
        Some(line) if !line.contains('\r') => Ok(Some((line, rest))),
        _ => refuse(
            400,
            "CR and LF may appear only together, at the end of a line.",
            "RFC 9112 section 2.2",
        ),
    }
}

/// `method SP request-target SP HTTP-version`, or only `GET SP request-target`, which is HTTP/0.9.
fn request_line(line: &str) -> Result<Request, Refusal> {
    // Every space separates two words, so two spaces in a row make an empty word.
    let words: Vec<&str> = line.split(' ').collect();
    let (method, target, version) = match *words {
        ["GET", target] => ("GET", target, "HTTP/0.9"),
        [method, target, version] => (method, target, check_version(version)?),
        _ => return refuse(400, "The request line does not have three words.", "RFC 9112 section 3"),
    };
    if !is_token(method) {
        return refuse(400, "The method is not a token.", "RFC 9110 section 9.1");
    }
    if !is_target(target, method) {
        return refuse(
            400,
            "The request-target is not in a form that the method allows.",
            "RFC 9112 section 3.2",
        );
    }
    Ok(Request {
        method: method.to_owned(),
        target: target.to_owned(),
        version: version.to_owned(),
        fields: Vec::new(),
    })
}

/// The version of the response.
fn check_version(version: &str) -> Result<&'static str, Refusal> {
    match version.strip_prefix("HTTP/").map(str::as_bytes) {
        Some(b"1.0") => Ok("HTTP/1.0"),
        // RFC 9110 section 2.5: a later minor version is treated as the latest known one.
        Some([b'1', b'.', b'1'..=b'9']) => Ok("HTTP/1.1"),
        Some([b'0'..=b'9', b'.', b'0'..=b'9']) => refuse(505, "Only HTTP/1.x is supported.", "RFC 9110 section 15.6.6"),
        _ => refuse(400, "The version is malformed.", "RFC 9112 section 2.3"),
    }
}

/// The four forms of RFC 9112 section 3.2.
fn is_target(target: &str, method: &str) -> bool {
    if method == "CONNECT" {
        return is_host(target); // authority-form
    }
    if target == "*" {
        return method == "OPTIONS"; // asterisk-form
    }
    match target.split_once("://") {
        // absolute-form
        Some((scheme, rest)) if !target.starts_with('/') => {
            let end = rest.find(['/', '?']).unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            scheme.eq_ignore_ascii_case("http") && is_host(authority) && is_path_and_query(path)
        }
        // origin-form
        _ => target.starts_with('/') && is_path_and_query(target),
    }
}

/// Only characters of RFC 3986 section 3.3 and complete percent-encodings (section 2.1).
fn is_path_and_query(text: &str) -> bool {
    has_only(text, |byte| is_name_character(byte) || b":@/?".contains(&byte))
}

/// `uri-host [ ":" port ]`, without the userinfo that RFC 9110 section 4.2.4 warns of.
fn is_host(text: &str) -> bool {
    // An IPv6 address contains colons, within brackets.
    let host_end = text.find(']').map(|bracket| bracket + 1).or_else(|| text.find(':'));
    let (host, port) = text.split_at(host_end.unwrap_or(text.len()));
    let digits = port.strip_prefix(':').unwrap_or("0");
    let is_port = (port.is_empty() || port.starts_with(':')) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_address = address.is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
    let is_name = !host.is_empty() && has_only(host, |byte| is_name_character(byte) && byte != b',');
    is_port && (is_address || is_name)
}

/// `unreserved` and `sub-delims` of RFC 3986 section 2.
fn is_name_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte)
}

/// Whether a text has only these characters, and `%` only before two hexadecimal digits.
fn has_only(text: &str, is_allowed: impl Fn(u8) -> bool) -> bool {
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = match (byte, after) {
            (b'%', [a, b, after @ ..]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => after,
            (byte, after) if is_allowed(*byte) => after,
            _ => return false,
        };
    }
    true
}

/// `field-name ":" OWS field-value OWS`.
fn field_line(line: &str) -> Result<Field, Refusal> {
    let Some((name, value)) = line.split_once(':') else {
        return refuse(400, "A field line has no colon.", "RFC 9112 section 5");
    };
    // A token has no whitespace, so this also rejects whitespace before the colon, and folded lines.
    if !is_token(name) {
        return refuse(400, "A field name is not a token.", "RFC 9112 section 5.1");
    }
    if value.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t') {
        return refuse(400, "A field value has a control character.", "RFC 9110 section 5.5");
    }
    Ok(Field {
        name: name.to_owned(),
        value: value.trim_matches([' ', '\t']).to_owned(),
    })
}

/// RFC 9110 section 5.6.2.
fn is_token(text: &str) -> bool {
    let is_tchar = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_tchar)
}

/// RFC 9112 section 3.2: exactly one Host, which HTTP/1.0 may leave out.
fn check_host(request: &Request) -> Result<(), Refusal> {
    match *values(request, "Host") {
        [host] if is_host(host) => Ok(()),
        [] if request.version == "HTTP/1.0" => Ok(()),
        _ => refuse(
            400,
            "There must be exactly one Host, with an optional port.",
            "RFC 9112 section 3.2",
        ),
    }
}

/// The values of all fields with this name, which is case-insensitive.
fn values<'a>(request: &'a Request, name: &str) -> Vec<&'a str> {
    let fields = request.fields.iter();
    fields
        .filter(|field| field.name.eq_ignore_ascii_case(name))
        .map(|field| field.value.as_str())
        .collect()
}

/// What follows the head.
enum Content {
    /// This number of bytes.
    Length(usize),
    /// Chunks, the last of which has the size 0.
    Chunked,
}

/// Decides how the content is framed, as in RFC 9112 section 6.3.
fn content(request: &Request) -> Result<Content, Refusal> {
    let codings = values(request, "Transfer-Encoding");
    let lengths = values(request, "Content-Length");
    match (&*codings, &*lengths) {
        ([], []) => Ok(Content::Length(0)),
        ([], [length]) => match number(length, 10) {
            Some(length) => Ok(Content::Length(length)),
            None => refuse(400, "The Content-Length is not a number.", "RFC 9110 section 8.6"),
        },
        // Section 6.1: HTTP/1.0 has no transfer codings.
        ([coding], []) if coding.eq_ignore_ascii_case("chunked") && request.version == "HTTP/1.1" => {
            Ok(Content::Chunked)
        }
        _ => refuse(400, "It is not clear where the content ends.", "RFC 9112 section 6.3"),
    }
}

/// `*( chunk-size CRLF chunk-data CRLF ) "0" CRLF *( field-line CRLF ) CRLF` (RFC 9112 section 7.1), where
/// a size may be followed by extensions.
fn all_chunks_are_there(mut rest: &str) -> Result<bool, Refusal> {
    loop {
        let Some((line, data)) = take_line(rest)? else {
            return Ok(false);
        };
        let size = line.split(';').next().unwrap_or_default();
        let Some(size) = number(size, 16) else {
            return refuse(400, "A chunk size is not a number.", "RFC 9112 section 7.1");
        };
        if size == 0 {
            return trailers_are_there(data);
        }
        if data.len() < size.saturating_add(2) {
            return Ok(false);
        }
        rest = match data.get(size..).and_then(|after| after.strip_prefix("\r\n")) {
            Some(after) => after,
            None => return refuse(400, "A chunk does not end with CR LF.", "RFC 9112 section 7.1"),
        };
    }
}

/// Field lines after the last chunk, up to the empty line (RFC 9112 section 7.1.2).
fn trailers_are_there(mut rest: &str) -> Result<bool, Refusal> {
    while let Some((line, after)) = take_line(rest)? {
        if line.is_empty() {
            return Ok(true);
        }
        field_line(line)?;
        rest = after;
    }
    Ok(false)
}

/// Only digits. Rust would also accept a sign.
fn number(digits: &str, radix: u32) -> Option<usize> {
    let is_plain = digits.chars().all(|digit| digit.is_digit(radix));
    usize::from_str_radix(digits, radix).ok().filter(|_| is_plain)
}

/// An error that ends the parsing: the status of the response, what is wrong, and the rule that says so.
fn refuse<T>(status: u16, reason: &str, rule: &str) -> Result<T, Refusal> {
    Err(Refusal {
        status,
        reason: reason.to_owned(),
        rule: rule.to_owned(),
    })
}
