//! Plays scripts: does each step, and meanwhile records whatever arrives on any open connection.

use super::connection::Connection;
use aula::catalogue::Text;
use aula::time::Instant;
use aula_checker::script::{End, LONGEST_READ, Script, ServerTraits, Step, Transcript, Transcripts, Until};
use aula_io::transport::Transport;
use std::net::SocketAddr;
use std::ops::Range;
use std::time::Duration;
use wasi::clocks::monotonic_clock::{self, subscribe_instant};
use wasi::io::poll::poll;

/// How long to wait between two attempts to reach a server that is to be stopped or started.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// How long one such attempt may take.
const LOOK: Duration = Duration::from_secs(1);

/// Plays scripts against one server.
pub struct Player<Say> {
    /// The possible addresses of the server; after the first connection, only the one that accepted.
    addresses: Vec<SocketAddr>,
    /// Prints a message for the person at the terminal.
    say: Say,
    connections: Vec<Option<Connection>>,
    /// What is known about the server.
    traits: ServerTraits,
    /// Closed connections whose last bytes the host has still to send: dropping one would wait until they are read.
    flushing: Vec<Transport>,
}

impl<Say: FnMut(Text)> Player<Say> {
    /// For the server at the first of these addresses that accepts a connection.
    pub fn new(addresses: Vec<SocketAddr>, say: Say) -> Self {
        Self {
            addresses,
            say,
            connections: Vec::new(),
            traits: ServerTraits::default(),
            flushing: Vec::new(),
        }
    }

    /// Plays a script in which a client has made connection 0.
    pub fn serve(&mut self, client: Connection, script: &Script, timeout: Duration) -> Transcripts {
        self.connections.push(Some(client));
        self.play(script, timeout)
    }

    /// Plays a script. `timeout` is how long it waits for bytes that do not come.
    pub fn play(&mut self, script: &Script, timeout: Duration) -> Transcripts {
        for step in &script.steps {
            self.step(step, timeout);
        }
        for number in 0..self.connections.len() {
            self.close(number);
        }
        let transcript = |connection: Option<Connection>| connection.map(|connection| connection.transcript);
        let transcripts = self
            .connections
            .drain(..)
            .map(|each| transcript(each).unwrap_or_default());
        Transcripts(transcripts.collect())
    }

    fn step(&mut self, step: &Step, timeout: Duration) {
        match step {
            Step::Open(number) => self.open(*number),
            Step::Send(number, bytes) => {
                if let Some(connection) = self.connection(*number) {
                    connection.send(bytes);
                }
            }
            Step::Pause(length) => {
                self.wait(timeout, |connections, _| {
                    connections.iter().flatten().any(Connection::is_sending)
                });
                self.wait(*length, |_, _| true);
            }
            Step::Read(numbers, until) => self.read(numbers, *until, timeout),
            Step::EndSending(number) => {
                if let Some(connection) = self.connection(*number) {
                    connection.end_sending();
                }
            }
            Step::Close(number) => {
                self.wait(timeout, |connections, _| is_sending(connections, *number));
                self.close(*number);
            }
            Step::Say(text) => (self.say)(*text),
            Step::Await {
                connection,
                request,
                is_there,
                within,
            } => self.await_server(*connection, request, *is_there, *within),
        }
    }

    fn open(&mut self, number: usize) {
        while self.connections.len() <= number {
            self.connections.push(None);
        }
        if let Some(connection) = self.connections.get_mut(number) {
            *connection = Some(Connection::open(&self.addresses));
        }
    }

    fn connection(&mut self, number: usize) -> Option<&mut Connection> {
        self.connections.get_mut(number)?.as_mut()
    }

    fn close(&mut self, number: usize) {
        let closed = self.connection(number).and_then(Connection::close);
        self.flushing.extend(closed);
        self.flushing.retain(Transport::has_unsent);
    }

    /// Reads until each of these connections is done: it is over, or nothing has come for long enough.
    fn read(&mut self, numbers: &Range<usize>, until: Until, timeout: Duration) {
        let start = now();
        let traits = self.traits;
        self.wait_until(start.saturating_add(LONGEST_READ), |connections, now| {
            let read = || connections.iter().skip(numbers.start).take(numbers.len()).flatten();
            // While other connections are being served, one without a response may still wait for its turn.
            let any_arrival = read().filter_map(|connection| connection.last_arrival).max();
            let expiry = |connection: &Connection| {
                let received = &connection.transcript.received;
                let last = if received.is_empty() {
                    any_arrival
                } else {
                    connection.last_arrival
                };
                let silent_since = last.unwrap_or(start).max(start);
                silent_since.saturating_add(until.timeout(received, timeout, traits))
            };
            let open = read().filter(|connection| !connection.is_over());
            open.map(expiry).filter(|&expiry| expiry > now).min()
        });
        let read = self
            .connections
            .iter()
            .skip(numbers.start)
            .take(numbers.len())
            .flatten();
        for connection in read.filter(|connection| !connection.is_over()) {
            let received = &connection.transcript.received;
            self.traits.leaves_open |= until.is_met(received);
            self.traits.never_closes |= until == Until::End && !received.is_empty();
            self.traits.stalls |= until == Until::Response && !received.is_empty() && !until.is_met(received);
        }
    }

    /// Sends requests until there is a response; or, if the server is to be stopped, until connections are refused.
    fn await_server(&mut self, number: usize, request: &[u8], is_there: bool, within: Duration) {
        let limit = now().saturating_add(within);
        loop {
            self.open(number);
            if let Some(connection) = self.connection(number) {
                connection.send(request);
            }
            self.read(&(number..number.saturating_add(1)), Until::Response, LOOK);
            self.close(number);
            let seen = self.connection(number).map(|connection| &connection.transcript);
            let is_as_wanted = seen.is_some_and(|Transcript { received, end, .. }| {
                if is_there {
                    !received.is_empty()
                } else {
                    *end == End::Refused
                }
            });
            if is_as_wanted || now() >= limit {
                return;
            }
            self.wait(LOOK_AGAIN, |_, _| true);
        }
    }

    /// Continues while `is_wanted` returns true, but no longer than `limit`.
    fn wait(&mut self, limit: Duration, is_wanted: impl Fn(&[Option<Connection>], Instant) -> bool) {
        let limit = now().saturating_add(limit);
        self.wait_until(limit, |connections, now| is_wanted(connections, now).then_some(limit));
    }

    /// Serves all connections until `next` returns `None`, or until the limit. Otherwise `next` returns when it must be
    /// called again at the latest.
    fn wait_until(&mut self, limit: Instant, next: impl Fn(&[Option<Connection>], Instant) -> Option<Instant>) {
        loop {
            let time = now();
            for connection in self.connections.iter_mut().flatten() {
                if let Some(address) = connection.progress(time) {
                    self.addresses = vec![address];
                }
            }
            let Some(wake) = next(&self.connections, time).filter(|_| time < limit) else {
                return;
            };
            let alarm = subscribe_instant(wake.min(limit).as_nanos());
            let connections = self.connections.iter().flatten();
            let mut pollables: Vec<_> = connections.flat_map(Connection::pollables).collect();
            pollables.push(&alarm);
            poll(&pollables);
        }
    }
}

impl<Say> Drop for Player<Say> {
    fn drop(&mut self) {
        // A server that does not read must not keep the program from ending, so these are not dropped.
        self.flushing.drain(..).for_each(std::mem::forget);
    }
}

fn is_sending(connections: &[Option<Connection>], number: usize) -> bool {
    let connection = connections.get(number).and_then(Option::as_ref);
    connection.is_some_and(Connection::is_sending)
}

fn now() -> Instant {
    Instant::from_nanos(monotonic_clock::now())
}
