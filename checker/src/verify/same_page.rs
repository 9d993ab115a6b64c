//! Requests in another form that a server must take for the same page: connection 0 asks in that form, 1 plainly.

use super::endurance::{GONE, GONE_BLANK};
use crate::faults;
use crate::preset::Preset;
use crate::script::{End, Transcripts};
use crate::target::Target;
use crate::verdict::{Fault, Verification};

faults! {
    /// `two-segments`
    TWO_SEGMENTS {
        "A request that came in two pieces, with a pause between them, did not get the page.",
        "Una petición que llegó en dos partes, con una pausa entre ellas, no recibió la página.";
        "TCP has no messages: call recv in a loop and join the pieces until they contain \"\\r\\n\\r\\n\".",
        "TCP no tiene mensajes: llama a recv en un bucle y junta las partes hasta que contengan \"\\r\\n\\r\\n\"."
    }
    /// `two-segments` in the lab of HTTP/0.9, where no empty line may be waited for.
    TWO_SEGMENTS_0_9 {
        "A request that came in two pieces, with a pause between them, did not get the page.",
        "Una petición que llegó en dos partes, con una pausa entre ellas, no recibió la página.";
        "TCP has no messages: call recv in a loop and join the pieces until the first line is whole, with its \"\\n\". Wait for \"\\r\\n\\r\\n\" only if that line has a version: an HTTP/0.9 request ends with its line.",
        "TCP no tiene mensajes: llama a recv en un bucle y junta las partes hasta que la primera línea esté entera, con su \"\\n\". Espera \"\\r\\n\\r\\n\" solo si esa línea lleva versión: una petición HTTP/0.9 acaba con su línea."
    }
    /// `leading-blank-line`
    LEADING_BLANK_LINE {
        "An empty line before the request line is not skipped.",
        "No se salta una línea vacía antes de la línea de petición.";
        "Skip empty lines before the request line: data.lstrip(b\"\\r\\n\").",
        "Salta las líneas vacías antes de la línea de petición: datos.lstrip(b\"\\r\\n\")."
    }
    /// `query`
    QUERY {
        "With ?x=1 after its name the page is not found.",
        "Con ?x=1 tras su nombre no se encuentra la página.";
        "Cut the query off before you open the file: path.split(\"?\")[0].",
        "Quita la consulta antes de abrir el archivo: ruta.split(\"?\")[0]."
    }
    /// `percent`
    PERCENT {
        "The same name with a letter percent-encoded is not the same page.",
        "El mismo nombre con una letra codificada con % no es la misma página.";
        "Turn %61 and the like back into characters before you open the file: urllib.parse.unquote(path).",
        "Convierte %61 y similares en sus caracteres antes de abrir el archivo: urllib.parse.unquote(ruta)."
    }
    /// `absolute-form`
    ABSOLUTE_FORM {
        "The request for {url}, with the host in it, does not get the page.",
        "La petición de {url}, con el host dentro, no recibe la página.";
        "If the target begins with http://, drop that and everything up to the next \"/\".",
        "Si el destino empieza por http://, quítalo, con todo lo que hay hasta la siguiente \"/\"."
    }
    /// `field-names`
    FIELD_NAMES {
        "A request with a browser's twenty fields, their names in any case, does not get the page.",
        "Una petición con los veinte campos de un navegador, en mayúsculas o minúsculas, no recibe la página.";
        "Compare field names without case (name.lower()), and read on until \"\\r\\n\\r\\n\" if the head is longer than one recv.",
        "Compara los nombres de campo sin distinguir mayúsculas (nombre.lower()) y sigue leyendo hasta \"\\r\\n\\r\\n\"."
    }
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident: $fault:ident;)*) => {
        $($(#[doc = $doc])+
        pub fn $name(target: &Target, transcripts: &Transcripts) -> Verification {
            same_page(target, transcripts, $fault)
        })*
    };
}

rules! {
    /// `two-segments`
    two_segments: TWO_SEGMENTS;
    /// `leading-blank-line` (RFC 9112 section 2.2)
    leading_blank_line: LEADING_BLANK_LINE;
    /// `query` (RFC 3986 section 3.4)
    query: QUERY;
    /// `percent` (RFC 3986 section 6.2.2.2)
    percent: PERCENT;
    /// `absolute-form` (RFC 9112 section 3.2.2)
    absolute_form: ABSOLUTE_FORM;
    /// `field-names` (RFC 9110 section 5.1)
    field_names: FIELD_NAMES;
}

/// Status and content are the same in both forms.
fn same_page(target: &Target, transcripts: &Transcripts, fault: Fault) -> Verification {
    let next = transcripts.at(1);
    // The next client finds out that this request ended the server.
    if next.received.is_empty() && next.end != End::Open {
        let gone = if fault == LEADING_BLANK_LINE { GONE_BLANK } else { GONE };
        return Err(gone.at(1, 0..0).after(0).into());
    }
    let fault = match target.preset {
        Preset::Lab01 if fault == TWO_SEGMENTS => TWO_SEGMENTS_0_9,
        _ => fault,
    };
    let plain = super::page(next)?;
    let url = format!("http://{}{}", target.host, target.page);
    let failed = |range| Err(fault.at(0, range).with("url", &url).into());
    let Ok(response) = super::response(transcripts.at(0)) else {
        return failed(0..0);
    };
    if response.status() != plain.status() {
        return failed(response.status_place());
    }
    if response.content() == plain.content() {
        Ok(())
    } else {
        failed(response.content_start..response.content_start.saturating_add(1))
    }
}
