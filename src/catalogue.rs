//! English and Spanish: every message is written once in both languages, side by side; the language is chosen where the
//! message is printed.
//!
//! A [`Text`] is one sentence in both languages. With values for its `{placeholders}` it is a [`Message`]. The stages
//! pass messages on and never choose a language: only the code that prints knows the [`Lang`]. Both languages are
//! fields of one value, so neither can be missing. The tests use [`Text::fault`] to check that neither is empty and
//! that both have the same placeholders. Each sentence is next to the rejection, the option or the check that it
//! explains.

use std::fmt::Display;

/// A language that the program speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Lang {
    /// English, the default.
    #[default]
    En,
    /// Spanish.
    Es,
}

impl Lang {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::En, Self::Es];

    /// The language of a tag such as `es` or `es-MX`, or of a locale such as `es_ES.UTF-8`. `None` if the program does
    /// not speak it.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|lang| lang.tag().eq_ignore_ascii_case(primary))
    }

    /// The tag of the language (RFC 5646 section 2.1), for `lang` in an HTML document.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }

    /// A reference such as `RFC 9112 section 6.3`, as written in this language.
    #[must_use]
    pub fn rule(self, reference: &str) -> String {
        match self {
            Self::En => reference.to_owned(),
            Self::Es => reference
                .replace("sections", "secciones")
                .replace("section", "sección")
                .replace(" and ", " y "),
        }
    }
}

/// A sentence in both languages. `{name}` in it is a placeholder for a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text {
    /// The English sentence.
    pub en: &'static str,
    /// The Spanish sentence.
    pub es: &'static str,
}

impl Text {
    /// A sentence in both languages.
    #[must_use]
    pub const fn new(en: &'static str, es: &'static str) -> Self {
        Self { en, es }
    }

    /// The sentence in one language, with its placeholders.
    #[must_use]
    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Es => self.es,
        }
    }

    /// The sentence with a value for the placeholder `{name}`.
    #[must_use]
    pub fn with(self, name: &'static str, value: impl Display) -> Message {
        Message::from(self).with(name, value)
    }

    /// What is wrong with the text, for the tests: a language that is missing, or placeholders that differ.
    #[must_use]
    pub fn fault(self) -> Option<String> {
        if self.en.trim().is_empty() || self.es.trim().is_empty() {
            return Some(format!("a language is missing: {self:?}"));
        }
        let sorted = |text| {
            let mut places = places(text);
            places.sort_unstable();
            places
        };
        (sorted(self.en) != sorted(self.es)).then(|| format!("the placeholders differ: {self:?}"))
    }
}

/// The names of the placeholders in a text.
fn places(text: &str) -> Vec<&str> {
    let openings = text.split('{').skip(1);
    openings.filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

/// A text and the values for its placeholders, still in both languages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    text: Text,
    values: Vec<(&'static str, String)>,
}

impl Message {
    /// The message with another value, for the placeholder `{name}`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// Whether it was made from this text, whatever its values are.
    #[must_use]
    pub fn is_of(&self, text: Text) -> bool {
        self.text == text
    }

    /// The message in one language. Placeholders inside a value are not replaced.
    #[must_use]
    pub fn get(&self, lang: Lang) -> String {
        let mut parts = self.text.get(lang).split('{');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let known = part.split_once('}').and_then(|(name, rest)| {
                let (_, value) = self.values.iter().find(|(known, _)| *known == name)?;
                Some((value, rest))
            });
            match known {
                Some((value, rest)) => filled.extend([value.as_str(), rest]),
                None => filled.extend(["{", part]),
            }
        }
        filled
    }
}

impl From<Text> for Message {
    fn from(text: Text) -> Self {
        Self {
            text,
            values: Vec::new(),
        }
    }
}

/// Breaks a text into lines of at most `width` characters, if no word is longer.
#[must_use]
pub fn wrapped<'a>(words: impl IntoIterator<Item = &'a str>, width: usize) -> Vec<String> {
    let columns = |text: &str| text.chars().count();
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAKEN: Text = Text::new("port {port} is taken", "el puerto {port} está ocupado");

    #[test]
    fn a_language_is_known_by_its_tag_and_by_its_locale() {
        for (tag, lang) in [
            ("es", Some(Lang::Es)),
            ("ES", Some(Lang::Es)),
            ("es-MX", Some(Lang::Es)),
            ("es_ES.UTF-8", Some(Lang::Es)),
            ("en_GB", Some(Lang::En)),
            ("C.UTF-8", None),
            ("est", None),
            ("", None),
        ] {
            assert_eq!(Lang::from_tag(tag), lang, "{tag:?}");
        }
    }

    #[test]
    fn a_rule_is_referred_to_in_the_language() {
        let reference = "RFC 3986 sections 2.1 and 3.3";
        assert_eq!(Lang::En.rule(reference), reference);
        assert_eq!(Lang::Es.rule(reference), "RFC 3986 secciones 2.1 y 3.3");
        assert_eq!(Lang::Es.rule("RFC 9112 section 5"), "RFC 9112 sección 5");
    }

    #[test]
    fn a_placeholder_takes_its_value_and_a_value_has_no_placeholders() {
        assert_eq!(TAKEN.with("port", 80).get(Lang::En), "port 80 is taken");
        assert_eq!(TAKEN.with("port", 80).get(Lang::Es), "el puerto 80 está ocupado");
        assert_eq!(TAKEN.with("port", "{port}").get(Lang::En), "port {port} is taken");
        assert_eq!(TAKEN.with("other", 1).get(Lang::En), "port {port} is taken");
        let braces = Text::new("{a} {", "{a} {");
        assert_eq!(braces.with("a", 1).get(Lang::En), "1 {");
    }

    #[test]
    fn a_text_that_lacks_a_language_or_a_placeholder_is_faulty() {
        assert_eq!(TAKEN.fault(), None);
        assert!(Text::new("a", "").fault().is_some());
        assert!(Text::new("{a}", "{b}").fault().is_some());
        assert!(Text::new("{a} {b}", "{b} {a}").fault().is_none());
    }
}
