//! The options that decide what is served, and how.

use crate::client::{ask, get};
use crate::folders::{folder, serve, write};
use crate::support::response::Response;
use crate::support::{PATIENCE, Server, Start};
use serde_json::Value;
use std::thread;
use std::time::{Duration, Instant};

/// The targets of a listing's links, in their order.
fn links(page: &str) -> Vec<&str> {
    let hrefs = page.split("href=\"").skip(1);
    hrefs
        .filter_map(|rest| rest.split_once('"'))
        .filter_map(|(href, _)| href.strip_prefix("./"))
        .collect()
}

#[test]
fn a_folder_is_listed_for_people() {
    let folder = folder(&[
        ("b.txt", b"22"),
        ("a.txt", b"333"),
        ("c.txt", b"1"),
        ("z/index.html", b"z"),
        ("y/a", b""),
        (".hidden", b""),
    ]);
    let server = serve(&folder, &["--list"]);
    for (target, expected) in [
        ("/", ["y/", "z/", "a.txt", "b.txt", "c.txt"]),
        ("/?sort=name&order=desc", ["z/", "y/", "c.txt", "b.txt", "a.txt"]),
        ("/?sort=size", ["y/", "z/", "c.txt", "b.txt", "a.txt"]),
        ("/?sort=size&order=desc", ["y/", "z/", "a.txt", "b.txt", "c.txt"]),
    ] {
        let response = get(&server, target);
        let found = (response.status(), response.field("Content-Type"));
        assert_eq!(found, (200, Some("text/html; charset=utf-8")), "{target}: {response:?}");
        assert_eq!(links(&response.text()), expected, "{target}: {response:?}");
    }
    // A folder with an index file is not listed, and a folder without its slash is redirected first.
    assert_eq!(get(&server, "/z/").text(), "z");
    assert_eq!(get(&server, "/y").status(), 301);
}

#[test]
fn without_the_option_list_no_folder_is_listed() {
    let folder = folder(&[("a.txt", b"")]);
    assert_eq!(get(&serve(&folder, &[]), "/").status(), 404);
}

#[test]
fn a_listing_is_304_until_something_in_it_changes() {
    let folder = folder(&[("a.txt", b"1")]);
    let server = serve(&folder, &["--list"]);
    let first = get(&server, "/");
    let known = format!("If-None-Match: {}", first.field("ETag").unwrap());
    assert_eq!(ask(&server, "GET /", &[&known]).status(), 304);
    write(folder.path(), "b.txt", b"2");
    let deadline = Instant::now() + PATIENCE;
    let mut response = ask(&server, "GET /", &[&known]);
    while response.status() == 304 && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(10));
        response = ask(&server, "GET /", &[&known]);
    }
    assert_eq!(links(&response.text()), ["a.txt", "b.txt"], "{response:?}");
    // A file that is edited shows too, although the modification time of its folder stays the same.
    let known = format!("If-None-Match: {}", get(&server, "/").field("ETag").unwrap());
    write(folder.path(), "b.txt", b"22");
    assert_eq!(ask(&server, "GET /", &[&known]).status(), 200);
}

#[test]
fn a_folder_of_many_names_is_listed_in_pages() {
    let folder = folder(&[("z/a", b"")]);
    for number in 0..2100 {
        write(folder.path(), &format!("{number:04}.txt"), b"");
    }
    let server = serve(&folder, &["--list"]);
    let mut listed = Vec::new();
    let mut target = Some("/".to_owned());
    while let Some(page) = target {
        let response = get(&server, &page);
        assert_eq!(response.status(), 200, "{page}");
        listed.extend(links(&response.text()).into_iter().map(str::to_owned));
        let next = |link: &str| Some(link.split_once("<?")?.1.split_once(">; rel=\"next\"")?.0.to_owned());
        let links = response.field("Link").unwrap_or_default();
        target = links.split(", ").find_map(next).map(|query| format!("/?{query}"));
    }
    let mut expected = vec!["z/".to_owned()];
    expected.extend((0..2100).map(|number| format!("{number:04}.txt")));
    assert_eq!(listed, expected);
    assert_eq!(ask(&server, "HEAD /?page=5", &[]).status(), 200);
    assert_eq!(get(&server, "/?page=6").status(), 404);
}

/// Linux does not even let root read these files.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_may_not_be_read_is_not_listed() {
    let server = Start::with(&["--list"])
        .folder(std::path::Path::new("/proc/sys/vm"))
        .serve();
    let page = get(&server, "/").text();
    assert!(links(&page).contains(&"swappiness"), "{page}");
    assert_eq!(get(&server, "/compact_memory").status(), 403);
    assert!(!links(&page).contains(&"compact_memory"), "{page}");
}

#[test]
fn the_404_page_of_a_folder_without_an_index_names_the_option_list() {
    let folder = folder(&[("a.txt", b"")]);
    let server = serve(&folder, &["--lang", "es"]);
    assert!(get(&server, "/").text().contains("opción --list"));
}

#[test]
fn a_name_that_differs_only_in_case_is_offered() {
    let folder = folder(&[("video/Planeta.mp4", b"v"), ("404.html", b"lost")]);
    let server = serve(&folder, &[]);
    for target in ["/video/planeta.mp4", "/Video/PLANETA.mp4"] {
        let response = get(&server, target);
        assert_eq!(response.status(), 404);
        let link = "<a href=\"/video/Planeta.mp4\">/video/Planeta.mp4</a>";
        assert!(response.text().contains(link), "{target}: {response:?}");
    }
    assert_eq!(get(&server, "/video/saturno.mp4").text(), "lost");
}

#[test]
fn a_folder_is_listed_for_programs() {
    // RFC 9110 section 12.5.1: Accept decides.
    let folder = folder(&[("a \"quoted\".txt", b"333"), ("z/x", b"")]);
    let server = serve(&folder, &["--list"]);
    for (accept, is_json) in [
        ("application/json", true),
        ("text/html;q=0.5, application/json", true),
        ("application/json;q=0.5, text/html", false),
        ("*/*", false),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false),
    ] {
        let response = ask(&server, "GET /", &[&format!("Accept: {accept}")]);
        let media_type = response.field("Content-Type").unwrap();
        assert_eq!(media_type == "application/json", is_json, "{accept}: {response:?}");
        assert_eq!(response.field("Vary"), Some("Accept"), "{accept}: a cache has to know");
    }
    let json: Value = serde_json::from_slice(&ask(&server, "GET /", &["Accept: application/json"]).content).unwrap();
    let entry = |position: usize| {
        let entry = &json[position];
        (
            entry["name"].as_str().unwrap(),
            entry["type"].as_str().unwrap(),
            entry["size"].as_u64().unwrap(),
        )
    };
    assert_eq!(entry(0), ("z", "directory", 0));
    assert_eq!(entry(1), ("a \"quoted\".txt", "file", 3));
    assert!(json[1]["modified"].as_str().unwrap().ends_with(" GMT"), "{json}");
}

#[test]
fn every_link_of_a_listing_leads_to_what_it_names() {
    let names = [
        "plain.txt",
        "with space.txt",
        "100%.txt",
        "50%25.txt",
        "a&b=c.txt",
        "question?.txt",
        "number#1.txt",
        "plus+plus.txt",
        "a:b.txt",
        "<b>bold.txt",
        "\"quoted\".txt",
        "'single'.txt",
        "ñandú.txt",
        "日本語.txt",
        "🎓.txt",
        "~tilde.txt",
        "a;b.txt",
    ];
    // Each file's content is its name.
    let files: Vec<_> = names.iter().map(|name| (*name, name.as_bytes())).collect();
    let folder = folder(&files);
    let server = serve(&folder, &["--list"]);
    let page = get(&server, "/").text();
    assert!(!page.contains("<b>"), "names are escaped: {page}");
    let mut found: Vec<_> = links(&page)
        .into_iter()
        .map(|href| get(&server, &format!("/{href}")).text())
        .collect();
    found.sort_unstable();
    let mut expected = names.map(str::to_owned);
    expected.sort_unstable();
    assert_eq!(found, expected, "{page}");
}

#[test]
fn a_single_page_application_is_served_for_unknown_paths_without_an_extension() {
    let folder = folder(&[
        ("app/index.html", b"the app"),
        ("other.txt", b"other"),
        ("404.html", b"nothing"),
    ]);
    let server = serve(&folder, &["--spa", "app/index.html"]);
    for (path, status, content) in [
        ("/courses/7", 200, "the app"),
        ("/courses/7/", 200, "the app"),
        ("/", 200, "the app"),
        ("/other.txt", 200, "other"),
        // A missing script or image must not be replaced with a page.
        ("/courses/main.js", 404, "nothing"),
    ] {
        let response = get(&server, path);
        assert_eq!(
            (response.status(), response.text().as_str()),
            (status, content),
            "{path}: {response:?}"
        );
    }
    let app = get(&server, "/courses");
    assert_eq!(app.field("Content-Type"), Some("text/html; charset=utf-8"));
}

#[test]
fn with_clean_urls_pages_need_no_extension() {
    let folder = folder(&[
        ("about.html", b"about"),
        ("team/index.html", b"team"),
        ("team.html", b"no"),
    ]);
    let server = serve(&folder, &["--clean-urls"]);
    for (path, status, content) in [
        ("/about", 200, "about"),
        ("/about.html", 200, "about"),
        ("/team/", 200, "team"),
        ("/about/", 404, ""),
    ] {
        let response = get(&server, path);
        assert_eq!(response.status(), status, "{path}: {response:?}");
        assert!(response.text().contains(content), "{path}: {response:?}");
    }
    assert_eq!(get(&server, "/team").field("Location"), Some("/team/"));
}

#[test]
fn with_base_the_whole_site_is_below_a_prefix() {
    let folder = folder(&[("a.txt", b"a"), ("sub/b.txt", b"b")]);
    let server = serve(&folder, &["--base", "/site/", "--list", "--health", "/health"]);
    for (path, status, content) in [
        ("/site/a.txt", 200, "a"),
        ("/site/sub/", 200, "<h1>/site/sub/</h1>"),
        ("/health", 200, "ok"),
        ("/a.txt", 404, "below a prefix"),
        ("/", 404, "<a href=\"/site/\">/site/</a>"),
    ] {
        let response = get(&server, path);
        assert_eq!(response.status(), status, "{path}: {response:?}");
        assert!(response.text().contains(content), "{path}: {response:?}");
    }
    for (path, location) in [("/site", "/site/"), ("/site/sub", "/site/sub/")] {
        assert_eq!(get(&server, path).field("Location"), Some(location), "{path}");
    }
}

#[test]
fn with_auth_a_password_is_required_and_never_printed() {
    let folder = folder(&[("a", b"a secret")]);
    // printf %s secret | sha256sum
    let hashed = "ana:sha256:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
    for auth in ["ana:secret", hashed] {
        let server = serve(
            &folder,
            &["--auth", auth, "--health", "/health", "--trace", "--log", "combined"],
        );
        let with = |value: &str| ask(&server, "GET /a", &[&format!("Authorization: Basic {value}")]);
        let none = get(&server, "/a");
        assert_eq!(none.status(), 401);
        assert_eq!(
            none.field("WWW-Authenticate"),
            Some("Basic realm=\"aula\", charset=\"UTF-8\"")
        );
        assert_eq!(none.field("Cache-Control"), Some("no-store"));
        // ana:wrong, and ana:secret.
        assert_eq!(with("YW5hOndyb25n").status(), 401);
        let right = with("YW5hOnNlY3JldA==");
        assert_eq!((right.status(), right.text().as_str()), (200, "a secret"));
        assert_eq!(right.field("Cache-Control"), Some("private, no-cache"));
        assert_eq!(get(&server, "/health").status(), 200);
        // The last line is the log's, about the last request.
        let said = server.said_with("\"GET /health HTTP/1.1\" 200");
        assert!(said.contains("Basic ****************"), "{said}");
        for secret in ["YW5h", "ana", "2bb80d"] {
            assert!(!said.contains(secret), "{secret}: {said}");
        }
    }
}

#[test]
fn with_type_an_extension_gets_another_media_type() {
    let folder = folder(&[("a.x", b"a"), ("b.md", b"b"), ("c.html", b"c")]);
    let server = serve(&folder, &["--type", ".x=model/vnd.x", "--type", ".md=text/plain"]);
    for (path, media_type) in [
        ("/a.x", "model/vnd.x"),
        ("/b.md", "text/plain; charset=utf-8"),
        ("/c.html", "text/html; charset=utf-8"),
    ] {
        assert_eq!(get(&server, path).field("Content-Type"), Some(media_type), "{path}");
    }
}

#[test]
fn the_index_file_may_have_other_names() {
    let folder = folder(&[
        ("a/hello.html", b"hello"),
        ("a/index.htm", b"index"),
        ("b/index.html", b"b"),
    ]);
    let server = serve(&folder, &["--index", "index.htm", "--index", "hello.html"]);
    assert_eq!(get(&server, "/a/").text(), "index", "the first name that exists");
    assert_eq!(get(&server, "/b/").status(), 404, "the default is replaced");
}

#[test]
fn every_response_has_the_fields_of_the_option_header() {
    let server = Server::start(&[
        "--header",
        "X-Course: networks",
        "--header",
        "X-Year:2026",
        "--cache-control",
        "max-age=60",
    ]);
    for line in [
        "GET /hello.html",
        "HEAD /hello.html",
        "GET /no",
        "OPTIONS *",
        "POST /",
        "GET /text",
    ] {
        let response = ask(&server, line, &[]);
        assert_eq!(response.field("X-Course"), Some("networks"), "{line}: {response:?}");
        assert_eq!(response.field("X-Year"), Some("2026"), "{line}: {response:?}");
    }
    let response = get(&server, "/hello.html");
    assert_eq!(response.field("Cache-Control"), Some("max-age=60"), "{response:?}");
    let not_modified = format!("If-None-Match: {}", response.field("ETag").unwrap());
    let response = ask(&server, "GET /hello.html", &[&not_modified]);
    let found = (
        response.status(),
        response.field("Cache-Control"),
        response.field("X-Course"),
    );
    assert_eq!(found, (304, Some("max-age=60"), Some("networks")), "{response:?}");
    let without = Server::start(&["--cache-control="]);
    assert_eq!(get(&without, "/hello.html").field("Cache-Control"), None);
}

#[test]
fn with_cors_every_origin_may_read_the_responses() {
    // The Fetch Standard, section 3.3
    let server = Server::start(&["--cors"]);
    for line in ["GET /hello.html", "GET /no", "OPTIONS /hello.html"] {
        let response = ask(&server, line, &["Origin: http://b"]);
        assert_eq!(
            response.field("Access-Control-Allow-Origin"),
            Some("*"),
            "{line}: {response:?}"
        );
    }
    let preflight = ask(
        &server,
        "OPTIONS /hello.html",
        &["Origin: http://b", "Access-Control-Request-Method: GET"],
    );
    let methods = preflight.field("Access-Control-Allow-Methods").unwrap_or_default();
    assert!(methods.contains("GET") && methods.contains("HEAD"), "{preflight:?}");
    let without = get(&Server::start(&[]), "/hello.html");
    assert_eq!(without.field("Access-Control-Allow-Origin"), None);
}

#[test]
fn the_health_path_needs_no_file() {
    let folder = folder(&[("404.html", b"nothing")]);
    let server = serve(&folder, &["--health", "/health"]);
    let response = get(&server, "/health");
    assert_eq!((response.status(), response.text().trim()), (200, "ok"), "{response:?}");
    // RFC 9111 section 5.2.2.5: a stored "ok" would say nothing about now.
    assert_eq!(response.field("Cache-Control"), Some("no-store"), "{response:?}");
    assert_eq!(ask(&server, "HEAD /health", &[]).status(), 200);
    assert_eq!(get(&server, "/health/").status(), 404);
    assert_eq!(
        get(&serve(&folder, &[]), "/health").status(),
        404,
        "only if it is switched on"
    );
}

#[test]
fn the_root_may_be_below_the_granted_folder() {
    let folder = folder(&[("public/a.txt", b"a"), ("secret.txt", b"secret")]);
    // The component knows the folder as `www`.
    let server = serve(&folder, &["--root", "www/public"]);
    assert_eq!(get(&server, "/a.txt").text(), "a");
    for path in ["/secret.txt", "/../secret.txt", "/%2e%2e/secret.txt"] {
        let response = get(&server, path);
        assert!(matches!(response.status(), 400 | 404), "{path}: {response:?}");
    }
}

#[test]
fn a_precompressed_sibling_is_chosen_by_accept_encoding() {
    // RFC 9110 section 12.5.3. The content of each file is its coding.
    let folder = folder(&[
        ("a.html", b"plain"),
        ("a.html.br", b"br"),
        ("a.html.zst", b"zstd"),
        ("a.html.gz", b"gzip"),
        ("b.html", b"plain"),
        ("b.html.gz", b"gzip"),
        ("c.html", b"plain"),
    ]);
    let server = serve(&folder, &[]);
    for (path, accept, content) in [
        ("/a.html", "br, zstd, gzip", "br"),
        ("/a.html", "gzip, deflate", "gzip"),
        ("/a.html", "zstd, gzip", "zstd"),
        ("/a.html", "br;q=0.1, gzip;q=0.9", "gzip"),
        ("/a.html", "br;q=0, zstd;q=0, gzip", "gzip"),
        ("/a.html", "identity;q=1, br;q=0.5", "plain"),
        ("/a.html", "deflate", "plain"),
        ("/a.html", "", "plain"),
        ("/a.html", "*", "br"),
        ("/a.html", "*;q=0, gzip", "gzip"),
        ("/b.html", "br, gzip", "gzip"),
        ("/b.html", "br", "plain"),
        ("/b.html", "identity;q=0, gzip", "gzip"),
        ("/c.html", "br, gzip", "plain"),
    ] {
        let response = ask(
            &server,
            &format!("GET {path}"),
            &[&format!("Accept-Encoding: {accept}")],
        );
        let coding = (content != "plain").then_some(content);
        let found = (response.status(), response.text(), response.field("Content-Encoding"));
        assert_eq!(found, (200, content.to_owned(), coding), "{path}: {accept}");
        // The media type is that of the page, not of the archive.
        assert_eq!(
            response.field("Content-Type"),
            Some("text/html; charset=utf-8"),
            "{path}: {accept}"
        );
        // Section 12.5.5: if another field value would have selected another representation.
        let vary = (path != "/c.html").then_some("Accept-Encoding");
        assert_eq!(response.field("Vary"), vary, "{path}: {accept}");
    }
    // Without the field any coding is acceptable; this server sends the file as it is.
    assert_eq!(get(&server, "/a.html").text(), "plain");
    // Section 15.5.7
    assert_eq!(
        ask(&server, "GET /c.html", &["Accept-Encoding: identity;q=0"]).status(),
        406
    );
    // Under its own name it is an archive.
    let archive = get(&server, "/a.html.gz");
    let found = (archive.field("Content-Encoding"), archive.field("Content-Type"));
    assert_eq!(found, (None, Some("application/gzip")), "{archive:?}");
}

#[test]
fn each_coding_has_its_own_entity_tag() {
    // RFC 9110 section 8.8.3.3
    let folder = folder(&[("a.html", b"12345"), ("a.html.gz", b"54321")]);
    let server = serve(&folder, &[]);
    let as_gzip = |fields: &[&str]| ask(&server, "GET /a.html", &[&["Accept-Encoding: gzip"], fields].concat());
    let tag = |response: &Response| response.field("ETag").unwrap().to_owned();
    let (plain, gzip) = (tag(&get(&server, "/a.html")), tag(&as_gzip(&[])));
    assert_ne!(plain, gzip);
    assert_eq!(as_gzip(&[&format!("If-None-Match: {gzip}")]).status(), 304);
    assert_eq!(as_gzip(&[&format!("If-None-Match: {plain}")]).status(), 200);
    // A range selects from the encoded bytes.
    let part = as_gzip(&["Range: bytes=0-1", &format!("If-Range: {gzip}")]);
    assert_eq!((part.status(), part.text().as_str()), (206, "54"), "{part:?}");
}

#[test]
fn the_granted_folder_may_have_any_name() {
    // `--dir HOST::GUEST`: without --root, the first granted folder is served.
    let folder = folder(&[("a.txt", b"a")]);
    let grant = format!("{}::/srv/the site", folder.path().display());
    let server = Start::bare()
        .runtime(&["-S", "inherit-network", "--dir", &grant])
        .options(&["--host", "127.0.0.1", "--port", "0"])
        .serve();
    assert_eq!(get(&server, "/a.txt").text(), "a");
}
