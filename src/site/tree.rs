//! Where resources are looked up: what `site` asks of the folder that it serves.

use super::ResourcePath;
use super::description::Description;
use crate::http::UnixTime;
use std::rc::Rc;

/// How many names are compared with one that nothing has, to find the one that may have been meant: a look through a
/// large directory for each mistake would cost everybody time.
const MOST_COMPARED: usize = 10_000;

/// A tree of files, read only.
pub trait Tree {
    /// An open file. What was opened stays what it is while it is sent, or the sending fails.
    type File: Clone;

    /// Looks a name up, and opens it if it is a regular file. Links are followed as long as they stay in the tree.
    ///
    /// # Errors
    /// A [`LookupError`].
    fn lookup(&self, path: &ResourcePath) -> Result<Entry<Self::File>, LookupError>;

    /// The names in a directory.
    ///
    /// # Errors
    /// A [`LookupError`].
    fn names(&self, directory: &ResourcePath) -> Result<Rc<Names>, LookupError>;

    /// What has that name in a directory; `None` for what [`Tree::lookup`] would not serve.
    fn entry(&self, directory: &ResourcePath, name: &str) -> Option<Listed>;
}

/// The names in a directory, sorted, each once.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Sorted by their bytes.
    pub sorted: Vec<Name>,
    /// Whether there are more that were not read, because they are too many.
    pub has_more: bool,
}

/// One of them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Name {
    /// One segment.
    pub name: Box<str>,
    /// Whether the directory says that it is a directory. Of a link it does not.
    pub is_directory: bool,
}

impl Names {
    /// All the names of a directory.
    #[must_use]
    pub fn new(mut names: Vec<Name>) -> Self {
        names.sort_unstable();
        names.dedup_by(|one, other| one.name == other.name);
        Self {
            sorted: names,
            has_more: false,
        }
    }

    /// The name that is `wanted`, or else one that differs from it only in case.
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
    /// There is no memory for it now.
    NoMemory,
}
