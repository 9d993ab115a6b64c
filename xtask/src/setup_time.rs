//! `cargo xtask setup-time`: how long a new user waits. Clones the committed repository, and serves its first page with
//! an empty HOME: without cargo's registry and without a runtime, with the programs of the system and of rustup.

use crate::process::{say, target_dir};
use crate::root;
use anyhow::{Context, Result, bail, ensure};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Measures, and prints a line for each figure. `arguments`: nothing, or `--tests` to run the tests too, in another
/// clone with its own HOME.
///
/// # Errors
/// Something does not work in a fresh clone. Its output has been printed.
pub fn setup_time(arguments: impl Iterator<Item = OsString>) -> Result<ExitCode> {
    let arguments: Vec<_> = arguments.collect();
    let with_tests = match arguments.as_slice() {
        [] => false,
        [only] if only == "--tests" => true,
        _ => bail!("setup-time takes nothing, or --tests"),
    };
    let fresh = Fresh::new()?;
    let (first_line, first_page) = fresh.serve()?;
    say("");
    println!(
        "from the clone to the first line printed: {:.1} s",
        first_line.as_secs_f64()
    );
    println!("from the clone to the first page: {:.0} s", first_page.as_secs_f64());
    drop(fresh);
    if with_tests {
        let fresh = Fresh::new()?;
        let passed = fresh.test()?;
        println!("from the clone to all tests passed: {:.0} s", passed.as_secs_f64());
    }
    Ok(ExitCode::SUCCESS)
}

/// A folder with a clone and an empty HOME. It is removed when it is dropped.
struct Fresh {
    folder: PathBuf,
    begin: Instant,
}

impl Fresh {
    fn new() -> Result<Self> {
        let folder = target_dir()?.join("setup-time");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("home/cargo"))?;
        // How the machine reaches a registry is not part of the measurement.
        let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
        let cargo_home = cargo_home.or_else(|| Some(dirs::home_dir()?.join(".cargo")));
        let settings = cargo_home.context("no home folder")?.join("config.toml");
        if settings.exists() {
            fs::copy(settings, folder.join("home/cargo/config.toml"))?;
        }
        let fresh = Self {
            folder,
            begin: Instant::now(),
        };
        let mut clone = Command::new("git");
        clone
            .args(["clone", "--quiet", "--no-hardlinks"])
            .arg(root())
            .arg(fresh.clone());
        ensure!(
            clone.status().context("cannot run git")?.success(),
            "cannot clone the repository"
        );
        Ok(fresh)
    }

    fn clone(&self) -> PathBuf {
        self.folder.join("clone")
    }

    /// A cargo in the clone, in an environment without the user's settings.
    fn cargo(&self) -> Result<Command> {
        let home = self.folder.join("home");
        let rustup_home = match env::var_os("RUSTUP_HOME") {
            Some(folder) => folder.into(),
            None => dirs::home_dir().context("no home folder")?.join(".rustup"),
        };
        // The cargo of rustup, not the one that runs this program: it chooses the toolchain by the clone's
        // rust-toolchain.toml.
        let cargo = find_on_path("cargo").context("no cargo on the PATH")?;
        let rustup = cargo.parent().context("cargo is in no folder")?;
        // Its programs are linked into a separate folder, because the original one also has what the user has
        // installed.
        let programs = home.join("programs");
        fs::create_dir_all(&programs)?;
        for name in [
            "cargo",
            "rustc",
            "rustup",
            "rustdoc",
            "rustfmt",
            "cargo-fmt",
            "cargo-clippy",
            "clippy-driver",
        ] {
            link(&rustup.join(name), &programs.join(name))?;
        }
        let mut command = Command::new(programs.join("cargo"));
        let path = env::join_paths([programs.as_path(), Path::new("/usr/bin"), Path::new("/bin")])?;
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            let is_ours = ["AULA_", "CARGO", "RUST", "XDG_", "PYENV"]
                .iter()
                .any(|start| text.starts_with(start));
            if is_ours {
                command.env_remove(&name);
            }
        }
        command.current_dir(self.clone()).env("HOME", &home).env("PATH", path);
        command
            .env("CARGO_HOME", home.join("cargo"))
            .env("RUSTUP_HOME", rustup_home);
        Ok(command)
    }

    /// From the clone to the first line, and to the first page, of `cargo serve`.
    fn serve(&self) -> Result<(Duration, Duration)> {
        let mut cargo = self.cargo()?;
        cargo
            .args(["serve", "--host", "127.0.0.1", "--port", "0"])
            .stdout(Stdio::null());
        let mut serving = Serving(cargo.stderr(Stdio::piped()).spawn().context("cannot run cargo")?);
        let mut stderr = BufReader::new(serving.0.stderr.take().context("no pipe")?);
        let mut first = None;
        loop {
            let mut line = String::new();
            ensure!(stderr.read_line(&mut line)? > 0, "cargo serve has ended: see above");
            let now = self.begin.elapsed();
            say(format_args!("{:7.1} s  {}", now.as_secs_f64(), line.trim_end()));
            first.get_or_insert(now);
            let address = line.trim_end().strip_prefix("Listening on http://");
            if let Some(address) = address.and_then(|rest| rest.strip_suffix('/')) {
                let page = get(address)?;
                ensure!(page.starts_with("HTTP/1.1 200 "), "the first page is no page: {page:?}");
                return Ok((first.unwrap_or(now), self.begin.elapsed()));
            }
        }
    }

    /// From the clone to the end of `cargo test`.
    fn test(&self) -> Result<Duration> {
        let mut cargo = self.cargo()?;
        let status = cargo.args(["test", "--workspace"]).stdin(Stdio::null()).status()?;
        ensure!(status.success(), "the tests of a fresh clone fail: see above");
        Ok(self.begin.elapsed())
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A running `cargo serve`. When it is dropped, it is stopped as by Ctrl-C.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        // If it were killed, the server would keep running.
        let asked = Command::new("kill").args(["-INT", &self.0.id().to_string()]).status();
        let deadline = Instant::now() + Duration::from_secs(5);
        while asked.is_ok() && matches!(self.0.try_wait(), Ok(None)) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(10));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn get(address: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut response = Vec::new();
    stream.read_to_end(&mut response)?;
    Ok(String::from_utf8_lossy(&response).into_owned())
}

fn find_on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|place| place.is_file())
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

/// Windows machines do not have the same folders of programs everywhere.
#[cfg(not(unix))]
fn link(_from: &Path, _to: &Path) -> io::Result<()> {
    Err(io::Error::other("setup-time needs Linux or macOS"))
}
