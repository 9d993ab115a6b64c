//! From a component to machine code, which is kept for the next start.
//!
//! To compile takes a quarter of a second; to load what was compiled, a few milliseconds. But machine code is trusted: whoever could
//! put his own into the cache would have left the sandbox. So a file is only loaded if it is ours and nobody else may write to
//! or read it, and if its digest says that it is, to the last bit, what was kept for this component, this version of
//! wasmtime, this processor and these settings. Anything else counts as not there.

// Loading machine code is `unsafe` by nature. This is the only place in the program that does anything unsafe.
#![expect(
    unsafe_code,
    reason = "loading machine code is unsafe by nature; the head of the file says why this is sound"
)]

use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::hash::{Hash, Hasher};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process;
use wasmtime::component::Component;
use wasmtime::{Engine, Result};

/// How long a digest is, in bytes.
const DIGEST: usize = 32;

/// The component in `wasm`, from `folder` if it was kept there, otherwise compiled and kept. Without a folder it is compiled.
///
/// # Errors
/// It is no component, or does not compile.
pub fn load(engine: &Engine, wasm: &[u8], folder: Option<&Path>) -> Result<Component> {
    let Some(folder) = folder else {
        return Component::new(engine, wasm);
    };
    let key = key(engine, wasm);
    let file = folder.join(format!("{}.cwasm", hexadecimal(&key)));
    if let Ok(code) = read(&file, &key) {
        // SAFETY: it is what `engine.precompile_component` gave, for this very engine: nobody but us can write to the file,
        // and its digest is right.
        if let Ok(component) = unsafe { Component::deserialize(engine, &code) } {
            return Ok(component);
        }
    }
    let code = engine.precompile_component(wasm)?;
    // A cache that cannot be written costs the next start some time, and is no reason not to start.
    let _ = keep(&file, &key, &code);
    // SAFETY: the compiler has just made it.
    unsafe { Component::deserialize(engine, &code) }
}

/// Where compiled code is kept: `aula` in the user's cache folder.
pub fn folder() -> Option<PathBuf> {
    Some(dirs::cache_dir()?.join("aula").join("compiled"))
}

/// What code depends on: the component, wasmtime's version, the processor and all settings.
fn key(engine: &Engine, wasm: &[u8]) -> [u8; DIGEST] {
    struct Into256(Sha256);
    impl Hasher for Into256 {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut hasher = Into256(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.0.update(wasm);
    hasher.0.finalize().into()
}

fn digest(key: &[u8], code: &[u8]) -> [u8; DIGEST] {
    Sha256::new().chain_update(key).chain_update(code).finalize().into()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The code in a file: all but the digest at its end.
fn read(file: &Path, key: &[u8]) -> io::Result<Vec<u8>> {
    let mut file = open(file)?;
    let mut code = Vec::new();
    file.read_to_end(&mut code)?;
    let end = code.len().checked_sub(DIGEST).ok_or(io::ErrorKind::InvalidData)?;
    let kept = code.split_off(end);
    if kept != digest(key, &code) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(code)
}

/// Opens a file that is ours and nobody else's.
#[cfg(unix)]
fn open(file: &Path) -> io::Result<File> {
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
    let no_link = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(no_link).open(file)?;
    let metadata = file.metadata()?;
    let is_ours = metadata.uid() == rustix::process::geteuid().as_raw();
    match metadata.is_file() && is_ours && metadata.mode() & 0o077 == 0 {
        true => Ok(file),
        false => Err(io::ErrorKind::PermissionDenied.into()),
    }
}

/// Opens a file in the user's own folder, to which Windows gives nobody else access.
#[cfg(not(unix))]
fn open(file: &Path) -> io::Result<File> {
    File::open(file)
}

/// Keeps code in a file, which is there as a whole or not at all.
fn keep(file: &Path, key: &[u8], code: &[u8]) -> io::Result<()> {
    let mut folder = fs::DirBuilder::new();
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        folder.mode(0o700);
        options.mode(0o600);
    }
    if let Some(parent) = file.parent() {
        folder.recursive(true).create(parent)?;
    }
    let aside = file.with_extension(format!("{}.new", process::id()));
    let _ = fs::remove_file(&aside);
    let mut new = options.write(true).create_new(true).open(&aside)?;
    let written = new.write_all(code).and_then(|()| new.write_all(&digest(key, code)));
    written.and_then(|()| fs::rename(&aside, file)).inspect_err(|_| {
        let _ = fs::remove_file(&aside);
    })
}
