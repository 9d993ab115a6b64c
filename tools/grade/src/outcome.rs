//! What a call of `parse` returns, and how it is written: WAVE, WebAssembly's notation for values.

use std::fmt;
use wasm_wave::value::{Type, Value};
use wasm_wave::wasm::{WasmTypeKind, WasmValue};

/// What `parse` returns, in a form that can be compared and read.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// A request.
    Request {
        /// Its method, target and version with a space between them.
        request_line: String,
        /// Its field lines as `Name: value`.
        fields: Vec<String>,
    },
    /// More bytes are needed.
    Incomplete,
    /// A refusal.
    Refused {
        /// The status of the response.
        status: u16,
        /// What is wrong, in the parser's own words; empty in expected outcomes.
        reason: String,
    },
}

impl Outcome {
    /// Reads the output of `wasmtime run --invoke`. None if it is not a result of `parse`.
    pub(super) fn from_wave(text: &str) -> Option<Self> {
        let result: Value = wasm_wave::from_str(&result_type()?, text).ok()?;
        Some(match result.unwrap_result() {
            Ok(request) => match request?.unwrap_option() {
                None => Self::Incomplete,
                Some(request) => Self::request(&request)?,
            },
            Err(refusal) => {
                let refusal = refusal?;
                Self::Refused {
                    status: member(&refusal, "status")?.unwrap_u16(),
                    reason: text_of(&refusal, "reason")?,
                }
            }
        })
    }

    fn request(request: &Value) -> Option<Self> {
        let words = ["method", "target", "version"].map(|name| text_of(request, name).unwrap_or_default());
        let mut fields = Vec::new();
        for field in member(request, "fields")?.unwrap_list() {
            fields.push(format!("{}: {}", text_of(&field, "name")?, text_of(&field, "value")?));
        }
        Some(Self::Request {
            request_line: words.join(" "),
            fields,
        })
    }

    /// Whether it is the expected outcome. Of a refusal only the status counts, because every parser has its own words.
    pub(super) fn is(&self, expected: &Self) -> bool {
        match (self, expected) {
            (
                Self::Request { request_line, fields },
                Self::Request {
                    request_line: expected_line,
                    fields: expected_fields,
                },
            ) => request_line == expected_line && fields == expected_fields,
            (Self::Incomplete, Self::Incomplete) => true,
            (Self::Refused { status, .. }, Self::Refused { status: expected, .. }) => status == expected,
            _ => false,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // `Debug` escapes control characters, which the bytes of a client may contain.
            Self::Request { request_line, fields } => {
                write!(formatter, "a request: {request_line:?}, fields {fields:?}")
            }
            Self::Incomplete => write!(formatter, "not complete (none)"),
            Self::Refused { status, reason } if reason.is_empty() => write!(formatter, "refused with {status}"),
            Self::Refused { status, reason } => write!(formatter, "refused with {status}: {reason:?}"),
        }
    }
}

/// `text` as an argument of a call.
pub(super) fn argument(text: &str) -> String {
    wasm_wave::to_string(&Value::make_string(text.into())).unwrap_or_default()
}

/// `result<option<request>, refusal>`, as `wit/parse-stage.wit` has it.
fn result_type() -> Option<Type> {
    let string = || Type::simple(WasmTypeKind::String);
    let field = Type::record([("name", string()?), ("value", string()?)])?;
    let request = Type::record([
        ("method", string()?),
        ("target", string()?),
        ("version", string()?),
        ("fields", Type::list(field)),
    ])?;
    let refusal = Type::record([
        ("status", Type::simple(WasmTypeKind::U16)?),
        ("reason", string()?),
        ("rule", string()?),
    ])?;
    Some(Type::result(Some(Type::option(request)), Some(refusal)))
}

fn member<'a>(record: &'a Value, name: &str) -> Option<std::borrow::Cow<'a, Value>> {
    record
        .unwrap_record()
        .find_map(|(given, value)| (given == name).then_some(value))
}

fn text_of(record: &Value, name: &str) -> Option<String> {
    Some(member(record, name)?.unwrap_string().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_runtime_prints_is_read() {
        for (text, expected) in [
            ("ok(none)", "not complete (none)"),
            (
                r#"ok(some({method: "GET", target: "/", version: "HTTP/1.1", fields: [{name: "Host", value: "a"}]}))"#,
                r#"a request: "GET / HTTP/1.1", fields ["Host: a"]"#,
            ),
            (
                r#"ok(some({method: "", target: "\"\r\n\u{0}é", version: "", fields: []}))"#,
                r#"a request: " \"\r\n\0é ", fields []"#,
            ),
            (
                r#"err({status: 400, reason: "No.", rule: "RFC 9112"})"#,
                r#"refused with 400: "No.""#,
            ),
            (r#"err({status: 505, reason: "", rule: ""})"#, "refused with 505"),
        ] {
            let outcome = Outcome::from_wave(text).map(|outcome| outcome.to_string());
            assert_eq!(outcome.as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "7",
            "none",
            "ok",
            "ok(none) ok(none)",
            "err({status: 70000, reason: \"\", rule: \"\"})",
        ] {
            assert!(Outcome::from_wave(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn a_refusal_is_compared_by_its_status_alone() {
        let refused = |status, reason: &str| Outcome::Refused {
            status,
            reason: reason.to_owned(),
        };
        assert!(refused(400, "because").is(&refused(400, "")));
        assert!(!refused(400, "").is(&refused(505, "")));
        assert!(!refused(400, "").is(&Outcome::Incomplete));
    }

    #[test]
    fn an_argument_is_quoted_and_escaped() {
        assert_eq!(argument("a\r\n\t\"\\\0é"), r#""a\r\n\t\"\\\u{0}é""#);
    }
}
