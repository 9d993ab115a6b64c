//! What `listen` looks at: the request of a client that somebody has written, the lab's other optional exercise.
//!
//! These checks have no script: the client does what it does, and connection 0 has it.

use super::{Check, Group, TIMEOUT};
use crate::script::Script;
use crate::target::Target;
use crate::verify::client;
use aula::catalogue::Text;

/// Nothing is asked of a client.
fn nothing(_: &Target) -> Result<Script, Text> {
    Ok(Script::new())
}

const fn check(
    id: &'static str,
    points: u32,
    title: Text,
    rule: Text,
    verify: fn(&Target, &crate::script::Transcripts) -> crate::verdict::Verification,
) -> Check {
    Check {
        id,
        group: Group::Lab,
        weights: [Some(points); 4],
        timeout: TIMEOUT,
        title,
        rule,
        script: nothing,
        verify,
    }
}

/// In the order in which they are reported.
pub const CHECKS: &[Check] = &[
    check(
        "request-comes",
        1,
        Text::new("the client sends a request", "el cliente envía una petición"),
        Text::new(
            "The client speaks first: it sends a request as soon as it is connected (the lab; RFC 9110 section 3.4).",
            "El cliente habla primero: envía una petición en cuanto se conecta (la práctica; RFC 9110 sección 3.4).",
        ),
        client::comes,
    ),
    check(
        "request-line",
        2,
        Text::new(
            "the first line is GET, a path, HTTP/1.1",
            "la primera línea es GET, una ruta, HTTP/1.1",
        ),
        Text::new(
            "A method, a space, a path that begins with /, a space, HTTP/1.1 or HTTP/1.0, \\r\\n (RFC 9112 section 3).",
            "Un método, un espacio, una ruta que empieza por /, un espacio, HTTP/1.1 o HTTP/1.0, \\r\\n (RFC 9112 sección 3).",
        ),
        client::request_line,
    ),
    check(
        "request-line-ends",
        2,
        Text::new("every line ends with \\r\\n", "cada línea acaba en \\r\\n"),
        Text::new(
            "Each line of a head ends with CR LF (RFC 9112 section 2.1).",
            "Cada línea de una cabecera acaba en CR LF (RFC 9112 sección 2.1).",
        ),
        client::line_ends,
    ),
    check(
        "request-end",
        2,
        Text::new("an empty line ends the request", "una línea vacía cierra la petición"),
        Text::new(
            "An empty line ends the head of a request; without it a server waits for more (RFC 9112 section 2.1).",
            "Una línea vacía cierra la cabecera de una petición; sin ella el servidor espera más (RFC 9112 sección 2.1).",
        ),
        client::end,
    ),
    check(
        "request-fields",
        1,
        Text::new(
            "each field line is \"name: value\"",
            "cada campo tiene la forma \"nombre: valor\"",
        ),
        Text::new(
            "A field line is a name, a colon right after it, and a value (RFC 9112 section 5).",
            "Un campo es un nombre, dos puntos pegados a él y un valor (RFC 9112 sección 5).",
        ),
        client::fields,
    ),
    check(
        "request-host",
        2,
        Text::new("Host names the server, once", "Host da el nombre del servidor, una vez"),
        Text::new(
            "A request of HTTP/1.1 has exactly one Host (RFC 9112 section 3.2).",
            "Una petición HTTP/1.1 tiene exactamente un Host (RFC 9112 sección 3.2).",
        ),
        client::host,
    ),
    check(
        "reads-to-the-end",
        2,
        Text::new(
            "the client reads the response to its end",
            "el cliente lee la respuesta hasta el final",
        ),
        Text::new(
            "A response comes in any pieces, and is over when its last byte has come (RFC 9112 section 6.3; RFC 9293 section 3.7).",
            "Una respuesta llega en partes, y acaba cuando ha llegado su último byte (RFC 9112 sección 6.3; RFC 9293 sección 3.7).",
        ),
        client::reads_to_the_end,
    ),
    check(
        "nothing-after",
        0,
        Text::new(
            "nothing follows the empty line of a GET",
            "nada sigue a la línea vacía de un GET",
        ),
        Text::new(
            "A GET has no content; what follows it is the next request (RFC 9110 section 9.3.1).",
            "Un GET no lleva contenido; lo que lo sigue es la petición siguiente (RFC 9110 sección 9.3.1).",
        ),
        client::nothing_behind,
    ),
];
