//! Whether an honest client got what was there, or a status that is allowed.
//!
//! A response is made at some time between when its request was sent and when its head arrives, of what was there at
//! that time or a moment before (the server takes for granted for a tenth of a second what it has seen). What the path
//! stood for in that time is known ([`Truth`](crate::world::truth::Truth)): each byte must be of one of these versions,
//! and all of the same one.

use super::message::Head;
use crate::clients::ask::{Asked, Condition, Http, Method, Range};
use crate::content::Version;
use crate::schedule::{Fault, HostKind};
use crate::world::links::Link;
use crate::world::state::{Phase, State};
use crate::world::truth::{PATHS, Seen};
use crate::world::{MILLISECOND, Nanos};
use std::rc::Rc;

/// Larger files are sent by the system, where the host is `aula`.
const IN_MEMORY: u64 = 64 * 1024;

/// What `--live` puts behind each page.
const ELEMENT: &[u8] = b"<script src=\"/.aula/live.js\"></script>\n";

/// The largest write at a time.
const LARGEST_WRITE: usize = 64 * 1024;

/// A request that comes so short a time before the server closes may be overlooked: the time of some calls, and of some
/// slow ones.
const MOMENT: Nanos = 100_000;
const SLOW_MOMENT: Nanos = 5 * MILLISECOND;

/// The content of a response, while it is read.
#[derive(Debug)]
pub struct Content {
    left: u64,
    read: u64,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// A page of the server's own.
    Page,
    /// A file from this offset on, of one of these versions.
    File(Vec<Rc<Version>>, u64),
    /// A page of this length, in one of these versions, followed by [`ELEMENT`].
    LivePage(Vec<Rc<Version>>, u64),
    /// Parts of a file; read as a whole.
    Parts(Vec<Rc<Version>>, Vec<u8>),
    /// What there is until the connection ends: a file, where `must_match`.
    UntilEnd {
        versions: Vec<Rc<Version>>,
        must_match: bool,
        bytes: Vec<u8>,
    },
    /// A file that was written over while it was sent: see [`Content::is_overtaken`].
    Overtaken,
}

impl Content {
    fn new(left: u64, kind: Kind) -> Self {
        Self { left, read: 0, kind }
    }

    /// How many bytes are still to come.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// How many there were.
    pub fn length(&self) -> u64 {
        self.read
    }

    /// The connection has ended.
    pub fn end(&mut self) {
        self.left = 0;
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// They are of no version that was there.
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

    /// Whether the bytes that were read last, which are of no single version, are excused: `aula` lets the system send
    /// a large file, and sees a moment later that it was written over in place (`docs/host.md`). Each byte must then be
    /// of a version that was there, and the server must close the connection.
    pub fn is_overtaken(&mut self, bytes: &[u8], asked: &Asked, state: &State) -> bool {
        let Kind::File(_, offset) = self.kind else {
            return false;
        };
        let window = window(asked, state);
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

    /// Whether the connection must end, because the file was written over.
    pub fn must_end(&self) -> bool {
        matches!(self.kind, Kind::Overtaken)
    }

    /// The version that it was, if that is known.
    ///
    /// # Errors
    /// It is of no version that was there.
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
            Kind::Parts(versions, bytes) => match versions.iter().any(|version| are_parts(version, &bytes)) {
                true => Ok(None),
                false => Err(format!("parts of no version that was there: {}", bytes.escape_ascii())),
            },
            Kind::UntilEnd {
                versions,
                must_match,
                bytes,
            } => {
                let is_right = |version: &Rc<Version>| version.size() == bytes.len() as u64 && version.has(0, &bytes);
                match !must_match || versions.iter().any(is_right) {
                    true => Ok(None),
                    false => Err("content of no version that was there".to_owned()),
                }
            }
        }
    }
}

/// What a path stood for while a request was under way.
struct Window {
    versions: Vec<Rc<Version>>,
    /// The compressed ones, if they were asked for.
    compressed: Vec<Rc<Version>>,
    has: Has,
    /// It was not the same all the time.
    is_mixed: bool,
    /// A call failed that should not have.
    is_failed: bool,
}

#[derive(Default, Clone, Copy, Debug)]
struct Has {
    redirect: bool,
    no_index: bool,
    nothing: bool,
    refused: bool,
}

fn window(asked: &Asked, state: &State) -> Window {
    let from = asked.sent_at.saturating_sub(state.stale());
    let mut window = Window {
        versions: Vec::new(),
        compressed: Vec::new(),
        has: Has::default(),
        is_mixed: false,
        is_failed: state.file_error_at.is_some_and(|at| from <= at),
    };
    let mut count = 0;
    for seen in state.truth.during(asked.path, from, state.now) {
        count += 1;
        match seen {
            Seen::File(version) => window.versions.push(Rc::clone(version)),
            Seen::Redirect => window.has.redirect = true,
            Seen::NoIndex => window.has.no_index = true,
            Seen::Nothing => window.has.nothing = true,
            Seen::Refused => window.has.refused = true,
        }
    }
    window.is_mixed = count > 1;
    if let (Some(sibling), true) = (PATHS[asked.path].sibling, asked.takes_gzip) {
        let mut count = 0;
        for seen in state.truth.during(sibling, from, state.now) {
            count += 1;
            if let Seen::File(version) = seen {
                window.compressed.push(Rc::clone(version));
            }
        }
        window.is_mixed |= count > 1;
    }
    window
}

/// How many bytes the response may have at most, about.
pub fn most_bytes(asked: &Asked, state: &State) -> u64 {
    const HEAD_OR_PAGE: u64 = 8 * 1024;
    let window = window(asked, state);
    let sizes = window.versions.iter().map(|version| version.size());
    sizes.max().unwrap_or(0) + HEAD_OR_PAGE
}

/// Whether the path stood for something else while the request was under way, or could not be read.
pub fn has_changed(asked: &Asked, state: &State) -> bool {
    let window = window(asked, state);
    window.is_mixed || window.is_failed
}

/// What must follow the head of a response.
///
/// # Errors
/// The head is wrong.
pub fn head(asked: &Asked, head: &Head, state: &State) -> Result<Content, String> {
    if asked.http == Http::V0_9 {
        return Ok(whatever(asked, state));
    }
    let window = window(asked, state);
    let length = head.length()?;
    let left = if asked.method == Method::Head { 0 } else { length };
    let page = Content::new(left, Kind::Page);
    let is_loose = window.is_mixed || window.is_failed;
    let settings = &state.settings;
    let must_be = |is_right: bool| match is_right {
        true => Ok(Content::new(left, Kind::Page)),
        false => Err("that is not what was there".to_owned()),
    };
    // RFC 9111 section 3: with a lifetime, a cache could keep the error, and everybody would get it.
    if head.status >= 400 && head.value("Cache-Control") != "no-store" {
        return Err("an error that a cache may keep".to_owned());
    }
    match (head.status, asked.method) {
        (503, _) => match settings.rejects || settings.max_per_address.is_some() || settings.is_short_of_memory {
            true => Ok(page),
            false => Err("there was room and memory".to_owned()),
        },
        (500, _) => match is_loose {
            true => Ok(page),
            false => Err("no call had failed".to_owned()),
        },
        (405, Method::Post) => match head.value("Allow") {
            "" => Err("405 without Allow".to_owned()),
            _ => Ok(page),
        },
        (204, Method::Options) => Ok(page),
        (_, Method::Post | Method::Options) => Err("another method".to_owned()),
        (404, _) => must_be(is_loose || window.has.nothing || (window.has.no_index && !state.truth.lists)),
        (403, _) => must_be(is_loose || window.has.refused),
        (301, _) => must_be(window.has.redirect),
        (200 | 206 | 304 | 416, _) if window.has.no_index && state.truth.lists => Ok(page),
        (200 | 206 | 304 | 416, _) => file(asked, head, &window, length, left, state),
        _ => Err("that status is not expected".to_owned()),
    }
}

/// A response that is about a file.
fn file(asked: &Asked, head: &Head, window: &Window, length: u64, left: u64, state: &State) -> Result<Content, String> {
    let is_compressed = head.value("Content-Encoding") == "gzip";
    let has_element = state.settings.is_live && PATHS[asked.path].is_page();
    let mut versions = if is_compressed {
        window.compressed.clone()
    } else {
        window.versions.clone()
    };
    if is_compressed && !asked.takes_gzip {
        return Err("compressed, and not asked for".to_owned());
    }
    if let ([plain], [sibling], false) = (
        &window.versions[..],
        &window.compressed[..],
        window.is_mixed || window.is_failed || has_element,
    ) && matches!(head.status, 200 | 206)
    {
        // Whoever edited the file may have forgotten to compress it again.
        let is_good = sibling.size() > 0 && sibling.modified >= plain.modified;
        if is_good != is_compressed {
            return Err("the other of both siblings was to be sent".to_owned());
        }
        // RFC 9110 section 12.5.5
        if is_good && !head.value("Vary").contains("Accept-Encoding") {
            return Err("no Vary".to_owned());
        }
    }
    let cache_control = &state.settings.cache_control;
    if head.status != 416 && head.value("Cache-Control") != cache_control {
        return Err(format!("Cache-Control is not {cache_control:?}"));
    }
    // Of a 304 and a 416 nobody knows which of both it is about.
    let mut either = window.versions.clone();
    either.extend(window.compressed.iter().cloned());
    let sole = match either.as_slice() {
        [version] if !window.is_mixed && !window.is_failed => Some(version),
        _ => None,
    };
    match (head.status, &asked.condition, asked.range) {
        (304, Some(Condition::NoneMatch(cached)), None) => match either.contains(&cached.version) {
            true => Ok(Content::new(0, Kind::Page)),
            false => Err("it had changed".to_owned()),
        },
        (200, Some(Condition::NoneMatch(cached)), None) if sole == Some(&cached.version) => {
            Err("it had not changed".to_owned())
        }
        (200, condition, range) => {
            let is_current = match condition {
                Some(Condition::IfRange(cached)) => sole == Some(&cached.version),
                _ => sole.is_some(),
            };
            if let (Some(range), Some(version), true, Method::Get) = (range, sole, is_current, asked.method)
                && range.of(version.size()).len() == 1
                && version.size() > 0
                && !matches!(range, Range::Two(..))
                && !has_element
            {
                return Err("the range was to be had".to_owned());
            }
            let added = if has_element { ELEMENT.len() as u64 } else { 0 };
            versions.retain(|version| version.size() + added == length);
            match versions.is_empty() {
                true => Err(format!(
                    "no version that was there has this length: {:?}, {:?}",
                    window.versions, window.has
                )),
                false if head.one("ETag")?.is_none() => Err("no entity tag".to_owned()),
                false if has_element => Ok(Content::new(left, Kind::LivePage(versions, length - added))),
                false => Ok(Content::new(left, Kind::File(versions, 0))),
            }
        }
        (206, condition, Some(range)) => {
            if let Some(Condition::IfRange(cached)) = condition {
                versions.retain(|version| *version == cached.version);
            }
            part(head, range, versions, length)
        }
        (416, _, Some(range)) => match either.iter().any(|version| range.of(version.size()).is_empty()) {
            true => Ok(Content::new(left, Kind::Page)),
            false => Err("the range was to be had".to_owned()),
        },
        _ => Err("that status was not asked for".to_owned()),
    }
}

fn part(head: &Head, range: Range, mut versions: Vec<Rc<Version>>, length: u64) -> Result<Content, String> {
    if head.value("Content-Type").starts_with("multipart/byteranges") {
        return Ok(Content::new(length, Kind::Parts(versions, Vec::new())));
    }
    let (first, last, size) = content_range(head.value("Content-Range")).ok_or("no good Content-Range")?;
    versions.retain(|version| version.size() == size && covers(&range.of(size), first, last));
    match versions.is_empty() {
        true => Err("not the range of any version that was there".to_owned()),
        false if length != last - first + 1 => Err("not as long as its range".to_owned()),
        false => Ok(Content::new(length, Kind::File(versions, first))),
    }
}

/// Whether that is one of these spans, or what lies from the first to the last of them.
fn covers(spans: &[(u64, u64)], first: u64, last: u64) -> bool {
    let begin = spans.iter().map(|span| span.0).min();
    let end = spans.iter().map(|span| span.1).max();
    spans.contains(&(first, last)) || (begin == Some(first) && end == Some(last))
}

/// `bytes FIRST-LAST/SIZE`
fn content_range(value: &str) -> Option<(u64, u64, u64)> {
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

/// The bare content of HTTP/0.9.
pub fn whatever(asked: &Asked, state: &State) -> Content {
    let window = window(asked, state);
    let has_others = window.has.redirect || window.has.no_index || window.has.nothing || window.has.refused;
    let settings = &state.settings;
    let may_be_refused = settings.rejects || settings.max_per_address.is_some() || settings.is_short_of_memory;
    let must_match = !has_others && !window.is_mixed && !window.is_failed && !may_be_refused;
    Content::new(
        u64::MAX,
        Kind::UntilEnd {
            versions: window.versions,
            must_match,
            bytes: Vec::new(),
        },
    )
}

/// Whether a response may not come, or not as a whole. `has_begun`: its head has come.
pub fn may_be_missing(asked: &Asked, has_begun: bool, link: &Link, state: &State) -> bool {
    let window = window(asked, state);
    let is_cut_off = window.is_mixed || window.is_failed;
    let has_paused = link.longest_pause >= state.settings.stalled();
    // The server sees no progress within one write; where `aula` lets the system send a file, it sees it.
    let is_spliced = state.host == HostKind::Aula && window.versions.iter().any(|version| version.size() > IN_MEMORY);
    let is_too_slow = !is_spliced
        && link.last_sight.is_some_and(|sight| {
            sight.at >= asked.sent_at + state.settings.gives_up && sight.taken_lately < LARGEST_WRITE
        });
    // RFC 9112 section 9.3.1: an idle connection may be ended at any time, and the request may cross that.
    let moment = if state.rate(Fault::SlowCalls) > 0 {
        SLOW_MOMENT
    } else {
        MOMENT
    };
    let has_crossed = !has_begun
        && link.last_sight.is_some_and(|sight| {
            sight.arrived <= asked.begins || (sight.read <= asked.begins && sight.unread_for <= moment)
        });
    let is_unheard = !has_begun && state.rate(Fault::EmptyReads) > 0;
    let is_no_place = state.settings.is_short_of_memory || (!has_begun && may_reset_refused(state));
    link.is_struck
        || has_crossed
        || is_cut_off
        || has_paused
        || is_too_slow
        || is_unheard
        || is_no_place
        || state.settings.requests.is_some()
        || (state.phase == Phase::Ending && !has_begun)
}

/// Whether a refusal may get lost: a refused client sends its request behind it.
fn may_reset_refused(state: &State) -> bool {
    state.settings.rejects || state.settings.max_per_address.is_some()
}
