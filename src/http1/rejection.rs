//! Everything that can be wrong with a request as a message: one value for each error, with the status of its response.
//!
//! Every rejection closes the connection. Either the server cannot tell where the next request begins (RFC 9112
//! sections 6.3 and 9.6), or the client has shown that it does not speak HTTP.

use crate::http::explanation::explanations;

explanations! {
    /// Why a request is rejected before its meaning is considered.
    Rejection {
        // The request line.
        /// The first byte cannot begin a request. Most often it belongs to a TLS handshake that was sent to a plain
        /// port.
        NotHttp: BAD_REQUEST, "RFC 9112 section 3",
            "The first byte cannot begin a request line (is this TLS on a plain port?).",
            "El primer byte no puede empezar una línea de petición (¿es TLS en un puerto sin cifrar?).";
        /// More than one empty line before the request line.
        EmptyLines: BAD_REQUEST, "RFC 9112 section 2.2",
            "There is more than one empty line before the request line.",
            "Hay más de una línea vacía antes de la línea de petición.";
        /// A line of HTTP/1.x ends with LF without CR.
        BareLineFeed: BAD_REQUEST, "RFC 9112 section 2.2",
            "A line ends with LF only; lines must end with CR LF.",
            "Una línea termina solo con LF; las líneas deben terminar con CR LF.";
        /// A CR that is not followed by LF.
        BareCarriageReturn: BAD_REQUEST, "RFC 9112 section 2.2",
            "A CR is not followed by LF.",
            "Hay un CR que no va seguido de LF.";
        /// The request line is not two or three words with one space between them.
        RequestLineWords: BAD_REQUEST, "RFC 9112 section 3",
            "The request line must be a method, a target and a version with one space between them.",
            "La línea de petición debe ser un método, un destino y una versión separados por un solo espacio.";
        /// The method is not a token.
        MethodSyntax: BAD_REQUEST, "RFC 9110 section 9.1",
            "The method is not a token.",
            "El método no es un token.";
        /// The method is longer than every registered one.
        MethodTooLong: BAD_REQUEST, "RFC 9112 section 3",
            "The method is longer than every registered one.",
            "El método es más largo que cualquiera de los registrados.";
        /// The third word is not `HTTP/` digit `.` digit.
        VersionSyntax: BAD_REQUEST, "RFC 9112 section 2.3",
            "The version is not HTTP/ followed by a digit, a dot and a digit.",
            "La versión no es HTTP/ seguido de una cifra, un punto y otra cifra.";
        /// A major version that is not 1.
        VersionMajor: VERSION_NOT_SUPPORTED, "RFC 9110 section 15.6.6",
            "This server speaks only HTTP/1.x.",
            "Este servidor solo habla HTTP/1.x.";
        /// Two words, while only HTTP/1.x is enabled.
        SimpleRequestRefused: BAD_REQUEST, "RFC 9112 section 3",
            "The request line has no version, and HTTP/0.9 is switched off.",
            "La línea de petición no tiene versión, y HTTP/0.9 está desactivado.";
        /// Two words, the first of them not GET.
        SimpleRequestMethod: BAD_REQUEST, "HTTP/0.9, 1991",
            "A request line without a version is HTTP/0.9, whose only method is GET.",
            "Una línea de petición sin versión es HTTP/0.9, cuyo único método es GET.";
        /// The request line is longer than the limit.
        RequestLineTooLong: URI_TOO_LONG, "RFC 9112 section 3",
            "The request line is longer than this server accepts.",
            "La línea de petición es más larga de lo que acepta este servidor.";

        // The request-target.
        /// The target has none of the forms that its method allows.
        TargetForm: BAD_REQUEST, "RFC 9112 section 3.2",
            "The request-target has none of the forms that its method allows.",
            "El destino de la petición no tiene ninguna de las formas que admite su método.";
        /// The target has a character that is not allowed in a URI, a fragment, or an invalid percent-encoding.
        TargetSyntax: BAD_REQUEST, "RFC 3986 sections 2.1 and 3.3",
            "The request-target has a character that is not allowed in a URI, or an invalid percent-encoding.",
            "El destino de la petición tiene un carácter que una URI no admite, o una codificación con % no válida.";
        /// The scheme of the target asks for a secured connection.
        Misdirected: MISDIRECTED_REQUEST, "RFC 9110 section 7.4",
            "The target is an https resource, and this connection is not secured.",
            "El destino es un recurso https, y esta conexión no está cifrada.";

        // Field lines.
        /// A field line begins with whitespace.
        LineFolding: BAD_REQUEST, "RFC 9112 section 5.2",
            "A field line begins with whitespace (line folding is obsolete).",
            "Una línea de campo empieza con espacio en blanco (las líneas plegadas son obsoletas).";
        /// A line of the field section has no colon.
        NoColon: BAD_REQUEST, "RFC 9112 section 5",
            "A field line has no colon.",
            "Una línea de campo no tiene dos puntos.";
        /// Whitespace between the name and the colon.
        SpaceBeforeColon: BAD_REQUEST, "RFC 9112 section 5.1",
            "There is whitespace between a field name and its colon.",
            "Hay espacio en blanco entre el nombre de un campo y sus dos puntos.";
        /// The name is empty or not a token.
        FieldName: BAD_REQUEST, "RFC 9110 section 5.1",
            "A field name is empty or contains a character that is not allowed in a token.",
            "El nombre de un campo está vacío o tiene un carácter que un token no admite.";
        /// A control character in a value.
        FieldValue: BAD_REQUEST, "RFC 9110 section 5.5",
            "A field value contains a control character.",
            "El valor de un campo contiene un carácter de control.";
        /// A field that may appear only once is repeated.
        RepeatedField: BAD_REQUEST, "RFC 9110 section 5.3",
            "A field that may appear only once is repeated.",
            "Se repite un campo que solo puede aparecer una vez.";
        /// The field section is longer than the limit.
        FieldsTooLarge: FIELDS_TOO_LARGE, "RFC 6585 section 5",
            "The field section is longer than this server accepts.",
            "La sección de campos es más larga de lo que acepta este servidor.";
        /// More field lines than the limit.
        TooManyFields: FIELDS_TOO_LARGE, "RFC 6585 section 5",
            "The request has more fields than this server accepts.",
            "La petición tiene más campos de los que acepta este servidor.";

        // Host.
        /// HTTP/1.1 without Host.
        HostMissing: BAD_REQUEST, "RFC 9112 section 3.2",
            "The request has no Host field.",
            "La petición no tiene el campo Host.";
        /// The Host field is not one host with an optional port.
        HostSyntax: BAD_REQUEST, "RFC 9110 section 7.2",
            "The Host field must be one host with an optional port.",
            "El campo Host debe ser un único host con un puerto opcional.";

        // Framing.
        /// Transfer-Encoding and Content-Length together.
        LengthAndEncoding: BAD_REQUEST, "RFC 9112 section 6.3",
            "The request has both Transfer-Encoding and Content-Length.",
            "La petición tiene a la vez Transfer-Encoding y Content-Length.";
        /// Transfer-Encoding in HTTP/1.0.
        EncodingInHttp10: BAD_REQUEST, "RFC 9112 section 6.1",
            "HTTP/1.0 has no Transfer-Encoding.",
            "HTTP/1.0 no tiene Transfer-Encoding.";
        /// Anything other than `chunked`, exactly once.
        Encoding: BAD_REQUEST, "RFC 9112 section 6.3",
            "Transfer-Encoding must be chunked, exactly once.",
            "Transfer-Encoding debe ser chunked, exactamente una vez.";
        /// A transfer coding that the server does not know.
        EncodingUnknown: NOT_IMPLEMENTED, "RFC 9112 section 6.1",
            "This server does not know the transfer coding.",
            "Este servidor no conoce esa codificación de transferencia.";
        /// The Content-Length is not one plain decimal number.
        ContentLength: BAD_REQUEST, "RFC 9110 section 8.6",
            "The Content-Length must be one plain decimal number.",
            "Content-Length debe ser un único número decimal.";
        /// More content than the limit.
        BodyTooLarge: CONTENT_TOO_LARGE, "RFC 9110 section 15.5.14",
            "The request has more content than this server accepts.",
            "La petición tiene más contenido del que acepta este servidor.";
        /// A chunk size that is not a hexadecimal number, or is too large.
        ChunkSize: BAD_REQUEST, "RFC 9112 section 7.1",
            "A chunk size must be a hexadecimal number of at most sixteen digits.",
            "El tamaño de un fragmento debe ser un número hexadecimal de dieciséis cifras como máximo.";
        /// An extension that does not follow the grammar, or too many of them.
        ChunkExtension: BAD_REQUEST, "RFC 9112 section 7.1.1",
            "A chunk extension is malformed, or the extensions are too long.",
            "Una extensión de fragmento está mal formada, o las extensiones son demasiado largas.";
        /// A chunk's data is not followed by CR LF, or its line does not end with it.
        ChunkEnd: BAD_REQUEST, "RFC 9112 section 7.1",
            "A chunk does not end with CR LF.",
            "Un fragmento no termina con CR LF.";
        /// An expectation other than 100-continue.
        Expectation: EXPECTATION_FAILED, "RFC 9110 section 10.1.1",
            "The only expectation that this server supports is 100-continue.",
            "La única expectativa que admite este servidor es 100-continue.";

        // Time and ends.
        /// The head did not arrive in time.
        HeadTimeout: REQUEST_TIMEOUT, "RFC 9110 section 15.5.9",
            "The request's head did not arrive in time.",
            "La cabecera de la petición no llegó a tiempo.";
        /// The content did not arrive in time.
        BodyTimeout: REQUEST_TIMEOUT, "RFC 9110 section 15.5.9",
            "The request's content did not arrive in time.",
            "El contenido de la petición no llegó a tiempo.";
        /// The client closed its side in the middle of a request.
        Incomplete: BAD_REQUEST, "RFC 9112 section 8",
            "The connection was closed before the request was complete.",
            "La conexión se cerró antes de que la petición estuviera completa.";
        /// The server has no slot for the connection, or no memory for the request.
        Busy: SERVICE_UNAVAILABLE, "RFC 9110 section 15.6.4",
            "The server has reached its limit of connections or of memory.",
            "El servidor ha llegado a su límite de conexiones o de memoria.";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rejection_is_explained_in_both_languages() {
        for rejection in Rejection::ALL {
            assert_eq!(rejection.explanation().meaning.fault(), None, "{rejection:?}");
        }
    }
}
