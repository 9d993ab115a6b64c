//! The parts of a representation as the content of a 206 (RFC 9110 sections 14.5, 14.6 and 15.3.7).

use crate::http::{ByteRange, Content, Piece};

/// Makes multipart content: a slice of the file for each range, each after its own small head.
///
/// The `boundary` must not occur in the file. This is not checked, so it must be improbable.
pub fn multipart<F: Clone>(file: &F, size: u64, ranges: &[ByteRange], media_type: &str, boundary: &str) -> Content<F> {
    let mut pieces = Vec::with_capacity(ranges.len() * 2 + 1);
    for (position, range) in ranges.iter().enumerate() {
        let line_end = if position == 0 { "" } else { "\r\n" };
        let content_range = range.content_range(size);
        let head =
            format!("{line_end}--{boundary}\r\nContent-Type: {media_type}\r\nContent-Range: {content_range}\r\n\r\n");
        pieces.push(Piece::Bytes(head.into_bytes().into()));
        pieces.push(slice(file, *range));
    }
    pieces.push(Piece::Bytes(format!("\r\n--{boundary}--\r\n").into_bytes().into()));
    Content(pieces)
}

/// The slice of a file that a range selects.
pub fn slice<F: Clone>(file: &F, range: ByteRange) -> Piece<F> {
    Piece::Slice {
        file: file.clone(),
        offset: range.first,
        length: range.length,
    }
}
