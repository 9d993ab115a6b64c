//! What the RFCs ask of a server besides.

use super::{Check, Group, PATIENCE, SHORT_PATIENCE, TIP_IN_KUROSE, points, scripts};
use crate::judges::{connection, content, fields, persistence, refusal, same_page};
use aula::catalogue::Text;

/// In the order in which they run.
pub const CHECKS: &[Check] = &[
    Check {
        id: "after-content",
        group: Group::Rfc,
        weights: TIP_IN_KUROSE,
        patience: PATIENCE,
        title: Text::new(
            "nothing follows the file's last byte",
            "nada sigue al último byte del archivo",
        ),
        rule: Text::new(
            "Without Content-Length everything up to the close is content (RFC 9112 section 6.3).",
            "Sin Content-Length, todo lo que llega hasta el cierre es contenido (RFC 9112 sección 6.3).",
        ),
        script: scripts::content,
        judge: content::after_content,
    },
    Check {
        id: "other-types",
        group: Group::Rfc,
        weights: points(0, 0, 0, 0),
        patience: PATIENCE,
        title: Text::new(
            "Content-Type fits the other files too",
            "Content-Type corresponde a los otros archivos",
        ),
        rule: Text::new(
            "Content-Type has the media type of the content, type/subtype (RFC 9110 section 8.3).",
            "Content-Type lleva el tipo del contenido, tipo/subtipo (RFC 9110 sección 8.3).",
        ),
        script: scripts::other_files,
        judge: fields::other_types,
    },
    Check {
        id: "other-lengths",
        group: Group::Rfc,
        weights: points(0, 0, 0, 0),
        patience: PATIENCE,
        title: Text::new(
            "Content-Length fits the other files too",
            "Content-Length corresponde a los otros archivos",
        ),
        rule: Text::new(
            "Content-Length, if it is there, counts the bytes of the content (RFC 9110 section 8.6).",
            "Content-Length, si está, cuenta los bytes del contenido (RFC 9110 sección 8.6).",
        ),
        script: scripts::other_files,
        judge: fields::other_lengths,
    },
    Check {
        id: "date",
        group: Group::Rfc,
        weights: points(1, 0, 0, 0),
        patience: PATIENCE,
        title: Text::new(
            "Date has the time, in the form of HTTP",
            "Date lleva la hora, en la forma de HTTP",
        ),
        rule: Text::new(
            "A server with a clock sends Date, as in: Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110 sections 6.6.1 and 5.6.7).",
            "Un servidor con reloj envía Date, así: Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110 secciones 6.6.1 y 5.6.7).",
        ),
        script: scripts::first,
        judge: fields::date,
    },
    Check {
        id: "server-field",
        group: Group::Rfc,
        weights: points(0, 1, 0, 0),
        patience: PATIENCE,
        title: Text::new("Server names the program", "Server da el nombre del programa"),
        rule: Text::new(
            "Server names the program that answers; the RFC leaves it free, graders look for it (RFC 9110 section 10.2.4).",
            "Server da el nombre del programa; el RFC lo deja libre, los correctores lo buscan (RFC 9110 sección 10.2.4).",
        ),
        script: scripts::first,
        judge: fields::server_field,
    },
    Check {
        id: "connection-field",
        group: Group::Rfc,
        weights: points(1, 1, 0, 0),
        patience: SHORT_PATIENCE,
        title: Text::new(
            "Connection says what the server does",
            "Connection dice lo que el servidor hace",
        ),
        rule: Text::new(
            "In HTTP/1.1 a connection goes on unless the answer says close (RFC 9112 section 9.3).",
            "En HTTP/1.1 la conexión sigue, salvo que la respuesta diga close (RFC 9112 sección 9.3).",
        ),
        script: scripts::persistent,
        judge: persistence::connection_field,
    },
    Check {
        id: "persistent",
        group: Group::Rfc,
        weights: points(1, 0, 0, 0),
        patience: SHORT_PATIENCE,
        title: Text::new(
            "a connection that stays open is of use",
            "una conexión que sigue abierta sirve",
        ),
        rule: Text::new(
            "On a connection that it leaves open, a server answers the next request (RFC 9112 section 9.3).",
            "Por una conexión que deja abierta, el servidor responde a la siguiente petición (RFC 9112 sección 9.3).",
        ),
        script: scripts::persistent,
        judge: persistence::persistent,
    },
    Check {
        id: "head-method",
        group: Group::Rfc,
        weights: points(1, 0, 0, 0),
        patience: PATIENCE,
        title: Text::new("HEAD gets the head alone", "HEAD recibe solo la cabecera"),
        rule: Text::new(
            "The answer to HEAD has no content (RFC 9110 section 9.3.2).",
            "La respuesta a HEAD no lleva contenido (RFC 9110 sección 9.3.2).",
        ),
        script: scripts::head,
        judge: refusal::head,
    },
    Check {
        id: "post",
        group: Group::Rfc,
        weights: points(1, 1, 0, 0),
        patience: PATIENCE,
        title: Text::new("POST to a page is refused", "un POST a una página se rechaza"),
        rule: Text::new(
            "A method that a server does not do is answered with 405 or 501 (RFC 9110 sections 15.5.6 and 15.6.2).",
            "Un método que el servidor no admite recibe un 405 o un 501 (RFC 9110 secciones 15.5.6 y 15.6.2).",
        ),
        script: scripts::post,
        judge: refusal::post,
    },
    Check {
        id: "unknown-method",
        group: Group::Rfc,
        weights: points(1, 0, 0, 0),
        patience: PATIENCE,
        title: Text::new("an unknown method is refused", "un método desconocido se rechaza"),
        rule: Text::new(
            "A method that a server does not know is answered with 501 (RFC 9110 section 15.6.2).",
            "Un método que el servidor no conoce recibe un 501 (RFC 9110 sección 15.6.2).",
        ),
        script: scripts::unknown_method,
        judge: refusal::unknown_method,
    },
    Check {
        id: "host-missing",
        group: Group::Rfc,
        weights: points(1, 0, 0, 0),
        patience: PATIENCE,
        title: Text::new("HTTP/1.1 without Host is refused", "HTTP/1.1 sin Host se rechaza"),
        rule: Text::new(
            "A request of HTTP/1.1 without Host is answered with 400 (RFC 9112 section 3.2).",
            "Una petición HTTP/1.1 sin Host recibe un 400 (RFC 9112 sección 3.2).",
        ),
        script: scripts::host_missing,
        judge: refusal::host_missing,
    },
    Check {
        id: "bad-request",
        group: Group::Rfc,
        weights: points(1, 1, 1, 0),
        patience: PATIENCE,
        title: Text::new(
            "a line that is no request is refused",
            "una línea que no es una petición se rechaza",
        ),
        rule: Text::new(
            "What is no request line is answered with 400 (RFC 9112 section 3), or with a close.",
            "Lo que no es una línea de petición recibe un 400 (RFC 9112 sección 3) o un cierre.",
        ),
        script: scripts::bad_request,
        judge: refusal::bad_request,
    },
    Check {
        id: "space-before-colon",
        group: Group::Rfc,
        weights: points(1, 0, 0, 0),
        patience: PATIENCE,
        title: Text::new(
            "a space before a colon is refused",
            "un espacio antes de los dos puntos se rechaza",
        ),
        rule: Text::new(
            "A request with white space before a colon is answered with 400 (RFC 9112 section 5.1).",
            "Una petición con un espacio antes de los dos puntos recibe un 400 (RFC 9112 sección 5.1).",
        ),
        script: scripts::space_before_colon,
        judge: refusal::space_before_colon,
    },
    Check {
        id: "http-1.0",
        group: Group::Rfc,
        weights: points(1, 1, 1, 0),
        patience: SHORT_PATIENCE,
        title: Text::new(
            "an HTTP/1.0 request is answered, and closed",
            "responde a HTTP/1.0, y cierra",
        ),
        rule: Text::new(
            "HTTP/1.0 has no Host, and its connection ends with the answer (RFC 9112 sections 3.2 and 9.3).",
            "HTTP/1.0 no tiene Host, y su conexión termina con la respuesta (RFC 9112 secciones 3.2 y 9.3).",
        ),
        script: scripts::http_1_0,
        judge: connection::http_1_0,
    },
    Check {
        id: "absolute-form",
        group: Group::Rfc,
        weights: points(1, 0, 0, 0),
        patience: PATIENCE,
        title: Text::new(
            "GET http://host/page is the same page",
            "GET http://host/página es la misma página",
        ),
        rule: Text::new(
            "A server accepts the absolute-form as well (RFC 9112 section 3.2.2).",
            "Un servidor acepta también la forma absoluta (RFC 9112 sección 3.2.2).",
        ),
        script: scripts::absolute_form,
        judge: same_page::absolute_form,
    },
    Check {
        id: "field-names",
        group: Group::Rfc,
        weights: points(1, 1, 1, 0),
        patience: PATIENCE,
        title: Text::new(
            "a browser's fields are understood, in any case",
            "entiende los campos de un navegador",
        ),
        rule: Text::new(
            "Field names are read without case, and fields that are not known are ignored (RFC 9110 section 5.1).",
            "Los nombres de campo no distinguen mayúsculas, y los desconocidos se ignoran (RFC 9110 sección 5.1).",
        ),
        script: scripts::field_names,
        judge: same_page::field_names,
    },
];
