//! Common clients: what each must get from the server, and which requests the server must get from them.
//!
//! `cargo test` does not run these tests: `cargo xtask clients` installs the clients, and then runs them.

// What the library may not do, its tests may.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

#[path = "support/mod.rs"]
mod support;

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};
use support::{PATIENCE, Server, Start};
use tempfile::TempDir;

/// How long a client may take. Some wait a second between two attempts.
const DEADLINE: Duration = PATIENCE.saturating_mul(3);

/// A file of a size that clients download in parts.
static LARGE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    (0..8_u32 << 20)
        .map(|position| (position.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect()
});

/// A page, and the same page compressed with gzip.
const PAGE: &str = "<!DOCTYPE html><title>A page</title><p>The page, as it is.</p>\n";
const PAGE_IN_GZIP: &[u8] = include_bytes!("clients/page.html.gz");

/// A server, its folder, and a folder for the client's downloads.
struct Place {
    server: Server,
    _folder: TempDir,
    downloads: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("sub")).unwrap();
        for (name, content) in [
            (
                "index.html",
                &br#"<!DOCTYPE html><a href="sub/">sub</a> <a href="a%C3%B1o.txt">2026</a>"#[..],
            ),
            ("page.html", PAGE.as_bytes()),
            ("page.html.gz", PAGE_IN_GZIP),
            ("sub/index.html", b"<!DOCTYPE html>the index of sub"),
            ("a\u{f1}o.txt", b"2026"),
            ("large.bin", &LARGE),
        ] {
            fs::write(folder.path().join(name), content).unwrap();
        }
        Self {
            server: Start::with(&["--log", "json"]).folder(folder.path()).serve(),
            _folder: folder,
            downloads: tempfile::tempdir().unwrap(),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address)
    }

    /// Runs a client in the folder of downloads, and returns what it printed on stdout and stderr. It must succeed.
    fn run(&self, program: &str, arguments: &[&str]) -> (String, String) {
        let mut command = Command::new(program);
        command.current_dir(self.downloads.path()).args(arguments);
        // The settings of this machine's user must not matter: no proxy, and English messages.
        for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C.UTF-8").env("HOME", self.downloads.path());
        output(command)
    }

    fn downloaded(&self, name: &str) -> Vec<u8> {
        fs::read(self.downloads.path().join(name)).unwrap()
    }

    /// The next request that the server has logged: its method, target and status.
    fn logged(&self) -> (String, String, u64) {
        let line = self.server.log_line();
        let line: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let request = line["request"].as_str().unwrap_or_else(|| panic!("no request: {line}"));
        let mut words = request.split(' ').map(str::to_owned);
        let mut word = || words.next().unwrap_or_default();
        (word(), word(), line["status"].as_u64().unwrap())
    }

    /// The next `count` requests, in the same form.
    fn logged_many(&self, count: usize) -> Vec<(String, String, u64)> {
        (0..count).map(|_| self.logged()).collect()
    }
}

/// Runs a command, which must succeed in time, and returns its stdout and stderr.
fn output(mut command: Command) -> (String, String) {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = command.spawn().unwrap_or_else(|error| {
        panic!("{command:?}: {error}: run these tests with cargo xtask clients, which installs the clients")
    });
    let id = child.id();
    let reader = thread::spawn(move || child.wait_with_output().unwrap());
    let deadline = Instant::now() + DEADLINE;
    while !reader.is_finished() {
        if Instant::now() > deadline {
            let _ = Command::new("kill").arg(id.to_string()).status();
            panic!("{command:?} has not ended: {:?}", reader.join());
        }
        thread::sleep(Duration::from_millis(5));
    }
    let output = reader.join().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

fn entry(method: &str, target: &str, status: u64) -> (String, String, u64) {
    (method.to_owned(), target.to_owned(), status)
}

#[test]
fn curl() {
    let place = Place::new();
    let page = place.url("/page.html");
    let large = place.url("/large.bin");
    let status = [
        "--silent",
        "--show-error",
        "--write-out",
        "%{http_version} %{http_code} %{num_connects}\n",
    ];
    let curl = |arguments: &[&str]| place.run("curl", &[&status[..], arguments].concat()).0;
    // The content, the status, and the number of connections that it opened.
    assert_eq!(curl(&[&page]), format!("{PAGE}1.1 200 1\n"));
    assert_eq!(curl(&["--http1.0", &page]), format!("{PAGE}1.1 200 1\n"));
    assert_eq!(curl(&["--compressed", &page]), format!("{PAGE}1.1 200 1\n"));
    assert_eq!(curl(&["--range", "2-8", &page]), format!("{}1.1 206 1\n", &PAGE[2..=8]));
    assert_eq!(
        curl(&["--location", &place.url("/sub")]),
        "<!DOCTYPE html>the index of sub1.1 200 1\n"
    );
    assert_eq!(curl(&[&place.url("/año.txt")]), "20261.1 200 1\n");
    let head = curl(&["--head", &page]);
    assert!(head.contains(&format!("Content-Length: {}\r\n", PAGE.len())), "{head}");
    // Two files on one connection.
    assert_eq!(curl(&[&page, &page]), format!("{PAGE}1.1 200 1\n{PAGE}1.1 200 0\n"));
    // A file that it already has is not sent again, with an entity tag and with a date.
    curl(&["--etag-save", "tag", "--output", "page.html", "--remote-time", &page]);
    assert_eq!(curl(&["--etag-compare", "tag", &page]), "1.1 304 1\n");
    assert_eq!(curl(&["--time-cond", "page.html", &page]), "1.1 304 1\n");
    // A download is resumed.
    fs::write(place.downloads.path().join("large.bin"), &LARGE[..3_000_000]).unwrap();
    assert_eq!(curl(&["--continue-at", "-", "--remote-name", &large]), "1.1 206 1\n");
    assert!(place.downloaded("large.bin") == *LARGE);
    // This client waits for the response to `Expect: 100-continue`. The request is rejected in the end, because of its
    // method.
    let post = curl(&[
        "--output",
        "post.html",
        "--header",
        "Expect: 100-continue",
        "--data",
        "a=b",
        &page,
    ]);
    assert!(post.starts_with("1.1 405 "), "{post}");
}

#[test]
fn wget() {
    let place = Place::new();
    // A download is resumed.
    fs::write(place.downloads.path().join("large.bin"), &LARGE[..5_000_000]).unwrap();
    place.run("wget", &["--continue", "--tries=1", &place.url("/large.bin")]);
    assert!(place.downloaded("large.bin") == *LARGE);
    assert_eq!(place.logged(), entry("GET", "/large.bin", 206));
    // A complete file is not downloaded again.
    place.run("wget", &["--timestamping", "--tries=1", &place.url("/page.html")]);
    assert_eq!(place.downloaded("page.html"), PAGE.as_bytes());
    assert_eq!(place.logged(), entry("GET", "/page.html", 200));
    let said = place
        .run("wget", &["--timestamping", "--tries=1", &place.url("/page.html")])
        .1;
    assert!(said.contains("304 Not Modified"), "{said}");
    assert_eq!(place.logged(), entry("GET", "/page.html", 304));
    // It follows the links of the site, through a redirect and a name that is not ASCII.
    let mirror = [
        "--mirror",
        "--no-parent",
        "--tries=1",
        "--no-host-directories",
        "--directory-prefix=mirror",
    ];
    place.run(
        "wget",
        &[&mirror[..], &["--restrict-file-names=nocontrol", &place.url("/")]].concat(),
    );
    assert_eq!(
        place.downloaded("mirror/sub/index.html"),
        b"<!DOCTYPE html>the index of sub"
    );
    assert_eq!(place.downloaded("mirror/a\u{f1}o.txt"), b"2026");
}

/// Each client that is a library is run by a script, which checks what it gets and prints `done`.
fn script(place: &Place, interpreter: &str, script: &str, client: &str) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(script);
    let (stdout, stderr) = place.run(interpreter, &[script.to_str().unwrap(), client, &place.url("")]);
    assert_eq!(stdout.trim_end(), "done", "{stderr}");
}

fn python(client: &str) {
    let python = env::var("CLIENTS_PYTHON").expect("cargo xtask clients names the Python");
    script(&Place::new(), &python, "clients.py", client);
}

#[test]
fn python_http_client() {
    python("http_client");
}

#[test]
fn python_urllib() {
    python("urllib");
}

#[test]
fn python_requests() {
    python("requests");
}

#[test]
fn python_httpx() {
    python("httpx");
}

#[test]
fn node_fetch() {
    script(&Place::new(), "node", "clients.mjs", "fetch");
}

#[test]
fn node_http() {
    script(&Place::new(), "node", "clients.mjs", "http");
}

#[test]
fn node_undici() {
    script(&Place::new(), "node", "clients.mjs", "undici");
}

#[test]
fn ab() {
    let place = Place::new();
    let figure = |said: &str, name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or("0").trim().to_owned()
    };
    for (options, kept) in [
        (&["-n", "300", "-c", "10"][..], "0"),
        (&["-n", "300", "-c", "10", "-k"], "300"),
    ] {
        let said = place.run("ab", &[options, &[&place.url("/page.html")]].concat()).0;
        for (name, value) in [
            ("Complete requests:", "300"),
            ("Failed requests:", "0"),
            ("Non-2xx responses:", "0"),
            ("Keep-Alive requests:", kept),
            ("Document Length:", &format!("{} bytes", PAGE.len())),
        ] {
            assert_eq!(figure(&said, name), value, "{name} {said}");
        }
    }
}

#[test]
fn wrk() {
    let place = Place::new();
    let said = place
        .run("wrk", &["-t", "1", "-c", "20", "-d", "1s", &place.url("/page.html")])
        .0;
    assert!(!said.contains("Socket errors") && !said.contains("Non-2xx"), "{said}");
    let requests = said
        .split(" requests in ")
        .next()
        .and_then(|before| before.split_whitespace().last());
    let requests: u64 = requests
        .and_then(|number| number.parse().ok())
        .unwrap_or_else(|| panic!("{said}"));
    assert!(requests > 20, "{said}");
}

#[test]
fn aria2_downloads_a_file_in_several_parts_at_once() {
    let place = Place::new();
    let parts = [
        "--split=4",
        "--max-connection-per-server=4",
        "--min-split-size=1M",
        "--no-conf",
        "--file-allocation=none",
    ];
    place.run("aria2c", &[&parts[..], &[&place.url("/large.bin")]].concat());
    assert!(place.downloaded("large.bin") == *LARGE);
    // At least one request for each part; the first may be for the whole file.
    let logged = place.logged_many(4);
    assert!(logged.iter().all(|(method, ..)| method == "GET"), "{logged:?}");
    assert!(
        logged.iter().filter(|(.., status)| *status == 206).count() >= 3,
        "{logged:?}"
    );
}

#[test]
fn ffprobe_reads_the_video_and_seeks_in_it() {
    let server = Server::start(&["--log", "off"]);
    let url = format!("http://{}/video/Planeta.mp4", server.address);
    let mut probe = Command::new("ffprobe");
    probe.args([
        "-v",
        "error",
        "-show_entries",
        "format=format_name,duration",
        "-of",
        "default=nokey=1:noprint_wrappers=1",
    ]);
    probe.args(["-seekable", "1", &url]);
    let (stdout, stderr) = output(probe);
    assert!(stderr.is_empty(), "{stderr}");
    let mut lines = stdout.lines();
    assert!(lines.next().unwrap().contains("mp4"), "{stdout}");
    let duration: f64 = lines.next().unwrap().parse().unwrap();
    assert!(duration > 1.0, "{stdout}");
    // Only the packets of its second half, so it has to seek.
    let mut packets = Command::new("ffprobe");
    let from = format!("{}%+#1", duration / 2.0);
    packets.args([
        "-v",
        "error",
        "-select_streams",
        "v",
        "-read_intervals",
        &from,
        "-show_entries",
        "packet=pts_time",
    ]);
    packets.args(["-of", "csv=p=0", &url]);
    let (stdout, stderr) = output(packets);
    assert!(stderr.is_empty(), "{stderr}");
    let time: f64 = stdout.lines().next().unwrap().trim_end_matches(',').parse().unwrap();
    assert!(time <= duration / 2.0 + 1.0, "{stdout}");
}
