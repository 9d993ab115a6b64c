//! The form of a head: its status line, its lines, its end (RFC 9112 sections 2 to 5). What its fields say is for [`fields`](super::fields).

use super::answer_with_head;
use crate::answer::LineEnd;
use crate::faults;
use crate::preset::Preset;
use crate::script::Transcripts;
use crate::target::Target;
use crate::texts;
use crate::verdict::Judgement;
use aula::http::grammar::is_tchar;

faults! {
    /// The answer begins with its content.
    NO_STATUS_LINE {
        "The answer does not begin with a status line.",
        "La respuesta no empieza con una línea de estado.";
        "Send \"HTTP/1.1 200 OK\\r\\n\" before anything else.",
        "Envía \"HTTP/1.1 200 OK\\r\\n\" antes que nada."
    }
    /// `200 OK`
    NO_VERSION {
        "The status line begins with the status code: the version is missing.",
        "La línea de estado empieza con el código de estado: falta la versión.";
        "Write \"HTTP/1.1 \" in front of it, as in \"HTTP/1.1 200 OK\\r\\n\".",
        "Escribe \"HTTP/1.1 \" delante, como en \"HTTP/1.1 200 OK\\r\\n\"."
    }
    /// `HTTP 1.1/ 200`, `HTTP/1.x`
    BAD_VERSION {
        "The version is not HTTP/1.1 or HTTP/1.0.",
        "La versión no es HTTP/1.1 ni HTTP/1.0.";
        "Write it in capitals, with a slash and two digits and no space: \"HTTP/1.1 200 OK\\r\\n\".",
        "Escríbela en mayúsculas, con barra y dos cifras y sin espacios: \"HTTP/1.1 200 OK\\r\\n\"."
    }
    /// No three digits.
    BAD_CODE {
        "After the version and one space there is no status code of three digits.",
        "Tras la versión y un espacio no hay un código de estado de tres cifras.";
        "Write one space and the code: \"HTTP/1.1 200 OK\\r\\n\".",
        "Escribe un espacio y el código: \"HTTP/1.1 200 OK\\r\\n\"."
    }
    /// `200OK`, or `200` alone.
    NO_SPACE {
        "After the status code there is no space.",
        "Tras el código de estado no hay un espacio.";
        "Write a space between code and reason, and write it also if you give no reason: \"HTTP/1.1 200 OK\\r\\n\".",
        "Escribe un espacio entre el código y la frase, y escríbelo también si no pones frase: \"HTTP/1.1 200 OK\\r\\n\"."
    }
    /// Another status.
    NOT_200 {
        "The page {page} is answered with {code}, not with 200.",
        "La página {page} llega con un {code}, no con un 200.";
        "Is the file in the folder where you start the server? Take the second word of the request line without its first \"/\".",
        "¿Está el archivo en la carpeta donde arrancas el servidor? Usa la segunda palabra de la línea de petición sin su \"/\" inicial."
    }
    /// LF alone.
    BARE_LF {
        "A line of the head ends with \\n alone.",
        "Una línea de la cabecera acaba solo con \\n.";
        "End every line of the head with \"\\r\\n\", the empty one too; print and triple quotes write \"\\n\" alone.",
        "Termina todas las líneas de la cabecera con \"\\r\\n\", también la vacía; print y las comillas triples ponen solo \"\\n\"."
    }
    /// CR without its LF.
    STRAY_CR {
        "A \\r stands in the head without the \\n that makes it a line end.",
        "En la cabecera hay un \\r sin el \\n que lo hace fin de línea.";
        "Write the two together and in this order, once: \"\\r\\n\".",
        "Escribe los dos juntos y en este orden, una vez: \"\\r\\n\"."
    }
    /// Content where the empty line should be.
    RUNS_INTO {
        "The content begins while the head has not ended: no empty line stands before it.",
        "El contenido empieza sin que haya acabado la cabecera: falta la línea vacía que los separa.";
        "Send \"\\r\\n\" once more after the last field line, so that \"\\r\\n\\r\\n\" ends the head.",
        "Envía \"\\r\\n\" una vez más tras el último campo, para que \"\\r\\n\\r\\n\" cierre la cabecera."
    }
    /// The end where the empty line should be.
    NO_EMPTY_LINE {
        "The answer is over, and no empty line has ended its head.",
        "La respuesta se acaba y ninguna línea vacía ha cerrado su cabecera.";
        "Send \"\\r\\n\\r\\n\" after the last field line.",
        "Envía \"\\r\\n\\r\\n\" tras el último campo."
    }
    /// `Name : value`
    SPACE_BEFORE_COLON {
        "White space stands between a field name and its colon.",
        "Hay un espacio entre el nombre de un campo y sus dos puntos.";
        "Write the colon right after the name: \"Content-Type: text/html\\r\\n\".",
        "Escribe los dos puntos pegados al nombre: \"Content-Type: text/html\\r\\n\"."
    }
    /// No colon.
    NO_COLON {
        "A line of the head is not of the form \"name: value\": it has no colon after its name.",
        "Una línea de la cabecera no tiene la forma \"nombre: valor\": le faltan los dos puntos tras el nombre.";
        "Write a colon right after the name: \"Content-Type: text/html\\r\\n\".",
        "Escribe dos puntos pegados al nombre: \"Content-Type: text/html\\r\\n\"."
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
        "Begin each line with its name: no white space, no quotes and no brackets before it.",
        "Empieza cada línea con su nombre: sin espacios, comillas ni corchetes delante."
    }
}

/// `status-line` (RFC 9112 section 4)
pub fn status_line(target: &Target, transcripts: &Transcripts) -> Judgement {
    let answer = super::answer(transcripts.at(0))?;
    let received = answer.bytes;
    let Some(line) = &answer.status_line else {
        // HTTP/0.9 has none, and Lab01 allows it.
        return match target.preset {
            Preset::Lab01 if !answer.has_head => Err(texts::NO_HEAD.into()),
            _ => Err(NO_STATUS_LINE.at(0, 0..received.len().min(1)).into()),
        };
    };
    let text = answer.part(&line.text);
    let (version, rest) = match text.iter().position(|&byte| byte == b' ') {
        Some(space) => text.split_at_checked(space).unwrap_or_default(),
        None => (text, &[][..]),
    };
    if version.first().is_some_and(u8::is_ascii_digit) {
        return Err(NO_VERSION.at(0, 0..version.len()).into());
    }
    if version != b"HTTP/1.1" && version != b"HTTP/1.0" {
        // Up to the code: `HTTP 1.1/` has a space in it.
        let end = answer
            .code
            .as_ref()
            .map_or(version.len(), |(_, code)| code.start.saturating_sub(1));
        return Err(BAD_VERSION.at(0, 0..end.max(1)).into());
    }
    let code_at = version.len().saturating_add(1);
    match (&answer.code, rest) {
        (Some((_, code)), _) if code.start == code_at => match received.get(code.end) {
            Some(b' ') => Ok(()),
            _ => Err(NO_SPACE.at(0, code.end..code.end).into()),
        },
        _ => Err(BAD_CODE.at(0, version.len()..line.text.end).into()),
    }
}

/// `status-200`
pub fn status_200(target: &Target, transcripts: &Transcripts) -> Judgement {
    let answer = answer_with_head(transcripts.at(0))?;
    match answer.status() {
        Some(200) => Ok(()),
        Some(code) => {
            let failure = NOT_200.at(0, answer.status_place());
            Err(failure.with("page", &target.page).with("code", code).into())
        }
        None => Err(texts::NO_CODE.into()),
    }
}

/// `line-ends` (RFC 9112 section 2.2)
pub fn line_ends(_: &Target, transcripts: &Transcripts) -> Judgement {
    let answer = answer_with_head(transcripts.at(0))?;
    let fields = answer.fields.iter().map(|field| &field.line);
    for line in answer.status_line.iter().chain(fields).chain(&answer.blank) {
        if let Some(stray) = answer.part(&line.text).iter().position(|&byte| byte == b'\r') {
            let stray = line.text.start.saturating_add(stray);
            return Err(STRAY_CR.at(0, stray..stray.saturating_add(1)).into());
        }
        if line.end == LineEnd::Lf {
            return Err(BARE_LF.at(0, line.text.end..line.next).into());
        }
    }
    Ok(())
}

/// `head-end` (RFC 9112 section 2.1): an empty line, however it ends (that is for `line-ends`).
pub fn head_end(_: &Target, transcripts: &Transcripts) -> Judgement {
    let answer = answer_with_head(transcripts.at(0))?;
    let start = answer.content_start;
    match answer.blank {
        Some(_) => Ok(()),
        None if answer.body().is_empty() => Err(NO_EMPTY_LINE.at(0, start..start).into()),
        None => Err(RUNS_INTO.at(0, start..start.saturating_add(1)).into()),
    }
}

/// `field-lines` (RFC 9112 section 5)
pub fn field_lines(_: &Target, transcripts: &Transcripts) -> Judgement {
    let answer = answer_with_head(transcripts.at(0))?;
    let Some(field) = answer.fields.iter().find(|field| !field.is_well_formed) else {
        return Ok(());
    };
    let name = answer.part(&field.name);
    let line = &field.line.text;
    Err(match answer.part(&(field.name.end..line.end)).trim_ascii_start() {
        _ if !name.first().is_some_and(|&byte| is_tchar(byte)) => {
            NO_NAME.at(0, line.start..line.start.saturating_add(1))
        }
        [b':', ..] if name.contains(&b' ') => SPACE_IN_NAME.at(0, field.name.clone()),
        [b':', ..] => SPACE_BEFORE_COLON.at(0, field.name.end..field.name.end.saturating_add(1)),
        _ => NO_COLON.at(0, line.clone()),
    }
    .into())
}
