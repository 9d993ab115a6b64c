// What clients written in JavaScript must see: `clients.mjs CLIENT http://ADDRESS`, which prints `done`.
// tests/clients.rs says what is served.
import assert from "node:assert/strict";
import http from "node:http";
import { createRequire } from "node:module";

const PAGE = "<!DOCTYPE html><title>A page</title><p>The page, as it is.</p>\n";
const SIZE = 8 << 20;

const [, , client, url] = process.argv;

const clients = {
  async fetch() {
    const page = await fetch(`${url}/page.html`);
    // It asks for gzip, and undoes it.
    assert.deepEqual([page.status, page.headers.get("content-encoding"), await page.text()], [200, "gzip", PAGE]);
    const sub = await fetch(`${url}/sub`);
    assert.deepEqual([sub.redirected, sub.url, await sub.text()], [true, `${url}/sub/`, "<!DOCTYPE html>the index of sub"]);
    const part = await fetch(`${url}/page.html`, { headers: { range: "bytes=2-8", "accept-encoding": "identity" } });
    assert.deepEqual([part.status, await part.text()], [206, PAGE.slice(2, 9)]);
    assert.equal((await fetch(`${url}/nothing`)).status, 404);
    const large = await fetch(`${url}/large.bin`);
    assert.equal((await large.arrayBuffer()).byteLength, SIZE);
    // It stops in the middle of one, and goes on with others.
    const stop = new AbortController();
    const left = await fetch(`${url}/large.bin`, { signal: stop.signal });
    await left.body.getReader().read();
    stop.abort();
    const many = await Promise.all(Array.from({ length: 50 }, (_, i) => fetch(`${url}/page.html?${i}`).then(r => r.text())));
    assert.ok(many.every(text => text === PAGE));
  },

  async http() {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set();
    const get = path =>
      new Promise((resolve, reject) => {
        const request = http.get(`${url}${path}`, { agent }, response => {
          let text = "";
          response.setEncoding("utf8").on("data", piece => (text += piece));
          response.on("end", () => resolve([response.statusCode, text]));
        });
        request.on("socket", socket => socket.once("connect", () => ports.add(socket.localPort)));
        request.on("error", reject);
      });
    for (let i = 0; i < 10; i++) assert.deepEqual(await get("/page.html"), [200, PAGE]);
    assert.equal(ports.size, 1); // All on one connection.
    agent.destroy();
  },

  async undici() {
    const { Client, request } = createRequire(`${process.env.CLIENTS_NODE_MODULES}/`)("undici");
    // Ten requests at once on one connection.
    const pipeline = new Client(url, { pipelining: 10 });
    const texts = await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const { statusCode, body } = await pipeline.request({ path: i % 2 ? "/page.html" : "/a%C3%B1o.txt", method: "GET" });
        return [statusCode, await body.text()];
      }),
    );
    texts.forEach((text, i) => assert.deepEqual(text, [200, i % 2 ? PAGE : "2026"]));
    await pipeline.close();
    const { statusCode, headers, body } = await request(`${url}/large.bin`);
    assert.deepEqual([statusCode, headers["content-length"], (await body.arrayBuffer()).byteLength], [200, String(SIZE), SIZE]);
  },
};

await clients[client]();
console.log("done");
process.exit();
