//! `cargo xtask autograder`: makes a zip for Gradescope, which grades a student's web server with the checker.
//!
//! It contains everything that it needs, so nothing is downloaded in class: the checker, a wasmtime, the files that the
//! server must serve, and `files/`, which Gradescope runs: `setup.sh` once, `run_autograder` for each submission. The
//! same `run_autograder` grades a folder of submissions on any Linux (docs/teachers.md).

use anyhow::{Context, Result, bail, ensure};
use lexopt::{Arg, Parser, ValueExt};
use serde_json::json;
use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const USAGE: &str = "\
cargo xtask autograder [OPTION...] [-- CHECKER OPTION...]   make a zip for Gradescope

  --out FILE         the zip; by default autograder.zip
  --preset NAME      the lab: kurose (default), nyu, mininet, lab01
  --port N           the port at which the students' servers listen; by default the lab's
  --site FOLDER      the files that the servers serve; by default www
  --file /PATH       one of them, to be compared byte by byte; repeatable, the first is the page;
                     by default the lab's page
  --server PATTERN   how the file is named that is handed in; repeatable; by default *server*.py, *.py
  --command TEXT     how it is started; by default: python3 {file}
  --wasmtime FILE    the wasmtime to pack, for Linux on Gradescope's processor; by default this machine's
  --help             print this

What follows -- is given to the checker, such as --require date, --threads, --lang es.
";

/// The parts of the zip.
struct Plan {
    out: PathBuf,
    preset: String,
    port: Option<u16>,
    site: PathBuf,
    files: Vec<String>,
    servers: Vec<String>,
    command: String,
    wasmtime: Option<PathBuf>,
    checker: Vec<String>,
}

fn main() -> ExitCode {
    xtask::exit_code(run(env::args_os().skip(1).collect()))
}

fn run(arguments: Vec<OsString>) -> Result<ExitCode> {
    let Some(plan) = parse(arguments)? else {
        print!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    };
    let (page, port) = match plan.preset.as_str() {
        "kurose" => ("/HelloWorld.html", 13331),
        "nyu" => ("/helloworld.html", 13331),
        "mininet" => ("/hello.html", 3000),
        "lab01" => ("/text/index.html", 80),
        other => bail!("no preset {other:?}: give one of kurose, nyu, mininet, lab01"),
    };
    let files = if plan.files.is_empty() {
        vec![page.to_owned()]
    } else {
        plan.files.clone()
    };
    let checker = [vec!["--preset".to_owned(), plan.preset.clone()], plan.checker.clone()].concat();
    let config = json!({
        "server": plan.servers,
        "command": plan.command.split_whitespace().collect::<Vec<_>>(),
        "port": plan.port.unwrap_or(port),
        "files": files,
        "checker": checker,
        "start_seconds": 10,
        "total_seconds": 300,
        "memory_mib": 1024,
    });
    let wasmtime = match &plan.wasmtime {
        Some(file) => file.clone(),
        None => xtask::wasmtime()?,
    };
    let zip = File::create(&plan.out).with_context(|| format!("cannot write {}", plan.out.display()))?;
    let mut zip = ZipWriter::new(zip);
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("files");
    add(&mut zip, "setup.sh", &ours.join("setup.sh"), 0o755)?;
    add(&mut zip, "run_autograder", &ours.join("run_autograder"), 0o755)?;
    add(&mut zip, "checker.wasm", &xtask::checker()?, 0o644)?;
    add(&mut zip, "wasmtime", &wasmtime, 0o755)?;
    for path in &files {
        let name = path.trim_start_matches('/');
        add(&mut zip, &format!("site/{name}"), &page_file(&plan.site, name)?, 0o644)?;
    }
    zip.start_file("autograder.json", options(0o644))?;
    zip.write_all(format!("{config:#}\n").as_bytes())?;
    zip.finish()?;
    println!("{}", plan.out.display());
    Ok(ExitCode::SUCCESS)
}

/// A file of the site. `helloworld.html` is also found as `HelloWorld.html`: both are names of the same lab's page.
fn page_file(site: &Path, name: &str) -> Result<PathBuf> {
    let candidates = [name.to_owned(), name.replace("helloworld", "HelloWorld")];
    let found = candidates
        .iter()
        .map(|name| site.join(name))
        .find(|file| file.is_file());
    found.with_context(|| {
        format!(
            "{name}: no such file in {}: give its folder with --site",
            site.display()
        )
    })
}

fn options(permissions: u32) -> SimpleFileOptions {
    SimpleFileOptions::default().unix_permissions(permissions)
}

fn add(zip: &mut ZipWriter<impl Write + Seek>, name: &str, file: &Path, permissions: u32) -> Result<()> {
    let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    zip.start_file(name, options(permissions))?;
    zip.write_all(&content)?;
    Ok(())
}

/// None if the arguments ask for help.
fn parse(arguments: Vec<OsString>) -> Result<Option<Plan>> {
    let mut plan = Plan {
        out: "autograder.zip".into(),
        preset: "kurose".to_owned(),
        port: None,
        site: xtask::root().join("www"),
        files: Vec::new(),
        servers: Vec::new(),
        command: "python3 {file}".to_owned(),
        wasmtime: None,
        checker: Vec::new(),
    };
    let mut ours = arguments;
    if let Some(place) = ours.iter().position(|argument| argument == "--") {
        for argument in ours.split_off(place).into_iter().skip(1) {
            plan.checker.push(argument.string()?);
        }
    }
    let mut parser = Parser::from_args(ours);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Long("out") => plan.out = parser.value()?.into(),
            Arg::Long("preset") => plan.preset = parser.value()?.string()?,
            Arg::Long("port") => plan.port = Some(parser.value()?.parse()?),
            Arg::Long("site") => plan.site = parser.value()?.into(),
            Arg::Long("file") => {
                let path = parser.value()?.string()?;
                ensure!(
                    path.starts_with('/') && !path.contains(".."),
                    "{path:?} is not a path: it begins with /"
                );
                plan.files.push(path);
            }
            Arg::Long("server") => plan.servers.push(parser.value()?.string()?),
            Arg::Long("command") => plan.command = parser.value()?.string()?,
            Arg::Long("wasmtime") => plan.wasmtime = Some(parser.value()?.into()),
            other => bail!("{}: --help lists the options", other.unexpected()),
        }
    }
    if plan.servers.is_empty() {
        plan.servers = vec!["*server*.py".to_owned(), "*.py".to_owned()];
    }
    ensure!(
        plan.command.contains("{file}"),
        "--command {:?} does not say {{file}}",
        plan.command
    );
    Ok(Some(plan))
}
