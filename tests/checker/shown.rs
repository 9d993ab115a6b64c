//! What the guides show of the checker's output is what it prints, for the servers that they give.

use crate::checked::{Checked, check};
use crate::for_each;
use crate::site::Site;
use crate::student::Student;
use crate::support::pages::{Block, blocks, first_missing};
use std::path::PathBuf;

/// Has a program listen at a free port in place of its own, and print it.
const PRELUDE: &str = "\
import socket as network
bind, listen = network.socket.bind, network.socket.listen
def listen_and_tell(self, *arguments):
    listen(self, *arguments)
    print('port', self.getsockname()[1], flush=True)
network.socket.bind = lambda self, address: bind(self, ('127.0.0.1', 0))
network.socket.listen = listen_and_tell
";

/// A lab's sheet with a server of the kind that is handed in, and what mends it.
struct Sheet {
    pages: [&'static str; 2],
    address: &'static str,
    preset: &'static str,
    files: &'static [&'static str],
    /// In which folder of the repository the server is started.
    folder: &'static str,
    /// The lines of the server that the blocks of Python after it replace, from the one to the other.
    mended: &'static [[&'static str; 2]],
    /// What the lines begin with that another program prints.
    others: &'static [&'static str],
}

const SHEETS: &[Sheet] = &[
    Sheet {
        pages: ["docs/labs/kurose.md", "docs/es/kurose.md"],
        address: "127.0.0.1:13331",
        preset: "kurose",
        files: &["/HelloWorld.html"],
        folder: "www",
        mended: &[
            [".send(\"HTTP/1.1 200 OK", ".send(\"HTTP/1.1 200 OK"],
            [".send(\"404", ".send(\"404"],
        ],
        others: &[],
    },
    Sheet {
        pages: ["docs/labs/mininet.md", "docs/es/mininet.md"],
        address: "10.0.0.2:3000",
        preset: "mininet",
        files: &["/hello.html"],
        folder: ".",
        mended: &[[".send(b\"200 OK", ".send(b\"200 OK"]],
        others: &["h1: ", "lab: ", "    2", "    C", "    <", "    W", "    M"],
    },
    Sheet {
        pages: ["docs/labs/lab01.md", "docs/es/lab01.md"],
        address: "127.0.0.1:8080",
        preset: "lab01",
        files: &["/text/index.html", "/img/car.jpeg"],
        folder: ".",
        mended: &[[" = open(", ".send(b\"<h1>404"]],
        others: &[],
    },
];

#[test]
fn what_the_sheets_show_is_what_it_prints() {
    let runs: Vec<_> = SHEETS
        .iter()
        .flat_map(|sheet| {
            sheet
                .pages
                .into_iter()
                .zip(["en", "es"])
                .map(move |(page, lang)| (sheet, page, lang))
        })
        .collect();
    for_each(&runs, |(sheet, page, lang)| {
        let blocks = blocks(page);
        let is_server = |block: &&Block| block.language == "python" && block.text.contains(".listen(");
        let place = blocks.iter().position(|block| is_server(&block)).expect("a server");
        let server = blocks[place].text.clone();
        let mends = blocks[place..]
            .iter()
            .skip(1)
            .filter(|block| block.language == "python");
        let mended = sheet
            .mended
            .iter()
            .zip(mends)
            .fold(server.clone(), |server, (lines, mend)| {
                replaced(&server, lines, &mend.text)
            });
        let outputs = [server, mended].map(|server| printed(sheet, lang, &server));
        // What `get` prints is of another server.
        let shown = blocks[place..]
            .iter()
            .filter(|block| block.language.is_empty() && !block.text.starts_with("--- "));
        let wrong = shown.filter_map(|block| {
            let missing: Vec<_> = outputs
                .iter()
                .map(|output| first_missing(&block.text, output, sheet.others))
                .collect();
            let is_shown = missing.iter().any(Option::is_none);
            (!is_shown).then(|| format!("--- shown ---\n{}--- not printed ---\n{missing:#?}\n", block.text))
        });
        let wrong: Vec<_> = wrong.collect();
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(format!(
                "=== {page}\n{}--- printed ---\n{}",
                wrong.join("\n"),
                outputs.join("\n=====\n")
            ))
        }
    });
}

#[test]
fn what_the_readme_and_the_guide_show_is_what_it_prints() {
    let rows = [
        ("README.md", "en", "line-ends  [", "examined.py", "k24_lf_only"),
        ("docs/es/README.md", "es", "line-ends  [", "examined.py", "k24_lf_only"),
        ("docs/checker.md", "en", "head-end  [", "cases.py", "glued"),
        ("docs/es/comprobador.md", "es", "head-end  [", "cases.py", "glued"),
    ];
    for_each(&rows, |(page, lang, words, script, name)| {
        let site = Site::new();
        let student = Student::start_with(script, &[name], &site.folder()).expect("it starts");
        let options = ["--preset", "kurose", "--lang", lang];
        let checked = check(student.address(), &site.folder(), &["/HelloWorld.html"], &options);
        let output = at(&checked, &student, "127.0.0.1:13331");
        let blocks = blocks(page);
        let block = blocks.iter().find(|block| block.text.contains(words)).expect(words);
        match first_missing(&block.text, &output, &[]) {
            None => Ok(()),
            Some(line) => Err(format!("=== {page} shows {line:?}, and this is printed:\n{output}")),
        }
    });
}

/// What the checker prints about a server of a sheet.
fn printed(sheet: &Sheet, lang: &str, server: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let program: PathBuf = folder.path().join("my_server.py");
    std::fs::write(&program, format!("{PRELUDE}{server}")).unwrap();
    let served = xtask::root().join(sheet.folder);
    let student = Student::start_with(program.to_str().unwrap(), &[], &served).expect("it starts");
    let options = ["--preset", sheet.preset, "--lang", lang];
    let www = xtask::root().join("www");
    at(
        &check(student.address(), &www, sheet.files, &options),
        &student,
        sheet.address,
    )
}

/// The text, as if the server had been at this address.
fn at(checked: &Checked, student: &Student, address: &str) -> String {
    checked.text.replace(&student.address().to_string(), address)
}

/// The program with other lines in place of those from the one that contains `first` to the one that contains `last`.
fn replaced(program: &str, [first, last]: &[&str; 2], mend: &str) -> String {
    let lines: Vec<_> = program.lines().collect();
    let find = |words: &str| {
        lines
            .iter()
            .position(|line| line.contains(words))
            .expect("the line is there")
    };
    [&lines[..find(first)], &[mend.trim_end()], &lines[find(last) + 1..]]
        .concat()
        .join("\n")
}
