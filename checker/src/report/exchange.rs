//! Both sides of one request, byte by byte: what `get` prints.

use super::text;
use crate::script::Transcript;
use crate::texts;
use aula::catalogue::{Lang, Text};
use aula::escape;

/// The columns for bytes, after their offsets.
const BYTES: usize = 69;

/// How many rows are shown of each side: a screenful is a few dozen, a photograph has thousands.
const MOST_ROWS: usize = 200;

/// Request, response, and who ended the connection.
#[must_use]
pub fn page(transcript: &Transcript, lang: Lang) -> String {
    [
        side(texts::SENT, &transcript.sent, lang),
        side(texts::CAME, &transcript.received, lang),
        format!("{}\n{}\n", texts::ENDED.get(lang), text::end(transcript.end).get(lang)),
    ]
    .concat()
}

fn side(heading: Text, bytes: &[u8], lang: Lang) -> String {
    let mut page = heading.with("bytes", bytes.len()).get(lang) + "\n";
    let mut end = 0;
    for row in escape::rows(bytes, 0, BYTES).iter().take(MOST_ROWS) {
        page.push_str(&format!("{:>7} | {}\n", row.offset, row.text));
        end = row.end();
    }
    if end < bytes.len() {
        let more = texts::MORE.with("bytes", bytes.len().saturating_sub(end));
        page.push_str(&format!("{:>10}{}\n", "", more.get(lang)));
    }
    page
}
