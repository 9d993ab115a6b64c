//! **Aula**: a web server that fits in one sandboxed file, and that shows how it works.
//!
//! This library has everything that can be decided without a socket, a file or a clock. The path of a request through
//! it, from top to bottom:
//!
//! | step | where | pure |
//! |---|---|---|
//! | accept | `aula_io::listen`, `shell::reactor` | no |
//! | read | `aula_io::transport`, [`http1::Connection::receive`] | no, yes |
//! | parse | [`http1::head`], [`http1::request_line`], [`http1::field_line`], [`http1::body_length`] | yes |
//! | resolve | [`site::path`], [`site::resolve`], [`site::Tree`] which `shell::content` implements | yes |
//! | respond | [`site::representation`], [`site::precondition`], [`site::respond()`], [`http1::encode`] | yes |
//! | write | [`http1::Connection::transmit`], file slices by `shell::content`, `shell::sender` | yes, no |
//! | explain, log | [`trace`], [`access_log`], printed by `shell::console` | yes, no |
//!
//! [`http`] has the terms that all of them use. [`http1`] knows how messages are sent but not what they mean; [`site`]
//! knows what they mean but not how they are sent. They never import each other, and they meet only in [`exchange`].
//! [`schedule`] decides who is served next. [`config`] turns arguments into the configuration of each part. `shell`
//! and the crate `aula_io` are not in the library: only they know the host. `main` connects everything. [`inspect`]
//! shows the trace in a browser. [`time`] has the types for points in time, [`catalogue`] the messages in two
//! languages, and [`escape`] makes bytes visible. `docs/architecture.md` has the picture, and `tests/architecture.rs`
//! compares the imports with it.

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
// No I/O: bytes, a tree and the time are arguments (clippy.toml has the list).
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod access_log;
pub mod catalogue;
pub mod config;
pub mod escape;
pub mod exchange;
pub mod http;
pub mod http1;
pub mod inspect;
pub mod schedule;
pub mod site;
pub mod time;
pub mod trace;
