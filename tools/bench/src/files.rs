//! The files that every server serves.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// A file of the site.
pub(super) struct Served {
    /// Its name, and with `/` before it its path.
    pub(super) name: &'static str,
    /// In bytes.
    pub(super) size: u64,
}

/// What most requests of a web site are for: something that fits into one segment.
pub(super) const SMALL: Served = Served {
    name: "1k.bin",
    size: 1024,
};
/// An image.
pub(super) const MEDIUM: Served = Served {
    name: "1m.bin",
    size: 1024 * 1024,
};
/// A disk image; in memory all the same, after it was read once.
pub(super) const LARGE: Served = Served {
    name: "256m.bin",
    size: 256 * 1024 * 1024,
};

/// Makes the file in `folder`, unless it is there.
pub(super) fn make(folder: &Path, file: &Served) -> io::Result<()> {
    let path = folder.join(file.name);
    if path.exists() {
        return Ok(());
    }
    fill(&path, file.size)
}

/// Writes bytes without a pattern, the same ones each time: a slice from the wrong place would not go unnoticed.
fn fill(path: &Path, size: u64) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let mut state = size;
    for _ in 0..size / 8 {
        // Marsaglia's xorshift64: enough to look random.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        file.write_all(&state.to_le_bytes())?;
    }
    file.flush()
}
