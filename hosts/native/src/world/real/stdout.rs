//! Stdout. A write to a pipe or a terminal blocks while it is not read (a paused pager, a selection in a window).
//! So a separate thread writes; the server continues, and drops the lines for which there is no room.

use std::io::{self, ErrorKind, Write};
use std::mem;
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// The maximum number of bytes that wait for a reader, in addition to those in the pipe or the terminal.
const LIMIT: usize = 64 * 1024;

/// The stdout of this process, which all instances share.
static STDOUT: LazyLock<Stdout> = LazyLock::new(Stdout::new);

struct Stdout {
    /// Whether bytes are written directly, because a file has no reader to wait for.
    is_direct: bool,
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    /// The bytes that the thread has not taken yet.
    waiting: Vec<u8>,
    /// The number of bytes that the thread is writing.
    in_hand: usize,
    /// Why nothing more can be written, if so.
    error: Option<ErrorKind>,
}

impl Queue {
    fn len(&self) -> usize {
        self.waiting.len() + self.in_hand
    }

    fn check(&self) -> io::Result<()> {
        self.error.map_or(Ok(()), |kind| Err(kind.into()))
    }
}

/// How many bytes may be written now; an error if the reader is gone.
pub fn room() -> io::Result<usize> {
    if STDOUT.is_direct {
        return Ok(LIMIT);
    }
    let queue = STDOUT.lock();
    queue.check()?;
    Ok(LIMIT.saturating_sub(queue.len()))
}

/// Writes bytes. There must be [`room`] for them.
pub fn print(bytes: &[u8]) -> io::Result<()> {
    if STDOUT.is_direct {
        return write(bytes);
    }
    let mut queue = STDOUT.lock();
    queue.check()?;
    queue.waiting.extend_from_slice(bytes);
    STDOUT.changed.notify_all();
    Ok(())
}

/// Waits until everything is written, but at most `patience`.
pub fn finish(patience: Duration) {
    let is_writing = |queue: &mut Queue| queue.error.is_none() && queue.len() > 0;
    let _ = STDOUT.changed.wait_timeout_while(STDOUT.lock(), patience, is_writing);
}

impl Stdout {
    fn new() -> Self {
        let thread = || thread::Builder::new().spawn(|| STDOUT.pass_on());
        Self {
            is_direct: is_file() || thread().is_err(),
            queue: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what is added to the queue, until an error.
    fn pass_on(&self) {
        let mut queue = self.lock();
        while queue.error.is_none() {
            if queue.waiting.is_empty() {
                queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let bytes = mem::take(&mut queue.waiting);
            queue.in_hand = bytes.len();
            drop(queue);
            let written = write(&bytes);
            queue = self.lock();
            queue.in_hand = 0;
            queue.error = written.err().map(|error| error.kind());
            self.changed.notify_all();
        }
    }
}

fn write(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}

fn is_file() -> bool {
    #[cfg(unix)]
    {
        use rustix::fs::{FileType, fstat};
        fstat(io::stdout()).is_ok_and(|status| FileType::from_raw_mode(status.st_mode).is_file())
    }
    #[cfg(not(unix))]
    false
}
