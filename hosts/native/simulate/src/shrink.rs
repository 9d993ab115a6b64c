//! From a schedule that fails to a short one that fails alike: what is not needed goes, line by line, and what is left
//! becomes less.

use crate::run::{Outcome, Program};
use crate::schedule::Schedule;

/// How many runs are spent on it at most.
const MOST_RUNS: usize = 600;

/// The shortest schedule that was found, and what came of it.
pub fn shrink(program: &Program, schedule: &Schedule) -> (Schedule, Outcome) {
    let mut shrinker = Shrinker {
        program,
        best: schedule.clone(),
        outcome: program.run(schedule, false),
        runs: 0,
    };
    loop {
        let before = shrinker.best.clone();
        shrinker.remove(|schedule| &mut schedule.changes);
        shrinker.remove(|schedule| &mut schedule.clients);
        shrinker.remove(|schedule| &mut schedule.faults);
        shrinker.remove(|schedule| &mut schedule.options);
        shrinker.lessen();
        if shrinker.best == before || shrinker.is_over() {
            break;
        }
    }
    (shrinker.best, shrinker.outcome)
}

struct Shrinker<'a> {
    program: &'a Program,
    best: Schedule,
    outcome: Outcome,
    runs: usize,
}

impl Shrinker<'_> {
    fn is_over(&self) -> bool {
        self.runs >= MOST_RUNS
    }

    /// Takes a schedule instead of the best one, if it fails as well.
    fn try_this(&mut self, schedule: Schedule) -> bool {
        if self.is_over() || schedule == self.best {
            return false;
        }
        self.runs += 1;
        let outcome = self.program.run(&schedule, false);
        let fails = kind(&outcome) == kind(&self.outcome);
        if fails {
            self.best = schedule;
            self.outcome = outcome;
        }
        fails
    }

    /// Removes as many lines as possible: halves first, then smaller parts.
    fn remove<T: Clone>(&mut self, lines: fn(&mut Schedule) -> &mut Vec<T>) {
        let mut size = lines(&mut self.best).len();
        while size > 0 {
            let mut at = 0;
            while at < lines(&mut self.best).len() {
                let mut schedule = self.best.clone();
                let kept = lines(&mut schedule);
                kept.drain(at..(at + size).min(kept.len()));
                if !self.try_this(schedule) {
                    at += size;
                }
            }
            size /= 2;
        }
    }

    /// Fewer clients and requests, shorter stays, no limits of memory and descriptors.
    fn lessen(&mut self) {
        let mut schedule = self.best.clone();
        schedule.memory = None;
        self.try_this(schedule);
        let mut schedule = self.best.clone();
        schedule.descriptors = None;
        self.try_this(schedule);
        for index in 0..self.best.clients.len() {
            loop {
                let mut schedule = self.best.clone();
                schedule.clients[index].times /= 2;
                if schedule.clients[index].times == 0 || !self.try_this(schedule) {
                    break;
                }
            }
            loop {
                let mut schedule = self.best.clone();
                if schedule.clients[index].times < 2 {
                    break;
                }
                schedule.clients[index].times -= 1;
                if !self.try_this(schedule) {
                    break;
                }
            }
        }
    }
}

/// What a failure is like: its first words without numbers and names.
fn kind(outcome: &Outcome) -> Option<String> {
    let (_, what) = outcome.violations.first()?;
    let words = what.split_once(": ").map_or(
        what.as_str(),
        |(who, what)| if who.starts_with("client") { what } else { who },
    );
    let plain = words
        .chars()
        .filter(|character| character.is_alphabetic() || *character == ' ');
    Some(plain.take(24).collect())
}
