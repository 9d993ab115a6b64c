//! One exchange: where the two halves of the program meet. `http1` provides a request, `site` makes the response, and
//! `http1` encodes it. The result is a record of what was decided, as detailed as the log or the trace needs.
//!
//! This is still free of I/O: the connection, the tree and the time are arguments.

use crate::http::{Explanation, FieldName, Response, secret};
use crate::http1::head::HeadReader;
use crate::http1::{CloseReason, Connection, Event, Pace, Rejection};
use crate::site::recorder::{Lookup, Recorder};
use crate::site::{self, Decision, Fault, Resolution, Site, Tree, live};
use crate::time::Instant;
pub use crate::time::Now;

/// A record of a request and its response, for the log and the trace. The content of the response may still have to be
/// sent.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The number of the exchange on its connection, counted from 1.
    pub number: u64,
    /// When the first byte of the request arrived.
    pub begun: Instant,
    /// When the response was made.
    pub at: Now,
    /// The request line as received, valid or not.
    pub request_line: Vec<u8>,
    /// The value of `Referer`, if the request has one.
    pub referer: Option<Vec<u8>>,
    /// The value of `User-Agent`, if the request has one.
    pub user_agent: Option<Vec<u8>>,
    /// The status of the response, and the reason for it.
    pub explanation: Explanation,
    /// The error, if the request was rejected before `site` saw it.
    pub rejection: Option<Rejection>,
    /// More details, for the trace.
    pub details: Option<Box<Details>>,
}

/// The part of an exchange that only the trace shows.
#[derive(Clone, Debug)]
pub struct Details {
    /// The bytes of the request's head, including the empty lines before and after it, with asterisks for credentials.
    /// If the head was rejected, these are all bytes that had arrived.
    pub received: Vec<u8>,
    /// How many bytes of content followed the head. They were read and discarded.
    pub content_received: u64,
    /// The parsed head: the positions of the tokens in `received`.
    pub head: HeadReader,
    /// What the request was resolved to.
    pub resolution: Resolution,
    /// The lookups in the tree.
    pub lookups: Vec<Lookup>,
    /// The value of `Content-Type`.
    pub content_type: Option<String>,
    /// The length of the response's content in bytes.
    pub content_length: u64,
    /// The bytes of the response's head; none in HTTP/0.9.
    pub sent: Vec<u8>,
    /// Why the connection is closed after the response, if it is.
    pub close_reason: Option<CloseReason>,
    /// How slow the server was on purpose.
    pub pace: Pace,
}

/// How much detail of an exchange is recorded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Detail {
    /// Nothing.
    None,
    /// What a line of the access log shows.
    Log,
    /// Everything.
    Trace,
}

/// The result of [`respond`].
#[derive(Clone, Debug)]
pub enum ExchangeResult {
    /// There was no request, or its response is not due yet.
    NoRequest,
    /// A request got its response. This is the record of the exchange, if one was wanted.
    Responded(Option<Exchange>),
}

/// Whether `connection` has a complete or rejected request that waits for [`respond`].
pub fn has_pending_request<F>(connection: &mut Connection<F>) -> bool {
    matches!(connection.next_event(), Ok(Event::Request(_)) | Err(_))
}

/// Responds to the next request of `connection`, if there is one. With `last`, the connection is closed after this
/// response.
pub fn respond<T: Tree>(
    connection: &mut Connection<T::File>,
    site: &Site,
    tree: &T,
    now: Now,
    last: bool,
    detail: Detail,
) -> ExchangeResult {
    if connection.delay(now.instant) {
        return ExchangeResult::NoRequest;
    }
    if detail < Detail::Trace {
        return respond_from(connection, site, tree, now, last, detail);
    }
    let recorder = Recorder::new(tree);
    let mut outcome = respond_from(connection, site, &recorder, now, last, detail);
    if let ExchangeResult::Responded(Some(Exchange {
        details: Some(details), ..
    })) = &mut outcome
    {
        details.lookups = recorder.into_lookups();
    }
    outcome
}

fn respond_from<T: Tree>(
    connection: &mut Connection<T::File>,
    site: &Site,
    tree: &T,
    now: Now,
    last: bool,
    detail: Detail,
) -> ExchangeResult {
    let begun = connection.begun();
    // A response waits only when those before it are sent.
    let can_wait = !connection.has_unsent();
    let decided = match connection.next_event() {
        Ok(Event::Request(received)) => {
            let request = received.request;
            let quoted = |name| match detail {
                Detail::None => None,
                Detail::Log | Detail::Trace => request.fields.get(name).map(<[u8]>::to_vec),
            };
            let responded = site::respond(site, &request, tree, now.unix);
            let waited = now.instant.since(begun);
            if responded.decision == Decision::Unchanged && can_wait && waited < live::LONGEST_WAIT {
                connection.postpone(now.instant.saturating_add(live::INTERVAL), now.instant);
                return ExchangeResult::NoRequest;
            }
            Decided {
                explanation: responded.decision.explanation(),
                rejection: None,
                referer: quoted(FieldName::Referer),
                user_agent: quoted(FieldName::UserAgent),
                resolution: responded.resolution,
                response: responded.response,
            }
        }
        Err(rejection) => Decided {
            explanation: rejection.explanation(),
            rejection: Some(rejection),
            referer: None,
            user_agent: None,
            resolution: Resolution::generated(),
            response: site::refuse(
                site,
                &rejection.explanation(),
                fault(connection, rejection).as_ref(),
                now.unix,
            ),
        },
        Ok(Event::NeedData | Event::Paused | Event::Delayed | Event::Closed) => return ExchangeResult::NoRequest,
    };
    let (exchange, response) = decided.record(connection, now, detail);
    connection.respond(response, last, now.instant);
    let complete = |mut exchange: Exchange| {
        if let Some(details) = &mut exchange.details {
            details.sent = connection.last_head().to_vec();
            details.close_reason = connection.close_reason();
        }
        exchange
    };
    ExchangeResult::Responded(exchange.map(complete))
}

/// The bytes for which the head of a request was rejected, if they are known. How much of an incomplete line has
/// arrived is chance, and the response must not depend on it: only the first wrong byte of such a line is shown.
fn fault<F>(connection: &Connection<F>, rejection: Rejection) -> Option<Fault> {
    let at = connection.head().fault()?;
    let received = connection.head_bytes();
    let end = match rejection {
        Rejection::NotHttp | Rejection::RequestLineTooLong | Rejection::FieldsTooLarge => at.start.saturating_add(1),
        _ => received.len(),
    };
    Some(Fault::of(received.get(..end).unwrap_or(received), &at))
}

/// Everything that was decided about a request.
struct Decided<F> {
    explanation: Explanation,
    rejection: Option<Rejection>,
    referer: Option<Vec<u8>>,
    user_agent: Option<Vec<u8>>,
    resolution: Resolution,
    response: Response<F>,
}

impl<F> Decided<F> {
    /// Records the exchange in the detail that is wanted, before the connection drops the request. Also returns the
    /// response, which is sent next.
    fn record(self, connection: &Connection<F>, at: Now, detail: Detail) -> (Option<Exchange>, Response<F>) {
        let response = self.response;
        if detail == Detail::None {
            return (None, response);
        }
        let details = (detail == Detail::Trace).then(|| {
            let mut received = connection.head_bytes().to_vec();
            secret::conceal(&mut received);
            Box::new(Details {
                received,
                content_received: connection.content_received(),
                head: connection.head().clone(),
                resolution: self.resolution,
                lookups: Vec::new(),
                content_type: response.fields.get("Content-Type").map(str::to_owned),
                content_length: response.content.length(),
                sent: Vec::new(),
                close_reason: None,
                pace: connection.pace(),
            })
        });
        let exchange = Exchange {
            number: connection.exchange(),
            begun: connection.begun(),
            at,
            request_line: connection.first_line().to_vec(),
            referer: self.referer,
            user_agent: self.user_agent,
            explanation: self.explanation,
            rejection: self.rejection,
            details,
        };
        (Some(exchange), response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::UnixTime;
    use crate::http1::Chunk;
    use crate::http1::rules::default_rules;
    use crate::site::memory::Memory;
    use std::rc::Rc;
    use std::time::Duration;

    const NOW: Now = Now {
        instant: Instant::ORIGIN,
        unix: UnixTime {
            seconds: 1_000_000_000,
            nanoseconds: 0,
        },
    };

    /// A connection on which this has arrived.
    fn connection(bytes: &str) -> Connection<()> {
        let mut connection = Connection::new(Rc::new(default_rules()), NOW.instant);
        connection.receive(bytes.as_bytes(), NOW.instant);
        connection
    }

    /// What is known of the next exchange, and what is sent.
    fn next_exchange(mut connection: Connection<()>, detail: Detail) -> (Option<Exchange>, String) {
        let site = Site {
            list: true,
            ..Site::default()
        };
        let tree = Memory::new().with_file("folder/file.txt", (), 5, UnixTime::default());
        let result = respond(&mut connection, &site, &tree, NOW, false, detail);
        let ExchangeResult::Responded(exchange) = result else {
            panic!("there is no request: {result:?}");
        };
        let sent = connection.transmit().map(|chunk| match chunk {
            Chunk::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Chunk::Slice { length, .. } => format!("[{length} bytes]"),
        });
        (exchange, sent.collect())
    }

    #[test]
    fn a_request_is_pending_when_it_is_complete_or_rejected() {
        for (bytes, expected) in [
            ("", false),
            ("GET / HTTP/1.1\r\nHost: a\r\n", false),
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true),
            ("GET  / HTTP/1.1\r\n", true),
        ] {
            assert_eq!(has_pending_request(&mut connection(bytes)), expected, "{bytes:?}");
        }
    }

    #[test]
    fn as_much_is_known_as_is_wanted_and_the_same_is_sent() {
        for path in ["/folder/", "/folder/file.txt", "/folder"] {
            let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\nReferer: r\r\nUser-Agent: u\r\n\r\n");
            let next = |detail| next_exchange(connection(&request), detail);
            let (nothing, sent) = next(Detail::None);
            assert!(nothing.is_none());
            for detail in [Detail::Log, Detail::Trace] {
                let (exchange, also_sent) = next(detail);
                assert_eq!(also_sent, sent);
                let exchange = exchange.unwrap();
                assert_eq!(exchange.request_line, format!("GET {path} HTTP/1.1").into_bytes());
                assert_eq!(exchange.referer.as_deref(), Some(&b"r"[..]));
                assert_eq!(exchange.user_agent.as_deref(), Some(&b"u"[..]));
                assert_eq!(exchange.details.is_some(), detail == Detail::Trace);
                if let Some(details) = exchange.details {
                    let looked_up = details.lookups.first().map(|lookup| lookup.name.as_str());
                    assert_eq!(looked_up, Some(path.trim_matches('/')));
                    assert!(sent.starts_with(&*String::from_utf8_lossy(&details.sent)));
                }
            }
        }
    }

    #[test]
    fn a_request_for_events_waits_for_a_change_but_not_for_ever_and_not_before_other_responses() {
        // (what came before it, how long it has waited, whether it still waits)
        for (earlier, waited, expected) in [
            ("", Duration::ZERO, true),
            ("", live::LONGEST_WAIT - Duration::from_nanos(1), true),
            ("", live::LONGEST_WAIT, false),
            ("", live::LONGEST_WAIT + Duration::from_secs(1), false),
            ("GET /none HTTP/1.1\r\nHost: a\r\n\r\n", Duration::ZERO, false),
        ] {
            let site = Site {
                live: true,
                ..Site::default()
            };
            let tree = Memory::<()>::new();
            // Nothing is known of a page that is not there.
            let events = "GET /.aula/live?/gone.html HTTP/1.1\r\nHost: a\r\n\r\n";
            let mut connection = connection(&format!("{earlier}{events}"));
            let now = Now {
                instant: NOW.instant + waited,
                ..NOW
            };
            let mut result = respond(&mut connection, &site, &tree, now, false, Detail::None);
            if !earlier.is_empty() {
                assert!(connection.has_unsent());
                result = respond(&mut connection, &site, &tree, now, false, Detail::None);
            }
            let is_waiting = matches!(result, ExchangeResult::NoRequest);
            assert_eq!(is_waiting, expected, "{earlier:?}, {waited:?}");
        }
    }

    #[test]
    fn the_page_of_a_rejected_request_shows_what_is_wrong_and_not_how_much_had_arrived() {
        let page = |bytes: &str| next_exchange(connection(bytes), Detail::None).1;
        let rejected = page("GET / HTTP/1.1\r\nBad Field: x\r\n");
        assert!(rejected.contains("<pre>Bad<b> </b>Field: x"), "{rejected}");
        let limits = default_rules().limits;
        for (start, limit) in [
            ("GET /", limits.request_line),
            ("GET / HTTP/1.1\r\nX: ", limits.fields_size + 16),
        ] {
            let arrived = |count: usize| page(&format!("{start}{}", "a".repeat(limit + count)));
            assert_eq!(arrived(1), arrived(500));
        }
        assert_eq!(page("\x16\x03\x01"), page("\x16\x03\x01 and more"));
    }
}
