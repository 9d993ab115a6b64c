//! Checks a release: exactly the expected files, their sums, and no path of the machine on which it was made.

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use xtask::{root, say};

/// The file of the sums.
const SUMS: &str = "SHA256SUMS";

/// Writes `SHA256SUMS`, as `sha256sum --check` reads it.
pub(crate) fn write_sums(folder: &Path) -> Result<()> {
    let mut sums = String::new();
    for name in files(folder)?.into_iter().filter(|name| name != SUMS) {
        writeln!(sums, "{}  {name}", sum(&folder.join(&name))?)?;
    }
    fs::write(folder.join(SUMS), sums)?;
    Ok(())
}

/// Checks the files in a folder.
///
/// # Errors
/// A file is missing, unexpected, has another sum, or contains a path of this machine.
pub(crate) fn release(folder: &Path, names: &[String]) -> Result<()> {
    let mut expected: BTreeSet<_> = names.iter().cloned().collect();
    expected.insert(SUMS.to_owned());
    let found = files(folder)?;
    let missing: Vec<_> = expected.difference(&found).collect();
    let extra: Vec<_> = found.difference(&expected).collect();
    ensure!(
        missing.is_empty() && extra.is_empty(),
        "{}: missing {missing:?}, too much {extra:?}: make it with cargo xtask dist",
        folder.display()
    );
    let sums = fs::read_to_string(folder.join(SUMS))?;
    for name in names {
        let file = folder.join(name);
        let line = format!("{}  {name}", sum(&file)?);
        ensure!(
            sums.lines().any(|known| known == line),
            "{name}: {SUMS} does not have its sum"
        );
        let size = fs::metadata(&file)?.len();
        say(format_args!("{line}  {size} bytes"));
    }
    ensure!(sums.lines().count() == names.len(), "{SUMS} has other lines too");
    // A native program contains the paths of its sources, for its messages, so it is not checked.
    for name in names
        .iter()
        .filter(|name| name.ends_with(".wasm") || name.ends_with(".json"))
    {
        let bytes = fs::read(folder.join(name))?;
        for path in machine_paths() {
            ensure!(!contains(&bytes, &path), "{name} names {path}, a path of this machine");
        }
    }
    Ok(())
}

/// The folders of this machine whose names a build could include.
fn machine_paths() -> Vec<String> {
    let home = std::env::var("HOME").or_else(|_| std::env::var("USERPROFILE"));
    let mut paths = vec![
        root().display().to_string(),
        ".cargo/registry".to_owned(),
        ".rustup/".to_owned(),
    ];
    // A short path, such as `/`, is in every text.
    paths.extend(home.ok().filter(|home| home.len() > 4).map(|home| format!("{home}/")));
    paths
}

/// Whether these bytes contain this text.
pub(crate) fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// The names of the files in a folder.
fn files(folder: &Path) -> Result<BTreeSet<String>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("no {}: make it with cargo xtask dist", folder.display()))?;
    entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect()
}

fn sum(file: &Path) -> Result<String> {
    Ok(format!("{:x}", Sha256::digest(fs::read(file)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A change to a folder.
    type Change = fn(&Path);

    #[test]
    fn a_release_has_each_file_with_its_sum_and_nothing_else() {
        let names = ["a.wasm", "b.json", "c.whl"].map(str::to_owned);
        let cases: [(Change, Option<&str>); 7] = [
            (|_| (), None),
            (
                |folder| fs::remove_file(folder.join("c.whl")).unwrap(),
                Some("missing [\"c.whl\"]"),
            ),
            (
                |folder| fs::write(folder.join("d"), "").unwrap(),
                Some("too much [\"d\"]"),
            ),
            (
                |folder| fs::write(folder.join("c.whl"), "other").unwrap(),
                Some("c.whl: SHA256SUMS"),
            ),
            (
                |folder| fs::remove_file(folder.join(SUMS)).unwrap(),
                Some("missing [\"SHA256SUMS\"]"),
            ),
            (
                |folder| {
                    fs::write(folder.join("b.json"), root().join("src").to_str().unwrap()).unwrap();
                    write_sums(folder).unwrap();
                },
                Some("b.json names "),
            ),
            (
                |folder| {
                    let sums = fs::read_to_string(folder.join(SUMS)).unwrap();
                    fs::write(folder.join(SUMS), format!("{sums}0  e\n")).unwrap();
                },
                Some("has other lines"),
            ),
        ];
        for (number, (change, error)) in cases.into_iter().enumerate() {
            let folder = tempfile::tempdir().unwrap();
            for name in &names {
                fs::write(folder.path().join(name), name).unwrap();
            }
            write_sums(folder.path()).unwrap();
            change(folder.path());
            let said = release(folder.path(), &names).err().map(|error| error.to_string());
            match (&said, error) {
                (None, None) => (),
                (Some(said), Some(error)) => assert!(said.contains(error), "{number}: {said}"),
                _ => panic!("{number}: {said:?}"),
            }
        }
    }

    #[test]
    fn the_sums_are_those_of_sha256sum() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("b"), "abc").unwrap();
        fs::write(folder.path().join("a"), "").unwrap();
        write_sums(folder.path()).unwrap();
        assert_eq!(
            fs::read_to_string(folder.path().join(SUMS)).unwrap(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a\n\
             ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b\n"
        );
    }
}
