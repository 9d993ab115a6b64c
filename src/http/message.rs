//! Requests and responses as RFC 9110 section 6 describes them: what they mean, not how they are sent.
//!
//! `http1` parses bytes into a request and encodes a response as bytes; `site` makes the response to a request.

use super::{FieldSection, Fields, Method, Status};
use std::borrow::Cow;

/// A request, borrowed from the bytes that carried it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method: what is to be done.
    pub method: Method,
    /// The target resource: what the method is applied to.
    pub target: Target<'a>,
    /// The field section; empty for HTTP/0.9.
    pub fields: Fields<'a>,
}

/// The target resource (RFC 9110 section 7.1), whichever form the request-target had.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target<'a> {
    /// A resource of this server: the path as received, which begins with `/` and is still percent-encoded; and the
    /// query after `?`, if there was one.
    Resource {
        /// The path (RFC 3986 section 3.3). It has only characters that the RFC allows.
        path: &'a str,
        /// The query (RFC 3986 section 3.4) without the `?`.
        query: Option<&'a str>,
    },
    /// `*`: the server itself. It occurs only with OPTIONS (RFC 9110 section 7.1).
    Server,
    /// The authority of a tunnel. It occurs only with CONNECT.
    Tunnel,
}

/// A response, whose content may have slices of files of kind `F`.
#[derive(Clone, Debug)]
pub struct Response<F> {
    /// The status code.
    pub status: Status,
    /// The field section without the framing fields (`Content-Length`, `Connection`): `http1` adds those.
    pub fields: FieldSection,
    /// The content. In a response to HEAD, this is the content of the response to GET.
    pub content: Content<F>,
}

impl<F> Response<F> {
    /// The value of `Content-Length`: for HEAD, that of the response to GET. `None` where the status forbids the field
    /// (RFC 9110 section 8.6).
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        (!self.status.forbids_content()).then(|| self.content.length())
    }

    /// The content to send after the head. It is empty for HEAD (RFC 9110 section 9.3.2) and for a status that forbids
    /// content (section 6.4.1). Every front end sends this.
    #[must_use]
    pub fn into_body(self, is_to_head: bool) -> Content<F> {
        if is_to_head || self.status.forbids_content() {
            Content::empty()
        } else {
            self.content
        }
    }
}

/// The content of a response: pieces that are sent one after the other.
#[derive(Clone, Debug)]
pub struct Content<F>(pub Vec<Piece<F>>);

/// One run of content.
#[derive(Clone, Debug)]
pub enum Piece<F> {
    /// Bytes in memory.
    Bytes(Cow<'static, [u8]>),
    /// A slice of a file, which is read when it is sent.
    Slice {
        /// The open file.
        file: F,
        /// Where the slice begins, in bytes from the start of the file.
        offset: u64,
        /// The length of the slice in bytes.
        length: u64,
    },
}

impl<F> Content<F> {
    /// No content.
    #[must_use]
    pub fn empty() -> Self {
        Self(Vec::new())
    }

    /// Content made of the given text or bytes.
    #[must_use]
    pub fn bytes(bytes: impl Into<Cow<'static, [u8]>>) -> Self {
        Self(vec![Piece::Bytes(bytes.into())])
    }

    /// The number of bytes: the value of `Content-Length`.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.0.iter().map(Piece::length).fold(0, u64::saturating_add)
    }
}

impl<F> Piece<F> {
    /// The number of bytes in the piece.
    #[must_use]
    pub fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Slice { length, .. } => *length,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_head_depends_on_the_method_and_the_status() {
        for (status, is_to_head, length, body) in [
            (Status::OK, false, Some(5), 5),
            (Status::NOT_FOUND, false, Some(5), 5),
            // RFC 9110 section 9.3.2
            (Status::OK, true, Some(5), 0),
            (Status::NOT_FOUND, true, Some(5), 0),
            // RFC 9110 sections 15.3.5, 15.4.5 and 8.6
            (Status::NO_CONTENT, false, None, 0),
            (Status::NOT_MODIFIED, false, None, 0),
            (Status::NOT_MODIFIED, true, None, 0),
        ] {
            let response = Response::<()> {
                status,
                fields: FieldSection::default(),
                content: Content::bytes(&b"hello"[..]),
            };
            assert_eq!(response.content_length(), length, "{status:?}");
            assert_eq!(response.into_body(is_to_head).length(), body, "{status:?} {is_to_head}");
        }
    }
}
