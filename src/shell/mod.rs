//! The only part that reaches the outside, and it does so through WASI alone: the host's sockets, files, clocks and
//! console (`wasi:sockets`, `wasi:filesystem`, `wasi:clocks`, `wasi:cli`).
//!
//! | module | what it asks of the host |
//! |---|---|
//! | [`address`] | nothing: it turns the host's addresses into Rust's and back |
//! | [`listen`] | sockets that listen |
//! | [`transport`] | one accepted connection: read, write, shut down |
//! | [`content`] | the granted folder: look up, open, read |
//! | [`clock`] | what time it is, and to be woken |
//! | [`memory`] | how much memory there is |
//! | [`console`] | stdout for the access log and the trace |
//! | [`place`] | nothing: it keeps what belongs to one connection together |
//! | [`watch`] | which of all these are ready |
//! | [`reactor`] | nothing: it is the loop that drives the rest |
//!
//! Thin on purpose: what can be decided without the host is decided in the library. Four traps of WASI hosts are
//! handled here, each where it bites; look for "Trap".

pub mod address;
pub mod clock;
pub mod console;
pub mod content;
pub mod listen;
pub mod memory;
pub mod place;
pub mod reactor;
pub mod transport;
pub mod watch;
