//! What the program is asked to do: arguments and environment in, a [`Command`] out.
//!
//! The first step of every run, before there is a socket: `main` hands over the arguments and a way to
//! read the environment, and gets back a [`Config`] to serve with, a text to print, or one line that
//! says what is wrong and what to write instead.
//!
//! One option is one definition: its name, value, default, meaning and effect stand together
//! in one table, and parsing, the help text, the names of the environment variables and the tests are
//! all read from it. An option has four sources, and the first one that gives it decides: the command
//! line, the environment, the preset, the default. All four hold text and go through the same effect,
//! so no source can do what another cannot. One option has a fifth: `--lang` looks at `LC_ALL`, `LC_MESSAGES` and `LANG`, too.
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

use std::ffi::OsString;
use std::net::IpAddr;
use std::time::Duration;

pub use command_line::unknown_variables;
pub use help::{help, version};
pub use language::language;
pub use usage_error::UsageError;

use crate::catalogue::{Lang, Message, Text};
use command_line::{CommandLine, Given};
use options::{Definition, Effect};

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
    /// `--index`: the file names that answer for their directory, the first that exists.
    pub index: Vec<String>,
    /// `--list`: whether a directory without an index file is listed.
    pub list: bool,
    /// `--hidden`: whether names that begin with a dot are served.
    pub hidden: bool,
    /// `--spa`: the file, relative to the root, that answers for unknown paths without an extension.
    pub spa: Option<String>,
    /// `--cache-control`: the value of `Cache-Control`; `None` sends no such field.
    pub cache_control: Option<String>,
    /// `--header`: fields added to every answer, as (name, value); none that the server sets itself.
    pub extra_fields: Vec<(String, String)>,
    /// `--cors`: whether every answer says `Access-Control-Allow-Origin: *`.
    pub cors: bool,
    /// `--health`: the path that is answered 200 and `ok` without touching a file; begins with `/`.
    pub health: Option<String>,

    /// `--http`: which versions of HTTP are spoken.
    pub http: HttpMode,
    /// `--get-only`: whether HEAD and OPTIONS, too, are answered 405.
    pub get_only: bool,
    /// `--close`: whether every answer ends its connection.
    pub close: bool,
    /// `--serial`: whether one exchange at a time is served.
    pub serial: bool,
    /// `--requests`: the number of answers after which the program ends; `None` never.
    pub requests: Option<u64>,

    /// `--max-request-line`, in bytes: a longer one is answered 414.
    pub max_request_line: usize,
    /// `--max-fields-size`, in bytes: a larger field section is answered 431.
    pub max_fields_size: usize,
    /// `--max-fields`: more field lines than this are answered 431.
    pub max_fields: usize,
    /// `--max-body`, in bytes: larger content of a request is answered 413.
    pub max_body: u64,
    /// `--read-size`, in bytes: the most that one read asks of a connection.
    pub read_size: usize,
    /// `--cache-bytes`: the most that is kept of files served lately; 0 keeps nothing.
    pub cache_bytes: usize,
    /// `--max-pipelined`: the answers that a connection may have queued before reading pauses.
    pub max_pipelined: usize,
    /// `--max-connections`: the connections held at once.
    pub max_connections: usize,
    /// `--when-full`: what becomes of a newcomer beyond that.
    pub when_full: WhenFull,
    /// `--max-per-address`: the connections held at once from one address; `None` is as many as there
    /// may be.
    pub max_per_address: Option<usize>,

    /// `--head-timeout`: for a whole request head, counted from its first byte.
    pub head_timeout: Duration,
    /// `--idle-timeout`: for the next request on a persistent connection.
    pub idle_timeout: Duration,
    /// `--body-timeout`: for the content of a request.
    pub body_timeout: Duration,
    /// `--write-timeout`: for a client to take the next bytes of an answer.
    pub write_timeout: Duration,
    /// `--linger-timeout`: for a client to close after an answer that ends the connection.
    pub linger_timeout: Duration,

    /// `--lang`: the language of messages and of the server's own pages.
    pub lang: Lang,
    /// `--trace`: the form in which each exchange is explained; `None` explains nothing.
    pub trace: Option<TraceForm>,
    /// `--trace-content`: how many bytes of a response's content the trace shows.
    pub trace_content: usize,
    /// `--filter`: which exchanges the trace shows; `None` is all of them.
    pub filter: Option<String>,
    /// `--log`: the form of the access log.
    pub log: LogFormat,

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
        index: Vec::new(),
        list: false,
        hidden: false,
        spa: None,
        cache_control: None,
        extra_fields: Vec::new(),
        cors: false,
        health: None,
        http: HttpMode::Auto,
        get_only: false,
        close: false,
        serial: false,
        requests: None,
        max_request_line: 0,
        max_fields_size: 0,
        max_fields: 0,
        max_body: 0,
        read_size: 0,
        cache_bytes: 0,
        max_pipelined: 0,
        max_connections: 0,
        when_full: WhenFull::Wait,
        max_per_address: None,
        head_timeout: Duration::ZERO,
        idle_timeout: Duration::ZERO,
        body_timeout: Duration::ZERO,
        write_timeout: Duration::ZERO,
        linger_timeout: Duration::ZERO,
        lang: Lang::En,
        trace: None,
        trace_content: 0,
        filter: None,
        log: LogFormat::Off,
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

/// Which versions of HTTP are spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpMode {
    /// HTTP/0.9 for a request line of two words, HTTP/1.x otherwise.
    Auto,
    /// Every answer is bare, as in HTTP/0.9.
    Only09,
    /// HTTP/1.x alone: a request line of two words is answered 400.
    Only1,
}

/// What becomes of a newcomer when every place is taken by a connection that is not idle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenFull {
    /// It waits, not yet accepted.
    Wait,
    /// It is answered 503.
    Reject,
}

/// The form of the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceForm {
    /// For people: a line for each event.
    Short,
    /// For people.
    Text,
    /// For people, with what only repeats.
    Full,
    /// A JSON object a line.
    Json,
}

/// The form of the access log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// The common form with `Referer` and `User-Agent` behind it.
    Combined,
    /// The form that the first web servers shared.
    Common,
    /// A JSON object a line.
    Json,
    /// No access log.
    Off,
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

/// The configuration of a server that is started without arguments and environment.
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
        language::OPTION => language::of_system(environment).map(Lang::tag),
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
    let mut names = config.extra_fields.iter().map(|(name, _)| name);
    match config.cors && names.any(|name| name.eq_ignore_ascii_case("Access-Control-Allow-Origin")) {
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
    if config.http == HttpMode::Only09 {
        warnings.push(BARE_ANSWERS.into());
    }
    warnings
}
