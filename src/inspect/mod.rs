//! The inspector's own small server (`--inspect`): which file or stream a request gets, and the recent events.
//!
//! It serves the files of `inspector/` and the events of the trace, only to the user's own browser: a page from another
//! site must not read the requests of others.
//!
//! It has no I/O, like the rest of the library; `shell::inspect` has its sockets.

mod ring;

pub use ring::Ring;

use crate::catalogue::{Lang, Text};
use crate::http::message::Target;
use crate::http::{FieldName, Fields, Method, Request};
use std::net::IpAddr;

/// The files of the page, by path.
const FILES: &[(&str, &str, &[u8])] = &[
    ("/", HTML, include_bytes!("../../inspector/index.html")),
    ("/inspector.css", CSS, include_bytes!("../../inspector/inspector.css")),
    ("/favicon.svg", SVG, include_bytes!("../../inspector/favicon.svg")),
    ("/board.js", JS, include_bytes!("../../inspector/board.js")),
    ("/bytes.js", JS, include_bytes!("../../inspector/bytes.js")),
    ("/detail.js", JS, include_bytes!("../../inspector/detail.js")),
    ("/dom.js", JS, include_bytes!("../../inspector/dom.js")),
    ("/grammar.js", JS, include_bytes!("../../inspector/grammar.js")),
    ("/har.js", JS, include_bytes!("../../inspector/har.js")),
    ("/inspector.js", JS, include_bytes!("../../inspector/inspector.js")),
    ("/main.js", JS, include_bytes!("../../inspector/main.js")),
    ("/model.js", JS, include_bytes!("../../inspector/model.js")),
    ("/texts.js", JS, include_bytes!("../../inspector/texts.js")),
];

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// The path of the events.
const EVENTS: &str = "/events";

/// Why a request gets no response but 403, and what to do.
const FORBIDDEN: Text = Text {
    en: "Open the inspector by the address that the server printed, such as http://127.0.0.1:8088/: it does not \
         respond to other names, nor to pages of other sites.",
    es: "Abre el inspector con la dirección que mostró el servidor, como http://127.0.0.1:8088/: no responde a otros \
         nombres ni a páginas de otros sitios.",
};

/// Why a path gets a 404.
const NOT_FOUND: Text = Text {
    en: "The inspector has only one page: /",
    es: "El inspector solo tiene una página: /",
};

/// What a request gets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reply {
    /// A whole response, after which the connection is closed.
    Whole(Vec<u8>),
    /// The head of a response, which is followed by the events as they happen ([`event`]).
    Events(Vec<u8>),
}

/// Decides what a request gets; `None` is a request that was rejected as a message. `lang` is the language of the
/// events, and also the first language of the page.
#[must_use]
pub fn reply(request: Option<&Request<'_>>, lang: Lang) -> Reply {
    let Some(request) = request else {
        return failure("400 Bad Request", None);
    };
    let Target::Resource { path, .. } = request.target else {
        return failure("404 Not Found", Some(NOT_FOUND.get(lang)));
    };
    if !is_from_our_own_page(request.fields) {
        return failure("403 Forbidden", Some(FORBIDDEN.get(lang)));
    }
    if request.method != Method::Get {
        return failure("405 Method Not Allowed", None);
    }
    if path == EVENTS {
        // WHATWG HTML, section "Server-sent events". The end of the connection is the end of the content.
        let mut bytes = head(
            "200 OK",
            "text/event-stream",
            &format!("Content-Language: {}\r\n", lang.tag()),
        );
        // The first line is a comment: Firefox (153) treats the stream as open only after its first byte.
        bytes.extend_from_slice(b":\n\n");
        return Reply::Events(bytes);
    }
    match FILES.iter().find(|(name, ..)| *name == path) {
        Some((_, media_type, content)) => {
            let mut bytes = head("200 OK", media_type, &length(content));
            bytes.extend_from_slice(content);
            Reply::Whole(bytes)
        }
        None => failure("404 Not Found", Some(NOT_FOUND.get(lang))),
    }
}

/// An event in the form of the stream: one line of JSON after `data:`, and an empty line.
#[must_use]
pub fn event(line: &str) -> String {
    format!("data: {}\n\n", line.trim_end())
}

/// Whether the request names this server by its address, and comes from one of its own pages, if it comes from a page.
///
/// A name in `Host` could belong to an attacker who made it resolve to this machine (DNS rebinding); an address cannot.
/// A page cannot forge `Origin` (RFC 6454 section 7).
fn is_from_our_own_page(fields: Fields<'_>) -> bool {
    let Some(host) = fields.get(FieldName::Host) else {
        return false;
    };
    let name = host_without_port(host);
    let is_address = name == b"localhost" || str::from_utf8(name).is_ok_and(|name| name.parse::<IpAddr>().is_ok());
    let is_own_origin = |origin: &[u8]| origin.strip_prefix(b"http://") == Some(host);
    is_address && fields.get(FieldName::Origin).is_none_or(is_own_origin)
}

/// The host of `Host`, without brackets (RFC 3986 section 3.2.2).
fn host_without_port(host: &[u8]) -> &[u8] {
    match host.strip_prefix(b"[") {
        Some(rest) => rest.split(|&byte| byte == b']').next().unwrap_or_default(),
        None => host.split(|&byte| byte == b':').next().unwrap_or_default(),
    }
}

/// A response without the page: its status, and what the user can do.
fn failure(status: &str, cure: Option<&str>) -> Reply {
    let content = [Some(status), cure]
        .into_iter()
        .flatten()
        .map(|line| format!("{line}\n"));
    let content = content.collect::<String>();
    let mut bytes = head(status, "text/plain; charset=utf-8", &length(content.as_bytes()));
    bytes.extend_from_slice(content.as_bytes());
    Reply::Whole(bytes)
}

fn length(content: &[u8]) -> String {
    format!("Content-Length: {}\r\n", content.len())
}

/// A head with one additional field line.
fn head(status: &str, media_type: &str, field: &str) -> Vec<u8> {
    // The page has its own styles, and loads nothing from other sites.
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\n{field}Cache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\n\
         Content-Security-Policy: default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'\r\n\
         Connection: close\r\n\r\n"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn status(method: Method, path: &str, fields: &[(&str, &str)]) -> String {
        let pairs: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        let request = Request {
            method,
            target: Target::Resource { path, query: None },
            fields: Fields::from_pairs(&pairs),
        };
        let (Reply::Whole(bytes) | Reply::Events(bytes)) = reply(Some(&request), Lang::Es);
        String::from_utf8(bytes).unwrap().split(' ').nth(1).unwrap().to_owned()
    }

    #[test]
    fn only_a_browser_that_uses_the_address_gets_a_response() {
        for (fields, expected) in [
            (&[("Host", "127.0.0.1:8088")][..], "200"),
            (&[("Host", "localhost:8088")], "200"),
            (&[("Host", "[::1]:8088")], "200"),
            (&[("Host", "192.0.2.7")], "200"),
            (
                &[("Host", "127.0.0.1:8088"), ("Origin", "http://127.0.0.1:8088")],
                "200",
            ),
            // A page of another site, and a name that was made to resolve to this machine.
            (&[("Host", "127.0.0.1:8088"), ("Origin", "http://evil.example")], "403"),
            (
                &[("Host", "127.0.0.1:8088"), ("Origin", "http://127.0.0.1:8080")],
                "403",
            ),
            (&[("Host", "127.0.0.1:8088"), ("Origin", "null")], "403"),
            (&[("Host", "evil.example:8088")], "403"),
            (&[("Host", "localhost.evil.example")], "403"),
            (&[], "403"),
        ] {
            for path in ["/", EVENTS] {
                assert_eq!(status(Method::Get, path, fields), expected, "{path} {fields:?}");
            }
        }
    }

    #[test]
    fn who_gets_no_page_is_told_what_to_do() {
        for text in [FORBIDDEN, NOT_FOUND] {
            assert_eq!(text.fault(), None);
        }
        let request = Request {
            method: Method::Get,
            target: Target::Resource { path: "/", query: None },
            fields: Fields::from_pairs(&[("Host", b"teacher.example")]),
        };
        let Reply::Whole(bytes) = reply(Some(&request), Lang::Es) else {
            panic!("a stream");
        };
        let response = String::from_utf8(bytes).unwrap();
        let (head, content) = response.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{head}");
        assert!(
            content.contains("Abre el inspector con la dirección que mostró el servidor"),
            "{content}"
        );
    }

    #[expect(clippy::disallowed_methods, reason = "a test may read the repository")]
    #[test]
    fn only_the_page_and_its_files_are_served() {
        let own = [("Host", "127.0.0.1")];
        for (path, ..) in FILES {
            assert_eq!(status(Method::Get, path, &own), "200", "{path}");
        }
        assert_eq!(status(Method::Get, "/../Cargo.toml", &own), "404");
        assert_eq!(status(Method::Head, "/", &own), "405");
        assert_eq!(reply(None, Lang::En), failure("400 Bad Request", None));
        let mut known: Vec<_> = FILES.iter().map(|(path, ..)| path.trim_start_matches('/')).collect();
        known.push("index.html");
        for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/inspector")).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            assert!(known.contains(&name.as_str()), "inspector/{name} is not served");
        }
    }

    #[test]
    fn the_stream_names_the_language_of_its_events() {
        let request = Request {
            method: Method::Get,
            target: Target::Resource {
                path: EVENTS,
                query: None,
            },
            fields: Fields::from_pairs(&[("Host", b"127.0.0.1")]),
        };
        for (lang, field) in [
            (Lang::En, "\r\nContent-Language: en\r\n"),
            (Lang::Es, "\r\nContent-Language: es\r\n"),
        ] {
            let Reply::Events(bytes) = reply(Some(&request), lang) else {
                panic!("no events");
            };
            let head = String::from_utf8(bytes).unwrap();
            assert!(head.contains(field), "{head}");
        }
    }

    #[test]
    fn the_page_stays_small() {
        let size: usize = FILES.iter().map(|(.., content)| content.len()).sum();
        assert!(size < 100_000, "{size}");
    }
}
