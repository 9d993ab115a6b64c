//! The rules of the options, each as a table over all of them.

use std::collections::HashMap;
use std::time::Duration;

use proptest::prelude::*;

use super::options::{self, Definition, Effect};
use super::presets::PRESETS;
use super::*;

type Change = fn(&mut Config);

fn parse_with(arguments: &[&str], variables: &[(&str, &str)]) -> Result<Command, UsageError> {
    let variables: HashMap<&str, &str> = variables.iter().copied().collect();
    parse(arguments, |name| variables.get(name).map(|value| (*value).to_owned()))
}

#[track_caller]
pub(super) fn config_with(arguments: &[&str], variables: &[(&str, &str)]) -> Config {
    match parse_with(arguments, variables) {
        Ok(Command::Serve(config)) => config,
        other => panic!("{arguments:?} {variables:?}: {other:?}"),
    }
}

/// What a command line without quotes makes of the defaults.
#[track_caller]
pub(super) fn config_of(command_line: &str) -> Config {
    config_with(&command_line.split_whitespace().collect::<Vec<_>>(), &[])
}

/// What the user is told.
#[track_caller]
pub(super) fn line_of(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    match parse_with(arguments, variables) {
        Err(error) => error.to_string(),
        other => panic!("{arguments:?} {variables:?}: {other:?}"),
    }
}

pub(super) fn host(address: &str, required: bool) -> Host {
    let address = address.parse().unwrap();
    Host { address, required }
}

pub(super) fn field(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// The defaults that the documents promise, spelt out a second time on purpose.
pub(super) fn defaults() -> Config {
    Config {
        preset: None,
        hosts: vec![host("0.0.0.0", true), host("::", false)],
        port: 8080,
        backlog: 1024,
        root: None,
        index: vec!["index.html".into()],
        list: false,
        hidden: false,
        spa: None,
        cache_control: Some("no-cache".into()),
        extra_fields: vec![],
        cors: false,
        health: None,
        http: HttpMode::Auto,
        get_only: false,
        close: false,
        serial: false,
        requests: None,
        max_request_line: 8192,
        max_fields_size: 32_768,
        max_fields: 100,
        max_body: 1_048_576,
        read_size: 4096,
        cache_bytes: 32 * 1024 * 1024,
        max_pipelined: 64,
        max_connections: 512,
        when_full: WhenFull::Wait,
        max_per_address: None,
        head_timeout: Duration::from_secs(10),
        idle_timeout: Duration::from_secs(15),
        body_timeout: Duration::from_secs(30),
        write_timeout: Duration::from_secs(30),
        linger_timeout: Duration::from_secs(2),
        log: LogFormat::Combined,
        warnings: vec![],
    }
}

pub(super) fn changed(change: Change) -> Config {
    let mut config = defaults();
    change(&mut config);
    config
}

/// A row for every option: its name, a value other than its default, and what that changes.
#[rustfmt::skip]
const EFFECTS: &[(&str, &str, Change)] = &[
    ("preset", "kurose", |c| { c.preset = Some("kurose"); (c.port, c.serial, c.close) = (13331, true, true) }),
    ("host", "10.0.0.2", |c| c.hosts = vec![host("10.0.0.2", true)]),
    ("port", "3000", |c| c.port = 3000),
    ("backlog", "1", |c| c.backlog = 1),
    ("root", "www/public", |c| c.root = Some("www/public".into())),
    ("index", "hello.html", |c| c.index = vec!["hello.html".into()]),
    ("list", "yes", |c| c.list = true),
    ("hidden", "yes", |c| c.hidden = true),
    ("spa", "app/index.html", |c| c.spa = Some("app/index.html".into())),
    ("cache-control", "max-age=60", |c| c.cache_control = Some("max-age=60".into())),
    ("header", "X-Course: networks", |c| c.extra_fields = vec![field("X-Course", "networks")]),
    ("cors", "yes", |c| c.cors = true),
    ("health", "/health", |c| c.health = Some("/health".into())),
    ("http", "0.9", |c| { c.http = HttpMode::Only09; c.warnings = vec![BARE.into()] }),
    ("get-only", "yes", |c| c.get_only = true),
    ("close", "yes", |c| c.close = true),
    ("serial", "yes", |c| c.serial = true),
    ("requests", "1", |c| c.requests = Some(1)),
    ("max-request-line", "1024", |c| c.max_request_line = 1024),
    ("max-fields-size", "1000", |c| c.max_fields_size = 1000),
    ("max-fields", "10", |c| c.max_fields = 10),
    ("max-body", "0", |c| c.max_body = 0),
    ("read-size", "65536", |c| c.read_size = 65_536),
    ("cache-bytes", "0", |c| c.cache_bytes = 0),
    ("max-pipelined", "1", |c| c.max_pipelined = 1),
    ("max-connections", "16000", |c| c.max_connections = 16_000),
    ("when-full", "reject", |c| c.when_full = WhenFull::Reject),
    ("max-per-address", "2", |c| c.max_per_address = Some(2)),
    ("head-timeout", "1", |c| c.head_timeout = Duration::from_secs(1)),
    ("idle-timeout", "2", |c| c.idle_timeout = Duration::from_secs(2)),
    ("body-timeout", "3", |c| c.body_timeout = Duration::from_secs(3)),
    ("write-timeout", "4", |c| c.write_timeout = Duration::from_secs(4)),
    ("linger-timeout", "5", |c| c.linger_timeout = Duration::from_secs(5)),
    ("log", "json", |c| c.log = LogFormat::Json),
];

const BARE: &str = "--http 0.9: curl needs --http0.9, and Chrome shows the answers on port 80 alone";

/// Every option that has a value, with its row.
fn effects() -> impl Iterator<Item = (&'static Definition, &'static str, Config)> {
    options::all()
        .filter(|option| matches!(option.effect, Effect::Set(_)))
        .map(|option| {
            let row = EFFECTS.iter().find(|(name, ..)| *name == option.name);
            let (_, text, change) = row.unwrap_or_else(|| panic!("--{} needs a row", option.name));
            (option, *text, changed(*change))
        })
}

#[test]
fn nothing_given_is_the_documented_defaults() {
    assert_eq!(config_with(&[], &[]), defaults());
}

#[test]
fn every_option_takes_effect_from_the_command_line() {
    for (option, text, expected) in effects() {
        let name = format!("--{}", option.name);
        assert_ne!(expected, defaults(), "{name} {text} must change something");
        let joined = format!("{name}={text}");
        assert_eq!(config_with(&[&joined], &[]), expected, "{joined}");
        let apart: &[&str] = if option.is_switch() { &[&name] } else { &[&name, text] };
        assert_eq!(config_with(apart, &[]), expected, "{apart:?}");
    }
}

#[test]
fn every_option_takes_effect_from_the_environment() {
    for (option, text, expected) in effects() {
        let variable = option.environment_name();
        assert_eq!(config_with(&[], &[(&variable, text)]), expected, "{variable}={text}");
        assert_eq!(
            config_with(&[], &[(&variable, "")]),
            defaults(),
            "{variable}: empty is unset"
        );
    }
    let max_body = options::find("max-body").unwrap();
    assert_eq!(max_body.environment_name(), "AULA_MAX_BODY");
}

#[test]
fn the_command_line_wins_over_the_environment_and_can_restore_every_default() {
    for (option, text, _) in effects() {
        let variable = option.environment_name();
        let argument = format!("--{}={}", option.name, option.default);
        // A value that is overruled is not judged, either.
        for value in [text, "\u{0}"] {
            let config = config_with(&[&argument], &[(&variable, value)]);
            assert_eq!(config, defaults(), "{variable}={value:?} {argument}");
        }
    }
}

#[test]
fn the_last_value_counts_and_those_of_a_repeatable_option_add_up() {
    assert_eq!(config_of("--port 1 -p 2").port, 2);
    assert_eq!(config_of("--list --list=no"), defaults());
    assert_eq!(
        config_of("--index a --index b").index,
        ["a", "b"],
        "and the default is not there"
    );
    assert_eq!(
        config_of("--host ::1 --host [::1]").hosts,
        [host("::1", true)],
        "none twice"
    );
    let fields = config_of("--header Link:a --header Link:b").extra_fields;
    assert_eq!(fields, [field("Link", "a"), field("Link", "b")]);
}

#[test]
fn an_empty_value_stands_for_none() {
    assert_eq!(config_of("--index=").index, [""; 0]);
    assert_eq!(config_of("--cache-control=").cache_control, None);
}

#[test]
fn a_repeatable_option_takes_one_value_a_line_from_the_environment() {
    let variables = [("AULA_HEADER", "A: 1, 2\r\n\nB: 3\n"), ("AULA_INDEX", "\n")];
    let config = config_with(&[], &variables);
    assert_eq!(config.extra_fields, [field("A", "1, 2"), field("B", "3")]);
    assert_eq!(config.index, ["index.html"], "no line with a value is as good as unset");
    // The command line replaces the variable, and adds nothing to it.
    let config = config_with(&["--header", "C: 4"], &variables);
    assert_eq!(config.extra_fields, [field("C", "4")]);
}

/// The labs: their preset and what it changes.
pub(super) const LABS: &[(&str, Change)] = &[
    ("mininet", |c| {
        c.preset = Some("mininet");
        (c.port, c.serial, c.close, c.backlog, c.read_size) = (3000, true, true, 1, 1024);
    }),
    ("kurose", |c| {
        c.preset = Some("kurose");
        (c.port, c.serial, c.close) = (13331, true, true);
    }),
    ("lab01", |c| {
        c.preset = Some("lab01");
        (c.port, c.get_only, c.close, c.max_connections) = (80, true, true, 10);
        c.http = HttpMode::Auto;
    }),
];

#[test]
fn a_preset_is_its_lab_from_the_command_line_and_from_the_environment() {
    assert_eq!(LABS.len(), PRESETS.len());
    for (name, change) in LABS {
        assert_eq!(config_with(&["--preset", name], &[]), changed(*change), "{name}");
        assert_eq!(config_with(&[], &[("AULA_PRESET", name)]), changed(*change), "{name}");
    }
    assert_eq!(config_with(&["--preset="], &[("AULA_PRESET", "lab01")]), defaults());
}

#[test]
fn the_command_line_and_the_environment_override_every_option_of_every_preset() {
    for preset in &PRESETS {
        let chosen = format!("--preset={}", preset.name);
        for (overridden, _) in preset.options {
            let option = options::find(overridden).unwrap();
            // The same options one by one, but for the overridden one.
            let others = preset.options.iter().filter(|(name, _)| name != overridden);
            let others: Vec<String> = others.map(|(name, value)| format!("--{name}={value}")).collect();
            let mut expected = config_of(&others.join(" "));
            expected.preset = Some(preset.name);

            let argument = format!("--{overridden}={}", option.default);
            assert_eq!(
                config_of(&format!("{chosen} {argument}")),
                expected,
                "{chosen} {argument}"
            );
            assert_eq!(
                config_of(&format!("{argument} {chosen}")),
                expected,
                "{argument} {chosen}"
            );
            let variable = option.environment_name();
            let config = config_with(&[&chosen], &[(&variable, option.default)]);
            assert_eq!(config, expected, "{chosen} with {variable}");
        }
    }
}

#[test]
fn the_mininet_preset_warns_of_a_port_outside_its_range() {
    const LOW: &str = "port 1024: the mininet lab asks for one from 1025 to 64999";
    const HIGH: &str = "port 65000: the mininet lab asks for one from 1025 to 64999";
    let rows: &[(&str, &[&str])] = &[
        ("--preset=mininet --port=1024", &[LOW]),
        ("--preset=mininet --port=1025", &[]),
        ("--preset=mininet --port=64999", &[]),
        ("--preset=mininet --port=65000", &[HIGH]),
        ("--preset=mininet --port=0", &[]),
        ("--preset=kurose --port=1024", &[]),
        ("--port=1024", &[]),
    ];
    for (arguments, warnings) in rows {
        assert_eq!(config_of(arguments).warnings, *warnings, "{arguments}");
    }
}

#[test]
fn help_and_version_win_over_any_failure() {
    let rows: &[(&str, Command)] = &[
        ("--help", Command::Help),
        ("-h", Command::Help),
        ("-help", Command::Help),
        ("--version", Command::Version),
        ("-V", Command::Version),
        ("--help --version", Command::Help),
        ("--port 99999 --help", Command::Help),
        ("--prot 80 -h", Command::Help),
        ("-x www --version", Command::Version),
        ("--port --help", Command::Help),
        ("--list=maybe --help=me", Command::Help),
    ];
    for (arguments, expected) in rows {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let command = parse_with(&arguments, &[("AULA_PORT", "wrong")]);
        assert_eq!(command.as_ref(), Ok(expected), "{arguments:?}");
    }
    // They have no variables.
    let variables = [("AULA_HELP", "yes"), ("AULA_VERSION", "2")];
    assert_eq!(config_with(&[], &variables), defaults());
}

#[test]
fn a_mistake_in_the_environment_names_the_variable() {
    const FIELD: &str = "no colon: give a name and a value, such as 'X-Course: networks'";
    let rows: &[(&str, &str, &str)] = &[
        (
            "AULA_PORT",
            "http",
            "AULA_PORT=http: not a port: give a number from 0 to 65535",
        ),
        (
            "AULA_LIST",
            "maybe",
            "AULA_LIST=maybe: a switch takes no such value: give yes or no",
        ),
        (
            "AULA_PRESET",
            "x",
            "AULA_PRESET=x: not a preset: give one of mininet, kurose, lab01",
        ),
        ("AULA_HEADER", "A: 1\nB", &format!("AULA_HEADER=B: {FIELD}")),
        (
            "AULA_HTTP",
            " 1",
            "AULA_HTTP=\" 1\": not a version: give one of auto, 0.9, 1",
        ),
    ];
    for (variable, value, line) in rows {
        assert_eq!(line_of(&[], &[(variable, value)]), *line);
        // The command line is judged first.
        let line = line_of(&["--lits"], &[(variable, value)]);
        assert_eq!(line, "unknown option --lits: did you mean --list?");
    }
}

#[test]
fn one_answer_cannot_allow_two_origins() {
    let header = ["--header", "access-control-allow-origin: https://example.org"];
    assert_eq!(config_with(&header, &[]).extra_fields.len(), 1);
    assert_eq!(
        line_of(&header, &[("AULA_CORS", "yes")]),
        "--cors and --header both set Access-Control-Allow-Origin: leave one of them out"
    );
}

#[test]
fn no_two_options_share_a_name_a_letter_or_a_variable() {
    let mut names: Vec<String> = options::all().map(|option| option.name.to_owned()).collect();
    names.extend(options::all().filter_map(|option| option.short).map(String::from));
    names.extend(options::all().map(Definition::environment_name));
    let total = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), total);
}

/// Arguments that are near enough to right ones to get far.
fn argument() -> impl Strategy<Value = String> {
    let names: Vec<&str> = options::all().map(|option| option.name).collect();
    let name = proptest::sample::select(names);
    let value = prop_oneof![
        any::<String>(),
        "[0-9.]{0,25}[kmKM]?",
        "[A-Za-z:/\\[\\]. -]{0,12}",
        proptest::sample::select(EFFECTS).prop_map(|(_, text, _)| text.to_owned()),
    ];
    prop_oneof![
        (name.clone(), value.clone()).prop_map(|(name, value)| format!("--{name}={value}")),
        name.prop_map(|name| format!("--{name}")),
        value,
        "-{0,3}[a-zA-Z0-9=-]{0,6}",
    ]
}

proptest! {
    #[test]
    fn no_arguments_make_it_panic(
        arguments in proptest::collection::vec(argument(), 0..6),
        variables in proptest::collection::hash_map(0..EFFECTS.len(), any::<String>(), 0..3),
    ) {
        let environment = |name: &str| {
            let (at, _) = options::all().enumerate().find(|(_, option)| option.environment_name() == name)?;
            variables.get(&at).cloned()
        };
        match parse(&arguments, environment) {
            Err(error) => {
                let line = error.to_string();
                prop_assert!(!line.is_empty() && !line.chars().any(char::is_control), "{line:?}");
            }
            Ok(Command::Serve(config)) => {
                prop_assert!(!config.hosts.is_empty());
                prop_assert!((1..=65_536).contains(&config.read_size));
                prop_assert!((1..=16_000).contains(&config.max_connections));
                prop_assert!(config.head_timeout > Duration::ZERO);
            }
            Ok(Command::Help | Command::Version) => {}
        }
    }
}
