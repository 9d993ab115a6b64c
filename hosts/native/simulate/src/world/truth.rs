//! What each path stood for at any time. The oracles judge the responses by this.

use super::Nanos;
use super::tree::{Node, Tree};
use crate::content::Version;
use crate::schedule::Schedule;
use aula_native::wit::wasi::filesystem::types::ErrorCode;
use std::rc::Rc;

/// What a path stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    File(Rc<Version>),
    /// A folder that is requested without the slash at its end.
    Redirect,
    /// A folder without an index file.
    NoIndex,
    Nothing,
    /// The file may not be read, leads out of the folder, or is not a regular file.
    Refused,
}

/// A path as it is written in requests, and the name that it stands for.
#[derive(Clone, Copy, Debug)]
pub struct Path {
    pub url: &'static str,
    pub name: &'static str,
    /// The number of the path of its compressed sibling, if it has one.
    pub sibling: Option<usize>,
    /// How often it is requested, compared with the others.
    pub weight: u64,
}

const fn path(url: &'static str, name: &'static str, weight: u64) -> Path {
    Path {
        url,
        name,
        sibling: None,
        weight,
    }
}

impl Path {
    /// Whether it is an HTML page.
    pub fn is_page(&self) -> bool {
        self.name.is_empty() || self.name.ends_with('/') || self.name.ends_with(".html")
    }
}

/// The paths that honest clients request.
pub const PATHS: &[Path] = &[
    Path {
        sibling: Some(1),
        ..path("/page.html", "page.html", 30)
    },
    path("/page.html.gz", "page.html.gz", 5),
    path("/", "", 30),
    path("/a.txt", "a.txt", 60),
    path("/b.css", "b.css", 30),
    path("/c.js?v=1", "c.js", 30),
    path("/empty.txt", "empty.txt", 10),
    path("/one.bin", "one.bin", 10),
    path("/sub/", "sub/", 15),
    path("/sub", "sub", 5),
    path("/sub/e%20f.png", "sub/e f.png", 20),
    path("/sub/deep/../deep/g.svg", "sub/deep/g.svg", 10),
    path("/edge.bin", "edge.bin", 6),
    path("/over.bin", "over.bin", 6),
    path("/large.bin", "large.bin", 2),
    path("/huge.bin", "huge.bin", 1),
    path("/moved/h.txt", "moved/h.txt", 10),
    path("/away/h.txt", "away/h.txt", 5),
    path("/secret.txt", "secret.txt", 5),
    path("/.hidden", "no such name", 5),
    path("/list/", "list/", 10),
    path("/none/", "none/", 5),
    path("/nothing.html", "nothing.html", 15),
    path("/a.txt/b", "a.txt/b", 5),
    path("/link.txt", "link.txt", 10),
    path("/sub/up.txt", "sub/up.txt", 5),
    path("/out.txt", "out.txt", 5),
    path("/absolute.txt", "absolute.txt", 5),
    path("/loop.txt", "loop.txt", 5),
    path("/fifo", "fifo", 5),
    // Only some clients request these.
    path("/many/", "many/", 0),
    path("/many/?page=2", "many/", 0),
    path("/many/?page=3", "many/", 0),
];

/// What each path of [`PATHS`] stood for, and since when.
pub struct Truth {
    histories: Vec<Vec<(Nanos, Seen)>>,
    /// Whether folders are listed.
    pub lists: bool,
}

impl Truth {
    pub fn new(tree: &Tree, schedule: &Schedule) -> Self {
        let mut truth = Self {
            histories: vec![Vec::new(); PATHS.len()],
            lists: schedule.options.iter().any(|option| option == "--list"),
        };
        truth.look(tree, 0);
        truth
    }

    /// Records what has changed in the folder.
    pub fn look(&mut self, tree: &Tree, now: Nanos) {
        for (history, path) in self.histories.iter_mut().zip(PATHS) {
            let seen = look(tree, path.name);
            if history.last().is_none_or(|(_, last)| *last != seen) {
                history.push((now, seen));
            }
        }
    }

    /// What a path stood for at any time between these two.
    pub fn during(&self, path: usize, from: Nanos, until: Nanos) -> impl Iterator<Item = &Seen> {
        self.spans(path, from, until).map(|(_, seen)| seen)
    }

    /// The same, each with the time since when.
    pub fn spans(&self, path: usize, from: Nanos, until: Nanos) -> impl Iterator<Item = (Nanos, &Seen)> {
        let history = &self.histories[path];
        let first = history.iter().rposition(|&(since, _)| since <= from).unwrap_or(0);
        let spans = history[first..].iter().take_while(move |&&(since, _)| since <= until);
        spans.map(|(since, seen)| (*since, seen))
    }
}

fn look(tree: &Tree, name: &str) -> Seen {
    match tree.find(name) {
        Ok((_, Node::File(_))) if name.ends_with('/') => Seen::Nothing,
        Ok((_, Node::File(inode))) => {
            if inode.is_readable.get() {
                Seen::File(Rc::clone(&inode.version.borrow()))
            } else {
                Seen::Refused
            }
        }
        Ok((_, Node::Folder(_))) if name.is_empty() || name.ends_with('/') => {
            match look(tree, &format!("{name}index.html")) {
                Seen::Nothing | Seen::Redirect => Seen::NoIndex,
                seen => seen,
            }
        }
        Ok((_, Node::Folder(_))) => Seen::Redirect,
        Ok(_) | Err(ErrorCode::Access | ErrorCode::NotPermitted | ErrorCode::Loop) => Seen::Refused,
        Err(_) => Seen::Nothing,
    }
}
