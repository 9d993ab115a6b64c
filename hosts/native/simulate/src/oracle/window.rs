//! What the path of a request stood for while the request was under way.

use crate::clients::ask::Asked;
use crate::content::Version;
use crate::world::state::State;
use crate::world::truth::{PATHS, Seen};
use std::rc::Rc;

/// What a path stood for while a request was under way.
pub(super) struct Window {
    pub versions: Vec<Rc<Version>>,
    /// The versions of the compressed file, if the client accepts them.
    pub compressed: Vec<Rc<Version>>,
    pub has: Has,
    /// What the path stood for changed during this time.
    pub is_mixed: bool,
    /// A call failed that should not have failed.
    pub is_failed: bool,
}

#[derive(Default, Clone, Copy, Debug)]
pub(super) struct Has {
    pub redirect: bool,
    pub no_index: bool,
    pub nothing: bool,
    pub refused: bool,
}

impl Window {
    /// Finds what the path of a request stood for since the request was sent.
    pub fn of(asked: &Asked, state: &State) -> Self {
        let from = asked.sent_at.saturating_sub(state.stale());
        let mut window = Self {
            versions: Vec::new(),
            compressed: Vec::new(),
            has: Has::default(),
            is_mixed: false,
            is_failed: state.file_error_at.is_some_and(|at| from <= at),
        };
        let mut count = 0;
        for seen in state.truth.during(asked.path, from, state.now) {
            count += 1;
            match seen {
                Seen::File(version) => window.versions.push(Rc::clone(version)),
                Seen::Redirect => window.has.redirect = true,
                Seen::NoIndex => window.has.no_index = true,
                Seen::Nothing => window.has.nothing = true,
                Seen::Refused => window.has.refused = true,
            }
        }
        window.is_mixed = count > 1;
        if let (Some(sibling), true) = (PATHS[asked.path].sibling, asked.takes_gzip) {
            let mut count = 0;
            for seen in state.truth.during(sibling, from, state.now) {
                count += 1;
                if let Seen::File(version) = seen {
                    window.compressed.push(Rc::clone(version));
                }
            }
            window.is_mixed |= count > 1;
        }
        window
    }
}
