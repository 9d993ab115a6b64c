//! What clients take of the server when they mean it harm: slots, descriptors, memory, time. Whatever they do, the
//! others are served.

use crate::client::{Answer, QUIET, ask_on, get, send, soon};
use crate::folders::{folder, noise, serve, sparse};
use crate::support::{PATIENCE, Server, Start, status};
use crate::traps::{all_at_once, on_process};
use socket2::{Domain, Socket, Type};
use std::fs;
use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A connection that takes a few KiB and no more, as long as nobody reads from it.
fn deaf(server: &Server) -> TcpStream {
    deaf_to(server, None)
}

/// The same, with segments of at most so many bytes.
fn deaf_to(server: &Server, segment: Option<u32>) -> TcpStream {
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

/// Clients that ask for something large, and never read.
fn never_readers(server: &Server, count: usize) -> Vec<TcpStream> {
    (0..count).map(|_| ask_for_large(deaf(server))).collect()
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

/// What the descriptors of the server stand for, one each.
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

/// Leaves the server so many descriptors beside those that it has now.
fn leave_descriptors(server: &Server, count: usize) {
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
fn however_many_clients_never_read_the_others_are_served() {
    // 576 connections were the most that the server once held with these options, closed ones that the host still
    // flushed included; then nobody was accepted any more.
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
fn a_burst_of_clients_that_never_read_is_soon_over_however_few_slots_there_are() {
    // Each of them is let in before the newcomer. With 2 s for each it would be 32 s until his turn.
    let folder = small_and_large();
    let server = serve(&folder, &["--max-connections", "32", "--log", "off"]);
    let never = never_readers(&server, 512);
    assert_eq!(get(&server, "/small.txt").text(), "small");
    drop(never);
}

#[test]
fn a_client_that_never_reads_keeps_nothing_but_its_socket() {
    let folder = folder(&[("small.txt", b"small")]);
    let server = serve(&folder, &["--write-timeout", "0.3", "--log", "off"]);
    let mut never = Vec::new();
    for number in 0..20 {
        let name = format!("{number}.bin");
        sparse(folder.path(), &name, 64 << 20);
        let mut stream = deaf(&server);
        send(&mut stream, &format!("GET /{name}"), &[]);
        never.push(stream);
    }
    soon("their files are open", || open_files(&server, folder.path()) == 20);
    soon("their files are closed", || open_files(&server, folder.path()) == 0);
}

#[test]
fn past_its_deadline_a_client_that_never_reads_does_not_even_keep_its_socket() {
    let folder = small_and_large();
    let server = serve(&folder, &["--write-timeout", "0.3", "--log", "off"]);
    // After a response the server has all descriptors that it keeps.
    assert_eq!(get(&server, "/small.txt").text(), "small");
    let before = sockets(&server);
    // With small segments the system begins with a small send buffer. So there is room for a larger one also where
    // `net.core.wmem_max` is the 208 KiB that Linux had before 6.17.
    let never: Vec<_> = (0..20).map(|_| ask_for_large(deaf_to(&server, Some(536)))).collect();
    // Connections are accepted in order: those before this one are there.
    assert_eq!(get(&server, "/small.txt").text(), "small");
    soon("the server has let go of all of them", || sockets(&server) <= before);
    drop(never);
}

#[test]
fn where_every_slot_is_stalled_a_newcomer_does_not_wait_for_the_write_deadline() {
    let folder = small_and_large();
    let options = ["--max-connections", "4", "--write-timeout", "600", "--log", "off"];
    let server = serve(&folder, &options);
    let never = never_readers(&server, 4);
    assert_eq!(get(&server, "/small.txt").text(), "small");
    drop(never);
}

#[test]
fn the_server_ends_after_its_last_request_though_its_client_never_reads() {
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
fn the_server_ends_though_earlier_clients_have_not_read_all_of_their_responses() {
    // Whatever fits into the buffers on the way: one of these is with the host to its end, which cannot get rid of it.
    const CLIENTS: usize = 50;
    let folder = small_and_large();
    let requests = (CLIENTS + 1).to_string();
    let mut server = serve(&folder, &["--requests", &requests, "--write-timeout", "0.3"]);
    let never: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let mut stream = deaf(&server);
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
            let mut stream = deaf(&server);
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
fn a_connection_has_one_file_open_whatever_it_asks_for_in_advance() {
    let folder = folder(&[("small.txt", b"small")]);
    let requests: String = (0..20)
        .map(|number| {
            let name = format!("{number}.bin");
            sparse(folder.path(), &name, 4 << 20);
            format!("GET /{name} HTTP/1.1\r\nHost: a\r\n\r\n")
        })
        .collect();
    let server = serve(&folder, &["--log", "off"]);
    let mut stream = deaf(&server);
    stream.write_all(requests.as_bytes()).unwrap();
    assert_eq!(get(&server, "/small.txt").text(), "small");
    soon("the first one is open", || open_files(&server, folder.path()) == 1);
    let mut stream = BufReader::new(stream);
    for number in 0..20 {
        let answer = Answer::read(&mut stream, "GET");
        assert_eq!((answer.status(), answer.content.len()), (200, 4 << 20), "{number}");
    }
}

#[test]
fn without_descriptors_for_their_files_requests_wait_and_none_is_answered_500() {
    const CLIENTS: usize = 40;
    let folder = folder(&[]);
    for number in 0..CLIENTS {
        sparse(folder.path(), &format!("{number}.bin"), 3 << 20);
    }
    sparse(folder.path(), "same.bin", 3 << 20);
    let server = serve(&folder, &["--log", "off"]);
    // Something is remembered, and its files are closed again.
    assert_eq!(get(&server, "/same.bin").status(), 200);
    leave_descriptors(&server, CLIENTS + 5);
    for is_same in [false, true] {
        let mut streams: Vec<_> = (0..CLIENTS).map(|_| server.connect()).collect();
        for (number, stream) in streams.iter_mut().enumerate() {
            let name = if is_same { "same".to_owned() } else { number.to_string() };
            send(stream, &format!("GET /{name}.bin"), &["Connection: close"]);
        }
        thread::scope(|scope| {
            for (number, stream) in streams.iter_mut().enumerate() {
                scope.spawn(move || {
                    let answer = Answer::read(stream, "GET");
                    assert_eq!((answer.status(), answer.content.len()), (200, 3 << 20), "{number}");
                });
            }
        });
    }
}

// Memory.

/// Loads that want more memory than there is: what each of so many clients sends, once it has been let in.
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
            "names that are asked for once",
            300,
            (0..64)
                .map(|number| request(&format!("/{number}{}", "n".repeat(1500)), ""))
                .collect(),
        ),
    ]
}

/// Lets clients in (one of `share` that each load is for), and then has each of them send its load and read nothing.
/// Then all leave, and the server is there.
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
        let mut streams: Vec<_> = (0..clients / share).map(|_| deaf(&server)).collect();
        for stream in &mut streams {
            send(stream, "GET /small.txt", &[]);
        }
        thread::sleep(QUIET);
        for stream in &mut streams {
            // The server may have closed it, or not read it: then what does not fit stays here.
            stream.set_nonblocking(true).unwrap();
            let _ = stream.write(load.as_bytes());
        }
        thread::sleep(QUIET);
        // Whoever comes now may be told that there is no memory.
        let mut newcomer = server.connect();
        newcomer.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
        send(&mut newcomer, "GET /small.txt", &["Connection: close"]);
        let mut answer = String::new();
        if newcomer.read_to_string(&mut answer).is_ok() && !answer.is_empty() {
            assert!(
                matches!(status(&answer), 200 | 503),
                "{what} in {mebibytes} MiB: {answer}"
            );
        }
        drop((streams, newcomer));
        // A server that has trapped refuses; one that still works off what it was sent may take its time.
        let deadline = Instant::now() + 6 * PATIENCE;
        while Instant::now() < deadline {
            let mut stream = TcpStream::connect(server.address).unwrap_or_else(|error| {
                panic!("{what} in {mebibytes} MiB: {error}");
            });
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            let _ = stream.write_all(b"GET /small.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            let mut answer = String::new();
            let _ = stream.read_to_string(&mut answer);
            if answer.ends_with("\r\n\r\nsmall") {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
        assert!(
            Instant::now() < deadline,
            "{what} in {mebibytes} MiB: nobody is served any more"
        );
    }
}

#[test]
fn in_8_mebibytes_too_much_is_refused_and_the_server_goes_on() {
    survives(8, &[], 1);
}

#[test]
fn in_16_mebibytes_too_much_is_refused_and_the_server_goes_on() {
    survives(16, &[], 1);
}

#[test]
fn in_32_mebibytes_too_much_is_refused_and_the_server_goes_on() {
    survives(32, &[], 1);
}

#[test]
fn in_little_memory_a_trace_is_survived_too() {
    // Each request is some 2 KB of trace, so fewer of them are enough.
    survives(16, &["--trace"], 3);
}

// Time.

#[test]
fn a_request_that_arrived_in_time_is_answered_though_the_server_was_busy() {
    const DEADLINE: Duration = Duration::from_secs(5);
    let seconds = DEADLINE.as_secs().to_string();
    let server = Server::start(&["--idle-timeout", &seconds, "--head-timeout", &seconds, "--log", "off"]);
    // Until all of them are there well before their deadlines, on however slow a machine.
    let mut streams = loop {
        let start = Instant::now();
        let mut streams: Vec<_> = (0..300).map(|_| server.connect()).collect();
        for stream in streams.iter_mut().step_by(2) {
            // Half of them are idle, the others have never asked.
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
        assert_eq!(Answer::read(stream, "GET").status(), 200, "{position}");
    }
}

#[test]
fn a_batch_of_requests_is_answered_in_one_write_though_it_is_larger_than_one_read() {
    let server = Server::start(&["--log", "off", "--health", "/health"]);
    let request = format!("GET /health HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "a".repeat(500));
    let mut stream = server.connect();
    let answer = ask_on(&mut stream, "GET /health");
    let length = answer.head.len() + answer.content.len();
    for round in 0..30 {
        stream.write_all(request.repeat(10).as_bytes()).unwrap();
        let mut answers = vec![0; 11 * length];
        assert_eq!(stream.read(&mut answers).unwrap(), 10 * length, "round {round}");
    }
}
