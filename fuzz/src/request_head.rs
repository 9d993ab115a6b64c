//! Reads the head of a request with the library and with `httparse`.

use aula::config;
use aula::http::Version;
use aula::http1::body_length::BodyLength;
use aula::http1::head::{Framing, HeadReader};
use aula::http1::{Rejection, Rules};
use httparse::Status;

/// More than the library's limit, so that httparse never runs out of room.
const ROOM: usize = 128;

/// httparse accepts every head that the library accepts, and reads the same method, target, fields and length from it.
/// If httparse sees a complete head, the library does not wait for more. How the bytes are split makes no difference.
///
/// The exceptions are versions that httparse does not know: HTTP/0.9 and 1.2 to 1.9.
pub fn request_head(data: &[u8]) {
    let rules = config::defaults().expect("the defaults are good").rules;
    let mut reader = HeadReader::default();
    let ours = reader.read(data, &rules);
    assert_eq!(ours, read_in_two(data, &rules), "whole and in two pieces");

    let mut room = [httparse::EMPTY_HEADER; ROOM];
    let mut theirs = httparse::Request::new(&mut room);
    let their_result = theirs.parse(data);
    let framing = match ours {
        Err(_) => return,
        Ok(None) => {
            assert!(
                !matches!(their_result, Ok(Status::Complete(_))),
                "complete only for httparse"
            );
            return;
        }
        Ok(Some(framing)) => framing,
    };
    let line = reader.request_line().expect("a complete head has a request line");
    if line.version == Version::Http09 || is_later_minor(&data[line.range()]) {
        return;
    }
    assert_eq!(their_result, Ok(Status::Complete(framing.head_length)));
    assert_eq!(theirs.method.map(str::as_bytes), Some(&data[line.method_at.clone()]));
    assert_eq!(theirs.path.map(str::as_bytes), Some(&data[line.target_at.clone()]));
    assert_eq!(theirs.version, Some(u8::from(line.version == Version::Http11)));
    let our_fields: Vec<_> = reader.fields(data).iter().collect();
    let their_fields: Vec<_> = theirs
        .headers
        .iter()
        .map(|field| (field.name.as_bytes(), field.value))
        .collect();
    assert_eq!(our_fields, their_fields);
    check_framing(framing, &their_fields);
}

/// The same bytes, arriving in two pieces.
fn read_in_two(data: &[u8], rules: &Rules) -> Result<Option<Framing>, Rejection> {
    let mut reader = HeadReader::default();
    let first = data.get(..data.len() / 2).unwrap_or_default();
    match reader.read(first, rules)? {
        Some(framing) => Ok(Some(framing)),
        None => reader.read(data, rules),
    }
}

fn is_later_minor(request_line: &[u8]) -> bool {
    !request_line.ends_with(b"HTTP/1.0") && !request_line.ends_with(b"HTTP/1.1")
}

/// Checks that no field that httparse sees contradicts the length of the content (RFC 9112 section 6.3).
fn check_framing(framing: Framing, fields: &[(&[u8], &[u8])]) {
    let values = |name: &[u8]| {
        let of_name = fields.iter().filter(|(given, _)| given.eq_ignore_ascii_case(name));
        of_name.map(|(_, value)| *value).collect::<Vec<_>>()
    };
    let codings = values(b"transfer-encoding");
    let lengths = values(b"content-length");
    match (codings.as_slice(), lengths.as_slice(), framing.body) {
        ([], [], BodyLength::Known(0)) => {}
        ([], [length], BodyLength::Known(known)) => assert_eq!(*length, known.to_string().as_bytes()),
        ([_, ..], [], BodyLength::Chunked) => {
            let last = codings.concat().to_ascii_lowercase();
            assert!(String::from_utf8_lossy(&last).contains("chunked"));
        }
        other => panic!("framing decided against the fields: {other:?}"),
    }
}
