//! Invariant: httparse reads every accepted head as the library does, however its bytes were split.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| aula_fuzz::request_head(data));
