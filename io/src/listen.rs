//! Listening sockets (`wasi:sockets`).

use crate::address::{family, from_host, to_host};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use wasi::io::poll::Pollable;
use wasi::sockets::instance_network::instance_network;
use wasi::sockets::network::{ErrorCode, IpAddressFamily};
use wasi::sockets::tcp::TcpSocket;
use wasi::sockets::tcp_create_socket::create_tcp_socket;

/// How long a listener is not polled after accepting has failed: it stays ready, and accepting would fail again at once
/// (trap 3 of the server's `shell`). The server also checks at this interval whether files can be opened again, and
/// whether the log is read again.
pub const RETRY_AFTER: Duration = Duration::from_millis(100);

/// A listening socket. The pollable is the first field because it must be dropped before its socket.
pub struct Listener {
    /// Ready when a connection can be accepted, or when accepting fails.
    pub pollable: Pollable,
    /// The listening socket.
    pub socket: TcpSocket,
    /// The address, with the real port.
    pub address: SocketAddr,
}

/// Why the server cannot listen on an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ListenError {
    /// The host grants no network.
    NotGranted,
    /// This user may not open the port.
    PortRefused,
    /// The address is in use.
    InUse,
    /// The machine does not have this address.
    NotOurs,
    /// The machine does not support this address family.
    NoSuchFamily,
    /// The host refuses, for another reason.
    Other(ErrorCode),
}

impl Listener {
    /// Listens on `address`; port 0 takes any free one. At most `backlog` connections wait to be accepted.
    ///
    /// # Errors
    /// The host refuses.
    pub fn open(address: SocketAddr, backlog: u64) -> Result<Self, ListenError> {
        let family = family(address);
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

/// Binding and listening never block, so `finish` is called right after `start`.
fn bind(socket: &TcpSocket, address: SocketAddr) -> Result<(), ErrorCode> {
    socket.start_bind(&instance_network(), to_host(address))?;
    socket.finish_bind()
}

/// Distinguishes the two reasons for which binding is denied: a host without a network denies every port.
fn may_bind_any_port(family: IpAddressFamily) -> bool {
    let loopback = match family {
        IpAddressFamily::Ipv4 => IpAddr::from([127, 0, 0, 1]),
        IpAddressFamily::Ipv6 => IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
    };
    create_tcp_socket(family).is_ok_and(|socket| bind(&socket, SocketAddr::new(loopback, 0)).is_ok())
}
