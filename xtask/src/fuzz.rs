//! `cargo xtask fuzz`: runs the fuzz targets (`fuzz/`) one after the other, and prints their results.
//!
//! Inputs that a target finds are kept in `fuzz/found/TARGET/`, where `cargo test` runs them from then on.

use anyhow::{Context, Result, bail, ensure};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};

/// A fuzz target.
struct Target {
    name: &'static str,
    /// The longest input in bytes: a longer one would be slower and show nothing new.
    longest: u32,
    /// The share of this target in all executions, in percent. A whole connection takes five times as long as any other
    /// target.
    share: u64,
}

const TARGETS: [Target; 6] = [
    target("request_head", 512, 25),
    target("connection", 2048, 5),
    target("path", 128, 20),
    target("byte_range", 128, 20),
    target("date", 48, 15),
    target("lists", 160, 15),
];

const fn target(name: &'static str, longest: u32, share: u64) -> Target {
    Target { name, longest, share }
}

/// The default number of executions of all targets together.
const EXECUTIONS: u64 = 1_000_000;

/// The maximum time for one target, in seconds, however busy the machine is.
const LONGEST_RUN: u64 = 900;

/// The version that is installed if there is none.
const CARGO_FUZZ: &str = "0.13.2";

/// The result of one target.
struct Outcome {
    name: &'static str,
    executions: u64,
    seconds: u64,
    corpus: usize,
    failures: usize,
}

/// Runs the targets named, or all of them. `arguments`: `[--executions N] [TARGET...]`, where N is for all together.
///
/// # Errors
/// There is no nightly compiler, the targets do not compile, or there is no such target.
pub fn fuzz(arguments: impl Iterator<Item = OsString>) -> Result<ExitCode> {
    let (executions, targets) = parse(arguments)?;
    install()?;
    let shares: u64 = targets.iter().map(|target| target.share).sum();
    let mut outcomes = Vec::new();
    for target in targets {
        eprintln!("fuzz: {}", target.name);
        outcomes.push(run(target, executions * target.share / shares)?);
    }
    println!("| target | executions | seconds | per second | corpus | failures |\n|---|---|---|---|---|---|");
    for outcome in &outcomes {
        let Outcome {
            name,
            executions,
            seconds,
            corpus,
            failures,
        } = outcome;
        let speed = executions / (*seconds).max(1);
        println!("| {name} | {executions} | {seconds} | {speed} | {corpus} | {failures} |");
    }
    let executions: u64 = outcomes.iter().map(|outcome| outcome.executions).sum();
    let failures: usize = outcomes.iter().map(|outcome| outcome.failures).sum();
    println!("\n{executions} executions, {failures} failures");
    Ok(if failures == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn parse(mut arguments: impl Iterator<Item = OsString>) -> Result<(u64, Vec<&'static Target>)> {
    let mut executions = EXECUTIONS;
    let mut targets = Vec::new();
    while let Some(argument) = arguments.next() {
        let argument = argument.to_string_lossy().into_owned();
        if argument == "--executions" {
            let number = arguments.next().context("--executions needs a number")?;
            executions = number
                .to_string_lossy()
                .replace('_', "")
                .parse()
                .context("--executions")?;
        } else if let Some(target) = TARGETS.iter().find(|target| target.name == argument) {
            targets.push(target);
        } else {
            bail!(
                "no fuzz target {argument:?}: there are {}",
                TARGETS.map(|target| target.name).join(", ")
            );
        }
    }
    if targets.is_empty() {
        targets.extend(&TARGETS);
    }
    Ok((executions, targets))
}

/// `cargo` of the nightly toolchain: only that one instruments code for a fuzzer.
fn nightly_cargo() -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", "nightly", "cargo"]).current_dir(crate::root());
    // The variables that the running cargo has set are for its own toolchain.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") || text == "CARGO" {
            command.env_remove(&name);
        }
    }
    command
}

/// Installs cargo-fuzz if it is missing.
fn install() -> Result<()> {
    let found = nightly_cargo().arg("--version").output();
    ensure!(
        found.is_ok_and(|found| found.status.success()),
        "fuzzing needs a nightly compiler: run `rustup toolchain install nightly`"
    );
    let found = nightly_cargo().args(["fuzz", "--version"]).output()?;
    if found.status.success() {
        return Ok(());
    }
    eprintln!("fuzz: installing cargo-fuzz {CARGO_FUZZ}");
    let status = nightly_cargo()
        .args(["install", "cargo-fuzz", "--version", CARGO_FUZZ, "--locked"])
        .status()?;
    ensure!(status.success(), "cargo-fuzz {CARGO_FUZZ} did not install: see above");
    Ok(())
}

/// Runs one target without a sanitizer: the library has no `unsafe` code that it could watch. Panics, overflows and
/// failed assertions are detected without it, several times faster.
fn run(target: &Target, executions: u64) -> Result<Outcome> {
    let name = target.name;
    let fuzz = crate::root().join("fuzz");
    let (corpus, found) = (fuzz.join("corpus").join(name), fuzz.join("found").join(name));
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&found)?;
    let found_before = count(&found)?;
    let mut child = nightly_cargo()
        .args(["fuzz", "run", "--sanitizer", "none", name])
        .args([&corpus, &fuzz.join("seeds").join(name), &found])
        .arg("--")
        .arg(format!("-artifact_prefix={}/", found.display()))
        .arg(format!("-runs={executions}"))
        .arg(format!("-max_total_time={LONGEST_RUN}"))
        .arg(format!("-max_len={}", target.longest))
        .args(["-timeout=10", "-print_final_stats=1"])
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot run cargo fuzz")?;
    let mut outcome = Outcome {
        name,
        executions: 0,
        seconds: 0,
        corpus: 0,
        failures: 0,
    };
    let mut said = Vec::new();
    for line in BufReader::new(child.stderr.take().context("no pipe")?).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        if let Some(number) = line.strip_prefix("stat::number_of_executed_units:") {
            outcome.executions = number.trim().parse()?;
        } else if let Some(rest) = line.strip_prefix("Done ") {
            outcome.seconds = rest.split(' ').nth(3).context("no seconds")?.parse()?;
        }
        // The progress lines, one for each new input, are not useful afterwards.
        if !line.starts_with('#') {
            said.push(line);
        }
    }
    let status = child.wait()?;
    outcome.corpus = count(&corpus)?;
    outcome.failures = count(&found)?.saturating_sub(found_before);
    if !status.success() {
        eprintln!("{}", said.join("\n"));
        ensure!(outcome.executions > 0, "the target {name} did not run: see above");
        outcome.failures = outcome.failures.max(1);
    }
    Ok(outcome)
}

fn count(folder: &std::path::Path) -> Result<usize> {
    Ok(fs::read_dir(folder)?.count())
}
