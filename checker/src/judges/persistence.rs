//! What becomes of a connection of which the request said nothing (RFC 9112 section 9.3).
//!
//! Connection 0 makes two requests if it can; 1 makes one that is to end its connection. If not even that does, `closes`
//! has told, and nothing is judged here.

use crate::answer::{self, Answer};
use crate::faults;
use crate::script::{End, Transcripts};
use crate::target::Target;
use crate::texts;
use crate::verdict::{Judgement, Objection};

faults! {
    /// Says keep-alive, and closes.
    SAYS_KEEP_ALIVE {
        "The answer says keep-alive, and the server closes the connection.",
        "La respuesta dice keep-alive, y el servidor cierra la conexión.";
        "Say what you do: send \"Connection: close\\r\\n\" if you close the socket after each answer.",
        "Di lo que haces: envía \"Connection: close\\r\\n\" si cierras el socket después de cada respuesta."
    }
    /// Says nothing in HTTP/1.1, and closes.
    SAYS_NOTHING {
        "In HTTP/1.1 a connection goes on unless the answer says otherwise; this one closes without a word.",
        "En HTTP/1.1 la conexión sigue si la respuesta no dice otra cosa; esta se cierra sin avisar.";
        "Add \"Connection: close\\r\\n\" to the head.",
        "Añade \"Connection: close\\r\\n\" a la cabecera."
    }
    /// Says close, and stays.
    SAYS_CLOSE {
        "The answer says close, and the server leaves the connection open.",
        "La respuesta dice close, y el servidor deja la conexión abierta.";
        "Close the client's socket after sending, or do not say close.",
        "Cierra el socket del cliente después de enviar, o no digas close."
    }
    /// Open, and no length.
    NO_LENGTH {
        "The connection stays open, and nothing says where the content ends: a browser waits forever.",
        "La conexión sigue abierta y nada dice dónde acaba el contenido: un navegador espera para siempre.";
        "Close the socket after each answer, or send Content-Length with the number of bytes.",
        "Cierra el socket después de cada respuesta, o envía Content-Length con el número de bytes."
    }
    /// Open, and deaf.
    SECOND_UNANSWERED {
        "The connection stays open, but a second request on it is not answered.",
        "La conexión sigue abierta, pero una segunda petición por ella no recibe respuesta.";
        "Close the socket after each answer and say Connection: close, or read the next request in a loop.",
        "Cierra el socket después de cada respuesta y di Connection: close, o lee la siguiente petición en un bucle."
    }
}

/// What became of a connection of which the request said nothing.
struct Persistence<'a> {
    answer: Answer<'a>,
    /// The server closed it behind the first answer.
    is_closed: bool,
    /// What came behind the second request.
    second: &'a [u8],
}

fn persistence(transcripts: &Transcripts) -> Result<Persistence<'_>, Objection> {
    let transcript = transcripts.at(0);
    // The second request was sent only if the connection was still there.
    let second_at = transcript.marks.get(1).copied();
    let (first, second) = transcript
        .received
        .split_at_checked(second_at.unwrap_or(transcript.received.len()))
        .unwrap_or_default();
    if first.is_empty() {
        return Err(texts::NO_ANSWER.into());
    }
    let answer = answer::read(first);
    if !answer.has_head {
        return Err(texts::NO_HEAD.into());
    }
    if second_at.is_some() && transcripts.at(1).end == End::Open {
        return Err(texts::NEVER_CLOSES.into());
    }
    Ok(Persistence {
        answer,
        is_closed: second_at.is_none(),
        second,
    })
}

/// `connection-field`: what it says is what it does (RFC 9112 section 9.3).
pub fn connection_field(_: &Target, transcripts: &Transcripts) -> Judgement {
    let Persistence { answer, is_closed, .. } = persistence(transcripts)?;
    let says_close = answer.lists("Connection", "close");
    let value = answer.field("Connection").map(|field| field.value.clone());
    let place = value.unwrap_or_else(|| super::fields::head_end_of(&answer));
    if is_closed && answer.lists("Connection", "keep-alive") {
        return Err(SAYS_KEEP_ALIVE.at(0, place).into());
    }
    // RFC 9112 section 9.3: HTTP/1.0 ends a connection without a word.
    let is_1_0 = answer.bytes.starts_with(b"HTTP/1.0");
    match (is_closed, says_close) {
        (true, false) if !is_1_0 => {
            super::fields::missing(&answer, "Connection")?;
            Err(SAYS_NOTHING.at(0, place).into())
        }
        (false, true) => Err(SAYS_CLOSE.at(0, place).into()),
        _ => Ok(()),
    }
}

/// `persistent`: what stays open is of use.
pub fn persistent(_: &Target, transcripts: &Transcripts) -> Judgement {
    let Persistence {
        answer,
        is_closed,
        second,
    } = persistence(transcripts)?;
    let length = answer.bytes.len();
    if is_closed || answer.lists("Connection", "close") || !second.is_empty() {
        return Ok(());
    }
    match answer.content_length() {
        None if !answer.is_chunked() => Err(NO_LENGTH.at(0, length..length).into()),
        _ => Err(SECOND_UNANSWERED.at(0, length..length).into()),
    }
}
