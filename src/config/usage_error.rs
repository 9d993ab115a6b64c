//! What is wrong with a command line or an environment, in the one line that the user sees.
//!
//! Its words come from the other files of [`config`](super); this one sees to it that they stay one
//! line, whatever the user typed.

use std::fmt;

/// A mistake of the user's: one line that names the cause and the cure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageError(String);

impl UsageError {
    /// Takes the line, which may quote what the user typed: control characters in it are escaped, and
    /// so is anything else that a terminal does not show, so that no argument can move the cursor or
    /// forge a second line.
    pub(super) fn new(line: &str) -> Self {
        let mut escaped = String::new();
        for character in line.chars() {
            match character {
                // What Rust would escape for its own string literals alone.
                '"' | '\'' | '\\' => escaped.push(character),
                _ => escaped.extend(character.escape_debug()),
            }
        }
        Self(escaped)
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}
