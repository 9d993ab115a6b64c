//! `handler.wasm` under two hosts that own the sockets, `wasmtime serve` and `jco serve`: its responses are those of
//! `server.wasm`.

// What the library may not do, its tests may.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use support::response::Response;
use support::{PATIENCE, Start};

/// Methods and targets. Every pair is requested.
const METHODS: [&str; 3] = ["GET", "HEAD", "OPTIONS"];
const TARGETS: [&str; 13] = [
    "/",
    "/page.html",
    "/page.html?a=b",
    "/sub",
    "/sub/",
    "/sub/../page.html",
    "/sub/%2E%2E/p%61ge.html",
    "/list/",
    "/nothing.html",
    "/.hidden",
    "/../page.html",
    "/..%2fpage.html",
    "/a%C3%B1o.txt",
];

/// Other methods, for one target.
const OTHER_METHODS: [&str; 6] = ["POST", "PUT", "DELETE", "PATCH", "PROPFIND", "get"];

/// Fields of a GET request for `/page.html`. `TAG` is replaced with its entity tag, `DATE` with its date.
const FIELDS: [&str; 20] = [
    "Range: bytes=0-9",
    "Range: bytes=-5",
    "Range: bytes=10-",
    "Range: bytes=0-0,5-6",
    "Range: bytes=1000000-",
    "Range: lines=1-2",
    "Range: bytes=9-0",
    "If-None-Match: TAG",
    "If-None-Match: W/TAG",
    "If-None-Match: \"other\"",
    "If-None-Match: *",
    "If-Match: TAG",
    "If-Match: \"other\"",
    "If-Modified-Since: DATE",
    "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT",
    "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT",
    "Range: bytes=0-4\r\nIf-Range: TAG",
    "Range: bytes=0-4\r\nIf-Range: \"other\"",
    "Accept-Encoding: gzip",
    "Accept-Encoding: identity;q=0",
];

/// Fields that each host sets itself: those of the connection, and the current time (RFC 9110 section 6.6.1).
const SET_BY_HOST: [&str; 4] = ["connection", "keep-alive", "transfer-encoding", "date"];

/// A host that runs the handler. It is killed when it is dropped.
struct Host {
    name: &'static str,
    process: Child,
    address: SocketAddr,
}

impl Drop for Host {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reads a pipe to its end, so that the writer never blocks.
fn read_all(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut text = Vec::new();
        let _ = pipe.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    })
}

impl Host {
    fn wasmtime(folder: &Path, options: &[&str]) -> Self {
        let mut command = Command::new(xtask::wasmtime().unwrap());
        command.args(["serve", "--addr", "127.0.0.1:0", "-S", "cli", "--env", "AULA_LIST=yes"]);
        // The wasmtime that the project builds has no pooling allocator, which `serve` uses by default.
        command.args(["-O", "pooling-allocator=n"]).args(options);
        let mut grant = folder.as_os_str().to_owned();
        grant.push("::www");
        command.arg("--dir").arg(grant).arg(xtask::handler().unwrap());
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(process.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("Serving HTTP on http://");
        let address = address.and_then(|rest| rest.trim_end_matches('/').parse().ok());
        read_all(stderr);
        Self {
            name: "wasmtime serve",
            process,
            address: address.unwrap_or_else(|| panic!("wasmtime serve printed {line:?}")),
        }
    }

    fn jco(folder: &Path, scratch: &Path) -> Self {
        let jco = xtask::jco().unwrap();
        // jco has no `--dir` and `--env`: a JavaScript module grants the folder and the variable.
        let shim = xtask::preview2_shim(&jco).join("dist/nodejs");
        let module = |name: &str| shim.join(name).to_str().unwrap().to_owned();
        let import = scratch.join("grants.mjs");
        // jco starts another process, which survives when jco is killed. It would keep the stderr of the tests open,
        // and their reader would wait for it. So it ends when our end of its stdin is closed.
        let grants = format!(
            "import {{ _setPreopens }} from {:?};\nimport {{ _setEnv }} from {:?};\n\
             _setPreopens({{ www: {:?} }});\n_setEnv({{ AULA_LIST: 'yes' }});\n\
             process.stdin.on('end', () => process.exit()).resume();\n",
            module("filesystem.js"),
            module("cli.js"),
            folder.to_str().unwrap()
        );
        fs::write(&import, grants).unwrap();
        // jco does not print a port that it chooses itself, so it gets a number.
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port()
            .to_string();
        let mut command = Command::new("node");
        command
            .arg(jco.join("@bytecodealliance/jco/dist/jco.js"))
            .arg("serve")
            .arg(xtask::handler().unwrap());
        command
            .args(["--host", "127.0.0.1", "--port", &port, "--jco-import"])
            .arg(import);
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = read_all(process.stderr.take().unwrap());
        let mut host = Self {
            name: "jco serve",
            process,
            address: format!("127.0.0.1:{port}").parse().unwrap(),
        };
        // jco transpiles the component before it listens.
        let deadline = Instant::now() + 6 * PATIENCE;
        while TcpStream::connect(host.address).is_err() {
            let ended = host.process.try_wait().unwrap();
            if ended.is_some() || Instant::now() > deadline {
                drop(host);
                panic!("jco serve does not listen ({ended:?}): {}", said.join().unwrap());
            }
            thread::sleep(Duration::from_millis(50));
        }
        host
    }
}

/// The part of a response that the handler decides, in a form in which the responses of two servers can be equal.
#[derive(Debug, PartialEq, Eq)]
struct Comparable {
    status: u16,
    fields: BTreeMap<String, Vec<String>>,
    content: Vec<u8>,
}

impl From<Response> for Comparable {
    fn from(response: Response) -> Self {
        let mut fields = BTreeMap::<_, Vec<_>>::new();
        for (name, value) in response.fields() {
            let name = name.to_ascii_lowercase();
            if !SET_BY_HOST.contains(&name.as_str()) {
                fields.entry(name).or_default().push(without_boundary(value, &response));
            }
        }
        Self {
            status: response.status(),
            content: without_boundary(&response.text(), &response).into_bytes(),
            fields,
        }
    }
}

/// `text` with the boundary of multipart content replaced, because it depends on the time (RFC 9110 section 14.6).
fn without_boundary(text: &str, response: &Response) -> String {
    let media_type = response.field("Content-Type").unwrap_or_default();
    match media_type.split_once("boundary=") {
        Some((_, boundary)) => text.replace(boundary, "BOUNDARY"),
        None => text.to_owned(),
    }
}

/// Sends a request, and reads the response, or says what is wrong with it.
fn ask(address: SocketAddr, method: &str, target: &str, fields: &str) -> Result<Response, String> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let end = if fields.is_empty() { "" } else { "\r\n" };
    write!(
        stream,
        "{method} {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{fields}{end}\r\n"
    )
    .unwrap();
    Response::try_read_last(&mut stream, method)
}

/// The folder that both serve.
fn write(folder: &Path) {
    for directory in ["sub", "list"] {
        fs::create_dir_all(folder.join(directory)).unwrap();
    }
    let page = "<!DOCTYPE html><title>A page</title>".repeat(9);
    for (name, content) in [
        ("index.html", "the index"),
        ("page.html", &page),
        ("page.html.gz", "not really compressed"),
        ("sub/index.html", "another index"),
        ("list/one.txt", "1"),
        ("list/two.txt", "22"),
        (".hidden", "hidden"),
        ("año.txt", "2026"),
    ] {
        fs::write(folder.join(name), content).unwrap();
    }
}

/// Sends every request to both servers, and fails if any two responses differ.
fn compare(host: &Host, server: SocketAddr) {
    let page = ask(server, "GET", "/page.html", "").unwrap();
    let (tag, date) = (page.field("ETag").unwrap(), page.field("Last-Modified").unwrap());
    let mut requests = Vec::new();
    for method in METHODS {
        requests.extend(TARGETS.map(|target| (method, target, String::new())));
    }
    requests.push(("OPTIONS", "*", String::new()));
    requests.extend(OTHER_METHODS.map(|method| (method, "/page.html", String::new())));
    requests.extend(FIELDS.map(|fields| {
        let fields = fields.replace("TAG", tag).replace("DATE", date);
        ("GET", "/page.html", fields)
    }));
    assert_eq!(requests.len(), 66, "both READMEs have this number");
    if host.name == "jco serve" {
        // Node.js has a fixed list of methods, and rejects all others before it calls the handler.
        requests.retain(|(method, ..)| *method != "get");
    }
    let mut different = Vec::new();
    for (method, target, fields) in &requests {
        let [expected, got] =
            [server, host.address].map(|address| ask(address, method, target, fields).map(Comparable::from));
        if expected != got {
            different.push(format!(
                "{method} {target} {fields:?}\n  server.wasm: {expected:?}\n  handler.wasm: {got:?}"
            ));
        }
    }
    let all = requests.len();
    assert!(
        different.is_empty(),
        "{}: {} of {all}:\n{}",
        host.name,
        different.len(),
        different.join("\n")
    );
}

/// Runs under `wasmtime serve`, or under the host that `HANDLER_HOST` names. `HANDLER_HOST=jco cargo test --test
/// handler` needs Node.js, which the other tests do not.
#[test]
fn its_responses_are_those_of_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = tempfile::tempdir().unwrap();
    write(folder.path());
    let server = Start::with(&["--list", "--log", "off"]).folder(folder.path()).serve();
    let host = match env::var("HANDLER_HOST").as_deref() {
        Err(_) | Ok("wasmtime") => Host::wasmtime(folder.path(), &[]),
        Ok("jco") => Host::jco(folder.path(), scratch.path()),
        Ok(other) => panic!("HANDLER_HOST={other}: give wasmtime or jco"),
    };
    compare(&host, server.address);
}

#[test]
fn it_has_the_options_of_the_site() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let options = [
        ("CLEAN_URLS", "yes"),
        ("BASE", "/site"),
        ("TYPE", ".txt=text/x-own"),
        ("AUTH", "ana:secret"),
    ];
    let mut start = Start::with(&["--list", "--log", "off"]).folder(folder.path());
    let mut given = Vec::new();
    for (name, value) in options {
        start = start.options(&[&format!("--{}={value}", name.to_lowercase().replace('_', "-"))]);
        given.extend(["--env".to_owned(), format!("AULA_{name}={value}")]);
    }
    let server = start.serve();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    let host = Host::wasmtime(folder.path(), &given);
    for (target, status) in [
        ("/site/page", 200),
        ("/site/page.html", 200),
        ("/site/sub", 301),
        ("/site/list/", 200),
        ("/site/list/one.txt", 200),
        ("/page.html", 404),
        ("/", 404),
    ] {
        for (fields, status) in [("", 401), ("Authorization: Basic YW5hOnNlY3JldA==", status)] {
            let [expected, got] = [server.address, host.address]
                .map(|address| Comparable::from(ask(address, "GET", target, fields).unwrap()));
            assert_eq!(expected, got, "{target}");
            assert_eq!(got.status, status, "{target}");
        }
    }
}

#[test]
fn a_large_file_is_streamed_with_little_memory() {
    const LENGTH: u64 = 200 << 20;
    let folder = tempfile::tempdir().unwrap();
    File::create(folder.path().join("large.bin"))
        .unwrap()
        .set_len(LENGTH)
        .unwrap();
    let host = Host::wasmtime(folder.path(), &["-W", "max-memory-size=16777216"]);
    let response = ask(host.address, "GET", "/large.bin", "").unwrap();
    assert_eq!((response.status(), response.content.len() as u64), (200, LENGTH));
    assert!(response.content.iter().all(|byte| *byte == 0));
    let response = ask(host.address, "HEAD", "/large.bin", "").unwrap();
    assert_eq!(response.content_length(), LENGTH);
}

#[test]
fn a_wrong_option_is_a_500() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::wasmtime(folder.path(), &["--env", "AULA_SPA=../a"]);
    assert_eq!(ask(host.address, "GET", "/", "").unwrap().status(), 500);
}
