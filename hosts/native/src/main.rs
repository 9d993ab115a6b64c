//! `aula`: a host of our own for `server.wasm` and `checker.wasm`, in one program.
//!
//! | file | what it holds |
//! |---|---|
//! | `arguments` | what the user wants |
//! | `run` | the engine, threads, signals, how it ends |
//! | `cache` | compiled code, kept |
//! | `stages` | the server's single steps, called by hand |
//! | `texts` | what is said, in English and Spanish |
//! | `wit` | the types and functions of `wit/`, made by wasmtime |
//! | `host` | those functions, over a `World` |
//! | `world` | what is outside: the operating system |
//!
//! `docs/host.md` tells it as a story.

#![deny(unsafe_code)]

mod arguments;
mod cache;
mod host;
mod run;
mod stages;
mod texts;
mod wit;
mod world;

use aula::catalogue::Lang;
use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use arguments::Command;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let lang = aula::config::language(&arguments, |name| env::var(name).ok());
    let outcome = match arguments::parse(arguments) {
        Ok(command) => execute(command, lang),
        Err(mistake) => Err(mistake),
    };
    outcome.unwrap_or_else(|message| {
        let _ = writeln!(io::stderr(), "aula: {}", message.get(lang));
        ExitCode::FAILURE
    })
}

fn execute(command: Command, lang: Lang) -> Result<ExitCode, aula::catalogue::Message> {
    match command {
        Command::Serve(serve) => run::serve(&serve, lang),
        Command::Check(arguments) => run::check(arguments, lang),
        Command::Stage(stage) => stages::call(&stage),
        Command::Help => {
            let (ours, servers) = (texts::HELP.get(lang), aula::config::options_help(lang));
            let _ = writeln!(io::stdout(), "{ours}\n{servers}");
            Ok(ExitCode::SUCCESS)
        }
        Command::Version => {
            let _ = writeln!(io::stdout(), "{} (wasmtime {})", aula::config::version(), run::WASMTIME);
            Ok(ExitCode::SUCCESS)
        }
    }
}
