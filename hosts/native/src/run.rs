//! The engine, the threads, the signals, and how the program ends.

use crate::arguments::{Folder, Serve};
use crate::cache::{self, Wasm};
use crate::host::{self, Granted, Host, Stopped};
use crate::texts;
use crate::wit::Host_;
use crate::world::{self, Ports, Real};
use aula::catalogue::{Lang, Message};
use aula_announce::Announcer;
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use mio::Waker;
use std::env;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::process::{self, ExitCode};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;
use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, Inlining, Store, StoreLimitsBuilder};

/// The version of wasmtime in this program.
pub const WASMTIME: &str = "48.0.8";

/// A component that is inside this program: see `build.rs`.
macro_rules! built_in {
    ($name:literal) => {
        Wasm::built_in(
            include_bytes!(concat!(env!("OUT_DIR"), "/", $name)),
            include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".sha256")),
        )
    };
}

static SERVER: Wasm = built_in!("server.wasm");
static CHECKER: Wasm = built_in!("checker.wasm");

/// The exit code when the component has trapped: 128 and SIGABRT, the same as `wasmtime run`.
const TRAPPED: u8 = 134;

/// The exit code after a second signal, when the program ends without waiting: 128 and SIGINT.
const INTERRUPTED: i32 = 130;

/// The maximum number of resources of one instance. A connection takes four and lends one, so this is far more than
/// the system allows open files.
const MOST_RESOURCES: usize = 1_000_000;

/// The variable that tells the server what this host can do beyond WASI: see `docs/host.md`.
pub const CAPABILITIES: (&str, &str) = ("HOST_CAPABILITIES", "no-budget,splice,permit");

/// How long to wait for the reader of the log when the server has ended.
const PATIENCE: Duration = Duration::from_secs(1);

/// The environment variables that are passed on in addition to those that begin with `AULA_`: the language, and whether
/// to use colours.
const PASSED_ON: [&str; 4] = ["LANG", "LC_ALL", "LC_MESSAGES", "NO_COLOR"];

/// What the instances share. Each instance has its own thread.
struct Instances {
    engine: Engine,
    component: Component,
    stopping: Arc<AtomicBool>,
    /// Wakes the threads when it is time to stop.
    wakers: Arc<Mutex<Vec<Waker>>>,
    most_files: usize,
    /// Adds lines to the server's first ones. The first instance, which prints them, takes it.
    announcer: Mutex<Option<Announcer>>,
    lang: Lang,
}

/// Serves a folder until the program ends.
pub fn serve(serve: &Serve, lang: Lang) -> Result<ExitCode, Message> {
    if serve.threads > 1 && !cfg!(unix) {
        return Err(texts::NO_SHARED_PORTS.into());
    }
    let (engine, component) = match &serve.component {
        None => load(&SERVER),
        Some(file) => {
            let bytes = fs::read(file).map_err(|error| {
                let mistake = texts::NO_COMPONENT_FILE.with("file", file.display());
                mistake.with("error", error)
            })?;
            load(&Wasm::new(bytes))
        }
    }?;
    let instances = Arc::new(Instances {
        engine,
        component,
        stopping: Arc::default(),
        wakers: Arc::default(),
        most_files: most_files() / serve.threads,
        announcer: Mutex::new(announcer(serve)),
        lang,
    });
    instances.heed_signals();
    if serve.threads == 1 {
        let world = instances.world()?;
        return Ok(instances.serve(serve, world));
    }
    let ports = Ports::default();
    let (sender, serving) = channel();
    thread::scope(|scope| {
        let start = |on_serving: Option<Sender<()>>| {
            let (instances, ports) = (&instances, ports.clone());
            scope.spawn(move || {
                let world = instances.world()?.sharing(ports, on_serving);
                Ok::<_, Message>(instances.serve(serve, world))
            })
        };
        let mut threads = vec![start(Some(sender))];
        // The first thread takes the port. If it cannot, it prints the reason, and the others are not started.
        if serving.recv().is_ok() {
            threads.extend((1..serve.threads).map(|_| start(None)));
        }
        let outcomes = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or(Ok(ExitCode::FAILURE)));
        let mut failed = None;
        for outcome in outcomes {
            let outcome = outcome?;
            if outcome != ExitCode::SUCCESS {
                failed.get_or_insert(outcome);
            }
        }
        Ok(failed.unwrap_or(ExitCode::SUCCESS))
    })
}

/// What adds lines to the server's first ones. Where they go to a file or a service's log, nobody needs more of them,
/// unless an option asks for it.
fn announcer(serve: &Serve) -> Option<Announcer> {
    let is_read = serve.opens || serve.draws || io::stderr().is_terminal();
    is_read.then(|| Announcer::new("aula", serve.opens, serve.draws))
}

/// Runs the checker, which may connect to other hosts, look up names, and write to the current folder.
pub fn check(arguments: Vec<String>, lang: Lang) -> Result<ExitCode, Message> {
    let (engine, component) = load(&CHECKER)?;
    let world = Real::new(Arc::default(), most_files(), String::new()).map_err(|error| system(&error))?;
    let granted = granted("checker.wasm", arguments, &Folder::current())?;
    let linker = host::checkers_linker(&engine).map_err(|error| broken(&error))?;
    let host = Host::new(world, granted, StoreLimitsBuilder::new().build());
    Ok(run(&engine, &component, &linker, host, Duration::MAX, lang))
}

/// An engine, and the component in `wasm` ready to run in it.
fn load(wasm: &Wasm) -> Result<(Engine, Component), Message> {
    let load = || {
        let engine = new_engine(false)?;
        let component = cache::load(&engine, || new_engine(true), wasm, cache::folder().as_deref())?;
        Ok((engine, component))
    };
    load().map_err(|error| broken(&error))
}

/// An engine, with or without a compiler.
fn new_engine(with_compiler: bool) -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    // A trap is reported in one line, without the addresses of its frames.
    config.generate_address_map(false);
    // Calls of the host go through a small module of shims, which is inlined. Inlining within modules too would make
    // the code 1.3 MB larger.
    config.compiler_inlining(Inlining::InterModule);
    config.enable_compiler(with_compiler);
    Engine::new(&config)
}

/// Another build of the server.
pub fn load_other(wasm: Vec<u8>) -> Result<(Engine, Component), Message> {
    load(&Wasm::new(wasm))
}

/// The built-in server.
pub fn load_server() -> Result<(Engine, Component), Message> {
    load(&SERVER)
}

/// Everything that a component is given: a folder for reading, its arguments and its environment.
pub fn granted(program: &str, arguments: Vec<String>, folder: &Folder) -> Result<Granted<Real>, Message> {
    let directory = Dir::open_ambient_dir(&folder.path, ambient_authority()).map_err(|error| {
        let mistake = texts::FOLDER_REFUSED.with("folder", folder.path.display());
        mistake.with("error", error)
    })?;
    // `cargo xtask` reads these two. They are not options of the server, which would warn about them.
    let is_option = |name: &str| name.starts_with("AULA_") && !["AULA_WASMTIME", "AULA_NATIVE"].contains(&name);
    let is_passed_on = |name: &str| is_option(name) || PASSED_ON.contains(&name);
    let environment = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| is_passed_on(name));
    let (name, capabilities) = CAPABILITIES;
    Ok(Granted {
        arguments: [program.to_owned()].into_iter().chain(arguments).collect(),
        environment: environment
            .chain([(name.to_owned(), capabilities.to_owned())])
            .collect(),
        folders: vec![(Rc::new(directory), folder.name.clone())],
    })
}

impl Instances {
    /// The operating system, for one thread.
    fn world(&self) -> Result<Real, Message> {
        let when_full = texts::FULL.with("files", self.most_files).get(self.lang);
        let world = Real::new(
            Arc::clone(&self.stopping),
            self.most_files,
            format!("aula: {when_full}"),
        );
        let world = world.map_err(|error| system(&error))?;
        let waker = world.waker().map_err(|error| system(&error))?;
        self.wakers.lock().unwrap_or_else(PoisonError::into_inner).push(waker);
        let announcer = self.announcer.lock().unwrap_or_else(PoisonError::into_inner).take();
        Ok(world.announcing(announcer))
    }

    /// Runs one instance until it ends.
    fn serve(&self, serve: &Serve, world: Real) -> ExitCode {
        let start = || {
            let granted = granted("server.wasm", serve.options.clone(), &serve.folder)?;
            let linker = host::linker(&self.engine).map_err(|error| broken(&error))?;
            let limits = StoreLimitsBuilder::new().memory_size(serve.max_memory).build();
            Ok((linker, Host::new(world, granted, limits)))
        };
        match start() {
            Ok((linker, host)) => run(&self.engine, &self.component, &linker, host, PATIENCE, self.lang),
            Err(mistake) => {
                let mistake: Message = mistake;
                say(&mistake.get(self.lang));
                ExitCode::FAILURE
            }
        }
    }

    /// On the first Ctrl-C or SIGTERM, responses in progress are finished; on the second, the program ends at once.
    fn heed_signals(&self) {
        let (stopping, wakers) = (Arc::clone(&self.stopping), Arc::clone(&self.wakers));
        // This fails only if there is a handler already.
        let _ = ctrlc::set_handler(move || {
            if stopping.swap(true, Ordering::Relaxed) {
                process::exit(INTERRUPTED);
            }
            for waker in &*wakers.lock().unwrap_or_else(PoisonError::into_inner) {
                let _ = waker.wake();
            }
        });
    }
}

/// Runs a component until it ends, and then waits for at most `patience` until its output is read.
fn run(
    engine: &Engine,
    component: &Component,
    linker: &Linker<Host<Real>>,
    host: Host<Real>,
    patience: Duration,
    lang: Lang,
) -> ExitCode {
    let mut store = Store::new(engine, host);
    store.limiter(|host| &mut host.limits);
    store.set_max_component_handles(MOST_RESOURCES);
    let outcome = Host_::instantiate(&mut store, component, linker)
        .and_then(|program| program.wasi_cli_run().call_run(&mut store));
    world::finish_stdout(patience);
    match outcome {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(())) => {
            store.data().say_held_back();
            ExitCode::FAILURE
        }
        Err(error) => match error.downcast_ref::<Stopped>() {
            Some(Stopped::Signal) => ExitCode::SUCCESS,
            Some(Stopped::Exit(code)) => {
                store.data().say_held_back();
                ExitCode::from(*code)
            }
            None if error.is::<wasmtime::Trap>() => {
                say(&texts::TRAPPED.with("reason", error.root_cause()).get(lang));
                // If the other threads continued, the defect would not be noticed.
                process::exit(TRAPPED.into())
            }
            None => {
                say(&broken(&error).get(lang));
                process::exit(1)
            }
        },
    }
}

/// Raises the limit of open files and sockets of this process to the maximum, and returns it.
fn most_files() -> usize {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        let raised = Rlimit {
            current: limit.maximum,
            maximum: limit.maximum,
        };
        let limit = match setrlimit(Resource::Nofile, raised) {
            Ok(()) => limit.maximum,
            Err(_) => limit.current,
        };
        limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX))
    }
    #[cfg(not(unix))]
    usize::MAX
}

fn say(line: &str) {
    let _ = writeln!(io::stderr(), "aula: {line}");
}

fn system(error: &io::Error) -> Message {
    texts::SYSTEM.with("error", error)
}

fn broken(error: &wasmtime::Error) -> Message {
    texts::NO_COMPONENT.with("error", format!("{error:#}"))
}
