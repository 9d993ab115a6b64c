//! What is verified: transcripts in, a [`Verification`](crate::verdict::Verification) out. Pure, and each function
//! looks only at its own rule.
//!
//! | module | what it looks at |
//! |---|---|
//! | [`client`] | what a client asks, for `listen` |
//! | [`connection`] | who connects, responds, closes |
//! | [`persistence`] | what becomes of a connection that may go on |
//! | [`crowd`] | several clients at once |
//! | [`simple_request`] | HTTP/0.9 |
//! | [`status`] | the status line |
//! | [`head`] | line ends, the end of the head, field lines |
//! | [`fields`] | what the fields say |
//! | [`content`] | whether it is the file's bytes |
//! | [`difference`] | in which way it is not |
//! | [`not_found`] | the 404 response |
//! | [`same_page`] | requests in another form, for the same page |
//! | [`repeated`] | whether the same request gets the same response again |
//! | [`refusal`] | requests that must not get 200 |
//! | [`endurance`] | whether the server is still there |
//! | [`traversal`] | whether it sends files from outside its folder |

pub mod client;
pub mod connection;
pub mod content;
pub mod crowd;
pub mod difference;
pub mod endurance;
pub mod fields;
pub mod head;
pub mod not_found;
pub mod persistence;
pub mod refusal;
pub mod repeated;
pub mod same_page;
pub mod simple_request;
pub mod status;
pub mod traversal;

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;

use crate::response::{self, Response};
use crate::script::{End, Transcript, Transcripts};
use crate::texts;
use crate::verdict::{Fault, Finding};

/// Every fault that can be found.
pub const FAULTS: &[&[Fault]] = &[
    client::FAULTS,
    connection::FAULTS,
    content::FAULTS,
    crowd::FAULTS,
    difference::FAULTS,
    endurance::FAULTS,
    fields::FAULTS,
    head::FAULTS,
    not_found::FAULTS,
    persistence::FAULTS,
    refusal::FAULTS,
    repeated::FAULTS,
    same_page::FAULTS,
    simple_request::FAULTS,
    status::FAULTS,
    traversal::FAULTS,
];

/// The response in a transcript, or the reason that there is nothing to verify.
fn response(transcript: &Transcript) -> Result<Response<'_>, Finding> {
    match transcript.received.as_slice() {
        [] => Err(texts::NO_RESPONSE.into()),
        received => Ok(response::read(received)),
    }
}

/// The same, if it has a head.
fn response_with_head(transcript: &Transcript) -> Result<Response<'_>, Finding> {
    let response = response(transcript)?;
    if response.has_head {
        Ok(response)
    } else {
        Err(texts::NO_HEAD.into())
    }
}

/// Whether the program has ended, as the connection that came next shows. A program that ends resets who waits for it.
fn has_ended(transcripts: &Transcripts, next: usize) -> bool {
    let next = transcripts.at(next);
    next.received.is_empty() && matches!(next.end, End::Refused | End::Reset)
}

/// The same, if it is the page: status 200, or no head at all, as HTTP/0.9 has it.
fn page(transcript: &Transcript) -> Result<Response<'_>, Finding> {
    let response = response(transcript)?;
    match response.status() {
        None | Some(200) => Ok(response),
        Some(_) => Err(texts::NO_PAGE.into()),
    }
}
