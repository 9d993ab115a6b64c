//! The outside world: sockets, a folder, a clock, output. The host's functions (`crate::host`) use these traits and
//! nothing else of it. [`Real`] is the operating system.

mod real;

use crate::wit::wasi::filesystem::types::{DescriptorStat, DirectoryEntry, ErrorCode as FileError};
use crate::wit::wasi::sockets::network::{ErrorCode as SocketError, IpAddressFamily};
use crate::wit::wasi::sockets::tcp::ShutdownType;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

pub use real::{Ports, Real, finish_stdout};

/// Nanoseconds on a monotonic clock.
pub type Instant = u64;

/// The number by which [`Sockets::wait`] names a socket. The caller that makes the socket chooses it.
pub type Token = usize;

/// The whole outside world.
pub trait World: Sockets + Folders + Clock + Console + 'static {
    /// Sends at most `length` bytes of a file, from `offset` on, to a connection. Returns how many it took.
    ///
    /// This version goes through memory. A system that can do this within the kernel has its own version.
    fn send_file(&self, to: &Self::Stream, file: &Self::File, offset: u64, length: u64) -> Result<u64, SocketError> {
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(64 * 1024);
        let bytes = self.read_at(file, offset, length).map_err(|_| SocketError::Unknown)?;
        self.send(to, &bytes).map(|sent| sent as u64)
    }
}

/// TCP. Only [`Sockets::wait`] blocks.
pub trait Sockets {
    /// A socket that is neither listening nor connected.
    type Socket;
    /// A socket that listens.
    type Listener;
    /// A connection, established or not yet.
    type Stream;

    fn socket(&self, family: IpAddressFamily) -> Result<Self::Socket, SocketError>;
    fn bind(&self, socket: &Self::Socket, address: SocketAddr) -> Result<(), SocketError>;
    fn listen(&self, socket: Self::Socket, backlog: u64, token: Token) -> Result<Self::Listener, SocketError>;
    /// Makes [`Sockets::wait`] report the listener again if a client waits to be accepted.
    fn tell_again(&self, listener: &mut Self::Listener, token: Token) -> io::Result<()>;
    fn accept(&self, listener: &Self::Listener, token: Token) -> Result<Self::Stream, SocketError>;
    /// Starts to connect. The outcome is known when the stream is writable or broken.
    fn connect(&self, socket: Self::Socket, to: SocketAddr, token: Token) -> Result<Self::Stream, SocketError>;
    /// The outcome of [`Sockets::connect`].
    fn connected(&self, stream: &Self::Stream) -> Result<(), SocketError>;

    /// Reads the bytes that have arrived; 0 means the end of the stream.
    fn receive(&self, stream: &Self::Stream, buffer: &mut [u8]) -> Result<usize, SocketError>;
    /// Sends as much as there is room for.
    fn send(&self, stream: &Self::Stream, bytes: &[u8]) -> Result<usize, SocketError>;
    fn shutdown(&self, stream: &Self::Stream, how: ShutdownType);

    fn socket_address(&self, socket: &Self::Socket) -> Result<SocketAddr, SocketError>;
    fn listener_address(&self, listener: &Self::Listener) -> Result<SocketAddr, SocketError>;
    fn local_address(&self, stream: &Self::Stream) -> Result<SocketAddr, SocketError>;
    fn remote_address(&self, stream: &Self::Stream) -> Result<SocketAddr, SocketError>;

    /// The addresses of a name.
    fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, SocketError>;

    /// Waits until something has changed for a socket, and reports the changes; for no longer than `limit`, or for ever
    /// without a limit.
    ///
    /// Each change is reported once (edge-triggered): after a report that a stream is readable, the caller reads until
    /// nothing is left.
    fn wait(&self, limit: Option<Duration>, tell: &mut dyn FnMut(Ready)) -> io::Result<()>;

    /// Whether a read that returns fewer bytes than it could has read everything, so that later bytes are reported.
    const SHORT_READ_IS_ALL: bool;
}

/// A change of a socket.
#[derive(Clone, Copy, Debug)]
pub struct Ready {
    pub token: Token,
    /// Whether there are bytes to read, or clients to accept.
    pub readable: bool,
    /// Whether there is room to write.
    pub writable: bool,
    /// Whether the other side has ended its stream.
    pub ended: bool,
    /// Whether the connection is broken, so that nothing can be sent any more.
    pub broken: bool,
}

/// Folders and files, for reading. No name and no link leads out of its folder.
pub trait Folders {
    type Directory;
    type File;

    fn stat_at(&self, folder: &Self::Directory, name: &str) -> Result<DescriptorStat, FileError>;
    fn open_file(&self, folder: &Self::Directory, name: &str) -> Result<Self::File, FileError>;
    fn open_directory(&self, folder: &Self::Directory, name: &str) -> Result<Self::Directory, FileError>;
    fn stat_file(&self, file: &Self::File) -> Result<DescriptorStat, FileError>;
    fn stat_directory(&self, folder: &Self::Directory) -> Result<DescriptorStat, FileError>;
    /// Reads at most `length` bytes from `offset` on; none at the end of the file.
    fn read_at(&self, file: &Self::File, offset: u64, length: usize) -> Result<Vec<u8>, FileError>;
    /// The entries of a folder. A name that is not UTF-8 becomes an error in its place.
    fn entries(&self, folder: &Self::Directory) -> Result<Vec<Result<DirectoryEntry, FileError>>, FileError>;
}

/// Files that are written: the checker's reports. The server's host does not have this.
pub trait Reports: Folders {
    /// Creates a file, or truncates the one that has this name.
    fn create_file(&self, folder: &Self::Directory, name: &str) -> Result<Self::File, FileError>;
    fn write_at(&self, file: &Self::File, offset: u64, bytes: &[u8]) -> Result<usize, FileError>;
}

/// The clocks, and whether the program is to end.
pub trait Clock {
    fn now(&self) -> Instant;
    /// The time since 1970 (Unix time).
    fn wall_clock(&self) -> Duration;
    /// Whether the program is to end.
    fn is_stopping(&self) -> bool;
}

/// The two outputs of the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Output {
    Stdout,
    Stderr,
}

/// Stdout and stderr.
pub trait Console {
    /// How many bytes may be written now without waiting: 0 while the output is not read, and an error if it is closed.
    fn room(&self, _output: Output) -> io::Result<usize> {
        Ok(usize::MAX)
    }
    /// Writes all of `bytes`.
    fn print(&self, output: Output, bytes: &[u8]) -> io::Result<()>;
    fn is_terminal(&self, output: Output) -> bool;
}
