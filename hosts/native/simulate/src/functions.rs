//! The host's functions that the simulated server imports: those of `hosts/native`, some of them replaced.
//!
//! `poll` counts the turns, and checks in each turn that everything is as it should be. The other functions behave as
//! wasmtime 48's do if the schedule says so:
//!
//! | function | what wasmtime 48 does differently |
//! |---|---|
//! | `poll`, `block`, `check-write` | report readiness 128 times, and then not again until a real wait |
//! | dropping an output stream | waits until the client has taken what was written |
//! | `shutdown` | waits for that too, without a time limit |
//! | `set-send-buffer-size` | if the system allows it, the system takes everything that is written |

use crate::oracle::course;
use crate::schedule::{Fault, HostKind};
use crate::world::Simulated;
use aula_native::host::{self, Host};
use aula_native::wit::wasi::io::poll::{HostPollable, Pollable};
use aula_native::wit::wasi::io::streams::{HostOutputStream, OutputStream, StreamError};
use aula_native::wit::wasi::sockets::network::ErrorCode;
use aula_native::wit::wasi::sockets::tcp::{HostTcpSocket, ShutdownType, TcpSocket};
use wasmtime::component::{Linker, Resource, ResourceType};
use wasmtime::{Engine, Result, StoreContextMut};

/// How often the host reports readiness between two real waits.
const BUDGET: usize = 128;

/// A large send buffer, in bytes.
const LARGE_BUFFER: usize = 4 << 20;

type Server<const EXACT: bool> = Host<Simulated<EXACT>>;
type Store<'a, const EXACT: bool> = StoreContextMut<'a, Server<EXACT>>;

/// Links all of the functions.
pub fn linker<const EXACT: bool>(engine: &Engine) -> Result<Linker<Server<EXACT>>> {
    let mut linker = host::linker(engine)?;
    linker.allow_shadowing(true);
    let mut io = linker.instance("wasi:io/poll@0.2.12")?;
    io.func_wrap(
        "poll",
        |mut store: Store<'_, EXACT>, (pollables,): (Vec<Resource<Pollable>>,)| {
            Ok((poll(store.data_mut(), &pollables)?,))
        },
    )?;
    io.func_wrap(
        "[method]pollable.block",
        |mut store: Store<'_, EXACT>, (pollable,): (Resource<Pollable>,)| block(store.data_mut(), pollable),
    )?;
    let mut streams = linker.instance("wasi:io/streams@0.2.12")?;
    streams.func_wrap(
        "[method]output-stream.check-write",
        |mut store: Store<'_, EXACT>, (stream,): (Resource<OutputStream>,)| {
            Ok((check_write(store.data_mut(), stream)?,))
        },
    )?;
    streams.resource(
        "output-stream",
        ResourceType::host::<OutputStream>(),
        |mut store: Store<'_, EXACT>, number| drop_output(store.data_mut(), number),
    )?;
    let mut tcp = linker.instance("wasi:sockets/tcp@0.2.12")?;
    tcp.func_wrap(
        "[method]tcp-socket.shutdown",
        |mut store: Store<'_, EXACT>, (socket, how): (Resource<TcpSocket>, ShutdownType)| {
            Ok((shutdown(store.data_mut(), socket, how)?,))
        },
    )?;
    tcp.func_wrap(
        "[method]tcp-socket.set-send-buffer-size",
        |mut store: Store<'_, EXACT>, (socket, _): (Resource<TcpSocket>, u64)| {
            Ok((enlarge(store.data_mut(), &socket),))
        },
    )?;
    Ok(linker)
}

fn is_48<const EXACT: bool>(host: &Server<EXACT>) -> bool {
    host.world().state().host == HostKind::Wasmtime48
}

/// `poll`, which reports readiness only within the budget.
fn poll<const EXACT: bool>(host: &mut Server<EXACT>, pollables: &[Resource<Pollable>]) -> Result<Vec<u32>> {
    let resources = host.resources();
    course::turn(&mut host.world().state(), resources);
    loop {
        let waits = host.world().state().waits;
        if is_48(host) {
            host.look(Some(std::time::Duration::ZERO))?;
        }
        host.world().state().polls = true;
        let mut ready = host.wait(pollables)?;
        let mut state = host.world().state();
        state.polls = false;
        state.turn_began = state.now;
        if state.host == HostKind::Aula {
            return Ok(ready);
        }
        if state.waits != waits {
            state.budget = BUDGET;
        }
        ready.truncate(state.budget);
        state.budget -= ready.len();
        if !ready.is_empty() {
            return Ok(ready);
        }
        // The budget allows no more reports of readiness: the task yields, and gets a new budget.
        state.budget = BUDGET;
    }
}

/// `block`, which reports readiness only within the budget.
fn block<const EXACT: bool>(host: &mut Server<EXACT>, pollable: Resource<Pollable>) -> Result<()> {
    let is_alarm = host.is_alarm(pollable.rep());
    let (waits, began) = {
        let state = host.world().state();
        (state.waits, state.now)
    };
    HostPollable::block(host, pollable)?;
    let mut state = host.world().state();
    if !is_alarm && state.waits != waits {
        course::waited_for_one(&mut state, began);
    }
    if state.waits != waits || state.budget == 0 {
        state.budget = BUDGET;
    }
    state.budget -= 1;
    Ok(())
}

fn check_write<const EXACT: bool>(
    host: &mut Server<EXACT>,
    stream: Resource<OutputStream>,
) -> Result<Result<u64, StreamError>> {
    if host.is_console(stream.rep()) {
        return HostOutputStream::check_write(host, stream);
    }
    let mut state = host.world().state();
    if state.host == HostKind::Wasmtime48 {
        if state.budget == 0 {
            return Ok(Ok(0));
        }
        state.budget -= 1;
    }
    drop(state);
    HostOutputStream::check_write(host, stream)
}

/// Drops an output stream. With wasmtime 48, all connections wait for this one client.
fn drop_output<const EXACT: bool>(host: &mut Server<EXACT>, number: u32) -> Result<()> {
    if is_48(host) && !host.is_console(number) {
        let writable = HostOutputStream::subscribe(host, Resource::new_own(number))?;
        let pollable = writable.rep();
        HostPollable::block(host, writable)?;
        HostPollable::drop(host, Resource::new_own(pollable))?;
    }
    HostOutputStream::drop(host, Resource::new_own(number))
}

/// With wasmtime 48, shutting down both sides ends only the server's side: the host waits for what is unsent as long as
/// the client is connected.
fn shutdown<const EXACT: bool>(
    host: &mut Server<EXACT>,
    socket: Resource<TcpSocket>,
    how: ShutdownType,
) -> Result<Result<(), ErrorCode>> {
    if how == ShutdownType::Both {
        host.world().state().is_given_up(socket.rep() as usize);
    }
    let how = if is_48(host) && how == ShutdownType::Both {
        ShutdownType::Send
    } else {
        how
    };
    HostTcpSocket::shutdown(host, socket, how)
}

fn enlarge<const EXACT: bool>(host: &mut Server<EXACT>, socket: &Resource<TcpSocket>) -> Result<(), ErrorCode> {
    let mut state = host.world().state();
    if state.host == HostKind::Wasmtime48 && state.rate(Fault::LargeSendBuffers) > 0 {
        state.enlarge(socket.rep() as usize, LARGE_BUFFER);
    }
    Ok(())
}
