//! Where resources are looked up: what `site` asks of the folder that it serves.

use super::ResourcePath;
use super::description::Description;
use crate::http::UnixTime;
use std::rc::Rc;

/// A tree of files, read only.
pub trait Tree {
    /// An open file. What was opened stays what it is while it is sent, or the sending fails.
    type File: Clone;

    /// Looks a name up, and opens it if it is a regular file. Links are followed as long as they stay in the tree.
    ///
    /// # Errors
    /// A [`LookupError`].
    fn lookup(&self, path: &ResourcePath) -> Result<Entry<Self::File>, LookupError>;

    /// The files and directories in a directory, in no order. What [`Tree::lookup`] would not serve is left out.
    ///
    /// # Errors
    /// A [`LookupError`].
    fn list(&self, directory: &ResourcePath) -> Result<Vec<Listed>, LookupError>;
}

/// What has a name in the tree.
#[derive(Clone, Debug)]
pub enum Entry<F> {
    /// A regular file.
    File(FileEntry<F>),
    /// A directory.
    Directory,
}

/// A regular file as it was at one moment.
#[derive(Clone, Debug)]
pub struct FileEntry<F> {
    /// The file, open for reading.
    pub file: F,
    /// How many bytes it has.
    pub size: u64,
    /// When it was changed last.
    pub modified: UnixTime,
    /// What the fields of an answer say of it.
    pub description: Rc<Description>,
}

impl<F> FileEntry<F> {
    /// The file that is called `name`.
    #[must_use]
    pub fn new(name: &str, file: F, size: u64, modified: UnixTime) -> Self {
        Self {
            file,
            size,
            modified,
            description: Rc::new(Description::new(name, size, modified)),
        }
    }
}

/// A line of a directory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// The name, one segment.
    pub name: String,
    /// Whether it is a directory.
    pub is_directory: bool,
    /// How many bytes it has; 0 for a directory.
    pub size: u64,
    /// When it was changed last.
    pub modified: UnixTime,
}

/// Why a lookup found nothing to serve.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LookupError {
    /// Nothing has this name.
    NotFound,
    /// It is not ours to serve: a device or a pipe, a link out of the tree, or no permission.
    Refused,
    /// The host could not read it.
    Failed,
}
