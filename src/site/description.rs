//! What the fields of an answer say of a file, rendered once when the file is found: its media type (RFC 9110
//! section 8.3) and its validators (section 8.8). A tree that remembers its files remembers this with them.

use crate::http::{EntityTag, MediaType, UnixTime, date, media_type};
use std::rc::Rc;

/// Of one file, as it was at one moment.
#[derive(Debug)]
pub struct Description {
    /// The value of `Content-Type`, and what it was decided by.
    pub media_type: MediaType,
    /// The seconds of `Last-Modified`.
    pub modified: u64,
    /// Its value.
    pub last_modified: Rc<str>,
    /// The strong validator.
    pub entity_tag: EntityTag,
    /// The value of `ETag`.
    pub etag: Rc<str>,
}

impl Description {
    /// Of the file that is called `name`.
    #[must_use]
    pub fn new(name: &str, size: u64, modified: UnixTime) -> Self {
        let file_name = name.rsplit('/').next().unwrap_or_default();
        let entity_tag = entity_tag(size, modified, "");
        Self {
            media_type: media_type::of_name(file_name),
            modified: modified.seconds,
            last_modified: date::imf_fixdate(modified.seconds).into(),
            etag: entity_tag.to_string().into(),
            entity_tag,
        }
    }

    /// Of the file as an encoding of another, of which `plain` is the description: what it is when it is decoded; and
    /// each coding has an entity tag of its own (RFC 9110 section 8.8.3.3).
    #[must_use]
    pub fn of_coding(plain: &Self, coding: &str, size: u64, modified: UnixTime) -> Self {
        let entity_tag = entity_tag(size, modified, coding);
        Self {
            media_type: plain.media_type.clone(),
            modified: modified.seconds,
            last_modified: date::imf_fixdate(modified.seconds).into(),
            etag: entity_tag.to_string().into(),
            entity_tag,
        }
    }
}

/// It changes with every change of the bytes that the file system's clock can tell apart.
fn entity_tag(size: u64, modified: UnixTime, coding: &str) -> EntityTag {
    let UnixTime { seconds, nanoseconds } = modified;
    EntityTag::strong(format!("{seconds:x}.{nanoseconds:x}-{size:x}{coding}"))
}
