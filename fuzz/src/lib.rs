//! Invariants that hold for every input: one function for each fuzz target.
//!
//! `fuzz_targets/` calls them with the fuzzer's inputs (`cargo xtask fuzz`). `tests/fuzz_cases.rs`, in the repository's
//! root, calls them with the files in `seeds/` and `found/` on every `cargo test`. A function returns if the invariant
//! in its documentation holds, and panics otherwise.
//!
//! The oracles here are slow and simple on purpose, and use other algorithms than the code that they check.

mod byte_range;
mod connection;
mod date;
mod lists;
mod meter;
mod path;
mod request_head;

pub use byte_range::byte_range;
pub use connection::connection;
pub use date::date;
pub use lists::lists;
pub use path::path;
pub use request_head::request_head;

/// A function that takes any input, and panics if its invariant does not hold.
pub type Invariant = fn(&[u8]);

/// Every target: the name of its folders below `seeds/` and `found/`, and its function.
pub const TARGETS: [(&str, Invariant); 6] = [
    ("request_head", request_head),
    ("connection", connection),
    ("path", path),
    ("byte_range", byte_range),
    ("date", date),
    ("lists", lists),
];
