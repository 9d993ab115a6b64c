//! The components of a release.

use crate::VERSION;
use crate::check::contains;
use crate::missing;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use wasm_metadata::{AddMetadata, AddMetadataField, Description, Licenses, Revision, Source, Version};
use xtask::{root, say};

/// What each component is, by its file's name.
const DESCRIPTIONS: [(&str, &str); 3] = [
    (
        "server",
        "A web server in one sandboxed component: accepts TCP through wasi:sockets, serves one folder",
    ),
    ("checker", "Checks a web server, and shows byte by byte what is wrong"),
    (
        "handler",
        "Aula's site as a wasi:http handler, for hosts that bring the sockets",
    ),
];

/// The folders in which [`compare()`] builds. No text of a component has these names. Their lengths differ, so that
/// a path in the bytes would move those after it.
const FOLDERS: [&str; 2] = ["compared-clone", "another-compared-clone"];

/// Builds all components of the checkout in `source`, in a separate target folder, and returns their paths.
pub(crate) fn build(source: &Path, target: &Path) -> Result<Vec<PathBuf>> {
    xtask::release_components(source, target)
}

/// The component in a file, with its name, version, licence, and what it was built from.
pub(crate) fn describe(component: &Path) -> Result<Vec<u8>> {
    let name = component
        .file_stem()
        .and_then(|name| name.to_str())
        .context("a component has a name")?;
    let description = DESCRIPTIONS.iter().find(|(known, _)| *known == name);
    let (_, description) = description.with_context(|| format!("nothing says what {name}.wasm is"))?;
    let mut metadata = AddMetadata::default();
    metadata.name = AddMetadataField::Set(format!("aula-{name}"));
    metadata.version = AddMetadataField::Set(Version::new(VERSION));
    metadata.description = AddMetadataField::Set(Description::new(*description));
    metadata.licenses = AddMetadataField::Set(Licenses::new(env!("CARGO_PKG_LICENSE"))?);
    metadata.revision = AddMetadataField::Set(Revision::new(revision()?));
    if let Some(repository) = missing::repository()? {
        metadata.source = AddMetadataField::Set(Source::new(&repository)?);
    }
    metadata.to_wasm(&fs::read(component)?)
}

/// The commit that is built.
fn revision() -> Result<String> {
    let mut git = Command::new("git");
    let output = git
        .current_dir(root())
        .args(["rev-parse", "HEAD"])
        .output()
        .context("cannot run git")?;
    ensure!(output.status.success(), "a release is built from a git checkout");
    Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
}

/// Clones the repository as it is committed into two folders, builds the components in each, and compares.
pub(crate) fn compare() -> Result<ExitCode> {
    let place = tempfile::tempdir_in(xtask::target_dir()?)?;
    let clones = FOLDERS.map(|name| place.path().join(name));
    // Both are cloned before the first build, which takes minutes, because there may be another commit meanwhile.
    for clone in &clones {
        let mut git = Command::new("git");
        git.args(["clone", "--quiet"]).arg(root()).arg(clone);
        ensure!(
            git.status().context("cannot run git")?.success(),
            "cannot clone the repository"
        );
    }
    let mut built = Vec::new();
    for clone in &clones {
        built.push(build(clone, &clone.join("target"))?);
    }
    let mut are_equal = true;
    for (one, other) in built[0].iter().zip(&built[1]) {
        let [one_bytes, other_bytes] = [fs::read(one)?, fs::read(other)?];
        let name = one.file_name().unwrap_or_default().to_string_lossy();
        let is_equal = one_bytes == other_bytes;
        let paths = FOLDERS.into_iter().chain([".cargo/registry"]);
        let has_path = paths.filter(|path| contains(&one_bytes, path)).collect::<Vec<_>>();
        say(format_args!(
            "{name}: {} bytes, {}{}",
            one_bytes.len(),
            if is_equal { "equal" } else { "NOT EQUAL" },
            if has_path.is_empty() {
                String::new()
            } else {
                format!(", but it names {has_path:?}")
            }
        ));
        are_equal &= is_equal && has_path.is_empty();
    }
    Ok(if are_equal {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_metadata::Payload;

    #[test]
    fn a_component_says_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        for (name, description) in DESCRIPTIONS {
            let file = folder.path().join(format!("{name}.wasm"));
            // The smallest component: nothing but its head.
            fs::write(&file, b"\0asm\x0d\0\x01\0").unwrap();
            let described = describe(&file).unwrap();
            let payload = Payload::from_binary(&described).unwrap();
            let metadata = payload.metadata();
            assert_eq!(metadata.name, Some(format!("aula-{name}")));
            for (field, value) in [
                (metadata.version.as_ref().map(ToString::to_string), VERSION.to_owned()),
                (
                    metadata.description.as_ref().map(ToString::to_string),
                    description.to_owned(),
                ),
                (
                    metadata.licenses.as_ref().map(ToString::to_string),
                    "MIT OR Apache-2.0".to_owned(),
                ),
                (metadata.revision.as_ref().map(ToString::to_string), revision().unwrap()),
            ] {
                assert_eq!(field, Some(value), "{name}");
            }
        }
        assert!(describe(&folder.path().join("other.wasm")).is_err());
    }
}
