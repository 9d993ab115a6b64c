//! Persistence, pipelining and the end (RFC 9112 section 9).
//!
//! Deadlines need a clock that can be turned: they are tested in `src/http1/connection_tests.rs`.

use crate::case::{Case, case, get, lines, refused, request, with_status};
use crate::served::Setup;

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    cases.extend(persistence());
    cases.extend(pipelines());
    cases
}

fn persistence() -> Vec<Case> {
    let section = "RFC 9112 section 9.3";
    let mut cases = Vec::new();
    for (id, field) in [
        ("by-default", "A: b"),
        ("keep-alive", "Connection: keep-alive"),
        ("unknown-option", "Connection: x"),
        ("empty", "Connection:"),
        ("keep-alive-field", "Keep-Alive: timeout=5"),
        ("proxy-connection", "Proxy-Connection: close"),
    ] {
        cases.push(
            with_status(format!("persistent-{id}"), section, get("/digits.txt", &[field]), 200).without("Connection"),
        );
    }
    for (id, field) in [
        ("close", "Connection: close"),
        ("without-case", "connection: CLOSE"),
        ("in-a-list", "Connection: keep-alive, close"),
        ("after-empty-members", "Connection: ,, close,"),
        ("on-another-line", "Connection: x\r\nConnection: close"),
    ] {
        let case = refused(
            format!("close-{id}"),
            "RFC 9112 section 9.6",
            get("/digits.txt", &[field]),
            200,
        );
        cases.push(case.content("0123456789"));
    }
    let old = |fields: &str| format!("GET /digits.txt HTTP/1.0\r\n{fields}\r\n");
    cases.extend([
        with_status("persistent-1-0", section, old("Connection: keep-alive\r\n"), 200)
            .field("Connection", "keep-alive"),
        with_status(
            "persistent-1-0-without-case",
            section,
            old("CONNECTION: Keep-Alive\r\n"),
            200,
        )
        .field("Connection", "keep-alive"),
        with_status(
            "persistent-1-0-in-a-list",
            section,
            old("Connection: x, keep-alive\r\n"),
            200,
        ),
        with_status(
            "persistent-1-0-twice",
            section,
            old("Connection: keep-alive\r\n").repeat(2),
            200,
        )
        .response(200),
        refused("close-1-0", section, old(""), 200),
        refused("close-1-0-both", section, old("Connection: keep-alive, close\r\n"), 200),
        refused("close-1-0-lookalike", section, old("Connection: keep-alives\r\n"), 200),
        refused(
            "close-1-0-keep-alive-field",
            section,
            old("Keep-Alive: timeout=5\r\n"),
            200,
        ),
        with_status("persistent-after-404", section, get("/nothing", &[]), 404),
        with_status("persistent-after-405", section, request("DELETE", "/", &[]), 405),
        with_status(
            "persistent-after-416",
            section,
            get("/digits.txt", &["Range: bytes=99-"]),
            416,
        ),
        with_status(
            "persistent-after-304",
            section,
            get("/digits.txt", &["If-None-Match: *"]),
            304,
        ),
        refused(
            "close-head",
            "RFC 9112 section 9.6",
            request("HEAD", "/digits.txt", &["Connection: close"]),
            200,
        ),
        refused(
            "close-304",
            "RFC 9112 section 9.6",
            get("/digits.txt", &["Connection: close", "If-None-Match: *"]),
            304,
        ),
        refused(
            "close-options",
            "RFC 9112 section 9.6",
            request("OPTIONS", "*", &["Connection: close"]),
            204,
        ),
        refused("close-always", "ours: --close", get("/digits.txt", &[]), 200).on(Setup::GetOnly),
        refused(
            "close-always-1-0",
            "ours: --close",
            old("Connection: keep-alive\r\n"),
            200,
        )
        .on(Setup::GetOnly),
        refused(
            "close-always-the-first-of-two",
            "ours: --close",
            get("/digits.txt", &[]).repeat(2),
            200,
        )
        .on(Setup::GetOnly),
    ]);
    cases
}

fn pipelines() -> Vec<Case> {
    let section = "RFC 9112 section 9.3.2";
    let one = |path: &str| get(path, &[]);
    let many = |count: usize, setup: Setup| {
        let mut case = case(
            format!("pipeline-of-{count}"),
            section,
            one("/digits.txt").repeat(count),
        )
        .on(setup);
        for _ in 0..count {
            case = case.response(200).content("0123456789");
        }
        case
    };
    let mixed = [
        one("/digits.txt"),
        request("HEAD", "/pattern.bin", &[]),
        request("POST", "/", &["Content-Length: 5"]) + "hello",
        one("/nothing"),
        get("/digits.txt", &["Transfer-Encoding: chunked"]) + "1\r\nx\r\n0\r\n\r\n",
        get("/digits.txt", &["Range: bytes=0-1"]),
        request("OPTIONS", "*", &[]),
        one("/probe.txt"),
    ];
    vec![
        many(2, Setup::Plain),
        many(20, Setup::Plain),
        many(200, Setup::Plain),
        // More than may be queued.
        many(9, Setup::Small),
        with_status("pipeline-of-all-kinds", section, mixed.concat(), 200)
            .content("0123456789")
            .response(200)
            .head()
            .response(405)
            .response(404)
            .response(200)
            .response(206)
            .content("01")
            .response(204)
            .response(200)
            .content("the connection is usable\n"),
        with_status(
            "pipeline-of-a-large-file",
            section,
            one("/pattern.bin") + &one("/digits.txt"),
            200,
        )
        .response(200)
        .content("0123456789"),
        with_status(
            "pipeline-ends-with-close",
            "RFC 9112 section 9.6",
            one("/digits.txt") + &get("/probe.txt", &["Connection: close"]),
            200,
        )
        .response(200)
        .content("the connection is usable\n")
        .closes(),
        with_status(
            "pipeline-ends-with-a-fault",
            "RFC 9112 section 9.3.2",
            one("/digits.txt") + &lines("A: b"),
            200,
        )
        .response(400)
        .closes(),
        refused(
            "pipeline-after-a-fault-is-not-read",
            "RFC 9112 section 6.3",
            lines("A: b") + &one("/digits.txt"),
            400,
        ),
        with_status(
            "pipeline-from-1-1-to-1-0",
            section,
            one("/digits.txt") + "GET /probe.txt HTTP/1.0\r\n\r\n",
            200,
        )
        .response(200)
        .closes(),
    ]
}
