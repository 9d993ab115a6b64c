//! Invariant: lists of entity tags and of weighted names are read as by an oracle that scans them byte by byte.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| aula_fuzz::lists(data));
