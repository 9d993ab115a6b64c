//! The servers in `students/`: Python as students hand it in. Each has several faults at once, which its first lines
//! name.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Each server, its lab, whether it does what the lab requires, and the ids of all checks that fail.
pub const STUDENTS: [(&str, &str, &str, &str); 5] = [
    (
        "ana.py",
        "kurose",
        // The lab's sheet allows its empty 404, the skeleton's CRLF and the missing Content-Type.
        "passed",
        "not-found-page after-content other-files content-type server-field date one-write binary",
    ),
    (
        "bruno.py",
        "mininet",
        "failed",
        "survives status-line line-ends server-field date",
    ),
    (
        "carla.py",
        "lab01",
        "failed",
        "simple-request other-files other-types eleventh other-lengths date head-method post unknown-method \
         host-missing space-before-colon absolute-form two-segments query percent traversal utf-8 \
         idle-client",
    ),
    (
        "diego.py",
        "kurose",
        "failed",
        "status-line field-lines not-found other-files other-types server-field date connection-field \
         head-method post unknown-method host-missing bad-request space-before-colon absolute-form \
         two-segments query percent traversal utf-8 idle-client",
    ),
    (
        "elena.py",
        "general",
        "passed",
        "other-files date connection-field head-method post unknown-method host-missing \
         space-before-colon absolute-form two-segments query percent traversal utf-8",
    ),
];

/// How long Python may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server. It is killed when it is dropped.
pub struct Student {
    child: Child,
    port: u16,
    said: Arc<Mutex<String>>,
}

impl Student {
    /// Serves a folder on this port of 127.0.0.1, or on a free one if it is 0. Returns None if the program ends
    /// instead, for example because the port is in use.
    ///
    /// # Panics
    /// If there is no Python.
    pub fn start(script: &str, folder: &Path, port: u16) -> Option<Self> {
        Self::start_with(&format!("students/{script}"), &[&port.to_string()], folder)
    }

    /// Runs a script of `tests/checker` with these arguments, in a folder.
    pub fn start_with(script: &str, arguments: &[&str], folder: &Path) -> Option<Self> {
        let script = xtask::root().join("tests/checker").join(script);
        let mut child = Command::new("python3")
            .arg(script)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect(
                "python3 does not start, and the servers in tests/checker/students are written in it: install Python 3 \
                 and have it on the PATH (Debian, Ubuntu: apt install python3)",
            );
        let said = Arc::new(Mutex::new(String::new()));
        let (line, lines) = channel();
        collect(child.stderr.take().unwrap(), &said, None);
        collect(child.stdout.take().unwrap(), &said, Some(line));
        let mut student = Self { child, port: 0, said };
        // Each prints the port at the end of its first line.
        let first = lines.recv_timeout(PATIENCE).ok()?;
        student.port = first.split_whitespace().last()?.parse().ok()?;
        Some(student)
    }

    /// The address on which it listens.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// Everything that it printed.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }
}

impl Drop for Student {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The table of a script in `tests/checker`: its servers, and what the checker must report about them.
pub fn table(script: &str) -> Vec<Value> {
    let script = xtask::root().join("tests/checker").join(script);
    let output = Command::new("python3").arg(script).arg("--table").output();
    let output = output.expect("python3 starts");
    serde_json::from_slice(&output.stdout).expect("it prints JSON")
}

/// Collects the lines of a pipe, and passes them on.
fn collect(pipe: impl Read + Send + 'static, said: &Arc<Mutex<String>>, lines: Option<Sender<String>>) {
    let said = Arc::clone(said);
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            said.lock().unwrap().push_str(&format!("{line}\n"));
            if let Some(lines) = &lines {
                let _ = lines.send(line);
            }
        }
    });
}
