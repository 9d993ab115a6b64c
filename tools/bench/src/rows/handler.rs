//! What it costs to leave the connections to an engine: `handler.wasm` under `wasmtime serve`, beside `server.wasm`
//! under `wasmtime run`.

use super::turns::{Turn, alternate};
use crate::Bench;
use crate::files::{MEDIUM, SMALL};
use crate::load::Shot;
use crate::outcome::{Figure, Outcome};
use crate::server::Server;
use crate::usage::Usage;
use anyhow::Result;

/// Both serve a small file on 64 connections, and one of 1 MB on 10.
pub(super) fn measure(bench: &Bench) -> Result<Outcome> {
    let server = Server::wasmtime(bench)?;
    let handler = Server::handler(bench)?;
    let shots = [Shot::persistent(64, &SMALL), Shot::persistent(10, &MEDIUM)];
    let turns: Vec<_> = shots
        .into_iter()
        .flat_map(|shot| [Turn::new(&handler, shot), Turn::new(&server, shot)])
        .collect();
    let sides = alternate(bench, &turns)?;
    let mut figures = Vec::new();
    for pair in sides.chunks(2) {
        let [handler, server] = pair else { continue };
        let file = handler.shot.file.name;
        let speeds = format!("{file}: requests/s of handler.wasm to those of server.wasm");
        figures.push(Figure::ratio(speeds, &handler.speeds(), &server.speeds()));
        let costs = format!("{file}: CPU per request of handler.wasm to that of server.wasm");
        figures.push(Figure::ratio(
            costs,
            &handler.costs(Usage::time),
            &server.costs(Usage::time),
        ));
    }
    Ok(Outcome {
        sides,
        figures,
        notes: vec!["wasmtime serve makes a new instance of the component for each request.".to_owned()],
    })
}
