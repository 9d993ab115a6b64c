//! Sockets that listen (`wasi:sockets`).

use super::address::{from_host, to_host};
use std::net::{IpAddr, SocketAddr};
use wasi::io::poll::Pollable;
use wasi::sockets::instance_network::instance_network;
use wasi::sockets::network::{ErrorCode, IpAddressFamily};
use wasi::sockets::tcp::TcpSocket;
use wasi::sockets::tcp_create_socket::create_tcp_socket;

/// A listening socket. The pollable comes first: it has to be dropped before its socket.
pub struct Listener {
    /// Ready when somebody waits to be accepted, or accepting fails.
    pub pollable: Pollable,
    /// The socket.
    pub socket: TcpSocket,
    /// Where it listens, with the real port.
    pub address: SocketAddr,
}

/// Why nobody can be listened to at an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ListenError {
    /// The host grants no network.
    NotGranted,
    /// The port may not be opened by this user.
    PortRefused,
    /// Somebody else listens there.
    InUse,
    /// The machine does not have this address.
    NotOurs,
    /// The machine does not have this family of addresses.
    NoSuchFamily,
    /// The host refuses, for another reason.
    Other(ErrorCode),
}

impl Listener {
    /// Listens at `address`; the port 0 takes any that is free.
    pub fn open(address: SocketAddr, backlog: u64) -> Result<Self, ListenError> {
        let family = if address.is_ipv4() {
            IpAddressFamily::Ipv4
        } else {
            IpAddressFamily::Ipv6
        };
        let socket = create_tcp_socket(family).map_err(|error| match error {
            ErrorCode::AccessDenied => ListenError::NotGranted,
            ErrorCode::NotSupported => ListenError::NoSuchFamily,
            error => ListenError::Other(error),
        })?;
        bind(&socket, address).map_err(|error| match error {
            ErrorCode::AccessDenied if may_bind_any_port(family) => ListenError::PortRefused,
            ErrorCode::AccessDenied => ListenError::NotGranted,
            ErrorCode::AddressInUse => ListenError::InUse,
            ErrorCode::AddressNotBindable => ListenError::NotOurs,
            ErrorCode::NotSupported => ListenError::NoSuchFamily,
            error => ListenError::Other(error),
        })?;
        let listen = || {
            socket.set_listen_backlog_size(backlog)?;
            socket.start_listen()?;
            socket.finish_listen()?;
            socket.local_address()
        };
        let address = listen().map(from_host).map_err(|error| match error {
            ErrorCode::AddressInUse => ListenError::InUse,
            error => ListenError::Other(error),
        })?;
        Ok(Self {
            pollable: socket.subscribe(),
            socket,
            address,
        })
    }
}

/// Binding and listening never have to wait, so `start` and `finish` follow each other at once.
fn bind(socket: &TcpSocket, address: SocketAddr) -> Result<(), ErrorCode> {
    socket.start_bind(&instance_network(), to_host(address))?;
    socket.finish_bind()
}

/// Tells the two reasons for which binding is denied apart: a host without a network denies every port.
fn may_bind_any_port(family: IpAddressFamily) -> bool {
    let loopback = match family {
        IpAddressFamily::Ipv4 => IpAddr::from([127, 0, 0, 1]),
        IpAddressFamily::Ipv6 => IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
    };
    create_tcp_socket(family).is_ok_and(|socket| bind(&socket, SocketAddr::new(loopback, 0)).is_ok())
}
