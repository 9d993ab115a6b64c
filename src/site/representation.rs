//! Which representation of a file is sent: the file itself or one of its precompressed siblings (RFC 9110 section
//! 12.5.3).
//!
//! The server does not compress anything: `page.html.br`, `page.html.zst` and `page.html.gz` are files in the folder. A
//! sibling that is older than `page.html`, or empty, is ignored.

use super::metadata::Metadata;
use super::tree::FileEntry;
use super::{ResourcePath, Tree};
use crate::http::quality::AcceptEncoding;
use crate::http::{FieldName, Fields};
use std::rc::Rc;

/// A content coding that a sibling file may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Coding {
    /// The name in `Content-Encoding` (RFC 9110 section 8.4.1, RFC 7932, RFC 8878).
    pub name: &'static str,
    /// The extension that is appended to the file's name.
    pub extension: &'static str,
}

/// The codings, in the server's order of preference.
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
    /// The file with its size and its modification time.
    pub entry: FileEntry<F>,
    /// The metadata for the response. The media type is that of the decoded content.
    pub metadata: Rc<Metadata>,
    /// The content coding. `None` for the file itself.
    pub coding: Option<Coding>,
    /// Whether another `Accept-Encoding` might have led to another choice (RFC 9110 section 12.5.5).
    pub is_negotiated: bool,
}

impl<F> Representation<F> {
    /// The representation of a page to which a script is added: it has an entity tag of its own, and no codings.
    #[must_use]
    pub fn live(plain: FileEntry<F>) -> Self {
        let metadata = Metadata::of_coding(&plain.metadata, "live", plain.size, plain.modified);
        Self {
            entry: plain,
            metadata: Rc::new(metadata),
            coding: None,
            is_negotiated: false,
        }
    }
}

/// No available representation is acceptable: the client excluded `identity`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAcceptable;

/// Chooses the representation of the file `path`, whose own entry is `plain`.
///
/// # Errors
/// [`NotAcceptable`] if the client accepts none of them.
pub fn choose<T: Tree>(
    path: &ResourcePath,
    plain: FileEntry<T::File>,
    fields: Fields<'_>,
    tree: &T,
) -> Result<Representation<T::File>, NotAcceptable> {
    let siblings = tree.siblings(path, CODINGS.map(|coding| coding.extension));
    // Without a weight (`identity;q=0`), the file itself is acceptable.
    let has_weights = || fields.all(FieldName::AcceptEncoding).any(|line| line.contains(&b';'));
    if siblings.iter().all(Option::is_none) && !has_weights() {
        return Ok(Representation {
            metadata: Rc::clone(&plain.metadata),
            entry: plain,
            coding: None,
            is_negotiated: false,
        });
    }
    let accepted = AcceptEncoding::parse(fields.all(FieldName::AcceptEncoding));
    let metadata = Rc::clone(&plain.metadata);
    let plain_modified = plain.modified;
    let mut best = (accepted.quality("identity"), plain, None);
    let mut is_negotiated = false;
    for (coding, sibling) in CODINGS.into_iter().zip(siblings) {
        let Some(sibling) = sibling else {
            continue;
        };
        // The file may have been edited without compressing it again.
        if sibling.size == 0 || sibling.modified < plain_modified {
            continue;
        }
        is_negotiated = true;
        let quality = accepted.quality(coding.name);
        // Among equal qualities, the first coding wins, and every coding wins over none.
        if quality > best.0 || (quality == best.0 && best.2.is_none()) {
            best = (quality, sibling, Some(coding));
        }
    }
    let (quality, entry, coding) = best;
    if quality == 0 {
        return Err(NotAcceptable);
    }
    let metadata = match coding {
        None => metadata,
        Some(Coding { extension, .. }) => {
            Rc::new(Metadata::of_coding(&metadata, extension, entry.size, entry.modified))
        }
    };
    Ok(Representation {
        entry,
        metadata,
        coding,
        is_negotiated,
    })
}
