//! Python, if the machine has one: virtual environments in the user's cache folder, with packages of fixed versions and
//! hashes.

use crate::process::{cache, lock, say};
use crate::root;
use anyhow::{Context, Result, ensure};
use std::env::{self, consts::EXE_SUFFIX};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The requirements on Python. On Debian, `ensurepip` is in a separate package, python3-venv.
const CHECK: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))";

/// Returns the first Python on the PATH that is new enough and can make virtual environments.
pub(crate) fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let works = |python: &PathBuf| {
        let mut check = Command::new(python);
        check.args(["-c", CHECK]).stdout(Stdio::null()).stderr(Stdio::null());
        check.status().is_ok_and(|status| status.success())
    };
    env::split_paths(&path)
        .flat_map(|folder| ["python3", "python"].map(|name| folder.join(format!("{name}{EXE_SUFFIX}"))))
        .find(|python| python.is_file() && works(python))
}

/// Returns the folder of a virtual environment with the packages of a requirements file. It is made once and kept in
/// the user's cache folder, under the name of the file.
///
/// # Errors
/// There is no Python, or the packages cannot be fetched (pip has printed the reason on stderr).
pub fn environment(requirements: &Path) -> Result<PathBuf> {
    let cache = cache()?;
    let name = requirements.with_extension("");
    let name = name.file_name().unwrap_or_default().to_string_lossy();
    let name = format!("python-{name}");
    let _lock = lock(&cache, &format!("{name}.lock")).context("cannot lock the cache")?;
    let folder = cache.join(name);
    // The requirements file is copied into the environment last: it shows that the environment is complete, and what it
    // has.
    let installed = folder.join("installed.txt");
    let wanted = fs::read(requirements)?;
    if fs::read(&installed).is_ok_and(|text| text == wanted) && program(&folder, "python").exists() {
        return Ok(folder);
    }
    say(format_args!(
        "xtask: fetching what {} names from PyPI, once, into {}",
        requirements.strip_prefix(root()).unwrap_or(requirements).display(),
        folder.display()
    ));
    create(&folder)?;
    install(&folder, &["--require-hashes".as_ref(), "-r".as_ref(), requirements])?;
    fs::write(&installed, wanted)?;
    Ok(folder)
}

/// Makes an empty virtual environment, and replaces what is there.
///
/// # Errors
/// There is no suitable Python.
pub fn create(folder: &Path) -> Result<()> {
    let python = find().context("no Python 3.9 or newer with venv on the PATH: install one (Debian: python3-venv)")?;
    let mut venv = Command::new(python);
    venv.args(["-m", "venv", "--clear"]).arg(folder).stdout(Stdio::null());
    ensure!(venv.status()?.success(), "cannot make a virtual environment: see above");
    Ok(())
}

/// Runs `pip install` with these arguments in a virtual environment. Its output goes to stderr.
///
/// # Errors
/// pip fails, and has printed the reason on stderr.
pub fn install(folder: &Path, what: &[&Path]) -> Result<()> {
    let mut pip = Command::new(program(folder, "python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    // Only wheels are installed: a source package would run its own code, and need compilers.
    pip.args(["--only-binary", ":all:"]).args(what).stdout(Stdio::null());
    ensure!(pip.status()?.success(), "pip cannot install what is needed: see above");
    Ok(())
}

/// A program of a virtual environment.
pub fn program(folder: &Path, name: &str) -> PathBuf {
    let programs = if cfg!(windows) { "Scripts" } else { "bin" };
    folder.join(programs).join(format!("{name}{EXE_SUFFIX}"))
}
