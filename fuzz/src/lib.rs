//! What has to hold for every input, whatever it is: one function for each fuzz target.
//!
//! `fuzz_targets/` hands them the fuzzer's inputs (`cargo xtask fuzz`); `tests/fuzz_cases.rs`, in the repository's
//! root, hands them the files in `seeds/` and `found/` on every `cargo test`. A function returns if the invariant in
//! its documentation holds, and panics otherwise.
//!
//! The oracles here are slow and plain on purpose, and written in another way than what they check.

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

/// Takes any input, and panics if something does not hold for it.
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
