//! The trace as JSON for programs: one object a line. `docs/trace.md` says what its members are.

use super::{Answered, Happening, Peer, Slot, Style, Token, bytes, tokens};
use crate::catalogue::Lang;
use crate::http::MediaTypeSource;
use crate::http1::{End, Side};
use crate::site::recorder::{Lookup, Seen};
use crate::site::{LookupError, ResourcePath};
use crate::time::Instant;
use crate::visible;
use serde_json::{Value, json};
use std::time::Duration;

/// A happening in one line with its line end; nothing for an exchange without details.
pub(super) fn json(style: &Style, peer: &Peer, at: Instant, happening: &Happening<'_>) -> String {
    let mut object = match happening {
        Happening::Accepted(slot) => json!({ "event": "accepted", "slot": place(slot) }),
        Happening::Answered(exchange) => match answered(style, exchange, at) {
            Some(object) => object,
            None => return String::new(),
        },
        Happening::Ended(end) => json!({ "event": "ended", "end": ended(style.lang, *end) }),
    };
    add(&mut object, "at", milliseconds(style.since(at)));
    add(&mut object, "time", unix(style, at));
    let address = |address: Option<std::net::SocketAddr>| json!(address.map(|address| address.to_string()));
    add(&mut object, "connection", json!(peer.connection));
    add(&mut object, "remote", address(peer.remote));
    add(&mut object, "local", address(peer.local));
    visible::json(&object.to_string()) + "\n"
}

/// Milliseconds, to the microsecond.
fn milliseconds(duration: Duration) -> Value {
    json!(duration.as_micros() as f64 / 1000.0)
}

/// A time as Unix seconds, to the millisecond.
fn unix(style: &Style, at: Instant) -> Value {
    let began = style.began.unix;
    let began = Duration::new(began.seconds, 0).as_millis() + u128::from(began.nanoseconds) / 1_000_000;
    json!((began + style.since(at).as_millis()) as f64 / 1000.0)
}

fn answered(style: &Style, answered: &Answered<'_>, at: Instant) -> Option<Value> {
    let (lang, exchange, observed) = (style.lang, answered.exchange, answered.observed);
    let details = exchange.details.as_ref()?;
    let times = answered.times(at);
    let since = |at| milliseconds(style.since(at));
    let tokens = tokens(details).into_iter().map(|(token, at)| {
        json!({
            "token": match token {
                Token::Method => "method",
                Token::Target => "target",
                Token::Version => "version",
                Token::FieldName => "field-name",
                Token::FieldValue => "field-value",
            },
            "offset": at.start,
            "length": at.len(),
            "text": visible::line(bytes(details, &at)),
        })
    });
    let fault = details.head.fault();
    let resolution = &details.resolution;
    Some(json!({
        "event": "exchange",
        "exchange": exchange.number,
        "slot": place(&observed.slot),
        "times": {
            "first_byte": since(times.first_byte),
            "head": since(times.head),
            "response": since(times.response),
            "first_sent": since(times.first_sent),
            "last_sent": since(times.last_sent),
        },
        "received": {
            "bytes": visible::line(&details.received),
            "length": details.received.len(),
            "content_length": details.content_received,
            "reads": observed.reads.iter().map(|read| json!({
                "at": since(read.at),
                "offset": read.bytes.start,
                "length": read.bytes.len(),
            })).collect::<Vec<_>>(),
        },
        "tokens": tokens.collect::<Vec<_>>(),
        "fault": fault.map(|at| json!({ "offset": at.start, "length": at.len() })),
        "resource": resolution.resource.as_ref().and_then(|resource| resource.as_ref().ok()).map(ResourcePath::name),
        "lookups": details.lookups.iter().map(looked_up).collect::<Vec<_>>(),
        "file": resolution.file.as_ref().map(ResourcePath::name),
        "content_type": details.content_type,
        "content_type_source": resolution.media_type.as_ref().map(|source| match source {
            MediaTypeSource::Extension(_) => "extension",
            MediaTypeSource::Unknown => "unknown",
            MediaTypeSource::Generated => "generated",
            MediaTypeSource::Ranges => "ranges",
        }),
        "decision": {
            "status": exchange.explanation.status.code(),
            "meaning": exchange.explanation.meaning.get(lang),
            "rule": exchange.explanation.section,
        },
        "sent": {
            "head": visible::line(&details.sent),
            "head_length": details.sent.len(),
            "content_length": details.content_length,
            "content_sent": answered.content_sent,
            "content": visible::line(&observed.content),
        },
        "end": details.end.map(|end| ended(lang, end)),
    }))
}

fn looked_up(lookup: &Lookup) -> Value {
    let (seen, size) = match lookup.seen {
        Seen::File(size) => ("file", Some(size)),
        Seen::Directory => ("directory", None),
        Seen::Nothing(LookupError::NotFound) => ("nothing", None),
        Seen::Nothing(LookupError::Refused) => ("refused", None),
        Seen::Nothing(LookupError::Failed | LookupError::NoMemory) => ("failed", None),
    };
    json!({ "name": lookup.name, "seen": seen, "size": size })
}

fn ended(lang: Lang, end: End) -> Value {
    json!({
        "by": match end.side() {
            Side::Client => "client",
            Side::Server => "server",
        },
        "reason": end.reason().get(lang),
        "rule": end.section(),
    })
}

fn place(slot: &Slot) -> Value {
    json!({
        "number": slot.number,
        "of": slot.of,
        "taken": slot.taken,
        "waiting": slot.waiting.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

/// Adds a member to an object.
fn add(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), value);
    }
}
