//! The memory of the whole process, runtime and all, with 1,000 connections; and whether it stays what it is.

use anyhow::Result;

use super::turns::{Turn, alternate};
use crate::Bench;
use crate::files::{MEDIUM, SMALL};
use crate::load::Shot;
use crate::outcome::{Figure, Goal, MEBIBYTE, Outcome, Side, Unit};
use crate::server::Server;

/// How many connections are busy.
const CONNECTIONS: u32 = 1000;

/// The most that the process may take, in MiB.
const MOST: f64 = 64.0;

/// What it may have grown to from the first round to the last: no more than its pages wander.
const GROWTH: f64 = 1.05;

/// A server for small files and one for larger ones, so that each has a peak of its own.
pub(super) fn measure(bench: &Bench) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for (what, file) in [("1 KB", &SMALL), ("1 MB", &MEDIUM)] {
        let server = Server::aula(bench)?;
        let turn = Turn::new(&server, Shot::persistent(CONNECTIONS, file)).named(format!("aula, {what} files"));
        let sides = alternate(bench, &[turn])?;
        outcome
            .figures
            .extend(sides.iter().flat_map(|side| figures(side, what)));
        outcome.sides.extend(sides);
    }
    Ok(outcome)
}

fn figures(side: &Side, what: &str) -> Vec<Figure> {
    let peaks = side.each(|run| run.usage.peak as f64 / MEBIBYTE);
    let resident = side.each(|run| run.usage.resident as f64);
    let ends = (resident.first(), resident.last());
    let growth: Vec<_> = if let (Some(first), Some(last)) = ends {
        vec![last / first]
    } else {
        Vec::new()
    };
    vec![
        Figure::new(format!("peak of the process, {what} files"), Unit::Mebibytes, peaks).goal(Goal::NeverAbove(MOST)),
        Figure::new(
            format!("after the last round to after the first, {what} files"),
            Unit::Ratio,
            growth,
        )
        .goal(Goal::AtMost(GROWTH)),
    ]
}
