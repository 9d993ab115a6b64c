//! The messages of this host, in English and Spanish. The component has its own.

use aula::catalogue::Text;

pub const HELP: Text = Text::new(
    "\
Usage: aula [DIR[::NAME]] [OPTIONS]
                                   serve the folder DIR (default: www if it exists, otherwise the current one)
       aula check HOST:PORT ...    check any web server; aula check --help says more
       aula parse|resolve|respond ARGUMENT [DIR]
                                   call a single step of the server

Options of this program, for the server that it runs:
      --threads N              serve with N instances on one port, each in its own thread [1]
      --max-memory MIB         maximum memory of one instance [1024]
      --component FILE         run another server.wasm than the built-in one
      --open                   open a browser
      --qr                     draw the address for phones in the same network
  -h, --help                   print this
  -V, --version                print the version

Examples:
  aula www --port 8000 --list
  aula www --preset mininet
  AULA_PORT=8000 aula www

The options of the server follow.
",
    "\
Uso: aula [CARPETA[::NOMBRE]] [OPCIONES]
                                   sirve la carpeta CARPETA (por defecto, www si existe; si no, la actual)
     aula check HOST:PUERTO ...    comprueba cualquier servidor web; aula check --help dice más
     aula parse|resolve|respond ARGUMENTO [CARPETA]
                                   llama a un solo paso del servidor

Opciones de este programa, para el servidor que ejecuta:
      --threads N              servir con N instancias, una por hilo, en un solo puerto [1]
      --max-memory MIB         memoria máxima de una instancia [1024]
      --component FILE         ejecutar otro server.wasm que el incluido
      --open                   abrir un navegador
      --qr                     dibujar la dirección para los teléfonos de la misma red
  -h, --help                   mostrar esto
  -V, --version                mostrar la versión

Ejemplos:
  aula www --port 8000 --list
  aula www --preset mininet
  AULA_PORT=8000 aula www

Estas son las opciones del servidor.
",
);

pub const NOT_UTF_8: Text = Text::new(
    "argument \"{argument}\": it is not UTF-8: write it as text",
    "argumento \"{argument}\": no es UTF-8: escríbelo como texto",
);

pub const NO_FOLDER: Text = Text::new(
    "{folder}: there is no such folder: name the one to serve, as in `aula www`; options begin with --",
    "{folder}: no existe esa carpeta: nombra la que quieres servir, como en `aula www`; las opciones empiezan por --",
);

pub const FOLDER_REFUSED: Text = Text::new(
    "{folder}: it cannot be opened ({error}): check its permissions",
    "{folder}: no se puede abrir ({error}): revisa sus permisos",
);

pub const NO_NUMBER: Text = Text::new(
    "{option} \"{value}\": give a number from 1 to {most}",
    "{option} \"{value}\": tiene que ser un número de 1 a {most}",
);

pub const STAGE_USAGE: Text = Text::new(
    "{name}: write `aula {name} ARGUMENT [DIR]`, with the argument in quotes",
    "{name}: se escribe `aula {name} ARGUMENTO [CARPETA]`, con el argumento entre comillas",
);

pub const NO_COMPONENT_FILE: Text = Text::new("--component {file}: {error}", "--component {file}: {error}");

pub const NO_COMPONENT: Text = Text::new(
    "this component cannot run here: {error}",
    "este componente no puede ejecutarse aquí: {error}",
);

pub const NO_SHARED_PORTS: Text = Text::new(
    "--threads: this system cannot share a port between threads: leave it out, or start several servers behind a proxy",
    "--threads: este sistema no puede compartir un puerto entre hilos: omítelo o arranca varios servidores tras un proxy",
);

pub const SYSTEM: Text = Text::new(
    "the operating system refuses: {error}",
    "el sistema operativo se niega: {error}",
);

pub const FULL: Text = Text::new(
    "no more connections: the system allows {files} open files, and some are reserved for the pages; raise the limit \
     with `ulimit -n`",
    "no caben más conexiones: el sistema permite {files} archivos abiertos, y algunos se reservan para las páginas; \
     sube el límite con `ulimit -n`",
);

pub const TRAPPED: Text = Text::new(
    "the server has trapped ({reason}); its sandbox held. This is a defect of the server: please report this line, the \
     output of `aula --version`, and what was requested",
    "el servidor se ha detenido ({reason}); su entorno aislado aguantó. Es un defecto del servidor: avísanos, por favor, \
     con esta línea, lo que muestra `aula --version` y lo que se le pidió",
);

pub const STAGE_FAILED: Text = Text::new("{name}: {error}", "{name}: {error}");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_there_in_both_languages_with_the_same_places() {
        let texts = [
            HELP,
            NOT_UTF_8,
            NO_FOLDER,
            FOLDER_REFUSED,
            NO_NUMBER,
            STAGE_USAGE,
            NO_COMPONENT_FILE,
            NO_COMPONENT,
            NO_SHARED_PORTS,
            SYSTEM,
            FULL,
            TRAPPED,
            STAGE_FAILED,
        ];
        assert_eq!(texts.map(Text::fault), [const { None }; 13]);
    }
}
