//! Why an answer is what it is: said to the client on a page, and by the trace.

use super::Status;
use crate::catalogue::Text;

/// A status with its meaning here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Explanation {
    /// The status code of the answer.
    pub status: Status,
    /// What was found out, in a sentence.
    pub meaning: Text,
    /// The rule behind it, such as `RFC 9112 section 3.2`.
    pub section: &'static str,
}

/// Declares an enum of outcomes, each once: its meaning in the program, its status, the rule behind it, and what it
/// means to a person, in English and Spanish.
macro_rules! explanations {
    (
        $(#[doc = $of_all:literal])+
        $outcomes:ident {
            $($(#[doc = $doc:literal])* $name:ident: $status:ident, $section:literal, $en:literal, $es:literal;)*
        }
    ) => {
        $(#[doc = $of_all])+
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum $outcomes {
            $($(#[doc = $doc])* $name,)*
        }

        impl $outcomes {
            /// Every one that there is.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its status, meaning and rule.
            #[must_use]
            pub fn explanation(self) -> $crate::http::Explanation {
                match self {
                    $(Self::$name => $crate::http::Explanation {
                        status: $crate::http::Status::$status,
                        meaning: $crate::catalogue::Text::new($en, $es),
                        section: $section,
                    },)*
                }
            }
        }
    };
}
pub(crate) use explanations;
