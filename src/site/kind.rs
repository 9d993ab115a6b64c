//! The kinds of entries in a listing, with their icons.
//!
//! The icons are drawings of 16 by 16 in the style sheet of the page, so they need no other request. The colour of each
//! is visible on a light and on a dark background. They only repeat what the names say, so screen readers skip them.

use super::tree::DirectoryEntry;
use crate::http::media_type;
use std::collections::BTreeSet;

/// The kind of an entry in a listing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// `..`
    Above,
    /// A directory.
    Folder,
    /// HTML.
    Page,
    /// Text in any other form, source code too.
    Text,
    /// An image.
    Picture,
    /// A film.
    Video,
    /// Music or speech.
    Audio,
    /// A document for printing or for an office program.
    Document,
    /// Files packed into one.
    Archive,
    /// A program or an installer.
    Program,
    /// Anything else.
    Other,
}

/// Parts of the names of media types, each with its kind. The first one that fits decides.
const TYPES: &[(&str, Kind)] = &[
    ("html", Kind::Page),
    ("image/", Kind::Picture),
    ("video/", Kind::Video),
    ("audio/", Kind::Audio),
    ("pdf", Kind::Document),
    ("officedocument", Kind::Document),
    ("opendocument", Kind::Document),
    ("msword", Kind::Document),
    ("epub", Kind::Document),
    ("zip", Kind::Archive),
    ("zstd", Kind::Archive),
    ("x-tar", Kind::Archive),
    ("x-7z", Kind::Archive),
    ("x-rar", Kind::Archive),
    ("x-xz", Kind::Archive),
    ("java-archive", Kind::Program),
    ("wasm", Kind::Program),
    ("x-msi", Kind::Program),
    ("x-msdownload", Kind::Program),
    ("x-sh", Kind::Program),
    ("text/", Kind::Text),
    ("json", Kind::Text),
    ("xml", Kind::Text),
    ("yaml", Kind::Text),
    ("javascript", Kind::Text),
];

/// The outline of a sheet of paper, on which some icons draw.
macro_rules! sheet {
    ($on_it:literal) => {
        concat!("M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3", $on_it)
    };
}

impl Kind {
    /// The kind of an entry, from the media type of its name.
    #[must_use]
    pub fn of(entry: &DirectoryEntry) -> Self {
        if entry.is_directory {
            return Self::Folder;
        }
        // The type of these says only that they are bytes.
        if entry.name.to_ascii_lowercase().ends_with(".exe") {
            return Self::Program;
        }
        let media_type = media_type::of_name(&entry.name);
        let known = TYPES.iter().find(|(part, _)| media_type.value().contains(part));
        known.map_or(Self::Other, |&(_, kind)| kind)
    }

    /// The class of the cell.
    #[must_use]
    pub fn class(self) -> &'static str {
        self.drawn().0
    }

    /// The class, the colour of the icon, whether the icon is filled, and the path of the drawing.
    fn drawn(self) -> (&'static str, &'static str, bool, &'static str) {
        match self {
            Self::Above => ("u", "b98a50", false, "M8 13.5v-10M3.5 8 8 3.5 12.5 8"),
            Self::Folder => ("d", "b98a50", true, "M1.5 3.5h4.6l1.6 2h6.8v7.5h-13z"),
            Self::Page => (
                "h",
                "2f8f76",
                false,
                sheet!("M6.8 7.5 5.2 9.5l1.6 2M9.2 7.5l1.6 2-1.6 2"),
            ),
            Self::Text => ("t", "7a8a82", false, sheet!("M5.5 7.5h5M5.5 9.7h5M5.5 11.9h3")),
            Self::Picture => (
                "i",
                "3f87b5",
                false,
                "M1.5 2.5h13v11h-13zM1.5 11.5l4-4.5 3.5 4 2-2 3.5 3.5M10.7 5.8h.1",
            ),
            Self::Video => ("v", "b0567a", false, "M1.5 3.5h13v9h-13zM6.5 5.8v4.4L10.3 8z"),
            Self::Audio => (
                "a",
                "8a68b5",
                false,
                "M6 12V3.5L13 2v8.5M6 12a2 1.7 0 1 1-4 0 2 1.7 0 0 1 4 0zM13 10.5a2 1.7 0 1 1-4 0 2 1.7 0 0 1 4 0z",
            ),
            Self::Document => ("p", "c05a4a", false, sheet!("M5.5 7.5h5v4.5h-5z")),
            Self::Archive => ("z", "a5762f", false, "M1.5 2.5h13v3.5h-13zM2.5 6v7.5h11V6M6.5 8.7h3"),
            Self::Program => (
                "x",
                "5f7f8f",
                false,
                "M1.5 2.5h13v11h-13zM4.3 5.8 6.7 8l-2.4 2.2M8.5 10.8h3.2",
            ),
            Self::Other => ("o", "7a8a82", false, sheet!("")),
        }
    }
}

/// The rules of a style sheet that draw the icons of these kinds.
#[must_use]
pub fn style(kinds: impl Iterator<Item = Kind>) -> String {
    let each = kinds.collect::<BTreeSet<_>>().into_iter().map(|kind| {
        let (class, colour, is_full, path) = kind.drawn();
        let fill = if is_full {
            format!("%23{colour}")
        } else {
            "none".to_owned()
        };
        format!(
            "td.{class} a::before{{background-image:url(\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' \
             viewBox='0 0 16 16' fill='{fill}' stroke='%23{colour}' stroke-width='1.4' stroke-linejoin='round' \
             stroke-linecap='round'><path d='{path}'/></svg>\")}}"
        )
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::UnixTime;

    fn kind(name: &str, is_directory: bool) -> Kind {
        Kind::of(&DirectoryEntry {
            name: name.into(),
            is_directory,
            size: 0,
            modified: UnixTime::default(),
        })
    }

    #[test]
    fn an_icon_shows_what_the_name_promises() {
        for (names, expected) in [
            (&["index.html", "a.HTM", "a.xhtml"][..], Kind::Page),
            (
                &["a.txt", "a.css", "a.js", "a.py", "a.rs", "a.json", "a.xml", "a.md"],
                Kind::Text,
            ),
            (&["a.jpeg", "a.png", "a.svg", "favicon.ico"], Kind::Picture),
            (&["Planeta.mp4", "a.webm"], Kind::Video),
            (&["a.mp3", "a.ogg", "a.wav"], Kind::Audio),
            (&["a.pdf", "a.docx", "a.odt"], Kind::Document),
            (&["a.zip", "a.tar", "a.gz", "a.7z", "a.zst"], Kind::Archive),
            (&["putty.msi", "a.exe", "a.wasm", "a.sh", "a.jar"], Kind::Program),
            (&["a", "a.unknown", "html"], Kind::Other),
        ] {
            for name in names {
                assert_eq!(kind(name, false), expected, "{name}");
            }
        }
        assert_eq!(kind("a.html", true), Kind::Folder);
    }

    #[test]
    fn the_style_of_a_kind_is_that_of_its_class() {
        use Kind::{Above, Archive, Audio, Document, Folder, Other, Page, Picture, Program, Text, Video};
        for kind in [
            Above, Archive, Audio, Document, Folder, Other, Page, Picture, Program, Text, Video,
        ] {
            let rule = format!("td.{} a::before{{", kind.class());
            assert!(style([kind].into_iter()).starts_with(&rule), "{kind:?}: {rule}");
        }
    }

    #[test]
    fn only_the_icons_that_are_shown_are_sent() {
        let style = style([Kind::Page, Kind::Folder, Kind::Page].into_iter());
        assert_eq!(style.matches("<svg").count(), 2, "{style}");
        assert!(
            style.contains("td.d a::before{") && style.contains("td.h a::before{"),
            "{style}"
        );
        // A number sign would end the URL there, and a quote the string.
        assert!(!style.contains('#'), "{style}");
    }
}
