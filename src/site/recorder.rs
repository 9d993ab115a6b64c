//! A tree that remembers what was looked up in it: how the trace knows each step of resolving, without any step knowing
//! of the trace.

use super::tree::{Listed, Names};
use super::{Entry, LookupError, ResourcePath, Tree};
use std::cell::RefCell;
use std::rc::Rc;

/// One look into the tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lookup {
    /// The name, relative to the root; empty for the root itself.
    pub name: String,
    /// What it is.
    pub seen: Seen,
}

/// What a look showed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seen {
    /// A regular file with so many bytes.
    File(u64),
    /// A directory.
    Directory,
    /// Nothing that can be served.
    Nothing(LookupError),
}

/// A tree, and the looks into it so far.
pub struct Recorder<'t, T> {
    tree: &'t T,
    lookups: RefCell<Vec<Lookup>>,
}

impl<'t, T> Recorder<'t, T> {
    /// Nothing has been looked up.
    #[must_use]
    pub fn new(tree: &'t T) -> Self {
        Self {
            tree,
            lookups: RefCell::default(),
        }
    }

    /// What was looked up, in order.
    #[must_use]
    pub fn into_lookups(self) -> Vec<Lookup> {
        self.lookups.into_inner()
    }
}

impl<T: Tree> Tree for Recorder<'_, T> {
    type File = T::File;

    fn lookup(&self, path: &ResourcePath) -> Result<Entry<Self::File>, LookupError> {
        let found = self.tree.lookup(path);
        let seen = match &found {
            Ok(Entry::File(entry)) => Seen::File(entry.size),
            Ok(Entry::Directory) => Seen::Directory,
            Err(error) => Seen::Nothing(*error),
        };
        self.lookups.borrow_mut().push(Lookup {
            name: path.name().to_owned(),
            seen,
        });
        found
    }

    fn names(&self, directory: &ResourcePath) -> Result<Rc<Names>, LookupError> {
        self.tree.names(directory)
    }

    fn entry(&self, directory: &ResourcePath, name: &str) -> Option<Listed> {
        self.tree.entry(directory, name)
    }
}
