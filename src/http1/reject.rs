//! Everything that can be wrong with a request as a message: one value for each, which already is its answer.
//!
//! Every reject ends the connection: after it, where the next request begins is not known for sure
//! (RFC 9112 sections 6.3 and 9.6), or the client has shown that it does not speak HTTP.

use crate::http::explanation::explanations;

explanations! {
    /// Why a request is refused before anyone asks what it means.
    Reject {
        // The request line.
        /// The first byte can begin no request: most often a TLS handshake sent to a plain port.
        NotHttp: BAD_REQUEST, "RFC 9112 section 3",
            "The first byte cannot begin a request line (is this TLS on a plain port?).",
            "El primer byte no puede empezar una línea de petición (¿es TLS en un puerto sin cifrar?).";
        /// More than one empty line before the request line.
        EmptyLines: BAD_REQUEST, "RFC 9112 section 2.2",
            "More than one empty line stands before the request line.",
            "Hay más de una línea vacía antes de la línea de petición.";
        /// A line feed without a carriage return ends a line of HTTP/1.x.
        BareLineFeed: BAD_REQUEST, "RFC 9112 section 2.2",
            "A line ends with LF alone; lines end with CR LF.",
            "Una línea termina solo con LF; las líneas terminan con CR LF.";
        /// A carriage return that no line feed follows.
        BareCarriageReturn: BAD_REQUEST, "RFC 9112 section 2.2",
            "A CR stands without the LF that makes it a line end.",
            "Hay un CR sin el LF que lo convierte en fin de línea.";
        /// Not two or three words with one space between them.
        RequestLineWords: BAD_REQUEST, "RFC 9112 section 3",
            "The request line is not a method, a target and a version with one space between them.",
            "La línea de petición no es un método, un destino y una versión separados por un solo espacio.";
        /// The method is not a token.
        MethodSyntax: BAD_REQUEST, "RFC 9110 section 9.1",
            "The method is not a token.",
            "El método no es un token.";
        /// The method is longer than every registered one.
        MethodTooLong: BAD_REQUEST, "RFC 9112 section 3",
            "The method is longer than any that is registered.",
            "El método es más largo que cualquiera de los registrados.";
        /// The third word is not `HTTP/` digit `.` digit.
        VersionSyntax: BAD_REQUEST, "RFC 9112 section 2.3",
            "The version is not HTTP/ followed by a digit, a dot and a digit.",
            "La versión no es HTTP/ seguido de una cifra, un punto y otra cifra.";
        /// A major version that is not 1.
        VersionMajor: VERSION_NOT_SUPPORTED, "RFC 9110 section 15.6.6",
            "Only major version 1 of HTTP is spoken here.",
            "Aquí solo se habla la versión mayor 1 de HTTP.";
        /// Two words where only HTTP/1.x is spoken.
        SimpleRequestRefused: BAD_REQUEST, "RFC 9112 section 3",
            "The request line has no version, and HTTP/0.9 is switched off.",
            "La línea de petición no tiene versión, y HTTP/0.9 está desactivado.";
        /// Two words, the first of them not GET.
        SimpleRequestMethod: BAD_REQUEST, "HTTP/0.9, 1991",
            "A request line without a version is HTTP/0.9, which has the method GET alone.",
            "Una línea de petición sin versión es HTTP/0.9, que solo tiene el método GET.";
        /// The request line is longer than the limit.
        RequestLineTooLong: URI_TOO_LONG, "RFC 9112 section 3",
            "The request line is longer than this server reads.",
            "La línea de petición es más larga de lo que lee este servidor.";

        // The request-target.
        /// In none of the forms that its method allows.
        TargetForm: BAD_REQUEST, "RFC 9112 section 3.2",
            "The request-target has none of the forms that its method allows.",
            "El destino de la petición no tiene ninguna de las formas que admite su método.";
        /// A character that no URI has, a fragment, or a broken percent-triplet.
        TargetSyntax: BAD_REQUEST, "RFC 3986 sections 2.1 and 3.3",
            "The request-target has a character that no URI path or query has, or a broken percent-triplet.",
            "El destino de la petición tiene un carácter que ninguna URI admite, o un triplete de porcentaje roto.";
        /// A target whose scheme asks for a secured connection.
        Misdirected: MISDIRECTED_REQUEST, "RFC 9110 section 7.4",
            "The target is an https resource, and this connection is not secured.",
            "El destino es un recurso https, y esta conexión no está cifrada.";

        // Field lines.
        /// A field line begins with white space.
        LineFolding: BAD_REQUEST, "RFC 9112 section 5.2",
            "A field line begins with white space (line folding is obsolete).",
            "Una línea de campo empieza con espacio en blanco (las líneas plegadas son obsoletas).";
        /// A line of the field section has no colon.
        NoColon: BAD_REQUEST, "RFC 9112 section 5",
            "A field line has no colon.",
            "Una línea de campo no tiene dos puntos.";
        /// White space between the name and the colon.
        SpaceBeforeColon: BAD_REQUEST, "RFC 9112 section 5.1",
            "White space stands between a field name and its colon.",
            "Hay espacio en blanco entre el nombre de un campo y sus dos puntos.";
        /// The name is empty or not a token.
        FieldName: BAD_REQUEST, "RFC 9110 section 5.1",
            "A field name is empty or has a character that tokens do not have.",
            "El nombre de un campo está vacío o tiene un carácter que un token no admite.";
        /// A control character in a value.
        FieldValue: BAD_REQUEST, "RFC 9110 section 5.5",
            "A field value has a control character.",
            "El valor de un campo tiene un carácter de control.";
        /// A field that can stand only once is repeated.
        RepeatedField: BAD_REQUEST, "RFC 9110 section 5.3",
            "A field that can stand only once is repeated.",
            "Se repite un campo que solo puede aparecer una vez.";
        /// The field section is longer than the limit.
        FieldsTooLarge: FIELDS_TOO_LARGE, "RFC 6585 section 5",
            "The field section is longer than this server reads.",
            "La sección de campos es más larga de lo que lee este servidor.";
        /// More field lines than the limit.
        TooManyFields: FIELDS_TOO_LARGE, "RFC 6585 section 5",
            "The request has more fields than this server reads.",
            "La petición tiene más campos de los que lee este servidor.";

        // Host.
        /// HTTP/1.1 without Host.
        HostMissing: BAD_REQUEST, "RFC 9112 section 3.2",
            "The request has no Host field.",
            "La petición no tiene el campo Host.";
        /// Not one host with an optional port.
        HostSyntax: BAD_REQUEST, "RFC 9110 section 7.2",
            "The Host field is not one host with an optional port.",
            "El campo Host no es un único host con un puerto opcional.";

        // Framing.
        /// Transfer-Encoding and Content-Length together.
        LengthAndEncoding: BAD_REQUEST, "RFC 9112 section 6.3",
            "Transfer-Encoding and Content-Length stand in one request.",
            "Transfer-Encoding y Content-Length aparecen en la misma petición.";
        /// Transfer-Encoding in HTTP/1.0.
        EncodingInHttp10: BAD_REQUEST, "RFC 9112 section 6.1",
            "HTTP/1.0 has no Transfer-Encoding.",
            "HTTP/1.0 no tiene Transfer-Encoding.";
        /// Something else than `chunked` once.
        Encoding: BAD_REQUEST, "RFC 9112 section 6.3",
            "The Transfer-Encoding is not chunked, once.",
            "Transfer-Encoding no es chunked, una sola vez.";
        /// A transfer coding that is not known here.
        EncodingUnknown: NOT_IMPLEMENTED, "RFC 9112 section 6.1",
            "The transfer coding is not known to this server.",
            "Este servidor no conoce esa codificación de transferencia.";
        /// Not a plain decimal number.
        ContentLength: BAD_REQUEST, "RFC 9110 section 8.6",
            "The Content-Length is not one plain decimal number.",
            "Content-Length no es un único número decimal.";
        /// More content than is read.
        BodyTooLarge: CONTENT_TOO_LARGE, "RFC 9110 section 15.5.14",
            "The request has more content than this server reads.",
            "La petición tiene más contenido del que lee este servidor.";
        /// A chunk size that is no hexadecimal number, or too large a one.
        ChunkSize: BAD_REQUEST, "RFC 9112 section 7.1",
            "A chunk size is not a hexadecimal number of at most sixteen digits.",
            "El tamaño de un fragmento no es un número hexadecimal de dieciséis cifras como máximo.";
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
            "The expectation is not 100-continue.",
            "La expectativa no es 100-continue.";

        // Time and ends.
        /// The head did not come in time.
        HeadTimeout: REQUEST_TIMEOUT, "RFC 9110 section 15.5.9",
            "The request's head did not arrive in time.",
            "La cabecera de la petición no llegó a tiempo.";
        /// The content did not come in time.
        BodyTimeout: REQUEST_TIMEOUT, "RFC 9110 section 15.5.9",
            "The request's content did not arrive in time.",
            "El contenido de la petición no llegó a tiempo.";
        /// The client ended its side in the middle of a request.
        Incomplete: BAD_REQUEST, "RFC 9112 section 8",
            "The connection was ended before the request was complete.",
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
    fn every_reject_is_explained_in_both_languages() {
        for reject in Reject::ALL {
            assert_eq!(reject.explanation().meaning.fault(), None, "{reject:?}");
        }
    }
}
