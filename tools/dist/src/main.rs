//! `cargo xtask dist`: everything that a release has, in `target/dist/`.
//!
//! | command | what it does |
//! |---|---|
//! | `dist` | makes all files, and checks them |
//! | `dist --check` | checks the files of the last `dist`: names, sums, no path of this machine |
//! | `dist --try` | installs the wheel into a fresh virtual environment, and measures the time until it serves a page |
//! | `dist --image [FOLDER]` | makes a container image of the last `dist` and a folder (`www`), in `target/image/` |
//! | `dist --compare` | builds the components of the last commit in two folders, and compares their bytes |
//!
//! | module | what it does |
//! |---|---|
//! | `components` | builds the components without the machine's paths, and adds metadata to them |
//! | `archive` | packs folders |
//! | `bill` | the software bills of materials |
//! | `image` | the container image |
//! | `check` | what a release must have |
//! | `missing` | what is missing until it may be published |
//! | `trial` | the wheel, as users install it |
//!
//! The same commit and the same compiler make the same components, archives and wheel, whatever the machine. `aula`, a
//! native program, and the page, which npm's tools make, may differ.

mod archive;
mod bill;
mod check;
mod components;
mod image;
mod missing;
mod trial;

use anyhow::{Context, Result, bail, ensure};
use std::env;
use std::env::consts::{ARCH, EXE_SUFFIX, OS};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use xtask::root;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn main() -> ExitCode {
    xtask::exit_code(run())
}

fn run() -> Result<ExitCode> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let folder = xtask::target_dir()?.join("dist");
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => dist(&folder)?,
        ["--check"] => check::release(&folder, &names())?,
        ["--try"] => trial::wheel(&folder.join(wheel_name()))?,
        ["--image"] => image::make(&folder, &root().join("www"))?,
        ["--image", www] => image::make(&folder, Path::new(www))?,
        ["--compare"] => return components::compare(),
        _ => bail!("dist takes nothing, --check, --try, --image [FOLDER] or --compare"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes all files.
fn dist(folder: &Path) -> Result<()> {
    let target = xtask::target_dir()?;
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder)?;

    for component in components::build(root(), &target.join("dist-build"))? {
        let file = folder.join(component.file_name().context("a component has a name")?);
        fs::write(&file, components::describe(&component)?)?;
    }
    let inside = ["server.wasm", "checker.wasm"].map(|name| folder.join(name));
    let wheel = xtask::wheel_of(&inside, &target.join("dist-wheel"))?;
    fs::copy(wheel, folder.join(wheel_name())).context("the wheel has another name")?;
    archive::pack(&archive::entries(&root().join("wit"), "wit")?, &folder.join(wit_name()))?;
    bill::write(folder)?;
    let page = xtask::page(Some(target.join("dist-page")))?;
    archive::pack(&archive::entries(&page, "aula-page")?, &folder.join(page_name()))?;
    let program = native(folder, &[])?;
    fs::copy(program, folder.join(program_name()))?;
    check::write_sums(folder)?;
    check::release(folder, &names())?;
    if let Some(line) = missing::line()? {
        xtask::say(line);
    }
    println!("{}", folder.display());
    Ok(())
}

/// The files of a release, with the program for this machine, without `SHA256SUMS`.
fn names() -> Vec<String> {
    let mut names = ["server.wasm", "checker.wasm", "handler.wasm"]
        .map(str::to_owned)
        .to_vec();
    names.extend([wheel_name(), wit_name(), page_name(), program_name()]);
    names.extend(bill::names());
    names
}

fn wheel_name() -> String {
    format!("aula_server-{VERSION}-py3-none-any.whl")
}

fn wit_name() -> String {
    format!("aula-{VERSION}-wit.tar.gz")
}

fn page_name() -> String {
    format!("aula-{VERSION}-page.tar.gz")
}

fn program_name() -> String {
    format!("aula-{VERSION}-{ARCH}-{OS}{EXE_SUFFIX}")
}

/// Builds our own host with the components of this release inside, and with these flags for the linker's step alone.
fn native(components: &Path, flags: &[&str]) -> Result<PathBuf> {
    let target = xtask::target_dir()?.join("dist-native");
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args([
        "rustc",
        "--profile",
        "dist",
        "--locked",
        "--bin",
        "aula",
        "--manifest-path",
    ]);
    cargo
        .arg(root().join("hosts/native/Cargo.toml"))
        .arg("--target-dir")
        .arg(&target);
    cargo.arg("--").args(flags).env("AULA_COMPONENTS", components);
    ensure!(cargo.status()?.success(), "aula did not compile: see above");
    Ok(target.join("dist").join(format!("aula{EXE_SUFFIX}")))
}
