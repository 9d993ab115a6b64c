//! The status line: its form (RFC 9112 section 4), and what it says of the page.

use super::{response_with_head, traversal};
use crate::faults;
use crate::preset::Preset;
use crate::response::{self, Line, Response};
use crate::script::{Transcript, Transcripts};
use crate::target::Target;
use crate::texts;
use crate::verdict::{Failure, Verification};
use aula::escape;

faults! {
    /// The response begins with its content.
    NO_STATUS_LINE {
        "The response does not begin with a status line.",
        "La respuesta no empieza con una línea de estado.";
        "Send the whole head before anything else, with connectionSocket.send (print only writes to your own terminal): \"HTTP/1.1 200 OK\\r\\n\", then the fields, then the empty line \"\\r\\n\"; and only then the content.",
        "Envía la cabecera entera antes que nada, con connectionSocket.send (print solo escribe en tu propia terminal): \"HTTP/1.1 200 OK\\r\\n\", luego los campos, luego la línea vacía \"\\r\\n\"; y solo después el contenido."
    }
    /// The response begins with a field.
    FIELD_FIRST {
        "The response begins with a field: the status line before {name} is missing.",
        "La respuesta empieza con un campo: falta la línea de estado delante de {name}.";
        "Send \"HTTP/1.1 200 OK\\r\\n\" before anything else, also before {name}.",
        "Envía \"HTTP/1.1 200 OK\\r\\n\" antes que nada, también antes de {name}."
    }
    /// The head is sent after the content.
    HEAD_LAST {
        "The response begins with its content, and the head comes after it.",
        "La respuesta empieza con su contenido, y la cabecera llega después.";
        "Move the send of the head up: the whole head comes before anything else, and only after its empty line the content.",
        "Sube el send de la cabecera: va entera antes que nada, y solo tras su línea vacía el contenido."
    }
    /// `HTTP/0.9 200 OK`
    VERSION_0_9 {
        "HTTP/0.9 has no status line: a response in HTTP/0.9 is the file's bytes alone.",
        "HTTP/0.9 no tiene línea de estado: una respuesta en HTTP/0.9 son solo los bytes del archivo.";
        "If the request line has a version, write HTTP/1.1 here: \"HTTP/1.1 200 OK\\r\\n\". If it has none, send no head at all.",
        "Si la línea de petición lleva versión, escribe aquí HTTP/1.1: \"HTTP/1.1 200 OK\\r\\n\". Si no la lleva, no envíes cabecera."
    }
    /// `200 OK`
    NO_VERSION {
        "The status line begins with the status code: the version is missing.",
        "La línea de estado empieza con el código de estado: falta la versión.";
        "Write \"HTTP/1.1 \" in front of it, so that it reads HTTP/1.1 200 OK, and change nothing else.",
        "Escribe \"HTTP/1.1 \" delante, para que diga HTTP/1.1 200 OK, y no cambies nada más."
    }
    /// `200 OK HTTP/1.1`
    VERSION_LAST {
        "The status line begins with the status code, and the version comes after it.",
        "La línea de estado empieza con el código de estado, y la versión viene después.";
        "Write the version first, in this order: HTTP/1.1 200 OK. Leave what comes after it as it is.",
        "Escribe primero la versión, en este orden: HTTP/1.1 200 OK. Deja como está lo que viene después."
    }
    /// `HTTP/1.1200 OK`, `HTTP/1.1, 200 OK`
    NO_SPACE_AFTER_VERSION {
        "After {version} there is no space, but {character}",
        "Tras {version} no hay un espacio, sino {character}";
        "Write one space between version and status code, and nothing else there: HTTP/1.1 200 OK. Leave the rest of the string as it is.",
        "Escribe un espacio entre la versión y el código de estado, y nada más ahí: HTTP/1.1 200 OK. Deja como está el resto de la cadena."
    }
    /// `encode("utf-16")`
    UTF_16 {
        "The response is in UTF-16: there is a byte 0 beside each letter.",
        "La respuesta está en UTF-16: hay un byte 0 junto a cada letra.";
        "Use encode() or encode(\"utf-8\"): each letter of a head is one byte.",
        "Usa encode() o encode(\"utf-8\"): cada letra de una cabecera es un byte."
    }
    /// `HTTP 1.1/ 200`, `HTTP/1.x`
    BAD_VERSION {
        "The version is not HTTP/1.1 or HTTP/1.0.",
        "La versión no es HTTP/1.1 ni HTTP/1.0.";
        "Write it exactly so, in capitals, with a slash, two digits and a dot, and no space in it: HTTP/1.1. After it come one space and the code: HTTP/1.1 200 OK. Leave the rest of the string as it is.",
        "Escríbela exactamente así, en mayúsculas, con una barra, dos cifras y un punto, y sin ningún espacio dentro: HTTP/1.1. Después van un espacio y el código: HTTP/1.1 200 OK. Deja como está el resto de la cadena."
    }
    /// `HTTP 200 OK`
    NO_NUMBER {
        "The version has no number.",
        "A la versión le falta el número.";
        "Write HTTP/1.1 in place of {version}, so that it reads HTTP/1.1 200 OK, and change nothing else.",
        "Escribe HTTP/1.1 en lugar de {version}, para que diga HTTP/1.1 200 OK, y no cambies nada más."
    }
    /// No three digits.
    BAD_CODE {
        "After the version and one space there is no status code of three digits.",
        "Tras la versión y un espacio no hay un código de estado de tres cifras.";
        "Write one space and the code after the version: HTTP/1.1 200 OK. Leave the rest of the string as it is.",
        "Escribe un espacio y el código tras la versión: HTTP/1.1 200 OK. Deja como está el resto de la cadena."
    }
    /// `HTTP/1.1 OK 200`
    REASON_FIRST {
        "The reason comes before the status code.",
        "La frase viene antes del código de estado.";
        "Write the code first: HTTP/1.1 200 OK. Leave what comes after it as it is.",
        "Escribe primero el código: HTTP/1.1 200 OK. Deja como está lo que viene después."
    }
    /// `HTTP/1.1 {code} OK`: an f is missing before the quotes.
    BRACES {
        "A variable in braces was sent as it is written, and not its value.",
        "Una variable entre llaves se envió tal como está escrita, y no su valor.";
        "Write f before the quotes of this string, or call format(...) on it, so that the value comes in its place: HTTP/1.1 200 OK.",
        "Escribe f delante de las comillas de esa cadena, o llama a su format(...), para que llegue el valor en su lugar: HTTP/1.1 200 OK."
    }
    /// `200OK`, or only `200`.
    NO_SPACE {
        "After the status code there is no space.",
        "Tras el código de estado no hay un espacio.";
        "Write a space between code and reason, and write it also if you give no reason: HTTP/1.1 200 OK. Leave the rest of the string as it is.",
        "Escribe un espacio entre el código y la frase, y escríbelo también si no pones frase: HTTP/1.1 200 OK. Deja como está el resto de la cadena."
    }
    /// 404 for the page.
    PAGE_404 {
        "The request for the page {page} gets 404, not 200.",
        "La petición de la página {page} recibe un 404, no un 200.";
        "1. In the branch that sends the 404, print the cause: except Exception as e: print(type(e), e); without an except, print(repr(name)). 2. Any exception but FileNotFoundError is the fault: fix what it names. (BrokenPipeError: send on connectionSocket, not on serverSocket.) 3. FileNotFoundError shows the name that was opened. If it is the name of a variable, take away the quotes around it. If it is not '{name}' or './{name}', use the second word of the request line without its first \"/\": recv(1024).decode().split()[1][1:], and take off that \"/\" only once. (A name that begins with b' needs the decode(), and one that is cut off needs the 1024.) 4. If the name is right, start the server in the folder that has the file. If your server has another page, check that one, for example --page /index.html",
        "1. En la rama que envía el 404, muestra la causa: except Exception as e: print(type(e), e); sin except, print(repr(nombre)). 2. Cualquier excepción que no sea FileNotFoundError es ella misma el fallo: corrige lo que indica. (BrokenPipeError: envía por connectionSocket, no por serverSocket.) 3. FileNotFoundError muestra el nombre que se abrió. Si es el nombre de una variable, quítale las comillas. Si no es '{name}' ni './{name}', usa la segunda palabra de la línea de petición sin su primera \"/\": recv(1024).decode().split()[1][1:], y quita esa \"/\" una sola vez. (Si el nombre empieza por b', falta el decode(); si está cortado, falta el 1024.) 4. Si el nombre está bien, arranca el servidor en la carpeta que tiene el archivo. Si tu servidor tiene otra página, comprueba esa, por ejemplo --page /index.html"
    }
    /// 404 for the page, from a server that sends `/etc/passwd`: it opens the path as it comes.
    SLASH_KEPT {
        "The request for the page {page} gets 404, not 200: the program looks for it in the root of the whole machine, as {page}, and not in its folder.",
        "La petición de la página {page} recibe un 404, no un 200: el programa la busca en la raíz de toda la máquina, como {page}, y no en su carpeta.";
        "Open the name without its first \"/\": filename[1:] in place of filename. (os.path.join(folder, filename), too, leaves the folder out if filename begins with \"/\".) What shows it: in response to GET /etc/passwd your server sends that file of this machine.",
        "Abre el nombre sin su primera \"/\": filename[1:] en lugar de filename. (También os.path.join(carpeta, filename) descarta la carpeta si filename empieza por \"/\".) Lo que lo muestra: en respuesta a GET /etc/passwd tu servidor envía ese archivo de esta máquina."
    }
    /// 405 or 501.
    GET_REFUSED {
        "The request for the page {page} gets {code}, not 200: the server refuses its method, which is GET.",
        "La petición de la página {page} recibe un {code}, no un 200: el servidor rechaza su método, que es GET.";
        "Compare the first word of the request line with \"GET\", in capitals: request.split()[0] == \"GET\".",
        "Compara la primera palabra de la línea de petición con \"GET\", en mayúsculas: peticion.split()[0] == \"GET\"."
    }
    /// Another status of the client's.
    PAGE_REFUSED {
        "The request for the page {page} gets {code}, not 200.",
        "La petición de la página {page} recibe un {code}, no un 200.";
        "A condition in your program refuses this request: print what it compares. For a file that exists send \"HTTP/1.1 200 OK\\r\\n\". If an except sends this {code}, print the exception in it: except Exception as e: print(repr(e))",
        "Una condición de tu programa rechaza esta petición: muestra con print lo que compara. Para un archivo que existe envía \"HTTP/1.1 200 OK\\r\\n\". Si este {code} lo envía un except, muestra ahí la excepción: except Exception as e: print(repr(e))"
    }
    /// Another success, or a redirection.
    NOT_OK {
        "The request for the page {page} gets {code}, not 200.",
        "La petición de la página {page} recibe un {code}, no un 200.";
        "For a file that exists send \"HTTP/1.1 200 OK\\r\\n\" and the file itself, whatever its name.",
        "Para un archivo que existe envía \"HTTP/1.1 200 OK\\r\\n\" y el propio archivo, se llame como se llame."
    }
    /// Another status.
    NOT_200 {
        "The request for the page {page} gets {code}, not 200.",
        "La petición de la página {page} recibe un {code}, no un 200.";
        "Send \"HTTP/1.1 200 OK\\r\\n\" for a file that exists. If an except sends this {code}, print the exception in it: except Exception as e: print(repr(e))",
        "Envía \"HTTP/1.1 200 OK\\r\\n\" para un archivo que existe. Si este {code} lo envía un except, muestra ahí la excepción: except Exception as e: print(repr(e))"
    }
    /// The book's first TCP server sends back what it gets, in capitals.
    ECHO {
        "The response is the request itself, sent back.",
        "La respuesta es la propia petición, devuelta.";
        "Do not send back what recv returned: send \"HTTP/1.1 200 OK\\r\\n\\r\\n\" and then the bytes of the file that the request names.",
        "No devuelvas lo que dio recv: envía \"HTTP/1.1 200 OK\\r\\n\\r\\n\" y luego los bytes del archivo que nombra la petición."
    }
    /// White space before the status line.
    LEADING_SPACE {
        "There is whitespace before the status line: \"{bytes}\"",
        "Delante de la línea de estado hay espacios o saltos de línea: \"{bytes}\"";
        "Remove what comes before HTTP/1.1: the first letter of the response must be the H of HTTP. In triple quotes, the text begins right after the quotes: a line break there is sent too.",
        "Quita lo que hay delante de HTTP/1.1: la primera letra de la respuesta debe ser la H de HTTP. Entre comillas triples, el texto empieza justo tras las comillas: un salto de línea ahí también se envía."
    }
    /// `\r\n` before the status line, which no triple quotes write.
    LEADING_LINE_END {
        "There is a line end before the status line: \"{bytes}\"",
        "Delante de la línea de estado hay un salto de línea: \"{bytes}\"";
        "Remove what comes before HTTP/1.1, in the same string or in a send of its own: the first letter of the response must be the H of HTTP.",
        "Quita lo que hay delante de HTTP/1.1, en la misma cadena o en otro send: la primera letra de la respuesta debe ser la H de HTTP."
    }
    /// Something else before the status line.
    LEADING {
        "The status line does not come first: before it there is {bytes}",
        "La línea de estado no es lo primero: delante está {bytes}";
        "Remove what comes before HTTP/1.1. If it is b', the bytes were turned into text with str(): send them as they are.",
        "Quita lo que hay delante de HTTP/1.1. Si es b', los bytes se convirtieron en texto con str(): envíalos tal cual."
    }
}

/// `status-line` (RFC 9112 section 4)
pub fn status_line(target: &Target, transcripts: &Transcripts) -> Verification {
    let transcript = transcripts.at(0);
    let response = super::response(transcript)?;
    let received = response.bytes;
    let Some(line) = &response.status_line else {
        if is_echo(transcript) {
            return Err(ECHO.at(0, 0..first_row(received)).is_everything().into());
        }
        if is_utf_16(received) {
            return Err(UTF_16.at(0, 0..received.len().min(4)).is_everything().into());
        }
        // HTTP/0.9 has none, and Lab01 allows it.
        return match target.preset {
            Preset::Lab01 if !response.has_head => Err(texts::NO_HEAD.into()),
            _ if response.has_head => {
                let field = response.fields.first().map_or(0..0, |field| field.name.clone());
                let name = escape::line(response.part(&field));
                Err(FIELD_FIRST.at(0, field).with("name", name).into())
            }
            _ => match received.windows(9).position(is_status_line_start) {
                Some(place) => Err(HEAD_LAST.at(0, place..place.saturating_add(9)).into()),
                None => Err(NO_STATUS_LINE.at(0, 0..received.len().min(1)).into()),
            },
        };
    };
    let start = line.text.start;
    if start > 0 {
        let leading = response.part(&response.leading);
        let fault = match leading.trim_ascii() {
            [] if leading.starts_with(b"\r") => LEADING_LINE_END,
            [] => LEADING_SPACE,
            _ => LEADING,
        };
        let failure = fault.at(0, response.leading.clone());
        return Err(failure.with("bytes", escape::line(leading)).into());
    }
    match form(&response, line) {
        Some(failure) => Err(failure.into()),
        None => Ok(()),
    }
}

/// `HTTP/1.1 ` or `HTTP/1.0 `
fn is_status_line_start(bytes: &[u8]) -> bool {
    bytes == b"HTTP/1.1 " || bytes == b"HTTP/1.0 "
}

/// What is wrong with the form of a status line.
#[inline(never)] // It is called in many places, and would be copied into each of them.
pub(super) fn form(response: &Response, line: &Line) -> Option<Failure> {
    let text = response.part(&line.text);
    let start = line.text.start;
    let (version, rest) = match text.iter().position(|&byte| byte == b' ') {
        Some(space) => text.split_at_checked(space).unwrap_or_default(),
        None => (text, &[][..]),
    };
    if version.first().is_some_and(u8::is_ascii_digit) {
        if let Some(place) = text.windows(6).position(|window| window == b"HTTP/1") {
            let place = start.saturating_add(place);
            return Some(VERSION_LAST.at(0, place..line.text.end));
        }
        return Some(NO_VERSION.at(0, start..start.saturating_add(version.len())));
    }
    if version != b"HTTP/1.1" && version != b"HTTP/1.0" {
        let (known, more) = version.split_at_checked(8).unwrap_or_default();
        if known == b"HTTP/1.1" || known == b"HTTP/1.0" {
            let place = start.saturating_add(known.len());
            let failure = NO_SPACE_AFTER_VERSION.at(0, place..place.saturating_add(1));
            let character = more.get(..1).unwrap_or_default();
            return Some(
                failure
                    .with("version", escape::line(known))
                    .with("character", escape::line(character)),
            );
        }
        if version == b"HTTP/0.9" {
            return Some(VERSION_0_9.at(0, start..start.saturating_add(version.len())));
        }
        let code = response.code.as_ref().map(|(_, code)| code.start);
        if [b"HTTP".as_slice(), b"HTTP/"].contains(&version)
            && code == Some(start.saturating_add(version.len()).saturating_add(1))
        {
            let failure = NO_NUMBER.at(0, start..start.saturating_add(version.len()));
            return Some(failure.with("version", escape::line(version)));
        }
        // Up to the code: `HTTP 1.1/` has a space in it.
        let end = code.map_or(version.len(), |code| code.saturating_sub(1));
        return Some(BAD_VERSION.at(0, start..end.max(start.saturating_add(1))));
    }
    let version_end = start.saturating_add(version.len());
    match (&response.code, rest) {
        (Some((_, code)), _) if code.start == version_end.saturating_add(1) => match response.bytes.get(code.end) {
            Some(b' ') => None,
            // That is for `head-end`: what follows is no part of this line.
            _ if response.is_glued || response.written_out.is_some() => None,
            _ => Some(NO_SPACE.at(0, code.end..code.end)),
        },
        _ if text.contains(&b'{') && text.contains(&b'}') => Some(BRACES.at(0, version_end..line.text.end)),
        _ if has_late_code(rest) => Some(REASON_FIRST.at(0, version_end..line.text.end)),
        _ => Some(BAD_CODE.at(0, version_end..line.text.end)),
    }
}

/// Whether a status code, three digits, comes after another word.
fn has_late_code(words: &[u8]) -> bool {
    let mut words = words.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let is_code = |word: &[u8]| word.len() == 3 && word.iter().all(u8::is_ascii_digit);
    words.next().is_some_and(|word| !is_code(word)) && words.any(is_code)
}

/// Whether every other byte at the beginning is 0, perhaps after a byte order mark.
fn is_utf_16(bytes: &[u8]) -> bool {
    let text = bytes
        .strip_prefix(b"\xff\xfe")
        .or_else(|| bytes.strip_prefix(b"\xfe\xff"));
    let start = text.unwrap_or(bytes).get(..8).unwrap_or_default();
    let zeros = |first: usize| start.iter().skip(first).step_by(2).all(|&byte| byte == 0);
    !start.is_empty() && (zeros(0) || zeros(1))
}

/// Whether the request came back, whatever became of its letters' case.
fn is_echo(transcript: &Transcript) -> bool {
    let (sent, received) = (transcript.sent.trim_ascii(), transcript.received.trim_ascii());
    let count = sent.len().min(received.len());
    count >= MOST_OF_A_LINE
        && sent
            .get(..count)
            .unwrap_or_default()
            .eq_ignore_ascii_case(received.get(..count).unwrap_or_default())
}

/// A response with at least this many bytes of the request is the request.
const MOST_OF_A_LINE: usize = 12;

/// The length of the first line.
fn first_row(bytes: &[u8]) -> usize {
    let line = bytes.iter().take_while(|&&byte| byte != b'\r' && byte != b'\n');
    line.count().max(1).min(bytes.len())
}

/// `status-200`
pub fn status_200(target: &Target, transcripts: &Transcripts) -> Verification {
    let response = response_with_head(transcripts.at(0))?;
    match response.status() {
        Some(200) => Ok(()),
        Some(code) => {
            let fault = match code {
                404 => PAGE_404,
                405 | 501 => GET_REFUSED,
                200..=399 => NOT_OK,
                400..=499 => PAGE_REFUSED,
                _ => NOT_200,
            };
            let failure = fault.at(0, response.status_place());
            let name = target.page.trim_start_matches('/');
            Err(failure
                .with("page", &target.page)
                .with("code", code)
                .with("name", name)
                .into())
        }
        None => Err(texts::NO_CODE.into()),
    }
}

/// What the requests of `traversal` show of a page that gets 404: that its name was opened as it came.
#[must_use]
pub fn in_the_root(target: &Target, failure: &Failure, of_traversal: &Transcripts) -> Option<Failure> {
    if !failure.what.is_of(PAGE_404.what) || !traversal::sends_passwd(of_traversal) {
        return None;
    }
    let told = SLASH_KEPT.at(failure.connection, failure.range.clone());
    Some(told.with("page", &target.page))
}

/// What the 404 shows of a fault in the page's status line: that it has one too.
#[must_use]
pub fn status_line_of_404(_: &Target, failure: &Failure, of_404: &Transcripts) -> Option<Failure> {
    let response = response::read(&of_404.at(0).received);
    let line = response.status_line.as_ref()?;
    form(&response, line)?;
    Some(failure.clone().note(texts::THE_404_TOO.into()))
}
