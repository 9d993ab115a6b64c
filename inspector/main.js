// The inspector as a page of its own: events come live from the server that serves it, or from a file.

import { h, remembered, save } from "./dom.js";
import { har } from "./har.js";
import { Inspector } from "./inspector.js";
import { parse } from "./model.js";
import { LANGUAGES, lang, preferred, speak, t } from "./texts.js";

/** Where the server of `--inspect` sends its events. */
const EVENTS = "events";

let state = "file";
let message = "";
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
    // A server that was started again sends everything it still has.
    inspector.clear();
    become("live");
  };
  source.onmessage = ({ data }) => inspector.add(parse(data));
  source.onerror = () => {
    if (state === "live") become("lost");
  };
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
  const button = (label, onclick) => h("button", { type: "button", onclick }, label);
  const lines = () => inspector.trace.events.map(event => JSON.stringify(event) + "\n").join("");
  document.querySelector("header").replaceChildren(
    h("h1", {}, h("a", { class: "brand", href: "./" },
      h("img", { src: "favicon.svg", alt: "", width: 34, height: 34 }), h("span", {}, "Aula ", h("small", {}, t("inspector"))))),
    state === "file" ? "" : h("span", { class: `state ${state}`, role: "status" }, t(state)),
    h("nav", { class: "tools" },
      file, h("label", { for: "file", class: "button" }, t("open")),
      button(t("save"), () => save("trace.jsonl", "application/x-ndjson", lines())),
      button(t("har"), () => save("trace.har", "application/json", JSON.stringify(har(inspector.trace), null, 1))),
      button(t("clear"), () => inspector.clear())),
    h("div", { class: "choices" }, languages(), h("button", {
      type: "button", class: "theme", title: t("theme"), "aria-label": t("theme"), onclick: () => theme(isDark() ? "light" : "dark"),
    }, "◐")));
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
