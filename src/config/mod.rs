//! The configuration: arguments and environment in, a [`Command`] out.
//!
//! This is the first step of every run, before there is a socket. `main` passes the arguments and a function that reads
//! the environment. It gets a [`Config`] to serve with, a text to print, or one line that says what is wrong and what
//! to write instead.
//!
//! One option is one definition: its name, value, default, meaning and effect are together in one table. Parsing, the
//! help text, the names of the environment variables and the tests all use it. An option has four sources, and the
//! first one that gives it decides: the command line, the environment, the preset, the default. All four are text and
//! go through the same effect, so no source can do what another cannot. One option has a fifth source: `--lang` also
//! uses `LC_ALL`, `LC_MESSAGES` and `LANG`.
//!
//! Every sentence is written in both languages, next to what it explains; nothing here chooses between them.
//!
//! | file | what it holds |
//! |---|---|
//! | `definition` | what the definition of an option says |
//! | `options` | the table of definitions |
//! | `values` | from the text of a value to the value, RFC 9110 sections 5.1 and 5.5 for a field |
//! | `presets` | the three labs as lists of options |
//! | `command_line` | from arguments to options and their text |
//! | `language` | which language the messages are in |
//! | `help` | the help text, made from the table |
//! | `usage_error` | the one line about a mistake |
//!
//! The configuration never guesses: a wrong value is an error and never becomes a default. Only the host knows whether
//! the port is free, the address is ours and the folder exists, so this is checked later.

mod command_line;
mod definition;
mod help;
mod language;
mod options;
mod presets;
#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
mod usage_error;
mod values;

pub use command_line::unknown_variables;
pub use help::{help, options_help, version};
pub use language::{language, of_system as language_of_system};
pub use usage_error::UsageError;

use crate::catalogue::{Lang, Message, Text};
use crate::http1::{Limits, Pace, Rules, Timeouts, VersionPolicy};
use crate::schedule::admission;
use crate::site::Site;
use crate::trace::Filter;
use crate::{access_log, trace};
use command_line::{CommandLine, Given};
use definition::{Definition, Effect};
use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// What the program is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "made once in a run")]
pub enum Command {
    /// Listen and serve.
    Serve(Config),
    /// Print [`help()`] and stop.
    Help,
    /// Print [`version()`] and stop.
    Version,
}

/// How to serve: every option with its final value, within the bounds of its definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// `--preset`: the name of the lab whose options apply where no others are given.
    pub preset: Option<&'static str>,

    /// `--host`: where to listen; at least one, none twice.
    pub hosts: Vec<Host>,
    /// `--port`: the TCP port of every host; 0 takes any free one.
    pub port: u16,
    /// `--backlog`: how many connections the host system queues before they are accepted.
    pub backlog: u64,

    /// `--root`: the guest path of the folder to serve; `None` is the first granted directory.
    pub root: Option<String>,
    /// `--cache-bytes`: the maximum size of the file cache; 0 disables it.
    pub cache_bytes: usize,
    /// The configuration of `site`: `--index` to `--health`, and `--get-only`.
    pub site: Site,
    /// The configuration of `http1`: `--http`, `--close`, `--delay`, `--rate`, limits and deadlines.
    pub rules: Rules,

    /// `--serial`: whether one exchange at a time is served.
    pub serial: bool,
    /// `--requests`: the number of responses after which the program ends; `None` is never.
    pub requests: Option<u64>,
    /// `--read-size`: the maximum number of bytes in one read from a connection.
    pub read_size: usize,
    /// `--max-connections` and `--when-full`: the maximum number of connections, and what happens to new connections
    /// beyond that.
    pub limits: admission::Limits,
    /// `--max-per-address`: the maximum number of connections from one address; `None` is no such limit.
    pub max_per_address: Option<usize>,

    /// `--lang`: the language of messages and of the server's own pages.
    pub lang: Lang,
    /// `--trace`: the form in which each exchange is explained; `None` explains nothing.
    pub trace: Option<trace::Form>,
    /// `--trace-content`: how many bytes of a response's content the trace shows.
    pub trace_content: usize,
    /// `--filter`: which exchanges the trace shows; `None` is all of them.
    pub filter: Option<Filter>,
    /// `--inspect`: where the inspector listens; `None` is nowhere.
    pub inspect: Option<SocketAddr>,
    /// `--log`: the form of the access log; `None` is no log.
    pub log: Option<access_log::Format>,

    /// Warnings about what works but may surprise: one line each, which `main` prints.
    pub warnings: Vec<Message>,
}

impl Config {
    /// The starting point of [`resolve`]. These values are not the defaults: the defaults are in the table of
    /// `options`, as text, and replace every value here.
    const EMPTY: Self = Self {
        preset: None,
        hosts: Vec::new(),
        port: 0,
        backlog: 0,
        root: None,
        cache_bytes: 0,
        site: Site {
            lang: Lang::En,
            index: Vec::new(),
            list: false,
            hidden: false,
            spa: None,
            clean_urls: false,
            base: None,
            types: Vec::new(),
            live: false,
            cache_control: None,
            fields: Vec::new(),
            cors: false,
            health: None,
            auth: None,
            get_only: false,
            whole_only: false,
        },
        rules: Rules {
            versions: VersionPolicy::Auto,
            limits: Limits {
                request_line: 0,
                fields_size: 0,
                fields: 0,
                body: 0,
                pipelined: 0,
            },
            timeouts: Timeouts {
                head: Duration::ZERO,
                body: Duration::ZERO,
                idle: Duration::ZERO,
                write: Duration::ZERO,
                linger: Duration::ZERO,
            },
            pace: Pace {
                delay: Duration::ZERO,
                rate: None,
            },
            close_after_response: false,
        },
        serial: false,
        requests: None,
        read_size: 0,
        limits: admission::Limits {
            max_connections: 0,
            refuses: false,
        },
        max_per_address: None,
        lang: Lang::En,
        trace: None,
        trace_content: 0,
        filter: None,
        inspect: None,
        log: None,
        warnings: Vec::new(),
    };
}

/// An address to listen on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Host {
    /// An IPv4 or IPv6 address, which may be unspecified; never an IPv4 address in IPv6 form.
    pub address: IpAddr,
    /// Whether to give up if listening here fails. It is `false` for the IPv6 half of `any` and `localhost`: a machine
    /// without IPv6 serves only on IPv4.
    pub required: bool,
}

/// Reads the command: `arguments` without the program's name, and `environment` as a function from a
/// variable's name to its value.
///
/// `--help` and `--version` win over any mistake, wherever they appear. An empty environment variable counts as unset,
/// and one that the command line overrides is not even read.
///
/// # Errors
///
/// The first mistake on the command line, otherwise the first wrong value in the order of the table.
pub fn parse(
    arguments: impl IntoIterator<Item: Into<OsString>>,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<Command, UsageError> {
    match command_line::read(arguments)? {
        CommandLine::Help => Ok(Command::Help),
        CommandLine::Version => Ok(Command::Version),
        CommandLine::Options(given) => resolve(&given, &environment).map(Command::Serve),
    }
}

/// The configuration of a server that is started without arguments and environment: the one set of defaults.
///
/// # Errors
///
/// Never, because the tests check that every default is a valid value of its option.
pub fn defaults() -> Result<Config, UsageError> {
    resolve(&[], &|_| None)
}

/// Sets every option from the first source that gives it.
fn resolve(given: &[Given], environment: &impl Fn(&str) -> Option<String>) -> Result<Config, UsageError> {
    let mut config = Config::EMPTY;
    // The preset comes first: it supplies the values of options that are not given.
    let (preset, others): (Vec<_>, Vec<_>) = options::all().partition(|definition| definition.name == presets::OPTION);
    for definition in preset.into_iter().chain(others) {
        let Effect::Set(set) = definition.effect else {
            continue;
        };
        let (values, from_environment) = values_of(definition, given, environment, &config);
        for value in values {
            set(&mut config, &value).map_err(|reason| {
                // A wrong password may be nearly right, and what is printed may be kept.
                let value = if definition.name == options::AUTH {
                    "..."
                } else {
                    &value
                };
                let written = if from_environment {
                    definition.written_in_environment(value)
                } else {
                    definition.written(value)
                };
                UsageError::about(written, reason)
            })?;
        }
    }
    if config.rules.versions == VersionPolicy::Http09 {
        // HTTP/0.9 has no other method, and it cannot mark a response as a part of a file.
        config.site.get_only = true;
        config.site.whole_only = true;
    }
    check_combinations(&config)?;
    if config.site.auth.is_some() {
        config.site.cache_control = Some(private(config.site.cache_control.as_deref()));
    }
    config.warnings = warnings(&config);
    Ok(config)
}

/// The text of an option's values, from the first source that has any, and whether that is the environment. `config`
/// has the options that are already set. Sources do not add up: a repeatable option on the command line replaces the
/// values of its variable.
fn values_of(
    definition: &Definition,
    given: &[Given],
    environment: &impl Fn(&str) -> Option<String>,
    config: &Config,
) -> (Vec<String>, bool) {
    let of_this = given.iter().filter(|given| given.definition.name == definition.name);
    let on_command_line: Vec<String> = of_this.map(|given| given.value.clone()).collect();
    if !on_command_line.is_empty() {
        return (on_command_line, false);
    }
    let variable = environment(&definition.environment_name()).unwrap_or_default();
    let in_environment = definition.split_environment(&variable);
    if !in_environment.is_empty() {
        return (in_environment, true);
    }
    let special = match definition.name {
        options::LANG => language::of_system(environment).map(Lang::tag),
        // The trace shows the same, with more detail.
        options::LOG if config.trace.is_some() => Some("off"),
        _ => None,
    };
    let fallback = special.or_else(|| presets::value(config.preset, definition.name));
    (vec![fallback.unwrap_or(definition.default).to_owned()], false)
}

const TWO_ORIGINS: Text = Text::new(
    "--cors and --header both set Access-Control-Allow-Origin: leave one of them out",
    "--cors y --header ponen las dos Access-Control-Allow-Origin: omite una",
);

const LIVE_IN_TURN: Text = Text::new(
    "--live and --serial: a page that waits for a change would keep the turn: leave one of them out",
    "--live y --serial: una página que espera un cambio se quedaría con el turno: omite una",
);

const NO_FIELDS_FOR_AUTH: Text = Text::new(
    "--auth and --http 0.9: a request in HTTP/0.9 has no fields, so nobody could give the password: leave one out",
    "--auth y --http 0.9: una petición en HTTP/0.9 no tiene campos, y nadie podría dar la contraseña: omite una",
);

const PUBLIC_WITH_AUTH: Text = Text::new(
    "--auth and --cache-control: public and s-maxage let a cache give the site to anybody: leave them out",
    "--auth y --cache-control: public y s-maxage permiten que una caché dé el sitio a cualquiera: omítelos",
);

/// Whether a value of `Cache-Control` has one of these directives (RFC 9111 section 5.2).
fn has_directive(value: Option<&str>, directives: &[&str]) -> bool {
    let given = value.unwrap_or_default().split(',');
    let mut names = given.map(|directive| directive.split('=').next().unwrap_or_default().trim());
    names.any(|name| directives.iter().any(|directive| name.eq_ignore_ascii_case(directive)))
}

/// The value of `Cache-Control` for a site with a password: no shared cache stores anything. Without this, some other
/// directives would allow it (RFC 9111 section 3.5).
fn private(value: Option<&str>) -> String {
    match value {
        Some(value) if has_directive(Some(value), &["private", "no-store"]) => value.to_owned(),
        Some(value) => format!("private, {value}"),
        None => "private".to_owned(),
    }
}

/// Rejects options that are valid separately but not together.
fn check_combinations(config: &Config) -> Result<(), UsageError> {
    if config.site.live && config.serial {
        return Err(LIVE_IN_TURN.into());
    }
    if config.site.auth.is_some() && config.rules.versions == VersionPolicy::Http09 {
        return Err(NO_FIELDS_FOR_AUTH.into());
    }
    if config.site.auth.is_some() && has_directive(config.site.cache_control.as_deref(), &["public", "s-maxage"]) {
        return Err(PUBLIC_WITH_AUTH.into());
    }
    let mut names = config.site.fields.iter().map(|(name, _)| name);
    if config.site.cors && names.any(|name| name.eq_ignore_ascii_case("Access-Control-Allow-Origin")) {
        Err(TWO_ORIGINS.into())
    } else {
        Ok(())
    }
}

const PORT_OUTSIDE_THE_LAB: Text = Text::new(
    "port {port}: the mininet lab requires one from {first} to {last}",
    "puerto {port}: la práctica de mininet exige uno de {first} a {last}",
);

const BARE_RESPONSES: Text = Text::new(
    "--http 0.9: curl needs --http0.9, and Chrome shows the responses only on port 80",
    "--http 0.9: curl necesita --http0.9, y Chrome solo muestra las respuestas en el puerto 80",
);

const READABLE_PASSWORD: Text = Text::new(
    "--auth: without HTTPS in front, anyone on the way can read the password: see docs/https.md, or give \
     --host localhost",
    "--auth: sin HTTPS delante, cualquiera en el camino puede leer la contraseña: mira docs/es/https.md, o usa \
     --host localhost",
);

/// Adds warnings about what works but may surprise.
fn warnings(config: &Config) -> Vec<Message> {
    let mut warnings = Vec::new();
    let port = config.port;
    let lab = presets::MININET_PORTS;
    // Port 0 means that the system chooses one, which is inside the range of the lab.
    if config.preset == Some(presets::MININET) && port != 0 && !lab.contains(&port) {
        let (first, last) = lab.into_inner();
        let surprise = PORT_OUTSIDE_THE_LAB.with("port", port);
        warnings.push(surprise.with("first", first).with("last", last));
    }
    if config.rules.versions == VersionPolicy::Http09 {
        warnings.push(BARE_RESPONSES.into());
    }
    // What only this machine reaches has a proxy in front, or needs none.
    if config.site.auth.is_some() && config.hosts.iter().any(|host| !host.address.is_loopback()) {
        warnings.push(READABLE_PASSWORD.into());
    }
    warnings
}
