//! Throughput against connections, as SVG: the rows `keep-alive-10` and `busy`.

use super::outcome::{Outcome, Spread};
use super::report::number;
use super::rows::Row;
use anyhow::{Result, ensure};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The rows whose sides are points.
const ROWS: [&str; 2] = ["keep-alive-10", "busy"];

/// The servers that are drawn, each with its colour: two that those who see few colours tell apart.
const SERVERS: [(&str, &str); 2] = [("aula", "#0b6fb8"), ("nginx", "#d1650a")];

/// Of the drawing, in SVG's user units.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 80.0;
const RIGHT: f64 = 90.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 60.0;

/// The requests per second of a server by number of connections.
type Curve = BTreeMap<u32, Spread>;

/// Draws the plot: a line through the medians, and at each point a bar from the least to the most.
pub(super) fn throughput(outcomes: &[(&Row, Outcome)]) -> Result<String> {
    let curves = SERVERS.map(|(name, colour)| (name, colour, curve(outcomes, name)));
    let points = || curves.iter().flat_map(|(_, _, curve)| curve);
    let most = points().map(|(_, spread)| spread.most).fold(0.0, f64::max);
    ensure!(most > 0.0, "nothing to plot: wrk is needed");
    let (step, steps) = scale(most);
    let top = step * f64::from(steps);
    let first = points().map(|(&connections, _)| connections).min().unwrap_or(1);
    let last = points().map(|(&connections, _)| connections).max().unwrap_or(1);
    // Connections on a logarithmic scale: the second ten matters as much as the second hundred.
    let span = (f64::from(last) / f64::from(first)).ln().max(f64::EPSILON);
    let x = |connections: u32| LEFT + (WIDTH - LEFT - RIGHT) * (f64::from(connections) / f64::from(first)).ln() / span;
    let y = |rate: f64| HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * rate / top;

    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"13\">\n\
         <title>Requests per second against busy connections</title>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"26\" font-size=\"15\">1 KB file, persistent connections: requests per second</text>\n"
    );
    for line in 0..=steps {
        let rate = step * f64::from(line);
        let (height, right) = (y(rate), WIDTH - RIGHT);
        writeln!(svg, "<path d=\"M{LEFT} {height:.1}H{right}\" stroke=\"#ddd\"/>")?;
        writeln!(
            svg,
            "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 8.0,
            height + 4.0,
            number(rate)
        )?;
    }
    let mut labels: Vec<_> = points().map(|(&connections, _)| connections).collect();
    labels.sort_unstable();
    labels.dedup();
    for connections in labels {
        let (x, y) = (x(connections), HEIGHT - BOTTOM + 20.0);
        writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\">{connections}</text>"
        )?;
    }
    let middle = LEFT + (WIDTH - LEFT - RIGHT) / 2.0;
    writeln!(
        svg,
        "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">busy connections</text>",
        HEIGHT - BOTTOM + 42.0
    )?;
    let mut legend = TOP + 4.0;
    for (name, colour, curve) in &curves {
        let line: Vec<_> = curve
            .iter()
            .map(|(&at, spread)| format!("{:.1},{:.1}", x(at), y(spread.median)))
            .collect();
        writeln!(svg, "<g fill=\"{colour}\" stroke=\"{colour}\">")?;
        writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke-width=\"2\"/>",
            line.join(" ")
        )?;
        for (&at, spread) in curve {
            let (x, least, most) = (x(at), y(spread.least), y(spread.most));
            writeln!(svg, "<path d=\"M{x:.1} {least:.1}V{most:.1}\"/>")?;
            writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{:.1}\" r=\"3.5\"/>", y(spread.median))?;
        }
        writeln!(
            svg,
            "<text x=\"{}\" y=\"{legend}\" stroke=\"none\">{name}</text>",
            WIDTH - RIGHT + 16.0
        )?;
        legend += 20.0;
        svg.push_str("</g>\n");
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

fn curve(outcomes: &[(&Row, Outcome)], server: &str) -> Curve {
    let outcomes = outcomes.iter().filter(|(row, _)| ROWS.contains(&row.name));
    let sides = outcomes
        .flat_map(|(_, outcome)| &outcome.sides)
        .filter(|side| side.name == server);
    sides
        .map(|side| (side.shot.connections, Spread::of(side.speeds())))
        .collect()
}

/// A round distance of the axis' lines, and how many of them reach up to `most`.
fn scale(most: f64) -> (f64, u32) {
    let power = 10_f64.powf(most.log10().floor());
    let step = [0.1, 0.2, 0.5, 1.0, 2.0]
        .map(|factor| factor * power)
        .into_iter()
        .find(|step| most / step <= 8.0)
        .unwrap_or(power);
    (step, (most / step).ceil() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_has_round_numbers_and_room_for_all() {
        for (most, step, steps) in [(54_000.0, 10_000.0, 6), (9.0, 2.0, 5), (1.0, 0.2, 5), (123.0, 20.0, 7)] {
            assert_eq!(scale(most), (step, steps), "{most}");
        }
    }
}
