//! One run: it takes a schedule, and returns an outcome.

use crate::functions;
use crate::schedule::{Fault, HostKind, Schedule};
use crate::world::Simulated;
use crate::world::state::State;
use aula_native::host::{Granted, Host, Stopped};
use aula_native::run::CAPABILITIES;
use aula_native::wit::Host_Pre;
use std::cell::RefCell;
use std::rc::Rc;
use wasmtime::component::Component;
use wasmtime::{Engine, Result, Store, StoreLimitsBuilder};

/// How much memory the server has if the schedule does not say it, in MiB. This is far more than it should need.
const MEMORY: u64 = 256;

/// How many resources the host allows the server. It is the number of wasmtime's command line.
const MOST_RESOURCES: usize = 100_000;

/// What is needed to start a server.
pub struct Program {
    engine: Engine,
    exact: Host_Pre<Host<Simulated<true>>>,
    inexact: Host_Pre<Host<Simulated<false>>>,
}

/// The outcome of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The violations that were found, with the times in nanoseconds.
    pub violations: Vec<(u64, String)>,
    /// How many exchanges of honest clients there were.
    pub exchanges: u64,
    pub connections: usize,
    /// How often the server called `poll`.
    pub turns: u64,
    /// The most turns for which arrived bytes were not read.
    pub longest_unread: u64,
    /// The most laps of the other connections for which arrived bytes were not read.
    pub longest_laps: u64,
    /// How long the run lasted in the simulated world, in nanoseconds.
    pub lasted: u64,
    /// A digest of everything that went in and out.
    pub digest: u64,
    pub story: Vec<String>,
    /// The marks of [`crate::coverage`] that the server passed.
    pub taken: Vec<usize>,
    /// What the server printed, if the story is recorded.
    pub printed: Vec<u8>,
}

impl Program {
    pub fn new(engine: &Engine, component: &Component) -> Result<Self> {
        Ok(Self {
            engine: engine.clone(),
            exact: Host_Pre::new(functions::linker(engine)?.instantiate_pre(component)?)?,
            inexact: Host_Pre::new(functions::linker(engine)?.instantiate_pre(component)?)?,
        })
    }

    /// Runs the server in the world of a schedule. With `records`, the run records its story.
    pub fn run(&self, schedule: &Schedule, records: bool) -> Outcome {
        let is_inexact = schedule.faults.iter().any(|(fault, _)| *fault == Fault::ShortReads);
        if is_inexact {
            run(&self.engine, &self.inexact, schedule, records)
        } else {
            run(&self.engine, &self.exact, schedule, records)
        }
    }
}

fn run<const EXACT: bool>(
    engine: &Engine,
    program: &Host_Pre<Host<Simulated<EXACT>>>,
    schedule: &Schedule,
    records: bool,
) -> Outcome {
    let state = Rc::new(RefCell::new(State::new(schedule, records)));
    let world = Simulated::<EXACT>(Rc::clone(&state));
    let options = schedule
        .options
        .iter()
        .flat_map(|option| option.split_whitespace().map(str::to_owned));
    let (name, capabilities) = CAPABILITIES;
    let capabilities = match schedule.host {
        HostKind::Aula => vec![(name.to_owned(), capabilities.to_owned())],
        HostKind::Wasmtime48 => Vec::new(),
    };
    let granted = Granted {
        arguments: ["server.wasm".to_owned()].into_iter().chain(options).collect(),
        environment: capabilities,
        folders: vec![(Rc::new(world.granted()), "www".to_owned())],
    };
    let memory = schedule.memory.unwrap_or(MEMORY) as usize;
    let limits = StoreLimitsBuilder::new().memory_size(memory << 20).build();
    let mut store = Store::new(engine, Host::new(world, granted, limits));
    store.limiter(|host| &mut host.limits);
    store.set_max_component_handles(MOST_RESOURCES);
    let outcome = program
        .instantiate(&mut store)
        .and_then(|server| server.wasi_cli_run().call_run(&mut store));
    let mut state_now = state.borrow_mut();
    match outcome {
        Ok(Ok(())) if state_now.settings.requests.is_some() => {
            let (most, exchanges) = (state_now.settings.requests.unwrap_or_default(), state_now.exchanges);
            if exchanges > most {
                state_now.violation(format!("{exchanges} responses, and there were to be {most}"));
            }
        }
        Ok(outcome) => state_now.violation(format!("the server has ended: {outcome:?}")),
        Err(error) => match error.downcast_ref::<Stopped>() {
            Some(Stopped::Signal) => {}
            Some(Stopped::Exit(code)) => state_now.violation(format!("the server has ended with {code}")),
            None => state_now.violation(format!("the server has trapped: {}", error.root_cause())),
        },
    }
    drop(state_now);
    drop(store);
    Rc::into_inner(state).map_or_else(
        || unreachable!("the store had the only other one"),
        |state| outcome_of(state.into_inner()),
    )
}

fn outcome_of(mut state: State) -> Outcome {
    let digest = state.digest();
    if state.verdict.violations.is_empty() {
        for fault in std::mem::take(&mut state.log).faults() {
            state.violation(fault);
        }
    }
    Outcome {
        violations: state.verdict.violations,
        exchanges: state.exchanges,
        connections: state.links.len(),
        turns: state.turns,
        longest_unread: state.longest_unread,
        longest_laps: state.longest_laps,
        lasted: state.now,
        digest,
        story: state.story.unwrap_or_default(),
        taken: state.taken,
        printed: state.printed,
    }
}
