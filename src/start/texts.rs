//! The messages of the start, in both languages.
//!
//! These sentences are not next to the checks that they explain, because the checks need the host. The tests have no
//! host, and check only this file.

use aula::catalogue::Text;

/// Declares each sentence once: its name, the English text and the Spanish text.
macro_rules! texts {
    ($($(#[doc = $doc:literal])* $name:ident: $en:literal, $es:literal;)*) => {
        $($(#[doc = $doc])* pub(super) const $name: Text = Text::new($en, $es);)*

        /// All sentences.
        #[cfg(test)]
        pub(super) const ALL: &[Text] = &[$($name,)*];
    };
}

texts! {
    // The ready line and the line after it. Tools wait for the English ones.
    LISTENING:
        "Listening on http://{address}/",
        "Escuchando en http://{address}/";
    SERVING:
        "Serving {folder} at {addresses}; Ctrl-C stops it.",
        "Sirviendo {folder} en {addresses}; Ctrl-C lo detiene.";
    INSPECTING:
        "Inspector at http://{address}/",
        "Inspector en http://{address}/";
    /// Between two addresses.
    AND:
        " and ",
        " y ";

    // Why there is nothing to serve.
    NOTHING_GRANTED:
        "no folder is granted: write --dir www (the folder to serve) before server.wasm",
        "no se ha concedido ninguna carpeta: escribe --dir www (la carpeta que se sirve) antes de server.wasm";
    ROOT_NOT_GRANTED:
        "not below a granted folder; granted with --dir: {granted}",
        "no está dentro de una carpeta concedida; concedidas con --dir: {granted}";
    NO_SUCH_FOLDER:
        "no such folder",
        "no existe esa carpeta";
    ROOT_IS_A_FILE:
        "a file; name the folder that it is in",
        "es un archivo; indica la carpeta que lo contiene";
    ROOT_REFUSED:
        "the host refuses to open it ({code})",
        "el sistema se niega a abrirla ({code})";
    NO_SUCH_SPA:
        "there is no such file in the folder",
        "no existe ese archivo en la carpeta";

    // Why the server cannot listen.
    NO_FREE_PORT:
        "no port is free on every address: choose one with --port",
        "ningún puerto está libre en todas las direcciones: elige uno con --port";
    NETWORK_NOT_GRANTED:
        "the network is not granted: write -S inherit-network after wasmtime run",
        "no se ha concedido la red: escribe -S inherit-network después de wasmtime run";
    PORT_REFUSED:
        "this user may not open port {port} (ports below 1024 are usually reserved): choose another with --port 8080",
        "este usuario no puede abrir el puerto {port} (rara vez puede uno menor que 1024): hay que elegir otro \
         con --port 8080";
    PORT_TAKEN:
        "port {port} is in use ({address}): stop its server or choose another with --port",
        "el puerto {port} está ocupado ({address}): detén su servidor o elige otro con --port";
    HOST_NOT_OURS:
        "this machine does not have this address; without --host the server listens on every address",
        "esta máquina no tiene esa dirección; sin --host el servidor escucha en todas";
    NO_SUCH_FAMILY:
        "this machine does not have such addresses",
        "esta máquina no tiene direcciones de ese tipo";
    CANNOT_LISTEN:
        "cannot listen on {address} ({code})",
        "no se puede escuchar en {address} ({code})";
}
