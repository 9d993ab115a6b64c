//! Capabilities of the host that WASI cannot express: the host lists them in an environment variable. A host without
//! the variable is treated like `wasmtime run`. `docs/host.md` has the list.

/// The name of the variable. Its value is a list of words with commas between them.
const VARIABLE: &str = "HOST_CAPABILITIES";

/// `poll` reports all ready pollables, however many there are: there is no trap 1.
pub const NO_BUDGET: &str = "no-budget";

/// `splice` from a file to a connection is faster than to read and write. (In wasmtime it is slower.)
pub const SPLICE: &str = "splice";

/// What `check-write` of a connection permits may be written in several writes.
pub const PERMIT: &str = "permit";

/// Whether the host has this capability.
pub fn has(capability: &str) -> bool {
    std::env::var(VARIABLE).is_ok_and(|words| words.split(',').any(|word| word == capability))
}
