//! Checks the content of a response while it is read: each byte must be of a version of the file that existed, and all
//! bytes must be of the same version.

use super::window::Window;
use crate::clients::ask::Asked;
use crate::content::Version;
use crate::schedule::HostKind;
use crate::world::state::State;
use std::rc::Rc;

/// If the host is `aula`, the system sends files that are larger than this.
pub(super) const IN_MEMORY: u64 = 64 * 1024;

/// What `--live` adds at the end of each page.
pub(super) const ELEMENT: &[u8] = b"<script src=\"/.aula/live.js\"></script>\n";

/// The content of a response, while it is read.
#[derive(Debug)]
pub struct Content {
    left: u64,
    read: u64,
    kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// A page that the server makes itself.
    Page,
    /// A file from this offset on, in one of these versions.
    File(Vec<Rc<Version>>, u64),
    /// A page of this length, in one of these versions, followed by [`ELEMENT`].
    LivePage(Vec<Rc<Version>>, u64),
    /// Parts of a file. They are checked when all of them are read.
    Parts(Vec<Rc<Version>>, Vec<u8>),
    /// Everything until the connection ends. It must be a file if `must_match` is set.
    UntilEnd {
        versions: Vec<Rc<Version>>,
        must_match: bool,
        bytes: Vec<u8>,
    },
    /// A file that was overwritten while it was sent: see [`Content::is_overtaken`].
    Overtaken,
}

impl Content {
    pub(super) fn new(left: u64, kind: Kind) -> Self {
        Self { left, read: 0, kind }
    }

    /// How many bytes are still to come.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// How many bytes the content has in all.
    pub fn length(&self) -> u64 {
        self.read
    }

    /// The connection has ended, so no more bytes come.
    pub fn end(&mut self) {
        self.left = 0;
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// The bytes are of no version that existed.
    pub fn read(&mut self, bytes: &[u8]) -> Result<(), String> {
        let at = self.read;
        self.left -= bytes.len() as u64;
        self.read += bytes.len() as u64;
        match &mut self.kind {
            Kind::Page | Kind::Overtaken => {}
            Kind::File(versions, offset) => {
                versions.retain(|version| version.has(*offset + at, bytes));
                if versions.is_empty() {
                    return Err(format!(
                        "a byte between {at} and {} is of no version that was there",
                        at + bytes.len() as u64
                    ));
                }
            }
            Kind::LivePage(versions, size) => {
                let of_page = bytes
                    .len()
                    .min(usize::try_from(size.saturating_sub(at)).unwrap_or(usize::MAX));
                let (page, rest) = bytes.split_at(of_page);
                versions.retain(|version| version.has(at, page));
                let behind = at.saturating_sub(*size) as usize;
                if versions.is_empty() || !ELEMENT.get(behind..).is_some_and(|element| element.starts_with(rest)) {
                    return Err(format!(
                        "a byte of a page, from {at} on, is of no version that was there"
                    ));
                }
            }
            Kind::Parts(_, all) | Kind::UntilEnd { bytes: all, .. } => all.extend_from_slice(bytes),
        }
        Ok(())
    }

    /// Whether the bytes that were read last are excused although they are of no single version: `aula` lets the system
    /// send a large file, and sees a moment later that the file was overwritten in place (`docs/host.md`). Each byte
    /// must then be of a version that existed, and the server must close the connection.
    pub fn is_overtaken(&mut self, bytes: &[u8], asked: &Asked, state: &State) -> bool {
        let Kind::File(_, offset) = self.kind else {
            return false;
        };
        let window = Window::of(asked, state);
        let is_sent_by_the_system =
            state.host == HostKind::Aula && window.versions.iter().any(|version| version.size() > IN_MEMORY);
        let at = offset + self.read - bytes.len() as u64;
        let read_from = |version: &Rc<Version>| version.bytes(at, bytes.len());
        let candidates: Vec<Vec<u8>> = window.versions.iter().map(read_from).collect();
        let is_of_one = |(place, byte): (usize, &u8)| candidates.iter().any(|bytes| bytes.get(place) == Some(byte));
        let is_excused = is_sent_by_the_system && window.is_mixed && bytes.iter().enumerate().all(is_of_one);
        if is_excused {
            self.kind = Kind::Overtaken;
        }
        is_excused
    }

    /// Whether the connection must end, because the file was overwritten.
    pub fn must_end(&self) -> bool {
        matches!(self.kind, Kind::Overtaken)
    }

    /// Returns the version that was sent, if it is known.
    ///
    /// # Errors
    /// The content is of no version that existed.
    pub fn finish(self) -> Result<Option<Rc<Version>>, String> {
        match self.kind {
            Kind::Page | Kind::Overtaken => Ok(None),
            Kind::File(versions, offset) => {
                let is_whole = offset == 0 && versions.len() == 1 && versions[0].size() == self.read;
                Ok(versions.into_iter().next().filter(|_| is_whole))
            }
            Kind::LivePage(versions, size) => {
                let is_whole = versions.len() == 1 && size + ELEMENT.len() as u64 == self.read;
                Ok(versions.into_iter().next().filter(|_| is_whole))
            }
            Kind::Parts(versions, bytes) => {
                if versions.iter().any(|version| are_parts(version, &bytes)) {
                    Ok(None)
                } else {
                    Err(format!("parts of no version that was there: {}", bytes.escape_ascii()))
                }
            }
            Kind::UntilEnd {
                versions,
                must_match,
                bytes,
            } => {
                let is_right = |version: &Rc<Version>| version.size() == bytes.len() as u64 && version.has(0, &bytes);
                if !must_match || versions.iter().any(is_right) {
                    Ok(None)
                } else {
                    Err("content of no version that was there".to_owned())
                }
            }
        }
    }
}

/// `bytes FIRST-LAST/SIZE`
pub(super) fn content_range(value: &str) -> Option<(u64, u64, u64)> {
    let (span, size) = value.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = span.split_once('-')?;
    let (first, last, size) = (first.parse().ok()?, last.parse().ok()?, size.parse().ok()?);
    (first <= last && last < size).then_some((first, last, size))
}

/// Whether these are parts of a version (RFC 9110 section 14.6).
fn are_parts(version: &Version, bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut count = 0;
    while let Some(end) = rest.windows(4).position(|four| four == b"\r\n\r\n") {
        let head = String::from_utf8_lossy(&rest[..end]).into_owned();
        let range = head.split("\r\n").find_map(|line| line.strip_prefix("Content-Range: "));
        let Some((first, last, size)) = range.and_then(content_range) else {
            return false;
        };
        rest = &rest[end + 4..];
        let length = (last - first + 1) as usize;
        if size != version.size() || rest.len() < length || !version.has(first, &rest[..length]) {
            return false;
        }
        rest = &rest[length..];
        count += 1;
    }
    count > 1 && rest.starts_with(b"\r\n--") && rest.trim_ascii_end().ends_with(b"--")
}
