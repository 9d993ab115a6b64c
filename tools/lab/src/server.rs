//! The server in h2: Aula, or a student's own. Its output is shown, with the host's name before each line.

use super::network::Node;
use super::{Options, language};
use anyhow::{Context, Result, bail};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server may take until it listens: much longer than any needs.
const PATIENCE: Duration = Duration::from_secs(20);

/// The time between two checks whether it listens.
const STEP: Duration = Duration::from_millis(10);

/// How `/proc/net/tcp` writes the state LISTEN.
const LISTEN: &str = "0A";

/// A server that has been started.
pub(super) struct Server {
    child: Child,
    prints: Arc<AtomicBool>,
}

impl Server {
    /// Starts it, and prints the command.
    pub(super) fn start(options: &Options, wasmtime: &Path, h2: &Node) -> Result<Self> {
        let mut command = match &options.server {
            Some(line) => {
                println!("h2$ {}", line.display());
                let mut command = h2.command("sh");
                command.arg("-c").arg(line);
                command
            }
            None => aula(options, wasmtime, h2),
        };
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot run nsenter")?;
        let prints = Arc::new(AtomicBool::new(true));
        pass_on(child.stdout.take().context("no pipe")?, Arc::clone(&prints));
        pass_on(child.stderr.take().context("no pipe")?, Arc::new(AtomicBool::new(true)));
        Ok(Self { child, prints })
    }

    /// Waits until something in `h2` listens at this port. This reads the kernel's table instead
    /// of connecting, because half of the servers of a class end when a connection has no request.
    pub(super) fn wait_until_it_listens(&mut self, h2: &Node, port: u16) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !h2.socket_tables().iter().any(|table| {
            let table = fs::read_to_string(table).unwrap_or_default();
            has_listener(&table, port)
        }) {
            self.check()?;
            if Instant::now() > deadline {
                bail!("nothing in h2 listens at port {port} after {} s", PATIENCE.as_secs());
            }
            thread::sleep(STEP);
        }
        Ok(())
    }

    /// Fails once the server has ended.
    pub(super) fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("the server in h2 has ended ({status})"),
            None => Ok(()),
        }
    }

    /// From here on, its stdout (Aula's access log) is not shown; its stderr still is.
    pub(super) fn show_only_errors(&self) {
        self.prints.store(false, Ordering::Relaxed);
    }
}

/// The README's command for the lab, bound to h2's own address.
fn aula(options: &Options, wasmtime: &Path, h2: &Node) -> Command {
    let address = options.address();
    let (host, port) = (address.ip().to_string(), address.port().to_string());
    let run = ["-S", "inherit-network", "--dir", "www", "server.wasm"];
    let lab = ["--preset", "mininet", "--host", &host, "--port", &port];
    let arguments: Vec<_> = run.into_iter().chain(lab).map(OsStr::new).collect();
    let arguments = [arguments, options.aula.iter().map(OsString::as_os_str).collect()].concat();
    println!("h2$ wasmtime run {}", arguments.join(" ".as_ref()).display());
    let mut command = h2.command(wasmtime);
    command
        .current_dir(xtask::root())
        .arg("run")
        .args(language())
        .args(arguments);
    command
}

/// Whether a socket listens at `port`, in a table like `/proc/net/tcp`. Its second column is the local
/// address and port, in hexadecimal, and its fourth the state.
fn has_listener(table: &str, port: u16) -> bool {
    let port = format!(":{port:04X}");
    table.lines().any(|line| {
        let mut columns = line.split_whitespace().skip(1).step_by(2);
        columns.next().is_some_and(|local| local.ends_with(&port)) && columns.next() == Some(LISTEN)
    })
}

/// Shows every line at once, as long as `prints` is true. It goes on reading after that, so that the server never
/// blocks.
fn pass_on(pipe: impl Read + Send + 'static, prints: Arc<AtomicBool>) {
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        // Bytes, because a server may print text that is not UTF-8.
        while pipe.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            if prints.load(Ordering::Relaxed) {
                println!("h2| {}", String::from_utf8_lossy(&line).trim_end());
            }
            line.clear();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_is_a_socket_of_that_port_in_the_state_listen() {
        let header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";
        for (row, expected) in [
            (
                "   0: 0200000A:0BB8 00000000:0000 0A 00000000:00000000 00:00000000",
                true,
            ),
            (
                "   0: 00000000000000000000000000000000:0BB8 00000000000000000000000000000000:0000 0A",
                true,
            ),
            (
                "   0: 0200000A:0BB8 0100000A:C3F2 01 00000000:00000000 00:00000000",
                false,
            ),
            (
                "   0: 0200000A:C3F2 0100000A:0BB8 0A 00000000:00000000 00:00000000",
                false,
            ),
            (
                "   0: 0200000A:1BB8 00000000:0000 0A 00000000:00000000 00:00000000",
                false,
            ),
            ("", false),
        ] {
            assert_eq!(has_listener(&format!("{header}{row}\n"), 3000), expected, "{row}");
        }
    }
}
