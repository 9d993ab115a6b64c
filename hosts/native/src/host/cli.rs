//! `wasi:cli`: arguments, environment, output, and the end of the program.

use super::io::{Input, Output};
use super::{Host, Stopped, add};
use crate::wit::wasi::cli::{
    environment, exit, stderr, stdin, stdout, terminal_input, terminal_output, terminal_stderr, terminal_stdin,
    terminal_stdout,
};
use crate::wit::wasi::io::streams::{InputStream, OutputStream};
use crate::world::{self, World};
use terminal_input::TerminalInput;
use terminal_output::TerminalOutput;
use wasmtime::Result;
use wasmtime::component::Resource;

impl<W: World> environment::Host for Host<W> {
    /// `get-environment: func() -> list<tuple<string, string>>`
    fn get_environment(&mut self) -> Result<Vec<(String, String)>> {
        Ok(self.granted.environment.clone())
    }

    /// `get-arguments: func() -> list<string>`
    fn get_arguments(&mut self) -> Result<Vec<String>> {
        Ok(self.granted.arguments.clone())
    }
}

impl<W: World> exit::Host for Host<W> {
    /// `exit: func(status: result)`: it never returns.
    fn exit(&mut self, status: Result<(), ()>) -> Result<()> {
        Err(Stopped::Exit(u8::from(status.is_err())).into())
    }
}

impl<W: World> stdin::Host for Host<W> {
    /// `get-stdin: func() -> input-stream`
    fn get_stdin(&mut self) -> Result<Resource<InputStream>> {
        add(&mut self.inputs, Input::Nothing)
    }
}

impl<W: World> stdout::Host for Host<W> {
    /// `get-stdout: func() -> output-stream`
    fn get_stdout(&mut self) -> Result<Resource<OutputStream>> {
        add(&mut self.outputs, Output::Console(world::Output::Stdout))
    }
}

impl<W: World> stderr::Host for Host<W> {
    /// `get-stderr: func() -> output-stream`
    fn get_stderr(&mut self) -> Result<Resource<OutputStream>> {
        add(&mut self.outputs, Output::Console(world::Output::Stderr))
    }
}

impl<W: World> terminal_input::Host for Host<W> {}
impl<W: World> terminal_output::Host for Host<W> {}

impl<W: World> terminal_input::HostTerminalInput for Host<W> {
    fn drop(&mut self, _: Resource<TerminalInput>) -> Result<()> {
        Ok(())
    }
}

impl<W: World> terminal_output::HostTerminalOutput for Host<W> {
    fn drop(&mut self, _: Resource<TerminalOutput>) -> Result<()> {
        Ok(())
    }
}

impl<W: World> terminal_stdin::Host for Host<W> {
    /// `get-terminal-stdin: func() -> option<terminal-input>`: there is nothing to read from stdin.
    fn get_terminal_stdin(&mut self) -> Result<Option<Resource<TerminalInput>>> {
        Ok(None)
    }
}

impl<W: World> terminal_stdout::Host for Host<W> {
    /// `get-terminal-stdout: func() -> option<terminal-output>`
    fn get_terminal_stdout(&mut self) -> Result<Option<Resource<TerminalOutput>>> {
        Ok(self.terminal(world::Output::Stdout))
    }
}

impl<W: World> terminal_stderr::Host for Host<W> {
    /// `get-terminal-stderr: func() -> option<terminal-output>`
    fn get_terminal_stderr(&mut self) -> Result<Option<Resource<TerminalOutput>>> {
        Ok(self.terminal(world::Output::Stderr))
    }
}

impl<W: World> Host<W> {
    /// A terminal has no functions: the component only learns that it exists.
    fn terminal(&self, output: world::Output) -> Option<Resource<TerminalOutput>> {
        self.world.is_terminal(output).then(|| Resource::new_own(0))
    }
}
