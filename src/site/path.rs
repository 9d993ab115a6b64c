//! From a target's path to the name of a resource: the path is split, each segment is decoded once, and dot segments
//! are removed (RFC 3986 section 5.2.4).
//!
//! ```text
//! absolute-path = 1*( "/" segment )
//! segment       = *pchar
//! pct-encoded   = "%" HEXDIG HEXDIG
//! dot segments  = "." / ".."            also where they are percent-encoded
//! ```
//!
//! A [`ResourcePath`] can be made only here, so every one is a name that stays under the root: it has no `..`, no NUL,
//! no backslash, no control character and no empty segment. The granted directory of the host is the second wall.
//!
//! (With the feature `unchecked-paths`, the first wall is missing. The feature exists for one test, which shows that
//! the second wall is enough.)
//!
//! The order matters: split first, then decode. A `%2F` is a character of a name, not a separator. No file name
//! contains it, so it is not found.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

/// The characters that are percent-encoded in the paths that we write: all but the unreserved ones (RFC 3986 section
/// 2.3).
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The only directory that is always served although its name begins with a dot (RFC 8615).
const WELL_KNOWN: &str = ".well-known";

/// The name of a resource below the root.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ResourcePath {
    /// The decoded segments with `/` between them; empty for the root.
    name: Rc<str>,
    /// Whether the path was written with a slash at its end, as directories are.
    is_directory: bool,
}

/// Why a path does not name a resource.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PathError {
    /// The path has `..` above the root: 400.
    AboveRoot,
    /// The decoded path has a NUL, another control character, a backslash, or bytes that are not UTF-8: 400.
    Forbidden,
    /// The path has an empty segment or an encoded slash. No file has such a name: 404.
    NoSuchName,
    /// A segment begins with a dot. Such files are hidden: 404.
    Hidden,
    /// The path is not below the prefix of the site: 404.
    OutsideBase,
}

impl ResourcePath {
    /// Resolves the path of a request-target. With `show_hidden`, names that begin with a dot are allowed.
    ///
    /// # Errors
    /// A [`PathError`]. Paths that are invalid on every server (400) are detected before names that this server does
    /// not have (404).
    pub fn resolve(path: &str, show_hidden: bool) -> Result<Self, PathError> {
        let encoded = path.strip_prefix('/').ok_or(PathError::Forbidden)?;
        if cfg!(feature = "unchecked-paths") {
            return Ok(Self {
                name: percent_decode_str(encoded).decode_utf8_lossy().into(),
                is_directory: encoded.is_empty() || encoded.ends_with('/'),
            });
        }
        if is_plain(encoded) {
            return Ok(Self {
                name: encoded.into(),
                is_directory: false,
            });
        }
        let mut segments: Vec<Cow<'_, str>> = Vec::new();
        let mut is_directory = false;
        for encoded_segment in encoded.split('/') {
            let segment = decode(encoded_segment)?;
            // RFC 3986 section 5.2.4: a path that ends with a dot segment ends with a slash.
            is_directory = matches!(segment.as_ref(), "" | "." | "..");
            match segment.as_ref() {
                "." => {}
                ".." => {
                    segments.pop().ok_or(PathError::AboveRoot)?;
                }
                _ => segments.push(segment),
            }
        }
        // The empty segment after the last slash marks a directory. No file has any other empty segment in its name.
        if encoded.is_empty() || encoded.ends_with('/') {
            segments.pop();
        }
        for (depth, segment) in segments.iter().enumerate() {
            if segment.is_empty() || segment.contains('/') {
                return Err(PathError::NoSuchName);
            }
            let well_known = depth == 0 && segment == WELL_KNOWN;
            if segment.starts_with('.') && !show_hidden && !well_known {
                return Err(PathError::Hidden);
            }
        }
        Ok(Self {
            name: segments.join("/").into(),
            is_directory,
        })
    }

    /// The root.
    #[must_use]
    pub fn root() -> Self {
        Self {
            name: "".into(),
            is_directory: true,
        }
    }

    /// The name relative to the root: segments with `/` between them; empty for the root itself.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the path was written with a slash at its end.
    #[must_use]
    pub fn is_directory(&self) -> bool {
        self.is_directory
    }

    /// The last segment; empty for the root.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or_default()
    }

    /// The path of a file in this directory. `None` if `child` is not one plain segment.
    #[must_use]
    pub fn child(&self, child: &str) -> Option<Self> {
        let plain = !matches!(child, "" | "." | "..") && is_allowed(child) && !child.contains('/');
        plain.then(|| Self {
            name: match &*self.name {
                "" => child.into(),
                directory => [directory, "/", child].concat().into(),
            },
            is_directory: false,
        })
    }

    /// This path, seen from the directory `base`. The directory itself is the root.
    ///
    /// # Errors
    /// [`PathError::OutsideBase`] if the path is not below `base`.
    pub fn below(&self, base: &Self) -> Result<Self, PathError> {
        let rest = self.name.strip_prefix(&*base.name).ok_or(PathError::OutsideBase)?;
        let name = match rest.strip_prefix('/') {
            Some(name) => name,
            None if rest.is_empty() => "",
            None => return Err(PathError::OutsideBase),
        };
        Ok(Self {
            name: name.into(),
            is_directory: self.is_directory,
        })
    }

    /// This path, written with a slash at its end.
    #[must_use]
    pub fn as_directory(&self) -> Self {
        Self {
            name: Rc::clone(&self.name),
            is_directory: true,
        }
    }

    /// The path of a file beside this one: its name with `.` and `extension` appended.
    #[must_use]
    pub fn sibling(&self, extension: &str) -> Self {
        Self {
            name: [&self.name, ".", extension].concat().into(),
            is_directory: false,
        }
    }
}

impl fmt::Display for ResourcePath {
    /// Writes the path for a URI reference: absolute, percent-encoded, with the slash of a directory.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in self.name.split('/') {
            write!(formatter, "/{}", encode_segment(segment))?;
        }
        if self.is_directory && !self.name.is_empty() {
            formatter.write_str("/")?;
        }
        Ok(())
    }
}

/// Whether a path of a request is equivalent to `plain`, which has only unreserved characters. Each of them may be
/// percent-encoded (RFC 9110 section 4.2.3, RFC 3986 section 6.2.2.2). An encoded slash is not a separator.
#[must_use]
pub fn is_equivalent(path: &str, plain: &str) -> bool {
    let mut plain = plain.split('/');
    let is_same = |segment| {
        plain
            .next()
            .is_some_and(|plain| percent_decode_str(segment).eq(plain.bytes()))
    };
    path.split('/').all(is_same) && plain.next().is_none()
}

/// A segment as written in a URI.
#[must_use]
pub fn encode_segment(segment: &str) -> impl fmt::Display + '_ {
    utf8_percent_encode(segment, &RESERVED)
}

/// Decodes the percent-encoding of one segment, once.
fn decode(segment: &str) -> Result<Cow<'_, str>, PathError> {
    percent_decode_str(segment)
        .decode_utf8()
        .ok()
        .filter(|decoded| is_allowed(decoded))
        .ok_or(PathError::Forbidden)
}

/// Whether a path without its first slash is the name of a resource as it is written, as nearly all paths are: segments
/// of unreserved characters, none of which is empty or begins with a dot.
fn is_plain(path: &str) -> bool {
    let mut before = b'/';
    let is_plain = path.bytes().all(|byte| {
        let is_in_place = byte.is_ascii_alphanumeric()
            || match byte {
                b'-' | b'_' | b'~' => true,
                b'.' | b'/' => before != b'/',
                _ => false,
            };
        before = byte;
        is_in_place
    });
    is_plain && before != b'/'
}

/// Whether a name has only characters that all hosts treat alike.
fn is_allowed(name: &str) -> bool {
    !name
        .chars()
        .any(|character| character.is_control() || character == '\\')
}

#[cfg(test)]
mod tests {
    use super::*;
    use PathError::*;
    use proptest::prelude::*;

    #[test]
    fn a_path_is_seen_from_the_directory_that_it_is_below() {
        let resolve = |path| ResourcePath::resolve(path, false).unwrap();
        for (path, base, expected) in [
            ("/site/a/b", "/site", Ok("/a/b")),
            ("/site/a/", "/site", Ok("/a/")),
            ("/%73ite/a", "/site", Ok("/a")),
            ("/x/../site/a", "/site", Ok("/a")),
            ("/a/b/c", "/a/b", Ok("/c")),
            ("/site/", "/site", Ok("/")),
            ("/site/site", "/site", Ok("/site")),
            ("/", "/site", Err(OutsideBase)),
            ("/a", "/site", Err(OutsideBase)),
            ("/sites/a", "/site", Err(OutsideBase)),
            ("/Site/a", "/site", Err(OutsideBase)),
            ("/site/../a", "/site", Err(OutsideBase)),
            ("/a/site/b", "/site", Err(OutsideBase)),
            ("/a/bc", "/a/b", Err(OutsideBase)),
        ] {
            let below = resolve(path).below(&resolve(base));
            assert_eq!(
                below.map(|path| path.to_string()),
                expected.map(str::to_owned),
                "{path}"
            );
        }
        // The prefix without its slash is a directory without one.
        let root = resolve("/site").below(&resolve("/site")).unwrap();
        assert_eq!((root.name(), root.is_directory()), ("", false));
    }

    #[test]
    fn a_path_means_the_same_whichever_unreserved_characters_are_encoded() {
        // RFC 3986 section 6.2.2.2
        for (path, plain, is_same) in [
            ("/health", "/health", true),
            ("/%68eal%74h", "/health", true),
            ("/a/%62", "/a/b", true),
            ("/", "/", true),
            ("/healt", "/health", false),
            ("/healthy", "/health", false),
            ("/health/", "/health", false),
            ("/health", "/health/", false),
            ("/health", "/health/a", false),
            ("/%2Fhealth", "//health", false),
            ("/a%2Fb", "/a/b", false),
            ("/%2568ealth", "/health", false),
        ] {
            assert_eq!(is_equivalent(path, plain), is_same, "{path} {plain}");
        }
    }

    #[test]
    fn a_path_is_split_and_decoded_and_its_dot_segments_are_removed() {
        for (path, expected) in [
            // RFC 3986 section 3.3
            ("/", Ok(("", true))),
            ("/a", Ok(("a", false))),
            ("/a/b.html", Ok(("a/b.html", false))),
            ("/a/", Ok(("a", true))),
            // RFC 3986 section 2.1: decoded once
            ("/%61", Ok(("a", false))),
            ("/a%20b", Ok(("a b", false))),
            ("/%2561", Ok(("%61", false))),
            ("/caf%C3%A9", Ok(("café", false))),
            ("/a+b", Ok(("a+b", false))),
            // RFC 3986 section 5.2.4
            ("/a/../b", Ok(("b", false))),
            ("/a/./b", Ok(("a/b", false))),
            ("/a/b/..", Ok(("a", true))),
            ("/a/.", Ok(("a", true))),
            ("/.", Ok(("", true))),
            ("/a/%2e%2e/b", Ok(("b", false))),
            ("/a/.%2E/b", Ok(("b", false))),
            ("/..", Err(AboveRoot)),
            ("/../etc/passwd", Err(AboveRoot)),
            ("/%2e%2e/etc/passwd", Err(AboveRoot)),
            ("/a/../../b", Err(AboveRoot)),
            ("/...", Err(Hidden)),
            // no name has these
            ("/a%00", Err(Forbidden)),
            ("/a%0Ab", Err(Forbidden)),
            ("/a%7F", Err(Forbidden)),
            ("/a%C2%85", Err(Forbidden)),
            ("/..%5c..%5cetc", Err(Forbidden)),
            ("/%FF", Err(Forbidden)),
            ("/%C0%AE%C0%AE/", Err(Forbidden)),
            ("//etc/passwd", Err(NoSuchName)),
            ("/a//b", Err(NoSuchName)),
            ("//", Err(NoSuchName)),
            ("/a//", Err(NoSuchName)),
            ("//.", Err(NoSuchName)),
            ("/a//.", Err(NoSuchName)),
            ("/a%2Fb", Err(NoSuchName)),
            ("/..%2Fetc", Err(NoSuchName)),
            // dotfiles
            ("/.git/config", Err(Hidden)),
            ("/a/.b", Err(Hidden)),
            ("/%2egit", Err(Hidden)),
            ("/.well-known/security.txt", Ok((".well-known/security.txt", false))),
            ("/a/.well-known/b", Err(Hidden)),
            ("/.well-known/.a", Err(Hidden)),
        ] {
            let got = ResourcePath::resolve(path, false);
            let got = got.as_ref().map(|found| (found.name(), found.is_directory()));
            assert_eq!(got, expected.as_ref().map(|&it| it), "{path}");
        }
    }

    #[test]
    fn hidden_names_are_served_on_request() {
        let path = ResourcePath::resolve("/.git/config", true).unwrap();
        assert_eq!(path.name(), ".git/config");
    }

    #[test]
    fn a_child_is_one_plain_segment() {
        let directory = ResourcePath::resolve("/a/", false).unwrap();
        for (child, name) in [
            ("b", Some("a/b")),
            ("", None),
            ("..", None),
            (".", None),
            ("b/c", None),
            ("b\\c", None),
            ("b\0", None),
        ] {
            assert_eq!(
                directory.child(child).as_ref().map(ResourcePath::name),
                name,
                "{child:?}"
            );
        }
    }

    #[test]
    fn a_path_is_written_percent_encoded() {
        for (path, written) in [
            ("/", "/"),
            ("/a/", "/a/"),
            ("/a%20b/%C3%A9%3F", "/a%20b/%C3%A9%3F"),
            ("/a/../b/", "/b/"),
        ] {
            assert_eq!(ResourcePath::resolve(path, false).unwrap().to_string(), written);
        }
    }

    // The oracle is that of the fuzzer: it resolves the path by hand.
    proptest! {
        #[test]
        fn a_resolved_path_never_leaves_the_root(path in "/[a./%2eEfF5cC0]{0,24}", show_hidden: bool) {
            aula_fuzz::path(&[&[u8::from(show_hidden)], path.as_bytes()].concat());
        }

        #[test]
        fn what_is_written_resolves_to_itself(path in "/[a-c./%]{0,16}") {
            aula_fuzz::path(&[&[1], path.as_bytes()].concat());
        }
    }
}
