//! One call of `parse` in the sandbox: a process of the runtime's own, with limits and without rights.
//!
//! There is no `-S` and no `--dir` on its command line: no network, no folder, no environment. What the
//! component prints is read and thrown away, but for its last words before a trap. The limits are those of
//! the call; compiling the component, which runs none of its code, has none.

use super::component::FUNCTION;
use super::outcome::{Outcome, argument};
use anyhow::{Context, Result, bail};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use tempfile::TempDir;

/// The maximum time for one call, in seconds. With the start of the runtime, a parser in Rust takes 4 ms
/// and one in Python 10: what takes a second, even on a busy machine, will never end.
pub(super) const SECONDS: u32 = 1;

/// The maximum memory of a component, in MiB. A parser in Rust needs 1.2; one in Python 13, its interpreter.
pub(super) const MEMORY_MIB: u32 = 64;

/// The memory is limited one by one, so their number is too. Every tool's component has one.
const MEMORIES: u32 = 1;

/// A table grows like a memory does. Python has two, with 6,000 entries.
const TABLES: u32 = 8;
const TABLE_ELEMENTS: u32 = 100_000;

/// As much as is read of what a call prints, in bytes: a result is a line, and a trap's backtrace has some
/// hundred.
const MOST_PRINTED: u64 = 1 << 20;

/// The longest result that is read, in bytes; those of the vectors have 200. A parser can print anything,
/// and the reader of WAVE recurses.
const LONGEST_RESULT: usize = 4096;

/// As much as is shown of a parser's last words, in characters.
const MOST_SHOWN: usize = 300;

/// A component that is ready to be called.
pub(super) struct Stage {
    wasmtime: PathBuf,
    /// Machine code, compiled once for all calls: that of a Python component takes seconds.
    compiled: PathBuf,
    /// Where that is; removed at the end.
    _scratch: TempDir,
}

/// The result of a call.
#[derive(Debug)]
pub(super) enum Called {
    /// It returned this outcome.
    Returned(Outcome),
    /// It returned something else.
    Unreadable(String),
    /// It took longer than [`SECONDS`].
    TimedOut,
    /// It needed more than [`MEMORY_MIB`].
    OutOfMemory,
    /// It trapped: the reason, and its last output before that.
    Trapped(String),
    /// Something else, in the runtime's words.
    Failed(String),
}

impl Stage {
    /// Compiles the component `file`.
    ///
    /// # Errors
    /// The runtime cannot compile it, or cannot be run.
    pub(super) fn compile(wasmtime: PathBuf, file: &Path) -> Result<Self> {
        let scratch = tempfile::tempdir().context("no temporary folder")?;
        let compiled = scratch.path().join("stage.cwasm");
        // The code must count time from the beginning: `-W timeout` of the calls needs it.
        let mut command = Command::new(&wasmtime);
        command
            .args(["compile", "-W", "epoch-interruption", "-o"])
            .arg(&compiled)
            .arg(file);
        let output = command.output().context("cannot run wasmtime")?;
        if !output.status.success() {
            bail!(
                "wasmtime cannot compile it: {}",
                last_cause(&String::from_utf8_lossy(&output.stderr))
            );
        }
        Ok(Self {
            wasmtime,
            compiled,
            _scratch: scratch,
        })
    }

    /// Calls `parse` with `bytes`.
    ///
    /// # Errors
    /// The runtime cannot be run.
    pub(super) fn call(&self, bytes: &str) -> Result<Called> {
        let mut runtime = Command::new(&self.wasmtime)
            .args(["run", "--allow-precompiled"])
            .args(["-W", &format!("timeout={SECONDS}s")])
            .args(["-W", &format!("max-memory-size={}", u64::from(MEMORY_MIB) << 20)])
            .args(["-W", &format!("max-memories={MEMORIES}")])
            .args([
                "-W",
                &format!("max-tables={TABLES},max-table-elements={TABLE_ELEMENTS}"),
            ])
            // Otherwise the component is only told that there is no more, and ends in a trap like any other.
            .args(["-W", "trap-on-grow-failure"])
            .args(["--invoke", &format!("{FUNCTION}({})", argument(bytes))])
            .arg(&self.compiled)
            // Official releases would print a backtrace behind the cause, which is looked for in the last line.
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot run wasmtime")?;
        let stderr = runtime.stderr.take();
        let complaints = thread::spawn(move || read(stderr));
        let printed = read(runtime.stdout.take());
        let complaints = complaints.join().unwrap_or_default();
        let status = runtime.wait()?;
        Ok(if status.success() {
            returned(&printed)
        } else {
            failed(&complaints)
        })
    }
}

/// Reads a pipe to its end, so that the writer never blocks, and keeps the beginning.
fn read(pipe: Option<impl Read>) -> String {
    let Some(mut pipe) = pipe else {
        return String::new();
    };
    let mut kept = Vec::new();
    // If the pipe fails, the exit of the process says more.
    let _ = pipe.by_ref().take(MOST_PRINTED).read_to_end(&mut kept);
    let _ = io::copy(&mut pipe, &mut io::sink());
    String::from_utf8_lossy(&kept).into_owned()
}

/// Reads the output of a successful call. The result is the last line, because a parser may print too.
fn returned(printed: &str) -> Called {
    let Some(result) = printed.lines().last() else {
        return Called::Failed("it ended the program (`exit`) and returned nothing".to_owned());
    };
    let is_short = result.len() <= LONGEST_RESULT;
    match is_short.then(|| Outcome::from_wave(result)).flatten() {
        Some(outcome) => Called::Returned(outcome),
        None => Called::Unreadable(shown(result)),
    }
}

/// Reads the runtime's complaint: the parser's own last words, `Error:` and its causes, the last of which
/// is the cause.
fn failed(complaints: &str) -> Called {
    let cause = last_cause(complaints);
    if cause == "wasm trap: interrupt" {
        return Called::TimedOut;
    }
    if cause.contains("forcing trap when growing") || cause.contains("exceeds memory limits") {
        return Called::OutOfMemory;
    }
    let Some(trap) = cause.strip_prefix("wasm trap: ") else {
        return Called::Failed(shown(cause));
    };
    let words = complaints.split("Error: failed to run").next().unwrap_or_default();
    let words: Vec<_> = words
        .lines()
        .filter(|line| !line.starts_with("note: ") && !line.trim().is_empty())
        .map(str::trim)
        .collect();
    Called::Trapped(match words.as_slice() {
        [] => trap.to_owned(),
        words => format!("{trap}, after {}", shown(&words.join(" "))),
    })
}

/// The last line with a cause, without its number: `1: wasm trap: interrupt`.
fn last_cause(complaints: &str) -> &str {
    let line = complaints.lines().rfind(|line| !line.trim().is_empty());
    let line = line.unwrap_or("nothing was said").trim();
    match line.split_once(": ") {
        Some((number, cause)) if number.bytes().all(|byte| byte.is_ascii_digit()) => cause,
        _ => line,
    }
}

/// Text of a parser, quoted and escaped, because it may contain anything.
fn shown(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        None => format!("{text:?}"),
        Some((end, _)) => format!("{:?}...", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_failed_says_why() {
        let run = "Error: failed to run main module `stage.cwasm`\n\nCaused by:\n";
        let trace = "    0: error while executing at wasm backtrace:\n    0:    0x2a2 - <unknown>!<wasm function 2>\n";
        for (complaints, expected) in [
            (format!("{run}{trace}    1: wasm trap: interrupt\n\n"), "TimedOut"),
            (
                "Error: timed out after deadline has elapsed\n\nCaused by:\n    wasm trap: interrupt\n".to_owned(),
                "TimedOut",
            ),
            (
                format!("{run}{trace}    1: forcing trap when growing memory to 67174400 bytes\n"),
                "OutOfMemory",
            ),
            (
                format!("{run}{trace}    1: wasm trap: wasm `unreachable` instruction executed\n"),
                "Trapped(\"wasm `unreachable` instruction executed\")",
            ),
            (
                format!("\nthread panicked at a.rs:1:\nno colon\nnote: run with x\n{run}{trace}    1: wasm trap: y\n"),
                "Trapped(\"y, after \\\"thread panicked at a.rs:1: no colon\\\"\")",
            ),
            (
                format!("{run}    No exported func named `parse` in component.\n"),
                "Failed(\"\\\"No exported func named `parse` in component.\\\"\")",
            ),
            (String::new(), "Failed(\"\\\"nothing was said\\\"\")"),
        ] {
            assert_eq!(format!("{:?}", failed(&complaints)), expected, "{complaints}");
        }
    }

    #[test]
    fn the_result_is_the_last_line_that_was_printed() {
        for (printed, expected) in [
            ("ok(none)\n", "Returned(Incomplete)"),
            ("a debug line\nok(none)", "Returned(Incomplete)"),
            ("7\n", "Unreadable(\"\\\"7\\\"\")"),
            (
                &"[".repeat(LONGEST_RESULT),
                &format!("Unreadable(\"\\\"{}\\\"...\")", "[".repeat(MOST_SHOWN)),
            ),
            ("", "Failed(\"it ended the program (`exit`) and returned nothing\")"),
        ] {
            assert_eq!(format!("{:?}", returned(printed)), expected, "{printed:?}");
        }
    }
}
