//! What the RFCs ask of a server besides.

use super::{Check, Group, SHORT_TIMEOUT, TIMEOUT, TIP_IN_KUROSE, points, scripts};
use crate::verify::{connection, content, fields, persistence, refusal, same_page};
use aula::catalogue::Text;

/// In the order in which they run.
pub const CHECKS: &[Check] = &[
    Check {
        id: "after-content",
        group: Group::Rfc,
        weights: TIP_IN_KUROSE,
        timeout: TIMEOUT,
        title: Text::new(
            "nothing follows the file's last byte",
            "nada sigue al último byte del archivo",
        ),
        rule: Text::new(
            "Without Content-Length everything up to the close is content (RFC 9112 section 6.3).",
            "Sin Content-Length, todo lo que llega hasta el cierre es contenido (RFC 9112 sección 6.3).",
        ),
        script: scripts::first,
        verify: content::after_content,
    },
    Check {
        id: "other-types",
        group: Group::Rfc,
        weights: points(0, 0, 0, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "Content-Type fits the other files too",
            "Content-Type corresponde a los otros archivos",
        ),
        rule: Text::new(
            "Content-Type has the media type of the content, type/subtype (RFC 9110 section 8.3).",
            "Content-Type lleva el tipo del contenido, tipo/subtipo (RFC 9110 sección 8.3).",
        ),
        script: scripts::other_files,
        verify: fields::other_types,
    },
    Check {
        id: "other-lengths",
        group: Group::Rfc,
        weights: points(0, 0, 0, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "Content-Length fits the other files too",
            "Content-Length corresponde a los otros archivos",
        ),
        rule: Text::new(
            "Content-Length, if it is there, counts the bytes of the content (RFC 9110 section 8.6).",
            "Content-Length, si está, cuenta los bytes del contenido (RFC 9110 sección 8.6).",
        ),
        script: scripts::other_files,
        verify: fields::other_lengths,
    },
    Check {
        id: "date",
        group: Group::Rfc,
        weights: points(1, 0, 0, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "Date has the time, in the form of HTTP",
            "Date lleva la hora en el formato de HTTP",
        ),
        rule: Text::new(
            "A server with a clock sends Date, as in: Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110 sections 6.6.1 and 5.6.7).",
            "Un servidor con reloj envía Date, así: Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110 secciones 6.6.1 y 5.6.7).",
        ),
        script: scripts::first,
        verify: fields::date,
    },
    Check {
        id: "server-field",
        group: Group::Rfc,
        weights: points(0, 1, 0, 0),
        timeout: TIMEOUT,
        title: Text::new("Server names the program", "Server da el nombre del programa"),
        rule: Text::new(
            "Server names the program that responds; it is optional (RFC 9110 section 10.2.4).",
            "Server da el nombre del programa; es opcional (RFC 9110 sección 10.2.4).",
        ),
        script: scripts::first,
        verify: fields::server_field,
    },
    Check {
        id: "connection-field",
        group: Group::Rfc,
        weights: points(1, 1, 0, 0),
        timeout: SHORT_TIMEOUT,
        title: Text::new(
            "Connection says what the server does",
            "Connection dice lo que el servidor hace",
        ),
        rule: Text::new(
            "In HTTP/1.1 a connection stays open unless the response says close (RFC 9112 section 9.3).",
            "En HTTP/1.1 la conexión sigue, salvo que la respuesta diga close (RFC 9112 sección 9.3).",
        ),
        script: scripts::persistent,
        verify: persistence::connection_field,
    },
    Check {
        id: "persistent",
        group: Group::Rfc,
        weights: points(1, 0, 0, 0),
        timeout: SHORT_TIMEOUT,
        title: Text::new(
            "a connection that stays open can be used again",
            "una conexión que sigue abierta sirve",
        ),
        rule: Text::new(
            "On a connection that it leaves open, a server responds to the next request (RFC 9112 section 9.3).",
            "Por una conexión que deja abierta, el servidor responde a la siguiente petición (RFC 9112 sección 9.3).",
        ),
        script: scripts::persistent,
        verify: persistence::persistent,
    },
    Check {
        id: "head-method",
        group: Group::Rfc,
        weights: points(1, 0, 0, 0),
        timeout: TIMEOUT,
        title: Text::new("the response to HEAD is only a head", "HEAD recibe solo la cabecera"),
        rule: Text::new(
            "The response to HEAD has no content (RFC 9110 section 9.3.2).",
            "La respuesta a HEAD no lleva contenido (RFC 9110 sección 9.3.2).",
        ),
        script: scripts::head,
        verify: refusal::head,
    },
    Check {
        id: "post",
        group: Group::Rfc,
        weights: points(1, 1, 0, 0),
        timeout: TIMEOUT,
        title: Text::new("POST to a page is refused", "un POST a una página se rechaza"),
        rule: Text::new(
            "A method that a server does not support gets 405 or 501 (RFC 9110 sections 15.5.6 and 15.6.2).",
            "Un método que el servidor no admite recibe un 405 o un 501 (RFC 9110 secciones 15.5.6 y 15.6.2).",
        ),
        script: scripts::post,
        verify: refusal::post,
    },
    Check {
        id: "unknown-method",
        group: Group::Rfc,
        weights: points(1, 0, 0, 0),
        timeout: TIMEOUT,
        title: Text::new("an unknown method is refused", "un método desconocido se rechaza"),
        rule: Text::new(
            "A method that a server does not know gets 501 (RFC 9110 section 15.6.2).",
            "Un método que el servidor no conoce recibe un 501 (RFC 9110 sección 15.6.2).",
        ),
        script: scripts::unknown_method,
        verify: refusal::unknown_method,
    },
    Check {
        id: "host-missing",
        group: Group::Rfc,
        weights: points(1, 0, 0, 0),
        timeout: TIMEOUT,
        title: Text::new("HTTP/1.1 without Host is refused", "HTTP/1.1 sin Host se rechaza"),
        rule: Text::new(
            "An HTTP/1.1 request without Host gets 400 (RFC 9112 section 3.2).",
            "Una petición HTTP/1.1 sin Host recibe un 400 (RFC 9112 sección 3.2).",
        ),
        script: scripts::host_missing,
        verify: refusal::host_missing,
    },
    Check {
        id: "bad-request",
        group: Group::Rfc,
        weights: points(1, 1, 1, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "a line that is not a request is refused",
            "una línea que no es una petición se rechaza",
        ),
        rule: Text::new(
            "A line that is not a request line gets 400 (RFC 9112 section 3), or the connection is closed.",
            "Lo que no es una línea de petición recibe un 400 (RFC 9112 sección 3) o un cierre.",
        ),
        script: scripts::bad_request,
        verify: refusal::bad_request,
    },
    Check {
        id: "space-before-colon",
        group: Group::Rfc,
        weights: points(1, 0, 0, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "a space before a colon is refused",
            "un espacio antes de los dos puntos se rechaza",
        ),
        rule: Text::new(
            "A request with whitespace before a colon gets 400 (RFC 9112 section 5.1).",
            "Una petición con un espacio antes de los dos puntos recibe un 400 (RFC 9112 sección 5.1).",
        ),
        script: scripts::space_before_colon,
        verify: refusal::space_before_colon,
    },
    Check {
        id: "http-1.0",
        group: Group::Rfc,
        weights: points(1, 1, 1, 0),
        timeout: SHORT_TIMEOUT,
        title: Text::new(
            "an HTTP/1.0 request gets a response and a close",
            "responde a HTTP/1.0, y cierra",
        ),
        rule: Text::new(
            "HTTP/1.0 has no Host, and its connection ends with the response (RFC 9112 sections 3.2 and 9.3).",
            "HTTP/1.0 no tiene Host, y su conexión termina con la respuesta (RFC 9112 secciones 3.2 y 9.3).",
        ),
        script: scripts::http_1_0,
        verify: connection::http_1_0,
    },
    Check {
        id: "absolute-form",
        group: Group::Rfc,
        weights: points(1, 0, 0, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "GET http://host/page is the same page",
            "GET http://host/página es la misma página",
        ),
        rule: Text::new(
            "A server accepts the absolute-form as well (RFC 9112 section 3.2.2).",
            "Un servidor acepta también la forma absoluta (RFC 9112 sección 3.2.2).",
        ),
        script: scripts::absolute_form,
        verify: same_page::absolute_form,
    },
    Check {
        id: "field-names",
        group: Group::Rfc,
        weights: points(1, 1, 1, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "a browser's fields are understood, in any case",
            "entiende los campos de un navegador",
        ),
        rule: Text::new(
            "Field names are read without case, and fields that are not known are ignored (RFC 9110 section 5.1).",
            "Los nombres de campo no distinguen mayúsculas, y los desconocidos se ignoran (RFC 9110 sección 5.1).",
        ),
        script: scripts::field_names,
        verify: same_page::field_names,
    },
];
