//! The table of options: whatever the program knows of an option stands in its definition, once.
//!
//! To add an option, add a definition here, a field to [`Config`], and a row to the table in the tests.

use super::values::{
    Reason, choice, count, field, field_value, file_name, file_path, folder, health_path, hosts, port, seconds, size,
    switch, unless_empty,
};
use super::{Config, HttpMode, LogFormat, WhenFull, presets};
use Effect::Set;

/// The value of a switch that is on.
pub(super) const YES: &str = "yes";

/// The most bytes of a request line or of a field section: each connection may hold that much in
/// memory, and 512 connections of 2 MiB leave three quarters of the guest's 4 GiB.
const MOST_HEAD: u64 = 1024 * 1024;
/// The most field lines: each costs an entry in a list beside its bytes.
const MOST_FIELDS: u64 = 10_000;
/// The most bytes of a request's content, 1 GiB: it is read to be thrown away.
const MOST_CONTENT: u64 = 1024 * 1024 * 1024;
/// The most bytes that are kept of files, 1 GiB: a quarter of what a 32-bit memory can hold.
const MOST_CACHE: u64 = 1024 * 1024 * 1024;
/// The most bytes of one read: the runtime gives no more.
const MOST_READ: u64 = 64 * 1024;
/// The most answers queued on a connection: each is a head in memory and an open file.
const MOST_PIPELINED: u64 = 1024;
/// The most connections. The runtime ends the program at 100,000 handles; a connection takes four, one
/// more while it is polled, and a sixth while it reads a file.
const MOST_CONNECTIONS: u64 = 16_000;
/// The most connections that wait to be accepted: every system truncates what is above its own limit,
/// 4096 on Linux.
const MOST_BACKLOG: u64 = 65_535;
/// The most answers before the program ends: at 50,000 a second, a day.
const MOST_REQUESTS: u64 = u32::MAX as u64;

/// One option.
pub(super) struct Definition {
    /// Its name, without the dashes.
    pub(super) name: &'static str,
    /// The letter that stands for it.
    pub(super) short: Option<char>,
    /// What it takes.
    pub(super) value: Value,
    /// What it is when no source gives it, written as on the command line; empty stands for none.
    pub(super) default: &'static str,
    /// What it means, for the help text, which adds the default.
    pub(super) meaning: &'static str,
    /// What it does.
    pub(super) effect: Effect,
}

/// What an option takes on the command line.
pub(super) enum Value {
    /// Nothing, or `=yes` or `=no`.
    Switch,
    /// A value, of which the last one given counts; the help text calls it by this name.
    One(&'static str),
    /// A value, all of which count.
    Many(&'static str),
}

/// What an option does.
#[derive(Clone, Copy)]
pub(super) enum Effect {
    /// Puts one value into the configuration.
    Set(fn(&mut Config, &str) -> Result<(), Reason>),
    /// Asks for the help text.
    Help,
    /// Asks for the version.
    Version,
}

/// Options that the help text shows together.
pub(super) struct Group {
    /// Their heading.
    pub(super) title: &'static str,
    /// In the order of the help text.
    pub(super) options: &'static [Definition],
}

impl Definition {
    /// The variable that gives the option in the environment: `AULA_MAX_BODY` for `max-body`.
    pub(super) fn environment_name(&self) -> String {
        format!("AULA_{}", self.name.replace('-', "_").to_uppercase())
    }

    /// The values in its variable, none if it is empty: of a repeatable option, one a line.
    pub(super) fn split_environment(&self, variable: &str) -> Vec<String> {
        let values = match self.value {
            Value::Many(_) => variable.lines().collect(),
            Value::One(_) | Value::Switch => vec![variable],
        };
        let given = values.into_iter().filter(|value| !value.is_empty());
        given.map(str::to_owned).collect()
    }

    /// Whether it stands alone on the command line.
    pub(super) fn is_switch(&self) -> bool {
        matches!(self.value, Value::Switch)
    }

    /// The option as the help text writes it: `--port N`.
    pub(super) fn usage(&self) -> String {
        let name = self.name;
        match self.value {
            Value::Switch => format!("--{name}"),
            Value::One(value) | Value::Many(value) => format!("--{name} {value}"),
        }
    }

    /// The option with a value, as the command line writes it.
    pub(super) fn written(&self, value: &str) -> String {
        let name = self.name;
        match self.value {
            Value::Switch if value == YES => format!("--{name}"),
            Value::Switch => format!("--{name}={value}"),
            Value::One(_) | Value::Many(_) => format!("--{name} {}", quoted(value)),
        }
    }

    /// The option with a value, as the environment writes it.
    pub(super) fn written_in_environment(&self, value: &str) -> String {
        format!("{}={}", self.environment_name(), quoted(value))
    }
}

/// All definitions, in the order of the help text.
pub(super) fn all() -> impl Iterator<Item = &'static Definition> {
    GROUPS.iter().flat_map(|group| group.options)
}

/// The option of that name.
pub(super) fn find(name: &str) -> Option<&'static Definition> {
    all().find(|definition| definition.name == name)
}

/// The option of that letter.
pub(super) fn find_short(letter: char) -> Option<&'static Definition> {
    all().find(|definition| definition.short == Some(letter))
}

/// Whether a switch takes this value.
pub(super) fn is_switch_value(text: &str) -> bool {
    switch(text).is_ok()
}

/// In quotes where the end of a value would not be seen otherwise.
fn quoted(value: &str) -> String {
    match value.is_empty() || value.contains(char::is_whitespace) {
        true => format!("\"{value}\""),
        false => value.to_owned(),
    }
}

/// Puts a value where it belongs, if it is one.
fn set<T>(place: &mut T, value: Result<T, Reason>) -> Result<(), Reason> {
    *place = value?;
    Ok(())
}

/// Adds values to those that earlier ones of the same option gave; what is there already is not added
/// twice.
fn add<T: PartialEq>(place: &mut Vec<T>, values: Result<impl IntoIterator<Item = T>, Reason>) -> Result<(), Reason> {
    for value in values? {
        if !place.contains(&value) {
            place.push(value);
        }
    }
    Ok(())
}

/// The table.
pub(super) static GROUPS: [Group; 6] = [
    Group {
        title: "Address",
        options: ADDRESS,
    },
    Group {
        title: "What is served",
        options: SERVED,
    },
    Group {
        title: "Protocol",
        options: PROTOCOL,
    },
    Group {
        title: "Limits (BYTES: 8192, 8k or 1m)",
        options: LIMITS,
    },
    Group {
        title: "Deadlines (SECONDS: 10 or 0.5)",
        options: DEADLINES,
    },
    Group {
        title: "Output",
        options: OUTPUT,
    },
];

const ADDRESS: &[Definition] = &[
    Definition {
        name: "host",
        short: None,
        value: Value::Many("ADDRESS"),
        default: "any",
        meaning: "IP address to listen on; any is 0.0.0.0 and ::, localhost is 127.0.0.1 and \
                  ::1, IPv4 alone where there is no IPv6",
        effect: Set(|config, text| add(&mut config.hosts, hosts(text))),
    },
    Definition {
        name: "port",
        short: Some('p'),
        value: Value::One("N"),
        default: "8080",
        meaning: "TCP port; 0 takes any free one",
        effect: Set(|config, text| set(&mut config.port, port(text))),
    },
    Definition {
        name: "backlog",
        short: None,
        value: Value::One("N"),
        default: "1024",
        meaning: "connections that may wait to be accepted",
        effect: Set(|config, text| set(&mut config.backlog, count(text, MOST_BACKLOG))),
    },
];

const SERVED: &[Definition] = &[
    Definition {
        name: "root",
        short: None,
        value: Value::One("DIR"),
        default: "",
        meaning: "guest path of the folder to serve, a granted one or one below it; none: the \
                  first one granted",
        effect: Set(|config, text| set(&mut config.root, unless_empty(text, folder))),
    },
    Definition {
        name: "index",
        short: None,
        value: Value::Many("NAME"),
        default: "index.html",
        meaning: "file that answers for its folder",
        effect: Set(|config, text| add(&mut config.index, unless_empty(text, file_name))),
    },
    Definition {
        name: "list",
        short: None,
        value: Value::Switch,
        default: "no",
        meaning: "list a folder that has no index file",
        effect: Set(|config, text| set(&mut config.list, switch(text))),
    },
    Definition {
        name: "hidden",
        short: None,
        value: Value::Switch,
        default: "no",
        meaning: "serve names that begin with a dot",
        effect: Set(|config, text| set(&mut config.hidden, switch(text))),
    },
    Definition {
        name: "spa",
        short: None,
        value: Value::One("FILE"),
        default: "",
        meaning: "file that answers for unknown paths without an extension, instead of 404 \
                  (single-page application)",
        effect: Set(|config, text| set(&mut config.spa, unless_empty(text, file_path))),
    },
    Definition {
        name: "cache-control",
        short: None,
        value: Value::One("VALUE"),
        default: "no-cache",
        meaning: "Cache-Control of every answer",
        effect: Set(|config, text| set(&mut config.cache_control, unless_empty(text, field_value))),
    },
    Definition {
        name: "header",
        short: None,
        value: Value::Many("'NAME: VALUE'"),
        default: "",
        meaning: "field to add to every answer, other than those that the server sets",
        effect: Set(|config, text| add(&mut config.extra_fields, unless_empty(text, field))),
    },
    Definition {
        name: "cors",
        short: None,
        value: Value::Switch,
        default: "no",
        meaning: "let pages from anywhere read every answer: Access-Control-Allow-Origin: *",
        effect: Set(|config, text| set(&mut config.cors, switch(text))),
    },
    Definition {
        name: "health",
        short: None,
        value: Value::One("PATH"),
        default: "",
        meaning: "path answered 200 and \"ok\" without touching a file, such as /health",
        effect: Set(|config, text| set(&mut config.health, unless_empty(text, health_path))),
    },
];

const PROTOCOL: &[Definition] = &[
    Definition {
        name: presets::OPTION,
        short: None,
        value: Value::One("NAME"),
        default: "",
        meaning: "the options of a lab: mininet, kurose or lab01, explained below",
        effect: Set(|config, text| {
            let names = presets::PRESETS.each_ref().map(|preset| (preset.name, preset.name));
            let read = |text: &str| choice("a preset", text, &names);
            set(&mut config.preset, unless_empty(text, read))
        }),
    },
    Definition {
        name: "http",
        short: None,
        value: Value::One("VERSION"),
        default: "auto",
        meaning: "auto (0.9 for a request line of two words, otherwise 1.x), 0.9 (every \
                  answer bare) or 1 (two words are answered 400)",
        effect: Set(|config, text| {
            let versions = [
                ("auto", HttpMode::Auto),
                ("0.9", HttpMode::Only09),
                ("1", HttpMode::Only1),
            ];
            set(&mut config.http, choice("a version", text, &versions))
        }),
    },
    Definition {
        name: "get-only",
        short: None,
        value: Value::Switch,
        default: "no",
        meaning: "answer HEAD and OPTIONS, too, with 405",
        effect: Set(|config, text| set(&mut config.get_only, switch(text))),
    },
    Definition {
        name: "close",
        short: None,
        value: Value::Switch,
        default: "no",
        meaning: "close the connection after each answer",
        effect: Set(|config, text| set(&mut config.close, switch(text))),
    },
    Definition {
        name: "serial",
        short: None,
        value: Value::Switch,
        default: "no",
        meaning: "one exchange at a time",
        effect: Set(|config, text| set(&mut config.serial, switch(text))),
    },
    Definition {
        name: "requests",
        short: None,
        value: Value::One("N"),
        default: "",
        meaning: "stop after N answers",
        effect: Set(|config, text| {
            let read = |text: &str| count(text, MOST_REQUESTS);
            set(&mut config.requests, unless_empty(text, read))
        }),
    },
];

const LIMITS: &[Definition] = &[
    Definition {
        name: "max-request-line",
        short: None,
        value: Value::One("BYTES"),
        default: "8k",
        meaning: "a longer request line is answered 414",
        effect: Set(|config, text| set(&mut config.max_request_line, size(text, 1..=MOST_HEAD))),
    },
    Definition {
        name: "max-fields-size",
        short: None,
        value: Value::One("BYTES"),
        default: "32k",
        meaning: "a larger field section is answered 431",
        effect: Set(|config, text| set(&mut config.max_fields_size, size(text, 1..=MOST_HEAD))),
    },
    Definition {
        name: "max-fields",
        short: None,
        value: Value::One("N"),
        default: "100",
        meaning: "more fields are answered 431",
        effect: Set(|config, text| set(&mut config.max_fields, count(text, MOST_FIELDS))),
    },
    Definition {
        name: "max-body",
        short: None,
        value: Value::One("BYTES"),
        default: "1m",
        meaning: "a larger request body is answered 413",
        effect: Set(|config, text| set(&mut config.max_body, size(text, 0..=MOST_CONTENT))),
    },
    Definition {
        name: "read-size",
        short: None,
        value: Value::One("BYTES"),
        default: "4k",
        meaning: "bytes read from a connection at a time",
        effect: Set(|config, text| set(&mut config.read_size, size(text, 1..=MOST_READ))),
    },
    Definition {
        name: "cache-bytes",
        short: None,
        value: Value::One("BYTES"),
        default: "32m",
        meaning: "memory for small files and for names that nothing has; 0 looks every time",
        effect: Set(|config, text| set(&mut config.cache_bytes, size(text, 0..=MOST_CACHE))),
    },
    Definition {
        name: "max-pipelined",
        short: None,
        value: Value::One("N"),
        default: "64",
        meaning: "answers queued on a connection before reading pauses",
        effect: Set(|config, text| set(&mut config.max_pipelined, count(text, MOST_PIPELINED))),
    },
    Definition {
        name: "max-connections",
        short: None,
        value: Value::One("N"),
        default: "512",
        meaning: "connections at once; when all are taken, the longest idle one gives way",
        effect: Set(|config, text| set(&mut config.max_connections, count(text, MOST_CONNECTIONS))),
    },
    Definition {
        name: "when-full",
        short: None,
        value: Value::One("ACTION"),
        default: "wait",
        meaning: "if none is idle, let a newcomer wait (wait) or answer it 503 (reject)",
        effect: Set(|config, text| {
            let actions = [("wait", WhenFull::Wait), ("reject", WhenFull::Reject)];
            set(&mut config.when_full, choice("an action", text, &actions))
        }),
    },
    Definition {
        name: "max-per-address",
        short: None,
        value: Value::One("N"),
        default: "",
        meaning: "connections at once from one address",
        effect: Set(|config, text| {
            let read = |text: &str| count(text, MOST_CONNECTIONS);
            set(&mut config.max_per_address, unless_empty(text, read))
        }),
    },
];

const DEADLINES: &[Definition] = &[
    Definition {
        name: "head-timeout",
        short: None,
        value: Value::One("SECONDS"),
        default: "10",
        meaning: "for a whole head, from its first byte",
        effect: Set(|config, text| set(&mut config.head_timeout, seconds(text))),
    },
    Definition {
        name: "idle-timeout",
        short: None,
        value: Value::One("SECONDS"),
        default: "15",
        meaning: "for the next request on a connection",
        effect: Set(|config, text| set(&mut config.idle_timeout, seconds(text))),
    },
    Definition {
        name: "body-timeout",
        short: None,
        value: Value::One("SECONDS"),
        default: "30",
        meaning: "for the body of a request",
        effect: Set(|config, text| set(&mut config.body_timeout, seconds(text))),
    },
    Definition {
        name: "write-timeout",
        short: None,
        value: Value::One("SECONDS"),
        default: "30",
        meaning: "for a client to take more of an answer",
        effect: Set(|config, text| set(&mut config.write_timeout, seconds(text))),
    },
    Definition {
        name: "linger-timeout",
        short: None,
        value: Value::One("SECONDS"),
        default: "2",
        meaning: "for a client to close after a last answer",
        effect: Set(|config, text| set(&mut config.linger_timeout, seconds(text))),
    },
];

const OUTPUT: &[Definition] = &[
    Definition {
        name: "log",
        short: None,
        value: Value::One("FORMAT"),
        default: "combined",
        meaning: "access log on stdout: combined, common, json or off",
        effect: Set(|config, text| {
            let formats = [
                ("combined", LogFormat::Combined),
                ("common", LogFormat::Common),
                ("json", LogFormat::Json),
                ("off", LogFormat::Off),
            ];
            set(&mut config.log, choice("a log format", text, &formats))
        }),
    },
    Definition {
        name: "help",
        short: Some('h'),
        value: Value::Switch,
        default: "",
        meaning: "print this and stop",
        effect: Effect::Help,
    },
    Definition {
        name: "version",
        short: Some('V'),
        value: Value::Switch,
        default: "",
        meaning: "print the version and stop",
        effect: Effect::Version,
    },
];
