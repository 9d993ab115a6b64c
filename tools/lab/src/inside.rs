//! The lab, inside its namespaces. This process is their process 1, and runs in h1, and so do the processes that it
//! starts.

use super::server::Server;
use super::{Options, language, network, visit};
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::{self, Command, ExitCode};
use std::thread;
use std::time::Duration;

/// How long a server that ends after a response may still look alive. This also leaves time for its log line to appear.
const MOMENT: Duration = Duration::from_millis(200);

/// Builds the network, starts the server, and sends requests, or lets the user send them.
pub(super) fn run(options: &Options, wasmtime: &Path) -> Result<ExitCode> {
    // Never run in the machine's own network. If a user types this argument, this is not process 1.
    ensure!(process::id() == 1, "lab: this is for the lab's own namespaces");
    let h2 = network::build()?;
    println!("{}", network::PICTURE.trim_matches('\n'));
    println!();
    let mut server = Server::start(options, wasmtime, &h2)?;
    server.wait_until_it_listens(&h2, options.port)?;
    let is_right = if options.opens_shell {
        shell(options)?
    } else {
        demonstrate(options, wasmtime, &mut server)?
    };
    Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What the lab requires of a server: a page, a 404, and what the checker tests.
fn demonstrate(options: &Options, wasmtime: &Path, server: &mut Server) -> Result<bool> {
    let address = options.address();
    let mut is_right = true;
    for (path, status) in [("/hello.html", "200"), ("/no-such-page.html", "404")] {
        let response = visit::get(address, path, status);
        thread::sleep(MOMENT);
        server.check()?; // A server that ends after a response is wrong, which may be why there was no connection.
        is_right &= response?;
    }
    server.show_only_errors();
    println!("\nh1$ wasmtime run -S inherit-network checker.wasm {address} --preset mininet");
    let checker = Command::new(wasmtime)
        .current_dir(xtask::root())
        .arg("run")
        .args(language())
        .args(["-S", "inherit-network", "checker.wasm"])
        .args([&address.to_string(), "--preset", "mininet"])
        .status()
        .context("cannot run the checker")?;
    is_right &= checker.success();
    println!(
        "\n{}",
        if is_right {
            "lab: what the lab asks for is there"
        } else {
            "lab: something that the lab asks for is WRONG: see above"
        }
    );
    Ok(is_right)
}

/// A shell in h1. The exit code of its last command does not matter.
fn shell(options: &Options) -> Result<bool> {
    println!(
        "\nYou are in h1: try `curl {}/hello.html`. `exit` ends the lab.",
        options.address()
    );
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-i"]).env("PS1", "h1$ ");
    let mut shell = Command::new("sh");
    shell.arg("-i").env("PS1", "h1$ ");
    bash.status()
        .or_else(|_| shell.status())
        .context("cannot run a shell")?;
    Ok(true)
}
