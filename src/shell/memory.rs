//! Whether there is memory left. A guest whose memory is limited (`-W max-memory-size`) is ended by the first allocation
//! that fails, with every connection: so what can be refused is refused before.

/// How much must be free for anything new to be taken on, in bytes: enough for what those who are in may still need.
const HEADROOM: usize = 6 * 1024 * 1024;

/// Whether less than the headroom is free. The allocator is asked for it, and gets it back untouched.
pub fn is_short() -> bool {
    Vec::<u8>::new().try_reserve_exact(HEADROOM).is_err()
}
