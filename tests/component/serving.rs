//! The bytes of real files, whole and in part, and the fields around them (RFC 9110).

use crate::client::{ask, ask_on, get, response_to, send, soon};
use crate::folders::{folder, noise, serve, sparse, write};
use crate::support::response::Response;
use crate::support::{self, Server};
use std::fs;
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::net::Shutdown;
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
        let response = get(&server, &format!("/{path}"));
        assert_eq!(response.status(), 200, "{path}: {response:?}");
        assert!(
            response.content == www(path),
            "{path}: not the file's bytes: {response:?}"
        );
        assert_eq!(response.field("Content-Type"), Some(media_type), "{path}");
        // It prevents browsers from guessing another type.
        assert_eq!(response.field("X-Content-Type-Options"), Some("nosniff"), "{path}");
    }
}

#[test]
fn a_file_with_an_unknown_extension_is_an_octet_stream() {
    let folder = folder(&[("README", b"plain"), ("a.unheard-of", b"\x00\xff"), ("empty.txt", b"")]);
    let server = serve(&folder, &[]);
    for (path, media_type, content) in [
        ("/README", "application/octet-stream", &b"plain"[..]),
        ("/a.unheard-of", "application/octet-stream", b"\x00\xff"),
        // RFC 9110 section 8.6: no content is a length of 0, not a missing length.
        ("/empty.txt", "text/plain; charset=utf-8", b""),
    ] {
        let response = get(&server, path);
        let found = (
            response.status(),
            response.field("Content-Type"),
            response.content.as_slice(),
        );
        assert_eq!(found, (200, Some(media_type), content), "{path}: {response:?}");
    }
}

#[test]
fn a_large_file_arrives_complete_and_unchanged() {
    let content = noise(64 * MIB + 1);
    let folder = folder(&[("large.bin", &content)]);
    let server = serve(&folder, &[]);
    let response = get(&server, "/large.bin");
    assert!(response.content == content, "64 MiB differ: {response:?}");
}

#[test]
fn a_response_has_all_fields_that_a_client_and_a_cache_need() {
    let server = Server::start(&[]);
    let response = get(&server, "/hello.html");
    let mut names = response.field_names();
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
    assert_eq!(response.field("Server"), Some("aula"), "without a version");
    assert_eq!(response.field("Cache-Control"), Some("no-cache"));
    let modified = fs::metadata(xtask::root().join("www/hello.html")).unwrap().modified();
    let said = httpdate::parse_http_date(response.field("Last-Modified").unwrap()).unwrap();
    let rounding = modified.unwrap().duration_since(said).expect("rounded down");
    assert!(rounding < Duration::from_secs(1), "{response:?}");
    let date = httpdate::parse_http_date(response.field("Date").unwrap()).unwrap();
    assert!(SystemTime::now().duration_since(date).unwrap() < Duration::from_secs(10));
}

// Folders.

#[test]
fn a_folder_is_represented_by_its_index_html() {
    let server = Server::start(&[]);
    for (path, file) in [
        ("/", "index.html"),
        ("/text/", "text/index.html"),
        ("/text/.", "text/index.html"),
    ] {
        let response = get(&server, path);
        assert_eq!(response.status(), 200, "{path}: {response:?}");
        assert!(response.content == www(file), "{path}: {response:?}");
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
        let response = get(&server, path);
        let found = (response.status(), response.field("Location"));
        assert_eq!(found, (301, Some(location)), "{path}: {response:?}");
    }
}

#[test]
fn a_query_is_not_part_of_a_name() {
    let server = Server::start(&[]);
    for path in ["/hello.html?", "/hello.html?a=b", "/hello.html?/../..", "/?x"] {
        assert_eq!(get(&server, path).status(), 200, "{path}");
    }
}

// Files that do not exist.

#[test]
fn a_missing_file_gets_the_404_page_of_the_folder() {
    let server = Server::start(&[]);
    for path in ["/no", "/no/", "/hello.html/", "/img/", "/hello.html/x"] {
        let response = get(&server, path);
        assert_eq!(response.status(), 404, "{path}: {response:?}");
        assert_eq!(
            response.field("Content-Type"),
            Some("text/html; charset=utf-8"),
            "{path}"
        );
        assert!(response.content == www("404.html"), "{path}: {response:?}");
    }
    // Under its own name it is a file like any other.
    assert_eq!(get(&server, "/404.html").status(), 200);
}

#[test]
fn without_a_404_page_in_the_folder_the_server_sends_a_small_one() {
    let folder = folder(&[]);
    let server = serve(&folder, &[]);
    let response = get(&server, "/<script>".replace('<', "%3C").replace('>', "%3E").as_str());
    assert_eq!(response.status(), 404);
    let page = response.text();
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
        let response = ask(&server, &format!("OPTIONS {target}"), &[]);
        assert_eq!(response.status(), 204, "{target}");
        assert_eq!(response.field("Allow"), Some("GET, HEAD, OPTIONS"), "{target}");
        // RFC 9110 section 8.6: a 204 has no Content-Length.
        assert_eq!(response.field("Content-Length"), None, "{target}");
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
        let response = ask(&server, line, &[]);
        assert_eq!(response.status(), status, "{line}: {response:?}");
        let allow = (status == 405).then_some("GET, HEAD, OPTIONS");
        assert_eq!(response.field("Allow"), allow, "{line}");
    }
}

// Conditions (RFC 9110 section 13).

#[test]
fn a_client_that_has_the_current_file_gets_304() {
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
        // Section 13.2.2: the tag decides, and the date is ignored.
        (format!("If-None-Match: \"x\"\r\nIf-Modified-Since: {date}"), 200),
        // Sections 13.1.1 and 13.1.4
        (format!("If-Match: {tag}"), 200),
        (format!("If-Match: W/{tag}"), 412),
        ("If-Match: \"x\"".to_owned(), 412),
        (format!("If-Unmodified-Since: {date}"), 200),
        ("If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT".to_owned(), 412),
    ] {
        let response = ask(&server, "GET /hello.html", &[&field]);
        assert_eq!(response.status(), status, "{field}: {response:?}");
        if status == 304 {
            // Section 15.4.5
            assert_eq!(response.field("ETag"), Some(tag), "{field}");
            assert_eq!(response.field("Content-Type"), None, "{field}");
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
        let response = ask(&server, "GET /a.bin", &[&format!("Range: {range}")]);
        assert_eq!(response.status(), 206, "{range}: {response:?}");
        let content_range = format!("bytes {first}-{last}/1000");
        assert_eq!(response.field("Content-Range"), Some(content_range.as_str()), "{range}");
        assert_eq!(response.content, &content[first..=last], "{range}");
    }
    // Section 14.2: a malformed range, a range in another unit, and a range with another method are ignored.
    for range in ["bytes=9-0", "bytes=a-b", "bytes=", "lines=0-1", "0-1"] {
        let response = ask(&server, "GET /a.bin", &[&format!("Range: {range}")]);
        assert_eq!(
            (response.status(), response.content.len()),
            (200, 1000),
            "{range}: {response:?}"
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
        let response = ask(&server, &format!("GET {path}"), &[&format!("Range: {range}")]);
        let complete = format!("bytes */{length}");
        let found = (response.status(), response.field("Content-Range"));
        assert_eq!(found, (416, Some(complete.as_str())), "{path} {range}: {response:?}");
    }
}

#[test]
fn several_ranges_are_the_parts_of_one_response() {
    let content = noise(200_000);
    let folder = folder(&[("a.bin", &content)]);
    let server = serve(&folder, &[]);
    let response = ask(&server, "GET /a.bin", &["Range: bytes=0-9, 100000-165535, -1"]);
    assert_eq!(response.status(), 206, "{response:?}");
    let media_type = response.field("Content-Type").unwrap();
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
    // RFC 2046 section 5.1.1: the CRLF before the first boundary is optional.
    let found = [
        &b"\r\n"[..],
        response.content.strip_prefix(b"\r\n").unwrap_or(&response.content),
    ]
    .concat();
    assert!(found == expected, "{response:?}");
}

#[test]
fn a_file_over_4_gib_is_served_with_its_true_length() {
    const SIZE: u64 = (5 << 30) + 7;
    let folder = folder(&[]);
    let path = sparse(folder.path(), "huge.bin", SIZE);
    let mut file = fs::File::options().write(true).open(path).unwrap();
    // 4 GiB is where a 32-bit number overflows.
    for (position, bytes) in [(SIZE - 14, &b"the last bytes"[..]), (1 << 32, b"beyond 4 GiB")] {
        file.seek(SeekFrom::Start(position)).unwrap();
        file.write_all(bytes).unwrap();
    }
    let server = serve(&folder, &[]);
    assert_eq!(ask(&server, "HEAD /huge.bin", &[]).content_length(), SIZE);
    for (range, content) in [
        (format!("bytes={}-", SIZE - 14), "the last bytes"),
        ("bytes=-14".to_owned(), "the last bytes"),
        ("bytes=4294967296-4294967307".to_owned(), "beyond 4 GiB"),
    ] {
        let response = ask(&server, "GET /huge.bin", &[&format!("Range: {range}")]);
        assert_eq!(
            (response.status(), response.text().as_str()),
            (206, content),
            "{range}: {response:?}"
        );
        let range = response.field("Content-Range").unwrap();
        assert!(range.ends_with(&format!("/{SIZE}")), "{range}");
    }
    // The full response has the right length, and begins to arrive.
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
    // Section 13.1.5: the file was edited, so the old beginning must not be joined with the new end.
    write(folder.path(), "a.txt", b"abcdefghij");
    soon("the edit shows", || {
        let response = resume();
        let found = (response.status(), response.text());
        let expected = [(206, "56789".to_owned()), (200, "abcdefghij".to_owned())];
        assert!(expected.contains(&found), "never a mixture: {response:?}");
        found.0 == 200
    });
    // A weak tag does not guarantee equal bytes.
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
        let mut file = fs::File::options().write(true).open(path).unwrap();
        file.set_len(change).unwrap();
        file.write_all(b"new").unwrap();
        let mut content = Vec::new();
        // The connection ends or is reset: both mean that the content is incomplete (RFC 9112 section 8).
        let _ = stream.read_to_end(&mut content);
        assert!((content.len() as u64) < SIZE, "{rule}: the client did not notice");
        assert!(content.iter().all(|byte| *byte == 0), "{rule}");
        assert_eq!(
            ask(&server, "HEAD /a.bin", &[]).content_length(),
            change,
            "{rule}: the next response has the new length"
        );
    }
}

#[test]
fn a_file_that_only_grows_while_it_is_sent_is_sent_as_it_was() {
    let old = noise(64 << 20);
    for (is_appended, rule) in [(true, "appended to"), (false, "overwritten, and larger")] {
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
            let new: Vec<u8> = old.iter().map(|byte| !byte).chain([0]).collect();
            file.write_all(&new).unwrap();
        }
        file.flush().unwrap();
        let head = received.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
        // After a complete response the connection stays open.
        let rest = (old.len() + head - received.len()) as u64;
        let _ = stream.take(rest).read_to_end(&mut received);
        let content = &received[head..];
        assert_eq!(
            content.len() == old.len(),
            is_appended,
            "{rule}: {} bytes",
            content.len()
        );
        // What `splice` queues is the kernel's page of the file, not a copy, so the last bytes before the end may be
        // new ones. The same is true of every server that uses `sendfile`.
        if is_appended || !support::splices() {
            assert!(old.starts_with(content), "{rule}: it is mixed");
        }
    }
}

// How requests arrive (RFC 9112).

#[test]
fn a_request_may_arrive_one_byte_at_a_time() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    for byte in b"GET /hello.html HTTP/1.1\r\nHost: a\r\n\r\n" {
        stream.write_all(&[*byte]).unwrap();
    }
    let response = Response::read(&mut stream, "GET");
    assert!(response.content == www("hello.html"), "{response:?}");
}

#[test]
fn pipelined_requests_get_their_responses_in_order() {
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
    let mut responses = BufReader::new(&stream);
    for (position, file) in order.iter().enumerate() {
        let response = Response::read(&mut responses, "GET");
        assert!(response.content == www(file), "{position}: {file}: {response:?}");
    }
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(responses.read(&mut [0]).unwrap(), 0, "200 responses and no more");
}

#[test]
fn an_http_0_9_response_is_content_only() {
    // HTTP/0.9 (1991): the request is one line, the response is the file, and the server closes the connection to end
    // it.
    let server = Server::start(&[]);
    for request in ["GET /hello.html\r\n", "GET /hello.html\n"] {
        let mut stream = server.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).unwrap();
        assert!(
            response == www("hello.html"),
            "{request:?}: {:?}",
            String::from_utf8_lossy(&response)
        );
    }
}

#[test]
fn a_malformed_request_gets_400_with_the_rule_it_breaks() {
    let server = Server::start(&[]);
    for (request, rule) in [
        ("GET  /hello.html HTTP/1.1\r\nHost: a\r\n\r\n", "RFC 9112 section 3"),
        ("GET /hello.html HTTP/1.1\r\n\r\n", "RFC 9112 section 3.2"),
        ("GET /hello.html HTTP/1.1\r\nHost : a\r\n\r\n", "RFC 9112 section 5.1"),
        ("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "RFC 3986"),
    ] {
        let response = response_to(&server, request);
        assert_eq!(response.status(), 400, "{request:?}: {response:?}");
        assert_eq!(response.field("Connection"), Some("close"), "{request:?}");
        assert!(response.text().contains(rule), "{request:?}: {response:?}");
    }
}

// curl, which most classes have.

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
    // -I sends HEAD.
    let head = curl(&["-I", &url]).stdout;
    assert_eq!(Response::read_last(&mut head.as_slice(), "HEAD").status(), 200);
    // The last number says how many new connections a transfer needed.
    let write = "%{http_code} %{http_version} %{size_download} %{num_connects}\n";
    let two = curl(&["-o", "/dev/null", "-o", "/dev/null", "-w", write, &url, &url]).stdout;
    let size = www("hello.html").len();
    let expected = format!("200 1.1 {size} 1\n200 1.1 {size} 0\n");
    assert_eq!(
        String::from_utf8_lossy(&two),
        expected,
        "the second transfer uses the connection of the first"
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
    assert!(
        fs::read(part).unwrap() == content,
        "the parts do not add up to the file"
    );
    assert!(server.log_line().contains(" 206 2097152 "), "only the rest was sent");
}

#[test]
fn curl_speaks_http_0_9_with_its_option() {
    let server = Server::start(&["--http", "0.9"]);
    let url = format!("http://{}/hello.html", server.address);
    assert!(curl(&["--http0.9", &url]).stdout == www("hello.html"));
}

#[test]
fn curl_sends_a_body_with_expect_100_continue() {
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
    assert_eq!(Response::read_last(&mut stream, "GET").status(), 200);
}
