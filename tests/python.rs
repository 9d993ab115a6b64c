//! `pip install aula-server`, as users get it: the built wheel in a fresh virtual environment. (`TEST_HOST=python cargo
//! test --test conformance` runs the conformance corpus with it.)

// What the library may not do, its tests may.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;

#[path = "support/qr.rs"]
mod qr;
#[path = "support/response.rs"]
mod response;

use response::Response;

static PROGRAM: LazyLock<PathBuf> =
    LazyLock::new(|| xtask::installed_wheel().expect("the wheel is built and installed"));

/// A component whose `main` traps.
const TRAPS: &str = r#"(component
    (core module $m (func (export "run") (result i32) unreachable))
    (core instance $i (instantiate $m))
    (func $run (result (result)) (canon lift (core func $i "run")))
    (instance $run_interface (export "run" (func $run)))
    (export "wasi:cli/run@0.2.0" (instance $run_interface)))"#;

/// A program that ends with 0 if it can read the folder, and neither change it nor see anything else.
const WRITES: &str = r#"
use std::{env, fs};
fn main() {
    assert_eq!(fs::read_to_string("www/kept.txt").unwrap(), "kept");
    assert!(fs::write("www/kept.txt", "changed").is_err());
    assert!(fs::write("www/new.txt", "new").is_err());
    assert!(fs::create_dir("www/new").is_err());
    assert!(fs::rename("www/kept.txt", "www/moved.txt").is_err());
    assert!(fs::remove_file("www/kept.txt").is_err());
    assert!(fs::read("www/../writes.rs").is_err());
    assert!(env::var("PATH").is_err());
}
"#;

/// `aula` in the repository's root, in English, with these arguments.
fn aula(arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM.as_path());
    command.current_dir(xtask::root()).args(arguments).stdin(Stdio::null());
    for variable in ["LC_ALL", "LC_MESSAGES", "AULA_LANG"] {
        command.env_remove(variable);
    }
    command.env("LANG", "en_GB.UTF-8");
    command
}

/// The Python in which the wheel is installed.
fn python() -> PathBuf {
    PROGRAM.with_file_name(if cfg!(windows) { "python.exe" } else { "python" })
}

/// Everything that it printed, on stdout and stderr.
fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr]
        .map(|bytes| String::from_utf8_lossy(bytes))
        .concat()
}

/// A running server. It is killed when it is dropped.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut process = aula(arguments)
            .args(["--host", "127.0.0.1", "--port", "0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stderr.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim_end()
            .strip_prefix("Listening on http://")
            .map(|rest| rest.trim_end_matches('/').to_owned());
        let address = address.unwrap_or_else(|| panic!("no ready line: {line:?}"));
        Self { process, address }
    }

    fn get(&self, path: &str) -> Response {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").unwrap();
        Response::read_last(&mut stream, "GET")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn the_wheel_is_for_every_system_and_has_the_version_of_the_server() {
    let version = env!("CARGO_PKG_VERSION");
    let wheel = xtask::wheel().unwrap();
    assert_eq!(
        wheel.file_name().unwrap().to_str().unwrap(),
        format!("aula_server-{version}-py3-none-any.whl")
    );
    let output = aula(&["--version"]).output().unwrap();
    assert!(
        said(&output).starts_with(&format!("aula {version} (wasmtime 47.0.1, Python 3.")),
        "{output:?}"
    );
    let output = aula(&["--help"]).output().unwrap();
    assert!(
        said(&output).contains("aula check HOST:PORT") && said(&output).contains("--max-connections"),
        "{output:?}"
    );
}

#[test]
fn help_ends_quietly_if_its_reader_closes_the_pipe() {
    let mut help = aula(&["--help"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(help.stdout.take());
    let output = help.wait_with_output().unwrap();
    assert_eq!((output.status.code(), said(&output).as_str()), (Some(0), ""));
}

#[test]
fn it_serves_the_named_folder_or_www() {
    let page = fs::read_to_string(xtask::root().join("www/hello.html")).unwrap();
    let server = Server::start(&[]);
    assert_eq!(server.get("/hello.html").text(), page);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("año.txt"), "2026").unwrap();
    let server = Server::start(&[folder.path().to_str().unwrap(), "--list"]);
    assert_eq!(server.get("/a%C3%B1o.txt").text(), "2026");
    assert!(server.get("/").text().contains("año.txt"));
    assert_eq!(server.get("/../x").status(), 400);
}

#[test]
#[cfg(unix)]
fn a_signal_ends_it_at_once() {
    use std::os::unix::process::ExitStatusExt;
    for (name, number) in [("INT", 2), ("TERM", 15)] {
        let mut server = Server::start(&["www"]);
        let kill = format!("kill -{name} {}", server.process.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        assert_eq!(server.process.wait().unwrap().signal(), Some(number), "{name}");
    }
}

#[test]
fn every_mistake_gets_one_line_with_the_cause_and_the_cure() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let traps = file("traps.wat", TRAPS);
    let text = file("text.wasm", "no component");
    // The metadata of another version of the package.
    let other = file(
        "other/wasmtime-50.0.1.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: wasmtime\nVersion: 50.0.1\n",
    );
    let other = PathBuf::from(other).parent().unwrap().parent().unwrap().to_owned();
    for (arguments, path, language, code, parts) in [
        (
            &["nowhere"][..],
            None,
            "en",
            1,
            &["nowhere: no such folder", "`aula www"][..],
        ),
        (
            &["nowhere"],
            None,
            "es_MX.UTF-8",
            1,
            &["nowhere: no existe esa carpeta"],
        ),
        (
            &["nowhere", "--lang=es"],
            None,
            "en",
            1,
            &["nowhere: no existe esa carpeta"],
        ),
        (&["README.md"], None, "en", 1, &["README.md: no such folder"]),
        (
            &["www", "--host", "127.0.0.1", "--port", &port],
            None,
            "en",
            1,
            &["port", "is in use", "--port"],
        ),
        (
            &["www", "--prot", "1"],
            None,
            "en",
            1,
            &["--prot", "did you mean --port?"],
        ),
        (&["www", "--component"], None, "en", 1, &["--component: name a file"]),
        (
            &["www", "--component", "nowhere.wasm"],
            None,
            "en",
            1,
            &["nowhere.wasm: No such file"],
        ),
        (
            &["www", "--component", &text],
            None,
            "en",
            1,
            &["not a component that runs here"],
        ),
        (
            &["www", "--component", &traps],
            None,
            "en",
            134,
            &["`unreachable` instruction", "please report this line"],
        ),
        (&["parse"], None, "en", 1, &["`aula parse ARGUMENT [FOLDER]`"]),
        (
            &["www"],
            Some(&other),
            "en",
            1,
            &["wasmtime 50.0.1 is installed", "pip install wasmtime==47.0.1"],
        ),
        (&["www"], Some(&other), "es", 1, &["está instalado wasmtime 50.0.1"]),
    ] {
        let mut command = aula(arguments);
        command.env("LANG", language);
        if let Some(path) = path {
            command.env("PYTHONPATH", path);
        }
        let output = command.output().unwrap();
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{arguments:?}: {said}");
        for part in parts {
            assert!(said.contains(part), "{arguments:?}: {part:?} is not in {said:?}");
        }
    }
}

#[test]
fn a_component_can_read_the_folder_but_not_change_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("www")).unwrap();
    fs::write(folder.path().join("www/kept.txt"), "kept").unwrap();
    let [source, program] = ["writes.rs", "writes.wasm"].map(|name| folder.path().join(name));
    fs::write(&source, WRITES).unwrap();
    // Building the server has added the target.
    xtask::component().unwrap();
    let mut rustc = Command::new("rustc");
    rustc
        .current_dir(xtask::root())
        .args(["--edition=2024", "--target=wasm32-wasip2", "-o"]);
    let output = rustc.arg(&program).arg(&source).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let mut run = aula(&["www", "--component"]);
    let output = run.arg(&program).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(fs::read(folder.path().join("www/kept.txt")).unwrap(), b"kept");
}

#[test]
fn the_address_for_other_machines_is_printed_and_drawn_for_phones() {
    // The addresses of the machine that runs the test are replaced.
    let script = "import sys; from aula import addresses, texts\n\
                  addresses.own_address = lambda version: {4: '192.168.1.20', 6: None}[version]\n\
                  announcer = addresses.Announcer(opens=False, draws=sys.argv[1] == 'draws')\n\
                  print(announcer.hear(sys.argv[2]), end='')";
    let serving = "Serving www at 0.0.0.0:8080 and [::]:8080; Ctrl-C stops it.\n";
    let line_for_others = "  from other machines: http://192.168.1.20:8080/\n";
    for (draws, line, before) in [
        ("not", serving, line_for_others),
        ("draws", serving, line_for_others),
        ("not", "Serving www at 127.0.0.1:8080; Ctrl-C stops it.\n", ""),
        ("draws", "Serving www at 10.0.0.2:8080; Ctrl-C stops it.\n", ""),
        ("not", "Listening on http://127.0.0.1:8080/\n", ""),
        ("not", "127.0.0.1 - - \"GET / HTTP/1.1\"\n", ""),
    ] {
        let output = Command::new(python())
            .args(["-c", script, draws, line])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let printed = String::from_utf8(output.stdout).unwrap().replace('\r', "");
        let drawn = printed
            .strip_prefix(before)
            .unwrap_or_else(|| panic!("{line}: {printed}"));
        assert_eq!(drawn.is_empty(), draws == "not", "{line}: {printed}");
        if draws == "draws" {
            let url = drawn.lines().last().unwrap().trim();
            assert!(
                ["http://192.168.1.20:8080/", "http://10.0.0.2:8080/"].contains(&url),
                "{printed}"
            );
            assert_eq!(qr::read(drawn.trim_end().rsplit_once('\n').unwrap().0), url);
        }
    }
}

#[test]
#[cfg(unix)]
fn a_browser_is_opened_at_the_address() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (browser, opened) = (folder.path().join("browser"), folder.path().join("opened"));
    fs::write(
        &browser,
        format!(
            "#!/bin/sh\necho \"$1\" > '{0}.new'; mv '{0}.new' '{0}'\n",
            opened.display()
        ),
    )
    .unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = aula(&["www", "--open", "--qr", "--host", "127.0.0.1", "--port", "0"]);
    command
        .env("BROWSER", &browser)
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut said = BufReader::new(process.stderr.take().unwrap()).lines();
    let ready = said.next().unwrap().unwrap();
    // These lines come after the browser was started. The second says why nothing is drawn.
    let rest: Vec<_> = said.by_ref().take(2).map(Result::unwrap).collect();
    let server = Server {
        process,
        address: ready
            .replace("Listening on http://", "")
            .trim_end_matches('/')
            .to_owned(),
    };
    assert!(rest[0].starts_with("Serving www at 127.0.0.1:"), "{rest:?}");
    assert!(rest[1].contains("this machine alone"), "{rest:?}");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !opened.exists() && std::time::Instant::now() < deadline {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!(
        fs::read_to_string(opened).unwrap(),
        format!("http://{}/\n", server.address)
    );
    assert_eq!(server.get("/hello.html").status(), 200);
}

#[test]
fn the_checker_connects_by_name_and_writes_to_the_current_folder() {
    let server = Server::start(&["www"]);
    let port = server.address.rsplit_once(':').unwrap().1;
    let folder = tempfile::tempdir().unwrap();
    let mut check = aula(&[
        "check",
        &format!("localhost:{port}"),
        "--page",
        "/hello.html",
        "--only",
        "status-200",
    ]);
    let output = check
        .args(["--json", "report.json"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(
        output.status.success() && said(&output).contains("status-200"),
        "{output:?}"
    );
    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.path().join("report.json")).unwrap()).unwrap();
    assert!(report.is_object(), "{report}");
}

#[test]
fn a_stage_can_be_called_from_the_command_line() {
    let get = r"GET /hello.html HTTP/1.1\r\nHost: ñ.example\r\nAccept: */*\r\n\r\n";
    for (arguments, prints) in [
        (
            &["parse", r"GET /a?b HTTP/1.1\r\nHost: c\r\n\r\n"][..],
            "Request(method='GET', target='/a?b', version='HTTP/1.1', fields=[",
        ),
        (&["parse", "GET"], "None"),
        (
            &["parse", r"GET / HTTP/1.1\r\nHost : a\r\n\r\n"],
            "Refusal(status=400, ",
        ),
        (
            &["resolve", "/text/../hello.html"],
            "Found(kind='file', name='hello.html')",
        ),
        (&["resolve", "/hello.html", "src"], "Refusal(status=404, "),
        (&["respond", &get.replace('ñ', "n"), "www"], "Response(status=200, "),
        (&["respond", get, "www"], "Refusal(status=400, "),
    ] {
        let output = aula(arguments).output().unwrap();
        assert!(said(&output).starts_with(prints), "{arguments:?}: {output:?}");
    }
}

#[test]
fn the_notebooks_print_what_is_saved_in_them() {
    let mut run = Command::new(python());
    run.current_dir(xtask::root()).arg("hosts/python/tests/notebook.py");
    let output = run
        .args(["docs/stages.ipynb", "docs/es/etapas.ipynb"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
}
