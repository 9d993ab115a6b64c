//! The judges: transcripts in, a judgement out. Pure, and each looks at its own rule alone.
//!
//! | module | what it looks at |
//! |---|---|
//! | [`client`] | what a client asks, for `listen` |
//! | [`connection`] | who connects, answers, closes |
//! | [`persistence`] | what becomes of a connection that may go on |
//! | [`crowd`] | several clients at once |
//! | [`simple_request`] | HTTP/0.9 |
//! | [`head`] | status line, field lines, line ends |
//! | [`fields`] | what the fields say |
//! | [`content`] | whether it is the file's bytes |
//! | [`difference`] | in which way it is not |
//! | [`not_found`] | the answer 404 |
//! | [`same_page`] | requests in another form, for the same page |
//! | [`refusal`] | requests that must not be answered with 200 |
//! | [`endurance`] | whether the server is still there |
//! | [`traversal`] | whether it gives away what is outside of its folder |

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
pub mod same_page;
pub mod simple_request;
#[cfg(test)]
mod tests;
pub mod traversal;

use crate::answer::{self, Answer};
use crate::script::Transcript;
use crate::texts;
use crate::verdict::{Fault, Objection};

/// Every fault that a judge can find.
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
    same_page::FAULTS,
    simple_request::FAULTS,
    traversal::FAULTS,
];

/// The answer in a transcript, or the reason that there is nothing to judge.
fn answer(transcript: &Transcript) -> Result<Answer<'_>, Objection> {
    match transcript.received.as_slice() {
        [] => Err(texts::NO_ANSWER.into()),
        received => Ok(answer::read(received)),
    }
}

/// The same, if it has a head.
fn answer_with_head(transcript: &Transcript) -> Result<Answer<'_>, Objection> {
    let answer = answer(transcript)?;
    match answer.has_head {
        true => Ok(answer),
        false => Err(texts::NO_HEAD.into()),
    }
}

/// The same, if it is the page: status 200, or no head at all, as HTTP/0.9 has it.
fn page(transcript: &Transcript) -> Result<Answer<'_>, Objection> {
    let answer = answer(transcript)?;
    match answer.status() {
        None | Some(200) => Ok(answer),
        Some(_) => Err(texts::NO_PAGE.into()),
    }
}
