//! The second wall: a component without its path checks passes every path to the host unchanged, and still nothing
//! outside of the granted folder can be seen.

use super::Temporary;
use super::server::{Host, Server};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The content of the file outside.
const SECRET: &str = "a secret from outside of the folder";
/// The content of the file inside.
const INSIDE: &str = "what is served";

/// Paths that lead, or seem to lead, out of the folder. `ROOT` stands for the folder's own path.
const PATHS: [&str; 34] = [
    "/../secret.txt",
    "/../../../../../../../../etc/passwd",
    "/%2e%2e/secret.txt",
    "/.%2e/secret.txt",
    "/%2E%2E%2Fsecret.txt",
    "/..%2fsecret.txt",
    "/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/folder/../../secret.txt",
    "/folder/..%2f..%2fsecret.txt",
    "/folder/%2e%2e/%2e%2e/secret.txt",
    "/./../secret.txt",
    "//etc/passwd",
    "/%2fetc/passwd",
    "/%2Fetc%2Fpasswd",
    "///etc/passwd",
    "/%2f%2fetc/passwd",
    "ROOT/../secret.txt",
    "/ROOT/../secret.txt",
    "/%2fROOT/../secret.txt",
    "/..",
    "/../",
    "/..%2f",
    "/%2e%2e",
    "/..;/secret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/%252e%252e/secret.txt",
    "/..%5csecret.txt",
    "/%00/../secret.txt",
    "/inside.txt%00/../../secret.txt",
    "/link-relative",
    "/link-absolute",
    "/link-folder/secret.txt",
    "/link-folder/",
    "/link-proc/self/environ",
];

/// Serves a folder beside a secret, with the component as it is and with the unchecked one, and requests the secret.
pub(super) fn phase(host: &Host) -> Result<bool> {
    let temporary = Temporary::new("sandbox")?;
    let root = temporary.path().join("root");
    fs::create_dir_all(root.join("folder"))?;
    fs::write(temporary.path().join("secret.txt"), SECRET)?;
    fs::write(root.join("inside.txt"), INSIDE)?;
    link(&root)?;
    println!("\nsandbox");
    let mut is_good = true;
    for (name, component) in [("with path checks", host.component.clone()), ("without", unchecked()?)] {
        let options = ["--list", "--hidden"].map(str::to_owned);
        let server = Server::start(&host.with(component), &root, None, &options)?;
        let seen = ask_all(&server, &root)?;
        println!(
            "  {name}: {} paths, {} responses with 200, {} leaks",
            PATHS.len(),
            seen.good,
            seen.leaks.len()
        );
        for path in &seen.leaks {
            println!("  FAILED: {path} shows what is outside");
        }
        is_good &= seen.leaks.is_empty();
        // Otherwise the build still has the checks, and the experiment shows nothing.
        let is_out = get(&server, "/folder/..%2finside.txt")?.contains(INSIDE);
        ensure!(
            is_out == (name == "without"),
            "the build {name} resolves paths as the other one should"
        );
    }
    Ok(is_good)
}

/// The results of [`ask_all`].
#[derive(Default)]
struct Seen {
    good: usize,
    leaks: Vec<String>,
}

fn ask_all(server: &Server, root: &Path) -> Result<Seen> {
    let mut seen = Seen::default();
    for path in PATHS {
        let path = path.replace(
            "ROOT",
            root.to_str().context("the temporary folder's name is not UTF-8")?,
        );
        let response = get(server, &path)?;
        seen.good += usize::from(response.starts_with("HTTP/1.1 200"));
        // A listing of the parent folder would be a leak too.
        let leaks = [SECRET, "root:x:0:", "root:*:0:", "secret.txt", "PATH="];
        if leaks.iter().any(|leak| response.contains(leak)) {
            seen.leaks.push(path);
        }
    }
    Ok(seen)
}

fn get(server: &Server, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(server.address)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")?;
    let mut response = Vec::new();
    stream
        .read_to_end(&mut response)
        .with_context(|| format!("no response to {path}"))?;
    Ok(String::from_utf8_lossy(&response).into_owned())
}

/// Links that lead out of the folder.
#[cfg(unix)]
fn link(root: &Path) -> Result<()> {
    use std::os::unix::fs::symlink;
    symlink("../secret.txt", root.join("link-relative"))?;
    symlink(root.with_file_name("secret.txt"), root.join("link-absolute"))?;
    symlink("..", root.join("link-folder"))?;
    symlink("/proc", root.join("link-proc"))?;
    Ok(())
}

#[cfg(not(unix))]
fn link(_root: &Path) -> Result<()> {
    Ok(())
}

/// The component without path checks, in its own target folder, so that it is never mistaken for the other.
fn unchecked() -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| xtask::root().join("target"), PathBuf::from);
    let target = std::path::absolute(target)?.join("unchecked");
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(xtask::root())
        .args(["build", "--quiet", "--release", "--package", "aula", "--bin", "server"])
        .args([
            "--target",
            "wasm32-wasip2",
            "--features",
            "unchecked-paths",
            "--target-dir",
        ])
        .arg(&target)
        .status()
        .context("cannot run cargo")?;
    ensure!(status.success(), "the component without path checks did not compile");
    Ok(target.join("wasm32-wasip2/release/server.wasm"))
}
