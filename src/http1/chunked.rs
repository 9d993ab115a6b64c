//! The chunked transfer coding (RFC 9112 section 7.1), checked strictly and then discarded.
//!
//! ```text
//! chunked-body   = *chunk last-chunk trailer-section CRLF
//! chunk          = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
//! last-chunk     = 1*"0" [ chunk-ext ] CRLF
//! chunk-size     = 1*HEXDIG
//! chunk-ext      = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
//! chunk-ext-name = token
//! chunk-ext-val  = token / quoted-string
//! trailer-section = *( field-line CRLF )
//! ```
//!
//! The decoder sees the bytes of the body once, in pieces of any size, and keeps only the line that is not complete
//! yet. It only finds out where the body ends.

use super::rules::Limits;
use super::{Rejection, field_line};
use crate::http::grammar::{skip_ows, skip_quoted_string, skip_token};

/// The maximum size of all extensions of one body, in bytes. Extensions are ignored but cost CPU time, so their total
/// size is limited.
pub const MAX_EXTENSIONS: usize = 16 * 1024;

/// The maximum number of digits in a chunk size, leading zeros included: what fits 64 bits.
const MAX_SIZE_DIGITS: usize = 16;

/// A decoder, which remembers its position in a body.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    part: Part,
    /// The part of the current line that has arrived.
    line: Vec<u8>,
    /// Bytes of chunk data so far.
    content: u64,
    extensions: usize,
    trailers: usize,
    trailer_bytes: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Part {
    /// In the line with a chunk's size.
    #[default]
    Size,
    /// In chunk data, of which this number of bytes is still to come.
    Data(u64),
    /// At the CR LF after chunk data.
    DataEnd,
    /// In a line of the trailer section.
    Trailer,
    /// After the empty line that ends the body.
    End,
}

impl Decoder {
    /// Reads `bytes`, the next bytes of the body, and returns how many of them belong to it. If
    /// [`Decoder::is_complete`] is false afterwards, all of them did.
    ///
    /// # Errors
    /// A [`Rejection`] at the first byte, or the first line, that breaks the grammar or a limit.
    pub fn receive(&mut self, bytes: &[u8], limits: &Limits) -> Result<usize, Rejection> {
        let mut rest = bytes;
        while !rest.is_empty() && self.part != Part::End {
            if let Part::Data(left) = self.part {
                let step = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
                rest = rest.get(step..).unwrap_or_default();
                self.part = match left.saturating_sub(step as u64) {
                    0 => Part::DataEnd,
                    left => Part::Data(left),
                };
            } else {
                rest = self.receive_line(rest, limits)?;
            }
        }
        Ok(bytes.len() - rest.len())
    }

    /// Whether the whole body has been seen.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.part == Part::End
    }

    /// Takes bytes up to the end of the current line, processes the line when it is complete, and returns the rest of
    /// the bytes.
    fn receive_line<'a>(&mut self, bytes: &'a [u8], limits: &Limits) -> Result<&'a [u8], Rejection> {
        let end = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |feed| feed + 1);
        let (taken, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
        self.line.extend_from_slice(taken);
        self.check_line_length(limits)?;
        if self.line.ends_with(b"\n") {
            let line = std::mem::take(&mut self.line);
            let Some(content) = line.strip_suffix(b"\r\n") else {
                return Err(match self.part {
                    Part::Trailer => Rejection::BareLineFeed,
                    _ => Rejection::ChunkEnd,
                });
            };
            self.part = self.next_part(content, limits)?;
            self.line = line;
            self.line.clear();
        }
        Ok(rest)
    }

    /// A line without an end must not fill the memory.
    fn check_line_length(&self, limits: &Limits) -> Result<(), Rejection> {
        match self.part {
            Part::DataEnd if self.line.len() > 2 => Err(Rejection::ChunkEnd),
            Part::Size if self.line.len() > MAX_SIZE_DIGITS + MAX_EXTENSIONS => Err(Rejection::ChunkExtension),
            Part::Trailer if self.trailer_bytes + self.line.len() > limits.fields_size => {
                Err(Rejection::FieldsTooLarge)
            }
            _ => Ok(()),
        }
    }

    /// Processes a complete line without its CR LF.
    fn next_part(&mut self, line: &[u8], limits: &Limits) -> Result<Part, Rejection> {
        match self.part {
            Part::Size => self.start_chunk(line, limits),
            // The line is empty, because a longer one has been rejected.
            Part::DataEnd => Ok(Part::Size),
            Part::Trailer if line.is_empty() => Ok(Part::End),
            Part::Trailer => {
                field_line::parse(line, 0)?;
                self.trailers += 1;
                self.trailer_bytes += line.len() + 2;
                if self.trailers > limits.fields {
                    return Err(Rejection::TooManyFields);
                }
                Ok(Part::Trailer)
            }
            part @ (Part::Data(_) | Part::End) => Ok(part),
        }
    }

    fn start_chunk(&mut self, line: &[u8], limits: &Limits) -> Result<Part, Rejection> {
        let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let (size, extensions) = line.split_at_checked(digits).unwrap_or_default();
        let only_extensions_follow = matches!(extensions, [] | [b';' | b' ' | b'\t', ..]);
        if digits > MAX_SIZE_DIGITS || !only_extensions_follow {
            return Err(Rejection::ChunkSize);
        }
        let size = str::from_utf8(size)
            .ok()
            .and_then(|size| u64::from_str_radix(size, 16).ok())
            .ok_or(Rejection::ChunkSize)?;
        self.extensions += extensions.len();
        if self.extensions > MAX_EXTENSIONS {
            return Err(Rejection::ChunkExtension);
        }
        check_extensions(extensions)?;
        self.content = self.content.saturating_add(size);
        if self.content > limits.body {
            return Err(Rejection::BodyTooLarge);
        }
        Ok(if size == 0 { Part::Trailer } else { Part::Data(size) })
    }
}

/// Checks what follows a chunk size: either nothing or extensions (section 7.1.1).
fn check_extensions(mut rest: &[u8]) -> Result<(), Rejection> {
    while !rest.is_empty() {
        rest = skip_ows(rest)
            .strip_prefix(b";")
            .map(skip_ows)
            .and_then(skip_token)
            .ok_or(Rejection::ChunkExtension)?;
        if let Some(value) = skip_ows(rest).strip_prefix(b"=") {
            let value = skip_ows(value);
            rest = skip_token(value)
                .or_else(|| skip_quoted_string(value))
                .ok_or(Rejection::ChunkExtension)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::rules::default_rules;
    use super::*;

    /// Feeds a body in pieces of `size` bytes and returns how many bytes belonged to it once it is complete.
    fn decode(body: &[u8], size: usize) -> Result<Option<usize>, Rejection> {
        let mut limits = default_rules().limits;
        (limits.body, limits.fields, limits.fields_size) = (1000, 3, 100);
        let mut decoder = Decoder::default();
        let mut taken = 0;
        for piece in body.chunks(size) {
            taken += decoder.receive(piece, &limits)?;
            if decoder.is_complete() {
                return Ok(Some(taken));
            }
        }
        Ok(None)
    }

    #[test]
    fn a_chunked_body_ends_with_its_trailer_section() {
        use Rejection::*;
        let long_extension = format!("1;{}\r\n", "a".repeat(MAX_EXTENSIONS));
        let longest_extension = format!("1;{}\r\n", "a".repeat(16_383));
        let endless = |length: usize| format!("1;{}", "a".repeat(length - 2));
        let (longest, too_long) = (MAX_SIZE_DIGITS + MAX_EXTENSIONS, MAX_SIZE_DIGITS + MAX_EXTENSIONS + 1);
        let trailers = |last: usize| format!("0\r\nA: {}\r\nC: {}\r\n\r\n", "b".repeat(44), "d".repeat(last));
        let many_extensions = format!("1;{}\r\nx\r\n", "a".repeat(1000)).repeat(17);
        for (body, expected) in [
            // RFC 9112 section 7.1
            ("0\r\n\r\n", Ok(Some(5))),
            ("5\r\nhello\r\n0\r\n\r\n", Ok(Some(15))),
            ("5\r\nhello\r\n0\r\n\r\nGET /", Ok(Some(15))),
            ("a\r\n0123456789\r\n0\r\n\r\n", Ok(Some(20))),
            ("A\r\n0123456789\r\n000\r\n\r\n", Ok(Some(22))),
            ("2\r\n\r\n\r\n0\r\n\r\n", Ok(Some(12))),
            ("5\r\nhel", Ok(None)),
            ("", Ok(None)),
            ("\r\n", Err(ChunkSize)),
            ("x\r\n", Err(ChunkSize)),
            ("-1\r\n", Err(ChunkSize)),
            ("+1\r\n", Err(ChunkSize)),
            ("0x5\r\n", Err(ChunkSize)),
            ("5 \r\n", Err(ChunkExtension)),
            (" 5\r\n", Err(ChunkSize)),
            ("1_0\r\n", Err(ChunkSize)),
            ("00000000000000005\r\n", Err(ChunkSize)),
            ("ffffffffffffffff\r\n", Err(BodyTooLarge)),
            ("3e8\r\n", Ok(None)),
            ("3e9\r\n", Err(BodyTooLarge)),
            // RFC 9112 section 2.2: only CR LF ends a line
            ("5\nhello\r\n", Err(ChunkEnd)),
            ("5\r\nhello\n0\r\n\r\n", Err(ChunkEnd)),
            ("5\r\nhelloX", Ok(None)),
            ("5\r\nhelloXYZ", Err(ChunkEnd)),
            ("5\r\nhelloX\n", Err(ChunkEnd)),
            // RFC 9112 section 7.1.1
            ("0;a\r\n\r\n", Ok(Some(7))),
            ("0;a=b;c=\"d;\\\"\r\"\r\n\r\n", Err(ChunkExtension)),
            ("0;a=b;c=\"d;\\\"\"\r\n\r\n", Ok(Some(18))),
            ("0 ; a = b\r\n\r\n", Ok(Some(13))),
            ("0;\r\n\r\n", Err(ChunkExtension)),
            ("0;a=\r\n\r\n", Err(ChunkExtension)),
            ("0;a=\"b\r\n\r\n", Err(ChunkExtension)),
            ("0;a b\r\n\r\n", Err(ChunkExtension)),
            (&long_extension, Err(ChunkExtension)),
            (&longest_extension, Ok(None)),
            (&endless(longest), Ok(None)),
            (&endless(too_long), Err(ChunkExtension)),
            (&many_extensions, Err(ChunkExtension)),
            // RFC 9112 section 7.1.2: a trailer is a field section
            ("0\r\nA: b\r\n\r\n", Ok(Some(11))),
            ("0\r\nA: b\r\nC: d\r\nE: f\r\n\r\n", Ok(Some(23))),
            ("0\r\nA: b\r\nC: d\r\nE: f\r\nG: h\r\n\r\n", Err(TooManyFields)),
            ("0\r\nA b\r\n\r\n", Err(NoColon)),
            ("0\r\n A: b\r\n\r\n", Err(LineFolding)),
            ("0\r\nA: b\n\r\n", Err(BareLineFeed)),
            (&format!("0\r\nA: {}\r\n\r\n", "b".repeat(100)), Err(FieldsTooLarge)),
            // All lines together, with the one that ends the section: 100 bytes, and 101
            (&trailers(44), Ok(Some(103))),
            (&trailers(45), Err(FieldsTooLarge)),
        ] {
            for size in [1, 2, 3, usize::MAX] {
                assert_eq!(decode(body.as_bytes(), size), expected, "{body:?} in pieces of {size}");
            }
        }
    }
}
