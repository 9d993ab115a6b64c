// Plays a scenario of the page against server.wasm under wasmtime: the same clients, with real sockets, in real time.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** All files of a scenario have this time: that of the page's own (hosts/page/run.js). */
const MODIFIED = Date.UTC(2026, 0, 1) / 1000;

/** How often a slow client takes in what it may; in milliseconds. */
const TICK = 10;

/** A folder with the files that the page has (`site`, a folder) and those of a scenario. */
export function folderOf(site, names, files) {
  const folder = mkdtempSync(path.join(tmpdir(), "aula-"));
  for (const name of names) {
    if (files[name] !== null) cpSync(path.join(site, name), path.join(folder, name));
  }
  for (const [name, content] of Object.entries(files)) {
    if (content === null) continue;
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), typeof content === "number" ? Buffer.alloc(content, 46) : content);
  }
  for (const name of [...names, ...Object.keys(files)]) {
    if (files[name] !== null) utimesSync(path.join(folder, name), MODIFIED, MODIFIED);
  }
  return folder;
}

/** The bytes of a step, which are written as in the trace. */
function bytesOf(step, unescape) {
  return step.hex === undefined ? Buffer.from(unescape(step.send.replace(/\n/g, ""))) : Buffer.from(step.hex.replace(/[^0-9a-f]/gi, ""), "hex");
}

/** A client of a scenario on a real socket. */
class Client {
  constructor({ rate = 0, steps }, unescape) {
    Object.assign(this, { rate, unescape, left: steps.length, isReading: true, serverEnded: false });
  }

  connect(port) {
    this.socket = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    this.isOver = new Promise(resolve => this.socket.once("close", resolve));
    this.socket.once("connect", () => { this.port = this.socket.localPort; });
    this.socket.on("error", () => {}).on("end", () => {
      this.serverEnded = true;
      this.maybeEnd();
    });
    // Unread bytes stay in the system's buffers, because only this number of bytes is read at a time.
    this.socket.pause();
    this.taking = setInterval(() => this.take(), TICK);
  }

  take() {
    this.socket.read(0);
    let budget = this.isReading ? (this.rate ? this.rate * TICK : Infinity) : 0;
    while (budget > 0 && this.socket.readableLength > 0) budget -= this.socket.read(Math.min(budget, this.socket.readableLength)).length;
  }

  do(step) {
    if (step.send !== undefined || step.hex !== undefined) this.socket.write(bytesOf(step, this.unescape));
    if (step.end) this.socket.end();
    if (step.reset) this.socket.resetAndDestroy();
    if (step.stop) this.isReading = false;
    if (step.read) this.isReading = true;
    this.left -= 1;
    this.maybeEnd();
  }

  maybeEnd() {
    if (this.left === 0 && this.serverEnded && !this.socket.writableEnded) this.socket.end();
  }

  async over() {
    // A client that has stopped reading never notices the end.
    if (this.isReading) await this.isOver;
    clearInterval(this.taking);
    this.socket.unref();
  }
}

/** Plays all clients of a scenario; gives their ports, in order. */
export async function play({ clients }, port, unescape) {
  const acts = [];
  const players = clients.map(client => {
    const player = new Client(client, unescape);
    let time = client.at ?? 0;
    acts.push({ time, act: () => player.connect(port) });
    for (const step of client.steps) {
      time += step.after ?? 0;
      acts.push({ time, act: () => player.do(step) });
    }
    return player;
  });
  // On a busy machine everything happens later, but the time between two events never becomes shorter.
  let began = performance.now();
  for (const { time, act } of acts.sort((a, b) => a.time - b.time)) {
    await sleep(Math.max(began + time - performance.now(), 0));
    began = Math.max(began, performance.now() - time);
    act();
  }
  await Promise.all(players.map(player => player.over()));
  return players.map(player => player.port);
}
