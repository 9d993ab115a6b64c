//! `cargo xtask wheel`: the Python package, with both components inside (`hosts/python/`).

use crate::process::{lock, target_dir};
use crate::{checker, component, python, root};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The date of all files in the wheel: 1980, the first year that a zip file can express. So the same sources give the
/// same bytes.
const DATE: &str = "315532800";

/// Builds the wheel and returns its path: `target/wheel/aula_server-VERSION-py3-none-any.whl`.
///
/// # Errors
/// A component does not compile, or there is no Python that builds wheels.
pub fn wheel() -> Result<PathBuf> {
    wheel_of(&[component()?, checker()?], &target_dir()?.join("wheel"))
}

/// Builds the wheel with these components in the folder `target`, and returns its path.
///
/// # Errors
/// There is no Python that builds wheels.
pub fn wheel_of(components: &[PathBuf], target: &Path) -> Result<PathBuf> {
    let package = root().join("hosts/python");
    let builder = python::environment(&package.join("build-requirements.txt"))?;
    let _lock = lock(target, "lock").context("cannot lock the target folder")?;
    // The package is assembled outside the sources, so that no leftover files get in.
    let sources = target.join("sources");
    let _ = fs::remove_dir_all(&sources);
    let module = sources.join("src/aula");
    fs::create_dir_all(&module)?;
    for file in ["pyproject.toml", "README.md"] {
        fs::copy(package.join(file), sources.join(file))?;
    }
    for file in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(root().join(file), sources.join(file))?;
    }
    for entry in fs::read_dir(package.join("src/aula"))? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "py") {
            fs::copy(&file, module.join(file.file_name().unwrap_or_default()))?;
        }
    }
    for component in components {
        fs::copy(component, module.join(component.file_name().unwrap_or_default()))?;
    }
    let built = target.join("built");
    let _ = fs::remove_dir_all(&built);
    let status = Command::new(python::program(&builder, "python"))
        .args(["-m", "flit_core.wheel", "--outdir"])
        .args([&built, &sources])
        .env("SOURCE_DATE_EPOCH", DATE)
        .stdout(Stdio::null())
        .status()?;
    ensure!(status.success(), "the wheel could not be built: see above");
    let wheel = only_file(&built)?;
    let place = target.join(wheel.file_name().unwrap_or_default());
    // An equal wheel is kept, so that its installation stays up to date.
    if fs::read(&place).ok() != Some(fs::read(&wheel)?) {
        fs::rename(&wheel, &place)?;
    }
    Ok(place)
}

/// Installs the wheel into its own virtual environment below the target folder, unless it is installed already, and
/// returns the path of its program, `aula`.
///
/// # Errors
/// The wheel cannot be built or installed.
pub fn installed_wheel() -> Result<PathBuf> {
    let wheel = wheel()?;
    let target = target_dir()?.join("wheel");
    let _lock = lock(&target, "installed.lock").context("cannot lock the target folder")?;
    let folder = target.join("installed");
    let program = python::program(&folder, "aula");
    let record = folder.join("installed.whl");
    if program.exists() && fs::read(&record).ok() == Some(fs::read(&wheel)?) {
        return Ok(program);
    }
    python::create(&folder)?;
    let requirements = root().join("hosts/python/requirements.txt");
    python::install(&folder, &["--require-hashes".as_ref(), "-r".as_ref(), &requirements])?;
    python::install(&folder, &["--no-deps".as_ref(), &wheel])?;
    let mut check = Command::new(python::program(&folder, "python"));
    check.args(["-m", "pip", "check"]).stdout(Stdio::null());
    ensure!(
        check.status()?.success(),
        "the wheel asks for something else than requirements.txt"
    );
    fs::copy(&wheel, &record)?;
    Ok(program)
}

/// The one file in a folder.
fn only_file(folder: &Path) -> Result<PathBuf> {
    let mut files = fs::read_dir(folder)?;
    let file = files.next().context("no wheel was built")??.path();
    ensure!(files.next().is_none(), "more than one wheel was built");
    Ok(file)
}
