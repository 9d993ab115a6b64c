//! Every seed of the fuzzer, and every case that it ever found, as ordinary tests. `cargo xtask fuzz` looks for more.

// Tests may do what the library must not do.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use std::fs;
use std::panic;
use std::path::Path;

/// Runs the files of all targets in one of the folders of `fuzz/`, and returns how many there were.
fn run_all(folder: &str) -> usize {
    let mut failed = Vec::new();
    let mut count = 0;
    for (target, invariant) in aula_fuzz::TARGETS {
        let cases = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fuzz")
            .join(folder)
            .join(target);
        // If nothing was found, there is no folder.
        for case in fs::read_dir(cases).into_iter().flatten() {
            let path = case.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            count += 1;
            if panic::catch_unwind(|| invariant(&bytes)).is_err() {
                failed.push(path);
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    count
}

#[test]
fn every_invariant_holds_for_the_seeds() {
    assert!(run_all("seeds") > 100, "the seeds are there");
}

#[test]
fn every_invariant_holds_for_what_was_found() {
    run_all("found");
}
