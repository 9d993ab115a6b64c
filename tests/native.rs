//! The project's own host, `hosts/native`: how it starts, what it grants a component, and how it ends.
//!
//! The other tests, run with `TEST_HOST=aula`, show that it serves like every other host. `cargo test` does not run
//! this file, because that would build wasmtime; `cargo xtask test --host aula` does.
#![cfg(unix)]

// It has its own tests.
#[path = "support/response.rs"]
mod response;
#[allow(dead_code)]
#[path = "../hosts/native/src/texts.rs"]
mod texts;

use response::Response;
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

/// How long a test waits for something that should happen at once.
const PATIENCE: Duration = Duration::from_secs(30);

/// More than the system buffers for a client that does not read, in bytes.
const LARGE: usize = 24 << 20;

/// A folder to serve, and one for compiled code.
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
        // The host passes its environment on to the component.
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

    /// The files with compiled code.
    fn compiled(&self) -> Vec<PathBuf> {
        let folder = self.cache.path().join("aula/compiled");
        let entries = fs::read_dir(folder).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

struct Server {
    child: Child,
    address: SocketAddr,
    /// The lines that it prints on stderr.
    said: Receiver<String>,
}

impl Server {
    /// Starts it, and waits for the ready line.
    fn start(command: Command) -> Self {
        let (server, mut stdout) = Self::start_unread(command);
        thread::spawn(move || io::copy(&mut stdout, &mut io::sink()));
        server
    }

    /// Starts it, and returns its unread log.
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
        let first = said.recv_timeout(PATIENCE).expect("it prints a line");
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

    fn get(&self, path: &str) -> Response {
        let mut stream = self.connect();
        ask(&mut stream, path, "close");
        Response::read_last(&mut stream, "GET")
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

/// Fails unless the command ends with this exit code and one line on stderr that contains these parts.
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
fn on_sigterm_and_ctrl_c_an_idle_server_ends_with_0_even_if_connections_are_open() {
    for signal in ["TERM", "INT"] {
        let site = Site::new();
        let mut server = site.serve(&[]);
        let mut idle = server.connect();
        assert!(server.get("/hello.txt").text() == "hello");
        server.signal(signal);
        assert_eq!(server.end().code(), Some(0), "{signal:?}");
        assert_eq!(idle.read(&mut [0]).unwrap_or(0), 0, "the connection is closed");
    }
}

#[test]
fn on_sigterm_current_exchanges_are_completed_and_no_connection_is_accepted() {
    let site = Site::new().with_large_file();
    let mut server = site.serve(&[]);
    let mut slow = server.connect();
    ask(&mut slow, "/large.bin", "keep-alive");
    let mut start = [0; 1024];
    slow.read_exact(&mut start).unwrap();
    server.signal("TERM");
    // The server stops listening as soon as it has noticed the signal.
    let deadline = Instant::now() + PATIENCE;
    while TcpStream::connect(server.address).is_ok() {
        assert!(Instant::now() < deadline, "it still accepts connections");
        thread::sleep(Duration::from_millis(5));
    }
    let response = Response::read_last(&mut start.as_slice().chain(slow), "GET");
    assert_eq!(response.content.len(), LARGE, "the download is complete");
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
    assert!(server.child.try_wait().unwrap().is_none(), "a download is in progress");
    server.signal("TERM");
    assert_eq!(server.end().code(), Some(130));
}

// Threads.

#[test]
fn threads_share_one_port_and_print_one_ready_line() {
    let site = Site::new();
    let mut server = site.serve(&["--threads", "3"]);
    let mut streams: Vec<_> = (0..60).map(|_| server.connect()).collect();
    for stream in &mut streams {
        ask(stream, "/hello.txt", "keep-alive");
    }
    for stream in &mut streams {
        assert_eq!(Response::read(stream, "GET").status(), 200);
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
fn a_port_in_use_is_noticed_with_threads_too() {
    let site = Site::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    assert_fails(
        site.command(&["--threads", "2", "--port", &port]),
        1,
        &["in use", &port],
    );
    // Another `aula` uses the port, with which it could be shared.
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
fn compiled_code_is_kept_readable_for_its_user_only_and_used_again() {
    let site = Site::new();
    assert!(site.serve(&[]).get("/hello.txt").text() == "hello");
    let [file] = &site.compiled()[..] else {
        panic!("one file: {:?}", site.compiled());
    };
    let before = fs::metadata(file).unwrap();
    assert_eq!(before.permissions().mode() & 0o777, 0o600);
    assert!(site.serve(&[]).get("/hello.txt").text() == "hello");
    let after = fs::metadata(file).unwrap();
    assert_eq!(
        before.modified().unwrap(),
        after.modified().unwrap(),
        "it was not written again"
    );
}

#[test]
fn damaged_or_writable_compiled_code_is_not_run_but_replaced() {
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
        assert!(site.serve(&[]).get("/hello.txt").text() == "hello", "{what}");
        assert!(fs::read(&file).unwrap() == good, "replaced: {what}");
    }
    let old = fs::metadata(&file).unwrap().modified().unwrap();
    fs::set_permissions(&file, PermissionsExt::from_mode(0o620)).unwrap();
    assert!(site.serve(&[]).get("/hello.txt").text() == "hello");
    let new = fs::metadata(&file).unwrap();
    assert_eq!(
        new.permissions().mode() & 0o777,
        0o600,
        "others might have written to it"
    );
    assert_ne!(new.modified().unwrap(), old);
}

#[test]
fn compiled_code_of_another_user_or_component_is_not_run_but_replaced() {
    let site = Site::new();
    drop(site.serve(&[]));
    let file = site.compiled().remove(0);
    let good = fs::read(&file).unwrap();
    let is_replaced = |what: &str| {
        assert!(site.serve(&[]).get("/hello.txt").text() == "hello", "{what}");
        let metadata = fs::symlink_metadata(&file).unwrap();
        assert!(metadata.is_file(), "replaced: {what}");
        assert!(fs::read(&file).unwrap() == good, "replaced: {what}");
        metadata.uid()
    };
    // A link to valid code.
    let elsewhere = site.cache.path().join("elsewhere");
    fs::rename(&file, &elsewhere).unwrap();
    symlink(&elsewhere, &file).unwrap();
    let us = is_replaced("a link");
    // Code of another component. Code of another version of wasmtime, or for other settings, would be the same case.
    let mut check = site.bare();
    check.args(["check", "--help"]);
    assert!(output(check).status.success());
    let others = site.compiled().into_iter().find(|other| *other != file).unwrap();
    fs::copy(others, &file).unwrap();
    is_replaced("another component's");
    // Only root can change the owner of a file; in a container the tests run as root.
    const NOBODY: u32 = 65_534;
    if us == 0 {
        chown(&file, Some(NOBODY), Some(NOBODY)).unwrap();
        assert_eq!(is_replaced("another user's"), us);
    }
}

#[test]
fn without_a_folder_for_it_code_is_compiled_each_time() {
    let site = Site::new();
    let mut command = site.command(&[]);
    command.env("XDG_CACHE_HOME", "/proc/none");
    assert!(Server::start(command).get("/hello.txt").text() == "hello");
}

// What a component may import.

#[test]
fn a_component_that_imports_more_than_a_server_needs_is_not_started() {
    let site = Site::new();
    // The checker connects to others and writes reports.
    let checker = xtask::checker().unwrap();
    let mut command = site.command(&[]);
    command.arg("--component").arg(checker);
    assert_fails(command, 1, &["[method]descriptor.write", "implementation is missing"]);
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
fn a_client_that_never_reads_is_closed_at_its_deadline() {
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
    assert!(server.get("/hello.txt").text() == "hello", "another client is served");
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

/// Requests the small file, which adds a long line with this number to the log.
fn request_with_a_long_line(stream: &mut TcpStream, number: usize) {
    let filler = "x".repeat(4000);
    let request = format!("GET /hello.txt HTTP/1.1\r\nHost: a\r\nUser-Agent: <{number}>{filler}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    assert_eq!(Response::read(stream, "GET").text(), "hello");
}

#[test]
fn an_unread_log_does_not_stop_the_server_which_then_prints_how_many_lines_it_dropped() {
    const REQUESTS: usize = 300;
    let site = Site::new();
    let (mut server, stdout) = Server::start_unread(site.command(&["--log", "combined"]));
    let mut stream = server.connect();
    // More than all the buffers on the way hold: 64 KiB in the pipe, 64 KiB and the current write in the host, 128 KiB
    // in the server.
    for number in 0..REQUESTS {
        request_with_a_long_line(&mut stream, number);
    }
    let (sender, log) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    let said = iter::from_fn(|| server.said.recv_timeout(PATIENCE).ok()).find(|line| line.contains("dropped"));
    let said = said.expect("it prints how many lines were dropped");
    let dropped: usize = said.split(' ').find_map(|word| word.parse().ok()).unwrap();
    // From then on no line is missing.
    request_with_a_long_line(&mut stream, REQUESTS);
    server.signal("TERM");
    assert_eq!(server.end().code(), Some(0));
    let lines: Vec<_> = log.iter().collect();
    assert_eq!(lines.len() + dropped, REQUESTS + 1, "{said}");
    assert!(lines.last().unwrap().contains(&format!("<{REQUESTS}>")), "the last one");
}

#[test]
fn without_free_descriptors_it_prints_one_line_and_continues() {
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
    assert!(server.get("/hello.txt").text() == "hello");
}

// The command line.

#[test]
fn every_mistake_gets_one_line_with_the_cause_and_the_cure() {
    let site = Site::new();
    let with = |arguments: &[&str]| {
        let mut command = site.bare();
        command.args(arguments);
        command
    };
    assert_fails(with(&["no-such-folder"]), 1, &["no-such-folder", "no such folder"]);
    let behind = ["--threads", "2", "--max-memory=64", "no-such-folder"];
    assert_fails(with(&behind), 1, &["no-such-folder", "no such folder"]);
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
fn the_help_has_the_options_of_the_program_and_of_the_server() {
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
        assert!(
            !help.contains("wasmtime"),
            "it shows the command line of another host: {help}"
        );
    }
}

// The addresses: tests/support/qr.rs reads the drawings in the tests of hosts/announce.

/// The lines on stderr up to the first one that begins with one of these.
fn lines_until(mut command: Command, last: &[&str]) -> Vec<String> {
    let mut child = command.spawn().unwrap();
    let mut lines = Vec::new();
    for line in BufReader::new(child.stderr.take().unwrap()).lines() {
        let line = line.unwrap();
        let is_last = last.iter().any(|begin| line.starts_with(begin));
        lines.push(line);
        if is_last {
            break;
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    lines
}

#[test]
fn a_browser_is_opened_and_it_is_said_why_nothing_is_drawn() {
    let site = Site::new();
    // The program by which a browser is opened on a system with a desktop.
    let programs = tempfile::tempdir().unwrap();
    let (browser, opened) = (programs.path().join("xdg-open"), programs.path().join("opened"));
    let script = format!(
        "#!/bin/sh\necho \"$1\" > '{0}.new'; mv '{0}.new' '{0}'\n",
        opened.display()
    );
    fs::write(&browser, script).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let path = iter::once(programs.path().to_owned()).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(path).unwrap();

    let mut command = site.command(&["--open", "--qr", "--threads", "2"]);
    command.env("PATH", path);
    let lines = lines_until(command, &["aula: --qr"]);
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[1].starts_with("Serving "), "{lines:?}");
    assert!(
        lines[2].starts_with("aula: --qr: the server listens on this machine alone"),
        "{lines:?}"
    );
    let start = Instant::now();
    while !opened.exists() {
        assert!(start.elapsed() < PATIENCE, "no browser was started");
        thread::sleep(Duration::from_millis(5));
    }
    let url = lines[0].strip_prefix("Listening on ").unwrap();
    assert_eq!(fs::read_to_string(opened).unwrap(), format!("{url}\n"));
}

#[test]
fn on_all_addresses_qr_draws_one_or_says_that_there_is_none() {
    let site = Site::new();
    for (lang, first, no_network) in [
        ("en", "Listening on ", "aula: --qr: this machine is in no network"),
        (
            "es",
            "Escuchando en ",
            "aula: --qr: esta máquina no está en ninguna red",
        ),
    ] {
        let mut command = site.bare();
        command
            .arg(site.folder.path())
            .args(["--port", "0", "--qr", "--lang", lang]);
        // Below the drawing is its address.
        let lines = lines_until(command, &[no_network, "  http://"]);
        let last = lines.last().unwrap();
        assert!(lines[0].starts_with(first), "{lines:?}");
        let is_drawn = lines.iter().any(|line| line.contains('█'));
        assert!(
            is_drawn != (last == no_network) && (is_drawn == last.starts_with("  http://")),
            "{lines:?}"
        );
    }
}

#[test]
fn without_a_terminal_only_an_option_adds_to_the_first_lines() {
    let site = Site::new();
    let mut command = site.bare();
    command.arg(site.folder.path()).args(["--port", "0", "--requests", "1"]);
    let mut server = Server::start(command);
    assert_eq!(server.get("/hello.txt").status(), 200);
    server.end();
    let said: Vec<_> = server.said.iter().collect();
    assert_eq!(said.len(), 1, "the second half of the ready line: {said:?}");
}

#[test]
fn the_checker_is_included_and_may_connect() {
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
