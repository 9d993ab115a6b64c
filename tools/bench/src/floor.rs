//! The floor: a server that parses nothing and sends every client the same response, from one edge-triggered epoll
//! loop. No server on this machine can need less, so the costs of the others are multiples of it.
//!
//! The bench runs itself as `aula-bench floor ADDRESS FILE keep-alive|close`.

use anyhow::{Context, Result};
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use rustix::net::{AddressFamily, SocketFlags, SocketType, accept_with, bind, listen, socket_with, sockopt};
use std::convert::Infallible;
use std::ffi::OsString;
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// The id of the listener in epoll. The id of a connection is its index.
const LISTENER: u64 = u64::MAX;

/// Sends the bytes of the file to every client, until the process is killed.
pub(super) fn run(mut arguments: impl Iterator<Item = OsString>) -> Result<Infallible> {
    let mut next = || arguments.next()?.into_string().ok();
    let mut word = || next().context("floor ADDRESS FILE keep-alive|close");
    let (address, content, closes) = (word()?.parse::<SocketAddr>()?, fs::read(word()?)?, word()? == "close");
    let (length, close) = (content.len(), if closes { "Connection: close\r\n" } else { "" });
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nContent-Type: text/plain\r\n{close}\r\n");
    let response = [head.as_bytes(), &content].concat();

    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let listener = socket_with(AddressFamily::INET, SocketType::STREAM, flags, None)?;
    sockopt::set_socket_reuseaddr(&listener, true)?;
    bind(&listener, &address)?;
    listen(&listener, 1024)?;
    let poller = epoll::create(CreateFlags::CLOEXEC)?;
    epoll::add(&poller, &listener, EventData::new_u64(LISTENER), EventFlags::IN)?;

    let mut connections: Vec<Option<TcpStream>> = Vec::new();
    let mut free: Vec<usize> = Vec::new();
    let mut events: Vec<Event> = Vec::with_capacity(512);
    let mut buffer = vec![0; 16 * 1024];
    loop {
        events.clear();
        epoll::wait(&poller, rustix::buffer::spare_capacity(&mut events), None)?;
        for event in &events {
            let place = event.data.u64();
            if place == LISTENER {
                while let Ok(stream) = accept_with(&listener, flags) {
                    let place = free.pop().unwrap_or(connections.len());
                    let when = EventFlags::IN | EventFlags::RDHUP | EventFlags::ET;
                    epoll::add(&poller, &stream, EventData::new_u64(place as u64), when)?;
                    connections.resize_with(connections.len().max(place + 1), || None);
                    connections[place] = Some(stream.into());
                }
                continue;
            }
            let place = usize::try_from(place)?;
            let Some(stream) = &mut connections[place] else {
                continue;
            };
            // One read and one write are enough, because request and response are small.
            let is_over = match stream.read(&mut buffer) {
                Ok(0) => true,
                Ok(_) => stream.write_all(&response).is_err() || closes,
                Err(error) => error.kind() != ErrorKind::WouldBlock,
            };
            if is_over {
                connections[place] = None;
                free.push(place);
            }
        }
    }
}
