//! One connection to the server, made without waiting: connect, send, receive, leave (`wasi:sockets`).

use super::address::{from_host, to_host};
use aula_checker::script::{End, Transcript};
use std::collections::VecDeque;
use std::net::SocketAddr;
use wasi::io::poll::Pollable;
use wasi::io::streams::{InputStream, OutputStream};
use wasi::sockets::instance_network::instance_network;
use wasi::sockets::network::{ErrorCode, IpAddressFamily};
use wasi::sockets::tcp::{ShutdownType, TcpSocket};
use wasi::sockets::tcp_create_socket::create_tcp_socket;

/// A moment on the host's monotonic clock, in nanoseconds.
pub type Instant = u64;

/// How much one read asks for, in bytes: the host zero-fills it first.
const READ_SIZE: u64 = 16 * 1024;

/// A connection and what has happened on it.
pub struct Connection {
    state: State,
    /// What has happened.
    pub transcript: Transcript,
    /// When the last bytes came.
    pub last_arrival: Option<Instant>,
    /// What is still to be sent: each piece in one write.
    unsent: VecDeque<Vec<u8>>,
    /// Whether it is a client's, who may end its side and still read.
    is_clients: bool,
}

enum State {
    /// There are still these addresses to try.
    Connecting(Attempt, Vec<SocketAddr>),
    Standing(Stream),
    Over,
}

/// A socket that is connecting. The pollable comes first: it has to be dropped before its socket.
struct Attempt {
    ready: Pollable,
    socket: TcpSocket,
}

/// A socket that is connected. The order of the fields is the order in which they are dropped, and the host traps on
/// any other: pollables, then streams, then the socket.
pub struct Stream {
    readable: Pollable,
    writable: Pollable,
    input: InputStream,
    output: OutputStream,
    socket: TcpSocket,
}

impl Connection {
    /// Begins to connect to the first of these addresses that accepts.
    pub fn open(addresses: &[SocketAddr]) -> Self {
        let mut connection = Self {
            state: State::Over,
            transcript: Transcript::default(),
            last_arrival: None,
            unsent: VecDeque::new(),
            is_clients: false,
        };
        connection.attempt(addresses);
        connection
    }

    /// One that a client has made, and that was accepted.
    pub fn accepted(socket: TcpSocket, input: InputStream, output: OutputStream) -> Self {
        Self {
            state: State::Standing(Stream {
                readable: input.subscribe(),
                writable: output.subscribe(),
                input,
                output,
                socket,
            }),
            transcript: Transcript {
                end: End::Open,
                ..Transcript::default()
            },
            last_arrival: None,
            unsent: VecDeque::new(),
            is_clients: true,
        }
    }

    /// Whether the client has ended its side.
    fn has_ended(&self) -> bool {
        self.is_clients && self.transcript.end == End::Closed
    }

    fn attempt(&mut self, addresses: &[SocketAddr]) {
        let Some((first, others)) = addresses.split_first() else {
            return;
        };
        match begin(*first) {
            Ok(attempt) => self.state = State::Connecting(attempt, others.to_vec()),
            Err(error) => self.fail(error, others),
        }
    }

    /// Where a connection could not be made, the next address may do.
    fn fail(&mut self, error: ErrorCode, others: &[SocketAddr]) {
        self.state = State::Over;
        self.transcript.end = match error {
            ErrorCode::ConnectionRefused | ErrorCode::ConnectionReset => End::Refused,
            ErrorCode::AccessDenied => End::NotGranted,
            ErrorCode::Timeout => End::NoResponse,
            _ => End::Unreachable,
        };
        self.attempt(others);
    }

    /// Sends these bytes as soon as the connection is made, unless it is over already.
    pub fn send(&mut self, bytes: &[u8]) {
        if !self.is_over() {
            self.mark();
            self.transcript.sent.extend_from_slice(bytes);
            self.transcript.pieces.push(bytes.len());
            self.unsent.push_back(bytes.to_vec());
        }
    }

    /// Ends our side: the server reads the end after the last byte that was sent.
    pub fn end_sending(&mut self) {
        if let State::Standing(stream) = &self.state {
            // It fails only when the connection is broken, which the next read reports.
            let _ = stream.socket.shutdown(ShutdownType::Send);
            self.mark();
            if self.has_ended() {
                self.state = State::Over;
            }
            // From now on its end is the end of both sides.
            self.is_clients = false;
        }
    }

    fn mark(&mut self) {
        self.transcript.marks.push(self.transcript.received.len());
    }

    /// Whether nothing more can happen.
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    /// Whether something is still to be sent.
    pub fn is_sending(&self) -> bool {
        matches!(self.state, State::Connecting(..)) || !(self.is_over() || self.unsent.is_empty())
    }

    /// Does what can be done without waiting. Gives the address when the connection has just been made.
    pub fn progress(&mut self, now: Instant) -> Option<SocketAddr> {
        let address = self.connect();
        self.write();
        self.read(now);
        address
    }

    fn connect(&mut self) -> Option<SocketAddr> {
        let State::Connecting(attempt, _) = &self.state else {
            return None;
        };
        let outcome = attempt.socket.finish_connect();
        if matches!(outcome, Err(ErrorCode::WouldBlock)) {
            return None;
        }
        let State::Connecting(Attempt { ready, socket }, others) = std::mem::replace(&mut self.state, State::Over)
        else {
            return None;
        };
        drop(ready);
        match outcome {
            Ok((input, output)) => {
                self.transcript.end = End::Open;
                let address = socket.remote_address().ok().map(from_host);
                self.state = State::Standing(Stream {
                    readable: input.subscribe(),
                    writable: output.subscribe(),
                    input,
                    output,
                    socket,
                });
                address
            }
            Err(error) => {
                self.fail(error, &others);
                None
            }
        }
    }

    fn write(&mut self) {
        let State::Standing(stream) = &self.state else {
            return;
        };
        // The host reports only the next time that a write has failed.
        if self.has_ended() && self.unsent.is_empty() && stream.output.check_write().is_err() {
            self.transcript.end = End::Reset;
            self.state = State::Over;
            return;
        }
        while let Some(piece) = self.unsent.front_mut() {
            let Ok(room) = stream.output.check_write() else {
                // The server does not listen any more; what it has said is still to be read.
                self.unsent.clear();
                if self.has_ended() {
                    // A client that left, and did not only end its side.
                    self.transcript.end = End::Reset;
                    self.state = State::Over;
                }
                return;
            };
            let room = usize::try_from(room).unwrap_or(usize::MAX);
            if room == 0 {
                return;
            }
            let rest = piece.split_off(room.min(piece.len()));
            let is_written = stream.output.write(piece).is_ok();
            *piece = rest;
            if piece.is_empty() || !is_written {
                self.unsent.pop_front();
            }
        }
    }

    fn read(&mut self, now: Instant) {
        while let (State::Standing(stream), false) = (&self.state, self.has_ended()) {
            let end = match stream.input.read(READ_SIZE) {
                // An empty read is not the end: it is the host's way to say "not yet".
                Ok(bytes) if bytes.is_empty() => return,
                Ok(bytes) => {
                    self.transcript.received.extend_from_slice(&bytes);
                    self.transcript.reads.push(bytes.len());
                    self.last_arrival = Some(now);
                    continue;
                }
                Err(wasi::io::streams::StreamError::Closed) => End::Closed,
                Err(wasi::io::streams::StreamError::LastOperationFailed(_)) => End::Reset,
            };
            self.transcript.end = end;
            if self.has_ended() {
                return;
            }
            // Nothing is left to send or to read, so the stream can be dropped without waiting.
            self.state = State::Over;
        }
    }

    /// What to poll.
    pub fn pollables(&self) -> Vec<&Pollable> {
        match &self.state {
            State::Connecting(attempt, _) => vec![&attempt.ready],
            State::Standing(stream) if self.has_ended() => {
                if self.unsent.is_empty() {
                    Vec::new()
                } else {
                    vec![&stream.writable]
                }
            }
            State::Standing(stream) if self.unsent.is_empty() => vec![&stream.readable],
            State::Standing(stream) => vec![&stream.readable, &stream.writable],
            State::Over => Vec::new(),
        }
    }

    /// Leaves. What is left to be dropped is handed over: it may have to wait.
    pub fn close(&mut self) -> Option<Stream> {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Standing(stream) => {
                let _ = stream.socket.shutdown(ShutdownType::Both);
                Some(stream)
            }
            State::Connecting(..) => {
                self.transcript.end = End::NoResponse;
                None
            }
            State::Over => None,
        }
    }
}

impl Stream {
    /// Whether it can be dropped: as long as the host has bytes to send, dropping the output stream would make
    /// everybody wait.
    pub fn is_done(&self) -> bool {
        self.writable.ready()
    }
}

/// Begins to connect.
fn begin(address: SocketAddr) -> Result<Attempt, ErrorCode> {
    let family = if address.is_ipv4() {
        IpAddressFamily::Ipv4
    } else {
        IpAddressFamily::Ipv6
    };
    let socket = create_tcp_socket(family)?;
    socket.start_connect(&instance_network(), to_host(address))?;
    Ok(Attempt {
        ready: socket.subscribe(),
        socket,
    })
}
