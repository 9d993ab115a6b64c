//! `cargo xtask lab`: two hosts and a switch on one machine, without root and without Mininet. A server runs
//! in h2, and h1 sends it requests.
//!
//! | module | task |
//! |---|---|
//! | `machine` | what the lab needs from this machine, and the namespaces in which it runs |
//! | `inside` | the lab itself, in those namespaces: the network, the server, the requests |
//! | `network` | h1, h2, the switch s1 and the cables between them |
//! | `server` | the server in h2 |
//! | `visit` | a request from h1, and its response |
//!
//! The lab does not touch the machine's own network, and leaves nothing behind, however it ends: everything is in its
//! own network and PID namespaces, which end with this process. So there is nothing to clean up, and no signal to
//! catch.

mod inside;
mod machine;
mod network;
mod server;
mod visit;

use anyhow::{Context, Result, bail, ensure};
use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask lab [OPTION...] [-- SERVER-OPTION...]

h1 (10.0.0.1) and h2 (10.0.0.2) on a switch, in namespaces of their own: Aula runs in h2 with the preset `mininet`;
h1 asks for a page, for one that is not there, and then checks the server with `checker.wasm`. Exit code 0: what the
lab asks for is there.

--shell            afterwards, a shell in h1 instead of the checks; its `exit` ends the lab
--server COMMAND   run your own server in h2 instead, in this folder: --server 'python3 my_server.py'
--port N           the server's port [3000]

What follows `--` are options of Aula's own: `cargo xtask lab -- --trace`.
";

/// The port of the lab that the preset `mininet` is for.
const PORT: u16 = 3000;

/// The address of h2, on which the server listens.
const SERVER: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);

/// With this as its first argument, and the runtime's path as its second, this program is what runs inside the
/// namespaces.
const INSIDE: &str = "--inside";

fn main() -> ExitCode {
    xtask::exit_code(lab(env::args_os().skip(1)))
}

/// Makes the lab, runs it, and returns its exit code: a success if the server did what the lab asks.
///
/// # Errors
/// The machine lacks something (the error names the cure), or a component does not compile.
fn lab(arguments: impl Iterator<Item = OsString>) -> Result<ExitCode> {
    let arguments: Vec<_> = arguments.collect();
    if let [inside, wasmtime, arguments @ ..] = arguments.as_slice()
        && inside == INSIDE
    {
        let options = Options::read(arguments.iter().cloned())?.context("nothing to do inside")?;
        return inside::run(&options, Path::new(wasmtime));
    }
    let Some(options) = Options::read(arguments.iter().cloned())? else {
        print!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    };
    ensure!(
        !options.opens_shell || io::stdin().is_terminal(),
        "lab: --shell needs a terminal"
    );
    let namespaces = machine::find_namespaces()?;
    if options.server.is_none() {
        xtask::component()?;
    }
    if !options.opens_shell {
        xtask::checker()?;
    }
    let status = namespaces
        .command(env::current_exe()?)
        .arg(INSIDE)
        .arg(xtask::wasmtime()?)
        .args(arguments)
        .status()
        .context("cannot enter the namespaces")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What the runtime is told so that Aula and the checker speak the user's language.
fn language() -> &'static [&'static str] {
    match env::var_os("LANG") {
        Some(_) => &["--env", "LANG"],
        None => &[],
    }
}

/// What the command line asks for.
struct Options {
    opens_shell: bool,
    /// A student's own server, as a line for the shell.
    server: Option<OsString>,
    port: u16,
    /// Aula's own options.
    aula: Vec<OsString>,
}

impl Options {
    /// Reads the arguments; `None` is a question for [`USAGE`].
    fn read(mut arguments: impl Iterator<Item = OsString>) -> Result<Option<Self>> {
        let mut options = Self {
            opens_shell: false,
            server: None,
            port: PORT,
            aula: Vec::new(),
        };
        while let Some(argument) = arguments.next() {
            match argument.to_str() {
                Some("--shell") => options.opens_shell = true,
                Some("--server") => options.server = Some(arguments.next().context("--server needs a command")?),
                Some("--port") => {
                    let port = arguments.next().and_then(|port| port.to_str()?.parse().ok());
                    options.port = port
                        .filter(|port| *port > 0)
                        .context("--port needs a number, 1 to 65535")?;
                }
                Some("--") => options.aula.extend(&mut arguments),
                Some("--help" | "-h") => return Ok(None),
                _ => bail!("lab: no option {argument:?}; `cargo xtask lab --help` lists them"),
            }
        }
        ensure!(
            options.server.is_none() || options.aula.is_empty(),
            "lab: what follows `--` is for Aula, and --server runs another server"
        );
        Ok(Some(options))
    }

    /// Where h1 asks the server.
    fn address(&self) -> SocketAddrV4 {
        SocketAddrV4::new(SERVER, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Option<Options>> {
        Options::read(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn all_behind_the_double_dash_is_aulas() {
        for (line, opens_shell, server, port, aula) in [
            ("", false, None, 3000, ""),
            ("--shell", true, None, 3000, ""),
            ("--port 80 -- --trace --port 81", false, None, 80, "--trace --port 81"),
            ("--server ./mine --port 13331", false, Some("./mine"), 13331, ""),
            ("-- --help -- --shell", false, None, 3000, "--help -- --shell"),
        ] {
            let options = read(line).unwrap().unwrap();
            assert_eq!(options.opens_shell, opens_shell, "{line:?}");
            assert_eq!(
                options.server.as_deref(),
                server.map(OsString::from).as_deref(),
                "{line:?}"
            );
            assert_eq!(options.port, port, "{line:?}");
            assert_eq!(options.aula.join(" ".as_ref()), aula, "{line:?}");
        }
        assert!(read("--port 80 --help").unwrap().is_none());
    }

    #[test]
    fn what_cannot_be_done_is_said() {
        for (line, message) in [
            ("--port", "--port needs a number"),
            ("--port 0", "--port needs a number"),
            ("--port 65536", "--port needs a number"),
            ("--server", "--server needs a command"),
            ("--server ./mine -- --trace", "is for Aula"),
            ("--keep", "no option \"--keep\""),
            ("--trace", "no option \"--trace\""),
        ] {
            let error = read(line).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains(message), "{line:?}: {error}");
        }
    }
}
