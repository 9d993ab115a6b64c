//! Component 1, `server.wasm`: what the library decides and what the shell can do, wired together.
//!
//! Reads the configuration, opens the folder and the sockets, says so, and hands over to `shell::reactor`. Every
//! failure on the way is one line that names its cause and its cure, and exit code 1.

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
// The outside is reached through WASI alone.
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
