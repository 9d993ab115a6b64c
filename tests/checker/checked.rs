//! Runs the checker under the real runtime on a server, and reads what it printed and reported.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use tempfile::TempDir;

static CHECKER: LazyLock<PathBuf> = LazyLock::new(|| {
    // Some tests need the server too.
    xtask::components().expect("the components are built");
    let checker = xtask::root().join("checker.wasm");
    // The runtime caches compiled code. This run compiles it once, before many tests would do so at the same time.
    let _ = Command::new(RUNTIME.as_path())
        .arg("run")
        .arg(&checker)
        .arg("--list")
        .output();
    checker
});
static RUNTIME: LazyLock<PathBuf> = LazyLock::new(|| xtask::wasmtime().expect("there is a runtime"));

/// `wasmtime run -S inherit-network checker.wasm` with these arguments, and without other grants.
pub fn command(arguments: &[&str]) -> Command {
    with_rights(&["-S", "inherit-network"], arguments)
}

/// The checker with only these rights.
pub fn with_rights(rights: &[&str], arguments: &[&str]) -> Command {
    let mut command = Command::new(RUNTIME.as_path());
    command.arg("run").args(rights).arg(CHECKER.as_path()).args(arguments);
    command.stdin(Stdio::null());
    command
}

/// The result of a run.
pub struct Checked {
    /// WASI 0.2 has two exit codes: 0, and 1 for everything else.
    pub code: Option<i32>,
    /// The text for a student.
    pub text: String,
    /// The report for programs (`--json`).
    pub report: Value,
    /// The report for Gradescope, if the options write it to `reports/gradescope.json`; otherwise null.
    pub gradescope: Value,
}

/// Checks a server. `files` are the paths of files in `folder` that the checker gets; the first is the page.
pub fn check(server: SocketAddr, folder: &Path, files: &[&str], options: &[&str]) -> Checked {
    let reports = tempfile::tempdir().expect("there is room for a folder");
    let grants = grants(folder, &reports);
    let rights = ["-S", "inherit-network", "--dir", &grants[0], "--dir", &grants[1]];
    let server = server.to_string();
    let files: Vec<_> = files
        .iter()
        .map(|path| format!("--file={path}={}", &path[1..]))
        .collect();
    let mut arguments = vec![server.as_str(), "--json", "reports/report.json"];
    arguments.extend(files.iter().map(String::as_str));
    arguments.extend(options);
    let output = with_rights(&rights, &arguments).output().expect("the runtime runs");
    finish(&output, &reports)
}

/// The folders to grant to the checker: the files, and where it writes reports.
pub fn grants(folder: &Path, reports: &TempDir) -> [String; 2] {
    [
        format!("{}::.", folder.display()),
        format!("{}::reports", reports.path().display()),
    ]
}

/// Reads the output and the reports of a checker that has ended.
pub fn finish(output: &Output, reports: &TempDir) -> Checked {
    let text = String::from_utf8(output.stdout.clone()).expect("it prints UTF-8");
    let said = String::from_utf8_lossy(&output.stderr);
    let read = |name| fs::read(reports.path().join(name)).ok();
    let report = read("report.json").unwrap_or_else(|| panic!("no report:\n{text}\n{said}"));
    let gradescope = read("gradescope.json").unwrap_or_else(|| b"null".to_vec());
    Checked {
        code: output.status.code(),
        text: format!("{text}{said}"),
        report: serde_json::from_slice(&report).expect("the report is JSON"),
        gradescope: serde_json::from_slice(&gradescope).expect("the report is JSON"),
    }
}

impl Checked {
    /// The ids of the checks in this state: `passed`, `failed`, `not-run`.
    pub fn ids(&self, state: &str) -> BTreeSet<&str> {
        let checks = self.report["checks"].as_array().expect("there are checks");
        let of_state = checks.iter().filter(|check| check["state"] == state);
        of_state.map(|check| check["id"].as_str().expect("an id")).collect()
    }

    /// The ids of the lab's checks that failed and have points, in the order of the report.
    pub fn lab(&self) -> Vec<&str> {
        let checks = self.report["checks"].as_array().expect("there are checks");
        let of_lab = checks.iter().filter(|check| check["urgency"] == "lab");
        of_lab.map(|check| check["id"].as_str().expect("an id")).collect()
    }

    /// The text without its line breaks, so that a sentence is found wherever it is wrapped.
    pub fn on_one_line(&self) -> String {
        self.text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// How the run ended: `passed`, `failed`, `connection`, `usage`.
    pub fn outcome(&self) -> &str {
        self.report["outcome"].as_str().expect("an outcome")
    }

    /// The part of the text that explains why a check failed, from its id to the next empty line. (Tips are explained
    /// only with `--tips`.)
    pub fn explanation(&self, id: &str) -> String {
        let heading = format!("{id}  [");
        let lines = self.text.lines().skip_while(|line| !line.starts_with(&heading));
        lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }

    /// The rows of bytes with carets under them in an explanation, and the row for "nothing was received".
    pub fn pointed_at(&self, id: &str) -> String {
        let explanation = self.explanation(id);
        let lines: Vec<_> = explanation.lines().collect();
        let is_carets = |line: &str| line.trim_start().starts_with("| ") && line.ends_with('^');
        let rows = lines.windows(2).filter(|two| is_carets(two[1])).map(|two| two[0]);
        let nothing = lines
            .iter()
            .copied()
            .filter(|line| line.starts_with("  received  (nothing"));
        rows.chain(nothing).collect::<Vec<_>>().join("\n")
    }
}
