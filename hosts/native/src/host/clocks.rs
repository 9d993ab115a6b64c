//! `wasi:clocks`.

use super::io::Pollable;
use super::{Host, add};
use crate::wit::wasi::clocks::{monotonic_clock, wall_clock};
use crate::wit::wasi::io::poll;
use crate::world::World;
use wasmtime::Result;
use wasmtime::component::Resource;

impl<W: World> monotonic_clock::Host for Host<W> {
    /// `now: func() -> instant`
    fn now(&mut self) -> Result<monotonic_clock::Instant> {
        Ok(self.world.now())
    }

    /// `subscribe-instant: func(when: instant) -> pollable`
    fn subscribe_instant(&mut self, when: monotonic_clock::Instant) -> Result<Resource<poll::Pollable>> {
        add(&mut self.pollables, Pollable::At(when))
    }
}

impl<W: World> wall_clock::Host for Host<W> {
    /// `now: func() -> datetime`
    fn now(&mut self) -> Result<wall_clock::Datetime> {
        let now = self.world.wall_clock();
        Ok(wall_clock::Datetime {
            seconds: now.as_secs(),
            nanoseconds: now.subsec_nanos(),
        })
    }
}
