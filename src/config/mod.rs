//! What the program is asked to do: arguments and environment in, a [`Command`] out.
//!
//! The first step of every run, before there is a socket: `main` hands over the arguments and a way to
//! read the environment, and gets back a [`Config`] to serve with, a text to print, or one line that
//! says what is wrong and what to write instead.
//!
//! One option is one definition: its name, value, default, meaning and effect stand together in one table, and parsing,
//! the help text, the names of the environment variables and the tests are all read from it. An option has four
//! sources, and the first one that gives it decides: the command line, the environment, the preset, the default. All
//! four hold text and go through the same effect, so no source can do what another cannot. One option has a fifth:
//! `--lang` looks at `LC_ALL`, `LC_MESSAGES` and `LANG`, too.
//!
//! Every sentence is written in both languages, where it belongs; nothing here chooses between them.
//!
//! | file | what it holds |
//! |---|---|
//! | `options` | the table of definitions |
//! | `values` | from the text of a value to the value, RFC 9110 sections 5.1 and 5.5 for a field |
//! | `presets` | the three labs as lists of options |
//! | `command_line` | from arguments to options and their text |
//! | `language` | which language all of it is told in |
//! | `help` | the table as a page to read |
//! | `usage_error` | the one line |
//!
//! It refuses to guess: a wrong value is an error, never a default. And it leaves to the host what only
//! the host knows: whether the port is free, the address ours, the folder there.

mod command_line;
mod help;
mod language;
mod options;
mod presets;
#[cfg(test)]
mod tests;
mod usage_error;
mod values;

pub use command_line::unknown_variables;
pub use help::{help, version};
pub use language::{language, of_system as language_of_system};
pub use usage_error::UsageError;

use crate::catalogue::{Lang, Message, Text};
use crate::http1::{Dialect, Limits, Rules, Timeouts};
use crate::schedule::admission;
use crate::site::Site;
use crate::trace::Filter;
use crate::{access_log, trace};
use command_line::{CommandLine, Given};
use options::{Definition, Effect};
use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// What the program is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "made once in a run")]
pub enum Command {
    /// Listen and answer.
    Serve(Config),
    /// Print [`help()`] and stop.
    Help,
    /// Print [`version()`] and stop.
    Version,
}

/// How to serve: every option with its final value, each within the bounds that its definition gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// `--preset`: the name of the lab that the other options fall back on.
    pub preset: Option<&'static str>,

    /// `--host`: where to listen; at least one, none twice.
    pub hosts: Vec<Host>,
    /// `--port`: the TCP port of every host; 0 takes any free one.
    pub port: u16,
    /// `--backlog`: how many connections the host system queues before they are accepted.
    pub backlog: u64,

    /// `--root`: the guest path of the folder to serve; `None` is the first granted directory.
    pub root: Option<String>,
    /// `--cache-bytes`: the most that is kept of files served lately; 0 keeps nothing.
    pub cache_bytes: usize,
    /// What `site` keeps to: `--index` to `--health`, and `--get-only`.
    pub site: Site,
    /// What `http1` keeps to: `--http`, `--close`, its limits and deadlines.
    pub rules: Rules,

    /// `--serial`: whether one exchange at a time is served.
    pub serial: bool,
    /// `--requests`: the number of responses after which the program ends; `None` never.
    pub requests: Option<u64>,
    /// `--read-size`, in bytes: the most that one read asks of a connection.
    pub read_size: usize,
    /// `--max-connections` and `--when-full`: the connections held at once, and what becomes of a newcomer beyond that.
    pub limits: admission::Limits,
    /// `--max-per-address`: the connections held at once from one address; `None` is as many as there
    /// may be.
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

    /// What works but may surprise, one line each, for `main` to print.
    pub warnings: Vec<Message>,
}

impl Config {
    /// Where [`resolve`] starts. These are not the defaults: those stand in the table of `options`,
    /// as text, and replace every value here.
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
            cache_control: None,
            fields: Vec::new(),
            cors: false,
            health: None,
            get_only: false,
            whole_only: false,
        },
        rules: Rules {
            dialect: Dialect::Auto,
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
            close_after_answer: false,
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
    /// An IPv4 or IPv6 address, the unspecified ones included; never an IPv4 address in IPv6 form.
    pub address: IpAddr,
    /// Whether to give up if listening here fails. `false` is the IPv6 half of `any` and `localhost`: a
    /// machine without IPv6 serves on IPv4 alone.
    pub required: bool,
}

/// Reads the command: `arguments` without the program's name, and `environment` as a function from a
/// variable's name to its value.
///
/// `--help` and `--version` win over any failure, wherever they stand. An environment value that is
/// empty counts as unset, and one that the command line overrules is not even read.
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
/// None: the tests see to it that every default is a value of its option.
pub fn defaults() -> Result<Config, UsageError> {
    resolve(&[], &|_| None)
}

/// Settles every option from the first source that gives it.
fn resolve(given: &[Given], environment: &impl Fn(&str) -> Option<String>) -> Result<Config, UsageError> {
    let mut config = Config::EMPTY;
    // The preset comes first: whatever nobody gave falls back on it.
    let (preset, others): (Vec<_>, Vec<_>) = options::all().partition(|definition| definition.name == presets::OPTION);
    for definition in preset.into_iter().chain(others) {
        let Effect::Set(set) = definition.effect else {
            continue;
        };
        let (values, from_environment) = values_of(definition, given, environment, &config);
        for value in values {
            set(&mut config, &value).map_err(|reason| {
                let written = match from_environment {
                    true => definition.written_in_environment(&value),
                    false => definition.written(&value),
                };
                UsageError::about(written, reason)
            })?;
        }
    }
    if config.rules.dialect == Dialect::Http09 {
        // HTTP/0.9 has no other method, and cannot say that a response is a part of something.
        config.site.get_only = true;
        config.site.whole_only = true;
    }
    check_combinations(&config)?;
    config.warnings = warnings(&config);
    Ok(config)
}

/// The text of an option's values, from the first source that has any, and whether that is the
/// environment; `config` has what was settled before. Sources do not add up: a repeatable option on the
/// command line replaces its variable's values.
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
        // The trace tells it all, and better.
        options::LOG if config.trace.is_some() => Some("off"),
        _ => None,
    };
    let fallback = special.or_else(|| presets::value(config.preset, definition.name));
    (vec![fallback.unwrap_or(definition.default).to_owned()], false)
}

const TWO_ORIGINS: Text = Text::new(
    "--cors and --header both set Access-Control-Allow-Origin: leave one of them out",
    "--cors y --header ponen las dos Access-Control-Allow-Origin: hay que omitir una",
);

/// Refuses options that are right one by one and wrong together.
fn check_combinations(config: &Config) -> Result<(), UsageError> {
    let mut names = config.site.fields.iter().map(|(name, _)| name);
    match config.site.cors && names.any(|name| name.eq_ignore_ascii_case("Access-Control-Allow-Origin")) {
        true => Err(TWO_ORIGINS.into()),
        false => Ok(()),
    }
}

const PORT_OUTSIDE_THE_LAB: Text = Text::new(
    "port {port}: the mininet lab asks for one from {first} to {last}",
    "puerto {port}: la práctica de mininet pide uno de {first} a {last}",
);

const BARE_ANSWERS: Text = Text::new(
    "--http 0.9: curl needs --http0.9, and Chrome shows the answers on port 80 alone",
    "--http 0.9: curl necesita --http0.9, y Chrome solo muestra las respuestas en el puerto 80",
);

/// Says what works but may surprise.
fn warnings(config: &Config) -> Vec<Message> {
    let mut warnings = Vec::new();
    let port = config.port;
    let lab = presets::MININET_PORTS;
    // Port 0 stands for one that is not known yet; what systems choose lies inside the lab's range.
    if config.preset == Some(presets::MININET) && port != 0 && !lab.contains(&port) {
        let (first, last) = lab.into_inner();
        let surprise = PORT_OUTSIDE_THE_LAB.with("port", port);
        warnings.push(surprise.with("first", first).with("last", last));
    }
    if config.rules.dialect == Dialect::Http09 {
        warnings.push(BARE_ANSWERS.into());
    }
    warnings
}
