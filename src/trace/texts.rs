//! The headings and sentences of the trace for people, in both languages.

use crate::catalogue::Text;

pub(super) const CONNECTION: Text = Text::new("connection {number}", "conexión {number}");
pub(super) const ACCEPTED: Text = Text::new(
    "accepted in slot {slot} of {of} (taken: {taken})",
    "aceptada en el lugar {slot} de {of} (ocupados: {taken})",
);
pub(super) const NO_SLOT: Text = Text::new(
    "no slot is free ({taken} of {of} are taken)",
    "no hay lugar libre ({taken} de {of} ocupados)",
);
pub(super) const ACCEPTED_PLAINLY: Text = Text::new("accepted", "aceptada");
pub(super) const EXCHANGE: Text = Text::new(
    "connection {connection}, exchange {number}",
    "conexión {connection}, intercambio {number}",
);
pub(super) const SLOT: Text = Text::new("slot {slot} of {of}", "lugar {slot} de {of}");
pub(super) const RECEIVED: Text = Text::new("received: {count} bytes", "recibido: {count} bytes");
pub(super) const MORE_RECEIVED: Text = Text::new(
    "and {count} bytes of content, read and discarded",
    "y {count} bytes de contenido, leídos y descartados",
);
pub(super) const READS: Text = Text::new("in {count} reads: {reads}", "en {count} lecturas: {reads}");
pub(super) const READ: Text = Text::new("{count} bytes at {time}", "{count} bytes en {time}");
pub(super) const FOLDED: Text = Text::new(
    "{first} ... and {more} more of this kind, {count} bytes in all",
    "{first} ... y {more} más de este tipo, {count} bytes en total",
);
pub(super) const STOPPED: Text = Text::new("rejected because of these bytes", "rechazada por estos bytes");
pub(super) const PARSED: Text = Text::new("parsed: offset, token", "analizado: posición, token");
pub(super) const PARSED_IN_SHORT: Text = Text::new("parsed: {tokens}", "analizado: {tokens}");
pub(super) const FIELDS: Text = Text::new("{count} fields", "{count} campos");
pub(super) const METHOD: Text = Text::new("method", "método");
pub(super) const TARGET: Text = Text::new("target", "destino");
pub(super) const VERSION: Text = Text::new("version", "versión");
pub(super) const FIELD: Text = Text::new("field", "campo");
pub(super) const RESOLVED: Text = Text::new(
    "resolved: looked up in the granted folder",
    "resuelto: buscado en la carpeta concedida",
);
pub(super) const RESOURCE: Text = Text::new(
    "after decoding and removing dot segments: {name}",
    "decodificado y sin segmentos de puntos: {name}",
);
pub(super) const ABOVE_ROOT: Text = Text::new(
    "after decoding, its dot segments lead above the root",
    "decodificado, sus segmentos de puntos salen de la raíz",
);
pub(super) const FORBIDDEN: Text = Text::new(
    "after decoding, it has a character that is not allowed in a name",
    "decodificado, tiene un carácter que no se admite en un nombre",
);
pub(super) const NO_SUCH_NAME: Text = Text::new(
    "it has an empty segment or an encoded slash: no file has such a name",
    "segmento vacío o barra codificada: ningún archivo se llama así",
);
pub(super) const HIDDEN: Text = Text::new(
    "a segment begins with a dot: such files are hidden",
    "un segmento empieza con un punto: esos archivos están ocultos",
);
pub(super) const OUTSIDE_BASE: Text = Text::new(
    "it does not begin with the prefix of the site (--base)",
    "no empieza con el prefijo del sitio (--base)",
);
pub(super) const FILE: Text = Text::new("file, {size} bytes", "archivo, {size} bytes");
pub(super) const DIRECTORY: Text = Text::new("folder", "carpeta");
pub(super) const NOTHING: Text = Text::new("nothing", "nada");
pub(super) const NOT_OURS: Text = Text::new("must not be served", "no se debe servir");
pub(super) const UNREADABLE: Text = Text::new("cannot be read", "no se puede leer");
pub(super) const MEDIA_TYPE_BY_EXTENSION: Text = Text::new(
    "media type, from the extension {extension}: {type}",
    "tipo MIME, por la extensión {extension}: {type}",
);
pub(super) const MEDIA_TYPE_BY_OPTION: Text = Text::new(
    "media type, from --type for {extension}: {type}",
    "tipo MIME, por --type para {extension}: {type}",
);
pub(super) const MEDIA_TYPE_UNKNOWN: Text = Text::new(
    "media type for an unknown extension: {type}",
    "tipo MIME para una extensión desconocida: {type}",
);
pub(super) const MEDIA_TYPE_GENERATED: Text = Text::new(
    "media type of generated content: {type}",
    "tipo MIME del contenido generado: {type}",
);
pub(super) const MEDIA_TYPE_RANGES: Text = Text::new(
    "media type of several ranges: {type}",
    "tipo MIME de varios rangos: {type}",
);
pub(super) const DECIDED: Text = Text::new("decided: {status}", "decidido: {status}");
pub(super) const SENT: Text = Text::new(
    "sent: a head of {head} bytes, {content} of {length} bytes of content",
    "enviado: cabecera de {head} bytes, {content} de {length} bytes de contenido",
);
pub(super) const SENT_BARE: Text = Text::new(
    "sent: no head (HTTP/0.9), {content} of {length} bytes of content",
    "enviado: sin cabecera (HTTP/0.9), {content} de {length} bytes de contenido",
);
pub(super) const CONTENT: Text = Text::new(
    "content: the first {shown} of {length} bytes",
    "contenido: los primeros {shown} de {length} bytes",
);
pub(super) const TIMES: Text = Text::new(
    "times: in milliseconds after the first byte",
    "tiempos: en milisegundos desde el primer byte",
);
pub(super) const STEPS: Text = Text::new(
    "head {head}, response {response}, sent {from} to {to}",
    "cabecera {head}, respuesta {response}, enviada de {from} a {to}",
);
pub(super) const DELAYED: Text = Text::new(
    "delayed on purpose by {seconds} s (--delay)",
    "retrasada a propósito {seconds} s (--delay)",
);
pub(super) const PACED: Text = Text::new(
    "sent on purpose at no more than {rate} bytes per second (--rate)",
    "enviada a propósito a no más de {rate} bytes por segundo (--rate)",
);
pub(super) const SHORT_ACCEPTED: Text = Text::new("accepted from {remote}", "aceptada desde {remote}");
pub(super) const SHORT_EXCHANGE: Text = Text::new(
    "{request} -> {status}, {count} bytes, {took} ms, {then}",
    "{request} -> {status}, {count} bytes, {took} ms, {then}",
);
pub(super) const KEPT: Text = Text::new("kept open", "sigue abierta");
pub(super) const CLOSES: Text = Text::new("closed", "se cierra");
pub(super) const STAYS: Text = Text::new(
    "then: the connection stays open (RFC 9112 section 9.3)",
    "después: la conexión sigue abierta (RFC 9112 sección 9.3)",
);
pub(super) const CLOSED_AFTER: Text = Text::new("then: the connection is closed", "después: la conexión se cierra");
pub(super) const WAITING: Text = Text::new("waiting for their turn: {count}", "esperan su turno: {count}");
pub(super) const BY_CLIENT: Text = Text::new("closed by the client", "cerrada por el cliente");
pub(super) const BY_SERVER: Text = Text::new("closed by the server", "cerrada por el servidor");

/// All sentences, for the tests.
#[cfg(test)]
pub(super) const TEXTS: &[Text] = &[
    CONNECTION,
    ACCEPTED,
    NO_SLOT,
    ACCEPTED_PLAINLY,
    EXCHANGE,
    SLOT,
    RECEIVED,
    MORE_RECEIVED,
    READS,
    READ,
    FOLDED,
    STOPPED,
    PARSED,
    PARSED_IN_SHORT,
    FIELDS,
    METHOD,
    TARGET,
    VERSION,
    FIELD,
    RESOLVED,
    RESOURCE,
    ABOVE_ROOT,
    FORBIDDEN,
    NO_SUCH_NAME,
    HIDDEN,
    OUTSIDE_BASE,
    FILE,
    DIRECTORY,
    NOTHING,
    NOT_OURS,
    UNREADABLE,
    MEDIA_TYPE_BY_EXTENSION,
    MEDIA_TYPE_BY_OPTION,
    MEDIA_TYPE_UNKNOWN,
    MEDIA_TYPE_GENERATED,
    MEDIA_TYPE_RANGES,
    DECIDED,
    SENT,
    SENT_BARE,
    CONTENT,
    TIMES,
    STEPS,
    DELAYED,
    PACED,
    SHORT_ACCEPTED,
    SHORT_EXCHANGE,
    KEPT,
    CLOSES,
    STAYS,
    CLOSED_AFTER,
    WAITING,
    BY_CLIENT,
    BY_SERVER,
];
