//! The error page: a small page that explains a status, and that needs no other file.

use super::fault::Fault;
use super::{Site, page};
use crate::catalogue::{Lang, Text};
use crate::http::Explanation;
use html_escape::encode_text;

/// The sentence above the bytes for which a request was rejected.
const REFUSED: Text = Text::new(
    "The request was rejected because of these bytes, from offset {offset}:",
    "La petición se rechazó por estos bytes, a partir de la posición {offset}:",
);

/// The style of those bytes: a blackboard, with pink chalk for them and yellow chalk for the carets.
const STYLE: &str = "pre{margin:0;padding:.8em 1em;border-radius:6px;background:var(--b);color:#b3c7ba;overflow-x:auto;\
font:15px/1.5 ui-monospace,monospace}pre b{color:#f5b0a6}pre i{color:#f6d365;font-style:normal}";

/// A valid HTML document with the status, its meaning, and the rule. The heading is the reason phrase of the status
/// line, in both languages. `fault` has the rejected bytes of the request, and `link` is a path to go to instead, as
/// written in a URI. Everything from the request is escaped.
#[must_use]
pub fn html(site: &Site, explanation: &Explanation, fault: Option<&Fault>, link: Option<&str>) -> String {
    let lang = site.lang;
    let (code, phrase) = (explanation.status.code(), explanation.status.reason_phrase());
    let link = link.map_or_else(String::new, |link| {
        let link = html_escape::encode_double_quoted_attribute(link);
        format!("<p><a href=\"{link}\">{link}</a></p>\n")
    });
    let mut html = page::begin(lang, &format!("{code} {phrase}"), fault.map_or("", |_| STYLE));
    html.push_str(&format!(
        "<p>{meaning}</p>\n\
         {fault}\
         {link}\
         <p><small>{rule}</small></p>\n",
        meaning = encode_text(explanation.meaning.get(lang)),
        fault = fault.map_or_else(String::new, |fault| refused(lang, fault)),
        rule = encode_text(&lang.rule(explanation.section)),
    ));
    html.push_str(&page::end(site));
    html
}

/// The bytes at fault, with carets below them.
fn refused(lang: Lang, fault: &Fault) -> String {
    format!(
        "<p>{heading}</p>\n\
         <pre>{before}<b>{marked}</b>{after}\n{indent}<i>{carets}</i></pre>\n",
        heading = REFUSED.with("offset", fault.offset).get(lang),
        before = encode_text(&fault.before),
        marked = encode_text(&fault.marked),
        after = encode_text(&fault.after),
        indent = " ".repeat(fault.before.len()),
        carets = "^".repeat(fault.marked.len().max(1)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Status;

    const EXPLANATION: Explanation = Explanation {
        status: Status::NOT_FOUND,
        meaning: Text::new("a <b> & c", "á <b> y c"),
        section: "<RFC>",
    };

    /// The page of a site in this language.
    fn html(lang: Lang, explanation: &Explanation, fault: Option<&Fault>, link: Option<&str>) -> String {
        let site = Site {
            lang,
            ..Site::default()
        };
        super::html(&site, explanation, fault, link)
    }

    #[test]
    fn a_page_escapes_what_it_shows() {
        let page = html(Lang::En, &EXPLANATION, None, Some("/a&b/"));
        assert!(page.contains("<html lang=\"en\">"), "{page}");
        assert!(page.contains("<h1>404 Not Found</h1>"), "{page}");
        assert!(page.contains("<p>a &lt;b&gt; &amp; c</p>"), "{page}");
        assert!(page.contains("&lt;RFC&gt;"), "{page}");
        assert!(page.contains("<a href=\"/a&amp;b/\">/a&amp;b/</a>"), "{page}");
        let page = html(Lang::Es, &EXPLANATION, None, None);
        assert!(page.contains("<html lang=\"es\">"), "{page}");
        assert!(page.contains("<p>á &lt;b&gt; y c</p>"), "{page}");
    }

    #[test]
    fn a_page_shows_what_was_rejected_with_carets_below() {
        assert_eq!(REFUSED.fault(), None);
        #[rustfmt::skip]
        let table: [(&str, &[u8], std::ops::Range<usize>, &str); 5] = [
            ("at the start", b"\x16\x03\x01", 0..1,
                "<pre><b>\\x16</b>\\x03\\x01\n<i>^^^^</i></pre>"),
            ("in the middle: the carets are below", b"GET  / HTTP/1.1\r\n", 4..5,
                "<pre>GET <b> </b>/ HTTP/1.1\\r\\n\n    <i>^</i></pre>"),
            ("markup is escaped, and takes as many columns as one sees", b"<script>&</script>", 8..9,
                "<pre>&lt;script&gt;<b>&amp;</b>&lt;/script&gt;\n        <i>^</i></pre>"),
            ("what is at fault is escaped", b"</b></pre><script>", 0..18,
                "<pre><b>&lt;/b&gt;&lt;/pre&gt;&lt;script&gt;</b>\n<i>^^^^^^^^^^^^^^^^^^</i></pre>"),
            ("after the last byte there is one caret", b"GET", 3..3,
                "<pre>GET<b></b>\n   <i>^</i></pre>"),
        ];
        for (rule, received, at, expected) in table {
            let page = html(Lang::Es, &EXPLANATION, Some(&Fault::of(received, &at)), None);
            assert!(page.contains(expected), "{rule}: {page}");
            assert!(
                page.contains(&format!("a partir de la posición {}:</p>", at.start)),
                "{rule}: {page}"
            );
        }
        let page = html(Lang::En, &EXPLANATION, None, None);
        assert!(!page.contains("<pre") && !page.contains("offset "), "{page}");
    }

    #[test]
    fn every_page_links_home() {
        for (lang, link) in [
            (Lang::En, "<a href=\"/\">Home</a>"),
            (Lang::Es, "<a href=\"/\">Inicio</a>"),
        ] {
            assert_eq!(page::HOME.fault(), None);
            let page = html(lang, &EXPLANATION, None, None);
            assert!(page.contains(link), "{page}");
        }
    }
}
