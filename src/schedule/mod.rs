//! Who is served next, who gets a connection, and what may be held: the decisions of the server's loop, without its
//! sockets.
//!
//! | module | what it decides |
//! |---|---|
//! | [`slots`] | nothing: it is the table of connections, and knows which of them are active |
//! | [`admission`] | whether a newcomer is accepted, refused or left waiting, and who is closed for it |
//! | [`turns`] | whose exchange is next, where only one may be under way |
//! | [`poll_plan`] | which connections are polled, and until when |
//! | [`readiness`] | when the host's readiness budget has to be renewed (trap 1 of `shell`) |
//! | [`allowance`] | whether something may be allocated |
//! | [`line_queue`] | which lines of the log are dropped when nobody reads them |
//!
//! Everything here is values in, values out. The time is an argument, and so is what the host reports: the tests turn a
//! clock by hand and play the host.

pub mod admission;
pub mod allowance;
pub mod line_queue;
pub mod poll_plan;
pub mod readiness;
pub mod slots;
pub mod turns;
