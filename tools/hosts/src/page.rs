//! `docs/hosts.md`, from results.

use crate::host;
use crate::run::Outcome;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The groups of tests, in the page's order, and what each is about.
const GROUPS: [(&str, &str); 14] = [
    (
        "conformance",
        "the corpus: requests, and what HTTP demands of the responses",
    ),
    ("serving", "the bytes of real files, whole and in part"),
    ("content", "options that say what is served, and how"),
    ("safety", "what no path, link or kind of file may lead to"),
    ("connections", "how long a connection lasts, and who gets one"),
    ("resources", "what nobody may take from the others"),
    ("serial", "one exchange at a time"),
    ("slow", "`--delay` and `--rate`: only their own client waits"),
    ("live", "`--live`: pages reload when one of their files changes"),
    ("tracing", "what the trace tells"),
    ("traps", "the traps that hosts set"),
    ("cli", "starting: options, errors, the ready line, the log"),
    ("sandbox", "what the component asks of its host"),
    ("handler", "`handler.wasm`, under `wasmtime serve` or `jco serve`"),
];

/// The whole page.
pub(crate) fn text(results: &[Outcome]) -> String {
    let mut page = String::from(
        "# Hosts\n\n\
         *Written by `cargo xtask hosts --write`, from runs: do not edit it by hand.*\n\n\
         The same `server.wasm` under each host: the end-to-end tests that passed. A number alone means all that were run; an\n\
         empty cell, that none of the group was. What is left out under a host stands below, with the reason. Tests of what only\n\
         wasmtime's command line can do (`--invoke`, a withheld network) run under the wasmtime of the reference in any column. A test\n\
         that fails without a known reason is run once more, alone: some have short deadlines, and the machine is shared.\n\n",
    );
    let missing = host::ALL
        .iter()
        .filter(|host| results.iter().all(|result| result.host.name != host.name));
    let missing: Vec<_> = missing.map(|host| format!("`{}`", host.name)).collect();
    if !missing.is_empty() {
        let _ = writeln!(page, "Not run for this page: {}.\n", missing.join(", "));
    }
    page.push_str(&commits(results));
    let columns: Vec<_> = results.iter().map(|result| result.version.as_str()).collect();
    let _ = writeln!(page, "| tests | {} |", columns.join(" | "));
    let _ = writeln!(page, "|---|{}", "---|".repeat(results.len()));
    let found: BTreeSet<_> = results
        .iter()
        .flat_map(|result| result.tests.keys().map(|(group, _)| group.as_str()))
        .collect();
    let known = GROUPS.iter().filter(|(group, _)| found.contains(group));
    let unknown = found
        .iter()
        .filter(|group| GROUPS.iter().all(|(known, _)| known != *group));
    for (group, about) in known.copied().chain(unknown.map(|group| (*group, ""))) {
        let cells: Vec<_> = results.iter().map(|result| cell(result.group(group))).collect();
        let about = if about.is_empty() {
            String::new()
        } else {
            format!(": {about}")
        };
        let _ = writeln!(page, "| **{group}**{about} | {} |", cells.join(" | "));
    }
    page.push_str("\n## What a host cannot do\n\n");
    let before = page.len();
    for result in results {
        let reason = |test| result.host.reason(test).unwrap_or("**nobody knows why yet**");
        for (reason, tests) in by_reason(result.failed().map(|test| (reason(test), format!("`{test}`")))) {
            let _ = writeln!(page, "- **{}**: {reason} ({tests})", result.version);
        }
        let left_out = result.host.left_out.iter();
        for (reason, tests) in by_reason(left_out.map(|(tests, reason)| (*reason, format!("`{tests}...`")))) {
            let _ = writeln!(page, "- **{}**: {reason}; not run: {tests}", result.version);
        }
    }
    if page.len() == before {
        page.push_str("Each passed all tests.\n");
    }
    page.push_str(OTHERS);
    page
}

/// Each reason once, with the names of its tests.
fn by_reason<'a>(tests: impl Iterator<Item = (&'a str, String)>) -> Vec<(&'a str, String)> {
    let mut reasons: Vec<(&str, String)> = Vec::new();
    for (reason, test) in tests {
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, tests)) => *tests += &format!(", {test}"),
            None => reasons.push((reason, test)),
        }
    }
    reasons
}

/// Which commits were tested.
fn commits(results: &[Outcome]) -> String {
    let of = |commit: &str| {
        let hosts = results.iter().filter(|result| result.commit == commit);
        hosts.map(|result| result.version.as_str()).collect::<Vec<_>>()
    };
    let commits: BTreeSet<_> = results.iter().map(|result| result.commit.as_str()).collect();
    let lines = commits.iter().map(|commit| match commits.len() {
        1 => format!("Run at commit `{commit}`.\n"),
        _ => format!("- Run at commit `{commit}`: {}\n", of(commit).join("; ")),
    });
    lines.chain(["\n".to_owned()]).collect()
}

fn cell(group: Option<(usize, usize)>) -> String {
    match group {
        None => String::new(),
        Some((passed, all)) if passed == all => all.to_string(),
        Some((passed, all)) => format!("{passed} of {all}"),
    }
}

/// What no run can show.
const OTHERS: &str = "
## Hosts that were not run

| host | `server.wasm` | how this is known |
|---|---|---|
| wasmtime 35 and older | not tried | 36 is the oldest with long-term support |
| wasmtime-py 48 to 50 | no: TCP is off, and there is no switch | tried by hand; hence the exact version in the Python package |
| containerd and Kubernetes, by runwasi's wasmtime shim | should work ([manifest](../runtime-config/kubernetes/runtimeclass.yaml)) | its source was read |
| Spin, SpinKube | no: binding a port is denied. `handler.wasm` is for it | its source was read |
| wasmCloud | `handler.wasm` is for it | its documentation was read |
| WasmEdge, Wasmer, WAMR, wazero | no: they run no components of WASI 0.2 | their documentation was read |

## How to repeat it

```sh
cargo xtask hosts            # all tests under all hosts: an hour on two cores
cargo xtask hosts jco        # all tests under one host
cargo xtask hosts --write    # this page, from the last results of each
```

The versions of wasmtime are official releases that a third party packs for PyPI; `tools/hosts/wasmtime/` fixes each by its hash
([why](../CONTRIBUTING.md#other-peoples-programs)). jco and Node.js are those of `hosts/page/package-lock.json` and of the machine.
";

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn result(version: &str, host: &'static host::Host, tests: &[(&str, &str, bool)]) -> Outcome {
        Outcome {
            host,
            version: version.to_owned(),
            commit: "1234567".to_owned(),
            tests: tests
                .iter()
                .map(|(group, test, passed)| (((*group).to_owned(), (*test).to_owned()), *passed))
                .collect(),
        }
    }

    #[test]
    fn the_page_has_a_row_for_each_group_and_names_each_failure() {
        let page = text(&[
            result(
                "one 1",
                &host::ALL[0],
                &[("serving", "serving::a", true), ("serving", "serving::b", false)],
            ),
            result(
                "two 2",
                &host::ALL[1],
                &[("serving", "serving::a", true), ("new", "new::x", true)],
            ),
            result(
                "three 3",
                host::Host::named("jco").unwrap(),
                &[("resources", "resources::a", true)],
            ),
        ]);
        for line in [
            "Run at commit `1234567`.",
            "| tests | one 1 | two 2 | three 3 |",
            "| **serving**: the bytes of real files, whole and in part | 1 of 2 | 1 |  |",
            "| **new** |  | 1 |  |",
            "- **one 1**: **nobody knows why yet** (`serving::b`)",
            "- **three 3**: it has no option that limits the memory of a component; not run: `resources::in_...`, \
             `sandbox::within_64_mib_...`",
        ] {
            assert!(page.lines().any(|found| found == line), "no {line:?} in {page}");
        }
    }

    #[test]
    fn the_page_in_docs_is_about_the_hosts_that_are_fixed_here() {
        let page = fs::read_to_string(xtask::root().join("docs/hosts.md")).unwrap();
        let heads = page.lines().find(|line| line.starts_with("| tests |")).unwrap();
        let missing = host::ALL
            .iter()
            .filter(|host| page.contains(&format!("`{}`", host.name)));
        let missing: Vec<_> = missing.map(|host| host.name).collect();
        assert_eq!(heads.matches(" | ").count() + missing.len(), host::ALL.len(), "{heads}");
        for host in &host::ALL {
            let Ok(fixed) = fs::read_to_string(host.requirements()) else {
                continue;
            };
            if missing.contains(&host.name) {
                continue;
            }
            let version = fixed
                .split("==")
                .nth(1)
                .and_then(|rest| rest.split_whitespace().next())
                .unwrap();
            let version = version.rsplit_once('.').unwrap().0;
            assert!(
                heads.contains(&format!("wasmtime {version}.")),
                "{version} is not in {heads}"
            );
        }
        assert!(!page.contains("nobody knows why yet"));
    }
}
