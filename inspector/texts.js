// The texts of the inspector, in English and Spanish.

const TEXTS = {
  inspector: ["Inspector", "Inspector"],
  open: ["Open", "Abrir"],
  openWhat: [" a trace", " una traza"],
  save: ["Save", "Guardar"],
  har: ["Export ", "Exportar "],
  clear: ["Clear", "Vaciar"],
  theme: ["Light or dark", "Claro u oscuro"],
  filter: ["Filter: /path 4xx c2 gzip", "Filtrar: /ruta 4xx c2 gzip"],
  filterLabel: [
    "Show only the exchanges with these words: a status, a connection, or text in the request or the response",
    "Mostrar solo los intercambios con estas palabras: un código, una conexión o un texto de la petición o la respuesta",
  ],
  start: ["To the start", "Al principio"],
  back: ["One step back", "Un paso atrás"],
  play: ["Play", "Reproducir"],
  pause: ["Pause", "Pausa"],
  next: ["One step on", "Un paso adelante"],
  end: ["To the end", "Al final"],
  speed: ["Speed", "Velocidad"],
  slow: ["slow", "lento"],
  normal: ["normal", "normal"],
  fast: ["fast", "rápido"],
  scale: ["Time to scale", "Tiempo a escala"],
  live: ["live", "en vivo"],
  lost: ["connection lost", "sin conexión"],
  paused: ["paused", "en pausa"],
  hold: ["Pause", "Pausar"],
  resume: ["Resume", "Seguir"],
  more: ["{count} new", "nuevos: {count}"],
  controls: ["Time and filter", "Tiempo y filtro"],
  connections: ["Connections over time", "Las conexiones en el tiempo"],
  connection: ["connection", "conexión"],
  legendReceive: ["receiving", "recibiendo"],
  legendWait: ["waiting", "esperando"],
  legendSend: ["sending", "enviando"],
  legendQueue: ["in the system’s queue", "en la cola del sistema"],
  legendDropped: ["outside the full queue", "fuera de la cola, que está llena"],
  nothing: [
    "Nothing yet. Open the server’s address in another tab: each connection is drawn here as it happens.",
    "Todavía nada. Abre la dirección del servidor en otra pestaña: cada conexión se dibuja aquí mientras ocurre.",
  ],
  noRequest: ["(no request)", "(sin petición)"],
  nothingRead: ["Nothing was read from this client.", "No se leyó nada de este cliente."],
  oneRead: ["Came in one read.", "Llegó en una sola lectura."],
  drop: [
    "Open a file made with --trace=json, or drop it here.",
    "Abre un archivo hecho con --trace=json, o suéltalo aquí.",
  ],
  noMatch: ["Nothing matches the filter.", "Nada coincide con el filtro."],
  noEvents: ["That file has no events of a trace.", "Ese archivo no tiene eventos de una traza."],
  choose: [
    "Choose a block on the board to see its bytes.",
    "Elige un bloque de la pizarra para ver sus bytes.",
  ],
  delayed: ["Delayed on purpose by {delay} ms (--delay).", "Retrasada a propósito {delay} ms (--delay)."],
  noExchange: ["No client has had a response yet.", "Ningún cliente ha recibido aún una respuesta."],
  received: ["received", "recibido"],
  resolved: ["resolved", "resuelto"],
  decided: ["decided", "decidido"],
  sent: ["sent", "enviado"],
  then: ["then", "después"],
  bytes: ["bytes", "bytes"],
  ofContent: ["of content", "de contenido"],
  contentAfter: ["bytes of content followed", "bytes de contenido a continuación"],
  noHead: ["HTTP/0.9 has no head: only the file’s bytes", "HTTP/0.9 no tiene cabecera: solo los bytes del archivo"],
  asText: ["Text", "Texto"],
  asHex: ["Hex", "Hex"],
  hint: [
    "Point at the bytes, or use the arrow keys: each part says what it is.",
    "Señala los bytes, o usa las flechas: cada parte dice qué es.",
  ],
  folder: ["folder", "carpeta"],
  file: ["file", "archivo"],
  absent: ["nothing", "nada"],
  refused: ["outside the granted folder", "fuera de la carpeta concedida"],
  failed: ["cannot be read", "no se puede leer"],
  resource: ["The path, decoded and without dots", "La ruta, decodificada y sin puntos"],
  noResource: ["No path was looked up.", "No se buscó ninguna ruta."],
  mediaType: ["Media type", "Tipo de medio (MIME)"],
  stays: ["The connection stays open.", "La conexión sigue abierta."],
  ends: ["The connection ends:", "La conexión termina:"],
  laterClient: ["Later, the client closes it:", "Más tarde la cierra el cliente:"],
  laterServer: ["Later, the server closes it:", "Más tarde la cierra el servidor:"],
  byClient: ["closed by the client", "la cierra el cliente"],
  byServer: ["closed by the server", "la cierra el servidor"],
  waitingTurn: ["Waiting for their turn", "Esperan su turno"],
  tuple: ["client → server: address and port", "cliente → servidor: dirección y puerto"],
  fault: ["refused here", "rechazada aquí"],
  reads: ["Came in reads of", "Llegó en lecturas de"],
  byte: ["byte", "byte"],
  previousExchange: ["Previous exchange", "Intercambio anterior"],
  nextExchange: ["Next exchange", "Intercambio siguiente"],
  momentDropped: [
    "Client {remote} tries to connect: the queue is full, nobody replies, and it will try again",
    "El cliente {remote} intenta conectarse: la cola está llena, nadie contesta, y lo volverá a intentar",
  ],
  momentArrived: ["Client {remote} connects; nobody has accepted it yet", "El cliente {remote} se conecta; nadie lo ha aceptado aún"],
  momentAccepted: ["Connection {c}: accepted", "Conexión {c}: aceptada"],
  momentFirst: ["Connection {c}: the first byte of a request", "Conexión {c}: el primer byte de una petición"],
  momentHead: ["Connection {c}: the head of the request has been read: {title}", "Conexión {c}: se ha leído la cabecera de la petición: {title}"],
  momentResponse: ["Connection {c}: the response is ready: {status}", "Conexión {c}: la respuesta está lista: {status}"],
  momentLast: ["Connection {c}: the last byte is handed over", "Conexión {c}: se entrega el último byte"],
  momentClosed: ["Connection {c}: {reason}", "Conexión {c}: {reason}"],
};

let language = "en";

/** The languages that there are: tag and own name. */
export const LANGUAGES = [["en", "English"], ["es", "Español"]];

/** The language in use, as a tag. */
export const lang = () => language;

/** Chooses the language. */
export function speak(tag) {
  language = tag === "es" ? "es" : "en";
  document.documentElement.lang = language;
}

/** The language that a reader most likely wants. */
export const preferred = () => (/^(es|ca|gl|eu)\b/.test(navigator.language) ? "es" : "en");

/** Of an English and a Spanish text, the one in use. */
export const pick = ([english, spanish]) => (language === "es" ? spanish : english);

/** A text in the language in use, with `{name}` replaced. */
export const t = (key, values = {}) => pick(TEXTS[key]).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** A number as the language writes it. */
export const number = value => Number(value).toLocaleString(language);

/** Milliseconds as seconds since the start. */
export function clock(milliseconds) {
  const seconds = milliseconds / 1000;
  return `+${seconds.toLocaleString(language, { minimumFractionDigits: 3, maximumFractionDigits: 3 })} s`;
}
