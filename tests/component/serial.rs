//! `--serial`: one exchange at a time, as in a lab. The turn goes to a client whose request is complete.

use crate::client::{QUIET, ask_on, get, has_come, send, timed};
use crate::folders::{folder, serve, sparse};
use crate::support::response::Response;
use crate::support::{Server, read_to_end};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

/// More than fits into the buffers on the way, so the exchange lasts until the client has read the response.
const LARGE: u64 = 64 << 20;

fn site() -> TempDir {
    let folder = folder(&[("a", b"a"), ("b", b"b"), ("c", b"c"), ("d", b"d")]);
    sparse(folder.path(), "large", LARGE);
    folder
}

/// A client that has the turn until it reads its response.
fn holder(server: &Server) -> TcpStream {
    let mut stream = server.connect();
    send(&mut stream, "GET /large", &["Connection: close"]);
    let mut beginning = [0; 4];
    stream.read_exact(&mut beginning).unwrap();
    assert_eq!(&beginning, b"HTTP");
    stream
}

/// A client that sends a request and gets nothing for a while.
fn waiter(server: &Server, path: &str) -> TcpStream {
    let mut stream = server.connect();
    send(&mut stream, &format!("GET {path}"), &["Connection: close"]);
    assert!(!has_come(&stream, QUIET), "{path}: it is not its turn");
    stream
}

/// The path in a line of the log.
fn logged(server: &Server) -> String {
    let line = server.log_line();
    line.split(' ')
        .find(|word| word.starts_with('/'))
        .expect("a path")
        .to_owned()
}

#[test]
fn a_client_without_a_complete_request_does_not_block_others() {
    let folder = site();
    let server = serve(&folder, &["--serial"]);
    let mut others = Vec::new();
    for beginning in [
        // A connection that a browser opens in advance, half a head, half a body.
        "",
        "GET /a HTTP/1.1\r\nHost: a\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab",
    ] {
        let mut stream = server.connect();
        stream.write_all(beginning.as_bytes()).unwrap();
        others.push(stream);
    }
    let mut persistent = server.connect();
    assert_eq!(ask_on(&mut persistent, "GET /a").text(), "a");
    let (response, taken) = timed(|| get(&server, "/b"));
    assert_eq!(response.text(), "b");
    assert!(taken < Duration::from_secs(1), "{taken:?}");
    others[2].write_all(b"cde").unwrap();
    assert_eq!(
        Response::read(&mut others[2], "POST").status(),
        405,
        "it gets its turn once it is complete"
    );
}

#[test]
fn exchanges_do_not_overlap_and_follow_the_order_of_the_requests() {
    let folder = site();
    let server = serve(&folder, &["--serial"]);
    let mut holder = holder(&server);
    let mut waiters: Vec<_> = ["/b", "/c", "/d"].map(|path| waiter(&server, path)).into();
    let rest = read_to_end(&mut holder);
    assert!(rest.len() as u64 > LARGE);
    for waiter in &mut waiters {
        assert_eq!(Response::read_last(waiter, "GET").status(), 200);
    }
    let order: Vec<_> = (0..4).map(|_| logged(&server)).collect();
    assert_eq!(order, ["/large", "/b", "/c", "/d"]);
}

#[test]
fn pipelined_requests_take_turns_with_those_of_others() {
    let folder = site();
    let server = serve(&folder, &["--serial"]);
    let mut holder = holder(&server);
    let mut many = waiter(
        &server,
        "/a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\nGET /c",
    );
    let mut one = waiter(&server, "/d");
    read_to_end(&mut holder);
    for _ in 0..2 {
        assert_eq!(Response::read(&mut many, "GET").status(), 200);
    }
    assert_eq!(Response::read_last(&mut many, "GET").status(), 200);
    assert_eq!(Response::read_last(&mut one, "GET").status(), 200);
    let order: Vec<_> = (0..5).map(|_| logged(&server)).collect();
    assert_eq!(order, ["/large", "/a", "/d", "/b", "/c"]);
}

#[test]
fn the_turn_of_a_client_that_leaves_passes_on() {
    let folder = site();
    let server = serve(&folder, &["--serial"]);
    let holder = holder(&server);
    let leaver = waiter(&server, "/b");
    let mut waiter = waiter(&server, "/c");
    drop(leaver);
    let (response, taken) = timed(|| {
        drop(holder);
        Response::read_last(&mut waiter, "GET")
    });
    assert_eq!(response.status(), 200);
    assert!(taken < Duration::from_secs(2), "{taken:?}");
}

#[test]
fn the_turn_of_a_client_that_does_not_read_passes_on() {
    let folder = site();
    let server = serve(&folder, &["--serial", "--write-timeout", "0.8"]);
    let mut holder = holder(&server);
    let (mut first, mut second) = (waiter(&server, "/b"), waiter(&server, "/c"));
    let (responses, taken) = timed(|| [&mut first, &mut second].map(|stream| Response::read_last(stream, "GET")));
    assert_eq!(responses.map(|response| response.status()), [200, 200]);
    assert!(taken < Duration::from_secs(5), "{taken:?}");
    let mut rest = Vec::new();
    let _ = holder.read_to_end(&mut rest);
    assert!((rest.len() as u64) < LARGE);
}

#[test]
fn a_rejected_request_waits_for_its_turn_too() {
    let folder = site();
    let server = serve(&folder, &["--serial", "--head-timeout", "0.8"]);
    let mut holder = holder(&server);
    let mut late = server.connect();
    late.write_all(b"GET /a HT").unwrap();
    // Its deadline passes while another client has the turn.
    thread::sleep(Duration::from_secs(1));
    let mut waiter = waiter(&server, "/b");
    read_to_end(&mut holder);
    assert_eq!(Response::read_last(&mut late, "GET").status(), 408);
    assert_eq!(Response::read_last(&mut waiter, "GET").status(), 200);
}

#[test]
fn a_crowd_is_served_one_by_one() {
    let folder = site();
    let server = serve(&folder, &["--serial"]);
    let streams: Vec<_> = (0..60).map(|_| server.connect()).collect();
    // The scope waits for all clients, and fails if one of them failed.
    thread::scope(|scope| {
        for mut stream in streams {
            scope.spawn(move || {
                for path in ["/a", "/b", "/c"] {
                    assert_eq!(ask_on(&mut stream, &format!("GET {path}")).status(), 200);
                }
            });
        }
    });
}
