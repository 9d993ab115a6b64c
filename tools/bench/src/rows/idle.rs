//! Connections that are open and idle: what they cost those that are not, and how many can be held.

use std::time::Duration;

use anyhow::Result;

use super::turns::{Turn, alternate};
use crate::client::Idle;
use crate::files::SMALL;
use crate::load::Shot;
use crate::outcome::{Figure, Goal, MEBIBYTE, Outcome, Unit};
use crate::server::Server;
use crate::usage::Usage;
use crate::{Bench, interrupt};

/// How many are idle beside busy ones.
const BESIDE: usize = 4_000;

/// How many are held.
const HELD: usize = 10_000;

/// What the work of the busy ones may cost beside the idle ones, as a multiple of its cost without them.
const COST: f64 = 1.05;

/// The most memory that the process may have with them, in MiB.
const HELD_MEMORY: f64 = 24.0;

/// Open files that either side needs for other things.
const FILES_BESIDES: u64 = 200;

/// How long the idle connections are left alone.
const LEFT_ALONE: Duration = Duration::from_secs(3);

/// How many of them are asked one by one, to see how soon the server notices.
const ASKED: usize = 50;

/// The same load on a server without idle connections and on one with them, in turn.
pub(super) fn beside_busy(bench: &Bench) -> Result<Outcome> {
    if let Some(outcome) = too_few_files(bench, BESIDE) {
        return Ok(outcome);
    }
    let mut outcome = beside_busy_of(|| Server::aula(bench).map(Some), bench)?;
    outcome.figures = outcome
        .figures
        .into_iter()
        .map(|figure| figure.goal(Goal::AtMost(COST)))
        .collect();
    let wasmtime = beside_busy_of(|| Server::wasmtime(bench).map(Some), bench)?;
    let nginx = beside_busy_of(|| Server::nginx(bench), bench)?;
    for other in [wasmtime, nginx] {
        outcome.sides.extend(other.sides);
        outcome.figures.extend(other.figures);
    }
    Ok(outcome)
}

/// The same for one kind of server. Two of them: one whose idle connections have just left would be busy with that.
fn beside_busy_of(start: impl Fn() -> Result<Option<Server>>, bench: &Bench) -> Result<Outcome> {
    let (Some(without), Some(beside)) = (start()?, start()?) else {
        return Ok(Outcome::default());
    };
    let _idle = Idle::open(beside.address, BESIDE, SMALL.name)?;
    let name = without.name;
    let shot = Shot::persistent(10, &SMALL);
    let turns = [
        Turn::new(&without, shot).named(format!("{name}, none idle")),
        Turn::new(&beside, shot).named(format!("{name}, 4,000 idle")),
    ];
    let sides = alternate(bench, &turns)?;
    let costs: Vec<_> = sides.iter().map(|side| side.costs(Usage::time)).collect();
    let what = format!("{name}'s CPU per request beside them to that without");
    let figures = match &costs[..] {
        [without, beside] => vec![Figure::ratio(what, beside, without)],
        _ => Vec::new(),
    };
    Ok(Outcome {
        sides,
        figures,
        ..Outcome::default()
    })
}

/// Opens them, leaves them alone, and asks on each once more.
pub(super) fn hold(bench: &Bench) -> Result<Outcome> {
    if let Some(outcome) = too_few_files(bench, HELD) {
        return Ok(outcome);
    }
    let server = Server::aula(bench)?;
    let mut idle = Idle::open(server.address, HELD, SMALL.name)?;
    let before = server.usage()?;
    interrupt::sleep(LEFT_ALONE)?;
    let usage = server.usage()? - before;
    let noticed = idle.ask_each(ASKED, SMALL.name)?;
    let noticed = noticed.iter().map(|time| time.as_secs_f64() * 1e3).collect();
    let answered = idle.ask_all(SMALL.name)?;
    let share = usage.time() / LEFT_ALONE.as_secs_f64() * 100.0;
    let resident = usage.resident as f64;
    let (all, each) = (resident / MEBIBYTE, resident / HELD as f64 / 1024.0);
    let figures = vec![
        Figure::new("memory of the process", Unit::Mebibytes, vec![all]).goal(Goal::AtMost(HELD_MEMORY)),
        Figure::new("still answered", Unit::Connections, vec![answered as f64]).goal(Goal::AtLeast(HELD as f64)),
        Figure::new(
            "from a request on one of them to its answer",
            Unit::Milliseconds,
            noticed,
        ),
    ];
    Ok(Outcome {
        figures,
        notes: vec![format!(
            "Left alone, they cost {share:.1} % of one core. The process has {each:.1} KiB for each of them."
        )],
        ..Outcome::default()
    })
}

/// The outcome where this user may not open so many connections.
fn too_few_files(bench: &Bench, connections: usize) -> Option<Outcome> {
    let limit = bench.file_limit?;
    let needed = connections as u64 + FILES_BESIDES;
    (limit < needed).then(|| Outcome::not_measured(&format!("`ulimit -Hn` is {limit}, and {needed} are needed")))
}
