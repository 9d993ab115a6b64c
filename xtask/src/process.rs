//! What the tasks share: running cargo inside cargo, folders, a lock between processes, a line on the terminal.

use crate::root;
use anyhow::{Context, Result};
use std::env;
use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::{self, Path, PathBuf};
use std::process::{Command, Stdio};

/// The cargo that runs this program (it sets `CARGO`), or the one on the PATH.
///
/// `RUSTUP_TOOLCHAIN`, `RUSTFLAGS` and the user's own `CARGO_...` settings are kept. The variables that describe the
/// running package are removed, because a build script that watches one of them would run again each time.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// Runs a `cargo build`, and returns whether everything compiled. Passes on the output of cargo except its last line,
/// so that a build with nothing to do prints nothing. Before the first line it prints `what`: what is built, and how
/// long it takes.
pub(crate) fn builds(mut cargo: Command, what: &str) -> Result<bool> {
    if io::stderr().is_terminal() && env::var_os("CARGO_TERM_COLOR").is_none() {
        cargo.env("CARGO_TERM_COLOR", "always"); // Cargo sees a pipe, not the terminal.
    }
    cargo.stderr(Stdio::piped());
    let mut cargo = cargo.spawn().context("cannot run cargo")?;
    let mut what = Some(what);
    for line in cargo
        .stderr
        .take()
        .into_iter()
        .flat_map(|pipe| BufReader::new(pipe).lines())
    {
        let line = line?;
        if !(line.contains("Finished") && line.contains("` profile")) {
            if let Some(what) = what.take() {
                say(format_args!("xtask: building {what}"));
            }
            say(line);
        }
    }
    Ok(cargo.wait()?.success())
}

/// The target folder for everything that is built here. It is passed to cargo, because cargo's other sources for it
/// (such as the user's configuration) are not known here.
///
/// # Errors
/// The current folder does not exist, so a relative path has no meaning.
pub fn target_dir() -> io::Result<PathBuf> {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => path::absolute(folder),
        None => Ok(root().join("target")),
    }
}

/// The project's folder in the user's cache, which `cargo clean` does not touch.
///
/// # Errors
/// The user has no cache folder.
pub fn cache() -> Result<PathBuf> {
    let cache = dirs::cache_dir().context("no cache folder: set HOME, or AULA_WASMTIME")?;
    Ok(cache.join("aula"))
}

/// Locks the file `name` in `folder`. Prints a line if it must wait for another process.
///
/// Dropping the file releases the lock, and so does the end of the process, however it ends.
pub(crate) fn lock(folder: &Path, name: &str) -> io::Result<File> {
    fs::create_dir_all(folder)?;
    let file = File::create(folder.join(name))?;
    if file.try_lock().is_err() {
        say(format_args!("waiting for another process ({name})"));
        file.lock()?;
    }
    Ok(file)
}

/// Prints a line on stderr. This does not use `eprintln!`, because the capture of a test would hide it during a long
/// build.
pub fn say(line: impl Display) {
    // If stderr is closed, the task continues.
    let _ = writeln!(io::stderr(), "{line}");
}
