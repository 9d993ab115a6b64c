//! How many bytes may be written to a connection without asking the host again.
//!
//! The host's `check-write` permits a number of bytes. By WASI 0.2, this permit holds for the next write only. To ask
//! before each write costs as much as the write itself, so some hosts let a permit hold until its bytes are written
//! (`permit` in `docs/host.md`).

/// What is left of the host's permit.
#[derive(Clone, Copy, Debug)]
pub struct Permit {
    /// In bytes; `None` if a permit holds for the next write only.
    left: Option<usize>,
}

impl Permit {
    /// No permit yet. `holds`: whether a permit holds for several writes.
    #[must_use]
    pub fn new(holds: bool) -> Self {
        Self {
            left: holds.then_some(0),
        }
    }

    /// How many bytes may be written now, if `wanted` bytes are to be written; fewer, or 0, if there is not enough
    /// room. `None` if the connection is broken. `ask` asks the host.
    ///
    /// The host is asked if less than `wanted` is left. Its permit then replaces what was left, except that 0 takes
    /// nothing back.
    pub fn room(&mut self, wanted: usize, ask: impl FnOnce() -> Option<usize>) -> Option<usize> {
        if let Some(left) = self.left
            && wanted <= left
        {
            return Some(left);
        }
        let room = ask()?;
        if let Some(left) = &mut self.left
            && room > 0
        {
            *left = room;
        }
        Some(room)
    }

    /// Notes that `count` bytes have been written.
    pub fn wrote(&mut self, count: usize) {
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a host permits at a time, in bytes.
    const PIECE: usize = 64 * 1024;

    #[test]
    fn a_permit_that_holds_is_asked_for_when_it_is_used_up() {
        let mut permit = Permit::new(true);
        let mut asked = 0;
        for _ in 0..1000 {
            let room = permit.room(1300, || {
                asked += 1;
                Some(PIECE)
            });
            assert!(room >= Some(1300));
            permit.wrote(1300);
        }
        // 50 writes of 1,300 bytes fit into 64 KiB.
        assert_eq!(asked, 20);
    }

    #[test]
    fn otherwise_the_host_is_asked_before_each_write() {
        let mut permit = Permit::new(false);
        for room in [Some(PIECE), Some(0), None, Some(1)] {
            assert_eq!(permit.room(1, || room), room);
            permit.wrote(1);
        }
    }

    #[test]
    fn a_client_that_does_not_read_gets_what_is_left_and_no_more() {
        let mut permit = Permit::new(true);
        assert_eq!(permit.room(1000, || Some(PIECE)), Some(PIECE));
        permit.wrote(PIECE - 1500);
        // There is room for 1,500 bytes, whatever the host says by now.
        assert_eq!(permit.room(1000, || Some(0)), Some(1500));
        permit.wrote(1000);
        assert_eq!(permit.room(1000, || Some(0)), Some(0));
        assert_eq!(permit.room(500, || Some(0)), Some(500));
        permit.wrote(500);
        assert_eq!(permit.room(1, || Some(0)), Some(0));
        assert_eq!(permit.room(1, || Some(PIECE)), Some(PIECE));
    }

    #[test]
    fn a_broken_connection_is_found_when_the_host_is_asked() {
        let mut permit = Permit::new(true);
        assert_eq!(permit.room(1, || None), None);
    }

    /// A host: it keeps what the client does not take, and gives a permit only if it has nothing.
    #[derive(Default)]
    struct Host {
        unsent: usize,
        permit: usize,
    }

    proptest! {
        /// A host never gets more than it has permitted, and never has to keep more than one piece.
        #[test]
        fn nothing_is_written_that_was_not_permitted(
            holds: bool,
            steps in prop::collection::vec((0..=PIECE, 0..=PIECE), 1..200),
        ) {
            let mut permit = Permit::new(holds);
            let mut host = Host::default();
            for (wanted, taken) in steps {
                let room = permit.room(wanted, || {
                    let room = if host.unsent == 0 { PIECE } else { 0 };
                    host.permit = host.permit.max(room);
                    Some(room)
                });
                let count = wanted.min(room.unwrap_or_default());
                prop_assert!(count <= host.permit);
                permit.wrote(count);
                host.permit = if holds { host.permit - count } else { 0 };
                host.unsent += count;
                prop_assert!(host.unsent + host.permit <= PIECE);
                host.unsent = host.unsent.saturating_sub(taken);
            }
        }
    }
}
