//! Several servers loaded in turn, A B A B.

use crate::Bench;
use crate::client;
use crate::load::{self, Shot, Target};
use crate::outcome::Side;
use crate::server::Server;
use anyhow::Result;

/// A server's runs.
pub(super) struct Turn<'a> {
    /// The name in tables, if it differs from the server's own.
    pub(super) name: String,
    pub(super) target: Target<'a>,
    pub(super) shot: Shot,
    /// Whether it is loaded only in the first round.
    pub(super) once: bool,
}

impl<'a> Turn<'a> {
    pub(super) fn new(server: &'a Server, shot: Shot) -> Self {
        Self {
            name: server.name.to_owned(),
            target: server.into(),
            shot,
            once: false,
        }
    }

    pub(super) fn named(self, name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..self
        }
    }
}

/// Checks that all servers send the same bytes, then loads each in turn, for the given number of rounds.
pub(super) fn alternate(bench: &Bench, turns: &[Turn]) -> Result<Vec<Side>> {
    for turn in turns {
        client::check(turn.target.address, &bench.site, turn.shot.file.name)?;
    }
    let side = |turn: &Turn| Side {
        name: turn.name.clone(),
        shot: turn.shot,
        runs: Vec::new(),
    };
    let mut sides: Vec<_> = turns.iter().map(side).collect();
    for round in 0..bench.rounds {
        for (turn, side) in turns.iter().zip(&mut sides) {
            if round == 0 || !turn.once {
                side.runs.push(load::run(bench, &turn.target, turn.shot)?);
            }
        }
    }
    Ok(sides)
}
