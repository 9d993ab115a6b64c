//! The trace of whole exchanges, made by the library itself and rendered in both languages and both forms.

use super::*;
use crate::escape;
use crate::exchange::{self, Detail, ExchangeResult, Now};
use crate::http::{MediaType, MediaTypeSource, UnixTime};
use crate::http1::rules::default_rules;
use crate::http1::{Connection, Pace, Rules};
use crate::site::memory::Memory;
use crate::site::{ResourcePath, Site};
use std::rc::Rc;

#[path = "layout_tests.rs"]
mod layout;

const NOW: Now = Now {
    instant: Instant::from_nanos(5_000_000_000),
    unix: UnixTime {
        seconds: 1_000_000_000,
        nanoseconds: 0,
    },
};

/// `text/`, and in it `index.html` and `data.unheard-of` with five bytes each.
fn folder() -> Memory<()> {
    let names = ["text/index.html", "text/data.unheard-of"];
    names.iter().fold(Memory::new(), |tree, name| {
        tree.with_file(name, (), 5, UnixTime::default())
    })
}

/// The record of the exchange that begins with these bytes.
fn exchange(bytes: &[u8]) -> Exchange {
    let mut connection = Connection::new(Rc::new(default_rules()), NOW.instant);
    connection.receive(bytes, NOW.instant);
    exchange_on(connection)
}

/// The record of the next exchange on this connection.
fn exchange_on(connection: Connection<()>) -> Exchange {
    let site = Site {
        index: vec!["index.html".to_owned()],
        ..Site::default()
    };
    exchange_with(connection, &site)
}

/// The record of the next exchange on this connection, with this site.
fn exchange_with(mut connection: Connection<()>, site: &Site) -> Exchange {
    let outcome = exchange::respond(&mut connection, site, &folder(), NOW, false, Detail::Trace);
    let ExchangeResult::Responded(Some(exchange)) = outcome else {
        panic!("there is no request: {outcome:?}");
    };
    exchange
}

/// The style, if the server started a second before [`NOW`].
fn style(form: Form, lang: Lang) -> Style {
    Style {
        form,
        lang,
        is_coloured: false,
        filter: None,
        began: Now {
            instant: NOW.instant.saturating_sub(Duration::from_secs(1)),
            ..NOW
        },
    }
}

fn render_event(form: Form, lang: Lang, bytes: &[u8], waiting: &[&str]) -> String {
    render_in(&style(form, lang), bytes, waiting)
}

fn render_in(style: &Style, bytes: &[u8], waiting: &[&str]) -> String {
    render_exchange(style, &exchange(bytes), &[bytes.len()], waiting)
}

/// The trace of an exchange whose head arrived in reads of these sizes, a second apart.
fn render_exchange(style: &Style, exchange: &Exchange, reads: &[usize], waiting: &[&str]) -> String {
    let peer = Peer {
        connection: 7,
        remote: "192.0.2.1:50312".parse().ok(),
        local: "192.0.2.2:3000".parse().ok(),
    };
    let slot = Slot {
        number: 3,
        taken: 4,
        of: 10,
        waiting: waiting.iter().map(|address| address.parse().unwrap()).collect(),
    };
    let exchange = &Exchange {
        number: 2,
        ..exchange.clone()
    };
    let mut observer = Observer::new(peer);
    for (seconds, count) in (0..).zip(reads) {
        observer.received(*count, exchange.begun + Duration::from_secs(seconds));
    }
    let observed = Observed {
        first_sent: Some(exchange.at.instant + Duration::from_millis(1)),
        ..observer.responded(exchange, slot, b"hello"[..3].to_vec())
    };
    let completed = Completed {
        exchange,
        observed: &observed,
        content_sent: 5,
    };
    let at = exchange.at.instant + Duration::from_micros(2500);
    render(style, &peer, at, &Event::Completed(completed))
}

#[test]
fn an_exchange_is_shown_from_its_first_byte_to_its_end() {
    let request = b"GET /a/../text/?x=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let expected = "\
── +1.000, connection 7, exchange 2, slot 3 of 10 ──────────────────────────────
          192.0.2.1:50312 -> 192.0.2.2:3000
received: 60 bytes
       0  GET /a/../text/?x=1 HTTP/1.1\\r\\n
      30  Host: a\\r\\n
      39  Connection: close\\r\\n
      58  \\r\\n
parsed: offset, token
       0  method   GET
       4  target   /a/../text/?x=1
      20  version  HTTP/1.1
  30, 36  field    Host = a
  39, 51  field    Connection = close
resolved: looked up in the granted folder
          after decoding and removing dot segments: text
          text                 folder
          text/index.html      file, 5 bytes
          text/index.html.br   nothing
          text/index.html.zst  nothing
          text/index.html.gz   nothing
          media type, from the extension .html: text/html; charset=utf-8
decided: 200 OK
          The whole file is sent (RFC 9110 section 15.3.1)
sent: a head of 264 bytes, 5 of 5 bytes of content
       0  HTTP/1.1 200 OK\\r\\n
      17  Date: Sun, 09 Sep 2001 01:46:40 GMT\\r\\n
      54  Server: aula\\r\\n
      68  X-Content-Type-Options: nosniff\\r\\n
     101  Last-Modified: Thu, 01 Jan 1970 00:00:00 GMT\\r\\n
     147  ETag: \"0.0-5\"\\r\\n
     162  Accept-Ranges: bytes\\r\\n
     184  Content-Type: text/html; charset=utf-8\\r\\n
     224  Content-Length: 5\\r\\n
     243  Connection: close\\r\\n
     262  \\r\\n
content: the first 3 of 5 bytes
       0  hel
then: the connection is closed
          the client asked for it with Connection: close (RFC 9112 section 9.6)
waiting for their turn: 1
          192.0.2.3:50000
times: in milliseconds after the first byte
          head 0.000, response 0.000, sent 1.000 to 2.500
";
    let rendered = render_event(Form::Full, Lang::En, request, &["192.0.2.3:50000"]);
    assert_eq!(rendered, expected, "\n{rendered}");
}

#[test]
fn carets_point_at_the_bytes_for_which_a_request_was_rejected() {
    for (request, pointed_at) in [
        (
            &b"GET / HTTP/1.1\r\nHost : a\r\nB: c\r\n\r\n"[..],
            Some("      16  Host : a\\r\\n\n              ^\n"),
        ),
        (
            b"GET /\xf1 HTTP/1.1\r\n",
            Some("       0  GET /\\xf1 HTTP/1.1\\r\\n\n               ^^^^\n"),
        ),
        // A second empty line, and a first byte that cannot begin a request line.
        (
            b"\r\n\r\nGET / HTTP/1.1\r\n",
            Some("       2  \\r\\n\n          ^^^^\n"),
        ),
        (b"\x16\x03\x01", Some("       0  \\x16\\x03\\x01\n          ^^^^\n")),
        // Something is missing: Host.
        (b"GET / HTTP/1.1\r\nA: b\r\n\r\n", None),
        // The content is at fault.
        (
            b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
            None,
        ),
    ] {
        let rendered = render_event(Form::Full, Lang::En, request, &[]);
        assert!(rendered.contains("decided: 400 Bad Request\n"), "{rendered}");
        assert_eq!(
            rendered.contains("rejected because of these bytes"),
            pointed_at.is_some(),
            "{rendered}"
        );
        assert!(rendered.contains(pointed_at.unwrap_or_default()), "{rendered}");
    }
}

#[test]
fn a_request_that_arrived_too_slowly_has_no_faulty_line() {
    // RFC 9110 section 15.5.9: the lines that arrived are right.
    for arrived in ["GET /hello.html HTTP/1.1\r\nHo", "GET / HTTP/1.1\r\nHost: a\r\n", "GE"] {
        let mut connection = Connection::new(Rc::new(default_rules()), NOW.instant);
        connection.receive(arrived.as_bytes(), NOW.instant);
        assert!(matches!(connection.next_event(), Ok(crate::http1::Event::NeedData)));
        assert!(connection.handle_timeout(Instant::MAX));
        let exchange = later(exchange_on(connection));
        let rendered = render_exchange(&style(Form::Full, Lang::En), &exchange, &[30], &[]);
        assert!(rendered.contains("decided: 408 Request Timeout\n"), "{rendered}");
        assert!(!rendered.contains('^'), "{rendered}");
        let rendered: serde_json::Value =
            serde_json::from_str(&render_exchange(&style(Form::Json, Lang::En), &exchange, &[30], &[])).unwrap();
        assert_eq!(rendered["fault"], serde_json::Value::Null, "{rendered}");
        // Its head was never complete: the server waited for the rest until it responded.
        assert_eq!(rendered["times"]["head"], rendered["times"]["response"], "{rendered}");
    }
}

/// The same exchange, responded to nine seconds later.
fn later(exchange: Exchange) -> Exchange {
    let instant = NOW.instant + Duration::from_secs(9);
    Exchange {
        at: Now { instant, ..NOW },
        ..exchange
    }
}

#[test]
fn a_request_that_ended_too_early_may_have_a_whole_head() {
    for (arrived, head) in [
        // The server waited for the rest of the head until the client ended its side,
        ("GET / HTTP/1.1\r\nHo", 9000.0),
        // or only for the rest of the content.
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", 0.0),
    ] {
        let mut connection = Connection::new(Rc::new(default_rules()), NOW.instant);
        connection.receive(arrived.as_bytes(), NOW.instant);
        connection.receive_eof(NOW.instant);
        let exchange = later(exchange_on(connection));
        assert_eq!(exchange.rejection, Some(Rejection::Incomplete), "{arrived:?}");
        let rendered = render_exchange(&style(Form::Json, Lang::En), &exchange, &[arrived.len()], &[]);
        let rendered: serde_json::Value = serde_json::from_str(&rendered).unwrap();
        let times = &rendered["times"];
        let passed = times["head"].as_f64().unwrap() - times["first_byte"].as_f64().unwrap();
        assert!((passed - head).abs() < 0.1, "{arrived:?}: {times}");
    }
}

#[test]
fn the_media_type_is_shown_with_what_decided_it() {
    for (request, line, file, source) in [
        (
            "GET /text/ HTTP/1.0\r\n\r\n",
            Some("media type, from the extension .html: text/html; charset=utf-8\n"),
            Some("text/index.html"),
            Some("extension"),
        ),
        (
            "GET /text/data.unheard-of HTTP/1.0\r\n\r\n",
            Some("media type for an unknown extension: application/octet-stream\n"),
            Some("text/data.unheard-of"),
            Some("unknown"),
        ),
        (
            "GET /text/ HTTP/1.0\r\nRange: bytes=0-0,2-2\r\n\r\n",
            Some("media type of several ranges: multipart/byteranges; boundary="),
            Some("text/index.html"),
            Some("ranges"),
        ),
        // An error page has the same type as the file, but for another reason.
        (
            "GET /text/ HTTP/1.0\r\nIf-Match: \"other\"\r\n\r\n",
            Some("media type of generated content: text/html; charset=utf-8\n"),
            Some("text/index.html"),
            Some("generated"),
        ),
        (
            "GET /none.html HTTP/1.0\r\n\r\n",
            Some("media type of generated content: text/html; charset=utf-8\n"),
            None,
            Some("generated"),
        ),
        (
            "GET /text/ HTTP/1.0\r\nIf-None-Match: *\r\n\r\n",
            None,
            Some("text/index.html"),
            None,
        ),
        ("OPTIONS /text/ HTTP/1.0\r\n\r\n", None, None, None),
    ] {
        let rendered = render_event(Form::Full, Lang::En, request.as_bytes(), &[]);
        assert_eq!(rendered.contains("media type"), line.is_some(), "{rendered}");
        assert!(rendered.contains(line.unwrap_or_default()), "{rendered}");
        let rendered: serde_json::Value =
            serde_json::from_str(&render_event(Form::Json, Lang::En, request.as_bytes(), &[])).unwrap();
        assert_eq!(rendered["file"], serde_json::json!(file), "{rendered}");
        assert_eq!(rendered["content_type_source"], serde_json::json!(source), "{rendered}");
        assert_eq!(rendered["content_type"].is_null(), source.is_none(), "{rendered}");
    }
}

#[test]
fn what_the_options_of_the_site_decided_is_shown() {
    let site = Site {
        base: ResourcePath::resolve("/site", false).ok(),
        clean_urls: true,
        types: vec![(
            "html".to_owned(),
            MediaType::new("text/x-own", MediaTypeSource::Option("html".into())),
        )],
        ..Site::default()
    };
    for (path, lines) in [
        (
            "/site/text/index",
            &[
                "          after decoding and removing dot segments: text/index\n",
                "          text/index           nothing\n          text/index.html      file, 5 bytes\n",
                "          media type, from --type for .html: text/x-own\n",
            ][..],
        ),
        (
            "/text/",
            &["          it does not begin with the prefix of the site (--base)\n"],
        ),
    ] {
        let mut connection = Connection::new(Rc::new(default_rules()), NOW.instant);
        connection.receive(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes(), NOW.instant);
        let exchange = exchange_with(connection, &site);
        let rendered = render_exchange(&style(Form::Full, Lang::En), &exchange, &[30], &[]);
        for line in lines {
            assert!(rendered.contains(line), "{line:?} in\n{rendered}");
        }
    }
}

#[test]
fn credentials_are_in_no_form_of_the_trace() {
    let good = "GET /text/ HTTP/1.1\r\nHost: a\r\nAuthorization: Basic YW5hOnNlY3JldA==\r\n\r\n";
    let bad = "GET /text/ HTTP/1.1\r\nAuthorization : Basic YW5hOnNlY3JldA==\r\n\r\n";
    for request in [good, bad] {
        for form in [Form::Short, Form::Text, Form::Full, Form::Json] {
            let rendered = render_event(form, Lang::En, request.as_bytes(), &[]);
            assert!(!rendered.contains("YW5h"), "{form:?}: {rendered}");
            let shows_head = form != Form::Short || request == bad;
            assert_eq!(
                rendered.contains("Basic ****************"),
                shows_head,
                "{form:?}: {rendered}"
            );
        }
    }
}

#[test]
fn a_path_that_names_nothing_is_shown_with_its_reason() {
    for (path, reason) in [
        ("/a/../../b", "after decoding, its dot segments lead above the root\n"),
        (
            "/a%00",
            "after decoding, it has a character that is not allowed in a name\n",
        ),
        (
            "/a//b",
            "it has an empty segment or an encoded slash: no file has such a name\n",
        ),
        ("/.git/config", "a segment begins with a dot: such files are hidden\n"),
    ] {
        let request = format!("GET {path} HTTP/1.0\r\n\r\n");
        let rendered = render_event(Form::Full, Lang::En, request.as_bytes(), &[]);
        assert!(rendered.contains(reason), "{path}: {rendered}");
        let rendered: serde_json::Value =
            serde_json::from_str(&render_event(Form::Json, Lang::En, request.as_bytes(), &[])).unwrap();
        assert_eq!(rendered["resource"], serde_json::Value::Null, "{rendered}");
    }
}

#[test]
fn a_server_that_is_slow_on_purpose_says_so() {
    let pace = Pace {
        delay: Duration::from_millis(1500),
        rate: Some(51_200),
    };
    let mut connection = Connection::new(
        Rc::new(Rules {
            pace,
            ..default_rules()
        }),
        Instant::ORIGIN,
    );
    connection.receive(&b"GET /text/ HTTP/1.0\r\n\r\n"[..], Instant::ORIGIN);
    assert!(connection.delay(Instant::ORIGIN));
    assert!(connection.handle_timeout(NOW.instant));
    let exchange = exchange_on(connection);
    for (lang, lines) in [
        (
            Lang::En,
            "          delayed on purpose by 1.5 s (--delay)\n\
             \x20         sent on purpose at no more than 51200 bytes per second (--rate)\n",
        ),
        (
            Lang::Es,
            "          retrasada a propósito 1.5 s (--delay)\n\
             \x20         enviada a propósito a no más de 51200 bytes por segundo (--rate)\n",
        ),
    ] {
        let rendered = render_exchange(&style(Form::Text, lang), &exchange, &[23], &[]);
        assert!(rendered.ends_with(lines), "{rendered}");
    }
    let json = |exchange| -> serde_json::Value {
        serde_json::from_str(&render_exchange(&style(Form::Json, Lang::En), exchange, &[23], &[])).unwrap()
    };
    let slow = json(&exchange);
    assert_eq!((&slow["delay"], &slow["rate"]), (&1500.0.into(), &51_200.into()));
    let fast = json(&self::exchange(b"GET /text/ HTTP/1.0\r\n\r\n"));
    assert_eq!((&fast["delay"], &fast["rate"]), (&0.0.into(), &serde_json::Value::Null));
}

#[test]
fn a_response_in_http_0_9_has_no_head() {
    let rendered = render_event(Form::Full, Lang::En, b"GET /text/\r\n", &[]);
    assert!(
        rendered.contains("sent: no head (HTTP/0.9), 5 of 5 bytes of content\ncontent: the first 3 of 5 bytes\n"),
        "{rendered}"
    );
    assert!(!rendered.contains("version"), "{rendered}");
}

#[test]
fn the_trace_speaks_spanish() {
    let rendered = render_event(Form::Full, Lang::Es, b"GET /nada HTTP/1.0\r\n\r\n", &[]);
    for line in [
        "── +1.000, conexión 7, intercambio 2, lugar 3 de 10 ",
        "decodificado y sin segmentos de puntos: nada\n",
        "No hay ningún archivo con este nombre (RFC 9110 sección 15.5.5)\n",
        "keep-alive (RFC 9112 sección 9.3)\n",
    ] {
        assert!(rendered.contains(line), "{line:?} in\n{rendered}");
    }
    for text in texts::TEXTS {
        assert_eq!(text.fault(), None);
    }
}

#[test]
fn what_only_repeats_is_only_in_the_full_form() {
    let request =
        b"GET /text/ HTTP/1.1\r\nHost: a\r\nsec-ch-ua: x\r\nSec-Fetch-Mode: y\r\nsec-z: z\r\nAccept: */*\r\n\r\n";
    let rendered = render_event(Form::Text, Lang::En, request, &[]);
    for line in [
        "── +1.000, connection 7, exchange 2, slot 3 of 10 ──",
        "      21  Host: a\\r\\n\n      30  sec-ch-ua ... and 2 more of this kind, 43 bytes in all\n      73  Accept: */*\\r\\n\n",
        "parsed: method GET, target /text/, version HTTP/1.1, 5 fields\n",
        "          text/index.html.br, .zst, .gz  nothing\n",
    ] {
        assert!(rendered.contains(line), "{line:?} in\n{rendered}");
    }
    assert!(!rendered.contains("192.0.2.1"), "{rendered}");
    let full = render_event(Form::Full, Lang::En, request, &[]);
    assert!(
        full.contains("Sec-Fetch-Mode: y\\r\\n") && full.contains("field    Sec-Fetch-Mode = y"),
        "{full}"
    );
}

#[test]
fn the_bytes_of_each_read_are_shown() {
    let request = b"GET /text/ HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut exchange = exchange(request);
    exchange.at.instant = exchange.at.instant + Duration::from_secs(2);
    // The second read also brings the first bytes of another request.
    let reads = [8, 40];
    let rendered = render_exchange(&style(Form::Text, Lang::En), &exchange, &reads, &[]);
    assert!(
        rendered.contains("in 2 reads: 8 bytes at +1.000, 24 bytes at +2.000\n"),
        "{rendered}"
    );
    let expected = "head 1000.000, response 2000.000, sent 2001.000 to 2002.500\n";
    assert!(rendered.ends_with(expected), "{rendered}");
    let rendered = render_exchange(&style(Form::Json, Lang::En), &exchange, &reads, &[]);
    let object: serde_json::Value = serde_json::from_str(&rendered).unwrap();
    let expected = serde_json::json!([
        { "at": 1000.0, "offset": 0, "length": 8 },
        { "at": 2000.0, "offset": 8, "length": 24 },
    ]);
    assert_eq!(object["received"]["reads"], expected, "{rendered}");
    let expected = serde_json::json!({
        "first_byte": 1000.0, "head": 2000.0, "response": 3000.0, "first_sent": 3001.0, "last_sent": 3002.5,
    });
    assert_eq!(object["times"], expected, "{rendered}");
    assert_eq!(object["at"], 3002.5);
    assert_eq!(object["time"], 1_000_000_003.002);
}

#[test]
fn the_short_form_has_a_line_for_each_event_and_an_error_in_full() {
    let style = style(Form::Short, Lang::En);
    let rendered = render_in(&style, b"GET /text/ HTTP/1.1\r\nHost: a\r\n\r\n", &[]);
    assert_eq!(
        rendered,
        "+1.002 c7.2   GET /text/ -> 200, 5 bytes, 2.5 ms, kept open\n"
    );
    let rendered = render_in(&style, b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", &[]);
    let (first, rest) = rendered.split_once('\n').unwrap();
    assert_eq!(first, "+1.002 c7.2   GET / -> 400, 5 bytes, 2.5 ms, closed");
    assert!(
        rest.contains("rejected because of these bytes") && rest.contains("decided: 400"),
        "{rendered}"
    );
    let slot = Slot {
        number: 1,
        taken: 1,
        of: 512,
        waiting: Vec::new(),
    };
    let peer = Peer {
        connection: 12,
        remote: "192.0.2.1:50312".parse().ok(),
        local: None,
    };
    let render_event = |event| render(&style, &peer, NOW.instant, &event);
    assert_eq!(
        render_event(Event::Accepted(&slot)),
        "+1.000 c12    accepted from 192.0.2.1:50312\n"
    );
    let rendered = render_event(Event::Closed(CloseReason::ClientEnded));
    assert!(
        rendered.starts_with("+1.000 c12    closed by the client: the client"),
        "{rendered}"
    );
}

#[test]
fn a_filter_excludes_what_does_not_match_and_the_connections() {
    let request = b"GET /text/ HTTP/1.1\r\nHost: a\r\n\r\n";
    for form in [Form::Short, Form::Text, Form::Full, Form::Json] {
        let mut style = style(form, Lang::En);
        style.filter = Some(Filter::new("/text"));
        assert!(!render_in(&style, request, &[]).is_empty());
        style.filter = Some(Filter::new("404"));
        assert_eq!(render_in(&style, request, &[]), "");
        let peer = Peer {
            connection: 1,
            remote: None,
            local: None,
        };
        assert_eq!(
            render(&style, &peer, Instant::ORIGIN, &Event::Closed(CloseReason::ClientEnded)),
            ""
        );
    }
}

#[test]
fn colours_change_nothing_but_the_colours() {
    let request = b"GET / HTTP/1.1\r\nHost : a\r\n\r\n";
    let coloured = render_in(
        &Style {
            is_coloured: true,
            ..style(Form::Full, Lang::En)
        },
        request,
        &[],
    );
    let mut plain = String::new();
    for part in coloured.split('\x1b') {
        plain.push_str(
            part.split_once('m')
                .filter(|(code, _)| code.starts_with('['))
                .map_or(part, |(_, rest)| rest),
        );
    }
    assert_ne!(coloured, plain);
    assert_eq!(plain, render_event(Form::Full, Lang::En, request, &[]));
}

#[test]
fn each_token_in_json_is_where_its_offset_says() {
    let request = b"GET /text/ HTTP/1.1\r\nHost: a\r\nX:\ty \r\n\r\n";
    let rendered = render_event(Form::Json, Lang::En, request, &["192.0.2.3:50000"]);
    assert_eq!(rendered.matches('\n').count(), 1, "one line: {rendered}");
    let object: serde_json::Value = serde_json::from_str(&rendered).unwrap();
    let tokens: Vec<_> = object["tokens"].as_array().unwrap().iter().collect();
    let words: Vec<_> = tokens.iter().map(|token| token["text"].as_str().unwrap()).collect();
    assert_eq!(words, ["GET", "/text/", "HTTP/1.1", "Host", "a", "X", "y"]);
    for token in tokens {
        let number = |name: &str| usize::try_from(token[name].as_u64().unwrap()).unwrap();
        let bytes = &request[number("offset")..][..number("length")];
        assert_eq!(escape::line(bytes), token["text"], "{token}");
    }
    for (pointer, expected) in [
        ("/event", serde_json::json!("exchange")),
        ("/connection", serde_json::json!(7)),
        ("/exchange", serde_json::json!(2)),
        ("/slot/of", serde_json::json!(10)),
        ("/slot/waiting/0", serde_json::json!("192.0.2.3:50000")),
        ("/decision/status", serde_json::json!(200)),
        (
            "/lookups/1",
            serde_json::json!({"name": "text/index.html", "result": "file", "size": 5}),
        ),
        ("/sent/content_sent", serde_json::json!(5)),
        ("/close", serde_json::Value::Null),
    ] {
        assert_eq!(object.pointer(pointer), Some(&expected), "{pointer} of {rendered}");
    }
}

/// All members of an object, and of the objects in it.
fn members(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(object) => {
            for (name, value) in object {
                found.push(name.clone());
                members(value, found);
            }
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| members(value, found)),
        _ => {}
    }
}

#[test]
fn the_page_names_every_member() {
    let page = include_str!("../../docs/trace.md");
    let request = b"GET /text/ HTTP/1.0\r\nHost : a\r\n\r\n";
    let rendered = render_event(Form::Json, Lang::En, request, &["192.0.2.3:50000"]);
    let mut found = Vec::new();
    members(&serde_json::from_str(&rendered).unwrap(), &mut found);
    assert!(found.len() > 30, "{found:?}");
    for name in found {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}
