//! The checks: what each is called, what it is worth, what it does and what verifies it. One table for each group.
//!
//! They run in the order of the tables. Those of the lab come first, those that try to kill the server last.

mod client;
mod lab;
mod rfc;
mod robustness;
pub(crate) mod scripts;

pub use scripts::probe;

use crate::group::Group;
use crate::preset::Preset;
use crate::script::{Script, Transcripts};
use crate::target::Target;
use crate::verdict::Verification;
use aula::catalogue::Text;
use std::time::Duration;

/// How long a check waits for a response that does not come.
const TIMEOUT: Duration = Duration::from_secs(3);

/// The same where several clients wait in turn.
const TIMEOUT_IN_TURN: Duration = Duration::from_secs(4);

/// The same where an open connection is waited for to close, or an unusual request may well be ignored.
const SHORT_TIMEOUT: Duration = Duration::from_secs(2);

/// Points in the presets general, kurose (and nyu), mininet, lab01: 0 is a tip that scores nothing, `None` is not
/// checked at all.
pub type Weights = [Option<u32>; 4];

/// Points that every preset has.
const fn points(general: u32, kurose: u32, mininet: u32, lab01: u32) -> Weights {
    [Some(general), Some(kurose), Some(mininet), Some(lab01)]
}

/// Points in `lab01` only.
const fn in_lab01(points: u32) -> Weights {
    [None, None, None, Some(points)]
}

/// A tip of `kurose` (and nyu) only.
const TIP_IN_KUROSE: Weights = [None, Some(0), None, None];

/// Nowhere, unless it is asked for.
const ON_REQUEST: Weights = [None; 4];

/// What `--threads` asks for, with its points: the optional exercise, several clients at once.
pub const THREADS: [(&str, u32); 2] = [("silent-clients", 3), ("crowd", 3)];

/// One check.
pub struct Check {
    /// What `--only` and the reports call it.
    pub id: &'static str,
    /// Its group.
    pub group: Group,
    /// Its points.
    pub weights: Weights,
    /// For how long it waits for what does not come.
    pub timeout: Duration,
    /// What is true if it passes; at most 51 characters, so that its line fits a terminal.
    pub title: Text,
    /// The rule, with the RFC's section or the lab.
    pub rule: Text,
    /// What it does; or the reason that it cannot be run, with the cure.
    pub script: fn(&Target) -> Result<Script, Text>,
    /// What comes of it.
    pub verify: fn(&Target, &Transcripts) -> Verification,
}

impl Check {
    /// Its points in a preset: `None` if it is not checked there.
    #[must_use]
    pub fn weight(&self, preset: Preset) -> Option<u32> {
        let [general, kurose, mininet, lab01] = self.weights;
        match preset {
            Preset::General => general,
            Preset::Kurose => kurose,
            Preset::Nyu if preset.requires().contains(&self.id) => kurose.map(|points| points.max(1)),
            Preset::Nyu => kurose,
            Preset::Mininet => mininet,
            Preset::Lab01 => lab01,
        }
    }

    /// The group in which it counts for this target: the lab's if it is required.
    #[must_use]
    pub fn counts_in(&self, target: &Target) -> Group {
        let is_required = match target.grading.required(self.id) {
            Some(points) => points > 0,
            None => target.preset.requires().contains(&self.id),
        };
        if is_required { Group::Lab } else { self.group }
    }

    /// Its points for this target; 0 makes it a tip.
    #[must_use]
    pub fn points(&self, target: &Target) -> u32 {
        if let Some(points) = target.grading.required(self.id) {
            return points;
        }
        let groups = match target.grading.groups.as_slice() {
            [] => target.preset.groups(),
            groups => groups,
        };
        if groups.contains(&self.counts_in(target)) {
            self.weight(target.preset).unwrap_or(0)
        } else {
            0
        }
    }
}

/// Every check, in the order in which they run.
pub fn all() -> impl Iterator<Item = &'static Check> {
    [lab::CHECKS, rfc::CHECKS, robustness::CHECKS].into_iter().flatten()
}

/// What `listen` looks at in a client's request.
#[must_use]
pub fn client() -> &'static [Check] {
    client::CHECKS
}

/// The check of this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Check> {
    all().find(|check| check.id == id)
}

/// The checks to run, the lab's first: all that the preset has or that are required, or those whose id or group `only`
/// names. An id that is named is run in any preset.
#[must_use]
pub fn selected(target: &Target, only: &[String]) -> Vec<&'static Check> {
    let is_there = |check: &Check| check.weight(target.preset).is_some() || target.grading.required(check.id).is_some();
    let is_named = |check: &Check| {
        let group = check.counts_in(target).name();
        only.iter()
            .any(|name| name == check.id || name == group && is_there(check))
    };
    let is_selected = |check: &&Check| match only {
        [] => is_there(check),
        _ => is_named(check),
    };
    let mut selected: Vec<_> = all().filter(is_selected).collect();
    // Stable: within a group they keep their order.
    selected.sort_by_key(|check| check.counts_in(target));
    selected
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::text;
    use crate::target::Grading;
    use crate::verify;
    use aula::catalogue::Lang;
    use std::collections::BTreeSet;

    #[test]
    fn every_text_has_both_languages_and_the_same_places() {
        let of_checks = all().chain(client()).flat_map(|check| [check.title, check.rule]);
        let of_faults = verify::FAULTS
            .iter()
            .copied()
            .flatten()
            .flat_map(|fault| [fault.what, fault.fix]);
        let general = crate::texts::ALL.iter().copied().chain([crate::help::HELP]);
        let faults: Vec<_> = of_checks
            .chain(of_faults)
            .chain(general)
            .filter_map(Text::fault)
            .collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }

    #[test]
    fn every_check_has_an_id_of_its_own_and_a_title_that_fits_its_line() {
        let both = || all().chain(client());
        let ids: BTreeSet<_> = both().map(|check| check.id).collect();
        assert_eq!(ids.len(), both().count());
        for check in both() {
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
        for check in all().chain(client()) {
            for rule in [check.rule.en, check.rule.es] {
                let has_source = ["RFC ", "HTTP/0.9, 1991", "lab", "práctica"]
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
            let target = Target {
                preset,
                ..Target::default()
            };
            selected(&target, &only).into_iter().map(|check| check.id).collect()
        };
        assert_eq!(ids(Preset::General, &["date", "closes"]), ["closes", "date"]);
        assert!(!ids(Preset::General, &[]).contains(&"eleventh"));
        assert!(ids(Preset::Lab01, &[]).contains(&"eleventh"));
        assert!(!ids(Preset::Kurose, &["lab"]).contains(&"server-field"));
        assert!(ids(Preset::Nyu, &["lab"]).contains(&"server-field"));
        assert_eq!(ids(Preset::Kurose, &["lab", "date"]).last(), Some(&"date"));
    }

    #[test]
    fn what_is_required_counts_as_the_labs_do_and_the_rest_as_its_group_does() {
        let check = |id| all().find(|check| check.id == id).unwrap();
        let grading = |groups: &[Group], required: &[(&'static str, u32)]| Target {
            preset: Preset::Kurose,
            grading: Grading {
                groups: groups.to_vec(),
                required: required.to_vec(),
            },
            ..Target::default()
        };
        for (target, id, group, points) in [
            (grading(&[], &[]), "content", Group::Lab, 3),
            (grading(&[], &[]), "server-field", Group::Rfc, 0),
            (grading(&[Group::Rfc], &[]), "server-field", Group::Rfc, 1),
            (grading(&[Group::Rfc], &[]), "content", Group::Lab, 0),
            (grading(&[], &[("server-field", 2)]), "server-field", Group::Lab, 2),
            (grading(&[], &[("content", 0)]), "content", Group::Lab, 0),
            (grading(&[], &[("crowd", 3)]), "crowd", Group::Lab, 3),
        ] {
            let check = check(id);
            assert_eq!(
                (check.counts_in(&target), check.points(&target)),
                (group, points),
                "{id}"
            );
        }
        let ids: Vec<_> = selected(&grading(&[], &THREADS), &[])
            .iter()
            .map(|check| check.id)
            .collect();
        assert!(ids.contains(&"crowd") && ids.contains(&"silent-clients"));
        assert!(
            !selected(&grading(&[], &[]), &[])
                .iter()
                .any(|check| check.id == "crowd")
        );
    }

    /// What a page says between two comments, or the test that it says this. `AULA_WRITE_DOCS=1` writes it.
    #[track_caller]
    fn assert_says(page: &str, name: &str, expected: &str) {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(page);
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let (before, rest) = text
            .split_once(&start)
            .unwrap_or_else(|| panic!("{page} lacks {start}"));
        let (said, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{page} lacks {end}"));
        if said != expected && std::env::var_os("AULA_WRITE_DOCS").is_some() {
            std::fs::write(&file, [before, &start, expected, &end, after].concat()).unwrap();
            return;
        }
        assert_eq!(
            said, expected,
            "{page} is not what the checks say: AULA_WRITE_DOCS=1 cargo test -p aula-checker writes it"
        );
    }

    #[test]
    fn the_guides_say_what_the_checks_are() {
        for (page, lang, heading) in [
            (
                "docs/checker.md",
                Lang::En,
                "| id | points | what is checked | the rule |",
            ),
            (
                "docs/es/comprobador.md",
                Lang::Es,
                "| id | puntos | qué se comprueba | la regla |",
            ),
        ] {
            let mut table = format!("{heading}\n|---|---|---|---|\n");
            for group in Group::ALL {
                table.push_str(&format!("| **{}** | | | |\n", group.name()));
                for check in all().filter(|check| check.group == group) {
                    let points = text::weights(check).join(" ");
                    let (title, rule) = (check.title.get(lang), check.rule.get(lang));
                    table.push_str(&format!("| `{}` | {points} | {title} | {rule} |\n", check.id));
                }
            }
            assert_says(page, "checks", &table);
            let mut table = format!("{}\n|---|---|---|---|\n", heading);
            for check in client() {
                let points = check.weight(Preset::General).unwrap_or(0);
                let (title, rule) = (check.title.get(lang), check.rule.get(lang));
                table.push_str(&format!("| `{}` | {points} | {title} | {rule} |\n", check.id));
            }
            assert_says(page, "checks of a client", &table);
        }
    }

    #[test]
    fn the_readme_says_how_many_checks_there_are() {
        let readme = include_str!("../../../README.md");
        let count = format!("{} checks", all().count());
        assert!(readme.contains(&count), "README.md does not say {count:?}");
    }
}
