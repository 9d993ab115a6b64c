//! The files that the tested servers serve.

use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// The files that the checker gets, page first: a page in ASCII, a binary file, a page in UTF-8 whose name is not
/// ASCII, and a file that is neither text nor an image.
pub const FILES: [&str; 4] = ["/hello.html", "/img/logo.png", "/año nuevo.html", "/notes.pdf"];

/// A folder to serve, and beside it a secret file. Both are removed when this is dropped.
pub struct Site(TempDir);

impl Site {
    /// Creates [`FILES`] and the pages of the labs.
    pub fn new() -> Self {
        let site = Self(tempfile::tempdir().expect("there is room for a folder"));
        let hello = "<!DOCTYPE html>\n<title>Hello</title>\n<h1>Hello, world</h1>\n";
        let new_year = "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<h1>¡Feliz año nuevo!</h1>\n";
        // Not UTF-8, except for the name at the end, and with both line terminators, which text mode changes.
        let noise: Vec<u8> = (0..=255).collect();
        let logo = [b"\x89PNG\r\n\x1a\n", noise.as_slice(), "por Ana Núñez".as_bytes()].concat();
        let notes = [b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".as_slice(), &noise].concat();
        for folder in ["img", "text"] {
            fs::create_dir_all(site.folder().join(folder)).unwrap();
        }
        for (name, content) in [
            ("index.html", hello.as_bytes()),
            ("hello.html", hello.as_bytes()),
            ("HelloWorld.html", hello.as_bytes()),
            ("helloworld.html", hello.as_bytes()),
            ("text/index.html", hello.as_bytes()),
            ("img/logo.png", &logo),
            ("año nuevo.html", new_year.as_bytes()),
            ("notes.pdf", &notes),
            ("../secret.txt", b"The answers of the exam.\n"),
        ] {
            fs::write(site.folder().join(name), content).unwrap();
        }
        site
    }

    /// The same, but the pages of the labs are longer than one read, and have accents.
    pub fn with_a_long_page() -> Self {
        let site = Self::new();
        let line = "<p>A line of a page that is a little longer.</p>\n";
        let page = format!(
            "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<h1>¡Hola, mundo!</h1>\n{}",
            line.repeat(32)
        );
        // No page has another's name in small letters.
        fs::remove_file(site.folder().join("helloworld.html")).unwrap();
        for name in ["HelloWorld.html", "hello.html", "text/index.html"] {
            fs::write(site.folder().join(name), &page).unwrap();
        }
        site
    }

    /// The folder to serve.
    pub fn folder(&self) -> PathBuf {
        self.0.path().join("www")
    }
}
