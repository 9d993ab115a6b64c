//! Precompressed siblings by Accept-Encoding (RFC 9110 sections 8.4, 12.4.2, 12.5.3 and 12.5.5).

use crate::case::{Case, get, with_status};
use crate::served::{PAGE_GZIP_TAG, PAGE_TAG};

pub fn cases() -> Vec<Case> {
    let rule = "RFC 9110 section 12.5.3";
    let plain = "a page, as it is.";
    let mut cases = vec![
        with_status("coding-field-missing", rule, get("/page.html", &[]), 200)
            .content(plain)
            .without("Content-Encoding")
            .field("Vary", "Accept-Encoding"),
        with_status(
            "coding-entity-tag",
            "RFC 9110 section 8.8.3.3",
            get("/page.html", &[]),
            200,
        )
        .field("ETag", PAGE_TAG),
        with_status(
            "coding-entity-tag-of-gzip",
            "RFC 9110 section 8.8.3.3",
            get("/page.html", &["Accept-Encoding: gzip"]),
            200,
        )
        .field("ETag", PAGE_GZIP_TAG)
        .field("Content-Type", "text/html; charset=utf-8"),
        with_status(
            "coding-on-two-lines",
            rule,
            get("/page.html", &["Accept-Encoding: gzip;q=0.1", "Accept-Encoding: br"]),
            200,
        )
        .field("Content-Encoding", "br"),
        with_status(
            "coding-of-no-sibling",
            rule,
            get("/digits.txt", &["Accept-Encoding: gzip, br"]),
            200,
        )
        .content("0123456789")
        .without("Vary"),
        with_status(
            "coding-sibling-by-its-name",
            "RFC 9110 section 8.4",
            get("/page.html.gz", &["Accept-Encoding: gzip"]),
            200,
        )
        .content("page in gz")
        .field("Content-Type", "application/gzip")
        .without("Content-Encoding"),
        with_status(
            "coding-range",
            "RFC 9110 section 14.2",
            get("/page.html", &["Accept-Encoding: gzip", "Range: bytes=5-6"]),
            206,
        )
        .content("in")
        .field("Content-Range", "bytes 5-6/10")
        .field("Content-Encoding", "gzip")
        .field("Vary", "Accept-Encoding"),
        with_status(
            "coding-not-modified",
            "RFC 9110 section 15.4.5",
            get(
                "/page.html",
                &["Accept-Encoding: gzip", &format!("If-None-Match: {PAGE_GZIP_TAG}")],
            ),
            304,
        )
        .field("ETag", PAGE_GZIP_TAG)
        .field("Vary", "Accept-Encoding")
        .field("Cache-Control", "no-cache")
        .without("Content-Encoding"),
        with_status(
            "coding-tag-of-another",
            "RFC 9110 section 8.8.3.3",
            get(
                "/page.html",
                &["Accept-Encoding: gzip", &format!("If-None-Match: {PAGE_TAG}")],
            ),
            200,
        )
        .content("page in gz"),
        with_status(
            "coding-head",
            "RFC 9110 section 9.3.2",
            get("/page.html", &["Accept-Encoding: gzip"]).replacen("GET", "HEAD", 1),
            200,
        )
        .field("Content-Length", "10"),
    ];
    for (id, accept, coding, content) in [
        ("br", "br", "br", "a page in br"),
        ("zstd", "zstd", "zstd", "a page in zstd"),
        ("gzip", "gzip", "gzip", "page in gz"),
        ("old-name", "x-gzip", "gzip", "page in gz"),
        ("without-case", "GZIP", "gzip", "page in gz"),
        ("browser", "gzip, deflate, br, zstd", "br", "a page in br"),
        ("any", "*", "br", "a page in br"),
        ("any-but-one", "*, br;q=0", "zstd", "a page in zstd"),
        ("by-quality", "br;q=0.5, gzip;q=0.9", "gzip", "page in gz"),
        ("lowest-quality", "gzip;q=0.001", "gzip", "page in gz"),
        ("quality-without-case", "br;Q=0, gzip;Q=0.5", "gzip", "page in gz"),
        ("white-space", "br ; q=0.2 ,\tgzip ; q=0.3", "gzip", "page in gz"),
        ("identity-excluded", "identity;q=0, gzip", "gzip", "page in gz"),
    ] {
        let request = get("/page.html", &[&format!("Accept-Encoding: {accept}")]);
        let case = with_status(format!("coding-{id}"), rule, request, 200);
        cases.push(
            case.field("Content-Encoding", coding)
                .field("Vary", "Accept-Encoding")
                .content(content),
        );
    }
    for (id, accept) in [
        ("empty", ""),
        ("excluded", "gzip;q=0"),
        ("excluded-with-decimals", "gzip;q=0.000, br;q=0.0, zstd;q=0."),
        ("unknown", "deflate, compress"),
        ("identity", "identity"),
        ("identity-preferred", "identity, gzip;q=0.5"),
        ("bad-quality", "gzip;q=1.5"),
        ("longer-name", "gzipped"),
    ] {
        let request = get("/page.html", &[&format!("Accept-Encoding: {accept}")]);
        let case = with_status(format!("coding-none-{id}"), rule, request, 200);
        cases.push(
            case.without("Content-Encoding")
                .field("Vary", "Accept-Encoding")
                .content(plain),
        );
    }
    for (id, path, accept) in [
        ("identity-excluded", "/digits.txt", "identity;q=0"),
        ("any-excluded", "/page.html", "*;q=0"),
        ("sibling-of-another-coding", "/style.css", "br, identity;q=0"),
    ] {
        let request = get(path, &[&format!("Accept-Encoding: {accept}")]);
        let case = with_status(format!("coding-406-{id}"), "RFC 9110 section 15.5.7", request, 406);
        cases.push(case.field("Vary", "Accept-Encoding"));
    }
    // RFC 9110 section 12.5.5: a cache must know that another Accept-Encoding might get another response.
    for (id, fields, status) in [
        ("precondition-failed", "If-Match: \"x\"", 412),
        ("unsatisfiable", "Range: bytes=100-", 416),
        ("range", "Range: bytes=0-0", 206),
        ("not-modified", "If-None-Match: *", 304),
    ] {
        let request = get("/page.html", &["Accept-Encoding: gzip", fields]);
        let case = with_status(format!("vary-{id}"), "RFC 9110 section 12.5.5", request, status);
        cases.push(case.field("Vary", "Accept-Encoding"));
    }
    // What was compressed before the file was changed, or not at all, is not the file.
    for (id, path, content) in [
        ("older", "/older.txt", "newer than its sibling"),
        ("empty", "/halfway.txt", "its sibling is empty"),
    ] {
        let request = get(path, &["Accept-Encoding: gzip"]);
        let case = with_status(
            format!("coding-sibling-{id}"),
            "ours: precompressed files",
            request,
            200,
        );
        cases.push(case.content(content).without("Content-Encoding").without("Vary"));
    }
    cases
}
