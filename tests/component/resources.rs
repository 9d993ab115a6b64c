//! What hostile clients can use up: connection slots, descriptors, memory, time. Whatever they do, the server serves
//! others.

use crate::client::{QUIET, ask_on, get, send, soon};
use crate::folders::{folder, noise, serve, sparse};
use crate::support::response::Response;
use crate::support::{PATIENCE, Server, Start};
use crate::traps::{all_at_once, on_process};
use socket2::{Domain, Socket, Type};
use std::fs;
use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A connection for which the client's system buffers only a few KiB.
fn connect_small(server: &Server) -> TcpStream {
    connect_small_with(server, None)
}

/// The same, with this maximum segment size, in bytes.
fn connect_small_with(server: &Server, segment: Option<u32>) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.set_recv_buffer_size(2048).unwrap();
    if let Some(segment) = segment {
        socket.set_tcp_mss(segment).unwrap();
    }
    socket.connect(&server.address.into()).expect("the server accepts");
    let stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Clients that request a large file, and never read.
fn never_readers(server: &Server, count: usize) -> Vec<TcpStream> {
    (0..count).map(|_| ask_for_large(connect_small(server))).collect()
}

fn ask_for_large(mut stream: TcpStream) -> TcpStream {
    send(&mut stream, "GET /large.bin", &[]);
    stream
}

/// A folder with a small and a large file.
fn small_and_large() -> TempDir {
    let folder = folder(&[("small.txt", b"small")]);
    sparse(folder.path(), "large.bin", 256 << 20);
    folder
}

/// What each descriptor of the server refers to.
fn descriptors(server: &Server) -> Vec<PathBuf> {
    let entries = fs::read_dir(format!("/proc/{}/fd", server.id())).expect("this is Linux");
    entries
        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
        .collect()
}

/// How many of them are files below `folder`.
fn open_files(server: &Server, folder: &Path) -> usize {
    let folder = folder.canonicalize().unwrap();
    let is_below = |file: &&PathBuf| file.starts_with(&folder) && **file != folder;
    descriptors(server).iter().filter(is_below).count()
}

/// How many of them are sockets.
fn sockets(server: &Server) -> usize {
    let is_socket = |link: &&PathBuf| link.to_string_lossy().starts_with("socket:");
    descriptors(server).iter().filter(is_socket).count()
}

/// Limits the server to `count` descriptors more than it has now.
fn allow_descriptors(server: &Server, count: usize) {
    let limit = format!("--nofile={}", descriptors(server).len() + count);
    on_process(server, "prlimit", &[&limit, "--pid"]);
}

/// Fails unless the server ends by itself.
#[track_caller]
fn assert_ends(server: &mut Server) {
    let deadline = Instant::now() + PATIENCE;
    while server.is_running() {
        assert!(Instant::now() < deadline, "it is still running");
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(server.wait(), Some(0));
}

// Clients that never read.

#[test]
fn others_are_served_whatever_the_number_of_clients_that_never_read() {
    // An earlier version held at most 576 connections with these options, including closed ones that the host was still
    // flushing, and then accepted no others.
    let folder = small_and_large();
    let options = ["--max-connections", "32", "--write-timeout", "0.1", "--log", "off"];
    let server = serve(&folder, &options);
    let mut never = Vec::new();
    for _ in 0..10 {
        never.extend(never_readers(&server, 60));
        assert_eq!(
            get(&server, "/small.txt").text(),
            "small",
            "after {} of them",
            never.len()
        );
    }
}

#[test]
fn a_burst_of_clients_that_never_read_delays_others_only_briefly() {
    // All of them are accepted before the new connection. With 2 s for each group of 32, it would wait for 32 s.
    let folder = small_and_large();
    let server = serve(&folder, &["--max-connections", "32", "--log", "off"]);
    let never = never_readers(&server, 512);
    assert_eq!(get(&server, "/small.txt").text(), "small");
    drop(never);
}

#[test]
fn of_a_client_that_never_reads_only_the_socket_is_kept() {
    let folder = folder(&[("small.txt", b"small")]);
    let server = serve(&folder, &["--write-timeout", "0.3", "--log", "off"]);
    let mut never = Vec::new();
    for number in 0..20 {
        let name = format!("{number}.bin");
        sparse(folder.path(), &name, 64 << 20);
        let mut stream = connect_small(&server);
        send(&mut stream, &format!("GET /{name}"), &[]);
        never.push(stream);
    }
    soon("their files are open", || open_files(&server, folder.path()) == 20);
    soon("their files are closed", || open_files(&server, folder.path()) == 0);
}

#[test]
fn after_its_deadline_not_even_the_socket_of_a_client_that_never_reads_is_kept() {
    let folder = small_and_large();
    let server = serve(&folder, &["--write-timeout", "0.3", "--log", "off"]);
    // After its first response the server has all the descriptors that it keeps open.
    assert_eq!(get(&server, "/small.txt").text(), "small");
    let before = sockets(&server);
    // With small segments the system starts with a small send buffer. It can then be enlarged even where
    // `net.core.wmem_max` is 208 KiB, as on Linux before 6.17.
    let never: Vec<_> = (0..20)
        .map(|_| ask_for_large(connect_small_with(&server, Some(536))))
        .collect();
    // Connections are accepted in order, so now all of them are accepted.
    assert_eq!(get(&server, "/small.txt").text(), "small");
    soon("the server has closed all their sockets", || sockets(&server) <= before);
    drop(never);
}

#[test]
fn with_a_stalled_client_in_every_slot_a_new_one_does_not_wait_for_the_write_deadline() {
    let folder = small_and_large();
    let options = ["--max-connections", "4", "--write-timeout", "600", "--log", "off"];
    let server = serve(&folder, &options);
    let never = never_readers(&server, 4);
    assert_eq!(get(&server, "/small.txt").text(), "small");
    drop(never);
}

#[test]
fn the_server_ends_after_its_last_request_even_if_its_client_never_reads() {
    let folder = small_and_large();
    for options in [
        &["--requests", "1", "--write-timeout", "0.3"][..],
        &["--requests", "1", "--write-timeout", "0.3", "--serial", "--close"],
    ] {
        let mut server = serve(&folder, options);
        let never = never_readers(&server, 1);
        assert_ends(&mut server);
        drop(never);
    }
}

#[test]
fn the_server_ends_even_if_earlier_clients_have_not_read_all_of_their_responses() {
    // Whatever the size of the buffers on the way, one of these responses fits the host's but not the client's. The
    // host then has all of it and cannot send it.
    const CLIENTS: usize = 50;
    let folder = small_and_large();
    let requests = (CLIENTS + 1).to_string();
    let mut server = serve(&folder, &["--requests", &requests, "--write-timeout", "0.3"]);
    let never: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let mut stream = connect_small(&server);
            let range = format!("Range: bytes=0-{}", (number + 1) * 65_000);
            send(&mut stream, "GET /large.bin", &[&range]);
            stream
        })
        .collect();
    assert_eq!(get(&server, "/small.txt").text(), "small");
    assert_ends(&mut server);
    drop(never);
}

// Descriptors.

#[test]
fn equal_responses_share_one_open_file() {
    let folder = small_and_large();
    let server = serve(&folder, &["--log", "off"]);
    let never: Vec<_> = (0..16)
        .map(|_| {
            let mut stream = connect_small(&server);
            stream
                .write_all("GET /large.bin HTTP/1.1\r\nHost: a\r\n\r\n".repeat(64).as_bytes())
                .unwrap();
            stream
        })
        .collect();
    assert_eq!(get(&server, "/small.txt").text(), "small");
    soon("one is open", || open_files(&server, folder.path()) == 1);
    drop(never);
    soon("none is open", || open_files(&server, folder.path()) == 0);
}

#[test]
fn a_connection_has_at_most_one_file_open_whatever_it_pipelines() {
    let folder = folder(&[("small.txt", b"small")]);
    let requests: String = (0..20)
        .map(|number| {
            let name = format!("{number}.bin");
            sparse(folder.path(), &name, 4 << 20);
            format!("GET /{name} HTTP/1.1\r\nHost: a\r\n\r\n")
        })
        .collect();
    let server = serve(&folder, &["--log", "off"]);
    let mut stream = connect_small(&server);
    stream.write_all(requests.as_bytes()).unwrap();
    assert_eq!(get(&server, "/small.txt").text(), "small");
    soon("the first one is open", || open_files(&server, folder.path()) == 1);
    let mut stream = BufReader::new(stream);
    for number in 0..20 {
        let response = Response::read(&mut stream, "GET");
        assert_eq!((response.status(), response.content.len()), (200, 4 << 20), "{number}");
    }
}

#[test]
fn without_descriptors_for_their_files_requests_wait_and_none_gets_500() {
    const CLIENTS: usize = 40;
    let folder = folder(&[]);
    for number in 0..CLIENTS {
        sparse(folder.path(), &format!("{number}.bin"), 3 << 20);
    }
    sparse(folder.path(), "same.bin", 3 << 20);
    let server = serve(&folder, &["--log", "off"]);
    // This response fills the cache; its file is then closed.
    assert_eq!(get(&server, "/same.bin").status(), 200);
    allow_descriptors(&server, CLIENTS + 5);
    for is_same in [false, true] {
        let mut streams: Vec<_> = (0..CLIENTS).map(|_| server.connect()).collect();
        for (number, stream) in streams.iter_mut().enumerate() {
            let name = if is_same { "same".to_owned() } else { number.to_string() };
            send(stream, &format!("GET /{name}.bin"), &["Connection: close"]);
        }
        thread::scope(|scope| {
            for (number, stream) in streams.iter_mut().enumerate() {
                scope.spawn(move || {
                    let response = Response::read(stream, "GET");
                    assert_eq!((response.status(), response.content.len()), (200, 3 << 20), "{number}");
                });
            }
        });
    }
}

// Memory.

/// Loads that need more memory than there is: a name, the number of clients, and what each of them sends.
fn loads() -> Vec<(&'static str, usize, String)> {
    let ranges: Vec<_> = (0..31)
        .map(|number| format!("{}-{}", number * 100, number * 100))
        .collect();
    let ranges = ranges.join(",");
    let request = |path: &str, fields: &str| format!("GET {path} HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
    vec![
        (
            "unfinished heads",
            400,
            format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}", "a".repeat(32_000)),
        ),
        (
            "ranges",
            300,
            request("/file.bin", &format!("Range: bytes={ranges}\r\n")).repeat(64),
        ),
        ("unknown names", 300, request("/unknown", "").repeat(200)),
        ("listings", 300, request("/many/", "").repeat(3)),
        (
            "names that are requested once",
            300,
            (0..64)
                .map(|number| request(&format!("/{number}{}", "n".repeat(1500)), ""))
                .collect(),
        ),
    ]
}

/// Connects the clients of each load, divided by `share`. Each of them sends its load and reads nothing. Then all of
/// them close, and the server must serve others again.
fn survives(mebibytes: u32, options: &[&str], share: usize) {
    let folder = folder(&[("small.txt", b"small"), ("file.bin", &noise(4000))]);
    for number in 0..500 {
        crate::folders::write(folder.path(), &format!("many/a file with a number {number}.txt"), b"");
    }
    for (what, clients, load) in loads() {
        let server = Start::with(&["--list", "--log", "off", "--write-timeout", "5"])
            .options(options)
            .memory(mebibytes)
            .folder(folder.path())
            .serve();
        let mut streams: Vec<_> = (0..clients / share).map(|_| connect_small(&server)).collect();
        for stream in &mut streams {
            send(stream, "GET /small.txt", &[]);
        }
        thread::sleep(QUIET);
        for stream in &mut streams {
            // The server may have closed it, or it may not read it. In that case the rest is not sent.
            stream.set_nonblocking(true).unwrap();
            let _ = stream.write(load.as_bytes());
        }
        thread::sleep(QUIET);
        // A new connection may get 503, because there is no memory, or be closed.
        let mut new = server.connect();
        new.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
        send(&mut new, "GET /small.txt", &["Connection: close"]);
        let mut received = Vec::new();
        if new.read_to_end(&mut received).is_ok() && !received.is_empty() {
            let response = Response::read_last(&mut received.as_slice(), "GET");
            assert!(
                matches!(response.status(), 200 | 503),
                "{what} in {mebibytes} MiB: {response:?}"
            );
        }
        drop((streams, new));
        // A server that has trapped refuses connections. One that is still busy with the load may take a while.
        let deadline = Instant::now() + 6 * PATIENCE;
        while Instant::now() < deadline {
            let mut stream = TcpStream::connect(server.address).unwrap_or_else(|error| {
                panic!("{what} in {mebibytes} MiB: {error}");
            });
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            let _ = stream.write_all(b"GET /small.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            if Response::try_read_last(&mut stream, "GET").is_ok_and(|response| response.text() == "small") {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
        assert!(
            Instant::now() < deadline,
            "{what} in {mebibytes} MiB: it no longer serves"
        );
    }
}

#[test]
fn in_8_mebibytes_the_server_survives_every_load() {
    survives(8, &[], 1);
}

#[test]
fn in_16_mebibytes_the_server_survives_every_load() {
    survives(16, &[], 1);
}

#[test]
fn in_32_mebibytes_the_server_survives_every_load() {
    survives(32, &[], 1);
}

#[test]
fn in_16_mebibytes_the_server_survives_every_load_with_a_trace_too() {
    // Each request takes about 2 KB of trace, so fewer clients are enough.
    survives(16, &["--trace"], 3);
}

// Time.

#[test]
fn a_request_that_arrived_in_time_gets_its_response_even_if_the_server_was_busy() {
    const DEADLINE: Duration = Duration::from_secs(5);
    let seconds = DEADLINE.as_secs().to_string();
    let server = Server::start(&["--idle-timeout", &seconds, "--head-timeout", &seconds, "--log", "off"]);
    // Try again until all of them are connected well before their deadlines, even on a slow machine.
    let mut streams = loop {
        let start = Instant::now();
        let mut streams: Vec<_> = (0..300).map(|_| server.connect()).collect();
        for stream in streams.iter_mut().step_by(2) {
            // Half of the connections become idle, the others have never sent a request.
            send(stream, "GET /hello.html", &[]);
        }
        for stream in streams.iter_mut().step_by(2) {
            let _ = stream.read(&mut [0; 4096]);
        }
        if start.elapsed() < DEADLINE / 2 {
            break streams;
        }
    };
    all_at_once(&server, || {
        for stream in &mut streams {
            send(stream, "GET /hello.html", &[]);
        }
        thread::sleep(DEADLINE + QUIET);
    });
    for (position, stream) in streams.iter_mut().enumerate() {
        assert_eq!(Response::read(stream, "GET").status(), 200, "{position}");
    }
}

#[test]
fn the_responses_to_pipelined_requests_leave_in_one_write_even_if_the_requests_need_several_reads() {
    let server = Server::start(&["--log", "off", "--health", "/health"]);
    let request = format!("GET /health HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "a".repeat(500));
    let mut stream = server.connect();
    let response = ask_on(&mut stream, "GET /health");
    let length = response.head.len() + response.content.len();
    for round in 0..30 {
        stream.write_all(request.repeat(10).as_bytes()).unwrap();
        let mut responses = vec![0; 11 * length];
        assert_eq!(stream.read(&mut responses).unwrap(), 10 * length, "round {round}");
    }
}
