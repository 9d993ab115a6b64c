//! A tree that records what is looked up in it. So the trace knows each step of resolving, and the steps know nothing
//! of the trace.

use super::tree::{DirectoryEntry, Names};
use super::{Entry, LookupError, ResourcePath, Tree};
use std::cell::RefCell;
use std::rc::Rc;

/// One lookup in the tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lookup {
    /// The name, relative to the root; empty for the root itself.
    pub name: String,
    /// What was found.
    pub result: LookupResult,
}

/// The result of a lookup.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LookupResult {
    /// A regular file, with its size in bytes.
    File(u64),
    /// A directory.
    Directory,
    /// Nothing that can be served, and why.
    Nothing(LookupError),
}

/// A tree, and the lookups in it so far.
pub struct Recorder<'t, T> {
    tree: &'t T,
    lookups: RefCell<Vec<Lookup>>,
}

impl<'t, T> Recorder<'t, T> {
    /// A recorder without any lookups.
    #[must_use]
    pub fn new(tree: &'t T) -> Self {
        Self {
            tree,
            lookups: RefCell::default(),
        }
    }

    /// The lookups, in order.
    #[must_use]
    pub fn into_lookups(self) -> Vec<Lookup> {
        self.lookups.into_inner()
    }
}

impl<T: Tree> Tree for Recorder<'_, T> {
    type File = T::File;

    fn lookup(&self, path: &ResourcePath) -> Result<Entry<Self::File>, LookupError> {
        let found = self.tree.lookup(path);
        let result = match &found {
            Ok(Entry::File(entry)) => LookupResult::File(entry.size),
            Ok(Entry::Directory) => LookupResult::Directory,
            Err(error) => LookupResult::Nothing(*error),
        };
        self.lookups.borrow_mut().push(Lookup {
            name: path.name().to_owned(),
            result,
        });
        found
    }

    fn names(&self, directory: &ResourcePath) -> Result<Rc<Names>, LookupError> {
        self.tree.names(directory)
    }

    fn entry(&self, directory: &ResourcePath, name: &str) -> Option<DirectoryEntry> {
        self.tree.entry(directory, name)
    }
}
