//! What must hold, whatever happens.
//!
//! | file | what it holds against the server |
//! |---|---|
//! | `verdict` | what was found |
//! | `message` | responses are well-formed |
//! | `course` | it does not spin, holds no more than it needs, and lets go of it again |
//! | `judge` | an honest client gets what was there, or a status that is allowed |
//! | `log` | what the log and the trace tell is what was sent |

pub mod course;
pub mod judge;
pub mod log;
pub mod message;
pub mod verdict;
