// The few helpers with which the inspector and the page make their elements.

import { lang } from "./texts.js";

/** An element. Attributes that begin with `on` are listeners; `false`, `null` and `undefined` leave one out. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** A sign of 20 by 20, drawn along a path. */
export function icon(path) {
  const [svg, line] = ["svg", "path"].map(name => document.createElementNS("http://www.w3.org/2000/svg", name));
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** Lets the user keep a text as a file. */
export function save(name, type, text) {
  const link = h("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** A text in which the options of the server are code, which is not cut at the end of a line. */
export const prose = text => text.split(/(--[a-z]+(?:-[a-z]+)*(?: (?:\d+|reject)\b)?)/)
  .map((part, index) => (index % 2 ? h("code", { class: "option" }, part) : part));

/** A choice that the browser remembers, where it may. */
export const remembered = {
  get(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      // Private windows and sandboxed frames have no storage; the choice then lasts as long as the page.
    }
  },
};

/** A rule of an RFC ("RFC 9110 section 15.5.5") as a link to its text; any other rule as it is. */
export function rule(text = "") {
  const [, number, section] = /RFC (\d+)(?: section ([\w.]+))?/.exec(text) ?? [];
  const shown = lang() === "es" ? text.replace("section", "sección") : text;
  if (!number) return shown;
  const href = `https://www.rfc-editor.org/rfc/rfc${number}${section ? "#section-" + section : ""}`;
  return h("a", { href, target: "_blank", rel: "noopener" }, shown);
}
