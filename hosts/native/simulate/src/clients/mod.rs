//! The clients that use the server, and those that abuse it.
//!
//! | file | what it holds |
//! |---|---|
//! | `ask` | all kinds of requests |
//! | `honest` | clients that send requests, and check what they get |
//! | `watching` | clients that wait for files to change (`--live`) |
//! | `hostile` | clients that do harm |

pub mod ask;
mod honest;
mod hostile;
mod watching;

use crate::dice::Dice;
use crate::schedule::{ClientKind, ClientLine};
use crate::world::link::Link;
use crate::world::state::State;
use honest::Honest;
use hostile::Hostile;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use watching::Watching;

/// A client.
pub enum Client {
    Honest(Box<Honest>),
    Watching(Box<Watching>),
    Hostile(Hostile),
}

impl Client {
    /// Makes the clients of a line of the schedule.
    pub fn of_line(line: &ClientLine) -> Vec<Self> {
        let mut dice = Dice::new(line.seed);
        match line.kind.is_honest() {
            true if line.kind == ClientKind::Watching => {
                vec![Self::Watching(Box::new(Watching::new(line.times, dice)))]
            }
            true => vec![Self::Honest(Box::new(Honest::new(line.kind, line.times, dice)))],
            false => (0..line.times)
                .map(|_| Self::Hostile(Hostile::new(line, dice.split())))
                .collect(),
        }
    }

    /// Whether the server has read the whole request of an honest client, and has sent nothing of the response.
    pub fn is_unanswered(&self, links: &[Link]) -> bool {
        matches!(self, Self::Honest(client) if client.is_unanswered(links))
    }

    /// Something may have happened to the client, or its alarm rings, and the client reacts. Returns false when it is
    /// done.
    pub fn wake(&mut self, me: usize, state: &mut State) -> bool {
        match self {
            Self::Honest(client) => client.wake(me, state),
            Self::Watching(client) => client.wake(me, state),
            Self::Hostile(client) => client.wake(me, state),
        }
    }
}

/// The address of the client with this number.
fn address(number: u64) -> SocketAddr {
    let bytes = (number as u32).to_be_bytes();
    let ip = match number % 4 {
        0 => IpAddr::V6(Ipv6Addr::new(
            0xfd00,
            0,
            0,
            0,
            0,
            0,
            (number >> 16) as u16,
            number as u16,
        )),
        1 if number % 16 == 5 => IpAddr::V4(Ipv4Addr::new(127, bytes[1], bytes[2], bytes[3])),
        _ => IpAddr::V4(Ipv4Addr::new(10, bytes[1], bytes[2], bytes[3])),
    };
    SocketAddr::new(ip, 1024 + (number % 60_000) as u16)
}
