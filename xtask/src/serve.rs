//! `cargo serve`: the component in the runtime, with a folder and the network, and nothing else.

use crate::runtime::{self, Runtime};
use crate::{component, root};
use anyhow::{Context, Result, ensure};
use aula_announce::Announcer;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{self, Path, PathBuf};
use std::process::{Child, ExitCode, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

/// The port of the first of several instances; the others follow. 8080 is left to the proxy in front of them
/// (`runtime-config/nginx-upstream.conf`).
const FIRST_PORT: u16 = 8081;

/// The maximum number of instances. Each uses one core, and no machine has more.
const MOST_INSTANCES: u16 = 1024;

/// Builds the component, finds the runtime, and serves until the server ends. Returns the exit code of the server.
///
/// `arguments`: `[--dir FOLDER] [--open] [--qr] [--instances N] [--] [OPTION...]`. The options, and everything after
/// `--`, are for the server. Without `--dir` it serves `www/`. `--open` opens a browser, `--qr` draws the address for
/// phones. With `--instances`, N servers listen on 127.0.0.1, one port each; when the first one ends, all end.
///
/// # Errors
/// No such folder, no component, no runtime.
pub fn serve(arguments: impl Iterator<Item = OsString>) -> Result<ExitCode> {
    let asked = Arguments::read(arguments)?;
    component()?;
    let runtime = runtime::choose()?;
    let runtimes = Arc::new(Mutex::new(Vec::new()));
    // Ctrl-C in a terminal reaches the runtimes too. A signal to only this process does not, but it must not leave a
    // server running.
    let ended = Arc::clone(&runtimes);
    ctrlc::set_handler(move || end(&ended))?;

    let first = until_first_ends(&asked, &runtime, &runtimes);
    end(&runtimes);
    let mut runtimes = runtimes.lock().unwrap_or_else(PoisonError::into_inner);
    let status = runtimes.get_mut(first?).context("no such runtime")?.wait()?;
    // Without a code, a signal has ended the server. Then this is the code that a shell reports after Ctrl-C.
    let code = status.code().unwrap_or(128 + 2);
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Starts all instances, adds them to `runtimes`, and waits. Returns the number of the first one that ended.
fn until_first_ends(asked: &Arguments, runtime: &Runtime, runtimes: &Mutex<Vec<Child>>) -> Result<usize> {
    let (ended, first) = mpsc::channel();
    for (number, place) in asked.places().into_iter().enumerate() {
        let mut started = start(runtime, &asked.folder, place.iter().chain(&asked.options))?;
        let stderr = started.stderr.take().context("no pipe")?;
        runtimes.lock().unwrap_or_else(PoisonError::into_inner).push(started);
        let ended = ended.clone();
        let announcer = Announcer::new("xtask", asked.opens, asked.draws);
        thread::spawn(move || {
            let _ = pass_on(stderr, announcer); // Whatever ended the pipe, the runtime has ended.
            ended.send(number)
        });
    }
    Ok(first.recv()?)
}

/// Starts the component in the runtime.
fn start<'a>(runtime: &Runtime, folder: &Path, options: impl Iterator<Item = &'a OsString>) -> Result<Child> {
    let mut command = runtime.command(Path::new("server.wasm"), folder);
    command.current_dir(root()).args(options).stderr(Stdio::piped());
    command.spawn().context("cannot run the runtime")
}

/// Ends the runtimes that are still running.
fn end(runtimes: &Mutex<Vec<Child>>) {
    for runtime in runtimes.lock().unwrap_or_else(PoisonError::into_inner).iter_mut() {
        let _ = runtime.kill();
    }
}

/// The parsed command line.
struct Arguments {
    folder: PathBuf,
    /// The number of instances. `None` is one server, whose own options say where it listens.
    instances: Option<u16>,
    /// Whether to open a browser.
    opens: bool,
    /// Whether to draw the address as a QR code.
    draws: bool,
    /// The options of the server.
    options: Vec<OsString>,
}

impl Arguments {
    /// Takes `--dir FOLDER`, `--open`, `--qr` and `--instances N` out; the others are the server's.
    fn read(mut arguments: impl Iterator<Item = OsString>) -> Result<Self> {
        let mut folder = PathBuf::from("www"); // The folder is in the root, where the runtime is started.
        let mut instances = None;
        let mut opens = false;
        let mut draws = false;
        let mut options = Vec::new();
        while let Some(argument) = arguments.next() {
            if argument == "--" {
                options.extend(arguments);
                break;
            } else if argument == "--dir" {
                folder = path::absolute(arguments.next().context("--dir needs a folder")?)?;
                ensure!(folder.is_dir(), "--dir: no folder {}", folder.display());
            } else if argument == "--open" {
                opens = true;
            } else if argument == "--qr" {
                draws = true;
            } else if argument == "--instances" {
                let number = arguments.next().and_then(|number| number.to_str()?.parse().ok());
                let number = number.filter(|number| (1..=MOST_INSTANCES).contains(number));
                instances = Some(number.with_context(|| format!("--instances needs a number, 1 to {MOST_INSTANCES}"))?);
            } else {
                options.push(argument);
            }
        }
        let names_port = |option: &OsString| {
            let option = option.to_string_lossy();
            option.starts_with("--port") || option.starts_with("-p")
        };
        ensure!(
            instances.is_none() || !options.iter().any(names_port),
            "--instances: each takes a port of its own, from {FIRST_PORT} on; leave --port out"
        );
        ensure!(
            instances.is_none() || !(opens || draws),
            "--instances: open the address of the proxy in front of them; leave --open and --qr out"
        );
        Ok(Self {
            folder,
            instances,
            opens,
            draws,
            options,
        })
    }

    /// The options that say where each server listens. They come before the other options of the server.
    fn places(&self) -> Vec<Vec<OsString>> {
        let Some(instances) = self.instances else {
            return vec![Vec::new()];
        };
        let ports = FIRST_PORT..FIRST_PORT + instances;
        ports
            .map(|port| {
                ["--host", "127.0.0.1", "--port", &port.to_string()]
                    .map(OsString::from)
                    .to_vec()
            })
            .collect()
    }
}

/// Passes on every line of the server's stderr at once, and what the announcer adds to it.
fn pass_on(stderr: impl Read, mut announcer: Announcer) -> io::Result<()> {
    let mut stderr = BufReader::new(stderr);
    let mut line = Vec::new();
    while stderr.read_until(b'\n', &mut line)? > 0 {
        let said = announcer.hear(&line);
        line.extend_from_slice(said.as_bytes());
        let _ = io::stderr().write_all(&line); // The server continues even if stderr is closed.
        line.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Arguments> {
        Arguments::read(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn all_but_dir_instances_and_the_first_double_dash_is_the_servers() {
        for (arguments, options) in [
            ("", ""),
            ("--port 0", "--port 0"),
            ("-- --port 0", "--port 0"),
            ("--port 0 --dir . --list", "--port 0 --list"),
            ("--instances 2 --list", "--list"),
            ("--open --list --qr", "--list"),
            ("-- --open", "--open"),
            ("--dir . -- --dir x -- --instances y", "--dir x -- --instances y"),
        ] {
            let asked = read(arguments).unwrap();
            assert_eq!(asked.options.join(" ".as_ref()), options, "{arguments:?}");
            assert_eq!(asked.folder.is_absolute(), arguments.contains("--dir"), "{arguments:?}");
        }
    }

    #[test]
    fn each_instance_has_a_port_of_its_own() {
        for (arguments, places) in [
            ("", &[""][..]),
            ("--instances 1", &["--host 127.0.0.1 --port 8081"]),
            (
                "--instances 2",
                &["--host 127.0.0.1 --port 8081", "--host 127.0.0.1 --port 8082"],
            ),
        ] {
            let asked = read(arguments).unwrap().places();
            let asked: Vec<_> = asked.iter().map(|place| place.join(" ".as_ref())).collect();
            assert_eq!(asked, places, "{arguments:?}");
        }
        for arguments in [
            "--instances",
            "--instances 0",
            "--instances two",
            "--instances 9999",
            "--instances 2 --port 1",
            "--instances 2 --open",
            "--instances 2 --qr",
        ] {
            assert!(read(arguments).is_err(), "{arguments:?}");
        }
    }
}
