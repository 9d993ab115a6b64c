//! Invariant: whatever a client does, a connection neither panics nor grows nor waits for ever, and its responses do
//! not depend on how the bytes were split.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| aula_fuzz::connection(data));
