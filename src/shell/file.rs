//! An open file of the granted folder: its bytes, and whether they are still those that it had when it was opened.

use super::clock;
use super::memory::{self, CACHE_RESERVE};
use aula::http::UnixTime;
use aula::site::LookupError;
use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use wasi::clocks::wall_clock::Datetime;
use wasi::filesystem::types::{Descriptor, DescriptorStat, DescriptorType};
use wasi::io::streams::OutputStream;

/// The maximum number of bytes in one read: the host's own limit.
const LARGEST_READ: u64 = 64 * 1024;

/// How many of its first and of its last bytes identify a file that has grown since.
const ENDS: u64 = 1024;

/// How long it may take from the new time of a file to its new size while something is appended to it. No other client
/// is served meanwhile, but this is short: the file has then either grown, or its response ends.
const APPENDING: Duration = Duration::from_millis(1);

/// A regular file, as it was when it was opened.
pub struct OpenFile {
    bytes: FileBytes,
    pub size: u64,
    pub modified: UnixTime,
    /// See [`permitted`].
    pub permitted: Option<UnixTime>,
    /// The result of the last check, which is another than the first one if the file has grown since.
    last_seen: Cell<Seen>,
    /// The first and the last bytes of the file, unless all of it is in memory.
    ends: Vec<u8>,
    splices: bool,
}

enum FileBytes {
    /// All bytes of a small file.
    InMemory(Vec<u8>),
    /// The descriptor from which the bytes are read.
    OnDisk(Counted),
}

/// A descriptor that is counted while it is open.
struct Counted {
    descriptor: Descriptor,
    count: Rc<Cell<usize>>,
}

impl Counted {
    fn new(descriptor: Descriptor, count: &Rc<Cell<usize>>) -> Self {
        count.set(count.get().saturating_add(1));
        Self {
            descriptor,
            count: Rc::clone(count),
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.count.set(self.count.get().saturating_sub(1));
    }
}

/// The file has changed since its response began, or it cannot be read.
#[derive(Debug)]
pub struct Changed;

/// The result of checking a name. While it stays the same, the cache entry is current.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    File { size: u64, modified: UnixTime },
    Directory,
    Nothing(LookupError),
}

impl OpenFile {
    /// A file that has just been opened, with the result of checking it; `None` if it is no regular file. `open_count`
    /// counts its descriptor while that is open. `splices`: whether the host is good at `splice`.
    pub fn new(
        descriptor: Descriptor,
        stat: &DescriptorStat,
        open_count: &Rc<Cell<usize>>,
        splices: bool,
    ) -> Option<Self> {
        let seen = Seen::from(stat);
        let Seen::File { size, modified } = seen else {
            return None;
        };
        Some(Self {
            bytes: FileBytes::OnDisk(Counted::new(descriptor, open_count)),
            size,
            modified,
            permitted: permitted(stat),
            last_seen: Cell::new(seen),
            ends: Vec::new(),
            splices,
        })
    }

    /// Reads at least one and at most `length` bytes at `offset`. They are the bytes that the file had when it was
    /// opened: a change since then would also have changed its time or its size, which are checked after reading.
    pub fn read(&self, offset: u64, length: u64) -> Result<Cow<'_, [u8]>, Changed> {
        match &self.bytes {
            FileBytes::InMemory(bytes) => {
                let start = usize::try_from(offset).map_err(|_| Changed)?;
                let rest = bytes.get(start..).filter(|rest| !rest.is_empty()).ok_or(Changed)?;
                let end = usize::try_from(length).unwrap_or(usize::MAX).min(rest.len());
                rest.get(..end).map(Cow::Borrowed).ok_or(Changed)
            }
            FileBytes::OnDisk(Counted { descriptor, .. }) => {
                let (bytes, _) = descriptor.read(length.min(LARGEST_READ), offset).map_err(|_| Changed)?;
                self.check_unchanged(descriptor)?;
                if bytes.is_empty() {
                    return Err(Changed);
                }
                Ok(Cow::Owned(bytes))
            }
        }
    }

    /// Whether the file was only appended to since the last check, as a log is: then the bytes that it had when it was
    /// opened can still be sent. Those at both ends are compared, because a file that was written again would hardly
    /// have the same ones there.
    fn has_only_grown(&self, descriptor: &Descriptor, seen: Seen) -> bool {
        let sizes = (seen.size(), self.last_seen.get().size());
        let is_larger = matches!(sizes, (Some(size), Some(before)) if size > before);
        is_larger && !self.ends.is_empty() && read_ends(descriptor, self.size) == self.ends
    }

    /// Checks that the bytes just read or sent are those that the file had when it was opened.
    fn check_unchanged(&self, descriptor: &Descriptor) -> Result<(), Changed> {
        let look = || descriptor.stat().map(|stat| Seen::from(&stat)).map_err(|_| Changed);
        let last_seen = self.last_seen.get();
        let mut seen = look()?;
        if seen != last_seen && seen.size() == last_seen.size() {
            // When a file is appended to, Linux first sets its time, and a moment later its size.
            clock::pause(APPENDING);
            seen = look()?;
        }
        if seen == last_seen {
            return Ok(());
        }
        if self.has_only_grown(descriptor, seen) {
            self.last_seen.set(seen);
            return Ok(());
        }
        // No later growth makes up for this.
        self.last_seen.set(Seen::Nothing(LookupError::Failed));
        Err(Changed)
    }

    /// Whether the file should be sent with [`OpenFile::splice`].
    pub fn is_spliced(&self) -> bool {
        self.splices && self.is_on_disk()
    }

    /// Lets the host send at most `length` bytes from `offset`, and returns how many it took: none if there is no room.
    /// They are the bytes that the file had when it was opened, as with [`OpenFile::read`], unless it is changed during
    /// this call: the bytes are sent then, and the connection is closed.
    pub fn splice(&self, output: &OutputStream, offset: u64, length: u64) -> Result<u64, Changed> {
        let FileBytes::OnDisk(Counted { descriptor, .. }) = &self.bytes else {
            return Err(Changed);
        };
        self.check_unchanged(descriptor)?;
        let input = descriptor.read_via_stream(offset).map_err(|_| Changed)?;
        let sent = output.splice(&input, length).map_err(|_| Changed)?;
        self.check_unchanged(descriptor)?;
        Ok(sent)
    }

    /// Whether the file needs a descriptor of the host.
    pub fn is_on_disk(&self) -> bool {
        matches!(self.bytes, FileBytes::OnDisk(_))
    }

    /// The number of its bytes in memory; `None` if they are on the disk.
    pub fn length_in_memory(&self) -> Option<usize> {
        match &self.bytes {
            FileBytes::InMemory(bytes) => Some(bytes.len()),
            FileBytes::OnDisk(_) => None,
        }
    }

    /// The result of the check when the file was opened.
    pub fn seen(&self) -> Seen {
        Seen::File {
            size: self.size,
            modified: self.modified,
        }
    }

    /// Makes an open file that is read from the disk. Its first and last bytes are remembered.
    fn with_ends(mut self) -> Self {
        if let FileBytes::OnDisk(Counted { descriptor, .. }) = &self.bytes {
            self.ends = read_ends(descriptor, self.size);
        }
        self
    }

    /// Reads a file of at most `small` bytes into memory, if it has not changed meanwhile and there is enough memory.
    /// Its descriptor is then closed.
    pub fn into_memory(self, small: u64) -> Self {
        let Ok(size) = usize::try_from(self.size) else {
            return self;
        };
        if self.size > small || !memory::is_free(CACHE_RESERVE.saturating_add(size)) {
            return self.with_ends();
        }
        let mut bytes = Vec::with_capacity(size);
        while (bytes.len() as u64) < self.size {
            match self.read(bytes.len() as u64, self.size) {
                Ok(more) => bytes.extend_from_slice(&more),
                Err(Changed) => return self.with_ends(),
            }
        }
        Self {
            bytes: FileBytes::InMemory(bytes),
            ..self
        }
    }
}

/// The first and the last bytes of a file that had that size.
fn read_ends(descriptor: &Descriptor, size: u64) -> Vec<u8> {
    let read = |offset| descriptor.read(ENDS.min(size), offset);
    let ends =
        [0, size.saturating_sub(ENDS)].map(|offset| read(offset).map_or_else(|_| Vec::new(), |(bytes, _)| bytes));
    ends.concat()
}

impl Seen {
    /// The size of a file; `None` for what is none.
    fn size(self) -> Option<u64> {
        match self {
            Self::File { size, .. } => Some(size),
            Self::Directory | Self::Nothing(_) => None,
        }
    }
}

impl From<&DescriptorStat> for Seen {
    fn from(stat: &DescriptorStat) -> Self {
        match stat.type_ {
            DescriptorType::Directory => Self::Directory,
            DescriptorType::RegularFile => Self::File {
                size: stat.size,
                modified: modified(stat),
            },
            // Trap 4: opening a FIFO waits for a writer, and blocks the whole server. So it is never opened.
            _ => Self::Nothing(LookupError::Refused),
        }
    }
}

/// When the content was changed last, where the host tells.
pub fn modified(stat: &DescriptorStat) -> UnixTime {
    stat.data_modification_timestamp.map(unix_time).unwrap_or_default()
}

/// When the permissions or the content were changed last, where the host tells: what may not be read any more is not
/// served.
pub fn permitted(stat: &DescriptorStat) -> Option<UnixTime> {
    stat.status_change_timestamp.map(unix_time)
}

fn unix_time(time: Datetime) -> UnixTime {
    UnixTime {
        seconds: time.seconds,
        nanoseconds: time.nanoseconds,
    }
}
