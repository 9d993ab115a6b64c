//! What becomes of a connection of which the request said nothing (RFC 9112 section 9.3).
//!
//! Connection 0 makes two requests if it can; 1 makes one that is to end its connection. If not even that does,
//! `closes` reports it, and nothing is reported here.

use crate::faults;
use crate::response::{self, Response};
use crate::script::{End, Transcripts};
use crate::target::Target;
use crate::texts;
use crate::verdict::{Finding, Verification};

faults! {
    /// Says keep-alive, and closes.
    SAYS_KEEP_ALIVE {
        "The response says keep-alive, and the server closes the connection.",
        "La respuesta dice keep-alive, y el servidor cierra la conexión.";
        "Say what you do: send \"Connection: close\\r\\n\" if you close the socket after each response.",
        "Di lo que haces: envía \"Connection: close\\r\\n\" si cierras el socket después de cada respuesta."
    }
    /// Says nothing in HTTP/1.1, and closes.
    SAYS_NOTHING {
        "In HTTP/1.1 a connection stays open unless the response says otherwise; this one closes without a word.",
        "En HTTP/1.1 la conexión sigue si la respuesta no dice otra cosa; esta se cierra sin avisar.";
        "Add \"Connection: close\\r\\n\" to the head.",
        "Añade \"Connection: close\\r\\n\" a la cabecera."
    }
    /// Says close, and stays.
    SAYS_CLOSE {
        "The response says close, and the server leaves the connection open.",
        "La respuesta dice close, y el servidor deja la conexión abierta.";
        "Close the client's socket after sending, or do not say close.",
        "Cierra el socket del cliente después de enviar, o no digas close."
    }
    /// Open, and no length.
    NO_LENGTH {
        "The connection stays open, and nothing says where the content ends: a browser waits forever.",
        "La conexión sigue abierta y nada dice dónde acaba el contenido: un navegador espera para siempre.";
        "Close the socket after each response, or send Content-Length with the number of bytes.",
        "Cierra el socket después de cada respuesta, o envía Content-Length con el número de bytes."
    }
    /// Open, and deaf.
    SECOND_NO_RESPONSE {
        "The connection stays open, but a second request on it gets no response.",
        "La conexión sigue abierta, pero una segunda petición por ella no recibe respuesta.";
        "Close the socket after each response and say Connection: close, or read the next request in a loop.",
        "Cierra el socket después de cada respuesta y di Connection: close, o lee la siguiente petición en un bucle."
    }
}

/// What became of a connection of which the request said nothing.
struct Persistence<'a> {
    response: Response<'a>,
    /// The server closed it after the first response.
    is_closed: bool,
    /// What came after the second request.
    second: &'a [u8],
}

fn persistence(transcripts: &Transcripts) -> Result<Persistence<'_>, Finding> {
    let transcript = transcripts.at(0);
    // The second request was sent only if the connection was still there.
    let second_at = transcript.marks.get(1).copied();
    let (first, second) = transcript
        .received
        .split_at_checked(second_at.unwrap_or(transcript.received.len()))
        .unwrap_or_default();
    if first.is_empty() {
        return Err(texts::NO_RESPONSE.into());
    }
    let response = response::read(first);
    if !response.has_head {
        return Err(texts::NO_HEAD.into());
    }
    if second_at.is_some() && transcripts.at(1).end == End::Open {
        return Err(texts::NEVER_CLOSES.into());
    }
    Ok(Persistence {
        response,
        is_closed: second_at.is_none(),
        second,
    })
}

/// `connection-field`: what it says is what it does (RFC 9112 section 9.3).
pub fn connection_field(_: &Target, transcripts: &Transcripts) -> Verification {
    let Persistence {
        response, is_closed, ..
    } = persistence(transcripts)?;
    let says_close = response.lists("Connection", "close");
    let value = response.field("Connection").map(|field| field.value.clone());
    let place = value.unwrap_or_else(|| super::fields::head_end_of(&response));
    if is_closed && response.lists("Connection", "keep-alive") {
        return Err(SAYS_KEEP_ALIVE.at(0, place).into());
    }
    // RFC 9112 section 9.3: HTTP/1.0 ends a connection without a word.
    let is_1_0 = response.bytes.starts_with(b"HTTP/1.0");
    match (is_closed, says_close) {
        (true, false) if !is_1_0 => {
            super::fields::missing(&response, "Connection")?;
            Err(SAYS_NOTHING.at(0, place).into())
        }
        (false, true) => Err(SAYS_CLOSE.at(0, place).into()),
        _ => Ok(()),
    }
}

/// `persistent`: what stays open is of use.
pub fn persistent(_: &Target, transcripts: &Transcripts) -> Verification {
    let Persistence {
        response,
        is_closed,
        second,
    } = persistence(transcripts)?;
    let length = response.bytes.len();
    if is_closed || response.lists("Connection", "close") || !second.is_empty() {
        return Ok(());
    }
    match response.content_length() {
        None if !response.is_chunked() => Err(NO_LENGTH.at(0, length..length).into()),
        _ => Err(SECOND_NO_RESPONSE.at(0, length..length).into()),
    }
}
