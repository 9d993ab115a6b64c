//! What the built component imports from its host: a list with a reason for each entry, and that nothing else is
//! needed.

use crate::client::{get, send};
use crate::folders::{folder, noise};
use crate::imports::{imports, unversioned};
use crate::support::response::Response;
use crate::support::{self, Start};
use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;
use std::thread;
use wasmparser::{Parser, Payload, Validator};

static COMPONENT: LazyLock<Vec<u8>> = LazyLock::new(|| fs::read(xtask::component().expect("it compiles")).unwrap());

/// Every imported function, by its interface without the version, and why it is needed. An interface without functions
/// defines types for the others.
#[rustfmt::skip]
const IMPORTS: &[(&str, &[(&str, &str)])] = &[
    ("wasi:cli/environment", &[
        ("get-arguments", "the options"),
        ("get-environment", "the options that the host passes on as AULA_..."),
    ]),
    ("wasi:cli/exit", &[("exit", "exit codes 0 and 1: success and failure")]),
    ("wasi:cli/stderr", &[("get-stderr", "the ready line and errors")]),
    ("wasi:cli/stdout", &[("get-stdout", "the access log, the trace, help and version")]),
    ("wasi:cli/stdin", &[("get-stdin", "unused: Rust's standard library opens all three")]),
    ("wasi:cli/terminal-input", &[]),
    ("wasi:cli/terminal-output", &[]),
    ("wasi:cli/terminal-stderr", &[("get-terminal-stderr", "unused: the standard library checks whether the three are terminals")]),
    ("wasi:cli/terminal-stdin", &[("get-terminal-stdin", "the same")]),
    ("wasi:cli/terminal-stdout", &[("get-terminal-stdout", "whether the trace may have colours")]),
    ("wasi:clocks/monotonic-clock", &[
        ("now", "deadlines"),
        ("subscribe-instant", "deadlines"),
    ]),
    ("wasi:clocks/wall-clock", &[("now", "Date, and the log")]),
    ("wasi:filesystem/preopens", &[("get-directories", "the granted folder")]),
    ("wasi:filesystem/types", &[
        ("[method]descriptor.open-at", "files and folders; tests/architecture.rs checks that they are only read"),
        ("[method]descriptor.read", "the content of files"),
        ("[method]descriptor.read-directory", "--list"),
        ("[method]descriptor.read-via-stream", "the content of larger files, if the host supports splice well"),
        ("[method]descriptor.stat", "length and time of what was opened"),
        ("[method]descriptor.stat-at", "the type of a file, before it is opened: trap 4"),
        ("[method]directory-entry-stream.read-directory-entry", "--list"),
    ]),
    ("wasi:io/error", &[]),
    ("wasi:io/poll", &[
        ("[method]pollable.block", "trap 1"),
        ("poll", "the loop waits here"),
    ]),
    ("wasi:io/streams", &[
        ("[method]input-stream.read", "requests"),
        ("[method]input-stream.subscribe", "to wait for them"),
        ("[method]output-stream.blocking-flush", "the standard library's stdout and stderr"),
        ("[method]output-stream.check-write", "how much may be written"),
        ("[method]output-stream.splice", "that content, sent by the host"),
        ("[method]output-stream.subscribe", "to wait until more may be written"),
        ("[method]output-stream.write", "responses, and the log"),
    ]),
    ("wasi:sockets/instance-network", &[("instance-network", "to bind")]),
    ("wasi:sockets/network", &[]),
    ("wasi:sockets/tcp", &[
        ("[method]tcp-socket.accept", "incoming connections; there are no outgoing ones"),
        ("[method]tcp-socket.finish-bind", "the address"),
        ("[method]tcp-socket.finish-listen", "the address"),
        ("[method]tcp-socket.local-address", "the port that --port 0 took"),
        ("[method]tcp-socket.remote-address", "the log, --max-per-address"),
        ("[method]tcp-socket.set-listen-backlog-size", "--backlog"),
        ("[method]tcp-socket.set-send-buffer-size", "to close the socket of a client that never reads: trap 2"),
        ("[method]tcp-socket.shutdown", "to close after a response; trap 2"),
        ("[method]tcp-socket.start-bind", "the address"),
        ("[method]tcp-socket.start-listen", "the address"),
        ("[method]tcp-socket.subscribe", "to wait for connections"),
    ]),
    ("wasi:sockets/tcp-create-socket", &[("create-tcp-socket", "the listeners")]),
];

/// What must never be added to the list above.
#[rustfmt::skip]
const NEVER: &[(&str, &str)] = &[
    ("wasi:http", "the bytes on the wire are ours"),
    ("wasi:random", "the server has no secrets and makes no random choices"),
    ("start-connect", "no outgoing connections"),
    ("finish-connect", "no outgoing connections"),
    ("udp", "no UDP"),
    ("ip-name-lookup", "no names are looked up"),
    ("write-via-stream", "no file is written"),
    ("append-via-stream", "no file is written"),
    ("descriptor.write", "no file is written"),
    ("set-size", "no file is truncated"),
    ("set-times", "no file is changed"),
    ("create-directory-at", "nothing is created"),
    ("link-at", "nothing is created, and unlink-file-at removes nothing"),
    ("remove-directory-at", "nothing is removed"),
    ("rename-at", "nothing is renamed"),
];

#[test]
fn the_component_imports_exactly_what_is_listed() {
    let mut listed = BTreeSet::new();
    for (interface, functions) in IMPORTS {
        listed.insert((*interface).to_owned());
        for (function, reason) in *functions {
            assert!(!reason.is_empty());
            listed.insert(format!("{interface} {function}"));
        }
    }
    let imports = imports(&COMPONENT);
    let missing: Vec<_> = listed.difference(&imports).collect();
    let unlisted: Vec<_> = imports.difference(&listed).collect();
    assert!(unlisted.is_empty(), "imported without a reason: {unlisted:#?}");
    assert!(missing.is_empty(), "listed, but no longer imported: {missing:#?}");
}

/// The name of a function in JavaScript: `receive` for `[method]x.receive`, `getArguments` for `get-arguments`.
fn in_javascript(function: &str) -> String {
    let name = function.rsplit('.').next().unwrap_or(function);
    let mut words = name.split('-');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (first, rest) = word.split_at(1);
        camel += &(first.to_uppercase() + rest);
    }
    camel
}

/// `hosts/page` is a host too: it runs the component in a web page.
#[test]
fn the_host_in_a_page_provides_exactly_the_listed_interfaces() {
    let folder = xtask::root().join("hosts").join("page");
    let read = |file| fs::read_to_string(folder.join(file)).unwrap();
    let wasi = read("wasi.js");
    let all = [&wasi, &read("clock.js"), &read("network.js"), &read("folder.js")]
        .map(String::as_str)
        .concat();
    for (interface, functions) in IMPORTS {
        assert!(
            wasi.contains(&format!("\"{interface}\": {{")),
            "wasi.js lacks {interface}"
        );
        for (function, _) in *functions {
            let name = in_javascript(function);
            let is_there = [format!(" {name}("), format!(" {name}:"), format!("{name}, ")]
                .iter()
                .any(|text| all.contains(text));
            assert!(is_there, "hosts/page lacks {name} of {interface}");
        }
    }
    let given: BTreeSet<_> = wasi.split('"').filter(|text| text.starts_with("wasi:")).collect();
    let listed: BTreeSet<_> = IMPORTS.iter().map(|(interface, _)| *interface).collect();
    assert_eq!(given, listed);
}

/// `hosts/native` is the project's own host.
#[test]
fn the_projects_own_host_provides_exactly_the_listed_functions() {
    // Linked by hand: see that file.
    let by_hand = ("wasi:io/streams", "[method]output-stream.write");
    let mut given = BTreeSet::from([format!("{} {}", by_hand.0, by_hand.1)]);
    for package in ["cli", "clocks", "filesystem", "io", "sockets"] {
        let file = xtask::root().join(format!("hosts/native/wit/deps/{package}.wit"));
        let (mut interface, mut resource) = ("", None);
        let text = fs::read_to_string(file).unwrap();
        for line in text.lines().map(str::trim) {
            let words: Vec<_> = line.split([' ', ':', '{', ';']).collect();
            match words[..] {
                ["interface", name, ..] => interface = name,
                ["resource", name, ..] if line.ends_with('{') => resource = Some(name),
                ["}", ..] => resource = None,
                [name, "", "func(", ..] | [name, "", _, ..] if line.contains(": func(") && !line.starts_with("//") => {
                    let method = resource.map(|resource| format!("[method]{resource}."));
                    given.insert(format!(
                        "wasi:{package}/{interface} {}{name}",
                        method.unwrap_or_default()
                    ));
                }
                _ => {}
            }
        }
    }
    // The program exports `run`, and only the checker looks up names.
    given.retain(|function| !function.contains("ip-name-lookup") && function != "wasi:cli/run run");
    let listed = IMPORTS.iter().flat_map(|(interface, functions)| {
        functions
            .iter()
            .map(move |(function, _)| format!("{interface} {function}"))
    });
    assert_eq!(given, listed.collect());
}

#[test]
fn the_component_imports_nothing_forbidden() {
    for import in imports(&COMPONENT) {
        for (never, why) in NEVER {
            assert!(!import.contains(never), "{import}: {why}");
        }
    }
}

#[test]
fn the_component_exports_the_program_and_its_stages() {
    let types = Validator::new().validate_all(&COMPONENT).unwrap();
    let mut exports = BTreeSet::new();
    for payload in Parser::new(0).parse_all(&COMPONENT) {
        if let Payload::ComponentExportSection(section) = payload.unwrap() {
            for export in section {
                let name = export.unwrap().name.name;
                if types.as_ref().component_item_for_export(name).is_some() {
                    exports.insert(unversioned(name));
                }
            }
        }
    }
    assert_eq!(exports, BTreeSet::from(["aula:server/stages", "wasi:cli/run"]));
}

#[test]
fn the_component_is_smaller_than_1_mib() {
    let size = COMPONENT.len();
    assert!(size < 1 << 20, "{size} bytes");
}

// The stages, called as in the README.

/// The output of `wasmtime run --invoke`, or of `aula parse` and the other stages.
fn invoke(call: &str) -> String {
    let output = support::invoke(call);
    assert!(output.status.success(), "{call}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_stage_parse_returns_the_request_or_what_is_wrong_with_it() {
    for (bytes, expected) in [
        (
            r"GET /a?b HTTP/1.0\r\nHost: x\r\n\r\n",
            r#"ok(some({method: "GET", target: "/a?b", version: "HTTP/1.0", fields: [{name: "Host", value: "x"}]}))"#,
        ),
        (
            r"GET /a\r\n",
            r#"ok(some({method: "GET", target: "/a", version: "HTTP/0.9", fields: []}))"#,
        ),
        (r"GET /a HTTP/1.1\r\nHost:", "ok(none)"),
    ] {
        assert_eq!(invoke(&format!("parse(\"{bytes}\")")).trim_end(), expected);
    }
    let refused = invoke(r#"parse("GET / HTTP/1.1\r\n\r\n")"#);
    for part in ["err({status: 400", "Host", "RFC 9112 section 3.2"] {
        assert!(refused.contains(part), "{part}: {refused}");
    }
}

#[test]
fn the_stage_resolve_returns_what_the_folder_has_for_a_target() {
    for (target, expected) in [
        ("/hello.html", "ok(file(\"hello.html\"))"),
        ("/text/../hello.html?a=b", "ok(file(\"hello.html\"))"),
        ("/", "ok(file(\"index.html\"))"),
        ("/text", "ok(redirect(\"/text/\"))"),
    ] {
        assert_eq!(
            invoke(&format!("resolve(\"{target}\")")).trim_end(),
            expected,
            "{target}"
        );
    }
    for (target, status) in [
        ("/..", 400),
        ("/no", 404),
        ("//etc/passwd", 404),
        ("/.hidden", 404),
        ("/%00", 400),
    ] {
        let refused = invoke(&format!("resolve(\"{target}\")"));
        assert!(
            refused.starts_with(&format!("err({{status: {status}")),
            "{target}: {refused}"
        );
    }
}

#[test]
fn the_stage_respond_returns_status_fields_and_length() {
    let size = fs::metadata(xtask::root().join("www/hello.html")).unwrap().len();
    for (method, target, field, status, length) in [
        ("GET", "/hello.html", "", 200, size),
        (
            "GET",
            "/hello.html",
            r#", {name: "Range", value: "bytes=0-9"}"#,
            206,
            10,
        ),
        ("POST", "/hello.html", "", 405, 0),
        ("GET", "/..", "", 400, 0),
    ] {
        let request = format!(
            r#"{{method: "{method}", target: "{target}", version: "HTTP/1.1", fields: [{{name: "Host", value: "a"}}{field}]}}"#
        );
        let response = invoke(&format!("respond({request})"));
        assert!(
            response.starts_with(&format!("{{status: {status}, fields: [")),
            "{request}: {response}"
        );
        // The length of an error page is not compared.
        let said = format!("content-length: {length}}}");
        assert!(
            status >= 400 || response.trim_end().ends_with(&said),
            "{request}: {response}"
        );
    }
}

#[test]
fn the_stage_respond_accepts_whatever_the_stage_parse_returns() {
    let size = fs::metadata(xtask::root().join("www/hello.html")).unwrap().len();
    for (bytes, status, length) in [
        (r"GET /hello.html\r\n", 200, Some(size)),
        (r"GET /hello.html HTTP/1.0\r\n\r\n", 200, Some(size)),
        (r"GET http://a/hello.html HTTP/1.1\r\nHost: a\r\n\r\n", 200, Some(size)),
        (
            r"GET /hello.html HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab",
            200,
            Some(size),
        ),
        (
            r"GET /hello.html HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
            200,
            Some(size),
        ),
        (
            r"POST /hello.html HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na",
            405,
            None,
        ),
    ] {
        let parsed = invoke(&format!("parse(\"{bytes}\")"));
        let request = parsed
            .trim_end()
            .strip_prefix("ok(some(")
            .and_then(|rest| rest.strip_suffix("))"));
        let request = request.unwrap_or_else(|| panic!("{bytes}: {parsed}"));
        let response = invoke(&format!("respond({request})"));
        let said = length.map_or_else(String::new, |length| format!("content-length: {length}}}"));
        let is_right = response.starts_with(&format!("{{status: {status}, ")) && response.trim_end().ends_with(&said);
        assert!(is_right, "{request}: {response}");
    }
}

// With only what it needs.

#[test]
fn the_recommended_configuration_of_the_runtime_is_enough() {
    let config = xtask::root().join("runtime-config/wasmtime.toml");
    let start = Start::bare().runtime(&["--config", config.to_str().unwrap()]);
    let options = ["--host", "127.0.0.1", "--port", "0"];
    let server = start.folder(&xtask::root().join("www")).options(&options).serve();
    assert_eq!(get(&server, "/hello.html").status(), 200);
}

#[test]
fn the_server_needs_neither_udp_nor_name_lookup() {
    let server = Start::with(&[])
        .runtime(&["-S", "udp=n,allow-ip-name-lookup=n"])
        .serve();
    assert_eq!(get(&server, "/hello.html").status(), 200);
}

#[test]
fn within_64_mib_of_memory_300_clients_are_served() {
    let content = noise(1 << 20);
    let folder = folder(&[("a.bin", &content)]);
    let start = Start::with(&["--log", "off"]).memory(64);
    let server = start.folder(folder.path()).serve();
    let streams: Vec<_> = (0..300).map(|_| server.connect()).collect();
    // Each request has a head of nearly the maximum size, and each client has several responses in progress.
    let large = format!("X: {}", "x".repeat(30_000));
    thread::scope(|scope| {
        for mut stream in streams {
            let (content, large) = (&content, &large);
            scope.spawn(move || {
                for _ in 0..3 {
                    send(&mut stream, "GET /a.bin", &[large]);
                }
                for _ in 0..3 {
                    assert!(Response::read(&mut stream, "GET").content == *content);
                }
            });
        }
    });
    assert_eq!(get(&server, "/a.bin").status(), 200, "and it serves others afterwards");
}
