//! What must hold, whatever happens.
//!
//! | file | what it holds against the server |
//! |---|---|
//! | `verdict` | what was found |
//! | `message` | responses are well-formed |
//! | `course` | it does not spin, holds no more than it needs, and releases it again |
//! | `judge` | an honest client gets what was there, or a status that is allowed |
//! | `content` | each byte is of a version that was there, and all of the same one |
//! | `window` | (what was there while a request was under way) |
//! | `log` | what the log and the trace tell is what was sent |

pub mod content;
pub mod course;
pub mod judge;
pub mod log;
pub mod message;
pub mod verdict;
mod window;
