//! What is missing until the files of a `dist` may be published as a release. Nothing of it hinders trying them.

use crate::VERSION;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::env;
use std::fs;
use std::process::Command;
use xtask::root;

/// One line about it, or none if nothing is missing.
///
/// # Errors
/// Neither cargo nor git can be asked.
pub(crate) fn line() -> Result<Option<String>> {
    let changelog = fs::read_to_string(root().join("CHANGELOG.md"))?;
    let mut git = Command::new("git");
    git.args(["status", "--porcelain"]);
    let has_changes = !output(&mut git)?.trim().is_empty();
    let missing = missing(repository()?.as_deref(), &changelog, has_changes);
    Ok((!missing.is_empty()).then(|| format!("not a release yet: {}", missing.join("; "))))
}

/// The address of the repository, if Cargo.toml names one. It is the source in the components' metadata.
///
/// # Errors
/// cargo cannot be asked.
pub(crate) fn repository() -> Result<Option<String>> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&output(&mut cargo)?)?;
    let mut packages = metadata["packages"].as_array().into_iter().flatten();
    let aula = packages.find(|package| package["name"] == "aula");
    let repository = aula.context("no package aula")?["repository"].as_str();
    Ok(repository.map(str::to_owned))
}

fn missing(repository: Option<&str>, changelog: &str, has_changes: bool) -> Vec<String> {
    let heading = format!("## {VERSION}");
    let has_heading = changelog
        .lines()
        .any(|line| line == heading || line.starts_with(&format!("{heading} ")));
    [
        (repository.is_none()).then(|| "Cargo.toml names no `repository`, the source in the metadata".to_owned()),
        (!has_heading).then(|| format!("CHANGELOG.md has no heading `{heading}`")),
        has_changes.then(|| "there are changes after the commit in the metadata".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What a command prints, run in the root.
fn output(command: &mut Command) -> Result<String> {
    let output = command.current_dir(root()).output()?;
    ensure!(
        output.status.success(),
        "{command:?} failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_missing_thing_is_named() {
        let released = format!("# Changelog\n\n## Unreleased\n\n## {VERSION} (2026-12-01)\n");
        for (repository, changelog, has_changes, missing_words) in [
            (Some("https://a.example/"), released.as_str(), false, &[][..]),
            (None, &released, false, &["`repository`"]),
            (Some("https://a.example/"), "## Unreleased\n", false, &["CHANGELOG.md"]),
            (
                None,
                "## 0.1\n## 0.1.01\n",
                true,
                &["`repository`", "CHANGELOG.md", "changes after"],
            ),
        ] {
            let missing = missing(repository, changelog, has_changes);
            assert_eq!(missing.len(), missing_words.len(), "{missing:?}");
            for (line, words) in missing.iter().zip(missing_words) {
                assert!(line.contains(words), "{missing:?}");
            }
        }
    }

    #[test]
    fn the_version_is_the_same_everywhere() {
        for (file, line) in [
            ("hosts/native/Cargo.toml", format!("version = \"{VERSION}\"")),
            (
                "hosts/python/src/aula/__init__.py",
                format!("__version__ = \"{VERSION}\""),
            ),
            ("CITATION.cff", format!("version: {VERSION}")),
        ] {
            let text = fs::read_to_string(root().join(file)).unwrap();
            assert!(text.lines().any(|found| found == line), "{file} has no {line}");
        }
    }

    #[test]
    fn cargo_says_where_the_repository_is() {
        let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
        assert_eq!(repository().unwrap().is_some(), manifest.contains("\nrepository"));
    }
}
