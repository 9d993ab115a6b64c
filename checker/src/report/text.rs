//! The report for a terminal: a line for each check while they run; then what is wrong, and the sum.

use super::excerpt;
use super::style::{Colour, Style};
use crate::checks::Check;
use crate::group::Group;
use crate::preset::Preset;
use crate::run::{Finished, Outcome, Results, Urgency};
use crate::script::{End, Transcript};
use crate::target::Target;
use crate::texts;
use crate::verdict::{Crash, Failure, Verdict};
use crate::verify::{connection, difference, not_found};
use aula::catalogue::{self, Lang, Message, Text};
use aula::escape;
use std::fmt::Write;

/// The columns of a line: a terminal has 80, and some break a line that fills them.
const WIDTH: usize = 79;

/// The column in which a check's title begins.
const TITLE: usize = 28;

/// The column in which the parts of an explanation begin, after two spaces and their labels of ten columns.
const PART: usize = 12;

/// The columns that are left for bytes, after their offsets.
const BYTES: usize = 69;

/// The column in which the ids begin that share a line.
const IDS: usize = 8;

/// The column in which the sum of a group begins.
const SUM: usize = 22;

/// The column in which a check's title begins in the list of all checks.
const LIST_TITLE: usize = 32;

/// How many rows are shown of what was sent.
const ASKED_ROWS: usize = 2;

/// From how many bytes on it is said how long a request is: with those of a browser it does not matter.
const LONG: usize = 2000;

/// The first line: what is checked.
#[must_use]
pub fn heading(target: &Target, style: Style) -> String {
    let line = texts::CHECKING.with("server", &target.host);
    let line = line.with("preset", target.preset.name()).with("page", &target.page);
    style.bold(&line.get(style.lang)) + "\n"
}

/// Tells of the checks while they come out: those of the lab on a line each; of the others those that failed, and at
/// the end of their group the ids of the rest.
#[derive(Default)]
pub struct Progress {
    group: Option<Group>,
    /// The ids of checks of this group that passed.
    passed: Vec<&'static str>,
    /// The ids of checks of this group that were not run, for each reason.
    not_run: Vec<(Message, Vec<&'static str>)>,
}

impl Progress {
    /// One more has come out.
    #[must_use]
    pub fn tell(&mut self, finished: &Finished, target: &Target, style: Style) -> String {
        let group = finished.check.counts_in(target);
        let is_lab = group == Group::Lab;
        // Outside of the lab it is enough to say once that the server is gone.
        if let (
            false,
            Verdict::NotRun {
                is_servers_fault: true, ..
            },
        ) = (is_lab, &finished.verdict)
        {
            return String::new();
        }
        let mut page = String::new();
        if self.group != Some(group) {
            page.push_str(&self.end(style));
            let _ = writeln!(page, "\n{}", style.bold(group.title().get(style.lang)));
            self.group = Some(group);
        }
        let id = finished.check.id;
        match &finished.verdict {
            Verdict::NotRun { why, .. } => match self.not_run.iter_mut().find(|(known, _)| known == why) {
                Some((_, ids)) => ids.push(id),
                None => self.not_run.push((why.clone(), vec![id])),
            },
            Verdict::Passed if !is_lab => self.passed.push(id),
            _ => page.push_str(&line(finished, target, style)),
        }
        page
    }

    /// The rest of the group.
    #[must_use]
    pub fn end(&mut self, style: Style) -> String {
        let mut page = String::new();
        let row = |mark: String, text: &str| format!("  {mark}  {}\n", wrapped(text, IDS));
        if !self.passed.is_empty() {
            let mark = style.paint(&format!("{:<4}", texts::PASSED.get(style.lang)), Colour::Green);
            page.push_str(&row(mark, &self.passed.join(", ")));
        }
        for (why, ids) in &self.not_run {
            let mark = format!("{:<4}", texts::NOT_RUN.get(style.lang));
            page.push_str(&row(mark, &format!("{} ({})", ids.join(", "), why.get(style.lang))));
        }
        self.passed.clear();
        self.not_run.clear();
        page
    }
}

/// The line of a check that has come out.
fn line(finished: &Finished, target: &Target, style: Style) -> String {
    let (mark, colour) = match finished.urgency(target) {
        None => (texts::PASSED, Colour::Green),
        Some(Urgency::Tip) => (texts::ADVICE, Colour::Yellow),
        Some(Urgency::Danger) if finished.check.points(target) == 0 => (texts::RISK, Colour::Red),
        Some(_) => (texts::FAILED, Colour::Red),
    };
    // Padded before it is painted: colours have no width.
    let mark = style.paint(&format!("{:<4}", mark.get(style.lang)), colour);
    let title = finished.check.title.get(style.lang);
    format!("  {mark}  {:<18}  {}\n", finished.check.id, wrapped(title, TITLE))
}

/// What is wrong, first things first: each in full, but of tips only how many there are, unless they are asked for.
/// Empty if nothing is wrong.
#[must_use]
pub fn explanations(results: &Results, target: &Target, has_tips: bool, style: Style) -> String {
    let failed = results.by_urgency(target);
    let count = failed.iter().filter(|(.., urgency)| *urgency < Urgency::Tip).count();
    let (urgent, tips) = failed.split_at_checked(count).unwrap_or_default();
    let explain = |of: &[(&Finished, &Failure, Urgency)]| {
        let pages: Vec<_> = of
            .iter()
            .map(|(finished, failure, _)| explanation(finished, failure, target, style))
            .collect();
        pages.join("\n")
    };
    let mut page = String::new();
    if let Some((first, ..)) = urgent.first() {
        let heading = texts::FAULTS.with("id", first.check.id).get(style.lang);
        let _ = write!(page, "\n{}\n\n{}", style.bold(&heading), explain(urgent));
    }
    match tips {
        [] => {}
        tips if has_tips => {
            let _ = write!(
                page,
                "\n{}\n\n{}",
                style.bold(texts::TIPS.get(style.lang)),
                explain(tips)
            );
        }
        tips => {
            let count = match tips {
                [_] => texts::ONE_TIP.into(),
                tips => texts::TIP_COUNT.with("count", tips.len()),
            };
            let _ = write!(page, "\n{}", paragraph(&count.get(style.lang)));
        }
    }
    page
}

/// What a check counts: its group and its points.
fn worth(finished: &Finished, target: &Target, lang: Lang) -> String {
    let group = finished.check.counts_in(target).named().get(lang);
    let points = match finished.check.points(target) {
        0 if finished.urgency(target) == Some(Urgency::Danger) => texts::DANGER.into(),
        0 => texts::NO_POINTS.into(),
        1 => texts::ONE_POINT.into(),
        points => texts::SOME_POINTS.with("points", points),
    };
    format!("[{group}: {}]", points.get(lang))
}

/// What is wrong, the bytes that show it, the rule, and how to fix it.
#[must_use]
pub fn explanation(finished: &Finished, failure: &Failure, target: &Target, style: Style) -> String {
    let lang = style.lang;
    let check = finished.check;
    let transcript = finished.transcripts.at(failure.connection);
    let mut page = format!(
        "{}  {}\n  {}\n",
        style.bold(check.id),
        worth(finished, target, lang),
        wrapped(&failure.what.get(lang), 2)
    );
    let part = |label: &str, text: &str| format!("  {label:<10}{}\n", wrapped(text, PART));
    // What was sent before is the cause; what was sent then shows it.
    if let Some(before) = failure.after {
        let before = finished.transcripts.at(before);
        page.push_str(&sent(texts::ASKED, &before.sent, None, lang));
        page.push_str(&sent(texts::NEXT, &transcript.sent, None, lang));
    } else {
        page.push_str(&asked(transcript, failure, lang));
    }
    if transcript.received.is_empty() {
        let (nothing, end) = (texts::NOTHING.get(lang), end(transcript.end).get(lang));
        let nothing = format!("{}, {}", nothing.trim_end_matches(')'), end.trim_start_matches('('));
        page.push_str(&part(texts::RECEIVED.get(lang), &nothing));
    } else {
        page.push_str(&format!("  {}\n", texts::RECEIVED.get(lang)));
        for line in excerpt::lines(&transcript.received, &failure.range, BYTES) {
            let is_caret = line.trim_start().starts_with("| ") && line.ends_with('^');
            let line = if is_caret {
                style.paint(&line, Colour::Red)
            } else {
                line
            };
            page.extend([line.as_str(), "\n"]);
        }
        // How it ended is of interest where the fault is at the end; for a client it is shown otherwise.
        if failure.range.end >= transcript.received.len() && !transcript.pieces.is_empty() {
            let _ = writeln!(page, "{:>10}{}", "", end(transcript.end).get(lang));
        }
    }
    if let Some(note) = &failure.note {
        page.push_str(&part(texts::NOTE.get(lang), &note.get(lang)));
    }
    page.push_str(&part(texts::RULE.get(lang), check.rule.get(lang)));
    page.push_str(&part(texts::FIX.get(lang), &failure.fix.get(lang)));
    let says_so = [
        connection::ENDED,
        connection::CLOSED_ENDED,
        difference::CLOSED_IN_LOOP,
        difference::EMPTY_ENDED,
        difference::SHORT_ENDED,
        not_found::ENDED_IN_IT,
    ];
    let after = match failure.crash {
        _ if says_so.iter().any(|fault| failure.what.is_of(fault.what)) => return page,
        Some(Crash::Died) => texts::CRASHED,
        Some(Crash::Hung) => texts::HUNG,
        None => return page,
    };
    page + &part(texts::AFTER.get(lang), after.get(lang))
}

/// What was sent on a connection: each piece, if there were several.
fn asked(transcript: &Transcript, failure: &Failure, lang: Lang) -> String {
    let mut rest = transcript.sent.as_slice();
    let mut page = String::new();
    for (number, &length) in transcript.pieces.iter().enumerate() {
        let (piece, behind) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        let label = if number == 0 { texts::ASKED } else { texts::NEXT };
        page.push_str(&sent(label, piece, failure.asked, lang));
        rest = behind;
    }
    page
}

/// The first rows of what was sent, and the one that begins with `line` if that is another one.
fn sent(label: Text, bytes: &[u8], line: Option<&str>, lang: Lang) -> String {
    let rows = escape::rows(bytes, 0, WIDTH.saturating_sub(PART));
    let label = label.get(lang);
    let mut page = String::new();
    for (number, row) in rows.iter().enumerate() {
        let is_meant = line.is_some_and(|line| row.text.starts_with(line));
        if number < ASKED_ROWS || is_meant {
            let label = if number == 0 { label } else { "" };
            let _ = writeln!(page, "  {label:<10}{}", row.text);
        }
    }
    if rows.is_empty() {
        let _ = writeln!(page, "  {label:<10}{}", texts::NOTHING.get(lang));
    }
    if bytes.len() > LONG {
        let in_all = texts::IN_ALL.with("bytes", bytes.len()).get(lang);
        let _ = writeln!(page, "{:PART$}{in_all}", "");
    }
    page
}

/// What came of a client's request: a line for each check, what is wrong, and the points.
#[must_use]
pub fn of_client(results: &Results, target: &Target, has_tips: bool, style: Style) -> String {
    let mut progress = Progress::default();
    let mut page: String = results
        .finished
        .iter()
        .map(|finished| line_or_reason(finished, target, &mut progress, style))
        .collect();
    page.push_str(&progress.end(style));
    page.push_str(&explanations(results, target, has_tips, style));
    let score = points(Results::score(results.finished.iter(), target), style.lang);
    let (verdict, colour) = match results.outcome(target) {
        Outcome::Passed => (texts::GOOD_REQUEST.into(), Colour::Green),
        _ => {
            let ids: Vec<_> = results.failed_lab_checks(target).collect();
            let first = ids.first().copied().unwrap_or_default();
            (
                texts::REQUEST_FAILED.with("ids", ids.join(", ")).with("id", first),
                Colour::Red,
            )
        }
    };
    let verdict = wrapped(&format!("{score}. {}", verdict.get(style.lang)), 0);
    let _ = writeln!(page, "\n{}", style.paint(&verdict, colour));
    page
}

/// A check of a client, which has no heading.
fn line_or_reason(finished: &Finished, target: &Target, progress: &mut Progress, style: Style) -> String {
    progress.group = Some(finished.check.counts_in(target));
    progress.tell(finished, target, style)
}

/// How a connection ended.
#[must_use]
pub fn end(end: End) -> Text {
    match end {
        End::Open => texts::END_OPEN,
        End::Closed => texts::END_CLOSED,
        End::Reset => texts::END_RESET,
        End::Refused => texts::END_REFUSED,
        End::NoResponse => texts::END_NO_RESPONSE,
        End::NotGranted | End::Unreachable | End::Never => texts::END_NONE,
    }
}

/// The sums, what killed the server, and the verdict.
#[must_use]
pub fn summary(results: &Results, target: &Target, style: Style) -> String {
    let lang = style.lang;
    if results.outcome(target) == Outcome::Connection {
        let verdict = texts::NO_CONNECTION.with("server", &target.host).get(lang);
        return format!("\n{}\n", style.paint(&wrapped(&verdict, 0), Colour::Red));
    }
    let mut page = format!("\n{}\n", style.bold(texts::SUMMARY.get(lang)));
    let mut scored = 0;
    for group in Group::ALL {
        let of_group = || {
            let finished = results.finished.iter();
            finished.filter(move |finished| finished.check.counts_in(target) == group)
        };
        if of_group().next().is_none() {
            continue;
        }
        let count = |is: &dyn Fn(&Finished) -> bool| of_group().filter(|finished| is(finished)).count();
        let is_tip = |finished: &Finished| finished.urgency(target) == Some(Urgency::Tip);
        let is_risk = |finished: &Finished| {
            finished.urgency(target) == Some(Urgency::Danger) && finished.check.points(target) == 0
        };
        let counts = [
            (
                texts::COUNT_PASSED,
                count(&|finished| finished.verdict == Verdict::Passed),
            ),
            (
                texts::COUNT_FAILED,
                count(&|finished| finished.urgency(target).is_some() && !is_tip(finished) && !is_risk(finished)),
            ),
            (texts::COUNT_RISKS, count(&is_risk)),
            (
                texts::COUNT_NOT_RUN,
                count(&|finished| matches!(finished.verdict, Verdict::NotRun { .. })),
            ),
            (texts::COUNT_TIPS, count(&is_tip)),
        ];
        let counts = counts.into_iter().filter(|(_, count)| *count > 0);
        let counts: Vec<_> = counts
            .map(|(text, count)| text.with("count", count).get(lang))
            .collect();
        let score = Results::score(of_group(), target);
        scored += u32::from(score.1 > 0);
        let sum = format!("{} ({})", points(score, lang), counts.join(", "));
        let _ = writeln!(page, "  {:<20}{}", group.title().get(lang), wrapped(&sum, SUM));
    }
    if scored > 1 {
        let total = points(Results::score(results.finished.iter(), target), lang);
        let _ = writeln!(page, "  {:<20}{total}", texts::TOTAL.get(lang));
    }
    page.push('\n');
    match results.death {
        Some((id, Crash::Died)) => page.push_str(&paragraph(&texts::DIED_AT.with("id", id).get(lang))),
        Some((id, Crash::Hung)) => page.push_str(&paragraph(&texts::HUNG_AT.with("id", id).get(lang))),
        None => {}
    }
    let (verdict, colour) = match results.outcome(target) {
        Outcome::Passed => match results.death {
            Some((id, _)) => (texts::PASSED_BUT_GONE.with("id", id), Colour::Yellow),
            None => (texts::ALL_WELL.into(), Colour::Green),
        },
        Outcome::Failed | Outcome::Connection | Outcome::Usage => {
            let ids: Vec<_> = results.failed_lab_checks(target).collect();
            let first = ids.first().copied().unwrap_or_default();
            let verdict = match ids.as_slice() {
                [id] => texts::ONE_FAILED.with("id", id),
                ids => texts::SOME_FAILED.with("ids", ids.join(", ")).with("id", first),
            };
            (verdict, Colour::Red)
        }
    };
    page.push_str(&style.paint(&wrapped(&verdict.get(lang), 0), colour));
    page.push('\n');
    page
}

fn points((score, max): (u32, u32), lang: Lang) -> String {
    if max == 0 {
        return texts::NOT_SCORED.get(lang).to_owned();
    }
    texts::POINTS.with("score", score).with("max", max).get(lang)
}

fn paragraph(text: &str) -> String {
    wrapped(text, 0) + "\n"
}

/// The text in lines that fit a terminal, all but the first indented.
fn wrapped(text: &str, indent: usize) -> String {
    let lines = catalogue::wrapped(text.split(' '), WIDTH.saturating_sub(indent));
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

/// The points of a check in each preset, in the order of [`Preset::ALL`].
#[must_use]
pub fn weights(check: &Check) -> [String; 5] {
    let points = |weight: Option<u32>| weight.map_or_else(|| "-".to_owned(), |points| points.to_string());
    Preset::ALL.map(|preset| points(check.weight(preset)))
}

/// Every check, with its points in each preset.
#[must_use]
pub fn list(lang: Lang) -> String {
    let mut page = format!("{}\n", texts::LIST_HEADING.get(lang));
    for group in Group::ALL {
        let _ = writeln!(page, "\n{}", group.title().get(lang));
        for check in crate::checks::all().filter(|check| check.group == group) {
            let title = wrapped(check.title.get(lang), LIST_TITLE);
            let _ = writeln!(page, "  {:<18} {}  {title}", check.id, weights(check).join(" "));
        }
    }
    page
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
