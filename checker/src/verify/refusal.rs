//! Requests that must not be treated as a GET of the page: connection 0 makes one, and 1 asks for the page.

use super::response_with_head;
use crate::faults;
use crate::script::Transcripts;
use crate::target::Target;
use crate::texts;
use crate::verdict::{Fault, Verification};

faults! {
    /// `head-method`
    HEAD_WITH_CONTENT {
        "The response to HEAD has content.",
        "La respuesta a HEAD trae contenido.";
        "Look at the first word of the request line, and send only the head if it is HEAD.",
        "Mira la primera palabra de la línea de petición y envía solo la cabecera si es HEAD."
    }
    /// `head-method`
    HEAD_NO_RESPONSE {
        "HEAD gets no response.",
        "HEAD no recibe respuesta.";
        "Respond to HEAD with the same head as to GET, or with 501 Not Implemented, and without content.",
        "Responde a HEAD con la misma cabecera que a GET, o con un 501 Not Implemented, y sin contenido."
    }
    /// `post`
    POST_ACCEPTED {
        "POST to the page is not refused.",
        "Un POST a la página no se rechaza.";
        "Look at the first word of the request line: if it is not GET, respond with 405 Method Not Allowed or 501 Not Implemented.",
        "Mira la primera palabra de la línea de petición: si no es GET, responde 405 Method Not Allowed o 501 Not Implemented."
    }
    /// `unknown-method`
    METHOD_ACCEPTED {
        "BREW, a method that does not exist, is not refused.",
        "BREW, un método que no existe, no se rechaza.";
        "Look at the first word of the request line: if you do not know it, respond with 501 Not Implemented.",
        "Mira la primera palabra de la línea de petición: si no la conoces, responde 501 Not Implemented."
    }
    /// `host-missing`
    HOST_MISSING {
        "An HTTP/1.1 request without Host is not refused.",
        "Una petición HTTP/1.1 sin Host no se rechaza.";
        "Respond with 400 Bad Request if the version is HTTP/1.1 and no field is called host.",
        "Responde 400 Bad Request si la versión es HTTP/1.1 y ningún campo se llama host."
    }
    /// `bad-request`
    BAD_REQUEST {
        "A line that is not a request is not refused.",
        "Una línea que no es una petición no se rechaza.";
        "Respond with 400 Bad Request unless the line is a method, a path and a version with one space between them.",
        "Responde 400 Bad Request si la línea no es un método, una ruta y una versión separados por un espacio."
    }
    /// `space-before-colon`
    SPACE_BEFORE_COLON {
        "A request with whitespace between a field name and its colon is not refused.",
        "Una petición con un espacio entre el nombre de un campo y los dos puntos no se rechaza.";
        "Respond with 400 Bad Request if the name before the colon ends with whitespace.",
        "Responde 400 Bad Request si el nombre acaba en espacio antes de los dos puntos."
    }
    /// Gone afterwards.
    GONE {
        "After this request the server no longer responds.",
        "Después de esta petición el servidor ya no responde.";
        "Catch whatever goes wrong with one request (except Exception as e: print(repr(e))), close its socket, and go back to accept.",
        "Captura lo que falle en una petición (except Exception as e: print(repr(e))), cierra su socket y vuelve a accept."
    }
}

/// `head-method` (RFC 9110 section 9.3.2)
pub fn head(_: &Target, transcripts: &Transcripts) -> Verification {
    let transcript = transcripts.at(0);
    if transcript.received.is_empty() {
        return Err(HEAD_NO_RESPONSE.at(0, 0..0).into());
    }
    let response = response_with_head(transcript)?;
    if response.body().is_empty() {
        Ok(())
    } else {
        Err(HEAD_WITH_CONTENT
            .at(0, response.content_start..response.bytes.len())
            .into())
    }
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident: $fault:ident, $may_close:literal;)*) => {
        $($(#[doc = $doc])+
        pub fn $name(_: &Target, transcripts: &Transcripts) -> Verification {
            is_refused(transcripts, $fault, $may_close)
        })*
    };
}

rules! {
    /// `post` (RFC 9110 sections 15.5.6 and 15.6.2)
    post: POST_ACCEPTED, false;
    /// `unknown-method` (RFC 9110 section 9.1)
    unknown_method: METHOD_ACCEPTED, false;
    /// `host-missing` (RFC 9112 section 3.2)
    host_missing: HOST_MISSING, false;
    /// `bad-request` (RFC 9112 section 3)
    bad_request: BAD_REQUEST, true;
    /// `space-before-colon` (RFC 9112 section 5.1)
    space_before_colon: SPACE_BEFORE_COLON, false;
}

/// The status is an error, or, if that is enough, the connection is closed; and the next request gets a response.
fn is_refused(transcripts: &Transcripts, fault: Fault, may_close: bool) -> Verification {
    let transcript = transcripts.at(0);
    let is_closed = transcript.received.is_empty() && transcript.end.is_by_server();
    if transcript.received.is_empty() && !(is_closed && may_close) {
        return Err(fault.at(0, 0..0).into());
    }
    if !transcript.received.is_empty() {
        let response = response_with_head(transcript)?;
        if response.status().ok_or(texts::NO_CODE)? < 400 {
            let failure = fault.at(0, response.status_place());
            let is_about_host = fault == SPACE_BEFORE_COLON;
            return Err(if is_about_host { failure.asked("Host") } else { failure }.into());
        }
    }
    if transcripts.at(1).received.is_empty() {
        Err(GONE.at(1, 0..0).after(0).into())
    } else {
        Ok(())
    }
}
