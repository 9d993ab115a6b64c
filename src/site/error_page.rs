//! The content of an answer that says why there is nothing else: a small page that needs nothing but itself.

use crate::catalogue::Lang;
use crate::http::Explanation;

/// A valid HTML document with the status, what it means here, and the rule behind it. The heading is the reason phrase
/// as the status line has it, in either language. `link` is a path to go to instead, as it is written in a URI. Nothing
/// of a request may come into it unescaped.
#[must_use]
pub fn html(lang: Lang, explanation: &Explanation, link: Option<&str>) -> String {
    let (code, phrase) = (explanation.status.code(), explanation.status.reason_phrase());
    let link = link.map_or_else(String::new, |link| {
        let link = html_escape::encode_double_quoted_attribute(link);
        format!("<p><a href=\"{link}\">{link}</a></p>\n")
    });
    format!(
        "<!DOCTYPE html>\n\
         <html lang=\"{tag}\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{code} {phrase}</title>\n\
         <style>:root{{color-scheme:light dark}}\
         body{{font:1.1em/1.5 system-ui,sans-serif;max-width:36em;margin:15vh auto;padding:0 1em}}</style>\n\
         </head>\n\
         <body>\n\
         <h1>{code} {phrase}</h1>\n\
         <p>{meaning}</p>\n\
         {link}\
         <p><small>{rule}</small></p>\n\
         </body>\n\
         </html>\n",
        tag = lang.tag(),
        meaning = html_escape::encode_text(explanation.meaning.get(lang)),
        rule = html_escape::encode_text(&lang.rule(explanation.section)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Text;
    use crate::http::Status;

    #[test]
    fn a_page_escapes_what_it_shows() {
        let explanation = Explanation {
            status: Status::NOT_FOUND,
            meaning: Text::new("a <b> & c", "á <b> y c"),
            section: "<RFC>",
        };
        let page = html(Lang::En, &explanation, Some("/a&b/"));
        assert!(page.contains("<html lang=\"en\">"), "{page}");
        assert!(page.contains("<h1>404 Not Found</h1>"), "{page}");
        assert!(page.contains("<p>a &lt;b&gt; &amp; c</p>"), "{page}");
        assert!(page.contains("&lt;RFC&gt;"), "{page}");
        assert!(page.contains("<a href=\"/a&amp;b/\">/a&amp;b/</a>"), "{page}");
        let page = html(Lang::Es, &explanation, None);
        assert!(page.contains("<html lang=\"es\">"), "{page}");
        assert!(page.contains("<p>á &lt;b&gt; y c</p>"), "{page}");
    }
}
