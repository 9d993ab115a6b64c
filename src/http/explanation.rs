//! Explanations: why a response has its status, in words for the error page and the trace.

use super::Status;
use crate::catalogue::Text;

/// A status, and what it means for this response.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Explanation {
    /// The status code of the response.
    pub status: Status,
    /// The reason, in one sentence.
    pub meaning: Text,
    /// The rule that demands it, such as `RFC 9112 section 3.2`.
    pub section: &'static str,
}

/// Declares an enum of outcomes. Each outcome is declared once: its documentation, its status, the rule that demands
/// it, and its meaning for people, in English and Spanish.
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
            /// All variants.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The status, meaning and rule of this outcome.
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
