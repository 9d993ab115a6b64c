//! Whether the content is the bytes of the file (RFC 9110 section 6.4).
//!
//! What is wrong with the page's content is told once, by `content`: the same bytes too many around another file are
//! not told again.

use super::difference;
use crate::faults;
use crate::script::{Transcript, Transcripts};
use crate::target::{KnownFile, Target};
use crate::texts;
use crate::verdict::Judgement;

faults! {
    /// The same request, other content.
    UNSTABLE {
        "The same request gets other content the second time.",
        "La misma petición recibe otro contenido la segunda vez.";
        "Open the file anew for each request, read all of it, and start each answer from nothing.",
        "Abre el archivo de nuevo en cada petición, léelo entero y empieza cada respuesta desde cero."
    }
    /// Not answered at all.
    FILE_UNANSWERED {
        "The request for {path} is not answered.",
        "La petición de {path} no recibe respuesta.";
        "Look at the server's terminal. Open files with \"rb\": reading an image as text ends in an exception.",
        "Mira la terminal del servidor. Abre los archivos en \"rb\": leer una imagen como texto acaba en una excepción."
    }
    /// Another status.
    FILE_NOT_200 {
        "The file {path} is answered with {code}, not with 200.",
        "El archivo {path} llega con un {code}, no con un 200.";
        "Use the whole path of the request line, folders too; decode %20 and the like (urllib.parse.unquote).",
        "Usa la ruta entera de la línea de petición, también las carpetas; decodifica %20 y similares (urllib.parse.unquote)."
    }
    /// The page again.
    IS_THE_PAGE {
        "The request for {path} is answered with the page {page}.",
        "La petición de {path} recibe la página {page}.";
        "Take the file's name from the request line: it is the second word, split()[1].",
        "Saca el nombre del archivo de la línea de petición: es la segunda palabra, split()[1]."
    }
}

/// `content`: the file's bytes, if they are known; otherwise some, and twice the same.
pub fn content(target: &Target, transcripts: &Transcripts) -> Judgement {
    let first = super::page(transcripts.at(0))?;
    if let Some(file) = target.page_content() {
        return compare(&first.content(), first.content_start, 0, &target.page, file);
    }
    let content = first.content();
    if content.is_empty() {
        let failure = difference::EMPTY.at(0, first.content_start..first.content_start);
        return Err(failure.with("path", &target.page).into());
    }
    let second = super::page(transcripts.at(1))?;
    match difference::between(&second.content(), &content) {
        None => Ok(()),
        Some(different) => {
            let start = second.content_start.saturating_add(different.range.start);
            Err(UNSTABLE.at(1, start..start.saturating_add(1)).into())
        }
    }
}

/// `other-files`: all but the page.
pub fn other_files(target: &Target, transcripts: &Transcripts) -> Judgement {
    for (connection, file) in target.files.iter().enumerate().skip(1) {
        one_file(target, transcripts, connection, file)?;
    }
    Ok(())
}

/// `binary`
pub fn binary(target: &Target, transcripts: &Transcripts) -> Judgement {
    nth_file(target, transcripts, target.binary())
}

/// `utf-8`
pub fn utf_8(target: &Target, transcripts: &Transcripts) -> Judgement {
    nth_file(target, transcripts, target.beyond_ascii())
}

fn nth_file(target: &Target, transcripts: &Transcripts, place: Option<usize>) -> Judgement {
    let Some((connection, file)) = place.and_then(|place| Some((place, target.files.get(place)?))) else {
        return Ok(());
    };
    // A file before it may have been the server's end, which `other-files` has told.
    for earlier in 0..connection {
        super::answer(transcripts.at(earlier))?;
    }
    one_file(target, transcripts, connection, file)
}

/// Compares the answer on a connection with its file, and does not mind what is wrong with the page in the same way.
fn one_file(target: &Target, transcripts: &Transcripts, connection: usize, file: &KnownFile) -> Judgement {
    let (before, after) = around_page(target, transcripts.at(0))?;
    let Ok(answer) = super::answer(transcripts.at(connection)) else {
        return Err(FILE_UNANSWERED.at(connection, 0..0).with("path", &file.path).into());
    };
    if let Some(code) = answer.status().filter(|&code| code != 200) {
        let failure = FILE_NOT_200.at(connection, answer.status_place());
        return Err(failure.with("path", &file.path).with("code", code).into());
    }
    if target.page_content().is_some_and(|page| page != file.content)
        && super::answer(transcripts.at(0)).is_ok_and(|page| page.content() == answer.content())
    {
        let start = answer.content_start;
        let failure = IS_THE_PAGE.at(connection, start..start.saturating_add(1));
        return Err(failure.with("path", &file.path).with("page", &target.page).into());
    }
    let expected = [&before, file.content.as_slice(), &after].concat();
    compare(
        &answer.content(),
        answer.content_start,
        connection,
        &file.path,
        &expected,
    )
}

/// What this server puts before and behind the page's bytes.
fn around_page(target: &Target, page: &Transcript) -> Result<(Vec<u8>, Vec<u8>), crate::verdict::Objection> {
    let (Ok(answer), Some(file)) = (super::page(page), target.page_content()) else {
        return Ok(Default::default());
    };
    let content = answer.content();
    if content.is_empty() && !file.is_empty() {
        return Err(texts::NO_CONTENT.into());
    }
    let around = difference::around(&content, file);
    Ok(around.map_or_else(Default::default, |(before, after)| (before.to_vec(), after.to_vec())))
}

/// Content on a connection, beginning at an offset of what was received, against the bytes that it should be.
fn compare(content: &[u8], start: usize, connection: usize, path: &str, expected: &[u8]) -> Judgement {
    let Some(different) = difference::between(content, expected) else {
        return Ok(());
    };
    let range = start.saturating_add(different.range.start)..start.saturating_add(different.range.end);
    let failure = different.fault.at(connection, range);
    Err(failure
        .with("path", path)
        .with("extra", different.extra)
        .with("sent", content.len())
        .with("length", expected.len())
        .with("offset", different.range.start)
        .into())
}
