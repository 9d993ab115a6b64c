//! One connection of the host: read, write, shut down, drop (`wasi:sockets/tcp`, `wasi:io/streams`).

use crate::address::from_host;
use crate::listen::Listener;
use crate::stream;
use std::net::SocketAddr;
use wasi::clocks::monotonic_clock::subscribe_instant;
use wasi::io::poll::{Pollable, poll};
use wasi::io::streams::{InputStream, OutputStream, StreamError};
use wasi::sockets::network::ErrorCode;
use wasi::sockets::tcp::{ShutdownType, TcpSocket};

/// More than any system allows, in bytes: the system then uses its maximum.
const LARGEST_SEND_BUFFER: u64 = 8 * 1024 * 1024;

/// The socket and its streams. The order of the fields is the order in which they are dropped, and the host traps on
/// any other: pollables, then streams, then the socket.
pub struct Transport {
    /// Ready when there is something to read, or nothing more to come.
    readable: Pollable,
    /// Ready when there is room to write; made when it is needed first.
    writable: Option<Pollable>,
    input: InputStream,
    output: OutputStream,
    socket: TcpSocket,
}

/// The result of a read.
pub enum Arrived {
    /// Bytes have arrived.
    Bytes(Vec<u8>),
    /// Nothing has arrived yet.
    Nothing,
    /// The other side has ended its stream.
    End,
    /// The connection is broken.
    Broken,
}

impl Transport {
    /// A connection that the host has established.
    #[must_use]
    pub fn new(socket: TcpSocket, input: InputStream, output: OutputStream) -> Self {
        Self {
            readable: input.subscribe(),
            writable: None,
            input,
            output,
            socket,
        }
    }

    /// Accepts a connection; `None` if no client waits.
    ///
    /// # Errors
    /// The host refuses, for example because no descriptor is left. The listener then stays ready.
    pub fn accept(listener: &Listener) -> Result<Option<Self>, ErrorCode> {
        match listener.socket.accept() {
            Ok((socket, input, output)) => Ok(Some(Self::new(socket, input, output))),
            Err(ErrorCode::WouldBlock) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The other side's address and port.
    #[must_use]
    pub fn remote(&self) -> Option<SocketAddr> {
        self.socket.remote_address().ok().map(from_host)
    }

    /// Our own address and port.
    #[must_use]
    pub fn local(&self) -> Option<SocketAddr> {
        self.socket.local_address().ok().map(from_host)
    }

    /// Reads the bytes that have arrived, at most `size`.
    #[must_use]
    pub fn read(&self, size: u64) -> Arrived {
        match self.input.read(size) {
            // An empty read is not the end of the stream: it means "not yet".
            Ok(bytes) if bytes.is_empty() => Arrived::Nothing,
            Ok(bytes) => Arrived::Bytes(bytes),
            Err(StreamError::Closed) => Arrived::End,
            Err(StreamError::LastOperationFailed(_)) => Arrived::Broken,
        }
    }

    /// Whether there is something to read, or nothing more to come.
    #[must_use]
    pub fn has_arrived(&self) -> bool {
        // `ready` would be one more function that a host must have. The second pollable is an expired timer.
        poll(&[&self.readable, &subscribe_instant(0)]).contains(&0)
    }

    /// How many bytes may be written now. `None` if the connection is broken.
    #[must_use]
    pub fn room(&self) -> Option<usize> {
        stream::room(&self.output)
    }

    /// Writes bytes, for which there must be [`Transport::room`]. Returns false if the connection is broken.
    #[must_use]
    pub fn write_all(&self, bytes: &[u8]) -> bool {
        self.output.write(bytes).is_ok()
    }

    /// Writes as many of these bytes as there is room for, and returns how many. `None` if the connection is broken.
    #[must_use]
    pub fn write(&self, bytes: &[u8]) -> Option<usize> {
        stream::write(&self.output, bytes)
    }

    /// The stream to which the host can splice a file.
    #[must_use]
    pub fn output(&self) -> &OutputStream {
        &self.output
    }

    /// Shuts down the sending side: the other side sees the end of the stream after the last byte.
    pub fn end_sending(&self) {
        // This fails only if the connection is broken, which the next read will show.
        let _ = self.socket.shutdown(ShutdownType::Send);
    }

    /// Shuts down both sides. Afterwards [`Transport::writable`] is ready when the host has nothing left to send.
    pub fn end(&self) {
        let _ = self.socket.shutdown(ShutdownType::Both);
    }

    /// Whether the host still has bytes to send.
    ///
    /// Trap 2 of the server's `src/shell/mod.rs`: while it has, dropping the output stream would make the whole guest
    /// wait for the other side.
    #[must_use]
    pub fn has_unsent(&self) -> bool {
        has_unsent(&self.output)
    }

    /// Drops everything that can be dropped while the host has bytes to send.
    ///
    /// Trap 2: the host releases the socket when its pending write has ended. A larger send buffer has room for the
    /// rest of that write, at most 64 KiB, so that it ends although the client reads nothing. How large it can get is
    /// the system's to say: on Linux `net.core.wmem_max`, 4 MiB from version 6.17 on and 208 KiB before. Where that is
    /// not enough, the client decides when its socket is closed. This can be removed when the host can abort a write.
    #[must_use]
    pub fn into_remains(self) -> Remains {
        // If this is refused, there is nothing else to try.
        let _ = self.socket.set_send_buffer_size(LARGEST_SEND_BUFFER);
        // The other fields are dropped here: two pollables and the input stream.
        let Self { output, socket, .. } = self;
        Remains {
            output,
            _socket: socket,
        }
    }

    /// Ready when there is something to read.
    #[must_use]
    pub fn readable(&self) -> &Pollable {
        &self.readable
    }

    /// Ready when there is room to write.
    pub fn writable(&mut self) -> &Pollable {
        self.writable.get_or_insert_with(|| self.output.subscribe())
    }

    /// [`Transport::writable`] if it has been asked for.
    #[must_use]
    pub fn writable_if_made(&self) -> Option<&Pollable> {
        self.writable.as_ref()
    }
}

/// What is left of a connection that the host cannot release. The stream is the first field because it must be dropped
/// first.
pub struct Remains {
    output: OutputStream,
    _socket: TcpSocket,
}

impl Remains {
    /// See [`Transport::has_unsent`].
    #[must_use]
    pub fn has_unsent(&self) -> bool {
        has_unsent(&self.output)
    }
}

fn has_unsent(output: &OutputStream) -> bool {
    matches!(output.check_write(), Ok(0))
}
