//! `wasi:io`: streams and pollables.

use super::socket::State;
use super::{Host, PIECE, add, entry, sockets};
use crate::wit::wasi::io::streams::{InputStream, OutputStream, StreamError};
use crate::wit::wasi::io::{error, poll, streams};
use crate::wit::wasi::sockets::network::ErrorCode;
use crate::world::{self, Instant, World};
use std::rc::Rc;
use wasmtime::component::{Linker, Resource, WasmList};
use wasmtime::{AsContext, Result, StoreContextMut, bail};

/// What an input stream reads from.
pub enum Input<W: World> {
    /// The socket with this number.
    Socket(usize),
    /// A file, from this offset on.
    File(Rc<W::File>, u64),
    /// Nothing, so it is at its end: stdin.
    Nothing,
}

/// What an output stream writes to.
#[derive(Clone, Copy)]
pub enum Output {
    /// The socket with this number.
    Socket(usize),
    Console(world::Output),
}

/// What a pollable waits for.
#[derive(Clone, Copy)]
pub enum Pollable {
    /// Bytes to read from the socket with this number, or its end.
    Readable(usize),
    /// Room to write to it.
    Writable(usize),
    /// A client to accept, or the outcome of connecting.
    Socket(usize),
    /// Room for output.
    Console(world::Output),
    /// This point in time.
    At(Instant),
    /// Nothing: it is always ready.
    Nothing,
}

/// The connection is broken. The error has no further details.
pub fn broken() -> StreamError {
    StreamError::LastOperationFailed(Resource::new_own(0))
}

impl<W: World> error::Host for Host<W> {}
impl<W: World> error::HostError for Host<W> {
    fn drop(&mut self, _: Resource<error::Error>) -> Result<()> {
        Ok(())
    }
}

impl<W: World> poll::Host for Host<W> {
    /// `poll: func(in: list<borrow<pollable>>) -> list<u32>`
    fn poll(&mut self, pollables: Vec<Resource<poll::Pollable>>) -> Result<Vec<u32>> {
        self.wait(&pollables)
    }
}

impl<W: World> poll::HostPollable for Host<W> {
    /// `block: func()`
    fn block(&mut self, pollable: Resource<poll::Pollable>) -> Result<()> {
        self.wait(&[pollable])?;
        Ok(())
    }

    fn drop(&mut self, pollable: Resource<poll::Pollable>) -> Result<()> {
        self.pollables.try_remove(pollable.rep() as usize);
        Ok(())
    }
}

impl<W: World> streams::Host for Host<W> {}

impl<W: World> streams::HostInputStream for Host<W> {
    /// `read: func(len: u64) -> result<list<u8>, stream-error>`
    fn read(&mut self, stream: Resource<InputStream>, length: u64) -> Result<Result<Vec<u8>, StreamError>> {
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(PIECE);
        match entry(&mut self.inputs, stream.rep())? {
            Input::Socket(number) => {
                let number = *number;
                self.receive(number, length)
            }
            Input::File(file, offset) => Ok(match self.world.read_at(file, *offset, length) {
                Ok(bytes) if bytes.is_empty() && length > 0 => Err(StreamError::Closed),
                Ok(bytes) => {
                    *offset += bytes.len() as u64;
                    Ok(bytes)
                }
                Err(_) => Err(broken()),
            }),
            Input::Nothing => Ok(Err(StreamError::Closed)),
        }
    }

    /// `subscribe: func() -> pollable`
    fn subscribe(&mut self, stream: Resource<InputStream>) -> Result<Resource<poll::Pollable>> {
        let pollable = match entry(&mut self.inputs, stream.rep())? {
            Input::Socket(number) => Pollable::Readable(*number),
            Input::File(..) | Input::Nothing => Pollable::Nothing,
        };
        add(&mut self.pollables, pollable)
    }

    fn drop(&mut self, stream: Resource<InputStream>) -> Result<()> {
        if let Some(Input::Socket(number)) = self.inputs.try_remove(stream.rep() as usize) {
            self.release(number);
        }
        Ok(())
    }
}

impl<W: World> streams::HostOutputStream for Host<W> {
    /// `check-write: func() -> result<u64, stream-error>`
    fn check_write(&mut self, stream: Resource<OutputStream>) -> Result<Result<u64, StreamError>> {
        match *entry(&mut self.outputs, stream.rep())? {
            Output::Socket(number) => {
                let room = sockets::find(&mut self.sockets, number)?.permit_writing();
                Ok(room.map(|room| room as u64).ok_or(StreamError::Closed))
            }
            Output::Console(output) => {
                let room = self.world.room(output).map(|room| room.min(PIECE) as u64);
                Ok(room.map_err(|_| StreamError::Closed))
            }
        }
    }

    /// `blocking-flush: func() -> result<_, stream-error>`: the host does not hold bytes back, so nothing needs to be
    /// flushed.
    fn blocking_flush(&mut self, _: Resource<OutputStream>) -> Result<Result<(), StreamError>> {
        Ok(Ok(()))
    }

    /// `subscribe: func() -> pollable`
    fn subscribe(&mut self, stream: Resource<OutputStream>) -> Result<Resource<poll::Pollable>> {
        let pollable = match *entry(&mut self.outputs, stream.rep())? {
            Output::Socket(number) => Pollable::Writable(number),
            Output::Console(output) => Pollable::Console(output),
        };
        add(&mut self.pollables, pollable)
    }

    /// `splice: func(src: borrow<input-stream>, len: u64) -> result<u64, stream-error>`, only from a file to a
    /// connection: then the bytes never leave the kernel.
    fn splice(
        &mut self,
        stream: Resource<OutputStream>,
        source: Resource<InputStream>,
        length: u64,
    ) -> Result<Result<u64, StreamError>> {
        let input = entry(&mut self.inputs, source.rep())?;
        let output = *entry(&mut self.outputs, stream.rep())?;
        let (Input::File(file, offset), Output::Socket(number)) = (input, output) else {
            bail!("splice: from a file to a connection, and nothing else");
        };
        let socket = sockets::find(&mut self.sockets, number)?;
        let (State::Stream(to), Some(room)) = (&socket.state, socket.room()) else {
            return Ok(Err(StreamError::Closed));
        };
        if room == 0 {
            return Ok(Ok(0));
        }
        Ok(match self.world.send_file(to, file, *offset, length) {
            Ok(sent) => {
                *offset += sent;
                Ok(sent)
            }
            Err(ErrorCode::WouldBlock) => {
                socket.writable = false;
                Ok(0)
            }
            Err(_) => Err(broken()),
        })
    }

    fn drop(&mut self, stream: Resource<OutputStream>) -> Result<()> {
        if let Some(Output::Socket(number)) = self.outputs.try_remove(stream.rep() as usize) {
            self.release(number);
        }
        Ok(())
    }
}

/// Adds `write: func(contents: list<u8>) -> result<_, stream-error>`, of output streams.
///
/// This is written by hand, because the function that wasmtime's macro generates copies the bytes. [`WasmList`] says
/// where they are in the component's memory, so that the kernel takes them from there.
pub fn add_write<W: World>(linker: &mut Linker<Host<W>>) -> Result<()> {
    type Arguments = (Resource<OutputStream>, WasmList<u8>);
    linker.instance("wasi:io/streams@0.2.12")?.func_wrap(
        "[method]output-stream.write",
        |mut store: StoreContextMut<'_, Host<W>>, (stream, contents): Arguments| {
            let written = match *entry(&mut store.data_mut().outputs, stream.rep())? {
                Output::Socket(number) => sockets::write(&mut store, number, &contents)?,
                Output::Console(output) => {
                    let bytes = contents.as_le_slice(store.as_context()).to_vec();
                    let printed = store.data_mut().world.print(output, &bytes);
                    printed.map_err(|_| StreamError::Closed)
                }
            };
            Ok((written,))
        },
    )
}
