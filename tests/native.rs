//! Our own host, `hosts/native`: how it starts, what it lets a component have, and how it ends.
//!
//! That it serves as every other host does is shown by the other tests, run with `TEST_HOST=aula`. This one is not
//! among those that `cargo test` runs: it would build wasmtime. `cargo xtask test --host aula` runs it.
#![cfg(unix)]

// With its own tests.
#[allow(dead_code)]
#[path = "../hosts/native/src/texts.rs"]
mod texts;

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::iter;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

static AULA: LazyLock<PathBuf> = LazyLock::new(|| xtask::aula().expect("our host is built"));

/// How long a test waits for what should come at once.
const PATIENCE: Duration = Duration::from_secs(30);

/// More than the system keeps for a client that does not read, in bytes.
const LARGE: usize = 24 << 20;

/// A folder to serve, and one to keep compiled code in.
struct Site {
    folder: TempDir,
    cache: TempDir,
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("hello.txt"), "hello").unwrap();
        Self {
            folder,
            cache: tempfile::tempdir().unwrap(),
        }
    }

    fn with_large_file(self) -> Self {
        let bytes: Vec<u8> = (0..LARGE).map(|position| (position / 7) as u8).collect();
        fs::write(self.folder.path().join("large.bin"), bytes).unwrap();
        self
    }

    /// `aula FOLDER`, at a free port.
    fn command(&self, options: &[&str]) -> Command {
        let mut command = self.bare();
        command
            .arg(self.folder.path())
            .args(["--host", "127.0.0.1", "--port", "0"])
            .args(options);
        command
    }

    /// `aula`
    fn bare(&self) -> Command {
        let mut command = Command::new(AULA.as_path());
        self.prepare(&mut command);
        command
    }

    fn prepare(&self, command: &mut Command) {
        command.env("XDG_CACHE_HOME", self.cache.path());
        // It passes its own environment on.
        let ours = std::env::vars_os().map(|(name, _)| name);
        for name in ours.filter(|name| name.to_string_lossy().starts_with("AULA_")) {
            command.env_remove(name);
        }
        for name in ["LANG", "LC_ALL", "LC_MESSAGES", "NO_COLOR"] {
            command.env_remove(name);
        }
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
    }

    fn serve(&self, options: &[&str]) -> Server {
        Server::start(self.command(options))
    }

    /// The files of compiled code.
    fn compiled(&self) -> Vec<PathBuf> {
        let folder = self.cache.path().join("aula/compiled");
        let entries = fs::read_dir(folder).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

struct Server {
    child: Child,
    address: SocketAddr,
    /// What it says on stderr, line by line.
    said: Receiver<String>,
}

impl Server {
    /// Starts it, and waits for the ready line.
    fn start(command: Command) -> Self {
        let (server, mut stdout) = Self::start_unread(command);
        thread::spawn(move || io::copy(&mut stdout, &mut io::sink()));
        server
    }

    /// Starts it, and leaves it to the caller to read its log.
    fn start_unread(mut command: Command) -> (Self, ChildStdout) {
        let mut child = command.spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let stdout = child.stdout.take().unwrap();
        let (sender, said) = channel();
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let first = said.recv_timeout(PATIENCE).expect("it says something");
        let address = first
            .strip_prefix("Listening on http://")
            .and_then(|rest| rest.strip_suffix('/'));
        let address = address
            .unwrap_or_else(|| panic!("no ready line: {first}"))
            .parse()
            .unwrap();
        (Self { child, address, said }, stdout)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    fn get(&self, path: &str) -> String {
        let mut stream = self.connect();
        ask(&mut stream, path, "close");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends it a signal, such as `TERM`.
    fn signal(&self, signal: &str) {
        let mut kill = Command::new("kill");
        kill.arg(format!("-{signal}")).arg(self.child.id().to_string());
        assert!(kill.status().is_ok_and(|status| status.success()), "{kill:?}");
    }

    /// Waits for its end.
    fn end(&mut self) -> ExitStatus {
        end(&mut self.child)
    }

    /// How many sockets it has open.
    fn sockets(&self) -> usize {
        let files = fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap();
        let links = files.filter_map(|file| fs::read_link(file.unwrap().path()).ok());
        links
            .filter(|link| link.to_string_lossy().starts_with("socket:"))
            .count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn end(child: &mut Child) -> ExitStatus {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        assert!(start.elapsed() < PATIENCE, "it does not end");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Runs to the end.
fn output(mut command: Command) -> Output {
    let mut child = command.spawn().unwrap();
    end(&mut child);
    child.wait_with_output().unwrap()
}

/// Expects a failure with this exit code, told in one line with these parts.
#[track_caller]
fn assert_fails(command: Command, code: i32, parts: &[&str]) {
    let output = output(command);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert_eq!(said.lines().count(), 1, "one line: {said}");
    for part in parts {
        assert!(said.contains(part), "{part}: {said}");
    }
}

fn ask(stream: &mut TcpStream, path: &str, connection: &str) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: {connection}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
}

// The end.

#[test]
fn on_sigterm_and_ctrl_c_an_idle_server_ends_with_0_although_connections_are_open() {
    for signal in ["TERM", "INT"] {
        let site = Site::new();
        let mut server = site.serve(&[]);
        let mut idle = server.connect();
        assert!(server.get("/hello.txt").ends_with("hello"));
        server.signal(signal);
        assert_eq!(server.end().code(), Some(0), "{signal:?}");
        assert_eq!(idle.read(&mut [0]).unwrap_or(0), 0, "it is closed");
    }
}

#[test]
fn on_sigterm_what_is_under_way_is_finished_and_nobody_new_is_let_in() {
    let site = Site::new().with_large_file();
    let mut server = site.serve(&[]);
    let mut slow = server.connect();
    ask(&mut slow, "/large.bin", "keep-alive");
    let mut start = [0; 1024];
    slow.read_exact(&mut start).unwrap();
    server.signal("TERM");
    // Nobody listens any more, at the latest when the server has noticed.
    let deadline = Instant::now() + PATIENCE;
    while TcpStream::connect(server.address).is_ok() {
        assert!(Instant::now() < deadline, "newcomers are still let in");
        thread::sleep(Duration::from_millis(5));
    }
    let mut rest = Vec::new();
    slow.read_to_end(&mut rest).unwrap();
    let answer = [start.as_slice(), &rest].concat();
    let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
    assert_eq!(answer.len() - head, LARGE, "the download is whole");
    assert_eq!(server.end().code(), Some(0));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let site = Site::new().with_large_file();
    let mut server = site.serve(&[]);
    let mut stuck = server.connect();
    ask(&mut stuck, "/large.bin", "keep-alive");
    stuck.read_exact(&mut [0; 1]).unwrap();
    server.signal("TERM");
    thread::sleep(Duration::from_millis(200));
    assert!(server.child.try_wait().unwrap().is_none(), "a download is under way");
    server.signal("TERM");
    assert_eq!(server.end().code(), Some(130));
}

// Threads.

#[test]
fn threads_serve_at_one_port_and_the_ready_line_comes_once() {
    let site = Site::new();
    let mut server = site.serve(&["--threads", "3"]);
    let mut streams: Vec<_> = (0..60).map(|_| server.connect()).collect();
    for stream in &mut streams {
        ask(stream, "/hello.txt", "keep-alive");
    }
    for stream in &mut streams {
        let mut answer = [0; 15];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200 OK");
    }
    let threads = fs::read_dir(format!("/proc/{}/task", server.child.id()))
        .unwrap()
        .count();
    assert!(threads >= 4, "three serve, one waits for signals: {threads}");
    server.signal("TERM");
    assert_eq!(server.end().code(), Some(0));
    let said: Vec<_> = server.said.iter().collect();
    assert_eq!(said.len(), 1, "the second half of the ready line, once: {said:?}");
}

#[test]
fn a_taken_port_is_noticed_by_threads_too() {
    let site = Site::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    assert_fails(
        site.command(&["--threads", "2", "--port", &port]),
        1,
        &["in use", &port],
    );
    // By another server of ours, whose port could be shared.
    let server = site.serve(&["--threads", "2"]);
    let port = server.address.port().to_string();
    assert_fails(
        site.command(&["--threads", "2", "--port", &port]),
        1,
        &["in use", &port],
    );
}

// Compiled code.

#[test]
fn compiled_code_is_kept_for_us_alone_and_used_again() {
    let site = Site::new();
    assert!(site.serve(&[]).get("/hello.txt").ends_with("hello"));
    let [file] = &site.compiled()[..] else {
        panic!("one file: {:?}", site.compiled());
    };
    let before = fs::metadata(file).unwrap();
    assert_eq!(before.permissions().mode() & 0o777, 0o600);
    assert!(site.serve(&[]).get("/hello.txt").ends_with("hello"));
    let after = fs::metadata(file).unwrap();
    assert_eq!(
        before.modified().unwrap(),
        after.modified().unwrap(),
        "it was not written anew"
    );
}

#[test]
fn compiled_code_that_is_damaged_or_could_be_another_user_s_is_not_run_but_made_anew() {
    let site = Site::new();
    drop(site.serve(&[]));
    let file = site.compiled().remove(0);
    let good = fs::read(&file).unwrap();
    let half = good.len() / 2;
    let mut flipped = good.clone();
    flipped[half] ^= 1;
    let mut digest = good.clone();
    *digest.last_mut().unwrap() ^= 1;
    for (what, bytes) in [
        ("a bit is wrong", flipped),
        ("the digest is wrong", digest),
        ("half is missing", good[..half].to_vec()),
        ("all is missing", Vec::new()),
    ] {
        fs::write(&file, bytes).unwrap();
        assert!(site.serve(&[]).get("/hello.txt").ends_with("hello"), "{what}");
        assert!(fs::read(&file).unwrap() == good, "made anew: {what}");
    }
    let old = fs::metadata(&file).unwrap().modified().unwrap();
    fs::set_permissions(&file, PermissionsExt::from_mode(0o620)).unwrap();
    assert!(site.serve(&[]).get("/hello.txt").ends_with("hello"));
    let new = fs::metadata(&file).unwrap();
    assert_eq!(
        new.permissions().mode() & 0o777,
        0o600,
        "others might have written to it"
    );
    assert_ne!(new.modified().unwrap(), old);
}

#[test]
fn compiled_code_that_is_not_a_file_of_ours_for_this_component_is_not_run_but_made_anew() {
    let site = Site::new();
    drop(site.serve(&[]));
    let file = site.compiled().remove(0);
    let good = fs::read(&file).unwrap();
    let made_anew = |what: &str| {
        assert!(site.serve(&[]).get("/hello.txt").ends_with("hello"), "{what}");
        let metadata = fs::symlink_metadata(&file).unwrap();
        assert!(metadata.is_file(), "made anew: {what}");
        assert!(fs::read(&file).unwrap() == good, "made anew: {what}");
        metadata.uid()
    };
    // A link to code that is good in every respect.
    let elsewhere = site.cache.path().join("elsewhere");
    fs::rename(&file, &elsewhere).unwrap();
    symlink(&elsewhere, &file).unwrap();
    let us = made_anew("a link");
    // Code that is good for another component; it is the same for another version of wasmtime, or other settings.
    let mut check = site.bare();
    check.args(["check", "--help"]);
    assert!(output(check).status.success());
    let others = site.compiled().into_iter().find(|other| *other != file).unwrap();
    fs::copy(others, &file).unwrap();
    made_anew("another component's");
    // Only root can give a file away, as it is where this runs in a container.
    const NOBODY: u32 = 65_534;
    if us == 0 {
        chown(&file, Some(NOBODY), Some(NOBODY)).unwrap();
        assert_eq!(made_anew("another user's"), us);
    }
}

#[test]
fn without_a_place_to_keep_it_code_is_compiled_each_time() {
    let site = Site::new();
    let mut command = site.command(&[]);
    command.env("XDG_CACHE_HOME", "/proc/none");
    assert!(Server::start(command).get("/hello.txt").ends_with("hello"));
}

// What a component can have.

#[test]
fn a_server_that_wants_more_than_a_server_needs_is_not_started() {
    let site = Site::new();
    // The checker connects to others and writes reports.
    let checker = xtask::checker().unwrap();
    let mut command = site.command(&[]);
    command.arg("--component").arg(checker);
    assert_fails(command, 1, &["[method]pollable.ready", "implementation is missing"]);
}

/// A program that traps:
///
/// ```wat
/// (component
///   (core module $m (func (export "run") (result i32) unreachable))
///   (core instance $i (instantiate $m))
///   (func $run (result (result)) (canon lift (core func $i "run")))
///   (instance $p (export "run" (func $run)))
///   (export "wasi:cli/run@0.2.0" (instance $p)))
/// ```
const TRAP: &[u8] = b"\
    \x00asm\x0d\x00\x01\x00\x01.\x00asm\x01\x00\x00\x00\x01\x05\x01`\x00\x01\x7f\x03\x02\x01\x00\x07\x07\
    \x01\x03run\x00\x00\x0a\x05\x01\x03\x00\x00\x0b\x00\x09\x04name\x00\x02\x01m\x02\x04\x01\x00\x00\x00\
    \x07\x08\x02j\x00\x00@\x00\x00\x00\x06\x09\x01\x00\x00\x01\x00\x03run\x08\x06\x01\x00\x00\x00\x00\
    \x01\x05\x0a\x01\x01\x01\x00\x03run\x01\x00\x0b\x18\x01\x00\x12wasi:cli/run@0.2.0\x05\x00\x00\x00/\
    \x0ecomponent-name\x01\x06\x00\x11\x01\x00\x01m\x01\x06\x00\x12\x01\x00\x01i\x01\x07\x01\x01\x00\x03\
    run\x01\x05\x05\x01\x00\x01p";

#[test]
fn a_trap_is_one_line_and_exit_code_134() {
    let site = Site::new();
    let wasm = site.folder.path().join("trap.wasm");
    fs::write(&wasm, TRAP).unwrap();
    for threads in ["1", "2"] {
        let mut command = site.command(&["--threads", threads]);
        command.arg("--component").arg(&wasm);
        assert_fails(command, 134, &["unreachable", "report", "aula --version"]);
    }
}

#[test]
fn a_client_that_never_reads_costs_nothing_past_its_deadline() {
    let site = Site::new().with_large_file();
    let server = site.serve(&["--write-timeout", "1", "--max-connections", "8"]);
    let before = server.sockets();
    let stuck: Vec<_> = (0..8)
        .map(|_| {
            let mut stream = server.connect();
            ask(&mut stream, "/large.bin", "keep-alive");
            stream
        })
        .collect();
    assert!(server.get("/hello.txt").ends_with("hello"), "somebody else is served");
    let deadline = Instant::now() + PATIENCE;
    while server.sockets() > before {
        assert!(
            Instant::now() < deadline,
            "{} sockets, {before} before",
            server.sockets()
        );
        thread::sleep(Duration::from_millis(20));
    }
    drop(stuck);
}

/// Asks for the small file with a line of the log that is this long, and says which line it is.
fn ask_for_a_long_line(stream: &mut TcpStream, number: usize) {
    let filler = "x".repeat(4000);
    let request = format!("GET /hello.txt HTTP/1.1\r\nHost: a\r\nUser-Agent: <{number}>{filler}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"hello") {
        let mut bytes = [0; 1024];
        let count = stream.read(&mut bytes).unwrap();
        assert_ne!(count, 0, "it is served");
        answer.extend_from_slice(&bytes[..count]);
    }
}

#[test]
fn a_log_that_nobody_reads_stops_nobody_and_how_many_lines_were_dropped_is_said_when_it_is_read_again() {
    const REQUESTS: usize = 300;
    let site = Site::new();
    let (mut server, stdout) = Server::start_unread(site.command(&["--log", "combined"]));
    let mut stream = server.connect();
    // More than there is room for on the whole way: 64 KiB in the pipe, 64 and what is being written in the host, 128
    // in the server.
    for number in 0..REQUESTS {
        ask_for_a_long_line(&mut stream, number);
    }
    let (sender, log) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    let said = iter::from_fn(|| server.said.recv_timeout(PATIENCE).ok()).find(|line| line.contains("dropped"));
    let said = said.expect("it says how many lines were dropped");
    let dropped: usize = said.split(' ').find_map(|word| word.parse().ok()).unwrap();
    // From then on every line is there again.
    ask_for_a_long_line(&mut stream, REQUESTS);
    server.signal("TERM");
    assert_eq!(server.end().code(), Some(0));
    let lines: Vec<_> = log.iter().collect();
    assert_eq!(lines.len() + dropped, REQUESTS + 1, "{said}");
    assert!(lines.last().unwrap().contains(&format!("<{REQUESTS}>")), "the last one");
}

#[test]
fn where_no_more_files_can_be_opened_that_is_said_once_and_it_goes_on() {
    let site = Site::new();
    let mut command = Command::new("sh");
    command
        .args(["-c", "ulimit -n 80; exec \"$@\"", "sh"])
        .arg(AULA.as_path());
    command
        .arg(site.folder.path())
        .args(["--host", "127.0.0.1", "--port", "0"]);
    site.prepare(&mut command);
    let server = Server::start(command);
    let crowd: Vec<_> = (0..30).map(|_| server.connect()).collect();
    let said = |part: &str| {
        let line = server
            .said
            .iter()
            .find(|line| !line.starts_with("Serving"))
            .unwrap_or_default();
        assert!(line.contains(part), "{line}");
    };
    said("80 open files");
    drop(crowd);
    assert!(server.get("/hello.txt").ends_with("hello"));
}

// The command line.

#[test]
fn a_mistake_is_one_line_with_the_cause_and_the_cure() {
    let site = Site::new();
    let with = |arguments: &[&str]| {
        let mut command = site.bare();
        command.args(arguments);
        command
    };
    assert_fails(with(&["no-such-folder"]), 1, &["no-such-folder", "no such folder"]);
    assert_fails(with(&["--threads", "0"]), 1, &["--threads", "from 1 to 256"]);
    assert_fails(with(&["--threads=many"]), 1, &["\"many\""]);
    assert_fails(with(&["--component", "no.wasm"]), 1, &["--component no.wasm"]);
    assert_fails(with(&["--prot", "80"]), 1, &["did you mean --port?"]);
    assert_fails(with(&["parse"]), 1, &["aula parse ARGUMENT"]);
    assert_fails(with(&["parse", "\"\\q\""]), 1, &["parse: "]);
    let mut spanish = with(&["no-such-folder"]);
    spanish.env("LANG", "es_MX.UTF-8");
    assert_fails(spanish, 1, &["no existe esa carpeta"]);
}

#[test]
fn the_help_has_this_programs_options_and_the_servers() {
    let site = Site::new();
    for (lang, parts) in [
        ("C", ["aula check", "--threads N", "--port"]),
        ("es_ES", ["aula check", "CARPETA", "--port"]),
    ] {
        let mut command = site.bare();
        command.arg("--help").env("LANG", lang);
        let output = output(command);
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success());
        for part in parts {
            assert!(help.contains(part), "{part}: {help}");
        }
        assert!(!help.contains("wasmtime"), "another host's command line: {help}");
    }
}

#[test]
fn the_checker_is_inside_and_may_connect() {
    let site = Site::new();
    let server = site.serve(&[]);
    let mut command = site.bare();
    command.args([
        "check",
        "get",
        "127.0.0.1",
        &server.address.port().to_string(),
        "/hello.txt",
    ]);
    let output = output(command);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("200"), "{output:?}");
}

#[test]
fn a_stage_takes_its_argument_with_or_without_quotes() {
    let site = Site::new();
    for argument in [
        r"GET /a HTTP/1.1\r\nHost: a\r\n\r\n",
        r#""GET /a HTTP/1.1\r\nHost: a\r\n\r\n""#,
    ] {
        let mut command = site.bare();
        command.args(["parse", argument]);
        let output = output(command);
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(
            printed.starts_with(r#"ok(some({method: "GET", target: "/a""#),
            "{printed}"
        );
    }
}
