//! `handler.wasm` under two hosts that bring the sockets, `wasmtime serve` and `jco serve`: it answers as `server.wasm`
//! does.

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

use support::{PATIENCE, Start};

/// Methods and targets; each pair is asked.
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

/// Other methods, of one target.
const OTHER_METHODS: [&str; 6] = ["POST", "PUT", "DELETE", "PATCH", "PROPFIND", "get"];

/// Fields of a GET request for `/page.html`; `TAG` stands for its entity tag, `DATE` for its date.
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

/// Fields that each host sets as it likes: of the connection, or of the moment (RFC 9110 section 6.6.1).
const THE_HOSTS_OWN: [&str; 4] = ["connection", "keep-alive", "transfer-encoding", "date"];

/// A host that runs the handler; dropped, it is ended.
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

/// Reads a pipe to its end, so that nobody waits to write to it.
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
        // The runtime that the project builds has no pooling allocator, which `serve` otherwise asks for.
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
            address: address.unwrap_or_else(|| panic!("wasmtime serve said {line:?}")),
        }
    }

    fn jco(folder: &Path, scratch: &Path) -> Self {
        let jco = xtask::jco().unwrap();
        // What `--dir` and `--env` are elsewhere, jco is told in JavaScript.
        let shim = xtask::preview2_shim(&jco).join("dist/nodejs");
        let module = |name: &str| shim.join(name).to_str().unwrap().to_owned();
        let import = scratch.join("grants.mjs");
        // jco starts another process and does not end it when it is ended itself. That one would keep stderr open, on
        // which whoever reads the output of the tests waits: it is to end when our end of its stdin is closed.
        let grants = format!(
            "import {{ _setPreopens }} from {:?};\nimport {{ _setEnv }} from {:?};\n\
             _setPreopens({{ www: {:?} }});\n_setEnv({{ AULA_LIST: 'yes' }});\n\
             process.stdin.on('end', () => process.exit()).resume();\n",
            module("filesystem.js"),
            module("cli.js"),
            folder.to_str().unwrap()
        );
        fs::write(&import, grants).unwrap();
        // It needs a number: nothing says which one it would have chosen.
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
        // It translates the component first.
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

/// An answer, as far as it is the handler's.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: String,
    fields: BTreeMap<String, Vec<String>>,
    content: String,
}

/// Asks, and reads all that comes. Where no end comes, the status says so.
fn ask(address: SocketAddr, method: &str, target: &str, fields: &str) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let end = if fields.is_empty() { "" } else { "\r\n" };
    write!(
        stream,
        "{method} {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{fields}{end}\r\n"
    )
    .unwrap();
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if let Err(error) = end {
        return Answer {
            status: format!("no end: {error}"),
            fields: BTreeMap::new(),
            content: text,
        };
    }
    // The line between parts is made of the moment (RFC 9110 section 14.6): each server has its own.
    let boundary = text
        .split_once("boundary=")
        .and_then(|(_, rest)| rest.split("\r\n").next())
        .map(str::to_owned);
    let text = boundary.map_or_else(|| text.clone(), |boundary| text.replace(&boundary, "LINE"));
    let head = text.split("\r\n\r\n").next().unwrap();
    let content = text.get(head.len() + 4..).unwrap_or_default().to_owned();
    let mut lines = head.lines();
    let status = lines
        .next()
        .unwrap_or_default()
        .split(' ')
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    let mut fields = BTreeMap::<_, Vec<_>>::new();
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        let name = name.to_ascii_lowercase();
        if !THE_HOSTS_OWN.contains(&name.as_str()) {
            fields.entry(name).or_default().push(value.to_owned());
        }
    }
    Answer {
        status,
        fields,
        content,
    }
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

/// Asks both all questions, and says where they differ.
fn compare(host: &Host, server: SocketAddr) {
    let page = ask(server, "GET", "/page.html", "");
    let tag = page.fields["etag"][0].clone();
    let date = page.fields["last-modified"][0].clone();
    let mut questions = Vec::new();
    for method in METHODS {
        questions.extend(TARGETS.map(|target| (method, target, String::new())));
    }
    questions.push(("OPTIONS", "*", String::new()));
    questions.extend(OTHER_METHODS.map(|method| (method, "/page.html", String::new())));
    questions.extend(FIELDS.map(|fields| {
        let fields = fields.replace("TAG", &tag).replace("DATE", &date);
        ("GET", "/page.html", fields)
    }));
    assert!(questions.len() >= 60, "{}", questions.len());
    if host.name == "jco serve" {
        // Node knows a list of methods, and refuses all others before the handler is asked.
        questions.retain(|(method, ..)| *method != "get");
    }
    let mut different = Vec::new();
    for (method, target, fields) in &questions {
        let [expected, got] = [server, host.address].map(|address| ask(address, method, target, fields));
        if expected != got {
            different.push(format!(
                "{method} {target} {fields:?}\n  server.wasm: {expected:?}\n  handler.wasm: {got:?}"
            ));
        }
    }
    let all = questions.len();
    assert!(
        different.is_empty(),
        "{}: {} of {all}:\n{}",
        host.name,
        different.len(),
        different.join("\n")
    );
}

/// Under `wasmtime serve`, or under the host that `HANDLER_HOST` names: `HANDLER_HOST=jco cargo test --test handler`
/// needs Node.js, which the other tests do without.
#[test]
fn it_responds_as_the_server_does() {
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
fn the_options_of_the_site_are_its_options_too() {
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
        ("/site/page", "200"),
        ("/site/page.html", "200"),
        ("/site/sub", "301"),
        ("/site/list/", "200"),
        ("/site/list/one.txt", "200"),
        ("/page.html", "404"),
        ("/", "404"),
    ] {
        for (fields, status) in [("", "401"), ("Authorization: Basic YW5hOnNlY3JldA==", status)] {
            let [expected, got] = [server.address, host.address].map(|address| ask(address, "GET", target, fields));
            assert_eq!(expected, got, "{target}");
            assert_eq!(got.status, status, "{target}");
        }
    }
}

#[test]
fn a_large_file_is_streamed_in_little_memory() {
    const LENGTH: u64 = 200 << 20;
    let folder = tempfile::tempdir().unwrap();
    File::create(folder.path().join("large.bin"))
        .unwrap()
        .set_len(LENGTH)
        .unwrap();
    let host = Host::wasmtime(folder.path(), &["-W", "max-memory-size=16777216"]);
    let answer = ask(host.address, "GET", "/large.bin", "");
    assert_eq!((answer.status.as_str(), answer.content.len() as u64), ("200", LENGTH));
    assert!(answer.content.bytes().all(|byte| byte == 0));
    let answer = ask(host.address, "HEAD", "/large.bin", "");
    assert_eq!(answer.fields["content-length"], [LENGTH.to_string()]);
    assert!(answer.content.is_empty());
}

#[test]
fn a_mistake_in_its_options_is_a_500() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::wasmtime(folder.path(), &["--env", "AULA_SPA=../a"]);
    assert_eq!(ask(host.address, "GET", "/", "").status, "500");
}
