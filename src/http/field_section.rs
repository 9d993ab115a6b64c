//! The field section of a response: its field lines as they are sent (RFC 9110 section 5, RFC 9112 section 5).
//!
//! ```text
//! field-section = *( field-line CRLF )
//! field-line    = field-name ":" SP field-value
//! ```
//!
//! Most lines are the same in many responses. They are rendered once, as a section of their own, which is then copied
//! into each response as one block.

use super::grammar;

/// Field lines in the order they are sent, each with its CR LF. A section is always well-formed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FieldSection(String);

impl FieldSection {
    /// An empty section with room for `capacity` bytes.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self(String::with_capacity(capacity))
    }

    /// Adds a field line. It is left out if `name` is not a token or if `value` has a control character: a CR LF in a
    /// value would begin another line, or the content (RFC 9110 section 5.5, CWE-113).
    pub fn push(&mut self, name: &str, value: &str) {
        if grammar::is_token(name.as_bytes()) && value.bytes().all(grammar::is_text) {
            for part in [name, ": ", value, "\r\n"] {
                self.0.push_str(part);
            }
        }
    }

    /// Adds all lines of another section.
    pub fn push_section(&mut self, section: &Self) {
        self.0.push_str(&section.0);
    }

    /// The names and the values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.split_terminator("\r\n").filter_map(|line| line.split_once(": "))
    }

    /// The value of the first line with this name. ASCII case does not matter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut lines = self.iter();
        lines.find_map(|(given, value)| given.eq_ignore_ascii_case(name).then_some(value))
    }

    /// The lines as one text.
    #[must_use]
    pub fn into_text(self) -> String {
        self.0
    }
}

/// A section of these lines.
impl<const N: usize> From<[(&str, &str); N]> for FieldSection {
    fn from(lines: [(&str, &str); N]) -> Self {
        let mut section = Self::default();
        for (name, value) in lines {
            section.push(name, value);
        }
        section.0.shrink_to_fit();
        section
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_are_sent_as_they_were_added() {
        let rendered = FieldSection::from([("C", ""), ("D", "e: f")]);
        let mut section = FieldSection::with_capacity(100);
        section.push("A", "b");
        section.push_section(&rendered);
        section.push("C", "g\t\u{e9}");
        let lines = [("A", "b"), ("C", ""), ("D", "e: f"), ("C", "g\t\u{e9}")];
        assert!(section.iter().eq(lines), "{section:?}");
        assert_eq!((section.get("c"), section.get("B")), (Some(""), None));
        // One by one or as a block, the bytes are the same.
        assert_eq!(section, FieldSection::from(lines));
        assert_eq!(section.into_text(), "A: b\r\nC: \r\nD: e: f\r\nC: g\t\u{e9}\r\n");
    }

    #[test]
    fn a_malformed_line_is_left_out() {
        for (name, value, rule) in [
            ("A", "b\r\nC: d", "RFC 9110 section 5.5: CR, LF"),
            ("A", "b\nC: d", "RFC 9110 section 5.5: LF"),
            ("A", "b\r", "RFC 9110 section 5.5: CR"),
            ("A", "b\0", "RFC 9110 section 5.5: NUL"),
            ("A", "b\u{7f}", "RFC 9110 section 5.5: CTL"),
            ("", "b", "RFC 9110 section 5.1: field-name = token"),
            ("A: b\r\nC", "d", "RFC 9110 section 5.1: field-name = token"),
            ("A ", "b", "RFC 9112 section 5.1: no whitespace before the colon"),
        ] {
            assert_eq!(FieldSection::from([(name, value)]), FieldSection::default(), "{rule}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_added_each_line_is_one_line(lines: Vec<(String, String)>) {
            let mut section = FieldSection::default();
            for (name, value) in &lines {
                section.push(name, value);
            }
            let is_valid = |(name, value): &(&str, &str)| {
                grammar::is_token(name.as_bytes()) && value.bytes().all(grammar::is_text)
            };
            let valid = lines.iter().map(|(name, value)| (name.as_str(), value.as_str())).filter(is_valid);
            prop_assert!(section.iter().eq(valid), "{section:?}");
            prop_assert_eq!(section.0.matches('\n').count(), section.iter().count());
        }
    }
}
