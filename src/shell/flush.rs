//! Connections that the server has closed while the host still has bytes of theirs to send (trap 2).
//!
//! A client that reads its bytes is gone in a moment. One that has not read them by its write deadline is
//! **abandoned**: in wasmtime 48 the guest cannot abort a write, but it can make the system's buffer so large that the
//! write ends. If the system does not allow that, the client decides when the host releases the connection. Such a
//! connection keeps only two handles of the host and at most 64 KiB that the host holds for it; it is not polled, and
//! takes no slot.

use aula::schedule::slots::Slots;
use aula::time::Instant;
use aula_io::transport::{Remains, Transport};
use std::net::IpAddr;
use std::time::Duration;
use wasi::io::poll::Pollable;

/// How often the server checks whether the host has released the abandoned connections.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// All flushing and abandoned connections.
#[derive(Default)]
pub struct Flush {
    flushing: Slots<Flushing>,
    abandoned: Vec<Abandoned>,
    look_at: Instant,
}

/// A connection whose client still has time to read the rest.
struct Flushing {
    transport: Transport,
    address: Option<IpAddr>,
    until: Instant,
}

/// A connection whose client has had enough time.
struct Abandoned {
    remains: Remains,
    address: Option<IpAddr>,
}

impl Flush {
    /// Closes a connection: at once if the host has sent everything, otherwise at `until` at the latest. If that is not
    /// in the future, the client has had its time.
    pub fn close(&mut self, transport: Transport, address: Option<IpAddr>, until: Instant, now: Instant) {
        if !transport.has_unsent() {
            return;
        }
        transport.end();
        // If no write is in progress, ending the connection is enough.
        if !transport.has_unsent() {
            return;
        }
        let mut flushing = Flushing {
            transport,
            address,
            until,
        };
        if until <= now {
            self.abandon(flushing, now);
        } else {
            flushing.transport.writable();
            self.flushing.insert(flushing, now);
        }
    }

    fn abandon(&mut self, flushing: Flushing, now: Instant) {
        if self.abandoned.is_empty() {
            self.look_at = now.saturating_add(LOOK_EVERY);
        }
        self.abandoned.push(Abandoned {
            remains: flushing.transport.into_remains(),
            address: flushing.address,
        });
    }

    /// The number of connections that still have time.
    pub fn flushing(&self) -> usize {
        self.flushing.len()
    }

    /// The number of abandoned connections.
    pub fn abandoned(&self) -> usize {
        self.abandoned.len()
    }

    /// The number of flushing and abandoned connections from this address.
    pub fn count_from(&self, address: IpAddr) -> usize {
        let flushing = self.flushing.iter().map(|(_, flushing)| flushing.address);
        let abandoned = self.abandoned.iter().map(|abandoned| abandoned.address);
        flushing.chain(abandoned).filter(|from| *from == Some(address)).count()
    }

    /// What to poll, with the number for [`Flush::flushed`].
    pub fn pollables(&self) -> impl Iterator<Item = (usize, &Pollable)> {
        let flushing = self.flushing.iter();
        flushing.filter_map(|(number, flushing)| Some((number, flushing.transport.writable_if_made()?)))
    }

    /// Notes that the host has sent everything of this connection.
    pub fn flushed(&mut self, number: usize) {
        self.flushing.remove(number);
    }

    /// When [`Flush::expire`] should be called at the latest.
    pub fn deadline(&self) -> Instant {
        let flushing = self.flushing.iter().map(|(_, flushing)| flushing.until).min();
        let look_at = (!self.abandoned.is_empty()).then_some(self.look_at);
        flushing.into_iter().chain(look_at).min().unwrap_or(Instant::MAX)
    }

    /// Abandons the connections whose time is over, and drops those that the host has released.
    pub fn expire(&mut self, now: Instant) {
        for number in 0..self.flushing.numbers_end() {
            if self.flushing.get(number).is_some_and(|flushing| flushing.until <= now)
                && let Some(flushing) = self.flushing.remove(number)
            {
                self.abandon(flushing, now);
            }
        }
        if self.look_at <= now {
            self.look_at = now.saturating_add(LOOK_EVERY);
            self.abandoned.retain(|abandoned| abandoned.remains.has_unsent());
        }
    }

    /// Ends without dropping the connections: to drop them would wait for the clients.
    pub fn leave(self) {
        for abandoned in self.abandoned {
            std::mem::forget(abandoned.remains);
        }
    }
}
