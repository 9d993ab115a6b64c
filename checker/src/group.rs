//! The groups of the checks, by the kind of their rules: they decide what counts.

use crate::texts;
use aula::catalogue::Text;

/// What kind of rule a check holds the server against.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Group {
    /// The lab's own terms. Only they decide the exit code.
    Lab,
    /// What the RFCs ask for besides.
    Rfc,
    /// What clients do to a server sooner or later.
    Robustness,
}

impl Group {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Lab, Self::Rfc, Self::Robustness];

    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lab => "lab",
            Self::Rfc => "rfc",
            Self::Robustness => "robustness",
        }
    }

    /// The group of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.name() == name)
    }

    /// Its heading.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::Lab => texts::GROUP_LAB,
            Self::Rfc => texts::GROUP_RFC,
            Self::Robustness => texts::GROUP_ROBUSTNESS,
        }
    }

    /// Its name within a sentence.
    #[must_use]
    pub fn named(self) -> Text {
        match self {
            Self::Lab => texts::NAME_LAB,
            Self::Rfc => texts::NAME_RFC,
            Self::Robustness => texts::NAME_ROBUSTNESS,
        }
    }
}
