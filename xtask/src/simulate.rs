//! `cargo xtask simulate`: the server in simulated worlds. The program is `hosts/native/simulate`, because it needs
//! wasmtime as our own host does.

use crate::process::{cargo, lock, say};
use crate::{checker, component, root};
use anyhow::{Context, Result, ensure};
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// How many exchanges the tests have, of seeds that are others each time: some seconds.
const IN_TESTS: &str = "20000";

/// Where schedules are kept that have failed once.
fn kept() -> PathBuf {
    root().join("tests/simulated")
}

/// Runs the simulation; the arguments are the program's. What fails is kept in `tests/simulated/`.
///
/// # Errors
/// It does not compile, or cannot be run.
pub fn simulate(arguments: impl Iterator<Item = OsString>) -> Result<ExitCode> {
    run(arguments.collect())
}

/// For the tests: what was kept, and some seeds.
///
/// # Errors
/// Those of [`simulate`].
pub(crate) fn simulate_in_tests() -> Result<ExitCode> {
    let mut arguments: Vec<OsString> = vec!["--exchanges".into(), IN_TESTS.into()];
    let mut files = Vec::new();
    for entry in fs::read_dir(kept()).context("tests/simulated")? {
        files.push(entry?.path());
    }
    files.sort();
    let schedules = files
        .into_iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "txt"));
    arguments.extend(schedules.map(PathBuf::into_os_string));
    run(arguments)
}

fn run(arguments: Vec<OsString>) -> Result<ExitCode> {
    let program = build()?;
    let mut simulate = Command::new(program);
    simulate.arg("--keep").arg(kept()).args(arguments);
    let status = simulate.status().context("cannot run aula-simulate")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Builds the program; gives its path.
fn build() -> Result<PathBuf> {
    component()?;
    checker()?;
    let host = root().join("hosts/native");
    let target = host.join("target");
    let _lock = lock(&target, "aula.lock").context("cannot lock the target folder")?;
    let built = target
        .join("release")
        .join(format!("aula-simulate{}", std::env::consts::EXE_SUFFIX));
    if !built.is_file() {
        say("Building the simulation, with wasmtime inside: two cores take about five minutes, once.");
    }
    let mut build = cargo();
    build
        .args([
            "build",
            "--release",
            "--locked",
            "--quiet",
            "--package",
            "aula-simulate",
            "--target-dir",
        ])
        .arg(&target)
        // The build script of hosts/native would build them again.
        .env("AULA_COMPONENTS", root())
        .env_remove("CARGO_BUILD_TARGET")
        .current_dir(&host);
    ensure!(
        build.status().context("cannot run cargo")?.success(),
        "hosts/native/simulate did not compile: see above"
    );
    Ok(built)
}
