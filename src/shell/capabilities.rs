//! What this host can do, and WASI has no function to ask: it says so in a variable of the environment. A host that says
//! nothing is taken for `wasmtime run`. `docs/host.md` has the list.

/// The variable: words with commas between them.
const VARIABLE: &str = "HOST_CAPABILITIES";

/// `poll` reports everybody who is ready, however many: there is no trap 1.
pub const NO_BUDGET: &str = "no-budget";

/// `splice` from a file to a connection is faster than to read and write. (wasmtime's is slower.)
pub const SPLICE: &str = "splice";

/// Whether the host has this capability.
pub fn has(capability: &str) -> bool {
    std::env::var(VARIABLE).is_ok_and(|words| words.split(',').any(|word| word == capability))
}
