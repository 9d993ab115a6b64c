// Runs server.wasm once with a scenario, and returns the result.

import { unescape } from "./inspector/bytes.js";
import { parse } from "./inspector/model.js";
import { AtRest, TooMuch } from "./clock.js";
import { Exit, world } from "./wasi.js";

/** When the world of a scenario begins, and the time of its files: always the same, so that a run can be repeated. */
const BEGAN = Date.UTC(2026, 0, 15, 9) / 1000;
const MODIFIED = Date.UTC(2026, 0, 1) / 1000;

const modules = new Map();
let instantiate;

/** Fetches what was made of server.wasm: once, and before the first run. */
export async function load() {
  ({ instantiate } = await import("./server/server.js"));
}

function core(name) {
  if (!modules.has(name)) modules.set(name, WebAssembly.compileStreaming(fetch(new URL(`./server/${name}`, import.meta.url))));
  return modules.get(name);
}

/** The granted folder of a scenario: the files of a site, by path, with the scenario's own. */
export function folderOf(site, own) {
  const root = {};
  const all = { ...site };
  for (const [name, content] of Object.entries(own)) all[name] = bytesOf(content);
  for (const [name, bytes] of Object.entries(all)) {
    const parts = name.split("/");
    const last = parts.pop();
    let node = root;
    for (const part of parts) node = node[part] ??= {};
    if (bytes) node[last] = bytes;
  }
  return root;
}

/** A scenario's file: a text, or a number of bytes of a pattern, or (null) none. */
export function bytesOf(content) {
  if (content === null) return null;
  return typeof content === "number" ? new Uint8Array(content).fill(46) : new TextEncoder().encode(content);
}

/** The words of a command line; quotes keep some together. */
export const words = text => Array.from(text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g), ([, a, b, c]) => a ?? b ?? c);

/**
 * Runs a scenario: { options, clients, files }. `form` is the trace's: "json", or "" for the text of a terminal.
 * Gives { events, stdout, stderr, elapsed, clients: [{ received }], isOk, fault }.
 */
export async function run(scenario, { lang = "en", form = "json" } = {}) {
  const [stdout, stderr] = [[], []];
  const decoder = new TextDecoder();
  const { imports, clock, net } = world({
    options: ["--host", "127.0.0.1", "--lang", lang, form ? `--trace=${form}` : "--trace", ...words(scenario.options ?? "")],
    files: scenario.files ?? {},
    clients: scenario.clients.map(client => ({ ...client, steps: client.steps.map(step => told(step)) })),
    began: BEGAN,
    modified: MODIFIED,
    // The server writes the lines of an iteration before it waits again, so the clock has the time of their events.
    out: bytes => stdout.push({ at: clock.elapsed, text: decoder.decode(bytes, { stream: true }) }),
    err: bytes => stderr.push(new TextDecoder().decode(bytes)),
  });
  const arrivals = [];
  const seen = event => client => arrivals.push({ event, at: clock.elapsed, remote: `127.0.0.1:${client.port}` });
  [net.arrived, net.dropped] = [seen("arrived"), seen("dropped")];
  let [isOk, fault] = [true, ""];
  const server = await instantiate(core, imports);
  try {
    server.run.run();
  } catch (error) {
    if (error instanceof Exit) isOk = error.isOk;
    else if (error instanceof TooMuch) fault = "too-much";
    else if (!(error instanceof AtRest)) throw error;
  }
  const events = stdout.flatMap(({ at, text }) => parse(text).map(event => ({ at, ...event })));
  return {
    events: merged(arrivals, events),
    stdout: stdout.map(each => each.text).join(""),
    stderr: stderr.join(""),
    elapsed: clock.elapsed,
    clients: net.clients.map(client => ({ received: client.received })),
    isOk,
    fault,
  };
}

/** A step of a scenario with its bytes: they are written as the trace writes them, or in hexadecimal. */
function told(step) {
  if (step.send !== undefined) return { ...step, send: unescape(step.send.replace(/\n/g, "")) };
  if (step.hex !== undefined) return { ...step, send: Uint8Array.from(step.hex.match(/[0-9a-fA-F]{2}/g) ?? [], byte => parseInt(byte, 16)) };
  return step;
}

/** What the server told, and what it could not know: who has connected and is not accepted yet, or has tried to. */
function merged(arrivals, events) {
  const accepted = new Map(events.filter(each => each.event === "accepted").map(each => [each.remote, each.at]));
  // A client that is accepted at once has not waited.
  const waited = arrivals.filter(each => each.event === "dropped" || (accepted.get(each.remote) ?? Infinity) > each.at);
  const all = [...events, ...waited];
  return all.sort((a, b) => a.at - b.at);
}
