//! Writing to a stream without waiting (`wasi:io/streams`).

use wasi::io::streams::OutputStream;

/// How many bytes may be written now. `None` if the stream is closed or broken.
#[must_use]
pub fn room(output: &OutputStream) -> Option<usize> {
    let room = output.check_write().ok()?;
    Some(usize::try_from(room).unwrap_or(usize::MAX))
}

/// Writes as many of these bytes as there is room for, and returns how many. `None` if the stream is closed or broken.
#[must_use]
pub fn write(output: &OutputStream, bytes: &[u8]) -> Option<usize> {
    let room = room(output)?;
    let now = bytes.get(..room).unwrap_or(bytes);
    if !now.is_empty() {
        output.write(now).ok()?;
    }
    Some(now.len())
}
