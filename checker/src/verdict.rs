//! How a check comes out: passed, failed with the offending bytes, or not run with the reason.

use aula::catalogue::{Message, Text};
use std::fmt::Display;
use std::ops::Range;

/// Something that can be wrong with a server: what it is, and how to fix it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fault {
    /// What is wrong, with the bytes in view.
    pub what: Text,
    /// What to change in the server.
    pub fix: Text,
}

/// Declares faults, each with its four sentences side by side, and `FAULTS`, all of them, for the tests.
#[macro_export]
macro_rules! faults {
    ($($(#[doc = $doc:literal])+ $name:ident { $what_en:literal, $what_es:literal; $fix_en:literal, $fix_es:literal })*) => {
        $($(#[doc = $doc])+
        pub const $name: $crate::verdict::Fault = $crate::verdict::Fault {
            what: aula::catalogue::Text::new($what_en, $what_es),
            fix: aula::catalogue::Text::new($fix_en, $fix_es),
        };)*

        /// Every fault of this module.
        pub const FAULTS: &[$crate::verdict::Fault] = &[$($name),*];
    };
}

impl Fault {
    /// A failure with this fault, to be seen in what one connection received, at these bytes. An empty range is the
    /// place before a byte, or after the last.
    #[must_use]
    #[inline(never)] // It is called in many places, and would be copied into each of them.
    pub fn at(self, connection: usize, range: Range<usize>) -> Failure {
        Failure {
            what: self.what.into(),
            fix: self.fix.into(),
            connection,
            range,
            after: None,
            crash: None,
            note: None,
            asked: None,
            is_everything: false,
        }
    }
}

/// A fault that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// What is wrong.
    pub what: Message,
    /// How to fix it.
    pub fix: Message,
    /// The number of the connection whose transcript shows it.
    pub connection: usize,
    /// The offending bytes: offsets into what was received there.
    pub range: Range<usize>,
    /// The number of the connection on which something else was sent before, if that is the cause.
    pub after: Option<usize>,
    /// What this check did to the server, if it has not responded since.
    pub crash: Option<Crash>,
    /// What else has to be known to understand it, such as that it is the head of a 404 that is looked at.
    pub note: Option<Message>,
    /// What the line of the request begins with that the sentence speaks of; it is shown besides the first line.
    pub asked: Option<&'static str>,
    /// Whether whatever the other checks would find is a consequence of this: then they are not run.
    pub is_everything: bool,
}

impl Failure {
    /// With what was sent on another connection before as the cause.
    #[must_use]
    pub fn after(mut self, connection: usize) -> Self {
        self.after = Some(connection);
        self
    }

    /// With something else that has to be known to understand it.
    #[must_use]
    pub fn note(mut self, note: Message) -> Self {
        self.note = Some(note);
        self
    }

    /// With the line of the request that it is about.
    #[must_use]
    pub fn asked(mut self, line: &'static str) -> Self {
        self.asked = Some(line);
        self
    }

    /// As the cause of whatever else is wrong.
    #[must_use]
    pub fn is_everything(mut self) -> Self {
        self.is_everything = true;
        self
    }

    /// With a value for the place `{name}` in both sentences.
    #[must_use]
    #[inline(never)] // It is called in many places, and would be copied into each of them.
    pub fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.what = self.what.with(name, &value);
        self.fix = self.fix.with(name, &value);
        self
    }
}

/// How a server is gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Crash {
    /// It refuses connections: the program has ended.
    Died,
    /// It no longer responds.
    Hung,
}

/// Why something did not pass.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finding {
    /// It is wrong.
    Fault(Box<Failure>),
    /// It could not be looked at, and this is why.
    NotRun(Message),
}

impl From<Failure> for Finding {
    fn from(failure: Failure) -> Self {
        Self::Fault(Box::new(failure))
    }
}

impl From<Message> for Finding {
    fn from(why: Message) -> Self {
        Self::NotRun(why)
    }
}

impl From<Text> for Finding {
    fn from(why: Text) -> Self {
        Self::NotRun(why.into())
    }
}

/// What verifying one check gives.
pub type Verification = Result<(), Finding>;

/// How a check came out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// As the rule wants it.
    Passed,
    /// Against the rule.
    Failed(Box<Failure>),
    /// It could not be run.
    NotRun {
        /// Why, and what to do about it.
        why: Message,
        /// Whether it is the server that made it impossible, and not an option that was not given.
        is_servers_fault: bool,
    },
}

impl From<Verification> for Verdict {
    fn from(verification: Verification) -> Self {
        match verification {
            Ok(()) => Self::Passed,
            Err(Finding::Fault(failure)) => Self::Failed(failure),
            Err(Finding::NotRun(why)) => Self::NotRun {
                why,
                is_servers_fault: true,
            },
        }
    }
}
