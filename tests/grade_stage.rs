//! `cargo xtask grade-stage`, as a student types it: the server and the template get full marks, and the report
//! distinguishes the ways in which a parser can fail.
//!
//! The parsers are compiled here, each as a package that a student could have written.

// What the library may not do, its tests may.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Below the target folder: packages that are written here.
const SCRATCH: &str = env!("CARGO_TARGET_TMPDIR");

fn cargo() -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(xtask::root());
    cargo
}

/// Compiles the package in `folder`, and returns the component's path.
///
/// The target folder is the one of the server, so that what generates bindings is not compiled once more.
fn compile(folder: &Path, name: &str) -> PathBuf {
    let target = xtask::target_dir().unwrap();
    let output = cargo()
        .args(["build", "--release", "--locked", "--target", "wasm32-wasip2"])
        .arg("--manifest-path")
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    target.join("wasm32-wasip2/release").join(format!("{name}.wasm"))
}

/// Grades a file. Returns whether it passed, and the output.
fn grade(file: &Path, options: &[&str]) -> (bool, String) {
    let Output { status, stdout, stderr } = cargo()
        .args(["run", "--quiet", "--package", "aula-grade", "--"])
        .arg(file)
        .args(options)
        .output()
        .unwrap();
    (status.success(), String::from_utf8([stdout, stderr].concat()).unwrap())
}

/// Whether the last line of the report has the maximum score.
fn has_full_marks(report: &str) -> bool {
    let score = report.lines().last().and_then(|line| line.strip_prefix("Score: "));
    let points = score.and_then(|score| score.split(" points").next());
    points
        .and_then(|points| points.split_once(" of "))
        .is_some_and(|(won, all)| won == all && won != "0")
}

/// Compiles a package like the template, with this body of `parse`, and returns the component's path.
fn package(name: &str, body: &str) -> PathBuf {
    let template = xtask::root().join("templates/parse-rust");
    let folder = Path::new(SCRATCH).join(name);
    let manifest = fs::read_to_string(template.join("Cargo.toml")).unwrap();
    let lock = fs::read_to_string(template.join("Cargo.lock")).unwrap();
    let source = format!(
        "wit_bindgen::generate!({{ world: \"parse-stage\", path: {:?} }});
        struct Parser;
        export!(Parser);
        impl Guest for Parser {{
            fn parse(bytes: String) -> Result<Option<Request>, Refusal> {{ let _ = &bytes; {body} }}
        }}",
        xtask::root().join("wit")
    );
    fs::create_dir_all(folder.join("src")).unwrap();
    for (file, text) in [
        ("Cargo.toml", manifest.replace("parse-rust", name)),
        ("Cargo.lock", lock.replace("parse-rust", name)),
        ("src/lib.rs", source),
    ] {
        // An unchanged file keeps its modification time, so that cargo does not compile it again.
        if fs::read_to_string(folder.join(file)).ok().as_ref() != Some(&text) {
            fs::write(folder.join(file), text).unwrap();
        }
    }
    compile(&folder, name)
}

#[test]
fn the_server_has_full_marks() {
    let (passed, report) = grade(&xtask::component().unwrap(), &[]);
    assert!(passed && has_full_marks(&report), "{report}");
}

#[test]
fn the_template_has_full_marks() {
    xtask::component().unwrap(); // This adds the target, where it is missing.
    let template = compile(&xtask::root().join("templates/parse-rust"), "parse_rust");
    let (passed, report) = grade(&template, &[]);
    assert!(passed && has_full_marks(&report), "{report}");
}

#[test]
fn each_kind_of_failure_has_its_own_word() {
    xtask::component().unwrap();
    for (name, body, expected) in [
        ("silent", "Ok(None)", "WRONG"),
        (
            "refusing",
            r#"Err(Refusal { status: 400, reason: "No.".into(), rule: String::new() })"#,
            "refused with 400: \"No.\"",
        ),
        ("endless", "loop { std::hint::black_box(&bytes); }", "TIMED OUT"),
        (
            "sleeping",
            "std::thread::sleep(std::time::Duration::from_secs(60)); Ok(None)",
            "TIMED OUT",
        ),
        (
            "greedy",
            "let mut all = vec![bytes]; loop { all.push(\"x\".repeat(1 << 20)); std::hint::black_box(&all); }",
            "OUT OF MEMORY",
        ),
        (
            "deep",
            "fn deep(n: u64) -> u64 { std::hint::black_box([n; 9])[0] + deep(n + 1) } deep(0); Ok(None)",
            "call stack exhausted",
        ),
        ("panicking", "panic!(\"my own fault\")", "my own fault"),
        ("exiting", "std::process::exit(0)", "FAILED"),
        (
            "reading",
            "std::fs::read(\"/etc/passwd\").ok(); Ok(None)",
            "it imports wasi:filesystem/",
        ),
        (
            "connecting",
            "std::net::TcpStream::connect(\"127.0.0.1:80\").ok(); Ok(None)",
            "it imports wasi:sockets/",
        ),
    ] {
        let (passed, report) = grade(&package(name, body), &["--only", "get"]);
        assert!(!passed && report.contains(expected), "{name}: {expected}: {report}");
    }
}

#[test]
fn a_parser_may_print() {
    xtask::component().unwrap();
    let printing = package("printing", "println!(\"{bytes:?}\"); eprintln!(\"here\"); Ok(None)");
    let (passed, report) = grade(&printing, &["--only", "nothing-yet"]);
    assert!(passed, "{report}");
}

#[test]
fn a_file_that_cannot_be_graded_gets_one_line_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    for (content, expected) in [
        (None, "cannot read"),
        (Some(&b"fn parse() {}"[..]), "this is no WebAssembly"),
        (Some(b""), "this is no WebAssembly"),
        (Some(b"\0asm\x01\0\0\0"), "a core module, not a component"),
        (Some(b"\0asm\x0d\0\x01\0\x63"), "broken WebAssembly"),
        (Some(b"\0asm\x0d\0\x01\0"), "exports no function `parse`"),
    ] {
        let file = folder.path().join("stage.wasm");
        let _ = fs::remove_file(&file);
        if let Some(content) = content {
            fs::write(&file, content).unwrap();
        }
        let (passed, report) = grade(&file, &[]);
        let is_a_line = report.lines().count() == 1 && report.starts_with("xtask: ");
        assert!(
            !passed && is_a_line && report.contains(expected),
            "{expected}: {report}"
        );
    }
    for (arguments, expected) in [
        (&["--only", "no-such-vector"][..], "no vector \"no-such-vector\""),
        (&["--fast"], "no option"),
        (&["b.wasm"], "one file at a time"),
    ] {
        let (passed, report) = grade(Path::new("server.wasm"), arguments);
        assert!(!passed && report.contains(expected), "{arguments:?}: {report}");
    }
}
