//! The programs that the bench runs, and which of them this machine has.

use anyhow::{Context, Result};
use std::env;
use std::iter;
use std::path::{Path, PathBuf};
use std::process::Command;
use xtask::say;

/// The folders of Debian's servers, which are rarely on a user's PATH.
const SERVERS: &str = "/usr/sbin";

/// The path of each program. The runtime is required. A row leaves out another program that is missing, and says so.
pub(super) struct Tools {
    pub(super) wasmtime: PathBuf,
    pub(super) wrk: Option<PathBuf>,
    pub(super) nginx: Option<PathBuf>,
    pub(super) lighttpd: Option<PathBuf>,
    pub(super) python: Option<PathBuf>,
}

impl Tools {
    /// Looks for them, and prints what is missing. `wasmtime` is the runtime to use instead of the default.
    pub(super) fn find(wasmtime: Option<PathBuf>) -> Result<Self> {
        let wasmtime = match wasmtime {
            Some(named) => std::path::absolute(named)?,
            None => xtask::wasmtime()?,
        };
        version(&wasmtime, "--version").with_context(|| format!("cannot run {}", wasmtime.display()))?;
        let tools = Self {
            wasmtime,
            wrk: on_path("wrk"),
            nginx: on_path("nginx"),
            lighttpd: on_path("lighttpd"),
            python: on_path("python3"),
        };
        let missing: Vec<_> = [
            ("wrk", &tools.wrk),
            ("nginx-light", &tools.nginx),
            ("lighttpd", &tools.lighttpd),
            ("python3", &tools.python),
        ]
        .into_iter()
        .filter_map(|(package, path)| path.is_none().then_some(package))
        .collect();
        if !missing.is_empty() {
            say(format_args!(
                "bench: not all programs are here, so rows will be missing or incomplete: apt-get install {}",
                missing.join(" ")
            ));
        }
        Ok(tools)
    }

    /// The version that each of them prints.
    pub(super) fn versions(&self) -> Vec<String> {
        let known = [
            (Some(&self.wasmtime), "--version"),
            (self.nginx.as_ref(), "-v"),
            (self.lighttpd.as_ref(), "-v"),
            (self.python.as_ref(), "--version"),
            (self.wrk.as_ref(), "-v"),
        ];
        let found = known
            .into_iter()
            .filter_map(|(path, option)| version(path?, option).ok());
        found.collect()
    }
}

/// The program's absolute path.
fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(iter::once(SERVERS.into()))
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

/// The first line that a program prints. (wrk and nginx print it on stderr, wrk with exit code 1.)
fn version(program: &Path, option: &str) -> Result<String> {
    let output = Command::new(program).arg(option).output()?;
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed);
    let line = printed.lines().next().unwrap_or_default();
    let line = line.strip_prefix("nginx version: ").unwrap_or(line);
    // The rest has builds and authors.
    let end = line.find([' ', '/']).map_or(line.len(), |name| {
        line[name + 1..].find(" ").map_or(line.len(), |end| name + 1 + end)
    });
    Ok(line[..end].replace('/', " "))
}
