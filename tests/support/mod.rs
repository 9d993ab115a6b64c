//! A real server for a test: the built component under a real host, on its own port. It ends with the test. If the test
//! fails, the output of the server is shown. [`response`] reads responses, [`links`] makes special
//! files, and [`pages`] reads the documentation.
//!
//! The host is `wasmtime run`, or the one that `TEST_HOST` names. Tests that need the command line of wasmtime
//! ([`Start::runtime`]) always run under wasmtime.

// Each test binary uses only a part of this.
#![allow(dead_code)]

pub mod links;
pub mod pages;
pub mod response;

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

/// How long a test waits for something that should happen at once. This is far more than needed: it only ends a test
/// that hangs.
pub const PATIENCE: Duration = Duration::from_secs(20);

static COMPONENT: LazyLock<PathBuf> = LazyLock::new(|| xtask::component().expect("the component is built"));
static WASMTIME: LazyLock<PathBuf> = LazyLock::new(|| xtask::wasmtime().expect("there is a runtime"));

/// The host in which the component runs.
enum Host {
    /// `wasmtime run`, the reference.
    Wasmtime,
    /// The project's own host, `hosts/native`, with the component inside.
    Aula(PathBuf),
    /// The Python package as users have it: the program of the installed wheel.
    Python(PathBuf),
    /// jco on Node.js: the program `hosts/jco/serve.mjs`, and what jco made of the component.
    Jco(PathBuf),
}

/// The host that `TEST_HOST` names.
static HOST: LazyLock<Host> = LazyLock::new(|| match env::var("TEST_HOST").as_deref() {
    Err(_) | Ok("wasmtime") => Host::Wasmtime,
    Ok("aula") => Host::Aula(xtask::aula().expect("our host is built")),
    Ok("python") => Host::Python(xtask::installed_wheel().expect("the wheel is installed")),
    Ok("jco") => Host::Jco(xtask::jco_server().expect("jco is installed")),
    Ok(other) => panic!("TEST_HOST={other}: give wasmtime, aula, python or jco"),
});

/// How to start a server.
pub struct Start {
    /// Whether the network is granted.
    has_network: bool,
    /// Options of wasmtime's.
    runtime_options: Vec<String>,
    environment: Vec<(String, String)>,
    /// The memory limit, in MiB.
    memory: Option<u32>,
    folder: Option<PathBuf>,
    options: Vec<String>,
    has_closed_stdout: bool,
}

impl Start {
    /// A start with the network and `www`, on a free port of 127.0.0.1, with these options of the server.
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

    /// A start without grants and options.
    pub fn bare() -> Self {
        Self {
            has_network: false,
            runtime_options: Vec::new(),
            environment: Vec::new(),
            memory: None,
            folder: None,
            options: Vec::new(),
            has_closed_stdout: false,
        }
    }

    /// Grants this folder instead.
    pub fn folder(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// Closes the reading end of the server's stdout.
    pub fn with_closed_stdout(mut self) -> Self {
        self.has_closed_stdout = true;
        self
    }

    /// Grants the network.
    pub fn network(mut self) -> Self {
        self.has_network = true;
        self
    }

    /// Limits the memory, in MiB.
    pub fn memory(mut self, most: u32) -> Self {
        self.memory = Some(most);
        self
    }

    /// Passes an environment variable on.
    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds an option of wasmtime. The test then always runs under wasmtime.
    pub fn runtime(mut self, options: &[&str]) -> Self {
        self.runtime_options
            .extend(options.iter().map(|&option| option.to_owned()));
        self
    }

    /// Adds options of the server.
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

    /// The project's own hosts pass on their environment, so its `AULA_` variables are removed.
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

    /// Runs the server to its end. This is for starts that fail, and for `--requests`.
    pub fn output(&self) -> Output {
        self.command().output().expect("the runtime runs")
    }

    /// Like [`Start::output`], for a start that is expected to fail. If it serves instead, the test fails instead of
    /// hanging.
    pub fn output_within(&self, patience: Duration) -> Output {
        let mut command = self.command();
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the runtime runs");
        child.stdout.take_if(|_| self.has_closed_stdout);
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
        let (log, _) = match child.stdout.take().filter(|_| !self.has_closed_stdout) {
            Some(stdout) => collect(stdout, "stdout", &said),
            None => (channel().1, channel().1),
        };
        // Warnings come before the ready line.
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

/// Grants this folder under the name `www`.
fn as_www(folder: &Path) -> OsString {
    let mut grant = folder.as_os_str().to_owned();
    grant.push("::www");
    grant
}

/// Whether the host sends larger files by `splice`.
pub fn splices() -> bool {
    matches!(*HOST, Host::Aula(_))
}

/// Calls a stage of the server, as in `parse("GET / ...")`, with `www` granted.
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

/// Passes the lines of a pipe on to two receivers, and keeps them for the case of a failure.
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
            // A test need not read them.
            let _ = first.send(line.clone());
            let _ = second.send(line);
        }
    });
    (first_receiver, second_receiver)
}

/// A running server. It is killed when it is dropped.
pub struct Server {
    child: Child,
    /// The address on which it listens.
    pub address: SocketAddr,
    log: Receiver<String>,
    said: Arc<Mutex<String>>,
}

impl Server {
    /// Starts a server for `www` with these options.
    pub fn start(options: &[&str]) -> Self {
        Start::with(options).serve()
    }

    /// The id of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Opens a connection to the server. A read that hangs for [`PATIENCE`] fails.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("the server accepts");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    }

    /// Sends these bytes on a new connection, and returns everything that the server sends until it closes it.
    pub fn exchange(&self, request: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_ref()).unwrap();
        read_to_end(&mut stream)
    }

    /// The next line of the access log.
    pub fn log_line(&self) -> String {
        self.log.recv_timeout(PATIENCE).expect("a log line")
    }

    /// The output so far, of stderr and stdout.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Waits until the output contains `awaited`, and returns all of it: a response arrives earlier than the lines
    /// about it, which another thread of the host may write and a thread of ours reads.
    pub fn said_with(&self, awaited: &str) -> String {
        let start = Instant::now();
        loop {
            let said = self.said();
            if said.contains(awaited) {
                return said;
            }
            assert!(start.elapsed() < PATIENCE, "no {awaited:?} in\n{said}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until the server ends by itself, and returns its exit code.
    pub fn wait(&mut self) -> Option<i32> {
        self.child.wait().expect("it is our child").code()
    }

    /// Whether the server is still running.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("it is our child").is_none()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("--- output of the server ---\n{}---", self.said());
        }
    }
}

/// Reads everything until the other side closes; bytes that are not UTF-8 are replaced.
pub fn read_to_end(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    if let Err(error) = stream.read_to_end(&mut bytes) {
        panic!("{error} after {:?}", String::from_utf8_lossy(&bytes));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
