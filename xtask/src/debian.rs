//! Programs that tests need and that are Debian packages.

use crate::process::say;
use anyhow::{Result, bail};
use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Returns the path of the first of these programs that is on the PATH. Where there is none, Debian's package is
/// installed.
///
/// # Errors
/// There is no apt-get, or it cannot install the package.
pub fn find_or_install(names: &[&str], package: &str) -> Result<PathBuf> {
    if let Some(found) = find(names) {
        return Ok(found);
    }
    say(format_args!("installing {package} (apt-get) ..."));
    // On a fresh machine apt-get knows no packages yet. Whether this update worked shows below.
    let _ = Command::new("apt-get")
        .args(["update", "--quiet"])
        .stdout(Stdio::null())
        .status();
    let mut install = Command::new("apt-get");
    install.args(["install", "--yes", "--quiet", "--no-install-recommends", package]);
    let is_installed = install
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    match find(names).filter(|_| is_installed) {
        Some(found) => Ok(found),
        None => bail!("no {package} here, and apt-get could not install it: install it, and try again"),
    }
}

fn find(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<_> = env::split_paths(&path).collect();
    let places = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|place| place.is_file())
}
