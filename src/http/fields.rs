//! Fields of a request (RFC 9110 section 5), as a view of the received bytes: nothing is copied.
//!
//! ```text
//! field-value   = *field-content
//! field-content = field-vchar [ 1*( SP / HTAB / field-vchar ) field-vchar ]
//! ```

use super::field_name::{FieldName, FieldNames};
use super::grammar;
use std::iter;
use std::ops::Range;

/// The position of one field line in the bytes of the head: its name, and its value without the whitespace around it
/// (RFC 9112 section 5). The trace shows these offsets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldLine {
    /// The field name, before the colon.
    pub name: Range<usize>,
    /// Which field this is, if the server knows it.
    pub known: Option<FieldName>,
    /// The field value.
    pub value: Range<usize>,
}

/// The field section of a request.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a>(Source<'a>);

#[derive(Clone, Copy, Debug)]
enum Source<'a> {
    /// Fields as received: field lines, whose offsets count from the start of the head, and their known names.
    Lines {
        head: &'a [u8],
        lines: &'a [FieldLine],
        names: FieldNames,
    },
    /// Fields as names and values, for callers that have no head.
    Pairs(&'a [(&'a str, &'a [u8])]),
}

impl<'a> Fields<'a> {
    /// Views `lines`, whose offsets count from the start of `head`. `names` has the known names of all lines.
    #[must_use]
    pub fn new(head: &'a [u8], lines: &'a [FieldLine], names: FieldNames) -> Self {
        Self(Source::Lines { head, lines, names })
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
                Source::Lines { head, lines, .. } => lines
                    .get(position)
                    .map(|line| (bytes(head, &line.name), bytes(head, &line.value))),
                Source::Pairs(pairs) => pairs.get(position).map(|(name, value)| (name.as_bytes(), *value)),
            };
            position += 1;
            line
        })
    }

    /// The values of every line with this name.
    pub fn all(self, name: FieldName) -> impl Iterator<Item = &'a [u8]> {
        let mut from = 0;
        iter::from_fn(move || {
            let (position, value) = self.find(name, from)?;
            from = position + 1;
            Some(value)
        })
    }

    /// The value of a field that may appear only once. If there are several, this is the first.
    #[must_use]
    pub fn get(self, name: FieldName) -> Option<&'a [u8]> {
        self.find(name, 0).map(|(_, value)| value)
    }

    /// The first line with this name from the position `from` on: its position and its value.
    fn find(self, name: FieldName, from: usize) -> Option<(usize, &'a [u8])> {
        match self.0 {
            // Most of the fields that the server looks for are not there.
            Source::Lines { names, .. } if !names.contains(name) => None,
            Source::Lines { head, lines, .. } => {
                let mut later = lines.iter().enumerate().skip(from);
                let (position, line) = later.find(|(_, line)| line.known == Some(name))?;
                Some((position, bytes(head, &line.value)))
            }
            Source::Pairs(pairs) => {
                let mut later = pairs.iter().enumerate().skip(from);
                let (position, (_, value)) = later.find(|(_, (given, _))| name.as_str().eq_ignore_ascii_case(given))?;
                Some((position, value))
            }
        }
    }

    /// Whether the list-valued field has `member` among the members of all of its lines (RFC 9110 section 5.6.1),
    /// compared without case. Quoted strings inside members are not parsed.
    #[must_use]
    pub fn lists(self, name: FieldName, member: &str) -> bool {
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

    #[test]
    fn names_are_compared_without_case_and_lines_keep_their_order() {
        // RFC 9110 sections 5.1 and 5.3
        let lines = [
            (0..4, Some(FieldName::Host), 5..6),
            (7..13, Some(FieldName::Accept), 14..15),
            (16..17, None, 18..19),
            (20..26, Some(FieldName::Accept), 27..28),
        ];
        let lines = lines.map(|(name, known, value)| FieldLine { name, known, value });
        let mut names = FieldNames::default();
        names.insert(FieldName::Host);
        names.insert(FieldName::Accept);
        let pairs = [("Host", &b"a"[..]), ("ACCEPT", b"x"), ("X", b"b"), ("accept", b"y")];
        // Both views of the same fields, which must say the same.
        for fields in [
            Fields::new(b"Host:a\nACCEPT:x\nX:b\naccept:y\n", &lines, names),
            Fields::from_pairs(&pairs),
        ] {
            assert_eq!(fields.get(FieldName::Host), Some(&b"a"[..]));
            assert_eq!(fields.all(FieldName::Accept).collect::<Vec<_>>(), [b"x", b"y"]);
            assert_eq!(fields.get(FieldName::Range), None);
            let names: Vec<_> = fields.iter().map(|(name, _)| name).collect();
            assert_eq!(names, [&b"Host"[..], b"ACCEPT", b"X", b"accept"]);
        }
    }

    #[test]
    fn a_list_is_the_members_of_all_its_lines() {
        // RFC 9110 sections 5.6.1 and 5.6.1.2: empty members do not count
        let fields = [("Connection", &b", keep-alive ,"[..]), ("Connection", b"Close")];
        let fields = Fields::from_pairs(&fields);
        for (member, there) in [("close", true), ("keep-alive", true), ("keep", false), ("", false)] {
            assert_eq!(fields.lists(FieldName::Connection, member), there, "{member}");
        }
    }
}
