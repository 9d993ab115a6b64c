//! TCP, as the host's functions use it.

use super::Simulated;
use super::state::State;
use crate::oracle::course;
use crate::schedule::Fault;
use aula_native::wit::wasi::sockets::network::{ErrorCode, IpAddressFamily};
use aula_native::wit::wasi::sockets::tcp::ShutdownType;
use aula_native::world::{Ready, Sockets, Token};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::mem;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

/// A socket that is neither listening nor connected.
pub struct Unbound {
    address: Cell<Option<SocketAddr>>,
}

/// A listening socket, as the network sees it.
pub struct Listening {
    pub address: SocketAddr,
    pub token: Token,
    pub backlog: u64,
    /// Connections that wait to be accepted.
    pub queue: VecDeque<usize>,
    pub is_open: bool,
}

/// A listening socket, as the host sees it.
pub struct Listener {
    number: usize,
    state: Rc<RefCell<State>>,
}

/// A connection, as the host sees it.
pub struct Stream {
    pub link: usize,
    state: Rc<RefCell<State>>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut state = self.state.borrow_mut();
        state.listeners[self.number].is_open = false;
        while let Some(link) = state.listeners[self.number].queue.pop_front() {
            state.refuse(link);
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.state.borrow_mut().server_closes(self.link);
    }
}

impl<const EXACT: bool> Sockets for Simulated<EXACT> {
    type Socket = Unbound;
    type Listener = Listener;
    type Stream = Stream;

    const SHORT_READ_IS_ALL: bool = EXACT;

    fn socket(&self, _: IpAddressFamily) -> Result<Unbound, ErrorCode> {
        Ok(Unbound {
            address: Cell::new(None),
        })
    }

    fn bind(&self, socket: &Unbound, address: SocketAddr) -> Result<(), ErrorCode> {
        socket.address.set(Some(address));
        Ok(())
    }

    fn listen(&self, socket: Unbound, backlog: u64, token: Token) -> Result<Listener, ErrorCode> {
        let address = socket.address.get().ok_or(ErrorCode::InvalidState)?;
        let mut state = self.after_a_moment();
        state.listeners.push(Listening {
            address,
            token,
            backlog,
            queue: VecDeque::new(),
            is_open: true,
        });
        Ok(Listener {
            number: state.listeners.len() - 1,
            state: Rc::clone(&self.0),
        })
    }

    fn tell_again(&self, listener: &mut Listener, token: Token) -> io::Result<()> {
        let mut state = self.state();
        if !state.listeners[listener.number].queue.is_empty() {
            state.tell_token(None, token, 0, |ready| ready.readable = true);
        }
        Ok(())
    }

    fn accept(&self, listener: &Listener, token: Token) -> Result<Stream, ErrorCode> {
        let mut state = self.after_a_moment();
        if state.strikes(Fault::AcceptErrors) {
            return Err(state.dice.pick(&[
                ErrorCode::Unknown,
                ErrorCode::ConnectionAborted,
                ErrorCode::NewSocketLimit,
            ]));
        }
        let Some(&link) = state.listeners[listener.number].queue.front() else {
            return Err(ErrorCode::WouldBlock);
        };
        if state.is_out_of_descriptors() {
            return Err(ErrorCode::NewSocketLimit);
        }
        state.listeners[listener.number].queue.pop_front();
        state.note("accepts", link, &[]);
        state.accepted += 1;
        state.tell(|| format!("the server accepts connection {link}"));
        let (now, turns, lap) = (state.now, state.turns, state.lap);
        let it = &mut state.links[link];
        it.token = Some(token);
        it.accepted_at = Some(now);
        if !it.inbound.is_empty() {
            it.unread_since = Some(turns);
            it.unread_lap = lap;
            it.unread_at = now;
        }
        let ready = Ready {
            token,
            readable: !it.inbound.is_empty() || it.has_ended || it.is_reset,
            writable: false,
            ended: it.has_ended,
            broken: it.is_reset,
        };
        if ready.readable {
            state.ready.push((Some(link), ready));
        }
        course::accepts(&mut state, link);
        Ok(Stream {
            link,
            state: Rc::clone(&self.0),
        })
    }

    fn connect(&self, _: Unbound, _: SocketAddr, _: Token) -> Result<Stream, ErrorCode> {
        Err(ErrorCode::NotSupported)
    }

    fn connected(&self, _: &Stream) -> Result<(), ErrorCode> {
        Err(ErrorCode::NotSupported)
    }

    fn receive(&self, stream: &Stream, buffer: &mut [u8]) -> Result<usize, ErrorCode> {
        let mut state = self.after_a_moment();
        let link = stream.link;
        course::reads(&mut state, link);
        let it = &state.links[link];
        if it.is_reset {
            return Err(ErrorCode::ConnectionReset);
        }
        let mut count = it.inbound.len().min(buffer.len());
        if count == 0 {
            return if it.has_ended {
                Ok(0)
            } else {
                Err(ErrorCode::WouldBlock)
            };
        }
        if state.strikes(Fault::EmptyReads) {
            state.tell_later(link, |ready| ready.readable = true);
            return Err(ErrorCode::WouldBlock);
        }
        if !EXACT && state.strikes(Fault::ShortReads) {
            count = state.dice.between(1, count as u64) as usize;
        }
        for (place, byte) in buffer.iter_mut().zip(state.links[link].inbound.drain(..count)) {
            *place = byte;
        }
        course::has_read(&mut state, link);
        state.note("reads", link, &buffer[..count]);
        state.tell(|| format!("the server reads {count} bytes of connection {link}"));
        Ok(count)
    }

    fn send(&self, stream: &Stream, bytes: &[u8]) -> Result<usize, ErrorCode> {
        let mut state = self.after_a_moment();
        let link = stream.link;
        let it = &state.links[link];
        if it.is_reset || it.server_ended {
            return Err(ErrorCode::ConnectionReset);
        }
        if bytes.is_empty() {
            return Ok(0);
        }
        if it.room() == 0 {
            state.is_blocked(link);
            return Err(ErrorCode::WouldBlock);
        }
        if state.strikes(Fault::BlockedWrites) {
            state.tell_later(link, |ready| ready.writable = true);
            return Err(ErrorCode::WouldBlock);
        }
        let mut bytes = bytes;
        if state.strikes(Fault::ShortWrites) {
            let most = state.dice.between(1, bytes.len() as u64) as usize;
            bytes = &bytes[..most];
            state.tell_later(link, |ready| ready.writable = true);
        }
        let count = state.server_sends(link, bytes);
        state.note("writes", link, &bytes[..count]);
        state.tell(|| {
            let beginning = bytes[..count.min(60)].escape_ascii();
            format!("the server sends {count} bytes on connection {link}: {beginning}")
        });
        Ok(count)
    }

    fn shutdown(&self, stream: &Stream, how: ShutdownType) {
        if how != ShutdownType::Receive {
            self.after_a_moment().server_ends(stream.link);
        }
    }

    fn socket_address(&self, socket: &Unbound) -> Result<SocketAddr, ErrorCode> {
        socket.address.get().ok_or(ErrorCode::InvalidState)
    }

    fn listener_address(&self, listener: &Listener) -> Result<SocketAddr, ErrorCode> {
        Ok(self.state().listeners[listener.number].address)
    }

    fn local_address(&self, stream: &Stream) -> Result<SocketAddr, ErrorCode> {
        let mut state = self.after_a_moment();
        if state.strikes(Fault::AddressErrors) {
            Err(ErrorCode::InvalidState)
        } else {
            Ok(state.links[stream.link].to)
        }
    }

    fn remote_address(&self, stream: &Stream) -> Result<SocketAddr, ErrorCode> {
        let mut state = self.after_a_moment();
        if state.strikes(Fault::AddressErrors) {
            state.log.misses_an_address();
            Err(ErrorCode::InvalidState)
        } else {
            Ok(state.links[stream.link].from)
        }
    }

    fn resolve(&self, _: &str) -> Result<Vec<IpAddr>, ErrorCode> {
        Err(ErrorCode::NotSupported)
    }

    fn wait(&self, limit: Option<Duration>, tell: &mut dyn FnMut(Ready)) -> io::Result<()> {
        for ready in self.changes(limit)? {
            tell(ready);
        }
        Ok(())
    }
}

impl<const EXACT: bool> Simulated<EXACT> {
    /// Returns what has changed, once something has changed or the time is over. (The receiver may call the world
    /// again.)
    fn changes(&self, limit: Option<Duration>) -> io::Result<Vec<Ready>> {
        let mut state = self.state();
        state.waits += u64::from(limit != Some(Duration::ZERO));
        let until = limit.map_or(u64::MAX, |limit| {
            let limit = u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
            state.now.saturating_add(limit)
        });
        let is_ending = state.is_ending();
        let mut rests = state.polls && limit != Some(Duration::ZERO);
        loop {
            state.make_spurious();
            let told = std::mem::take(&mut state.ready);
            let told = told
                .into_iter()
                .filter(|(link, _)| link.is_none_or(|link| state.links[link].is_accepted()));
            let told: Vec<Ready> = told.map(|(_, ready)| ready).collect();
            if !told.is_empty() {
                return Ok(told);
            }
            if is_ending != state.is_ending() {
                return Ok(told);
            }
            if mem::take(&mut rests) {
                course::rests(&mut state);
            }
            if !state.go_on(until) {
                if until == u64::MAX && is_ending {
                    return Err(io::Error::other("the server does not end"));
                }
                if until == u64::MAX {
                    let phase = state.phase;
                    state.violation(format!("nothing will ever happen again ({phase:?})"));
                    return Ok(Vec::new());
                }
                state.now = state.now.max(until);
                return Ok(Vec::new());
            }
        }
    }
}

impl State {
    /// Reports one connection as ready although nothing has changed on it.
    fn make_spurious(&mut self) {
        if self.links.is_empty() || !self.strikes(Fault::SpuriousReadiness) {
            return;
        }
        let link = self.dice.below(self.links.len() as u64) as usize;
        if let (true, Some(token)) = (self.links[link].is_accepted(), self.links[link].token) {
            self.tell_token(Some(link), token, 0, |ready| ready.readable = true);
        }
        let listener = self.dice.below(2 * self.listeners.len() as u64) as usize;
        if let Some(token) = self.listeners.get(listener).map(|listener| listener.token) {
            self.tell_token(None, token, 0, |ready| ready.readable = true);
        }
    }
}
