//! How long a start takes, from the command to the ready line.

use crate::outcome::{Figure, Goal, Outcome, Unit};
use crate::server::Server;
use crate::{Bench, interrupt};
use anyhow::{Result, ensure};
use std::process::{Command, Stdio};
use std::time::Duration;

/// How often each way of starting is tried.
const STARTS: usize = 11;

/// The most that a start of our own host may take, in milliseconds, if the component was compiled before.
const OURS: f64 = 8.0;

/// The same for `wasmtime run`, from its compile cache.
const CACHED: f64 = 50.0;

/// The same for a component that was compiled ahead.
const PRECOMPILED: f64 = 20.0;

/// Starts in three ways: from the runtime's cache, compiled ahead, and compiled anew.
pub(super) fn measure(bench: &Bench) -> Result<Outcome> {
    let precompiled = bench.scratch.path().join("server.cwasm");
    let compile = Command::new(&bench.tools.wasmtime)
        .arg("compile")
        .arg(&bench.component)
        .arg("-o")
        .arg(&precompiled)
        .stdout(Stdio::null())
        .status()?;
    ensure!(compile.success(), "`wasmtime compile` does not work");
    // From here on it is in the caches.
    drop((Server::aula(bench)?, Server::wasmtime(bench)?));
    let mut ours = Vec::new();
    let mut cached = Vec::new();
    let mut ahead = Vec::new();
    let mut anew = Vec::new();
    for _ in 0..STARTS {
        interrupt::check()?;
        ours.push(Server::aula(bench)?.start);
        cached.push(Server::wasmtime(bench)?.start);
        ahead.push(Server::wasmtime_with(bench, &precompiled, &["--allow-precompiled"])?.start);
        anew.push(Server::wasmtime_with(bench, &bench.component, &["-C", "cache=n"])?.start);
    }
    let figure = |what, times: &[Duration]| {
        let milliseconds = times.iter().map(|time| time.as_secs_f64() * 1e3);
        Figure::new(what, Unit::Milliseconds, milliseconds.collect())
    };
    Ok(Outcome {
        figures: vec![
            figure("aula: start, compiled before", &ours).goal(Goal::AtMost(OURS)),
            figure("wasmtime run: start, compiled before", &cached).goal(Goal::AtMost(CACHED)),
            figure("wasmtime run: start, compiled ahead", &ahead).goal(Goal::AtMost(PRECOMPILED)),
            figure("wasmtime run: start, compiled anew", &anew),
        ],
        ..Outcome::default()
    })
}
