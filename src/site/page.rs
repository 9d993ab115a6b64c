//! The beginning and the end of every page that the server generates: the look of the demo site (`www/style.css`) in a
//! few rules, and a link to the first page. A page needs no other file.

use super::{ResourcePath, Site};
use crate::catalogue::{Lang, Text};

/// The name of the link to the site's first page.
pub const HOME: Text = Text::new("Home", "Inicio");

/// The colours are those of the demo site, for light and dark mode: paper, ink, line, link, mark, board and wood.
const STYLE: &str = "\
:root{color-scheme:light dark;--p:#f3f6f1;--i:#1b2621;--r:#d0d9cf;--l:#0c6250;--m:#e3eee5;--b:#16352b;--w:#b98a50}\
@media(prefers-color-scheme:dark){:root{--p:#0e1513;--i:#e7ede7;--r:#2b3933;--l:#84d6bc;--m:#1e2d27;--b:#14302a;\
--w:#8f6a3d}}\
body{margin:0 auto;padding:1.2em 1em 3em;max-width:60em;background:var(--p);color:var(--i);\
font:17px/1.6 system-ui,sans-serif}\
h1{margin:0 0 .7em;padding:.45em .7em;border:7px solid var(--w);border-radius:8px;background:var(--b);color:#f0f4ec;\
font:700 1.35em/1.3 ui-monospace,monospace;overflow-wrap:anywhere}\
a{color:var(--l);text-underline-offset:.18em}";

/// A page up to its heading, which is also its title. `title` is HTML; `style` has additional rules.
#[must_use]
pub fn begin(lang: Lang, title: &str, style: &str) -> String {
    format!(
        "<!DOCTYPE html>\n\
         <html lang=\"{tag}\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n\
         <style>{STYLE}{style}</style>\n\
         </head>\n\
         <body>\n\
         <h1>{title}</h1>\n",
        tag = lang.tag(),
    )
}

/// The end of a page, with a link to the first page of the site.
#[must_use]
pub fn end(site: &Site) -> String {
    let home = site.link(&ResourcePath::root());
    format!(
        "<p><a href=\"{home}\">{}</a></p>\n</body>\n</html>\n",
        HOME.get(site.lang)
    )
}
