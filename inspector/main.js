// The inspector as a page of its own: events come live from the server that serves it, or from a file.

import { h, remembered, save } from "./dom.js";
import { har } from "./har.js";
import { Inspector } from "./inspector.js";
import { parse } from "./model.js";
import { LANGUAGES, lang, preferred, speak, t } from "./texts.js";

/** Where the server of `--inspect` sends its events. */
const EVENTS = "events";

/** How many events are held while the board is paused: as many as the server keeps. */
const MOST = 1000;

let state = "file";
let message = "";
/** While the reader has paused the board: the events that came since. */
let held = null;
/** Whether the server was started again meanwhile. */
let isAnew = false;
speak(remembered.get("language") ?? preferred());
theme(remembered.get("theme"));
const inspector = new Inspector(document.querySelector("main"), {
  empty: () => message || (state === "file" ? t("drop") : t("nothing")),
});
bar();
listen();

document.addEventListener("dragover", event => event.preventDefault());
document.addEventListener("drop", event => {
  event.preventDefault();
  open(event.dataTransfer.files[0]);
});

/** Follows the server's events, if this page came from a server that has them; else they come from files. */
async function listen() {
  const asked = new AbortController();
  const response = await fetch(EVENTS, { signal: asked.signal }).catch(() => null);
  const hasEvents = response?.headers.get("content-type")?.startsWith("text/event-stream");
  const language = response?.headers.get("content-language");
  asked.abort();
  if (!hasEvents) return;
  // The page begins in the language of its events, unless the reader has chosen one.
  if (language && !remembered.get("language")) {
    speak(language);
    bar();
    inspector.draw();
  }
  const source = new EventSource(EVENTS);
  source.onopen = () => {
    // After a restart the server sends all the events that it still has.
    if (held) [held, isAnew] = [[], true];
    else inspector.clear();
    become(held ? "paused" : "live");
  };
  source.onmessage = ({ data }) => {
    if (!held) return inspector.add(parse(data));
    held = [...held, ...parse(data)].slice(-MOST);
    chip();
  };
  source.onerror = () => {
    if (state !== "file") become("lost");
  };
}

/** Holds the board still, or lets it go on with what has happened meanwhile. */
function pause() {
  if (held) {
    if (isAnew) inspector.clear();
    inspector.add(held);
    [held, isAnew] = [null, false];
    state = "live";
  } else {
    [held, state] = [[], "paused"];
  }
  bar();
  document.querySelector(".pause").focus();
}

/** Says where the events come from, and how many wait while the board is paused. */
function chip() {
  const count = held?.filter(({ event }) => event === "exchange").length;
  document.querySelector(".state").textContent = [t(state), count && t("more", { count })].filter(Boolean).join(" · ");
}

function become(next) {
  state = next;
  bar();
  inspector.draw();
}

async function open(file) {
  if (!file) return;
  const events = parse(await file.text());
  message = events.length ? "" : t("noEvents");
  inspector.show(events);
}

/** The bar at the top. */
function bar() {
  const file = h("input", { type: "file", class: "hidden", id: "file", accept: ".json,.jsonl,.ndjson,.txt,.log", onchange: event => open(event.target.files[0]) });
  const button = (onclick, ...label) => h("button", { type: "button", onclick }, label);
  // On a small screen only the short part of a label is shown.
  const wide = key => h("span", { class: "wide" }, t(key));
  const lines = () => inspector.trace.events.map(event => JSON.stringify(event) + "\n").join("");
  document.querySelector("header").replaceChildren(
    h("h1", {}, h("a", { class: "brand", href: "./" },
      h("img", { src: "favicon.svg", alt: "", width: 34, height: 34 }), h("span", {}, "Aula ", h("small", {}, t("inspector"))))),
    state === "file" ? "" : h("span", { class: `state ${state}`, role: "status" }),
    state === "file" || state === "lost" ? "" : h("button", { type: "button", class: "pause", "aria-pressed": String(held !== null), onclick: pause }, t(held ? "resume" : "hold")),
    h("nav", { class: "tools" },
      file, h("label", { for: "file", class: "button" }, h("span", {}, t("open"), wide("openWhat"))),
      button(() => save("trace.jsonl", "application/x-ndjson", lines()), t("save")),
      button(() => save("trace.har", "application/json", JSON.stringify(har(inspector.trace), null, 1)), wide("har"), "HAR"),
      button(() => inspector.clear(), t("clear"))),
    h("div", { class: "choices" }, languages(), h("button", {
      type: "button", class: "theme", title: t("theme"), "aria-label": t("theme"), onclick: () => theme(isDark() ? "light" : "dark"),
    }, "◐")));
  if (state !== "file") chip();
}

function languages() {
  return h("div", { class: "languages", role: "group" }, LANGUAGES.map(([tag, name]) => h("button", {
    type: "button", lang: tag, "aria-pressed": String(lang() === tag), title: name, "aria-label": `${tag.toUpperCase()}: ${name}`,
    onclick: () => {
      speak(tag);
      remembered.set("language", tag);
      bar();
      inspector.draw();
    },
  }, tag.toUpperCase())));
}

function isDark() {
  return (document.documentElement.dataset.theme ?? "") === "dark" ||
    (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
}

/** Light or dark by the reader's choice; without one, as the system has it. */
function theme(chosen) {
  if (!chosen) return;
  document.documentElement.dataset.theme = chosen;
  remembered.set("theme", chosen);
}
