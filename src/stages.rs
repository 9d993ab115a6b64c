//! The exported interface `stages` (see `wit/world.wit`): single steps of the server's way, called by hand.
//!
//! No step is done here: each function hands its arguments to the code that the server runs, and its outcome back. They
//! serve as a server without options does.

use crate::shell::clock::Clock;
use crate::shell::content::Folder;
use crate::start;
use aula::config;
use aula::http::Explanation;
use aula::http1::{Connection, Event, Received, Reject, Version};
use aula::site::resolve;
use aula::site::{Decision, ResourcePath, Site};
use exports::aula::server::stages::{Field, Found, Guest, Refusal, Request, Response};
use std::rc::Rc;

wit_bindgen::generate!({ world: "server", path: "wit" });

/// How much content a request may be given, in bytes: as much as a server without options reads past.
const MOST_CONTENT: usize = 1024 * 1024;

struct Stages;

export!(Stages);

impl Guest for Stages {
    fn parse(bytes: String) -> Result<Option<Request>, Refusal> {
        let mut connection = connection()?;
        connection.receive(bytes.as_bytes(), 0);
        match connection.next_event() {
            Ok(Event::Request(received)) => Ok(Some(request(&received))),
            Ok(_) => Ok(None),
            Err(reject) => Err(refusal(reject.explanation())),
        }
    }

    fn resolve(target: String) -> Result<Found, Refusal> {
        let (site, folder) = site()?;
        let path = target.split('?').next().unwrap_or_default();
        let path =
            ResourcePath::resolve(path, site.hidden).map_err(|error| refusal(Decision::from(error).explanation()))?;
        match resolve::resolve(&site, &path, &folder) {
            resolve::Found::File { path, .. } => Ok(Found::File(path.name().to_owned())),
            resolve::Found::Directory => Ok(Found::Directory(path.name().to_owned())),
            resolve::Found::Redirect(to) => Ok(Found::Redirect(to.to_string())),
            resolve::Found::NoIndex => Err(refusal(Decision::NoIndex.explanation())),
            resolve::Found::Nothing(error) => Err(refusal(Decision::from(error).explanation())),
        }
    }

    fn respond(request: Request) -> Response {
        try_respond(&request).unwrap_or_else(|refusal| Response {
            status: refusal.status,
            fields: Vec::new(),
            content_length: 0,
        })
    }
}

/// Writes the request as bytes and answers those: there is no other way into the server.
fn try_respond(request: &Request) -> Result<Response, Refusal> {
    let (site, folder) = site()?;
    let mut connection = connection()?;
    connection.receive(&written(request), 0);
    let now = Clock::default().now().unix;
    let response = match connection.next_event() {
        Ok(Event::Request(received)) => aula::site::respond(&site, &received.request, &folder, now).response,
        Ok(_) => return Err(refusal(Reject::Incomplete.explanation())),
        Err(reject) => aula::site::refuse(&site, &reject.explanation(), now),
    };
    Ok(Response {
        status: response.status.code(),
        content_length: response.content.length(),
        fields: response
            .fields
            .iter()
            .map(|(name, value)| Field {
                name: (*name).to_owned(),
                value: value.to_string(),
            })
            .collect(),
    })
}

/// The request as it travels in its version: what `parse` makes a request of, with zeros for the content that a request
/// does not hold.
fn written(request: &Request) -> Vec<u8> {
    let (method, target) = (&request.method, &request.target);
    if request.version == "HTTP/0.9" {
        return format!("{method} {target}\r\n").into_bytes();
    }
    let mut bytes = format!("{method} {target} {}\r\n", request.version).into_bytes();
    for Field { name, value } in &request.fields {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    let value_of = |wanted| {
        let field = request
            .fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(wanted));
        field.map(|field| field.value.as_str())
    };
    if value_of("Transfer-Encoding").is_some() {
        bytes.extend_from_slice(b"0\r\n\r\n");
    } else if let Some(length) = value_of("Content-Length").and_then(|value| value.parse::<usize>().ok()) {
        // More than the server reads past is refused for the head alone.
        bytes.resize(bytes.len().saturating_add(length.min(MOST_CONTENT)), 0);
    }
    bytes
}

/// A connection as a server without options has it.
fn connection() -> Result<Connection<()>, Refusal> {
    let config = config::defaults().map_err(|error| refused(500, &error.to_string()))?;
    Ok(Connection::new(Rc::new(aula::settings::rules(&config)), 0))
}

/// The granted folder, and how a server without options serves it.
fn site() -> Result<(Site, Folder), Refusal> {
    let (folder, _) = Folder::open(None, 0).map_err(|_| refused(500, "No folder is granted: write --dir www."))?;
    let site = config::defaults()
        .and_then(|config| start::site(&config))
        .map_err(|error| refused(500, &error.to_string()))?;
    Ok((site, folder))
}

fn request(received: &Received<'_>) -> Request {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Request {
        method: text(received.method),
        target: text(received.target),
        version: match received.version {
            Version::Http09 => "HTTP/0.9",
            Version::Http10 => "HTTP/1.0",
            Version::Http11 => "HTTP/1.1",
        }
        .to_owned(),
        fields: received
            .request
            .fields
            .iter()
            .map(|(name, value)| Field {
                name: text(name),
                value: text(value),
            })
            .collect(),
    }
}

fn refusal(explanation: Explanation) -> Refusal {
    Refusal {
        status: explanation.status.code(),
        reason: explanation.meaning.en.to_owned(),
        rule: explanation.section.to_owned(),
    }
}

/// What is wrong with the call, and not with the request.
fn refused(status: u16, reason: &str) -> Refusal {
    Refusal {
        status,
        reason: reason.to_owned(),
        rule: String::new(),
    }
}
