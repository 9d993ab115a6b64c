//! Creates the folders that the tests serve.

use crate::support::{Server, Start};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with these files: relative path and content. It is removed at the end of the test.
pub fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    for (name, content) in files {
        write(folder.path(), name, content);
    }
    folder
}

/// Writes a file, and creates the folders on its path.
pub fn write(folder: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    path
}

/// Creates a file of `size` bytes that takes up no disk space.
pub fn sparse(folder: &Path, name: &str, size: u64) -> PathBuf {
    let path = folder.join(name);
    File::create(&path).unwrap().set_len(size).unwrap();
    path
}

/// Serves a folder with these options.
pub fn serve(folder: &TempDir, options: &[&str]) -> Server {
    Start::with(options).folder(folder.path()).serve()
}

/// Pseudo-random bytes, so that no two parts of a file are equal.
pub fn noise(length: usize) -> Vec<u8> {
    // Xorshift is good enough to distinguish blocks.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}
