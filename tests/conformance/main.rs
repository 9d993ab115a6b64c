//! What a client may say, and what it must be told: one corpus of cases, held against the library and against the
//! component under the real runtime.
//!
//! | module | what it is |
//! |---|---|
//! | `case` | what a case is made of: an id, the rule it shows, what is sent, what is to come back |
//! | `corpus` | the cases, a file for each part of the protocol |
//! | `served` | the files that are served, and the options they are served with |
//! | `check` | reads back what came, and compares |
//! | `native` | the driver without a host: `http1::Connection` and `site` over a tree in memory |
//! | `tcp` | the driver over TCP: `server.wasm` and a folder |
//! | `page` | holds `docs/conformance.md` to the corpus |
//!
//! A failure shows the case's id and rule, the request and the answer: it needs no second run. To add a case is to add
//! an entry to the corpus; both drivers run it whole and byte by byte.

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
use std::collections::BTreeSet;

/// Ends a test with all that was wrong.
#[track_caller]
fn assert_none(failures: &[String], cases: usize) {
    assert!(
        failures.is_empty(),
        "{} of {cases} cases:\n\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn every_id_stands_once_and_every_case_cites_its_rule() {
    let cases = corpus::all();
    assert!(cases.len() >= 250, "{} cases", cases.len());
    let mut ids = BTreeSet::new();
    for Case { id, rule, answers, .. } in &cases {
        assert!(ids.insert(id.clone()), "{id} stands twice");
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
        assert!(!answers.is_empty(), "{id} expects nothing");
    }
}

#[test]
fn the_library_answers_every_case_whole_and_byte_by_byte() {
    let cases = corpus::all();
    assert_none(&native::run(&cases), cases.len());
}

#[test]
fn the_component_answers_every_case_over_tcp_whole_and_in_pieces() {
    let cases = corpus::all();
    assert_none(&tcp::run(&cases), cases.len());
}
