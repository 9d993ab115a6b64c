// Bytes and their notation: in the trace, in the editor, in rows of hexadecimal.
// The notation is the trace's: printable ASCII as itself, `\r`, `\n`, `\t`, `\\`, and `\x1b` for every other byte.

const ESCAPES = new Map([[13, "\\r"], [10, "\\n"], [9, "\\t"], [92, "\\\\"]]);
const NAMED = { r: 13, n: 10, t: 9, "\\": 92, 0: 0 };

/** One byte as the trace writes it. */
export function show(byte) {
  if (ESCAPES.has(byte)) return ESCAPES.get(byte);
  return byte >= 32 && byte <= 126 ? String.fromCharCode(byte) : "\\x" + hex(byte);
}

/** Two hexadecimal digits. */
export const hex = byte => byte.toString(16).padStart(2, "0");

/** Bytes as the trace writes them. */
export const showAll = bytes => Array.from(bytes, show).join("");

/** The bytes of a text in the trace's notation. Characters beyond ASCII are their UTF-8 bytes. */
export function unescape(text) {
  const bytes = [];
  const encoder = new TextEncoder();
  for (const [part, escaped] of text.matchAll(/\\(x[0-9a-fA-F]{2}|[rnt0\\])|[^\\]+|\\/g)) {
    if (!escaped) bytes.push(...encoder.encode(part));
    else if (escaped[0] === "x") bytes.push(parseInt(escaped.slice(1), 16));
    else bytes.push(NAMED[escaped]);
  }
  return Uint8Array.from(bytes);
}

/** Several pieces as one. */
export function join(pieces) {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

// What the trace calls a token, and what is between the tokens.
// An element: { kind, start, end, field? }, where `field` is the name of the field that a name or a value belongs to.

/** The elements of a request's head: the tokens that the server's parser saw, and what is between them. */
export function requestElements(bytes, tokens) {
  const elements = [];
  let at = 0;
  let field;
  for (const { token, offset, length, text } of tokens) {
    between(bytes, at, offset, elements);
    if (token === "field-name") field = text;
    if (length) elements.push({ kind: token, start: offset, end: offset + length, field });
    at = offset + length;
  }
  between(bytes, at, bytes.length, elements);
  return elements;
}

/** The elements of a response's head, which is the server's own and so has no fault. */
export function responseElements(bytes) {
  const tokens = [];
  let at = 0;
  for (const line of String.fromCharCode(...bytes).split("\r\n")) {
    const [status, version, code] = /^(HTTP\/\S+) (\d+) /.exec(line) ?? [];
    const [name] = /^[^:]+(?=:)/.exec(line) ?? [];
    const add = (token, offset, text) => tokens.push({ token, offset: at + offset, length: text.length, text });
    if (at === 0 && status) {
      add("version", 0, version);
      add("status", version.length + 1, code);
      add("reason", status.length, line.slice(status.length));
    } else if (name) {
      add("field-name", 0, name);
      const value = line.slice(name.length + 1).trim();
      add("field-value", line.indexOf(value, name.length + 1), value);
    }
    at += line.length + 2;
  }
  return requestElements(bytes, tokens);
}

/** Names what is between two tokens. */
function between(bytes, from, to, elements) {
  for (let at = from; at < to;) {
    const last = elements.at(-1);
    const isNewLine = at === 0 || bytes[at - 1] === 10;
    let [kind, end] = ["other", at + 1];
    if (bytes[at] === 13 && bytes[at + 1] === 10) [kind, end] = [isNewLine ? "empty" : "crlf", at + 2];
    else if (bytes[at] === 10) kind = isNewLine ? "empty" : "lf";
    else if (bytes[at] === 58 && last?.kind === "field-name") kind = "colon";
    else if (bytes[at] === 32 && ["method", "target", "version", "status"].includes(last?.kind)) kind = "sp";
    else if ((bytes[at] === 32 || bytes[at] === 9) && !isNewLine && last?.field) kind = "ows";
    if (last && last.kind === kind && last.end === at && (kind === "other" || kind === "ows")) last.end = end;
    else elements.push({ kind, start: at, end, field: kind === "colon" || kind === "ows" ? last.field : undefined });
    at = end;
  }
}
