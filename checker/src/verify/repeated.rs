//! The same request again: whether it gets the same response.
//!
//! What is left over from one client reaches the next: a file that has been read to its end, a string that grows.
//! Fields whose value may change from one response to the next, such as Date, are not compared.

use crate::faults;
use crate::response::{self, Response};
use crate::script::{End, Transcripts};
use crate::target::Target;
use crate::verdict::Verification;

/// Fields of which the value, too, is the same for the same request.
const SAME_VALUES: [&str; 5] = [
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-Type",
    "Transfer-Encoding",
];

/// A field that a server may send to a client only once (RFC 6265 section 3).
const ONCE: &str = "Set-Cookie";

faults! {
    /// `response += ...`, and never emptied.
    GROWN {
        "The second response to the same request has the first one inside it.",
        "La segunda respuesta a la misma petición lleva dentro la primera.";
        "A string or list that grows (with += or append) still holds what the first client got: make it empty inside the loop, for each request (response = \"\").",
        "Una cadena o lista que crece (con += o append) aún tiene lo que recibió el primer cliente: vacíala dentro del bucle, en cada petición (respuesta = \"\")."
    }
    /// Another status.
    OTHER_STATUS {
        "The same request gets {again} the second time, not {code}.",
        "La misma petición recibe un {again} la segunda vez, no un {code}.";
        "Open the file anew for each request, inside the loop, and give each variable its first value again there: something is left over from the first client. If an except sends the {again}, print the exception in it: except Exception as e: print(repr(e))",
        "Abre el archivo de nuevo en cada petición, dentro del bucle, y da ahí a cada variable su valor inicial: queda algo del primer cliente. Si el {again} lo envía un except, muestra ahí la excepción: except Exception as e: print(repr(e))"
    }
    /// The head is sent once.
    NO_HEAD {
        "The second response to the same request has no head: it begins with its content.",
        "La segunda respuesta a la misma petición no tiene cabecera: empieza con su contenido.";
        "Send the whole head for each request, inside the loop: status line, fields and empty line.",
        "Envía la cabecera entera en cada petición, dentro del bucle: línea de estado, campos y línea vacía."
    }
    /// The file was read to its end.
    EMPTY {
        "The second response to the same request has a head, but no content.",
        "La segunda respuesta a la misma petición tiene cabecera, pero no contenido.";
        "Was the file opened once, before the loop? A second read() of the same open file gives nothing: open it anew for each request, inside the loop.",
        "¿Se abrió el archivo una sola vez, antes del bucle? Un segundo read() del mismo archivo abierto no da nada: ábrelo de nuevo en cada petición, dentro del bucle."
    }
    /// A part of it.
    SHORT {
        "The second response to the same request ends too early: {sent} of {length} bytes of content came.",
        "La segunda respuesta a la misma petición acaba antes de tiempo: llegaron {sent} de {length} bytes de contenido.";
        "Open the file anew for each request, inside the loop, and read all of it. A counter or a list that is left over from the first client needs its first value again there.",
        "Abre el archivo de nuevo en cada petición, dentro del bucle, y léelo entero. Un contador o una lista que queda del primer cliente necesita ahí otra vez su valor inicial."
    }
    /// The same content, and then more.
    CONTENT_GROWN {
        "The second response to the same request begins with the whole content of the first one, and goes on.",
        "La segunda respuesta a la misma petición empieza con todo el contenido de la primera, y sigue.";
        "A variable still holds what the first client got: make it empty inside the loop, for each request (data = b\"\").",
        "Una variable aún guarda lo que recibió el primer cliente: vacíala dentro del bucle, en cada petición (datos = b\"\")."
    }
    /// Other content.
    OTHER_CONTENT {
        "The same request gets other content the second time.",
        "La misma petición recibe otro contenido la segunda vez.";
        "Open the file anew for each request, inside the loop, read all of it, and start each response from nothing.",
        "Abre el archivo de nuevo en cada petición, dentro del bucle, léelo entero y empieza cada respuesta desde cero."
    }
    /// Another head.
    OTHER_HEAD {
        "The same request gets another head the second time.",
        "La misma petición recibe otra cabecera la segunda vez.";
        "Build the whole head anew for each request, inside the loop: no variable that the client before has changed.",
        "Crea la cabecera entera de nuevo en cada petición, dentro del bucle: sin variables que haya cambiado el cliente anterior."
    }
}

/// Whether the response on connection `again` is that on `first`.
pub fn same(_: &Target, transcripts: &Transcripts, first: usize, again: usize) -> Verification {
    let (one, other) = (
        super::response(transcripts.at(first))?,
        super::response(transcripts.at(again))?,
    );
    let is_open = transcripts.at(again).end == End::Open;
    if let Some(place) = inside(&one, &other) {
        // Where it begins, the rest is what is new.
        let start = if place == 0 { one.bytes.len() } else { place };
        return Err(GROWN.at(again, start..first_line(&other, start)).into());
    }
    if one.has_head && !other.has_head {
        return Err(NO_HEAD.at(again, 0..first_line(&other, 0)).into());
    }
    if let (Some(code), Some(now)) = (one.status(), other.status())
        && code != now
    {
        let failure = OTHER_STATUS.at(again, other.status_place());
        return Err(failure.with("again", now).with("code", code).into());
    }
    let (content, now) = (one.content(), other.content());
    let start = other.content_start;
    if content != now {
        let is_beginning = content.starts_with(&now);
        // On a connection that stays open, the rest may still be to come.
        return if is_beginning && is_open {
            Ok(())
        } else if now.trim_ascii().is_empty() {
            Err(EMPTY.at(again, start..other.bytes.len()).into())
        } else if is_beginning {
            let end = other.bytes.len();
            let failure = SHORT.at(again, end..end);
            Err(failure.with("sent", now.len()).with("length", content.len()).into())
        } else if now.starts_with(&content) && !content.is_empty() {
            let start = start.saturating_add(content.len());
            Err(CONTENT_GROWN.at(again, start..other.bytes.len()).into())
        } else {
            let same = content.iter().zip(now.iter()).take_while(|(one, other)| one == other);
            let place = start.saturating_add(same.count());
            Err(OTHER_CONTENT.at(again, place..place.saturating_add(1)).into())
        };
    }
    if head(&one) == head(&other) {
        Ok(())
    } else {
        Err(OTHER_HEAD.at(again, 0..other.content_start).into())
    }
}

/// Where `one` begins in `other`, if `other` contains all of it and more responses.
#[must_use]
pub fn inside(one: &Response, other: &Response) -> Option<usize> {
    let status_lines = |response: &Response| response.bytes.windows(7).filter(|at| *at == b"HTTP/1.").count();
    if one.bytes.is_empty()
        || one.has_head && status_lines(one) >= status_lines(other)
        || one.bytes.len() >= other.bytes.len()
    {
        return None;
    }
    other
        .bytes
        .windows(one.bytes.len())
        .position(|window| window == one.bytes)
}

/// What of a head is the same each time: the names of its fields, the values of some, and how it ends.
fn head(response: &Response) -> (bool, bool, Vec<String>) {
    let text = |range| String::from_utf8_lossy(response.part(range)).to_ascii_lowercase();
    let fields = response
        .fields
        .iter()
        .filter(|field| text(&field.name) != ONCE.to_ascii_lowercase());
    let mut fields: Vec<_> = fields
        .map(|field| {
            let name = text(&field.name);
            if SAME_VALUES.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                format!("{name}: {}", text(&field.value))
            } else {
                name
            }
        })
        .collect();
    fields.sort_unstable();
    (response.has_head, response.blank.is_some(), fields)
}

/// Where the line ends that begins here.
fn first_line(response: &Response, start: usize) -> usize {
    let rest = response.bytes.get(start..).unwrap_or_default();
    let line = rest.iter().take_while(|&&byte| byte != b'\r' && byte != b'\n').count();
    start.saturating_add(line.max(1)).min(response.bytes.len())
}

/// Whether two responses to the same request have the same status and content.
#[must_use]
pub fn is_same(one: &[u8], other: &[u8]) -> bool {
    let (one, other) = (response::read(one), response::read(other));
    one.has_head == other.has_head && one.status() == other.status() && one.content() == other.content()
}
