//! The granted folder (`wasi:filesystem`) as a [`Tree`]: looked up beneath it, opened for reading alone.
//!
//! The host resolves every name beneath the folder's descriptor, so neither a name nor a link can lead out of it: that
//! is the second wall, behind [`ResourcePath`].

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
use wasi::filesystem::preopens::get_directories;
use wasi::filesystem::types::{
    Descriptor, DescriptorFlags, DescriptorStat, DescriptorType, ErrorCode, OpenFlags, PathFlags,
};
use wasi::io::streams::OutputStream;

/// The most that one read gives, in bytes: the host's own limit.
const LARGEST_READ: u64 = 64 * 1024;

/// How large a file may be to be kept in memory, in bytes.
const SMALL: u64 = 1024 * 1024;

/// The same where the host is good at `splice`: then larger files are sent by the host, and never seen here.
const SMALL_BESIDE_SPLICE: u64 = 64 * 1024;

/// For how long what was looked up is taken for granted. After that a look (`stat-at`) tells whether it
/// is still the same: so an edit shows within 100 ms, those of a turn of the loop and [`ALONE`] included, and a busy file is
/// looked at twelve times a second.
const FRESH: Duration = Duration::from_millis(80);

/// For how long it is taken for granted that a file has no precompressed siblings, beyond [`FRESH`]: three lookups less for
/// nearly every request.
const ALONE: Duration = Duration::from_millis(10);

/// How much memory must be free for anything to be remembered, in bytes: other things need it more.
pub(super) const REMEMBER: usize = 2 * RESERVE;

/// How much memory a line of a listing takes at most while the page is made, in bytes.
const LISTED: usize = 2048;

/// How many descriptors are kept spare. Where the process has none left (`ulimit -n`), looking a name up and opening it
/// fails; one of these is closed then, and it is tried again. One response needs no more than these: for the file, its
/// siblings, and the error page.
const SPARE: usize = 6;

/// By how many of its last bytes a file is known that has grown since.
const ENDING: u64 = 1024;

/// How long it may take from the new time of a file to its new size, while somebody appends to it. Nobody else is served
/// meanwhile; but then the file has either grown, or its response ends.
const APPENDING: Duration = Duration::from_millis(1);

/// The folder that is served.
pub struct Folder {
    root: Descriptor,
    /// What was looked up lately: small files, directories, and names that nothing has.
    recent: RefCell<Cache<Known>>,
    /// The names in its directories.
    directories: RefCell<Directories>,
    /// The files that are open, by name: equal responses share one descriptor.
    open: RefCell<BTreeMap<Box<str>, Weak<OpenFile>>>,
    /// How many descriptors those have.
    open_count: Rc<Cell<usize>>,
    /// See [`SPARE`].
    spare: RefCell<Vec<Descriptor>>,
    /// Whether the host is good at `splice`.
    splices: bool,
    /// The time of the current turn of the loop.
    now: Cell<Instant>,
}

/// What was found under a name.
struct Known {
    looked_at: Instant,
    seen: Seen,
    outcome: Result<Entry<Rc<OpenFile>>, LookupError>,
    /// Until then it has no precompressed siblings.
    alone_until: Instant,
}

/// What a look at a name shows; while it stays the same, so does what was found there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    File { size: u64, modified: UnixTime },
    Directory,
    Nothing(LookupError),
}

/// A regular file as it was when it was opened.
pub struct OpenFile {
    bytes: FileBytes,
    size: u64,
    modified: UnixTime,
    /// Its last bytes, unless it is in memory.
    ending: Vec<u8>,
    splices: bool,
}

enum FileBytes {
    /// All of them, of a small file.
    InMemory(Vec<u8>),
    /// Where to read them.
    OnDisk(Counted),
}

/// A descriptor that is counted as long as it is open.
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

/// The file is not any more what it was when its answer began, or it cannot be read.
#[derive(Debug)]
pub struct Changed;

/// Why there is no folder to serve.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FolderError {
    /// The host granted no directory.
    NothingGranted,
    /// No granted directory has this name, nor is it below one; these are granted.
    NotGranted { granted: Vec<String> },
    /// There is no such directory below the granted one.
    NotFound,
    /// It is a file.
    NotADirectory,
    /// The host refuses, for another reason.
    Refused(ErrorCode),
}

impl Folder {
    /// Opens the folder with the guest path `root`: a granted directory or one below it; by default, the first that
    /// is granted. Gives its name too.
    /// At most `memory` bytes are used to remember what is served.
    pub fn open(root: Option<&str>, memory: usize) -> Result<(Self, String), FolderError> {
        let (root, name) = open_root(root)?;
        let folder = Self {
            root,
            recent: RefCell::new(Cache::new(memory)),
            directories: RefCell::default(),
            open: RefCell::default(),
            open_count: Rc::default(),
            spare: RefCell::default(),
            splices: capabilities::has(capabilities::SPLICE),
            now: Cell::new(Instant::ORIGIN),
        };
        Ok((folder, name))
    }

    /// A new turn of the loop has begun.
    pub fn tell_time(&self, now: Instant) {
        self.now.set(now);
    }

    /// Whether a response may be made now: files can be opened for it. If not, they can as soon as others are closed.
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

    /// Forgets what was looked up lately: memory is short.
    pub fn forget(&self) {
        self.recent.borrow_mut().clear();
        self.directories.borrow_mut().clear();
    }

    /// Tries again with one spare descriptor less, as long as there is one, if the host fails for another reason than what
    /// the name stands for. (`EMFILE` and `ENFILE` have no error code of their own: wasmtime 48 says `io`.)
    pub(super) fn with_spare<T>(&self, attempt: impl Fn() -> Result<T, ErrorCode>) -> Result<T, ErrorCode> {
        loop {
            match attempt() {
                Err(error) if lookup_error(error) == LookupError::Failed && self.spare.borrow_mut().pop().is_some() => {
                }
                outcome => return outcome,
            }
        }
    }

    /// What a name below the folder stands for, links followed.
    pub(super) fn stat_at(&self, name: &str) -> Result<DescriptorStat, ErrorCode> {
        self.with_spare(|| self.root.stat_at(PathFlags::SYMLINK_FOLLOW, name))
    }

    /// Opens it for reading.
    pub(super) fn open_at(&self, name: &str, flags: OpenFlags) -> Result<Descriptor, ErrorCode> {
        self.with_spare(|| {
            self.root
                .open_at(PathFlags::SYMLINK_FOLLOW, name, flags, DescriptorFlags::READ)
        })
    }

    fn look(&self, name: &str) -> Seen {
        match self.stat_at(name) {
            Ok(stat) => Seen::from(&stat),
            Err(error) => Seen::Nothing(lookup_error(error)),
        }
    }

    /// Opens what a look has shown.
    fn find(&self, name: &str, seen: Seen) -> Result<Entry<Rc<OpenFile>>, LookupError> {
        match seen {
            Seen::Directory => return Ok(Entry::Directory),
            Seen::File { .. } => {}
            Seen::Nothing(error) => return Err(error),
        }
        let open = self.open.borrow().get(name).and_then(Weak::upgrade);
        if let Some(file) = open.filter(|file| file.seen() == seen) {
            let (size, modified) = (file.size, file.modified);
            return Ok(Entry::File(FileEntry::new(name, file, size, modified)));
        }
        let descriptor = self.open_at(name, OpenFlags::empty()).map_err(lookup_error)?;
        // What was opened may not be what was looked at.
        let stat = descriptor.stat().map_err(lookup_error)?;
        let Seen::File { size, modified } = Seen::from(&stat) else {
            return Err(LookupError::Refused);
        };
        let file = OpenFile {
            bytes: FileBytes::OnDisk(Counted::new(descriptor, &self.open_count)),
            size,
            modified,
            ending: Vec::new(),
            splices: self.splices,
        };
        let small = if self.splices { SMALL_BESIDE_SPLICE } else { SMALL };
        let file = Rc::new(file.into_memory(small));
        if file.is_on_disk() {
            self.share(name, &file);
        }
        Ok(Entry::File(FileEntry::new(name, file, size, modified)))
    }

    /// Lets others have the same descriptor.
    fn share(&self, name: &str, file: &Rc<OpenFile>) {
        let mut open = self.open.borrow_mut();
        // Names whose files are closed go when they are as many as the others.
        if open.len() > self.open_count.get().saturating_mul(2) {
            open.retain(|_, file| file.strong_count() > 0);
        }
        open.insert(name.into(), Rc::downgrade(file));
    }
}

/// The descriptor and the name of the granted directory, or the one below it, that is called `root`.
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
    // The longest name wins where one granted directory is called like a part of another.
    granted.sort_by_key(|(_, name)| std::cmp::Reverse(name.len()));
    let below = |name: &str| match wanted.strip_prefix(name.trim_end_matches('/'))? {
        "" => Some(".".to_owned()),
        rest => rest.strip_prefix('/').map(str::to_owned),
    };
    let found = granted
        .iter()
        .find_map(|(directory, name)| below(name).map(|rest| (directory, rest)));
    let Some((directory, rest)) = found else {
        return Err(match granted.is_empty() {
            true => FolderError::NothingGranted,
            false => FolderError::NotGranted {
                granted: granted.into_iter().map(|(_, name)| name).collect(),
            },
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
        let mut recent = self.recent.borrow_mut();
        let known = recent.get(name);
        if let Some(known) = &known
            && now < known.looked_at.saturating_add(FRESH)
        {
            return known.outcome.clone();
        }
        let seen = self.look(name);
        if let Some(known) = known
            && known.seen == seen
        {
            known.looked_at = now;
            return known.outcome.clone();
        }
        let outcome = self.find(name, seen);
        match weight(&outcome) {
            Some(weight) if !memory::is_free(REMEMBER.saturating_add(weight)) => {
                recent.clear();
                self.directories.borrow_mut().clear();
            }
            Some(weight) => recent.put(
                name,
                Known {
                    looked_at: now,
                    seen,
                    outcome: outcome.clone(),
                    alone_until: Instant::ORIGIN,
                },
                weight,
            ),
            None => recent.forget(name),
        }
        outcome
    }

    fn siblings<const N: usize>(&self, path: &ResourcePath, extensions: [&str; N]) -> Siblings<Self::File, N> {
        let (name, now) = (host_name(path), self.now.get());
        let is_alone = |known: &mut Known| now < known.alone_until;
        if self.recent.borrow_mut().get(name).is_some_and(is_alone) {
            return [const { None }; N];
        }
        let siblings = lookup_siblings(self, path, extensions);
        if siblings.iter().all(Option::is_none)
            && let Some(known) = self.recent.borrow_mut().get(name)
        {
            known.alone_until = now.saturating_add(ALONE);
        }
        siblings
    }

    fn names(&self, directory: &ResourcePath) -> Result<Rc<Names>, LookupError> {
        // The page that may be made of them needs memory too.
        if !memory::is_free(RESERVE.saturating_add(LISTED.saturating_mul(PAGE))) {
            return Err(LookupError::NoMemory);
        }
        let (now, unix) = (self.now.get(), Clock::default().now().unix);
        let mut directories = self.directories.borrow_mut();
        directories
            .names(self, host_name(directory), now, unix)
            .map_err(lookup_error)
    }

    fn entry(&self, directory: &ResourcePath, name: &str) -> Option<DirectoryEntry> {
        // By its whole name, as it is looked up: a link may lead up to the folder, and down again.
        let path = directory.child(name)?;
        let stat = self.stat_at(path.name()).ok()?;
        let is_directory = match stat.type_ {
            DescriptorType::Directory => true,
            // Only opening it tells whether it may be read.
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
    /// At most `length` bytes at `offset`, and at least one. They are what the file had when it was opened: whoever
    /// changed it since has changed its time or its size too, which is looked at after reading.
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

    /// Whether somebody wrote behind its end, as to a log, and nowhere else: what it had when it was opened can still be
    /// sent. Where it ended there are still the same bytes; whoever writes it anew would hardly write them there again.
    fn has_only_grown(&self, descriptor: &Descriptor, seen: Seen) -> bool {
        let is_larger = matches!(seen, Seen::File { size, .. } if size > self.size);
        is_larger && !self.ending.is_empty() && read_ending(descriptor, self.size) == self.ending
    }

    /// What was just read or sent is what the file had when it was opened.
    fn check_unchanged(&self, descriptor: &Descriptor) -> Result<(), Changed> {
        let look = || descriptor.stat().map(|stat| Seen::from(&stat)).map_err(|_| Changed);
        let mut seen = look()?;
        if seen != self.seen() && matches!(seen, Seen::File { size, .. } if size == self.size) {
            // Linux sets the time of a file that is appended to first, and its size a moment later.
            clock::pause(APPENDING);
            seen = look()?;
        }
        let is_unchanged = seen == self.seen() || self.has_only_grown(descriptor, seen);
        is_unchanged.then_some(()).ok_or(Changed)
    }

    /// Whether [`OpenFile::splice`] is the way to send it.
    pub fn is_spliced(&self) -> bool {
        self.splices && self.is_on_disk()
    }

    /// Lets the host send bytes from `offset` on, `length` at most, and gives how many it took: none if there is no room.
    /// They are what the file had when it was opened, as with [`OpenFile::read`].
    pub fn splice(&self, output: &OutputStream, offset: u64, length: u64) -> Result<u64, Changed> {
        let FileBytes::OnDisk(Counted { descriptor, .. }) = &self.bytes else {
            return Err(Changed);
        };
        let input = descriptor.read_via_stream(offset).map_err(|_| Changed)?;
        let sent = output.splice(&input, length).map_err(|_| Changed)?;
        self.check_unchanged(descriptor)?;
        Ok(sent)
    }

    /// Whether it takes one of the host's descriptors.
    pub fn is_on_disk(&self) -> bool {
        matches!(self.bytes, FileBytes::OnDisk(_))
    }

    /// What a look at it showed when it was opened.
    fn seen(&self) -> Seen {
        Seen::File {
            size: self.size,
            modified: self.modified,
        }
    }

    /// A file that stays on the disk: its last bytes are looked at.
    fn with_ending(mut self) -> Self {
        if let FileBytes::OnDisk(Counted { descriptor, .. }) = &self.bytes {
            self.ending = read_ending(descriptor, self.size);
        }
        self
    }

    /// Takes a file of at most `small` bytes into memory, if it has not changed meanwhile and there is enough memory. Its
    /// descriptor is closed then.
    fn into_memory(self, small: u64) -> Self {
        let Ok(size) = usize::try_from(self.size) else {
            return self;
        };
        if self.size > small || !memory::is_free(REMEMBER.saturating_add(size)) {
            return self.with_ending();
        }
        let mut bytes = Vec::with_capacity(size);
        while (bytes.len() as u64) < self.size {
            match self.read(bytes.len() as u64, self.size) {
                Ok(more) => bytes.extend_from_slice(&more),
                Err(Changed) => return self.with_ending(),
            }
        }
        Self {
            bytes: FileBytes::InMemory(bytes),
            ..self
        }
    }
}

/// The last bytes of a file of that size.
fn read_ending(descriptor: &Descriptor, size: u64) -> Vec<u8> {
    let ending = descriptor.read(ENDING.min(size), size.saturating_sub(ENDING));
    ending.map_or_else(|_| Vec::new(), |(bytes, _)| bytes)
}

impl From<&DescriptorStat> for Seen {
    fn from(stat: &DescriptorStat) -> Self {
        match stat.type_ {
            DescriptorType::Directory => Self::Directory,
            DescriptorType::RegularFile => Self::File {
                size: stat.size,
                modified: modified(stat),
            },
            // trap 4: opening a FIFO waits for a writer, and everybody with it. It is never opened.
            _ => Self::Nothing(LookupError::Refused),
        }
    }
}

/// How many bytes it takes to remember an outcome; `None` for what is not remembered: an open descriptor, of which the
/// host allows only so many, and failures that may pass.
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

/// The name as the host wants it: relative, and `.` for the root itself.
fn host_name(path: &ResourcePath) -> &str {
    match path.name() {
        "" => ".",
        name => name,
    }
}

fn modified(stat: &DescriptorStat) -> UnixTime {
    stat.data_modification_timestamp
        .map_or_else(UnixTime::default, |time| UnixTime {
            seconds: time.seconds,
            nanoseconds: time.nanoseconds,
        })
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
