//! The content of an answer that says why there is nothing else: a small page that needs nothing but itself.

use crate::http::Status;

/// A valid HTML document with the status, what it means here, and the rule behind it, if there is one. Nothing of a
/// request may come into it unescaped; today nothing of a request comes into it at all.
#[must_use]
pub fn html(status: Status, meaning: &str, rule: Option<&str>) -> String {
    let (code, phrase) = (status.code(), status.reason_phrase());
    let rule = rule.map_or_else(String::new, |rule| {
        format!("\n<p><small>{}</small></p>", html_escape::encode_text(rule))
    });
    format!(
        "<!DOCTYPE html>\n\
         <html lang=\"en\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{code} {phrase}</title>\n\
         <style>:root{{color-scheme:light dark}}\
         body{{font:1.1em/1.5 system-ui,sans-serif;max-width:36em;margin:15vh auto;padding:0 1em}}</style>\n\
         </head>\n\
         <body>\n\
         <h1>{code} {phrase}</h1>\n\
         <p>{meaning}</p>{rule}\n\
         </body>\n\
         </html>\n",
        meaning = html_escape::encode_text(meaning),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_escapes_what_it_shows() {
        let page = html(Status::NOT_FOUND, "a <b> & c", Some("<RFC>"));
        assert!(page.contains("<h1>404 Not Found</h1>"), "{page}");
        assert!(page.contains("<p>a &lt;b&gt; &amp; c</p>"), "{page}");
        assert!(page.contains("&lt;RFC&gt;"), "{page}");
    }
}
