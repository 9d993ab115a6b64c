//! The versions of HTTP that a request may be in (RFC 9110 section 2.5).

/// The version that a request is in, which decides how it is answered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Version {
    /// A line of two words: bare content, then the end of the connection.
    Http09,
    /// HTTP/1.0: one answer, unless the client asks to keep the connection.
    Http10,
    /// HTTP/1.1, and any later minor version (RFC 9110 section 2.5).
    Http11,
}
