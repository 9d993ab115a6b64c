//! One connection, without ever waiting: connect, send, receive, close (`wasi:sockets`).

use aula::time::Instant;
use aula_checker::script::{End, Transcript};
use aula_io::address::{family, to_host};
use aula_io::transport::{Arrived, Transport};
use std::collections::VecDeque;
use std::net::SocketAddr;
use wasi::io::poll::Pollable;
use wasi::sockets::instance_network::instance_network;
use wasi::sockets::network::ErrorCode;
use wasi::sockets::tcp::TcpSocket;
use wasi::sockets::tcp_create_socket::create_tcp_socket;

/// The maximum size of one read, in bytes: the host zero-fills as many first.
const READ_SIZE: u64 = 16 * 1024;

/// A connection and what has happened on it.
pub struct Connection {
    state: State,
    /// What has happened.
    pub transcript: Transcript,
    /// When the last bytes came.
    pub last_arrival: Option<Instant>,
    /// The bytes that are still to be sent: each piece in one write.
    unsent: VecDeque<Vec<u8>>,
    /// Whether a client has made the connection: a client may end its side and still read.
    is_clients: bool,
}

enum State {
    /// If this attempt fails, these addresses are tried next.
    Connecting(Attempt, Vec<SocketAddr>),
    Connected(Transport),
    Over,
}

/// A socket that is connecting. The pollable is the first field because it must be dropped before its socket.
struct Attempt {
    ready: Pollable,
    socket: TcpSocket,
}

impl Connection {
    /// Starts to connect to the first of these addresses that accepts.
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

    /// A connection that a client has made.
    pub fn accepted(transport: Transport) -> Self {
        Self {
            state: connected(transport),
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
        match start_connecting(*first) {
            Ok(attempt) => self.state = State::Connecting(attempt, others.to_vec()),
            Err(error) => self.fail(error, others),
        }
    }

    /// Notes that an attempt has failed, and tries the next address.
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
        if let State::Connected(transport) = &self.state {
            transport.end_sending();
            self.mark();
            if self.has_ended() {
                self.state = State::Over;
            }
            // From now on, the end of the other side is the end of both.
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

    /// Does what can be done without waiting. Returns the address when the connection has just been made.
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
                let transport = Transport::new(socket, input, output);
                let address = transport.remote();
                self.state = connected(transport);
                address
            }
            Err(error) => {
                self.fail(error, &others);
                None
            }
        }
    }

    fn write(&mut self) {
        let State::Connected(transport) = &self.state else {
            return;
        };
        // The host reports a failed write only at the next call.
        if self.has_ended() && self.unsent.is_empty() && transport.room().is_none() {
            self.transcript.end = End::Reset;
            self.state = State::Over;
            return;
        }
        while let Some(piece) = self.unsent.front_mut() {
            let Some(written) = transport.write(piece) else {
                // The server reads no more, but what it has sent can still be read.
                self.unsent.clear();
                if self.has_ended() {
                    // The client has left: it has not only ended its side.
                    self.transcript.end = End::Reset;
                    self.state = State::Over;
                }
                return;
            };
            piece.drain(..written);
            if piece.is_empty() {
                self.unsent.pop_front();
            } else if written == 0 {
                return;
            }
        }
    }

    fn read(&mut self, now: Instant) {
        while let (State::Connected(transport), false) = (&self.state, self.has_ended()) {
            self.transcript.end = match transport.read(READ_SIZE) {
                Arrived::Nothing => return,
                Arrived::Bytes(bytes) => {
                    self.transcript.received.extend_from_slice(&bytes);
                    self.transcript.reads.push(bytes.len());
                    self.last_arrival = Some(now);
                    continue;
                }
                Arrived::End => End::Closed,
                Arrived::Broken => End::Reset,
            };
            if self.has_ended() {
                return;
            }
            // Nothing is left to send or to read, so the streams can be dropped without waiting.
            self.state = State::Over;
        }
    }

    /// What to poll.
    pub fn pollables(&self) -> Vec<&Pollable> {
        match &self.state {
            State::Connecting(attempt, _) => vec![&attempt.ready],
            State::Connected(transport) => {
                let readable = (!self.has_ended()).then(|| transport.readable());
                let writable = transport.writable_if_made().filter(|_| !self.unsent.is_empty());
                readable.into_iter().chain(writable).collect()
            }
            State::Over => Vec::new(),
        }
    }

    /// Closes the connection. Returns what may not be dropped while it has unsent bytes.
    pub fn close(&mut self) -> Option<Transport> {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Connected(transport) => {
                transport.end();
                Some(transport)
            }
            State::Connecting(..) => {
                self.transcript.end = End::NoResponse;
                None
            }
            State::Over => None,
        }
    }
}

/// The state of a connection that has just been made. Both pollables are made here, for [`Connection::pollables`].
fn connected(mut transport: Transport) -> State {
    transport.writable();
    State::Connected(transport)
}

fn start_connecting(address: SocketAddr) -> Result<Attempt, ErrorCode> {
    let socket = create_tcp_socket(family(address))?;
    socket.start_connect(&instance_network(), to_host(address))?;
    Ok(Attempt {
        ready: socket.subscribe(),
        socket,
    })
}
