//! How a report is written: its language, and the colours of the terminal.

use aula::catalogue::Lang;

/// How to write.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Style {
    /// The language.
    pub lang: Lang,
    /// Whether there may be colours.
    pub has_colour: bool,
}

/// A colour of the terminal (ECMA-48 section 8.3.117).
#[derive(Clone, Copy)]
pub(super) enum Colour {
    Red = 31,
    Green = 32,
    Yellow = 33,
}

impl Style {
    /// The text in this colour, if there may be colours.
    pub(super) fn paint(self, text: &str, colour: Colour) -> String {
        if self.has_colour {
            format!("\x1b[{}m{text}\x1b[0m", colour as u8)
        } else {
            text.to_owned()
        }
    }

    /// The text in bold, if there may be colours.
    pub(super) fn bold(self, text: &str) -> String {
        if self.has_colour {
            format!("\x1b[1m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}
