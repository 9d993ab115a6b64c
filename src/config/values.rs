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
    if let Some((_, value)) = choices.iter().find(|(name, _)| *name == text) {
        return Ok(*value);
    }
    let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
    Err(mistake.with("names", names.join(", ")))
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
        let media_type = MediaType::new(
            &with_charset(&field_value(value).ok()?),
            MediaTypeSource::Option(extension.into()),
        );
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
#[path = "values_tests.rs"]
mod tests;
