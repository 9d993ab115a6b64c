//! From the name of a resource to what the tree has for it: a file, a directory to list, a redirect, or nothing.

use super::tree::FileEntry;
use super::{Entry, LookupError, ResourcePath, Site, Tree};

/// What a resource resolves to.
#[derive(Clone, Debug)]
pub enum Found<F> {
    /// A file. `path` differs from the requested one if the file is an index file, a page without its extension, or the
    /// `spa` file.
    File {
        /// The path of the file in the tree.
        path: ResourcePath,
        /// The file.
        entry: FileEntry<F>,
    },
    /// A directory to list.
    Directory,
    /// A directory without an index file, while listings are disabled.
    NoIndex,
    /// A directory whose name lacks its slash: relative links in its page would be wrong (RFC 3986 section 5.2.3).
    Redirect(ResourcePath),
    /// Nothing that can be served.
    Nothing(LookupError),
}

/// Looks up `path`, as the configuration of the site says.
pub fn resolve<T: Tree>(site: &Site, path: &ResourcePath, tree: &T) -> Found<T::File> {
    match resolve_exactly(site, path, tree) {
        nothing @ (Found::NoIndex | Found::Nothing(LookupError::NotFound)) if !path.file_name().contains('.') => site
            .spa
            .as_ref()
            .and_then(|spa| file(spa.clone(), tree).ok().flatten())
            .unwrap_or(nothing),
        found => found,
    }
}

fn resolve_exactly<T: Tree>(site: &Site, path: &ResourcePath, tree: &T) -> Found<T::File> {
    match tree.lookup(path) {
        // `/file.txt/` names a directory that does not exist.
        Ok(Entry::File(_)) if path.is_directory() => Found::Nothing(LookupError::NotFound),
        Ok(Entry::File(entry)) => Found::File {
            path: path.clone(),
            entry,
        },
        Ok(Entry::Directory) if !path.is_directory() => Found::Redirect(path.as_directory()),
        Ok(Entry::Directory) => index(site, path, tree),
        Err(LookupError::NotFound) if site.clean_urls && !path.is_directory() => page(path, tree),
        Err(error) => Found::Nothing(error),
    }
}

/// `about.html` for `about`.
fn page<T: Tree>(path: &ResourcePath, tree: &T) -> Found<T::File> {
    match file(path.sibling("html"), tree) {
        Ok(Some(found)) => found,
        Ok(None) => Found::Nothing(LookupError::NotFound),
        Err(error) => Found::Nothing(error),
    }
}

/// The first index file of a directory, or else its listing, if listings are enabled.
fn index<T: Tree>(site: &Site, directory: &ResourcePath, tree: &T) -> Found<T::File> {
    for candidate in site.index.iter().filter_map(|name| directory.child(name)) {
        match file(candidate, tree) {
            Ok(Some(found)) => return found,
            Ok(None) => {}
            Err(error) => return Found::Nothing(error),
        }
    }
    if site.list { Found::Directory } else { Found::NoIndex }
}

/// The file with this path; `None` if there is none.
fn file<T: Tree>(path: ResourcePath, tree: &T) -> Result<Option<Found<T::File>>, LookupError> {
    match tree.lookup(&path) {
        Ok(Entry::File(entry)) => Ok(Some(Found::File { path, entry })),
        Ok(Entry::Directory) | Err(LookupError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
