//! The files that are served, and the options of the servers. Both drivers use the same.

use crate::case::Case;
use crate::support::links;
use aula::config::{self, Command as Asked};
use aula::http::UnixTime;
use aula::http1::Rules;
use aula::site::memory::Memory;
use aula::site::{LookupError, Site};
use std::fs::{self, File};
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, UNIX_EPOCH};

/// When every file was last changed, except the one of the future.
pub const MODIFIED: &str = "Tue, 15 Nov 1994 12:45:52 GMT";
const MODIFIED_SECONDS: u64 = 784_903_552;

/// One second before and one second after that.
pub const BEFORE: &str = "Tue, 15 Nov 1994 12:45:51 GMT";
pub const AFTER: &str = "Tue, 15 Nov 1994 12:45:53 GMT";

/// The entity tag of the ten digits.
pub const DIGITS_TAG: &str = "\"2ec8ad80.0-a\"";

/// The entity tags of the page that has compressed siblings: that of the page itself, and that of the one in gzip.
pub const PAGE_TAG: &str = "\"2ec8ad80.0-11\"";
pub const PAGE_GZIP_TAG: &str = "\"2ec8ad80.0-agz\"";

/// A time in the future, in seconds.
const FUTURE_SECONDS: u64 = 9_000_000_000;

/// The size of the file that is larger than 4 GiB.
pub const FILM_SIZE: u64 = 5 << 30;

/// What a name in the folder is.
#[derive(Clone, Copy)]
enum Item {
    Text(&'static str),
    /// This number of bytes of [`pattern`].
    Pattern(usize),
    /// This number of zeros.
    Sparse(u64),
    /// A text that was changed a day after the others.
    Newer(&'static str),
    /// A file of the future.
    Future,
    /// A link to another name in the folder.
    Inside(&'static str),
    /// A link to somewhere else.
    Outside(&'static str),
    /// A pipe.
    Fifo,
}

/// The folder.
#[rustfmt::skip]
const ITEMS: &[(&str, Item)] = {
    use Item::{Fifo, Future, Inside, Newer, Outside, Pattern, Sparse, Text};
    &[
        ("index.html", Text("<!DOCTYPE html><title>front</title>the front page\n")),
        ("404.html", Text("<!DOCTYPE html><title>lost</title>the site's own 404\n")),
        ("app.html", Text("<!DOCTYPE html><title>app</title>the application\n")),
        ("probe.txt", Text("the connection is usable\n")),
        ("digits.txt", Text("0123456789")),
        ("empty.txt", Text("")),
        ("README", Text("read me")),
        ("UPPER.HTML", Text("<!DOCTYPE html>")),
        ("data.json", Text("{}")),
        ("unknown.aula", Text("?")),
        ("a b.txt", Text("a space")),
        ("100%.txt", Text("a percent sign")),
        ("a+b;c=d.txt", Text("reserved characters")),
        ("caf\u{e9}.txt", Text("beyond ASCII")),
        ("dir/index.html", Text("the page of dir")),
        ("dir/page.html", Text("a page in dir")),
        ("home/home.html", Text("home")),
        ("home/index.html", Text("index")),
        ("bare/b.txt", Text("b")),
        ("bare/a<b>.txt", Text("aa")),
        ("bare/c d/e.txt", Text("e")),
        ("bare/.secret", Text("secret")),
        ("bare/outside", Outside("../../outside.txt")),
        ("bare/up", Inside("../digits.txt")),
        (".git/config", Text("secret")),
        (".well-known/security.txt", Text("a contact")),
        ("page.html", Text("a page, as it is.")),
        ("page.html.br", Text("a page in br")),
        ("page.html.zst", Text("a page in zstd")),
        ("page.html.gz", Text("page in gz")),
        ("style.css", Text("a style as it is")),
        ("style.css.gz", Text("a style in gzip")),
        ("older.txt", Newer("newer than its sibling")),
        ("older.txt.gz", Text("older than the file")),
        ("halfway.txt", Text("its sibling is empty")),
        ("halfway.txt.gz", Text("")),
        ("pattern.bin", Pattern(200_000)),
        ("film.mp4", Sparse(FILM_SIZE)),
        ("future.txt", Future),
        ("inside", Inside("digits.txt")),
        ("outside", Outside("../outside.txt")),
        ("absolute", Outside("/etc/passwd")),
        ("loop", Outside("loop")),
        ("fifo", Fifo),
    ]
};

/// Bytes that differ from one position to the next.
pub fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * at / 7 + at) as u8).collect()
}

/// A server's options.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Setup {
    Plain,
    /// Every option that adds something.
    Extras,
    /// A single-page application, and no HTTP/0.9.
    Application,
    /// Only GET, once for each connection.
    GetOnly,
    /// Only HTTP/0.9.
    Http09,
    /// Small limits.
    Small,
}

impl Setup {
    pub const ALL: [Self; 6] = [
        Self::Plain,
        Self::Extras,
        Self::Application,
        Self::GetOnly,
        Self::Http09,
        Self::Small,
    ];

    /// The options as written on the command line.
    pub fn options(self) -> &'static [&'static str] {
        match self {
            Self::Plain => &[],
            Self::Extras => &[
                "--list",
                "--hidden",
                "--cors",
                "--health",
                "/health",
                "--header",
                "X-Course: networks",
                "--cache-control",
                "max-age=60",
                "--index",
                "home.html",
                "--index",
                "index.html",
            ],
            Self::Application => &["--spa", "app.html", "--http", "1"],
            Self::GetOnly => &["--get-only", "--close"],
            Self::Http09 => &["--http", "0.9"],
            Self::Small => &[
                "--max-request-line",
                "60",
                "--max-fields-size",
                "200",
                "--max-fields",
                "5",
                "--max-body",
                "10",
                "--max-pipelined",
                "2",
            ],
        }
    }

    /// The options as the library takes them.
    pub fn values(self) -> (Rules, Site) {
        match config::parse(self.options(), |_| None) {
            Ok(Asked::Serve(config)) => (config.rules, config.site),
            other => panic!("{self:?}: {other:?}"),
        }
    }
}

/// Whether this system can have such a file: Windows has no named pipes in its folders, and no `<` in names.
fn is_possible(name: &str, item: Item) -> bool {
    !cfg!(windows) || !(matches!(item, Item::Fifo) || name.contains('<'))
}

/// Whether the folder on the disk has the files that a case is about: the one that it requests, or those listed.
pub fn has_files_of(case: &Case) -> bool {
    let missing = ITEMS.iter().filter(|(name, item)| !is_possible(name, *item));
    let mut targets = missing.map(|(name, _)| format!("/{}", name.split('/').next().unwrap_or(name)));
    let names = |target: &str| {
        let mut sends = case.sends.iter();
        sends.any(|sent| String::from_utf8_lossy(sent).contains(target))
    };
    targets.all(|target| !names(&target))
}

/// Writes the folder.
pub fn write(folder: &Path) {
    fs::write(folder.with_file_name("outside.txt"), "outside").expect("there is room");
    for &(name, item) in ITEMS.iter().filter(|(name, item)| is_possible(name, *item)) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("it is below the folder")).expect("there is room");
        match item {
            Item::Inside(to) | Item::Outside(to) => links::symlink(to, path).expect("links can be made"),
            #[cfg(unix)]
            Item::Fifo => links::fifo(path),
            _ => {
                fs::write(&path, item.bytes()).expect("there is room");
                let file = File::options().write(true).open(path).expect("it was written");
                file.set_len(item.size()).expect("it takes no room");
                file.set_modified(UNIX_EPOCH + Duration::from_secs(item.seconds()))
                    .expect("it is ours");
            }
        }
    }
}

/// The folder in memory.
pub fn tree() -> Memory<MemoryFile> {
    ITEMS.iter().fold(Memory::new(), |tree, &(name, item)| {
        let item = match item {
            Item::Inside(to) => {
                let to = to.trim_start_matches("../");
                let target = ITEMS.iter().find(|(name, _)| *name == to);
                target.expect("the link leads to a file").1
            }
            item => item,
        };
        match item {
            Item::Outside(_) | Item::Fifo => tree.with_error(name, LookupError::Refused),
            item => tree.with_file(name, item.file(), item.size(), item.modified()),
        }
    })
}

/// A file of the folder in memory.
#[derive(Clone)]
pub struct MemoryFile {
    size: u64,
    bytes: Rc<Vec<u8>>,
}

impl MemoryFile {
    pub fn read(&self, offset: u64, length: u64) -> Vec<u8> {
        assert!(offset + length <= self.size, "{offset} + {length} of {}", self.size);
        let at = |at: u64| {
            self.bytes
                .get(usize::try_from(at).expect("64 bits"))
                .copied()
                .unwrap_or(0)
        };
        (offset..offset + length).map(at).collect()
    }
}

impl Item {
    fn bytes(self) -> Vec<u8> {
        match self {
            Self::Text(text) | Self::Newer(text) => text.into(),
            Self::Pattern(length) => pattern(length),
            _ => Vec::new(),
        }
    }

    fn size(self) -> u64 {
        match self {
            Self::Sparse(size) => size,
            item => item.bytes().len() as u64,
        }
    }

    fn seconds(self) -> u64 {
        match self {
            Self::Newer(_) => MODIFIED_SECONDS + 86_400,
            Self::Future => FUTURE_SECONDS,
            _ => MODIFIED_SECONDS,
        }
    }

    fn file(self) -> MemoryFile {
        MemoryFile {
            size: self.size(),
            bytes: Rc::new(self.bytes()),
        }
    }

    fn modified(self) -> UnixTime {
        UnixTime {
            seconds: self.seconds(),
            nanoseconds: 0,
        }
    }
}
