//! Which representation of a file is sent: as it is, or one of its precompressed siblings (RFC 9110 section 12.5.3),
//! and how the chosen one is described.
//!
//! Nothing is compressed here: `page.html.br`, `page.html.zst` and `page.html.gz` are files that somebody made. One
//! that is older than `page.html`, or empty, is passed over.

use super::description::Description;
use super::tree::FileEntry;
use super::{Entry, ResourcePath, Tree};
use crate::http::Fields;
use crate::http::quality::AcceptEncoding;
use std::rc::Rc;

/// A content coding that a sibling file may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Coding {
    /// Its name in `Content-Encoding` (RFC 9110 section 8.4.1, RFC 7932, RFC 8878).
    pub name: &'static str,
    /// How the sibling's name goes on.
    pub extension: &'static str,
}

/// The codings, the one we would rather send first.
const CODINGS: [Coding; 3] = [
    Coding {
        name: "br",
        extension: "br",
    },
    Coding {
        name: "zstd",
        extension: "zst",
    },
    Coding {
        name: "gzip",
        extension: "gz",
    },
];

/// One representation of a resource.
#[derive(Clone, Debug)]
pub struct Representation<F> {
    /// Its bytes, and when they were changed last.
    pub entry: FileEntry<F>,
    /// What the fields of an answer say of it: the media type is that of the decoded bytes.
    pub description: Rc<Description>,
    /// How they are encoded.
    pub coding: Option<Coding>,
    /// Whether another `Accept-Encoding` might have chosen otherwise (RFC 9110 section 12.5.5).
    pub is_negotiated: bool,
}

/// None of the representations that there are is acceptable: the client excluded `identity`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAcceptable;

/// Chooses for the file `path`, whose own entry is `plain`.
///
/// # Errors
/// [`NotAcceptable`].
pub fn choose<T: Tree>(
    path: &ResourcePath,
    plain: FileEntry<T::File>,
    fields: Fields<'_>,
    tree: &T,
) -> Result<Representation<T::File>, NotAcceptable> {
    let accepted = AcceptEncoding::parse(fields.all("Accept-Encoding"));
    let description = Rc::clone(&plain.description);
    let plain_modified = plain.modified;
    let mut best = (accepted.quality("identity"), plain, None);
    let mut is_negotiated = false;
    let mut name = path.clone();
    for coding in CODINGS {
        name.extend(path, coding.extension);
        let Ok(Entry::File(sibling)) = tree.lookup(&name) else {
            continue;
        };
        // Whoever edited the file may have forgotten to compress it again.
        if sibling.size == 0 || sibling.modified < plain_modified {
            continue;
        }
        is_negotiated = true;
        let quality = accepted.quality(coding.name);
        // Between equals the first coding wins, and any coding over none.
        if quality > best.0 || (quality == best.0 && best.2.is_none()) {
            best = (quality, sibling, Some(coding));
        }
    }
    let (quality, entry, coding) = best;
    if quality == 0 {
        return Err(NotAcceptable);
    }
    let description = match coding {
        None => description,
        Some(Coding { extension, .. }) => Rc::new(Description::of_coding(
            &description,
            extension,
            entry.size,
            entry.modified,
        )),
    };
    Ok(Representation {
        entry,
        description,
        coding,
        is_negotiated,
    })
}
