"""The messages of this host, in English and Spanish. A component has its own."""

from __future__ import annotations

import os
import sys

TEXTS = {
    "help": (
        """\
Usage: aula [FOLDER] [OPTIONS]   serve FOLDER (www, if it is there; otherwise the current one)
       aula check HOST:PORT ...  check any web server; aula check --help says more
       aula parse|respond REQUEST [FOLDER]
       aula resolve TARGET [FOLDER]
                                 call a single step of the server: aula parse "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"

Options of this program, for the server that it runs:
      --open                   open a browser
      --qr                     draw the address for phones in the same network
      --component FILE         run another server.wasm than the one inside
  -h, --help                   print this
  -V, --version                print the versions

What follows is the server's own help. Where it says `wasmtime run -S inherit-network --dir www server.wasm`,
write `aula www`.
""",
        """\
Uso: aula [CARPETA] [OPCIONES]   sirve la carpeta CARPETA (www, si existe; si no, la actual)
     aula check HOST:PUERTO ...  comprueba cualquier servidor web; aula check --help dice más
     aula parse|respond PETICIÓN [CARPETA]
     aula resolve DESTINO [CARPETA]
                                 llama a un solo paso del servidor: aula parse "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"

Opciones de este programa, para el servidor que ejecuta:
      --open                   abrir un navegador
      --qr                     dibujar la dirección para los teléfonos de la misma red
      --component ARCHIVO      ejecutar otro server.wasm que el incluido
  -h, --help                   mostrar esto
  -V, --version                mostrar las versiones

Lo que sigue es la ayuda del propio servidor. Donde dice `wasmtime run -S inherit-network --dir www server.wasm`,
se escribe `aula www`.
""",
    ),
    "no folder": (
        "{folder}: no such folder: name the one to serve first, as in `aula www --port 8000`",
        "{folder}: no existe esa carpeta: nombra primero la que quieres servir, como en `aula www --port 8000`",
    ),
    "folder refused": (
        "{folder}: cannot be opened: see who may read it",
        "{folder}: no se puede abrir: mira quién puede leerla",
    ),
    "no value": (
        "--component: name a file, as in `--component server.wasm`",
        "--component: falta un archivo, como en `--component server.wasm`",
    ),
    "no component file": (
        "--component {file}: {reason}",
        "--component {file}: {reason}",
    ),
    "no component": (
        "{name} is missing from this package: install it again with `pip install --force-reinstall aula-server`, or name the "
        "file with --component",
        "falta {name} en este paquete: instálalo de nuevo con `pip install --force-reinstall aula-server` o nombra el archivo "
        "con --component",
    ),
    "not a component": (
        "this is not a component that runs here: {reason}",
        "este no es un componente que funcione aquí: {reason}",
    ),
    "not a program": (
        "this component is not a program: it does not export wasi:cli/run",
        "este componente no es un programa: no exporta wasi:cli/run",
    ),
    "from others": (
        "  from other machines: {url}",
        "  desde otras máquinas: {url}",
    ),
    "no others": (
        "aula: --qr: the server listens on this machine alone: leave --host out",
        "aula: --qr: el servidor solo escucha en esta máquina: quita --host",
    ),
    "no network": (
        "aula: --qr: this machine is in no network",
        "aula: --qr: esta máquina no está en ninguna red",
    ),
    "no browser": (
        "aula: no browser opened: open {url} yourself",
        "aula: no se abrió ningún navegador: abre {url}",
    ),
    "stage usage": (
        "{name}: write `aula {name} ARGUMENT [FOLDER]`, with the argument in quotes",
        "{name}: se escribe `aula {name} ARGUMENTO [CARPETA]`, con el argumento entre comillas",
    ),
    "no wasmtime": (
        "the package wasmtime is missing: install it with `pip install wasmtime=={version}`",
        "falta el paquete wasmtime: instálalo con `pip install wasmtime=={version}`",
    ),
    "other wasmtime": (
        "wasmtime {found} is installed, and only {version} works here (newer ones refuse the network): install it with "
        "`pip install wasmtime=={version}`, best in a virtual environment",
        "está instalado wasmtime {found} y aquí solo funciona {version} (los más nuevos niegan la red): instálalo con "
        "`pip install wasmtime=={version}`, mejor en un entorno virtual",
    ),
    "wasmtime refuses": (
        "the package wasmtime does not work on this system: {reason}",
        "el paquete wasmtime no funciona en este sistema: {reason}",
    ),
    "trapped": (
        "the component has stopped itself ({reason}); the sandbox held. This is a defect: please report this line with "
        "what `aula --version` prints, and what was asked",
        "el componente se ha detenido ({reason}); el entorno aislado aguantó. Es un defecto: avisa, por favor, con esta "
        "línea, lo que muestra `aula --version` y lo que se le pidió",
    ),
}


def language(arguments: list[str]) -> str:
    """The user's language, `en` or `es`, as the server finds it: `--lang`, AULA_LANG, then the system's."""
    named = ""
    for option, value in zip(arguments, [*arguments[1:], ""]):
        if option == "--lang":
            named = value
        elif option.startswith("--lang="):
            named = option[len("--lang=") :]
    places = ("AULA_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    named = named or next((os.environ[place] for place in places if os.environ.get(place)), "")
    return "es" if named.lower().startswith("es") else "en"


def tell_the_language() -> None:
    """Windows has no LANG: there the server is told the language of the user's windows."""
    if sys.platform == "win32" and "LANG" not in os.environ:
        import ctypes
        import locale

        number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        os.environ["LANG"] = locale.windows_locale.get(number, "en_US")


def say(text: str, **values: object) -> str:
    """A text in the user's language, with its values."""
    english, spanish = TEXTS[text]
    return (spanish if language(sys.argv[1:]) == "es" else english).format(**values)
