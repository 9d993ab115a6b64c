//! The command line of `cargo xtask bench`.

use super::rows::{ROWS, Row};
use anyhow::{Context, Result, bail, ensure};
use lexopt::prelude::*;
use std::ffi::OsString;
use std::path::PathBuf;

/// The default of `--seconds`. Five rounds of two seconds tell a few percent apart, and all rows take about eleven
/// minutes.
const SECONDS: u32 = 2;

/// The default of `--rounds`.
const ROUNDS: u32 = 5;

/// What the command line asks for.
pub(super) struct Options {
    /// What to measure, in the order of [`ROWS`].
    pub(super) rows: Vec<&'static Row>,
    /// How long one run lasts.
    pub(super) seconds: u32,
    /// How often each server has its turn.
    pub(super) rounds: u32,
    /// The runtime to use, if not the one that `cargo xtask wasmtime` prints.
    pub(super) wasmtime: Option<PathBuf>,
    /// Where to write all runs as JSON.
    pub(super) json: Option<PathBuf>,
    /// Whether to write `docs/performance.md`, its plot, and the figures of both READMEs.
    pub(super) write: bool,
}

/// Reads the arguments; `None` is a question for [`usage`].
pub(super) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Option<Options>> {
    let mut options = Options {
        rows: Vec::new(),
        seconds: SECONDS,
        rounds: ROUNDS,
        wasmtime: None,
        json: None,
        write: false,
    };
    let mut named = Vec::new();
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("seconds") => options.seconds = parser.value()?.parse().context("--seconds")?,
            Long("rounds") => options.rounds = parser.value()?.parse().context("--rounds")?,
            Long("wasmtime") => options.wasmtime = Some(parser.value()?.into()),
            Long("json") => options.json = Some(parser.value()?.into()),
            Long("write") => options.write = true,
            Long("help") | Short('h') => return Ok(None),
            Value(name) => named.push(name.string()?),
            _ => return Err(argument.unexpected().into()),
        }
    }
    ensure!(options.seconds > 0, "--seconds: at least 1");
    ensure!(options.rounds > 0, "--rounds: at least 1");
    // Numbers that are published come from one run, and none of them is left out.
    ensure!(!options.write || named.is_empty(), "--write is for all rows: name none");
    for name in &named {
        if !ROWS.iter().any(|row| row.name == name) {
            bail!("no row {name}: `cargo xtask bench --help` lists them");
        }
    }
    let asked = |row: &&Row| named.is_empty() || named.iter().any(|name| name == row.name);
    options.rows = ROWS.iter().filter(asked).collect();
    Ok(Some(options))
}

/// What `--help` prints.
pub(super) fn usage() -> String {
    let mut usage = format!(
        "cargo xtask bench [ROW...] [OPTION...]   measure these rows, or all of them\n\n\
         --seconds N       how long one run lasts [{SECONDS}]\n\
         --rounds N        how often each server has its turn [{ROUNDS}]\n\
         --wasmtime PATH   the runtime [what `cargo xtask wasmtime` prints]\n\
         --json FILE       write every run there\n\
         --write           write docs/performance.md and .svg, and the figures of both READMEs; for all rows\n\n\
         Rows:\n"
    );
    for row in &ROWS {
        usage.push_str(&format!("  {:<14} {}\n", row.name, row.title));
    }
    usage
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(line: &str) -> Result<String> {
        let options = parse(line.split_whitespace().map(OsString::from))?.context("usage")?;
        let names: Vec<_> = options.rows.iter().map(|row| row.name).collect();
        Ok(names.join(" "))
    }

    #[test]
    fn rows_are_measured_in_the_order_of_the_table() {
        assert_eq!(rows("log start --seconds 1").unwrap(), "start log");
        assert_eq!(rows("").unwrap().split(' ').count(), ROWS.len());
    }

    #[test]
    fn what_cannot_be_done_is_said() {
        for (line, message) in [
            ("logs", "no row logs"),
            ("--rounds 0", "--rounds"),
            ("--seconds", "--seconds"),
            ("log --write", "--write"),
            ("--fast", "--fast"),
        ] {
            let error = format!("{:#}", rows(line).unwrap_err());
            assert!(error.contains(message), "{line}: {error}");
        }
    }
}
