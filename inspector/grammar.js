// What each part of a message is: its name, its rule in ABNF (RFC 5234), where it is defined, and what it is for.

import { pick } from "./texts.js";

const HTTP11 = "RFC 9112 section ";
const SEMANTICS = "RFC 9110 section ";

// kind: [name, ABNF, rule, English, Spanish]
const ELEMENTS = {
  method: ["method", "method = token", HTTP11 + "3.1",
    "What the client wants done with the resource. Capital letters matter: get is not GET.",
    "Lo que el cliente quiere hacer con el recurso. Las mayúsculas cuentan: get no es GET."],
  target: ["request-target", 'origin-form = absolute-path [ "?" query ]', HTTP11 + "3.2",
    "The resource that is asked for: a path, percent-encoded, and perhaps a query.",
    "El recurso que se pide: una ruta, con codificación por ciento, y quizá una consulta."],
  version: ["HTTP-version", 'HTTP-version = "HTTP/" DIGIT "." DIGIT', HTTP11 + "2.3",
    "The version of the protocol. Without it, a request is HTTP/0.9.",
    "La versión del protocolo. Sin ella, la petición es HTTP/0.9."],
  status: ["status-code", "status-code = 3DIGIT", SEMANTICS + "15",
    "The result, for programs. The first digit is the class: 2 success, 3 look elsewhere, 4 the client’s fault, 5 the server’s.",
    "El resultado, para programas. La primera cifra es la clase: 2 bien, 3 en otro sitio, 4 culpa del cliente, 5 del servidor."],
  reason: ["reason-phrase", "reason-phrase = 1*( HTAB / SP / VCHAR / obs-text )", HTTP11 + "4",
    "The status in words, for people. Programs ignore it.",
    "El código en palabras, para personas. Los programas no lo miran."],
  "field-name": ["field-name", 'field-line = field-name ":" OWS field-value OWS', SEMANTICS + "5.1",
    "What the line is about. Capitals do not matter. No space may come before the colon.",
    "De qué trata la línea. Las mayúsculas no cuentan. Antes de los dos puntos no puede haber espacio."],
  "field-value": ["field-value", "field-value = *field-content", SEMANTICS + "5.5",
    "What it says. Spaces around it do not belong to it.",
    "Lo que dice. Los espacios de alrededor no son parte de él."],
  colon: ["colon", '":"', HTTP11 + "5",
    "Separates the name from the value.", "Separa el nombre del valor."],
  sp: ["SP", "SP = %x20", HTTP11 + "3",
    "Exactly one space separates the words of the first line.",
    "Un solo espacio separa las palabras de la primera línea."],
  ows: ["OWS", "OWS = *( SP / HTAB )", SEMANTICS + "5.6.3",
    "Optional white space: usually one space, and it means nothing.",
    "Espacio opcional: suele ser uno, y no significa nada."],
  crlf: ["CRLF", "CRLF = CR LF = %x0D %x0A", HTTP11 + "2.2",
    "The end of a line: two bytes, 13 and 10.", "El final de una línea: dos bytes, 13 y 10."],
  lf: ["LF", "LF = %x0A", HTTP11 + "2.2",
    "A line end without its CR. A recipient may accept it, and a sender must not send it.",
    "Un final de línea sin CR. Quien recibe puede aceptarlo; quien envía no debe mandarlo."],
  empty: ["CRLF", "HTTP-message = start-line CRLF *( field-line CRLF ) CRLF [ message-body ]", HTTP11 + "2.1",
    "The empty line: the head ends here. Without it, the other side waits for more.",
    "La línea vacía: aquí acaba la cabecera. Sin ella, el otro lado sigue esperando."],
  other: ["—", "", HTTP11 + "2.2",
    "The parser did not get here: it waits for the rest of a line, or an earlier fault ended its work.",
    "El analizador no llegó aquí: espera el resto de una línea, o un fallo anterior acabó con su trabajo."],
  content: ["content", "message-body = *OCTET", HTTP11 + "6",
    "The content: whatever bytes, as many as the framing says.",
    "El contenido: bytes cualesquiera, tantos como diga la cabecera."],
};

// name in lower case: [section of RFC 9110 or the whole rule, English, Spanish]
const FIELDS = {
  host: ["7.2", "The host and port in the URL. HTTP/1.1 requires it: one address can have many sites.",
    "El host y el puerto de la URL. HTTP/1.1 lo exige: una dirección puede tener muchos sitios."],
  connection: ["7.6.1", "close: the connection ends after this message. keep-alive: HTTP/1.0 asks to keep it open.",
    "close: la conexión termina tras este mensaje. keep-alive: HTTP/1.0 pide que siga abierta."],
  date: ["6.6.1", "When the message was made. Always in GMT.", "Cuándo se hizo el mensaje. Siempre en GMT."],
  server: ["10.2.4", "The program that responds.", "El programa que responde."],
  "user-agent": ["10.1.5", "The program that asks.", "El programa que pide."],
  accept: ["12.5.1", "The media types that the client prefers.", "Los tipos de medio que prefiere el cliente."],
  "accept-encoding": ["12.5.3", "The compressions that the client can undo.", "Las compresiones que el cliente sabe deshacer."],
  "accept-language": ["12.5.4", "The languages of the reader.", "Los idiomas de quien lee."],
  "accept-ranges": ["14.3", "The server can send parts of this resource.", "El servidor puede enviar partes de este recurso."],
  range: ["14.2", "Only these bytes, please. The first byte is number 0.", "Solo estos bytes, por favor. El primero es el 0."],
  "content-range": ["14.4", "Which bytes these are, and of how many.", "Qué bytes son estos, y de cuántos."],
  "if-range": ["13.1.5", "The part, if the file is still this version; otherwise the whole.",
    "La parte, si el archivo sigue siendo esta versión; si no, entero."],
  "content-type": ["8.3", "What the content is. The browser acts on it, not on the file’s extension.",
    "Qué es el contenido. El navegador se guía por esto, no por la extensión."],
  "content-length": ["8.6", "How many bytes of content follow the empty line.",
    "Cuántos bytes de contenido siguen a la línea vacía."],
  "content-encoding": ["8.4", "How the content is compressed.", "Cómo está comprimido el contenido."],
  "last-modified": ["8.8.2", "When the file changed last.", "Cuándo cambió el archivo por última vez."],
  etag: ["8.8.3", "A name for exactly this version of the resource.", "Un nombre para esta versión exacta del recurso."],
  "if-none-match": ["13.1.2", "Send it only if my version is not this one; else 304.",
    "Envíalo solo si mi versión no es esta; si no, 304."],
  "if-modified-since": ["13.1.3", "Send it only if it changed after this; else 304.",
    "Envíalo solo si cambió después; si no, 304."],
  "if-match": ["13.1.1", "Only if the resource is still this version; else 412.",
    "Solo si el recurso sigue siendo esta versión; si no, 412."],
  location: ["10.2.2", "Where to ask instead.", "Dónde hay que pedir en su lugar."],
  allow: ["10.2.1", "The methods that this resource has.", "Los métodos que tiene este recurso."],
  referer: ["10.1.3", "The page that led here. Misspelt since 1996.", "La página que trajo aquí. Mal escrito desde 1996."],
  expect: ["10.1.1", "The client waits for 100 Continue before it sends the content.",
    "El cliente espera un 100 Continue antes de mandar el contenido."],
  "transfer-encoding": [HTTP11 + "6.1", "How the content is framed. chunked: in pieces, each with its length. Never together with Content-Length.",
    "Cómo se delimita el contenido. chunked: por partes, cada una con su longitud. Nunca junto a Content-Length."],
  vary: ["12.5.5", "Which fields of the request decided what is sent.", "Qué campos de la petición decidieron lo que se envía."],
  "cache-control": ["RFC 9111 section 5.2", "What caches may do with this.", "Qué pueden hacer las cachés con esto."],
  "retry-after": ["10.2.3", "When to try again, in seconds.", "Cuándo volver a intentarlo, en segundos."],
  cookie: ["RFC 6265 section 4.2", "What the site asked the browser to send back.", "Lo que el sitio pidió al navegador que devolviera."],
  origin: ["RFC 6454 section 7", "The site whose page makes this request.", "El sitio cuya página hace esta petición."],
  "x-content-type-options": ["", "nosniff: the browser must believe Content-Type.", "nosniff: el navegador debe creer lo que dice Content-Type."],
  "upgrade-insecure-requests": ["", "The browser would rather use HTTPS.", "El navegador preferiría HTTPS."],
};

/** What an element is: { name, abnf, rule, text }. */
export function explain({ kind, field }) {
  const [name, abnf, rule, english, spanish] = ELEMENTS[kind] ?? ELEMENTS.other;
  const about = FIELDS[field?.toLowerCase()];
  if (about && (kind === "field-name" || kind === "field-value")) {
    const [section, ...texts] = about;
    const of = /^\d/.test(section) ? SEMANTICS + section : section;
    return { name: kind === "field-name" ? `${name} · ${field}` : `${name} · ${field}`, abnf, rule: of, text: pick(texts) };
  }
  if (/^sec-/i.test(field ?? "") && kind.startsWith("field")) {
    const text = pick(["What the browser says about itself and this request; pages cannot set it.",
      "Lo que el navegador dice de sí y de esta petición; las páginas no pueden cambiarlo."]);
    return { name: `${name} · ${field}`, abnf, rule, text };
  }
  return { name, abnf, rule, text: pick([english, spanish]) };
}
