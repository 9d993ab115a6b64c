//! Compiles a component to machine code, and keeps the code for the next start.
//!
//! Compiling takes a quarter of a second, and loading compiled code a few milliseconds. But machine code is trusted: if
//! someone else could put code into the cache, it would run outside of the sandbox. So a file is loaded only if it
//! belongs to this user, no other user may read or write it, and its digest shows that it is exactly what was kept for
//! this component, this version of wasmtime and these settings. wasmtime also checks that this processor can run it.
//! Any other file is treated as missing.

// This is the only unsafe code in the program.
#![expect(
    unsafe_code,
    reason = "loading machine code is unsafe by nature; the head of the file says why this is sound"
)]

use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fs::{self, File, OpenOptions};
use std::hash::{Hash, Hasher};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process;
use wasmtime::component::Component;
use wasmtime::{Engine, Result};

/// The length of a digest, in bytes.
const DIGEST: usize = 32;

/// How many bytes of a file are read at a time. The whole file is never in memory.
const READ: usize = 64 * 1024;

/// The bytes of a component, and their digest.
pub struct Wasm {
    pub bytes: Cow<'static, [u8]>,
    digest: [u8; DIGEST],
}

impl Wasm {
    /// A component inside this program. Its digest was computed when the program was built, because to read all its
    /// bytes would bring them into memory at each start.
    pub const fn built_in(bytes: &'static [u8], digest: &[u8; DIGEST]) -> Self {
        Self {
            bytes: Cow::Borrowed(bytes),
            digest: *digest,
        }
    }

    /// A component that was read from a file.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self {
            digest: Sha256::digest(&bytes).into(),
            bytes: Cow::Owned(bytes),
        }
    }
}

/// Loads the component's code from `folder` if it is there. Otherwise compiles the component in the engine that
/// `compiler` makes, and keeps the code. Without a folder it is compiled each time.
///
/// `engine` has no compiler: a compiler takes 0.8 MiB of memory, and is not needed if the code is found.
///
/// # Errors
/// The bytes are not a component, or it does not compile.
pub fn load(
    engine: &Engine,
    compiler: impl FnOnce() -> Result<Engine>,
    wasm: &Wasm,
    folder: Option<&Path>,
) -> Result<Component> {
    let key = key(engine, wasm);
    let path = folder.map(|folder| folder.join(format!("{}.cwasm", hexadecimal(&key))));
    if let Some(path) = &path
        && let Ok(file) = open(path)
        && let Ok(true) = is_intact(&file, &key)
    {
        // SAFETY: the file is what `precompile_component` returned for these settings: only this user can write to it,
        // and its digest is right. wasmtime itself checks whether this processor can run it.
        if let Ok(component) = unsafe { map(engine, file) } {
            return Ok(component);
        }
    }
    let code = compiler()?.precompile_component(&wasm.bytes)?;
    if let Some(path) = &path {
        // If the cache cannot be written, the next start takes longer, but this one can continue.
        let _ = keep(path, &key, &code);
    }
    // SAFETY: the compiler has just made it, with the same settings.
    unsafe { Component::deserialize(engine, &code) }
}

/// The folder for compiled code: `aula/compiled` in the user's cache folder.
pub fn folder() -> Option<PathBuf> {
    Some(dirs::cache_dir()?.join("aula").join("compiled"))
}

/// A digest of everything that the code depends on: the component, wasmtime's version and all settings.
fn key(engine: &Engine, wasm: &Wasm) -> [u8; DIGEST] {
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
    hasher.0.update(wasm.digest);
    hasher.0.finalize().into()
}

fn digest(key: &[u8], code: &[u8]) -> [u8; DIGEST] {
    Sha256::new().chain_update(key).chain_update(code).finalize().into()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a file has code and, at its end, the digest of this code for this key.
fn is_intact(mut file: &File, key: &[u8]) -> io::Result<bool> {
    let length = file.metadata()?.len().checked_sub(DIGEST as u64);
    let mut left = length.ok_or(io::ErrorKind::InvalidData)?;
    let mut hasher = Sha256::new().chain_update(key);
    let mut buffer = vec![0; READ];
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(READ).min(READ);
        let piece = buffer.get_mut(..most).unwrap_or_default();
        file.read_exact(piece)?;
        hasher.update(&*piece);
        left -= most as u64;
    }
    let mut kept = [0; DIGEST];
    file.read_exact(&mut kept)?;
    Ok(kept == <[u8; DIGEST]>::from(hasher.finalize()))
}

/// Loads the code in a file. The file is mapped, so that only the parts that run take memory. The digest after the code
/// does no harm: the code is an ELF file, which itself says where its parts are.
///
/// # Safety
/// The code must be what the compiler returned for this engine, and the file must not change.
#[cfg(target_os = "linux")]
unsafe fn map(engine: &Engine, file: File) -> Result<Component> {
    use std::os::fd::AsRawFd;
    // This is the file that was checked, even if another one has its name by now.
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    // SAFETY: the caller ensures it.
    unsafe { Component::deserialize_file(engine, path) }
}

/// Loads the code in a file through memory, because not every system has a name for an open file.
///
/// # Safety
/// The code must be what the compiler returned for this engine.
#[cfg(not(target_os = "linux"))]
unsafe fn map(engine: &Engine, mut file: File) -> Result<Component> {
    let mut code = Vec::new();
    io::Seek::rewind(&mut file)?;
    file.read_to_end(&mut code)?;
    // SAFETY: the caller ensures it.
    unsafe { Component::deserialize(engine, &code) }
}

/// Opens a file if it belongs to this user and no other user may read or write it.
#[cfg(unix)]
fn open(file: &Path) -> io::Result<File> {
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
    let no_link = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(no_link).open(file)?;
    let metadata = file.metadata()?;
    let is_ours = metadata.uid() == rustix::process::geteuid().as_raw();
    if metadata.is_file() && is_ours && metadata.mode() & 0o077 == 0 {
        Ok(file)
    } else {
        Err(io::ErrorKind::PermissionDenied.into())
    }
}

/// Opens a file in the user's own folder, to which Windows gives other users no access.
#[cfg(not(unix))]
fn open(file: &Path) -> io::Result<File> {
    File::open(file)
}

/// Writes code and its digest to a file. If this fails, there is no file.
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
