//! The operating system's TCP.

use super::{Real, WAKER};
use crate::wit::wasi::sockets::network::{ErrorCode, IpAddressFamily};
use crate::wit::wasi::sockets::tcp::ShutdownType;
use crate::world::{Ready, Sockets, Token};
use mio::event::Source;
use mio::{Interest, net};
use socket2::{Domain, Protocol, SockAddr, Type};
use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Shutdown, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A connection.
pub struct Stream {
    pub socket: net::TcpStream,
    /// See `Real::connections`.
    _counted: Arc<()>,
}

/// The ports that the first of several threads has got when it asked for any, by address. The others take the same.
#[derive(Clone, Default)]
pub struct Ports(Arc<Mutex<HashMap<IpAddr, u16>>>);

impl Ports {
    fn get(&self, address: IpAddr) -> Option<u16> {
        let ports = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ports.get(&address).copied()
    }

    fn put(&self, address: SocketAddr) {
        let mut ports = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ports.entry(address.ip()).or_insert(address.port());
    }
}

impl Sockets for Real {
    type Socket = socket2::Socket;
    type Listener = net::TcpListener;
    type Stream = Stream;

    // The poller of Windows reports nothing new until a read has found nothing.
    const SHORT_READ_IS_ALL: bool = cfg!(unix);

    fn socket(&self, family: IpAddressFamily) -> Result<Self::Socket, ErrorCode> {
        self.make_socket(family).map_err(|error| error_of(&error))
    }

    fn bind(&self, socket: &Self::Socket, mut address: SocketAddr) -> Result<(), ErrorCode> {
        if let Some(ports) = &self.ports
            && address.port() == 0
        {
            address.set_port(ports.get(address.ip()).unwrap_or(0));
        }
        let bind = || {
            if self.is_first_to_share() && address.port() != 0 {
                // With a shared port, it would not be noticed that another program has it already.
                let alone = socket2::Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
                prepare(&alone, address.is_ipv6())?;
                alone.bind(&address.into())?;
            }
            socket.bind(&address.into())
        };
        bind().map_err(|error| error_of(&error))?;
        if let Some(ports) = &self.ports {
            ports.put(self.socket_address(socket)?);
        }
        Ok(())
    }

    fn listen(&self, socket: Self::Socket, backlog: u64, token: Token) -> Result<Self::Listener, ErrorCode> {
        let listen = || {
            socket.listen(i32::try_from(backlog).unwrap_or(i32::MAX))?;
            let mut listener = net::TcpListener::from_std(socket.into());
            self.register(&mut listener, token, Interest::READABLE)?;
            Ok(listener)
        };
        listen().map_err(|error| error_of(&error))
    }

    fn tell_again(&self, listener: &mut Self::Listener, token: Token) -> io::Result<()> {
        let poll = self.poll.borrow();
        poll.registry()
            .reregister(listener, mio::Token(token), Interest::READABLE)
    }

    fn accept(&self, listener: &Self::Listener, token: Token) -> Result<Self::Stream, ErrorCode> {
        if Arc::strong_count(&self.connections) > self.most_connections {
            return Err(self.is_full());
        }
        let accept = || {
            let (mut socket, _) = listener.accept()?;
            self.register(&mut socket, token, Interest::READABLE | Interest::WRITABLE)?;
            Ok(self.counted(socket))
        };
        accept().map_err(|error| match error_of(&error) {
            ErrorCode::NewSocketLimit => self.is_full(),
            error => error,
        })
    }

    fn connect(&self, socket: Self::Socket, to: SocketAddr, token: Token) -> Result<Self::Stream, ErrorCode> {
        let connect = || {
            match socket.connect(&to.into()) {
                Err(error) if !is_in_progress(&error) => return Err(error),
                _ => {}
            }
            let mut socket = net::TcpStream::from_std(socket.into());
            self.register(&mut socket, token, Interest::READABLE | Interest::WRITABLE)?;
            Ok(self.counted(socket))
        };
        connect().map_err(|error| error_of(&error))
    }

    fn connected(&self, stream: &Self::Stream) -> Result<(), ErrorCode> {
        let outcome = match stream.socket.take_error() {
            Ok(Some(error)) | Err(error) => Err(error),
            Ok(None) => stream.socket.peer_addr().map(drop),
        };
        outcome.map_err(|error| match error.kind() {
            ErrorKind::NotConnected => ErrorCode::WouldBlock,
            _ => error_of(&error),
        })
    }

    fn receive(&self, stream: &Self::Stream, buffer: &mut [u8]) -> Result<usize, ErrorCode> {
        (&stream.socket).read(buffer).map_err(|error| error_of(&error))
    }

    fn send(&self, stream: &Self::Stream, bytes: &[u8]) -> Result<usize, ErrorCode> {
        (&stream.socket).write(bytes).map_err(|error| error_of(&error))
    }

    fn shutdown(&self, stream: &Self::Stream, how: ShutdownType) {
        // This fails only if the connection is broken, which the next read will show.
        let _ = stream.socket.shutdown(match how {
            ShutdownType::Receive => Shutdown::Read,
            ShutdownType::Send => Shutdown::Write,
            ShutdownType::Both => Shutdown::Both,
        });
    }

    fn socket_address(&self, socket: &Self::Socket) -> Result<SocketAddr, ErrorCode> {
        let address: SockAddr = socket.local_addr().map_err(|error| error_of(&error))?;
        address.as_socket().ok_or(ErrorCode::Unknown)
    }

    fn listener_address(&self, listener: &Self::Listener) -> Result<SocketAddr, ErrorCode> {
        listener.local_addr().map_err(|error| error_of(&error))
    }

    fn local_address(&self, stream: &Self::Stream) -> Result<SocketAddr, ErrorCode> {
        stream.socket.local_addr().map_err(|error| error_of(&error))
    }

    fn remote_address(&self, stream: &Self::Stream) -> Result<SocketAddr, ErrorCode> {
        stream.socket.peer_addr().map_err(|error| error_of(&error))
    }

    fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, ErrorCode> {
        let found = (name, 0).to_socket_addrs().map_err(|_| ErrorCode::NameUnresolvable)?;
        let mut addresses: Vec<IpAddr> = found.map(|address| address.ip()).collect();
        addresses.dedup();
        Ok(addresses)
    }

    fn wait(&self, limit: Option<Duration>, tell: &mut dyn FnMut(Ready)) -> io::Result<()> {
        self.is_serving();
        let mut events = self.events.borrow_mut();
        match self.poll.borrow_mut().poll(&mut events, limit) {
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(()),
            outcome => outcome?,
        }
        for event in events.iter().filter(|event| event.token() != WAKER) {
            let is_broken = event.is_error() || event.is_write_closed();
            tell(Ready {
                token: event.token().0,
                readable: event.is_readable() || is_broken,
                writable: event.is_writable(),
                ended: event.is_read_closed(),
                broken: is_broken,
            });
        }
        Ok(())
    }
}

impl Real {
    fn make_socket(&self, family: IpAddressFamily) -> io::Result<socket2::Socket> {
        let domain = match family {
            IpAddressFamily::Ipv4 => Domain::IPV4,
            IpAddressFamily::Ipv6 => Domain::IPV6,
        };
        let socket = socket2::Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
        socket.set_nonblocking(true)?;
        prepare(&socket, domain == Domain::IPV6)?;
        if self.ports.is_some() {
            share(&socket)?;
        }
        Ok(socket)
    }

    /// Registers a socket with the poller, once for its whole life: the poller then reports each change.
    fn register(&self, socket: &mut impl Source, token: Token, interest: Interest) -> io::Result<()> {
        self.poll
            .borrow()
            .registry()
            .register(socket, mio::Token(token), interest)
    }

    fn counted(&self, socket: net::TcpStream) -> Stream {
        Stream {
            socket,
            _counted: Arc::clone(&self.connections),
        }
    }

    fn is_first_to_share(&self) -> bool {
        self.ports.is_some() && self.held_back.borrow().is_none()
    }
}

/// Sets the options of every socket. Connections inherit them from the socket that accepted them.
fn prepare(socket: &socket2::Socket, is_v6: bool) -> io::Result<()> {
    // With this, a server can be restarted at once. On Windows, it would allow any program to take over the port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.set_tcp_nodelay(true)?;
    if is_v6 {
        socket.set_only_v6(true)?;
    }
    Ok(())
}

/// Allows several sockets to listen on one port.
#[cfg(unix)]
fn share(socket: &socket2::Socket) -> io::Result<()> {
    socket.set_reuse_port(true)
}

#[cfg(not(unix))]
fn share(_: &socket2::Socket) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

fn is_in_progress(error: &io::Error) -> bool {
    #[cfg(unix)]
    let is_named_so = error.raw_os_error() == Some(rustix::io::Errno::INPROGRESS.raw_os_error());
    #[cfg(not(unix))]
    let is_named_so = false;
    is_named_so || error.kind() == ErrorKind::WouldBlock
}

/// The error code of WASI for an error of a socket.
pub fn error_of(error: &io::Error) -> ErrorCode {
    #[cfg(unix)]
    if let Some(rustix::io::Errno::MFILE | rustix::io::Errno::NFILE) = rustix::io::Errno::from_io_error(error) {
        return ErrorCode::NewSocketLimit;
    }
    #[cfg(unix)]
    if let Some(rustix::io::Errno::AFNOSUPPORT) = rustix::io::Errno::from_io_error(error) {
        return ErrorCode::NotSupported;
    }
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::Interrupted => ErrorCode::WouldBlock,
        ErrorKind::PermissionDenied => ErrorCode::AccessDenied,
        ErrorKind::AddrInUse => ErrorCode::AddressInUse,
        ErrorKind::AddrNotAvailable => ErrorCode::AddressNotBindable,
        ErrorKind::InvalidInput => ErrorCode::InvalidArgument,
        ErrorKind::Unsupported => ErrorCode::NotSupported,
        ErrorKind::OutOfMemory => ErrorCode::OutOfMemory,
        ErrorKind::TimedOut => ErrorCode::Timeout,
        ErrorKind::ConnectionRefused => ErrorCode::ConnectionRefused,
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => ErrorCode::ConnectionReset,
        ErrorKind::ConnectionAborted => ErrorCode::ConnectionAborted,
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            ErrorCode::RemoteUnreachable
        }
        _ => ErrorCode::Unknown,
    }
}
