//! Invariant: a head that we accept means to httparse what it means to us, and does not depend on how its bytes were split.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| aula_fuzz::request_head(data));
