// The page: choose or write a scenario, and the inspector shows what the server in this page does with it.

import { showAll } from "./inspector/bytes.js";
import { h, prose, remembered } from "./inspector/dom.js";
import { Inspector } from "./inspector/inspector.js";
import { LANGUAGES, lang, number, pick, preferred, speak, t as say } from "./inspector/texts.js";
import { bytesOf, folderOf, load, run } from "./run.js";
import { LESSONS } from "./scenarios.js";
import { SHEETS } from "./sheets.js";
import { t } from "./texts.js";

/** What can be chosen: the gallery, and for each lab sheet its questions. */
const GROUPS = [{ lessons: LESSONS }, ...SHEETS];
const ALL = GROUPS.flatMap(({ lessons }) => lessons);

let isLoaded = false;
const bench = document.querySelector(".bench");
const inspector = new Inspector(document.querySelector(".show"), { empty: () => t(isLoaded ? "nobody" : "loading") });
inspector.root.classList.add("narrow");
const results = h("div", { class: "results" });
inspector.root.after(results);
// The inspector redraws its root element. The results are below it, in the same column.
const column = h("div", { class: "column" });
inspector.root.replaceWith(column);
column.append(inspector.root, results);

/** The demo site's files, by path. */
let site = {};
let lesson = LESSONS[0];
/** What is run: { options, clients, files }. `files` has only those that differ from the demo site. */
let scenario = copyOf(lesson);
let open = null;
let isShared = false;

speak(remembered.get("language") ?? preferred());
const chosenTheme = remembered.get("theme");
if (chosenTheme) document.documentElement.dataset.theme = chosenTheme;
top();
begin();

async function begin() {
  try {
    await Promise.all([load(), fetchSite()]);
  } catch (error) {
    console.error(error);
    bench.replaceChildren(h("p", { class: "problem", role: "alert" }, t("cannotLoad")));
    return;
  }
  isLoaded = true;
  addEventListener("hashchange", follow);
  follow();
}

async function fetchSite() {
  const names = await (await fetch("www.json")).json();
  const files = await Promise.all(names.map(async name => (await fetch(`www/${name}`)).arrayBuffer()));
  site = Object.fromEntries(names.map((name, index) => [name, new Uint8Array(files[index])]));
}

/** Opens what the address says: a lesson by its name, or a scenario that was shared. */
function follow() {
  const fragment = location.hash.slice(1);
  isShared = fragment.startsWith("run=");
  if (isShared) {
    try {
      scenario = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(fragment.slice(4).replace(/-/g, "+").replace(/_/g, "/")), each => each.charCodeAt(0))));
      lesson = ALL.find(({ id }) => id === scenario.lesson) ?? LESSONS[0];
    } catch {
      isShared = false;
    }
  }
  if (!isShared) {
    lesson = ALL.find(({ id }) => id === fragment) ?? LESSONS[0];
    scenario = copyOf(lesson);
  }
  open = null;
  draw();
  start();
}

function copyOf({ id, options = "", clients, files = {} }) {
  return structuredClone({ lesson: id, options, clients, files });
}

const isChanged = () => JSON.stringify(scenario) !== JSON.stringify(copyOf(lesson));

/** The link that opens exactly this. */
function link() {
  const bytes = new TextEncoder().encode(JSON.stringify(scenario));
  const text = btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  return new URL(isChanged() ? `#run=${text}` : `#${lesson.id}`, location.href).href;
}

let waiting;
/** Runs it soon: while somebody types, not at each key. */
function change() {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    drawLesson();
    start();
  }, 250);
}

/** Runs the scenario and shows what came of it. */
async function start({ plays = false } = {}) {
  const ready = { ...scenario, files: folderOf(site, scenario.files) };
  const [ran, told] = [await run(ready, { lang: lang() }), await run(ready, { lang: lang(), form: "" })];
  const problem = bench.querySelector(".problem");
  problem.textContent = ran.fault ? t("tooMuch") : ran.isOk ? "" : ran.stderr.trim();
  inspector.show(ran.events, lesson.opens);
  if (plays) inspector.play();
  const each = ran.clients.map(({ received }, index) => h("div", { class: "each" },
    h("h4", {}, `${t("client")} ${index + 1} `, h("small", {}, `${number(received.length)} ${t("bytes")}`)),
    received.length > 0 && h("pre", { class: "received", tabindex: "0" }, shown(received))));
  const wereOpen = Array.from(results.querySelectorAll("details"), details => details.open);
  results.replaceChildren(
    h("details", { class: "card", open: wereOpen[0] }, h("summary", {}, t("received")), each),
    h("details", { class: "card", open: wereOpen[1] }, h("summary", {}, t("terminal")), h("pre", { tabindex: "0" }, told.stdout || told.stderr)));
}

/** The beginning of what a client received, in lines. */
function shown(bytes) {
  const most = 1200;
  const text = showAll(bytes.subarray(0, most)).replace(/\\n/g, "\\n\n");
  return bytes.length > most ? `${text} …` : text;
}

// ---- the bench

function top() {
  document.title = `Aula ${t("title")}`;
  const isDark = () => (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  document.querySelector("header").replaceChildren(
    h("h1", {}, h("a", { class: "brand", href: "#" },
      h("img", { src: "inspector/favicon.svg", alt: "", width: 34, height: 34 }), h("span", {}, "Aula ", h("small", {}, t("title"))))),
    h("p", { class: "intro" }, t("intro")),
    h("div", { class: "choices" },
      h("div", { class: "languages", role: "group" }, LANGUAGES.map(([tag, name]) => h("button", {
        type: "button", lang: tag, "aria-pressed": String(lang() === tag), title: name, "aria-label": `${tag.toUpperCase()}: ${name}`,
        onclick: () => {
          speak(tag);
          remembered.set("language", tag);
          top();
          draw();
          start();
        },
      }, tag.toUpperCase()))),
      h("button", {
        type: "button", class: "theme", title: say("theme"), "aria-label": say("theme"),
        onclick: () => {
          document.documentElement.dataset.theme = isDark() ? "light" : "dark";
          remembered.set("theme", document.documentElement.dataset.theme);
        },
      }, "◐")));
}

/** Draws the bench anew. */
function draw() {
  bench.replaceChildren(h("section", { class: "card lesson" }), optionsCard(), clientsCard(), filesCard());
  drawLesson();
}

function drawLesson() {
  const at = ALL.indexOf(lesson);
  const go = step => { location.hash = ALL[(at + step + ALL.length) % ALL.length].id; };
  const options = lessons => lessons.map(({ id, title }, index) =>
    h("option", { value: id, selected: id === lesson.id }, `${index + 1}. ${pick(title)}`));
  const sheet = SHEETS.find(({ lessons }) => lessons.includes(lesson));
  const step = (sign, label, by) => h("button", { type: "button", title: t(label), "aria-label": t(label), onclick: () => go(by) }, sign);
  const button = h("button", { type: "button", onclick: async () => {
    history.replaceState(null, "", link());
    try {
      await navigator.clipboard.writeText(link());
    } catch {
      // Without the right to the clipboard, the address bar has the link.
    }
    button.textContent = t("copied");
  } }, t("share"));
  bench.querySelector(".lesson").replaceChildren(
    h("div", { class: "choose-lesson" },
      step("‹", "previous", -1),
      h("select", { "aria-label": t("lesson"), onchange: event => { location.hash = event.target.value; } },
        GROUPS.map(({ title, lessons }) => h("optgroup", { label: title ? pick(title) : t("gallery") }, options(lessons)))),
      step("›", "next", 1)),
    h("h2", {}, pick(lesson.title)),
    h("p", {}, prose(pick(lesson.story))),
    h("p", { class: "question" },
      h("b", {}, sheet ? `${t("question")} ${sheet.lessons.indexOf(lesson) + 1} · ${pick(sheet.title)}` : t("question")),
      h("span", {}, prose(pick(lesson.question)))),
    h("details", {}, h("summary", {}, t("answer")), h("p", {}, prose(pick(lesson.answer)))),
    isChanged() ? h("p", { class: "hint-line" }, t("ownStory")) : "",
    h("div", { class: "act" },
      h("button", { type: "button", class: "go", onclick: () => start({ plays: true }) }, t("watch")), button,
      isChanged() ? h("button", { type: "button", onclick: () => { scenario = copyOf(lesson); history.replaceState(null, "", `#${lesson.id}`); draw(); start(); } }, t("reset")) : ""));
}

/** The presets of the server; without one it serves as in ordinary use. */
const PRESETS = ["kurose", "lab01", "mininet"];
const PRESET = /--preset[ =](\S+)\s*/;

function optionsCard() {
  const preset = () => PRESET.exec(scenario.options)?.[1] ?? "";
  const set = options => {
    scenario.options = options;
    input.value = options;
    select.value = PRESETS.includes(preset()) ? preset() : "";
    change();
  };
  const input = h("input", {
    type: "text", value: scenario.options, spellcheck: "false", autocapitalize: "off", autocomplete: "off", placeholder: "--serial --max-connections 2",
    "aria-label": t("options"), oninput: event => set(event.target.value),
  });
  const select = h("select", { onchange: event => {
    const others = scenario.options.replace(PRESET, "").trim();
    set([event.target.value && `--preset ${event.target.value}`, others].filter(Boolean).join(" "));
  } }, ["", ...PRESETS].map(name => h("option", { value: name, selected: name === preset() }, name || t("noPreset"))));
  return h("section", { class: "card" },
    h("div", { class: "options-head" }, h("h2", {}, t("options")), h("label", {}, t("preset"), " ", select)),
    h("div", { class: "field" }, input),
    h("p", { class: "problem", role: "alert" }));
}

function clientsCard() {
  const { clients } = scenario;
  return h("section", { class: "card clients" },
    h("h2", {}, t("clients")), h("p", { class: "hint-line" }, t("notation")),
    clients.map((client, index) => clientFields(client, index)),
    h("div", { class: "add" }, h("button", { type: "button", onclick: () => {
      clients.push({ at: 0, steps: [{ after: 0, send: "GET / HTTP/1.1\\r\\n\nHost: aula\\r\\n\n\\r\\n" }] });
      unfolded.add(clients.at(-1));
      again();
    } }, t("addClient"))));
}

/** Draws the bench anew after a change of its parts, and runs. */
function again() {
  draw();
  start();
}

/** A field for a number of a client or a step. */
const amount = (of, key, label) => h("input", {
  type: "number", min: 0, step: key === "rate" ? 10 : 50, value: of[key] ?? 0, "aria-label": label,
  oninput: event => { of[key] = Number(event.target.value) || 0; change(); },
});

/** From how many clients on they are folded, and those that the reader has opened. */
const MANY = 3;
const unfolded = new WeakSet();

function clientFields(client, index) {
  const name = `${t("client")} ${index + 1}`;
  // Where there are many, each is folded.
  const isMany = scenario.clients.length > MANY;
  const fields = clientField(client, index, name);
  if (!isMany) return fields;
  const [first] = client.steps;
  const begins = (first?.send ?? first?.hex ?? "").split("\\r\\n")[0].slice(0, 40);
  return h("details", { class: "client-fold", open: unfolded.has(client), ontoggle: event => (event.target.open ? unfolded.add(client) : unfolded.delete(client)) },
    h("summary", {}, name, " ", h("small", {}, `${number(client.at)} ms  ${begins}`)), fields);
}

function clientField(client, index, name) {
  return h("fieldset", { class: "client" },
    h("legend", {}, name, remover(name, () => scenario.clients.splice(index, 1))),
    h("div", { class: "numbers-row" },
      h("label", {}, t("connects"), amount(client, "at", `${name}: ${t("connects")}`), "ms"),
      h("label", {}, t("rate"), amount(client, "rate", `${name}: ${t("rate")}`), t("rateUnit"))),
    client.steps.map((step, at) => stepFields(client, step, at, name)),
    h("div", { class: "add" }, h("button", { type: "button", onclick: () => {
      client.steps.push({ after: 300, send: "" });
      again();
    } }, t("addStep"))));
}

const remover = (name, remove) => h("button", {
  type: "button", class: "remove", title: `${t("remove")}: ${name}`, "aria-label": `${t("remove")}: ${name}`,
  onclick: () => {
    remove();
    again();
  },
}, "✕");

/** What a step can be: its member in the scenario, and its label. */
const KINDS = [["send", "send"], ["hex", "hex"], ["end", "end"], ["reset", "reset_"], ["stop", "stop"], ["read", "read"]];

function stepFields(client, step, at, name) {
  const kind = KINDS.find(([key]) => step[key] !== undefined)?.[0] ?? "send";
  const choose = event => {
    const value = { send: "", hex: "" }[event.target.value] ?? true;
    client.steps[at] = { after: step.after, [event.target.value]: value };
    again();
  };
  return h("div", { class: "step" },
    h("div", { class: "step-head" }, t("after"), amount(step, "after", `${name}: ${t("after")}`), "ms",
      h("select", { "aria-label": `${name}: ${at + 1}`, onchange: choose },
        KINDS.map(([key, label]) => h("option", { value: key, selected: key === kind }, t(label)))),
      remover(`${name}, ${at + 1}`, () => client.steps.splice(at, 1))),
    (kind === "send" || kind === "hex") && bytesField(step, kind, name));
}

/** Where bytes are written. Enter writes the line end that HTTP wants, and a pasted text gets it too. */
function bytesField(step, kind, name) {
  const rows = text => Math.min(Math.max(text.split("\n").length, 2), 12);
  const field = h("textarea", {
    rows: rows(step[kind]), spellcheck: "false", autocapitalize: "off", autocomplete: "off", "aria-label": `${name}: ${t("bytesOf")}`,
    oninput: () => {
      step[kind] = field.value;
      field.rows = rows(field.value);
      change();
    },
    onkeydown: event => {
      if (event.key !== "Enter" || kind === "hex") return;
      event.preventDefault();
      insert("\\r\\n\n");
    },
    onpaste: event => {
      const text = event.clipboardData.getData("text");
      if (kind === "hex" || text.includes("\\r") || text.includes("\\n")) return;
      event.preventDefault();
      insert(text.replace(/\\/g, "\\\\").replace(/\r?\n/g, "\\r\\n\n"));
    },
  }, step[kind]);
  const insert = text => {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input"));
  };
  return field;
}

function filesCard() {
  const names = [...new Set([...Object.keys(site), ...Object.keys(scenario.files)])].filter(name => scenario.files[name] !== null).sort();
  const rows = names.map(name => {
    const bytes = name in scenario.files ? bytesOf(scenario.files[name]) : site[name];
    const isText = typeof scenario.files[name] !== "number" && /\.(html?|css|txt|svg|js|json)$/.test(name);
    return h("li", {}, h("code", {}, name), h("small", {}, `${number(bytes.length)} ${t("bytes")}`),
      isText && h("button", { type: "button", onclick: () => { open = open === name ? null : name; redrawFiles(); } }, t(open === name ? "close" : "edit")),
      remover(name, () => { if (name in site) scenario.files[name] = null; else delete scenario.files[name]; }));
  });
  const content = open && (scenario.files[open] ?? new TextDecoder().decode(site[open]));
  const name = h("input", { type: "text", "aria-label": t("newFileName"), placeholder: "notes.txt" });
  return h("details", { class: "card files", open: open !== null },
    h("summary", {}, t("files")), h("ul", {}, rows),
    open && h("div", { class: "file-editor" }, h("textarea", {
      rows: 9, spellcheck: "false", "aria-label": open, oninput: event => { scenario.files[open] = event.target.value; change(); },
    }, content)),
    h("div", { class: "add" }, name, h("button", { type: "button", onclick: () => {
      const path = name.value.replace(/^\/+|\/+$/g, "");
      if (!path) return;
      scenario.files[path] = "";
      open = path;
      again();
    } }, t("newFile"))));
}

function redrawFiles() {
  const card = filesCard();
  card.open = true;
  bench.querySelector(".files").replaceWith(card);
}
