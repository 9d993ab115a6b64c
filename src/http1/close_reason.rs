//! Why a connection is closed (RFC 9112 section 9): one value for each reason, with the side that closes it, the rule,
//! and an explanation in English and Spanish.

use crate::catalogue::Text;

/// One of the two sides of a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The side that sends requests.
    Client,
    /// The side that sends responses: this program.
    Server,
}

/// Declares each reason once: its documentation, the side that closes the connection, the rule, and the explanation.
macro_rules! close_reasons {
    ($($(#[doc = $doc:literal])* $name:ident: $side:ident, $section:literal, $en:literal, $es:literal;)*) => {
        /// Who closed a connection, and why.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum CloseReason {
            $($(#[doc = $doc])* $name,)*
        }

        impl CloseReason {
            /// All reasons.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The side that closes the connection.
            #[must_use]
            pub fn side(self) -> Side {
                match self { $(Self::$name => Side::$side,)* }
            }

            /// The explanation.
            #[must_use]
            pub fn explanation(self) -> Text {
                match self { $(Self::$name => Text::new($en, $es),)* }
            }

            /// The rule that demands or allows it.
            #[must_use]
            pub fn section(self) -> &'static str {
                match self { $(Self::$name => $section,)* }
            }
        }
    };
}

close_reasons! {
    // After a response.
    /// The request has `Connection: close`.
    CloseOption: Server, "RFC 9112 section 9.6",
        "the client asked for it with Connection: close",
        "el cliente lo pidió con Connection: close";
    /// A request in HTTP/1.0 without `keep-alive`.
    Http10: Server, "RFC 9112 section 9.3",
        "HTTP/1.0 closes after each response, unless the client asks for keep-alive",
        "HTTP/1.0 cierra tras cada respuesta, salvo que el cliente pida keep-alive";
    /// A request in HTTP/0.9.
    SimpleRequest: Server, "HTTP/0.9, 1991",
        "HTTP/0.9 marks the end of the content by closing the connection",
        "HTTP/0.9 marca el final del contenido cerrando la conexión";
    /// A request that was rejected as a message.
    Refused: Server, "RFC 9112 section 9.6",
        "after a rejected request, the server cannot tell where the next one begins",
        "tras una petición rechazada, el servidor no puede saber dónde empieza la siguiente";
    /// No connection slot is free.
    ServerFull: Server, "RFC 9112 section 9.4",
        "the server has reached its limit of connections or of memory",
        "el servidor ha llegado a su límite de conexiones o de memoria";
    /// `--close`.
    Configured: Server, "RFC 9112 section 9.6",
        "the server is set to close after each response (--close, or a preset)",
        "el servidor está configurado para cerrar tras cada respuesta (--close o un preset)";
    /// `--requests`.
    RequestLimit: Server, "RFC 9112 section 9.6",
        "the server has sent the number of responses that --requests asks for",
        "el servidor ha enviado el número de respuestas que pide --requests";

    // Time.
    /// Nothing arrived after the connection was opened.
    NoRequest: Server, "RFC 9112 section 9.5",
        "the client opened the connection and sent nothing",
        "el cliente abrió la conexión y no envió nada";
    /// Nothing arrived after a response.
    IdleTimeout: Server, "RFC 9112 section 9.5",
        "no other request arrived in time",
        "no llegó otra petición a tiempo";
    /// The client did not read the response.
    WriteTimeout: Server, "RFC 9112 section 9.5",
        "the client did not read the response in time",
        "el cliente no leyó la respuesta a tiempo";

    // Others.
    /// The connection was idle, and its slot was needed.
    Evicted: Server, "RFC 9112 section 9.5",
        "it was idle, and a new client needed its slot",
        "estaba inactiva, y un cliente nuevo necesitaba su lugar";
    /// The file changed after the head was sent.
    FileChanged: Server, "RFC 9112 section 8",
        "the file changed while it was being sent, so the server stops rather than send wrong bytes",
        "el archivo cambió mientras se enviaba, y el servidor prefiere cortar antes que enviar bytes equivocados";
    /// The client closed its side.
    ClientEnded: Client, "RFC 9112 section 9.6",
        "the client closed its side, and no request is left",
        "el cliente cerró su lado, y no queda ninguna petición";
    /// A reset, or a network failure.
    Broken: Client, "RFC 9112 section 9.6",
        "the connection was reset, for example because the client was stopped",
        "la conexión se interrumpió, por ejemplo porque se detuvo el cliente";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_explained_in_both_languages() {
        for reason in CloseReason::ALL {
            assert_eq!(reason.explanation().fault(), None, "{reason:?}");
        }
    }
}
