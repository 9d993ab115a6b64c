//! The only code that reaches the host, and it does so only through WASI: sockets, files, clocks and the console
//! (`wasi:sockets`, `wasi:filesystem`, `wasi:clocks`, `wasi:cli`).
//!
//! | module | what it uses of the host |
//! |---|---|
//! | [`capabilities`] | what the host can do beyond WASI |
//! | [`content`] | the granted folder: look up, open |
//! | [`mod@file`] | its open files: read, notice changes |
//! | [`directory`] | the names in its directories |
//! | [`clock`] | the time, and alarms |
//! | [`memory`] | how much memory there is |
//! | [`inspect`] | its own listener and connections, for browsers that show the trace |
//! | [`console`] | stdout for the access log and the trace |
//! | [`sender`] | `splice`; it decides in which writes a response is sent |
//! | [`slot`] | nothing: it holds everything that belongs to one connection |
//! | [`flush`] | closed connections that the host is still flushing |
//! | [`poller`] | `poll`: which of all these are ready |
//! | [`server`] | nothing: it serves one connection |
//! | [`reactor`] | nothing: it is the loop that drives everything |
//!
//! The crate [`aula_io`] has the sockets themselves, which the checker's shell uses too: [`aula_io::listen`] and
//! [`aula_io::transport`].
//!
//! The shell is thin on purpose: what can be decided without the host is decided in the library. [`aula::schedule`]
//! decides who is served next and what may be held.
//!
//! # Four traps
//!
//! These are habits of WASI hosts that a server has to know. Each is handled where it occurs; search for "trap". The
//! tests are in `tests/component/traps.rs`, unless another file is named.
//!
//! **1. The readiness budget** (wasmtime 48, fixed in 49).
//! - *Seen:* with 128 sockets ready at once, `poll` reports no others, `check-write` always returns 0, the CPU is busy
//!   and hardly any client is served.
//! - *Cause:* `wasmtime run` runs the guest in one task of tokio's, whose cooperative budget of 128 checks is spent by
//!   `poll` itself. Only a wait that really blocks renews the budget.
//! - *Remedy:* [`poller::Poller::yield_if_spent`], and the rounds of [`aula::schedule::poll_plan`].
//! - *Tests:* `hundreds_of_simultaneous_requests_get_their_responses_at_once` and those after it; the arithmetic of
//!   fairness in `src/schedule/poll_plan_tests.rs`.
//! - *Can be removed* when the oldest supported wasmtime is 49, with `schedule::readiness`, the rounds and
//!   `yield_if_spent`.
//!
//! **2. Bytes that a client does not read** (wasmtime 48 to 50; up to 47 the bytes are lost instead).
//! - *Seen:* the whole server blocks until one client reads or leaves.
//! - *Cause:* dropping an output stream waits until the host has sent everything that was written to it, and so does
//!   `shutdown`. The guest cannot abort a write.
//! - *Remedy:* [`flush::Flush`]: end both sides, keep the stream, and drop it when the host has sent everything. At the
//!   write deadline, [`aula_io::transport::Transport::into_remains`] makes room for the rest in the system, so that
//!   the host's write ends.
//! - *Tests:* `clients_that_never_read_do_not_block_others_while_open_or_when_closed`; the first ones of
//!   `tests/component/resources.rs`.
//! - *Can be removed* when the host lets a guest abort a connection (WASI 0.3 drops what is unsent).
//!
//! **3. Limits that end the server** (all versions: `-S max-component-handles`, `-W max-memory-size`, `ulimit -n`).
//! - *Seen:* beyond 100,000 handles, or when an allocation fails, the host ends the guest, with every connection in it.
//!   If no descriptor is left, `accept` fails, but its listener stays ready: the loop spins.
//! - *Cause:* the host treats both as traps; `EMFILE` has no error code of its own.
//! - *Remedy:* [`aula::schedule::admission`], [`memory::Memory`], the spare descriptors of [`content::Folder`], and a
//!   pause after each failure of `accept` ([`reactor`]).
//! - *Tests:* `more_clients_than_slots_all_get_their_responses`,
//!   `without_free_descriptors_the_server_waits_instead_of_spinning`; `tests/component/resources.rs`.
//! - *Cannot be removed*: the limits remain.
//!
//! **4. Names that are not regular files** (all versions).
//! - *Seen:* the whole server blocks as soon as a client asks for a FIFO.
//! - *Cause:* opening one waits for a writer, and the guest has one thread.
//! - *Remedy:* check (`stat-at`) before opening, and open only regular files: `Folder::find` in [`content`].
//! - *Tests:* `a_fifo_does_not_block_the_server`; `only_regular_files_are_served` in `tests/component/safety.rs`.
//! - *Can be removed* when the host can open without waiting.

pub mod capabilities;
pub mod clock;
pub mod console;
pub mod content;
pub mod directory;
pub mod file;
pub mod flush;
pub mod inspect;
pub mod memory;
pub mod poller;
pub mod reactor;
pub mod sender;
pub mod server;
pub mod slot;
