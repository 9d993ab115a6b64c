//! Everything that an origin server can decide about a request: one value for each decision, with its status, its rule,
//! and its meaning in English and Spanish. The error page, the trace and the log are made from it.
//!
//! Errors in a request as a message are not decided here; they are in `http1::Rejection`.

use super::LookupError;
use super::path::PathError;
use crate::http::explanation::explanations;

explanations! {
    /// What the site decides about a request.
    Decision {
        // The response has content.
        /// The whole representation is sent.
        FullContent: OK, "RFC 9110 section 15.3.1",
            "The whole file is sent.",
            "Se envía el archivo entero.";
        /// One range of the representation is sent.
        SingleRange: PARTIAL_CONTENT, "RFC 9110 section 15.3.7.1",
            "The requested range is sent.",
            "Se envía el rango pedido.";
        /// Several ranges of the representation are sent.
        MultipleRanges: PARTIAL_CONTENT, "RFC 9110 section 15.3.7.2",
            "The requested ranges are sent, each as one part.",
            "Se envían los rangos pedidos, cada uno en una parte.";
        /// A listing of a directory is sent.
        Listing: OK, "RFC 9110 section 15.3.1",
            "The folder has no index file: its listing is sent.",
            "La carpeta no tiene archivo índice: se envía su listado.";
        /// The request is for the path of `--health`.
        Health: OK, "RFC 9110 section 15.3.1",
            "The server is running.",
            "El servidor está en funcionamiento.";
        /// The request is for the script of `--live`.
        LiveScript: OK, "RFC 9110 section 15.3.1",
            "The script that reloads a page when its files change (--live) is sent.",
            "Se envía el script que recarga una página cuando cambian sus archivos (--live).";
        /// A file of the page has changed, or the page asks for the first time.
        Changed: OK, "RFC 9110 section 15.3.1",
            "The page learns which versions its files have now (--live).",
            "La página averigua qué versiones tienen ahora sus archivos (--live).";
        /// No file of the page has changed.
        Unchanged: OK, "RFC 9110 section 15.3.1",
            "No file of the page has changed while the request waited (--live).",
            "Ningún archivo de la página ha cambiado mientras la petición esperaba (--live).";
        /// The request is OPTIONS.
        Options: NO_CONTENT, "RFC 9110 section 9.3.7",
            "The Allow field lists the supported methods.",
            "El campo Allow enumera los métodos que se admiten.";

        // The response is a redirect, or a precondition decided.
        /// The name of a directory lacks its slash.
        Redirect: MOVED_PERMANENTLY, "RFC 9110 section 15.4.2",
            "A directory's name ends with a slash.",
            "El nombre de una carpeta termina con una barra.";
        /// The client's copy is current.
        NotModified: NOT_MODIFIED, "RFC 9110 section 15.4.5",
            "The client's copy is still current.",
            "La copia que tiene el cliente sigue vigente.";
        /// A precondition does not hold.
        PreconditionFailed: PRECONDITION_FAILED, "RFC 9110 section 13.2.2",
            "A precondition of the request (If-Match or If-Unmodified-Since) is false.",
            "Una precondición de la petición (If-Match o If-Unmodified-Since) no se cumple.";
        /// No requested range lies within the representation.
        Unsatisfiable: RANGE_NOT_SATISFIABLE, "RFC 9110 section 15.5.17",
            "None of the requested ranges lies within the file.",
            "Ninguno de los rangos pedidos está dentro del archivo.";
        /// `identity` is excluded, and there is no other encoding.
        NotAcceptable: NOT_ACCEPTABLE, "RFC 9110 section 12.5.3",
            "The file exists only uncompressed, and Accept-Encoding forbids that.",
            "El archivo solo existe sin comprimir, y Accept-Encoding no lo permite.";

        // There is nothing to serve.
        /// The path has `..` above the root.
        AboveRoot: BAD_REQUEST, "RFC 3986 section 5.2.4",
            "The path leads above the root.",
            "La ruta lleva por encima de la raíz.";
        /// No server could have a file with this name.
        ForbiddenPath: BAD_REQUEST, "RFC 3986 section 3.3",
            "The path has a control character, a backslash, or bytes that are not UTF-8.",
            "La ruta tiene un carácter de control, una barra invertida o bytes que no son UTF-8.";
        /// No file has this name, or it is hidden.
        NoSuchName: NOT_FOUND, "RFC 9110 section 15.5.5",
            "There is no file with this name.",
            "No hay ningún archivo con este nombre.";
        /// The name differs from that of a file only in case.
        OtherCase: NOT_FOUND, "RFC 3986 section 6.2.2.1",
            "There is no file with this name, but one whose name differs only in upper and lower case.",
            "No hay ningún archivo con este nombre, pero sí uno que solo se distingue por las mayúsculas y minúsculas.";
        /// The path is not below the prefix of `--base`.
        OutsideBase: NOT_FOUND, "RFC 9110 section 15.5.5",
            "The whole site is below a prefix, which this path does not begin with (the server's option --base).",
            "Todo el sitio está bajo un prefijo con el que esta ruta no empieza (la opción --base del servidor).";
        /// A directory without an index file, while listings are disabled.
        NoIndex: NOT_FOUND, "RFC 9110 section 15.5.5",
            "The folder has no index file such as index.html. The server's option --list would list it.",
            "La carpeta no tiene un archivo índice como index.html. La opción --list del servidor mostraría su listado.";
        /// Something has this name, but it must not be served.
        NotServed: FORBIDDEN, "RFC 9110 section 15.5.4",
            "This server does not serve this file.",
            "Este servidor no sirve este archivo.";
        /// The host could not read the file.
        Unreadable: INTERNAL_SERVER_ERROR, "RFC 9110 section 15.6.1",
            "The system could not read the file.",
            "El sistema no pudo leer el archivo.";
        /// The host could not read the directory.
        UnreadableDirectory: INTERNAL_SERVER_ERROR, "RFC 9110 section 15.6.1",
            "The system could not read the directory.",
            "El sistema no pudo leer la carpeta.";
        /// The response needs more memory than is available now.
        NoMemory: SERVICE_UNAVAILABLE, "RFC 9110 section 15.6.4",
            "The server does not have enough memory for this at the moment.",
            "El servidor no tiene memoria suficiente para esto en este momento.";

        // The client has to say who it is.
        /// The request has no credentials.
        NoCredentials: UNAUTHORIZED, "RFC 9110 section 15.5.2",
            "This site asks for a name and a password.",
            "Este sitio pide un nombre y una contraseña.";
        /// The request has wrong credentials.
        WrongCredentials: UNAUTHORIZED, "RFC 9110 section 15.5.2",
            "The name or the password is wrong.",
            "El nombre o la contraseña no son correctos.";

        // The method decides.
        /// The method is known but not supported.
        MethodNotAllowed: METHOD_NOT_ALLOWED, "RFC 9110 section 15.5.6",
            "This server does not support this method.",
            "Este servidor no admite este método.";
        /// The method is unknown.
        MethodUnknown: NOT_IMPLEMENTED, "RFC 9110 section 15.6.2",
            "This server does not know the method.",
            "Este servidor no conoce el método.";
    }
}

impl From<PathError> for Decision {
    fn from(error: PathError) -> Self {
        match error {
            PathError::AboveRoot => Self::AboveRoot,
            PathError::Forbidden => Self::ForbiddenPath,
            PathError::NoSuchName | PathError::Hidden => Self::NoSuchName,
            PathError::OutsideBase => Self::OutsideBase,
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
