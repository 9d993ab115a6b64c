//! What a client may send, and which response it must get: one corpus of cases, which is tried with the library and
//! with the component under the real runtime.
//!
//! | module | what it is |
//! |---|---|
//! | `case` | the parts of a case: an id, the rule that it shows, what is sent, what must come back |
//! | `corpus` | the cases, a file for each part of the protocol |
//! | `served` | the files that are served, and the options of the servers |
//! | `check` | reads the output, and compares it |
//! | `native` | the driver without a host: `http1::Connection` and `site` over a tree in memory |
//! | `tcp` | the driver over TCP: `server.wasm` and a folder |
//! | `page` | compares `docs/conformance.md` with the corpus |
//!
//! A failure shows the id and the rule of the case, the request and the response, so no second run is needed. To add a
//! case, add an entry to the corpus; both drivers run it whole and byte by byte.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may fail, and reach the host"
)]

mod case;
mod check;
mod corpus;
mod native;
mod page;
mod served;
#[path = "../support/mod.rs"]
mod support;
mod tcp;

use case::Case;
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::{Arc, LazyLock};

/// How many cases run at once: over TCP, a case mostly waits.
const AT_ONCE: usize = 24;

/// Each case is two tests, `library::ID` and `component::ID` (only the first where the system cannot have its files).
/// `cargo test --test conformance encoding-gzip` runs those of the cases with this name.
fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(AT_ONCE);
    // The servers start when the first test needs them.
    let component = Arc::new(LazyLock::new(tcp::Driver::start));
    let mut tests = vec![
        plain(
            "every_id_is_unique_and_every_case_cites_its_rule",
            every_id_is_unique_and_every_case_cites_its_rule,
        ),
        plain(
            "every_test_that_the_page_names_exists",
            page::every_test_that_the_page_names_exists,
        ),
        plain(
            "every_rule_that_a_case_cites_is_on_the_page",
            page::every_rule_that_a_case_cites_is_on_the_page,
        ),
    ];
    for case in corpus::all() {
        let case = Arc::new(case);
        let same = Arc::clone(&case);
        tests.push(trial("library", &case, move || native::check(&same)));
        if served::has_files_of(&case) {
            let (driver, same) = (Arc::clone(&component), Arc::clone(&case));
            tests.push(trial("component", &case, move || driver.check(&same)));
        }
    }
    let conclusion = libtest_mimic::run(&arguments, tests);
    // The servers end with their driver.
    drop(component);
    conclusion.exit_code()
}

/// A test that is not a case.
fn plain(name: &str, test: fn()) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}

/// A case under one driver, which returns everything that was wrong.
fn trial(driver: &str, case: &Case, run: impl FnOnce() -> Vec<String> + Send + 'static) -> Trial {
    Trial::test(format!("{driver}::{}", case.id), move || {
        let failures = run();
        if failures.is_empty() {
            Ok(())
        } else {
            Err(Failed::from(failures.join("\n")))
        }
    })
}

fn every_id_is_unique_and_every_case_cites_its_rule() {
    let cases = corpus::all();
    assert!(cases.len() >= 250, "{} cases", cases.len());
    let mut ids = BTreeSet::new();
    for Case {
        id, rule, responses, ..
    } in &cases
    {
        assert!(ids.insert(id.clone()), "{id} appears twice");
        assert!(
            id.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
            "{id}"
        );
        let is_rfc = rule.starts_with("RFC ") && rule.contains(" section ");
        assert!(
            is_rfc || *rule == case::SIMPLE || rule.starts_with(case::OURS),
            "{id} cites {rule:?}"
        );
        assert!(!responses.is_empty(), "{id} expects nothing");
    }
}
