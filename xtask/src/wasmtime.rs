//! `cargo xtask wasmtime`: the command line of wasmtime, in which the tests run the component.

use crate::process::{cache, cargo, lock, say};
use crate::{python, root};
use anyhow::{Context, Result, ensure};
use std::env::{self, consts::EXE_SUFFIX};
use std::fs;
use std::path::{self, Path, PathBuf};
use std::process::{Command, Stdio};

/// The oldest supported major version, an LTS.
const OLDEST: u32 = 36;

/// The version that is built if there is none: the newest of the LTS 48 that the pinned Rust compiles.
const BUILT: &str = "48.0.8";

/// The features that the project needs; all features would take twice as long. `serve`, which hosts `handler.wasm`,
/// does not compile without `component-model-async` in 48.0.8.
const FEATURES: &str = "run,serve,compile,cache,component-model,component-model-async,cranelift,\
                        parallel-compilation";

/// A command line of wasmtime that need not be built: an official release, packaged by a third party for PyPI. It is
/// used for tests; `cargo serve` uses the official Python package instead.
const PACKED: &str = "xtask/wasmtime-requirements.txt";

/// Returns the absolute path of a working wasmtime: the one that `AULA_WASMTIME` names, or the one on the PATH, or one
/// that was built before and is kept in the user's cache folder, which `cargo clean` does not touch. If there is none,
/// one is fetched (if there is a Python) or built.
///
/// # Errors
/// `AULA_WASMTIME` names a wasmtime that does not work, or the build fails.
pub fn wasmtime() -> Result<PathBuf> {
    if let Some(found) = named()?.map_or_else(present, |named| Ok(Some(named)))? {
        return Ok(found);
    }
    if python::find().is_some() {
        match packed_wasmtime(&root().join(PACKED)) {
            Ok(wasmtime) => return Ok(wasmtime),
            Err(error) => say(format_args!("xtask: not the wasmtime from PyPI: {error:#}")),
        }
    }
    install(&cache()?)
}

/// The wasmtime that `AULA_WASMTIME` names.
pub(crate) fn named() -> Result<Option<PathBuf>> {
    let Some(named) = env::var_os("AULA_WASMTIME").filter(|path| !path.is_empty()) else {
        return Ok(None);
    };
    let named = path::absolute(named)?;
    check(&named).context("AULA_WASMTIME: name another runtime, or unset it")?;
    Ok(Some(named))
}

/// The wasmtime on the PATH, or one that was built before.
pub(crate) fn present() -> Result<Option<PathBuf>> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut places = env::split_paths(&path).map(|folder| folder.join(format!("wasmtime{EXE_SUFFIX}")));
    if let Some(found) = places.find(|place| place.is_file()) {
        match check(&found) {
            Ok(()) => return Ok(Some(path::absolute(found)?)),
            Err(error) => say(format_args!("xtask: not the wasmtime on the PATH: {error:#}")),
        }
    }
    let built = program(&prefix(&cache()?));
    Ok(check(&built).is_ok().then_some(built))
}

/// Fetches the command line that a file of requirements names, unless it is there, and returns its path.
///
/// # Errors
/// There is no Python, PyPI cannot be had, or what it has is not what the file's hash fixes.
pub fn packed_wasmtime(requirements: &Path) -> Result<PathBuf> {
    let environment = python::environment(requirements)?;
    let find = "import importlib.util as u; print(u.find_spec('wasmtime_cli').submodule_search_locations[0])";
    let mut python = Command::new(python::program(&environment, "python"));
    let output = python.args(["-c", find]).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let folder = PathBuf::from(String::from_utf8(output.stdout)?.trim_end());
    let wasmtime = folder.join(format!("wasmtime{EXE_SUFFIX}"));
    #[cfg(unix)]
    {
        // The package does not mark it as executable.
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&wasmtime, fs::Permissions::from_mode(0o755))?;
    }
    check(&wasmtime)?;
    Ok(wasmtime)
}

/// Whether `wasmtime` runs and is new enough.
fn check(wasmtime: &Path) -> Result<()> {
    let name = wasmtime.display();
    let output = Command::new(wasmtime).arg("--version").output();
    let output = output.with_context(|| format!("cannot run {name}"))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let version = major_version(&printed).with_context(|| format!("{name} --version printed {printed:?}"))?;
    ensure!(version >= OLDEST, "{name} is version {version}, older than {OLDEST}");
    Ok(())
}

/// The major version in what `wasmtime --version` prints: 48 in `wasmtime 48.0.8 (0d1f4e2 ...)`.
fn major_version(printed: &str) -> Option<u32> {
    let mut words = printed.split_whitespace();
    words
        .next()
        .filter(|name| matches!(*name, "wasmtime" | "wasmtime-cli"))?;
    words.next()?.split('.').next()?.parse().ok()
}

/// The folder below the cache folder that one is built into.
fn prefix(cache: &Path) -> PathBuf {
    cache.join(format!("wasmtime-{BUILT}"))
}

/// The program in that folder.
fn program(prefix: &Path) -> PathBuf {
    prefix.join("bin").join(format!("wasmtime{EXE_SUFFIX}"))
}

/// Builds wasmtime in the folder `cache`, unless it exists.
fn install(cache: &Path) -> Result<PathBuf> {
    let prefix = prefix(cache);
    let wasmtime = program(&prefix);
    let _lock = lock(cache, &format!("wasmtime-{BUILT}.lock")).context("cannot lock the cache")?;
    if check(&wasmtime).is_ok() {
        return Ok(wasmtime); // Another process built it meanwhile.
    }
    say(format_args!(
        "xtask: no wasmtime {OLDEST} or newer: building {BUILT}, once. Two cores take about ten minutes."
    ));
    // The build is next to its result, because the system's temporary folder may be too small, or in memory. An
    // interrupted build continues from here.
    let build = cache.join(format!("wasmtime-{BUILT}.build"));
    fs::create_dir_all(&build)?;
    let status = cargo()
        .args(["install", "wasmtime-cli", "--version", BUILT, "--locked", "--force"])
        .args(["--no-default-features", "--features", FEATURES, "--root"])
        .arg(&prefix)
        .current_dir(&build) // This keeps the build away from this workspace's `.cargo/config.toml`.
        .env("CARGO_TARGET_DIR", &build)
        .env_remove("CARGO_BUILD_TARGET")
        .stdout(Stdio::null()) // The target folder of this workspace must not be used.
        .status();
    let _ = fs::remove_dir_all(&build);
    ensure!(
        status.context("cannot run cargo")?.success(),
        "wasmtime {BUILT} did not build: install {OLDEST} or newer by other means, and have it on \
         the PATH or in AULA_WASMTIME"
    );
    check(&wasmtime)?;
    Ok(wasmtime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_the_first_number_of_the_second_word() {
        for (printed, major) in [
            ("wasmtime 48.0.8", Some(48)),
            ("wasmtime 36.0.2 (0d1f4e2 2026-01-30)\n", Some(36)),
            ("wasmtime 51.0.0-dev\n", Some(51)),
            ("wasmtime-cli 12.0.1\n", Some(12)),
            ("wasmer 48.0.8\n", None),
            ("wasmtime\n", None),
            ("wasmtime unknown\n", None),
            ("", None),
        ] {
            assert_eq!(major_version(printed), major, "{printed:?}");
        }
    }
}
