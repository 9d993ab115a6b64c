//! Parsers for the values of options.
//!
//! Each function returns the value or a reason, "what it is not: what to give instead", which becomes the end of the
//! line of a [`UsageError`](super::UsageError). The reasons are above the function that returns them, in both
//! languages. The functions do not know which option they read.

use super::Host;
use crate::catalogue::{Lang, Message, Text};
use crate::http::media_type::with_charset;
use crate::http::{MediaType, MediaTypeSource, grammar};
use crate::site::{Credentials, ResourcePath, auth};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;

/// Why a text is not a valid value, and what would be one.
pub(super) type Reason = Message;

/// The longest deadline, in seconds: a day. A longer one would be as good as none, and a day is far below the limit of
/// a clock with nanoseconds in 64 bits.
const MAX_SECONDS: f64 = 86_400.0;
/// The shortest deadline, in seconds. A shorter one could not be distinguished from a failure to respond.
const MIN_SECONDS: f64 = 0.001;

/// The fields that the server sets itself: a second one would contradict it.
const OWN_FIELDS: [&str; 20] = [
    "Accept-Ranges",
    "Allow",
    "Cache-Control",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-Range",
    "Content-Type",
    "Date",
    "ETag",
    "Keep-Alive",
    "Last-Modified",
    "Location",
    "Server",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Vary",
    "WWW-Authenticate",
    "X-Content-Type-Options",
];

pub(super) const NOT_A_PORT: Text = Text::new(
    "not a port: give a number from 0 to {most}",
    "no es un puerto: se espera un número de 0 a {most}",
);

/// Parses a TCP port; 0 means any free one.
pub(super) fn port(text: &str) -> Result<u16, Reason> {
    digits(text)
        .and_then(|number| u16::try_from(number).ok())
        .ok_or_else(|| NOT_A_PORT.with("most", u16::MAX))
}

pub(super) const NOT_A_COUNT: Text = Text::new(
    "not a count: give a number from 1 to {most}",
    "no es una cantidad: se espera un número de 1 a {most}",
);

/// Parses a count, which is at least one.
pub(super) fn count<T: TryFrom<u64>>(text: &str, most: u64) -> Result<T, Reason> {
    digits(text)
        .filter(|number| (1..=most).contains(number))
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| NOT_A_COUNT.with("most", most))
}

pub(super) const NOT_A_SIZE: Text = Text::new(
    "not a size: give bytes from {least} to {most}, such as 8192 or 8k",
    "no es un tamaño: se esperan bytes de {least} a {most}, como 8192 u 8k",
);

/// Parses a number of bytes within `range`: `8192`, `8k` in units of 1024, or `1m` in units of 1024 * 1024.
pub(super) fn size<T: TryFrom<u64>>(text: &str, range: RangeInclusive<u64>) -> Result<T, Reason> {
    let (count, unit) = match text.strip_suffix(['k', 'K']) {
        Some(count) => (count, 1024),
        None => match text.strip_suffix(['m', 'M']) {
            Some(count) => (count, 1024 * 1024),
            None => (text, 1),
        },
    };
    digits(count)
        .and_then(|count| count.checked_mul(unit))
        .filter(|bytes| range.contains(bytes))
        .and_then(|bytes| T::try_from(bytes).ok())
        .ok_or_else(|| NOT_A_SIZE.with("least", range.start()).with("most", range.end()))
}

pub(super) const NOT_A_TIME: Text = Text::new(
    "not a time: give seconds from {least} to {most}, such as 0.5",
    "no es un tiempo: se esperan segundos de {least} a {most}, como 0.5",
);

/// Parses a deadline: a number of seconds, which may have decimals.
pub(super) fn seconds(text: &str) -> Result<Duration, Reason> {
    seconds_from(MIN_SECONDS, text)
}

/// Parses a delay: a number of seconds, which may be 0.
pub(super) fn delay(text: &str) -> Result<Duration, Reason> {
    seconds_from(0.0, text)
}

fn seconds_from(least: f64, text: &str) -> Result<Duration, Reason> {
    // `f64` accepts more than this option does: a sign, an exponent, "inf".
    let is_decimal = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number = is_decimal.then(|| text.parse::<f64>().ok()).flatten();
    number
        .filter(|number| (least..=MAX_SECONDS).contains(number))
        .and_then(|number| Duration::try_from_secs_f64(number).ok())
        .ok_or_else(|| NOT_A_TIME.with("least", least).with("most", MAX_SECONDS))
}

pub(super) const NOT_OF_A_SWITCH: Text = Text::new(
    "a switch takes no such value: give yes or no",
    "un interruptor no toma ese valor: se espera yes o no",
);

/// Parses the value of a switch.
pub(super) fn switch(text: &str) -> Result<bool, Reason> {
    match text {
        "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" => Ok(false),
        _ => Err(NOT_OF_A_SWITCH.into()),
    }
}

/// Parses one of the `choices` by its name; `mistake` is the message for a text that is none of the `{names}`.
pub(super) fn choice<T: Copy>(mistake: Text, text: &str, choices: &[(&str, T)]) -> Result<T, Reason> {
    match choices.iter().find(|(name, _)| *name == text) {
        Some((_, value)) => Ok(*value),
        None => {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            Err(mistake.with("names", names.join(", ")))
        }
    }
}

pub(super) const NOT_A_LANGUAGE: Text = Text::new(
    "not a language: give one of {names}",
    "no es un idioma: se espera uno de {names}",
);

/// Parses a language by its tag; `es-MX` and other locales are accepted only in `LANG`.
pub(super) fn lang(text: &str) -> Result<Lang, Reason> {
    choice(NOT_A_LANGUAGE, text, &Lang::ALL.map(|lang| (lang.tag(), lang)))
}

/// Parses the text with `read`; an empty text gives `None`.
pub(super) fn unless_empty<T>(text: &str, read: impl Fn(&str) -> Result<T, Reason>) -> Result<Option<T>, Reason> {
    match text {
        "" => Ok(None),
        _ => read(text).map(Some),
    }
}

pub(super) const NOT_AN_ADDRESS: Text = Text::new(
    "not an IP address: give one such as 127.0.0.1 or ::1, localhost or any",
    "no es una dirección IP: se espera una como 127.0.0.1 o ::1, localhost o any",
);

/// Parses an IP address, with or without brackets, or a name for an IPv4 and an IPv6 address together.
pub(super) fn hosts(text: &str) -> Result<Vec<Host>, Reason> {
    let both = |v4: Ipv4Addr, v6: Ipv6Addr| vec![host(v4, true), host(v6, false)];
    match text {
        "any" => return Ok(both(Ipv4Addr::UNSPECIFIED, Ipv6Addr::UNSPECIFIED)),
        "localhost" => return Ok(both(Ipv4Addr::LOCALHOST, Ipv6Addr::LOCALHOST)),
        _ => {}
    }
    let in_brackets = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let address = match in_brackets {
        Some(v6) => v6.parse::<Ipv6Addr>().map(IpAddr::V6),
        None => text.parse::<IpAddr>(),
    };
    match address {
        // WASI's IPv6 sockets do not accept IPv4 connections, so `::ffff:10.0.0.2` becomes 10.0.0.2.
        Ok(address) => Ok(vec![host(address.to_canonical(), true)]),
        Err(_) => Err(NOT_AN_ADDRESS.into()),
    }
}

fn host(address: impl Into<IpAddr>, required: bool) -> Host {
    let address = address.into();
    Host { address, required }
}

/// The default address of the inspector.
const INSPECTOR: u16 = 8088;

pub(super) const NOT_AN_INSPECTOR: Text = Text::new(
    "the inspector cannot listen there: give a port, or an IP address and a port such as 192.168.1.2:8088",
    "el inspector no puede escuchar ahí: se espera un puerto, o una dirección IP y un puerto como 192.168.1.2:8088",
);

/// Parses the address of the inspector: it is on the loopback interface, unless an address is given. `no` means none.
pub(super) fn inspector(text: &str) -> Result<Option<SocketAddr>, Reason> {
    let at = |port| Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    match text {
        "no" => Ok(None),
        "yes" => Ok(at(INSPECTOR)),
        _ => match (port(text), text.parse()) {
            (Ok(port), _) => Ok(at(port)),
            (_, Ok(address)) => Ok(Some(address)),
            _ => Err(NOT_AN_INSPECTOR.into()),
        },
    }
}

pub(super) const NOT_A_FOLDER: Text = Text::new(
    "not a folder's path: give one without control characters",
    "no es la ruta de una carpeta: se espera una sin caracteres de control",
);

/// Parses the guest path of a folder.
pub(super) fn folder(text: &str) -> Result<String, Reason> {
    let is_path = !text.chars().any(char::is_control);
    text_if(is_path, text, NOT_A_FOLDER)
}

pub(super) const NOT_A_FILE_NAME: Text = Text::new(
    "not a file's name: give one such as index.html",
    "no es el nombre de un archivo: se espera uno como index.html",
);

/// Parses the name of a file, without a folder.
pub(super) fn file_name(text: &str) -> Result<String, Reason> {
    text_if(is_segment(text), text, NOT_A_FILE_NAME)
}

pub(super) const NOT_A_FILE_PATH: Text = Text::new(
    "not a file below the root: give a path such as app/index.html",
    "no es un archivo bajo la raíz: se espera una ruta como app/index.html",
);

/// Parses the path of a file below the root; a leading slash is dropped.
pub(super) fn file_path(text: &str) -> Result<ResourcePath, Reason> {
    let path = text.strip_prefix('/').unwrap_or(text);
    let resolved = ResourcePath::resolve(&format!("/{path}"), true).ok();
    let is_below = path.split('/').all(is_segment);
    resolved.filter(|_| is_below).ok_or_else(|| NOT_A_FILE_PATH.into())
}

/// Whether this can be one segment of a path: neither empty nor a dot segment.
fn is_segment(text: &str) -> bool {
    let is_plain = |character: char| !character.is_control() && !['/', '\\'].contains(&character);
    !["", ".", ".."].contains(&text) && text.chars().all(is_plain)
}

pub(super) const NOT_A_PLAIN_PATH: Text = Text::new(
    "not a plain path: give / and letters, digits or -._~ such as /health",
    "no es una ruta sencilla: se esperan / y letras, cifras o -._~ como en /health",
);

/// Parses a path of a request that has only one normal form: it has the unreserved characters of RFC 3986 section 2.3
/// and `/`.
pub(super) fn health_path(text: &str) -> Result<String, Reason> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let is_path = text.starts_with('/') && text.bytes().all(is_plain);
    text_if(is_path, text, NOT_A_PLAIN_PATH)
}

pub(super) const NOT_A_PREFIX: Text = Text::new(
    "not a prefix: give / and a name of letters, digits or -._~ such as /site",
    "no es un prefijo: se esperan / y un nombre de letras, cifras o -._~ como en /site",
);

/// Parses the prefix of a site: the path of a folder that has only one normal form. A slash at its end is dropped.
pub(super) fn base(text: &str) -> Result<ResourcePath, Reason> {
    let path = text.strip_suffix('/').unwrap_or(text);
    let resolved =
        health_path(path).and_then(|path| ResourcePath::resolve(&path, false).map_err(|_| NOT_A_PREFIX.into()));
    let is_normal = |resolved: &ResourcePath| resolved.to_string() == path && !resolved.is_directory();
    resolved.ok().filter(is_normal).ok_or_else(|| NOT_A_PREFIX.into())
}

pub(super) const NOT_A_TYPE: Text = Text::new(
    "not a media type for an extension: give one such as .x=text/plain",
    "no es un tipo MIME para una extensión: se espera uno como .x=text/plain",
);

/// Parses an extension and its media type (RFC 9110 section 8.3.1): `.x=text/plain`.
pub(super) fn media_type(text: &str) -> Result<(String, MediaType), Reason> {
    let read = || {
        let (extension, value) = text.strip_prefix('.')?.split_once('=')?;
        let (essence, _) = value.split_once(';').unwrap_or((value, ""));
        let (type_, subtype) = essence.trim_end().split_once('/')?;
        let is_extension = !extension.contains('.') && is_segment(extension);
        let is_type = [type_, subtype].iter().all(|token| grammar::is_token(token.as_bytes()));
        let media_type = MediaType {
            value: with_charset(&field_value(value).ok()?),
            source: MediaTypeSource::Option(extension.into()),
        };
        (is_extension && is_type).then(|| (extension.to_owned(), media_type))
    };
    read().ok_or_else(|| NOT_A_TYPE.into())
}

pub(super) const NOT_CREDENTIALS: Text = Text::new(
    "not a name and a password: give both with a colon between, such as ana:secret, without control characters",
    "no son un nombre y una contraseña: se esperan ambos con dos puntos en medio, como ana:secreto, sin caracteres de \
     control",
);

pub(super) const NOT_A_HASH: Text = Text::new(
    "not a SHA-256: give 64 hexadecimal digits after sha256:, as printf %s PASSWORD | sha256sum prints them",
    "no es un SHA-256: se esperan 64 cifras hexadecimales tras sha256:, las que escribe \
     printf %s CONTRASEÑA | sha256sum",
);

/// Parses a name and a password, or the hash of a password (RFC 7617 section 2): `ana:secret`, `ana:sha256:2bb8...`.
pub(super) fn credentials(text: &str) -> Result<Credentials, Reason> {
    let has_control = text.chars().any(char::is_control);
    let given = text
        .split_once(':')
        .filter(|(user, password)| !user.is_empty() && !password.is_empty());
    let Some((user, password)) = given.filter(|_| !has_control) else {
        return Err(NOT_CREDENTIALS.into());
    };
    let hash = match password.strip_prefix("sha256:") {
        None => auth::hash(password.as_bytes()),
        Some(digits) => from_hex(digits).ok_or(NOT_A_HASH)?,
    };
    Ok(Credentials::new(user, hash))
}

/// The bytes that 64 hexadecimal digits stand for.
fn from_hex(digits: &str) -> Option<auth::Hash> {
    let mut bytes = [0; 32];
    let is_hex = digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    is_hex.then_some(bytes)
}

pub(super) const NO_COLON: Text = Text::new(
    "no colon: give a name and a value, such as 'X-Course: networks'",
    "faltan los dos puntos: se esperan un nombre y un valor, como 'X-Course: networks'",
);

pub(super) const NOT_A_FIELD_NAME: Text = Text::new(
    "not a field name: give letters, digits and hyphens, then the colon",
    "no es un nombre de campo: se esperan letras, cifras y guiones, y luego los dos puntos",
);

pub(super) const OWN_FIELD: Text = Text::new(
    "the server sets {name} itself: leave it out",
    "el propio servidor pone {name}: omítelo",
);

pub(super) const OWN_CACHE_CONTROL: Text = Text::new(
    "the server sets Cache-Control itself: use --cache-control",
    "el propio servidor pone Cache-Control: usa --cache-control",
);

/// Parses a field line (RFC 9110 section 5): a token, a colon and a value. Whitespace around the value is ignored.
pub(super) fn field(text: &str) -> Result<(String, String), Reason> {
    let Some((name, value)) = text.split_once(':') else {
        return Err(NO_COLON.into());
    };
    if !grammar::is_token(name.as_bytes()) {
        return Err(NOT_A_FIELD_NAME.into());
    }
    if let Some(own) = OWN_FIELDS.iter().find(|own| own.eq_ignore_ascii_case(name)) {
        return Err(match *own {
            "Cache-Control" => OWN_CACHE_CONTROL.into(),
            _ => OWN_FIELD.with("name", own),
        });
    }
    Ok((name.to_owned(), field_value(value)?))
}

pub(super) const NOT_A_FIELD_VALUE: Text = Text::new(
    "not a field value: give visible ASCII characters, spaces and tabs",
    "no es un valor de campo: se esperan caracteres ASCII visibles, espacios y tabuladores",
);

/// Parses a field value (RFC 9110 section 5.5) without obs-text.
pub(super) fn field_value(text: &str) -> Result<String, Reason> {
    let value = text.trim_matches([' ', '\t']);
    let is_allowed = |byte: u8| byte.is_ascii_graphic() || byte == b' ' || byte == b'\t';
    let is_value = value.bytes().all(is_allowed);
    text_if(is_value, value, NOT_A_FIELD_VALUE)
}

/// Returns the text itself, if it is valid.
fn text_if(holds: bool, text: &str, reason: Text) -> Result<String, Reason> {
    if holds { Ok(text.to_owned()) } else { Err(reason.into()) }
}

/// Parses a whole number: only digits, while `u64` would also accept a `+`.
fn digits(text: &str) -> Option<u64> {
    grammar::digits(text.as_bytes())?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{field as expected_field, host as expected_host, line_of};
    use super::*;

    /// Command lines with one option and an invalid value, by the reason.
    #[rustfmt::skip]
    const MISTAKES: &[(&str, &[&str])] = &[
        ("not a port: give a number from 0 to 65535",
            &["--port 99999", "--port 65536", "--port -1", "--port +1", "--port http", "--port 8k"]),
        ("not a count: give a number from 1 to 65535",
            &["--backlog 0", "--backlog 65536", "--backlog 99999999999999999999"]),
        ("not a count: give a number from 1 to 4294967295", &["--requests 0", "--requests 4294967296"]),
        ("not a count: give a number from 1 to 10000", &["--max-fields x", "--max-fields 10001"]),
        ("not a count: give a number from 1 to 1024", &["--max-pipelined 0", "--max-pipelined 1025"]),
        ("not a count: give a number from 1 to 16000",
            &["--max-connections 0", "--max-connections 16001", "--max-per-address 0"]),
        ("not a size: give bytes from 1 to 65536, such as 8192 or 8k",
            &["--read-size 0", "--read-size 65537", "--read-size 65k", "--read-size -1"]),
        ("not a size: give bytes from 1 to 1048576, such as 8192 or 8k",
            &["--max-request-line k", "--max-request-line 0", "--max-fields-size 2m", "--max-fields-size 8kb"]),
        ("not a size: give bytes from 0 to 1073741824, such as 8192 or 8k",
            &["--max-body 1g", "--max-body 1025m", "--max-body 18446744073709551615m"]),
        ("not a time: give seconds from 0.001 to 86400, such as 0.5",
            &["--head-timeout 0", "--head-timeout -1", "--idle-timeout 1e3", "--body-timeout 86400.1",
              "--write-timeout inf", "--linger-timeout .", "--linger-timeout 1.2.3", "--idle-timeout 10s"]),
        ("not a time: give seconds from 0 to 86400, such as 0.5", &["--delay -1", "--delay 1e3", "--delay 2s"]),
        ("not a size: give bytes from 1 to 1073741824, such as 8192 or 8k", &["--rate 0", "--rate 1.5k", "--rate 2g"]),
        ("not an IP address: give one such as 127.0.0.1 or ::1, localhost or any",
            &["--host example.org", "--host 127.0.0.1:80", "--host [127.0.0.1]", "--host 10.0.0.256"]),
        ("not a preset: give one of mininet, kurose, lab01", &["--preset lab02", "--preset Kurose"]),
        ("not a version: give one of auto, 0.9, 1", &["--http 2", "--http 1.1"]),
        ("not an action: give one of wait, reject", &["--when-full no"]),
        ("not a log format: give one of combined, common, json, off", &["--log jsno"]),
        ("not a file's name: give one such as index.html",
            &["--index a/b.html", "--index a\\b.html", "--index ..", "--index ."]),
        ("not a file below the root: give a path such as app/index.html",
            &["--spa ../app.html", "--spa //app.html", "--spa a//b.html", "--spa a\\b.html", "--spa /"]),
        // A path with two forms would match only one of them.
        ("not a plain path: give / and letters, digits or -._~ such as /health",
            &["--health health", "--health /a?b", "--health /a#b", "--health /%61", "--health /salud\u{e9}"]),
        // The path of a folder, in the form in which it is compared.
        ("not a prefix: give / and a name of letters, digits or -._~ such as /site",
            &["--base site", "--base /", "--base //", "--base /a//b", "--base /a/../b", "--base /./a", "--base /.a",
              "--base /a?b", "--base /%61", "--base /a\\b", "--base /\u{e9}"]),
        // RFC 9110 section 8.3.1: two tokens, and parameters.
        ("not a media type for an extension: give one such as .x=text/plain",
            &["--type text/plain", "--type x=text/plain", "--type .x", "--type .=a/b", "--type .x=text", "--type .x=/b",
              "--type .x=a/", "--type .x=a/b/c", "--type .x=a/\u{f1}", "--type .tar.gz=a/b", "--type .a/b=a/b"]),
        ("no colon: give a name and a value, such as 'X-Course: networks'", &["--header X-Course"]),
        // RFC 9110 section 5.6.2: a token; RFC 9112 section 5.1: no space before the colon.
        ("not a field name: give letters, digits and hyphens, then the colon",
            &["--header :networks", "--header A/B:1", "--header (A):1", "--header A\u{f1}o:1"]),
        // RFC 9110 section 5.5, and no obs-text.
        ("not a field value: give visible ASCII characters, spaces and tabs",
            &["--header A:a\u{f1}o", "--cache-control a\u{f1}o"]),
        ("the server sets Date itself: leave it out", &["--header Date:x", "--header date:x"]),
        ("the server sets Transfer-Encoding itself: leave it out", &["--header transfer-encoding:chunked"]),
        ("the server sets Cache-Control itself: use --cache-control", &["--header Cache-Control:x"]),
    ];

    #[test]
    fn a_wrong_value_gets_a_message_with_what_would_be_right() {
        for (reason, options) in MISTAKES {
            for option in *options {
                let arguments: Vec<&str> = option.split(' ').collect();
                assert_eq!(line_of(&arguments, &[]), format!("{option}: {reason}"));
            }
        }
    }

    #[test]
    fn a_wrong_value_is_quoted_if_its_end_would_not_be_visible() {
        let rows: &[(&[&str], &str)] = &[
            (&["--port="], "--port \"\": not a port: give a number from 0 to 65535"),
            (
                &["--log", "js on"],
                "--log \"js on\": not a log format: give one of combined, common, json, off",
            ),
            (
                &["--header", "A : 1"],
                "--header \"A : 1\": not a field name: give letters, digits and hyphens, then the colon",
            ),
            (
                &["--header", "A: 1\r\nB: 2"],
                "--header \"A: 1\\r\\nB: 2\": \
                 not a field value: give visible ASCII characters, spaces and tabs",
            ),
            (
                &["--root", "a\u{7f}b"],
                "--root a\\u{7f}b: not a folder's path: give one without control characters",
            ),
        ];
        for (arguments, line) in rows {
            assert_eq!(line_of(arguments, &[]), *line);
        }
    }

    #[test]
    fn numbers_and_sizes_are_read_to_their_bounds() {
        assert_eq!([port("0"), port("0080"), port("65535")], [Ok(0), Ok(80), Ok(65_535)]);
        assert_eq!([count("1", 9), count("9", 9)], [Ok(1_usize), Ok(9)]);
        let rows = [
            ("0", 0),
            ("8192", 8192),
            ("8k", 8192),
            ("8K", 8192),
            ("1m", 1 << 20),
            ("1M", 1 << 20),
        ];
        for (text, bytes) in rows {
            assert_eq!(size::<u64>(text, 0..=1 << 20), Ok(bytes), "{text}");
        }
        // A value that its type cannot hold is rejected, not truncated.
        assert!(size::<u8>("256", 0..=1 << 20).is_err());
    }

    #[test]
    fn seconds_have_decimals() {
        let rows = [
            ("10", 10_000),
            ("0.5", 500),
            (".5", 500),
            ("1.25", 1250),
            ("0.001", 1),
            ("86400", 86_400_000),
        ];
        for (text, milliseconds) in rows {
            assert_eq!(seconds(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
    }

    #[test]
    fn a_switch_has_three_words_for_each_position() {
        for (on, off) in [("yes", "no"), ("true", "false"), ("1", "0")] {
            assert_eq!((switch(on), switch(off)), (Ok(true), Ok(false)));
        }
    }

    #[test]
    fn a_host_is_an_address_or_a_name_for_two_and_ipv6_may_be_missing() {
        let rows: &[(&str, &[(&str, bool)])] = &[
            ("any", &[("0.0.0.0", true), ("::", false)]),
            ("localhost", &[("127.0.0.1", true), ("::1", false)]),
            ("10.0.0.2", &[("10.0.0.2", true)]),
            ("::", &[("::", true)]),
            ("[::1]", &[("::1", true)]),
            ("::ffff:10.0.0.2", &[("10.0.0.2", true)]),
        ];
        for (text, expected) in rows {
            let expected = expected
                .iter()
                .map(|(address, required)| expected_host(address, *required));
            assert_eq!(hosts(text), Ok(expected.collect()), "{text}");
        }
    }

    #[test]
    fn whitespace_around_a_field_value_is_ignored() {
        // RFC 9110 section 5.5: leading and trailing whitespace is not part of the value, which may be empty.
        for (text, name, value) in [("A:1", "A", "1"), ("A: \t1 2\t ", "A", "1 2"), ("A-b!:", "A-b!", "")] {
            assert_eq!(field(text), Ok(expected_field(name, value)), "{text:?}");
        }
    }

    #[test]
    fn a_wrong_name_and_password_are_not_printed() {
        const CREDENTIALS: &str =
            "not a name and a password: give both with a colon between, such as ana:secret, without control characters";
        const HASH: &str =
            "not a SHA-256: give 64 hexadecimal digits after sha256:, as printf %s PASSWORD | sha256sum prints them";
        let no_digit = format!("ana:sha256:{}g", "0".repeat(63));
        for (value, reason) in [
            ("secret", CREDENTIALS),
            (":secret", CREDENTIALS),
            ("ana:", CREDENTIALS),
            ("ana:sec\nret", CREDENTIALS),
            ("ana:sha256:", HASH),
            ("ana:sha256:2bb8", HASH),
            ("ana:sha256:\u{f1}", HASH),
            (&no_digit, HASH),
        ] {
            assert_eq!(line_of(&["--auth", value], &[]), format!("--auth ...: {reason}"));
            assert_eq!(
                line_of(&[], &[("AULA_AUTH", value)]),
                format!("AULA_AUTH=...: {reason}")
            );
        }
    }

    #[test]
    fn a_hash_stands_for_its_password() {
        // The SHA-256 of "abc", by FIPS 180-4.
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let plain = credentials("ana:abc");
        assert!(plain.is_ok());
        for digits in [hash.to_owned(), hash.to_uppercase()] {
            assert_eq!(credentials(&format!("ana:sha256:{digits}")), plain);
        }
        assert_ne!(credentials("eva:abc"), plain);
    }

    #[test]
    fn a_prefix_may_end_with_a_slash_and_have_several_segments() {
        for (text, path) in [
            ("/a", "/a"),
            ("/a/", "/a"),
            ("/~ana/b.c", "/~ana/b.c"),
            ("/.well-known", "/.well-known"),
        ] {
            assert_eq!(base(text).map(|base| base.to_string()), Ok(path.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_text_type_gets_its_charset_unless_it_has_parameters() {
        for (text, extension, value) in [
            (".x=text/plain", "x", "text/plain; charset=utf-8"),
            (".X=text/plain;charset=latin1", "X", "text/plain;charset=latin1"),
            (".wasm=application/wasm", "wasm", "application/wasm"),
            (
                ".j=application/ld+json; profile=\"a=b\"",
                "j",
                "application/ld+json; profile=\"a=b\"",
            ),
        ] {
            let (read, media_type) = media_type(text).unwrap();
            assert_eq!((read.as_str(), &*media_type.value), (extension, value), "{text}");
        }
    }

    #[test]
    fn a_slash_before_a_file_below_the_root_is_dropped() {
        for (text, name) in [
            ("/app/index.html", "app/index.html"),
            (".well-known/a", ".well-known/a"),
        ] {
            let path = file_path(text);
            assert_eq!(path.as_ref().map(ResourcePath::name), Ok(name), "{text}");
        }
    }
}
