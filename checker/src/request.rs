//! The requests that the checks send (RFC 9112 section 3).

use crate::script::{Script, Step, Until};
use crate::target::Target;
use std::fmt::Write;
use std::time::Duration;

/// A name that no server has.
pub const MISSING: &str = "/aula-no-such-file.html";

/// GET as a careful client sends it: the connection is to end with the response (RFC 9112 section 9.6).
#[must_use]
pub fn get(target: &Target, path: &str) -> Vec<u8> {
    with_method(target, "GET", path)
}

/// The same with another method.
#[must_use]
pub fn with_method(target: &Target, method: &str, path: &str) -> Vec<u8> {
    let host = &target.host;
    let path = encoded(path);
    format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: aula-checker\r\nAccept: */*\r\nConnection: close\r\n\r\n")
        .into_bytes()
}

/// GET that leaves it to the server whether the connection goes on, as a browser does.
#[must_use]
pub fn get_persistent(target: &Target, path: &str) -> Vec<u8> {
    let (host, path) = (&target.host, encoded(path));
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: aula-checker\r\nAccept: */*\r\n\r\n").into_bytes()
}

/// HTTP/1.0, which has no Host and ends the connection by itself.
#[must_use]
pub fn get_1_0(path: &str) -> Vec<u8> {
    format!("GET {} HTTP/1.0\r\n\r\n", encoded(path)).into_bytes()
}

/// HTTP/0.9: a single line.
#[must_use]
pub fn get_0_9(path: &str) -> Vec<u8> {
    format!("GET {}\r\n", encoded(path)).into_bytes()
}

/// What `listen` does with a client: reads its request, and sends a response in three pieces with pauses between them,
/// so that one `recv` does not get all of it.
#[must_use]
pub fn response() -> Script {
    let page = "<!DOCTYPE html>\n<title>It came</title>\n<h1>Your request came to the checker.</h1>\n\
                <p>Its terminal says what is right with it, and what is not.</p>\n";
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        page.len()
    );
    let (one, two) = page.split_at_checked(page.len() / 2).unwrap_or((page, ""));
    let script = Script::new().read(0, Until::Request);
    let send = |script: Script, piece: &str| {
        let script = script.step(Step::Send(0, piece.as_bytes().to_vec()));
        script.step(Step::Pause(BETWEEN_PIECES))
    };
    let script = [head.as_str(), one, two].into_iter().fold(script, send);
    script.step(Step::EndSending(0)).read(0, Until::End)
}

/// The pause between two pieces of a response: long enough for a client to have read the one before.
const BETWEEN_PIECES: Duration = Duration::from_millis(200);

/// A path as a request-target: what no URI may have is percent-encoded (RFC 3986 section 2.1); percent signs stay,
/// since who writes one has encoded the path already.
#[must_use]
pub fn encoded(path: &str) -> String {
    let mut encoded = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_encoded_once() {
        // RFC 3986 section 2.1
        for (path, target) in [
            ("/hello.html", "/hello.html"),
            ("/hola mundo.html", "/hola%20mundo.html"),
            ("/hola%20mundo.html", "/hola%20mundo.html"),
            ("/año.html", "/a%C3%B1o.html"),
            ("/../a?x=1", "/../a?x=1"),
            ("/\"\r\n", "/%22%0D%0A"),
        ] {
            assert_eq!(encoded(path), target, "{path}");
        }
    }
}
