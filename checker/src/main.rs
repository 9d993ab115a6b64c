//! Component 3, `checker.wasm`: what the library decides and what the shell can do, wired together.

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
// The outside is reached only through WASI.
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

#[cfg(target_os = "wasi")]
mod shell;
#[cfg(target_os = "wasi")]
mod start;

#[cfg(target_os = "wasi")]
fn main() -> std::process::ExitCode {
    start::run()
}

#[cfg(not(target_os = "wasi"))]
fn main() -> std::process::ExitCode {
    eprintln!("the checker is a WebAssembly component: `cargo xtask build` makes it, wasmtime runs it");
    std::process::ExitCode::FAILURE
}
