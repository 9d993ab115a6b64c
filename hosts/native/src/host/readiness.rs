//! How `poll` waits, and how the program ends.
//!
//! The world reports each change of a socket once, and [`Socket`](super::socket::Socket) keeps it as a flag until a
//! read or a write clears it. So most calls of `poll` only read flags, and the system is asked only if none is set.

use super::io::Pollable;
use super::socket::State;
use super::{Host, Stopped, entry};
use crate::wit::wasi::io::poll;
use crate::world::{Instant, World};
use std::mem;
use std::time::Duration;
use wasmtime::Result;
use wasmtime::component::Resource;

/// After this many calls of `poll`, the system is asked even if a flag is set: otherwise busy connections could hide
/// the others.
const LOOK_EVERY: u32 = 64;

/// The system does not report when stdout has room again. A wait for that checks at this interval, in nanoseconds.
const LOOK_AT_CONSOLE: Instant = 10_000_000;

/// How long the host waits for a client that has stopped reading, after the component has closed the connection, in
/// nanoseconds.
const PATIENCE: Instant = 5_000_000_000;

/// How long the responses in progress may take after the program has been asked to end, in nanoseconds.
const GRACE: Instant = 30_000_000_000;

impl<W: World> Host<W> {
    /// Waits until at least one pollable is ready, and returns the positions of those that are.
    pub fn wait(&mut self, pollables: &[Resource<poll::Pollable>]) -> Result<Vec<u32>> {
        self.turns = self.turns.wrapping_add(1);
        if self.turns.is_multiple_of(LOOK_EVERY) {
            self.look(Some(Duration::ZERO))?;
        }
        self.clear_up()?;
        loop {
            if self.world.is_stopping() {
                self.stop_listening();
            }
            let mut soonest = Instant::MAX;
            let mut is_writing = false;
            let mut ready = Vec::new();
            for (index, pollable) in (0..).zip(pollables) {
                let pollable = *entry(&mut self.pollables, pollable.rep())?;
                if self.is_ready(pollable) {
                    ready.push(index);
                }
                match pollable {
                    Pollable::At(at) => soonest = soonest.min(at),
                    Pollable::Console(_) => soonest = soonest.min(self.world.now().saturating_add(LOOK_AT_CONSOLE)),
                    Pollable::Writable(_) => is_writing = true,
                    _ => {}
                }
            }
            if !ready.is_empty() {
                return Ok(ready);
            }
            soonest = soonest.min(self.see_off());
            if let Some(since) = self.stopping_since {
                let deadline = since.saturating_add(GRACE);
                let is_under_way = is_writing || self.sockets.iter().any(|(_, socket)| socket.is_under_way());
                if !is_under_way || deadline <= self.world.now() {
                    return Err(Stopped::Signal.into());
                }
                soonest = soonest.min(deadline);
            }
            let limit = (soonest != Instant::MAX).then(|| soonest.saturating_sub(self.world.now()));
            self.look(limit.map(Duration::from_nanos))?;
        }
    }

    /// Finds out whether clients still wait at a listener, if the last `accept` did not. A full server evicts an idle
    /// connection for each new one, so a listener must not look ready when no client waits.
    fn clear_up(&mut self) -> Result<()> {
        let mut must_look = false;
        for number in mem::take(&mut self.in_doubt) {
            if let Some(listener) = self.sockets.get_mut(number)
                && listener.readable
                && let State::Listening(it) = &mut listener.state
            {
                listener.readable = false;
                self.world.tell_again(it, number)?;
                must_look = true;
            }
        }
        if must_look {
            self.look(Some(Duration::ZERO))
        } else {
            Ok(())
        }
    }

    fn is_ready(&self, pollable: Pollable) -> bool {
        let socket = |number| self.sockets.get(number);
        match pollable {
            Pollable::Readable(number) => socket(number).is_none_or(|s| s.readable || s.ended || s.broken),
            Pollable::Writable(number) => socket(number).is_none_or(|s| s.writable || s.broken),
            Pollable::Socket(number) => socket(number).is_none_or(|s| s.readable || s.writable || s.broken),
            Pollable::Console(output) => self.world.room(output).map_or(true, |room| room > 0),
            Pollable::At(at) => at <= self.world.now(),
            Pollable::Nothing => true,
        }
    }

    /// Asks the world which sockets have changed.
    pub fn look(&mut self, limit: Option<Duration>) -> Result<()> {
        let (world, sockets) = (&self.world, &mut self.sockets);
        world.wait(limit, &mut |ready| {
            if let Some(socket) = sockets.get_mut(ready.token) {
                socket.tell(world, ready);
            }
        })?;
        Ok(())
    }

    /// Gives up closed connections whose clients have stopped reading. Returns when the next one may be given up.
    fn see_off(&mut self) -> Instant {
        let mut soonest = Instant::MAX;
        if self.leaving.is_empty() {
            return soonest;
        }
        let now = self.world.now();
        self.leaving.retain(|&number| {
            let Some(socket) = self.sockets.get_mut(number) else {
                return false;
            };
            match socket.patience_ends(PATIENCE) {
                Some(at) if now < at => soonest = soonest.min(at),
                Some(_) => socket.give_up(),
                None => {}
            }
            socket.patience_ends(PATIENCE).is_some()
        });
        soonest
    }

    /// Accepts no more connections.
    fn stop_listening(&mut self) {
        if self.stopping_since.is_none() {
            self.stopping_since = Some(self.world.now());
            for (_, socket) in &mut self.sockets {
                socket.stop_listening();
            }
        }
    }
}
