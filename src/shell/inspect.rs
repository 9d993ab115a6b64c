//! The listener of `--inspect` and those who look: connections that are no clients of the server, and so are neither
//! counted nor traced. What they get is decided in [`aula::inspect`].
//!
//! A viewer that does not read costs nothing: its place in the ring of events is a number, and what it misses is gone.

use super::flush::Flush;
use super::listen::Listener;
use super::transport::{Arrived, Transport};
use aula::catalogue::Lang;
use aula::http1::{Connection, Event, Rules};
use aula::inspect::{self, Reply, Ring};
use aula::time::Instant;
use std::rc::Rc;
use std::time::Duration;
use wasi::io::poll::Pollable;

/// How many connections there may be: a browser opens some for the files of the page, and one for the events.
const MOST: usize = 32;

/// How much is read of a request at once, in bytes.
const READ: u64 = 4096;

/// How long one that is closed has to take its last bytes.
const FLUSH: Duration = Duration::from_secs(5);

/// The listener and the viewers.
pub struct Inspect {
    pub listener: Listener,
    viewers: Vec<Viewer>,
    rules: Rc<Rules>,
    lang: Lang,
}

struct Viewer {
    transport: Transport,
    state: State,
}

enum State {
    /// It has not asked yet.
    Asking(Box<Connection<()>>),
    /// It gets these bytes, of which so many are written; then the connection ends.
    Getting(Vec<u8>, usize),
    /// It gets these bytes, and then the events from this number on.
    Watching(Vec<u8>, usize, u64),
}

impl Inspect {
    /// Those who look keep to the same limits as the clients. `lang` is the language of the events.
    pub fn new(listener: Listener, rules: Rc<Rules>, lang: Lang) -> Self {
        Self {
            listener,
            viewers: Vec::new(),
            rules,
            lang,
        }
    }

    /// What to poll.
    pub fn pollables(&self, ring: &Ring) -> impl Iterator<Item = &Pollable> {
        let viewers = self.viewers.iter().flat_map(move |viewer| {
            let has_more = match &viewer.state {
                State::Asking(_) => false,
                State::Getting(..) => true,
                State::Watching(bytes, written, next) => *written < bytes.len() || *next < ring.end(),
            };
            let writable = viewer.transport.writable_if_made().filter(|_| has_more);
            [Some(viewer.transport.readable()), writable].into_iter().flatten()
        });
        std::iter::once(&self.listener.pollable).chain(viewers)
    }

    /// Accepts those who wait, and serves everybody as far as it goes.
    pub fn serve(&mut self, ring: &Ring, flush: &mut Flush, now: Instant) {
        while let Ok(Some(mut transport)) = Transport::accept(&self.listener) {
            // A browser also connects without asking: who waits longest gives way.
            if self.viewers.len() >= MOST {
                let silent = self
                    .viewers
                    .iter()
                    .position(|viewer| matches!(viewer.state, State::Asking(_)));
                let oldest = self.viewers.remove(silent.unwrap_or(0));
                flush.close(oldest.transport, None, now, now);
            }
            transport.writable();
            self.viewers.push(Viewer {
                transport,
                state: State::Asking(Box::new(Connection::new(Rc::clone(&self.rules), now))),
            });
        }
        for mut viewer in std::mem::take(&mut self.viewers) {
            if viewer.serve(ring, self.lang, now) {
                self.viewers.push(viewer);
            } else {
                viewer.transport.end_sending();
                flush.close(viewer.transport, None, now.saturating_add(FLUSH), now);
            }
        }
    }

    /// Whether there is an event that somebody has not got.
    pub fn is_behind(&self, ring: &Ring) -> bool {
        let is_behind = |viewer: &Viewer| matches!(&viewer.state, State::Watching(_, _, next) if *next < ring.end());
        self.viewers.iter().any(is_behind)
    }
}

impl Viewer {
    /// Goes on as far as it goes. False when the connection is over.
    fn serve(&mut self, ring: &Ring, lang: Lang, now: Instant) -> bool {
        match self.transport.read(READ) {
            Arrived::Nothing => {}
            Arrived::Bytes(bytes) => {
                // Whoever has asked has nothing more to say.
                if let State::Asking(connection) = &mut self.state {
                    connection.receive(&bytes, now);
                    self.state = match connection.next_event() {
                        Ok(Event::Request(received)) => state(inspect::reply(Some(&received.request), lang)),
                        Err(_) => state(inspect::reply(None, lang)),
                        Ok(_) => return true,
                    };
                }
            }
            Arrived::End | Arrived::Broken => return false,
        }
        self.write(ring)
    }

    fn write(&mut self, ring: &Ring) -> bool {
        loop {
            let (bytes, written) = match &mut self.state {
                State::Asking(_) => return true,
                State::Getting(bytes, written) | State::Watching(bytes, written, _) => (bytes, written),
            };
            let rest = bytes.get(*written..).unwrap_or_default();
            if !rest.is_empty() {
                match self.transport.write(rest) {
                    None => return false,
                    Some(0) => return true,
                    Some(count) => *written = written.saturating_add(count),
                }
                continue;
            }
            let State::Watching(bytes, written, next) = &mut self.state else {
                return false;
            };
            let Some((number, event)) = ring.from(*next) else {
                return true;
            };
            *bytes = inspect::event(event).into_bytes();
            *written = 0;
            *next = number.saturating_add(1);
        }
    }
}

fn state(reply: Reply) -> State {
    match reply {
        Reply::Whole(bytes) => State::Getting(bytes, 0),
        Reply::Events(bytes) => State::Watching(bytes, 0, 0),
    }
}
