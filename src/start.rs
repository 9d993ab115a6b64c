//! From a configuration to a running server, and every way in which that fails.

use crate::shell::console::Telling;
use crate::shell::content::{Folder, FolderError};
use crate::shell::listen::{ListenError, Listener};
use crate::shell::reactor::{Reactor, Settings};
use anyhow::{Context, Result, anyhow, bail};
use aula::access_log::Format;
use aula::catalogue::Lang;
use aula::config::{self, Command, Config, Host, LogFormat, WhenFull};
use aula::settings;
use aula::site::{Entry, Site, Tree};
use std::fmt::Display;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::rc::Rc;

/// How often a free port is looked for that is free at every address.
const PORT_ATTEMPTS: usize = 16;

/// Does what the command line asks. 0 when it is done, 1 when it cannot be done.
pub fn run() -> ExitCode {
    match command() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(format_args!("aula: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn command() -> Result<()> {
    match config::parse(std::env::args_os().skip(1), |name| std::env::var(name).ok())? {
        Command::Help => print(&config::help()),
        Command::Version => print(&config::version()),
        Command::Serve(config) => serve(&config)?,
    }
    Ok(())
}

/// A line for the operator. Where nobody is left to read it (`println!` would panic), the server goes on.
fn say(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// What was asked for, on stdout.
fn print(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

fn serve(config: &Config) -> Result<()> {
    let (folder, name) = Folder::open(config.root.as_deref(), config.cache_bytes)
        .map_err(|error| folder_message(&error, config.root.as_deref().unwrap_or_default()))?;
    let site = site(config)?;
    check_spa(&site, &folder)?;
    let listeners = listen(config)?;
    for warning in &config.warnings {
        say(format_args!("aula: {warning}"));
    }
    announce(&listeners, &name);
    let settings = Settings {
        rules: Rc::new(settings::rules(config)),
        site,
        read_size: config.read_size as u64,
        serial: config.serial,
        requests: config.requests,
        max_connections: config.max_connections,
        max_per_address: config.max_per_address,
        refuse_when_full: config.when_full == WhenFull::Reject,
        telling: Telling {
            log: match config.log {
                LogFormat::Combined => Some(Format::Combined),
                LogFormat::Common => Some(Format::Common),
                LogFormat::Json => Some(Format::Json),
                LogFormat::Off => None,
            },
            trace: None,
            lang: Lang::default(),
        },
    };
    Reactor::new(settings, folder, listeners).run();
    Ok(())
}

/// The site that is configured, or what is wrong with it.
pub fn site(config: &Config) -> Result<Site> {
    let name = config.spa.as_deref().unwrap_or_default();
    settings::site(config).map_err(|_| anyhow!("--spa {name}: not the name of a file in the folder"))
}

fn check_spa(site: &Site, folder: &Folder) -> Result<()> {
    match &site.spa {
        Some(spa) if !matches!(folder.lookup(spa), Ok(Entry::File(_))) => {
            bail!("--spa {}: no such file in the folder", spa.name())
        }
        _ => Ok(()),
    }
}

/// Listens at every host, all at the same port.
fn listen(config: &Config) -> Result<Vec<Listener>> {
    for _ in 1..PORT_ATTEMPTS {
        match listen_once(config) {
            // The port that was free at the first address is taken at another.
            Err((ListenError::InUse, _)) if config.port == 0 => {}
            outcome => return outcome.map_err(|(error, address)| listen_message(error, address)),
        }
    }
    bail!("no port is free at every address: name one with --port")
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

/// The ready line: whoever waits for the server waits for this.
fn announce(listeners: &[Listener], folder: &str) {
    if let Some(first) = listeners.first() {
        // A browser cannot ask for "every address".
        let mut address = first.address;
        if address.ip().is_unspecified() {
            address.set_ip(IpAddr::from(Ipv4Addr::LOCALHOST));
        }
        say(format_args!("Listening on http://{address}/"));
    }
    let addresses: Vec<_> = listeners.iter().map(|listener| listener.address.to_string()).collect();
    let addresses = addresses.join(" and ");
    say(format_args!("Serving {folder} at {addresses}; Ctrl-C stops it."));
}

fn folder_message(error: &FolderError, root: &str) -> anyhow::Error {
    match error {
        FolderError::NothingGranted => {
            anyhow!("no folder is granted: write --dir www (the folder to serve) before server.wasm")
        }
        FolderError::NotGranted { granted } => anyhow!(
            "--root {root}: not below a granted folder; granted with --dir: {}",
            granted.join(", ")
        ),
        FolderError::NotFound => anyhow!("--root {root}: no such folder"),
        FolderError::NotADirectory => anyhow!("--root {root}: a file; name the folder that it is in"),
        FolderError::Refused(code) => anyhow!("--root {root}: the host refuses to open it ({code})"),
    }
}

fn listen_message(error: ListenError, address: SocketAddr) -> anyhow::Error {
    let port = address.port();
    match error {
        ListenError::NotGranted => {
            anyhow!("the network is not granted: write -S inherit-network after wasmtime run")
        }
        ListenError::PortRefused => anyhow!(
            "port {port} may not be opened by this user (ports below 1024 seldom may): choose another with --port 8080"
        ),
        ListenError::InUse => {
            anyhow!(
                "port {port} is taken at {}: stop its server or choose another with --port",
                address.ip()
            )
        }
        ListenError::NotOurs => anyhow!(
            "--host {}: this machine does not have the address; without --host every address is served",
            address.ip()
        ),
        ListenError::NoSuchFamily => anyhow!("--host {}: this machine does not have such addresses", address.ip()),
        ListenError::Other(code) => anyhow!("cannot listen at {address} ({code})"),
    }
}

/// The configuration of a server that is started without options, for those who want one stage of it.
pub fn default_config() -> Result<Config> {
    match config::parse(std::iter::empty::<String>(), |_| None).context("the defaults are a configuration")? {
        Command::Serve(config) => Ok(config),
        Command::Help | Command::Version => bail!("no option is given"),
    }
}
