//! The response to a name that no file has (RFC 9110 section 15.5.5). Connection 0 asks for it, and 1 for the page.

use super::{head, repeated, response_with_head, status};
use crate::faults;
use crate::preset::Preset;
use crate::response::{self, Response};
use crate::script::{End, Transcripts};
use crate::target::Target;
use crate::texts;
use crate::verdict::{Finding, Verification};
use aula::escape;

faults! {
    /// No response.
    NO_RESPONSE {
        "A request for a file that does not exist gets no response.",
        "La petición de un archivo que no existe no recibe respuesta.";
        "The last line of the server's terminal shows the exception that is the cause: fix what it names. FileNotFoundError: catch it around open (except OSError) and send the 404 there, instead of letting the program end. BrokenPipeError or \"not connected\": the 404 is sent on serverSocket; send it on connectionSocket. \"Bad file descriptor\": close() comes before the 404 is sent; send it first. TypeError: the text that is sent needs .encode().",
        "La última línea de la terminal del servidor muestra la excepción que es la causa: corrige lo que indica. FileNotFoundError: captúralo alrededor de open (except OSError) y envía ahí el 404, en vez de dejar que el programa termine. BrokenPipeError o «not connected»: el 404 se envía por serverSocket; envíalo por connectionSocket. «Bad file descriptor»: close() va antes de enviar el 404; envíalo primero. TypeError: al texto que se envía le falta .encode()."
    }
    /// Neither a byte nor a death.
    SILENT {
        "A request for a file that does not exist gets no response: not a byte is sent.",
        "La petición de un archivo que no existe no recibe respuesta: no se envía ni un byte.";
        "Where the file is missing, call connectionSocket.send(\"HTTP/1.1 404 Not Found\\r\\n\\r\\n\".encode()): an except that only prints or passes sends nothing, and neither does an if without else. If the terminal shows an exception, that is the cause.",
        "Donde falta el archivo, llama a connectionSocket.send(\"HTTP/1.1 404 Not Found\\r\\n\\r\\n\".encode()): un except que solo hace print o pass no envía nada, y un if sin else tampoco. Si la terminal muestra una excepción, esa es la causa."
    }
    /// The program had ended before.
    GONE_BEFORE {
        "The program had ended before this request: it served a few clients and no more.",
        "El programa había terminado antes de esta petición: atendió a unos pocos clientes y no más.";
        "If the server's terminal shows an exception, fix that first. Otherwise put accept inside an endless loop (while True, not a for or a counter), without exit(), break or return.",
        "Si la terminal del servidor muestra una excepción, arregla eso primero. Si no, pon accept en un bucle sin fin (while True, no un for ni un contador), sin exit(), break ni return."
    }
    /// The head of the 200 before open, and that of the 404 after it.
    TWO_HEADS {
        "A request for a file that does not exist gets {code}, and a 404 after it.",
        "La petición de un archivo que no existe recibe un {code}, y después un 404.";
        "Open the file before you send \"HTTP/1.1 200 OK\": open fails if the file is missing, but the 200 is already sent.",
        "Abre el archivo antes de enviar \"HTTP/1.1 200 OK\": open falla si no está el archivo, pero el 200 ya se ha enviado."
    }
    /// Another status.
    NOT_404 {
        "A request for a file that does not exist gets {code}, not 404.",
        "Un archivo que no existe recibe un {code}, no un 404.";
        "Where the file cannot be opened, write \"HTTP/1.1 404 Not Found\" in place of \"HTTP/1.1 {code}\" and its words: change only that, so that the head still ends with \"\\r\\n\\r\\n\". A page that says so is not enough.",
        "Donde el archivo no se pueda abrir, escribe \"HTTP/1.1 404 Not Found\" en lugar de \"HTTP/1.1 {code}\" y sus palabras: cambia solo eso, para que la cabecera siga acabando en \"\\r\\n\\r\\n\". No basta con que lo diga la página."
    }
    /// A name that is written in the program.
    THE_PAGE {
        "A request for a file that does not exist gets the page {page}, with {code}.",
        "La petición de un archivo que no existe recibe la página {page}, con un {code}.";
        "Open the file that the request names, and not a name that is written in the program. Its name is the second word of the request line without its first \"/\": split()[1][1:]. Where open fails, send \"HTTP/1.1 404 Not Found\\r\\n\\r\\n\".",
        "Abre el archivo que nombra la petición, y no un nombre escrito en el programa. Su nombre es la segunda palabra de la línea de petición sin su primera \"/\": split()[1][1:]. Donde open falle, envía \"HTTP/1.1 404 Not Found\\r\\n\\r\\n\"."
    }
    /// The program ended between two lines of it.
    ENDED_IN_IT {
        "The program ended in the middle of the 404, before its head was complete.",
        "El programa terminó a mitad del 404, antes de completar su cabecera.";
        "The server's terminal says why: fix what the last line names. send takes bytes, as in send(\"\\r\\n\".encode()).",
        "La terminal del servidor dice por qué: arregla lo que nombra la última línea. send necesita bytes, como en send(\"\\r\\n\".encode())."
    }
    /// Only the page of the 404.
    NO_STATUS_LINE {
        "The response for a file that does not exist has no status line: it begins with its page.",
        "La respuesta a un archivo que no existe no tiene línea de estado: empieza con su página.";
        "Send \"HTTP/1.1 404 Not Found\\r\\n\\r\\n\" before the page that says so.",
        "Envía \"HTTP/1.1 404 Not Found\\r\\n\\r\\n\" antes de la página que lo dice."
    }
    /// Only `404 Not Found`.
    BAD_STATUS_LINE {
        "The status line of the 404 is not valid: {line}",
        "La línea de estado del 404 no es válida: {line}";
        "Write it in this form: \"HTTP/1.1 404 Not Found\\r\\n\".",
        "Escríbela de esta forma: \"HTTP/1.1 404 Not Found\\r\\n\"."
    }
    /// No end of the head, and not even of its last line.
    UNTERMINATED {
        "No empty line ends the head of the 404.",
        "Falta la línea vacía que cierra la cabecera del 404.";
        "Send \"\\r\\n\\r\\n\" after the last line of its head, before its page.",
        "Envía \"\\r\\n\\r\\n\" tras la última línea de su cabecera, antes de su página."
    }
    /// No empty line; the last line has its end.
    ONE_LINE_END {
        "No empty line ends the head of the 404.",
        "Falta la línea vacía que cierra la cabecera del 404.";
        "Send one more \"\\r\\n\": the last line of its head has one already, and the second one makes the empty line.",
        "Envía \"\\r\\n\" una vez más: la última línea de su cabecera ya tiene uno, y el segundo hace la línea vacía."
    }
    /// No content.
    NO_CONTENT {
        "The 404 has no content: some browsers show an empty page.",
        "El 404 no trae contenido: algunos navegadores muestran una página en blanco.";
        "Send a small page after the head: <html><body><h1>404 Not Found</h1></body></html> (with a Content-Length, its number of bytes)",
        "Envía una pequeña página tras la cabecera: <html><body><h1>404 Not Found</h1></body></html> (si hay Content-Length, con su número de bytes)"
    }
    /// No end of the content.
    LEFT_OPEN {
        "The 404 does not end: the connection stays open, and no Content-Length says where it does.",
        "El 404 no termina: la conexión sigue abierta y ningún Content-Length dice dónde acaba.";
        "Close the client's socket in the branch of the 404 too (finally: connectionSocket.close()).",
        "Cierra el socket del cliente también en la rama del 404 (finally: connectionSocket.close())."
    }
    /// Content-Length with another number.
    WRONG_LENGTH {
        "The Content-Length of the 404 says {said}, but its content has {real} bytes.",
        "El Content-Length del 404 dice {said}, pero su contenido tiene {real} bytes.";
        "Count the bytes of the page that you send with the 404: len(page) of its bytes, after encode().",
        "Cuenta los bytes de la página que envías con el 404: len(pagina) de sus bytes, después de encode()."
    }
    /// It does not say so.
    NOT_SAID {
        "The page of the 404 does not say Not Found, as the lab asks.",
        "La página del 404 no dice Not Found, como pide la práctica.";
        "Write Not Found into its content: <h1>404 Not Found</h1>",
        "Escribe Not Found en su contenido: <h1>404 Not Found</h1>"
    }
    /// Something of it is left over.
    CHANGED {
        "After a 404 the page no longer comes as it did before.",
        "Después de un 404 la página ya no llega como antes.";
        "Something is left over from the 404: give each variable its first value again for each request, inside the loop.",
        "Queda algo del 404: da a cada variable su valor inicial en cada petición, dentro del bucle."
    }
    /// It accepts afterwards, and does not respond.
    STUCK {
        "After a request for a file that does not exist the server accepts connections, but responds to nobody.",
        "Después de pedir un archivo que no existe el servidor acepta conexiones, pero no responde a nadie.";
        "Something waits since then. Compare the branch of the 404 with that of the 200: what is done only there, such as release() of a Lock or Semaphore, close() of the client's socket, or the end of an inner loop? Do it in both, or use \"with lock:\", which releases it in any case.",
        "Algo se queda esperando desde entonces. Compara la rama del 404 con la del 200: ¿qué se hace solo en esta, como release() de un Lock o Semaphore, close() del socket del cliente o el final de un bucle interior? Hazlo en las dos, o usa «with lock:», que lo libera siempre."
    }
    /// Gone afterwards.
    GONE {
        "After a 404 the server no longer responds.",
        "Después de un 404 el servidor ya no responde.";
        "After the 404 close only the client's socket (connectionSocket.close(), not serverSocket.close()) and go back to accept, without exit() or break. If the server's terminal shows an exception, fix that first: \"Bad file descriptor\" at accept means that serverSocket was closed.",
        "Tras el 404 cierra solo el socket del cliente (connectionSocket.close(), no serverSocket.close()) y vuelve a accept, sin exit() ni break. Si la terminal del servidor muestra una excepción, arregla eso primero: «Bad file descriptor» en accept quiere decir que se cerró serverSocket."
    }
}

/// `not-found`
pub fn status(target: &Target, transcripts: &Transcripts) -> Verification {
    let transcript = transcripts.at(0);
    if transcript.received.is_empty() {
        // A response in HTTP/0.9 has no status, and may well be empty.
        let is_0_9 = super::response(transcripts.at(1)).is_ok_and(|page| !page.has_head);
        if target.preset == Preset::Lab01 && is_0_9 {
            return Err(texts::NO_HEAD.into());
        }
        let fault = match transcript.end {
            End::Refused => GONE_BEFORE,
            _ if super::has_ended(transcripts, 1) => NO_RESPONSE,
            _ => SILENT,
        };
        return Err(fault.at(0, 0..0).into());
    }
    let (response, page) = (
        response::read(&transcript.received),
        response::read(&transcripts.at(1).received),
    );
    if !response.has_head && page.has_head {
        return Err(NO_STATUS_LINE.at(0, 0..1).into());
    }
    let status_line = response_with_head(transcript)?.status_line;
    // A fault that the page's status line has as well has been reported there.
    let is_like_pages = page
        .status_line
        .as_ref()
        .is_none_or(|line| status::form(&page, line).is_some());
    // Nothing came for the page if the 404 ended the server, and then nothing says what the page's is like.
    let is_like_pages = is_like_pages && !page.bytes.is_empty();
    match response.status() {
        Some(404) => match status_line.and_then(|line| Some((status::form(&response, &line)?, line))) {
            Some((failure, line)) if !is_like_pages => {
                let line = escape::line(response.part(&line.text));
                Err(BAD_STATUS_LINE.at(0, failure.range).with("line", line).into())
            }
            _ => Ok(()),
        },
        Some(code) => {
            let rest = response.bytes.get(response.status_place().end..).unwrap_or_default();
            let second = b"HTTP/1.1 404";
            let has_both = rest.windows(second.len()).any(|window| window == second);
            let content = response.content();
            let is_the_page = !content.trim_ascii().is_empty() && content == page.content();
            let fault = match () {
                () if has_both => TWO_HEADS,
                () if is_the_page => THE_PAGE,
                () => NOT_404,
            };
            let failure = fault.at(0, response.status_place());
            Err(failure.with("code", code).with("page", &target.page).into())
        }
        None => Err(texts::NO_CODE.into()),
    }
}

/// The response, if it is a 404. In HTTP/0.9 the words "404 Not Found" are content.
fn response_404<'a>(target: &Target, transcripts: &'a Transcripts) -> Result<Response<'a>, Finding> {
    let response = response_with_head(transcripts.at(0))?;
    let page = response::read(&transcripts.at(1).received);
    if target.preset == Preset::Lab01 && !page.bytes.is_empty() && !page.has_head {
        return Err(texts::NO_HEAD.into());
    }
    match response.status() {
        Some(404) => Ok(response),
        _ => Err(texts::NO_404.into()),
    }
}

/// Whether the program ended while it sent the 404.
fn has_ended_in_it(response: &Response, transcripts: &Transcripts) -> bool {
    super::has_ended(transcripts, 1) && response.blank.is_none() && response.body().is_empty()
}

/// `not-found-complete`: head and end. That no connection is ever closed is for `closes` to report.
pub fn complete(target: &Target, transcripts: &Transcripts) -> Verification {
    let transcript = transcripts.at(0);
    let response = response_404(target, transcripts)?;
    let page_transcript = transcripts.at(1);
    let page = response::read(&page_transcript.received);
    let start = response.content_start;
    if has_ended_in_it(&response, transcripts) {
        return Err(ENDED_IN_IT.at(0, start..start).into());
    }
    if response.blank.is_none() {
        // The page got the same 404, or there is no telling what a head is.
        if page.status() == Some(404) || page.written_out.is_some() {
            return Err(texts::HEAD_UNENDED.into());
        }
        let fault = if response.is_last_line_ended() {
            ONE_LINE_END
        } else {
            UNTERMINATED
        };
        let failure = fault.at(0, start..start);
        return Err(if page.blank.is_none() && page.has_head {
            failure.note(texts::AS_THE_PAGE.into())
        } else {
            failure
        }
        .into());
    }
    if let Some(failure) = head::line_end(&response).filter(|_| head::line_end(&page).is_none() && page.has_head) {
        return Err(failure.note(texts::HEAD_OF_404.into()).into());
    }
    // If the page's is wrong too, `content-length` reports it.
    let wrong_length = |response: &Response| {
        let said = response.content_length().filter(|_| !response.is_chunked())?;
        Some(said).filter(|&said| said != response.body().len())
    };
    if let (Some(said), None, Some(field)) = (
        wrong_length(&response),
        wrong_length(&page),
        response.field("Content-Length"),
    ) {
        let failure = WRONG_LENGTH.at(0, field.value.clone());
        return Err(failure.with("said", said).with("real", response.body().len()).into());
    }
    let ends = transcript.end != End::Open || response.is_complete();
    let page_ends = page_transcript.end != End::Open || page.is_complete();
    if !ends && page_ends {
        let length = response.bytes.len();
        Err(LEFT_OPEN.at(0, length..length).into())
    } else {
        Ok(())
    }
}

/// `not-found-page`: it has content, which says so in mininet.
pub fn page(target: &Target, transcripts: &Transcripts) -> Verification {
    let response = response_404(target, transcripts)?;
    if has_ended_in_it(&response, transcripts) {
        return Err(texts::ENDED_IN_404.into());
    }
    if super::has_ended(transcripts, 1) {
        return Err(texts::GONE_AFTER_404.into());
    }
    let (start, content) = (response.content_start, response.content());
    if content.trim_ascii().is_empty() {
        // Who has not ended the head has more urgent things to do.
        return match response.blank {
            Some(_) => Err(NO_CONTENT.at(0, start..start).into()),
            None => Err(texts::UNENDED_404.into()),
        };
    }
    let text = String::from_utf8_lossy(&content).to_ascii_lowercase();
    if target.preset == Preset::Mininet && !text.contains("not found") {
        Err(NOT_SAID.at(0, start..start.saturating_add(1)).into())
    } else {
        Ok(())
    }
}

/// `survives-not-found`
pub fn survives(target: &Target, transcripts: &Transcripts) -> Verification {
    // Without a 404, `not-found` has reported it already; but HTTP/0.9 may close without a byte.
    let response = match super::response(transcripts.at(0)) {
        Err(_) if target.preset == Preset::Lab01 => response::read(&[]),
        response => response?,
    };
    if response.status() == Some(404) && has_ended_in_it(&response, transcripts) {
        return Err(texts::ENDED_IN_404.into());
    }
    let (before, after) = (&transcripts.at(2).received, &transcripts.at(1).received);
    if after.is_empty() {
        let fault = match transcripts.at(1).end {
            End::Open | End::NoResponse => STUCK,
            _ => GONE,
        };
        return Err(fault.at(1, 0..0).after(0).into());
    }
    // `survives` has reported a response that grows.
    let (before, after) = (response::read(before), response::read(after));
    let is_as_before = before.bytes.is_empty()
        || repeated::is_same(before.bytes, after.bytes)
        || repeated::inside(&before, &after).is_some();
    if is_as_before {
        Ok(())
    } else {
        Err(CHANGED.at(1, 0..after.bytes.len()).after(0).into())
    }
}
