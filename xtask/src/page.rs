//! `cargo xtask page`: a folder of static files in which a browser runs the server (`hosts/page/`).

use crate::process::{lock, say};
use crate::{component, root};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The oldest major version of Node.js that jco runs on.
const OLDEST_NODE: u32 = 20;

/// The maximum size of a file of `www/` that is fetched into the server in the page, in bytes. Larger files are in the
/// page's folder, but that server does not have them.
const MOST: u64 = 128 * 1024;

/// Makes the page in `folder`, or in `target/page` if none is given, and returns its path.
///
/// The folder has `server/` (made by jco from `server.wasm`), `inspector/`, the page itself, `www/`, and `www.json`:
/// the names of the files of `www/` that the server in the page has.
///
/// # Errors
/// No Node.js, no network the first time, no component, or the folder cannot be written.
pub fn page(folder: Option<PathBuf>) -> Result<PathBuf> {
    let folder = match folder {
        Some(folder) => std::path::absolute(folder)?,
        None => root().join("target").join("page"),
    };
    check_node()?;
    let component = component()?;
    let host = root().join("hosts").join("page");
    let _lock = lock(&root().join("target"), "page.lock").context("cannot lock the target folder")?;
    install(&host)?;
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    // The page brings its own WASI, and hands it in: `instantiate(modules, imports)`.
    let options = [
        "--name",
        "server",
        "--instantiation",
        "async",
        "--no-nodejs-compat",
        "--minify",
    ];
    transpile(&host.join("node_modules"), &component, &folder.join("server"), &options)?;
    copy(&root().join("inspector"), &folder.join("inspector"))?;
    for file in files(&host)? {
        if has_extension(&file, &["html", "css", "js"]) {
            fs::copy(host.join(&file), folder.join(&file))?;
        }
    }
    let www = root().join("www");
    copy(&www, &folder.join("www"))?;
    fs::write(folder.join("www.json"), names(&www)?)?;
    Ok(folder)
}

fn check_node() -> Result<()> {
    let output = Command::new("node").arg("--version").output();
    let printed = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let version = printed.as_deref().unwrap_or("none").trim_start_matches('v');
    let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    ensure!(
        major.is_some_and(|major| major >= OLDEST_NODE),
        "the page needs Node.js {OLDEST_NODE} or newer with npm (found: {version}): install it from your system's packages \
         or from https://nodejs.org"
    );
    Ok(())
}

/// Installs jco, unless it is there, and returns the folder of npm's packages that it is in.
///
/// # Errors
/// No Node.js, or no network.
pub fn jco() -> Result<PathBuf> {
    check_node()?;
    let host = root().join("hosts").join("page");
    let _lock = lock(&root().join("target"), "page.lock").context("cannot lock the target folder")?;
    install(&host)?;
    Ok(host.join("node_modules"))
}

/// Makes what runs `server.wasm` under Node.js, and returns the path of its program: `node PROGRAM FOLDER [OPTION...]`
/// (`hosts/jco/serve.mjs`).
///
/// # Errors
/// No Node.js, no network the first time, or no component.
pub fn jco_server() -> Result<PathBuf> {
    let packages = jco()?;
    let component = component()?;
    let folder = root().join("target").join("jco");
    let _lock = lock(&folder, "lock").context("cannot lock the target folder")?;
    let transpiled = folder.join("server.js");
    let age = |path: &Path| fs::metadata(path).and_then(|about| about.modified()).ok();
    if age(&transpiled) < age(&component) {
        transpile(&packages, &component, &folder, &["--name", "server"])?;
    }
    // What jco wrote asks for its WASI by the package's name.
    let own = folder.join("node_modules").join("@bytecodealliance");
    fs::create_dir_all(&own)?;
    let link = own.join("preview2-shim");
    if !link.exists() {
        let shim = preview2_shim(&packages);
        #[cfg(unix)]
        std::os::unix::fs::symlink(&shim, &link)?;
        #[cfg(not(unix))]
        copy(&shim, &link)?;
    }
    let program = folder.join("serve.mjs");
    fs::copy(root().join("hosts/jco/serve.mjs"), &program)?;
    Ok(program)
}

/// The folder of jco's WASI, in a folder of npm's packages.
#[must_use]
pub fn preview2_shim(packages: &Path) -> PathBuf {
    let scope = packages.join("@bytecodealliance");
    let inside = scope.join("jco/node_modules/@bytecodealliance/preview2-shim");
    if inside.is_dir() {
        inside
    } else {
        scope.join("preview2-shim")
    }
}

/// Installs what `package-lock.json` names, unless that is there.
fn install(host: &Path) -> Result<()> {
    let age = |path: &str| fs::metadata(host.join(path)).and_then(|about| about.modified()).ok();
    // npm writes this file last.
    if age("node_modules/.package-lock.json") >= age("package-lock.json") {
        return Ok(());
    }
    say("installing jco, which makes JavaScript of server.wasm (npm in hosts/page) ...");
    npm_install(host)
}

/// Installs what the `package-lock.json` of a folder names, and runs none of its scripts.
///
/// Not `npm ci`: npm 11 refuses a lock file that lacks the optional packages of other systems, which it wrote itself.
///
/// # Errors
/// No npm, or no network.
pub fn npm_install(folder: &Path) -> Result<()> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let status = Command::new(npm)
        .current_dir(folder)
        .args([
            "install",
            "--no-save",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ])
        .stdout(Stdio::null())
        .status()
        .context("cannot run npm, which comes with Node.js")?;
    let folder = folder.display();
    ensure!(
        status.success(),
        "npm install in {folder} failed: see above (it needs a network)"
    );
    Ok(())
}

fn transpile(packages: &Path, component: &Path, folder: &Path, options: &[&str]) -> Result<()> {
    let output = Command::new("node")
        .arg(packages.join("@bytecodealliance/jco/dist/jco.js"))
        .arg("transpile")
        .arg(component)
        .arg("--out-dir")
        .arg(folder)
        .args(["--no-typescript", "--quiet"])
        .args(options)
        .output()
        .context("cannot run node")?;
    ensure!(
        output.status.success(),
        "jco failed:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in files(from)? {
        let target = to.join(&file);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::copy(from.join(&file), &target).with_context(|| format!("cannot write {}", target.display()))?;
    }
    Ok(())
}

/// The files below a folder, relative to it, in order; without those that npm installed.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut left = vec![folder.to_owned()];
    while let Some(next) = left.pop() {
        for entry in fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))? {
            let path = entry?.path();
            if path.is_file() {
                found.push(path.strip_prefix(folder)?.to_owned());
            } else if !path.ends_with("node_modules") {
                left.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn has_extension(file: &Path, extensions: &[&str]) -> bool {
    let extension = file.extension().unwrap_or_default();
    extensions.iter().any(|known| extension == *known)
}

/// The names of the files that the server in the page has, as a JSON array.
fn names(www: &Path) -> Result<String> {
    let mut names = Vec::new();
    for file in files(www)? {
        if fs::metadata(www.join(&file))?.len() <= MOST {
            // The separator is that of a URL on every system. `Debug` quotes names such as these as JSON does.
            names.push(format!("{:?}", file.to_string_lossy().replace('\\', "/")));
        }
    }
    Ok(format!("[{}]\n", names.join(",")))
}
