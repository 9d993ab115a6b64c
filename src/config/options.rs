//! The table of options: each [`Definition`] has everything that the program knows about an option.
//!
//! To add an option, add a definition here, a field to what uses it ([`http1::Rules`](crate::http1::Rules),
//! [`Site`](crate::site::Site), or [`Config`](super::Config) itself), and a row to the table in the tests.

use super::definition::{Definition, Effect, Group, Value, YES};
use super::presets;
use super::values::{
    Reason, base, choice, count, credentials, delay, field, field_value, file_name, file_path, folder, health_path,
    hosts, inspector, lang, media_type, port, seconds, size, switch, unless_empty,
};
use crate::access_log::Format;
use crate::catalogue::Text;
use crate::http1::VersionPolicy;
use crate::trace::{Filter, Form};
use Effect::Set;

/// The option that names a language: see [`mod@super::language`].
pub(super) const LANG: &str = "lang";

/// The option whose default depends on another: see [`super::values_of`].
pub(super) const LOG: &str = "log";

/// The option whose value is never printed.
pub(super) const AUTH: &str = "auth";

/// The maximum size of a request line or of a field section, in bytes. Each connection may hold both in memory; 512
/// connections of 2 MiB leave three quarters of the guest's 4 GiB.
const MOST_HEAD: u64 = 1024 * 1024;
/// The maximum number of field lines: each needs an entry in a list in addition to its bytes.
const MOST_FIELDS: u64 = 10_000;
/// The maximum size of a request's content, 1 GiB: it is read and discarded.
const MOST_CONTENT: u64 = 1024 * 1024 * 1024;
/// The maximum size of the file cache, 1 GiB: a quarter of a 32-bit memory.
const MOST_CACHE: u64 = 1024 * 1024 * 1024;
/// The maximum number of content bytes that the trace shows for one response.
const MOST_SHOWN: u64 = 64 * 1024;
/// The maximum rate, 1 GiB per second: more than one connection gets anyway.
const MOST_RATE: u64 = 1024 * 1024 * 1024;
/// The maximum number of bytes in one read: the runtime returns no more.
const MOST_READ: u64 = 64 * 1024;
/// The maximum number of responses queued on a connection: each needs a head in memory and an open file.
const MOST_PIPELINED: u64 = 1024;
/// The maximum number of connections. The runtime ends the program at 100,000 handles; a connection needs four, one
/// more while it is polled, and a sixth while it reads a file.
const MOST_CONNECTIONS: u64 = 16_000;
/// The maximum backlog. Every system truncates it to its own limit, which is 4096 on Linux.
const MOST_BACKLOG: u64 = 65_535;
/// The maximum number of responses before the program ends: at 50,000 per second, this takes a day.
const MOST_REQUESTS: u64 = u32::MAX as u64;

// The mistakes of a value that is none of an option's choices.

pub(super) const NOT_A_PRESET: Text = Text::new(
    "not a preset: give one of {names}",
    "no es un preset: se espera uno de {names}",
);
pub(super) const NOT_A_VERSION: Text = Text::new(
    "not a version: give one of {names}",
    "no es una versión: se espera una de {names}",
);
pub(super) const NOT_AN_ACTION: Text = Text::new(
    "not an action: give one of {names}",
    "no es una acción: se espera una de {names}",
);
pub(super) const NOT_A_LOG_FORMAT: Text = Text::new(
    "not a log format: give one of {names}",
    "no es un formato de registro: se espera uno de {names}",
);

pub(super) const NOT_A_TRACE_FORM: Text = Text::new(
    "not a form of the trace: give one of {names}",
    "no es una forma de la traza: se espera una de {names}",
);

/// All definitions, in the order of the help text.
pub(super) fn all() -> impl Iterator<Item = &'static Definition> {
    GROUPS.iter().flat_map(|group| group.options)
}

/// The option with this name.
pub(super) fn find(name: &str) -> Option<&'static Definition> {
    all().find(|definition| definition.name == name)
}

/// The option with this letter.
pub(super) fn find_short(letter: char) -> Option<&'static Definition> {
    all().find(|definition| definition.short == Some(letter))
}

/// Whether a switch takes this value.
pub(super) fn is_switch_value(text: &str) -> bool {
    switch(text).is_ok()
}

/// Stores a value, if it is valid.
fn set<T>(place: &mut T, value: Result<T, Reason>) -> Result<(), Reason> {
    *place = value?;
    Ok(())
}

/// Adds values to those that the same option gave before; duplicates are not added.
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
        title: Text::new("Address", "Dirección"),
        options: ADDRESS,
    },
    Group {
        title: Text::new("What is served", "Qué se sirve"),
        options: SERVED,
    },
    Group {
        title: Text::new("Protocol", "Protocolo"),
        options: PROTOCOL,
    },
    Group {
        title: Text::new("Limits (BYTES: 8192, 8k or 1m)", "Límites (BYTES: 8192, 8k o 1m)"),
        options: LIMITS,
    },
    Group {
        title: Text::new(
            "Deadlines (SECONDS: 10 or 0.5)",
            "Plazos en segundos (SECONDS: 10 o 0.5)",
        ),
        options: DEADLINES,
    },
    Group {
        title: Text::new("Output", "Salida"),
        options: OUTPUT,
    },
];

const ADDRESS: &[Definition] = &[
    Definition {
        name: "host",
        short: None,
        value: Value::Many("ADDRESS"),
        default: "any",
        meaning: Text::new(
            "IP address to listen on; any is 0.0.0.0 and ::, localhost is 127.0.0.1 and ::1, only IPv4 \
             where there is no IPv6",
            "dirección IP de escucha; any es 0.0.0.0 y ::, localhost es 127.0.0.1 y ::1, solo IPv4 donde \
             no hay IPv6",
        ),
        effect: Set(|config, text| add(&mut config.hosts, hosts(text))),
    },
    Definition {
        name: "port",
        short: Some('p'),
        value: Value::One("N"),
        default: "8080",
        meaning: Text::new(
            "TCP port; 0 takes any free one",
            "puerto TCP de escucha; 0 toma uno libre",
        ),
        effect: Set(|config, text| set(&mut config.port, port(text))),
    },
    Definition {
        name: "backlog",
        short: None,
        value: Value::One("N"),
        default: "1024",
        meaning: Text::new(
            "connections that may wait to be accepted",
            "conexiones que pueden esperar a ser aceptadas",
        ),
        effect: Set(|config, text| set(&mut config.backlog, count(text, MOST_BACKLOG))),
    },
];

const SERVED: &[Definition] = &[
    Definition {
        name: "root",
        short: None,
        value: Value::One("DIR"),
        default: "",
        meaning: Text::new(
            "guest path of the folder to serve, a granted one or one below it; none: the first one granted",
            "carpeta que se sirve, con la ruta que ve el servidor: una concedida o una dentro de ella; \
             ninguno: la primera concedida",
        ),
        effect: Set(|config, text| set(&mut config.root, unless_empty(text, folder))),
    },
    Definition {
        name: "index",
        short: None,
        value: Value::Many("NAME"),
        default: "index.html",
        meaning: Text::new(
            "index file: served for its folder",
            "archivo índice: se sirve cuando se pide su carpeta",
        ),
        effect: Set(|config, text| add(&mut config.site.index, unless_empty(text, file_name))),
    },
    Definition {
        name: "list",
        short: None,
        value: Value::Switch,
        default: "no",
        meaning: Text::new(
            "list a folder that has no index file",
            "lista las carpetas que no tienen archivo índice",
        ),
        effect: Set(|config, text| set(&mut config.site.list, switch(text))),
    },
    Definition {
        name: "hidden",
        short: None,
        value: Value::Switch,
        default: "no",
        meaning: Text::new(
            "serve names that begin with a dot",
            "sirve los nombres que empiezan por un punto",
        ),
        effect: Set(|config, text| set(&mut config.site.hidden, switch(text))),
    },
    Definition {
        name: "spa",
        short: None,
        value: Value::One("FILE"),
        default: "",
        meaning: Text::new(
            "file to serve for unknown paths without an extension, instead of 404 (single-page \
             application)",
            "archivo que se sirve para las rutas desconocidas sin extensión, en lugar de 404 (aplicación \
             de una sola página)",
        ),
        effect: Set(|config, text| set(&mut config.site.spa, unless_empty(text, file_path))),
    },
    Definition {
        name: "clean-urls",
        short: None,
        value: Value::Switch,
        default: "no",
        meaning: Text::new(
            "serve about.html for /about, unless there is a file or a folder about; /about.html stays what it is",
            "sirve about.html por /about, salvo que haya un archivo o una carpeta about; /about.html sigue siendo \
             lo que es",
        ),
        effect: Set(|config, text| set(&mut config.site.clean_urls, switch(text))),
    },
    Definition {
        name: "base",
        short: None,
        value: Value::One("PATH"),
        default: "",
        meaning: Text::new(
            "prefix of the whole site, such as /~ana; other paths get 404, except that of --health",
            "prefijo de todo el sitio, como /~ana; las demás rutas reciben 404, salvo la de --health",
        ),
        effect: Set(|config, text| set(&mut config.site.base, unless_empty(text, base))),
    },
    Definition {
        name: "type",
        short: None,
        value: Value::Many(".EXT=TYPE"),
        default: "",
        meaning: Text::new(
            "media type of the files with this extension, such as .md=text/plain",
            "tipo MIME de los archivos con esta extensión, como .md=text/plain",
        ),
        effect: Set(|config, text| add(&mut config.site.types, unless_empty(text, media_type))),
    },
    Definition {
        name: "live",
        short: None,
        value: Value::Switch,
        default: "no",
        meaning: Text::new(
            "reload a page in the browser when one of its files changes: adds a script to each page",
            "recarga una página en el navegador cuando cambia uno de sus archivos: añade un script a cada página",
        ),
        effect: Set(|config, text| set(&mut config.site.live, switch(text))),
    },
    Definition {
        name: "cache-control",
        short: None,
        value: Value::One("VALUE"),
        default: "no-cache",
        meaning: Text::new(
            "Cache-Control of what is served; errors always say no-store",
            "Cache-Control de lo que se sirve; los errores dicen siempre no-store",
        ),
        effect: Set(|config, text| set(&mut config.site.cache_control, unless_empty(text, field_value))),
    },
    Definition {
        name: "header",
        short: None,
        value: Value::Many("'NAME: VALUE'"),
        default: "",
        meaning: Text::new(
            "field to add to every response, other than those that the server sets",
            "campo que se añade a cada respuesta, distinto de los que pone el servidor",
        ),
        effect: Set(|config, text| add(&mut config.site.fields, unless_empty(text, field))),
    },
    Definition {
        name: "cors",
        short: None,
        value: Value::Switch,
        default: "no",
        meaning: Text::new(
            "let pages from anywhere read every response: Access-Control-Allow-Origin: *",
            "permite a las páginas de cualquier origen leer cada respuesta: Access-Control-Allow-Origin: *",
        ),
        effect: Set(|config, text| set(&mut config.site.cors, switch(text))),
    },
    Definition {
        name: "health",
        short: None,
        value: Value::One("PATH"),
        default: "",
        meaning: Text::new(
            "path that gets 200 and \"ok\" without touching a file, such as /health",
            "ruta que recibe 200 y \"ok\" sin tocar ningún archivo, como /health",
        ),
        effect: Set(|config, text| set(&mut config.site.health, unless_empty(text, health_path))),
    },
    Definition {
        name: AUTH,
        short: None,
        value: Value::One("USER:PASSWORD"),
        default: "",
        meaning: Text::new(
            "ask for this name and password (Basic), except at the path of --health; also USER:sha256:HEX. Only HTTPS \
             hides them on the way",
            "pide este nombre y esta contraseña (Basic), salvo en la ruta de --health; también USER:sha256:HEX. Por el \
             camino solo los oculta HTTPS",
        ),
        effect: Set(|config, text| set(&mut config.site.auth, unless_empty(text, credentials))),
    },
];

const PROTOCOL: &[Definition] = &[
    Definition {
        name: presets::OPTION,
        short: None,
        value: Value::One("NAME"),
        default: "",
        meaning: Text::new(
            "the options of a lab: mininet, kurose or lab01, explained below",
            "las opciones de una práctica: mininet, kurose o lab01, que se explican abajo",
        ),
        effect: Set(|config, text| {
            let names = presets::PRESETS.each_ref().map(|preset| (preset.name, preset.name));
            let read = |text: &str| choice(NOT_A_PRESET, text, &names);
            set(&mut config.preset, unless_empty(text, read))
        }),
    },
    Definition {
        name: "http",
        short: None,
        value: Value::One("VERSION"),
        default: "auto",
        meaning: Text::new(
            "auto (0.9 for a request line of two words, otherwise 1.x), 0.9 (every response bare) or 1 \
             (two words get 400)",
            "auto (0.9 para una línea de petición de dos palabras, si no 1.x), 0.9 (cada respuesta sin \
             cabecera) o 1 (dos palabras reciben 400)",
        ),
        effect: Set(|config, text| {
            let versions = [
                ("auto", VersionPolicy::Auto),
                ("0.9", VersionPolicy::Http09),
                ("1", VersionPolicy::Http1),
            ];
            set(&mut config.rules.versions, choice(NOT_A_VERSION, text, &versions))
        }),
    },
    Definition {
        name: "get-only",
        short: None,
        value: Value::Switch,
        default: "no",
        meaning: Text::new(
            "refuse HEAD and OPTIONS too, with 405",
            "rechaza también HEAD y OPTIONS, con 405",
        ),
        effect: Set(|config, text| set(&mut config.site.get_only, switch(text))),
    },
    Definition {
        name: "close",
        short: None,
        value: Value::Switch,
        default: "no",
        meaning: Text::new(
            "close the connection after each response",
            "cierra la conexión después de cada respuesta",
        ),
        effect: Set(|config, text| set(&mut config.rules.close_after_response, switch(text))),
    },
    Definition {
        name: "serial",
        short: None,
        value: Value::Switch,
        default: "no",
        meaning: Text::new("one exchange at a time", "un intercambio a la vez"),
        effect: Set(|config, text| set(&mut config.serial, switch(text))),
    },
    Definition {
        name: "delay",
        short: None,
        value: Value::One("SECONDS"),
        default: "0",
        meaning: Text::new(
            "be slow on purpose: wait this long before each response, while others are served",
            "lentitud a propósito: espera este tiempo antes de cada respuesta, mientras se atiende a otros",
        ),
        effect: Set(|config, text| set(&mut config.rules.pace.delay, delay(text))),
    },
    Definition {
        name: "rate",
        short: None,
        value: Value::One("BYTES"),
        default: "",
        meaning: Text::new(
            "be slow on purpose: send no more bytes than this per second on each connection",
            "lentitud a propósito: no envía por cada conexión más bytes que estos por segundo",
        ),
        effect: Set(|config, text| {
            let read = |text: &str| size(text, 1..=MOST_RATE);
            set(&mut config.rules.pace.rate, unless_empty(text, read))
        }),
    },
    Definition {
        name: "requests",
        short: None,
        value: Value::One("N"),
        default: "",
        meaning: Text::new("stop after N responses", "termina después de N respuestas"),
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
        meaning: Text::new(
            "a longer request line gets 414",
            "una línea de petición más larga recibe 414",
        ),
        effect: Set(|config, text| set(&mut config.rules.limits.request_line, size(text, 1..=MOST_HEAD))),
    },
    Definition {
        name: "max-fields-size",
        short: None,
        value: Value::One("BYTES"),
        default: "32k",
        meaning: Text::new(
            "a larger field section gets 431",
            "una sección de campos mayor recibe 431",
        ),
        effect: Set(|config, text| set(&mut config.rules.limits.fields_size, size(text, 1..=MOST_HEAD))),
    },
    Definition {
        name: "max-fields",
        short: None,
        value: Value::One("N"),
        default: "100",
        meaning: Text::new("more fields get 431", "una petición con más campos recibe 431"),
        effect: Set(|config, text| set(&mut config.rules.limits.fields, count(text, MOST_FIELDS))),
    },
    Definition {
        name: "max-body",
        short: None,
        value: Value::One("BYTES"),
        default: "1m",
        meaning: Text::new(
            "a larger request body gets 413",
            "un cuerpo de petición mayor recibe 413",
        ),
        effect: Set(|config, text| set(&mut config.rules.limits.body, size(text, 0..=MOST_CONTENT))),
    },
    Definition {
        name: "read-size",
        short: None,
        value: Value::One("BYTES"),
        default: "4k",
        meaning: Text::new(
            "bytes read from a connection at a time",
            "bytes que se leen de una conexión cada vez",
        ),
        effect: Set(|config, text| set(&mut config.read_size, size(text, 1..=MOST_READ))),
    },
    Definition {
        name: "cache-bytes",
        short: None,
        value: Value::One("BYTES"),
        default: "32m",
        meaning: Text::new(
            "cache for small files and for missing names; 0 disables it",
            "caché de archivos pequeños y de nombres que no existen; 0 la desactiva",
        ),
        effect: Set(|config, text| set(&mut config.cache_bytes, size(text, 0..=MOST_CACHE))),
    },
    Definition {
        name: "max-pipelined",
        short: None,
        value: Value::One("N"),
        default: "64",
        meaning: Text::new(
            "responses queued on a connection before reading pauses",
            "respuestas en cola en una conexión antes de pausar la lectura",
        ),
        effect: Set(|config, text| set(&mut config.rules.limits.pipelined, count(text, MOST_PIPELINED))),
    },
    Definition {
        name: "max-connections",
        short: None,
        value: Value::One("N"),
        default: "512",
        meaning: Text::new(
            "connections at once; if all slots are taken, the longest idle one is closed",
            "conexiones a la vez; si no queda lugar, se cierra la que lleva más tiempo inactiva",
        ),
        effect: Set(|config, text| set(&mut config.limits.max_connections, count(text, MOST_CONNECTIONS))),
    },
    Definition {
        name: "when-full",
        short: None,
        value: Value::One("ACTION"),
        default: "wait",
        meaning: Text::new(
            "if none is idle, let a new one wait (wait) or refuse it with 503 (reject)",
            "si ninguna está inactiva, una nueva espera (wait) o recibe 503 (reject)",
        ),
        effect: Set(|config, text| {
            let actions = [("wait", false), ("reject", true)];
            set(&mut config.limits.refuses, choice(NOT_AN_ACTION, text, &actions))
        }),
    },
    Definition {
        name: "max-per-address",
        short: None,
        value: Value::One("N"),
        default: "",
        meaning: Text::new(
            "connections at once from one address",
            "conexiones a la vez desde una misma dirección",
        ),
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
        meaning: Text::new(
            "for a whole head, from its first byte",
            "para una cabecera completa, desde su primer byte",
        ),
        effect: Set(|config, text| set(&mut config.rules.timeouts.head, seconds(text))),
    },
    Definition {
        name: "idle-timeout",
        short: None,
        value: Value::One("SECONDS"),
        default: "15",
        meaning: Text::new(
            "for the next request on a connection",
            "para la siguiente petición en una conexión",
        ),
        effect: Set(|config, text| set(&mut config.rules.timeouts.idle, seconds(text))),
    },
    Definition {
        name: "body-timeout",
        short: None,
        value: Value::One("SECONDS"),
        default: "30",
        meaning: Text::new("for the body of a request", "para el cuerpo de una petición"),
        effect: Set(|config, text| set(&mut config.rules.timeouts.body, seconds(text))),
    },
    Definition {
        name: "write-timeout",
        short: None,
        value: Value::One("SECONDS"),
        default: "30",
        meaning: Text::new(
            "for a client to read more of a response",
            "para que el cliente lea más bytes de una respuesta",
        ),
        effect: Set(|config, text| set(&mut config.rules.timeouts.write, seconds(text))),
    },
    Definition {
        name: "linger-timeout",
        short: None,
        value: Value::One("SECONDS"),
        default: "2",
        meaning: Text::new(
            "for a client to close after the last response",
            "para que el cliente cierre después de la última respuesta",
        ),
        effect: Set(|config, text| set(&mut config.rules.timeouts.linger, seconds(text))),
    },
];

const OUTPUT: &[Definition] = &[
    Definition {
        name: LANG,
        short: None,
        value: Value::One("en|es"),
        default: "en",
        meaning: Text::new(
            "language of messages and of the server's own pages; by default that of LC_ALL, LC_MESSAGES or LANG, \
             if the runtime passes them",
            "idioma de los mensajes y de las páginas propias del servidor; por defecto, el de LC_ALL, LC_MESSAGES o \
             LANG, si el runtime las transmite",
        ),
        effect: Set(|config, text| {
            set(&mut config.lang, lang(text))?;
            config.site.lang = config.lang;
            Ok(())
        }),
    },
    Definition {
        name: "trace",
        short: None,
        value: Value::Switch,
        default: "no",
        meaning: Text::new(
            "explain each exchange on stdout, from its first byte to its end; --trace=short in a line, \
             =full with what only repeats, =json for programs; the access log is then off unless asked for",
            "explica cada intercambio en stdout, desde el primer byte hasta el final; --trace=short en una \
             línea, =full con lo que solo se repite, =json para programas; el registro de accesos queda \
             entonces apagado salvo que se pida",
        ),
        effect: Set(|config, text| {
            let forms = [
                (YES, Some(Form::Text)),
                ("short", Some(Form::Short)),
                ("text", Some(Form::Text)),
                ("full", Some(Form::Full)),
                ("json", Some(Form::Json)),
                ("no", None),
            ];
            set(&mut config.trace, choice(NOT_A_TRACE_FORM, text, &forms))
        }),
    },
    Definition {
        name: "trace-content",
        short: None,
        value: Value::One("BYTES"),
        default: "0",
        meaning: Text::new(
            "show the first bytes of each response's content in the trace",
            "muestra en la traza los primeros bytes del contenido de cada respuesta",
        ),
        effect: Set(|config, text| set(&mut config.trace_content, size(text, 0..=MOST_SHOWN))),
    },
    Definition {
        name: "filter",
        short: None,
        value: Value::One("TEXT"),
        default: "",
        meaning: Text::new(
            "trace only exchanges with this status (404, 4xx) or with this in the request line",
            "traza solo los intercambios con este código (404, 4xx) o con esto en la línea de petición",
        ),
        effect: Set(|config, text| {
            config.filter = (!text.is_empty()).then(|| Filter::new(text));
            Ok(())
        }),
    },
    Definition {
        name: "inspect",
        short: None,
        value: Value::Switch,
        default: "no",
        meaning: Text::new(
            "draw the trace live in a browser, at http://127.0.0.1:8088/; --inspect=PORT or =ADDRESS:PORT for elsewhere",
            "dibuja la traza en vivo en un navegador, en http://127.0.0.1:8088/; --inspect=PUERTO o \
             =DIRECCIÓN:PUERTO para otro sitio",
        ),
        effect: Set(|config, text| set(&mut config.inspect, inspector(text))),
    },
    Definition {
        name: LOG,
        short: None,
        value: Value::One("FORMAT"),
        default: "combined",
        meaning: Text::new(
            "access log on stdout: combined, common, json or off",
            "registro de accesos en stdout: combined, common, json u off",
        ),
        effect: Set(|config, text| {
            let formats = [
                ("combined", Some(Format::Combined)),
                ("common", Some(Format::Common)),
                ("json", Some(Format::Json)),
                ("off", None),
            ];
            set(&mut config.log, choice(NOT_A_LOG_FORMAT, text, &formats))
        }),
    },
    Definition {
        name: "help",
        short: Some('h'),
        value: Value::Switch,
        default: "",
        meaning: Text::new("print this and stop", "muestra esta ayuda y termina"),
        effect: Effect::Help,
    },
    Definition {
        name: "version",
        short: Some('V'),
        value: Value::Switch,
        default: "",
        meaning: Text::new("print the version and stop", "muestra la versión y termina"),
        effect: Effect::Version,
    },
];
