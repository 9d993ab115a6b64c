//! Who connects, answers and closes (RFC 9112 section 9).

use crate::answer;
use crate::faults;
use crate::script::{End, Transcripts};
use crate::target::Target;
use crate::texts;
use crate::verdict::{Fault, Judgement};

/// From how many reads on an answer may be a dribble, and how many bytes the usual one then has. A server that writes
/// line by line has more bytes in a read, one that writes in one go has fewer reads.
const DRIBBLE_READS: usize = 20;
const DRIBBLE_BYTES: usize = 8;

faults! {
    /// Nobody listens.
    REFUSED {
        "Nobody listens at {server}: the connection was refused.",
        "Nadie escucha en {server}: la conexión fue rechazada.";
        "Is your server still running? If its terminal shows an error, that is the cause: the last line names it. If it ended without one, is there an exit() before webServer() is called? \"Address already in use\": wait a minute, or set SO_REUSEADDR before bind. Otherwise compare its address and port (in bind) with those that you gave here.",
        "¿Sigue en marcha tu servidor? Si su terminal muestra un error, esa es la causa: la última línea lo nombra. Si terminó sin error, ¿hay un exit() antes de la llamada a webServer()? \"Address already in use\": espera un minuto, o pon SO_REUSEADDR antes de bind. Si no, compara su dirección y su puerto (los de bind) con los que diste aquí."
    }
    /// No answer to the first packet.
    UNANSWERED {
        "Nobody at {server} answered the connection request.",
        "Nadie en {server} respondió a la petición de conexión.";
        "Check the address, and whether a firewall stands in between. On the same machine, use 127.0.0.1.",
        "Revisa la dirección y si hay un cortafuegos por medio. En la misma máquina, usa 127.0.0.1."
    }
    /// No way there.
    UNREACHABLE {
        "There is no way to {server} from this machine.",
        "Desde esta máquina no hay camino hasta {server}.";
        "Check the address. On the same machine, use 127.0.0.1; in Mininet, start the checker in a host, as in: h1 wasmtime run ...",
        "Revisa la dirección. En la misma máquina, usa 127.0.0.1; en Mininet, lanza el comprobador en un host: h1 wasmtime run ..."
    }
    /// No network for the checker.
    NOT_GRANTED {
        "The checker may not use the network.",
        "El comprobador no puede usar la red.";
        "Write -S inherit-network after wasmtime run.",
        "Escribe -S inherit-network después de wasmtime run."
    }
    /// Not a byte.
    SILENT {
        "The connection was accepted, but no answer came.",
        "La conexión se aceptó, pero no llegó ninguna respuesta.";
        "Call accept, then recv once or until the empty line \\r\\n\\r\\n has come, and then send: a recv after that waits forever.",
        "Llama a accept, luego a recv una vez o hasta la línea vacía \\r\\n\\r\\n, y después envía: otro recv más espera para siempre."
    }
    /// Closed without a byte.
    CLOSED_SILENTLY {
        "The server closed the connection without sending a byte.",
        "El servidor cerró la conexión sin enviar ni un byte.";
        "If the server's terminal shows an exception, that is the cause: fix it first. If it shows none, some branch of the program reaches close() without a sendall. Does your server know another page than {page}? Then name that one: --page /helloworld.html",
        "Si la terminal del servidor muestra una excepción, esa es la causa: arréglala primero. Si no muestra ninguna, alguna rama del programa llega a close() sin un sendall. ¿Tu servidor conoce otra página, y no {page}? Entonces indícala: --page /helloworld.html"
    }
    /// Bytes before the request.
    UNASKED {
        "The server answered before it was asked: it does not read the request.",
        "El servidor respondió antes de que se le pidiera nada: no lee la petición.";
        "Call recv before send, and on the socket that accept returned (connectionSocket.recv), not on the one that listens: that fails at once. Then take the file's name from the request line.",
        "Llama a recv antes de send, y en el socket que devolvió accept (connectionSocket.recv), no en el que escucha: ahí falla enseguida. Después saca el nombre del archivo de la línea de petición."
    }
    /// An answer only once our side has ended.
    ONLY_AT_END {
        "The answer came only when this client had ended its side: the server waits for more than the request.",
        "La respuesta llegó solo cuando este cliente cerró su lado: el servidor espera más que la petición.";
        "A browser keeps its side open. Stop reading at the empty line \\r\\n\\r\\n; do not wait until recv returns nothing.",
        "Un navegador deja abierto su lado. Deja de leer en la línea vacía \\r\\n\\r\\n; no esperes a que recv devuelva vacío."
    }
    /// Gone after an answer.
    GONE {
        "The server answered once, and the next client gets no answer.",
        "El servidor respondió una vez, y el siguiente cliente no recibe nada.";
        "Put accept inside an endless loop (while True), and go back to it after each answer: no second recv that waits for more.",
        "Pon accept dentro de un bucle sin fin (while True) y vuelve a él tras cada respuesta: sin otro recv que espere más."
    }
    /// The program ended after an answer.
    ENDED {
        "The server answered once, and then its program ended: the next client is refused.",
        "El servidor respondió una vez y después su programa terminó: el siguiente cliente es rechazado.";
        "If its terminal shows an exception, fix that first. If it ended without one, look for exit(), break, return or serverSocket.close() in the loop: only the client's socket is closed there. Is there a loop at all (while True) around accept?",
        "Si su terminal muestra una excepción, arregla eso primero. Si terminó sin ninguna, busca exit(), break, return o serverSocket.close() en el bucle: ahí solo se cierra el socket del cliente. ¿Hay siquiera un bucle (while True) alrededor de accept?"
    }
    /// The second client's connection is closed without an answer.
    SECOND_CLOSED {
        "The server answered once; it accepts the next client, and closes without sending a byte.",
        "El servidor respondió una vez; acepta al siguiente cliente y cierra sin enviar ni un byte.";
        "Something from the first client is left over: open the file, and make the answer, anew for each client. If the terminal shows an exception, that is the cause.",
        "Queda algo del primer cliente: abre el archivo y crea la respuesta de nuevo para cada cliente. Si la terminal muestra una excepción, esa es la causa."
    }
    /// Another status the second time.
    CHANGED {
        "The same request gets another status the second time.",
        "La misma petición recibe otro estado la segunda vez.";
        "Open the file anew for each request, and start each answer from nothing.",
        "Abre el archivo de nuevo en cada petición y empieza cada respuesta desde cero."
    }
    /// Still open after `Connection: close`.
    LEFT_OPEN {
        "The request said Connection: close, and the connection is still open after the answer.",
        "La petición decía Connection: close, y la conexión sigue abierta tras la respuesta.";
        "Close the client's socket after sending: connectionSocket.close(). Without it a browser waits for more.",
        "Cierra el socket del cliente después de enviar: connectionSocket.close(). Sin eso el navegador sigue esperando."
    }
    /// Still open after an HTTP/1.0 request.
    LEFT_OPEN_1_0 {
        "The request was HTTP/1.0, and the connection is still open after the answer.",
        "La petición era HTTP/1.0, y la conexión sigue abierta tras la respuesta.";
        "Close the client's socket after the answer to an HTTP/1.0 request.",
        "Cierra el socket del cliente tras responder a una petición HTTP/1.0."
    }
    /// No answer to HTTP/1.0.
    NOT_1_0 {
        "A request of HTTP/1.0 without Host is not answered with the page.",
        "Una petición HTTP/1.0 sin Host no recibe la página.";
        "Only HTTP/1.1 requires Host: look at the version at the end of the request line.",
        "Host solo es obligatorio en HTTP/1.1: mira la versión al final de la línea de petición."
    }
    /// A byte at a time.
    DRIBBLE {
        "The answer came in {reads} pieces, most of them tiny ({bytes} B): one send for each character.",
        "La respuesta llegó en {reads} partes, casi todas diminutas ({bytes} B): un send por carácter.";
        "Send the whole file with one sendall(data) instead of a loop over its characters.",
        "Envía el archivo entero con un solo sendall(datos), en vez de un bucle por sus caracteres."
    }
}

/// `connects`
pub fn connects(target: &Target, transcripts: &Transcripts) -> Judgement {
    let fault = match transcripts.at(0).end {
        End::Open | End::Closed | End::Reset => return Ok(()),
        End::Refused => REFUSED,
        End::Unanswered | End::Never => UNANSWERED,
        End::Unreachable => UNREACHABLE,
        End::NotGranted => NOT_GRANTED,
    };
    Err(fault.at(0, 0..0).with("server", &target.host).into())
}

/// `answers`: a byte comes, behind the request, without more than the request. Whatever else such a server does is a
/// consequence: every other check asks in the same way.
pub fn answers(target: &Target, transcripts: &Transcripts) -> Judgement {
    let transcript = transcripts.at(0);
    let failed = |fault: Fault, range| Err(fault.at(0, range).with("page", &target.page).is_everything().into());
    let Ok(answer) = super::answer(transcript) else {
        return match transcript.end {
            // A second mark: it was still open when this client gave up and ended its side.
            _ if transcript.marks.len() > 1 => failed(SILENT, 0..0),
            End::Open => failed(SILENT, 0..0),
            End::Closed | End::Reset => failed(CLOSED_SILENTLY, 0..0),
            _ => Err(texts::NO_SERVER.into()),
        };
    };
    let first_line = answer.status_line.as_ref().map_or(0..1, |line| line.text.clone());
    match transcript.marks.as_slice() {
        // The request could not even be sent, or there were bytes before it was.
        [] => failed(UNASKED, first_line),
        [before, ..] if *before > 0 => failed(UNASKED, first_line),
        [_, 0, ..] => failed(ONLY_AT_END, first_line),
        _ => Ok(()),
    }
}

/// `survives`: two requests in a row are answered, with the same status. (Whether the content is the same, `content` asks.)
pub fn survives(_: &Target, transcripts: &Transcripts) -> Judgement {
    for connection in [0, 1] {
        let transcript = transcripts.at(connection);
        if transcript.received.is_empty() {
            let fault = match transcript.end {
                // A program that ends resets who waits for it.
                End::Refused | End::Reset => ENDED,
                End::Closed => SECOND_CLOSED,
                _ => GONE,
            };
            return Err(fault.at(connection, 0..0).into());
        }
    }
    let (first, second) = (super::answer(transcripts.at(0))?, super::answer(transcripts.at(1))?);
    match first.status() == second.status() {
        true => Ok(()),
        false => Err(CHANGED.at(1, second.status_place()).into()),
    }
}

/// `closes`: behind the answer to `Connection: close`.
pub fn closes(_: &Target, transcripts: &Transcripts) -> Judgement {
    let length = super::answer(transcripts.at(0))?.bytes.len();
    match transcripts.at(0).end {
        End::Open => Err(LEFT_OPEN.at(0, length..length).asked("Connection:").into()),
        _ => Ok(()),
    }
}

/// `http-1.0`: answered, and closed; if not even `close` is obeyed, that is told by `closes`.
pub fn http_1_0(_: &Target, transcripts: &Transcripts) -> Judgement {
    let (with_close, of_1_0) = (transcripts.at(0), transcripts.at(1));
    let wanted = super::answer(with_close)?;
    let answer = answer::read(&of_1_0.received);
    let length = of_1_0.received.len();
    if length == 0 || answer.status() != wanted.status() {
        return Err(NOT_1_0.at(1, answer.status_place()).into());
    }
    match of_1_0.end {
        End::Open if with_close.end != End::Open => Err(LEFT_OPEN_1_0.at(1, length..length).into()),
        _ => Ok(()),
    }
}

/// `one-write`: not a dribble. The head may well come in one piece, so it is the usual piece that counts.
pub fn one_write(_: &Target, transcripts: &Transcripts) -> Judgement {
    let transcript = transcripts.at(0);
    super::answer(transcript)?;
    let mut reads = transcript.reads.clone();
    reads.sort_unstable();
    let median = reads.get(reads.len() / 2).copied().unwrap_or_default();
    if reads.len() < DRIBBLE_READS || median >= DRIBBLE_BYTES {
        return Ok(());
    }
    let before = transcript.reads.iter().take_while(|&&read| read > median);
    let start = before.copied().fold(0, usize::saturating_add);
    let failure = DRIBBLE.at(0, start..start.saturating_add(median));
    Err(failure.with("reads", reads.len()).with("bytes", median).into())
}
