//! The rules of the options, each as a table over all of them.

use super::definition::{Definition, Effect};
use super::options;
use super::presets::PRESETS;
use super::*;
use super::{command_line as line, values as reason};
use crate::access_log::Format;
use crate::http::{MediaType, MediaTypeSource};
use crate::site::{Credentials, ResourcePath, auth};
use crate::trace::{Filter, Form};
use proptest::prelude::*;
use std::collections::HashMap;
use std::time::Duration;

type Change = fn(&mut Config);

/// An environment of these variables.
pub(super) fn read_from(variables: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
    let variables: HashMap<&str, &str> = variables.iter().copied().collect();
    move |name| variables.get(name).map(|value| (*value).to_owned())
}

fn parse_with(arguments: &[&str], variables: &[(&str, &str)]) -> Result<Command, UsageError> {
    parse(arguments, read_from(variables))
}

#[track_caller]
pub(super) fn config_with(arguments: &[&str], variables: &[(&str, &str)]) -> Config {
    match parse_with(arguments, variables) {
        Ok(Command::Serve(config)) => config,
        other => panic!("{arguments:?} {variables:?}: {other:?}"),
    }
}

/// The configuration that a command line without quotes gives.
#[track_caller]
pub(super) fn config_of(command_line: &str) -> Config {
    config_with(&command_line.split_whitespace().collect::<Vec<_>>(), &[])
}

/// The message that the user gets.
#[track_caller]
pub(super) fn line_in(lang: Lang, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    match parse_with(arguments, variables) {
        Err(error) => error.in_language(lang),
        other => panic!("{arguments:?} {variables:?}: {other:?}"),
    }
}

/// The message in English.
#[track_caller]
pub(super) fn line_of(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    line_in(Lang::En, arguments, variables)
}

pub(super) fn host(address: &str, required: bool) -> Host {
    let address = address.parse().unwrap();
    Host { address, required }
}

pub(super) fn field(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// The documented defaults, written here a second time on purpose.
pub(super) fn defaults() -> Config {
    Config {
        preset: None,
        hosts: vec![host("0.0.0.0", true), host("::", false)],
        port: 8080,
        backlog: 1024,
        root: None,
        cache_bytes: 32 * 1024 * 1024,
        site: Site {
            lang: Lang::En,
            index: vec!["index.html".into()],
            list: false,
            hidden: false,
            spa: None,
            clean_urls: false,
            base: None,
            types: vec![],
            live: false,
            cache_control: Some("no-cache".into()),
            fields: vec![],
            cors: false,
            health: None,
            auth: None,
            get_only: false,
            whole_only: false,
        },
        rules: Rules {
            versions: VersionPolicy::Auto,
            limits: Limits {
                request_line: 8192,
                fields_size: 32_768,
                fields: 100,
                body: 1_048_576,
                pipelined: 64,
            },
            timeouts: Timeouts {
                head: Duration::from_secs(10),
                body: Duration::from_secs(30),
                idle: Duration::from_secs(15),
                write: Duration::from_secs(30),
                linger: Duration::from_secs(2),
            },
            pace: Pace::default(),
            close_after_response: false,
        },
        serial: false,
        requests: None,
        read_size: 4096,
        limits: admission::Limits {
            max_connections: 512,
            refuses: false,
        },
        max_per_address: None,
        lang: Lang::En,
        trace: None,
        trace_content: 0,
        filter: None,
        inspect: None,
        log: Some(Format::Combined),
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
    ("preset", "kurose", |c| { c.preset = Some("kurose"); (c.port, c.serial, c.rules.close_after_response) = (13331, true, true) }),
    ("host", "10.0.0.2", |c| c.hosts = vec![host("10.0.0.2", true)]),
    ("port", "3000", |c| c.port = 3000),
    ("backlog", "1", |c| c.backlog = 1),
    ("root", "www/public", |c| c.root = Some("www/public".into())),
    ("index", "hello.html", |c| c.site.index = vec!["hello.html".into()]),
    ("list", "yes", |c| c.site.list = true),
    ("hidden", "yes", |c| c.site.hidden = true),
    ("spa", "app/index.html", |c| c.site.spa = ResourcePath::resolve("/app/index.html", false).ok()),
    ("clean-urls", "yes", |c| c.site.clean_urls = true),
    ("base", "/a/b", |c| c.site.base = ResourcePath::resolve("/a/b", false).ok()),
    ("type", ".x=a/b", |c| c.site.types = vec![("x".into(), MediaType::new("a/b", MediaTypeSource::Option("x".into())))]),
    ("live", "yes", |c| c.site.live = true),
    ("cache-control", "max-age=60", |c| c.site.cache_control = Some("max-age=60".into())),
    ("header", "X-Course: networks", |c| c.site.fields = vec![field("X-Course", "networks")]),
    ("cors", "yes", |c| c.site.cors = true),
    ("health", "/health", |c| c.site.health = Some("/health".into())),
    ("auth", "ana:secret", |c| { c.site.auth = Some(Credentials::new("ana", auth::hash(b"secret"))); c.site.cache_control = Some("private, no-cache".into()); c.warnings = vec![READABLE_PASSWORD.into()] }),
    ("http", "0.9", |c| { c.rules.versions = VersionPolicy::Http09; (c.site.get_only, c.site.whole_only) = (true, true); c.warnings = vec![BARE_RESPONSES.into()] }),
    ("get-only", "yes", |c| c.site.get_only = true),
    ("close", "yes", |c| c.rules.close_after_response = true),
    ("serial", "yes", |c| c.serial = true),
    ("delay", "0.5", |c| c.rules.pace.delay = Duration::from_millis(500)),
    ("rate", "8k", |c| c.rules.pace.rate = Some(8192)),
    ("requests", "1", |c| c.requests = Some(1)),
    ("max-request-line", "1024", |c| c.rules.limits.request_line = 1024),
    ("max-fields-size", "1000", |c| c.rules.limits.fields_size = 1000),
    ("max-fields", "10", |c| c.rules.limits.fields = 10),
    ("max-body", "0", |c| c.rules.limits.body = 0),
    ("read-size", "65536", |c| c.read_size = 65_536),
    ("cache-bytes", "0", |c| c.cache_bytes = 0),
    ("max-pipelined", "1", |c| c.rules.limits.pipelined = 1),
    ("max-connections", "16000", |c| c.limits.max_connections = 16_000),
    ("when-full", "reject", |c| c.limits.refuses = true),
    ("max-per-address", "2", |c| c.max_per_address = Some(2)),
    ("head-timeout", "1", |c| c.rules.timeouts.head = Duration::from_secs(1)),
    ("idle-timeout", "2", |c| c.rules.timeouts.idle = Duration::from_secs(2)),
    ("body-timeout", "3", |c| c.rules.timeouts.body = Duration::from_secs(3)),
    ("write-timeout", "4", |c| c.rules.timeouts.write = Duration::from_secs(4)),
    ("linger-timeout", "5", |c| c.rules.timeouts.linger = Duration::from_secs(5)),
    ("lang", "es", |c| (c.lang, c.site.lang) = (Lang::Es, Lang::Es)),
    ("trace", "yes", |c| { c.trace = Some(Form::Text); c.log = None }),
    ("trace-content", "64", |c| c.trace_content = 64),
    ("filter", "404", |c| c.filter = Some(Filter::new("404"))),
    ("inspect", "yes", |c| c.inspect = "127.0.0.1:8088".parse().ok()),
    ("log", "json", |c| c.log = Some(Format::Json)),
];

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
    assert_eq!(super::defaults(), Ok(defaults()));
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
        // A value that is overridden is not checked either.
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
        config_of("--index a --index b").site.index,
        ["a", "b"],
        "and the default is replaced"
    );
    assert_eq!(
        config_of("--host ::1 --host [::1]").hosts,
        [host("::1", true)],
        "none twice"
    );
    let fields = config_of("--header Link:a --header Link:b").site.fields;
    assert_eq!(fields, [field("Link", "a"), field("Link", "b")]);
}

#[test]
fn an_empty_value_stands_for_none() {
    assert_eq!(config_of("--index=").site.index, [""; 0]);
    assert_eq!(config_of("--cache-control=").site.cache_control, None);
}

#[test]
fn a_repeatable_option_takes_one_value_a_line_from_the_environment() {
    let variables = [("AULA_HEADER", "A: 1, 2\r\n\nB: 3\n"), ("AULA_INDEX", "\n")];
    let config = config_with(&[], &variables);
    assert_eq!(config.site.fields, [field("A", "1, 2"), field("B", "3")]);
    assert_eq!(
        config.site.index,
        ["index.html"],
        "no line with a value is as good as unset"
    );
    // The command line replaces the variable, and adds nothing to it.
    let config = config_with(&["--header", "C: 4"], &variables);
    assert_eq!(config.site.fields, [field("C", "4")]);
}

/// The labs: their preset and what it changes.
pub(super) const LABS: &[(&str, Change)] = &[
    ("mininet", |c| {
        c.preset = Some("mininet");
        (c.port, c.serial, c.rules.close_after_response, c.backlog, c.read_size) = (3000, true, true, 1, 1024);
    }),
    ("kurose", |c| {
        c.preset = Some("kurose");
        (c.port, c.serial, c.rules.close_after_response) = (13331, true, true);
    }),
    ("lab01", |c| {
        c.preset = Some("lab01");
        (
            c.port,
            c.site.get_only,
            c.rules.close_after_response,
            c.limits.max_connections,
        ) = (80, true, true, 10);
        c.rules.versions = VersionPolicy::Auto;
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
            // The same options one by one, except the overridden one.
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
    const LOW: &str = "port 1024: the mininet lab requires one from 1025 to 64999";
    const HIGH: &str = "port 65000: the mininet lab requires one from 1025 to 64999";
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
        let told: Vec<String> = config_of(arguments)
            .warnings
            .iter()
            .map(|warning| warning.get(Lang::En))
            .collect();
        assert_eq!(told, *warnings, "{arguments}");
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
    // These options have no variables.
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
        // The command line is checked first.
        let line = line_of(&["--lits"], &[(variable, value)]);
        assert_eq!(line, "unknown option --lits: did you mean --list?");
    }
}

#[test]
fn one_response_cannot_allow_two_origins() {
    let header = ["--header", "access-control-allow-origin: https://example.org"];
    assert_eq!(config_with(&header, &[]).site.fields.len(), 1);
    assert_eq!(
        line_of(&header, &[("AULA_CORS", "yes")]),
        "--cors and --header both set Access-Control-Allow-Origin: leave one of them out"
    );
}

#[test]
fn with_a_password_no_shared_cache_stores_anything() {
    // RFC 9111 sections 3.5 and 5.2.2.7
    let auth = ["--auth", "ana:secret", "--host", "localhost"];
    for (given, value) in [
        ("no-cache", "private, no-cache"),
        ("", "private"),
        ("max-age=60, must-revalidate", "private, max-age=60, must-revalidate"),
        ("max-age=60, Private", "max-age=60, Private"),
        ("no-store", "no-store"),
    ] {
        let config = config_with(&auth, &[("AULA_CACHE_CONTROL", given)]);
        let expected = if given.is_empty() { "private, no-cache" } else { value };
        assert_eq!(config.site.cache_control.as_deref(), Some(expected), "{given}");
        let option = format!("--cache-control={given}");
        let config = config_with(&[&auth[..], &[&option]].concat(), &[]);
        assert_eq!(config.site.cache_control.as_deref(), Some(value), "{given}");
        assert_eq!(config.warnings, [], "only this machine reaches it");
    }
    for given in ["public", "max-age=5, s-maxage=60", "PUBLIC, max-age=5"] {
        assert_eq!(
            line_of(&auth, &[("AULA_CACHE_CONTROL", given)]),
            "--auth and --cache-control: public and s-maxage let a cache give the site to anybody: leave them out"
        );
    }
    assert_eq!(
        line_of(&auth, &[("AULA_HTTP", "0.9")]),
        "--auth and --http 0.9: a request in HTTP/0.9 has no fields, so nobody could give the password: leave one out"
    );
}

/// The sources of [`super`] and the sentences in them. The sentences of the tables are found by the test itself.
#[rustfmt::skip]
const SENTENCES: &[(&str, &[Text])] = &[
    (include_str!("mod.rs"), &[
        LIVE_IN_TURN, NO_FIELDS_FOR_AUTH, PUBLIC_WITH_AUTH, TWO_ORIGINS, PORT_OUTSIDE_THE_LAB, BARE_RESPONSES, READABLE_PASSWORD,
    ]),
    (include_str!("command_line.rs"), &[
        line::UNREADABLE, line::NOT_UTF_8, line::NO_VALUE, line::ONE_DASH, line::OPTION_OF_THE_RUNTIME,
        line::NEGATED, line::NEAR, line::UNKNOWN, line::VALUE_OF_A_SWITCH, line::A_PORT, line::UNEXPECTED,
        line::NEAR_VARIABLE, line::UNKNOWN_VARIABLE,
    ]),
    (include_str!("help.rs"), &[
        help::USAGE, help::INTRODUCTION, help::LEGEND, help::NONE, help::REPEATABLE, help::PRESETS_RULE,
        help::ENVIRONMENT, help::PASSED_ON, help::EXAMPLES,
    ]),
    (include_str!("values.rs"), &[
        reason::NOT_A_PORT, reason::NOT_A_COUNT, reason::NOT_A_SIZE, reason::NOT_A_TIME, reason::NOT_OF_A_SWITCH,
        reason::NOT_A_LANGUAGE, reason::NOT_AN_ADDRESS, reason::NOT_A_FOLDER, reason::NOT_AN_INSPECTOR, reason::NOT_A_FILE_NAME,
        reason::NOT_A_FILE_PATH, reason::NOT_A_PLAIN_PATH, reason::NOT_A_PREFIX, reason::NOT_A_TYPE, reason::NOT_CREDENTIALS, reason::NOT_A_HASH, reason::NO_COLON, reason::NOT_A_FIELD_NAME,
        reason::OWN_FIELD, reason::OWN_CACHE_CONTROL, reason::NOT_A_FIELD_VALUE,
    ]),
    (include_str!("options.rs"), &[
        options::NOT_A_PRESET, options::NOT_A_VERSION, options::NOT_AN_ACTION, options::NOT_A_LOG_FORMAT, options::NOT_A_TRACE_FORM,
    ]),
    (include_str!("presets.rs"), &[]),
];

#[test]
fn every_sentence_is_written_in_both_languages() {
    let mut texts: Vec<Text> = SENTENCES.iter().flat_map(|(_, texts)| *texts).copied().collect();
    texts.extend(options::GROUPS.iter().map(|group| group.title));
    texts.extend(options::all().map(|option| option.meaning));
    texts.extend(PRESETS.iter().map(|preset| preset.lab));
    for text in &texts {
        assert_eq!(text.fault(), None);
        assert_ne!(text.en, text.es);
    }
    let written = SENTENCES.iter().map(|(source, _)| source.matches("Text::new(").count());
    assert_eq!(texts.len(), written.sum::<usize>(), "a sentence is not in the list");
}

#[test]
fn a_mistake_is_reported_in_spanish_too() {
    const FOLDER: &str =
        "la carpeta va primero (aula www ...), o la concede el runtime (wasmtime run --dir www server.wasm)";
    #[rustfmt::skip]
    let rows: &[(&[&str], &str)] = &[
        // Mistakes of the command line.
        (&["--prot", "80"], "opción desconocida --prot: ¿quizás --port?"),
        (&["--no-serial"], "opción desconocida --no-serial: escribe --serial=no"),
        (&["--frobnicate"], "opción desconocida --frobnicate: --help las muestra todas"),
        (&["-port", "80"], "opción desconocida -port: escribe --port"),
        (&["-S", "tcp"], "opción desconocida -S: es del runtime: escríbela antes de server.wasm"),
        (&["--port"], "--port: falta el valor: escribe --port N"),
        (&["--list", "no"], "argumento inesperado \"no\": escribe --list=no"),
        (&["8080"], "argumento inesperado \"8080\": para un puerto escribe --port 8080"),
        (&["www"], &format!("argumento inesperado \"www\": {FOLDER}")),
        // Mistakes of a value.
        (&["--port", "x"], "--port x: no es un puerto: se espera un número de 0 a 65535"),
        (&["--max-fields", "0"], "--max-fields 0: no es una cantidad: se espera un número de 1 a 10000"),
        (&["--max-request-line", "0"],
            "--max-request-line 0: no es un tamaño: se esperan bytes de 1 a 1048576, como 8192 u 8k"),
        (&["--head-timeout", "0"],
            "--head-timeout 0: no es un tiempo: se esperan segundos de 0.001 a 86400, como 0.5"),
        (&["--list=sí"], "--list=sí: un interruptor no toma ese valor: se espera yes o no"),
        (&["--preset", "lab02"], "--preset lab02: no es un preset: se espera uno de mininet, kurose, lab01"),
        (&["--lang", "fr"], "--lang fr: no es un idioma: se espera uno de en, es"),
        (&["--header", "X-Course"],
            "--header X-Course: faltan los dos puntos: se esperan un nombre y un valor, como 'X-Course: networks'"),
        (&["--header", "Date:x"], "--header Date:x: el propio servidor pone Date: omítelo"),
        // Mistakes of several options together.
        (&["--cors", "--header", "Access-Control-Allow-Origin:*"],
            "--cors y --header ponen las dos Access-Control-Allow-Origin: omite una"),
        // What the user typed is escaped, but the letters of the language are not.
        (&["--\u{1b}ñ\n"], "opción desconocida --\\u{1b}ñ\\n: --help las muestra todas"),
    ];
    for (arguments, line) in rows {
        assert_eq!(line_in(Lang::Es, arguments, &[]), *line);
    }
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

/// Arguments that are almost right.
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
        let language = language(&arguments, environment);
        match parse(&arguments, environment) {
            Err(error) => {
                for line in Lang::ALL.map(|lang| error.in_language(lang)) {
                    prop_assert!(!line.is_empty() && !line.chars().any(char::is_control), "{line:?}");
                }
            }
            Ok(Command::Serve(config)) => {
                prop_assert_eq!(config.lang, language);
                prop_assert!(!config.hosts.is_empty());
                prop_assert!((1..=65_536).contains(&config.read_size));
                prop_assert!((1..=16_000).contains(&config.limits.max_connections));
                prop_assert!(config.rules.timeouts.head > Duration::ZERO);
            }
            Ok(Command::Help | Command::Version) => {}
        }
    }
}

#[test]
fn a_variable_that_no_option_has_is_reported() {
    let names = "AULA_PORT AULA_PROT PATH AULA_ZZZ aula_port AULA_MAX_BODY AULA_";
    let told = unknown_variables(names.split(' ').map(String::from));
    let lines: Vec<_> = told.iter().map(|message| message.get(Lang::En)).collect();
    assert_eq!(
        lines,
        [
            "AULA_PROT: no option has this variable, so it is ignored: did you mean AULA_PORT?",
            "AULA_ZZZ: no option has this variable, so it is ignored: --help lists all options",
            "AULA_: no option has this variable, so it is ignored: --help lists all options",
        ]
    );
    assert_eq!(
        told[0].get(Lang::Es),
        "AULA_PROT: ninguna opción tiene esta variable y se ignora: ¿quizás AULA_PORT?"
    );
}
