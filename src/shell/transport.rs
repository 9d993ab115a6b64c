//! One accepted connection as the host has it: read, write, shut down, let go.

use super::address::from_host;
use super::content::{Changed, OpenFile};
use super::listen::Listener;
use aula::http1::{Chunk, Connection};
use aula::time::Instant;
use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use wasi::io::poll::Pollable;
use wasi::io::streams::{InputStream, OutputStream};
use wasi::sockets::network::ErrorCode;
use wasi::sockets::tcp::{ShutdownType, TcpSocket};

/// From how many bytes of a file on they are written straight from where they were read, without a copy to join them
/// with what stands before them.
const WORTH_A_WRITE: u64 = 16 * 1024;

/// The most that one write gets, in bytes: so many whole segments as fit into the 64 KiB that the host takes.
///
/// The interface has no TCP_NODELAY. A write that ends in the middle of a segment leaves a short one; while that is not
/// acknowledged, Nagle's algorithm holds the next short one back (RFC 9293 section 3.7.4), and with it the end of the
/// answer, for as long as the client delays its acknowledgement: up to 40 ms on Linux. Nobody tells the guest how long
/// a segment is, but it follows from the network that nearly every client is on: the loopback interface, or Ethernet
/// with TCP timestamps.
mod whole_segments {
    pub const LOOPBACK: usize = 65_483;
    pub const LOOPBACK_V6: usize = 65_464;
    pub const ETHERNET: usize = 45 * 1448;
    pub const ETHERNET_V6: usize = 45 * 1428;
    /// What fits into one write wherever the client is.
    pub const SHORTEST: usize = ETHERNET_V6;
}

/// The most that the host is asked to send at a time, in bytes.
const MOST_SPLICED: u64 = 1024 * 1024;

/// How much one connection may send before it is another's turn, in bytes.
const TURN: usize = 256 * 1024;

/// More than any system gives, in bytes: the system takes it for as much as it allows.
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
    /// The most that one write gets, once it has been asked for: see [`whole_segments`].
    most: Option<usize>,
}

/// What a read gave.
pub enum Arrived {
    /// Bytes.
    Bytes(Vec<u8>),
    /// Nothing yet.
    Nothing,
    /// The client has ended its side.
    End,
    /// The connection is broken.
    Broken,
}

/// How far sending came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sending {
    /// Everything is with the host.
    Done,
    /// The host has no room, or it is another's turn.
    Paused,
    /// The connection is broken.
    Broken,
    /// The rest of the answer is not to be had: better an end in the middle than wrong bytes.
    CutOff,
}

impl Transport {
    /// Accepts a connection; `None` when nobody waits.
    pub fn accept(listener: &Listener) -> Result<Option<Self>, ErrorCode> {
        match listener.socket.accept() {
            Ok((socket, input, output)) => Ok(Some(Self {
                readable: input.subscribe(),
                writable: None,
                input,
                output,
                socket,
                most: None,
            })),
            Err(ErrorCode::WouldBlock) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The client's address and port.
    pub fn remote(&self) -> Option<SocketAddr> {
        self.socket.remote_address().ok().map(from_host)
    }

    /// Ours.
    pub fn local(&self) -> Option<SocketAddr> {
        self.socket.local_address().ok().map(from_host)
    }

    /// Reads what is there, `size` bytes at most.
    pub fn read(&self, size: u64) -> Arrived {
        match self.input.read(size) {
            // An empty read is not the end: it is the host's way to say "not yet".
            Ok(bytes) if bytes.is_empty() => Arrived::Nothing,
            Ok(bytes) => Arrived::Bytes(bytes),
            Err(wasi::io::streams::StreamError::Closed) => Arrived::End,
            Err(wasi::io::streams::StreamError::LastOperationFailed(_)) => Arrived::Broken,
        }
    }

    /// Sends what `connection` has to send, as far as the host takes it. `buffer` is room to join pieces in; what it
    /// holds does not matter.
    ///
    /// Each write has as much as there is, because the host sends every write in a packet of its own.
    pub fn send(&mut self, connection: &mut Connection<Rc<OpenFile>>, buffer: &mut Vec<u8>, now: Instant) -> Sending {
        let mut turn = 0;
        while turn < TURN {
            let Ok(room) = self.output.check_write() else {
                return Sending::Broken;
            };
            if room == 0 {
                return Sending::Paused;
            }
            if let Some(spliced) = self.splice(connection) {
                match spliced {
                    Ok(0) => return Sending::Paused,
                    Ok(count) => connection.sent(count, now),
                    Err(Changed) => return Sending::CutOff,
                }
                if connection.transmit().next().is_none() {
                    return Sending::Done;
                }
                turn = turn.saturating_add(spliced.unwrap_or_default());
                continue;
            }
            let room = usize::try_from(room).unwrap_or(usize::MAX);
            let fits = length(connection) <= whole_segments::SHORTEST as u64;
            let gathered = gather(connection, buffer, if fits { room } else { room.min(self.most()) });
            let bytes = gathered.straight.as_deref().unwrap_or(buffer);
            let (count, is_cut_off) = (bytes.len(), gathered.is_cut_off);
            if count > 0 && self.output.write(bytes).is_err() {
                return Sending::Broken;
            }
            connection.sent(count, now);
            if is_cut_off {
                return Sending::CutOff;
            }
            if connection.transmit().next().is_none() {
                return Sending::Done;
            }
            turn = turn.saturating_add(count);
        }
        Sending::Paused
    }

    /// Lets the host send what is next, if that is part of a file and the host is good at it; how many bytes it took.
    fn splice(&self, connection: &Connection<Rc<OpenFile>>) -> Option<Result<usize, Changed>> {
        let (file, offset, length) = connection.transmit().next().as_ref().and_then(spliced)?;
        let sent = file.splice(&self.output, offset, length.min(MOST_SPLICED));
        Some(sent.map(|sent| usize::try_from(sent).unwrap_or(usize::MAX)))
    }

    /// The most that one write gets.
    fn most(&mut self) -> usize {
        if let Some(most) = self.most {
            return most;
        }
        let most = match self.remote().map(|client| client.ip()) {
            Some(IpAddr::V4(client)) if client.is_loopback() => whole_segments::LOOPBACK,
            Some(IpAddr::V6(client)) if client.is_loopback() => whole_segments::LOOPBACK_V6,
            Some(IpAddr::V6(_)) => whole_segments::ETHERNET_V6,
            Some(IpAddr::V4(_)) | None => whole_segments::ETHERNET,
        };
        self.most = Some(most);
        most
    }

    /// Writes as much of these bytes as the host takes; says how many. `None` when the connection is broken.
    pub fn write(&self, bytes: &[u8]) -> Option<usize> {
        let room = usize::try_from(self.output.check_write().ok()?).unwrap_or(usize::MAX);
        let now = bytes.get(..room).unwrap_or(bytes);
        if !now.is_empty() {
            self.output.write(now).ok()?;
        }
        Some(now.len())
    }

    /// Ends our side: the client sees the end after the last byte that was written.
    pub fn end_sending(&self) {
        // It fails only when the connection is broken, which the next read tells.
        let _ = self.socket.shutdown(ShutdownType::Send);
    }

    /// Ends both sides. Afterwards [`Transport::writable`] is ready when the host has nothing left to send.
    pub fn end(&self) {
        let _ = self.socket.shutdown(ShutdownType::Both);
    }

    /// Whether the host still has bytes to send.
    ///
    /// trap 2: until it has not, dropping the output stream would make the whole guest wait for this one client.
    pub fn has_unsent(&self) -> bool {
        has_unsent(&self.output)
    }

    /// Lets go of everything that can be let go of while the host has bytes to send.
    ///
    /// Trap 2: the host lets go of the socket when its pending write has ended. A larger send buffer has room for the rest
    /// of that write, at most 64 KiB, so that it ends although the client reads nothing. How large it can get is the
    /// system's to say: on Linux `net.core.wmem_max`, 4 MiB from version 6.17 on and 208 KiB before. Where that is not
    /// enough, the client decides when its socket is closed. It can go when the host can abort a write.
    pub fn into_remains(self) -> Remains {
        // Where it is refused, there is nothing else to try.
        let _ = self.socket.set_send_buffer_size(LARGEST_SEND_BUFFER);
        // The other fields are dropped here: two pollables and the input stream.
        let Self { output, socket, .. } = self;
        Remains {
            output,
            _socket: socket,
        }
    }

    /// Ready when there is something to read.
    pub fn readable(&self) -> &Pollable {
        &self.readable
    }

    /// Ready when there is room to write.
    pub fn writable(&mut self) -> &Pollable {
        self.writable.get_or_insert_with(|| self.output.subscribe())
    }

    /// [`Transport::writable`] if it has been asked for.
    pub fn writable_if_made(&self) -> Option<&Pollable> {
        self.writable.as_ref()
    }
}

/// What is left of a connection that the host cannot let go of. The stream comes first: it is dropped first.
pub struct Remains {
    output: OutputStream,
    _socket: TcpSocket,
}

impl Remains {
    /// See [`Transport::has_unsent`].
    pub fn has_unsent(&self) -> bool {
        has_unsent(&self.output)
    }
}

fn has_unsent(output: &OutputStream) -> bool {
    matches!(output.check_write(), Ok(0))
}

/// The file, the offset and the length of what the host is to send itself.
fn spliced<'a>(chunk: &Chunk<'a, Rc<OpenFile>>) -> Option<(&'a OpenFile, u64, u64)> {
    match *chunk {
        Chunk::Slice { file, offset, length } if length >= WORTH_A_WRITE && file.is_spliced() => {
            Some((file, offset, length))
        }
        _ => None,
    }
}

/// How many bytes there are to send.
fn length(connection: &Connection<Rc<OpenFile>>) -> u64 {
    let lengths = connection.transmit().map(|chunk| match chunk {
        Chunk::Bytes(bytes) => bytes.len() as u64,
        Chunk::Slice { length, .. } => length,
    });
    lengths.fold(0, u64::saturating_add)
}

/// What [`gather`] found to send.
struct Gathered<'a> {
    /// Bytes to be sent as they are; otherwise they are in the buffer.
    straight: Option<Cow<'a, [u8]>>,
    /// Whether a file was not any more what it was.
    is_cut_off: bool,
}

/// Collects the next bytes to send, `room` at most.
fn gather<'a>(connection: &'a Connection<Rc<OpenFile>>, buffer: &mut Vec<u8>, room: usize) -> Gathered<'a> {
    buffer.clear();
    let mut gathered = Gathered {
        straight: None,
        is_cut_off: false,
    };
    for chunk in connection.transmit() {
        let left = room.saturating_sub(buffer.len());
        // What the host sends itself is not read here: what stands before it goes alone.
        if left == 0 || (!buffer.is_empty() && spliced(&chunk).is_some()) {
            break;
        }
        match chunk {
            Chunk::Bytes(bytes) => buffer.extend_from_slice(bytes.get(..left).unwrap_or(bytes)),
            Chunk::Slice { file, offset, length } => match file.read(offset, length.min(left as u64)) {
                Ok(bytes) if buffer.is_empty() && bytes.len() as u64 >= WORTH_A_WRITE => {
                    gathered.straight = Some(bytes);
                    break;
                }
                Ok(bytes) => {
                    buffer.extend_from_slice(&bytes);
                    if (bytes.len() as u64) < length {
                        break;
                    }
                }
                Err(_) => {
                    gathered.is_cut_off = true;
                    break;
                }
            },
        }
    }
    gathered
}
