//! Every check with canned transcripts: for each check a good one, and each fault with the bytes that it points at.

use super::{
    connection, content, crowd, difference, endurance, fields, head, not_found, persistence, refusal, repeated,
    same_page, simple_request, status, traversal,
};
use crate::checks;
use crate::preset::Preset;
use crate::script::{End, Transcript, Transcripts};
use crate::target::{Grading, KnownFile, Target};
use crate::verdict::{Fault, Finding};
use std::collections::BTreeSet;

/// The page that the target's server has.
const PAGE: &str = "<p>hi</p>\n";

/// A check, what came back, the fault that it finds, and the connection and the bytes that it points at.
type Row = (&'static str, Vec<Transcript>, Fault, (usize, &'static [u8]));

/// A response as it should be.
const GOOD: &str = "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: x\r\nConnection: close\r\n\
    Content-Type: text/html\r\nContent-Length: 10\r\n\r\n<p>hi</p>\n";

/// A page with the least head.
const BARE: &str = "HTTP/1.1 200 OK\r\n\r\n<p>hi</p>\n";

/// A 404 as it should be.
const MISSING: &str = "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n<h1>Not Found</h1>";

/// A refusal.
const REFUSAL: &str = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nno";

/// A connection on which a request was sent, something was received, and which then ended.
fn on(received: impl AsRef<[u8]>, end: End) -> Transcript {
    Transcript {
        sent: b"GET".to_vec(),
        received: received.as_ref().to_vec(),
        marks: vec![0],
        pieces: vec![3],
        reads: vec![received.as_ref().len()],
        end,
    }
}

fn closed(received: impl AsRef<[u8]>) -> Transcript {
    on(received, End::Closed)
}

/// Two requests on one connection.
fn two(first: &str, second: &str, end: End) -> Transcript {
    Transcript {
        marks: vec![0, first.len()],
        ..on([first, second].concat(), end)
    }
}

/// The target, with a text, a binary and a Spanish file if they are known.
fn target(preset: Preset, knows_files: bool) -> Target {
    let file = |path: &str, content: &[u8]| KnownFile {
        path: path.to_owned(),
        content: content.to_vec(),
    };
    Target {
        host: "127.0.0.1:80".to_owned(),
        preset,
        page: "/a.html".to_owned(),
        files: if knows_files {
            vec![
                file("/a.html", PAGE.as_bytes()),
                file("/b.jpeg", b"\xff\xd8\x00\r\n"),
                file("/c.txt", "año\n".as_bytes()),
            ]
        } else {
            Vec::new()
        },
        can_restart: true,
        grading: Grading::default(),
    }
}

/// What a check makes of these transcripts.
fn verify(id: &str, target: &Target, transcripts: Vec<Transcript>) -> Result<(), Finding> {
    let check = checks::all().find(|check| check.id == id).expect(id);
    (check.verify)(target, &Transcripts(transcripts))
}

/// Fails with a fault, and points at these bytes on that connection.
#[track_caller]
fn assert_fault(id: &str, target: &Target, transcripts: Vec<Transcript>, fault: Fault, place: (usize, &[u8])) {
    let shown = Transcripts(transcripts.clone());
    match verify(id, target, transcripts) {
        Err(Finding::Fault(failure)) => {
            let bytes = shown.at(failure.connection).received.get(failure.range.clone());
            let found = (failure.connection, bytes.unwrap_or_default());
            assert_eq!(
                failure.what.get(aula::catalogue::Lang::En).split('{').count(),
                1,
                "{id}: a place is empty"
            );
            assert!(
                same_fault(&failure.what, fault),
                "{id}: {:?}, not {fault:?}",
                failure.what
            );
            assert_eq!(found, place, "{id}: {}", found.1.escape_ascii());
        }
        other => panic!("{id}: {other:?}, not {fault:?}"),
    }
}

/// Whether a message is made from the text of a fault: their words are the same outside of the places.
fn same_fault(message: &aula::catalogue::Message, fault: Fault) -> bool {
    let said = message.get(aula::catalogue::Lang::En);
    let words = fault
        .what
        .en
        .split('{')
        .map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
    words.into_iter().all(|words| said.contains(words))
}

/// The transcripts of a good server, for each check.
fn good(id: &str) -> Vec<Transcript> {
    match id {
        "survives" | "closes" | "http-1.0" | "query" | "percent" | "two-segments" | "leading-blank-line"
        | "absolute-form" | "field-names" | "directory" => vec![closed(GOOD), closed(GOOD)],
        "not-found" | "not-found-complete" | "not-found-page" | "survives-not-found" => {
            vec![closed(MISSING), closed(GOOD)]
        }
        "other-files" | "other-types" | "other-lengths" | "binary" | "utf-8" => vec![
            closed(GOOD),
            closed(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\x00\r\n"),
            closed("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\naño\n"),
        ],
        "connection-field" | "persistent" => vec![closed(GOOD), closed(GOOD)],
        "crowd" => {
            let alone = [
                closed(GOOD),
                closed(MISSING),
                closed(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\x00\r\n"),
            ];
            alone.iter().cycle().take(51).cloned().collect()
        }
        "silent-clients" => vec![on("", End::Open), on("", End::Open), on("", End::Open), closed(GOOD)],
        "at-once" | "eleventh" => (0..11).map(|_| closed(GOOD)).collect(),
        "simple-request" => vec![closed(PAGE)],
        "head-method" => vec![closed("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")],
        "post" | "unknown-method" | "host-missing" | "bad-request" | "space-before-colon" | "long-target"
        | "many-fields" => vec![closed(REFUSAL), closed(GOOD)],
        "traversal" => traversal::WAYS_OUT
            .iter()
            .flat_map(|_| [closed(MISSING), closed(MISSING)])
            .collect(),
        "empty-connection" | "blank-line" | "half-request" | "early-leave" | "idle-client" => {
            vec![on("", End::Open), closed(GOOD)]
        }
        "restart" => vec![on("", End::Refused), closed(GOOD), closed(GOOD)],
        _ => vec![closed(GOOD)],
    }
}

#[test]
fn a_good_server_passes_every_check() {
    for preset in Preset::ALL {
        for check in checks::all() {
            let verification = verify(check.id, &target(preset, true), good(check.id));
            assert_eq!(verification, Ok(()), "{} in {}", check.id, preset.name());
        }
    }
}

#[test]
fn every_check_finds_its_faults_and_points_at_the_bytes() {
    let head_and = |rest: &str| vec![closed(format!("HTTP/1.1 200 OK\r\n{rest}"))];
    let long: String = "b".repeat(100);
    let dribble = Transcript {
        reads: [vec![GOOD.len() - 30], vec![1; 30]].concat(),
        ..closed(GOOD)
    };
    let with_jpeg = |jpeg: &[u8]| {
        let response = [b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n", jpeg].concat();
        let text = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\naño\n";
        vec![closed(GOOD), closed(response), closed(text)]
    };
    let mut turned_away = good("eleventh");
    turned_away[9] = closed("");
    let silenced = |mut all: Vec<Transcript>, connection: usize| {
        all[connection] = on("", End::Open);
        all
    };
    let replaced = |mut all: Vec<Transcript>, connection: usize, other: Transcript| {
        all[connection] = other;
        all
    };
    let gone = || on("", End::Refused);
    #[rustfmt::skip]
    let rows: Vec<Row> = vec![
        ("connects", vec![gone()], connection::REFUSED, (0, b"")),
        ("connects", vec![on("", End::NoResponse)], connection::NO_RESPONSE, (0, b"")),
        ("connects", vec![on("", End::Unreachable)], connection::UNREACHABLE, (0, b"")),
        ("connects", vec![on("", End::NotGranted)], connection::NOT_GRANTED, (0, b"")),
        ("responds", vec![on("", End::Open)], connection::SILENT, (0, b"")),
        ("responds", vec![closed("")], connection::CLOSED_SILENTLY, (0, b"")),
        ("responds", vec![closed(""), gone()], connection::CLOSED_ENDED, (0, b"")),
        ("responds", vec![Transcript { marks: vec![9], ..closed(GOOD) }], connection::TOO_EARLY, (0, b"HTTP/1.1 200 OK")),
        ("responds", vec![Transcript { marks: vec![], ..closed(GOOD) }], connection::TOO_EARLY, (0, b"HTTP/1.1 200 OK")),
        ("responds", vec![Transcript { marks: vec![0, 0], ..closed(GOOD) }], connection::ONLY_AT_END, (0, b"HTTP/1.1 200 OK")),
        ("responds", vec![Transcript { marks: vec![0, 0], ..closed("") }], connection::SILENT, (0, b"")),
        ("survives", vec![closed(GOOD), gone()], connection::ENDED, (1, b"")),
        ("survives", vec![closed(GOOD), on("", End::Reset)], connection::ENDED, (1, b"")),
        ("survives", vec![closed(GOOD), closed("")], connection::SECOND_CLOSED, (1, b"")),
        ("survives", vec![closed(GOOD), on("", End::Open)], connection::GONE, (1, b"")),
        ("survives", vec![closed(GOOD), closed(MISSING)], repeated::OTHER_STATUS, (1, b"404")),
        ("survives", vec![closed(GOOD), closed(PAGE)], repeated::NO_HEAD, (1, b"<p>hi</p>")),
        ("survives", vec![closed(GOOD), closed([GOOD, GOOD].concat())], repeated::GROWN, (1, b"HTTP/1.1 200 OK")),
        ("survives", vec![closed(BARE), closed(BARE.get(..BARE.len() - 10).unwrap())], repeated::EMPTY, (1, b"")),
        ("survives", vec![closed(BARE), closed(BARE.get(..BARE.len() - 4).unwrap())], repeated::SHORT, (1, b"")),
        ("survives", vec![closed(BARE), closed([BARE, "<p>hi"].concat())], repeated::CONTENT_GROWN, (1, b"<p>hi")),
        ("survives", vec![closed(BARE), closed(BARE.replace("hi", "ho"))], repeated::OTHER_CONTENT, (1, b"o")),
        (
            "survives",
            vec![closed(GOOD), closed(GOOD.replace("Content-Type: text/html\r\n", ""))],
            repeated::OTHER_HEAD,
            (1, b"HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: x\r\nConnection: close\r\nContent-Length: 10\r\n\r\n"),
        ),
        // RFC 9112 section 4
        ("status-line", vec![closed(PAGE)], status::NO_STATUS_LINE, (0, b"<")),
        ("status-line", vec![closed("Date: x\r\n\r\n")], status::FIELD_FIRST, (0, b"Date")),
        ("status-line", vec![closed("<p>hi</p>\nHTTP/1.1 200 OK\r\n\r\n")], status::HEAD_LAST, (0, b"HTTP/1.1 ")),
        ("status-line", vec![closed("HTTP/0.9 200 OK\r\n\r\n")], status::VERSION_0_9, (0, b"HTTP/0.9")),
        ("status-line", vec![closed(["\n", GOOD].concat())], status::LEADING_SPACE, (0, b"\n")),
        ("status-line", vec![closed(["\r\n", GOOD].concat())], status::LEADING_LINE_END, (0, b"\r\n")),
        ("status-line", vec![closed(["b'", GOOD].concat())], status::LEADING, (0, b"b'")),
        ("status-line", vec![Transcript { sent: b"GET /a.html HTTP/1.1".to_vec(), ..closed("GET /A.HTML HTTP/1.1\r\n") }], status::ECHO, (0, b"GET /A.HTML HTTP/1.1")),
        ("status-line", vec![closed("200 OK\r\n\r\n")], status::NO_VERSION, (0, b"200")),
        ("status-line", vec![closed("200 OK HTTP/1.1\r\n\r\n")], status::VERSION_LAST, (0, b"HTTP/1.1")),
        ("status-line", vec![closed("HTTP/1.1200 OK\r\n\r\n")], status::NO_SPACE_AFTER_VERSION, (0, b"2")),
        ("status-line", vec![closed("HTTP/1.0, 200 OK\r\n\r\n")], status::NO_SPACE_AFTER_VERSION, (0, b",")),
        ("status-line", vec![closed("\u{feff}HTTP/1.1 200 OK\r\n\r\n")], status::LEADING, (0, "\u{feff}".as_bytes())),
        ("status-line", vec![closed(b"\xff\xfeH\0T\0T\0P\0/\0")], status::UTF_16, (0, b"\xff\xfeH\0")),
        ("status-line", vec![closed("HTTP 1.1/ 200 OK\r\n\r\n")], status::BAD_VERSION, (0, b"HTTP 1.1/")),
        ("status-line", vec![closed("HTTP 200 OK\r\n\r\n")], status::NO_NUMBER, (0, b"HTTP")),
        ("status-line", vec![closed("HTTP/1.x 200 OK\r\n\r\n")], status::BAD_VERSION, (0, b"HTTP/1.x")),
        ("status-line", vec![closed("http/1.1 200 OK\r\n\r\n")], status::BAD_VERSION, (0, b"http/1.1")),
        ("status-line", vec![closed("HTTP/1.1 OK\r\n\r\n")], status::BAD_CODE, (0, b" OK")),
        ("status-line", vec![closed("HTTP/1.1  200 OK\r\n\r\n")], status::BAD_CODE, (0, b"  200 OK")),
        ("status-line", vec![closed("HTTP/1.1 OK 200\r\n\r\n")], status::REASON_FIRST, (0, b" OK 200")),
        ("status-line", vec![closed("HTTP/1.1 OK 2000\r\n\r\n")], status::BAD_CODE, (0, b" OK 2000")),
        ("status-line", vec![closed("HTTP/1.1 200\r\n\r\n")], status::NO_SPACE, (0, b"")),
        ("status-line", vec![closed("HTTP/1.1 200OK\r\n\r\n")], status::NO_SPACE, (0, b"")),
        ("status-200", vec![closed(MISSING)], status::PAGE_404, (0, b"404")),
        ("status-line", vec![closed("HTTP/1.1 {code} OK\r\n\r\n")], status::BRACES, (0, b" {code} OK")),
        ("status-200", vec![closed(REFUSAL)], status::PAGE_REFUSED, (0, b"400")),
        ("status-200", vec![closed("HTTP/1.1 501 No\r\n\r\n")], status::GET_REFUSED, (0, b"501")),
        ("status-200", vec![closed("HTTP/1.1 302 No\r\n\r\n")], status::NOT_OK, (0, b"302")),
        ("status-200", vec![closed("HTTP/1.1 500 No\r\n\r\n")], status::NOT_200, (0, b"500")),
        // RFC 9112 section 2.2
        ("line-ends", vec![closed("HTTP/1.1 200 OK\nA: b\n\n")], head::BARE_LF, (0, b"\n")),
        ("line-ends", head_and("A: b\r\n\n"), head::BARE_LF, (0, b"\n")),
        ("line-ends", head_and("\nServer: x\r\n\n\r\n\n<p>hi"), head::LINE_END_TWICE, (0, b"\n")),
        ("line-ends", head_and("\n\r\n\n<p>hi"), head::LINE_END_TWICE, (0, b"\n")),
        ("line-ends", head_and("A: b\n\r\n\r\n"), head::BARE_LF, (0, b"\n")),
        ("line-ends", head_and("A: b\n\rB: c\n\r\n\r"), head::SWAPPED, (0, b"\n\r")),
        ("line-ends", head_and("A: b\r\r\n\r\n"), head::STRAY_CR, (0, b"\r")),
        ("line-ends", head_and("\0A: b\r\n\0\r\n\0<p>"), head::ZERO, (0, b"\0")),
        ("head-end", head_and("A: b\r\n<p>"), head::RUNS_INTO, (0, b"<")),
        ("head-end", head_and("A: b\r\n"), head::ONE_LINE_END, (0, b"")),
        ("head-end", head_and("A: b"), head::NO_EMPTY_LINE, (0, b"")),
        ("head-end", head_and("A: b<p>hi"), head::GLUED, (0, b"<")),
        ("head-end", vec![closed(r"HTTP/1.1 200 OK\r\n\r\n<p>hi")], head::WRITTEN_OUT, (0, br"\r\n")),
        ("head-end", vec![closed("HTTP/1.1 200 OK/nServer: x/n/n<p>hi")], head::WRITTEN_OUT, (0, b"/n")),
        ("head-end", vec![closed("HTTP/1.1 200 OKrnServer: xrnrn<p>hi")], head::WRITTEN_OUT, (0, b"rn")),
        ("field-lines", head_and("Server: xDate: y\r\n\r\n"), head::JOINED, (0, b"Date:")),
        ("field-lines", vec![closed("HTTP/1.1 200 OKServer: x\r\n\r\n")], head::JOINED_TO_STATUS, (0, b"Server:")),
        ("field-lines", head_and("{'Server': 'x'}\r\n\r\n"), head::NO_NAME, (0, b"{")),
        ("field-lines", head_and("A : b\r\n\r\n"), head::SPACE_BEFORE_COLON, (0, b" ")),
        ("head-end", head_and("A: b\r\n \r\n<p>hi"), head::NOT_EMPTY, (0, b" ")),
        ("head-end", head_and("  A: b\r\n  \r\n  <p>hi"), head::INDENTED, (0, b"  ")),
        ("field-lines", head_and("['A: b', 'Server: c']\r\n\r\n"), head::NO_NAME, (0, b"[")),
        ("field-lines", head_and("HTTP/1.1 200 OK\r\n\r\n"), head::STATUS_LINE_TWICE, (0, b"HTTP/1.1 200 OK")),
        ("field-lines", head_and("A = b\r\n\r\n"), head::NO_COLON, (0, b"A = b")),
        ("field-lines", head_and("A b\r\n\r\n"), head::NO_COLON, (0, b"A b")),
        ("field-lines", head_and("A b: c\r\n\r\n"), head::SPACE_IN_NAME, (0, b"A b")),
        ("field-lines", head_and("A: b\r\n c\r\n\r\n"), head::NO_NAME, (0, b" ")),
        // RFC 9110 section 8.3
        ("content-type", head_and("A: b\r\n\r\n"), fields::NO_TYPE, (0, b"")),
        ("content-type", head_and("Content-Type: html\r\n\r\n"), fields::NOT_A_TYPE, (0, b"html")),
        ("content-type", head_and("Content-Type: aplication/pdf\r\n\r\n"), fields::MISSPELT_TYPE, (0, b"aplication/pdf")),
        ("content-type", head_and("Content-Type: text/hmtl\r\n\r\n"), fields::WRONG_TYPE, (0, b"text/hmtl")),
        ("content-type", vec![closed("HTTP/1.1 200 OK; Content-Type: text/html\r\n\r\n")], fields::TYPE_IN_STATUS_LINE, (0, b"Content-Type:")),
        (
            "other-types",
            vec![closed(GOOD), closed("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")],
            fields::WRONG_TYPE,
            (1, b"text/html"),
        ),
        ("content", head_and("\r\n"), difference::EMPTY, (0, b"")),
        ("content", head_and("\r\n<p>hi</p>\n\r\n"), difference::LINE_END_BEHIND, (0, b"\r\n")),
        ("content", head_and("\r\n<p>hi</p>\nHTTP/1.1 404 No\r\n"), difference::SECOND_RESPONSE, (0, b"HTTP/1.1 404 No\r\n")),
        ("content", vec![Transcript { sent: b"GET /a HTTP/1.1\r\n".to_vec(), ..closed("HTTP/1.1 200 OK\r\n\r\nGET /a HTTP/1.1\r\n") }], difference::ECHOED, (0, b"G")),
        ("content", vec![closed("HTTP/1.1 200 OK\r\n\r\n>hi</p>\n")], difference::START_LOST, (0, b">")),
        ("content", vec![closed("HTTP/1.1 200 OK\r\n\r\np>hi</p>\n")], difference::FIRST_BYTE_LOST, (0, b"p")),
        ("content", head_and("\r\na.html"), difference::NAME, (0, b"a")),
        ("content", head_and("\r\n404 Not Found"), difference::ERROR_PAGE, (0, b"4")),
        ("content", head_and("\r\n\r\n<p>hi</p>\n"), difference::BEFORE, (0, b"\r\n")),
        ("content", head_and("\r\n<p>hi"), difference::SHORT, (0, b"")),
        ("content", vec![closed("HTTP/1.1 200 OK\r\n\r\n<p>hi"), on("", End::Reset)], difference::SHORT_ENDED, (0, b"")),
        ("content", vec![closed("HTTP/1.1 200 OK\r\n\r\n"), on("", End::Refused)], difference::EMPTY_ENDED, (0, b"")),
        ("content", head_and("\r\n<"), difference::FIRST_CHARACTER_ONLY, (0, b"")),
        ("content", vec![closed("HTTP/1.1 200 OK\r\n\r\n<"), on("", End::Reset)], difference::CLOSED_IN_LOOP, (0, b"")),
        ("content", head_and("\r\n<p>hi</p>\n<p>hi</p>\n"), difference::TWICE, (0, b"<p>hi</p>\n")),
        ("content", vec![closed("<p>hi</p>\nHTTP/1.1 200 OK\r\n\r\n")], difference::HEAD_BEHIND, (0, b"HTTP/1.1 200 OK\r\n\r\n")),
        ("content", head_and("\r\n<p>hi</p>\r\n"), difference::LINE_ENDS, (0, b"\r")),
        ("content", head_and("\r\n<p>ho</p>\n"), difference::OTHER, (0, b"o")),
        ("other-files", with_jpeg(b""), difference::EMPTY, (1, b"")),
        ("other-files", with_jpeg(b"\xef\xbf\xbd\x00\n"), difference::TEXT_MODE, (1, b"\xef")),
        ("other-files", vec![closed(GOOD), closed(GOOD)], content::IS_THE_PAGE, (1, b"<")),
        ("other-files", with_jpeg(b"\xff\xd8\x00\n"), difference::LINE_ENDS, (1, b"\n")),
        ("other-files", vec![closed(GOOD), gone()], content::FILE_NO_RESPONSE, (1, b"")),
        ("other-files", vec![closed(GOOD), closed(MISSING)], content::READ_AS_TEXT, (1, b"404")),
        ("other-files", good("other-files").into_iter().take(2).chain([closed(MISSING)]).collect(), content::FILE_NOT_200, (2, b"404")),
        ("binary", with_jpeg(b"\xff\xd8\x00"), difference::STRIPPED, (1, b"")),
        ("utf-8", vec![closed(GOOD), closed(GOOD), closed("HTTP/1.1 200 OK\r\n\r\na\u{f1}")], difference::SHORT, (2, b"")),
        ("closes", vec![on(GOOD, End::Open)], connection::LEFT_OPEN, (0, b"")),
        ("http-1.0", vec![closed(GOOD), on(GOOD, End::Open)], connection::LEFT_OPEN_1_0, (1, b"")),
        ("http-1.0", vec![closed(GOOD), closed(REFUSAL)], connection::NOT_1_0, (1, b"400")),
        ("not-found", vec![closed(""), gone()], not_found::NO_RESPONSE, (0, b"")),
        ("not-found", vec![closed(""), closed(GOOD)], not_found::SILENT, (0, b"")),
        ("not-found", vec![gone(), gone()], not_found::GONE_BEFORE, (0, b"")),
        ("not-found", vec![closed("HTTP/1.1 200 OK\r\nHTTP/1.1 404 No\r\n\r\n"), closed(GOOD)], not_found::TWO_HEADS, (0, b"200")),
        ("not-found-complete", vec![closed("HTTP/1.1 404 No\r\nContent-Length: 3\r\n\r\nno"), closed(GOOD)], not_found::WRONG_LENGTH, (0, b"3")),
        ("not-found", vec![closed("<p>no"), closed(GOOD)], not_found::NO_STATUS_LINE, (0, b"<")),
        ("not-found", vec![closed("404 Not Found\r\n\r\nno"), closed(GOOD)], not_found::BAD_STATUS_LINE, (0, b"404")),
        ("not-found", vec![closed("404 Not Found\r\n\r\nno"), gone()], not_found::BAD_STATUS_LINE, (0, b"404")),
        ("not-found-complete", vec![closed("HTTP/1.1 404 No\n\nno"), closed(GOOD)], head::BARE_LF, (0, b"\n")),
        ("not-found", vec![closed(GOOD), closed(GOOD)], not_found::THE_PAGE, (0, b"200")),
        ("not-found", vec![closed(BARE.replace("hi", "no")), closed(GOOD)], not_found::NOT_404, (0, b"200")),
        ("survives-not-found", vec![closed(MISSING), closed(MISSING), closed(GOOD)], not_found::CHANGED, (1, MISSING.as_bytes())),
        ("at-once", [vec![closed(GOOD), closed(MISSING)], (2..=10).map(|_| closed(GOOD)).collect()].concat(), crowd::MIXED_UP, (1, MISSING.as_bytes())),
        ("not-found-complete", vec![closed("HTTP/1.1 404 Not Found\r\n<p>"), closed(GOOD)], not_found::ONE_LINE_END, (0, b"")),
        ("not-found-complete", vec![closed("HTTP/1.1 404 Not Found"), closed(GOOD)], not_found::UNTERMINATED, (0, b"")),
        ("not-found-complete", vec![closed("HTTP/1.1 404 Not Found\r\n"), gone()], not_found::ENDED_IN_IT, (0, b"")),
        ("not-found-page", vec![closed("HTTP/1.1 404 Not Found\r\n\r\n"), closed(GOOD)], not_found::NO_CONTENT, (0, b"")),
        ("not-found-complete", vec![on(MISSING, End::Open), closed(GOOD)], not_found::LEFT_OPEN, (0, b"")),
        ("survives-not-found", vec![closed(MISSING), gone()], not_found::GONE, (1, b"")),
        ("survives-not-found", vec![closed(MISSING), on("", End::Open)], not_found::STUCK, (1, b"")),
        ("simple-request", vec![on("", End::Open)], simple_request::NO_RESPONSE, (0, b"")),
        ("simple-request", vec![Transcript { marks: vec![0, 0], ..closed(PAGE) }], simple_request::WAITS, (0, b"")),
        ("simple-request", vec![closed(GOOD)], simple_request::HEAD, (0, b"HTTP/1.1 200 OK")),
        ("simple-request", vec![closed("<p>ho")], simple_request::CONTENT, (0, b"o")),
        ("simple-request", vec![on(PAGE, End::Open)], simple_request::OPEN, (0, b"")),
        ("at-once", silenced(good("at-once"), 2), crowd::NOT_ALL, (2, b"")),
        ("crowd", silenced(good("crowd"), 20), crowd::NOT_ALL, (20, b"")),
        ("crowd", replaced(good("crowd"), 7, closed(GOOD)), crowd::OTHERS_RESPONSE, (7, &GOOD.as_bytes()[9..])),
        ("crowd", replaced(good("crowd"), 7, closed(REFUSAL)), crowd::MIXED_UP, (7, &REFUSAL.as_bytes()[9..])),
        ("silent-clients", silenced(good("silent-clients"), 3), crowd::ONE_AT_A_TIME, (3, b"")),
        ("eleventh", silenced(good("eleventh"), 9), crowd::TENTH_WAITS, (9, b"")),
        ("eleventh", silenced(good("eleventh"), 10), crowd::ELEVENTH_LOST, (10, b"")),
        ("eleventh", replaced(good("eleventh"), 10, closed("")), crowd::ELEVENTH_CLOSED, (10, b"")),
        ("eleventh", good("eleventh").into_iter().take(3).chain((3..11).map(|_| closed(MISSING))).chain([closed(GOOD)]).collect(), crowd::MIXED_UP, (3, MISSING.as_bytes())),
        ("silent-clients", vec![gone(), gone(), gone(), closed(MISSING), closed(GOOD)], crowd::MIXED_UP, (3, MISSING.as_bytes())),
        ("eleventh", turned_away, crowd::TEN_LOST, (9, b"")),
        ("eleventh", silenced(good("eleventh"), 3), crowd::TEN_LOST, (3, b"")),
        // RFC 9110 sections 8.6, 6.6.1 and 10.2.4
        ("content-length", head_and("Content-Length: x\r\n\r\n"), fields::LENGTH_IS_NO_NUMBER, (0, b"x")),
        ("content-length", head_and("Content-Length: {len(data)}\r\n\r\n"), fields::LENGTH_IN_BRACES, (0, b"{len(data)}")),
        ("content-length", head_and("Content-Length: 9\r\n\r\n<p>hi</p>\n"), fields::WRONG_LENGTH, (0, b"9")),
        ("content-length", vec![closed("HTTP/1.1 200 OK\r\nContent-Length: 49\r\n\r\n<p>hi</p>\n")], fields::LENGTH_TOO_LARGE, (0, b"49")),
        ("content-length", vec![closed("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n<p>hi</p>\n")], fields::WRONG_LENGTH, (0, b"50")),
        (
            "other-lengths",
            vec![closed(GOOD), closed(GOOD), closed("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\naño\n")],
            fields::WRONG_LENGTH,
            (2, b"4"),
        ),
        ("date", head_and("A: b\r\n\r\n"), fields::NO_DATE, (0, b"")),
        ("date", head_and("Date: 1994-11-06 08:49\r\n\r\n"), fields::BAD_DATE, (0, b"1994-11-06 08:49")),
        ("server-field", head_and("A: b\r\n\r\n"), fields::NO_SERVER, (0, b"")),
        // RFC 9112 section 9.3
        ("connection-field", head_and("Connection: keep-alive\r\n\r\nx"), persistence::SAYS_KEEP_ALIVE, (0, b"keep-alive")),
        ("connection-field", head_and("A: b\r\n\r\nx"), persistence::SAYS_NOTHING, (0, b"")),
        ("connection-field", vec![two(GOOD, "", End::Open), closed(GOOD)], persistence::SAYS_CLOSE, (0, b"close")),
        ("persistent", vec![two("HTTP/1.1 200 OK\r\n\r\nx", "", End::Open), closed(GOOD)], persistence::NO_LENGTH, (0, b"")),
        (
            "persistent",
            vec![two("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "", End::Open), closed(GOOD)],
            persistence::SECOND_NO_RESPONSE,
            (0, b""),
        ),
        ("head-method", vec![closed(GOOD)], refusal::HEAD_WITH_CONTENT, (0, PAGE.as_bytes())),
        ("head-method", vec![closed("")], refusal::HEAD_NO_RESPONSE, (0, b"")),
        ("post", vec![closed(GOOD), closed(GOOD)], refusal::POST_ACCEPTED, (0, b"200")),
        ("post", vec![closed(REFUSAL), gone()], refusal::GONE, (1, b"")),
        ("unknown-method", vec![closed(GOOD), closed(GOOD)], refusal::METHOD_ACCEPTED, (0, b"200")),
        ("host-missing", vec![closed(GOOD), closed(GOOD)], refusal::HOST_MISSING, (0, b"200")),
        ("bad-request", vec![closed(GOOD), closed(GOOD)], refusal::BAD_REQUEST, (0, b"200")),
        ("bad-request", vec![on("", End::Open), closed(GOOD)], refusal::BAD_REQUEST, (0, b"")),
        ("space-before-colon", vec![closed(GOOD), closed(GOOD)], refusal::SPACE_BEFORE_COLON, (0, b"200")),
        ("two-segments", vec![closed(""), closed(GOOD)], same_page::TWO_SEGMENTS, (0, b"")),
        ("leading-blank-line", vec![closed(REFUSAL), closed(GOOD)], same_page::LEADING_BLANK_LINE, (0, b"400")),
        ("query", vec![closed(MISSING), closed(GOOD)], same_page::QUERY, (0, b"404")),
        ("percent", vec![closed(MISSING), closed(GOOD)], same_page::PERCENT, (0, b"404")),
        ("absolute-form", vec![closed("HTTP/1.1 200 OK\r\n\r\nx"), closed(GOOD)], same_page::ABSOLUTE_FORM, (0, b"x")),
        ("field-names", vec![closed(REFUSAL), closed(GOOD)], same_page::FIELD_NAMES, (0, b"400")),
        ("one-write", vec![dribble], connection::DRIBBLE, (0, b"n")),
        ("traversal", vec![closed("HTTP/1.1 200 OK\r\n\r\nsecret"), closed(MISSING)], traversal::LEAK, (0, b"secret")),
        ("traversal", vec![closed("root:x:0:0"), closed("<p>no")], traversal::LEAK, (0, b"root:x:0:0")),
        ("traversal", vec![closed("200 OK\r\nroot:x:0:0\n"), closed(MISSING)], traversal::LEAK, (0, b"root:x:0:0\n")),
        ("traversal", vec![closed("HTTP/1.1 200 OK\r\nServer: x\r\nroot:x:0:0\n"), closed(MISSING)], traversal::LEAK, (0, b"root:x:0:0\n")),
        ("traversal", vec![closed("HTTP/1.1 200 OK\r\n\r\n\r\nroot:x:0:0\n\r\n"), closed(MISSING)], traversal::LEAK, (0, b"root:x:0:0\n")),
        ("traversal", vec![closed(""), gone()], endurance::GONE, (1, b"")),
        ("directory", vec![closed(""), closed(GOOD)], endurance::DIRECTORY_NO_RESPONSE, (0, b"")),
        ("directory", vec![closed("HTTP/1.1 000 OK\r\n\r\n"), closed(GOOD)], endurance::DIRECTORY_INVALID, (0, b"000")),
        ("directory", vec![closed(GOOD), gone()], endurance::GONE, (1, b"")),
        ("empty-connection", vec![on("", End::Open), gone()], endurance::EMPTY_CONNECTION, (1, b"")),
        ("blank-line", vec![on("", End::Open), gone()], endurance::BLANK_LINE, (1, b"")),
        ("half-request", vec![on("", End::Open), closed("")], endurance::HALF_REQUEST, (1, b"")),
        ("early-leave", vec![on("", End::Open), gone()], endurance::EARLY_LEAVE, (1, b"")),
        ("idle-client", vec![on("", End::Open), on("", End::Open)], endurance::IDLE_CLIENT, (1, b"")),
        ("long-target", vec![on("", End::Open), closed(GOOD)], endurance::TOO_LONG_NO_RESPONSE, (0, b"")),
        ("long-target", vec![closed(""), gone()], endurance::GONE, (1, b"")),
        ("many-fields", vec![closed(long), gone()], endurance::GONE, (1, b"")),
        ("restart", vec![gone(), gone(), closed(GOOD)], endurance::NOT_BACK, (1, b"")),
    ];
    let ids: BTreeSet<_> = rows.iter().map(|(id, ..)| *id).collect();
    let unseen: Vec<_> = checks::all()
        .map(|check| check.id)
        .filter(|id| !ids.contains(id) && *id != "after-content")
        .collect();
    assert!(unseen.is_empty(), "no fault for {unseen:?}");
    for (id, transcripts, fault, place) in rows {
        assert_fault(id, &target(Preset::General, true), transcripts, fault, place);
    }
    let outside = Target {
        host: "10.0.0.2:3000".to_owned(),
        ..target(Preset::Mininet, true)
    };
    assert_fault(
        "connects",
        &outside,
        vec![gone()],
        connection::REFUSED_FROM_OUTSIDE,
        (0, b""),
    );
    // Behind something else that is wrong the skeleton's line does not matter.
    let both = vec![closed("HTTP/1.1 200 OK\r\n\r\np>hi</p>\n\r\n")];
    assert_fault(
        "content",
        &target(Preset::Kurose, true),
        both,
        difference::FIRST_BYTE_LOST,
        (0, b"p"),
    );
    let skeletons = head_and("\r\n<p>hi</p>\n\r\n");
    let kurose = target(Preset::Kurose, true);
    assert_eq!(verify("content", &kurose, skeletons.clone()), Ok(()));
    assert_fault(
        "after-content",
        &kurose,
        skeletons,
        content::SKELETON_LINE,
        (0, b"\r\n"),
    );
}

#[test]
fn without_known_files_content_is_held_against_itself() {
    let target = target(Preset::General, false);
    let unknown = verify("content", &target, vec![closed(GOOD), closed(GOOD)]);
    assert!(matches!(unknown, Err(Finding::NotRun(_))), "{unknown:?}");
    let content = |bytes: &str| vec![closed(format!("HTTP/1.1 200 OK\r\n\r\n{bytes}"))];
    for (bytes, fault) in [
        ("<html>a</html><html>a</html>", difference::TWICE),
        ("<_io.TextIOWrapper name='a.html'>", difference::TEXT_OBJECT),
    ] {
        assert_fault("content", &target, content(bytes), fault, (0, bytes.as_bytes()));
    }
    let page = |length: usize| format!("<h1>404</h1>\n{}", " ".repeat(length - 13));
    assert_fault(
        "content",
        &target,
        content(&page(1024)),
        difference::ERROR_PAGE,
        (0, b"<h1>404</h1>\n"),
    );
    let about_errors = verify("content", &target, content(&page(1025)));
    assert!(matches!(about_errors, Err(Finding::NotRun(_))), "{about_errors:?}");
    let other = GOOD.replace("hi", "ho");
    assert_fault(
        "survives",
        &target,
        vec![closed(GOOD), closed(other)],
        repeated::OTHER_CONTENT,
        (1, b"o"),
    );
    let empty = || closed("HTTP/1.1 200 OK\r\n\r\n");
    assert_fault("content", &target, vec![empty(), empty()], difference::EMPTY, (0, b""));
}

#[test]
fn the_mininet_lab_wants_its_404_to_say_so() {
    let silent = closed("HTTP/1.1 404 Not Found\r\n\r\n<p>sorry</p>");
    let transcripts = vec![silent, closed(GOOD)];
    assert_fault(
        "not-found-page",
        &target(Preset::Mininet, true),
        transcripts.clone(),
        not_found::NOT_SAID,
        (0, b"<"),
    );
    assert_eq!(
        verify("not-found-page", &target(Preset::Kurose, true), transcripts),
        Ok(())
    );
}

#[test]
fn what_one_check_has_told_no_other_tells_again() {
    let twice = |response: &str| vec![closed(response), closed(response)];
    let files_in = |before: &str, after: &str| -> Vec<Transcript> {
        let around = |content: &[u8]| [before.as_bytes(), content, after.as_bytes()].concat();
        let response = |content: &[u8]| closed([b"HTTP/1.1 200 OK\r\n\r\n", &*around(content)].concat());
        target(Preset::General, true)
            .files
            .iter()
            .map(|file| response(&file.content))
            .collect()
    };
    let bare_lf = GOOD.replace("\r\n", "\n");
    let no_empty_line = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n<p>hi</p>\n";
    #[rustfmt::skip]
    let rows: Vec<(&str, Vec<Transcript>, &str)> = vec![
        ("status-line", vec![closed(&bare_lf)], "a line that ends with LF alone"),
        ("head-end", vec![closed(&bare_lf)], "a line that ends with LF alone"),
        ("content", vec![closed(&bare_lf)], "a line that ends with LF alone"),
        ("line-ends", vec![closed(no_empty_line)], "no empty line behind the head"),
        ("field-lines", vec![closed(no_empty_line)], "no empty line behind the head"),
        ("content-type", vec![closed(no_empty_line)], "no empty line behind the head"),
        ("content", vec![closed(no_empty_line)], "no empty line behind the head"),
        ("status-200", vec![closed("200 OK\r\n\r\n")], "no version"),
        ("content-type", vec![closed("HTTP/1.1 200 OK\r\nContent-Type text/html\r\n\r\n")], "no colon"),
        ("other-files", files_in("", "\r\n"), "the same bytes behind every file"),
        ("binary", files_in("\r\n", ""), "the same bytes before every file"),
        ("content-length", vec![closed("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n<p>hi</p>\n\r\n")], "the file's length, and more bytes"),
        ("http-1.0", vec![on(GOOD, End::Open), on(GOOD, End::Open)], "no connection is ever closed"),
        ("not-found-complete", vec![on(MISSING, End::Open), on(GOOD.replace("Content-Length", "X"), End::Open)], "no connection is ever closed"),
        ("traversal", twice(GOOD), "200 for everything"),
        ("traversal", vec![closed("HTTP/1.1 200 OK\r\n\r\nno ../secret.txt"), closed("HTTP/1.1 200 OK\r\n\r\nno secret.txt")], "an error page with 200 that quotes the name"),
        // An honest close needs no second response (RFC 9112 section 9.3).
        ("persistent", vec![closed(GOOD)], "it is closed"),
        // HTTP/1.0 closes without a word.
        ("connection-field", vec![closed("HTTP/1.0 200 OK\r\n\r\nx")], "HTTP/1.0"),
        ("persistent", vec![two("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", GOOD, End::Open), closed(GOOD)], "the second gets a response"),
        ("bad-request", vec![closed(""), closed(GOOD)], "a close is enough"),
    ];
    for (id, transcripts, why) in rows {
        assert_eq!(
            verify(id, &target(Preset::General, true), transcripts),
            Ok(()),
            "{id}: {why}"
        );
    }
}

#[test]
fn what_cannot_be_verified_is_not_run() {
    let bare = || vec![closed(PAGE), closed(PAGE)];
    let never_closes = || vec![two(GOOD, "", End::Open), on(GOOD, End::Open)];
    for (id, preset, transcripts) in [
        // HTTP/0.9 has no head, and in Lab01 that is no fault.
        ("status-line", Preset::Lab01, bare()),
        ("status-200", Preset::General, bare()),
        ("line-ends", Preset::General, bare()),
        ("content-type", Preset::General, bare()),
        ("not-found", Preset::Lab01, bare()),
        ("post", Preset::Lab01, bare()),
        ("responds", Preset::General, vec![on("", End::Refused)]),
        ("status-line", Preset::General, vec![closed("")]),
        ("content", Preset::General, vec![closed(MISSING)]),
        ("query", Preset::General, vec![closed(MISSING), closed(MISSING)]),
        // A status line without a code is for `status-line`.
        (
            "post",
            Preset::General,
            vec![closed("HTTP/1.1 No\r\n\r\n"), closed(GOOD)],
        ),
        (
            "directory",
            Preset::General,
            vec![closed("HTTP/1.1 No\r\n\r\n"), closed(GOOD)],
        ),
        ("not-found-complete", Preset::General, vec![closed(GOOD), closed(GOOD)]),
        // The page gets the same 404, of which `head-end` tells.
        (
            "not-found-complete",
            Preset::General,
            vec![closed("HTTP/1.1 404 No\r\n"), closed("HTTP/1.1 404 No\r\n")],
        ),
        (
            "survives-not-found",
            Preset::General,
            vec![closed("HTTP/1.1 404 No\r\n"), on("", End::Refused)],
        ),
        (
            "content-type",
            Preset::General,
            vec![closed("HTTP/1.1 200 OK\r\nServer: xContent-Type: text/html\r\n\r\n")],
        ),
        ("server-field", Preset::General, vec![closed("HTTP/1.1 200 OK<html>")]),
        (
            "survives-not-found",
            Preset::General,
            vec![closed(""), on("", End::Refused)],
        ),
        (
            "utf-8",
            Preset::General,
            vec![closed(GOOD), closed(""), on("", End::Refused)],
        ),
        ("connection-field", Preset::General, never_closes()),
        ("persistent", Preset::General, never_closes()),
        (
            "restart",
            Preset::General,
            vec![closed(GOOD), closed(GOOD), closed(GOOD)],
        ),
        ("restart", Preset::General, vec![]),
    ] {
        let verification = verify(id, &target(preset, true), transcripts);
        assert!(
            matches!(verification, Err(Finding::NotRun(_))),
            "{id}: {verification:?}"
        );
    }
}
