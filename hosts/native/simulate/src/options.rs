//! The options of the command.

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How many exchanges are made if the user does not say, and how many a seed makes.
const EXCHANGES: u64 = 100_000;
const OF_A_SEED: u64 = 1_000;

const USAGE: &str = "\
cargo xtask simulate [FILE...] [OPTION...]

Runs server.wasm in simulated worlds; each follows from a seed. FILE: a schedule that was kept, to be run again.

  --seed N         the first seed; without it one from the clock
  --exchanges M    how many exchanges of honest clients (100000; 0: only the files)
  --per-seed M     how many of one seed, about (1000)
  --minutes T      no longer than this
  --go-on          do not stop at a seed that fails
  --keep FOLDER    where a failing schedule is kept, made shorter
  --component FILE another build of the server
  --planted        plant faults into the server, and tell how many exchanges each takes to be found
  --coverage       tell which branches of src/shell, io and src/schedule the seeds take
  --only TEXT      only the planted faults with this in what is broken
  --story          tell all that happens in FILE, and show the schedules of seeds that fail
  --trace OUT      write what happens in FILE as the JSON trace, for the inspector
";

/// All options of the command.
#[derive(Debug)]
pub struct Options {
    pub schedules: Vec<PathBuf>,
    pub seed: u64,
    pub exchanges: u64,
    pub exchanges_of_a_seed: u64,
    pub limit: Option<Duration>,
    pub goes_on: bool,
    pub keeps: Option<PathBuf>,
    pub component: Option<PathBuf>,
    pub tells: bool,
    pub plants: bool,
    pub covers: bool,
    pub only: String,
    pub trace: Option<PathBuf>,
}

impl Options {
    /// Reads the arguments that follow the program's name.
    ///
    /// # Errors
    /// The message says what is wrong, and how the command is used.
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            schedules: Vec::new(),
            seed: from_the_clock(),
            exchanges: EXCHANGES,
            exchanges_of_a_seed: OF_A_SEED,
            limit: None,
            goes_on: false,
            keeps: None,
            component: None,
            tells: false,
            plants: false,
            covers: false,
            only: String::new(),
            trace: None,
        };
        let mut has_exchanges = false;
        while let Some(argument) = arguments.next() {
            let mut value = || {
                arguments
                    .next()
                    .ok_or_else(|| format!("{argument} needs a value\n\n{USAGE}"))
            };
            let number = |text: String| text.parse().map_err(|_| format!("not a number: {text}\n\n{USAGE}"));
            match argument.as_str() {
                "--seed" => options.seed = number(value()?)?,
                "--exchanges" => {
                    options.exchanges = number(value()?)?;
                    has_exchanges = true;
                }
                "--per-seed" => options.exchanges_of_a_seed = number(value()?)?,
                "--minutes" => options.limit = Some(Duration::from_secs(60 * number(value()?)?)),
                "--go-on" => options.goes_on = true,
                "--keep" => options.keeps = Some(value()?.into()),
                "--component" => options.component = Some(value()?.into()),
                "--planted" => options.plants = true,
                "--coverage" => options.covers = true,
                "--only" => options.only = value()?,
                "--story" => options.tells = true,
                "--trace" => options.trace = Some(value()?.into()),
                _ if argument.starts_with('-') => return Err(format!("no such option: {argument}\n\n{USAGE}")),
                _ => options.schedules.push(argument.into()),
            }
        }
        if !has_exchanges && options.limit.is_some() {
            options.exchanges = u64::MAX;
        } else if !has_exchanges && !options.schedules.is_empty() {
            options.exchanges = 0;
        }
        Ok(options)
    }
}

/// A seed from the clock, so that it is different each time.
fn from_the_clock() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    now.as_secs() * 1000 % 1_000_000_000
}
