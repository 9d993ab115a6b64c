//! `cargo xtask bench`: see the library beside this file, which only Linux has.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    xtask::exit_code(aula_bench::bench(std::env::args_os().skip(1)))
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    eprintln!("xtask: bench runs on Linux only: it reads /proc");
    ExitCode::FAILURE
}
