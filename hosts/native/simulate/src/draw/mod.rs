//! Makes a schedule from a seed. This file has the worlds with some of everything, and the parts that all worlds share.
//! [`themes`] has the worlds in which one thing happens often.

mod themes;

use crate::dice::Dice;
use crate::schedule::{ChangeKind, ChangeLine, ClientKind, ClientLine, Fault, HostKind, Schedule};
use crate::world::tree::Tree;

/// The time over which the clients of a world start, in milliseconds.
const SPREAD: u64 = 5_000;

/// Draws a world with about this number of exchanges of honest clients. Half of the worlds have some of everything, and
/// the others have much of one thing.
pub fn draw(seed: u64, exchanges: u64) -> Schedule {
    let mut dice = Dice::new(seed);
    match dice.below(20) {
        0 => themes::starving(dice),
        1 => themes::deaf(dice, exchanges),
        2 => themes::serial(dice, exchanges),
        3 => themes::throng(dice),
        4 => themes::punctual(dice),
        5 => themes::listing(dice),
        6 => themes::garbled(dice, exchanges),
        7 => themes::brief(dice),
        8 => themes::paced(dice, exchanges),
        9 => themes::watched(dice, exchanges),
        _ => mixed(dice, exchanges),
    }
}

/// Draws a world with some of everything.
fn mixed(mut dice: Dice, exchanges: u64) -> Schedule {
    let mut schedule = bare(&mut dice);
    let dice = &mut dice;
    let slots = add_options(&mut schedule, dice);
    if dice.one_in(10) {
        schedule.memory = Some(dice.pick(&[8, 16, 32, 64]));
    }
    if dice.one_in(10) {
        schedule.descriptors = Some(dice.between(30, 400));
    }
    // Half of the worlds have a host without faults, so that nothing excuses the server.
    if dice.one_in(2) {
        for &fault in Fault::ALL {
            if dice.one_in(4) {
                let times = match fault {
                    Fault::CoarseClock => dice.between(1, 16),
                    _ => dice.pick(&[1, 5, 20, 100]),
                };
                schedule.faults.push((fault, times));
            }
        }
    }
    add_honest(&mut schedule, dice, exchanges);
    add_hostile(&mut schedule, dice, slots);
    if dice.one_in(2) {
        for _ in 0..dice.between(1, 60) {
            schedule.changes.push(ChangeLine {
                kind: dice.pick(ChangeKind::ALL),
                at: dice.below(2 * SPREAD),
                seed: dice.roll() >> 40,
            });
        }
    }
    if dice.one_in(4) {
        add_downloads(&mut schedule, dice);
    }
    if schedule.options.iter().any(|option| option == "--inspect") {
        let stays = dice.between(100, 20_000);
        let times = dice.between(1, 50);
        add(&mut schedule, dice, ClientKind::Viewing, SPREAD, times, stays);
    }
    schedule
}

/// Draws an empty world.
fn bare(dice: &mut Dice) -> Schedule {
    Schedule {
        host: dice.pick(&[HostKind::Aula, HostKind::Wasmtime48]),
        ..Schedule::default()
    }
}

/// Adds a line of clients that come within `within` milliseconds.
fn add(schedule: &mut Schedule, dice: &mut Dice, kind: ClientKind, within: u64, times: u64, stays: u64) {
    schedule.clients.push(ClientLine {
        kind,
        at: dice.below(within),
        seed: dice.roll() >> 40,
        times: times.clamp(1, if kind.is_honest() { u64::MAX } else { 300 }),
        stays,
    });
}

/// Adds downloads of large files that change while they are sent.
fn add_downloads(schedule: &mut Schedule, dice: &mut Dice) {
    const KINDS: &[ChangeKind] = &[
        ChangeKind::Rewrite,
        ChangeKind::Rewrite,
        ChangeKind::Truncate,
        ChangeKind::Grow,
        ChangeKind::Replace,
    ];
    for _ in 0..dice.between(2, 8) {
        schedule.clients.push(ClientLine {
            kind: ClientKind::Downloading,
            at: dice.below(SPREAD),
            seed: dice.roll() >> 40,
            times: dice.between(5, 30),
            stays: 0,
        });
    }
    while dice.below(60) > 0 {
        let line = ChangeLine {
            kind: dice.pick(KINDS),
            at: dice.below(2 * SPREAD),
            seed: dice.roll() >> 40,
        };
        if Tree::changing(line).ends_with(".bin") {
            schedule.changes.push(line);
        }
    }
}

/// Adds options, and returns the number of slots.
fn add_options(schedule: &mut Schedule, dice: &mut Dice) -> u64 {
    let slots = dice.pick(&[4, 16, 64, 200, 512]);
    let mut add = |option: String| schedule.options.push(option);
    if slots != 512 {
        add(format!("--max-connections {slots}"));
    }
    for (once_in, options) in [
        (3, &["--list"][..]),
        (8, &["--serial"]),
        (8, &["--close"]),
        (6, &["--when-full reject"]),
        (8, &["--max-per-address 2", "--max-per-address 20"]),
        (4, &["--head-timeout 2", "--head-timeout 5"]),
        (4, &["--idle-timeout 1", "--idle-timeout 4"]),
        (4, &["--write-timeout 3", "--write-timeout 8"]),
        (4, &["--body-timeout 3"]),
        (6, &["--linger-timeout 1"]),
        (6, &["--read-size 512", "--read-size 64k"]),
        (6, &["--cache-bytes 0", "--cache-bytes 20k"]),
        (6, &["--max-pipelined 1", "--max-pipelined 4"]),
        (
            2,
            &[
                "--log json",
                "--log off",
                "--log common",
                "--trace=json",
                "--trace=full",
                "--trace=full --trace-content 100",
            ],
        ),
        (8, &["--backlog 8"]),
        (12, &["--trace-content 100"]),
        (12, &["--lang es"]),
        (20, &["--health /health"]),
        (6, &["--cache-control max-age=600", "--cache-control no-cache"]),
        (12, &["--inspect"]),
        (20, &["--requests 1", "--requests 200"]),
        (12, &["--root www"]),
    ] {
        if dice.one_in(once_in) {
            add(dice.pick(options).to_owned());
        }
    }
    slots
}

fn add_honest(schedule: &mut Schedule, dice: &mut Dice, exchanges: u64) {
    const KINDS: &[ClientKind] = &[
        ClientKind::Honest,
        ClientKind::Honest,
        ClientKind::Pipelining,
        ClientKind::SlowReader,
        ClientKind::SlowWriter,
        ClientKind::HalfClosing,
        ClientKind::Old,
    ];
    let lines = dice.between(3, 40);
    for _ in 0..lines {
        let kind = dice.pick(KINDS);
        let share = exchanges / lines;
        let times = match kind {
            ClientKind::Honest | ClientKind::Pipelining => share * 3 / 2,
            _ => share / 4,
        };
        schedule.clients.push(ClientLine {
            kind,
            at: dice.below(SPREAD),
            seed: dice.roll() >> 40,
            times: times.max(1),
            stays: 0,
        });
    }
}

fn add_hostile(schedule: &mut Schedule, dice: &mut Dice, slots: u64) {
    const KINDS: &[ClientKind] = &[
        ClientKind::Silent,
        ClientKind::Dripping,
        ClientKind::Deaf,
        ClientKind::Deaf,
        ClientKind::Resetting,
        ClientKind::Garbling,
        ClientKind::Swelling,
        ClientKind::Pouring,
    ];
    if dice.one_in(4) {
        return;
    }
    for _ in 0..dice.between(1, 6) {
        let times = match dice.below(3) {
            0 => dice.between(1, 4),
            1 => dice.between(1, slots),
            _ => dice.between(slots, 2 * slots + 10),
        };
        schedule.clients.push(ClientLine {
            kind: dice.pick(KINDS),
            at: dice.below(SPREAD),
            seed: dice.roll() >> 40,
            times: times.min(300),
            stays: dice.between(10, 40_000),
        });
    }
}
