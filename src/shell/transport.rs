//! One accepted connection of the host: read, write, shut down, drop.

use super::address::from_host;
use super::clock::alarm;
use super::content::{Changed, OpenFile};
use super::listen::Listener;
use aula::http1::{Chunk, Connection};
use aula::time::Instant;
use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use wasi::io::poll::{Pollable, poll};
use wasi::io::streams::{InputStream, OutputStream};
use wasi::sockets::network::ErrorCode;
use wasi::sockets::tcp::{ShutdownType, TcpSocket};

/// The minimum number of file bytes that are written directly from where they were read, instead of being copied behind
/// the bytes before them.
const WORTH_A_WRITE: u64 = 16 * 1024;

/// The maximum size of one write, in bytes: as many whole segments as fit into the 64 KiB that the host takes.
///
/// The interface has no TCP_NODELAY. A write that ends in the middle of a segment leaves a short one. While that is not
/// acknowledged, Nagle's algorithm holds the next short one back (RFC 9293 section 3.7.4), and with it the end of the
/// response, for as long as the client delays its acknowledgement: up to 40 ms on Linux. The guest cannot ask how long
/// a segment is, but it follows from the network that nearly every client is on: the loopback interface, or Ethernet
/// with TCP timestamps.
mod whole_segments {
    pub const LOOPBACK: usize = 65_483;
    pub const LOOPBACK_V6: usize = 65_464;
    pub const ETHERNET: usize = 45 * 1448;
    pub const ETHERNET_V6: usize = 45 * 1428;
    /// The size that fits into one write for every client, in bytes.
    pub const SHORTEST: usize = ETHERNET_V6;
}

/// The maximum number of bytes that the host is asked to send at a time.
const MOST_SPLICED: u64 = 1024 * 1024;

/// How many bytes one connection may send before another one is served.
const TURN: usize = 256 * 1024;

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
    /// The maximum size of one write, once it has been computed: see [`whole_segments`].
    most: Option<usize>,
}

/// The result of a read.
pub enum Arrived {
    /// Bytes have arrived.
    Bytes(Vec<u8>),
    /// Nothing has arrived yet.
    Nothing,
    /// The client has closed its side.
    End,
    /// The connection is broken.
    Broken,
}

/// The result of sending.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sending {
    /// Everything has been handed to the host.
    Done,
    /// The host has no room, or another connection must be served.
    Paused,
    /// The connection is broken.
    Broken,
    /// The rest of the response is not available: to stop in the middle is better than to send wrong bytes.
    CutOff,
}

impl Transport {
    /// Accepts a connection; `None` if no client waits.
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

    /// The server's address and port.
    pub fn local(&self) -> Option<SocketAddr> {
        self.socket.local_address().ok().map(from_host)
    }

    /// Reads the bytes that have arrived, at most `size`.
    pub fn read(&self, size: u64) -> Arrived {
        match self.input.read(size) {
            // An empty read is not the end of the stream: it means "not yet".
            Ok(bytes) if bytes.is_empty() => Arrived::Nothing,
            Ok(bytes) => Arrived::Bytes(bytes),
            Err(wasi::io::streams::StreamError::Closed) => Arrived::End,
            Err(wasi::io::streams::StreamError::LastOperationFailed(_)) => Arrived::Broken,
        }
    }

    /// Whether there is something to read, or nothing more to come.
    pub fn has_arrived(&self) -> bool {
        // `ready` would be one more function that a host must have.
        poll(&[&self.readable, &alarm(Instant::ORIGIN)]).contains(&0)
    }

    /// Sends what `connection` has to send, as far as the host takes it. `buffer` is used to join pieces; its content
    /// does not matter.
    ///
    /// Each write has as many bytes as possible, because the host sends every write in a separate packet.
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

    /// Lets the host send the next bytes, if they are part of a file and the host is good at `splice`. Returns how many
    /// it took.
    fn splice(&self, connection: &Connection<Rc<OpenFile>>) -> Option<Result<usize, Changed>> {
        let (file, offset, length) = connection.transmit().next().as_ref().and_then(spliced)?;
        let sent = file.splice(&self.output, offset, length.min(MOST_SPLICED));
        Some(sent.map(|sent| usize::try_from(sent).unwrap_or(usize::MAX)))
    }

    /// The maximum size of one write.
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

    /// Writes as many of these bytes as the host takes, and returns how many. `None` if the connection is broken.
    pub fn write(&self, bytes: &[u8]) -> Option<usize> {
        let room = usize::try_from(self.output.check_write().ok()?).unwrap_or(usize::MAX);
        let now = bytes.get(..room).unwrap_or(bytes);
        if !now.is_empty() {
            self.output.write(now).ok()?;
        }
        Some(now.len())
    }

    /// Shuts down the sending side: the client sees the end of the stream after the last byte.
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
    /// Trap 2: while it has, dropping the output stream would make the whole guest wait for this one client.
    pub fn has_unsent(&self) -> bool {
        has_unsent(&self.output)
    }

    /// Drops everything that can be dropped while the host has bytes to send.
    ///
    /// Trap 2: the host releases the socket when its pending write has ended. A larger send buffer has room for the
    /// rest of that write, at most 64 KiB, so that it ends although the client reads nothing. How large it can get is
    /// the system's to say: on Linux `net.core.wmem_max`, 4 MiB from version 6.17 on and 208 KiB before. Where that is
    /// not enough, the client decides when its socket is closed. This can be removed when the host can abort a write.
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

/// What is left of a connection that the host cannot release. The stream is the first field because it must be dropped
/// first.
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

/// The number of bytes to send.
fn length(connection: &Connection<Rc<OpenFile>>) -> u64 {
    let lengths = connection.transmit().map(|chunk| chunk.length());
    lengths.fold(0, u64::saturating_add)
}

/// What [`gather`] found to send.
struct Gathered<'a> {
    /// Bytes to be sent as they are; otherwise they are in the buffer.
    straight: Option<Cow<'a, [u8]>>,
    /// Whether a file had changed.
    is_cut_off: bool,
}

/// Collects the next bytes to send, at most `room`.
fn gather<'a>(connection: &'a Connection<Rc<OpenFile>>, buffer: &mut Vec<u8>, room: usize) -> Gathered<'a> {
    buffer.clear();
    let mut gathered = Gathered {
        straight: None,
        is_cut_off: false,
    };
    for chunk in connection.transmit() {
        let left = room.saturating_sub(buffer.len());
        // Bytes that the host sends itself are not read here, so the bytes before them are sent first.
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
