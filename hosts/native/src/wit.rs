//! Rust's side of `wit/`, made by wasmtime: for each interface a module with its types and a trait `Host` with its
//! functions.

// The code that the macro makes has `unsafe` and no documentation: it is not ours.
#![allow(unsafe_code, missing_docs, clippy::all, clippy::pedantic)]

wasmtime::component::bindgen!({
    path: "wit",
    world: "host",
    // Any function may end the program, by giving an error.
    imports: { default: trappable },
});

/// What the checker has besides.
pub mod checker {
    wasmtime::component::bindgen!({
        path: "wit",
        world: "checker",
        imports: { default: trappable },
        with: {
            "wasi:io/poll": super::wasi::io::poll,
            "wasi:sockets/network": super::wasi::sockets::network,
        },
    });
}
