//! Several clients at once.

use crate::answer::{self, Answer};
use crate::checks::scripts;
use crate::faults;
use crate::script::{End, Transcripts};
use crate::target::Target;
use crate::verdict::Judgement;

/// How many clients the lab of `eleventh` serves at once.
const TEN: usize = 10;

faults! {
    /// Some of several clients.
    NOT_ALL {
        "Of {clients} clients who asked at once, {answered} were answered.",
        "De {clients} clientes que pidieron a la vez, {answered} recibieron respuesta.";
        "Go back to accept after each client; listen(N) only says how many may wait in the queue.",
        "Vuelve a accept después de cada cliente; listen(N) solo dice cuántos pueden esperar en la cola."
    }
    /// Somebody else's answer.
    OTHERS_ANSWER {
        "In a crowd, the request for {path} got the answer for {other}: clients share a variable.",
        "Entre varios a la vez, la petición de {path} recibió la respuesta de {other}: los clientes comparten una variable.";
        "Keep what belongs to one client in local variables of its function, or pass it as an argument: no global socket, name or content.",
        "Guarda lo que es de un cliente en variables locales de su función, o pásalo como argumento: sin socket, nombre ni contenido globales."
    }
    /// An answer that it does not get alone.
    MIXED_UP {
        "In a crowd, the request for {path} got another answer than the same request alone.",
        "Entre varios a la vez, la petición de {path} recibió otra respuesta que la misma petición a solas.";
        "Keep what belongs to one client in local variables of its function, or pass it as an argument: no global socket, name or content.",
        "Guarda lo que es de un cliente en variables locales de su función, o pásalo como argumento: sin socket, nombre ni contenido globales."
    }
    /// One silent client is waited for.
    ONE_AT_A_TIME {
        "Three clients are connected and say nothing. A fourth one asks, and is not answered: the server serves one at a time.",
        "Tres clientes están conectados y callados. Un cuarto pide y no recibe respuesta: el servidor atiende de uno en uno.";
        "Start a thread for each client: Thread(target=work, args=(connectionSocket,)).start(). Thread(target=work(connectionSocket)) calls work at once, without a thread; a join() right after start() waits for it.",
        "Inicia un hilo por cliente: Thread(target=atender, args=(connectionSocket,)).start(). Thread(target=atender(connectionSocket)) llama a atender ahí mismo, sin hilo; un join() justo después de start() lo espera."
    }
    /// One at a time.
    TENTH_WAITS {
        "Nine clients are connected and silent; the tenth asks, and is not answered: the server serves one at a time.",
        "Hay nueve clientes conectados y callados; el décimo pide y no recibe respuesta: el servidor atiende de uno en uno.";
        "Give each connection its own thread or process, or use select. listen(10) is a queue, not ten clients at once.",
        "Da a cada conexión su propio hilo o proceso, o usa select. listen(10) es una cola, no diez clientes a la vez."
    }
    /// The eleventh is lost.
    ELEVENTH_LOST {
        "With ten connected, one was served and left; the eleventh, who had asked meanwhile, is still not answered.",
        "Con diez conectados, se atendió a uno, que se marchó; el undécimo, que pidió mientras tanto, sigue sin respuesta.";
        "Let the eleventh wait until one of the ten is done, or answer it with 503: do not drop it.",
        "Deja que el undécimo espere a que acabe uno de los diez, o respóndele con un 503: no lo pierdas."
    }
    /// Some of the ten are lost.
    TEN_LOST {
        "Of the ten connected clients, {answered} were answered.",
        "De los diez clientes conectados, {answered} recibieron respuesta.";
        "Keep the ten who are connected when an eleventh comes.",
        "Conserva a los diez que ya están conectados cuando llega el undécimo."
    }
}

/// `at-once`: every client is answered, in whatever order.
pub fn at_once(target: &Target, transcripts: &Transcripts) -> Judgement {
    let clients = target.preset.clients();
    let is_answered = |client: &usize| !transcripts.at(*client).received.is_empty();
    match (0..clients).find(|client| !is_answered(client)) {
        None => Ok(()),
        Some(unanswered) => {
            let answered = (0..clients).filter(is_answered).count();
            let failure = NOT_ALL.at(unanswered, 0..0);
            Err(failure.with("clients", clients).with("answered", answered).into())
        }
    }
}

/// `crowd`: the first connections made each request alone; those behind them made the same ones in turn, at once.
pub fn mixed(target: &Target, transcripts: &Transcripts) -> Judgement {
    let paths = scripts::crowd_paths(target);
    let alone: Vec<_> = (0..paths.len())
        .map(|kind| super::answer(transcripts.at(kind)))
        .collect::<Result<_, _>>()?;
    let same = |one: &Answer, other: &Answer| one.status() == other.status() && one.content() == other.content();
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
            let answered = crowd
                .filter(|&client| !transcripts.at(client).received.is_empty())
                .count();
            let failure = NOT_ALL.at(connection, 0..0);
            return Err(failure.with("clients", clients).with("answered", answered).into());
        }
        let answer = answer::read(&transcript.received);
        if same(&answer, expected) {
            continue;
        }
        let others = alone.iter().position(|other| same(&answer, other));
        let place = answer.status_place().start..answer.bytes.len();
        let (fault, other) = match others.and_then(|other| paths.get(other)) {
            Some(other) => (OTHERS_ANSWER, other.as_str()),
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

/// `silent-clients`: connections 0 to 2 are silent, and 3 asks.
pub fn silent_clients(_: &Target, transcripts: &Transcripts) -> Judgement {
    match transcripts.at(scripts::SILENT).received.is_empty() {
        true => Err(ONE_AT_A_TIME.at(scripts::SILENT, 0..0).into()),
        false => Ok(()),
    }
}

/// `eleventh`: connections 0 to 9 are the ten, of which the last asks first; 10 is the eleventh.
pub fn eleventh(_: &Target, transcripts: &Transcripts) -> Judgement {
    let is_answered = |client: usize| !transcripts.at(client).received.is_empty();
    let tenth = TEN.saturating_sub(1);
    // A server that closes it serves several at once, and loses some: that is told below.
    if !is_answered(tenth) && transcripts.at(tenth).end == End::Open {
        return Err(TENTH_WAITS.at(tenth, 0..0).into());
    }
    if let Some(lost) = (0..TEN).find(|&client| !is_answered(client)) {
        let answered = (0..TEN).filter(|&client| is_answered(client)).count();
        return Err(TEN_LOST.at(lost, 0..0).with("answered", answered).into());
    }
    match is_answered(TEN) {
        true => Ok(()),
        false => Err(ELEVENTH_LOST.at(TEN, 0..0).into()),
    }
}
