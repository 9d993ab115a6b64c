//! How long a connection lasts, and which client gets one.

use crate::client::{QUIET, ask, ask_on, assert_kept, get, has_come, last_response_to, response_to, send, soon, timed};
use crate::folders::{folder, noise, serve, sparse};
use crate::support::response::Response;
use crate::support::{PATIENCE, Server, Start, read_to_end};
use std::io::{BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// Sends a byte every 50 ms until something comes back.
fn drip(stream: &mut TcpStream, bytes: &[u8]) {
    for byte in bytes {
        stream.write_all(&[*byte]).expect("the connection is open");
        if has_come(stream, Duration::from_millis(50)) {
            return;
        }
    }
    panic!("nothing came back after {} bytes", bytes.len());
}

/// A connection whose request is incomplete: it has a connection slot, and is not idle.
fn begin(server: &Server) -> TcpStream {
    let mut stream = server.connect();
    stream.write_all(b"GET /hello.html HT").unwrap();
    stream
}

/// Completes the request of [`begin`].
fn finish(mut stream: TcpStream) -> Response {
    stream
        .write_all(b"TP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .unwrap();
    Response::read_last(&mut stream, "GET")
}

/// The exit code of a server that is about to end.
fn exit_code(server: &mut Server) -> Option<i32> {
    let deadline = Instant::now() + PATIENCE;
    while server.is_running() {
        assert!(Instant::now() < deadline, "it is still running");
        thread::sleep(Duration::from_millis(5));
    }
    server.wait()
}

// Deadlines.

#[test]
fn a_silent_connection_is_closed_without_a_response() {
    let server = Server::start(&["--head-timeout", "0.3"]);
    let (said, taken) = timed(|| read_to_end(&mut server.connect()));
    assert_eq!(said, "");
    assert_kept(taken, Duration::from_millis(300));
}

#[test]
fn an_incomplete_head_gets_408_at_its_deadline() {
    let server = Server::start(&["--head-timeout", "0.3"]);
    for beginning in ["G", "GET /hello.html HTTP/1.1\r\nHost: a\r\n"] {
        let (response, taken) = timed(|| response_to(&server, beginning));
        assert_eq!(
            (response.status(), response.field("Connection")),
            (408, Some("close")),
            "{response:?}"
        );
        assert_kept(taken, Duration::from_millis(300));
    }
}

#[test]
fn single_bytes_do_not_extend_the_deadline_of_a_head() {
    let server = Server::start(&["--head-timeout", "0.6"]);
    let (response, taken) = timed(|| {
        let mut stream = server.connect();
        stream.write_all(b"GET /hello.html HTTP/1.1\r\nHost: ").unwrap();
        drip(&mut stream, &[b'a'; 200]);
        Response::read(&mut stream, "GET")
    });
    assert_eq!(response.status(), 408, "{response:?}");
    assert_kept(taken, Duration::from_millis(600));
}

#[test]
fn the_head_of_the_second_request_has_its_own_deadline() {
    let server = Server::start(&["--head-timeout", "0.6"]);
    let mut stream = server.connect();
    ask_on(&mut stream, "GET /hello.html");
    let ((), taken) = timed(|| {
        stream.write_all(b"GET /hello.html HTTP/1.1\r\nHost: ").unwrap();
        drip(&mut stream, &[b'a'; 200]);
    });
    assert_eq!(Response::read(&mut stream, "GET").status(), 408);
    assert_kept(taken, Duration::from_millis(600));
}

#[test]
fn a_line_without_its_terminator_is_not_an_http_0_9_request() {
    // Until the line ends, a version may follow the two words, which makes it an HTTP/1.x request.
    let server = Server::start(&["--head-timeout", "0.3"]);
    assert_eq!(response_to(&server, "GET /hello.h").status(), 408);
    let mut stream = server.connect();
    stream.write_all(b"GET /hello.h").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(Response::read(&mut stream, "GET").status(), 400);
}

#[test]
fn an_idle_persistent_connection_is_closed_without_a_response() {
    let server = Server::start(&["--idle-timeout", "0.3"]);
    let mut stream = server.connect();
    let (rest, taken) = timed(|| {
        ask_on(&mut stream, "GET /hello.html");
        read_to_end(&mut stream)
    });
    assert_eq!(rest, "");
    assert_kept(taken, Duration::from_millis(300));
}

#[test]
fn an_incomplete_body_gets_408_at_its_deadline() {
    let server = Server::start(&["--body-timeout", "0.6"]);
    for (body, rest) in [
        ("Content-Length: 1000\r\n\r\n", "x".repeat(200)),
        ("Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n".repeat(50)),
    ] {
        let (response, taken) = timed(|| {
            let mut stream = server.connect();
            write!(stream, "POST / HTTP/1.1\r\nHost: a\r\n{body}").unwrap();
            drip(&mut stream, rest.as_bytes());
            Response::read(&mut stream, "POST")
        });
        assert_eq!(response.status(), 408, "{body}: {response:?}");
        assert_kept(taken, Duration::from_millis(600));
    }
}

#[test]
fn a_slow_client_keeps_its_connection_as_long_as_it_reads() {
    const DEADLINE: Duration = Duration::from_secs(1);
    // Too large for the buffers on the way, so the server notices how fast the client reads.
    const SIZE: u64 = 40 << 20;
    let folder = folder(&[]);
    sparse(folder.path(), "a.bin", SIZE);
    let seconds = DEADLINE.as_secs().to_string();
    let server = serve(&folder, &["--write-timeout", &seconds]);
    // Try again if the machine was so slow that this client paused for longer than the deadline.
    loop {
        let mut stream = server.connect();
        send(&mut stream, "GET /a.bin", &["Connection: close"]);
        let mut read = 0;
        let mut longest_pause = Duration::ZERO;
        // The pauses add up to 1.5 seconds; then the rest is read at once.
        for piece in 0.. {
            let start = Instant::now();
            if piece < 5 {
                thread::sleep(Duration::from_millis(300));
            }
            let count = std::io::copy(&mut (&stream).take(4 << 20), &mut std::io::sink()).unwrap_or(0);
            longest_pause = longest_pause.max(start.elapsed());
            read += count;
            if count == 0 {
                break;
            }
        }
        if longest_pause < DEADLINE {
            assert!(read > SIZE, "{read} bytes of head and content");
            break;
        }
    }
}

#[test]
fn a_client_that_stops_reading_is_closed_after_the_write_timeout() {
    const SIZE: u64 = 256 << 20;
    let folder = folder(&[]);
    sparse(folder.path(), "a.bin", SIZE);
    let server = serve(&folder, &["--write-timeout", "0.3"]);
    let mut stream = server.connect();
    let (line, taken) = timed(|| {
        send(&mut stream, "GET /a.bin", &[]);
        server.log_line()
    });
    assert_kept(taken, Duration::from_millis(300));
    let mut read = Vec::new();
    // The connection ends or is reset: either way the response is incomplete.
    let _ = stream.read_to_end(&mut read);
    assert!((read.len() as u64) < SIZE, "{line}");
}

// The end of a connection (RFC 9112 section 9.6).

#[test]
fn an_error_response_is_not_lost_to_a_reset() {
    let server = Server::start(&[]);
    let large = noise(8 << 20);
    let post = |length: usize| format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n").into_bytes();
    for (beginning, rest, expected) in [
        // More content than the server reads. The client sends all of it before it reads the response.
        (post(large.len()), &large[..], 413),
        // The client stops in the middle of its content.
        (post(u32::MAX as usize), &large[..], 413),
        // Garbage; a TLS handshake begins with its first byte.
        (b"\x16\x03\x01\x02\x00".to_vec(), &large[..], 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nbroken\r\n".to_vec(), &large[..], 400),
        (
            b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(),
            &large[..],
            400,
        ),
        (b"GET / HTTP/3.0\r\n".to_vec(), &large[..], 505),
        (b"".to_vec(), &[b'A'; 8 << 20], 414),
    ] {
        let mut stream = server.connect();
        stream.write_all(&beginning).unwrap();
        stream.write_all(rest).unwrap();
        let response = Response::read_last(&mut stream, "POST");
        assert_eq!(
            response.status(),
            expected,
            "{}: {response:?}",
            String::from_utf8_lossy(&beginning)
        );
    }
}

#[test]
fn a_client_that_never_closes_is_closed_after_the_linger_timeout() {
    let server = Server::start(&["--linger-timeout", "0.3"]);
    for request in [
        "garbage\r\n",
        "GET /hello.html\r\n",
        "GET /no HTTP/1.1\r\nbroken\r\n\r\n",
    ] {
        let mut stream = server.connect();
        let (error, taken) = timed(|| {
            stream.write_all(request.as_bytes()).unwrap();
            // The response ends, but the client goes on sending until the server has closed the connection.
            read_to_end(&mut stream);
            loop {
                if let Err(error) = stream.write_all(b"x") {
                    return error;
                }
                thread::sleep(Duration::from_millis(10));
            }
        });
        assert!(
            matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset),
            "{error}"
        );
        assert_kept(taken, Duration::from_millis(300));
    }
}

#[test]
fn with_the_option_close_every_response_closes_its_connection() {
    let server = Server::start(&["--close"]);
    for request in [
        "GET /hello.html HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /hello.html HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
        "GET /hello.html HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "GET /no HTTP/1.1\r\nHost: a\r\n\r\n",
        // The second request gets no response.
        "GET /hello.html HTTP/1.1\r\nHost: a\r\n\r\nGET /hello.html HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        let response = last_response_to(&server, request);
        assert_eq!(response.field("Connection"), Some("close"), "{request:?}: {response:?}");
    }
}

#[test]
fn an_http_1_0_connection_closes_unless_the_client_asks_for_keep_alive() {
    // RFC 9112 section 9.3
    let server = Server::start(&[]);
    let response = last_response_to(&server, "GET /hello.html HTTP/1.0\r\n\r\n");
    assert_eq!(response.field("Connection"), Some("close"), "{response:?}");

    let mut stream = server.connect();
    for _ in 0..3 {
        stream
            .write_all(b"GET /hello.html HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            .unwrap();
        let response = Response::read(&mut stream, "GET");
        // RFC 9110 section 2.5: the status line has the server's own version, HTTP/1.1.
        assert_eq!(
            (response.status(), response.field("Connection")),
            (200, Some("keep-alive")),
            "{response:?}"
        );
    }
}

#[test]
fn a_client_that_half_closes_still_gets_its_responses() {
    let content = noise(5 << 20);
    let folder = folder(&[("large.bin", &content), ("small.txt", b"small")]);
    let server = serve(&folder, &[]);
    let mut stream = server.connect();
    send(&mut stream, "GET /small.txt", &[]);
    send(&mut stream, "GET /large.bin", &[]);
    send(&mut stream, "GET /small.txt", &[]);
    stream.shutdown(Shutdown::Write).unwrap();
    let mut stream = BufReader::new(stream);
    assert_eq!(Response::read(&mut stream, "GET").text(), "small");
    assert!(Response::read(&mut stream, "GET").content == content);
    assert_eq!(Response::read(&mut stream, "GET").text(), "small");
    assert_eq!(stream.read(&mut [0]).unwrap(), 0, "then the server closes too");
}

#[test]
fn a_request_that_is_cut_off_gets_400() {
    // RFC 9112 section 8
    let server = Server::start(&[]);
    for request in [
        "GET /hello.html HT",
        "GET /hello.html HTTP/1.1\r\nHost: a\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
    ] {
        let mut stream = server.connect();
        stream.write_all(request.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let response = Response::read_last(&mut stream, "GET");
        assert_eq!(response.status(), 400, "{request:?}");
    }
}

#[test]
fn empty_connections_and_empty_lines_are_harmless() {
    let server = Server::start(&[]);
    for _ in 0..50 {
        drop(server.connect());
    }
    let mut ended = server.connect();
    ended.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_to_end(&mut ended), "", "no request, no response");
    // RFC 9112 section 2.2
    let request = "\r\nGET /hello.html HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    assert_eq!(last_response_to(&server, request).status(), 200);
    let mut stream = server.connect();
    for _ in 0..3 {
        assert_eq!(
            ask_on(&mut stream, "\r\nGET /hello.html").status(),
            200,
            "between requests too"
        );
    }
    assert_eq!(
        response_to(&server, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").status(),
        400
    );
    for _ in 0..4 {
        assert!(
            server.log_line().contains("\"GET /hello.html HTTP/1.1\" 200"),
            "no empty connection is logged"
        );
    }
}

#[test]
fn a_client_that_leaves_in_the_middle_does_not_affect_others() {
    let folder = folder(&[("small.txt", b"small")]);
    sparse(folder.path(), "a.bin", 64 << 20);
    let server = serve(&folder, &[]);
    for _ in 0..30 {
        let mut stream = server.connect();
        send(&mut stream, "GET /a.bin", &[]);
        send(&mut stream, "GET /a.bin", &[]);
        stream.read_exact(&mut [0; 100]).unwrap();
        // There are unread bytes, so this sends a reset.
        drop(stream);
    }
    assert_eq!(get(&server, "/small.txt").text(), "small");
}

// Content of a request (RFC 9110 section 10.1.1, RFC 9112 sections 6 and 7).

#[test]
fn a_client_that_expects_100_continue_gets_it() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    send(
        &mut stream,
        "POST /hello.html",
        &["Content-Length: 5", "Expect: 100-continue"],
    );
    let interim = Response::read(&mut stream, "POST");
    assert_eq!(interim.head, "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"hello").unwrap();
    assert_eq!(Response::read(&mut stream, "POST").status(), 405);
    assert_eq!(
        ask_on(&mut stream, "GET /hello.html").status(),
        200,
        "the next request is understood"
    );
    // No 100 is sent if there is no content to wait for, or if the content will be rejected anyway.
    for (fields, expected) in [
        (&["Expect: 100-continue"][..], 200),
        (&["Content-Length: 0", "Expect: 100-continue"], 200),
        (&["Content-Length: 99999999", "Expect: 100-continue"], 413),
        (&["Expect: 200-ok"], 417),
    ] {
        assert_eq!(ask(&server, "GET /hello.html", fields).status(), expected, "{fields:?}");
    }
}

#[test]
fn content_is_skipped_whatever_the_method() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    let content = "x".repeat(1 << 20);
    for body in [
        format!("Content-Length: {}\r\n\r\n{content}", content.len()),
        format!(
            "Transfer-Encoding: chunked\r\n\r\n{:x};a=b\r\n{content}\r\n0\r\nX: y\r\n\r\n",
            content.len()
        ),
    ] {
        for (method, expected) in [("POST", 405), ("GET", 200), ("BREW", 501)] {
            write!(stream, "{method} /hello.html HTTP/1.1\r\nHost: a\r\n{body}").unwrap();
            assert_eq!(Response::read(&mut stream, method).status(), expected, "{method}");
        }
    }
}

// Which client gets a connection slot.

#[test]
fn the_longest_idle_connection_is_evicted_for_a_new_one() {
    let server = Server::start(&["--max-connections", "3"]);
    let mut streams: Vec<_> = (0..3).map(|_| server.connect()).collect();
    for stream in &mut streams {
        ask_on(stream, "GET /hello.html");
    }
    // Now the second connection has been idle for longest.
    ask_on(&mut streams[0], "GET /hello.html");
    let mut new = server.connect();
    assert_eq!(ask_on(&mut new, "GET /hello.html").status(), 200);
    assert_eq!(read_to_end(&mut streams[1]), "", "evicted without a response");
    for stream in [0, 2] {
        assert_eq!(ask_on(&mut streams[stream], "GET /hello.html").status(), 200);
    }
    assert_eq!(ask_on(&mut new, "GET /hello.html").status(), 200);
}

#[test]
fn a_new_connection_waits_if_none_is_idle() {
    let server = Server::start(&["--max-connections", "2"]);
    let (first, second) = (begin(&server), begin(&server));
    let mut new = server.connect();
    send(&mut new, "GET /hello.html", &["Connection: close"]);
    assert!(!has_come(&new, QUIET), "both slots are taken");
    assert_eq!(finish(first).status(), 200);
    assert_eq!(Response::read_last(&mut new, "GET").status(), 200);
    assert_eq!(finish(second).status(), 200);
}

#[test]
fn a_connection_without_a_request_is_evicted_after_a_moment() {
    let server = Server::start(&["--max-connections", "2"]);
    let mut silent = [server.connect(), server.connect()];
    let (response, taken) = timed(|| get(&server, "/hello.html"));
    assert_eq!(response.status(), 200);
    assert!(
        taken < Duration::from_secs(5),
        "{taken:?}: without a new connection, silent ones have 10 seconds"
    );
    assert_eq!(read_to_end(&mut silent[0]), "", "the first one was evicted");
}

#[test]
fn with_when_full_reject_a_new_connection_gets_503() {
    let server = Server::start(&["--max-connections", "2", "--when-full", "reject"]);
    let (first, second) = (begin(&server), begin(&server));
    for _ in 0..5 {
        let response = get(&server, "/hello.html");
        assert_eq!(
            (response.status(), response.field("Connection")),
            (503, Some("close")),
            "{response:?}"
        );
    }
    assert_eq!(finish(first).status(), 200);
    // The server first has to notice that the rejected clients have left.
    soon("a slot is free again", || get(&server, "/hello.html").status() == 200);
    assert_eq!(finish(second).status(), 200);
}

#[test]
fn rejected_connections_use_no_slot() {
    let options = [
        "--max-connections",
        "2",
        "--when-full",
        "reject",
        "--linger-timeout",
        "60",
    ];
    let server = Server::start(&options);
    let (first, second) = (begin(&server), begin(&server));
    let rejected: Vec<_> = (0..10)
        .map(|_| {
            let mut stream = server.connect();
            send(&mut stream, "GET /hello.html", &[]);
            assert_eq!(Response::read(&mut stream, "GET").status(), 503);
            // This client has its response, and keeps its connection open.
            stream
        })
        .collect();
    assert_eq!(finish(first).status(), 200);
    soon("a slot is free again", || get(&server, "/hello.html").status() == 200);
    assert_eq!(finish(second).status(), 200);
    drop(rejected);
}

#[test]
fn one_address_gets_at_most_its_share_of_connections() {
    let server = Start::with(&["--max-per-address", "2"]).serve();
    let (first, second) = (begin(&server), begin(&server));
    assert_eq!(get(&server, "/hello.html").status(), 503);
    // Another address of this machine.
    let mut other = Command::new("curl");
    other.args([
        "--silent",
        "--interface",
        "127.0.0.2",
        "-o",
        "/dev/null",
        "-w",
        "%{http_code}",
    ]);
    let output = other.arg(format!("http://{}/hello.html", server.address)).output();
    assert_eq!(output.expect("these tests need curl").stdout, b"200");
    assert_eq!(finish(first).status(), 200);
    soon("its share is free again", || {
        get(&server, "/hello.html").status() == 200
    });
    assert_eq!(finish(second).status(), 200);
}

#[test]
fn the_server_stops_reading_from_a_client_that_does_not_read() {
    let server = Server::start(&["--max-pipelined", "4"]);
    let requests = "GET /video/Planeta.mp4 HTTP/1.1\r\nHost: a\r\n\r\n";
    let stream = server.connect();
    (&stream).write_all(requests.repeat(100).as_bytes()).unwrap();
    // 4.3 MB each: other clients do not wait for them.
    let (response, taken) = timed(|| get(&server, "/hello.html"));
    assert_eq!(response.status(), 200);
    assert!(taken < Duration::from_secs(2), "{taken:?}");
    let mut responses = BufReader::new(&stream);
    for position in 0..100 {
        let response = Response::read(&mut responses, "GET");
        assert_eq!(
            (response.status(), response.content.len()),
            (200, 4_309_371),
            "{position}"
        );
    }
}

// `--requests N`.

#[test]
fn the_server_ends_after_that_many_requests() {
    let mut server = Server::start(&["--requests", "3"]);
    assert_eq!(get(&server, "/hello.html").status(), 200);
    let idle = server.connect();
    assert_eq!(get(&server, "/no").status(), 404);
    let begun = begin(&server);
    // The response to the third closes its connection, although the request does not ask for it.
    let response = last_response_to(&server, "GET /hello.html HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(response.field("Connection"), Some("close"), "{response:?}");
    assert_eq!(
        exit_code(&mut server),
        Some(0),
        "neither idle connections nor incomplete requests delay the end"
    );
    assert!(TcpStream::connect(server.address).is_err(), "it no longer listens");
    drop((idle, begun));
    for status in [200, 404, 200] {
        assert!(server.log_line().contains(&format!(" {status} ")));
    }
}

#[test]
fn pipelined_requests_beyond_that_many_get_no_response() {
    let mut server = Server::start(&["--requests", "3"]);
    let mut stream = server.connect();
    stream
        .write_all("GET /hello.html HTTP/1.1\r\nHost: a\r\n\r\n".repeat(9).as_bytes())
        .unwrap();
    for _ in 0..2 {
        assert_eq!(Response::read(&mut stream, "GET").status(), 200);
    }
    assert_eq!(Response::read_last(&mut stream, "GET").status(), 200);
    assert_eq!(exit_code(&mut server), Some(0));
}

#[test]
fn the_last_response_is_complete_before_the_server_ends() {
    let content = noise(32 << 20);
    let folder = folder(&[("large.bin", &content)]);
    for connection in ["Connection: close", "Connection: keep-alive"] {
        let mut server = serve(&folder, &["--requests", "1"]);
        let mut stream = server.connect();
        send(&mut stream, "GET /large.bin", &[connection]);
        // Most of the response does not fit into the buffers on the way.
        thread::sleep(QUIET);
        assert!(server.is_running(), "{connection}: the response is not sent yet");
        assert!(Response::read(&mut stream, "GET").content == content, "{connection}");
        drop(stream);
        assert_eq!(exit_code(&mut server), Some(0), "{connection}");
    }
}

#[test]
fn an_earlier_response_is_complete_too_before_the_server_ends() {
    let content = noise(32 << 20);
    let folder = folder(&[("large.bin", &content), ("small.txt", b"small")]);
    let mut server = serve(&folder, &["--requests", "2"]);
    let mut stream = server.connect();
    send(&mut stream, "GET /large.bin", &[]);
    assert!(has_come(&stream, PATIENCE));
    assert_eq!(get(&server, "/small.txt").text(), "small");
    thread::sleep(QUIET);
    assert!(Response::read(&mut stream, "GET").content == content);
    drop(stream);
    assert_eq!(exit_code(&mut server), Some(0));
}
