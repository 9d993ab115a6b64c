//! The listener of `--inspect` and its viewers. Their connections are not clients of the server, so they are neither
//! counted nor traced. [`aula::inspect`] decides what they get.
//!
//! A viewer that does not read costs nothing: its position in the ring of events is a number, and events that it misses
//! are lost.

use super::flush::Flush;
use aula::catalogue::Lang;
use aula::http1::{Connection, Event, Rules};
use aula::inspect::{self, Reply, Ring};
use aula::time::Instant;
use aula_io::listen::{Listener, RETRY_AFTER};
use aula_io::transport::{Arrived, Transport};
use std::rc::Rc;
use std::time::Duration;
use wasi::io::poll::Pollable;

/// The maximum number of connections: a browser opens some for the files of the page, and one for the events.
const MOST: usize = 32;

/// How many bytes of a request are read at once.
const READ: u64 = 4096;

/// How long a closed viewer has to read its last bytes.
const FLUSH: Duration = Duration::from_secs(5);

/// The listener and the viewers.
pub struct Inspect {
    pub listener: Listener,
    /// The listener is not polled until then, because accepting has failed.
    accept_from: Instant,
    viewers: Vec<Viewer>,
    rules: Rc<Rules>,
    lang: Lang,
}

struct Viewer {
    transport: Transport,
    state: State,
}

enum State {
    /// The viewer has not sent its request yet.
    Asking(Box<Connection<()>>),
    /// The viewer gets these bytes, of which this number is written; then the connection is closed.
    Getting(Vec<u8>, usize),
    /// The viewer gets these bytes, and then the events from this number on.
    Watching(Vec<u8>, usize, u64),
}

impl Inspect {
    /// Viewers have the same limits as clients. `lang` is the language of the events.
    pub fn new(listener: Listener, rules: Rc<Rules>, lang: Lang) -> Self {
        Self {
            listener,
            accept_from: Instant::ORIGIN,
            viewers: Vec::new(),
            rules,
            lang,
        }
    }

    /// When accepting is tried again if it has failed, otherwise never.
    pub fn retry_at(&self, now: Instant) -> Instant {
        if self.accept_from <= now {
            Instant::MAX
        } else {
            self.accept_from
        }
    }

    /// The pollables of the listener and the viewers.
    pub fn pollables(&self, ring: &Ring, now: Instant) -> impl Iterator<Item = &Pollable> {
        let viewers = self.viewers.iter().flat_map(move |viewer| {
            let has_more = match &viewer.state {
                State::Asking(_) => false,
                State::Getting(..) => true,
                State::Watching(bytes, written, next) => *written < bytes.len() || *next < ring.end(),
            };
            let writable = viewer.transport.writable_if_made().filter(|_| has_more);
            [Some(viewer.transport.readable()), writable].into_iter().flatten()
        });
        let listener = (self.accept_from <= now).then_some(&self.listener.pollable);
        listener.into_iter().chain(viewers)
    }

    /// Accepts new viewers, and serves all viewers as far as possible.
    pub fn serve(&mut self, ring: &Ring, flush: &mut Flush, now: Instant) {
        loop {
            let mut transport = match Transport::accept(&self.listener) {
                Ok(Some(transport)) => transport,
                Ok(None) => break,
                Err(_) => {
                    self.accept_from = now.saturating_add(RETRY_AFTER);
                    break;
                }
            };
            // A browser also opens connections without sending a request: the one that has waited longest is closed.
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

    /// Whether there is an event that a viewer has not got.
    pub fn is_behind(&self, ring: &Ring) -> bool {
        let is_behind = |viewer: &Viewer| matches!(&viewer.state, State::Watching(_, _, next) if *next < ring.end());
        self.viewers.iter().any(is_behind)
    }
}

impl Viewer {
    /// Serves a viewer as far as possible. Returns false when the connection is over.
    fn serve(&mut self, ring: &Ring, lang: Lang, now: Instant) -> bool {
        match self.transport.read(READ) {
            Arrived::Nothing => {}
            Arrived::Bytes(bytes) => {
                // A viewer sends nothing after its request.
                if let State::Asking(connection) = &mut self.state {
                    connection.receive(bytes, now);
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
