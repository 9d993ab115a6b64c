//! Whether the server gives away what is outside its folder.
//!
//! A server that responds with 200 to everything, or has a file of that very name in its folder, is not at fault here:
//! each request with dots or a second slash is held against the plain one, and what is the same is excused. So is one
//! of which every line is known: of the plain response, of the page, or of the request that comes back.

use super::endurance::GONE;
use crate::faults;
use crate::request::MISSING;
use crate::response::{self, Response};
use crate::script::{End, Transcripts};
use crate::target::Target;
use crate::verdict::Verification;
use std::ops::Range;

/// The ways out that are tried: a request-target, and the plain path that is asked for to compare.
pub const WAYS_OUT: [(&str, &str); 6] = [
    ("/../secret.txt", "/secret.txt"),
    ("/%2e%2e/secret.txt", "/secret.txt"),
    ("//etc/passwd", "/etc/passwd"),
    ("/../../../../../../../../etc/passwd", "/etc/passwd"),
    (
        "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/etc/passwd",
    ),
    // A server that opens the path with its slash serves the whole machine, with no dots at all.
    ("/etc/passwd", MISSING),
];

faults! {
    /// Something came.
    LEAK {
        "In response to {target} the server sends a file from outside its folder.",
        "En respuesta a {target} el servidor envía un archivo de fuera de su carpeta.";
        "Before open, decode the path (urllib.parse.unquote turns %2e back into a dot), and respond with 404 if it contains \"..\" or begins with \"//\": open(\"../secret.txt\") and open(\"/etc/passwd\") leave your folder. Or respond with 404 if os.path.realpath of the name is not inside your folder.",
        "Antes de open, decodifica la ruta (urllib.parse.unquote convierte %2e en un punto) y responde 404 si contiene \"..\" o empieza por \"//\": open(\"../secret.txt\") y open(\"/etc/passwd\") salen de tu carpeta. O responde 404 si el os.path.realpath del nombre no está dentro de tu carpeta."
    }
    /// The path is opened as it comes.
    LEAK_FROM_ROOT {
        "In response to {target} the server sends a file from outside its folder.",
        "En respuesta a {target} el servidor envía un archivo de fuera de su carpeta.";
        "Open the path without its first \"/\": open(\"/etc/passwd\") leaves your folder. Before that, decode it (urllib.parse.unquote turns %2e back into a dot), and respond with 404 if it contains \"..\" or begins with \"//\". Or respond with 404 if os.path.realpath of the name is not inside your folder.",
        "Abre la ruta sin su primera \"/\": open(\"/etc/passwd\") sale de tu carpeta. Antes decodifícala (urllib.parse.unquote convierte %2e en un punto) y responde 404 si contiene \"..\" o empieza por \"//\". O responde 404 si el os.path.realpath del nombre no está dentro de tu carpeta."
    }
}

/// `traversal`: way number N is on connection 2 N, and the plain path after it.
pub fn traversal(target: &Target, transcripts: &Transcripts) -> Verification {
    for (number, (way, plain_path)) in WAYS_OUT.into_iter().enumerate() {
        let connection = number.saturating_mul(2);
        let plain_connection = connection.saturating_add(1);
        let response = response::read(&transcripts.at(connection).received);
        let plain = response::read(&transcripts.at(plain_connection).received);
        let is_success = |response: &Response| matches!(response.status(), None | Some(200));
        // An error page may quote the name.
        let is_the_same = || is_success(&plain) && without(&response, way) == without(&plain, plain_path);
        let known = [
            plain.bytes,
            &transcripts.at(connection).sent,
            target.page_content().unwrap_or_default(),
        ];
        if let Some(place) = strange(&response, &known).filter(|_| is_success(&response) && !is_the_same()) {
            let fault = if sends_passwd(transcripts) {
                LEAK_FROM_ROOT
            } else {
                LEAK
            };
            return Err(fault.at(connection, place).with("target", way).into());
        }
        for asked in [connection, plain_connection] {
            if transcripts.at(asked).end == End::Refused {
                let failure = GONE.at(asked, 0..0);
                let before = asked.checked_sub(1);
                return Err(match before {
                    Some(before) => failure.after(before),
                    None => failure,
                }
                .into());
            }
        }
    }
    Ok(())
}

/// Whether the response to the last way out has the file that it names.
#[must_use]
pub fn sends_passwd(transcripts: &Transcripts) -> bool {
    let connection = WAYS_OUT.len().saturating_sub(1).saturating_mul(2);
    let response = response::read(&transcripts.at(connection).received);
    response.status() == Some(200) && lines(&response.content()).any(|line| line.starts_with(b"root:"))
}

/// From the first line that is not known to the last one. A field is known, as it may stand there without a head's end.
fn strange(response: &Response, known: &[&[u8]]) -> Option<Range<usize>> {
    let given = given(response);
    let mut next = given.start;
    let mut found: Option<Range<usize>> = None;
    for line in response.part(&given).split_inclusive(|&byte| byte == b'\n') {
        let start = next;
        next = start.saturating_add(line.len());
        let line = line.trim_ascii();
        let is_known = line.is_empty()
            || response::is_known_field_line(line)
            || known.iter().any(|bytes| lines(bytes).any(|other| other == line));
        if !is_known {
            found = Some(found.map_or(start, |found| found.start)..next);
        }
    }
    found
}

/// What may be a file's bytes: the content; where no empty line ends the head, everything after the status line, as the
/// lines of a file can look like fields.
fn given(response: &Response) -> Range<usize> {
    let start = match (&response.blank, &response.status_line) {
        (None, Some(status_line)) => status_line.next,
        _ => response.content_start,
    };
    start..response.bytes.len()
}

/// The lines that are not empty.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    lines.filter(|line| !line.is_empty())
}

/// The content without a name that it may quote, however that is written.
fn without(response: &Response, name: &str) -> String {
    let content = match response.blank {
        Some(_) => response.content(),
        None => response.part(&given(response)).into(),
    };
    let decoded = name.replace("%2e", ".");
    String::from_utf8_lossy(&content)
        .replace(name.trim_start_matches('/'), "")
        .replace(decoded.trim_start_matches('/'), "")
        .replace('/', "")
}
