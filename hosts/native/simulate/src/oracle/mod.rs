//! What must hold, whatever happens in the world.
//!
//! | file | what it checks or holds |
//! |---|---|
//! | `verdict` | the violations that were found |
//! | `message` | responses are well-formed |
//! | `course` | the server does not spin, holds no more than it needs, and releases it again |
//! | `judge` | an honest client gets the content that existed, or a status that is allowed |
//! | `content` | each byte is of a version that existed, and all bytes are of the same version |
//! | `window` | (what existed while a request was under way) |
//! | `log` | the log and the trace describe what was sent |

pub mod content;
pub mod course;
pub mod judge;
pub mod log;
pub mod message;
pub mod verdict;
mod window;
