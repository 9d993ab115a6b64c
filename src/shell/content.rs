//! The granted folder (`wasi:filesystem`) as a [`Tree`]: names are looked up below it, and files are opened only for
//! reading.
//!
//! The host resolves every name below the folder's descriptor, so neither a name nor a link can lead out of it: this is
//! the second wall, after [`ResourcePath`].

use super::capabilities;
use super::clock::Clock;
use super::directory::Directories;
use super::file::{OpenFile, Seen, modified, permitted};
use super::memory::{self, CACHE_RESERVE};
use aula::http::UnixTime;
use aula::schedule::admission::MAX_OPEN_FILES;
use aula::schedule::allowance::RESERVE;
use aula::schedule::cache::Cache;
use aula::site::listing::PAGE;
use aula::site::tree::{DirectoryEntry, FileEntry, Names, Siblings, lookup_siblings};
use aula::site::{Entry, LookupError, ResourcePath, Tree};
use aula::time::Instant;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use std::time::Duration;
use wasi::filesystem::preopens::get_directories;
use wasi::filesystem::types::{
    Descriptor, DescriptorFlags, DescriptorStat, DescriptorType, ErrorCode, OpenFlags, PathFlags,
};

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

/// The maximum memory for one line of a listing while the page is made, in bytes.
const LISTING_LINE: usize = 2048;

/// The number of spare descriptors. If the process has none left (`ulimit -n`), looking up a name and opening it fails;
/// then a spare one is closed, and the operation is repeated. One response needs at most this number: for the file, its
/// siblings, and the error page.
const SPARE: usize = 6;

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
    /// See [`permitted`].
    permitted: Option<UnixTime>,
    outcome: Result<Entry<Rc<OpenFile>>, LookupError>,
    /// Until then it has no precompressed siblings.
    alone_until: Instant,
}

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
            Ok(stat) => (Seen::from(&stat), permitted(&stat)),
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
            return Ok(entry(name, file));
        }
        let descriptor = self.open_at(name, OpenFlags::empty()).map_err(lookup_error)?;
        // The opened file may differ from the one that was checked.
        let stat = descriptor.stat().map_err(lookup_error)?;
        let file = OpenFile::new(descriptor, &stat, &self.open_count, self.splices).ok_or(LookupError::Refused)?;
        let file = Rc::new(file.into_memory(self.small));
        if file.is_on_disk() {
            self.share(name, &file);
        }
        Ok(entry(name, file))
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

fn entry(name: &str, file: Rc<OpenFile>) -> Entry<Rc<OpenFile>> {
    let (size, modified) = (file.size, file.modified);
    Entry::File(FileEntry::new(name, file, size, modified))
}

/// How many bytes a cache entry takes; `None` for what is not cached: an open descriptor, because the host limits their
/// number, and failures that may be temporary.
fn weight(outcome: &Result<Entry<Rc<OpenFile>>, LookupError>) -> Option<usize> {
    match outcome {
        Ok(Entry::File(entry)) => entry.file.length_in_memory(),
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
