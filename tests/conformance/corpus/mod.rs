//! The cases, a file for each part of the protocol.

mod conditions;
mod connections;
mod encodings;
mod fields;
mod files;
mod framing;
mod head;
mod methods;
mod ranges;
mod request_line;
mod targets;

use crate::case::Case;

/// All cases.
pub fn all() -> Vec<Case> {
    [
        request_line::cases(),
        targets::cases(),
        head::cases(),
        framing::cases(),
        methods::cases(),
        files::cases(),
        fields::cases(),
        encodings::cases(),
        conditions::cases(),
        ranges::cases(),
        connections::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
