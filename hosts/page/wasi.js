// The host of server.wasm in a page: exactly the functions that it imports, and no others. tests/component/sandbox.rs
// has the same list, with a reason for each, and compares the two.
//
// The server itself is unchanged. It behaves as under wasmtime, except that its clients are scripted (network.js), its
// disk is an object (folder.js), and its time advances with events (clock.js).

import { Clock, Pollable } from "./clock.js";
import { folder } from "./folder.js";
import { IoError, network } from "./network.js";

/** The server has called exit. */
export class Exit extends Error {
  constructor(isOk) {
    super("exit");
    this.isOk = isOk;
  }
}

/**
 * A world for one run: the server's `options`, its `files`, the `clients`, the time at which the run begins (`began`)
 * and the time of all files (`modified`), both in Unix seconds. `out` and `err` get the bytes of stdout and stderr.
 */
export function world({ options = [], files = {}, clients = [], began, modified, out, err }) {
  const clock = new Clock();
  const net = network(clock, clients);
  const disk = folder(files, modified);
  const { InputStream, OutputStream, TcpSocket } = net;
  const { Descriptor, DirectoryEntryStream } = disk;
  const sink = write => Object.assign(new OutputStream(), { sink: { write } });
  class Network {}
  class TerminalInput {}
  class TerminalOutput {}

  const imports = {
    "wasi:cli/environment": {
      getArguments: () => ["server.wasm", ...options],
      getEnvironment: () => [],
    },
    "wasi:cli/exit": {
      exit: status => {
        throw new Exit(status.tag === "ok");
      },
    },
    "wasi:cli/stderr": { getStderr: () => sink(err) },
    "wasi:cli/stdout": { getStdout: () => sink(out) },
    "wasi:cli/stdin": { getStdin: () => new InputStream() },
    "wasi:cli/terminal-input": { TerminalInput },
    "wasi:cli/terminal-output": { TerminalOutput },
    "wasi:cli/terminal-stderr": { getTerminalStderr: () => undefined },
    "wasi:cli/terminal-stdin": { getTerminalStdin: () => undefined },
    "wasi:cli/terminal-stdout": { getTerminalStdout: () => undefined },
    "wasi:clocks/monotonic-clock": {
      now: () => clock.now,
      subscribeInstant: time => clock.from(time),
    },
    "wasi:clocks/wall-clock": {
      now: () => ({
        seconds: BigInt(began) + clock.now / 1_000_000_000n,
        nanoseconds: Number(clock.now % 1_000_000_000n),
      }),
    },
    "wasi:filesystem/preopens": { getDirectories: () => [[disk.root, "www"]] },
    "wasi:filesystem/types": { Descriptor, DirectoryEntryStream },
    "wasi:io/error": { Error: IoError },
    "wasi:io/poll": {
      Pollable,
      poll: pollables => {
        clock.wait(pollables);
        return Uint32Array.from(pollables.keys()).filter(index => pollables[index].ready());
      },
    },
    "wasi:io/streams": { InputStream, OutputStream },
    "wasi:sockets/instance-network": { instanceNetwork: () => new Network() },
    "wasi:sockets/network": { Network },
    "wasi:sockets/tcp": { TcpSocket },
    "wasi:sockets/tcp-create-socket": { createTcpSocket: () => new TcpSocket() },
  };
  return { imports, clock, net };
}
