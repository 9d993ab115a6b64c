//! The trait of the folder in which `site` looks up resources.

use super::ResourcePath;
use super::metadata::Metadata;
use crate::http::UnixTime;
use std::rc::Rc;

/// The maximum number of names that are compared with a missing one, to find one that differs only in case. A search
/// through a large directory for each mistake would slow down all clients.
const MOST_COMPARED: usize = 10_000;

/// A tree of files, read only.
pub trait Tree {
    /// An open file. Its content stays the same while it is sent, or else sending fails.
    type File: Clone;

    /// Looks up a name, and opens it if it is a regular file. Links are followed as long as they stay in the tree.
    ///
    /// # Errors
    /// A [`LookupError`] if there is nothing to serve.
    fn lookup(&self, path: &ResourcePath) -> Result<Entry<Self::File>, LookupError>;

    /// The files whose names are that of `path` with `.` and one of these extensions appended. A tree that caches that
    /// there are none need not look up each of them.
    fn siblings<const N: usize>(&self, path: &ResourcePath, extensions: [&str; N]) -> Siblings<Self::File, N> {
        lookup_siblings(self, path, extensions)
    }

    /// The names in a directory.
    ///
    /// # Errors
    /// A [`LookupError`] if there is nothing to serve.
    fn names(&self, directory: &ResourcePath) -> Result<Rc<Names>, LookupError>;

    /// The entry with this name in a directory. `None` if [`Tree::lookup`] would not serve it.
    fn entry(&self, directory: &ResourcePath, name: &str) -> Option<DirectoryEntry>;
}

/// One file, or none, for each of several extensions.
pub type Siblings<F, const N: usize> = [Option<FileEntry<F>>; N];

/// Implements [`Tree::siblings`] with one lookup for each extension.
pub fn lookup_siblings<T: Tree + ?Sized, const N: usize>(
    tree: &T,
    path: &ResourcePath,
    extensions: [&str; N],
) -> Siblings<T::File, N> {
    extensions.map(|extension| match tree.lookup(&path.sibling(extension)) {
        Ok(Entry::File(file)) => Some(file),
        Ok(Entry::Directory) | Err(_) => None,
    })
}

/// The names in a directory, sorted, each once.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The names, sorted by their bytes.
    pub sorted: Vec<Name>,
    /// Whether there are too many names, so that some were not read.
    pub has_more: bool,
}

/// One name in a directory.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Name {
    /// The name: one segment.
    pub name: Box<str>,
    /// Whether the name is known to be a directory. That of a link is not known.
    pub is_directory: bool,
}

impl Names {
    /// All the names in a directory.
    #[must_use]
    pub fn new(mut names: Vec<Name>) -> Self {
        names.sort_unstable();
        names.dedup_by(|one, other| one.name == other.name);
        Self {
            sorted: names,
            has_more: false,
        }
    }

    /// The name `wanted`, or else one that differs from it only in case.
    #[must_use]
    pub fn without_case(&self, wanted: &str) -> Option<&str> {
        let lower = |name: &str| name.chars().flat_map(char::to_lowercase).collect::<Vec<_>>();
        let exact = self.sorted.binary_search_by(|known| (*known.name).cmp(wanted));
        if let Ok(at) = exact {
            return self.sorted.get(at).map(|known| &*known.name);
        }
        let wanted = lower(wanted);
        let is_it = |known: &&Name| {
            known
                .name
                .chars()
                .flat_map(char::to_lowercase)
                .eq(wanted.iter().copied())
        };
        self.sorted
            .iter()
            .take(MOST_COMPARED)
            .find(is_it)
            .map(|known| &*known.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_whatever_its_case_and_itself_first() {
        let names = ["Planeta.mp4", "a.TXT", "A.txt", "\u{c1}rbol.html", "stra\u{df}e"];
        let names = Names::new(
            names
                .map(|name| Name {
                    name: name.into(),
                    is_directory: false,
                })
                .into(),
        );
        for (wanted, found) in [
            ("planeta.mp4", Some("Planeta.mp4")),
            ("PLANETA.MP4", Some("Planeta.mp4")),
            ("a.TXT", Some("a.TXT")),
            ("A.txt", Some("A.txt")),
            ("a.txt", Some("A.txt")),
            ("\u{e1}rbol.html", Some("\u{c1}rbol.html")),
            ("arbol.html", None),
            ("planeta.mp", None),
            ("planeta.mp44", None),
            ("", None),
        ] {
            assert_eq!(names.without_case(wanted), found, "{wanted}");
        }
    }
}

/// What a name in the tree stands for.
#[derive(Clone, Debug)]
pub enum Entry<F> {
    /// A regular file.
    File(FileEntry<F>),
    /// A directory.
    Directory,
}

/// One version of a regular file.
#[derive(Clone, Debug)]
pub struct FileEntry<F> {
    /// The file, open for reading.
    pub file: F,
    /// The size in bytes.
    pub size: u64,
    /// When it was last changed.
    pub modified: UnixTime,
    /// The metadata for the response.
    pub metadata: Rc<Metadata>,
}

impl<F> FileEntry<F> {
    /// An entry for the file `name`.
    #[must_use]
    pub fn new(name: &str, file: F, size: u64, modified: UnixTime) -> Self {
        Self {
            file,
            size,
            modified,
            metadata: Rc::new(Metadata::new(name, size, modified)),
        }
    }
}

/// One entry of a listing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DirectoryEntry {
    /// The name, one segment.
    pub name: String,
    /// Whether it is a directory.
    pub is_directory: bool,
    /// The size in bytes; 0 for a directory.
    pub size: u64,
    /// When it was last changed.
    pub modified: UnixTime,
}

/// Why a lookup found nothing to serve.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LookupError {
    /// There is no file with this name.
    NotFound,
    /// It must not be served: a device or a pipe, a link out of the tree, or a file without permission to read.
    Refused,
    /// The host could not read it.
    Failed,
    /// There is not enough memory for it now.
    NoMemory,
}
