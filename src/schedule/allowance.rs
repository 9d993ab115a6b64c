//! Whether something may be allocated, if memory is limited.
//!
//! The host ends a guest with limited memory (`-W max-memory-size`) at the first allocation that fails, with all its
//! connections. So code that allocates for a client asks first whether there is enough memory.
//!
//! To ask the allocator each time would cost more than most requests allocate. So it is asked for a larger block, which
//! is freed at once. The free memory that this has shown is then handed out in small parts.

/// How many bytes are always left free: for small allocations that do not ask, and for the buffers between the host and
/// the guest.
pub const RESERVE: usize = 1024 * 1024;

/// The size of the block that the allocator is asked for, in bytes.
const BLOCK: usize = 1024 * 1024;

/// How many bytes may be allocated before the allocator has to be asked again.
#[derive(Debug, Default)]
pub struct Allowance {
    left: usize,
}

impl Allowance {
    /// Whether `bytes` may be allocated, so that [`RESERVE`] is still free afterwards. `is_free` says whether a block
    /// of a given size could be allocated now. Report what is really allocated with [`Allowance::spend`].
    pub fn allows(&mut self, bytes: usize, mut is_free: impl FnMut(usize) -> bool) -> bool {
        if bytes <= self.left {
            return true;
        }
        self.left = 0;
        for block in [BLOCK.max(bytes), bytes] {
            if is_free(block.saturating_add(RESERVE)) {
                self.left = block;
                return true;
            }
        }
        false
    }

    /// Notes that `bytes` have been allocated. Freed memory need not be reported: it is found when the allocator is
    /// asked again.
    pub fn spend(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Allocates parts of this size until it is refused, and returns how many of `memory` bytes are free then.
    fn left_after(memory: usize, part: usize) -> usize {
        let mut allowance = Allowance::default();
        let mut free = memory;
        while allowance.allows(part, |bytes| bytes <= free) {
            allowance.spend(part);
            free = free.checked_sub(part).expect("what is allowed is free");
        }
        free
    }

    #[test]
    fn the_reserve_is_never_handed_out_and_everything_else_is() {
        for memory in [0, 1, 2, 3, 8, 64].map(|mebibytes| mebibytes << 20) {
            for part in [1000, 64 * 1024, BLOCK, 5 * BLOCK / 2] {
                let left = left_after(memory, part);
                let reserve = RESERVE.min(memory);
                assert!(
                    (reserve..reserve + part).contains(&left),
                    "{left} of {memory} bytes are left after parts of {part}"
                );
            }
        }
    }

    #[test]
    fn the_allocator_is_rarely_asked() {
        let mut allowance = Allowance::default();
        let mut asked = 0;
        for _ in 0..1000 {
            assert!(allowance.allows(64 * 1024, |_| {
                asked += 1;
                true
            }));
            allowance.spend(4096);
        }
        assert!(asked <= 6, "{asked} times for 4 MB");
    }

    #[test]
    fn what_was_freed_is_found_again() {
        let mut allowance = Allowance::default();
        assert!(!allowance.allows(1, |_| false));
        assert!(allowance.allows(1, |_| true));
    }
}
