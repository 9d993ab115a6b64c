// The open exchange: its bytes, coloured by their meaning, what was looked up and decided, and what was sent.

import { hex, requestElements, responseElements, show, showAll, unescape } from "./bytes.js";
import { h, prose, rule } from "./dom.js";
import { explain } from "./grammar.js";
import { searched, title } from "./model.js";
import { clock, number, t } from "./texts.js";

/** How many bytes a row of hexadecimal has: few, so that they can be large. */
const ROW = 8;

/** Draws an exchange. `view` is { isHex, setHex, go, filter }. */
export function detail(exchange, view) {
  const { event, connection, times } = exchange;
  const { status, meaning, rule: why } = event.decision;
  const received = unescape(event.received.bytes);
  const sent = unescape(event.sent.head);
  const reason = responseElements(sent).find(({ kind }) => kind === "reason");
  const phrase = reason ? String.fromCharCode(...sent.subarray(reason.start, reason.end)) : "";
  const took = times.last - times.first;
  return h("article", { class: "detail", "aria-label": title(exchange) },
    h("header", { class: "detail-head" },
      h("h2", {}, h("span", { class: "badge" }, `c${connection.number}.${event.exchange ?? 1}`), " ", h("code", {}, title(exchange))),
      connection.remote && h("p", { class: "tuple", title: t("tuple") }, `${connection.remote} → ${connection.local ?? ""}`),
      h("p", {}, `${clock(times.first)}${took > 0 ? ` · ${number(Math.round(took * 1000) / 1000)} ms` : ""}`),
      h("div", { class: "buttons" },
        h("button", { type: "button", title: t("previousExchange"), "aria-label": t("previousExchange"), onclick: () => view.go(-1) }, "‹"),
        h("button", { type: "button", title: t("nextExchange"), "aria-label": t("nextExchange"), onclick: () => view.go(1) }, "›"))),
    h("div", { class: "columns" },
      h("section", { class: "received" },
        h("h3", {}, t("received"), h("small", {}, `${number(event.received.length)} ${t("bytes")}`)),
        received.length
          ? bytesBoard(received, requestElements(received, event.tokens ?? []), view, event.fault && { ...event.fault, meaning, rule: why })
          : h("p", { class: "note" }, t("nothingRead")),
        readsOf(event.received),
        event.received.content_length > 0 && h("p", { class: "note" }, `${number(event.received.content_length)} ${t("contentAfter")}`),
        contentOf(event.received.content)),
      h("section", { class: "decided" },
        h("h3", {}, t("decided")),
        h("p", { class: `status s${Math.floor(status / 100)}` }, h("b", {}, status), " ", phrase),
        h("p", {}, prose(meaning), " ", h("small", {}, rule(why))),
        event.delay > 0 && h("p", { class: "note" }, prose(t("delayed", { delay: number(event.delay) }))),
        h("h3", {}, t("resolved")), lookups(event),
        h("h3", {}, t("then")), afterwards(exchange)),
      h("section", { class: "sent" },
        h("h3", {}, t("sent"), h("small", {}, `${number(event.sent.head_length)} ${t("bytes")} + ${number(event.sent.content_sent)} ${t("ofContent")}`)),
        sent.length ? bytesBoard(sent, responseElements(sent), view) : h("p", { class: "note" }, t("noHead")),
        contentOf(event.sent.content))));
}

/** Which read brought how many bytes. */
function readsOf({ reads }) {
  if (!reads?.length) return null;
  if (reads.length === 1) return h("p", { class: "note" }, t("oneRead"));
  const each = reads.map(read => h("li", {}, h("b", {}, `${number(read.length)} ${t("bytes")}`), ` ${clock(read.at)}`));
  return h("div", { class: "note reads" }, t("reads"), h("ol", {}, each));
}

/** The first bytes of the content, if the trace has them. */
const contentOf = content => content ? h("pre", { class: "content", tabindex: "0" }, content) : null;

function lookups(event) {
  if (event.resource === null || event.resource === undefined) return h("p", { class: "note" }, t("noResource"));
  const rows = compact(event.lookups ?? []).map(({ name, result, size }) => {
    const what = { file: t("file"), directory: t("folder"), nothing: t("absent"), refused: t("refused"), failed: t("failed") }[result];
    return h("tr", { class: result },
      h("td", { class: name.length > 24 ? "long" : "" }, h("code", {}, name || ".")),
      h("td", {}, what, result === "file" ? `, ${number(size)}\u00a0bytes` : ""));
  });
  return [
    h("p", {}, t("resource"), ": ", h("code", {}, event.resource || ".")),
    h("table", { class: "lookups" }, h("tbody", {}, rows)),
    event.content_type && h("p", {}, t("mediaType"), ": ", h("code", {}, event.content_type)),
  ];
}

/** Look-ups with the compressed siblings of a file that do not exist in one row: `a.css.br, .zst, .gz`. */
function compact(lookups) {
  const rows = [];
  for (const lookup of lookups) {
    const last = rows.at(-1);
    const [, base, coding] = /^(.+)(\.(?:br|zst|gz))$/.exec(lookup.name) ?? [];
    if (coding && lookup.result === "nothing" && last?.base === base) last.name += `, ${coding}`;
    else rows.push({ ...lookup, base: lookup.result === "nothing" ? base : undefined });
  }
  return rows;
}

function afterwards({ event: { close, slot }, connection }) {
  const waiting = slot?.waiting ?? [];
  const later = connection.closed?.event.close;
  return [
    close ? h("p", {}, h("strong", {}, t("ends")), " ", prose(close.reason), " ", h("small", {}, rule(close.rule))) : h("p", {}, t("stays"), later && [" ", t(later.by === "client" ? "laterClient" : "laterServer"), " ", prose(later.reason), "."]),
    waiting.length > 0 && h("p", {}, `${t("waitingTurn")}: ${waiting.join(", ")}`),
  ];
}

/** Bytes on a chalkboard, with what each part of them is. */
function bytesBoard(bytes, whole, view, fault) {
  const elements = cut(whole, fault);
  const explanation = h("div", { class: "explain", "aria-live": "polite" });
  const rows = h("div", { class: view.isHex ? "hex" : "rows", tabindex: "0", role: "group", "aria-label": t("hint") },
    view.isHex ? hexRows(bytes, elements) : textRows(bytes, elements, searched(view.filter)));
  let current = -1;
  const point = (index, offset) => {
    for (const on of rows.querySelectorAll(".on")) on.classList.remove("on");
    current = index;
    for (const on of rows.querySelectorAll(`[data-element="${index}"]`)) on.classList.add("on");
    explanation.replaceChildren(...explained(bytes, elements[index], offset, fault));
  };
  const at = ({ target }) => {
    const part = target.closest?.("[data-element]");
    if (part) point(Number(part.dataset.element), part.dataset.offset);
  };
  rows.addEventListener("pointerover", at);
  rows.addEventListener("click", at);
  rows.addEventListener("keydown", key => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key.key];
    if (!step) return;
    key.preventDefault();
    point(Math.min(Math.max(current + step, 0), elements.length - 1));
    rows.querySelector(".on")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  const faulty = elements.findIndex(each => each.isFaulty);
  if (faulty >= 0) point(faulty);
  else explanation.append(h("p", { class: "hint" }, t("hint")));
  const choice = (isHex, label) => h("button", {
    type: "button", "aria-pressed": String(view.isHex === isHex), onclick: () => view.setHex(isHex),
  }, label);
  return h("div", { class: "frame small" }, h("div", { class: "board" },
    h("div", { class: "choice" }, choice(false, t("asText")), choice(true, t("asHex"))), rows, explanation));
}

/** What is said of an element: its name, rule, meaning, and its bytes as numbers; of bytes at fault, what is wrong. */
function explained(bytes, element, offset, fault) {
  const about = explain(element);
  const here = offset === undefined ? bytes.subarray(element.start, element.end) : bytes.subarray(Number(offset), Number(offset) + 1);
  const numbers = Array.from(here.subarray(0, 12), byte => `0x${hex(byte)}`).join(" ");
  const { isFaulty } = element;
  return [
    h("p", {}, isFaulty ? h("strong", { class: "refused" }, t("fault")) : h("b", { class: `k-${element.kind}` }, about.name), " ",
      isFaulty ? fault.meaning : about.text),
    h("p", { class: "abnf" }, about.abnf && h("code", {}, about.abnf), " ", rule(isFaulty ? fault.rule : about.rule)),
    h("p", { class: "numbers" }, `${t("byte")} ${offset ?? element.start}: ${numbers}${here.length > 12 ? " …" : ""}`),
  ];
}

/** The elements, cut at the edges of the fault: its bytes are elements of their own. */
function cut(elements, fault) {
  const edges = fault ? [fault.offset, fault.offset + fault.length] : [];
  return elements.flatMap(element => {
    const cuts = [element.start, ...edges.filter(edge => edge > element.start && edge < element.end), element.end];
    return cuts.slice(1).map((end, index) => {
      const start = cuts[index];
      return { ...element, start, end, isFaulty: fault && start >= edges[0] && end <= edges[1] };
    });
  });
}

/** Rows of characters; elements that have one of the words are marked. */
function textRows(bytes, elements, words) {
  const lines = [];
  elements.forEach((element, index) => {
    const piece = { ...element, index };
    const last = lines.at(-1);
    if (!last || bytes[piece.start - 1] === 10) lines.push([piece]);
    else last.push(piece);
  });
  return lines.map(line => h("div", { class: "row" },
    h("span", { class: "offset", "aria-hidden": "true" }, line[0].start),
    h("code", {}, line.map(piece => {
      const text = showAll(bytes.subarray(piece.start, piece.end));
      const isFound = words.some(word => text.toLowerCase().includes(word));
      return h("span", {
        class: `k-${piece.kind}${piece.isFaulty ? " fault" : ""}${isFound ? " found" : ""}`, "data-element": piece.index,
      }, text);
    }))));
}

function hexRows(bytes, elements) {
  const cells = elements.flatMap((element, index) =>
    Array.from(bytes.subarray(element.start, element.end), (byte, at) => ({ ...element, index, byte, offset: element.start + at })));
  const rows = [];
  for (let at = 0; at < cells.length; at += ROW) rows.push(cells.slice(at, at + ROW));
  const cell = (of, text) => h("span", {
    class: `k-${of.kind}${of.isFaulty ? " fault" : ""}`, "data-element": of.index, "data-offset": of.offset,
  }, text);
  return rows.map(row => h("div", { class: "row" },
    h("span", { class: "offset", "aria-hidden": "true" }, row[0].offset),
    h("code", { class: "cells", style: `--cells:${ROW}` }, row.map(each => cell(each, hex(each.byte)))),
    h("code", { class: "characters" }, row.map(each => cell(each, show(each.byte).length === 1 ? show(each.byte) : "·")))));
}
