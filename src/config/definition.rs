//! What the definition of an option says, and how the option is written on the command line and in the environment.

use super::Config;
use super::values::Reason;
use crate::catalogue::Text;

/// The value of a switch that is on.
pub(super) const YES: &str = "yes";

/// One option.
pub(super) struct Definition {
    /// The name, without the dashes.
    pub(super) name: &'static str,
    /// The short form of one letter, if there is one.
    pub(super) short: Option<char>,
    /// The value that it takes.
    pub(super) value: Value,
    /// The default, written as on the command line; empty means none.
    pub(super) default: &'static str,
    /// The meaning, for the help text, which adds the default.
    pub(super) meaning: Text,
    /// The effect.
    pub(super) effect: Effect,
}

/// What an option takes on the command line.
pub(super) enum Value {
    /// Nothing, or `=yes` or `=no`.
    Switch,
    /// One value, under this name in the help text. If it is given several times, the last one counts.
    One(&'static str),
    /// A value that may be repeated; all of them count.
    Many(&'static str),
}

/// What an option does.
#[derive(Clone, Copy)]
pub(super) enum Effect {
    /// Sets a value in the configuration.
    Set(fn(&mut Config, &str) -> Result<(), Reason>),
    /// Asks for the help text.
    Help,
    /// Asks for the version.
    Version,
}

/// A group of options in the help text.
pub(super) struct Group {
    /// The heading of the group.
    pub(super) title: Text,
    /// The options, in the order of the help text.
    pub(super) options: &'static [Definition],
}

impl Definition {
    /// The variable that gives the option in the environment: `AULA_MAX_BODY` for `max-body`.
    pub(super) fn environment_name(&self) -> String {
        format!("AULA_{}", self.name.replace('-', "_").to_uppercase())
    }

    /// The values in its variable: none if it is empty, and one per line for a repeatable option.
    pub(super) fn split_environment(&self, variable: &str) -> Vec<String> {
        let values = match self.value {
            Value::Many(_) => variable.lines().collect(),
            Value::One(_) | Value::Switch => vec![variable],
        };
        let given = values.into_iter().filter(|value| !value.is_empty());
        given.map(str::to_owned).collect()
    }

    /// Whether the option has no value on the command line.
    pub(super) fn is_switch(&self) -> bool {
        matches!(self.value, Value::Switch)
    }

    /// The option as the help text writes it: `--port N`.
    pub(super) fn usage(&self) -> String {
        let name = self.name;
        match self.value {
            Value::Switch => format!("--{name}"),
            Value::One(value) | Value::Many(value) => format!("--{name} {value}"),
        }
    }

    /// The option with a value, as the command line writes it.
    pub(super) fn written(&self, value: &str) -> String {
        let name = self.name;
        match self.value {
            Value::Switch if value == YES => format!("--{name}"),
            Value::Switch => format!("--{name}={value}"),
            Value::One(_) | Value::Many(_) => format!("--{name} {}", quoted(value)),
        }
    }

    /// The option with a value, as the environment writes it.
    pub(super) fn written_in_environment(&self, value: &str) -> String {
        format!("{}={}", self.environment_name(), quoted(value))
    }
}

/// The value, in quotes if its end would not be visible otherwise.
fn quoted(value: &str) -> String {
    if value.is_empty() || value.contains(char::is_whitespace) {
        format!("\"{value}\"")
    } else {
        value.to_owned()
    }
}
