//! What is found in a response, whatever is wrong with it.

use super::*;

#[test]
fn the_parts_of_a_response_are_found_whatever_is_wrong_with_it() {
    // bytes, status, number of field lines, whether an empty line ends the head, content
    for (bytes, status, fields, has_blank, content) in [
        (
            &b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nhi"[..],
            Some(200),
            1,
            true,
            &b"hi"[..],
        ),
        // Lines that end with only LF.
        (b"HTTP/1.1 200 OK\nA: b\n\nhi", Some(200), 1, true, b"hi"),
        (b"HTTP/1.1 200 OK\r\nA: b\n\r\nhi", Some(200), 1, true, b"hi"),
        // A status line without its version, and with a broken one.
        (b"200 OK\r\nA: b\r\n\r\nhi", Some(200), 1, true, b"hi"),
        (b"HTTP 1.1/ 404 no\r\n\r\nhi", Some(404), 0, true, b"hi"),
        (b"HTTP/1.x 200 OK\r\n\r\nhi", Some(200), 0, true, b"hi"),
        (b"HTTP/1.1 OK\r\n\r\nhi", None, 0, true, b"hi"),
        // No empty line: the content runs into the head.
        (
            b"HTTP/1.1 200 OK\r\nA: b\r\n<p>\r\n\r\n</p>",
            Some(200),
            1,
            false,
            b"<p>\r\n\r\n</p>",
        ),
        (b"HTTP/1.1 200 OK\r\nA: b\r\nhola", Some(200), 1, false, b"hola"),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n\xff\xd8", Some(200), 1, false, b"\xff\xd8"),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n", Some(200), 1, false, b""),
        (b"HTTP/1.1 200 OK", Some(200), 0, false, b""),
        // A field line without its colon is still one if the head ends.
        (b"HTTP/1.1 200 OK\r\nA b\r\n\r\nhi", Some(200), 1, true, b"hi"),
        (b"HTTP/1.1 200 OK\r\nA b\r\n\r\n<p>", Some(200), 1, true, b"<p>"),
        // Field lines without a status line.
        (b"Server: b\r\n\r\nhi", None, 1, true, b"hi"),
        // Nothing but content.
        (b"<p>hi</p>\n", None, 0, false, b"<p>hi</p>\n"),
        (b"hola mundo", None, 0, false, b"hola mundo"),
        (b"root:x:0:0\n", None, 0, false, b"root:x:0:0\n"),
        (b"", None, 0, false, b""),
    ] {
        let response = read(bytes);
        let shown = bytes.escape_ascii();
        assert_eq!(response.status(), status, "{shown}");
        assert_eq!(response.fields.len(), fields, "{shown}");
        assert_eq!(response.blank.is_some(), has_blank, "{shown}");
        assert_eq!(response.body(), content, "{shown}");
    }
}

#[test]
fn what_a_head_should_not_have_is_named_and_read_past() {
    // bytes, what leads, whether content is glued to the head, letters for a line end, status, content
    for (bytes, leading, is_glued, letters, status, content) in [
        ("\nHTTP/1.1 200 OK\r\n\r\nhi", 1, false, "", Some(200), "hi"),
        ("b'HTTP/1.1 200 OK\r\n\r\nhi", 2, false, "", Some(200), "hi"),
        // A page that speaks of HTTP/1.1 is no status line.
        (
            "<p>This page is about HTTP/1.1 200 OK</p>",
            0,
            false,
            "",
            None,
            "<p>This page is about HTTP/1.1 200 OK</p>",
        ),
        (
            "HTTP/1.1 200 OK<!DOCTYPE html>\nhi",
            0,
            true,
            "",
            Some(200),
            "<!DOCTYPE html>\nhi",
        ),
        (
            "HTTP/1.1 200 OK\r\nA: b<html>\n\nhi",
            0,
            true,
            "",
            Some(200),
            "<html>\n\nhi",
        ),
        (r"HTTP/1.1 200 OK\r\nA: b\r\n\r\nhi", 0, false, r"\r\n", Some(200), "hi"),
        ("HTTP/1.1 200 OK/r/n<p>hi", 0, false, "/r/n", Some(200), "<p>hi"),
    ] {
        let response = read(bytes.as_bytes());
        let found = response
            .written_out
            .clone()
            .map_or(&b""[..], |place| response.part(&place));
        assert_eq!(response.leading.len(), leading, "{bytes:?}");
        assert_eq!(response.is_glued, is_glued, "{bytes:?}");
        assert_eq!(found, letters.as_bytes(), "{bytes:?}");
        assert_eq!(response.status(), status, "{bytes:?}");
        assert_eq!(response.body(), content.as_bytes(), "{bytes:?}");
    }
    let joined = read(b"HTTP/1.1 200 OK\r\nServer: xContent-Type: text/html\r\n\r\n");
    assert_eq!(joined.inside_another_line("Content-Type"), Some(26..39));
    assert_eq!(joined.inside_another_line("Date"), None);
}

#[test]
fn a_field_is_found_also_on_a_faulty_line() {
    for (line, is_well_formed) in [
        ("Content-Type: text/html", true),
        ("content-type:text/html ", true),
        ("Content-Type : text/html", false),
        ("Content-Type text/html", false),
        ("Content Type: text/html", false),
        ("Content-Type = text/html", false),
    ] {
        let bytes = format!("HTTP/1.1 200 OK\r\n{line}\r\n\r\n");
        let response = read(bytes.as_bytes());
        assert_eq!(response.value("Content-Type"), Some(&b"text/html"[..]), "{line}");
        assert_eq!(response.fields[0].is_well_formed, is_well_formed, "{line}");
    }
}

#[test]
fn chunks_are_put_together() {
    // RFC 9112 section 7.1
    for (body, content) in [
        ("2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n", "abc"),
        ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        ("5\r\nab", "ab"),
        ("x\r\nab", ""),
        ("", ""),
    ] {
        assert_eq!(unchunked(body.as_bytes()), content.as_bytes(), "{body:?}");
    }
}

#[test]
fn a_response_is_complete_as_it_says_itself() {
    // RFC 9112 section 6.3
    for (bytes, is_complete) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", false),
        ("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nab", false),
        ("HTTP/1.1 200 OK\r\n\r\nab", false),
        ("HTTP/1.1 204 No Content\r\n\r\n", true),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
            true,
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", false),
        ("ab", false),
    ] {
        assert_eq!(read(bytes.as_bytes()).is_complete(), is_complete, "{bytes:?}");
    }
}
