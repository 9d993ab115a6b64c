//! The names in the folder's directories (`wasi:filesystem`), with a cache.
//!
//! Reading a large directory takes long: the host reads all entries before it returns the first one, and the guest
//! cannot divide this work (wasmtime 48 fills its `ReaddirIterator` at once). So a directory is not read again while
//! its modification time stays the same, and the time of a larger directory is checked less often.

use super::content::Folder;
use super::memory::{self, CACHE_RESERVE};
use aula::http::UnixTime;
use aula::schedule::cache::Cache;
use aula::site::tree::{Name, Names};
use aula::time::Instant;
use std::rc::Rc;
use std::time::Duration;
use wasi::filesystem::types::{DescriptorType, ErrorCode, OpenFlags};

/// The maximum number of names that are read from one directory, and the maximum memory for them, in bytes.
const MOST_NAMES: usize = 100_000;
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// The maximum memory for all cached names, in bytes: enough for the largest directory.
const MEMORY: usize = 3 * MOST_BYTES;

/// How many bytes of memory a name takes in addition to its own bytes.
const PER_NAME: usize = 32;

/// How long the names in a directory are used before they are checked again: as long as for any other name, plus a time
/// for each name, so that at most a twentieth of the time is spent on reading.
const REVALIDATE_AFTER: Duration = Duration::from_millis(90);
const FRESH_PER_NAME: Duration = Duration::from_micros(100);

/// How old a directory's modification time must be, in seconds, so that the same time means the same names: two changes
/// within one tick of the file system's clock have the same time.
const SETTLED: u64 = 2;

/// The names that were read recently.
pub struct Directories {
    cache: Cache<CacheEntry>,
}

struct CacheEntry {
    looked_at: Instant,
    /// The directory's modification time when its names were read; `None` if it was too recent to be conclusive.
    modified: Option<UnixTime>,
    names: Rc<Names>,
}

impl Default for Directories {
    fn default() -> Self {
        Self {
            cache: Cache::new(MEMORY),
        }
    }
}

impl Directories {
    /// Removes everything from the cache.
    pub fn clear(&mut self) {
        self.cache.clear();
    }

    /// The names in the directory `name` of the folder, at the time given on both clocks.
    pub fn names(&mut self, folder: &Folder, name: &str, now: Instant, unix: UnixTime) -> Result<Rc<Names>, ErrorCode> {
        if let Some(known) = self.cache.get(name) {
            let count = u32::try_from(known.names.sorted.len()).unwrap_or(u32::MAX);
            let fresh = REVALIDATE_AFTER.saturating_add(FRESH_PER_NAME.saturating_mul(count));
            if now < known.looked_at.saturating_add(fresh) {
                return Ok(Rc::clone(&known.names));
            }
        }
        let stat = folder.stat_at(name)?;
        let modified = stat
            .data_modification_timestamp
            .filter(|time| time.seconds.saturating_add(SETTLED) <= unix.seconds)
            .map(|time| UnixTime {
                seconds: time.seconds,
                nanoseconds: time.nanoseconds,
            });
        if let Some(known) = self.cache.get(name)
            && known.modified.is_some()
            && known.modified == modified
        {
            known.looked_at = now;
            return Ok(Rc::clone(&known.names));
        }
        let (names, weight) = read(folder, name)?;
        let names = Rc::new(names);
        let known = CacheEntry {
            looked_at: now,
            modified,
            names: Rc::clone(&names),
        };
        if memory::is_free(CACHE_RESERVE) {
            self.cache.put(name, known, weight);
        }
        Ok(names)
    }
}

/// Reads the names in a directory, and returns how much memory they take. Entries that cannot be a file or a directory
/// are left out; what a link points to is not known yet.
fn read(folder: &Folder, name: &str) -> Result<(Names, usize), ErrorCode> {
    let directory = folder.open_at(name, OpenFlags::DIRECTORY)?;
    let entries = folder.with_spare(|| directory.read_directory())?;
    let mut names = Vec::new();
    let mut weight = 0_usize;
    let has_more = loop {
        if names.len() >= MOST_NAMES || weight >= MOST_BYTES {
            break true;
        }
        // The list of names doubles when it grows.
        let growth = names.len().saturating_mul(2 * size_of::<Name>());
        if names.len().is_multiple_of(1024) && !memory::is_free(CACHE_RESERVE.saturating_add(growth)) {
            return Err(ErrorCode::InsufficientMemory);
        }
        let entry = match entries.read_directory_entry() {
            Ok(Some(entry)) => entry,
            Ok(None) => break false,
            // The name is not UTF-8, so no request could name it.
            Err(ErrorCode::IllegalByteSequence) => continue,
            Err(error) => return Err(error),
        };
        let is_directory = match entry.type_ {
            DescriptorType::Directory => true,
            DescriptorType::RegularFile | DescriptorType::SymbolicLink | DescriptorType::Unknown => false,
            _ => continue,
        };
        weight = weight.saturating_add(entry.name.len()).saturating_add(PER_NAME);
        names.push(Name {
            name: entry.name.into(),
            is_directory,
        });
    };
    let mut names = Names::new(names);
    names.has_more = has_more;
    Ok((names, weight))
}
