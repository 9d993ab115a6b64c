//! A mistake in the arguments or the environment, as the one line that the user sees.
//!
//! The words come from the other files of [`config`](super) and from `start`; this file keeps them on one line,
//! whatever the user typed. It does not choose the language: the code that prints the line does.

use crate::catalogue::{Lang, Message};
use crate::escape;
use std::fmt;

/// A mistake, with its cause and its cure in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageError {
    /// The option or the variable as it was written. Both languages share this text.
    subject: Option<String>,
    message: Message,
}

impl UsageError {
    /// A mistake that is printed as `subject: reason`.
    #[must_use]
    pub fn about(subject: impl Into<String>, reason: impl Into<Message>) -> Self {
        Self {
            subject: Some(subject.into()),
            message: reason.into(),
        }
    }

    /// The line, which may quote what the user typed. Control characters and everything else that a terminal does not
    /// show are escaped, so that no argument can move the cursor or forge a second line.
    #[must_use]
    pub fn in_language(&self, lang: Lang) -> String {
        let message = self.message.get(lang);
        match &self.subject {
            Some(subject) => escape::text(&format!("{subject}: {message}")),
            None => escape::text(&message),
        }
    }
}

impl<M: Into<Message>> From<M> for UsageError {
    fn from(message: M) -> Self {
        Self {
            subject: None,
            message: message.into(),
        }
    }
}

/// Prints the line in English, for code that does not know the language.
impl fmt::Display for UsageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.in_language(Lang::En))
    }
}

impl std::error::Error for UsageError {}
