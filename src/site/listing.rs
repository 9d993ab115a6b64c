//! The listing of a directory without an index file: as a page for people, and as JSON for programs.
//!
//! A directory with many names gets several pages, so that neither the time nor the memory for one response grows with
//! the directory. Then it is sorted only by name: any other order would need a lookup of every file.

use super::kind::{self, Kind};
use super::path::encode_segment;
use super::tree::{DirectoryEntry, Name, Names};
use super::{ResourcePath, Site, page};
use crate::catalogue::{Lang, Text};
use crate::http::{EntityTag, date};
use html_escape::encode_text;
use serde_json::json;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The maximum number of names on one page: the lookup of each takes some 10 microseconds, during which no other client
/// is served.
pub const PAGE: usize = 500;

// The headings.
const NAME: Text = Text::new("Name", "Nombre");
const SIZE: Text = Text::new("Size", "Tamaño");
const MODIFIED: Text = Text::new("Modified", "Modificado");

/// The name of the field for a search, which finds only names on the same page.
const SEARCH: Text = Text::new("Search these names", "Buscar en estos nombres");

/// What only the reader's browser can do. Without it, dates are in UTC and there is no search.
const SCRIPT: &str = include_str!("listing.js");

/// The icons are before the names ([`Kind`]). On a telephone, a date has only the day.
const STYLE: &str = "\
table{border-collapse:collapse;width:100%}th{text-align:start;font-weight:600}\
td,th{padding:.3em .8em .3em 0;border-bottom:1px solid var(--r);vertical-align:top}\
input{font:inherit;width:100%;box-sizing:border-box;margin:0 0 .7em;padding:.3em .6em}\
td:first-child{overflow-wrap:anywhere;padding-left:1.75em}tr:hover td{background:var(--m)}\
td:first-child a::before{content:'';float:left;width:1.2em;height:1.2em;margin:.2em 0 0 -1.75em;\
background:center/contain no-repeat}\
.n{text-align:end;white-space:nowrap;font-variant-numeric:tabular-nums}\
@media(max-width:30em){td,th{padding-right:.6em}.n+.n{padding-right:0}.n span{display:none}}";

// Texts for listings with several pages.
const OF_PAGES: Text = Text::new(
    "Page {page} of {pages}, of {count} names, sorted by name",
    "Página {page} de {pages}, de {count} nombres ordenados por nombre",
);
const MORE: Text = Text::new(
    "The folder has more names, which are not shown.",
    "La carpeta tiene más nombres, que no se muestran.",
);
const PREVIOUS: Text = Text::new("Previous", "Anterior");
const NEXT: Text = Text::new("Next", "Siguiente");

/// The order of a listing. In every order, directories come before files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Order {
    key: Key,
    descending: bool,
}

/// One page of a listing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Page {
    /// The number of the page, from 1.
    number: usize,
    /// The number of pages: at least one.
    of: usize,
    /// The number of names on all pages.
    names: usize,
    /// Whether the directory has still more names.
    has_more: bool,
}

impl Page {
    /// The page that the query asks for with `page=N`, and the names on it. `None` if there is no such page. With
    /// `show_hidden`, names that begin with a dot are included.
    #[must_use]
    pub fn of<'n>(names: &'n Names, show_hidden: bool, query: &str, order: Order) -> Option<(Self, Vec<&'n Name>)> {
        let shown = |name: &&Name| show_hidden || !name.name.starts_with('.');
        let count = names.sorted.iter().filter(shown).count();
        let mut asked = query
            .split('&')
            .filter_map(|parameter| parameter.strip_prefix("page=")?.parse().ok());
        let page = Self {
            number: asked.next_back().unwrap_or(1),
            of: count.div_ceil(PAGE).max(1),
            names: count,
            has_more: names.has_more,
        };
        let before = page.number.checked_sub(1).filter(|_| page.number <= page.of)?;
        let of_kind = |is_directory| {
            names
                .sorted
                .iter()
                .filter(move |name| name.is_directory == is_directory)
        };
        let on_page = before.saturating_mul(PAGE)..;
        let on_page = if order.key == Key::Name && order.descending {
            let backwards = of_kind(true).rev().chain(of_kind(false).rev());
            backwards.filter(shown).skip(on_page.start).take(PAGE).collect()
        } else {
            let forwards = of_kind(true).chain(of_kind(false));
            forwards.filter(shown).skip(on_page.start).take(PAGE).collect()
        };
        Some((page, on_page))
    }

    /// Whether this is the only page, which can have any order.
    #[must_use]
    pub fn is_all(self) -> bool {
        self.of == 1 && !self.has_more
    }

    /// The value of `Link` (RFC 8288): the previous and the next page, if there are any.
    #[must_use]
    pub fn links(self, order: Order) -> Option<String> {
        let links: Vec<_> = [(self.previous(), "prev"), (self.next(), "next")]
            .into_iter()
            .filter_map(|(page, relation)| Some(format!("<{}>; rel=\"{relation}\"", order.page_link(page?, "&"))))
            .collect();
        (!links.is_empty()).then(|| links.join(", "))
    }

    fn previous(self) -> Option<usize> {
        self.number.checked_sub(1).filter(|&number| number > 0)
    }

    fn next(self) -> Option<usize> {
        (self.number < self.of).then(|| self.number.saturating_add(1))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Key {
    Name,
    Size,
    Date,
}

impl Order {
    /// Parses the query. Unknown parameters are ignored, and the last one of each kind wins.
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

    /// Sorts the entries. Equal ones are sorted by name.
    pub fn sort(self, entries: &mut [DirectoryEntry]) {
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

    /// The order by name in the same direction, for listings with several pages.
    #[must_use]
    pub fn by_name(self) -> Self {
        Self {
            key: Key::Name,
            descending: self.descending && self.key == Key::Name,
        }
    }

    /// The query for another page in this order, which is by name.
    fn page_link(self, page: usize, and: &str) -> String {
        if self.descending {
            format!("?order=desc{and}page={page}")
        } else {
            format!("?page={page}")
        }
    }

    /// The query of the link that sorts by `key`; if this order already has that key, the direction is reversed.
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

/// The listing of a directory as HTML. `entries` are those on the page `on`, sorted in `order`.
#[must_use]
pub fn html(site: &Site, directory: &ResourcePath, entries: &[DirectoryEntry], order: Order, on: Page) -> String {
    let (lang, name) = (site.lang, directory.name());
    let base = site.base.as_ref().map(ResourcePath::name);
    let segments = base.into_iter().chain([name]).filter(|name| !name.is_empty());
    let shown: String = segments.flat_map(|name| ["/", name]).chain(["/"]).collect();
    let title = encode_text(&shown);
    let heading = |text: Text, key| {
        if on.is_all() || key == Key::Name {
            format!("<a href=\"{}\">{}</a>", order.link(key), text.get(lang))
        } else {
            text.get(lang).to_owned()
        }
    };
    let above = (!name.is_empty()).then_some(Kind::Above);
    let kinds = above.into_iter().chain(entries.iter().map(Kind::of));
    let mut html = page::begin(lang, &title, &format!("{STYLE}{}", kind::style(kinds)));
    html.push_str(&format!(
        "<table data-search=\"{search}\">\n\
         <tr><th>{name_heading}</th><th class=\"n\">{size_heading}</th><th class=\"n\">{date_heading}</th></tr>\n",
        search = SEARCH.get(lang),
        name_heading = heading(NAME, Key::Name),
        size_heading = heading(SIZE, Key::Size),
        date_heading = heading(MODIFIED, Key::Date),
    ));
    if let Some(above) = above {
        html.push_str(&format!(
            "<tr><td class=\"{}\"><a href=\"../\">../</a></td><td class=\"n\"></td><td class=\"n\"></td></tr>\n",
            above.class()
        ));
    }
    for entry in entries {
        let slash = if entry.is_directory { "/" } else { "" };
        let size = if entry.is_directory {
            String::new()
        } else {
            readable_size(entry.size)
        };
        let date = readable_date(entry.modified.seconds);
        let (day, time) = date.split_once(' ').unwrap_or_default();
        // `./` keeps a name with a colon from being read as a scheme (RFC 3986 section 4.2).
        html.push_str(&format!(
            "<tr><td class=\"{class}\"><a href=\"./{href}{slash}\">{text}{slash}</a></td><td class=\"n\">{size}</td>\
             <td class=\"n\">{day}<span> {time}</span></td></tr>\n",
            class = Kind::of(entry).class(),
            href = encode_segment(&entry.name),
            text = encode_text(&entry.name),
        ));
    }
    html.push_str(&format!("</table>\n<script>\n{SCRIPT}</script>\n"));
    if !on.is_all() {
        html.push_str(&pages(lang, order, on));
    }
    html.push_str(&page::end(site));
    html
}

/// A size with three or four digits, in decimal units.
fn readable_size(bytes: u64) -> String {
    let mut unit = 1;
    let mut name = "B";
    for larger in ["kB", "MB", "GB", "TB", "PB", "EB"] {
        if bytes / unit < 1000 {
            break;
        }
        (unit, name) = (unit.saturating_mul(1000), larger);
    }
    let (whole, tenth) = (bytes / unit, bytes % unit / unit.div_ceil(10));
    if name == "B" || whole >= 100 {
        format!("{whole} {name}")
    } else {
        format!("{whole}.{tenth} {name}")
    }
}

/// A time in UTC that is readable in every language: `2026-11-21 18:02`.
fn readable_date(seconds: u64) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let written = date::imf_fixdate(seconds);
    let mut parts = written.split(' ').skip(1);
    let mut next = || parts.next().unwrap_or_default();
    let (day, month, year, time) = (next(), next(), next(), next());
    let month = MONTHS.iter().position(|name| *name == month).unwrap_or_default() + 1;
    let minute = time.get(..5).unwrap_or(time);
    format!("{year}-{month:02}-{day} {minute}")
}

/// The text below one of several pages.
fn pages(lang: Lang, order: Order, page: Page) -> String {
    let of_pages = OF_PAGES
        .with("page", page.number)
        .with("pages", page.of)
        .with("count", page.names);
    let mut html = format!("<p>{}</p>\n", of_pages.get(lang));
    if page.has_more {
        html.push_str(&format!("<p>{}</p>\n", MORE.get(lang)));
    }
    html.push_str("<p>");
    for (number, relation, text) in [(page.previous(), "prev", PREVIOUS), (page.next(), "next", NEXT)] {
        if let Some(number) = number {
            let (href, text) = (order.page_link(number, "&amp;"), text.get(lang));
            html.push_str(&format!("<a rel=\"{relation}\" href=\"{href}\">{text}</a> "));
        }
    }
    html.push_str("</p>\n");
    html
}

/// The entity tag of this content, which is strong: other content has another tag.
#[must_use]
pub fn entity_tag(content: &str) -> EntityTag {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    EntityTag::strong(format!("list-{:x}", hasher.finish()))
}

/// The listing as JSON: an array of objects with `name`, `type` (`file` or `directory`), `size` in bytes and `modified`
/// as an HTTP date.
#[must_use]
pub fn json(entries: &[DirectoryEntry]) -> String {
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

    fn entry(name: &str, is_directory: bool, size: u64, seconds: u64) -> DirectoryEntry {
        let modified = UnixTime {
            seconds,
            nanoseconds: 0,
        };
        DirectoryEntry {
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
            // The last of several counts.
            ("sort=size&order=desc&sort=name&order=asc", ["d", "z", "a", "b", "c"]),
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

    /// The only page.
    const ONLY: Page = Page {
        number: 1,
        of: 1,
        names: 1,
        has_more: false,
    };

    #[test]
    fn a_page_has_at_most_500_names_and_links_to_its_neighbours() {
        let names: Vec<_> = (0..2400)
            .map(|number| Name {
                name: format!("{}{number:04}", if number < 100 { "." } else { "" }).into(),
                is_directory: number >= 2350,
            })
            .collect();
        let names = Names::new(names);
        let next = |page| format!("<?page={page}>; rel=\"next\"");
        let prev = |page| format!("<?page={page}>; rel=\"prev\"");
        for (query, hidden, expected) in [
            // Directories first: 2350 to 2399, then 0100 and on.
            ("", false, Some((500, "2350", "0549", Some(next(2))))),
            ("page=1", false, Some((500, "2350", "0549", Some(next(2))))),
            (
                "page=2",
                false,
                Some((500, "0550", "1049", Some(prev(1) + ", " + &next(3)))),
            ),
            ("page=5", false, Some((300, "2050", "2349", Some(prev(4))))),
            ("page=5", true, Some((400, "1950", "2349", Some(prev(4))))),
            (
                "order=desc&page=5",
                false,
                Some((
                    300,
                    "0399",
                    "0100",
                    Some("<?order=desc&page=4>; rel=\"prev\"".to_owned()),
                )),
            ),
            (
                "page=2&page=x",
                false,
                Some((500, "0550", "1049", Some(prev(1) + ", " + &next(3)))),
            ),
            ("page=6", false, None),
            ("page=0", false, None),
            (
                "page=99999999999999999999",
                false,
                Some((500, "2350", "0549", Some(next(2)))),
            ),
        ] {
            let order = Order::from_query(query).by_name();
            let found = Page::of(&names, hidden, query, order);
            let got = found.map(|(page, names)| {
                let name = |name: Option<&&Name>| name.unwrap().name.to_string();
                (names.len(), name(names.first()), name(names.last()), page.links(order))
            });
            let expected =
                expected.map(|(count, first, last, links)| (count, first.to_owned(), last.to_owned(), links));
            assert_eq!(got, expected, "{query}");
        }
    }

    #[test]
    fn a_page_is_the_only_one_if_no_name_is_on_another() {
        for (of, has_more, is_all) in [(1, false, true), (1, true, false), (2, false, false), (2, true, false)] {
            assert_eq!(Page { of, has_more, ..ONLY }.is_all(), is_all, "{of} {has_more}");
        }
        // An empty directory has a page too.
        let order = Order::from_query("");
        let nothing = Names::default();
        let (page, names) = Page::of(&nothing, false, "", order).unwrap();
        assert!(page.is_all() && names.is_empty());
        assert_eq!(page.links(order), None);
    }

    #[test]
    fn one_of_several_pages_is_sorted_only_by_name_and_shows_its_position() {
        let page = Page {
            number: 2,
            of: 3,
            names: 2400,
            has_more: true,
        };
        let order = Order::from_query("sort=size&order=desc").by_name();
        let html = html(Lang::En, "", &[entry("a", false, 3, 0)], order, page);
        for part in [
            "Page 2 of 3, of 2400 names, sorted by name",
            "more names",
            "<a rel=\"prev\" href=\"?page=1\">Previous</a>",
            "<a rel=\"next\" href=\"?page=3\">Next</a>",
            "<th class=\"n\">Size</th>",
            "<a href=\"?sort=name&amp;order=desc\">Name</a>",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }

    #[test]
    fn a_heading_sorts_by_its_column_and_then_in_reverse() {
        for (query, name, size) in [
            ("", "?sort=name&amp;order=desc", "?sort=size&amp;order=asc"),
            ("order=desc", "?sort=name&amp;order=asc", "?sort=size&amp;order=asc"),
            ("sort=size", "?sort=name&amp;order=asc", "?sort=size&amp;order=desc"),
            (
                "sort=size&order=desc",
                "?sort=name&amp;order=asc",
                "?sort=size&amp;order=asc",
            ),
        ] {
            let page = html(Lang::En, "", &[], Order::from_query(query), ONLY);
            for (href, heading) in [(name, "Name"), (size, "Size")] {
                let link = format!("<a href=\"{href}\">{heading}</a>");
                assert!(page.contains(&link), "{query}: {link}: {page}");
            }
        }
    }

    /// The listing of the directory with this name.
    fn html(lang: Lang, name: &str, entries: &[DirectoryEntry], order: Order, on: Page) -> String {
        let site = Site {
            lang,
            ..Site::default()
        };
        let directory = ResourcePath::resolve(&format!("/{name}"), false).unwrap();
        super::html(&site, &directory, entries, order, on)
    }

    #[test]
    fn every_directory_but_the_root_links_to_the_one_above() {
        for (name, has_link) in [("", false), ("a", true), ("a/b", true)] {
            let page = html(Lang::En, name, &[], Order::from_query(""), ONLY);
            assert_eq!(page.contains("<a href=\"../\">../</a>"), has_link, "{name}");
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
            ONLY,
        );
        assert!(page.contains("<h1>/a&lt;b/</h1>"), "{page}");
        assert!(
            page.contains("href=\"./%22%3Cx%3E%26.html\">\"&lt;x&gt;&amp;.html</a>"),
            "{page}"
        );
        assert!(page.contains("href=\"./c%3Ad/\">c:d/</a>"), "{page}");
    }

    #[test]
    fn names_can_be_searched() {
        for (lang, search) in [(Lang::En, "Search these names"), (Lang::Es, "Buscar en estos nombres")] {
            let page = html(lang, "", &[entry("a", false, 3, 0)], Order::from_query(""), ONLY);
            assert!(page.contains(&format!("<table data-search=\"{search}\">")), "{page}");
            assert!(page.contains("</table>\n<script>\n"), "{page}");
        }
    }

    #[test]
    fn sizes_and_dates_are_readable() {
        for (bytes, expected) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (17_464, "17.4 kB"),
            (236_317, "236 kB"),
            (4_309_371, "4.3 MB"),
            (u64::MAX, "18.4 EB"),
        ] {
            assert_eq!(readable_size(bytes), expected);
        }
        assert_eq!(readable_date(0), "1970-01-01 00:00");
        assert_eq!(readable_date(1_795_284_146), "2026-11-21 18:02");
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
        for text in [NAME, SIZE, MODIFIED, OF_PAGES, MORE, PREVIOUS, NEXT] {
            assert_eq!(text.fault(), None);
        }
        let page = html(Lang::Es, "", &[], Order::from_query(""), ONLY);
        assert!(
            page.contains("<html lang=\"es\">") && page.contains(">Tamaño</a>"),
            "{page}"
        );
    }
}
