//! What an origin server decides: which representation is the response to a request (RFC 9110), without any I/O.
//!
//! The path of a request through this folder:
//!
//! 1. [`path`] turns the target's path into the name of a resource, which cannot leave the root.
//! 2. [`tree`] is where the name is looked up. It is a trait: the tree of a test is a list, and that of the server is a
//!    folder. Each file comes with its [`metadata`].
//! 3. [`resolve`] finds what the tree has for the name: a file, an index file, a listing, or a redirect.
//! 4. [`representation`] chooses among the available encodings, and has the metadata of the chosen one.
//! 5. [`precondition`] may find that nothing needs to be sent (section 13).
//! 6. [`range`] may cut a part out of it (section 14).
//! 7. [`listing`] and [`error_page`] generate content that is in no file, as a [`page`]; [`fault`] is the part of a
//!    rejected request that a page shows.
//!
//! Before all of this, [`auth`] checks the password, if the site has one (section 11). [`live`] is about pages that
//! reload when their files change.
//!
//! [`respond()`] runs these steps, and [`Decision`] lists every outcome. Every request gets a response; a 404 is a
//! response like any other. [`memory`] is a tree without a folder, and [`recorder`] is a tree that records lookups.
//! This folder does not know how a message is sent: it never imports `http1`.

pub mod auth;
pub mod common_fields;
pub mod decision;
pub mod error_page;
pub mod fault;
pub mod kind;
pub mod listing;
pub mod live;
pub mod memory;
pub mod metadata;
pub mod page;
pub mod path;
pub mod precondition;
pub mod range;
pub mod recorder;
pub mod representation;
pub mod resolve;
pub mod respond;
pub mod tree;

pub use auth::Credentials;
pub use decision::Decision;
pub use fault::Fault;
pub use path::ResourcePath;
pub use respond::{ExplainedResponse, Resolution, refuse, respond};
pub use tree::{Entry, LookupError, Tree};

use crate::catalogue::Lang;
use crate::http::{MediaType, media_type};
use metadata::Metadata;
use path::PathError;

/// The configuration of the site.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Site {
    /// The language of the server's own pages.
    pub lang: Lang,
    /// Names of index files. The first one that exists in a directory is served for it.
    pub index: Vec<String>,
    /// Whether a directory without an index file is listed.
    pub list: bool,
    /// Whether names that begin with a dot are served.
    pub hidden: bool,
    /// The file that is served for unknown paths without an extension, for applications that route in the browser.
    pub spa: Option<ResourcePath>,
    /// Whether `about` is `about.html`, if there is neither a file nor a directory `about`.
    pub clean_urls: bool,
    /// The directory below which the whole site is, as clients see it; `None` is the root.
    pub base: Option<ResourcePath>,
    /// The media types of extensions, which replace the usual ones; of several for an extension, the last one counts.
    pub types: Vec<(String, MediaType)>,
    /// Whether pages reload when one of their files changes.
    pub live: bool,
    /// The value of `Cache-Control` for what is served, if any. Errors are never cached.
    pub cache_control: Option<String>,
    /// Additional fields of every response, as names and values.
    pub fields: Vec<(String, String)>,
    /// Whether every origin may read the responses.
    pub cors: bool,
    /// The path whose response is `ok`, without a lookup of any file.
    pub health: Option<String>,
    /// What clients have to know to see anything but the health check.
    pub auth: Option<Credentials>,
    /// Whether GET is the only supported method.
    pub get_only: bool,
    /// Whether the fields of requests are ignored: a response in HTTP/0.9 has neither a status nor fields, so it can
    /// only be the whole file as it is.
    pub whole_only: bool,
}

impl Site {
    /// The name in the tree that the path of a target stands for.
    fn resource(&self, path: &str) -> Result<ResourcePath, PathError> {
        let resource = ResourcePath::resolve(path, self.hidden)?;
        match &self.base {
            Some(base) => resource.below(base),
            None => Ok(resource),
        }
    }

    /// The media type of the file `path`, whose metadata is `metadata`.
    fn media_type<'a>(&'a self, path: &ResourcePath, metadata: &'a Metadata) -> &'a MediaType {
        let is_extension = |(known, _): &&(String, MediaType)| {
            let extension = media_type::extension(path.file_name());
            extension.is_some_and(|extension| known.eq_ignore_ascii_case(extension))
        };
        let own = self.types.iter().rev().find(is_extension);
        own.map_or(&metadata.media_type, |(_, media_type)| media_type)
    }

    /// A path of the tree as clients see it, as written in a URI.
    fn link(&self, path: &ResourcePath) -> String {
        match &self.base {
            Some(base) => format!("{base}{path}"),
            None => path.to_string(),
        }
    }
}
