//! The folder's files, and how they change.

use super::{MILLISECOND, Nanos};
use crate::content::Version;
use crate::dice::Dice;
use crate::schedule::{ChangeKind, ChangeLine};
use aula_native::wit::wasi::filesystem::types::ErrorCode;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

/// How many symbolic links are followed at most.
const MOST_LINKS: usize = 8;

/// A name that contains this character stands for a name that is not UTF-8.
const NOT_UTF_8: &str = "\u{fffd}";

/// What a name stands for.
#[derive(Clone, Debug)]
pub enum Node {
    File(Rc<Inode>),
    /// A folder, with the time when its entries last changed.
    Folder(Duration),
    Link(String),
    Fifo,
}

/// A file, independent of its names.
#[derive(Debug)]
pub struct Inode {
    pub version: RefCell<Rc<Version>>,
    pub is_readable: Cell<bool>,
    /// When its permissions or its content last changed.
    pub changed: Cell<Duration>,
}

/// The folder.
pub struct Tree {
    nodes: BTreeMap<String, Node>,
    /// How many writes there have been. Each write has a number of its own.
    writes: u64,
}

/// Files and their sizes. The sizes lie around the server's limits: what it keeps in memory (64 KiB or 1 MiB), and how
/// much it reads and writes at a time.
const FILES: &[(&str, u64)] = &[
    ("index.html", 900),
    ("a.txt", 120),
    ("b.css", 4096),
    ("c.js", 2000),
    ("empty.txt", 0),
    ("one.bin", 1),
    ("sub/index.html", 700),
    ("sub/e f.png", 9000),
    ("sub/deep/g.svg", 1500),
    ("edge.bin", 65_536),
    ("over.bin", 65_537),
    ("large.bin", 300_000),
    ("huge.bin", 1_200_000),
    ("page.html", 3000),
    ("page.html.gz", 1000),
    ("moved/h.txt", 500),
    ("secret.txt", 100),
    (".hidden", 10),
    ("list/\u{fffd}", 10),
    ("list/<x>&\"y\".txt", 10),
    ("list/one.txt", 10),
];

/// The files that change.
const CHANGING: &[&str] = &[
    "a.txt",
    "c.js",
    "edge.bin",
    "over.bin",
    "large.bin",
    "huge.bin",
    "sub/index.html",
    "sub/e f.png",
    "page.html",
    "page.html.gz",
];

impl Tree {
    /// Makes the folder as it is when the world begins, long after its files were made. One folder has `names` entries.
    pub fn new(names: u64, now: Duration) -> Self {
        let modified = now - Duration::from_secs(100_000);
        let mut tree = Self {
            nodes: BTreeMap::new(),
            writes: 0,
        };
        for folder in ["", "sub", "sub/deep", "moved", "list", "none"] {
            tree.nodes.insert(folder.to_owned(), Node::Folder(modified));
        }
        if names > 0 {
            tree.nodes.insert("many".to_owned(), Node::Folder(modified));
        }
        for number in 0..names {
            tree.put(&format!("many/{number:05}.txt"), 10, modified);
        }
        for (name, size) in FILES {
            tree.put(name, *size, modified);
        }
        if let Some(Node::File(secret)) = tree.nodes.get("secret.txt") {
            secret.is_readable.set(false);
        }
        for (name, target) in [
            ("link.txt", "a.txt"),
            ("sub/up.txt", "../a.txt"),
            ("out.txt", "../../etc/passwd"),
            ("absolute.txt", "/etc/passwd"),
            ("loop.txt", "loop.txt"),
        ] {
            tree.nodes.insert(name.to_owned(), Node::Link(target.to_owned()));
        }
        tree.nodes.insert("fifo".to_owned(), Node::Fifo);
        tree
    }

    /// Puts a new file under a name.
    fn put(&mut self, name: &str, size: u64, modified: Duration) {
        self.writes += 1;
        let inode = Inode {
            version: RefCell::new(Rc::new(Version::new(self.writes, size, modified))),
            is_readable: Cell::new(true),
            changed: Cell::new(modified),
        };
        self.insert(name, Node::File(Rc::new(inode)), modified);
    }

    fn insert(&mut self, name: &str, node: Node, modified: Duration) {
        self.nodes.insert(name.to_owned(), node);
        let parent = name.rsplit_once('/').map_or("", |(parent, _)| parent);
        if let Some(Node::Folder(changed)) = self.nodes.get_mut(parent) {
            *changed = modified;
        }
    }

    /// Finds what a path from the root stands for. Links are followed, and the name that is returned has no links.
    ///
    /// # Errors
    /// The errors are those of the system. A path that leads out of the folder is not permitted.
    pub fn find(&self, path: &str) -> Result<(String, &Node), ErrorCode> {
        let mut rest: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
        let mut names: Vec<String> = Vec::new();
        let mut links = 0;
        let mut node = self.nodes.get("").ok_or(ErrorCode::NoEntry)?;
        while let Some(part) = rest.pop() {
            match part.as_str() {
                "" | "." => {}
                ".." => {
                    names.pop().ok_or(ErrorCode::NotPermitted)?;
                    node = self.nodes.get(&names.join("/")).ok_or(ErrorCode::NoEntry)?;
                }
                _ => {
                    if !matches!(node, Node::Folder(_)) {
                        return Err(ErrorCode::NotDirectory);
                    }
                    if part.len() > 255 {
                        return Err(ErrorCode::NameTooLong);
                    }
                    names.push(part);
                    let next = self.nodes.get(&names.join("/")).ok_or(ErrorCode::NoEntry)?;
                    if let Node::Link(target) = next {
                        links += 1;
                        if links > MOST_LINKS {
                            return Err(ErrorCode::Loop);
                        }
                        if target.starts_with('/') {
                            return Err(ErrorCode::NotPermitted);
                        }
                        rest.extend(target.split('/').rev().map(str::to_owned));
                        names.pop();
                        node = self.nodes.get(&names.join("/")).ok_or(ErrorCode::NoEntry)?;
                    } else {
                        node = next;
                    }
                }
            }
        }
        Ok((names.join("/"), node))
    }

    /// Lists the entries of a folder. A name that is not UTF-8 is given as `None`.
    pub fn entries<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (Option<&'a str>, &'a Node)> {
        self.nodes.iter().filter_map(move |(name, node)| {
            let rest = match folder {
                "" => name.as_str(),
                _ => name.strip_prefix(folder)?.strip_prefix('/')?,
            };
            let is_child = !rest.is_empty() && !rest.contains('/');
            is_child.then(|| (Some(rest).filter(|rest| !rest.contains(NOT_UTF_8)), node))
        })
    }

    /// The file that a change is about.
    pub fn changing(line: ChangeLine) -> &'static str {
        match line.kind {
            ChangeKind::Rename => "moved",
            _ => Dice::new(line.seed).pick(CHANGING),
        }
    }

    /// Does one step of a change. Returns after what time the next step comes.
    pub fn change(&mut self, line: ChangeLine, step: u64, now: Duration) -> Option<Nanos> {
        let mut dice = Dice::new(line.seed);
        let name = dice.pick(CHANGING);
        let pause = dice.between(1, 400) * MILLISECOND;
        let size = FILES
            .iter()
            .find(|(file, _)| *file == name)
            .map_or(100, |(_, size)| *size);
        let new_size = if dice.one_in(2) { size } else { dice.below(2 * size) };
        match (line.kind, step) {
            (ChangeKind::Replace, _) => self.put(name, new_size, now),
            (ChangeKind::Rewrite, _) => return self.rewrite(name, step, dice, now),
            (ChangeKind::Truncate, 0) => self.modify(name, |version, _| version.cut(version.size() / 2, now)),
            (ChangeKind::Truncate, _) => self.put(name, size, now),
            // When bytes are appended to a file, Linux sets its time first, and its size a moment later.
            (ChangeKind::Grow, 0) => {
                self.modify(name, |version, _| version.cut(version.size(), now));
                return Some(dice.below(MILLISECOND / 2));
            }
            (ChangeKind::Grow, 1) => {
                self.modify(name, |version, write| {
                    let end = version.size();
                    version.written(write, end, end + 1 + new_size, version.modified)
                });
                return Some(pause);
            }
            (ChangeKind::Grow, _) => self.put(name, size, now),
            (ChangeKind::Remove, 0) => {
                self.nodes.remove(name);
            }
            (ChangeKind::Remove | ChangeKind::Link | ChangeKind::Fifo, 1) => self.put(name, size, now),
            (ChangeKind::Rename, 0) => self.rename("moved", "away"),
            (ChangeKind::Rename, _) => self.rename("away", "moved"),
            (ChangeKind::Forbid, _) => {
                if let Some(Node::File(inode)) = self.nodes.get(name) {
                    inode.is_readable.set(step == 1);
                    inode.changed.set(now);
                }
            }
            (ChangeKind::Link, _) => {
                let target = dice.pick(&["a.txt", "../out", "b.css", "sub", "nothing"]);
                let up = "../".repeat(name.matches('/').count());
                self.insert(name, Node::Link(format!("{up}{target}")), now);
            }
            (ChangeKind::Fifo, _) => self.insert(name, Node::Fifo, now),
            (ChangeKind::Remove, _) => return None,
        }
        let is_over = step > 0 || line.kind == ChangeKind::Replace;
        (!is_over).then_some(pause)
    }

    /// Overwrites a file in place, in four steps. Half of the time its size stays the same.
    fn rewrite(&mut self, name: &str, step: u64, mut dice: Dice, now: Duration) -> Option<Nanos> {
        const STEPS: u64 = 4;
        self.modify(name, |version, write| {
            let size = version.size();
            version.written(write, size * step / STEPS, size * (step + 1) / STEPS, now)
        });
        let pause = dice.between(1, 20 * MILLISECOND);
        (step + 1 < STEPS).then_some(pause)
    }

    /// Changes the content of a file in place.
    fn modify(&mut self, name: &str, change: impl FnOnce(&Version, u64) -> Version) {
        self.writes += 1;
        if let Some(Node::File(inode)) = self.nodes.get(name) {
            let changed = change(&inode.version.borrow(), self.writes);
            inode.changed.set(changed.modified);
            *inode.version.borrow_mut() = Rc::new(changed);
        }
    }

    fn rename(&mut self, from: &str, to: &str) {
        let names: Vec<String> = self
            .nodes
            .keys()
            .filter(|name| name.starts_with(from))
            .cloned()
            .collect();
        for name in names {
            if let Some(node) = self.nodes.remove(&name) {
                self.nodes.insert(name.replacen(from, to, 1), node);
            }
        }
    }
}
