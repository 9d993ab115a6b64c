//! The driver without a host: the library alone, on a clock that stands still.

use crate::case::Case;
use crate::check::{PROBE, check, failure};
use crate::served::{Memory, MemoryFile};
use aula::exchange::{self, Now};
use aula::http::UnixTime;
use aula::http1::{Chunk, Connection, Interest};
use std::rc::Rc;

/// The time of every conversation: `Sun, 09 Sep 2001 01:46:40 GMT`.
const NOW: Now = Now {
    instant: 0,
    unix: UnixTime {
        seconds: 1_000_000_000,
        nanoseconds: 0,
    },
};

/// Runs every case whole and byte by byte, and says what was wrong. Both must come to the very same bytes.
pub fn run(cases: &[Case]) -> Vec<String> {
    let mut failures = Vec::new();
    for case in cases {
        let (whole, is_open) = talk(case, usize::MAX);
        if let Err(wrong) = check(case, &whole, NOW.unix.seconds) {
            failures.push(failure(case, "the library", &wrong, &whole));
        } else if is_open {
            failures.push(failure(case, "the library", "the connection is still open", &whole));
        }
        let (dripped, _) = talk(case, 1);
        if dripped != whole {
            let wrong = "byte by byte, the answer is another than this one:";
            failures.push(failure(case, "the library", wrong, &dripped));
        }
    }
    failures
}

/// Has the conversation, in pieces of so many bytes: all that comes back, and whether the connection is open still.
fn talk(case: &Case, piece: usize) -> (Vec<u8>, bool) {
    let (rules, site) = case.setup.values();
    let mut connection: Connection<MemoryFile> = Connection::new(Rc::new(rules), NOW.instant);
    let mut output = Vec::new();
    let serve = |connection: &mut Connection<MemoryFile>, output: &mut Vec<u8>| {
        while exchange::answer(connection, &site, &Memory, NOW, false).is_some()
            || connection.interest() == Interest::Write
        {
            let bytes = pending(connection);
            connection.sent(bytes.len(), NOW.instant);
            output.extend(bytes);
        }
    };
    let probe = if case.closes { &[][..] } else { PROBE };
    for (place, send) in case.sends.iter().map(Vec::as_slice).chain([probe]).enumerate() {
        assert!(
            place == 0 || send.is_empty() || !output.is_empty(),
            "{}: no answer to wait for",
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
