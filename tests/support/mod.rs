//! A real server for a test: the built component under a real host, at a port of its own, which ends with the test.
//! When the test fails, it shows what the server said.
//!
//! The host is `wasmtime run`, or the one that `TEST_HOST` names. What needs wasmtime's own command line ([`Start::runtime`])
//! runs under wasmtime in any case.

// Each test binary uses what it needs.
#![allow(dead_code)]

use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::iter;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How long a test waits for what should come at once. Far more than is ever needed: it only ends a test that hangs.
pub const PATIENCE: Duration = Duration::from_secs(20);

static COMPONENT: LazyLock<PathBuf> = LazyLock::new(|| xtask::component().expect("the component is built"));
static WASMTIME: LazyLock<PathBuf> = LazyLock::new(|| xtask::wasmtime().expect("there is a runtime"));

/// What the component runs in.
enum Host {
    /// `wasmtime run`, the reference.
    Wasmtime,
    /// Our own host, `hosts/native`, with the component inside.
    Aula(PathBuf),
    /// The Python package, as its users have it: the program of the built wheel, installed.
    Python(PathBuf),
    /// jco on Node.js: the program `hosts/jco/serve.mjs`, beside what jco made of the component.
    Jco(PathBuf),
}

/// `TEST_HOST` chooses it.
static HOST: LazyLock<Host> = LazyLock::new(|| match env::var("TEST_HOST").as_deref() {
    Err(_) | Ok("wasmtime") => Host::Wasmtime,
    Ok("aula") => Host::Aula(xtask::aula().expect("our host is built")),
    Ok("python") => Host::Python(xtask::installed_wheel().expect("the wheel is installed")),
    Ok("jco") => Host::Jco(xtask::jco_server().expect("jco is installed")),
    Ok(other) => panic!("TEST_HOST={other}: give wasmtime, aula, python or jco"),
});

/// How to start a server.
pub struct Start {
    /// Whether it may listen.
    has_network: bool,
    /// Options of wasmtime's.
    runtime_options: Vec<String>,
    environment: Vec<(String, String)>,
    /// The most memory that it may have, in MiB.
    memory: Option<u32>,
    folder: Option<PathBuf>,
    options: Vec<String>,
    is_unheard: bool,
}

impl Start {
    /// With the network and `www`, at a free port of 127.0.0.1, with these options of the server's own.
    pub fn with(options: &[&str]) -> Self {
        let mut all = vec![
            "--host".to_owned(),
            "127.0.0.1".to_owned(),
            "--port".to_owned(),
            "0".to_owned(),
        ];
        all.extend(options.iter().map(|&option| option.to_owned()));
        Self {
            folder: Some(xtask::root().join("www")),
            options: all,
            ..Self::bare().network()
        }
    }

    /// Nothing granted, no option: for tests of what then happens.
    pub fn bare() -> Self {
        Self {
            has_network: false,
            runtime_options: Vec::new(),
            environment: Vec::new(),
            memory: None,
            folder: None,
            options: Vec::new(),
            is_unheard: false,
        }
    }

    /// Grants this folder instead.
    pub fn folder(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// Lets nobody read its stdout: whoever did has left.
    pub fn unheard(mut self) -> Self {
        self.is_unheard = true;
        self
    }

    /// Grants the network.
    pub fn network(mut self) -> Self {
        self.has_network = true;
        self
    }

    /// Grants no more memory than this, in MiB.
    pub fn memory(mut self, most: u32) -> Self {
        self.memory = Some(most);
        self
    }

    /// Passes an environment variable on.
    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds an option of wasmtime's: for a test of what only wasmtime has, and so runs under it in any case.
    pub fn runtime(mut self, options: &[&str]) -> Self {
        self.runtime_options
            .extend(options.iter().map(|&option| option.to_owned()));
        self
    }

    /// Adds options of the server's.
    pub fn options(mut self, options: &[&str]) -> Self {
        self.options.extend(options.iter().map(|&option| option.to_owned()));
        self
    }

    fn command(&self) -> Command {
        // Only wasmtime can withhold the network, or a folder.
        let folder = self.folder.as_ref();
        let folder = folder.filter(|_| self.has_network && self.runtime_options.is_empty());
        let mut command = match (&*HOST, folder) {
            (Host::Aula(program), Some(folder)) => {
                let mut command = self.aula(program);
                command.arg(as_www(folder));
                if let Some(memory) = self.memory {
                    command.arg("--max-memory").arg(memory.to_string());
                }
                command
            }
            (Host::Python(program), Some(folder)) => {
                let mut command = self.aula(program);
                command.arg(folder).arg("--component").arg(COMPONENT.as_path());
                command
            }
            (Host::Jco(program), Some(folder)) => {
                let mut command = self.aula(Path::new("node"));
                command.arg(program).arg(folder);
                command
            }
            (Host::Wasmtime, _) | (_, None) => self.wasmtime(),
        };
        command.args(&self.options).stdin(Stdio::null());
        command
    }

    fn wasmtime(&self) -> Command {
        let mut command = Command::new(WASMTIME.as_path());
        command.arg("run");
        if self.has_network {
            command.args(["-S", "inherit-network"]);
        }
        if let Some(memory) = self.memory {
            command.arg("-W").arg(format!("max-memory-size={}", memory << 20));
        }
        command.args(&self.runtime_options);
        for (name, value) in &self.environment {
            command.arg("--env").arg(format!("{name}={value}"));
        }
        if let Some(folder) = &self.folder {
            command.arg("--dir").arg(as_www(folder));
        }
        command.arg(COMPONENT.as_path());
        command
    }

    /// Our own hosts pass their environment on: what of it is ours is taken away.
    fn aula(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AULA_")) {
            command.env_remove(name);
        }
        for name in ["LANG", "LC_ALL", "LC_MESSAGES", "NO_COLOR"] {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs to the end: for starts that fail, and for `--requests`.
    pub fn output(&self) -> Output {
        self.command().output().expect("the runtime runs")
    }

    /// Like [`Start::output`], for a start that is expected to fail: if it serves instead, that is a failed test and not
    /// one that hangs.
    pub fn output_within(&self, patience: Duration) -> Output {
        let mut command = self.command();
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the runtime runs");
        child.stdout.take_if(|_| self.is_unheard);
        let deadline = Instant::now() + patience;
        while child.try_wait().expect("it is our child").is_none() {
            if Instant::now() > deadline {
                child.kill().expect("it is our child");
                panic!("{command:?} did not end: {:?}", child.wait_with_output());
            }
            thread::sleep(Duration::from_millis(5));
        }
        child.wait_with_output().expect("it has ended")
    }

    /// Starts, and waits for the ready line.
    pub fn serve(self) -> Server {
        let mut child = self
            .command()
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the runtime runs");
        let said = Arc::new(Mutex::new(String::new()));
        let (_, lines) = collect(child.stderr.take().unwrap(), "stderr", &said);
        let (log, _) = match child.stdout.take().filter(|_| !self.is_unheard) {
            Some(stdout) => collect(stdout, "stdout", &said),
            None => (channel().1, channel().1),
        };
        // Warnings stand before the ready line.
        let address =
            iter::from_fn(|| lines.recv_timeout(Duration::from_secs(60)).ok()).find_map(|l| ready_address(&l));
        let server = Server {
            child,
            address: address.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0))),
            log,
            said,
        };
        assert!(address.is_some(), "no ready line");
        server
    }
}

/// A folder to grant under the name `www`.
fn as_www(folder: &Path) -> OsString {
    let mut grant = folder.as_os_str().to_owned();
    grant.push("::www");
    grant
}

/// Whether the host sends larger files by `splice`.
pub fn splices() -> bool {
    matches!(*HOST, Host::Aula(_))
}

/// Calls a stage of the server's, as in `parse("GET / ...")`, with `www` granted.
pub fn invoke(call: &str) -> Output {
    let www = xtask::root().join("www");
    match (&*HOST, call.split_once('(')) {
        (Host::Aula(program), Some((stage, argument))) => {
            let argument = argument.strip_suffix(')').expect("a call ends so");
            let mut command = Command::new(program);
            command.args([stage, argument]).arg(as_www(&www));
            command.output().expect("our host runs")
        }
        _ => {
            let start = Start::bare().runtime(&["--invoke", call]);
            start.folder(&www).output_within(PATIENCE)
        }
    }
}

/// `Listening on http://ADDRESS:PORT/`, in either language.
fn ready_address(line: &str) -> Option<SocketAddr> {
    line.strip_prefix("Listening on ")
        .or_else(|| line.strip_prefix("Escuchando en "))?
        .strip_prefix("http://")?
        .trim_end()
        .strip_suffix('/')?
        .parse()
        .ok()
}

/// Passes a pipe's lines on, twice, and keeps them for a failure.
fn collect(
    pipe: impl Read + Send + 'static,
    name: &'static str,
    said: &Arc<Mutex<String>>,
) -> (Receiver<String>, Receiver<String>) {
    let (first, first_receiver) = channel();
    let (second, second_receiver) = channel();
    let said = Arc::clone(said);
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            said.lock().unwrap().push_str(&format!("{name}: {line}\n"));
            // A test that does not read them is content without.
            let _ = first.send(line.clone());
            let _ = second.send(line);
        }
    });
    (first_receiver, second_receiver)
}

/// A running server; dropped, it is ended.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    log: Receiver<String>,
    said: Arc<Mutex<String>>,
}

impl Server {
    /// Serves `www` with these options.
    pub fn start(options: &[&str]) -> Self {
        Start::with(options).serve()
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// A new connection to it; a read that hangs for [`PATIENCE`] fails.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("the server accepts");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    }

    /// Sends these bytes on a connection of their own, and gives all that comes back until the server ends it.
    pub fn exchange(&self, request: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_ref()).unwrap();
        read_to_end(&mut stream)
    }

    /// Asks for a path with `Connection: close`.
    pub fn get(&self, path: &str) -> String {
        self.exchange(format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
    }

    /// The next line of the access log.
    pub fn log_line(&self) -> String {
        self.log.recv_timeout(PATIENCE).expect("a log line")
    }

    /// What it has said so far, on stderr and stdout.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Waits until it ends by itself; its exit code.
    pub fn wait(&mut self) -> Option<i32> {
        self.child.wait().expect("it is our child").code()
    }

    /// Whether it is still running.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("it is our child").is_none()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("--- what the server said ---\n{}---", self.said());
        }
    }
}

/// Everything until the other side ends; bytes that are no UTF-8 are replaced.
pub fn read_to_end(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    if let Err(error) = stream.read_to_end(&mut bytes) {
        panic!("{error} after {:?}", String::from_utf8_lossy(&bytes));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Splits an answer into its head, without the empty line, and its content.
pub fn split(answer: &str) -> (&str, &str) {
    answer
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("no end of the head: {answer:?}"))
}

/// The status code of an answer.
pub fn status(answer: &str) -> u16 {
    answer
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.get(..3))
        .and_then(|code| code.parse().ok())
        .unwrap_or_else(|| panic!("no status line: {answer:?}"))
}

/// The value of a field of an answer.
pub fn field<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    split(answer).0.lines().skip(1).find_map(|line| {
        let (given, value) = line.split_once(':')?;
        given.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}
