//! What this host says, in English and Spanish. What the component says is its own.

use aula::catalogue::Text;

pub const HELP: Text = Text::new(
    "\
Usage: aula [DIR[::NAME]] [OPTIONS]
                                   serve the folder DIR (www, if it is there; otherwise the current one)
       aula check HOST:PORT ...    check any web server; aula check --help says more
       aula parse|resolve|respond ARGUMENT [DIR]
                                   call a single step of the server

Options of this program, for the server that it runs:
      --threads N              serve with N instances, one a thread, at one port [1]
      --max-memory MIB         memory of one instance [1024]
      --component FILE         run another server.wasm than the one inside
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
                                   sirve la carpeta CARPETA (www, si existe; si no, la actual)
     aula check HOST:PUERTO ...    comprueba cualquier servidor web; aula check --help dice más
     aula parse|resolve|respond ARGUMENTO [CARPETA]
                                   llama a un solo paso del servidor

Opciones de este programa, para el servidor que ejecuta:
      --threads N              servir con N instancias, una por hilo, en un solo puerto [1]
      --max-memory MIB         memoria de una instancia [1024]
      --component FILE         ejecutar otro server.wasm que el incluido
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
    "argument \"{argument}\": not UTF-8: give text",
    "argumento \"{argument}\": no es UTF-8: tiene que ser texto",
);

pub const NO_FOLDER: Text = Text::new(
    "{folder}: no such folder: name the one to serve, as in `aula www`; options begin with --",
    "{folder}: no existe esa carpeta: nombra la que quieres servir, como en `aula www`; las opciones empiezan por --",
);

pub const FOLDER_REFUSED: Text = Text::new(
    "{folder}: cannot be opened ({error}): see who may read it",
    "{folder}: no se puede abrir ({error}): mira quién puede leerla",
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
    "this is no component that runs here: {error}",
    "este no es un componente que funcione aquí: {error}",
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
    "no more connections: the system allows {files} open files, of which some are kept for the pages; `ulimit -n` sets more",
    "no caben más conexiones: el sistema permite {files} archivos abiertos, y algunos se reservan para las páginas; \
     `ulimit -n` permite más",
);

pub const TRAPPED: Text = Text::new(
    "the server has stopped itself ({reason}); its sandbox held. This is a defect of the server: please report this line \
     with what `aula --version` prints, and what was asked",
    "el servidor se ha detenido ({reason}); su caja de arena aguantó. Es un defecto del servidor: avisa, por favor, con \
     esta línea, lo que muestra `aula --version` y lo que se le pidió",
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
