//! What the access log costs: the same server with it and without, in turn.

use super::turns::{Turn, alternate};
use crate::Bench;
use crate::files::SMALL;
use crate::load::Shot;
use crate::outcome::{Figure, Goal, Outcome};
use crate::server::Server;
use crate::usage::Usage;
use anyhow::Result;

/// The rate with the log, as a share of the rate without.
const LEAST: f64 = 0.85;

/// The log is written to a file, in the format that is the default.
pub(super) fn measure(bench: &Bench) -> Result<Outcome> {
    let without = Server::aula(bench)?;
    let with = Server::aula_with(bench, &["--log", "combined"])?;
    let shot = Shot::persistent(64, &SMALL);
    let turns = [
        Turn::new(&with, shot).named("aula, access log to a file"),
        Turn::new(&without, shot).named("aula, no access log"),
    ];
    let sides = alternate(bench, &turns)?;
    let mut figures = Vec::new();
    if let [with, without] = &sides[..] {
        let speeds = Figure::ratio("requests/s with it to those without", &with.speeds(), &without.speeds());
        figures.push(speeds.goal(Goal::AtLeast(LEAST)));
        figures.push(Figure::ratio(
            "CPU per request with it to that without",
            &with.costs(Usage::time),
            &without.costs(Usage::time),
        ));
    }
    Ok(Outcome {
        sides,
        figures,
        notes: Vec::new(),
    })
}
