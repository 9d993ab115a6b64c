//! From the arguments to options and the text of their values.
//!
//! `lexopt` splits the arguments (`--port 80`, `--port=80`, `-p 80`, `-p80`, and `--`, after which nothing is an
//! option); this file looks up the result in the table of [`options`]. It does not read the values. The sentence about
//! each mistake is above the function that finds it, in both languages.

use super::definition::{Definition, Effect, Value, YES};
use super::options;
use super::usage_error::UsageError;
use crate::catalogue::{Message, Text};
use lexopt::{Arg, Parser};
use std::ffi::{OsStr, OsString};

/// Options of the runtime, which students sometimes write after `server.wasm` instead of before it.
const OF_THE_RUNTIME: [&str; 4] = ["--dir", "--env", "-S", "-W"];

/// The minimum similarity between an unknown and a known name that suggests a typing error: a Jaro-Winkler similarity
/// from 0 to 1. For two words of four letters it is 0.93 if two letters are swapped, and 0.55 if only the first letter
/// is the same.
const ALIKE: f64 = 0.85;

/// What the command line asks for.
pub(super) enum CommandLine {
    /// The help text.
    Help,
    /// The version.
    Version,
    /// To serve, with these options in the order given.
    Options(Vec<Given>),
}

/// An option and the text of its value.
pub(super) struct Given {
    /// The option.
    pub(super) definition: &'static Definition,
    /// The value; `yes` for a switch without a value.
    pub(super) value: String,
}

/// Reads all arguments, and only then reports the first mistake: a later `--help` wins over it.
pub(super) fn read(arguments: impl IntoIterator<Item: Into<OsString>>) -> Result<CommandLine, UsageError> {
    let (options, first_mistake) = scan(arguments);
    for given in &options {
        match given.definition.effect {
            Effect::Help => return Ok(CommandLine::Help),
            Effect::Version => return Ok(CommandLine::Version),
            Effect::Set(_) => {}
        }
    }
    match first_mistake {
        None => Ok(CommandLine::Options(options)),
        Some(mistake) => Err(mistake),
    }
}

/// All options in the order given, and the first mistake among them.
pub(super) fn scan(arguments: impl IntoIterator<Item: Into<OsString>>) -> (Vec<Given>, Option<UsageError>) {
    let mut parser = Parser::from_args(arguments);
    let mut options: Vec<Given> = Vec::new();
    let mut first_mistake = None;
    loop {
        match next(&mut parser, options.last()) {
            Ok(None) => return (options, first_mistake),
            Ok(Some(given)) => options.push(given),
            Err(mistake) => first_mistake = first_mistake.or(Some(mistake)),
        }
    }
}

pub(super) const UNREADABLE: Text = Text::new(
    "the arguments cannot be read: {error}",
    "no se pueden leer los argumentos: {error}",
);

pub(super) const NOT_UTF_8: Text = Text::new("not UTF-8: give text", "no es UTF-8: escribe texto");

pub(super) const NO_VALUE: Text = Text::new("no value: write {usage}", "falta el valor: escribe {usage}");

/// The next option with its value, `None` after the last one, or a mistake. Every call but the last consumes at least
/// one argument.
fn next(parser: &mut Parser, previous: Option<&Given>) -> Result<Option<Given>, UsageError> {
    check_single_dash(parser)?;
    let (option, known) = match parser.next() {
        Ok(Some(Arg::Long(name))) => (format!("--{name}"), options::find(name)),
        Ok(Some(Arg::Short(letter))) => (format!("-{letter}"), options::find_short(letter)),
        Ok(Some(Arg::Value(argument))) => return Err(unexpected(&argument, previous).into()),
        Ok(None) => return Ok(None),
        Err(error) => return Err(UNREADABLE.with("error", error).into()),
    };
    let attached = parser.optional_value();
    let definition = known.ok_or_else(|| UsageError::from(unknown(&option)))?;
    let value = match definition.value {
        Value::Switch => Some(attached.unwrap_or_else(|| YES.into())),
        Value::One(_) | Value::Many(_) => attached.or_else(|| detached_value(parser)),
    };
    match value.map(OsString::into_string) {
        Some(Ok(value)) => Ok(Some(Given { definition, value })),
        Some(Err(_)) => Err(UsageError::about(option, NOT_UTF_8)),
        None => Err(UsageError::about(option, NO_VALUE.with("usage", definition.usage()))),
    }
}

/// The next argument as the value of the option before it, unless it is an option itself: in `--root --list` a value is
/// missing. A number with a sign is a value, but a wrong one.
fn detached_value(parser: &mut Parser) -> Option<OsString> {
    let is_value = |argument: &OsStr| match argument.as_encoded_bytes() {
        [b'-', second, ..] => *second != b'-' && !second.is_ascii_alphabetic(),
        _ => true,
    };
    parser.try_raw_args()?.next_if(is_value)
}

pub(super) const ONE_DASH: Text = Text::new(
    "unknown option {option}: write -{option}",
    "opción desconocida {option}: escribe -{option}",
);

/// Detects `-port 80`, which by the rules is `-p` with the value `ort`. (Only `-help` happens to work.)
fn check_single_dash(parser: &mut Parser) -> Result<(), UsageError> {
    let is_long_name = |argument: &OsStr| {
        let name = argument.to_str().and_then(|text| text.strip_prefix('-'));
        let name = name.and_then(|text| text.split('=').next());
        name.is_some_and(|name| name != "help" && options::find(name).is_some())
    };
    let argument = parser
        .try_raw_args()
        .and_then(|mut arguments| arguments.next_if(is_long_name));
    match argument {
        None => Ok(()),
        Some(argument) => Err(ONE_DASH.with("option", argument.display()).into()),
    }
}

pub(super) const OPTION_OF_THE_RUNTIME: Text = Text::new(
    "unknown option {option}: it belongs to the runtime: write it before server.wasm",
    "opción desconocida {option}: es del runtime: escríbela antes de server.wasm",
);

pub(super) const NEGATED: Text = Text::new(
    "unknown option {option}: write --{name}=no",
    "opción desconocida {option}: escribe --{name}=no",
);

pub(super) const NEAR: Text = Text::new(
    "unknown option {option}: did you mean --{name}?",
    "opción desconocida {option}: ¿quizás --{name}?",
);

pub(super) const UNKNOWN: Text = Text::new(
    "unknown option {option}: --help lists all options",
    "opción desconocida {option}: --help las muestra todas",
);

/// The mistake of an option that is not in the table; `option` has its dashes.
fn unknown(option: &str) -> Message {
    let name = option.trim_start_matches('-').to_lowercase();
    let negated = name.strip_prefix("no-").and_then(options::find);
    let mistake = if OF_THE_RUNTIME.contains(&option) {
        OPTION_OF_THE_RUNTIME.into()
    } else if let Some(switch) = negated.filter(|definition| definition.is_switch()) {
        NEGATED.with("name", switch.name)
    } else if let Some(near) = nearest(&name) {
        NEAR.with("name", near)
    } else {
        Message::from(UNKNOWN)
    };
    mistake.with("option", option)
}

pub(super) const NEAR_VARIABLE: Text = Text::new(
    "{variable}: no option has this variable, so it is ignored: did you mean {near}?",
    "{variable}: ninguna opción tiene esta variable y se ignora: ¿quizás {near}?",
);

pub(super) const UNKNOWN_VARIABLE: Text = Text::new(
    "{variable}: no option has this variable, so it is ignored: --help lists all options",
    "{variable}: ninguna opción tiene esta variable y se ignora: --help las muestra todas",
);

/// Warnings about environment variables that look like options but are none. They are not errors, because container
/// systems set variables that begin with the name of a service.
pub fn unknown_variables(names: impl IntoIterator<Item = String>) -> Vec<Message> {
    let unknown = names.into_iter().filter_map(|variable| {
        let name = variable.strip_prefix("AULA_")?.replace('_', "-").to_lowercase();
        let is_option = options::all().any(|known| known.environment_name() == variable);
        let near = nearest(&name).and_then(options::find).map(Definition::environment_name);
        let mistake = match near {
            _ if is_option => return None,
            Some(near) => NEAR_VARIABLE.with("near", near),
            None => UNKNOWN_VARIABLE.into(),
        };
        Some(mistake.with("variable", variable))
    });
    unknown.collect()
}

/// The name in the table that is most similar to `name`, if any is similar enough.
fn nearest(name: &str) -> Option<&'static str> {
    let (likeness, nearest) = options::all()
        .map(|known| (strsim::jaro_winkler(name, known.name), known.name))
        .max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (likeness >= ALIKE).then_some(nearest)
}

pub(super) const VALUE_OF_A_SWITCH: Text = Text::new(
    "unexpected argument \"{argument}\": write --{name}={argument}",
    "argumento inesperado \"{argument}\": escribe --{name}={argument}",
);

pub(super) const A_PORT: Text = Text::new(
    "unexpected argument \"{argument}\": for a port write --port {argument}",
    "argumento inesperado \"{argument}\": para un puerto escribe --port {argument}",
);

pub(super) const UNEXPECTED: Text = Text::new(
    "unexpected argument \"{argument}\": the folder comes first (aula www ...), or the runtime grants it \
     (wasmtime run --dir www server.wasm)",
    "argumento inesperado \"{argument}\": la carpeta va primero (aula www ...), o la concede el runtime \
     (wasmtime run --dir www server.wasm)",
);

/// The mistake of an argument that is not an option. `previous` is the option before it, for which it may have been
/// meant.
fn unexpected(argument: &OsStr, previous: Option<&Given>) -> Message {
    let argument = argument.to_string_lossy();
    let switch = previous.filter(|given| given.definition.is_switch());
    let mistake = if let Some(switch) = switch.filter(|_| options::is_switch_value(&argument)) {
        VALUE_OF_A_SWITCH.with("name", switch.definition.name)
    } else if argument.parse::<u16>().is_ok() {
        Message::from(A_PORT)
    } else {
        UNEXPECTED.into()
    };
    mistake.with("argument", argument)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{config_of, defaults, line_of};

    /// The end of the message about an argument that is not an option.
    const FOLDER: &str = "the folder comes first (aula www ...), or the runtime grants it \
        (wasmtime run --dir www server.wasm)";

    #[test]
    fn a_value_is_in_the_same_argument_or_in_the_next() {
        let rows = ["--port 80", "--port=80", "-p 80", "-p80", "-p=80", "-p 80 --"];
        for arguments in rows {
            assert_eq!(config_of(arguments).port, 80, "{arguments}");
        }
        assert_eq!(config_of("--"), defaults());
    }

    #[test]
    fn a_value_that_looks_like_an_option_needs_the_equals_sign() {
        assert_eq!(config_of("--root=--list").root.as_deref(), Some("--list"));
        assert_eq!(config_of("--root -").root.as_deref(), Some("-"));
    }

    #[test]
    fn a_mistake_is_one_line_with_the_cause_and_the_cure() {
        #[rustfmt::skip]
        let rows: &[(&str, &str)] = &[
            // There is no option with this name.
            ("--prot 80", "unknown option --prot: did you mean --port?"),
            ("--Port=80", "unknown option --Port: did you mean --port?"),
            ("--max_body=1", "unknown option --max_body: did you mean --max-body?"),
            ("--cache x", "unknown option --cache: did you mean --cache-bytes?"),
            ("--headers", "unknown option --headers: did you mean --header?"),
            ("--versoin", "unknown option --versoin: did you mean --version?"),
            ("--no-serial", "unknown option --no-serial: write --serial=no"),
            ("--no-port", "unknown option --no-port: --help lists all options"),
            ("--frobnicate", "unknown option --frobnicate: --help lists all options"),
            ("-x", "unknown option -x: --help lists all options"),
            ("-port 80", "unknown option -port: write --port"),
            ("-port=80", "unknown option -port=80: write --port=80"),
            ("-S tcp", "unknown option -S: it belongs to the runtime: write it before server.wasm"),
            ("--dir=www", "unknown option --dir: it belongs to the runtime: write it before server.wasm"),
            // A value is missing, or there is one too many.
            ("--port", "--port: no value: write --port N"),
            ("-p", "-p: no value: write --port N"),
            ("--header", "--header: no value: write --header 'NAME: VALUE'"),
            ("--root --list", "--root: no value: write --root DIR"),
            ("--list=maybe", "--list=maybe: a switch takes no such value: give yes or no"),
            ("--list=", "--list=: a switch takes no such value: give yes or no"),
            ("--list no", "unexpected argument \"no\": write --list=no"),
            // An argument is not an option.
            ("www", &format!("unexpected argument \"www\": {FOLDER}")),
            ("--list www", &format!("unexpected argument \"www\": {FOLDER}")),
            ("-- --help", &format!("unexpected argument \"--help\": {FOLDER}")),
            ("8080", "unexpected argument \"8080\": for a port write --port 8080"),
            // The first mistake is reported, but a mistake in an option comes before one in a value.
            ("--prot 80 --lits", "unknown option --prot: did you mean --port?"),
            ("--port x --lits", "unknown option --lits: did you mean --list?"),
        ];
        for (arguments, line) in rows {
            let arguments: Vec<&str> = arguments.split(' ').collect();
            assert_eq!(line_of(&arguments, &[]), *line);
        }
    }

    #[test]
    fn what_the_user_typed_cannot_forge_a_line_or_move_the_cursor() {
        let rows: &[(&str, &str)] = &[
            (
                "--\u{1b}[2J\n",
                "unknown option --\\u{1b}[2J\\n: --help lists all options",
            ),
            (
                "\u{202e}\r\0",
                &format!("unexpected argument \"\\u{{202e}}\\r\\0\": {FOLDER}"),
            ),
            (
                "--log=\t",
                "--log \"\\t\": not a log format: give one of combined, common, json, off",
            ),
        ];
        for (argument, line) in rows {
            assert_eq!(line_of(&[argument], &[]), *line);
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_utf_8_is_a_mistake() {
        use super::super::parse;
        use std::ffi::OsString;
        use std::os::unix::ffi::OsStringExt;
        let rows: &[(&[u8], &str)] = &[
            (b"--root=\xff", "--root: not UTF-8: give text"),
            (b"--ro\xffot", "unknown option --ro\u{fffd}ot: did you mean --root?"),
            (b"\xff", &format!("unexpected argument \"\u{fffd}\": {FOLDER}")),
        ];
        for (argument, line) in rows {
            let error = parse([OsString::from_vec(argument.to_vec())], |_| None).unwrap_err();
            assert_eq!(error.to_string(), *line);
        }
    }
}
