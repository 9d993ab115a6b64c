//! **The checker**: connects to any web server, checks it, and shows byte by byte what is wrong, in English or Spanish.
//!
//! This library is everything about a check that can be decided without a socket, a file or a clock. The way of a check
//! through it:
//!
//! | step | where | pure |
//! |---|---|---|
//! | read the arguments | [`options`], [`preset`] | yes |
//! | say what to do | [`checks`]: each has a [`script::Script`], made of requests by [`request`] | yes |
//! | do it | `shell`, which is no part of the library: bytes out, bytes in, and when | no |
//! | read the response | [`response`] (and for `listen` [`client_request`]): leniently, with all offsets | yes |
//! | verify it | [`verify`]: what came back in, a [`verdict::Verdict`] out | yes |
//! | go on | [`run`]: the next check, and whether the server is still there | yes |
//! | report | [`report`]: text, JSON, Gradescope's form | yes |
//!
//! Each check looks at its own rule and at nothing else, so that one fault of a server makes one check fail: a head
//! whose lines end with only LF is still read for its status, and whatever is wrong with the page's content is not
//! found again in that of the other files.

// A trap would cost a student every verdict, so nothing may reach a panic.
#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::todo,
    clippy::unimplemented,
    clippy::indexing_slicing,
    clippy::string_slice
)]
// Sans I/O: bytes and their times are arguments (clippy.toml has the list).
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod checks;
pub mod client_request;
pub mod group;
pub mod help;
pub mod options;
pub mod preset;
pub mod report;
pub mod request;
pub mod response;
pub mod run;
pub mod script;
pub mod target;
pub mod texts;
pub mod verdict;
pub mod verify;
