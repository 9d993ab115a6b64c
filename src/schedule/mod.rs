//! The decisions of the server's loop, without its sockets: which connection is served next, which client gets a slot,
//! and what may be held in memory.
//!
//! | module | what it decides |
//! |---|---|
//! | [`slots`] | nothing: it is the table of connections, and it knows which of them are active |
//! | [`admission`] | whether a new connection is accepted, refused or left waiting, and which one is evicted for it |
//! | [`turns`] | whose exchange is next, if only one may be in progress |
//! | [`poll_plan`] | which connections are polled, and until when |
//! | [`readiness`] | when the host's readiness budget has to be renewed (trap 1 of `shell`) |
//! | [`permit`] | how much may be written without asking the host again |
//! | [`allowance`] | whether something may be allocated |
//! | [`cache`] | what is kept of what was found in the folder |
//! | [`line_queue`] | which lines of the log are dropped if their reader is too slow |
//!
//! All of these are functions of values. The time is an argument, and so is what the host reports: the tests control
//! the clock and simulate the host.

pub mod admission;
pub mod allowance;
pub mod cache;
pub mod line_queue;
pub mod permit;
pub mod poll_plan;
pub mod readiness;
pub mod slots;
pub mod turns;
