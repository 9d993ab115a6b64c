//! The trace as JSON for programs: one object a line. `docs/trace.md` says what its members are.

use super::{Completed, Event, Peer, Slot, Style, Token, bytes, tokens};
use crate::catalogue::Lang;
use crate::escape;
use crate::http::MediaTypeSource;
use crate::http1::{CloseReason, Side};
use crate::site::recorder::{Lookup, LookupResult};
use crate::site::{LookupError, ResourcePath};
use crate::time::Instant;
use serde_json::{Value, json};
use std::time::Duration;

/// Renders an event as one line with its LF. An exchange without details gives no line.
pub(super) fn json(style: &Style, peer: &Peer, at: Instant, event: &Event<'_>) -> String {
    let mut object = match event {
        Event::Accepted(slot) => json!({ "event": "accepted", "slot": slot_json(slot) }),
        Event::Completed(exchange) => match completed(style, exchange, at) {
            Some(object) => object,
            None => return String::new(),
        },
        Event::Closed(reason) => json!({ "event": "closed", "close": closed(style.lang, *reason) }),
    };
    add(&mut object, "at", milliseconds(style.since(at)));
    add(&mut object, "time", unix(style, at));
    let address = |address: Option<std::net::SocketAddr>| json!(address.map(|address| address.to_string()));
    add(&mut object, "connection", json!(peer.connection));
    add(&mut object, "remote", address(peer.remote));
    add(&mut object, "local", address(peer.local));
    escape::json(&object.to_string()) + "\n"
}

/// Milliseconds, with microseconds as decimals.
fn milliseconds(duration: Duration) -> Value {
    json!(duration.as_micros() as f64 / 1000.0)
}

/// A time in Unix seconds, with milliseconds as decimals.
fn unix(style: &Style, at: Instant) -> Value {
    let began = style.began.unix;
    let began = Duration::new(began.seconds, 0).as_millis() + u128::from(began.nanoseconds) / 1_000_000;
    json!((began + style.since(at).as_millis()) as f64 / 1000.0)
}

fn completed(style: &Style, completed: &Completed<'_>, at: Instant) -> Option<Value> {
    let (lang, exchange, observed) = (style.lang, completed.exchange, completed.observed);
    let details = exchange.details.as_ref()?;
    let times = completed.times(at);
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
            "text": escape::line(bytes(details, &at)),
        })
    });
    let fault = details.head.fault();
    let resolution = &details.resolution;
    Some(json!({
        "event": "exchange",
        "exchange": exchange.number,
        "slot": slot_json(&observed.slot),
        "times": {
            "first_byte": since(times.first_byte),
            "head": since(times.head),
            "response": since(times.response),
            "first_sent": since(times.first_sent),
            "last_sent": since(times.last_sent),
        },
        "received": {
            "bytes": escape::line(&details.received),
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
            MediaTypeSource::Option(_) => "option",
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
            "head": escape::line(&details.sent),
            "head_length": details.sent.len(),
            "content_length": details.content_length,
            "content_sent": completed.content_sent,
            "content": escape::line(&observed.content),
        },
        "delay": milliseconds(details.pace.delay),
        "rate": details.pace.rate,
        "close": details.close_reason.map(|reason| closed(lang, reason)),
    }))
}

fn looked_up(lookup: &Lookup) -> Value {
    let (result, size) = match lookup.result {
        LookupResult::File(size) => ("file", Some(size)),
        LookupResult::Directory => ("directory", None),
        LookupResult::Nothing(LookupError::NotFound) => ("nothing", None),
        LookupResult::Nothing(LookupError::Refused) => ("refused", None),
        LookupResult::Nothing(LookupError::Failed | LookupError::NoMemory) => ("failed", None),
    };
    json!({ "name": lookup.name, "result": result, "size": size })
}

fn closed(lang: Lang, reason: CloseReason) -> Value {
    json!({
        "by": match reason.side() {
            Side::Client => "client",
            Side::Server => "server",
        },
        "reason": reason.explanation().get(lang),
        "rule": reason.section(),
    })
}

fn slot_json(slot: &Slot) -> Value {
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
