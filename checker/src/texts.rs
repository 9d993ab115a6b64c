//! Sentences that belong to no single check. (Those of a check are in its table, those of a fault beside what finds
//! it.)

use aula::catalogue::Text;

/// Declares texts, both languages side by side, and `ALL` of them for the tests.
macro_rules! texts {
    ($($(#[doc = $doc:literal])+ $name:ident: $en:literal, $es:literal;)*) => {
        $($(#[doc = $doc])+ pub const $name: Text = Text::new($en, $es);)*

        /// Every text of this module.
        pub const ALL: &[Text] = &[$($name),*];
    };
}

texts! {
    // Why a check was not run.
    /// The first response is missing, which `responds` has reported.
    NO_RESPONSE: "there is no response to check", "no hay respuesta que comprobar";
    /// An HTTP/0.9 response, or one that has forgotten its head, which `status-line` reports.
    NO_HEAD: "the response has no head, not even a status line", "la respuesta no tiene cabecera, ni siquiera línea de estado";
    /// Nobody to compare a crowd with.
    NO_RESPONSE_ALONE: "a client alone gets no response to compare with", "un cliente solo no recibe respuesta con la que comparar";
    /// The page's bytes are not known.
    GIVE_PAGE: "not compared: give --file {page}={file}", "sin comparar: da --file {page}={file}";
    /// `status-line` reports this.
    NO_CODE: "the status line has no status code", "la línea de estado no tiene código de estado";
    /// `status-200` reports this.
    NO_PAGE: "the page did not come with 200: see status-200", "la página no llegó con un 200: mira status-200";
    /// `head-end` reports this.
    HEAD_UNENDED: "the head does not end as it should: see head-end", "la cabecera no acaba como debe: mira head-end";
    /// `field-lines` reports this.
    INSIDE_ANOTHER: "it is inside another line of the head: see field-lines", "está dentro de otra línea de la cabecera: mira field-lines";
    /// `content-type` reports this.
    NO_TYPE: "the page has no Content-Type either: see content-type", "la página tampoco tiene Content-Type: mira content-type";
    /// `content-length` reports this.
    PAGES_LENGTH: "the page's Content-Length is wrong already: see content-length", "el Content-Length de la página ya está mal: mira content-length";
    /// `not-found-complete` reports this.
    UNENDED_404: "the head of the 404 does not end: see not-found-complete", "la cabecera del 404 no acaba: mira not-found-complete";
    /// `not-found-complete` reports this.
    ENDED_IN_404: "the program ended in the middle of the 404: see not-found-complete", "el programa terminó a mitad del 404: mira not-found-complete";
    /// `survives-not-found` reports this.
    GONE_AFTER_404: "the 404 ended the server. See survives-not-found", "el 404 acabó con el servidor. Mira survives-not-found";
    /// Everything else would be a consequence.
    SEE_FIRST: "a consequence: see {id}", "una consecuencia: mira {id}";
    /// `not-found` reports this.
    NO_404: "there was no 404 response to check. See not-found", "no hubo ninguna respuesta 404 que comprobar. Mira not-found";
    /// `content` reports this.
    NO_CONTENT: "the page already comes without its content: see content", "la página ya llega sin contenido: mira content";
    /// `closes` reports this.
    NEVER_CLOSES: "the server never closes a connection: see closes", "el servidor nunca cierra una conexión: mira closes";
    /// `request-comes` reports this.
    NO_REQUEST: "there is no request to check", "no hay petición que mirar";
    /// Without two files there is no other one.
    GIVE_FILES: "give a second --file, as in /car.jpeg=car.jpeg", "da otro archivo: --file /car.jpeg=car.jpeg";
    /// No file has bytes that are not text.
    GIVE_BINARY: "give a --file that is not text, such as an image", "da un --file que no sea texto, como una imagen";
    /// No file has anything but ASCII.
    GIVE_UTF_8: "give a --file with accents in its text or name", "da un --file con acentos en el texto o el nombre";
    /// Nobody is there to restart the server.
    GIVE_RESTART: "give --restart, and be ready to restart the server", "pon --restart y prepárate para reiniciar el servidor";
    /// The page is the root, which has no letter.
    NO_LETTER: "the page has no letter in its name: name another with --page /hello.html", "el nombre de la página no tiene letras: elige otra con --page /hello.html";
    /// There was nobody to check.
    NO_SERVER: "there is no server to check", "no hay servidor que comprobar";
    /// The server did not survive another check.
    SERVER_DIED: "the server died at {id}", "el servidor murió en {id}";
    /// The server did not survive another check.
    SERVER_HUNG: "the server has not responded since {id}", "el servidor no responde desde {id}";
    /// `--restart`: nobody did.
    NOT_STOPPED: "the server was not stopped within 30 seconds", "nadie paró el servidor en 30 segundos";

    // While it runs.
    /// What `restart` asks for.
    RESTART: ">>> Stop your server now (Ctrl-C) and start it again at once. You have 30 seconds.", ">>> Para ahora tu servidor (Ctrl-C) y vuelve a arrancarlo enseguida. Tienes 30 segundos.";
    /// The first line.
    CHECKING: "Checking {server} (preset {preset}, page {page})", "Comprobando {server} (preset {preset}, página {page})";
    /// Heading of a group.
    GROUP_LAB: "The lab", "La práctica";
    /// Heading of a group.
    GROUP_RFC: "HTTP by its RFCs", "HTTP según sus RFC";
    /// Heading of a group.
    GROUP_ROBUSTNESS: "Robustness", "Robustez";
    /// A group's name within a sentence.
    NAME_LAB: "the lab", "la práctica";
    /// A group's name within a sentence.
    NAME_RFC: "RFC", "RFC";
    /// A group's name within a sentence.
    NAME_ROBUSTNESS: "robustness", "robustez";
    /// Mark of a check that passed; four letters at most.
    PASSED: "ok", "bien";
    /// Mark of a check that failed; four letters at most.
    FAILED: "FAIL", "MAL";
    /// Mark of a check that failed and has no weight; four letters at most.
    ADVICE: "tip", "nota";
    /// Mark of a check without weight that endangers the server or its machine; four letters at most.
    RISK: "RISK", "OJO";
    /// Mark of a check that was not run; four letters at most.
    NOT_RUN: "-", "-";

    // The explanation of a failure.
    /// What is looked at is not the page's head.
    OTHER_HEAD: "This is the head of the {code} that came in place of the page.", "Esta es la cabecera del {code} que llegó en lugar de la página.";
    /// What is looked at is the 404 that was asked for.
    HEAD_OF_404: "This is the head of the 404.", "Esta es la cabecera del 404.";
    /// The 404 has the same fault, or another one in the same line.
    THE_404_TOO: "The status line of the 404 is not right either: fix it in the same way.", "La línea de estado del 404 tampoco está bien: corrígela igual.";
    /// The page has the same fault.
    AS_THE_PAGE: "The page's head is not ended either: see head-end.", "La cabecera de la página tampoco acaba: mira head-end.";
    /// One point.
    ONE_POINT: "1 point", "1 punto";
    /// Points.
    SOME_POINTS: "{points} points", "{points} puntos";
    /// No points.
    NO_POINTS: "no points", "sin puntos";
    /// What else has to be known.
    NOTE: "note", "nota";
    /// What was sent.
    ASKED: "request", "petición";
    /// How much was sent, where that is much.
    IN_ALL: "({bytes} bytes in all)", "({bytes} bytes en total)";
    /// What was sent next.
    NEXT: "then", "luego";
    /// What came back.
    RECEIVED: "received", "recibido";
    /// The rule.
    RULE: "rule", "regla";
    /// How to fix it.
    FIX: "fix", "arreglo";
    /// What came of it.
    AFTER: "result", "efecto";
    /// An empty transcript.
    NOTHING: "(nothing)", "(nada)";
    /// How the connection ended.
    END_OPEN: "(the server left the connection open)", "(el servidor dejó la conexión abierta)";
    /// How the connection ended.
    END_CLOSED: "(then the server closed the connection)", "(después el servidor cerró la conexión)";
    /// How the connection ended.
    END_RESET: "(then the server closed the connection with a reset)", "(después el servidor cerró la conexión con un reset)";
    /// How the connection ended.
    END_REFUSED: "(the connection was refused)", "(se rechazó la conexión)";
    /// How the connection ended.
    END_NO_RESPONSE: "(nobody accepted the connection)", "(nadie aceptó la conexión)";
    /// How the connection ended.
    END_NONE: "(no connection could be made)", "(no se pudo conectar)";
    /// What the check did to the server.
    CRASHED: "After this check the server refuses connections: the program has ended. If the server's terminal shows an error, its last line is the cause: fix that first.", "Después de esta comprobación el servidor rechaza conexiones: el programa ha terminado. Si la terminal del servidor muestra un error, la última línea es la causa: corrige eso primero.";
    /// What the check did to the server.
    HUNG: "After this check the server accepts connections, but responds to nobody: it hangs.", "Después de esta comprobación el servidor acepta conexiones, pero no responde a nadie: está colgado.";

    // The summary.
    /// Heading of the explanations.
    FAULTS: "Start here: {id}", "Empieza por aquí: {id}";
    /// Heading of the tips, in full.
    TIPS: "Tips (no points)", "Consejos (sin puntos)";
    /// How many tips there are.
    TIP_COUNT: "{count} tips (no points); --tips explains them.", "{count} consejos (marcados «nota», sin puntos); --tips los explica.";
    /// One tip.
    ONE_TIP: "1 tip (no points); --tips explains it.", "1 consejo (marcado «nota», sin puntos); --tips lo explica.";
    /// A danger without points.
    DANGER: "no points, but a risk", "sin puntos, pero un riesgo";

    /// Heading of the summary.
    SUMMARY: "Summary", "Resumen";
    /// How many checks of a group passed.
    COUNT_PASSED: "{count} passed", "{count} bien";
    /// How many failed.
    COUNT_FAILED: "{count} failed", "{count} mal";
    /// How many endanger the server, without points.
    COUNT_RISKS: "risks: {count}", "riesgos: {count}";
    /// How many are tips.
    COUNT_TIPS: "tips: {count}", "consejos: {count}";
    /// How many were not run.
    COUNT_NOT_RUN: "{count} not run", "{count} sin comprobar";
    /// Points.
    POINTS: "{score} of {max} points", "{score} de {max} puntos";
    /// A group without points.
    NOT_SCORED: "not scored", "no puntúa";
    /// The sum.
    TOTAL: "Total", "Total";
    /// Which check killed the server.
    DIED_AT: "The server died at {id}. The checks after it were not run.", "El servidor murió en {id}. Las comprobaciones siguientes no se han hecho.";
    /// Which check hung the server.
    HUNG_AT: "The server has been hanging since {id}. The checks after it were not run.", "El servidor se colgó en {id}. Las comprobaciones siguientes no se han hecho.";
    /// The verdict.
    ALL_WELL: "Every lab check with points that was run passed.", "Salen bien todas las comprobaciones de la práctica con puntos que se han hecho.";
    /// The verdict on a server that has all its points, and is gone.
    PASSED_BUT_GONE: "No lab check with points failed. But a server that no longer responds is not finished: fix {id} next, which is explained above.", "No falla ninguna comprobación de la práctica con puntos. Pero un servidor que deja de responder no está terminado: arregla ahora {id}, que se explica más arriba.";
    /// The verdict.
    SOME_FAILED: "Not finished yet: these lab checks failed: {ids}. Start with {id}, explained above.", "Aún no está terminado: fallan estas comprobaciones de la práctica: {ids}. Empieza por {id}, explicada más arriba.";
    /// The verdict.
    ONE_FAILED: "Not finished yet: the lab check {id} failed. It is explained above.", "Aún no está terminado: falla la comprobación {id} de la práctica, explicada más arriba.";
    /// The verdict.
    NO_CONNECTION: "No check could be made: there is no connection to {server}.", "No se pudo comprobar nada: no hay conexión con {server}.";

    // `listen`.
    /// The first line.
    LISTENING: "Listening at {server}: start your client and have it ask http://{server}{page}; Ctrl-C stops.", "Escuchando en {server}: arranca tu cliente y haz que pida http://{server}{page}; Ctrl-C termina.";
    /// Before each client.
    A_CLIENT: "Client {number}: {bytes} bytes came", "Cliente {number}: llegaron {bytes} bytes";
    /// Nobody can listen there.
    CANNOT_LISTEN: "cannot listen at {server}: {why}", "no se puede escuchar en {server}: {why}";
    /// Why.
    PORT_TAKEN: "another program has the port: stop it, or give another port", "otro programa tiene el puerto: páralo, o pon otro puerto";
    /// Why.
    PORT_DENIED: "the network is not granted, or the port is below 1024: write -S inherit-network after wasmtime run, or give a larger port", "no está concedida la red, o el puerto es menor que 1024: escribe -S inherit-network después de wasmtime run, o pon un puerto mayor";
    /// Why.
    NOT_THIS_MACHINE: "this machine does not have that address", "esta máquina no tiene esa dirección";
    /// The verdict on a request.
    GOOD_REQUEST: "The request is correct.", "La petición es correcta.";
    /// The verdict on a request.
    REQUEST_FAILED: "Not finished yet: {ids}. Start with {id}, explained above.", "Aún no está terminada: {ids}. Empieza por {id}, explicada más arriba.";
    /// The arguments of `listen`.
    BAD_LISTEN: "listen needs a port: write listen PORT or listen HOST:PORT", "listen necesita un puerto: escribe listen PUERTO o listen HOST:PUERTO";
    /// Not a number of requests.
    BAD_COUNT: "\"{value}\" is not a number of requests: write --requests 1", "«{value}» no es un número de peticiones: escribe --requests 1";

    // `get`.
    /// Heading of the request.
    SENT: "--- request: {bytes} bytes", "--- petición: {bytes} bytes";
    /// Heading of the response.
    CAME: "--- response: {bytes} bytes", "--- respuesta: {bytes} bytes";
    /// Heading of the end.
    ENDED: "--- end", "--- final";
    /// The response is longer than is shown.
    MORE: "... and {bytes} bytes more", "... y {bytes} bytes más";

    // What is wrong with how the program was started. Cause, then cure.
    /// Prefix of every such line.
    USAGE: "usage: {error}", "uso: {error}";
    /// No server is named.
    NO_ADDRESS: "no server: write HOST:PORT, such as 127.0.0.1:8080 (--help says more)", "falta el servidor: escribe HOST:PUERTO, por ejemplo 127.0.0.1:8080 (más con --help)";
    /// Not a host and a port.
    BAD_ADDRESS: "\"{value}\" is not a server: write HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080", "«{value}» no es un servidor: escribe HOST:PUERTO, por ejemplo 127.0.0.1:8080 o [::1]:8080";
    /// Not a port.
    BAD_PORT: "\"{value}\" is not a port: write a number from 1 to 65535", "«{value}» no es un puerto: escribe un número del 1 al 65535";
    /// A second server, or something else without an option.
    UNEXPECTED: "unexpected argument \"{value}\": one server is checked at a time (--help says more)", "el argumento «{value}» sobra: se comprueba un solo servidor (más con --help)";
    /// No such option.
    UNKNOWN_OPTION: "unknown option {option}: --help lists them all", "no existe la opción {option}: --help las muestra todas";
    /// One of the runtime's.
    RUNTIME_OPTION: "{option} is an option of wasmtime: write it before checker.wasm", "{option} es una opción de wasmtime: escríbela antes de checker.wasm";
    /// Its value is missing.
    NO_VALUE: "{option} needs a value: write {usage}", "a {option} le falta su valor: escribe {usage}";
    /// No such preset.
    BAD_PRESET: "no preset \"{value}\": give one of general, kurose, nyu, mininet, lab01", "no existe el preset «{value}»: pon general, kurose, nyu, mininet o lab01";
    /// No such language.
    BAD_LANG: "no language \"{value}\": give en or es", "no existe el idioma «{value}»: pon en o es";
    /// No such check.
    BAD_ONLY: "no check or group \"{value}\": --list lists them all", "no existe la comprobación o el grupo «{value}»: --list los muestra todos";
    /// No such group.
    BAD_GROUP: "no group \"{value}\": give lab, rfc or robustness", "no existe el grupo «{value}»: pon lab, rfc o robustness";
    /// Not ID or ID=POINTS.
    BAD_REQUIRE: "--require {value}: write --require ID or --require ID=POINTS, as in --require date=2; --list lists the ids", "--require {value}: escribe --require ID o --require ID=PUNTOS, por ejemplo --require date=2; --list muestra los ids";
    /// A check that cannot be run cannot be required.
    REQUIRE_FILE: "--require {id} needs something to check with: {why}", "--require {id} necesita con qué comprobar: {why}";
    /// Not a path.
    BAD_PATH: "\"{value}\" is not a path: it begins with /, such as /hello.html", "«{value}» no es una ruta: empieza por /, por ejemplo /hello.html";
    /// Not PATH=FILE.
    BAD_FILE: "--file {value}: write --file /PATH=FILE, such as /img/car.jpeg=car.jpeg", "--file {value}: escribe --file /RUTA=ARCHIVO, por ejemplo /img/car.jpeg=car.jpeg";
    /// Not a version.
    BAD_HTTP: "no HTTP version \"{value}\": give 0.9, 1.0 or 1.1", "no existe la versión de HTTP «{value}»: pon 0.9, 1.0 o 1.1";
    /// The arguments of `get`.
    BAD_GET: "get needs three things: write get HOST PORT /PATH", "get necesita tres cosas: escribe get HOST PUERTO /RUTA";
    /// Both to stdout.
    TWO_STDOUTS: "--json - and --gradescope - cannot share stdout: name a file for one of them", "--json - y --gradescope - no pueden compartir stdout: da un archivo a uno de los dos";
    /// No folder for a file.
    NO_FOLDER: "{file}: no folder is granted: write wasmtime run --dir . before checker.wasm", "{file}: no hay ninguna carpeta concedida: escribe wasmtime run --dir . antes de checker.wasm";
    /// No such file.
    NO_FILE: "{file}: no such file in the granted folder ({granted}): check the name, or grant its folder with --dir", "{file}: no existe en la carpeta concedida ({granted}): revisa el nombre o concede su carpeta con --dir";
    /// A directory, or something that is not read.
    NOT_A_FILE: "{file}: not a regular file: name a file", "{file}: no es un archivo normal: da el nombre de un archivo";
    /// The host says no.
    FILE_REFUSED: "{file}: the host refuses it ({code}): check who may read and write there", "{file}: el sistema no lo permite ({code}): revisa los permisos";
    /// Too large.
    FILE_TOO_LARGE: "{file}: larger than 64 MiB: check with a smaller file", "{file}: pasa de 64 MiB: comprueba con un archivo más pequeño";

    // Names of hosts.
    /// The runtime does not look up names.
    NO_LOOKUP: "\"{host}\" is a name, and the runtime may not look names up: write its IP address, or -S allow-ip-name-lookup after wasmtime run", "«{host}» es un nombre, y el entorno no puede buscar nombres: escribe su dirección IP, o -S allow-ip-name-lookup después de wasmtime run";
    /// Nobody has this name.
    NO_SUCH_HOST: "no host \"{host}\" is known: check the name, or write its IP address", "no se conoce ningún host «{host}»: revisa el nombre o escribe su dirección IP";

    // `--list`.
    /// Heading of the column.
    LIST_HEADING: "points in general, kurose, nyu, mininet, lab01; 0: a tip, -: not checked", "puntos en general, kurose, nyu, mininet, lab01; 0: un consejo, -: no se comprueba";
}
