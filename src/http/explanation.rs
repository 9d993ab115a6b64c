//! Why an answer is what it is: said to the client on a page, and by the trace.

use super::Status;
use crate::catalogue::Text;

/// A status with its meaning here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Explanation {
    /// The status code of the answer.
    pub status: Status,
    /// What was found out, in a sentence.
    pub meaning: Text,
    /// The rule behind it, such as `RFC 9112 section 3.2`.
    pub section: &'static str,
}
