//! What was found.

use crate::world::Nanos;

/// So many violations of one run are enough: what follows is seldom of another kind.
const ENOUGH: usize = 5;

/// All violations of a run, with the times.
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
