//! What is said while the server starts, in both languages.
//!
//! These sentences stand apart from the checks that they explain because those need the host: the tests,
//! which have none, walk over this file alone.

use aula::catalogue::Text;

/// Declares each sentence once: its name here, in English, in Spanish.
macro_rules! texts {
    ($($(#[doc = $doc:literal])* $name:ident: $en:literal, $es:literal;)*) => {
        $($(#[doc = $doc])* pub(super) const $name: Text = Text::new($en, $es);)*

        /// All of them.
        #[cfg(test)]
        pub(super) const ALL: &[Text] = &[$($name,)*];
    };
}

texts! {
    // The ready line and the one behind it: tools wait for the English ones.
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
        "no se ha concedido ninguna carpeta: se escribe --dir www (la carpeta que se sirve) antes de server.wasm";
    ROOT_NOT_GRANTED:
        "not below a granted folder; granted with --dir: {granted}",
        "no está dentro de una carpeta concedida; concedidas con --dir: {granted}";
    NO_SUCH_FOLDER:
        "no such folder",
        "no existe esa carpeta";
    ROOT_IS_A_FILE:
        "a file; name the folder that it is in",
        "es un archivo; hay que indicar la carpeta que lo contiene";
    ROOT_REFUSED:
        "the host refuses to open it ({code})",
        "el sistema se niega a abrirla ({code})";
    NO_SUCH_SPA:
        "no such file in the folder",
        "no existe ese archivo en la carpeta";

    // Why nobody can be listened to.
    NO_FREE_PORT:
        "no port is free at every address: name one with --port",
        "ningún puerto está libre en todas las direcciones: hay que indicar uno con --port";
    NETWORK_NOT_GRANTED:
        "the network is not granted: write -S inherit-network after wasmtime run",
        "no se ha concedido la red: se escribe -S inherit-network después de wasmtime run";
    PORT_REFUSED:
        "port {port} may not be opened by this user (ports below 1024 seldom may): choose another with --port 8080",
        "este usuario no puede abrir el puerto {port} (rara vez puede uno menor que 1024): hay que elegir otro \
         con --port 8080";
    PORT_TAKEN:
        "port {port} is taken ({address}): stop its server or choose another with --port",
        "el puerto {port} está ocupado ({address}): hay que detener su servidor o elegir otro con --port";
    HOST_NOT_OURS:
        "this machine does not have the address; without --host every address is served",
        "esta máquina no tiene esa dirección; sin --host se sirven todas";
    NO_SUCH_FAMILY:
        "this machine does not have such addresses",
        "esta máquina no tiene direcciones de ese tipo";
    CANNOT_LISTEN:
        "cannot listen at {address} ({code})",
        "no se puede escuchar en {address} ({code})";
}
