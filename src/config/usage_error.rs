//! Why what was asked for cannot be done, as the one line that the user sees.
//!
//! Its words come from the other files of [`config`](super) and from whoever starts the server; this one
//! sees to it that they stay one line, whatever the user typed. It does not choose the language: whoever
//! prints it does.

use crate::catalogue::{Lang, Message};
use crate::visible;
use std::fmt;

/// A mistake of the user's, in both languages: the cause and the cure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageError {
    /// What it is about, in words that both languages share: the option or the variable as it was written.
    subject: Option<String>,
    message: Message,
}

impl UsageError {
    /// A mistake that is told as `subject: reason`.
    #[must_use]
    pub fn about(subject: impl Into<String>, reason: impl Into<Message>) -> Self {
        Self {
            subject: Some(subject.into()),
            message: reason.into(),
        }
    }

    /// The line, which may quote what the user typed: control characters in it are escaped, and so is
    /// anything else that a terminal does not show, so that no argument can move the cursor or forge a
    /// second line.
    #[must_use]
    pub fn in_language(&self, lang: Lang) -> String {
        let message = self.message.get(lang);
        match &self.subject {
            Some(subject) => visible::text(&format!("{subject}: {message}")),
            None => visible::text(&message),
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

/// In English, for those who have no language to print it in.
impl fmt::Display for UsageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.in_language(Lang::En))
    }
}

impl std::error::Error for UsageError {}
