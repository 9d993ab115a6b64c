//! The component `server.wasm`: it connects the decisions of the library with the I/O of the shell.
//!
//! It reads the configuration, opens the folder and the sockets, prints the addresses, and starts the loop in
//! `shell::reactor`. Every failure is one line that names the cause and the cure, and exit code 1.

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
// The host is reached only through WASI.
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

#[cfg(target_os = "wasi")]
mod shell;
#[cfg(target_os = "wasi")]
mod stages;
#[cfg(target_os = "wasi")]
mod start;

#[cfg(target_os = "wasi")]
fn main() -> std::process::ExitCode {
    start::run()
}

#[cfg(not(target_os = "wasi"))]
fn main() -> std::process::ExitCode {
    eprintln!("aula is a WebAssembly component: `cargo serve` builds it and runs it in its runtime");
    std::process::ExitCode::FAILURE
}
