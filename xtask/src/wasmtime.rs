//! `cargo xtask wasmtime`: the runtime that the tests and `cargo serve` run the component in.

use std::env::{self, consts::EXE_SUFFIX};
use std::fs;
use std::path::{self, Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::nested::{cargo, lock, say};

/// The oldest major version that the component is made for, an LTS.
const OLDEST: u32 = 36;

/// What is built where there is none: of the LTS 48, the newest that the pinned Rust compiles.
const BUILT: &str = "48.0.8";

/// What the project needs of it; all features take twice as long. `serve` (it hosts `handler.wasm`)
/// does not compile without `component-model-async` in 48.0.8.
const FEATURES: &str = "run,serve,compile,cache,component-model,component-model-async,cranelift,\
                        parallel-compilation";

/// Returns the absolute path of a wasmtime that works: the one that `AULA_WASMTIME` names, else the
/// one on the PATH, else one that is built once and kept in the user's cache folder, where
/// `cargo clean` does not reach.
///
/// # Errors
/// `AULA_WASMTIME` names none that works, or the build fails.
pub fn wasmtime() -> Result<PathBuf> {
    if let Some(named) = env::var_os("AULA_WASMTIME").filter(|path| !path.is_empty()) {
        let named = path::absolute(named)?;
        check(&named).context("AULA_WASMTIME: name another runtime, or unset it")?;
        return Ok(named);
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let mut places = env::split_paths(&path).map(|folder| folder.join(format!("wasmtime{EXE_SUFFIX}")));
    if let Some(found) = places.find(|place| place.is_file()) {
        match check(&found) {
            Ok(()) => return Ok(path::absolute(found)?),
            Err(error) => say(format_args!("not the wasmtime on the PATH: {error:#}")),
        }
    }
    let cache = dirs::cache_dir().context("no cache folder: set HOME, or AULA_WASMTIME")?;
    install(&cache.join("aula"))
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

/// Builds wasmtime in the folder `cache`, unless it is there.
fn install(cache: &Path) -> Result<PathBuf> {
    let prefix = cache.join(format!("wasmtime-{BUILT}"));
    let wasmtime = prefix.join("bin").join(format!("wasmtime{EXE_SUFFIX}"));
    if check(&wasmtime).is_ok() {
        return Ok(wasmtime);
    }
    let _lock = lock(cache, &format!("wasmtime-{BUILT}.lock")).context("cannot lock the cache")?;
    if check(&wasmtime).is_ok() {
        return Ok(wasmtime); // Built while we waited.
    }
    say(format_args!(
        "No wasmtime {OLDEST} or newer: building {BUILT}, once. Two cores take about ten minutes."
    ));
    // Beside the result: the system's temporary folder may be too small, or in memory. A build that
    // was interrupted goes on from here.
    let build = cache.join(format!("wasmtime-{BUILT}.build"));
    fs::create_dir_all(&build)?;
    let status = cargo()
        .args(["install", "wasmtime-cli", "--version", BUILT, "--locked", "--force"])
        .args(["--no-default-features", "--features", FEATURES, "--root"])
        .arg(&prefix)
        .current_dir(&build) // Out of reach of this workspace's `.cargo/config.toml`.
        .env("CARGO_TARGET_DIR", &build)
        .env_remove("CARGO_BUILD_TARGET")
        .stdout(Stdio::null()) // Ours is for the path.
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
    fn the_major_version_is_the_second_words_first_number() {
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
