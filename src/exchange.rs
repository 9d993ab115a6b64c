//! One exchange: where the two halves of the program meet. `http1` gives a request, `site` answers it, `http1` takes
//! the answer; what was decided on the way is the value that comes back, as far as anybody wants to tell about it.
//!
//! Still pure: the connection, the tree and the time are arguments.

use crate::http::{Explanation, Response};
use crate::http1::head::HeadReader;
use crate::http1::{Connection, End, Event, Reject};
use crate::site::recorder::{Lookup, Recorder};
use crate::site::{self, Fault, Resolution, Site, Tree};
use crate::time::Instant;
pub use crate::time::Now;

/// What was asked and answered, for those who tell about it. The content may still be on its way.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Its number on the connection, from 1.
    pub number: u64,
    /// When the first byte of the request arrived.
    pub begun: Instant,
    /// When the response was made.
    pub at: Now,
    /// The request line as received, well-formed or not.
    pub request_line: Vec<u8>,
    /// The value of `Referer`, if there was one.
    pub referer: Option<Vec<u8>>,
    /// The value of `User-Agent`, if there was one.
    pub user_agent: Option<Vec<u8>>,
    /// The status of the answer, and why it is this one.
    pub explanation: Explanation,
    /// The fault of a request that was refused before anyone asked what it means.
    pub reject: Option<Reject>,
    /// The rest, for the trace.
    pub details: Option<Box<Details>>,
}

/// What only the trace tells.
#[derive(Clone, Debug)]
pub struct Details {
    /// The bytes of the request's head, empty lines before and after it included; of a head that was refused, all that
    /// had arrived.
    pub received: Vec<u8>,
    /// How many bytes of content followed it, and were read past.
    pub content_received: u64,
    /// Where the tokens stand in `received`.
    pub head: HeadReader,
    /// What the request was resolved to.
    pub resolution: Resolution,
    /// What was looked up in the tree.
    pub lookups: Vec<Lookup>,
    /// The value of `Content-Type`.
    pub content_type: Option<String>,
    /// How many bytes of content the answer has.
    pub content_length: u64,
    /// The bytes of its head; none in HTTP/0.9.
    pub sent: Vec<u8>,
    /// Why the connection ends with it, if it does.
    pub end: Option<End>,
}

/// How much of an exchange anybody wants to know.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Wanted {
    /// Nothing.
    Nothing,
    /// What a line of the access log says.
    Line,
    /// Everything.
    Details,
}

/// What [`answer`] did.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// There was no request to answer.
    Nothing,
    /// A request was answered; here is what was wanted of it.
    Answered(Option<Exchange>),
}

/// Whether `connection` has a request, complete or faulty, that waits for [`answer`].
pub fn is_due<F>(connection: &mut Connection<F>) -> bool {
    matches!(connection.next_event(), Ok(Event::Request(_)) | Err(_))
}

/// Answers the next request of `connection`, if there is one. With `last`, the connection ends after this answer.
pub fn answer<T: Tree>(
    connection: &mut Connection<T::File>,
    site: &Site,
    tree: &T,
    now: Now,
    last: bool,
    wanted: Wanted,
) -> Outcome {
    if wanted < Wanted::Details {
        return answer_from(connection, site, tree, now, last, wanted);
    }
    let recorder = Recorder::new(tree);
    let mut outcome = answer_from(connection, site, &recorder, now, last, wanted);
    if let Outcome::Answered(Some(Exchange {
        details: Some(details), ..
    })) = &mut outcome
    {
        details.lookups = recorder.into_lookups();
    }
    outcome
}

fn answer_from<T: Tree>(
    connection: &mut Connection<T::File>,
    site: &Site,
    tree: &T,
    now: Now,
    last: bool,
    wanted: Wanted,
) -> Outcome {
    let decided = match connection.next_event() {
        Ok(Event::Request(received)) => {
            let request = received.request;
            let quoted = |name| {
                let is_wanted = wanted > Wanted::Nothing;
                request.fields.get(name).filter(|_| is_wanted).map(<[u8]>::to_vec)
            };
            let answer = site::respond(site, &request, tree, now.unix);
            Decided {
                explanation: answer.decision.explanation(),
                reject: None,
                referer: quoted("Referer"),
                user_agent: quoted("User-Agent"),
                resolution: answer.resolution,
                response: answer.response,
            }
        }
        Err(reject) => Decided {
            explanation: reject.explanation(),
            reject: Some(reject),
            referer: None,
            user_agent: None,
            resolution: Resolution::generated(),
            response: site::refuse(
                site,
                &reject.explanation(),
                fault(connection, reject).as_ref(),
                now.unix,
            ),
        },
        Ok(Event::NeedData | Event::Paused | Event::Closed) => return Outcome::Nothing,
    };
    let (exchange, response) = decided.record(connection, now, wanted);
    connection.respond(response, last, now.instant);
    let complete = |mut exchange: Exchange| {
        if let Some(details) = &mut exchange.details {
            details.sent = connection.newest_head().to_vec();
            details.end = connection.end();
        }
        exchange
    };
    Outcome::Answered(exchange.map(complete))
}

/// The bytes for which the head of a request was refused, if they are known. How much of a line that was not complete had
/// arrived is chance, and the response must not depend on it: of such a line only the first byte that is wrong is shown.
fn fault<F>(connection: &Connection<F>, reject: Reject) -> Option<Fault> {
    let at = connection.head().fault()?;
    let received = connection.head_bytes();
    let end = match reject {
        Reject::NotHttp | Reject::RequestLineTooLong | Reject::FieldsTooLarge => at.start.saturating_add(1),
        _ => received.len(),
    };
    Some(Fault::of(received.get(..end).unwrap_or(received), &at))
}

/// What was decided about a request.
struct Decided<'s, F> {
    explanation: Explanation,
    reject: Option<Reject>,
    referer: Option<Vec<u8>>,
    user_agent: Option<Vec<u8>>,
    resolution: Resolution,
    response: Response<'s, F>,
}

impl<'s, F> Decided<'s, F> {
    /// Keeps what is wanted of the exchange, before the connection forgets the request; the response is next.
    fn record(self, connection: &Connection<F>, at: Now, wanted: Wanted) -> (Option<Exchange>, Response<'s, F>) {
        let response = self.response;
        if wanted == Wanted::Nothing {
            return (None, response);
        }
        let details = (wanted == Wanted::Details).then(|| {
            let content_type = response.fields.iter().find(|(name, _)| *name == "Content-Type");
            Box::new(Details {
                received: connection.head_bytes().to_vec(),
                content_received: connection.content_received(),
                head: connection.head().clone(),
                resolution: self.resolution,
                lookups: Vec::new(),
                content_type: content_type.map(|(_, value)| value.to_string()),
                content_length: response.content.length(),
                sent: Vec::new(),
                end: None,
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
            reject: self.reject,
            details,
        };
        (Some(exchange), response)
    }
}
