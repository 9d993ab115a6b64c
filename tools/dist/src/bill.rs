//! The software bills of materials: the crates in a release, in the format CycloneDX, made by cargo-cyclonedx.

use crate::VERSION;
use anyhow::{Context, Result, ensure};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use xtask::root;

/// The version of cargo-cyclonedx that is installed, once, into the user's cache folder.
const TOOL: &str = "0.5.9";

/// The name of the tool's files. It writes one beside the Cargo.toml of each package of a workspace.
const NAME: &str = "aula-bill-of-materials";

/// A program with its own bill.
struct Billed {
    /// Its package's folder.
    folder: &'static str,
    /// The folder with the Cargo.toml of its workspace.
    workspace: &'static str,
    /// The target for which it is compiled. None is this machine.
    target: Option<&'static str>,
    /// The bill's name in the release.
    name: &'static str,
}

const BILLED: [Billed; 3] = [
    Billed {
        folder: ".",
        workspace: ".",
        target: Some("wasm32-wasip2"),
        name: "server",
    },
    Billed {
        folder: "checker",
        workspace: ".",
        target: Some("wasm32-wasip2"),
        name: "checker",
    },
    Billed {
        folder: "hosts/native",
        workspace: "hosts/native",
        target: None,
        name: "aula",
    },
];

/// The names of the files that [`write()`] creates.
pub(crate) fn names() -> impl Iterator<Item = String> {
    BILLED
        .iter()
        .map(|billed| format!("aula-{VERSION}-{}.cdx.json", billed.name))
}

/// Writes the bills into a folder. They list what is compiled into each program, without tests and tools.
pub(crate) fn write(folder: &Path) -> Result<()> {
    let tool = tool()?;
    for (billed, name) in BILLED.iter().zip(names()) {
        let mut make = Command::new(&tool);
        make.args(["cyclonedx", "--manifest-path"])
            .arg(root().join(billed.workspace).join("Cargo.toml"))
            .args(["--format", "json", "--spec-version", "1.5", "--no-build-deps"])
            .args(["--override-filename", NAME]);
        if let Some(target) = billed.target {
            make.args(["--target", target]);
        }
        // Otherwise the bill has a random number and the time, and differs each time.
        let output = make.env("SOURCE_DATE_EPOCH", "0").stdin(Stdio::null()).output()?;
        let written = root().join(billed.folder).join(format!("{NAME}.json"));
        let text = fs::read_to_string(&written);
        // Also after an error, no file stays among the sources.
        remove_all(root())?;
        ensure!(
            output.status.success(),
            "cargo cyclonedx has failed:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let text = text.with_context(|| format!("cargo cyclonedx wrote no {}", written.display()))?;
        // The bill names our own packages by their folders on this machine.
        let text = text.replace(&root().display().to_string(), "/aula");
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}

/// Removes what the tool has written below a folder.
fn remove_all(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("node_modules") && !path.ends_with(".git") {
            remove_all(&path)?;
        } else if path
            .file_name()
            .is_some_and(|name| name == format!("{NAME}.json").as_str())
        {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// The path of cargo-cyclonedx, which is built if it is missing.
fn tool() -> Result<PathBuf> {
    let folder = xtask::cache()?.join(format!("cargo-cyclonedx-{TOOL}"));
    let tool = folder
        .join("bin")
        .join(format!("cargo-cyclonedx{}", env::consts::EXE_SUFFIX));
    if !tool.is_file() {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["install", "cargo-cyclonedx", "--version", TOOL, "--locked", "--root"]);
        ensure!(
            cargo.arg(&folder).stdout(Stdio::null()).status()?.success(),
            "cargo-cyclonedx did not build"
        );
    }
    Ok(tool)
}
