//! A host of our own for `server.wasm` and `checker.wasm`: what the program `aula` is made of. It is a library so that
//! `simulate/` can run the same functions over a simulated world.
//!
//! | file | what it holds |
//! |---|---|
//! | `arguments` | what the user wants |
//! | `run` | the engine, threads, signals, how it ends |
//! | `cache` | compiled code, kept |
//! | `stages` | the server's single steps, called by hand |
//! | `texts` | what is said, in English and Spanish |
//! | `wit` | the types and functions of `wit/`, made by wasmtime |
//! | `host` | those functions, over a `World` |
//! | `world` | what is outside: the operating system |
//!
//! `docs/host.md` tells it as a story.

#![deny(unsafe_code)]

pub mod arguments;
mod cache;
pub mod host;
pub mod run;
pub mod stages;
pub mod texts;
pub mod wit;
pub mod world;
