//! What the labs themselves ask of a server. Only these checks decide the exit code.
//!
//! The other files come late: reading an image as text ends many a server, and what comes before is reported all the
//! same.

use super::{Check, Group, ON_REQUEST, SHORT_TIMEOUT, TIMEOUT, TIMEOUT_IN_TURN, in_lab01, points, scripts};
use crate::verify::{connection, content, crowd, fields, head, not_found, simple_request, status};
use aula::catalogue::Text;

/// In the order in which they run.
pub const CHECKS: &[Check] = &[
    Check {
        id: "connects",
        group: Group::Lab,
        weights: points(1, 1, 1, 1),
        timeout: TIMEOUT,
        title: Text::new("a TCP connection is accepted", "acepta una conexión TCP"),
        rule: Text::new(
            "A server listens at its port and accepts (the lab).",
            "Un servidor escucha en su puerto y acepta conexiones (la práctica).",
        ),
        script: scripts::first,
        verify: connection::connects,
    },
    Check {
        id: "responds",
        group: Group::Lab,
        weights: points(2, 2, 2, 2),
        timeout: TIMEOUT,
        title: Text::new("a request gets a response", "responde a una petición"),
        rule: Text::new(
            "A server responds to a request as soon as it has come in (the lab; RFC 9110 section 3.4).",
            "Un servidor responde a una petición en cuanto le llega (la práctica; RFC 9110 sección 3.4).",
        ),
        script: scripts::first,
        verify: connection::responds,
    },
    Check {
        id: "survives",
        group: Group::Lab,
        weights: points(2, 2, 2, 2),
        timeout: TIMEOUT,
        title: Text::new(
            "a second request gets the same response",
            "responde igual a una segunda petición",
        ),
        rule: Text::new(
            "A server serves one client after another, responds to the same request in the same way, and never stops by itself (the lab).",
            "Un servidor atiende a un cliente tras otro, responde igual a la misma petición y nunca se para solo (la práctica).",
        ),
        script: scripts::first,
        verify: connection::survives,
    },
    Check {
        id: "status-line",
        group: Group::Lab,
        weights: points(2, 2, 2, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "the response begins with a status line",
            "la respuesta empieza con una línea de estado",
        ),
        rule: Text::new(
            "HTTP/1.1 or HTTP/1.0, a space, three digits, a space, a reason (optional), \\r\\n (RFC 9112 section 4).",
            "HTTP/1.1 o HTTP/1.0, un espacio, tres cifras, un espacio, una frase (opcional), \\r\\n (RFC 9112 sección 4).",
        ),
        script: scripts::first,
        verify: status::status_line,
    },
    Check {
        id: "status-200",
        group: Group::Lab,
        weights: points(2, 2, 2, 0),
        timeout: TIMEOUT,
        title: Text::new("the page comes with status 200", "la página llega con un 200"),
        rule: Text::new(
            "A request for a file that exists gets 200 OK (the lab; RFC 9110 section 15.3.1).",
            "La petición de un archivo que existe recibe 200 OK (la práctica; RFC 9110 sección 15.3.1).",
        ),
        script: scripts::first,
        verify: status::status_200,
    },
    Check {
        id: "line-ends",
        group: Group::Lab,
        weights: points(2, 2, 2, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "every line of the head ends with \\r\\n",
            "cada línea de la cabecera acaba en \\r\\n",
        ),
        rule: Text::new(
            "Each line of a head ends with CR LF (RFC 9112 section 2.1).",
            "Cada línea de una cabecera acaba en CR LF (RFC 9112 sección 2.1).",
        ),
        script: scripts::first,
        verify: head::line_ends,
    },
    Check {
        id: "head-end",
        group: Group::Lab,
        weights: points(2, 2, 2, 0),
        timeout: TIMEOUT,
        title: Text::new("an empty line ends the head", "una línea vacía cierra la cabecera"),
        rule: Text::new(
            "An empty line separates the head from the content (RFC 9112 section 2.1).",
            "Entre la cabecera y el contenido va una línea vacía (RFC 9112 sección 2.1).",
        ),
        script: scripts::first,
        verify: head::head_end,
    },
    Check {
        id: "field-lines",
        group: Group::Lab,
        weights: points(1, 1, 1, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "each field line is \"name: value\"",
            "cada campo tiene la forma \"nombre: valor\"",
        ),
        rule: Text::new(
            "A field line is a name, a colon right after it, and a value (RFC 9112 section 5).",
            "Un campo es un nombre, dos puntos pegados a él y un valor (RFC 9112 sección 5).",
        ),
        script: scripts::first,
        verify: head::field_lines,
    },
    Check {
        id: "content",
        group: Group::Lab,
        weights: points(3, 3, 3, 3),
        timeout: TIMEOUT,
        title: Text::new(
            "the content is the file's bytes",
            "el contenido son los bytes del archivo",
        ),
        rule: Text::new(
            "The content is the file, byte for byte: nothing more and nothing less (the lab; RFC 9110 section 6.4).",
            "El contenido es el archivo, byte a byte: ni más ni menos (la práctica; RFC 9110 sección 6.4).",
        ),
        script: scripts::first,
        verify: content::content,
    },
    Check {
        id: "content-length",
        group: Group::Lab,
        weights: points(1, 1, 1, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "Content-Length is the number of bytes",
            "Content-Length es el número de bytes",
        ),
        rule: Text::new(
            "Content-Length, if it is there, counts the bytes of the content: a browser believes it (RFC 9110 section 8.6).",
            "Content-Length, si está, cuenta los bytes del contenido: el navegador se lo cree (RFC 9110 sección 8.6).",
        ),
        script: scripts::first,
        verify: fields::content_length,
    },
    Check {
        id: "closes",
        group: Group::Lab,
        weights: points(1, 1, 1, 2),
        timeout: SHORT_TIMEOUT,
        title: Text::new(
            "after Connection: close the connection ends",
            "tras Connection: close la conexión termina",
        ),
        rule: Text::new(
            "After the response to a request with Connection: close, the server closes the connection (the lab; RFC 9112 section 9.6).",
            "Tras responder a una petición con Connection: close, el servidor cierra (la práctica; RFC 9112 sección 9.6).",
        ),
        script: scripts::closing,
        verify: connection::closes,
    },
    Check {
        id: "not-found",
        group: Group::Lab,
        weights: points(2, 2, 2, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "a file that does not exist gets 404",
            "un archivo que no existe recibe un 404",
        ),
        rule: Text::new(
            "A request for a file that does not exist gets 404 Not Found (the lab; RFC 9110 section 15.5.5).",
            "La petición de un archivo que no existe recibe 404 Not Found (la práctica; RFC 9110 sección 15.5.5).",
        ),
        script: scripts::missing,
        verify: not_found::status,
    },
    Check {
        id: "not-found-complete",
        group: Group::Lab,
        weights: points(1, 2, 1, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "the 404 is complete: head and content are ended",
            "el 404 está completo: terminan cabecera y contenido",
        ),
        rule: Text::new(
            "A 404 is a response like any other: an empty line ends its head, and the close or Content-Length ends its content (the lab; RFC 9112 section 6.3).",
            "Un 404 es una respuesta como otra: una línea vacía cierra su cabecera, y el cierre o Content-Length termina su contenido (la práctica; RFC 9112 sección 6.3).",
        ),
        script: scripts::missing,
        verify: not_found::complete,
    },
    Check {
        id: "not-found-page",
        group: Group::Lab,
        weights: points(0, 0, 1, 0),
        timeout: TIMEOUT,
        title: Text::new("the 404 has a page that says so", "el 404 trae una página que lo dice"),
        rule: Text::new(
            "An error should have content that explains it (RFC 9110 section 15.5); in mininet a page that says Not Found (the lab).",
            "Un error debería traer un contenido que lo explique (RFC 9110 sección 15.5); en mininet, una página que diga Not Found (la práctica).",
        ),
        script: scripts::missing,
        verify: not_found::page,
    },
    Check {
        id: "survives-not-found",
        group: Group::Lab,
        weights: points(2, 2, 2, 2),
        timeout: TIMEOUT,
        title: Text::new(
            "after a 404 the next request gets a response",
            "tras un 404 responde a la siguiente petición",
        ),
        rule: Text::new(
            "A client's mistake must not end the server (the lab; RFC 9110 section 15.5).",
            "El error de un cliente no debe acabar con el servidor (la práctica; RFC 9110 sección 15.5).",
        ),
        script: scripts::missing,
        verify: not_found::survives,
    },
    Check {
        id: "at-once",
        group: Group::Lab,
        weights: points(1, 1, 1, 3),
        timeout: TIMEOUT_IN_TURN,
        title: Text::new(
            "several clients at once all get a response",
            "varios clientes a la vez reciben todos respuesta",
        ),
        rule: Text::new(
            "Clients that ask at the same time all get a response, in turn or together (the lab).",
            "Los clientes que piden al mismo tiempo reciben todos respuesta, por turno o a la vez (la práctica).",
        ),
        script: scripts::at_once,
        verify: crowd::at_once,
    },
    Check {
        id: "silent-clients",
        group: Group::Lab,
        weights: ON_REQUEST,
        timeout: SHORT_TIMEOUT,
        title: Text::new(
            "a client is served while three others are silent",
            "atiende a un cliente junto a tres callados",
        ),
        rule: Text::new(
            "Each client is served in its own thread: a client that says nothing keeps nobody waiting (the lab's optional exercise).",
            "A cada cliente lo atiende un hilo propio: uno callado no hace esperar a nadie (ejercicio opcional de la práctica).",
        ),
        script: scripts::silent_clients,
        verify: crowd::silent_clients,
    },
    Check {
        id: "crowd",
        group: Group::Lab,
        weights: ON_REQUEST,
        timeout: TIMEOUT_IN_TURN,
        title: Text::new(
            "clients at once each get their own response",
            "entre varios a la vez, cada uno recibe lo suyo",
        ),
        rule: Text::new(
            "Clients that are served at once get the responses that they would get alone (the lab's optional exercise).",
            "Los clientes atendidos a la vez reciben lo mismo que recibirían solos (ejercicio opcional de la práctica).",
        ),
        script: scripts::crowd,
        verify: crowd::mixed,
    },
    Check {
        id: "simple-request",
        group: Group::Lab,
        weights: in_lab01(3),
        timeout: SHORT_TIMEOUT,
        title: Text::new(
            "an HTTP/0.9 request gets the bare file",
            "una petición HTTP/0.9 recibe el archivo tal cual",
        ),
        rule: Text::new(
            "The response to GET and a path on one line is only the file's bytes, and the connection is closed (HTTP/0.9, 1991).",
            "GET y una ruta en una línea reciben solo los bytes del archivo, y la conexión se cierra (HTTP/0.9, 1991).",
        ),
        script: scripts::simple_request,
        verify: simple_request::simple_request,
    },
    Check {
        id: "other-files",
        group: Group::Lab,
        weights: points(0, 0, 0, 3),
        timeout: TIMEOUT,
        title: Text::new(
            "the other files come back byte for byte",
            "los otros archivos llegan byte a byte",
        ),
        rule: Text::new(
            "The server finds the file that the request names, whatever its type (the lab).",
            "El servidor encuentra el archivo que nombra la petición, sea del tipo que sea (la práctica).",
        ),
        script: scripts::other_files,
        verify: content::other_files,
    },
    Check {
        id: "content-type",
        group: Group::Lab,
        weights: points(2, 0, 0, 0),
        timeout: TIMEOUT,
        title: Text::new(
            "Content-Type says what the page is",
            "Content-Type dice qué es la página",
        ),
        rule: Text::new(
            "Content-Type has the media type of the content, type/subtype (RFC 9110 section 8.3).",
            "Content-Type lleva el tipo del contenido, tipo/subtipo (RFC 9110 sección 8.3).",
        ),
        script: scripts::first,
        verify: fields::content_type,
    },
    Check {
        id: "eleventh",
        group: Group::Lab,
        weights: in_lab01(3),
        timeout: TIMEOUT_IN_TURN,
        title: Text::new(
            "ten clients at once, and an eleventh is not lost",
            "diez clientes a la vez, y un undécimo no se pierde",
        ),
        rule: Text::new(
            "At most ten clients are served at once; one more waits or gets 503 (the lab; RFC 9110 section 15.6.4).",
            "Se atiende como mucho a diez clientes a la vez; uno más espera o recibe un 503 (la práctica; RFC 9110 sección 15.6.4).",
        ),
        script: scripts::eleventh,
        verify: crowd::eleventh,
    },
];
