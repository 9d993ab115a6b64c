//! One exchange: where the two halves of the program meet. `http1` gives a request, `site` answers it, `http1` takes
//! the answer; what was decided on the way is the value that comes back.
//!
//! Still pure: the connection, the tree and the time are arguments.

use crate::http::{Status, UnixTime};
use crate::http1::{Connection, Event, Instant, Reject};
use crate::site::{self, Site, Tree};

/// What was asked and answered, for those who tell about it. The content may still be on its way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exchange {
    /// When the answer was made.
    pub at: UnixTime,
    /// The request line as received, well-formed or not.
    pub request_line: Vec<u8>,
    /// The value of `Referer`, if there was one.
    pub referer: Option<Vec<u8>>,
    /// The value of `User-Agent`, if there was one.
    pub user_agent: Option<Vec<u8>>,
    /// The status of the answer.
    pub status: Status,
    /// Why the request was refused before anyone asked what it means.
    pub reject: Option<Reject>,
}

/// The time as both halves know it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Now {
    /// On the monotonic clock, for deadlines.
    pub instant: Instant,
    /// On the wall clock, for dates.
    pub unix: UnixTime,
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
) -> Option<Exchange> {
    let (response, reject, referer, user_agent) = match connection.next_event() {
        Ok(Event::Request(received)) => {
            let response = site::respond(site, &received.request, tree, now.unix);
            let quoted = |name| received.request.fields.get(name).map(<[u8]>::to_vec);
            (response, None, quoted("Referer"), quoted("User-Agent"))
        }
        Err(reject) => {
            let response = site::refuse(site, reject.status(), reject.reason(), reject.section(), now.unix);
            (response, Some(reject), None, None)
        }
        Ok(Event::NeedData | Event::Paused | Event::Closed) => return None,
    };
    let exchange = Exchange {
        at: now.unix,
        request_line: connection.first_line().to_vec(),
        referer,
        user_agent,
        status: response.status,
        reject,
    };
    connection.respond(response, last, now.instant);
    Some(exchange)
}
