//! The exported interface `stages` (see `wit/world.wit`): single steps of the server, which can be called by hand.
//!
//! Each function passes its arguments to the code that the server runs, and returns the result. The configuration is
//! that of a server without options.

use crate::shell::clock::Clock;
use crate::shell::content::Folder;
use aula::config;
use aula::http::{self, Explanation, Fields, Method, Version};
use aula::http1::{Connection, Event, Received, request_target};
use aula::site::resolve;
use aula::site::{Decision, ResourcePath, Site};
use aula::time::Instant;
use exports::aula::server::stages::{Field, Found, Guest, Refusal, Request, Response};
use std::rc::Rc;

wit_bindgen::generate!({ world: "server", path: "wit" });

struct Stages;

export!(Stages);

impl Guest for Stages {
    fn parse(bytes: String) -> Result<Option<Request>, Refusal> {
        let mut connection = connection()?;
        connection.receive(bytes.as_bytes(), Instant::ORIGIN);
        match connection.next_event() {
            Ok(Event::Request(received)) => Ok(Some(request(&received))),
            Ok(_) => Ok(None),
            Err(rejection) => Err(refusal(rejection.explanation())),
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

/// Makes the response to the request as it is given. Everything that `parse` returns is accepted; only the target is
/// parsed again, because nothing else gives its meaning.
fn try_respond(request: &Request) -> Result<Response, Refusal> {
    let (site, folder) = site()?;
    let now = Clock::default().now().unix;
    let method = Method::from_token(request.method.as_bytes());
    let target = request.target.as_bytes();
    let fields = request
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.value.as_bytes()));
    let fields: Vec<_> = fields.collect();
    let response = match request_target::parse(target, method) {
        Ok(parsed) => {
            let request = http::Request {
                method,
                target: parsed.of(target),
                fields: Fields::from_pairs(&fields),
            };
            aula::site::respond(&site, &request, &folder, now).response
        }
        Err(rejection) => aula::site::refuse(&site, &rejection.explanation(), None, now),
    };
    Ok(Response {
        status: response.status.code(),
        content_length: response.content.length(),
        fields: response
            .fields
            .iter()
            .map(|(name, value)| Field {
                name: name.to_owned(),
                value: value.to_owned(),
            })
            .collect(),
    })
}

/// A connection of a server without options.
fn connection() -> Result<Connection<()>, Refusal> {
    let config = config::defaults().map_err(|error| refused(500, &error.to_string()))?;
    Ok(Connection::new(Rc::new(config.rules), Instant::ORIGIN))
}

/// The granted folder, and the site of a server without options.
fn site() -> Result<(Site, Folder), Refusal> {
    let (folder, _) = Folder::open(None, 0).map_err(|_| refused(500, "No folder is granted: write --dir www."))?;
    let config = config::defaults().map_err(|error| refused(500, &error.to_string()))?;
    Ok((config.site, folder))
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

/// An error in the call, not in the request.
fn refused(status: u16, reason: &str) -> Refusal {
    Refusal {
        status,
        reason: reason.to_owned(),
        rule: String::new(),
    }
}
