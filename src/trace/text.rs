//! The trace as text for people: at most 80 columns, with colours where they are wanted.

use super::{Happening, Peer, Slot, Token, bytes, tokens};
use crate::catalogue::{Lang, Text, wrapped};
use crate::exchange::{Details, Exchange};
use crate::http::MediaTypeSource;
use crate::http1::{End, Side};
use crate::site::LookupError;
use crate::site::path::PathError;
use crate::site::recorder::Seen;
use crate::visible;
use std::fmt::Display;
use std::net::SocketAddr;
use std::ops::Range;

/// How many columns a line may have.
const WIDTH: usize = 80;
/// Where the text behind an offset begins.
const INDENT: usize = 10;

// The headings and what stands under them.
const CONNECTION: Text = Text::new("connection {number}", "conexión {number}");
const ACCEPTED: Text = Text::new(
    "accepted in place {place} of {of} (taken: {taken})",
    "aceptada en la plaza {place} de {of} (ocupadas: {taken})",
);
const NO_PLACE: Text = Text::new(
    "no place is free ({taken} of {of} are taken)",
    "no hay plaza libre ({taken} de {of} ocupadas)",
);
const EXCHANGE: Text = Text::new(
    "connection {connection}, exchange {number}, place {place} of {of}",
    "conexión {connection}, intercambio {number}, plaza {place} de {of}",
);
const RECEIVED: Text = Text::new("received: {count} bytes", "recibido: {count} bytes");
const MORE_RECEIVED: Text = Text::new(
    "and {count} bytes of content, read past",
    "y {count} bytes de contenido, leídos y descartados",
);
const STOPPED: Text = Text::new("refused at this line", "rechazada en esta línea");
const PARSED: Text = Text::new("parsed: offset, token", "analizado: posición, token");
const METHOD: Text = Text::new("method", "método");
const TARGET: Text = Text::new("target", "destino");
const VERSION: Text = Text::new("version", "versión");
const FIELD: Text = Text::new("field", "campo");
const RESOLVED: Text = Text::new(
    "resolved: looked up in the granted folder",
    "resuelto: buscado en la carpeta concedida",
);
const RESOURCE: Text = Text::new(
    "decoded, its dots resolved: {name}",
    "decodificado y con sus puntos resueltos: {name}",
);
const ABOVE_ROOT: Text = Text::new(
    "decoded, its dots lead above the root",
    "decodificado, sus puntos llevan por encima de la raíz",
);
const FORBIDDEN: Text = Text::new(
    "decoded, it has a character that no name here may have",
    "decodificado, tiene un carácter que aquí ningún nombre puede tener",
);
const NO_SUCH_NAME: Text = Text::new(
    "an empty segment, or an encoded slash in one: no file has such a name",
    "un segmento vacío, o una barra codificada en uno: ningún archivo se llama así",
);
const HIDDEN: Text = Text::new(
    "a segment begins with a dot: such files are not shown",
    "un segmento empieza con un punto: esos archivos no se muestran",
);
const FILE: Text = Text::new("file, {size} bytes", "archivo, {size} bytes");
const DIRECTORY: Text = Text::new("folder", "carpeta");
const NOTHING: Text = Text::new("nothing", "nada");
const NOT_OURS: Text = Text::new("not to be served", "no se puede servir");
const UNREADABLE: Text = Text::new("cannot be read", "no se puede leer");
const MEDIA_TYPE_BY_EXTENSION: Text = Text::new(
    "media type by the extension {extension}: {type}",
    "tipo de medio por la extensión {extension}: {type}",
);
const MEDIA_TYPE_UNKNOWN: Text = Text::new(
    "media type for an unknown extension: {type}",
    "tipo de medio para una extensión desconocida: {type}",
);
const MEDIA_TYPE_GENERATED: Text = Text::new(
    "media type of what the server wrote itself: {type}",
    "tipo de medio de lo que escribió el propio servidor: {type}",
);
const MEDIA_TYPE_RANGES: Text = Text::new(
    "media type of several ranges: {type}",
    "tipo de medio de varios rangos: {type}",
);
const DECIDED: Text = Text::new("decided: {status}", "decidido: {status}");
const SENT: Text = Text::new(
    "sent: a head of {head} bytes, {content} of {length} bytes of content",
    "enviado: cabecera de {head} bytes, {content} de {length} bytes de contenido",
);
const SENT_BARE: Text = Text::new(
    "sent: no head (HTTP/0.9), {content} of {length} bytes of content",
    "enviado: sin cabecera (HTTP/0.9), {content} de {length} bytes de contenido",
);
const STAYS: Text = Text::new(
    "then: the connection stays open (RFC 9112 section 9.3)",
    "después: la conexión sigue abierta (RFC 9112 sección 9.3)",
);
const ENDS: Text = Text::new("then: the connection ends", "después: la conexión termina");
const WAITING: Text = Text::new("waiting for their turn: {count}", "esperan su turno: {count}");
const BY_CLIENT: Text = Text::new("closed by the client", "cerrada por el cliente");
const BY_SERVER: Text = Text::new("closed by the server", "cerrada por el servidor");

/// All of them, for the tests.
#[cfg(test)]
pub(super) const TEXTS: &[Text] = &[
    CONNECTION,
    NO_PLACE,
    ABOVE_ROOT,
    FORBIDDEN,
    NO_SUCH_NAME,
    HIDDEN,
    ACCEPTED,
    EXCHANGE,
    RECEIVED,
    MORE_RECEIVED,
    STOPPED,
    PARSED,
    METHOD,
    TARGET,
    VERSION,
    FIELD,
    RESOLVED,
    RESOURCE,
    FILE,
    DIRECTORY,
    NOTHING,
    NOT_OURS,
    UNREADABLE,
    MEDIA_TYPE_BY_EXTENSION,
    MEDIA_TYPE_UNKNOWN,
    MEDIA_TYPE_GENERATED,
    MEDIA_TYPE_RANGES,
    DECIDED,
    SENT,
    SENT_BARE,
    STAYS,
    ENDS,
    WAITING,
    BY_CLIENT,
    BY_SERVER,
];

/// A happening in lines, each with its line end; nothing for an exchange without details.
pub(super) fn text(lang: Lang, is_coloured: bool, peer: &Peer, happening: &Happening<'_>) -> String {
    let mut page = Page {
        lang,
        is_coloured,
        text: String::new(),
    };
    match happening {
        Happening::Accepted(slot) => page.accepted(peer, slot),
        Happening::Answered {
            slot,
            exchange,
            content_sent,
        } => {
            if let Some(details) = &exchange.details {
                let heading = EXCHANGE
                    .with("connection", peer.connection)
                    .with("number", exchange.number)
                    .with("place", slot.number)
                    .with("of", slot.of);
                page.heading(&heading.get(lang));
                page.four_tuple(peer);
                page.received(details);
                page.parsed(details);
                page.resolved(details);
                page.decided(exchange);
                page.sent(details, *content_sent);
                page.afterwards(details, slot);
            }
        }
        Happening::Ended(end) => page.ended(peer, *end),
    }
    page.text
}

/// The lines so far.
struct Page {
    lang: Lang,
    is_coloured: bool,
    text: String,
}

/// The colours (ECMA-48 SGR).
#[derive(Clone, Copy)]
enum Colour {
    Plain = 0,
    Bold = 1,
    Dim = 2,
    Red = 31,
    Green = 32,
    Yellow = 33,
    Cyan = 36,
}

impl Page {
    fn accepted(&mut self, peer: &Peer, slot: &Slot) {
        let number = CONNECTION.with("number", peer.connection).get(self.lang);
        let place = if slot.number > slot.of { NO_PLACE } else { ACCEPTED };
        let place = place
            .with("place", slot.number)
            .with("of", slot.of)
            .with("taken", slot.taken)
            .get(self.lang);
        self.heading(&format!("{number}: {place}"));
        self.four_tuple(peer);
    }

    fn ended(&mut self, peer: &Peer, end: End) {
        let number = CONNECTION.with("number", peer.connection).get(self.lang);
        let by = match end.side() {
            Side::Client => BY_CLIENT,
            Side::Server => BY_SERVER,
        };
        self.heading(&format!("{number}: {}", by.get(self.lang)));
        self.reason(end.reason().get(self.lang), end.section());
    }

    /// Who speaks with whom.
    fn four_tuple(&mut self, peer: &Peer) {
        self.line(
            Colour::Dim,
            &format!("{} -> {}", address(peer.remote), address(peer.local)),
        );
    }

    /// The bytes, with the line where they were refused pointed at.
    fn received(&mut self, details: &Details) {
        let heading = RECEIVED.with("count", details.received.len()).get(self.lang);
        self.label(&heading);
        let fault = details.head.fault();
        self.rows(&details.received, fault.as_ref());
        if details.content_received > 0 {
            let more = MORE_RECEIVED.with("count", details.content_received).get(self.lang);
            self.line(Colour::Plain, &more);
        }
    }

    fn parsed(&mut self, details: &Details) {
        let tokens = tokens(details);
        if tokens.is_empty() {
            return;
        }
        self.label(PARSED.get(self.lang));
        let mut tokens = tokens.into_iter();
        while let Some((token, at)) = tokens.next() {
            let shown = |at: &Range<usize>| visible::line(bytes(details, at));
            let (kind, offset, text) = match token {
                Token::Method => (METHOD, at.start.to_string(), shown(&at)),
                Token::Target => (TARGET, at.start.to_string(), shown(&at)),
                Token::Version => (VERSION, at.start.to_string(), shown(&at)),
                // A name's value comes next: they share a line.
                Token::FieldName | Token::FieldValue => {
                    let value = tokens.next().map_or(at.end..at.end, |(_, value)| value);
                    let offsets = format!("{}, {}", at.start, value.start);
                    (FIELD, offsets, format!("{} = {}", shown(&at), shown(&value)))
                }
            };
            let kind = kind.get(self.lang);
            self.row(&offset, &cut(&format!("{kind:<8} {text}"), WIDTH - INDENT));
        }
    }

    fn resolved(&mut self, details: &Details) {
        let Some(resource) = &details.resolution.resource else {
            return;
        };
        self.label(RESOLVED.get(self.lang));
        let resource = match resource {
            Ok(path) => RESOURCE.with("name", shown(path.name())),
            Err(PathError::AboveRoot) => ABOVE_ROOT.into(),
            Err(PathError::Forbidden) => FORBIDDEN.into(),
            Err(PathError::NoSuchName) => NO_SUCH_NAME.into(),
            Err(PathError::Hidden) => HIDDEN.into(),
        };
        self.line(Colour::Plain, &resource.get(self.lang));
        let longest = details.lookups.iter().map(|lookup| columns(shown(&lookup.name))).max();
        let column = longest.unwrap_or_default().min(WIDTH / 2);
        for lookup in &details.lookups {
            let seen = match lookup.seen {
                Seen::File(size) => FILE.with("size", size).get(self.lang),
                Seen::Directory => DIRECTORY.get(self.lang).to_owned(),
                Seen::Nothing(LookupError::NotFound) => NOTHING.get(self.lang).to_owned(),
                Seen::Nothing(LookupError::Refused) => NOT_OURS.get(self.lang).to_owned(),
                Seen::Nothing(LookupError::Failed) => UNREADABLE.get(self.lang).to_owned(),
            };
            self.line(
                Colour::Plain,
                &format!("{:<column$}  {seen}", cut(&shown(&lookup.name), column)),
            );
        }
        if let (Some(media_type), Some(source)) = (&details.content_type, &details.resolution.media_type) {
            let message = match source {
                MediaTypeSource::Extension(extension) => {
                    MEDIA_TYPE_BY_EXTENSION.with("extension", format_args!(".{extension}"))
                }
                MediaTypeSource::Unknown => MEDIA_TYPE_UNKNOWN.into(),
                MediaTypeSource::Generated => MEDIA_TYPE_GENERATED.into(),
                MediaTypeSource::Ranges => MEDIA_TYPE_RANGES.into(),
            };
            self.line(Colour::Plain, &message.with("type", media_type).get(self.lang));
        }
    }

    fn decided(&mut self, exchange: &Exchange) {
        let status = exchange.explanation.status;
        let colour = match status.code() {
            ..400 => Colour::Green,
            400..500 => Colour::Yellow,
            500.. => Colour::Red,
        };
        let status = format!("{} {}", status.code(), status.reason_phrase());
        let decided = DECIDED.with("status", status).get(self.lang);
        self.coloured_line(0, colour, &decided);
        let meaning = exchange.explanation.meaning.get(self.lang);
        self.reason(meaning.trim_end_matches('.'), exchange.explanation.section);
    }

    fn sent(&mut self, details: &Details, content_sent: u64) {
        let sent = if details.sent.is_empty() { SENT_BARE } else { SENT };
        let sent = sent
            .with("head", details.sent.len())
            .with("content", content_sent)
            .with("length", details.content_length);
        self.label(&sent.get(self.lang));
        self.rows(&details.sent, None);
    }

    fn afterwards(&mut self, details: &Details, slot: &Slot) {
        match details.end {
            None => self.label(STAYS.get(self.lang)),
            Some(end) => {
                self.label(ENDS.get(self.lang));
                self.reason(end.reason().get(self.lang), end.section());
            }
        }
        if !slot.waiting.is_empty() {
            let waiting = WAITING.with("count", slot.waiting.len()).get(self.lang);
            self.label(&waiting);
            for client in &slot.waiting {
                self.line(Colour::Plain, &client.to_string());
            }
        }
    }

    /// Bytes with their offsets.
    fn rows(&mut self, bytes: &[u8], fault: Option<&Range<usize>>) {
        for row in visible::rows(bytes, 0, WIDTH - INDENT) {
            self.row(&row.offset.to_string(), &row.text);
            let Some(columns) = fault.and_then(|fault| row.columns(fault)) else {
                continue;
            };
            let carets = "^".repeat(columns.len());
            self.coloured_line(INDENT + columns.start, Colour::Red, &carets);
            if fault.is_some_and(|fault| fault.end <= row.end()) {
                self.coloured_line(INDENT, Colour::Red, STOPPED.get(self.lang));
            }
        }
    }

    /// Why, with the rule behind it, over as many lines as it takes.
    fn reason(&mut self, reason: &str, section: &str) {
        let rule = format!("({})", self.lang.rule(section));
        for line in wrapped(reason.split(' ').chain([rule.as_str()]), WIDTH - INDENT) {
            self.line(Colour::Plain, &line);
        }
    }

    /// The first line of a happening, filled up so that it stands out.
    fn heading(&mut self, text: &str) {
        let rule = "─".repeat(WIDTH.saturating_sub(columns(text) + 4));
        self.coloured_line(0, Colour::Bold, &format!("── {text} {rule}"));
    }

    /// The first line of a stage.
    fn label(&mut self, text: &str) {
        self.coloured_line(0, Colour::Cyan, text);
    }

    /// What stands at an offset.
    fn row(&mut self, offset: &str, text: &str) {
        let column = INDENT - 2;
        self.coloured(Colour::Dim, &format!("{offset:>column$}"));
        self.text.push_str("  ");
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn line(&mut self, colour: Colour, text: &str) {
        self.coloured_line(INDENT, colour, &cut(text, WIDTH - INDENT));
    }

    fn coloured_line(&mut self, indent: usize, colour: Colour, text: &str) {
        self.text.push_str(&" ".repeat(indent));
        self.coloured(colour, text);
        self.text.push('\n');
    }

    fn coloured(&mut self, colour: Colour, text: &str) {
        match colour {
            Colour::Plain => self.text.push_str(text),
            _ if !self.is_coloured => self.text.push_str(text),
            colour => self.text.push_str(&format!("\x1b[{}m{text}\x1b[0m", colour as u8)),
        }
    }
}

/// A name that was looked up, as bytes that no terminal obeys; `.` for the root.
fn shown(name: &str) -> String {
    match name {
        "" => ".".to_owned(),
        name => visible::text(name),
    }
}

fn address(address: Option<SocketAddr>) -> String {
    address.map_or_else(|| "?".to_owned(), |address| address.to_string())
}

/// At most `width` columns of a text.
fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// How many columns a text takes.
fn columns(text: impl Display) -> usize {
    text.to_string().chars().count()
}
