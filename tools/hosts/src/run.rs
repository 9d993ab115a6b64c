//! Runs the tests under a host, and reads the result of each.

use crate::host::{Host, Kind};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use xtask::say;

/// The results of the tests under a host.
pub(crate) struct Outcome {
    pub(crate) host: &'static Host,
    /// The name and version of the host, as it printed them.
    pub(crate) version: String,
    /// The commit that was tested.
    pub(crate) commit: String,
    /// Whether each test passed, by its group and name.
    pub(crate) tests: BTreeMap<(String, String), bool>,
}

impl Outcome {
    /// How many tests of a group passed, and how many there are. None if the group was not run under this host.
    pub(crate) fn group(&self, group: &str) -> Option<(usize, usize)> {
        let tests: Vec<_> = self.tests.iter().filter(|((of, _), _)| of == group).collect();
        let passed = tests.iter().filter(|(_, passed)| **passed).count();
        (!tests.is_empty()).then_some((passed, tests.len()))
    }

    /// The tests that failed.
    pub(crate) fn failed(&self) -> impl Iterator<Item = &str> {
        let failed = self.tests.iter().filter(|(_, passed)| !**passed);
        failed.map(|((_, test), _)| test.as_str())
    }

    /// The failed tests without a known reason.
    pub(crate) fn unexplained(&self) -> impl Iterator<Item = &str> {
        self.failed().filter(|test| self.host.reason(test).is_none())
    }

    /// Writes the results to a file for the page: the version and the commit, then a line for each test.
    fn save(&self) -> Result<()> {
        let mut text = format!("{}\t{}\n", self.version, self.commit);
        for ((group, test), passed) in &self.tests {
            let result = if *passed { "ok" } else { "failed" };
            writeln!(text, "{group}\t{test}\t{result}")?;
        }
        let file = saved(self.host)?;
        fs::create_dir_all(file.parent().unwrap_or(&file))?;
        Ok(fs::write(file, text)?)
    }

    pub(crate) fn summary(&self) -> String {
        let failed = self.failed().count();
        format!("{} of {} tests passed", self.tests.len() - failed, self.tests.len())
    }
}

/// A test binary, the tests of it that are run, and their group. None means that each module is a group.
struct Binary {
    name: &'static str,
    filter: &'static str,
    group: Option<&'static str>,
}

/// The cases of the corpus that use the component. Those of the library need no host.
const CONFORMANCE: Binary = Binary {
    name: "conformance",
    filter: "component::",
    group: Some("conformance"),
};

const COMPONENT: Binary = Binary {
    name: "component",
    filter: "",
    group: None,
};

/// Runs the tests under a host.
///
/// # Errors
/// The host is not available, or the tests do not compile. A failed test is not an error.
pub(crate) fn under(host: &'static Host, is_quick: bool) -> Result<Outcome> {
    let version = host.version()?;
    let environment = host.environment()?;
    let handler = |filter| Binary {
        name: "handler",
        filter,
        group: Some("handler"),
    };
    let mut binaries = vec![CONFORMANCE];
    if !is_quick {
        binaries.push(COMPONENT);
        binaries.extend(match host.kind {
            Kind::Wasmtime => Some(handler("")),
            // The other tests of it have options of wasmtime.
            Kind::Jco => Some(handler("its_responses_are_those_of_the_server")),
            Kind::Aula | Kind::Python => None,
        });
    }
    let mut tests = BTreeMap::new();
    for binary in binaries {
        say(format_args!("{}: {} ...", version, binary.name));
        let mut results = results(host, &environment, &binary, &[binary.filter])?;
        // A test with a short deadline may fail because of the others, so it runs once more, alone.
        for (test, passed) in &mut results {
            if !*passed && host.reason(test).is_none() {
                let again = self::results(host, &environment, &binary, &["--exact", test])?;
                *passed = again.iter().all(|(_, passed)| *passed);
            }
        }
        for (test, passed) in results {
            let module = test.split_once("::").map_or(test.as_str(), |(module, _)| module);
            let group = binary.group.unwrap_or(module).to_owned();
            tests.insert((group, test), passed);
        }
    }
    let outcome = Outcome {
        host,
        version,
        commit: commit()?,
        tests,
    };
    outcome.save()?;
    Ok(outcome)
}

/// Runs the tests of a binary that these arguments choose, and returns their names, and whether each passed.
fn results(
    host: &Host,
    environment: &[(&str, PathBuf)],
    binary: &Binary,
    chosen: &[&str],
) -> Result<Vec<(String, bool)>> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(xtask::root())
        .args(["test", "--quiet", "--test", binary.name, "--"]);
    // `--quiet` only silences cargo. The tests print their names.
    cargo
        .args(["--format", "pretty", "--color", "never"])
        .args(chosen.iter().filter(|argument| !argument.is_empty()));
    for (test, _) in host.left_out {
        cargo.args(["--skip", test]);
    }
    cargo.envs(environment.iter().map(|(name, value)| (name, value)));
    let mut child = cargo
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run cargo")?;
    let stdout = child.stdout.take().context("no pipe")?;
    let mut tests = Vec::new();
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        match result(&line) {
            Some((test, passed)) => tests.push((test.to_owned(), passed)),
            // The output of a failed test.
            None => say(line),
        }
    }
    child.wait()?;
    ensure!(
        !tests.is_empty(),
        "{}: the tests of {} did not run: see above",
        host.name,
        binary.name
    );
    Ok(tests)
}

/// The name of the current commit, with `-dirty` if files have been changed since.
fn commit() -> Result<String> {
    let mut git = Command::new("git");
    git.current_dir(xtask::root());
    git.args(["describe", "--always", "--dirty", "--abbrev=10", "--exclude=*"]);
    let output = git.output().context("cannot run git")?;
    ensure!(output.status.success(), "git knows no commit here");
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// The last results under a host.
///
/// # Errors
/// The tests have not been run under it on this machine.
pub(crate) fn last(host: &'static Host) -> Result<Outcome> {
    let file = saved(host)?;
    let text = fs::read_to_string(file).with_context(|| format!("run it first: cargo xtask hosts {}", host.name))?;
    let mut lines = text.lines();
    let first = lines.next().and_then(|line| line.split_once('\t'));
    let (version, commit) = first.with_context(|| format!("run it again: cargo xtask hosts {}", host.name))?;
    let (version, commit) = (version.to_owned(), commit.to_owned());
    let mut tests = BTreeMap::new();
    for line in lines {
        if let [group, test, result] = line.split('\t').collect::<Vec<_>>().as_slice() {
            tests.insert(((*group).to_owned(), (*test).to_owned()), *result == "ok");
        }
    }
    Ok(Outcome {
        host,
        version,
        commit,
        tests,
    })
}

/// The file with the last results under a host.
fn saved(host: &Host) -> Result<PathBuf> {
    Ok(xtask::target_dir()?.join("hosts").join(host.name))
}

/// Reads a line about a test: its name, and whether it passed.
fn result(line: &str) -> Option<(&str, bool)> {
    let (test, said) = line.strip_prefix("test ")?.split_once(" ... ")?;
    match said.trim() {
        "ok" => Some((test.trim(), true)),
        "FAILED" => Some((test.trim(), false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_result_of_a_test() {
        for (line, expected) in [
            ("test serving::a_file ... ok", Some(("serving::a_file", true))),
            ("test component::x-1   ... FAILED", Some(("component::x-1", false))),
            ("test serving::slow ... ignored, by hand", None),
            ("test result: ok. 3 passed; 0 failed", None),
            ("running 3 tests", None),
        ] {
            assert_eq!(result(line), expected, "{line}");
        }
    }
}
