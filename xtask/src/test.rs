//! `cargo xtask test`: the end-to-end tests under a chosen host.

use crate::process::cargo;
use crate::{root, simulate};
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::process::ExitCode;

/// The tests that start a server.
const END_TO_END: [&str; 4] = ["--test", "component", "--test", "conformance"];

/// Runs the end-to-end tests under `--host aula` or `--host wasmtime`. The other arguments are for `cargo test`. With
/// `aula`, its own tests and the simulation run too.
///
/// # Errors
/// Another host, or no cargo.
pub fn test(mut arguments: impl Iterator<Item = OsString>) -> Result<ExitCode> {
    let (option, host) = (arguments.next(), arguments.next());
    let host = host.as_ref().and_then(|host| host.to_str());
    let host = match (option.as_ref().and_then(|option| option.to_str()), host) {
        (Some("--host"), Some(host @ ("aula" | "wasmtime"))) => host,
        _ => bail!("write cargo xtask test --host aula, or --host wasmtime"),
    };
    let mut test = cargo();
    test.arg("test").args(END_TO_END).current_dir(root());
    if host == "aula" {
        test.args(["--test", "native"]);
    }
    let mut arguments = arguments.peekable();
    // Whoever names a test wants no other.
    let is_filtered = arguments.peek().is_some();
    let passed = test
        .args(arguments)
        .env("TEST_HOST", host)
        .status()
        .context("cannot run cargo")?
        .success();
    if passed && host == "aula" && !is_filtered {
        return simulate::simulate_in_tests();
    }
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
