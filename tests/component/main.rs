//! `server.wasm` under the real runtime: what only the real thing can show. Read the test names: they are the rules.
//!
//! | module | what it holds the server to |
//! |---|---|
//! | `serving` | the bytes of real files, whole and in part, and the fields around them |
//! | `content` | the options that say what is served, and how |
//! | `safety` | what no path, link or kind of file may lead to |
//! | `connections` | how long a connection lasts, and who gets one |
//! | `resources` | what nobody may take from the others |
//! | `serial` | one exchange at a time |
//! | `live` | pages that reload when a file changes |
//! | `slow` | being slow on purpose, and nobody else's waiting for it |
//! | `tracing` | what the trace tells, and that it changes nothing |
//! | `traps` | the four traps that the host sets |
//! | `cli` | starting: the ready line, every error in one line, presets, the environment, the log |
//! | `sandbox` | what the built component asks of its host |
//!
//! `client` asks and `folders` makes folders to serve; `tests/support` starts the server. Tests run at once, each with
//! a server of its own at a port of its own, and wait for what is to happen, not for time to pass. Where a deadline is
//! the rule, an option makes it short.

mod cli;
mod client;
mod connections;
mod content;
mod folders;
#[path = "../support/imports.rs"]
mod imports;
mod live;
mod resources;
mod safety;
mod sandbox;
mod serial;
mod serving;
mod slow;
#[path = "../support/mod.rs"]
mod support;
mod tracing;
mod traps;
