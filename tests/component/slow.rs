//! `--delay` and `--rate`: responses that are slow on purpose, and delay no other client.

use crate::client::{QUIET, ask_on, last_response_to, send, timed};
use crate::folders::{folder, serve};
use crate::support::response::Response;
use crate::support::{Server, read_to_end};
use std::fmt::Write as _;
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The delay of each response, as an option and as a duration.
const DELAY: (&str, Duration) = ("0.6", Duration::from_millis(600));

/// Sends `count` requests at once, each on its own connection, and returns how long each response took.
fn at_once(server: &Server, count: usize) -> Vec<Duration> {
    let mut streams: Vec<TcpStream> = (0..count).map(|_| server.connect()).collect();
    let begun = Instant::now();
    for stream in &mut streams {
        send(stream, "GET /a", &["Connection: close"]);
    }
    let finished = streams.iter_mut().map(|stream| {
        assert_eq!(Response::read_last(stream, "GET").status(), 200);
        begun.elapsed()
    });
    finished.collect()
}

#[test]
fn every_response_is_delayed_and_they_wait_in_parallel() {
    let folder = folder(&[("a", b"a")]);
    let server = serve(&folder, &["--delay", DELAY.0]);
    // One after the other, they would take twelve times as long.
    let finished = at_once(&server, 12);
    assert!(finished.iter().all(|after| *after >= DELAY.1), "{finished:?}");
    assert!(finished.iter().all(|after| *after < 12 * DELAY.1), "{finished:?}");
}

#[test]
fn with_serial_the_delay_is_part_of_the_turn() {
    let folder = folder(&[("a", b"a")]);
    let server = serve(&folder, &["--delay", DELAY.0, "--serial"]);
    let mut finished = at_once(&server, 3);
    finished.sort();
    for (turn, after) in (1..).zip(&finished) {
        assert!(*after >= turn * DELAY.1, "{finished:?}");
    }
}

#[test]
fn pipelined_requests_get_their_responses_one_after_the_other() {
    let folder = folder(&[("a", b"a")]);
    let server = serve(&folder, &["--delay", DELAY.0]);
    let mut stream = server.connect();
    send(&mut stream, "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /a", &[]);
    let begun = Instant::now();
    for number in 1..=2 {
        assert_eq!(Response::read(&mut stream, "GET").status(), 200);
        assert!(
            begun.elapsed() >= number * DELAY.1 - QUIET,
            "{number}: {:?}",
            begun.elapsed()
        );
    }
}

#[test]
fn a_malformed_request_is_rejected_without_delay() {
    let folder = folder(&[]);
    let server = serve(&folder, &["--delay", "3600"]);
    assert_eq!(last_response_to(&server, "GET  / HTTP/1.1\r\n\r\n").status(), 400);
}

#[test]
fn with_requests_1_the_server_ends_after_the_delayed_response() {
    let folder = folder(&[("a", b"a")]);
    let mut server = serve(&folder, &["--delay", "0.3", "--requests", "1"]);
    let [mut first, mut second] = [server.connect(), server.connect()];
    for stream in [&mut first, &mut second] {
        send(stream, "GET /a", &[]);
    }
    assert_eq!(Response::read_last(&mut first, "GET").status(), 200);
    assert_eq!(read_to_end(&mut second), "");
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn a_response_with_a_rate_may_take_longer_than_the_write_timeout() {
    let content: Vec<u8> = (0..60_000_u32).map(|number| (number % 251) as u8).collect();
    let folder = folder(&[("large", &content), ("small", b"small")]);
    // 60,000 bytes take about 1.9 seconds.
    let server = serve(&folder, &["--rate", "32000", "--write-timeout", "0.5", "--trace"]);
    let mut slow = server.connect();
    send(&mut slow, "GET /large", &["Connection: close"]);
    // Each connection has its own rate.
    let mut other = server.connect();
    let (small, taken) = timed(|| ask_on(&mut other, "GET /small"));
    assert_eq!(small.text(), "small");
    assert!(taken < Duration::from_secs(1), "{taken:?}");
    let (large, taken) = timed(|| Response::read(&mut slow, "GET"));
    assert_eq!(large.content, content);
    assert!(taken > Duration::from_millis(1500), "{taken:?}");
    server.said_with("no more than 32000 bytes per second (--rate)");
}

#[test]
fn with_a_rate_a_client_that_does_not_read_is_still_closed() {
    let large = vec![0; 24 << 20];
    let folder = folder(&[("large", &large)]);
    let server = serve(&folder, &["--rate", "1000m", "--write-timeout", "0.5", "--trace"]);
    let mut stream = server.connect();
    stream.write_all(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    let mut trace = String::new();
    while !trace.contains("the client did not read the response in time") {
        let _ = writeln!(trace, "{}", server.log_line());
    }
}

#[test]
fn the_trace_has_the_delay() {
    let folder = folder(&[("a", b"a")]);
    let server = serve(&folder, &["--delay", "0.25", "--trace=json"]);
    let mut stream = server.connect();
    assert_eq!(ask_on(&mut stream, "GET /a").text(), "a");
    let trace: serde_json::Value = {
        server.log_line();
        serde_json::from_str(&server.log_line()).unwrap()
    };
    assert_eq!(trace["delay"], 250.0);
    let time = |name: &str| trace["times"][name].as_f64().unwrap();
    assert!(time("response") - time("first_byte") >= 250.0, "{trace}");
}
