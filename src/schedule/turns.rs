//! Whose exchange is next, if only one may be in progress (`--serial`).

use std::collections::VecDeque;
use std::net::SocketAddr;

/// The connection whose turn it is, and those that wait for their turn, in the order in which their requests were
/// complete. Connections are identified by the number of their slot.
#[derive(Debug, Default)]
pub struct Turns {
    current: Option<usize>,
    waiting: VecDeque<(usize, Option<SocketAddr>)>,
}

impl Turns {
    /// Whether it is the turn of this connection, which has a complete request. If it is not, the connection is added
    /// to the queue.
    pub fn ask(&mut self, number: usize, address: Option<SocketAddr>) -> bool {
        if self.current == Some(number) {
            return true;
        }
        if self.current.is_none() && self.waiting.is_empty() {
            self.current = Some(number);
            return true;
        }
        self.wait(number, address);
        false
    }

    /// Ends the turn of this connection, if it has the turn. Returns whether it had.
    pub fn release(&mut self, number: usize) -> bool {
        let was_current = self.current == Some(number);
        if was_current {
            self.current = None;
        }
        was_current
    }

    /// Puts a connection at the end of the queue, unless it is already queued.
    pub fn wait(&mut self, number: usize, address: Option<SocketAddr>) {
        if !self.waiting.iter().any(|(waiting, _)| *waiting == number) {
            self.waiting.push_back((number, address));
        }
    }

    /// Gives the turn to the next connection, if the turn is free and one waits.
    pub fn begin_next(&mut self) -> Option<usize> {
        if self.current.is_some() {
            return None;
        }
        self.current = self.waiting.pop_front().map(|(number, _)| number);
        self.current
    }

    /// Notes that a connection is closed.
    pub fn forget(&mut self, number: usize) {
        self.release(number);
        self.waiting.retain(|(waiting, _)| *waiting != number);
    }

    /// The addresses of the waiting connections, in order, without this one.
    pub fn waiting_beside(&self, number: usize) -> impl Iterator<Item = SocketAddr> {
        let others = self.waiting.iter().filter(move |(waiting, _)| *waiting != number);
        others.filter_map(|(_, address)| *address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_exchange_is_in_progress_and_the_others_follow_in_order() {
        let mut turns = Turns::default();
        assert!(turns.ask(7, None), "there is no other connection");
        assert!(turns.ask(7, None), "it still has the turn");
        assert!(!turns.ask(3, None));
        assert!(!turns.ask(5, None));
        assert!(!turns.ask(3, None), "a second request does not move it");
        assert_eq!(turns.begin_next(), None, "the turn is taken");
        assert!(!turns.release(3), "it is not its turn");
        assert!(turns.release(7));
        assert!(!turns.ask(7, None), "connections that waited come first");
        assert_eq!(turns.begin_next(), Some(3));
        turns.forget(3);
        assert_eq!(turns.begin_next(), Some(5));
        turns.forget(7);
        assert!(turns.release(5));
        assert_eq!(turns.begin_next(), None);
        assert!(turns.ask(9, None));
    }

    #[test]
    fn the_waiting_connections_are_listed_without_the_one_that_is_reported() {
        let address = |port| Some(SocketAddr::from(([127, 0, 0, 1], port)));
        let mut turns = Turns::default();
        for (number, port) in [(1, 10), (2, 20), (3, 30)] {
            turns.ask(number, address(port));
        }
        let waiting = |turns: &Turns, number| {
            turns
                .waiting_beside(number)
                .map(|address| address.port())
                .collect::<Vec<_>>()
        };
        assert_eq!(waiting(&turns, 1), [20, 30]);
        assert_eq!(waiting(&turns, 2), [30]);
    }
}
