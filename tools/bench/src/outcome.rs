//! What a row found: runs of the load generator by server, and figures that a goal may be set for.

use super::load::{Run, Shot};
use super::usage::Usage;
use std::fmt;

/// In bytes.
pub(super) const MEBIBYTE: f64 = 1024.0 * 1024.0;

/// The outcome of one row.
#[derive(Default)]
pub(super) struct Outcome {
    /// The servers that were loaded, each with its runs in the order of the rounds.
    pub(super) sides: Vec<Side>,
    /// What the row is about.
    pub(super) figures: Vec<Figure>,
    /// What a reader must know besides.
    pub(super) notes: Vec<String>,
}

impl Outcome {
    /// The outcome of a row that this machine cannot measure.
    pub(super) fn not_measured(reason: &str) -> Self {
        Self {
            notes: vec![format!("Not measured: {reason}.")],
            ..Self::default()
        }
    }
}

/// A server under one kind of load.
pub(super) struct Side {
    /// Its name, and what distinguishes it from others of that name.
    pub(super) name: String,
    /// What it was asked for.
    pub(super) shot: Shot,
    /// One of each round.
    pub(super) runs: Vec<Run>,
}

impl Side {
    /// A value of each run.
    pub(super) fn each(&self, value: impl Fn(&Run) -> f64) -> Vec<f64> {
        self.runs.iter().map(value).collect()
    }

    /// Requests per second, or bytes.
    pub(super) fn speeds(&self) -> Vec<f64> {
        let in_bytes = self.shot.is_in_bytes();
        self.each(|run| if in_bytes { run.bytes } else { run.requests } / run.seconds)
    }

    /// Processor time of the server per request in microseconds, or per MiB: all of it, or one kind.
    pub(super) fn costs(&self, time: impl Fn(&Usage) -> f64) -> Vec<f64> {
        let in_bytes = self.shot.is_in_bytes();
        let work = |run: &Run| if in_bytes { run.bytes / MEBIBYTE } else { run.requests };
        self.each(|run| time(&run.usage) * 1e6 / work(run))
    }
}

/// One value of each round, and what it should be.
pub(super) struct Figure {
    pub(super) what: String,
    pub(super) unit: Unit,
    pub(super) values: Vec<f64>,
    pub(super) goal: Option<Goal>,
}

impl Figure {
    /// The ratio of two servers' values, round by round: neighbours in time.
    pub(super) fn ratio(what: impl Into<String>, of: &[f64], to: &[f64]) -> Self {
        let ratios = of.iter().zip(to).map(|(of, to)| of / to);
        Self::new(what, Unit::Ratio, ratios.collect())
    }

    /// A figure without a goal.
    pub(super) fn new(what: impl Into<String>, unit: Unit, values: Vec<f64>) -> Self {
        Self {
            what: what.into(),
            unit,
            values,
            goal: None,
        }
    }

    /// The same with a goal.
    pub(super) fn goal(self, goal: Goal) -> Self {
        Self {
            goal: Some(goal),
            ..self
        }
    }

    pub(super) fn spread(&self) -> Spread {
        Spread::of(self.values.clone())
    }

    /// Whether the goal is met, if there is one.
    pub(super) fn is_met(&self) -> Option<bool> {
        let spread = self.spread();
        Some(match self.goal? {
            Goal::AtLeast(bound) => spread.median >= bound,
            Goal::AtMost(bound) => spread.median <= bound,
            Goal::NeverAbove(bound) => spread.most <= bound,
        })
    }
}

/// What a figure should be.
#[derive(Clone, Copy)]
pub(super) enum Goal {
    /// The median, this or more.
    AtLeast(f64),
    /// The median, this or less.
    AtMost(f64),
    /// Each single value, this or less.
    NeverAbove(f64),
}

impl fmt::Display for Goal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(bound) => write!(formatter, "at least {bound}"),
            Self::AtMost(bound) => write!(formatter, "at most {bound}"),
            Self::NeverAbove(bound) => write!(formatter, "never above {bound}"),
        }
    }
}

/// What a figure counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Ratio,
    Milliseconds,
    Mebibytes,
    Connections,
}

impl Unit {
    /// The unit, as it is written after the number.
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Ratio => "x",
            Self::Milliseconds => "ms",
            Self::Mebibytes => "MiB",
            Self::Connections => "connections",
        }
    }
}

/// Several values in short: the median, and the least and the most of them. All NaN where there is no value.
#[derive(Clone, Copy)]
pub(super) struct Spread {
    pub(super) median: f64,
    pub(super) least: f64,
    pub(super) most: f64,
}

impl Spread {
    pub(super) fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |position: usize| values.get(position).copied().unwrap_or(f64::NAN);
        let last = values.len().saturating_sub(1);
        Self {
            // The middle one, or the middle between the middle two.
            median: f64::midpoint(at(last / 2), at(last.div_ceil(2))),
            least: at(0),
            most: at(last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_value() {
        for (values, expected) in [
            (vec![3.0], (3.0, 3.0, 3.0)),
            (vec![3.0, 1.0, 2.0], (2.0, 1.0, 3.0)),
            (vec![4.0, 1.0, 2.0, 10.0], (3.0, 1.0, 10.0)),
        ] {
            let spread = Spread::of(values.clone());
            assert_eq!((spread.median, spread.least, spread.most), expected, "{values:?}");
        }
        assert!(Spread::of(Vec::new()).median.is_nan());
    }

    #[test]
    fn a_goal_without_values_is_not_met() {
        let figure = |values: &[f64], goal| Figure::new("", Unit::Ratio, values.to_vec()).goal(goal);
        for (values, goal, met) in [
            (&[0.5, 1.0, 2.0][..], Goal::AtLeast(1.0), true),
            (&[0.5, 0.9, 2.0], Goal::AtLeast(1.0), false),
            (&[0.5, 1.0, 2.0], Goal::AtMost(1.0), true),
            (&[0.5, 1.0, 2.0], Goal::NeverAbove(1.0), false),
            (&[0.5, 1.0], Goal::NeverAbove(1.0), true),
            (&[], Goal::AtLeast(0.0), false),
            (&[], Goal::NeverAbove(9.0), false),
        ] {
            assert_eq!(figure(values, goal).is_met(), Some(met), "{values:?} {goal}");
        }
    }
}
