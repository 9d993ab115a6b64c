//! The guest's memory: the allocator is asked here, and nowhere else, whether there is enough of it.

use aula::schedule::allowance::Allowance;
use std::hint::black_box;

/// What may still be allocated.
#[derive(Default)]
pub struct Memory {
    allowance: Allowance,
}

impl Memory {
    /// Whether `bytes` may be allocated now: see [`Allowance::allows`].
    pub fn allows(&mut self, bytes: usize) -> bool {
        self.allowance.allows(bytes, is_free)
    }

    /// So many bytes have been allocated for a client.
    pub fn spend(&mut self, bytes: usize) {
        self.allowance.spend(bytes);
    }
}

/// Whether a block of so many bytes could be allocated. The allocator is asked for it, and gets it back untouched.
pub fn is_free(bytes: usize) -> bool {
    let mut block = Vec::<u8>::new();
    let is_free = block.try_reserve_exact(bytes).is_ok();
    // Without this the compiler may leave the allocation out, and take it for granted.
    black_box(&mut block);
    is_free
}
