//! `cargo xtask build`: compiles the server and the checker, and leaves them in the root as `server.wasm` and
//! `checker.wasm`; and the handler, `handler.wasm`.

use crate::process::{builds, cargo, lock, target_dir};
use crate::root;
use anyhow::{Context, Result, ensure};
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{self, Command};

/// The target that makes a component, on WASI 0.2.
const TARGET: &str = "wasm32-wasip2";

/// A component that this repository makes.
struct Program {
    /// The package of the binary.
    package: &'static str,
    /// The name of the binary.
    bin: &'static str,
}

const SERVER: Program = Program {
    package: "aula",
    bin: "server",
};

const CHECKER: Program = Program {
    package: "aula-checker",
    bin: "checker",
};

const HANDLER: Program = Program {
    package: "aula",
    bin: "handler",
};

impl Program {
    /// The name of the component's file.
    fn file(&self) -> String {
        format!("{}.wasm", self.bin)
    }
}

/// Brings `server.wasm` up to date and returns its absolute path. Prints nothing if there is nothing to do.
///
/// Any number of processes may call it at once. Each call asks cargo: one per process is enough.
///
/// # Errors
/// The target cannot be added, or the server does not compile (cargo has printed the reason on stderr).
pub fn component() -> Result<PathBuf> {
    single(SERVER)
}

/// Brings `checker.wasm` up to date and returns its absolute path, as [`component`] does for the server.
///
/// # Errors
/// The same as for [`component`].
pub fn checker() -> Result<PathBuf> {
    single(CHECKER)
}

/// Brings `handler.wasm` up to date and returns its absolute path, as [`component`] does for the server.
///
/// # Errors
/// The same as for [`component`].
pub fn handler() -> Result<PathBuf> {
    single(HANDLER)
}

/// Brings all three up to date. The last step of each takes one core, so this is faster than one after the other.
///
/// # Errors
/// The same as for [`component`].
pub fn components() -> Result<()> {
    bring_up_to_date(&[SERVER, CHECKER, HANDLER])
}

fn single(program: Program) -> Result<PathBuf> {
    let file = root().join(program.file());
    bring_up_to_date(&[program])?;
    Ok(file)
}

fn bring_up_to_date(programs: &[Program]) -> Result<()> {
    let target_dir = target_dir()?;
    // Two processes must not add the target, or write a file, at once. One lock for all programs: two cargos would wait
    // for each other anyway.
    let _lock = lock(&target_dir, "server.wasm.lock").context("cannot lock the target folder")?;
    add_target()?;
    build(programs, root(), &target_dir, &[])?;
    for file in programs.iter().map(Program::file) {
        let built = target_dir.join(TARGET).join("release").join(&file);
        replace(&root().join(&file), &built).with_context(|| format!("cannot write {file}"))?;
    }
    Ok(())
}

/// Adds the standard library of the target to the toolchain in use, if it is missing: with `RUSTUP_AUTO_INSTALL=0`,
/// `rust-toolchain.toml` is not enough.
fn add_target() -> Result<()> {
    let rustc = Command::new("rustc")
        .current_dir(root())
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .context("cannot run rustc")?;
    // This prints the folder of the library, whether or not it exists.
    if Path::new(String::from_utf8_lossy(&rustc.stdout).trim()).is_dir() {
        return Ok(());
    }
    let mut rustup = Command::new("rustup");
    let added = rustup.current_dir(root()).args(["target", "add", TARGET]).status();
    ensure!(
        added.is_ok_and(|status| status.success()),
        "this Rust has no target {TARGET}: run `rustup target add {TARGET}` with a network \
         (without rustup: install your system's package of that target)"
    );
    Ok(())
}

/// Builds all components of the checkout in `source` for a release, in a separate target folder, and returns their
/// paths. They contain no path of this machine: the same sources and the same compiler give the same bytes.
///
/// # Errors
/// The same as for [`component`].
pub fn release_components(source: &Path, target_dir: &Path) -> Result<Vec<PathBuf>> {
    let printed = |program: &str, arguments: &[&str]| -> Result<String> {
        let output = Command::new(program).current_dir(source).args(arguments).output();
        let output = output.with_context(|| format!("cannot run {program}"))?;
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    };
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| Some(dirs::home_dir()?.join(".cargo")));
    let cargo_home = cargo_home.context("no home folder")?;
    let standard_library = Path::new(&printed("rustc", &["--print", "sysroot"])?).join("lib/rustlib/src/rust");
    let version = printed("rustc", &["-vV"])?;
    let commit = version
        .lines()
        .find_map(|line| line.strip_prefix("commit-hash: "))
        .unwrap_or("unknown");
    let names = [
        (source.to_owned(), "/aula".to_owned()),
        (cargo_home, "/cargo".to_owned()),
        // The compiler puts the paths of its own sources into them only if the component `rust-src` is installed.
        (standard_library, format!("/rustc/{commit}")),
    ];
    let names: Vec<_> = names
        .map(|(path, name)| format!("--remap-path-prefix={}={name}", path.display()))
        .into();
    add_target()?;
    let programs = [SERVER, CHECKER, HANDLER];
    build(&programs, source, target_dir, &names)?;
    let folder = target_dir.join(TARGET).join("release");
    Ok(programs.map(|program| folder.join(program.file())).into())
}

/// Compiles programs of the checkout in `source`, with these flags for the compiler, or with the user's own.
fn build(programs: &[Program], source: &Path, target_dir: &Path, flags: &[String]) -> Result<()> {
    let mut cargo = cargo();
    cargo
        .current_dir(source)
        .args(["build", "--release", "--target", TARGET]);
    for program in programs {
        cargo.args(["--package", program.package, "--bin", program.bin]);
    }
    cargo.arg("--target-dir").arg(target_dir);
    if !flags.is_empty() {
        // The separator is the one of cargo's documentation, because a path may have blanks.
        cargo
            .arg("--locked")
            .env_remove("RUSTFLAGS")
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    }
    let files = programs.iter().map(Program::file).collect::<Vec<_>>().join(", ");
    let what = format!("{files} (the first time, two cores take about a minute for each)");
    ensure!(builds(cargo, &what)?, "{files} did not compile: see above");
    Ok(())
}

/// Makes `to` a copy of `from` in one step: a reader finds the old file or the new one. An equal
/// file stays untouched.
fn replace(to: &Path, from: &Path) -> io::Result<()> {
    let content = fs::read(from)?;
    if fs::read(to).is_ok_and(|old| old == content) {
        return Ok(());
    }
    // The name has the id of the process, because the lock belongs to the target folder, and there may be several of
    // those.
    let aside = to.with_extension(format!("wasm.{}", process::id()));
    fs::write(&aside, content)?;
    fs::rename(aside, to)
}
