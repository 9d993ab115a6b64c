//! What must hold at each turn of the server's loop: it does not spin, it holds no more than its connections need, and
//! when everybody is gone it is as it was.

use crate::clients::Client;
use crate::schedule::{ClientKind, ClientLine, Fault};
use crate::world::state::{Phase, State};
use crate::world::{MILLISECOND, Nanos, SECOND};
use std::rc::Rc;

/// So many turns in which nothing was read, written, accepted or closed are too many.
const FRUITLESS: u64 = 5_000;

/// So many turns in which nothing of what had arrived on a connection was read are too many.
const UNREAD: u64 = 5_000;

/// So many calls of the host's, one after the other in a turn without reading, writing, accepting or closing anything,
/// are too many: a page of a listing takes about a thousand. (64 requests in advance for as many pages take more.)
const CALLS: u64 = 4_000;

/// How long a turn may last, beside what slow calls take.
const TURN: Nanos = SECOND;

/// How much later than at its deadline a connection may be closed, beside what a turn takes.
const LATE: Nanos = SECOND;

/// How many resources a connection needs at most: its socket, two streams, two pollables, and a file.
const PER_CONNECTION: usize = 7;

/// How many may come beside: the folder, spare descriptors, an alarm, what a listing needs.
const BESIDE: usize = 40;

/// How many resources may be there that were not there at the beginning: an alarm, and what wakes at once.
const ALARMS: usize = 2;

/// How many descriptors the server keeps spare.
const SPARE: usize = 6;

/// What the server had when it began to wait for the first time.
#[derive(Clone, Copy, Debug)]
pub struct Beginning {
    resources: usize,
    open: usize,
}

/// Whether connections may have to wait for a turn, for memory or for a file. Then they are not read from, and even a
/// refusal waits.
fn waits_for_others(state: &State) -> bool {
    state.settings.is_serial
        || state.settings.is_short_of_memory
        || state.most_descriptors != usize::MAX
        || state.rate(Fault::FileErrors) > 0
}

/// The server calls the host.
pub fn call(state: &mut State) {
    state.calls += 1;
    if state.calls == CALLS && !state.settings.some_pipeline {
        state.violation(format!("{CALLS} calls of the host's, and nobody is served"));
    }
}

/// The server reads from a connection: it must not have waited for that for too many turns.
pub fn reads(state: &mut State, link: usize) {
    let Some(since) = state.links[link].unread_since.take() else {
        return;
    };
    if waits_for_others(state) || state.rate(Fault::LateReadiness) > 0 {
        return;
    }
    let turns = state.turns - since;
    state.longest_unread = state.longest_unread.max(turns);
    if turns > UNREAD {
        state.violation(format!("what came on connection {link} was not read for {turns} turns"));
    }
}

/// Whether a client that has not sent a whole head should not be connected any more.
pub fn is_past_head_deadline(state: &State, link: usize) -> bool {
    let link = &state.links[link];
    let clock = state.rate(Fault::CoarseClock) * MILLISECOND;
    let slack = LATE + 2 * state.longest_turn + clock;
    let is_connected = !link.server_ended && !link.server_reset && !link.is_struck;
    is_connected
        && !waits_for_others(state)
        && link
            .accepted_at
            .is_some_and(|accepted| accepted + state.settings.head + slack < state.now)
}

/// The server asks who is ready, and holds so many resources.
pub fn turn(state: &mut State, resources: usize) {
    state.turns += 1;
    state.calls = 0;
    let lasted = state.now - state.turn_began;
    state.longest_turn = state.longest_turn.max(lasted);
    if lasted > TURN && state.rate(Fault::SlowCalls) == 0 && state.turns > 1 {
        state.violation(format!("a turn lasted {:.1} s", lasted as f64 / SECOND as f64));
    }
    let open = Rc::strong_count(&state.open);
    let beginning = *state.beginning.get_or_insert(Beginning { resources, open });
    if state.progress == state.progress_seen {
        state.fruitless += 1;
    } else {
        state.fruitless = 0;
        state.progress_seen = state.progress;
    }
    if state.fruitless == FRUITLESS {
        state.violation(format!(
            "the server has asked {FRUITLESS} times who is ready, and done nothing"
        ));
    }
    let connections = state.accepted;
    if resources > beginning.resources + PER_CONNECTION * connections + BESIDE {
        state.violation(format!("{resources} resources for {connections} connections"));
    }
    if state.phase == Phase::Afterwards {
        if connections > 0 {
            state.violation(format!("{connections} connections are left, and all clients are gone"));
        }
        // Where files cannot always be opened, not all of the spare descriptors are there at the beginning.
        let is_scarce = state.rate(Fault::FileErrors) > 0 || state.most_descriptors != usize::MAX;
        let spare = if is_scarce { SPARE } else { 0 };
        if resources > beginning.resources + ALARMS + spare || open > beginning.open + spare {
            state.violation(format!(
                "when all clients are gone, {resources} resources and {open} files are left; at the beginning there were {beginning:?}"
            ));
        }
        state.phase = Phase::LastClient;
        let line = ClientLine {
            kind: ClientKind::Honest,
            at: 0,
            seed: 1,
            times: 3,
            stays: 0,
        };
        for client in Client::of_line(&line) {
            state.add_client(client, state.now);
        }
    }
}
