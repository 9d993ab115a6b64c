//! `aula`: a host of our own for `server.wasm` and `checker.wasm`, in one program. Its parts are in `lib.rs`.

#![deny(unsafe_code)]

use aula::catalogue::Lang;
use aula_native::arguments::{self, Command};
use aula_native::{run, stages, texts};
use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

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
