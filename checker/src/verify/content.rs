//! Whether the content is the bytes of the file (RFC 9110 section 6.4).
//!
//! Only `content` reports what is wrong with the page's content: the same bytes too many around another file are
//! not reported again.

use super::difference::{self, BETWEEN, Difference, MORE, OTHER, WHITESPACE};
use crate::faults;
use crate::response;
use crate::script::{End, Transcript, Transcripts};
use crate::target::{self, KnownFile, Target};
use crate::texts;
use crate::verdict::{Failure, Fault, Finding, Verification};
use aula::escape;

faults! {
    /// The skeleton's own line.
    SKELETON_LINE {
        "After the file come two bytes that are not in it, \\r\\n. The lab's skeleton sends them: no point is lost.",
        "Después del archivo vienen dos bytes que no son suyos, \\r\\n. Los envía el esqueleto de la práctica: no quitan puntos.";
        "Remove connectionSocket.send(\"\\r\\n\".encode()) after the loop: in an image they would be two bytes too many.",
        "Quita connectionSocket.send(\"\\r\\n\".encode()) tras el bucle: en una imagen serían dos bytes de más."
    }
    /// No response at all.
    FILE_NO_RESPONSE {
        "The request for {path} gets no response.",
        "La petición de {path} no recibe respuesta.";
        "Reading an image as text ends in an exception. Open every file with \"rb\" and send what read() gave at once, without encode(): sendall(outputdata), in place of a loop over its characters. If the server's terminal shows another exception, that is the cause.",
        "Leer una imagen como texto acaba en una excepción. Abre todos los archivos en \"rb\" y envía de una vez lo que dio read(), sin encode(): sendall(outputdata), en lugar de un bucle que recorre sus caracteres. Si la terminal del servidor muestra otra excepción, esa es la causa."
    }
    /// A file that is not text, and gets an error where text does not.
    READ_AS_TEXT {
        "The request for {path} gets {code}, not 200. The file is not text, and text files are found.",
        "El archivo {path} llega con un {code}, no con un 200. No es texto, y los archivos de texto sí llegan.";
        "It was probably read as text: use open(name, \"rb\"), and send what read() gave at once, sendall(outputdata), without a loop, decode() and encode().",
        "Seguramente se leyó como texto: usa open(nombre, \"rb\") y envía de una vez lo que dio read(), sendall(outputdata), sin bucle, decode() ni encode()."
    }
    /// Another status.
    FILE_NOT_200 {
        "The request for {path} gets {code}, not 200.",
        "El archivo {path} llega con un {code}, no con un 200.";
        "Use the whole path of the request line, folders too; turn %20 and the like back into characters (urllib.parse.unquote).",
        "Usa la ruta entera de la línea de petición, también las carpetas; decodifica %20 y similares (urllib.parse.unquote)."
    }
    /// The page again.
    IS_THE_PAGE {
        "The request for {path} gets the page {page}.",
        "La petición de {path} recibe la página {page}.";
        "Open the file that the request names, and not a name that is written in the program. Its name is the second word of the request line without its first \"/\": split()[1][1:].",
        "Abre el archivo que nombra la petición, y no un nombre escrito en el programa. Su nombre es la segunda palabra de la línea de petición sin su primera \"/\": split()[1][1:]."
    }
}

/// `content`: the file's bytes, if they are known; otherwise some. (Whether they are the same again, `survives` asks.)
pub fn content(target: &Target, transcripts: &Transcripts) -> Verification {
    let first = super::page(transcripts.at(0))?;
    if let Some(file) = target.page_content() {
        let content = first.content();
        // `line-ends` has reported a string that was sent with its byte 0.
        let zeros = match first.zero {
            Some(_) => content.iter().take_while(|&&byte| byte == 0).count(),
            None => 0,
        };
        let content = content.get(zeros..).unwrap_or_default();
        let content = without_skeletons_line(target, content, file);
        let sent = &transcripts.at(0).sent;
        return match difference::between(content, file) {
            // `after-content` reports it.
            Some(different) if is_skeletons(target, &different) => Ok(()),
            Some(mut different) => {
                if [OTHER, difference::LEFT_OUT].contains(&different.fault) {
                    let other = what_else(content, sent, &target.page);
                    different.fault = Some(other).filter(|&other| other != OTHER).unwrap_or(different.fault);
                }
                different.fault = with_the_rest(different.fault, content.len(), first.has_head, transcripts);
                let start = first.content_start.saturating_add(zeros);
                Err(explained(different, content, file, start, 0, &target.page))
            }
            None => Ok(()),
        };
    }
    let content = first.content();
    if content.is_empty() {
        let fault = with_the_rest(difference::EMPTY, 0, first.has_head, transcripts);
        let failure = fault.at(0, first.content_start..first.content_start);
        return Err(failure.with("path", &target.page).into());
    }
    if let Some(different) = surely_not_the_file(&content, &transcripts.at(0).sent, &target.page) {
        return Err(explained(
            different,
            &content,
            &[],
            first.content_start,
            0,
            &target.page,
        ));
    }
    Err(texts::GIVE_PAGE
        .with("page", &target.page)
        .with("file", target.page.trim_start_matches('/'))
        .into())
}

/// The fault, with what is known from the rest of the exchange: that the program has ended, or that no head came first.
fn with_the_rest(fault: Fault, sent: usize, has_head: bool, transcripts: &Transcripts) -> Fault {
    match fault {
        difference::SECOND_RESPONSE if !has_head => difference::HEAD_BEHIND,
        _ if !super::has_ended(transcripts, 1) => fault,
        difference::EMPTY => difference::EMPTY_ENDED,
        difference::FIRST_CHARACTER_ONLY | difference::FIRST_LINE_ONLY => difference::CLOSED_IN_LOOP,
        // As many bytes as are read at once are no sign of an exception.
        difference::SHORT => difference::SHORT_ENDED,
        difference::READ_ONCE if sent < MOST_BY_CHANCE => difference::SHORT_ENDED,
        _ => fault,
    }
}

/// So few bytes may have been sent one by one, as well as read at once.
const MOST_BY_CHANCE: usize = 512;

/// The content without the line that the lab's skeleton sends after it, if what else is wrong is seen better then.
fn without_skeletons_line<'a>(target: &Target, content: &'a [u8], file: &[u8]) -> &'a [u8] {
    let without = content
        .strip_suffix(b"\r\n")
        .filter(|_| target.preset.skeleton_adds_a_line());
    let is_vague = |content: &[u8], faults: &[Fault]| {
        let different = difference::between(content, file);
        different.is_none_or(|different| faults.contains(&different.fault))
    };
    match without {
        Some(without) if is_vague(content, &[OTHER, MORE, WHITESPACE, BETWEEN]) && !is_vague(without, &[OTHER]) => {
            without
        }
        _ => content,
    }
}

/// Whether it is the line that the lab's skeleton sends after the file.
fn is_skeletons(target: &Target, different: &Difference) -> bool {
    let is_line_end = different.fault == difference::LINE_END_BEHIND && different.bytes == b"\r\n";
    is_line_end && target.preset.skeleton_adds_a_line()
}

/// The longest page that is taken for an error page because it has 404 in it, in bytes. Those of servers in use have a
/// few hundred.
const LONGEST_ERROR_PAGE: usize = 1024;

/// What no file is, where it is not known what the file has.
fn surely_not_the_file(content: &[u8], request: &[u8], path: &str) -> Option<Difference> {
    let line = content
        .split_inclusive(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
    let is_field = response::KNOWN_FIELDS
        .iter()
        .any(|known| known.as_bytes().eq_ignore_ascii_case(name));
    let fault = if content.starts_with(b"HTTP/1") {
        difference::HEAD_TWICE
    } else if is_field {
        difference::FIELD_AFTER_BLANK
    } else if content.starts_with(b"b'") || content.starts_with(b"b\"") {
        difference::STR_OF_BYTES
    } else if is_twice(content.strip_suffix(b"\r\n").unwrap_or(content)) || is_twice(content) {
        difference::TWICE
    } else if let Some(different) = difference::object(content).filter(|found| found.fault != difference::NUMBERS) {
        return Some(different);
    } else {
        // A longer page may be about errors.
        let is_possible =
            |fault| fault != OTHER && (fault != difference::ERROR_PAGE || content.len() <= LONGEST_ERROR_PAGE);
        Some(what_else(content, request, path)).filter(|&fault| is_possible(fault))?
    };
    Some(Difference::new(fault, 0..line.len()).with_bytes(line))
}

/// Whether it is a page of HTML, and the same page again.
fn is_twice(content: &[u8]) -> bool {
    let (one, other) = content.split_at_checked(content.len() / 2).unwrap_or_default();
    let start = one.get(..9).unwrap_or_default().to_ascii_lowercase();
    one == other && (start.starts_with(b"<!doctype") || start.starts_with(b"<html"))
}

/// What was sent in place of the file.
fn what_else(content: &[u8], request: &[u8], path: &str) -> Fault {
    let text = String::from_utf8_lossy(content).to_ascii_lowercase();
    let first_line = String::from_utf8_lossy(request).to_ascii_lowercase();
    let first_line = first_line.lines().next().unwrap_or_default();
    let name = path.trim_start_matches('/').to_ascii_lowercase();
    if !first_line.is_empty() && text.contains(first_line) {
        difference::ECHOED
    } else if text.trim().trim_start_matches('/') == name {
        difference::NAME
    } else if text.contains("not found") || text.contains("404") {
        difference::ERROR_PAGE
    } else {
        OTHER
    }
}

/// `after-content`: the line of the skeleton, which `content` does not mind.
pub fn after_content(target: &Target, transcripts: &Transcripts) -> Verification {
    let response = super::page(transcripts.at(0))?;
    let content = response.content();
    match target
        .page_content()
        .and_then(|file| difference::between(&content, file))
    {
        Some(different) if is_skeletons(target, &different) => {
            let start = response.content_start;
            let range = start.saturating_add(different.range.start)..start.saturating_add(different.range.end);
            Err(SKELETON_LINE.at(0, range).into())
        }
        _ => Ok(()),
    }
}

/// `other-files`: all but the page.
pub fn other_files(target: &Target, transcripts: &Transcripts) -> Verification {
    for (connection, file) in target.files.iter().enumerate().skip(1) {
        one_file(target, transcripts, connection, file)?;
    }
    Ok(())
}

/// `binary`
pub fn binary(target: &Target, transcripts: &Transcripts) -> Verification {
    nth_file(target, transcripts, target.binary())
}

/// `utf-8`
pub fn utf_8(target: &Target, transcripts: &Transcripts) -> Verification {
    nth_file(target, transcripts, target.beyond_ascii())
}

fn nth_file(target: &Target, transcripts: &Transcripts, place: Option<usize>) -> Verification {
    let Some((connection, file)) = place.and_then(|place| Some((place, target.files.get(place)?))) else {
        return Ok(());
    };
    // A file before it may have been the server's end, which `other-files` reports.
    for earlier in 0..connection {
        super::response(transcripts.at(earlier))?;
    }
    one_file(target, transcripts, connection, file)
}

/// Compares the response on a connection with its file, and does not mind what is wrong with the page in the same way.
fn one_file(target: &Target, transcripts: &Transcripts, connection: usize, file: &KnownFile) -> Verification {
    let (before, after) = around_page(target, transcripts.at(0))?;
    let Ok(response) = super::response(transcripts.at(connection)) else {
        return Err(FILE_NO_RESPONSE.at(connection, 0..0).with("path", &file.path).into());
    };
    if let Some(code) = response.status().filter(|&code| code != 200) {
        let is_text = target::is_text(&file.content);
        let is_error = code == 404 || code >= 500;
        let page_comes = super::page(transcripts.at(0)).is_ok();
        let fault = if page_comes && is_error && !is_text {
            READ_AS_TEXT
        } else {
            FILE_NOT_200
        };
        let failure = fault.at(connection, response.status_place());
        return Err(failure.with("path", &file.path).with("code", code).into());
    }
    if target.page_content().is_some_and(|page| page != file.content)
        && super::response(transcripts.at(0)).is_ok_and(|page| page.content() == response.content())
    {
        let start = response.content_start;
        let failure = IS_THE_PAGE.at(connection, start..start.saturating_add(1));
        return Err(failure.with("path", &file.path).with("page", &target.page).into());
    }
    let expected = [&before, file.content.as_slice(), &after].concat();
    compare(
        &response.content(),
        response.content_start,
        connection,
        &file.path,
        &expected,
    )
}

/// Whether the page, on connection 0, has all of its file.
#[must_use]
pub fn is_page_whole(target: &Target, transcripts: &Transcripts) -> bool {
    match (super::page(transcripts.at(0)), target.page_content()) {
        (Ok(response), Some(file)) => difference::around(&response.content(), file).is_some(),
        _ => false,
    }
}

/// Whether the page, or only the beginning of the file, came in place of the file. A file that is read as text, as the
/// skeleton does, is something else.
#[must_use]
pub fn is_not_the_file(failure: &Failure, transcripts: &Transcripts) -> bool {
    let faults = [IS_THE_PAGE, difference::READ_ONCE, difference::SHORT];
    transcripts.at(failure.connection).end == End::Closed && faults.iter().any(|fault| failure.what.is_of(fault.what))
}

/// What this server puts before and after the page's bytes.
fn around_page(target: &Target, page: &Transcript) -> Result<(Vec<u8>, Vec<u8>), Finding> {
    let (Ok(response), Some(file)) = (super::page(page), target.page_content()) else {
        return Ok(Default::default());
    };
    let content = response.content();
    if content.is_empty() && !file.is_empty() {
        return Err(texts::NO_CONTENT.into());
    }
    let around = difference::around(&content, file);
    Ok(around.map_or_else(Default::default, |(before, after)| (before.to_vec(), after.to_vec())))
}

/// Content on a connection, beginning at an offset of what was received, against the bytes that it should be.
fn compare(content: &[u8], start: usize, connection: usize, path: &str, expected: &[u8]) -> Verification {
    match difference::between(content, expected) {
        None => Ok(()),
        Some(different) => Err(explained(different, content, expected, start, connection, path)),
    }
}

/// A difference with all that its sentences may say.
fn explained(
    different: Difference,
    content: &[u8],
    expected: &[u8],
    start: usize,
    connection: usize,
    path: &str,
) -> Finding {
    let range = start.saturating_add(different.range.start)..start.saturating_add(different.range.end);
    let failure = different.fault.at(connection, range);
    failure
        .with("path", path)
        .with("before", different.before)
        .with("behind", different.behind)
        .with("missing", different.bytes.len())
        .with("bytes", quoted(&different.bytes))
        .with("times", different.times)
        .with("code", different.code)
        .with("sent", content.len())
        .with("length", expected.len())
        .with("offset", different.range.start)
        .into()
}

/// Bytes in a sentence: not many of them.
fn quoted(bytes: &[u8]) -> String {
    let shown = escape::line(bytes.get(..MOST_QUOTED).unwrap_or(bytes));
    if bytes.len() > MOST_QUOTED {
        format!("{shown}...")
    } else {
        shown
    }
}

/// How many bytes a sentence quotes.
const MOST_QUOTED: usize = 32;
