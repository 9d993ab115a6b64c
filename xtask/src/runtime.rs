//! The host in which `cargo serve` runs the component: the fastest that is installed, or the one that can be installed
//! soonest.

use crate::process::{cache, cargo, say};
use crate::wasmtime::{self, wasmtime};
use crate::{python, root};
use anyhow::{Context, Result, ensure};
use std::env::{self, consts::EXE_SUFFIX};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A program that can run `server.wasm`.
pub(crate) enum Runtime {
    /// The project's own host, `hosts/native/`.
    Aula(PathBuf),
    /// `wasmtime run`.
    Wasmtime(PathBuf),
    /// The host of the Python package, `hosts/python/`, with the Python of a virtual environment.
    Python(PathBuf),
}

/// Returns the first of these, and prints which one it is: the wasmtime that `AULA_WASMTIME` names; an `aula` of this
/// version; a wasmtime on the PATH, or one that was built before; the Python package; or, if there is no Python either,
/// an `aula` that is built now.
///
/// # Errors
/// `AULA_WASMTIME` names a wasmtime that does not work, or nothing can be built.
pub(crate) fn choose() -> Result<Runtime> {
    let runtime = match find()? {
        Some(runtime) => runtime,
        None => fetch()?,
    };
    say(format_args!("xtask: runs in {runtime}"));
    Ok(runtime)
}

/// Finds the host for `serve`, or fetches or builds it, and prints what it is.
///
/// # Errors
/// Those of `choose`.
pub fn runtime() -> Result<()> {
    choose().map(drop)
}

/// A runtime that is installed.
fn find() -> Result<Option<Runtime>> {
    if let Some(named) = wasmtime::named()? {
        return Ok(Some(Runtime::Wasmtime(named)));
    }
    if let Some(aula) = aulas().find(|program| program.is_file() && is_this_version(program)) {
        return Ok(Some(Runtime::Aula(aula)));
    }
    Ok(wasmtime::present()?.map(Runtime::Wasmtime))
}

/// A runtime that must be fetched or built first: the one that takes the least time.
fn fetch() -> Result<Runtime> {
    if python::find().is_some() {
        match python::environment(&root().join("hosts/python/requirements.txt")) {
            Ok(folder) => return Ok(Runtime::Python(python::program(&folder, "python"))),
            Err(error) => say(format_args!("xtask: not the Python package: {error:#}")),
        }
    }
    if native().is_dir() {
        Ok(Runtime::Aula(build_aula()?))
    } else {
        Ok(Runtime::Wasmtime(wasmtime()?))
    }
}

impl Runtime {
    /// The command that serves `folder` with `component`, to which the options of the server can be added. The server
    /// sees only its own environment variables and the language of the user.
    pub(crate) fn command(&self, component: &Path, folder: &Path) -> Command {
        let mut command = match self {
            Self::Wasmtime(program) => {
                let mut command = Command::new(program);
                command.args(["run", "-S", "inherit-network", "--dir"]).arg(folder);
                for (name, _) in env::vars_os() {
                    let text = name.to_string_lossy();
                    if text.starts_with("AULA_") && text != "AULA_WASMTIME"
                        || matches!(&*text, "LC_ALL" | "LC_MESSAGES" | "LANG" | "NO_COLOR")
                    {
                        command.arg("--env").arg(&name); // Only the name is passed: the runtime looks up the value.
                    }
                }
                command.arg(component);
                return command;
            }
            Self::Aula(program) => Command::new(program),
            Self::Python(python) => {
                let mut command = Command::new(python);
                command.args(["-m", "aula"]).env("PYTHONDONTWRITEBYTECODE", "1");
                command.env("PYTHONPATH", root().join("hosts/python/src"));
                command
            }
        };
        // These two pass the environment on by themselves.
        command.arg(folder).arg("--component").arg(component);
        command.env_remove("AULA_WASMTIME");
        command
    }
}

impl fmt::Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Aula(program) => return write!(f, "aula ({})", program.display()),
            Self::Wasmtime(program) => write!(f, "wasmtime ({})", program.display())?,
            Self::Python(python) => write!(f, "the Python package wasmtime ({})", python.display())?,
        }
        if native().is_dir() {
            f.write_str("; the fastest is aula: cargo install --path hosts/native")
        } else {
            Ok(())
        }
    }
}

/// The package of the project's own host.
fn native() -> PathBuf {
    root().join("hosts/native")
}

/// The places where an `aula` may be: on the PATH, where `cargo install` puts it, and where it is built here.
fn aulas() -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<_> = env::split_paths(&path).collect();
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| Some(dirs::home_dir()?.join(".cargo")));
    let installed = cargo_home.map(|home| home.join("bin"));
    let built = prefix().map(|prefix| prefix.join("bin"));
    let folders = on_path.into_iter().chain(installed).chain(built);
    folders.map(|folder| folder.join(format!("aula{EXE_SUFFIX}")))
}

/// The folder below the user's cache folder that one is built into.
fn prefix() -> Result<PathBuf> {
    Ok(cache()?.join(concat!("aula-", env!("CARGO_PKG_VERSION"))))
}

/// Whether a program is `aula` with the version of this repository: another version may lack functions that this
/// component imports.
fn is_this_version(program: &Path) -> bool {
    let output = Command::new(program).arg("--version").stderr(Stdio::null()).output();
    let printed = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let is_ours = printed
        .unwrap_or_default()
        .starts_with(concat!("aula ", env!("CARGO_PKG_VERSION"), " (wasmtime "));
    if !is_ours {
        say(format_args!(
            "xtask: not {}: it is not aula {}",
            program.display(),
            env!("CARGO_PKG_VERSION")
        ));
    }
    is_ours
}

/// Builds the project's own host, and keeps it where [`aulas`] looks.
fn build_aula() -> Result<PathBuf> {
    say("xtask: no runtime is installed, and no Python: building aula, once. Two cores take about five minutes.");
    let prefix = prefix()?;
    let status = cargo()
        .args(["install", "--locked", "--force", "--path"])
        .arg(native())
        .arg("--root")
        .arg(&prefix)
        .stdout(Stdio::null())
        .status()
        .context("cannot run cargo")?;
    ensure!(status.success(), "aula did not compile: see above");
    Ok(prefix.join("bin").join(format!("aula{EXE_SUFFIX}")))
}
