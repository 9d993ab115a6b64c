//! How long a connection lasts, and who gets one.

use crate::client::{Answer, QUIET, answer_to, ask, ask_on, assert_kept, get, has_come, send, soon, timed};
use crate::folders::{folder, noise, serve, sparse};
use crate::support::{PATIENCE, Server, Start, read_to_end, split, status};
use std::io::{BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// Sends a byte every 50 ms until something comes back.
fn drip(stream: &mut TcpStream, bytes: &[u8]) {
    for byte in bytes {
        stream.write_all(&[*byte]).expect("nobody has ended it");
        if has_come(stream, Duration::from_millis(50)) {
            return;
        }
    }
    panic!("{} bytes, and nothing has come back", bytes.len());
}

/// A connection whose request has begun: it has a place, and is not idle.
fn busy(server: &Server) -> TcpStream {
    let mut stream = server.connect();
    stream.write_all(b"GET /hello.html HT").unwrap();
    stream
}

/// Completes the request of [`busy`].
fn finish(mut stream: TcpStream) -> String {
    stream
        .write_all(b"TP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .unwrap();
    read_to_end(&mut stream)
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
fn a_silent_connection_is_closed_without_a_word() {
    let server = Server::start(&["--head-timeout", "0.3"]);
    let (said, taken) = timed(|| read_to_end(&mut server.connect()));
    assert_eq!(said, "");
    assert_kept(taken, Duration::from_millis(300));
}

#[test]
fn a_head_that_does_not_end_in_time_is_answered_408() {
    let server = Server::start(&["--head-timeout", "0.3"]);
    for beginning in ["G", "GET /hello.html HTTP/1.1\r\nHost: a\r\n"] {
        let (answer, taken) = timed(|| answer_to(&server, beginning));
        assert_eq!(
            (answer.status(), answer.field("Connection")),
            (408, Some("close")),
            "{answer:?}"
        );
        assert_kept(taken, Duration::from_millis(300));
    }
}

#[test]
fn dripping_does_not_extend_the_heads_deadline() {
    let server = Server::start(&["--head-timeout", "0.6"]);
    let (answer, taken) = timed(|| {
        let mut stream = server.connect();
        stream.write_all(b"GET /hello.html HTTP/1.1\r\nHost: ").unwrap();
        drip(&mut stream, &[b'a'; 200]);
        Answer::read(&mut stream, "GET")
    });
    assert_eq!(answer.status(), 408, "{answer:?}");
    assert_kept(taken, Duration::from_millis(600));
}

#[test]
fn the_second_requests_head_has_a_deadline_of_its_own() {
    let server = Server::start(&["--head-timeout", "0.6"]);
    let mut stream = server.connect();
    ask_on(&mut stream, "GET /hello.html");
    let ((), taken) = timed(|| {
        stream.write_all(b"GET /hello.html HTTP/1.1\r\nHost: ").unwrap();
        drip(&mut stream, &[b'a'; 200]);
    });
    assert_eq!(Answer::read(&mut stream, "GET").status(), 408);
    assert_kept(taken, Duration::from_millis(600));
}

#[test]
fn a_line_without_its_end_is_not_yet_a_request_of_http_0_9() {
    // Two words may become three: until the line ends, the client may well speak HTTP/1.x.
    let server = Server::start(&["--head-timeout", "0.3"]);
    assert_eq!(answer_to(&server, "GET /hello.h").status(), 408);
    let mut stream = server.connect();
    stream.write_all(b"GET /hello.h").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(Answer::read(&mut stream, "GET").status(), 400);
}

#[test]
fn an_idle_persistent_connection_is_closed_without_a_word() {
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
fn a_body_that_does_not_end_in_time_is_answered_408() {
    let server = Server::start(&["--body-timeout", "0.6"]);
    for (body, rest) in [
        ("Content-Length: 1000\r\n\r\n", "x".repeat(200)),
        ("Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n".repeat(50)),
    ] {
        let (answer, taken) = timed(|| {
            let mut stream = server.connect();
            write!(stream, "POST / HTTP/1.1\r\nHost: a\r\n{body}").unwrap();
            drip(&mut stream, rest.as_bytes());
            Answer::read(&mut stream, "POST")
        });
        assert_eq!(answer.status(), 408, "{body}: {answer:?}");
        assert_kept(taken, Duration::from_millis(600));
    }
}

#[test]
fn a_slow_reader_keeps_its_connection_as_long_as_it_reads() {
    const DEADLINE: Duration = Duration::from_secs(1);
    // Too large for the buffers on the way, so that the server sees the reader's pace.
    const SIZE: u64 = 40 << 20;
    let folder = folder(&[]);
    sparse(folder.path(), "a.bin", SIZE);
    let seconds = DEADLINE.as_secs().to_string();
    let server = serve(&folder, &["--write-timeout", &seconds]);
    // Again, if the machine was so slow that this reader did not read for as long as the deadline.
    loop {
        let mut stream = server.connect();
        send(&mut stream, "GET /a.bin", &["Connection: close"]);
        let mut read = 0;
        let mut longest_pause = Duration::ZERO;
        // 1.5 seconds of pauses in all, and then the rest.
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
fn a_reader_that_stops_is_left_after_the_write_timeout() {
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
    // An end or a reset: either way it is not the whole.
    let _ = stream.read_to_end(&mut read);
    assert!((read.len() as u64) < SIZE, "{line}");
}

// The end of a connection (RFC 9112 section 9.6).

#[test]
fn an_error_answer_is_not_lost_to_a_reset() {
    let server = Server::start(&[]);
    let large = noise(8 << 20);
    let post = |length: usize| format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n").into_bytes();
    for (beginning, rest, expected) in [
        // More content than the server reads, all of it sent before anyone looks at the answer.
        (post(large.len()), &large[..], 413),
        // The client was cut off in the middle of its content.
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
        let answer = read_to_end(&mut stream);
        assert_eq!(
            status(&answer),
            expected,
            "{}: {answer}",
            String::from_utf8_lossy(&beginning)
        );
    }
}

#[test]
fn a_client_that_never_closes_is_left_after_the_linger_timeout() {
    let server = Server::start(&["--linger-timeout", "0.3"]);
    for request in [
        "garbage\r\n",
        "GET /hello.html\r\n",
        "GET /no HTTP/1.1\r\nbroken\r\n\r\n",
    ] {
        let mut stream = server.connect();
        let (error, taken) = timed(|| {
            stream.write_all(request.as_bytes()).unwrap();
            // The answer ends, but its client goes on sending, until there is nobody to send to.
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
fn every_answer_ends_its_connection_with_close() {
    let server = Server::start(&["--close"]);
    for request in [
        "GET /hello.html HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /hello.html HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
        "GET /hello.html HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "GET /no HTTP/1.1\r\nHost: a\r\n\r\n",
        // What was sent behind it is not answered.
        "GET /hello.html HTTP/1.1\r\nHost: a\r\n\r\nGET /hello.html HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        let answer = server.exchange(request);
        assert!(
            split(&answer).0.contains("\r\nConnection: close"),
            "{request:?}: {answer}"
        );
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{request:?}: {answer}");
    }
}

#[test]
fn http_1_0_closes_unless_it_is_asked_to_keep_alive() {
    // RFC 9112 section 9.3
    let server = Server::start(&[]);
    let answer = server.exchange("GET /hello.html HTTP/1.0\r\n\r\n");
    assert!(split(&answer).0.contains("\r\nConnection: close"), "{answer}");

    let mut stream = server.connect();
    for _ in 0..3 {
        stream
            .write_all(b"GET /hello.html HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            .unwrap();
        let answer = Answer::read(&mut stream, "GET");
        // RFC 9110 section 2.5: the status line says what the server speaks.
        assert_eq!(
            (answer.status(), answer.field("Connection")),
            (200, Some("keep-alive")),
            "{answer:?}"
        );
    }
}

#[test]
fn a_client_may_end_its_side_and_still_get_its_answers() {
    let content = noise(5 << 20);
    let folder = folder(&[("large.bin", &content), ("small.txt", b"small")]);
    let server = serve(&folder, &[]);
    let mut stream = server.connect();
    send(&mut stream, "GET /small.txt", &[]);
    send(&mut stream, "GET /large.bin", &[]);
    send(&mut stream, "GET /small.txt", &[]);
    stream.shutdown(Shutdown::Write).unwrap();
    let mut stream = BufReader::new(stream);
    assert_eq!(Answer::read(&mut stream, "GET").text(), "small");
    assert!(Answer::read(&mut stream, "GET").content == content);
    assert_eq!(Answer::read(&mut stream, "GET").text(), "small");
    assert_eq!(stream.read(&mut [0]).unwrap(), 0, "then the server ends its side too");
}

#[test]
fn a_request_that_is_cut_off_is_answered_400() {
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
        assert_eq!(status(&read_to_end(&mut stream)), 400, "{request:?}");
    }
}

#[test]
fn an_empty_connection_and_an_empty_line_harm_nobody() {
    let server = Server::start(&[]);
    for _ in 0..50 {
        drop(server.connect());
    }
    let mut ended = server.connect();
    ended.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_to_end(&mut ended), "", "nothing was asked, nothing is answered");
    // RFC 9112 section 2.2
    let answer = server.exchange("\r\nGET /hello.html HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert_eq!(status(&answer), 200);
    let mut stream = server.connect();
    for _ in 0..3 {
        assert_eq!(
            ask_on(&mut stream, "\r\nGET /hello.html").status(),
            200,
            "between requests too"
        );
    }
    assert_eq!(
        answer_to(&server, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").status(),
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
fn a_client_that_leaves_in_the_middle_harms_nobody() {
    let folder = folder(&[("small.txt", b"small")]);
    sparse(folder.path(), "a.bin", 64 << 20);
    let server = serve(&folder, &[]);
    for _ in 0..30 {
        let mut stream = server.connect();
        send(&mut stream, "GET /a.bin", &[]);
        send(&mut stream, "GET /a.bin", &[]);
        stream.read_exact(&mut [0; 100]).unwrap();
        // Closed with bytes unread: a reset.
        drop(stream);
    }
    assert_eq!(get(&server, "/small.txt").text(), "small");
}

// Content of a request (RFC 9110 section 10.1.1, RFC 9112 sections 6 and 7).

#[test]
fn a_client_that_waits_for_100_is_told_to_continue() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    send(
        &mut stream,
        "POST /hello.html",
        &["Content-Length: 5", "Expect: 100-continue"],
    );
    let interim = Answer::read(&mut stream, "POST");
    assert_eq!(interim.head, "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"hello").unwrap();
    assert_eq!(Answer::read(&mut stream, "POST").status(), 405);
    assert_eq!(
        ask_on(&mut stream, "GET /hello.html").status(),
        200,
        "the connection is in step"
    );
    // Without a wait there is no 100; nor is there one for content that is refused anyway.
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
fn content_is_read_past_before_the_method_is_judged() {
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
            assert_eq!(Answer::read(&mut stream, method).status(), expected, "{method}");
        }
    }
}

// Who gets a connection.

#[test]
fn the_longest_idle_connection_gives_way_to_a_newcomer() {
    let server = Server::start(&["--max-connections", "3"]);
    let mut streams: Vec<_> = (0..3).map(|_| server.connect()).collect();
    for stream in &mut streams {
        ask_on(stream, "GET /hello.html");
    }
    // Now the second is the longest idle one.
    ask_on(&mut streams[0], "GET /hello.html");
    let mut newcomer = server.connect();
    assert_eq!(ask_on(&mut newcomer, "GET /hello.html").status(), 200);
    assert_eq!(read_to_end(&mut streams[1]), "", "closed without a word");
    for stream in [0, 2] {
        assert_eq!(ask_on(&mut streams[stream], "GET /hello.html").status(), 200);
    }
    assert_eq!(ask_on(&mut newcomer, "GET /hello.html").status(), 200);
}

#[test]
fn a_newcomer_waits_where_nobody_is_idle() {
    let server = Server::start(&["--max-connections", "2"]);
    let (first, second) = (busy(&server), busy(&server));
    let mut newcomer = server.connect();
    send(&mut newcomer, "GET /hello.html", &["Connection: close"]);
    assert!(!has_come(&newcomer, QUIET), "both slots are taken");
    assert_eq!(status(&finish(first)), 200);
    assert_eq!(status(&read_to_end(&mut newcomer)), 200);
    assert_eq!(status(&finish(second)), 200);
}

#[test]
fn a_connection_that_says_nothing_gives_way_after_a_moment() {
    let server = Server::start(&["--max-connections", "2"]);
    let mut silent = [server.connect(), server.connect()];
    let (answer, taken) = timed(|| get(&server, "/hello.html"));
    assert_eq!(answer.status(), 200);
    assert!(
        taken < Duration::from_secs(5),
        "{taken:?}: the silent ones have 10 seconds otherwise"
    );
    assert_eq!(read_to_end(&mut silent[0]), "", "the first one had to go");
}

#[test]
fn a_newcomer_is_answered_503_where_it_shall_not_wait() {
    let server = Server::start(&["--max-connections", "2", "--when-full", "reject"]);
    let (first, second) = (busy(&server), busy(&server));
    for _ in 0..5 {
        let answer = get(&server, "/hello.html");
        assert_eq!(
            (answer.status(), answer.field("Connection")),
            (503, Some("close")),
            "{answer:?}"
        );
    }
    assert_eq!(status(&finish(first)), 200);
    // As soon as the server has noticed that those whom it turned away have left.
    soon("there is a free slot again", || {
        get(&server, "/hello.html").status() == 200
    });
    assert_eq!(status(&finish(second)), 200);
}

#[test]
fn those_who_were_turned_away_take_no_place() {
    let options = [
        "--max-connections",
        "2",
        "--when-full",
        "reject",
        "--linger-timeout",
        "60",
    ];
    let server = Server::start(&options);
    let (first, second) = (busy(&server), busy(&server));
    let turned_away: Vec<_> = (0..10)
        .map(|_| {
            let mut stream = server.connect();
            send(&mut stream, "GET /hello.html", &[]);
            assert_eq!(Answer::read(&mut stream, "GET").status(), 503);
            // It has its answer, and does not leave.
            stream
        })
        .collect();
    assert_eq!(status(&finish(first)), 200);
    soon("there is a free slot again", || {
        get(&server, "/hello.html").status() == 200
    });
    assert_eq!(status(&finish(second)), 200);
    drop(turned_away);
}

#[test]
fn one_address_has_no_more_than_its_share() {
    let server = Start::with(&["--max-per-address", "2"]).serve();
    let (first, second) = (busy(&server), busy(&server));
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
    assert_eq!(status(&finish(first)), 200);
    soon("its share is free again", || {
        get(&server, "/hello.html").status() == 200
    });
    assert_eq!(status(&finish(second)), 200);
}

#[test]
fn a_client_that_does_not_read_its_answers_is_not_read_either() {
    let server = Server::start(&["--max-pipelined", "4"]);
    let requests = "GET /video/Planeta.mp4 HTTP/1.1\r\nHost: a\r\n\r\n";
    let stream = server.connect();
    (&stream).write_all(requests.repeat(100).as_bytes()).unwrap();
    // 23 MB of answers: the others do not wait for them.
    let (answer, taken) = timed(|| get(&server, "/hello.html"));
    assert_eq!(answer.status(), 200);
    assert!(taken < Duration::from_secs(2), "{taken:?}");
    let mut answers = BufReader::new(&stream);
    for position in 0..100 {
        let answer = Answer::read(&mut answers, "GET");
        assert_eq!((answer.status(), answer.content.len()), (200, 4_309_371), "{position}");
    }
}

// `--requests N`.

#[test]
fn the_server_ends_after_its_requests() {
    let mut server = Server::start(&["--requests", "3"]);
    assert_eq!(get(&server, "/hello.html").status(), 200);
    let idle = server.connect();
    assert_eq!(get(&server, "/no").status(), 404);
    let begun = busy(&server);
    // The third one ends its connection, whatever it asked for.
    let answer = server.exchange("GET /hello.html HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(split(&answer).0.contains("\r\nConnection: close"), "{answer}");
    assert_eq!(
        exit_code(&mut server),
        Some(0),
        "idle and begun connections do not keep it"
    );
    assert!(TcpStream::connect(server.address).is_err(), "nobody listens any more");
    drop((idle, begun));
    for status in [200, 404, 200] {
        assert!(server.log_line().contains(&format!(" {status} ")));
    }
}

#[test]
fn of_requests_in_one_write_no_more_than_that_are_answered() {
    let mut server = Server::start(&["--requests", "3"]);
    let answers = server.exchange("GET /hello.html HTTP/1.1\r\nHost: a\r\n\r\n".repeat(9));
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 3, "{answers}");
    assert_eq!(exit_code(&mut server), Some(0));
}

#[test]
fn the_last_answer_is_complete_before_the_server_ends() {
    let content = noise(32 << 20);
    let folder = folder(&[("large.bin", &content)]);
    for connection in ["Connection: close", "Connection: keep-alive"] {
        let mut server = serve(&folder, &["--requests", "1"]);
        let mut stream = server.connect();
        send(&mut stream, "GET /large.bin", &[connection]);
        // Most of it does not fit into the buffers on the way.
        thread::sleep(QUIET);
        assert!(server.is_running(), "{connection}: the answer is not out yet");
        assert!(Answer::read(&mut stream, "GET").content == content, "{connection}");
        drop(stream);
        assert_eq!(exit_code(&mut server), Some(0), "{connection}");
    }
}

#[test]
fn an_earlier_answer_too_is_complete_before_the_server_ends() {
    let content = noise(32 << 20);
    let folder = folder(&[("large.bin", &content), ("small.txt", b"small")]);
    let mut server = serve(&folder, &["--requests", "2"]);
    let mut stream = server.connect();
    send(&mut stream, "GET /large.bin", &[]);
    assert!(has_come(&stream, PATIENCE));
    assert_eq!(get(&server, "/small.txt").text(), "small");
    thread::sleep(QUIET);
    assert!(Answer::read(&mut stream, "GET").content == content);
    drop(stream);
    assert_eq!(exit_code(&mut server), Some(0));
}
