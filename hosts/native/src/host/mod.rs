//! The host's functions: for each WASI interface what `wit/` says, a few lines each, over a [`World`].
//!
//! A component knows what the host gives it as numbers, *resources*. The tables of [`Host`] say what each number stands
//! for. wasmtime sees to it that a component uses only numbers that it was given, for what they are.
//!
//! | file | interfaces |
//! |---|---|
//! | `io` | `wasi:io/error`, `poll`, `streams` |
//! | `readiness` | how `poll` waits, and how the program ends |
//! | `clocks` | `wasi:clocks/monotonic-clock`, `wall-clock` |
//! | `filesystem` | `wasi:filesystem/types`, `preopens` |
//! | `sockets` | `wasi:sockets/tcp` and its like |
//! | `cli` | `wasi:cli/...` |
//! | `checker` | what only `checker.wasm` has |

mod checker;
mod cli;
mod clocks;
mod filesystem;
mod io;
mod readiness;
mod sockets;

use crate::wit;
use crate::world::{Real, Reports, World};
use filesystem::{Descriptor, Entries};
use io::{Input, Pollable};
use slab::Slab;
use sockets::{Addresses, Socket};
use std::error::Error;
use std::fmt;
use std::rc::Rc;
use wasmtime::component::{HasSelf, Linker};
use wasmtime::error::Context as _;
use wasmtime::{Engine, Result, StoreLimits};

/// The most that one read gives, and one write takes, in bytes.
const PIECE: usize = 64 * 1024;

/// What the host keeps for one instance of a component.
pub struct Host<W: World> {
    world: W,
    granted: Granted<W>,
    sockets: Slab<Socket<W>>,
    inputs: Slab<Input<W>>,
    /// What each output stream writes to.
    outputs: Slab<io::Output>,
    pollables: Slab<Pollable>,
    descriptors: Slab<Descriptor<W>>,
    entries: Slab<Entries>,
    addresses: Slab<Addresses>,
    /// Sockets whose last bytes are still on their way although the component has no use for them any more.
    leaving: Vec<usize>,
    /// Listeners of which it is not known whether anybody waits there still.
    in_doubt: Vec<usize>,
    /// Where reads go first.
    buffer: Vec<u8>,
    /// How often the component has waited.
    turns: u32,
    /// When the program was first seen to be ending.
    stopping_since: Option<u64>,
    /// How much memory the component may have.
    pub limits: StoreLimits,
}

/// What a component is given.
pub struct Granted<W: World> {
    /// The program's name, and what stands behind it.
    pub arguments: Vec<String>,
    pub environment: Vec<(String, String)>,
    /// Folders, by the name under which the component knows them.
    pub folders: Vec<(Rc<W::Directory>, String)>,
}

/// Why a component was stopped in the middle: an error that no component can catch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stopped {
    /// It asked to end, with this exit code.
    Exit(u8),
    /// The user asked, and nothing is under way any more.
    Signal,
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exit(code) => write!(f, "exit code {code}"),
            Self::Signal => f.write_str("a signal"),
        }
    }
}

impl Error for Stopped {}

impl<W: World> Host<W> {
    pub fn new(world: W, granted: Granted<W>, limits: StoreLimits) -> Self {
        Self {
            world,
            granted,
            sockets: Slab::new(),
            inputs: Slab::new(),
            outputs: Slab::new(),
            pollables: Slab::new(),
            descriptors: Slab::new(),
            entries: Slab::new(),
            addresses: Slab::new(),
            leaving: Vec::new(),
            in_doubt: Vec::new(),
            buffer: vec![0; PIECE],
            turns: 0,
            stopping_since: None,
            limits,
        }
    }

    /// What is outside.
    pub fn world(&self) -> &W {
        &self.world
    }

    /// How many resources the component has.
    pub fn resources(&self) -> usize {
        let sockets = self
            .sockets
            .len()
            .saturating_add(self.inputs.len())
            .saturating_add(self.outputs.len());
        let files = self.descriptors.len().saturating_add(self.entries.len());
        sockets.saturating_add(files).saturating_add(self.pollables.len())
    }

    /// Whether what is written to this output stream is printed.
    pub fn is_console(&self, stream: u32) -> bool {
        matches!(self.outputs.get(stream as usize), Some(io::Output::Console(_)))
    }
}

impl Host<Real> {
    /// Says what was held back, before a failure.
    pub fn say_held_back(&self) {
        self.world.say_held_back();
    }
}

/// What a server finds when it is started.
pub fn linker<W: World>(engine: &Engine) -> Result<Linker<Host<W>>> {
    let mut linker = Linker::new(engine);
    wit::Host_::add_to_linker::<_, HasSelf<Host<W>>>(&mut linker, |host| host)?;
    io::add_write(&mut linker)?;
    Ok(linker)
}

/// What the checker finds.
pub fn checkers_linker<W: World + Reports>(engine: &Engine) -> Result<Linker<Host<W>>> {
    let mut linker = linker(engine)?;
    checker::add_to_linker(&mut linker)?;
    Ok(linker)
}

/// What a resource's number stands for.
fn entry<T>(table: &mut Slab<T>, number: u32) -> Result<&mut T> {
    table.get_mut(number as usize).context("no such resource")
}

/// A new resource for `value`.
fn add<T, R: 'static>(table: &mut Slab<T>, value: T) -> Result<wasmtime::component::Resource<R>> {
    let number = u32::try_from(table.insert(value)).context("too many resources")?;
    Ok(wasmtime::component::Resource::new_own(number))
}
