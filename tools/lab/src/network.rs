//! The lab's network: the hosts h1 and h2, each with a cable to the switch s1.
//!
//! As in Mininet, a host is a process with a network namespace of its own, a cable is a pair of virtual
//! interfaces (veth) whose ends are in two of them, and the names are Mininet's. The switch is a bridge in a
//! third namespace; it has an address too, as the machine around a Mininet has.

use anyhow::{Context, Result, ensure};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{self, Command, Stdio};

/// What is shown when the lab is up.
pub(super) const PICTURE: &str = "
     h1  10.0.0.1/8           h2  10.0.0.2/8
     |                        |
     +----------- s1 ---------+
              10.0.0.254/8
";

/// A network namespace, identified by a process in it.
pub(super) struct Node {
    process: u32,
}

impl Node {
    /// Where we are.
    fn here() -> Self {
        Self { process: process::id() }
    }

    /// A new namespace. Its process only keeps it in existence, and is killed at the end of the lab.
    fn new() -> Result<Self> {
        let mut keeper = Command::new("unshare")
            .args(["--net", "sh", "-c", "echo here; exec sleep infinity"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot run unshare")?;
        // Once it has printed something, it is in its namespace.
        let mut line = String::new();
        let stdout = keeper.stdout.take().context("no pipe")?;
        BufReader::new(stdout).read_line(&mut line)?;
        ensure!(!line.is_empty(), "cannot make a network namespace");
        Ok(Self { process: keeper.id() })
    }

    /// A command that will run in this namespace.
    pub(super) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("nsenter");
        command
            .args(["--net", "--target", &self.process.to_string(), "--"])
            .arg(program);
        command
    }

    /// The files that list the TCP sockets of this namespace: of IPv4 and of IPv6.
    pub(super) fn socket_tables(&self) -> [String; 2] {
        ["tcp", "tcp6"].map(|table| format!("/proc/{}/net/{table}", self.process))
    }

    /// Runs `ip` with these arguments, separated by spaces.
    fn ip(&self, arguments: &str) -> Result<()> {
        let output = self
            .command("ip")
            .args(arguments.split(' '))
            .output()
            .context("cannot run nsenter")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "`ip {arguments}` failed: {}", said.trim_end());
        Ok(())
    }
}

/// Creates the network. This process, and all that it starts, is in h1 from the beginning. Returns h2.
pub(super) fn build() -> Result<Node> {
    let (h1, h2, s1) = (Node::here(), Node::new()?, Node::new()?);
    s1.ip("link add s1 type bridge")?;
    s1.ip("address add 10.0.0.254/8 dev s1")?;
    s1.ip("link set s1 up")?;
    for (host, number) in [(&h1, 1), (&h2, 2)] {
        let switch = s1.process;
        host.ip(&format!(
            "link add h{number}-eth0 type veth peer name s1-eth{number} netns {switch}"
        ))?;
        s1.ip(&format!("link set s1-eth{number} master s1 up"))?;
        host.ip(&format!("address add 10.0.0.{number}/8 dev h{number}-eth0"))?;
        host.ip(&format!("link set h{number}-eth0 up"))?;
        host.ip("link set lo up")?;
    }
    Ok(h2)
}
