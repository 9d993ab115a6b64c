//! What runs the component: which of those that are there is chosen, and the one build of wasmtime. Every program is a
//! fake, so that nothing of the machine's own counts and nothing takes ten minutes.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Installs a fake `wasmtime` under `--root`, slowly, and keeps a record of how it was called.
const CARGO: &str = r#"#!/bin/sh
echo "$PWD $CARGO_TARGET_DIR ${CARGO_PKG_NAME-unset} $*" >> "$RECORD"
for argument; do
    [ "$previous" = --root ] && root=$argument
    previous=$argument
done
sleep 1
mkdir -p "$root/bin"
printf '#!/bin/sh\necho wasmtime 48.0.8\n' > "$root/bin/wasmtime"
chmod +x "$root/bin/wasmtime"
"#;

/// A Python whose pip fails, as without a network.
const PYTHON_OFFLINE: &str = r#"#!/bin/sh
case "$*" in
    *"-m venv"*) for folder; do :; done; mkdir -p "$folder/bin" && cp "$0" "$folder/bin/python" ;;
    *"-m pip"*) echo 'pip: no network' >&2; exit 1 ;;
esac
"#;

/// A machine that has nothing but what a test puts there.
struct Machine(PathBuf);

impl Machine {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("tools")).unwrap();
        for tool in ["sh", "sleep", "mkdir", "chmod", "cp"] {
            symlink(Path::new("/bin").join(tool), folder.join("tools").join(tool)).unwrap();
        }
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn program(&self, name: &str, script: &str) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    /// A program that prints this, whatever it is asked.
    fn printing(&self, name: &str, text: &str) -> &Self {
        self.program(name, &format!("#!/bin/sh\necho '{text}'\n"))
    }

    /// `cargo xtask TASK` on this machine.
    fn xtask(&self, task: &str) -> Command {
        let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
        xtask
            .arg(task)
            .env_remove("AULA_WASMTIME")
            .env("RECORD", self.path("record"));
        let folders = ["first", "second", "tools"].map(|folder| self.path(folder));
        xtask.env("PATH", std::env::join_paths(folders).unwrap());
        xtask
            .env("CARGO", self.path("cargo"))
            .env("CARGO_HOME", self.path("cargo-home"));
        // The cache folder is below these, on Linux and on macOS.
        xtask.env("XDG_CACHE_HOME", self.path("cache")).env("HOME", &self.0);
        xtask.stdout(Stdio::piped()).stderr(Stdio::piped());
        xtask
    }
}

/// What was printed on stdout and on stderr.
fn printed(output: Output) -> [String; 2] {
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(output.status.success(), "{printed:?}");
    printed
}

#[test]
fn two_processes_build_wasmtime_once_and_print_its_path_alone() {
    let machine = Machine::new("install");
    machine
        .program("cargo", CARGO)
        .printing("first/wasmtime", "wasmtime 35.0.0");
    let start = || machine.xtask("wasmtime").spawn().unwrap();
    for process in [start(), start()] {
        let [stdout, stderr] = printed(process.wait_with_output().unwrap());
        assert!(stderr.contains("is version 35, older than 36"), "{stderr}");
        assert!(stdout.ends_with("/aula/wasmtime-48.0.8/bin/wasmtime\n"), "{stdout}");
        assert_eq!(stdout.lines().count(), 1, "{stdout}");
    }

    let calls = fs::read_to_string(machine.path("record")).unwrap();
    assert_eq!(calls.lines().count(), 1, "{calls}");
    let build = calls.split(' ').next().unwrap();
    assert!(
        calls.starts_with(&format!("{build} {build} unset install wasmtime-cli ")),
        "{calls}"
    );
    assert!(!Path::new(build).exists(), "the build folder is left");
}

#[test]
fn without_a_network_python_is_no_help_and_wasmtime_is_built() {
    let machine = Machine::new("offline");
    machine.program("cargo", CARGO).program("first/python3", PYTHON_OFFLINE);
    let [stdout, stderr] = printed(machine.xtask("wasmtime").output().unwrap());
    assert!(stdout.ends_with("/aula/wasmtime-48.0.8/bin/wasmtime\n"), "{stdout}");
    assert!(
        stderr.contains("pip: no network\n") && stderr.contains("not the wasmtime from PyPI"),
        "{stderr}"
    );
}

#[test]
fn what_serve_runs_in_is_the_first_that_is_there_and_works() {
    let ours = concat!("aula ", env!("CARGO_PKG_VERSION"), " (wasmtime 48.0.8)");
    let built = "cache/aula/wasmtime-48.0.8/bin/wasmtime";
    for (name, programs, chosen) in [
        (
            "aula-first",
            &[("second/aula", ours), ("first/wasmtime", "wasmtime 49.0.0")][..],
            "aula (SECOND/aula)",
        ),
        (
            "aula-installed",
            &[("cargo-home/bin/aula", ours), (built, "wasmtime 48.0.8")],
            "aula (CARGO_HOME/bin/aula)",
        ),
        (
            "aula-old",
            &[("first/aula", "aula 0.0.1 (wasmtime 1)"), ("second/aula", ours)],
            "aula (SECOND/aula)",
        ),
        (
            "aula-other",
            &[("first/aula", "a keyboard"), ("second/wasmtime", "wasmtime 36.0.0")],
            "wasmtime (SECOND/wasmtime)",
        ),
        (
            "on-the-path",
            &[("first/wasmtime", "wasmtime 49.0.0"), (built, "wasmtime 48.0.8")],
            "wasmtime (FIRST/wasmtime)",
        ),
        (
            "built-before",
            &[(built, "wasmtime 48.0.8")],
            "wasmtime-48.0.8/bin/wasmtime)",
        ),
    ] {
        let machine = Machine::new(name);
        for (program, prints) in programs {
            machine.printing(program, prints);
        }
        let [_, stderr] = printed(machine.xtask("runtime").output().unwrap());
        let mut chosen = chosen.to_owned();
        for (word, folder) in [("FIRST", "first"), ("SECOND", "second"), ("CARGO_HOME", "cargo-home")] {
            chosen = chosen.replace(word, machine.path(folder).to_str().unwrap());
        }
        let line = stderr.lines().last().unwrap();
        assert!(
            line.starts_with("xtask: runs in ") && line.contains(&chosen),
            "{name}: {stderr}"
        );
    }
}

#[test]
fn the_wasmtime_that_is_named_comes_before_all_others_and_has_to_work() {
    let machine = Machine::new("named");
    let ours = concat!("aula ", env!("CARGO_PKG_VERSION"), " (wasmtime 48.0.8)");
    machine
        .printing("first/aula", ours)
        .printing("named/wasmtime", "wasmtime 40.0.0");
    let named = machine.path("named/wasmtime");
    let [_, stderr] = printed(machine.xtask("runtime").env("AULA_WASMTIME", &named).output().unwrap());
    assert!(
        stderr.contains(&format!("runs in wasmtime ({})", named.display())),
        "{stderr}"
    );
    let output = machine
        .xtask("runtime")
        .env("AULA_WASMTIME", machine.path("nowhere"))
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && stderr.contains("AULA_WASMTIME: name another"),
        "{stderr}"
    );
}
