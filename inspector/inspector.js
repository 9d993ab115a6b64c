// The inspector: the board, the controls that move through time, and the exchange that is open.

import { board } from "./board.js";
import { detail } from "./detail.js";
import { h, icon } from "./dom.js";
import { Trace, title } from "./model.js";
import { clock, t } from "./texts.js";

/** The signs of the controls, drawn: no font has to have them. */
const SIGNS = {
  start: "M4 4v12M16 4l-8 6 8 6z",
  back: "M13 4l-7 6 7 6zM16 4v12",
  play: "M6 3l10 7-10 7z",
  pause: "M6 4v12M14 4v12",
  next: "M7 4l7 6-7 6zM4 4v12",
  end: "M4 4l8 6-8 6zM16 4v12",
};

/** Pixels of the board a second, when it plays. */
const SPEEDS = { slow: 45, normal: 140, fast: 500 };

export class Inspector {
  /** Fills `root`. `empty` says what to show as long as there is nothing: a function, since the language may change. */
  constructor(root, { empty = () => t("nothing") } = {}) {
    Object.assign(this, { root, empty, filter: "", toScale: false, isHex: false, speed: "normal" });
    root.classList.add("inspector");
    this.clear();
    new ResizeObserver(() => this.toScale && this.draw()).observe(root);
  }

  /** Forgets everything. */
  clear() {
    this.trace = new Trace();
    this.chosen = null;
    this.stop();
    this.cursor = Infinity;
    this.draw();
  }

  /** Takes in events, and draws soon. */
  add(events) {
    for (const event of events) this.trace.add(event);
    this.drawing ??= requestAnimationFrame(() => {
      this.drawing = undefined;
      // What is opened first is what went wrong; what the reader has chosen stays.
      const { exchanges } = this.trace;
      this.chosen ??= exchanges.find(each => each.event.fault) ?? exchanges.at(-1) ?? null;
      const follows = this.cursor >= this.moments.length;
      const scroller = this.root.querySelector(".scroller");
      const atEnd = scroller && scroller.scrollLeft + scroller.clientWidth >= scroller.scrollWidth - 40;
      this.draw();
      if (follows && atEnd) this.root.querySelector(".scroller").scrollLeft = 1e9;
    });
  }

  /** Shows these events from their beginning, and opens the first exchange that was refused, or else the first. */
  show(events) {
    this.clear();
    for (const event of events) this.trace.add(event);
    const { exchanges } = this.trace;
    this.chosen = exchanges.find(each => each.event.fault) ?? exchanges[0] ?? null;
    this.draw();
  }

  /** Draws everything anew. */
  draw() {
    const scrolled = this.root.querySelector(".scroller");
    const [left, top] = [scrolled?.scrollLeft ?? 0, scrolled?.scrollTop ?? 0];
    const focused = this.root.contains(document.activeElement) ? document.activeElement : null;
    const [order, control] = [focused?.dataset.order, focused?.dataset.control];
    const caret = focused?.selectionStart;
    this.moments = this.trace.moments();
    const drawn = board({
      trace: this.trace, moments: this.moments, cursor: this.cursor, x: this.x, filter: this.filter,
      toScale: this.toScale, width: this.root.clientWidth - 36, chosen: this.chosen, choose: each => this.choose(each),
    });
    this.xs = drawn.xs;
    this.scroller = h("div", { class: "scroller", onkeydown: key => this.move(key) }, drawn.element);
    const hasNothing = this.trace.connections.length === 0;
    this.caption = h("p", { class: "caption", "aria-live": "polite" });
    this.root.replaceChildren(
      this.controls(),
      h("section", { class: "frame lanes-frame", "aria-label": t("connections") },
        h("div", { class: "board" },
          hasNothing ? h("p", { class: "empty" }, this.empty()) : this.scroller,
          drawn.isEmpty && !hasNothing && h("p", { class: "empty" }, t("noMatch")),
          h("div", { class: "board-foot" }, this.caption, legend()))),
      this.chosen ? detail(this.chosen, this) : h("p", { class: "choose" }, hasNothing ? "" : t("choose")));
    this.tell();
    [this.scroller.scrollLeft, this.scroller.scrollTop] = [left, top];
    const again = order ? `[data-order="${order}"]` : control && `[data-control="${control}"]`;
    const element = again && this.root.querySelector(again);
    element?.focus({ preventScroll: true });
    if (caret !== undefined && caret !== null) element?.setSelectionRange?.(caret, caret);
  }

  controls() {
    const button = (control, onclick, sign = control) => h("button", {
      type: "button", "data-control": control, title: t(sign), "aria-label": t(sign), onclick,
    }, icon(SIGNS[sign]));
    return h("div", { class: "controls", role: "toolbar", "aria-label": t("connections") },
      h("div", { class: "buttons" },
        button("start", () => this.seek(0)),
        button("back", () => this.seek(Math.min(this.cursor, this.moments.length) - 1)),
        this.timer ? button("play", () => { this.stop(); this.draw(); }, "pause") : button("play", () => this.play()),
        button("next", () => this.seek(this.cursor + 1)),
        button("end", () => this.seek(Infinity))),
      h("label", {}, h("span", { class: "hidden" }, t("speed")), h("select", {
        "data-control": "speed", onchange: event => { this.speed = event.target.value; },
      }, Object.keys(SPEEDS).map(each => h("option", { value: each, selected: each === this.speed }, t(each))))),
      h("label", { class: "check" }, h("input", {
        type: "checkbox", "data-control": "scale", checked: this.toScale, onchange: event => { this.toScale = event.target.checked; this.draw(); },
      }), t("scale")),
      h("input", {
        type: "search", class: "filter", "data-control": "filter", value: this.filter, placeholder: t("filter"), "aria-label": t("filterLabel"),
        oninput: event => { this.filter = event.target.value.trim(); this.draw(); },
      }));
  }

  /** Moves the end of what is shown to before the moment with this number. */
  seek(cursor) {
    this.stop();
    this.cursor = cursor >= this.moments.length ? Infinity : Math.max(cursor, 0);
    const last = this.moments[Math.min(this.cursor, this.moments.length) - 1];
    if (last?.exchange && this.cursor !== Infinity) this.chosen = last.exchange;
    this.draw();
    const x = this.xs[Math.min(this.cursor, this.xs.length) - 1] ?? 0;
    this.scroller.scrollLeft = x - this.scroller.clientWidth * 0.6;
  }

  /** Plays from where it stands; from the start when it stands at the end. */
  play() {
    if (this.moments.length === 0) return;
    if (this.cursor >= this.moments.length) this.cursor = 0;
    let x = this.xs[this.cursor - 1] ?? 0;
    let before = performance.now();
    this.timer = setInterval(() => {
      const now = performance.now();
      x += ((now - before) / 1000) * SPEEDS[this.speed];
      before = now;
      const count = this.xs.filter(each => each <= x).length;
      if (count !== this.cursor) {
        this.cursor = count >= this.moments.length ? Infinity : count;
        this.chosen = this.moments[count - 1]?.exchange ?? this.chosen;
        this.x = x;
        if (this.cursor === Infinity) this.stop();
        this.draw();
      }
      this.root.querySelector(".curtain")?.style.setProperty("--x", `${x}px`);
      this.scroller.scrollLeft = x - this.scroller.clientWidth * 0.6;
    }, 40);
    this.draw();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.x = undefined;
  }

  choose(exchange) {
    this.chosen = exchange;
    this.draw();
  }

  setHex(isHex) {
    this.isHex = isHex;
    this.draw();
  }

  /** Chooses another exchange: the one before or after, in the order in which they were told. */
  go(step) {
    const { exchanges } = this.trace;
    const next = exchanges[exchanges.indexOf(this.chosen) + step];
    if (!next) return;
    this.choose(next);
    const element = this.root.querySelector(`[data-order="${next.order}"]`);
    element?.scrollIntoView({ block: "nearest", inline: "center" });
    element?.focus({ preventScroll: true });
  }

  /** The arrow keys on the board: along a lane, and to the lanes above and below. */
  move(key) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key.key];
    const lane = { ArrowDown: 1, ArrowUp: -1 }[key.key];
    if (!this.chosen || !(step || lane)) return;
    key.preventDefault();
    if (step) return this.go(step);
    const { connections } = this.trace;
    for (let at = connections.indexOf(this.chosen.connection) + lane; connections[at]; at += lane) {
      const [first] = connections[at].exchanges;
      if (!first) continue;
      this.choose(first);
      this.root.querySelector(`[data-order="${first.order}"]`)?.focus();
      return;
    }
  }

  /** Says in a sentence what happened last. */
  tell() {
    const moment = this.moments[Math.min(this.cursor, this.moments.length) - 1];
    if (!moment) return this.caption.replaceChildren();
    const { kind, connection, exchange } = moment;
    const key = `moment${kind[0].toUpperCase()}${kind.slice(1)}`;
    const end = connection.ended?.event.end;
    const by = end && t(end.by === "client" ? "byClient" : "byServer");
    this.caption.replaceChildren(h("b", {}, clock(moment.at)), " ", t(key, {
      c: connection.number, remote: connection.remote, title: exchange && title(exchange),
      status: exchange?.event.decision.status, reason: end && `${by}: ${end.reason}`,
    }));
  }
}

function legend() {
  const kinds = [["receive", "legendReceive"], ["wait", "legendWait"], ["send", "legendSend"]];
  return h("ul", { class: "legend" }, kinds.map(([name, key]) => h("li", {}, h("i", { class: name }), t(key))));
}
