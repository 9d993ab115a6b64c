//! The status codes (RFC 9110 section 15) that this server sends, with their reason phrases.

/// A three-digit status code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Status(u16);

/// Declares each status once: its name, code and reason phrase.
macro_rules! statuses {
    ($($name:ident = $code:literal $phrase:literal;)*) => {
        impl Status {
            $(
                #[doc = concat!($code, " ", $phrase)]
                pub const $name: Self = Self($code);
            )*

            /// The reason phrase of RFC 9110 section 15 for the codes named here.
            #[must_use]
            pub fn reason_phrase(self) -> &'static str {
                match self.0 {
                    $($code => $phrase,)*
                    _ => "",
                }
            }

            /// The status line with its CR LF (RFC 9112 section 4). The version is always HTTP/1.1, also in a response
            /// to HTTP/1.0: it is the version that the server supports, not that of the request (RFC 9110 section 2.5).
            #[must_use]
            pub fn line(self) -> &'static str {
                match self.0 {
                    $($code => concat!("HTTP/1.1 ", $code, " ", $phrase, "\r\n"),)*
                    _ => "",
                }
            }
        }
    };
}

statuses! {
    CONTINUE = 100 "Continue";
    OK = 200 "OK";
    NO_CONTENT = 204 "No Content";
    PARTIAL_CONTENT = 206 "Partial Content";
    MOVED_PERMANENTLY = 301 "Moved Permanently";
    NOT_MODIFIED = 304 "Not Modified";
    BAD_REQUEST = 400 "Bad Request";
    UNAUTHORIZED = 401 "Unauthorized";
    FORBIDDEN = 403 "Forbidden";
    NOT_FOUND = 404 "Not Found";
    METHOD_NOT_ALLOWED = 405 "Method Not Allowed";
    NOT_ACCEPTABLE = 406 "Not Acceptable";
    REQUEST_TIMEOUT = 408 "Request Timeout";
    PRECONDITION_FAILED = 412 "Precondition Failed";
    CONTENT_TOO_LARGE = 413 "Content Too Large";
    URI_TOO_LONG = 414 "URI Too Long";
    RANGE_NOT_SATISFIABLE = 416 "Range Not Satisfiable";
    EXPECTATION_FAILED = 417 "Expectation Failed";
    MISDIRECTED_REQUEST = 421 "Misdirected Request";
    FIELDS_TOO_LARGE = 431 "Request Header Fields Too Large";
    INTERNAL_SERVER_ERROR = 500 "Internal Server Error";
    NOT_IMPLEMENTED = 501 "Not Implemented";
    SERVICE_UNAVAILABLE = 503 "Service Unavailable";
    VERSION_NOT_SUPPORTED = 505 "HTTP Version Not Supported";
}

impl Status {
    /// The status code as a number.
    #[must_use]
    pub fn code(self) -> u16 {
        self.0
    }

    /// Whether a response with this status has neither content nor `Content-Length` (RFC 9110 sections 6.4.1 and 8.6).
    #[must_use]
    pub fn forbids_content(self) -> bool {
        matches!(self.0, 100..=199 | 204 | 304)
    }
}
