// Serves a folder with server.wasm under Node.js: node serve.mjs FOLDER [OPTION...]
//
// It belongs next to the output of jco (jco transpile server.wasm --name server), as `cargo xtask hosts jco` does.
// jco's WASI has no options like `--dir` and `--env`: this program sets the folder and the environment in JavaScript.
import { _setArgs, _setEnv } from "@bytecodealliance/preview2-shim/cli";
import { _setPreopens } from "@bytecodealliance/preview2-shim/filesystem";
import { resolve } from "node:path";

const [, , folder, ...options] = process.argv;
const isPassedOn = name => name.startsWith("AULA_") || ["LANG", "LC_ALL", "LC_MESSAGES", "NO_COLOR"].includes(name);

_setArgs(["server.wasm", ...options]);
_setEnv(Object.fromEntries(Object.entries(process.env).filter(([name]) => isPassedOn(name))));
_setPreopens({ www: resolve(folder) });

const { run } = await import("./server.js");
try {
  run.run();
} catch (error) {
  // The component has returned an error, which it has printed.
  if (!("payload" in error) && error.exitError === undefined) throw error;
  process.exit(1);
}
