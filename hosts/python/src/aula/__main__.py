"""The command line: `aula [FOLDER] [OPTIONS]`, `aula check HOST:PORT ...`, `aula parse REQUEST`."""

from __future__ import annotations

import contextlib
import os
import signal
import sys

from . import __version__, addresses, host, stages
from .host import Mistake
from .texts import say, tell_the_language

#: The folder that is served by default, if it exists.
FOLDER = "www"


def main() -> int:
    tell_the_language()
    # While a component runs, Python cannot handle signals. So the system ends the process, as with `wasmtime run`.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    arguments = sys.argv[1:]
    try:
        if arguments[:1] == ["check"]:
            return check(arguments[1:])
        if arguments and arguments[0] in ("parse", "resolve", "respond"):
            return stage(*arguments)
        return serve(arguments)
    except Mistake as mistake:
        print(f"aula: {mistake}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Nobody reads any more, as with `aula --help | head -3`. Python would fail again when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0


def serve(arguments: list[str]) -> int:
    """Serves a folder until Ctrl-C. The arguments that are not for this host are for the server."""
    is_named = bool(arguments) and not arguments[0].startswith("-")
    folder = arguments.pop(0) if is_named else default_folder()
    component = None
    announcer = addresses.Announcer(opens=False, draws=False)
    options = []
    while arguments:
        argument = arguments.pop(0)
        if argument in ("--version", "-V"):
            print(f"aula {__version__} (wasmtime {host.WASMTIME}, Python {sys.version.split()[0]})")
            return 0
        if argument in ("--help", "-h"):
            print(say("help"), flush=True)
        if argument == "--open":
            announcer.opens = True
        elif argument == "--qr":
            announcer.draws = True
        elif argument == "--component":
            component = arguments.pop(0) if arguments else ""
        elif argument.startswith("--component="):
            component = argument[len("--component=") :]
        else:
            options.append(argument)
    wasm = host.builtin("server.wasm") if component is None else read(component)
    # Otherwise no user sees stderr, and the server keeps it.
    listens = announcer.opens or announcer.draws or sys.stderr.isatty()
    with addresses.announced(announcer) if listens else contextlib.nullcontext():
        return host.run(wasm, ["server.wasm", *options], folder)


def read(file: str) -> bytes:
    """The component in a file."""
    if not file:
        raise Mistake(say("no value"))
    try:
        with open(file, "rb") as opened:
            return opened.read()
    except OSError as error:
        raise Mistake(say("no component file", file=file, reason=error.strerror)) from error


def check(arguments: list[str]) -> int:
    """Runs the checker, which reads files of the current folder, and writes only the reports that the options name."""
    writes = any(argument.startswith(("--json", "--gradescope")) for argument in arguments)
    wasm = host.builtin("checker.wasm")
    return host.run(wasm, ["checker.wasm", *arguments], ".", writes=writes, looks_up=True)


def stage(name: str, *arguments: str) -> int:
    """Calls one step of the server, and prints its result."""
    if len(arguments) not in (1, 2):
        raise Mistake(say("stage usage", name=name))
    folder = arguments[1] if len(arguments) == 2 else default_folder()
    # A shell passes on `\r\n` as four characters.
    text = arguments[0].encode("latin-1", "backslashreplace").decode("unicode_escape")
    if name == "resolve":
        print(stages.resolve(text, folder))
        return 0
    result = stages.parse(text)
    if name == "respond" and isinstance(result, stages.Request):
        result = stages.respond(result, folder)
    print(result)
    return 0


def default_folder() -> str:
    return FOLDER if os.path.isdir(FOLDER) else "."


if __name__ == "__main__":
    sys.exit(main())
