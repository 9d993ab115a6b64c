//! `cargo serve`: the component in the runtime, with a folder and the network, and nothing else.

use std::env;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{self, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, ensure};

use crate::nested::say;
use crate::{addresses, component, root, wasmtime};

/// Builds the component, finds the runtime, and serves until the server ends or is ended. Returns
/// the server's exit code.
///
/// `arguments`: `[--dir FOLDER] [--] [OPTION...]`, where the options are the server's own, and all
/// after `--` is. Without `--dir` it serves `www/`.
///
/// # Errors
/// No such folder, no component, no runtime.
pub fn serve(arguments: impl Iterator<Item = OsString>) -> Result<ExitCode> {
    let (folder, options) = split(arguments)?;
    component()?;
    let mut runtime = Command::new(wasmtime()?);
    runtime
        .current_dir(root())
        .args(["run", "-S", "inherit-network", "--dir"])
        .arg(folder);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("AULA_") && text != "AULA_WASMTIME" {
            runtime.arg("--env").arg(&name); // A name alone: the runtime looks its value up.
        }
    }
    runtime.arg("server.wasm").args(options).stderr(Stdio::piped());
    let mut runtime = runtime.spawn().context("cannot run wasmtime")?;
    let stderr = runtime.stderr.take().context("no pipe")?;

    // Ctrl-C in a terminal reaches the runtime too. A signal to this process alone does not, and
    // must not leave a server behind.
    let runtime = Arc::new(Mutex::new(runtime));
    let ended = Arc::clone(&runtime);
    ctrlc::set_handler(move || drop(ended.lock().map(|mut runtime| runtime.kill())))?;

    pass_on(stderr)?;
    // The pipe has ended, so the runtime has: this does not keep the handler waiting.
    let status = runtime.lock().unwrap_or_else(PoisonError::into_inner).wait()?;
    // No code: ended by a signal. Then what a shell reports after Ctrl-C.
    let code = status.code().unwrap_or(128 + 2);
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Takes `--dir FOLDER` out of the arguments; the others are the server's.
fn split(mut arguments: impl Iterator<Item = OsString>) -> Result<(PathBuf, Vec<OsString>)> {
    let mut folder = PathBuf::from("www"); // In the root, where the runtime is started.
    let mut options = Vec::new();
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            options.extend(arguments);
            break;
        } else if argument == "--dir" {
            folder = path::absolute(arguments.next().context("--dir needs a folder")?)?;
            ensure!(folder.is_dir(), "--dir: no folder {}", folder.display());
        } else {
            options.push(argument);
        }
    }
    Ok((folder, options))
}

/// Passes on every line of the server's stderr at once, and adds what others can type.
fn pass_on(stderr: impl Read) -> io::Result<()> {
    let mut stderr = BufReader::new(stderr);
    let mut line = Vec::new();
    while stderr.read_until(b'\n', &mut line)? > 0 {
        let _ = io::stderr().write_all(&line); // The server goes on, even if nobody listens.
        for address in addresses::listening(&String::from_utf8_lossy(&line)) {
            for url in addresses::reachable(address) {
                say(format_args!("  from other machines: {url}"));
            }
        }
        line.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_dir_and_the_first_double_dash_is_the_servers() {
        for (arguments, options) in [
            ("", ""),
            ("--port 0", "--port 0"),
            ("-- --port 0", "--port 0"),
            ("--port 0 --dir . --list", "--port 0 --list"),
            ("--dir . -- --dir x -- y", "--dir x -- y"),
        ] {
            let words = arguments.split_whitespace().map(OsString::from);
            let (folder, left) = split(words).unwrap();
            assert_eq!(left.join(" ".as_ref()), options, "{arguments:?}");
            assert_eq!(folder.is_absolute(), arguments.contains("--dir"), "{arguments:?}");
        }
    }
}
