//! Stdout and stderr, and whether they are a terminal (`wasi:cli`).

use std::io::{self, Write};
use wasi::cli::terminal_stderr::get_terminal_stderr;
use wasi::cli::terminal_stdout::get_terminal_stdout;

/// One of the two outputs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Console {
    Stdout,
    Stderr,
}

impl Console {
    /// Writes at once, so that the progress is visible. If the output is closed, the checks continue (`print!` would
    /// panic).
    pub fn print(self, text: &str) {
        let _ = match self {
            Self::Stdout => io::stdout()
                .write_all(text.as_bytes())
                .and_then(|()| io::stdout().flush()),
            Self::Stderr => io::stderr().write_all(text.as_bytes()),
        };
    }

    /// Whether it is a terminal.
    pub fn is_terminal(self) -> bool {
        match self {
            Self::Stdout => get_terminal_stdout().is_some(),
            Self::Stderr => get_terminal_stderr().is_some(),
        }
    }
}
