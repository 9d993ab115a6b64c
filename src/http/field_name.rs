//! The names of the fields that this server knows (RFC 9110 section 5.1). Every other field of a request is ignored.
//!
//! ```text
//! field-name = token
//! ```
//!
//! The parser notes once which field a line has. To look up a field is then to compare numbers, not names.

/// The name of a field that this server reads, or of which a request may have only one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldName {
    /// The preferred media types (section 12.5.1).
    Accept,
    /// The preferred content codings (section 12.5.3).
    AcceptEncoding,
    /// The method that a preflight asks for (Fetch, section 3.3.2).
    AccessControlRequestMethod,
    /// Credentials (section 11.6.2).
    Authorization,
    /// What holds only for this connection (section 7.6.1).
    Connection,
    /// The length of the content (section 8.6).
    ContentLength,
    /// The resource to which the content belongs (section 8.7).
    ContentLocation,
    /// Which part the content is (section 14.4).
    ContentRange,
    /// The media type of the content (section 8.3).
    ContentType,
    /// When the message was made (section 6.6.1).
    Date,
    /// What the client expects before it sends the content (section 10.1.1).
    Expect,
    /// The mail address of the user (section 10.1.2).
    From,
    /// The host and the port of the target (section 7.2).
    Host,
    /// A precondition (section 13.1.1).
    IfMatch,
    /// A precondition (section 13.1.3).
    IfModifiedSince,
    /// A precondition (section 13.1.2).
    IfNoneMatch,
    /// The condition for `Range` (section 13.1.5).
    IfRange,
    /// A precondition (section 13.1.4).
    IfUnmodifiedSince,
    /// The last event that a page has seen (HTML, section 9.2.4).
    LastEventId,
    /// How often a request may be forwarded (section 7.6.2).
    MaxForwards,
    /// The origin of the page that makes the request (RFC 6454 section 7).
    Origin,
    /// Credentials for a proxy (section 11.7.2).
    ProxyAuthorization,
    /// The requested part of the representation (section 14.2).
    Range,
    /// The page from which the target was obtained (section 10.1.3).
    Referer,
    /// How the content is coded for the transfer (RFC 9112 section 6.1).
    TransferEncoding,
    /// The client's program (section 10.1.5).
    UserAgent,
}

impl FieldName {
    /// Reads a name, which is compared without case. `None` for a field that the server does not know.
    #[must_use]
    pub fn from_token(token: &[u8]) -> Option<Self> {
        // Few names have the same length.
        let candidates: &[Self] = match token.len() {
            4 => &[Self::Host, Self::Date, Self::From],
            5 => &[Self::Range],
            6 => &[Self::Accept, Self::Expect, Self::Origin],
            7 => &[Self::Referer],
            8 => &[Self::IfMatch, Self::IfRange],
            10 => &[Self::Connection, Self::UserAgent],
            12 => &[Self::ContentType, Self::MaxForwards],
            13 => &[
                Self::Authorization,
                Self::ContentRange,
                Self::IfNoneMatch,
                Self::LastEventId,
            ],
            14 => &[Self::ContentLength],
            15 => &[Self::AcceptEncoding],
            16 => &[Self::ContentLocation],
            17 => &[Self::IfModifiedSince, Self::TransferEncoding],
            19 => &[Self::IfUnmodifiedSince, Self::ProxyAuthorization],
            29 => &[Self::AccessControlRequestMethod],
            _ => &[],
        };
        let is_it = |name: &Self| is_same(name.as_str().as_bytes(), token);
        candidates.iter().copied().find(is_it)
    }

    /// The name as the RFCs write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "Accept",
            Self::AcceptEncoding => "Accept-Encoding",
            Self::AccessControlRequestMethod => "Access-Control-Request-Method",
            Self::Authorization => "Authorization",
            Self::Connection => "Connection",
            Self::ContentLength => "Content-Length",
            Self::ContentLocation => "Content-Location",
            Self::ContentRange => "Content-Range",
            Self::ContentType => "Content-Type",
            Self::Date => "Date",
            Self::Expect => "Expect",
            Self::From => "From",
            Self::Host => "Host",
            Self::IfMatch => "If-Match",
            Self::IfModifiedSince => "If-Modified-Since",
            Self::IfNoneMatch => "If-None-Match",
            Self::IfRange => "If-Range",
            Self::IfUnmodifiedSince => "If-Unmodified-Since",
            Self::LastEventId => "Last-Event-ID",
            Self::MaxForwards => "Max-Forwards",
            Self::Origin => "Origin",
            Self::ProxyAuthorization => "Proxy-Authorization",
            Self::Range => "Range",
            Self::Referer => "Referer",
            Self::TransferEncoding => "Transfer-Encoding",
            Self::UserAgent => "User-Agent",
        }
    }

    /// Whether RFC 9110 defines the field as a single value. A second line would contradict the first (section 5.3).
    #[must_use]
    pub fn is_single(self) -> bool {
        match self {
            Self::Authorization
            | Self::ContentLength
            | Self::ContentLocation
            | Self::ContentRange
            | Self::ContentType
            | Self::Date
            | Self::From
            | Self::Host
            | Self::IfModifiedSince
            | Self::IfRange
            | Self::IfUnmodifiedSince
            | Self::MaxForwards
            | Self::ProxyAuthorization
            | Self::Range
            | Self::Referer
            | Self::UserAgent => true,
            // A list, or a field that RFC 9110 does not define.
            Self::Accept
            | Self::AcceptEncoding
            | Self::AccessControlRequestMethod
            | Self::Connection
            | Self::Expect
            | Self::IfMatch
            | Self::IfNoneMatch
            | Self::LastEventId
            | Self::Origin
            | Self::TransferEncoding => false,
        }
    }
}

/// Whether two tokens of the same length are equal without case. The cases of a letter differ in one bit. The other
/// sign of the known names is `-`, which is no other `tchar` without that bit.
fn is_same(name: &[u8], token: &[u8]) -> bool {
    const CASE: u8 = b'a' ^ b'A';
    name.iter().zip(token).all(|(a, b)| (a ^ b) & !CASE == 0)
}

/// A set of names: one bit for each.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FieldNames(u32);

impl FieldNames {
    /// Whether the set has `name`.
    #[must_use]
    pub fn contains(self, name: FieldName) -> bool {
        self.0 & Self::bit(name) != 0
    }

    /// Adds `name`, and returns whether it is new.
    pub fn insert(&mut self, name: FieldName) -> bool {
        let is_new = !self.contains(name);
        self.0 |= Self::bit(name);
        is_new
    }

    fn bit(name: FieldName) -> u32 {
        1 << name as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::grammar;
    use FieldName::*;

    /// Every name, in the order of the enum, and whether a request may have only one.
    const NAMES: &[(&str, FieldName, bool)] = &[
        ("Accept", Accept, false),
        ("Accept-Encoding", AcceptEncoding, false),
        ("Access-Control-Request-Method", AccessControlRequestMethod, false),
        ("Authorization", Authorization, true),
        ("Connection", Connection, false),
        ("Content-Length", ContentLength, true),
        ("Content-Location", ContentLocation, true),
        ("Content-Range", ContentRange, true),
        ("Content-Type", ContentType, true),
        ("Date", Date, true),
        ("Expect", Expect, false),
        ("From", From, true),
        ("Host", Host, true),
        ("If-Match", IfMatch, false),
        ("If-Modified-Since", IfModifiedSince, true),
        ("If-None-Match", IfNoneMatch, false),
        ("If-Range", IfRange, true),
        ("If-Unmodified-Since", IfUnmodifiedSince, true),
        ("Last-Event-ID", LastEventId, false),
        ("Max-Forwards", MaxForwards, true),
        ("Origin", Origin, false),
        ("Proxy-Authorization", ProxyAuthorization, true),
        ("Range", Range, true),
        ("Referer", Referer, true),
        ("Transfer-Encoding", TransferEncoding, false),
        ("User-Agent", UserAgent, true),
    ];

    #[test]
    fn every_name_is_found_in_any_case_and_no_other() {
        // RFC 9110 section 5.1
        for (position, &(text, name, is_single)) in NAMES.iter().enumerate() {
            assert_eq!(name as usize, position, "{text}");
            assert_eq!(name.as_str(), text);
            assert_eq!(name.is_single(), is_single, "{text}");
            for text in [text.to_owned(), text.to_ascii_lowercase(), text.to_ascii_uppercase()] {
                assert_eq!(FieldName::from_token(text.as_bytes()), Some(name), "{text}");
            }
            for other in [format!("X-{text}"), text.replacen(char::is_alphabetic, "", 1)] {
                assert_eq!(FieldName::from_token(other.as_bytes()), None, "{other}");
            }
            // Any other sign at any position
            for position in 0..text.len() {
                for sign in (0..=255).filter(|&sign| grammar::is_tchar(sign)) {
                    let mut other = text.as_bytes().to_vec();
                    let is_same = std::mem::replace(&mut other[position], sign).eq_ignore_ascii_case(&sign);
                    let shown = other.escape_ascii();
                    assert_eq!(FieldName::from_token(&other), is_same.then_some(name), "{shown}");
                }
            }
        }
        assert_eq!(NAMES.len(), UserAgent as usize + 1, "the last name");
        for other in ["", "a", "Hosts", "Priority", "Sec-Fetch-Dest"] {
            assert_eq!(FieldName::from_token(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn a_set_has_the_names_that_were_added() {
        for &(text, name, _) in NAMES {
            let mut set = FieldNames::default();
            assert!(set.insert(name), "{text}");
            assert!(!set.insert(name), "{text}");
            for &(other, added, _) in NAMES {
                assert_eq!(set.contains(added), added == name, "{text}, {other}");
            }
        }
    }
}
