//! Who connects, responds and closes (RFC 9112 section 9).

use super::repeated;
use crate::faults;
use crate::response;
use crate::script::{End, Transcripts};
use crate::target::Target;
use crate::texts;
use crate::verdict::{Fault, Verification};

/// A response may be a dribble if it took at least this many reads and the usual read has fewer bytes than this. A
/// server that writes line by line has more bytes in a read, one that writes in one go has fewer reads.
const DRIBBLE_READS: usize = 20;
const DRIBBLE_BYTES: usize = 8;

faults! {
    /// Nobody listens.
    REFUSED {
        "Nothing is listening at {server}: the connection was refused.",
        "Nadie escucha en {server}: se rechazó la conexión.";
        "If your server is running, it listens somewhere else: its bind must have port {port}, the same as here, and the address '' or 0.0.0.0. If it has ended, the last line in its terminal is the cause (\"Address already in use\": wait a minute, or set SO_REUSEADDR before bind); without an error, look for an exit() before the loop.",
        "Si tu servidor está en marcha, escucha en otro sitio: su bind debe llevar el puerto {port}, el mismo que has puesto aquí, y la dirección '' o 0.0.0.0. Si ha terminado, la última línea de su terminal es la causa (\"Address already in use\": espera un minuto, o pon SO_REUSEADDR antes de bind); si no hay error, busca un exit() antes del bucle."
    }
    /// Nobody listens, and the address is not that of the machine itself.
    REFUSED_FROM_OUTSIDE {
        "Nothing is listening at {server}: the connection was refused.",
        "Nadie escucha en {server}: se rechazó la conexión.";
        "If your server is running, its bind has another address or another port: write bind((\"{host}\", {port})). With 127.0.0.1 or localhost it can be reached only from its own machine. If it has ended, the last line in its terminal is the cause (\"Address already in use\": wait a minute, or set SO_REUSEADDR before bind); without an error, look for an exit() before the loop.",
        "Si tu servidor está en marcha, su bind lleva otra dirección u otro puerto: escribe bind((\"{host}\", {port})). Con 127.0.0.1 o localhost solo se llega a él desde su propia máquina. Si ha terminado, la última línea de su terminal es la causa (\"Address already in use\": espera un minuto, o pon SO_REUSEADDR antes de bind); si no hay error, busca un exit() antes del bucle."
    }
    /// No response to the first packet.
    NO_RESPONSE {
        "Nothing at {server} responded to the connection request.",
        "Nadie en {server} respondió a la petición de conexión.";
        "Check the address, and whether there is a firewall in between. On the same machine, use 127.0.0.1.",
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
        "The connection was accepted, but no response came.",
        "La conexión se aceptó, pero no llegó ninguna respuesta.";
        "If the server's terminal shows an exception, also one of a thread, that is the cause. If not: does the program reach its send? Print something before accept, recv and send to see where it waits. Call recv once, or until the empty line \\r\\n\\r\\n has come: a recv after that waits forever. A thread needs start(), and a makefile() needs flush().",
        "Si la terminal del servidor muestra una excepción, también de un hilo, esa es la causa. Si no: ¿llega el programa a su send? Pon un print antes de accept, recv y send para ver dónde espera. Llama a recv una vez, o hasta la línea vacía \\r\\n\\r\\n: otro recv más espera para siempre. Un hilo necesita start(), y un makefile() necesita flush()."
    }
    /// Closed without a byte.
    CLOSED_SILENTLY {
        "The server closed the connection without sending a byte.",
        "El servidor cerró la conexión sin enviar ni un byte.";
        "If the server's terminal shows an exception, that is the cause: fix it first. If it shows none, an except may hide it: print the exception in each of them (except Exception as e: print(repr(e))). Or some branch of the program reaches close() without a sendall. If your server has another page, and not {page}, check that one, for example --page /index.html",
        "Si la terminal del servidor muestra una excepción, esa es la causa: arréglala primero. Si no muestra ninguna, puede que un except la esconda: muestra la excepción en cada uno (except Exception as e: print(repr(e))). O alguna rama del programa llega a close() sin un sendall. Si tu servidor tiene otra página, y no {page}, comprueba esa, por ejemplo --page /index.html"
    }
    /// Closed without a byte by a program that has ended.
    CLOSED_ENDED {
        "The server closed the connection without sending a byte, and its program ended.",
        "El servidor cerró la conexión sin enviar ni un byte y su programa terminó.";
        "The last line in the server's terminal is the exception that is the cause, and the nearest line above it with \"line\" and a number is the place. TypeError, \"a bytes-like object is required\": add .encode() to the text that you send there. \"Bad file descriptor\": close() comes before the send. FileNotFoundError: open the name without its first \"/\", and start the server in the folder of the file. Without an exception, an exit() or break comes before the send.",
        "La última línea de la terminal del servidor es la excepción que lo causa, y más arriba, en la línea con «line» y un número, está el lugar. TypeError, «a bytes-like object is required»: añade .encode() al texto que envías ahí. «Bad file descriptor»: close() va antes del send. FileNotFoundError: abre el nombre sin su primera \"/\" y arranca el servidor en la carpeta del archivo. Si no hay excepción, un exit() o un break va antes del send."
    }
    /// Bytes before the request.
    TOO_EARLY {
        "The server responded before the request was sent: it does not read the request.",
        "El servidor respondió antes de recibir la petición: no la lee.";
        "Call recv before send, and on the socket that accept returned (connectionSocket.recv), not on the one that listens: that fails at once. Then take the file's name from the request line.",
        "Llama a recv antes de send, y en el socket que devolvió accept (connectionSocket.recv), no en el que escucha: ahí falla enseguida. Después saca el nombre del archivo de la línea de petición."
    }
    /// A response only after our side has ended.
    ONLY_AT_END {
        "The response came only after this client had closed its side: the server waits for more than the request.",
        "La respuesta llegó solo cuando este cliente cerró su lado: el servidor espera algo más que la petición.";
        "A browser keeps its side open. Stop reading at the empty line \\r\\n\\r\\n: no further recv, and no loop until recv returns nothing.",
        "Un navegador deja abierto su lado. Deja de leer al llegar a la línea vacía \\r\\n\\r\\n: no llames a recv otra vez ni repitas hasta que devuelva b\"\"."
    }
    /// Gone after a response.
    GONE {
        "The server responded once, and the next client gets no response.",
        "El servidor respondió una vez, y el siguiente cliente no recibe nada.";
        "Put accept inside an endless loop (while True), as its first line, and close the client's socket at the end of each turn (connectionSocket.close()). No second recv that waits for more.",
        "Pon accept dentro de un bucle sin fin (while True), en su primera línea, y cierra el socket del cliente al final de cada vuelta (connectionSocket.close()). Sin otro recv que espere más."
    }
    /// The program ended after a response.
    ENDED {
        "The server responded once, and then its program ended: the next client gets no response.",
        "El servidor respondió una vez y después su programa terminó: el siguiente cliente no recibe respuesta.";
        "Put accept inside while True, and close only the client's socket there: no break, return, exit() or serverSocket.close(). \"Bad file descriptor\" in the server's terminal says which socket was closed: at accept it is serverSocket, and at recv or send the first client's, if accept is before the loop. Another exception there is the fault: fix that first.",
        "Pon accept dentro de while True, y cierra ahí solo el socket del cliente: sin break, return, exit() ni serverSocket.close(). «Bad file descriptor» en la terminal del servidor dice qué socket se cerró: en accept es serverSocket, y en recv o send el del primer cliente, si accept está antes del bucle. Si hay otra excepción, ella es el fallo: corrígela primero."
    }
    /// The second client's connection is closed without a response.
    SECOND_CLOSED {
        "The server responded once; it accepts the next client, and closes the connection without sending a byte.",
        "El servidor respondió una vez; acepta al siguiente cliente y cierra sin enviar ni un byte.";
        "Something from the first client is left over: open the file and build the response again for each client. If the terminal shows an exception, that is the cause.",
        "Queda algo del primer cliente: abre el archivo y crea la respuesta de nuevo para cada cliente. Si la terminal muestra una excepción, esa es la causa."
    }
    /// Still open after `Connection: close`.
    LEFT_OPEN {
        "The request said Connection: close, but the connection is still open after the response.",
        "La petición decía Connection: close, pero la conexión sigue abierta tras la respuesta.";
        "Close the client's socket after sending: connectionSocket.close(), with its parentheses. Otherwise the browser goes on waiting.",
        "Cierra el socket del cliente después de enviar: connectionSocket.close(), con sus paréntesis. Si no, el navegador sigue esperando."
    }
    /// Still open after an HTTP/1.0 request.
    LEFT_OPEN_1_0 {
        "The request was HTTP/1.0, but the connection is still open after the response.",
        "La petición era HTTP/1.0, pero la conexión sigue abierta tras la respuesta.";
        "Close the client's socket after the response to an HTTP/1.0 request.",
        "Cierra el socket del cliente tras responder a una petición HTTP/1.0."
    }
    /// No response to HTTP/1.0.
    NOT_1_0 {
        "An HTTP/1.0 request without Host does not get the page.",
        "Una petición HTTP/1.0 sin Host no recibe la página.";
        "Only HTTP/1.1 requires Host: look at the version at the end of the request line.",
        "Host solo es obligatorio en HTTP/1.1: mira la versión al final de la línea de petición."
    }
    /// A byte at a time.
    DRIBBLE {
        "The response came in {reads} pieces, most of them tiny ({bytes} B): one send for each character.",
        "La respuesta llegó en {reads} partes, casi todas diminutas ({bytes} B): un send por carácter.";
        "Send the whole file with one sendall(data) instead of a loop over its characters.",
        "Envía el archivo entero con un solo sendall(datos), en vez de un bucle que recorre sus caracteres."
    }
}

/// `connects`
pub fn connects(target: &Target, transcripts: &Transcripts) -> Verification {
    let fault = match transcripts.at(0).end {
        End::Open | End::Closed | End::Reset => return Ok(()),
        End::Refused if is_of_this_machine(target) => REFUSED,
        End::Refused => REFUSED_FROM_OUTSIDE,
        End::NoResponse | End::Never => NO_RESPONSE,
        End::Unreachable => UNREACHABLE,
        End::NotGranted => NOT_GRANTED,
    };
    let (host, port) = target.host.rsplit_once(':').unwrap_or((&target.host, ""));
    let failure = fault.at(0, 0..0).with("server", &target.host);
    Err(failure.with("host", host).with("port", port).into())
}

/// Whether the server's address is one that no other machine can reach.
fn is_of_this_machine(target: &Target) -> bool {
    let starts = ["127.", "localhost", "[::1]"];
    starts.iter().any(|start| target.host.starts_with(start))
}

/// `responds`: a byte comes, after the request, without more than the request. Whatever else such a server does is a
/// consequence: every other check asks in the same way.
pub fn responds(target: &Target, transcripts: &Transcripts) -> Verification {
    let transcript = transcripts.at(0);
    let failed = |fault: Fault, range| Err(fault.at(0, range).with("page", &target.page).is_everything().into());
    let Ok(response) = super::response(transcript) else {
        return match transcript.end {
            // A second mark: it was still open when this client gave up and ended its side.
            _ if transcript.marks.len() > 1 => failed(SILENT, 0..0),
            End::Open => failed(SILENT, 0..0),
            End::Closed | End::Reset if super::has_ended(transcripts, 1) => failed(CLOSED_ENDED, 0..0),
            End::Closed | End::Reset => failed(CLOSED_SILENTLY, 0..0),
            _ => Err(texts::NO_SERVER.into()),
        };
    };
    let first_line = response.status_line.as_ref().map_or(0..1, |line| line.text.clone());
    match transcript.marks.as_slice() {
        // The request could not even be sent, or there were bytes before it was.
        [] => failed(TOO_EARLY, first_line),
        [before, ..] if *before > 0 => failed(TOO_EARLY, first_line),
        [_, 0, ..] => failed(ONLY_AT_END, first_line),
        _ => Ok(()),
    }
}

/// `survives`: two requests in a row get a response, and the same one.
pub fn survives(target: &Target, transcripts: &Transcripts) -> Verification {
    if !transcripts.at(0).end.is_connected() {
        return Err(texts::NO_SERVER.into());
    }
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
    repeated::same(target, transcripts, 0, 1)
}

/// `closes`: after the response to `Connection: close`.
pub fn closes(_: &Target, transcripts: &Transcripts) -> Verification {
    let length = super::response(transcripts.at(0))?.bytes.len();
    match transcripts.at(0).end {
        End::Open => Err(LEFT_OPEN.at(0, length..length).asked("Connection:").into()),
        _ => Ok(()),
    }
}

/// `http-1.0`: a response and a close; if not even `close` is obeyed, `closes` reports it.
pub fn http_1_0(_: &Target, transcripts: &Transcripts) -> Verification {
    let (with_close, of_1_0) = (transcripts.at(0), transcripts.at(1));
    let wanted = super::response(with_close)?;
    let response = response::read(&of_1_0.received);
    let length = of_1_0.received.len();
    if length == 0 || response.status() != wanted.status() {
        return Err(NOT_1_0.at(1, response.status_place()).into());
    }
    match of_1_0.end {
        End::Open if with_close.end != End::Open => Err(LEFT_OPEN_1_0.at(1, length..length).into()),
        _ => Ok(()),
    }
}

/// `one-write`: not a dribble. The head may well come in one piece, so it is the usual piece that counts.
pub fn one_write(_: &Target, transcripts: &Transcripts) -> Verification {
    let transcript = transcripts.at(0);
    super::response(transcript)?;
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
