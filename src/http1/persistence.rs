//! Whether a connection stays open after a response (RFC 9112 section 9.3), decided in the order of that section.
//!
//! ```text
//! Connection        = #connection-option
//! connection-option = token
//! ```

use super::CloseReason;
use crate::http::{FieldName, Fields, Version};

/// What happens to the connection after the response.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Persistence {
    /// The connection stays open, as is the default in HTTP/1.1.
    Persistent,
    /// The connection stays open because a client of HTTP/1.0 asked for it. The response confirms it with `keep-alive`.
    KeptAlive,
    /// The connection is closed, for this reason.
    Close(CloseReason),
}

/// Decides by the version and the `Connection` field of a request.
#[must_use]
pub fn decide(version: Version, fields: Fields<'_>) -> Persistence {
    if version == Version::Http09 {
        Persistence::Close(CloseReason::SimpleRequest)
    } else if fields.lists(FieldName::Connection, "close") {
        Persistence::Close(CloseReason::CloseOption)
    } else if version >= Version::Http11 {
        Persistence::Persistent
    } else if fields.lists(FieldName::Connection, "keep-alive") {
        Persistence::KeptAlive
    } else {
        Persistence::Close(CloseReason::Http10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Persistence::*;
    use Version::*;

    #[test]
    fn persistence_is_decided_in_the_order_of_section_9_3() {
        for (version, value, expected) in [
            // RFC 9112 section 9.3
            (Http11, "", Persistent),
            (Http11, "close", Close(CloseReason::CloseOption)),
            (Http11, "Close", Close(CloseReason::CloseOption)),
            (Http11, "keep-alive, close", Close(CloseReason::CloseOption)),
            (Http11, "closed", Persistent),
            (Http11, "keep-alive", Persistent),
            (Http11, "upgrade", Persistent),
            (Http10, "", Close(CloseReason::Http10)),
            (Http10, "keep-alive", KeptAlive),
            (Http10, "Keep-Alive", KeptAlive),
            (Http10, "keep-alive, close", Close(CloseReason::CloseOption)),
            // HTTP/0.9 (1991)
            (Http09, "", Close(CloseReason::SimpleRequest)),
        ] {
            let fields = [("Connection", value.as_bytes())];
            assert_eq!(
                decide(version, Fields::from_pairs(&fields)),
                expected,
                "{version:?} {value:?}"
            );
        }
        assert_eq!(decide(Http11, Fields::default()), Persistent);
        assert_eq!(decide(Http10, Fields::default()), Close(CloseReason::Http10));
    }
}
