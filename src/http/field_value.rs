//! The value of a field of an answer: borrowed from the settings, or shared with whoever rendered it once for many
//! answers.

use std::ops::Deref;
use std::rc::Rc;

/// Text that is cheap to hand on.
#[derive(Clone, Debug)]
pub enum FieldValue<'s> {
    /// Of the settings, or of the program itself.
    Borrowed(&'s str),
    /// Rendered, perhaps for many answers.
    Shared(Rc<str>),
}

impl Deref for FieldValue<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Shared(text) => text,
        }
    }
}

impl<'s> From<&'s str> for FieldValue<'s> {
    fn from(text: &'s str) -> Self {
        Self::Borrowed(text)
    }
}

impl<'s> From<&'s String> for FieldValue<'s> {
    fn from(text: &'s String) -> Self {
        Self::Borrowed(text)
    }
}

impl From<&Rc<str>> for FieldValue<'_> {
    fn from(text: &Rc<str>) -> Self {
        Self::Shared(Rc::clone(text))
    }
}

impl From<String> for FieldValue<'_> {
    fn from(text: String) -> Self {
        Self::Shared(text.into())
    }
}
