//! The rows: what can be measured, in this order.
//!
//! Each row starts its own servers, so that it does not inherit the memory or connections of another.

mod edit;
mod handler;
mod idle;
mod instances;
mod log;
mod memory;
mod start;
mod throughput;
mod turns;

use super::Bench;
use super::outcome::Outcome;
use anyhow::Result;

/// Something to measure.
pub(super) struct Row {
    /// Its name on the command line.
    pub(super) name: &'static str,
    /// What it measures.
    pub(super) title: &'static str,
    /// Whether it needs wrk.
    pub(super) needs_wrk: bool,
    /// Measures it.
    pub(super) measure: fn(&Bench) -> Result<Outcome>,
}

/// All rows.
pub(super) static ROWS: [Row; 16] = [
    Row {
        name: "keep-alive-10",
        title: "1 KB file, persistent connections, 10 at once",
        needs_wrk: true,
        measure: |bench| throughput::keep_alive(bench, 10),
    },
    Row {
        name: "keep-alive-64",
        title: "1 KB file, persistent connections, 64 at once",
        needs_wrk: true,
        measure: |bench| throughput::keep_alive(bench, 64),
    },
    Row {
        name: "keep-alive-500",
        title: "1 KB file, persistent connections, 500 at once",
        needs_wrk: true,
        measure: |bench| throughput::keep_alive(bench, 500),
    },
    Row {
        name: "threads",
        title: "1 KB file, persistent connections, 64 at once, a thread for each core",
        needs_wrk: true,
        measure: throughput::threads,
    },
    Row {
        name: "new",
        title: "1 KB file, a new connection each, 64 at once",
        needs_wrk: true,
        measure: throughput::new_connections,
    },
    Row {
        name: "1m",
        title: "1 MB file, 10 connections",
        needs_wrk: true,
        measure: throughput::medium,
    },
    Row {
        name: "256m",
        title: "256 MB file, 1 connection",
        needs_wrk: true,
        measure: throughput::large,
    },
    Row {
        name: "busy",
        title: "1 KB file, 64 to 1,000 busy connections",
        needs_wrk: true,
        measure: throughput::busy,
    },
    Row {
        name: "idle",
        title: "4,000 idle connections beside 10 busy ones",
        needs_wrk: true,
        measure: idle::beside_busy,
    },
    Row {
        name: "hold",
        title: "10,000 idle connections are held",
        needs_wrk: false,
        measure: idle::hold,
    },
    Row {
        name: "memory",
        title: "memory of the whole process with 64 and 1,000 connections",
        needs_wrk: true,
        measure: memory::measure,
    },
    Row {
        name: "edit",
        title: "how long an edited file's old bytes are served, under load",
        needs_wrk: false,
        measure: edit::measure,
    },
    Row {
        name: "start",
        title: "from the command to the ready line",
        needs_wrk: false,
        measure: start::measure,
    },
    Row {
        name: "log",
        title: "the cost of the access log",
        needs_wrk: true,
        measure: log::measure,
    },
    Row {
        name: "handler",
        title: "handler.wasm under `wasmtime serve` beside server.wasm under `wasmtime run`",
        needs_wrk: true,
        measure: handler::measure,
    },
    Row {
        name: "instances",
        title: "2 instances behind nginx against 1",
        needs_wrk: true,
        measure: instances::measure,
    },
];
