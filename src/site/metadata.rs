//! Representation metadata (RFC 9110 section 8): the media type of a file (section 8.3) and its validators (section
//! 8.8), rendered once when the file is found. A tree that caches its files caches this with them.

use crate::http::{EntityTag, FieldSection, MediaType, UnixTime, date, media_type};

/// Metadata of one version of a file.
#[derive(Debug)]
pub struct Metadata {
    /// The media type, and what decided it.
    pub media_type: MediaType,
    /// The time of `Last-Modified`, in seconds since the epoch.
    pub modified: u64,
    /// The entity tag, which is a strong validator.
    pub entity_tag: EntityTag,
    /// The field lines of both validators, rendered once.
    pub validators: FieldSection,
}

impl Metadata {
    /// Metadata for the file `name`.
    #[must_use]
    pub fn new(name: &str, size: u64, modified: UnixTime) -> Self {
        let file_name = name.rsplit('/').next().unwrap_or_default();
        let entity_tag = entity_tag(size, modified, "");
        Self {
            media_type: media_type::of_name(file_name),
            modified: modified.seconds,
            validators: validators(&date::imf_fixdate(modified.seconds), &entity_tag),
            entity_tag,
        }
    }

    /// Metadata for a precompressed sibling of the file that has the metadata `plain`. The media type is that of the
    /// decoded content, but each coding has its own entity tag (RFC 9110 section 8.8.3.3).
    #[must_use]
    pub fn of_coding(plain: &Self, coding: &str, size: u64, modified: UnixTime) -> Self {
        let entity_tag = entity_tag(size, modified, coding);
        Self {
            media_type: plain.media_type.clone(),
            modified: modified.seconds,
            validators: validators(&date::imf_fixdate(modified.seconds), &entity_tag),
            entity_tag,
        }
    }
}

/// The field lines of the validators.
pub(super) fn validators(last_modified: &str, entity_tag: &EntityTag) -> FieldSection {
    [("Last-Modified", last_modified), ("ETag", &entity_tag.to_string())].into()
}

/// The entity tag changes with every change of the bytes that the clock of the file system can distinguish.
fn entity_tag(size: u64, modified: UnixTime, coding: &str) -> EntityTag {
    let UnixTime { seconds, nanoseconds } = modified;
    EntityTag::strong(format!("{seconds:x}.{nanoseconds:x}-{size:x}{coding}"))
}
