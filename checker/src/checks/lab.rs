//! What the labs themselves ask of a server. These checks alone decide the exit code.
//!
//! The other files come late: reading an image as text ends many a server, and what comes before is judged all the same.

use super::{Check, Group, ON_REQUEST, PATIENCE, PATIENCE_IN_TURN, SHORT_PATIENCE, in_lab01, points, scripts};
use crate::judges::{connection, content, crowd, fields, head, not_found, simple_request};
use aula::catalogue::Text;

/// In the order in which they run.
pub const CHECKS: &[Check] = &[
    Check {
        id: "connects",
        group: Group::Lab,
        weights: points(1, 1, 1, 1),
        patience: PATIENCE,
        title: Text::new("a TCP connection is accepted", "acepta una conexión TCP"),
        rule: Text::new(
            "A server listens at its port and accepts (the lab).",
            "Un servidor escucha en su puerto y acepta conexiones (la práctica).",
        ),
        script: scripts::first,
        judge: connection::connects,
    },
    Check {
        id: "answers",
        group: Group::Lab,
        weights: points(2, 2, 2, 2),
        patience: PATIENCE,
        title: Text::new("a request is answered", "responde a una petición"),
        rule: Text::new(
            "A server answers a request as soon as it has come in (the lab; RFC 9110 section 3.4).",
            "Un servidor responde a una petición en cuanto le llega (la práctica; RFC 9110 sección 3.4).",
        ),
        script: scripts::first,
        judge: connection::answers,
    },
    Check {
        id: "survives",
        group: Group::Lab,
        weights: points(2, 2, 2, 2),
        patience: PATIENCE,
        title: Text::new(
            "a second request is answered like the first",
            "responde igual a una segunda petición",
        ),
        rule: Text::new(
            "A server answers one client after the other, without end (the lab).",
            "Un servidor atiende a un cliente tras otro, sin fin (la práctica).",
        ),
        script: scripts::twice,
        judge: connection::survives,
    },
    Check {
        id: "status-line",
        group: Group::Lab,
        weights: points(2, 2, 2, 0),
        patience: PATIENCE,
        title: Text::new(
            "the answer begins with a status line",
            "la respuesta empieza con una línea de estado",
        ),
        rule: Text::new(
            "HTTP/1.1 or HTTP/1.0, a space, three digits, a space, a reason if you like, \\r\\n (RFC 9112 section 4).",
            "HTTP/1.1 o HTTP/1.0, un espacio, tres cifras, un espacio, una frase si quieres, \\r\\n (RFC 9112 sección 4).",
        ),
        script: scripts::first,
        judge: head::status_line,
    },
    Check {
        id: "status-200",
        group: Group::Lab,
        weights: points(2, 2, 2, 0),
        patience: PATIENCE,
        title: Text::new("the page is answered with 200", "la página llega con un 200"),
        rule: Text::new(
            "A file that is there is answered with 200 OK (the lab; RFC 9110 section 15.3.1).",
            "Un archivo que existe se responde con 200 OK (la práctica; RFC 9110 sección 15.3.1).",
        ),
        script: scripts::first,
        judge: head::status_200,
    },
    Check {
        id: "line-ends",
        group: Group::Lab,
        weights: points(2, 2, 2, 0),
        patience: PATIENCE,
        title: Text::new(
            "every line of the head ends with \\r\\n",
            "cada línea de la cabecera acaba en \\r\\n",
        ),
        rule: Text::new(
            "Each line of a head ends with CR LF (RFC 9112 section 2.1).",
            "Cada línea de una cabecera acaba en CR LF (RFC 9112 sección 2.1).",
        ),
        script: scripts::first,
        judge: head::line_ends,
    },
    Check {
        id: "head-end",
        group: Group::Lab,
        weights: points(2, 2, 2, 0),
        patience: PATIENCE,
        title: Text::new("an empty line ends the head", "una línea vacía cierra la cabecera"),
        rule: Text::new(
            "An empty line stands between the head and the content (RFC 9112 section 2.1).",
            "Entre la cabecera y el contenido va una línea vacía (RFC 9112 sección 2.1).",
        ),
        script: scripts::first,
        judge: head::head_end,
    },
    Check {
        id: "field-lines",
        group: Group::Lab,
        weights: points(1, 1, 1, 0),
        patience: PATIENCE,
        title: Text::new(
            "each field line is \"name: value\"",
            "cada campo tiene la forma \"nombre: valor\"",
        ),
        rule: Text::new(
            "A field line is a name, a colon right after it, and a value (RFC 9112 section 5).",
            "Un campo es un nombre, dos puntos pegados a él y un valor (RFC 9112 sección 5).",
        ),
        script: scripts::first,
        judge: head::field_lines,
    },
    Check {
        id: "content",
        group: Group::Lab,
        weights: points(3, 3, 3, 3),
        patience: PATIENCE,
        title: Text::new(
            "the content is the file's bytes",
            "el contenido son los bytes del archivo",
        ),
        rule: Text::new(
            "The content is the file, byte for byte: nothing more, nothing less, nothing else (the lab; RFC 9110 section 6.4).",
            "El contenido es el archivo, byte a byte: ni más, ni menos, ni otra cosa (la práctica; RFC 9110 sección 6.4).",
        ),
        script: scripts::content,
        judge: content::content,
    },
    Check {
        id: "content-length",
        group: Group::Lab,
        weights: points(1, 1, 1, 0),
        patience: PATIENCE,
        title: Text::new(
            "Content-Length is the number of bytes",
            "Content-Length es el número de bytes",
        ),
        rule: Text::new(
            "Content-Length, if it is there, counts the bytes of the content: a browser believes it (RFC 9110 section 8.6).",
            "Content-Length, si está, cuenta los bytes del contenido: el navegador se lo cree (RFC 9110 sección 8.6).",
        ),
        script: scripts::first,
        judge: fields::content_length,
    },
    Check {
        id: "closes",
        group: Group::Lab,
        weights: points(1, 1, 1, 2),
        patience: SHORT_PATIENCE,
        title: Text::new(
            "after Connection: close the connection ends",
            "tras Connection: close la conexión termina",
        ),
        rule: Text::new(
            "After the answer to a request with Connection: close, the server closes (the lab; RFC 9112 section 9.6).",
            "Tras responder a una petición con Connection: close, el servidor cierra (la práctica; RFC 9112 sección 9.6).",
        ),
        script: scripts::closing,
        judge: connection::closes,
    },
    Check {
        id: "not-found",
        group: Group::Lab,
        weights: points(2, 2, 2, 0),
        patience: PATIENCE,
        title: Text::new(
            "a file that is not there is answered with 404",
            "un archivo que no existe recibe un 404",
        ),
        rule: Text::new(
            "A path that leads to no file is answered with 404 Not Found (the lab; RFC 9110 section 15.5.5).",
            "Una ruta que no lleva a ningún archivo se responde con 404 Not Found (la práctica; RFC 9110 sección 15.5.5).",
        ),
        script: scripts::missing,
        judge: not_found::status,
    },
    Check {
        id: "not-found-complete",
        group: Group::Lab,
        weights: points(1, 2, 1, 0),
        patience: PATIENCE,
        title: Text::new(
            "the 404 has a head that ends, and an end",
            "el 404 tiene una cabecera que acaba, y un final",
        ),
        rule: Text::new(
            "A 404 is an answer like any other: a head that an empty line ends, and an end (the lab; RFC 9112 section 6.3).",
            "Un 404 es una respuesta como otra: una cabecera que cierra una línea vacía, y un final (la práctica; RFC 9112 sección 6.3).",
        ),
        script: scripts::missing,
        judge: not_found::complete,
    },
    Check {
        id: "not-found-page",
        group: Group::Lab,
        weights: points(0, 0, 1, 0),
        patience: PATIENCE,
        title: Text::new("the 404 has a page that says so", "el 404 trae una página que lo dice"),
        rule: Text::new(
            "An error should have content that explains it (RFC 9110 section 15.5); in mininet a page that says Not Found (the lab).",
            "Un error debería traer un contenido que lo explique (RFC 9110 sección 15.5); en mininet, una página que diga Not Found (la práctica).",
        ),
        script: scripts::missing,
        judge: not_found::page,
    },
    Check {
        id: "survives-not-found",
        group: Group::Lab,
        weights: points(2, 2, 2, 2),
        patience: PATIENCE,
        title: Text::new(
            "after a 404 the next request is answered",
            "tras un 404 responde a la siguiente petición",
        ),
        rule: Text::new(
            "A client's mistake must not end the server (the lab; RFC 9110 section 15.5).",
            "El error de un cliente no debe acabar con el servidor (la práctica; RFC 9110 sección 15.5).",
        ),
        script: scripts::missing,
        judge: not_found::survives,
    },
    Check {
        id: "at-once",
        group: Group::Lab,
        weights: points(1, 1, 1, 3),
        patience: PATIENCE_IN_TURN,
        title: Text::new(
            "several clients at once are all answered",
            "varios clientes a la vez reciben todos respuesta",
        ),
        rule: Text::new(
            "Clients who ask at the same time are all answered, in turn or together (the lab).",
            "Los clientes que piden al mismo tiempo reciben todos respuesta, por turno o a la vez (la práctica).",
        ),
        script: scripts::at_once,
        judge: crowd::at_once,
    },
    Check {
        id: "silent-clients",
        group: Group::Lab,
        weights: ON_REQUEST,
        patience: SHORT_PATIENCE,
        title: Text::new(
            "a client is served beside three silent ones",
            "atiende a un cliente junto a tres callados",
        ),
        rule: Text::new(
            "Each client is served in a thread of its own: who says nothing keeps nobody waiting (the lab's optional exercise).",
            "A cada cliente lo atiende un hilo propio: uno callado no hace esperar a nadie (ejercicio opcional de la práctica).",
        ),
        script: scripts::silent_clients,
        judge: crowd::silent_clients,
    },
    Check {
        id: "crowd",
        group: Group::Lab,
        weights: ON_REQUEST,
        patience: PATIENCE_IN_TURN,
        title: Text::new(
            "in a mixed crowd everybody gets their own answer",
            "entre varios a la vez, cada uno recibe lo suyo",
        ),
        rule: Text::new(
            "Clients who are served at once get the answers that they would get alone (the lab's optional exercise).",
            "Los clientes atendidos a la vez reciben lo mismo que recibirían solos (ejercicio opcional de la práctica).",
        ),
        script: scripts::crowd,
        judge: crowd::mixed,
    },
    Check {
        id: "simple-request",
        group: Group::Lab,
        weights: in_lab01(3),
        patience: SHORT_PATIENCE,
        title: Text::new(
            "an HTTP/0.9 request gets the bare file",
            "una petición HTTP/0.9 recibe el archivo tal cual",
        ),
        rule: Text::new(
            "GET and a path on one line is answered with the file's bytes alone, and the connection is closed (HTTP/0.9 (1991)).",
            "GET y una ruta en una línea reciben solo los bytes del archivo, y la conexión se cierra (HTTP/0.9 (1991)).",
        ),
        script: scripts::simple_request,
        judge: simple_request::simple_request,
    },
    Check {
        id: "other-files",
        group: Group::Lab,
        weights: points(0, 0, 0, 3),
        patience: PATIENCE,
        title: Text::new(
            "the other files come back byte for byte",
            "los otros archivos llegan byte a byte",
        ),
        rule: Text::new(
            "The server finds the file that the request names, whatever its type (the lab).",
            "El servidor encuentra el archivo que nombra la petición, sea del tipo que sea (la práctica).",
        ),
        script: scripts::other_files,
        judge: content::other_files,
    },
    Check {
        id: "content-type",
        group: Group::Lab,
        weights: points(2, 0, 0, 0),
        patience: PATIENCE,
        title: Text::new(
            "Content-Type says what the page is",
            "Content-Type dice qué es la página",
        ),
        rule: Text::new(
            "Content-Type has the media type of the content, type/subtype (RFC 9110 section 8.3).",
            "Content-Type lleva el tipo del contenido, tipo/subtipo (RFC 9110 sección 8.3).",
        ),
        script: scripts::first,
        judge: fields::content_type,
    },
    Check {
        id: "eleventh",
        group: Group::Lab,
        weights: in_lab01(3),
        patience: PATIENCE_IN_TURN,
        title: Text::new(
            "ten clients at once, and an eleventh is not lost",
            "diez clientes a la vez, y un undécimo no se pierde",
        ),
        rule: Text::new(
            "At most ten clients are served at once; one more waits or is told 503 (the lab; RFC 9110 section 15.6.4).",
            "Se atiende como mucho a diez clientes a la vez; uno más espera o recibe un 503 (la práctica; RFC 9110 sección 15.6.4).",
        ),
        script: scripts::eleventh,
        judge: crowd::eleventh,
    },
];
