//! From a configuration to a running server, with every way in which this can fail.
//!
//! The language is determined first; the messages are in `texts`.

mod texts;

use crate::shell::clock::Clock;
use crate::shell::console::LogConfig;
use crate::shell::content::{Folder, FolderError};
use crate::shell::inspect::Inspect;
use crate::shell::reactor::Reactor;
use crate::shell::server::Settings;
use aula::catalogue::Lang;
use aula::config::{self, Command, Config, Host, UsageError};
use aula::site::{Entry, Site, Tree};
use aula::trace::{Form, Style};
use aula_io::listen::{ListenError, Listener};
use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::rc::Rc;

/// The backlog of the inspector's listener: a browser opens a handful of connections.
const INSPECTOR_BACKLOG: u64 = 64;

/// How many times to try for a port that is free on every address.
const PORT_ATTEMPTS: usize = 16;

/// Executes the command line. The exit code is 0 on success and 1 on failure.
pub fn run() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let lang = config::language(&arguments, variable);
    match command(&arguments, lang) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(format_args!("aula: {}", error.in_language(lang)));
            ExitCode::FAILURE
        }
    }
}

/// The value of an environment variable that the runtime passes on.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn command(arguments: &[OsString], lang: Lang) -> Result<(), UsageError> {
    match config::parse(arguments, variable)? {
        Command::Help => print(&config::help(lang)),
        Command::Version => print(&config::version()),
        Command::Serve(config) => serve(config)?,
    }
    Ok(())
}

/// Prints a line for the operator. If stderr is closed (`println!` would panic), the server continues.
fn say(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Prints the requested text on stdout.
fn print(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

fn serve(config: Config) -> Result<(), UsageError> {
    let (folder, name) = Folder::open(config.root.as_deref(), config.cache_bytes)
        .map_err(|error| folder_error(&error, config.root.as_deref().unwrap_or_default()))?;
    check_spa(&config.site, &folder)?;
    let listeners = listen(&config)?;
    let variables = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for warning in config.warnings.iter().chain(&config::unknown_variables(variables)) {
        say(format_args!("aula: {}", warning.get(config.lang)));
    }
    let inspect = match config.inspect {
        Some(address) => {
            Some(Listener::open(address, INSPECTOR_BACKLOG).map_err(|error| listen_error(error, address))?)
        }
        None => None,
    };
    announce(&listeners, &name, config.lang);
    if let Some(listener) = &inspect {
        say(texts::INSPECTING.with("address", listener.address).get(config.lang));
    }
    let began = Clock::default().now();
    let style = |form| Style {
        form,
        lang: config.lang,
        is_coloured: io::stdout().is_terminal() && variable("NO_COLOR").is_none(),
        filter: config.filter.clone(),
        began,
    };
    let settings = Settings {
        rules: Rc::new(config.rules),
        site: config.site,
        read_size: config.read_size as u64,
        serial: config.serial,
        requests: config.requests,
        limits: config.limits,
        max_per_address: config.max_per_address,
        log_config: LogConfig {
            log: config.log,
            trace: config.trace.map(style),
            inspect: config.inspect.map(|_| style(Form::Json)),
            content: config.trace_content,
            lang: config.lang,
        },
    };
    let inspect = inspect.map(|listener| Inspect::new(listener, Rc::clone(&settings.rules), settings.log_config.lang));
    Reactor::new(settings, folder, listeners, inspect).run();
    Ok(())
}

fn check_spa(site: &Site, folder: &Folder) -> Result<(), UsageError> {
    match &site.spa {
        Some(spa) if !matches!(folder.lookup(spa), Ok(Entry::File(_))) => {
            Err(UsageError::about(format!("--spa {}", spa.name()), texts::NO_SUCH_SPA))
        }
        _ => Ok(()),
    }
}

/// Listens on every host, all on the same port.
fn listen(config: &Config) -> Result<Vec<Listener>, UsageError> {
    for _ in 1..PORT_ATTEMPTS {
        match listen_once(config) {
            // The port that was free on the first address is taken on another.
            Err((ListenError::InUse, _)) if config.port == 0 => {}
            outcome => return outcome.map_err(|(error, address)| listen_error(error, address)),
        }
    }
    Err(texts::NO_FREE_PORT.into())
}

fn listen_once(config: &Config) -> Result<Vec<Listener>, (ListenError, SocketAddr)> {
    let mut listeners: Vec<Listener> = Vec::new();
    for &Host { address, required } in &config.hosts {
        let port = listeners.first().map_or(config.port, |first| first.address.port());
        let address = SocketAddr::new(address, port);
        match Listener::open(address, config.backlog) {
            Ok(listener) => listeners.push(listener),
            Err(error @ (ListenError::InUse | ListenError::NotGranted)) => return Err((error, address)),
            Err(_) if !required => {}
            Err(error) => return Err((error, address)),
        }
    }
    Ok(listeners)
}

/// Prints the ready line, which scripts and tests wait for.
fn announce(listeners: &[Listener], folder: &str, lang: Lang) {
    if let Some(first) = listeners.first() {
        // A browser cannot connect to "every address".
        let mut address = first.address;
        if address.ip().is_unspecified() {
            address.set_ip(IpAddr::from(Ipv4Addr::LOCALHOST));
        }
        say(texts::LISTENING.with("address", address).get(lang));
    }
    let addresses: Vec<_> = listeners.iter().map(|listener| listener.address.to_string()).collect();
    let addresses = addresses.join(texts::AND.get(lang));
    let serving = texts::SERVING.with("folder", folder).with("addresses", addresses);
    say(serving.get(lang));
}

fn folder_error(error: &FolderError, root: &str) -> UsageError {
    let reason = match error {
        FolderError::NothingGranted => return texts::NOTHING_GRANTED.into(),
        FolderError::NotGranted { granted } => texts::ROOT_NOT_GRANTED.with("granted", granted.join(", ")),
        FolderError::NotFound => texts::NO_SUCH_FOLDER.into(),
        FolderError::NotADirectory => texts::ROOT_IS_A_FILE.into(),
        FolderError::Refused(code) => texts::ROOT_REFUSED.with("code", code),
    };
    UsageError::about(format!("--root {root}"), reason)
}

fn listen_error(error: ListenError, address: SocketAddr) -> UsageError {
    let (host, port) = (address.ip(), address.port());
    let about_host = |reason| UsageError::about(format!("--host {host}"), reason);
    match error {
        ListenError::NotGranted => texts::NETWORK_NOT_GRANTED.into(),
        ListenError::PortRefused => texts::PORT_REFUSED.with("port", port).into(),
        ListenError::InUse => texts::PORT_TAKEN.with("port", port).with("address", address).into(),
        ListenError::NotOurs => about_host(texts::HOST_NOT_OURS),
        ListenError::NoSuchFamily => about_host(texts::NO_SUCH_FAMILY),
        ListenError::Other(code) => {
            let message = texts::CANNOT_LISTEN.with("address", address);
            message.with("code", code).into()
        }
    }
}
