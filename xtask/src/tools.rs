//! The tasks that are separate programs, in `tools/`. They are compiled when they are first used, so that `cargo serve`
//! does not wait for their dependencies.

use crate::process::{builds, cargo};
use anyhow::{Context, Result, ensure};
use std::ffi::OsString;
use std::process::ExitCode;

/// The packages in `tools/`, by their task.
const TOOLS: [(&str, &str); 10] = [
    ("autograder", "aula-autograder"),
    ("bench", "aula-bench"),
    ("browsers", "aula-browsers"),
    ("clients", "aula-clients"),
    ("compress", "aula-compress"),
    ("dist", "aula-dist"),
    ("grade-stage", "aula-grade"),
    ("hostile", "aula-hostile"),
    ("hosts", "aula-hosts"),
    ("lab", "aula-lab"),
];

/// The package for `task`, if there is one.
pub fn package(task: &str) -> Option<&'static str> {
    TOOLS
        .iter()
        .find(|(name, _)| *name == task)
        .map(|(_, package)| *package)
}

/// Builds the package, and then replaces this process by its program. Returns its exit code.
///
/// # Errors
/// The package does not compile.
pub fn run(package: &str, arguments: impl Iterator<Item = OsString>) -> Result<ExitCode> {
    let mut build = cargo();
    build.current_dir(crate::root()).args(["build", "--package", package]);
    ensure!(builds(build, package)?, "{package} did not compile: see above");
    // The program runs in the user's current folder, because the arguments may name files.
    let mut run = cargo();
    run.args(["run", "--quiet", "--manifest-path"])
        .arg(crate::root().join("Cargo.toml"))
        .args(["--package", package, "--"])
        .args(arguments);
    #[cfg(unix)]
    {
        // A signal to this process then reaches the program.
        use std::os::unix::process::CommandExt;
        Err(run.exec()).context("cannot run cargo")
    }
    #[cfg(not(unix))]
    {
        let code = run.status().context("cannot run cargo")?.code();
        Ok(code
            .and_then(|code| u8::try_from(code).ok())
            .map_or(ExitCode::FAILURE, ExitCode::from))
    }
}
