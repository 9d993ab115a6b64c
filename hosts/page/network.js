// The network: clients that do what a scenario says, and the sockets that the server sees of them.
//
// A client is { at, rate, steps }. It connects at `at` milliseconds. Each of its steps comes `after` milliseconds after
// the previous one: { after, send: bytes }, { after, end: true } (it closes its side), { after, reset: true },
// { after, stop: true } (it stops reading), { after, read: true } (it reads again). `rate` is the number of bytes that
// it reads in each millisecond; without it, the client reads all bytes at once. When the server ends its side, a client
// that has nothing left to do ends its own.

import { join } from "./inspector/bytes.js";
import { milliseconds } from "./clock.js";

/** How many bytes the two operating systems hold for a client that does not read them. */
const BUFFERS = 65536;
/** How long a client waits before it tries to connect again, in milliseconds; then twice as long each time. */
const TRY_AGAIN = 1000;
/** With fewer free bytes, the server sees no room, as in a real system: otherwise it would write very small pieces. */
const WORTH_A_WRITE = 16384;

/** `wasi:io/error.error`. */
export class IoError {
  toDebugString() {
    return "the connection was reset";
  }
}

export class Client {
  constructor(clock, { at = 0, rate = 0, steps = [] }, port) {
    Object.assign(this, { clock, rate, port, at, steps });
    /** What it has sent and nobody has read; and whether that is all. */
    this.arrived = [];
    this.hasEnded = false;
    this.isReset = false;
    /** What was written to it, and how much of it has reached it. */
    this.written = [];
    this.length = 0;
    this.taken = 0;
    this.isReading = true;
    this.drainedAt = 0n;
    this.serverEnded = false;
    this.left = steps.length;
  }

  /** The connection is open: from now on it does what it has to do. */
  begin() {
    let time = this.clock.now;
    for (const step of this.steps) {
      time += milliseconds(step.after ?? 0);
      this.clock.at(time, () => this.do(step));
    }
  }

  do(step) {
    this.drain();
    this.left -= 1;
    if (step.send && !this.hasEnded) this.arrived.push(step.send);
    if (step.end) this.hasEnded = true;
    if (step.reset) [this.isReset, this.arrived] = [true, []];
    if (step.stop) this.isReading = false;
    if (step.read) this.isReading = true;
    this.maybeEnd();
  }

  /** What it has received so far. */
  get received() {
    return join(this.written).subarray(0, Math.floor(this.taken));
  }

  /** Takes in what it could since the last time. */
  drain() {
    const passed = Number(this.clock.now - this.drainedAt) / 1e6;
    this.drainedAt = this.clock.now;
    if (this.isReading) this.taken = this.rate ? Math.min(this.length, this.taken + passed * this.rate) : this.length;
  }

  /** How many bytes the server may write. */
  get room() {
    this.drain();
    const free = BUFFERS - Math.ceil(this.length - this.taken);
    return free < WORTH_A_WRITE ? 0 : free;
  }

  write(bytes) {
    this.drain();
    this.written.push(bytes.slice());
    this.length += bytes.length;
    this.drain();
    if (this.rate) this.wakeWhen(BUFFERS - WORTH_A_WRITE);
  }

  /** Makes sure that the clock stops when no more than `many` bytes are on their way. */
  wakeWhen(many) {
    const excess = this.length - this.taken - many;
    if (excess > 0) this.clock.at(this.clock.now + milliseconds(excess / this.rate) + 1n, () => this.maybeEnd());
  }

  /** The server writes no more. */
  end() {
    this.serverEnded = true;
    if (this.rate) this.wakeWhen(0);
    this.maybeEnd();
  }

  maybeEnd() {
    this.drain();
    if (this.serverEnded && this.left === 0 && this.isReading && this.taken >= this.length) this.hasEnded = true;
  }
}

/** The classes of `wasi:io/streams` and `wasi:sockets/tcp`, for a network of these clients. */
export function network(clock, clients) {
  /** Those who wait to be accepted, as the system's queue holds them. */
  const queue = [];
  /** How many may wait besides the first (`listen(backlog)`, as Linux counts). */
  let backlog = Infinity;

  /** A client connects. Where the queue is full its SYN is dropped: it hears nothing, and tries again later. */
  const connect = (client, wait) => {
    if (queue.length > backlog) {
      network.dropped(client);
      clock.at(clock.now + milliseconds(wait), () => connect(client, wait * 2));
      return;
    }
    queue.push(client);
    network.arrived(client);
    client.begin();
  };

  class InputStream {
    read(length) {
      const { client } = this;
      if (client?.isReset) throw { tag: "last-operation-failed", val: new IoError() };
      const [next] = client?.arrived ?? [];
      if (next) {
        // Each packet is one read, so a scenario decides which bytes arrive together.
        const piece = next.subarray(0, Number(length));
        if (piece.length < next.length) client.arrived[0] = next.subarray(piece.length);
        else client.arrived.shift();
        return piece;
      }
      if (!client || client.hasEnded) throw { tag: "closed" };
      return new Uint8Array();
    }

    subscribe() {
      const { client } = this;
      return clock.when(() => client.arrived.length > 0 || client.hasEnded || client.isReset);
    }
  }

  class OutputStream {
    checkWrite() {
      if (this.client?.isReset) throw { tag: "closed" };
      return BigInt(this.client ? this.client.room : BUFFERS);
    }

    write(bytes) {
      if (this.client?.isReset) throw { tag: "closed" };
      (this.client ?? this.sink).write(bytes);
    }

    blockingFlush() {}

    // See `readViaStream`.
    splice() {
      throw { tag: "closed" };
    }

    subscribe() {
      const { client } = this;
      return clock.when(() => !client || client.isReset || client.room > 0);
    }
  }

  class TcpSocket {
    startBind(_network, address) {
      this.local = address;
    }

    finishBind() {}

    startListen() {}

    /** The first socket that listens gets the clients. */
    finishListen() {
      if (network.isTaken) return;
      network.isTaken = true;
      this.isListener = true;
      clients.forEach((each, index) => {
        const client = new Client(clock, each, 50001 + index);
        network.clients[index] = client;
        // Real clients' clocks differ slightly, so two clients do not try again at exactly the same time.
        clock.at(milliseconds(client.at), () => connect(client, TRY_AGAIN + index));
      });
    }

    accept() {
      const client = this.isListener && queue.shift();
      if (!client) throw "would-block";
      const socket = new TcpSocket();
      socket.local = this.local;
      socket.client = client;
      return [socket, Object.assign(new InputStream(), { client }), Object.assign(new OutputStream(), { client })];
    }

    localAddress() {
      return this.local;
    }

    remoteAddress() {
      return { tag: "ipv4", val: { port: this.client.port, address: [127, 0, 0, 1] } };
    }

    setListenBacklogSize(value) {
      backlog = Number(value);
    }

    setSendBufferSize() {}

    shutdown(how) {
      if (how !== "receive") this.client.end();
    }

    subscribe() {
      return clock.when(() => !this.isListener || queue.length > 0);
    }

    [Symbol.dispose]() {
      this.client?.end();
    }
  }

  const network = { InputStream, OutputStream, TcpSocket, clients: [], arrived() {}, dropped() {}, isTaken: false };
  return network;
}
