//! What the user wants: a command, the host's own options, and those that are the component's.

use crate::texts;
use aula::catalogue::Message;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The folder that is served where none is named, if it is there.
const FOLDER: &str = "www";

/// The most threads that may be asked for.
const MOST_THREADS: usize = 256;

/// How much memory the server may have, in MiB, unless something else is asked for.
const MEMORY: usize = 1024;

#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    Serve(Serve),
    /// With the checker's own arguments.
    Check(Vec<String>),
    Stage(Stage),
    Help,
    Version,
}

/// A folder, and the name under which the component knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    pub path: PathBuf,
    pub name: String,
}

/// How to serve.
#[derive(Debug, PartialEq, Eq)]
pub struct Serve {
    pub folder: Folder,
    /// `--threads`: how many instances there are, one a thread.
    pub threads: usize,
    /// `--component`: another server.
    pub component: Option<PathBuf>,
    /// `--max-memory`: of one instance, in bytes.
    pub max_memory: usize,
    /// What is the server's own.
    pub options: Vec<String>,
}

/// A step of the server's, to be called by hand.
#[derive(Debug, PartialEq, Eq)]
pub struct Stage {
    /// `parse`, `resolve` or `respond`.
    pub name: String,
    pub argument: String,
    pub folder: Folder,
}

impl Folder {
    /// The folder in which the user is.
    pub fn current() -> Self {
        Self::named(".")
    }

    /// One that is called as it was written.
    fn named(name: &str) -> Self {
        Self {
            path: name.into(),
            name: name.to_owned(),
        }
    }
}

/// Reads the arguments behind the program's name.
///
/// # Errors
/// The first mistake. One in the component's own options is the component's to tell.
pub fn parse(arguments: Vec<OsString>) -> Result<Command, Message> {
    let arguments: Vec<String> = arguments.into_iter().map(text).collect::<Result<_, _>>()?;
    let mut rest = arguments.into_iter().peekable();
    match rest.peek().map(String::as_str) {
        Some("check") => return Ok(Command::Check(rest.skip(1).collect())),
        Some(name @ ("parse" | "resolve" | "respond")) => {
            let name = name.to_owned();
            return stage(name, rest.skip(1)).map(Command::Stage);
        }
        _ => {}
    }
    let mut serve = Serve {
        folder: folder(rest.next_if(|first| !first.starts_with('-')))?,
        threads: 1,
        component: None,
        max_memory: MEMORY << 20,
        options: Vec::new(),
    };
    while let Some(argument) = rest.next() {
        let (name, attached) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let mut value = || attached.clone().or_else(|| rest.next()).unwrap_or_default();
        match name {
            "--threads" => serve.threads = number(name, &value(), MOST_THREADS)?,
            "--max-memory" => serve.max_memory = number(name, &value(), 4096)? << 20,
            "--component" => serve.component = Some(value().into()),
            "--help" | "-h" => return Ok(Command::Help),
            "--version" | "-V" => return Ok(Command::Version),
            _ => serve.options.push(argument),
        }
    }
    Ok(Command::Serve(serve))
}

fn text(argument: OsString) -> Result<String, Message> {
    argument
        .into_string()
        .map_err(|argument| texts::NOT_UTF_8.with("argument", argument.to_string_lossy()))
}

fn stage(name: String, mut rest: impl Iterator<Item = String>) -> Result<Stage, Message> {
    let argument = rest.next().ok_or_else(|| texts::STAGE_USAGE.with("name", &name))?;
    let folder = folder(rest.next())?;
    match rest.next() {
        None => Ok(Stage { name, argument, folder }),
        Some(_) => Err(texts::STAGE_USAGE.with("name", name)),
    }
}

/// The folder that is written, or `FOLDER::NAME`; without one, `www` or else the current one.
fn folder(written: Option<String>) -> Result<Folder, Message> {
    let Some(written) = written else {
        let is_there = Path::new(FOLDER).is_dir();
        return Ok(Folder::named(if is_there { FOLDER } else { "." }));
    };
    let folder = match written.rsplit_once("::") {
        Some((path, name)) if !Path::new(&written).exists() => Folder {
            path: path.into(),
            name: name.to_owned(),
        },
        _ => Folder::named(&written),
    };
    match folder.path.is_dir() {
        true => Ok(folder),
        false => Err(texts::NO_FOLDER.with("folder", folder.path.display())),
    }
}

fn number(option: &str, value: &str, most: usize) -> Result<usize, Message> {
    let number = value.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| {
        let mistake = texts::NO_NUMBER.with("option", option).with("value", value);
        mistake.with("most", most)
    })
}
