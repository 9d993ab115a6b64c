//! How the trace for people is laid out: what a line says of a connection, columns, colours, what is folded.

use super::*;
use crate::http1::rules::default_rules;

/// A client, and a server whose address the host could not tell.
const PEER: Peer = Peer {
    connection: 12,
    remote: Some(SocketAddr::new(
        std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
        50000,
    )),
    local: None,
};

fn slot(number: usize, taken: usize, of: usize) -> Slot {
    Slot {
        number,
        taken,
        of,
        waiting: Vec::new(),
    }
}

/// What is told of an event of a connection, without the line that fills a heading up.
fn tell_event(form: Form, happening: Happening<'_>) -> String {
    let told = tell(&style(form, Lang::En), &PEER, NOW.instant, &happening);
    told.replace('─', "").replace(" \n", "\n")
}

#[test]
fn a_slot_is_told_where_it_matters_which_one_it_is() {
    // It matters to those who look at everything, where there are few of them, and where all are taken.
    for (form, slot, expected) in [
        (Form::Text, slot(3, 4, 10), ": accepted in place 3 of 10 (taken: 4)\n"),
        (
            Form::Text,
            slot(10, 10, 10),
            ": accepted in place 10 of 10 (taken: 10)\n",
        ),
        (Form::Text, slot(3, 4, 64), ": accepted in place 3 of 64 (taken: 4)\n"),
        (Form::Text, slot(3, 4, 65), ": accepted\n"),
        (Form::Full, slot(3, 4, 65), ": accepted in place 3 of 65 (taken: 4)\n"),
        (Form::Text, slot(3, 64, 65), ": accepted\n"),
        (Form::Text, slot(3, 65, 65), ": accepted in place 3 of 65 (taken: 65)\n"),
        (
            Form::Text,
            slot(66, 65, 65),
            ": no place is free (65 of 65 are taken)\n",
        ),
        (
            Form::Short,
            slot(3, 4, 64),
            "accepted from 127.0.0.1:50000, place 3 of 64\n",
        ),
        (Form::Short, slot(3, 4, 65), "accepted from 127.0.0.1:50000\n"),
        (
            Form::Short,
            slot(65, 65, 65),
            "accepted from 127.0.0.1:50000, place 65 of 65\n",
        ),
        (
            Form::Short,
            slot(66, 65, 65),
            "accepted from 127.0.0.1:50000, no place is free (65 of 65 are tak…\n",
        ),
    ] {
        let told = tell_event(form, Happening::Accepted(&slot));
        assert!(
            told.lines()
                .next()
                .is_some_and(|line| format!("{line}\n").ends_with(expected)),
            "{expected:?}: {told}"
        );
        if form != Form::Short {
            assert!(told.ends_with("\n          127.0.0.1:50000 -> ?\n"), "{told}");
        }
    }
}

#[test]
fn the_end_of_a_connection_is_told_with_its_reason() {
    for (end, expected) in [
        (
            End::ClientEnded,
            " +1.000, connection 12: closed by the client\n          the client ended its side, and nothing is left to answer\n          \
             (RFC 9112 section 9.6)\n",
        ),
        (
            End::Silent,
            " +1.000, connection 12: closed by the server\n          the client opened it and said nothing (RFC 9112 section 9.5)\n",
        ),
    ] {
        assert_eq!(tell_event(Form::Text, Happening::Ended(end)), expected);
    }
}

#[test]
fn an_event_in_json_has_who_and_when() {
    let style = Style {
        began: Now {
            unix: UnixTime {
                nanoseconds: 250_000_000,
                ..NOW.unix
            },
            ..style(Form::Json, Lang::En).began
        },
        ..style(Form::Json, Lang::En)
    };
    let told = |happening| -> serde_json::Value {
        serde_json::from_str(&tell(&style, &PEER, NOW.instant, &happening)).unwrap()
    };
    let slot = slot(3, 4, 10);
    assert_eq!(
        told(Happening::Accepted(&slot)),
        serde_json::json!({
            "event": "accepted", "at": 1000.0, "time": 1_000_000_001.25, "connection": 12, "remote": "127.0.0.1:50000",
            "local": null, "slot": { "number": 3, "of": 10, "taken": 4, "waiting": [] },
        })
    );
    let end = |by, end: End| {
        serde_json::json!({
            "event": "ended", "at": 1000.0, "time": 1_000_000_001.25, "connection": 12, "remote": "127.0.0.1:50000",
            "local": null, "end": { "by": by, "reason": end.reason().get(Lang::En), "rule": end.section() },
        })
    };
    assert_eq!(
        told(Happening::Ended(End::ClientEnded)),
        end("client", End::ClientEnded)
    );
    assert_eq!(told(Happening::Ended(End::Silent)), end("server", End::Silent));
}

/// A request with something too long for a line in each of its parts.
fn long_request() -> String {
    let name = "n".repeat(100);
    format!(
        "GET /{name}?{name} HTTP/1.1\r\nHost: a\r\nsec-{name}: 1\r\nsec-b: 2\r\nX: {}\r\n\r\n",
        "value ".repeat(30)
    )
}

#[test]
fn no_line_has_more_than_80_columns_and_long_ones_have_as_many() {
    let request = long_request();
    let mut exchange = exchange(request.as_bytes());
    exchange.at.instant = exchange.at.instant + Duration::from_secs(100_000_000);
    exchange.explanation = crate::http1::Reject::TooManyFields.explanation();
    let reads = [30; 20];
    for form in [Form::Text, Form::Full] {
        let told = tell_exchange(&style(form, Lang::En), &exchange, &reads, &[]);
        for line in told.lines() {
            assert!(line.chars().count() <= 80, "{line}\n{told}");
        }
        let x = "n".repeat(80);
        let cut = |start: &str, columns: usize| {
            let kept = start.chars().chain(x.chars()).take(columns - 1);
            format!("\n{}…", kept.collect::<String>())
        };
        let full = [
            // Bytes, in rows.
            format!("\n       0  GET /{}\n", "n".repeat(65)),
            // A token.
            cut("       4  target   /", 80),
        ];
        let short = [
            cut("     226  sec-", 80),
            // A third of a line for each token.
            format!(
                "\nparsed: method GET, target /{}…, version HTTP/1.1, 4 fiel…\n",
                "n".repeat(24)
            ),
        ];
        let both = [
            // A line of its own.
            cut("          decoded, its dots resolved: ", 80),
            // Half a line for a name, so that what was seen stands beside it.
            format!("{}  nothing\n", cut("          ", 50)),
            // Sentences break between words.
            "\n          in 18 reads: 30 bytes at +1.000, 30 bytes at +2.000, 30 bytes at\n          +3.000,"
                .to_owned(),
            "\n          head 17000.000, response 100000000000.000, sent 100000000001.000 to\n".to_owned(),
        ];
        for part in both.iter().chain(if form == Form::Full { &full } else { &short }) {
            assert!(told.contains(part), "{part:?} in\n{told}");
        }
    }
}

#[test]
fn fields_with_which_a_browser_describes_itself_are_folded_where_several_stand_together() {
    let fields = |lines: &str| format!("GET /text/ HTTP/1.1\r\nHost: a\r\n{lines}\r\n");
    for (lines, folds) in [
        (
            "Sec-A: 1\r\nSEC-B: 2\r\n",
            &["Sec-A ... and 1 more of the kind, 20 bytes in all"][..],
        ),
        ("Sec-A: 1\r\n", &[]),
        ("Sec: 1\r\nSec: 2\r\n", &[]),
        ("Sec-A: 1\r\nX: y\r\nSec-B: 2\r\n", &[]),
        (
            "Sec-A: 1\r\nSec-B: 2\r\nX: y\r\nSec-C: 3\r\nX: y\r\nSec-D: 4\r\nSec-E: 5\r\nSec-F: 6\r\n",
            &[
                "Sec-A ... and 1 more of the kind, 20 bytes in all",
                "Sec-D ... and 2 more of the kind, 30 bytes in all",
            ],
        ),
    ] {
        let request = fields(lines);
        let told = tell_of(Form::Text, Lang::En, request.as_bytes(), &[]);
        assert_eq!(told.matches(" ... and ").count(), folds.len(), "{told}");
        for fold in folds {
            assert!(told.contains(fold), "{fold} in\n{told}");
        }
        let full = tell_of(Form::Full, Lang::En, request.as_bytes(), &[]);
        assert_eq!(full.matches(" ... and ").count(), 0, "{full}");
    }
    // Of a head that was refused, every line is shown.
    let refused = fields("Sec-A: 1\r\nSec-B: 2\r\nX : y\r\n");
    let told = tell_of(Form::Text, Lang::En, refused.as_bytes(), &[]);
    assert!(told.contains("Sec-B: 2\\r\\n\n"), "{told}");
}

#[test]
fn a_fault_is_pointed_at_where_it_stands_and_named_below_its_last_row() {
    // What is beyond the limit of 8000 bytes: one byte in the middle of a row of 70.
    let long = format!("GET /{}", "a".repeat(9000));
    let told = tell_of(Form::Full, Lang::En, long.as_bytes(), &[]);
    let limit = default_rules().limits.request_line;
    let carets = format!("\n{}^", " ".repeat(10 + limit % 70));
    assert!(told.contains(&carets), "{carets:?} in\n{told}");
    // A field line over three rows.
    let line = format!("X no {}", "y".repeat(149));
    let request = format!("GET / HTTP/1.1\r\n{line}\r\nHost: a\r\n\r\n");
    let told = tell_of(Form::Full, Lang::En, request.as_bytes(), &[]);
    let carets = |count: usize| format!("\n          {}\n", "^".repeat(count));
    let expected = format!(
        "{}     156  {}\\r\\n{}          refused at this line\n",
        carets(70),
        "y".repeat(14),
        carets(14)
    );
    assert!(told.contains(&expected), "{expected}\nin\n{told}");
    assert_eq!(told.matches("refused at this line").count(), 1, "{told}");
}

#[test]
fn colours_say_what_a_token_is_and_how_it_ended() {
    let coloured = |form| Style {
        is_coloured: true,
        ..style(form, Lang::En)
    };
    let told = |form, request: &str| tell_in(&coloured(form), request.as_bytes(), &[]).replace('\x1b', "~");
    for (request, line) in [
        (
            "GET /text/ HTTP/1.0\r\n\r\n",
            "~[32mGET /text/ -> 200, 5 bytes, 2.5 ms, ends~[0m\n",
        ),
        (
            "GET /none HTTP/1.0\r\n\r\n",
            "~[33mGET /none -> 404, 5 bytes, 2.5 ms, ends~[0m\n",
        ),
        (
            "MAKE / HTTP/1.0\r\n\r\n",
            "~[31mMAKE / -> 501, 5 bytes, 2.5 ms, ends~[0m\n",
        ),
    ] {
        assert_eq!(told(Form::Short, request), format!("~[2m+1.002~[0m c7.2   {line}"));
    }
    let told = told(Form::Text, "GET /text/ HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n");
    for part in [
        "~[1m── +1.000, connection 7, exchange 2, place 3 of 10 ─",
        "~[36mreceived: ",
        "~[2m       0~[0m  ~[33mGET~[0m ~[35m/text/~[0m ~[36mHTTP/1.1~[0m~[2m\\r\\n~[0m\n",
        "  ~[32mHost~[0m: a~[2m\\r\\n~[0m\n",
        "\n           ~[31m^~[0m\n          ~[31mrefused at this line~[0m\n",
        "~[33mdecided: 400 Bad Request~[0m\n",
    ] {
        assert!(told.contains(part), "{part} in\n{told}");
    }
}

#[test]
fn the_reads_of_a_request_are_counted_from_its_first_byte() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
    let first = exchange(format!("{head}hello").as_bytes());
    let second = exchange(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    let mut observer = Observer::new(PEER);
    let at = |seconds| NOW.instant + Duration::from_secs(seconds);
    let read = |seconds, bytes| Read { at: at(seconds), bytes };
    // The content comes with the second read, and the next request with the third and fourth.
    for (seconds, count) in [(1, 40), (2, head.len() + 5 - 40), (3, 20), (4, 8)] {
        observer.received(count, at(seconds));
    }
    let slot = slot(1, 1, 1);
    let observed = observer.answered(&first, slot.clone(), Vec::new());
    assert_eq!(observed.reads, [read(1, 0..40), read(2, 40..head.len())]);
    let observed = observer.answered(&second, slot.clone(), Vec::new());
    assert_eq!(observed.reads, [read(3, 0..20), read(4, 20..27)]);
    // The last one brought the first byte of a third request too.
    observer.received(3, at(5));
    let observed = observer.answered(&second, slot, Vec::new());
    assert_eq!(observed.reads, [read(4, 0..1), read(5, 1..4)]);
}
