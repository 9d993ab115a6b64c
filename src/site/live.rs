//! Pages that reload when one of their files changes (`--live`).
//!
//! A script is added to each page. It asks for an event stream (WHATWG HTML, section "Server-sent events") at a
//! reserved path, and names the files that the page has loaded in the query. The identifier of the last event stands
//! for the versions of these files. While they are the same, the request waits for a while, and then gets a stream
//! without an event; a browser asks again at once. So the server need not remember which page has which files.

use super::resolve::{Found, resolve};
use super::{LookupError, ResourcePath, Site, Tree};
use crate::http::{FieldName, Fields};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

/// The folder of the reserved paths. Its name begins with a dot, so there is no such file for clients.
const FOLDER: &str = "/.aula/";

/// The script.
pub const SCRIPT: &str = include_str!("live.js");

/// The maximum number of files of a page that are looked at.
const MOST_FILES: usize = 64;

/// How often the files are looked at while a request waits.
pub const INTERVAL: Duration = Duration::from_millis(250);

/// How long a request waits for a change: less than proxies wait for a response.
pub const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// What a request for a reserved path gets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reply {
    /// The script.
    Script,
    /// A stream of events.
    Events(Events),
}

/// What is known about the files of a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Events {
    /// The stream, which is complete.
    pub stream: String,
    /// Whether the client knows all of this already.
    pub is_known: bool,
}

/// The element that is added to the end of a page.
#[must_use]
pub fn element(site: &Site) -> String {
    format!("<script src=\"{}{FOLDER}live.js\"></script>\n", base(site))
}

/// What a request for this path gets. `None` if the path is not reserved.
pub fn reply<T: Tree>(site: &Site, path: &str, query: Option<&str>, fields: Fields<'_>, tree: &T) -> Option<Reply> {
    match path.strip_prefix(&base(site))?.strip_prefix(FOLDER)? {
        "live.js" => Some(Reply::Script),
        "live" => Some(Reply::Events(events(site, query.unwrap_or_default(), fields, tree))),
        _ => None,
    }
}

fn base(site: &Site) -> String {
    site.base.as_ref().map_or_else(String::new, ResourcePath::to_string)
}

fn events<T: Tree>(site: &Site, query: &str, fields: Fields<'_>, tree: &T) -> Events {
    let known = fields.get(FieldName::LastEventId);
    let version = version(site, query, tree).map(|version| format!("{version:x}"));
    let is_known = version.as_ref().is_none_or(|version| known == Some(version.as_bytes()));
    let stream = match version {
        // A browser asks again a moment after the end of a stream.
        Some(version) if known.is_some() && !is_known => {
            format!("retry: 1000\nid: {version}\nevent: change\ndata:\n\n")
        }
        Some(version) => format!("retry: 1000\nid: {version}\ndata:\n\n"),
        None => "retry: 1000\ndata:\n\n".to_owned(),
    };
    Events { stream, is_known }
}

/// A number for the current versions of these files. `None` if the first one, the page itself, is missing: an editor
/// may be about to write it.
fn version<T: Tree>(site: &Site, query: &str, tree: &T) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    for (position, path) in query.split('&').take(MOST_FILES).enumerate() {
        let found = site.resource(path).map(|path| resolve(site, &path, tree));
        match found {
            Ok(Found::File { path, entry }) => (path.name(), entry.metadata.entity_tag.to_string()).hash(&mut hasher),
            Ok(Found::Nothing(LookupError::NotFound) | Found::NoIndex) | Err(_) if position == 0 => return None,
            _ => path.hash(&mut hasher),
        }
    }
    Some(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::UnixTime;
    use crate::site::memory::Memory;

    /// A folder with these files, each with the time at which it was changed.
    fn tree(files: &[(&str, u64)]) -> Memory<()> {
        files.iter().fold(Memory::new(), |tree, (name, seconds)| {
            let modified = UnixTime {
                seconds: *seconds,
                nanoseconds: 0,
            };
            tree.with_file(name, (), 5, modified)
        })
    }

    fn events(files: &[(&str, u64)], query: &str, known: Option<&str>) -> Events {
        let site = Site {
            index: vec!["index.html".to_owned()],
            base: ResourcePath::resolve("/b", false).ok(),
            ..Site::default()
        };
        let fields: Vec<_> = known
            .map(|known| ("Last-Event-ID", known.as_bytes()))
            .into_iter()
            .collect();
        match reply(
            &site,
            "/b/.aula/live",
            Some(query),
            Fields::from_pairs(&fields),
            &tree(files),
        ) {
            Some(Reply::Events(events)) => events,
            other => panic!("no events: {other:?}"),
        }
    }

    #[test]
    fn a_change_of_any_file_of_the_page_is_an_event_and_nothing_else_is() {
        let before = [("index.html", 1), ("a.css", 1), ("other", 1)];
        let query = "/b/&/b/a.css&/b/missing.js";
        let first = events(&before, query, None);
        assert!(!first.is_known, "the client learns the version");
        assert!(!first.stream.contains("event:"), "{}", first.stream);
        let version = first.stream.lines().find_map(|line| line.strip_prefix("id: ")).unwrap();
        for (rule, files, is_change) in [
            ("nothing has changed", &before[..], false),
            ("another file", &[("index.html", 1), ("a.css", 1), ("other", 2)], false),
            ("the page", &[("index.html", 2), ("a.css", 1), ("other", 1)], true),
            ("a file of it", &[("index.html", 1), ("a.css", 2), ("other", 1)], true),
            ("a file is gone", &[("index.html", 1), ("other", 1)], true),
            (
                "a missing file is there",
                &[("index.html", 1), ("a.css", 1), ("missing.js", 1)],
                true,
            ),
            ("the page is gone: an editor is writing it", &[("a.css", 1)], false),
        ] {
            let now = events(files, query, Some(version));
            assert_eq!(now.is_known, !is_change, "{rule}");
            assert_eq!(
                now.stream.contains("event: change\n"),
                is_change,
                "{rule}: {}",
                now.stream
            );
            assert!(now.stream.ends_with("\n\n"), "{rule}");
        }
    }

    #[test]
    fn only_the_reserved_paths_have_a_reply() {
        let tree = tree(&[("a", 1)]);
        for (base, path, is_reserved) in [
            ("", "/.aula/live.js", true),
            ("", "/.aula/live", true),
            ("", "/.aula/", false),
            ("", "/.aula/other", false),
            ("", "/a/.aula/live", false),
            ("/b", "/b/.aula/live.js", true),
            ("/b", "/.aula/live.js", false),
        ] {
            let site = Site {
                base: ResourcePath::resolve(base, false).ok().filter(|_| !base.is_empty()),
                ..Site::default()
            };
            let reply = reply(&site, path, None, Fields::default(), &tree);
            assert_eq!(reply.is_some(), is_reserved, "{base} {path}");
            assert!(element(&site).contains(&format!("\"{base}/.aula/live.js\"")));
        }
    }
}
