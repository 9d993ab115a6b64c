//! The four traps that the host sets (`src/shell` says at each place what it does about them). Each test here fails
//! when that is taken out.

use crate::client::{Answer, ask, ask_on, get, send, timed};
use crate::folders::{folder, noise, serve, sparse};
use crate::support::{PATIENCE, Server, Start, status};
use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// Runs a command of the operating system's on the server's process.
pub fn on_process(server: &Server, command: &str, arguments: &[&str]) {
    let id = server.id().to_string();
    let mut command = Command::new(command);
    command.args(arguments).arg(&id);
    let status = command.status();
    assert!(status.is_ok_and(|status| status.success()), "{command:?}");
}

/// Stops the server's process while `action` runs: whatever arrives meanwhile is there all at once afterwards.
pub fn all_at_once<T>(server: &Server, action: impl FnOnce() -> T) -> T {
    on_process(server, "kill", &["-STOP"]);
    let outcome = action();
    on_process(server, "kill", &["-CONT"]);
    outcome
}

/// The processor time that the server has used so far: of the main thread, which the component runs in under every
/// host. In another one wasmtime compresses what its cache has used often once more, which takes seconds.
fn processor_time(server: &Server) -> Duration {
    let id = server.id();
    let stat = fs::read_to_string(format!("/proc/{id}/task/{id}/stat")).expect("this is Linux");
    // Behind the name, which may have spaces: fields 14 and 15, in hundredths of a second.
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

/// Fails if the server works although nothing happens.
#[track_caller]
fn assert_rests(server: &Server) {
    let before = processor_time(server);
    thread::sleep(Duration::from_millis(500));
    let used = processor_time(server) - before;
    assert!(
        used < Duration::from_millis(150),
        "{used:?} of work in 500 ms of silence"
    );
}

fn connections(server: &Server, count: usize) -> Vec<TcpStream> {
    (0..count).map(|_| server.connect()).collect()
}

// Trap 1: 128 ready sockets at once, and the host reports no others.

// In the trap there are two responses a second: `PATIENCE` would end the test. That nobody in a crowd starves is
// arithmetic:
// `src/schedule/poll_plan_tests.rs`.

#[test]
fn hundreds_of_requests_at_once_are_answered_at_once() {
    for count in [100, 129, 200, 500] {
        let server = Server::start(&["--log", "off"]);
        let mut streams = connections(&server, count);
        for round in 1..=5 {
            all_at_once(&server, || {
                for stream in &mut streams {
                    send(stream, "GET /hello.html", &[]);
                }
            });
            let start = Instant::now();
            for (position, stream) in streams.iter_mut().enumerate() {
                let answer = Answer::read(stream, "GET");
                assert_eq!(answer.status(), 200, "{position} of {count}: {answer:?}");
                let taken = start.elapsed();
                assert!(
                    taken < PATIENCE,
                    "{position} of {count} had its answer after {taken:?} in round {round}"
                );
            }
        }
        assert_rests(&server);
    }
}

#[test]
fn hundreds_of_newcomers_at_once_are_answered_at_once() {
    let server = Server::start(&["--log", "off", "--backlog", "1000"]);
    for round in 1..=3 {
        let mut streams = all_at_once(&server, || {
            let mut streams = connections(&server, 400);
            for stream in &mut streams {
                send(stream, "GET /hello.html", &["Connection: close"]);
            }
            streams
        });
        let start = Instant::now();
        for (position, stream) in streams.iter_mut().enumerate() {
            assert_eq!(Answer::read(stream, "GET").status(), 200);
            let taken = start.elapsed();
            assert!(
                taken < PATIENCE,
                "{position} had its answer after {taken:?} in round {round}"
            );
        }
    }
    assert_rests(&server);
}

#[test]
fn newcomers_who_say_nothing_beside_a_crowd_hang_nobody_who_was_idle() {
    // Each newcomer takes a check of the budget, and none of them is there to be waited for when it is used up.
    let server = Server::start(&["--log", "off", "--max-connections", "2000"]);
    let mut idle = server.connect();
    let mut crowd = connections(&server, 60);
    let mut silent = Vec::new();
    for round in 0..4 {
        send(&mut idle, "GET /hello.html", &[]);
        assert_eq!(Answer::read(&mut idle, "GET").status(), 200, "round {round}");
        // Longer than a connection counts as busy.
        thread::sleep(Duration::from_millis(300));
        for stream in &mut crowd {
            assert_eq!(ask_on(stream, "GET /hello.html").status(), 200);
        }
        for _ in 0..150 {
            silent.push(server.connect());
            // Long enough for a turn of the loop, and short enough for the crowd to stay one.
            thread::sleep(Duration::from_micros(300));
        }
    }
}

#[test]
fn hundreds_of_downloads_at_once_arrive_whole() {
    let content = noise(1 << 20);
    let folder = folder(&[("a.bin", &content)]);
    let server = serve(&folder, &["--log", "off"]);
    let mut streams = connections(&server, 200);
    all_at_once(&server, || {
        for stream in &mut streams {
            send(stream, "GET /a.bin", &[]);
        }
    });
    let ((), taken) = timed(|| {
        thread::scope(|scope| {
            for stream in &mut streams {
                scope.spawn(|| assert!(Answer::read(stream, "GET").content == content));
            }
        });
    });
    assert!(taken < PATIENCE, "200 MiB in {taken:?}");
    assert_rests(&server);
}

#[test]
fn hundreds_of_ends_at_once_are_noticed() {
    let server = Server::start(&["--log", "off", "--max-connections", "600"]);
    let streams = connections(&server, 500);
    all_at_once(&server, || {
        for stream in &streams {
            stream.shutdown(Shutdown::Write).unwrap();
        }
    });
    for mut stream in streams {
        assert_eq!(stream.read(&mut [0]).unwrap(), 0, "it ends its side too");
    }
    assert_rests(&server);
}

#[test]
fn nobody_gets_much_less_than_the_others_where_all_ask_all_the_time() {
    // All requests are there from the beginning, and each read takes one of them: everybody is ready all the time.
    const CLIENTS: usize = 250;
    const REQUESTS: usize = 100;
    let request = format!("GET /health HTTP/1.1\r\nHost: {}\r\n\r\n", "a".repeat(30));
    let read_size = request.len().to_string();
    let server = Server::start(&["--log", "off", "--health", "/health", "--read-size", &read_size]);
    let mut streams = connections(&server, CLIENTS);
    let answer = ask_on(&mut streams[0], "GET /health");
    let length = answer.head.len() + answer.content.len();
    all_at_once(&server, || {
        for stream in &mut streams {
            stream.write_all(request.repeat(REQUESTS).as_bytes()).unwrap();
            stream.set_nonblocking(true).unwrap();
        }
    });
    // When the first one has everything, what have the others?
    let mut received = [0; CLIENTS];
    let start = Instant::now();
    while received.iter().all(|&bytes| bytes < REQUESTS * length) {
        assert!(start.elapsed() < PATIENCE, "{received:?}");
        for (stream, received) in streams.iter_mut().zip(&mut received) {
            // What is not there yet comes later.
            *received += stream.read(&mut [0; 4096]).unwrap_or_default();
        }
    }
    // We read them one after the other: what has come meanwhile counts, and nothing that comes later.
    on_process(&server, "kill", &["-STOP"]);
    for (stream, received) in streams.iter_mut().zip(&mut received) {
        while let Ok(count @ 1..) = stream.read(&mut [0; 4096]) {
            *received += count;
        }
    }
    let fewest = received.iter().min().unwrap() / length;
    assert!(
        fewest >= REQUESTS / 2,
        "somebody has {fewest} answers when another has all {REQUESTS}"
    );
}

// Trap 2: dropping a stream with unsent bytes waits for its client, and everybody with it.

#[test]
fn readers_that_never_read_hang_nobody_while_they_are_there_nor_when_they_are_dropped() {
    let folder = folder(&[("small.txt", b"small")]);
    sparse(folder.path(), "a.bin", 256 << 20);
    let server = serve(&folder, &["--write-timeout", "0.5"]);
    let mut stalled = connections(&server, 20);
    for stream in &mut stalled {
        send(stream, "GET /a.bin", &[]);
    }
    let mut others = server.connect();
    let mut is_prompt = |when: &str| {
        let (answer, taken) = timed(|| ask_on(&mut others, "GET /small.txt"));
        assert_eq!(answer.text(), "small");
        assert!(taken < Duration::from_secs(1), "{when}: {taken:?}");
        assert!(get(&server, "/small.txt").status() == 200, "{when}: a newcomer");
    };
    // All through the time in which they are given up.
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(1500) {
        is_prompt("while they stall");
        thread::sleep(Duration::from_millis(10));
    }
    let left: Vec<_> = (0..20)
        .map(|_| {
            loop {
                let line = server.log_line();
                if line.contains("/a.bin") {
                    break line;
                }
            }
        })
        .collect();
    is_prompt("after they were given up");
    for line in &left {
        assert!(!line.contains(" 268435456 "), "it was not sent in full: {line}");
    }
    for mut stream in stalled {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        assert!(rest.len() < 256 << 20, "it ended before the content did");
    }
    assert_rests(&server);
}

#[test]
fn a_place_is_free_again_when_its_reader_was_given_up() {
    let folder = folder(&[("small.txt", b"small")]);
    sparse(folder.path(), "a.bin", 256 << 20);
    let server = serve(&folder, &["--write-timeout", "0.3", "--max-connections", "2"]);
    let mut stalled = connections(&server, 2);
    for stream in &mut stalled {
        send(stream, "GET /a.bin", &[]);
    }
    // They still do not read; they have lost their places all the same.
    let (answer, taken) = timed(|| get(&server, "/small.txt"));
    assert_eq!(answer.text(), "small");
    assert!(taken < Duration::from_secs(3), "{taken:?}");
}

#[test]
fn readers_that_never_read_use_up_no_places_however_many_they_are() {
    let folder = folder(&[("small.txt", b"small")]);
    sparse(folder.path(), "a.bin", 256 << 20);
    let server = serve(
        &folder,
        &["--write-timeout", "0.1", "--max-connections", "4", "--log", "off"],
    );
    let mut stalled = Vec::new();
    for _ in 0..10 {
        // None of them reads, and none of them leaves.
        for mut stream in connections(&server, 10) {
            send(&mut stream, "GET /a.bin", &[]);
            stalled.push(stream);
        }
        let (answer, taken) = timed(|| get(&server, "/small.txt"));
        assert_eq!(answer.text(), "small", "behind {} of them", stalled.len());
        assert!(
            taken < Duration::from_secs(5),
            "behind {} of them: {taken:?}",
            stalled.len()
        );
    }
    assert_rests(&server);
}

// Trap 3: whoever holds too much is ended by the host, and all connections with it.

#[test]
fn more_knock_than_there_are_places_and_all_are_answered() {
    // The host would end the server at 1000 resources: a connection costs four, one more in each `poll`, one for its
    // file. wasmtime 48.0.2, in which the tests run where there is no other, does not know the limit on handles.
    let options = ["--max-connections", "100", "--backlog", "1000", "--log", "off"];
    let server = Start::with(&options).runtime(&["-S", "max-resources=1000"]).serve();
    let mut streams = all_at_once(&server, || {
        let mut streams = connections(&server, 600);
        for stream in &mut streams {
            send(stream, "GET /hello.html", &["Connection: close"]);
        }
        streams
    });
    for (position, stream) in streams.iter_mut().enumerate() {
        assert_eq!(Answer::read(stream, "GET").status(), 200, "{position}");
    }
    // Those who say nothing do not keep the others out.
    let silent = connections(&server, 150);
    let (answer, taken) = timed(|| get(&server, "/hello.html"));
    assert_eq!(answer.status(), 200);
    assert!(taken < Duration::from_secs(5), "{taken:?}");
    drop(silent);
    assert_rests(&server);
}

#[test]
fn thousands_of_connections_come_and_go_and_nothing_is_kept() {
    // A resource kept of each of them would be the end, long before the last.
    let options = ["--max-connections", "64", "--log", "off"];
    let mut server = Start::with(&options).runtime(&["-S", "max-resources=1000"]).serve();
    for round in 0..1000 {
        // Silent, garbage, half a head, half a body, an answer unread.
        for request in [
            "",
            "garbage\r\n",
            "GET /hello.html HT",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\na",
            "GET /img/car.jpeg HTTP/1.1\r\nHost: a\r\n\r\n",
        ] {
            let mut stream = server.connect();
            stream.write_all(request.as_bytes()).unwrap();
        }
        if round % 100 == 0 {
            assert_eq!(get(&server, "/hello.html").status(), 200, "after {round} rounds");
        }
    }
    assert_eq!(get(&server, "/hello.html").status(), 200);
    assert!(server.is_running());
    assert_rests(&server);
}

#[test]
fn without_file_descriptors_left_the_server_waits_instead_of_spinning() {
    let folder = folder(&[("small.txt", b"small")]);
    let server = serve(&folder, &["--log", "off"]);
    assert_eq!(get(&server, "/small.txt").text(), "small");
    let open = fs::read_dir(format!("/proc/{}/fd", server.id())).unwrap().count();
    let limit = format!("--nofile={}", open + 20);
    on_process(&server, "prlimit", &[&limit, "--pid"]);
    // Each has begun, so that none gives way to another.
    let mut streams = connections(&server, 60);
    for stream in &mut streams {
        stream.write_all(b"GET /small.txt HT").unwrap();
    }
    // Accepting fails now, and fails again as soon as it is tried (every tenth of a second).
    thread::sleep(Duration::from_millis(200));
    assert_rests(&server);
    // As the first ones leave, the last ones come in.
    for (position, mut stream) in streams.into_iter().enumerate() {
        stream
            .write_all(b"TP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert_eq!(status(&answer), 200, "{position}: {answer}");
    }
    assert_eq!(get(&server, "/small.txt").text(), "small", "and all is as it was");
}

// Trap 4: opening a FIFO never returns.

#[test]
fn a_fifo_hangs_nobody() {
    let folder = folder(&[("small.txt", b"small")]);
    let made = Command::new("mkfifo").arg(folder.path().join("fifo")).status();
    assert!(made.expect("this test needs mkfifo").success());
    let server = serve(&folder, &["--list"]);
    let mut other = server.connect();
    for line in ["GET /fifo", "HEAD /fifo", "GET /fifo/", "GET /"] {
        let (answer, taken) = timed(|| ask(&server, line, &[]));
        let expected = if line == "GET /" { 200 } else { 403 };
        assert_eq!(answer.status(), expected, "{line}: {answer:?}");
        assert!(taken < Duration::from_secs(1), "{line}: {taken:?}");
        assert_eq!(ask_on(&mut other, "GET /small.txt").text(), "small", "after {line}");
    }
}
