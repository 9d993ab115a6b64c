//! From one check to the next: plays each script once, judges it, and finds out whether the server is still there.
//!
//! Pure but for the `play` that it is given. A server that dies or hangs is named with the check that did it; what
//! was seen before is judged all the same.

use crate::checks::{Check, Group, probe};
use crate::preset::Preset;
use crate::script::{End, Script, Transcripts};
use crate::target::Target;
use crate::texts;
use crate::verdict::{Killed, Verdict};
use std::rc::Rc;
use std::time::Duration;

/// For how long the server is waited for when it is asked whether it is still there.
const PROBE_PATIENCE: Duration = Duration::from_secs(3);

/// How often it is asked: a program takes a moment to end, in which connections are still accepted for it.
const PROBES: usize = 3;

/// A check that has come out.
pub struct Finished {
    /// Which.
    pub check: &'static Check,
    /// How.
    pub verdict: Verdict,
    /// What it was judged by.
    pub transcripts: Rc<Transcripts>,
}

/// What a run remembers.
struct Run<'a, Play> {
    target: &'a Target,
    play: Play,
    /// The scripts that have been played, and what came of them.
    played: Vec<(Script, Rc<Transcripts>)>,
    /// Whether there has been any connection.
    is_reached: bool,
    /// The check after which the server was gone.
    death: Option<(&'static str, Killed)>,
}

/// Runs the checks in order. `play` plays a script with a patience; `tell` is told of each check as it has come out.
pub fn run(
    target: &Target,
    checks: &[&'static Check],
    play: impl FnMut(&Script, Duration) -> Transcripts,
    mut tell: impl FnMut(&Finished),
) -> Results {
    let mut run = Run {
        target,
        play,
        played: Vec::new(),
        is_reached: false,
        death: None,
    };
    let mut finished = Vec::new();
    for check in checks {
        let next = run.check(check);
        // Without a server there is nothing to tell but that.
        if run.is_reached || run.played.is_empty() || matches!(next.verdict, Verdict::Failed(_)) {
            tell(&next);
        }
        finished.push(next);
    }
    Results {
        finished,
        is_reached: run.is_reached,
        death: run.death,
    }
}

impl<Play: FnMut(&Script, Duration) -> Transcripts> Run<'_, Play> {
    fn check(&mut self, check: &'static Check) -> Finished {
        let finished = |verdict, transcripts| Finished {
            check,
            verdict,
            transcripts,
        };
        let script = match (check.script)(self.target) {
            Ok(script) => script,
            Err(cure) => {
                let verdict = Verdict::NotRun {
                    why: cure.into(),
                    counts: false,
                };
                return finished(verdict, Rc::default());
            }
        };
        let Some(transcripts) = self.transcripts(&script, check.patience) else {
            let why = match self.death {
                Some((id, Killed::Died)) => texts::SERVER_DIED.with("id", id),
                Some((id, Killed::Hung)) => texts::SERVER_HUNG.with("id", id),
                None => texts::NO_SERVER.into(),
            };
            return finished(Verdict::NotRun { why, counts: true }, Rc::default());
        };
        let mut verdict = Verdict::from((check.judge)(self.target, &transcripts));
        if let Verdict::Failed(failure) = &mut verdict
            && self.is_reached
            && self.death.is_none()
        {
            failure.killed = self.probe();
            self.death = failure.killed.map(|killed| (check.id, killed));
        }
        finished(verdict, transcripts)
    }

    /// What comes of a script, now or earlier; `None` if it would have to be played and there is no server for it.
    fn transcripts(&mut self, script: &Script, patience: Duration) -> Option<Rc<Transcripts>> {
        if let Some((_, known)) = self.played.iter().find(|(played, _)| played == script) {
            return Some(Rc::clone(known));
        }
        let is_first = self.played.is_empty();
        if self.death.is_some() || !(self.is_reached || is_first) {
            return None;
        }
        let transcripts = Rc::new((self.play)(script, patience));
        self.is_reached |= transcripts.0.iter().any(|transcript| transcript.end.is_connected());
        self.played.push((script.clone(), Rc::clone(&transcripts)));
        Some(transcripts)
    }

    /// Asks for the page, to see whether the server is still there.
    fn probe(&mut self) -> Option<Killed> {
        let script = probe(self.target);
        for _ in 0..PROBES {
            let transcripts = (self.play)(&script, PROBE_PATIENCE);
            let transcript = transcripts.at(0);
            match transcript.end {
                _ if !transcript.received.is_empty() => return None,
                End::Refused => return Some(Killed::Died),
                // It has had its time.
                End::Open | End::Unanswered => return Some(Killed::Hung),
                _ => {}
            }
        }
        Some(Killed::Hung)
    }
}

/// What came of a whole run.
pub struct Results {
    /// Every check, in order.
    pub finished: Vec<Finished>,
    /// Whether there has been any connection.
    pub is_reached: bool,
    /// The check after which the server was gone.
    pub death: Option<(&'static str, Killed)>,
}

impl Results {
    /// What the exit code and the reports say.
    #[must_use]
    pub fn outcome(&self, preset: Preset) -> Outcome {
        let needs_server = |finished: &Finished| !matches!(finished.verdict, Verdict::NotRun { counts: false, .. });
        if !self.is_reached && self.finished.iter().any(needs_server) {
            return Outcome::Connection;
        }
        match self.failed_lab_checks(preset).next() {
            Some(_) => Outcome::Failed,
            None => Outcome::Passed,
        }
    }

    /// The checks that decide the exit code, and failed.
    pub fn failed_lab_checks(&self, preset: Preset) -> impl Iterator<Item = &'static str> {
        let is_failed = move |finished: &&Finished| {
            finished.check.group == Group::Lab
                && finished.points(preset) > 0
                && matches!(finished.verdict, Verdict::Failed(_))
        };
        self.finished.iter().filter(is_failed).map(|finished| finished.check.id)
    }

    /// Points reached, and points that could have been, of these checks.
    #[must_use]
    pub fn score<'a>(finished: impl Iterator<Item = &'a Finished>, preset: Preset) -> (u32, u32) {
        finished.fold((0, 0), |(score, max), each| {
            let points = each.points(preset);
            match each.verdict {
                Verdict::Passed => (score.saturating_add(points), max.saturating_add(points)),
                Verdict::Failed(_) | Verdict::NotRun { counts: true, .. } => (score, max.saturating_add(points)),
                Verdict::NotRun { counts: false, .. } => (score, max),
            }
        })
    }
}

impl Finished {
    /// What the check is worth: nothing where it was only run because `--only` named it.
    #[must_use]
    pub fn points(&self, preset: Preset) -> u32 {
        self.check.weight(preset).unwrap_or(0)
    }
}

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Every lab check with points that was run passed.
    Passed,
    /// One of them did not.
    Failed,
    /// There was no server.
    Connection,
    /// The program was not started as it should be.
    Usage,
}

impl Outcome {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Connection => "connection",
            Self::Usage => "usage",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks;
    use crate::script::{Step, Transcript};

    const GOOD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nhi";

    /// What a server with this answer, which dies after so many requests, makes of a script.
    fn play(script: &Script, answer: &[u8], left: &mut usize) -> Transcripts {
        let requests = script.steps.iter().filter(|step| matches!(step, Step::Send(..)));
        let transcripts = requests.map(|_| match left.checked_sub(1) {
            Some(less) => {
                *left = less;
                Transcript {
                    received: answer.to_vec(),
                    marks: vec![0],
                    end: End::Closed,
                    ..Transcript::default()
                }
            }
            None => Transcript {
                end: End::Refused,
                ..Transcript::default()
            },
        });
        Transcripts(transcripts.collect())
    }

    fn results(answer: &[u8], mut requests: usize, only: &[&str]) -> Results {
        let only: Vec<_> = only.iter().map(|&id| id.to_owned()).collect();
        let target = Target {
            page: "/a.html".to_owned(),
            ..Target::default()
        };
        let checks = checks::selected(Preset::General, &only);
        run(
            &target,
            &checks,
            |script, _| play(script, answer, &mut requests),
            |_| (),
        )
    }

    #[test]
    fn a_script_is_played_once_for_all_its_checks() {
        let mut plays = 0;
        let checks = checks::selected(Preset::General, &["connects".to_owned(), "line-ends".to_owned()]);
        run(
            &Target::default(),
            &checks,
            |script, _| {
                plays += 1;
                play(script, GOOD, &mut 9)
            },
            |_| (),
        );
        assert_eq!(plays, 1);
    }

    #[test]
    fn a_server_that_dies_is_named_with_the_check_and_what_was_seen_is_still_judged() {
        let results = results(GOOD, 1, &["answers", "survives", "line-ends", "closes"]);
        assert_eq!(results.death, Some(("survives", Killed::Died)));
        let verdicts: Vec<_> = results
            .finished
            .iter()
            .map(|each| (each.check.id, &each.verdict))
            .collect();
        let [(_, answers), (_, survives), (_, line_ends), (_, closes)] = verdicts.as_slice() else {
            panic!("four checks");
        };
        assert_eq!(**answers, Verdict::Passed);
        assert!(matches!(survives, Verdict::Failed(failure) if failure.killed == Some(Killed::Died)));
        assert_eq!(**line_ends, Verdict::Passed);
        assert!(matches!(closes, Verdict::NotRun { counts: true, .. }));
        assert_eq!(results.outcome(Preset::General), Outcome::Failed);
    }

    #[test]
    fn without_a_server_only_the_first_script_is_played() {
        let results = results(GOOD, 0, &[]);
        assert_eq!(results.outcome(Preset::General), Outcome::Connection);
        assert_eq!(results.death, None);
        let (score, max) = Results::score(results.finished.iter(), Preset::General);
        assert!(score == 0 && max > 0);
    }

    #[test]
    fn a_tip_decides_nothing_and_what_was_not_asked_for_counts_nothing() {
        // No Server, which is a tip here; no file for `binary`.
        let results = results(GOOD, 99, &["answers", "server-field", "binary"]);
        assert_eq!(results.outcome(Preset::General), Outcome::Passed);
        assert_eq!(Results::score(results.finished.iter(), Preset::General), (2, 2));
    }
}
