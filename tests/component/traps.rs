//! The four traps of the host. `src/shell/mod.rs` lists them, and the server works around each one. Every test here
//! fails without its workaround.

use crate::client::{ask, ask_on, get, send, timed};
use crate::folders::{folder, noise, serve, sparse};
use crate::support::links::fifo;
use crate::support::response::Response;
use crate::support::{PATIENCE, Server, Start};
use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// Runs a command of the operating system on the server's process.
pub fn on_process(server: &Server, command: &str, arguments: &[&str]) {
    let id = server.id().to_string();
    let mut command = Command::new(command);
    command.args(arguments).arg(&id);
    let status = command.status();
    assert!(status.is_ok_and(|status| status.success()), "{command:?}");
}

/// Stops the server's process while `action` runs, so that everything that arrives meanwhile is ready at once
/// afterwards.
pub fn all_at_once<T>(server: &Server, action: impl FnOnce() -> T) -> T {
    on_process(server, "kill", &["-STOP"]);
    let outcome = action();
    on_process(server, "kill", &["-CONT"]);
    outcome
}

/// The processor time that the server's main thread has used so far. Under every host the component runs in that
/// thread. (wasmtime has another one that compresses often-used entries of its cache again, which takes seconds.)
fn processor_time(server: &Server) -> Duration {
    let id = server.id();
    let stat = fs::read_to_string(format!("/proc/{id}/task/{id}/stat")).expect("this is Linux");
    // Fields 14 and 15, in hundredths of a second. They are counted after the name, which may have spaces.
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

/// Fails if the server uses the processor although nothing happens.
#[track_caller]
fn assert_idle(server: &Server) {
    let before = processor_time(server);
    thread::sleep(Duration::from_millis(500));
    let used = processor_time(server) - before;
    assert!(
        used < Duration::from_millis(150),
        "{used:?} of processor time in 500 ms without traffic"
    );
}

fn connections(server: &Server, count: usize) -> Vec<TcpStream> {
    (0..count).map(|_| server.connect()).collect()
}

// Trap 1: after 128 readiness checks the host reports everything as not ready.
//
// A server that falls into it sends two responses per second, so these tests would reach `PATIENCE`. Fairness in a
// crowd is arithmetic, which `src/schedule/poll_plan_tests.rs` tests.

#[test]
fn hundreds_of_simultaneous_requests_get_their_responses_at_once() {
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
                let response = Response::read(stream, "GET");
                assert_eq!(response.status(), 200, "{position} of {count}: {response:?}");
                let taken = start.elapsed();
                assert!(taken < PATIENCE, "{position} of {count}: {taken:?} in round {round}");
            }
        }
        assert_idle(&server);
    }
}

#[test]
fn hundreds_of_simultaneous_connections_get_their_responses_at_once() {
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
            assert_eq!(Response::read(stream, "GET").status(), 200);
            let taken = start.elapsed();
            assert!(taken < PATIENCE, "{position}: {taken:?} in round {round}");
        }
    }
    assert_idle(&server);
}

#[test]
fn silent_new_connections_beside_a_crowd_do_not_block_an_idle_one() {
    // Each new connection uses up a readiness check, and none of them is ready when the budget is spent.
    let server = Server::start(&["--log", "off", "--max-connections", "2000"]);
    let mut idle = server.connect();
    let mut crowd = connections(&server, 60);
    let mut silent = Vec::new();
    for round in 0..4 {
        send(&mut idle, "GET /hello.html", &[]);
        assert_eq!(Response::read(&mut idle, "GET").status(), 200, "round {round}");
        // Longer than a connection counts as active.
        thread::sleep(Duration::from_millis(300));
        for stream in &mut crowd {
            assert_eq!(ask_on(stream, "GET /hello.html").status(), 200);
        }
        for _ in 0..150 {
            silent.push(server.connect());
            // Long enough for one iteration of the loop, and short enough for the crowd to stay active.
            thread::sleep(Duration::from_micros(300));
        }
    }
}

#[test]
fn hundreds_of_simultaneous_downloads_arrive_complete() {
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
                scope.spawn(|| assert!(Response::read(stream, "GET").content == content));
            }
        });
    });
    assert!(taken < PATIENCE, "200 MiB in {taken:?}");
    assert_idle(&server);
}

#[test]
fn hundreds_of_connections_that_end_at_once_are_noticed() {
    let server = Server::start(&["--log", "off", "--max-connections", "600"]);
    let streams = connections(&server, 500);
    all_at_once(&server, || {
        for stream in &streams {
            stream.shutdown(Shutdown::Write).unwrap();
        }
    });
    for mut stream in streams {
        assert_eq!(stream.read(&mut [0]).unwrap(), 0, "the server closes too");
    }
    assert_idle(&server);
}

#[test]
fn constantly_active_clients_get_about_equal_shares() {
    // All requests are there from the beginning, and each read takes one of them, so every connection is always ready.
    const CLIENTS: usize = 250;
    const REQUESTS: usize = 100;
    let request = format!("GET /health HTTP/1.1\r\nHost: {}\r\n\r\n", "a".repeat(30));
    let read_size = request.len().to_string();
    let server = Server::start(&["--log", "off", "--health", "/health", "--read-size", &read_size]);
    let mut streams = connections(&server, CLIENTS);
    // The last one, because when it has a response, all others have been accepted.
    let response = ask_on(&mut streams[CLIENTS - 1], "GET /health");
    let length = response.head.len() + response.content.len();
    all_at_once(&server, || {
        for stream in &mut streams {
            stream.write_all(request.repeat(REQUESTS).as_bytes()).unwrap();
            stream.set_nonblocking(true).unwrap();
        }
    });
    // When the first client has all its responses, how many do the others have?
    let mut received = [0; CLIENTS];
    let start = Instant::now();
    while received.iter().all(|&bytes| bytes < REQUESTS * length) {
        assert!(start.elapsed() < PATIENCE, "{received:?}");
        for (stream, received) in streams.iter_mut().zip(&mut received) {
            // If nothing is there yet, this returns an error, and the next pass reads it.
            *received += stream.read(&mut [0; 4096]).unwrap_or_default();
        }
    }
    // The clients are read one after the other. What has arrived by now counts, and nothing later does.
    on_process(&server, "kill", &["-STOP"]);
    for (stream, received) in streams.iter_mut().zip(&mut received) {
        while let Ok(count @ 1..) = stream.read(&mut [0; 4096]) {
            *received += count;
        }
    }
    let fewest = received.iter().min().unwrap() / length;
    assert!(
        fewest >= REQUESTS / 2,
        "one client has {fewest} responses when another has all {REQUESTS}"
    );
}

// Trap 2: dropping a stream with unsent bytes blocks until its client has read them, and all other connections with it.

#[test]
fn clients_that_never_read_do_not_block_others_while_open_or_when_closed() {
    let folder = folder(&[("small.txt", b"small")]);
    sparse(folder.path(), "a.bin", 256 << 20);
    let server = serve(&folder, &["--write-timeout", "0.5"]);
    let mut stalled = connections(&server, 20);
    for stream in &mut stalled {
        send(stream, "GET /a.bin", &[]);
    }
    let mut others = server.connect();
    let mut is_prompt = |when: &str| {
        let (response, taken) = timed(|| ask_on(&mut others, "GET /small.txt"));
        assert_eq!(response.text(), "small");
        assert!(taken < Duration::from_secs(1), "{when}: {taken:?}");
        assert!(get(&server, "/small.txt").status() == 200, "{when}: a new connection");
    };
    // During the whole time in which their connections are closed.
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
    is_prompt("after they were closed");
    for line in &left {
        assert!(!line.contains(" 268435456 "), "it was not sent in full: {line}");
    }
    for mut stream in stalled {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        assert!(rest.len() < 256 << 20, "the connection ended before the content");
    }
    assert_idle(&server);
}

#[test]
fn a_slot_is_free_again_after_the_write_timeout() {
    let folder = folder(&[("small.txt", b"small")]);
    sparse(folder.path(), "a.bin", 256 << 20);
    let server = serve(&folder, &["--write-timeout", "0.3", "--max-connections", "2"]);
    let mut stalled = connections(&server, 2);
    for stream in &mut stalled {
        send(stream, "GET /a.bin", &[]);
    }
    // They still do not read, but they no longer have their slots.
    let (response, taken) = timed(|| get(&server, "/small.txt"));
    assert_eq!(response.text(), "small");
    assert!(taken < Duration::from_secs(3), "{taken:?}");
}

#[test]
fn any_number_of_clients_that_never_read_leaves_slots_for_others() {
    let folder = folder(&[("small.txt", b"small")]);
    sparse(folder.path(), "a.bin", 256 << 20);
    let server = serve(
        &folder,
        &["--write-timeout", "0.1", "--max-connections", "4", "--log", "off"],
    );
    let mut stalled = Vec::new();
    for _ in 0..10 {
        // None of them reads, and none of them closes.
        for mut stream in connections(&server, 10) {
            send(&mut stream, "GET /a.bin", &[]);
            stalled.push(stream);
        }
        let (response, taken) = timed(|| get(&server, "/small.txt"));
        assert_eq!(response.text(), "small", "after {} of them", stalled.len());
        assert!(
            taken < Duration::from_secs(5),
            "after {} of them: {taken:?}",
            stalled.len()
        );
    }
    assert_idle(&server);
}

// Trap 3: the host ends a component that holds too many resources, and all its connections with it.

#[test]
fn more_clients_than_slots_all_get_their_responses() {
    // The host would end the server at 1000 resources. A connection takes four, a fifth during `poll`, and one for its
    // file. wasmtime 48.0.2, which runs these tests if there is no other version, does not know the limit on handles.
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
        assert_eq!(Response::read(stream, "GET").status(), 200, "{position}");
    }
    // Silent connections do not keep others out.
    let silent = connections(&server, 150);
    let (response, taken) = timed(|| get(&server, "/hello.html"));
    assert_eq!(response.status(), 200);
    assert!(taken < Duration::from_secs(5), "{taken:?}");
    drop(silent);
    assert_idle(&server);
}

#[test]
fn thousands_of_connections_leave_no_resources_behind() {
    // If one resource of each connection were kept, the host would end the server long before the last one.
    let options = ["--max-connections", "64", "--log", "off"];
    let mut server = Start::with(&options).runtime(&["-S", "max-resources=1000"]).serve();
    for round in 0..1000 {
        // Silent, garbage, half a head, half a body, an unread response.
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
    assert_idle(&server);
}

#[test]
fn without_free_descriptors_the_server_waits_instead_of_spinning() {
    let folder = folder(&[("small.txt", b"small")]);
    let server = serve(&folder, &["--log", "off"]);
    assert_eq!(get(&server, "/small.txt").text(), "small");
    let open = fs::read_dir(format!("/proc/{}/fd", server.id())).unwrap().count();
    let limit = format!("--nofile={}", open + 20);
    on_process(&server, "prlimit", &[&limit, "--pid"]);
    // Each has sent half a head, so none of them is evicted.
    let mut streams = connections(&server, 60);
    for stream in &mut streams {
        stream.write_all(b"GET /small.txt HT").unwrap();
    }
    // Accepting fails now, and will fail at every attempt (one every tenth of a second).
    thread::sleep(Duration::from_millis(200));
    assert_idle(&server);
    // When the first ones close, the last ones are accepted.
    for (position, mut stream) in streams.into_iter().enumerate() {
        stream
            .write_all(b"TP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            .unwrap();
        let response = Response::read_last(&mut stream, "GET");
        assert_eq!(response.status(), 200, "{position}: {response:?}");
    }
    assert_eq!(
        get(&server, "/small.txt").text(),
        "small",
        "afterwards it serves as before"
    );
}

// Trap 4: opening a FIFO never returns.

#[test]
fn a_fifo_does_not_block_the_server() {
    let folder = folder(&[("small.txt", b"small")]);
    fifo(folder.path().join("fifo"));
    let server = serve(&folder, &["--list"]);
    let mut other = server.connect();
    for line in ["GET /fifo", "HEAD /fifo", "GET /fifo/", "GET /"] {
        let (response, taken) = timed(|| ask(&server, line, &[]));
        let expected = if line == "GET /" { 200 } else { 403 };
        assert_eq!(response.status(), expected, "{line}: {response:?}");
        assert!(taken < Duration::from_secs(1), "{line}: {taken:?}");
        assert_eq!(ask_on(&mut other, "GET /small.txt").text(), "small", "after {line}");
    }
}
