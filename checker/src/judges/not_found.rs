//! The answer to a name that nothing has (RFC 9110 section 15.5.5). Connection 0 asks for it, and 1 for the page.

use super::answer_with_head;
use crate::answer;
use crate::faults;
use crate::preset::Preset;
use crate::script::{End, Transcripts};
use crate::target::Target;
use crate::texts;
use crate::verdict::Judgement;

faults! {
    /// No answer.
    UNANSWERED {
        "A request for a file that does not exist is not answered.",
        "La petición de un archivo que no existe no recibe respuesta.";
        "Catch the error of open (except OSError) and answer 404 Not Found there, instead of letting the program end.",
        "Captura el error de open (except OSError) y responde ahí 404 Not Found, en vez de dejar que el programa termine."
    }
    /// Another status.
    NOT_404 {
        "A file that does not exist is answered with {code}, not with 404.",
        "Un archivo que no existe recibe un {code}, no un 404.";
        "Send \"HTTP/1.1 404 Not Found\\r\\n\" when the file cannot be opened, before its page: a page that says so is not enough.",
        "Envía \"HTTP/1.1 404 Not Found\\r\\n\" cuando el archivo no se pueda abrir, antes de su página: no basta con que esta lo diga."
    }
    /// No end of the head.
    UNTERMINATED {
        "No empty line ends the head of the 404.",
        "Falta la línea vacía que cierra la cabecera del 404.";
        "Send \"\\r\\n\\r\\n\" after the last field line of the 404 too.",
        "Envía \"\\r\\n\\r\\n\" tras el último campo también en el 404."
    }
    /// No content.
    NO_CONTENT {
        "The 404 has no content: a browser shows an empty page.",
        "El 404 no trae contenido: el navegador muestra una página en blanco.";
        "Send a small page after the head: <html><body><h1>404 Not Found</h1></body></html>",
        "Envía una pequeña página tras la cabecera: <html><body><h1>404 Not Found</h1></body></html>"
    }
    /// No end of the content.
    LEFT_OPEN {
        "The 404 does not end: the connection stays open, and no Content-Length says where it does.",
        "El 404 no termina: la conexión sigue abierta y ningún Content-Length dice dónde acaba.";
        "Close the client's socket in the branch of the 404 too (finally: connectionSocket.close()).",
        "Cierra el socket del cliente también en la rama del 404 (finally: connectionSocket.close())."
    }
    /// It does not say so.
    NOT_SAID {
        "The page of the 404 does not say Not Found, as the lab asks.",
        "La página del 404 no dice Not Found, como pide la práctica.";
        "Write Not Found into its content: <h1>404 Not Found</h1>",
        "Escribe Not Found en su contenido: <h1>404 Not Found</h1>"
    }
    /// Gone behind it.
    GONE {
        "After a 404 the server no longer answers.",
        "Después de un 404 el servidor ya no responde.";
        "After the 404 close only the client's socket and go back to accept: no exit(), no break, no serverSocket.close().",
        "Tras el 404 cierra solo el socket del cliente y vuelve a accept: sin exit(), sin break, sin serverSocket.close()."
    }
}

/// `not-found`
pub fn status(_: &Target, transcripts: &Transcripts) -> Judgement {
    let transcript = transcripts.at(0);
    if transcript.received.is_empty() {
        return Err(UNANSWERED.at(0, 0..0).into());
    }
    let answer = answer_with_head(transcript)?;
    match answer.status() {
        Some(404) => Ok(()),
        Some(code) => Err(NOT_404.at(0, answer.status_place()).with("code", code).into()),
        None => Err(texts::NO_CODE.into()),
    }
}

/// `not-found-complete`: head, content and end. What the page lacks as well is told by the checks of the page.
pub fn complete(target: &Target, transcripts: &Transcripts) -> Judgement {
    let transcript = transcripts.at(0);
    let answer = answer_with_head(transcript)?;
    if answer.status() != Some(404) {
        return Err(texts::NO_404.into());
    }
    let page_transcript = transcripts.at(1);
    let page = answer::read(&page_transcript.received);
    let start = answer.content_start;
    if answer.blank.is_none() && page.blank.is_some() {
        return Err(UNTERMINATED.at(0, start..start).into());
    }
    let content = answer.content();
    if content.is_empty() {
        return Err(NO_CONTENT.at(0, start..start).into());
    }
    let ends = transcript.end != End::Open || answer.is_complete();
    let page_ends = page_transcript.end != End::Open || page.is_complete();
    if !ends && page_ends {
        let length = answer.bytes.len();
        return Err(LEFT_OPEN.at(0, length..length).into());
    }
    let text = String::from_utf8_lossy(&content).to_ascii_lowercase();
    match target.preset == Preset::Mininet && !text.contains("not found") {
        true => Err(NOT_SAID.at(0, start..start.saturating_add(1)).into()),
        false => Ok(()),
    }
}

/// `survives-not-found`
pub fn survives(_: &Target, transcripts: &Transcripts) -> Judgement {
    // Without a 404, `not-found` has told already.
    super::answer(transcripts.at(0))?;
    match transcripts.at(1).received.is_empty() {
        true => Err(GONE.at(1, 0..0).after(0).into()),
        false => Ok(()),
    }
}
