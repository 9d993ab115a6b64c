//! Looks at a file before it is run: is it a component, does it export `parse`, does it ask for nothing?
//!
//! Nothing is granted to it in any case (`call`). But a parser that asks for files would only find none,
//! and be marked wrong without a word of why: so it is refused here, with what it asks for.

use anyhow::{Result, bail, ensure};
use wasmparser::component_types::ComponentEntityType;
use wasmparser::types::TypesRef;
use wasmparser::{Encoding, Parser, Payload, Validator};

/// Interfaces that give no right: the time, chance, and streams that lead nowhere but to stdout and stderr.
/// Rust's standard library imports some of them whether or not they are used.
const HARMLESS: [&str; 4] = ["wasi:cli/", "wasi:io/", "wasi:clocks/", "wasi:random/"];

/// What a program exports, `server.wasm` for one. Its imports are for its `main`, which is not called.
const PROGRAM: &str = "wasi:cli/run";

/// The function that is graded.
pub(super) const FUNCTION: &str = "parse";

/// Holds the content of a file to what a graded component must be.
///
/// # Errors
/// What is wrong with it, and what to do about it, in one line.
pub(super) fn check(content: &[u8]) -> Result<()> {
    match Parser::new(0).parse_all(content).next() {
        Some(Ok(Payload::Version {
            encoding: Encoding::Component,
            ..
        })) => {}
        Some(Ok(_)) => bail!(
            "this is a core module, not a component: build a library of crate-type \"cdylib\" with \
             `cargo build --release --target wasm32-wasip2`"
        ),
        _ => bail!("this is no WebAssembly: name the .wasm file that was built, not its source"),
    }
    let types = match Validator::new().validate_all(content) {
        Ok(types) => types,
        Err(error) => bail!("this is broken WebAssembly, build it again: {}", error.message()),
    };
    let (imports, exports) = names(content)?;
    ensure!(
        exports.iter().any(|export| is_parse(types.as_ref(), export)),
        "it exports no function `{FUNCTION}`: build it for the world `parse-stage` (wit/parse-stage.wit)"
    );
    if exports.iter().any(|export| export.starts_with(PROGRAM)) {
        return Ok(());
    }
    let asked = imports.iter().find(|import| asks(types.as_ref(), import));
    match asked.map(|import| import.split('@').next().unwrap_or(import)) {
        None => Ok(()),
        Some(import) => bail!(
            "it imports {import}, and a graded stage is granted {}: take out what asks for it (in Python, build \
             with --stub-wasi)",
            right(import)
        ),
    }
}

/// The names of what a component imports and exports, and of what those inside it do: the validator, asked
/// for one of the latter, does not know it.
fn names(content: &[u8]) -> Result<(Vec<&str>, Vec<&str>)> {
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(content) {
        match payload? {
            Payload::ComponentImportSection(section) => {
                for import in section {
                    imports.push(import?.name.name);
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section {
                    exports.push(export?.name.name);
                }
            }
            _ => {}
        }
    }
    Ok((imports, exports))
}

/// Whether an export is `parse`, or an interface with it: the runtime finds both by that name.
fn is_parse(types: TypesRef<'_>, export: &str) -> bool {
    match types.component_item_for_export(export).map(|item| item.ty) {
        Some(ComponentEntityType::Func(_)) => export == FUNCTION,
        Some(ComponentEntityType::Instance(interface)) => matches!(
            types[interface].exports.get(FUNCTION).map(|item| item.ty),
            Some(ComponentEntityType::Func(_))
        ),
        _ => false,
    }
}

/// Whether an import is more than a type, and not harmless.
fn asks(types: TypesRef<'_>, import: &str) -> bool {
    match types.component_item_for_import(import).map(|item| item.ty) {
        None | Some(ComponentEntityType::Type { .. }) => false,
        Some(_) => !HARMLESS.iter().any(|harmless| import.starts_with(harmless)),
    }
}

/// What of the kind of this import is granted.
fn right(import: &str) -> &'static str {
    match import.split('/').next() {
        Some("wasi:sockets" | "wasi:http") => "no network",
        Some("wasi:filesystem") => "no files",
        _ => "nothing of the kind",
    }
}
