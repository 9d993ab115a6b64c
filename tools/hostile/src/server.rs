//! The runtime's process: it is started on a free port, watched in `/proc`, and killed when its owner is dropped.

use super::locked;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

/// The clock ticks per second in which `/proc` counts CPU time: 100 on every Linux.
const TICKS: f64 = 100.0;

/// A host and a component.
#[derive(Clone)]
pub(super) struct Host {
    program: PathBuf,
    pub(super) is_aula: bool,
    pub(super) component: PathBuf,
}

impl Host {
    /// The host with this name, `wasmtime` or `aula`, and the server as it is.
    pub(super) fn named(name: &str) -> Result<Self> {
        let is_aula = match name {
            "aula" => true,
            "wasmtime" => false,
            _ => bail!("--host {name}: give wasmtime or aula"),
        };
        Ok(Self {
            program: if is_aula { xtask::aula()? } else { xtask::wasmtime()? },
            is_aula,
            component: xtask::component()?,
        })
    }

    /// The same with another component.
    pub(super) fn with(&self, component: PathBuf) -> Self {
        Self {
            component,
            ..self.clone()
        }
    }
}

/// A running server.
pub(super) struct Server {
    child: Child,
    pub(super) address: SocketAddr,
    said: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Serves `folder`, with at most `memory` MiB. The access log is written, and discarded.
    pub(super) fn start(host: &Host, folder: &Path, memory: Option<u32>, options: &[String]) -> Result<Self> {
        let mut grant = folder.as_os_str().to_owned();
        grant.push("::www");
        let mut command = Command::new(&host.program);
        if host.is_aula {
            command.arg(grant).arg("--component").arg(&host.component);
            command.args(memory.map(|mebibytes| format!("--max-memory={mebibytes}")));
        } else {
            command.args(["run", "-S", "inherit-network"]);
            command.args(memory.map(|mebibytes| format!("-Wmax-memory-size={}", mebibytes << 20)));
            command.arg("--dir").arg(grant).arg(&host.component);
        }
        let mut child = command
            .args(["--host", "127.0.0.1", "--port", "0"])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {}", host.program.display()))?;
        let mut stderr = BufReader::new(child.stderr.take().context("no pipe")?);
        let mut ready = String::new();
        stderr.read_line(&mut ready)?;
        let address = ready
            .trim_end()
            .strip_prefix("Listening on http://")
            .and_then(|rest| rest.strip_suffix('/'));
        let address = address.and_then(|address| address.parse().ok());
        let said = Arc::new(Mutex::new(Vec::new()));
        let lines = Arc::clone(&said);
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                locked(&lines).push(line);
            }
        });
        let mut server = Self {
            child,
            address: SocketAddr::from(([0, 0, 0, 0], 0)),
            said,
        };
        server.address = address.with_context(|| format!("no ready line: {ready:?}"))?;
        Ok(server)
    }

    /// Limits the number of its descriptors.
    pub(super) fn limit_descriptors(&self, count: u32) -> Result<()> {
        let id = self.child.id().to_string();
        let limit = format!("--nofile={count}");
        let status = Command::new("prlimit").args([&limit, "--pid", &id]).status();
        ensure!(status.context("prlimit is needed")?.success(), "prlimit failed");
        Ok(())
    }

    /// How it ended, if it has.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// The last lines that it wrote on stderr.
    pub(super) fn said(&self) -> String {
        let lines = locked(&self.said);
        lines[lines.len().saturating_sub(10)..].join(" | ")
    }

    /// Its resident memory in KiB, or 0 if it is not known.
    pub(super) fn memory(&self) -> i64 {
        let status = self.proc("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok())
            .unwrap_or(0)
    }

    /// The CPU time that it has used, in seconds.
    pub(super) fn cpu_seconds(&self) -> f64 {
        let stat = self.proc("stat");
        // The second word is the program's name, in parentheses; user and system time are the 14th and 15th.
        let words = stat.rsplit_once(") ").map_or("", |(_, words)| words).split_whitespace();
        words
            .skip(11)
            .take(2)
            .filter_map(|ticks| ticks.parse::<f64>().ok())
            .sum::<f64>()
            / TICKS
    }

    /// How long its threads have waited for a core, in seconds. The machine is responsible for this, not the server.
    pub(super) fn starved_seconds(&self) -> f64 {
        let threads = fs::read_dir(format!("/proc/{}/task", self.child.id()));
        let statistics = threads
            .into_iter()
            .flatten()
            .flatten()
            .map(|thread| thread.path().join("schedstat"));
        // Nanoseconds on a core, and waiting for one.
        let waited = |path| fs::read_to_string(path).ok()?.split(' ').nth(1)?.parse::<f64>().ok();
        statistics.filter_map(waited).sum::<f64>() / 1e9
    }

    /// The number of its open sockets.
    pub(super) fn sockets(&self) -> usize {
        let descriptors = fs::read_dir(format!("/proc/{}/fd", self.child.id()));
        let links = descriptors
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| fs::read_link(entry.path()).ok());
        links
            .filter(|link| link.to_string_lossy().starts_with("socket:"))
            .count()
    }

    fn proc(&self, file: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
