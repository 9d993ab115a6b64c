//! `cargo xtask mutants`: changes the library in one place at a time (cargo-mutants), and shows which changes no test
//! notices.

use crate::process::cargo;
use anyhow::{Context, Result, ensure};
use std::ffi::OsString;
use std::process::ExitCode;

/// The version that is installed if there is none.
const CARGO_MUTANTS: &str = "27.1.0";

/// The files that are changed unless others are named: all that decide something.
const FILES: [&str; 6] = [
    "src/http/**",
    "src/http1/**",
    "src/site/**",
    "src/trace/**",
    "src/exchange.rs",
    "src/access_log.rs",
];

/// The tests that must notice a change: those that run natively. They are compiled again for each change.
const TESTS: [&str; 3] = ["--lib", "--test=conformance", "--test=fuzz_cases"];

/// The tests that start the component, which are left out.
const NOT_NATIVE: &str = "component::";

/// Changes the files named, or all of `FILES`. Changes that no test notices are listed in `mutants.out/missed.txt`; the
/// task fails if there are any.
///
/// # Errors
/// cargo-mutants is missing and cannot be installed.
pub fn mutants(arguments: impl Iterator<Item = OsString>) -> Result<ExitCode> {
    install()?;
    let mut files: Vec<OsString> = arguments.collect();
    if files.is_empty() {
        files.extend(FILES.map(OsString::from));
    }
    let mut command = cargo();
    command.current_dir(crate::root());
    command.args(["mutants", "--package", "aula", "--profile", "mutants", "--no-shuffle"]);
    command.args(files.into_iter().flat_map(|file| ["--file".into(), file]));
    command.args(TESTS.map(|test| format!("--cargo-arg={test}")));
    command.args(["--", "--", "--skip", NOT_NATIVE]);
    let status = command.status().context("cannot run cargo mutants")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Installs cargo-mutants if it is missing.
fn install() -> Result<()> {
    let found = cargo().args(["mutants", "--version"]).output()?;
    if found.status.success() {
        return Ok(());
    }
    eprintln!("mutants: installing cargo-mutants {CARGO_MUTANTS}");
    let status = cargo()
        .args(["install", "cargo-mutants", "--version", CARGO_MUTANTS, "--locked"])
        .status()?;
    ensure!(
        status.success(),
        "cargo-mutants {CARGO_MUTANTS} did not install: see above"
    );
    Ok(())
}
