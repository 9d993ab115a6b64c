//! What the server's options mean for the oracles.

use crate::schedule::{ClientKind, Fault, Schedule};
use crate::world::{MILLISECOND, Nanos, SECOND};

/// How long a request waits for a change (`--live`).
pub const LONGEST_WAIT: Nanos = 20 * SECOND;

/// The server's options, read a second time and independently of the server.
#[derive(Clone, Debug)]
pub struct Settings {
    pub head: Nanos,
    pub body: Nanos,
    pub idle: Nanos,
    pub write: Nanos,
    pub linger: Nanos,
    pub max_connections: u64,
    pub max_per_address: Option<u64>,
    /// Whether new connections may be refused.
    pub rejects: bool,
    pub is_serial: bool,
    /// The value of `Cache-Control`.
    pub cache_control: String,
    /// How slow the server is on purpose: `--delay`, and `--rate` in bytes a second.
    pub delay: Nanos,
    pub rate: Option<u64>,
    /// Pages wait for changes (`--live`).
    pub is_live: bool,
    /// Some clients send up to 64 requests in advance.
    pub some_pipeline: bool,
    /// The server ends after this number of responses.
    pub requests: Option<u64>,
    /// No client keeps a slot for long: the harmful clients only never read, and nothing else is wrong.
    is_quick: bool,
    /// There may be too little memory.
    pub is_short_of_memory: bool,
    /// The server cannot distinguish a client that takes less than one write within this time from one that takes
    /// nothing.
    pub gives_up: Nanos,
    /// How many connections there may be in total.
    connections: u64,
    /// How many of them belong to clients that do harm.
    hostile: u64,
    /// How many times longer things may take than they should.
    slowness: u64,
}

impl Settings {
    pub fn of(schedule: &Schedule) -> Self {
        let value = |name: &str| {
            let given = schedule
                .options
                .iter()
                .rev()
                .find_map(|option| option.strip_prefix(name));
            given.map(|value| value.trim_start_matches([' ', '=']).to_owned())
        };
        let number = |name: &str| value(name).and_then(|value| value.parse::<u64>().ok());
        let seconds = |name: &str, default: f64| {
            let given = value(name).and_then(|value| value.parse::<f64>().ok());
            (given.unwrap_or(default) * SECOND as f64) as Nanos
        };
        let count = |kind: fn(ClientKind) -> bool| {
            let lines = schedule.clients.iter().filter(|line| kind(line.kind));
            lines.map(|line| line.times).sum::<u64>()
        };
        let write = seconds("--write-timeout", 30.0);
        let is_scarce = schedule.memory.is_some()
            || schedule.descriptors.is_some()
            || schedule.faults.iter().any(|(fault, _)| *fault == Fault::AcceptErrors);
        Self {
            gives_up: if is_scarce { stalled(write) } else { write },
            head: seconds("--head-timeout", 10.0),
            body: seconds("--body-timeout", 30.0),
            idle: seconds("--idle-timeout", 15.0),
            write,
            linger: seconds("--linger-timeout", 2.0),
            max_connections: number("--max-connections").unwrap_or(512),
            max_per_address: number("--max-per-address"),
            rejects: value("--when-full").is_some_and(|value| value == "reject"),
            is_serial: value("--serial").is_some(),
            cache_control: value("--cache-control").unwrap_or_else(|| "no-cache".to_owned()),
            delay: seconds("--delay", 0.0),
            rate: number("--rate"),
            is_live: value("--live").is_some(),
            some_pipeline: schedule.clients.iter().any(|line| line.kind.pipelines()),
            requests: number("--requests"),
            is_quick: is_quick(schedule),
            is_short_of_memory: schedule.memory.is_some_and(|mebibytes| mebibytes <= 64),
            connections: count(|_| true),
            hostile: count(|kind| !kind.is_honest()),
            slowness: 1 + schedule
                .faults
                .iter()
                .find(|(fault, _)| *fault == Fault::SlowCalls)
                .map_or(0, |(_, times)| times / 10),
        }
    }

    /// The time within which an honest request must have its response, whatever the other clients do. Every other
    /// client may keep a slot for as long as the deadlines allow, and while no slot is free, new connections wait.
    pub fn patience(&self) -> Nanos {
        if self.is_quick {
            // Each client that never reads loses its slot after a tenth of a second.
            let rounds = 1 + self.connections / self.max_connections.max(1);
            return 6 * SECOND + 2 * self.linger + rounds * SECOND / 2;
        }
        let longest = self.head.max(self.body).max(self.write).max(self.idle) + self.linger;
        let rounds = if self.is_serial {
            1 + self.hostile
        } else {
            1 + self.connections / self.max_connections.max(1)
        };
        3 * SECOND + 2 * longest * rounds * self.slowness.min(4)
    }

    /// How long the server may take until it has closed the connections of all clients that have left.
    pub fn everybody_is_gone(&self) -> Nanos {
        // While a connection waits for a time, the server does not check whether its client is still connected.
        let on_purpose = self.delay + if self.is_live { LONGEST_WAIT } else { 0 };
        self.head + self.body + self.idle + self.write + self.linger + on_purpose + 10 * SECOND
    }

    /// Whether responses may wait although nothing prevents them.
    pub fn is_slow_on_purpose(&self) -> bool {
        self.delay > 0 || self.rate.is_some() || self.is_live
    }

    /// How long it takes at least to send this number of bytes.
    pub fn takes(&self, bytes: u64) -> Nanos {
        self.rate.map_or(0, |rate| bytes * SECOND / rate)
    }

    /// Whether `--rate` is the only thing that may delay a response.
    pub fn is_quick(&self) -> bool {
        self.is_quick
    }

    /// How long a client may take nothing before the server may close its connection.
    pub fn stalled(&self) -> Nanos {
        stalled(self.write)
    }
}

/// See [`Settings::is_quick`].
fn is_quick(schedule: &Schedule) -> bool {
    const KINDS: &[ClientKind] = &[
        ClientKind::Honest,
        ClientKind::Old,
        ClientKind::Pipelining,
        ClientKind::HalfClosing,
        ClientKind::Brief,
        ClientKind::Watching,
        ClientKind::Deaf,
    ];
    const OPTIONS: &[&str] = &["--max-connections", "--write-timeout", "--delay", "--rate", "--live"];
    let is_plain = |option: &String| OPTIONS.iter().any(|plain| option.starts_with(plain));
    schedule.clients.iter().all(|line| KINDS.contains(&line.kind))
        && schedule.options.iter().all(is_plain)
        && schedule.faults.is_empty()
        && schedule.memory.is_none()
        && schedule.descriptors.is_none()
}

fn stalled(write: Nanos) -> Nanos {
    write.min(2 * SECOND) - 100 * MILLISECOND
}
