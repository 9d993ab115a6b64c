//! `cargo xtask compress FOLDER`: brings the compressed siblings of a folder's files up to date: `page.html.br`,
//! `page.html.zst`, `page.html.gz`, which the server sends to clients that accept them.
//!
//! | a file | its siblings |
//! |---|---|
//! | of a compressible media type, of 1 KiB or more | are made, or made again if content or time do not match |
//! | that would not be smaller by a tenth | are removed |
//! | of another type, or smaller | stay as they are, because this program did not make them |
//!
//! A sibling whose file is missing stays too, and is listed: `data.csv.gz` may be a download.

mod coding;

use anyhow::{Context, Result, bail, ensure};
use coding::{ALL, Coding};
use std::env;
use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use xtask::say;

/// The minimum size of a file, in bytes. A smaller one fits into the packet with the response's head.
const LEAST: usize = 1024;

fn main() -> ExitCode {
    xtask::exit_code(run().map(|()| ExitCode::SUCCESS))
}

fn run() -> Result<()> {
    let mut arguments = env::args_os().skip(1);
    let (Some(folder), None) = (arguments.next(), arguments.next()) else {
        bail!("name one folder: cargo xtask compress www");
    };
    let folder = PathBuf::from(folder);
    ensure!(folder.is_dir(), "no folder {}", folder.display());
    let summary = compress(&folder)?;
    say(format_args!(
        "{} made, {} up to date, {} removed",
        summary.made, summary.up_to_date, summary.removed
    ));
    Ok(())
}

/// What was done with the siblings.
#[derive(Debug, Default, PartialEq, Eq)]
struct Summary {
    made: usize,
    up_to_date: usize,
    removed: usize,
}

fn compress(folder: &Path) -> Result<Summary> {
    let mut files = Vec::new();
    list(folder, &mut files)?;
    files.sort();
    let mut summary = Summary::default();
    for file in files {
        if let Some(original) = original(&file) {
            if !original.is_file() {
                say(format_args!("{}: its file is gone; left alone", file.display()));
            }
            continue;
        }
        let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        if content.len() < LEAST || !compresses(&file) {
            continue;
        }
        for coding in &ALL {
            bring_up_to_date(&file, &content, coding, &mut summary)
                .with_context(|| format!("{}: the sibling in {}", file.display(), coding.name))?;
        }
    }
    Ok(summary)
}

fn bring_up_to_date(file: &Path, content: &[u8], coding: &Coding, summary: &mut Summary) -> Result<()> {
    let sibling = coding.sibling(file);
    let modified = fs::metadata(file)?.modified()?;
    // The server ignores a sibling that is older than its file. The content is compared too, because a tool that copies
    // a folder may have changed all times.
    if let Ok(about) = fs::metadata(&sibling) {
        let is_in_time = about.modified()? >= modified;
        if is_in_time && (coding.decode)(&fs::read(&sibling)?).is_ok_and(|decoded| decoded == content) {
            summary.up_to_date += 1;
            return Ok(());
        }
    }
    let encoded = (coding.encode)(content)?;
    if encoded.len() > content.len() / 10 * 9 {
        if sibling.exists() {
            fs::remove_file(&sibling)?;
            summary.removed += 1;
            say(format_args!("removed {}", sibling.display()));
        }
        return Ok(());
    }
    // Written to another name first, so that a running server finds either the old or the new one.
    let aside = PathBuf::from(format!("{}.new", sibling.display()));
    fs::write(&aside, &encoded)?;
    File::options()
        .write(true)
        .open(&aside)?
        .set_times(FileTimes::new().set_modified(modified))?;
    fs::rename(&aside, &sibling)?;
    summary.made += 1;
    say(format_args!(
        "{}  {} -> {} bytes",
        sibling.display(),
        content.len(),
        encoded.len()
    ));
    Ok(())
}

/// The file whose compressed sibling this one would be, by its name.
fn original(file: &Path) -> Option<PathBuf> {
    let extension = file.extension()?.to_str()?;
    ALL.iter()
        .any(|coding| coding.extension == extension)
        .then(|| file.with_extension(""))
}

/// Whether files of this type get smaller: text, and uncompressed formats.
fn compresses(file: &Path) -> bool {
    let Some(media_type) = mime_guess::from_path(file).first() else {
        return false;
    };
    let subtype = media_type.subtype().as_str();
    media_type.type_() == mime_guess::mime::TEXT
        || media_type
            .suffix()
            .is_some_and(|suffix| suffix == "xml" || suffix == "json")
        || matches!(
            (media_type.type_().as_str(), subtype),
            ("application", "javascript" | "json" | "xml" | "wasm" | "rtf")
                | ("font", "ttf" | "otf")
                | ("image", "bmp" | "x-icon")
        )
}

/// Adds all files below a folder, except hidden ones, whose names begin with a dot.
fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            list(&entry.path(), files)?;
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, SystemTime};
    use tempfile::TempDir;

    fn page() -> String {
        "<p>The same again and again.</p>\n".repeat(100)
    }

    fn folder(files: &[(&str, &[u8])]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        folder
    }

    fn names(folder: &TempDir) -> Vec<String> {
        let mut files = Vec::new();
        list(folder.path(), &mut files).unwrap();
        let mut names: Vec<_> = files
            .iter()
            .map(|file| {
                file.strip_prefix(folder.path())
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/")
            })
            .collect();
        names.sort();
        names
    }

    fn summary(made: usize, up_to_date: usize, removed: usize) -> Summary {
        Summary {
            made,
            up_to_date,
            removed,
        }
    }

    /// Bytes without a pattern, which cannot be compressed.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 1_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        (0..length).map(|_| next()).collect()
    }

    #[test]
    fn files_of_kinds_that_compress_get_siblings_of_their_content_and_time() {
        let page = page();
        let folder = folder(&[
            ("a/page.html", page.as_bytes()),
            ("small.css", b"p{}"),
            ("image.jpeg", page.as_bytes()),
            ("unknown.aula", page.as_bytes()),
            (".hidden.html", page.as_bytes()),
        ]);
        assert_eq!(compress(folder.path()).unwrap(), summary(3, 0, 0));
        let siblings = ["a/page.html", "a/page.html.br", "a/page.html.gz", "a/page.html.zst"];
        assert_eq!(
            names(&folder),
            [&siblings[..], &["image.jpeg", "small.css", "unknown.aula"]].concat()
        );
        let modified = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        let file = folder.path().join("a/page.html");
        for coding in &ALL {
            let sibling = coding.sibling(&file);
            assert_eq!(
                (coding.decode)(&fs::read(&sibling).unwrap()).unwrap(),
                page.as_bytes(),
                "{}",
                coding.name
            );
            assert_eq!(modified(&sibling), modified(&file), "{}", coding.name);
        }
        assert_eq!(compress(folder.path()).unwrap(), summary(0, 3, 0));
    }

    #[test]
    fn a_sibling_with_other_content_or_an_older_time_is_made_again() {
        let page = page();
        let folder = folder(&[("page.html", page.as_bytes())]);
        let file = folder.path().join("page.html");
        compress(folder.path()).unwrap();
        // Other content with the old time, as after a copy that keeps times.
        let modified = fs::metadata(&file).unwrap().modified().unwrap();
        let set = |path: &Path, time| {
            let times = FileTimes::new().set_modified(time);
            File::options()
                .write(true)
                .open(path)
                .unwrap()
                .set_times(times)
                .unwrap();
        };
        fs::write(&file, page.replace("same", "other")).unwrap();
        set(&file, modified);
        assert_eq!(compress(folder.path()).unwrap(), summary(3, 0, 0));
        set(&folder.path().join("page.html.br"), modified - Duration::from_secs(1));
        assert_eq!(compress(folder.path()).unwrap(), summary(1, 2, 0));
        fs::write(folder.path().join("page.html.gz"), "not gzip").unwrap();
        assert_eq!(compress(folder.path()).unwrap(), summary(1, 2, 0));
    }

    #[test]
    fn a_sibling_that_saves_nothing_is_removed() {
        let folder = folder(&[("noise.txt", &noise(4000)), ("noise.txt.gz", b"old")]);
        assert_eq!(compress(folder.path()).unwrap(), summary(0, 0, 1));
        assert_eq!(names(&folder), ["noise.txt"]);
    }

    #[test]
    fn a_sibling_whose_file_is_missing_stays() {
        let folder = folder(&[
            ("data.csv.gz", &noise(4000)),
            ("small.txt", b"1"),
            ("small.txt.br", b"?"),
        ]);
        assert_eq!(compress(folder.path()).unwrap(), Summary::default());
        assert_eq!(names(&folder), ["data.csv.gz", "small.txt", "small.txt.br"]);
    }

    #[test]
    fn a_file_with_a_future_time_gets_siblings_that_the_server_uses() {
        let folder = folder(&[("page.html", page().as_bytes())]);
        let file = folder.path().join("page.html");
        let future = SystemTime::now() + Duration::from_secs(3600);
        let times = FileTimes::new().set_modified(future);
        File::options()
            .write(true)
            .open(&file)
            .unwrap()
            .set_times(times)
            .unwrap();
        assert_eq!(compress(folder.path()).unwrap(), summary(3, 0, 0));
        assert_eq!(compress(folder.path()).unwrap(), summary(0, 3, 0));
    }
}
