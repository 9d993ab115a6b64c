// The inspector: the board, the controls that move through time, and the exchange that is open.

import { board } from "./board.js";
import { detail } from "./detail.js";
import { h, icon, prose } from "./dom.js";
import { Trace, title } from "./model.js";
import { clock, lang, t } from "./texts.js";

/** The signs of the controls, drawn: no font has to have them. */
const SIGNS = {
  start: "M4 4v12M16 4l-8 6 8 6z",
  back: "M13 4l-7 6 7 6zM16 4v12",
  play: "M6 3l10 7-10 7z",
  pause: "M6 4v12M14 4v12",
  next: "M7 4l7 6-7 6zM4 4v12",
  end: "M4 4l8 6-8 6zM16 4v12",
};

/** How high the axis is that covers the top of the board, and how near to its end counts as there; in pixels. */
const [AXIS, NEAR] = [28, 40];

/** How wide the names of the lanes are; in pixels, as in the style sheet. */
const NAMES = () => (matchMedia("(max-width: 560px)").matches ? 64 : 132);

/** How many events of a live server are kept: more than it keeps itself. */
const MOST = 1500;

/** Pixels of the board a second, when it plays. */
const SPEEDS = { slow: 45, normal: 140, fast: 500 };

export class Inspector {
  /** Fills `root`. `empty` says what to show as long as there is nothing: a function, since the language may change. */
  constructor(root, { empty = () => t("nothing") } = {}) {
    Object.assign(this, { root, empty, filter: "", toScale: false, isHex: false, speed: "normal" });
    this.caption = h("p", { class: "caption", "aria-live": "polite" });
    this.legend = h("ul", { class: "legend" });
    this.scroller = h("div", {
      class: "scroller", onkeydown: key => this.move(key), onscroll: () => { this.follows = this.showsLatest(); },
    });
    // While the reader points at bytes, no other exchange replaces them.
    const reads = () => { this.isPicked = true; };
    this.places = { controls: h("div"), board: h("div"), detail: h("div", { onpointerdown: reads, onkeydown: reads }) };
    root.classList.add("inspector");
    root.replaceChildren(...Object.values(this.places));
    this.clear();
    new ResizeObserver(() => (this.toScale || this.fits) && this.drawBoard()).observe(root);
  }

  /** Forgets everything. */
  clear() {
    this.trace = new Trace();
    this.chosen = null;
    /** Whether the reader has chosen it. */
    this.isPicked = false;
    /** Whether the board moves on to what happens: it does until the reader scrolls away. */
    this.follows = true;
    this.stop();
    this.cursor = Infinity;
    /** Whether all of it should be seen at once, if it can: not while more is coming. */
    this.fits = false;
    this.draw();
  }

  /** Takes in events, and draws soon. */
  add(events) {
    const before = this.trace.count;
    this.before = Math.min(this.before ?? before, before);
    for (const event of events) this.trace.add(event);
    this.trace.trim(MOST, this.chosen?.connection);
    this.drawing ??= requestAnimationFrame(() => {
      const known = this.before;
      this.drawing = this.before = undefined;
      // The last exchange with an error is opened, unless the reader has chosen one.
      const { exchanges } = this.trace;
      const refused = exchanges.findLast(each => each.event.fault && each.order > known);
      if (refused && !this.isPicked) this.chosen = refused;
      this.chosen ??= exchanges.at(-1) ?? null;
      const follows = this.follows && this.cursor === Infinity;
      this.drawBoard();
      this.drawDetail();
      if (follows) this.showLatest();
    });
  }

  /**
   * Shows these events from their beginning, and opens an exchange: the first of the connection `opens`, one that was
   * refused, or the first.
   */
  show(events, opens) {
    this.clear();
    for (const event of events) this.trace.add(event);
    const { exchanges } = this.trace;
    this.chosen = exchanges.find(each => each.connection.number === opens) ?? exchanges.find(each => each.event.fault) ?? exchanges[0] ?? null;
    this.fits = true;
    this.draw();
    [this.scroller.scrollLeft, this.scroller.scrollTop] = [0, 0];
  }

  /** Draws everything anew. */
  draw() {
    this.drawControls();
    this.drawBoard();
    this.opened = undefined;
    this.drawDetail();
  }

  drawControls() {
    const focused = this.places.controls.contains(document.activeElement) ? document.activeElement.dataset.control : undefined;
    this.places.controls.replaceChildren(this.controls());
    if (focused) this.places.controls.querySelector(`[data-control="${focused}"]`)?.focus({ preventScroll: true });
  }

  drawBoard() {
    const focused = this.scroller.contains(document.activeElement) ? document.activeElement.dataset.order : undefined;
    this.moments = this.trace.moments();
    const drawn = board({
      trace: this.trace, moments: this.moments, cursor: this.cursor, x: this.x, filter: this.filter,
      toScale: this.toScale, fits: this.fits, width: this.root.clientWidth - 36 - NAMES(), chosen: this.chosen, choose: each => this.choose(each),
    });
    this.xs = drawn.xs;
    const hasNothing = this.trace.connections.length === 0;
    this.scroller.replaceChildren(drawn.element);
    this.scroller.hidden = hasNothing;
    const [left, top] = [this.scroller.scrollLeft, this.scroller.scrollTop];
    if (!this.scroller.isConnected || this.language !== lang()) {
      this.language = lang();
      this.none = h("p", { class: "empty" });
      this.places.board.replaceChildren(h("section", { class: "frame lanes-frame", "aria-label": t("connections") },
        h("div", { class: "board" }, this.scroller, this.none, h("div", { class: "board-foot" }, this.caption, this.legend))));
      [this.scroller.scrollLeft, this.scroller.scrollTop] = [left, top];
    }
    this.legend.replaceChildren(...legend(this.trace));
    this.none.textContent = hasNothing ? this.empty() : drawn.isEmpty ? t("noMatch") : "";
    this.none.hidden = !this.none.textContent;
    this.tell();
    if (focused) this.scroller.querySelector(`[data-order="${focused}"]`)?.focus({ preventScroll: true });
  }

  /** Opens the chosen exchange, unless it is open: what the reader points at in it stays where it is. */
  drawDetail() {
    const hasNothing = this.trace.connections.length === 0;
    const opened = this.chosen ?? (hasNothing ? "nothing" : "none");
    if (opened === this.opened) return;
    this.opened = opened;
    this.places.detail.replaceChildren(
      this.chosen ? detail(this.chosen, this) : h("p", { class: "choose" }, hasNothing ? "" : t(this.trace.exchanges.length ? "choose" : "noExchange")));
  }

  /** Whether one sees what happened last. */
  showsLatest() {
    const { scrollLeft, scrollTop, clientWidth, clientHeight, scrollWidth } = this.scroller;
    const lane = this.scroller.querySelector(".latest");
    const isInSight = !lane || (lane.offsetTop + lane.offsetHeight / 2 > scrollTop + AXIS && lane.offsetTop + lane.offsetHeight / 2 < scrollTop + clientHeight);
    return isInSight && scrollLeft + clientWidth >= scrollWidth - NEAR;
  }

  /** Scrolls to what happened last, as far as it takes. */
  showLatest() {
    const { scroller } = this;
    scroller.scrollLeft = scroller.scrollWidth;
    const lane = scroller.querySelector(".latest");
    if (!lane) return;
    const [top, bottom] = [lane.offsetTop - AXIS, lane.offsetTop + lane.offsetHeight - scroller.clientHeight];
    scroller.scrollTop = Math.min(Math.max(scroller.scrollTop, bottom), top);
  }

  controls() {
    const button = (control, onclick, sign = control) => h("button", {
      type: "button", "data-control": control, title: t(sign), "aria-label": t(sign), onclick,
    }, icon(SIGNS[sign]));
    return h("div", { class: "controls", role: "toolbar", "aria-label": t("controls") },
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
        type: "checkbox", "data-control": "scale", checked: this.toScale, onchange: event => { this.toScale = event.target.checked; this.drawBoard(); },
      }), t("scale")),
      h("input", {
        type: "search", class: "filter", "data-control": "filter", value: this.filter, placeholder: t("filter"), "aria-label": t("filterLabel"),
        oninput: event => { this.filter = event.target.value.trim(); this.drawBoard(); this.opened = undefined; this.drawDetail(); },
      }));
  }

  /** Moves the end of what is shown to before the moment with this number. */
  seek(cursor) {
    this.stop();
    this.cursor = cursor >= this.moments.length ? Infinity : Math.max(cursor, 0);
    const last = this.moments[Math.min(this.cursor, this.moments.length) - 1];
    if (last?.exchange && this.cursor !== Infinity) this.chosen = last.exchange;
    this.draw();
    if (this.cursor === Infinity) {
      this.follows = true;
      return this.showLatest();
    }
    const x = this.xs[this.cursor - 1] ?? 0;
    this.scroller.scrollLeft = x - this.scroller.clientWidth * 0.6;
  }

  /** Plays from the current moment; from the start if that is the end. */
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
        if (this.cursor === Infinity) {
          this.stop();
          this.drawControls();
        }
        this.drawBoard();
        this.drawDetail();
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
    this.isPicked = true;
    this.drawBoard();
    this.drawDetail();
  }

  setHex(isHex) {
    this.isHex = isHex;
    this.opened = undefined;
    this.drawDetail();
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
    const { lanes } = this.trace;
    for (let at = lanes.indexOf(this.chosen.connection) + lane; lanes[at]; at += lane) {
      const [first] = lanes[at].exchanges;
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
    const end = connection.closed?.event.close;
    const by = end && t(end.by === "client" ? "byClient" : "byServer");
    this.caption.replaceChildren(h("b", {}, clock(moment.at)), " ", ...prose(t(key, {
      c: connection.number, remote: connection.remote, title: exchange && title(exchange),
      status: exchange?.event.decision.status, reason: end && `${by}: ${end.reason}`,
    })));
  }
}

/** What the colours mean: those that are on the board. */
function legend({ connections }) {
  const kinds = [["receive", "legendReceive"], ["wait", "legendWait"], ["send", "legendSend"]];
  if (connections.some(each => each.arrived)) kinds.push(["queue", "legendQueue"]);
  if (connections.some(each => each.dropped)) kinds.push(["drop", "legendDropped"]);
  return kinds.map(([name, key]) => h("li", {}, h("i", { class: name }), t(key)));
}
