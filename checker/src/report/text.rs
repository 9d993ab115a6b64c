//! The report for a terminal: a line for each check while they run; then what is wrong, and the sum.

use super::excerpt;
use crate::checks::Group;
use crate::preset::Preset;
use crate::run::{Finished, Outcome, Results};
use crate::script::End;
use crate::target::Target;
use crate::texts;
use crate::verdict::{Failure, Killed, Verdict};
use aula::catalogue::{self, Lang, Text};
use aula::visible;
use std::fmt::Write;

/// The columns of a line: a terminal has 80, and some break a line that fills them.
const WIDTH: usize = 79;

/// The column in which a check's title begins.
const TITLE: usize = 28;

/// The column in which the parts of an explanation begin, behind two spaces and their labels of ten columns.
const PART: usize = 12;

/// The columns that are left for bytes, behind their offsets.
const BYTES: usize = 69;

/// How many rows are shown of what was sent.
const ASKED_ROWS: usize = 2;

/// From how many bytes on it is said how long a request is: with those of a browser it does not matter.
const LONG: usize = 2000;

/// How to write.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Style {
    /// The language.
    pub lang: Lang,
    /// Whether there may be colours.
    pub has_colour: bool,
}

/// A colour of the terminal (ECMA-48 section 8.3.117).
#[derive(Clone, Copy)]
enum Colour {
    Red = 31,
    Green = 32,
    Yellow = 33,
}

impl Style {
    fn paint(self, text: &str, colour: Colour) -> String {
        match self.has_colour {
            true => format!("\x1b[{}m{text}\x1b[0m", colour as u8),
            false => text.to_owned(),
        }
    }

    fn bold(self, text: &str) -> String {
        match self.has_colour {
            true => format!("\x1b[1m{text}\x1b[0m"),
            false => text.to_owned(),
        }
    }
}

/// The first line: what is checked.
#[must_use]
pub fn heading(target: &Target, style: Style) -> String {
    let line = texts::CHECKING.with("server", &target.host);
    let line = line.with("preset", target.preset.name()).with("page", &target.page);
    style.bold(&line.get(style.lang)) + "\n"
}

/// The heading of a group.
#[must_use]
pub fn group(group: Group, style: Style) -> String {
    format!("\n{}\n", style.bold(group.title().get(style.lang)))
}

/// The line of a check that has come out. If it was not run, the reason stands in place of its title.
#[must_use]
pub fn line(finished: &Finished, preset: Preset, style: Style) -> String {
    let (mark, colour) = match &finished.verdict {
        Verdict::Passed => (texts::PASSED, Some(Colour::Green)),
        Verdict::Failed(_) if finished.points(preset) == 0 => (texts::ADVICE, Some(Colour::Yellow)),
        Verdict::Failed(_) => (texts::FAILED, Some(Colour::Red)),
        Verdict::NotRun { .. } => (texts::NOT_RUN, None),
    };
    // Padded before it is painted: colours have no width.
    let mark = format!("{:<4}", mark.get(style.lang));
    let mark = colour.map_or_else(|| mark.clone(), |colour| style.paint(&mark, colour));
    let title = match &finished.verdict {
        Verdict::NotRun { why, .. } => format!("({})", why.get(style.lang)),
        _ => finished.check.title.get(style.lang).to_owned(),
    };
    format!("  {mark}  {:<18}  {}\n", finished.check.id, wrapped(&title, TITLE))
}

/// Everything that is wrong, one explanation after the other; empty if nothing is.
#[must_use]
pub fn explanations(results: &Results, style: Style) -> String {
    let failed = results.finished.iter().filter_map(|finished| match &finished.verdict {
        Verdict::Failed(failure) => Some(explanation(finished, failure, style)),
        _ => None,
    });
    let explanations: Vec<String> = failed.collect();
    match explanations.as_slice() {
        [] => String::new(),
        all => format!("\n{}\n\n{}", style.bold(texts::FAULTS.get(style.lang)), all.join("\n")),
    }
}

/// What is wrong, the bytes that show it, the rule, and how to mend it.
#[must_use]
pub fn explanation(finished: &Finished, failure: &Failure, style: Style) -> String {
    let lang = style.lang;
    let check = finished.check;
    let transcript = finished.transcripts.at(failure.connection);
    let mut page = format!("{}\n  {}\n", style.bold(check.id), wrapped(&failure.what.get(lang), 2));
    let part = |label: &str, text: &str| format!("  {label:<10}{}\n", wrapped(text, PART));
    // What was sent before is the cause; what was sent then shows it.
    if let Some(before) = failure.after {
        page.push_str(&sent(
            texts::ASKED.get(lang),
            &finished.transcripts.at(before).sent,
            lang,
        ));
        page.push_str(&sent(texts::NEXT.get(lang), &transcript.sent, lang));
    } else if !transcript.sent.is_empty() {
        page.push_str(&sent(texts::ASKED.get(lang), &transcript.sent, lang));
    }
    if transcript.received.is_empty() {
        let nothing = format!("{} {}", texts::NOTHING.get(lang), end(transcript.end).get(lang));
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
        // How it ended is of interest where the fault is at the end.
        if failure.range.end >= transcript.received.len() {
            let _ = writeln!(page, "{:>10}{}", "", end(transcript.end).get(lang));
        }
    }
    page.push_str(&part(texts::RULE.get(lang), check.rule.get(lang)));
    page.push_str(&part(texts::MEND.get(lang), &failure.mend.get(lang)));
    let after = match failure.killed {
        Some(Killed::Died) => texts::KILLED,
        Some(Killed::Hung) => texts::HUNG,
        None => return page,
    };
    page + &part(texts::AFTER.get(lang), after.get(lang))
}

/// The first rows of what was sent.
fn sent(label: &str, bytes: &[u8], lang: Lang) -> String {
    let rows = visible::rows(bytes, 0, WIDTH.saturating_sub(PART));
    let mut shown = rows.iter().take(ASKED_ROWS).map(|row| row.text.as_str());
    let mut page = format!("  {label:<10}{}\n", shown.next().unwrap_or(texts::NOTHING.get(lang)));
    for row in shown {
        let _ = writeln!(page, "{:PART$}{row}", "");
    }
    if bytes.len() > LONG {
        let in_all = texts::IN_ALL.with("bytes", bytes.len()).get(lang);
        let _ = writeln!(page, "{:PART$}{in_all}", "");
    }
    page
}

/// How a connection ended.
#[must_use]
pub fn end(end: End) -> Text {
    match end {
        End::Open => texts::END_OPEN,
        End::Closed => texts::END_CLOSED,
        End::Reset => texts::END_RESET,
        End::Refused => texts::END_REFUSED,
        End::Unanswered => texts::END_UNANSWERED,
        End::NotGranted | End::Unreachable | End::Never => texts::END_NONE,
    }
}

/// The sums, what killed the server, and the verdict.
#[must_use]
pub fn summary(results: &Results, target: &Target, style: Style) -> String {
    let (lang, preset) = (style.lang, target.preset);
    if results.outcome(preset) == Outcome::Connection {
        let verdict = texts::NO_CONNECTION.with("server", &target.host).get(lang);
        return format!("\n{}\n", style.paint(&wrapped(&verdict, 0), Colour::Red));
    }
    let mut page = format!("\n{}\n", style.bold(texts::SUMMARY.get(lang)));
    for group in Group::ALL {
        let of_group = || {
            results
                .finished
                .iter()
                .filter(move |finished| finished.check.group == group)
        };
        let count = |is: fn(&Verdict) -> bool| of_group().filter(|finished| is(&finished.verdict)).count();
        if of_group().next().is_none() {
            continue;
        }
        let counts = texts::COUNTS
            .with("passed", count(|verdict| matches!(verdict, Verdict::Passed)))
            .with("failed", count(|verdict| matches!(verdict, Verdict::Failed(_))))
            .with("notrun", count(|verdict| matches!(verdict, Verdict::NotRun { .. })));
        let counts = format!(
            "{} ({})",
            points(Results::score(of_group(), preset), lang),
            counts.get(lang)
        );
        let _ = writeln!(page, "  {:<20}{counts}", group.title().get(lang));
    }
    let total = points(Results::score(results.finished.iter(), preset), lang);
    let _ = writeln!(page, "  {:<20}{total}\n", texts::TOTAL.get(lang));
    match results.death {
        Some((id, Killed::Died)) => page.push_str(&paragraph(&texts::DIED_AT.with("id", id).get(lang))),
        Some((id, Killed::Hung)) => page.push_str(&paragraph(&texts::HUNG_AT.with("id", id).get(lang))),
        None => {}
    }
    let (verdict, colour) = match results.outcome(preset) {
        Outcome::Passed => (texts::ALL_WELL.into(), Colour::Green),
        Outcome::Failed | Outcome::Connection | Outcome::Usage => {
            let ids: Vec<_> = results.failed_lab_checks(preset).collect();
            (texts::SOME_FAILED.with("ids", ids.join(", ")), Colour::Red)
        }
    };
    page.push_str(&style.paint(&wrapped(&verdict.get(lang), 0), colour));
    page.push('\n');
    page
}

fn points((score, max): (u32, u32), lang: Lang) -> String {
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

/// Every check, with its points in each preset.
#[must_use]
pub fn list(lang: Lang) -> String {
    let mut page = format!("{}\n", texts::LIST_HEADING.get(lang));
    for group in Group::ALL {
        let _ = writeln!(page, "\n{}", group.title().get(lang));
        for check in crate::checks::all().filter(|check| check.group == group) {
            let points = check
                .weights
                .map(|weight| weight.map_or_else(|| "-".to_owned(), |points| points.to_string()));
            let title = wrapped(check.title.get(lang), TITLE);
            let _ = writeln!(page, "  {:<18} {:<7} {title}", check.id, points.join(" "));
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks;
    use crate::judges;
    use crate::script::{Transcript, Transcripts};
    use std::rc::Rc;

    const RECEIVED: &[u8] = b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n<p>hi</p>\n";

    /// A check that failed in this way.
    fn finished(id: &str, failure: Failure) -> Finished {
        let transcript = Transcript {
            sent: b"GET /hello.html HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n".to_vec(),
            received: RECEIVED.to_vec(),
            end: End::Closed,
            ..Transcript::default()
        };
        Finished {
            check: checks::all().find(|check| check.id == id).unwrap(),
            verdict: Verdict::Failed(Box::new(failure)),
            transcripts: Rc::new(Transcripts(vec![transcript])),
        }
    }

    fn style(lang: Lang) -> Style {
        Style {
            lang,
            has_colour: false,
        }
    }

    #[test]
    fn an_explanation_shows_the_bytes_the_rule_and_the_cure() {
        let failure = judges::head::BARE_LF.at(0, 15..16);
        let page = explanation(&finished("line-ends", failure.clone()), &failure, style(Lang::Es));
        assert_eq!(
            page,
            "\
line-ends
  Una línea de la cabecera acaba solo con \\n.
  petición  GET /hello.html HTTP/1.1\\r\\n
            Host: 127.0.0.1:8080\\r\\n
  recibido
      0 | HTTP/1.1 200 OK\\n
        |                ^^
     16 | Content-Type: text/html\\n
  regla     Cada línea de una cabecera acaba en CR LF (RFC 9112 sección 2.1).
  arreglo   Termina todas las líneas de la cabecera con \"\\r\\n\", también la
            vacía; print y las comillas triples ponen solo \"\\n\".
"
        );
    }

    #[test]
    fn every_explanation_fits_a_terminal_in_both_languages() {
        let faults = judges::FAULTS.iter().copied().flatten();
        for (fault, check) in faults.zip(std::iter::repeat_with(checks::all).flatten()) {
            for (lang, killed) in Lang::ALL.into_iter().zip([Killed::Died, Killed::Hung]) {
                let mut failure = fault.at(0, 0..9);
                failure.killed = Some(killed);
                for place in ["path", "expected", "target", "page", "server"] {
                    failure = failure.with(place, "/a/path/of/some/length.html");
                }
                let page = explanation(&finished(check.id, failure.clone()), &failure, style(lang));
                for line in page.lines() {
                    assert!(line.chars().count() <= WIDTH, "{line}");
                }
            }
        }
    }

    #[test]
    fn colours_stand_around_marks_and_carets_alone() {
        let failure = judges::head::BARE_LF.at(0, 15..16);
        let finished = finished("line-ends", failure.clone());
        let coloured = Style {
            has_colour: true,
            ..style(Lang::En)
        };
        let line = line(&finished, Preset::General, coloured);
        assert_eq!(
            line,
            "  \x1b[31mFAIL\x1b[0m  line-ends           every line of the head ends with \\r\\n\n"
        );
        let page = explanation(&finished, &failure, coloured);
        assert!(page.contains("\x1b[31m        |                ^^\x1b[0m\n"), "{page}");
    }

    #[test]
    fn words_are_kept_whole_and_lines_indented() {
        let text = "word ".repeat(20);
        let wrapped = wrapped(text.trim_end(), 12);
        let lines: Vec<_> = wrapped.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[1].starts_with("            word"));
    }

    #[test]
    fn a_mark_is_four_columns_at_most() {
        for mark in [texts::PASSED, texts::FAILED, texts::ADVICE, texts::NOT_RUN] {
            for lang in Lang::ALL {
                assert!(mark.get(lang).chars().count() <= 4, "{mark:?}");
            }
        }
    }
}
