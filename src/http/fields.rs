//! Fields of a request (RFC 9110 section 5), as a view of the received bytes: nothing is copied.
//!
//! ```text
//! field-name    = token
//! field-value   = *field-content
//! field-content = field-vchar [ 1*( SP / HTAB / field-vchar ) field-vchar ]
//! ```

use super::grammar;
use std::iter;
use std::ops::Range;

/// The position of one field line in the bytes of the head: its name, and its value without the whitespace around it
/// (RFC 9112 section 5). The trace shows these offsets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldLine {
    /// The field name, before the colon.
    pub name: Range<usize>,
    /// The field value.
    pub value: Range<usize>,
}

/// The field section of a request.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a>(Source<'a>);

#[derive(Clone, Copy, Debug)]
enum Source<'a> {
    /// Fields as received: field lines, whose offsets count from the start of the head.
    Lines { head: &'a [u8], lines: &'a [FieldLine] },
    /// Fields as names and values, for callers that have no head.
    Pairs(&'a [(&'a str, &'a [u8])]),
}

impl<'a> Fields<'a> {
    /// Views `lines`, whose offsets count from the start of `head`.
    #[must_use]
    pub fn new(head: &'a [u8], lines: &'a [FieldLine]) -> Self {
        Self(Source::Lines { head, lines })
    }

    /// Views names and values. Each name is a token, each value has no white space around it (RFC 9110 section 5.5).
    #[must_use]
    pub fn from_pairs(pairs: &'a [(&'a str, &'a [u8])]) -> Self {
        Self(Source::Pairs(pairs))
    }

    /// All field lines in the order received, as names and values.
    pub fn iter(self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        let mut position = 0;
        iter::from_fn(move || {
            let line = match self.0 {
                Source::Lines { head, lines } => lines
                    .get(position)
                    .map(|line| (bytes(head, &line.name), bytes(head, &line.value))),
                Source::Pairs(pairs) => pairs.get(position).map(|(name, value)| (name.as_bytes(), *value)),
            };
            position += 1;
            line
        })
    }

    /// The values of every line with this name, which is compared without case (RFC 9110 section 5.1).
    pub fn all(self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        let mut from = 0;
        iter::from_fn(move || {
            let (position, value) = self.find(name, from)?;
            from = position + 1;
            Some(value)
        })
    }

    /// The value of a field that may appear only once. If there are several, this is the first.
    #[must_use]
    pub fn get(self, name: &str) -> Option<&'a [u8]> {
        self.find(name, 0).map(|(_, value)| value)
    }

    /// The first line with this name from the position `from` on: its position and its value.
    fn find(self, name: &str, from: usize) -> Option<(usize, &'a [u8])> {
        let is_it = |given: &[u8]| given.eq_ignore_ascii_case(name.as_bytes());
        match self.0 {
            Source::Lines { head, lines } => {
                // Most names differ in their length, which is known without a look at the bytes.
                let is_it = |line: &FieldLine| line.name.len() == name.len() && is_it(bytes(head, &line.name));
                let position = from + lines.get(from..)?.iter().position(is_it)?;
                Some((position, bytes(head, &lines.get(position)?.value)))
            }
            Source::Pairs(pairs) => {
                let position = from
                    + pairs
                        .get(from..)?
                        .iter()
                        .position(|(given, _)| is_it(given.as_bytes()))?;
                Some((position, pairs.get(position)?.1))
            }
        }
    }

    /// Whether the list-valued field has `member` among the members of all of its lines (RFC 9110 section 5.6.1),
    /// compared without case. Quoted strings inside members are not parsed.
    #[must_use]
    pub fn lists(self, name: &'a str, member: &str) -> bool {
        self.all(name)
            .flat_map(grammar::list_elements)
            .any(|given| given.eq_ignore_ascii_case(member.as_bytes()))
    }
}

/// The bytes of `head` in this range.
fn bytes<'a>(head: &'a [u8], range: &Range<usize>) -> &'a [u8] {
    head.get(range.clone()).unwrap_or_default()
}

impl Default for Fields<'_> {
    /// No fields.
    fn default() -> Self {
        Self::from_pairs(&[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both views of the same fields, which must say the same.
    fn views<'a>(head: &'a str, lines: &'a [FieldLine], pairs: &'a [(&'a str, &'a [u8])]) -> [Fields<'a>; 2] {
        [Fields::new(head.as_bytes(), lines), Fields::from_pairs(pairs)]
    }

    #[test]
    fn names_are_compared_without_case_and_lines_keep_their_order() {
        // RFC 9110 sections 5.1 and 5.3
        let lines = [(0..4, 5..6), (7..13, 14..15), (16..22, 23..24)].map(|(name, value)| FieldLine { name, value });
        let pairs = [("Host", &b"a"[..]), ("ACCEPT", b"x"), ("accept", b"y")];
        for fields in views("Host:a\nACCEPT:x\naccept:y\n", &lines, &pairs) {
            assert_eq!(fields.get("host"), Some(&b"a"[..]));
            assert_eq!(fields.all("Accept").collect::<Vec<_>>(), [b"x", b"y"]);
            assert_eq!(fields.get("Range"), None);
            let names: Vec<_> = fields.iter().map(|(name, _)| name).collect();
            assert_eq!(names, [&b"Host"[..], b"ACCEPT", b"accept"]);
        }
    }

    #[test]
    fn a_list_is_the_members_of_all_its_lines() {
        // RFC 9110 sections 5.6.1 and 5.6.1.2: empty members do not count
        let fields = [("Connection", &b", keep-alive ,"[..]), ("Connection", b"Close")];
        let fields = Fields::from_pairs(&fields);
        for (member, there) in [("close", true), ("keep-alive", true), ("keep", false), ("", false)] {
            assert_eq!(fields.lists("connection", member), there, "{member}");
        }
    }
}
