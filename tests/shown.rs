//! What the READMEs and the pages show of the server is what it prints, and their figures are right.
//!
//! `tests/checker/shown.rs` is the same for the checker, and `cargo xtask bench --write` writes what it measures.

// What the library may not do, its tests may.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant, UNIX_EPOCH};
use support::links::symlink;
use support::pages::{blocks, first_missing, text};
use support::{PATIENCE, Server, Start};
use tempfile::TempDir;

/// The two READMEs.
const READMES: [&str; 2] = ["README.md", "docs/es/README.md"];

/// When the served files were last changed. Its nanoseconds take eight hexadecimal digits in an entity tag, which most
/// times do, so the heads have the usual length.
const MODIFIED: Duration = Duration::new(1_795_225_150, 460_999_728);

/// A request with a fault.
const REJECTED: &str = "GET / HTTP/1.1\r\nHost : x\r\nA: b\r\n\r\n";

/// What a page shows of a trace, and how it comes about.
struct Shown {
    page: &'static str,
    language: &'static str,
    /// Words that only this block has.
    words: &'static str,
    options: &'static [&'static str],
    /// What is sent, on a connection each.
    requests: &'static [&'static str],
}

const fn shown(
    page: &'static str,
    language: &'static str,
    words: &'static str,
    options: &'static [&'static str],
    requests: &'static [&'static str],
) -> Shown {
    Shown {
        page,
        language,
        words,
        options,
        requests,
    }
}

#[rustfmt::skip]
const TRACES: &[Shown] = &[
    shown("README.md", "en", ", connection 1, exchange 1 ", &["--trace"], &[REJECTED]),
    shown("docs/es/README.md", "es", ", conexión 1, intercambio 1 ", &["--trace"], &[REJECTED]),
    shown("docs/trace.md", "en", "GET /a/../text/?x=1 HTTP/1.1", &["--trace", "--max-connections", "10"], &[DOTS]),
    shown("docs/es/traza.md", "es", "GET /a/../text/?x=1 HTTP/1.1", &["--trace", "--max-connections", "10"], &[DOTS]),
    shown("docs/trace.md", "en", " c1.2 ", &["--trace=short"], THREE),
    shown("docs/es/traza.md", "es", " c1.2 ", &["--trace=short"], THREE),
    shown("docs/sandbox.md", "en", "etc/passwd  must", &["--trace"], &["GET /etc/passwd HTTP/1.0\r\n\r\n"]),
    shown("docs/es/sandbox.md", "es", "etc/passwd  no", &["--trace"], &["GET /etc/passwd HTTP/1.0\r\n\r\n"]),
];

/// A request for a folder, by a target with dots and a query.
const DOTS: &str = "GET /a/../text/?x=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";

/// Two requests on one connection, one in HTTP/1.0, and one with a fault.
const THREE: &[&str] = &[
    "GET /hello.html HTTP/1.1\r\nHost: a\r\n\r\nGET /style.css HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "GET /hello.html HTTP/1.0\r\n\r\n",
    REJECTED,
];

/// A copy of the files of the demo site that the pages request, and a link out of the folder.
fn site() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("text")).unwrap();
    for name in ["index.html", "hello.html", "style.css", "text/index.html"] {
        let copy = folder.path().join(name);
        fs::copy(xtask::root().join("www").join(name), &copy).unwrap();
        let file = File::options().write(true).open(copy).unwrap();
        file.set_modified(UNIX_EPOCH + MODIFIED).unwrap();
    }
    symlink("/etc", folder.path().join("etc")).unwrap();
    folder
}

/// A line without what differs from run to run: times, dates, ports.
fn masked(line: &str) -> String {
    let is_time = |c: char| c.is_ascii_digit() || c == '.';
    // The line below `times:`.
    let trimmed = line.trim_start();
    if trimmed.starts_with("head ") || trimmed.starts_with("cabecera ") {
        return line.replace(is_time, "");
    }
    let mut line = line.to_owned();
    for before in ["+", "127.0.0.1:", "0.0.0.0:", "[::]:"] {
        line = without(&line, before, is_time);
    }
    line = without(&line, "- - [", |c| c != ']');
    // Most changes of the code change the component's size a little.
    line = without(&line, "memory minimum size of ", is_time);
    for name in ["Date", "Last-Modified", "ETag"] {
        line = without(&line, &format!("name: \"{name}\", value: \""), |c| c != '}');
    }
    match line.split_once(" ms") {
        Some((before, after)) => format!("{} ms{after}", before.trim_end_matches(is_time)),
        None => line,
    }
}

/// The line without the characters of a kind after each `before`.
fn without(line: &str, before: &str, is_left_out: impl Fn(char) -> bool) -> String {
    let mut parts = line.split(before);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |line, part| {
        line + before + part.trim_start_matches(&is_left_out)
    })
}

fn all_masked(text: &str) -> String {
    text.lines().map(|line| masked(line) + "\n").collect()
}

/// Waits until the server has printed all lines of this block, and fails if it does not.
#[track_caller]
fn assert_prints(server: &Server, page: &str, block: &str) {
    let start = Instant::now();
    loop {
        let said = server.said();
        let lines = said
            .lines()
            .map(|line| line.split_once(": ").map_or(line, |(_, line)| line));
        let printed: String = lines.map(|line| masked(line) + "\n").collect();
        let Some(missing) = first_missing(&all_masked(block), &printed, &[]) else {
            return;
        };
        assert!(
            start.elapsed() < PATIENCE,
            "{page} shows {missing:?}, and this is printed:\n{printed}"
        );
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn traces_are_shown_as_they_are_printed() {
    for trace in TRACES {
        let folder = site();
        let server = Start::with(trace.options)
            .options(&["--lang", trace.language])
            .folder(folder.path())
            .serve();
        for request in trace.requests {
            server.exchange(request);
        }
        let blocks = blocks(trace.page);
        let block = blocks.iter().find(|block| block.text.contains(trace.words));
        assert_prints(&server, trace.page, &block.expect(trace.words).text);
    }
}

#[test]
fn the_first_lines_of_the_server_are_shown_as_they_are_printed() {
    for (page, language) in READMES.into_iter().zip(["en", "es"]) {
        let blocks = blocks(page);
        let block = blocks
            .iter()
            .find(|block| block.text.contains("\"GET / HTTP/1.1\" 200"));
        let block = &block.expect("a line of the log").text;
        let client = block.trim_end().trim_end_matches('"').rsplit_once('"').unwrap().1;
        // At every address, as by default.
        let start = Start::bare().network().folder(&xtask::root().join("www"));
        let server = start.options(&["--port", "0", "--lang", language]).serve();
        server.exchange(format!(
            "GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: {client}\r\nConnection: close\r\n\r\n"
        ));
        assert_prints(&server, page, block);
    }
}

/// The words of a command. Single quotes are the only ones.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for (index, part) in command.split('\'').enumerate() {
        if index % 2 == 1 {
            words.last_mut().unwrap().push_str(part);
            continue;
        }
        let mut pieces = part.split(' ');
        words.last_mut().unwrap().push_str(pieces.next().unwrap_or_default());
        words.extend(pieces.map(str::to_owned));
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn commands_that_end_by_themselves_print_what_the_pages_show() {
    // It is where the commands expect it.
    xtask::component().unwrap();
    let wasmtime = xtask::wasmtime().unwrap();
    let mut compared = 0;
    for page in [
        "docs/stages.md",
        "docs/es/etapas.md",
        "docs/sandbox.md",
        "docs/es/sandbox.md",
    ] {
        for pair in blocks(page).windows(2) {
            let [command, output] = pair else { unreachable!() };
            let is_of_server = |line: &str| line.starts_with("wasmtime run ") && line.contains(" server.wasm");
            let serves = output.text.starts_with("Listening on ") || output.text.starts_with("Escuchando en ");
            if !output.follows || !output.language.is_empty() || serves || !command.text.lines().all(is_of_server) {
                continue;
            }
            let mut printed = String::new();
            for line in command.text.lines() {
                let mut run = Command::new(&wasmtime);
                let run = run.current_dir(xtask::root()).args(&words(line)[1..]).output().unwrap();
                for bytes in [run.stdout, run.stderr] {
                    printed += &all_masked(&String::from_utf8(bytes).unwrap());
                }
            }
            let missing = first_missing(&all_masked(&output.text), &printed, &[]);
            assert_eq!(missing, None, "{page} shows this, and this is printed:\n{printed}");
            compared += 1;
        }
    }
    assert!(compared >= 14, "{compared} blocks are found");
}

/// The number directly before these words in a text.
#[track_caller]
fn number(text: &str, after: &str) -> u64 {
    let before = text.split_once(after).unwrap_or_else(|| panic!("no {after:?}")).0;
    let digits = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    before[digits..]
        .parse()
        .unwrap_or_else(|_| panic!("no number before {after:?}"))
}

#[test]
fn the_sizes_are_right_and_both_readmes_have_the_same_figures() {
    let [english, spanish] = READMES.map(text);
    for (words, palabras) in [
        (" checks against any server", " comprobaciones a cualquier servidor"),
        (" lessons, twelve", " lecciones, doce"),
        (" requests are those of the server", " preguntas igual que el servidor"),
        (" s on two idle cores", " s en dos núcleos"),
        (" s until all tests", " s hasta que pasaron todas"),
        (" KiB, ", " KiB, "),
        (" of them for the inspector", " de ellos por el inspector"),
        (" KiB.\n", " KiB.\n"),
    ] {
        assert_eq!(number(&english, words), number(&spanish, palabras), "{words}");
    }
    let inspector = fs::read_dir(xtask::root().join("inspector")).unwrap();
    let inspector: u64 = inspector.map(|file| file.unwrap().metadata().unwrap().len()).sum();
    let size = |file: &Path| fs::metadata(file).unwrap().len();
    for (words, bytes) in [
        (" KiB, ", size(&xtask::component().unwrap())),
        (" of them for the inspector", inspector),
        (" KiB.\n", size(&xtask::checker().unwrap())),
    ] {
        let (shown, real) = (number(&english, words), bytes / 1024);
        // Most changes of the code change them a little.
        assert!(
            shown.abs_diff(real) * 33 <= real,
            "README.md says {shown} KiB{words}, and it is {real}"
        );
    }
}

/// The names of the options in the table of a README.
fn options(page: &str, heading: &str) -> BTreeSet<String> {
    let text = text(page);
    let section = text.split_once(heading).expect(heading).1;
    let section = section.split("\n## ").next().unwrap_or_default();
    let cells = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `--")?.split(" | ").next());
    cells
        .flat_map(|cell| format!("`--{cell}").split("`--").map(str::to_owned).collect::<Vec<_>>())
        .filter_map(|option| {
            let name = option.split(|c: char| !c.is_ascii_lowercase() && c != '-').next()?;
            (!name.is_empty()).then(|| format!("--{name}"))
        })
        .collect()
}

#[test]
fn the_options_in_the_readmes_are_those_of_the_help() {
    let [english, spanish] = [(READMES[0], "\n## Options"), (READMES[1], "\n## Opciones")];
    let named = options(english.0, english.1);
    assert!(named.len() > 20, "{named:?}");
    assert_eq!(named, options(spanish.0, spanish.1));
    let help = Start::bare().options(&["--help"]).output_within(PATIENCE);
    let help = String::from_utf8(help.stdout).unwrap();
    for option in named {
        let is_in_help = help.split_whitespace().any(|word| {
            let name = word.trim_end_matches([',', ';', '.']).split(['=', '[']).next();
            name == Some(option.as_str())
        });
        assert!(is_in_help, "{option} is not in\n{help}");
    }
}
