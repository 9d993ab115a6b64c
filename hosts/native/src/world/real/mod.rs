//! The operating system as a [`World`]: mio reports which sockets are ready (epoll, kqueue, Windows' IOCP), and cap-std
//! ensures that names do not leave their folder.

mod folders;
mod network;
mod stdout;

use super::{Clock, Console, Instant, Output, World};
use crate::wit::wasi::sockets::network::ErrorCode as SocketError;
use aula_announce::Announcer;
use mio::{Events, Poll, Waker};
use std::cell::{Cell, RefCell};
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub use network::Ports;
pub use stdout::finish as finish_stdout;

/// The maximum number of changes that are read at a time.
const EVENTS: usize = 512;

/// The token of the waker.
const WAKER: mio::Token = mio::Token(usize::MAX);

/// How many of the allowed open files are not used for connections: they are for the files that are served, and for
/// those of the host.
const SPARE_FILES: usize = 64;

/// The operating system, for one thread.
pub struct Real {
    poll: RefCell<Poll>,
    events: RefCell<Events>,
    /// The origin of the monotonic clock.
    start: std::time::Instant,
    stopping: Arc<AtomicBool>,
    /// The ports that the threads share, if there are several threads.
    ports: Option<Ports>,
    /// The maximum number of connections.
    most_connections: usize,
    /// Each connection has a reference to this, and this thread has one, so the connections can be counted.
    connections: Arc<()>,
    /// The message for the first time that no more connections fit.
    when_full: Cell<Option<String>>,
    /// Receives a message when the server has begun to serve.
    on_serving: RefCell<Option<Sender<()>>>,
    /// What a thread other than the first has written to stderr before it served.
    held_back: RefCell<Option<Vec<u8>>>,
    /// Adds lines to the server's first ones.
    announcer: RefCell<Option<Announcer>>,
}

impl Real {
    /// `stopping` is set when the program is to end. `most_files` is the number of files and sockets that this thread
    /// may have open. `when_full` is printed once, when no more connections fit.
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
            announcer: RefCell::new(None),
        })
    }

    /// Shares each port with other threads. Only the first thread has an `on_serving`, which receives a message when
    /// this thread begins to serve. The others hold back their messages until they serve.
    pub fn sharing(self, ports: Ports, on_serving: Option<Sender<()>>) -> Self {
        Self {
            ports: Some(ports),
            held_back: RefCell::new(on_serving.is_none().then(Vec::new)),
            on_serving: RefCell::new(on_serving),
            ..self
        }
    }

    /// Lets this announcer add lines to what the server prints on stderr.
    pub fn announcing(self, announcer: Option<Announcer>) -> Self {
        Self {
            announcer: RefCell::new(announcer),
            ..self
        }
    }

    /// A waker for the thread that waits in this world.
    pub fn waker(&self) -> io::Result<Waker> {
        Waker::new(self.poll.borrow().registry(), WAKER)
    }

    /// Prints the messages that were held back.
    pub fn say_held_back(&self) {
        let held_back = self.held_back.take().unwrap_or_default();
        let _ = io::stderr().write_all(&held_back);
    }

    /// Notes that the server serves: the other threads may start. Messages that were held back are discarded, because
    /// the first thread has printed the same.
    fn is_serving(&self) {
        if let Some(sender) = self.on_serving.take() {
            let _ = sender.send(());
        }
        self.held_back.take();
    }

    /// Writes to stderr, and what the announcer adds.
    fn say(&self, bytes: &[u8]) -> io::Result<()> {
        io::stderr().write_all(bytes)?;
        match &mut *self.announcer.borrow_mut() {
            Some(announcer) => io::stderr().write_all(announcer.hear(bytes).as_bytes()),
            None => Ok(()),
        }
    }

    /// The error if no more connections fit. Prints a message the first time.
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
                None => self.say(bytes),
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
