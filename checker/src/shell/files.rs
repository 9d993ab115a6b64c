//! The granted folders (`wasi:filesystem`): reads a file to compare with, and writes a report.

use wasi::filesystem::preopens::get_directories;
use wasi::filesystem::types::{Descriptor, DescriptorFlags, DescriptorType, ErrorCode, OpenFlags, PathFlags};

/// The maximum size of one read or write, in bytes.
const PIECE: u64 = 64 * 1024;

/// The maximum size of a file to compare with, in bytes: it is held in memory.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Why a file cannot be read or written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FileError {
    /// No folder is granted.
    NothingGranted,
    /// There is no such file. These folders are granted.
    NotFound(Vec<String>),
    /// It is a folder or a device.
    NotAFile,
    /// It is larger than [`LARGEST`].
    TooLarge,
    /// The host refuses, for another reason.
    Refused(ErrorCode),
}

/// Reads a file.
pub fn read(name: &str) -> Result<Vec<u8>, FileError> {
    let (folder, rest) = find(name)?;
    // Only regular files are opened: opening a FIFO would wait for a writer.
    let stat = folder.stat_at(PathFlags::SYMLINK_FOLLOW, &rest).map_err(file_error)?;
    if stat.type_ != DescriptorType::RegularFile {
        return Err(FileError::NotAFile);
    }
    if stat.size > LARGEST {
        return Err(FileError::TooLarge);
    }
    let flags = (PathFlags::SYMLINK_FOLLOW, OpenFlags::empty(), DescriptorFlags::READ);
    let file = folder.open_at(flags.0, &rest, flags.1, flags.2).map_err(file_error)?;
    let mut content = Vec::new();
    loop {
        let (bytes, is_end) = file.read(PIECE, content.len() as u64).map_err(file_error)?;
        content.extend_from_slice(&bytes);
        if is_end || bytes.is_empty() {
            return Ok(content);
        }
    }
}

/// Writes a file with this content, and replaces an older one.
pub fn write(name: &str, content: &str) -> Result<(), FileError> {
    let (folder, rest) = find(name)?;
    let flags = OpenFlags::CREATE | OpenFlags::TRUNCATE;
    let file = folder
        .open_at(PathFlags::SYMLINK_FOLLOW, &rest, flags, DescriptorFlags::WRITE)
        .map_err(file_error)?;
    let mut offset = 0;
    for piece in content.as_bytes().chunks(PIECE as usize) {
        let mut left = piece;
        while !left.is_empty() {
            let written = file.write(left, offset).map_err(file_error)?;
            if written == 0 {
                return Err(FileError::Refused(ErrorCode::InsufficientSpace));
            }
            offset = offset.saturating_add(written);
            left = usize::try_from(written)
                .ok()
                .and_then(|written| left.get(written..))
                .unwrap_or_default();
        }
    }
    Ok(())
}

/// The granted folder that has a name, and the rest of the name: `a/b.html` is `b.html` in the folder `a`, if that is
/// granted, and otherwise `a/b.html` in the first granted one.
fn find(name: &str) -> Result<(Descriptor, String), FileError> {
    let mut granted = get_directories();
    let name = name.strip_prefix("./").unwrap_or(name);
    let below = |folder: &str| {
        let folder = folder.trim_end_matches('/');
        name.strip_prefix(folder)?
            .strip_prefix('/')
            .filter(|rest| !rest.is_empty())
            .map(str::to_owned)
    };
    let found = granted
        .iter()
        .enumerate()
        .find_map(|(index, (_, folder))| Some((index, below(folder)?)));
    match found {
        Some((index, rest)) => Ok((granted.swap_remove(index).0, rest)),
        None if granted.is_empty() => Err(FileError::NothingGranted),
        None => Ok((granted.swap_remove(0).0, name.to_owned())),
    }
}

fn file_error(error: ErrorCode) -> FileError {
    match error {
        ErrorCode::NoEntry | ErrorCode::NotDirectory | ErrorCode::NotPermitted => {
            FileError::NotFound(get_directories().into_iter().map(|(_, name)| name).collect())
        }
        ErrorCode::IsDirectory => FileError::NotAFile,
        error => FileError::Refused(error),
    }
}
