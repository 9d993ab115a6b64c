//! A tree in memory, for tests, benchmarks and examples.

use super::tree::{DirectoryEntry, FileEntry, Name, Names};
use super::{Entry, LookupError, ResourcePath, Tree};
use crate::http::UnixTime;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A tree made from a list of files. A directory exists if there is a file in it.
#[derive(Clone, Debug)]
pub struct Memory<F> {
    /// The files by name, relative to the root. The root has the empty name.
    entries: BTreeMap<String, Result<Entry<F>, LookupError>>,
    /// The directories that cannot be listed.
    unreadable: BTreeSet<String>,
}

impl<F> Memory<F> {
    /// An empty root.
    #[must_use]
    pub fn new() -> Self {
        Self {
            entries: BTreeMap::from([(String::new(), Ok(Entry::Directory))]),
            unreadable: BTreeSet::new(),
        }
    }

    /// Adds a file of `size` bytes with the name `name`, which is relative to the root: `folder/page.html`.
    #[must_use]
    pub fn with_file(self, name: &str, file: F, size: u64, modified: UnixTime) -> Self {
        let entry = FileEntry::new(name, file, size, modified);
        self.with(name, Ok(Entry::File(entry)))
    }

    /// Adds a name whose lookup fails. Listings do not show it.
    #[must_use]
    pub fn with_error(self, name: &str, error: LookupError) -> Self {
        self.with(name, Err(error))
    }

    /// Adds a directory that cannot be listed.
    #[must_use]
    pub fn with_unreadable_directory(mut self, name: &str) -> Self {
        self.unreadable.insert(name.to_owned());
        self.with(name, Ok(Entry::Directory))
    }

    fn with(mut self, name: &str, outcome: Result<Entry<F>, LookupError>) -> Self {
        let parents = name.match_indices('/').filter_map(|(slash, _)| name.get(..slash));
        for parent in parents {
            self.entries.insert(parent.to_owned(), Ok(Entry::Directory));
        }
        self.entries.insert(name.to_owned(), outcome);
        self
    }

    /// When anything in a directory was last changed.
    fn newest_below(&self, directory: &str) -> UnixTime {
        let files = self.entries.iter().filter_map(|(path, outcome)| match outcome {
            Ok(Entry::File(file)) if path.strip_prefix(directory)?.starts_with('/') => Some(file.modified),
            _ => None,
        });
        files.max().unwrap_or_default()
    }
}

impl<F> Default for Memory<F> {
    fn default() -> Self {
        Self::new()
    }
}

impl<F: Clone> Tree for Memory<F> {
    type File = F;

    fn lookup(&self, path: &ResourcePath) -> Result<Entry<F>, LookupError> {
        match self.entries.get(path.name()) {
            Some(outcome) => outcome.clone(),
            None => Err(LookupError::NotFound),
        }
    }

    fn names(&self, directory: &ResourcePath) -> Result<Rc<Names>, LookupError> {
        if self.unreadable.contains(directory.name()) {
            return Err(LookupError::Failed);
        }
        let children = self.entries.iter().filter_map(|(path, outcome)| {
            let (parent, name) = split(path)?;
            let is_directory = matches!(outcome.as_ref().ok()?, Entry::Directory);
            (parent == directory.name()).then(|| Name {
                name: name.into(),
                is_directory,
            })
        });
        Ok(Rc::new(Names::new(children.collect())))
    }

    fn entry(&self, directory: &ResourcePath, name: &str) -> Option<DirectoryEntry> {
        let path = directory.child(name)?;
        let (is_directory, size, modified) = match self.lookup(&path).ok()? {
            Entry::File(file) => (false, file.size, file.modified),
            Entry::Directory => (true, 0, self.newest_below(path.name())),
        };
        Some(DirectoryEntry {
            name: name.to_owned(),
            is_directory,
            size,
            modified,
        })
    }
}

/// Splits a name into its directory and its last segment. `None` for the root.
fn split(path: &str) -> Option<(&str, &str)> {
    match path {
        "" => None,
        path => Some(path.rsplit_once('/').unwrap_or(("", path))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_exists_if_a_file_is_in_it() {
        let modified = UnixTime::default();
        let tree = Memory::new()
            .with_file("a/b/c.txt", (), 1, modified)
            .with_file("a/d.txt", (), 2, modified)
            .with_error("a/e", LookupError::Refused)
            .with_error("a/f", LookupError::Failed)
            .with_unreadable_directory("g");
        let path = |path| ResourcePath::resolve(path, false).unwrap();
        for (name, expected) in [
            ("/", Ok(None)),
            ("/a", Ok(None)),
            ("/a/b/", Ok(None)),
            ("/a/b/c.txt", Ok(Some(1))),
            ("/a/e", Err(LookupError::Refused)),
            ("/a/f", Err(LookupError::Failed)),
            ("/g/", Ok(None)),
            ("/b", Err(LookupError::NotFound)),
        ] {
            let found = tree.lookup(&path(name)).map(|entry| match entry {
                Entry::File(file) => Some(file.size),
                Entry::Directory => None,
            });
            assert_eq!(found, expected, "{name}");
        }
        let names = |directory| {
            let names = tree.names(&path(directory));
            names.map(|names| {
                names
                    .sorted
                    .iter()
                    .map(|name| name.name.to_string())
                    .collect::<Vec<_>>()
            })
        };
        assert_eq!(names("/"), Ok(vec!["a".to_owned(), "g".to_owned()]));
        assert_eq!(names("/a/"), Ok(vec!["b".to_owned(), "d.txt".to_owned()]));
        assert_eq!(names("/g/"), Err(LookupError::Failed));
        let entry = |directory, name| tree.entry(&path(directory), name);
        assert_eq!(
            entry("/a/", "d.txt").map(|entry| (entry.is_directory, entry.size)),
            Some((false, 2))
        );
        assert_eq!(
            entry("/a/", "b").map(|entry| (entry.is_directory, entry.size)),
            Some((true, 0))
        );
        assert_eq!(entry("/a/", "e"), None);
    }

    #[test]
    fn a_directory_is_as_old_as_the_newest_of_its_files() {
        let at = |seconds| UnixTime {
            seconds,
            nanoseconds: 0,
        };
        let tree = Memory::new()
            .with_file("a/b/c.txt", (), 1, at(2))
            .with_file("a/d.txt", (), 1, at(1))
            .with_file("ab/e.txt", (), 1, at(3));
        let root = ResourcePath::root();
        assert_eq!(tree.entry(&root, "a").map(|entry| entry.modified), Some(at(2)));
        assert_eq!(tree.entry(&root, "ab").map(|entry| entry.modified), Some(at(3)));
    }
}
