//! `--live`: a page reloads when one of its files changes.

use crate::client::{QUIET, ask_on, get, has_come, send};
use crate::folders::{folder, serve, write};
use crate::support::Server;
use crate::support::response::Response;
use std::net::TcpStream;

const SCRIPT: &str = "<script src=\"/.aula/live.js\"></script>\n";

/// Requests the events of a page with these files.
fn request_events(stream: &mut TcpStream, query: &str, version: &str) {
    let known = format!("Last-Event-ID: {version}");
    send(stream, &format!("GET /.aula/live?{query}"), &[&known]);
}

/// The version of these files.
fn version(server: &Server, query: &str) -> String {
    let events = get(server, &format!("/.aula/live?{query}"));
    assert_eq!(events.field("Content-Type"), Some("text/event-stream"));
    let text = events.text();
    let id = text.lines().find_map(|line| line.strip_prefix("id: "));
    id.unwrap_or_else(|| panic!("{text}")).to_owned()
}

#[test]
fn only_pages_get_the_script_and_only_with_the_option() {
    let folder = folder(&[("a.html", b"<p>a"), ("a.html.gz", b"gzip"), ("b.txt", b"b")]);
    let [live, plain] = [&["--live"][..], &[]].map(|options| serve(&folder, options));
    assert_eq!(get(&live, "/a.html").text(), format!("<p>a{SCRIPT}"));
    assert_eq!(get(&live, "/b.txt").text(), "b");
    assert!(get(&live, "/.aula/live.js").text().contains("EventSource"));
    assert_eq!(get(&plain, "/a.html").text(), "<p>a");
    assert_eq!(get(&plain, "/.aula/live.js").status(), 404);
}

#[test]
fn a_change_is_an_event_for_every_page_with_the_file_and_delays_no_other_client() {
    let folder = folder(&[("a.html", b"a"), ("b.html", b"b"), ("s.css", b"s")]);
    let server = serve(&folder, &["--live"]);
    let queries = ["/a.html&/s.css", "/b.html&/s.css", "/b.html"];
    let mut streams = queries.map(|query| {
        let mut stream = server.connect();
        request_events(&mut stream, query, &version(&server, query));
        stream
    });
    for stream in &streams {
        assert!(!has_come(stream, QUIET), "nothing has changed");
    }
    let mut other = server.connect();
    assert_eq!(ask_on(&mut other, "GET /s.css").text(), "s");
    write(folder.path(), "s.css", b"changed");
    let [first, second, third] = &mut streams;
    for stream in [first, second] {
        let events = Response::read(stream, "GET");
        assert!(events.text().contains("event: change\n"), "{events:?}");
        // The connection stays open for the next request.
        assert_eq!(ask_on(stream, "GET /s.css").text(), "changed");
    }
    assert!(!has_come(third, QUIET), "its page does not have this file");
}

#[test]
fn a_change_between_two_requests_is_an_event_at_once() {
    let folder = folder(&[("a.html", b"a")]);
    let server = serve(&folder, &["--live", "--base", "/site"]);
    let version = {
        let events = get(&server, "/site/.aula/live?/site/a.html").text();
        events
            .lines()
            .find_map(|line| line.strip_prefix("id: ").map(str::to_owned))
            .unwrap()
    };
    write(folder.path(), "a.html", b"changed");
    let mut stream = server.connect();
    let known = format!("Last-Event-ID: {version}");
    send(&mut stream, "GET /site/.aula/live?/site/a.html", &[&known]);
    let events = Response::read(&mut stream, "GET").text();
    assert!(events.contains("event: change\n"), "{events}");
}

#[test]
fn a_waiting_page_is_evicted_for_a_new_client() {
    let folder = folder(&[("a.html", b"a")]);
    let server = serve(&folder, &["--live", "--max-connections", "2"]);
    let version = version(&server, "/a.html");
    let waiting = [(); 2].map(|()| {
        let mut stream = server.connect();
        request_events(&mut stream, "/a.html", &version);
        assert!(!has_come(&stream, QUIET));
        stream
    });
    assert_eq!(get(&server, "/a.html").status(), 200);
    drop(waiting);
}
