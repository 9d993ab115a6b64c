//! Throughput: Aula beside each other server that the machine has.

use super::turns::{Turn, alternate};
use crate::files::{self, LARGE, MEDIUM, SMALL};
use crate::load::Shot;
use crate::outcome::{Figure, Goal, Outcome, Side};
use crate::server::Server;
use crate::usage::Usage;
use crate::{Bench, machine};
use anyhow::Result;

/// The numbers of connections of the row `busy`. The others are compared with the first.
const BUSY: [u32; 4] = [64, 200, 500, 1000];

/// The minimum rate with many connections, as a share of the rate with the first number of [`BUSY`].
const COLLAPSE: f64 = 0.8;

/// The maximum cost of a request on a persistent connection, as a multiple of the floor's.
const FLOORS: f64 = 1.5;

/// How much slower than the median the slowest percent may be.
const TAIL: f64 = 10.0;

/// 1 KB, persistent connections.
pub(super) fn keep_alive(bench: &Bench, connections: u32) -> Result<Outcome> {
    compare(bench, Shot::persistent(connections, &SMALL), 1.0, 1.0)
}

/// 1 KB, a new connection each.
pub(super) fn new_connections(bench: &Bench) -> Result<Outcome> {
    let shot = Shot {
        close: true,
        ..Shot::persistent(64, &SMALL)
    };
    compare(bench, shot, 0.95, 1.1)
}

/// 1 MB, 10 connections.
pub(super) fn medium(bench: &Bench) -> Result<Outcome> {
    compare(bench, Shot::persistent(10, &MEDIUM), 1.0, 1.5)
}

/// 256 MB, one connection.
pub(super) fn large(bench: &Bench) -> Result<Outcome> {
    files::make(&bench.site, &LARGE)?;
    compare(bench, Shot::persistent(1, &LARGE), 0.97, 1.2)
}

/// Several threads on one port beside the same number of nginx workers, which needs more than one core.
pub(super) fn threads(bench: &Bench) -> Result<Outcome> {
    let number = machine::cores();
    let threads = number.to_string();
    let aula = Server::aula_with(bench, &["--log", "off", "--threads", &threads])?;
    let alone = Server::aula(bench)?;
    let nginx = Server::nginx_workers(bench, number)?;
    let shot = Shot::persistent(64, &SMALL);
    let mut turns = vec![
        Turn::new(&aula, shot).named(format!("aula, {number} threads")),
        Turn::new(&alone, shot),
    ];
    turns.extend(
        nginx
            .iter()
            .map(|nginx| Turn::new(nginx, shot).named(format!("nginx, {number} workers"))),
    );
    let lighttpd = Server::lighttpd(bench)?;
    turns.extend(lighttpd.iter().map(|lighttpd| Turn::new(lighttpd, shot)));
    let sides = alternate(bench, &turns)?;
    let figures = match &sides[..] {
        [threads, others @ ..] => others
            .iter()
            .map(|other| {
                let what = format!("requests/s of {number} threads to {}'s", other.name);
                Figure::ratio(what, &threads.speeds(), &other.speeds())
            })
            .collect(),
        [] => Vec::new(),
    };
    Ok(Outcome {
        sides,
        figures,
        notes: vec![format!("On {number} cores, one of which the load generator needs.")],
    })
}

/// Loads all servers in turn. `speed` and `cost` are the goals for Aula, as multiples of nginx's.
fn compare(bench: &Bench, shot: Shot, speed: f64, cost: f64) -> Result<Outcome> {
    let aula = Server::aula(bench)?;
    let wasmtime = Server::wasmtime(bench)?;
    let nginx = Server::nginx(bench)?;
    let lighttpd = Server::lighttpd(bench)?;
    // Only for small files: with a large one, parsing does not matter.
    let floor = if shot.is_in_bytes() {
        None
    } else {
        Some(Server::floor(bench, shot.file, shot.close)?)
    };
    let python = Server::python(bench)?;
    let servers = [
        Some(&aula),
        Some(&wasmtime),
        nginx.as_ref(),
        lighttpd.as_ref(),
        floor.as_ref(),
    ];
    let mut turns: Vec<_> = servers
        .into_iter()
        .flatten()
        .map(|server| Turn::new(server, shot))
        .collect();
    // It is so much slower than all others that one run is enough.
    turns.extend(python.iter().map(|server| Turn {
        once: true,
        ..Turn::new(server, shot)
    }));
    let sides = alternate(bench, &turns)?;
    let named = |name| sides.iter().find(|side| side.name == name);
    let costs = |side: &Side| side.costs(Usage::time);
    let (unit, work) = if shot.is_in_bytes() {
        ("bytes/s", "MiB")
    } else {
        ("requests/s", "request")
    };
    let mut figures = Vec::new();
    for name in ["aula", "wasmtime run"] {
        for other in ["nginx", "lighttpd"] {
            let (Some(ours), Some(theirs)) = (named(name), named(other)) else {
                continue;
            };
            let speeds = Figure::ratio(format!("{name}: {unit} to {other}'s"), &ours.speeds(), &theirs.speeds());
            let what = format!("{name}: CPU per {work} to {other}'s");
            let costs = Figure::ratio(what, &costs(ours), &costs(theirs));
            figures.extend(match (name, other) {
                ("aula", "nginx") => [speeds.goal(Goal::AtLeast(speed)), costs.goal(Goal::AtMost(cost))],
                _ => [speeds, costs],
            });
        }
    }
    if let Some(floor) = named("the floor") {
        for side in sides
            .iter()
            .filter(|side| side.runs.len() == floor.runs.len() && side.name != floor.name)
        {
            let what = format!("{}: CPU per request in floors", side.name);
            let figure = Figure::ratio(what, &costs(side), &costs(floor));
            figures.push(match side.name.as_str() {
                "aula" if !shot.close => figure.goal(Goal::AtMost(FLOORS)),
                _ => figure,
            });
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
