//! HTTP/1.1 and HTTP/1.0 (RFC 9112), and HTTP/0.9 as of 1991: bytes to messages and back, without any I/O.
//!
//! The path of a request through this folder, in order:
//!
//! 1. [`head`] reads lines until the head is complete, and passes each to
//! 2. [`request_line`] and [`request_target`] (RFC 9112 section 3), or to
//! 3. [`field_line`] (section 5). It asks
//! 4. [`body_length`] (section 6) how much content follows, which [`chunked`] (section 7) may have to find out.
//! 5. [`persistence`] (section 9.3) decides whether the connection stays open after the response.
//! 6. [`encode`] writes the head of the response, and [`send_queue`] holds it with its content until it is sent.
//!
//! [`connection`] is the state machine around these: [`input`] holds what has arrived, [`send_queue`] holds what is to
//! be sent, [`send_rate`] limits how fast, [`timers`] limit how long to wait, and an [`event`] is what the driver gets.
//! Every error in a request is a [`Rejection`], for which [`fault`] finds the bytes, and every reason to close a
//! connection is a [`CloseReason`]. This folder does not know what a request *means*: it never imports `site`.

pub mod body_length;
pub mod chunked;
pub mod close_reason;
pub mod connection;
pub mod encode;
pub mod event;
pub mod fault;
pub mod field_line;
pub mod head;
pub mod input;
pub mod persistence;
pub mod rejection;
pub mod request_line;
pub mod request_target;
pub mod rules;
pub mod send_queue;
pub mod send_rate;
pub mod timers;

pub use close_reason::{CloseReason, Side};
pub use connection::Connection;
pub use event::{Event, Interest, Received};
pub use rejection::Rejection;
pub use rules::{Limits, Pace, Rules, Timeouts, VersionPolicy};
pub use send_queue::{Chunk, Progress};
