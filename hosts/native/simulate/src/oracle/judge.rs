//! Whether an honest client got the content that existed, or a status that is allowed.
//!
//! A response is made at some time between the sending of its request and the arrival of its head. It shows what
//! existed at that time or a moment before (the server reuses for a tenth of a second what it has seen). What the path
//! stood for in that time is known ([`Truth`](crate::world::truth::Truth)): each byte must be of one of these versions,
//! and all bytes must be of the same version.

use super::content::{Content, ELEMENT, IN_MEMORY, Kind, content_range};
use super::message::Head;
use super::window::Window;
use crate::clients::ask::{Asked, Condition, Http, Method, Range};
use crate::content::Version;
use crate::schedule::{Fault, HostKind};
use crate::world::link::Link;
use crate::world::state::{Phase, State};
use crate::world::truth::PATHS;
use crate::world::{MILLISECOND, Nanos};
use std::rc::Rc;

/// The most bytes that the server gives to one write.
const LARGEST_WRITE: usize = 64 * 1024;

/// The server may overlook a request that arrives this short a time before it closes the connection. It is the time of
/// some calls, and for slow calls there is a longer one.
const MOMENT: Nanos = 100_000;
const SLOW_MOMENT: Nanos = 5 * MILLISECOND;

/// How many bytes the response may have at most, approximately.
pub fn most_bytes(asked: &Asked, state: &State) -> u64 {
    const HEAD_OR_PAGE: u64 = 8 * 1024;
    let window = Window::of(asked, state);
    let sizes = window.versions.iter().map(|version| version.size());
    sizes.max().unwrap_or(0) + HEAD_OR_PAGE
}

/// Whether the path changed its meaning while the request was under way, or could not be read.
pub fn has_changed(asked: &Asked, state: &State) -> bool {
    let window = Window::of(asked, state);
    window.is_mixed || window.is_failed
}

/// What content must follow the head of a response.
///
/// # Errors
/// The head is wrong.
pub fn head(asked: &Asked, head: &Head, state: &State) -> Result<Content, String> {
    if asked.http == Http::V0_9 {
        return Ok(whatever(asked, state));
    }
    let window = Window::of(asked, state);
    let length = head.length()?;
    let left = if asked.method == Method::Head { 0 } else { length };
    let page = Content::new(left, Kind::Page);
    let is_loose = window.is_mixed || window.is_failed;
    let settings = &state.settings;
    let must_be = |is_right: bool| only_if(is_right, Content::new(left, Kind::Page), "that is not what was there");
    // RFC 9111 section 3: with a lifetime, a cache could store the error and send it to all clients.
    if head.status >= 400 && head.value("Cache-Control") != "no-store" {
        return Err("an error that a cache may keep".to_owned());
    }
    match (head.status, asked.method) {
        (503, _) => {
            let may_refuse = settings.rejects || settings.max_per_address.is_some() || settings.is_short_of_memory;
            only_if(may_refuse, page, "there was room and memory")
        }
        (500, _) => only_if(is_loose, page, "no call had failed"),
        (405, Method::Post) => only_if(!head.value("Allow").is_empty(), page, "405 without Allow"),
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

/// Returns the content if the condition holds, and otherwise the message about what is wrong.
fn only_if(holds: bool, content: Content, wrong: &str) -> Result<Content, String> {
    if holds { Ok(content) } else { Err(wrong.to_owned()) }
}

/// Judges a response that is about a file.
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
        // A sibling that is older than its file may have old content: its author may have forgotten to compress it
        // again.
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
    // A 304 or a 416 does not show whether it is about the plain file or about the compressed one.
    let mut either = window.versions.clone();
    either.extend(window.compressed.iter().cloned());
    let sole = match either.as_slice() {
        [version] if !window.is_mixed && !window.is_failed => Some(version),
        _ => None,
    };
    match (head.status, &asked.condition, asked.range) {
        (304, Some(Condition::NoneMatch(cached)), None) => {
            let is_current = either.contains(&cached.version);
            only_if(is_current, Content::new(0, Kind::Page), "it had changed")
        }
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
            if versions.is_empty() {
                let (versions, has) = (&window.versions, &window.has);
                return Err(format!(
                    "no version that was there has this length: {versions:?}, {has:?}"
                ));
            }
            if head.one("ETag")?.is_none() {
                return Err("no entity tag".to_owned());
            }
            let kind = if has_element {
                Kind::LivePage(versions, length - added)
            } else {
                Kind::File(versions, 0)
            };
            Ok(Content::new(left, kind))
        }
        (206, condition, Some(range)) => {
            if let Some(Condition::IfRange(cached)) = condition {
                versions.retain(|version| *version == cached.version);
            }
            part(head, range, versions, length)
        }
        (416, _, Some(range)) => {
            let is_outside = either.iter().any(|version| range.of(version.size()).is_empty());
            only_if(is_outside, Content::new(left, Kind::Page), "the range was to be had")
        }
        _ => Err("that status was not asked for".to_owned()),
    }
}

fn part(head: &Head, range: Range, mut versions: Vec<Rc<Version>>, length: u64) -> Result<Content, String> {
    if head.value("Content-Type").starts_with("multipart/byteranges") {
        return Ok(Content::new(length, Kind::Parts(versions, Vec::new())));
    }
    let (first, last, size) = content_range(head.value("Content-Range")).ok_or("no good Content-Range")?;
    versions.retain(|version| version.size() == size && covers(&range.of(size), first, last));
    if versions.is_empty() {
        return Err("not the range of any version that was there".to_owned());
    }
    let is_as_long = length == last - first + 1;
    only_if(
        is_as_long,
        Content::new(length, Kind::File(versions, first)),
        "not as long as its range",
    )
}

/// Whether the range is one of these spans, or the one from the first of them to the last.
fn covers(spans: &[(u64, u64)], first: u64, last: u64) -> bool {
    let begin = spans.iter().map(|span| span.0).min();
    let end = spans.iter().map(|span| span.1).max();
    spans.contains(&(first, last)) || (begin == Some(first) && end == Some(last))
}

/// The content of an HTTP/0.9 response, which has no head.
pub fn whatever(asked: &Asked, state: &State) -> Content {
    let window = Window::of(asked, state);
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

/// Whether a response may be missing or incomplete. `has_begun` says that its head has come.
pub fn may_be_missing(asked: &Asked, has_begun: bool, link: &Link, state: &State) -> bool {
    let window = Window::of(asked, state);
    let is_cut_off = window.is_mixed || window.is_failed;
    let has_paused = link.longest_pause >= state.settings.stalled();
    // The server sees no progress within one write. If `aula` lets the system send a file, the server sees it.
    let is_spliced = state.host == HostKind::Aula && window.versions.iter().any(|version| version.size() > IN_MEMORY);
    let is_too_slow = !is_spliced
        && link.last_sight.is_some_and(|sight| {
            sight.at >= asked.sent_at + state.settings.gives_up && sight.taken_lately < LARGEST_WRITE
        });
    // RFC 9112 section 9.3.1: the server may end an idle connection at any time, and a request may be under way then.
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

/// Whether a refusal may get lost: a client that is refused still sends its request after the refusal.
fn may_reset_refused(state: &State) -> bool {
    state.settings.rejects || state.settings.max_per_address.is_some()
}
