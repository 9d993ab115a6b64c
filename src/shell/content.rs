//! The granted folder (`wasi:filesystem`) as a [`Tree`]: names are looked up below it, and files are opened only for
//! reading.
//!
//! The host resolves every name below the folder's descriptor, so neither a name nor a link can lead out of it: this is
//! the second wall, after [`ResourcePath`].

use super::clock::{self, Clock};
use super::directory::Directories;
use super::{capabilities, memory};
use aula::http::UnixTime;
use aula::schedule::admission::MAX_OPEN_FILES;
use aula::schedule::allowance::RESERVE;
use aula::schedule::cache::Cache;
use aula::site::listing::PAGE;
use aula::site::tree::{DirectoryEntry, FileEntry, Names, Siblings, lookup_siblings};
use aula::site::{Entry, LookupError, ResourcePath, Tree};
use aula::time::Instant;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use std::time::Duration;
use wasi::clocks::wall_clock::Datetime;
use wasi::filesystem::preopens::get_directories;
use wasi::filesystem::types::{
    Descriptor, DescriptorFlags, DescriptorStat, DescriptorType, ErrorCode, OpenFlags, PathFlags,
};
use wasi::io::streams::OutputStream;

/// The maximum number of bytes in one read: the host's own limit.
const LARGEST_READ: u64 = 64 * 1024;

/// The maximum size of a file in the cache, in bytes.
const MAX_CACHED_FILE: u64 = 1024 * 1024;

/// The same if the host is good at `splice`, in bytes: then the host sends larger files itself. Also the maximum size
/// of a file in memory that has no room in the cache: each response has its own copy of it.
const MAX_SMALL_FILE: u64 = 64 * 1024;

/// How long a cache entry is used before it is checked again. The check (`stat-at`) shows whether it is still current.
/// So an edit is visible within 100 ms, including a loop iteration and [`NO_SIBLINGS_FOR`], and a popular file is
/// checked about twelve times per second.
const REVALIDATE_AFTER: Duration = Duration::from_millis(80);

/// How much longer than [`REVALIDATE_AFTER`] a file is assumed to have no precompressed siblings. This saves three
/// lookups for nearly every request.
const NO_SIBLINGS_FOR: Duration = Duration::from_millis(10);

/// How much memory must be free so that anything is cached, in bytes: other things need it more.
pub(super) const CACHE_RESERVE: usize = 2 * RESERVE;

/// The maximum memory for one line of a listing while the page is made, in bytes.
const LISTING_LINE: usize = 2048;

/// The number of spare descriptors. If the process has none left (`ulimit -n`), looking up a name and opening it fails;
/// then a spare one is closed, and the operation is repeated. One response needs at most this number: for the file, its
/// siblings, and the error page.
const SPARE: usize = 6;

/// How many of its first and of its last bytes identify a file that has grown since.
const ENDS: u64 = 1024;

/// How long it may take from the new time of a file to its new size while something is appended to it. No other client
/// is served meanwhile, but this is short: the file has then either grown, or its response ends.
const APPENDING: Duration = Duration::from_millis(1);

/// The folder that is served.
pub struct Folder {
    root: Descriptor,
    /// The cache: small files, directories, and missing names.
    cache: RefCell<Cache<CacheEntry>>,
    /// The names in its directories.
    directories: RefCell<Directories>,
    /// The open files by name: equal responses share one descriptor.
    open: RefCell<BTreeMap<Box<str>, Weak<OpenFile>>>,
    /// The number of descriptors of open files.
    open_count: Rc<Cell<usize>>,
    /// See [`SPARE`].
    spare: RefCell<Vec<Descriptor>>,
    /// Whether the host is good at `splice`.
    splices: bool,
    /// The maximum size of a file that is read into memory, in bytes.
    small: u64,
    /// The time of the current loop iteration.
    now: Cell<Instant>,
}

/// What was found for a name.
struct CacheEntry {
    looked_at: Instant,
    seen: Seen,
    /// When the file's permissions were changed last, where the host tells: what may not be read any more is not
    /// served.
    permitted: Option<UnixTime>,
    outcome: Result<Entry<Rc<OpenFile>>, LookupError>,
    /// Until then it has no precompressed siblings.
    alone_until: Instant,
}

/// The result of checking a name. While it stays the same, the cache entry is current.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    File { size: u64, modified: UnixTime },
    Directory,
    Nothing(LookupError),
}

/// A regular file, as it was when it was opened.
pub struct OpenFile {
    bytes: FileBytes,
    size: u64,
    modified: UnixTime,
    /// See [`CacheEntry::permitted`].
    permitted: Option<UnixTime>,
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

/// Why the server has no folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FolderError {
    /// The host granted no directory.
    NothingGranted,
    /// The name is neither that of a granted directory nor below one. The granted ones are listed.
    NotGranted { granted: Vec<String> },
    /// There is no such directory below a granted one.
    NotFound,
    /// The name is that of a file.
    NotADirectory,
    /// The host refuses, for another reason.
    Refused(ErrorCode),
}

impl Folder {
    /// Opens the folder with the guest path `root`: a granted directory or one below it; by default, the first granted
    /// one. Also returns its name. The cache has at most `memory` bytes.
    pub fn open(root: Option<&str>, memory: usize) -> Result<(Self, String), FolderError> {
        let (root, name) = open_root(root)?;
        let splices = capabilities::has(capabilities::SPLICE);
        let largest = if splices { MAX_SMALL_FILE } else { MAX_CACHED_FILE };
        let folder = Self {
            root,
            cache: RefCell::new(Cache::new(memory)),
            directories: RefCell::default(),
            open: RefCell::default(),
            open_count: Rc::default(),
            spare: RefCell::default(),
            splices,
            small: largest.min(MAX_SMALL_FILE.max(memory as u64)),
            now: Cell::new(Instant::ORIGIN),
        };
        Ok((folder, name))
    }

    /// Notes that a new loop iteration has begun.
    pub fn tell_time(&self, now: Instant) {
        self.now.set(now);
    }

    /// Whether files can be opened for a response now. If not, they can be opened as soon as others are closed.
    pub fn is_ready(&self) -> bool {
        let mut spare = self.spare.borrow_mut();
        while spare.len() < SPARE {
            let directory = self
                .root
                .open_at(PathFlags::empty(), ".", OpenFlags::DIRECTORY, DescriptorFlags::READ);
            match directory {
                Ok(descriptor) => spare.push(descriptor),
                Err(_) => return false,
            }
        }
        self.open_count.get().saturating_add(SPARE) <= MAX_OPEN_FILES
    }

    /// Empties the cache, because memory is short.
    pub fn forget(&self) {
        self.cache.borrow_mut().clear();
        self.directories.borrow_mut().clear();
    }

    /// Repeats an operation with one spare descriptor less, if the host fails for a reason that is not the name itself.
    /// (`EMFILE` and `ENFILE` have no error code of their own: wasmtime 48 returns `io`.)
    pub(super) fn with_spare<T>(&self, attempt: impl Fn() -> Result<T, ErrorCode>) -> Result<T, ErrorCode> {
        loop {
            match attempt() {
                Err(error) if lookup_error(error) == LookupError::Failed && self.spare.borrow_mut().pop().is_some() => {
                }
                outcome => return outcome,
            }
        }
    }

    /// Checks what a name below the folder stands for, following links.
    pub(super) fn stat_at(&self, name: &str) -> Result<DescriptorStat, ErrorCode> {
        self.with_spare(|| self.root.stat_at(PathFlags::SYMLINK_FOLLOW, name))
    }

    /// Opens a name for reading.
    pub(super) fn open_at(&self, name: &str, flags: OpenFlags) -> Result<Descriptor, ErrorCode> {
        self.with_spare(|| {
            self.root
                .open_at(PathFlags::SYMLINK_FOLLOW, name, flags, DescriptorFlags::READ)
        })
    }

    /// What a name stands for, and when the permissions for it were changed.
    fn look(&self, name: &str) -> (Seen, Option<UnixTime>) {
        match self.stat_at(name) {
            Ok(stat) => (Seen::from(&stat), stat.status_change_timestamp.map(unix_time)),
            Err(error) => (Seen::Nothing(lookup_error(error)), None),
        }
    }

    /// Opens what [`Folder::look`] has found.
    fn find(&self, name: &str, seen: Seen, permitted: Option<UnixTime>) -> Result<Entry<Rc<OpenFile>>, LookupError> {
        match seen {
            Seen::Directory => return Ok(Entry::Directory),
            Seen::File { .. } => {}
            Seen::Nothing(error) => return Err(error),
        }
        let open = self.open.borrow().get(name).and_then(Weak::upgrade);
        if let Some(file) = open.filter(|file| file.seen() == seen && file.permitted == permitted) {
            let (size, modified) = (file.size, file.modified);
            return Ok(Entry::File(FileEntry::new(name, file, size, modified)));
        }
        let descriptor = self.open_at(name, OpenFlags::empty()).map_err(lookup_error)?;
        // The opened file may differ from the one that was checked.
        let stat = descriptor.stat().map_err(lookup_error)?;
        let Seen::File { size, modified } = Seen::from(&stat) else {
            return Err(LookupError::Refused);
        };
        let file = OpenFile {
            bytes: FileBytes::OnDisk(Counted::new(descriptor, &self.open_count)),
            size,
            modified,
            permitted: stat.status_change_timestamp.map(unix_time),
            last_seen: Cell::new(Seen::File { size, modified }),
            ends: Vec::new(),
            splices: self.splices,
        };
        let file = Rc::new(file.into_memory(self.small));
        if file.is_on_disk() {
            self.share(name, &file);
        }
        Ok(Entry::File(FileEntry::new(name, file, size, modified)))
    }

    /// Lets other responses share the descriptor.
    fn share(&self, name: &str, file: &Rc<OpenFile>) {
        let mut open = self.open.borrow_mut();
        // Names of closed files are removed when there are as many of them as of open ones.
        if open.len() > self.open_count.get().saturating_mul(2) {
            open.retain(|_, file| file.strong_count() > 0);
        }
        open.insert(name.into(), Rc::downgrade(file));
    }
}

/// The descriptor and the name of the directory `root`, which is a granted one or below one.
fn open_root(root: Option<&str>) -> Result<(Descriptor, String), FolderError> {
    let mut granted = get_directories();
    let Some(root) = root else {
        if granted.is_empty() {
            return Err(FolderError::NothingGranted);
        }
        let (root, name) = granted.swap_remove(0);
        return Ok((root, name));
    };
    let wanted = root.trim_end_matches('/');
    // The longest name wins if the name of one granted directory is a prefix of another.
    granted.sort_by_key(|(_, name)| std::cmp::Reverse(name.len()));
    let below = |name: &str| match wanted.strip_prefix(name.trim_end_matches('/'))? {
        "" => Some(".".to_owned()),
        rest => rest.strip_prefix('/').map(str::to_owned),
    };
    let found = granted
        .iter()
        .find_map(|(directory, name)| below(name).map(|rest| (directory, rest)));
    let Some((directory, rest)) = found else {
        return Err(if granted.is_empty() {
            FolderError::NothingGranted
        } else {
            FolderError::NotGranted {
                granted: granted.into_iter().map(|(_, name)| name).collect(),
            }
        });
    };
    let stat = directory
        .stat_at(PathFlags::SYMLINK_FOLLOW, &rest)
        .map_err(|error| match error {
            ErrorCode::NoEntry | ErrorCode::NotDirectory => FolderError::NotFound,
            error => FolderError::Refused(error),
        })?;
    if stat.type_ != DescriptorType::Directory {
        return Err(FolderError::NotADirectory);
    }
    directory
        .open_at(
            PathFlags::SYMLINK_FOLLOW,
            &rest,
            OpenFlags::DIRECTORY,
            DescriptorFlags::READ,
        )
        .map(|descriptor| (descriptor, root.to_owned()))
        .map_err(FolderError::Refused)
}

impl Tree for Folder {
    type File = Rc<OpenFile>;

    fn lookup(&self, path: &ResourcePath) -> Result<Entry<Self::File>, LookupError> {
        let name = host_name(path);
        let now = self.now.get();
        let mut cache = self.cache.borrow_mut();
        let known = cache.get(name);
        if let Some(known) = &known
            && now < known.looked_at.saturating_add(REVALIDATE_AFTER)
        {
            return known.outcome.clone();
        }
        let (seen, permitted) = self.look(name);
        if let Some(known) = known
            && known.seen == seen
            && known.permitted == permitted
        {
            known.looked_at = now;
            return known.outcome.clone();
        }
        let outcome = self.find(name, seen, permitted);
        match weight(&outcome) {
            Some(weight) if !memory::is_free(CACHE_RESERVE.saturating_add(weight)) => {
                cache.clear();
                self.directories.borrow_mut().clear();
            }
            Some(weight) => cache.put(
                name,
                CacheEntry {
                    looked_at: now,
                    seen,
                    permitted,
                    outcome: outcome.clone(),
                    alone_until: Instant::ORIGIN,
                },
                weight,
            ),
            None => cache.forget(name),
        }
        outcome
    }

    fn siblings<const N: usize>(&self, path: &ResourcePath, extensions: [&str; N]) -> Siblings<Self::File, N> {
        let (name, now) = (host_name(path), self.now.get());
        let is_alone = |known: &mut CacheEntry| now < known.alone_until;
        if self.cache.borrow_mut().get(name).is_some_and(is_alone) {
            return [const { None }; N];
        }
        let siblings = lookup_siblings(self, path, extensions);
        if siblings.iter().all(Option::is_none)
            && let Some(known) = self.cache.borrow_mut().get(name)
        {
            known.alone_until = now.saturating_add(NO_SIBLINGS_FOR);
        }
        siblings
    }

    fn names(&self, directory: &ResourcePath) -> Result<Rc<Names>, LookupError> {
        // The listing that may be made of the names needs memory too.
        if !memory::is_free(RESERVE.saturating_add(LISTING_LINE.saturating_mul(PAGE))) {
            return Err(LookupError::NoMemory);
        }
        let (now, unix) = (self.now.get(), Clock::default().now().unix);
        let mut directories = self.directories.borrow_mut();
        directories
            .names(self, host_name(directory), now, unix)
            .map_err(lookup_error)
    }

    fn entry(&self, directory: &ResourcePath, name: &str) -> Option<DirectoryEntry> {
        // The whole name is checked, as in a lookup: a link may lead up to the folder and down again.
        let path = directory.child(name)?;
        let stat = self.stat_at(path.name()).ok()?;
        let is_directory = match stat.type_ {
            DescriptorType::Directory => true,
            // Only opening it shows whether it may be read.
            DescriptorType::RegularFile if self.open_at(path.name(), OpenFlags::empty()).is_ok() => false,
            _ => return None,
        };
        Some(DirectoryEntry {
            name: name.to_owned(),
            is_directory,
            size: if is_directory { 0 } else { stat.size },
            modified: modified(&stat),
        })
    }
}

impl OpenFile {
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

    /// The result of the check when the file was opened.
    fn seen(&self) -> Seen {
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
    fn into_memory(self, small: u64) -> Self {
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

/// How many bytes a cache entry takes; `None` for what is not cached: an open descriptor, because the host limits their
/// number, and failures that may be temporary.
fn weight(outcome: &Result<Entry<Rc<OpenFile>>, LookupError>) -> Option<usize> {
    match outcome {
        Ok(Entry::File(entry)) => match &entry.file.bytes {
            FileBytes::InMemory(bytes) => Some(bytes.len()),
            FileBytes::OnDisk(_) => None,
        },
        Ok(Entry::Directory) | Err(LookupError::NotFound) => Some(0),
        Err(LookupError::Refused | LookupError::Failed | LookupError::NoMemory) => None,
    }
}

/// The name in the form of the host: relative, and `.` for the root itself.
fn host_name(path: &ResourcePath) -> &str {
    match path.name() {
        "" => ".",
        name => name,
    }
}

fn modified(stat: &DescriptorStat) -> UnixTime {
    stat.data_modification_timestamp.map(unix_time).unwrap_or_default()
}

fn unix_time(time: Datetime) -> UnixTime {
    UnixTime {
        seconds: time.seconds,
        nanoseconds: time.nanoseconds,
    }
}

fn lookup_error(error: ErrorCode) -> LookupError {
    match error {
        ErrorCode::NoEntry
        | ErrorCode::NotDirectory
        | ErrorCode::NameTooLong
        | ErrorCode::Invalid
        | ErrorCode::IllegalByteSequence => LookupError::NotFound,
        // A link out of the folder is `not-permitted`; a link to itself, `loop`.
        ErrorCode::Access | ErrorCode::NotPermitted | ErrorCode::Loop => LookupError::Refused,
        ErrorCode::InsufficientMemory => LookupError::NoMemory,
        _ => LookupError::Failed,
    }
}
