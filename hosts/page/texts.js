// The texts of the page beside the inspector, in English and Spanish. `c` is a code element.

import { pick } from "./inspector/texts.js";

const TEXTS = {
  title: ["in a page", "en una página"],
  intro: [
    "The whole server runs inside this page, unchanged. Send it any bytes: nothing leaves your browser.",
    "El servidor entero funciona dentro de esta página, sin cambios. Mándale los bytes que quieras: nada sale de tu navegador.",
  ],
  nobody: ["No client connects in this scenario. Add one under Clients.", "En este escenario no se conecta ningún cliente. Añade uno en Clientes."],
  preset: ["preset", "preset"],
  noPreset: ["none", "ninguno"],
  loading: ["The server is being fetched …", "Se está descargando el servidor …"],
  cannotLoad: [
    "The server could not be loaded. This page needs WebAssembly, and must be served by a web server, such as Aula.",
    "No se pudo cargar el servidor. Esta página necesita WebAssembly, y que la sirva un servidor web, como Aula.",
  ],
  lesson: ["Lesson", "Lección"],
  previous: ["Previous lesson", "Lección anterior"],
  next: ["Next lesson", "Lección siguiente"],
  own: ["Your own scenario", "Tu propio escenario"],
  ownStory: [
    "You have changed the lesson. Share copies a link that opens exactly this.",
    "Has cambiado la lección. Compartir copia un enlace que abre exactamente esto.",
  ],
  gallery: ["The lessons", "Las lecciones"],
  question: ["Question", "Pregunta"],
  answer: ["Answer", "Respuesta"],
  watch: ["▶ Watch it happen", "▶ Ver cómo ocurre"],
  share: ["Share", "Compartir"],
  copied: ["Link copied", "Enlace copiado"],
  reset: ["Undo changes", "Deshacer"],
  options: ["Options of the server", "Opciones del servidor"],
  clients: ["Clients", "Clientes"],
  client: ["Client", "Cliente"],
  connects: ["connects at", "se conecta en"],
  rate: ["takes in", "recibe"],
  rateUnit: ["bytes/ms (0: all at once)", "bytes/ms (0: todo de golpe)"],
  after: ["after", "tras"],
  send: ["sends", "envía"],
  hex: ["sends (hex)", "envía (hex)"],
  end: ["ends its side", "cierra su lado"],
  reset_: ["resets the connection", "corta la conexión (RST)"],
  stop: ["stops reading", "deja de leer"],
  read: ["reads again", "vuelve a leer"],
  addStep: ["+ step", "+ paso"],
  addClient: ["+ client", "+ cliente"],
  remove: ["Remove", "Quitar"],
  bytesOf: ["Bytes to send", "Bytes que se envían"],
  notation: [
    "Written as in the trace: line ends are \\r\\n (Enter writes it), other bytes \\x00. Each step is one packet.",
    "Se escribe como en la traza: el fin de línea es \\r\\n (lo pone Intro), otros bytes \\x00. Cada paso es un paquete.",
  ],
  files: ["The folder’s files", "Los archivos de la carpeta"],
  edit: ["Edit", "Editar"],
  close: ["Close", "Cerrar"],
  newFile: ["+ file", "+ archivo"],
  newFileName: ["Name of the new file", "Nombre del archivo nuevo"],
  received: ["What each client received", "Lo que recibió cada cliente"],
  terminal: ["What a terminal shows (--trace)", "Lo que muestra una terminal (--trace)"],
  tooMuch: ["Too much happened: the run was given up.", "Ocurrieron demasiadas cosas: se abandonó."],
  bytes: ["bytes", "bytes"],
};

/** A text in the language in use. */
export const t = key => pick(TEXTS[key]);
