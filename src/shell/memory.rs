//! The guest's memory: the only place that asks the allocator whether there is enough of it.

use aula::schedule::allowance::{Allowance, RESERVE};
use std::hint::black_box;

/// How much memory must be free so that anything is cached, in bytes: other things need it more.
pub const CACHE_RESERVE: usize = 2 * RESERVE;

/// Keeps track of what may still be allocated.
#[derive(Default)]
pub struct Memory {
    allowance: Allowance,
}

impl Memory {
    /// Whether `bytes` may be allocated now: see [`Allowance::allows`].
    pub fn allows(&mut self, bytes: usize) -> bool {
        self.allowance.allows(bytes, is_free)
    }

    /// Notes that `bytes` have been allocated for a client.
    pub fn spend(&mut self, bytes: usize) {
        self.allowance.spend(bytes);
    }
}

/// Whether a block of this size could be allocated. It is allocated and freed at once, without being used.
pub fn is_free(bytes: usize) -> bool {
    let mut block = Vec::<u8>::new();
    let is_free = block.try_reserve_exact(bytes).is_ok();
    // Without this, the compiler may remove the allocation and assume that it succeeds.
    black_box(&mut block);
    is_free
}
