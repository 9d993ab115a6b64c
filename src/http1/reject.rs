//! Everything that can be wrong with a request as a message: one value for each, which already is its answer.
//!
//! Every reject ends the connection: after it, where the next request begins is not known for sure
//! (RFC 9112 sections 6.3 and 9.6), or the client has shown that it does not speak HTTP.

use crate::http::Status;

/// Declares each reject once: its meaning, status, the sentence for the client, and the rule it breaks.
macro_rules! rejects {
    ($($(#[doc = $doc:literal])* $name:ident: $status:ident, $reason:literal, $section:literal;)*) => {
        /// Why a request is refused before anyone asks what it means.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Reject {
            $($(#[doc = $doc])* $name,)*
        }

        impl Reject {
            /// Every reject there is.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The status code of the answer.
            #[must_use]
            pub fn status(self) -> Status {
                match self { $(Self::$name => Status::$status,)* }
            }

            /// What is wrong, for the person who wrote the client.
            #[must_use]
            pub fn reason(self) -> &'static str {
                match self { $(Self::$name => $reason,)* }
            }

            /// The rule that the request breaks.
            #[must_use]
            pub fn section(self) -> &'static str {
                match self { $(Self::$name => $section,)* }
            }
        }
    };
}

rejects! {
    // The request line.
    /// The first byte can begin no request: most often a TLS handshake sent to a plain port.
    NotHttp: BAD_REQUEST, "The first byte cannot begin a request line (is this TLS on a plain port?).", "RFC 9112 section 3";
    /// More than one empty line before the request line.
    EmptyLines: BAD_REQUEST, "More than one empty line stands before the request line.", "RFC 9112 section 2.2";
    /// A line feed without a carriage return ends a line of HTTP/1.x.
    BareLineFeed: BAD_REQUEST, "A line ends with LF alone; lines end with CR LF.", "RFC 9112 section 2.2";
    /// A carriage return that no line feed follows.
    BareCarriageReturn: BAD_REQUEST, "A CR stands without the LF that makes it a line end.", "RFC 9112 section 2.2";
    /// Not two or three words with one space between them.
    RequestLineWords: BAD_REQUEST, "The request line is not a method, a target and a version with one space between them.", "RFC 9112 section 3";
    /// The method is not a token.
    MethodSyntax: BAD_REQUEST, "The method is not a token.", "RFC 9110 section 9.1";
    /// The method is longer than every registered one.
    MethodTooLong: BAD_REQUEST, "The method is longer than any that is registered.", "RFC 9112 section 3";
    /// The third word is not `HTTP/` digit `.` digit.
    VersionSyntax: BAD_REQUEST, "The version is not HTTP/ followed by a digit, a dot and a digit.", "RFC 9112 section 2.3";
    /// A major version that is not 1.
    VersionMajor: VERSION_NOT_SUPPORTED, "Only major version 1 of HTTP is spoken here.", "RFC 9110 section 15.6.6";
    /// Two words where only HTTP/1.x is spoken.
    SimpleRequestRefused: BAD_REQUEST, "The request line has no version, and HTTP/0.9 is switched off.", "RFC 9112 section 3";
    /// Two words, the first of them not GET.
    SimpleRequestMethod: BAD_REQUEST, "A request line without a version is HTTP/0.9, which has the method GET alone.", "HTTP/0.9 (1991)";
    /// The request line is longer than the limit.
    RequestLineTooLong: URI_TOO_LONG, "The request line is longer than this server reads.", "RFC 9112 section 3";

    // The request-target.
    /// In none of the forms that its method allows.
    TargetForm: BAD_REQUEST, "The request-target has none of the forms that its method allows.", "RFC 9112 section 3.2";
    /// A character that no URI has, a fragment, or a broken percent-triplet.
    TargetSyntax: BAD_REQUEST, "The request-target has a character that no URI path or query has, or a broken percent-triplet.", "RFC 3986 sections 2.1 and 3.3";
    /// A target whose scheme asks for a secured connection.
    Misdirected: MISDIRECTED_REQUEST, "The target is an https resource, and this connection is not secured.", "RFC 9110 section 7.4";

    // Field lines.
    /// A field line begins with white space.
    LineFolding: BAD_REQUEST, "A field line begins with white space (line folding is obsolete).", "RFC 9112 section 5.2";
    /// A line of the field section has no colon.
    NoColon: BAD_REQUEST, "A field line has no colon.", "RFC 9112 section 5";
    /// White space between the name and the colon.
    SpaceBeforeColon: BAD_REQUEST, "White space stands between a field name and its colon.", "RFC 9112 section 5.1";
    /// The name is empty or not a token.
    FieldName: BAD_REQUEST, "A field name is empty or has a character that tokens do not have.", "RFC 9110 section 5.1";
    /// A control character in a value.
    FieldValue: BAD_REQUEST, "A field value has a control character.", "RFC 9110 section 5.5";
    /// A field that can stand only once is repeated.
    RepeatedField: BAD_REQUEST, "A field that can stand only once is repeated.", "RFC 9110 section 5.3";
    /// The field section is longer than the limit.
    FieldsTooLarge: FIELDS_TOO_LARGE, "The field section is longer than this server reads.", "RFC 6585 section 5";
    /// More field lines than the limit.
    TooManyFields: FIELDS_TOO_LARGE, "The request has more fields than this server reads.", "RFC 6585 section 5";

    // Host.
    /// HTTP/1.1 without Host.
    HostMissing: BAD_REQUEST, "The request has no Host field.", "RFC 9112 section 3.2";
    /// Not one host with an optional port.
    HostSyntax: BAD_REQUEST, "The Host field is not one host with an optional port.", "RFC 9110 section 7.2";

    // Framing.
    /// Transfer-Encoding and Content-Length together.
    LengthAndEncoding: BAD_REQUEST, "Transfer-Encoding and Content-Length stand in one request.", "RFC 9112 section 6.3";
    /// Transfer-Encoding in HTTP/1.0.
    EncodingInHttp10: BAD_REQUEST, "HTTP/1.0 has no Transfer-Encoding.", "RFC 9112 section 6.1";
    /// Something else than `chunked` once.
    Encoding: BAD_REQUEST, "The Transfer-Encoding is not chunked, once.", "RFC 9112 section 6.3";
    /// A transfer coding that is not known here.
    EncodingUnknown: NOT_IMPLEMENTED, "The transfer coding is not known to this server.", "RFC 9112 section 6.1";
    /// Not a plain decimal number.
    ContentLength: BAD_REQUEST, "The Content-Length is not one plain decimal number.", "RFC 9110 section 8.6";
    /// More content than is read.
    BodyTooLarge: CONTENT_TOO_LARGE, "The request has more content than this server reads.", "RFC 9110 section 15.5.14";
    /// A chunk size that is no hexadecimal number, or too large a one.
    ChunkSize: BAD_REQUEST, "A chunk size is not a hexadecimal number of at most sixteen digits.", "RFC 9112 section 7.1";
    /// An extension that does not follow the grammar, or too many of them.
    ChunkExtension: BAD_REQUEST, "A chunk extension is malformed, or the extensions are too long.", "RFC 9112 section 7.1.1";
    /// A chunk's data is not followed by CR LF, or its line does not end with it.
    ChunkEnd: BAD_REQUEST, "A chunk does not end with CR LF.", "RFC 9112 section 7.1";
    /// An expectation other than 100-continue.
    Expectation: EXPECTATION_FAILED, "The expectation is not 100-continue.", "RFC 9110 section 10.1.1";

    // Time and ends.
    /// The head did not come in time.
    HeadTimeout: REQUEST_TIMEOUT, "The request's head did not arrive in time.", "RFC 9110 section 15.5.9";
    /// The content did not come in time.
    BodyTimeout: REQUEST_TIMEOUT, "The request's content did not arrive in time.", "RFC 9110 section 15.5.9";
    /// The client ended its side in the middle of a request.
    Incomplete: BAD_REQUEST, "The connection was ended before the request was complete.", "RFC 9112 section 8";
    /// The server has no place for the connection.
    Busy: SERVICE_UNAVAILABLE, "The server has as many connections as it may hold.", "RFC 9110 section 15.6.4";
}
