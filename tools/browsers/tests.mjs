// The demo site, the inspector and the page in Chromium and Firefox. `cargo xtask browsers [NAME]` runs these tests,
// where NAME is a part of a test's name.
//
// The servers are server.wasm under wasmtime, on port 0. The tests do not depend on speed: they wait for what they
// expect, and give up after a minute.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import puppeteer from "puppeteer-core";
import { folderOf, play } from "./lessons.mjs";

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
const INSPECTOR = /Inspector (?:at|en) (\S+)/;

/** Starts server.wasm with a folder and options for as long as a test runs: { url, port, inspector, out(), child }. */
const serve = (folder, ...options) => start(servers, folder, options);

/** The same, for as long as whoever owns the list `servers` wants. */
async function start(servers, folder, options) {
  const child = spawn(WASMTIME, ["run", "-S", "inherit-network", "--dir", `${folder}::www`, "server.wasm", "--host", "127.0.0.1",
    "--port", "0", ...options]);
  servers.push(child);
  let [out, err] = ["", ""];
  child.stdout.on("data", data => { out += data; });
  child.stderr.on("data", data => { err += data; });
  const wants = options.some(option => option.startsWith("--inspect")) ? INSPECTOR : /Ctrl-C/;
  await until("the server is ready", () => {
    assert.equal(child.exitCode, null, err);
    return wants.test(err);
  });
  const url = /http:\S+/.exec(err)[0];
  return { url, port: Number(new URL(url).port), inspector: INSPECTOR.exec(err)?.[1], out: () => out, child };
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

// Node takes a module for one only where a package.json says so, and the inspector has none.
const { unescape } = await import(`data:text/javascript,${encodeURIComponent(readFileSync("inspector/bytes.js", "utf8"))}`);
/** The page's lessons, and its sheets. */
const { LESSONS } = await import("../../hosts/page/scenarios.js");
const { SHEETS } = await import("../../hosts/page/sheets.js");
const lessons = [...LESSONS, ...SHEETS.flatMap(sheet => sheet.lessons)];

const TESTS = {
  async "the demo site: every sample arrives, and a reload gets 304"(browser) {
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
    // At this rate the video takes eleven seconds. Otherwise a browser may have all of it before the jump.
    const server = await serve("www", "--trace=json", "--rate", "400000");
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

  async "a listing: dates in the reader's time, and a search as you type"(browser) {
    const folder = mkdtempSync(path.join(tmpdir(), "aula-"));
    for (const name of ["Año.txt", "b.txt", "c"]) writeFileSync(path.join(folder, name), name);
    utimesSync(path.join(folder, "b.txt"), ...Array(2).fill(Date.UTC(2026, 0, 2, 3, 4) / 1000));
    const page = await open(browser, (await serve(folder, "--list", "--lang", "es")).url);
    assert.equal(await page.$eval("tr:has([href='./b.txt']) td:last-child", each => each.textContent), "2026-01-01 22:04");
    assert.equal(await page.$eval("input", each => each.placeholder), "Buscar en estos nombres");
    const seen = () => page.$$eval("tr:not([hidden]) td:first-child", all => all.map(each => each.textContent));
    assert.deepEqual(await seen(), ["Año.txt", "b.txt", "c"]);
    // Without regard to case and accents.
    for (const [typed, names] of [["A", ["Año.txt"]], ["no", ["Año.txt"]], ["q", []], ["", ["Año.txt", "b.txt", "c"]]]) {
      await page.$eval("input", each => { each.value = ""; });
      await page.type("input", `${typed} `);
      assert.deepEqual(await seen(), names, typed);
    }
    assert.equal(page.error, undefined);
    rmSync(folder, { recursive: true });
  },

  async "--live: a page reloads when one of its files changes, and no other page"(browser) {
    const folder = mkdtempSync(path.join(tmpdir(), "aula-"));
    // At once, so that the server never sees half of a file.
    const write = (name, text) => {
      writeFileSync(path.join(folder, "new"), text);
      renameSync(path.join(folder, "new"), path.join(folder, name));
    };
    write("style.css", "h1 { color: rgb(1, 2, 3); }");
    write("a.html", '<!DOCTYPE html><link rel="stylesheet" href="style.css"><h1>first</h1>');
    write("b.html", "<!DOCTYPE html><h1>first</h1>");
    const server = await serve(folder, "--live");
    const pages = [];
    for (const name of ["a.html", "b.html"]) pages.push(await open(browser, server.url + name));
    const [a, b] = pages;
    // Once a page has asked for events, it reloads for each later change, whatever it does at that moment.
    for (const name of ["a.html", "b.html"]) {
      await until(`${name} has asked`, () => server.out().includes(`"GET /.aula/live?/${name}`));
    }
    // While a page reloads, it has no heading.
    const heading = (page, property) => page.$eval("h1", (each, name) => (name ? getComputedStyle(each)[name] : each.textContent), property)
      .catch(() => undefined);
    write("style.css", "h1 { color: rgb(40, 50, 60); }");
    await until("the new style is there", async () => (await heading(a, "color")) === "rgb(40, 50, 60)");
    write("b.html", "<!DOCTYPE html><h1>second</h1>");
    await until("the new text is there", async () => (await heading(b)) === "second");
    // Each was loaded twice: at first, and for its own change.
    const loads = name => server.out().split(`"GET /${name} HTTP/1.1"`).length - 1;
    assert.deepEqual(["a.html", "b.html"].map(loads), [2, 2]);
    rmSync(folder, { recursive: true });
  },

  async "the inspector, live: what happens appears, and a refused request opens at its fault"(browser) {
    const server = await serve("www", "--inspect=0");
    const page = await open(browser, server.inspector);
    await until("it is live", () => page.$(".state.live"));
    await raw(server.port, "GET /hello.html HTTP/1.1\r\nHost : x\r\n\r\n");
    await until("the block is there", async () => (await blocks(page)).includes("GET /hello.html 400, connection 1"));
    assert.equal(await page.$eval(".row .fault", each => each.textContent), " ");
    assert.equal(await page.$eval(".row .fault", each => each.parentElement.textContent), "Host : x\\r\\n");
    await raw(server.port, "GET /hello.html HTTP/1.0\r\n\r\n");
    await until("the next is there", async () => (await blocks(page)).includes("GET /hello.html 200, connection 2"));
    assert.equal(page.error, undefined);
  },

  async "the inspector, live: the board follows new connections, and what is chosen stays chosen"(browser) {
    const server = await serve("www", "--inspect=0");
    const page = await open(browser, server.inspector);
    await page.setViewport({ width: 1280, height: 720 });
    await until("it is live", () => page.$(".state.live"));
    await raw(server.port, "GET /first HTTP/1.1\r\nHost : x\r\n\r\n");
    await until("the fault is opened", () => page.$(".row .fault"));
    await page.locator(".block.chosen").click();
    await page.$eval(".detail .rows", each => { each.mark = "the same element"; });
    for (let count = 2; count <= 30; count += 1) await raw(server.port, `GET /${count} HTTP/1.0\r\n\r\n`);
    await raw(server.port, "GET /last HTTP/1.1\r\nHost : x\r\n\r\n");
    await until("the last is there", async () => (await blocks(page)).includes("GET /last 400, connection 31"));
    const isSeen = () => page.$eval('.block[aria-label^="GET /last"]', block => {
      const [inner, outer] = [block, block.closest(".scroller")].map(each => each.getBoundingClientRect());
      return inner.right <= outer.right && inner.bottom <= outer.bottom && inner.top >= outer.top;
    });
    await until("the last is seen", isSeen);
    assert.match(await page.$eval(".block.chosen", each => each.getAttribute("aria-label")), /^GET \/first/);
    assert.equal(await page.$eval(".detail .rows", each => each.mark), "the same element");
    // If the reader scrolls back, the view stays there.
    await page.$eval(".scroller", each => { [each.scrollLeft, each.scrollTop] = [0, 0]; });
    await until("that is noticed", () => page.$eval(".scroller", each => each.scrollTop === 0));
    await new Promise(resolve => setTimeout(resolve, 100));
    await raw(server.port, "GET /later HTTP/1.0\r\n\r\n");
    await until("it is there", async () => (await blocks(page)).includes("GET /later 404, connection 32"));
    assert.deepEqual(await page.$eval(".scroller", each => [each.scrollLeft, each.scrollTop]), [0, 0]);
    assert.equal(page.error, undefined);
  },

  async "the inspector, live: paused, it stays as it is, and then goes on with what came meanwhile"(browser) {
    const server = await serve("www", "--inspect=0", "--lang", "en");
    const page = await open(browser, server.inspector);
    await until("it is live", () => page.$(".state.live"));
    await raw(server.port, "GET /before HTTP/1.0\r\n\r\n");
    await until("the block is there", async () => (await blocks(page)).length === 1);
    await page.locator(".pause").click();
    await raw(server.port, "GET /meanwhile HTTP/1.0\r\n\r\n");
    await until("it is counted", async () => (await page.$eval(".state", each => each.textContent)) === "paused · 1 new");
    assert.deepEqual(await blocks(page), ["GET /before 404, connection 1"]);
    await page.locator(".pause").click();
    await until("it is drawn", async () => (await blocks(page)).includes("GET /meanwhile 404, connection 2"));
    assert.equal(await page.$eval(".state", each => each.textContent), "live");
    assert.equal(page.error, undefined);
  },

  async "the inspector: a trace that grows forgets the oldest connections, and not the one that is open"(browser) {
    const page = await open(browser, (await serve("inspector")).url);
    const [events, connections] = await page.evaluate(async () => {
      const { Trace } = await import("/model.js");
      const trace = new Trace();
      for (let connection = 1; connection <= 1000; connection += 1) {
        // Nobody has closed the second.
        const names = connection === 2 ? ["accepted"] : ["accepted", "closed"];
        for (const event of names) trace.add({ event, connection, remote: `client ${connection}`, at: connection });
        trace.trim(100, trace.connections[0]);
      }
      return [trace.events.length, trace.connections.map(({ number }) => number)];
    });
    assert.ok(events <= 100, String(events));
    assert.deepEqual(connections.slice(0, 2), [1, 2]);
    assert.equal(connections.at(-1), 1000);
  },

  async "the inspector, live: it begins in the language of the server, and a choice is remembered"(browser) {
    for (const [tag, other] of [["es", "en"], ["en", "es"]]) {
      const server = await serve("www", "--inspect=0", "--lang", tag);
      const page = await open(browser, server.inspector);
      await until("it is live", () => page.$(".state.live"));
      const language = () => page.evaluate(() => document.documentElement.lang);
      assert.equal(await language(), tag);
      await page.locator(`.languages [lang=${other}]`).click();
      await page.reload({ waitUntil: "load" });
      await until("it is live again", () => page.$(".state.live"));
      assert.equal(await language(), other);
      assert.equal(page.error, undefined);
    }
  },

  async "the inspector, from a file: as many blocks as exchanges, filtered, and stepped through"(browser) {
    const server = await serve("www", "--trace=json");
    await raw(server.port, "GET /hello.html?a=1 HTTP/1.1\r\nHost: x\r\n\r\nGET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    await until("it is told", () => exchanges(server).length === 2 && server.out().includes('"closed"'));
    const file = path.join(mkdtempSync(path.join(tmpdir(), "aula-")), "trace.jsonl");
    writeFileSync(file, server.out());
    const page = await open(browser, (await serve("inspector")).url);
    const input = await until("there is a place for files", () => page.$("#file"));
    await input.uploadFile(file);
    await until("both blocks are there", async () => (await blocks(page)).length === 2);
    await page.type(".filter", "404");
    await until("one is dim", async () => (await page.$$(".block.dim")).length === 1);
    // A word is looked for in both heads; the opened exchange shows where it is.
    const look = async word => {
      await page.$eval(".filter", each => { each.value = ""; });
      await page.type(".filter", word);
      return page.$$eval(".block:not(.dim)", all => all.map(each => each.getAttribute("aria-label")));
    };
    assert.deepEqual(await look("4xx"), ["GET /none 404, connection 1"]);
    assert.deepEqual(await look("c1 2xx"), ["GET /hello.html?a=1 200, connection 1"]);
    assert.deepEqual(await look("last-modified"), ["GET /hello.html?a=1 200, connection 1"]);
    assert.equal(await page.$eval(".row .found", each => each.textContent), "Last-Modified");
    assert.deepEqual(await look("zebra"), []);
    assert.match(await page.$eval(".empty", each => each.textContent), /Nothing matches|Nada coincide/);
    await look(" ");
    await page.locator("[data-control=start]").click();
    await page.locator("[data-control=next]").click();
    assert.match(await page.$eval(".caption", each => each.textContent), /Connection 1: accepted|Conexión 1: aceptada/);
    // As a HAR file: http://www.softwareishard.com/blog/har-12-spec/#entries
    const [{ request, response, startedDateTime }] = await page.evaluate(async text => {
      const [{ parse, Trace }, { har }] = await Promise.all([import("/model.js"), import("/har.js")]);
      const trace = new Trace();
      for (const event of parse(text)) {
        // As if the response had taken two seconds, up to a known time.
        if (event.times) [event.time, event.times.last_sent] = [1_700_000_002, event.times.first_byte + 2000];
        trace.add(event);
      }
      return har(trace).log.entries;
    }, server.out());
    assert.equal(startedDateTime, new Date(1_700_000_000_000).toISOString());
    assert.deepEqual(request.queryString, [{ name: "a", value: "1" }]);
    assert.deepEqual(response.headers.find(({ name }) => name === "Server"), { name: "Server", value: "aula" });
    assert.equal(page.error, undefined);
    rmSync(path.dirname(file), { recursive: true });
  },

  async "the page: every lesson runs, in both languages"(browser) {
    const page = await open(browser, `${(await serve(PAGE)).url}#hello`);
    await until("it has run", async () => (await blocks(page)).length > 0);
    assert.deepEqual(await page.$$eval(".choose-lesson option", all => all.map(each => each.value)), lessons.map(({ id }) => id));
    for (const tag of ["es", "en"]) {
      await page.locator(`.languages [lang=${tag}]`).click();
      for (const { id: lesson } of lessons) {
        await page.evaluate(id => { location.hash = id; }, lesson);
        await until(`${lesson} is chosen`, () => page.$eval(".choose-lesson select", (each, id) => each.value === id, lesson));
        await until(`${lesson} has run`, () => page.$(".lane"));
        assert.equal(await page.$eval(".problem", each => each.textContent), "", lesson);
      }
    }
    assert.equal(page.error, undefined);
  },

  async "the page: a lesson is seen whole, opens where its question is, and a preset can be chosen"(browser) {
    const page = await open(browser, `${(await serve(PAGE)).url}#lab01-2`);
    await page.setViewport({ width: 1280, height: 720 });
    await until("it has run", async () => (await blocks(page)).length === 11);
    assert.match(await page.$eval(".block.chosen", each => each.getAttribute("aria-label")), /connection 11$|conexión 11$/);
    const isWhole = () => page.$eval(".scroller", each => each.scrollWidth <= each.clientWidth && each.scrollHeight <= each.clientHeight);
    await until("nothing is out of sight", isWhole);
    await page.select(".options-head select", "");
    await until("the option is gone", () => page.$eval(".field input", each => each.value === ""));
    await until("it is told that it was changed", async () => (await page.$$(".lesson .hint-line")).length === 1);
    await page.select(".options-head select", "lab01");
    await until("it is the lesson again", async () => (await page.$$(".lesson .hint-line")).length === 0);
    assert.equal(page.error, undefined);
  },

  async "the page: every lesson gives the trace that the component gives under wasmtime, times aside"(browser) {
    const page = await open(browser, (await serve(PAGE)).url);
    await until("it has run", async () => (await blocks(page)).length > 0);
    const outside = await outsideTraces();
    for (const lesson of lessons) {
      const inside = await page.evaluate(async id => {
        const from = name => import(new URL(name, location.href).href);
        const [{ folderOf, load, run }, { LESSONS }, { SHEETS }] = await Promise.all(["run.js", "scenarios.js", "sheets.js"].map(from));
        await load();
        const site = {};
        for (const name of await (await fetch("www.json")).json()) {
          site[name] = new Uint8Array(await (await fetch(`www/${name}`)).arrayBuffer());
        }
        const lesson = [...LESSONS, ...SHEETS.flatMap(({ lessons }) => lessons)].find(each => each.id === id);
        return (await run({ ...lesson, files: folderOf(site, lesson.files ?? {}) })).stdout;
      }, lesson.id);
      const ports = lesson.clients.map((_, index) => 50001 + index);
      assert.deepEqual(timeless(inside, ports), outside.get(lesson.id), lesson.id);
    }
    assert.equal(page.error, undefined);
  },
};

/** The traces of all lessons by the component under wasmtime. They are made once, together, while other tests run. */
let outside;
const outsideTraces = () => (outside ??= playAll());

async function playAll() {
  const names = JSON.parse(readFileSync(path.join(PAGE, "www.json"), "utf8"));
  const own = [];
  const traces = await Promise.all(lessons.map(async lesson => {
    const folder = folderOf(path.join(PAGE, "www"), names, lesson.files ?? {});
    const server = await start(own, folder, ["--trace=json", "--lang", "en", ...(lesson.options ?? "").split(" ").filter(Boolean)]);
    const ports = await play(lesson, server.port, unescape);
    const count = name => server.out().split(`"event":"${name}"`).length - 1;
    await until(`${lesson.id} is told`, () => count("accepted") > 0 && count("closed") === count("accepted"));
    rmSync(folder, { recursive: true });
    return [lesson.id, timeless(server.out(), ports)];
  }));
  for (const server of own) server.kill();
  return new Map(traces);
}

/**
 * A trace by connection, without what differs from run to run: times, dates, ports, and the number of other connections
 * at that moment. Clients are named by their number.
 */
function timeless(trace, ports) {
  const client = (_, port) => `client ${ports.indexOf(Number(port)) + 1}`;
  const told = trace.trim().split("\n").map(line => line
    .replace(/"(at|time|first_byte|head|response|first_sent|last_sent|taken)":[\d.]+/g, '"$1":0')
    // The slot of a connection matters if there are few.
    .replace(/"number":\d+,"of":512/, '"number":0,"of":512')
    // Which slot becomes free first for a waiting connection depends on the load of the machine.
    .replace(/("connection":(\d+),.*"number":)\d+(,"of":(\d+))/, (all, before, connection, after, of) =>
      Number(connection) > Number(of) ? `${before}0${after}` : all)
    // How many bytes were sent to a client that stopped reading depends on the buffers of its system.
    .replace(/"content_length":(\d+),"content_sent":(\d+)/, (told, all, sent) => (sent === all ? told : "only a part"))
    .replace(/Date: [^\\]*/g, "Date:").replace(/"local":"[^"]*"/g, '"local":"server"').replace(/127\.0\.0\.1:(\d+)(?=")/g, client));
  // What happens on two connections at nearly the same time may happen in either order.
  const number = line => Number(/"connection":(\d+)/.exec(line)[1]);
  return told.sort((a, b) => number(a) - number(b));
}

/** The questions of the sheets are those of the page, word for word, and the READMEs have the number of lessons. */
function compareSheets() {
  for (const [file, words] of [["README.md", "lessons"], ["docs/es/README.md", "lecciones"]]) {
    assert.ok(readFileSync(file, "utf8").includes(` ${lessons.length} ${words}`), `${file} does not say ${lessons.length} ${words}`);
  }
  const plain = text => text.replace(/ *\(\[[^)]*\)\)/g, "").replace(/`/g, "").replace(/\s+/g, " ");
  for (const { files, lessons } of SHEETS) {
    files.forEach((file, language) => {
      const sheet = plain(readFileSync(file, "utf8"));
      for (const { id, question } of lessons) {
        for (const sentence of question[language].split(/(?<=[.?]\)?) /)) {
          assert.ok(sheet.includes(sentence), `${file} does not ask, as ${id} does: ${sentence}`);
        }
        assert.ok(readFileSync(file, "utf8").includes(`/#${id})`), `${file} has no link to ${id}`);
      }
    });
  }
}

compareSheets();
if (!only || "every lesson gives the trace".includes(only)) outsideTraces().catch(() => {});
let failures = 0;
for (const [name, options] of Object.entries(BROWSERS)) {
  // Five hours behind UTC, all year.
  const browser = await puppeteer.launch({ headless: true, env: { ...process.env, TZ: "America/Bogota" }, ...options });
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
