//! The wheel, as users install it: a fresh virtual environment, `pip install`, `aula`, the first page.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use xtask::say;

/// The maximum time until the first page, starting with an empty environment.
const GOAL: Duration = Duration::from_secs(30);

/// Installs the wheel, serves a folder with it, and prints how long each step took.
///
/// # Errors
/// pip fails, or the page does not arrive in time.
pub(crate) fn wheel(wheel: &Path) -> Result<()> {
    ensure!(wheel.is_file(), "no {}: make it with cargo xtask dist", wheel.display());
    let place = tempfile::tempdir()?;
    let folder = place.path().join("www");
    fs::create_dir(&folder)?;
    fs::write(folder.join("page.html"), "the page of the trial")?;
    let start = Instant::now();
    let environment = place.path().join("environment");
    xtask::python_create(&environment)?;
    let made = start.elapsed();
    xtask::python_install(&environment, &[wheel])?;
    let installed = start.elapsed();
    let mut aula = Command::new(xtask::python_program(&environment, "aula"));
    aula.arg(&folder).args(["--host", "127.0.0.1", "--port", "0"]);
    // As on a machine that has never run it: there is no compiled code in a cache.
    for name in ["XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"] {
        aula.env(name, place.path());
    }
    let server = Server(
        aula.env("LANG", "C")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?,
    );
    let page = first_page(server)?;
    let served = start.elapsed();
    ensure!(page.ends_with("the page of the trial"), "another page came: {page}");
    say(format_args!(
        "virtual environment {:.1} s, pip install {:.1} s, first page {:.1} s: {:.1} s in all",
        made.as_secs_f64(),
        (installed - made).as_secs_f64(),
        (served - installed).as_secs_f64(),
        served.as_secs_f64()
    ));
    ensure!(served <= GOAL, "that is more than {} s", GOAL.as_secs());
    Ok(())
}

/// A process, which is killed when it is dropped.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits for the ready line, and requests the page.
fn first_page(mut server: Server) -> Result<String> {
    let mut line = String::new();
    let stderr = server.0.stderr.take().context("no pipe")?;
    BufReader::new(stderr).read_line(&mut line)?;
    let address = line
        .trim_end()
        .strip_prefix("Listening on http://")
        .with_context(|| format!("instead of a ready line it said {line:?}"))?;
    let mut stream = TcpStream::connect(address.trim_end_matches('/'))?;
    stream.set_read_timeout(Some(GOAL))?;
    stream.write_all(b"GET /page.html HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")?;
    let mut page = String::new();
    stream.read_to_string(&mut page)?;
    Ok(page)
}
