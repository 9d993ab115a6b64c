//! `cargo xtask browsers`: the demo site, the inspector and the page, tried in Chromium and Firefox without windows.
//!
//! What is tried stands in `tests.mjs`. This program brings what that needs: the browsers (installed with `apt-get` where
//! that is possible), puppeteer-core (npm, pinned by `package-lock.json`), the component, its host, and the page. Nothing
//! is skipped: what is missing is an error.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

/// The programs, by the variable that names each to the tests, and the Debian packages that they are in.
const BROWSERS: [(&str, &[&str], &str); 2] = [
    (
        "CHROMIUM",
        &["chromium", "chromium-browser", "google-chrome"],
        "chromium",
    ),
    ("FIREFOX", &["firefox-esr", "firefox"], "firefox-esr"),
];

fn main() -> ExitCode {
    xtask::exit_code(browsers())
}

fn browsers() -> Result<ExitCode> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = xtask::page(None)?; // It checks for Node.js, and brings the component up to date.
    let wasmtime = xtask::wasmtime()?;
    if !folder.join("node_modules/puppeteer-core").is_dir() {
        xtask::npm_install(folder)?;
    }
    let mut tests = Command::new("node");
    tests.current_dir(xtask::root()).arg(folder.join("tests.mjs"));
    tests.args(env::args_os().skip(1));
    tests.env("PAGE", page).env("WASMTIME", wasmtime);
    for (variable, names, package) in BROWSERS {
        tests.env(variable, find_or_install(names, package)?);
    }
    let status = tests.status().context("cannot run node")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The path of a browser: one that is there, or Debian's, which is then installed.
fn find_or_install(names: &[&str], package: &str) -> Result<PathBuf> {
    if let Some(found) = find(names) {
        return Ok(found);
    }
    xtask::say(format_args!("installing {package} (apt-get) ..."));
    // On a fresh machine apt-get knows no packages yet. Whether it could be told of them shows below.
    let _ = Command::new("apt-get")
        .args(["update", "--quiet"])
        .stdout(Stdio::null())
        .status();
    let mut install = Command::new("apt-get");
    install.args(["install", "--yes", "--quiet", "--no-install-recommends", package]);
    let is_installed = install
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    match find(names).filter(|_| is_installed) {
        Some(found) => Ok(found),
        None => bail!("no {package} here, and apt-get could not install it: install it, and try again"),
    }
}

fn find(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<_> = env::split_paths(&path).collect();
    let places = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|place| place.is_file())
}
