//! The checks: what each is called, what it is worth, what it does and who judges it. One table for each group.
//!
//! They run in the order of the tables. Those of the lab come first, those that try to kill the server last.

mod lab;
mod rfc;
mod robustness;
mod scripts;

pub use scripts::probe;

use crate::preset::Preset;
use crate::script::{Script, Transcripts};
use crate::target::Target;
use crate::texts;
use crate::verdict::Judgement;
use aula::catalogue::Text;
use std::time::Duration;

/// For how long a check waits for an answer that does not come.
const PATIENCE: Duration = Duration::from_secs(3);

/// The same where several clients wait in turn.
const PATIENCE_IN_TURN: Duration = Duration::from_secs(4);

/// The same where an open connection is waited for to close, or an unusual request may well be ignored.
const SHORT_PATIENCE: Duration = Duration::from_secs(2);

/// What kind of rule a check holds the server against.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Group {
    /// The lab's own terms. They alone decide the exit code.
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

    /// Its heading.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::Lab => texts::GROUP_LAB,
            Self::Rfc => texts::GROUP_RFC,
            Self::Robustness => texts::GROUP_ROBUSTNESS,
        }
    }
}

/// Points in each preset, in the order of [`Preset::ALL`]: 0 is a tip that scores nothing, `None` is not checked at all.
pub type Weights = [Option<u32>; 4];

/// Points that every preset has.
const fn points(general: u32, kurose: u32, mininet: u32, lab01: u32) -> Weights {
    [Some(general), Some(kurose), Some(mininet), Some(lab01)]
}

/// Points in `lab01` alone.
const fn in_lab01(points: u32) -> Weights {
    [None, None, None, Some(points)]
}

/// One check.
pub struct Check {
    /// What `--only` and the reports call it.
    pub id: &'static str,
    /// Its group.
    pub group: Group,
    /// Its points.
    pub weights: Weights,
    /// For how long it waits for what does not come.
    pub patience: Duration,
    /// What is as it should be if it passes; at most 51 characters, so that its line fits a terminal.
    pub title: Text,
    /// The rule, with the RFC's section or the lab.
    pub rule: Text,
    /// What it does; or the reason that it cannot be run, with the cure.
    pub script: fn(&Target) -> Result<Script, Text>,
    /// What comes of it.
    pub judge: fn(&Target, &Transcripts) -> Judgement,
}

impl Check {
    /// Its points in a preset: `None` if it is not checked there.
    #[must_use]
    pub fn weight(&self, preset: Preset) -> Option<u32> {
        let position = Preset::ALL.iter().position(|&each| each == preset)?;
        self.weights.get(position).copied().flatten()
    }
}

/// Every check, in the order in which they run.
pub fn all() -> impl Iterator<Item = &'static Check> {
    [lab::CHECKS, rfc::CHECKS, robustness::CHECKS].into_iter().flatten()
}

/// The checks of a preset: all that it has, or those with these ids, which then are run in any preset.
#[must_use]
pub fn selected(preset: Preset, only: &[String]) -> Vec<&'static Check> {
    let is_selected = |check: &&Check| match only {
        [] => check.weight(preset).is_some(),
        only => only.iter().any(|id| id == check.id),
    };
    all().filter(is_selected).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judges;
    use aula::catalogue::Lang;
    use std::collections::BTreeSet;

    #[test]
    fn every_text_has_both_languages_and_the_same_places() {
        let of_checks = all().flat_map(|check| [check.title, check.rule]);
        let of_faults = judges::FAULTS
            .iter()
            .copied()
            .flatten()
            .flat_map(|fault| [fault.what, fault.mend]);
        let general = texts::ALL.iter().chain(crate::options::TEXTS).copied();
        let faults: Vec<_> = of_checks
            .chain(of_faults)
            .chain(general)
            .filter_map(Text::fault)
            .collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }

    #[test]
    fn every_check_has_an_id_of_its_own_and_a_title_that_fits_its_line() {
        let ids: BTreeSet<_> = all().map(|check| check.id).collect();
        assert_eq!(ids.len(), all().count());
        for check in all() {
            for lang in Lang::ALL {
                let title = check.title.get(lang);
                assert!(title.chars().count() <= 51, "{}: {title}", check.id);
                assert!(!title.ends_with('.'), "{}: {title}", check.id);
            }
            assert!(check.id.len() <= 18, "{}", check.id);
        }
    }

    #[test]
    fn every_rule_names_its_source() {
        for check in all() {
            for rule in [check.rule.en, check.rule.es] {
                let has_source = ["RFC ", "HTTP/0.9 (1991)", "lab", "práctica"]
                    .iter()
                    .any(|source| rule.contains(source));
                assert!(has_source, "{}: {rule}", check.id);
            }
        }
    }

    #[test]
    fn only_takes_what_is_named_and_a_preset_what_it_has() {
        let ids = |preset, only: &[&str]| -> Vec<_> {
            let only: Vec<_> = only.iter().map(|&id| id.to_owned()).collect();
            selected(preset, &only).into_iter().map(|check| check.id).collect()
        };
        assert_eq!(ids(Preset::General, &["date", "closes"]), ["closes", "date"]);
        assert!(!ids(Preset::General, &[]).contains(&"eleventh"));
        assert!(ids(Preset::Lab01, &[]).contains(&"eleventh"));
    }

    #[test]
    fn every_check_is_in_the_guide() {
        let guide = include_str!("../../../docs/checker.md");
        let missing: Vec<_> = all()
            .filter(|check| !guide.contains(&format!("| `{}` |", check.id)))
            .map(|check| check.id)
            .collect();
        assert!(missing.is_empty(), "not in docs/checker.md: {missing:?}");
    }
}
