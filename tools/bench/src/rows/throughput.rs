//! Rows of throughput: Aula beside each server that is here.

use anyhow::Result;

use super::turns::{Turn, alternate};
use crate::Bench;
use crate::files::{self, LARGE, MEDIUM, SMALL};
use crate::load::Shot;
use crate::outcome::{Figure, Goal, Outcome, Side};
use crate::server::Server;
use crate::usage::Usage;

/// The numbers of connections of the row `busy`. The first is what the others are compared with.
const BUSY: [u32; 4] = [64, 200, 500, 1000];

/// What the rate of a busy server must not fall below, as a share of its rate at the first of [`BUSY`].
const COLLAPSE: f64 = 0.8;

/// How much slower than the median the slowest percent may be.
const TAIL: f64 = 10.0;

/// 1 KB, persistent connections.
pub(super) fn keep_alive(bench: &Bench, connections: u32) -> Result<Outcome> {
    compare(bench, Shot::persistent(connections, &SMALL), 1.0)
}

/// 1 KB, a new connection each.
pub(super) fn new_connections(bench: &Bench) -> Result<Outcome> {
    let shot = Shot {
        close: true,
        ..Shot::persistent(64, &SMALL)
    };
    compare(bench, shot, 0.75)
}

/// 1 MB, 10 connections.
pub(super) fn medium(bench: &Bench) -> Result<Outcome> {
    compare(bench, Shot::persistent(10, &MEDIUM), 0.9)
}

/// 256 MB, one connection.
pub(super) fn large(bench: &Bench) -> Result<Outcome> {
    files::make(&bench.site, &LARGE)?;
    compare(bench, Shot::persistent(1, &LARGE), 0.9)
}

/// Loads all servers in turn. `goal`: Aula's speed as a multiple of nginx's.
fn compare(bench: &Bench, shot: Shot, goal: f64) -> Result<Outcome> {
    let aula = Server::aula(bench)?;
    let nginx = Server::nginx(bench)?;
    // Whose figure is a goal for small files alone.
    let lighttpd = if shot.is_in_bytes() {
        None
    } else {
        Server::lighttpd(bench)?
    };
    let python = Server::python(bench)?;
    let servers = [Some(&aula), nginx.as_ref(), lighttpd.as_ref()];
    let mut turns: Vec<_> = servers
        .into_iter()
        .flatten()
        .map(|server| Turn::new(server, shot))
        .collect();
    // So much slower than all others that one run says enough.
    turns.extend(python.iter().map(|server| Turn {
        once: true,
        ..Turn::new(server, shot)
    }));
    let sides = alternate(bench, &turns)?;
    let speed = if shot.is_in_bytes() { "bytes/s" } else { "requests/s" };
    let work = if shot.is_in_bytes() { "MiB" } else { "request" };
    let mut figures = Vec::new();
    if let Some((aula, others)) = sides.split_first() {
        for other in others.iter().filter(|other| other.name != "python3") {
            let speeds = Figure::ratio(format!("{speed} to {}'s", other.name), &aula.speeds(), &other.speeds());
            let cost = |side: &Side| side.costs(Usage::time);
            let costs = Figure::ratio(format!("CPU per {work} to {}'s", other.name), &cost(aula), &cost(other));
            if other.name == "nginx" {
                figures.push(speeds.goal(Goal::AtLeast(goal)));
                figures.push(costs.goal(Goal::AtMost(1.0)));
            } else {
                figures.extend([speeds, costs]);
            }
        }
    }
    Ok(Outcome {
        sides,
        figures,
        notes: Vec::new(),
    })
}

/// 1 KB, more and more persistent connections.
pub(super) fn busy(bench: &Bench) -> Result<Outcome> {
    let aula = Server::aula(bench)?;
    let nginx = Server::nginx(bench)?;
    let mut turns = Vec::new();
    for connections in BUSY {
        for server in [Some(&aula), nginx.as_ref()].into_iter().flatten() {
            turns.push(Turn::new(server, Shot::persistent(connections, &SMALL)));
        }
    }
    let sides = alternate(bench, &turns)?;
    let mut figures = Vec::new();
    let ours: Vec<_> = sides.iter().filter(|side| side.name == aula.name).collect();
    if let Some((few, more)) = ours.split_first() {
        for many in more {
            let number = many.shot.connections;
            let rate = format!("requests/s at {number} to those at {}", few.shot.connections);
            let rate = Figure::ratio(rate, &many.speeds(), &few.speeds());
            figures.push(rate.goal(Goal::AtLeast(COLLAPSE)));
            let tail = format!("slowest 1 % to the median at {number}");
            let tail = Figure::ratio(tail, &many.each(|run| run.slowest), &many.each(|run| run.median));
            figures.push(tail.goal(Goal::AtMost(TAIL)));
        }
    }
    Ok(Outcome {
        sides,
        figures,
        notes: Vec::new(),
    })
}
