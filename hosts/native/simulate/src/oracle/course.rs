//! What must hold at each turn of the server's loop: it does not spin, and it holds no more than its connections need.
//! When all clients are gone, its state is the same as at the beginning.

use crate::clients::Client;
use crate::schedule::{ClientKind, ClientLine, Fault};
use crate::world::client_side::INSPECTOR;
use crate::world::link::Link;
use crate::world::state::{Phase, State};
use crate::world::{MILLISECOND, Nanos, SECOND};
use std::rc::Rc;

/// This number of turns in which nothing was read, written, accepted or closed is too many.
const FRUITLESS: u64 = 5_000;

/// This number of turns in which nothing of what had arrived on a connection was read is too many.
const UNREAD: u64 = 5_000;

/// This number of calls of host functions in one turn, without reading, writing, accepting or closing anything, is too
/// many. A page of a listing takes about a thousand. (64 requests in advance for 64 pages take more.)
const CALLS: u64 = 4_000;

/// This number of laps in which nothing of what an honest client had sent was read is too many ([`has_read`]).
const LAPS: u64 = 25;

/// How long the server may wait, without closing a connection, although a request that it has read has no response.
/// Idle connections are polled once in 20 ms, and with `--serial` the connection whose turn it is may be among them.
const UNANSWERED: Nanos = 60 * MILLISECOND;

/// How long the server may wait for one connection alone: it may not wait at all, but the calls take some time.
const ALONE: Nanos = 100_000;

/// This number of portions of what the rate allows may be sent at once: the portion that is due, one that was late, and
/// one that the host still held.
const PORTIONS: u64 = 3;

/// How many portions a second has.
const PORTIONS_A_SECOND: u64 = 10;

/// How long a turn may last, in addition to the time of slow calls.
const TURN: Nanos = SECOND;

/// How long after its deadline a connection may be closed, in addition to the time of a turn.
const LATE: Nanos = SECOND;

/// How many resources a connection needs at most: its socket, two streams, two pollables, and a file.
const PER_CONNECTION: usize = 7;

/// How many more resources there may be: the folder, spare descriptors, an alarm, and what a listing needs.
const BESIDE: usize = 40;

/// How many resources may exist that did not exist at the beginning: an alarm, and a pollable that is ready at once.
const ALARMS: usize = 2;

/// How many descriptors the server keeps spare.
const SPARE: usize = 6;

/// What the server held when it began to wait for the first time.
#[derive(Clone, Copy, Debug)]
pub struct Beginning {
    resources: usize,
    open: usize,
}

/// Whether connections may have to wait for a turn, for memory or for a file. Then the server does not read from them,
/// and even a refusal waits.
fn waits_for_others(state: &State) -> bool {
    state.settings.is_serial
        || state.settings.is_short_of_memory
        || state.most_descriptors != usize::MAX
        || state.rate(Fault::FileErrors) > 0
}

/// The server calls a host function.
pub fn call(state: &mut State) {
    state.calls += 1;
    if state.calls == CALLS && !state.settings.some_pipeline {
        state.violation(format!("{CALLS} calls of the host's, and nobody is served"));
    }
}

/// The server reads from a connection. It must not have left the arrived bytes unread for too many turns.
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
    // If a client does not take its responses, the server does not read from it either.
    let it = &state.links[link];
    let laps = state.lap - it.unread_lap;
    if it.was_blocked || state.settings.is_slow_on_purpose() || !state.is_honest(it.client) {
        return;
    }
    state.longest_laps = state.longest_laps.max(laps);
    // Idle connections are polled once in 20 ms. If only few others are active, many laps pass in that time.
    if laps > LAPS && it.unread_at + UNANSWERED + state.lag() < state.now {
        state.violation(format!(
            "what came on connection {link} was not read in {laps} laps of the others"
        ));
    }
}

/// The server has read from a connection. A lap ends when a connection is read that was already read in this lap. So
/// for each lap that passes while a connection waits to be read, another connection was read once more before it.
pub fn has_read(state: &mut State, link: usize) {
    let turns = state.turns;
    let it = &mut state.links[link];
    if it.read_in == turns {
        return;
    }
    it.read_in = turns;
    state.lap += u64::from(it.lap == state.lap);
    it.lap = state.lap;
}

/// The server begins to wait, and nothing that it waits for is ready. So each request that it has read must have its
/// response.
pub fn rests(state: &mut State) {
    const SLOW: &[Fault] = &[
        Fault::BlockedWrites,
        Fault::ShortWrites,
        Fault::LateReadiness,
        Fault::FileErrors,
    ];
    let settings = &state.settings;
    let may_wait = settings.is_short_of_memory
        || settings.is_slow_on_purpose()
        || settings.requests.is_some()
        || state.most_descriptors != usize::MAX
        || SLOW.iter().any(|fault| state.rate(*fault) > 0);
    if may_wait || state.phase == Phase::Ending {
        return;
    }
    // With `--serial`, a client that does not read makes the others wait.
    let is_served = |link: &Link| link.is_accepted() && link.is_blocked && !link.is_given_up;
    let must_wait = |state: &State| state.settings.is_serial && state.links.iter().any(is_served);
    let Some(client) = state.unanswered().filter(|_| !must_wait(state)) else {
        state.unanswered_since = None;
        return;
    };
    let since = state.unanswered_since.filter(|(first, _)| *first == client);
    let (_, since) = *state.unanswered_since.insert(since.unwrap_or((client, state.now)));
    if since + UNANSWERED + state.lag() < state.now {
        state.violation(format!(
            "the server waits, and client {client} has no response to what was read"
        ));
    }
}

/// The server has waited for one connection alone, since that time.
pub fn waited_for_one(state: &mut State, since: Nanos) {
    let waited = state.now - since;
    if waited > ALONE && state.phase != Phase::Ending {
        let waited = waited as f64 / MILLISECOND as f64;
        state.violation(format!("all wait for one connection, for {waited:.1} ms"));
    }
}

/// The server accepts a connection, which has a slot from then on.
pub fn accepts(state: &mut State, link: usize) {
    const SLOW: &[Fault] = &[
        Fault::BlockedWrites,
        Fault::ShortWrites,
        Fault::LateReadiness,
        Fault::SlowCalls,
    ];
    let settings = &state.settings;
    let may_refuse = settings.rejects || settings.max_per_address.is_some() || settings.is_short_of_memory;
    if may_refuse || state.links[link].to.port() == INSPECTOR || SLOW.iter().any(|fault| state.rate(*fault) > 0) {
        return;
    }
    state.links[link].has_slot = true;
    state.in_slots += 1;
    let (taken, most) = (state.in_slots, state.settings.max_connections);
    if taken > most {
        state.violation(format!("{taken} connections have a slot, and there are {most}"));
    }
}

/// A connection may have lost its slot: it is closed, or its client does not read.
pub fn lets_go(state: &mut State, link: usize) {
    state.unanswered_since = None;
    if std::mem::take(&mut state.links[link].has_slot) {
        state.in_slots -= 1;
    }
}

/// The server sends this number of bytes. It may not send more than `--rate` allows.
pub fn sends(state: &mut State, link: usize, count: usize) {
    let Some(rate) = state.settings.rate else {
        return;
    };
    let portion = SECOND.max(SECOND * PORTIONS_A_SECOND / rate) / PORTIONS_A_SECOND;
    let (now, lag) = (state.now, state.lag());
    let it = &mut state.links[link];
    it.paid_until = it.paid_until.max(now) + count as u64 * SECOND / rate;
    let ahead = it.paid_until - now;
    if ahead > PORTIONS * portion + 2 * lag {
        let ahead = ahead as f64 / SECOND as f64;
        state.violation(format!("connection {link} got {ahead:.3} s more than its rate allows"));
    }
}

/// Whether a client that has not sent a whole head should have been disconnected already.
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

/// The server calls `poll`, and holds this number of resources.
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
        // If opening files can fail, not all of the spare descriptors are open at the beginning.
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
