//! Tests of the report for a terminal.

use super::*;
use crate::checks;
use crate::script::{Transcript, Transcripts};
use crate::verify;
use std::rc::Rc;

const RECEIVED: &[u8] = b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n<p>hi</p>\n";

const REQUEST: &[u8] = b"GET /hello.html HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n";

/// A check that failed in this way.
fn finished(id: &str, failure: Failure) -> Finished {
    let transcript = Transcript {
        sent: REQUEST.to_vec(),
        pieces: vec![REQUEST.len()],
        received: RECEIVED.to_vec(),
        end: End::Closed,
        ..Transcript::default()
    };
    Finished {
        check: checks::all().find(|check| check.id == id).unwrap(),
        verdict: Verdict::Failed(Box::new(failure)),
        transcripts: Rc::new(Transcripts(vec![transcript])),
    }
}

fn style(lang: Lang) -> Style {
    Style {
        lang,
        has_colour: false,
    }
}

#[test]
fn an_explanation_shows_the_bytes_the_rule_and_the_cure() {
    let failure = verify::head::BARE_LF.at(0, 15..16);
    let page = explanation(
        &finished("line-ends", failure.clone()),
        &failure,
        &Target::default(),
        style(Lang::Es),
    );
    assert_eq!(
        page,
        "\
line-ends  [la práctica: 2 puntos]
  Una línea de la cabecera acaba solo con \\n.
  petición  GET /hello.html HTTP/1.1\\r\\n
            Host: 127.0.0.1:8080\\r\\n
  recibido
      0 | HTTP/1.1 200 OK\\n
        |                ^^
     16 | Content-Type: text/html\\n
  regla     Cada línea de una cabecera acaba en CR LF (RFC 9112 sección 2.1).
  arreglo   Termina todas las líneas de la cabecera con \"\\r\\n\", también la
            vacía, y también en el 404. Entre comillas triples cada salto de
            línea ya es un \"\\n\": escribe la cabecera con cadenas \"...\\r\\n\" en
            su lugar, o conviértela con cabecera.replace(\"\\n\", \"\\r\\n\").
"
    );
}

#[test]
fn every_explanation_fits_a_terminal_in_both_languages() {
    let faults = verify::FAULTS.iter().copied().flatten();
    for (fault, check) in faults.zip(std::iter::repeat_with(checks::all).flatten()) {
        for (lang, crash) in Lang::ALL.into_iter().zip([Crash::Died, Crash::Hung]) {
            let mut failure = fault.at(0, 0..9);
            failure.crash = Some(crash);
            for place in [
                "path", "expected", "target", "page", "server", "url", "other", "bytes", "line",
            ] {
                failure = failure.with(place, "/a/path/of/some/length.html");
            }
            let page = explanation(
                &finished(check.id, failure.clone()),
                &failure,
                &Target::default(),
                style(lang),
            );
            for line in page.lines() {
                assert!(line.chars().count() <= WIDTH, "{line}");
            }
        }
    }
}

#[test]
fn colours_stand_around_marks_and_carets_alone() {
    let failure = verify::head::BARE_LF.at(0, 15..16);
    let finished = finished("line-ends", failure.clone());
    let coloured = Style {
        has_colour: true,
        ..style(Lang::En)
    };
    let line = line(&finished, &Target::default(), coloured);
    assert_eq!(
        line,
        "  \x1b[31mFAIL\x1b[0m  line-ends           every line of the head ends with \\r\\n\n"
    );
    let page = explanation(&finished, &failure, &Target::default(), coloured);
    assert!(page.contains("\x1b[31m        |                ^^\x1b[0m\n"), "{page}");
}

#[test]
fn words_are_kept_whole_and_lines_indented() {
    let text = "word ".repeat(20);
    let wrapped = wrapped(text.trim_end(), 12);
    let lines: Vec<_> = wrapped.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[1].starts_with("            word"));
}

#[test]
fn a_mark_is_four_columns_at_most() {
    for mark in [texts::PASSED, texts::FAILED, texts::ADVICE, texts::RISK, texts::NOT_RUN] {
        for lang in Lang::ALL {
            assert!(mark.get(lang).chars().count() <= 4, "{mark:?}");
        }
    }
}
