//! What is checked: where the server is, for which lab, and what it should respond with.

use crate::group::Group;
use crate::preset::Preset;

/// A server and what is known of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Target {
    /// Its name and port, as the Host field has them (RFC 9110 section 7.2).
    pub host: String,
    /// The lab.
    pub preset: Preset,
    /// The path of the page that most checks ask for; begins with `/`.
    pub page: String,
    /// The files that the server has, with their content. The first of them, if there is any, is the page.
    pub files: Vec<KnownFile>,
    /// Whether there is somebody at the terminal who can stop and start the server.
    pub can_restart: bool,
    /// What counts.
    pub grading: Grading,
}

/// Which checks count, and how much.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Grading {
    /// `--group`: the groups whose checks have points; those of the preset if there are none.
    pub groups: Vec<Group>,
    /// `--require`: checks that count as the lab's do, with their points; 0 makes a check a tip. The first of
    /// several with
    /// the same id counts.
    pub required: Vec<(&'static str, u32)>,
}

impl Grading {
    /// The points that `--require` gives to a check, if it names it.
    #[must_use]
    pub fn required(&self, id: &str) -> Option<u32> {
        let mut required = self.required.iter();
        required
            .find(|(required, _)| *required == id)
            .map(|(_, points)| *points)
    }
}

/// A file of which the right content is known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct KnownFile {
    /// The path that it is asked by; begins with `/`.
    pub path: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

impl Target {
    /// The right content of the page, if it is known.
    #[must_use]
    pub fn page_content(&self) -> Option<&[u8]> {
        self.files.first().map(|file| file.content.as_slice())
    }

    /// The place among the files of the first one that is not text: it has a NUL, or bytes that are not UTF-8.
    #[must_use]
    pub fn binary(&self) -> Option<usize> {
        self.files.iter().position(|file| !is_text(&file.content))
    }

    /// The place among the files of the first one whose name or text is not all ASCII.
    #[must_use]
    pub fn beyond_ascii(&self) -> Option<usize> {
        let is_beyond = |file: &KnownFile| {
            let has_escape = file.path.contains("%C") || file.path.contains("%c");
            !file.path.is_ascii() || has_escape || (is_text(&file.content) && !file.content.is_ascii())
        };
        self.files.iter().position(is_beyond)
    }
}

/// Whether it has no NUL, and is UTF-8.
#[must_use]
pub fn is_text(content: &[u8]) -> bool {
    !content.contains(&0) && str::from_utf8(content).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_their_bytes_and_names() {
        let file = |path: &str, content: &[u8]| KnownFile {
            path: path.to_owned(),
            content: content.to_vec(),
        };
        let target = Target {
            files: vec![
                file("/a b", b"text"),
                file("/a", b"\x00\x01"),
                file("/b", "año".as_bytes()),
            ],
            ..Target::default()
        };
        assert_eq!(target.binary(), Some(1));
        assert_eq!(target.beyond_ascii(), Some(2));
    }
}
