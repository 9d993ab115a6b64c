//! The help text, made from the table of options; and the version.

use super::definition::{Definition, Group, Value};
use super::options;
use super::presets::{PRESETS, Preset};
use crate::catalogue::{Lang, Text, wrapped};

/// The maximum number of columns. A terminal has 80, and some break a line that fills all of them.
const WIDTH: usize = 79;
/// The column in which the meaning of an option begins: after the longest option and two spaces.
const MEANING: usize = 32;
/// The column in which the text of a preset begins.
const PRESET: usize = 11;

// The texts that are not in the table.

pub(super) const USAGE: Text = Text::new(
    "Usage: wasmtime run -S inherit-network --dir www server.wasm [OPTIONS]",
    "Uso: wasmtime run -S inherit-network --dir www server.wasm [OPCIONES]",
);

pub(super) const INTRODUCTION: Text = Text::new(
    "A web server in one sandboxed file. The runtime grants it the network and a folder; the options come \
     after server.wasm.",
    "Un servidor web en un solo archivo, en un entorno aislado (sandbox). El runtime le concede la red y una \
     carpeta; las opciones van después de server.wasm.",
);

pub(super) const LEGEND: Text = Text::new(
    "Brackets show the default. A switch is off by default, and --serial=no switches off \
     one that a preset or the environment switched on. An empty value, as in --spa=, means none.",
    "Entre corchetes está el valor por defecto. Un \
     interruptor está apagado por defecto, y --serial=no apaga el que haya encendido un preset o el \
     entorno. Un valor vacío, como en --spa=, equivale a ninguno.",
);

pub(super) const NONE: Text = Text::new("none", "ninguno");

pub(super) const REPEATABLE: Text = Text::new("repeatable", "repetible");

pub(super) const PRESETS_RULE: Text = Text::new(
    "Presets. A preset sets several options; any that you give yourself win:",
    "Presets. Un preset fija varias opciones; prevalecen las que des tú:",
);

pub(super) const ENVIRONMENT: Text = Text::new(
    "Environment: each option but --help and --version has a variable, AULA_ and its name in capitals, with \
     _ for -: AULA_PORT=8000, AULA_MAX_BODY=2m, AULA_LIST=yes. A repeatable option takes one value per line, \
     and an empty variable counts as unset. The command line wins over the environment, the environment over \
     the preset, and the preset over the default.",
    "Entorno: cada opción, salvo --help y --version, tiene una variable: AULA_ y su nombre en mayúsculas, \
     con _ en lugar de -: AULA_PORT=8000, AULA_MAX_BODY=2m, AULA_LIST=yes. Una opción repetible toma un \
     valor por línea, y una variable vacía cuenta como no definida. La línea de comandos prevalece sobre el \
     entorno, el entorno sobre el preset y el preset sobre el valor por defecto.",
);

pub(super) const PASSED_ON: Text = Text::new(
    "The runtime passes on only what its --env names.",
    "El runtime solo transmite lo que nombra su --env.",
);

pub(super) const EXAMPLES: Text = Text::new("Examples:", "Ejemplos:");

const EXAMPLE_LINES: &str = "  wasmtime run -S inherit-network --dir www server.wasm --port 8000 --list
  wasmtime run -S inherit-network --dir www server.wasm --preset mininet
  wasmtime run -S inherit-network --dir www --env AULA_PORT=8000 server.wasm";

/// The text for `--help`, without a line break at its end; no line is longer than 79 columns.
#[must_use]
pub fn help(lang: Lang) -> String {
    let examples = format!("{}\n{EXAMPLE_LINES}", EXAMPLES.get(lang));
    let sections = [
        USAGE.get(lang).to_owned(),
        paragraph(&[INTRODUCTION, LEGEND], lang),
        tables(lang),
        paragraph(&[ENVIRONMENT, PASSED_ON], lang),
        examples,
    ];
    sections.join("\n\n")
}

/// The part of [`help`] that does not depend on the host: for one that has a command line of its own.
#[must_use]
pub fn options_help(lang: Lang) -> String {
    let sections = [
        paragraph(&[LEGEND], lang),
        tables(lang),
        paragraph(&[ENVIRONMENT], lang),
    ];
    sections.join("\n\n")
}

/// The options by group, and the presets.
fn tables(lang: Lang) -> String {
    let groups = options::GROUPS.iter().map(|options| group(options, lang));
    let sections: Vec<_> = groups.chain([presets(lang)]).collect();
    sections.join("\n\n")
}

/// Several texts as one.
fn paragraph(texts: &[Text], lang: Lang) -> String {
    let texts: Vec<_> = texts.iter().map(|text| text.get(lang)).collect();
    indented("", 0, &texts.join(" "))
}

/// The text for `--version`: the name and the version of the package.
#[must_use]
pub fn version() -> String {
    format!("aula {}", env!("CARGO_PKG_VERSION"))
}

/// A heading and its options.
fn group(group: &Group, lang: Lang) -> String {
    let mut lines = vec![format!("{}:", group.title.get(lang))];
    lines.extend(group.options.iter().map(|definition| option(definition, lang)));
    lines.join("\n")
}

/// An option, its meaning and its default.
fn option(option: &Definition, lang: Lang) -> String {
    let short = match option.short {
        Some(letter) => format!("-{letter},"),
        None => String::new(),
    };
    let label = format!("  {short:3} {}", option.usage());
    let default = match option.default {
        "" => NONE.get(lang),
        default => default,
    };
    let note = match option.value {
        Value::Switch => String::new(),
        Value::One(_) => format!(" [{default}]"),
        Value::Many(_) => format!(" ({}) [{default}]", REPEATABLE.get(lang)),
    };
    indented(&label, MEANING, &format!("{}{note}", option.meaning.get(lang)))
}

/// The presets, each with the options that it sets.
fn presets(lang: Lang) -> String {
    let mut lines = vec![PRESETS_RULE.get(lang).to_owned()];
    for preset in &PRESETS {
        let label = format!("  {}", preset.name);
        lines.push(indented(&label, PRESET, preset.lab.get(lang)));
        lines.push(indented("", PRESET, &options_of(preset)));
    }
    lines.join("\n")
}

/// The options of a preset as the command line writes them.
fn options_of(preset: &Preset) -> String {
    let options = preset.options.iter();
    let written = options.filter_map(|(name, value)| Some(options::find(name)?.written(value)));
    written.collect::<Vec<_>>().join(" ")
}

/// The label, followed by the text from `column`, in lines of at most [`WIDTH`] columns.
fn indented(label: &str, column: usize, text: &str) -> String {
    let lines = wrapped(text.split_whitespace(), WIDTH.saturating_sub(column));
    let line_break = format!("\n{:column$}", "");
    format!("{label:<column$}{}", lines.join(&line_break))
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::super::tests::{LABS, changed, config_of};
    use super::*;

    fn words(text: &str) -> String {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn no_line_is_longer_than_79_columns() {
        for line in Lang::ALL.map(help).iter().flat_map(|help| help.lines()) {
            let columns = line.chars().count();
            assert!(columns <= 79, "{columns} columns: {line}");
            assert_eq!(line, line.trim_end(), "there are no spaces after the text");
        }
        assert!(help(Lang::En).is_ascii());
    }

    #[test]
    fn every_option_is_there_with_its_meaning_and_its_default() {
        for (lang, none, repeatable) in [(Lang::En, "none", "repeatable"), (Lang::Es, "ninguno", "repetible")] {
            let help = words(&help(lang));
            for option in options::all() {
                let default = match option.default {
                    "" => none,
                    default => default,
                };
                let note = match option.value {
                    Value::Switch => String::new(),
                    Value::One(_) => format!("[{default}]"),
                    Value::Many(_) => format!("({repeatable}) [{default}]"),
                };
                let entry = words(&format!("{} {} {note}", option.usage(), option.meaning.get(lang)));
                assert!(help.contains(&entry), "{entry}");
            }
        }
    }

    #[test]
    fn there_are_two_spaces_between_an_option_and_its_meaning() {
        for option in options::all() {
            assert!(
                "  -p, ".len() + option.usage().len() + 2 <= MEANING,
                "--{}",
                option.name
            );
        }
    }

    #[test]
    fn it_begins_with_the_usage_and_ends_with_examples_that_are_right() {
        for (lang, usage, heading, options) in [
            (Lang::En, "Usage", "Examples", "OPTIONS"),
            (Lang::Es, "Uso", "Ejemplos", "OPCIONES"),
        ] {
            let help = help(lang);
            let usage = format!("{usage}: wasmtime run -S inherit-network --dir www server.wasm [{options}]\n");
            assert!(help.starts_with(&usage));
            let (_, examples) = help.split_once(&format!("\n\n{heading}:\n")).unwrap();
            assert_eq!(examples.lines().count(), 3);
            for example in examples.lines() {
                let (_, options) = example.split_once("server.wasm").unwrap();
                config_of(options);
            }
        }
    }

    #[test]
    fn the_options_below_a_preset_amount_to_it() {
        for help in Lang::ALL.map(help) {
            for (name, change) in LABS {
                let (_, entry) = help.split_once(&format!("\n  {name}  ")).unwrap();
                let options = entry.lines().find(|line| line.trim_start().starts_with("--"));
                let config = config_of(options.unwrap());
                let preset = Some(*name);
                assert_eq!(Config { preset, ..config }, changed(*change), "{options:?}");
            }
        }
    }

    #[test]
    fn the_version_is_the_packages() {
        assert_eq!(version(), format!("aula {}", env!("CARGO_PKG_VERSION")));
    }
}
