//! The violations that were found.

use crate::world::Nanos;

/// This number of violations is enough for one run: later ones are seldom of another kind.
const ENOUGH: usize = 5;

/// All violations of a run, each with its time.
#[derive(Default, Debug)]
pub struct Verdict {
    pub violations: Vec<(Nanos, String)>,
}

impl Verdict {
    pub fn add(&mut self, at: Nanos, what: String) {
        if !self.is_enough() {
            self.violations.push((at, what));
        }
    }

    pub fn is_enough(&self) -> bool {
        self.violations.len() >= ENOUGH
    }
}
