//! The only part that reaches the outside, and it does so through WASI alone: the host's sockets, files, clocks and
//! console (`wasi:sockets`, `wasi:filesystem`, `wasi:clocks`, `wasi:cli`).
//!
//! | module | what it asks of the host |
//! |---|---|
//! | [`address`] | nothing: it turns the host's addresses into Rust's and back |
//! | [`capabilities`] | what it can do beyond WASI |
//! | [`listen`] | sockets that listen |
//! | [`transport`] | one accepted connection: read, write, shut down |
//! | [`content`] | the granted folder: look up, open, read |
//! | [`directory`] | the names in its directories |
//! | [`clock`] | what time it is, and to be woken |
//! | [`memory`] | how much memory there is |
//! | [`inspect`] | a listener and connections of its own, for those who look at the trace in a browser |
//! | [`console`] | stdout for the access log and the trace |
//! | [`slot`] | nothing: it keeps what belongs to one connection together |
//! | [`flush`] | to let go of connections that are closed |
//! | [`poller`] | which of all these are ready |
//! | [`reactor`] | nothing: it is the loop that drives the rest |
//!
//! Thin on purpose: what can be decided without the host is decided in the library, who is served next and what may be
//! held in [`aula::schedule`].
//!
//! # Four traps
//!
//! What WASI hosts do that a server has to know, each handled where it bites; look for "trap". The tests are in
//! `tests/component/traps.rs`, unless it says otherwise.
//!
//! **1. The readiness budget** (wasmtime 48, fixed in 49).
//! *Seen:* with 128 sockets ready at once, `poll` names no others, `check-write` always says 0, the processor is busy and
//! hardly anybody is served.
//! *Cause:* `wasmtime run` runs the guest in one task of tokio's, whose cooperative budget of 128 checks is spent by `poll`
//! itself. Only a wait that really blocks renews it.
//! *Remedy:* [`poller::Poller::yield_if_spent`], and the rounds of [`aula::schedule::poll_plan`].
//! *Tests:* `hundreds_of_requests_at_once_are_answered_at_once` and those after it; the arithmetic of fairness in
//! `src/schedule/poll_plan_tests.rs`.
//! *May go* when the oldest supported wasmtime is 49: then `schedule::readiness`, the rounds and `yield_if_spent` go.
//!
//! **2. Bytes that nobody takes** (wasmtime 48 to 50; up to 47 the bytes are thrown away instead).
//! *Seen:* the server stands still, for everybody, until one client reads or leaves.
//! *Cause:* dropping an output stream waits until the host has sent all that was written to it, and so does `shutdown`. The
//! guest has no way to abort a write.
//! *Remedy:* [`flush::Flush`]: end both sides, keep the stream, and drop it when the host has sent everything. At the write
//! deadline, [`transport::Transport::into_remains`] makes room for the rest in the system, so that the host's write ends.
//! *Tests:* `readers_that_never_read_hang_nobody_while_they_are_there_nor_when_they_are_dropped`; the first ones of
//! `tests/component/resources.rs`.
//! *May go* when a host lets a guest abort a connection (WASI 0.3 drops what is unsent).
//!
//! **3. Limits that end the server** (all versions: `-S max-component-handles`, `-W max-memory-size`, `ulimit -n`).
//! *Seen:* beyond 100,000 handles, or when an allocation fails, the host ends the guest, with every connection in it. Without
//! a descriptor left, `accept` fails, and its listener stays ready: a loop that spins.
//! *Cause:* both are traps to the host; `EMFILE` has no error code of its own.
//! *Remedy:* [`aula::schedule::admission`], [`memory::Memory`], the spare descriptors of [`content::Folder`], and a pause
//! after each failure of `accept` ([`reactor`]).
//! *Tests:* `more_knock_than_there_are_places_and_all_are_answered`,
//! `without_file_descriptors_left_the_server_waits_instead_of_spinning`; `tests/component/resources.rs`.
//! *May not go*: limits are there to be kept.
//!
//! **4. Files that are no files** (all versions).
//! *Seen:* the server stands still as soon as somebody asks for a FIFO.
//! *Cause:* opening one waits for a writer, and the guest has one thread.
//! *Remedy:* look (`stat-at`) before opening, and open regular files alone: `Folder::find` in [`content`].
//! *Tests:* `a_fifo_hangs_nobody`; `only_regular_files_are_served` in `tests/component/safety.rs`.
//! *May go* when the host can open without waiting.

pub mod address;
pub mod capabilities;
pub mod clock;
pub mod console;
pub mod content;
pub mod directory;
pub mod flush;
pub mod inspect;
pub mod listen;
pub mod memory;
pub mod poller;
pub mod reactor;
pub mod slot;
pub mod transport;
