//! Provides `server.wasm` and `checker.wasm`, which become part of the program.
//!
//! If `AULA_COMPONENTS` is set, they are taken from the folder that it names, because `cargo xtask` or a packager has
//! built them already. Otherwise a second cargo builds them in this repository.

use sha2::{Digest, Sha256};
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, exit};

/// The target for components with WASI 0.2.
const TARGET: &str = "wasm32-wasip2";

fn main() {
    println!("cargo::rerun-if-env-changed=AULA_COMPONENTS");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let from = match env::var_os("AULA_COMPONENTS") {
        Some(folder) => PathBuf::from(folder),
        None => build(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")),
    };
    for name in ["server.wasm", "checker.wasm"] {
        let from = from.join(name);
        println!("cargo::rerun-if-changed={}", from.display());
        if let Err(error) = bring(&from, &out, name) {
            fail(&format!("{}: {error}", from.display()));
        }
    }
}

/// Copies a component into the folder `out`, and writes its digest beside it.
fn bring(from: &Path, out: &Path, name: &str) -> io::Result<()> {
    let bytes = fs::read(from)?;
    fs::write(out.join(name), &bytes)?;
    fs::write(out.join(format!("{name}.sha256")), Sha256::digest(&bytes))
}

/// Builds both in the repository `root`. Returns the folder that has them.
fn build(root: &Path) -> PathBuf {
    for source in [
        "src",
        "wit",
        "checker/src",
        "checker/Cargo.toml",
        "io/src",
        "io/Cargo.toml",
        "Cargo.toml",
        "Cargo.lock",
    ] {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    // This is another folder than the one of this build, which is locked by the cargo that runs this script.
    let folder = root.join("target");
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // These are meant for this build only: its flags, and clippy instead of the compiler.
    for name in [
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTC",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "CARGO_TARGET_DIR",
    ] {
        cargo.env_remove(name);
    }
    cargo
        .args(["build", "--release", "--target", TARGET, "--target-dir"])
        .arg(&folder);
    cargo.args([
        "--package",
        "aula",
        "--bin",
        "server",
        "--package",
        "aula-checker",
        "--bin",
        "checker",
    ]);
    if !cargo.current_dir(root).status().is_ok_and(|status| status.success()) {
        fail(&format!(
            "the components did not compile (see above): if this Rust has no target {TARGET}, \
             run `rustup target add {TARGET}`"
        ));
    }
    folder.join(TARGET).join("release")
}

fn fail(message: &str) -> ! {
    println!("cargo::error={message}");
    exit(1)
}
