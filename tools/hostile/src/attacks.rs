//! Hostile clients. Each is a thread that continues until the phase is over, and never has more than a few hundred
//! connections. If the server must close a connection by itself, the attack checks that it does.

use super::files::BIG;
use super::{BODY, Dice, Field, HEAD, IDLE, LINGER, SLACK, WRITE};
use socket2::{Domain, SockRef, Socket, Type};
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// All attacks at once.
pub(super) const ALL: [fn(&Field); 9] = [
    slow_heads,
    silent_sockets,
    deaf_readers,
    resets,
    dropped,
    garbage,
    slow_bodies,
    crowd,
    poisoners,
];

/// The attacks on the server's memory.
pub(super) const GLUTTONS: [fn(&Field); 5] = [large_heads, long_listings, many_parts, patient_heads, patient_parts];

/// How many never read, in the phase of that name: more than the server once held with its closed connections, which
/// was
/// `2 * CONNECTIONS + 512`.
pub(super) const NEVER: usize = 768;

/// How many connections are opened and dropped.
const DROPPED: u64 = 5000;

const GET: &[u8] = b"GET /still/2.bin HTTP/1.1\r\nHost: a\r\n\r\n";
const GET_BIG: &[u8] = b"GET /big.bin HTTP/1.1\r\nHost: a\r\n\r\n";

/// Heads that arrive byte by byte, and would take minutes.
fn slow_heads(field: &Field) {
    const AT_ONCE: usize = 40;
    while !field.is_over() {
        let mut open: Vec<TcpStream> = (0..AT_ONCE).filter_map(|_| connect(field)).collect();
        let until = Instant::now() + Duration::from_secs(HEAD) + SLACK;
        let mut head = GET.iter().cycle();
        while !open.is_empty() && Instant::now() < until && !field.is_over() {
            let byte = *head.next().unwrap_or(&b'x');
            open.retain_mut(|stream| stream.write_all(&[byte]).is_ok() && !has_ended(stream));
            field.pause(Duration::from_millis(300));
        }
        if !field.is_over() {
            expect_none_left(field, &open, "a slow head");
            field.count("attacks: rounds of slow heads");
        }
    }
}

/// Connections without any request.
fn silent_sockets(field: &Field) {
    const AT_ONCE: usize = 60;
    while !field.is_over() {
        let mut open: Vec<TcpStream> = (0..AT_ONCE).filter_map(|_| connect(field)).collect();
        let until = Instant::now() + Duration::from_secs(HEAD) + SLACK;
        while !open.is_empty() && Instant::now() < until && !field.is_over() {
            open.retain_mut(|stream| !has_ended(stream));
            field.pause(Duration::from_millis(200));
        }
        if !field.is_over() {
            expect_none_left(field, &open, "a silent connection");
            field.count("attacks: rounds of silent connections");
        }
    }
}

/// Content that arrives byte by byte.
fn slow_bodies(field: &Field) {
    const AT_ONCE: usize = 20;
    const HEADS: [&str; 2] = ["Content-Length: 1000000", "Transfer-Encoding: chunked"];
    while !field.is_over() {
        let mut open: Vec<TcpStream> = (0..AT_ONCE).filter_map(|_| connect(field)).collect();
        for (index, stream) in open.iter_mut().enumerate() {
            let framing = HEADS[index % 2];
            let _ = write!(
                stream,
                "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n{framing}\r\n\r\nfffff\r\n"
            );
        }
        let until = Instant::now() + Duration::from_secs(BODY + LINGER) + SLACK;
        while !open.is_empty() && Instant::now() < until && !field.is_over() {
            open.retain_mut(|stream| stream.write_all(b"x").is_ok() && !has_ended(stream));
            field.pause(Duration::from_millis(300));
        }
        if !field.is_over() {
            expect_none_left(field, &open, "a slow body");
            field.count("attacks: rounds of slow bodies");
        }
    }
}

/// Clients that request much more than the sockets buffer, and read nothing.
fn deaf_readers(field: &Field) {
    const AT_ONCE: usize = 15;
    while !field.is_over() {
        let mut open: Vec<TcpStream> = (0..AT_ONCE).filter_map(|_| connect(field)).collect();
        for stream in &mut open {
            let _ = stream.write_all(&GET_BIG.repeat(5));
        }
        field.pause(Duration::from_secs(WRITE) + SLACK / 2);
        for (index, mut stream) in open.into_iter().enumerate() {
            if field.is_over() || index % 3 == 0 {
                // It closes without having read anything.
                continue;
            }
            let (ended, read) = read_until(&mut stream, Instant::now() + SLACK);
            if !ended || read >= BIG {
                field.found(
                    "stuck connections",
                    format_args!("a deaf reader was served on: {read} bytes"),
                );
            }
        }
        field.count("attacks: rounds of deaf readers");
    }
}

/// Clients that request a large file, and read nothing for the whole phase.
pub(super) fn never_readers(field: &Field) {
    const AT_ONCE: usize = 16;
    let mut open = Vec::new();
    while !field.is_over() {
        for _ in 0..AT_ONCE.min(NEVER - open.len()) {
            if let Some(mut stream) = connect_small(field) {
                let _ = stream.write_all(GET_BIG);
                open.push(stream);
                field.count("attacks: never-readers");
            }
        }
        field.pause(Duration::from_millis(200));
    }
}

/// Clients that pipeline many requests for all large files, and read nothing.
pub(super) fn descriptor_takers(field: &Field) {
    const AT_ONCE: usize = 16;
    const PIPELINED: usize = 64;
    let large = field.folder.files.iter().filter(|file| file.is_large);
    let requests: Vec<_> = large
        .map(|file| format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", file.name))
        .collect();
    while !field.is_over() {
        let mut open: Vec<TcpStream> = (0..AT_ONCE).filter_map(|_| connect_small(field)).collect();
        for (number, stream) in open.iter_mut().enumerate() {
            let all: String = requests
                .iter()
                .cycle()
                .skip(number)
                .take(PIPELINED)
                .map(String::as_str)
                .collect();
            let _ = stream.write_all(all.as_bytes());
        }
        field.pause(Duration::from_secs(WRITE) + SLACK);
        field.count("attacks: rounds of descriptor takers");
    }
}

/// Requests that get an error. If a shared cache stored it, it would send it to all clients.
fn poisoners(field: &Field) {
    let many: String = (0..101).map(|number| format!("X-{number}: a\r\n")).collect();
    let bad = [
        "Accept-Encoding: identity;q=0\r\n".to_owned(),
        "If-Match: \"none\"\r\n".to_owned(),
        "Range: bytes=99999999999-\r\n".to_owned(),
        "Referer: a\r\nReferer: b\r\n".to_owned(),
        "Expect: something\r\n".to_owned(),
        many,
    ];
    for fields in bad.iter().cycle() {
        if field.is_over() {
            return;
        }
        let Some(mut stream) = connect(field) else { continue };
        let _ = write!(
            stream,
            "GET /still/2.bin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{fields}\r\n"
        );
        let mut response = Vec::new();
        let _ = stream.read_to_end(&mut response);
        let response = String::from_utf8_lossy(&response);
        let is_error = response.get(9..10).is_some_and(|class| class == "4" || class == "5");
        if is_error && !response.contains("\r\nCache-Control: no-store\r\n") {
            let line = response.lines().next().unwrap_or_default();
            field.found("errors that a cache may store", line);
        }
        field.count("attacks: requests for a shared cache");
        field.pause(Duration::from_millis(50));
    }
}

/// A reset in every state that a connection can be in.
fn resets(field: &Field) {
    const POST: &[u8] = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n";
    const CHUNKED: &[u8] = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab";
    const CONTINUE: &[u8] = b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n";
    /// What is sent, how much is read, and whether our side is closed before.
    const STATES: [(&[u8], usize, bool); 16] = [
        (b"", 0, false),
        (b"", 0, true),
        (b"GET /st", 0, false),
        (b"GET / HTTP/1.1\r\nHo", 0, false),
        (b"GET / HTTP/1.1\r\nHo", 0, true),
        (GET, 0, false),
        (GET, 50, false),
        (GET, 1, true),
        (GET_BIG, 0, false),
        (GET_BIG, 100_000, false),
        (GET_BIG, 100_000, true),
        (POST, 0, false),
        (CHUNKED, 0, false),
        (CONTINUE, 20, false),
        (b"GET /still/0.bin\r\n", 8, false),
        (b"G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 100, false),
    ];
    for (round, (bytes, read, ends)) in STATES.iter().cycle().enumerate() {
        if field.is_over() {
            return;
        }
        let Some(mut stream) = connect(field) else { continue };
        // Some are followed by another request, which then is in the server's buffer.
        let times = if bytes.ends_with(b"\r\n\r\n") {
            1 + round / STATES.len() % 3
        } else {
            1
        };
        let _ = stream.write_all(&bytes.repeat(times));
        if *ends {
            let _ = stream.shutdown(Shutdown::Write);
        }
        let _ = stream.read_exact(&mut vec![0; *read]);
        reset(stream);
        field.count("attacks: resets");
        field.pause(Duration::from_millis(5));
    }
}

/// Connections that are opened and closed at once, in bursts.
fn dropped(field: &Field) {
    for number in 0..DROPPED {
        if field.is_over() {
            return;
        }
        let Some(stream) = connect(field) else { continue };
        if number % 2 == 0 {
            reset(stream);
        }
        field.count("attacks: opened and dropped");
        if number % 50 == 0 {
            field.pause(Duration::from_millis(400));
        }
    }
}

/// Bytes that are not a request, or almost one.
fn garbage(field: &Field) {
    const TLS: &[u8] = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    let mut dice = Dice(99);
    while !field.is_over() {
        let Some(mut stream) = connect(field) else { continue };
        let mut bytes = match dice.below(5) {
            0 => (0..dice.below(3000)).map(|_| dice.roll() as u8).collect(),
            1 => TLS.to_vec(),
            2 => b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
            3 => vec![b'a'; 100_000],
            _ => GET.repeat(1 + dice.below(100)),
        };
        for _ in 0..dice.below(4) {
            let at = dice.below(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte = dice.roll() as u8;
            }
        }
        for piece in bytes.chunks(1 + dice.below(bytes.len())) {
            let _ = stream.write_all(piece);
        }
        if dice.below(2) == 0 {
            let _ = stream.shutdown(Shutdown::Write);
        }
        let limit = Duration::from_secs(HEAD.max(BODY).max(IDLE) + LINGER) + SLACK;
        if !field.is_over() && !read_until(&mut stream, Instant::now() + limit).0 {
            field.found(
                "stuck connections",
                format_args!("after {:?}", bytes[..bytes.len().min(200)].escape_ascii()),
            );
        }
        field.count("attacks: garbage");
    }
}

/// From time to time, many more connections than the server has slots.
fn crowd(field: &Field) {
    const AT_ONCE: usize = 700;
    while !field.is_over() {
        field.pause(Duration::from_secs(15));
        let mut open = Vec::new();
        for number in 0..AT_ONCE {
            // The server is full when the first connection is no longer accepted.
            let Some(mut stream) = connect(field).filter(|_| !field.is_over()) else {
                break;
            };
            if number % 2 == 0 {
                let _ = stream.write_all(b"G");
            }
            open.push(stream);
        }
        field.pause(Duration::from_secs(2));
        for (number, stream) in open.into_iter().enumerate() {
            if number % 3 == 0 {
                reset(stream);
            }
        }
        field.count("attacks: crowds");
    }
}

/// The longest allowed head, incomplete, in every connection slot.
fn large_heads(field: &Field) {
    let head = format!("GET / HTTP/1.1\r\nHost: a\r\nA: {}", "b".repeat(32_000));
    hold(field, 400, head.as_bytes(), "attacks: rounds of large heads");
}

/// Pipelined requests for long listings, whose responses are not read.
fn long_listings(field: &Field) {
    let requests = "GET /many/ HTTP/1.1\r\nHost: a\r\n\r\n".repeat(64);
    hold(field, 60, requests.as_bytes(), "attacks: rounds of long listings");
}

/// Requests for many ranges, whose responses are not read.
fn many_parts(field: &Field) {
    let ranges: Vec<_> = (0..32)
        .map(|number| format!("{}-{}", number * 100, number * 100))
        .collect();
    let request = format!(
        "GET /big.bin HTTP/1.1\r\nHost: a\r\nRange: bytes={}\r\n\r\n",
        ranges.join(",")
    );
    hold(
        field,
        40,
        request.repeat(64).as_bytes(),
        "attacks: rounds of many parts",
    );
}

/// Like [`large_heads`], by clients that are accepted first.
fn patient_heads(field: &Field) {
    let head = format!("GET / HTTP/1.1\r\nHost: a\r\nA: {}", "b".repeat(32_000));
    let_in_first(
        field,
        300,
        head.as_bytes(),
        "attacks: rounds of large heads, let in first",
    );
}

/// Like [`many_parts`], for a small file and by clients that are accepted first.
fn patient_parts(field: &Field) {
    let ranges: Vec<_> = (0..31).map(|number| format!("{number}-{number}")).collect();
    let ranges = ranges.join(",");
    let request = format!("GET /still/2.bin HTTP/1.1\r\nHost: a\r\nRange: bytes={ranges}\r\n\r\n");
    let requests = request.repeat(64);
    let_in_first(
        field,
        100,
        requests.as_bytes(),
        "attacks: rounds of many parts, let in first",
    );
}

/// Opens connections, sends the same on each, and holds them as long as possible.
fn hold(field: &Field, count: usize, bytes: &[u8], what: &'static str) {
    while !field.is_over() {
        let mut open = Vec::new();
        for _ in 0..count {
            let Some(mut stream) = connect(field).filter(|_| !field.is_over()) else {
                break;
            };
            let _ = stream.write_all(bytes);
            open.push(stream);
        }
        field.pause(Duration::from_secs(WRITE));
        field.count(what);
    }
}

/// Opens connections and requests a small file on each, so that all of them are accepted. Only then it sends the same
/// on each, and reads nothing.
fn let_in_first(field: &Field, count: usize, bytes: &[u8], what: &'static str) {
    while !field.is_over() {
        let mut open: Vec<TcpStream> = (0..count).map_while(|_| connect_small(field)).collect();
        for stream in &mut open {
            let _ = stream.write_all(GET);
        }
        field.pause(Duration::from_millis(500));
        for stream in &mut open {
            let _ = stream.set_nonblocking(true);
            let _ = stream.write(bytes);
        }
        field.pause(Duration::from_secs(WRITE));
        field.count(what);
    }
}

/// The size of a segment on Ethernet, in bytes, with the timestamps of TCP.
#[cfg(unix)]
const ETHERNET_SEGMENT: u32 = 1448;

/// A connection for which the client's system buffers only a few KiB, so that it costs the machine little memory.
///
/// Its segments are as long as on a network. On the loopback interface they have 64 KiB, and Linux derives the size of
/// a send buffer from that: 768 clients that never read would take 2.2 GB, the system's limit for all TCP (`tcp_mem`).
/// It would then shrink every buffer to half of what waits in it, and a slow client would look like one that never
/// reads.
fn connect_small(field: &Field) -> Option<TcpStream> {
    let socket = Socket::new(Domain::for_address(field.server), Type::STREAM, None).ok()?;
    socket.set_recv_buffer_size(2048).ok()?;
    #[cfg(unix)]
    socket.set_tcp_mss(ETHERNET_SEGMENT).ok()?;
    if socket
        .connect_timeout(&field.server.into(), Duration::from_secs(2))
        .is_err()
    {
        field.pause(Duration::from_millis(100));
        return None;
    }
    let stream = TcpStream::from(socket);
    stream.set_write_timeout(Some(Duration::from_secs(1))).ok()?;
    Some(stream)
}

/// A connection, if there is room in the backlog. Its timeouts are short.
fn connect(field: &Field) -> Option<TcpStream> {
    let Ok(stream) = TcpStream::connect_timeout(&field.server, Duration::from_secs(2)) else {
        field.pause(Duration::from_millis(100));
        return None;
    };
    stream.set_read_timeout(Some(Duration::from_secs(1))).ok()?;
    stream.set_write_timeout(Some(Duration::from_secs(1))).ok()?;
    Some(stream)
}

/// Whether the server has closed the connection. What it sent before is ignored.
fn has_ended(stream: &mut TcpStream) -> bool {
    let _ = stream.set_nonblocking(true);
    let mut buffer = [0; 4096];
    let ended = loop {
        match stream.read(&mut buffer) {
            Ok(0) => break true,
            Ok(_) => {}
            Err(error) => break error.kind() != ErrorKind::WouldBlock,
        }
    };
    let _ = stream.set_nonblocking(false);
    ended
}

/// Reads until the server closes the connection, or until `limit`. Returns whether it did, and the number of bytes.
fn read_until(stream: &mut TcpStream, limit: Instant) -> (bool, u64) {
    let mut read = 0;
    let mut buffer = vec![0; 65_536];
    while Instant::now() < limit {
        match stream.read(&mut buffer) {
            Ok(0) => return (true, read),
            Ok(count) => read += count as u64,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => return (true, read),
        }
    }
    (false, read)
}

fn expect_none_left(field: &Field, open: &[TcpStream], what: &str) {
    for stream in open {
        let from = stream.local_addr();
        field.found("stuck connections", format_args!("{what} is still open, {from:?}"));
    }
}

/// Closes a connection with a reset.
fn reset(stream: TcpStream) {
    let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
    drop(stream);
}
