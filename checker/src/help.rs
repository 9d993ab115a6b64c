//! The text for `--help`.

use aula::catalogue::Text;

/// The help.
pub const HELP: Text = Text::new(
    "\
Usage: wasmtime run -S inherit-network checker.wasm HOST:PORT [OPTIONS]
       wasmtime run -S inherit-network checker.wasm get HOST PORT /PATH
       wasmtime run -S inherit-network checker.wasm listen PORT

Checks a web server, and shows byte by byte what is wrong and how to fix it.

  --preset NAME      the lab: general (default), kurose, nyu (kurose as it is
                     often graded), mininet, lab01; sets the page, the points,
                     and the port if you leave that out
  --page /PATH       the page that most checks ask for
  --file /PATH=FILE  a file of the site, to be compared byte by byte;
                     repeatable; the first one is the page. Needs --dir before
                     checker.wasm
  --only ID[,ID]     only these checks, or groups: lab, rfc, robustness
  --group NAME       the groups that count; repeatable. A lab counts what its
                     sheet asks, general counts all
  --require ID[=N]   this check counts as the lab's do, N points; repeatable.
                     0 makes it a tip
  --threads          the optional exercise counts: several clients at once
  --tips             explain the tips too, not only what counts
  --restart          also check that the server can be started again at once:
                     you are asked to stop and start it
  --json FILE        write the results as JSON; - is stdout
  --gradescope FILE  write Gradescope's results.json; - is stdout
  --lang es|en       the language; by default that of LC_ALL,
                     LC_MESSAGES or LANG if they are passed, or English
  --list             print every check with its points
  --help             print this

get makes one request and shows both sides byte by byte; its option --http
takes 0.9, 1.0 or 1.1. listen is a server that checks the request of your
client in the same way; --requests N ends it after N clients.

Exit code 0: every lab check with points that was run passed. 1: one failed,
there was no connection, or the arguments were wrong; the last line says which.

Examples:
  wasmtime run -S inherit-network checker.wasm 127.0.0.1:13331 --preset kurose
  wasmtime run -S inherit-network --dir . checker.wasm 127.0.0.1:3000 \\
      --preset mininet --file /hello.html=hello.html --file /car.jpeg=car.jpeg",
    "\
Uso: wasmtime run -S inherit-network checker.wasm HOST:PUERTO [OPCIONES]
     wasmtime run -S inherit-network checker.wasm get HOST PUERTO /RUTA
     wasmtime run -S inherit-network checker.wasm listen PUERTO

Comprueba un servidor web y muestra byte a byte qué falla y cómo arreglarlo.

  --preset NOMBRE    la práctica (o laboratorio): general (por defecto),
                     kurose, nyu (kurose como se suele calificar), mininet o
                     lab01; fija la página, los puntos y, si no lo pones, el
                     puerto
  --page /RUTA       la página que piden casi todas las comprobaciones
  --file /RUTA=ARCHIVO
                     un archivo del sitio, para compararlo byte a byte; se
                     puede repetir; el primero es la página. Necesita --dir
                     antes de checker.wasm
  --only ID[,ID]     solo estas comprobaciones, o grupos: lab, rfc, robustness
  --group NOMBRE     los grupos que puntúan; se puede repetir. En una práctica
                     puntúa lo que pide su hoja; en general, todo
  --require ID[=N]   esta comprobación puntúa como las de la práctica, con N
                     puntos; se puede repetir. Con 0 es un consejo
  --threads          puntúa el ejercicio opcional: varios clientes a la vez
  --tips             explica también los consejos, no solo lo que puntúa
  --restart          comprueba también que el servidor se puede volver a
                     arrancar enseguida: te pedirá que lo pares y lo arranques
  --json ARCHIVO     escribe los resultados en JSON; - es stdout
  --gradescope ARCHIVO
                     escribe el results.json de Gradescope; - es stdout
  --lang es|en       el idioma; por defecto, el de LC_ALL, LC_MESSAGES o
                     LANG si se pasan, o inglés
  --list             muestra todas las comprobaciones con sus puntos
  --help             muestra esto

get hace una petición y muestra los dos lados byte a byte; su opción --http
admite 0.9, 1.0 o 1.1. listen es un servidor que juzga del mismo modo la
petición de tu cliente; con --requests N termina tras N clientes.

Código de salida 0: salen bien todas las comprobaciones de la práctica con
puntos que se hicieron. 1: falla alguna, no hubo conexión o los argumentos no
valen; la última línea dice cuál de las tres cosas.

Ejemplos:
  wasmtime run -S inherit-network checker.wasm 127.0.0.1:13331 --preset kurose
  wasmtime run -S inherit-network --dir . checker.wasm 127.0.0.1:3000 \\
      --preset mininet --file /hello.html=hello.html --file /car.jpeg=car.jpeg",
);
