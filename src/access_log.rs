//! The access log: one line for each [`Exchange`] whose response has been sent.
//!
//! A line is printable ASCII, whatever a client sent. Everything else is escaped, so that no client can forge a line or
//! control the terminal that shows it.

use crate::escape;
use crate::exchange::Exchange;
use crate::http::date;
use crate::time::Instant;
use serde_json::json;
use std::net::IpAddr;

/// The format of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// `Common`, followed by `Referer` and `User-Agent`.
    Combined,
    /// The format that the first web servers shared.
    Common,
    /// A JSON object with `address`, `time` (when the response was made, as Unix seconds with milliseconds), `duration`
    /// (seconds from the first byte of the request to the last of the response), `request`, `status`, `bytes`,
    /// `referer`, `user_agent` and, if the request was rejected as a message, `reason`.
    Json,
}

/// The initial capacity for a line, in bytes: enough for nearly every one.
const USUAL_LINE: usize = 200;

/// One line with its LF. `content_bytes` is how much of the content was really sent, the last byte at `sent_at`.
/// `address` is `None` if the host does not know it.
#[must_use]
pub fn line(
    format: Format,
    address: Option<IpAddr>,
    exchange: &Exchange,
    content_bytes: u64,
    sent_at: Instant,
) -> String {
    let address = address.map_or_else(|| "-".to_owned(), |address| address.to_string());
    let status = exchange.explanation.status.code();
    if format == Format::Json {
        let unix = exchange.at.unix;
        let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
        let line = json!({
            "address": address,
            "time": in_milliseconds(unix.seconds, unix.nanoseconds),
            "duration": sent_at.since(exchange.begun).as_micros() as f64 / 1_000_000.0,
            "request": text(&exchange.request_line),
            "status": status,
            "bytes": content_bytes,
            "referer": exchange.referer.as_ref().map(text),
            "user_agent": exchange.user_agent.as_ref().map(text),
            "reason": exchange.rejection.map(|rejection| rejection.explanation().meaning.en),
        });
        return escape::json(&line.to_string()) + "\n";
    }
    // Piece by piece: `write!` takes twice as long, and this is done for every response.
    let mut line = String::with_capacity(USUAL_LINE);
    line.push_str(&address);
    line.push_str(" - - [");
    push_time(&mut line, &date::current(exchange.at.unix.seconds));
    line.push_str("] ");
    push_quoted(&mut line, Some(&exchange.request_line));
    line.push(' ');
    line.push_str(itoa::Buffer::new().format(status));
    line.push(' ');
    line.push_str(itoa::Buffer::new().format(content_bytes));
    if format == Format::Combined {
        for value in [&exchange.referer, &exchange.user_agent] {
            line.push(' ');
            push_quoted(&mut line, value.as_deref());
        }
    }
    line.push('\n');
    line
}

/// A time in seconds, with milliseconds.
fn in_milliseconds(seconds: u64, nanoseconds: u32) -> f64 {
    let milliseconds = seconds
        .saturating_mul(1000)
        .saturating_add(u64::from(nanoseconds) / 1_000_000);
    milliseconds as f64 / 1000.0
}

/// Appends an IMF-fixdate as `21/Nov/2026:01:02:03 +0000`: its parts, with other separators.
fn push_time(line: &mut String, date: &str) {
    let mut parts = date.split(' ').skip(1);
    for end in ["/", "/", ":", " +0000"] {
        line.push_str(parts.next().unwrap_or_default());
        line.push_str(end);
    }
}

/// Appends bytes from a client, between quotes.
fn push_quoted(line: &mut String, bytes: Option<&[u8]>) {
    line.push('"');
    match bytes.unwrap_or_default() {
        [] => line.push('-'),
        bytes => escape::push(line, bytes, true),
    }
    line.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Now;
    use crate::http::UnixTime;
    use crate::http1::Rejection;
    use crate::site::Decision;

    fn exchange(request_line: &[u8]) -> Exchange {
        Exchange {
            number: 1,
            begun: Instant::from_nanos(1_000_000_000),
            at: Now {
                instant: Instant::from_nanos(1_000_400_000),
                unix: UnixTime {
                    seconds: 1_795_222_923,
                    nanoseconds: 250_999_999,
                },
            },
            request_line: request_line.to_vec(),
            referer: None,
            user_agent: Some(b"curl/8".to_vec()),
            explanation: Decision::FullContent.explanation(),
            rejection: None,
            details: None,
        }
    }

    #[test]
    fn each_format_writes_its_line() {
        let address = "192.0.2.1".parse().ok();
        let exchange = exchange(b"GET / HTTP/1.1");
        for (format, expected) in [
            (
                Format::Common,
                "192.0.2.1 - - [21/Nov/2026:01:02:03 +0000] \"GET / HTTP/1.1\" 200 5\n",
            ),
            (
                Format::Combined,
                "192.0.2.1 - - [21/Nov/2026:01:02:03 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"curl/8\"\n",
            ),
            (
                Format::Json,
                "{\"address\":\"192.0.2.1\",\"bytes\":5,\"duration\":0.0015,\"reason\":null,\"referer\":null,\
                 \"request\":\"GET / HTTP/1.1\",\"status\":200,\"time\":1795222923.25,\"user_agent\":\"curl/8\"}\n",
            ),
        ] {
            assert_eq!(
                line(format, address, &exchange, 5, Instant::from_nanos(1_001_500_000)),
                expected
            );
        }
    }

    #[test]
    fn what_a_client_sent_cannot_forge_a_line() {
        for (sent, quoted, in_json) in [
            (&b"GET /\"\\ x"[..], r#""GET /\"\\ x""#, r#""GET /\"\\ x""#),
            (b"\x1b[2J\r\n\xff", r#""\x1b[2J\r\n\xff""#, r#""\u001b[2J\r\n\ufffd""#),
            (b"", r#""-""#, r#""""#),
            // Control characters beyond ASCII, line separators, and marks that change the direction of writing.
            (b"\x7f\xc2\x9b31m", r#""\x7f\xc2\x9b31m""#, r#""\u007f\u009b31m""#),
            (
                "\u{85}\u{2028}".as_bytes(),
                r#""\xc2\x85\xe2\x80\xa8""#,
                r#""\u0085\u2028""#,
            ),
            ("\u{202e}a".as_bytes(), r#""\xe2\x80\xaea""#, r#""\u202ea""#),
            ("\u{1f600}".as_bytes(), r#""\xf0\x9f\x98\x80""#, r#""\ud83d\ude00""#),
        ] {
            let mut exchange = exchange(sent);
            exchange.referer = Some(sent.to_vec());
            exchange.user_agent = Some(sent.to_vec());
            for (format, expected) in [
                (Format::Common, quoted),
                (Format::Combined, quoted),
                (Format::Json, in_json),
            ] {
                let line = line(format, None, &exchange, 0, Instant::ORIGIN);
                let times = if format == Format::Common { 1 } else { 3 };
                assert_eq!(line.matches(expected).count(), times, "{line}");
                let text = line.strip_suffix('\n').unwrap();
                assert!(text.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{line:?}");
            }
        }
    }

    #[test]
    fn a_rejected_request_has_its_reason_in_json() {
        let mut exchange = exchange(b"GET / HTTP/1.1");
        exchange.rejection = Some(Rejection::HostMissing);
        assert!(line(Format::Json, None, &exchange, 0, Instant::ORIGIN).contains("no Host field"));
    }
}
