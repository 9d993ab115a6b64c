//! `server.wasm` under the real runtime: what cannot be tested without it. The names of the tests are the rules.
//!
//! | module | what it tests |
//! |---|---|
//! | `serving` | the bytes of real files, complete and in ranges, and the fields of responses |
//! | `content` | the options that decide what is served, and how |
//! | `safety` | that no path, link or kind of file leads out of the folder |
//! | `connections` | how long a connection lasts, and which client gets one |
//! | `resources` | what hostile clients cannot use up |
//! | `serial` | one exchange at a time |
//! | `live` | pages that reload when a file changes |
//! | `slow` | `--delay` and `--rate`: that only their own client waits |
//! | `tracing` | what the trace shows, and that it changes no response |
//! | `traps` | the four traps of the host |
//! | `cli` | the start: the ready line, one line per error, presets, the environment, the log |
//! | `sandbox` | what the built component imports from its host |
//!
//! `client` sends requests, `folders` creates folders to serve, and `tests/support` starts the server and reads
//! responses. The tests run in parallel, each with its own server on its own port. They wait for events, not for time
//! to pass. If a rule is about a deadline, an option makes it short.

mod cli;
mod client;
mod connections;
mod content;
mod folders;
#[path = "../support/imports.rs"]
mod imports;
mod live;
// This and `traps` read `/proc`.
#[cfg(target_os = "linux")]
mod resources;
mod safety;
mod sandbox;
mod serial;
mod serving;
mod slow;
#[path = "../support/mod.rs"]
mod support;
mod tracing;
#[cfg(target_os = "linux")]
mod traps;
