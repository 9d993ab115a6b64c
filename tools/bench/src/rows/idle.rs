//! Idle connections: what they cost active ones, and how many can be held.

use super::turns::{Turn, alternate};
use crate::client::Idle;
use crate::files::SMALL;
use crate::load::Shot;
use crate::outcome::{Figure, Goal, MEBIBYTE, Outcome, Unit};
use crate::server::Server;
use crate::usage::Usage;
use crate::{Bench, interrupt};
use anyhow::Result;
use std::time::Duration;

/// The number of idle connections beside active ones.
const BESIDE: usize = 4_000;

/// The number of connections to hold.
const HELD: usize = 10_000;

/// The maximum cost of a request beside idle connections, as a multiple of its cost without them.
const COST: f64 = 1.05;

/// The maximum memory of the process with these connections, in MiB.
const HELD_MEMORY: f64 = 24.0;

/// The number of open files that either side needs for other purposes.
const FILES_BESIDES: u64 = 200;

/// How long the idle connections are left alone.
const LEFT_ALONE: Duration = Duration::from_secs(3);

/// The number of them that send a request one by one, to measure how soon the server responds.
const ASKED: usize = 50;

/// The same load on servers without idle connections and on servers with them, in turn. There are two of each kind,
/// because a server whose idle connections have just closed would be busy with that.
pub(super) fn beside_busy(bench: &Bench) -> Result<Outcome> {
    if let Some(outcome) = too_few_files(bench, Server::KINDS.len() * BESIDE) {
        return Ok(outcome);
    }
    let mut pairs = Vec::new();
    for start in Server::KINDS {
        if let (Some(without), Some(beside)) = (start(bench)?, start(bench)?) {
            let idle = Idle::open(beside.address, BESIDE, SMALL.name)?;
            pairs.push((without, beside, idle));
        }
    }
    let shot = Shot::persistent(10, &SMALL);
    let turns: Vec<_> = pairs
        .iter()
        .flat_map(|(without, beside, _)| {
            [
                Turn::new(without, shot).named(format!("{}, none idle", without.name)),
                Turn::new(beside, shot).named(format!("{}, 4,000 idle", beside.name)),
            ]
        })
        .collect();
    let sides = alternate(bench, &turns)?;
    let mut figures = Vec::new();
    for (sides, (server, ..)) in sides.chunks_exact(2).zip(&pairs) {
        let [without, beside] = sides else { continue };
        let what = format!("{}: CPU per request beside them to that without", server.name);
        let figure = Figure::ratio(what, &beside.costs(Usage::time), &without.costs(Usage::time));
        figures.push(match server.name {
            "aula" => figure.goal(Goal::AtMost(COST)),
            _ => figure,
        });
    }
    let beside = |name: &str| sides.iter().find(|side| side.name == format!("{name}, 4,000 idle"));
    if let (Some(ours), Some(theirs)) = (beside("aula"), beside("nginx")) {
        let speeds = Figure::ratio(
            "aula: requests/s beside them to nginx's",
            &ours.speeds(),
            &theirs.speeds(),
        );
        let (ours, theirs) = (ours.costs(Usage::time), theirs.costs(Usage::time));
        let costs = Figure::ratio("aula: CPU per request beside them to nginx's", &ours, &theirs);
        figures.extend([speeds.goal(Goal::AtLeast(1.0)), costs.goal(Goal::AtMost(1.0))]);
    }
    Ok(Outcome {
        sides,
        figures,
        ..Outcome::default()
    })
}

/// Opens the connections, waits, and sends another request on each. For the other servers only the memory is measured.
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
    let responded = idle.ask_all(SMALL.name)?;
    let share = usage.time() / LEFT_ALONE.as_secs_f64() * 100.0;
    let each = usage.resident as f64 / HELD as f64 / 1024.0;
    drop((idle, server));
    let mut figures = vec![
        memory("aula", usage.resident).goal(Goal::AtMost(HELD_MEMORY)),
        Figure::new("aula: still responding", Unit::Connections, vec![responded as f64])
            .goal(Goal::AtLeast(HELD as f64)),
        Figure::new(
            "aula: from a request on one of them to its response",
            Unit::Milliseconds,
            noticed,
        ),
    ];
    // Not lighttpd, which holds only half as many connections as it may open files.
    for start in &Server::KINDS[1..3] {
        if let Some(server) = start(bench)? {
            let _idle = Idle::open(server.address, HELD, SMALL.name)?;
            figures.push(memory(server.name, server.usage()?.resident));
        }
    }
    Ok(Outcome {
        figures,
        notes: vec![format!(
            "Left alone, they cost `aula` {share:.1} % of one core. Its process has {each:.1} KiB for each of them."
        )],
        ..Outcome::default()
    })
}

fn memory(name: &str, resident: u64) -> Figure {
    let resident = resident as f64 / MEBIBYTE;
    Figure::new(
        format!("{name}: resident with 10,000 idle"),
        Unit::Mebibytes,
        vec![resident],
    )
}

/// The outcome if this user may not open that many connections.
fn too_few_files(bench: &Bench, connections: usize) -> Option<Outcome> {
    let limit = bench.file_limit?;
    let needed = connections as u64 + FILES_BESIDES;
    (limit < needed).then(|| Outcome::not_measured(&format!("`ulimit -Hn` is {limit}, and {needed} are needed")))
}
