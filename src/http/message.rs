//! A request and a response as RFC 9110 section 6 means them: what they say, not how they travel.
//!
//! `http1` makes the request from bytes and turns the response into bytes; `site` answers the one with the other.

use super::{FieldValue, Fields, Method, Status};
use std::borrow::Cow;

/// What a request asks, borrowed from the bytes that carried it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// What is to be done.
    pub method: Method,
    /// What it is to be done to.
    pub target: Target<'a>,
    /// The field section; empty for HTTP/0.9.
    pub fields: Fields<'a>,
}

/// The target resource (RFC 9110 section 7.1), whichever form the request-target had.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target<'a> {
    /// A resource of this server: the path as received, beginning with `/`, with its percent-triplets; and the
    /// query after `?`, if there was one.
    Resource {
        /// RFC 3986 section 3.3; only characters that it allows.
        path: &'a str,
        /// RFC 3986 section 3.4, without the `?`.
        query: Option<&'a str>,
    },
    /// `*`: the server itself; with OPTIONS alone (RFC 9110 section 7.1).
    Server,
    /// An authority to open a tunnel to; with CONNECT alone.
    Tunnel,
}

/// An answer, whose content may hold slices of files of kind `F`. `'s` is the lifetime of the site's own settings.
#[derive(Clone, Debug)]
pub struct Response<'s, F> {
    /// The status code.
    pub status: Status,
    /// The field lines in the order they are sent. Framing fields (`Content-Length`, `Connection`) are not among
    /// them: `http1` adds those.
    pub fields: Vec<(&'s str, FieldValue<'s>)>,
    /// What follows the head: for HEAD, what would follow it.
    pub content: Content<F>,
}

impl<F> Response<'_, F> {
    /// The value of `Content-Length`: for HEAD, that of the response to GET. `None` where the status forbids the field
    /// (RFC 9110 section 8.6).
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        (!self.status.forbids_content()).then(|| self.content.length())
    }

    /// What follows the head: nothing after HEAD (RFC 9110 section 9.3.2) and after a status that forbids content
    /// (section 6.4.1), and the content otherwise. Every front end sends this.
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
    /// Bytes that are there already.
    Bytes(Cow<'static, [u8]>),
    /// A slice of a file, read when it is sent.
    Slice {
        /// The open file.
        file: F,
        /// Where the slice begins, in bytes from the file's start.
        offset: u64,
        /// How many bytes it has.
        length: u64,
    },
}

impl<F> Content<F> {
    /// No content.
    #[must_use]
    pub fn empty() -> Self {
        Self(Vec::new())
    }

    /// Content that is made of the text or bytes given.
    #[must_use]
    pub fn bytes(bytes: impl Into<Cow<'static, [u8]>>) -> Self {
        Self(vec![Piece::Bytes(bytes.into())])
    }

    /// How many bytes it has: the value of `Content-Length`.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.0.iter().map(Piece::length).fold(0, u64::saturating_add)
    }
}

impl<F> Piece<F> {
    /// How many bytes the piece has.
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
                fields: Vec::new(),
                content: Content::bytes(&b"hello"[..]),
            };
            assert_eq!(response.content_length(), length, "{status:?}");
            assert_eq!(response.into_body(is_to_head).length(), body, "{status:?} {is_to_head}");
        }
    }
}
