//! A plain HTTP client, for what wrk cannot do or measure. It reads complete responses, one at a time.

use super::interrupt;
use anyhow::{Context, Result, bail, ensure};
use std::fs::File;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a response may take. A server that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// How much is read at a time: much, so that the client does not limit a download.
const BUFFER: usize = 256 * 1024;

/// A connection, with a buffer for its responses.
pub(super) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    /// Connects.
    pub(super) fn connect(address: SocketAddr) -> Result<Self> {
        Ok(Self {
            stream: connect(address)?,
            buffer: vec![0; BUFFER],
        })
    }

    /// Requests a file, like [`get`].
    pub(super) fn get(&mut self, name: &str, content: impl FnMut(&[u8]) -> Result<()>) -> Result<u64> {
        get(&mut self.stream, &mut self.buffer, name, content)
    }

    /// Requests a small file.
    pub(super) fn read(&mut self, name: &str) -> Result<Vec<u8>> {
        let mut read = Vec::new();
        self.get(name, |part| {
            read.extend_from_slice(part);
            Ok(())
        })?;
        Ok(read)
    }
}

/// Idle connections.
pub(super) struct Idle {
    streams: Vec<TcpStream>,
}

impl Idle {
    /// Opens `count` connections, and sends one request on each, as a browser would.
    pub(super) fn open(address: SocketAddr, count: usize, name: &str) -> Result<Self> {
        let mut buffer = vec![0; BUFFER];
        let mut open = |number| {
            interrupt::check()?;
            let mut stream = connect(address)?;
            get(&mut stream, &mut buffer, name, |_| Ok(())).with_context(|| format!("connection {number}"))?;
            Ok(stream)
        };
        let streams = (1..=count).map(&mut open).collect::<Result<_>>()?;
        Ok(Self { streams })
    }

    /// Sends one request on each connection, on all at once. Returns how many got a response.
    pub(super) fn ask_all(&mut self, name: &str) -> Result<usize> {
        let mut buffer = vec![0; BUFFER];
        let asked: Vec<_> = self
            .streams
            .iter_mut()
            .map(|stream| send(stream, name).is_ok())
            .collect();
        let mut responded = 0;
        for (stream, asked) in self.streams.iter_mut().zip(asked) {
            interrupt::check()?;
            responded += usize::from(asked && receive(stream, &mut buffer, |_| Ok(())).is_ok());
        }
        Ok(responded)
    }

    /// Sends a request on the first `count` connections, one after the other. Returns how long each response took.
    pub(super) fn ask_each(&mut self, count: usize, name: &str) -> Result<Vec<Duration>> {
        let mut buffer = vec![0; BUFFER];
        let asked = self.streams.iter_mut().take(count).map(|stream| {
            interrupt::check()?;
            let start = Instant::now();
            get(stream, &mut buffer, name, |_| Ok(()))?;
            Ok(start.elapsed())
        });
        asked.collect()
    }
}

/// Checks that the response to a request for the file has its bytes.
pub(super) fn check(address: SocketAddr, site: &Path, name: &str) -> Result<()> {
    let mut file = File::open(site.join(name))?;
    let mut expected = vec![0; BUFFER];
    let length = Client::connect(address)?.get(name, |part| {
        let expected = &mut expected[..part.len()];
        file.read_exact(expected).context("more than the file has")?;
        ensure!(part == expected, "other bytes");
        Ok(())
    });
    let length = length.with_context(|| format!("wrong response of {address} to {name}"))?;
    ensure!(
        length == file.metadata()?.len(),
        "{address} sends {length} bytes for {name}"
    );
    Ok(())
}

fn connect(address: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// Requests a file and reads all of it. `content` gets each part as it arrives. Returns the length.
fn get(stream: &mut TcpStream, buffer: &mut [u8], name: &str, content: impl FnMut(&[u8]) -> Result<()>) -> Result<u64> {
    send(stream, name)?;
    receive(stream, buffer, content)
}

fn send(stream: &mut TcpStream, name: &str) -> Result<()> {
    // With one write: `write!` on the stream would send each part in its own segment.
    let request = format!("GET /{name} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    Ok(stream.write_all(request.as_bytes())?)
}

/// Reads a response, which must be a 200 with `Content-Length` and nothing behind it. (The strict reader in
/// `tests/support/response.rs` keeps the content, and reads heads byte by byte, which is too slow under load.)
fn receive(stream: &mut TcpStream, buffer: &mut [u8], mut content: impl FnMut(&[u8]) -> Result<()>) -> Result<u64> {
    let mut filled = 0;
    let head_length = loop {
        let count = stream.read(&mut buffer[filled..])?;
        ensure!(count > 0, "the connection ended in the head");
        filled += count;
        if let Some(end) = buffer[..filled].windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let length = content_length(&buffer[..head_length])?;
    let mut left = length;
    let mut part = head_length..filled;
    loop {
        let count = part.len() as u64;
        ensure!(count <= left, "more than Content-Length says");
        content(&buffer[part])?;
        left -= count;
        if left == 0 {
            return Ok(length);
        }
        let count = stream.read(buffer)?;
        ensure!(count > 0, "the connection ended in the content");
        part = 0..count;
    }
}

fn content_length(head: &[u8]) -> Result<u64> {
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    if status != Some("200") {
        bail!("not 200: {head}");
    }
    let length = lines.filter_map(|line| line.split_once(':')).find_map(|(name, value)| {
        let is_length = name.eq_ignore_ascii_case("Content-Length");
        is_length.then(|| value.trim().parse().ok())?
    });
    length.with_context(|| format!("no Content-Length: {head}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_in_the_head() {
        for (head, length) in [
            ("HTTP/1.1 200 OK\r\nA: b\r\ncontent-length: 7\r\n\r\n", Some(7)),
            ("HTTP/1.0 200 OK\r\nContent-Length:7\r\n\r\n", Some(7)),
            ("HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\n\r\n", None),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", None),
        ] {
            assert_eq!(content_length(head.as_bytes()).ok(), length, "{head:?}");
        }
    }
}
