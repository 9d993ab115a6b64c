//! The tasks that are programs of their own, in `tools/`: they are compiled when they are first asked for, so that
//! `cargo serve` waits for none of what they need.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use crate::nested::{builds, cargo};

/// The packages in `tools/`, by the task that each does.
const TOOLS: [(&str, &str); 9] = [
    ("autograder", "aula-autograder"),
    ("bench", "aula-bench"),
    ("browsers", "aula-browsers"),
    ("clients", "aula-clients"),
    ("compress", "aula-compress"),
    ("dist", "aula-dist"),
    ("grade-stage", "aula-grade"),
    ("hostile", "aula-hostile"),
    ("lab", "aula-lab"),
];

/// The package that does `task`, if it is one of these.
pub fn package(task: &str) -> Option<&'static str> {
    TOOLS
        .iter()
        .find(|(name, _)| *name == task)
        .map(|(_, package)| *package)
}

/// Builds the package, then runs its program in the place of this one. Returns its exit code.
///
/// # Errors
/// It does not compile.
pub fn run(package: &str, arguments: impl Iterator<Item = OsString>) -> Result<ExitCode> {
    let mut build = cargo();
    build.current_dir(crate::root()).args(["build", "--package", package]);
    ensure!(builds(build, package)?, "{package} did not compile: see above");
    // From the folder in which the user is: the arguments may name files.
    let mut run = cargo();
    run.args(["run", "--quiet", "--manifest-path"])
        .arg(crate::root().join("Cargo.toml"))
        .args(["--package", package, "--"])
        .args(arguments);
    #[cfg(unix)]
    {
        // A signal to this process is then one to the program.
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
