// The demo site, the inspector and the page in Chromium and Firefox. Run by `cargo xtask browsers [NAME]`, where NAME is a part
// of a test's name.
//
// The servers are server.wasm under wasmtime, on port 0. Nothing depends on how fast something is: the tests wait until it is
// so, and give up after a minute.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, utimesSync, cpSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import puppeteer from "puppeteer-core";

const PATIENCE = 60_000;
const { PAGE, WASMTIME, CHROMIUM, FIREFOX } = process.env;
const only = process.argv[2] ?? "";

const BROWSERS = {
  Chromium: {
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  },
  Firefox: { browser: "firefox", executablePath: FIREFOX },
};

/** Waits until `is` gives something, and gives that. */
async function until(what, is) {
  const begun = Date.now();
  for (;;) {
    const value = await is();
    if (value) return value;
    if (Date.now() - begun > PATIENCE) throw new Error(`never: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

const servers = [];

/** Starts server.wasm with a folder and options: { url, port, inspector, out() }. */
async function serve(folder, ...options) {
  const child = spawn(WASMTIME, ["run", "-S", "inherit-network", "--dir", `${folder}::www`, "server.wasm", "--host", "127.0.0.1",
    "--port", "0", ...options]);
  servers.push(child);
  let [out, err] = ["", ""];
  child.stdout.on("data", data => { out += data; });
  child.stderr.on("data", data => { err += data; });
  const wants = options.some(option => option.startsWith("--inspect")) ? /Inspector at (\S+)/ : /Ctrl-C/;
  await until("the server is ready", () => {
    assert.equal(child.exitCode, null, err);
    return wants.test(err);
  });
  const url = /http:\S+/.exec(err)[0];
  return { url, port: Number(new URL(url).port), inspector: /Inspector at (\S+)/.exec(err)?.[1], out: () => out, child };
}

const exchanges = server => server.out().split("\n").filter(line => line.startsWith("{")).map(line => JSON.parse(line))
  .filter(event => event.event === "exchange");

const target = event => event.tokens.find(({ token }) => token === "target")?.text;
const received = (event, name) => {
  const at = event.tokens.findIndex(({ token, text }) => token === "field-name" && text.toLowerCase() === name);
  return at < 0 ? undefined : event.tokens[at + 1].text;
};

/** Writes bytes on a connection of their own and reads until it ends. */
const raw = (port, bytes) => new Promise((resolve, reject) => {
  const chunks = [];
  const socket = net.connect(port, "127.0.0.1", () => socket.write(bytes));
  socket.on("data", data => chunks.push(data)).on("end", () => socket.end()).on("error", reject);
  socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
});

/** A page in which errors count. */
async function open(browser, url) {
  const page = await browser.newPage();
  page.on("pageerror", error => { page.error ??= error; });
  await page.goto(url, { waitUntil: "load" });
  return page;
}

const blocks = page => page.$$eval(".block", all => all.map(each => each.getAttribute("aria-label")));

const TESTS = {
  async "the demo site: every sample arrives, and a reload is answered 304"(browser) {
    const server = await serve("www", "--trace=json");
    const page = await open(browser, server.url);
    const loaded = () => page.$$eval("img", all => all.every(each => each.complete && each.naturalWidth > 0));
    await until("the pictures are there", loaded);
    assert.equal(await page.$eval(".no-style", each => getComputedStyle(each).display), "none");
    await page.reload({ waitUntil: "load" });
    await until("the pictures are there again", loaded);
    await until("304", () => exchanges(server).some(each => target(each) === "/style.css" && each.decision.status === 304));
    const failed = exchanges(server).filter(each => each.decision.status >= 400);
    assert.deepEqual(failed.map(target), []);
    assert.equal(page.error, undefined);
  },

  async "the demo site: who jumps in the video asks for a part of it"(browser) {
    const server = await serve("www", "--trace=json");
    const page = await open(browser, server.url);
    await until("its length is known", () => page.$eval("video", video => video.readyState >= 1));
    const before = exchanges(server).length;
    await page.$eval("video", video => { video.currentTime = video.duration * 0.8; });
    await until("it has jumped", () => page.$eval("video", video => !video.seeking && video.readyState >= 2));
    await until("a part is asked for", () => exchanges(server).slice(before).some(each =>
      target(each) === "/video/Planeta.mp4" && each.decision.status === 206 && /^bytes=[1-9]/.test(received(each, "range"))));
  },

  async "two tabs under --serial: both get everything"(browser) {
    const server = await serve("www", "--serial");
    const pages = await Promise.all([open(browser, server.url), open(browser, server.url)]);
    for (const page of pages) {
      await until("the pictures are there", () => page.$$eval("img", all => all.every(each => each.complete && each.naturalWidth > 0)));
    }
  },

  async "the inspector, live: what happens appears, and a refused request opens at its fault"(browser) {
    const server = await serve("www", "--inspect=0");
    const page = await open(browser, server.inspector);
    await until("it is live", () => page.$(".state.live"));
    await raw(server.port, "GET /hello.html HTTP/1.1\r\nHost : x\r\n\r\n");
    await until("the block is there", async () => (await blocks(page)).includes("GET /hello.html 400, connection 1"));
    assert.equal(await page.$eval(".row .fault", each => each.textContent), "Host : x");
    await raw(server.port, "GET /hello.html HTTP/1.0\r\n\r\n");
    await until("the next is there", async () => (await blocks(page)).includes("GET /hello.html 200, connection 2"));
    assert.equal(page.error, undefined);
  },

  async "the inspector, from a file: as many blocks as exchanges, filtered, and stepped through"(browser) {
    const server = await serve("www", "--trace=json");
    await raw(server.port, "GET /hello.html HTTP/1.1\r\nHost: x\r\n\r\nGET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    await until("it is told", () => exchanges(server).length === 2 && server.out().includes('"ended"'));
    const file = path.join(mkdtempSync(path.join(tmpdir(), "aula-")), "trace.jsonl");
    writeFileSync(file, server.out());
    const page = await open(browser, (await serve("inspector")).url);
    const input = await until("there is a place for files", () => page.$("#file"));
    await input.uploadFile(file);
    await until("both blocks are there", async () => (await blocks(page)).length === 2);
    await page.type(".filter", "404");
    await until("one is dim", async () => (await page.$$(".block.dim")).length === 1);
    await page.click("[data-control=start]");
    await page.click("[data-control=next]");
    assert.match(await page.$eval(".caption", each => each.textContent), /Connection 1: accepted|Conexión 1: aceptada/);
    assert.equal(page.error, undefined);
    rmSync(path.dirname(file), { recursive: true });
  },

  async "the page: every lesson runs, in both languages"(browser) {
    const page = await open(browser, `${(await serve(PAGE)).url}#hello`);
    await until("it has run", async () => (await blocks(page)).length > 0);
    const lessons = await page.$$eval(".choose-lesson option", all => all.map(each => each.value));
    assert.ok(lessons.length >= 9, lessons.join());
    for (const tag of ["es", "en"]) {
      await page.click(`.languages [lang=${tag}]`);
      for (const lesson of lessons) {
        await page.evaluate(id => { location.hash = id; }, lesson);
        await until(`${lesson} is chosen`, () => page.$eval(".choose-lesson select", (each, id) => each.value === id, lesson));
        await until(`${lesson} has run`, async () => (await blocks(page)).length > 0);
        assert.equal(await page.$eval(".problem", each => each.textContent), "", lesson);
      }
    }
    assert.equal(page.error, undefined);
  },

  async "the page: a scenario gives the trace that the component gives under wasmtime, times aside"(browser) {
    const page = await open(browser, (await serve(PAGE)).url);
    await until("it has run", async () => (await blocks(page)).length > 0);
    const sent = [
      "GET /hello.html HTTP/1.1\r\nHost: a\r\n\r\nGET /text HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
      "GET /a/../text/?x=1 HTTP/1.0\r\nRange: bytes=0-9\r\n\r\n",
      "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
      "GET /text/text.htm\r\n",
      "GET /../secret HTTP/1.1\r\nHost: a\r\n\r\n",
      "POST /hello.html HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
    ];
    // The page's files, at the time that its world gives to all of them.
    const folder = mkdtempSync(path.join(tmpdir(), "aula-"));
    const names = JSON.parse(readFileSync(path.join(PAGE, "www.json"), "utf8"));
    for (const name of names) {
      cpSync(path.join(PAGE, "www", name), path.join(folder, name));
      utimesSync(path.join(folder, name), Date.UTC(2026, 0, 1) / 1000, Date.UTC(2026, 0, 1) / 1000);
    }
    const server = await serve(folder, "--trace=json");
    for (const bytes of sent) await raw(server.port, bytes);
    await until("all is told", () => server.out().split('"event":"ended"').length > sent.length);
    const expected = server.out().trim().split("\n");

    const inPage = await page.evaluate(async clients => {
      const { load, run } = await import(new URL("run.js", location.href).href);
      await load();
      const names = await (await fetch("www.json")).json();
      const files = {};
      for (const name of names) {
        const parts = name.split("/");
        const last = parts.pop();
        const node = parts.reduce((node, part) => (node[part] ??= {}), files);
        node[last] = new Uint8Array(await (await fetch(`www/${name}`)).arrayBuffer());
      }
      // One after the other, as outside.
      const scenario = { files, clients: clients.map((bytes, index) => ({
        at: index * 30_000, steps: [{ send: bytes.replace(/\r/g, "\\r").replace(/\n/g, "\\n") }],
      })) };
      return (await run(scenario)).stdout;
    }, sent);
    rmSync(folder, { recursive: true });
    assert.deepEqual(inPage.trim().split("\n").map(timeless), expected.map(timeless));
    assert.equal(page.error, undefined);
  },
};

/** A line of the trace without what differs from run to run: times, dates and ports. */
function timeless(line) {
  return line.replace(/"(at|time|first_byte|head|response|first_sent|last_sent)":[\d.]+/g, '"$1":0')
    .replace(/Date: [^\\]*/g, "Date:").replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:0")
    // Inside, all that a client sent is there at once; outside, it may come in several reads.
    .replace(/"reads":\[[^\]]*\]/g, '"reads":[]');
}

let failures = 0;
for (const [name, options] of Object.entries(BROWSERS)) {
  const browser = await puppeteer.launch({ headless: true, ...options });
  console.log(await browser.version());
  for (const [test, run] of Object.entries(TESTS).filter(([test]) => test.includes(only))) {
    const context = await browser.createBrowserContext();
    try {
      await run(context);
      console.log(`  ok      ${test}`);
    } catch (error) {
      failures += 1;
      console.log(`  FAILED  ${test}\n${error.stack}`);
    } finally {
      await context.close().catch(() => {});
      for (const server of servers.splice(0)) server.kill();
    }
  }
  await browser.close();
  if (failures) console.log(`${name}: ${failures} failed`);
}
process.exitCode = failures ? 1 : 0;
