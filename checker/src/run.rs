//! From one check to the next: plays each script once, verifies what came of it, and finds out whether the server is
//! still there.
//!
//! Pure but for the `play` that it is given. A server that dies or hangs is named with the check that did it; what
//! was seen before is reported all the same.

use crate::checks::{Check, probe};
use crate::group::Group;
use crate::script::{End, Script, Transcripts};
use crate::target::Target;
use crate::texts;
use crate::verdict::{Crash, Failure, Verdict};
use crate::verify::{content, crowd, status};
use std::rc::Rc;
use std::time::Duration;

/// For how long the server is waited for when it is asked whether it is still there.
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);

/// How often it is asked: a program takes a moment to end, in which connections are still accepted for it.
const PROBES: usize = 3;

/// What the exchanges of a later check show of a fault: the check that found it, the later one, and the fault as it is
/// told then.
type Hindsight = (
    &'static str,
    &'static str,
    fn(&Target, &Failure, &Transcripts) -> Option<Failure>,
);

const HINDSIGHT: [Hindsight; 3] = [
    // Whether the server responds afterwards is found out after the check.
    ("at-once", "at-once", crowd::spent),
    ("status-line", "not-found", status::status_line_of_404),
    ("status-200", "traversal", status::in_the_root),
];

/// A check that has come out.
pub struct Finished {
    /// Which.
    pub check: &'static Check,
    /// How.
    pub verdict: Verdict,
    /// What it was verified with.
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
    death: Option<(&'static str, Crash)>,
    /// The check of which everything else is a consequence.
    cause: Option<&'static str>,
}

/// Runs the checks in order. `play` plays a script with a timeout; `report` gets each check as soon as it is finished.
pub fn run(
    target: &Target,
    checks: &[&'static Check],
    play: impl FnMut(&Script, Duration) -> Transcripts,
    mut report: impl FnMut(&Finished),
) -> Results {
    let mut run = Run {
        target,
        play,
        played: Vec::new(),
        is_reached: false,
        death: None,
        cause: None,
    };
    let mut finished = Vec::new();
    for check in checks {
        let next = run.check(check);
        // Without a server there is nothing else to report.
        if run.is_reached || run.played.is_empty() || matches!(next.verdict, Verdict::Failed(_)) {
            report(&next);
        }
        finished.push(next);
    }
    with_hindsight(target, &mut finished);
    Results {
        finished,
        is_reached: run.is_reached,
        death: run.death,
    }
}

/// Tells the faults again of which a later check shows more.
fn with_hindsight(target: &Target, finished: &mut [Finished]) {
    for (id, later, tell) in HINDSIGHT {
        let later = finished.iter().find(|finished| finished.check.id == later);
        let Some(transcripts) = later.map(|later| Rc::clone(&later.transcripts)) else {
            continue;
        };
        for finished in finished.iter_mut().filter(|finished| finished.check.id == id) {
            if let Verdict::Failed(failure) = &mut finished.verdict
                && let Some(told) = tell(target, failure, &transcripts)
            {
                **failure = told;
            }
        }
    }
}

/// Judges what has happened already, as with a client that came by itself.
#[must_use]
pub fn verify(target: &Target, checks: &'static [Check], mut transcripts: Transcripts) -> Results {
    // What was sent to it was no question, and is not shown as one.
    for transcript in &mut transcripts.0 {
        transcript.pieces.clear();
    }
    let transcripts = Rc::new(transcripts);
    let mut cause = None;
    let mut finished = Vec::new();
    for check in checks {
        let verdict = match cause {
            None => Verdict::from((check.verify)(target, &transcripts)),
            Some(id) => Verdict::NotRun {
                why: texts::SEE_FIRST.with("id", id),
                is_servers_fault: true,
            },
        };
        if let Verdict::Failed(failure) = &verdict
            && failure.is_everything
        {
            cause = Some(check.id);
        }
        finished.push(Finished {
            check,
            verdict,
            transcripts: Rc::clone(&transcripts),
        });
    }
    Results {
        finished,
        is_reached: true,
        death: None,
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
                    is_servers_fault: false,
                };
                return finished(verdict, Rc::default());
            }
        };
        if let Some(id) = self.cause {
            let why = texts::SEE_FIRST.with("id", id);
            let verdict = Verdict::NotRun {
                why,
                is_servers_fault: true,
            };
            return finished(verdict, Rc::default());
        }
        let Some(transcripts) = self.transcripts(&script, check.timeout) else {
            let why = match self.death {
                Some((id, Crash::Died)) => texts::SERVER_DIED.with("id", id),
                Some((id, Crash::Hung)) => texts::SERVER_HUNG.with("id", id),
                None => texts::NO_SERVER.into(),
            };
            let verdict = Verdict::NotRun {
                why,
                is_servers_fault: true,
            };
            return finished(verdict, Rc::default());
        };
        let mut verdict = Verdict::from((check.verify)(self.target, &transcripts));
        if let Verdict::Failed(failure) = &mut verdict
            && self.is_reached
            && self.death.is_none()
        {
            failure.crash = self.probe();
            // A server that responds, but only at the end of the client's side, does not hang.
            let has_come = !transcripts.at(failure.connection).received.is_empty();
            if failure.is_everything && has_come && failure.crash == Some(Crash::Hung) {
                failure.crash = None;
            }
            self.death = failure.crash.map(|crash| (check.id, crash));
        }
        if let Verdict::Failed(failure) = &verdict
            && failure.is_everything
        {
            self.cause = Some(check.id);
        }
        finished(verdict, transcripts)
    }

    /// What comes of a script, now or earlier; `None` if it would have to be played and there is no server for it.
    fn transcripts(&mut self, script: &Script, timeout: Duration) -> Option<Rc<Transcripts>> {
        if let Some((_, known)) = self.played.iter().find(|(played, _)| played == script) {
            return Some(Rc::clone(known));
        }
        let is_first = self.played.is_empty();
        if self.death.is_some() || !(self.is_reached || is_first) {
            return None;
        }
        let transcripts = Rc::new((self.play)(script, timeout));
        self.is_reached |= transcripts.0.iter().any(|transcript| transcript.end.is_connected());
        self.played.push((script.clone(), Rc::clone(&transcripts)));
        Some(transcripts)
    }

    /// Asks for the page, to see whether the server is still there. One that closes without a response does not hang.
    fn probe(&mut self) -> Option<Crash> {
        let script = probe(self.target);
        let mut crash = None;
        for _ in 0..PROBES {
            let transcripts = (self.play)(&script, PROBE_TIMEOUT);
            let transcript = transcripts.at(0);
            match transcript.end {
                _ if !transcript.received.is_empty() => return None,
                End::Refused => return Some(Crash::Died),
                // It has had its time.
                End::Open | End::NoResponse => return Some(Crash::Hung),
                End::Closed => crash = None,
                _ => crash = Some(Crash::Hung),
            }
        }
        crash
    }
}

/// What came of a whole run.
pub struct Results {
    /// Every check, in order.
    pub finished: Vec<Finished>,
    /// Whether there has been any connection.
    pub is_reached: bool,
    /// The check after which the server was gone.
    pub death: Option<(&'static str, Crash)>,
}

impl Results {
    /// What the exit code and the reports say.
    #[must_use]
    pub fn outcome(&self, target: &Target) -> Outcome {
        let needs_server = |finished: &Finished| {
            !matches!(
                finished.verdict,
                Verdict::NotRun {
                    is_servers_fault: false,
                    ..
                }
            )
        };
        if !self.is_reached && self.finished.iter().any(needs_server) {
            return Outcome::Connection;
        }
        match self.failed_lab_checks(target).next() {
            Some(_) => Outcome::Failed,
            None => Outcome::Passed,
        }
    }

    /// The checks that decide the exit code, and failed: those of the lab, and those that are required; the one to
    /// begin with first.
    pub fn failed_lab_checks(&self, target: &Target) -> impl Iterator<Item = &'static str> {
        let failed = self.by_urgency(target).into_iter();
        let of_lab = failed.filter(|(.., urgency)| *urgency == Urgency::Lab);
        of_lab.map(|(finished, ..)| finished.check.id)
    }

    /// What failed, in the order in which it should be fixed.
    #[must_use]
    pub fn by_urgency(&self, target: &Target) -> Vec<(&Finished, &Failure, Urgency)> {
        let mut failed: Vec<_> = self
            .finished
            .iter()
            .filter_map(|finished| match &finished.verdict {
                Verdict::Failed(failure) => Some((finished, &**failure, finished.urgency(target)?)),
                _ => None,
            })
            .collect();
        // What ended the server comes after what was wrong with its responses, of which its end may well be a
        // consequence. Stable: otherwise they keep their order.
        let has_ended_it = |finished: &Finished, failure: &Failure| {
            let transcript = finished.transcripts.at(failure.connection);
            failure.crash.is_some() && transcript.received.is_empty()
        };
        failed.sort_by_key(|(finished, failure, urgency)| (*urgency, has_ended_it(finished, failure)));
        failed
    }

    /// Points reached, and points that could have been, of these checks. What was not run has not been reached.
    #[must_use]
    pub fn score<'a>(finished: impl Iterator<Item = &'a Finished>, target: &Target) -> (u32, u32) {
        finished.fold((0, 0), |(score, max), each| {
            let points = each.check.points(target);
            let reached = if each.verdict == Verdict::Passed { points } else { 0 };
            (score.saturating_add(reached), max.saturating_add(points))
        })
    }
}

/// How soon something that failed is to be fixed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Urgency {
    /// It is of the lab and has points, or is against its sheet all the same.
    Lab,
    /// It ends the server, gives away what is not the server's, or changes another file than the page.
    Danger,
    /// It has points.
    Points,
    /// It has none.
    Tip,
}

impl Finished {
    /// How soon it is to be fixed; `None` if it has not failed.
    #[must_use]
    #[inline(never)] // It is called in many places, and would be copied into each of them.
    pub fn urgency(&self, target: &Target) -> Option<Urgency> {
        let Verdict::Failed(failure) = &self.verdict else {
            return None;
        };
        let points = self.check.points(target);
        let is_danger = match self.check.id {
            "traversal" => true,
            // Otherwise it may be a consequence of what is wrong with the page.
            "other-files" => content::is_page_whole(target, &self.transcripts),
            _ => false,
        };
        let is_lab = points > 0 || self.check.id == "other-files" && self.is_not_the_file(failure, target);
        Some(match self.check.counts_in(target) {
            Group::Lab if is_lab => Urgency::Lab,
            _ if is_danger || failure.crash.is_some() => Urgency::Danger,
            _ if points > 0 => Urgency::Points,
            _ => Urgency::Tip,
        })
    }
}

impl Finished {
    /// Whether something else than the file came. That is against every sheet, although the check may have no points
    /// because few give it a second file. What a teacher takes out does not count.
    fn is_not_the_file(&self, failure: &Failure, target: &Target) -> bool {
        target.grading.required(self.check.id) != Some(0)
            && content::is_page_whole(target, &self.transcripts)
            && content::is_not_the_file(failure, &self.transcripts)
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

    /// Plays a script against a server that sends `response` to each request and dies when no requests are `left`.
    fn play(script: &Script, response: &[u8], left: &mut usize) -> Transcripts {
        let requests = script.steps.iter().filter(|step| matches!(step, Step::Send(..)));
        let transcripts = requests.map(|_| match left.checked_sub(1) {
            Some(less) => {
                *left = less;
                Transcript {
                    received: response.to_vec(),
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

    fn results(response: &[u8], mut requests: usize, only: &[&str]) -> Results {
        let only: Vec<_> = only.iter().map(|&id| id.to_owned()).collect();
        let target = Target {
            page: "/a.html".to_owned(),
            ..Target::default()
        };
        let checks = checks::selected(&target, &only);
        run(
            &target,
            &checks,
            |script, _| play(script, response, &mut requests),
            |_| (),
        )
    }

    #[test]
    fn a_script_is_played_once_for_all_its_checks() {
        let mut plays = 0;
        let checks = checks::selected(&Target::default(), &["connects".to_owned(), "line-ends".to_owned()]);
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
    fn a_server_that_dies_is_named_with_the_check_and_what_was_seen_is_still_reported() {
        let results = results(GOOD, 1, &["responds", "survives", "line-ends", "closes"]);
        assert_eq!(results.death, Some(("survives", Crash::Died)));
        let verdicts: Vec<_> = results
            .finished
            .iter()
            .map(|each| (each.check.id, &each.verdict))
            .collect();
        let [(_, responds), (_, survives), (_, line_ends), (_, closes)] = verdicts.as_slice() else {
            panic!("four checks");
        };
        assert_eq!(**responds, Verdict::Passed);
        assert!(matches!(survives, Verdict::Failed(failure) if failure.crash == Some(Crash::Died)));
        assert_eq!(**line_ends, Verdict::Passed);
        assert!(matches!(
            closes,
            Verdict::NotRun {
                is_servers_fault: true,
                ..
            }
        ));
        assert_eq!(results.outcome(&Target::default()), Outcome::Failed);
    }

    #[test]
    fn of_what_is_a_consequence_nothing_is_run() {
        let results = results(b"", 99, &["responds", "not-found", "date"]);
        let [responds, not_found, date] = results.finished.as_slice() else {
            panic!("three checks");
        };
        // It closes without a byte, and so it does not hang.
        assert!(matches!(&responds.verdict, Verdict::Failed(failure) if failure.crash.is_none()));
        for finished in [not_found, date] {
            let why = texts::SEE_FIRST.with("id", "responds");
            let is_servers_fault = true;
            assert_eq!(finished.verdict, Verdict::NotRun { why, is_servers_fault });
        }
    }

    #[test]
    fn the_lab_comes_first_then_danger_then_points_then_tips() {
        let results = results(
            b"HTTP/1.1 200 OK\n\nroot:x",
            30,
            &["date", "line-ends", "http-1.0", "traversal", "server-field"],
        );
        let ids: Vec<_> = results
            .by_urgency(&Target::default())
            .iter()
            .map(|(finished, ..)| finished.check.id)
            .collect();
        assert_eq!(ids, ["line-ends", "date", "server-field"]);
    }

    #[test]
    fn a_page_that_is_looked_for_in_the_root_of_the_machine_is_told_so() {
        let target = Target {
            page: "/a.html".to_owned(),
            ..Target::default()
        };
        for (sends_passwd, fault) in [(true, status::SLASH_KEPT), (false, status::PAGE_404)] {
            let answer = |step: &Step| {
                let Step::Send(_, request) = step else {
                    return None;
                };
                let received: &[u8] = if sends_passwd && request.starts_with(b"GET /etc/passwd") {
                    b"HTTP/1.1 200 OK\r\n\r\nroot:x:0:0\n"
                } else {
                    b"HTTP/1.1 404 Not Found\r\n\r\n"
                };
                Some(Transcript {
                    received: received.to_vec(),
                    marks: vec![0],
                    end: End::Closed,
                    ..Transcript::default()
                })
            };
            let only = ["status-200", "traversal"].map(str::to_owned);
            let results = run(
                &target,
                &checks::selected(&target, &only),
                |script, _| Transcripts(script.steps.iter().filter_map(answer).collect()),
                |_| (),
            );
            let Verdict::Failed(failure) = &results.finished[0].verdict else {
                panic!("it passes");
            };
            assert!(failure.what.is_of(fault.what), "{failure:?}");
        }
    }

    #[test]
    fn a_fault_in_the_status_line_of_the_404_too_is_noted() {
        for (response, note) in [
            (&b"HTTP 200 OK\r\n\r\nhi"[..], Some(texts::THE_404_TOO.into())),
            (b"HTTP/1.1 200\r\n\r\nhi", Some(texts::THE_404_TOO.into())),
        ] {
            let results = results(response, 99, &["status-line", "not-found"]);
            let Verdict::Failed(failure) = &results.finished[0].verdict else {
                panic!("it passes");
            };
            assert_eq!(failure.note, note);
        }
    }

    #[test]
    fn without_a_server_only_the_first_script_is_played() {
        let results = results(GOOD, 0, &[]);
        assert_eq!(results.outcome(&Target::default()), Outcome::Connection);
        assert_eq!(results.death, None);
        let (score, max) = Results::score(results.finished.iter(), &Target::default());
        assert!(score == 0 && max > 0);
    }

    #[test]
    fn a_tip_decides_nothing_and_what_was_not_asked_for_counts_nothing() {
        // No Server, which is a tip here; no file for `binary`.
        let results = results(GOOD, 99, &["responds", "server-field", "binary"]);
        assert_eq!(results.outcome(&Target::default()), Outcome::Passed);
        assert_eq!(Results::score(results.finished.iter(), &Target::default()), (2, 2));
    }
}
