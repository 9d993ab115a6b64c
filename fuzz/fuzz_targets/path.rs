//! Invariant: a path resolves as by the naive oracle, and never to a name that leaves the root.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| aula_fuzz::path(data));
