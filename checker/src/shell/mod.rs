//! The only part that reaches the outside, and it does so only through WASI: sockets, clocks, files, the terminal.
//!
//! | module | what it asks of the host |
//! |---|---|
//! | [`connection`] | one connection: connect, send, receive, close |
//! | [`player`] | plays a script on several of them, and wakes up in time |
//! | [`names`] | the addresses of a host |
//! | [`files`] | the granted folder: read a file, write a report |
//! | [`console`] | stdout, stderr, and whether they are a terminal |
//!
//! The crate [`aula_io`] has the sockets themselves, which the server's shell uses too.
//!
//! It knows nothing of HTTP and decides nothing: what to do comes as a script, and what happened is returned as
//! transcripts.

pub mod connection;
pub mod console;
pub mod files;
pub mod names;
pub mod player;
