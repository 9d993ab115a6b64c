//! `wasi:sockets`: TCP sockets that listen, and their connections.

use super::io::{Input, Output, Pollable, broken};
use super::socket::{Socket, State};
use super::{Host, add, entry};
use crate::wit::wasi::io::poll;
use crate::wit::wasi::io::streams::{InputStream, OutputStream, StreamError};
use crate::wit::wasi::sockets::network::{
    self, ErrorCode, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress,
};
use crate::wit::wasi::sockets::tcp::{self, ShutdownType, TcpSocket};
use crate::wit::wasi::sockets::{instance_network, tcp_create_socket};
use crate::world::World;
use slab::Slab;
use std::mem;
use std::net::{IpAddr, SocketAddr, SocketAddrV6};
use std::vec;
use wasmtime::component::{Resource, WasmList};
use wasmtime::error::Context as _;
use wasmtime::{AsContext, Result, StoreContextMut};

/// A connection that was accepted, and its two directions.
type Accepted = (Resource<TcpSocket>, Resource<InputStream>, Resource<OutputStream>);

/// The streams of a connection.
type Streams = (Resource<InputStream>, Resource<OutputStream>);

/// The addresses that were found for a name, for the checker.
pub type Addresses = vec::IntoIter<IpAddr>;

pub fn find<W: World>(sockets: &mut Slab<Socket<W>>, number: usize) -> Result<&mut Socket<W>> {
    sockets.get_mut(number).context("no such socket")
}

/// Writes bytes of the component to a connection. The bytes that the system does not take at once are kept.
pub fn write<W: World>(
    store: &mut StoreContextMut<'_, Host<W>>,
    number: usize,
    contents: &WasmList<u8>,
) -> Result<Result<(), StreamError>> {
    let context = store.as_context();
    let host = context.data();
    let socket = host.sockets.get(number).context("no such socket")?;
    let (State::Stream(stream), Some(room)) = (&socket.state, socket.room()) else {
        return Ok(Err(StreamError::Closed));
    };
    let bytes = contents.as_le_slice(context);
    let left = socket.permit.checked_sub(bytes.len());
    let left = left.context("write: more than check-write has permitted")?;
    // If there is no room, earlier bytes are unsent, or the system has just refused some: these come after them.
    let sent = match room {
        0 => 0,
        _ => match host.world.send(stream, bytes) {
            Ok(count) => count,
            Err(ErrorCode::WouldBlock) => 0,
            Err(_) => return Ok(Err(broken())),
        },
    };
    let rest = bytes.get(sent..).unwrap_or_default().to_vec();
    let host = store.data_mut();
    let socket = find(&mut host.sockets, number)?;
    socket.permit = left;
    if !rest.is_empty() {
        socket.keep(rest, host.world.now());
    }
    Ok(Ok(()))
}

impl<W: World> Host<W> {
    /// Reads from a connection.
    pub fn receive(&mut self, number: usize, length: usize) -> Result<Result<Vec<u8>, StreamError>> {
        let socket = find(&mut self.sockets, number)?;
        let buffer = self.buffer.get_mut(..length).unwrap_or_default();
        let State::Stream(stream) = &socket.state else {
            return Ok(Err(StreamError::Closed));
        };
        if buffer.is_empty() {
            return Ok(Ok(Vec::new()));
        }
        Ok(match self.world.receive(stream, buffer) {
            Ok(0) => {
                socket.ended = true;
                Err(StreamError::Closed)
            }
            Ok(count) => {
                socket.readable = count == length || socket.ended || !W::SHORT_READ_IS_ALL;
                Ok(buffer.get(..count).unwrap_or_default().to_vec())
            }
            Err(ErrorCode::WouldBlock) => {
                socket.readable = false;
                Ok(Vec::new())
            }
            Err(_) => {
                socket.give_up();
                Err(broken())
            }
        })
    }

    /// Notes that a resource for this socket was dropped. The last one closes it.
    pub fn release(&mut self, number: usize) {
        let Some(socket) = self.sockets.get_mut(number) else {
            return;
        };
        socket.handles = socket.handles.saturating_sub(1);
        if socket.handles == 0 {
            self.sockets.remove(number);
            self.leaving.retain(|&leaving| leaving != number);
        }
    }

    /// Makes the streams of an established connection.
    pub fn streams(&mut self, number: usize) -> Result<Streams> {
        let input = add(&mut self.inputs, Input::Socket(number))?;
        let output = add(&mut self.outputs, Output::Socket(number))?;
        Ok((input, output))
    }

    /// Starts to connect, for the checker.
    pub fn connect(&mut self, number: usize, to: SocketAddr) -> Result<Result<(), ErrorCode>> {
        let socket = find(&mut self.sockets, number)?;
        let State::New(new) = mem::replace(&mut socket.state, State::Closed) else {
            return Ok(Err(ErrorCode::InvalidState));
        };
        let connecting = self.world.connect(new, to, number);
        Ok(connecting.map(|stream| socket.state = State::Stream(stream)))
    }

    /// The outcome of connecting, for the checker.
    pub fn finish_connecting(&mut self, number: usize) -> Result<Result<Streams, ErrorCode>> {
        let socket = find(&mut self.sockets, number)?;
        if let Err(error) = socket.connected(&self.world) {
            return Ok(Err(error));
        }
        socket.handles = 3;
        self.streams(number).map(Ok)
    }
}

impl<W: World> network::Host for Host<W> {}
impl<W: World> network::HostNetwork for Host<W> {
    fn drop(&mut self, _: Resource<network::Network>) -> Result<()> {
        Ok(())
    }
}

impl<W: World> instance_network::Host for Host<W> {
    /// `instance-network: func() -> network`: there is only one network, and it has no state.
    fn instance_network(&mut self) -> Result<Resource<network::Network>> {
        Ok(Resource::new_own(0))
    }
}

impl<W: World> tcp_create_socket::Host for Host<W> {
    /// `create-tcp-socket: func(address-family: ip-address-family) -> result<tcp-socket, error-code>`
    fn create_tcp_socket(&mut self, family: IpAddressFamily) -> Result<Result<Resource<TcpSocket>, ErrorCode>> {
        Ok(match self.world.socket(family) {
            Ok(socket) => Ok(add(&mut self.sockets, Socket::new(State::New(socket), 1))?),
            Err(error) => Err(error),
        })
    }
}

impl<W: World> tcp::Host for Host<W> {}

impl<W: World> tcp::HostTcpSocket for Host<W> {
    /// `start-bind: func(network: borrow<network>, local-address: ip-socket-address) -> result<_, error-code>`
    fn start_bind(
        &mut self,
        socket: Resource<TcpSocket>,
        _: Resource<network::Network>,
        address: IpSocketAddress,
    ) -> Result<Result<(), ErrorCode>> {
        Ok(match &entry(&mut self.sockets, socket.rep())?.state {
            State::New(socket) => self.world.bind(socket, from_wit(address)),
            _ => Err(ErrorCode::InvalidState),
        })
    }

    /// `finish-bind: func() -> result<_, error-code>`: binding never has to wait.
    fn finish_bind(&mut self, _: Resource<TcpSocket>) -> Result<Result<(), ErrorCode>> {
        Ok(Ok(()))
    }

    /// `set-listen-backlog-size: func(value: u64) -> result<_, error-code>`
    fn set_listen_backlog_size(&mut self, socket: Resource<TcpSocket>, size: u64) -> Result<Result<(), ErrorCode>> {
        entry(&mut self.sockets, socket.rep())?.backlog = size;
        Ok(Ok(()))
    }

    /// `set-send-buffer-size: func(value: u64) -> result<_, error-code>`: does nothing. The component asks for a larger
    /// buffer so that other hosts can release a connection; this host releases it as soon as it is dropped.
    fn set_send_buffer_size(&mut self, _: Resource<TcpSocket>, _: u64) -> Result<Result<(), ErrorCode>> {
        Ok(Ok(()))
    }

    /// `start-listen: func() -> result<_, error-code>`
    fn start_listen(&mut self, socket: Resource<TcpSocket>) -> Result<Result<(), ErrorCode>> {
        let number = socket.rep() as usize;
        let socket = find(&mut self.sockets, number)?;
        let State::New(new) = mem::replace(&mut socket.state, State::Closed) else {
            return Ok(Err(ErrorCode::InvalidState));
        };
        let listening = self.world.listen(new, socket.backlog, number);
        Ok(listening.map(|listener| socket.state = State::Listening(listener)))
    }

    /// `finish-listen: func() -> result<_, error-code>`: listening never has to wait.
    fn finish_listen(&mut self, _: Resource<TcpSocket>) -> Result<Result<(), ErrorCode>> {
        Ok(Ok(()))
    }

    /// `accept: func() -> result<tuple<tcp-socket, input-stream, output-stream>, error-code>`
    fn accept(&mut self, socket: Resource<TcpSocket>) -> Result<Result<Accepted, ErrorCode>> {
        let number = self.sockets.vacant_key();
        let listening = entry(&mut self.sockets, socket.rep())?;
        let State::Listening(listener) = &listening.state else {
            return Ok(Err(ErrorCode::InvalidState));
        };
        let stream = match self.world.accept(listener, number) {
            Ok(stream) => {
                self.in_doubt.push(socket.rep() as usize);
                stream
            }
            Err(error) => {
                listening.readable &= error != ErrorCode::WouldBlock;
                return Ok(Err(error));
            }
        };
        let mut accepted = Socket::new(State::Stream(stream), 3);
        accepted.writable = true;
        let socket = add(&mut self.sockets, accepted)?;
        let (input, output) = self.streams(number)?;
        Ok(Ok((socket, input, output)))
    }

    /// `local-address: func() -> result<ip-socket-address, error-code>`
    fn local_address(&mut self, socket: Resource<TcpSocket>) -> Result<Result<IpSocketAddress, ErrorCode>> {
        let address = match &entry(&mut self.sockets, socket.rep())?.state {
            State::New(socket) => self.world.socket_address(socket),
            State::Listening(listener) => self.world.listener_address(listener),
            State::Stream(stream) => self.world.local_address(stream),
            State::Closed => Err(ErrorCode::InvalidState),
        };
        Ok(address.map(to_wit))
    }

    /// `remote-address: func() -> result<ip-socket-address, error-code>`
    fn remote_address(&mut self, socket: Resource<TcpSocket>) -> Result<Result<IpSocketAddress, ErrorCode>> {
        let address = match &entry(&mut self.sockets, socket.rep())?.state {
            State::Stream(stream) => self.world.remote_address(stream),
            _ => Err(ErrorCode::InvalidState),
        };
        Ok(address.map(to_wit))
    }

    /// `subscribe: func() -> pollable`
    fn subscribe(&mut self, socket: Resource<TcpSocket>) -> Result<Resource<poll::Pollable>> {
        add(&mut self.pollables, Pollable::Socket(socket.rep() as usize))
    }

    /// `shutdown: func(shutdown-type: shutdown-type) -> result<_, error-code>`: after the unsent bytes. If both
    /// directions are shut down, the host does not wait for ever until these are sent: see `readiness`.
    fn shutdown(&mut self, socket: Resource<TcpSocket>, how: ShutdownType) -> Result<Result<(), ErrorCode>> {
        let number = socket.rep() as usize;
        let socket = find(&mut self.sockets, number)?;
        socket.ends |= how != ShutdownType::Receive;
        if socket.unsent.is_empty() {
            socket.shut(&self.world, how);
        } else if how == ShutdownType::Both {
            self.leaving.push(number);
        }
        Ok(Ok(()))
    }

    fn drop(&mut self, socket: Resource<TcpSocket>) -> Result<()> {
        self.release(socket.rep() as usize);
        Ok(())
    }
}

pub fn from_wit(address: IpSocketAddress) -> SocketAddr {
    match address {
        IpSocketAddress::Ipv4(Ipv4SocketAddress {
            port,
            address: (a, b, c, d),
        }) => SocketAddr::from(([a, b, c, d], port)),
        IpSocketAddress::Ipv6(Ipv6SocketAddress {
            port,
            flow_info,
            address: (a, b, c, d, e, f, g, h),
            scope_id,
        }) => SocketAddrV6::new([a, b, c, d, e, f, g, h].into(), port, flow_info, scope_id).into(),
    }
}

fn to_wit(address: SocketAddr) -> IpSocketAddress {
    match address {
        SocketAddr::V4(address) => IpSocketAddress::Ipv4(Ipv4SocketAddress {
            port: address.port(),
            address: address.ip().octets().into(),
        }),
        SocketAddr::V6(address) => IpSocketAddress::Ipv6(Ipv6SocketAddress {
            port: address.port(),
            flow_info: address.flowinfo(),
            address: address.ip().segments().into(),
            scope_id: address.scope_id(),
        }),
    }
}
