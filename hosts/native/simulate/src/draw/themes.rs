//! Worlds in which one thing happens often.

use super::{SPREAD, add, bare};
use crate::dice::Dice;
use crate::schedule::{ChangeKind, ChangeLine, ClientKind, Fault, HostKind, Schedule};

/// The server has little memory, and many clients make it use memory.
pub(super) fn starving(mut dice: Dice) -> Schedule {
    let mut schedule = bare(&mut dice);
    let dice = &mut dice;
    schedule.memory = Some(dice.pick(&[8, 16, 32]));
    if dice.one_in(2) {
        schedule.options.push("--list".to_owned());
        schedule.names = dice.pick(&[0, 1000]);
    }
    for _ in 0..3 {
        add(&mut schedule, dice, ClientKind::Honest, SPREAD, 60, 0);
    }
    for _ in 0..dice.between(1, 4) {
        let (times, stays) = (dice.between(50, 300), dice.between(3_000, 20_000));
        add(&mut schedule, dice, ClientKind::Hungry, SPREAD, times, stays);
    }
    schedule
}

/// There are few slots and many clients that never read. No other client keeps a slot for long.
pub(super) fn deaf(mut dice: Dice, exchanges: u64) -> Schedule {
    const KINDS: &[ClientKind] = &[
        ClientKind::Honest,
        ClientKind::Old,
        ClientKind::Pipelining,
        ClientKind::HalfClosing,
    ];
    let mut schedule = bare(&mut dice);
    let dice = &mut dice;
    let slots = dice.pick(&[4, 16, 64]);
    schedule.options.push(format!("--max-connections {slots}"));
    let lines = dice.between(3, 8);
    for _ in 0..lines {
        let kind = dice.pick(KINDS);
        add(&mut schedule, dice, kind, SPREAD, exchanges / lines / 2, 0);
    }
    // Sometimes there are more such clients than may continue without a slot.
    let (lines, least) = if dice.one_in(8) {
        (5, 300)
    } else {
        (dice.between(1, 4), slots)
    };
    for _ in 0..lines {
        let (times, stays) = (
            dice.between(least, least.max(2 * slots + 10)),
            dice.between(5_000, 40_000),
        );
        add(&mut schedule, dice, ClientKind::Deaf, SPREAD, times, stays);
    }
    schedule
}

/// The server handles one exchange at a time. Few clients stay, and some break off in the middle of a response.
pub(super) fn serial(mut dice: Dice, exchanges: u64) -> Schedule {
    let mut schedule = bare(&mut dice);
    let dice = &mut dice;
    schedule.options.push("--serial".to_owned());
    let lines = dice.between(2, 4);
    for _ in 0..lines {
        let kind = dice.pick(&[ClientKind::Honest, ClientKind::Honest, ClientKind::SlowReader]);
        add(&mut schedule, dice, kind, 500, exchanges / 2 / lines, 0);
    }
    for _ in 0..dice.between(1, 4) {
        let (times, stays) = (dice.between(1, 3), dice.between(100, 3_000));
        add(&mut schedule, dice, ClientKind::Resetting, 3_000, times, stays);
    }
    // Clients that do not read keep their turn until a connection cannot be accepted.
    if dice.one_in(2) {
        schedule.faults.push((Fault::AcceptErrors, 300));
        for _ in 0..dice.between(1, 3) {
            let (times, stays) = (dice.between(1, 3), dice.between(5_000, 20_000));
            add(&mut schedule, dice, ClientKind::Deaf, 10_000, times, stays);
        }
        for _ in 0..dice.between(10, 20) {
            add(&mut schedule, dice, ClientKind::Brief, 30_000, 4, 0);
        }
    }
    schedule
}

/// There are more one-time clients than slots, and some of the clients send nothing.
pub(super) fn brief(mut dice: Dice) -> Schedule {
    let mut schedule = bare(&mut dice);
    let dice = &mut dice;
    schedule.host = HostKind::Wasmtime48;
    let slots = dice.pick(&[40, 60, 100]);
    schedule.options.push(format!("--max-connections {slots}"));
    if dice.one_in(2) {
        schedule.faults.push((Fault::SlowCalls, 100));
    }
    for _ in 0..dice.between(2 * slots, 3 * slots) {
        let kind = dice.pick(&[
            ClientKind::Brief,
            ClientKind::Brief,
            ClientKind::Brief,
            ClientKind::Honest,
        ]);
        let times = dice.between(4, 12);
        add(&mut schedule, dice, kind, 100, times, 0);
    }
    for _ in 0..dice.between(8, 16) {
        let (times, stays) = (dice.between(5, 30), dice.between(200, 1_500));
        add(&mut schedule, dice, ClientKind::Silent, 2_000, times, stays);
    }
    schedule
}

/// The server is slow on purpose, and nothing else delays it: it waits for no other client meanwhile.
pub(super) fn paced(mut dice: Dice, exchanges: u64) -> Schedule {
    const KINDS: &[ClientKind] = &[
        ClientKind::Honest,
        ClientKind::Old,
        ClientKind::Pipelining,
        ClientKind::HalfClosing,
        ClientKind::Brief,
    ];
    let mut schedule = bare(&mut dice);
    let dice = &mut dice;
    let which = dice.below(3);
    if which != 0 {
        schedule
            .options
            .push(format!("--delay {}", dice.pick(&["0.1", "0.5", "2"])));
    }
    if which != 1 {
        schedule
            .options
            .push(format!("--rate {}", dice.pick(&[5_000, 20_000, 100_000])));
    }
    if dice.one_in(3) {
        schedule.faults.push((Fault::CoarseClock, dice.between(1, 16)));
    }
    let lines = dice.between(5, 40);
    for _ in 0..lines {
        let kind = dice.pick(KINDS);
        add(&mut schedule, dice, kind, SPREAD, exchanges / lines / 2, 0);
    }
    if dice.one_in(2) {
        let (times, stays) = (dice.between(1, 40), dice.between(1_000, 20_000));
        let kind = dice.pick(&[ClientKind::Deaf, ClientKind::Resetting]);
        add(&mut schedule, dice, kind, SPREAD, times, stays);
    }
    schedule
}

/// Pages wait for changes, and files change. The pages are few, so that the checks for changes are not mistaken for a
/// server that does nothing.
pub(super) fn watched(mut dice: Dice, exchanges: u64) -> Schedule {
    let mut schedule = bare(&mut dice);
    let dice = &mut dice;
    schedule.options.push("--live".to_owned());
    for _ in 0..dice.between(2, 12) {
        let times = dice.between(3, 8);
        add(&mut schedule, dice, ClientKind::Watching, SPREAD, times, 0);
    }
    for _ in 0..dice.between(2, 6) {
        let kind = dice.pick(&[ClientKind::Honest, ClientKind::Pipelining, ClientKind::Brief]);
        add(&mut schedule, dice, kind, SPREAD, exchanges / 8, 0);
    }
    for _ in 0..dice.between(1, 60) {
        schedule.changes.push(ChangeLine {
            kind: dice.pick(ChangeKind::ALL),
            at: dice.below(60_000),
            seed: dice.roll() >> 40,
        });
    }
    schedule
}

/// There are more clients at once than wasmtime 48 reports, and more than there are slots.
pub(super) fn throng(mut dice: Dice) -> Schedule {
    let mut schedule = bare(&mut dice);
    let dice = &mut dice;
    schedule.host = HostKind::Wasmtime48;
    if dice.one_in(5) {
        return eager(schedule, dice);
    }
    let slots = dice.pick(&[60, 150, 300]);
    schedule.options.push(format!("--max-connections {slots}"));
    for _ in 0..dice.between(slots / 2, slots + 60) {
        let kind = dice.pick(&[
            ClientKind::Honest,
            ClientKind::Honest,
            ClientKind::Old,
            ClientKind::Pipelining,
        ]);
        let times = dice.between(2, 12);
        add(&mut schedule, dice, kind, 300, times, 0);
    }
    for _ in 0..dice.between(0, 4) {
        let kind = dice.pick(&[ClientKind::Silent, ClientKind::Deaf, ClientKind::Resetting]);
        let (times, stays) = (dice.between(10, slots), dice.between(1_000, 30_000));
        add(&mut schedule, dice, kind, 500, times, stays);
    }
    schedule
}

/// At each turn, more clients are ready than wasmtime 48 reports: no client pauses, and the calls are slow.
fn eager(mut schedule: Schedule, dice: &mut Dice) -> Schedule {
    schedule.faults.push((Fault::SlowCalls, dice.pick(&[20, 100])));
    // Sometimes there are more clients than slots.
    if dice.one_in(2) {
        schedule.options.push("--max-connections 100".to_owned());
    }
    for _ in 0..dice.between(150, 220) {
        let times = dice.between(25, 45);
        add(&mut schedule, dice, ClientKind::Eager, 20, times, 0);
    }
    schedule
}

/// Requests come at the moment when the server would close the connection, and the server is busy then.
pub(super) fn punctual(mut dice: Dice) -> Schedule {
    let mut schedule = bare(&mut dice);
    let dice = &mut dice;
    schedule.options.push(format!("--idle-timeout {}", dice.pick(&[1, 2])));
    if dice.one_in(2) {
        schedule.faults.push((Fault::SlowCalls, 100));
    }
    // Clients that come together are busy at the same time. If many connections are idle and others are busy, the
    // server polls the idle ones only now and then.
    let is_crowd = dice.one_in(2);
    let (lines, times) = if is_crowd {
        (dice.between(150, 260), 4)
    } else {
        (dice.between(10, 60), 12)
    };
    let within = dice.pick(&[2, 10, 1000]);
    for _ in 0..lines {
        add(&mut schedule, dice, ClientKind::Punctual, within, times, 0);
    }
    if is_crowd {
        for _ in 0..dice.between(2, 4) {
            add(&mut schedule, dice, ClientKind::Honest, 500, 200, 0);
        }
    }
    schedule
}

/// A folder has many names.
pub(super) fn listing(mut dice: Dice) -> Schedule {
    let mut schedule = bare(&mut dice);
    let dice = &mut dice;
    schedule.options.push("--list".to_owned());
    // The listing has at least three pages.
    schedule.names = dice.between(1_100, 8_000);
    for _ in 0..dice.between(2, 6) {
        let kind = dice.pick(&[ClientKind::Listing, ClientKind::Listing, ClientKind::Honest]);
        add(&mut schedule, dice, kind, SPREAD, 30, 0);
    }
    schedule
}

/// Clients send bytes that are no requests, and the log must show that.
pub(super) fn garbled(mut dice: Dice, exchanges: u64) -> Schedule {
    let mut schedule = bare(&mut dice);
    let dice = &mut dice;
    let log = dice.pick(&["--log json", "--log json", "--log combined", "--trace=json"]);
    schedule.options.push(log.to_owned());
    for _ in 0..3 {
        add(&mut schedule, dice, ClientKind::Honest, SPREAD, exchanges / 6, 0);
    }
    for _ in 0..dice.between(1, 4) {
        let (times, stays) = (dice.between(5, 60), dice.between(500, 5_000));
        add(&mut schedule, dice, ClientKind::Garbling, SPREAD, times, stays);
    }
    schedule
}
