//! What clients do to a server sooner or later. Those that most often kill one come last.

use super::{Check, Group, SHORT_TIMEOUT, TIMEOUT, points, scripts};
use crate::verify::{connection, content, endurance, same_page, traversal};
use aula::catalogue::Text;

/// In the order in which they run.
pub const CHECKS: &[Check] = &[
    Check {
        id: "two-segments",
        group: Group::Robustness,
        weights: points(2, 1, 1, 1),
        timeout: TIMEOUT,
        title: Text::new(
            "a request in two pieces is put together",
            "junta una petición que llega en dos partes",
        ),
        rule: Text::new(
            "TCP is a stream of bytes: a request may come in any pieces (RFC 9112 section 2.2; RFC 9293 section 3.7).",
            "TCP es un flujo de bytes: una petición puede llegar en partes (RFC 9112 sección 2.2; RFC 9293 sección 3.7).",
        ),
        script: scripts::two_segments,
        verify: same_page::two_segments,
    },
    Check {
        id: "one-write",
        group: Group::Robustness,
        weights: points(1, 0, 0, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "the response does not come byte by byte",
            "la respuesta no llega byte a byte",
        ),
        rule: Text::new(
            "A segment for each byte costs forty bytes of headers (RFC 9293 section 3.7.4).",
            "Un segmento por byte cuesta cuarenta bytes de cabeceras (RFC 9293 sección 3.7.4).",
        ),
        script: scripts::first,
        verify: connection::one_write,
    },
    Check {
        id: "query",
        group: Group::Robustness,
        weights: points(1, 1, 1, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "a query after the name does not hide the page",
            "una consulta tras el nombre no esconde la página",
        ),
        rule: Text::new(
            "The query is not part of the path (RFC 3986 section 3.4).",
            "La consulta no forma parte de la ruta (RFC 3986 sección 3.4).",
        ),
        script: scripts::query,
        verify: same_page::query,
    },
    Check {
        id: "percent",
        group: Group::Robustness,
        weights: points(0, 0, 0, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "a percent-encoded name is the same name",
            "un nombre codificado con % es el mismo nombre",
        ),
        rule: Text::new(
            "A letter and its percent-encoding are the same (RFC 3986 section 6.2.2.2).",
            "Una letra y su codificación con % son lo mismo (RFC 3986 sección 6.2.2.2).",
        ),
        script: scripts::percent,
        verify: same_page::percent,
    },
    Check {
        id: "leading-blank-line",
        group: Group::Robustness,
        weights: points(1, 0, 0, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "an empty line before a request is skipped",
            "salta una línea vacía antes de la petición",
        ),
        rule: Text::new(
            "A server ignores an empty line before the request line (RFC 9112 section 2.2).",
            "Un servidor ignora una línea vacía antes de la línea de petición (RFC 9112 sección 2.2).",
        ),
        script: scripts::leading_blank_line,
        verify: same_page::leading_blank_line,
    },
    Check {
        id: "traversal",
        group: Group::Robustness,
        weights: points(3, 1, 1, 2),
        timeout: SHORT_TIMEOUT,
        title: Text::new(
            "no file outside of the folder is sent",
            "no entrega nada de fuera de la carpeta",
        ),
        rule: Text::new(
            "A path must not lead out of the folder that is served (RFC 9110 section 17.3).",
            "Una ruta no debe salir de la carpeta que se sirve (RFC 9110 sección 17.3).",
        ),
        script: scripts::traversal,
        verify: traversal::traversal,
    },
    Check {
        id: "binary",
        group: Group::Robustness,
        weights: points(0, 0, 0, 2),
        timeout: TIMEOUT,
        title: Text::new(
            "a file that is not text comes back byte for byte",
            "un archivo binario llega byte a byte",
        ),
        rule: Text::new(
            "Content is bytes, not characters (RFC 9110 section 6.4).",
            "El contenido son bytes, no caracteres (RFC 9110 sección 6.4).",
        ),
        script: scripts::binary,
        verify: content::binary,
    },
    Check {
        id: "utf-8",
        group: Group::Robustness,
        weights: points(0, 0, 0, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "a file with accents comes back byte for byte",
            "un archivo con acentos llega byte a byte",
        ),
        rule: Text::new(
            "Content is bytes, not characters (RFC 9110 section 6.4); a name is percent-encoded UTF-8 (RFC 3986 section 2.5).",
            "El contenido son bytes, no caracteres (RFC 9110 sección 6.4); un nombre es UTF-8 codificado con % (RFC 3986 sección 2.5).",
        ),
        script: scripts::utf_8,
        verify: content::utf_8,
    },
    Check {
        id: "directory",
        group: Group::Robustness,
        weights: points(1, 1, 1, 1),
        timeout: TIMEOUT,
        title: Text::new("GET / gets a response", "responde a GET /"),
        rule: Text::new(
            "Every request for a path gets a response, also the one for / (RFC 9110 section 3.4).",
            "Toda petición de una ruta recibe respuesta, también la de / sola (RFC 9110 sección 3.4).",
        ),
        script: scripts::directory,
        verify: endurance::directory,
    },
    Check {
        id: "empty-connection",
        group: Group::Robustness,
        weights: points(2, 1, 1, 1),
        timeout: TIMEOUT,
        title: Text::new(
            "the server goes on if a client leaves at once",
            "un cliente que se va enseguida no hace daño",
        ),
        rule: Text::new(
            "A client may close at any time (RFC 9112 section 9.5).",
            "Un cliente puede cerrar en cualquier momento (RFC 9112 sección 9.5).",
        ),
        script: scripts::empty_connection,
        verify: endurance::empty_connection,
    },
    Check {
        id: "blank-line",
        group: Group::Robustness,
        weights: points(2, 1, 1, 1),
        timeout: TIMEOUT,
        title: Text::new(
            "the server goes on after a lone empty line",
            "una línea vacía sola no hace daño",
        ),
        rule: Text::new(
            "What is not a request gets 400, or is ignored (RFC 9112 sections 2.2 and 3).",
            "Lo que no es una petición recibe un 400 o se ignora (RFC 9112 secciones 2.2 y 3).",
        ),
        script: scripts::blank_line,
        verify: endurance::blank_line,
    },
    Check {
        id: "half-request",
        group: Group::Robustness,
        weights: points(2, 1, 1, 1),
        timeout: TIMEOUT,
        title: Text::new("the server goes on after half a request", "media petición no hace daño"),
        rule: Text::new(
            "A client may close in the middle of its request (RFC 9112 sections 8 and 9.5).",
            "Un cliente puede cerrar a mitad de su petición (RFC 9112 secciones 8 y 9.5).",
        ),
        script: scripts::half_request,
        verify: endurance::half_request,
    },
    Check {
        id: "early-leave",
        group: Group::Robustness,
        weights: points(1, 1, 1, 1),
        timeout: TIMEOUT,
        title: Text::new(
            "the server goes on if a client does not wait",
            "un cliente que no espera no hace daño",
        ),
        rule: Text::new(
            "A client may close before its response has come (RFC 9112 section 9.5).",
            "Un cliente puede cerrar antes de que llegue su respuesta (RFC 9112 sección 9.5).",
        ),
        script: scripts::early_leave,
        verify: endurance::early_leave,
    },
    Check {
        id: "long-target",
        group: Group::Robustness,
        weights: points(1, 0, 0, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "the server goes on after too long a request line",
            "una línea de petición enorme no hace daño",
        ),
        rule: Text::new(
            "A request-target that is too long gets 414 (RFC 9112 section 3), or the connection is closed.",
            "Un destino demasiado largo recibe un 414 (RFC 9112 sección 3) o un cierre.",
        ),
        script: scripts::long_target,
        verify: endurance::too_long,
    },
    Check {
        id: "many-fields",
        group: Group::Robustness,
        weights: points(1, 0, 0, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "the server goes on after a head that is too large",
            "una cabecera enorme no hace daño",
        ),
        rule: Text::new(
            "A head that is too large gets 431 (RFC 6585 section 5), or the connection is closed.",
            "Una cabecera demasiado grande recibe un 431 (RFC 6585 sección 5) o un cierre.",
        ),
        script: scripts::many_fields,
        verify: endurance::too_long,
    },
    Check {
        id: "idle-client",
        group: Group::Robustness,
        weights: points(2, 0, 0, 2),
        timeout: TIMEOUT,
        title: Text::new(
            "a silent client does not keep others waiting",
            "un cliente callado no hace esperar a los demás",
        ),
        rule: Text::new(
            "A server sets a limit to how long it waits for a client (RFC 9112 section 9.5).",
            "Un servidor pone un límite al tiempo que espera a un cliente (RFC 9112 sección 9.5).",
        ),
        script: scripts::idle_client,
        verify: endurance::idle_client,
    },
    Check {
        id: "restart",
        group: Group::Robustness,
        weights: points(0, 0, 0, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "the server can be started again at once",
            "el servidor se puede volver a arrancar enseguida",
        ),
        rule: Text::new(
            "With SO_REUSEADDR a port can be bound although old connections wait in TIME-WAIT (RFC 9293 section 3.6.1).",
            "Con SO_REUSEADDR se puede enlazar el puerto aunque queden conexiones en TIME-WAIT (RFC 9293 sección 3.6.1).",
        ),
        script: scripts::restart,
        verify: endurance::restart,
    },
];
