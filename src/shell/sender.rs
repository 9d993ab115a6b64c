//! What is sent next on a connection, and in which writes.

use super::file::{Changed, OpenFile};
use aula::http1::{Chunk, Connection};
use aula::schedule::permit::Permit;
use aula::time::Instant;
use aula_io::transport::Transport;
use std::borrow::Cow;
use std::net::IpAddr;
use std::rc::Rc;

/// The minimum number of file bytes that are written directly from where they were read, instead of being copied behind
/// the bytes before them.
const MIN_DIRECT_WRITE: u64 = 16 * 1024;

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

/// Sends the responses of one connection.
pub struct Sender {
    permit: Permit,
    /// The maximum size of one write, once it has been computed: see [`whole_segments`].
    most: Option<usize>,
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

impl Sender {
    /// For a connection whose host has given this permit.
    pub fn new(permit: Permit) -> Self {
        Self { permit, most: None }
    }

    /// Sends what `connection` has to send, as far as the host takes it. `buffer` is used to join pieces; its content
    /// does not matter.
    ///
    /// Each write has as many bytes as possible, because the host sends every write in a separate packet.
    pub fn send(
        &mut self,
        transport: &Transport,
        connection: &mut Connection<Rc<OpenFile>>,
        buffer: &mut Vec<u8>,
        now: Instant,
    ) -> Sending {
        let mut turn = 0;
        while turn < TURN {
            if let Some(spliced) = splice(transport, connection) {
                let count = match spliced {
                    Ok(count) => count,
                    Err(sending) => return sending,
                };
                connection.sent(count, now);
                if connection.transmit_length() == 0 {
                    return Sending::Done;
                }
                turn = turn.saturating_add(count);
                continue;
            }
            let wanted = match usize::try_from(connection.transmit_length()) {
                Ok(length) if length <= whole_segments::SHORTEST => length,
                _ => self.most(transport),
            };
            let Some(room) = self.permit.room(wanted, || transport.room()) else {
                return Sending::Broken;
            };
            if room == 0 {
                return Sending::Paused;
            }
            let gathered = gather(connection, buffer, room.min(wanted));
            let bytes = gathered.straight.as_deref().unwrap_or(buffer);
            let (count, is_cut_off) = (bytes.len(), gathered.is_cut_off);
            if count > 0 && !transport.write_all(bytes) {
                return Sending::Broken;
            }
            self.permit.wrote(count);
            connection.sent(count, now);
            if is_cut_off {
                return Sending::CutOff;
            }
            if connection.transmit_length() == 0 {
                return Sending::Done;
            }
            turn = turn.saturating_add(count);
        }
        Sending::Paused
    }

    /// The maximum size of one write.
    fn most(&mut self, transport: &Transport) -> usize {
        if let Some(most) = self.most {
            return most;
        }
        let most = match transport.remote().map(|client| client.ip()) {
            Some(IpAddr::V4(client)) if client.is_loopback() => whole_segments::LOOPBACK,
            Some(IpAddr::V6(client)) if client.is_loopback() => whole_segments::LOOPBACK_V6,
            Some(IpAddr::V6(_)) => whole_segments::ETHERNET_V6,
            Some(IpAddr::V4(_)) | None => whole_segments::ETHERNET,
        };
        self.most = Some(most);
        most
    }
}

/// Lets the host send the next bytes, if they are part of a file and the host is good at `splice`. Returns how many
/// it took, or why it took none.
fn splice(transport: &Transport, connection: &Connection<Rc<OpenFile>>) -> Option<Result<usize, Sending>> {
    let (file, offset, length) = connection.transmit().next().as_ref().and_then(spliced)?;
    // This needs no permit. But a broken connection must not look like a changed file.
    Some(match transport.room() {
        None => Err(Sending::Broken),
        Some(0) => Err(Sending::Paused),
        Some(_) => match file.splice(transport.output(), offset, length.min(MOST_SPLICED)) {
            Ok(0) => Err(Sending::Paused),
            Ok(count) => Ok(usize::try_from(count).unwrap_or(usize::MAX)),
            Err(Changed) => Err(Sending::CutOff),
        },
    })
}

/// The file, the offset and the length of what the host is to send itself.
fn spliced<'a>(chunk: &Chunk<'a, Rc<OpenFile>>) -> Option<(&'a OpenFile, u64, u64)> {
    match *chunk {
        Chunk::Slice { file, offset, length } if length >= MIN_DIRECT_WRITE && file.is_spliced() => {
            Some((file, offset, length))
        }
        _ => None,
    }
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
            Chunk::Bytes(bytes) if buffer.is_empty() && bytes.len() >= left => {
                gathered.straight = bytes.get(..left).map(Cow::Borrowed);
                break;
            }
            Chunk::Bytes(bytes) => buffer.extend_from_slice(bytes.get(..left).unwrap_or(bytes)),
            Chunk::Slice { file, offset, length } => match file.read(offset, length.min(left as u64)) {
                Ok(bytes) if buffer.is_empty() && bytes.len() as u64 >= MIN_DIRECT_WRITE => {
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
