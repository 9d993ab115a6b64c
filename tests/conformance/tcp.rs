//! The driver over TCP: the component under the real runtime, with a folder on the disk.

use crate::case::Case;
use crate::check::{PROBE, check, failure};
use crate::served::{self, Setup};
use crate::support::{PATIENCE, Server, Start};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// The maximum number of pieces in which a request is sent: short ones are sent byte by byte, and none takes long.
const PIECES: usize = 150;

/// How long to wait between two pieces, so that they arrive as two.
const PAUSE: Duration = Duration::from_millis(1);

/// A server that closes a connection only because it is idle takes longer than this.
const WELL_BEFORE_IDLE: Duration = Duration::from_secs(8);

/// A server for each setup, and the folder that they serve.
pub struct Driver {
    addresses: BTreeMap<Setup, SocketAddr>,
    /// The servers end when these values are dropped, and the folder is removed.
    _running: Mutex<(Vec<Server>, TempDir)>,
}

impl Driver {
    pub fn start() -> Self {
        let place = tempfile::tempdir().expect("there is room for a folder");
        let folder = place.path().join("www");
        served::write(&folder);
        let start = |setup: Setup| {
            Start::with(setup.options())
                .options(&["--log", "off"])
                .folder(&folder)
                .serve()
        };
        let servers: Vec<Server> = thread::scope(|scope| {
            let starting = Setup::ALL.map(|setup| scope.spawn(move || start(setup)));
            starting.map(|server| server.join().expect("it starts")).into()
        });
        let addresses = servers.iter().map(|server| server.address);
        Self {
            addresses: Setup::ALL.into_iter().zip(addresses).collect(),
            _running: Mutex::new((servers, place)),
        }
    }

    /// Runs a case whole and in pieces, and returns what was wrong.
    pub fn check(&self, case: &Case) -> Vec<String> {
        let address = self.addresses[&case.setup];
        let mut failures = Vec::new();
        for (whole, driver) in [(true, "over TCP"), (false, "over TCP, in pieces")] {
            if let Err((wrong, output)) = talk(case, address, whole) {
                failures.push(failure(case, driver, &wrong, &output));
            }
        }
        failures
    }
}

/// Runs the conversation. Returns everything that was received, or what was wrong as well.
fn talk(case: &Case, address: SocketAddr, whole: bool) -> Result<(), (String, Vec<u8>)> {
    let started = Instant::now();
    let mut output = Vec::new();
    if let Err(error) = exchange(case, address, whole, &mut output) {
        return Err((format!("{error}, after {:?}", started.elapsed()), output));
    }
    if started.elapsed() > WELL_BEFORE_IDLE {
        return Err((format!("the end came after {:?}", started.elapsed()), output));
    }
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |now| now.as_secs());
    check(case, &output, now).map_err(|wrong| (wrong, output))
}

fn exchange(case: &Case, address: SocketAddr, whole: bool, output: &mut Vec<u8>) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    for (place, bytes) in case.sends.iter().enumerate() {
        if place > 0 {
            // This client continues only after the server has sent something.
            let mut buffer = [0; 4096];
            let count = stream.read(&mut buffer)?;
            output.extend_from_slice(&buffer[..count]);
        }
        let piece = if whole {
            bytes.len()
        } else {
            bytes.len().div_ceil(PIECES)
        };
        for bytes in bytes.chunks(piece.max(1)) {
            // A server that has rejected the request need not read the rest of it.
            if stream.write_all(bytes).is_err() {
                break;
            }
            if !whole {
                thread::sleep(PAUSE);
            }
        }
    }
    if !case.closes {
        stream.write_all(PROBE)?;
    }
    if case.ends {
        stream.shutdown(Shutdown::Write)?;
    }
    stream.read_to_end(output).map(|_| ())
}
