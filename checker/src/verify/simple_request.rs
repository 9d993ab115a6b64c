//! `GET` and a path on a line, as HTTP/0.9 (1991) has it: the response is the bare file, ended by the connection's end.

use crate::faults;
use crate::response;
use crate::script::{End, Transcript, Transcripts};
use crate::target::Target;
use crate::verdict::Verification;

faults! {
    /// A simple request without a response.
    NO_RESPONSE {
        "GET and a path on a line, without a version, as in HTTP/0.9, gets no response.",
        "GET y una ruta en una línea, sin versión, como en HTTP/0.9, no reciben respuesta.";
        "The request line has two words here, not three, so that method, path, version = line.split() is a ValueError, which the terminal shows: take the path alone, line.split()[1], and the version only if there is a third word. Send only the file's bytes then.",
        "Aquí la línea de petición tiene dos palabras, no tres, y metodo, ruta, version = linea.split() da un ValueError, que muestra la terminal: toma solo la ruta, linea.split()[1], y la versión solo si hay una tercera palabra. Envía entonces solo los bytes del archivo."
    }
    /// A response only after an empty line.
    WAITS {
        "GET and a path on a line, as in HTTP/0.9, gets no response before an empty line follows.",
        "GET y una ruta en una línea, como en HTTP/0.9, no reciben respuesta hasta que sigue una línea vacía.";
        "Respond as soon as the first line has ended, at \"\\n\": an HTTP/0.9 request has no version, no fields and no empty line. Read on until \"\\r\\n\\r\\n\" only if the line has a version.",
        "Responde en cuanto acabe la primera línea, en \"\\n\": una petición HTTP/0.9 no tiene versión, ni campos, ni línea vacía. Sigue leyendo hasta \"\\r\\n\\r\\n\" solo si la línea lleva versión."
    }
    /// A head in HTTP/0.9.
    HEAD {
        "The response to an HTTP/0.9 request begins with a head.",
        "La respuesta a una petición HTTP/0.9 empieza con una cabecera.";
        "Send only the file's bytes: HTTP/0.9 has no status line and no fields. (A server that also speaks HTTP/1.1 sends a head only if the request line has a version.)",
        "Envía solo los bytes del archivo: en HTTP/0.9 no hay línea de estado ni campos. (Un servidor que también habla HTTP/1.1 envía cabecera solo si la línea de petición lleva versión.)"
    }
    /// Other bytes in HTTP/0.9.
    CONTENT {
        "The response to an HTTP/0.9 request is not the file's bytes.",
        "La respuesta a una petición HTTP/0.9 no son los bytes del archivo.";
        "Open the file with mode \"rb\" and send all of it, with nothing around it.",
        "Abre el archivo en modo \"rb\" y envíalo entero, sin nada alrededor."
    }
    /// Open after HTTP/0.9.
    OPEN {
        "The response to an HTTP/0.9 request does not end: only closing the connection ends it.",
        "La respuesta a una petición HTTP/0.9 no termina: solo la termina el cierre de la conexión.";
        "Close the client's socket after the file's last byte.",
        "Cierra el socket del cliente tras el último byte del archivo."
    }
}

/// `simple-request`: HTTP/0.9. An empty line was sent after a while, to see what a server without a response waits for.
pub fn simple_request(target: &Target, transcripts: &Transcripts) -> Verification {
    let Transcript {
        received, end, marks, ..
    } = transcripts.at(0);
    let response = response::read(received);
    if received.is_empty() {
        return Err(NO_RESPONSE.at(0, 0..0).into());
    }
    if marks.get(1) == Some(&0) {
        return Err(WAITS.at(0, 0..0).into());
    }
    if let (true, Some(line)) = (response.has_head, &response.status_line) {
        return Err(HEAD.at(0, line.text.clone()).into());
    }
    if let Some(content) = target.page_content().filter(|content| content != received) {
        let same = content.iter().zip(received).take_while(|(one, other)| one == other);
        let place = same.count();
        return Err(CONTENT.at(0, place..place.saturating_add(1)).into());
    }
    match end {
        End::Open => Err(OPEN.at(0, received.len()..received.len()).into()),
        _ => Ok(()),
    }
}
