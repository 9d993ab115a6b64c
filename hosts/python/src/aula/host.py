"""The host: what a component may use, and how it is run.

A component can use only what is granted here: the network, one folder, a few variables of the environment, and the
terminal for its output. The official package `wasmtime` runs it.
"""

from __future__ import annotations

import importlib.metadata
import os
import sys
from pathlib import Path

from .texts import say

#: The only version that works. Up to 47 the package can grant the network to a component, but only with its private
#: bindings; 48 to 50 deny TCP to every component, and have no option for it.
WASMTIME = "47.0.1"

#: The variables of the environment that a component gets besides the server's options (`AULA_...`): the language, and
#: whether colours are allowed.
PASSED_ON = ("LANG", "LC_ALL", "LC_MESSAGES", "NO_COLOR")

#: The maximum memory of a component, in bytes.
MAX_MEMORY = 1 << 30

#: The exit code after a trap: 128 plus SIGABRT, like that of `wasmtime run`.
TRAPPED = 134


class Mistake(Exception):
    """An error that the user can correct, in a sentence that says how."""


def builtin(name: str) -> bytes:
    """A component inside this package: `server.wasm` or `checker.wasm`."""
    file = Path(__file__).with_name(name)
    if not file.is_file():
        raise Mistake(say("no component", name=name))
    return file.read_bytes()


def run(wasm: bytes, arguments: list[str], folder: str, *, writes: bool = False, looks_up: bool = False) -> int:
    """Runs a component until it ends, and returns its exit code.

    `arguments` begin with the program's name. The component may read `folder`, and change it only if `writes` is true. It
    may use the network, but look up names only if `looks_up` is true.
    """
    wasmtime = load_wasmtime()
    wasi = wasmtime.WasiConfig()
    wasi.argv = arguments
    wasi.env = [(name, value) for name, value in os.environ.items() if is_passed_on(name)]
    wasi.inherit_stdout()
    wasi.inherit_stderr()
    grant(wasi, folder, writes)
    # Private names, which is one reason for the exact version.
    wasmtime._bindings.wasi_config_inherit_network(wasi.ptr())
    wasmtime._bindings.wasi_config_allow_ip_name_lookup(wasi.ptr(), looks_up)
    try:
        store, instance = instantiate(wasm, wasi)
        interface = instance.get_export_index(store, "wasi:cli/run@0.2.0")
        main = interface and instance.get_func(store, instance.get_export_index(store, "run", interface))
        if not main:
            raise Mistake(say("not a program"))
        return 0 if main(store).tag == "ok" else 1
    except wasmtime.ExitTrap as end:
        return end.code
    except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
        # The last line names the cause; those before it are the frames.
        reason = str(error).strip().splitlines()[-1].strip()
        print(f"aula: {say('trapped', reason=reason)}", file=sys.stderr)
        return TRAPPED


def is_passed_on(variable: str) -> bool:
    """Whether a component sees this variable of the environment."""
    # AULA_WASMTIME is for `cargo serve` and the tests: it names the wasmtime that they use.
    is_option = variable.startswith("AULA_") and variable != "AULA_WASMTIME"
    return is_option or variable in PASSED_ON


def instantiate(wasm: bytes, wasi):
    """Compiles a component, or takes it from wasmtime's cache, and links it to WASI. Returns store and instance."""
    wasmtime = load_wasmtime()
    from wasmtime import component

    config = wasmtime.Config()
    try:
        config.cache = True
    except wasmtime.WasmtimeError:
        pass  # Without a writable home folder, it is compiled each time, in a third of a second.
    engine = wasmtime.Engine(config)
    store = wasmtime.Store(engine)
    store.set_limits(memory_size=MAX_MEMORY)
    store.set_wasi(wasi)
    linker = component.Linker(engine)
    linker.add_wasip2()
    try:
        return store, linker.instantiate(store, component.Component(engine, wasm))
    except wasmtime.WasmtimeError as error:
        raise Mistake(say("not a component", reason=str(error).splitlines()[0])) from error


def grant(wasi, folder: str, writes: bool = False) -> None:
    """Lets a component see this folder, under the name that the user gave it, and nothing else."""
    wasmtime = load_wasmtime()
    if not os.path.isdir(folder):
        raise Mistake(say("no folder", folder=folder))
    directories = wasmtime.DirPerms.READ_WRITE if writes else wasmtime.DirPerms.READ_ONLY
    files = wasmtime.FilePerms.READ_WRITE if writes else wasmtime.FilePerms.READ_ONLY
    try:
        wasi.preopen_dir(folder, folder.replace(os.sep, "/"), directories, files)
    except wasmtime.WasmtimeError as error:
        raise Mistake(say("folder refused", folder=folder)) from error


def load_wasmtime():
    """The package `wasmtime`, if it is the one that works."""
    try:
        version = importlib.metadata.version("wasmtime")
    except importlib.metadata.PackageNotFoundError as error:
        raise Mistake(say("no wasmtime", version=WASMTIME)) from error
    if version != WASMTIME:
        raise Mistake(say("other wasmtime", found=version, version=WASMTIME))
    try:
        import wasmtime
    except (ImportError, OSError, RuntimeError) as error:
        raise Mistake(say("wasmtime refuses", reason=error)) from error
    return wasmtime
