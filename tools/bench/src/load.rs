//! One run of wrk, the load generator, against one server, and what the server used meanwhile.

use super::files::{MEDIUM, Served};
use super::server::Server;
use super::usage::Usage;
use super::{Bench, interrupt};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::io::Read;
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How much longer than requested wrk may run before it counts as hung.
const GRACE: Duration = Duration::from_secs(20);

/// Makes wrk print numbers to be read: requests, bytes, then microseconds (the run, its median and slowest percent),
/// and failures of any kind. It has no `request` or `response` function, which would slow wrk down.
const SCRIPT: &str = r#"
done = function(summary, latency)
    local e = summary.errors
    local failed = e.connect + e.read + e.write + e.status + e.timeout
    io.write(string.format("RUN %d %d %d %d %d %d\n", summary.requests, summary.bytes, summary.duration,
        latency:percentile(50), latency:percentile(99), failed))
end
"#;

/// What a run requests.
#[derive(Clone, Copy)]
pub(super) struct Shot {
    /// The number of simultaneous connections.
    pub(super) connections: u32,
    /// The requested file.
    pub(super) file: &'static Served,
    /// Whether each request has its own connection (`Connection: close`).
    pub(super) close: bool,
}

impl Shot {
    /// Requests for this file on this number of persistent connections.
    pub(super) fn persistent(connections: u32, file: &'static Served) -> Self {
        Self {
            connections,
            file,
            close: false,
        }
    }

    /// Whether the speed is measured in bytes, because requests take long and their number says little.
    pub(super) fn is_in_bytes(&self) -> bool {
        self.file.size >= MEDIUM.size
    }
}

/// The result of a run.
#[derive(Clone, Copy)]
pub(super) struct Run {
    /// How long it lasted, in seconds.
    pub(super) seconds: f64,
    /// Complete responses.
    pub(super) requests: f64,
    /// Bytes received, heads and incomplete responses included.
    pub(super) bytes: f64,
    /// The median time to a response, in milliseconds.
    pub(super) median: f64,
    /// The time that 99 % of the responses did not exceed, in milliseconds.
    pub(super) slowest: f64,
    /// Requests without a response, or with a status other than 2xx and 3xx.
    pub(super) failed: f64,
    /// What the server used.
    pub(super) usage: Usage,
}

/// What is loaded: an address, and the servers whose use of the machine counts.
pub(super) struct Target<'a> {
    pub(super) address: SocketAddr,
    pub(super) servers: Vec<&'a Server>,
}

impl<'a> From<&'a Server> for Target<'a> {
    fn from(server: &'a Server) -> Self {
        Self {
            address: server.address,
            servers: vec![server],
        }
    }
}

impl Target<'_> {
    fn usage(&self) -> Result<Usage> {
        self.servers.iter().map(|server| server.usage()).sum()
    }
}

/// Loads the target for as long as a run lasts.
pub(super) fn run(bench: &Bench, target: &Target, shot: Shot) -> Result<Run> {
    let before = target.usage()?;
    let printed = wrk(bench, target.address, shot)?;
    let usage = target.usage()? - before;
    parse(&printed, usage).with_context(|| format!("wrk printed {printed:?}"))
}

/// Runs wrk with one thread, because two cores have room for it and a server.
fn wrk(bench: &Bench, address: SocketAddr, shot: Shot) -> Result<String> {
    let script = bench.scratch.path().join("wrk.lua");
    fs::write(&script, SCRIPT)?;
    let mut command = Command::new(bench.tools.wrk.as_ref().context("no wrk")?);
    command
        .args(["--threads", "1", "--timeout", "15s"])
        .arg(format!("--connections={}", shot.connections))
        .arg(format!("--duration={}s", bench.seconds))
        .arg("--script")
        .arg(script);
    if shot.close {
        command.args(["--header", "Connection: close"]);
    }
    command.arg(format!("http://{address}/{}", shot.file.name));
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut wrk = command.spawn().context("cannot run wrk")?;
    let deadline = Instant::now() + Duration::from_secs(bench.seconds.into()) + GRACE;
    let status = interrupt::wait_until(deadline, || Ok(wrk.try_wait()?));
    let _ = wrk.kill(); // Does nothing to one that has ended.
    wrk.wait()?;
    ensure!(status?.is_some_and(|status| status.success()), "wrk does not end well");
    let mut printed = String::new(); // A few lines: a pipe holds them.
    wrk.stdout.take().context("no pipe")?.read_to_string(&mut printed)?;
    Ok(printed)
}

fn parse(printed: &str, usage: Usage) -> Option<Run> {
    let line = printed.lines().find_map(|line| line.strip_prefix("RUN "))?;
    let numbers: Vec<f64> = line.split(' ').map_while(|word| word.parse().ok()).collect();
    let [requests, bytes, duration, median, slowest, failed] = numbers[..] else {
        return None;
    };
    Some(Run {
        seconds: duration / 1e6,
        requests,
        bytes,
        median: median / 1e3,
        slowest: slowest / 1e3,
        failed,
        usage,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_the_script_is_read() {
        let printed = "Running 2s test\nRUN 100 123456 2000000 250 1500 3\n";
        let run = parse(printed, Usage::default()).unwrap();
        assert_eq!((run.seconds, run.requests, run.bytes), (2.0, 100.0, 123_456.0));
        assert_eq!((run.median, run.slowest, run.failed), (0.25, 1.5, 3.0));
        assert!(parse("RUN 1 2 3", Usage::default()).is_none());
        assert!(parse("unable to connect", Usage::default()).is_none());
    }
}
