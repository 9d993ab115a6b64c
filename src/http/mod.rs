//! The terms of HTTP (RFC 9110) as types.
//!
//! Both halves of the program use them: `http1` reads them from bytes and writes them back, and `site` decides with
//! them. This module does not know how a message is sent or where content is kept, and it imports nothing from those
//! halves.

pub mod byte_range;
pub mod date;
pub mod entity_tag;
pub mod explanation;
pub mod field_name;
pub mod field_section;
pub mod fields;
pub mod grammar;
pub mod media_type;
pub mod message;
pub mod method;
pub mod quality;
pub mod secret;
pub mod status;
pub mod version;

pub use byte_range::ByteRange;
pub use entity_tag::EntityTag;
pub use explanation::Explanation;
pub use field_name::FieldName;
pub use field_section::FieldSection;
pub use fields::Fields;
pub use media_type::{MediaType, MediaTypeSource};
pub use message::{Content, Piece, Request, Response};
pub use method::Method;
pub use status::Status;
pub use version::Version;

pub use crate::time::UnixTime;
