//! The fields that every response of a site has.

use super::Site;
use crate::http::{FieldSection, UnixTime, date};
use std::cell::RefCell;

/// The capacity for the field section of a response, in bytes: nearly every head fits in it, with its status line.
const USUAL_HEAD: usize = 512;

/// The fields that every response has, with this value of `Cache-Control`.
#[must_use]
pub fn with_cache_control(site: &Site, now: UnixTime, cache_control: Option<&str>) -> FieldSection {
    let mut fields = FieldSection::with_capacity(USUAL_HEAD);
    fields.push("Date", &date::current(now.seconds));
    fields.push("Server", "aula");
    fields.push("X-Content-Type-Options", "nosniff");
    if let Some(value) = cache_control {
        fields.push("Cache-Control", value);
    }
    if site.cors {
        fields.push("Access-Control-Allow-Origin", "*");
        fields.push("Access-Control-Expose-Headers", "*");
    }
    for (name, value) in &site.fields {
        fields.push(name, value);
    }
    fields
}

/// Rendered lines, and what they depend on.
struct Rendered {
    seconds: u64,
    cache_control: Option<String>,
    cors: bool,
    fields: Vec<(String, String)>,
    lines: FieldSection,
}

impl Rendered {
    fn new(site: &Site, now: UnixTime) -> Self {
        Self {
            seconds: now.seconds,
            cache_control: site.cache_control.clone(),
            cors: site.cors,
            fields: site.fields.clone(),
            lines: with_cache_control(site, now, site.cache_control.as_deref()),
        }
    }

    fn is_current(&self, site: &Site, now: UnixTime) -> bool {
        self.seconds == now.seconds
            && self.cors == site.cors
            && self.cache_control == site.cache_control
            && self.fields == site.fields
    }
}

thread_local! {
    static LATEST: RefCell<Option<Rendered>> = const { RefCell::new(None) };
}

/// The fields that every response has, with the site's own `Cache-Control`. They are rendered once per second. (As in
/// [`date::current`], the `thread_local` is a memo of a pure function.)
#[must_use]
pub fn usual(site: &Site, now: UnixTime) -> FieldSection {
    let mut fields = FieldSection::with_capacity(USUAL_HEAD);
    LATEST.with_borrow_mut(|latest| {
        let rendered = match latest {
            Some(rendered) if rendered.is_current(site, now) => rendered,
            outdated => outdated.insert(Rendered::new(site, now)),
        };
        fields.push_section(&rendered.lines);
    });
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_fields_are_always_those_of_the_site_and_the_second() {
        let site = |cache_control: Option<&str>, cors, fields: &[(&str, &str)]| Site {
            cache_control: cache_control.map(str::to_owned),
            cors,
            fields: fields
                .iter()
                .map(|&(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            ..Site::default()
        };
        let sites = [
            site(None, false, &[]),
            site(Some("no-cache"), false, &[]),
            site(Some("max-age=1"), false, &[]),
            site(Some("max-age=1"), true, &[]),
            site(Some("max-age=1"), true, &[("A", "b")]),
            site(Some("max-age=1"), true, &[("A", "c")]),
        ];
        // Each difference alone, and twice the same.
        for site in &sites {
            for seconds in [0, 1, 1, 0] {
                let now = UnixTime {
                    seconds,
                    nanoseconds: 5,
                };
                let expected = with_cache_control(site, now, site.cache_control.as_deref());
                assert_eq!(usual(site, now), expected, "{site:?}");
            }
        }
        let now = UnixTime {
            seconds: 784_111_777,
            nanoseconds: 0,
        };
        assert_eq!(
            usual(&sites[4], now).into_text(),
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: aula\r\nX-Content-Type-Options: nosniff\r\n\
             Cache-Control: max-age=1\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: *\r\n\
             A: b\r\n"
        );
    }
}
