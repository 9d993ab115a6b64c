//! A request from this host, and its response, unchanged. Only the status is read; the checker does the rest.

use anyhow::{Context, Result};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, SocketAddrV4, TcpStream};
use std::time::Duration;

/// The maximum time without a byte: much longer than any response needs.
const PATIENCE: Duration = Duration::from_secs(10);

/// The maximum length of a response, in bytes. The lab's pages are small, and a broken server may never stop.
const MAX_LENGTH: u64 = 64 * 1024;

/// How many lines of a response are shown: the head, and the beginning of the page.
const LINES: usize = 16;

/// Requests `path`, shows the request and the response, and returns whether its status is `expected`.
///
/// # Errors
/// There is no connection, which ends the lab. What goes wrong on a connection is shown as the server's response.
pub(super) fn get(server: SocketAddrV4, path: &str, expected: &str) -> Result<bool> {
    println!("\nh1: GET http://{server}{path}");
    let mut connection = TcpStream::connect_timeout(&SocketAddr::V4(server), PATIENCE)
        .with_context(|| format!("h1 cannot connect to {server}; a server at 127.0.0.1 can be reached only from h2"))?;
    let response = exchange(
        &mut connection,
        &format!("GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n"),
    );
    // With one write, because other threads print the server's lines, which must not get in between.
    println!("{}", excerpt(&response));
    let status = response.lines().next().and_then(|line| line.split(' ').nth(1));
    let is_right = status == Some(expected);
    if !is_right {
        println!("    WRONG: the status must be {expected}");
    }
    Ok(is_right)
}

/// Sends the request and reads until the server closes. If that fails, the last line of the result says why.
fn exchange(connection: &mut TcpStream, request: &str) -> String {
    let mut response = Vec::new();
    let ended = (|| -> io::Result<()> {
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.write_all(request.as_bytes())?;
        connection.take(MAX_LENGTH).read_to_end(&mut response)?;
        Ok(())
    })();
    let response = String::from_utf8_lossy(&response).into_owned();
    match ended {
        Ok(()) => response,
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            format!(
                "{response}\n(nothing more for {} s, and the connection is left open)",
                PATIENCE.as_secs()
            )
        }
        Err(error) => format!("{response}\n({error})"),
    }
}

/// The first lines, indented.
fn excerpt(response: &str) -> String {
    let mut lines: Vec<_> = response.lines().take(LINES).map(|line| format!("    {line}")).collect();
    match response.lines().count() - lines.len() {
        0 => {}
        more => lines.push(format!("    ... and {more} more lines")),
    }
    lines.join("\n")
}
