//! Which exchanges the trace shows: by path or by status.

use crate::exchange::Exchange;

/// A status (`404`), a class of them (`4xx`), or a part of the request line, such as a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filter(String);

impl Filter {
    /// Makes a filter from the value of `--filter`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether the trace shows an exchange.
    #[must_use]
    pub fn matches(&self, exchange: &Exchange) -> bool {
        let status = exchange.explanation.status.code();
        let is_class = format!("{}xx", status / 100) == self.0.to_ascii_lowercase();
        let line = String::from_utf8_lossy(&exchange.request_line);
        is_class || status.to_string() == self.0 || (!is_status(&self.0) && line.contains(&self.0))
    }
}

/// Whether a text can only mean a status.
fn is_status(text: &str) -> bool {
    let (class, rest) = text.split_at_checked(1).unwrap_or_default();
    ("1"..="5").contains(&class)
        && rest.len() == 2
        && rest.bytes().all(|byte| byte.is_ascii_digit() || b"xX".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Now;
    use crate::http::UnixTime;
    use crate::site::Decision;
    use crate::time::Instant;

    #[test]
    fn a_filter_is_a_status_a_class_or_a_part_of_the_request_line() {
        let exchange = Exchange {
            number: 1,
            begun: Instant::ORIGIN,
            at: Now {
                instant: Instant::ORIGIN,
                unix: UnixTime::default(),
            },
            request_line: b"GET /img/404.png?600,2222,2ab,x20 HTTP/1.1".to_vec(),
            referer: None,
            user_agent: None,
            explanation: Decision::FullContent.explanation(),
            rejection: None,
            details: None,
        };
        for (text, expected) in [
            ("200", true),
            ("2xx", true),
            ("2XX", true),
            ("/img", true),
            ("GET", true),
            ("404.png", true),
            // A filter that looks like a status is compared only with the status, not with the path.
            ("404", false),
            ("4xx", false),
            ("/css", false),
            // None of these can be a status.
            ("600", true),
            ("2222", true),
            ("2ab", true),
            ("x20", true),
        ] {
            assert_eq!(Filter::new(text).matches(&exchange), expected, "{text}");
        }
    }
}
