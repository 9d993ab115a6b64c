//! What a response says about itself (RFC 9110 sections 6.6.1, 8 and 10.2).
//!
//! `check` holds every response of every case to what all responses have; here is what single ones have.

use crate::case::{Case, get, lines, refused, request, with_status};
use crate::served::{DIGITS_TAG, MODIFIED, Setup};

pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        with_status("response-fields", "RFC 9110 section 8", get("/digits.txt", &[]), 200)
            .field("Content-Type", "text/plain; charset=utf-8")
            .field("Content-Length", "10")
            .field("Last-Modified", MODIFIED)
            .field("ETag", DIGITS_TAG)
            .field("Accept-Ranges", "bytes")
            .field("Cache-Control", "no-cache")
            .without("Vary")
            .without("Content-Encoding")
            .without("Connection")
            .without("Strict-Transport-Security")
            .without("Access-Control-Allow-Origin"),
        with_status(
            "response-last-modified-of-the-future",
            "RFC 9110 section 8.8.2.1",
            get("/future.txt", &[]),
            200,
        )
        .has("Last-Modified"),
        with_status(
            "response-length-zero",
            "RFC 9110 section 8.6",
            get("/empty.txt", &[]),
            200,
        )
        .field("Content-Length", "0"),
        with_status("response-extras", "ours: --header", get("/digits.txt", &[]), 200)
            .field("X-Course", "networks")
            .on(Setup::Extras),
        with_status("response-extras-not-found", "ours: --header", get("/nothing", &[]), 404)
            .field("X-Course", "networks")
            .on(Setup::Extras),
        with_status(
            "response-extras-refused",
            "ours: --header",
            "GET / HTTP/1.1\r\n\r\n",
            400,
        )
        .field("X-Course", "networks")
        .field("Access-Control-Allow-Origin", "*")
        .on(Setup::Extras)
        .closes(),
        with_status(
            "response-cache-control",
            "ours: --cache-control",
            get("/digits.txt", &[]),
            200,
        )
        .field("Cache-Control", "max-age=60")
        .on(Setup::Extras),
        with_status(
            "response-cors",
            "ours: --cors",
            get("/digits.txt", &["Origin: http://b.example"]),
            200,
        )
        .field("Access-Control-Allow-Origin", "*")
        .on(Setup::Extras),
        with_status(
            "response-cors-preflight",
            "ours: --cors",
            request(
                "OPTIONS",
                "/digits.txt",
                &[
                    "Origin: http://b.example",
                    "Access-Control-Request-Method: GET",
                    "Access-Control-Request-Headers: range",
                ],
            ),
            204,
        )
        .field("Access-Control-Allow-Origin", "*")
        .field("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
        .has("Access-Control-Allow-Headers")
        .on(Setup::Extras),
        with_status(
            "response-cors-no-preflight",
            "ours: --cors",
            request("OPTIONS", "/digits.txt", &["Origin: http://b.example"]),
            204,
        )
        .field("Access-Control-Allow-Origin", "*")
        .without("Access-Control-Allow-Methods")
        .on(Setup::Extras),
        with_status("response-health", "ours: --health", get("/health?a=b", &[]), 200)
            .content("ok\n")
            .field("Content-Type", "text/plain; charset=utf-8")
            .field("Cache-Control", "no-store")
            .on(Setup::Extras),
        with_status(
            "response-health-head",
            "ours: --health",
            request("HEAD", "/health", &[]),
            200,
        )
        .on(Setup::Extras),
        with_status(
            "response-health-equivalent",
            "RFC 9110 section 4.2.3",
            get("/%68ea%6cth", &[]),
            200,
        )
        .content("ok\n")
        .on(Setup::Extras),
        with_status(
            "response-health-not-equivalent",
            "RFC 3986 section 2.2",
            get("/%2Fhealth", &[]),
            404,
        )
        .on(Setup::Extras),
        // RFC 9110 section 15.4.5: what the 200 would have said.
        with_status(
            "response-health-not-modified",
            "RFC 9110 section 15.4.5",
            get("/health", &["If-None-Match: *"]),
            304,
        )
        .field("Cache-Control", "no-store")
        .on(Setup::Extras),
        with_status("response-health-is-off", "ours: --health", get("/health", &[]), 404),
    ];
    // RFC 9111 section 3: explicit freshness would let a cache keep any of them, and deny everyone the file.
    for (id, request, status, cache_control) in [
        ("part", get("/digits.txt", &["Range: bytes=0-0"]), 206, "max-age=60"),
        (
            "not-modified",
            get("/digits.txt", &["If-None-Match: *"]),
            304,
            "max-age=60",
        ),
        ("redirect", get("/dir", &[]), 301, "max-age=60"),
        ("listing", get("/bare/", &[]), 200, "max-age=60"),
        ("not-found", get("/nothing", &[]), 404, "no-store"),
        ("forbidden", get("/fifo", &[]), 403, "no-store"),
        ("above", get("/..", &[]), 400, "no-store"),
        (
            "not-acceptable",
            get("/digits.txt", &["Accept-Encoding: identity;q=0"]),
            406,
            "no-store",
        ),
        (
            "precondition-failed",
            get("/digits.txt", &["If-Match: \"x\""]),
            412,
            "no-store",
        ),
        (
            "unsatisfiable",
            get("/digits.txt", &["Range: bytes=10-"]),
            416,
            "no-store",
        ),
        ("method", request("POST", "/digits.txt", &[]), 405, "no-store"),
        ("method-unknown", request("BREW", "/digits.txt", &[]), 501, "no-store"),
    ] {
        let case = with_status(format!("cache-{id}"), "RFC 9111 section 3", request, status);
        cases.push(case.field("Cache-Control", cache_control).on(Setup::Extras));
    }
    for (id, request, status) in [
        ("twice", lines("Host: a.example\r\nUser-Agent: a\r\nUser-Agent: b"), 400),
        ("expectation", get("/digits.txt", &["Expect: more"]), 417),
        ("fields", get("/digits.txt", &["A: b"; 101]), 431),
    ] {
        let case = refused(format!("cache-refused-{id}"), "RFC 9111 section 3", request, status);
        cases.push(case.field("Cache-Control", "no-store").on(Setup::Extras));
    }
    cases.push(
        with_status(
            "cache-options",
            "RFC 9110 section 9.3.7",
            request("OPTIONS", "/", &[]),
            204,
        )
        .without("Cache-Control")
        .on(Setup::Extras),
    );
    for (id, path, media_type) in [
        ("html", "/dir/page.html", "text/html; charset=utf-8"),
        ("upper-case", "/UPPER.HTML", "text/html; charset=utf-8"),
        ("css", "/style.css", "text/css; charset=utf-8"),
        ("json", "/data.json", "application/json"),
        ("unknown", "/unknown.aula", "application/octet-stream"),
        ("none", "/README", "application/octet-stream"),
        ("video", "/film.mp4", "video/mp4"),
    ] {
        let case = with_status(
            format!("type-{id}"),
            "RFC 9110 section 8.3",
            request("HEAD", path, &[]),
            200,
        );
        cases.push(case.field("Content-Type", media_type).without("Content-Disposition"));
    }
    cases
}
