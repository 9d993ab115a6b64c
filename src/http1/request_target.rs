//! The request-target (RFC 9112 section 3.2) and the Host field (RFC 9110 section 7.2).
//!
//! ```text
//! origin-form    = absolute-path [ "?" query ]          GET /where?q=now HTTP/1.1
//! absolute-form  = absolute-URI                         GET http://www.example.org/where HTTP/1.1
//! authority-form = uri-host ":" port                    CONNECT www.example.org:80 HTTP/1.1
//! asterisk-form  = "*"                                  OPTIONS * HTTP/1.1
//!
//! absolute-path  = 1*( "/" segment )                    segment = *pchar
//! query          = *( pchar / "/" / "?" )
//! pchar          = unreserved / pct-encoded / sub-delims / ":" / "@"
//! pct-encoded    = "%" HEXDIG HEXDIG
//! unreserved     = ALPHA / DIGIT / "-" / "." / "_" / "~"
//! sub-delims     = "!" / "$" / "&" / "'" / "(" / ")" / "*" / "+" / "," / ";" / "="
//! uri-host       = IP-literal / IPv4address / reg-name
//! IP-literal     = "[" ( IPv6address / IPvFuture  ) "]"
//! reg-name       = *( unreserved / pct-encoded / sub-delims )
//! port           = *DIGIT
//! ```
//!
//! This module checks only the characters; `site::path` decodes the percent-encoding and resolves the dots of a path.
//! Nothing is repaired: a target that a lenient and a strict implementation would understand differently is rejected.

use super::Rejection;
use crate::http::Method;
use crate::http::grammar::ByteSet;
use crate::http::message::Target;
use std::net::Ipv6Addr;
use std::ops::Range;

/// A parsed request-target: its form, and the positions of its parts as offsets into it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RequestTarget {
    /// A resource of this server.
    Resource {
        /// The path. Empty where an absolute-form has none, which means `/` (RFC 9110 section 4.2.3).
        path: Range<usize>,
        /// The query without its `?`.
        query: Option<Range<usize>>,
    },
    /// `*`, or an absolute-form that means the same.
    Server,
    /// The authority of a CONNECT request.
    Tunnel,
}

impl RequestTarget {
    /// The target resource, as a view of `target`, which must be the bytes that [`parse`] was given.
    #[must_use]
    pub fn of<'a>(&self, target: &'a [u8]) -> Target<'a> {
        let text = |range: &Range<usize>| {
            let bytes = target.get(range.clone()).unwrap_or_default();
            str::from_utf8(bytes).unwrap_or_default()
        };
        match self {
            Self::Resource { path, query } => Target::Resource {
                path: if path.is_empty() { "/" } else { text(path) },
                query: query.as_ref().map(text),
            },
            Self::Server => Target::Server,
            Self::Tunnel => Target::Tunnel,
        }
    }
}

/// Parses the request-target of a request with `method`.
///
/// # Errors
/// [`Rejection::TargetForm`] for a form that the method does not allow, [`Rejection::TargetSyntax`] for a character or
/// a percent-encoding that RFC 3986 does not allow, [`Rejection::Misdirected`] for a scheme other than http.
pub fn parse(target: &[u8], method: Method) -> Result<RequestTarget, Rejection> {
    if method == Method::Connect {
        // Section 3.2.3. The server never opens a tunnel, so only the form matters for the response.
        return if is_host_and_port(target) && has_port(target) {
            Ok(RequestTarget::Tunnel)
        } else {
            Err(Rejection::TargetForm)
        };
    }
    match target {
        b"*" if method == Method::Options => Ok(RequestTarget::Server),
        [b'/', ..] => resource(target, 0),
        _ => match authority_end(target)? {
            // Section 3.2.4: a proxy that has to use the absolute-form writes `*` like this.
            end if end == target.len() && method == Method::Options => Ok(RequestTarget::Server),
            end => resource(target, end),
        },
    }
}

/// Checks the scheme and the authority of an absolute-form, and returns the offset at which the authority ends. The
/// authority replaces the Host field (section 3.2.2). It is not used afterwards, because one site has every name.
fn authority_end(target: &[u8]) -> Result<usize, Rejection> {
    let scheme_end = memchr::memmem::find(target, b"://").ok_or(Rejection::TargetForm)?;
    let (scheme, rest) = target.split_at(scheme_end);
    if scheme.eq_ignore_ascii_case(b"https") {
        return Err(Rejection::Misdirected);
    }
    if !scheme.eq_ignore_ascii_case(b"http") {
        return Err(Rejection::TargetForm);
    }
    let rest = rest.strip_prefix(b"://").unwrap_or_default();
    let length = rest
        .iter()
        .position(|byte| matches!(byte, b'/' | b'?' | b'#'))
        .unwrap_or(rest.len());
    let (authority, after) = rest.split_at(length);
    if is_host_and_port(authority) {
        Ok(target.len() - after.len())
    } else {
        Err(Rejection::TargetSyntax)
    }
}

/// Parses `absolute-path [ "?" query ]` from the offset `start`. After an authority the path may be missing.
fn resource(target: &[u8], start: usize) -> Result<RequestTarget, Rejection> {
    let from_path = target.get(start..).unwrap_or_default();
    let from_query = skip(from_path, is_path_character);
    let path = start..target.len() - from_query.len();
    let query = match from_query {
        [] => None,
        [b'?', query @ ..] if skip(query, is_query_character).is_empty() => Some(path.end + 1..target.len()),
        _ => return Err(Rejection::TargetSyntax),
    };
    Ok(RequestTarget::Resource { path, query })
}

/// Skips characters that are allowed, and percent-encodings, and returns the rest. What is skipped is ASCII.
fn skip(mut bytes: &[u8], allowed: impl Fn(u8) -> bool) -> &[u8] {
    loop {
        bytes = match bytes {
            [byte, rest @ ..] if allowed(*byte) => rest,
            [b'%', first, second, rest @ ..] if first.is_ascii_hexdigit() && second.is_ascii_hexdigit() => rest,
            _ => return bytes,
        };
    }
}

/// The position of the first byte that no target may have; `None` if each byte is allowed, but not at its place.
#[must_use]
pub fn first_fault(target: &[u8]) -> Option<usize> {
    // Only an authority has brackets, for IPv6.
    let is_ours = if target.starts_with(b"/") {
        is_query_character
    } else {
        |byte| is_query_character(byte) || b"[]".contains(&byte)
    };
    let rest = skip(target, is_ours);
    (!rest.is_empty()).then(|| target.len() - rest.len())
}

/// Whether a path may contain `byte`: `pchar` without the percent-encoding, and `/` (RFC 3986 section 3.3).
fn is_path_character(byte: u8) -> bool {
    const ALLOWED: ByteSet = ByteSet::alphanumeric_and(b"-._~!$&'()*+,;=:@/");
    ALLOWED.contains(byte)
}

/// Whether a query may contain `byte` (RFC 3986 section 3.4).
fn is_query_character(byte: u8) -> bool {
    is_path_character(byte) || byte == b'?'
}

/// Whether `value` is `uri-host [ ":" port ]` with a host that is not empty (RFC 9110 sections 4.2.1 and 7.2): no
/// userinfo, no path, and no comma, which a name could have by RFC 3986 but which makes a list of it.
#[must_use]
pub fn is_host_and_port(value: &[u8]) -> bool {
    let (has_host, port) = if value.starts_with(b"[") {
        let end = memchr::memchr(b']', value).map_or(0, |bracket| bracket + 1);
        let (literal, port) = value.split_at_checked(end).unwrap_or_default();
        (is_ip_literal(literal), port)
    } else {
        let port = skip(value, name_character);
        (port.len() < value.len(), port)
    };
    let is_port = match port {
        [] => true,
        [b':', digits @ ..] => digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    has_host && is_port
}

/// Whether an authority ends with a port that can be connected to (RFC 9110 section 9.3.6).
fn has_port(authority: &[u8]) -> bool {
    let port = authority.rsplit(|&byte| byte == b':').next().unwrap_or_default();
    let number = str::from_utf8(port).ok().and_then(|digits| digits.parse::<u16>().ok());
    port.len() < authority.len() && number.is_some_and(|number| number > 0)
}

fn is_ip_literal(literal: &[u8]) -> bool {
    let address = literal.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]"));
    let address = address.unwrap_or_default();
    let is_ipv6 = str::from_utf8(address).is_ok_and(|text| text.parse::<Ipv6Addr>().is_ok());
    is_ipv6 || is_future_address(address)
}

/// Parses `IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )` (RFC 3986 section 3.2.2): an address in a
/// future version of IP.
fn is_future_address(address: &[u8]) -> bool {
    let Some((version, rest)) = address.split_first().and_then(|(letter, rest)| {
        let dot = memchr::memchr(b'.', rest).filter(|_| letter.eq_ignore_ascii_case(&b'v'))?;
        rest.split_at_checked(dot)
    }) else {
        return false;
    };
    let rest = rest.get(1..).unwrap_or_default();
    let is_good = |byte: &u8| name_character(*byte) || *byte == b':';
    !version.is_empty() && version.iter().all(u8::is_ascii_hexdigit) && !rest.is_empty() && rest.iter().all(is_good)
}

/// Whether a host's name may contain `byte`, apart from percent-encodings.
fn name_character(byte: u8) -> bool {
    const ALLOWED: ByteSet = ByteSet::alphanumeric_and(b"-._~!$&'()*+;=");
    ALLOWED.contains(byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Rejection::{TargetForm, TargetSyntax};

    fn path(path: &str) -> Result<Target<'_>, Rejection> {
        Ok(Target::Resource { path, query: None })
    }

    fn with_query<'a>(path: &'a str, query: &'a str) -> Result<Target<'a>, Rejection> {
        let query = Some(query);
        Ok(Target::Resource { path, query })
    }

    #[test]
    fn each_form_belongs_to_its_methods() {
        use Method::*;
        for (method, target, expected) in [
            // RFC 9112 section 3.2.1
            (Get, "/", path("/")),
            (Get, "/a/b.html", path("/a/b.html")),
            (Get, "/a?b=c?d/e", with_query("/a", "b=c?d/e")),
            (Get, "/a?", with_query("/a", "")),
            (Get, "//etc/passwd", path("//etc/passwd")),
            (Get, "a", Err(TargetForm)),
            (Get, "?a", Err(TargetForm)),
            // RFC 9112 section 3.2.2
            (Get, "http://a/b", path("/b")),
            (Get, "HTTP://a:80/b?c", with_query("/b", "c")),
            // RFC 9110 section 7.4: https needs a secured connection
            (Get, "https://a/b", Err(Rejection::Misdirected)),
            (Get, "http://a", path("/")),
            (Get, "http://a?b", with_query("/", "b")),
            (Get, "http://a#b", Err(TargetSyntax)),
            (Get, "http://a:80/b?", with_query("/b", "")),
            (Get, "http://[::1]:80/", path("/")),
            (Get, "ftp://a/", Err(TargetForm)),
            (Get, "http:/a", Err(TargetForm)),
            // RFC 9110 section 4.2.1: an empty host is invalid; section 4.2.4: so is userinfo
            (Get, "http:///a", Err(TargetSyntax)),
            (Get, "http://:80/a", Err(TargetSyntax)),
            (Get, "http://user@a/", Err(TargetSyntax)),
            (Get, "http://a:b/", Err(TargetSyntax)),
            // RFC 9112 section 3.2.3
            (Connect, "a:80", Ok(Target::Tunnel)),
            (Connect, "a", Err(TargetForm)),
            // A host that looks like a port
            (Connect, "80", Err(TargetForm)),
            (Connect, "a:", Err(TargetForm)),
            (Connect, "a:0", Err(TargetForm)),
            (Connect, "a:65536", Err(TargetForm)),
            (Connect, "[::1]:80", Ok(Target::Tunnel)),
            (Connect, "[::1]", Err(TargetForm)),
            (Connect, "/", Err(TargetForm)),
            (Get, "a:80", Err(TargetForm)),
            // RFC 9112 section 3.2.4
            (Options, "*", Ok(Target::Server)),
            (Options, "http://a:80", Ok(Target::Server)),
            (Options, "http://a:80/", path("/")),
            (Get, "*", Err(TargetForm)),
            // RFC 3986 sections 3.3 and 3.4: the characters
            (Get, "/%41%c3%A9~!$&'()*+,;=:@-._", path("/%41%c3%A9~!$&'()*+,;=:@-._")),
            (Get, "/a#b", Err(TargetSyntax)),
            (Get, "/a?b#c", Err(TargetSyntax)),
            (Get, "/a\"", Err(TargetSyntax)),
            (Get, "/a<b>", Err(TargetSyntax)),
            (Get, "/a\\b", Err(TargetSyntax)),
            (Get, "/a^", Err(TargetSyntax)),
            (Get, "/a`", Err(TargetSyntax)),
            (Get, "/{a|b}", Err(TargetSyntax)),
            (Get, "/[a]", Err(TargetSyntax)),
            (Get, "/a\tb", Err(TargetSyntax)),
            (Get, "/a\u{7f}", Err(TargetSyntax)),
            (Get, "/é", Err(TargetSyntax)),
            // RFC 3986 section 2.1: percent-encoding
            (Get, "/%", Err(TargetSyntax)),
            (Get, "/%4", Err(TargetSyntax)),
            (Get, "/%4g", Err(TargetSyntax)),
            (Get, "/a?%zz", Err(TargetSyntax)),
        ] {
            let parsed = parse(target.as_bytes(), method).map(|parsed| parsed.of(target.as_bytes()));
            assert_eq!(parsed, expected, "{method:?} {target}");
        }
    }

    #[test]
    fn each_part_has_its_characters() {
        let count = |allowed: fn(u8) -> bool| (0..=255).filter(|&byte| allowed(byte)).count();
        // RFC 3986 section 2.3: 66 unreserved characters; section 2.2: 11 sub-delims
        let (unreserved, sub_delims) = (26 + 26 + 10 + 4, 11);
        // section 3.3: also `:`, `@` and `/`; section 3.4: also `?`
        assert_eq!(count(is_path_character), unreserved + sub_delims + 3);
        assert_eq!(count(is_query_character), unreserved + sub_delims + 4);
        // section 3.2.2, without the comma
        assert_eq!(count(name_character), unreserved + sub_delims - 1);
    }

    #[test]
    fn a_host_is_one_name_or_address_with_an_optional_port() {
        for (value, good) in [
            // RFC 9110 section 7.2
            ("a", true),
            ("a.example:8080", true),
            ("a:", true),
            ("127.0.0.1:80", true),
            ("[::1]", true),
            ("[::1]:80", true),
            ("a_b", true),
            ("%41", true),
            ("", false),
            (":80", false),
            ("a:80:90", false),
            ("a:8x", false),
            ("a:-1", false),
            ("a/b", false),
            ("user@a", false),
            ("a,b", false),
            ("a b", false),
            ("a?b", false),
            ("%4", false),
            ("[::1", false),
            ("::1", false),
            ("[g::1]", false),
            ("[::1]x", false),
            ("[]", false),
            // RFC 3986 section 3.2.2: IPvFuture
            ("[v1.a]", true),
            ("[VF0.a:b-c]:80", true),
            ("[v.a]", false),
            ("[v1.]", false),
            ("[v1]", false),
            ("[vg.a]", false),
            ("[x1.a]", false),
            ("[v1.a/b]", false),
            ("[v1.%41]", false),
        ] {
            assert_eq!(is_host_and_port(value.as_bytes()), good, "{value:?}");
        }
    }
}
