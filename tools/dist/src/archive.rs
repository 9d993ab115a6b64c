//! Packs files: sorted names, one date, one owner, so that the same files make the same bytes.

use anyhow::Result;
use flate2::{Compression, GzBuilder};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use tar::{Builder, Header};

/// A file, and its metadata in the archive.
pub(crate) struct Entry {
    pub(crate) file: PathBuf,
    /// Its path in the archive.
    pub(crate) name: PathBuf,
    /// Its permissions.
    pub(crate) mode: u32,
}

/// All files of a folder, with this name as their parent.
pub(crate) fn entries(folder: &Path, name: &str) -> Result<Vec<Entry>> {
    let mut files = Vec::new();
    list(folder, Path::new(""), &mut files)?;
    files.sort();
    let entry = |file: PathBuf| Entry {
        file: folder.join(&file),
        name: Path::new(name).join(file),
        mode: 0o644,
    };
    Ok(files.into_iter().map(entry).collect())
}

/// Writes these files as a `.tar.gz`.
pub(crate) fn pack(entries: &[Entry], archive: &Path) -> Result<()> {
    let mut archive = Builder::new(GzBuilder::new().write(File::create(archive)?, Compression::best()));
    for entry in entries {
        let content = fs::read(&entry.file)?;
        let mut header = Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(entry.mode);
        header.set_mtime(0);
        archive.append_data(&mut header, &entry.name, content.as_slice())?;
    }
    archive.into_inner()?.finish()?.sync_all()?;
    Ok(())
}

/// Adds the names of all files below `folder`.
fn list(folder: &Path, below: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder.join(below))? {
        let entry = entry?;
        let name = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            list(folder, &name, files)?;
        } else {
            files.push(name);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::io::Read;

    #[test]
    fn the_same_files_make_the_same_bytes_whenever_and_wherever_they_were_written() {
        let place = tempfile::tempdir().unwrap();
        let archives = [["a", "b/c"], ["b/c", "a"]].map(|names| {
            let folder = tempfile::tempdir_in(&place).unwrap();
            for name in names {
                fs::create_dir_all(folder.path().join("b")).unwrap();
                fs::write(folder.path().join(name), name).unwrap();
            }
            let archive = folder.path().with_extension("tar.gz");
            pack(&entries(folder.path(), "all").unwrap(), &archive).unwrap();
            fs::read(archive).unwrap()
        });
        assert_eq!(archives[0], archives[1]);
        let mut unpacked = tar::Archive::new(flate2::read::GzDecoder::new(archives[0].as_slice()));
        let mut found = BTreeMap::new();
        for entry in unpacked.entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut content = String::new();
            entry.read_to_string(&mut content).unwrap();
            found.insert(entry.path().unwrap().to_str().unwrap().to_owned(), content);
        }
        assert_eq!(
            found,
            [("all/a", "a"), ("all/b/c", "b/c")]
                .map(|(name, content)| (name.into(), content.into()))
                .into()
        );
    }
}
