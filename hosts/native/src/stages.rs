//! The server's single steps, called by hand: `aula parse 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'`.
//!
//! Arguments and results are written in WAVE, as `wasmtime run --invoke` does.

use crate::arguments::Stage;
use crate::host::{self, Host};
use crate::run;
use crate::texts;
use crate::world::Real;
use aula::catalogue::Message;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use wasmtime::component::{Type, Val};
use wasmtime::error::Context as _;
use wasmtime::{Result, Store, StoreLimitsBuilder};

/// The interface of the server that exports them.
const INTERFACE: &str = "aula:server/stages@0.1.0";

/// Calls a stage, and prints its result.
pub fn call(stage: &Stage) -> Result<ExitCode, Message> {
    let (engine, component) = run::load_server()?;
    let call = || -> Result<String> {
        let world = Real::new(Arc::default(), usize::MAX, String::new())?;
        let granted = run::granted("server.wasm", Vec::new(), &stage.folder);
        let granted = granted.map_err(|error| wasmtime::Error::msg(error.get(aula::catalogue::Lang::En)))?;
        let host = Host::new(world, granted, StoreLimitsBuilder::new().build());
        let mut store = Store::new(&engine, host);
        let instance = host::linker(&engine)?.instantiate(&mut store, &component)?;
        let interface = instance.get_export_index(&mut store, None, INTERFACE);
        let interface = interface.context("the server exports no stages")?;
        let function = instance.get_export_index(&mut store, Some(&interface), &stage.name);
        let function = function.and_then(|function| instance.get_func(&mut store, function));
        let function = function.context("the server has no such stage")?;
        let ty = function.ty(&store).params().next().map(|(_, ty)| ty);
        let argument = value(&ty.context("the stage takes nothing")?, &stage.argument)?;
        let mut results = [Val::Bool(false)];
        function.call(&mut store, &[argument], &mut results)?;
        let [result] = results;
        result.to_wave()
    };
    let result = call().map_err(|error| {
        let mistake = texts::STAGE_FAILED.with("name", &stage.name);
        mistake.with("error", format!("{error:#}"))
    })?;
    let _ = writeln!(io::stdout(), "{result}");
    Ok(ExitCode::SUCCESS)
}

/// The argument as a value. A string needs no quotes around it, and may contain escapes such as `\r\n`.
fn value(ty: &Type, text: &str) -> Result<Val> {
    match ty {
        Type::String if !text.starts_with('"') => Val::from_wave(ty, &format!("\"{}\"", text.replace('"', "\\\""))),
        _ => Val::from_wave(ty, text),
    }
}
