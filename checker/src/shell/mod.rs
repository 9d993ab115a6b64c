//! The only part that reaches the outside, and it does so only through WASI: sockets, clocks, files, the terminal.
//!
//! | module | what it asks of the host |
//! |---|---|
//! | [`address`] | nothing: it turns the host's addresses into Rust's and back |
//! | [`connection`] | one connection: connect, send, receive, leave |
//! | [`player`] | plays a script on several of them, and wakes up in time |
//! | [`names`] | the addresses of a host |
//! | [`files`] | the granted folder: read a file, write a report |
//! | [`console`] | stdout, stderr, and whether they are a terminal |
//!
//! It knows nothing of HTTP and decides nothing: what to do comes as a script, what happened goes as transcripts.

// The server's shell has the same need, and the library may not name the host.
#[path = "../../../src/shell/address.rs"]
pub mod address;
pub mod connection;
pub mod console;
pub mod files;
// As the server listens.
#[path = "../../../src/shell/listen.rs"]
pub mod listen;
pub mod names;
pub mod player;
