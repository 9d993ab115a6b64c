//! The content of a directory that has no index file: as a page for people, as JSON for programs.

use super::path::encode_segment;
use super::tree::Listed;
use crate::catalogue::{Lang, Text};
use crate::http::date;
use html_escape::encode_text;
use serde_json::json;

// The headings.
const NAME: Text = Text::new("Name", "Nombre");
const SIZE: Text = Text::new("Size", "Tamaño");
const MODIFIED: Text = Text::new("Modified", "Modificado");

/// In which order a directory is listed; directories come before files in each of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Order {
    key: Key,
    descending: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Key {
    Name,
    Size,
    Date,
}

impl Order {
    /// Reads the query. Any other parameter is ignored, and the last one of a kind wins.
    ///
    /// ```text
    /// query     = parameter *( "&" parameter )
    /// parameter = "sort=" ( "name" / "size" / "date" ) / "order=" ( "asc" / "desc" )
    /// ```
    #[must_use]
    pub fn from_query(query: &str) -> Self {
        let mut order = Self {
            key: Key::Name,
            descending: false,
        };
        for parameter in query.split('&') {
            match parameter {
                "sort=name" => order.key = Key::Name,
                "sort=size" => order.key = Key::Size,
                "sort=date" => order.key = Key::Date,
                "order=asc" => order.descending = false,
                "order=desc" => order.descending = true,
                _ => {}
            }
        }
        order
    }

    /// Sorts. Equals are in the order of their names.
    pub fn sort(self, entries: &mut [Listed]) {
        entries.sort_unstable_by(|a, b| {
            let by_key = match self.key {
                Key::Name => a.name.cmp(&b.name),
                Key::Size => a.size.cmp(&b.size),
                Key::Date => a.modified.cmp(&b.modified),
            };
            let by_key = if self.descending { by_key.reverse() } else { by_key };
            let directories_first = b.is_directory.cmp(&a.is_directory);
            directories_first.then(by_key).then_with(|| a.name.cmp(&b.name))
        });
    }

    /// The query of the link that sorts by `key`: the other way round, if it is this order's key already.
    fn link(self, key: Key) -> String {
        let name = match key {
            Key::Name => "name",
            Key::Size => "size",
            Key::Date => "date",
        };
        let direction = if self.key == key && !self.descending {
            "desc"
        } else {
            "asc"
        };
        format!("?sort={name}&amp;order={direction}")
    }
}

/// A page that lists `entries`, which are in `order`, of the directory that is called `/name/`.
#[must_use]
pub fn html(lang: Lang, name: &str, entries: &[Listed], order: Order) -> String {
    let shown = if name.is_empty() {
        "/".to_owned()
    } else {
        format!("/{name}/")
    };
    let title = encode_text(&shown);
    let mut page = format!(
        "<!DOCTYPE html>\n\
         <html lang=\"{tag}\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n\
         <style>:root{{color-scheme:light dark}}\
         body{{font:1em/1.6 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em}}\
         table{{border-collapse:collapse;width:100%}}th{{text-align:start}}\
         td,th{{padding:.1em .8em .1em 0}}.n{{text-align:end;font-variant-numeric:tabular-nums}}\
         tr:hover{{background:#8882}}</style>\n\
         </head>\n\
         <body>\n\
         <h1>{title}</h1>\n\
         <table>\n\
         <tr><th><a href=\"{by_name}\">{name_heading}</a></th><th class=\"n\"><a href=\"{by_size}\">{size_heading}</a></th>\
         <th class=\"n\"><a href=\"{by_date}\">{date_heading}</a></th></tr>\n",
        tag = lang.tag(),
        name_heading = NAME.get(lang),
        size_heading = SIZE.get(lang),
        date_heading = MODIFIED.get(lang),
        by_name = order.link(Key::Name),
        by_size = order.link(Key::Size),
        by_date = order.link(Key::Date),
    );
    if !name.is_empty() {
        page.push_str("<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>\n");
    }
    for entry in entries {
        let slash = if entry.is_directory { "/" } else { "" };
        let size = if entry.is_directory {
            String::new()
        } else {
            entry.size.to_string()
        };
        // `./` keeps a name with a colon from being read as a scheme (RFC 3986 section 4.2).
        page.push_str(&format!(
            "<tr><td><a href=\"./{href}{slash}\">{text}{slash}</a></td><td class=\"n\">{size}</td>\
             <td class=\"n\">{date}</td></tr>\n",
            href = encode_segment(&entry.name),
            text = encode_text(&entry.name),
            date = date::imf_fixdate(entry.modified.seconds),
        ));
    }
    page.push_str("</table>\n</body>\n</html>\n");
    page
}

/// The same for programs: an array of objects with `name`, `type` (`file` or `directory`), `size` in bytes and
/// `modified` as an HTTP date.
#[must_use]
pub fn json(entries: &[Listed]) -> String {
    let entries: Vec<_> = entries
        .iter()
        .map(|entry| {
            json!({
                "name": entry.name,
                "type": if entry.is_directory { "directory" } else { "file" },
                "size": entry.size,
                "modified": date::imf_fixdate(entry.modified.seconds),
            })
        })
        .collect();
    serde_json::Value::Array(entries).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::UnixTime;

    fn entry(name: &str, is_directory: bool, size: u64, seconds: u64) -> Listed {
        let modified = UnixTime {
            seconds,
            nanoseconds: 0,
        };
        Listed {
            name: name.into(),
            is_directory,
            size,
            modified,
        }
    }

    #[test]
    fn directories_come_first_in_every_order() {
        for (query, expected) in [
            ("", ["d", "z", "a", "b", "c"]),
            ("sort=name&order=desc", ["z", "d", "c", "b", "a"]),
            ("sort=size", ["d", "z", "c", "a", "b"]),
            ("sort=size&order=desc", ["d", "z", "a", "b", "c"]),
            ("sort=date", ["z", "d", "b", "c", "a"]),
            ("sort=date&order=desc", ["d", "z", "a", "c", "b"]),
            ("sort=x&order=y&z", ["d", "z", "a", "b", "c"]),
        ] {
            let mut entries = vec![
                entry("b", false, 20, 1),
                entry("z", true, 0, 1),
                entry("a", false, 20, 3),
                entry("d", true, 0, 2),
                entry("c", false, 10, 2),
            ];
            Order::from_query(query).sort(&mut entries);
            let names: Vec<_> = entries.iter().map(|entry| entry.name.as_str()).collect();
            assert_eq!(names, expected, "{query}");
        }
    }

    #[test]
    fn names_are_escaped_in_text_and_encoded_in_links() {
        let order = Order::from_query("");
        let page = html(
            Lang::En,
            "a<b",
            &[entry("\"<x>&.html", false, 3, 0), entry("c:d", true, 0, 0)],
            order,
        );
        assert!(page.contains("<h1>/a&lt;b/</h1>"), "{page}");
        assert!(
            page.contains("href=\"./%22%3Cx%3E%26.html\">\"&lt;x&gt;&amp;.html</a>"),
            "{page}"
        );
        assert!(page.contains("href=\"./c%3Ad/\">c:d/</a>"), "{page}");
    }

    #[test]
    fn json_has_name_type_size_and_date() {
        assert_eq!(
            json(&[entry("a\"b", false, 3, 0)]),
            r#"[{"modified":"Thu, 01 Jan 1970 00:00:00 GMT","name":"a\"b","size":3,"type":"file"}]"#
        );
    }

    #[test]
    fn the_headings_are_in_the_language_of_the_site() {
        for text in [NAME, SIZE, MODIFIED] {
            assert_eq!(text.fault(), None);
        }
        let page = html(Lang::Es, "", &[], Order::from_query(""));
        assert!(
            page.contains("<html lang=\"es\">") && page.contains(">Tamaño</a>"),
            "{page}"
        );
    }
}
