//! The tasks of `cargo xtask` as functions, so that the tests under `tests/` and the programs in `tools/` use the same
//! component and runtime as the command line.
//!
//! Everyone who types `cargo serve` waits until this crate and its dependencies are compiled. So a task that needs a
//! large dependency is a program in `tools/`.
//!
//! | module | task |
//! |---|---|
//! | `component` | compiles the components: `server.wasm`, `checker.wasm` |
//! | `runtime` | chooses the host in which `serve` runs the component |
//! | `wasmtime` | finds the command line of wasmtime, or fetches or builds it |
//! | `aula` | builds the project's own host, `hosts/native` |
//! | `debian` | programs that are Debian packages |
//! | `python` | virtual environments with packages of fixed version and hash |
//! | `wheel` | the Python package, with the components inside |
//! | `serve` | runs the component in the runtime, and prints what to type in a browser |
//! | `setup_time` | measures how long it takes from a clone to the first page |
//! | `page` | makes a web page in which the component runs |
//! | `simulate` | runs the server in simulated worlds |
//! | `test` | runs the end-to-end tests under either host |
//! | `fuzz` | runs the fuzzer on the library |
//! | `mutants` | changes the library, and checks whether a test notices |
//! | `tools` | runs the tasks that are separate programs, in `tools/` |
//! | `process` | a cargo inside cargo, a lock between processes, a line for the user |
//!
//! This is native code and not a part of the server: nothing here is compiled into `server.wasm`.

mod aula;
mod component;
mod debian;
mod fuzz;
mod mutants;
mod page;
mod process;
mod python;
mod runtime;
mod serve;
mod setup_time;
mod simulate;
mod test;
pub mod tools;
mod wasmtime;
mod wheel;

use anyhow::Result;
use std::path::Path;
use std::process::ExitCode;

pub use aula::{aula, fastest_aula};
pub use component::{checker, component, components, handler, release_components};
pub use debian::find_or_install;
pub use fuzz::fuzz;
pub use mutants::mutants;
pub use page::{jco, jco_server, npm_install, page, preview2_shim};
pub use process::{cache, say, target_dir};
pub use python::{
    create as python_create, environment as python_environment, install as python_install, program as python_program,
};
pub use runtime::runtime;
pub use serve::serve;
pub use setup_time::setup_time;
pub use simulate::simulate;
pub use test::test;
pub use wasmtime::{packed_wasmtime, wasmtime};
pub use wheel::{installed_wheel, wheel, wheel_of};

/// The repository's root: the folder of `server.wasm`, `www/` and the workspace's `Cargo.toml`.
pub fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// The exit code of a task's program, or a failure with a line on stderr that has the reason.
pub fn exit_code(result: Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| {
        // `{:#}`: the error and its causes in one line. Never `Debug`, which adds a backtrace.
        say(format_args!("xtask: {error:#}"));
        ExitCode::FAILURE
    })
}
