//! Everything that an origin server can decide about a request: one value for each, with its status, its rule, and what
//! it means, in English and Spanish. The page that a client gets, the trace and the log are made from it.
//!
//! What is wrong with a request as a message is not decided here: that is `http1::Reject`.

use super::LookupError;
use super::path::PathError;
use crate::http::explanation::explanations;

explanations! {
    /// What an answer is.
    Decision {
        // Content.
        /// The whole representation.
        Whole: OK, "RFC 9110 section 15.3.1",
            "The file is sent whole.",
            "El archivo se envía entero.";
        /// A range of it.
        Part: PARTIAL_CONTENT, "RFC 9110 section 15.3.7.1",
            "The range that is asked for is sent.",
            "Se envía el rango pedido.";
        /// Several ranges of it.
        Parts: PARTIAL_CONTENT, "RFC 9110 section 15.3.7.2",
            "The ranges that are asked for are sent, one part for each.",
            "Se envían los rangos pedidos, cada uno en una parte.";
        /// A listing of a directory.
        Listing: OK, "RFC 9110 section 15.3.1",
            "The folder has no index file: its listing is sent.",
            "La carpeta no tiene archivo índice: se envía su listado.";
        /// The path of `--health`.
        Health: OK, "RFC 9110 section 15.3.1",
            "The server is well.",
            "El servidor está bien.";
        /// What OPTIONS asks for.
        Options: NO_CONTENT, "RFC 9110 section 9.3.7",
            "The methods that are offered are named.",
            "Se nombran los métodos que se ofrecen.";

        // Elsewhere, or known already.
        /// A directory's name without its slash.
        Redirect: MOVED_PERMANENTLY, "RFC 9110 section 15.4.2",
            "A directory's name ends with a slash.",
            "El nombre de una carpeta termina con una barra.";
        /// What the client has is current.
        NotModified: NOT_MODIFIED, "RFC 9110 section 15.4.5",
            "What the client has is what is there.",
            "Lo que tiene el cliente es lo que hay.";
        /// A precondition does not hold.
        PreconditionFailed: PRECONDITION_FAILED, "RFC 9110 section 13.2.2",
            "What is there is not what the request expects.",
            "Lo que hay no es lo que la petición espera.";
        /// No range lies in the representation.
        Unsatisfiable: RANGE_NOT_SATISFIABLE, "RFC 9110 section 15.5.17",
            "The file has none of the bytes that are asked for.",
            "El archivo no tiene ninguno de los bytes pedidos.";
        /// `identity` is excluded, and nothing else is there.
        NotAcceptable: NOT_ACCEPTABLE, "RFC 9110 section 12.5.3",
            "The file is there only as it is, which Accept-Encoding excludes.",
            "El archivo solo está tal cual, y Accept-Encoding lo excluye.";

        // Nothing to be had.
        /// `..` above the root.
        AboveRoot: BAD_REQUEST, "RFC 3986 section 5.2.4",
            "The path leads above the root.",
            "La ruta lleva por encima de la raíz.";
        /// No server could have such a name.
        ForbiddenPath: BAD_REQUEST, "RFC 3986 section 3.3",
            "The path has a control character, a backslash, or bytes that are not UTF-8.",
            "La ruta tiene un carácter de control, una barra invertida o bytes que no son UTF-8.";
        /// A name that no file here has, or that is not shown.
        NoSuchName: NOT_FOUND, "RFC 9110 section 15.5.5",
            "Nothing has this name.",
            "Nada tiene este nombre.";
        /// A name that differs from a file's only in case.
        OtherCase: NOT_FOUND, "RFC 3986 section 6.2.2.1",
            "Nothing has this name, but there is one that differs from it only in upper and lower case.",
            "Nada tiene este nombre, pero hay uno que solo se distingue de él por las mayúsculas y minúsculas.";
        /// A directory without an index file, where listings are not offered.
        NoIndex: NOT_FOUND, "RFC 9110 section 15.5.5",
            "The folder has no index file such as index.html; with the server's option --list it would be listed.",
            "La carpeta no tiene archivo índice como index.html; con la opción --list del servidor se listaría.";
        /// There is something, and it is not ours to serve.
        NotServed: FORBIDDEN, "RFC 9110 section 15.5.4",
            "This is not served.",
            "Esto no se sirve.";
        /// The host could not read the file.
        Unreadable: INTERNAL_SERVER_ERROR, "RFC 9110 section 15.6.1",
            "The host could not read the file.",
            "El sistema no pudo leer el archivo.";
        /// The host could not read the directory.
        UnreadableDirectory: INTERNAL_SERVER_ERROR, "RFC 9110 section 15.6.1",
            "The host could not read the directory.",
            "El sistema no pudo leer la carpeta.";
        /// What would have to be held is too much at the moment.
        NoMemory: SERVICE_UNAVAILABLE, "RFC 9110 section 15.6.4",
            "The server has no memory for this at the moment.",
            "El servidor no tiene memoria para esto en este momento.";

        // Methods.
        /// A method that is known and not offered.
        MethodNotAllowed: METHOD_NOT_ALLOWED, "RFC 9110 section 15.5.6",
            "This method is not offered here.",
            "Este método no se ofrece aquí.";
        /// A token that is no known method.
        MethodUnknown: NOT_IMPLEMENTED, "RFC 9110 section 15.6.2",
            "The method is not known to this server.",
            "Este servidor no conoce el método.";
    }
}

impl From<PathError> for Decision {
    fn from(error: PathError) -> Self {
        match error {
            PathError::AboveRoot => Self::AboveRoot,
            PathError::Forbidden => Self::ForbiddenPath,
            PathError::NoSuchName | PathError::Hidden => Self::NoSuchName,
        }
    }
}

impl From<LookupError> for Decision {
    fn from(error: LookupError) -> Self {
        match error {
            LookupError::NotFound => Self::NoSuchName,
            LookupError::Refused => Self::NotServed,
            LookupError::Failed => Self::Unreadable,
            LookupError::NoMemory => Self::NoMemory,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_decision_is_explained_in_both_languages() {
        for decision in Decision::ALL {
            assert_eq!(decision.explanation().meaning.fault(), None, "{decision:?}");
        }
    }
}
