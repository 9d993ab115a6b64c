//! In which way content is not the bytes of the file: what a student did to them shows in how they differ.

use crate::faults;
use crate::verdict::Fault;
use std::ops::Range;

faults! {
    /// Nothing at all.
    EMPTY {
        "The answer for {path} has no content.",
        "La respuesta a {path} no trae contenido.";
        "Read the file and send its bytes after the empty line: sendall(file.read()), of the file opened with \"rb\".",
        "Lee el archivo y envía sus bytes tras la línea vacía: sendall(f.read()), con el archivo abierto en \"rb\"."
    }
    /// Something behind it.
    MORE {
        "After the content of {path} come {extra} bytes that are not in the file.",
        "Tras el contenido de {path} vienen {extra} bytes que no están en el archivo.";
        "Send nothing after the file's bytes: remove the send(\"\\r\\n\") that follows them.",
        "No envíes nada tras los bytes del archivo: quita el send(\"\\r\\n\") que los sigue."
    }
    /// Something in front of it.
    BEFORE {
        "Before the content of {path} come {extra} bytes that are not in the file.",
        "Antes del contenido de {path} vienen {extra} bytes que no están en el archivo.";
        "End the head with one empty line, \"\\r\\n\\r\\n\", and go on with the file's first byte.",
        "Termina la cabecera con una sola línea vacía, \"\\r\\n\\r\\n\", y sigue con el primer byte del archivo."
    }
    /// Its end is missing.
    SHORT {
        "The content of {path} ends too early: {sent} of {length} bytes came.",
        "El contenido de {path} acaba antes de tiempo: llegaron {sent} de {length} bytes.";
        "Read the whole file and use sendall: send may send only a part, and one read(1024) is not a whole file.",
        "Lee el archivo entero y usa sendall: send puede enviar solo una parte, y un read(1024) no es el archivo entero."
    }
    /// Its line ends were changed.
    LINE_ENDS {
        "The line ends of {path} were changed on the way (\\r\\n and \\n).",
        "Los finales de línea de {path} cambiaron por el camino (\\r\\n y \\n).";
        "Open the file in binary: open(name, \"rb\"), and send its bytes as they are.",
        "Abre el archivo en binario: open(nombre, \"rb\"), y envía sus bytes tal cual."
    }
    /// It was read or sent as text.
    TEXT_MODE {
        "The bytes of {path} were changed on the way: from byte {offset} on they are not the file's.",
        "Los bytes de {path} cambiaron por el camino: desde el byte {offset} no son los del archivo.";
        "Open the file in binary, open(name, \"rb\"), and send its bytes as they are, without decode, str or encode.",
        "Abre el archivo en binario, open(nombre, \"rb\"), y envía sus bytes tal cual, sin decode, str ni encode."
    }
    /// Something else.
    OTHER {
        "This is not the content of {path}: {sent} bytes came, and the file has {length}.",
        "Esto no es el contenido de {path}: llegaron {sent} bytes, y el archivo tiene {length}.";
        "Another file, or an error page with 200? Take the name from the request line and decode it (urllib.parse.unquote).",
        "¿Otro archivo, o una página de error con un 200? Saca el nombre de la línea de petición y decodifícalo (urllib.parse.unquote)."
    }
}

/// What a difference is, and where in the content.
pub struct Difference {
    /// Its kind.
    pub fault: Fault,
    /// The bytes of the content that show it.
    pub range: Range<usize>,
    /// How many bytes there are too many.
    pub extra: usize,
}

/// Compares content with the bytes that it should be; `None` if they are the same.
#[must_use]
pub fn between(content: &[u8], file: &[u8]) -> Option<Difference> {
    if content == file {
        return None;
    }
    let same = content.iter().zip(file).take_while(|(one, other)| one == other).count();
    let extra = content.len().saturating_sub(file.len());
    let without_returns = |bytes: &[u8]| -> Vec<u8> { bytes.iter().copied().filter(|&byte| byte != b'\r').collect() };
    let (fault, range) = if content.is_empty() {
        (EMPTY, 0..0)
    } else if same == file.len() {
        (MORE, same..content.len())
    } else if same == content.len() {
        (SHORT, same..same)
    } else if !file.is_empty() && content.ends_with(file) {
        (BEFORE, 0..extra)
    } else if without_returns(content) == without_returns(file) {
        (LINE_ENDS, same..same.saturating_add(1))
    } else if went_through_text(content, file) {
        (TEXT_MODE, same..same.saturating_add(1))
    } else {
        (OTHER, same..same.saturating_add(1))
    };
    Some(Difference { fault, range, extra })
}

/// Whether content looks like the file after somebody has decoded and encoded it: what is ASCII is the same, but for the
/// question marks that stand for what could not be decoded. Or it is what Python shows of bytes: `b'...'`.
fn went_through_text(content: &[u8], file: &[u8]) -> bool {
    let kept = |bytes: &[u8]| -> Vec<u8> {
        let is_kept = |byte: &u8| byte.is_ascii() && !b"?\r".contains(byte);
        bytes.iter().copied().filter(is_kept).collect()
    };
    kept(content) == kept(file) || content.starts_with(b"b'") || content.starts_with(b"b\"")
}

/// What a server puts around every file: the bytes before and behind the file in some content, if that has the file.
#[must_use]
pub fn around<'a>(content: &'a [u8], file: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    if file.is_empty() {
        return None;
    }
    let start = content.windows(file.len()).position(|window| window == file)?;
    let (before, rest) = content.split_at_checked(start)?;
    Some((before, rest.get(file.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_difference_is_known_by_its_bytes() {
        let file = &b"one\r\ntwo\r\n"[..];
        for (content, fault, range) in [
            (&b""[..], EMPTY, 0..0),
            (b"one\r\ntwo\r\n\r\n", MORE, 10..12),
            (b"\r\none\r\ntwo\r\n", BEFORE, 0..2),
            (b"one\r\n", SHORT, 5..5),
            (b"one\ntwo\n", LINE_ENDS, 3..4),
            (b"one\r\ntwo?\r\n", TEXT_MODE, 8..9),
            (b"b'one\\r\\ntwo\\r\\n'", TEXT_MODE, 0..1),
            (b"one\r\ntwX\r\n", OTHER, 7..8),
        ] {
            let difference = between(content, file).unwrap();
            let shown = content.escape_ascii();
            assert_eq!((difference.fault, difference.range), (fault, range), "{shown}");
        }
        assert!(between(file, file).is_none());
    }

    #[test]
    fn what_is_around_a_file_is_found() {
        assert_eq!(around(b"<a>", b"a"), Some((&b"<"[..], &b">"[..])));
        assert_eq!(around(b"b", b"a"), None);
        assert_eq!(around(b"b", b""), None);
    }
}
