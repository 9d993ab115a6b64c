//! A running server. It is killed when it is dropped.

use super::Bench;
use super::files::Served;
use super::interrupt;
use super::usage::{self, Usage};
use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use std::env;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server may take to start, and to end: much longer than any needs.
const PATIENCE: Duration = Duration::from_secs(10);

/// The backlog: the same for all servers, because their defaults differ (128 to 1024), and a thousand simultaneous
/// connections must not depend on them.
const BACKLOG: &str = "1024";

/// The options of Aula, which allow 10,000 connections from one address for a minute.
const AULA_OPTIONS: &[&str] = &[
    "--host",
    "127.0.0.1",
    "--port",
    "0",
    "--backlog",
    BACKLOG,
    "--max-connections",
    "12000",
    "--idle-timeout",
    "300",
];

/// How to start a server. None if the machine does not have it.
type Start = fn(&Bench) -> Result<Option<Server>>;

/// A server and its process.
pub(super) struct Server {
    /// Its name in tables.
    pub(super) name: &'static str,
    /// The address on which it listens.
    pub(super) address: SocketAddr,
    /// How long it took from the start of its process until it was ready.
    pub(super) start: Duration,
    process: Process,
}

impl Server {
    /// How to start each kind of server that is compared, without an access log. Ours is the first.
    pub(super) const KINDS: [Start; 4] = [
        |bench| Self::aula(bench).map(Some),
        |bench| Self::wasmtime(bench).map(Some),
        Self::nginx,
        Self::lighttpd,
    ];

    /// Our own host, on one thread, without an access log: `aula SITE`.
    pub(super) fn aula(bench: &Bench) -> Result<Self> {
        Self::aula_with(bench, &["--log", "off"])
    }

    /// `aula SITE`, with these options.
    pub(super) fn aula_with(bench: &Bench, options: &[&str]) -> Result<Self> {
        let mut command = Command::new(&bench.aula);
        command.arg(&bench.site).args(options);
        Self::ours("aula", bench, command)
    }

    /// In the way that every runtime supports, without an access log: `wasmtime run -S inherit-network --dir SITE
    /// server.wasm`.
    pub(super) fn wasmtime(bench: &Bench) -> Result<Self> {
        Self::wasmtime_with(bench, &bench.component, &[])
    }

    /// The same from the file `component`, with these options of wasmtime's.
    pub(super) fn wasmtime_with(bench: &Bench, component: &Path, runtime: &[&str]) -> Result<Self> {
        let mut command = Command::new(&bench.tools.wasmtime);
        command.args(["run", "-S", "inherit-network"]).args(runtime);
        command
            .arg("--dir")
            .arg(&bench.site)
            .arg(component)
            .args(["--log", "off"]);
        Self::ours("wasmtime run", bench, command)
    }

    /// The handler under wasmtime's own HTTP server: `wasmtime serve --dir SITE::www handler.wasm`.
    pub(super) fn handler(bench: &Bench) -> Result<Self> {
        let address = free_address()?;
        let mut grant = bench.site.as_os_str().to_owned();
        grant.push("::www");
        let mut command = Command::new(&bench.tools.wasmtime);
        command.args(["serve", "--addr", &address.to_string(), "-S", "cli"]);
        // The runtime that the project builds has no pooling allocator, which `serve` otherwise asks for.
        command.args(["-O", "pooling-allocator=n", "--dir"]).arg(grant);
        command.arg(xtask::handler()?);
        Self::listening("wasmtime serve", address, command)
    }

    /// Starts our server under either host, with the options that hold for both.
    fn ours(name: &'static str, bench: &Bench, mut command: Command) -> Result<Self> {
        command
            .args(AULA_OPTIONS)
            // With a log in a file, for the row that measures it.
            .stdout(File::create(bench.scratch.path().join("aula.log"))?)
            .stderr(Stdio::piped());
        let started = Instant::now();
        let mut process = Process::start(command)?;
        let address = ready_line(&mut process)?;
        Ok(Self {
            name,
            address,
            start: started.elapsed(),
            process,
        })
    }

    /// nginx as the goals name it: one worker, `sendfile`, `open_file_cache`, no access log. `None` where there is no
    /// nginx.
    pub(super) fn nginx(bench: &Bench) -> Result<Option<Self>> {
        Self::nginx_workers(bench, 1)
    }

    /// The same with more workers.
    pub(super) fn nginx_workers(bench: &Bench, workers: usize) -> Result<Option<Self>> {
        let address = free_address()?;
        let site = bench.site.display();
        let configuration = format!(
            "worker_processes {workers};
             http {{
                 {NGINX_HTTP}
                 sendfile on;
                 open_file_cache max=1000;
                 keepalive_timeout 300;
                 server {{ listen {address} backlog={BACKLOG}; root {site}; }}
             }}"
        );
        Self::nginx_with(bench, address, &configuration)
    }

    /// nginx with this configuration, and with what every configuration needs here.
    pub(super) fn nginx_with(bench: &Bench, address: SocketAddr, configuration: &str) -> Result<Option<Self>> {
        let Some(nginx) = &bench.tools.nginx else {
            return Ok(None);
        };
        // Each nginx has its own folder, named after its address, which is unique.
        let prefix = bench.scratch.path().join(format!("nginx-{}", address.port()));
        fs::create_dir(&prefix)?;
        let file = prefix.join("nginx.conf");
        fs::write(&file, format!("{NGINX_MAIN}\n{configuration}\n"))?;
        let mut command = Command::new(nginx);
        command
            .arg("-p")
            .arg(&prefix)
            .arg("-c")
            .arg(&file)
            .args(["-e", "stderr"]);
        Self::listening("nginx", address, command).map(Some)
    }

    /// The floor, which sends every client the bytes of `file` (see `floor`), and then closes if `closes`.
    pub(super) fn floor(bench: &Bench, file: &Served, closes: bool) -> Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(env::current_exe()?);
        command
            .args(["floor", &address.to_string()])
            .arg(bench.site.join(file.name))
            .arg(if closes { "close" } else { "keep-alive" });
        Self::listening("the floor", address, command)
    }

    /// lighttpd without an access log. `None` where there is no lighttpd.
    pub(super) fn lighttpd(bench: &Bench) -> Result<Option<Self>> {
        let Some(lighttpd) = &bench.tools.lighttpd else {
            return Ok(None);
        };
        let address = free_address()?;
        let configuration = format!(
            "server.document-root = \"{site}\"
             server.bind = \"{ip}\"
             server.port = {port}
             server.listen-backlog = {BACKLOG}
             server.max-fds = 16384
             server.max-connections = 16000
             server.max-keep-alive-requests = 65535
             server.max-keep-alive-idle = 300
             mimetype.assign = ( \"\" => \"application/octet-stream\" )\n",
            site = bench.site.display(),
            ip = address.ip(),
            port = address.port()
        );
        let file = bench.scratch.path().join("lighttpd.conf");
        fs::write(&file, configuration)?;
        let mut command = Command::new(lighttpd);
        command.arg("-D").arg("-f").arg(&file);
        Self::listening("lighttpd", address, command).map(Some)
    }

    /// `python3 -m http.server`, with which many classes begin. None if there is no Python.
    pub(super) fn python(bench: &Bench) -> Result<Option<Self>> {
        let Some(python) = &bench.tools.python else {
            return Ok(None);
        };
        let address = free_address()?;
        let mut command = Command::new(python);
        command
            .args(["-m", "http.server", "--bind", "127.0.0.1", "--directory"])
            .arg(&bench.site)
            .arg(address.port().to_string());
        Self::listening("python3", address, command).map(Some)
    }

    /// Starts a server that prints no ready line, and waits until it accepts a connection.
    fn listening(name: &'static str, address: SocketAddr, mut command: Command) -> Result<Self> {
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let started = Instant::now();
        let mut process = Process::start(command)?;
        let accepts = || match process.child.try_wait()? {
            Some(status) => bail!("{name} ended ({status}): {}", process.said()),
            None => Ok(TcpStream::connect(address).ok()),
        };
        if interrupt::wait_until(started + PATIENCE, accepts)?.is_none() {
            bail!("{name} does not accept at {address}");
        }
        process.forget_stderr();
        Ok(Self {
            name,
            address,
            start: started.elapsed(),
            process,
        })
    }

    /// The processor time and memory that it has used so far.
    pub(super) fn usage(&self) -> Result<Usage> {
        usage::of(self.process.child.id())
    }
}

/// What every nginx needs here: to stay our child, and to allow as many connections as we open.
const NGINX_MAIN: &str = "
    daemon off; pid nginx.pid;
    worker_rlimit_nofile 16384;
    events { worker_connections 16384; }";

/// The same for its `http` block. The paths are below its prefix, and not where the system's nginx has its own.
pub(super) const NGINX_HTTP: &str = "
    access_log off; keepalive_requests 1000000000;
    default_type application/octet-stream;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;";

/// A free port. If another process takes it before our server does, the server fails with an error.
pub(super) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// Waits for `Listening on http://ADDRESS/`, and starts a thread that reads the later output.
fn ready_line(process: &mut Process) -> Result<SocketAddr> {
    let stderr = process.child.stderr.take().context("no pipe")?;
    let (lines, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let _ = lines.send(line); // Nobody waits for it once the server is ready.
        }
    });
    let deadline = Instant::now() + PATIENCE;
    let mut said = String::new();
    loop {
        interrupt::check()?;
        match receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                let url = line.strip_prefix("Listening on http://");
                if let Some(address) = url.and_then(|rest| rest.trim_end_matches('/').parse().ok()) {
                    return Ok(address);
                }
                said.push_str(&line);
                said.push('\n');
            }
            Err(RecvTimeoutError::Timeout) => bail!("aula is not ready: {said}"),
            Err(RecvTimeoutError::Disconnected) => bail!("aula ended: {said}"),
        }
    }
}

/// A child process, which is killed when this is dropped.
struct Process {
    child: Child,
}

impl Process {
    fn start(mut command: Command) -> Result<Self> {
        command.stdin(Stdio::null());
        let child = command.spawn();
        let child = child.with_context(|| format!("cannot run {}", command.get_program().display()))?;
        Ok(Self { child })
    }

    /// The rest of stderr of a process that has ended.
    fn said(&mut self) -> String {
        let mut said = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            let _ = stderr.read_to_string(&mut said);
        }
        said
    }

    /// Reads on, so that the process never waits for a reader.
    fn forget_stderr(&mut self) {
        if let Some(mut stderr) = self.child.stderr.take() {
            thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // SIGTERM first: nginx then ends its worker, which SIGKILL would leave behind.
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let deadline = Instant::now() + PATIENCE;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(2));
        }
        let _ = self.child.kill(); // Does nothing to one that has ended.
        let _ = self.child.wait();
    }
}
