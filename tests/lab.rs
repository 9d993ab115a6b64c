//! `cargo xtask lab`, as a student types it. On a machine with namespaces the lab runs, and leaves nothing behind,
//! however it ends. On other machines one line says what is missing.

// What the library may not do, its tests may.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{self, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long the kernel may take to end all processes of the lab. This only ends a test that fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// The lab, whose processes are all marked with a variable of their environment.
fn lab(mark: &str, arguments: &[&str]) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(xtask::root())
        .args(["run", "--quiet", "--package", "aula-lab", "--"])
        .args(arguments)
        .env("LAB_TEST", mark)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    cargo
}

/// A mark that is unique to this test and process.
fn mark(test: &str) -> String {
    format!("{test}-{}", process::id())
}

/// Whether the lab can run on this machine, tested with other commands than the lab's own.
fn namespaces_can_be_made() -> bool {
    let network = "ip link add s1 type bridge && ip link add h1-eth0 type veth peer name s1-eth1";
    [&[][..], &["--user", "--map-root-user"]].iter().any(|user| {
        let mut unshare = Command::new("unshare");
        unshare
            .args(*user)
            .args(["--net", "--pid", "--fork", "--mount-proc", "sh", "-c", network]);
        unshare.output().is_ok_and(|output| output.status.success())
    })
}

/// The command lines of the lab's running processes.
fn alive(mark: &str) -> Vec<String> {
    let mark = format!("LAB_TEST={mark}\0");
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let marked = processes.filter(|process| {
        let environment = fs::read(process.path().join("environ")).unwrap_or_default();
        String::from_utf8_lossy(&environment).contains(&mark)
    });
    let command_lines = marked.filter_map(|process| fs::read_to_string(process.path().join("cmdline")).ok());
    command_lines.map(|line| line.replace('\0', " ")).collect()
}

/// Waits until none is alive: after a signal the kernel ends them one by one.
fn assert_none_is_left(mark: &str, context: &str) {
    let deadline = Instant::now() + PATIENCE;
    while !alive(mark).is_empty() {
        assert!(Instant::now() < deadline, "{context}: left behind: {:#?}", alive(mark));
        thread::sleep(Duration::from_millis(10));
    }
}

/// The names of the machine's own network interfaces.
fn links() -> BTreeSet<String> {
    let entries = fs::read_dir("/sys/class/net").into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

/// Fails unless the output is one line with what this machine lacks and what to do.
fn assert_says_what_is_missing(output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    let cures = [
        "; install it: ",
        "; allow them: ",
        "; load it: ",
        "; run it as root",
        "run it on Linux",
    ];
    assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
    assert!(said.starts_with("xtask: lab: ") && said.lines().count() == 1, "{said}");
    assert!(cures.iter().any(|cure| said.contains(cure)), "{said}");
}

#[test]
fn h1_gets_the_page_the_404_and_a_passed_check_and_nothing_is_left() {
    let mark = mark("demonstration");
    let links_before = links();
    let output = lab(&mark, &[]).output().unwrap();
    if namespaces_can_be_made() {
        let shown = String::from_utf8_lossy(&output.stdout);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{shown}\n{said}");
        let mut rest = &*shown;
        // In this order.
        for part in [
            "h1  10.0.0.1/8",
            "h2$ wasmtime run -S inherit-network --dir www server.wasm --preset mininet",
            "h1: GET http://10.0.0.2:3000/hello.html\n",
            "HTTP/1.1 200 OK\n",
            "h1: GET http://10.0.0.2:3000/no-such-page.html\n",
            "HTTP/1.1 404 Not Found\n",
            "h1$ wasmtime run -S inherit-network checker.wasm 10.0.0.2:3000 --preset mininet",
            "lab: what the lab asks for is there\n",
        ] {
            let found = rest.split_once(part);
            rest = found
                .unwrap_or_else(|| panic!("no {part:?} after the parts before it: {shown}\n{said}"))
                .1;
        }
        assert!(shown.contains("h2| 10.0.0.1 - - "), "h2's access log names h1: {shown}");
    } else {
        assert_says_what_is_missing(&output);
    }
    assert_none_is_left(&mark, "after its end");
    assert_eq!(links(), links_before);
}

#[test]
fn a_server_that_does_not_do_what_the_lab_requires_fails() {
    let mark = mark("student");
    for (server, expected) in [
        ("exit 3", "the server in h2 has ended (exit status: 3)"),
        // It speaks HTTP, but its folder has no hello.html.
        (
            "wasmtime run -S inherit-network --dir src::www server.wasm --port 3000",
            "WRONG: the status must be 200",
        ),
        (
            "wasmtime run -S inherit-network --dir www server.wasm --port 3000 --host 127.0.0.1",
            "h1 cannot connect to 10.0.0.2:3000",
        ),
    ] {
        let runtime = xtask::wasmtime().unwrap();
        let server = server.replace("wasmtime", &format!("'{}'", runtime.display()));
        xtask::component().unwrap();
        let output = lab(&mark, &["--server", &server]).output().unwrap();
        if namespaces_can_be_made() {
            let all = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(!output.status.success() && all.contains(expected), "{server}: {all}");
        } else {
            assert_says_what_is_missing(&output);
        }
        assert_none_is_left(&mark, &server);
    }
}

#[test]
fn nothing_is_left_whatever_signal_ends_it() {
    let links_before = links();
    for signal in ["INT", "TERM", "HUP", "KILL"] {
        let mark = mark(signal);
        // It never listens, so the lab would wait for a while. It ends neither by itself nor on a signal that can be
        // caught.
        let server = "trap '' INT TERM HUP; echo up; sleep 1000 & wait";
        let mut lab = lab(&mark, &["--server", server]).spawn().unwrap();
        let lines = BufReader::new(lab.stdout.take().unwrap()).lines();
        let is_up = lines.map_while(Result::ok).any(|line| line == "h2| up");
        if namespaces_can_be_made() {
            assert!(is_up, "{:?}", lab.wait_with_output());
            assert!(alive(&mark).len() > 5, "the processes are found: {:?}", alive(&mark));
            assert_eq!(links(), links_before, "its network is its own");
            let kill = format!("kill -{signal} {}", lab.id());
            assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
            assert!(!lab.wait().unwrap().success());
        } else {
            assert_says_what_is_missing(&lab.wait_with_output().unwrap());
        }
        assert_none_is_left(&mark, signal);
        assert_eq!(links(), links_before, "{signal}");
    }
}

#[test]
fn what_is_missing_is_said_in_one_line() {
    let build = Command::new(env!("CARGO"))
        .current_dir(xtask::root())
        .args(["build", "--quiet", "--package", "aula-lab"])
        .status();
    assert!(build.unwrap().success());
    // Not by `cargo run`, which itself does not work with so empty a PATH.
    let program = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .with_file_name("debug")
        .join("aula-lab");
    let empty = tempfile::tempdir().unwrap();
    let output = Command::new(program).env("PATH", empty.path()).output().unwrap();
    assert_says_what_is_missing(&output);
}
