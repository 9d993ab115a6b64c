//! The command line: a command, the host's own options, and those that are passed to the component.

use crate::texts;
use aula::catalogue::Message;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The folder that is served if none is named and this one exists.
const FOLDER: &str = "www";

/// The maximum number of threads.
const MOST_THREADS: usize = 256;

/// The maximum memory of the server by default, in MiB.
const MEMORY: usize = 1024;

#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    Serve(Serve),
    /// Run the checker with these arguments.
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
    /// `--threads`: the number of instances, each in its own thread.
    pub threads: usize,
    /// `--component`: another build of the server.
    pub component: Option<PathBuf>,
    /// `--max-memory`: the maximum memory of one instance, in bytes.
    pub max_memory: usize,
    /// `--open`: open a browser.
    pub opens: bool,
    /// `--qr`: draw the address for phones.
    pub draws: bool,
    /// The options that are passed to the server.
    pub options: Vec<String>,
}

/// A single step of the server, to be called by hand.
#[derive(Debug, PartialEq, Eq)]
pub struct Stage {
    /// `parse`, `resolve` or `respond`.
    pub name: String,
    pub argument: String,
    pub folder: Folder,
}

impl Folder {
    /// The current folder.
    pub fn current() -> Self {
        Self::named(".")
    }

    /// A folder with the name under which the user gave it.
    fn named(name: &str) -> Self {
        Self {
            path: name.into(),
            name: name.to_owned(),
        }
    }
}

/// Parses the arguments after the program's name.
///
/// # Errors
/// The first mistake. The component itself reports mistakes in its own options.
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
    let mut written = None;
    let mut serve = Serve {
        folder: Folder::current(),
        threads: 1,
        component: None,
        max_memory: MEMORY << 20,
        opens: false,
        draws: false,
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
            "--open" if attached.is_none() => serve.opens = true,
            "--qr" if attached.is_none() => serve.draws = true,
            "--component" => serve.component = Some(value().into()),
            "--help" | "-h" => return Ok(Command::Help),
            "--version" | "-V" => return Ok(Command::Version),
            // Behind an option of the server, it may be the value of that option.
            _ if written.is_none() && serve.options.is_empty() && !argument.starts_with('-') => {
                written = Some(argument);
            }
            _ => serve.options.push(argument),
        }
    }
    serve.folder = folder(written)?;
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

/// The folder given as `FOLDER` or `FOLDER::NAME`; without an argument, `www` if it exists, otherwise the current one.
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
    if folder.path.is_dir() {
        Ok(folder)
    } else {
        Err(texts::NO_FOLDER.with("folder", folder.path.display()))
    }
}

fn number(option: &str, value: &str, most: usize) -> Result<usize, Message> {
    let number = value.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| {
        let mistake = texts::NO_NUMBER.with("option", option).with("value", value);
        mistake.with("most", most)
    })
}
