//! Credentials in a request (RFC 9110 section 11), which no log and no trace may show.

/// The fields that have them.
const FIELDS: [&str; 2] = ["Authorization", "Proxy-Authorization"];

/// The scheme whose name is shown: it is not secret, and says what follows.
const SCHEME: &[u8] = b"basic ";

/// Overwrites the credentials in the head of a request with asterisks. Nothing is moved, so offsets stay right. A head
/// that was rejected may have any lines.
pub fn conceal(head: &mut [u8]) {
    let mut is_secret = false;
    for line in head.split_mut(|&byte| byte == b'\n') {
        let value = match memchr::memchr(b':', line) {
            // A folded line continues the value before it (RFC 9112 section 5.2).
            _ if is_secret && line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')) => line,
            None => {
                is_secret = false;
                continue;
            }
            Some(colon) => {
                let (name, value) = line.split_at_mut(colon.saturating_add(1));
                let name = name.strip_suffix(b":").unwrap_or(name).trim_ascii();
                is_secret = FIELDS.iter().any(|field| name.eq_ignore_ascii_case(field.as_bytes()));
                if !is_secret {
                    continue;
                }
                let spaces = value.len().saturating_sub(value.trim_ascii_start().len());
                let value = value.split_at_mut(spaces).1;
                let has_scheme = value
                    .get(..SCHEME.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(SCHEME));
                value.split_at_mut(if has_scheme { SCHEME.len() } else { 0 }).1
            }
        };
        value
            .iter_mut()
            .filter(|byte| **byte != b'\r')
            .for_each(|byte| *byte = b'*');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_credentials_are_concealed_and_nothing_moves() {
        for (head, expected) in [
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
            (
                "GET / HTTP/1.1\r\nAuthorization: Basic YTpi\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nAuthorization: Basic ****\r\nHost: a\r\n\r\n",
            ),
            ("authorization:basic YTpi \r\n", "authorization:basic *****\r\n"),
            (
                "Proxy-Authorization: Digest a=\"b\"\r\n",
                "Proxy-Authorization: ************\r\n",
            ),
            ("Authorization: YTpi\n", "Authorization: ****\n"),
            ("Authorization: Basic", "Authorization: *****"),
            ("Authorization:\r\nA: b\r\n", "Authorization:\r\nA: b\r\n"),
            // Lines for which a head is rejected.
            ("Authorization : Basic YTpi\r\n", "Authorization : Basic ****\r\n"),
            (
                "Authorization: Basic\r\n YTpi\r\n\tc: d\r\nA: b",
                "Authorization: *****\r\n*****\r\n*****\r\nA: b",
            ),
            (
                "GET /Authorization: a HTTP/1.1\r\n",
                "GET /Authorization: a HTTP/1.1\r\n",
            ),
            ("Authorization", "Authorization"),
            ("", ""),
        ] {
            let mut concealed = head.as_bytes().to_vec();
            conceal(&mut concealed);
            assert_eq!(String::from_utf8(concealed).unwrap(), expected, "{head:?}");
        }
    }
}
