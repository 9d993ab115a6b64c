//! `cargo xtask clients`: tests the server with common clients.
//!
//! The tests are in `tests/clients.rs`. This program installs what they need: the clients (Debian packages, if they are
//! missing), requests and httpx (PyPI, pinned by hash), undici (npm, pinned by `package-lock.json`).
//! No test is skipped: if something is missing, that is an error.

use anyhow::{Context, Result};
use std::env;
use std::path::Path;
use std::process::{Command, ExitCode};

/// The programs, and their Debian packages.
const PROGRAMS: [(&str, &str); 6] = [
    ("curl", "curl"),
    ("wget", "wget"),
    ("ab", "apache2-utils"),
    ("wrk", "wrk"),
    ("aria2c", "aria2"),
    ("ffprobe", "ffmpeg"),
];

fn main() -> ExitCode {
    xtask::exit_code(clients())
}

fn clients() -> Result<ExitCode> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (program, package) in PROGRAMS {
        xtask::find_or_install(&[program], package)?;
    }
    let environment = xtask::python_environment(&folder.join("clients-requirements.txt"))?;
    if !folder.join("node_modules/undici").is_dir() {
        xtask::npm_install(folder)?;
    }
    let mut tests = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    tests.current_dir(xtask::root()).args(["test", "--test", "clients"]);
    tests.args(env::args_os().skip(1));
    tests.env("CLIENTS_PYTHON", xtask::python_program(&environment, "python"));
    tests.env("CLIENTS_NODE_MODULES", folder.join("node_modules"));
    let status = tests.status().context("cannot run cargo")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
