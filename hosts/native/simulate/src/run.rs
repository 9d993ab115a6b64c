//! One run: a schedule in, what came of it out.

use crate::functions;
use crate::schedule::{Fault, HostKind, Schedule};
use crate::world::Simulated;
use crate::world::state::State;
use aula_native::host::{Granted, Host, Stopped};
use aula_native::wit::Host_Pre;
use std::cell::RefCell;
use std::rc::Rc;
use wasmtime::component::Component;
use wasmtime::{Engine, Result, Store, StoreLimitsBuilder};

/// How much memory the server has where the schedule does not say, in MiB: far more than it should need.
const MEMORY: u64 = 256;

/// How many resources the host lets the server have, as wasmtime's command line does.
const MOST_RESOURCES: usize = 100_000;

/// What a server is started from.
pub struct Program {
    engine: Engine,
    exact: Host_Pre<Host<Simulated<true>>>,
    inexact: Host_Pre<Host<Simulated<false>>>,
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// What was found, with the times in nanoseconds.
    pub violations: Vec<(u64, String)>,
    /// Exchanges of honest clients.
    pub exchanges: u64,
    pub connections: usize,
    /// How often the server asked who is ready.
    pub turns: u64,
    /// The most turns for which something that had arrived was not read.
    pub longest_unread: u64,
    /// The same in laps of the others.
    pub longest_laps: u64,
    /// How long it took in the simulated world, in nanoseconds.
    pub lasted: u64,
    /// Of all that went in and out.
    pub digest: u64,
    pub story: Vec<String>,
    /// The marks of [`crate::coverage`] that it passed.
    pub taken: Vec<usize>,
    /// What the server printed, where the story is told.
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

    /// Runs the server in the world of a schedule. With `records`, the story is told.
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
    let capabilities = match schedule.host {
        HostKind::Aula => vec![("HOST_CAPABILITIES".to_owned(), "no-budget,splice".to_owned())],
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
