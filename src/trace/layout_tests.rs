//! The layout of the trace for people: lines about a connection, columns, colours, and what is folded.

use super::*;
use crate::http1::rules::default_rules;

/// A client, and a server whose address the host does not know.
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

/// The trace of an event of a connection, without the line that fills up a heading.
fn render_peer_event(form: Form, event: Event<'_>) -> String {
    let rendered = render(&style(form, Lang::En), &PEER, NOW.instant, &event);
    rendered.replace('─', "").replace(" \n", "\n")
}

#[test]
fn a_slot_is_shown_if_it_matters_which_one_it_is() {
    // It matters in the full form, if there are few slots, and if all are taken.
    for (form, slot, expected) in [
        (Form::Text, slot(3, 4, 10), ": accepted in slot 3 of 10 (taken: 4)\n"),
        (
            Form::Text,
            slot(10, 10, 10),
            ": accepted in slot 10 of 10 (taken: 10)\n",
        ),
        (Form::Text, slot(3, 4, 64), ": accepted in slot 3 of 64 (taken: 4)\n"),
        (Form::Text, slot(3, 4, 65), ": accepted\n"),
        (Form::Full, slot(3, 4, 65), ": accepted in slot 3 of 65 (taken: 4)\n"),
        (Form::Text, slot(3, 64, 65), ": accepted\n"),
        (Form::Text, slot(3, 65, 65), ": accepted in slot 3 of 65 (taken: 65)\n"),
        (Form::Text, slot(66, 65, 65), ": no slot is free (65 of 65 are taken)\n"),
        (
            Form::Short,
            slot(3, 4, 64),
            "accepted from 127.0.0.1:50000, slot 3 of 64\n",
        ),
        (Form::Short, slot(3, 4, 65), "accepted from 127.0.0.1:50000\n"),
        (
            Form::Short,
            slot(65, 65, 65),
            "accepted from 127.0.0.1:50000, slot 65 of 65\n",
        ),
        (
            Form::Short,
            slot(66, 65, 65),
            "accepted from 127.0.0.1:50000, no slot is free (65 of 65 are take…\n",
        ),
    ] {
        let rendered = render_peer_event(form, Event::Accepted(&slot));
        assert!(
            rendered
                .lines()
                .next()
                .is_some_and(|line| format!("{line}\n").ends_with(expected)),
            "{expected:?}: {rendered}"
        );
        if form != Form::Short {
            assert!(rendered.ends_with("\n          127.0.0.1:50000 -> ?\n"), "{rendered}");
        }
    }
}

#[test]
fn the_close_of_a_connection_is_shown_with_its_reason() {
    for (end, expected) in [
        (
            CloseReason::ClientEnded,
            " +1.000, connection 12: closed by the client\n          the client closed its side, and no request is left\n          \
             (RFC 9112 section 9.6)\n",
        ),
        (
            CloseReason::NoRequest,
            " +1.000, connection 12: closed by the server\n          the client opened the connection and sent nothing\n          \
             (RFC 9112 section 9.5)\n",
        ),
    ] {
        assert_eq!(render_peer_event(Form::Text, Event::Closed(end)), expected);
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
    let rendered =
        |event| -> serde_json::Value { serde_json::from_str(&render(&style, &PEER, NOW.instant, &event)).unwrap() };
    let slot = slot(3, 4, 10);
    assert_eq!(
        rendered(Event::Accepted(&slot)),
        serde_json::json!({
            "event": "accepted", "at": 1000.0, "time": 1_000_000_001.25, "connection": 12, "remote": "127.0.0.1:50000",
            "local": null, "slot": { "number": 3, "of": 10, "taken": 4, "waiting": [] },
        })
    );
    let end = |by, reason: CloseReason| {
        serde_json::json!({
            "event": "closed", "at": 1000.0, "time": 1_000_000_001.25, "connection": 12, "remote": "127.0.0.1:50000",
            "local": null, "close": { "by": by, "reason": reason.explanation().get(Lang::En), "rule": reason.section() },
        })
    };
    assert_eq!(
        rendered(Event::Closed(CloseReason::ClientEnded)),
        end("client", CloseReason::ClientEnded)
    );
    assert_eq!(
        rendered(Event::Closed(CloseReason::NoRequest)),
        end("server", CloseReason::NoRequest)
    );
}

/// A request in which each part is too long for a line.
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
    exchange.explanation = crate::http1::Rejection::TooManyFields.explanation();
    let reads = [30; 20];
    for form in [Form::Text, Form::Full] {
        let rendered = render_exchange(&style(form, Lang::En), &exchange, &reads, &[]);
        for line in rendered.lines() {
            assert!(line.chars().count() <= 80, "{line}\n{rendered}");
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
            cut("          after decoding and removing dot segments: ", 80),
            // A name has half a line, so that the result fits after it.
            format!("{}  nothing\n", cut("          ", 50)),
            // Sentences break between words.
            "\n          in 18 reads: 30 bytes at +1.000, 30 bytes at +2.000, 30 bytes at\n          +3.000,"
                .to_owned(),
            "\n          head 17000.000, response 100000000000.000, sent 100000000001.000 to\n".to_owned(),
        ];
        for part in both.iter().chain(if form == Form::Full { &full } else { &short }) {
            assert!(rendered.contains(part), "{part:?} in\n{rendered}");
        }
    }
}

#[test]
fn consecutive_fields_with_which_a_browser_describes_itself_are_folded() {
    let fields = |lines: &str| format!("GET /text/ HTTP/1.1\r\nHost: a\r\n{lines}\r\n");
    for (lines, folds) in [
        (
            "Sec-A: 1\r\nSEC-B: 2\r\n",
            &["Sec-A ... and 1 more of this kind, 20 bytes in all"][..],
        ),
        ("Sec-A: 1\r\n", &[]),
        ("Sec: 1\r\nSec: 2\r\n", &[]),
        ("Sec-A: 1\r\nX: y\r\nSec-B: 2\r\n", &[]),
        (
            "Sec-A: 1\r\nSec-B: 2\r\nX: y\r\nSec-C: 3\r\nX: y\r\nSec-D: 4\r\nSec-E: 5\r\nSec-F: 6\r\n",
            &[
                "Sec-A ... and 1 more of this kind, 20 bytes in all",
                "Sec-D ... and 2 more of this kind, 30 bytes in all",
            ],
        ),
    ] {
        let request = fields(lines);
        let rendered = render_event(Form::Text, Lang::En, request.as_bytes(), &[]);
        assert_eq!(rendered.matches(" ... and ").count(), folds.len(), "{rendered}");
        for fold in folds {
            assert!(rendered.contains(fold), "{fold} in\n{rendered}");
        }
        let full = render_event(Form::Full, Lang::En, request.as_bytes(), &[]);
        assert_eq!(full.matches(" ... and ").count(), 0, "{full}");
    }
    // Every line of a rejected head is shown.
    let rejected = fields("Sec-A: 1\r\nSec-B: 2\r\nX : y\r\n");
    let rendered = render_event(Form::Text, Lang::En, rejected.as_bytes(), &[]);
    assert!(rendered.contains("Sec-B: 2\\r\\n\n"), "{rendered}");
}

#[test]
fn carets_point_at_a_fault_and_its_name_is_below_the_last_row() {
    // The byte that exceeds the limit of 8000 bytes is in the middle of a row of 70.
    let long = format!("GET /{}", "a".repeat(9000));
    let rendered = render_event(Form::Full, Lang::En, long.as_bytes(), &[]);
    let limit = default_rules().limits.request_line;
    let carets = format!("\n{}^", " ".repeat(10 + limit % 70));
    assert!(rendered.contains(&carets), "{carets:?} in\n{rendered}");
    // A field line over three rows.
    let line = format!("X no {}", "y".repeat(149));
    let request = format!("GET / HTTP/1.1\r\n{line}\r\nHost: a\r\n\r\n");
    let rendered = render_event(Form::Full, Lang::En, request.as_bytes(), &[]);
    let carets = |count: usize| format!("\n          {}\n", "^".repeat(count));
    let expected = format!(
        "{}     156  {}\\r\\n{}          rejected because of these bytes\n",
        carets(70),
        "y".repeat(14),
        carets(14)
    );
    assert!(rendered.contains(&expected), "{expected}\nin\n{rendered}");
    assert_eq!(
        rendered.matches("rejected because of these bytes").count(),
        1,
        "{rendered}"
    );
}

#[test]
fn colours_show_the_kind_of_a_token_and_the_class_of_the_status() {
    let coloured = |form| Style {
        is_coloured: true,
        ..style(form, Lang::En)
    };
    let rendered = |form, request: &str| render_in(&coloured(form), request.as_bytes(), &[]).replace('\x1b', "~");
    for (request, line) in [
        (
            "GET /text/ HTTP/1.0\r\n\r\n",
            "~[32mGET /text/ -> 200, 5 bytes, 2.5 ms, closed~[0m\n",
        ),
        (
            "GET /none HTTP/1.0\r\n\r\n",
            "~[33mGET /none -> 404, 5 bytes, 2.5 ms, closed~[0m\n",
        ),
        (
            "MAKE / HTTP/1.0\r\n\r\n",
            "~[31mMAKE / -> 501, 5 bytes, 2.5 ms, closed~[0m\n",
        ),
    ] {
        assert_eq!(rendered(Form::Short, request), format!("~[2m+1.002~[0m c7.2   {line}"));
    }
    let rendered = rendered(Form::Text, "GET /text/ HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n");
    for part in [
        "~[1m── +1.000, connection 7, exchange 2, slot 3 of 10 ─",
        "~[36mreceived: ",
        "~[2m       0~[0m  ~[33mGET~[0m ~[35m/text/~[0m ~[36mHTTP/1.1~[0m~[2m\\r\\n~[0m\n",
        "  ~[32mHost~[0m: a~[2m\\r\\n~[0m\n",
        "\n           ~[31m^~[0m\n          ~[31mrejected because of these bytes~[0m\n",
        "~[33mdecided: 400 Bad Request~[0m\n          There is whitespace",
    ] {
        assert!(rendered.contains(part), "{part} in\n{rendered}");
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
    let observed = observer.responded(&first, slot.clone(), Vec::new());
    assert_eq!(observed.reads, [read(1, 0..40), read(2, 40..head.len())]);
    let observed = observer.responded(&second, slot.clone(), Vec::new());
    assert_eq!(observed.reads, [read(3, 0..20), read(4, 20..27)]);
    // The last read also brought the first byte of a third request.
    observer.received(3, at(5));
    let observed = observer.responded(&second, slot, Vec::new());
    assert_eq!(observed.reads, [read(4, 0..1), read(5, 1..4)]);
}

#[test]
fn fields_and_content_are_mentioned_if_there_are_any() {
    for (request, parsed, content) in [
        (
            "GET /none HTTP/1.0\r\n\r\n",
            "parsed: method GET, target /none, version HTTP/1.0\n",
            false,
        ),
        (
            "POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello",
            "parsed: method POST, target /, version HTTP/1.0, 1 fields\n",
            true,
        ),
    ] {
        let rendered = render_in(&style(Form::Text, Lang::En), request.as_bytes(), &[]);
        assert!(rendered.contains(parsed), "{parsed} in\n{rendered}");
        assert_eq!(rendered.contains("and 5 bytes of content"), content, "{rendered}");
    }
}
