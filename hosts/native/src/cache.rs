//! From a component to machine code, which is kept for the next start.
//!
//! Compiling takes a quarter of a second, and loading what was compiled a few milliseconds. But machine code is
//! trusted: whoever could put his own into the cache would have left the sandbox. So a file is loaded only if it
//! belongs to us, nobody else may read or write it, and its digest says that it is, to the last bit, what was kept for
//! this component, this version of wasmtime and these settings; and if wasmtime finds that it needs nothing that this
//! processor does not have. Any other file counts as missing.

// Loading machine code is `unsafe` by nature. This is the only place in the program that does anything unsafe.
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

/// How much of a file is read at a time, in bytes: the file is never in memory as a whole.
const READ: usize = 64 * 1024;

/// A component as it is on the disk, and its digest.
pub struct Wasm {
    pub bytes: Cow<'static, [u8]>,
    digest: [u8; DIGEST],
}

impl Wasm {
    /// One that is inside this program. Its digest was computed when the program was built: looking at all its bytes
    /// would bring them into memory at each start.
    pub const fn built_in(bytes: &'static [u8], digest: &[u8; DIGEST]) -> Self {
        Self {
            bytes: Cow::Borrowed(bytes),
            digest: *digest,
        }
    }

    /// One that was read from a file.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self {
            digest: Sha256::digest(&bytes).into(),
            bytes: Cow::Owned(bytes),
        }
    }
}

/// Loads the component from `folder` if its code was kept there; otherwise compiles it in the engine that `compiler`
/// makes, and keeps the code. Without a folder it is compiled each time.
///
/// `engine` has no compiler: making one takes 0.8 MiB of memory, and a start that finds its code needs none.
///
/// # Errors
/// It is no component, or does not compile.
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
        // SAFETY: the file is what `precompile_component` gave for these settings: nobody but us can write to it, and
        // its digest is right. Whether this processor can run it, wasmtime checks itself.
        if let Ok(component) = unsafe { map(engine, file) } {
            return Ok(component);
        }
    }
    let code = compiler()?.precompile_component(&wasm.bytes)?;
    if let Some(path) = &path {
        // A cache that cannot be written costs the next start some time, and is no reason not to start.
        let _ = keep(path, &key, &code);
    }
    // SAFETY: the compiler has just made it, with the same settings.
    unsafe { Component::deserialize(engine, &code) }
}

/// Where compiled code is kept: `aula` in the user's cache folder.
pub fn folder() -> Option<PathBuf> {
    Some(dirs::cache_dir()?.join("aula").join("compiled"))
}

/// What code depends on: the component, wasmtime's version and all settings.
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

/// Whether a file holds code and, at its end, the digest of this code for this key.
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

/// The component whose code is in a file. It is mapped, so that only what runs of it takes memory. The digest behind
/// the code is in nobody's way: the code is an ELF file, which says itself where its parts are.
///
/// # Safety
/// The code is what the compiler gave for this engine, and the file stays as it is.
#[cfg(target_os = "linux")]
unsafe fn map(engine: &Engine, file: File) -> Result<Component> {
    use std::os::fd::AsRawFd;
    // The file that was looked at, whatever has its name by now.
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    // SAFETY: the caller's.
    unsafe { Component::deserialize_file(engine, path) }
}

/// The same through memory: not every system can open an open file by a name.
#[cfg(not(target_os = "linux"))]
unsafe fn map(engine: &Engine, mut file: File) -> Result<Component> {
    let mut code = Vec::new();
    io::Seek::rewind(&mut file)?;
    file.read_to_end(&mut code)?;
    // SAFETY: the caller's.
    unsafe { Component::deserialize(engine, &code) }
}

/// Opens a file if it belongs to us and nobody else may read or write it.
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

/// Writes code and its digest to a file, which then exists as a whole or not at all.
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
