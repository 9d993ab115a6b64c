//! The names in the folder's directories (`wasi:filesystem`), read once and remembered for a while.
//!
//! Reading a directory is what takes long in a large one: the host reads and looks at every entry before it hands out the
//! first, which no guest can divide (wasmtime 48: `ReaddirIterator` is filled at once). So a directory is not read again
//! while its time stays the same, and the larger it is, the more seldom it is even looked at.

use super::content::{Folder, REMEMBER};
use super::memory;
use aula::http::UnixTime;
use aula::site::recent::Recent;
use aula::site::tree::{Name, Names};
use aula::time::Instant;
use std::rc::Rc;
use std::time::Duration;
use wasi::filesystem::types::{DescriptorType, ErrorCode, OpenFlags};

/// How many names of one directory are read at most, and how much memory they may take, in bytes.
const MOST_NAMES: usize = 100_000;
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// How much memory all the names may take that are remembered, in bytes: the largest directory always is.
const MEMORY: usize = 3 * MOST_BYTES;

/// How much memory a name takes besides its own bytes, in bytes.
const PER_NAME: usize = 32;

/// For how long the names in a directory are taken for granted: as long as those of any other name, and
/// for each name as much longer as keeps the reading of them to a twentieth of the time.
const FRESH: Duration = Duration::from_millis(90);
const FRESH_PER_NAME: Duration = Duration::from_micros(100);

/// How old a directory's time must be, in seconds, for the same time to mean the same names: two changes within a tick of
/// the file system's clock have one time.
const SETTLED: u64 = 2;

/// The names that were read lately.
pub struct Directories {
    recent: Recent<Known>,
}

struct Known {
    looked_at: Instant,
    /// The directory's time when its names were read; `None` if it was too young to mean something.
    modified: Option<UnixTime>,
    names: Rc<Names>,
}

impl Default for Directories {
    fn default() -> Self {
        Self {
            recent: Recent::new(MEMORY),
        }
    }
}

impl Directories {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.recent.clear();
    }

    /// The names in the directory `name` of the folder, at the time given on both clocks.
    pub fn names(&mut self, folder: &Folder, name: &str, now: Instant, unix: UnixTime) -> Result<Rc<Names>, ErrorCode> {
        if let Some(known) = self.recent.get(name) {
            let count = u32::try_from(known.names.sorted.len()).unwrap_or(u32::MAX);
            let fresh = FRESH.saturating_add(FRESH_PER_NAME.saturating_mul(count));
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
        if let Some(known) = self.recent.get(name)
            && known.modified.is_some()
            && known.modified == modified
        {
            known.looked_at = now;
            return Ok(Rc::clone(&known.names));
        }
        let (names, weight) = read(folder, name)?;
        let names = Rc::new(names);
        let known = Known {
            looked_at: now,
            modified,
            names: Rc::clone(&names),
        };
        if memory::is_free(REMEMBER) {
            self.recent.put(name, known, weight);
        }
        Ok(names)
    }
}

/// Reads the names in a directory, and says how much memory they take. What can be no file or directory is left out; of a
/// link nobody knows yet.
fn read(folder: &Folder, name: &str) -> Result<(Names, usize), ErrorCode> {
    let directory = folder.open_at(name, OpenFlags::DIRECTORY)?;
    let entries = folder.with_spare(|| directory.read_directory())?;
    let mut names = Vec::new();
    let mut weight = 0_usize;
    let has_more = loop {
        if names.len() >= MOST_NAMES || weight >= MOST_BYTES {
            break true;
        }
        // The list of them doubles when it grows.
        let growth = names.len().saturating_mul(2 * size_of::<Name>());
        if names.len().is_multiple_of(1024) && !memory::is_free(REMEMBER.saturating_add(growth)) {
            return Err(ErrorCode::InsufficientMemory);
        }
        let entry = match entries.read_directory_entry() {
            Ok(Some(entry)) => entry,
            Ok(None) => break false,
            // A name that is not UTF-8: nobody could ask for it.
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
