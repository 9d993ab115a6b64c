//! **Aula**: a web server that fits in one sandboxed file, and that shows how it works.
//!
//! This library is everything that can be decided without a socket, a file or a clock. The way of a request through it,
//! from top to bottom:
//!
//! | step | where | pure |
//! |---|---|---|
//! | accept | `shell::listen`, `shell::reactor` | no |
//! | read | `shell::transport`, [`http1::Connection::receive`] | no, yes |
//! | parse | [`http1::head`], [`http1::request_line`], [`http1::request_target`], [`http1::field_line`], [`http1::body_length`] | yes |
//! | resolve | [`site::path`], [`site::resolve`], [`site::Tree`] which `shell::content` implements | yes |
//! | respond | [`site::representation`], [`site::precondition`], [`site::range`], [`site::respond()`], [`http1::encode`] | yes |
//! | write | [`http1::Connection::transmit`], file slices by `shell::content`, `shell::transport` | yes, no |
//! | explain, log | [`trace`], [`access_log`], printed by `shell::console` | yes, no |
//!
//! [`http`] holds the words that all of them speak. [`http1`] knows how messages travel and nothing of what they mean;
//! [`site`] knows what they mean and nothing of how they travel; they never import each other, and meet in [`exchange`]
//! alone. [`config`] turns arguments into the values that each of them keeps to. `shell`, which is no part of the
//! library, is the only place that knows the host, and `main` wires it all together; who is served next is decided in
//! [`schedule`]. [`inspect`] is what those get who look at the trace in a browser. [`time`] is what all of them are
//! given of the clocks. [`catalogue`] is how all of them speak two languages, and [`visible`] how bytes are shown.
//! `docs/architecture.md` has the picture, and `tests/architecture.rs` holds the imports to it.

// A trap ends every connection, so nothing on a request's way may reach a panic.
#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::todo,
    clippy::unimplemented,
    clippy::indexing_slicing,
    clippy::string_slice
)]
// Sans I/O: bytes, a tree and the time are arguments (clippy.toml has the list).
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod access_log;
pub mod catalogue;
pub mod config;
pub mod exchange;
pub mod http;
pub mod http1;
pub mod inspect;
pub mod schedule;
pub mod site;
pub mod time;
pub mod trace;
pub mod visible;
