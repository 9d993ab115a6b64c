//! The HTTP version of a request (RFC 9110 section 2.5).

/// The version of a request, which decides the form of the response.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Version {
    /// HTTP/0.9: the request line has no version. The response is bare content, and then the connection ends.
    Http09,
    /// HTTP/1.0: the connection ends after one response, unless the client asks to keep it.
    Http10,
    /// HTTP/1.1 or any later minor version (RFC 9110 section 2.5).
    Http11,
}
