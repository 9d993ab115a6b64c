//! `aula-simulate`: a simulated world around `server.wasm`. `cargo xtask simulate` runs it; `docs/reliability.md` says
//! what it shows.
//!
//! | file | what it holds |
//! |---|---|
//! | `options` | what the user wants |
//! | `schedule` | what happens in a world, as text |
//! | `draw` | from a seed to a schedule |
//! | `run` | from a schedule to an outcome |
//! | `world` | the world itself |
//! | `functions` | the host's functions that are not those of `hosts/native` |
//! | `clients` | who uses the server, and who abuses it |
//! | `oracle` | what must hold |
//! | `settings` | what the server's options mean for the oracles |
//! | `shrink` | from a schedule that fails to a short one |
//! | `planted` | faults that are planted into the server, to see whether they are found |
//! | `dice`, `content` | numbers from a seed, and the bytes of files |

#![deny(unsafe_code)]

mod clients;
mod content;
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
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use wasmtime::Engine;
use wasmtime::component::Component;

/// How many seeds there are between two that are run a second time, to see that the same comes of them.
const AGAIN: u64 = 20;

/// How often it is said how far it is.
const PROGRESS: Duration = Duration::from_secs(10);

/// How many lines of a story are printed: those before its end.
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

/// Runs what was asked for. False if something failed.
fn simulate(options: &Options) -> Result<bool, String> {
    if options.plants {
        return plant(options);
    }
    let program = program(options)?;
    let mut all_is_well = true;
    for file in &options.schedules {
        all_is_well &= replay(&program, file, options.tells)?;
    }
    Ok(all_is_well && (options.exchanges == 0 || seeds(&program, options)?))
}

/// Plants one fault after the other, and tells how many exchanges each took. False if one was not found.
fn plant(options: &Options) -> Result<bool, String> {
    let garden = Garden::new()?;
    let mut all_were_found = true;
    say("| what is broken | exchanges until it was found | seeds | what was found |\n|---|---|---|---|");
    for planted in PLANTED {
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

/// Runs a schedule that was kept.
fn replay(program: &Program, file: &Path, tells: bool) -> Result<bool, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let schedule: Schedule = text.parse().map_err(|error| format!("{}: {error}", file.display()))?;
    let outcome = program.run(&schedule, true);
    if tells || !outcome.violations.is_empty() {
        story(&outcome);
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

/// Runs one seed after the other, until there were enough exchanges, the time is over, or one fails.
fn seeds(program: &Program, options: &Options) -> Result<bool, String> {
    let begin = Instant::now();
    let mut told = begin;
    let (mut exchanges, mut connections, mut turns, mut lasted, mut failed) = (0, 0, 0, 0, 0);
    let mut unread = 0;
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
        if seed.is_multiple_of(AGAIN) && program.run(&schedule, false).digest != outcome.digest {
            return Err(format!("seed {seed}: a second run was not the same"));
        }
        if !outcome.violations.is_empty() {
            failed += 1;
            say(&format!(
                "seed {seed} failed after {exchanges} exchanges: {}",
                outcome.violations[0].1
            ));
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
        "{exchanges} exchanges on {connections} connections in {} seeds, {failed} failed; {turns} turns, at most {unread} until something was read, {:.1} h there, {:.1} s here",
        seed - options.seed,
        lasted as f64 / 3.6e12,
        begin.elapsed().as_secs_f64()
    ));
    Ok(failed == 0)
}

/// Shortens a schedule that fails, tells its story, and keeps it.
fn explain(program: &Program, seed: u64, schedule: &Schedule, folder: Option<&Path>) -> Result<(), String> {
    say("making it shorter");
    let (short, _) = shrink::shrink(program, schedule);
    let outcome = program.run(&short, true);
    story(&outcome);
    let why = outcome.violations.first().map_or("", |(_, what)| what.as_str());
    let why: String = why.chars().take(200).collect();
    let text = format!("# Seed {seed}, made shorter: {why}\n{short}");
    say(&text);
    if let Some(folder) = folder {
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

/// Prints the end of a story.
fn story(outcome: &Outcome) {
    let skipped = outcome.story.len().saturating_sub(STORY);
    if skipped > 0 {
        say(&format!("... {skipped} lines"));
    }
    for line in &outcome.story[skipped..] {
        say(line);
    }
}

fn say(line: &str) {
    // Where nobody is left to read it, there is no reason to stop either.
    let _ = writeln!(io::stdout(), "{line}");
}
