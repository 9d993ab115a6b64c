//! The memory of the whole process, including the host, with 64 and 1,000 connections, and whether it grows.

use super::turns::{Turn, alternate};
use crate::Bench;
use crate::files::{MEDIUM, SMALL, Served};
use crate::load::Shot;
use crate::outcome::{Figure, Goal, MEBIBYTE, Outcome, Side, Unit};
use crate::server::Server;
use anyhow::Result;

/// The number of active connections, the file, and the maximum memory of the process, in MiB.
const LOADS: [(u32, &Served, f64); 2] = [(1000, &SMALL, 64.0), (1000, &MEDIUM, 64.0)];

/// The maximum memory of the process with 64 connections, in MiB.
const FEW: f64 = 8.0;

/// The maximum growth from the first round to the last, as a factor: the usual fluctuation.
const GROWTH: f64 = 1.05;

/// Each kind of server with 64 connections; then ours with many. Each load has its own server, because the peak is that
/// of a process.
pub(super) fn measure(bench: &Bench) -> Result<Outcome> {
    let mut outcome = few(bench)?;
    for (connections, file, most) in LOADS {
        let server = Server::aula(bench)?;
        let what = format!("{connections} connections, {}", file.name);
        let turn = Turn::new(&server, Shot::persistent(connections, file)).named(format!("aula, {}", file.name));
        let sides = alternate(bench, &[turn])?;
        outcome
            .figures
            .extend(sides.iter().flat_map(|side| figures(side, &what, most)));
        outcome.sides.extend(sides);
    }
    Ok(outcome)
}

/// The memory of each kind of server with 64 active connections.
fn few(bench: &Bench) -> Result<Outcome> {
    let mut servers = Vec::new();
    for start in Server::KINDS {
        servers.extend(start(bench)?);
    }
    let turns: Vec<_> = servers
        .iter()
        .map(|server| Turn::new(server, Shot::persistent(64, &SMALL)))
        .collect();
    let sides = alternate(bench, &turns)?;
    let resident = |side: &Side| {
        let resident = side.each(|run| run.usage.resident as f64 / MEBIBYTE);
        let figure = Figure::new(
            format!("{}: resident with 64 connections", side.name),
            Unit::Mebibytes,
            resident,
        );
        match side.name.as_str() {
            "aula" => figure.goal(Goal::NeverAbove(FEW)),
            _ => figure,
        }
    };
    Ok(Outcome {
        figures: sides.iter().map(resident).collect(),
        sides,
        ..Outcome::default()
    })
}

fn figures(side: &Side, what: &str, most: f64) -> Vec<Figure> {
    let peaks = side.each(|run| run.usage.peak as f64 / MEBIBYTE);
    let resident = side.each(|run| run.usage.resident as f64);
    let ends = (resident.first(), resident.last());
    let growth: Vec<_> = if let (Some(first), Some(last)) = ends {
        vec![last / first]
    } else {
        Vec::new()
    };
    vec![
        Figure::new(format!("peak of the process, {what}"), Unit::Mebibytes, peaks).goal(Goal::NeverAbove(most)),
        Figure::new(
            format!("after the last round to after the first, {what}"),
            Unit::Ratio,
            growth,
        )
        .goal(Goal::AtMost(GROWTH)),
    ]
}
