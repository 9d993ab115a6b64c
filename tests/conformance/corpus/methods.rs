//! Methods (RFC 9110 section 9).

use crate::case::{Case, get, refused, request, with_status};
use crate::served::Setup;

/// What is offered.
const OFFERED: &str = "GET, HEAD, OPTIONS";

pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        with_status("method-get", "RFC 9110 section 9.3.1", get("/digits.txt", &[]), 200).content("0123456789"),
        with_status(
            "method-head",
            "RFC 9110 section 9.3.2",
            request("HEAD", "/digits.txt", &[]),
            200,
        )
        .field("Content-Length", "10")
        .field("Content-Type", "text/plain; charset=utf-8")
        .has("ETag")
        .has("Last-Modified")
        .field("Accept-Ranges", "bytes"),
        with_status(
            "method-head-not-found",
            "RFC 9110 section 9.3.2",
            request("HEAD", "/nothing", &[]),
            404,
        ),
        with_status(
            "method-head-redirect",
            "RFC 9110 section 9.3.2",
            request("HEAD", "/dir", &[]),
            301,
        )
        .field("Location", "/dir/"),
        with_status(
            "method-head-large",
            "RFC 9110 section 9.3.2",
            request("HEAD", "/film.mp4", &[]),
            200,
        )
        .field("Content-Length", "5368709120"),
        with_status(
            "method-head-1-0",
            "RFC 9110 section 9.3.2",
            "HEAD /digits.txt HTTP/1.0\r\n\r\n",
            200,
        )
        .closes(),
        with_status(
            "method-options",
            "RFC 9110 section 9.3.7",
            request("OPTIONS", "/digits.txt", &[]),
            204,
        )
        .field("Allow", OFFERED)
        .without("Content-Length"),
        with_status(
            "method-options-asterisk",
            "RFC 9110 section 9.3.7",
            request("OPTIONS", "*", &[]),
            204,
        )
        .field("Allow", OFFERED)
        .without("Content-Length"),
        with_status(
            "method-options-absolute-form",
            "RFC 9112 section 3.2.4",
            request("OPTIONS", "http://a.example", &[]),
            204,
        )
        .field("Allow", OFFERED),
        with_status(
            "method-options-not-found",
            "RFC 9110 section 9.3.7",
            request("OPTIONS", "/nothing", &[]),
            204,
        ),
        with_status(
            "method-options-1-0",
            "RFC 9110 section 9.3.7",
            "OPTIONS * HTTP/1.0\r\n\r\n",
            204,
        )
        .closes(),
        with_status(
            "method-options-ignores-conditions",
            "RFC 9110 section 13.2.1",
            request("OPTIONS", "/digits.txt", &["If-Match: \"x\""]),
            204,
        ),
        with_status(
            "method-trace-is-not-echoed",
            "RFC 9110 section 9.3.8",
            request("TRACE", "/digits.txt", &["X-Secret: s3cret"]),
            405,
        )
        .content_has_not("s3cret"),
        with_status(
            "method-connect",
            "RFC 9110 section 9.3.6",
            request("CONNECT", "b.example:443", &[]),
            405,
        )
        .field("Allow", OFFERED),
        refused(
            "method-connect-origin-form",
            "RFC 9112 section 3.2.3",
            request("CONNECT", "/digits.txt", &[]),
            400,
        ),
        refused(
            "method-connect-without-port",
            "RFC 9112 section 3.2.3",
            request("CONNECT", "b.example", &[]),
            400,
        ),
        refused(
            "method-connect-empty-port",
            "RFC 9110 section 9.3.6",
            request("CONNECT", "b.example:", &[]),
            400,
        ),
        refused(
            "method-connect-absolute-form",
            "RFC 9112 section 3.2.3",
            request("CONNECT", "http://b.example/", &[]),
            400,
        ),
        with_status(
            "method-lower-case",
            "RFC 9110 section 9.1",
            request("get", "/digits.txt", &[]),
            501,
        ),
        with_status(
            "method-mixed-case",
            "RFC 9110 section 9.1",
            request("Get", "/digits.txt", &[]),
            501,
        ),
        with_status(
            "method-longer-word",
            "RFC 9110 section 9.1",
            request("GETS", "/digits.txt", &[]),
            501,
        ),
        with_status(
            "method-unknown",
            "RFC 9110 section 15.6.2",
            request("BREW", "/digits.txt", &[]),
            501,
        ),
        with_status(
            "method-of-webdav",
            "RFC 9110 section 15.6.2",
            request("PROPFIND", "/digits.txt", &[]),
            501,
        ),
        with_status(
            "method-unknown-not-found",
            "RFC 9110 section 15.6.2",
            request("BREW", "/nothing", &[]),
            501,
        ),
        with_status(
            "method-of-all-token-characters",
            "RFC 9110 section 9.1",
            request("!#$%&'*+-.^_`|~9", "/", &[]),
            501,
        ),
    ];
    for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE"] {
        let name = method.to_ascii_lowercase();
        for (path, target) in [("file", "/digits.txt"), ("not-found", "/nothing")] {
            let id = format!("method-{name}-{path}");
            let case = with_status(id, "RFC 9110 section 15.5.6", request(method, target, &[]), 405);
            cases.push(case.field("Allow", OFFERED));
        }
    }
    for (method, status) in [
        ("HEAD", 405),
        ("OPTIONS", 405),
        ("POST", 405),
        ("BREW", 501),
        ("GET", 200),
    ] {
        let id = format!("method-get-only-{}", method.to_ascii_lowercase());
        let case = with_status(id, "ours: --get-only", request(method, "/digits.txt", &[]), status);
        let case = if status == 405 {
            case.field("Allow", "GET")
        } else {
            case
        };
        cases.push(case.on(Setup::GetOnly).closes());
    }
    cases
}
