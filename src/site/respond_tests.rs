//! The responses from a tree in memory, rule by rule.
//!
//! [`ask`] makes a request as it would be received, and checks the rules for every response before the test sees it.

use super::*;
use crate::http::Fields;
use crate::site::tree::{DirectoryEntry, FileEntry, Name, Names};
use crate::site::{Credentials, LookupError};
use std::rc::Rc;

/// When the files were changed, except where an entry says otherwise.
const MODIFIED: &str = "Tue, 15 Nov 1994 12:45:52 GMT";
const MODIFIED_SECONDS: u64 = 784_903_552;
const BEFORE: &str = "Tue, 15 Nov 1994 12:45:51 GMT";

/// When the request is made.
const NOW: &str = "Sun, 09 Sep 2001 01:46:40 GMT";
const NOW_SECONDS: u64 = 1_000_000_000;

/// What a name in the tree stands for.
#[derive(Clone, Copy)]
enum Item {
    /// A file with this content.
    File(&'static [u8]),
    /// A file of this size whose content need not be written.
    Large(u64),
    /// A file that claims to have been changed at this second.
    At(u64),
    /// Something that is not served: a device, or a link out of the tree.
    Refused,
    /// A file that the host fails to read.
    Broken,
}

/// A tree of these names.
fn memory(items: &[(&str, Item)]) -> Memory {
    items.iter().fold(Memory::new(), |tree, &(name, item)| match item {
        Item::Refused => tree.with_error(name, LookupError::Refused),
        Item::Broken => tree.with_error(name, LookupError::Failed),
        item => {
            let entry = item.entry(name);
            tree.with_file(name, item, entry.size, entry.modified)
        }
    })
}

type Memory = crate::site::memory::Memory<Item>;

impl Item {
    fn entry(self, name: &str) -> FileEntry<Self> {
        let size = match self {
            Self::File(content) => content.len() as u64,
            Self::Large(size) => size,
            Self::At(_) => 3,
            Self::Refused | Self::Broken => 1,
        };
        let seconds = match self {
            Self::At(seconds) => seconds,
            _ => MODIFIED_SECONDS,
        };
        let modified = UnixTime {
            seconds,
            nanoseconds: 7,
        };
        FileEntry::new(name, self, size, modified)
    }

    fn bytes(self, offset: u64, length: u64) -> Vec<u8> {
        let at = |offset: u64| usize::try_from(offset).unwrap();
        match self {
            Self::File(content) => content[at(offset)..at(offset + length)].to_vec(),
            _ => vec![b'.'; at(length)],
        }
    }
}

/// The tree that most tests use.
fn tree() -> Memory {
    use Item::{At, Broken, File, Large, Refused};
    memory(&[
        ("index.html", File(b"the front page")),
        ("digits.txt", File(b"0123456789")),
        ("empty.txt", File(b"")),
        ("README", File(b"read me")),
        ("a b?.txt", File(b"a name to be encoded")),
        ("caf\u{e9}.txt", File(b"a name beyond ASCII")),
        ("dir/index.html", File(b"the page of dir")),
        ("dir/page.html", File(b"a page in dir")),
        ("bare/b.txt", File(b"b")),
        ("bare/a<b>.txt", File(b"aa")),
        ("bare/.secret", File(b"secret")),
        ("bare/below/c.txt", File(b"c")),
        ("page.html", File(b"plain")),
        ("page.html.br", File(b"br")),
        ("page.html.zst", File(b"zstd")),
        ("page.html.gz", File(b"gzip")),
        ("style.css", File(b"plain style")),
        ("style.css.gz", File(b"gzipped style")),
        ("film.mp4", Large(5 << 30)),
        (".git/config", File(b"secret")),
        (".well-known/security.txt", File(b"a contact")),
        ("refused", Refused),
        ("broken", Broken),
        ("tomorrow.txt", At(NOW_SECONDS + 86_400)),
        ("fresh.txt", At(NOW_SECONDS)),
        ("far.txt", At(u64::MAX)),
    ])
}

/// The site without options.
fn site() -> Site {
    Site {
        index: vec!["index.html".into()],
        cache_control: Some("no-cache".into()),
        ..Site::default()
    }
}

/// A response, read back.
#[derive(Debug)]
struct Received {
    decision: Decision,
    status: u16,
    fields: Vec<(String, String)>,
    /// The length of content that is too long to be read.
    length: u64,
    content: Vec<u8>,
}

impl Received {
    fn field(&self, name: &str) -> Option<&str> {
        let mut named = self.fields.iter().filter(|(given, _)| given == name);
        named.next().map(|(_, value)| value.as_str())
    }

    fn text(&self) -> &str {
        str::from_utf8(&self.content).unwrap()
    }
}

/// The response to `GET /digits.txt` with these field lines.
fn ask(site: &Site, tree: &impl Tree<File = Item>, request: &str, lines: &[&str]) -> Received {
    let (method, target) = request.split_once(' ').unwrap();
    let field = |line| str::split_once(line, ": ").unwrap();
    let fields: Vec<_> = lines.iter().copied().map(field).collect();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
    let (path, query) = target
        .split_once('?')
        .map_or((target, None), |(path, query)| (path, Some(query)));
    let request = Request {
        method: Method::from_token(method.as_bytes()),
        target: match target {
            "*" => Target::Server,
            "a:80" => Target::Tunnel,
            _ => Target::Resource { path, query },
        },
        fields: Fields::from_pairs(&fields),
    };
    let now = UnixTime {
        seconds: NOW_SECONDS,
        nanoseconds: 0,
    };
    let ExplainedResponse { decision, response, .. } = respond(site, &request, tree, now);
    let length = response.content.length();
    let mut content = Vec::new();
    for piece in &response.content.0 {
        match piece {
            Piece::Bytes(bytes) => content.extend_from_slice(bytes),
            &Piece::Slice { file, offset, length } if length < 100_000 => content.extend(file.bytes(offset, length)),
            Piece::Slice { .. } => {}
        }
    }
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let response = Received {
        decision,
        status: response.status.code(),
        fields: response.fields.iter().map(owned).collect(),
        length,
        content,
    };
    check_rules_for_every_response(&response);
    response
}

/// RFC 9110 sections 5.3, 6.6.1, 8.3 and 15.
fn check_rules_for_every_response(response: &Received) {
    assert_eq!(response.field("Date"), Some(NOW), "{response:?}");
    assert_eq!(response.field("Server"), Some("aula"), "{response:?}");
    assert_eq!(
        response.field("X-Content-Type-Options"),
        Some("nosniff"),
        "{response:?}"
    );
    let mut names: Vec<_> = response.fields.iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(
        names.len(),
        response.fields.len(),
        "a field appears twice: {response:?}"
    );
    for framing in ["Content-Length", "Connection", "Transfer-Encoding"] {
        assert_eq!(
            response.field(framing),
            None,
            "the site must not set framing: {response:?}"
        );
    }
    let has_no_content = matches!(response.status, 204 | 304);
    assert_eq!(response.field("Content-Type").is_none(), has_no_content, "{response:?}");
    assert!(response.length == 0 || !has_no_content, "{response:?}");
    if response.status == 405 {
        assert!(response.field("Allow").is_some(), "{response:?}");
    }
}

/// Makes a request to the usual tree and site.
fn get(request: &str, lines: &[&str]) -> Received {
    ask(&site(), &tree(), request, lines)
}

/// The entity tag of the response to this request.
fn tag(request: &str, lines: &[&str]) -> String {
    get(request, lines).field("ETag").unwrap().to_owned()
}

#[test]
fn each_method_gets_its_own_response() {
    // RFC 9110 sections 9.1, 9.3, 15.5.6 and 15.6.2
    for (request, status, status_if_get_only) in [
        ("GET /digits.txt", 200, 200),
        ("HEAD /digits.txt", 200, 405),
        ("OPTIONS /digits.txt", 204, 405),
        ("OPTIONS /nothing", 204, 405),
        ("OPTIONS *", 204, 405),
        ("POST /digits.txt", 405, 405),
        ("PUT /digits.txt", 405, 405),
        ("DELETE /nothing", 405, 405),
        ("PATCH /digits.txt", 405, 405),
        ("TRACE /digits.txt", 405, 405),
        ("CONNECT a:80", 405, 405),
        ("get /digits.txt", 501, 501),
        ("BREW /digits.txt", 501, 501),
        // A path that names nothing anywhere is wrong whatever is to be done with it.
        ("OPTIONS /../digits.txt", 400, 400),
        ("POST /../digits.txt", 400, 400),
        ("BREW /a%00", 400, 400),
    ] {
        assert_eq!(get(request, &[]).status, status, "{request}");
        let get_only = Site {
            get_only: true,
            ..site()
        };
        let response = ask(&get_only, &tree(), request, &[]);
        assert_eq!(response.status, status_if_get_only, "{request}");
        if response.status == 405 {
            assert_eq!(response.field("Allow"), Some("GET"), "{request}");
        }
    }
    for request in ["OPTIONS *", "OPTIONS /nothing", "POST /digits.txt"] {
        assert_eq!(
            get(request, &[]).field("Allow"),
            Some("GET, HEAD, OPTIONS"),
            "{request}"
        );
    }
}

#[test]
fn a_path_leads_to_a_file_or_says_why_not() {
    for (path, status, content) in [
        // RFC 3986 sections 2.1 and 5.2.4
        ("/digits.txt", 200, "0123456789"),
        ("/digits.txt?a=b/c?d", 200, "0123456789"),
        ("/dir/../digits.txt", 200, "0123456789"),
        ("/./digits%2Etxt", 200, "0123456789"),
        ("/a%20b%3F.txt", 200, "a name to be encoded"),
        ("/caf%C3%A9.txt", 200, "a name beyond ASCII"),
        ("/empty.txt", 200, ""),
        // index files
        ("/", 200, "the front page"),
        ("/dir/", 200, "the page of dir"),
        ("/dir/.", 200, "the page of dir"),
        (
            "/bare/",
            404,
            "no index file such as index.html. The server's option --list",
        ),
        ("/bare/below/..", 404, "no index file"),
        // what does not exist
        ("/nothing", 404, "There is no file with this name."),
        ("/digits.txt/", 404, "There is no file with this name."),
        ("/digits.txt/x", 404, "There is no file with this name."),
        ("/Digits.txt", 404, "<a href=\"/digits.txt\">/digits.txt</a>"),
        ("/DIR/Page.html", 404, "<a href=\"/dir/page.html\">/dir/page.html</a>"),
        ("//etc/passwd", 404, "There is no file with this name."),
        ("/dir//page.html", 404, "There is no file with this name."),
        ("/dir%2Fpage.html", 404, "There is no file with this name."),
        ("/digits.txt%20", 404, "There is no file with this name."),
        // what is hidden
        ("/.git/config", 404, "There is no file with this name."),
        ("/bare/.secret", 404, "There is no file with this name."),
        ("/.well-known/security.txt", 200, "a contact"),
        // what is refused
        ("/..", 400, "above the root"),
        ("/%2e%2e/digits.txt", 400, "above the root"),
        ("/digits.txt%00", 400, "control character"),
        ("/a%0Ab", 400, "control character"),
        ("/dir%5Cpage.html", 400, "backslash"),
        ("/caf%E9.txt", 400, "UTF-8"),
        ("/refused", 403, "does not serve this file"),
        ("/broken", 500, "could not read"),
    ] {
        for method in ["GET", "HEAD"] {
            let response = get(&format!("{method} {path}"), &[]);
            assert_eq!(response.status, status, "{path}");
            assert!(response.text().contains(content), "{path}: {}", response.text());
            let is_page = response.text().starts_with("<!DOCTYPE html>\n<html lang=\"en\">");
            assert_eq!(is_page, status >= 400, "{path}");
            assert!(!response.text().contains("etc"), "nothing of the request is shown");
        }
    }
}

#[test]
fn hidden_names_are_served_where_the_operator_says_so() {
    let site = Site { hidden: true, ..site() };
    for path in ["/.git/config", "/bare/.secret", "/.well-known/security.txt"] {
        assert_eq!(ask(&site, &tree(), &format!("GET {path}"), &[]).status, 200, "{path}");
    }
    assert_eq!(ask(&site, &tree(), "GET /..", &[]).status, 400);
}

#[test]
fn a_directory_without_its_slash_is_a_redirect_that_keeps_the_query() {
    // RFC 9110 sections 10.2.2 and 15.4.2
    for (path, location) in [
        ("/dir", "/dir/"),
        ("/dir?a=b&c", "/dir/?a=b&c"),
        ("/dir?", "/dir/?"),
        ("/bare/below", "/bare/below/"),
        ("/bare/../dir", "/dir/"),
        ("/d%69r?%41", "/dir/?%41"),
        ("/.well-known", "/.well-known/"),
    ] {
        for method in ["GET", "HEAD"] {
            let response = get(&format!("{method} {path}"), &["If-None-Match: *", "Range: bytes=0-0"]);
            assert_eq!(
                (response.status, response.field("Location")),
                (301, Some(location)),
                "{path}"
            );
            assert_eq!(
                response.field("Content-Type"),
                Some("text/html; charset=utf-8"),
                "{path}"
            );
        }
    }
    // It must not lead to another host, as `//evil` would (RFC 3986 section 4.2).
    let tree = memory(&[("evil/x", Item::File(b""))]);
    for path in ["//evil", "/.//evil", "/dir/..//evil"] {
        assert_eq!(
            ask(&site(), &tree, &format!("GET {path}"), &[]).field("Location"),
            None,
            "{path}"
        );
    }
}

#[test]
fn the_first_existing_index_file_is_served() {
    let tree = memory(&[
        ("a/home.htm", Item::File(b"home")),
        ("a/index.html", Item::File(b"index")),
        ("b/index.html", Item::File(b"index")),
        ("c/home.htm/x", Item::File(b"a directory")),
        ("c/index.html", Item::File(b"index")),
        ("d/home.htm", Item::Refused),
        ("d/index.html", Item::File(b"index")),
        ("e/index.html.gz", Item::File(b"gzip")),
    ]);
    let site = Site {
        index: vec!["home.htm".into(), "index.html".into()],
        ..Site::default()
    };
    for (path, status, content) in [
        ("/a/", 200, "home"),
        ("/b/", 200, "index"),
        ("/c/", 200, "index"),
        ("/d/", 403, ""),
        ("/e/", 404, ""),
    ] {
        let response = ask(&site, &tree, &format!("GET {path}"), &["Accept-Encoding: gzip"]);
        assert_eq!(response.status, status, "{path}");
        assert!(response.text().contains(content), "{path}");
    }
}

#[test]
fn unknown_paths_without_an_extension_get_the_file_of_the_application() {
    let site = Site {
        spa: ResourcePath::resolve("/page.html", false).ok(),
        ..site()
    };
    for (path, status, content) in [
        ("/users", 200, "plain"),
        ("/users/7/", 200, "plain"),
        ("/v1.0/users", 200, "plain"),
        ("/bare/", 200, "plain"),
        ("/digits.txt", 200, "0123456789"),
        ("/", 200, "the front page"),
        ("/README", 200, "read me"),
        ("/missing.js", 404, "There is no file"),
        ("/users/me@x.org", 404, "There is no file"),
        ("/.git", 404, "There is no file"),
        ("//users", 404, "There is no file"),
        ("/refused", 403, "does not serve this file"),
        ("/broken", 500, "could not"),
        ("/dir", 301, "slash"),
    ] {
        let response = ask(&site, &tree(), &format!("GET {path}"), &[]);
        assert_eq!(response.status, status, "{path}");
        assert!(response.text().contains(content), "{path}: {}", response.text());
    }
    let response = ask(&site, &tree(), "GET /users", &["Accept-Encoding: br"]);
    assert_eq!(
        (response.text(), response.field("Content-Encoding")),
        ("br", Some("br"))
    );
    assert_eq!(response.field("Content-Type"), Some("text/html; charset=utf-8"));
}

#[test]
fn a_page_can_be_asked_for_without_its_extension() {
    let site = Site {
        clean_urls: true,
        list: true,
        ..site()
    };
    let tree = memory(&[
        ("about.html", Item::File(b"about")),
        ("about.html.gz", Item::File(b"gzip")),
        ("a/b.html", Item::File(b"b")),
        ("file", Item::File(b"a file")),
        ("file.html", Item::File(b"not this")),
        ("folder/index.html", Item::File(b"an index")),
        ("folder.html", Item::File(b"not this")),
        ("v1.2.html", Item::File(b"version")),
        ("wrong.html", Item::Refused),
        ("note.txt", Item::File(b"a note")),
    ]);
    for (path, status, content) in [
        ("/about", 200, "about"),
        ("/about?x=1", 200, "about"),
        // It stays what it is: links to it stay right.
        ("/about.html", 200, "about"),
        ("/a/b", 200, "b"),
        ("/a/../%61bout", 200, "about"),
        ("/v1.2", 200, "version"),
        // A file or a folder comes first.
        ("/file", 200, "a file"),
        ("/folder", 301, "slash"),
        ("/folder/", 200, "an index"),
        // Relative links in the page would be wrong (RFC 3986 section 5.2.3).
        ("/about/", 404, "no file"),
        ("/About", 404, "no file"),
        ("/note", 404, "no file"),
        ("/about.htm", 404, "no file"),
        ("/.about", 404, "no file"),
        ("/wrong", 403, "does not serve"),
    ] {
        let response = ask(&site, &tree, &format!("GET {path}"), &[]);
        assert_eq!(response.status, status, "{path}");
        assert!(response.text().contains(content), "{path}: {}", response.text());
    }
    let response = ask(&site, &tree, "GET /about", &["Accept-Encoding: gzip"]);
    assert_eq!(
        (response.text(), response.field("Content-Encoding")),
        ("gzip", Some("gzip"))
    );
    assert_eq!(response.field("Content-Type"), Some("text/html; charset=utf-8"));
    let without = Site {
        clean_urls: false,
        ..site
    };
    assert_eq!(ask(&without, &tree, "GET /about", &[]).status, 404);
}

#[test]
fn a_site_below_a_prefix_has_it_in_every_path() {
    let site = Site {
        base: ResourcePath::resolve("/~ana/web", false).ok(),
        list: true,
        health: Some("/health".into()),
        ..site()
    };
    for (path, status, location) in [
        ("/~ana/web/", 200, None),
        ("/~ana/web/digits.txt", 200, None),
        ("/%7Eana/web/digits.txt", 200, None),
        ("/x/../~ana/web/digits.txt", 200, None),
        ("/~ana/web", 301, Some("/~ana/web/")),
        ("/~ana/web?a=b", 301, Some("/~ana/web/?a=b")),
        ("/~ana/web/dir", 301, Some("/~ana/web/dir/")),
        ("/~ana/web/nothing", 404, None),
        ("/", 404, None),
        ("/digits.txt", 404, None),
        ("/~ana/", 404, None),
        ("/~ana/website/digits.txt", 404, None),
        ("/~ana/web/../digits.txt", 404, None),
        ("/~ana/web/../../../digits.txt", 400, None),
        // A probe asks for the path that its option names.
        ("/health", 200, None),
        ("/~ana/web/health", 404, None),
    ] {
        let response = ask(&site, &tree(), &format!("GET {path}"), &[]);
        assert_eq!(
            (response.status, response.field("Location")),
            (status, location),
            "{path}"
        );
        let is_outside = response.text().contains("below a prefix");
        assert_eq!(
            is_outside,
            status == 404 && !path.starts_with("/~ana/web/") || path.contains("web/../d"),
            "{path}"
        );
        if is_outside || response.status == 301 || path.ends_with("/nothing") {
            let link = location.unwrap_or("/~ana/web/");
            let link = format!("<a href=\"{}\">", link.split('?').next().unwrap());
            assert!(response.text().contains(&link), "{path}: {}", response.text());
        }
    }
    let listing = ask(&site, &tree(), "GET /~ana/web/bare/", &[]);
    for part in [
        "<h1>/~ana/web/bare/</h1>",
        "<a href=\"./b.txt\">",
        "<a href=\"/~ana/web/\">Home</a>",
    ] {
        assert!(listing.text().contains(part), "{part}: {}", listing.text());
    }
    let other_case = ask(&site, &tree(), "GET /~ana/web/Digits.txt", &[]);
    assert!(
        other_case.text().contains("<a href=\"/~ana/web/digits.txt\">"),
        "{}",
        other_case.text()
    );
}

#[test]
fn an_option_decides_the_media_type_of_an_extension() {
    let own = |extension: &str, value: &str| {
        let source = MediaTypeSource::Option(extension.into());
        (extension.to_owned(), MediaType::new(value, source))
    };
    let site = Site {
        types: vec![
            own("txt", "text/x-first"),
            own("TXT", "text/x-own"),
            own("html", "text/x-page"),
        ],
        ..site()
    };
    let own_404 = memory(&[("404.html", Item::File(b"lost"))]);
    for (tree, request, lines, expected) in [
        (&tree(), "GET /digits.txt", &[][..], "text/x-own"),
        (&tree(), "HEAD /digits.txt", &[], "text/x-own"),
        (&tree(), "GET /digits.txt", &["Range: bytes=0-1"], "text/x-own"),
        (&tree(), "GET /page.html", &["Accept-Encoding: br"], "text/x-page"),
        (&tree(), "GET /", &[], "text/x-page"),
        (&tree(), "GET /README", &[], "application/octet-stream"),
        (&tree(), "GET /film.mp4", &[], "video/mp4"),
        // The server's own pages are what they are, but not the site's.
        (&tree(), "GET /nothing", &[], "text/html; charset=utf-8"),
        (&own_404, "GET /nothing", &[], "text/x-page"),
    ] {
        let response = ask(&site, tree, request, lines);
        assert_eq!(response.field("Content-Type"), Some(expected), "{request} {lines:?}");
    }
    let parts = ask(&site, &tree(), "GET /digits.txt", &["Range: bytes=0-0,5-5"]);
    assert_eq!(
        parts.text().matches("Content-Type: text/x-own\r\n").count(),
        2,
        "{}",
        parts.text()
    );
}

#[test]
fn a_live_page_has_a_script_at_its_end_and_other_files_do_not() {
    let site = Site {
        live: true,
        list: true,
        ..site()
    };
    let script = "<script src=\"/.aula/live.js\"></script>\n";
    for (request, lines, content) in [
        ("GET /page.html", &[][..], format!("plain{script}")),
        // A coded or partial page could have no script.
        ("GET /page.html", &["Accept-Encoding: br"], format!("plain{script}")),
        ("GET /page.html", &["Range: bytes=0-1"], format!("plain{script}")),
        ("GET /", &[], format!("the front page{script}")),
        ("GET /style.css", &[], "plain style".to_owned()),
        ("GET /style.css", &["Accept-Encoding: gzip"], "gzipped style".to_owned()),
        ("GET /digits.txt", &["Range: bytes=0-1"], "01".to_owned()),
    ] {
        let response = ask(&site, &tree(), request, lines);
        assert_eq!(response.text(), content, "{request} {lines:?}");
        let has_ranges = response.field("Accept-Ranges") == Some("bytes");
        assert_eq!(has_ranges, !content.ends_with(script), "{request} {lines:?}");
    }
    // A copy without the script is not current (RFC 9110 section 8.8.3), but one with it is.
    let tags = [&site, &self::site()].map(|site| {
        ask(site, &tree(), "GET /page.html", &[])
            .field("ETag")
            .unwrap()
            .to_owned()
    });
    for (tag, status) in tags.iter().zip([304, 200]) {
        let known = format!("If-None-Match: {tag}");
        assert_eq!(ask(&site, &tree(), "GET /page.html", &[&known]).status, status, "{tag}");
    }
    for (path, media_type) in [
        ("/.aula/live.js", "text/javascript; charset=utf-8"),
        ("/.aula/live?/page.html", "text/event-stream"),
    ] {
        let response = ask(&site, &tree(), &format!("GET {path}"), &[]);
        assert_eq!(
            (response.status, response.field("Content-Type")),
            (200, Some(media_type)),
            "{path}"
        );
        assert_eq!(response.field("Cache-Control"), Some("no-store"), "{path}");
        assert_eq!(get(&format!("GET {path}"), &[]).status, 404, "{path}: only with --live");
    }
}

#[test]
fn a_live_page_is_unchanged_as_long_as_its_identifier_is_current() {
    let site = Site { live: true, ..site() };
    let decision = |lines: &[&str]| ask(&site, &tree(), "GET /.aula/live?/page.html", lines).decision;
    let stream = ask(&site, &tree(), "GET /.aula/live?/page.html", &[]);
    let text = stream.text();
    let id = text.lines().find_map(|line| line.strip_prefix("id: ")).unwrap();
    assert_eq!(decision(&[]), Decision::Changed);
    assert_eq!(decision(&[&format!("Last-Event-ID: {id}")]), Decision::Unchanged);
    assert_eq!(decision(&[&format!("Last-Event-ID: {id}0")]), Decision::Changed);
}

#[test]
fn a_site_with_a_password_shows_nothing_without_it() {
    // RFC 9110 sections 11.6.1 and 15.5.2, RFC 7617 section 2
    let site = Site {
        auth: Some(Credentials::new("Aladdin", auth::hash(b"open sesame"))),
        health: Some("/health".into()),
        list: true,
        ..site()
    };
    const RIGHT: &str = "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
    const WRONG: &str = "Authorization: Basic QWxhZGRpbjpvcGVu";
    for (request, without, with) in [
        ("GET /digits.txt", 401, 200),
        ("HEAD /digits.txt", 401, 200),
        ("GET /nothing", 401, 404),
        ("GET /bare/", 401, 200),
        ("GET /dir", 401, 301),
        ("GET /..", 401, 400),
        ("POST /digits.txt", 401, 405),
        ("OPTIONS /digits.txt", 401, 204),
        ("OPTIONS *", 401, 204),
        // Whoever probes has no password.
        ("GET /health", 200, 200),
        ("GET /%68ealth", 200, 200),
        ("GET /health/../digits.txt", 401, 200),
    ] {
        assert_eq!(ask(&site, &tree(), request, &[RIGHT]).status, with, "{request}");
        for (fields, sentence) in [(&[][..], "asks for a name"), (&[WRONG], "password is wrong")] {
            let response = ask(&site, &tree(), request, fields);
            assert_eq!(response.status, without, "{request}");
            if without == 401 {
                let challenge = response.field("WWW-Authenticate");
                assert_eq!(challenge, Some("Basic realm=\"aula\", charset=\"UTF-8\""), "{request}");
                assert_eq!(response.field("Cache-Control"), Some("no-store"), "{request}");
                assert!(response.text().contains(sentence), "{request}: {}", response.text());
                assert_eq!(response.field("ETag"), None, "{request}");
            }
        }
    }
}

#[test]
fn the_sites_own_404_page_is_sent_with_404() {
    let page = ("404.html", Item::File(b"<p>lost?"));
    let lost = memory(&[page, ("a", Item::File(b"a"))]);
    for (path, status) in [
        ("/nothing", 404),
        ("/.git", 404),
        ("//", 404),
        ("/a/", 404),
        ("/404.html", 200),
    ] {
        for method in ["GET", "HEAD"] {
            let response = ask(&site(), &lost, &format!("{method} {path}"), &["If-None-Match: *"]);
            let status = if status == 200 { 304 } else { status };
            assert_eq!(response.status, status, "{path}");
            if status == 404 {
                assert_eq!(response.text(), "<p>lost?", "{path}");
                assert_eq!(
                    response.field("Content-Type"),
                    Some("text/html; charset=utf-8"),
                    "{path}"
                );
                assert_eq!(response.field("ETag"), None, "{path}: it is not what was asked for");
            }
        }
    }
    assert_eq!(ask(&site(), &lost, "GET /404.html", &["Range: bytes=0-2"]).status, 206);
    assert_eq!(ask(&site(), &lost, "GET /nothing", &["Range: bytes=0-2"]).status, 404);
}

#[test]
fn a_health_check_looks_at_no_file() {
    let site = Site {
        health: Some("/health".into()),
        ..site()
    };
    let tree = memory(&[("health", Item::Broken)]);
    for request in ["GET /health", "HEAD /health", "GET /health?from=probe"] {
        let response = ask(&site, &tree, request, &[]);
        assert_eq!((response.status, response.text()), (200, "ok\n"), "{request}");
        assert_eq!(response.field("Cache-Control"), Some("no-store"), "{request}");
        assert_eq!(
            response.field("Content-Type"),
            Some("text/plain; charset=utf-8"),
            "{request}"
        );
    }
    assert_eq!(ask(&site, &tree, "GET /health/", &[]).status, 500);
    assert_eq!(ask(&site, &tree, "GET /%68ealth", &[]).status, 200);
    assert_eq!(
        ask(&site, &tree, "GET /health", &["If-None-Match: *"]).field("Cache-Control"),
        Some("no-store")
    );
    assert_eq!(ask(&site, &tree, "POST /health", &[]).status, 405);
}

#[test]
fn the_same_listing_is_304_and_another_is_not() {
    // RFC 9110 section 13.1.2
    let site = Site { list: true, ..site() };
    let two = memory(&[("a", Item::File(b"")), ("b", Item::File(b""))]);
    let larger = memory(&[("a", Item::File(b"")), ("b", Item::File(b"1"))]);
    let newer = memory(&[("a", Item::File(b"")), ("b", Item::At(NOW_SECONDS - 1))]);
    for accept in ["Accept: text/html", "Accept: application/json"] {
        let listing = ask(&site, &two, "GET /", &[accept]);
        let tag = listing.field("ETag").unwrap().to_owned();
        let known = format!("If-None-Match: {tag}");
        for (tree, request, status) in [
            (&two, "GET /", 304),
            (&two, "HEAD /", 304),
            (&two, "GET /?order=desc", 200),
            (&larger, "GET /", 200),
            (&newer, "GET /", 200),
        ] {
            let response = ask(&site, tree, request, &[accept, &known]);
            assert_eq!(response.status, status, "{request} {accept}");
            assert_eq!(
                response.field("ETag") == Some(&tag),
                status == 304,
                "{request} {accept}"
            );
            assert_eq!(response.field("Vary"), Some("Accept"));
        }
        let other = match accept {
            "Accept: text/html" => "Accept: application/json",
            _ => "Accept: text/html",
        };
        assert_eq!(
            ask(&site, &two, "GET /", &[other, &known]).status,
            200,
            "the other form"
        );
    }
}

#[test]
fn a_name_in_other_case_is_searched_in_a_limited_number_of_directories() {
    let deepest: &str = "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/File";
    let deeper: &str = "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/File";
    let tree = memory(&[(deepest, Item::File(b"")), (deeper, Item::File(b""))]);
    for (path, is_offered) in [(deepest, true), (deeper, false)] {
        let response = ask(&site(), &tree, &format!("GET /{}", path.to_lowercase()), &[]);
        assert_eq!(
            (response.status, response.text().contains("<a href=\"/a/")),
            (404, is_offered),
            "{path}"
        );
    }
}

/// 2,500 files, and how often one of them was looked at.
struct Many {
    names: Rc<Names>,
    looks: std::cell::Cell<usize>,
}

impl Tree for Many {
    type File = Item;

    fn lookup(&self, path: &ResourcePath) -> Result<Entry<Item>, LookupError> {
        match path.name() {
            "" => Ok(Entry::Directory),
            _ => Err(LookupError::NotFound),
        }
    }

    fn names(&self, _: &ResourcePath) -> Result<Rc<Names>, LookupError> {
        Ok(Rc::clone(&self.names))
    }

    fn entry(&self, _: &ResourcePath, name: &str) -> Option<DirectoryEntry> {
        self.looks.set(self.looks.get() + 1);
        Some(DirectoryEntry {
            name: name.to_owned(),
            is_directory: false,
            size: 1,
            modified: UnixTime::default(),
        })
    }
}

#[test]
fn a_large_directory_is_listed_in_pages_and_only_what_is_on_one_is_looked_at() {
    let name = |number| Name {
        name: format!("{number:04}").into(),
        is_directory: false,
    };
    let many = Many {
        names: Rc::new(Names::new((0..2500).map(name).collect())),
        looks: Default::default(),
    };
    let site = Site { list: true, ..site() };
    for (request, status, looks, link) in [
        ("GET /", 200, 500, Some("<?page=2>; rel=\"next\"")),
        ("HEAD /?sort=size", 200, 500, Some("<?page=2>; rel=\"next\"")),
        (
            "GET /?page=2",
            200,
            500,
            Some("<?page=1>; rel=\"prev\", <?page=3>; rel=\"next\""),
        ),
        ("GET /?page=5&sort=date", 200, 500, Some("<?page=4>; rel=\"prev\"")),
        ("GET /?page=6", 404, 0, None),
    ] {
        for accept in ["Accept: text/html", "Accept: application/json"] {
            many.looks.set(0);
            let response = ask(&site, &many, request, &[accept]);
            assert_eq!(
                (response.status, response.field("Link")),
                (status, link),
                "{request} {accept}"
            );
            assert_eq!(many.looks.get(), looks, "{request} {accept}");
        }
    }
    let second = ask(
        &site,
        &many,
        "GET /?page=2&sort=size&order=desc",
        &["Accept: application/json"],
    );
    assert!(
        second.text().contains("\"0500\"") && second.text().contains("\"0999\""),
        "by name"
    );
}

#[test]
fn a_listing_is_a_page_for_people_and_json_for_programs() {
    let site = Site { list: true, ..site() };
    let list = |request: &str, lines: &[&str]| ask(&site, &tree(), request, lines);
    let page = list("GET /bare/", &[]);
    assert_eq!((page.status, page.field("Vary")), (200, Some("Accept")));
    assert_eq!(page.field("Content-Type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.field("Cache-Control"), Some("no-cache"));
    let text = page.text();
    let order: Vec<_> = ["below/", "a&lt;b&gt;.txt", "b.txt"].map(|name| text.find(name)).into();
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{text}");
    assert!(
        text.contains("href=\"./a%3Cb%3E.txt\"") && text.contains("1994-11-15<span> 12:45</span>"),
        "{text}"
    );
    assert!(!text.contains(".secret"), "{text}");

    let json = |lines: &[&str]| list("GET /bare/?sort=size&order=desc", lines);
    let response = json(&["Accept: application/json"]);
    assert_eq!(response.field("Content-Type"), Some("application/json"));
    let entries: serde_json::Value = serde_json::from_slice(&response.content).unwrap();
    let names: Vec<_> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["below", "a<b>.txt", "b.txt"]);
    // RFC 9110 section 12.5.1
    for (accept, media_type) in [
        ("application/json, text/html;q=0.5", "application/json"),
        ("text/html;q=0.5, */*;q=0.8", "application/json"),
        ("text/html, application/json", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
        ("image/png", "text/html; charset=utf-8"),
        ("application/json;q=0", "text/html; charset=utf-8"),
    ] {
        assert_eq!(
            json(&[&format!("Accept: {accept}")]).field("Content-Type"),
            Some(media_type),
            "{accept}"
        );
    }
    // An index file goes first; without the option there is none; a hidden name is shown where it is served.
    assert_eq!(list("GET /dir/", &[]).text(), "the page of dir");
    assert_eq!(get("GET /bare/", &[]).status, 404);
    let hidden = Site {
        hidden: true,
        ..site.clone()
    };
    assert!(ask(&hidden, &tree(), "GET /bare/", &[]).text().contains(".secret"));
    let broken = Memory::new().with_unreadable_directory("a");
    assert_eq!(ask(&site, &broken, "GET /a/", &[]).status, 500);
}

#[test]
fn preconditions_apply_to_every_response_that_would_be_200() {
    // RFC 9110 section 13.2.1: a listing and the health check are representations too
    let site = Site {
        list: true,
        health: Some("/health".into()),
        ..site()
    };
    for path in ["/bare/", "/health"] {
        for (line, status) in [
            ("If-Match: \"x\"", 412),
            ("If-Match: *", 200),
            ("If-None-Match: *", 304),
            ("If-None-Match: \"x\"", 200),
            // Section 13.1.3 and 13.1.4: without a modification date there is nothing to compare.
            ("If-Modified-Since: Sun, 09 Sep 2001 01:46:40 GMT", 200),
            ("If-Unmodified-Since: Tue, 15 Nov 1994 12:45:51 GMT", 200),
        ] {
            assert_eq!(
                ask(&site, &tree(), &format!("GET {path}"), &[line]).status,
                status,
                "{path} {line}"
            );
        }
    }
}

#[test]
fn a_file_is_described_by_its_fields() {
    // RFC 9110 sections 8.3, 8.8, 12.5.5 and 14.3
    let response = get("GET /digits.txt", &[]);
    for (name, value) in [
        ("Content-Type", Some("text/plain; charset=utf-8")),
        ("Last-Modified", Some(MODIFIED)),
        ("Accept-Ranges", Some("bytes")),
        ("Cache-Control", Some("no-cache")),
        ("Vary", None),
        ("Content-Encoding", None),
        ("Content-Range", None),
        ("Access-Control-Allow-Origin", None),
        ("Strict-Transport-Security", None),
    ] {
        assert_eq!(response.field(name), value, "{name}");
    }
    let etag = response.field("ETag").unwrap();
    assert!(etag.starts_with('"') && etag.ends_with('"'), "a strong one: {etag}");
    for (path, media_type) in [
        ("/README", "application/octet-stream"),
        ("/film.mp4", "video/mp4"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/", "text/html; charset=utf-8"),
    ] {
        assert_eq!(
            get(&format!("GET {path}"), &[]).field("Content-Type"),
            Some(media_type),
            "{path}"
        );
    }
    // HEAD: the same fields (section 9.3.2).
    for path in ["/digits.txt", "/page.html", "/nothing", "/dir", "/film.mp4"] {
        let (head, get) = (get(&format!("HEAD {path}"), &[]), get(&format!("GET {path}"), &[]));
        assert_eq!(
            (head.status, head.fields, head.length),
            (get.status, get.fields, get.length),
            "{path}"
        );
    }
    // The entity tag changes with time and size.
    let tags = [
        tag("GET /digits.txt", &[]),
        tag("GET /empty.txt", &[]),
        tag("GET /fresh.txt", &[]),
    ];
    assert!(
        tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2],
        "{tags:?}"
    );
}

#[test]
fn the_operators_fields_are_in_every_response() {
    let site = Site {
        fields: vec![("X-Course".into(), "networks".into())],
        cors: true,
        cache_control: Some("max-age=60".into()),
        ..site()
    };
    for (request, line) in [
        ("GET /digits.txt", "Range: bytes=0-1"),
        ("GET /digits.txt", "Range: bytes=99-"),
        ("GET /digits.txt", "If-None-Match: *"),
        ("GET /digits.txt", "If-Match: \"x\""),
        ("GET /nothing", "A: b"),
        ("GET /dir", "A: b"),
        ("OPTIONS *", "Origin: http://a"),
        ("POST /", "A: b"),
    ] {
        let response = ask(&site, &tree(), request, &[line]);
        assert_eq!(response.field("X-Course"), Some("networks"), "{request}");
        assert_eq!(response.field("Access-Control-Allow-Origin"), Some("*"), "{request}");
    }
    assert_eq!(
        ask(&site, &tree(), "GET /", &[]).field("Cache-Control"),
        Some("max-age=60")
    );
    let preflight = ask(
        &site,
        &tree(),
        "OPTIONS /digits.txt",
        &["Access-Control-Request-Method: GET"],
    );
    assert_eq!(
        preflight.field("Access-Control-Allow-Methods"),
        Some("GET, HEAD, OPTIONS")
    );
    let no_cors = get("OPTIONS /digits.txt", &["Access-Control-Request-Method: GET"]);
    assert_eq!(no_cors.field("Access-Control-Allow-Methods"), None);
    let no_preflight = ask(&site, &tree(), "OPTIONS /digits.txt", &[]);
    assert_eq!(no_preflight.field("Access-Control-Allow-Methods"), None);
    let refused = refuse::<Item>(&site, &Decision::AboveRoot.explanation(), None, UnixTime::default());
    assert!(refused.fields.get("X-Course").is_some());
    let silent = Site {
        cache_control: None,
        ..site
    };
    assert_eq!(ask(&silent, &tree(), "GET /", &[]).field("Cache-Control"), None);
}

#[test]
fn a_client_of_a_full_server_is_told_when_to_try_again() {
    // RFC 9110 section 10.2.3
    let busy = Explanation {
        status: Status::SERVICE_UNAVAILABLE,
        ..Decision::Unreadable.explanation()
    };
    for (reason, retry_after) in [(busy, Some("5")), (Decision::Unreadable.explanation(), None)] {
        let site = site();
        let response = refuse::<Item>(&site, &reason, None, UnixTime::default());
        assert_eq!(response.fields.get("Retry-After"), retry_after);
    }
}

#[test]
fn no_error_may_be_cached_and_a_redirect_has_a_link() {
    // RFC 9111 section 3
    let site = Site {
        cache_control: Some("max-age=60".into()),
        ..site()
    };
    for (path, status, cache_control) in [
        ("/dir", 301, "max-age=60"),
        ("/nothing", 404, "no-store"),
        ("/bare/", 404, "no-store"),
        ("/refused", 403, "no-store"),
        ("/broken", 500, "no-store"),
        ("/..", 400, "no-store"),
    ] {
        let response = ask(&site, &tree(), &format!("GET {path}?a=b"), &[]);
        assert_eq!(
            (response.status, response.field("Cache-Control")),
            (status, Some(cache_control)),
            "{path}"
        );
        assert_eq!(
            response.text().contains("<a href=\"/dir/\">/dir/</a>"),
            status == 301,
            "{path}"
        );
    }
}

#[test]
fn last_modified_is_never_later_than_date() {
    // RFC 9110 section 8.8.2.1
    for path in ["/tomorrow.txt", "/far.txt", "/fresh.txt"] {
        let response = get(&format!("GET {path}"), &[]);
        assert_eq!(response.field("Last-Modified"), Some(NOW), "{path}");
    }
}

#[test]
fn a_precompressed_sibling_is_chosen_by_accept_encoding() {
    // RFC 9110 section 12.5.3
    for (accept, content, coding) in [
        (None, "plain", None),
        (Some(""), "plain", None),
        (Some("br"), "br", Some("br")),
        (Some("zstd"), "zstd", Some("zstd")),
        (Some("gzip"), "gzip", Some("gzip")),
        (Some("x-gzip"), "gzip", Some("gzip")),
        (Some("GZIP"), "gzip", Some("gzip")),
        (Some("gzip, deflate, br, zstd"), "br", Some("br")),
        (Some("gzip, zstd"), "zstd", Some("zstd")),
        (Some("gzip, br;q=0.5"), "gzip", Some("gzip")),
        (Some("*"), "br", Some("br")),
        (Some("br;q=0, *"), "zstd", Some("zstd")),
        (Some("deflate"), "plain", None),
        (Some("gzip;q=0"), "plain", None),
        (Some("gzip;q=0.000, br;q=0"), "plain", None),
        (Some("identity, gzip;q=0.5"), "plain", None),
        (Some("identity;q=0.5, gzip;q=0.5"), "gzip", Some("gzip")),
        (Some("identity;q=0, gzip"), "gzip", Some("gzip")),
        (Some("gzip;q=0.001"), "gzip", Some("gzip")),
        (Some("gzip;q=2"), "plain", None),
    ] {
        let line = accept.map(|accept| format!("Accept-Encoding: {accept}"));
        let lines: Vec<&str> = line.as_deref().into_iter().collect();
        let response = get("GET /page.html", &lines);
        assert_eq!((response.status, response.text()), (200, content), "{accept:?}");
        assert_eq!(response.field("Content-Encoding"), coding, "{accept:?}");
        assert_eq!(
            response.field("Content-Type"),
            Some("text/html; charset=utf-8"),
            "{accept:?}"
        );
        assert_eq!(
            response.field("Vary"),
            Some("Accept-Encoding"),
            "{accept:?}: also when it is plain"
        );
    }
    // A file with one sibling is negotiated as well; a file without any is not.
    assert_eq!(
        get("GET /style.css", &["Accept-Encoding: br, gzip;q=0.1"]).text(),
        "gzipped style"
    );
    assert_eq!(get("GET /style.css", &["Accept-Encoding: br"]).text(), "plain style");
    assert_eq!(
        get("GET /digits.txt", &["Accept-Encoding: br, gzip"]).field("Vary"),
        None
    );
    // A sibling can be asked for by its own name: then it is a file like any other.
    let sibling = get("GET /page.html.gz", &["Accept-Encoding: gzip"]);
    assert_eq!((sibling.field("Content-Encoding"), sibling.field("Vary")), (None, None));
    assert_eq!(sibling.field("Content-Type"), Some("application/gzip"));
}

#[test]
fn a_sibling_that_is_older_than_its_file_or_empty_is_ignored() {
    for (file, sibling, is_chosen) in [
        (Item::At(5), Item::At(4), false),
        (Item::At(5), Item::At(5), true),
        (Item::At(5), Item::At(6), true),
        (Item::File(b"a"), Item::File(b""), false),
    ] {
        let tree = memory(&[("a.txt", file), ("a.txt.gz", sibling)]);
        let response = ask(&site(), &tree, "GET /a.txt", &["Accept-Encoding: gzip"]);
        let expected = is_chosen.then_some("gzip");
        assert_eq!(response.field("Content-Encoding"), expected);
        assert_eq!(response.field("Vary"), is_chosen.then_some("Accept-Encoding"));
    }
}

#[test]
fn what_accept_encoding_excludes_is_406() {
    // RFC 9110 sections 12.5.3 and 15.5.7
    for (path, accept, status) in [
        ("/digits.txt", "identity;q=0", 406),
        ("/digits.txt", "*;q=0", 406),
        ("/digits.txt", "gzip, identity;q=0", 406),
        ("/digits.txt", "identity, *;q=0", 200),
        ("/page.html", "identity;q=0", 406),
        ("/page.html", "*;q=0, br", 200),
        ("/style.css", "br, identity;q=0", 406),
        ("/nothing", "identity;q=0", 404),
    ] {
        let response = get(&format!("GET {path}"), &[&format!("Accept-Encoding: {accept}")]);
        assert_eq!(response.status, status, "{path} {accept}");
    }
}

#[test]
fn every_coding_has_an_entity_tag_of_its_own() {
    // RFC 9110 section 8.8.3.3
    let codings = ["identity", "br", "zstd", "gzip"];
    let tags = codings.map(|coding| tag("GET /page.html", &[&format!("Accept-Encoding: {coding}")]));
    for (coding, own) in codings.iter().zip(&tags) {
        for other in &tags {
            let lines = [format!("Accept-Encoding: {coding}"), format!("If-None-Match: {other}")];
            let status = get("GET /page.html", &[&lines[0], &lines[1]]).status;
            assert_eq!(status, if own == other { 304 } else { 200 }, "{coding} {other}");
            // RFC 9110 section 13.1.5: parts of two codings must not be put together.
            let lines = [
                lines[0].clone(),
                format!("If-Range: {other}"),
                "Range: bytes=0-1".into(),
            ];
            let response = get("GET /page.html", &[&lines[0], &lines[1], &lines[2]]);
            assert_eq!(
                response.status,
                if own == other { 206 } else { 200 },
                "{coding} {other}"
            );
        }
    }
}

#[test]
fn a_precondition_decides_before_a_range_does() {
    // RFC 9110 sections 13.1 and 13.2.2
    let own = tag("GET /digits.txt", &[]);
    let (own_none, own_match) = (format!("If-None-Match: {own}"), format!("If-Match: {own}"));
    let own_weak = format!("If-None-Match: \"y\", W/{own}");
    let own_weak_match = format!("If-Match: W/{own}");
    let range = "Range: bytes=0-4";
    let (same, before) = (
        format!("If-Modified-Since: {MODIFIED}"),
        format!("If-Modified-Since: {BEFORE}"),
    );
    let unmodified_before = format!("If-Unmodified-Since: {BEFORE}");
    for (lines, status) in [
        (&[own_none.as_str()][..], 304),
        (&[&own_weak], 304),
        (&["If-None-Match: *"], 304),
        (&["If-None-Match: \"y\""], 200),
        (&[&own_none, range], 304),
        (&[&same], 304),
        (&["If-Modified-Since: Tuesday, 15-Nov-94 12:45:52 GMT"], 304),
        (&["If-Modified-Since: Tue Nov 15 12:45:52 1994"], 304),
        (&[&before], 200),
        (&["If-None-Match: \"y\"", &same], 200),
        (&[&own_none, &before], 304),
        (&[&own_match], 200),
        (&[&own_match, range], 206),
        (&[&own_weak_match], 412),
        (&["If-Match: \"y\"", range], 412),
        (&["If-Match: \"y\"", &own_none], 412),
        (&[&unmodified_before], 412),
        (&[&own_match, &unmodified_before], 200),
        (&["If-Match: \"y\"", "Range: bytes=99-"], 412),
    ] {
        for method in ["GET", "HEAD"] {
            let response = get(&format!("{method} /digits.txt"), lines);
            let status = if method == "HEAD" && status == 206 { 200 } else { status };
            assert_eq!(response.status, status, "{method} {lines:?}");
        }
    }
    // Section 13.2.1: they do not apply to responses other than 2xx, nor to OPTIONS, which has no representation.
    assert_eq!(get("GET /nothing", &["If-Match: \"y\""]).status, 404);
    assert_eq!(get("GET /refused", &["If-None-Match: *"]).status, 403);
    assert_eq!(get("OPTIONS /digits.txt", &["If-Match: \"y\""]).status, 204);
    assert_eq!(get("POST /digits.txt", &["If-Match: \"y\""]).status, 405);
}

#[test]
fn a_304_has_what_a_cache_needs_and_no_more() {
    // RFC 9110 section 15.4.5
    let lines = ["Accept-Encoding: gzip", "If-None-Match: *"];
    let (news, whole) = (get("GET /page.html", &lines), get("GET /page.html", &lines[..1]));
    assert_eq!(news.status, 304);
    for name in ["Date", "ETag", "Vary", "Cache-Control", "Last-Modified"] {
        assert!(news.field(name).is_some(), "{name}");
        assert_eq!(news.field(name), whole.field(name), "{name}");
    }
    for name in ["Content-Type", "Content-Encoding", "Accept-Ranges", "Content-Range"] {
        assert_eq!(news.field(name), None, "{name}");
    }
}

#[test]
fn a_range_is_cut_out() {
    // RFC 9110 sections 14.1.2, 14.2, 14.4 and 15.3.7
    for (range, content, content_range) in [
        ("bytes=0-4", "01234", "bytes 0-4/10"),
        ("bytes=9-", "9", "bytes 9-9/10"),
        ("bytes=-3", "789", "bytes 7-9/10"),
        ("bytes=-99", "0123456789", "bytes 0-9/10"),
        ("bytes=5-99", "56789", "bytes 5-9/10"),
        ("bytes=0-99999999999999999999999", "0123456789", "bytes 0-9/10"),
        ("BYTES=0-0", "0", "bytes 0-0/10"),
        // Section 15.3.7.2: what overlaps or touches is one.
        ("bytes=0-4,2-6", "0123456", "bytes 0-6/10"),
        ("bytes=0-1,2-3", "0123", "bytes 0-3/10"),
        ("bytes=0-1,99-", "01", "bytes 0-1/10"),
    ] {
        let line = format!("Range: {range}");
        let response = get("GET /digits.txt", &[&line]);
        assert_eq!((response.status, response.text()), (206, content), "{range}");
        assert_eq!(response.field("Content-Range"), Some(content_range), "{range}");
        let whole = get("GET /digits.txt", &[]);
        for name in [
            "Content-Type",
            "ETag",
            "Last-Modified",
            "Cache-Control",
            "Accept-Ranges",
        ] {
            assert_eq!(response.field(name), whole.field(name), "{range}: {name}");
        }
        // Section 14.2: only with GET.
        let head = get("HEAD /digits.txt", &[&line]);
        assert_eq!((head.status, head.field("Content-Range")), (200, None), "{range}");
        assert_eq!(get("POST /digits.txt", &[&line]).status, 405);
    }
}

#[test]
fn a_range_that_is_no_range_is_ignored() {
    // RFC 9110 sections 14.1.1 and 14.2
    let many = format!("bytes={}", "0-0,".repeat(33));
    for range in [
        "bytes=4-2",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=1",
        "bytes 0-4",
        "bytes=0-4;",
        "bytes=0-4, x",
        "bytes=0 - 4",
        "lines=0-4",
        "0-4",
        "bytes=+0-4",
        "bytes=-0x1",
        "bytes=--1",
        "=0-4",
        "none",
        &many,
    ] {
        let response = get("GET /digits.txt", &[&format!("Range: {range}")]);
        assert_eq!((response.status, response.text()), (200, "0123456789"), "{range}");
        assert_eq!(response.field("Content-Range"), None, "{range}");
    }
}

#[test]
fn a_range_of_nothing_is_416_with_the_length() {
    // RFC 9110 sections 14.1.2 and 15.5.17
    for (path, range, status, content_range) in [
        ("/digits.txt", "bytes=10-", 416, Some("bytes */10")),
        ("/digits.txt", "bytes=10-10,99-", 416, Some("bytes */10")),
        ("/digits.txt", "bytes=-0", 416, Some("bytes */10")),
        ("/digits.txt", "bytes=99999999999999999999999-", 416, Some("bytes */10")),
        ("/empty.txt", "bytes=0-", 416, Some("bytes */0")),
        // A suffix of an empty file is satisfiable, and it is the whole file.
        ("/empty.txt", "bytes=-5", 200, None),
        ("/film.mp4", "bytes=5368709120-", 416, Some("bytes */5368709120")),
    ] {
        let response = get(&format!("GET {path}"), &[&format!("Range: {range}")]);
        assert_eq!(response.status, status, "{path} {range}");
        assert_eq!(response.field("Content-Range"), content_range, "{path} {range}");
        if status == 416 {
            assert!(response.text().contains("416 Range Not Satisfiable"), "{path} {range}");
        }
    }
}

/// A part of multipart/byteranges.
#[derive(PartialEq, Eq, Debug)]
struct Part {
    content_type: String,
    content_range: String,
    content: String,
}

/// Reads multipart content as RFC 2046 section 5.1 writes it.
fn parts_of(response: &Received) -> Vec<Part> {
    let content_type = response.field("Content-Type").unwrap();
    let boundary = content_type.strip_prefix("multipart/byteranges; boundary=").unwrap();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=?".contains(&byte);
    assert!(boundary.len() <= 70 && boundary.bytes().all(is_plain), "{boundary}");
    let rest = response.text().strip_prefix(&format!("--{boundary}\r\n")).unwrap();
    let rest = rest.strip_suffix(&format!("\r\n--{boundary}--\r\n")).unwrap();
    rest.split(&format!("\r\n--{boundary}\r\n"))
        .map(|part| {
            let (head, content) = part.split_once("\r\n\r\n").unwrap();
            let (first, second) = head.split_once("\r\n").unwrap();
            Part {
                content_type: first.strip_prefix("Content-Type: ").unwrap().into(),
                content_range: second.strip_prefix("Content-Range: ").unwrap().into(),
                content: content.into(),
            }
        })
        .collect()
}

#[test]
fn several_ranges_are_parts_that_can_be_read_back() {
    // RFC 9110 sections 14.6, 15.3.7.2
    for (range, parts) in [
        ("bytes=0-0,9-9", &[("bytes 0-0/10", "0"), ("bytes 9-9/10", "9")][..]),
        ("bytes=-1, 0-1", &[("bytes 9-9/10", "9"), ("bytes 0-1/10", "01")]),
        (
            "bytes=0-0,,2-2,99-,4-",
            &[("bytes 0-0/10", "0"), ("bytes 2-2/10", "2"), ("bytes 4-9/10", "456789")],
        ),
        ("bytes=0-1,1-2,5-5", &[("bytes 0-2/10", "012"), ("bytes 5-5/10", "5")]),
    ] {
        let response = get("GET /digits.txt", &[&format!("Range: {range}")]);
        assert_eq!(
            (response.status, response.field("Content-Range")),
            (206, None),
            "{range}"
        );
        assert_eq!(response.length, response.content.len() as u64, "{range}");
        let expected: Vec<Part> = parts
            .iter()
            .map(|&(content_range, content)| Part {
                content_type: "text/plain; charset=utf-8".into(),
                content_range: content_range.into(),
                content: content.into(),
            })
            .collect();
        assert_eq!(parts_of(&response), expected, "{range}");
    }
    // 32 ranges are sent, 33 are ignored.
    let range = |count: usize| {
        let specs: Vec<_> = (0..count).map(|at| format!("{at}000-{at}000")).collect();
        get("GET /film.mp4", &[&format!("Range: bytes={}", specs.join(","))])
    };
    let most = range(32);
    assert_eq!((most.status, parts_of(&most).len()), (206, 32));
    assert_eq!((range(33).status, range(33).length), (200, 5 << 30));
    // The parts of a coding are parts of its bytes.
    let coded = get("GET /page.html", &["Accept-Encoding: zstd", "Range: bytes=0-0,3-3"]);
    assert_eq!(coded.field("Content-Encoding"), Some("zstd"));
    assert_eq!(
        parts_of(&coded)
            .iter()
            .map(|part| part.content.as_str())
            .collect::<Vec<_>>(),
        ["z", "d"]
    );
}

#[test]
fn the_line_between_parts_says_when_and_of_which_version_they_are() {
    // RFC 2046 section 5.1.1: the boundary must not appear in the content, so it must not be predictable.
    let boundary_of = |tree: &Memory, now: u64, path: &str| {
        let fields = [("Range", &b"bytes=0-0,2-2"[..])];
        let request = Request {
            method: Method::Get,
            target: Target::Resource { path, query: None },
            fields: Fields::from_pairs(&fields),
        };
        let now = UnixTime {
            seconds: now,
            nanoseconds: 0,
        };
        let site = site();
        let response = respond(&site, &request, tree, now).response;
        let content_type = response.fields.iter().find(|(name, _)| *name == "Content-Type");
        content_type.unwrap().1.to_string()
    };
    let tree = memory(&[("a", Item::At(1)), ("b", Item::At(2))]);
    let boundaries = [(5, "/a"), (6, "/a"), (5, "/b")].map(|(now, path)| boundary_of(&tree, now, path));
    let distinct: std::collections::BTreeSet<_> = boundaries.iter().collect();
    assert_eq!(distinct.len(), 3, "{boundaries:?}");
}

#[test]
fn sizes_beyond_4_gib_are_exact() {
    let response = get("GET /film.mp4", &[]);
    assert_eq!(response.length, 5_368_709_120);
    for (range, length, content_range) in [
        (
            "bytes=4294967296-",
            1_073_741_824,
            "bytes 4294967296-5368709119/5368709120",
        ),
        ("bytes=-1", 1, "bytes 5368709119-5368709119/5368709120"),
        (
            "bytes=4294967295-4294967296",
            2,
            "bytes 4294967295-4294967296/5368709120",
        ),
        ("bytes=1-", 5_368_709_119, "bytes 1-5368709119/5368709120"),
    ] {
        let response = get("GET /film.mp4", &[&format!("Range: {range}")]);
        assert_eq!((response.status, response.length), (206, length), "{range}");
        assert_eq!(response.field("Content-Range"), Some(content_range), "{range}");
    }
}

#[test]
fn if_range_makes_a_range_depend_on_the_version() {
    // RFC 9110 section 13.1.5
    let own = tag("GET /digits.txt", &[]);
    for (path, validator, status) in [
        ("/digits.txt", own.as_str(), 206),
        ("/digits.txt", &format!("W/{own}"), 200),
        ("/digits.txt", "\"y\"", 200),
        ("/digits.txt", &format!("{own}, \"y\""), 200),
        ("/digits.txt", "*", 200),
        ("/digits.txt", "", 200),
        ("/digits.txt", MODIFIED, 206),
        ("/digits.txt", "Tue Nov 15 12:45:52 1994", 206),
        ("/digits.txt", BEFORE, 200),
        ("/digits.txt", NOW, 200),
        // Section 8.8.2.2: within the second, a date is a weak validator.
        ("/fresh.txt", NOW, 200),
        ("/tomorrow.txt", NOW, 200),
    ] {
        let line = format!("If-Range: {validator}");
        let response = get(&format!("GET {path}"), &["Range: bytes=0-0", &line]);
        assert_eq!(response.status, status, "{path} {validator}");
        assert_eq!(
            get(&format!("GET {path}"), &[&line]).status,
            200,
            "without Range it says nothing"
        );
        assert_eq!(get(&format!("HEAD {path}"), &["Range: bytes=0-0", &line]).status, 200);
    }
    // A range beyond the end of another version is no error.
    assert_eq!(
        get("GET /digits.txt", &["Range: bytes=99-", "If-Range: \"y\""]).status,
        200
    );
    assert_eq!(
        get("GET /digits.txt", &["Range: bytes=99-", &format!("If-Range: {own}")]).status,
        416
    );
}
