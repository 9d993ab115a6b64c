//! The driver without a host: only the library, with a constant time.

use crate::case::Case;
use crate::check::{self, PROBE, failure};
use crate::served::{MemoryFile, tree};
use aula::catalogue::Lang;
use aula::exchange::{self, Detail, Exchange, ExchangeResult, Now};
use aula::http::UnixTime;
use aula::http1::{Chunk, Connection, Interest};
use aula::site::memory::Memory;
use aula::time::Instant;
use aula::trace::{self, Completed, Event, Form, Observer, Peer, Slot, Style};
use std::rc::Rc;

/// The time of every conversation: `Sun, 09 Sep 2001 01:46:40 GMT`.
const NOW: Now = Now {
    instant: Instant::ORIGIN,
    unix: UnixTime {
        seconds: 1_000_000_000,
        nanoseconds: 0,
    },
};

/// The width of the terminal for which the trace is rendered.
const WIDTH: usize = 80;

thread_local! {
    /// The folder in memory.
    static TREE: Memory<MemoryFile> = tree();
}

/// Runs a case whole, byte by byte, and traced, and returns what was wrong. All three must give exactly the same bytes.
pub fn check(case: &Case) -> Vec<String> {
    let mut failures = Vec::new();
    let (whole, is_open) = talk(case, usize::MAX, Detail::None);
    if let Err(wrong) = check::check(case, &whole, NOW.unix.seconds) {
        failures.push(failure(case, "the library", &wrong, &whole));
    } else if is_open {
        failures.push(failure(case, "the library", "the connection is still open", &whole));
    }
    let (dripped, _) = talk(case, 1, Detail::Log);
    if dripped != whole {
        let wrong = "byte by byte, the response differs from this one:";
        failures.push(failure(case, "the library", wrong, &dripped));
    }
    let (traced, _) = talk(case, usize::MAX, Detail::Trace);
    if traced != whole {
        let wrong = "traced, the response differs from this one:";
        failures.push(failure(case, "the library", wrong, &traced));
    }
    failures
}

/// Runs the conversation in pieces of `piece` bytes, and records its exchanges in this detail. Returns everything that
/// comes back, and whether the connection is still open.
fn talk(case: &Case, piece: usize, wanted: Detail) -> (Vec<u8>, bool) {
    let (rules, site) = case.setup.values();
    let mut connection: Connection<MemoryFile> = Connection::new(Rc::new(rules), NOW.instant);
    let mut output = Vec::new();
    let serve = |connection: &mut Connection<MemoryFile>, output: &mut Vec<u8>| {
        loop {
            match TREE.with(|tree| exchange::respond(connection, &site, tree, NOW, false, wanted)) {
                ExchangeResult::Responded(exchange) => {
                    assert_eq!(exchange.is_some(), wanted > Detail::None, "{}", case.id);
                    exchange.iter().for_each(|exchange| check_trace(case, exchange, wanted));
                }
                ExchangeResult::NoRequest if connection.interest() == Interest::Write => {}
                ExchangeResult::NoRequest => break,
            }
            let bytes = pending(connection);
            connection.sent(bytes.len(), NOW.instant);
            output.extend(bytes);
        }
    };
    let probe = if case.closes { &[][..] } else { PROBE };
    for (place, send) in case.sends.iter().map(Vec::as_slice).chain([probe]).enumerate() {
        assert!(
            place == 0 || send.is_empty() || !output.is_empty(),
            "{}: there is no response to wait for",
            case.id
        );
        for bytes in send.chunks(piece) {
            connection.receive(bytes, NOW.instant);
            serve(&mut connection, &mut output);
        }
    }
    if case.ends {
        connection.receive_eof(NOW.instant);
        serve(&mut connection, &mut output);
    }
    (
        output,
        matches!(connection.interest(), Interest::Read | Interest::Respond),
    )
}

/// Checks that the trace of every exchange fits the terminal, points at the bytes that it names, and exists only if it
/// is wanted.
fn check_trace(case: &Case, exchange: &Exchange, wanted: Detail) {
    let peer = Peer {
        connection: 1,
        remote: None,
        local: None,
    };
    let slot = Slot {
        number: 1,
        taken: 1,
        of: 10,
        waiting: Vec::new(),
    };
    let observed = Observer::new(peer).responded(exchange, slot, Vec::new());
    let event = Event::Completed(Completed {
        exchange,
        observed: &observed,
        content_sent: 0,
    });
    let render = |form, lang| {
        let style = Style {
            form,
            lang,
            is_coloured: false,
            filter: None,
            began: NOW,
        };
        trace::render(&style, &peer, NOW.instant, &event)
    };
    for lang in Lang::ALL {
        let text = [Form::Short, Form::Text, Form::Full]
            .map(|form| render(form, lang))
            .concat();
        let json = render(Form::Json, lang);
        assert_eq!(text.is_empty(), wanted < Detail::Trace, "{}: {text}", case.id);
        assert_eq!(
            json.lines().count(),
            usize::from(wanted == Detail::Trace),
            "{}",
            case.id
        );
        for line in text.lines() {
            let is_shown = line.chars().all(|character| !character.is_control());
            assert!(line.chars().count() <= WIDTH && is_shown, "{}: {line:?}", case.id);
        }
    }
    let Some(details) = &exchange.details else {
        return;
    };
    for line in details.head.lines() {
        let name = &details.received[line.name.clone()];
        let colon = details.received[line.name.end];
        assert!(!name.is_empty() && colon == b':', "{}: {line:?}", case.id);
    }
}

fn pending(connection: &Connection<MemoryFile>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for chunk in connection.transmit() {
        match chunk {
            Chunk::Bytes(run) => bytes.extend_from_slice(run),
            Chunk::Slice { file, offset, length } => bytes.extend(file.read(offset, length)),
        }
    }
    bytes
}
