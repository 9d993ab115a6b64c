//! What an origin server decides: which representation answers a request (RFC 9110), without any I/O.
//!
//! The way of a request through this folder:
//!
//! 1. [`path`] turns the target's path into the name of a resource that cannot leave the root;
//! 2. [`tree`] is where that name is looked up: a trait, so that a test's tree is a list and the server's is a folder; each file
//!    comes with its [`description`];
//! 3. [`resolve`] says what the tree has for it: a file, its index file, a listing, another place;
//! 4. [`representation`] chooses among the encodings that are there, and says what the chosen one is;
//! 5. [`precondition`] may find that nothing needs to be sent (section 13);
//! 6. [`range`] may cut a part out of it (section 14);
//! 7. [`listing`] and [`error_page`] write the content that no file has, as a [`page`] of ours; [`fault`] is what of a
//!    refused request is shown.
//!
//! [`respond()`] is that way, and [`decision`] names everything that it may come to. It answers every request; a 404 is
//! an answer like any other. [`memory`] is a tree without a folder, and [`recorder`] one that notes what is looked up.
//! How a message travels is no business of this folder: it never imports `http1`.

pub mod decision;
pub mod description;
pub mod error_page;
pub mod fault;
pub mod kind;
pub mod listing;
pub mod memory;
pub mod page;
pub mod path;
pub mod precondition;
pub mod range;
pub mod recent;
pub mod recorder;
pub mod representation;
pub mod resolve;
pub mod respond;
pub mod tree;

pub use decision::Decision;
pub use fault::Fault;
pub use path::ResourcePath;
pub use respond::{Answer, Resolution, refuse, respond};
pub use tree::{Entry, LookupError, Tree};

use crate::catalogue::Lang;

/// What an operator may choose about the site.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Site {
    /// The language of our own pages.
    pub lang: Lang,
    /// Names of the files that stand for their directory, the first that exists.
    pub index: Vec<String>,
    /// Whether a directory without such a file is listed.
    pub list: bool,
    /// Whether names that begin with a dot are served.
    pub hidden: bool,
    /// The file that answers unknown paths without an extension, for applications that route in the browser.
    pub spa: Option<ResourcePath>,
    /// The value of `Cache-Control` of what is served, if it has one. Errors are never to be kept.
    pub cache_control: Option<String>,
    /// Fields that every answer has besides, as names and values.
    pub fields: Vec<(String, String)>,
    /// Whether every origin may read the answers.
    pub cors: bool,
    /// The path that answers `ok` without a look at any file.
    pub health: Option<String>,
    /// Whether GET is the only method.
    pub get_only: bool,
    /// Whether the fields of requests are passed over: a response of HTTP/0.9, which has neither a status nor fields,
    /// can only be the whole file as it is.
    pub whole_only: bool,
}
