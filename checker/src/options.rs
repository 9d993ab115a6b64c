//! The arguments: what the checker is asked to do.
//!
//! A mistake is one line that names the cause and the cure, in the language that the arguments or the environment ask
//! for: `--lang`, else `LC_ALL`, `LC_MESSAGES` or `LANG`, else English. Files are not looked at here.

use crate::checks::{self, Check};
use crate::group::Group;
use crate::preset::Preset;
use crate::target::Grading;
use crate::texts;
use aula::catalogue::{Lang, Message};
use aula::escape;
use lexopt::{Arg, Parser};
use std::ffi::OsString;

/// What to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// Print the help.
    Help,
    /// Print every check.
    List,
    /// Check a server.
    Check(Options),
    /// Make one request, and show both sides byte by byte.
    Get(Get),
    /// Judge the requests of clients.
    Listen(Listen),
}

/// How to check.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// Where the server is.
    pub server: Server,
    /// `--preset`
    pub preset: Preset,
    /// `--only`: the ids or groups of the checks; all of the preset's if there are none.
    pub only: Vec<String>,
    /// `--group`, `--require`, `--threads`
    pub grading: Grading,
    /// `--tips`
    pub has_tips: bool,
    /// `--page`
    pub page: Option<String>,
    /// `--file`: the path that it is asked by, and the name of the local file.
    pub files: Vec<(String, String)>,
    /// `--restart`
    pub can_restart: bool,
    /// `--json` and `--gradescope`
    pub reports: Reports,
}

/// Where the machine-readable reports go: a file's name, or `-` for stdout.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reports {
    /// `--json`
    pub json: Option<String>,
    /// `--gradescope`
    pub gradescope: Option<String>,
}

impl Reports {
    /// Whether stdout is for one of them, and the text for stderr.
    #[must_use]
    pub fn take_stdout(&self) -> bool {
        [&self.json, &self.gradescope]
            .into_iter()
            .flatten()
            .any(|file| file == "-")
    }
}

/// What `get` asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Get {
    /// Where the server is.
    pub server: Server,
    /// The path.
    pub path: String,
    /// The version.
    pub version: Version,
}

/// How `listen` listens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listen {
    /// Where.
    pub server: Server,
    /// After how many clients it ends; never if there is no number.
    pub requests: Option<u32>,
    /// `--tips`
    pub has_tips: bool,
}

/// A version of HTTP that `get` speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Version {
    /// HTTP/0.9
    V0_9,
    /// HTTP/1.0
    V1_0,
    /// HTTP/1.1
    V1_1,
}

/// A host's name or address, and a port.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Server {
    /// A name, an IPv4 address, or an IPv6 address without brackets.
    pub host: String,
    /// The TCP port.
    pub port: u16,
}

impl Server {
    /// As the Host field has it (RFC 9110 section 7.2).
    #[must_use]
    pub fn authority(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

/// A mistake in the arguments, and where it is to be reported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// Cause and cure.
    pub message: Message,
    /// Reports that were asked for before it.
    pub reports: Reports,
}

/// The language to speak: looked for before anything else, so that mistakes are reported in it.
#[must_use]
pub fn language(arguments: &[OsString], environment: impl Fn(&str) -> Option<String>) -> Lang {
    let mut wanted = None;
    let mut arguments = arguments.iter().filter_map(|argument| argument.to_str());
    while let Some(argument) = arguments.next() {
        if let Some(value) = argument.strip_prefix("--lang=") {
            wanted = Some(value);
        } else if argument == "--lang" {
            wanted = arguments.next();
        }
    }
    wanted
        .and_then(Lang::from_tag)
        .or_else(|| aula::config::language_of_system(&environment))
        .unwrap_or_default()
}

/// Reads the arguments, without the program's name. `--help` wins over any mistake.
///
/// # Errors
/// The first mistake.
pub fn parse(arguments: &[OsString]) -> Result<Command, Mistake> {
    if arguments
        .iter()
        .any(|argument| argument == "--help" || argument == "-h")
    {
        return Ok(Command::Help);
    }
    let mut options = Options::default();
    let outcome = match arguments.split_first() {
        Some((first, rest)) if first == "get" => get(rest).map(Command::Get),
        Some((first, rest)) if first == "listen" => listen(rest).map(Command::Listen),
        _ => check(arguments, &mut options),
    };
    outcome.map_err(|message| Mistake {
        message,
        reports: options.reports,
    })
}

fn check(arguments: &[OsString], options: &mut Options) -> Result<Command, Message> {
    let mut parser = Parser::from_args(arguments);
    let mut server = None;
    let mut is_list = false;
    // The points of a preset are known only when all of the arguments are.
    let mut required: Vec<(&'static Check, Option<u32>)> = Vec::new();
    while let Some(argument) = next(&mut parser)? {
        match argument {
            Found::Value(value) if server.is_none() => server = Some(value),
            Found::Value(value) => return Err(texts::UNEXPECTED.with("value", value)),
            Found::Option(name) => match name.as_str() {
                "--preset" => {
                    let name = value(&mut parser, "--preset", "--preset kurose")?;
                    let preset = Preset::from_name(&name);
                    options.preset = preset.ok_or_else(|| texts::BAD_PRESET.with("value", &name))?;
                }
                "--only" => {
                    for name in value(&mut parser, "--only", "--only ID")?.split(',') {
                        if checks::find(name).is_none() && Group::from_name(name).is_none() {
                            return Err(texts::BAD_ONLY.with("value", name));
                        }
                        options.only.push(name.to_owned());
                    }
                }
                "--group" => {
                    for name in value(&mut parser, "--group", "--group lab")?.split(',') {
                        let group = Group::from_name(name);
                        let group = group.ok_or_else(|| texts::BAD_GROUP.with("value", name))?;
                        options.grading.groups.push(group);
                    }
                }
                "--require" => {
                    for item in value(&mut parser, "--require", "--require ID")?.split(',') {
                        required.push(requirement(item)?);
                    }
                }
                "--threads" => {
                    let threads = checks::THREADS.iter();
                    required.extend(threads.filter_map(|(id, points)| Some((checks::find(id)?, Some(*points)))));
                }
                "--tips" => options.has_tips = true,
                "--page" => options.page = Some(path(value(&mut parser, "--page", "--page /PATH")?)?),
                "--file" => options
                    .files
                    .push(file(&value(&mut parser, "--file", "--file /PATH=FILE")?)?),
                "--restart" => options.can_restart = true,
                "--json" => options.reports.json = Some(value(&mut parser, "--json", "--json FILE")?),
                "--gradescope" => {
                    options.reports.gradescope = Some(value(&mut parser, "--gradescope", "--gradescope FILE")?);
                }
                "--lang" => lang(&mut parser)?,
                "--list" => is_list = true,
                _ => return Err(unknown(&name)),
            },
        }
    }
    let Reports { json, gradescope } = &options.reports;
    if [json, gradescope]
        .into_iter()
        .all(|report| report.as_deref() == Some("-"))
    {
        // Neither gets it.
        options.reports = Reports::default();
        return Err(texts::TWO_STDOUTS.into());
    }
    if is_list {
        return Ok(Command::List);
    }
    let server = server.ok_or(texts::NO_ADDRESS)?;
    options.server = address(&server, options.preset)?;
    for (check, points) in required {
        let of_preset = check.weight(options.preset).unwrap_or(0).max(1);
        options.grading.required.push((check.id, points.unwrap_or(of_preset)));
    }
    Ok(Command::Check(options.clone()))
}

/// `ID`, or `ID=POINTS`.
fn requirement(item: &str) -> Result<(&'static Check, Option<u32>), Message> {
    let bad = || texts::BAD_REQUIRE.with("value", item);
    let (id, points) = match item.split_once('=') {
        Some((id, points)) => (
            id,
            Some(points.parse().ok().filter(|points| *points <= 1000).ok_or_else(bad)?),
        ),
        None => (item, None),
    };
    Ok((checks::find(id).ok_or_else(bad)?, points))
}

fn get(arguments: &[OsString]) -> Result<Get, Message> {
    let mut parser = Parser::from_args(arguments);
    let mut values = Vec::new();
    let mut version = Version::V1_1;
    while let Some(argument) = next(&mut parser)? {
        match argument {
            Found::Value(value) => values.push(value),
            Found::Option(name) => match name.as_str() {
                "--http" => {
                    let wanted = value(&mut parser, "--http", "--http 1.0")?;
                    version = match wanted.as_str() {
                        "0.9" => Version::V0_9,
                        "1.0" => Version::V1_0,
                        "1.1" => Version::V1_1,
                        _ => return Err(texts::BAD_HTTP.with("value", wanted)),
                    };
                }
                "--lang" => lang(&mut parser)?,
                _ => return Err(unknown(&name)),
            },
        }
    }
    let Ok([host, port, wanted]) = <[String; 3]>::try_from(values) else {
        return Err(texts::BAD_GET.into());
    };
    Ok(Get {
        server: Server {
            host: without_brackets(&host).to_owned(),
            port: self::port(&port)?,
        },
        path: path(wanted)?,
        version,
    })
}

fn listen(arguments: &[OsString]) -> Result<Listen, Message> {
    let mut parser = Parser::from_args(arguments);
    let mut place = None;
    let (mut requests, mut has_tips) = (None, false);
    while let Some(argument) = next(&mut parser)? {
        match argument {
            Found::Value(value) if place.is_none() => place = Some(value),
            Found::Value(value) => return Err(texts::UNEXPECTED.with("value", value)),
            Found::Option(name) => match name.as_str() {
                "--requests" => {
                    let count = value(&mut parser, "--requests", "--requests 1")?;
                    let number = count.parse().ok().filter(|number| *number > 0);
                    requests = Some(number.ok_or_else(|| texts::BAD_COUNT.with("value", count))?);
                }
                "--tips" => has_tips = true,
                "--lang" => lang(&mut parser)?,
                _ => return Err(unknown(&name)),
            },
        }
    }
    let place = place.ok_or(texts::BAD_LISTEN)?;
    let server = if place.contains(':') {
        address(&place, Preset::General)?
    } else {
        // Other machines can connect only if the user asks for it.
        Server {
            host: "127.0.0.1".to_owned(),
            port: port(&place)?,
        }
    };
    Ok(Listen {
        server,
        requests,
        has_tips,
    })
}

/// What comes next among the arguments.
enum Found {
    /// An option, with its dashes.
    Option(String),
    /// Something else.
    Value(String),
}

fn next(parser: &mut Parser) -> Result<Option<Found>, Message> {
    match parser.next() {
        Ok(None) => Ok(None),
        Ok(Some(Arg::Long(name))) => Ok(Some(Found::Option(format!("--{name}")))),
        Ok(Some(Arg::Short(letter))) => Ok(Some(Found::Option(format!("-{letter}")))),
        Ok(Some(Arg::Value(value))) => Ok(Some(Found::Value(shown(value)))),
        // A value after an option that takes none.
        Err(error) => Err(texts::UNEXPECTED.with("value", escape::text(&error.to_string()))),
    }
}

fn value(parser: &mut Parser, option: &str, usage: &str) -> Result<String, Message> {
    let missing = || texts::NO_VALUE.with("option", option).with("usage", usage);
    parser.value().map(shown).map_err(|_| missing())
}

/// Control characters are escaped, so that no argument can move the cursor when it is quoted.
fn shown(value: OsString) -> String {
    escape::text(&value.to_string_lossy())
}

/// `--lang` has been looked for already; here its value is checked.
fn lang(parser: &mut Parser) -> Result<(), Message> {
    let tag = value(parser, "--lang", "--lang es")?;
    match Lang::from_tag(&tag) {
        Some(_) => Ok(()),
        None => Err(texts::BAD_LANG.with("value", tag)),
    }
}

fn unknown(option: &str) -> Message {
    let is_of_the_runtime = ["--dir", "--env", "-S", "-W"].contains(&option);
    let text = if is_of_the_runtime {
        texts::RUNTIME_OPTION
    } else {
        texts::UNKNOWN_OPTION
    };
    text.with("option", escape::text(option))
}

fn path(path: String) -> Result<String, Message> {
    if path.starts_with('/') {
        Ok(path)
    } else {
        Err(texts::BAD_PATH.with("value", path))
    }
}

fn file(value: &str) -> Result<(String, String), Message> {
    match value.split_once('=') {
        Some((path, file)) if path.starts_with('/') && !file.is_empty() => Ok((path.to_owned(), file.to_owned())),
        _ => Err(texts::BAD_FILE.with("value", value)),
    }
}

fn port(text: &str) -> Result<u16, Message> {
    match text.parse() {
        Ok(0) | Err(_) => Err(texts::BAD_PORT.with("value", text)),
        Ok(port) => Ok(port),
    }
}

/// `HOST:PORT`; the port is the lab's if it is left out; what a browser shows before and after it does not matter.
fn address(text: &str, preset: Preset) -> Result<Server, Message> {
    let bare = text.strip_prefix("http://").unwrap_or(text);
    let bare = bare.strip_suffix('/').unwrap_or(bare);
    let (host, port) = match bare.rsplit_once(':') {
        // The colons of an IPv6 address without brackets.
        Some((host, _)) if host.contains(':') && !host.ends_with(']') => (bare, preset.port()),
        Some((host, port)) => (host, self::port(port)?),
        None => (bare, preset.port()),
    };
    let host = without_brackets(host);
    let is_host = |character: char| character.is_alphanumeric() || ".-_:%".contains(character);
    if !host.is_empty() && host.chars().all(is_host) {
        Ok(Server {
            host: host.to_owned(),
            port,
        })
    } else {
        Err(texts::BAD_ADDRESS.with("value", text))
    }
}

fn without_brackets(host: &str) -> &str {
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    inner.unwrap_or(host)
}

#[cfg(test)]
#[path = "options_tests.rs"]
mod tests;
