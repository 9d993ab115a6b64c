//! Gradescope's `results.json`, as its page *Autograder Specifications* has it: a test for each check.
//!
//! Gradescope adds the tests' scores up itself. A check without points has no score; if it is a tip it has no status
//! either, so that it is not shown as a failure.

use super::style::Style;
use super::text;
use crate::run::{Finished, Results, Urgency};
use crate::target::Target;
use crate::verdict::Verdict;
use aula::catalogue::Lang;
use serde_json::{Map, Value, json};

/// A run.
#[must_use]
pub fn report(results: &Results, target: &Target, lang: Lang) -> String {
    let style = Style {
        lang,
        has_colour: false,
    };
    let number = |(position, finished): (usize, &Finished)| test(position.saturating_add(1), finished, target, style);
    // First what failed, most urgent first; then what was not run, what passed, and the tips.
    let mut finished: Vec<_> = results.finished.iter().collect();
    finished.sort_by_key(|finished| match (finished.urgency(target), &finished.verdict) {
        (Some(Urgency::Tip), _) => (2, Urgency::Tip),
        (Some(urgency), _) => (0, urgency),
        (None, Verdict::NotRun { .. }) if finished.check.points(target) > 0 => (0, Urgency::Tip),
        (None, _) => (1, Urgency::Tip),
    });
    let tests: Vec<_> = finished.into_iter().enumerate().map(number).collect();
    let mut report = json!({
        "output": text::summary(results, target, style).trim(),
        "output_format": "text",
        "visibility": "visible",
        "tests": tests,
    });
    // A score there has to be: the tests', or one for them all.
    let (_, max) = Results::score(results.finished.iter(), target);
    if let (0, Value::Object(report)) = (max, &mut report) {
        report.insert("score".to_owned(), json!(0));
    }
    format!("{report:#}\n")
}

/// A mistake in the arguments: no tests, and no points.
#[must_use]
pub fn usage(error: &str) -> String {
    let report = json!({
        "score": 0,
        "output": error,
        "output_format": "text",
        "visibility": "visible",
        "tests": [],
    });
    format!("{report:#}\n")
}

fn test(number: usize, finished: &Finished, target: &Target, style: Style) -> Value {
    let (check, lang) = (finished.check, style.lang);
    let points = check.points(target);
    let mut test = Map::new();
    test.insert(
        "name".to_owned(),
        json!(format!("{}: {}", check.id, check.title.get(lang))),
    );
    test.insert("number".to_owned(), json!(number.to_string()));
    test.insert("tags".to_owned(), json!([check.counts_in(target).name()]));
    test.insert("visibility".to_owned(), json!("visible"));
    let (status, output) = match &finished.verdict {
        Verdict::Passed => (Some("passed"), check.rule.get(lang).to_owned()),
        // A tip is not shown in red.
        Verdict::Failed(failure) => {
            let is_tip = finished.urgency(target) == Some(Urgency::Tip);
            (
                (!is_tip).then_some("failed"),
                text::explanation(finished, failure, target, style),
            )
        }
        Verdict::NotRun { why, .. } => ((points > 0).then_some("failed"), why.get(lang)),
    };
    test.insert("output".to_owned(), json!(output));
    test.insert("output_format".to_owned(), json!("text"));
    if let Some(status) = status {
        test.insert("status".to_owned(), json!(status));
        if points > 0 {
            let score = if status == "passed" { points } else { 0 };
            test.insert("score".to_owned(), json!(score));
            test.insert("max_score".to_owned(), json!(points));
        }
    }
    Value::Object(test)
}
