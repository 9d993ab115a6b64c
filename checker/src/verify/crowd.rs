//! Several clients at once.

use super::repeated;
use crate::checks::scripts;
use crate::faults;
use crate::response::{self, Response};
use crate::script::{End, Transcripts};
use crate::target::Target;
use crate::texts;
use crate::verdict::{Crash, Failure, Verification};

/// How many clients the lab of `eleventh` serves at once.
const TEN: usize = 10;

faults! {
    /// Some of several clients.
    NOT_ALL {
        "Of {clients} clients that asked at once, {served} got a response.",
        "De los {clients} clientes que pidieron a la vez recibieron respuesta {served}.";
        "Go back to accept after each client; listen(N) only says how many may wait in the queue. With threads, pass each its own socket as an argument: Thread(target=work, args=(connectionSocket,)). A global connectionSocket is overwritten by the next client.",
        "Vuelve a accept después de cada cliente; listen(N) solo dice cuántos pueden esperar en la cola. Con hilos, pasa a cada uno su propio socket como argumento: Thread(target=atender, args=(connectionSocket,)). Si connectionSocket es global, el siguiente cliente lo sobrescribe."
    }
    /// Some of several clients, and then nobody.
    SPENT {
        "Of {clients} clients that asked at once, {served} got a response, and after them nobody.",
        "De los {clients} clientes que pidieron a la vez recibieron respuesta {served}, y después nadie.";
        "The counter of clients never goes down, so that after some of them none is served: call release() of the Semaphore, or count down, when a client is done, in a finally. If the program has no such counter, go back to accept after each client, and close each client's socket.",
        "El contador de clientes nunca baja, y después de unos cuantos no se atiende a ninguno: llama a release() del Semaphore, o descuenta, cuando acaba cada cliente, en un finally. Si el programa no tiene ese contador, vuelve a accept después de cada cliente y cierra el socket de cada uno."
    }
    /// Another client's response.
    OTHERS_RESPONSE {
        "With several clients at once, a request for {path} got the response for {other}: clients share a variable.",
        "Entre varios a la vez, la petición de {path} recibió la respuesta de {other}: los clientes comparten una variable.";
        "Keep everything that belongs to one client in local variables of its function, or pass it as an argument: no global socket, name or content.",
        "Guarda lo que es de un cliente en variables locales de su función, o pásalo como argumento: sin socket, nombre ni contenido globales."
    }
    /// A response that it does not get alone.
    MIXED_UP {
        "With several clients at once, a request for {path} got another response than the same request alone.",
        "Entre varios a la vez, la petición de {path} recibió otra respuesta que la misma petición a solas.";
        "Keep everything that belongs to one client in local variables of its function, or pass it as an argument: no global socket, name or content.",
        "Guarda lo que es de un cliente en variables locales de su función, o pásalo como argumento: sin socket, nombre ni contenido globales."
    }
    /// One silent client is waited for.
    ONE_AT_A_TIME {
        "Three clients are connected and say nothing. A fourth one sends a request and gets no response: the server serves one client at a time.",
        "Tres clientes están conectados y callados. Un cuarto pide y no recibe respuesta: el servidor atiende de uno en uno.";
        "Start a thread for each client: Thread(target=work, args=(connectionSocket,)).start(). Thread(target=work(connectionSocket)) calls work at once, without a thread; so does run() instead of start(). A join() right after start(), a lock around all of the work, or a pool of one thread makes each client wait for the one before.",
        "Inicia un hilo por cliente: Thread(target=atender, args=(connectionSocket,)).start(). Thread(target=atender(connectionSocket)) llama a atender ahí mismo, sin hilo; lo mismo hace run() en lugar de start(). Con un join() justo después de start(), un lock que abarca todo el trabajo o un grupo de un solo hilo, cada cliente espera al anterior."
    }
    /// One at a time.
    TENTH_WAITS {
        "Nine clients are connected and silent; the tenth sends a request and gets no response: the server serves one client at a time.",
        "Hay nueve clientes conectados y callados; el décimo pide y no recibe respuesta: el servidor atiende de uno en uno.";
        "Give each connection its own thread or process, or use select. listen(10) is a queue, not ten clients at once.",
        "Da a cada conexión su propio hilo o proceso, o usa select. listen(10) es una cola, no diez clientes a la vez."
    }
    /// The eleventh is lost.
    ELEVENTH_LOST {
        "With ten clients connected, one was served and left; the eleventh, which had sent its request meanwhile, got no response.",
        "Con diez conectados, se atendió a uno, que se marchó; el undécimo, que entretanto había enviado su petición, se quedó sin respuesta.";
        "Let the eleventh wait until one of the ten is done: slots = threading.Semaphore(10), slots.acquire() before accept, and slots.release() at the end of each thread.",
        "Deja que el undécimo espere a que acabe uno de los diez: turnos = threading.Semaphore(10), turnos.acquire() antes de accept y turnos.release() al final de cada hilo."
    }
    /// The eleventh is turned away.
    ELEVENTH_CLOSED {
        "With ten clients connected, the connection of the eleventh was closed without a response.",
        "Con diez clientes conectados, la conexión del undécimo se cerró sin respuesta.";
        "Do not close it. Let the eleventh wait until one of the ten is done: slots = threading.Semaphore(10), slots.acquire() before accept, and slots.release() at the end of each thread.",
        "No la cierres. Deja que el undécimo espere a que acabe uno de los diez: turnos = threading.Semaphore(10), turnos.acquire() antes de accept y turnos.release() al final de cada hilo."
    }
    /// Some of the ten are lost.
    TEN_LOST {
        "Of the ten connected clients, {served} got a response.",
        "De los diez clientes conectados recibieron respuesta {served}.";
        "Keep the ten who are connected when an eleventh comes.",
        "Conserva a los diez que ya están conectados cuando llega el undécimo."
    }
}

/// `at-once`: every client gets a response, in whatever order: the one that a client gets alone, or 503.
pub fn at_once(target: &Target, transcripts: &Transcripts) -> Verification {
    let clients = target.preset.clients();
    let is_served = |client: &usize| !transcripts.at(*client).received.is_empty();
    match (0..clients).find(|client| !is_served(client)) {
        None => match (0..clients).find(|&client| differs(transcripts, clients, client, true)) {
            None => Ok(()),
            Some(client) => mixed_up(target, transcripts, client),
        },
        Some(not_served) => {
            let served = (0..clients).filter(is_served).count();
            let failure = NOT_ALL.at(not_served, 0..0);
            Err(failure.with("clients", clients).with("served", served).into())
        }
    }
}

/// What it shows that the server has not responded since: that it has run out of something.
#[must_use]
pub fn spent(target: &Target, failure: &Failure, transcripts: &Transcripts) -> Option<Failure> {
    if failure.crash != Some(Crash::Hung) || !failure.what.is_of(NOT_ALL.what) {
        return None;
    }
    let clients = target.preset.clients();
    let served = (0..clients).filter(|&client| !transcripts.at(client).received.is_empty());
    let told = SPENT.at(failure.connection, failure.range.clone());
    let told = told.with("clients", clients).with("served", served.count());
    Some(Failure {
        crash: failure.crash,
        ..told
    })
}

/// `crowd`: the first connections made each request alone; those after them made the same ones in turn, at once.
pub fn mixed(target: &Target, transcripts: &Transcripts) -> Verification {
    let paths = scripts::crowd_paths(target);
    let alone: Vec<_> = (0..paths.len())
        .map(|kind| super::response(transcripts.at(kind)).map_err(|_| texts::NO_RESPONSE_ALONE))
        .collect::<Result<_, _>>()?;
    let same = |one: &Response, other: &Response| one.status() == other.status() && one.content() == other.content();
    for (kind, connection) in paths
        .iter()
        .enumerate()
        .cycle()
        .map(|(kind, _)| kind)
        .zip(paths.len()..scripts::crowd_end(target))
    {
        let (Some(path), Some(expected)) = (paths.get(kind), alone.get(kind)) else {
            continue;
        };
        let transcript = transcripts.at(connection);
        if transcript.received.is_empty() {
            let crowd = scripts::crowd_of(target, connection);
            let clients = crowd.len();
            let served = crowd
                .filter(|&client| !transcripts.at(client).received.is_empty())
                .count();
            let failure = NOT_ALL.at(connection, 0..0);
            return Err(failure.with("clients", clients).with("served", served).into());
        }
        let response = response::read(&transcript.received);
        if same(&response, expected) {
            continue;
        }
        let others = alone.iter().position(|other| same(&response, other));
        let place = response.status_place().start..response.bytes.len();
        let (fault, other) = match others.and_then(|other| paths.get(other)) {
            Some(other) => (OTHERS_RESPONSE, other.as_str()),
            None => (MIXED_UP, ""),
        };
        return Err(fault
            .at(connection, place)
            .with("path", path)
            .with("other", other)
            .into());
    }
    Ok(())
}

/// A client's response is not the one that `alone` got, and not 503 where that will do.
fn differs(transcripts: &Transcripts, alone: usize, client: usize, may_be_busy: bool) -> bool {
    let (alone, received) = (&transcripts.at(alone).received, &transcripts.at(client).received);
    let is_busy = may_be_busy && response::read(received).status() == Some(503);
    !alone.is_empty() && !repeated::is_same(alone, received) && !is_busy
}

/// A response that a client does not get alone.
fn mixed_up(target: &Target, transcripts: &Transcripts, client: usize) -> Verification {
    let place = 0..transcripts.at(client).received.len();
    Err(MIXED_UP.at(client, place).with("path", &target.page).into())
}

/// `silent-clients`: connections 0 to 2 are silent, and 3 asks; 4 asked alone before.
pub fn silent_clients(target: &Target, transcripts: &Transcripts) -> Verification {
    let asking = scripts::SILENT;
    if transcripts.at(asking).received.is_empty() {
        return Err(ONE_AT_A_TIME.at(asking, 0..0).into());
    }
    if differs(transcripts, asking.saturating_add(1), asking, false) {
        mixed_up(target, transcripts, asking)
    } else {
        Ok(())
    }
}

/// `eleventh`: connections 0 to 9 are the ten, of which the last asks first; 10 is the eleventh, and 11 asked alone
/// before them.
pub fn eleventh(target: &Target, transcripts: &Transcripts) -> Verification {
    let is_served = |client: usize| !transcripts.at(client).received.is_empty();
    let tenth = TEN.saturating_sub(1);
    // A server that closes it serves several at once, and loses some: that is reported below.
    if !is_served(tenth) && transcripts.at(tenth).end == End::Open {
        return Err(TENTH_WAITS.at(tenth, 0..0).into());
    }
    if let Some(lost) = (0..TEN).find(|&client| !is_served(client)) {
        let served = (0..TEN).filter(|&client| is_served(client)).count();
        return Err(TEN_LOST.at(lost, 0..0).with("served", served).into());
    }
    if !is_served(TEN) {
        let fault = match transcripts.at(TEN).end {
            End::Closed | End::Reset => ELEVENTH_CLOSED,
            _ => ELEVENTH_LOST,
        };
        return Err(fault.at(TEN, 0..0).into());
    }
    let alone = TEN.saturating_add(1);
    match (0..=TEN).find(|&client| differs(transcripts, alone, client, client == TEN)) {
        Some(client) => mixed_up(target, transcripts, client),
        None => Ok(()),
    }
}
