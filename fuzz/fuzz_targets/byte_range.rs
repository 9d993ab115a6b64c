//! Invariant: a Range field selects exactly the bytes that the oracle marks one by one.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| aula_fuzz::byte_range(data));
