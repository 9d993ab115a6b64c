// A trace as an HTTP Archive 1.2, which the browsers' developer tools and many others read.

import { responseElements, unescape } from "./bytes.js";
import { token } from "./model.js";

/** The exchanges as a HAR object. What the trace does not say has the value that the format gives to "unknown". */
export function har(trace) {
  return {
    log: {
      version: "1.2",
      creator: { name: "Aula inspector", version: "1" },
      entries: trace.exchanges.map(exchange => entry(exchange)),
    },
  };
}

function entry(exchange) {
  const { event, times, connection } = exchange;
  const version = token(exchange, "version") ?? "HTTP/0.9";
  const target = token(exchange, "target") ?? "/";
  const request = fields(event.tokens);
  const host = request.find(({ name }) => name.toLowerCase() === "host")?.value ?? event.local ?? "localhost";
  const head = unescape(event.sent.head);
  const told = responseElements(head).map(({ kind, start, end }) => {
    return { token: kind, text: String.fromCharCode(...head.subarray(start, end)) };
  });
  // The event's time is that of the last byte of the response.
  const started = new Date((event.time ?? 0) * 1000 - (times.last - times.first));
  return {
    startedDateTime: started.toISOString(),
    time: times.last - times.first,
    connection: String(connection.number),
    request: {
      method: token(exchange, "method") ?? "",
      url: `http://${host}${target}`,
      httpVersion: version,
      cookies: [],
      headers: request,
      queryString: query(target),
      headersSize: event.received.length,
      bodySize: event.received.content_length,
    },
    response: {
      status: event.decision.status,
      statusText: told.find(each => each.token === "reason")?.text ?? "",
      httpVersion: version,
      cookies: [],
      headers: fields(told),
      content: { size: event.sent.content_length, mimeType: event.content_type ?? "" },
      redirectURL: fields(told).find(({ name }) => name === "Location")?.value ?? "",
      headersSize: event.sent.head_length,
      bodySize: event.sent.content_sent,
    },
    cache: {},
    timings: {
      blocked: -1,
      dns: -1,
      connect: -1,
      send: times.head - times.first,
      wait: times.response - times.head,
      receive: times.last - times.response,
    },
  };
}

/** The fields among tokens: each name with the value that follows it. */
function fields(tokens) {
  const found = [];
  for (const { token: kind, text } of tokens) {
    if (kind === "field-name") found.push({ name: text, value: "" });
    else if (kind === "field-value" && found.length > 0) found.at(-1).value = text;
  }
  return found;
}

/** The query of a target, as names and values. */
const query = target => [...new URLSearchParams(target.split("?")[1] ?? "")].map(([name, value]) => ({ name, value }));
