//! `cargo xtask bench`: Aula beside nginx, lighttpd and Python's `http.server`, on this machine, now.
//!
//! All of them serve the same files on free ports of 127.0.0.1. First their responses are checked to be equal; then
//! they are loaded in turn, A B A B. Only consecutive runs are compared, so that other work on the machine slows both.
//!
//! | module | what it is |
//! |---|---|
//! | `options` | the command line |
//! | `rows` | what can be measured, each with its goals |
//! | `tools` | the programs that are needed, and which of them the machine has |
//! | `files` | the folder that every server serves |
//! | `server` | a running server, which ends with its value |
//! | `floor` | the minimum that any server needs |
//! | `usage` | what a server's processes have used: processor time, memory |
//! | `load` | one run of the load generator, wrk |
//! | `client` | a plain HTTP client, for what wrk cannot do |
//! | `outcome` | what a row found: runs, figures, goals |
//! | `report` | outcomes as Markdown tables and as JSON, and their place in `docs/performance.md` |
//! | `plot` | throughput against connections, as SVG |
//! | `machine` | what the figures were measured on |
//! | `interrupt` | Ctrl-C, so that what was started is ended |
//!
//! Linux only, because it reads `/proc`. It uses only the loopback interface, ends only the processes that it started,
//! and leaves only the files that the options name.
#![cfg(target_os = "linux")]

mod client;
mod files;
mod floor;
mod interrupt;
mod load;
mod machine;
mod options;
mod outcome;
mod plot;
mod report;
mod rows;
mod server;
mod tools;
mod usage;

use anyhow::{Context, Result};
use options::Options;
use outcome::Outcome;
use rows::Row;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use tempfile::TempDir;
use tools::Tools;
use xtask::say;
use xtask::{component, root};

/// What every row gets.
struct Bench {
    tools: Tools,
    /// The component to measure: a copy, so that another build does not change it during a run.
    component: PathBuf,
    /// Our own host, with that component inside: a copy too.
    aula: PathBuf,
    /// The folder that is served.
    site: PathBuf,
    /// The folder for configurations and logs, which is removed at the end.
    scratch: TempDir,
    /// How long one run lasts.
    seconds: u32,
    /// How often each server is loaded.
    rounds: u32,
    /// How many open files a process may have; `None` is any number.
    file_limit: Option<u64>,
}

/// Builds the component, measures the rows that `arguments` name (all of them by default) and prints the results.
/// `cargo xtask bench --help` lists the rows and options.
///
/// The exit code is 0 whether or not the goals are met; the tables show that.
///
/// # Errors
/// An unknown row or option; a server that does not start or sends other bytes; Ctrl-C.
pub fn bench(arguments: impl Iterator<Item = OsString>) -> Result<ExitCode> {
    let mut arguments = arguments.peekable();
    if arguments.next_if(|first| first == "floor").is_some() {
        match floor::run(arguments)? {}
    }
    let Some(options) = options::parse(arguments)? else {
        print!("{}", options::usage());
        return Ok(ExitCode::SUCCESS);
    };
    let bench = prepare(&options)?;
    let mut outcomes = Vec::new();
    for (number, &row) in options.rows.iter().enumerate() {
        say(format_args!(
            "bench: {} ({} of {})",
            row.name,
            number + 1,
            options.rows.len()
        ));
        let started = Instant::now();
        let outcome = measure(row, &bench).with_context(|| format!("row {}", row.name))?;
        print!("{}", report::row(row, &outcome));
        println!("(in {:.0} s)\n", started.elapsed().as_secs_f64());
        outcomes.push((row, outcome));
    }
    print!("{}", report::goals(&outcomes));
    keep(&options, &bench, &outcomes)?;
    Ok(ExitCode::SUCCESS)
}

fn measure(row: &Row, bench: &Bench) -> Result<Outcome> {
    if row.needs_wrk && bench.tools.wrk.is_none() {
        return Ok(Outcome::not_measured("wrk is missing"));
    }
    (row.measure)(bench)
}

fn prepare(options: &Options) -> Result<Bench> {
    let built = component()?;
    let tools = Tools::find(options.wasmtime.clone())?;
    // From here on there are processes to end and files to remove.
    interrupt::install()?;
    let scratch = tempfile::Builder::new()
        .prefix("aula-bench-")
        // The worker of nginx, which is another user if we are root, needs access.
        .permissions(fs::Permissions::from_mode(0o755))
        .tempdir()?;
    let component = scratch.path().join("server.wasm");
    fs::copy(built, &component)?;
    let aula = scratch.path().join("aula");
    fs::copy(xtask::fastest_aula()?, &aula)?;
    let site = scratch.path().join("site");
    fs::create_dir(&site)?;
    files::make(&site, &files::SMALL)?;
    files::make(&site, &files::MEDIUM)?;
    Ok(Bench {
        tools,
        component,
        aula,
        site,
        scratch,
        seconds: options.seconds,
        rounds: options.rounds,
        file_limit: raise_file_limit(),
    })
}

/// Writes the files that the options ask for.
fn keep(options: &Options, bench: &Bench, outcomes: &[(&Row, Outcome)]) -> Result<()> {
    let machine = machine::describe(bench);
    if let Some(path) = &options.json {
        let json = report::json(&machine, outcomes);
        fs::write(path, json).with_context(|| format!("cannot write {}", path.display()))?;
    }
    if options.write {
        let write = |path: &Path, content: String| {
            let path = root().join(path);
            fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))
        };
        for (page, content) in [
            ("docs/performance.md", report::everything(&machine, outcomes)),
            ("README.md", report::numbers(outcomes, false)),
            ("docs/es/README.md", report::numbers(outcomes, true)),
        ] {
            let old = fs::read_to_string(root().join(page)).with_context(|| format!("cannot read {page}"))?;
            let new = report::into_page(&old, &content).with_context(|| page.to_owned())?;
            write(Path::new(page), new)?;
        }
        write(Path::new("docs/performance.svg"), plot::throughput(outcomes)?)?;
    }
    Ok(())
}

/// Raises the limit of open files of this process, and of all that it starts, to what the machine allows: a connection
/// is one file on either side. Returns that number, or None if there is no limit.
fn raise_file_limit() -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    }
}
