//! `aula-simulate`: a simulated world around `server.wasm`. `cargo xtask simulate` runs it; `docs/reliability.md` says
//! what it shows.
//!
//! | file | what it holds |
//! |---|---|
//! | `options` | the options of the command |
//! | `schedule` | what happens in a world, as text |
//! | `draw` | from a seed to a schedule |
//! | `run` | from a schedule to an outcome |
//! | `world` | the world itself |
//! | `functions` | the host's functions that differ from those of `hosts/native` |
//! | `clients` | the clients that use the server, and those that abuse it |
//! | `oracle` | what must hold |
//! | `settings` | what the server's options mean for the oracles |
//! | `shrink` | from a schedule that fails to a short one |
//! | `coverage` | marks in the server's branches, to see which are taken |
//! | `planted` | faults that are planted into the server, to see whether they are found |
//! | `dice`, `content` | numbers from a seed, and the bytes of files |

#![deny(unsafe_code)]

mod clients;
mod content;
mod coverage;
mod dice;
mod draw;
mod functions;
mod options;
mod oracle;
mod planted;
mod run;
mod schedule;
mod settings;
mod shrink;
mod world;

use aula::catalogue::{Lang, Message};
use options::Options;
use planted::{Garden, PLANTED};
use run::{Outcome, Program};
use schedule::Schedule;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use wasmtime::Engine;
use wasmtime::component::Component;

/// After how many seeds one is run a second time, to check that it gives the same result.
const AGAIN: u64 = 20;

/// How often the command prints its progress.
const PROGRESS: Duration = Duration::from_secs(10);

/// Where the traces of failing seeds are written.
const TRACES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../target/simulated");

/// How many lines of a story are printed at most. They are the last ones.
const STORY: usize = 200;

fn main() -> ExitCode {
    match Options::parse(std::env::args().skip(1)).and_then(|options| simulate(&options)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "simulate: {error}");
            ExitCode::from(2)
        }
    }
}

/// Does what the options say. Returns false if something failed.
fn simulate(options: &Options) -> Result<bool, String> {
    if options.plants {
        return plant(options);
    }
    if options.covers {
        return cover(options);
    }
    let program = program(options)?;
    let mut all_is_well = true;
    for file in &options.schedules {
        all_is_well &= replay(&program, file, options)?;
    }
    Ok(all_is_well && (options.exchanges == 0 || seeds(&program, options)?))
}

/// Plants one fault after another, and prints how many exchanges it took to find each. Returns false if one was not
/// found.
fn plant(options: &Options) -> Result<bool, String> {
    let garden = Garden::new()?;
    let mut all_were_found = true;
    say("| what is broken | exchanges until it was found | seeds | what was found |\n|---|---|---|---|");
    for planted in PLANTED.iter().filter(|planted| planted.what.contains(&options.only)) {
        let program = program_of(aula_native::run::load_other(garden.plant(planted)?))?;
        let (mut exchanges, mut seed) = (0, options.seed);
        let found = loop {
            if exchanges >= options.exchanges {
                break None;
            }
            let outcome = program.run(&draw::draw(seed, options.exchanges_of_a_seed), false);
            exchanges += outcome.exchanges;
            seed += 1;
            if let Some((_, what)) = outcome.violations.into_iter().next() {
                break Some(what.chars().take(100).collect::<String>());
            }
        };
        all_were_found &= found.is_some();
        let found = found.unwrap_or_else(|| "not found".to_owned());
        say(&format!(
            "| {} | {exchanges} | {} | {found} |",
            planted.what,
            seed - options.seed
        ));
    }
    Ok(all_were_found)
}

/// Prints which branches of the server the seeds take, and which they do not take.
fn cover(options: &Options) -> Result<bool, String> {
    let (component, marks) = Garden::new()?.cover()?;
    let program = program_of(aula_native::run::load_other(component))?;
    let mut taken = BTreeSet::new();
    let (mut exchanges, mut seed) = (0, options.seed);
    let begin = Instant::now();
    let is_over = || options.limit.is_some_and(|limit| begin.elapsed() >= limit);
    let mut run = |schedule: &Schedule| {
        let outcome = program.run(schedule, false);
        taken.extend(outcome.taken);
        outcome.exchanges.max(1)
    };
    for file in &options.schedules {
        let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        exchanges += run(&text.parse()?);
    }
    while exchanges < options.exchanges && !is_over() {
        exchanges += run(&draw::draw(seed, options.exchanges_of_a_seed));
        seed += 1;
    }
    let mut files: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (number, mark) in marks.iter().enumerate() {
        let (of, count) = files.entry(&mark.file).or_default();
        *of += 1;
        *count += usize::from(taken.contains(&number));
    }
    let of = marks.len();
    say(&format!(
        "{exchanges} exchanges, {} seeds: {} of {of} branches taken",
        seed - options.seed,
        taken.len()
    ));
    for (file, (of, count)) in files {
        say(&format!("{file}: {count} of {of}"));
    }
    for (_, mark) in marks.iter().enumerate().filter(|(number, _)| !taken.contains(number)) {
        say(&format!("{}:{}: {}: {}", mark.file, mark.line, mark.kind, mark.text));
    }
    Ok(true)
}

fn program(options: &Options) -> Result<Program, String> {
    program_of(match &options.component {
        Some(file) => {
            let wasm = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
            aula_native::run::load_other(wasm)
        }
        None => aula_native::run::load_server(),
    })
}

fn program_of(loaded: Result<(Engine, Component), Message>) -> Result<Program, String> {
    let (engine, component) = loaded.map_err(|error| error.get(Lang::En))?;
    Program::new(&engine, &component).map_err(|error| format!("{error:#}"))
}

/// Runs a schedule that was kept in a file.
fn replay(program: &Program, file: &Path, options: &Options) -> Result<bool, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let schedule: Schedule = text.parse().map_err(|error| format!("{}: {error}", file.display()))?;
    let outcome = program.run(&schedule, true);
    if let Some(to) = &options.trace {
        trace(program, &schedule, to)?;
    }
    let tells = options.tells;
    if tells || !outcome.violations.is_empty() {
        story(&outcome, if tells { usize::MAX } else { STORY });
    }
    let verdict = if outcome.violations.is_empty() {
        "clean"
    } else {
        "FAILED"
    };
    say(&format!(
        "{}: {verdict}, {} exchanges",
        file.display(),
        outcome.exchanges
    ));
    Ok(outcome.violations.is_empty())
}

/// Runs one seed after another, until there are enough exchanges, the time is over, or a seed fails.
fn seeds(program: &Program, options: &Options) -> Result<bool, String> {
    let begin = Instant::now();
    let mut told = begin;
    let (mut exchanges, mut connections, mut turns, mut lasted, mut failed) = (0, 0, 0, 0, 0);
    let (mut unread, mut laps) = (0, 0);
    let mut seed = options.seed;
    say(&format!(
        "seeds from {seed} on: `cargo xtask simulate --seed {seed}` repeats them"
    ));
    let is_over = || options.limit.is_some_and(|limit| begin.elapsed() >= limit);
    while exchanges < options.exchanges && !is_over() {
        let schedule = draw::draw(seed, options.exchanges_of_a_seed);
        let outcome = program.run(&schedule, false);
        exchanges += outcome.exchanges.max(1);
        connections += outcome.connections;
        turns += outcome.turns;
        lasted += outcome.lasted;
        unread = unread.max(outcome.longest_unread);
        laps = laps.max(outcome.longest_laps);
        if seed.is_multiple_of(AGAIN) && program.run(&schedule, false).digest != outcome.digest {
            return Err(format!("seed {seed}: a second run was not the same"));
        }
        if !outcome.violations.is_empty() {
            failed += 1;
            say(&format!(
                "seed {seed} failed after {exchanges} exchanges: {}",
                outcome.violations[0].1
            ));
            if options.tells {
                say(&schedule.to_string());
            }
            if !options.goes_on {
                explain(program, seed, &schedule, options.keeps.as_deref())?;
                return Ok(false);
            }
        }
        seed += 1;
        if told.elapsed() >= PROGRESS {
            told = Instant::now();
            let rate = exchanges as f64 / begin.elapsed().as_secs_f64();
            say(&format!(
                "{exchanges} exchanges, {} seeds, {failed} failed, {rate:.0} exchanges a second",
                seed - options.seed
            ));
        }
    }
    say(&format!(
        "{exchanges} exchanges on {connections} connections in {} seeds, {failed} failed; {turns} turns, at most {unread} (and {laps} laps of the others) until something was read, {:.1} h there, {:.1} s here",
        seed - options.seed,
        lasted as f64 / 3.6e12,
        begin.elapsed().as_secs_f64()
    ));
    Ok(failed == 0)
}

/// Shortens a schedule that fails, prints its story, and keeps it in a file.
fn explain(program: &Program, seed: u64, schedule: &Schedule, folder: Option<&Path>) -> Result<(), String> {
    say("making it shorter");
    let (short, _) = shrink::shrink(program, schedule);
    let outcome = program.run(&short, true);
    story(&outcome, STORY);
    let why = outcome.violations.first().map_or("", |(_, what)| what.as_str());
    let why: String = why.chars().take(200).collect();
    let text = format!("# Seed {seed}, made shorter: {why}\n{short}");
    say(&text);
    if let Some(folder) = folder {
        trace(program, &short, &Path::new(TRACES).join(format!("seed-{seed}.jsonl")))?;
        let file: PathBuf = folder.join(format!("seed-{seed}.txt"));
        let kept = fs::create_dir_all(folder).and_then(|()| fs::write(&file, &text));
        kept.map_err(|error| format!("{}: {error}", file.display()))?;
        say(&format!(
            "kept as {}; again: cargo xtask simulate {}",
            file.display(),
            file.display()
        ));
    }
    Ok(())
}

/// Writes the JSON trace of a schedule, which the inspector draws. The world is the same, and the server runs with the
/// trace.
fn trace(program: &Program, schedule: &Schedule, file: &Path) -> Result<(), String> {
    let mut traced = schedule.clone();
    let is_log = |option: &String| option.starts_with("--log") || option.starts_with("--trace");
    traced.options.retain(|option| !is_log(option));
    traced.options.push("--trace=json".to_owned());
    let outcome = program.run(&traced, true);
    let written = fs::create_dir_all(file.parent().unwrap_or(file)).and_then(|()| fs::write(file, &outcome.printed));
    written.map_err(|error| format!("{}: {error}", file.display()))?;
    let what = match outcome.violations.first() {
        Some((at, what)) => format!("at {:.3} ms: {what}", *at as f64 / 1e6),
        None => "without the failure: to print takes time, so other things happen".to_owned(),
    };
    let what: String = what.chars().take(200).collect();
    say(&format!("for the inspector: {}, {what}", file.display()));
    Ok(())
}

/// Prints the last lines of a story, at most this number.
fn story(outcome: &Outcome, most: usize) {
    let skipped = outcome.story.len().saturating_sub(most);
    if skipped > 0 {
        say(&format!("... {skipped} lines"));
    }
    for line in &outcome.story[skipped..] {
        say(line);
    }
}

fn say(line: &str) {
    // An error means that nobody reads the output. That is no reason to stop.
    let _ = writeln!(io::stdout(), "{line}");
}
