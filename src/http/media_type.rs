//! Media types (RFC 9110 section 8.3.1) of files, by the extension of their name, for `Content-Type`.
//!
//! The content is not examined, and browsers are told not to guess (`nosniff`). So this module decides whether a script
//! runs and a film plays. `TYPES` is looked up first, then the crate `mime_guess`, which knows a thousand extensions.

use super::FieldSection;
use std::borrow::Cow;
use std::rc::Rc;

/// The type of unknown content (RFC 2046 section 4.5.1). A browser saves it to a file.
const UNKNOWN: &str = "application/octet-stream";

/// Types that replace those of `mime_guess` where these are missing, outdated or unhelpful in a folder of web pages and
/// exercises. Extensions are in lower case.
const TYPES: &[(&str, &str)] = &[
    // RFC 9239 section 6.1: all other names of JavaScript are obsolete.
    ("mjs", "text/javascript"),
    // RFC 8081 section 4.4 replaces the older names for fonts.
    ("otf", "font/otf"),
    ("woff", "font/woff"),
    // A `text` type is given a `charset`, which overrules what the document declares (RFC 7303 section 3.2).
    ("xml", "application/xml"),
    // A source map is JSON (ECMA-426).
    ("map", "application/json"),
    // RFC 4337, RFC 8878 and RFC 9512
    ("m4a", "audio/mp4"),
    ("zst", "application/zstd"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    // These are not registered, but they are used for installers everywhere.
    ("msi", "application/x-msi"),
    // Source code has no registered types. Every browser shows plain text; most save files of other types. `.ts` is
    // TypeScript here. An MPEG transport stream has the same extension, but it is rare in a folder of web pages, and a
    // script that is sent as a video cannot be read.
    ("go", "text/plain"),
    ("java", "text/plain"),
    ("kt", "text/plain"),
    ("mts", "text/plain"),
    ("rb", "text/plain"),
    ("rs", "text/plain"),
    ("ts", "text/plain"),
    ("tsx", "text/plain"),
];

/// A media type, and what decided it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MediaType {
    /// The field line `Content-Type`, rendered once.
    pub content_type: FieldSection,
    /// What decided the media type.
    pub source: MediaTypeSource,
}

impl MediaType {
    /// The media type with this value of `Content-Type`.
    #[must_use]
    pub fn new(value: &str, source: MediaTypeSource) -> Self {
        Self {
            content_type: [("Content-Type", value)].into(),
            source,
        }
    }

    /// The value of `Content-Type`.
    #[must_use]
    pub fn value(&self) -> &str {
        self.content_type.get("Content-Type").unwrap_or_default()
    }
}

/// What decides a media type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MediaTypeSource {
    /// The extension of the file's name, as written, without the dot.
    Extension(Rc<str>),
    /// The option `--type`, for the extension of the file's name.
    Option(Rc<str>),
    /// The file's name has no extension, or an unknown one.
    Unknown,
    /// The server wrote the content itself: an error page, a listing.
    Generated,
    /// The content is several ranges of a file (RFC 9110 section 14.6).
    Ranges,
}

/// The media type of the file with this name.
///
/// The extension is the text after the last dot, unless the name begins with that dot. ASCII case does not matter.
/// Every `text` type has `charset=utf-8` (RFC 9110 section 8.3.2): files are in UTF-8 today, and a browser has to guess
/// if it is not told.
#[must_use]
pub fn of_name(file_name: &str) -> MediaType {
    let known = extension(file_name).and_then(|extension| Some((of_extension(extension)?, extension)));
    match known {
        None => MediaType::new(UNKNOWN, MediaTypeSource::Unknown),
        Some((media_type, extension)) => {
            MediaType::new(&with_charset(media_type), MediaTypeSource::Extension(extension.into()))
        }
    }
}

/// The extension of a file's name, without the dot.
#[must_use]
pub fn extension(file_name: &str) -> Option<&str> {
    let (stem, extension) = file_name.rsplit_once('.')?;
    (!stem.is_empty()).then_some(extension)
}

/// The value of `Content-Type` for a media type: a `text` type without parameters gets its charset.
#[must_use]
pub fn with_charset(media_type: &str) -> Cow<'_, str> {
    if media_type.starts_with("text/") && !media_type.contains(';') {
        format!("{media_type}; charset=utf-8").into()
    } else {
        media_type.into()
    }
}

fn of_extension(extension: &str) -> Option<&'static str> {
    TYPES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(extension))
        .map(|&(_, media_type)| media_type)
        .or_else(|| mime_guess::from_ext(extension).first_raw())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_extension_of_the_web_and_of_the_exercises_has_its_type() {
        for (extension, media_type, rule) in [
            ("html", "text/html; charset=utf-8", "the HTML Standard"),
            ("htm", "text/html; charset=utf-8", "the HTML Standard"),
            ("css", "text/css; charset=utf-8", "RFC 2318"),
            ("js", "text/javascript; charset=utf-8", "RFC 9239 section 6.1"),
            ("mjs", "text/javascript; charset=utf-8", "RFC 9239 section 6.1"),
            ("json", "application/json", "RFC 8259 section 11: no charset"),
            ("map", "application/json", "ECMA-426"),
            ("webmanifest", "application/manifest+json", "Web Application Manifest"),
            ("txt", "text/plain; charset=utf-8", "RFC 2046 section 4.1.3"),
            ("log", "text/plain; charset=utf-8", "RFC 2046 section 4.1.3"),
            (
                "md",
                "text/markdown; charset=utf-8",
                "RFC 7763 section 2: charset required",
            ),
            ("csv", "text/csv; charset=utf-8", "RFC 4180 section 3"),
            ("vtt", "text/vtt; charset=utf-8", "WebVTT"),
            ("xml", "application/xml", "RFC 7303 section 9.1"),
            ("yaml", "application/yaml", "RFC 9512"),
            ("yml", "application/yaml", "RFC 9512"),
            ("svg", "image/svg+xml", "SVG 2"),
            ("png", "image/png", "PNG"),
            ("apng", "image/apng", "PNG"),
            ("jpg", "image/jpeg", "RFC 2046 section 4.2"),
            ("jpeg", "image/jpeg", "RFC 2046 section 4.2"),
            ("gif", "image/gif", "RFC 2046 section 4.2"),
            ("webp", "image/webp", "RFC 9649"),
            ("avif", "image/avif", "AVIF"),
            ("ico", "image/x-icon", "MIME Sniffing section 6.1"),
            ("mp4", "video/mp4", "RFC 4337"),
            ("webm", "video/webm", "WebM"),
            ("mov", "video/quicktime", "registered"),
            ("mp3", "audio/mpeg", "RFC 3003"),
            ("m4a", "audio/mp4", "RFC 4337"),
            ("ogg", "audio/ogg", "RFC 5334"),
            ("wav", "audio/wav", "in use"),
            ("pdf", "application/pdf", "RFC 8118"),
            ("zip", "application/zip", "registered"),
            ("gz", "application/gzip", "RFC 6713"),
            ("zst", "application/zstd", "RFC 8878"),
            ("wasm", "application/wasm", "WebAssembly Web API: required to stream"),
            ("woff", "font/woff", "RFC 8081 section 4.4.5"),
            ("woff2", "font/woff2", "RFC 8081 section 4.4.6"),
            ("ttf", "font/ttf", "RFC 8081 section 4.4.2"),
            ("otf", "font/otf", "RFC 8081 section 4.4.3"),
            ("msi", "application/x-msi", "in use: saved, not shown"),
            (
                "exe",
                "application/octet-stream",
                "RFC 2046 section 4.5.1: saved, not shown",
            ),
            ("c", "text/plain; charset=utf-8", "source code is shown"),
            ("h", "text/plain; charset=utf-8", "source code is shown"),
            ("cpp", "text/plain; charset=utf-8", "source code is shown"),
            ("go", "text/plain; charset=utf-8", "source code is shown"),
            ("java", "text/plain; charset=utf-8", "source code is shown"),
            ("kt", "text/plain; charset=utf-8", "source code is shown"),
            ("py", "text/plain; charset=utf-8", "source code is shown"),
            ("rb", "text/plain; charset=utf-8", "source code is shown"),
            ("rs", "text/plain; charset=utf-8", "source code is shown"),
            (
                "ts",
                "text/plain; charset=utf-8",
                "source code is shown, and is no film",
            ),
            (
                "mts",
                "text/plain; charset=utf-8",
                "source code is shown, and is no film",
            ),
            ("tsx", "text/plain; charset=utf-8", "source code is shown"),
        ] {
            let lower = format!("name.{extension}");
            assert_eq!(of_name(&lower).value(), media_type, "{lower} ({rule})");
            let upper = lower.to_ascii_uppercase();
            assert_eq!(of_name(&upper).value(), media_type, "{upper} ({rule})");
        }
    }

    #[test]
    fn a_name_without_a_known_extension_is_a_stream_of_octets() {
        for name in [
            "",
            ".",
            "..",
            "Makefile",
            "html",
            ".html",
            "name.",
            "a.b/c",
            "name.qqq",
            "name.h tml",
            "ñ.ñ",
        ] {
            // RFC 9110 section 8.3, RFC 2046 section 4.5.1
            let unknown = of_name(name);
            assert_eq!(unknown.value(), "application/octet-stream", "{name:?}");
            assert_eq!(unknown.source, MediaTypeSource::Unknown, "{name:?}");
        }
    }

    #[test]
    fn only_the_last_extension_counts() {
        for (name, media_type) in [
            ("page.html.gz", "application/gzip"),
            ("archive.tar.gz", "application/gzip"),
            ("jquery-3.7.1.min.js", "text/javascript; charset=utf-8"),
            ("..html", "text/html; charset=utf-8"),
            ("página web.html", "text/html; charset=utf-8"),
        ] {
            assert_eq!(of_name(name).value(), media_type, "{name}");
        }
    }

    #[test]
    fn the_table_holds_lower_case_and_only_what_it_changes() {
        for &(extension, media_type) in TYPES {
            assert_eq!(extension, extension.to_ascii_lowercase());
            assert_ne!(
                mime_guess::from_ext(extension).first_raw(),
                Some(media_type),
                "{extension}"
            );
        }
    }
}
