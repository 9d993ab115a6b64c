//! Invariant: a date is read exactly if it is a rendering of a moment, as that moment; what is written is read back.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| aula_fuzz::date(data));
