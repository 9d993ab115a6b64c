// The picture: a lane for each connection, time from left to right, a block for each exchange.

import { h } from "./dom.js";
import { matches, title, token } from "./model.js";
import { clock, t } from "./texts.js";

/** A block is never narrower, so that its text can be read; in pixels. */
const BLOCK = 158;
/** How far apart two moments are that happened at the same time; in pixels. */
const APART = 13;
/** By how much gaps and blocks are narrowed in turn, until a whole trace can be seen at once. */
const FITS = [[1, 1], [0.75, 1], [0.55, 1], [0.4, 1], [0.28, 1], [0.28, 0.75], [0.28, 0.55], [0.2, 0.42], [0.15, 0.3]];
/** Two times on the axis are at least so far apart; in pixels. */
const TICK = 96;
/** The room behind the last moment, in pixels. */
const END = 90;

/** The position of each moment in pixels, with time to scale: it fills this width. */
function toScale(moments, width) {
  const [first, last] = [moments[0]?.at ?? 0, moments.at(-1)?.at ?? 0];
  return moments.map(moment => 24 + ((moment.at - first) / (last - first || 1)) * (width - 80));
}

/**
 * The position of each moment in pixels. Time is folded: a long silence takes hardly more room than a short one, and
 * each block has room for its text. `gaps` and `blocks` narrow those.
 */
function folded(moments, [gaps, blocks] = [1, 1]) {
  const xs = [];
  const begun = new Map();
  moments.forEach((moment, index) => {
    const before = moments[index - 1];
    const passed = before ? moment.at - before.at : 0;
    let x = before ? xs[index - 1] + gaps * (APART + (passed > 0 ? 8 + 13 * Math.log2(1 + passed) : 0)) : 24;
    if (moment.kind === "first") begun.set(moment.exchange, x);
    if (moment.kind === "last") x = Math.max(x, begun.get(moment.exchange) + BLOCK * blocks);
    xs.push(x);
  });
  return xs;
}

/** Time folded so that it fits a width, if narrower gaps are enough for that. */
function fitted(moments, width) {
  const tried = FITS.map(fit => folded(moments, fit));
  return tried.find(xs => (xs.at(-1) ?? 0) + END <= width) ?? tried[0];
}

/**
 * Draws the board; the lane on which something happened last is `.latest`.
 * `view` is { trace, moments, cursor, filter, toScale, fits, width, chosen, choose }; `width` is without the names.
 */
export function board(view) {
  const { trace, moments, filter } = view;
  const xs = view.toScale ? toScale(moments, view.width) : view.fits ? fitted(moments, view.width) : folded(moments);
  const place = new Map();
  moments.forEach((moment, index) => {
    const of = moment.exchange ?? moment.connection;
    if (!place.has(of)) place.set(of, {});
    place.get(of)[moment.kind] = xs[index];
  });
  const end = (xs.at(-1) ?? 0) + END;
  const shown = trace.lanes.filter(each =>
    !filter || each.exchanges.some(exchange => matches(exchange, filter)));
  const lanes = shown.map(connection => lane(connection, place, end, view));
  const curtain = view.cursor < moments.length &&
    h("div", { class: "curtain", style: `--x:${view.x ?? xs[view.cursor - 1] ?? 0}px` });
  return {
    xs,
    element: h("div", { class: `lanes${shown.length > 6 ? " many" : ""}`, style: `--end:${end}px` },
      h("div", { class: "axis", "aria-hidden": "true" }, ticks(moments, xs)),
      h("ol", { class: "lane-list" }, lanes), curtain),
    isEmpty: shown.length === 0,
  };
}

/** The times along the axis, as many as have room. */
function ticks(moments, xs) {
  let free = 0;
  let told;
  return moments.map((moment, index) => {
    const label = clock(moment.at);
    if (xs[index] < free || label === told) return null;
    free = xs[index] + TICK;
    told = label;
    return h("span", { style: `--x:${xs[index]}px` }, label);
  });
}

function lane(connection, place, end, view) {
  const at = place.get(connection) ?? {};
  const first = connection.exchanges[0];
  const opened = at.accepted ?? (first ? place.get(first).first : at.arrived);
  const closed = at.closed ?? end - 30;
  const span = (name, from, to) => h("i", { class: name, style: `--x:${from}px;--w:${Math.max(to - from, 2)}px` });
  const reason = connection.closed?.event.close;
  const name = connection.number === undefined ? "–" : `c${connection.number}`;
  return h("li", { class: `lane${connection === view.moments.at(-1)?.connection ? " latest" : ""}` },
    h("div", { class: "lane-name" }, h("b", {}, name), h("small", {}, connection.remote ?? "")),
    h("div", { class: "lane-time" },
      at.dropped !== undefined && span("dropped", at.dropped, at.arrived ?? at.accepted ?? closed),
      at.arrived !== undefined && span("queued", at.arrived, at.accepted ?? closed),
      opened !== undefined && connection.number !== undefined && span("wire", opened, closed),
      at.accepted !== undefined && h("i", { class: "accepted", style: `--x:${at.accepted}px`, title: t("momentAccepted", { c: connection.number }) }),
      connection.exchanges.map(exchange => block(exchange, place.get(exchange), view)),
      at.closed !== undefined && h("i", {
        class: `ended by-${reason?.by ?? "server"}`,
        style: `--x:${at.closed}px`,
        title: reason ? `${t(reason.by === "client" ? "byClient" : "byServer")}: ${reason.reason}` : "",
      })));
}

function block(exchange, at, view) {
  const { status } = exchange.event.decision;
  const width = Math.max(at.last - at.first, view.toScale ? 5 : 0);
  const share = from => `${(((from - at.first) / (at.last - at.first || 1)) * 100).toFixed(1)}%`;
  // If a step took no time, it is not drawn as waiting.
  const response = exchange.times.response > exchange.times.head ? at.response : at.head;
  const isChosen = view.chosen === exchange;
  const isMatch = matches(exchange, view.filter);
  return h("button", {
    type: "button",
    class: `block s${Math.floor(status / 100)}${isChosen ? " chosen" : ""}${isMatch ? "" : " dim"}${width < 34 ? " narrow" : width < 100 ? " short" : ""}`,
    title: `${title(exchange)} → ${status}`,
    style: `--x:${at.first}px;--w:${width}px;--head:${share(at.head)};--response:${share(response)}`,
    "aria-pressed": String(isChosen),
    "aria-label": `${title(exchange)} ${status}, ${t("connection")} ${exchange.connection.number}`,
    tabindex: isChosen || (!view.chosen && exchange.order === view.trace.exchanges[0]?.order) ? 0 : -1,
    "data-order": exchange.order,
    onclick: () => view.choose(exchange),
  }, h("span", { class: "block-title" }, width < 100 ? token(exchange, "target") ?? "" : title(exchange)), " ", h("b", {}, status));
}
