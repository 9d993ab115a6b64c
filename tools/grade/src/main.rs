//! `cargo xtask grade-stage FILE.wasm`: grades a parser that a student wrote, in any language that makes
//! components.
//!
//! Its `parse` (`wit/parse-stage.wit`) is called with requests of which it is known what they say or what
//! is wrong with them, each call with a limit of time and of memory and without any right, and what it
//! returns is compared. `server.wasm` can be graded too, and has full marks.
//!
//! | module | what it is |
//! |---|---|
//! | `vectors` | the requests, each with the rule that it shows: the file for a teacher to extend |
//! | `component` | what a file must be to be graded |
//! | `call` | one call in the sandbox |
//! | `outcome` | what a call returns |
//!
//! It grades outcomes, never code, and writes no file but one that it removes.

mod call;
mod component;
mod outcome;
mod vectors;

use anyhow::{Context, Result, bail, ensure};
use call::{Called, MEMORY_MIB, SECONDS, Stage};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use vectors::{Level, Vector};

/// How many vectors ended in which way, for the last line.
#[derive(Default)]
struct Tally {
    points: usize,
    of: usize,
    passed: usize,
    wrong: usize,
    timed_out: usize,
    out_of_memory: usize,
    trapped: usize,
}

fn main() -> ExitCode {
    xtask::exit_code(grade_stage(env::args_os().skip(1)))
}

/// Grades. `arguments`: `FILE.wasm [--only NAME]`, where a name is a vector's or a level's.
///
/// The exit code is 0 if all vectors pass.
///
/// # Errors
/// The file is none that can be graded, there is no such vector, or no runtime.
fn grade_stage(arguments: impl Iterator<Item = OsString>) -> Result<ExitCode> {
    let (file, only) = parse(arguments)?;
    let vectors = chosen(only.as_deref())?;
    let name = file.display();
    let content = match fs::read(&file) {
        Ok(content) => content,
        Err(error) => bail!("cannot read {name} ({error}): has it been built, and is the path right?"),
    };
    component::check(&content).with_context(|| name.to_string())?;
    let stage = Stage::compile(xtask::wasmtime()?, &file).with_context(|| name.to_string())?;
    println!("Grading {name}: each call has {SECONDS} s, {MEMORY_MIB} MiB and no rights.");
    let mut tally = Tally::default();
    for level in Level::ALL {
        let vectors = vectors.iter().filter(|vector| vector.level == level);
        for (place, vector) in vectors.enumerate() {
            if place == 0 {
                println!("\n{} (points for each: {})", level.name(), level.points());
            }
            grade(vector, &stage.call(vector.bytes)?, &mut tally);
        }
    }
    println!("\n{}", tally.summary());
    Ok(if tally.points == tally.of {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn parse(mut arguments: impl Iterator<Item = OsString>) -> Result<(PathBuf, Option<String>)> {
    let (mut file, mut only) = (None, None);
    while let Some(argument) = arguments.next() {
        if argument == "--only" {
            let name = arguments.next().context("--only needs a name")?;
            only = Some(name.to_string_lossy().into_owned());
        } else if argument.to_string_lossy().starts_with('-') {
            bail!("no option {argument:?}: write cargo xtask grade-stage FILE.wasm [--only NAME]");
        } else {
            ensure!(file.is_none(), "one file at a time: {argument:?} is the second");
            file = Some(PathBuf::from(argument));
        }
    }
    let file = file.context("which component? Write cargo xtask grade-stage FILE.wasm [--only NAME]")?;
    Ok((file, only))
}

/// The vectors of that name, or of the level of that name; all, without one.
fn chosen(only: Option<&str>) -> Result<Vec<Vector>> {
    let mut vectors = vectors::all();
    if let Some(only) = only {
        vectors.retain(|vector| vector.name == only || vector.level.name() == only);
        let levels = Level::ALL.map(Level::name).join(" or ");
        ensure!(
            !vectors.is_empty(),
            "no vector {only:?}: name one as the report does, or a level, {levels}"
        );
    }
    Ok(vectors)
}

/// Prints what came of one vector, and counts it.
fn grade(vector: &Vector, called: &Called, tally: &mut Tally) {
    let (verdict, count, got) = match called {
        Called::Returned(outcome) if outcome.is(&vector.expected) => ("passed", &mut tally.passed, None),
        Called::Returned(outcome) => ("WRONG", &mut tally.wrong, Some(outcome.to_string())),
        Called::Unreadable(text) => {
            let got = format!("{text}, which is no result of wit/parse-stage.wit");
            ("WRONG", &mut tally.wrong, Some(got))
        }
        Called::TimedOut => {
            let got = format!("nothing within {SECONDS} s");
            ("TIMED OUT", &mut tally.timed_out, Some(got))
        }
        Called::OutOfMemory => {
            let got = format!("a demand for more than {MEMORY_MIB} MiB");
            ("OUT OF MEMORY", &mut tally.out_of_memory, Some(got))
        }
        Called::Trapped(reason) => ("TRAPPED", &mut tally.trapped, Some(reason.clone())),
        Called::Failed(reason) => ("FAILED", &mut tally.trapped, Some(reason.clone())),
    };
    *count += 1;
    tally.of += vector.level.points();
    println!("  {verdict:<14}{:<34}{}", vector.name, vector.rule);
    match got {
        None => tally.points += vector.level.points(),
        Some(got) => {
            println!("{:16}sent      {:?}", "", vector.bytes);
            println!("{:16}expected  {}", "", vector.expected);
            println!("{:16}got       {got}", "");
        }
    }
}

impl Tally {
    /// `Score: 59 of 96 points. 50 passed, 7 wrong, 1 timed out.`
    fn summary(&self) -> String {
        let counts = [
            (self.passed, "passed"),
            (self.wrong, "wrong"),
            (self.timed_out, "timed out"),
            (self.out_of_memory, "out of memory"),
            (self.trapped, "trapped or failed"),
        ];
        let counts: Vec<_> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, ending)| format!("{count} {ending}"))
            .collect();
        format!("Score: {} of {} points. {}.", self.points, self.of, counts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_command_line_names_one_file() {
        let parse = |line: &str| parse(line.split_whitespace().map(OsString::from));
        for (line, expected) in [
            ("a.wasm", ("a.wasm", None)),
            ("a.wasm --only get", ("a.wasm", Some("get"))),
            ("--only strict a.wasm", ("a.wasm", Some("strict"))),
        ] {
            let (file, only) = parse(line).unwrap();
            assert_eq!(
                (file.as_path(), only.as_deref()),
                (Path::new(expected.0), expected.1),
                "{line}"
            );
        }
        for line in ["", "--only get", "a.wasm --only", "a.wasm b.wasm", "a.wasm --fast"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_vector_is_chosen_by_its_name_or_its_level() {
        let count = |only| chosen(only).map_or(0, |vectors| vectors.len());
        assert_eq!(count(Some("host-twice")), 1);
        assert_eq!(count(Some("basic")) + count(Some("strict")), count(None));
        assert_eq!(count(Some("no-such-vector")), 0);
    }
}
