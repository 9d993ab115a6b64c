//! Listening sockets and connections of the host (`wasi:sockets`, `wasi:io`): what the shells of the server and of the
//! checker both need. It decides nothing: what to read and write is up to them.
//!
//! | module | what it has |
//! |---|---|
//! | `address` | conversions between the host's addresses and Rust's |
//! | `listen` | listening sockets |
//! | `transport` | one connection: read, write, shut down, drop |
//! | `stream` | writing to a stream, as far as there is room |
//!
//! For other targets than a component, the crate is empty.

#![cfg(target_os = "wasi")]
// A trap ends the whole program, so nothing here may reach a panic.
#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::todo,
    clippy::unimplemented,
    clippy::indexing_slicing,
    clippy::string_slice
)]
// The host is reached only through WASI.
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod address;
pub mod listen;
pub mod stream;
pub mod transport;
