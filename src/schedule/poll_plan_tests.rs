//! Fairness and idle connections, on a clock that the tests control and with a simulated host.

use super::super::readiness::TOKIO_COOP_BUDGET;
use super::super::slots::Slots;
use super::*;

/// The number of polls in a run.
const POLLS: usize = 400;

const SECOND: Duration = Duration::from_secs(1);

const NOW: Instant = Instant::from_nanos(1_000_000_000);

/// The readiness checks of wasmtime 48: after a limited number of checks nothing looks ready, until the guest really
/// waits.
struct Host {
    budget: usize,
}

impl Host {
    /// Whether one more check gives the true result.
    fn check(&mut self) -> bool {
        let is_true = self.budget > 0;
        self.budget = self.budget.saturating_sub(1);
        is_true
    }

    /// Simulates `poll` for `candidates`, all of which are ready. If nothing looks ready, it really waits, unless an
    /// expired timer is among them.
    fn poll(&mut self, candidates: &[usize], at_once: bool) -> Vec<usize> {
        if self.budget == 0 && !at_once {
            self.budget = TOKIO_COOP_BUDGET;
        }
        candidates.iter().copied().filter(|_| self.check()).collect()
    }
}

/// How often each of `count` connections was served in `polls` polls, if all of them are always ready. `turn` is the
/// duration of a loop iteration.
fn served(count: usize, polls: usize, turn: Duration) -> Vec<usize> {
    let mut host = Host {
        budget: TOKIO_COOP_BUDGET,
    };
    let mut slots = Slots::new();
    for _ in 0..count {
        slots.insert(0, Instant::ORIGIN);
    }
    let mut plan = PollPlan::new();
    for step in 0..polls {
        let now = Instant::ORIGIN + turn * step as u32;
        let crowd = Crowd {
            active: slots.active_len(),
            idle: slots.len() - slots.active_len(),
        };
        let poll = plan.begin(crowd, Instant::MAX, now);
        if poll.idle {
            slots.expire_active(now);
        }
        let candidates: Vec<usize> = slots
            .to_poll(poll.idle, poll.except)
            .map(|(number, _)| number)
            .collect();
        let ready = host.poll(&candidates, poll.at_once);
        plan.end(Reported {
            ready: ready.len(),
            connections: ready.len(),
            active: slots.active_len(),
        });
        for (position, &number) in ready.iter().enumerate() {
            if plan.must_renew(position + 1 == ready.len()) {
                host.budget = TOKIO_COOP_BUDGET;
                plan.readiness.renewed();
            }
            // A response is sent only if the host says that there is room.
            if host.check() {
                *slots.serve(number, plan.round(), now).unwrap() += 1;
            }
            host.check();
        }
    }
    slots.iter().map(|(_, served)| *served).collect()
}

#[test]
fn no_connection_starves_if_many_are_always_ready() {
    for turn in [SECOND / 1000, 20 * SECOND] {
        for count in [1, 10, 32, 33, 60, 127, 128, 129, 200, 250, 1000] {
            let served = served(count, POLLS, turn);
            let (fewest, most) = (*served.iter().min().unwrap(), *served.iter().max().unwrap());
            assert!(
                fewest > 0 && most <= fewest + fewest / 4 + 2,
                "of {count} connections, one was served {fewest} times and another one {most} times"
            );
        }
    }
}

#[test]
fn a_poll_serves_as_many_connections_as_the_host_can_report() {
    for count in [33, 100, 129, 250, 1000] {
        let served: usize = served(count, POLLS, SECOND / 1000).iter().sum();
        // A round of `count` connections needs one poll for each 120 of them and at most one more that finds none left.
        let polls_of_a_round = count.div_ceil(TOKIO_COOP_BUDGET - 8) + 1;
        let least = POLLS / polls_of_a_round * count;
        assert!(
            served >= least,
            "{served} times for {count} connections, and not {least}"
        );
    }
}

/// A plan after a poll that has reported this number of connections, with `active` connections being active.
fn after(ready: usize, active: usize, began: Instant) -> PollPlan {
    let mut plan = PollPlan::new();
    plan.begin(Crowd { active, idle: 0 }, Instant::MAX, began);
    plan.end(Reported {
        ready,
        connections: ready,
        active,
    });
    plan
}

#[test]
fn idle_connections_are_polled_at_intervals_while_others_are_active() {
    let many = Crowd { active: 50, idle: 5000 };
    let few = Crowd { active: 50, idle: 100 };
    for (what, ready, crowd, now, expected) in [
        ("nothing happens", 0, many, NOW, true),
        ("they are few", 10, few, NOW, true),
        ("they have just been polled", 10, many, NOW, false),
        ("it is time again", 10, many, NOW + IDLE_POLL_INTERVAL, true),
    ] {
        let mut plan = after(ready, 50, NOW);
        let poll = plan.begin(crowd, Instant::MAX, now);
        assert_eq!(poll.idle, expected, "{what}");
        // If they are not polled, the wait ends when they are due again.
        assert_eq!(poll.until.is_some(), !expected, "{what}");
    }
}

#[test]
fn a_wait_ends_at_once_only_in_the_middle_of_a_round() {
    for until in [Instant::ORIGIN, NOW] {
        let mut plan = after(1, 1, NOW);
        let poll = plan.begin(Crowd::default(), until, NOW);
        assert_eq!((poll.until, poll.at_once), (Some(NOW + SHORTEST_WAIT), false));
    }
    let mut plan = after(TOKIO_COOP_BUDGET, 500, NOW);
    let poll = plan.begin(Crowd::default(), Instant::MAX, NOW);
    assert_eq!((poll.until, poll.at_once, poll.except), (None, true, Some(1)));
}
