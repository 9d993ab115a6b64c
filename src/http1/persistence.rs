//! Whether a connection outlives an answer (RFC 9112 section 9.3), decided in that section's own order.
//!
//! ```text
//! Connection        = #connection-option
//! connection-option = token
//! ```

use super::End;
use crate::http::{Fields, Version};

/// What becomes of the connection after the answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Persistence {
    /// It waits for the next request, as connections of HTTP/1.1 do.
    Persistent,
    /// It waits for the next request because a client of HTTP/1.0 asked so, and is told that it does.
    KeptAlive,
    /// It ends, and why.
    Close(End),
}

/// Decides by the version and the `Connection` field of a request.
#[must_use]
pub fn decide(version: Version, fields: Fields<'_>) -> Persistence {
    if version == Version::Http09 {
        Persistence::Close(End::SimpleRequest)
    } else if fields.lists("Connection", "close") {
        Persistence::Close(End::Asked)
    } else if version >= Version::Http11 {
        Persistence::Persistent
    } else if fields.lists("Connection", "keep-alive") {
        Persistence::KeptAlive
    } else {
        Persistence::Close(End::OldVersion)
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
            (Http11, "close", Close(End::Asked)),
            (Http11, "Close", Close(End::Asked)),
            (Http11, "keep-alive, close", Close(End::Asked)),
            (Http11, "closed", Persistent),
            (Http11, "keep-alive", Persistent),
            (Http11, "upgrade", Persistent),
            (Http10, "", Close(End::OldVersion)),
            (Http10, "keep-alive", KeptAlive),
            (Http10, "Keep-Alive", KeptAlive),
            (Http10, "keep-alive, close", Close(End::Asked)),
            // HTTP/0.9 (1991)
            (Http09, "", Close(End::SimpleRequest)),
        ] {
            let fields = [("Connection", value.as_bytes())];
            assert_eq!(
                decide(version, Fields::from_pairs(&fields)),
                expected,
                "{version:?} {value:?}"
            );
        }
        assert_eq!(decide(Http11, Fields::default()), Persistent);
        assert_eq!(decide(Http10, Fields::default()), Close(End::OldVersion));
    }
}
