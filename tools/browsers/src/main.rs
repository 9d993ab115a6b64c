//! `cargo xtask browsers`: the demo site, the inspector and the page, tried in Chromium and Firefox without windows.
//!
//! The tests are in `tests.mjs`. This program installs what they need: the browsers (installed with `apt-get`
//! where that is possible), puppeteer-core (npm, pinned by `package-lock.json`), the component, its host, and the page.
//! No test is skipped: if something is missing, that is an error.

use anyhow::{Context, Result};
use std::env;
use std::path::Path;
use std::process::{Command, ExitCode};

/// The programs, by the variable with which the tests find them, and their Debian packages.
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
        tests.env(variable, xtask::find_or_install(names, package)?);
    }
    let status = tests.status().context("cannot run node")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
