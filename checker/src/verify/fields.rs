//! What the fields of a response say (RFC 9110).

use super::response_with_head;
use crate::faults;
use crate::response::Response;
use crate::script::Transcripts;
use crate::target::Target;
use crate::texts;
use crate::verdict::{Failure, Finding, Verification};
use aula::http::{date, grammar, media_type};
use std::ops::Range;

/// The top-level types that are registered (RFC 6838 section 4.2, RFC 8081, RFC 9694).
const TOP_LEVEL: [&str; 10] = [
    "application",
    "audio",
    "example",
    "font",
    "haptics",
    "image",
    "message",
    "model",
    "text",
    "video",
];

/// Types that say the same: what the name's extension asks for, and what is as good.
const AS_GOOD: &[(&str, &str)] = &[
    ("text/html", "application/xhtml+xml"),
    ("text/javascript", "application/javascript"),
    ("application/xml", "text/xml"),
    ("image/x-icon", "image/vnd.microsoft.icon"),
    ("audio/wav", "audio/x-wav"),
    ("video/mp4", "application/mp4"),
    ("application/x-msi", "application/octet-stream"),
    ("application/x-msi", "application/x-msdownload"),
    ("application/x-msi", "application/x-ole-storage"),
];

faults! {
    /// No Content-Type.
    NO_TYPE {
        "The response for {path} has no Content-Type.",
        "La respuesta a {path} no tiene Content-Type.";
        "Add \"Content-Type: {expected}\\r\\n\" to the head.",
        "Añade \"Content-Type: {expected}\\r\\n\" a la cabecera."
    }
    /// `200 OK; Content-Type: text/html`
    TYPE_IN_STATUS_LINE {
        "The Content-Type of {path} is in the status line, where nobody looks for it.",
        "El Content-Type de {path} está en la línea de estado, donde nadie lo busca.";
        "Give it a line of its own: end the status line with \"\\r\\n\" (no \";\"), and go on with \"Content-Type: {expected}\\r\\n\".",
        "Dale una línea propia: termina la línea de estado con \"\\r\\n\" (sin \";\") y sigue con \"Content-Type: {expected}\\r\\n\"."
    }
    /// Not type/subtype.
    NOT_A_TYPE {
        "The Content-Type of {path} is not of the form type/subtype.",
        "El Content-Type de {path} no tiene la forma tipo/subtipo.";
        "Write \"Content-Type: {expected}\\r\\n\".",
        "Escribe \"Content-Type: {expected}\\r\\n\"."
    }
    /// `aplication/pdf`
    MISSPELT_TYPE {
        "The Content-Type of {path} begins with a type that does not exist: is it misspelt?",
        "El Content-Type de {path} empieza con un tipo que no existe: ¿está mal escrito?";
        "Write \"Content-Type: {expected}\\r\\n\".",
        "Escribe \"Content-Type: {expected}\\r\\n\"."
    }
    /// `text/html` for everything.
    WRONG_TYPE {
        "The Content-Type does not fit {path}.",
        "El Content-Type no corresponde a {path}.";
        "Choose it by the extension of the file's name; here \"Content-Type: {expected}\\r\\n\".",
        "Elígelo por la extensión del nombre del archivo; aquí \"Content-Type: {expected}\\r\\n\"."
    }
    /// Content-Length without a number.
    LENGTH_IS_NO_NUMBER {
        "The Content-Length is not a number.",
        "El Content-Length no es un número.";
        "Write the number of bytes in decimal digits: \"Content-Length: 1234\\r\\n\".",
        "Escribe el número de bytes en cifras decimales: \"Content-Length: 1234\\r\\n\"."
    }
    /// A variable in its braces.
    LENGTH_IN_BRACES {
        "The Content-Length is not a number: a variable in braces was sent as it is written, and not its value.",
        "El Content-Length no es un número: una variable entre llaves se envió tal como está escrita, y no su valor.";
        "Write f before the quotes of this string, so that the value comes in place of the braces; or use \"Content-Length: \" + str(len(outputdata)) + \"\\r\\n\".",
        "Escribe f delante de las comillas de esa cadena, para que llegue el valor en lugar de las llaves; o usa \"Content-Length: \" + str(len(outputdata)) + \"\\r\\n\"."
    }
    /// Content-Length with another number.
    WRONG_LENGTH {
        "Content-Length says {said}, but the content has {real} bytes.",
        "Content-Length dice {said}, pero el contenido tiene {real} bytes.";
        "Count the bytes that you send, not the characters and not the lines: len(data) of the bytes, after encode(). (len() of a list counts its lines; sys.getsizeof counts memory.)",
        "Cuenta los bytes que envías, no los caracteres ni las líneas: len(datos) de los bytes, después de encode(). (len() de una lista cuenta sus líneas; sys.getsizeof, memoria.)"
    }
    /// Content-Length with the head counted too, or the memory.
    LENGTH_TOO_LARGE {
        "Content-Length says {said}, but the content has only {real} bytes.",
        "Content-Length dice {said}, pero el contenido tiene solo {real} bytes.";
        "Count only the content, without the head: len(data) of its bytes, after encode(). (sys.getsizeof counts memory.)",
        "Cuenta solo el contenido, sin la cabecera: len(datos) de sus bytes, después de encode(). (sys.getsizeof cuenta memoria.)"
    }
    /// No Date.
    NO_DATE {
        "The response has no Date.",
        "La respuesta no tiene Date.";
        "Add it, in GMT: email.utils.formatdate(usegmt=True), or strftime \"%a, %d %b %Y %H:%M:%S GMT\".",
        "Añádelo, en GMT: email.utils.formatdate(usegmt=True), o strftime con \"%a, %d %b %Y %H:%M:%S GMT\"."
    }
    /// Date in another form.
    BAD_DATE {
        "The Date is not of the form \"Sun, 06 Nov 1994 08:49:37 GMT\".",
        "El Date no tiene la forma \"Sun, 06 Nov 1994 08:49:37 GMT\".";
        "Two digits for the day, English names, GMT: email.utils.formatdate(usegmt=True).",
        "Dos cifras para el día, nombres en inglés, GMT: email.utils.formatdate(usegmt=True)."
    }
    /// No Server.
    NO_SERVER {
        "The response has no Server field.",
        "La respuesta no tiene el campo Server.";
        "Add \"Server: a-name\\r\\n\" to the head.",
        "Añade \"Server: un-nombre\\r\\n\" a la cabecera."
    }
}

/// `content-type` (RFC 9110 section 8.3), of the page.
pub fn content_type(target: &Target, transcripts: &Transcripts) -> Verification {
    let response = response_with_head(transcripts.at(0))?;
    if response.status().is_some_and(|code| code != 200) {
        return Err(texts::NO_PAGE.into());
    }
    type_of(&response, 0, &target.page)
}

/// `other-types`: the type of every other file that comes with 200. Only `content-type` reports what is wrong with
/// the page's.
pub fn other_types(target: &Target, transcripts: &Transcripts) -> Verification {
    let page = response_with_head(transcripts.at(0))?;
    if page.field("Content-Type").is_none() {
        return Err(texts::NO_TYPE.into());
    }
    for (connection, file) in target.files.iter().enumerate().skip(1) {
        match response_with_head(transcripts.at(connection)) {
            Ok(response) if response.status() == Some(200) => type_of(&response, connection, &file.path)?,
            _ => {}
        }
    }
    Ok(())
}

/// Where a missing field could be; or the reason that it cannot be missed: the head is not a head.
pub(super) fn missing(response: &Response, name: &str) -> Result<Range<usize>, Finding> {
    if response.is_glued || response.written_out.is_some() {
        return Err(texts::HEAD_UNENDED.into());
    }
    match response.inside_another_line(name) {
        Some(_) => Err(texts::INSIDE_ANOTHER.into()),
        None => Ok(head_end_of(response)),
    }
}

fn type_of(response: &Response, connection: usize, path: &str) -> Verification {
    // RFC 3986 section 3.4: the query is no part of the name.
    let name = path.split('?').next().unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or_default();
    let name = if name.is_empty() { "index.html" } else { name };
    let expected = media_type::of_name(name);
    let expected = essence(expected.value());
    let explained = |failure: Failure| Err(failure.with("path", path).with("expected", expected).into());
    let Some(field) = response.field("Content-Type") else {
        let place = response.inside_another_line("Content-Type");
        let status_line = response.status_line.as_ref().map_or(0, |line| line.text.end);
        let is_apart = |place: &Range<usize>| {
            let before = place.start.checked_sub(1).and_then(|before| response.bytes.get(before));
            place.end <= status_line && !before.is_some_and(u8::is_ascii_alphanumeric)
        };
        if let Some(place) = place.filter(is_apart) {
            return explained(TYPE_IN_STATUS_LINE.at(connection, place));
        }
        return explained(NO_TYPE.at(connection, missing(response, "Content-Type")?));
    };
    let place = field.value.clone();
    let value = String::from_utf8_lossy(response.part(&place)).to_ascii_lowercase();
    let said = essence(&value);
    let is_token = |text: &str| grammar::is_token(text.as_bytes());
    match said.split_once('/') {
        Some((top_level, subtype)) if is_token(top_level) && is_token(subtype) => {
            if !TOP_LEVEL.contains(&top_level) {
                return explained(MISSPELT_TYPE.at(connection, place));
            }
        }
        _ => return explained(NOT_A_TYPE.at(connection, place)),
    }
    // A name without a known extension has no type of its own.
    let is_unknown = expected == "application/octet-stream";
    if is_unknown || said == expected || AS_GOOD.contains(&(expected, said)) {
        Ok(())
    } else {
        explained(WRONG_TYPE.at(connection, place))
    }
}

/// A media type without its parameters.
fn essence(value: &str) -> &str {
    value.split(';').next().unwrap_or_default().trim()
}

/// `content-length` (RFC 9110 section 8.6), where there is one: of the page.
pub fn content_length(target: &Target, transcripts: &Transcripts) -> Verification {
    length_of(&response_with_head(transcripts.at(0))?, 0, target.page_content())
}

/// `other-lengths`: of every other file that comes with 200.
pub fn other_lengths(target: &Target, transcripts: &Transcripts) -> Verification {
    let page = response_with_head(transcripts.at(0))?;
    if length_of(&page, 0, target.page_content()).is_err() {
        return Err(texts::PAGES_LENGTH.into());
    }
    for (connection, file) in target.files.iter().enumerate().skip(1) {
        match response_with_head(transcripts.at(connection)) {
            Ok(response) if response.status() == Some(200) => length_of(&response, connection, Some(&file.content))?,
            _ => {}
        }
    }
    Ok(())
}

fn length_of(response: &Response, connection: usize, known: Option<&[u8]>) -> Verification {
    let Some(field) = response.field("Content-Length").filter(|_| !response.is_chunked()) else {
        return Ok(());
    };
    let place = field.value.clone();
    let Some(said) = response.content_length() else {
        let is_in_braces = response.part(&place).starts_with(b"{");
        let fault = if is_in_braces {
            LENGTH_IN_BRACES
        } else {
            LENGTH_IS_NO_NUMBER
        };
        return Err(fault.at(connection, place).into());
    };
    let real = response.body().len();
    // Where the content is not the file's bytes, but the length is, `content` or `other-files` reports this.
    let is_the_files = known.is_some_and(|content| content.len() == said);
    if said == real || is_the_files {
        Ok(())
    } else {
        let surplus = said.checked_sub(real);
        let is_the_heads = surplus.is_some_and(|surplus| surplus <= response.content_start);
        let fault = if is_the_heads { LENGTH_TOO_LARGE } else { WRONG_LENGTH };
        Err(fault.at(connection, place).with("said", said).with("real", real).into())
    }
}

/// `date` (RFC 9110 section 6.6.1)
pub fn date(_: &Target, transcripts: &Transcripts) -> Verification {
    let response = response_with_head(transcripts.at(0))?;
    let Some(field) = response.field("Date") else {
        return Err(NO_DATE.at(0, missing(&response, "Date")?).into());
    };
    let value = response.part(&field.value);
    let is_fixdate = date::parse(value).is_some_and(|seconds| date::imf_fixdate(seconds).as_bytes() == value);
    if is_fixdate {
        Ok(())
    } else {
        Err(BAD_DATE.at(0, field.value.clone()).into())
    }
}

/// `server-field` (RFC 9110 section 10.2.4)
pub fn server_field(_: &Target, transcripts: &Transcripts) -> Verification {
    let response = response_with_head(transcripts.at(0))?;
    match response.field("Server") {
        Some(_) => Ok(()),
        None => Err(NO_SERVER.at(0, missing(&response, "Server")?).into()),
    }
}

/// Where a missing field could be: after the last one.
pub(super) fn head_end_of(response: &Response) -> Range<usize> {
    let place = response
        .blank
        .as_ref()
        .map_or(response.content_start, |blank| blank.text.start);
    place..place
}
