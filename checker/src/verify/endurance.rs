//! Whether the server is still there: connection 0 does something to it, and 1 asks for the page.

use crate::faults;
use crate::response;
use crate::script::{End, Transcripts};
use crate::target::Target;
use crate::texts;
use crate::verdict::{Fault, Verification};

faults! {
    /// `empty-connection`
    EMPTY_CONNECTION {
        "After a client that connected and left without sending anything, the next one gets no response.",
        "Después de un cliente que se conectó y se fue sin decir nada, el siguiente no recibe respuesta.";
        "recv returns b\"\" when the client has left: close its socket and go back to accept. Browsers do this all the time.",
        "recv devuelve b\"\" cuando el cliente se ha ido: cierra su socket y vuelve a accept. Los navegadores lo hacen a menudo."
    }
    /// `blank-line`
    BLANK_LINE {
        "After a client that sent only an empty line, the next one gets no response.",
        "Después de un cliente que solo envió una línea vacía, el siguiente no recibe respuesta.";
        "split()[1] of an empty line is an IndexError: look at how many words there are, and respond with 400 if there are too few.",
        "split()[1] de una línea vacía da IndexError: mira cuántas palabras hay y responde 400 si son pocas."
    }
    /// `half-request`
    HALF_REQUEST {
        "After a client that left in the middle of its request, the next one gets no response.",
        "Después de un cliente que se fue a mitad de su petición, el siguiente no recibe respuesta.";
        "When recv returns b\"\" before the request is complete, close the client's socket and go back to accept. Catch what sending to a client that has left raises (except OSError).",
        "Si recv devuelve b\"\" antes de que la petición esté completa, cierra el socket del cliente y vuelve a accept. Captura lo que da el envío a un cliente que se ha ido (except OSError)."
    }
    /// `idle-client`
    IDLE_CLIENT {
        "While another client is connected and says nothing, nobody gets a response.",
        "Mientras otro cliente está conectado y callado, nadie recibe respuesta.";
        "Set a time limit, connectionSocket.settimeout(2), and catch what then happens: except OSError (TimeoutError and BrokenPipeError are kinds of it); close the client's socket there and go back to accept. Or give each connection its own thread, if the lab does not ask for one client at a time.",
        "Ponle un tiempo límite a la conexión, connectionSocket.settimeout(2), y captura lo que pasa entonces: except OSError, que incluye TimeoutError y BrokenPipeError; cierra ahí el socket del cliente y vuelve a accept. O da a cada conexión su propio hilo, si la práctica no pide atender de uno en uno."
    }
    /// `early-leave`
    EARLY_LEAVE {
        "After a client that left before its response came, the next one gets no response.",
        "Después de un cliente que se fue antes de recibir su respuesta, el siguiente no recibe nada.";
        "send fails when the client has left: catch OSError (in C, ignore SIGPIPE), close the socket and go back to accept.",
        "send falla si el cliente se ha ido: captura OSError (en C, ignora SIGPIPE), cierra el socket y vuelve a accept."
    }
    /// `directory`
    DIRECTORY_NO_RESPONSE {
        "GET / gets no response.",
        "GET / no recibe respuesta.";
        "Once its \"/\" is taken away the name is empty, and open fails with another error than for a missing file: catch OSError and respond with 404, or send index.html.",
        "Sin su \"/\" el nombre queda vacío, y open da un error distinto del de un archivo que falta: captura OSError y responde 404, o envía index.html."
    }
    /// `directory`
    DIRECTORY_INVALID {
        "The response to GET / has no valid status.",
        "La respuesta a GET / no tiene un estado válido.";
        "Respond to GET / with a page, or with 404 Not Found.",
        "Responde a GET / con una página o con un 404 Not Found."
    }
    /// `long-target`, `many-fields`
    TOO_LONG_NO_RESPONSE {
        "A request that is too long gets no response, and its connection is not closed.",
        "Una petición demasiado larga no recibe respuesta ni se cierra su conexión.";
        "Stop reading at a limit of your own, such as 8192 bytes, and respond with 414 or 431, or close the connection.",
        "Deja de leer a partir de un límite tuyo, por ejemplo 8192 bytes, y responde 414 o 431, o cierra."
    }
    /// Gone afterwards.
    GONE {
        "After this request the server no longer responds.",
        "Después de esta petición el servidor ya no responde.";
        "Put everything from recv to the last send in a try, and catch whatever goes wrong with one request: except Exception as e: print(repr(e)). Then close its socket, and go back to accept.",
        "Pon todo, desde recv hasta el último send, en un try y captura lo que falle en una petición: except Exception as e: print(repr(e)). Después cierra su socket y vuelve a accept."
    }
    /// Gone after an empty line and a request.
    GONE_BLANK {
        "After a request with an empty line before it the server no longer responds.",
        "Después de una petición con una línea vacía delante el servidor ya no responde.";
        "The first line is empty there, and [1] of its split() is an IndexError. Take empty lines away first, data = data.lstrip(), and look at how many words the line has: with fewer than two, respond with 400 or close.",
        "La primera línea está ahí vacía, y el [1] de su split() da IndexError. Quita antes las líneas vacías, datos = datos.lstrip(), y mira cuántas palabras tiene la línea: si son menos de dos, responde 400 o cierra."
    }
    /// `restart`
    NOT_BACK {
        "The server was stopped, and was not back within 30 seconds.",
        "El servidor se paró y no volvió en 30 segundos.";
        "\"Address already in use\"? Before bind: serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1).",
        "¿«Address already in use»? Antes de bind: serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)."
    }
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident: $fault:ident;)*) => {
        $($(#[doc = $doc])+
        pub fn $name(_: &Target, transcripts: &Transcripts) -> Verification {
            still_responds(transcripts, $fault)
        })*
    };
}

rules! {
    /// `empty-connection`
    empty_connection: EMPTY_CONNECTION;
    /// `blank-line`
    blank_line: BLANK_LINE;
    /// `half-request`
    half_request: HALF_REQUEST;
    /// `idle-client`
    idle_client: IDLE_CLIENT;
    /// `early-leave`
    early_leave: EARLY_LEAVE;
}

/// `directory`: anything valid.
pub fn directory(_: &Target, transcripts: &Transcripts) -> Verification {
    let transcript = transcripts.at(0);
    if transcript.received.is_empty() {
        return Err(DIRECTORY_NO_RESPONSE.at(0, 0..0).into());
    }
    let response = response::read(&transcript.received);
    if response.has_head && !(200..600).contains(&response.status().ok_or(texts::NO_CODE)?) {
        return Err(DIRECTORY_INVALID.at(0, response.status_place()).into());
    }
    still_responds(transcripts, GONE)
}

/// `long-target`, `many-fields`: a response or a close, and then the page.
pub fn too_long(_: &Target, transcripts: &Transcripts) -> Verification {
    let transcript = transcripts.at(0);
    if transcript.received.is_empty() && transcript.end == End::Open {
        return Err(TOO_LONG_NO_RESPONSE.at(0, 0..0).into());
    }
    still_responds(transcripts, GONE)
}

fn still_responds(transcripts: &Transcripts, fault: Fault) -> Verification {
    if transcripts.at(1).received.is_empty() {
        Err(fault.at(1, 0..0).after(0).into())
    } else {
        Ok(())
    }
}

/// `restart`: connection 2 asked for the page first; 0 waited for the server to be gone, 1 for it to be back.
pub fn restart(_: &Target, transcripts: &Transcripts) -> Verification {
    if !transcripts.at(2).end.is_connected() {
        return Err(texts::NO_SERVER.into());
    }
    if transcripts.at(0).end != End::Refused {
        return Err(texts::NOT_STOPPED.into());
    }
    if transcripts.at(1).received.is_empty() {
        Err(NOT_BACK.at(1, 0..0).into())
    } else {
        Ok(())
    }
}
