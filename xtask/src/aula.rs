//! `cargo xtask aula`: the project's own host, `hosts/native`. It is a separate workspace, because wasmtime takes
//! minutes to build.

use crate::process::{cargo, lock, say};
use crate::{checker, component, root};
use anyhow::{Context, Result, ensure};
use std::env::{self, consts::EXE_SUFFIX};
use std::path::{self, PathBuf};

/// Returns the absolute path of an up-to-date `aula` with the components of this repository inside: the one that
/// `AULA_NATIVE` names, or else the one that is built here.
///
/// Any number of processes may call it at once. Each call asks cargo: one per process is enough.
///
/// # Errors
/// The host or a component does not compile (cargo has printed the reason on stderr).
pub fn aula() -> Result<PathBuf> {
    built("release", "five minutes")
}

/// The same, optimized as a whole, as a release has it: it needs a tenth fewer instructions for a request, and a
/// megabyte less. It takes twice as long to build.
///
/// # Errors
/// Those of [`aula`].
pub fn fastest_aula() -> Result<PathBuf> {
    built("dist", "ten minutes")
}

fn built(profile: &str, time: &str) -> Result<PathBuf> {
    if let Some(named) = env::var_os("AULA_NATIVE").filter(|path| !path.is_empty()) {
        return Ok(path::absolute(named)?);
    }
    component()?;
    checker()?;
    let host = root().join("hosts/native");
    let target = host.join("target");
    let built = target.join(profile).join(format!("aula{EXE_SUFFIX}"));
    let _lock = lock(&target, "aula.lock").context("cannot lock the target folder")?;
    if !built.is_file() {
        say(format_args!(
            "Building aula, with wasmtime inside: two cores take about {time}, once."
        ));
    }
    let mut build = cargo();
    build
        .args(["build", "--profile", profile, "--locked", "--quiet", "--target-dir"])
        .arg(&target)
        // Otherwise its build script would build the components again.
        .env("AULA_COMPONENTS", root())
        .env_remove("CARGO_BUILD_TARGET")
        .current_dir(&host);
    ensure!(
        build.status().context("cannot run cargo")?.success(),
        "hosts/native did not compile: see above"
    );
    Ok(built)
}
