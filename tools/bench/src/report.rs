//! Outcomes as text: Markdown tables, which a terminal shows as well as a page does, and JSON with every single run.

use super::load::Run;
use super::outcome::{Figure, MEBIBYTE, Outcome, Side, Spread};
use super::rows::Row;
use anyhow::{Context, Result};
use serde_json::{Value, json};

/// What lies between these lines of `docs/performance.md` is written by the bench; the rest is not.
const BEGIN: &str = "<!-- bench: begin -->";
const END: &str = "<!-- bench: end -->";

/// What one row found.
pub(super) fn row(row: &Row, outcome: &Outcome) -> String {
    let mut text = format!("### `{}`: {}\n\n", row.name, row.title);
    if let Some(side) = outcome.sides.first() {
        let in_bytes = side.shot.is_in_bytes();
        let header = [
            "server, connections",
            if in_bytes { "MiB/s" } else { "requests/s" },
            "median ms",
            "99 % ms",
            if in_bytes {
                "CPU us per MiB"
            } else {
                "CPU us per request"
            },
            "user + system",
            "MiB",
            "failed",
        ];
        text.push_str(&table(&header, outcome.sides.iter().map(side_cells).collect()));
        text.push('\n');
    }
    if !outcome.figures.is_empty() {
        let header = ["figure", "median (least to most)", "goal", "met"];
        text.push_str(&table(&header, outcome.figures.iter().map(figure_cells).collect()));
        text.push('\n');
    }
    for note in &outcome.notes {
        text.push_str(&format!("{note}\n\n"));
    }
    text
}

/// Every figure that has a goal, in one table.
pub(super) fn goals(outcomes: &[(&Row, Outcome)]) -> String {
    let mut lines = Vec::new();
    for (row, outcome) in outcomes {
        for figure in outcome.figures.iter().filter(|figure| figure.goal.is_some()) {
            let mut cells = vec![format!("`{}`", row.name)];
            cells.extend(figure_cells(figure));
            lines.push(cells);
        }
    }
    table(&["row", "figure", "median (least to most)", "goal", "met"], lines)
}

/// Writes `content` between the two markers of a page.
pub(super) fn into_page(page: &str, content: &str) -> Result<String> {
    let (before, rest) = page.split_once(BEGIN).with_context(|| format!("no line {BEGIN}"))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("no line {END}"))?;
    Ok(format!("{before}{BEGIN}\n{content}{END}{after}"))
}

/// All that was found, for `docs/performance.md`.
pub(super) fn everything(machine: &[(&str, String)], outcomes: &[(&Row, Outcome)]) -> String {
    let machine = machine
        .iter()
        .map(|(name, value)| vec![(*name).to_owned(), value.clone()]);
    let mut written = "## The machine\n\n".to_owned();
    written.push_str(&table(&["what", "which"], machine.collect()));
    written.push_str("\n## Against the goals\n\n");
    written.push_str(&goals(outcomes));
    written.push_str("\n## Row by row\n\n");
    for (each, outcome) in outcomes {
        written.push_str(&row(each, outcome));
    }
    written
}

/// A line of [`numbers`]: how the figure ends, what it is in English and in Spanish, and its unit. `None` is the pair
/// of rate and processor time of a row of this name, as multiples of nginx's.
type NumbersLine = (&'static str, &'static str, &'static str, Option<&'static str>);

const NUMBERS: [NumbersLine; 9] = [
    (
        "keep-alive-10",
        "1 KB files, 10 persistent connections",
        "archivos de 1 KB, 10 conexiones persistentes",
        None,
    ),
    (
        "keep-alive-64",
        "1 KB files, 64 persistent connections",
        "archivos de 1 KB, 64 conexiones persistentes",
        None,
    ),
    (
        "keep-alive-500",
        "1 KB files, 500 persistent connections",
        "archivos de 1 KB, 500 conexiones persistentes",
        None,
    ),
    (
        "new",
        "1 KB files, a new connection each",
        "archivos de 1 KB, una conexión nueva para cada uno",
        None,
    ),
    (
        "1m",
        "1 MB files, 10 connections",
        "archivos de 1 MB, 10 conexiones",
        None,
    ),
    ("256m", "one file of 256 MB", "un archivo de 256 MB", None),
    (
        ": resident with 64 connections",
        "memory with 64 connections",
        "memoria con 64 conexiones",
        Some("MiB"),
    ),
    (
        ": resident with 10,000 idle",
        "memory with 10,000 idle connections",
        "memoria con 10 000 conexiones inactivas",
        Some("MiB"),
    ),
    (
        ": start, compiled before",
        "from the command to the ready line, compiled before",
        "de la orden a la línea que dice que escucha, ya compilado",
        Some("ms"),
    ),
];

/// The figures for the README in one language: ours under both hosts.
pub(super) fn numbers(outcomes: &[(&Row, Outcome)], spanish: bool) -> String {
    let median = |figure: &Figure| {
        if spanish {
            number(figure.spread().median).replace(',', " ").replace('.', ",")
        } else {
            number(figure.spread().median)
        }
    };
    let cell = |server: &str, (end, _, _, unit): &NumbersLine| match unit {
        Some(unit) => {
            let figures = || outcomes.iter().flat_map(|(_, outcome)| &outcome.figures);
            let figure = figures().find(|figure| figure.what == format!("{server}{end}"));
            figure.map(|figure| format!("{} {unit}", median(figure)))
        }
        None => {
            let (_, outcome) = outcomes.iter().find(|(row, _)| row.name == *end)?;
            let of = |what: &str| {
                let is_it = |figure: &&Figure| figure.what.starts_with(&format!("{server}: {what}"));
                outcome
                    .figures
                    .iter()
                    .filter(is_it)
                    .find(|figure| figure.what.ends_with(" to nginx's"))
            };
            let rate = of("requests/s").or_else(|| of("bytes/s"))?;
            Some(format!("{}; {}", median(rate), median(of("CPU")?)))
        }
    };
    let header = if spanish {
        ["frente a nginx (1 worker): tasa; CPU", "`aula`", "`wasmtime run`"]
    } else {
        ["against nginx (1 worker): rate; CPU", "`aula`", "`wasmtime run`"]
    };
    let lines = NUMBERS.iter().map(|line| {
        let what = if spanish { line.2 } else { line.1 };
        let cells = ["aula", "wasmtime run"].map(|server| cell(server, line).unwrap_or_default());
        [vec![what.to_owned()], cells.into()].concat()
    });
    format!("\n{}\n", table(&header, lines.collect()))
}

/// Every run and every value.
pub(super) fn json(machine: &[(&str, String)], outcomes: &[(&Row, Outcome)]) -> String {
    let rows = outcomes.iter().map(|(row, outcome)| {
        json!({
            "row": row.name,
            "title": row.title,
            "sides": outcome.sides.iter().map(side_json).collect::<Vec<_>>(),
            "figures": outcome.figures.iter().map(figure_json).collect::<Vec<_>>(),
            "notes": outcome.notes,
        })
    });
    let machine: serde_json::Map<_, _> = machine
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect();
    format!(
        "{:#}\n",
        json!({ "machine": machine, "rows": rows.collect::<Vec<_>>() })
    )
}

fn side_cells(side: &Side) -> Vec<String> {
    let in_bytes = side.shot.is_in_bytes();
    let median = |values: Vec<f64>| Spread::of(values).median;
    let scale = if in_bytes { MEBIBYTE } else { 1.0 };
    let peak = side.each(|run| run.usage.peak as f64 / MEBIBYTE);
    vec![
        format!("{}, {}", side.name, side.shot.connections),
        spread(side.speeds().iter().map(|speed| speed / scale).collect()),
        number(median(side.each(|run| run.median))),
        number(median(side.each(|run| run.slowest))),
        spread(side.costs(|usage| usage.time())),
        format!(
            "{} + {}",
            number(median(side.costs(|usage| usage.user))),
            number(median(side.costs(|usage| usage.system)))
        ),
        number(Spread::of(peak).most),
        format!("{}", side.each(|run| run.failed).iter().sum::<f64>()),
    ]
}

fn figure_cells(figure: &Figure) -> Vec<String> {
    vec![
        figure.what.clone(),
        format!("{} {}", spread(figure.values.clone()), figure.unit.symbol()),
        figure.goal.map_or_else(String::new, |goal| goal.to_string()),
        match figure.is_met() {
            Some(true) => "yes".to_owned(),
            Some(false) => "**no**".to_owned(),
            None => String::new(),
        },
    ]
}

fn side_json(side: &Side) -> Value {
    let run = |run: &Run| {
        json!({
            "seconds": run.seconds,
            "requests": run.requests,
            "bytes": run.bytes,
            "median_ms": run.median,
            "slowest_percent_ms": run.slowest,
            "failed": run.failed,
            "user_s": run.usage.user,
            "system_s": run.usage.system,
            "resident_bytes": run.usage.resident,
            "peak_bytes": run.usage.peak,
        })
    };
    json!({
        "name": side.name,
        "file": side.shot.file.name,
        "connections": side.shot.connections,
        "close": side.shot.close,
        "runs": side.runs.iter().map(run).collect::<Vec<_>>(),
    })
}

fn figure_json(figure: &Figure) -> Value {
    json!({
        "what": figure.what,
        "unit": figure.unit.symbol(),
        "values": figure.values,
        "goal": figure.goal.map(|goal| goal.to_string()),
        "met": figure.is_met(),
    })
}

/// `MEDIAN (LEAST to MOST)`, or the one value that there is.
fn spread(values: Vec<f64>) -> String {
    let single = values.len() == 1;
    let spread = Spread::of(values);
    let median = number(spread.median);
    if single {
        return median;
    }
    format!("{median} ({} to {})", number(spread.least), number(spread.most))
}

/// At least three digits, with commas between thousands.
pub(super) fn number(value: f64) -> String {
    let decimals = match value.abs() {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        _ => 3,
    };
    let plain = format!("{value:.decimals$}");
    let (whole, fraction) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let mut grouped = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position) % 3 == 0 && digit.is_ascii_digit() {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + fraction
}

/// A Markdown table whose columns are as wide as their widest cell.
fn table(header: &[&str], lines: Vec<Vec<String>>) -> String {
    let header: Vec<_> = header.iter().map(|&cell| cell.to_owned()).collect();
    let mut widths: Vec<_> = header.iter().map(String::len).collect();
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.len().max(*width);
        }
    }
    let rule = widths.iter().map(|&width| "-".repeat(width)).collect();
    let mut text = String::new();
    for line in [header, rule].into_iter().chain(lines) {
        for (cell, &width) in line.iter().zip(&widths) {
            text.push_str(&format!("| {cell:width$} "));
        }
        text.push_str("|\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Unit;
    use crate::rows::ROWS;

    #[test]
    fn numbers_have_three_digits() {
        for (value, text) in [
            (0.0, "0.000"),
            (1.0, "1.00"),
            (0.1234, "0.123"),
            (12.34, "12.3"),
            (123.4, "123"),
            (1234.5, "1,234"),
            (1_234_567.0, "1,234,567"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn only_what_is_between_the_markers_is_written() {
        let page = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        let written = into_page(&page, "new\n").unwrap();
        assert!(written.starts_with("a\n<!--") && written.ends_with("-->\nb\n") && !written.contains("old"));
        assert_eq!(into_page(&written, "new\n").unwrap(), written);
        assert!(into_page("a page without them", "new\n").is_err());
    }

    #[test]
    fn the_readme_has_a_line_for_each_figure_of_both_hosts() {
        let row = ROWS.iter().find(|row| row.name == "new").unwrap();
        let figure = |what: &str, value| Figure::new(what, Unit::Ratio, vec![value]);
        let outcome = Outcome {
            figures: vec![
                figure("aula: requests/s to nginx's", 0.97),
                figure("aula: CPU per request to nginx's", 1.1),
                figure("aula: resident with 10,000 idle", 1234.0),
                figure("wasmtime run: requests/s to nginx's", 0.5),
                figure("wasmtime run: CPU per request to nginx's", 2.0),
                figure("wasmtime run: requests/s to lighttpd's", 9.0),
            ],
            ..Outcome::default()
        };
        let outcomes = [(row, outcome)];
        let cells = |text: String| -> Vec<Vec<String>> {
            let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect();
            text.lines().filter(|line| line.contains(';')).map(cells).collect()
        };
        let english = cells(numbers(&outcomes, false));
        assert_eq!(english[1][2..4], ["0.970; 1.10", "0.500; 2.00"]);
        assert_eq!(cells(numbers(&outcomes, true))[1][2..4], ["0,970; 1,10", "0,500; 2,00"]);
        assert!(numbers(&outcomes, true).contains("1 234 MiB"));
    }
}
