//! A request from this host, and the answer as it came. Reads it no further than its status: judging is the
//! checker's.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, SocketAddrV4, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};

/// How long nothing may come. Far more than any answer needs.
const PATIENCE: Duration = Duration::from_secs(10);

/// How much of an answer is read, in bytes: the lab's pages are small, and a broken server may never end.
const MOST: u64 = 64 * 1024;

/// How many lines of an answer are shown: its head, and the beginning of the page.
const LINES: usize = 16;

/// Asks for `path`, shows the request and the answer, and says whether its status is `expected`.
///
/// # Errors
/// No connection, which ends the lab. What goes wrong on a connection is the server's answer.
pub(super) fn get(server: SocketAddrV4, path: &str, expected: &str) -> Result<bool> {
    println!("\nh1: GET http://{server}{path}");
    let mut connection = TcpStream::connect_timeout(&SocketAddr::V4(server), PATIENCE)
        .with_context(|| format!("h1 cannot connect to {server}; a server at 127.0.0.1 is reached from h2 alone"))?;
    let answer = exchange(
        &mut connection,
        &format!("GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n"),
    );
    // In one piece: the server's own lines come from other threads, and are not to stand in between.
    println!("{}", excerpt(&answer));
    let status = answer.lines().next().and_then(|line| line.split(' ').nth(1));
    let is_right = status == Some(expected);
    if !is_right {
        println!("    WRONG: the status is to be {expected}");
    }
    Ok(is_right)
}

/// Sends the request and reads to the end of the connection. If it ends otherwise, the answer's last line
/// says how.
fn exchange(connection: &mut TcpStream, request: &str) -> String {
    let mut answer = Vec::new();
    let ended = (|| -> io::Result<()> {
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.write_all(request.as_bytes())?;
        connection.take(MOST).read_to_end(&mut answer)?;
        Ok(())
    })();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    match ended {
        Ok(()) => answer,
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            format!(
                "{answer}\n(nothing more for {} s, and the connection is left open)",
                PATIENCE.as_secs()
            )
        }
        Err(error) => format!("{answer}\n({error})"),
    }
}

/// The first lines, indented.
fn excerpt(answer: &str) -> String {
    let mut lines: Vec<_> = answer.lines().take(LINES).map(|line| format!("    {line}")).collect();
    match answer.lines().count() - lines.len() {
        0 => {}
        more => lines.push(format!("    ... and {more} lines more")),
    }
    lines.join("\n")
}
