//! The language, which is chosen before anything else is read.
//!
//! Help and mistakes are printed in this language, so it must be known before there is a [`Config`](super::Config),
//! even if something else is wrong. It is given by `--lang`, otherwise by `AULA_LANG`, otherwise by `LC_ALL`,
//! `LC_MESSAGES` or `LANG`, which name the language of the user's system; otherwise it is English. This function
//! reports no mistakes: [`parse()`](super::parse) reports an invalid value of `--lang`, in the language that is chosen
//! without it.

use super::command_line;
use super::options;
use super::values;
use crate::catalogue::Lang;
use std::ffi::OsString;

/// The variables that name the language of messages of the user's system, the strongest first.
const OF_THE_SYSTEM: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// The language, from the arguments and the environment that [`parse()`](super::parse) takes. It is equal to
/// [`Config::lang`](super::Config::lang) if they have no mistake.
pub fn language(
    arguments: impl IntoIterator<Item: Into<OsString>>,
    environment: impl Fn(&str) -> Option<String>,
) -> Lang {
    let (given, _) = command_line::scan(arguments);
    let mut of_this = given.into_iter().filter(|given| given.definition.name == options::LANG);
    let argument = of_this.next_back().map(|given| given.value);
    let variable = options::find(options::LANG).and_then(|definition| environment(&definition.environment_name()));
    [argument, variable]
        .into_iter()
        .flatten()
        .find_map(|text| values::lang(&text).ok())
        .or_else(|| of_system(&environment))
        .unwrap_or_default()
}

/// The language of the user's system, if it is one of ours: `LANG=C` and `LANG=de_DE.UTF-8` say nothing. The first of
/// its variables that is not empty decides, in the order of POSIX (Base Definitions, section 8.2).
pub fn of_system(environment: &impl Fn(&str) -> Option<String>) -> Option<Lang> {
    let mut locales = OF_THE_SYSTEM.into_iter().filter_map(environment);
    locales
        .find(|locale| !locale.is_empty())
        .and_then(|locale| Lang::from_tag(&locale))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{config_with, line_in, read_from};
    use super::*;

    /// Splits `NAME=VALUE NAME=VALUE`.
    fn variables(text: &str) -> Vec<(&str, &str)> {
        text.split_whitespace()
            .filter_map(|word| word.split_once('='))
            .collect()
    }

    #[test]
    fn the_option_wins_over_its_variable_and_that_over_the_systems() {
        #[rustfmt::skip]
        let rows: &[(&str, &str, Lang)] = &[
            ("",                    "",                                Lang::En),
            ("--lang es",           "",                                Lang::Es),
            ("--lang=es",           "AULA_LANG=en LANG=en_GB.UTF-8",   Lang::Es),
            ("--lang en",           "AULA_LANG=es LANG=es_ES.UTF-8",   Lang::En),
            ("--lang en --lang es", "",                                Lang::Es),
            ("",                    "AULA_LANG=es LANG=en_GB.UTF-8",   Lang::Es),
            ("",                    "AULA_LANG=en LANG=es_ES.UTF-8",   Lang::En),
            ("",                    "AULA_LANG= LANG=es_ES.UTF-8",     Lang::Es),
            ("",                    "LANG=es_MX",                      Lang::Es),
            ("",                    "LANG=es",                         Lang::Es),
            ("--preset kurose",     "LANG=es_ES@euro",                 Lang::Es),
            ("",                    "LC_ALL=es_ES.UTF-8 LANG=en_GB.UTF-8", Lang::Es),
            ("",                    "LC_MESSAGES=es_ES LANG=en_GB.UTF-8",  Lang::Es),
            ("",                    "LC_ALL=en_US LC_MESSAGES=es_ES",      Lang::En),
            ("",                    "LC_ALL= LANG=es_ES.UTF-8",            Lang::Es),
            ("",                    "LC_ALL=C LANG=es_ES.UTF-8",           Lang::En),
            ("",                    "AULA_LANG=en LC_ALL=es_ES",           Lang::En),
            // None of the supported languages: English.
            ("",                    "LANG=C",                          Lang::En),
            ("",                    "LANG=C.UTF-8",                    Lang::En),
            ("",                    "LANG=de_DE.UTF-8",                Lang::En),
            ("",                    "LANG=",                           Lang::En),
        ];
        for (arguments, environment, lang) in rows {
            let (arguments, variables): (Vec<_>, _) = (arguments.split_whitespace().collect(), variables(environment));
            assert_eq!(
                language(&arguments, read_from(&variables)),
                *lang,
                "{arguments:?} {environment}"
            );
            assert_eq!(
                config_with(&arguments, &variables).lang,
                *lang,
                "{arguments:?} {environment}"
            );
        }
    }

    #[test]
    fn it_is_found_among_mistakes_and_after_help() {
        for arguments in [
            "--help --lang es",
            "--lang es -h",
            "--prot 80 --lang es",
            "--port x --lang=es",
            "www --lang es",
            "--port --lang es",
            "--lang --lang es",
            "--lang fr --lang es",
        ] {
            let arguments: Vec<&str> = arguments.split(' ').collect();
            assert_eq!(language(&arguments, |_| None), Lang::Es, "{arguments:?}");
        }
        // After `--` nothing is an option.
        assert_eq!(language(["--", "--lang", "es"], |_| None), Lang::En);
    }

    #[test]
    fn a_wrong_value_is_a_mistake_and_leaves_the_choice_to_the_environment() {
        #[rustfmt::skip]
        let rows: &[(&str, &str, Lang, &str)] = &[
            ("--lang fr", "",                    Lang::En, "--lang fr: not a language: give one of en, es"),
            ("--lang ES", "LANG=es_ES.UTF-8",    Lang::Es, "--lang ES: no es un idioma: se espera uno de en, es"),
            ("--lang=",   "AULA_LANG=es",        Lang::Es, "--lang \"\": no es un idioma: se espera uno de en, es"),
            ("",          "AULA_LANG=es_ES",     Lang::En, "AULA_LANG=es_ES: not a language: give one of en, es"),
            ("",          "AULA_LANG=x LANG=es", Lang::Es, "AULA_LANG=x: no es un idioma: se espera uno de en, es"),
            ("--lang",    "LANG=es",             Lang::Es, "--lang: falta el valor: escribe --lang en|es"),
        ];
        for (arguments, environment, lang, line) in rows {
            let (arguments, variables): (Vec<_>, _) = (arguments.split_whitespace().collect(), variables(environment));
            assert_eq!(
                language(&arguments, read_from(&variables)),
                *lang,
                "{arguments:?} {environment}"
            );
            assert_eq!(line_in(*lang, &arguments, &variables), *line);
        }
    }
}
