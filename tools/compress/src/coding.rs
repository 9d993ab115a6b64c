//! The content codings that the server supports, each at its highest level: a file is compressed once, and sent many
//! times.

use anyhow::Result;
use flate2::Compression;
use flate2::read::{GzDecoder, GzEncoder};
use std::io::Read;
use std::path::{Path, PathBuf};

/// A content coding (RFC 9110 section 8.4.1).
pub(crate) struct Coding {
    /// Its name in `Content-Encoding`.
    pub(crate) name: &'static str,
    /// The extension that a sibling's name adds to that of the file.
    pub(crate) extension: &'static str,
    pub(crate) encode: fn(&[u8]) -> Result<Vec<u8>>,
    pub(crate) decode: fn(&[u8]) -> Result<Vec<u8>>,
}

/// The highest level of zstd that needs no window above 8 MiB, which is what browsers accept (RFC 9659 section 3).
const ZSTD_LEVEL: i32 = 19;

/// The largest window, as a power of two, for the same reason.
const ZSTD_WINDOW: u32 = 23;

/// All codings.
pub(crate) const ALL: [Coding; 3] = [
    Coding {
        name: "br",
        extension: "br",
        encode: |content| {
            let mut encoded = Vec::new();
            let parameters = brotli::enc::BrotliEncoderParams {
                quality: 11,
                lgwin: 24,
                size_hint: content.len(),
                ..Default::default()
            };
            brotli::BrotliCompress(&mut &*content, &mut encoded, &parameters)?;
            Ok(encoded)
        },
        decode: |encoded| {
            let mut content = Vec::new();
            brotli::BrotliDecompress(&mut &*encoded, &mut content)?;
            Ok(content)
        },
    },
    Coding {
        name: "zstd",
        extension: "zst",
        encode: |content| {
            let mut encoder = zstd::bulk::Compressor::new(ZSTD_LEVEL)?;
            encoder.set_parameter(zstd::zstd_safe::CParameter::WindowLog(ZSTD_WINDOW))?;
            Ok(encoder.compress(content)?)
        },
        decode: |encoded| Ok(zstd::decode_all(encoded)?),
    },
    Coding {
        name: "gzip",
        extension: "gz",
        // Its head has no name and no time, so the same content gives the same bytes.
        encode: |content| all(GzEncoder::new(content, Compression::best())),
        decode: |encoded| all(GzDecoder::new(encoded)),
    },
];

impl Coding {
    /// The sibling of a file in this coding.
    pub(crate) fn sibling(&self, file: &Path) -> PathBuf {
        let mut name = file.as_os_str().to_owned();
        name.push(".");
        name.push(self.extension);
        name.into()
    }
}

fn all(mut source: impl Read) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes)?;
    Ok(bytes)
}
