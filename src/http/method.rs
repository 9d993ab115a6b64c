//! Request methods (RFC 9110 section 9). Whether a method is offered is `site`'s decision, not this module's.
//!
//! ```text
//! method = token
//! ```

/// A request method. `Other` is any token that RFC 9110 and RFC 5789 do not define; the response to it is 501.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    /// Transfer a current representation (section 9.3.1).
    Get,
    /// Like GET, but without content in the response (section 9.3.2).
    Head,
    /// Describe the communication options (section 9.3.7).
    Options,
    /// POST (section 9.3.3): known, but not offered.
    Post,
    /// PUT (section 9.3.4): known, but not offered.
    Put,
    /// DELETE (section 9.3.5): known, but not offered.
    Delete,
    /// CONNECT (section 9.3.6): known, but not offered.
    Connect,
    /// TRACE (section 9.3.8): known, but not offered.
    Trace,
    /// PATCH (RFC 5789): known, but not offered.
    Patch,
    /// Any other token.
    Other,
}

impl Method {
    /// Reads a method. Methods are case-sensitive (section 9.1): `get` is `Other`.
    #[must_use]
    pub fn from_token(token: &[u8]) -> Self {
        match token {
            b"GET" => Self::Get,
            b"HEAD" => Self::Head,
            b"OPTIONS" => Self::Options,
            b"POST" => Self::Post,
            b"PUT" => Self::Put,
            b"DELETE" => Self::Delete,
            b"CONNECT" => Self::Connect,
            b"TRACE" => Self::Trace,
            b"PATCH" => Self::Patch,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Method;

    #[test]
    fn methods_are_case_sensitive_tokens() {
        // RFC 9110 section 9.1
        for (token, method) in [
            ("GET", Method::Get),
            ("HEAD", Method::Head),
            ("OPTIONS", Method::Options),
            ("POST", Method::Post),
            ("PUT", Method::Put),
            ("DELETE", Method::Delete),
            ("CONNECT", Method::Connect),
            ("TRACE", Method::Trace),
            ("PATCH", Method::Patch),
            ("get", Method::Other),
            ("GETX", Method::Other),
            ("", Method::Other),
        ] {
            assert_eq!(Method::from_token(token.as_bytes()), method, "{token}");
        }
    }
}
