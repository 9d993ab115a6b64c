//! Checks the direction of the imports in `src/`, and looks for words that no line of it may have.
//!
//! The library is a pyramid: `http` is at the bottom; above it are `http1` and `site` side by side, which meet only in
//! `exchange`; and `config` is at the top. The shell is outside: it knows the library, but the library does not know
//! it. `docs/architecture.md` has the picture.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Which parts of the library each part may import.
#[rustfmt::skip]
const MAY_IMPORT: &[(&str, &[&str], &str)] = &[
    ("catalogue", &[], "sentences in two languages"),
    ("escape", &[], "bytes as text that a terminal can show"),
    ("time", &[], "points in time"),
    ("http", &["catalogue", "time"], "the terms of HTTP"),
    ("http1", &["catalogue", "http", "time"], "how messages are sent"),
    ("site", &["catalogue", "escape", "http"], "what messages mean"),
    ("exchange", &["catalogue", "http", "http1", "site", "time"], "where the two halves meet"),
    ("schedule", &["http1", "time"], "who is served next"),
    ("access_log", &["catalogue", "escape", "http", "http1", "exchange", "time"], "an exchange as a line"),
    ("inspect", &["catalogue", "http"], "the trace for a browser"),
    ("trace", &["catalogue", "escape", "http", "http1", "site", "exchange", "time"], "an exchange as an explanation"),
    ("config", &["catalogue", "escape", "http", "http1", "site", "schedule", "access_log", "trace"], "arguments in, the configuration of each part out"),
];

/// The parts outside the library. They may import all of the library, and of the other parts only those named here.
#[rustfmt::skip]
const OUTSIDE: &[(&str, &[&str], &str)] = &[
    ("io", &[], "sockets, for the shells of both components: a crate of its own"),
    ("shell", &["io"], "the I/O"),
    ("start", &["shell", "io"], "from a configuration to a running server"),
    ("stages", &["shell"], "single steps, called by hand"),
    ("handler", &["shell"], "the site for hosts that have their own sockets"),
    ("main", &["shell", "start", "stages"], "wires them"),
];

/// The parts that may name the bindings to the host, with the reason.
#[rustfmt::skip]
const MAY_NAME_WASI: &[(&str, &str)] = &[
    ("io/", "the sockets of both components"),
    ("shell/", "the only code with I/O"),
    ("handler.rs", "an interface of the host's is what it exports"),
];

/// Which packages of the repository each package may use, apart from its tests: the shells of both components share
/// `io`, everything else uses the library, and the tools use none of them.
#[rustfmt::skip]
const MAY_DEPEND_ON: &[(&str, &[&str])] = &[
    ("", &["io"]),
    ("io", &[]),
    ("checker", &["", "io"]),
    ("fuzz", &[""]),
    ("hosts/announce", &[]),
    ("hosts/native", &["", "hosts/announce"]),
    ("hosts/native/simulate", &["", "hosts/native"]),
    ("xtask", &["hosts/announce"]),
    ("tools", &["xtask"]),
    // A student copies it, so it may not need anything beside it.
    ("templates", &[]),
];

/// The folders with the sources of the server, and how the names of their files begin here.
const SOURCES: &[(&str, &str)] = &[("src", ""), ("io/src", "io/")];

/// Words that may cause a panic, which would end every connection.
const PANICS: &[&str] = &[
    ".unwrap()",
    ".expect(",
    "panic!",
    "todo!",
    "unimplemented!",
    "unreachable!",
    "assert!(",
    // These panic if the reader of the output is gone, as after `head -1`.
    "print!(",
    "println!(",
];

/// Flags of the host with which a file could be changed.
const WRITES: &[&str] = &["CREATE", "TRUNCATE", "EXCLUSIVE", "::WRITE", "MUTATE_DIRECTORY"];

/// Words that the library must not have, because it does no I/O.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net::Tcp",
    "std::net::Udp",
    "std::io::std",
    "std::process",
    "std::env",
    "println!",
    "SystemTime::now",
    "Instant::now",
];

/// A line of code without its comment.
struct Line {
    file: String,
    number: usize,
    code: String,
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.number, self.code.trim())
    }
}

impl Line {
    /// The part of the program to which the line belongs: the folder or file directly below `src/`, or `io`.
    fn part(&self) -> &str {
        let first = self.file.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    fn is_of_the_library(&self) -> bool {
        self.part() == "lib" || MAY_IMPORT.iter().any(|(part, ..)| *part == self.part())
    }

    /// The parts that the line names: the names after `crate::` or `aula::`, or after enough `super::` to leave its own
    /// part; and the crate `aula_io`.
    fn imports(&self) -> Vec<&str> {
        let mut imports = Vec::new();
        if self.code.contains("aula_io::") {
            imports.push("io");
        }
        for root in ["crate::", "aula::"] {
            imports.extend(self.code.split(root).skip(1).flat_map(names));
        }
        // `super::` in `src/a/b.rs` is `a`, and twice is the crate; in `src/a/mod.rs` or `src/a.rs`, once is.
        let depth = self.file.matches('/').count() + usize::from(!self.file.ends_with("mod.rs"));
        let out = "super::".repeat(depth);
        imports.extend(self.code.split(out.as_str()).skip(1).flat_map(names));
        imports
    }
}

/// The first names of a path or a group of paths: `a` of `a::b`, `a` and `b` of `{a, b::c}`.
fn names(path: &str) -> Vec<&str> {
    let word = |text: &str| {
        text.find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(text.len())
    };
    match path.strip_prefix('{') {
        None => vec![&path[..word(path)]],
        Some(group) => {
            let group = group.split(['}', ';']).next().unwrap_or_default();
            let paths = group.split(',').map(str::trim_start);
            paths
                .map(|path| &path[..word(path)])
                .filter(|name| !name.is_empty())
                .collect()
        }
    }
}

/// The code of the server, without comments and tests.
fn code() -> Vec<Line> {
    let lines: Vec<Line> = SOURCES
        .iter()
        .flat_map(|(folder, prefix)| code_in(folder, prefix))
        .collect();
    assert!(
        lines.len() > 2000,
        "the source is found and read: {} lines",
        lines.len()
    );
    lines
}

/// The code in a folder, without comments and tests. The names of the files begin with `prefix`.
fn code_in(folder: &str, prefix: &str) -> Vec<Line> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut lines = Vec::new();
    for path in files(&root) {
        let file = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        let file = format!("{prefix}{file}");
        // Files of tests have these names. A check below makes sure that they have only tests.
        if file.ends_with("tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let mut in_tests = false;
        let mut skip_item = false;
        for (index, line) in text.lines().enumerate() {
            // In rustfmt's style, what begins in the first column ends there.
            if line == "#[cfg(test)]" {
                skip_item = true;
            } else if skip_item {
                in_tests = line.ends_with('{');
                skip_item = line.starts_with('#');
            } else if in_tests {
                in_tests = line != "}";
            } else {
                let is_comment = line.trim_start().starts_with("//");
                let code = line.split(" // ").next().filter(|_| !is_comment).unwrap_or_default();
                assert!(
                    !code.trim_end().ends_with("tests;"),
                    "{file}: without #[cfg(test)]: {line}"
                );
                lines.push(Line {
                    file: file.clone(),
                    number: index + 1,
                    code: code.to_owned(),
                });
            }
        }
    }
    lines
}

/// The Rust sources in a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    files_of(folder, &["rs"])
}

/// Folders that tools have put there.
const MADE_BY_TOOLS: [&str; 3] = ["target", "node_modules", ".git"];

/// The files in a folder that are of one of these kinds (see [`kind`]), without what tools have put there.
fn files_of(folder: &Path, kinds: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() && !MADE_BY_TOOLS.iter().any(|made| name == *made) {
            files.extend(files_of(&path, kinds));
        } else if path.is_file() && kinds.contains(&kind(&path)) {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The extension of a file's name, or all of a name without one.
fn kind(path: &Path) -> &str {
    let kind = path.extension().or(path.file_name());
    kind.and_then(OsStr::to_str).unwrap_or_default()
}

/// Fails with all lines that break a rule.
#[track_caller]
fn assert_none(broken: &[String], rule: &str) {
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

#[test]
fn every_part_is_known_here() {
    for line in code() {
        let outside = OUTSIDE.iter().any(|(part, ..)| *part == line.part());
        assert!(
            line.is_of_the_library() || outside,
            "{}: say what it may import",
            line.file
        );
    }
}

#[test]
fn the_library_imports_in_one_direction() {
    let mut broken = Vec::new();
    let mut edges = 0;
    for line in code()
        .iter()
        .filter(|line| line.is_of_the_library() && line.part() != "lib")
    {
        let (part, allowed, meaning) = MAY_IMPORT.iter().find(|(part, ..)| *part == line.part()).unwrap();
        for import in line.imports() {
            // Names that are not in `lib.rs` belong to other crates, or are items of the file itself.
            if MAY_IMPORT.iter().any(|(known, ..)| *known == import) && import != *part {
                edges += 1;
                if !allowed.contains(&import) {
                    broken.push(format!("{line}\n    `{part}` ({meaning}) must not know `{import}`"));
                }
            }
        }
    }
    assert!(edges > 20, "{edges} imports found: they are read");
    assert_none(&broken, "imports against the direction");
}

/// The floor of each part, from the picture in `docs/architecture.md`: each line has a number, and parts with two
/// spaces between them.
fn floors() -> BTreeMap<String, usize> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md");
    let page = fs::read_to_string(page).unwrap();
    let picture = page.split("```\n").nth(1).unwrap();
    let mut floors = BTreeMap::new();
    for line in picture.lines() {
        let (floor, rest) = line.split_once("   ").unwrap();
        let parts = rest.split("    ").next().unwrap();
        for part in parts.split_whitespace() {
            floors.insert(part.to_owned(), floor.parse().unwrap());
        }
    }
    floors
}

#[test]
fn the_picture_shows_every_part_and_imports_go_down_in_it() {
    let floors = floors();
    let allowed = MAY_IMPORT.iter().chain(OUTSIDE);
    let parts: BTreeSet<&str> = allowed.clone().map(|(part, ..)| *part).collect();
    let shown: BTreeSet<&str> = floors.keys().map(String::as_str).collect();
    assert_eq!(
        shown, parts,
        "the picture and the tables of this test name the same parts"
    );
    for (part, imports, _) in allowed {
        for import in *imports {
            assert!(
                floors[*import] < floors[*part],
                "`{part}` may import `{import}`, which is not below it"
            );
        }
    }
    let lowest_outside = OUTSIDE.iter().map(|(part, ..)| floors[*part]).min();
    let highest_inside = MAY_IMPORT.iter().map(|(part, ..)| floors[*part]).max();
    assert!(
        highest_inside < lowest_outside,
        "the library is below the parts that use it"
    );
}

#[test]
fn the_files_that_the_map_names_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/architecture.md")).unwrap();
    let mut named = 0;
    let mut missing = Vec::new();
    let mut folder = "";
    for name in page.split('`').skip(1).step_by(2) {
        let is_file = [".rs", ".js", "/"].iter().any(|end| name.ends_with(end)) && !name.starts_with('/');
        if !is_file {
            continue;
        }
        // A name without a folder is in the same folder as the one before it.
        let (parent, file) = name.rsplit_once('/').unwrap_or((folder, name));
        let path = Path::new(parent).join(file);
        if !root.join("src").join(&path).exists() && !root.join(&path).exists() {
            // Files directly in `src/` have no folder either.
            if !root.join("src").join(name).exists() {
                missing.push(name.to_owned());
            }
        }
        folder = parent;
        named += 1;
    }
    assert!(named > 30, "{named} names are found");
    assert_none(&missing, "these files do not exist");
}

#[test]
fn the_map_names_every_folder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/architecture.md")).unwrap();
    let entries = fs::read_dir(root).unwrap().map(Result::unwrap);
    let folders = entries
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name());
    let names = folders.map(|name| name.to_str().unwrap().to_owned());
    let unnamed: Vec<_> = names
        .filter(|name| !name.starts_with('.') && !MADE_BY_TOOLS.contains(&name.as_str()))
        .filter(|name| !page.contains(&format!("`{name}/`")))
        .collect();
    assert_none(&unnamed, "folders that docs/architecture.md does not name");
}

/// The folders of the packages that a package uses, apart from its tests, by the `path` in its `Cargo.toml`.
fn dependencies(folder: &Path, manifest: &str) -> Vec<PathBuf> {
    let mut is_of_program = false;
    let mut found = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_of_program = line.ends_with("dependencies]") && !line.contains("dev-dependencies");
        } else if let Some((_, path)) = line.split_once("path = \"").filter(|_| is_of_program) {
            let mut resolved = folder.to_path_buf();
            for part in path.split('"').next().unwrap_or_default().split('/') {
                match part {
                    ".." => assert!(resolved.pop(), "{line}"),
                    part => resolved.push(part),
                }
            }
            found.push(resolved);
        }
    }
    found
}

#[test]
fn packages_use_each_other_in_one_direction() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifests = all_sources(&["toml"])
        .into_iter()
        .filter(|(path, _)| path.ends_with("Cargo.toml"));
    let mut broken = Vec::new();
    let mut edges = 0;
    for (path, text) in manifests {
        let folder = path.parent().unwrap().strip_prefix(root).unwrap();
        let of_package = |name: &str| Path::new(name) == folder;
        let of_parent = |name: &str| !name.is_empty() && folder.parent() == Some(Path::new(name));
        let known = |is: &dyn Fn(&str) -> bool| MAY_DEPEND_ON.iter().find(|(name, _)| is(name));
        let Some((_, allowed)) = known(&of_package).or_else(|| known(&of_parent)) else {
            panic!("{}: say what it may use", path.display());
        };
        for used in dependencies(folder, &text) {
            edges += 1;
            if !allowed.iter().any(|allowed| Path::new(allowed) == used) {
                broken.push(format!("`{}` must not use `{}`", folder.display(), used.display()));
            }
        }
    }
    assert!(edges > 10, "{edges} dependencies found: they are read");
    assert_none(&broken, "dependencies against the direction");
}

#[test]
fn the_library_does_not_know_the_shell() {
    let mut broken = Vec::new();
    for line in code().iter().filter(|line| line.is_of_the_library()) {
        for outside in ["io", "shell", "stages", "start", "main"] {
            if line.imports().contains(&outside) || line.code.contains(&format!("mod {outside};")) {
                broken.push(line.to_string());
            }
        }
    }
    assert_none(&broken, "the library names something outside");
}

#[test]
fn the_shell_does_not_know_who_starts_it() {
    let mut broken = Vec::new();
    for line in code().iter().filter(|line| !line.is_of_the_library()) {
        let (part, allowed, _) = OUTSIDE.iter().find(|(part, ..)| *part == line.part()).unwrap();
        for import in line.imports() {
            let is_outside = OUTSIDE.iter().any(|(known, ..)| *known == import);
            if is_outside && import != *part && !allowed.contains(&import) {
                broken.push(line.to_string());
            }
        }
    }
    assert_none(&broken, "imports against the direction");
}

#[test]
fn the_host_is_named_only_in_the_shell() {
    let is_allowed = |line: &Line| MAY_NAME_WASI.iter().any(|(place, _)| line.file.starts_with(place));
    let names_host = |line: &&Line| ["wasi::", "wasip2::"].iter().any(|host| line.code.contains(host));
    for code in [code(), code_in("checker/src", "")] {
        assert!(code.iter().any(|line| names_host(&line)), "the host is named");
        let outside = code.iter().filter(names_host).filter(|line| !is_allowed(line));
        let broken: Vec<_> = outside.map(Line::to_string).collect();
        assert_none(&broken, "the host's bindings outside the shell");
    }
}

#[test]
fn the_library_has_no_io() {
    let is_impure = |line: &&Line| line.is_of_the_library() && IMPURE.iter().any(|word| line.code.contains(word));
    let broken: Vec<_> = code().iter().filter(is_impure).map(Line::to_string).collect();
    assert_none(&broken, "bytes, a tree and the time are arguments");
}

#[test]
fn nothing_outside_the_tests_reaches_a_panic() {
    // `main.rs` prints a message if it is run outside of a runtime.
    let reaches = |line: &&Line| line.file != "main.rs" && PANICS.iter().any(|word| line.code.contains(word));
    let broken: Vec<_> = code().iter().filter(reaches).map(Line::to_string).collect();
    assert_none(&broken, "a panic would end every connection");
}

#[test]
fn files_are_opened_only_for_reading() {
    // The host's `--dir` cannot be read-only, and `open-at` could write. This test makes sure that it does not.
    let is_write = |line: &&Line| !line.is_of_the_library() && WRITES.iter().any(|word| line.code.contains(word));
    let broken: Vec<_> = code().iter().filter(is_write).map(Line::to_string).collect();
    assert_none(&broken, "a flag to write with");
}

#[test]
fn every_module_says_what_it_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let silent: Vec<_> = SOURCES
        .iter()
        .flat_map(|(folder, _)| files(&root.join(folder)))
        .filter(|path| !fs::read_to_string(path).unwrap().starts_with("//! "))
        .map(|path| path.display().to_string())
        .collect();
    assert_none(&silent, "a module without its `//!`");
}

/// All files of the repository that are of one of these kinds, with their texts.
fn all_sources(kinds: &[&str]) -> Vec<(PathBuf, String)> {
    files_of(Path::new(env!("CARGO_MANIFEST_DIR")), kinds)
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path, text)
        })
        .collect()
}

/// How a line of a comment begins in each kind of file.
#[rustfmt::skip]
const COMMENTS: &[(&[&str], &[&str])] = &[
    (&["rs", "wit"], &["//"]),
    (&["js", "mjs", "css"], &["//", "/*", "* "]),
    (&["py"], &["# ", "#:", "\"\"\""]),
    (&["toml", "yml", "yaml", "conf", "sh", "Caddyfile"], &["#"]),
];

#[test]
fn no_comment_is_wider_than_120_columns() {
    let mut wide = Vec::new();
    for (kinds, beginnings) in COMMENTS {
        let sources = all_sources(kinds);
        assert!(!sources.is_empty(), "{kinds:?}: files are found");
        for (path, text) in sources {
            let is_comment = |line: &str| beginnings.iter().any(|begins| line.trim_start().starts_with(begins));
            let is_wide = |line: &str| is_comment(line) && line.chars().count() > 120;
            let lines = text.lines().enumerate().filter(|(_, line)| is_wide(line));
            wide.extend(lines.map(|(index, _)| format!("{}:{}", path.display(), index + 1)));
        }
    }
    assert_none(&wide, "a comment has at most 120 columns");
}

#[test]
fn files_of_unit_tests_are_named_after_their_module() {
    let sources = all_sources(&["rs"]);
    let names = sources.iter().map(|(path, _)| path.display().to_string());
    let (named, unnamed): (Vec<_>, Vec<_>) = names
        .filter(|name| name.ends_with("tests.rs"))
        .partition(|name| name.ends_with("_tests.rs"));
    assert!(!named.is_empty(), "files of tests are found");
    assert_none(&unnamed, "the tests of the module `NAME` are in `NAME_tests.rs`");
}

#[test]
fn imports_are_one_block_which_rustfmt_sorts() {
    let ends_import = |line: &str| (line.starts_with("use ") && line.ends_with(';')) || line == "};";
    let mut divided = Vec::new();
    for (path, text) in all_sources(&["rs"]) {
        let lines: Vec<_> = text.lines().collect();
        let is_gap = |three: &[&str]| ends_import(three[0]) && three[1].is_empty() && three[2].starts_with("use ");
        if lines.windows(3).any(is_gap) {
            divided.push(path.display().to_string());
        }
    }
    assert_none(&divided, "an empty line between two imports");
}
