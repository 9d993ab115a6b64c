//! Why a connection ends: one value for each way, which says who ends it, by which rule, and why in English and Spanish
//! (RFC 9112 section 9).

use crate::catalogue::Text;

/// One of the two sides of a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The one that asks.
    Client,
    /// The one that answers: this program.
    Server,
}

/// Declares each end once: its meaning here, whose it is, the rule behind it, and why.
macro_rules! ends {
    ($($(#[doc = $doc:literal])* $name:ident: $side:ident, $section:literal, $en:literal, $es:literal;)*) => {
        /// Who ended a connection, and why.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum End {
            $($(#[doc = $doc])* $name,)*
        }

        impl End {
            /// Every end there is.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Who ends the connection.
            #[must_use]
            pub fn side(self) -> Side {
                match self { $(Self::$name => Side::$side,)* }
            }

            /// Why.
            #[must_use]
            pub fn reason(self) -> Text {
                match self { $(Self::$name => Text::new($en, $es),)* }
            }

            /// The rule that says so.
            #[must_use]
            pub fn section(self) -> &'static str {
                match self { $(Self::$name => $section,)* }
            }
        }
    };
}

ends! {
    // After an answer.
    /// The request has `Connection: close`.
    Asked: Server, "RFC 9112 section 9.6",
        "the client asked for it with Connection: close",
        "el cliente lo pidió con Connection: close";
    /// A request of HTTP/1.0 without `keep-alive`.
    OldVersion: Server, "RFC 9112 section 9.3",
        "HTTP/1.0 has one answer for each connection, unless the client asks for keep-alive",
        "HTTP/1.0 da una respuesta por conexión, salvo que el cliente pida keep-alive";
    /// A request of HTTP/0.9.
    SimpleRequest: Server, "HTTP/0.9, 1991",
        "in HTTP/0.9 the end of the connection is the end of the content",
        "en HTTP/0.9 el fin de la conexión es el fin del contenido";
    /// A request that was refused as a message.
    Refused: Server, "RFC 9112 section 9.6",
        "after a refused request nobody knows where the next one begins",
        "tras una petición rechazada no se sabe dónde empieza la siguiente";
    /// There is no place for it.
    NoPlace: Server, "RFC 9112 section 9.4",
        "the server has reached its limit of connections or of memory",
        "el servidor ha llegado a su límite de conexiones o de memoria";
    /// `--close`.
    Configured: Server, "RFC 9112 section 9.6",
        "the server is set to close after each answer (--close, or a preset)",
        "el servidor está configurado para cerrar tras cada respuesta (--close o un preset)";
    /// `--requests`.
    LastAnswer: Server, "RFC 9112 section 9.6",
        "the server has given the number of answers that --requests asks for",
        "el servidor ha dado el número de respuestas que pide --requests";

    // Time.
    /// Nothing came after it was opened.
    Silent: Server, "RFC 9112 section 9.5",
        "the client opened it and said nothing",
        "el cliente la abrió y no dijo nada";
    /// Nothing came after an answer.
    Idle: Server, "RFC 9112 section 9.5",
        "no other request came in time",
        "no llegó otra petición a tiempo";
    /// The client did not take what was sent.
    NotTaken: Server, "RFC 9112 section 9.5",
        "the client did not take the answer in time",
        "el cliente no recogió la respuesta a tiempo";

    // Others.
    /// It gave its place to a newcomer.
    GaveWay: Server, "RFC 9112 section 9.5",
        "it was idle, and a newcomer needed its place",
        "estaba inactiva, y un recién llegado necesitaba su plaza";
    /// The file is not any more what the head says.
    CutOff: Server, "RFC 9112 section 8",
        "the file changed while it was sent: better an early end than wrong bytes",
        "el archivo cambió mientras se enviaba: mejor un final temprano que bytes equivocados";
    /// The client ended its side.
    ClientEnded: Client, "RFC 9112 section 9.6",
        "the client ended its side, and nothing is left to answer",
        "el cliente cerró su lado, y no queda nada que responder";
    /// A reset, or a network that failed.
    Broken: Client, "RFC 9112 section 9.6",
        "the connection broke, as when the client is stopped",
        "la conexión se rompió, como cuando se detiene el cliente";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_has_its_reason_in_both_languages() {
        for end in End::ALL {
            assert_eq!(end.reason().fault(), None, "{end:?}");
        }
    }
}
