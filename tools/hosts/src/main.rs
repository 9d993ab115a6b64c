//! `cargo xtask hosts`: the end-to-end tests under many hosts, and the page about it, `docs/hosts.md`.
//!
//! | command | what it does |
//! |---|---|
//! | `hosts` | all tests under all hosts: an hour on two cores |
//! | `hosts HOST...` | only these hosts |
//! | `hosts --quick HOST...` | only the conformance corpus: seconds for each host |
//! | `hosts --write` | writes only the page, from the last results of each host, which are kept in `target/hosts/` |
//!
//! | module | what it is |
//! |---|---|
//! | `host` | the hosts: how to get each one, and its known failures |
//! | `run` | runs the tests, and reads the result of each |
//! | `page` | the page |
//!
//! A test that fails without a reason in `host` is an error.

mod host;
mod page;
mod run;

use anyhow::{Result, ensure};
use host::Host;
use std::env;
use std::fs;
use std::process::ExitCode;
use xtask::say;

fn main() -> ExitCode {
    xtask::exit_code(hosts())
}

fn hosts() -> Result<ExitCode> {
    let (options, names): (Vec<_>, Vec<_>) = env::args().skip(1).partition(|argument| argument.starts_with('-'));
    let unknown: Vec<_> = options
        .iter()
        .filter(|option| !matches!(option.as_str(), "--write" | "--quick"))
        .chain(names.iter().filter(|name| Host::named(name).is_none()))
        .collect();
    let known: Vec<_> = host::ALL.iter().map(|host| host.name).collect();
    ensure!(
        unknown.is_empty(),
        "no {unknown:?}: there are --write, --quick, and the hosts {}",
        known.join(", ")
    );
    let is_quick = options.iter().any(|option| option == "--quick");
    if options.iter().any(|option| option == "--write") {
        ensure!(
            names.is_empty() && !is_quick,
            "--write runs nothing: run the hosts first"
        );
        let results: Vec<_> = host::ALL.iter().filter_map(|host| run::last(host).ok()).collect();
        ensure!(!results.is_empty(), "nothing was run here yet: cargo xtask hosts");
        let page = xtask::root().join("docs/hosts.md");
        fs::write(&page, page::text(&results))?;
        say(format_args!("wrote {}", page.display()));
        return Ok(ExitCode::SUCCESS);
    }
    let chosen = host::ALL
        .iter()
        .filter(|host| names.is_empty() || names.iter().any(|name| name == host.name));
    let mut results = Vec::new();
    for host in chosen {
        let result = run::under(host, is_quick)?;
        for test in result.unexplained() {
            say(format_args!("{}: {test} fails, and nothing says why", host.name));
        }
        say(format_args!("{}: {}", result.version, result.summary()));
        results.push(result);
    }
    let is_explained = results.iter().all(|result| result.unexplained().next().is_none());
    Ok(if is_explained {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
