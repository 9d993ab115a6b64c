//! The value of a response's field: borrowed from the configuration, or rendered once and shared by many responses.

use std::ops::Deref;
use std::rc::Rc;

/// Text that is cheap to clone.
#[derive(Clone, Debug)]
pub enum FieldValue<'s> {
    /// Text from the configuration, or a constant of the program.
    Borrowed(&'s str),
    /// Text that was rendered, perhaps for many responses.
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
