//! The operating system as a [`World`]: mio tells who is ready (epoll, kqueue, Windows' IOCP), cap-std keeps names
//! beneath their folder.

mod folders;
mod network;
mod stdout;

use super::{Clock, Console, Instant, Output, World};
use crate::wit::wasi::sockets::network::ErrorCode as SocketError;
use mio::{Events, Poll, Waker};
use std::cell::{Cell, RefCell};
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub use network::Ports;
pub use stdout::finish as finish_stdout;

/// How many changes are taken in at a time.
const EVENTS: usize = 512;

/// By what the poller calls the one that wakes it.
const WAKER: mio::Token = mio::Token(usize::MAX);

/// How many of the files that may be open at once are kept from connections: for the files that are served, and our
/// own.
const SPARE_FILES: usize = 64;

/// The operating system, for one thread.
pub struct Real {
    poll: RefCell<Poll>,
    events: RefCell<Events>,
    /// When the clock began to count.
    start: std::time::Instant,
    stopping: Arc<AtomicBool>,
    /// Where several threads listen at one port: what each has taken.
    ports: Option<Ports>,
    /// How many connections there may be, and what to say when there are as many.
    most_connections: usize,
    /// Held by each connection and by us, so that they can be counted.
    connections: Arc<()>,
    when_full: Cell<Option<String>>,
    /// Who is to know that the server serves.
    on_serving: RefCell<Option<Sender<()>>>,
    /// Of a thread that is not the first: what it has said on stderr before it serves.
    held_back: RefCell<Option<Vec<u8>>>,
}

impl Real {
    /// `stopping` is set when the program is to end. `most_files` is how many files and sockets the system lets this
    /// thread have; `when_full` is said, once, when there is no room for a connection more.
    pub fn new(stopping: Arc<AtomicBool>, most_files: usize, when_full: String) -> io::Result<Self> {
        Ok(Self {
            poll: RefCell::new(Poll::new()?),
            events: RefCell::new(Events::with_capacity(EVENTS)),
            start: std::time::Instant::now(),
            stopping,
            ports: None,
            most_connections: most_files.saturating_sub(SPARE_FILES).max(1),
            connections: Arc::new(()),
            when_full: Cell::new(Some(when_full)),
            on_serving: RefCell::new(None),
            held_back: RefCell::new(None),
        })
    }

    /// Shares each port with other threads. `on_serving` is told when this one serves; until then, one that has nobody
    /// to tell, and so is not the first, holds back what it says.
    pub fn sharing(self, ports: Ports, on_serving: Option<Sender<()>>) -> Self {
        Self {
            ports: Some(ports),
            held_back: RefCell::new(on_serving.is_none().then(Vec::new)),
            on_serving: RefCell::new(on_serving),
            ..self
        }
    }

    /// Wakes the thread that waits in this world.
    pub fn waker(&self) -> io::Result<Waker> {
        Waker::new(self.poll.borrow().registry(), WAKER)
    }

    /// Says after all what was held back.
    pub fn say_held_back(&self) {
        let held_back = self.held_back.take().unwrap_or_default();
        let _ = io::stderr().write_all(&held_back);
    }

    /// The server serves: the others may start, and what was held back is what the first has said.
    fn is_serving(&self) {
        if let Some(sender) = self.on_serving.take() {
            let _ = sender.send(());
        }
        self.held_back.take();
    }

    /// There is no room for a connection more: says so the first time.
    fn is_full(&self) -> SocketError {
        if let Some(message) = self.when_full.take() {
            let _ = writeln!(io::stderr(), "{message}");
        }
        SocketError::NewSocketLimit
    }
}

impl World for Real {
    #[cfg(target_os = "linux")]
    fn send_file(&self, to: &Self::Stream, file: &Self::File, offset: u64, length: u64) -> Result<u64, SocketError> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let mut offset = offset;
        let sent = rustix::fs::sendfile(&to.socket, file, Some(&mut offset), length);
        Ok(sent.map_err(|error| network::error_of(&error.into()))? as u64)
    }
}

impl Clock for Real {
    fn now(&self) -> Instant {
        Instant::try_from(self.start.elapsed().as_nanos()).unwrap_or(Instant::MAX)
    }

    fn wall_clock(&self) -> Duration {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

impl Console for Real {
    fn room(&self, output: Output) -> io::Result<usize> {
        match output {
            Output::Stderr => Ok(usize::MAX),
            Output::Stdout => stdout::room(),
        }
    }

    fn print(&self, output: Output, bytes: &[u8]) -> io::Result<()> {
        match output {
            Output::Stderr => match &mut *self.held_back.borrow_mut() {
                Some(held_back) => held_back.write_all(bytes),
                None => io::stderr().write_all(bytes),
            },
            Output::Stdout => stdout::print(bytes),
        }
    }

    fn is_terminal(&self, output: Output) -> bool {
        match output {
            Output::Stdout => io::stdout().is_terminal(),
            Output::Stderr => io::stderr().is_terminal(),
        }
    }
}
