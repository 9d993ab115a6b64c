//! The request of a client: connection 0 received it, and marks when the pieces of the response were sent.

use crate::client_request::ClientRequest;
use crate::faults;
use crate::response::{Field, LineEnd};
use crate::script::{End, Transcripts};
use crate::target::Target;
use crate::texts;
use crate::verdict::{Failure, Finding, Verification};
use aula::http::grammar::is_tchar;

faults! {
    /// Nothing came.
    NOTHING_CAME {
        "The client connected and sent nothing.",
        "El cliente se conectó y no envió nada.";
        "Send the request right after connect, with sendall. Nobody speaks before the client does: no recv before it.",
        "Envía la petición justo después de connect, con sendall. Nadie habla antes que el cliente: ningún recv antes."
    }
    /// `get`, or something else in its place.
    BAD_METHOD {
        "The first word of the request line is not a method in capitals.",
        "La primera palabra de la línea de petición no es un método en mayúsculas.";
        "Begin with GET and one space: \"GET /HelloWorld.html HTTP/1.1\\r\\n\".",
        "Empieza por GET y un espacio: \"GET /HelloWorld.html HTTP/1.1\\r\\n\"."
    }
    /// `GET hello.html`
    NO_SLASH {
        "The path does not begin with \"/\".",
        "La ruta no empieza por \"/\".";
        "Write the \"/\" before the name: \"GET /\" + name + \" HTTP/1.1\\r\\n\".",
        "Escribe la \"/\" delante del nombre: \"GET /\" + nombre + \" HTTP/1.1\\r\\n\"."
    }
    /// `GET http://host/`
    WHOLE_URL {
        "The request asks for a whole URL: only a request to a proxy does that.",
        "La petición pide una URL entera: así solo se le pide a un proxy.";
        "Send the path only, from its \"/\" on; the host goes into the Host field.",
        "Envía solo la ruta, desde su \"/\"; el host va en el campo Host."
    }
    /// No version: HTTP/0.9.
    NO_VERSION {
        "The request line has no version.",
        "La línea de petición no tiene versión.";
        "End it with a space and HTTP/1.1: \"GET /HelloWorld.html HTTP/1.1\\r\\n\".",
        "Termínala con un espacio y HTTP/1.1: \"GET /HelloWorld.html HTTP/1.1\\r\\n\"."
    }
    /// `HTTP/1.x`, `http/1.1`, `HTTP 1.1`
    BAD_VERSION {
        "The version is not HTTP/1.1 or HTTP/1.0.",
        "La versión no es HTTP/1.1 ni HTTP/1.0.";
        "Write it in capitals, with a slash and without a space: \"HTTP/1.1\".",
        "Escríbela en mayúsculas, con barra y sin espacios: \"HTTP/1.1\"."
    }
    /// More than two spaces.
    TOO_MANY_SPACES {
        "The request line has more than two spaces.",
        "La línea de petición tiene más de dos espacios.";
        "Write one space after GET and one before HTTP/1.1; a space in the path is %20 (urllib.parse.quote).",
        "Escribe un espacio tras GET y otro antes de HTTP/1.1; un espacio en la ruta es %20 (urllib.parse.quote)."
    }
    /// Only LF.
    BARE_LF {
        "A line of the request ends with only \\n.",
        "Una línea de la petición acaba solo con \\n.";
        "End every line with \"\\r\\n\", the empty one too; print and triple quotes write only \"\\n\".",
        "Termina cada línea con \"\\r\\n\", también la vacía; print y las comillas triples ponen solo \"\\n\"."
    }
    /// `\\r\\n` as letters.
    WRITTEN_OUT {
        "A line end was sent as letters, and not as the bytes 13 and 10.",
        "Un fin de línea se envió como letras, y no como los bytes 13 y 10.";
        "Write \"\\r\\n\" with one backslash before each letter, and no r before the quotes: r\"...\" sends the letters.",
        "Escribe \"\\r\\n\" con una barra invertida ante cada letra y sin una r ante las comillas: r\"...\" envía las letras."
    }
    /// No empty line, but the last line has its end.
    ONE_LINE_END {
        "No empty line ends the request: a server waits for more, and so both wait.",
        "Ninguna línea vacía cierra la petición: el servidor espera más, y así esperan los dos.";
        "Send one more \"\\r\\n\" after the last line, so that the request ends with \"\\r\\n\\r\\n\".",
        "Envía \"\\r\\n\" una vez más tras la última línea, para que la petición acabe en \"\\r\\n\\r\\n\"."
    }
    /// No empty line, and no line end.
    NO_LINE_END {
        "Nothing ends the last line of the request, and no empty line follows: a server waits for more, and so both wait.",
        "Nada cierra la última línea de la petición, ni sigue una línea vacía: el servidor espera más, y así esperan los dos.";
        "End the request with \"\\r\\n\\r\\n\": one \\r\\n ends the line, the other one is the empty line.",
        "Termina la petición con \"\\r\\n\\r\\n\": un \\r\\n cierra la línea, el otro es la línea vacía."
    }
    /// No name and colon.
    BAD_FIELD {
        "A line of the request is not of the form \"name: value\".",
        "Una línea de la petición no tiene la forma \"nombre: valor\".";
        "Write a name without spaces, a colon right after it, and the value: \"Host: 127.0.0.1:13331\\r\\n\".",
        "Escribe un nombre sin espacios, dos puntos pegados a él y el valor: \"Host: 127.0.0.1:13331\\r\\n\"."
    }
    /// No Host.
    NO_HOST {
        "The request is HTTP/1.1 and has no Host.",
        "La petición es HTTP/1.1 y no tiene Host.";
        "Add \"Host: {host}\\r\\n\" after the request line.",
        "Añade \"Host: {host}\\r\\n\" tras la línea de petición."
    }
    /// Two of them.
    TWO_HOSTS {
        "The request has more than one Host.",
        "La petición tiene más de un Host.";
        "Send Host once.",
        "Envía Host una sola vez."
    }
    /// Another host, or the port left out.
    OTHER_HOST {
        "Host does not name this server, {host}.",
        "Host no es el nombre de este servidor, {host}.";
        "Send what the user typed, and the port unless it is 80: \"Host: {host}\\r\\n\".",
        "Envía lo que escribió el usuario, y el puerto si no es el 80: \"Host: {host}\\r\\n\"."
    }
    /// Gone after the first piece.
    LEFT_EARLY {
        "The client left before the response was over: it came in three pieces, with a pause between.",
        "El cliente se fue antes de que acabara la respuesta: llegó en tres partes, con una pausa entre ellas.";
        "One recv is not a whole response: call it in a loop and join the pieces until it returns b\"\".",
        "Un recv no es una respuesta entera: llámalo en un bucle y junta las partes hasta que devuelva b\"\"."
    }
    /// It does not see the end.
    WAITS_ON {
        "The response is over and the connection was closed, and the client is still there.",
        "La respuesta acabó y la conexión se cerró, y el cliente sigue ahí.";
        "recv returns b\"\" at the end: leave the loop then (if not data: break), and close the socket.",
        "recv devuelve b\"\" al final: sal entonces del bucle (if not datos: break) y cierra el socket."
    }
    /// Something after the empty line.
    AFTER_END {
        "After the empty line come {bytes} bytes more.",
        "Tras la línea vacía vienen {bytes} bytes más.";
        "A GET ends with its empty line: send nothing after \"\\r\\n\\r\\n\".",
        "Un GET acaba en su línea vacía: no envíes nada tras \"\\r\\n\\r\\n\"."
    }
}

fn request(transcripts: &Transcripts) -> Result<ClientRequest<'_>, Finding> {
    match transcripts.at(0).received.as_slice() {
        [] => Err(texts::NO_REQUEST.into()),
        bytes => Ok(ClientRequest::read(bytes)),
    }
}

/// `request-comes`
pub fn comes(_: &Target, transcripts: &Transcripts) -> Verification {
    if transcripts.at(0).received.is_empty() {
        Err(NOTHING_CAME.at(0, 0..0).is_everything().into())
    } else {
        Ok(())
    }
}

/// `request-line` (RFC 9112 section 3)
pub fn request_line(_: &Target, transcripts: &Transcripts) -> Verification {
    let request = request(transcripts)?;
    let words = request.words();
    let line = request.line.text.clone();
    let place = |number: usize| {
        let before = words.iter().take(number).map(|word| word.len().saturating_add(1));
        let start = line.start.saturating_add(before.sum());
        start..start.saturating_add(words.get(number).map_or(0, |word| word.len()).max(1))
    };
    let failed = |failure: Failure| Err(failure.into());
    let method = words.first().copied().unwrap_or_default();
    if method.is_empty() || !method.iter().all(u8::is_ascii_uppercase) {
        return failed(BAD_METHOD.at(0, place(0)));
    }
    let path = words.get(1).copied().unwrap_or_default();
    if path
        .get(..7)
        .is_some_and(|start| start.eq_ignore_ascii_case(b"http://"))
    {
        return failed(WHOLE_URL.at(0, place(1)));
    }
    if !path.starts_with(b"/") {
        return failed(NO_SLASH.at(0, place(1)));
    }
    match words.as_slice() {
        [_, _] => failed(NO_VERSION.at(0, line.end..line.end)),
        [_, _, b"HTTP/1.1" | b"HTTP/1.0"] => Ok(()),
        // Letters for a line end are for `request-line-ends`.
        [_, _, version, ..] if has_letters(version) => Ok(()),
        [_, _, version] if version.to_ascii_uppercase().starts_with(b"HTTP") => failed(BAD_VERSION.at(0, place(2))),
        [_, _, version, ..] if version.eq_ignore_ascii_case(b"HTTP") => failed(BAD_VERSION.at(0, place(2))),
        [_, _, _] => failed(BAD_VERSION.at(0, place(2))),
        _ => failed(TOO_MANY_SPACES.at(0, place(1).end..line.end)),
    }
}

/// Whether a line end is here as letters.
fn has_letters(bytes: &[u8]) -> bool {
    [&br"\r"[..], br"\n", b"/r/n"]
        .iter()
        .any(|letters| bytes.windows(letters.len()).any(|window| window == *letters))
}

/// `request-line-ends` (RFC 9112 section 2.2)
pub fn line_ends(_: &Target, transcripts: &Transcripts) -> Verification {
    let request = request(transcripts)?;
    if has_letters(request.part(&request.line.text)) {
        return Err(WRITTEN_OUT.at(0, request.line.text.clone()).into());
    }
    match request.lines().find(|line| line.end == LineEnd::Lf) {
        Some(line) => Err(BARE_LF.at(0, line.text.end..line.next).into()),
        None => Ok(()),
    }
}

/// `request-end` (RFC 9112 section 2.1)
pub fn end(_: &Target, transcripts: &Transcripts) -> Verification {
    let request = request(transcripts)?;
    if request.blank.is_some() {
        return Ok(());
    }
    if has_letters(request.part(&request.line.text)) {
        return Err(texts::SEE_FIRST.with("id", "request-line-ends").into());
    }
    let length = request.bytes.len();
    let last = request.lines().last().map_or(LineEnd::None, |line| line.end);
    let fault = if last == LineEnd::None {
        NO_LINE_END
    } else {
        ONE_LINE_END
    };
    Err(fault.at(0, length..length).into())
}

/// `request-fields` (RFC 9112 section 5)
pub fn fields(_: &Target, transcripts: &Transcripts) -> Verification {
    let request = request(transcripts)?;
    let is_faulty = |field: &&Field| {
        let name = request.part(&field.name);
        !field.is_well_formed || !name.iter().all(|&byte| is_tchar(byte))
    };
    match request.fields.iter().find(is_faulty) {
        Some(field) => Err(BAD_FIELD.at(0, field.line.text.clone()).into()),
        None => Ok(()),
    }
}

/// `request-host` (RFC 9112 section 3.2)
pub fn host(target: &Target, transcripts: &Transcripts) -> Verification {
    let request = request(transcripts)?;
    if has_letters(request.part(&request.line.text)) {
        return Err(texts::SEE_FIRST.with("id", "request-line-ends").into());
    }
    let is_host = |field: &&Field| request.part(&field.name).eq_ignore_ascii_case(b"Host");
    let hosts: Vec<_> = request.fields.iter().filter(is_host).collect();
    let explained = |failure: Failure| Err(failure.with("host", &target.host).into());
    match hosts.as_slice() {
        // HTTP/1.0 has none (RFC 9112 section 3.2).
        [] if request.words().last() == Some(&&b"HTTP/1.0"[..]) => Ok(()),
        [] => explained(NO_HOST.at(0, request.line.next..request.line.next)),
        [field] => {
            let value = request.part(&field.value);
            let port = target.host.rsplit(':').next().unwrap_or_default();
            let is_local = [&b"localhost"[..], b"127.0.0.1", b"[::1]"].iter().any(|name| {
                let rest = value.strip_prefix(*name).and_then(|rest| rest.strip_prefix(b":"));
                rest == Some(port.as_bytes())
            });
            if is_local || value == target.host.as_bytes() {
                Ok(())
            } else {
                explained(OTHER_HOST.at(0, field.value.clone()))
            }
        }
        [_, second, ..] => explained(TWO_HOSTS.at(0, second.line.text.clone())),
    }
}

/// `reads-to-the-end`: three pieces were sent, with a pause between.
pub fn reads_to_the_end(_: &Target, transcripts: &Transcripts) -> Verification {
    let transcript = transcripts.at(0);
    let length = transcript.received.len();
    if !ClientRequest::read(&transcript.received).is_whole() {
        return Err(texts::SEE_FIRST.with("id", "request-end").into());
    }
    match transcript.end {
        End::Reset => Err(LEFT_EARLY.at(0, length..length).into()),
        End::Open => Err(WAITS_ON.at(0, length..length).into()),
        _ => Ok(()),
    }
}

/// `nothing-after` (RFC 9110 section 9.3.1)
pub fn nothing_behind(_: &Target, transcripts: &Transcripts) -> Verification {
    let request = request(transcripts)?;
    let length = request.bytes.len();
    match request
        .blank
        .as_ref()
        .map(|blank| blank.next)
        .filter(|&end| end < length)
    {
        Some(end) => Err(AFTER_END
            .at(0, end..length)
            .with("bytes", length.saturating_sub(end))
            .into()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks;
    use crate::script::Transcript;
    use crate::verdict::{Fault, Verdict};

    const GOOD: &str = "GET /a.html HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n";

    fn transcripts(request: &str, end: End) -> Transcripts {
        Transcripts(vec![Transcript {
            received: request.as_bytes().to_vec(),
            end,
            ..Transcript::default()
        }])
    }

    fn target() -> Target {
        Target {
            host: "127.0.0.1:8000".to_owned(),
            ..Target::default()
        }
    }

    #[test]
    fn a_good_request_passes() {
        for request in [
            GOOD,
            "GET / HTTP/1.0\r\n\r\n",
            "GET / HTTP/1.1\r\nhost:localhost:8000\r\n\r\n",
        ] {
            let results = crate::run::verify(&target(), checks::client(), transcripts(request, End::Closed));
            for finished in &results.finished {
                assert_eq!(finished.verdict, Verdict::Passed, "{}: {request:?}", finished.check.id);
            }
        }
    }

    #[test]
    fn each_fault_of_a_request_is_found_and_its_bytes_are_pointed_at() {
        #[rustfmt::skip]
        let rows: [(&str, &str, &str, Fault, &str); 21] = [
            ("", "", "request-comes", NOTHING_CAME, ""),
            // RFC 9112 section 3
            ("get /a.html", "get /a.html HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n", "request-line", BAD_METHOD, "get"),
            ("no slash", "GET a.html HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n", "request-line", NO_SLASH, "a.html"),
            ("a URL", "GET http://h/a HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n", "request-line", WHOLE_URL, "http://h/a"),
            ("no version", "GET /a.html\r\nHost: 127.0.0.1:8000\r\n\r\n", "request-line", NO_VERSION, ""),
            ("a small version", "GET /a http/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n", "request-line", BAD_VERSION, "http/1.1"),
            ("a version in two", "GET /a HTTP 1.1\r\nHost: 127.0.0.1:8000\r\n\r\n", "request-line", BAD_VERSION, "HTTP"),
            ("a space", "GET /a b.html HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n", "request-line", TOO_MANY_SPACES, " b.html HTTP/1.1"),
            // RFC 9112 section 2.2
            ("LF", "GET /a HTTP/1.1\nHost: 127.0.0.1:8000\n\n", "request-line-ends", BARE_LF, "\n"),
            ("letters", r"GET /a HTTP/1.1\r\n\r\n", "request-line-ends", WRITTEN_OUT, r"GET /a HTTP/1.1\r\n\r\n"),
            ("no empty line", "GET /a HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n", "request-end", ONE_LINE_END, ""),
            ("no line end", "GET /a HTTP/1.1\r\nHost: 127.0.0.1:8000", "request-end", NO_LINE_END, ""),
            // RFC 9112 section 5
            ("no colon", "GET /a HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nA b\r\n\r\n", "request-fields", BAD_FIELD, "A b"),
            ("a space", "GET /a HTTP/1.1\r\nHost : 127.0.0.1:8000\r\n\r\n", "request-fields", BAD_FIELD, "Host : 127.0.0.1:8000"),
            // RFC 9112 section 3.2
            ("no Host", "GET /a HTTP/1.1\r\n\r\n", "request-host", NO_HOST, ""),
            ("two", "GET /a HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nHost: b\r\n\r\n", "request-host", TWO_HOSTS, "Host: b"),
            ("another", "GET /a HTTP/1.1\r\nHost: b\r\n\r\n", "request-host", OTHER_HOST, "b"),
            ("no port", "GET /a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "request-host", OTHER_HOST, "127.0.0.1"),
            ("RESET", GOOD, "reads-to-the-end", LEFT_EARLY, ""),
            ("OPEN", GOOD, "reads-to-the-end", WAITS_ON, ""),
            ("more", "GET /a HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\nx", "nothing-after", AFTER_END, "x"),
        ];
        for (why, request, id, fault, bytes) in rows {
            let end = match why {
                "RESET" => End::Reset,
                "OPEN" => End::Open,
                _ => End::Closed,
            };
            let results = crate::run::verify(&target(), checks::client(), transcripts(request, end));
            let failed: Vec<_> = results
                .finished
                .iter()
                .filter_map(|finished| match &finished.verdict {
                    Verdict::Failed(failure) => Some((finished.check.id, failure)),
                    _ => None,
                })
                .collect();
            let [(found, failure)] = failed.as_slice() else {
                panic!("{why}: {failed:#?}");
            };
            let expected = fault
                .at(0, failure.range.clone())
                .with("host", "127.0.0.1:8000")
                .with("bytes", 1);
            assert_eq!(
                (*found, failure.what.get(aula::catalogue::Lang::En)),
                (id, expected.what.get(aula::catalogue::Lang::En)),
                "{why}"
            );
            assert_eq!(request.get(failure.range.clone()), Some(bytes), "{why}");
        }
        let faults: std::collections::BTreeSet<_> = rows.iter().map(|(.., fault, _)| fault.what.en).collect();
        assert_eq!(faults.len(), FAULTS.len(), "each fault has a row");
    }
}
