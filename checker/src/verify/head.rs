//! The lines of a head: how they end, how the head ends, and the form of its fields (RFC 9112 sections 2 and 5). The
//! status line is for [`status`](super::status), and what the fields say for [`fields`](super::fields).

use super::response_with_head;
use crate::faults;
use crate::response::{self, Field, KNOWN_FIELDS, LineEnd, Response};
use crate::script::Transcripts;
use crate::target::Target;
use crate::texts;
use crate::verdict::{Failure, Finding, Verification};
use aula::escape;
use aula::http::grammar::is_tchar;
use std::ops::Range;

faults! {
    /// `\\r\\n`, `r"\r\n"`, `/r/n`
    WRITTEN_OUT {
        "A line end was sent as letters, {letters}, and not as the bytes 13 and 10.",
        "Un fin de línea se envió como letras, {letters}, y no como los bytes 13 y 10.";
        "Write \"\\r\\n\" with one backslash before each letter, and no r before the quotes: r\"...\" sends the letters.",
        "Escribe \"\\r\\n\" con una barra invertida ante cada letra y sin una r ante las comillas: r\"...\" envía las letras."
    }
    /// The file begins in a line that has not ended.
    GLUED {
        "The file begins in the middle of a line of the head: nothing ends \"{line}\".",
        "El archivo empieza en medio de una línea de la cabecera: nada cierra \"{line}\".";
        "Send \"\\r\\n\\r\\n\" after {line} and before the file: one \\r\\n ends the line, the other one is the empty line.",
        "Envía \"\\r\\n\\r\\n\" tras {line} y antes del archivo: un \\r\\n cierra la línea, el otro es la línea vacía."
    }
    /// One line end too few, and then nothing.
    ONE_LINE_END {
        "The response is over, and no empty line has ended its head.",
        "La respuesta se acaba y ninguna línea vacía ha cerrado su cabecera.";
        "Send one more \"\\r\\n\": the last line has its own already, and the second one makes the empty line.",
        "Envía \"\\r\\n\" una vez más: la última línea ya tiene el suyo, y el segundo hace la línea vacía."
    }
    /// `Server: xContent-Type: text/html`
    JOINED {
        "Two fields are on one line: nothing ends the line before {name}.",
        "Hay dos campos en una línea: nada cierra la línea antes de {name}.";
        "Write \"\\r\\n\" at the end of each field line, also of the one before {name}.",
        "Escribe \"\\r\\n\" al final de cada campo, también del que va antes de {name}."
    }
    /// `HTTP/1.1 200 OKServer: x`
    JOINED_TO_STATUS {
        "The status line and {name} are on one line: nothing ends the status line.",
        "La línea de estado y {name} están en una línea: nada cierra la línea de estado.";
        "Write \"\\r\\n\" at the end of the status line, before {name}: \"HTTP/1.1 200 OK\\r\\n\".",
        "Escribe \"\\r\\n\" al final de la línea de estado, antes de {name}: \"HTTP/1.1 200 OK\\r\\n\"."
    }
    /// Only LF.
    BARE_LF {
        "A line of the head ends with only \\n.",
        "Una línea de la cabecera acaba solo con \\n.";
        "End every line of the head with \"\\r\\n\", the empty one too, and in the 404 as well. In triple quotes each line break is a \"\\n\" already: write the head with \"...\\r\\n\" strings in place of them, or convert it with head.replace(\"\\n\", \"\\r\\n\").",
        "Termina todas las líneas de la cabecera con \"\\r\\n\", también la vacía, y también en el 404. Entre comillas triples cada salto de línea ya es un \"\\n\": escribe la cabecera con cadenas \"...\\r\\n\" en su lugar, o conviértela con cabecera.replace(\"\\n\", \"\\r\\n\")."
    }
    /// `\r\n` within triple quotes, or with print.
    LINE_END_TWICE {
        "After the \\r\\n of a line comes another line end, \\n, which ends the head too early.",
        "Tras el \\r\\n de una línea viene otro salto de línea, \\n, que cierra la cabecera antes de tiempo.";
        "The line breaks of triple quotes are sent as well: write each line as a string of its own, \"...\\r\\n\", in place of triple quotes, with \"\\r\\n\" after the last one. Or remove the \\r\\n that you wrote, and convert the whole: head.replace(\"\\n\", \"\\r\\n\").",
        "Los saltos de línea de las comillas triples también se envían: escribe cada línea como una cadena propia, \"...\\r\\n\", en lugar de las comillas triples, con \"\\r\\n\" tras la última. O quita los \\r\\n que escribiste y conviértelo todo: cabecera.replace(\"\\n\", \"\\r\\n\")."
    }
    /// `\n\r`
    SWAPPED {
        "A line of the head ends with \\n\\r: the two are in the wrong order.",
        "Una línea de la cabecera acaba en \\n\\r: los dos están en el orden contrario.";
        "Write them in this order, first \\r, then \\n: end every line of the head with \"\\r\\n\", the empty one too.",
        "Escríbelos en este orden, primero \\r y luego \\n: termina todas las líneas de la cabecera con \"\\r\\n\", también la vacía."
    }
    /// What C puts at the end of a string.
    ZERO {
        "There is a byte 0 in the head, at the beginning of a line.",
        "Hay un byte 0 en la cabecera, al principio de una línea.";
        "In C a string ends with a byte 0, which is not sent: send strlen(text) bytes, not sizeof and not one more.",
        "En C una cadena acaba en un byte 0, que no se envía: envía strlen(texto) bytes, no sizeof ni uno más."
    }
    /// CR without its LF.
    STRAY_CR {
        "The head has a \\r without the \\n that makes it a line end.",
        "En la cabecera hay un \\r sin el \\n que lo hace fin de línea.";
        "Write the two together and in this order, once: \"\\r\\n\".",
        "Escribe los dos juntos y en este orden, una vez: \"\\r\\n\"."
    }
    /// An empty line that is none.
    NOT_EMPTY {
        "The line that should end the head is not empty: there is whitespace in it.",
        "La línea que debería cerrar la cabecera no está vacía: lleva espacios.";
        "Send \"\\r\\n\" as the empty line, with no space or tab before it.",
        "Envía \"\\r\\n\" como línea vacía, sin espacio ni tabulador delante."
    }
    /// A text in triple quotes with its indentation.
    INDENTED {
        "Every line of the head after the first one begins with spaces, also the one that should be empty.",
        "Todas las líneas de la cabecera, menos la primera, empiezan con espacios; también la que debería estar vacía.";
        "A text in triple quotes keeps its indentation: begin its lines, the empty one and the closing quotes at the left margin. Or write each line as a string of its own, \"...\\r\\n\", with \"\\r\\n\" after the last one.",
        "Un texto entre comillas triples conserva su sangría: empieza sus líneas, la vacía y las comillas del final en el margen izquierdo. O escribe cada línea como una cadena propia, \"...\\r\\n\", con \"\\r\\n\" tras la última."
    }
    /// Content where the empty line should be.
    RUNS_INTO {
        "The content begins before the head has ended: there is no empty line between the head and the content.",
        "El contenido empieza sin que haya acabado la cabecera: falta la línea vacía entre la cabecera y el contenido.";
        "Send one more \"\\r\\n\" after the last line of the head, \"{line}\", so that \"\\r\\n\\r\\n\" ends the head.",
        "Envía un \"\\r\\n\" más tras la última línea de la cabecera, \"{line}\", para que \"\\r\\n\\r\\n\" cierre la cabecera."
    }
    /// The end where the empty line should be.
    NO_EMPTY_LINE {
        "The response is over, and no empty line has ended its head.",
        "La respuesta se acaba y ninguna línea vacía ha cerrado su cabecera.";
        "Send \"\\r\\n\\r\\n\" after the last field line.",
        "Envía \"\\r\\n\\r\\n\" tras el último campo."
    }
    /// `Name : value`
    SPACE_BEFORE_COLON {
        "There is whitespace between a field name and its colon.",
        "Hay un espacio entre el nombre de un campo y los dos puntos.";
        "Write the colon right after the name: \"Content-Type: text/html\\r\\n\".",
        "Escribe los dos puntos pegados al nombre: \"Content-Type: text/html\\r\\n\"."
    }
    /// No colon.
    NO_COLON {
        "A line of the head is not of the form \"name: value\": it has no colon after a name: {line}",
        "Una línea de la cabecera no tiene la forma \"nombre: valor\": le faltan los dos puntos tras un nombre: {line}";
        "If it is a field, write a colon right after its name: \"Content-Type: text/html\\r\\n\". If it is not, do not send it in the head.",
        "Si es un campo, escribe dos puntos pegados a su nombre: \"Content-Type: text/html\\r\\n\". Si no lo es, no lo envíes en la cabecera."
    }
    /// Two status lines.
    STATUS_LINE_TWICE {
        "A second status line comes in the head, where a field should be.",
        "En la cabecera viene una segunda línea de estado, donde debería ir un campo.";
        "Send the status line once, and then the fields.",
        "Envía la línea de estado una sola vez, y después los campos."
    }
    /// `Content Type: text/html`
    SPACE_IN_NAME {
        "A field name has a space in it.",
        "El nombre de un campo lleva un espacio.";
        "Write a hyphen instead: \"Content-Type: text/html\\r\\n\".",
        "Escribe un guion en su lugar: \"Content-Type: text/html\\r\\n\"."
    }
    /// No name.
    NO_NAME {
        "A line of the head does not begin with a field name.",
        "Una línea de la cabecera no empieza con el nombre de un campo.";
        "Begin each line with its name: no whitespace, no quotes and no brackets before it.",
        "Empieza cada línea con su nombre: sin espacios, comillas ni corchetes delante."
    }
}

/// With a word on whose head it is, if it is not the page's.
fn of_its_head(response: &Response, failure: Failure) -> Finding {
    match response.status() {
        Some(code) if code != 200 => failure.note(texts::OTHER_HEAD.with("code", code)),
        _ => failure,
    }
    .into()
}

/// `line-ends` (RFC 9112 section 2.2)
pub fn line_ends(_: &Target, transcripts: &Transcripts) -> Verification {
    let response = response_with_head(transcripts.at(0))?;
    match line_end(&response) {
        Some(failure) => Err(of_its_head(&response, failure)),
        None => Ok(()),
    }
}

/// A line of the head that does not end as it should.
pub(super) fn line_end(response: &Response) -> Option<Failure> {
    if let Some(zero) = response.zero {
        return Some(ZERO.at(0, zero..zero.saturating_add(1)));
    }
    let fields = response.fields.iter().map(|field| &field.line);
    for line in response.status_line.iter().chain(fields).chain(&response.blank) {
        if let Some(stray) = response.part(&line.text).iter().position(|&byte| byte == b'\r') {
            let stray = line.text.start.saturating_add(stray);
            return Some(STRAY_CR.at(0, stray..stray.saturating_add(1)));
        }
        if line.end == LineEnd::Lf {
            let next = response.bytes.get(line.next..).unwrap_or_default();
            // An empty line with its CR LF may follow a line that ends with LF alone.
            let is_line_end = next.starts_with(b"\r\n");
            let is_swapped_again = next.starts_with(b"\r\n\r") && !next.starts_with(b"\r\n\r\n");
            if next.starts_with(b"\r") && (!is_line_end || is_swapped_again) {
                return Some(SWAPPED.at(0, line.text.end..line.next.saturating_add(1)));
            }
            // The lines before it have their CR LF. What comes next is not the content yet.
            let is_blank = response.blank.as_ref().is_some_and(|blank| blank.text == line.text);
            let first_line = next.split(|&byte| byte == b'\n').next().unwrap_or_default();
            if is_blank && (response::is_known_field_line(first_line) || next.starts_with(b"\r\n\n")) {
                return Some(LINE_END_TWICE.at(0, line.text.end..line.next));
            }
            return Some(BARE_LF.at(0, line.text.end..line.next));
        }
    }
    None
}

/// `head-end` (RFC 9112 section 2.1): an empty line, however it ends (that is for `line-ends`).
pub fn head_end(_: &Target, transcripts: &Transcripts) -> Verification {
    let response = response_with_head(transcripts.at(0))?;
    let start = response.content_start;
    if let Some(blank) = &response.blank {
        return if response.part(&blank.text).iter().any(|byte| b" \t".contains(byte)) {
            let starts = |field: &Field| response.part(&field.line.text).starts_with(b" ");
            let fault = if response.fields.first().is_some_and(starts) {
                INDENTED
            } else {
                NOT_EMPTY
            };
            Err(of_its_head(&response, fault.at(0, blank.text.clone())))
        } else {
            Ok(())
        };
    }
    let failure = if let Some(place) = &response.written_out {
        let letters = String::from_utf8_lossy(response.part(place));
        WRITTEN_OUT.at(0, place.clone()).with("letters", letters)
    } else if response.is_glued {
        let line = escape::line(response.part(&last_line(&response)));
        GLUED.at(0, start..start.saturating_add(1)).with("line", line)
    } else if !response.body().is_empty() {
        let line = escape::line(response.part(&last_line(&response)));
        RUNS_INTO.at(0, start..start.saturating_add(1)).with("line", line)
    } else if response.is_last_line_ended() {
        ONE_LINE_END.at(0, start..start)
    } else {
        NO_EMPTY_LINE.at(0, start..start)
    };
    Err(of_its_head(&response, failure))
}

/// The last line of the head.
fn last_line(response: &Response) -> Range<usize> {
    let last_field = response.fields.last().map(|field| &field.line);
    let line = last_field.or(response.status_line.as_ref());
    line.map_or(0..0, |line| line.text.clone())
}

/// `field-lines` (RFC 9112 section 5)
pub fn field_lines(_: &Target, transcripts: &Transcripts) -> Verification {
    let response = response_with_head(transcripts.at(0))?;
    let is_shown = |field: &Field| {
        let first = response.part(&field.line.text).first();
        first.is_some_and(|byte| b"[{'\"".contains(byte))
    };
    // What Python shows of a list or a dictionary has the fields on one line, and is no fields.
    if let Some((name, place)) = joined(&response)
        && !response.fields.iter().any(is_shown)
    {
        let status_line = response.status_line.as_ref().map_or(0, |line| line.text.end);
        let fault = if place.start < status_line {
            JOINED_TO_STATUS
        } else {
            JOINED
        };
        return Err(of_its_head(&response, fault.at(0, place).with("name", name)));
    }
    let Some(field) = response.fields.iter().find(|field| !field.is_well_formed) else {
        return Ok(());
    };
    let name = response.part(&field.name);
    let line = &field.line.text;
    let failure = match response.part(&(field.name.end..line.end)).trim_ascii_start() {
        _ if !name.first().is_some_and(|&byte| is_tchar(byte)) => {
            NO_NAME.at(0, line.start..line.start.saturating_add(1))
        }
        _ if name.starts_with(b"HTTP/") || name == b"HTTP" => STATUS_LINE_TWICE.at(0, line.clone()),
        [b':', ..] if name.contains(&b' ') => SPACE_IN_NAME.at(0, field.name.clone()),
        [b':', ..] => SPACE_BEFORE_COLON.at(0, field.name.end..field.name.end.saturating_add(1)),
        _ => NO_COLON
            .at(0, line.clone())
            .with("line", escape::line(response.part(line))),
    };
    Err(of_its_head(&response, failure))
}

/// A known field whose line begins inside the value of another field, and has none of its own.
fn joined(response: &Response) -> Option<(&'static str, Range<usize>)> {
    let fields = KNOWN_FIELDS.into_iter().filter(|name| response.field(name).is_none());
    let inside = fields.filter_map(|name| Some((name, response.inside_another_line(name)?)));
    let status_line = response.status_line.as_ref().map_or(0, |line| line.text.end);
    // What is in the status line after a separator is no fault of it: `content-type` reports it.
    let is_joined = |place: &Range<usize>| {
        let before = place.start.checked_sub(1).and_then(|before| response.bytes.get(before));
        place.start >= status_line || before.is_some_and(u8::is_ascii_alphanumeric)
    };
    inside
        .filter(|(_, place)| is_joined(place))
        .min_by_key(|(_, place)| place.start)
}
