//! Whether something may be allocated, where memory is limited.
//!
//! A guest whose memory is limited (`-W max-memory-size`) is ended by the first allocation that fails, with every
//! connection in it. So whoever is about to allocate for a client asks first, and by how much.
//!
//! Asking the allocator each time would cost more than most requests allocate. It is asked for a larger block, which it
//! gets back at once, and what was shown to be free is then handed out in small parts.

/// How much is always left free, in bytes: for everything that is small and does not ask, and for the buffers between
/// the host and the guest.
pub const RESERVE: usize = 1024 * 1024;

/// How much is asked for at a time, in bytes.
const BLOCK: usize = 1024 * 1024;

/// How much may be allocated before the allocator has to be asked again.
#[derive(Debug, Default)]
pub struct Allowance {
    left: usize,
}

impl Allowance {
    /// Whether `bytes` may be allocated, so that [`RESERVE`] is still free afterwards. `is_free` says whether a block
    /// of so many bytes could be allocated now. What is really allocated is to be reported with [`Allowance::spend`].
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

    /// So many bytes have been allocated. What is freed need not be reported: it is found when the allocator is asked
    /// again.
    pub fn spend(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Allocates parts of this size until it is refused; says how much is free then, of `memory` bytes.
    fn left_after(memory: usize, part: usize) -> usize {
        let mut allowance = Allowance::default();
        let mut free = memory;
        while allowance.allows(part, |bytes| bytes <= free) {
            allowance.spend(part);
            free = free.checked_sub(part).expect("what is allowed is there");
        }
        free
    }

    #[test]
    fn the_reserve_is_never_handed_out_and_nothing_else_is_kept_back() {
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
    fn the_allocator_is_seldom_asked() {
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
