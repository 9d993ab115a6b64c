//! `cargo xtask hostile`: the component in its runtime (`--host wasmtime|aula`), among hostile clients and with files
//! that change while they are served. Meanwhile honest clients check every byte that they get.
//!
//! | phase | what it shows |
//! |---|---|
//! | `storm` | every attack at once: honest clients get correct responses in time, and no connection is left behind |
//! | `never` | 768 clients that never read, and at most 64 connections: others are always served |
//! | `descriptors` | the same with 1,024 descriptors, and clients that need them all: no client gets 500 |
//! | `memory` | in 64 and in 16 MiB: what does not fit is rejected, and the server continues |
//! | `sandbox` | without the path checks: clients can see only the granted folder |
//!
//! | module | task |
//! |---|---|
//! | `server` | the runtime's process, and its figures in `/proc` |
//! | `files` | files whose every byte depends on their version, and their changes |
//! | `honest` | clients that check what they get |
//! | `attacks` | hostile clients |
//! | `sandbox` | requests for files outside of the folder |
//!
//! Everything is on the loopback interface, in one process beside the server's, and limited in number and time. The
//! figures of the server's process are read from `/proc`, which only Linux has.

mod attacks;
mod files;
mod honest;
mod sandbox;
mod server;

use anyhow::{Context, Result, bail};
use files::Folder;
use server::{Host, Server};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs};

/// The default duration of the storm, in minutes.
const MINUTES: u64 = 10;

/// The server's deadlines, in seconds: short, so that all of them pass many times.
const HEAD: u64 = 2;
const IDLE: u64 = 3;
const BODY: u64 = 3;
const WRITE: u64 = 4;
const LINGER: u64 = 1;

/// The number of honest clients.
const HONEST: u64 = 12;

/// How much later than its deadline a connection may be closed, because the machine may be busy.
const SLACK: Duration = Duration::from_secs(8);

/// The time between two measurements of the server's memory.
const SAMPLE: Duration = Duration::from_secs(10);

/// The maximum growth of the server's memory after the first minute, in KiB. By then everything has happened once.
const MOST_GROWTH: i64 = 32 * 1024;

/// The memory that the phase `memory` gives the component, in MiB.
const LITTLE_MEMORY: [u32; 2] = [64, 16];

/// How many connections the phase `never` allows.
const CONNECTIONS: &str = "64";

/// How many descriptors the server has in the phase `descriptors`: the usual limit.
const DESCRIPTORS: u32 = 1024;

/// How long those two last.
const TAKERS_PHASE: Duration = Duration::from_secs(60);

/// How long the phase `memory` lasts.
const MEMORY_PHASE: Duration = Duration::from_secs(45);

fn main() -> ExitCode {
    xtask::exit_code(hostile(env::args_os().skip(1)))
}

/// Runs the phases named, or all. `arguments`: `[--host wasmtime|aula] [--minutes M] [PHASE...]`.
///
/// # Errors
/// Something that the phases need is missing. What a phase finds is not an error, but the exit code is then that of a
/// failure.
fn hostile(mut arguments: impl Iterator<Item = OsString>) -> Result<ExitCode> {
    let mut minutes = MINUTES;
    let mut host = "wasmtime".to_owned();
    let mut phases = Vec::new();
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--minutes") => {
                let number = arguments.next().context("--minutes needs a number")?;
                minutes = number.to_string_lossy().parse().context("--minutes")?;
            }
            Some("--host") => {
                let name = arguments.next().context("--host needs wasmtime or aula")?;
                host = name.to_string_lossy().into_owned();
            }
            Some(phase @ ("storm" | "never" | "descriptors" | "memory" | "sandbox")) => phases.push(phase.to_owned()),
            _ => bail!("no phase {argument:?}: there are storm, never, descriptors, memory, sandbox"),
        }
    }
    let is_wanted = |phase: &str| phases.is_empty() || phases.iter().any(|wanted| wanted == phase);
    let host = Host::named(&host)?;
    let mut is_good = true;
    if is_wanted("storm") {
        is_good &= storm(&host, Duration::from_secs(60 * minutes))?;
    }
    if is_wanted("never") {
        let attack = attacks::never_readers;
        is_good &= takers(&host, "never", None, &["--max-connections", CONNECTIONS], attack)?;
    }
    if is_wanted("descriptors") {
        let attack = attacks::descriptor_takers;
        is_good &= takers(&host, "descriptors", Some(DESCRIPTORS), &[], attack)?;
    }
    if is_wanted("memory") {
        for mebibytes in LITTLE_MEMORY {
            is_good &= memory(&host, mebibytes)?;
        }
    }
    if is_wanted("sandbox") {
        is_good &= sandbox::phase(&host)?;
    }
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What all threads of a phase share.
struct Field {
    server: SocketAddr,
    /// Whether the server has too little memory for all clients, so that some get no response.
    may_refuse: bool,
    /// Whether what is sent may change with its file until the client has it: the host uses `sendfile`.
    sends_pages: bool,
    folder: Folder,
    begin: Instant,
    is_over: AtomicBool,
    counts: Mutex<BTreeMap<&'static str, u64>>,
    findings: Mutex<Vec<String>>,
    slowest: Mutex<Duration>,
}

impl Field {
    fn new(host: &Host, server: SocketAddr, folder: Folder, may_refuse: bool) -> Self {
        Self {
            server,
            may_refuse,
            sends_pages: host.is_aula,
            folder,
            begin: Instant::now(),
            is_over: AtomicBool::new(false),
            counts: Mutex::default(),
            findings: Mutex::default(),
            slowest: Mutex::default(),
        }
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    fn count(&self, what: &'static str) {
        *locked(&self.counts).entry(what).or_default() += 1;
    }

    /// Reports that an invariant does not hold.
    fn found(&self, kind: &'static str, what: impl fmt::Display) {
        self.count(kind);
        let mut findings = locked(&self.findings);
        // The first ones are enough; a broken server has thousands.
        if findings.len() < 20 {
            eprintln!("hostile: {kind}: {what}");
            findings.push(format!(
                "{kind}: {what} ({} s after the begin)",
                self.begin.elapsed().as_secs()
            ));
        }
    }

    fn took(&self, time: Duration) {
        let mut slowest = locked(&self.slowest);
        *slowest = time.max(*slowest);
    }

    /// Waits for this time, or until the end of the phase.
    fn pause(&self, time: Duration) {
        let until = Instant::now() + time;
        while !self.is_over() && Instant::now() < until {
            thread::sleep(Duration::from_millis(20).min(time));
        }
    }

    fn report(&self, phase: &str) -> bool {
        println!("\n{phase}");
        for (what, count) in &*locked(&self.counts) {
            println!("  {count:>9}  {what}");
        }
        println!(
            "  {:>9.3}  seconds, the slowest honest response",
            locked(&self.slowest).as_secs_f64()
        );
        let findings = locked(&self.findings);
        for finding in &*findings {
            println!("  FAILED: {finding}");
        }
        println!(
            "  {}",
            if findings.is_empty() {
                "every invariant held"
            } else {
                "INVARIANTS BROKEN"
            }
        );
        findings.is_empty()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Every attack at once.
fn storm(host: &Host, time: Duration) -> Result<bool> {
    let temporary = Temporary::new("storm")?;
    let folder = Folder::create(temporary.path())?;
    let mut options = deadlines();
    // A shared cache would store responses for a long time.
    options.extend(["--cache-control", "max-age=600"].map(str::to_owned));
    let mut server = Server::start(host, temporary.path(), None, &options)?;
    let at_rest = server.sockets();
    let field = Field::new(host, server.address, folder, false);
    let mut memory = Vec::new();
    thread::scope(|scope| {
        let field = &field;
        for kind in files::CHANGING {
            scope.spawn(move || field.folder.keep_changing(kind, field));
        }
        for seed in 0..HONEST {
            scope.spawn(move || honest::client(field, seed));
        }
        for attack in attacks::ALL {
            scope.spawn(move || attack(field));
        }
        memory = watch(&mut server, field, time);
        field.is_over.store(true, Ordering::Relaxed);
    });
    aftermath(&mut server, &field, at_rest);
    let growth = growth(&memory);
    if growth.is_some_and(|growth| growth > MOST_GROWTH) {
        field.found(
            "memory",
            format_args!("{growth:?} KiB more than after the first minute"),
        );
    }
    let is_good = field.report("storm");
    println!("  memory in KiB, each {} s: {memory:?}", SAMPLE.as_secs());
    match growth {
        Some(growth) => println!("  growth after the first minute: {growth} KiB"),
        None => println!("  growth after the first minute: not known, it was no longer"),
    }
    println!("  CPU: {:.1} s in {} s", server.cpu_seconds(), time.as_secs());
    Ok(is_good)
}

/// One attack for as long as the phase lasts, and honest clients.
fn takers(host: &Host, name: &str, descriptors: Option<u32>, options: &[&str], attack: fn(&Field)) -> Result<bool> {
    let temporary = Temporary::new(name)?;
    let folder = Folder::create(temporary.path())?;
    let mut all = deadlines();
    all.extend(options.iter().map(|&option| option.to_owned()));
    let mut server = Server::start(host, temporary.path(), None, &all)?;
    if let Some(descriptors) = descriptors {
        server.limit_descriptors(descriptors)?;
    }
    let at_rest = server.sockets();
    let field = Field::new(host, server.address, folder, false);
    let mut memory = Vec::new();
    thread::scope(|scope| {
        let field = &field;
        for seed in 0..HONEST {
            scope.spawn(move || honest::client(field, seed));
        }
        scope.spawn(move || attack(field));
        memory = watch(&mut server, field, TAKERS_PHASE);
        field.is_over.store(true, Ordering::Relaxed);
    });
    aftermath(&mut server, &field, at_rest);
    let is_good = field.report(name);
    println!("  memory in KiB, each {} s: {memory:?}", SAMPLE.as_secs());
    Ok(is_good)
}

/// Little memory, and clients that try to fill it.
fn memory(host: &Host, mebibytes: u32) -> Result<bool> {
    let temporary = Temporary::new("memory")?;
    let folder = Folder::create(temporary.path())?;
    files::many(&temporary.path().join("many"))?;
    let mut options = deadlines();
    options.push("--list".to_owned());
    let mut server = Server::start(host, temporary.path(), Some(mebibytes), &options)?;
    let at_rest = server.sockets();
    let field = Field::new(host, server.address, folder, true);
    let mut memory = Vec::new();
    thread::scope(|scope| {
        let field = &field;
        scope.spawn(move || honest::client(field, 1));
        for glutton in attacks::GLUTTONS {
            scope.spawn(move || glutton(field));
        }
        memory = watch(&mut server, field, MEMORY_PHASE);
        field.is_over.store(true, Ordering::Relaxed);
    });
    aftermath(&mut server, &field, at_rest);
    let is_good = field.report(&format!("memory ({mebibytes} MiB)"));
    println!("  memory in KiB, each {} s: {memory:?}", SAMPLE.as_secs());
    Ok(is_good)
}

/// The server's own options.
fn deadlines() -> Vec<String> {
    let seconds = [
        ("head", HEAD),
        ("idle", IDLE),
        ("body", BODY),
        ("write", WRITE),
        ("linger", LINGER),
    ];
    seconds
        .iter()
        .flat_map(|(name, seconds)| [format!("--{name}-timeout"), seconds.to_string()])
        .collect()
}

/// Measures the server's memory from time to time. Stops early if the server ends.
fn watch(server: &mut Server, field: &Field, time: Duration) -> Vec<i64> {
    let begin = Instant::now();
    let mut memory = Vec::new();
    let (mut cpu, mut starved) = (0.0, 0.0);
    while begin.elapsed() < time {
        thread::sleep(SAMPLE.min(time.saturating_sub(begin.elapsed())));
        if let Some(status) = server.ended() {
            field.found("server", format_args!("it ended ({status}): {}", server.said()));
            break;
        }
        memory.push(server.memory());
        // The processor time distinguishes a server that hangs from one that spins, and from a busy machine.
        let (cpu_before, starved_before) = (cpu, starved);
        (cpu, starved) = (server.cpu_seconds(), server.starved_seconds());
        eprintln!(
            "hostile: {:>4} s, {} honest responses, {} KiB, {} sockets, {:.1} s of CPU, {:.1} s without a core",
            begin.elapsed().as_secs(),
            locked(&field.counts).get(honest::RIGHT).copied().unwrap_or(0),
            server.memory(),
            server.sockets(),
            cpu - cpu_before,
            starved - starved_before,
        );
    }
    memory
}

/// After all clients have closed: the server still serves, has closed all connections, and is idle.
fn aftermath(server: &mut Server, field: &Field, at_rest: usize) {
    if server.ended().is_some() {
        return;
    }
    let until = Instant::now() + Duration::from_secs(IDLE.max(WRITE) + LINGER) + SLACK;
    while server.sockets() > at_rest && Instant::now() < until {
        thread::sleep(Duration::from_millis(100));
    }
    for _ in at_rest..server.sockets() {
        field.found("stuck connections", "a socket is open although every client is gone");
    }
    if let Err(error) = honest::once(field) {
        field.found("server", format_args!("it does not respond afterwards: {error}"));
    }
    let before = server.cpu_seconds();
    thread::sleep(Duration::from_secs(3));
    let share = (server.cpu_seconds() - before) / 3.0;
    if share > 0.2 {
        field.found(
            "server",
            format_args!("it uses {:.0} % of a core with nothing to do", share * 100.0),
        );
    }
}

/// How much the memory has grown since the end of the first minute.
fn growth(memory: &[i64]) -> Option<i64> {
    let minute = usize::try_from(60 / SAMPLE.as_secs()).ok()?;
    let after = memory.get(minute..).filter(|after| !after.is_empty())?;
    Some(after.last()? - memory.get(minute - 1)?)
}

/// A folder that is removed at the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Result<Self> {
        let path = env::temp_dir().join(format!("aula-hostile-{name}-{}", process::id()));
        fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
        Ok(Self(path))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Pseudo-random numbers, the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        files::scramble(self.0)
    }

    /// Less than `end`.
    fn below(&mut self, end: usize) -> usize {
        (self.roll() % end.max(1) as u64) as usize
    }
}
