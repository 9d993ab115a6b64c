//! No path, link or kind of file may lead out of the served folder.
//!
//! A secret file lies beside that folder. Whatever the status, no response may contain the secret.

use crate::client::{ask, ask_on, get, response_to, soon};
use crate::folders::{folder, serve};
use crate::support::Server;
use crate::support::links::symlink;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

const SECRET: &str = "the secret";

/// `root/`, which is served, and `secret.txt` beside it.
fn site() -> (TempDir, PathBuf) {
    let folder = folder(&[
        ("secret.txt", SECRET.as_bytes()),
        ("root/hello.txt", b"hello"),
        ("root/dir/inner.txt", b"inner"),
        ("root/.secret.txt", SECRET.as_bytes()),
        ("root/dir/.git/config", SECRET.as_bytes()),
        ("root/.well-known/security.txt", b"contact"),
    ]);
    let root = folder.path().join("root");
    (folder, root)
}

fn start(root: &std::path::Path, options: &[&str]) -> Server {
    crate::support::Start::with(options).folder(root).serve()
}

/// Requests this target, unchanged, and fails unless the response has this status.
#[track_caller]
fn assert_status(server: &Server, target: &str, status: u16) {
    let response = ask(server, &format!("GET {target}"), &[]);
    assert_eq!(response.status(), status, "{target}: {response:?}");
    assert!(!response.text().contains(SECRET), "{target}: {response:?}");
    assert!(!response.text().contains("root:"), "{target}: {response:?}");
}

#[test]
fn no_path_leads_out_of_the_root() {
    let (_folder, root) = site();
    let server = start(&root, &[]);
    for (target, status) in [
        // RFC 3986 section 5.2.4: dot segments are removed, and must not lead above the root.
        ("/dir/../hello.txt", 200),
        ("/./dir/./../hello.txt", 200),
        ("/dir/%2e%2e/hello.txt", 200),
        ("/dir/inner.txt/../../hello.txt", 200),
        ("/..", 400),
        ("/../", 400),
        ("/../secret.txt", 400),
        ("/dir/../../secret.txt", 400),
        ("/../root/hello.txt", 400),
        ("/%2e%2e/secret.txt", 400),
        ("/.%2e/secret.txt", 400),
        ("/%2E./secret.txt", 400),
        ("/dir/%2e%2e/%2e%2e/secret.txt", 400),
        ("http://a/../secret.txt", 400),
        // The path is decoded once: what remains encoded is part of a name.
        ("/%252e%252e/secret.txt", 404),
        // Names that only look like dots.
        ("/..../secret.txt", 404),
        ("/..;/secret.txt", 404),
        ("/..%20/secret.txt", 404),
        // An encoded slash is part of a name, and no file has such a name.
        ("/..%2Fsecret.txt", 404),
        ("/%2e%2e%2fsecret.txt", 404),
        ("/%2Fetc/passwd", 404),
        ("/dir%2Finner.txt", 404),
        // An empty segment never becomes an absolute path.
        ("//etc/passwd", 404),
        ("///etc/passwd", 404),
        ("//", 404),
        ("/dir//inner.txt", 404),
        ("http://a//etc/passwd", 404),
        // Separators and drives of Windows.
        ("/..\\secret.txt", 400),
        ("/..%5csecret.txt", 400),
        ("/dir%5C..%5C..%5Csecret.txt", 400),
        ("/C:/secret.txt", 404),
        // NUL and other control characters.
        ("/hello.txt%00", 400),
        ("/hello.txt%00.html", 400),
        ("/%0d%0aSet-Cookie:%20a", 400),
        ("/%7f", 400),
        // Bytes that are not UTF-8, such as overlong dots.
        ("/%ff", 400),
        ("/%c0%ae%c0%ae/secret.txt", 400),
        // RFC 3986 section 2.1
        ("/%", 400),
        ("/%2", 400),
        ("/%zz", 400),
        ("/%u002e%u002e/secret.txt", 400),
        // Not a path.
        ("secret.txt", 400),
        ("../secret.txt", 400),
        ("/hello.txt#", 400),
    ] {
        assert_status(&server, target, status);
    }
}

#[test]
fn a_long_path_is_not_found() {
    let (_folder, root) = site();
    let server = start(&root, &[]);
    for target in [
        // Longer than the host allows a name, then a path, to be.
        format!("/{}", "a".repeat(300)),
        format!("/{}", "a/".repeat(3000)),
        format!("/{}hello.txt", "dir/../".repeat(1000)).replace("hello.txt", "no"),
    ] {
        let response = get(&server, &target);
        assert_eq!(response.status(), 404, "{} bytes: {response:?}", target.len());
    }
}

#[test]
fn links_are_followed_only_inside_the_root() {
    let (folder, root) = site();
    for (link, to) in [
        ("to-file", "hello.txt"),
        ("to-dir", "dir"),
        ("dir/up", "../hello.txt"),
        ("to-link", "to-file"),
        ("out", "../secret.txt"),
        ("out-dir", ".."),
        ("dir/far-out", "../../secret.txt"),
        ("out-and-in", "../root/hello.txt"),
        ("to-out", "out"),
        ("loop", "loop"),
        ("loop-a", "loop-b"),
        ("loop-b", "loop-a"),
        ("dangling", "no"),
    ] {
        symlink(to, root.join(link)).unwrap();
    }
    symlink(folder.path().join("secret.txt"), root.join("absolute")).unwrap();
    symlink(root.join("hello.txt"), root.join("absolute-inside")).unwrap();
    symlink("/etc", root.join("etc")).unwrap();
    let server = start(&root, &["--list"]);
    for (target, status) in [
        ("/to-file", 200),
        ("/to-dir/inner.txt", 200),
        ("/to-dir", 301),
        ("/dir/up", 200),
        ("/to-link", 200),
        ("/out", 403),
        ("/out-dir", 403),
        ("/out-dir/", 403),
        ("/out-dir/secret.txt", 403),
        ("/dir/far-out", 403),
        ("/out-and-in", 403),
        ("/to-out", 403),
        ("/absolute", 403),
        ("/absolute-inside", 403),
        ("/etc/passwd", 403),
        ("/loop", 403),
        ("/loop-a", 403),
        ("/dangling", 404),
    ] {
        assert_status(&server, target, status);
    }
    // A listing shows only what the server would serve.
    let page = get(&server, "/").text();
    for (link, shown) in [
        ("to-file", true),
        ("to-dir/", true),
        ("out", false),
        ("etc", false),
        ("loop", false),
        ("dangling", false),
    ] {
        assert_eq!(page.contains(&format!("\"./{link}\"")), shown, "{link}: {page}");
    }
}

#[test]
fn names_with_a_leading_dot_are_hidden_except_well_known() {
    let (_folder, root) = site();
    let server = start(&root, &["--list"]);
    for (target, status) in [
        ("/.secret.txt", 404),
        ("/%2esecret.txt", 404),
        ("/dir/.git/config", 404),
        ("/dir/.git", 404),
        ("/dir/.git/", 404),
        // RFC 8615
        ("/.well-known/security.txt", 200),
        ("/dir/.well-known/security.txt", 404),
        ("/.well-known/.git", 404),
    ] {
        assert_status(&server, target, status);
    }
    assert!(!get(&server, "/").text().contains(".secret"));
    let server = start(&root, &["--hidden", "--list"]);
    for target in ["/.secret.txt", "/dir/.git/config"] {
        assert_eq!(get(&server, target).text(), SECRET, "{target}");
    }
    assert!(get(&server, "/").text().contains(".secret"));
}

#[test]
fn hidden_files_are_not_used_as_pages_unless_named() {
    let folder = folder(&[("dir/.index.html", b"index"), (".404.html", b"404")]);
    let server = serve(&folder, &["--index", ".index.html"]);
    // The operator named this file, so it may be served.
    assert!(matches!(get(&server, "/dir/").status(), 200 | 404));
    assert_ne!(get(&server, "/no").text(), "404");
}

#[test]
#[cfg(unix)]
fn only_regular_files_are_served() {
    use crate::support::links::fifo;
    use std::os::unix::net::UnixListener;
    let (_folder, root) = site();
    fs::create_dir(root.join("with-fifo")).unwrap();
    for name in ["fifo", "with-fifo/index.html", "hello.txt.gz", "404.html"] {
        fifo(root.join(name));
    }
    let _socket = UnixListener::bind(root.join("socket")).unwrap();
    let server = start(&root, &["--list"]);
    // Trap 4: opening a FIFO would never return, and the server would never respond again.
    assert_status(&server, "/fifo", 403);
    assert_status(&server, "/socket", 403);
    assert_status(&server, "/with-fifo/", 403);
    assert_status(&server, "/no", 404);
    let page = ask(&server, "GET /", &["Accept-Encoding: gzip"]);
    assert!(
        !page.text().contains("fifo\"") && !page.text().contains("socket"),
        "{page:?}"
    );
    let hello = ask(&server, "GET /hello.txt", &["Accept-Encoding: gzip"]);
    assert_eq!((hello.status(), hello.text().as_str()), (200, "hello"), "{hello:?}");
}

#[test]
#[cfg(unix)]
fn what_the_operating_system_refuses_is_403_without_details() {
    use crate::folders::write;
    use std::os::unix::fs::PermissionsExt;
    let (_folder, root) = site();
    let locked = root.join("locked");
    let file = write(&locked, "inner.txt", SECRET.as_bytes());
    let unreadable = write(&root, "unreadable.txt", SECRET.as_bytes());
    fs::set_permissions(&unreadable, PermissionsExt::from_mode(0o000)).unwrap();
    fs::set_permissions(&locked, PermissionsExt::from_mode(0o000)).unwrap();
    let is_bound = fs::read(&file).is_err();
    let server = start(&root, &["--list"]);
    // Permissions do not apply to root.
    if is_bound {
        for target in ["/locked", "/locked/", "/locked/inner.txt", "/unreadable.txt"] {
            assert_status(&server, target, 403);
        }
    }
    assert_status(&server, "/hello.txt", 200);
    fs::set_permissions(&locked, PermissionsExt::from_mode(0o700)).unwrap();
}

#[test]
fn a_name_may_have_any_character_that_is_percent_encoded() {
    let names = [
        "with space",
        "100%",
        "ñandú",
        "日本語",
        "a?b",
        "a#b",
        "a+b",
        "a&b",
        "e\u{301}",
        "%41",
        "-",
        "CON",
    ];
    let files: Vec<_> = names.iter().map(|name| (*name, name.as_bytes())).collect();
    let folder = folder(&files);
    let server = serve(&folder, &[]);
    for name in names {
        let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        assert_eq!(get(&server, &format!("/{encoded}")).text(), name);
    }
    // The path is decoded once, and a plus does not mean a space.
    for (target, content) in [
        ("/%2541", "%41"),
        ("/a+b", "a+b"),
        ("/100%25", "100%"),
        ("/with%20space", "with space"),
    ] {
        assert_eq!(get(&server, target).text(), content, "{target}");
    }
    // RFC 3986 section 2: a URI is ASCII.
    let raw = response_to(&server, "GET /ñandú HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(raw.status(), 400, "{raw:?}");
    let space = response_to(&server, "GET /with space HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(space.status(), 400, "{space:?}");
}

#[test]
#[cfg(unix)]
fn a_name_that_is_not_utf_8_is_left_out_of_a_listing() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = folder(&[("before.txt", b""), ("zzz.txt", b"")]);
    let name = OsStr::from_bytes(b"not-utf-8-\xff\xfe.txt");
    if fs::write(folder.path().join(name), "").is_err() {
        // This file system does not allow such names.
        return;
    }
    let server = serve(&folder, &["--list"]);
    let page = get(&server, "/");
    assert_eq!(page.status(), 200, "{page:?}");
    let text = page.text();
    assert!(
        text.contains("before.txt") && text.contains("zzz.txt") && !text.contains("not-utf"),
        "{text}"
    );
}

#[test]
fn a_folder_that_disappears_is_not_found_until_it_is_back() {
    let (folder, root) = site();
    let server = start(&root, &[]);
    let mut stream = server.connect();
    let (here, away) = (root.join("dir"), folder.path().join("elsewhere"));
    let mut soon_is = |status| {
        soon("another status", || {
            ask_on(&mut stream, "GET /dir/inner.txt").status() == status
        })
    };
    soon_is(200);
    fs::rename(&here, &away).unwrap();
    soon_is(404);
    fs::rename(&away, &here).unwrap();
    soon_is(200);
}

#[test]
fn a_file_that_becomes_a_link_out_of_the_root_is_refused() {
    let (_folder, root) = site();
    let server = start(&root, &[]);
    assert_eq!(get(&server, "/hello.txt").text(), "hello");
    fs::remove_file(root.join("hello.txt")).unwrap();
    symlink("../secret.txt", root.join("hello.txt")).unwrap();
    soon("it is refused", || {
        let response = get(&server, "/hello.txt");
        assert!(!response.text().contains(SECRET), "{response:?}");
        response.status() == 403
    });
}
