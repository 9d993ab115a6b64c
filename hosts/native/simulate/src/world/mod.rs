//! The simulated world: a network, a folder, clocks and output in memory, driven by a queue of events.
//!
//! Nothing happens by itself. A call of a host function takes a moment of virtual time. The events that are due by then
//! happen before the call does its work, so clients send and files change in the middle of whatever the server does.
//! When the server waits, time jumps to the next event.
//!
//! | file | what it holds |
//! |---|---|
//! | `state` | the time, the queue of events, and the whole state of the world |
//! | `link` | a connection as the network sees it |
//! | `client_side`, `server_side` | what a client and the server do with a connection |
//! | `network`, `folder`, `console` | the traits of `aula_native::world`, implemented for this world |
//! | `tree` | the folder's files, and how they change |
//! | `truth` | what each path stood for at any time |

pub mod client_side;
mod console;
mod folder;
pub mod link;
mod network;
mod server_side;
pub mod state;
pub mod tree;
pub mod truth;

use aula_native::world::World;
use state::State;
use std::cell::{RefCell, RefMut};
use std::rc::Rc;

/// A time or a duration, in nanoseconds.
pub type Nanos = u64;

pub const MILLISECOND: Nanos = 1_000_000;
pub const SECOND: Nanos = 1_000 * MILLISECOND;

/// The world as the host's functions see it. With `EXACT`, a read that returns fewer bytes than it could has read
/// everything.
pub struct Simulated<const EXACT: bool>(pub Rc<RefCell<State>>);

impl<const EXACT: bool> Simulated<EXACT> {
    /// The whole state, after a call has taken its moment.
    fn after_a_moment(&self) -> RefMut<'_, State> {
        let mut state = self.0.borrow_mut();
        state.take_a_moment();
        state
    }

    pub fn state(&self) -> RefMut<'_, State> {
        self.0.borrow_mut()
    }
}

impl<const EXACT: bool> World for Simulated<EXACT> {}
