//! The head of a response as bytes (RFC 9112 sections 4 and 5), with the fields that frame it.
//!
//! ```text
//! status-line = HTTP-version SP status-code SP [ reason-phrase ]
//! status-code = 3DIGIT
//! field-line  = field-name ":" OWS field-value OWS
//! ```

use super::persistence::Persistence;
use crate::http::Response;
use std::mem;

/// The interim response for a client that waits for it before sending its content (RFC 9110 section 15.2.1).
pub const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// The status line, the fields and the empty line. Takes the field section out of `response`: the head is made in its
/// memory.
pub fn head<F>(response: &mut Response<F>, persistence: Persistence) -> Vec<u8> {
    let mut head = mem::take(&mut response.fields).into_text();
    head.insert_str(0, response.status.line());
    if let Some(length) = response.content_length() {
        head.push_str("Content-Length: ");
        head.push_str(itoa::Buffer::new().format(length));
        head.push_str("\r\n");
    }
    match persistence {
        Persistence::Persistent => {}
        Persistence::KeptAlive => head.push_str("Connection: keep-alive\r\n"),
        Persistence::Close(_) => head.push_str("Connection: close\r\n"),
    }
    head.push_str("\r\n");
    head.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Content, Status};
    use crate::http1::CloseReason;

    #[test]
    fn a_head_frames_its_content() {
        for (status, persistence, expected) in [
            // RFC 9110 section 8.6, RFC 9112 section 9.3
            (
                Status::OK,
                Persistence::Persistent,
                "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 5\r\n\r\n",
            ),
            (
                Status::NOT_FOUND,
                Persistence::Close(CloseReason::CloseOption),
                "HTTP/1.1 404 Not Found\r\nA: b\r\nContent-Length: 5\r\nConnection: close\r\n\r\n",
            ),
            (
                Status::OK,
                Persistence::KeptAlive,
                "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n",
            ),
            // RFC 9110 section 8.6: no Content-Length with 204; section 15.4.5: none needed with 304
            (
                Status::NO_CONTENT,
                Persistence::Persistent,
                "HTTP/1.1 204 No Content\r\nA: b\r\n\r\n",
            ),
            (
                Status::NOT_MODIFIED,
                Persistence::Persistent,
                "HTTP/1.1 304 Not Modified\r\nA: b\r\n\r\n",
            ),
        ] {
            let mut response = Response::<()> {
                status,
                fields: [("A", "b")].into(),
                content: Content::bytes(&b"hello"[..]),
            };
            let bytes = head(&mut response, persistence);
            assert_eq!(String::from_utf8(bytes).unwrap(), expected);
        }
    }
}
