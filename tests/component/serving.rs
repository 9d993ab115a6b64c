//! The bytes of real files, whole and in part, and the fields around them (RFC 9110).

use crate::client::{Answer, answer_to, ask, ask_on, get, send, soon};
use crate::folders::{folder, noise, serve, sparse, write};
use crate::support::{self, Server, read_to_end};
use std::fs;
use std::io::{BufReader, Read, Write};
use std::net::Shutdown;
use std::os::unix::fs::FileExt;
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

const MIB: usize = 1024 * 1024;

/// A file of the demo site.
fn www(name: &str) -> Vec<u8> {
    fs::read(xtask::root().join("www").join(name)).unwrap()
}

// Whole files.

#[test]
fn a_file_arrives_with_its_bytes_and_its_media_type() {
    let server = Server::start(&[]);
    for (path, media_type) in [
        ("hello.html", "text/html; charset=utf-8"),
        ("text/text.htm", "text/html; charset=utf-8"),
        ("style.css", "text/css; charset=utf-8"),
        ("favicon.svg", "image/svg+xml"),
        ("favicon.ico", "image/x-icon"),
        ("img/car.jpeg", "image/jpeg"),
        ("video/Planeta.mp4", "video/mp4"),
        ("pdf/aula.pdf", "application/pdf"),
        ("Programa/hola.msi", "application/x-msi"),
    ] {
        let answer = get(&server, &format!("/{path}"));
        assert_eq!(answer.status(), 200, "{path}: {answer:?}");
        assert!(answer.content == www(path), "{path}: not the file's bytes: {answer:?}");
        assert_eq!(answer.field("Content-Type"), Some(media_type), "{path}");
        // So that no browser guesses otherwise.
        assert_eq!(answer.field("X-Content-Type-Options"), Some("nosniff"), "{path}");
    }
}

#[test]
fn a_file_of_an_unknown_kind_is_bytes() {
    let folder = folder(&[("README", b"plain"), ("a.unheard-of", b"\x00\xff"), ("empty.txt", b"")]);
    let server = serve(&folder, &[]);
    for (path, media_type, content) in [
        ("/README", "application/octet-stream", &b"plain"[..]),
        ("/a.unheard-of", "application/octet-stream", b"\x00\xff"),
        // RFC 9110 section 8.6: no content is a length of 0, not a missing length.
        ("/empty.txt", "text/plain; charset=utf-8", b""),
    ] {
        let answer = get(&server, path);
        let found = (answer.status(), answer.field("Content-Type"), answer.content.as_slice());
        assert_eq!(found, (200, Some(media_type), content), "{path}: {answer:?}");
    }
}

#[test]
fn a_large_file_arrives_whole_and_equal() {
    let content = noise(64 * MIB + 1);
    let folder = folder(&[("large.bin", &content)]);
    let server = serve(&folder, &[]);
    let answer = get(&server, "/large.bin");
    assert!(answer.content == content, "64 MiB differ: {answer:?}");
}

#[test]
fn a_response_has_all_fields_that_a_client_and_a_cache_need() {
    let server = Server::start(&[]);
    let answer = get(&server, "/hello.html");
    let mut names = answer.field_names();
    names.sort_unstable();
    // RFC 9110 sections 6.6.1, 8.3, 8.6, 8.8, 10.2.4, 14.3, RFC 9111 section 5.2, RFC 9112 section 9.6
    assert_eq!(
        names,
        [
            "Accept-Ranges",
            "Cache-Control",
            "Connection",
            "Content-Length",
            "Content-Type",
            "Date",
            "ETag",
            "Last-Modified",
            "Server",
            "X-Content-Type-Options",
        ]
    );
    assert_eq!(answer.field("Server"), Some("aula"), "without a version");
    assert_eq!(answer.field("Cache-Control"), Some("no-cache"));
    let modified = fs::metadata(xtask::root().join("www/hello.html")).unwrap().modified();
    let said = httpdate::parse_http_date(answer.field("Last-Modified").unwrap()).unwrap();
    let rounding = modified.unwrap().duration_since(said).expect("rounded down");
    assert!(rounding < Duration::from_secs(1), "{answer:?}");
    let date = httpdate::parse_http_date(answer.field("Date").unwrap()).unwrap();
    assert!(SystemTime::now().duration_since(date).unwrap() < Duration::from_secs(10));
}

// Folders.

#[test]
fn index_html_answers_for_its_folder() {
    let server = Server::start(&[]);
    for (path, file) in [
        ("/", "index.html"),
        ("/text/", "text/index.html"),
        ("/text/.", "text/index.html"),
    ] {
        let answer = get(&server, path);
        assert_eq!(answer.status(), 200, "{path}: {answer:?}");
        assert!(answer.content == www(file), "{path}: {answer:?}");
    }
}

#[test]
fn a_folder_without_its_slash_is_redirected_with_its_query() {
    let server = Server::start(&[]);
    for (path, location) in [
        ("/text", "/text/"),
        ("/text?a=b&c=%20", "/text/?a=b&c=%20"),
        ("/text?", "/text/?"),
        ("/img/../text", "/text/"),
        ("http://a/text?x", "/text/?x"),
    ] {
        let answer = get(&server, path);
        let found = (answer.status(), answer.field("Location"));
        assert_eq!(found, (301, Some(location)), "{path}: {answer:?}");
    }
}

#[test]
fn a_query_is_no_part_of_a_name() {
    let server = Server::start(&[]);
    for path in ["/hello.html?", "/hello.html?a=b", "/hello.html?/../..", "/?x"] {
        assert_eq!(get(&server, path).status(), 200, "{path}");
    }
}

// What is not there.

#[test]
fn the_404_is_the_sites_own_page_with_status_404() {
    let server = Server::start(&[]);
    for path in ["/no", "/no/", "/hello.html/", "/img/", "/hello.html/x"] {
        let answer = get(&server, path);
        assert_eq!(answer.status(), 404, "{path}: {answer:?}");
        assert_eq!(answer.field("Content-Type"), Some("text/html; charset=utf-8"), "{path}");
        assert!(answer.content == www("404.html"), "{path}: {answer:?}");
    }
    // Asked for by its name, it is a file like any other.
    assert_eq!(get(&server, "/404.html").status(), 200);
}

#[test]
fn without_a_page_of_the_sites_own_the_404_is_a_small_one() {
    let folder = folder(&[]);
    let server = serve(&folder, &[]);
    let answer = get(&server, "/<script>".replace('<', "%3C").replace('>', "%3E").as_str());
    assert_eq!(answer.status(), 404);
    let page = answer.text();
    assert!(
        page.starts_with("<!DOCTYPE html>") && page.contains("<title>404 Not Found</title>"),
        "{page}"
    );
    assert!(!page.contains("script"), "nothing of the request comes back: {page}");
}

// Methods (RFC 9110 section 9).

#[test]
fn head_has_the_fields_of_get_and_no_content() {
    let server = Server::start(&[]);
    for path in ["/hello.html", "/video/Planeta.mp4", "/", "/text", "/no"] {
        let get = get(&server, path);
        let head = ask(&server, &format!("HEAD {path}"), &[]);
        assert_eq!(head.status(), get.status(), "{path}");
        assert_eq!(head.field_names(), get.field_names(), "{path}");
        for name in head.field_names().into_iter().filter(|name| *name != "Date") {
            assert_eq!(head.field(name), get.field(name), "{path}: {name}");
        }
        assert_eq!(head.content_length(), get.content.len() as u64, "{path}");
    }
}

#[test]
fn options_names_the_methods() {
    let server = Server::start(&[]);
    for target in ["*", "/", "/hello.html", "/no"] {
        let answer = ask(&server, &format!("OPTIONS {target}"), &[]);
        assert_eq!(answer.status(), 204, "{target}");
        assert_eq!(answer.field("Allow"), Some("GET, HEAD, OPTIONS"), "{target}");
        // RFC 9110 section 8.6: a 204 has no Content-Length.
        assert_eq!(answer.field("Content-Length"), None, "{target}");
    }
}

#[test]
fn a_method_is_not_allowed_or_not_implemented() {
    let server = Server::start(&[]);
    for (line, status) in [
        // RFC 9110 section 15.5.6: known, but not offered here.
        ("POST /hello.html", 405),
        ("PUT /hello.html", 405),
        ("DELETE /hello.html", 405),
        ("PATCH /hello.html", 405),
        ("TRACE /hello.html", 405),
        ("CONNECT a:80", 405),
        // RFC 9110 section 15.6.2: not known; methods are case-sensitive (section 9.1).
        ("BREW /hello.html", 501),
        ("get /hello.html", 501),
    ] {
        let answer = ask(&server, line, &[]);
        assert_eq!(answer.status(), status, "{line}: {answer:?}");
        let allow = (status == 405).then_some("GET, HEAD, OPTIONS");
        assert_eq!(answer.field("Allow"), allow, "{line}");
    }
}

// Conditions (RFC 9110 section 13).

#[test]
fn a_client_that_has_the_file_is_told_so() {
    let server = Server::start(&[]);
    let first = get(&server, "/hello.html");
    let tag = first.field("ETag").unwrap();
    let date = first.field("Last-Modified").unwrap();
    for (field, status) in [
        // Section 13.1.2, with the weak comparison.
        (format!("If-None-Match: {tag}"), 304),
        (format!("If-None-Match: W/{tag}"), 304),
        (format!("If-None-Match: \"x\", {tag}"), 304),
        ("If-None-Match: *".to_owned(), 304),
        ("If-None-Match: \"x\"".to_owned(), 200),
        // Section 13.1.3
        (format!("If-Modified-Since: {date}"), 304),
        ("If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT".to_owned(), 200),
        ("If-Modified-Since: yesterday".to_owned(), 200),
        // Section 13.2.2: the tag decides, the date is not looked at.
        (format!("If-None-Match: \"x\"\r\nIf-Modified-Since: {date}"), 200),
        // Sections 13.1.1 and 13.1.4
        (format!("If-Match: {tag}"), 200),
        (format!("If-Match: W/{tag}"), 412),
        ("If-Match: \"x\"".to_owned(), 412),
        (format!("If-Unmodified-Since: {date}"), 200),
        ("If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT".to_owned(), 412),
    ] {
        let answer = ask(&server, "GET /hello.html", &[&field]);
        assert_eq!(answer.status(), status, "{field}: {answer:?}");
        if status == 304 {
            // Section 15.4.5
            assert_eq!(answer.field("ETag"), Some(tag), "{field}");
            assert_eq!(answer.field("Content-Type"), None, "{field}");
        }
    }
}

#[test]
fn an_edited_file_has_another_entity_tag() {
    let folder = folder(&[("a.txt", b"first")]);
    let server = serve(&folder, &[]);
    let first = get(&server, "/a.txt");
    let condition = format!("If-None-Match: {}", first.field("ETag").unwrap());
    // Of the same length, and within the same second.
    write(folder.path(), "a.txt", b"other");
    soon("the edit shows", || {
        let second = ask(&server, "GET /a.txt", &[&condition]);
        second.status() == 200 && second.text() == "other"
    });
}

// Parts (RFC 9110 section 14).

#[test]
fn a_range_is_cut_out_of_the_file() {
    let content = noise(1000);
    let folder = folder(&[("a.bin", &content), ("empty", b"")]);
    let server = serve(&folder, &[]);
    for (range, first, last) in [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=990-", 990, 999),
        ("bytes=990-5000", 990, 999),
        ("bytes=-1", 999, 999),
        ("bytes=-100", 900, 999),
        ("bytes=-5000", 0, 999),
        ("bytes=0-9,10-19", 0, 19),
    ] {
        let answer = ask(&server, "GET /a.bin", &[&format!("Range: {range}")]);
        assert_eq!(answer.status(), 206, "{range}: {answer:?}");
        let content_range = format!("bytes {first}-{last}/1000");
        assert_eq!(answer.field("Content-Range"), Some(content_range.as_str()), "{range}");
        assert_eq!(answer.content, &content[first..=last], "{range}");
    }
    // Section 14.2: what is malformed, or no byte range, is ignored; so is a range with another method.
    for range in ["bytes=9-0", "bytes=a-b", "bytes=", "lines=0-1", "0-1"] {
        let answer = ask(&server, "GET /a.bin", &[&format!("Range: {range}")]);
        assert_eq!(
            (answer.status(), answer.content.len()),
            (200, 1000),
            "{range}: {answer:?}"
        );
    }
    let head = ask(&server, "HEAD /a.bin", &["Range: bytes=0-0"]);
    assert_eq!((head.status(), head.content_length()), (200, 1000));
    // Section 15.5.17
    for (path, range, length) in [
        ("/a.bin", "bytes=1000-", 1000),
        ("/empty", "bytes=0-", 0),
        ("/a.bin", "bytes=-0", 1000),
    ] {
        let answer = ask(&server, &format!("GET {path}"), &[&format!("Range: {range}")]);
        let complete = format!("bytes */{length}");
        let found = (answer.status(), answer.field("Content-Range"));
        assert_eq!(found, (416, Some(complete.as_str())), "{path} {range}: {answer:?}");
    }
}

#[test]
fn several_ranges_are_the_parts_of_one_response() {
    let content = noise(200_000);
    let folder = folder(&[("a.bin", &content)]);
    let server = serve(&folder, &[]);
    let answer = ask(&server, "GET /a.bin", &["Range: bytes=0-9, 100000-165535, -1"]);
    assert_eq!(answer.status(), 206, "{answer:?}");
    let media_type = answer.field("Content-Type").unwrap();
    let boundary = media_type
        .strip_prefix("multipart/byteranges; boundary=")
        .expect(media_type);
    let mut expected = Vec::new();
    for (first, last) in [(0, 9), (100_000, 165_535), (199_999, 199_999)] {
        let head = format!(
            "\r\n--{boundary}\r\nContent-Type: application/octet-stream\r\n\
             Content-Range: bytes {first}-{last}/200000\r\n\r\n"
        );
        expected.extend_from_slice(head.as_bytes());
        expected.extend_from_slice(&content[first..=last]);
    }
    expected.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    // RFC 2046 section 5.1.1: the line end before the first boundary is optional.
    let found = [
        &b"\r\n"[..],
        answer.content.strip_prefix(b"\r\n").unwrap_or(&answer.content),
    ]
    .concat();
    assert!(found == expected, "{answer:?}");
}

#[test]
fn a_file_over_4_gib_is_served_by_its_true_length() {
    const SIZE: u64 = (5 << 30) + 7;
    let folder = folder(&[]);
    let path = sparse(folder.path(), "huge.bin", SIZE);
    let file = fs::File::options().write(true).open(path).unwrap();
    file.write_all_at(b"the last bytes", SIZE - 14).unwrap();
    // 4 GiB: where 32 bits begin again.
    file.write_all_at(b"beyond 4 GiB", 1 << 32).unwrap();
    let server = serve(&folder, &[]);
    assert_eq!(ask(&server, "HEAD /huge.bin", &[]).content_length(), SIZE);
    for (range, content) in [
        (format!("bytes={}-", SIZE - 14), "the last bytes"),
        ("bytes=-14".to_owned(), "the last bytes"),
        ("bytes=4294967296-4294967307".to_owned(), "beyond 4 GiB"),
    ] {
        let answer = ask(&server, "GET /huge.bin", &[&format!("Range: {range}")]);
        assert_eq!(
            (answer.status(), answer.text().as_str()),
            (206, content),
            "{range}: {answer:?}"
        );
        let range = answer.field("Content-Range").unwrap();
        assert!(range.ends_with(&format!("/{SIZE}")), "{range}");
    }
    // The answer as a whole announces its length, and begins.
    let mut stream = server.connect();
    send(&mut stream, "GET /huge.bin", &[]);
    let mut beginning = [0; 2000];
    stream.read_exact(&mut beginning).unwrap();
    let beginning = String::from_utf8_lossy(&beginning);
    assert!(
        beginning.contains(&format!("\r\nContent-Length: {SIZE}\r\n")),
        "{beginning}"
    );
}

#[test]
fn if_range_gives_the_rest_of_the_same_file_or_all_of_another() {
    let folder = folder(&[("a.txt", b"0123456789")]);
    let server = serve(&folder, &[]);
    let first = get(&server, "/a.txt");
    let condition = format!("If-Range: {}", first.field("ETag").unwrap());
    let resume = || ask(&server, "GET /a.txt", &["Range: bytes=5-", &condition]);
    let same = resume();
    assert_eq!((same.status(), same.text().as_str()), (206, "56789"), "{same:?}");
    // Section 13.1.5: the file was edited, so its old beginning and its new end do not belong together.
    write(folder.path(), "a.txt", b"abcdefghij");
    soon("the edit shows", || {
        let answer = resume();
        let found = (answer.status(), answer.text());
        let expected = [(206, "56789".to_owned()), (200, "abcdefghij".to_owned())];
        assert!(expected.contains(&found), "never a mixture: {answer:?}");
        found.0 == 200
    });
    // A weak tag is no basis for joining bytes.
    let weak = format!("If-Range: W/{}", get(&server, "/a.txt").field("ETag").unwrap());
    assert_eq!(ask(&server, "GET /a.txt", &["Range: bytes=5-", &weak]).status(), 200);
}

#[test]
fn a_file_that_changes_while_it_is_sent_is_cut_off_and_never_mixed() {
    // Too large for all the buffers on the way.
    const SIZE: u64 = 256 << 20;
    for (change, rule) in [(SIZE / 2, "cut short"), (SIZE, "written to")] {
        let folder = folder(&[]);
        let path = sparse(folder.path(), "a.bin", SIZE);
        let server = serve(&folder, &[]);
        let mut stream = server.connect();
        send(&mut stream, "GET /a.bin", &[]);
        stream.read_exact(&mut [0; 2000]).unwrap();
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_len(change).unwrap();
        file.write_all_at(b"new", 0).unwrap();
        let mut content = Vec::new();
        // An end or a reset: both say that the content is not complete (RFC 9112 section 8).
        let _ = stream.read_to_end(&mut content);
        assert!(
            (content.len() as u64) < SIZE,
            "{rule}: it arrived as if nothing had happened"
        );
        assert!(content.iter().all(|byte| *byte == 0), "{rule}");
        assert_eq!(
            ask(&server, "HEAD /a.bin", &[]).content_length(),
            change,
            "{rule}: served anew"
        );
    }
}

#[test]
fn a_file_that_only_grows_while_it_is_sent_is_sent_as_it_was() {
    let old = noise(64 << 20);
    for (is_appended, rule) in [(true, "appended to"), (false, "written anew, and larger")] {
        let folder = folder(&[("a.log", &old)]);
        let server = serve(&folder, &[]);
        let mut stream = server.connect();
        send(&mut stream, "GET /a.log", &[]);
        let mut received = vec![0; 2000];
        stream.read_exact(&mut received).unwrap();
        let path = folder.path().join("a.log");
        let mut file = fs::File::options().append(is_appended).write(true).open(path).unwrap();
        if is_appended {
            file.write_all(b"one more line\n").unwrap();
        } else {
            let anew: Vec<u8> = old.iter().map(|byte| !byte).chain([0]).collect();
            file.write_all(&anew).unwrap();
        }
        file.flush().unwrap();
        let head = received.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
        // The connection stays open behind a whole file.
        let rest = (old.len() + head - received.len()) as u64;
        let _ = stream.take(rest).read_to_end(&mut received);
        let content = &received[head..];
        assert_eq!(
            content.len() == old.len(),
            is_appended,
            "{rule}: {} bytes",
            content.len()
        );
        // What `splice` has handed over is the kernel's page of the file until the client has it: the last bytes before
        // the cut may then be new ones. So it is with every server that uses `sendfile`.
        if is_appended || !support::splices() {
            assert!(old.starts_with(content), "{rule}: it is mixed");
        }
    }
}

// How requests arrive (RFC 9112).

#[test]
fn a_request_may_arrive_byte_by_byte() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    for byte in b"GET /hello.html HTTP/1.1\r\nHost: a\r\n\r\n" {
        stream.write_all(&[*byte]).unwrap();
    }
    let answer = Answer::read(&mut stream, "GET");
    assert!(answer.content == www("hello.html"), "{answer:?}");
}

#[test]
fn requests_in_one_write_are_answered_in_order() {
    // RFC 9112 section 9.3.2
    let server = Server::start(&[]);
    let files = ["hello.html", "img/car.jpeg", "style.css", "HelloWorld.html"];
    let order: Vec<_> = (0..200).map(|number| files[number % files.len()]).collect();
    let requests: String = order
        .iter()
        .map(|file| format!("GET /{file} HTTP/1.1\r\nHost: a\r\n\r\n"))
        .collect();
    let stream = server.connect();
    (&stream).write_all(requests.as_bytes()).unwrap();
    let mut answers = BufReader::new(&stream);
    for (position, file) in order.iter().enumerate() {
        let answer = Answer::read(&mut answers, "GET");
        assert!(answer.content == www(file), "{position}: {file}: {answer:?}");
    }
    stream.shutdown(Shutdown::Write).unwrap();
    let mut rest = Vec::new();
    answers.read_to_end(&mut rest).unwrap();
    assert!(
        rest.is_empty(),
        "200 answers and no more: {:?}",
        String::from_utf8_lossy(&rest)
    );
}

#[test]
fn http_0_9_is_answered_at_once_and_bare() {
    // HTTP/0.9 (1991): the line is the request, the file is the answer, the end of the connection is its end.
    let server = Server::start(&[]);
    for request in ["GET /hello.html\r\n", "GET /hello.html\n"] {
        let mut stream = server.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert!(
            answer == www("hello.html"),
            "{request:?}: {:?}",
            String::from_utf8_lossy(&answer)
        );
    }
}

#[test]
fn a_fault_is_answered_400_with_its_rule() {
    let server = Server::start(&[]);
    for (request, rule) in [
        ("GET  /hello.html HTTP/1.1\r\nHost: a\r\n\r\n", "RFC 9112 section 3"),
        ("GET /hello.html HTTP/1.1\r\n\r\n", "RFC 9112 section 3.2"),
        ("GET /hello.html HTTP/1.1\r\nHost : a\r\n\r\n", "RFC 9112 section 5.1"),
        ("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "RFC 3986"),
    ] {
        let answer = answer_to(&server, request);
        assert_eq!(answer.status(), 400, "{request:?}: {answer:?}");
        assert_eq!(answer.field("Connection"), Some("close"), "{request:?}");
        assert!(answer.text().contains(rule), "{request:?}: {answer:?}");
    }
}

// curl, which is what a class has at hand.

fn curl(arguments: &[&str]) -> Output {
    let mut command = Command::new("curl");
    command
        .args(["--silent", "--show-error", "--max-time", "20"])
        .args(arguments);
    let output = command.output().expect("these tests need curl");
    assert!(output.status.success(), "{command:?}: {output:?}");
    output
}

#[test]
fn curl_gets_a_page() {
    let server = Server::start(&[]);
    let url = format!("http://{}/hello.html", server.address);
    assert!(curl(&[&url]).stdout == www("hello.html"));
    // -I is HEAD; %{http_code} and the number of connections that two transfers need.
    let head = String::from_utf8(curl(&["-I", &url]).stdout).unwrap();
    assert_eq!(support::status(&head), 200, "{head}");
    let write = "%{http_code} %{http_version} %{size_download} %{num_connects}\n";
    let two = curl(&["-o", "/dev/null", "-o", "/dev/null", "-w", write, &url, &url]).stdout;
    let size = www("hello.html").len();
    let expected = format!("200 1.1 {size} 1\n200 1.1 {size} 0\n");
    assert_eq!(
        String::from_utf8_lossy(&two),
        expected,
        "the second on the first one's connection"
    );
}

#[test]
fn curl_resumes_a_download() {
    let content = noise(3 * MIB);
    let site = folder(&[("a.bin", &content)]);
    let server = serve(&site, &[]);
    let there = folder(&[("part.bin", &content[..MIB])]);
    let part = there.path().join("part.bin");
    let url = format!("http://{}/a.bin", server.address);
    curl(&["-C", "-", "-o", part.to_str().unwrap(), &url]);
    assert!(fs::read(part).unwrap() == content, "the parts do not make the whole");
    assert!(server.log_line().contains(" 206 2097152 "), "only the rest was sent");
}

#[test]
fn curl_speaks_http_0_9_when_it_is_told_to() {
    let server = Server::start(&["--http", "0.9"]);
    let url = format!("http://{}/hello.html", server.address);
    assert!(curl(&["--http0.9", &url]).stdout == www("hello.html"));
}

#[test]
fn curl_sends_a_body_with_an_expectation() {
    let server = Server::start(&[]);
    let body = folder(&[("body", &noise(900_000))]);
    let data = format!("@{}", body.path().join("body").display());
    let url = format!("http://{}/hello.html", server.address);
    let sent = curl(&[
        "-H",
        "Expect: 100-continue",
        "--data-binary",
        &data,
        "-w",
        "%{http_code} %{size_upload}",
        "-o",
        "/dev/null",
        &url,
    ]);
    assert_eq!(String::from_utf8_lossy(&sent.stdout), "405 900000");
}

#[test]
fn a_connection_serves_many_requests() {
    // RFC 9112 section 9.3
    let server = Server::start(&[]);
    let mut stream = server.connect();
    for _ in 0..50 {
        assert_eq!(ask_on(&mut stream, "GET /hello.html").status(), 200);
        assert_eq!(ask_on(&mut stream, "HEAD /img/car.jpeg").status(), 200);
        assert_eq!(ask_on(&mut stream, "GET /no").status(), 404);
    }
    send(&mut stream, "GET /hello.html", &["Connection: close"]);
    assert!(read_to_end(&mut stream).starts_with("HTTP/1.1 200 OK\r\n"));
}
