// The trace as values: the events of each connection, and their order.
// docs/trace.md describes the events. Times are milliseconds since the server began.

import { t } from "./texts.js";

/** All that was told, by connection. */
export class Trace {
  constructor() {
    this.events = [];
    this.connections = [];
    this.last = 0;
    this.count = 0;
  }

  /** Takes in one event. One that it does not know is kept for saving, and not shown. */
  add(event) {
    this.events.push(event);
    const at = event.at ?? this.last;
    this.last = Math.max(this.last, at);
    const known = this.connections.find(each =>
      each.number === undefined ? each.remote === event.remote : each.number === event.connection);
    const connection = known ?? { remote: event.remote, exchanges: [] };
    if (!known && ["dropped", "arrived", "accepted", "exchange", "closed"].includes(event.event)) this.connections.push(connection);
    const seen = { at, order: this.count += 1, event };
    connection.number ??= event.connection;
    connection.local ??= event.local;
    if (event.event === "exchange") connection.exchanges.push({ ...seen, connection, times: times(event, at) });
    else connection[event.event] ??= seen;
  }

  /** Forgets the oldest connections that have ended, until no more than `most` events are left; but not `kept`. */
  trim(most, kept) {
    if (this.events.length <= most) return;
    const forgotten = new Set();
    let left = this.events.length;
    for (const connection of this.connections) {
      if (left <= most) break;
      if (!connection.closed || connection === kept) continue;
      left -= connection.exchanges.length + (connection.accepted ? 2 : 1);
      forgotten.add(connection.number);
    }
    this.connections = this.connections.filter(({ number }) => !forgotten.has(number));
    this.events = this.events.filter(({ connection }) => !forgotten.has(connection));
  }

  /** The connections in the order in which they began. */
  get lanes() {
    const began = each => (each.dropped ?? each.arrived ?? each.accepted ?? each.exchanges[0] ?? each.closed).at;
    return [...this.connections].sort((a, b) => began(a) - began(b) || (a.number ?? Infinity) - (b.number ?? Infinity));
  }

  /** Every exchange, in the order in which it was told. */
  get exchanges() {
    return this.connections.flatMap(each => each.exchanges).sort((a, b) => a.order - b.order);
  }

  /** Everything that happened, in order: { kind, at, connection, exchange? }. */
  moments() {
    const moments = [];
    for (const connection of this.connections) {
      for (const kind of ["dropped", "arrived", "accepted", "closed"]) {
        const seen = connection[kind];
        if (seen) moments.push({ kind, at: seen.at, order: [seen.order, 0], connection });
      }
      for (const exchange of connection.exchanges) {
        STEPS.forEach((kind, step) => {
          moments.push({ kind, at: exchange.times[kind], order: [exchange.order, step], connection, exchange });
        });
      }
    }
    return moments.sort((a, b) => a.at - b.at || a.order[0] - b.order[0] || a.order[1] - b.order[1]);
  }
}

/** What happens to an exchange, in this order. */
const STEPS = ["first", "head", "response", "last"];

/** When an exchange's steps happened. A trace without times has all of them at once. */
function times(event, at) {
  const told = event.times ?? {};
  const last = told.last_sent ?? at;
  // A response that is delayed on purpose waits until it is sent.
  const response = Math.min((event.delay > 0 && told.first_sent) || (told.response ?? last), last);
  const head = Math.min(told.head ?? response, response);
  return { first: Math.min(told.first_byte ?? head, head), head, response, last };
}

/** The text of a token of an exchange. */
export const token = (exchange, name) => exchange.event.tokens?.find(each => each.token === name)?.text;

/** An exchange in one line, as its block shows it. */
export function title(exchange) {
  const method = token(exchange, "method");
  if (method) return `${method} ${token(exchange, "target") ?? ""}`;
  return exchange.event.received.bytes.split("\\r\\n")[0].slice(0, 60) || t("noRequest");
}

/** The words of a filter. */
const words = filter => filter.toLowerCase().split(/\s+/).filter(Boolean);
const isStatus = word => /^[1-5](\d\d|xx)$/.test(word);
const isConnection = word => /^c\d+$/.test(word);

/**
 * Whether an exchange is among those that a filter asks for: each of its words is the status (404, 4xx), the connection
 * (c2), or anywhere in the two heads.
 */
export function matches(exchange, filter) {
  const { event, connection } = exchange;
  exchange.text ??= `${event.received.bytes} ${event.sent.head}`.toLowerCase();
  return words(filter).every(word => {
    if (isStatus(word)) return word.replace("xx", "") === String(event.decision.status).slice(0, word.endsWith("xx") ? 1 : 3);
    return isConnection(word) ? word === `c${connection.number}` : exchange.text.includes(word);
  });
}

/** Those words of a filter that are looked for in the bytes. */
export const searched = filter => words(filter).filter(word => word.length > 1 && !isStatus(word) && !isConnection(word));

/** The events of a file: one JSON object a line; other lines, such as an access log's, are passed over. */
export function parse(text) {
  return text.split("\n").flatMap(line => {
    try {
      const event = JSON.parse(line);
      return event?.event ? [event] : [];
    } catch {
      return [];
    }
  });
}
