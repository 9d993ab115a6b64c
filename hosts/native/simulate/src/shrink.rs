//! Makes a schedule that fails into a short one that fails in the same way: lines that are not needed are removed, and
//! the numbers in the lines that are left become smaller.

use crate::run::{Outcome, Program};
use crate::schedule::Schedule;

/// How many runs are spent on shortening a schedule at most.
const MOST_RUNS: usize = 600;

/// Returns the shortest schedule that was found, and its outcome.
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

    /// Takes a schedule as the new best one, if it fails in the same way.
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

    /// Removes as many lines as possible: first halves of them, then smaller parts.
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

    /// Tries fewer clients and requests, shorter stays, and no limits of memory and descriptors.
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

/// The kind of a failure: the first words of its message, without numbers and names.
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
