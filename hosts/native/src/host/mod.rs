//! The host's functions: the interfaces of `wit/`, each in a few lines, over a [`World`].
//!
//! A component knows sockets, streams and files only by numbers, *resources*. The tables of [`Host`] have the socket,
//! stream or file for each number. wasmtime ensures that a component uses only numbers that it was given, each with its
//! own type.
//!
//! | file | interfaces |
//! |---|---|
//! | `io` | `wasi:io/error`, `poll`, `streams` |
//! | `readiness` | how `poll` waits, and how the program ends |
//! | `clocks` | `wasi:clocks/monotonic-clock`, `wall-clock` |
//! | `filesystem` | `wasi:filesystem/types`, `preopens` |
//! | `sockets` | `wasi:sockets/...` |
//! | `socket` | what the host knows of a socket |
//! | `cli` | `wasi:cli/...` |
//! | `checker` | the functions that only `checker.wasm` gets |

mod checker;
mod cli;
mod clocks;
mod filesystem;
mod io;
mod readiness;
mod socket;
mod sockets;

use crate::wit;
use crate::world::{Real, Reports, World};
use filesystem::{Descriptor, Entries};
use io::{Input, Pollable};
use slab::Slab;
use socket::Socket;
use sockets::Addresses;
use std::error::Error;
use std::fmt;
use std::rc::Rc;
use wasmtime::component::{HasSelf, Linker};
use wasmtime::error::Context as _;
use wasmtime::{Engine, Result, StoreLimits};

/// The maximum size of one read and of one write, in bytes.
const PIECE: usize = 64 * 1024;

/// The state of the host for one instance of a component.
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
    /// Sockets that the component has closed, but whose last bytes are not sent yet.
    leaving: Vec<usize>,
    /// Listeners of which it is not known whether a client still waits.
    in_doubt: Vec<usize>,
    /// The buffer into which the system writes what is read.
    buffer: Vec<u8>,
    /// How often the component has called `poll`.
    turns: u32,
    /// When the host noticed that the program is to end.
    stopping_since: Option<u64>,
    /// The maximum memory of the component.
    pub limits: StoreLimits,
}

/// Everything that a component is given.
pub struct Granted<W: World> {
    /// The program's name and its arguments.
    pub arguments: Vec<String>,
    pub environment: Vec<(String, String)>,
    /// Folders, each with the name under which the component knows it.
    pub folders: Vec<(Rc<W::Directory>, String)>,
}

/// Why a component was stopped. The component cannot catch this error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stopped {
    /// The component asked to end, with this exit code.
    Exit(u8),
    /// The user asked, and no response is in progress any more.
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

    pub fn world(&self) -> &W {
        &self.world
    }

    /// The number of resources that the component has.
    pub fn resources(&self) -> usize {
        let sockets = self
            .sockets
            .len()
            .saturating_add(self.inputs.len())
            .saturating_add(self.outputs.len());
        let files = self.descriptors.len().saturating_add(self.entries.len());
        sockets.saturating_add(files).saturating_add(self.pollables.len())
    }

    /// Whether this output stream is stdout or stderr.
    pub fn is_console(&self, stream: u32) -> bool {
        matches!(self.outputs.get(stream as usize), Some(io::Output::Console(_)))
    }

    /// Whether this pollable waits for a time, and for nothing else.
    pub fn is_alarm(&self, pollable: u32) -> bool {
        matches!(self.pollables.get(pollable as usize), Some(io::Pollable::At(_)))
    }
}

impl Host<Real> {
    /// Prints the messages that were held back, before the program fails.
    pub fn say_held_back(&self) {
        self.world.say_held_back();
    }
}

/// The functions that a server may import.
pub fn linker<W: World>(engine: &Engine) -> Result<Linker<Host<W>>> {
    let mut linker = Linker::new(engine);
    wit::Host_::add_to_linker::<_, HasSelf<Host<W>>>(&mut linker, |host| host)?;
    io::add_write(&mut linker)?;
    Ok(linker)
}

/// The functions that the checker may import.
pub fn checkers_linker<W: World + Reports>(engine: &Engine) -> Result<Linker<Host<W>>> {
    let mut linker = linker(engine)?;
    checker::add_to_linker(&mut linker)?;
    Ok(linker)
}

/// The entry of a table for a resource's number.
fn entry<T>(table: &mut Slab<T>, number: u32) -> Result<&mut T> {
    table.get_mut(number as usize).context("no such resource")
}

/// Adds `value` to a table, and returns a resource with its number.
fn add<T, R: 'static>(table: &mut Slab<T>, value: T) -> Result<wasmtime::component::Resource<R>> {
    let number = u32::try_from(table.insert(value)).context("too many resources")?;
    Ok(wasmtime::component::Resource::new_own(number))
}
