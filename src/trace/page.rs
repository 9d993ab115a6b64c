//! How a page of the trace is laid out: its columns, its colours, and bytes in rows with carets below them. It does not
//! know what they are about.

use super::{Style, texts};
use crate::catalogue::{Lang, wrapped};
use crate::escape;
use std::fmt::Display;
use std::ops::Range;

/// The maximum number of columns in a line.
pub(super) const WIDTH: usize = 80;
/// The column at which the text after an offset begins.
pub(super) const INDENT: usize = 10;

/// A page: the lines so far.
pub(super) struct Page<'a> {
    pub(super) style: &'a Style,
    pub(super) lang: Lang,
    pub(super) text: String,
}

/// The colours (ECMA-48 SGR).
#[derive(Clone, Copy)]
pub(super) enum Colour {
    Plain = 0,
    Bold = 1,
    Dim = 2,
    Red = 31,
    Green = 32,
    Yellow = 33,
    Magenta = 35,
    Cyan = 36,
}

/// The position of a token, and its colour.
pub(super) type Mark = (Range<usize>, Colour);

impl Page<'_> {
    /// Writes some of these bytes with their offsets, and tokens in their colours.
    pub(super) fn rows(&mut self, bytes: &[u8], part: Range<usize>, marks: &[Mark], fault: Option<&Range<usize>>) {
        let shown = bytes.get(part.clone()).unwrap_or_default();
        for row in escape::rows(shown, part.start, WIDTH - INDENT) {
            self.offset(&row.offset.to_string());
            let mut done = 0;
            let line_end = row.text.strip_suffix("\\r\\n").map_or(row.text.len(), str::len);
            let coloured = marks
                .iter()
                .filter_map(|(at, colour)| Some((row.columns(at)?, *colour)));
            for (columns, colour) in coloured.chain([(line_end..row.text.len(), Colour::Dim)]) {
                self.text
                    .push_str(row.text.get(done..columns.start).unwrap_or_default());
                let token = row.text.get(columns.clone()).unwrap_or_default();
                if !token.is_empty() {
                    self.coloured(colour, token);
                }
                done = columns.end;
            }
            self.text.push('\n');
            let Some(columns) = fault.and_then(|fault| row.columns(fault)) else {
                continue;
            };
            let carets = "^".repeat(columns.len());
            self.coloured_line(INDENT + columns.start, Colour::Red, &carets);
            if fault.is_some_and(|fault| fault.end <= row.end()) {
                self.coloured_line(INDENT, Colour::Red, texts::STOPPED.get(self.lang));
            }
        }
    }

    /// Writes an explanation with its rule, on as many lines as needed.
    pub(super) fn reason(&mut self, reason: &str, section: &str) {
        let rule = format!("({})", self.lang.rule(section));
        for line in wrapped(reason.split(' ').chain([rule.as_str()]), WIDTH - INDENT) {
            self.line(Colour::Plain, &line);
        }
    }

    /// Writes the first line of an event, filled up to the full width.
    pub(super) fn heading(&mut self, text: &str) {
        let rule = "─".repeat(WIDTH.saturating_sub(columns(text) + 4));
        self.coloured_line(0, Colour::Bold, &format!("── {text} {rule}"));
    }

    /// Writes the first line of a stage.
    pub(super) fn label(&mut self, text: &str) {
        self.coloured_line(0, Colour::Cyan, text);
    }

    /// Writes the text at an offset.
    pub(super) fn row(&mut self, offset: &str, text: &str) {
        self.offset(offset);
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Begins a line with an offset.
    pub(super) fn offset(&mut self, offset: &str) {
        let column = INDENT - 2;
        self.coloured(Colour::Dim, &format!("{offset:>column$}"));
        self.text.push_str("  ");
    }

    /// Writes a line below the label of its stage, cut to the width.
    pub(super) fn line(&mut self, colour: Colour, text: &str) {
        self.coloured_line(INDENT, colour, &cut(text, WIDTH - INDENT));
    }

    /// Writes a line of one colour, indented.
    pub(super) fn coloured_line(&mut self, indent: usize, colour: Colour, text: &str) {
        self.text.push_str(&" ".repeat(indent));
        self.coloured(colour, text);
        self.text.push('\n');
    }

    /// Writes a text in a colour, if the page has colours.
    pub(super) fn coloured(&mut self, colour: Colour, text: &str) {
        match colour {
            Colour::Plain => self.text.push_str(text),
            _ if !self.style.is_coloured => self.text.push_str(text),
            colour => self.text.push_str(&format!("\x1b[{}m{text}\x1b[0m", colour as u8)),
        }
    }
}

/// At most `width` columns of a text.
pub(super) fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// How many columns a text takes.
pub(super) fn columns(text: impl Display) -> usize {
    text.to_string().chars().count()
}
