//! A file is edited while clients request it. This row measures how long a reload still shows the old content.

use crate::client::Client;
use crate::outcome::{Figure, Goal, Outcome, Unit};
use crate::server::Server;
use crate::{Bench, interrupt};
use anyhow::Result;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The file's name.
const NAME: &str = "edited.html";

/// How often it is edited.
const EDITS: u32 = 20;

/// The number of clients that request it all the time.
const CLIENTS: u32 = 4;

/// How long after an edit responses are checked: old bytes must not come back later either.
const WATCHED: Duration = Duration::from_millis(250);

/// The longest that old bytes may be served, in milliseconds.
const LATEST: f64 = 100.0;

/// Edits the file again and again, in both ways that editors have.
pub(super) fn measure(bench: &Bench) -> Result<Outcome> {
    let path = bench.site.join(NAME);
    fs::write(&path, content(0))?;
    let server = Server::aula(bench)?;
    let over = AtomicBool::new(false);
    let values = thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    ask_on(&server, &over);
                }
            });
        }
        let values = (1..=EDITS)
            .map(|edit| edit_once(&server, &path, edit))
            .collect::<Result<Vec<_>>>();
        over.store(true, Ordering::Relaxed);
        values
    })?;
    let figure = Figure::new(
        "from the edit to the last request for old bytes",
        Unit::Milliseconds,
        values,
    );
    Ok(Outcome {
        figures: vec![figure.goal(Goal::NeverAbove(LATEST))],
        notes: vec![format!(
            "{EDITS} edits, written in place and renamed over it in turn, while {CLIENTS} clients ask for the file."
        )],
        ..Outcome::default()
    })
}

/// Sends requests on one connection until the measurement is over, or a response is incomplete because the file was
/// written meanwhile.
fn ask_on(server: &Server, over: &AtomicBool) {
    let Ok(mut client) = Client::connect(server.address) else {
        return;
    };
    while !over.load(Ordering::Relaxed) && client.read(NAME).is_ok() {}
}

/// Edits the file, and returns how long after that a request still got old bytes, in milliseconds.
fn edit_once(server: &Server, path: &Path, edit: u32) -> Result<f64> {
    interrupt::check()?;
    let new = content(edit);
    if edit.is_multiple_of(2) {
        fs::write(path, &new)?;
    } else {
        let aside = path.with_extension("new");
        fs::write(&aside, &new)?;
        fs::rename(&aside, path)?;
    }
    let edited = Instant::now();
    let mut latest = Duration::ZERO;
    let mut client = Client::connect(server.address)?;
    while edited.elapsed() < WATCHED {
        let asked = edited.elapsed();
        match client.read(NAME) {
            Ok(read) if read == new => {}
            Ok(_) => latest = asked,
            Err(_) => {
                latest = asked;
                client = Client::connect(server.address)?;
            }
        }
    }
    Ok(latest.as_secs_f64() * 1e3)
}

/// The content of the file after this number of edits. Every third edit changes its length as well.
fn content(edit: u32) -> Vec<u8> {
    format!(
        "<!doctype html><title>Edited {edit:05} times</title>{}\n",
        ".".repeat(500 + edit as usize / 3)
    )
    .into_bytes()
}
