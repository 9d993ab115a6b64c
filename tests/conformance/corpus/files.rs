//! From the path to a file, its directory, or the reason why there is none (RFC 3986 section 5.2.4, RFC 9110 sections
//! 15.4.2 and 15.5.4, and choices of ours).

use crate::case::{Case, get, request, with_status};
use crate::served::{Setup, pattern};

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    cases.extend(names());
    cases.extend(refusals());
    cases.extend(directories());
    cases.extend(listings());
    cases.extend(applications());
    cases
}

fn names() -> Vec<Case> {
    let is = |id: &str, rule, path: &str, content: &str| with_status(id, rule, get(path, &[]), 200).content(content);
    vec![
        is("path-plain", "RFC 3986 section 3.3", "/digits.txt", "0123456789"),
        is("path-empty-file", "RFC 9110 section 15.3.1", "/empty.txt", ""),
        is("path-without-extension", "RFC 3986 section 3.3", "/README", "read me"),
        is("path-below", "RFC 3986 section 3.3", "/dir/page.html", "a page in dir"),
        is("path-triplet", "RFC 3986 section 2.1", "/%64igits%2Etxt", "0123456789"),
        is("path-space", "RFC 3986 section 2.1", "/a%20b.txt", "a space"),
        is(
            "path-percent-sign",
            "RFC 3986 section 2.4",
            "/100%25.txt",
            "a percent sign",
        ),
        is(
            "path-reserved-characters",
            "RFC 3986 section 2.2",
            "/a+b;c=d.txt",
            "reserved characters",
        ),
        is(
            "path-reserved-characters-encoded",
            "RFC 3986 section 2.2",
            "/a%2Bb%3Bc%3Dd.txt",
            "reserved characters",
        ),
        is("path-utf-8", "RFC 3986 section 2.5", "/caf%C3%A9.txt", "beyond ASCII"),
        is(
            "path-dots",
            "RFC 3986 section 5.2.4",
            "/dir/../digits.txt",
            "0123456789",
        ),
        is(
            "path-dots-encoded",
            "RFC 3986 section 5.2.4",
            "/dir/%2E%2e/./digits.txt",
            "0123456789",
        ),
        is(
            "path-dots-after-an-empty-segment",
            "RFC 3986 section 5.2.4",
            "/dir//../page.html",
            "a page in dir",
        ),
        is(
            "path-dots-through-nothing",
            "RFC 3986 section 5.2.4",
            "/nothing/../digits.txt",
            "0123456789",
        ),
        is(
            "path-query-is-not-of-it",
            "RFC 3986 section 3.4",
            "/digits.txt?../../x",
            "0123456789",
        ),
        is("path-link-inside", "ours: links", "/inside", "0123456789"),
        is(
            "path-well-known",
            "RFC 8615 section 3",
            "/.well-known/security.txt",
            "a contact",
        ),
        with_status(
            "path-large-file",
            "RFC 9110 section 15.3.1",
            get("/pattern.bin", &[]),
            200,
        )
        .content(pattern(200_000)),
        is("hidden-served", "ours: --hidden", "/.git/config", "secret").on(Setup::Extras),
        is("hidden-served-below", "ours: --hidden", "/bare/.secret", "secret").on(Setup::Extras),
    ]
}

fn refusals() -> Vec<Case> {
    let mut cases = Vec::new();
    let long = format!("/{}", "n".repeat(300));
    let deep = "/d".repeat(3000);
    for (id, rule, path, status) in [
        ("nothing", "RFC 9110 section 15.5.5", "/nothing", 404),
        ("nothing-below", "RFC 9110 section 15.5.5", "/nothing/at/all.html", 404),
        ("decoded-once", "RFC 3986 section 2.4", "/%2564igits.txt", 404),
        ("plus-is-no-space", "RFC 3986 section 2.2", "/a+b.txt", 404),
        ("file-and-a-slash", "ours: paths", "/digits.txt/", 404),
        ("file-and-more", "ours: paths", "/digits.txt/more", 404),
        ("encoded-slash", "ours: paths", "/dir%2Fpage.html", 404),
        ("encoded-slash-and-dots", "ours: paths", "/dir%2F..%2Fdigits.txt", 404),
        ("dots-and-encoded-slash", "ours: paths", "/..%2F..%2Fetc%2Fpasswd", 404),
        ("two-slashes", "ours: paths", "//etc/passwd", 404),
        ("two-slashes-and-a-file", "ours: paths", "//digits.txt", 404),
        ("two-slashes-within", "ours: paths", "/dir//page.html", 404),
        ("two-slashes-before-a-dot", "ours: paths", "/dir//.", 404),
        ("only-slashes", "ours: paths", "///", 404),
        ("dots-above", "RFC 9110 section 17.3", "/../etc/passwd", 400),
        (
            "dots-above-encoded",
            "RFC 9110 section 17.3",
            "/%2e%2e/%2e%2e/etc/passwd",
            400,
        ),
        (
            "dots-above-later",
            "RFC 9110 section 17.3",
            "/dir/../../etc/passwd",
            400,
        ),
        ("three-dots", "ours: dotfiles", "/.../etc/passwd", 404),
        ("dotfile", "ours: dotfiles", "/.git/config", 404),
        ("dotfile-encoded", "ours: dotfiles", "/%2Egit/config", 404),
        ("dotfile-below", "ours: dotfiles", "/bare/.secret", 404),
        ("link-outside", "ours: links", "/outside", 403),
        ("link-outside-absolute", "ours: links", "/absolute", 403),
        ("link-to-itself", "ours: links", "/loop", 403),
        ("fifo", "ours: regular files", "/fifo", 403),
        ("long-name", "RFC 9110 section 15.5.5", &long, 404),
        ("deep-path", "RFC 9110 section 15.5.5", &deep, 404),
    ] {
        let case = with_status(format!("path-{id}"), rule, get(path, &[]), status);
        cases.push(case.content_has_not("root:"));
    }
    // RFC 3986 section 6.2.2.1: paths have case. The page offers the name that may have been meant.
    for (id, path, link) in [
        ("file", "/Digits.txt", Some("<a href=\"/digits.txt\">")),
        ("extension", "/digits.TXT", Some("<a href=\"/digits.txt\">")),
        ("directory", "/DIR", Some("<a href=\"/dir/\">")),
        (
            "directory-and-file",
            "/Dir/Page.html",
            Some("<a href=\"/dir/page.html\">"),
        ),
        ("beyond-ascii", "/CAF%C3%89.txt", Some("<a href=\"/caf%C3%A9.txt\">")),
        ("through-dots", "/dir/../DIGITS.txt", Some("<a href=\"/digits.txt\">")),
        ("upper", "/upper.html", Some("<a href=\"/UPPER.HTML\">")),
        ("file-and-a-slash", "/Digits.txt/", None),
        ("of-a-dotfile", "/bare/.SECRET", None),
        ("in-a-hidden-directory", "/.GIT/config", None),
        ("of-what-is-refused", "/Fifo", None),
        ("of-a-link-outside", "/Outside", None),
    ] {
        let case = with_status(
            format!("other-case-{id}"),
            "RFC 3986 section 6.2.2.1",
            get(path, &[]),
            404,
        );
        cases.push(case.content_has(link.unwrap_or("the site's own 404")));
    }
    cases.extend([
        with_status(
            "not-found-has-the-sites-page",
            "ours: 404.html",
            get("/nothing", &[]),
            404,
        )
        .content("<!DOCTYPE html><title>lost</title>the site's own 404\n")
        .without("ETag")
        .without("Last-Modified"),
        with_status(
            "not-found-for-a-dotfile",
            "ours: 404.html",
            get("/.git/config", &[]),
            404,
        )
        .content_has("the site's own 404"),
        with_status("not-found-page-itself", "ours: 404.html", get("/404.html", &[]), 200).has("ETag"),
        with_status(
            "dots-above-options",
            "RFC 9110 section 17.3",
            request("OPTIONS", "/..", &[]),
            400,
        ),
        with_status(
            "error-says-what-is-wrong",
            "RFC 9110 section 15.5",
            get("/..", &[]),
            400,
        )
        .content_has("<html lang=\"en\">")
        .content_has("<h1>400 Bad Request</h1>"),
    ]);
    cases
}

fn directories() -> Vec<Case> {
    let rule = "RFC 9110 section 15.4.2";
    let mut cases = Vec::new();
    for (id, path, location) in [
        ("plain", "/dir", "/dir/"),
        ("with-a-query", "/dir?a=b&c=%20", "/dir/?a=b&c=%20"),
        ("with-an-empty-query", "/dir?", "/dir/?"),
        ("encoded", "/%64ir", "/dir/"),
        ("with-a-space", "/bare/c%20d", "/bare/c%20d/"),
        ("after-dots", "/bare/../dir", "/dir/"),
        ("absolute-form", "http://a.example/dir", "/dir/"),
    ] {
        cases.push(with_status(format!("redirect-{id}"), rule, get(path, &[]), 301).field("Location", location));
    }
    cases.extend([
        with_status("redirect-not-to-another-host", rule, get("//dir", &[]), 404).without("Location"),
        with_status(
            "redirect-ignores-conditions",
            "RFC 9110 section 13.2.1",
            get("/dir", &["If-None-Match: *"]),
            301,
        ),
        with_status(
            "redirect-ignores-ranges",
            "RFC 9110 section 14.2",
            get("/dir", &["Range: bytes=0-0"]),
            301,
        ),
        with_status("index-of-the-root", "ours: index files", get("/", &[]), 200).content_has("the front page"),
        with_status("index-of-a-directory", "ours: index files", get("/dir/", &[]), 200).content("the page of dir"),
        with_status("index-after-dots", "RFC 3986 section 5.2.4", get("/dir/x/..", &[]), 200)
            .content("the page of dir"),
        with_status(
            "index-by-its-name",
            "ours: index files",
            get("/dir/index.html", &[]),
            200,
        ),
        with_status("index-missing", "ours: index files", get("/bare/", &[]), 404),
        with_status("index-first-of-two", "ours: index files", get("/home/", &[]), 200)
            .content("home")
            .on(Setup::Extras),
        with_status("index-second-of-two", "ours: index files", get("/dir/", &[]), 200)
            .content("the page of dir")
            .on(Setup::Extras),
    ]);
    cases
}

fn listings() -> Vec<Case> {
    let rule = "ours: --list";
    let list = |id: &str, path: &str, fields: &[&str]| with_status(id, rule, get(path, fields), 200).on(Setup::Extras);
    let html = "text/html; charset=utf-8";
    let json = "application/json";
    vec![
        list("list-page", "/bare/", &[])
            .field("Content-Type", html)
            .field("Vary", "Accept")
            .content_has("<a href=\"./b.txt\">b.txt</a>")
            .content_has("<a href=\"./c%20d/\">c d/</a>")
            .content_has("1994-11-15<span> 12:45</span>"),
        list("list-escapes-names", "/bare/", &[])
            .content_has("href=\"./a%3Cb%3E.txt\">a&lt;b&gt;.txt</a>")
            .content_has_not("a<b>"),
        list("list-hidden-where-served", "/bare/", &[]).content_has(".secret"),
        list("list-leaves-out-what-is-refused", "/bare/", &[]).content_has_not("outside"),
        list("list-shows-links-that-stay-inside", "/bare/", &[])
            .content_has("<a href=\"./up\">up</a></td><td class=\"n\">10 B</td>"),
        with_status("list-link-that-stays-inside", rule, get("/bare/up", &[]), 200)
            .content("0123456789")
            .on(Setup::Extras),
        list("list-has-an-entity-tag", "/bare/", &[])
            .has("ETag")
            .without("Last-Modified")
            .without("Link"),
        with_status("list-page-beyond-the-last", rule, get("/bare/?page=2", &[]), 404).on(Setup::Extras),
        with_status("list-page-zero", rule, get("/bare/?page=0", &[]), 404).on(Setup::Extras),
        list("list-page-one", "/bare/?page=1", &[]).content_has("b.txt"),
        with_status(
            "list-precondition-failed-varies",
            "RFC 9110 section 12.5.5",
            get("/bare/", &["If-Match: \"x\""]),
            412,
        )
        .field("Vary", "Accept")
        .on(Setup::Extras),
        list("list-index-goes-first", "/", &[]).content_has("the front page"),
        list(
            "list-sorted",
            "/bare/?sort=size&order=desc",
            &["Accept: application/json"],
        )
        .field("Content-Type", json)
        // A directory, then the largest file, whose time is before the name of the next.
        .content_has("\"name\":\"c d\",\"size\":0,\"type\":\"directory\"},{")
        .content_has("\"name\":\"up\",\"size\":10,\"type\":\"file\"},{")
        .content_has("\"name\":\".secret\",\"size\":6,\"type\":\"file\"},{")
        .content_has("\"name\":\"b.txt\",\"size\":1,\"type\":\"file\"}]"),
        list("list-json", "/bare/", &["Accept: application/json"])
            .field("Content-Type", json)
            .content_has("\"name\":\"a<b>.txt\"")
            .content_has("\"size\":2"),
        list(
            "list-json-preferred",
            "/bare/",
            &["Accept: text/html;q=0.1, application/json"],
        )
        .field("Content-Type", json),
        list("list-page-of-equals", "/bare/", &["Accept: */*"]).field("Content-Type", html),
        list("list-page-of-neither", "/bare/", &["Accept: image/png"]).field("Content-Type", html),
        list("list-below", "/bare/c%20d/", &[]).content_has("e.txt"),
        with_status(
            "list-head",
            "RFC 9110 section 9.3.2",
            request("HEAD", "/bare/", &[]),
            200,
        )
        .on(Setup::Extras),
        with_status("list-not-asked-for", rule, get("/bare/", &[]), 404),
        with_status("list-not-found", rule, get("/nothing/", &[]), 404).on(Setup::Extras),
        with_status(
            "list-if-match",
            "RFC 9110 section 13.2.1",
            get("/bare/", &["If-Match: \"x\""]),
            412,
        )
        .on(Setup::Extras),
        with_status(
            "list-if-none-match-any",
            "RFC 9110 section 13.2.1",
            get("/bare/", &["If-None-Match: *"]),
            304,
        )
        .on(Setup::Extras),
    ]
}

fn applications() -> Vec<Case> {
    let mut cases = Vec::new();
    for (id, path, status, content) in [
        ("unknown-path", "/users/7", 200, "the application"),
        ("unknown-directory", "/users/", 200, "the application"),
        ("dot-in-a-directory", "/v1.0/users", 200, "the application"),
        ("unknown-file", "/missing.js", 404, "the site's own 404"),
        ("known-file", "/digits.txt", 200, "0123456789"),
        ("front-page", "/", 200, "the front page"),
        ("directory", "/dir", 301, ""),
        ("dotfile", "/.git", 404, "the site's own 404"),
        ("refused", "/fifo", 403, ""),
        ("dots-above", "/../users", 400, ""),
    ] {
        let case = with_status(format!("spa-{id}"), "ours: --spa", get(path, &[]), status);
        cases.push(case.content_has(content).on(Setup::Application));
    }
    cases
}
