//! The zip, run as Gradescope runs it: unpacked into `source`, `setup.sh` once, and `run_autograder` from the folder
//! above for each submission. Only the folder is not `/autograder`. Gradescope runs Linux, so this is not for Windows.
#![cfg(unix)]

use serde_json::Value;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use tempfile::TempDir;

/// A server that does what the lab requires.
const RIGHT: &str = r#"
import sys
from socket import *
listener = socket(AF_INET, SOCK_STREAM)
listener.bind(("", int(sys.argv[1])))
listener.listen(1)
while True:
    c, address = listener.accept()
    try:
        name = c.recv(1024).decode().split()[1]
        content = open(name[1:], "rb").read()
        c.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + content)
    except OSError:
        c.sendall(b"HTTP/1.1 404 Not Found\r\n\r\n<h1>404 Not Found</h1>")
    except IndexError:
        print("nothing was asked")
    c.close()
"#;

/// The folders of Gradescope in this test.
struct Autograder(TempDir);

/// The zip is made and unpacked once. Each test has its own copy of the small files.
static UNPACKED: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    // Packing 45 MB takes long. A script that starts the same wasmtime replaces it.
    let wasmtime = folder.path().join("wasmtime");
    let real = xtask::wasmtime().unwrap();
    fs::write(&wasmtime, format!("#!/bin/sh\nexec '{}' \"$@\"\n", real.display())).unwrap();
    let zip = folder.path().join("autograder.zip");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let made = Command::new(env!("CARGO_BIN_EXE_aula-autograder"))
        .args(["--port", &port.to_string(), "--command", "python3 {file} {port}"])
        .arg("--out")
        .arg(&zip)
        .arg("--wasmtime")
        .arg(&wasmtime)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let source = folder.path().join("source");
    let mut zip = zip::ZipArchive::new(fs::File::open(zip).unwrap()).unwrap();
    zip.extract(&source).unwrap();
    for program in ["setup.sh", "run_autograder", "wasmtime"] {
        let mode = fs::metadata(source.join(program)).unwrap().permissions().mode();
        assert_eq!(mode & 0o111, 0o111, "{program} can be run");
    }
    let set_up = Command::new("bash").arg(source.join("setup.sh")).output().unwrap();
    let said = String::from_utf8_lossy(&set_up.stdout).into_owned();
    assert!(set_up.status.success() && said.contains("wasmtime"), "{set_up:?}");
    folder
});

impl Autograder {
    fn new(submission: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = UNPACKED.path().join("source");
        std::os::unix::fs::symlink(&source, folder.path().join("source")).unwrap();
        fs::copy(source.join("run_autograder"), folder.path().join("run_autograder")).unwrap();
        write(&folder.path().join("submission"), submission);
        Self(folder)
    }

    /// The results in the form of Gradescope: `results.json`.
    fn results(&self) -> Value {
        let run = Command::new(self.0.path().join("run_autograder"))
            .env("AULA_AUTOGRADER", self.0.path())
            .env("SECRET_OF_THE_AUTOGRADER", "hunter2")
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let results = fs::read(self.0.path().join("results/results.json")).expect("results.json");
        serde_json::from_slice(&results).unwrap()
    }
}

fn write(folder: &Path, files: &[(&str, &str)]) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    for (name, content) in files {
        fs::write(folder.join(name), content).unwrap();
    }
    folder.to_owned()
}

/// The sum of the points of all tests, which Gradescope shows.
fn points(results: &Value) -> (u64, u64) {
    let sum = |name: &str| {
        let tests = results["tests"].as_array().unwrap().iter();
        tests.filter_map(|test| test[name].as_u64()).sum()
    };
    (sum("score"), sum("max_score"))
}

// This is one test because there is only one port: without network namespaces, several tests would disturb each other.
#[test]
fn submissions_are_graded_as_gradescope_does_it_and_as_a_folder() {
    let right = Autograder::new(&[("my_server.py", RIGHT), ("notes.txt", "")]).results();
    assert_eq!(points(&right), (26, 26), "{right:#}");

    // A submission does not replace the page, and has its own environment.
    let prying = RIGHT.replace(
        "listener.listen(1)",
        "listener.listen(1)\nimport os\nprint(sorted(os.environ))",
    );
    let one_time = prying.replace("    c.close()", "    c.close(); break");
    let broken = Autograder::new(&[("server.py", &one_time), ("HelloWorld.html", "mine")]).results();
    let (score, max) = points(&broken);
    assert!(score < max && max == 26, "{broken:#}");
    let first = broken["tests"][0]["name"].as_str().unwrap();
    assert!(first.starts_with("survives:"), "first things first: {first}");
    let output = broken["output"].as_str().unwrap();
    assert!(
        output.contains("before its program ended") && output.contains("PYTHONUNBUFFERED"),
        "{output}"
    );
    assert!(!output.contains("SECRET"), "{output}");

    let syntax = Autograder::new(&[("server.py", "from socket import *\ndef f(:\n")]).results();
    assert_eq!(points(&syntax).0, 0);
    let output = syntax["output"].as_str().unwrap();
    assert!(output.contains("SyntaxError"), "the terminal is shown: {output}");

    let nothing = Autograder::new(&[("notes.txt", "")]).results();
    assert_eq!(nothing["score"], 0);
    assert!(
        nothing["output"]
            .as_str()
            .unwrap()
            .contains("Which file is the server?")
    );

    // The same as a folder, with a table.
    let class = tempfile::tempdir().unwrap();
    let submissions = class.path().join("submissions");
    write(&submissions.join("ana"), &[("server.py", RIGHT)]);
    write(&submissions.join("bruno"), &[("server.py", &one_time)]);
    write(&submissions, &[("carla.py", "def f(:\n")]);
    let table = class.path().join("table.csv");
    let run = Command::new(UNPACKED.path().join("source/run_autograder"))
        .arg("--folder")
        .arg(&submissions)
        .arg("--csv")
        .arg(&table)
        .arg("--reports")
        .arg(class.path().join("reports"))
        .output()
        .unwrap();
    let progress = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(progress.contains("[1/3] ana: 26 of 26"), "{progress}");
    let rows = fs::read_to_string(table).unwrap();
    let rows: Vec<Vec<&str>> = rows.lines().map(|row| row.split(',').collect()).collect();
    let columns = |row: usize| rows[row][..5].to_vec();
    assert_eq!(
        columns(0),
        ["submission", "score", "max_score", "outcome", "start_here"]
    );
    assert_eq!(columns(1)[..4], ["ana", "26", "26", "passed"]);
    assert_eq!(columns(2)[3..], ["failed", "survives"]);
    assert_eq!(columns(3)[..4], ["carla.py", "0", "26", "connection"]);
    let report = fs::read_to_string(class.path().join("reports/bruno.txt")).unwrap();
    assert!(report.contains("Start here: survives"), "{report}");
}
