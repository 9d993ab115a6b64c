//! The granted folder (`wasi:filesystem`) as a [`Tree`]: looked up beneath it, opened for reading alone.
//!
//! The host resolves every name beneath the folder's descriptor, so neither a name nor a link can lead out of it: that
//! is the second wall, behind [`ResourcePath`].

use aula::http::UnixTime;
use aula::site::tree::{FileEntry, Listed};
use aula::site::{Entry, LookupError, ResourcePath, Tree};
use std::rc::Rc;
use wasi::filesystem::preopens::get_directories;
use wasi::filesystem::types::{
    Descriptor, DescriptorFlags, DescriptorStat, DescriptorType, ErrorCode, OpenFlags, PathFlags,
};

/// The most that one read gives, in bytes: the host's own limit.
const LARGEST_READ: u64 = 64 * 1024;

/// The folder that is served.
pub struct Folder {
    root: Descriptor,
}

/// A regular file as it was when it was opened.
pub struct OpenFile {
    descriptor: Descriptor,
    size: u64,
    modified: UnixTime,
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
    pub fn open(root: Option<&str>) -> Result<(Self, String), FolderError> {
        let mut granted = get_directories();
        let Some(root) = root else {
            if granted.is_empty() {
                return Err(FolderError::NothingGranted);
            }
            let (root, name) = granted.swap_remove(0);
            return Ok((Self { root }, name));
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
            .map(|descriptor| (Self { root: descriptor }, root.to_owned()))
            .map_err(FolderError::Refused)
    }
}

impl Tree for Folder {
    type File = Rc<OpenFile>;

    fn lookup(&self, path: &ResourcePath) -> Result<Entry<Self::File>, LookupError> {
        let name = host_name(path);
        let stat = self
            .root
            .stat_at(PathFlags::SYMLINK_FOLLOW, name)
            .map_err(lookup_error)?;
        match stat.type_ {
            DescriptorType::Directory => return Ok(Entry::Directory),
            DescriptorType::RegularFile => {}
            // Trap 4: opening a FIFO waits for a writer, and everybody with it. Look first.
            _ => return Err(LookupError::Refused),
        }
        let descriptor = self
            .root
            .open_at(
                PathFlags::SYMLINK_FOLLOW,
                name,
                OpenFlags::empty(),
                DescriptorFlags::READ,
            )
            .map_err(lookup_error)?;
        // What was opened may not be what was looked at.
        let stat = descriptor.stat().map_err(lookup_error)?;
        if stat.type_ != DescriptorType::RegularFile {
            return Err(LookupError::Refused);
        }
        let modified = modified(&stat);
        Ok(Entry::File(FileEntry {
            file: Rc::new(OpenFile {
                descriptor,
                size: stat.size,
                modified,
            }),
            size: stat.size,
            modified,
        }))
    }

    fn list(&self, directory: &ResourcePath) -> Result<Vec<Listed>, LookupError> {
        let descriptor = self
            .root
            .open_at(
                PathFlags::SYMLINK_FOLLOW,
                host_name(directory),
                OpenFlags::DIRECTORY,
                DescriptorFlags::READ,
            )
            .map_err(lookup_error)?;
        let entries = descriptor.read_directory().map_err(lookup_error)?;
        let mut listed = Vec::new();
        loop {
            let name = match entries.read_directory_entry() {
                Ok(Some(entry)) => entry.name,
                Ok(None) => return Ok(listed),
                // A name that is not UTF-8: nobody could ask for it.
                Err(ErrorCode::IllegalByteSequence) => continue,
                Err(error) => return Err(lookup_error(error)),
            };
            let Ok(stat) = descriptor.stat_at(PathFlags::SYMLINK_FOLLOW, &name) else {
                continue;
            };
            let is_directory = stat.type_ == DescriptorType::Directory;
            if is_directory || stat.type_ == DescriptorType::RegularFile {
                listed.push(Listed {
                    name,
                    is_directory,
                    size: if is_directory { 0 } else { stat.size },
                    modified: modified(&stat),
                });
            }
        }
    }
}

impl OpenFile {
    /// Reads at most `length` bytes at `offset`, and at least one. They are what the file had when it was opened:
    /// whoever changed it since has changed its time or its size too, which is looked at after reading.
    pub fn read(&self, offset: u64, length: u64) -> Result<Vec<u8>, Changed> {
        let (bytes, _) = self
            .descriptor
            .read(length.min(LARGEST_READ), offset)
            .map_err(|_| Changed)?;
        let stat = self.descriptor.stat().map_err(|_| Changed)?;
        if bytes.is_empty() || stat.size != self.size || modified(&stat) != self.modified {
            return Err(Changed);
        }
        Ok(bytes)
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
        _ => LookupError::Failed,
    }
}
