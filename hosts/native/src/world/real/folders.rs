//! The operating system's folders and files. cap-std resolves every name below its folder (on Linux with `openat2` and
//! RESOLVE_BENEATH: the kernel itself refuses names that lead out of it).

use super::Real;
use crate::wit::wasi::clocks::wall_clock::Datetime;
use crate::wit::wasi::filesystem::types::{DescriptorStat, DescriptorType, DirectoryEntry, ErrorCode};
use crate::world::{Folders, Reports};
use cap_std::fs::{Dir, File, FileType, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::time::UNIX_EPOCH;

impl Folders for Real {
    type Directory = Dir;
    type File = File;

    fn stat_at(&self, folder: &Dir, name: &str) -> Result<DescriptorStat, ErrorCode> {
        folder
            .metadata(name)
            .map(|it| stat(&it))
            .map_err(|error| error_of(&error))
    }

    fn open_file(&self, folder: &Dir, name: &str) -> Result<File, ErrorCode> {
        let mut options = OpenOptions::new();
        options.read(true);
        // Without this, opening a FIFO would wait for a writer.
        #[cfg(unix)]
        {
            use cap_std::fs::OpenOptionsExt;
            options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
        }
        folder.open_with(name, &options).map_err(|error| error_of(&error))
    }

    fn open_directory(&self, folder: &Dir, name: &str) -> Result<Dir, ErrorCode> {
        folder.open_dir(name).map_err(|error| error_of(&error))
    }

    fn stat_file(&self, file: &File) -> Result<DescriptorStat, ErrorCode> {
        file.metadata().map(|it| stat(&it)).map_err(|error| error_of(&error))
    }

    fn stat_directory(&self, folder: &Dir) -> Result<DescriptorStat, ErrorCode> {
        folder
            .dir_metadata()
            .map(|it| stat(&it))
            .map_err(|error| error_of(&error))
    }

    fn read_at(&self, file: &File, offset: u64, length: usize) -> Result<Vec<u8>, ErrorCode> {
        let mut bytes = vec![0; length];
        let count = read_at(file, &mut bytes, offset).map_err(|error| error_of(&error))?;
        bytes.truncate(count);
        Ok(bytes)
    }

    fn entries(&self, folder: &Dir) -> Result<Vec<Result<DirectoryEntry, ErrorCode>>, ErrorCode> {
        let entries = folder.entries().map_err(|error| error_of(&error))?;
        Ok(entries
            .map(|entry| {
                let entry = entry.map_err(|error| error_of(&error))?;
                let name = entry.file_name().into_string();
                Ok(DirectoryEntry {
                    name: name.map_err(|_| ErrorCode::IllegalByteSequence)?,
                    type_: entry.file_type().map_or(DescriptorType::Unknown, kind),
                })
            })
            .collect())
    }
}

impl Reports for Real {
    fn create_file(&self, folder: &Dir, name: &str) -> Result<File, ErrorCode> {
        folder.create(name).map_err(|error| error_of(&error))
    }

    fn write_at(&self, file: &File, offset: u64, bytes: &[u8]) -> Result<usize, ErrorCode> {
        write_at(file, bytes, offset).map_err(|error| error_of(&error))
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
    cap_std::fs::FileExt::read_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
    cap_std::fs::FileExt::seek_read(file, bytes, offset)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<usize> {
    cap_std::fs::FileExt::write_at(file, bytes, offset)
}

#[cfg(windows)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<usize> {
    cap_std::fs::FileExt::seek_write(file, bytes, offset)
}

fn stat(metadata: &Metadata) -> DescriptorStat {
    let modified = metadata.modified().ok().map(|time| time.into_std());
    let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    DescriptorStat {
        type_: kind(metadata.file_type()),
        // The component does not use it.
        link_count: 1,
        size: metadata.len(),
        data_access_timestamp: None,
        data_modification_timestamp: since.map(|since| Datetime {
            seconds: since.as_secs(),
            nanoseconds: since.subsec_nanos(),
        }),
        status_change_timestamp: changed(metadata),
    }
}

/// When the permissions or the content were changed.
#[cfg(unix)]
fn changed(metadata: &Metadata) -> Option<Datetime> {
    use cap_std::fs::MetadataExt;
    Some(Datetime {
        seconds: u64::try_from(metadata.ctime()).ok()?,
        nanoseconds: u32::try_from(metadata.ctime_nsec()).ok()?,
    })
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> Option<Datetime> {
    None
}

fn kind(kind: FileType) -> DescriptorType {
    #[cfg(unix)]
    use cap_std::fs::FileTypeExt;
    #[cfg(unix)]
    if kind.is_fifo() {
        return DescriptorType::Fifo;
    }
    match kind {
        _ if kind.is_dir() => DescriptorType::Directory,
        _ if kind.is_file() => DescriptorType::RegularFile,
        _ if kind.is_symlink() => DescriptorType::SymbolicLink,
        _ => DescriptorType::Unknown,
    }
}

/// The error code of WASI for an error of a file.
fn error_of(error: &io::Error) -> ErrorCode {
    #[cfg(unix)]
    if let Some(code) = rustix::io::Errno::from_io_error(error).and_then(named) {
        return code;
    }
    match error.kind() {
        ErrorKind::NotFound => ErrorCode::NoEntry,
        // cap-std returns this for names that lead out of the folder.
        ErrorKind::PermissionDenied => ErrorCode::NotPermitted,
        ErrorKind::NotADirectory => ErrorCode::NotDirectory,
        ErrorKind::IsADirectory => ErrorCode::IsDirectory,
        ErrorKind::InvalidInput | ErrorKind::InvalidFilename => ErrorCode::Invalid,
        ErrorKind::OutOfMemory => ErrorCode::InsufficientMemory,
        ErrorKind::StorageFull => ErrorCode::InsufficientSpace,
        ErrorKind::ReadOnlyFilesystem => ErrorCode::ReadOnly,
        _ => ErrorCode::Io,
    }
}

/// The errors that [`ErrorKind`] does not distinguish.
#[cfg(unix)]
fn named(error: rustix::io::Errno) -> Option<ErrorCode> {
    use rustix::io::Errno;
    Some(match error {
        Errno::ACCESS => ErrorCode::Access,
        Errno::PERM | Errno::XDEV => ErrorCode::NotPermitted,
        Errno::LOOP => ErrorCode::Loop,
        Errno::NAMETOOLONG => ErrorCode::NameTooLong,
        Errno::ILSEQ => ErrorCode::IllegalByteSequence,
        _ => return None,
    })
}
