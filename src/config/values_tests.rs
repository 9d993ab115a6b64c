//! Tests of how values of options are read.

use super::super::tests::{field as expected_field, host as expected_host, line_of};
use super::*;

/// Command lines with one option and an invalid value, by the reason.
#[rustfmt::skip]
const MISTAKES: &[(&str, &[&str])] = &[
    ("not a port: give a number from 0 to 65535",
        &["--port 99999", "--port 65536", "--port -1", "--port +1", "--port http", "--port 8k"]),
    ("not a count: give a number from 1 to 65535",
        &["--backlog 0", "--backlog 65536", "--backlog 99999999999999999999"]),
    ("not a count: give a number from 1 to 4294967295", &["--requests 0", "--requests 4294967296"]),
    ("not a count: give a number from 1 to 10000", &["--max-fields x", "--max-fields 10001"]),
    ("not a count: give a number from 1 to 1024", &["--max-pipelined 0", "--max-pipelined 1025"]),
    ("not a count: give a number from 1 to 16000",
        &["--max-connections 0", "--max-connections 16001", "--max-per-address 0"]),
    ("not a size: give bytes from 1 to 65536, such as 8192 or 8k",
        &["--read-size 0", "--read-size 65537", "--read-size 65k", "--read-size -1"]),
    ("not a size: give bytes from 1 to 1048576, such as 8192 or 8k",
        &["--max-request-line k", "--max-request-line 0", "--max-fields-size 2m", "--max-fields-size 8kb"]),
    ("not a size: give bytes from 0 to 1073741824, such as 8192 or 8k",
        &["--max-body 1g", "--max-body 1025m", "--max-body 18446744073709551615m"]),
    ("not a time: give seconds from 0.001 to 86400, such as 0.5",
        &["--head-timeout 0", "--head-timeout -1", "--idle-timeout 1e3", "--body-timeout 86400.1",
          "--write-timeout inf", "--linger-timeout .", "--linger-timeout 1.2.3", "--idle-timeout 10s"]),
    ("not a time: give seconds from 0 to 86400, such as 0.5", &["--delay -1", "--delay 1e3", "--delay 2s"]),
    ("not a size: give bytes from 1 to 1073741824, such as 8192 or 8k", &["--rate 0", "--rate 1.5k", "--rate 2g"]),
    ("not an IP address: give one such as 127.0.0.1 or ::1, localhost or any",
        &["--host example.org", "--host 127.0.0.1:80", "--host [127.0.0.1]", "--host 10.0.0.256"]),
    ("not a preset: give one of mininet, kurose, lab01", &["--preset lab02", "--preset Kurose"]),
    ("not a version: give one of auto, 0.9, 1", &["--http 2", "--http 1.1"]),
    ("not an action: give one of wait, reject", &["--when-full no"]),
    ("not a log format: give one of combined, common, json, off", &["--log jsno"]),
    ("not a file's name: give one such as index.html",
        &["--index a/b.html", "--index a\\b.html", "--index ..", "--index ."]),
    ("not a file below the root: give a path such as app/index.html",
        &["--spa ../app.html", "--spa //app.html", "--spa a//b.html", "--spa a\\b.html", "--spa /"]),
    // A path with two forms would match only one of them.
    ("not a plain path: give / and letters, digits or -._~ such as /health",
        &["--health health", "--health /a?b", "--health /a#b", "--health /%61", "--health /salud\u{e9}"]),
    // The path of a folder, in the form in which it is compared.
    ("not a prefix: give / and a name of letters, digits or -._~ such as /site",
        &["--base site", "--base /", "--base //", "--base /a//b", "--base /a/../b", "--base /./a", "--base /.a",
          "--base /a?b", "--base /%61", "--base /a\\b", "--base /\u{e9}"]),
    // RFC 9110 section 8.3.1: two tokens, and parameters.
    ("not a media type for an extension: give one such as .x=text/plain",
        &["--type text/plain", "--type x=text/plain", "--type .x", "--type .=a/b", "--type .x=text", "--type .x=/b",
          "--type .x=a/", "--type .x=a/b/c", "--type .x=a/\u{f1}", "--type .tar.gz=a/b", "--type .a/b=a/b"]),
    ("no colon: give a name and a value, such as 'X-Course: networks'", &["--header X-Course"]),
    // RFC 9110 section 5.6.2: a token; RFC 9112 section 5.1: no space before the colon.
    ("not a field name: give letters, digits and hyphens, then the colon",
        &["--header :networks", "--header A/B:1", "--header (A):1", "--header A\u{f1}o:1"]),
    // RFC 9110 section 5.5, and no obs-text.
    ("not a field value: give visible ASCII characters, spaces and tabs",
        &["--header A:a\u{f1}o", "--cache-control a\u{f1}o"]),
    ("the server sets Date itself: leave it out", &["--header Date:x", "--header date:x"]),
    ("the server sets Transfer-Encoding itself: leave it out", &["--header transfer-encoding:chunked"]),
    ("the server sets Cache-Control itself: use --cache-control", &["--header Cache-Control:x"]),
];

#[test]
fn a_wrong_value_gets_a_message_with_what_would_be_right() {
    for (reason, options) in MISTAKES {
        for option in *options {
            let arguments: Vec<&str> = option.split(' ').collect();
            assert_eq!(line_of(&arguments, &[]), format!("{option}: {reason}"));
        }
    }
}

#[test]
fn a_wrong_value_is_quoted_if_its_end_would_not_be_visible() {
    let rows: &[(&[&str], &str)] = &[
        (&["--port="], "--port \"\": not a port: give a number from 0 to 65535"),
        (
            &["--log", "js on"],
            "--log \"js on\": not a log format: give one of combined, common, json, off",
        ),
        (
            &["--header", "A : 1"],
            "--header \"A : 1\": not a field name: give letters, digits and hyphens, then the colon",
        ),
        (
            &["--header", "A: 1\r\nB: 2"],
            "--header \"A: 1\\r\\nB: 2\": \
             not a field value: give visible ASCII characters, spaces and tabs",
        ),
        (
            &["--root", "a\u{7f}b"],
            "--root a\\u{7f}b: not a folder's path: give one without control characters",
        ),
    ];
    for (arguments, line) in rows {
        assert_eq!(line_of(arguments, &[]), *line);
    }
}

#[test]
fn numbers_and_sizes_are_read_to_their_bounds() {
    assert_eq!([port("0"), port("0080"), port("65535")], [Ok(0), Ok(80), Ok(65_535)]);
    assert_eq!([count("1", 9), count("9", 9)], [Ok(1_usize), Ok(9)]);
    let rows = [
        ("0", 0),
        ("8192", 8192),
        ("8k", 8192),
        ("8K", 8192),
        ("1m", 1 << 20),
        ("1M", 1 << 20),
    ];
    for (text, bytes) in rows {
        assert_eq!(size::<u64>(text, 0..=1 << 20), Ok(bytes), "{text}");
    }
    // A value that its type cannot hold is rejected, not truncated.
    assert!(size::<u8>("256", 0..=1 << 20).is_err());
}

#[test]
fn seconds_have_decimals() {
    let rows = [
        ("10", 10_000),
        ("0.5", 500),
        (".5", 500),
        ("1.25", 1250),
        ("0.001", 1),
        ("86400", 86_400_000),
    ];
    for (text, milliseconds) in rows {
        assert_eq!(seconds(text), Ok(Duration::from_millis(milliseconds)), "{text}");
    }
}

#[test]
fn a_switch_has_three_words_for_each_position() {
    for (on, off) in [("yes", "no"), ("true", "false"), ("1", "0")] {
        assert_eq!((switch(on), switch(off)), (Ok(true), Ok(false)));
    }
}

#[test]
fn a_host_is_an_address_or_a_name_for_two_and_ipv6_may_be_missing() {
    let rows: &[(&str, &[(&str, bool)])] = &[
        ("any", &[("0.0.0.0", true), ("::", false)]),
        ("localhost", &[("127.0.0.1", true), ("::1", false)]),
        ("10.0.0.2", &[("10.0.0.2", true)]),
        ("::", &[("::", true)]),
        ("[::1]", &[("::1", true)]),
        ("::ffff:10.0.0.2", &[("10.0.0.2", true)]),
    ];
    for (text, expected) in rows {
        let expected = expected
            .iter()
            .map(|(address, required)| expected_host(address, *required));
        assert_eq!(hosts(text), Ok(expected.collect()), "{text}");
    }
}

#[test]
fn whitespace_around_a_field_value_is_ignored() {
    // RFC 9110 section 5.5: leading and trailing whitespace is not part of the value, which may be empty.
    for (text, name, value) in [("A:1", "A", "1"), ("A: \t1 2\t ", "A", "1 2"), ("A-b!:", "A-b!", "")] {
        assert_eq!(field(text), Ok(expected_field(name, value)), "{text:?}");
    }
}

#[test]
fn a_wrong_name_and_password_are_not_printed() {
    const CREDENTIALS: &str =
        "not a name and a password: give both with a colon between, such as ana:secret, without control characters";
    const HASH: &str =
        "not a SHA-256: give 64 hexadecimal digits after sha256:, as printf %s PASSWORD | sha256sum prints them";
    let no_digit = format!("ana:sha256:{}g", "0".repeat(63));
    for (value, reason) in [
        ("secret", CREDENTIALS),
        (":secret", CREDENTIALS),
        ("ana:", CREDENTIALS),
        ("ana:sec\nret", CREDENTIALS),
        ("ana:sha256:", HASH),
        ("ana:sha256:2bb8", HASH),
        ("ana:sha256:\u{f1}", HASH),
        (&no_digit, HASH),
    ] {
        assert_eq!(line_of(&["--auth", value], &[]), format!("--auth ...: {reason}"));
        assert_eq!(
            line_of(&[], &[("AULA_AUTH", value)]),
            format!("AULA_AUTH=...: {reason}")
        );
    }
}

#[test]
fn a_hash_stands_for_its_password() {
    // The SHA-256 of "abc", by FIPS 180-4.
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let plain = credentials("ana:abc");
    assert!(plain.is_ok());
    for digits in [hash.to_owned(), hash.to_uppercase()] {
        assert_eq!(credentials(&format!("ana:sha256:{digits}")), plain);
    }
    assert_ne!(credentials("eva:abc"), plain);
}

#[test]
fn a_prefix_may_end_with_a_slash_and_have_several_segments() {
    for (text, path) in [
        ("/a", "/a"),
        ("/a/", "/a"),
        ("/~ana/b.c", "/~ana/b.c"),
        ("/.well-known", "/.well-known"),
    ] {
        assert_eq!(base(text).map(|base| base.to_string()), Ok(path.to_owned()), "{text}");
    }
}

#[test]
fn a_text_type_gets_its_charset_unless_it_has_parameters() {
    for (text, extension, value) in [
        (".x=text/plain", "x", "text/plain; charset=utf-8"),
        (".X=text/plain;charset=latin1", "X", "text/plain;charset=latin1"),
        (".wasm=application/wasm", "wasm", "application/wasm"),
        (
            ".j=application/ld+json; profile=\"a=b\"",
            "j",
            "application/ld+json; profile=\"a=b\"",
        ),
    ] {
        let (read, media_type) = media_type(text).unwrap();
        assert_eq!((read.as_str(), media_type.value()), (extension, value), "{text}");
    }
}

#[test]
fn a_slash_before_a_file_below_the_root_is_dropped() {
    for (text, name) in [
        ("/app/index.html", "app/index.html"),
        (".well-known/a", ".well-known/a"),
    ] {
        let path = file_path(text);
        assert_eq!(path.as_ref().map(ResourcePath::name), Ok(name), "{text}");
    }
}
