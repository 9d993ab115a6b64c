//! What `cargo xtask` does, as functions, so that the tests under `tests/` use the very same
//! component and runtime as the command line.
//!
//! | module | task |
//! |---|---|
//! | `component` | compiles the components: `server.wasm`, `checker.wasm` |
//! | `wasmtime` | finds a runtime for it, or builds one |
//! | `serve` | runs the component in the runtime, and says what to type in a browser |
//! | `bench` | measures it beside other servers (Linux only) |
//! | `addresses` | what the server says when it starts, and the machine's own addresses |
//! | `nested` | a cargo inside cargo, a lock between processes, a line for the user |
//!
//! Native, and no part of the server: nothing here is compiled into `server.wasm`.

mod addresses;
#[cfg(target_os = "linux")]
mod bench;
mod component;
mod nested;
mod serve;
mod wasmtime;

use std::path::Path;

#[cfg(target_os = "linux")]
pub use bench::bench;
pub use component::{checker, component};
pub use serve::serve;
pub use wasmtime::wasmtime;

/// The repository's root: the folder of `server.wasm`, `www/` and the workspace's `Cargo.toml`.
pub fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}
