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
