//! The results as JSON, for programs. `docs/checker.md` says what each member means.

use super::excerpt;
use crate::run::{Finished, Outcome, Results, Urgency};
use crate::script::End;
use crate::target::Target;
use crate::verdict::{Crash, Failure, Verdict};
use aula::catalogue::Lang;
use aula::escape;
use serde_json::{Value, json};

/// A run.
#[must_use]
pub fn report(results: &Results, target: &Target, lang: Lang) -> String {
    let (score, max) = Results::score(results.finished.iter(), target);
    let checks: Vec<_> = results
        .finished
        .iter()
        .map(|finished| check(finished, target, lang))
        .collect();
    let report = json!({
        "server": target.host,
        "preset": target.preset.name(),
        "page": target.page,
        "lang": lang.tag(),
        "outcome": results.outcome(target).name(),
        "start_here": results.by_urgency(target).first().map(|(finished, ..)| finished.check.id),
        "score": score,
        "max_score": max,
        "died_at": results.death.map(|(id, _)| id),
        "checks": checks,
    });
    pretty(&report)
}

/// A mistake in the arguments, in the same form without checks.
#[must_use]
pub fn usage(error: &str, lang: Lang) -> String {
    let report = json!({
        "lang": lang.tag(),
        "outcome": Outcome::Usage.name(),
        "error": error,
        "score": 0,
        "max_score": 0,
        "checks": [],
    });
    pretty(&report)
}

fn pretty(report: &Value) -> String {
    format!("{report:#}\n")
}

fn check(finished: &Finished, target: &Target, lang: Lang) -> Value {
    let check = finished.check;
    let state = match &finished.verdict {
        Verdict::Passed => "passed",
        Verdict::Failed(_) => "failed",
        Verdict::NotRun { .. } => "not-run",
    };
    let mut object = json!({
        "id": check.id,
        "group": check.counts_in(target).name(),
        "weight": check.points(target),
        "urgency": finished.urgency(target).map(|urgency| match urgency {
            Urgency::Lab => "lab",
            Urgency::Danger => "danger",
            Urgency::Points => "points",
            Urgency::Tip => "tip",
        }),
        "title": check.title.get(lang),
        "rule": check.rule.get(lang),
        "state": state,
    });
    let members = match &finished.verdict {
        Verdict::Passed => json!({}),
        Verdict::NotRun { why, .. } => json!({ "why": why.get(lang), "counts": check.points(target) > 0 }),
        Verdict::Failed(failure) => failed(finished, failure, lang),
    };
    if let (Value::Object(object), Value::Object(mut members)) = (&mut object, members) {
        object.append(&mut members);
    }
    object
}

fn failed(finished: &Finished, failure: &Failure, lang: Lang) -> Value {
    let transcript = finished.transcripts.at(failure.connection);
    let sent = &finished
        .transcripts
        .at(failure.after.unwrap_or(failure.connection))
        .sent;
    let (offset, window) = excerpt::window(&transcript.received, &failure.range);
    json!({
        "what": failure.what.get(lang),
        "fix": failure.fix.get(lang),
        "note": failure.note.as_ref().map(|note| note.get(lang)),
        "crash": failure.crash.map(|crash| match crash {
            Crash::Died => "died",
            Crash::Hung => "hung",
        }),
        "connection": failure.connection,
        "sent": escape::line(excerpt::window(sent, &(0..0)).1),
        "received": {
            "bytes": transcript.received.len(),
            "offset": offset,
            "text": escape::line(window),
            "end": end(transcript.end),
        },
        "fault": {
            "offset": failure.range.start,
            "length": failure.range.len(),
            "text": escape::line(transcript.received.get(failure.range.clone()).unwrap_or_default()),
        },
    })
}

fn end(end: End) -> &'static str {
    match end {
        End::Never => "never",
        End::Refused => "refused",
        End::NoResponse => "no-response",
        End::Unreachable => "unreachable",
        End::NotGranted => "not-granted",
        End::Open => "open",
        End::Closed => "closed",
        End::Reset => "reset",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks;
    use crate::preset::Preset;
    use crate::script::{Transcript, Transcripts};
    use crate::texts;
    use crate::verify::head::BARE_LF;
    use std::rc::Rc;

    /// A check that passed, one that failed, and one that was not run.
    fn results() -> Results {
        let transcript = Transcript {
            sent: b"GET / HTTP/1.1\r\n\r\n".to_vec(),
            received: b"HTTP/1.1 200 OK\n\n".to_vec(),
            end: End::Closed,
            ..Transcript::default()
        };
        let transcripts = Rc::new(Transcripts(vec![transcript]));
        let finished = |id, verdict| Finished {
            check: checks::all().find(|check| check.id == id).unwrap(),
            verdict,
            transcripts: Rc::clone(&transcripts),
        };
        let not_run = Verdict::NotRun {
            why: texts::GIVE_BINARY.into(),
            is_servers_fault: false,
        };
        Results {
            finished: vec![
                finished("status-line", Verdict::Passed),
                finished("line-ends", Verdict::Failed(Box::new(BARE_LF.at(0, 15..16)))),
                finished("binary", not_run),
            ],
            is_reached: true,
            death: None,
        }
    }

    fn target() -> Target {
        Target {
            host: "127.0.0.1:80".to_owned(),
            preset: Preset::Kurose,
            page: "/".to_owned(),
            ..Target::default()
        }
    }

    #[test]
    fn the_report_has_every_member_of_the_guide() {
        let report: Value = serde_json::from_str(&report(&results(), &target(), Lang::En)).unwrap();
        assert_eq!(report["outcome"], "failed");
        assert_eq!((&report["score"], &report["max_score"]), (&json!(2), &json!(4)));
        assert_eq!(report["checks"][0]["state"], "passed");
        let failed = &report["checks"][1];
        assert_eq!(failed["fault"], json!({ "offset": 15, "length": 1, "text": "\\n" }));
        assert_eq!(failed["received"]["text"], "HTTP/1.1 200 OK\\n\\n");
        assert_eq!(failed["sent"], "GET / HTTP/1.1\\r\\n\\r\\n");
        assert_eq!(report["checks"][2]["state"], "not-run");
        assert_eq!(report["checks"][2]["counts"], false);

        let guide = include_str!("../../../docs/checker.md");
        let checks = report["checks"].as_array().unwrap().iter();
        let objects = checks.chain([&report]).filter_map(Value::as_object);
        for member in objects.flat_map(|object| object.keys()) {
            assert!(
                guide.contains(&format!("`{member}`")),
                "{member} is not in docs/checker.md"
            );
        }
    }

    #[test]
    fn gradescope_gets_points_where_there_are_any() {
        let report = super::super::gradescope::report(&results(), &target(), Lang::En);
        let report: Value = serde_json::from_str(&report).unwrap();
        let tests = report["tests"].as_array().unwrap();
        for (test, status, score, max_score) in [
            // First things first.
            (&tests[0], json!("failed"), json!(0), json!(2)),
            (&tests[1], json!("passed"), json!(2), json!(2)),
            (&tests[2], Value::Null, Value::Null, Value::Null),
        ] {
            assert_eq!(
                (&test["status"], &test["score"], &test["max_score"]),
                (&status, &score, &max_score)
            );
            assert!(
                ["name", "number", "output", "visibility"]
                    .iter()
                    .all(|&member| test[member].is_string())
            );
        }
        // The tests' scores are the sum; without any, there has to be one for them all.
        assert!(report["score"].is_null());
        assert!(super::super::gradescope::usage("no").contains("\"score\": 0"));
    }

    #[test]
    fn a_mistake_in_the_arguments_is_an_outcome_too() {
        let report: Value = serde_json::from_str(&usage("no", Lang::En)).unwrap();
        assert_eq!((&report["outcome"], &report["error"]), (&json!("usage"), &json!("no")));
    }
}
